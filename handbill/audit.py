"""Phase *audit*: finished pages → diagnostics. What is about to be published is read once more.

The only importer of lxml. It trusts nothing that rendered the page: whatever a template did, no page goes
out with a link that leads nowhere, a request to another site, a wrong number, or without its notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

from handbill import diagnostics
from handbill.model import Diagnostic, Place

_LINKS = etree.XPath("//@href | //@src | //@srcset | //@action | //@formaction | //@data | //@poster")
_IDS = etree.XPath("//@id")
_ACTIVE = etree.XPath("//script | //iframe | //object | //embed | //form | //*[@style] | //style")
_NOTICE = etree.XPath("//*[contains(concat(' ', normalize-space(@class), ' '), ' notice ')]")


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
    text: str, path: str, finished: Finished, notice: str | None
) -> tuple[Fragments, tuple[Diagnostic, ...]]:
    """Return where a finished page's fragments lead, and what is wrong with the page.

    `notice` is the plain text of the safety notice where the page must carry it. Diagnostics:
    `dead-link`, `outside-request`, `active-content`, `notice-missing`, `page-language`.
    """
    place = Place(f"dist/site/{path}")
    root = lxml_html.document_fromstring(text.encode(), parser=_PARSER)
    problems: list[Diagnostic] = []
    wanted: list[tuple[str, str]] = []
    folder = path.rpartition("/")[0]
    for link in dict.fromkeys(_LINKS(root)):
        if ":" in link or link.startswith("//"):
            if link not in finished.outside or link.getparent().tag != "a":
                problems.append(diagnostics.outside_request(place, link))
            continue
        target, _, fragment = link.partition("#")
        resolved = _resolved(folder, target) if target else path
        if resolved not in finished.paths:
            problems.append(diagnostics.dead_link(place, link))
        elif fragment:
            wanted.append((resolved, fragment))
    problems.extend(diagnostics.active_content(place, element.tag) for element in _ACTIVE(root))
    problems.extend(_shared_problems(root, place, notice))
    return Fragments(frozenset(_IDS(root)), tuple(wanted)), tuple(problems)


def fragments(pages: Mapping[str, Fragments]) -> Iterator[Diagnostic]:
    """Yield the links whose fragment no finished page has."""
    for path, page in pages.items():
        for target, fragment in page.wanted:
            if target in pages and fragment not in pages[target].ids:
                yield diagnostics.dead_link(Place(f"dist/site/{path}"), f"{target}#{fragment}")


def booklet_page(text: str, place: Place, notice: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a booklet's print HTML: `notice-missing`, `page-language`, `dead-link`."""
    root = lxml_html.document_fromstring(text.encode(), parser=_PARSER)
    ids = set(_IDS(root))
    dead = (
        diagnostics.dead_link(place, link)
        for link in dict.fromkeys(_LINKS(root))
        if link.startswith("#") and link[1:] not in ids
    )
    return (*dead, *_shared_problems(root, place, notice))


def _shared_problems(root: etree._Element, place: Place, notice: str | None) -> Iterator[Diagnostic]:
    if not root.get("lang") or root.get("dir") not in ("ltr", "rtl"):
        yield diagnostics.page_language(place)
    if notice is not None:
        found = (" ".join("".join(element.itertext()).split()) for element in _NOTICE(root))
        if " ".join(notice.split()) not in found:
            yield diagnostics.notice_missing(place)


def _resolved(folder: str, link: str) -> str:
    parts = folder.split("/") if folder else []
    for part in link.split("/"):
        if part == "..":
            if not parts:
                return link
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


_PARSER = lxml_html.HTMLParser(encoding="utf-8")
