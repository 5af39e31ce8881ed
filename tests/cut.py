"""Cards, simulated: a finished sheet file is printed on both sides, cut along its marks, and turned over.

Written apart from the imposition and knowing nothing of it: what goes in is the finished PDF. Where to cut is
read off the marks that are printed on it, and what is on a card off where the letters stand. Three movements
of real paper:

1. The printer prints a side, turns the sheet over by its long or its short edge, and prints the next.
2. The sheet lies with its front up and is cut from mark to mark, right across.
3. A card is turned over like a leaf of a book; one that folds is folded backwards at its marks, its upper
   half behind its lower, and then opened upwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Literal

import fold
import pikepdf
from fold import Printed, Stroke, Word


@dataclass(frozen=True, slots=True)
class Card:
    """One card as it is cut, and what stands on both of its sides, each as its reader holds it."""

    width_mm: float
    height_mm: float
    row: int  # from the head of the sheet
    front: tuple[Word, ...]
    back: tuple[Word, ...]

    def folded(self) -> tuple[tuple[Word, ...], ...]:
        """The four faces of one that folds: cover, behind the cover, below that, and behind the card."""
        half = self.height_mm / 2
        behind, cover = _parted(self.front, half)  # the upper half hangs behind, head down
        # Lifting the cover, the reader sees the inside with what is behind the cover at its head.
        lifted, below = _parted(_turned(self.back, self.width_mm, self.height_mm), half)
        return cover, lifted, below, _turned(behind, self.width_mm, half)


def read(pdf: bytes, turn: Literal["long", "short"]) -> list[list[Card]]:
    """The cards of each sheet, from its head and from the left."""
    printed, strokes = fold.sides(pdf), fold.strokes(pdf)
    assert len(printed) % 2 == 0, "a side without a back"
    return [
        _cards(printed[front], printed[front + 1], strokes[front], turn)
        for front in range(0, len(printed), 2)
    ]


def after_first(pdf: bytes, sides: int = 2) -> bytes:
    """The sheets of cards of a finished file, without the sheet before them that says how to print it."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) > sides
        del opened.pages[:sides]
        target = BytesIO()
        opened.save(target)
    return target.getvalue()


def fronts(pdf: bytes) -> list[list[Card]]:
    """The cards of sheets that are printed on one side."""
    found = []
    for front, strokes in zip(fold.sides(pdf), fold.strokes(pdf), strict=True):
        blank = Printed(front.width_mm, front.height_mm, ())
        found.append(_cards(front, blank, strokes, "long"))
    return found


def _cards(
    front: Printed, back: Printed, strokes: Sequence[Stroke], turn: Literal["long", "short"]
) -> list[Card]:
    width, height = front.width_mm, front.height_mm
    assert (back.width_mm, back.height_mm) == (width, height)
    # As it is seen when the sheet is turned like a leaf: the printer may have turned it head over heels.
    leaf = turn == ("long" if height > width else "short")
    behind = back.words if leaf else _turned(back.words, width, height)
    xs, ys = _cuts(strokes)
    assert 0 < xs[0] < xs[-1] < width, "the marks leave the paper"
    assert 0 < ys[0] < ys[-1] < height, "the marks leave the paper"
    cards = []
    for row, (foot, head) in enumerate(reversed(list(pairwise(ys)))):
        for left, right in pairwise(xs):
            cards.append(
                Card(
                    right - left,
                    head - foot,
                    row,
                    _within(front.words, left, foot, right, head),
                    _within(behind, width - right, foot, width - left, head),
                )
            )
    shown = sum(len(card.front) + len(card.back) for card in cards)
    assert shown == len(front.words) + len(back.words), "something is printed that is on no card"
    return cards


def _cuts(strokes: Iterable[Stroke]) -> tuple[list[float], list[float]]:
    """Where the sheet is cut upright and across; a cut has a mark at both of its ends."""
    solid = [stroke for stroke in strokes if not stroke.dashed]
    upright = [stroke for stroke in solid if math.isclose(stroke.x1_mm, stroke.x2_mm, abs_tol=0.01)]
    across = [stroke for stroke in solid if math.isclose(stroke.y1_mm, stroke.y2_mm, abs_tol=0.01)]
    assert len(upright) + len(across) == len(solid), "a cut that runs askew"
    xs = sorted({round(stroke.x1_mm, 2) for stroke in upright})
    ys = sorted({round(stroke.y1_mm, 2) for stroke in across})
    for stroke in solid:
        across_card = xs[0] < (stroke.x1_mm + stroke.x2_mm) / 2 < xs[-1]
        along_card = ys[0] < (stroke.y1_mm + stroke.y2_mm) / 2 < ys[-1]
        inside = across_card and along_card
        length = math.hypot(stroke.x1_mm - stroke.x2_mm, stroke.y1_mm - stroke.y2_mm)
        assert not inside or length < 3, "a line across a card"
    for x in xs:
        ends = [(stroke.y1_mm + stroke.y2_mm) / 2 for stroke in upright if abs(stroke.x1_mm - x) < 0.02]
        assert min(ends) < ys[0] < ys[-1] < max(ends), "a cut without a mark at one end"
    for y in ys:
        ends = [(stroke.x1_mm + stroke.x2_mm) / 2 for stroke in across if abs(stroke.y1_mm - y) < 0.02]
        assert min(ends) < xs[0] < xs[-1] < max(ends), "a cut without a mark at one end"
    return xs, ys


def _within(words: Iterable[Word], left: float, foot: float, right: float, head: float) -> tuple[Word, ...]:
    return tuple(
        Word(w.text, w.x_mm - left, w.y_mm - foot, w.turned_deg, w.size_pt)
        for w in words
        if left <= w.x_mm < right and foot <= w.y_mm < head
    )


def _turned(words: Iterable[Word], width: float, height: float) -> tuple[Word, ...]:
    """Words on a piece of paper that is turned head over heels on the table."""
    return tuple(
        Word(w.text, width - w.x_mm, height - w.y_mm, (w.turned_deg + 180) % 360, w.size_pt) for w in words
    )


def _parted(words: Iterable[Word], half: float) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """What stands on the upper half and what on the lower, each counted from its own foot."""
    listed = tuple(words)
    upper = tuple(
        Word(w.text, w.x_mm, w.y_mm - half, w.turned_deg, w.size_pt) for w in listed if w.y_mm >= half
    )
    return upper, tuple(w for w in listed if w.y_mm < half)
