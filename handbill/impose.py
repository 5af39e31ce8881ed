"""Imposition, second half: a booklet's pages, typeset once, put on sheets of paper.

`handbill.sheets` has worked out which page goes where; here the pages are held to the size that it reckons
with, and drawn there at 100 %. No page is typeset again and none is scaled.
"""

from __future__ import annotations

from handbill import diagnostics
from handbill.model import Diagnostic, Direction, Place
from handbill.pdf import Canvas, Placed, PrintSettings, compose, page_sizes_mm
from handbill.sheets import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Paper, Side, saddle_stitch, sides

_TOLERANCE_MM = 0.05


def impose(
    pages_pdf: bytes,
    notes_pdf: bytes,
    *,
    paper: Paper,
    title: str,
    language: str,
    direction: Direction,
    place: Place,
) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """A booklet's sheets, to be printed on both sides and turned by the short edge, folded once and stapled.

    `notes_pdf` holds the page that fills the booklet's end; its first page is used. `place` is where the
    booklet is written down. With a page that is not 139.7 × 210 mm there is a diagnostic, and no bytes.
    """
    page_sizes = page_sizes_mm(pages_pdf)
    problems = tuple(
        diagnostics.page_size_differs(place, width, height, PAGE_WIDTH_MM, PAGE_HEIGHT_MM)
        for width, height in dict.fromkeys((*page_sizes, *page_sizes_mm(notes_pdf)))
        if abs(width - PAGE_WIDTH_MM) > _TOLERANCE_MM or abs(height - PAGE_HEIGHT_MM) > _TOLERANCE_MM
    )
    if problems:
        return b"", problems
    drawn = sides(saddle_stitch(len(page_sizes), direction), paper)
    settings = PrintSettings(title, language, direction, "DuplexFlipShortEdge")
    return draw(pages_pdf, notes_pdf, drawn, settings), ()


def draw(pages_pdf: bytes, notes_pdf: bytes, drawn: tuple[Side, ...], settings: PrintSettings) -> bytes:
    """A PDF with one page for each side; the same for the same input, to the byte."""
    canvases = tuple(
        Canvas(
            side.paper.width_mm,
            side.paper.height_mm,
            tuple(
                Placed("notes", 1, slot.x_mm, slot.y_mm, slot.rotation_deg)
                if slot.page is None
                else Placed("pages", slot.page, slot.x_mm, slot.y_mm, slot.rotation_deg)
                for slot in side.slots
            ),
        )
        for side in drawn
    )
    return compose({"pages": pages_pdf, "notes": notes_pdf}, canvases, settings)
