"""Pages out of print HTML: a tagged PDF, and the page on which each chapter begins.

The only importer of WeasyPrint. Nothing here reads the disk or the network for a document: what a page shows comes from
`PrintSource.files`, and asking for anything else is a diagnostic. Fonts are the process's own matter: FONTCONFIG_FILE
must point at the project's before this module is imported, for fontconfig reads it once.

**Page numbers in the list of contents.** `target-counter()` lays a whole booklet out again until its numbers settle.
Here they are plain text in spans of fixed width, so that they move nothing: the booklet is laid out once, with the
numbers of the last build where there was one, and they are held against the finished pages. Where they differ, only the
list itself, usually one page, is laid out again and put in the place of the first one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

import pydyf  # type: ignore[import-untyped]
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from handbill import diagnostics
from handbill.model import Diagnostic, Place


@dataclass(frozen=True, slots=True)
class PrintSource:
    """One document to typeset, with everything that it shows."""

    place: Place
    """Where an author finds it, for diagnostics."""
    html: str
    """A whole page. Its root has `lang` and `dir`; its `<title>` becomes the PDF's. A list of contents, if any, is a
    `nav class="contents"` on pages of its own right before the first entry's, each number an empty
    `<span class="toc-page" data-for="ANCHOR"></span>`."""
    css: tuple[str, ...]
    """Style sheets, later ones over earlier ones."""
    files: tuple[tuple[str, bytes], ...] = ()
    """Address as it stands in the HTML, such as `images/x.png`, and content."""
    guess: tuple[tuple[str, int], ...] = ()
    """`Typeset.numbers` of an earlier build. A right guess saves time; a wrong one changes nothing."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished PDF and what is known of it."""

    pdf: bytes
    pages: int
    numbers: tuple[tuple[str, int], ...]
    """Each anchor in the list of contents, in its order, and its page; the cover is page 1."""
    layouts: int
    """Pages laid out to get there: `pages`, where the guess was right."""
    diagnostics: tuple[Diagnostic, ...]


def typeset(source: PrintSource) -> Typeset:
    """Typeset a document: the same HTML, styles and files give the same bytes, in any process, after any other.

    The PDF is tagged (PDF/UA-1), has bookmarks and its language, and names neither tools nor dates. Diagnostics:
    `outside-resource` for what is not in `source.files`, `contents-unsettled` where filling in page numbers moves
    pages, and `typesetting` for whatever else WeasyPrint complains of.
    """
    complaints: list[tuple[int, str]] = []
    fetcher = _Declared(dict(source.files))
    with _heard(complaints):
        document, numbers, layouts, settled = _settled(
            source.html, partial(_laid_out, source.css, fetcher, complaints), dict(source.guess)
        )
        pdf: bytes = document.write_pdf(finisher=_finish, pdf_variant="pdf/ua-1")
    outside = sorted(fetcher.refused | _file_links(document))
    return Typeset(
        pdf=pdf,
        pages=len(document.pages),
        numbers=tuple(numbers.items()),
        layouts=layouts,
        diagnostics=(
            *(diagnostics.outside_resource(source.place, address) for address in outside),
            *(() if settled else (diagnostics.contents_unsettled(source.place),)),
            *(
                diagnostics.typesetting(source.place, text, fatal=level >= logging.ERROR)
                for level, text in dict.fromkeys(complaints)
                if not any(address in text for address in outside)
            ),
        ),
    )


# --- page numbers ------------------------------------------------------------------------------------------

_CONTENTS = re.compile(r'<nav class="contents" id="contents".*?</nav>', re.DOTALL)
_NUMBER = re.compile(r'<span class="toc-page" data-for="([^"]*)">(?=</span>)')
_ROUNDS = 3

_LayOut = Callable[[str, str], Any]
"""From HTML and one more style sheet to a `weasyprint.Document`, which has no types."""


def _settled(html: str, lay_out: _LayOut, guess: Mapping[str, int]) -> tuple[Any, dict[str, int], int, bool]:
    """Lay out until the list of contents says what is so: the document, its numbers, pages laid out, success."""
    contents = _CONTENTS.search(html)
    listed = [unescape(number[1]) for number in _NUMBER.finditer(contents[0])] if contents else []
    numbers = dict(guess)
    layouts = 0
    for _ in range(_ROUNDS):
        document = lay_out(_filled(html, numbers), "")
        layouts += len(document.pages)
        found = _found(document, listed)
        if contents is None or found.items() <= numbers.items():
            return document, found, layouts, True
        numbers = found
        first, end = _found(document, ["contents"])["contents"] - 1, min(found.values()) - 1
        alone = lay_out(_filled(_only(html, contents), numbers), _from_page(first, html))
        layouts += len(alone.pages)
        if len(alone.pages) == end - first:
            pages = [*document.pages[:first], *alone.pages, *document.pages[end:]]
            return document.copy(pages), found, layouts, True
    return document, found, layouts, False


def _filled(html: str, numbers: Mapping[str, int]) -> str:
    """Write the numbers into the list of contents."""
    return _NUMBER.sub(lambda number: f"{number[0]}{numbers.get(unescape(number[1]), '')}", html)


def _found(document: Any, anchors: list[str]) -> dict[str, int]:
    """Look up the page on which each anchor first stands, in the order asked; a missing one is left out."""
    pages: dict[str, int] = {}
    for number, page in enumerate(document.pages, 1):
        for anchor in page.anchors:
            pages.setdefault(anchor, number)
    return {anchor: pages[anchor] for anchor in anchors if anchor in pages}


def _only(html: str, contents: re.Match[str]) -> str:
    """Cut a page down to its head and its list of contents."""
    body = html.index(">", html.index("<body")) + 1
    return f"{html[:body]}{contents[0]}</body></html>"


def _from_page(index: int, html: str) -> str:
    """Make the style sheet with which a document begins as if `index` pages stood before it."""
    root = html[html.index("<html") : html.index("<head")]
    left = (index % 2 == 0) == (' dir="rtl"' in root)
    return (
        f"html {{ break-before: {'left' if left else 'right'} }} @page :first {{ counter-reset: page {index} }}"
    )


# --- layout ------------------------------------------------------------------------------------------------

_BASE = "file:///"  # WeasyPrint joins relative addresses only to the schemes it knows; nothing is opened


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


def _laid_out(
    css: tuple[str, ...], fetcher: _Declared, complaints: list[tuple[int, str]], html: str, extra: str
) -> Any:
    sheets = [_sheet(text) for text in (*css, extra) if text]
    for _, earlier in sheets:
        complaints.extend(earlier)
    return HTML(string=html, base_url=_BASE, url_fetcher=fetcher).render(
        font_config=_fonts(), stylesheets=[sheet for sheet, _ in sheets]
    )


@lru_cache(maxsize=16)
def _sheet(text: str) -> tuple[Any, tuple[tuple[int, str], ...]]:
    """Parse a style sheet once in a process; with what WeasyPrint said of it, to be said each time."""
    complaints: list[tuple[int, str]] = []
    with _heard(complaints):
        sheet = CSS(string=text, base_url=_BASE, url_fetcher=_Declared({}), font_config=_fonts())
    return sheet, tuple(complaints)


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Open the fonts once in a process."""
    return FontConfiguration()


@contextmanager
def _heard(complaints: list[tuple[int, str]]) -> Iterator[None]:
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


# --- the PDF's own data --------------------------------------------------------------------------------------


def _finish(document: Any, pdf: Any) -> None:
    """Say what the document is, and nothing of how it was made."""
    title, lang = document.metadata.title or "", document.metadata.lang or ""
    pdf.info.clear()
    pdf.info["Title"] = pydyf.String(title)
    number = int(pdf.catalog["Metadata"].split()[0])
    pdf.objects[number].stream = [_XMP.format(title=escape(title), lang=escape(lang)).encode()]
    pdf.objects[number].compress = False
    if document.pages and document.pages[0]._page_box.style["direction"] == "rtl":
        pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L"
    for page in document.pages:
        for kind, _, _, box in page.links:
            if kind == "internal" and box.link_annotation is not None:
                # Read aloud for the link: its words, not the anchor's name.
                text = " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"] = pydyf.String(text)


_XMP = """\
<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
