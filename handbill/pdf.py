"""Finished PDFs taken apart and put together: the only module, with `plates`, that knows pikepdf.

Bytes go in, bytes or plain values come out; the same input gives the same bytes. What comes out names neither
the programs that made it nor the time. Nothing here decides what a page says or where it goes.
"""

from __future__ import annotations

import hashlib
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any, Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from handbill import plates
from handbill.model import Direction
from handbill.plates import Shop

_POINTS_PER_MM = 72 / 25.4
_STRAY_INFO = ("/Producer", "/Creator", "/CreationDate", "/ModDate")
_STRAY_XMP = ("pdf:Producer", "xmp:CreatorTool", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate")


@dataclass(frozen=True, slots=True)
class Placed:
    """A page of a source put on a canvas, at 100 %.

    Its box, already turned, begins at (x, y) from the lower left corner of the canvas.
    """

    source: str
    page: int
    """From 1."""
    x_mm: float
    y_mm: float
    rotation_deg: Literal[0, 90, 180, 270] = 0
    """Counter-clockwise."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line drawn on a canvas in black ink alone, from (x1, y1) to (x2, y2)."""

    x1_mm: float
    y1_mm: float
    x2_mm: float
    y2_mm: float
    width_mm: float
    black: float = 1.0
    """How much ink: 0 is the paper, 1 is solid."""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Canvas:
    """A page to be made from others, drawn in the order given."""

    width_mm: float
    height_mm: float
    placed: tuple[Placed, ...]
    lines: tuple[Line, ...] = ()
    """Drawn over what is placed."""
    margin_mm: float = 0.0
    """How far the page reaches beyond what is cut out of it."""
    bleed_mm: float = 0.0
    """How much is drawn of what is placed beyond its own box; the same on all canvases of a file."""


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """What a sheet file tells the printing dialog, beside 100 % scale."""

    title: str
    language: str
    """BCP 47."""
    direction: Direction
    duplex: Literal["DuplexFlipShortEdge", "DuplexFlipLongEdge", "Simplex"]


def compose(
    sources: Mapping[str, bytes],
    canvases: tuple[Canvas, ...],
    settings: PrintSettings,
    shop: Shop | None = None,
) -> bytes:
    """A PDF with one page for each canvas, of the sources' pages as form XObjects.

    A source page is stored once, however often it is placed, and fonts and images stay shared; its compressed
    content is carried over as it is, unless its colours become inks for a `shop`. Links, form fields, tags
    and bookmarks stay behind: on a sheet they would point to wrong places. A page that a source does not
    have raises `IndexError`: a bug.
    """
    # Colours are changed in place; else a booklet's files are made from sources that are opened once.
    open_source = _opened if shop is None else _opened.__wrapped__
    opened = {name: open_source(pdf) for name, pdf in sources.items()}
    try:
        out = pikepdf.new()
        forms: dict[tuple[str, int], Object] = {}
        separations: dict[str, plates.Separation] = {}
        all_inks = None if shop is None else plates.all_inks(out)
        for canvas in canvases:
            for placed in canvas.placed:
                key = (placed.source, placed.page)
                if key not in forms:
                    form = _form(opened[placed.source], placed.page, canvas.bleed_mm)
                    if shop is not None:
                        separation = separations.setdefault(placed.source, plates.Separation(shop))
                        separation.form(form)
                    forms[key] = out.copy_foreign(form)
            _add_page(out, canvas, forms, all_inks)
        _describe(out, settings)
        if shop is None:
            return _saved(out)
        plates.declare(out, settings.title, settings.language, shop)
        return _saved(out, "1.6")
    finally:
        for source in opened.values() if shop is not None else ():
            source.close()


@lru_cache(maxsize=4)
def _opened(pdf: bytes) -> Pdf:
    """Open a source and leave it open: that is a third of the work of imposing it."""
    return pikepdf.open(BytesIO(pdf))


def joined(pdfs: Sequence[bytes]) -> bytes:
    """Return the pages of several PDFs in one, as a source to compose from."""
    out = pikepdf.new()
    for pdf in pdfs:
        with pikepdf.open(BytesIO(pdf)) as opened:
            # Fields and links stay behind on sheets in any case.
            for where in (opened.Root, *(page.obj for page in opened.pages)):
                for key in ("/AcroForm", "/Names", "/Dests", "/Annots"):
                    if key in where:
                        del where[key]
            out.pages.extend(opened.pages)
    target = BytesIO()
    out.save(target, deterministic_id=True, compress_streams=False)
    return target.getvalue()


# --- read back -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PdfFont:
    """A font as a PDF refers to it."""

    name: str
    """PostScript name; of a subset, without the six letters that mark it."""
    embedded: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A source's page as it stands on a finished page, read off its operators.

    Its box, already turned, begins at (x, y) from the lower left corner of what is trimmed to.
    """

    source: str
    page: int
    """From 1."""
    content: str
    """The mark of what was placed, as `FinishedPage.content` of that page."""
    whole: bool
    """Whether that is still what is drawn."""
    x_mm: float
    y_mm: float
    rotation_deg: int
    """Counter-clockwise, rounded."""
    scale: float
    """1 is 100 %."""


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A page as a printer gets it; sizes are rounded to 0.01 mm, and reckoned before any rotation."""

    media_mm: tuple[float, float, float, float]
    """Left, lower, right and upper edge of the paper."""
    trim_mm: tuple[float, float, float, float]
    """The same of what is left when it is cut, on the same paper: all of it where the page does not say."""
    rotation_deg: int
    """By which a viewer turns it, clockwise."""
    drawn: tuple[Drawn, ...]
    """Pages of sources, in the order of drawing."""
    content: str
    """A mark of what the page draws: the same for the same operators."""
    rgb_greys: int
    """How often black, a grey or white is asked for in RGB, which a printer mixes from all its inks."""
    rgb: int
    """How often any colour is asked for in RGB, those included, or is in a picture in RGB."""
    lost_fonts: tuple[str, ...]
    """Fonts that it sets text in and that the file does not hold, each once."""
    tagged_as: int | None
    """Where its tags stand in the file's table of tags; None where it has none."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What decides how a finished PDF comes out of a printer."""

    pages: tuple[FinishedPage, ...]
    title: str
    language: str
    direction: Direction
    tagged: bool
    scale_kept: bool
    """Whether the printing dialog is asked for 100 %."""
    duplex: str
    """`DuplexFlipShortEdge` and the like; empty where it says nothing."""
    condition: str
    """The printing condition that it is for (PDF/X); empty where it says nothing."""


@dataclass(frozen=True, slots=True)
class Particulars(Glance):
    """All that a finished PDF says about itself."""

    faults: tuple[str, ...]
    """What qpdf finds wrong with its structure, in its own words."""
    page_sizes_mm: tuple[tuple[float, float], ...]
    """Width and height of each page, rounded to 0.01."""
    ua_part: int | None
    """2 for PDF/UA-2, 1 for PDF/UA-1; None where it claims neither."""
    bookmarks: int
    """In all levels."""
    links: tuple[str, ...]
    """Addresses outside the file, sorted, each once."""
    fonts: tuple[PdfFont, ...]
    """Sorted by name, each once."""
    stray: tuple[str, ...]
    """Keys that name a program or a time."""


@lru_cache(maxsize=8)
def page_sizes_mm(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of each page, rounded to 0.01; as many as there are pages.

    The PDF stays open, to compose from.
    """
    return _page_sizes_mm(_opened(pdf))


class Unreadable(ValueError):
    """Bytes that are no PDF, or one too damaged to be read; with the words of who tried."""


def written(pdf: bytes) -> Iterator[bytes]:
    """Yield what a PDF says beside its pages: strings, metadata, files and JPEGs; or raise `Unreadable`."""
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            yield from _strings(opened.trailer.get("/Info", pikepdf.Dictionary()))
            for thing in opened.objects:
                yield from _strings(thing)
                if isinstance(thing, pikepdf.Stream):
                    if thing.get("/Filter") == "/DCTDecode":
                        yield thing.read_raw_bytes()
                    elif thing.get("/Type") in ("/Metadata", "/EmbeddedFile"):
                        yield thing.read_bytes()
    except pikepdf.PdfError as error:
        raise Unreadable(str(error)) from error


def _strings(thing: Object) -> Iterator[bytes]:
    """Yield the strings of an object, those of other objects that it names left out."""
    if isinstance(thing, pikepdf.String):
        yield str(thing).encode()
    elif isinstance(thing, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream):
        is_array = isinstance(thing, pikepdf.Array)
        keys: Iterator[int | str] = iter(range(len(thing)) if is_array else thing.keys())
        for key in keys:
            inner: object = thing[key]
            if isinstance(inner, pikepdf.Object) and not inner.is_indirect:
                yield from _strings(inner)


def particulars(pdf: bytes) -> Particulars:
    """Everything that a check of a finished PDF asks for, in one reading; raises `Unreadable`."""
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return _particulars(opened)
    except pikepdf.PdfError as error:
        raise Unreadable(str(error)) from error


def glance(pdf: bytes) -> Glance:
    """What a build asks of each file that it makes: a tenth of the time; raises `Unreadable`."""
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return Glance(**_glance(opened))
    except pikepdf.PdfError as error:
        raise Unreadable(str(error)) from error


def glance_at_pages(pdf: bytes) -> tuple[Glance, tuple[str, ...]]:
    """What `glance` tells of a source of `compose`, and what `_shown` does; it stays open for that."""
    opened = _opened(pdf)
    return Glance(**_glance(opened)), tuple(_shown(opened))


def _particulars(opened: Pdf) -> Particulars:
    stray = [key for key in _STRAY_INFO if key in opened.docinfo]
    ua_part = None
    if Name.Metadata in opened.Root:
        xmp = opened.open_metadata()
        stray += [key for key in _STRAY_XMP if key in xmp]
        part = xmp.get("pdfuaid:part")
        ua_part = int(str(part)) if part else None
    return Particulars(
        **_glance(opened),
        faults=tuple(opened.check_pdf_syntax()),
        page_sizes_mm=_page_sizes_mm(opened),
        ua_part=ua_part,
        bookmarks=sum(1 for _ in _bookmarks(opened.Root.get("/Outlines"))),
        links=tuple(sorted(set(_links(opened)))),
        fonts=tuple(sorted(set(_fonts(opened)), key=lambda font: (font.name, font.embedded))),
        stray=tuple(stray),
    )


def _glance(opened: Pdf) -> dict[str, Any]:
    root = opened.Root
    preferences = root.get("/ViewerPreferences", Dictionary())
    inked: dict[tuple[int, int], _Ink] = {}
    embedded: dict[tuple[int, int], bool] = {}
    return {
        "pages": tuple(_finished_page(page, inked, embedded) for page in opened.pages),
        "title": str(opened.docinfo.get("/Title", "")),
        "language": str(root.get("/Lang", "")),
        "direction": "rtl" if preferences.get("/Direction") == Name.R2L else "ltr",
        "tagged": bool(root.get("/MarkInfo", Dictionary()).get("/Marked", False)),
        "scale_kept": preferences.get("/PrintScaling") == Name("/None"),
        "duplex": str(preferences.get("/Duplex", "")).removeprefix("/"),
        "condition": _condition(root),
    }


def _condition(root: Object) -> str:
    intents = [one for one in root.get("/OutputIntents", Array()) if one.get("/S") == Name.GTS_PDFX]
    return str(intents[0].get("/OutputConditionIdentifier", "")) if intents else ""


def _page_sizes_mm(pdf: Pdf) -> tuple[tuple[float, float], ...]:
    boxes = [page.trimbox for page in pdf.pages]
    return tuple(
        (
            round(float(box[2] - box[0]) / _POINTS_PER_MM, 2),
            round(float(box[3] - box[1]) / _POINTS_PER_MM, 2),
        )
        for box in boxes
    )


_Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: _Matrix = (1, 0, 0, 1, 0, 0)
_PLACED = re.compile(r"/P-(\w+)-(\d+)-([0-9a-f]+)")
_PUT = re.compile(rb"(?<!\S)q ((?:[-.\d]+ ){6})cm (/P-(\w+)-(\d+)-([0-9a-f]+)) Do Q(?!\S)")


@dataclass(frozen=True, slots=True)
class _Ink:
    rgb_greys: int
    rgb: int
    lost_fonts: frozenset[str]


def _finished_page(
    page: Page, inked: dict[tuple[int, int], _Ink], embedded: dict[tuple[int, int], bool]
) -> FinishedPage:
    trim = _rectangle(page.trimbox)
    content = page.obj.get("/Contents", Array())
    streams = content if isinstance(content, Array) else [content]
    operators = _content(streams[0]) if len(streams) == 1 else b"\n".join(map(_content, streams))
    resources = page.resources
    ink = _ink(page, operators, resources, inked, embedded)
    return FinishedPage(
        media_mm=_box_mm(page.mediabox),
        trim_mm=_box_mm(page.trimbox),
        rotation_deg=int(page.obj.get("/Rotate", 0)) % 360,
        drawn=tuple(_all_drawn(page, operators, resources, (trim.llx, trim.lly))),
        content=_mark(operators),
        rgb_greys=ink.rgb_greys,
        rgb=ink.rgb,
        lost_fonts=tuple(sorted(ink.lost_fonts)),
        tagged_as=int(page.obj["/StructParents"]) if "/StructParents" in page.obj else None,
    )


def _box_mm(box: Object) -> tuple[float, float, float, float]:
    edges = _rectangle(box)
    return (
        round(edges.llx / _POINTS_PER_MM, 2),
        round(edges.lly / _POINTS_PER_MM, 2),
        round(edges.urx / _POINTS_PER_MM, 2),
        round(edges.ury / _POINTS_PER_MM, 2),
    )


def _rectangle(box: Object) -> pikepdf.Rectangle:
    """Read in one go: number by number takes a third of a glance."""
    assert isinstance(box, Array)
    return pikepdf.Rectangle(box)


def _content(stream: Object) -> bytes:
    """The operators of a page or a form; the same are in many files, so those of late are kept inflated."""
    if stream.get("/Filter") == Name.FlateDecode and "/DecodeParms" not in stream:
        try:
            return _inflated(stream.read_raw_bytes())
        except zlib.error:
            pass  # qpdf saves what can be saved
    return stream.read_bytes()


@lru_cache(maxsize=512)
def _inflated(compressed: bytes) -> bytes:
    return zlib.decompress(compressed)


@lru_cache(maxsize=512)
def _mark(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=4).hexdigest()


def _ink(
    content: Page | Object,
    operators: bytes,
    resources: Object,
    inked: dict[tuple[int, int], _Ink],
    embedded: dict[tuple[int, int], bool],
) -> _Ink:
    """Look up what a page or a form asks for, and what the forms ask for that it draws."""
    asked = _asked(operators) or _parsed(content)
    fonts, forms = (resources.get(key, Dictionary()) for key in ("/Font", "/XObject"))
    greys, rgb, lost = asked.rgb_greys, asked.rgb, set[str]()
    for name in asked.fonts:
        if name not in fonts:
            lost.add(name.removeprefix("/"))
            continue
        font = fonts[name]
        if font.objgen not in embedded or not font.is_indirect:
            embedded[font.objgen] = _embedded(font)
        if not embedded[font.objgen]:
            lost.add(str(font.get("/BaseFont", name)).removeprefix("/"))
    for name in asked.drawn:
        form = forms.get(name)
        rgb += form is not None and form.get("/ColorSpace") == Name.DeviceRGB
        if form is None or form.get("/Subtype") != Name.Form:
            continue
        if form.objgen not in inked:
            inner = form.get("/Resources", resources)
            inked[form.objgen] = _ink(form, _content(form), inner, inked, embedded)
        greys += inked[form.objgen].rgb_greys
        rgb += inked[form.objgen].rgb
        lost |= inked[form.objgen].lost_fonts
    return _Ink(greys, rgb, frozenset(lost))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What operators ask for, each font once."""

    rgb_greys: int
    rgb: int
    fonts: frozenset[str]
    drawn: tuple[str, ...]


@lru_cache(maxsize=512)
def _asked(operators: bytes) -> _Asked | None:
    """Read operators by their bytes, ten times as fast as `_parsed`; None where these could be mistaken.

    Without strings and pictures between them, nothing can look like an operator that is none (ISO 32000-2,
    7.8.2). The same pages come in many files, so what was read last is kept.
    """
    bare = _STRING.sub(b"<>", operators)
    if b"(" in bare or b"%" in bare or (b"BI" in bare and _INLINE_IMAGE.search(bare)):
        return None
    greys = rgb = 0
    for found in _COLOURED.finditer(bare):
        operands = _OPERANDS.search(bare, max(0, found.start() - _LONGEST), found.start())
        colour = operands[0].split() if operands else ()
        rgb += len(colour) == 3
        greys += len(colour) == 3 and len(set(map(float, colour))) == 1
    fonts = frozenset(name.decode("latin-1") for name in _FONT_CHOSEN.findall(bare))
    return _Asked(greys, rgb, fonts, tuple(name.decode("latin-1") for name in _DRAWN.findall(bare)))


_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_INLINE_IMAGE = re.compile(rb"(?<!\S)BI(?!\S)")
_COLOURED = re.compile(rb"[rsRS][gcGC][nN]?(?!\S)")  # after numbers, or it is a part of something else
_OPERANDS = re.compile(rb"(?<!\S)(?:[-+.\d]+\s+)+\Z")
_LONGEST = 80
"""Bytes in which three numbers and what stands before them are found."""
_FONT_CHOSEN = re.compile(rb"(/[^\s/<>\[\]()]+)\s+[-+.\d]+\s+Tf(?!\S)")
_DRAWN = re.compile(rb"(/[^\s/<>\[\]()]+)\s+Do(?!\S)")


def _parsed(content: Page | Object) -> _Asked:
    greys, rgb, fonts, drawn = 0, 0, set[str](), list[str]()
    for instruction in pikepdf.parse_content_stream(content, "Tf Do rg RG sc scn SC SCN"):
        operands = list(instruction.operands)
        match str(instruction.operator):
            case "Tf":
                fonts.add(str(operands[0]))
            case "Do":
                drawn.append(str(operands[0]))
            case _:
                rgb += len(operands) == 3
                greys += len(operands) == 3 and len({float(operand) for operand in operands}) == 1
    return _Asked(greys, rgb, frozenset(fonts), tuple(drawn))


def _all_drawn(
    page: Page, operators: bytes, resources: Object, origin: tuple[float, float]
) -> Iterator[Drawn]:
    """Yield the pages of sources that a page draws, in order."""
    if b"/P-" not in operators:
        return
    forms = resources.get("/XObject", Dictionary())
    put = _PUT.findall(operators)
    if b"(" not in operators and len(put) == operators.count(b"cm") == operators.count(b"Do"):
        # Written as `compose` does, so that nothing else can move it: read a third sooner.
        for numbers, name, source, number, content in put:
            form = forms.get(name.decode())
            if form is not None and form.get("/Subtype") == Name.Form:
                a, b, c, d, e, f = map(float, numbers.split())
                mark = (source.decode(), int(number), content.decode())
                yield _drawn(mark, form, (a, b, c, d, e, f), origin)
        return
    matrix = _UNMOVED
    kept: list[_Matrix] = []
    for instruction in pikepdf.parse_content_stream(page, "q Q cm Do"):
        operands = list(instruction.operands)
        match str(instruction.operator):
            case "q":
                kept.append(matrix)
            case "Q" if kept:
                matrix = kept.pop()
            case "cm":
                matrix = _product(tuple(map(float, operands)), matrix)
            case "Do" if placed := _PLACED.fullmatch(str(operands[0])):
                form = forms.get(str(operands[0]))
                if form is not None and form.get("/Subtype") == Name.Form:
                    mark = (placed[1], int(placed[2]), placed[3])
                    yield _drawn(mark, form, matrix, origin)


def _product(first: tuple[float, ...], then: _Matrix) -> _Matrix:
    """The transformation that is one after the other (ISO 32000-2, 8.3.4)."""
    a, b, c, d, e, f = first
    p, q, r, s, x, y = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + x,
        e * q + f * s + y,
    )


def _drawn(mark: tuple[str, int, str], form: Object, matrix: _Matrix, origin: tuple[float, float]) -> Drawn:
    own = pikepdf.Matrix(form["/Matrix"]).shorthand if "/Matrix" in form else _UNMOVED
    a, b, c, d, e, f = _product(own, matrix)
    box = _rectangle(form["/BBox"])
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (box.llx, box.urx) for y in (box.lly, box.ury)]
    return Drawn(
        source=mark[0],
        page=mark[1],
        content=mark[2],
        whole=_mark(_content(form)) == mark[2],
        x_mm=round((min(x for x, _ in corners) - origin[0]) / _POINTS_PER_MM, 2),
        y_mm=round((min(y for _, y in corners) - origin[1]) / _POINTS_PER_MM, 2),
        rotation_deg=round(math.degrees(math.atan2(b, a))) % 360,
        scale=round(math.hypot(a, b), 4),
    )


def _embedded(font: Object) -> bool:
    """Whether a font's shapes are in the file."""
    if font.get("/Subtype") == Name.Type3:
        return True
    for one in font.get("/DescendantFonts", [font]):
        descriptor = one.get("/FontDescriptor", Dictionary())
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            return False
    return True


def _shown(opened: Pdf) -> Iterator[str]:
    """Yield what each operator that shows text shows, in the order of drawing, by the fonts' own maps.

    A quick look for numbers: what is not written as glyphs of two bytes, as WeasyPrint does, is left out, and
    what stands where on paper, and how far apart, only `lettering` knows.
    """
    maps: dict[tuple[int, int], dict[bytes, str]] = {}
    known: dict[tuple[int, int], dict[bytes, dict[bytes, str]]] = {}
    for page in opened.pages:
        fonts = page.resources.get("/Font", Dictionary())
        named = known.setdefault(fonts.objgen, {}) if fonts.is_indirect else {}
        letters: dict[bytes, str] = {}
        content = page.obj.get("/Contents", Array())
        for stream in content if isinstance(content, Array) else [content]:
            for chosen, glyphs in _SHOWN.findall(stream.read_bytes()):
                if chosen:
                    if chosen not in named:
                        font = fonts.get(chosen.decode("latin-1"), Dictionary())
                        if font.objgen not in maps or not font.is_indirect:
                            maps[font.objgen] = _letters(font)
                        named[chosen] = maps[font.objgen]
                    letters = named[chosen]
                    continue
                code = b"".join(_GLYPHS.findall(glyphs)).lower()
                yield "".join([letters.get(code[at : at + 4], "\ufffd") for at in range(0, len(code), 4)])


_SHOWN = re.compile(rb"(/[^\s/<>\[\]()]+)\s+[-+.\d]+\s+Tf|\[([^\]()]*)\]\s*TJ")
_GLYPHS = re.compile(rb"<([0-9A-Fa-f]*)>")


def _letters(font: Object) -> dict[bytes, str]:
    """Glyph → what it stands for."""
    if "/ToUnicode" not in font:
        return {}
    pairs = _MAPPED.findall(font["/ToUnicode"].read_bytes())
    return {
        glyph.lower(): bytes.fromhex(text.decode()).decode("utf-16-be", "replace") for glyph, text in pairs
    }


_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<((?:[0-9A-Fa-f]{4})+)>\s*(?=[\r\n])")


def _bookmarks(outline: Object | None) -> Iterator[Object]:
    item = outline.get("/First") if outline is not None else None
    while item is not None:
        yield item
        yield from _bookmarks(item)
        item = item.get("/Next")


def _links(pdf: Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for annotation in page.get("/Annots", Array()):
            address = annotation.get("/A", Dictionary()).get("/URI")
            if address is not None:
                yield str(address)


def _fonts(pdf: Pdf) -> Iterator[PdfFont]:
    for font in _fonts_in(pdf.objects):
        if "/DescendantFonts" in font or font.get("/Subtype") == Name.Type3:
            continue
        name = str(font.get("/BaseFont", "")).removeprefix("/")
        prefix, plus, rest = name.partition("+")
        yield PdfFont(rest if plus and len(prefix) == 6 else name, _embedded(font))


def _fonts_in(things: Iterable[Object]) -> Iterator[Object]:
    """Yield every font among things and in what they hold themselves, such as a form's resources."""
    for thing in things:
        if isinstance(thing, Dictionary):
            if thing.get("/Type") == Name.Font:
                yield thing
            yield from _fonts_in(part for _, part in thing.items() if _holds(part))
        elif isinstance(thing, Array):
            yield from _fonts_in(part for part in thing if _holds(part))


def _holds(part: object) -> bool:
    return isinstance(part, Dictionary | Array) and not part.is_indirect


# --- put together ----------------------------------------------------------------------------------


def _form(source: Pdf, number: int, bleed_mm: float) -> Object:
    """The content stream of a page, itself made a form XObject: nothing is decoded, nothing copied twice."""
    page = source.pages[number - 1]
    page.contents_coalesce()
    content = page.obj["/Contents"]
    content["/Type"] = Name.XObject
    content["/Subtype"] = Name.Form
    content["/BBox"] = _widened(page.trimbox, bleed_mm) if bleed_mm else Array(page.trimbox)
    content["/Resources"] = page.resources
    if Name.Group in page.obj:
        content["/Group"] = page.obj["/Group"]
    return content


def _widened(box: Array, by_mm: float) -> Array:
    left, foot, right, head = (float(edge) for edge in box.as_list())
    by = by_mm * _POINTS_PER_MM
    return Array([_exact(left - by), _exact(foot - by), _exact(right + by), _exact(head + by)])


def _add_page(
    out: Pdf, canvas: Canvas, forms: Mapping[tuple[str, int], Object], all_inks: Object | None
) -> None:
    # What is drawn is named by its source, its page and a mark of its content, so that a check can tell each.
    names: dict[tuple[str, int], str] = {}
    drawing = []
    for placed in canvas.placed:
        key = (placed.source, placed.page)
        form = forms[key]
        name = names.setdefault(key, f"/P-{placed.source}-{placed.page}-{_mark(_content(form))}")
        matrix = " ".join(str(_exact(number)) for number in _matrix(placed, forms[key]["/BBox"]))
        drawing.append(f"q {matrix} cm {name} Do Q")
    drawing.extend(_stroke(line, all_inks is not None) for line in canvas.lines)
    page = Dictionary(
        Type=Name.Page,
        MediaBox=_inner_box(canvas, 0),
        Resources=Dictionary(XObject=Dictionary({name: forms[key] for key, name in names.items()})),
        Contents=out.make_stream("\n".join(drawing).encode("ascii")),
    )
    if canvas.margin_mm:
        page["/TrimBox"] = _inner_box(canvas, canvas.margin_mm)
        page["/BleedBox"] = _inner_box(canvas, canvas.margin_mm - canvas.bleed_mm)
    if all_inks is not None:
        page["/Resources"]["/ColorSpace"] = Dictionary({plates.ALL_INKS: all_inks})
    out.pages.append(pikepdf.Page(out.make_indirect(page)))


def _inner_box(canvas: Canvas, by_mm: float) -> Array:
    right, head = canvas.width_mm - by_mm, canvas.height_mm - by_mm
    return Array([_points(by_mm), _points(by_mm), _points(right), _points(head)])


_DASH_MM = (1.2, 0.8)


def _stroke(line: Line, in_all_inks: bool) -> str:
    """The operators that draw a line; DeviceGray is printed with black ink (ISO 32000-2, 8.6.4.2)."""
    dash = " ".join(str(_points(length)) for length in _DASH_MM) if line.dashed else ""
    ends = (line.x1_mm, line.y1_mm, line.x2_mm, line.y2_mm)
    x1, y1, x2, y2 = (_points(length) for length in ends)
    ink = f"{plates.ALL_INKS} CS {_exact(line.black)} SCN" if in_all_inks else f"{_exact(1 - line.black)} G"
    look = f"{ink} {_points(line.width_mm)} w [{dash}] 0 d"
    return f"q {look} {x1} {y1} m {x2} {y2} l S Q"


def _matrix(placed: Placed, box: Object) -> tuple[float, float, float, float, float, float]:
    """The transformation that turns the box of a form and moves it into its place (ISO 32000-2, 8.3.3)."""
    left, foot, right, head = (float(edge) for edge in box.as_list())
    x, y = placed.x_mm * _POINTS_PER_MM, placed.y_mm * _POINTS_PER_MM
    match placed.rotation_deg:
        case 0:
            return (1, 0, 0, 1, x - left, y - foot)
        case 90:
            return (0, 1, -1, 0, x + head, y - left)
        case 180:
            return (-1, 0, 0, -1, x + right, y + head)
        case 270:
            return (0, -1, 1, 0, x - foot, y + right)


def _points(length_mm: float) -> Decimal:
    return _exact(length_mm * _POINTS_PER_MM)


def _exact(number: float) -> Decimal:
    """To a ten-thousandth of a point, written without an exponent."""
    return Decimal(f"{number:.4f}".rstrip("0").rstrip("."))


def _describe(out: Pdf, settings: PrintSettings) -> None:
    out.docinfo["/Title"] = settings.title
    out.Root["/Lang"] = settings.language
    preferences = Dictionary(
        DisplayDocTitle=True,
        Duplex=Name(f"/{settings.duplex}"),
        PickTrayByPDFSize=True,
        PrintScaling=Name("/None"),
    )
    preferences["/Direction"] = Name.R2L if settings.direction == "rtl" else Name.L2R
    out.Root["/ViewerPreferences"] = preferences
    out.Root["/PageLayout"] = Name.SinglePage  # sides of sheets: two beside each other would look like one


def _saved(pdf: Pdf, version: str = "") -> bytes:
    target = BytesIO()
    pdf.save(
        target,
        min_version="" if version else "1.7",
        force_version=version,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return target.getvalue()
