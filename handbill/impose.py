"""Imposition, second half: a booklet's pages, typeset once, put on sheets of paper.

`handbill.sheets` has worked out which page goes where; here the pages are held to the size that it reckons
with, and drawn there at 100 %. No page is typeset again and none is scaled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from handbill import diagnostics
from handbill.banner import FACTS_HEAD_MM, FACTS_HEIGHT_MM, FACTS_LEFT_MM, LONG_MM, SHORT_MM
from handbill.formats import SETTINGS, Format, Job, Setting
from handbill.model import Diagnostic, Place
from handbill.pdf import Canvas, Line, Placed, PrintSettings, compose, joined, page_sizes_mm
from handbill.plates import Shop
from handbill.sheets import Mark, Side

_TOLERANCE_MM = 0.05


@dataclass(frozen=True, slots=True)
class First:
    """The sheet that comes before all others and says how to print them, as `handbill.banner` has it."""

    pdf: bytes
    facts_pdf: bytes
    front: int | None
    """A page of `pdf`, from 1."""
    back: int | None
    facts: int
    """A page of `facts_pdf`, from 1; it stands on the front."""


def impose(
    pages_pdf: bytes,
    notes_pdf: bytes,
    *,
    format: Format,
    job: Job,
    title: str,
    language: str,
    place: Place,
    back_pdf: bytes | None = None,
    first: First | None = None,
    shop: Shop | None = None,
) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """A booklet's sheets in one format, which has `sides`, after those of `first`.

    `notes_pdf` holds the page that fills the booklet's end; its first page is used. `back_pdf` has what
    stands on the backs of sheets where that is typeset by itself. `place` is where the booklet is written
    down; `shop` is what a file for a print shop needs to know. With a page that is not of the format's size
    there is a diagnostic, and no bytes.
    """
    assert format.sides is not None, "nothing is imposed of what is read page by page"
    setting = SETTINGS[format.setting]
    page_sizes = page_sizes_mm(pages_pdf)
    problems = tuple(_other_sizes((*page_sizes, *page_sizes_mm(notes_pdf)), setting, place))
    if back_pdf is not None:
        problems += tuple(_other_sizes(page_sizes_mm(back_pdf), SETTINGS[setting.back], place))
    if problems:
        return b"", problems
    assert job.pages == len(page_sizes), "a job for another booklet"
    drawn = format.sides(job)
    if back_pdf is not None:
        pages_pdf = joined((pages_pdf, back_pdf))
    settings = PrintSettings(title, language, job.direction, format.duplex)
    return draw(pages_pdf, notes_pdf, drawn, settings, first, shop), ()


def _other_sizes(
    sizes: Sequence[tuple[float, float]], setting: Setting, place: Place
) -> Iterator[Diagnostic]:
    """Yield `page-size-differs` for each size that is not the setting's."""
    for width, height in dict.fromkeys(sizes):
        if max(abs(width - setting.width_mm), abs(height - setting.height_mm)) > _TOLERANCE_MM:
            yield diagnostics.page_size_differs(place, width, height, setting.width_mm, setting.height_mm)


def draw(
    pages_pdf: bytes,
    notes_pdf: bytes,
    drawn: tuple[Side, ...],
    settings: PrintSettings,
    first: First | None = None,
    shop: Shop | None = None,
) -> bytes:
    """A PDF with one page for each side, after those of `first`; the same for the same input, to the byte."""

    def source(page: int | None) -> tuple[str, int]:
        return ("notes", 1) if page is None else ("pages", page)

    return _drawn({"pages": pages_pdf, "notes": notes_pdf}, drawn, settings, source, first, shop)


def draw_of(
    pdfs: Sequence[bytes], drawn: tuple[Side, ...], settings: PrintSettings, first: First | None = None
) -> bytes:
    """A PDF with one page for each side, after those of `first`; page numbers count on from PDF to PDF."""

    def source(page: int | None) -> tuple[str, int]:
        assert page is not None, "there is no page for notes"
        return "pages", page

    return _drawn({"pages": joined(pdfs)}, drawn, settings, source, first)


def _drawn(
    sources: Mapping[str, bytes],
    drawn: tuple[Side, ...],
    settings: PrintSettings,
    source: Callable[[int | None], tuple[str, int]],
    first: First | None = None,
    shop: Shop | None = None,
) -> bytes:
    leading: tuple[Canvas, ...] = ()
    if first is not None:
        sources = {**sources, "first": first.pdf, "facts": first.facts_pdf}
        leading = tuple(_leading(first, drawn[0], settings))
    canvases = tuple(
        Canvas(
            side.paper.width_mm,
            side.paper.height_mm,
            tuple(Placed(*source(slot.page), slot.x_mm, slot.y_mm, slot.rotation_deg) for slot in side.slots),
            tuple(map(_line, side.marks)),
            side.margin_mm,
            side.bleed_mm,
        )
        for side in drawn
    )
    return compose(sources, (*leading, *canvases), settings, shop)


def _leading(first: First, side: Side, settings: PrintSettings) -> Iterator[Canvas]:
    """Yield the pages of the first sheet; its back is turned where a printer turns it head over heels."""
    width_mm, height_mm = side.paper.width_mm, side.paper.height_mm
    standing = height_mm > width_mm
    across_mm, up_mm = (SHORT_MM, LONG_MM) if standing else (LONG_MM, SHORT_MM)
    left, foot = (width_mm - across_mm) / 2, (height_mm - up_mm) / 2
    if first.front is not None:
        below = up_mm - FACTS_HEAD_MM - FACTS_HEIGHT_MM[standing]
        facts = Placed("facts", first.facts, left + FACTS_LEFT_MM, foot + below)
        yield Canvas(width_mm, height_mm, (Placed("first", first.front, left, foot), facts))
    if first.back is not None:
        by_long_edge = settings.duplex == "DuplexFlipLongEdge"
        turn: Literal[0, 180] = 180 if settings.duplex != "Simplex" and by_long_edge != standing else 0
        yield Canvas(width_mm, height_mm, (Placed("first", first.back, left, foot, turn),))


def _line(mark: Mark) -> Line:
    """Return how a mark looks: dashed and pale where paper is folded, solid where it is cut."""
    ends = (mark.x1_mm, mark.y1_mm, mark.x2_mm, mark.y2_mm)
    match mark.kind:
        case "fold":
            return Line(*ends, width_mm=0.15, black=0.55, dashed=True)
        case "cut":
            return Line(*ends, width_mm=0.2)
        case "crop" | "register":
            return Line(*ends, width_mm=0.09)
