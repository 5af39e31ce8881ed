"""Leaving fast, in a real browser: the exit on every page, what is gone when, and where Back leads.

The page that readers are taken to is asked for and not answered until the test says so: a line as slow as
can be, or one that gives up. The site stands at an address of its own, below a folder, and its pages are
handed to the browser by the test; nothing reaches the network.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browser import NARROW, WIDE, chromium
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
SITE, BEFORE = "http://guides.test/some/folder/", "http://before.test/"
WIDTHS = (NARROW, 768, WIDE)
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
EXITS = {
    "en": "https://www.weather.gov/",
    "es": "https://es.wikipedia.org/",
    "ar": "https://ar.wikipedia.org/",
    "zh-Hans": "https://zh.wikipedia.org/zh-cn/",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


STATUS = "document.querySelector('[role=status]').textContent"
SEEN = """[...document.querySelectorAll("main, header, .leaving p")].filter(
  (part) => part.checkVisibility({ visibilityProperty: true })).map((part) => part.tagName)"""


@dataclass
class Reader:
    """A browser's page on the site, and what it asked for elsewhere."""

    page: Page
    door: CDPSession
    """The debugger's own, for what Playwright would wait with."""
    waiting: list[Route] = field(default_factory=list)
    """Requests for pages of other sites, none of them answered yet."""

    def open(self, path: str) -> None:
        self.page.goto(SITE + path)

    def press_exit(self) -> None:
        """Hold the button of the mouse down on the exit."""
        box = self.page.locator(".leave").bounding_box()
        assert box
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()

    def asked(self) -> str:
        """Wait until a page of another site is asked for, and return its address."""
        while not self.waiting:
            self.page.wait_for_timeout(10)
        return self.waiting[-1].request.url

    def asked_in_vain(self) -> str:
        """The same, and say that nothing comes: the browser stays on the page that was left.

        While it waits, no debugger can look at the page.
        """
        address = self.asked()
        for route in self.waiting:
            route.fulfill(status=204)
        self.waiting.clear()
        self.page.wait_for_timeout(100)
        return address

    def arrive(self) -> None:
        """Let the page of the other site come at last."""
        address = self.asked()
        for route in self.waiting:
            route.fulfill(content_type="text/html", body="<title>Elsewhere</title><p>Elsewhere</p>")
        self.waiting.clear()
        self.page.wait_for_url(address)

    def told(self, expression: str) -> Any:
        """Return what a JavaScript expression is on the page as it stands."""
        found = self.door.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        return found["result"].get("value")

    def blank(self) -> bool:
        """Whether the window is an empty sheet of one neutral colour, for eyes and for screen readers."""
        taken = self.door.send("Page.captureScreenshot")
        picture = Image.open(io.BytesIO(base64.b64decode(taken["data"]))).convert("RGB")
        return not self.told(SEEN) and picture.getcolors() == [
            (picture.width * picture.height, (255, 255, 255))
        ]


@pytest.fixture
def reader(browser: Browser, built_site: Path) -> Callable[..., Any]:
    @contextmanager
    def reading(
        *, scripts: bool = True, touch: bool = False, edit: Callable[[str], str] = lambda text: text
    ) -> Iterator[Reader]:
        context = browser.new_context(
            viewport={"width": NARROW, "height": 700}, java_script_enabled=scripts, has_touch=touch
        )
        page = context.new_page()
        found = Reader(page, context.new_cdp_session(page))

        def hand_over(route: Route) -> None:
            path = built_site / route.request.url.removeprefix(SITE).partition("#")[0]
            text = path.read_text("utf-8")
            route.fulfill(
                content_type=TYPES[path.suffix], body=edit(text) if path.suffix == ".html" else text
            )

        context.route(re.compile(r"^https?:"), lambda route: found.waiting.append(route))
        context.route(re.compile(re.escape(SITE)), hand_over)
        context.route(BEFORE, lambda route: route.fulfill(content_type="text/html", body="Before"))
        try:
            found.page.goto(BEFORE)
            yield found
        finally:
            context.close()

    return reading


# --- the exit on every page --------------------------------------------------------------------------

# What is wrong with the exit at three places of a page: at its head, in its midst, at its end.
AT_HAND = """() => {
  const link = document.querySelector(".leave"), wrong = [];
  const words = (element) => [...element.childNodes].flatMap((node) => {
    const range = document.createRange();
    range.selectNode(node);
    return [...range.getClientRects()];
  });
  if (document.body.firstElementChild !== link || document.querySelector("a") !== link) wrong.push("first");
  for (const part of [0, .5, 1]) {
    scrollTo({ top: part * document.documentElement.scrollHeight, behavior: "instant" });
    const box = link.getBoundingClientRect();
    if (box.height < 48 || box.width < 48) wrong.push(`small at ${part}`);
    if (box.top < 0 || box.left < 0 || box.right > innerWidth || box.bottom > innerHeight)
      wrong.push(`out at ${part}`);
    for (const [x, y] of [[.5, .5], [.05, .5], [.95, .5], [.5, .05], [.5, .95]]) {
      const above = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
      if (above !== link) wrong.push(`covered at ${part} by ${above?.outerHTML.slice(0, 80)}`);
    }
  }
  scrollTo({ top: 0, behavior: "instant" });
  const box = link.getBoundingClientRect();
  for (const other of document.querySelectorAll("body p, body a, h1, nav, main")) {
    if (other === link || other.matches(".skip, .shifts")) continue;
    // Of the note, only its words count: it keeps room beside the exit.
    const boxes = other.matches(".leaving p") ? words(other) : [other.getBoundingClientRect()];
    if (boxes.some((part) => part.top < box.bottom - 1 && part.bottom > box.top && part.left < box.right
        && part.right > box.left))
      wrong.push(`covers ${other.outerHTML.slice(0, 80)}`);
  }
  return wrong;
}"""


def one_of_each(site: Path) -> Iterator[tuple[str, str]]:
    """The chooser and every kind of page, with the locale whose exit it has."""
    yield "index.html", "en"
    for tag in EXITS:
        kinds = ["index", "contacts", "print", "device", "leaving", "calm"]
        if (site / tag / "letters.html").exists():
            kinds.append("letters")
        yield from ((f"{tag}/{kind}.html", tag) for kind in kinds)


def test_the_exit_is_at_hand_on_every_page_at_every_width_wherever_a_reader_is(
    reader: Callable[..., Any], built_site: Path
) -> None:
    wrong = {}
    with reader() as found:
        for path, tag in one_of_each(built_site):
            found.open(path)
            link = found.page.locator(".leave")
            assert link.get_attribute("href") == EXITS[tag], path
            assert link.get_attribute("rel") == "nofollow noreferrer"
            assert link.inner_text().strip()
            for width in WIDTHS:
                found.page.set_viewport_size({"width": width, "height": 700})
                if problems := found.page.evaluate(AT_HAND):
                    wrong[path, width] = problems
    assert wrong == {}


def test_the_exit_is_on_all_pages(built_site: Path) -> None:
    pages = [path for path in built_site.rglob("*.html")]
    assert len(pages) > 70
    first = re.compile(r'<body[^>]*>\s*<a class="leave" href="([^"]*)"')
    for path in pages:
        found = first.search(path.read_text("utf-8"))
        assert found, path
        assert found[1] in EXITS.values()


def test_beside_it_stands_that_it_erases_nothing_and_a_way_to_the_page_on_devices(
    reader: Callable[..., Any],
) -> None:
    with reader() as found:
        for path, way in (("en/leaving.html", "device.html"), ("index.html", "en/device.html")):
            found.open(path)
            note = found.page.locator(".leaving")
            expect(note).to_contain_text("It does not erase your history.")
            assert note.locator("a").get_attribute("href") == way


def test_none_of_it_is_printed(reader: Callable[..., Any]) -> None:
    with reader() as found:
        for path in ("index.html", "en/leaving.html", "ar/index.html"):
            found.open(path)
            found.page.emulate_media(media="print")
            found.page.keyboard.press("Shift")
            expect(found.page.locator(".shifts")).not_to_be_empty()
            for part in (".leave", ".leaving", ".shifts"):
                expect(found.page.locator(part)).to_be_hidden()


def test_a_site_without_an_exit_has_no_link_and_no_script(built_sample: Path) -> None:
    for path in (built_sample / "site").rglob("*.html"):
        text = path.read_text("utf-8")
        assert 'class="leave' not in text, path
        assert "<script" not in text


# --- gone at once ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False])
def test_all_is_gone_while_the_mouse_presses_and_until_the_next_page_comes(
    reader: Callable[..., Any], scripts: bool
) -> None:
    with reader(scripts=scripts) as found:
        found.open("en/leaving.html")
        assert not found.blank()
        found.press_exit()
        assert found.blank()
        assert found.waiting == []
        found.page.mouse.up()
        assert found.asked_in_vain() == EXITS["en"]
        assert found.blank()
        assert found.told("document.title") == ("Loading…" if scripts else "Leaving")


@pytest.mark.parametrize("scripts", [True, False])
def test_all_is_gone_while_a_finger_presses_and_until_the_next_page_comes(
    reader: Callable[..., Any], scripts: bool
) -> None:
    with reader(scripts=scripts, touch=True) as found:
        found.open("ar/leaving.html")
        # Else the browser would lay a tint where it was touched, and let it fade on the blank sheet.
        tint = "getComputedStyle(document.querySelector('.leave')).webkitTapHighlightColor"
        assert found.told(tint) == "rgba(0, 0, 0, 0)"
        box = found.page.locator(".leave").bounding_box()
        found.page.touchscreen.tap(box["x"] + 60, box["y"] + 20)
        assert found.asked_in_vain() == EXITS["ar"]
        assert found.blank()


@pytest.mark.parametrize("scripts", [True, False])
def test_to_come_to_the_exit_by_the_tab_key_hides_nothing(reader: Callable[..., Any], scripts: bool) -> None:
    with reader(scripts=scripts) as found:
        found.open("en/leaving.html")
        found.page.keyboard.press("Tab")
        expect(found.page.locator(".leave")).to_be_focused()
        expect(found.page.locator("h1")).to_be_visible()
        assert not found.blank()
        found.page.keyboard.press("Tab")
        expect(found.page.locator(".leaving a")).to_be_focused()
        found.page.keyboard.press("Shift+Tab")
        found.page.keyboard.press("Enter")
        assert found.asked_in_vain() == EXITS["en"]
        assert found.blank() or not scripts


def test_a_press_on_the_note_beside_it_hides_nothing(reader: Callable[..., Any]) -> None:
    with reader(scripts=False) as found:
        found.open("en/leaving.html")
        found.page.locator(".leaving a").hover()
        found.page.mouse.down()
        expect(found.page.locator("h1")).to_be_visible()


def test_title_and_icon_say_nothing_once_a_reader_has_left(reader: Callable[..., Any]) -> None:
    with reader() as found:
        found.open("es/leaving.html")
        found.told("document.querySelector('.leave').click()")
        assert found.asked_in_vain() == EXITS["es"]
        assert found.told("document.title") == "Cargando…"
        assert found.told(
            """[document.querySelector("link[rel=icon]").href, document.body.children.length,
                document.body.textContent]"""
        ) == [f"{SITE}assets/blank.svg", 1, "Estás saliendo de esta página."]


def test_a_page_that_was_left_is_left_again_when_the_browser_shows_it_again(
    reader: Callable[..., Any],
) -> None:
    shown_again = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    with reader() as found:
        found.open("en/leaving.html")
        found.page.keyboard.press("Shift")
        found.page.evaluate(shown_again)
        expect(found.page.locator(".shifts")).to_be_empty()
        expect(found.page.locator("h1")).to_be_visible()
        found.told("document.querySelector('.leave').click()")
        found.asked_in_vain()
        found.told(shown_again)
        assert found.asked_in_vain() == EXITS["en"]
        assert found.blank()


# --- Shift three times -------------------------------------------------------------------------------


def test_shift_three_times_leaves_and_is_told_on_the_way(reader: Callable[..., Any]) -> None:
    with reader() as found:
        found.open("en/leaving.html")
        told = found.page.locator("[role=status]")
        expect(told).to_be_empty()
        found.page.keyboard.press("Shift")
        expect(told).to_have_text("Press Shift 2 more times to leave.")
        found.page.keyboard.press("Shift")
        expect(told).to_have_text("Press Shift 1 more time to leave.")
        found.page.keyboard.press("Shift")
        assert found.asked_in_vain() == EXITS["en"]
        assert found.blank()
        assert found.told(STATUS) == "You are leaving this page."


@pytest.mark.parametrize("between", ["a", "Shift+A", "Tab", "Shift+Tab", "Control+Shift", "Alt+Shift"])
def test_another_key_in_between_begins_anew(reader: Callable[..., Any], between: str) -> None:
    with reader() as found:
        found.open("en/leaving.html")
        told = found.page.locator("[role=status]")
        for key in ("Shift", "Shift", between):
            found.page.keyboard.press(key)
        expect(told).to_be_empty()
        found.page.keyboard.press("Shift")
        expect(told).to_have_text("Press Shift 2 more times to leave.")
        expect(found.page.locator("h1")).to_be_visible()
        assert found.waiting == []


def test_a_click_in_between_begins_anew_and_so_does_time(reader: Callable[..., Any]) -> None:
    with reader() as found:
        found.page.clock.install()
        found.open("en/leaving.html")
        told = found.page.locator("[role=status]")
        for begin_anew in (
            lambda: found.page.mouse.click(160, 500),
            lambda: found.page.clock.run_for(5001),
        ):
            found.page.keyboard.press("Shift")
            found.page.keyboard.press("Shift")
            expect(told).to_have_text("Press Shift 1 more time to leave.")
            begin_anew()
            expect(told).to_be_empty()
        assert found.waiting == []


def test_a_key_that_is_held_counts_once(reader: Callable[..., Any]) -> None:
    with reader() as found:
        found.open("en/leaving.html")
        for _ in range(4):
            found.page.keyboard.down("Shift")
        found.page.keyboard.up("Shift")
        expect(found.page.locator("[role=status]")).to_have_text("Press Shift 2 more times to leave.")


# --- the way back ------------------------------------------------------------------------------------


def read_three_pages(found: Reader) -> None:
    found.open("index.html")
    found.page.locator('.choose a[hreflang="en"]').click()
    found.page.wait_for_url(f"{SITE}en/device.html")
    found.page.locator(".onward a").click()
    found.page.wait_for_url(f"{SITE}en/index.html")
    found.page.locator('main a[href="phones.html"]').first.focus()
    found.page.keyboard.press("Enter")
    found.page.wait_for_url(f"{SITE}en/phones.html")
    found.page.locator('.contents a[href="#tracker"]').click()
    found.page.wait_for_url(f"{SITE}en/phones.html#tracker")


def test_after_three_pages_and_the_exit_back_shows_what_was_before_the_guides(
    reader: Callable[..., Any],
) -> None:
    with reader() as found:
        read_three_pages(found)
        assert found.page.evaluate("history.length") == 3  # an empty tab, the page before, this one
        found.page.keyboard.press("Shift")
        found.page.keyboard.press("Shift")
        found.page.keyboard.press("Shift")
        found.arrive()
        found.page.go_back()
        assert found.page.url == BEFORE


def test_with_the_setting_off_the_way_back_is_as_in_any_site(reader: Callable[..., Any]) -> None:
    with reader(edit=lambda text: text.replace(' data-history="replace"', "")) as found:
        read_three_pages(found)
        found.told("document.querySelector('.leave').click()")
        found.arrive()
        found.page.go_back()
        assert found.page.url == f"{SITE}en/phones.html"
        found.page.go_back()
        assert found.page.url == f"{SITE}en/index.html"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_within_the_page_leads_there_for_eyes_and_keys(
    reader: Callable[..., Any], scripts: bool
) -> None:
    with reader(scripts=scripts) as found:
        found.open("en/phones.html")
        found.page.locator('.contents a[href="#numbers"]').focus()
        found.page.keyboard.press("Enter")
        found.page.wait_for_url(f"{SITE}en/phones.html#numbers")
        top, below, wide = found.page.evaluate(
            """[document.querySelector("#numbers").getBoundingClientRect().top,
                document.querySelector(".leave").getBoundingClientRect().bottom, innerHeight]"""
        )
        assert below <= top < wide / 2
        found.page.keyboard.press("Tab")  # goes on from there, not from the list of contents
        assert found.page.evaluate(
            """!!(document.querySelector("#numbers").compareDocumentPosition(document.activeElement)
                & Node.DOCUMENT_POSITION_FOLLOWING)"""
        )
        found.open("en/phones.html")
        found.page.locator(".skip").focus()
        found.page.keyboard.press("Enter")
        expect(found.page.locator("main")).to_be_focused()


def test_files_new_tabs_and_other_sites_are_left_to_the_browser(reader: Callable[..., Any]) -> None:
    note = """() => addEventListener("click", (event) => {
      window.taken = event.defaultPrevented;
      event.preventDefault();
    })"""
    cases: list[tuple[str, str, list[Any], bool]] = [
        ("en/device.html", 'main a[href="private.pdf"]', [], False),
        ("en/contacts.html", 'a[href^="https:"]:not(.leave)', [], False),
        ("en/contacts.html", 'a[href^="tel:"]', [], False),
        ("en/phones.html", 'main a[href^="help.html"]', ["Control"], False),
        ("en/phones.html", 'main a[href^="help.html"]', ["Shift"], False),
    ]
    with reader(edit=lambda text: text.replace('"private.html"', '"private.pdf"')) as found:
        for path, link, keys, taken in cases:
            found.open(path)
            found.page.evaluate(note)
            found.page.locator(link).first.click(modifiers=keys)
            assert found.page.evaluate("window.taken") is taken, (path, link)
        assert found.waiting == []


# --- the first page and the script -------------------------------------------------------------------


def test_each_language_leads_to_the_page_on_devices_and_that_to_the_guides(built_site: Path) -> None:
    chosen = re.findall(r'<li><a href="([^"]*)"', (built_site / "index.html").read_text("utf-8"))
    assert chosen == [f"{tag}/device.html" for tag in EXITS]
    for path in chosen:
        assert '<p class="onward"><a href="index.html">' in (built_site / path).read_text("utf-8")
    for path in built_site.rglob("*.html"):
        assert path.name == "device.html" or 'class="onward"' not in path.read_text("utf-8"), path


def test_iphones_show_a_press_since_the_script_listens_for_touches() -> None:
    """Safari there matches `:active` only where a page does (developer.apple.com, *Handling Events*)."""
    script = (TEMPLATES / "assets" / "leave.js").read_text("utf-8")
    assert re.search(
        r'^  document\.addEventListener\("touchstart", \(\) => \{\}, \{ passive: true \}\);', script, re.M
    )


def test_the_script_is_small_and_keeps_nothing() -> None:
    script = (TEMPLATES / "assets" / "leave.js").read_bytes()
    assert len(script) <= 3072
    for word in (b"torage", b"cookie", b"fetch", b"eacon", b"XMLHttp", b"Worker", b"innerHTML", b"eval"):
        assert word not in script
