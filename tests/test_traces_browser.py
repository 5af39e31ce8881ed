"""Every page of every language in Chromium, with scripts off and on: what it asks for, keeps and says.

It is served without any header of its own, as from the plainest host, where a page could keep what it liked.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, chromium, opened, served, visit
from playwright.sync_api import Browser, BrowserContext, Page

# All that a page can keep on its reader's device, by the doors that a script has to it.
KEPT = """async () => ({
  cookies: document.cookie,
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map((database) => database.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).map((worker) => worker.scope),
  name: window.name,
})"""
NOTHING: Mapping[str, Any] = {
    "cookies": "",
    "local": [],
    "session": [],
    "databases": [],
    "caches": [],
    "workers": [],
    "name": "",
}


@dataclass(frozen=True, slots=True)
class Walk:
    """A reader's walk through all pages, in one window."""

    visits: tuple[Visit, ...]
    kept: Mapping[str, Mapping[str, Any]]
    """Path → what was kept once the page was open."""
    state: Mapping[str, Any]
    """Cookies and storage of all addresses at the end, as the browser has them."""
    address: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module", params=[False, True], ids=["scripts off", "scripts on"])
def walk(browser: Browser, built_site: Path, request: pytest.FixtureRequest) -> Walk:
    paths = sorted(path.relative_to(built_site).as_posix() for path in built_site.rglob("*.html"))
    assert len(paths) > 50
    with served(built_site) as address, opened(browser, scripts=request.param) as page:
        visits, kept = [], {}
        for path in paths:
            visits.append(visit(page, address, path))
            kept[path] = page.evaluate(KEPT)
        return Walk(tuple(visits), kept, _state(page.context), address)


def _state(context: BrowserContext) -> Mapping[str, Any]:
    return dict(context.storage_state(indexed_db=True))


def test_nothing_is_asked_for_elsewhere(walk: Walk) -> None:
    out = {v.path: [url for url in v.requests if not url.startswith(walk.address)] for v in walk.visits}
    assert {path: urls for path, urls in out.items() if urls} == {}
    assert all(v.requests for v in walk.visits)


def test_nothing_is_kept(walk: Walk) -> None:
    assert {path: kept for path, kept in walk.kept.items() if kept != NOTHING} == {}
    assert walk.state == {"cookies": [], "origins": []}


def test_the_console_is_silent(walk: Walk) -> None:
    assert {v.path: v.complaints for v in walk.visits if v.complaints} == {}


def test_a_page_and_what_it_loads_are_three_requests_at_most_but_for_pictures(walk: Walk) -> None:
    for v in walk.visits:
        files = {url for url in v.requests if url.endswith((".css", ".js", ".html", ".woff2"))}
        assert len(files) <= 3, v.path


def test_what_a_page_keeps_would_be_seen(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        """<!DOCTYPE html><title>x</title><body><main></main><script>
        document.cookie = "a=b"; localStorage.c = 1; sessionStorage.d = 1; indexedDB.open("e");
        caches.open("f"); name = "g";</script></body>""",
        encoding="utf-8",
    )
    with served(tmp_path) as address, opened(browser) as page:
        page.goto(f"{address}page.html")
        page.wait_for_function(f"async () => (await ({KEPT})()).caches.length > 0")
        assert _differing(page) == set(NOTHING) - {"workers"}
        assert _state(page.context)["cookies"]


def _differing(page: Page) -> set[str]:
    kept = page.evaluate(KEPT)
    return {name for name, value in kept.items() if value != NOTHING[name]}


def test_the_site_opens_from_a_folder_with_spaces_and_signs(
    browser: Browser, built_site: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "My stick (100%) é #1 ?"
    shutil.copytree(built_site, folder, ignore=shutil.ignore_patterns("*.pdf"))
    base = f"{folder.resolve().as_uri()}/"
    with opened(browser) as page:
        for home in sorted(folder.glob("*/index.html")):
            page.goto(base + home.relative_to(folder).as_posix())
            pages = page.locator("main a[href$='.html']").count()
            assert pages
            page.locator("main a[href$='.html']").first.click()
            page.wait_for_url(f"{base}*/*.html*")
            arrived = visit(page, base, page.url.removeprefix(base))
            assert arrived.complaints == ()
            assert arrived.seen["styled"]
            assert [url for url in arrived.requests if not url.startswith(base)] == []
