"""Paper, simulated: a finished sheet file is printed on both sides, stacked, folded once and read.

Written apart from the imposition and knowing nothing of it: what goes in is the finished PDF, and what is
looked at is where its letters stand. Everything follows from three movements of real paper:

1. The printer prints a side, turns the sheet over (by its short or its long edge) and prints the next.
2. The sheets are stacked with their fronts down, the first at the bottom, and folded upwards in the middle.
3. The reader opens the booklet and turns its leaves, from the outermost face on the left-hand stack (left to
   right) or on the right-hand stack (right to left).
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space between, as they are printed."""

    text: str
    x_mm: float  # of the first letter's origin, from the left edge
    y_mm: float  # from the lower edge
    turned_deg: float  # how far the line runs away from upright, counter-clockwise
    size_pt: float  # of the font, after all scaling


@dataclass(frozen=True, slots=True)
class Printed:
    """One side of a sheet as the printer gets it."""

    width_mm: float
    height_mm: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A word on a page of the folded booklet, as the reader sees it."""

    text: str
    from_fold_mm: float  # from the fold to the first letter's origin
    from_foot_mm: float  # from the lower edge of the paper
    turned_deg: float  # 0 is upright


Page = tuple[Seen, ...]
"""Its words from left to right."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line on a side, as it is printed."""

    x1_mm: float
    y1_mm: float
    x2_mm: float
    y2_mm: float
    dashed: bool
    ink: tuple[int, int, int]  # red, green, blue from 0 to 255


def read(
    pdf: bytes, direction: Literal["ltr", "rtl"], turn: Literal["short", "long"] = "short"
) -> list[Page]:
    """The pages of the folded booklet in the order in which a reader meets them."""
    return folded(sides(pdf), direction, turn)


def read_signatures(pdf: bytes, direction: Literal["ltr", "rtl"], sheets_each: int) -> list[Page]:
    """The pages of so many sheets at a time folded and laid on each other, as a reader meets them."""
    printed = sides(pdf)
    parts = [printed[start : start + 2 * sheets_each] for start in range(0, len(printed), 2 * sheets_each)]
    return [page for part in parts for page in folded(part, direction)]


def two_passes(fronts: bytes, backs: bytes, stack: Literal["turned", "as it lies"]) -> list[Printed]:
    """The sides of the sheets that a printer without duplex makes of two files: front, back, front …

    It lays each printed sheet face down on those before, and takes sheets from the top of what is put in. A
    stack that is turned over, like a leaf of a book, is printed in the order of the file of backs; one
    that goes in as it lies, in the other order.
    """
    pile = sides(fronts)  # from the lowest sheet upwards
    order = sides(backs)
    if stack == "turned":
        pile = pile[::-1]
    else:
        order = order[::-1]
    sheets = [(pile.pop(), back) for back in order]
    assert pile == [], "a sheet is left over"
    if stack == "as it lies":
        sheets.reverse()
    return [side for sheet in sheets for side in sheet]


def folded(
    printed: list[Printed], direction: Literal["ltr", "rtl"], turn: Literal["short", "long"] = "short"
) -> list[Page]:
    """The pages of sheets (front, back, front …) folded together, as a reader meets them."""
    assert len(printed) % 2 == 0, "a side without a back"
    left: list[Page] = []  # from the bottom of the stack upwards
    right: list[Page] = []
    for front, back in zip(printed[::2], printed[1::2], strict=True):
        assert (front.width_mm, front.height_mm) == (back.width_mm, back.height_mm)
        width, height = front.width_mm, front.height_mm
        assert width > height, "the paper does not lie across"
        # The sheet lies front down, turned by a short edge: what was at the left is now at the right.
        under = _halves(_seen_from_behind(front.words, width), width)
        over = _halves(back.words if turn == "short" else _upside_down(back.words, width, height), width)
        left += [_page(under[0], width, mirrored=True), _page(over[0], width)]
        right += [_page(under[1], width, mirrored=True), _page(over[1], width)]
    # One stack is met from its lowest face upwards, then the other from its highest face downwards.
    return [*left, *reversed(right)] if direction == "ltr" else [*right, *reversed(left)]


def _seen_from_behind(words: tuple[Word, ...], width: float) -> list[Word]:
    return [Word(w.text, width - w.x_mm, w.y_mm, w.turned_deg, w.size_pt) for w in words]


def _upside_down(words: tuple[Word, ...], width: float, height: float) -> list[Word]:
    return [
        Word(w.text, width - w.x_mm, height - w.y_mm, (w.turned_deg + 180) % 360, w.size_pt) for w in words
    ]


def _halves(words: list[Word] | tuple[Word, ...], width: float) -> tuple[list[Word], list[Word]]:
    return [w for w in words if w.x_mm < width / 2], [w for w in words if w.x_mm >= width / 2]


def _page(words: list[Word], width: float, mirrored: bool = False) -> Page:
    """A half sheet as its reader holds it; a face that lies downwards is seen from the other side."""
    fold = width / 2
    signed = [(w, (fold - w.x_mm) if mirrored else (w.x_mm - fold)) for w in words]
    seen = [Seen(w.text, x, w.y_mm, w.turned_deg) for w, x in signed]
    return tuple(sorted(seen, key=lambda word: word.from_fold_mm))


# --- what is on the paper --------------------------------------------------------------------------


def sides(pdf: bytes) -> list[Printed]:
    """Every page of a PDF: its size, and its words from left to right."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_side(document[number]) for number in range(len(document))]
    finally:
        document.close()


def strokes(pdf: bytes) -> list[list[Stroke]]:
    """The straight lines that each page draws itself, not those inside the pages placed on it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            [_stroke(thing) for thing in document[number].get_objects([pdfium.FPDF_PAGEOBJ_PATH], 1)]
            for number in range(len(document))
        ]
    finally:
        document.close()


def _stroke(thing: pypdfium2.PdfObject) -> Stroke:
    ends = []
    for index in range(pdfium.FPDFPath_CountSegments(thing)):
        x, y = ctypes.c_float(), ctypes.c_float()
        assert pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFPath_GetPathSegment(thing, index), x, y)
        ends.append((x.value / MM, y.value / MM))
    (x1, y1), (x2, y2) = ends
    ink = [ctypes.c_uint() for _ in range(4)]
    assert pdfium.FPDFPageObj_GetStrokeColor(thing, *ink)
    red, green, blue, _ = (int(part.value) for part in ink)
    return Stroke(x1, y1, x2, y2, pdfium.FPDFPageObj_GetDashCount(thing) > 0, (red, green, blue))


def _side(page: pypdfium2.PdfPage) -> Printed:
    width, height = page.get_size()
    return Printed(width / MM, height / MM, tuple(sorted(_words(page), key=lambda word: word.x_mm)))


def _words(page: pypdfium2.PdfPage) -> Iterator[Word]:
    text_page = page.get_textpage()
    try:
        letters: list[Word] = []
        for index in range(text_page.count_chars()):
            char = chr(pdfium.FPDFText_GetUnicode(text_page, index))
            if not char.isspace() and not pdfium.FPDFText_IsGenerated(text_page, index):
                letters.append(_letter(text_page, index, char))
            elif letters:
                yield _word(letters)
                letters = []
        if letters:
            yield _word(letters)
    finally:
        text_page.close()


def _letter(text_page: pypdfium2.PdfTextPage, index: int, char: str) -> Word:
    x, y = ctypes.c_double(), ctypes.c_double()
    assert pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
    matrix = pdfium.FS_MATRIX()
    assert pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    scale = math.hypot(matrix.c, matrix.d)
    turned = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    size = pdfium.FPDFText_GetFontSize(text_page, index) * scale
    return Word(char, x.value / MM, y.value / MM, turned, size)


def _word(letters: list[Word]) -> Word:
    """The letters as printed. PDFium reorders them where the file says that it reads right to left."""
    angle = math.radians(letters[0].turned_deg)
    in_line = sorted(letters, key=lambda w: w.x_mm * math.cos(angle) + w.y_mm * math.sin(angle))
    return replace(in_line[0], text="".join(letter.text for letter in in_line))


# --- a sheet of panels -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Panel:
    """What lies between folds, cuts and edges of a side, as its reader holds it."""

    width_mm: float
    height_mm: float
    words: tuple[Word, ...]  # counted from the panel's own lower left corner, from left to right


def zine(pdf: bytes, direction: Literal["ltr", "rtl"], side: int = 0) -> list[Panel]:
    """The panels of a sheet folded and cut to a zine, in the order in which a reader turns them.

    1. The sheet lies with a side up. It is folded in half along its long middle, the print outside: its lower
       row stays in front, its upper row is seen from behind, and stands on its head no more.
    2. The cut has parted the two rows between the outer folds. Pushed together from its ends, the front's two
       inner panels come forward, back to back, and so do the two behind. Seen from above it is a star of four
       arms; each has a panel on either side.
    3. The reader begins with a cover that has the spine at its left (or at its right), and goes round.

    Another `side` than the first has no marks of its own: the sheet, cut and creased as its first side says,
    is turned over like a leaf, so that what was at the left is now at the right, and folded the other way
    round.
    """
    printed, marks = sides(pdf)[side], strokes(pdf)[0]
    width, height = printed.width_mm, printed.height_mm
    if side:
        assert not strokes(pdf)[side], "two lines for one cut would not lie on each other"
        marks = [replace(m, x1_mm=width - m.x2_mm, x2_mm=width - m.x1_mm) for m in marks]
    (cut,) = [mark for mark in marks if not mark.dashed]
    down = sorted({round(mark.x1_mm, 2) for mark in marks if mark.dashed and _near(mark.x1_mm, mark.x2_mm)})
    (across,) = {round(mark.y1_mm, 2) for mark in marks if mark.dashed and _near(mark.y1_mm, mark.y2_mm)}
    assert len(down) == 3, "three folds down the sheet"
    assert all(map(_near, down, (width / 4, width / 2, width * 3 / 4)))
    assert _near(across, height / 2), "folded in half"
    ends = (cut.x1_mm, cut.y1_mm, cut.x2_mm, cut.y2_mm)
    assert all(map(_near, ends, (down[0], across, down[2], across))), "the cut runs from fold to fold"
    columns = list(zip((0.0, *down), (*down, width), strict=True))
    front = [_panel(printed.words, left, 0, right, across) for left, right in columns]
    behind = [_on_its_head(_panel(printed.words, left, across, right, height)) for left, right in columns]
    assert sum(len(panel.words) for panel in (*front, *behind)) == len(printed.words)
    star = [front[3], *reversed(behind), *front[:3]]  # counter-clockwise from above
    return star if direction == "ltr" else [front[0], *behind, *reversed(front[1:])]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The faces of a leaflet."""

    front: Panel
    opened: tuple[Panel, Panel]  # what is seen side by side when the front is turned, in the order of reading
    inside: tuple[Panel, ...]  # the three of the open sheet, in the order of reading
    behind: tuple[Panel, Panel]  # the other two outside: the one away from the front first
    back: Panel  # what lies on the table while the front is up


def leaflet(
    pdf: bytes,
    direction: Literal["ltr", "rtl"],
    shape: Literal["c", "z"],
    turn: Literal["short", "long"] = "short",
) -> Leaflet:
    """A sheet folded twice. The reader holds the front with the fold at the left (or at the right).

    In a C the panel farthest from the front is folded in first, and must not reach the other fold. In a Z it
    goes the other way, and ends below, with what was inside it outside.
    """
    outside, inside = sides(pdf)
    width, height = outside.width_mm, outside.height_mm
    folds = []
    for marks in strokes(pdf):
        assert all(mark.dashed and _near(mark.x1_mm, mark.x2_mm) for mark in marks)
        folds.append(sorted({round(mark.x1_mm, 2) for mark in marks}))
    mirrored = [width - x for x in reversed(folds[0])]
    assert all(map(_near, mirrored, folds[1])), "fold upon fold"
    over = inside.words if turn == "short" else _upside_down(inside.words, width, height)
    outer, inner = (
        [_panel(words, left, 0, right, height) for left, right in zip((0.0, *at), (*at, width), strict=True)]
        for words, at in zip((outside.words, tuple(over)), folds, strict=True)
    )
    if direction == "rtl":
        outer.reverse()
        inner.reverse()
    flap, middle, front = outer
    if shape == "c":
        assert flap.width_mm < middle.width_mm - 1, "what is folded in would stand against the fold"
        assert front.width_mm <= middle.width_mm + 0.03, "the front would hang over"
        return Leaflet(front, (inner[0], flap), tuple(inner), (flap, middle), middle)
    assert max(abs(panel.width_mm - width / 3) for panel in outer) < 0.03
    return Leaflet(front, (inner[0], middle), tuple(inner), (flap, middle), inner[2])


def _near(one: float, other: float) -> bool:
    return abs(one - other) < 0.02


def _panel(
    words: tuple[Word, ...] | list[Word], left: float, foot: float, right: float, head: float
) -> Panel:
    found = (
        replace(word, x_mm=word.x_mm - left, y_mm=word.y_mm - foot)
        for word in words
        if left <= word.x_mm < right and foot <= word.y_mm < head
    )
    return Panel(right - left, head - foot, tuple(sorted(found, key=lambda word: word.x_mm)))


def _on_its_head(panel: Panel) -> Panel:
    turned = _upside_down(panel.words, panel.width_mm, panel.height_mm)
    return replace(panel, words=tuple(sorted(turned, key=lambda word: word.x_mm)))
