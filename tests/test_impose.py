"""A booklet, printed on both sides, folded and opened, reads 1, 2, 3 … upright: proved on finished PDFs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO

import fold
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import worded

from handbill.formats import FORMATS, Job, Output
from handbill.impose import draw, impose
from handbill.model import Direction, Makeup, Place
from handbill.pdf import Canvas, Placed, PrintSettings, compose, particulars
from handbill.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, PAPERS, Mark, Paper, Side
from handbill.stitch import saddle_stitch, sides, signatures, thickness_mm

USUAL = Makeup()
PLACE = Place("content/booklets.toml", 3)
TOLERANCE_MM = 0.01
# Where the first letter of each page's two words stands, from the page's lower left corner.
LOW_MM, HIGH_MM = (5.0, 7.0), (110.0, 200.0)
SIZE_PT = 12.0

both_directions = pytest.mark.parametrize("direction", ["ltr", "rtl"])
OFFICE = (PAPERS["a4"], PAPERS["letter"])
both_papers = pytest.mark.parametrize("paper", OFFICE, ids=["a4", "letter"])


@cache
def numbered(*names: str, width_mm: float = PAGE_WIDTH_MM) -> bytes:
    """A page for each name, `low-NAME` near its lower left and `high-NAME` near its upper right corner."""
    return worded(names, width_mm, PAGE_HEIGHT_MM, low_mm=LOW_MM, high_mm=HIGH_MM, size_pt=SIZE_PT)


def booklet(count: int) -> bytes:
    return numbered(*map(str, range(1, count + 1)))


NOTES = numbered("notes")


def output_on(paper: Paper, name: str = "booklet", faces: str = "both") -> Output:
    """Return the output of a format on a paper."""
    return next(one for one in FORMATS[name].outputs if PAPERS[one.paper] == paper and one.faces == faces)


def imposed(
    count: int,
    paper: Paper,
    direction: Direction,
    name: str = "booklet",
    makeup: Makeup = USUAL,
    faces: str = "both",
) -> bytes:
    pdf, problems = impose(
        booklet(count),
        NOTES,
        format=FORMATS[name],
        job=Job(count, output_on(paper, name, faces), direction, makeup),
        title="For you",
        language="ar",
        place=PLACE,
    )
    assert problems == ()
    return pdf


def check_folded(
    pages: list[fold.Page],
    count: int,
    paper: Paper,
    direction: Direction,
    *,
    thickness_mm: float = 0.104,
    sheets_each: int = 1000,
) -> None:
    """Fail unless the folded pages are 1 … count and then only notes, each upright and in its place.

    Each page is nearer to its fold by the thickness of the sheets that lie around its own.
    """
    leaves_each = 4 * sheets_each
    blank = -count % 4
    names = [*map(str, range(1, count + 1)), *["notes"] * blank]
    assert [[word.text for word in page] for page in pages] == [[f"low-{n}", f"high-{n}"] for n in names]
    assert blank <= 3
    foot = (paper.height_mm - PAGE_HEIGHT_MM) / 2
    for number, page in enumerate(pages, start=1):
        recto = number % 2 == 1
        right_of_fold = recto if direction == "ltr" else not recto
        within, whole = (number - 1) % leaves_each, min(leaves_each, len(pages))
        rest = len(pages) - (number - 1) // leaves_each * leaves_each
        creep = min(within, min(whole, rest) - 1 - within) // 2 * thickness_mm
        left_edge = -creep if right_of_fold else creep - PAGE_WIDTH_MM
        for word, (x, y) in zip(page, (LOW_MM, HIGH_MM), strict=True):
            assert word.turned_deg == 0
            assert word.from_fold_mm == pytest.approx(left_edge + x, abs=TOLERANCE_MM)
            assert word.from_foot_mm == pytest.approx(foot + y, abs=TOLERANCE_MM)


# --- the laws, on finished PDFs --------------------------------------------------------------------


every_count = pytest.mark.parametrize(
    "counts", [range(n, n + 8) for n in range(1, 65, 8)], ids=lambda r: f"{r[0]}-{r[-1]}"
)


@both_directions
@both_papers
@every_count
def test_a_folded_booklet_reads_from_first_to_last_upright(
    counts: range, paper: Paper, direction: Direction
) -> None:
    for count in counts:
        check_folded(fold.read(imposed(count, paper, direction), direction), count, paper, direction)


@both_directions
@both_papers
@every_count
def test_a_booklet_for_the_long_edge_reads_upright_where_paper_is_turned_by_it(
    counts: range, paper: Paper, direction: Direction
) -> None:
    for count in counts:
        pdf = imposed(count, paper, direction, "booklet-long-edge")
        check_folded(fold.read(pdf, direction, turn="long"), count, paper, direction)
        with pytest.raises(AssertionError):
            check_folded(fold.read(pdf, direction, turn="short"), count, paper, direction)


@both_directions
@both_papers
@every_count
def test_two_passes_make_the_same_booklet_as_a_printer_that_turns_paper(
    counts: range, paper: Paper, direction: Direction
) -> None:
    for count in counts:
        fronts, backs = (
            imposed(count, paper, direction, "booklet-two-pass", faces=faces) for faces in ("fronts", "backs")
        )
        turned = fold.two_passes(fronts, backs, "turned")
        check_folded(fold.folded(turned, direction), count, paper, direction)
        assert fold.two_passes(fronts, backs, "as it lies") == turned


@both_directions
@both_papers
@every_count
def test_signatures_folded_and_laid_on_each_other_read_from_first_to_last(
    counts: range, paper: Paper, direction: Direction
) -> None:
    for count in counts:
        for each in (1, 3, 4):
            makeup = Makeup(signature_sheets=each, paper_gsm=100)
            pdf = imposed(count, paper, direction, "booklet-signatures", makeup)
            pages = fold.read_signatures(pdf, direction, each)
            check_folded(pages, count, paper, direction, thickness_mm=0.13, sheets_each=each)


@both_directions
@both_papers
def test_thick_paper_moves_inner_pages_towards_the_fold_and_no_word_over_it(
    paper: Paper, direction: Direction
) -> None:
    for grams, thick in ((40, 0.052), (80, 0.104), (160, 0.208)):
        pdf = imposed(64, paper, direction, makeup=Makeup(paper_gsm=grams))
        check_folded(fold.read(pdf, direction), 64, paper, direction, thickness_mm=thick)
    widest = imposed(64, paper, direction, makeup=Makeup(paper_gsm=400))
    with pytest.raises(AssertionError):
        check_folded(fold.read(widest, direction), 64, paper, direction)


@given(
    count=st.integers(1, 600),
    direction=st.sampled_from(["ltr", "rtl"]),
    grams=st.integers(40, 400),
    paper=st.sampled_from(OFFICE),
)
def test_what_is_on_a_page_inside_its_margins_stays_between_fold_and_trim(
    count: int, direction: Direction, grams: int, paper: Paper
) -> None:
    drawn = sides(saddle_stitch(count, direction), paper, thickness_mm(grams))
    fold_at = paper.width_mm / 2
    moved = []
    for outside, side in enumerate(drawn):
        left, right = side.slots
        assert left.x_mm + PAGE_WIDTH_MM - 16.5 <= fold_at - 7.5
        assert right.x_mm + 16.5 >= fold_at + 7.5
        moved.append(left.x_mm + PAGE_WIDTH_MM - fold_at)
        assert moved[-1] == pytest.approx(fold_at - right.x_mm)
        trim = fold_at - PAGE_WIDTH_MM  # the fore edge of the outermost sheet's page
        assert left.x_mm >= trim - TOLERANCE_MM
        assert outside >= 2 or moved[-1] == pytest.approx(0)
    assert moved == sorted(moved)


@both_directions
@both_papers
def test_pages_keep_their_size_stay_on_the_paper_and_overlap_by_no_more_than_their_creep(
    paper: Paper, direction: Direction
) -> None:
    for printed in fold.sides(imposed(13, paper, direction)):
        assert printed.width_mm == pytest.approx(paper.width_mm, abs=TOLERANCE_MM)
        assert printed.height_mm == pytest.approx(paper.height_mm, abs=TOLERANCE_MM)
        boxes = []
        for low, high in zip(printed.words[::2], printed.words[1::2], strict=True):
            assert low.size_pt == pytest.approx(SIZE_PT, abs=0.002)
            assert high.x_mm - low.x_mm == pytest.approx(HIGH_MM[0] - LOW_MM[0], abs=TOLERANCE_MM)
            assert high.y_mm - low.y_mm == pytest.approx(HIGH_MM[1] - LOW_MM[1], abs=TOLERANCE_MM)
            boxes.append((low.x_mm - LOW_MM[0], low.y_mm - LOW_MM[1]))
        (left, left_foot), (right, right_foot) = boxes
        for foot in (left_foot, right_foot):
            assert -TOLERANCE_MM <= foot <= paper.height_mm - PAGE_HEIGHT_MM + TOLERANCE_MM
        assert left >= -TOLERANCE_MM
        creep = (left + PAGE_WIDTH_MM - right) / 2
        assert 0 <= round(creep, 2) <= 3 * 0.11
        assert right + PAGE_WIDTH_MM <= paper.width_mm + TOLERANCE_MM


# --- the same, on numbers --------------------------------------------------------------------------


@given(count=st.integers(1, 2000), direction=st.sampled_from(["ltr", "rtl"]))
def test_every_leaf_carries_two_pages_that_follow_each_other(count: int, direction: Direction) -> None:
    sheets = saddle_stitch(count, direction)
    # A leaf is the front's one half with the back's other half behind it.
    lefts = [(s.front.right, s.back.left) for s in sheets]
    rights = [(s.front.left, s.back.right) for s in sheets]
    if direction == "ltr":
        leaves = [*lefts, *((inner, outer) for outer, inner in reversed(rights))]
    else:
        leaves = [*rights, *((inner, outer) for outer, inner in reversed(lefts))]
    pages = [page for leaf in leaves for page in leaf]
    assert pages == [*range(1, count + 1), *[None] * (-count % 4)]
    assert len(sheets) == -(-count // 4)


@given(count=st.integers(1, 200), paper=st.sampled_from(OFFICE))
def test_the_other_direction_is_the_mirror_image(count: int, paper: Paper) -> None:
    for there, back in zip(
        sides(saddle_stitch(count, "ltr"), paper), sides(saddle_stitch(count, "rtl"), paper), strict=True
    ):
        assert [s.page for s in there.slots] == [s.page for s in reversed(back.slots)]


def test_a_booklet_without_a_page_is_a_bug() -> None:
    with pytest.raises(ValueError, match="0 pages"):
        saddle_stitch(0, "ltr")
    with pytest.raises(ValueError, match="0 sheets"):
        signatures(4, "ltr", 0)


# --- the proof can fail ----------------------------------------------------------------------------


def right_sides(count: int, paper: Paper, direction: Direction) -> list[Side]:
    return list(sides(saddle_stitch(count, direction), paper, thickness_mm(80)))


def printed(drawn: list[Side], count: int, direction: Direction) -> bytes:
    return draw(
        booklet(count), NOTES, tuple(drawn), PrintSettings("For you", "ar", direction, "DuplexFlipShortEdge")
    )


def swapped(drawn: list[Side]) -> list[Side]:
    left, right = drawn[3].slots
    slots = (replace(left, page=right.page), replace(right, page=left.page))
    return [*drawn[:3], replace(drawn[3], slots=slots), *drawn[4:]]


def turned_back(drawn: list[Side]) -> list[Side]:
    left, right = drawn[1].slots
    slots = (
        replace(left, page=right.page, rotation_deg=180),
        replace(right, page=left.page, rotation_deg=180),
    )
    return [drawn[0], replace(drawn[1], slots=slots), *drawn[2:]]


def shifted(drawn: list[Side], x_mm: float, y_mm: float) -> list[Side]:
    moved = tuple(replace(s, x_mm=s.x_mm + x_mm, y_mm=s.y_mm + y_mm) for s in drawn[0].slots)
    return [replace(drawn[0], slots=moved), *drawn[1:]]


MISTAKES = {
    "two slots swapped": swapped,
    "a back turned": turned_back,
    "a side shifted across by 2 mm": lambda drawn: shifted(drawn, 2, 0),
    "a side shifted up by 2 mm": lambda drawn: shifted(drawn, 0, 2),
    "front and back exchanged": lambda drawn: [drawn[1], drawn[0], *drawn[2:]],
    "two sheets exchanged": lambda drawn: [*drawn[2:4], *drawn[:2], *drawn[4:]],
    "the last sheet lost": lambda drawn: drawn[:-2],
}


@both_directions
@both_papers
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_the_fold_notices(
    mistake: Callable[[list[Side]], list[Side]], paper: Paper, direction: Direction
) -> None:
    drawn = right_sides(11, paper, direction)
    check_folded(fold.read(printed(drawn, 11, direction), direction), 11, paper, direction)
    pages = fold.read(printed(mistake(drawn), 11, direction), direction)
    with pytest.raises(AssertionError):
        check_folded(pages, 11, paper, direction)


@both_directions
def test_the_fold_notices_the_wrong_edge_the_wrong_binding_and_a_change_of_scale(
    direction: Direction,
) -> None:
    paper = PAPERS["letter"]
    pdf = imposed(8, paper, direction)
    other: Direction = "rtl" if direction == "ltr" else "ltr"
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            drawing = page.Contents.read_bytes().replace(b"q 1 0 0 1", b"q 0.97 0 0 0.97")
            page.Contents = opened.make_stream(drawing)
        shrunk = BytesIO()
        opened.save(shrunk)
    for pages in (
        fold.read(pdf, direction, turn="long"),
        fold.read(pdf, other),
        fold.read(shrunk.getvalue(), direction),
    ):
        with pytest.raises(AssertionError):
            check_folded(pages, 8, paper, direction)


# --- the file itself -------------------------------------------------------------------------------


@both_directions
def test_sheets_tell_the_printing_dialog_what_it_must_know_and_nothing_else(direction: Direction) -> None:
    pdf = imposed(9, PAPERS["a4"], direction)
    told = particulars(pdf)
    assert (told.title, told.language, told.direction) == ("For you", "ar", direction)
    assert told.scale_kept
    assert told.duplex == "DuplexFlipShortEdge"
    assert (told.stray, told.links, told.bookmarks, told.tagged, told.ua_part) == ((), (), 0, False, None)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert set(opened.docinfo.keys()) == {"/Title"}
        assert set(opened.Root.keys()) == {"/Type", "/Pages", "/Lang", "/PageLayout", "/ViewerPreferences"}
        assert opened.Root.PageLayout == "/SinglePage", "two sides beside each other would look like one"
        hints = opened.Root.ViewerPreferences
        assert dict(hints) == {
            "/DisplayDocTitle": True,
            "/Direction": "/L2R" if direction == "ltr" else "/R2L",
            "/Duplex": "/DuplexFlipShortEdge",
            "/PickTrayByPDFSize": True,
            "/PrintScaling": "/None",
        }
        assert all(set(page.obj.keys()).isdisjoint({"/Annots", "/Rotate", "/Tabs"}) for page in opened.pages)
        assert opened.check_pdf_syntax() == []


def test_the_same_input_gives_the_same_bytes() -> None:
    assert imposed(9, PAPERS["a4"], "rtl") == imposed(9, PAPERS["a4"], "rtl")
    assert imposed(9, PAPERS["a4"], "rtl") != imposed(9, PAPERS["a4"], "ltr")


def test_a_font_is_stored_once_and_the_notes_page_too() -> None:
    with pikepdf.open(BytesIO(imposed(9, PAPERS["a4"], "ltr"))) as opened:
        things = list(opened.objects)
        fonts = [t for t in things if isinstance(t, pikepdf.Dictionary) and t.get("/Type") == "/Font"]
        forms = [t for t in things if isinstance(t, pikepdf.Stream) and t.get("/Subtype") == "/Form"]
    assert len(fonts) == 2, "one for the pages, one for the notes"
    assert len(forms) == 9 + 1


def test_a_page_of_another_size_is_reported_and_nothing_is_made() -> None:
    wide = numbered("1", "2", width_mm=148)
    pdf, problems = impose(
        wide,
        NOTES,
        format=FORMATS["booklet"],
        job=Job(2, output_on(PAPERS["a4"]), "ltr"),
        title="",
        language="en",
        place=PLACE,
    )
    assert pdf == b""
    (problem,) = problems
    assert (problem.code, problem.place) == ("page-size-differs", PLACE)
    assert "148 × 210 mm" in problem.fact


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_a_turned_page_fills_the_box_that_begins_at_its_corner(rotation_deg: int) -> None:
    assert rotation_deg in (0, 90, 180, 270)
    pdf = compose(
        {"pages": booklet(1)},
        (Canvas(300, 300, (Placed("pages", 1, 20, 30, rotation_deg),)),),  # type: ignore[arg-type]
        PrintSettings("", "en", "ltr", "Simplex"),
    )
    width, height = PAGE_WIDTH_MM, PAGE_HEIGHT_MM
    (side,) = fold.sides(pdf)
    low_first = sorted(side.words, key=lambda word: word.text, reverse=True)
    for word, (x, y) in zip(low_first, (LOW_MM, HIGH_MM), strict=True):
        expected = {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}
        across, up = expected[rotation_deg]
        assert word.turned_deg == pytest.approx(rotation_deg)
        assert (word.x_mm, word.y_mm) == pytest.approx((20 + across, 30 + up), abs=TOLERANCE_MM)


# --- marks -----------------------------------------------------------------------------------------


def test_marks_are_thin_lines_in_black_ink_alone_dashed_where_paper_is_folded() -> None:
    paper = PAPERS["a4"]
    marks = (Mark("fold", 148.5, 0, 148.5, 210), Mark("cut", 74.25, 105, 222.75, 105))
    pdf = printed([Side(paper, sides(saddle_stitch(1, "ltr"), paper)[0].slots, marks)], 1, "ltr")
    ((fold_line, cut_line),) = fold.strokes(pdf)
    for line, mark in zip((fold_line, cut_line), marks, strict=True):
        ends = (line.x1_mm, line.y1_mm, line.x2_mm, line.y2_mm)
        assert ends == pytest.approx((mark.x1_mm, mark.y1_mm, mark.x2_mm, mark.y2_mm), abs=TOLERANCE_MM)
    assert (fold_line.dashed, cut_line.dashed) == (True, False)
    assert cut_line.ink == (0, 0, 0)
    assert len(set(fold_line.ink)) == 1, "grey, and no colour"
    assert 0 < fold_line.ink[0] < 200, "pale, yet to be seen"
    with pikepdf.open(BytesIO(pdf)) as opened:
        drawing = opened.pages[0].Contents.read_bytes()
    assert drawing.count(b" G ") == 2, "a grey, which a printer makes of black ink"


def test_a_side_without_marks_draws_no_line() -> None:
    assert fold.strokes(imposed(3, PAPERS["a4"], "ltr")) == [[], []]
