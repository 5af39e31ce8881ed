"""Cards, printed on both sides, cut along their marks and folded, have the right faces, upright."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import cut
import fold
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import worded

from handbill.cards import MARGIN_MM, SIZES, Faces, Flip, Size, grid, sides
from handbill.impose import draw_of
from handbill.model import CardSize, Paper
from handbill.pdf import PrintSettings
from handbill.sheets import Side

TOLERANCE_MM = 0.02
SIZE_PT = 8.0
LOW_MM = (4.0, 5.0)
HIGH_MM = (50.0, 44.0)
"""Where the first letter of a face's two words stands, from the face's lower left corner."""

both_papers = pytest.mark.parametrize("paper", ["a4", "letter"])
both_flips = pytest.mark.parametrize("flip", ["long", "short"])
all_sizes = pytest.mark.parametrize("size", SIZES)


@cache
def faces(count: int, size: CardSize, name: str) -> bytes:
    """A page a face, `low-NAME-1` near its lower left and `high-NAME-1` near its upper right corner."""
    names = (f"{name}-{face}" for face in range(1, count + 1))
    size_mm = SIZES[size].width_mm, SIZES[size].face_height_mm
    return worded(names, *size_mm, low_mm=LOW_MM, high_mm=HIGH_MM, size_pt=SIZE_PT)


def dealt(size: CardSize, languages: int, two_sided: bool = True) -> list[Faces]:
    """The faces of a card in each of several languages; pages count on from one to the next."""
    count = 4 if SIZES[size].folds else 2 if two_sided else 1
    return [tuple(range(first, first + count)) for first in range(1, languages * count + 1, count)]


def drawn(size: CardSize, paper: Paper, languages: int, flip: Flip) -> tuple[Side, ...]:
    return sides(SIZES[size], paper, dealt(size, languages), flip)


def printed(size: CardSize, languages: int, sides: tuple[Side, ...]) -> bytes:
    count = 4 if SIZES[size].folds else 2
    pdfs = [faces(count, size, "abcdefgh"[language]) for language in range(languages)]
    return draw_of(pdfs, sides, PrintSettings("Cards", "en", "ltr", "DuplexFlipLongEdge"))


def check_cut(sheets: list[list[cut.Card]], size: CardSize, paper: Paper, languages: int) -> None:
    """Fail unless each card is whole, of its size, and has its own faces upright in their places."""
    wanted = SIZES[size]
    place = grid(wanted, paper, languages)
    assert len(sheets) == -(-languages // place.rows)
    for number, cards in enumerate(sheets):
        assert len(cards) == place.cards
        for card in cards:
            assert card.width_mm == pytest.approx(wanted.width_mm, abs=TOLERANCE_MM)
            assert card.height_mm == pytest.approx(wanted.height_mm, abs=TOLERANCE_MM)
            name = "abcdefgh"[(number * place.rows + card.row) % languages]
            shown = card.folded() if wanted.folds else (card.front, card.back)
            for face, words in enumerate(shown, 1):
                ordered = sorted(words, key=lambda word: word.y_mm)
                assert [word.text for word in ordered] == [f"low-{name}-{face}", f"high-{name}-{face}"]
                for word, (x, y) in zip(ordered, (LOW_MM, HIGH_MM), strict=True):
                    assert word.turned_deg == pytest.approx(0)
                    assert word.size_pt == pytest.approx(SIZE_PT, abs=0.002)
                    assert (word.x_mm, word.y_mm) == pytest.approx((x, y), abs=TOLERANCE_MM)


@all_sizes
@both_papers
@both_flips
@pytest.mark.parametrize("languages", [1, 2, 4, 7])
def test_each_card_has_its_own_back_behind_its_front_upright(
    size: CardSize, paper: Paper, flip: Flip, languages: int
) -> None:
    pdf = printed(size, languages, drawn(size, paper, languages, flip))
    check_cut(cut.read(pdf, flip), size, paper, languages)


@all_sizes
@both_papers
def test_a_fold_is_marked_in_the_middle_of_each_card_that_folds_and_nowhere_else(
    size: CardSize, paper: Paper
) -> None:
    pdf = printed(size, 1, drawn(size, paper, 1, "long"))
    for strokes in fold.strokes(pdf):
        dashed = sorted({round(stroke.y1_mm, 2) for stroke in strokes if stroke.dashed})
        solid = sorted({round(s.y1_mm, 2) for s in strokes if not s.dashed and s.y1_mm == s.y2_mm})
        middles = [round((a + b) / 2, 2) for a, b in pairwise(solid)]
        assert dashed == (pytest.approx(middles, abs=0.02) if SIZES[size].folds else [])


@both_papers
@pytest.mark.parametrize("size", ["us", "metric"])
def test_cards_with_nothing_on_their_backs_are_printed_on_one_side(size: CardSize, paper: Paper) -> None:
    made = sides(SIZES[size], paper, dealt(size, 1, two_sided=False), "long")
    assert len(made) == 1
    (cards,) = cut.fronts(printed(size, 1, made))
    assert all([len(card.front), len(card.back)] == [2, 0] for card in cards)


@given(
    width=st.floats(30, 180),
    height=st.floats(30, 180),
    folds=st.booleans(),
    paper=st.sampled_from(["a4", "letter"]),
)
def test_cards_of_any_size_stay_apart_and_off_the_edge(
    width: float, height: float, folds: bool, paper: Paper
) -> None:
    size = Size(width, height, folds)
    place = grid(size, paper)
    right = place.left_mm + place.columns * width
    head = place.foot_mm + place.rows * height
    assert place.cards >= 1
    assert min(place.left_mm, place.foot_mm) >= MARGIN_MM - 1e-6
    assert right == pytest.approx(place.paper.width_mm - place.left_mm)
    assert head == pytest.approx(place.paper.height_mm - place.foot_mm)
    # Not one more row or column would do, whichever way the paper lies.
    assert right + width > place.paper.width_mm - 2 * MARGIN_MM + place.left_mm - 1e-6
    assert head + height > place.paper.height_mm - 2 * MARGIN_MM + place.foot_mm - 1e-6


# --- the proof can fail ----------------------------------------------------------------------------


def shifted(side: Side, x_mm: float, y_mm: float) -> Side:
    return replace(side, slots=tuple(replace(s, x_mm=s.x_mm + x_mm, y_mm=s.y_mm + y_mm) for s in side.slots))


def headlong(side: Side) -> Side:
    turned = tuple(replace(s, rotation_deg=0 if s.rotation_deg else 180) for s in side.slots)
    return replace(side, slots=turned)


def two_swapped(side: Side) -> Side:
    first, other = side.slots[0], next(s for s in side.slots if s.page != side.slots[0].page)
    pages = {first: other.page, other: first.page}
    return replace(side, slots=tuple(replace(s, page=pages.get(s, s.page)) for s in side.slots))


def marks_moved(side: Side) -> Side:
    moved = tuple(replace(mark, x1_mm=mark.x1_mm + 2, x2_mm=mark.x2_mm + 2) for mark in side.marks)
    return replace(side, marks=moved)


MISTAKES: dict[str, Callable[[tuple[Side, ...]], tuple[Side, ...]]] = {
    "front and back exchanged": lambda made: (made[1], made[0], *made[2:]),
    "a back turned": lambda made: (made[0], headlong(made[1]), *made[2:]),
    "a back shifted by 2 mm": lambda made: (made[0], shifted(made[1], 2, 0), *made[2:]),
    "a front shifted by 2 mm": lambda made: (shifted(made[0], 0, 2), *made[1:]),
    "two backs swapped": lambda made: (made[0], two_swapped(made[1]), *made[2:]),
    "marks moved by 2 mm": lambda made: (marks_moved(made[0]), *made[1:]),
}


@all_sizes
@both_flips
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_the_cut_notices(
    mistake: Callable[[tuple[Side, ...]], tuple[Side, ...]], size: CardSize, flip: Flip
) -> None:
    made = drawn(size, "a4", 2, flip)
    check_cut(cut.read(printed(size, 2, made), flip), size, "a4", 2)
    with pytest.raises(AssertionError):
        check_cut(cut.read(printed(size, 2, mistake(made)), flip), size, "a4", 2)


@all_sizes
@both_flips
def test_the_cut_notices_the_wrong_edge(size: CardSize, flip: Flip) -> None:
    pdf = printed(size, 2, drawn(size, "letter", 2, flip))
    with pytest.raises(AssertionError):
        check_cut(cut.read(pdf, "short" if flip == "long" else "long"), size, "letter", 2)
