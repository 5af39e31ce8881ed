"""Phase *audit*: finished pages → diagnostics. What is about to be published is read once more.

The only importer of selectolax, which reads HTML as browsers do. It trusts nothing that rendered the page:
whatever a template did, no page goes out with a link that leads nowhere, a request to another site, a wrong
number, or without its notice.

A page whose every tag is written in the plainest way, as our templates write them, is read by its tags alone,
and a tag that was found in order in a folder is not judged there again. Any other page is read by the parser,
and so is one with which something is wrong. A test holds the quick way to the parser's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from handbill import diagnostics
from handbill.model import Diagnostic, Place

_LINKS = frozenset(
    ("href", "xlink:href", "src", "srcset", "action", "formaction", "data", "poster", "ping", "background")
)
_INERT = frozenset(("rel", "hreflang", "lang", "dir", "type", "content", "name", "scope", "role"))
"""The commonest attributes of which nothing can come."""
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
    exits: Mapping[str, str] = field(default_factory=dict)
    """Address to leave to, by the first folder of a page's path; none where the site has no exit."""
    in_order: dict[str, set[bytes]] = field(default_factory=dict, compare=False, repr=False)
    """Folder → tags that were found in order on one of its pages, and are so on each of them.

    Under `*` in a folder's place are those that only lead up: they are in order in all folders beside it.
    """


@dataclass(frozen=True, slots=True)
class Fragments:
    """What is kept of a page until all are known; the same for most translations of a guide."""

    ids: frozenset[str]
    wanted: tuple[str, ...]
    """Its links within the site that have a fragment, as they stand there."""
    loads: tuple[str, ...] = ()
    """The paths of all that a browser asks for to show the page, each once."""


def web_page(
    page: bytes, path: str, finished: Finished, notice: str | None
) -> tuple[Fragments, tuple[Diagnostic, ...]]:
    """Return where a finished page's fragments lead, and what is wrong with the page.

    `notice` is the plain text of the safety notice where the page must carry it. Diagnostics:
    `dead-link`, `outside-request`, `active-content`, `exit-missing`, `notice-missing`, `page-language`.
    """
    folder = path.rpartition("/")[0]
    if folder not in finished.in_order:  # its pages come one after the other: what was left may be forgotten
        for left in [name for name in finished.in_order if not name.endswith("*")]:
            del finished.in_order[left]
    here = finished.in_order.setdefault(folder, set())
    beside = finished.in_order.setdefault(f"{folder.rpartition('/')[0]}/*" if folder else "*", set())
    page, leaves, script = _without_exit(page, path, finished) if finished.exits else (page, True, ())
    if read := _read_by_tags(page, here, beside):
        fragments, problems = _judged(read, path, finished, notice, script)
        if not problems and leaves:
            here.update(read.lasting)
            beside.update(read.leading_up)
            return fragments, ()
    fragments, problems = _judged(_read_as_browsers(page), path, finished, notice, script)
    return fragments, problems if leaves else (diagnostics.exit_missing(_place(path)), *problems)


def _judged(
    read: _Read, path: str, finished: Finished, notice: str | None, script: tuple[str, ...]
) -> tuple[Fragments, tuple[Diagnostic, ...]]:
    place = _place(path)
    folder = path.rpartition("/")[0]
    problems: list[Diagnostic] = []
    wanted: list[str] = []
    loads = dict.fromkeys(script)
    for link, followed in read.links.items():
        if link[:1] == "#" and path in finished.paths:
            if len(link) > 1:
                wanted.append(link)
            continue
        if ":" in link or link.startswith("//"):
            if link not in finished.outside or not followed:
                problems.append(diagnostics.outside_request(place, link))
            continue
        target, _, fragment = link.partition("#")
        resolved = _resolved(folder, target) if target else path
        if resolved not in finished.paths:
            problems.append(diagnostics.dead_link(place, link))
        elif fragment:
            wanted.append(link)
        elif not followed and not resolved.endswith(".html"):
            loads[resolved] = None
    problems.extend(diagnostics.active_content(place, tag) for tag in read.active)
    problems.extend(_shared_problems(read, place, notice))
    return Fragments(frozenset(read.ids), tuple(wanted), tuple(loads)), tuple(problems)


def _place(path: str) -> Place:
    return Place(f"dist/site/{path}")


def page_anywhere(
    page: bytes, path: str, finished: Finished, base: str
) -> tuple[Fragments, tuple[Diagnostic, ...]]:
    """Return the same of a page that a server shows at any address: its links must begin at the site's root.

    `base` is the path of the site on its server.
    """
    up = "../" * path.count("/")
    links = {link.decode(errors="replace") for link in _ADDRESSED.findall(page)}
    dead = (
        diagnostics.dead_link(Place(f"dist/site/{path}"), link)
        for link in sorted(links)
        if not link.startswith((base, "#")) and link not in {*finished.outside, *finished.exits.values()}
    )
    here = page.replace(f'="{base}'.encode(), f'="{up}'.encode())
    found, problems = web_page(here, path, finished, None)
    return found, (*dead, *problems)


_ADDRESSED = re.compile(rb' (?:href|src)="([^"]*)"')


def _without_exit(page: bytes, path: str, finished: Finished) -> tuple[bytes, bool, tuple[str, ...]]:
    """Return a page without its exit and the exit's script, whether it had the exit, and the script's path.

    Both must stand there exactly so: what is left is judged like any other page, where neither may be.
    """
    script = (f'src="{"../" * path.count("/")}{_SCRIPT}" defer').encode()
    found = tuple(
        tag
        for tag in (b"<script %b></script>" % script, b'<script %b data-history="replace"></script>' % script)
        if _SCRIPT in finished.paths and page.count(tag) == 1
    )
    for tag in found:
        page = page.replace(tag, b"")
    link = _EXIT.search(page)
    address = finished.exits.get(path.partition("/")[0] if "/" in path else "")
    if link is None or link[2].decode(errors="replace") != address or b"<!--" in page[: link.start()]:
        return page, False, (_SCRIPT,) * len(found)
    return page[: link.start(1)] + b"<a>" + page[link.end(1) :], True, (_SCRIPT,) * len(found)


_SCRIPT = "assets/leave.js"
"""The only script that a page may load, and only where there is an exit for it to work on."""
_EXIT = re.compile(rb'<body[^<>]*>\s*(<a class="leave" href="([^"<>]*)" rel="nofollow noreferrer">)')
"""The link to leave, as the first element of a page, saying nothing of where the reader comes from."""


def style_sheet(text: str, place: Place) -> tuple[Diagnostic, ...]:
    """Return what a style sheet would fetch from outside the site: `outside-request`."""
    return tuple(diagnostics.outside_request(place, found[0]) for found in _CSS_REQUEST.finditer(text))


_CSS_REQUEST = re.compile(r"""@import\b[^;]*|url\(\s*["']?(?:[a-z][a-z0-9+.-]*:|//)[^)]*\)""", re.IGNORECASE)


def fragments(pages: Mapping[str, Fragments]) -> Iterator[Diagnostic]:
    """Yield the links whose fragment no finished page has."""
    for path, page in pages.items():
        folder = path.rpartition("/")[0]
        for link in page.wanted:
            target, _, fragment = link.partition("#")
            resolved = _resolved(folder, target) if target else path
            if resolved in pages and fragment not in pages[resolved].ids:
                yield diagnostics.dead_link(_place(path), f"{resolved}#{fragment}")


def booklet_page(text: str, place: Place, notice: str | None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a booklet's print HTML: `notice-missing`, `page-language`, `dead-link`.

    `notice` is None for what suggests nothing, such as a card with numbers alone.
    """
    page = _read_as_browsers(text.encode())
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
    """What a finished page holds of what is checked here."""

    root: Mapping[str, str | None]
    """The attributes of the page itself."""
    links: dict[str, bool] = field(default_factory=dict)
    """Address → whether it is only ever a reader who follows it, in an `a`."""
    ids: list[str] = field(default_factory=list)
    active: list[str] = field(default_factory=list)
    """Tags of elements that could do something, or that carry a style of their own."""
    notices: list[str] = field(default_factory=list)
    """The text of each element of class `notice`, spaces folded."""
    lasting: list[bytes] = field(default_factory=list)
    """Tags that are in order on every page of the folder if they are on this one."""
    leading_up: list[bytes] = field(default_factory=list)
    """The same, of tags that lead to the same place from the folders beside it too."""

    def add(self, element: _Element) -> None:
        for address in element.links:
            self.links[address] = element.tag == "a" and self.links.get(address, True)
        if element.id is not None:
            self.ids.append(element.id)
        if element.active:
            self.active.append(element.tag)


class _Element(NamedTuple):
    """What a tag has of what is checked here; a named tuple, for each page has some that no other has."""

    tag: str
    links: tuple[str, ...]
    id: str | None
    notice: bool
    active: bool
    lasts: bool
    """Whether it says nothing of its own page alone: what a page loads is told of each page."""
    leads_up: bool
    """Whether it is a link that leads to the same place from all folders beside each other."""


_NOTHING = _Element("", (), None, notice=False, active=False, lasts=True, leads_up=False)
_NOT_PLAIN = _Element("", (), None, notice=False, active=False, lasts=False, leads_up=False)


def _read_as_browsers(page: bytes) -> _Read:
    """Read any page, in one walk."""
    from selectolax.lexbor import LexborHTMLParser  # few builds need it

    root = LexborHTMLParser(page).root
    assert root is not None, "an HTML parser makes a page of anything"
    read = _Read(root.attributes)
    for node in root.traverse():
        element = _element(node.tag or "", node.attributes)
        read.add(element)
        if element.notice:
            read.notices.append(_folded(node.text()))
    return read


def _read_by_tags(page: bytes, here: Set[bytes], beside: Set[bytes]) -> _Read | None:
    """Read a page of plain tags alone, or return None.

    `<` and `>` come by turns, and what holds text alone holds no tag, so the tags are what a browser sees.
    """
    tags = page.replace(b">", b"<").split(b"<")[1::2]
    if page.translate(None, _NEITHER) != b"<>" * len(tags) or tags[:1] != [b"!DOCTYPE html"]:
        return None
    root = _root(tags[1]) if len(tags) > 1 else None
    if root is None or root[0] != "html":
        return None
    read = _Read(root[1])
    for tag in sorted(set(tags[1:]).difference(here, beside)):
        element = _element_of(tag)
        if element is _NOT_PLAIN or (element.tag in _TEXT_ALONE and not _holds_text(page, tag, element.tag)):
            return None
        read.add(element)
        if element.notice:
            end = f"</{element.tag}>".encode()
            for passage in page.split(b"<%b>" % tag)[1:]:
                inner, closed, _ = passage.partition(end)
                if not closed or f"<{element.tag}".encode() in inner:
                    return None
                read.notices.append(_text_of(inner))
        if element.lasts:
            (read.leading_up if element.leads_up else read.lasting).append(tag)
    return read


def _holds_text(page: bytes, tag: bytes, name: str) -> bool:
    """Whether after each tag like this one the next is its end tag."""
    start, end = b"<%b>" % tag, f"</{name}>".encode()
    place = page.find(start)
    while place >= 0 and page.startswith(end, page.find(b"<", place + len(start))):
        place = page.find(start, place + len(start))
    return place < 0


_TEXT_ALONE = frozenset(
    ("title", "textarea", "script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext")
)
"""Elements in which a browser may see text in place of tags."""
_NEITHER = bytes(set(range(256)) - set(b"<>"))
_TAG = re.compile(rb"<[^<>]*>")
_PLAIN_TAG = re.compile(
    r'([a-z][a-z0-9]*+)((?: [a-z][a-z:-]*+(?:="[^"&\n]*+(?:&(?:amp|lt|gt|quot|#34|#39);[^"&\n]*+)*+")?+)*+)'
)
_END_TAG = re.compile(rb"/[a-z][a-z0-9]*")
_ATTRIBUTE = re.compile(r' ([a-z:-]+)(?:="([^"]*)")?')


def _plain_tag(tag: bytes) -> tuple[str, dict[str, str | None]] | None:
    """Return the name and attributes of a start tag in plain form, without its brackets, or None."""
    match = _PLAIN_TAG.fullmatch(tag.decode(errors="replace"))
    if match is None:
        return None
    attributes: dict[str, str | None] = {}
    for name, value in _ATTRIBUTE.findall(match[2]):
        attributes.setdefault(name, unescape(value))  # of two with one name, browsers take the first
    return match[1], attributes


_root = lru_cache(maxsize=1 << 6)(_plain_tag)
"""The same for tags that begin a page: there are two for each language at most."""


@lru_cache(maxsize=1 << 11)
def _element_of(tag: bytes) -> _Element:
    """Return what is checked of a tag without its brackets: it may be `_NOTHING` or `_NOT_PLAIN`."""
    if tag.startswith(b"/"):
        return _NOTHING if _END_TAG.fullmatch(tag) else _NOT_PLAIN
    plain = _plain_tag(tag)
    return _NOT_PLAIN if plain is None else _element(*plain)


@lru_cache(maxsize=1 << 8)
def _text_of(html: bytes) -> str:
    """Return the text in plain HTML, spaces folded."""
    return _folded(unescape(_TAG.sub(b"", html).decode()))


def _element(tag: str, attributes: Mapping[str, str | None]) -> _Element:
    """Return what is checked of an element, `_NOTHING` if there is nothing."""
    links: list[str] = []
    id, notice, active = None, False, tag in _ACTIVE
    for name, written in attributes.items():
        if name in _INERT:
            continue
        value = written or ""
        if name in _LINKS:
            links.append(value)
        elif name == "id":
            id = value
        elif name == "class":
            notice = "notice" in value.split()
        elif (
            name == "http-equiv"
            and value == "refresh"
            and (moved := _MOVED.fullmatch(attributes.get("content") or ""))
        ):
            links.append(moved[1])
        elif _acts(name, value):
            active = True
    if not (links or notice or active or tag in _TEXT_ALONE) and id is None:
        return _NOTHING
    led = all(["#" not in link and (tag == "a" or link.endswith(".html")) for link in links])
    lasts = led and id is None and not notice and tag not in _TEXT_ALONE
    return _Element(
        tag,
        tuple(links),
        id,
        notice,
        active,
        lasts=lasts,
        leads_up=lasts and bool(links) and all([link.startswith("../") for link in links]),
    )


_MOVED = re.compile(r"0; url=([a-z0-9-]+\.html)")
"""Where a page that has moved leads, at once: to a page beside it, and nowhere else."""


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
