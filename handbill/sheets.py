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


PAPERS: Mapping[PaperName, Paper] = {
    "a4": Paper(297.0, 210.0),
    "letter": Paper(279.4, 215.9),
    "a3": Paper(420.0, 297.0),
    "tabloid": Paper(431.8, 279.4),
}


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
    margin_mm: float = 0.0
    """How far the paper reaches, on all four edges, beyond what is cut out of it."""
    bleed_mm: float = 0.0
    """How far what is to reach the cut goes on beyond it; the box of a page is wider by as much."""
