"""The site in the pseudo-locales: every word that a reader meets came through a catalog, and has room.

Pages and PDFs are read as they go out, with other tools than the engine's; templates too, for what only shows
at times.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from browser import chromium, opened, visit
from example import TESTS, write_project
from jinja2 import Environment
from lxml import html as lxml_html
from playwright.sync_api import Browser

from handbill import outcome
from handbill.outcome import Options
from handbill.pipeline import build

TEMPLATES = TESTS.parent / "templates"
TAGS = ("en-XA", "ar-XB")
READ_ALOUD = ("title", "alt", "aria-label", "placeholder", "label")
"""Attributes that a reader sees or hears."""
MARK = "\u200f"
PAGE_MM, SPINE_MM, OUTER_MM = 139.7, 19, 14

# Text that stands outside of the box of the element that holds it, or is cut off there.
SPILLED = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    let box = node.parentElement;
    if (!node.data.trim() || box.closest(".skip")) continue;
    while (getComputedStyle(box).display.startsWith("inline")) box = box.parentElement;
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    const out = [...range.getClientRects()].some((part) => part.right > right + 1 || part.left < left - 1
      || part.bottom > bottom + part.height / 2 || part.top < top - part.height / 2);
    const cut = getComputedStyle(box).overflow !== "visible" && !box.matches(".table")
      && (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight);
    if (out || cut) found.push(node.data.trim());
  }
  return found;
}"""


@pytest.fixture(scope="module", params=["built_pseudo", "built_pseudo_sample"])
def dist(request: pytest.FixtureRequest) -> Path:
    """`dist/` of a project in the pseudo-locales, beside the project itself."""
    made: Path = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


# --- what came through no catalog ----------------------------------------------------------------------


def untranslatable(dist: Path) -> re.Pattern[str]:
    """What stands in any language as it is: contacts, names of languages, dates, sizes, code, laws."""
    contacts = tomllib.loads((dist.parent / "content" / "contacts.toml").read_text("utf-8"))["contact"]
    values = {contact["web"] for contact in contacts if "web" in contact}
    months = "January February March April May June July August September October November December"
    patterns = (
        *map(re.escape, values),
        r"English|Pseudo \[accented\]|Pseudo \[right to left\]",
        rf"(?:{months.replace(' ', '|')}) \d{{1,2}},\s20\d\d",
        r"\d+(?:\.\d)? [kM]B",
        r"\d+ U\.S\.C\. \d+",
        r"\b(?:en-XA|ar-XB)-[0-9A-Z]{4}-20\d\d-\d\d",  # an edition's code
        "north|south",  # the sample's code
    )
    return re.compile("|".join(patterns))


def plain(text: str, tag: str, kept: re.Pattern[str]) -> list[str]:
    """Return the words of a text that are as the author wrote them, or the template's."""
    text = kept.sub("", " ".join(text.split()))
    if tag == "en-XA":
        return re.findall(r"[A-Za-z]+", text)
    return re.findall(rf"(?<!{MARK})\b(?<![\w.'’-])[A-Za-z]+", text)


def spoken(page: lxml_html.HtmlElement) -> Iterator[str]:
    """Yield each text and attribute of a page that a reader sees or hears."""
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag == "style":
            continue
        yield "" if is_of_the_alphabet(element) else element.text or ""
        yield element.tail or ""
        yield from (value for name, value in element.attrib.items() if name in READ_ALOUD)
        if element.tag == "meta" and element.get("name") in ("description", "keywords", "author"):
            yield element.get("content", "")


def is_of_the_alphabet(element: lxml_html.HtmlElement) -> bool:
    """Whether this is one of the letters that guides are listed by: CLDR has them, and no catalog."""
    listed = element.xpath("self::h2/parent::section[@class = 'letter'] | ancestor::ul[@class = 'letters']")
    return bool(listed) and re.fullmatch(r"[^\W\d_]", element.text or "") is not None


@pytest.mark.parametrize("tag", TAGS)
def test_every_word_of_every_page_came_through_a_catalog(dist: Path, tag: str) -> None:
    kept = untranslatable(dist)
    pages = sorted((dist / "site" / tag).glob("*.html"))
    assert len(pages) >= 5
    found = {}
    for path in pages:
        page = lxml_html.fromstring(path.read_bytes())
        texts = [text for text in spoken(page) if text.strip()]
        assert len(texts) > (5 if path.name == "404.html" else 10)
        if words := [word for text in texts for word in plain(text, tag, kept)]:
            found[path.name] = words
    assert found == {}


@pytest.mark.parametrize("tag", TAGS)
def test_every_word_of_every_booklet_came_through_a_catalog(dist: Path, tag: str) -> None:
    kept = untranslatable(dist)
    found = {}
    for path in booklets(dist, tag):
        document = pypdfium2.PdfDocument(str(path))
        texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        texts += [bookmark.get_title() for bookmark in document.get_toc()]
        document.close()
        with pikepdf.open(path) as pdf:
            texts.append(str(pdf.docinfo["/Title"]))
            texts += [str(element.Alt) for element in pdf.objects if is_described(element)]
        # PDFium leaves marks out that leave no ink, so the mirrored booklets show nothing here.
        if tag == "en-XA" and (words := [word for text in texts for word in plain(text, tag, kept)]):
            found[path.name] = words
        assert all(texts)
    assert found == {}


def booklets(dist: Path, tag: str) -> list[Path]:
    """Return the PDFs to read; the sheets, and what goes to a print shop, are made of the same pages."""
    paths = sorted((dist / "site" / tag / "print").glob("*.pdf"))
    found = [path for path in paths if not re.search("-(?:a4|letter|press)\\b", path.stem)]
    assert found
    return found


def is_described(element: object) -> bool:
    return isinstance(element, pikepdf.Dictionary) and "/Alt" in element


def hard_coded(template: str) -> list[str]:
    """Return the words of a template that stand in it outside of any call for a translation."""
    pieces, inside = [], False
    tokens = list(Environment(extensions=["jinja2.ext.i18n"]).lex(template))
    for index, (_, kind, value) in enumerate(tokens):
        if kind == "block_begin":
            pieces.append("\0")
            name = next(value for _, kind, value in tokens[index + 1 :] if kind == "name")
            inside = name in ("trans", "pluralize") or (inside and name != "endtrans")
        elif kind == "data" and not inside:
            pieces.append(value)
        elif kind == "variable_begin":
            pieces.append("\0")
    text = re.sub(r"<style>.*?</style>", "", "".join(pieces), flags=re.DOTALL)
    text = re.sub(r"\{(?:title|sheets\0|again\0)\}", "\0", text)  # filled in when the pages are counted
    attributes = re.findall(rf'\b(?:{"|".join(READ_ALOUD)})="([^"]*)"', text)
    words = re.sub(r'<(?:"[^"]*"|[^>"])*>', " ", text)
    found = (word for piece in (words, *attributes) for word in re.findall(r"[^\W\d_]+", piece))
    return [word for word in found if word not in STANDARDS]


STANDARDS = {"A", "US", "Letter", "Tabloid", "mm", "in"}
"""Names of papers and units, which stand so on the paper's own wrapping and on any ruler."""


@pytest.mark.parametrize(
    "path",
    [path for folder in ("web", "print") for path in sorted((TEMPLATES / folder).rglob("*.html"))],
    ids=lambda path: path.name,
)
def test_a_template_holds_no_word_of_its_own(path: Path) -> None:
    assert hard_coded(path.read_text("utf-8")) == []


def test_words_of_a_templates_own_are_found() -> None:
    assert hard_coded(
        '<p title="Big">{{ _("x") }} {% if a %}now{% endif %}{% trans %}not{% endtrans %}</p>'
    ) == [
        "now",
        "Big",
    ]
    page = lxml_html.fromstring(
        '<main><ul class="letters"><li><a>A</a><li><a>More</a></ul>'
        '<section class="letter"><h2>A</h2><p>B</p></section><p>C</p></main>'
    )
    assert [text for text in spoken(page) if text.strip()] == ["More", "B", "C"]
    kept = re.compile("911")
    assert plain("[\u00a0Ćáłł\u00a0] 911 today", "en-XA", kept) == ["today"]
    assert plain(f"{MARK}Call{MARK} 911, {MARK}you’re{MARK} 24 hour today", "ar-XB", kept) == [
        "hour",
        "today",
    ]


# --- room ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("width", [320, 1280])
def test_longer_words_and_words_from_right_to_left_fit_on_every_screen(
    browser: Browser, dist: Path, tag: str, width: int
) -> None:
    base = f"{(dist / 'site').resolve().as_uri()}/"
    found = {}
    with opened(browser, width=width, scripts=False) as page:
        for path in sorted((dist / "site" / tag).glob("*.html")):
            if path.name == "404.html":  # finds its style sheet on a server alone
                continue
            seen = visit(page, base, f"{tag}/{path.name}").seen
            assert seen["direction"] == ("rtl" if tag == "ar-XB" else "ltr")
            out = [*seen["wide"], *seen["unseen"], *page.evaluate(SPILLED)]
            if seen["overflow"] > 0 or out:
                found[path.name] = out
    assert found == {}


def test_text_that_spills_is_seen(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<p style="width: 5em">much</p><p style="width: 2em">toolongaword</p>'
        '<p style="width: 3em; overflow: hidden">cutoffhere</p>'
        '<p style="height: 1em">one two<br>three<br>four</p>'
    )
    with opened(browser, scripts=False) as page:
        page.goto((tmp_path / "page.html").as_uri())
        assert page.evaluate(SPILLED) == ["toolongaword", "cutoffhere", "three", "four"]


@pytest.mark.parametrize("tag", TAGS)
def test_no_letter_of_a_booklet_stands_in_its_margins(dist: Path, tag: str) -> None:
    found = {}
    for path in booklets(dist, tag):
        document = pypdfium2.PdfDocument(str(path))
        for number in range(len(document)):
            left_hand = (number % 2 == 1) != (tag == "ar-XB")
            left, right = (OUTER_MM, SPINE_MM) if left_hand else (SPINE_MM, OUTER_MM)
            page = document[number].get_textpage()
            boxes = (page.get_charbox(index) for index in range(page.count_chars()))
            places = [(start / 72 * 25.4, end / 72 * 25.4) for start, _, end, _ in boxes if end > start]
            assert places
            if min(places)[0] < left - 0.5 or max(end for _, end in places) > PAGE_MM - right + 0.5:
                found[path.name, number + 1] = min(places)[0], max(end for _, end in places)
        document.close()
    assert found == {}


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_inside_the_cover_stays_one_page(built_pseudo: Path, tag: str) -> None:
    for path in booklets(built_pseudo, tag):
        document = pypdfium2.PdfDocument(str(path))
        contents = next(number for number, page in enumerate(document) if is_contents(page, tag))
        document.close()
        assert contents == 2, path.name


def is_contents(page: pypdfium2.PdfPage, tag: str) -> bool:
    text: str = page.get_textpage().get_text_range()
    return ("ñţ" if tag == "en-XA" else "Contents") in text.split("\n")[0]


# --- never by accident ---------------------------------------------------------------------------------


def test_only_a_build_that_asks_for_them_has_the_pseudo_locales(tmp_path: Path) -> None:
    write_project(tmp_path)
    real = Options(tmp_path, date(2026, 11, 21), jobs=1)
    rehearsal = Options(tmp_path, date(2026, 11, 21), jobs=1, pseudo=True)
    site = tmp_path / "dist" / "site"

    made = build(rehearsal, lambda what, done, total: None)
    assert (made.diagnostics, made.held, made.untranslated) == ((), (), ())
    assert made.locales == ("en", "en_XA", "ar_XB")
    assert {path.name for path in site.iterdir() if path.is_dir()} >= {"en", "en-XA", "ar-XB"}
    assert not (site / "es").exists(), "nobody takes it for the real site"
    assert outcome.last_outcome(real) is None, "the real site is still to be built"

    made = build(real, lambda what, done, total: None)
    assert made.locales == ("en", "es")
    assert not (site / "en-XA").exists()
    assert outcome.last_outcome(rehearsal) is None
