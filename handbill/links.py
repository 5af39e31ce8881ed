"""Where a link in a message goes, on the web and inside a booklet; and relative links between pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from handbill import contacts
from handbill.model import Document, PagePlan, Project, Site, Unit


def web_links(project: Project, documents: Mapping[str, Document]) -> dict[str, dict[str, str]]:
    """Return for each guide: link target as written → `href` on the web."""
    shared = dict(_contact_links(project))
    for document in documents.values():
        shared[f"{document.guide}.md"] = f"{document.guide}.html"
        for anchor in document.anchors:
            shared[f"{document.guide}.md#{anchor}"] = f"{document.guide}.html#{anchor}"
    return {
        document.guide: shared | {f"#{anchor}": f"#{anchor}" for anchor in document.anchors}
        for document in documents.values()
    }


def web_link(target: str) -> str:
    """Return the `href` on the web of a link to a guide as written.

    >>> web_link("leaving.md#now"), web_link("leaving.md")
    ('leaving.html#now', 'leaving.html')
    """
    guide, mark, anchor = target.partition("#")
    return f"{guide.removesuffix('.md')}.html{mark}{anchor}"


def print_links(
    project: Project, documents: Mapping[str, Document], guides: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return for each guide of a booklet: link target as written → `href` inside the booklet.

    A guide that is not in the booklet has no target there: its links become plain text.
    """
    shared = dict(_contact_links(project))
    for guide in guides:
        shared[f"{guide}.md"] = f"#{guide}"
        for anchor in documents[guide].anchors:
            shared[f"{guide}.md#{anchor}"] = f"#{print_anchor(guide, anchor)}"
    return {
        guide: shared
        | {f"#{anchor}": f"#{print_anchor(guide, anchor)}" for anchor in documents[guide].anchors}
        for guide in guides
    }


def print_anchor(guide: str, anchor: str) -> str:
    """Return the id of a guide's heading inside a booklet, where several guides share one page of HTML."""
    return f"{guide}.{anchor}"


def section(document: Document, anchor: str) -> Document:
    """Return the part of a document that an anchor leads to: from its heading to the next that is no deeper.

    With messages as before, of which only those in its units are shown. All of it where no heading of its own
    level has the anchor.
    """
    start = next((heading for heading in document.headings if heading.anchor == anchor), None)
    if start is None:
        return document
    ends = {
        heading.message
        for heading in document.headings
        if heading.level <= start.level and heading.message > start.message
    }
    found: list[Unit] = []
    for unit in document.units:
        if found and not ends.isdisjoint(unit.slots):
            break
        if found or start.message in unit.slots:
            found.append(unit)
    return replace(document, units=tuple(found))


def relative(path: str, start: str) -> str:
    """Return the relative link from the page at `start` to `path`, both below the site's root.

    >>> relative("es/print.html", "index.html"), relative("ar/index.html", "es/index.html")
    ('es/print.html', '../ar/index.html')
    """
    here = start.split("/")[:-1]
    there = path.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:])


def base(site: Site) -> str:
    """Return the path of the site on its server, `/` or `/guides/`: that of its address, if it has one."""
    path = site.address.partition("://")[2].partition("/")[2].strip("/")
    return f"/{path}/" if path else "/"


def absolute(path: str, site: Site) -> str:
    """Return the whole address of a page of a site that has one; `path` is below the site's root."""
    return f"{site.address.rstrip('/')}/{'' if path == 'index.html' else path}"


def without_language(page: PagePlan) -> str:
    """Return the page for who reads none of the site's languages: the choice of them, or the source's."""
    return "index.html" if page.kind in ("chooser", "home") else page.alternates[0][1]


def _contact_links(project: Project) -> Iterator[tuple[str, str]]:
    for contact in project.contacts:
        for channel, value in contact.channels:
            if channel == "web":
                yield f"{{{contact.id}.web}}", contacts.href(channel, value)
