"""The geometry of a poster: one side of one sheet, upright, with or without strips to tear off.

::

    +-----------+
    |   TITLE   |
    |           |
    |  numbers  |
    +-+-+-+-+-+-+   cut marks between the strips,
    |n|n|n|n|n|n|   which are turned by 90 degrees
    +-+-+-+-+-+-+

The page is the overlap of two papers. It stands in the middle of the paper, one with strips at its foot:
there they must reach the edge.
"""

from __future__ import annotations

from dataclasses import dataclass

from handbill.sheets import Mark, Paper, Side, Slot


@dataclass(frozen=True, slots=True)
class Size:
    """A poster's page and its strips."""

    width_mm: float
    height_mm: float
    strips: int
    strip_height_mm: float


SMALL = Size(210.0, 279.4, strips=10, strip_height_mm=58.0)
"""The width of A4, the height of Letter."""
LARGE = Size(279.4, 420.0, strips=10, strip_height_mm=66.0)
"""The width of Tabloid, the height of A3."""


def side(paper: Paper, size: Size, *, strips: bool) -> Side:
    """The one side, the paper upright; `paper` lies across, as all papers do.

    >>> from handbill.sheets import PAPERS
    >>> side(PAPERS["a4"], SMALL, strips=False).slots
    (Slot(page=1, x_mm=0.0, y_mm=8.8, rotation_deg=0),)
    """
    upright = Paper(paper.height_mm, paper.width_mm)
    x = round((upright.width_mm - size.width_mm) / 2, 4)
    y = 0.0 if strips else round((upright.height_mm - size.height_mm) / 2, 4)
    return Side(upright, (Slot(1, x, y),), _cuts(x, size) if strips else ())


def _cuts(left_mm: float, size: Size) -> tuple[Mark, ...]:
    """A cut on either side of each strip, so that all are of one width."""
    width = size.width_mm / size.strips
    edges = (left_mm + width * number for number in range(size.strips + 1))
    return tuple(Mark("cut", x, 0.0, x, size.strip_height_mm) for x in edges if x > 0)
