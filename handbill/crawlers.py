"""Phase *crawlers*: plan → `robots.txt` and `sitemap.xml`, for search engines. No time or name is in them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from handbill import links
from handbill.model import PageKind, PagePlan, Plan, Site

_LISTED: tuple[PageKind, ...] = ("chooser", "home", "guide", "contacts", "print", "letters")


def files(plan: Plan, site: Site) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file for search engines."""
    for path in plan.crawled:
        yield path, _sitemap(plan, site) if path.endswith(".xml") else _robots(plan, site)


def _robots(plan: Plan, site: Site) -> str:
    """Return what crawlers may read: all, or all but the PDFs.

    Pages of a site that is not to be listed say so themselves, and must be read for it: an address that
    crawlers may not read is still listed where others link to it. PDFs cannot say so.
    """
    if site.indexing:
        where = (f"Sitemap: {links.absolute('sitemap.xml', site)}",) if site.address else ()
        return "\n".join(("User-agent: *", "Disallow:", *where, ""))
    folders = dict.fromkeys(path.rpartition("/")[0] for path in plan.pdfs)
    closed = [f"Disallow: {links.base(site)}{folder}/" for folder in folders]
    return "\n".join(("User-agent: *", *(closed or ["Disallow:"]), ""))


def _sitemap(plan: Plan, site: Site) -> str:
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
            ' xmlns:xhtml="http://www.w3.org/1999/xhtml">',
            *(line for page in plan.pages if page.kind in _LISTED for line in _entry(page, site)),
            "</urlset>",
            "",
        )
    )


def _entry(page: PagePlan, site: Site) -> Iterator[str]:
    yield f"<url><loc>{escape(links.absolute(page.path, site))}</loc>"
    sisters = [(locale.replace("_", "-"), path) for locale, path in page.alternates]
    for tag, path in (*sisters, ("x-default", links.without_language(page))):
        yield f'<xhtml:link rel="alternate" hreflang="{tag}" href="{escape(links.absolute(path, site))}"/>'
    yield "</url>"
