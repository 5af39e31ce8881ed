"""Markdown to documents: one case a file, and the laws that hold for any guide.

Each `cases/parse/NAME.md` is a guide's body; `NAME.txt` beside it shows the document: units, divided by
`----`, with every slot as `⟦kind:line text⟧` (`⟦kind!:line text⟧` where it is critical), then contents, the
lines of the messages below each heading, images and problems.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from example import guide

from handbill.model import Document, Guide, Message, Text, Unit
from handbill.parse import parse

CASES = Path(__file__).parent / "cases" / "parse"
NAMES = sorted(path.stem for path in CASES.glob("*.md"))


def shown(case: Guide) -> str:
    """Return the parsed guide in a form to be read."""
    document, problems = parse(case)
    units = "\n----\n".join(_unit(document, unit).rstrip("\n") for unit in document.units)
    rest = [
        *(
            f"heading {heading.level} #{heading.anchor} {_slot(document.messages[heading.message])}"
            for heading in document.headings
        ),
        *(f"under {path}: {lines}" for path, lines in _sections(document)),
        *(f"image {image}" for image in document.images),
        *(str(problem).partition("\n")[0] for problem in problems),
    ]
    return "\n".join((units, *(("====", *rest) if rest else ()))) + "\n"


def _unit(document: Document, unit: Unit) -> str:
    slots = (_slot(document.messages[slot]) for slot in unit.slots)
    return unit.html[0] + "".join(slot + after for slot, after in zip(slots, unit.html[1:], strict=True))


def _slot(message: Message) -> str:
    text = message.text.replace("\n", "↵")
    return f"⟦{message.kind}{'!' * message.critical}:{message.place.line} {text}⟧"


def _sections(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the path of headings above each run of messages, and the lines these stand on."""
    for path, run in groupby(document.messages, key=lambda message: message.headings):
        if path:
            yield " › ".join(path), ", ".join(dict.fromkeys(str(message.place.line) for message in run))


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_parsed_to_the_document_expected(name: str, update_golden: bool) -> None:
    found = shown(guide((CASES / f"{name}.md").read_text(encoding="utf-8")))
    expected = CASES / f"{name}.txt"
    if update_golden:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_no_expectation_is_left_over() -> None:
    assert sorted(path.stem for path in CASES.glob("*.txt")) == NAMES


@pytest.mark.parametrize("title", ["Call {help-line.phone}", "See [light](light.md)"])
def test_a_title_that_will_be_a_link_holds_none(title: str) -> None:
    plain = guide("Text.\n")
    document, problems = parse(replace(plain, title=Text(title, plain.title.place)))
    assert [problem.code for problem in problems] == ["link-in-heading"]
    assert document.messages[0].text == title


def test_neither_title_nor_summary_is_critical_or_below_a_heading() -> None:
    document, _ = parse(guide("## First\n\n::: critical\nCall now.\n:::\n"))
    assert [(message.critical, message.headings) for message in document.messages] == [
        (False, ()),
        (False, ()),
        (False, ()),
        (True, ("First",)),
    ]


def test_what_follows_a_critical_block_is_not_critical_even_after_blocks_inside_blocks() -> None:
    inner = "::: note Inner\nA.\n:::\n\n::: lines 2\n:::\n\n::: warning Again\nB.\n:::\n\nC.\n"
    document, problems = parse(guide(f":::: critical\n{inner}::::\n\nD.\n"))
    assert problems == ()
    found = {message.text: message.critical for message in document.messages[2:]}
    assert found == {"Inner": True, "A.": True, "Again": True, "B.": True, "C.": True, "D.": False}


def test_a_critical_block_is_one_unit_so_that_it_is_never_shown_half_in_one_language() -> None:
    document, _ = parse(guide("::: critical\nOne.\n\n- Two.\n\nThree.\n:::\n\nFour.\n"))
    texts = [[document.messages[slot].text for slot in unit.slots] for unit in document.units]
    assert texts == [["One.", "Two.", "Three."], ["Four."]]
