"""The geometry of a leaflet: one sheet of paper, two folds, three panels on each side.

What is printed, the paper lying across, for a language that reads from left to right. Page 1 is the front, 2
to 4 stand side by side when the leaflet is open, 6 is the back::

    outside                     inside
    +-----+-------+-------+     +-------+-------+-----+
    |  5  |   6   |   1   |     |   2   |   3   |  4  |
    +-----+-------+-------+     +-------+-------+-----+

**C**: the panel with 4 and 5 is folded in first, then the one with 1 and 2 over it. What lies inside is
narrower by 2 mm, or it would stand against the fold and bend. 5 is met on opening, to the right of 2::

     1 ________                5
      2________ \\    4 _____ /
       3 ________\\_________/  6

**Z**: like a screen, all panels alike. The panel with 1 and 2 is on top, the one with 4 and 5 at the bottom,
4 outside; unfolded, 2 3 4 are side by side, and 5 and 6 behind them::

     1 __________
      2__________\\  6
     5 __________/  3
      4

Right to left it is the mirror image: 1 6 5 outside, 4 3 2 inside.
"""

from __future__ import annotations

from typing import Literal

from handbill.model import Direction
from handbill.sheets import Mark, Paper, Side, Slot

Fold = Literal["c", "z"]

PAGE_WIDTH_MM = 91.8
"""The panel of Letter that is folded in: a third of the sheet less `_NARROWER_MM` shared out."""
PAGE_HEIGHT_MM = 210.0
"""The short edge of A4; shorter than that of Letter by 5.9 mm."""
PAGES = 6
TEXT_PAGES = 3
"""Those for the text; one before it, two after it."""

_NARROWER_MM = 2.0
_OUTSIDE, _INSIDE = (5, 6, 1), (2, 3, 4)
"""From left to right, where a language reads so."""
_TICK_MM = 9.0


def widths_mm(paper: Paper, fold: Fold) -> tuple[float, float, float]:
    """The panels' widths on the outside, from left to right, where a language reads so.

    >>> from handbill.sheets import PAPERS
    >>> [round(width, 2) for width in widths_mm(PAPERS["letter"], "c")]
    [91.8, 93.8, 93.8]
    """
    if fold == "z":
        return (paper.width_mm / 3,) * 3
    wide = (paper.width_mm + _NARROWER_MM) / 3
    return (wide - _NARROWER_MM, wide, wide)


def order(pages: int) -> tuple[int | None, ...]:
    """The pages from 1 to 6: what is too few is filled up after the text, before the last two.

    More pages than panels, or less than three, is a bug and raises `ValueError`.

    >>> order(4)
    (1, 2, None, None, 3, 4)
    """
    if not 3 <= pages <= PAGES:
        raise ValueError(f"a leaflet of {pages} pages")
    return (*range(1, pages - 1), *[None] * (PAGES - pages), pages - 1, pages)


def sides(pages: int, paper: Paper, direction: Direction, fold: Fold) -> tuple[Side, Side]:
    """Outside and inside; the sheet is turned by its short edge. The folds are marked at the paper's edges.

    >>> from handbill.sheets import PAPERS
    >>> [[slot.page for slot in side.slots] for side in sides(6, PAPERS["a4"], "rtl", "c")]
    [[1, 6, 5], [4, 3, 2]]
    """
    placed = order(pages)
    outer = widths_mm(paper, fold)
    drawn = []
    for row, widths in ((_OUTSIDE, outer), (_INSIDE, outer[::-1])):
        panels, across = (row, widths) if direction == "ltr" else (row[::-1], widths[::-1])
        foot = (paper.height_mm - PAGE_HEIGHT_MM) / 2
        left, slots, marks = 0.0, [], []
        for panel, width in zip(panels, across, strict=True):
            if left:
                ends = (0.0, paper.height_mm - _TICK_MM)
                marks += [Mark("fold", left, y, left, y + _TICK_MM) for y in ends]
            slots.append(Slot(placed[panel - 1], left + (width - PAGE_WIDTH_MM) / 2, foot))
            left += width
        drawn.append(Side(paper, tuple(slots), tuple(marks)))
    return drawn[0], drawn[1]
