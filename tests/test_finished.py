"""This repository's own site as it goes out: every finished page and PDF, read back by other tools.

Nothing here asks the engine what it meant to do: the content says what there must be, the files what
there is.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import count, pairwise
from pathlib import Path, PurePosixPath
from typing import Literal

import fold
import pdf_text
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from lxml import etree
from lxml import html as lxml_html

from handbill import contacts, finished, markdown, po
from handbill.source import Source, catalog_path, read_source, source_translations

CHECKOUT = Path(__file__).resolve().parent.parent
CONTACTS = CHECKOUT / "content" / "contacts.toml"
LANGUAGES = {"en": ("en", "ltr"), "es": ("es", "ltr"), "ar": ("ar", "rtl"), "zh_Hans": ("zh-Hans", "ltr")}
"""Locale → language tag and direction."""
TRANSLATED = ("es", "ar", "zh_Hans")
BOOKLETS = ("for-you", "for-friends", "for-staff")
PAPERS_MM = {"a4": (297.0, 210.0), "letter": (279.4, 215.9)}
PAGE_MM = (139.7, 210.0)
LARGE_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
FIRST = 1
"""Sheets at the beginning of a file that say how to print it."""
READING = [f"{tag}/print/{booklet}.pdf" for tag, _ in LANGUAGES.values() for booklet in BOOKLETS]
SHEETS = [path.replace(".pdf", f"-{paper}.pdf") for path in READING for paper in PAPERS_MM]
FOLDED = {
    "for-you": [f"-signatures-{paper}" for paper in PAPERS_MM],
    "for-staff": [
        *(f"-long-edge-{paper}" for paper in PAPERS_MM),
        *(f"-two-pass-{paper}-{faces}" for paper in PAPERS_MM for faces in ("fronts", "backs")),
    ],
}
"""Other files of booklets to fold, in the order of the print page."""
MORE = [
    f"{tag}/print/{booklet}{ending}.pdf"
    for tag, _ in LANGUAGES.values()
    for booklet, endings in FOLDED.items()
    for ending in endings
]
LARGE = [f"{tag}/print/for-friends-large-{paper}.pdf" for tag, _ in LANGUAGES.values() for paper in LARGE_MM]
TAGGED = [*READING, *LARGE]
"""What is read page by page."""
BESIDE = [
    f"{LANGUAGES[locale][0]}/print/getting-help-bilingual-{paper}.pdf"
    for locale in TRANSLATED
    for paper in LARGE_MM
]
"""Two languages, English the second."""
ZINES = ("calm-zine", "calm-zine-poster", "calm-zine-bilingual")
PANELS = [
    f"{tag}/print/{name}-{paper}.pdf"
    for tag, _ in LANGUAGES.values()
    for name in (*ZINES, "getting-help-leaflet", "getting-help-poster-strips")
    for paper in PAPERS_MM
    if (tag, name) != ("en", "calm-zine-bilingual")  # its second language is English
]
"""One sheet each; `test_panel_sheets` and `test_zine_backs` fold and read them."""
CARDS = [
    f"{tag}/print/{card['id']}-{size}{mixed}-{paper}.pdf"
    for tag, _ in LANGUAGES.values()
    for card in tomllib.loads((CHECKOUT / "content" / "booklets.toml").read_text(encoding="utf-8"))["card"]
    for size in card["sizes"]
    for mixed in ("", *(["-mixed"] if card.get("mixed") else []))
    for paper in PAPERS_MM
]
"""Sheets of cards; `test_card_sheets` cuts and reads them."""
SHOP = [f"{tag}/print/for-you-press.pdf" for tag, _ in LANGUAGES.values()]
"""For a print shop; `test_shop` holds them to what a shop wants."""
UNREVIEWED = "No native speaker has checked this translation yet. It may have mistakes."

SCHEMES = {"phone": "tel", "text": "sms", "tty": "tel", "web": "https"}
OTHER_NUMBERS = {"100", "200", "7102"}
"""What else has three digits: percent of a page's size, interpreted languages, a section of the law."""


# --- what there must be ------------------------------------------------------------------------------


def channels(file: Path = CONTACTS) -> list[tuple[str, str, str]]:
    """(contact, channel, value as written) of a contacts.toml, read without the engine."""
    listed = tomllib.loads(file.read_text(encoding="utf-8"))["contact"]
    return [(entry["id"], name, entry[name]) for entry in listed for name in SCHEMES if name in entry]


def digits(number: str) -> str:
    return "".join(character for character in number if character in "+0123456789")


def address(channel: str, value: str) -> str:
    return f"https://{value}" if channel == "web" else f"{SCHEMES[channel]}:{digits(value)}"


NUMBERS = {value for _, channel, value in channels() if channel != "web"}
ADDRESSES = {address(channel, value): value for _, channel, value in channels()}
SITE = tomllib.loads((CHECKOUT / "content" / "site.toml").read_text(encoding="utf-8"))
EXITS = {locale: SITE["locale"].get(locale, {}).get("exit", SITE["exit"]["address"]) for locale in LANGUAGES}
"""Where "Exit this page" leads, by locale."""
DISCREET = {
    path.stem
    for path in (CHECKOUT / "content" / "guides").glob("*.md")
    if "\ndiscreet: true\n" in path.read_text(encoding="utf-8")
}
"""Guides that say nothing of what the site is about."""


@pytest.fixture(scope="module")
def source() -> Source:
    found, problems = read_source(CHECKOUT)
    assert found is not None, problems
    return found


class Said:
    """The sentences of the site in one locale, by the sentence of the source."""

    def __init__(self, source: Source, locale: str) -> None:
        self._source, self._locale = source, locale
        plain = contacts.plain_tokens(source.project.contacts, source_translations(source).phrases)
        self._inline = markdown.Inline("ltr", {}, plain, {}, "")

    def __call__(self, message: str, catalog: str = "interface") -> str:
        if self._locale == "en":
            return markdown.plain(message, self._inline)
        return markdown.plain(_translations(self._locale, catalog)[message], self._inline)

    def headings(self, guide: str, *levels: int) -> list[str]:
        document = self._source.documents[guide]
        return [
            self(document.messages[heading.message].text, guide)
            for heading in document.headings
            if heading.level in levels
        ]

    def title(self, guide: str) -> str:
        return self(self._source.documents[guide].messages[0].text, guide)


@cache
def _translations(locale: str, catalog: str) -> dict[str, str]:
    path = catalog_path(locale, catalog)
    read, problems = po.read((CHECKOUT / path).read_text(encoding="utf-8"), path)
    assert problems == ()
    return {entry.msgid: entry.msgstr[0] for entry in read.entries if entry.current}


def squeezed(text: str) -> str:
    """Letters and digits alone, so that lines, hyphens and the marks of a reading direction do not count."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain if unicodedata.category(character)[0] in "LN").casefold()


def says(page: str, sentence: str) -> bool:
    """Whether a page has the sentence. Poppler may move the marks of Arabic letters to other lines."""
    if any(unicodedata.bidirectional(letter) == "AL" for letter in sentence):
        return all(squeezed(word) in squeezed(page) for word in sentence.split())
    return squeezed(sentence) in squeezed(page)


# --- what there is -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, etree._Element]:
    """Every HTML file, by its path below the site."""
    parser = lxml_html.HTMLParser(encoding="utf-8")
    return {
        path.relative_to(built_site).as_posix(): lxml_html.document_fromstring(
            path.read_bytes(), parser=parser
        )
        for path in sorted(built_site.rglob("*.html"))
        if path.name != "404.html"  # a server's alone: see test_finding
    }


def guide_pages(
    pages: dict[str, etree._Element], source: Source
) -> Iterator[tuple[str, str, etree._Element]]:
    for locale, (tag, _) in LANGUAGES.items():
        for guide in source.documents:
            yield locale, guide, pages[f"{tag}/{guide}.html"]


def locale_of(path: str) -> str:
    return {tag: locale for locale, (tag, _) in LANGUAGES.items()}[path.split("/")[0]]


def exits(path: str) -> set[str]:
    """Where the exit of a page leads: the one address that is no contact's."""
    return {EXITS["en" if path == "index.html" else locale_of(path)]}


def booklet_of(path: str) -> str:
    kinds = "-large|-long-edge|-two-pass|-signatures"
    return re.sub(rf"({kinds})?-(a4|letter|press)(-fronts|-backs)?$", "", PurePosixPath(path).stem)


def text_of(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


@cache
def spoken(pdf: Path) -> list[str]:
    """The text of each page in reading order, by Poppler."""
    done = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True)
    return done.stdout.decode().split("\f")[:-1]


def test_every_file_of_the_site_is_one_that_belongs_there(built: Path, source: Source) -> None:
    wanted = {
        "index.html",
        *(f"assets/{name}" for name in ("site.css", "leave.js", "icon.svg", "blank.svg")),
        "404.html",
        "robots.txt",
        "SHA256SUMS",
        *TAGGED,
        *BESIDE,
        *SHEETS,
        *MORE,
        *PANELS,
        *CARDS,
        *SHOP,
    }
    for tag, _ in LANGUAGES.values():
        names = ("index", "contacts", "print", "a-z", "404", *source.documents)
        wanted |= {f"{tag}/{name}.html" for name in names}
    pages = {path for path in wanted if path.endswith((".html", ".css", ".js"))}
    wanted |= {path + ending for path in (*pages, "assets/icon.svg") for ending in (".gz", ".br")}
    site = built / "site"
    assert {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} == wanted
    assert {path.name for path in built.iterdir()} == {"site", "hosting", "report.txt"}


# --- numbers: every one equals contacts.toml ---------------------------------------------------------

_RUN = re.compile(r"(?<![A-Za-z\d])\+?\d[\d \u00a0\-\u2010-\u2013]*\d")


_EDITION = re.compile(r"(?:en|es|ar|zh-Hans)-[2-9A-Z]{4}-\d{4}-\d\d")


def strange_numbers(lines: list[str], known: set[str]) -> list[str]:
    """Every run of digits that is long enough to be dialled and is not one of the known numbers.

    Nor the pages after the first sheet, which are those to print again.
    """
    lines = [_EDITION.sub("·", line) for line in lines]
    # Two numbers may stand side by side, so known ones are taken out whole first.
    whole = re.compile(
        rf"(?<![\d+-])(?:{'|'.join(sorted(map(re.escape, known), key=len, reverse=True))})(?![\d-])"
    )
    return [
        run
        for line in lines
        for run in _RUN.findall(whole.sub("·", line))
        if len(digits(run)) > 2 and run not in OTHER_NUMBERS and not re.fullmatch(r"20\d\d|3–\d\d?", run)
    ]


def web_faults(path: str, page: etree._Element) -> list[str]:
    """Each number and address on a finished page that is not exactly one of contacts.toml, nor its exit."""
    faults = strange_numbers([re.sub(r"\b\d+ (?:kB|كيلوبايت)", "", text_of(page))], NUMBERS)
    for link in page.iter("a"):
        href, words = link.get("href"), text_of(link)
        # A link to a contact's site may stand on words of the author's.
        on_words = href in ADDRESSES and href.startswith("https:") and not digits(words)
        if link.get("class") == "leave" and href in exits(path) and not digits(words):
            continue
        if ":" in href and words != ADDRESSES.get(href) and not on_words:
            faults.append(f"{href}: {words}")
    for number in page.find_class("number"):
        if text_of(number) not in NUMBERS or number.get("dir") != "ltr":
            faults.append(text_of(number))
    return faults


def test_every_number_on_every_page_is_one_of_contacts_toml(pages: dict[str, etree._Element]) -> None:
    assert {path: faults for path, page in pages.items() if (faults := web_faults(path, page))} == {}


def test_every_number_that_a_guide_names_is_shown_on_its_page(
    pages: dict[str, etree._Element], source: Source
) -> None:
    values = {f"{contact}.{channel}": (channel, value) for contact, channel, value in channels()}
    shown = 0
    for locale, guide, page in guide_pages(pages, source):
        hrefs = Counter(page.xpath("//a/@href"))
        wanted: Counter[str] = Counter()
        for message in source.documents[guide].messages:
            for token in re.findall(r"\{([a-z0-9-]+\.(?:phone|text|tty|web))\}", message.text):
                wanted[address(*values[token])] += 1
        assert wanted <= hrefs, f"{guide} in {locale}"
        shown += wanted.total()
    assert shown > 20 * len(LANGUAGES)


@pytest.mark.parametrize("tag", [tag for tag, _ in LANGUAGES.values()])
def test_the_page_of_contacts_shows_every_contact_with_its_own_numbers(
    tag: str, pages: dict[str, etree._Element]
) -> None:
    page = pages[f"{tag}/contacts.html"]
    found = [
        (entry.get("id"), href, text_of(link))
        for entry in page.xpath("//ul[@class='contacts']/li")
        for link in entry.iter("a")
        if (href := link.get("href"))
    ]
    wanted = [(contact, address(channel, value), value) for contact, channel, value in channels()]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("tag", [tag for tag, _ in LANGUAGES.values()])
def test_the_home_page_and_every_guide_but_a_discreet_one_show_the_first_numbers(
    tag: str, pages: dict[str, etree._Element], source: Source
) -> None:
    first = {source.project.site.emergency, source.project.site.helpline}
    wanted = {address(name, value) for id, name, value in channels() if id in first and name == "phone"}
    assert len(wanted) == 2
    assert set(source.documents) > DISCREET
    for name in ("index", *(set(source.documents) - DISCREET)):
        assert wanted <= set(pages[f"{tag}/{name}.html"].xpath("//a/@href")), name


def test_one_changed_digit_on_a_page_is_found(pages: dict[str, etree._Element]) -> None:
    path = "ar/help.html"
    text = lxml_html.tostring(pages[path], encoding="unicode")
    changes = {
        "the link": (r"tel:18883737888", "tel:18883737889"),
        "what is read": (r">1-888-373-7888<", ">1-888-373-7889<"),
        "the order": (r">1-888-373-7888<", ">7888-373-888-1<"),
        "a number in prose": (r"</main>", "<p>800-942-6907</p></main>"),
        "one character more": (r">233733<", ">2337330<"),
        "another exit": (re.escape(EXITS["ar"]), EXITS["es"]),
    }
    assert web_faults(path, lxml_html.document_fromstring(text)) == []
    for name, (old, new) in changes.items():
        changed = re.sub(old, new, text, count=1)
        assert changed != text, name
        assert web_faults(path, lxml_html.document_fromstring(changed)) != [], name


def print_faults(pdf: bytes, known: set[str]) -> list[str]:
    """Each number printed in a PDF, as its glyphs stand, that is not one of the known."""
    return strange_numbers([_PAGE_RANGE.sub("", line) for line in pdf_text.lines(pdf)], known)


_PAGE_RANGE = re.compile(r"(?<!\S)\d{1,2}–\d{1,3}(?!\S)")
"""Which pages to print again, on a first sheet; no number to call has an en dash."""


def printed_numbers(text: str) -> dict[str, int]:
    """Known number → how often it stands in a text, as no part of a longer one."""
    return {number: len(re.findall(rf"(?<![\d+-]){re.escape(number)}(?![\d-])", text)) for number in NUMBERS}


@pytest.mark.parametrize("path", [*TAGGED, *SHEETS, *SHOP])
def test_every_number_in_a_pdf_is_printed_as_it_stands_in_contacts_toml(
    path: str, built_site: Path, source: Source
) -> None:
    pdf = (built_site / path).read_bytes()
    assert print_faults(pdf, NUMBERS) == []
    text = "\n".join(pdf_text.lines(pdf))
    assert printed_numbers(text) == dict(_numbers_of(booklet_of(path), source, Said(source, locale_of(path))))
    for _, channel, value in channels():
        assert channel != "web" or value in text


@pytest.mark.parametrize("path", BESIDE)
def test_in_two_languages_every_number_stands_on_both_sides(
    path: str, built_site: Path, source: Source
) -> None:
    pdf = (built_site / path).read_bytes()
    assert print_faults(pdf, NUMBERS) == []
    wanted: Counter[str] = Counter()
    for locale in ("en", locale_of(path)):
        wanted += _numbers_of("getting-help", source, Said(source, locale))
    assert printed_numbers("\n".join(pdf_text.lines(pdf))) == dict(wanted)


@pytest.mark.parametrize("path", BESIDE)
def test_what_is_in_two_languages_is_tagged_and_tells_the_language_of_each_side(
    path: str, built_site: Path, source: Source
) -> None:
    said = Said(source, locale_of(path))
    with pikepdf.open(built_site / path) as pdf:
        assert str(pdf.Root.Lang) == LANGUAGES[locale_of(path)][0]
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert {_size_mm(page) for page in pdf.pages} == {LARGE_MM[path[:-4].rpartition("-")[2]]}
        elements = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == pikepdf.Name.StructElem
        ]
        assert Counter(str(element.Lang) for element in elements if "/Lang" in element)["en"] > 100
    wanted = [said("Contents"), said.title("help"), *said.headings("help", 2), said("Phone numbers")]
    wanted += [said(region.name.value) for region in source.project.regions]
    assert [title for _, title, _ in _bookmarks(built_site / path)] == wanted


def _numbers_of(booklet: str, source: Source, said: Said) -> Counter[str]:
    """How often a booklet must show each number: inside its cover, where guides name it, and in the list."""
    values = {f"{contact}.{channel}": [value] for contact, channel, value in channels() if channel != "web"}
    for contact in source.project.contacts:  # "988 Suicide & Crisis Lifeline" has a number in its name
        name = said(contact.name.value)
        values[f"{contact.id}.name"] = [number for number in NUMBERS if number in name]
    wanted: Counter[str] = Counter()
    first = {source.project.site.emergency, source.project.site.helpline}
    for token, numbers in values.items():
        wanted.update(numbers * (2 if token.split(".")[0] in first else 1))
    guides = next(known.guides for known in source.project.booklets if known.id == booklet)
    for guide in guides:
        for message in source.documents[guide].messages:
            for token in re.findall(r"\{([a-z0-9-]+\.(?:phone|text|tty|name))\}", message.text):
                wanted.update(values[token])
    return wanted


def test_one_changed_digit_in_a_pdf_is_found(built_sample: Path, tmp_path: Path) -> None:
    sample = {
        value
        for _, channel, value in channels(CHECKOUT / "tests/sample/content/contacts.toml")
        if channel != "web"
    }
    pdf = (built_sample / "site/en/print/first-plants.pdf").read_bytes()
    assert print_faults(pdf, sample) == []
    assert print_faults(pdf, NUMBERS) != []
    for number in sample - {"711"}:
        changed = number[:-1] + str((int(number[-1]) + 5) % 10)
        assert number in print_faults(pdf, sample - {number} | {changed})
        assert not pdf_text.shows(pdf, changed)


# --- the notice, and who has not checked a translation -----------------------------------------------


def test_the_notice_stands_in_every_guide_in_the_language_of_its_page(
    pages: dict[str, etree._Element], source: Source
) -> None:
    site = source.project.site
    for locale, guide, page in guide_pages(pages, source):
        notice = site.notice_neutral if guide in DISCREET else site.notice
        found = [text_of(element) for element in page.find_class("notice")]
        assert found == [Said(source, locale)(notice.value)], f"{guide} in {locale}"


def test_each_locale_has_a_notice_of_its_own_in_its_own_script(source: Source) -> None:
    site = source.project.site
    scripts = {"en": "LATIN", "es": "LATIN", "ar": "ARABIC", "zh_Hans": "CJK"}
    for text in (site.notice.value, site.notice_neutral.value, UNREVIEWED):
        said = {locale: Said(source, locale)(text) for locale in LANGUAGES}
        assert len(set(said.values())) == len(LANGUAGES)
        for locale, sentence in said.items():
            letters = [unicodedata.name(letter) for letter in sentence if letter.isalpha()]
            assert all(name.startswith(scripts[locale]) for name in letters), sentence


@pytest.mark.parametrize("path", TAGGED)
def test_the_notice_stands_in_every_booklet_before_its_contents(
    path: str, built_site: Path, source: Source
) -> None:
    said = Said(source, locale_of(path))
    contents = _bookmarks(built_site / path)[0][2]
    front = spoken(built_site / path)[: contents - 1]
    assert says(" ".join(front[1:]) if path in LARGE else front[1], said(source.project.site.notice.value))
    assert says(" ".join(front), said(UNREVIEWED)) == (locale_of(path) != "en")


def test_every_translated_page_says_that_no_native_speaker_checked_it_and_no_other_does(
    pages: dict[str, etree._Element], source: Source
) -> None:
    for path, page in pages.items():
        found = [text_of(element) for element in page.find_class("unreviewed")]
        if path == "index.html" or locale_of(path) == "en":
            assert found == [], path
            assert UNREVIEWED not in text_of(page), path
        else:
            assert found == [Said(source, locale_of(path))(UNREVIEWED)], path


def test_nothing_falls_back_to_another_language(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        if path != "index.html":
            tag = LANGUAGES[locale_of(path)][0]
            marked = {element.get("lang") for element in page.xpath("//main//*[@lang]")}
            assert marked <= {tag}, path
            assert page.find_class("untranslated") == [], path


# --- pages, languages, links -------------------------------------------------------------------------


def test_every_page_names_its_language_and_direction(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        locale = "en" if path == "index.html" else locale_of(path)
        assert (page.get("lang"), page.get("dir")) == LANGUAGES[locale], path


def test_the_root_offers_every_language_in_its_own_name_and_leads_to_its_first_page(
    pages: dict[str, etree._Element],
) -> None:
    links = pages["index.html"].xpath("//ul[@class='choose']/li/a")
    found = [(link.get("href"), link.get("lang"), link.get("dir"), text_of(link)) for link in links]
    assert found == [
        ("en/device.html", "en", "ltr", "English"),
        ("es/device.html", "es", "ltr", "Español"),
        ("ar/device.html", "ar", "rtl", "العربية"),
        ("zh-Hans/device.html", "zh-Hans", "ltr", "简体中文"),
    ]


def test_every_page_leads_to_itself_in_every_language(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        if path == "index.html":
            continue
        folder, name = path.split("/")
        wanted = {tag: resolved(path, f"../{tag}/{name}") for tag, _ in LANGUAGES.values()}
        others = {"x-default": "index.html" if name == "index.html" else f"en/{name}"}
        for links, all_wanted in (
            (page.xpath("//link[@rel='alternate']"), wanted | others),
            (page.xpath("//nav[contains(@class, 'languages')]//a"), wanted),
        ):
            found = {link.get("hreflang"): resolved(path, link.get("href")) for link in links}
            assert found == all_wanted, path
        current = page.xpath("//nav[contains(@class, 'languages')]//a[@aria-current]/@hreflang")
        assert current == [folder], path


def test_every_page_leads_home_and_to_the_contacts_and_to_print(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        if path != "index.html":
            folder = path.split("/")[0]
            links = {resolved(path, href) for href in page.xpath("//header//a/@href")}
            assert {f"{folder}/{name}.html" for name in ("index", "contacts", "print")} <= links, path


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_home_page_lists_every_guide_by_its_title(
    locale: str, pages: dict[str, etree._Element], source: Source
) -> None:
    said = Said(source, locale)
    links = pages[f"{LANGUAGES[locale][0]}/index.html"].xpath("//ul[@class='cards']//a")
    found = {link.get("href"): text_of(link) for link in links}
    assert found == {f"{guide}.html": said.title(guide) for guide in source.documents}
    assert len(found) >= 13


def resolved(page: str, link: str) -> str:
    """The path below the site that a relative link leads to; a fragment stays."""
    parts = list(PurePosixPath(page).parent.parts) if link.split("#")[0] else [page]
    for part in PurePosixPath(link.split("#")[0]).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) + "".join(f"#{fragment}" for fragment in link.split("#")[1:])


def test_every_link_inside_the_site_leads_to_a_file_and_a_place_in_it(
    built_site: Path, pages: dict[str, etree._Element]
) -> None:
    ids = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    followed = 0
    for path, page in pages.items():
        assert len(page.xpath("//@id")) == len(ids[path]), path
        for link in page.xpath("//@href | //@src"):
            if ":" not in link:
                target, _, fragment = resolved(path, link).partition("#")
                assert (built_site / target).is_file(), f"{path}: {link}"
                assert not fragment or fragment in ids[target], f"{path}: {link}"
                followed += 1
    assert followed > 1000


def test_no_address_leads_out_of_the_site_but_to_a_contact(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        links = page.xpath("//@href | //@src | //@srcset | //@action | //@content[starts-with(., 'http')]")
        outside = {link for link in links if ":" in link or link.startswith(("/", "\\"))}
        assert outside <= set(ADDRESSES) | exits(path), path
        assert exits(path) <= outside, path


# --- the print page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_print_page_lists_every_pdf_with_what_the_file_itself_has(
    locale: str, built_site: Path, pages: dict[str, etree._Element], source: Source
) -> None:
    tag = LANGUAGES[locale][0]
    page = pages[f"{tag}/print.html"]
    entries = page.xpath("//ul[@class='files']/li")
    listed = [entry.find("a").get("href") for entry in entries]
    names = [f"print/{booklet}{paper}.pdf" for booklet in BOOKLETS for paper in ("", "-a4", "-letter")]
    at = names.index("print/for-friends.pdf") + 3
    names[at:at] = [f"print/for-friends-large-{paper}.pdf" for paper in LARGE_MM]
    for booklet, endings in FOLDED.items():
        after = names.index(f"print/{booklet}-letter.pdf") + 1
        names[after:after] = [f"print/{booklet}{ending}.pdf" for ending in endings]
    shop = names.index("print/for-you-letter.pdf") + 1 + len(FOLDED["for-you"])
    names[shop:shop] = ["print/for-you-press.pdf"]
    at = len(names)
    names += [path.removeprefix(f"{tag}/") for path in PANELS if path.startswith(f"{tag}/")]
    beside = len(names)
    names += [path.removeprefix(f"{tag}/") for path in BESIDE if path.startswith(f"{tag}/")]
    assert listed == names
    titles = [text_of(heading) for heading in page.xpath("//section[@class='booklet']/h2")]
    assert titles == [Said(source, locale)(booklet.title.value) for booklet in source.project.booklets]
    for entry in entries[at:beside]:
        facts = [text_of(fact) for fact in entry.xpath("./span[@class='facts']/span")]
        assert re.findall(r"\d+", facts[1]) == ["1"] or "ورقة" in facts[1], "one sheet each"
    for entry, href in zip(entries[:at], listed[:at], strict=True):
        file = built_site / tag / href
        large = f"{tag}/{href}" in LARGE
        read = len(pikepdf.open(file if large else built_site / tag / f"print/{booklet_of(href)}.pdf").pages)
        facts = [text_of(fact) for fact in entry.xpath("./span[@class='facts']/span")]
        wanted = [str(read)]
        if not large and not href.endswith((f"{booklet_of(href)}.pdf", "-press.pdf")):
            sides = 1 if "-two-pass-" in href else 2
            wanted.append(str(len(pikepdf.open(file).pages) // sides - FIRST))
        assert [re.findall(r"\d+", fact) for fact in facts[:-1]] == [[number] for number in wanted], href
        size = re.findall(r"\d+(?:[.,٫]\d)?", facts[-1])
        kilobytes = file.stat().st_size / 1000
        assert kilobytes < 1000, "a booklet of a megabyte or more: write its size out here too"
        assert size == [str(round(kilobytes))], href
        assert re.search("kB|كيلوبايت", facts[-1])


# --- what no file tells ------------------------------------------------------------------------------

_TOOLS = re.compile(
    rb"weasyprint|pydyf|pikepdf|handbill|jinja|markdown-it|fonttools|poppler|/Producer|/Creator\b", re.I
)
_TIMES = re.compile(
    rb"\d{4}-\d\d-\d\dT\d\d:\d\d|D:20\d{6}|/CreationDate|/ModDate|xmp:CreateDate|xmp:ModifyDate"
)


def told(content: bytes, places: list[bytes]) -> list[bytes]:
    """What a file says of the machine, the programs or the moment that made it."""
    return [
        *(match.group() for pattern in (_TOOLS, _TIMES) for match in pattern.finditer(content)),
        *(place for place in places if place in content),
    ]


@pytest.fixture(scope="module")
def places(built: Path) -> list[bytes]:
    """Folders of this machine that were at hand while building."""
    folders = (built, built.parent, CHECKOUT, Path(sys.prefix), Path.home(), Path.cwd())
    return [str(folder).encode() for folder in dict.fromkeys(folders) if len(folder.parts) > 2]


def test_no_page_or_style_sheet_tells_of_a_tool_a_time_or_a_folder(
    built_site: Path, places: list[bytes]
) -> None:
    files = [path for path in built_site.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    found = {path.name: told(path.read_bytes(), places) for path in files}
    assert {name: what for name, what in found.items() if what} == {}
    assert told(b"made by WeasyPrint", places) == [b"WeasyPrint"]
    assert told(b"on 2026-11-22T01:02:03Z", places) == [b"2026-11-22T01:02"]


@pytest.mark.parametrize("path", [*TAGGED, *BESIDE, *SHEETS])
def test_a_pdf_is_whole_and_tells_of_no_tool_time_or_folder(
    path: str, built_site: Path, tmp_path: Path, places: list[bytes]
) -> None:
    pdf = built_site / path
    done = subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    open_to_view = tmp_path / "open.pdf"
    command = ["qpdf", "--qdf", "--object-streams=disable", "--no-original-object-ids"]
    subprocess.run([*command, str(pdf), str(open_to_view)], check=True)
    assert told(pdf.read_bytes(), places) == []
    assert told(open_to_view.read_bytes(), places) == []
    with pikepdf.open(pdf) as opened:
        assert set(opened.docinfo.keys()) == {"/Title"}


# --- booklets to read --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TAGGED)
def test_a_reading_pdf_is_tagged_and_names_its_title_and_language(
    path: str, built_site: Path, source: Source
) -> None:
    locale = locale_of(path)
    tag, direction = LANGUAGES[locale]
    booklet = next(known for known in source.project.booklets if known.id == booklet_of(path))
    with pikepdf.open(built_site / path) as pdf:
        assert str(pdf.docinfo["/Title"]) == Said(source, locale)(booklet.title.value)
        assert str(pdf.Root.Lang) == tag
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert (pdf.Root.ViewerPreferences.get("/Direction") == pikepdf.Name.R2L) == (direction == "rtl")
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == str(pdf.docinfo["/Title"])
        for page in pdf.pages:
            assert _size_mm(page) == (LARGE_MM[path[:-4].rpartition("-")[2]] if path in LARGE else PAGE_MM)
            assert page.get("/Tabs", pikepdf.Name.S) == pikepdf.Name.S


def _size_mm(page: pikepdf.Page) -> tuple[float, float]:
    left, foot, right, head = (float(edge) * 25.4 / 72 for edge in page.mediabox)
    return round(right - left, 2), round(head - foot, 2)


def _bookmarks(pdf: Path) -> list[tuple[int, str, int]]:
    """(level, title, page from 1) of every bookmark."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            (mark.level, mark.get_title(), mark.get_dest().get_index() + 1) for mark in document.get_toc()
        ]
    finally:
        document.close()


@pytest.mark.parametrize("path", TAGGED)
def test_bookmarks_are_the_chapters_and_their_headings_and_lead_to_them(
    path: str, built_site: Path, source: Source
) -> None:
    said = Said(source, locale_of(path))
    guides = next(known.guides for known in source.project.booklets if known.id == booklet_of(path))
    wanted = [(0, said("Contents"))]
    for guide in guides:
        wanted += [(0, said.title(guide)), *((1, title) for title in said.headings(guide, 2))]
    wanted += [(0, said("Phone numbers"))]
    wanted += [(1, said(region.name.value)) for region in source.project.regions]
    found = _bookmarks(built_site / path)
    assert [(level, title) for level, title, _ in found] == wanted
    texts = spoken(built_site / path)
    assert [title for _, title, page in found if not says(texts[page - 1], title)] == []
    assert [page for *_, page in found] == sorted(page for *_, page in found)


@pytest.mark.parametrize("path", TAGGED)
def test_the_numbers_in_the_list_of_contents_are_those_of_the_pages(path: str, built_site: Path) -> None:
    pdf = (built_site / path).read_bytes()
    printed = pdf_text.pages(pdf)
    chapters = [page for level, _, page in _bookmarks(built_site / path) if level == 0]
    contents, first = chapters[0], chapters[1]
    lines = [line for page in printed[contents - 1 : first - 1] for line in page]
    at_edge = [re.fullmatch(r"(?:(\d+)(?: .*)?|.* (\d+))", line) for line in lines]
    listed = [int(match[1] or match[2]) for match in at_edge if match]
    assert listed == chapters[1:]
    for number, page in enumerate(printed[first - 1 :], first):
        assert str(number) in (page[-1], page[-2]), f"page {number} does not show its number"


@pytest.mark.parametrize("path", READING)
def test_the_inside_of_the_cover_is_one_page_and_the_contents_face_it(path: str, built_site: Path) -> None:
    assert _bookmarks(built_site / path)[0][2] == 3


# --- structure: headings and tables ------------------------------------------------------------------


Leaf = tuple[tuple[str, ...], int]
"""A piece of text: its tags from the root on, each element with a number of its own, and its page."""


def _leaves(element: pikepdf.Object, pages: dict[tuple[int, int], int]) -> Iterator[Leaf]:
    """What is read aloud, in its order."""
    counter = count()

    def walk(node: pikepdf.Object, path: tuple[str, ...], page: int) -> Iterator[Leaf]:
        if not isinstance(node, pikepdf.Dictionary):
            yield path, page
            return
        if "/Pg" in node:
            page = pages[node.Pg.objgen]
        if node.get("/Type") == pikepdf.Name.OBJR:
            return
        if node.get("/Type") == pikepdf.Name.MCR:
            yield path, page
            return
        children = node.get("/K", pikepdf.Array())
        here = (*path, f"{str(node.S)[1:]}:{next(counter)}")
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            yield from walk(child, here, page)

    yield from walk(element, (), 0)


@pytest.fixture(scope="module")
def read_aloud(built_site: Path) -> dict[str, list[Leaf]]:
    """What each reading PDF says, piece by piece, as a screen reader gets it."""
    found = {}
    for path in TAGGED:
        with pikepdf.open(built_site / path) as pdf:
            numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
            root = pdf.Root.StructTreeRoot.K
            tops = root if isinstance(root, pikepdf.Array) else [root]
            found[path] = [leaf for top in tops for leaf in _leaves(top, numbers)]
    return found


def _tagged(tags: tuple[str, ...], *wanted: str) -> str | None:
    """The innermost element around a leaf that has one of the tags."""
    return next((name for name in reversed(tags) if name.split(":")[0] in wanted), None)


_HEADINGS = ("H1", "H2", "H3", "H4")


def headings(leaves: list[Leaf]) -> list[tuple[str, int, int]]:
    """Each heading, the page on which it ends, and the page on which the text goes on: 0 at the end."""
    found = []
    for (tags, page), (next_tags, next_page) in pairwise([*leaves, ((), 0)]):
        heading = _tagged(tags, *_HEADINGS)
        if heading and heading != _tagged(next_tags, *_HEADINGS):
            found.append((heading, page, next_page))
    return found


def tables(leaves: list[Leaf]) -> dict[str, list[tuple[bool, set[int]]]]:
    """Each table by its rows: whether it is a head row, and the pages on which it stands."""
    rows: dict[str, tuple[bool, set[int]]] = {}
    found: dict[str, list[tuple[bool, set[int]]]] = {}
    for tags, page in leaves:
        table, row = _tagged(tags, "Table"), _tagged(tags, "TR")
        if table and row:
            if row not in rows:
                rows[row] = (_tagged(tags, "TH") is not None, set())
                found.setdefault(table, []).append(rows[row])
            rows[row][1].add(page)
    return found


def row_faults(rows: list[tuple[bool, set[int]]]) -> list[str]:
    """What is wrong with how a table stands on its pages."""
    faults = [f"a row is broken over pages {sorted(on)}" for _, on in rows if len(on) > 1]
    if not rows[0][0]:
        faults.append("there is no head row")
    for (is_head, on), (_, after) in pairwise([*rows, (False, {0})]):
        if is_head and on != after:
            faults.append(f"the head row stands alone on page {sorted(on)}")
    return faults


@pytest.mark.parametrize("path", TAGGED)
def test_a_heading_never_ends_a_page(path: str, read_aloud: dict[str, list[Leaf]], source: Source) -> None:
    found = headings(read_aloud[path])
    assert [(heading, page) for heading, page, after in found if page != after] == []
    said = Said(source, locale_of(path))
    guides = next(known.guides for known in source.project.booklets if known.id == booklet_of(path))
    assert len(found) >= sum(1 + len(said.headings(guide, 2, 3, 4)) for guide in guides)


@pytest.mark.parametrize("path", TAGGED)
def test_a_table_keeps_its_head_row_with_its_body(
    path: str, read_aloud: dict[str, list[Leaf]], source: Source
) -> None:
    found = tables(read_aloud[path])
    assert {table: faults for table, rows in found.items() if (faults := row_faults(rows))} == {}
    guides = next(known.guides for known in source.project.booklets if known.id == booklet_of(path))
    units = [unit for guide in guides for unit in source.documents[guide].units]
    # A table that goes on overleaf is one more table there, with its head row again.
    assert len(found) >= sum("<table" in "".join(unit.html) for unit in units)


def test_a_heading_or_a_head_row_left_alone_would_be_found() -> None:
    alone: list[Leaf] = [(("H2:1", "Span:2"), 1), (("H2:1", "Span:3"), 1), (("P:4",), 2), (("H3:5",), 2)]
    assert headings(alone) == [("H2:1", 1, 2), ("H3:5", 2, 0)]
    rows: list[Leaf] = [(("Table:1", "TR:2", "TH:3"), 1), (("Table:1", "TR:4", "TD:5"), 2)]
    assert row_faults(tables(rows)["Table:1"]) == ["the head row stands alone on page [1]"]
    rows[1] = (("Table:1", "TR:4", "TD:5"), 1)
    assert row_faults(tables(rows)["Table:1"]) == []
    assert row_faults(tables([*rows, (("Table:1", "TR:4", "TD:6"), 2)])["Table:1"]) != []


@pytest.mark.parametrize("path", TAGGED)
def test_what_there_is_to_tick_and_to_write_on_can_be_filled_in_on_a_screen(
    path: str, built_site: Path, source: Source
) -> None:
    said = Said(source, locale_of(path))
    guides = next(known.guides for known in source.project.booklets if known.id == booklet_of(path))
    wanted = Counter[str]()
    for guide in guides:
        document = source.documents[guide]
        html = "".join("".join(unit.html) for unit in document.units)
        wanted.update({"/Btn": html.count('class="box"'), "/Tx": html.count('class="lines"')})
    with pikepdf.open(built_site / path) as pdf:
        fields = list(pdf.Root.AcroForm.Fields) if "/AcroForm" in pdf.Root else []
        assert Counter(str(field.FT) for field in fields) == +wanted
        names = [str(field.T) for field in fields]
        assert len(set(names)) == len(names)
        told = {squeezed(str(field.TU)) for field in fields}
        assert "" not in told
        if "my-plan" in guides:
            assert squeezed(said("What worries me now:", "my-plan")) in told


@pytest.mark.parametrize("path", LARGE)
def test_nothing_in_large_print_is_smaller_than_18_points(path: str, built_site: Path) -> None:
    pages = fold.sides((built_site / path).read_bytes())
    assert min(word.size_pt for page in pages for word in page.words) >= 17.99


def tab_faults(pdf: pikepdf.Pdf) -> list[str]:
    """What a keyboard would meet out of order, or a screen reader could not name (ISO 14289-1)."""
    faults: list[str] = []
    for number, page in enumerate(pdf.pages, 1):
        if page.get("/Tabs") != pikepdf.Name.S:
            faults.append(f"page {number}: tabs do not follow the structure")
        for stop in page.get("/Annots", []):
            name = "/TU" if stop.get("/Subtype") == pikepdf.Name.Widget else "/Contents"
            if "/StructParent" not in stop or not str(stop.get(name, "")).strip():
                faults.append(f"page {number}: a link or a field without a name or a place in the text")
    reached = [
        kid.Obj.objgen
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") in (pikepdf.Name.Link, pikepdf.Name.Form)
        for kid in (thing.K if isinstance(thing.get("/K"), pikepdf.Array) else [thing.get("/K")])
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == pikepdf.Name.OBJR
    ]
    if set(reached) != {stop.objgen for page in pdf.pages for stop in page.get("/Annots", [])}:
        faults.append("a link or a field is no part of the text")
    faults += ["a picture without words" for one in figures(pdf) if not str(one.get("/Alt", "")).strip()]
    return faults


def figures(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [
        thing
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == pikepdf.Name.Figure
    ]


@pytest.mark.parametrize("path", TAGGED)
def test_the_tab_key_follows_the_text_and_every_link_and_picture_has_words(
    path: str, built_site: Path
) -> None:
    with pikepdf.open(built_site / path) as pdf:
        assert tab_faults(pdf) == []


def test_a_lost_tab_order_name_or_alternative_text_would_be_found(built_sample: Path) -> None:
    reading = built_sample / "site/en/print/first-plants.pdf"
    with pikepdf.open(reading) as pdf:
        assert tab_faults(pdf) == []
        (figure,) = figures(pdf)
        del figure["/Alt"]
        assert tab_faults(pdf) == ["a picture without words"]
        del pdf.pages[1]["/Tabs"]
        assert len(tab_faults(pdf)) == 2
        del pdf.pages[1]["/Annots"][0]["/Contents"]
        assert len(tab_faults(pdf)) == 3
        del pdf.pages[2]["/Annots"]
        assert tab_faults(pdf)[-2:] == ["a link or a field is no part of the text", "a picture without words"]


def test_check_finds_nothing_wrong_on_the_paper_of_this_repository(built: Path) -> None:
    assert finished.check(built.parent, date.today()) == ()


@pytest.mark.parametrize("path", TAGGED)
def test_no_page_is_empty(path: str, built_site: Path) -> None:
    assert [
        number for number, text in enumerate(spoken(built_site / path), 1) if len(squeezed(text)) < 8
    ] == []


# --- sheets ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHEETS)
def test_sheets_have_their_paper_and_two_sides_and_fold_to_the_booklet_with_notes_at_its_end(
    path: str, built_site: Path, source: Source
) -> None:
    locale = locale_of(path)
    direction = LANGUAGES[locale][1]
    reading = built_site / path.replace(PurePosixPath(path).name, f"{booklet_of(path)}.pdf")
    pages = [letters(words) for words in (side.words for side in fold.sides(reading.read_bytes()))]
    printed = fold.sides((built_site / path).read_bytes())[2 * FIRST :]
    folded = fold.folded(printed, "rtl" if direction == "rtl" else "ltr")
    with pikepdf.open(built_site / path) as pdf:
        assert len(pdf.pages) % 2 == 0
        assert len(pdf.pages) == 2 * FIRST + 2 * -(-len(pages) // 4)
        paper = PAPERS_MM[path.removesuffix(".pdf").rpartition("-")[2]]
        assert [_size_mm(page) for page in pdf.pages] == [paper] * len(pdf.pages)
        assert [page for page in pdf.pages if "/Annots" in page] == []
        assert pdf.Root.ViewerPreferences.PrintScaling == pikepdf.Name("/None")
        assert pdf.Root.ViewerPreferences.Duplex == pikepdf.Name.DuplexFlipShortEdge
        assert pdf.Root.ViewerPreferences.Direction == pikepdf.Name("/R2L" if direction == "rtl" else "/L2R")
        assert bool(pdf.Root.ViewerPreferences.PickTrayByPDFSize)
        assert pdf.Root.PageLayout == pikepdf.Name.SinglePage
        assert str(pdf.Root.Lang) == LANGUAGES[locale][0]
        with pikepdf.open(reading) as whole:
            assert str(pdf.docinfo["/Title"]) == str(whole.docinfo["/Title"])
    assert [letters(page) for page in folded[: len(pages)]] == pages
    assert {word.turned_deg for page in folded for word in page} == {0}
    blank = folded[len(pages) :]
    assert len(blank) == -len(pages) % 4
    notes = Counter(squeezed(Said(source, locale)("Notes")))
    assert [letters(page) for page in blank] == [notes] * len(blank)


@pytest.mark.parametrize("path", [path for path in MORE if "-backs" not in path])
def test_every_other_way_to_print_a_booklet_folds_to_the_same_one(path: str, built_site: Path) -> None:
    ltr_or_rtl: Literal["ltr", "rtl"] = "rtl" if path.startswith("ar/") else "ltr"
    pdf = (built_site / path).read_bytes()
    if "-signatures-" in path:
        printed = fold.sides(pdf)[2 * FIRST :]
        parts = [printed[start : start + 8] for start in range(0, len(printed), 8)]
        folded = [page for part in parts for page in fold.folded(part, ltr_or_rtl)]
    elif "-long-edge-" in path:
        assert fold.sides(pdf)[1].words[0].turned_deg == 180, "the back of the first sheet is turned too"
        folded = fold.folded(fold.sides(pdf)[2 * FIRST :], ltr_or_rtl, turn="long")
    else:
        backs = (built_site / path.replace("-fronts", "-backs")).read_bytes()
        folded = fold.folded(fold.two_passes(pdf, backs, "turned")[2 * FIRST :], ltr_or_rtl)
    usual = built_site / re.sub("-(signatures|long-edge|two-pass)", "", path.replace("-fronts", ""))
    wanted = fold.folded(fold.sides(usual.read_bytes())[2 * FIRST :], ltr_or_rtl)
    assert [letters(page) for page in folded] == [letters(page) for page in wanted]
    assert {word.turned_deg for page in folded for word in page} == {0}


@pytest.mark.parametrize("path", [*SHEETS, *MORE])
def test_a_first_sheet_says_how_to_print_the_file_and_its_ruler_is_true(
    path: str, built_site: Path, source: Source
) -> None:
    said = Said(source, locale_of(path))
    with pikepdf.open(built_site / path) as pdf:
        pages = len(pdf.pages)
    first = spoken(built_site / path)[0]
    if path.endswith("-backs.pdf"):
        assert says(first, said("This is the back of the first sheet."))
        return
    leading = 1 if path.endswith("-fronts.pdf") else 2
    sheets = (pages - leading) // leading
    assert says(first, said("How to print and fold"))
    assert f"{leading + 1}–{pages}" in first
    assert re.search(rf"(?<!\d){sheets}(?!\d)", first)
    assert ("A4" in first) == ("a4" in path)
    assert ("US Letter" in first) == ("letter" in path)
    step = "Choose to print on both sides. Choose “flip on short edge”."
    step = step.replace("short", "long") if "-long-edge-" in path else step
    assert says(first, said(step)) == (leading == 2)
    lines = _lines_mm(built_site / path)
    for length_mm in (100, 101.6):
        assert any(abs(line - length_mm) < 0.5 for line in lines)


def _lines_mm(pdf: Path) -> list[float]:
    """How long the longest line is in each row of the first page, drawn with ten dots to a millimetre."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=254 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    width, dots = picture.width, picture.tobytes()
    rows = (dots[start : start + width] for start in range(0, len(dots), width))
    return [max(map(len, re.findall(rb"[\x00-\x7f]+", row)), default=0) / 10 for row in rows]


def letters(words: tuple[fold.Word, ...] | fold.Page) -> Counter[str]:
    """How often each letter stands on a page, whatever the order of reading."""
    return Counter(squeezed("".join(word.text for word in words)))


@pytest.mark.parametrize("path", [*TAGGED, *BESIDE, *SHEETS, *MORE, *PANELS, *CARDS, *SHOP])
def test_every_font_is_embedded_and_pinned(path: str, built_site: Path) -> None:
    with pikepdf.open(built_site / path) as pdf:
        fonts = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary)
            and thing.get("/Type") == pikepdf.Name.Font
            and "/DescendantFonts" not in thing
        ]
        assert fonts
        of_fields = pdf.Root.get("/AcroForm", {}).get("/DR", {}).get("/Font", {}).values()
        assert {font.objgen for font in of_fields} <= {font.objgen for font in fonts}, "and looked at below"
        for font in fonts:
            assert "/FontFile2" in font.FontDescriptor or "/FontFile3" in font.FontDescriptor
            if font.BaseFont == "/NotoSansFields":  # for what is typed: whole, so it has no mark of a part
                assert path in (*TAGGED, *BESIDE)
                continue
            prefix, _, name = str(font.BaseFont)[1:].partition("+")
            assert re.fullmatch("[A-Z]{6}", prefix), font.BaseFont
            assert name.replace("-", "") in _pinned(), name


@cache
def _pinned() -> frozenset[str]:
    faces = tomllib.loads((CHECKOUT / "fonts" / "fonts.toml").read_text(encoding="utf-8"))["face"]
    names = set()
    for face in faces:
        with TTFont(CHECKOUT / "fonts" / face["file"]) as font:
            names |= {font["name"].getDebugName(4).replace(" ", ""), face["family"].replace(" ", "")}
    return frozenset(names)
