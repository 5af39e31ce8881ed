"""Zines, leaflets and posters, printed, cut and folded, read 1, 2, 3 … upright: proved on finished PDFs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Literal, get_args

import fold
import pytest
from pages import worded

from handbill import leaflet, poster, zine
from handbill.impose import draw
from handbill.model import Direction
from handbill.pdf import PrintSettings
from handbill.sheets import PAPERS, Paper, Side

TOLERANCE_MM = 0.02
LOW_MM = (6.0, 8.0)
"""Where the first letter of a page's first word stands, from its lower left corner."""
HIGH_MM = (40.0, 90.0)

both_directions = pytest.mark.parametrize("direction", ["ltr", "rtl"])
both_papers = pytest.mark.parametrize("paper", ["a4", "letter"])
both_shapes = pytest.mark.parametrize("shape", get_args(leaflet.Fold))
Sheet = Literal["a4", "letter"]
Shape = Literal["c", "z"]


@cache
def tokens(width_mm: float, height_mm: float, *names: str) -> bytes:
    """A page for each name, `low-NAME` near its lower left corner and `high-NAME` further up."""
    return worded(names, width_mm, height_mm, low_mm=LOW_MM, high_mm=HIGH_MM, size_pt=9)


def printed(sides: tuple[Side, ...], width_mm: float, height_mm: float, names: list[str]) -> bytes:
    return draw(
        tokens(width_mm, height_mm, *names),
        tokens(width_mm, height_mm, "lines"),
        sides,
        PrintSettings("For you", "ar", "ltr", "Simplex"),
    )


def check_panel(panel: fold.Panel, name: str, width_mm: float, height_mm: float) -> None:
    """Fail unless one page stands upright in the middle of the panel, at full size."""
    assert [word.text for word in panel.words] == [f"low-{name}", f"high-{name}"]
    for word, (x, y) in zip(panel.words, (LOW_MM, HIGH_MM), strict=True):
        assert word.turned_deg == 0
        assert word.size_pt == pytest.approx(9, abs=0.01)
        assert word.x_mm == pytest.approx((panel.width_mm - width_mm) / 2 + x, abs=TOLERANCE_MM)
        assert word.y_mm == pytest.approx((panel.height_mm - height_mm) / 2 + y, abs=TOLERANCE_MM)


# --- mistakes ----------------------------------------------------------------------------------------


def swapped(side: Side) -> Side:
    first, second, *rest = side.slots
    slots = (replace(first, page=second.page), replace(second, page=first.page), *rest)
    return replace(side, slots=slots)


def turned(side: Side) -> Side:
    return replace(side, slots=(replace(side.slots[0], rotation_deg=0), *side.slots[1:]))


def shifted(side: Side) -> Side:
    first, *rest = side.slots
    return replace(side, slots=(replace(first, x_mm=first.x_mm + 2), *rest))


def cut_through(side: Side) -> Side:
    *folds, cut = side.marks
    return replace(side, marks=(*folds, replace(cut, x1_mm=0)))


def fold_moved(side: Side) -> Side:
    first, *rest = side.marks
    return replace(side, marks=(replace(first, x1_mm=first.x1_mm + 2, x2_mm=first.x2_mm + 2), *rest))


def cut_off_centre(side: Side) -> Side:
    *folds, cut = side.marks
    return replace(side, marks=(*folds, replace(cut, x2_mm=cut.x2_mm - 3)))


# --- zine ------------------------------------------------------------------------------------------


def zine_side(count: int, paper: Sheet, direction: Direction) -> Side:
    return zine.side(count, PAPERS[paper], direction)


def zine_of(side: Side, count: int) -> bytes:
    return printed((side,), zine.PANEL_WIDTH_MM, zine.PANEL_HEIGHT_MM, [*map(str, range(1, count + 1))])


def check_zine(panels: list[fold.Panel], names: list[str]) -> None:
    assert len(panels) == len(names) == 8
    for panel, name in zip(panels, names, strict=True):
        check_panel(panel, name, zine.PANEL_WIDTH_MM, zine.PANEL_HEIGHT_MM)


def zine_names(count: int) -> list[str]:
    """What a reader meets: empty panels stand before the last page, which is the outside."""
    if count == 1:
        return ["1", *["lines"] * 7]
    return [*map(str, range(1, count)), *["lines"] * (8 - count), str(count)]


@both_directions
@both_papers
@pytest.mark.parametrize("count", range(1, 9))
def test_a_zine_cut_and_folded_reads_from_first_to_last_upright(
    count: int, paper: Sheet, direction: Direction
) -> None:
    pdf = zine_of(zine_side(count, paper, direction), count)
    check_zine(fold.zine(pdf, direction), zine_names(count))


@pytest.mark.parametrize(
    ("direction", "rows"),
    [("ltr", ([5, 4, 3, 2], [6, 7, 8, 1])), ("rtl", ([2, 3, 4, 5], [1, 8, 7, 6]))],
)
def test_a_zine_has_the_order_that_its_picture_shows(
    direction: Direction, rows: tuple[list[int], list[int]]
) -> None:
    slots = zine_side(8, "letter", direction).slots
    assert ([slot.page for slot in slots[:4]], [slot.page for slot in slots[4:]]) == rows
    assert [slot.rotation_deg for slot in slots] == [180] * 4 + [0] * 4


@pytest.mark.parametrize("count", [0, 9])
def test_a_zine_of_no_pages_or_of_more_than_eight_is_a_bug(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} pages"):
        zine_side(count, "a4", "ltr")


@both_papers
def test_a_second_language_on_the_back_is_a_zine_of_its_own(paper: Sheet) -> None:
    names = [f"en-{page}" for page in range(1, 7)] + [f"ar-{page}" for page in range(1, 9)]
    front = zine_side(6, paper, "ltr")
    back = zine.numbered_on(zine_side(8, paper, "rtl"), 6)
    pdf = printed((front, back), zine.PANEL_WIDTH_MM, zine.PANEL_HEIGHT_MM, names)
    english = [f"en-{page}" for page in range(1, 6)] + ["lines", "lines", "en-6"]
    check_zine(fold.zine(pdf, "ltr"), english)
    check_zine(fold.zine(pdf, "rtl", side=1), [f"ar-{page}" for page in range(1, 9)])


@pytest.mark.parametrize("mistake", [fold_moved, cut_off_centre], ids=["a fold", "the cut"])
@both_directions
def test_a_cut_or_fold_that_is_not_in_the_middle_spoils_the_other_side(
    mistake: Callable[[Side], Side], direction: Direction
) -> None:
    front = mistake(zine_side(8, "a4", direction))
    back = zine.numbered_on(zine_side(8, "a4", direction), 8)
    names = [str(page) for page in range(1, 17)]
    pdf = printed((front, back), zine.PANEL_WIDTH_MM, zine.PANEL_HEIGHT_MM, names)
    with pytest.raises(AssertionError):
        check_zine(fold.zine(pdf, direction, side=1), names[8:])


@both_papers
def test_the_two_halves_of_a_poster_on_the_back_meet_at_the_cut_and_stand_upright(paper: Sheet) -> None:
    front, back = zine_side(8, paper, "ltr"), zine.poster(9, PAPERS[paper])
    (cut,) = (mark for mark in front.marks if mark.kind == "cut")
    upper, lower = back.slots
    assert (upper.page, lower.page) == (9, 10)
    assert {slot.rotation_deg for slot in back.slots} == {0}
    assert cut.y1_mm == cut.y2_mm == upper.y_mm == pytest.approx(lower.y_mm + zine.HALF_HEIGHT_MM)
    for slot in back.slots:
        assert slot.x_mm == pytest.approx((PAPERS[paper].width_mm - zine.HALF_WIDTH_MM) / 2)
        assert 0 <= slot.y_mm <= PAPERS[paper].height_mm - zine.HALF_HEIGHT_MM + 0.001


ZINE_MISTAKES = {
    "two pages swapped": swapped,
    "a page turned": turned,
    "a page shifted by 2 mm": shifted,
    "the cut too long": cut_through,
    "a fold marked 2 mm away": fold_moved,
}


@both_directions
@pytest.mark.parametrize("mistake", ZINE_MISTAKES.values(), ids=ZINE_MISTAKES.keys())
def test_the_zine_notices(mistake: Callable[[Side], Side], direction: Direction) -> None:
    pdf = zine_of(mistake(zine_side(8, "a4", direction)), 8)
    with pytest.raises(AssertionError):
        check_zine(fold.zine(pdf, direction), zine_names(8))


def test_the_zine_notices_the_other_direction() -> None:
    with pytest.raises(AssertionError):
        check_zine(fold.zine(zine_of(zine_side(8, "a4", "ltr"), 8), "rtl"), zine_names(8))


# --- leaflet ---------------------------------------------------------------------------------------


def leaflet_sides(count: int, paper: Sheet, direction: Direction, shape: Shape) -> tuple[Side, ...]:
    return leaflet.sides(count, PAPERS[paper], direction, shape)


def leaflet_of(sides: tuple[Side, ...], count: int) -> bytes:
    names = [*map(str, range(1, count + 1))]
    return printed(sides, leaflet.PAGE_WIDTH_MM, leaflet.PAGE_HEIGHT_MM, names)


def check_leaflet(found: fold.Leaflet, count: int, shape: Shape) -> None:
    text = [*map(str, range(2, count - 1)), *["lines"] * (6 - count)]
    flap, last = str(count - 1), str(count)
    wanted = {
        "front": ["1"],
        "opened": [text[0], flap if shape == "c" else last],
        "inside": text,
        "behind": [flap, last],
        "back": [last if shape == "c" else text[2]],
    }
    for name, pages in wanted.items():
        panels = getattr(found, name)
        for panel, page in zip((panels,) if isinstance(panels, fold.Panel) else panels, pages, strict=True):
            check_panel(panel, page, leaflet.PAGE_WIDTH_MM, leaflet.PAGE_HEIGHT_MM)


@both_directions
@both_papers
@both_shapes
@pytest.mark.parametrize("count", range(3, 7))
def test_a_folded_leaflet_has_its_front_outside_and_its_text_in_order_inside(
    count: int, paper: Sheet, direction: Direction, shape: Shape
) -> None:
    pdf = leaflet_of(leaflet_sides(count, paper, direction, shape), count)
    check_leaflet(fold.leaflet(pdf, direction, shape), count, shape)


@both_papers
@both_shapes
def test_every_panel_of_a_leaflet_has_room_for_its_page(paper: Sheet, shape: Shape) -> None:
    widths = leaflet.widths_mm(PAPERS[paper], shape)
    assert min(widths) >= leaflet.PAGE_WIDTH_MM - 0.001
    assert sum(widths) == pytest.approx(PAPERS[paper].width_mm)
    if shape == "c":
        assert [round(width - widths[0], 3) for width in widths] == [0, 2, 2]


@pytest.mark.parametrize("count", [2, 7])
def test_a_leaflet_of_too_few_or_too_many_pages_is_a_bug(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} pages"):
        leaflet_sides(count, "a4", "ltr", "c")


LEAFLET_MISTAKES: dict[str, Callable[[tuple[Side, ...]], tuple[Side, ...]]] = {
    "two pages swapped": lambda sides: (swapped(sides[0]), sides[1]),
    "two pages swapped inside": lambda sides: (sides[0], swapped(sides[1])),
    "a page shifted by 2 mm": lambda sides: (shifted(sides[0]), sides[1]),
    "sides exchanged": lambda sides: (sides[1], sides[0]),
    "a fold marked 2 mm away": lambda sides: (fold_moved(sides[0]), sides[1]),
}


@both_directions
@both_shapes
@pytest.mark.parametrize("mistake", LEAFLET_MISTAKES.values(), ids=LEAFLET_MISTAKES.keys())
def test_the_leaflet_notices(
    mistake: Callable[[tuple[Side, ...]], tuple[Side, ...]], direction: Direction, shape: Shape
) -> None:
    pdf = leaflet_of(mistake(leaflet_sides(6, "letter", direction, shape)), 6)
    with pytest.raises(AssertionError):
        check_leaflet(fold.leaflet(pdf, direction, shape), 6, shape)


@both_directions
def test_the_leaflet_notices_the_wrong_edge_the_wrong_fold_and_the_other_direction(
    direction: Direction,
) -> None:
    other: Direction = "rtl" if direction == "ltr" else "ltr"
    in_c = leaflet_of(leaflet_sides(6, "a4", direction, "c"), 6)
    in_z = leaflet_of(leaflet_sides(6, "a4", direction, "z"), 6)
    wrong: tuple[Callable[[], fold.Leaflet], ...] = (
        lambda: fold.leaflet(in_c, direction, "c", turn="long"),
        lambda: fold.leaflet(in_z, direction, "c"),
        lambda: fold.leaflet(in_c, other, "c"),
    )
    for read in wrong:
        with pytest.raises(AssertionError):
            check_leaflet(read(), 6, "c")


# --- poster ----------------------------------------------------------------------------------------

POSTERS = [("a4", poster.SMALL), ("letter", poster.SMALL), ("a3", poster.LARGE), ("tabloid", poster.LARGE)]


@pytest.mark.parametrize(("name", "size"), POSTERS, ids=[name for name, _ in POSTERS])
@pytest.mark.parametrize("strips", [False, True])
def test_a_poster_stands_upright_on_its_paper_with_cuts_between_strips_of_one_width(
    name: Literal["a4", "letter", "a3", "tabloid"], size: poster.Size, strips: bool
) -> None:
    paper: Paper = PAPERS[name]
    side = poster.side(paper, size, strips=strips)
    pdf = printed((side,), size.width_mm, size.height_mm, ["1"])
    (seen,), (cuts,) = fold.sides(pdf), fold.strokes(pdf)
    assert (seen.width_mm, seen.height_mm) == pytest.approx((paper.height_mm, paper.width_mm), abs=0.01)
    assert seen.width_mm < seen.height_mm
    low, high = seen.words
    assert (low.turned_deg, high.turned_deg) == (0, 0)
    left, foot = low.x_mm - LOW_MM[0], low.y_mm - LOW_MM[1]
    assert left == pytest.approx((paper.height_mm - size.width_mm) / 2, abs=TOLERANCE_MM)
    assert foot == pytest.approx(0 if strips else (paper.width_mm - size.height_mm) / 2, abs=TOLERANCE_MM)
    if not strips:
        assert cuts == []
        return
    at = [cut.x1_mm for cut in cuts]
    inner = [x for x in at if 0.1 < x - left < size.width_mm - 0.1]
    assert len(inner) == size.strips - 1
    for number, x in enumerate(inner, 1):
        assert x == pytest.approx(left + number * size.width_mm / size.strips, abs=TOLERANCE_MM)
    for cut in cuts:
        assert not cut.dashed
        assert cut.x1_mm == cut.x2_mm
        assert (cut.y1_mm, cut.y2_mm) == pytest.approx((0, size.strip_height_mm), abs=TOLERANCE_MM)
