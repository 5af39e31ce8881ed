"""Phase *typeset*: print HTML → a tagged PDF, and the page on which each chapter begins.

The only importer of WeasyPrint. Nothing here reads the disk or the network for a document: what a page
shows comes from `PrintSource.files`, and asking for anything else is a diagnostic. Fonts are the process's
own matter: FONTCONFIG_FILE must point at the project's before this module is imported, for fontconfig reads
it once.

**Page numbers**, in the list of contents and after links, are not known before pages are laid out, and that
takes most of the time. So each is laid out as a stand-in of two digits, over which the number is written
afterwards: what is printed was found on the pages, and no line or page of them breaks elsewhere.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from html import escape, unescape
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, TreeBuilder

from selectolax.lexbor import LexborHTMLParser, LexborNode

from handbill import diagnostics, pictures, system
from handbill.fonts import FieldFont
from handbill.formats import Fitting
from handbill.model import Diagnostic, Place

with system.loaded_by_file():
    import pydyf  # type: ignore[import-untyped] # WeasyPrint's own writer: what `_finish` is handed
    from cssselect2 import ElementWrapper  # type: ignore[import-untyped] # WeasyPrint's own selectors
    from weasyprint import CSS, HTML
    from weasyprint.document import Page
    from weasyprint.formatting_structure.boxes import InlineBox, LineBox, ParentBox, TableBox, TextBox
    from weasyprint.images import RasterImage
    from weasyprint.layout import inline
    from weasyprint.layout import page as paging
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.text.line_break import split_first_line
    from weasyprint.urls import URLFetcher, URLFetcherResponse


@dataclass(frozen=True, slots=True)
class PrintSource:
    """One document to typeset, with everything that it shows."""

    place: Place
    """Where an author finds it, for diagnostics."""
    html: str
    """A whole page. Its root has `lang` and `dir`; its `<title>` becomes the PDF's.

    A page number is an empty `<span class="toc-page" data-for="ANCHOR"></span>`.
    """
    css: tuple[str, ...]
    """Style sheets, later ones over earlier ones."""
    files: tuple[tuple[str, bytes], ...] = ()
    """Address as it stands in the HTML, such as `images/x.png`, and content."""
    typed: tuple[FieldFont, bytes] | None = None
    """The font of what is typed into its fields, and its file; without one, lines are for a pen only."""

    @property
    def language(self) -> str:
        """The page's language, BCP 47; empty where it does not say so."""
        found = _LANGUAGE.search(self.html)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished PDF and what is known of it."""

    pdf: bytes
    pages: int
    numbers: tuple[tuple[str, int], ...]
    """Each anchor whose page is told, in order of first mention, and its page; the cover is page 1."""
    layouts: int
    """Pages laid out to get there: all of them once, unless a number did not fit the place kept for it."""
    diagnostics: tuple[Diagnostic, ...]


_LANGUAGE = re.compile(r'<html lang="([^"]*)"')


def typeset(source: PrintSource) -> Typeset:
    """Typeset a document: the same source gives the same bytes, in any process and after any other.

    The PDF is tagged (PDF/UA-1), has bookmarks and its language, and names neither tools nor dates. What
    there is to write on or to tick can be filled in on a screen.
    Diagnostics: `outside-resource` for what is not in `source.files`, `contents-unsettled` where page numbers
    would move pages, and `typesetting` for whatever else WeasyPrint complains of.
    """
    complaints: list[Complaint] = []
    fetcher = _Declared(dict(source.files))
    with _heard(complaints):
        laid_out = _numbered(source.html, partial(_laid_out, source.css, fetcher, complaints))
        document = laid_out.document
        kinds = ("box", "lines") if source.typed else ("box",)
        boxes = _boxes(document)
        fields = _ask_for_fields(boxes, kinds)
        _scale_pictures(boxes)
        passages = _ask_for_languages(boxes, document.metadata.lang)
        finisher = partial(_finish, source, fields, passages)
        pdf: bytes = document.write_pdf(finisher=finisher, pdf_variant="pdf/ua-1")
    outside = sorted(fetcher.refused | _file_links(document))
    return Typeset(
        pdf=pdf,
        pages=len(document.pages),
        numbers=tuple(laid_out.numbers.items()),
        layouts=laid_out.layouts,
        diagnostics=(
            *(diagnostics.outside_resource(source.place, address) for address in outside),
            *(() if laid_out.settled else (diagnostics.contents_unsettled(source.place),)),
            *(diagnostics.table_too_wide(source.place, page, by_mm) for page, by_mm in _too_wide(document)),
            *(
                diagnostics.typesetting(source.place, text, fatal=level >= logging.ERROR)
                for level, text in dict.fromkeys(complaints)
                if not any(address in text for address in outside)
            ),
        ),
    )


# --- text made to fit --------------------------------------------------------------------------------------


def fitted(source: PrintSource, fitting: Fitting) -> tuple[PrintSource, tuple[Diagnostic, ...]]:
    """Return a document with the largest text whose every part fits its pages.

    Text and leading grow together. Where the smallest does not fit, that is what is returned, with a
    diagnostic `does-not-fit` for the first part that is too long.
    """
    fetcher = _Declared(dict(source.files))

    def tried(step: int) -> tuple[PrintSource, _Overflow | None]:
        styled = replace(source, css=(*source.css, fitting.css(step)))
        lay_out = partial(_laid_out, styled.css, fetcher, [])
        return styled, _overflow(_numbered(source.html, lay_out).document, fitting.parts)

    with _heard([]):
        best, overflow = tried(0)
        if overflow is not None:
            problem = diagnostics.does_not_fit(
                source.place,
                source.language,
                overflow.panel,
                overflow.panels,
                overflow.beyond_mm,
                fitting.size_pt[0],
            )
            return best, (problem,)
        fits, too_large = 0, fitting.steps + 1
        while too_large - fits > 1:
            step = (fits + too_large) // 2
            found, overflow = tried(step)
            if overflow is None:
                fits, best = step, found
            else:
                too_large = step
    return best, ()


@dataclass(frozen=True, slots=True)
class _Overflow:
    """By how much a part is too long, counted from the foot of the last page that it may take."""

    panel: int
    """That page, from 1, where every part before takes what it may."""
    panels: int
    beyond_mm: int


def _overflow(document: Any, parts: tuple[tuple[str, int], ...]) -> _Overflow | None:
    """Return the first part that takes more pages than it may."""
    taken: dict[str, list[Any]] = {name: [] for name, _ in parts}
    for page in document.pages:
        taken.setdefault(page._page_box.page_type.name, []).append(page._page_box)
    for index, (name, most) in enumerate(parts):
        pages = taken[name]
        if len(pages) > most:
            room = (len(pages) - 1 - most) * pages[-1].height
            foot = max(
                (box.position_y + box.height for box in pages[-1].descendants() if isinstance(box, LineBox)),
                default=0.0,
            )
            beyond = room + foot - pages[-1].content_box_y()
            panel = sum(count for _, count in parts[: index + 1])
            return _Overflow(panel, sum(count for _, count in parts), round(beyond * _MM_PER_PX))
    return None


_MM_PER_PX = 25.4 / 96


# --- page numbers ------------------------------------------------------------------------------------------

Complaint = tuple[int, str]
"""A level of `logging`, and the words."""

_LayOut = Callable[[str], Any]
"""From HTML to a `weasyprint.Document`, which has no types."""

_NUMBER = re.compile(r'<span class="toc-page" data-for="([^"]*)">(?=</span>)')
_STAND_IN = "00"
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class _LaidOut:
    document: Any
    numbers: dict[str, int]
    layouts: int
    settled: bool


def _numbered(html: str, lay_out: _LayOut) -> _LaidOut:
    """Lay out a document with its page numbers: once, or until they stay the same as running text.

    More than once with a number over 99, one that is not shown, or one in a heading, whose words bookmarks
    and running heads repeat as they were laid out.
    """
    anchors = [unescape(number[1]) for number in _NUMBER.finditer(html)]
    document = lay_out(_NUMBER.sub(rf"\g<0>{_STAND_IN}", html))
    layouts, numbers = len(document.pages), _pages(document, anchors)
    labels = [bookmark[1] for page in document.pages for bookmark in page.bookmarks]
    settled = not anchors or (
        _write(document, numbers) == len(anchors) and not any(_STAND_IN in label for label in labels)
    )
    for _ in range(_ROUNDS):
        if settled:
            break
        printed = numbers
        document = lay_out(_filled(html, printed))
        layouts, numbers = layouts + len(document.pages), _pages(document, anchors)
        settled = numbers == printed
    return _LaidOut(document, numbers, layouts, settled)


def _filled(html: str, numbers: Mapping[str, int]) -> str:
    return _NUMBER.sub(lambda number: f"{number[0]}{numbers.get(unescape(number[1]), '')}", html)


def _pages(document: Any, anchors: list[str]) -> dict[str, int]:
    """Look up the page on which each anchor first stands, in the order asked; a missing one is left out."""
    found: dict[str, int] = {}
    for number, page in enumerate(document.pages, 1):
        for anchor in page.anchors:
            found.setdefault(anchor, number)
    return {anchor: found[anchor] for anchor in anchors if anchor in found}


def _write(document: Any, numbers: Mapping[str, int]) -> int:
    """Write page numbers over their stand-ins and return how many were written.

    The rest of a line closes up to a narrower number. A stand-in that is missing, or not as expected, or too
    narrow, does not count: the document is then of no more use.
    """
    written: set[Any] = set()
    for index, page in enumerate(document.pages):
        moved = False
        for box in page._page_box.descendants(placeholders=True):
            if isinstance(box, LineBox) and (narrower := _write_line(box, numbers, written)):
                moved = True
                right = "start" if box.style["direction"] == "rtl" else "end"
                if box.style["text_align_all"] in (right, "right"):
                    box.translate(narrower)
        if moved:
            document.pages[index] = Page(page._page_box)  # which knows where the links are
    for element in written:
        element.text = str(numbers[element.get("data-for")])  # `_finish` takes a link's words from here
    return len(written)


def _write_line(box: Any, numbers: Mapping[str, int], written: set[Any]) -> float:
    """Write the numbers in a line; its left edge stays, and it becomes narrower by what is returned.

    WeasyPrint draws a text from its `pango_layout`, at its position.
    """
    narrower = 0.0
    if isinstance(box, LineBox | InlineBox):
        for child in box.children if box.style["direction"] == "ltr" else reversed(box.children):
            if child.is_in_normal_flow():
                child.translate(-narrower)
                narrower += _write_line(child, numbers, written)
    elif isinstance(box, TextBox) and box.text == _STAND_IN and box.element is not None:
        number = numbers.get(box.element.get("data-for"))
        if number is not None:
            layout, _, _, width, _, _ = split_first_line(str(number), box.style, None, None, 0)
            if width <= box.width:
                narrower = box.width - width
                box.text, box.pango_layout = str(number), layout
                written.add(box.element)
    if narrower:
        box.width -= narrower
    return narrower


# --- layout ------------------------------------------------------------------------------------------------


def _first_line(text: str, style: Any, context: Any, max_width: Any, *rest: Any, **more: Any) -> Any:
    """As much text as fits a line, as WeasyPrint's `split_first_line` finds it, with one mistake mended.

    Where all of a text fits but its closing space, as before an inline element, WeasyPrint 70 breaks after
    the first word (step 3 there). At the end of a line the space has no room in any case.
    """
    found = split_first_line(text, style, context, max_width, *rest, **more)
    resume_at = found[2]
    if resume_at is not None and text.endswith(" ") and b" " not in text.encode()[: resume_at - 1]:
        without = split_first_line(text[:-1], style, context, max_width, *rest, **more)
        if without[2] is None:
            return without
    return found


def _style_page(page_type: Any, html: Any, style_for: Any) -> None:
    """Style a page and its margins as WeasyPrint does; pages that are declared alike have one style.

    So WeasyPrint does with elements, but with pages not: making as many styles takes 3 % of a booklet's time.
    """
    style_for.add_page_declarations(page_type)
    computed = style_for.get_computed_styles()
    declared: dict[Any, dict[Any, Any]] = {page_type: {None: {}}}
    for (page, margin), declarations in style_for.get_cascaded_styles().items():
        declared.setdefault(page, {})[margin] = declarations
    own = declared.pop(page_type)
    alike = next((page for page, margins in declared.items() if margins == own), None)
    for margin in own:
        if alike is not None:
            computed[page_type, margin] = computed[alike, margin]
            continue
        root = html.etree_element
        inherited = root if margin is None else page_type
        style_for.set_computed_styles(
            page_type, inherited, root=root, pseudo_type=margin, base_url=html.base_url
        )


inline.split_first_line = _first_line
paging.set_page_type_computed_styles = _style_page


_BASE = "file:///"  # relative addresses are joined only to schemes that Python knows; nothing is opened


class _Declared(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
    """Hand out declared files and remember what else was asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self.files = files
        self.refused: set[str] = set()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        name = unquote(url.removeprefix(_BASE))
        if name in self.files:
            return URLFetcherResponse(url, self.files[name])
        self.refused.add(name)
        raise ValueError("not declared")


class _Page(HTML):  # type: ignore[misc] # WeasyPrint has no types
    """A page that begins from the few element styles that it needs.

    WeasyPrint's own style sheet for all of HTML makes styles for six pseudo-elements of each element and 16
    margin boxes of each page: a tenth of a booklet's time.
    """

    def __init__(self, html: str, fetcher: _Declared) -> None:
        if _RARE.search(html):
            super().__init__(string=html, base_url=_BASE, url_fetcher=fetcher)
            return
        # As WeasyPrint does, but its parser, all in Python, takes a thirtieth of a booklet's time.
        self.base_url, self.url_fetcher, self.media_type = _BASE, fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(_tree(html), content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return [_sheet(_ELEMENTS)[0]]


_RARE = re.compile(r"<(?:base|foreignobject|math|template)\b|\bxlink:", re.IGNORECASE)
"""What `_tree` does not tell as WeasyPrint needs it."""
_SVG = "{http://www.w3.org/2000/svg}"


def _tree(html: str) -> Element:
    """Read a page as browsers do (lexbor); comments are left out."""
    builder = TreeBuilder()
    root = LexborHTMLParser(html).root
    assert root is not None, "even of nothing a page is made"
    _add(builder, root, "")
    return builder.close()


def _add(builder: TreeBuilder, node: LexborNode, namespace: str) -> None:
    tag = node.tag or ""
    if tag == "-text":
        builder.data(node.text_content or "")
    elif tag[:1] not in "-!":
        namespace = _SVG if tag == "svg" else namespace
        builder.start(namespace + tag, {name: value or "" for name, value in node.attributes.items()})
        child = node.child
        while child is not None:
            _add(builder, child, namespace)
            child = child.next
        builder.end(namespace + tag)


_ELEMENTS = """
head, title, meta, style { display: none }
html, body, section, nav, div, p, h1, h2, h3, h4, ul, ol, blockquote, figure, hr, pre { display: block }
li { display: list-item }
table { display: table; box-sizing: border-box; text-indent: initial; border-spacing: 0 }
thead { display: table-header-group; vertical-align: middle }
tbody { display: table-row-group; vertical-align: middle }
tr { display: table-row; vertical-align: inherit }
th, td { display: table-cell; vertical-align: inherit; border-color: gray }
h1, h2, h3, h4, th, strong { font-weight: bold }
em { font-style: italic }
br::before { content: "\\A"; white-space: pre-line }
ol { list-style-type: decimal }
ul { list-style-type: disc }
ol, ul { counter-reset: list-item; break-before: avoid }
h1 { bookmark-level: 1 }
h2 { bookmark-level: 2 }
h3 { bookmark-level: 3 }
h4 { bookmark-level: 4 }
h1, h2, h3, h4 { bookmark-label: content(text); break-after: avoid; break-inside: avoid }
[dir="ltr"] { direction: ltr }
[dir="rtl"] { direction: rtl }
pre { white-space: pre-wrap }
"""


def _laid_out(css: tuple[str, ...], fetcher: _Declared, complaints: list[Complaint], html: str) -> Any:
    sheets = [_sheet(text) for text in css]
    for _, earlier in sheets:
        complaints.extend(earlier)
    if _KOREAN in html:
        html = _unbroken(html)
    return _Page(html, fetcher).render(font_config=_fonts(), stylesheets=[sheet for sheet, _ in sheets])


_KOREAN = '<html lang="ko'
_TEXT = re.compile(r">([^<]*[\uAC00-\uD7A3][^<]*)<")
_WORD = re.compile(r"[^\s<>]*[\uAC00-\uD7A3][^\s<>]*")
_LONGEST_WORD = 12
"""Syllables: what is longer, and not set in words, must break somewhere."""


def _unbroken(html: str) -> str:
    """Keep the words of a Korean page whole: WeasyPrint 70 breaks them as if they were Chinese.

    It does not know `word-break: keep-all`; that is what `.word` in the style sheets is for.
    """
    head, body, text = html.partition("<body")
    return head + body + _TEXT.sub(lambda found: f">{_WORD.sub(_kept, found[1])}<", text)


def _kept(word: re.Match[str]) -> str:
    return word[0] if len(word[0]) > _LONGEST_WORD else f'<span class="word">{word[0]}</span>'


@lru_cache(maxsize=16)
def _sheet(text: str) -> tuple[Any, tuple[Complaint, ...]]:
    """Parse a style sheet once in a process; with what WeasyPrint said of it, to be said each time."""
    complaints: list[Complaint] = []
    with _heard(complaints):
        sheet = CSS(string=text, base_url=_BASE, url_fetcher=_Declared({}), font_config=_fonts())
    return sheet, tuple(complaints)


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Open the fonts once in a process."""
    return FontConfiguration()


@contextmanager
def _heard(complaints: list[Complaint]) -> Iterator[None]:
    """Collect what WeasyPrint logs."""
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: complaints.append((record.levelno, record.getMessage()))  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _file_links(document: Any) -> set[str]:
    """Collect links to other files, of which print has none."""
    return {
        unquote(target.removeprefix(_BASE))
        for page in document.pages
        for kind, target, _, _ in page.links
        if kind != "internal" and target.startswith(_BASE)
    }


_Placed = tuple[Any, Any]
"""A `weasyprint.document.Page` and a box on it."""


def _boxes(document: Any) -> list[_Placed]:
    """Return the boxes of elements, page by page in their order, without text and lines: most are those."""
    return [
        (page, box)
        for page in document.pages
        for box in page._page_box.descendants(placeholders=True)
        if box.element is not None and not isinstance(box, _TEXT_BOXES)
    ]


_TEXT_BOXES = (TextBox, LineBox)


# --- pictures ----------------------------------------------------------------------------------------------


def _scale_pictures(boxes: Iterable[_Placed]) -> None:
    """Make what stands much finer on a page than is seen coarser.

    WeasyPrint would do so by itself, but compresses photographs to 75 of 100, which is seen. Inks stay.
    """
    widest: dict[RasterImage, float] = {}
    for _, box in boxes:
        image = getattr(box, "replacement", None)
        if isinstance(image, RasterImage) and image.mode != "CMYK":
            widest[image] = max(widest.get(image, 0.0), box.width * _MM_PER_PX)
    for image, width_mm in widest.items():
        if image.width * 25.4 > width_mm * pictures.PPI * pictures.SPARE:
            content = pictures.for_paper(image.image_data.data, width_mm)
            image.width, image.height = pictures.size(content)
            image.image_data = image.cache_image_data(content, slot="scaled")


# --- fields to fill in -------------------------------------------------------------------------------------

# Boxes to tick and lines to write on are drawn on the page, for a pen. Over each lies a field that draws
# nothing until it is filled in, so it takes no room, and on sheets, where no field is, all looks the same.
# WeasyPrint makes and tags fields; but for one to type in it would put a whole font into the file, 8 MB for
# Chinese. So it is asked for check boxes everywhere, and those over lines are turned into fields for text
# afterwards. A field's font has one byte a letter and joins none, so no file could make it right for Arabic
# or Chinese: it is a small one of our own for western letters (12 kB), in the file as ISO 14289-1, 7.21.4,
# asks, and for what it lacks viewers take fonts of their own, as they do for whatever font a field names.


@dataclass(frozen=True, slots=True)
class _Field:
    """A field for text."""

    lines: int
    size_pt: float
    rtl: bool


def _ask_for_fields(boxes: Iterable[_Placed], kinds: Sequence[str]) -> dict[str, _Field]:
    """Have WeasyPrint make a field over each box to tick or block of lines; return those for text.

    Each is called, for who cannot see it, by the words that it belongs to: those of its list item, or of the
    paragraph or heading before it.
    """
    fields: dict[str, _Field] = {}
    known: set[Any] = set()
    words: Any = None
    for page, box in boxes:
        element = box.element
        if element in known:
            continue
        kind = element.get("class")
        if kind in kinds:
            known.add(element)  # what goes on overleaf stays for a pen
            name = f"{kind}-{len(known)}"
            element.attrib.update(type="checkbox", name=name, title=_words(words))
            if kind == "lines":
                fields[name] = _Field(
                    len(element), box.style["font_size"] * _PT_PER_PX, box.style["direction"] == "rtl"
                )
            x, y = box.content_box_x(), box.content_box_y()
            page.forms[None].append((box, (x, y, x + box.width, y + box.height)))
        elif element.tag in _ASKING:
            words = element
    return fields


_ASKING = ("p", "li", "h1", "h2", "h3", "h4")
_PT_PER_PX = 0.75


def _words(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _make_fields(pdf: Any, fields: Mapping[str, _Field], typed: tuple[FieldFont, bytes] | None) -> None:
    """Turn check boxes over lines into fields for text, and leave nothing for a viewer to draw by itself."""
    form = pdf.catalog.get("AcroForm")
    if form is None:
        return
    nothing = pydyf.Stream([], {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([0, 0, 1, 1])})
    pdf.add_object(nothing)
    for reference in form["Fields"]:
        widget = _object(pdf, reference)
        left, head, right, foot = widget["Rect"]
        widget["Rect"] = pydyf.Array([left, foot, right, head])
        del widget["MK"]
        name = widget["T"].string
        if name not in fields:
            widget["AP"]["N"]["Off"] = nothing.reference
            continue
        field = fields[name]
        for key in ("AS", "V", "Border"):
            del widget[key]
        widget["FT"] = "/Tx"
        widget["Ff"] = (_MANY_LINES if field.lines > 1 else 0) + _NO_MORE_THAN_FITS
        widget["DA"] = pydyf.String(f"/Typed {field.size_pt:.2f} Tf 0 g")
        widget["Q"] = 2 if field.rtl else 0
        widget["MK"] = pydyf.Dictionary({"BG": pydyf.Array([1])})  # words written cover the lines
        widget["AP"] = pydyf.Dictionary({"N": nothing.reference})
    del form["NeedAppearances"]
    del form["DR"]
    if fields and typed:
        form["DR"] = pydyf.Dictionary({"Font": pydyf.Dictionary({"Typed": _embedded(pdf, *typed)})})
        form["DA"] = pydyf.String("/Typed 10 Tf 0 g")


def _embedded(pdf: Any, font: FieldFont, file: bytes) -> bytes:
    """Put a font into the file and return the reference to it (ISO 32000-1, 9.6.3 and 9.8)."""
    content = pydyf.Stream([file], {"Length1": len(file)}, compress=True)
    pdf.add_object(content)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{font.name}",
            "Flags": _NO_SYMBOLS,
            "FontBBox": pydyf.Array(font.box),
            "ItalicAngle": 0,
            "Ascent": font.ascent,
            "Descent": font.descent,
            "CapHeight": font.cap_height,
            "StemV": _STEM,
            "FontFile2": content.reference,
        }
    )
    pdf.add_object(descriptor)
    dictionary = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/TrueType",
            "BaseFont": f"/{font.name}",
            "Encoding": "/WinAnsiEncoding",
            "FirstChar": 32,
            "LastChar": 255,
            "Widths": pydyf.Array(font.widths),
            "FontDescriptor": descriptor.reference,
        }
    )
    pdf.add_object(dictionary)
    reference: bytes = dictionary.reference
    return reference


_NO_SYMBOLS = 1 << 5
_STEM = 80
"""About the width of an upright of Noto Sans; needed, and used only where the font's file is not."""
_MANY_LINES = 1 << 12
_NO_MORE_THAN_FITS = 1 << 23
"""Flags of fields (ISO 32000-1, tables 221 and 228); the second so that nothing typed is lost on paper."""


def _too_wide(document: Any) -> Iterator[tuple[int, int]]:
    """Yield page and millimetres for each table that a long word makes wider than its page: others break."""
    for number, page in enumerate(document.pages, 1):
        sheet = page._page_box
        left, right = sheet.content_box_x(), sheet.content_box_x() + sheet.width
        waiting = list(sheet.children)
        while waiting:
            box = waiting.pop()
            if isinstance(box, TableBox):
                beyond = max(left - box.position_x, box.position_x + box.border_width() - right)
                if beyond > 1:
                    yield number, max(1, round(beyond * _MM_PER_PX))
            elif isinstance(box, ParentBox) and not isinstance(box, LineBox):
                waiting.extend(box.children)


# --- passages in another language --------------------------------------------------------------------------

# Each must say its language to a screen reader (ISO 14289-1, 7.2), and WeasyPrint says only the document's.
# Which tag belongs to which box it lets out only where an annotation hangs on it. So it is handed one that
# is none, and that is taken out of the file again.


class _Passage(pydyf.Dictionary):  # type: ignore[misc] # pydyf has no types
    """What stands for an annotation on a box whose text is in another language than the document."""

    reference = b"0 0 R"


def _ask_for_languages(boxes: Iterable[_Placed], usual: str | None) -> list[_Passage]:
    passages = []
    for _, box in boxes:
        language = box.element.get("lang", usual)
        if language != usual and not box.link_annotation and box.element.tag != "html":
            box.link_annotation = _Passage({"Lang": pydyf.String(language)})
            passages.append(box.link_annotation)
    return passages


def _tell_languages(pdf: Any, passages: list[_Passage]) -> None:
    """Write each passage's language into its tag, and take out what stood for an annotation.

    A box that is not drawn, or has no tag of its own, has no place in the tree and is left out.
    """
    tagged = [passage for passage in passages if "StructParent" in passage]
    if not tagged:
        return
    numbers = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    strangers = set()
    for passage in tagged:
        element = _object(pdf, numbers[2 * passage["StructParent"] + 1])
        element["Lang"] = passage["Lang"]
        strangers.add(passage["StructParent"])
        for kid in [kid for kid in element["K"] if isinstance(kid, bytes)]:
            if _object(pdf, kid).get("Obj") == _Passage.reference:
                element["K"].remove(kid)
                _object(pdf, kid).free = "f"
    kept = [pair for at in range(0, len(numbers), 2) if (pair := numbers[at : at + 2])[0] not in strangers]
    numbers[:] = [part for pair in kept for part in pair]


# --- the PDF's own data ------------------------------------------------------------------------------------


def _finish(
    source: PrintSource,
    fields: Mapping[str, _Field],
    passages: list[_Passage],
    document: Any,
    pdf: Any,
) -> None:
    """Say what the document is and nothing of how it was made, and mend the tags."""
    title, lang = document.metadata.title or "", document.metadata.lang or ""
    pdf.info.clear()
    pdf.info["Title"] = pydyf.String(title)
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream = [_XMP.format(title=escape(title), lang=escape(lang)).encode()]
    metadata.compress = False
    # The first page is a left one where leaves are turned from left to right.
    opens_leftwards = document.pages[0]._page_box.page_type.side == "left"
    pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L" if opens_leftwards else "/L2R"
    pdf.catalog["PageLayout"] = "/OneColumn"
    for page in document.pages:
        for kind, _, _, box in page.links:
            if kind == "internal" and box.link_annotation is not None:
                # Read aloud for the link: its words, not the anchor's name.
                text = " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"] = pydyf.String(text)
    _make_fields(pdf, fields, source.typed)
    _tell_languages(pdf, passages)
    if _HYPHEN not in source.html:
        _soften_hyphens(pdf)
    _mark_artifacts(pdf)
    _print_greys_in_black(pdf)


def _mark_artifacts(pdf: Any) -> None:
    """Mark running heads and page numbers as no part of the text (ISO 14289-1, 7.8).

    WeasyPrint gives them elements that hang on no tree: a screen reader may read them inside a sentence that
    goes on over the page.
    """
    tree = _object(pdf, pdf.catalog["StructTreeRoot"])
    reached: set[bytes] = set()
    waiting = [kid for kid in tree["K"] if isinstance(kid, bytes)]
    while waiting:
        reference = waiting.pop()
        reached.add(reference)
        waiting.extend(kid for kid in _object(pdf, reference).get("K", ()) if isinstance(kid, bytes))
    numbers = _object(pdf, tree["ParentTree"])["Nums"]
    for page, reference in enumerate(pdf.page_references):
        elements = numbers[2 * page + 1]
        loose = {number for number, element in enumerate(elements) if element not in reached}
        content = _object(pdf, _object(pdf, reference)["Contents"]).stream
        for index, operand in enumerate(content):
            if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in loose:
                content[index - 1 : index + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
        for number in loose:
            elements[number] = b"null"


def _soften_hyphens(pdf: Any) -> None:
    """Say of hyphens that only end a line that they are soft: a word is then read and found whole.

    As ISO 32000-1, 14.8.2.2.3, has it. WeasyPrint ends a parted word with a hyphen that no keyboard has, and
    that has a glyph of its own in each pinned font.
    """
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and b"begincmap" in stream.stream:
            stream.stream[:] = [
                line.replace(b"> <2010>", b"> <00ad>") if isinstance(line, bytes) else line
                for line in stream.stream
            ]


_HYPHEN = "\u2010"


def _print_greys_in_black(pdf: Any) -> None:
    """Write black, greys and white as such: a printer mixes the same in RGB from all its inks."""
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream):
            operators = stream.stream
            for index, operator in enumerate(operators):
                if not isinstance(operator, bytes) or operator[-3:] not in (b" rg", b" RG"):
                    continue
                if grey := _GREY.fullmatch(operator):
                    operators[index] = grey[1] + (b" g" if grey[2] == b"rg" else b" G")


_GREY = re.compile(rb"([0-9.]+) \1 \1 (rg|RG)")


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


_XMP = """\
<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
