"""Old addresses, addresses where nothing is, and the worksheet, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser import axe, chromium, opened, readers, visit
from example import write_project
from playwright.sync_api import Browser, Page

from handbill.pipeline import Options, build

SITE = "content/site.toml"
GUIDE = "content/guides/light.md"
BOOKLETS = "content/booklets.toml"
WORDS = "What I saw on the balcony\n" * 9


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's pages, in a folder `guides` of their server, with an old name and a worksheet."""
    folder = tmp_path_factory.mktemp("finding")
    write_project(folder)
    (folder / BOOKLETS).write_text("", encoding="utf-8")
    text = (folder / SITE).read_text(encoding="utf-8")
    text = (
        f'address = "https://plants.example/guides"\n{text}\n[exit]\naddress = "https://weather.example/"\n'
    )
    (folder / SITE).write_text(text, encoding="utf-8")
    text = (folder / GUIDE).read_text(encoding="utf-8").replace("\ndiscreet: true\n", "\naliases: [sun]\n")
    (folder / GUIDE).write_text(
        f"{text}\n## What I saw {{#saw}}\n\n::: lines 2\n:::\n\n- [ ] I watered it.\n", encoding="utf-8"
    )
    outcome = build(Options(folder, date(2026, 11, 21), jobs=1), lambda what, done, total: None)
    assert outcome.pages, outcome.diagnostics
    shutil.copytree(folder / "dist" / "site", folder / "served" / "guides")
    return folder / "served"


class _Handler(SimpleHTTPRequestHandler):
    """A server that shows the site's own page where nothing is, as dist/hosting/ has servers do."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        locale = self.path.split("/")[2] if self.path.count("/") > 2 else ""
        page = Path(self.directory) / "guides" / locale / "404.html"
        content = (page if page.exists() else Path(self.directory) / "guides" / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/guides/"
        server.shutdown()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_old_address_leads_on_from_a_disk_and_back_does_not_return_to_it(
    browser: Browser, site: Path, scripts: bool
) -> None:
    base = (site / "guides").as_uri()
    for locale in ("en", "es"):
        with opened(browser, scripts=scripts) as page:
            page.goto(f"{base}/{locale}/contacts.html")
            page.goto(f"{base}/{locale}/sun.html")
            page.wait_for_url(f"{base}/{locale}/light.html")
            page.wait_for_load_state()
            page.go_back()
            assert page.url == f"{base}/{locale}/contacts.html"


@pytest.mark.parametrize(
    ("asked", "languages"),
    [
        ("en/secret.html", ["en"]),
        ("es/a/b/secret/", ["es"]),
        ("secret", ["en", "es"]),
        ("a/b/c/secret.html", ["en", "es"]),
    ],
)
def test_where_nothing_is_a_page_says_so_at_any_depth_and_leads_on(
    browser: Browser, site: Path, asked: str, languages: list[str]
) -> None:
    with served(site) as base, opened(browser, scripts=False) as page:
        seen = visit(page, base, asked)
        assert [complaint for complaint in seen.complaints if "404" not in complaint] == []
        assert seen.seen["styled"]
        assert "secret" not in page.content()
        assert seen.seen["language"] == languages[0]
        assert [part.get_attribute("lang") for part in page.locator("main div[lang]").all()] == languages
        assert axe_of(browser, base + asked) == []
        for link in page.locator("main div[lang] a").all():
            answer = page.request.get(base.removesuffix("/guides/") + str(link.get_attribute("href")))
            assert answer.ok, link.get_attribute("href")


def axe_of(browser: Browser, address: str) -> list[str]:
    with opened(browser) as page:
        page.goto(address)
        return axe(page)


@contextmanager
def kept(browser: Browser) -> Iterator[Page]:
    """Open a page in a browser that keeps pages whole for the way back, as those of readers do."""
    started = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        env=readers(),
        args=["--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    try:
        yield started.new_page()
    finally:
        started.close()


def fields(page: Page) -> tuple[str, bool]:
    """Return what the worksheet's fields hold."""
    return page.get_by_label("What I saw").input_value(), page.get_by_label("I watered it.").is_checked()


def fill_in(page: Page) -> None:
    page.get_by_label("What I saw").fill(WORDS)
    page.get_by_label("I watered it.").check()


def test_a_worksheet_takes_words_and_ticks_without_a_script_and_shows_them_in_full_on_paper(
    browser: Browser, site: Path
) -> None:
    with opened(browser, scripts=False) as page:
        page.goto(f"{(site / 'guides').as_uri()}/en/light.html")
        fill_in(page)
        page.emulate_media(media="print")
        seen = page.get_by_label("What I saw").evaluate("field => [field.scrollHeight, field.clientHeight]")
        assert seen[0] <= seen[1] + 1
        page.emulate_media(media="screen")
        page.get_by_label("What I saw").fill("")
        empty = page.get_by_label("What I saw").bounding_box()
        assert empty
        assert empty["height"] >= 2 * 40, "two lines for a pen"


@pytest.mark.parametrize("scripts", [True, False])
def test_words_typed_in_a_worksheet_are_gone_after_a_reload_and_on_the_way_back(
    browser: Browser, site: Path, scripts: bool
) -> None:
    with served(site) as base, opened(browser, scripts=scripts) as page:
        page.goto(f"{base}en/light.html")
        fill_in(page)
        page.reload()
        assert fields(page) == ("", False)
        fill_in(page)
        page.goto(f"{base}en/index.html")
        page.go_back()
        assert fields(page) == ("", not scripts), "browsers bring ticks back, so a script must take them away"


def test_a_script_empties_a_worksheet_that_the_browser_keeps_as_it_was_left(
    browser: Browser, site: Path
) -> None:
    with served(site) as base, kept(browser) as page:
        page.goto(f"{base}en/light.html")
        fill_in(page)
        page.evaluate("addEventListener('pageshow', (event) => { document.title = event.persisted })")
        page.goto(f"{base}en/index.html")
        page.evaluate("history.back()")
        page.wait_for_url(f"{base}en/light.html", wait_until="commit")
        page.wait_for_function("document.title === 'true'")
        assert fields(page) == ("", False)


def test_a_worksheet_sends_and_stores_nothing(browser: Browser, site: Path) -> None:
    with served(site) as base, opened(browser) as page:
        page.goto(f"{base}en/light.html")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        fill_in(page)
        page.get_by_label("What I saw").press("Enter")
        page.wait_for_timeout(100)
        assert [address for address in asked if not address.endswith("/icon.svg")] == []
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
