"""A real browser on the finished site: what one visit to a page shows, and what axe-core says of it.

Chromium is the machine's own, driven by Playwright; nothing here reaches beyond this machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

Scheme = Literal["light", "dark"]

NARROW, WIDE = 320, 1280
"""CSS pixels: the narrowest screen that must work without sideways scrolling, and a desk."""

_QUIET = (
    "--no-sandbox",  # the checks may run as root, in a container
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# One trip into the page for everything that the checks want to know of it.
_READ = """() => {
  const root = document.documentElement, all = (selector) => [...document.querySelectorAll(selector)];
  return {
    language: root.lang,
    direction: getComputedStyle(root).direction,
    title: document.title,
    text: document.body.innerText,
    ids: all("[id]").map((element) => element.id),
    links: all("a[href], link[href]").map((link) => [link.getAttribute("href"), link.innerText ?? ""]),
    styled: getComputedStyle(root).getPropertyValue("--paper") !== "",
    broken: all("img").filter((image) => !image.naturalWidth).map((image) => image.getAttribute("src")),
    active: all("script, iframe, object, embed, form, [style], style").map((element) => element.outerHTML),
    overflow: root.scrollWidth - root.clientWidth,
    unseen: all(".number").filter((number) => {
      const box = number.getBoundingClientRect();
      return !(box.width > 0 && box.left >= 0 && box.right <= root.clientWidth);
    }).map((number) => number.innerText),
    wide: all("body *").filter((element) => {
      const box = element.getBoundingClientRect();
      return !element.closest(".table, .skip") && (box.right > root.clientWidth + 1 || box.left < -1);
    }).map((element) => element.outerHTML.slice(0, 120)),
  };
}"""

AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The rules that a page is held to."""

# `region` is advice of axe's, no rule of WCAG: all of a page in landmarks, so that a screen reader can jump
# over it. Here the exit and the skip link must come before all else, for every reader. A landmark around a
# single link would only be one more thing to hear; axe itself lets a skip link stand alone, where no other
# link comes first.
_SETTINGS = """
axe.configure({ rules: [{ id: "region", selector: "body *:not(.leave):not(.skip)" }] });
"""

# Beside those: contrast of 7:1 (AAA). What axe itself leaves out by default is asked for by its tag.
_RUN_AXE = """async (tags) => {
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: { type: "tag", values: tags },
    rules: { "color-contrast-enhanced": { enabled: true } },
  });
  window.axeRules = ["violations", "passes", "incomplete", "inapplicable"]
    .flatMap((kind) => found[kind].map((rule) => rule.id));
  return found.violations.flatMap((violation) => violation.nodes.map((node) =>
    `${violation.id}: ${node.html.slice(0, 160)} (${node.failureSummary.replaceAll(/\\s+/g, " ")})`));
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one page showed, asked for and complained of."""

    path: str
    """Below the site's folder."""
    requests: tuple[str, ...]
    """Addresses, the page's own first."""
    complaints: tuple[str, ...]
    """Errors and warnings of the console, breaches of the security policy among them, and failed requests."""
    seen: Mapping[str, Any]
    """What `_READ` gives."""

    @property
    def dialled(self) -> tuple[tuple[str, str], ...]:
        """(address, words) of every `tel:` and `sms:` link."""
        return tuple((href, text) for href, text in self.seen["links"] if href.startswith(("tel:", "sms:")))


def readers() -> dict[str, str]:
    """Return the environment of a reader's browser: with the machine's own fonts, not those for print."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG_")}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium; where there is none, the test fails."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("chromium is not installed: `python3 build.py test` installs it on Debian and Ubuntu")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_QUIET), env=readers())
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, *, width: int = NARROW, scheme: Scheme = "light", scripts: bool = True
) -> Iterator[Page]:
    """Open an empty page in a context of its own; `scripts` is false where the reader's are off."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of the loopback interface; gives its address, which ends in `/`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


def visit(page: Page, base: str, path: str) -> Visit:
    """Load one page of the site at `base` (an address that ends in `/`) and note what happens."""
    requests: list[str] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def note(request: Request) -> None:
        if (
            request.failure != "net::ERR_ABORTED"
        ):  # the browser's own choice, such as an icon no longer needed
            complaints.append(f"{request.url}: {request.failure}")

    listeners: dict[Any, Any] = {
        "request": lambda request: requests.append(request.url),
        "requestfailed": note,
        "console": hear,
        "pageerror": lambda error: complaints.append(str(error)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.goto(base + path)
    seen = page.evaluate(_READ)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return Visit(path, tuple(requests), tuple(complaints), seen)


def axe(page: Page) -> list[str]:
    """Run axe-core on the page as it stands; return a line for each thing it finds."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    found: list[str] = page.evaluate(_RUN_AXE, list(AXE_TAGS))
    return found


def axe_colours(page: Page) -> list[str]:
    """Run what of axe-core depends on colours, on a page that it has seen whole in others."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    found: list[str] = page.evaluate(_RUN_AXE, ["cat.color"])
    return found


def axe_rules(page: Page) -> tuple[set[str], set[str]]:
    """Return the rules that the last `axe` of a page went by, and those that axe has for our tags."""
    asked = page.evaluate("window.axeRules")
    known = page.evaluate(
        "(tags) => axe.getRules(tags).filter((rule) => !rule.tags.includes('deprecated')"
        " && !rule.tags.includes('experimental')).map((rule) => rule.ruleId)",
        list(AXE_TAGS),
    )
    return set(asked), set(known)


@cache
def _axe_source() -> str:
    # Through the debugger's door, which the page's security policy does not guard: it stays in force.
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8") + _SETTINGS
