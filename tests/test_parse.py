"""Markdown to documents: one case a file, and the laws that hold for any guide.

Each `cases/parse/NAME.md` is a guide's body; `NAME.txt` beside it shows the document: units, divided by
`----`, with every slot as `⟦kind:line text⟧`, then contents, images and problems.
"""

from datetime import date
from pathlib import Path

import pytest

from handbill.model import Document, Guide, Message, Place, Text, Unit
from handbill.parse import parse

CASES = Path(__file__).parent / "cases" / "parse"
NAMES = sorted(path.stem for path in CASES.glob("*.md"))


def guide(body: str, id: str = "case") -> Guide:
    """Return a guide whose body begins on the first line of its file."""
    path = f"content/guides/{id}.md"
    front = Place(path)
    return Guide(
        id=id,
        path=path,
        title=Text("The title", front),
        summary=Text("The summary.", front),
        audience="survivor",
        facts=(),
        reviewed=date(2026, 11, 1),
        review_after=12,
        discreet=False,
        body=body,
        body_line=1,
        reviewed_place=front,
    )


def shown(case: Guide) -> str:
    """Return the parsed guide in a form to be read."""
    document, problems = parse(case)
    units = "\n----\n".join(_unit(document, unit).rstrip("\n") for unit in document.units)
    rest = [
        *(
            f"heading {heading.level} #{heading.anchor} {_slot(document.messages[heading.message])}"
            for heading in document.headings
        ),
        *(f"image {image}" for image in document.images),
        *(str(problem).partition("\n")[0] for problem in problems),
    ]
    return "\n".join((units, *(("====", *rest) if rest else ()))) + "\n"


def _unit(document: Document, unit: Unit) -> str:
    slots = (_slot(document.messages[slot]) for slot in unit.slots)
    return unit.html[0] + "".join(slot + after for slot, after in zip(slots, unit.html[1:], strict=True))


def _slot(message: Message) -> str:
    text = message.text.replace("\n", "↵")
    return f"⟦{message.kind}:{message.place.line} {text}⟧"


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_parsed_to_the_document_expected(name: str, update_golden: bool) -> None:
    found = shown(guide((CASES / f"{name}.md").read_text(encoding="utf-8")))
    expected = CASES / f"{name}.txt"
    if update_golden:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_no_expectation_is_left_over() -> None:
    assert sorted(path.stem for path in CASES.glob("*.txt")) == NAMES
