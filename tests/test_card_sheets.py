"""This repository's own cards as they go out: every finished sheet is cut along its marks and read.

What must stand there comes from booklets.toml, contacts.toml and the catalogs; nothing asks the engine.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cut
import fold
import pikepdf
import pytest
from lxml import html as lxml_html
from test_finished import CHECKOUT, CONTACTS, LANGUAGES, NUMBERS, Said, letters, squeezed, text_of

from handbill.source import Source, read_source

SIZES_MM = {"us": (88.9, 50.8), "metric": (85.0, 55.0), "folded": (88.9, 101.6)}
PAPERS_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
EDITION = re.compile(r"(?:en|es|ar|zh-Hans)-[2-9A-Z]{4}-\d{4}-\d\d")
"""The code at the foot of a card, smaller and lower than all else."""
CLEAR_MM = 3.5
"""How near to a cut a line may begin or stand."""
SUBJECT = ("traffick", "trata", "explot", "hotline", "بالبشر", "رشبلاب", "贩")
"""Words that name it in one of our languages; an Arabic word as it reads and as its letters stand."""


class File(NamedTuple):
    locale: str
    card: dict[str, Any]
    size: str
    mixed: bool
    paper: str

    @property
    def path(self) -> str:
        mixed = "-mixed" if self.mixed else ""
        return f"{LANGUAGES[self.locale][0]}/print/{self.card['id']}-{self.size}{mixed}-{self.paper}.pdf"


def _files() -> Iterator[File]:
    written = tomllib.loads((CHECKOUT / "content" / "booklets.toml").read_text(encoding="utf-8"))
    for locale in LANGUAGES:
        for card in written["card"]:
            for size in SIZES_MM:
                for mixed in (False, True):
                    if size in card["sizes"] and (card.get("mixed", False) or not mixed):
                        yield from (File(locale, card, size, mixed, paper) for paper in PAPERS_MM)


FILES = tuple(_files())
each_file = pytest.mark.parametrize("file", FILES, ids=[file.path for file in FILES])


@pytest.fixture(scope="module")
def source() -> Source:
    found, problems = read_source(CHECKOUT)
    assert found is not None, problems
    return found


@cache
def cards_of(path: Path) -> tuple[tuple[cut.Card, ...], ...]:
    return tuple(tuple(cards) for cards in cut.read(cut.after_first(path.read_bytes()), "long"))


def row_locale(file: File, row: int) -> str:
    """The locale of the cards in a row: the file's own first, then the others in the site's order."""
    rows = [file.locale, *(locale for locale in LANGUAGES if locale != file.locale)]
    return rows[row % len(rows)] if file.mixed else file.locale


def faces_of(file: File, card: cut.Card) -> list[tuple[str, dict[str, Any], tuple[fold.Word, ...]]]:
    """Each face of a card that was cut: its locale, what booklets.toml has on it, and its words."""
    locale = row_locale(file, card.row)
    faces = file.card["face"]
    if len(faces) == 4:
        return [(locale, face, words) for face, words in zip(faces, card.folded(), strict=True)]
    if len(faces) == 1:
        back = "en" if locale != "en" else "es"
        return [(locale, faces[0], card.front), (back, faces[0], card.back)]
    return [(locale, faces[0], card.front), (locale, faces[1], card.back)]


def numbers_on(words: tuple[fold.Word, ...]) -> Counter[str]:
    """Every run of three digits or more, hyphens included, as it is printed."""
    said = (word.text for word in words if not EDITION.fullmatch(word.text))
    runs = (run for text in said for run in re.findall(r"[\d+][\d-]*\d", text))
    return Counter(run for run in runs if len(run) > 2)


@each_file
def test_every_card_is_whole_and_its_numbers_are_those_of_contacts_toml(
    file: File, built_site: Path, source: Source
) -> None:
    contacts = {
        entry["id"]: entry for entry in tomllib.loads(CONTACTS.read_text(encoding="utf-8"))["contact"]
    }
    (cards,) = cards_of(built_site / file.path)
    width, height = SIZES_MM[file.size]
    for card in cards:
        assert (card.width_mm, card.height_mm) == pytest.approx((width, height), abs=0.05)
        for locale, face, words in faces_of(file, card):
            wanted: Counter[str] = Counter()
            for id in face.get("contacts", ()):
                wanted.update(
                    contacts[id][channel] for channel in ("phone", "text") if channel in contacts[id]
                )
                if "200" in contacts[id].get("languages", {}).get("phone", ""):
                    wanted["200"] += 1
            assert numbers_on(words) == wanted, (locale, face)
            assert set(wanted) <= NUMBERS | {"200"}
            assert {word.turned_deg for word in words} == {0}
            face_height = height / 2 if len(file.card["face"]) == 4 else height
            codes = [word for word in words if EDITION.fullmatch(word.text)]
            assert [word.text[: -len("-XXXX-2026-11")] for word in codes] == (
                [LANGUAGES[locale][0]] if face == file.card["face"][-1] else []
            )
            assert all(1.5 < word.y_mm < CLEAR_MM for word in codes)
            for word in (word for word in words if word not in codes):
                assert CLEAR_MM < word.x_mm < width - CLEAR_MM, word
                assert CLEAR_MM < word.y_mm < face_height - CLEAR_MM, word
                assert word.size_pt > 7.99, word


@each_file
def test_every_row_is_in_its_language_and_says_the_same_as_on_a_sheet_of_its_own(
    file: File, built_site: Path
) -> None:
    def own(locale: str) -> cut.Card:
        alone = file._replace(locale=locale, mixed=False)
        return cards_of(built_site / alone.path)[0][0]

    (cards,) = cards_of(built_site / file.path)
    assert {row_locale(file, card.row) for card in cards} == (set(LANGUAGES) if file.mixed else {file.locale})
    for card in cards:
        alone = own(row_locale(file, card.row))
        assert letters(card.front) == letters(alone.front)
        assert letters(card.back) == letters(alone.back)
    scripts = {"en": "A-Za-z", "es": "A-Za-z", "ar": "\u0600-\u06ff\ufb50-\ufeff", "zh_Hans": "\u4e00-\u9fff"}
    for locale, face, words in faces_of(file, cards[0]):
        written = re.findall(rf"[{scripts[locale]}]", "".join(word.text for word in words))
        assert len(written) > 4, (locale, face)


@each_file
def test_a_card_has_its_sentences_and_a_discreet_one_does_not_name_the_subject(
    file: File, built_site: Path, source: Source
) -> None:
    (cards,) = cards_of(built_site / file.path)
    for locale, face, words in faces_of(file, cards[0]):
        said = Said(source, locale)
        there = letters(words)
        for sentence in (
            *face.get("lines", ()),
            *face.get("write", ()),
            *([face["heading"]] if "heading" in face else ()),
        ):
            assert not Counter(re.sub(r"\W", "", said(sentence)).casefold()) - there, sentence
        site = source.project.site
        notice = site.notice_neutral if file.card.get("discreet") else site.notice
        if face.get("notice"):
            assert not Counter(re.sub(r"\W", "", said(notice.value)).casefold()) - there
    with pikepdf.open(built_site / file.path) as pdf:
        title = str(pdf.docinfo["/Title"])
    everything = " ".join(
        [title, file.path, *(word.text for card in cards for word in (*card.front, *card.back))]
    )
    named = [word for word in SUBJECT if word in everything.casefold()]
    assert bool(named) != bool(file.card.get("discreet")), named


def test_some_card_has_no_number_at_all_and_the_calm_guide_alone(built_site: Path) -> None:
    calm = [file for file in FILES if file.card["id"] == "calm-card"]
    assert calm
    for file in calm:
        assert all("contacts" not in face for face in file.card["face"])
        for card in cards_of(built_site / file.path)[0]:
            assert not numbers_on((*card.front, *card.back))


@each_file
def test_a_sheet_of_cards_tells_the_printer_its_paper_its_edge_and_its_language(
    file: File, built_site: Path, source: Source
) -> None:
    with pikepdf.open(built_site / file.path) as pdf:
        assert len(pdf.pages) == 2 + 2
        for page in pdf.pages:
            box = sorted(round(float(edge) / fold.MM, 1) for edge in page.mediabox[2:])
            assert box == list(PAPERS_MM[file.paper])
            assert "/Annots" not in page
        tag, direction = LANGUAGES[file.locale]
        assert str(pdf.Root.Lang) == tag
        assert str(pdf.docinfo["/Title"]) == Said(source, file.locale)(file.card["title"])
        preferences = pdf.Root.ViewerPreferences
        assert preferences.PrintScaling == pikepdf.Name("/None")
        assert preferences.Duplex == pikepdf.Name.DuplexFlipLongEdge
        assert (preferences.get("/Direction") == pikepdf.Name.R2L) == (direction == "rtl")
        assert pdf.check_pdf_syntax() == []


@each_file
def test_the_sheet_before_cards_says_their_name_paper_and_number_and_whether_its_back_is_upright(
    file: File, built_site: Path, source: Source
) -> None:
    said = Said(source, file.locale)
    pdf = (built_site / file.path).read_bytes()
    front, back, sheet, _ = fold.sides(pdf)
    assert (front.width_mm, front.height_mm) == (sheet.width_mm, sheet.height_mm)
    there = letters(front.words)
    paper = {"a4": "A4", "letter": "US Letter"}[file.paper]
    for words in (said(file.card["title"]), said("How to print and cut"), paper):
        assert not Counter(re.sub(r"\W", "", words).casefold()) - there, words
    values = [word.text for word in front.words if word.size_pt > 15]
    assert str(len(cards_of(built_site / file.path)[0])) in values
    assert any(re.fullmatch(r"3.4", text) for text in values), "the pages of one more sheet"
    assert {word.turned_deg for word in front.words} == {0}
    # The long edge turns an upright sheet like a leaf, and one that lies across head over heels.
    upright = sheet.height_mm > sheet.width_mm
    assert {word.turned_deg for word in back.words} == {0 if upright else 180}
    checked = Counter(
        re.sub(
            r"\W", "", said("No native speaker has checked this translation yet. It may have mistakes.")
        ).casefold()
    )
    small = letters(tuple(word for word in front.words if word.size_pt < 9.6))
    assert (not checked - small) == (file.locale != "en")
    if file.card.get("discreet"):
        everything = squeezed("".join(word.text for word in front.words))
        assert [word for word in SUBJECT if word in everything] == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_print_page_lists_every_file_of_cards(locale: str, built_site: Path, source: Source) -> None:
    tag = LANGUAGES[locale][0]
    page = lxml_html.document_fromstring((built_site / tag / "print.html").read_bytes())
    entries = page.xpath("//ul[@class='files printed']/li")
    wanted = [file for file in FILES if file.locale == locale]
    assert sorted(f"{tag}/{entry.find('a').get('href')}" for entry in entries) == sorted(
        file.path for file in wanted
    )
    names = [text_of(entry.find("a")) for entry in entries]
    for entry, name in zip(entries, names, strict=True):
        file = next(file for file in wanted if file.path.endswith(f"/{entry.find('a').get('href')}"))
        assert {"us": "3.5", "metric": "85", "folded": "3.5"}[file.size] in name
        assert {"a4": "A4", "letter": "Letter"}[file.paper] in name
        shown = re.findall(r"\d+", text_of(entry.xpath("./span[@class='facts']/span")[0]))
        assert shown == [str(len(cards_of(built_site / file.path)[0]))]


# --- the proof can fail ------------------------------------------------------------------------------


def test_one_changed_digit_on_one_card_is_found(built_site: Path) -> None:
    file = next(file for file in FILES if file.card["id"] == "numbers" and file.locale == "ar")
    card = cards_of(built_site / file.path)[0][0]
    right = numbers_on(card.front)
    assert right["1-888-373-7888"] == 1
    for old, new in (("7888", "7889"), ("1-888", "888-1"), ("233733", "23373")):
        changed = tuple(_with(word, old, new) for word in card.front)
        assert numbers_on(changed) != right


def _with(word: fold.Word, old: str, new: str) -> fold.Word:
    return fold.Word(word.text.replace(old, new), word.x_mm, word.y_mm, word.turned_deg, word.size_pt)
