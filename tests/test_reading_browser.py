"""How the finished site reads, in a real browser: for any eyes, in any colours, on a small phone, on paper.

axe-core looks at every page, and at one page of each kind in every language in each way of showing it.
`built_site` (conftest) is the folder of the built site.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from browser import AXE_TAGS, NARROW, WIDE, axe, axe_colours, axe_rules, chromium, opened, served
from playwright.sync_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser, LexborNode

CONTENT = Path(__file__).resolve().parent.parent / "content"
SITE = tomllib.loads((CONTENT / "site.toml").read_text("utf-8"))
CONTACTS = {
    one["id"]: one for one in tomllib.loads((CONTENT / "contacts.toml").read_text("utf-8"))["contact"]
}
FIRST = CONTACTS[SITE["emergency"]]["phone"]

PAGE_BYTES, SITE_BYTES, REQUESTS = 13_000, 50_000, 3
"""HTML and style sheet, compressed; all that a page loads; how often it asks, pictures apart."""

LIGHT: Mapping[str, Any] = {"color_scheme": "light", "forced_colors": "none", "contrast": "no-preference"}
WAYS: Mapping[str, Mapping[str, Any]] = {
    "light": LIGHT,
    "dark": {**LIGHT, "color_scheme": "dark"},
    "forced colours": {**LIGHT, "forced_colors": "active"},
    "forced colours, dark": {**LIGHT, "color_scheme": "dark", "forced_colors": "active"},
    "more contrast": {**LIGHT, "contrast": "more"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(built_site: Path) -> Mapping[str, LexborHTMLParser]:
    """Every page of the site by its path."""
    found = {
        path.relative_to(built_site).as_posix(): LexborHTMLParser(path.read_bytes())
        for path in sorted(built_site.rglob("*.html"))
    }
    assert len(found) > 50
    return found


@pytest.fixture(scope="module")
def one_of_each(built_site: Path, pages: Mapping[str, LexborHTMLParser]) -> tuple[str, ...]:
    """One page of each kind in each language, the largest."""
    chosen: dict[tuple[str, str], str] = {}
    for path in sorted(pages, key=lambda path: (built_site / path).stat().st_size):
        chosen[language(pages[path]), kind(pages[path])] = path
    assert {kind for _, kind in chosen} >= {"chooser", "home", "guide", "contacts", "print"}
    return tuple(chosen.values())


@pytest.fixture(scope="module")
def base(built_site: Path) -> Iterator[str]:
    """Where the site is served: a page for what is not there asks for its style sheet from the root."""
    with served(built_site) as address:
        yield address


def kind(page: LexborHTMLParser) -> str:
    """Return what kind of page it is, as its style sheet is told."""
    return str(page.css("body")[0].attributes["class"]).removeprefix("on-")


def language(page: LexborHTMLParser) -> str:
    """Return the language that a page says it is in."""
    return str(page.css("html")[0].attributes["lang"])


def guides(pages: Mapping[str, LexborHTMLParser]) -> dict[str, LexborHTMLParser]:
    """Return the pages of guides."""
    return {path: page for path, page in pages.items() if kind(page) == "guide"}


def hrefs(page: LexborHTMLParser | LexborNode, selector: str) -> list[str]:
    return [str(link.attributes["href"]) for link in page.css(selector)]


# --- any eyes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_on_any_page_nor_on_one_of_each_kind_in_any_colours(
    browser: Browser,
    base: str,
    pages: Mapping[str, LexborHTMLParser],
    one_of_each: tuple[str, ...],
    width: int,
) -> None:
    found = {}
    with opened(browser, width=width) as page:
        for path in pages if width == NARROW else one_of_each:
            page.emulate_media(**LIGHT)
            page.goto(base + path)
            found[path, "light"] = axe(page)
            if path in one_of_each:
                for way, media in WAYS.items():
                    if way != "light":
                        page.emulate_media(**media)
                        found[path, way] = axe_colours(page)
    assert len(found) >= len(one_of_each) * len(WAYS)
    assert {place: problems for place, problems in found.items() if problems} == {}


def test_axe_is_asked_for_every_rule_of_wcag_2_2_aa(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!DOCTYPE html><title>x</title><p>x", "utf-8")
    with opened(browser) as page:
        page.goto((tmp_path / "page.html").as_uri())
        axe(page)
        asked, known = axe_rules(page)
    assert "wcag22aa" in AXE_TAGS
    assert known
    assert asked >= known


# What carries meaning by a line or a colour alone: whether it can be seen, on what it stands on.
LINES = """(selector) => [...document.querySelectorAll(selector)].filter((element) => {
  const style = getComputedStyle(element), ground = getComputedStyle(document.body).backgroundColor;
  return !["Top", "Left", "Right", "Bottom"].some((side) => parseFloat(style[`border${side}Width`]) > 0
    && !["none", "hidden"].includes(style[`border${side}Style`])
    && !/^rgba.*, 0\\)$/.test(style[`border${side}Color`]) && style[`border${side}Color`] !== ground);
}).map((element) => element.outerHTML.slice(0, 120))"""


def test_nothing_that_means_something_vanishes_in_forced_colours(
    browser: Browser, base: str, pages: Mapping[str, LexborHTMLParser]
) -> None:
    meant = ".box, .callout, .help, .notice, .lines, .cards li, .contacts > li, .top [aria-current]"
    found, seen = {}, set()
    with opened(browser) as page:
        for path, tree in pages.items():
            if path.startswith("ar/"):
                seen |= {part for part in meant.split(", ") if tree.css(part)}
                page.goto(base + path)
                for way in ("forced colours", "forced colours, dark"):
                    page.emulate_media(**WAYS[way])
                    found[path, way] = page.evaluate(LINES, meant)
    assert seen == set(meant.split(", "))
    assert {place: lost for place, lost in found.items() if lost} == {}


def test_the_focus_is_seen_in_forced_colours(browser: Browser, base: str) -> None:
    with opened(browser) as page:
        page.emulate_media(forced_colors="active")
        page.goto(f"{base}en/index.html")
        for _ in range(page.locator("a[href]").count()):
            page.keyboard.press("Tab")
            ring = page.evaluate(
                """[null, "::after"].some((part) =>
                    getComputedStyle(document.activeElement, part).outlineStyle === "solid")"""
            )
            assert ring, page.evaluate("document.activeElement.outerHTML")


def test_who_asks_for_more_contrast_gets_black_and_white(browser: Browser, base: str) -> None:
    colours = "[document.body, document.querySelector('.lead')].map((one) => getComputedStyle(one).color)"
    with opened(browser) as page:
        page.goto(f"{base}en/leaving.html")
        page.emulate_media(contrast="more", color_scheme="light")
        assert page.evaluate(colours) == ["rgb(0, 0, 0)"] * 2
        page.emulate_media(contrast="more", color_scheme="dark")
        assert page.evaluate(colours) == ["rgb(255, 255, 255)"] * 2


def test_nothing_moves_where_the_reader_asks_for_rest(
    browser: Browser, base: str, one_of_each: tuple[str, ...]
) -> None:
    moving = """[...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0
        || style.scrollBehavior === "smooth";
    }).map((element) => element.outerHTML.slice(0, 120))"""
    with opened(browser) as page:
        page.emulate_media(reduced_motion="reduce")
        for path in one_of_each:
            page.goto(base + path)
            assert page.evaluate(moving) == [], path


# --- a small phone, a slow line ------------------------------------------------------------------------


def loaded(built_site: Path, path: str, page: LexborHTMLParser) -> dict[str, bytes]:
    """Return what a page asks for but its icon, itself included; the icon is the browser's own errand."""
    links = [*hrefs(page, "link[rel=stylesheet]"), *(str(one.attributes["src"]) for one in page.css("[src]"))]
    names = [path, *(unquote(urljoin(path, link)).lstrip("/") for link in links)]
    return {name: (built_site / name).read_bytes() for name in names}


def test_every_page_is_light(built_site: Path, pages: Mapping[str, LexborHTMLParser]) -> None:
    heavy = {}
    for path, page in pages.items():
        files = loaded(built_site, path, page)
        sizes = {name: len(gzip.compress(content, 9)) for name, content in files.items()}
        words = sum(size for name, size in sizes.items() if name.endswith((".html", ".css")))
        images = [name for name in files if name.startswith("images/")]
        if words > PAGE_BYTES or sum(sizes.values()) > SITE_BYTES or len(files) - len(images) > REQUESTS:
            heavy[path] = sizes
    assert heavy == {}


def test_no_page_asks_for_a_font(built_site: Path) -> None:
    sheets = [path.read_text("utf-8") for path in built_site.rglob("*.css")]
    assert sheets
    assert not any("@font-face" in sheet or "@import" in sheet for sheet in sheets)
    assert [
        path for path in built_site.rglob("*") if path.suffix in (".woff", ".woff2", ".ttf", ".otf")
    ] == []


# --- the way to what is needed -------------------------------------------------------------------------


def test_leaving_now_is_one_step_from_the_first_page_and_every_page_for_survivors(
    pages: Mapping[str, LexborHTMLParser],
) -> None:
    urgent = SITE["urgent"].replace(".md", ".html")
    guide, _, anchor = urgent.partition("#")
    without = []
    for path, page in pages.items():
        if kind(page) == "home" or (
            kind(page) == "guide" and is_for_survivors(path) and not is_discreet(path)
        ):
            links = page.css(f'main a[href="{urgent}"]')
            if not links or not links[0].text().strip():
                without.append(path)
    assert without == []
    assert all(page.css(f"#{anchor}") for path, page in pages.items() if path.endswith(f"/{guide}"))


def test_the_emergency_number_is_the_first_thing_after_the_title_of_a_page_for_survivors(
    pages: Mapping[str, LexborHTMLParser],
) -> None:
    shown = 0
    for path, page in pages.items():
        if kind(page) == "home" or (
            kind(page) == "guide" and is_for_survivors(path) and not is_discreet(path)
        ):
            title, first = page.css("main :is(h1, a)")[:2]
            assert (title.tag, first.text()) == ("h1", FIRST), path
            assert first.attributes["href"] == f"tel:{FIRST}", path
            shown += 1
    assert shown > 20


def test_every_need_is_on_the_first_page_with_its_guides_in_order(
    pages: Mapping[str, LexborHTMLParser],
) -> None:
    homes = [page for page in pages.values() if kind(page) == "home"]
    assert len(homes) == 1 + len(SITE["locales"])
    for page in homes:
        assert hrefs(page, ".needs a") == [f"#need-{need['id']}" for need in SITE["need"]]
        for need in SITE["need"]:
            (section,) = page.css(f'[aria-labelledby="need-{need["id"]}"]')
            assert hrefs(section, "a") == [f"{guide}.html" for guide in need["guides"]]


def test_a_guide_has_its_contents_its_reader_its_day_its_booklets_and_its_neighbours(
    pages: Mapping[str, LexborHTMLParser],
) -> None:
    booklets = tomllib.loads((CONTENT / "booklets.toml").read_text("utf-8"))["booklet"]
    for path, page in guides(pages).items():
        id = Path(path).stem
        if is_discreet(path):
            continue
        assert all(page.css(part) for part in (".head .for", ".reviewed")), path
        headings = [f"#{heading.attributes['id']}" for heading in page.css(".body > h2")]
        assert hrefs(page, ".contents a") == (headings if len(headings) > 1 else []), path
        printed = [f"print.html#booklet-{one['id']}" for one in booklets if id in one["guides"]]
        assert hrefs(page, ".to-print a") == printed, path
    for folder in {path.split("/")[0] for path in guides(pages)}:
        assert hrefs(pages[f"{folder}/staying.html"], ".around a") == ["dangers.html", "leaving.html"]
        assert hrefs(pages[f"{folder}/start.html"], ".around a") == ["help.html"]
        assert hrefs(pages[f"{folder}/calm.html"], ".around a") == []


def test_contacts_say_when_who_and_in_which_language_and_a_list_leads_to_each_place(
    pages: Mapping[str, LexborHTMLParser],
) -> None:
    lists = {path: page for path, page in pages.items() if kind(page) == "contacts"}
    regions = dict.fromkeys(contact["region"] for contact in CONTACTS.values())
    for path, page in lists.items():
        assert set(hrefs(page, ".contents a")) == {f"#region-{region}" for region in regions}, path
        for id, contact in CONTACTS.items():
            (item,) = page.css(f"#{id}")
            told = 1 + sum(key in contact for key in ("phone", "text", "tty", "web", "hours", "answers"))
            assert len(item.css("dt")) + 1 == told, (path, id)
            assert len(item.css(".big + dd")) == len(contact.get("languages", {})), (path, id)
            assert item.css(".checked")[0].text().strip(), (path, id)
    english = lists["en/contacts.html"].text()
    for contact in CONTACTS.values():
        for words in (contact.get("hours"), contact.get("answers"), *contact.get("languages", {}).values()):
            assert words is None or words in english


def is_for_survivors(path: str) -> bool:
    return "\naudience: survivor\n" in (CONTENT / "guides" / f"{Path(path).stem}.md").read_text("utf-8")


def is_discreet(path: str) -> bool:
    """Whether a guide may be found by anybody: it has no number on it."""
    return "\ndiscreet: true\n" in (CONTENT / "guides" / f"{Path(path).stem}.md").read_text("utf-8")


# --- paper ---------------------------------------------------------------------------------------------


WAYS_ON = ".contents, .needs, .urgent, .others, .to-print, .around"
"""What leads on inside the main part of a page."""


def printed(page: Page, address: str, file: Path) -> str:
    """Return the words of a page as a browser prints it."""
    page.goto(address)
    page.pdf(path=file, format="A4", prefer_css_page_size=True)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True)
    return re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", done.stdout)


def test_a_printed_page_has_its_numbers_and_no_way_to_go(
    browser: Browser,
    base: str,
    built_site: Path,
    one_of_each: tuple[str, ...],
    pages: Mapping[str, LexborHTMLParser],
    tmp_path: Path,
) -> None:
    with opened(browser, width=WIDE) as page:
        for path in one_of_each:
            tree = pages[path]
            if kind(tree) not in ("home", "guide", "contacts", "print"):
                continue
            text = printed(page, base + path, tmp_path / "page.pdf")
            (main,) = tree.css("main")
            for number in {one.text() for one in main.css(".number")}:
                assert number in text, (path, number)
            if kind(tree) != "print":
                assert FIRST in text, path
            if language(tree) == "en":
                rest = LexborHTMLParser((built_site / path).read_bytes())
                ways = rest.css(f"header a, footer a, .skip, {WAYS_ON} a")
                words = {" ".join(way.text().split()) for way in ways}
                for part in rest.css(WAYS_ON):
                    part.decompose()
                kept = " ".join(rest.css("main")[0].text(separator=" ").split())
                lines = {" ".join(line.split()) for line in text.splitlines()}
                assert {way for way in words & lines if way not in kept} == set(), path
