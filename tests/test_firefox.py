"""The finished site in Firefox ESR, set as Tor Browser's safest level is: no scripts, no SVG, no web fonts.

It stands in a folder with a space, on an onion address, and each text comes as its gzip file. Every kind of
page is opened in every language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import lxml.html
import pytest
from firefox import Firefox, Site, firefox

ADDRESS = f"http://{'a2b3c4d5' * 7}.onion/two%20words/"
SAFEST: Mapping[str, bool | int | str] = {
    "javascript.enabled": False,
    "svg.disabled": True,
    "gfx.downloadable_fonts.enabled": False,
}

# What the checks must see; the pictures are one from elsewhere and one in SVG.
FAULTY = b"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head>
<body><main>x<img src="http://elsewhere.invalid/x.png"><img src="assets/icon.svg"></main>
<script>document.body.className = "scripts"; document.cookie = "a=b"</script></body></html>"""

# One trip into the page for all that the checks want to know.
READ = """({
  text: document.querySelector("main").innerText.replaceAll(/\\\\s+/g, " "),
  scripts: document.body.className === "scripts",
  styled: getComputedStyle(document.documentElement).getPropertyValue("--paper") !== "",
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  broken: [...document.images].filter((image) => !image.naturalWidth).map((image) => image.src),
})"""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one page showed and asked for."""

    page: lxml.html.HtmlElement
    seen: Mapping[str, Any]
    requests: tuple[str, ...]
    cookies: tuple[Any, ...]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("firefox") / "profile"


@pytest.fixture(scope="module")
def chosen(built_site: Path) -> tuple[str, ...]:
    """The longest page of each kind in each folder."""
    longest: dict[tuple[str, str], Path] = {}
    for path in sorted(built_site.rglob("*.html"), key=lambda path: path.stat().st_size):
        if path.name == "404.html":  # a server shows it at any address, so its links begin at the root
            continue
        kind = lxml.html.parse(str(path)).getroot().body.get("class", "")
        longest[(path.parent.name, kind)] = path
    assert len(longest) > 12
    return tuple(sorted(path.relative_to(built_site).as_posix() for path in longest.values()))


@pytest.fixture(scope="module")
def exits() -> dict[str, tuple[str, str, bool]]:
    """Of each first page: how its heading is before the exit is pressed, how meanwhile, and was it taken."""
    return {}


def _left(window: Firefox, site: Site, path: str) -> tuple[str, str, bool]:
    window.open(ADDRESS + quote(path))
    seen = "getComputedStyle(document.querySelector('main h1')).visibility"
    before = window.ask(seen)
    address = urlsplit(window.ask("document.querySelector('a.leave').href"))
    site.requests.clear()
    window.press("a.leave")
    during = window.ask(seen)
    window.release()
    return before, during, site.is_asked(f"{address.scheme}://{address.hostname}:443")


@pytest.fixture(scope="module")
def all_visits(
    built_site: Path, chosen: tuple[str, ...], profile: Path, exits: dict[str, tuple[str, str, bool]]
) -> Mapping[str, Visit]:
    """One visit to each of these pages, and to a faulty one."""
    found: dict[str, Visit] = {}
    more = {"faulty.html": FAULTY}
    with Site(built_site, ADDRESS, more) as site, firefox(profile, site, SAFEST) as window:
        for path in (*chosen, *more):
            before = len(site.requests)
            window.open(ADDRESS + quote(path))
            found[path] = Visit(
                lxml.html.fromstring(more.get(path) or (built_site / path).read_bytes()),
                window.ask(READ),
                tuple(site.requests[before:]),
                tuple(window.cookies()),
            )
        for path in chosen:
            if path.endswith("/index.html"):
                exits[path] = _left(window, site, path)
    return found


@pytest.fixture(scope="module")
def faulty(all_visits: Mapping[str, Visit]) -> Visit:
    return all_visits["faulty.html"]


@pytest.fixture(scope="module")
def visits(all_visits: Mapping[str, Visit], chosen: tuple[str, ...]) -> Mapping[str, Visit]:
    return {path: all_visits[path] for path in chosen}


def test_a_page_shows_its_headings_and_numbers_and_is_styled(visits: Mapping[str, Visit]) -> None:
    for path, visit in visits.items():
        assert visit.seen["styled"], path
        assert visit.seen["overflow"] <= 0, path
        assert visit.seen["broken"] == [], path
        for element in _shown(visit.page):
            assert " ".join(element.text_content().split()) in visit.seen["text"], path
    assert sum(1 for visit in visits.values() for _ in _shown(visit.page)) > len(visits)


def _shown(page: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Yield what a reader came for."""
    yield from page.xpath("//main//*[self::h1 or self::h2 or contains(concat(' ', @class, ' '), ' number ')]")


def test_a_page_asks_for_its_own_files_alone(visits: Mapping[str, Visit], built_site: Path) -> None:
    for path, visit in visits.items():
        assert [request for request in visit.requests if not request.startswith(ADDRESS)] == [], path
    assert {request for visit in visits.values() for request in visit.requests} >= {
        ADDRESS + quote(path) for path in visits
    }


def test_nothing_is_kept(visits: Mapping[str, Visit], profile: Path) -> None:
    assert {path: visit.cookies for path, visit in visits.items() if visit.cookies} == {}
    kept = [folder.name for folder in (profile / "storage").rglob("*") if "onion" in folder.name]
    assert kept == []


def test_a_page_is_blank_while_the_exit_is_pressed_and_then_left(
    visits: Mapping[str, Visit], exits: Mapping[str, tuple[str, str, bool]]
) -> None:
    homes = [path for path in visits if path.endswith("/index.html")]
    assert len(homes) > 1
    assert exits == dict.fromkeys(homes, ("visible", "hidden", True))


def test_scripts_and_svg_are_off_and_the_checks_see_a_faulty_page(faulty: Visit) -> None:
    assert not faulty.seen["scripts"]
    assert not faulty.seen["styled"]
    assert [address.rpartition("/")[2] for address in faulty.seen["broken"]] == ["x.png", "icon.svg"]
    assert "http://elsewhere.invalid/x.png" in faulty.requests
