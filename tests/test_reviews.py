"""Reviews: their file is read strictly and only ever added to."""

import tomllib
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill import reviews
from handbill.model import Review, Role

PATH = reviews.path("es")
TODAY = date(2026, 11, 22)
MARKS = ("3f2a9c0011223344", "aa2a9c0011223344")
ANA = Review("leaving", "Ana P.", "native-speaker", TODAY, MARKS)


def read(text: str) -> tuple[list[Review], list[str]]:
    """Return the reviews, and each mistake as `line:column code`, a warning with a question mark."""
    found, problems = reviews.read(text.encode(), PATH, ("leaving", "interface"), TODAY)
    assert {problem.place.path for problem in problems} <= {PATH}
    return list(found), [
        f"{problem.place.line}:{problem.place.column} {problem.code}{'?' * (problem.severity == 'warning')}"
        for problem in problems
    ]


def block(**fields: str) -> str:
    """Return a good block with some fields written otherwise, or left out where they are empty."""
    lines = {
        "catalog": '"leaving"',
        "by": '"Ana P."',
        "role": '"native-speaker"',
        "on": "2026-11-22",
        "marks": '["3f2a9c0011223344", "aa2a9c0011223344"]',
    } | fields
    return "[[review]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value)


# --- reading -----------------------------------------------------------------------------------------


def test_a_review_says_who_read_what_as_whom_and_when() -> None:
    assert read(block()) == ([ANA], [])


def test_a_locale_without_the_file_has_no_reviews() -> None:
    assert reviews.read(None, PATH, (), TODAY) == ((), ())
    assert read("") == ([], [])


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("[[review]]\n", ["1:1 missing-key"] * 5),
        (block(note='"x"'), ["7:1 unknown-key"]),
        (block(catalog='""'), ["2:11 empty-value"]),
        (block(by="3"), ["3:6 wrong-type"]),
        (block(by='" "'), ["3:6 empty-value"]),
        (block(role='"friend"'), ["4:8 unknown-choice"]),
        (block(on='"2026-11-22"'), ["5:6 bad-date"]),
        (block(on="2026-11-22T10:00:00"), ["5:6 bad-date"]),
        (block(on="2026-11-24"), ["5:6 date-in-future"]),
        (block(marks="[]"), ["6:9 empty-value"]),
        (block(marks='"3f2a9c0011223344"'), ["6:9 wrong-type"]),
        (block(marks='["3F2A9C0011223344"]'), ["6:10 review-mark"]),
        (block(marks='["3f2a9c001122334"]'), ["6:10 review-mark"]),
        (block(marks='["3f2a9c00112233445"]'), ["6:10 review-mark"]),
        (block(marks='["3f2a9c0011223344", "x"]'), ["6:30 review-mark"]),
        (block(marks='["3f2a9c0011223344", "3f2a9c0011223344"]'), ["6:30 repeated-value"]),
        ("reviews = 3\n", ["1:1 unknown-key"]),
        ('[review]\ncatalog = "leaving"\n', ["1:1 wrong-type"]),
        (block()[:-2], ["6:48 toml-syntax"]),
        ("<<<<<<< HEAD\n" + block(), ["1:1 toml-syntax"]),
    ],
)
def test_a_mistake_is_reported_at_its_place_and_its_block_counts_for_nothing(
    text: str, mistakes: list[str]
) -> None:
    assert read(text) == ([], mistakes)


def test_one_mistake_leaves_the_other_blocks_in_force() -> None:
    found, mistakes = read(block(by="") + block() + block(on="3", marks='["0000000000000000"]'))
    assert (found, mistakes) == ([ANA], ["1:1 missing-key", "16:6 bad-date"])


def test_tomorrow_is_forgiven() -> None:
    assert read(block(on="2026-11-23"))[1] == []


def test_a_guide_that_is_gone_is_a_warning_and_its_marks_still_count() -> None:
    found, mistakes = read(block(catalog='"old"'))
    assert [review.catalog for review in found] == ["old"]
    assert mistakes == ["2:11 review-catalog?"]


def test_a_mark_twice_under_one_name_is_a_warning_and_under_two_names_or_roles_is_none() -> None:
    assert read(block() + block())[1] == ["12:10 review-twice?", "12:30 review-twice?"]
    assert read(block() + block(by='"Luz"') + block(role='"subject-expert"'))[1] == []


# --- adding ------------------------------------------------------------------------------------------


def test_a_new_file_begins_with_what_it_is_for() -> None:
    assert reviews.appended("", ANA) == (
        "# Who read which translations and found them right. `build.py review` adds to this file; "
        "nothing in it needs\n"
        "# to be changed by hand. A mark is bound to the words of one message and the contacts in it: "
        "it counts as long\n"
        "# as they stay as they are. The names are as public as the repository.\n"
        "\n"
        "[[review]]\n"
        'catalog = "leaving"\n'
        'by = "Ana P."\n'
        'role = "native-speaker"\n'
        "on = 2026-11-22\n"
        "marks = [\n"
        '  "3f2a9c0011223344",\n'
        '  "aa2a9c0011223344",\n'
        "]\n"
    )


def test_a_last_line_without_its_end_is_ended_first() -> None:
    text = block() + "# a note"
    assert reviews.appended(text, ANA).startswith(text + "\n\n[[review]]\n")
    assert reviews.appended(block(), ANA).startswith(block() + "\n[[review]]\n")


def test_lines_end_as_those_above_do() -> None:
    text = reviews.appended(block().replace("\n", "\r\n"), ANA)
    assert text.count("\n") == text.count("\r\n") == 16
    assert read(text)[0] == [ANA, ANA]


_LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
_NAME = st.lists(_LINE | st.sampled_from(['"', "\\", "'''", "#", "é", "محمد"]), min_size=1, max_size=3)


def _nfc(parts: list[str]) -> str:
    return unicodedata.normalize("NFC", " ".join(parts))


_REVIEWS = st.builds(
    Review,
    st.sampled_from(["leaving", "interface"]),
    _NAME.map(_nfc),
    st.sampled_from(["native-speaker", "subject-expert"]),
    st.dates(max_value=TODAY),
    st.lists(st.integers(0, 2**64 - 1).map("{:016x}".format), min_size=1, max_size=3, unique=True).map(tuple),
)


@given(
    st.lists(_REVIEWS, min_size=1, max_size=4),
    st.sampled_from(["", "# by us", "# by us\n", "\n\n", "# by us\r\n", "# a\r\n# b"]),
)
def test_what_is_added_is_read_back_and_nothing_above_it_changes(made: list[Review], text: str) -> None:
    for review in made:
        longer = reviews.appended(text, review)
        assert longer.startswith(text)
        tomllib.loads(longer.replace("\r\n", "\n"))
        text = longer
    found, mistakes = read(text)
    assert found == made
    assert [mistake for mistake in mistakes if not mistake.endswith("review-twice?")] == []


@pytest.mark.parametrize("role", ["native-speaker", "subject-expert"])
def test_both_roles_are_known(role: Role) -> None:
    assert read(block(role=f'"{role}"'))[0][0].role == role
