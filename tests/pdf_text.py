"""What is printed, read off a PDF by where its glyphs stand.

A PDF's text order, and what programs make of it in right-to-left paragraphs, say nothing about the paper.
Here the glyphs of a line are put in the order in which they stand, from left to right, so that a number is
read as it is printed: scrambled, if it is.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

UNNAMED = "\ufffd"
"""A glyph that stands for no character of its own, such as the dots of an Arabic letter."""

_NUMBER = re.compile(r"\+?\d[\d \-]*")
_HYPHENS = dict.fromkeys(
    map(ord, "\u0002\ufffe\u00ad\u2010\u2011"), "-"
)  # PDFium marks a hyphen at a line's end
_LINE_EM = 0.35  # glyphs whose baselines are nearer than this stand on one line
_WORD_EM = 0.18  # a wider gap is a space
_COLUMN_EM = 1.2  # a wider gap parts what does not belong together, such as two pages of a sheet


@dataclass(frozen=True, slots=True)
class _Glyph:
    char: str
    along: float  # of its left edge, in the direction in which its line runs
    end: float  # of its right edge
    across: float  # of its baseline, across that direction
    size: float


def lines(pdf: bytes) -> list[str]:
    """What stands on each line of each page, from left to right, also where it is read from right to left.

    Lines go from head to foot; columns on one height are lines of their own, the left one first.
    """
    return [line for page in pages(pdf) for line in page]


def pages(pdf: bytes) -> list[list[str]]:
    """The lines of each page, as in `lines`."""
    return [list(page) for page in _pages(pdf)]


@lru_cache(maxsize=8)
def _pages(pdf: bytes) -> tuple[tuple[str, ...], ...]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(_lines(document[number]) for number in range(len(document)))
    finally:
        document.close()


def numbers(pdf: bytes) -> list[str]:
    """Every run of digits, hyphens and spaces that begins and ends with a digit, or begins with `+`.

    Two numbers with only a space between them are one run: ask `shows` whether a number is among them.
    """
    found = []
    for line in lines(pdf):
        found += [match.group().rstrip(" -") for match in _NUMBER.finditer(line)]
    return found


def shows(pdf: bytes, number: str) -> bool:
    """Whether a number stands whole on some line, not as a part of a longer one."""
    whole = re.compile(rf"(?<![\d+\-]){re.escape(number)}(?![\d\-])")
    return any(whole.search(line) for line in lines(pdf))


def _lines(page: pypdfium2.PdfPage) -> tuple[str, ...]:
    by_angle: dict[int, list[_Glyph]] = defaultdict(list)
    for angle, glyph in _glyphs(page):
        by_angle[angle].append(glyph)
    return tuple(
        text
        for angle in sorted(by_angle)
        for row in _rows(by_angle[angle])
        for text in _texts(sorted(row, key=lambda glyph: (glyph.along, glyph.end)))
    )


def _rows(glyphs: list[_Glyph]) -> Iterator[list[_Glyph]]:
    """Glyphs on one baseline together, the uppermost first. A mark may make a row of its own."""
    row: list[_Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.across):
        if row and row[0].across - glyph.across > _LINE_EM * glyph.size:
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _texts(row: list[_Glyph]) -> Iterator[str]:
    text, end = "", row[0].along
    for glyph in row:
        gap = (glyph.along - end) / glyph.size
        if gap > _COLUMN_EM:
            yield text.strip()
            text = ""
        elif gap > _WORD_EM and not text.endswith(" "):
            text += " "
        text += glyph.char
        end = max(end, glyph.end)
    yield text.strip()


def _glyphs(page: pypdfium2.PdfPage) -> Iterator[tuple[int, _Glyph]]:
    """Every visible glyph, with the angle of its line in whole degrees."""
    text_page = page.get_textpage()
    x, y, matrix, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    try:
        for index in range(text_page.count_chars()):
            char = _char(text_page, index)
            if not char:
                continue
            assert pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
            assert pdfium.FPDFText_GetMatrix(text_page, index, matrix)
            assert pdfium.FPDFText_GetLooseCharBox(text_page, index, box)
            size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
            if matrix.b == 0 and matrix.a > 0:
                yield 0, _Glyph(char, box.left, box.right, y.value, size)
                continue
            angle = math.atan2(matrix.b, matrix.a)
            cos, sin = math.cos(angle), math.sin(angle)
            edges = [
                right * cos + up * sin for right in (box.left, box.right) for up in (box.bottom, box.top)
            ]
            across = y.value * cos - x.value * sin
            yield round(math.degrees(angle)) % 360, _Glyph(char, min(edges), max(edges), across, size)
    finally:
        text_page.close()


def _char(text_page: pypdfium2.PdfTextPage, index: int) -> str:
    """What a glyph stands for; nothing for a space, whether printed or made up by PDFium."""
    if pdfium.FPDFText_HasUnicodeMapError(text_page, index):
        return UNNAMED  # PDFium gives the number of the glyph, which may well look like a digit
    char = chr(pdfium.FPDFText_GetUnicode(text_page, index)).translate(_HYPHENS)
    return "" if char.isspace() or pdfium.FPDFText_IsGenerated(text_page, index) else char
