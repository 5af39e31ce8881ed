"""Phase *audit*: finished pages → diagnostics. What is about to be published is read once more.

The only importer of selectolax, which reads HTML as browsers do. It trusts nothing that rendered the page:
whatever a template did, no page goes out with a link that leads nowhere, a request to another site, a wrong
number, or without its notice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from handbill import diagnostics
from handbill.model import Diagnostic, Place

_LINKS = frozenset(
    ("href", "xlink:href", "src", "srcset", "action", "formaction", "data", "poster", "ping", "background")
)
_ACTIVE = frozenset(("script", "iframe", "object", "embed", "form", "style", "base", "template"))
"""A `template` can show what is in it, but the walk through a page does not go there."""
_HARMLESS_HEADERS = ("content-security-policy", "content-type")
"""Of `http-equiv`: others send the reader somewhere, or set a cookie."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What is known of all finished pages together."""

    paths: Collection[str]
    """Every output below the site's root."""
    outside: Collection[str]
    """Addresses that a reader may follow: `tel:`, `sms:` and `https:` of contacts."""


@dataclass(frozen=True, slots=True)
class Fragments:
    """Where a page's links with a fragment lead: resolved once all pages are known."""

    ids: frozenset[str]
    wanted: tuple[tuple[str, str], ...]
    """(path of a page, id that must be on it)."""


def web_page(
    page: str | bytes, path: str, finished: Finished, notice: str | None
) -> tuple[Fragments, tuple[Diagnostic, ...]]:
    """Return where a finished page's fragments lead, and what is wrong with the page.

    `notice` is the plain text of the safety notice where the page must carry it. Diagnostics:
    `dead-link`, `outside-request`, `active-content`, `notice-missing`, `page-language`.
    """
    place = Place(f"dist/site/{path}")
    read = _read(page)
    problems: list[Diagnostic] = []
    wanted: list[tuple[str, str]] = []
    folder = path.rpartition("/")[0]
    for link, followed in read.links.items():
        if ":" in link or link.startswith("//"):
            if link not in finished.outside or not followed:
                problems.append(diagnostics.outside_request(place, link))
            continue
        target, _, fragment = link.partition("#")
        resolved = _resolved(folder, target) if target else path
        if resolved not in finished.paths:
            problems.append(diagnostics.dead_link(place, link))
        elif fragment:
            wanted.append((resolved, fragment))
    problems.extend(diagnostics.active_content(place, tag) for tag in read.active)
    problems.extend(_shared_problems(read, place, notice))
    return Fragments(frozenset(read.ids), tuple(wanted)), tuple(problems)


def style_sheet(text: str, place: Place) -> tuple[Diagnostic, ...]:
    """Return what a style sheet would fetch from outside the site: `outside-request`."""
    return tuple(diagnostics.outside_request(place, found[0]) for found in _CSS_REQUEST.finditer(text))


_CSS_REQUEST = re.compile(r"""@import\b[^;]*|url\(\s*["']?(?:[a-z][a-z0-9+.-]*:|//)[^)]*\)""", re.IGNORECASE)


def fragments(pages: Mapping[str, Fragments]) -> Iterator[Diagnostic]:
    """Yield the links whose fragment no finished page has."""
    for path, page in pages.items():
        for target, fragment in page.wanted:
            if target in pages and fragment not in pages[target].ids:
                yield diagnostics.dead_link(Place(f"dist/site/{path}"), f"{target}#{fragment}")


def booklet_page(text: str, place: Place, notice: str | None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a booklet's print HTML: `notice-missing`, `page-language`, `dead-link`.

    `notice` is None for what suggests nothing, such as a card with numbers alone.
    """
    page = _read(text)
    ids = set(page.ids)
    dead = (
        diagnostics.dead_link(place, link)
        for link in page.links
        if link.startswith("#") and link[1:] not in ids
    )
    return (*dead, *_shared_problems(page, place, notice))


def _shared_problems(page: _Read, place: Place, notice: str | None) -> Iterator[Diagnostic]:
    if not page.root.get("lang") or page.root.get("dir") not in ("ltr", "rtl"):
        yield diagnostics.page_language(place)
    if notice is not None and _folded(notice) not in page.notices:
        yield diagnostics.notice_missing(place)


@dataclass(slots=True)
class _Read:
    """What a finished page holds of what is checked here, in its order."""

    root: Mapping[str, str | None]
    """The attributes of the page itself."""
    links: dict[str, bool]
    """Address → whether it is only ever a reader who follows it, in an `a`."""
    ids: list[str]
    active: list[str]
    """Tags of elements that could do something, or that carry a style of their own."""
    notices: list[str]
    """The text of each element of class `notice`, spaces folded."""


def _read(text: str | bytes) -> _Read:
    """Read a finished page, as text or as the bytes of its file, in one walk."""
    root = LexborHTMLParser(text).root
    assert root is not None, "an HTML parser makes a page of anything"
    page = _Read(root.attributes, {}, [], [], [])
    links = page.links
    for element in root.traverse():
        tag = element.tag or ""
        active = tag in _ACTIVE
        attributes = element.attributes
        for name in attributes:
            if name in _INERT:
                continue
            value = attributes[name] or ""
            if name in _LINKS:
                links[value] = tag == "a" and links.get(value, True)
            elif name == "id":
                page.ids.append(value)
            elif name == "class":
                if "notice" in value and "notice" in value.split():
                    page.notices.append(_folded(element.text()))
            elif _acts(name, value):
                active = True
        if active:
            page.active.append(tag)
    return page


_INERT = frozenset(("hreflang", "lang", "dir", "rel"))
"""The commonest attributes that nothing here asks for: most of a page's links have them."""


def _acts(name: str, value: str) -> bool:
    """Whether an attribute could do something."""
    if name == "http-equiv":
        return value.strip().lower() not in _HARMLESS_HEADERS
    return name == "style" or name.startswith("on")


def _folded(text: str) -> str:
    return " ".join(text.split())


def _resolved(folder: str, link: str) -> str:
    """Return the path that a relative link leads to; one that leaves the site leads nowhere, as it stands."""
    rest = link
    while rest.startswith("../") and folder:
        folder, rest = folder.rpartition("/")[0], rest[3:]
    if "./" not in rest and not rest.endswith("."):
        return f"{folder}/{rest}" if folder else rest
    parts = folder.split("/") if folder else []
    for part in rest.split("/"):
        if part == "..":
            if not parts:
                return link
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
