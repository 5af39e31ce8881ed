"""What is printed in a PDF, read by the place of its glyphs: the only module that knows PDFium.

PDFium is what Chrome prints with, and another engine than the one that wrote the file. The order in which a
PDF stores its text says nothing about paper, least of all from right to left: a number is read here as its
digits stand.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class Lettering:
    """What can be read in a PDF."""

    lines: tuple[str, ...]
    """What stands on each line of digits, hyphens and `+`, from left to right; wide gaps part lines.

    In a file with letters that run from right to left, of every character of ASCII.
    """
    text: str
    """All letters in the order in which they are stored, without spaces."""


def read(pdf: bytes) -> Lettering:
    """Read a PDF, which `pdf.particulars` could read."""
    document = pypdfium2.PdfDocument(pdf)
    text_pages: list[pypdfium2.PdfTextPage] = []
    try:
        text_pages.extend(document[number].get_textpage() for number in range(len(document)))
        chars = [_chars(text_page) for text_page in text_pages]
        # Where one page runs from right to left, PDFium may turn around what stands on the others.
        every = set().union(*map(set, chars))
        mirrored = any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in every)
        looked_for = _ASCII if mirrored else _OF_NUMBERS
        lines = [
            line
            for text_page, on_page in zip(text_pages, chars, strict=True)
            for line in _lines(_marks(text_page, on_page, looked_for))
        ]
    finally:
        for text_page in text_pages:
            text_page.close()
        document.close()
    return Lettering(
        tuple(lines), "".join(char for on_page in chars for char in on_page if not char.isspace())
    )


def pages(pdf: bytes) -> Iterator[str]:
    """Yield the text of each page of a PDF, in the order in which PDFium reads it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            text_page = document[number].get_textpage()
            yield text_page.get_text_range()
            text_page.close()
    finally:
        document.close()


@dataclass(frozen=True, slots=True)
class _Mark:
    """A digit, a hyphen or a `+`, measured in points in the direction in which its line runs."""

    char: str
    left: float
    right: float
    across: float
    size: float


_OF_NUMBERS = frozenset("0123456789+-")
_ASCII = frozenset(map(chr, range(0x21, 0x7F)))
_RIGHT_TO_LEFT = ("R", "AL")
_HYPHENS = dict.fromkeys(map(ord, "\u0002\ufffe\u00ad\u2010\u2011"), "-")  # PDFium marks one at a line's end
_LINE_EM = 0.35
"""Glyphs whose middles are nearer than this stand on one line."""
_SPACE_EM = 0.18
"""A wider gap is a space."""
_PART_EM = 0.9
"""A wider gap parts what does not belong together."""


def _chars(text_page: pypdfium2.PdfTextPage) -> list[str]:
    codes = [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(text_page.count_chars())]
    return [_HYPHENS.get(code) or chr(code) for code in codes]


def _marks(
    text_page: pypdfium2.PdfTextPage, chars: Sequence[str], looked_for: Set[str]
) -> dict[int, list[_Mark]]:
    """Return the characters that are looked for by the angle of their line in degrees."""
    marks: dict[int, list[_Mark]] = defaultdict(list)
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    for index, char in enumerate(chars):
        if char not in looked_for or pdfium.FPDFText_HasUnicodeMapError(text_page, index):
            continue
        pdfium.FPDFText_GetMatrix(text_page, index, matrix)
        pdfium.FPDFText_GetLooseCharBox(text_page, index, box)
        size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
        angle = math.atan2(matrix.b, matrix.a)
        cos, sin = math.cos(angle), math.sin(angle)
        corners = [(x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
        along = [x * cos + y * sin for x, y in corners]
        across = sum(y * cos - x * sin for x, y in corners) / 4
        marks[round(math.degrees(angle)) % 360].append(
            _Mark(char, min(along), max(along), across, max(size, 0.1))
        )
    return marks


def _lines(marks: dict[int, list[_Mark]]) -> Iterator[str]:
    for angle in sorted(marks):
        row: list[_Mark] = []
        for mark in sorted(marks[angle], key=lambda mark: -mark.across):
            if row and row[0].across - mark.across > _LINE_EM * mark.size:
                yield from _texts(row)
                row = []
            row.append(mark)
        yield from _texts(row)


def _texts(row: list[_Mark]) -> Iterator[str]:
    text, end = "", 0.0
    for mark in sorted(row, key=lambda mark: (mark.left, mark.right)):
        gap = (mark.left - end) / mark.size
        if text and gap > _PART_EM:
            yield text
            text = ""
        elif text and gap > _SPACE_EM:
            text += " "
        text += mark.char
        end = mark.right
    if text:
        yield text
