"""Geometry of single pages for a print shop: each on a sheet of its own, which is cut down to the page.

           ╵   ┼   ╵            crop marks (╵ ╴) point at the corners of the page, crosses (┼) let the
         ╴ ┌╌╌╌╌╌╌╌┐ ╶          plates be laid upon one another; all of them stand outside the bleed
           ╎┌─────┐╎
         ┼ ╎│  1  │╎ ┼          ─ the cut, ╌ the bleed: what is to reach the edge goes on to here
           ╎└─────┘╎
         ╴ └╌╌╌╌╌╌╌┘ ╶
           ╵   ┼   ╵

Pages are in reading order: the shop imposes them for its own machines. The bleed is ⅛ inch, for shops that
work in inches; those that work in millimetres ask for 3 of them, which is less. So one file does for both.
"""

from __future__ import annotations

from collections.abc import Iterator

from handbill.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Mark, MarkKind, Paper, Side, Slot

BLEED_MM = 25.4 / 8
MARGIN_MM = 10.0
"""From the cut to the edge of the paper."""
_FROM_MM, _TO_MM = 4.0, 9.0
"""How far from the cut a mark begins and ends."""


def sides(pages: int) -> tuple[Side, ...]:
    """Return one side for each page; what is placed on it is the page with its bleed."""
    corner = MARGIN_MM - BLEED_MM
    paper = Paper(PAGE_WIDTH_MM + 2 * MARGIN_MM, PAGE_HEIGHT_MM + 2 * MARGIN_MM)
    marks = tuple(_marks())
    return tuple(
        Side(paper, (Slot(page, corner, corner),), marks, margin_mm=MARGIN_MM, bleed_mm=BLEED_MM)
        for page in range(1, pages + 1)
    )


def _marks() -> Iterator[Mark]:
    left, right = MARGIN_MM, MARGIN_MM + PAGE_WIDTH_MM
    foot, head = MARGIN_MM, MARGIN_MM + PAGE_HEIGHT_MM
    for y in (foot, head):
        yield _mark("crop", left - _TO_MM, y, left - _FROM_MM, y)
        yield _mark("crop", right + _FROM_MM, y, right + _TO_MM, y)
    for x in (left, right):
        yield _mark("crop", x, foot - _TO_MM, x, foot - _FROM_MM)
        yield _mark("crop", x, head + _FROM_MM, x, head + _TO_MM)
    off, arm = (_FROM_MM + _TO_MM) / 2, (_TO_MM - _FROM_MM) / 2
    across, up = (left + right) / 2, (foot + head) / 2
    for x, y in ((left - off, up), (right + off, up), (across, foot - off), (across, head + off)):
        yield _mark("register", x - arm, y, x + arm, y)
        yield _mark("register", x, y - arm, x, y + arm)


def _mark(kind: MarkKind, x1: float, y1: float, x2: float, y2: float) -> Mark:
    return Mark(kind, x1, y1, x2, y2)
