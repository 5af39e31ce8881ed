"""What is hard to print: words longer than a line, booklets of one page or 400, a format that nobody knows.

Each gives what a reader can use, or is told with its place.
"""

from __future__ import annotations

import time
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from example import TESTS, write_project
from test_bad import TODAY
from test_impose import booklet

from handbill import catalogs, impose, typeset
from handbill.formats import FORMATS, Job
from handbill.model import Place
from handbill.outcome import Options, Outcome
from handbill.pipeline import build

MM = 72 / 25.4
TEMPLATES = TESTS.parent / "templates" / "print"
BOOKLET = """[[booklet]]
id = "first-plants"
title = "First plants"
summary = "Water first, then light."
audience = "survivor"
guides = ["watering", "light"]
"""
OF_PAGES = [name for name, format in FORMATS.items() if format.setting == "page"]
IMPOSED = [name for name in OF_PAGES if FORMATS[name].sides is not None]


def built(folder: Path) -> Outcome:
    outcome = build(Options(folder, TODAY, jobs=1), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    return outcome


# --- a word longer than its line -----------------------------------------------------------------------

WORDS = {
    "Latin": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
    "Arabic": "فأسقيناكموها" * 16,
    "Chinese": "水" * 200,
    "an address": "plants.example/" + "a/very/long/path/" * 12,
}
PLACES = {
    "a paragraph": "<p>{word}</p>",
    "a heading": '<h2 id="x">{word}</h2>',
    "a list": "<ul><li>{word}</li><li><ul><li>{word}</li></ul></li></ul>",
    "a callout": '<div class="callout"><p class="callout-title">{word}</p><p>{word}</p></div>',
    "strong words": "<p><strong>{word}</strong> <em>{word}</em></p>",
}


@pytest.mark.parametrize("css", ["booklet", "text"])
@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("kind", WORDS)
def test_a_word_longer_than_its_line_is_broken_and_whole(kind: str, where: str, css: str) -> None:
    word = WORDS[kind]
    tag, direction = {"Arabic": ("ar", "rtl"), "Chinese": ("zh-Hans", "ltr")}.get(kind, ("en", "ltr"))
    body = PLACES[where].format(word=word)
    page = (
        f'<html lang="{tag}" dir="{direction}"><head><title>x</title></head>'
        f'<body><section class="chapter">{body}</section></body></html>'
    )
    styles = ((TEMPLATES / f"{css}.css").read_text(encoding="utf-8"), _SIZE)
    made = typeset.typeset(typeset.PrintSource(Place("x"), page, styles))
    assert made.diagnostics == ()
    edges, letters = [], 0
    for sheet in pypdfium2.PdfDocument(made.pdf):
        text = sheet.get_textpage()
        for index in range(text.count_chars()):
            if text.get_text_range(index, 1).strip():
                left, _, right, _ = text.get_charbox(index)
                edges += [left / MM, right / MM]
                letters += 1
    assert letters >= len(word)
    assert min(edges) >= 11  # the margin is 14, over which Arabic letters may swing
    assert max(edges) <= 139.7 - 11


_SIZE = "@page { size: 139.7mm 210mm; margin: 19mm 14mm 20mm } html { font-size: 10pt; line-height: 1.4 }"


# --- few pages, and many ---------------------------------------------------------------------------------


def test_a_booklet_of_one_page_is_one_sheet_in_every_format(tmp_path: Path) -> None:
    write_project(tmp_path)
    formats = ", ".join(f'"{name}"' for name in OF_PAGES)
    (tmp_path / "content" / "booklets.toml").write_text(f"{BOOKLET}formats = [{formats}]\n")
    templates = tmp_path / "templates" / "print"
    templates.mkdir(parents=True, exist_ok=True)
    (templates / "booklet.html").write_text(
        '<!DOCTYPE html>\n<html lang="{{ language.tag }}" dir="{{ language.direction }}">\n'
        "<head><title>{{ plain_title }}</title></head>\n<body><h1>{{ booklet.title }}</h1>\n"
        '<div class="notice">{{ notice }}</div></body>\n</html>\n'
    )
    outcome = built(tmp_path)
    assert {printed.format for printed in outcome.printed} == set(OF_PAGES)
    assert {printed.pages for printed in outcome.printed} == {1}
    for printed in outcome.printed:
        imposed = FORMATS[printed.format].sides is not None and not FORMATS[printed.format].shop
        assert printed.sheets == imposed, printed.path
        with pikepdf.open(tmp_path / "dist" / "site" / printed.path) as pdf:
            assert pdf.check_pdf_syntax() == []


@pytest.mark.parametrize("name", IMPOSED)
def test_400_pages_cost_four_times_as_much_as_100(name: str) -> None:
    """Each of them once, and none looked for among the others."""
    format = FORMATS[name]

    def seconds(count: int) -> float:
        pages = booklet(count)
        best = 60.0
        for _ in range(2):
            began = time.process_time()
            job = Job(count, format.outputs[0], "ltr")
            pdf, problems = impose.impose(
                pages, pages, format=format, job=job, title="x", language="en", place=Place("x")
            )
            best = min(best, time.process_time() - began)
            assert problems == ()
            assert pdf
        return best

    seconds(4)
    assert seconds(400) < 8 * seconds(100) + 0.05


def test_typesetting_400_pages_costs_no_more_a_page_than_100() -> None:
    """Numbers over 99 need a second layout, so it goes by pages laid out."""
    css = (TEMPLATES / "booklet.css").read_text(encoding="utf-8")

    def a_page(count: int) -> float:
        chapters = "".join(
            f'<section class="chapter" id="c{number}"><h1>Chapter {number}</h1>'
            f'<p>See <a href="#c{number}">there</a> <span class="toc-page" data-for="c{number}"></span>.</p>'
            "</section>"
            for number in range(count)
        )
        page = f'<html lang="en" dir="ltr"><head><title>x</title></head><body>{chapters}</body></html>'
        began = time.process_time()
        made = typeset.typeset(typeset.PrintSource(Place("x"), page, (css,)))
        assert (made.pages, made.diagnostics) == (count, ())
        assert made.layouts <= 2 * count
        return (time.process_time() - began) / made.layouts

    a_page(4)
    assert a_page(400) < 2 * a_page(100)


# --- what nobody knows -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ('formats = ["reading", "boklet"]', "unknown-choice", "boklet"),
        ('formats = ["a5"]', "unknown-choice", "a5"),
        ('formats = "booklet"', "wrong-type", "formats"),
        ('paper = "a5"', "unknown-key", "paper"),
    ],
)
def test_an_unknown_format_or_paper_is_told_at_its_line(
    line: str, code: str, said: str, tmp_path: Path
) -> None:
    write_project(tmp_path)
    (tmp_path / "content" / "booklets.toml").write_text(f"{BOOKLET}{line}\n")
    problems = [problem for problem in catalogs.check(tmp_path, TODAY) if problem.severity == "error"]
    assert [(problem.code, problem.place.path, problem.place.line) for problem in problems] == [
        (code, "content/booklets.toml", 7)
    ]
    assert said in problems[0].fact


def test_two_booklets_with_one_name_are_told_apart_or_refused(tmp_path: Path) -> None:
    """One id for two is an error (`bad/duplicate-id`); one title for two is nobody's harm."""
    write_project(tmp_path)
    (tmp_path / "content" / "booklets.toml").write_text(
        BOOKLET + "\n" + BOOKLET.replace("first-plants", "more-plants")
    )
    assert {printed.booklet for printed in built(tmp_path).printed} == {"first-plants", "more-plants"}
