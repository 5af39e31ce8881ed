"""Geometry of cards: which face goes where on which sheet of paper, and where to cut and fold.

Cards stand edge to edge, so that one cut parts two of them, in the middle of the paper. Arithmetic on
millimetres only, like `handbill.sheets`.

A card has two faces. It is turned over like a leaf, from right to left or from left to right, and its back
is then upright. One that folds has four, one on each half of its two sides:

    outside, flat          inside, flat           folded
    ┌──────────────┐       ┌──────────────┐       ┌──────────────┐ ← fold
    │  4, on its   │       │      2       │       │              │
    │     head     │       │              │       │      1       │   Lift 1: behind it is 2,
    ├╌╌╌╌ fold ╌╌╌╌┤       ├╌╌╌╌ fold ╌╌╌╌┤       │              │   and 3 below.
    │      1       │       │      3       │       └──────────────┘   Turn it over: 4.
    │              │       │              │
    └──────────────┘       └──────────────┘
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from handbill.model import CardSize
from handbill.model import Paper as PaperName
from handbill.sheets import PAPERS, Mark, MarkKind, Paper, Side, Slot

Flip = Literal["long", "short"]
"""The edge of the paper by which the printer turns it."""

MARGIN_MM = 5.0
"""Least distance of a card from the paper's edge: there is room for marks, and office printers reach it."""


@dataclass(frozen=True, slots=True)
class Size:
    """A card as it is cut, before it is folded."""

    width_mm: float
    height_mm: float
    folds: bool = False
    """Once, across its middle."""

    @property
    def face_height_mm(self) -> float:
        """The height of one face; it is as wide as the card."""
        return self.height_mm / 2 if self.folds else self.height_mm


SIZES: Mapping[CardSize, Size] = {
    "us": Size(88.9, 50.8),
    "metric": Size(85.0, 55.0),
    "folded": Size(88.9, 101.6, folds=True),
}
"""3.5 × 2 in; 85 × 55 mm, nearly the size of a bank card (ISO/IEC 7810 ID-1); 3.5 × 4 in."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cards stand on a sheet."""

    paper: Paper
    """Lying across or standing upright, whichever holds more cards."""
    columns: int
    rows: int
    left_mm: float
    foot_mm: float

    @property
    def cards(self) -> int:
        """How many there are on a sheet."""
        return self.columns * self.rows


def grid(size: Size, paper: PaperName, least_rows: int = 1) -> Grid:
    """Return the most cards that a paper holds, in so many rows or more if that can be.

    >>> [grid(SIZES[size], paper).cards for size in SIZES for paper in ("a4", "letter")]
    [10, 12, 10, 9, 4, 6]
    """
    across = PAPERS[paper]
    upright = Paper(across.height_mm, across.width_mm)
    ways = (_grid(size, upright), _grid(size, across))
    return max(ways, key=lambda found: (found.rows >= least_rows, found.cards))


def _grid(size: Size, paper: Paper) -> Grid:
    columns = int((paper.width_mm - 2 * MARGIN_MM + 1e-6) // size.width_mm)
    rows = int((paper.height_mm - 2 * MARGIN_MM + 1e-6) // size.height_mm)
    left = (paper.width_mm - columns * size.width_mm) / 2
    return Grid(paper, columns, rows, left, (paper.height_mm - rows * size.height_mm) / 2)


Faces = tuple[int | None, ...]
"""The pages that stand on one card, from 1: front and back, or the four of one that folds; None is blank."""


def sides(size: Size, paper: PaperName, cards: Sequence[Faces], flip: Flip) -> tuple[Side, ...]:
    """Return front and back of each sheet, or fronts alone where no card has anything on its back.

    Each row holds one card again and again. Rows take the cards in turn, from the head of the first sheet
    on, and there are as many sheets as it takes for each card to have a row.
    """
    place = grid(size, paper, len(cards))
    sheets = -(-len(cards) // place.rows)
    duplex = any(page is not None for faces in cards for page in (faces[1:3] if size.folds else faces[1:]))
    found: list[Side] = []
    for sheet in range(sheets):
        rows = [cards[(sheet * place.rows + row) % len(cards)] for row in range(place.rows)]
        marks = tuple(_marks(size, place))
        found.append(Side(place.paper, tuple(_fronts(size, place, rows)), marks))
        if duplex:
            found.append(Side(place.paper, tuple(_backs(size, place, rows, flip)), marks))
    return tuple(found)


def _corners(size: Size, place: Grid) -> Iterator[tuple[int, float, float]]:
    """Yield the row of each card, from the head, and its lower left corner, as seen from the front."""
    for row in range(place.rows):
        for column in range(place.columns):
            x = place.left_mm + column * size.width_mm
            yield row, x, place.foot_mm + (place.rows - 1 - row) * size.height_mm


def _fronts(size: Size, place: Grid, rows: Sequence[Faces]) -> Iterator[Slot]:
    for row, x, y in _corners(size, place):
        faces = rows[row]
        if size.folds:
            yield from _shown(Slot(faces[0], x, y), Slot(faces[3], x, y + size.face_height_mm, 180))
        else:
            yield from _shown(Slot(faces[0], x, y))


def _backs(size: Size, place: Grid, rows: Sequence[Faces], flip: Flip) -> Iterator[Slot]:
    """Yield what lies behind the fronts, as the printer gets it."""
    upright = place.paper.height_mm > place.paper.width_mm
    for row, x, y in _corners(size, place):
        faces = rows[row]
        behind = place.paper.width_mm - x - size.width_mm  # the sheet turned over like a leaf
        if size.folds:
            upper = y + size.face_height_mm  # behind 4; the reader has the sheet the other way up
            slots = _shown(Slot(faces[1], behind, y, 180), Slot(faces[2], behind, upper, 180))
        else:
            slots = _shown(Slot(faces[1] if len(faces) > 1 else None, behind, y))
        for slot in slots:
            yield slot if upright == (flip == "long") else _on_its_head(slot, size, place.paper)


def _shown(*slots: Slot) -> Iterator[Slot]:
    return (slot for slot in slots if slot.page is not None)


def _on_its_head(slot: Slot, size: Size, paper: Paper) -> Slot:
    """Return a slot of a side that the printer prints the other way up."""
    return replace(
        slot,
        x_mm=paper.width_mm - slot.x_mm - size.width_mm,
        y_mm=paper.height_mm - slot.y_mm - size.face_height_mm,
        rotation_deg=0 if slot.rotation_deg == 180 else 180,
    )


# --- where to cut and to fold ------------------------------------------------------------------------

_GAP_MM = 1.0
_LONGEST_MM = 5.0
_ARM_MM = 1.2


def _marks(size: Size, place: Grid) -> Iterator[Mark]:
    """Yield a mark at both ends of each cut and fold, outside the cards, and crosses where cuts meet.

    The grid is in the middle of the paper, so the marks of a back are those of its front.
    """
    xs = [place.left_mm + column * size.width_mm for column in range(place.columns + 1)]
    ys = [place.foot_mm + row * size.height_mm for row in range(place.rows + 1)]
    beside, below = (min(_LONGEST_MM, margin - _GAP_MM) for margin in (place.left_mm, place.foot_mm))
    for x in xs:
        yield Mark("cut", x, ys[0] - _GAP_MM - below, x, ys[0] - _GAP_MM)
        yield Mark("cut", x, ys[-1] + _GAP_MM, x, ys[-1] + _GAP_MM + below)
    folds = [y + size.face_height_mm for y in ys[:-1]] if size.folds else []
    heights: list[tuple[MarkKind, float]] = [*(("cut", y) for y in ys), *(("fold", y) for y in folds)]
    for kind, y in heights:
        yield Mark(kind, xs[0] - _GAP_MM - beside, y, xs[0] - _GAP_MM, y)
        yield Mark(kind, xs[-1] + _GAP_MM, y, xs[-1] + _GAP_MM + beside, y)
    for x in xs[1:-1]:
        for y in ys[1:-1]:
            yield Mark("cut", x - _ARM_MM, y, x + _ARM_MM, y)
            yield Mark("cut", x, y - _ARM_MM, x, y + _ARM_MM)
