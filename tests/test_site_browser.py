"""Every page of the finished site, in a real browser: what it loads, says, shows and lets a reader do.

`built_site` (conftest) is the folder of the built site.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from browser import WIDE, Visit, axe, chromium, opened, served, visit
from playwright.sync_api import Browser

CONTACTS = Path(__file__).resolve().parent.parent / "content" / "contacts.toml"

FOCUSABLE = "a[href], textarea, input, [tabindex='0']"

# Where the focus is, and whether a reader can see it there: inside the window, with a ring around it.
FOCUS = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const ring = [null, "::after"].some((part) => getComputedStyle(element, part).outlineStyle === "solid");
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth;
  const index = [...document.querySelectorAll("a[href], textarea, input, [tabindex='0']")].indexOf(element);
  return [index, seen && ring, element.outerHTML.slice(0, 120)];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def paths(built_site: Path) -> tuple[str, ...]:
    """Every page of the site."""
    found = tuple(
        sorted(
            path.relative_to(built_site).as_posix()
            for path in built_site.rglob("*.html")
            if path.name != "404.html"  # a server's alone: see test_finding_browser
        )
    )
    assert "index.html" in found
    assert len(found) > 1
    return found


@pytest.fixture(scope="module")
def one_of_each(built_site: Path, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The chooser, and one page of every kind in every locale; of the guides, the longest."""
    by_locale: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if "/" in path:
            by_locale[path.split("/")[0]].append(path)
    kinds = ("index.html", "contacts.html", "print.html", "a-z.html")
    chosen = ["index.html"]
    for locale, pages in by_locale.items():
        guides = [path for path in pages if not path.endswith(tuple(f"/{kind}" for kind in kinds))]
        assert guides, f"{locale} has no guide"
        chosen += [f"{locale}/{kind}" for kind in kinds]
        chosen.append(max(guides, key=lambda path: (built_site / path).stat().st_size))
    return tuple(chosen)


@pytest.fixture(scope="module")
def base(built_site: Path) -> str:
    return f"{built_site.resolve().as_uri()}/"


@pytest.fixture(scope="module")
def visits(browser: Browser, base: str, paths: tuple[str, ...]) -> tuple[Visit, ...]:
    """One visit to every page from the disk, 320 px wide, with scripts off."""
    with opened(browser, scripts=False) as page:
        return tuple(visit(page, base, path) for path in paths)


# --- what a page loads and says ----------------------------------------------------------------------


def test_nothing_is_requested_from_outside_the_site(visits: tuple[Visit, ...], base: str) -> None:
    assert {
        v.path: out for v in visits if (out := [url for url in v.requests if not url.startswith(base)])
    } == {}


def test_the_console_is_silent(visits: tuple[Visit, ...]) -> None:
    assert {v.path: v.complaints for v in visits if v.complaints} == {}


def test_the_style_sheet_and_every_image_arrive(visits: tuple[Visit, ...]) -> None:
    assert [v.path for v in visits if not v.seen["styled"]] == []
    assert {v.path: v.seen["broken"] for v in visits if v.seen["broken"]} == {}


def test_a_page_holds_no_script_but_the_one_no_frame_form_or_style_of_its_own(
    visits: tuple[Visit, ...],
) -> None:
    script = '<script src="{}assets/leave.js" defer="" data-history="replace"></script>'
    assert {
        v.path: v.seen["active"]
        for v in visits
        if v.seen["active"] != [script.format("../" * v.path.count("/"))]
    } == {}


def test_a_page_shows_the_same_with_scripts_on(
    browser: Browser, base: str, visits: tuple[Visit, ...], one_of_each: tuple[str, ...]
) -> None:
    without = {v.path: v.seen["text"] for v in visits}
    with opened(browser) as page:
        assert [path for path in one_of_each if visit(page, base, path).seen["text"] != without[path]] == []


def test_a_page_is_the_same_from_a_server_on_this_machine(
    browser: Browser, built_site: Path, visits: tuple[Visit, ...], one_of_each: tuple[str, ...]
) -> None:
    without = {v.path: v.seen["text"] for v in visits}
    with served(built_site) as address, opened(browser, scripts=False) as page:
        for path in one_of_each:
            found = visit(page, address, path)
            assert found.complaints == ()
            assert [url for url in found.requests if not url.startswith(address)] == []
            assert found.seen["styled"]
            assert found.seen["text"] == without[path]


# --- what a page shows -------------------------------------------------------------------------------


def test_nothing_scrolls_sideways_at_320_px(visits: tuple[Visit, ...]) -> None:
    assert {v.path: v.seen["wide"] for v in visits if v.seen["overflow"] > 0 or v.seen["wide"]} == {}


def test_every_number_is_on_a_screen_of_320_px_also_inside_a_table(visits: tuple[Visit, ...]) -> None:
    assert {v.path: v.seen["unseen"] for v in visits if v.seen["unseen"]} == {}


def test_a_page_says_its_language_and_runs_its_way(visits: tuple[Visit, ...]) -> None:
    rtl = {"ar", "fa", "he", "ps", "ur"}
    for v in visits:
        if "/" in v.path:
            assert v.seen["language"] == v.path.split("/")[0]
        assert v.seen["direction"] == ("rtl" if v.seen["language"].split("-")[0] in rtl else "ltr"), v.path
        assert v.seen["title"].strip(), v.path


def test_an_id_stands_once_in_a_page(visits: tuple[Visit, ...]) -> None:
    assert [v.path for v in visits if len(set(v.seen["ids"])) != len(v.seen["ids"])] == []


def test_every_link_inside_the_site_leads_somewhere(
    visits: tuple[Visit, ...], built_site: Path, base: str
) -> None:
    ids = {v.path: set(v.seen["ids"]) for v in visits}
    lost = []
    for v in visits:
        for href, _ in v.seen["links"]:
            target = urlsplit(urljoin(base + v.path, href))
            if target.scheme != "file":
                continue
            path = unquote(target.geturl().removeprefix(base).partition("#")[0])
            if not (built_site / path).is_file() or (target.fragment and target.fragment not in ids[path]):
                lost.append((v.path, href))
    assert lost == []


def test_every_number_dials_what_it_shows(visits: tuple[Visit, ...]) -> None:
    wrong = [(v.path, link) for v in visits for link in v.dialled if _digits(link[0]) != _digits(link[1])]
    assert wrong == []
    assert any(v.dialled for v in visits)


def test_every_number_is_one_of_the_contacts(visits: tuple[Visit, ...]) -> None:
    contacts = tomllib.loads(CONTACTS.read_text("utf-8"))["contact"]
    known = {
        (scheme, _digits(contact[channel]))
        for contact in contacts
        for channel, scheme in (("phone", "tel"), ("tty", "tel"), ("text", "sms"))
        if channel in contact
    }
    dialled = {v.path: {(href.split(":")[0], _digits(href)) for href, _ in v.dialled} for v in visits}
    assert {path: unknown for path, links in dialled.items() if (unknown := links - known)} == {}
    assert {path: known - links for path, links in dialled.items() if path.endswith("/contacts.html")} == {
        path: set() for path in dialled if path.endswith("/contacts.html")
    }


def test_on_paper_numbers_stay_and_navigation_goes(
    browser: Browser, base: str, one_of_each: tuple[str, ...]
) -> None:
    with opened(browser, width=WIDE, scheme="dark") as page:
        page.emulate_media(media="print")
        for path in one_of_each[1:]:
            page.goto(base + path)
            assert page.locator("main h1").is_visible(), path
            assert [nav for nav in page.locator("nav, .skip, footer").all() if nav.is_visible()] == [], path
            assert all(number.is_visible() for number in page.locator(".number").all()), path
            colours = page.evaluate(
                """[getComputedStyle(document.body).color,
                    getComputedStyle(document.documentElement).backgroundColor]"""
            )
            assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], path


# --- what a reader can do ----------------------------------------------------------------------------


def test_tab_reaches_the_exit_first_then_what_is_said_of_it_then_the_skip_link_and_it_skips(
    browser: Browser, base: str, one_of_each: tuple[str, ...]
) -> None:
    with opened(browser) as page:
        for path in one_of_each:
            page.goto(base + path)
            for expected, part in enumerate((".leave", ".leaving a", ".skip")):
                page.keyboard.press("Tab")
                index, visible, html = page.evaluate(FOCUS)
                assert (index, visible) == (expected, True), (path, html)
                assert page.evaluate("(part) => document.activeElement.matches(part)", part), (path, html)
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main", path


def test_tab_goes_through_every_link_in_order_and_shows_where_it_is(
    browser: Browser, base: str, one_of_each: tuple[str, ...]
) -> None:
    with opened(browser) as page:
        for path in one_of_each:
            page.goto(base + path)
            for expected in range(page.locator(FOCUSABLE).count()):
                page.keyboard.press("Tab")
                index, visible, html = page.evaluate(FOCUS)
                assert (index, visible) == (expected, True), (path, html)


# --- the checks themselves ---------------------------------------------------------------------------

_FAULTY = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
</head><body><p style="color: #aaa">pale</p><img src="https://handbill.invalid/x.png">
<p>wide{}<a class="number" href="tel:912">911</a></p></body></html>"""


def test_the_checks_see_a_faulty_page(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "faulty.html").write_text(_FAULTY.format("w" * 200), "utf-8")
    with opened(browser, scripts=False) as page:
        faulty = visit(page, f"{tmp_path.as_uri()}/", "faulty.html")
    assert any("Content Security Policy" in complaint for complaint in faulty.complaints)
    assert faulty.seen["overflow"] > 0
    assert faulty.seen["unseen"] == ["911"]
    assert faulty.seen["broken"]
    assert faulty.seen["active"]
    assert not faulty.seen["styled"]
    assert faulty.dialled == (("tel:912", "911"),)
    with opened(browser) as page:
        page.goto((tmp_path / "faulty.html").as_uri())
        rules = {problem.split(":")[0] for problem in axe(page)}
    assert {"html-has-lang", "image-alt", "region"} <= rules


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
