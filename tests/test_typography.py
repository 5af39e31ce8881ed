"""Typography: what a designer would look for in print, measured on laid-out pages and on finished files."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from weasyprint.formatting_structure.boxes import LineBox, TableRowBox, TextBox

from handbill import typeset as engine
from handbill import worksheet
from handbill.formats import SETTINGS
from handbill.model import Language, Place
from handbill.typeset import PrintSource, typeset

ROOT = Path(__file__).parent.parent
ENGLISH = Language("en", "en", "English", "ltr")
SPANISH = Language("es", "es", "Español", "ltr")
ARABIC = Language("ar", "ar", "العربية", "rtl")
CHINESE = Language("zh_Hans", "zh-Hans", "简体中文", "ltr")
SCRIPTS = pytest.mark.parametrize(
    "language", [ENGLISH, ARABIC, CHINESE], ids=lambda language: language.locale
)
TEXT = {
    "en": "Plan the way out with someone that you trust, and choose a time when you are less watched. ",
    "es": "Los intérpretes acompañan conversaciones confidenciales sobre responsabilidades extraordinarias. ",
    "ar": "خططوا للخروج مع شخص تثقون به، واختاروا وقتًا تقل فيه المراقبة. ",
    "zh_Hans": "和你信任的人一起计划怎么离开，选一个不太被人注意的时候。",
}
NUMBER = '<strong><span class="number" dir="ltr">1-888-373-7888</span></strong>'
STRANGER = '<span lang="{}" dir="{}">{}</span>'
_MM = 25.4 / 96


pytestmark = pytest.mark.usefixtures("pinned_fonts")


# --- making ------------------------------------------------------------------------------------------


def css(*names: str) -> tuple[str, ...]:
    return tuple((ROOT / "templates" / name).read_text("utf-8") for name in names)


def page(body: str, language: Language, sheets: tuple[str, ...]) -> PrintSource:
    html = (
        f'<!DOCTYPE html><html lang="{language.tag}" dir="{language.direction}">'
        f'<head><title>Test</title></head><body><section class="chapter text">'
        f"<h1>Chapter</h1>{body}</section></body></html>"
    )
    return PrintSource(Place("content/booklets.toml"), html, sheets)


def laid_out(source: PrintSource) -> Any:
    return engine._laid_out(source.css, engine._Declared({}), [], source.html)


def lines(document: Any) -> Iterator[tuple[int, Any]]:
    """Every line of a document's text with its page; not running heads and page numbers."""
    for number, sheet in enumerate(document.pages):
        for box in sheet._page_box.descendants():
            if isinstance(box, LineBox) and box.element is not None:
                yield number, box


def words(line: Any) -> str:
    return "".join(box.text for box in line.descendants() if isinstance(box, TextBox))


FLOWING = {
    name: made
    for name, made in SETTINGS.items()
    if name in ("page", "large-a4", "large-letter", "zine", "leaflet")
}
SETTING = pytest.mark.parametrize("setting", FLOWING)


# --- pages -------------------------------------------------------------------------------------------


@SCRIPTS
@SETTING
def test_no_line_of_a_paragraph_stands_alone_at_the_head_or_foot_of_a_page(
    language: Language, setting: str
) -> None:
    paragraphs = "".join(f"<p>{TEXT[language.locale] * (3 + n % 7)}</p>" for n in range(40))
    document = laid_out(page(paragraphs, language, css(*FLOWING[setting].css)))
    parts: dict[Any, Counter[int]] = {}
    for number, line in lines(document):
        if line.element.tag == "p":
            parts.setdefault(line.element, Counter())[number] += 1
    parted = [taken for taken in parts.values() if len(taken) > 1]
    assert len(document.pages) > 2
    assert parted, "no paragraph goes on overleaf, so nothing was tried"
    assert not [taken for taken in parted if min(taken.values()) < 2]


@pytest.mark.parametrize("language", [ENGLISH, ARABIC], ids=lambda language: language.locale)
@pytest.mark.parametrize("setting", ["page", "large-a4"])
def test_page_numbers_and_running_heads_stand_at_the_outer_edge(language: Language, setting: str) -> None:
    body = f"<p>{TEXT[language.locale]}</p>" * 200
    made = typeset(page(body, language, css(*SETTINGS[setting].css)))
    assert made.diagnostics == ()
    document = pypdfium2.PdfDocument(made.pdf)
    assert len(document) > 4
    for number in range(1, len(document) + 1):
        sheet = document[number - 1]
        width, height = sheet.get_size()
        # Where leaves are turned from left to right, the first page has its spine on the left.
        outer_is_right = (number % 2 == 1) == (language.direction == "ltr")
        half = (width / 2, width) if outer_is_right else (0, width / 2)
        other = (0, width / 2) if outer_is_right else (width / 2, width)
        text = sheet.get_textpage()
        foot = {"bottom": 0, "top": height * 0.09}
        assert text.get_text_bounded(left=half[0], right=half[1], **foot).strip() == str(number)
        assert text.get_text_bounded(left=other[0], right=other[1], **foot).strip() == ""
        if number > 1:  # the first page of a chapter has its title itself
            head = {"bottom": height * 0.91, "top": height}
            assert text.get_text_bounded(left=half[0], right=half[1], **head).strip() == "Chapter"
            assert text.get_text_bounded(left=other[0], right=other[1], **head).strip() == ""


def test_a_table_breaks_between_rows_and_leaves_none_alone() -> None:
    rows = "".join(f"<tr><td>Row {n}</td><td>{TEXT['en'] * (1 + n % 3)}</td></tr>" for n in range(17))
    table = (
        f'<div class="table"><table><thead><tr><th>Head</th><th>What</th></tr></thead>{rows}</table></div>'
    )
    broken = 0
    for before in range(0, 20, 4):
        document = laid_out(page(f"{'<p>Before</p>' * before}{table}", ENGLISH, css("print/booklet.css")))
        here: dict[int, list[Any]] = {}
        for number, sheet in enumerate(document.pages):
            for box in sheet._page_box.descendants():
                if isinstance(box, TableRowBox) and box.element[0].tag == "td":
                    here.setdefault(number, []).append(box.element)
        shown = [row for rows in here.values() for row in rows]
        assert len(shown) == len(set(shown)) == 17, "a row is parted over two pages"
        assert min(map(len, here.values())) > 1
        broken += len(here) > 1
    assert broken


# --- lines -------------------------------------------------------------------------------------------


@SCRIPTS
@SETTING
def test_lines_of_running_text_are_evenly_far_apart_whatever_stands_in_them(
    language: Language, setting: str
) -> None:
    own = TEXT[language.locale]
    strangers = (
        STRANGER.format("en", "ltr", "National Human Trafficking Hotline")
        + STRANGER.format("ar", "rtl", "الخط الساخن")
        + STRANGER.format("zh-Hans", "ltr", "反人口贩运热线")
    )
    mixed = (
        f"{own}{NUMBER} {own}<em>{own}</em>{strangers} {own}<a href='#x'>humantraffickinghotline.org</a>{own}"
    )
    boxes = f'<ul><li class="task">{worksheet.BOX} {mixed}</li><li>{mixed}</li></ul>'
    document = laid_out(page(f"<p id='x'>{mixed}</p>{boxes}", language, css(*FLOWING[setting].css)))
    tops: dict[Any, list[tuple[int, float]]] = {}
    for number, line in lines(document):
        if line.element.tag in ("p", "li"):
            tops.setdefault(line.element, []).append((number, line.position_y))
    steps = [
        after - before
        for places in tops.values()
        for (sheet, before), (next_sheet, after) in pairwise(places)
        if sheet == next_sheet
    ]
    assert len(steps) > 8
    assert max(steps) - min(steps) < 0.02, "one line pushes others away"


@SCRIPTS
@SETTING
def test_text_is_ragged_by_choice_so_it_has_no_rivers(language: Language, setting: str) -> None:
    document = laid_out(page(f"<p>{TEXT[language.locale] * 30}</p>", language, css(*FLOWING[setting].css)))
    found = [line for _, line in lines(document) if line.element.tag == "p"]
    assert len(found) > 10
    assert {line.style["text_align_all"] for line in found} == {"start"}
    assert not [
        box for line in found for box in line.descendants() if getattr(box, "justification_spacing", 0)
    ]


@SETTING
def test_a_long_word_is_parted_where_a_dictionary_exists_but_not_in_titles_names_addresses_or_large_print(
    setting: str,
) -> None:
    whole = "".join(f"<p class='{name}'>{TEXT['es'] * 3}</p>" for name in ("name", "address"))
    body = f"<h2>{TEXT['es'] * 3}</h2>{whole}<p>{TEXT['es'] * 8}</p>"
    document = laid_out(page(body, SPANISH, css(*FLOWING[setting].css)))
    parted = Counter(
        line.element.tag if line.element.get("class") is None else line.element.get("class")
        for _, line in lines(document)
        if words(line).endswith("‐")
    )
    if setting.startswith("large"):
        assert not parted
    else:
        assert set(parted) == {"p"}
        for _, line in lines(document):
            if words(line).endswith("‐"):
                beginning = words(line).split()[-1].removesuffix("‐")
                (word,) = {word for word in TEXT["es"].split() if word.startswith(beginning)}
                assert len(word.strip(".")) >= 11
                assert min(len(beginning), len(word) - len(beginning)) >= 4


@pytest.mark.parametrize("language", [ARABIC, CHINESE], ids=lambda language: language.locale)
def test_no_word_is_parted_in_a_language_without_a_dictionary(language: Language) -> None:
    document = laid_out(page(f"<p>{TEXT[language.locale] * 40}</p>", language, css("print/booklet.css")))
    assert not [line for _, line in lines(document) if words(line).endswith(("‐", "-"))]


def test_a_parted_word_is_read_and_found_whole() -> None:
    made = typeset(page(f"<p>{TEXT['es'] * 8}</p>", SPANISH, css("print/booklet.css")))
    assert made.diagnostics == ()
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        maps = b"".join(
            thing.read_bytes()
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and b"begincmap" in thing.read_bytes()
        )
    assert b"> <00ad>" in maps
    assert b"> <2010>" not in maps


def test_a_hyphen_that_the_author_wrote_stays_one() -> None:
    made = typeset(page(f"<p>a‐b {TEXT['es'] * 8}</p>", SPANISH, css("print/booklet.css")))
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        maps = b"".join(
            thing.read_bytes()
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and b"begincmap" in thing.read_bytes()
        )
    assert b"> <2010>" in maps


# --- what a pen needs --------------------------------------------------------------------------------

PEN_MM = 4.0
"""Inside a box to tick; less is missed by a hand that shakes."""


@SCRIPTS
@pytest.mark.parametrize("setting", [*SETTINGS, "card"])
def test_a_box_to_tick_is_wide_enough_for_a_pen_and_clear_of_its_words(
    language: Language, setting: str
) -> None:
    sheets = SETTINGS[setting].css if setting != "card" else ("print/text.css", "print/card.css")
    tasks = f'<ul><li class="task">{worksheet.BOX} {TEXT[language.locale] * 3}</li></ul>' * 3
    document = laid_out(page(tasks, language, css(*sheets)))
    found = [
        (box, line)
        for _, line in lines(document)
        for box in line.descendants()
        if box.element is not None and box.element.get("class") == "box"
    ]
    assert len({box for box, _ in found}) == 3
    for box, line in found:
        assert min(box.width, box.height) * _MM >= PEN_MM - 0.01
        left, right = box.position_x + box.margin_left, 0.0
        right = left + box.border_width()
        text = [one for one in line.descendants() if isinstance(one, TextBox) and one.text.strip()]
        assert text
        if language.direction == "ltr":
            assert min(one.position_x for one in text) >= right + 1
        else:
            assert max(one.position_x + one.width for one in text) <= left - 1
        sheet = next(one._page_box for one in document.pages)
        assert left >= sheet.content_box_x() - 0.1
        assert right <= sheet.content_box_x() + sheet.width + 0.1
