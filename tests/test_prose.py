"""What may not be typed into prose, found in messages and in plain text."""

from time import process_time

import pytest
from example import sample

from handbill import prose
from handbill.markdown import references
from handbill.model import Place

HERE = Place("content/guides/case.md")
NUMBERS = prose.known_numbers(sample().contacts)


def found(message: str) -> list[tuple[str, str]]:
    """Return the code of each problem, and what it quotes."""
    return [(p.code, p.fact.split("`")[1]) for p in prose.problems(references(message).prose, HERE, NUMBERS)]


@pytest.mark.parametrize(
    ("message", "problems"),
    [
        ("Keep <b>away</b>", [("raw-html", "<b>"), ("raw-html", "</b>")]),
        ("a <!-- b", [("raw-html", "<!--")]),
        ("See https://plants.example/x?y.", [("address-in-prose", "https://plants.example/x?y")]),
        ("See **plants.org**!", [("address-in-prose", "plants.org")]),
        ("See plants\\.org", [("address-in-prose", "plants.org")]),
        ("See [plants.org](light.md)", [("address-in-prose", "plants.org")]),
        ("![plants.org](images/leaf.png)", [("address-in-prose", "plants.org")]),
        ("Mail fern@plants.example", [("address-in-prose", "fern@plants.example")]),
        ("Call 212 555 0199", [("phone-in-prose", "212 555 0199")]),
        ("Call 212-**555**-0199", [("phone-in-prose", "212-555-0199")]),
        ("Call ٢١٢٥٥٥٠١٩٩", [("phone-in-prose", "٢١٢٥٥٥٠١٩٩")]),
        ("Call 555-0123", [("known-number-in-prose", "555-0123")]),
        ("Call 711 or ٧١١", [("known-number-in-prose", "711"), ("known-number-in-prose", "٧١١")]),
        ("711 or 212 555 0199", [("known-number-in-prose", "711"), ("phone-in-prose", "212 555 0199")]),
    ],
)
def test_what_may_not_be_typed_is_found(message: str, problems: list[tuple[str, str]]) -> None:
    assert found(message) == problems


@pytest.mark.parametrize(
    "message",
    [
        "a < b and c > d, 3<4",
        "write \\<b> and &lt;b> and `<b>`",
        "Call {help-line.phone} or see [their site]({help-line.web}).",
        "See [light](light.md#window).",
        "On 2026-11-01, in 2019, 2020 and 2021, at 9:30, page 7110",
        "22 U.S.C. 7102(9), 8 U.S.C. 1101",
        "The hotel: a room. End.Start",
        "10,000 plants and 1,234,567 leaves",
    ],
)
def test_honest_prose_is_left_alone(message: str) -> None:
    assert found(message) == []


def test_a_number_is_known_by_its_digits_and_the_first_contact_that_has_it() -> None:
    assert NUMBERS == {
        "5550100": "{plant-rescue.phone}",
        "5550123": "{help-line.phone}",
        "5550124": "{help-line.text}",
        "711": "{help-line.tty}",
    }


@pytest.mark.parametrize("piece", ["a", "a-", "a.", "1 ", "x@", "<a", "a:", "12-", "_", "www.a "])
def test_prose_of_any_length_is_read_once(piece: str) -> None:
    before = process_time()
    list(prose.problems("1 @ " + piece * (200_000 // len(piece)), HERE, NUMBERS))
    assert process_time() - before < 2
