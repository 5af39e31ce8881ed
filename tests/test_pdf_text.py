"""Numbers are read off a PDF as they are printed, so that a scrambled one is found."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pdf_text import lines, numbers, pages, shows

from handbill.fonts import fontconfig_file, read_fonts
from handbill.formats import FORMATS, Job, Output
from handbill.impose import impose
from handbill.model import Place
from handbill.pdf import (
    Canvas,
    PdfFont,
    Placed,
    PrintSettings,
    compose,
    particulars,
)

FONTS = Path(__file__).parents[1] / "fonts"
HOTLINE = "1-888-373-7888"
SCRAMBLED = "7888-373-888-1"

ARABIC = "اتصل على {} في أي وقت، مُكَالَمَة مجانية."
BODIES = {
    "spanned": f"<p lang=ar dir=rtl>{ARABIC.format(f'<span dir=ltr>{HOTLINE}</span>')}</p>",
    "bare": f"<p lang=ar dir=rtl>{ARABIC.format(HOTLINE)}</p>",
    "bold": f"<p lang=ar dir=rtl>{ARABIC.format(f'<b><span dir=ltr>{HOTLINE}</span></b>')}</p>",
    "english": f"<p lang=en>Call <b>{HOTLINE}</b> or 233733. In the UK, 08000 121 700.</p>",
    "chinese": f"<p lang=zh-Hans>请拨打<span dir=ltr>{HOTLINE}</span>，任何时间都可以。</p>",
    "broken": f"<p lang=en style='width: 19mm'>Call {HOTLINE.replace('-', '-<wbr>')}</p>",
    "linked": "<html lang=en><h1>A</h1><h2>B</h2><p>Call <a href=tel:911>911</a> or <a href=tel:911>911</a>, "
    "<a href=https://example.org/a>look</a>.</p><h2>C</h2>",
    "notes": "<p lang=en>Notes</p>",
}
TYPESET = '''
import base64, json, sys
from weasyprint import HTML
css = """@page { size: 139.7mm 210mm; margin: 15mm }
body { font: 11pt Noto Sans, Vazirmatn, Noto Sans SC }"""
made = {}
for name, body in json.load(sys.stdin).items():
    pdf = HTML(string=f"<title>x</title><style>{css}</style>{body}").write_pdf(pdf_variant="pdf/ua-1")
    made[name] = base64.b64encode(pdf).decode()
json.dump(made, sys.stdout)
'''


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Each of `BODIES` typeset, in a process of its own that sees the pinned fonts only."""
    folder = tmp_path_factory.mktemp("fontconfig")
    families = dict.fromkeys(face.family for face in read_fonts((FONTS / "fonts.toml").read_text("utf-8")))
    conf = folder / "fonts.conf"
    conf.write_text(fontconfig_file([str(FONTS)], str(folder / "cache"), tuple(families)), "utf-8")
    run = subprocess.run(
        [sys.executable, "-c", TYPESET],
        input=json.dumps(BODIES),
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"FONTCONFIG_FILE": str(conf)},
    )
    return {name: base64.b64decode(text) for name, text in json.loads(run.stdout).items()}


@pytest.mark.parametrize("name", ["spanned", "bold", "chinese"])
def test_a_number_that_runs_left_to_right_is_read_so(name: str, pdfs: dict[str, bytes]) -> None:
    assert numbers(pdfs[name]) == [HOTLINE]
    assert shows(pdfs[name], HOTLINE)


def test_a_bare_number_in_an_arabic_sentence_is_seen_to_be_scrambled(pdfs: dict[str, bytes]) -> None:
    assert numbers(pdfs["bare"]) == [SCRAMBLED]
    assert not shows(pdfs["bare"], HOTLINE)


def test_numbers_in_english_text_are_read_with_their_spaces(pdfs: dict[str, bytes]) -> None:
    assert numbers(pdfs["english"]) == [HOTLINE, "233733", "08000 121 700"]


def test_a_number_broken_over_two_lines_is_not_shown(pdfs: dict[str, bytes]) -> None:
    assert len(lines(pdfs["broken"])) > 1
    assert not shows(pdfs["broken"], HOTLINE)


def test_a_part_of_a_number_is_not_the_number(pdfs: dict[str, bytes]) -> None:
    assert not shows(pdfs["english"], HOTLINE.removeprefix("1-"))
    assert not shows(pdfs["english"], HOTLINE.removesuffix("8"))
    assert not shows(pdfs["english"], "888")


@pytest.mark.parametrize(("name", "found"), [("spanned", HOTLINE), ("bare", SCRAMBLED)])
@pytest.mark.parametrize("output", FORMATS["booklet"].outputs, ids=lambda output: output.paper)
def test_numbers_are_read_off_imposed_sheets_too(
    name: str, found: str, output: Output, pdfs: dict[str, bytes]
) -> None:
    sheets, problems = impose(
        pdfs[name],
        pdfs["notes"],
        format=FORMATS["booklet"],
        job=Job(1, output, "rtl"),
        title="",
        language="ar",
        place=Place("x"),
    )
    assert problems == ()
    assert numbers(sheets) == [found]
    _front, back = pages(sheets)
    assert back == ["Notes", "Notes"], "two pages beside each other are lines of their own"


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_numbers_are_read_off_turned_pages(rotation_deg: int, pdfs: dict[str, bytes]) -> None:
    turned = compose(
        {"pages": pdfs["spanned"]},
        (Canvas(300, 300, (Placed("pages", 1, 20, 30, rotation_deg),)),),  # type: ignore[arg-type]
        PrintSettings("", "ar", "ltr", "Simplex"),
    )
    assert numbers(turned) == [HOTLINE]


def test_a_finished_pdf_says_what_it_is(pdfs: dict[str, bytes]) -> None:
    told = particulars(pdfs["linked"])
    assert told.page_sizes_mm == ((139.7, 210.0),)
    assert (told.title, told.language, told.tagged, told.ua_part) == ("x", "en", True, 1)
    assert told.bookmarks == 3
    assert told.links == ("https://example.org/a", "tel:911")
    assert told.fonts == (PdfFont("Noto-Sans", True), PdfFont("Noto-Sans-Bold", True))
    assert told.stray == ("/Producer", "pdf:Producer")
