"""The geometry of a zine: one sheet of paper, eight panels, one cut.

What is printed, the paper lying across, for a language that reads from left to right; pages of the upper row
stand on their heads (↻), and `xxxx` is the cut::

    +------+------+------+------+
    |  5↻  |  4↻  |  3↻  |  2↻  |
    +------+xxxxxx+xxxxxx+------+
    |  6   |  7   |  8   |  1   |
    +------+------+------+------+

It is folded in half along the cut, the print outside. Pushed together from its two ends, the cut opens and
the four leaves stand in a star; then they are laid over each other with page 1 on top::

      ______                  4|3
     |  /\\  |                5_|_2          1 2 3 4 5 6 7 8
     |_/__\\_|     push →     6 | 1     →    one after another
                              7|8

Right to left it is the mirror image: 2 3 4 5 above, 1 8 7 6 below.

The back of the sheet is hidden while it is folded. What stands there, be it a zine in another language or
a poster, has the same cut: it runs through the middle of the sheet, however that is turned over. A second
zine is folded with the other side outside. A poster is parted where the cut is, and lies across: so no line
of text meets the cut, and what is above it is read before what is below::

    +---------------------------+
    |  TITLE, what it is about  |  upper half
    |      xxxxxxxxxxxxxx       |
    |  numbers, notice          |  lower half
    +---------------------------+
"""

from __future__ import annotations

from dataclasses import replace

from handbill.model import Direction
from handbill.sheets import Mark, Paper, Side, Slot

PANEL_WIDTH_MM = 69.85
"""A quarter of the long edge of Letter; narrower than that of A4 by 4.4 mm."""
PANEL_HEIGHT_MM = 105.0
"""Half the short edge of A4; shorter than that of Letter by 2.95 mm."""
PANELS = 8
HALF_WIDTH_MM = 279.4
"""Of a half of the poster: the long edge of Letter, shorter than that of A4."""
HALF_HEIGHT_MM = 105.0
"""Half the short edge of A4; its margins keep words off the cut."""

_UPPER, _LOWER = (5, 4, 3, 2), (6, 7, 8, 1)
"""From left to right, where a language reads so."""
_TICK_MM = 9.0
"""A fold is shown at the edges of the paper only; office printers leave up to 6 mm white."""


def order(pages: int) -> tuple[int | None, ...]:
    """The pages from the first panel to the last: what is too few is filled up before the last page.

    So a zine has its numbers and its notice on the outside whatever its length. More pages than panels, or
    none, is a bug and raises `ValueError`.

    >>> order(5)
    (1, 2, 3, 4, None, None, None, 5)
    >>> order(1)
    (1, None, None, None, None, None, None, None)
    """
    if not 1 <= pages <= PANELS:
        raise ValueError(f"a zine of {pages} pages")
    if pages == 1:
        return (1, *[None] * (PANELS - 1))
    return (*range(1, pages), *[None] * (PANELS - pages), pages)


def side(pages: int, paper: Paper, direction: Direction) -> Side:
    """The printed side, with the cut and the ends of the folds marked.

    Each page stands in the middle of its panel.

    >>> from handbill.sheets import PAPERS
    >>> [slot.page for slot in side(8, PAPERS["a4"], "rtl").slots]
    [2, 3, 4, 5, 1, 8, 7, 6]
    """
    placed = order(pages)
    width, height = paper.width_mm / 4, paper.height_mm / 2
    x, y = (width - PANEL_WIDTH_MM) / 2, (height - PANEL_HEIGHT_MM) / 2
    rows = ((_UPPER, height + y, 180), (_LOWER, y, 0))
    slots = tuple(
        Slot(placed[panel - 1], column * width + x, foot, 180 if turned else 0)
        for row, foot, turned in rows
        for column, panel in enumerate(row if direction == "ltr" else reversed(row))
    )
    return Side(paper, slots, _marks(paper))


def numbered_on(side: Side, first: int) -> Side:
    """The same with page numbers that count on from `first` pages of another zine, for the back of it.

    Whoever folds the sheet chooses which of the two is outside. The cut is in the middle, so it is in its
    place whatever way the sheet is turned over; it is marked on the front alone.
    """
    slots = tuple(replace(slot, page=slot.page and slot.page + first) for slot in side.slots)
    return replace(side, slots=slots, marks=())


def poster(first: int, paper: Paper) -> Side:
    """The back of a zine as a poster: page `first` in the upper half and the next one in the lower.

    They meet at the cut, which is marked on the front alone.
    """
    left, middle = round((paper.width_mm - HALF_WIDTH_MM) / 2, 4), paper.height_mm / 2
    return Side(paper, (Slot(first, left, middle), Slot(first + 1, left, middle - HALF_HEIGHT_MM)))


def _marks(paper: Paper) -> tuple[Mark, ...]:
    width, height, middle = paper.width_mm, paper.height_mm, paper.height_mm / 2
    down = [
        Mark("fold", x, y, x, y + _TICK_MM)
        for x in (width / 4, width / 2, width * 3 / 4)
        for y in (0, height - _TICK_MM)
    ]
    across = [Mark("fold", x, middle, x + _TICK_MM, middle) for x in (0, width - _TICK_MM)]
    return (*down, *across, Mark("cut", width / 4, middle, width * 3 / 4, middle))
