"""Phase *proof*: a finished PDF → what is wrong on its paper.

A file is held to what it should be: its pages read in order and upright when its sheets are cut, folded and
turned (where each page belongs is the format's geometry), they are of the right size, black is printed with
black ink alone, every font is in the file, and each contact can be read with all its digits. The file is
read by its operators and by its glyphs; what made it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

from handbill import diagnostics, imprint, pdf
from handbill.model import Diagnostic, Direction, Place
from handbill.pdf import Drawn, FinishedPage, Glance, Particulars
from handbill.sheets import Side, Slot

if TYPE_CHECKING:
    from handbill.lettering import Lettering


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one file should be."""

    place: Place
    title: str
    language: str
    """BCP 47."""
    direction: Direction
    """In which its pages are turned."""
    width_mm: float
    height_mm: float
    """Of a page, where `sides` says nothing else."""
    duplex: str
    condition: str
    """The printing condition that its inks are for; empty where it is not for a print shop."""
    sides: tuple[Side, ...] | None
    """None for a file that is read page by page: it is tagged, and its pages are not imposed."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often contacts stand somewhere, or must stand there at least."""

    numbers: Mapping[str, int]
    """By phone number, as contacts.toml has it."""
    addresses: Mapping[str, int]
    """By address on the web."""


_TOLERANCE_MM = 0.05
_TOLERANCE_SCALE = 0.0005


def opened(finished: bytes, place: Place) -> tuple[Particulars | None, tuple[Diagnostic, ...]]:
    """Return what a file holds, or None where it cannot be read. Diagnostic: `pdf-damaged`."""
    try:
        found = pdf.particulars(finished)
    except pdf.Unreadable as error:
        return None, (diagnostics.pdf_damaged(place, str(error)),)
    return found, tuple(diagnostics.pdf_damaged(place, fault) for fault in found.faults[:1])


def contents(found: Glance) -> tuple[str, ...]:
    """Return the mark of each page, by which it is known again on sheets."""
    return tuple(page.content for page in found.pages)


def highest(found: Particulars, side: int | None = None) -> int:
    """Return the number of the last page that sheets show, or one side of them; none where they show none."""
    pages = found.pages if side is None else found.pages[_leading(found.pages) :][side : side + 1]
    return max((_number(drawn) or 0 for page in pages for drawn in page.drawn), default=0)


def problems(found: Glance, wanted: Wanted, known: Sequence[str] = ()) -> Iterator[Diagnostic]:
    """Yield what is wrong with a file by all but its letters.

    `known` are the marks of the pages that its sheets are made of, where a file shows them.
    """
    yield from _particulars(found, wanted)
    yield from _paper(found.pages, wanted)
    if wanted.sides is None:
        yield from _reading_order(found.pages, wanted.place)
    else:
        yield from _told_once(_order(found.pages, wanted.sides, wanted.place, known))
    yield from ink(found.pages, wanted.place, wanted.condition)


def _told_once(problems: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the first problem of each kind, with how many there are."""
    by_code: dict[str, list[Diagnostic]] = {}
    for problem in problems:
        by_code.setdefault(problem.code, []).append(problem)
    for first, *others in by_code.values():
        more = (
            f", and {len(others)} more {'is' if len(others) == 1 else 'are'} wrong likewise."
            if others
            else "."
        )
        yield replace(first, fact=first.fact.removesuffix(".") + more)


def edition(read: Lettering, tag: str) -> str:
    """Return the edition code that can be read in a file; empty where there is none."""
    return imprint.found(tag, "".join((*read.lines, " ", read.text)))


def misprints(read: Lettering, wanted: Counted, place: Place) -> Iterator[Diagnostic]:
    """Yield what is wrong with contacts: `number-misprinted` where one cannot be read as often as wanted.

    `number-nearly` where something stands there that differs from a number in one sign.
    """
    for number, count in wanted.numbers.items():
        printed = sum(len(whole(number).findall(line)) for line in read.lines)
        if printed < count:
            yield diagnostics.number_misprinted(place, number, printed, count)
    known = re.compile("|".join(whole(number).pattern for number in wanted.numbers) or "(?!)")
    near = {
        run: number
        for line in read.lines
        for run in _RUN.findall(known.sub(" · ", line))
        for number in wanted.numbers
        if len(number) >= _LONG and _one_sign_apart(run, number)
    }
    for run, number in near.items():
        yield diagnostics.number_nearly(place, run, number)
    for address, count in wanted.addresses.items():
        by_place = sum(line.replace(" ", "").count(address) for line in read.lines)
        printed = max(by_place, read.text.count(address))  # one may be parted, the other turned around
        if printed < count:
            yield diagnostics.number_misprinted(place, address, printed, count)


# --- while it is built ---------------------------------------------------------------------------------


def lost_contacts(
    pages: bytes, runs: Sequence[str], html: str, place: Place, known: tuple[Sequence[str], Sequence[str]]
) -> Iterator[Diagnostic]:
    """Yield what `misprints` does of typeset pages, in a hundredth of the time that typesetting took.

    `html` is what they were made of, and `known` are all numbers and addresses. They are looked for where
    text is drawn, in `runs`; only where one may be missing are the pages read by their glyphs.
    """
    # Tags are only cut out here, so what is hidden counts too: rather too many than too few.
    said, shown = _OF_TAGS.sub("", html), "\n".join(run for run in runs if _DIGITS.search(run))
    squeezed, together = "".join(said.split()), "".join(runs).replace(" ", "")
    dialled = "\n".join(_DIGITS.findall(_OF_TAGS.sub("\n", html)))
    numbers, addresses = known
    if all(len(whole(one).findall(shown)) >= len(whole(one).findall(dialled)) for one in numbers) and all(
        together.count(one) >= squeezed.count(one) for one in addresses
    ):
        return
    from handbill import lettering

    yield from misprints(lettering.read(pages), contacts(html, numbers, addresses), place)


_OF_TAGS = re.compile(r"<[^>]*>")
_DIGITS = re.compile(r"[\d+-][\d+ -]*")


def contacts(html: str, numbers: Iterable[str], addresses: Iterable[str]) -> Counted:
    """Return how often each phone number and each address stands in a page's words."""
    text = _words_of(html)
    squeezed = "".join(text.split())
    return Counted(
        {number: len(whole(number).findall(text)) for number in numbers},
        {address: squeezed.count(address) for address in addresses},
    )


def _words_of(html: str) -> str:
    """Return the words of a page, but for what is left out for those who listen: it may not be printed."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)


_VOID = frozenset(("br", "hr", "img", "link", "meta"))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID and (self._hidden or tag == "head" or ("aria-hidden", "true") in attrs):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag not in _VOID:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


# --- letters -------------------------------------------------------------------------------------------

_LONG = 5
"""Shorter numbers are too near to others that mean something else."""
_RUN = re.compile(r"\+?\d[\d -]*\d")


def _one_sign_apart(run: str, number: str) -> bool:
    return len(run) == len(number) and sum(a != b for a, b in zip(run, number, strict=True)) == 1


def whole(number: str) -> re.Pattern[str]:
    """Return what finds a number that is no part of a longer one.

    >>> len(whole("555-0100").findall("555-0100 1-555-0100 555-01001"))
    1
    """
    return re.compile(rf"(?<![\d+-]){re.escape(number)}(?![\d-])")


# --- what a file says of itself ------------------------------------------------------------------------


def _particulars(found: Glance, wanted: Wanted) -> Iterator[Diagnostic]:
    said: list[tuple[str, object, object]] = [
        ("title", found.title, wanted.title),
        ("language", found.language, wanted.language),
        ("direction", found.direction, wanted.direction),
        ("the printing condition", found.condition, wanted.condition),
    ]
    if wanted.sides is None:
        said.append(("tags for screen readers", found.tagged, True))
    else:
        said.append(("printing at 100 %", found.scale_kept, True))
        said.append(("printing on both sides", found.duplex, wanted.duplex))
    for what, is_so, should_be in said:
        if is_so != should_be:
            yield diagnostics.pdf_particulars(wanted.place, what, _said(is_so), _said(should_be))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "nothing"


# --- paper ---------------------------------------------------------------------------------------------


def _paper(pages: Sequence[FinishedPage], wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield `trim-differs` where a page is not cut to its size, or is cut out of the wrong place."""
    papers = [(side.paper.width_mm, side.paper.height_mm, side.margin_mm) for side in wanted.sides or ()]
    papers = [*papers[:1] * _leading(pages), *papers]
    typeset = (wanted.width_mm, wanted.height_mm, 0.0)
    wrong: dict[tuple[tuple[float, float, float, float], tuple[float, float]], list[int]] = {}
    turned: list[int] = []
    for number, page in enumerate(pages, 1):
        width, height, margin = papers[number - 1] if number <= len(papers) else typeset
        paper = (0.0, 0.0, width, height)
        trim = (margin, margin, width - margin, height - margin)
        if _differ(page.media_mm, paper) or _differ(page.trim_mm, trim):
            box = page.media_mm if page.media_mm[:2] != (0.0, 0.0) else page.trim_mm
            size = (round(width - 2 * margin, 2), round(height - 2 * margin, 2))
            wrong.setdefault((box, size), []).append(number)
        if page.rotation_deg:
            turned.append(number)
    for (box, size), numbers in wrong.items():
        yield diagnostics.trim_differs(wanted.place, numbers, box, size)
    if turned:
        yield diagnostics.page_turned(wanted.place, turned)


def _differ(box: Sequence[float], wanted: Sequence[float]) -> bool:
    return any(abs(edge - right) > _TOLERANCE_MM for edge, right in zip(box, wanted, strict=True))


def _reading_order(pages: Sequence[FinishedPage], place: Place) -> Iterator[Diagnostic]:
    """Yield `page-order` where pages come in another order than they are read aloud."""
    tagged = [(page.tagged_as, number) for number, page in enumerate(pages, 1) if page.tagged_as is not None]
    for (before, _), (after, number) in pairwise(tagged):
        if after <= before:
            yield diagnostics.page_order(place, number)


def _order(
    pages: Sequence[FinishedPage], sides: Sequence[Side], place: Place, known: Sequence[str]
) -> Iterator[Diagnostic]:
    """Yield what stands on sheets otherwise than the format's geometry has it."""
    leading = _leading(pages)
    if len(pages) - leading != len(sides):
        yield diagnostics.sides_missing(place, len(pages) - leading, len(sides))
    for number, (page, side) in enumerate(zip(pages[leading:], sides, strict=False), leading + 1):
        for slot, drawn in _matched(side.slots, page.drawn):
            if drawn is None or _number(drawn) != slot.page:
                found = None if drawn is None else _number(drawn)
                yield diagnostics.sheet_order(place, number, slot.page, found, empty=drawn is None)
            if drawn is not None and drawn.rotation_deg != slot.rotation_deg:
                by = (drawn.rotation_deg - slot.rotation_deg) % 360
                yield diagnostics.sheet_turned(place, number, _number(drawn), by)
            if drawn is None or _number(drawn) != slot.page:
                continue
            right, up = (is_at - at for is_at, at in _places(drawn, slot, side.margin_mm))
            if max(abs(right), abs(up)) > _TOLERANCE_MM:
                yield diagnostics.sheet_moved(place, number, slot.page, right, up)
            if abs(drawn.scale - 1) > _TOLERANCE_SCALE:
                yield diagnostics.sheet_scaled(place, number, slot.page, drawn.scale)
            other = (
                slot.page is not None
                and known
                and tuple(known[slot.page - 1 : slot.page]) != (drawn.content,)
            )
            if not drawn.whole or other:
                yield diagnostics.page_altered(place, number, slot.page)


def _leading(pages: Sequence[FinishedPage]) -> int:
    """Return how many pages at the beginning only say how to print the others."""
    return next(
        (
            number
            for number, page in enumerate(pages)
            if not page.drawn or any(drawn.source not in ("first", "facts") for drawn in page.drawn)
        ),
        len(pages),
    )


def _places(drawn: Drawn, slot: Slot, margin_mm: float) -> tuple[tuple[float, float], ...]:
    """Return where something stands and where it should, across and up, from the corner that is cut."""
    return (drawn.x_mm, slot.x_mm - margin_mm), (drawn.y_mm, slot.y_mm - margin_mm)


def _number(drawn: Drawn) -> int | None:
    return drawn.page if drawn.source == "pages" else None


def _matched(slots: Sequence[Slot], drawn: Sequence[Drawn]) -> Iterator[tuple[Slot, Drawn | None]]:
    """Yield each slot with what stands there: what is nearest, or else what is left over."""
    left = list(drawn)
    for slot in slots:
        nearest = min(left, key=lambda one: _distance(one, slot), default=None)
        if nearest is not None:
            left.remove(nearest)
        yield slot, nearest


def _distance(drawn: Drawn, slot: Slot) -> float:
    return abs(drawn.x_mm - slot.x_mm) + abs(drawn.y_mm - slot.y_mm)


# --- ink -----------------------------------------------------------------------------------------------


def ink(pages: Sequence[FinishedPage], place: Place, condition: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with the inks and the fonts of pages; `condition` as in `Wanted`."""
    coloured = [number for number, page in enumerate(pages, 1) if page.rgb_greys]
    if coloured:
        yield diagnostics.black_in_rgb(place, coloured)
    mixed = [number for number, page in enumerate(pages, 1) if page.rgb > page.rgb_greys]
    if mixed and condition:
        yield diagnostics.rgb_for_shop(place, mixed)
    lost: dict[str, list[int]] = {}
    for number, page in enumerate(pages, 1):
        for font in page.lost_fonts:
            lost.setdefault(font, []).append(number)
    for font, numbers in lost.items():
        yield diagnostics.font_lost(place, font, numbers)
