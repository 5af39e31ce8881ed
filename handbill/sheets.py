"""Imposition, first half: which page goes where on which sheet of paper.

Arithmetic on whole numbers and millimetres only. No PDF is opened here, so that every order can be proved on
values. A new format is a new function that returns `Side`s, with its entry in `handbill.formats`;
`handbill.impose` draws any of them.

The words: a **sheet** is one piece of paper with a front and a back; a **side** is one of these two, as it
lies before the reader; a **slot** is a place for one page on a side; a **mark** is a line printed
there that shows where to fold or to cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from handbill.model import Direction
from handbill.model import Paper as PaperName

PAGE_WIDTH_MM = 139.7
"""Half the long edge of Letter; narrower than A5 by 8.8 mm."""
PAGE_HEIGHT_MM = 210.0
"""The height of A5; shorter than half Letter by 5.9 mm."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper, lying with its long edge across."""

    width_mm: float
    height_mm: float


PAPERS: Mapping[PaperName, Paper] = {"a4": Paper(297.0, 210.0), "letter": Paper(279.4, 215.9)}


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


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one page stands: its box begins at (x, y), counted from the lower left corner of the side."""

    page: int | None
    """From 1; None is a page for notes."""
    x_mm: float
    y_mm: float
    rotation_deg: Literal[0, 90, 180, 270] = 0
    """Counter-clockwise; the box is that of the page already turned."""


MarkKind = Literal["cut", "fold", "crop", "register"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A thin line for whoever folds and cuts; its ends are counted from the lower left corner of the side."""

    kind: MarkKind
    x1_mm: float
    y1_mm: float
    x2_mm: float
    y2_mm: float


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet, ready to be drawn."""

    paper: Paper
    slots: tuple[Slot, ...]
    marks: tuple[Mark, ...] = ()
    """Drawn over the pages, in their order."""


def saddle_stitch(pages: int, direction: Direction) -> tuple[Sheet, ...]:
    """The sheets of a booklet folded once and stapled in the fold, the outermost first.

    Every page stands exactly once. The count is filled up to a multiple of four with pages for notes, at most
    three, all of them at the end. The fold is at the left of page 1 where a booklet reads from left to right,
    and at its right in the other direction. `pages` less than 1 is a bug and raises `ValueError`.

    >>> saddle_stitch(3, "ltr")
    (Sheet(front=Pair(left=None, right=1), back=Pair(left=2, right=3)),)
    >>> saddle_stitch(3, "rtl")
    (Sheet(front=Pair(left=1, right=None), back=Pair(left=3, right=2)),)
    """
    if pages < 1:
        raise ValueError(f"a booklet of {pages} pages")
    count = -(-pages // 4) * 4
    numbers = [*range(1, pages + 1), *[None] * (count - pages)]
    sheets = []
    for outer in range(0, count // 2, 2):
        first, second = numbers[outer], numbers[outer + 1]
        last_but_one, last = numbers[count - outer - 2], numbers[count - outer - 1]
        if direction == "ltr":
            sheets.append(Sheet(front=Pair(last, first), back=Pair(second, last_but_one)))
        else:
            sheets.append(Sheet(front=Pair(first, last), back=Pair(last_but_one, second)))
    return tuple(sheets)


def sides(sheets: tuple[Sheet, ...], paper: Paper) -> tuple[Side, ...]:
    """The sides in the order in which a duplex printer takes them: front and back of each sheet in turn.

    The two pages meet at the fold, in the middle of the paper, and stand in the middle of its height.

    >>> front, back = sides(saddle_stitch(4, "ltr"), PAPERS["letter"])
    >>> [(slot.page, round(slot.x_mm, 2), round(slot.y_mm, 2)) for slot in front.slots]
    [(4, 0.0, 2.95), (1, 139.7, 2.95)]
    """
    fold = paper.width_mm / 2
    foot = (paper.height_mm - PAGE_HEIGHT_MM) / 2
    return tuple(
        Side(paper, (Slot(pair.left, fold - PAGE_WIDTH_MM, foot), Slot(pair.right, fold, foot)))
        for sheet in sheets
        for pair in (sheet.front, sheet.back)
    )
