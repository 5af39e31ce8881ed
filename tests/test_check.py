"""What a translation must keep of its source."""

import pytest
from example import sample

from handbill import check, markdown, prose
from handbill.model import Entry, Place

NUMBERS = prose.known_numbers(sample().contacts)


def place(message: str) -> Place:
    return Place("locales/es/LC_MESSAGES/case.po", len(message))


def of_guide(source: str, target: str) -> list[str]:
    named = {source: markdown.references(source)}
    problems = list(check.guide_translations({source: target}, named, place, NUMBERS))
    assert all(problem.place == place(source) for problem in problems)
    return [problem.code for problem in problems]


def of_interface(source: str, target: str) -> list[str]:
    entry = Entry(source, (target,))
    problems = list(check.interface_translations([entry], place, NUMBERS))
    assert all(problem.place == place(source) for problem in problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("Call {help-line.phone}.", "Llama.", ["translation-tokens"]),
        ("Call.", "Llama al {help-line.phone}.", ["translation-tokens"]),
        ("{a.phone} {a.text}", "{a.phone} {a.phone}", ["translation-tokens"]),
        ("{a.phone} {a.phone}", "{a.phone}", ["translation-tokens"]),
        ("[a](light.md)", "[a](luz.md)", ["translation-links"]),
        ("[a](light.md)", "[a] (light.md)", ["translation-links"]),
        ("[a](light.md)", "[a](light.md) [b](light.md)", ["translation-links"]),
        ("Words", "[palabras](javascript:x)", ["translation-links"]),
        ("![a](images/a.png) b", "b", ["translation-links"]),
        ("Words", "<b>Palabras</b>", ["raw-html", "raw-html"]),
        ("Words", "Palabras en plants.org", ["address-in-prose"]),
        ("Words", "Palabras en plants&period;org", ["address-in-prose"]),
        ("Words", "fern&commat;plants.example", ["address-in-prose"]),
        ("Words", "Llama al 555 0123", ["known-number-in-prose"]),
        ("Words", "Llama al &#55;&#49;&#49;", ["known-number-in-prose"]),
        ("Words", "اتصل ٢١٢٥٥٥٠١٩٩", ["phone-in-prose"]),
    ],
)
def test_a_translation_that_changes_what_is_data_is_refused(
    source: str, target: str, codes: list[str]
) -> None:
    assert of_guide(source, target) == codes


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Call {a.phone} or {a.text}.", "{a.text} o {a.phone}"),
        ("[a](light.md) and [b](#here)", "[b](#here) y [*a*](light.md)"),
        ("![leaf](images/a.png) b", "b ![hoja](images/a.png)"),
        ("In 2019: **two** of 3", "En 2019: dos de 3"),
        ("Write `a.org`", "Escribe `b.org`"),
    ],
)
def test_a_translation_may_move_and_reword_what_it_keeps(source: str, target: str) -> None:
    assert of_guide(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("%(n)s pages", "páginas", ["translation-placeholders"]),
        ("%(n)s pages", "%(m)s páginas", ["translation-placeholders"]),
        ("100%% of %(n)s", "el 100%% de %(n)s", []),
        ("Words", "<b>Palabras</b>", ["raw-html", "raw-html"]),
        ("Words", "Palabras en www.plants.example", ["address-in-prose"]),
        ("Words", "al 555-0123", ["known-number-in-prose"]),
        ("Dial 711 first", "Marca primero 711", []),
        ("Call {help-line.phone}", "Llama al {help-line.phone}", []),
        ("Call {help-line.phone}", "Llama", ["translation-tokens"]),
    ],
)
def test_the_words_of_the_interface_keep_their_placeholders_and_no_data(
    source: str, target: str, codes: list[str]
) -> None:
    assert of_interface(source, target) == codes


@pytest.mark.parametrize(
    ("forms", "codes"),
    [
        (("%(num)s ورقة", "ورقتان", "%(num)s أوراق"), []),
        (("%(num)s sheet", "%(count)s sheets"), ["translation-placeholders"]),
    ],
)
def test_a_plural_form_may_leave_its_number_out_but_add_nothing(
    forms: tuple[str, ...], codes: list[str]
) -> None:
    entry = Entry("%(num)s sheet", forms, msgid_plural="%(num)s sheets")
    assert [problem.code for problem in check.interface_translations([entry], place, {})] == codes
