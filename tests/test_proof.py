"""Mutation proof: whatever is broken in a finished PDF, the command `check` says so."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import CHECKOUT, date_anew
from pikepdf import Array, Dictionary, Name, Operator

from handbill import finished, pdf
from handbill.outcome import Options
from handbill.pipeline import build

MM = 72 / 25.4
READING = "dist/site/en/print/first-plants.pdf"
SHEETS = "dist/site/en/print/first-plants-a4.pdf"


@pytest.fixture(scope="module")
def project(built_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project with what was built from it, to be broken."""
    copy = tmp_path_factory.mktemp("mutants") / "sample"
    shutil.copytree(built_sample.parent, copy, ignore=shutil.ignore_patterns(".cache"))
    return copy


# --- mutants -----------------------------------------------------------------------------------------

Opened = Any  # a pikepdf.Pdf, whose objects are whatever the file holds
Mutation = Callable[[Opened], None]


def prefixed(page: Any, operators: str) -> None:
    page.contents_add(operators.encode() + b"\nq\n", prepend=True)
    page.contents_add(b"\nQ")


def replaced(stream: Any, old: bytes, new: bytes) -> None:
    content = stream.read_bytes()
    assert re.search(old, content), old
    stream.write(re.sub(old, new, content, count=1))


def matrices_swapped(sheets: Opened) -> None:
    page = sheets.pages[-1]
    first, second = re.findall(r"(?m)^q (.*) cm (\S+) Do Q$", page.Contents.read_bytes().decode())
    page.Contents.write(f"q {second[0]} cm {first[1]} Do Q\nq {first[0]} cm {second[1]} Do Q".encode())


def forms_swapped(sheets: Opened) -> None:
    forms = sheets.pages[-1].Resources.XObject
    (one, first), (two, second) = forms.items()
    forms[one], forms[two] = second, first


def pages_swapped(pages: Opened) -> None:
    second = pages.pages[1]
    del pages.pages[1]
    pages.pages.insert(2, second)


def contents_swapped(pages: Opened) -> None:
    second, third = pages.pages[1].obj, pages.pages[2].obj
    second.Contents, third.Contents = third.Contents, second.Contents
    second.Resources, third.Resources = third.Resources, second.Resources


def sides_swapped(sheets: Opened) -> None:
    last = sheets.pages[-1]
    del sheets.pages[-1]
    sheets.pages.insert(len(sheets.pages) - 1, last)


def back_turned(sheets: Opened) -> None:
    _, _, right, head = sheets.pages[-1].mediabox
    prefixed(sheets.pages[-1], f"-1 0 0 -1 {right} {head} cm")


def back_rotated(sheets: Opened) -> None:
    sheets.pages[-1].Rotate = 180


def page_turned(sheets: Opened) -> None:
    page = sheets.pages[-1]
    line, matrix, form = re.findall(r"(?m)^(q (.*) cm (\S+) Do Q)$", page.Contents.read_bytes().decode())[0]
    x, y = map(float, matrix.split()[4:])
    _, _, width, height = map(float, page.Resources.XObject[form].BBox)
    turned = f"q -1 0 0 -1 {x + width:.4f} {y + height:.4f} cm {form} Do Q"
    page.Contents.write(page.Contents.read_bytes().replace(line.encode(), turned.encode()))


def trim_moved(pages: Opened) -> None:
    left, foot, right, head = map(float, pages.pages[2].mediabox)
    pages.pages[2].TrimBox = Array([left + 2 * MM, foot, right + 2 * MM, head])


def trim_narrower(pages: Opened) -> None:
    left, foot, right, head = map(float, pages.pages[2].mediabox)
    pages.pages[2].TrimBox = Array([left, foot, right - 2 * MM, head])


def paper_moved(pages: Opened) -> None:
    left, foot, right, head = map(float, pages.pages[0].mediabox)
    pages.pages[0].MediaBox = Array([left, foot + 2 * MM, right, head + 2 * MM])


def drawn_2_mm_off(sheets: Opened) -> None:
    prefixed(sheets.pages[-2], f"1 0 0 1 0 {2 * MM:.4f} cm")


def drawn_smaller(sheets: Opened) -> None:
    prefixed(sheets.pages[-2], "0.999 0 0 0.999 0 0 cm")


def sheet_lost(sheets: Opened) -> None:
    del sheets.pages[-2:]


def black_in_rgb(pages: Opened) -> None:
    replaced(pages.pages[1].Contents, rb"\n0 g\n", b"\n0 0 0 rg\n")


def black_of_a_form_in_rgb(sheets: Opened) -> None:
    replaced(next(iter(sheets.pages[-1].Resources.XObject.values())), rb"\n0 g\n", b"\n0 0 0 rg\n")


def font_taken_out(file: Opened) -> None:
    descriptor = next(
        thing
        for thing in file.objects
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.FontDescriptor
    )
    for key in ("/FontFile2", "/FontFile3"):
        if key in descriptor:
            del descriptor[key]


def font_not_named(pages: Opened) -> None:
    fonts = pages.pages[1].Resources.Font
    del fonts[next(iter(fonts.keys()))]


def digit_changed(number: str, other: str) -> Mutation:
    def change(file: Opened) -> None:
        assert any(_misspell(stream, number, other) for stream in _streams(file)), f"{number} is nowhere"

    return change


def _streams(file: Opened) -> list[tuple[Any, Any]]:
    """Everything that draws letters: (content, resources)."""
    forms = [
        (thing, thing.Resources)
        for thing in file.objects
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == Name.Form and "/Resources" in thing
    ]
    return [*((page.obj.Contents, page.obj.Resources) for page in file.pages), *forms]


def _misspell(stream: tuple[Any, Any], old: str, new: str) -> bool:
    """Draw other glyphs for a text that is drawn in one piece; whether it is there."""
    content, resources = stream
    instructions = list(pikepdf.parse_content_stream(content))
    letters: dict[bytes, str] = {}
    for index, (operands, operator) in enumerate(instructions):
        if operator == Operator("Tf"):
            letters = _letters(resources.Font[str(operands[0])])
        elif operator == Operator("TJ"):
            glyphs = [
                (place, bytes(piece))
                for place, piece in enumerate(operands[0])
                if isinstance(piece, pikepdf.String)
            ]
            said = "".join(letters.get(glyph, "?") for _, glyph in glyphs)
            if old in said:
                by_letter = {letter: glyph for glyph, letter in letters.items()}
                pieces = list(operands[0])
                for (place, _), letter in zip(glyphs[said.index(old) :], new, strict=False):
                    pieces[place] = pikepdf.String(by_letter[letter])
                instructions[index] = pikepdf.ContentStreamInstruction([Array(pieces)], operator)
                content.write(pikepdf.unparse_content_stream(instructions))
                return True
    return False


def _letters(font: Any) -> dict[bytes, str]:
    """Glyph → letter, by the font's own map."""
    pairs = re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>\s*\n", font.ToUnicode.read_bytes())
    return {
        bytes.fromhex(glyph.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in pairs
    }


def title_changed(file: Opened) -> None:
    file.docinfo["/Title"] = "Another"


def language_lost(file: Opened) -> None:
    del file.Root["/Lang"]


def tags_lost(file: Opened) -> None:
    del file.Root["/MarkInfo"]


def fitted_to_the_page(file: Opened) -> None:
    del file.Root.ViewerPreferences["/PrintScaling"]


def flipped_on_the_long_edge(file: Opened) -> None:
    file.Root.ViewerPreferences["/Duplex"] = Name.DuplexFlipLongEdge


MUTANTS: dict[str, tuple[str, Mutation, str]] = {
    "two pages swapped on a side": (SHEETS, matrices_swapped, "sheet-order"),
    "two pages swapped behind their names": (SHEETS, forms_swapped, "page-altered"),
    "two pages swapped in the file to read": (READING, pages_swapped, "page-order"),
    "what two pages show swapped": (READING, contents_swapped, "page-altered"),
    "the sides in the other order": (SHEETS, sides_swapped, "sheet-order"),
    "a sheet lost": (SHEETS, sheet_lost, "sides-missing"),
    "a back turned": (SHEETS, back_turned, "sheet-turned"),
    "a back rotated": (SHEETS, back_rotated, "page-turned"),
    "one page turned": (SHEETS, page_turned, "sheet-turned"),
    "trim moved by 2 mm": (READING, trim_moved, "trim-differs"),
    "trim narrower by 2 mm": (READING, trim_narrower, "trim-differs"),
    "paper moved by 2 mm": (READING, paper_moved, "trim-differs"),
    "trim of a sheet moved by 2 mm": (SHEETS, trim_moved, "trim-differs"),
    "pages drawn 2 mm off": (SHEETS, drawn_2_mm_off, "sheet-moved"),
    "pages drawn smaller": (SHEETS, drawn_smaller, "sheet-scaled"),
    "black in RGB": (READING, black_in_rgb, "black-in-rgb"),
    "black in RGB on a sheet": (SHEETS, black_of_a_form_in_rgb, "black-in-rgb"),
    "a font taken out": (READING, font_taken_out, "font-lost"),
    "a font taken out of sheets": (SHEETS, font_taken_out, "font-lost"),
    "a font not named": (READING, font_not_named, "font-lost"),
    "one digit of a contact changed": (READING, digit_changed("555-0123", "555-0125"), "number-misprinted"),
    "a number that is nearly right": (READING, digit_changed("555-0123", "555-0125"), "number-nearly"),
    "one digit changed on a sheet": (SHEETS, digit_changed("555-0123", "555-0125"), "number-misprinted"),
    "one digit of a short number changed": (READING, digit_changed("711", "712"), "number-misprinted"),
    "another title": (READING, title_changed, "pdf-particulars"),
    "no language": (SHEETS, language_lost, "pdf-particulars"),
    "no tags": (READING, tags_lost, "pdf-particulars"),
    "fitted to the page": (SHEETS, fitted_to_the_page, "pdf-particulars"),
    "the wrong edge": (SHEETS, flipped_on_the_long_edge, "pdf-particulars"),
}


IN_ARABIC: dict[str, tuple[str, str]] = {
    "two pages swapped on a side": ("-a4", "sheet-order"),
    "a back turned": ("-a4", "sheet-turned"),
    "trim moved by 2 mm": ("", "trim-differs"),
    "black in RGB on a sheet": ("-a4", "black-in-rgb"),
    "a font taken out": ("", "font-lost"),
    "leaves turned from left to right": ("-a4", "pdf-particulars"),
    "one digit of a contact changed": ("", "number-misprinted"),
    "the digits of a contact turned around": ("", "number-misprinted"),
}
"""Name → the ending of the file that is broken, and what is to be said of it."""


def leaves_turned_from_left_to_right(file: Opened) -> None:
    file.Root.ViewerPreferences["/Direction"] = Name.L2R


HOTLINE = "1-888-373-7888"
MORE_MUTATIONS: dict[str, Mutation] = {
    "leaves turned from left to right": leaves_turned_from_left_to_right,
    "one digit of a contact changed": digit_changed(HOTLINE, "1-888-373-7889"),
    "the digits of a contact turned around": digit_changed(HOTLINE, HOTLINE[::-1]),
}


def broken(content: bytes, mutation: Mutation) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(content)) as opened:
        mutation(opened)
        opened.save(target)
    return target.getvalue()


def unbroken(opened: Opened) -> None:
    """Change nothing: writing a file anew is no mistake."""


def said(project: Path, path: str, content: bytes) -> set[tuple[str, str]]:
    """What `check` says with another file in the place of one: (code, path)."""
    file = project / path
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        return {(problem.code, problem.place.path) for problem in finished.check(project, date.today())}
    finally:
        file.write_bytes(before)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One booklet of this repository in Arabic, with what was built from it, to be broken."""
    folder = tmp_path_factory.mktemp("arabic")
    for name in ("content", "locales/ar", "templates"):
        shutil.copytree(CHECKOUT / name, folder / name)
    date_anew(folder)
    site = folder / "content" / "site.toml"
    settings = re.sub(r"(?m)^locales = .*", 'locales = ["ar"]', site.read_text("utf-8"))
    settings = re.sub(r"(?m)^\[locale\.(?!ar\])\w+\]\n(?:[^\[\n].*\n)*", "", settings)
    settings = re.sub(r"(?m)^(?:es|zh_Hans) = \[.*\n", "", settings)
    site.write_text(settings, "utf-8")
    booklet = {
        "id": "getting-help",
        "title": "Getting help",
        "summary": "Who to call, what a call is like and what to ask.",
        "audience": "survivor",
        "guides": ["help", "calm"],
        "formats": ["reading", "booklet"],
    }
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in booklet.items())
    (folder / "content" / "booklets.toml").write_text("[[booklet]]\n" + "".join(lines), "utf-8")
    outcome = build(Options(folder, date.today(), jobs=1), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    return folder


def in_arabic(ending: str) -> str:
    return f"dist/site/ar/print/getting-help{ending}.pdf"


@pytest.mark.parametrize("name", IN_ARABIC)
def test_what_is_broken_in_arabic_is_caught(name: str, arabic: Path) -> None:
    ending, code = IN_ARABIC[name]
    path, mutation = in_arabic(ending), MORE_MUTATIONS.get(name) or MUTANTS[name][1]
    assert (code, path) in said(arabic, path, broken((arabic / path).read_bytes(), mutation))


def test_in_arabic_a_file_that_is_only_written_anew_is_in_order(arabic: Path) -> None:
    path = in_arabic("-a4")
    assert said(arabic, path, broken((arabic / path).read_bytes(), unbroken)) == set()


@pytest.mark.parametrize("path", [READING, SHEETS])
def test_a_file_that_is_only_written_anew_is_in_order(path: str, project: Path) -> None:
    assert said(project, path, broken((project / path).read_bytes(), unbroken)) == set()


@pytest.mark.parametrize("name", MUTANTS)
def test_what_is_broken_is_caught(name: str, project: Path) -> None:
    path, mutation, code = MUTANTS[name]
    found = said(project, path, broken((project / path).read_bytes(), mutation))
    assert code in {code for code, _ in found}
    assert path in {place for _, place in found} or name == "what two pages show swapped"


def test_a_file_that_is_cut_off_or_no_pdf_is_caught(project: Path) -> None:
    content = (project / READING).read_bytes()
    for damaged in (content[: len(content) // 2], b"%PDF-1.7\n", b""):
        assert ("pdf-damaged", READING) in said(project, READING, damaged)


def test_a_file_of_another_edition_is_told_as_that_and_as_no_error(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "sample"
    shutil.copytree(project, copy)
    contacts = copy / "content" / "contacts.toml"
    contacts.write_text(contacts.read_text("utf-8").replace("555-0123", "555-0199"), "utf-8")
    (problem,) = finished.check(copy, date.today())
    assert (problem.code, problem.severity) == ("edition-outdated", "warning")


def test_nothing_is_said_of_what_was_not_built(tmp_path: Path, project: Path) -> None:
    copy = tmp_path / "sample"
    shutil.copytree(project, copy)
    (copy / SHEETS).unlink()
    assert finished.check(copy, date.today()) == ()
    shutil.rmtree(copy / "dist")
    assert finished.check(copy, date.today()) == ()


def test_every_page_of_a_booklet_is_marked_by_what_it_shows(project: Path) -> None:
    pages = pdf.particulars((project / READING).read_bytes()).pages
    assert len({page.content for page in pages}) == len(pages)
    placed = {
        (drawn.page, drawn.content)
        for page in pdf.particulars((project / SHEETS).read_bytes()).pages
        for drawn in page.drawn
        if drawn.source == "pages"
    }
    assert placed == {(number, page.content) for number, page in enumerate(pages, 1)}
