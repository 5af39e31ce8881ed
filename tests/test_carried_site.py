"""The finished site as it lies on a stick, in a folder, on a mirror: names, addresses, links.

Read with lxml, which had no part in making or checking the pages.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from example import files

from handbill import mirror

HERE = "http://x.invalid/a/b/"
"""Where the site is said to be, so that a link that leaves it is seen to."""
FOLLOWED = ("tel", "sms", "https")
"""What a reader may follow out of the site, in an `a`."""


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, lxml.html.HtmlElement]:
    """Every page of every language, by path."""
    found = {
        path.relative_to(built_site).as_posix(): lxml.html.fromstring(path.read_bytes())
        for path in sorted(built_site.rglob("*.html"))
        if path.name != "404.html"  # a server shows it at any address, so its links begin at the root
    }
    assert len(found) > 50
    return found


def references(path: str, page: lxml.html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Yield (tag, address as written, address in full) for all that a page points to."""
    for element, attribute, link, _ in page.iterlinks():
        assert attribute is not None, f"{path} has a style of its own that points to {link}"
        yield element.tag, link, urljoin(HERE + path, link)
    for element in page.xpath("//*[@srcset]"):  # lxml takes these for text
        for choice in element.get("srcset").split(","):
            link = choice.split()[0]
            yield element.tag, link, urljoin(HERE + path, link)


def lost(built_site: Path, pages: dict[str, lxml.html.HtmlElement]) -> list[tuple[str, str]]:
    """Return (page, link) for every link inside the site that leads nowhere, or to no place in a page."""
    anchors = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    found = []
    for path, page in pages.items():
        for _, link, address in references(path, page):
            target, _, fragment = address.partition("#")
            name = unquote(target.removeprefix(HERE))
            if urlsplit(address).scheme in FOLLOWED:
                continue
            missing = not target.startswith(HERE) or not (built_site / name).is_file()
            if missing or (fragment and unquote(fragment) not in anchors.get(name, ())):
                found.append((path, link))
    return found


def test_every_link_and_every_fragment_leads_somewhere(
    built_site: Path, pages: dict[str, lxml.html.HtmlElement]
) -> None:
    assert lost(built_site, pages) == []
    assert sum(1 for path, page in pages.items() for _ in references(path, page)) > 1000


def test_a_link_that_leads_nowhere_is_seen(built_site: Path) -> None:
    page = lxml.html.fromstring(
        '<p id="here"><a href="#here">1</a><a href="#there">2</a><a href="index.html">3</a>'
        '<a href="/index.html">4</a><a href="../../x.html">5</a><img src="none.png">'
        '<img srcset="none.png 2x">'
    )
    links = [link for _, link in lost(built_site, {"index.html": page})]
    assert links == ["#there", "/index.html", "../../x.html", "none.png", "none.png"]


def test_style_sheets_point_to_files_that_are_there(built_site: Path) -> None:
    sheets = list(built_site.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        assert "@import" not in text
        for link in re.findall(r"""url\(\s*["']?([^"')]*)""", text):
            assert (sheet.parent / link).resolve().is_relative_to(built_site.resolve()), link
            assert (sheet.parent / link).is_file(), link


def test_a_page_names_no_host_so_that_the_site_may_stand_anywhere(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    for path, page in pages.items():
        assert page.xpath("//base") == [], path
        for tag, link, _ in references(path, page):
            scheme = urlsplit(link).scheme
            assert not link.startswith("/"), (path, link)
            assert not scheme or (tag == "a" and scheme in FOLLOWED), (path, link)


# --- names -------------------------------------------------------------------------------------------

_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?")


def test_every_name_can_lie_on_a_stick_and_be_opened_anywhere(built_site: Path) -> None:
    paths = list(files(built_site))
    assert len({path.casefold() for path in paths}) == len(paths)
    names = {part for path in paths for part in path.split("/")}
    assert [name for name in names if not _NAME.fullmatch(name) or _DEVICE.fullmatch(name)] == []
    assert max(map(len, paths)) <= 160


def test_the_site_comes_back_whole_from_a_fat_stick(built_site: Path, tmp_path: Path) -> None:
    size = sum(len(content) for content in files(built_site).values())
    stick, back = tmp_path / "stick", tmp_path / "back"
    back.mkdir()
    with stick.open("wb") as file:
        file.truncate(2 * size + (40 << 20))
    sectors = stick.stat().st_size // 512
    for command in (
        ["mformat", "-i", stick, "-F", "-T", str(sectors), "::"],
        ["mcopy", "-i", stick, "-s", built_site, "::Plain guides"],
        ["mcopy", "-i", stick, "-s", "::Plain guides", back],
    ):
        subprocess.run(command, check=True, capture_output=True)
    compared, problems = mirror.compare(
        built_site.parent.parent, back / "Plain guides", None, lambda *_: None
    )
    assert problems == ()
    assert compared
    assert not compared.own
    assert compared.differences.count == 0, compared.differences
