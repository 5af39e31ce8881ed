"""Glossaries: what is read from them, and what is wrong with them."""

import pytest

from handbill import glossary
from handbill.model import Place, Term

PATH = glossary.path("es")


def read(text: str) -> tuple[list[Term], list[str]]:
    """Return the terms, and each mistake as `line:column code`."""
    terms, problems = glossary.read(text.encode(), PATH)
    assert {problem.place.path for problem in problems} <= {PATH}
    assert {problem.severity for problem in problems} <= {"error"}
    return list(terms), [
        f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in problems
    ]


GOOD = """
[[term]]
source = "hotline"
preferred = ["línea de ayuda", "línea  directa"]
forbidden = ["hotline", "línea caliente"]
reason = "A “hot line” sells sex."

[[term]]
source = "shelter"
preferred = "refugio"
"""


def test_a_term_has_its_words_and_why_others_are_forbidden() -> None:
    forbidden = ("hotline", "línea caliente")
    hotline = Term(
        "hotline",
        ("línea de ayuda", "línea directa"),
        forbidden,
        "A “hot line” sells sex.",
        Place(PATH, 2, 1),
    )
    assert read(GOOD) == ([hotline, Term("shelter", ("refugio",), (), "", Place(PATH, 8, 1))], [])


def test_a_locale_without_a_glossary_has_no_terms() -> None:
    assert glossary.read(None, PATH) == ((), ())
    assert read("# nothing yet\n") == ([], [])


def test_words_are_composed_so_that_they_are_found_in_text() -> None:
    terms, _ = read('[[term]]\nsource = "line"\npreferred = "li\u0301nea"\n')
    assert terms[0].preferred == ("línea",)


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("[[term]]\n", ["1:1 missing-key", "1:1 missing-key"]),
        ('[[term]]\nsource = ""\npreferred = []\n', ["2:10 empty-value", "3:13 empty-value"]),
        ("[[term]]\nsource = 3\npreferred = [1]\n", ["2:10 wrong-type", "3:14 wrong-type"]),
        ('[[term]]\nsource = "a"\npreferred = ["b", "b"]\n', ["3:19 repeated-value"]),
        ('[[term]]\nsource = "a"\nprefered = "b"\n', ["1:1 missing-key", "3:1 unknown-key"]),
        ('[[term]]\nsource = "a"\npreferred = "b"\nforbidden = "c"\n', ["1:1 missing-key"]),
        ('[[term]]\nsource = "a"\npreferred = "b"\nreason = "c"\n', ["4:1 missing-key"]),
        (
            '[[term]]\nsource = "a"\npreferred = "b"\nforbidden = ["c", "B"]\nreason = "d"\n',
            ["4:19 term-forbidden-too"],
        ),
        ('[term]\nsource = "a"\npreferred = "b"\n', ["1:1 wrong-type"]),
        ('[[terms]]\nsource = "a"\n', ["1:1 unknown-key"]),
        ('[[term]\nsource = "a"\n', ["1:7 toml-syntax"]),
    ],
)
def test_a_mistake_is_reported_at_its_place(text: str, mistakes: list[str]) -> None:
    assert read(text) == ([], mistakes)


def test_the_same_term_twice_is_a_mistake_whatever_its_case() -> None:
    twice = GOOD + '\n[[term]]\nsource = "Hotline"\npreferred = "línea"\n'
    terms, mistakes = read(twice)
    assert ([term.source for term in terms], mistakes) == (["hotline", "shelter"], ["13:10 duplicate-term"])


def test_one_mistake_leaves_the_other_terms_in_force() -> None:
    terms, mistakes = read('[[term]]\nsource = "x"\n' + GOOD)
    assert ([term.source for term in terms], mistakes) == (["hotline", "shelter"], ["1:1 missing-key"])


def test_a_file_that_is_no_text_is_a_mistake() -> None:
    terms, problems = glossary.read(b'[[term]]\nsource = "\xff"\n', PATH)
    assert (terms, [problem.code for problem in problems]) == ((), ["not-utf8"])
