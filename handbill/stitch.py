r"""Booklets of sheets that are folded once and nested: where each page goes, however the printer turns paper.

Whole numbers and millimetres only, like `handbill.sheets`, whose words are used here.

The outer one of two sheets, of a booklet of eight pages that reads from left to right, and both folded:

        front           back, as it lies once       from below, as the stack stands on its spine
     +-----+-----+      the sheet is turned
     |  8  |  1  |      like a leaf                      1|2   3|4   5|6   7|8
     +-----+-----+        +-----+-----+                  |     |     |     |
          fold            |  2  |  7  |                  |      \___/     |   inner sheet
                          +-----+-----+                   \______________/    outer sheet, staples

A printer that turns paper by its long edge would put that back on its head. There it is sent turned by 180°,
7 at the left and 2 at the right, both on their heads, and so comes out as above.

A **signature** is a number of sheets folded together; of several, one is laid on another.

**Creep**: each sheet lies inside the one before, one thickness of paper further from the spine, so its fore
edge stands out by as much. Its pages are moved towards the fold by the same length, so that all outer margins
are equal when the fore edge is cut straight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from handbill.model import Direction
from handbill.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Mark, Paper, Side, Slot

CM3_PER_G = 1.3
"""Bulk of uncoated office paper (ISO 534): 80 g/m² are 0.104 mm thick. Makers state 1.2 to 1.4."""

MOST_CREEP_MM = 9.0
"""No page is moved further: its inner margin is 16.5 mm or more, and print stays clear of the fold."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two pages of one side, as seen. Pages count from 1; None is a page for notes."""

    left: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pages of one sheet. The back is seen after turning the sheet by its short edge, like a leaf."""

    front: Pair
    back: Pair


Signature = tuple[Sheet, ...]
"""Sheets that are folded together, the outermost first."""


def signatures(pages: int, direction: Direction, sheets_each: int) -> tuple[Signature, ...]:
    """Return a booklet as signatures of so many sheets, the first to be read first; the last may have fewer.

    Every page stands exactly once. The count is filled up to a multiple of four with pages for notes, at most
    three, all of them at the end. `pages` or `sheets_each` less than 1 is a bug and raises `ValueError`.

    >>> [len(signature) for signature in signatures(29, "ltr", 3)]
    [3, 3, 2]
    """
    if pages < 1 or sheets_each < 1:
        raise ValueError(f"a booklet of {pages} pages, {sheets_each} sheets each")
    numbers = [*range(1, pages + 1), *[None] * (-pages % 4)]
    each = 4 * sheets_each
    return tuple(_nested(numbers[start : start + each], direction) for start in range(0, len(numbers), each))


def saddle_stitch(pages: int, direction: Direction) -> Signature:
    """Return the sheets of a booklet folded once and stapled in the fold: a single signature.

    The fold is at the left of page 1 where leaves are turned from right to left, and at its right otherwise.

    >>> saddle_stitch(3, "ltr")
    (Sheet(front=Pair(left=None, right=1), back=Pair(left=2, right=3)),)
    >>> saddle_stitch(3, "rtl")
    (Sheet(front=Pair(left=1, right=None), back=Pair(left=3, right=2)),)
    """
    (whole,) = signatures(pages, direction, max(1, pages))
    return whole


def _nested(numbers: Sequence[int | None], direction: Direction) -> Signature:
    count = len(numbers)
    sheets = []
    for outer in range(0, count // 2, 2):
        first, second = numbers[outer], numbers[outer + 1]
        last_but_one, last = numbers[count - outer - 2], numbers[count - outer - 1]
        if direction == "ltr":
            sheets.append(Sheet(front=Pair(last, first), back=Pair(second, last_but_one)))
        else:
            sheets.append(Sheet(front=Pair(first, last), back=Pair(last_but_one, second)))
    return tuple(sheets)


def thickness_mm(paper_gsm: int) -> float:
    """Return how thick office paper of this weight is.

    >>> thickness_mm(80)
    0.104
    """
    return round(paper_gsm * CM3_PER_G / 1000, 4)


def sides(signature: Signature, paper: Paper, thickness_mm: float = 0.0) -> tuple[Side, ...]:
    """Return the sides in the order of a printer that turns paper by the short edge: front, back, front …

    The two pages meet at the fold, in the middle of the paper, or overlap there by their creep, where both
    are empty; they stand in the middle of its height.

    >>> from handbill.sheets import PAPERS
    >>> front, back = sides(saddle_stitch(4, "ltr"), PAPERS["letter"])
    >>> [(slot.page, round(slot.x_mm, 2), round(slot.y_mm, 2)) for slot in front.slots]
    [(4, 0.0, 2.95), (1, 139.7, 2.95)]
    """
    fold = paper.width_mm / 2
    foot = (paper.height_mm - PAGE_HEIGHT_MM) / 2
    drawn = []
    for outside, sheet in enumerate(signature):
        creep = min(outside * thickness_mm, MOST_CREEP_MM)
        for pair in (sheet.front, sheet.back):
            left = Slot(pair.left, fold - PAGE_WIDTH_MM + creep, foot)
            drawn.append(Side(paper, (left, Slot(pair.right, fold - creep, foot))))
    return tuple(drawn)


def long_edge(drawn: Sequence[Side]) -> tuple[Side, ...]:
    """Return the sides with every back turned by 180°, for a printer that turns paper by the long edge."""
    return tuple(_turned(side) if number % 2 else side for number, side in enumerate(drawn))


def one_pass(drawn: Sequence[Side], which: Literal["fronts", "backs"]) -> tuple[Side, ...]:
    """Return the fronts or the backs, each in the order of the sheets.

    The fronts are printed, the stack is turned over like a leaf of a book (what was at the top stays at the
    top), and the backs are printed: the first sheet now lies uppermost and is taken first.
    """
    return tuple(drawn[0 if which == "fronts" else 1 :: 2])


_OPPOSITE: Mapping[int, Literal[0, 90, 180, 270]] = {0: 180, 90: 270, 180: 0, 270: 90}


def _turned(side: Side) -> Side:
    width, height = side.paper.width_mm, side.paper.height_mm
    return Side(
        side.paper,
        tuple(
            replace(
                slot,
                x_mm=width - PAGE_WIDTH_MM - slot.x_mm,
                y_mm=height - PAGE_HEIGHT_MM - slot.y_mm,
                rotation_deg=_OPPOSITE[slot.rotation_deg],
            )
            for slot in side.slots
        ),
        tuple(
            Mark(
                mark.kind,
                width - mark.x1_mm,
                height - mark.y1_mm,
                width - mark.x2_mm,
                height - mark.y2_mm,
            )
            for mark in side.marks
        ),
    )
