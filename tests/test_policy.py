"""The one list of response headers: what it forbids, and that a browser takes it so."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser import chromium, opened
from playwright.sync_api import Browser

from handbill import policy

UNKNOWN = re.compile(r"Error with Permissions-Policy header: Unrecognized feature: '([a-z-]+)'\.")
"""What Chromium says of a feature that only browsers on other systems have."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def test_a_page_loads_from_its_own_site_alone_and_sends_nothing() -> None:
    directives = dict(policy.IN_HEADER)
    assert directives.pop("default-src") == "'none'"
    own = {name: directives.pop(f"{name}-src") for name in ("style", "img", "font", "script")}
    assert set(own.values()) == {"'self'"}
    assert directives == dict.fromkeys(("base-uri", "form-action", "frame-ancestors"), "'none'")


def test_a_page_says_all_of_it_that_a_page_can_say(built_sample: Path) -> None:
    assert set(policy.IN_HEADER) - set(policy.IN_PAGE) == {("frame-ancestors", "'none'")}
    pages = sorted((built_sample / "site").rglob("*.html"))
    assert pages
    for page in pages:
        said = re.findall(
            r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page.read_text(encoding="utf-8")
        )
        assert [unescape(policy) for policy in said] == [policy.content_security(policy.IN_PAGE)], page


def test_no_header_is_there_twice_or_could_break_a_servers_settings() -> None:
    names = [header.name for header in policy.headers(secure=True)]
    assert len(names) == len(set(names))
    for header in policy.headers(secure=True):
        assert re.fullmatch(r"[ !#-\[\]-~]+", header.value), "no quote, backslash, line end or other script"


def test_https_alone_speaks_of_https() -> None:
    assert policy.HSTS in policy.headers(secure=True)
    assert policy.HSTS not in policy.headers(secure=False)


@contextmanager
def _serving() -> Iterator[str]:
    """Serve an empty page with every header."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for header in policy.headers(secure=False):
                self.send_header(header.name, header.value)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>A page</title>")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_this_browser_leaves_no_feature_to_a_page_and_understands_every_header(browser: Browser) -> None:
    with _serving() as address, opened(browser) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto("about:blank")
        known = set(page.evaluate("document.featurePolicy.features()"))
        page.goto(address)
        assert page.evaluate("document.featurePolicy.allowedFeatures()") == []
        assert known - set(policy.FEATURES) == set(), "features that this browser has gained"
        assert [line for line in said if not UNKNOWN.fullmatch(line)] == []
