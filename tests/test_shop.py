"""Files for a print shop: cut where they should be, in inks alone, and as PDF/X-4 wants them.

They are read with pikepdf and with Poppler, and held to what a shop's own check would look at; what is broken
in them, `check` says.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from example import write_project
from hypothesis import given
from hypothesis import strategies as some
from pikepdf import Array, Dictionary, Name
from PIL import Image
from test_bad import TODAY
from test_proof import broken, replaced, said

from handbill import impose, ink, press, trim
from handbill.formats import FORMATS, Job
from handbill.model import Place
from handbill.outcome import Options
from handbill.pipeline import build
from handbill.plates import Shop

MM = 72 / 25.4
TRIM_MM = (139.7, 210.0)
SHEET = "dist/site/en/print/first-plants-press.pdf"
BOOKLET = '[[booklet]]\nid = "first-plants"\ntitle = "First plants"\nsummary = "Water first, then light."\n'
BOOKLET += 'audience = "survivor"\nguides = ["watering", "light"]\nformats = ["reading", "press"]\n'
STYLE = """
.cover { position: relative }
.cover::before { content: ""; position: absolute; left: -60mm; right: -60mm; top: -60mm; height: 70mm;
  background: #c0392b }
.summary { background-image: linear-gradient(to right, #ffcc00, #336699) }
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project made for a shop, with a photograph in it and a cover that bleeds."""
    folder = tmp_path_factory.mktemp("shop")
    write_project(folder)
    (folder / "content" / "booklets.toml").write_text(BOOKLET)
    colours = Image.linear_gradient("L").resize((64, 40))
    photograph = Image.merge("RGB", (colours, colours.rotate(180), Image.new("L", (64, 40), 90)))
    photograph.save(folder / "content" / "images" / "leaf.png")
    photograph.save(folder / "content" / "images" / "leaf.jpg", quality=95)
    colours.convert("RGB").save(folder / "content" / "images" / "grey.jpg", quality=95)
    guide = folder / "content" / "guides" / "light.md"
    guide.write_text(guide.read_text() + "\n![Light.](images/leaf.jpg)\n\n![Shade.](images/grey.jpg)\n")
    css = Path(__file__).parent.parent / "templates" / "print" / "booklet.css"
    (folder / "templates" / "print").mkdir(parents=True, exist_ok=True)
    (folder / "templates" / "print" / "booklet.css").write_text(css.read_text() + STYLE)
    outcome = build(Options(folder, TODAY, jobs=1), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    return folder


@pytest.fixture(scope="module")
def finished(project: Path) -> bytes:
    return (project / SHEET).read_bytes()


@pytest.fixture(scope="module")
def opened(finished: bytes) -> Iterator[Any]:
    with pikepdf.open(BytesIO(finished)) as pdf:
        yield pdf


def boxes_mm(page: Any) -> dict[str, list[float]]:
    names = ("MediaBox", "BleedBox", "TrimBox")
    return {name: [float(edge) / MM for edge in page.obj[f"/{name}"]] for name in names}


def drawings(thing: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """A page or form, and every form that it draws."""
    yield thing
    resources = thing.Resources if "/Resources" in thing else Dictionary()
    for form in resources.get("/XObject", Dictionary()).values():
        if form.get("/Subtype") == Name.Form and form.objgen not in seen:
            seen.add(form.objgen)
            yield from drawings(form, seen)


def operators(pdf: Any) -> Iterator[tuple[str, tuple[float | str, ...]]]:
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for thing in drawings(page.obj, seen):
            for operands, operator in pikepdf.parse_content_stream(
                thing if isinstance(thing, pikepdf.Stream) else pikepdf.Page(thing)
            ):
                yield str(operator), tuple(map(_value, operands))


def _value(operand: Any) -> float | str:
    return float(operand) if isinstance(operand, int | float | Decimal) else str(operand)


# --- paper -------------------------------------------------------------------------------------------


def test_every_page_is_cut_out_of_its_paper_with_an_eighth_of_an_inch_to_spare(opened: Any) -> None:
    for page in opened.pages:
        boxes = boxes_mm(page)
        left, foot, right, head = boxes["TrimBox"]
        assert boxes["MediaBox"][:2] == [0, 0]
        assert (right - left, head - foot) == pytest.approx(TRIM_MM, abs=0.01)
        bleed = [abs(a - b) for a, b in zip(boxes["BleedBox"], boxes["TrimBox"], strict=True)]
        assert bleed == pytest.approx([3.175] * 4, abs=0.01)
        margin = [abs(a - b) for a, b in zip(boxes["MediaBox"], boxes["TrimBox"], strict=True)]
        assert margin == pytest.approx([10] * 4, abs=0.01)
        assert not {"/CropBox", "/ArtBox", "/Rotate", "/Annots", "/AA"} & set(page.obj.keys())


def test_poppler_reads_the_same_boxes(project: Path) -> None:
    told = subprocess.run(["pdfinfo", "-box", project / SHEET], check=True, capture_output=True, text=True)
    boxes = {
        name: [float(edge) for edge in edges.split()]
        for name, edges in re.findall(r"(\w+Box): +(.*)", told.stdout)
    }
    assert [edge / MM for edge in boxes["TrimBox"]] == pytest.approx([10, 10, 149.7, 220], abs=0.01)
    assert [edge / MM for edge in boxes["BleedBox"]] == pytest.approx(
        [6.825, 6.825, 152.875, 223.175], abs=0.01
    )


@given(some.integers(1, 400))
def test_every_page_has_a_side_of_its_own_in_order_and_upright(pages: int) -> None:
    sides = trim.sides(pages)
    assert [slot.page for side in sides for slot in side.slots] == list(range(1, pages + 1))
    assert {(side.margin_mm, side.bleed_mm) for side in sides} == {(trim.MARGIN_MM, trim.BLEED_MM)}
    assert all(slot.rotation_deg == 0 for side in sides for slot in side.slots)


def test_marks_stand_on_the_paper_and_outside_the_bleed_and_point_at_the_corners() -> None:
    (side,) = trim.sides(1)
    edges = (side.margin_mm, side.paper.width_mm - side.margin_mm)
    heights = (side.margin_mm, side.paper.height_mm - side.margin_mm)
    for mark in side.marks:
        across, up = sorted((mark.x1_mm, mark.x2_mm)), sorted((mark.y1_mm, mark.y2_mm))
        assert 0 < across[0] <= across[1] < side.paper.width_mm
        assert 0 < up[0] <= up[1] < side.paper.height_mm
        assert (
            across[1] < edges[0] - side.bleed_mm
            or across[0] > edges[1] + side.bleed_mm
            or up[1] < heights[0] - side.bleed_mm
            or up[0] > heights[1] + side.bleed_mm
        )
    crops = [mark for mark in side.marks if mark.kind == "crop"]
    upright = {
        (mark.x1_mm, mark.y1_mm < side.paper.height_mm / 2) for mark in crops if mark.x1_mm == mark.x2_mm
    }
    level = {(mark.y1_mm, mark.x1_mm < side.paper.width_mm / 2) for mark in crops if mark.y1_mm == mark.y2_mm}
    assert upright == set(product(edges, (True, False)))
    assert level == set(product(heights, (True, False)))


def test_what_is_to_bleed_goes_on_to_the_end_of_the_bleed_and_no_further(finished: bytes) -> None:
    dots = 4  # a millimetre
    picture = pypdfium2.PdfDocument(finished)[0].render(scale=dots * 25.4 / 72).to_pil().convert("RGB")
    height = 17  # millimetres from the head of the paper: on the cover's coloured band

    def coloured(x_mm: float) -> bool:
        red, _, blue = picture.getpixel((round(x_mm * dots), height * dots))
        return red - blue > 60

    bleed = trim.MARGIN_MM - trim.BLEED_MM
    assert [coloured(bleed + off) for off in (-1, -0.5, 0.5, 1)] == [False, False, True, True]


def test_every_word_stands_where_it_does_on_the_page_to_read(project: Path, finished: bytes) -> None:
    reading = pypdfium2.PdfDocument((project / SHEET.replace("-press", "")).read_bytes())
    printed = pypdfium2.PdfDocument(finished)
    assert len(reading) == len(printed) == len(trim.sides(len(reading)))
    for before, after in zip(reading, printed, strict=True):
        words, again = before.get_textpage(), after.get_textpage()
        assert words.get_text_range() == again.get_text_range()
        for index in range(0, words.count_chars(), 7):
            moved = [edge / MM + trim.MARGIN_MM for edge in words.get_charbox(index)]
            assert [edge / MM for edge in again.get_charbox(index)] == pytest.approx(moved, abs=0.02)


# --- inks --------------------------------------------------------------------------------------------


def test_no_colour_is_in_rgb_and_text_is_in_black_ink_alone(opened: Any) -> None:
    found = list(operators(opened))
    names = {name for name, _ in found}
    assert not names & {"rg", "RG", "g", "G"}
    assert {operands[0] for name, operands in found if name in ("cs", "CS")} <= {"/All", "/Pattern"}
    inks = {operands for name, operands in found if name == "k"}
    assert (0, 0, 0, 1) in inks
    assert ink.HOUSE["1d4f5c"] in inks
    for cyan, magenta, yellow, black in inks:
        assert cyan + magenta + yellow + black <= 3, "more ink than dries"
    at, filled = (0.0, 0.0, 0.0, 1.0), set()
    for name, operands in found:
        if name == "k":
            at = operands  # type: ignore[assignment]
        elif name in ("Tj", "TJ"):
            filled.add(at)
    assert filled == {inks for inks in filled if inks[:3] == (0, 0, 0)}


def test_pictures_and_gradients_are_in_inks_and_pictures_of_greys_in_black(opened: Any) -> None:
    spaces = []
    for thing in opened.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == Name.Image:
            spaces.append(str(thing["/ColorSpace"]))
    assert sorted(spaces) == ["/DeviceCMYK", "/DeviceCMYK", "/DeviceGray"]
    written = BytesIO()
    opened.save(written, qdf=True)
    assert b"DeviceRGB" not in written.getvalue()
    assert re.search(
        rb"/FunctionType 2.*?/C0 \[\s*([\d.]+\s+){4}\]|/C0 \[\s*([\d.]+\s+){4}\]", written.getvalue()
    )
    assert b"/ShadingType" in written.getvalue()


def test_a_photograph_looks_as_it_did(project: Path, finished: bytes) -> None:
    """Poppler draws both files, the one in RGB and the one in inks; a picture turned negative is far off."""
    reading = (project / SHEET.replace("-press", "")).read_bytes()
    pages = [pypdfium2.PdfDocument(reading), pypdfium2.PdfDocument(finished)]
    where = next(
        number
        for number, page in enumerate(pages[0])
        if any(thing.type == 3 for thing in page.get_objects(max_depth=3))
    )
    means = []
    for pdf, corner in zip(pages, (0.0, trim.MARGIN_MM), strict=True):
        picture = pdf[where].render(scale=2).to_pil().convert("L")
        left, foot = (round(corner * 2 * MM) for _ in range(2))
        width, height = (round(edge * 2 * MM) for edge in TRIM_MM)
        cut = picture.crop((left, foot, left + width, foot + height)).resize((8, 12))
        means.append(list(cut.tobytes()))
    assert all(abs(one - other) < 45 for one, other in zip(*means, strict=True))


@given(some.floats(0, 1))
def test_a_grey_takes_black_ink_alone_and_as_much_as_it_is_dark(grey: float) -> None:
    *colours, black = ink.of((grey, grey, grey), by_profile=lambda rgb: (1, 1, 1, 1))
    assert colours == [0, 0, 0]
    assert black == pytest.approx(1 - grey, abs=0.0001)


def test_every_colour_of_the_style_sheets_has_its_inks_in_the_table() -> None:
    sheets = (Path(__file__).parent.parent / "templates" / "print").glob("*.css")
    written = {colour for sheet in sheets for colour in re.findall(r"#([0-9a-f]{3,6})\b", sheet.read_text())}
    coloured = {colour for colour in written if len(colour) == 6 and len({*map("".join, _pairs(colour))}) > 1}
    assert coloured <= ink.HOUSE.keys()


def _pairs(colour: str) -> Iterator[str]:
    return (colour[at : at + 2] for at in (0, 2, 4))


# --- what another interpreter puts on the plates -----------------------------------------------------


def plates(pdf: Path, box: str = "MediaBox") -> list[tuple[float, ...]]:
    """How much of each page Ghostscript covers with cyan, magenta, yellow and black, 0 to 1.

    Its own interpreter and its own colours: RGB that is grey comes out in all four.
    """
    listed = subprocess.run(
        ["gs", "-q", "-dSAFER", "-sDEVICE=inkcov", f"-dUse{box}", "-o", "-", pdf],
        check=True,
        capture_output=True,
        text=True,
    )
    rows = re.findall(r"([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) CMYK OK", listed.stdout)
    return [tuple(map(float, row)) for row in rows]


def colourful(thing: Any) -> bool:
    """Whether a page or a form asks for another colour than a grey, or shows a picture in colours."""
    drawn = thing.get("/Resources", {}).get("/XObject", {})
    content = thing if isinstance(thing, pikepdf.Stream) else pikepdf.Page(thing)
    for operands, operator in pikepdf.parse_content_stream(content, "rg RG k K scn SCN sc SC sh Do"):
        if str(operator) == "Do":
            one = drawn[str(operands[0])]
            coloured = one.get("/ColorSpace") != Name.DeviceGray if "/ColorSpace" in one else colourful(one)
        else:
            inks = [float(value) for value in operands if not isinstance(value, Name)]
            in_inks, in_rgb = len(inks) == 4 and any(inks[:3]), len(inks) == 3 and len(set(inks)) > 1
            coloured = in_inks or in_rgb or not inks  # of a pattern or a gradient there is a name alone
        if coloured:
            return True
    return False


def test_on_a_shops_plates_text_is_on_the_black_one_alone(project: Path, opened: Any) -> None:
    covered = plates(project / SHEET, "TrimBox")  # crop marks stand on every plate
    assert len(covered) == len(opened.pages)
    by_colour = {True: set[bool](), False: set[bool]()}
    for page, (cyan, magenta, yellow, black) in zip(opened.pages, covered, strict=True):
        by_colour[colourful(page.obj)].add(cyan + magenta + yellow > 0)
        assert black > 0
    assert by_colour == {True: {True}, False: {False}}


@pytest.mark.parametrize("ending", ["", "-a4"])
def test_an_office_printer_gets_black_and_greys_in_black_ink_alone(ending: str, built_sample: Path) -> None:
    path = built_sample / f"site/en/print/first-plants{ending}.pdf"
    covered = plates(path)
    with pikepdf.open(path) as pdf:
        plain = [number for number, page in enumerate(pdf.pages) if not colourful(page.obj)]
    assert plain, "or nothing is tried"
    assert {covered[number][:3] for number in plain} == {(0.0, 0.0, 0.0)}
    assert all(covered[number][3] > 0 for number in plain)


def test_black_that_is_mixed_from_all_inks_would_be_seen(built_sample: Path, tmp_path: Path) -> None:
    reading = (built_sample / "site/en/print/first-plants.pdf").read_bytes()
    with pikepdf.open(BytesIO(reading)) as pdf:
        plain = next(number for number, page in enumerate(pdf.pages) if not colourful(page.obj))

    def mix(pdf: Any) -> None:
        replaced(pdf.pages[plain].Contents, rb"\n0 g\n", b"\n0 0 0 rg\n")

    (tmp_path / "mixed.pdf").write_bytes(broken(reading, mix))
    assert max(plates(tmp_path / "mixed.pdf")[plain][:3]) > 0


# --- PDF/X-4 -----------------------------------------------------------------------------------------


def test_the_file_says_that_it_is_pdf_x_4_and_for_which_press(opened: Any) -> None:
    assert opened.pdf_version == "1.6"
    assert not {"/AcroForm", "/StructTreeRoot", "/Outlines", "/Names", "/OpenAction"} & set(
        opened.Root.keys()
    )
    (intent,) = opened.Root["/OutputIntents"]
    assert intent["/S"] == Name.GTS_PDFX
    assert str(intent["/OutputConditionIdentifier"]) == "FOGRA39"
    assert str(intent["/RegistryName"]) == "http://www.color.org"
    profile = intent["/DestOutputProfile"]
    assert profile["/N"] == 4
    assert profile.read_bytes()[12:20] == b"prtrCMYK"
    assert opened.docinfo["/Trapped"] == Name("/False")
    assert set(opened.docinfo.keys()) == {"/Title", "/Trapped"}
    told = {element.tag: element.text for element in ElementTree.fromstring(_xmp(opened)).iter()}
    assert told["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
    assert told["{http://ns.adobe.com/pdf/1.3/}Trapped"] == "False"
    mm, xmp = "{http://ns.adobe.com/xap/1.0/mm/}", "{http://ns.adobe.com/xap/1.0/}"
    assert re.fullmatch(r"uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", told[f"{mm}DocumentID"] or "")
    assert told[f"{mm}RenditionClass"] == "default"
    edition = told[f"{mm}VersionID"] or ""
    assert edition.startswith("en-")
    for name in ("CreateDate", "ModifyDate", "MetadataDate"):
        assert told[f"{xmp}{name}"] == f"{edition[-7:]}-01T00:00:00Z"


def _xmp(pdf: Any) -> str:
    return re.sub(r"<\?xpacket.*?\?>", "", pdf.Root.Metadata.read_bytes().decode()).strip()


def test_every_font_is_in_the_file_and_nothing_is_linked(project: Path) -> None:
    listed = subprocess.run(["pdffonts", project / SHEET], check=True, capture_output=True, text=True)
    rows = listed.stdout.splitlines()[2:]
    assert rows
    assert all(re.search(r"\byes +yes +yes +\d+ +\d+$", row) for row in rows)
    with pikepdf.open(project / SHEET) as pdf:
        assert not any(isinstance(thing, Dictionary) and "/URI" in thing for thing in pdf.objects)


def test_qpdf_finds_nothing_wrong(project: Path) -> None:
    subprocess.run(["qpdf", "--check", project / SHEET], check=True, capture_output=True)


def test_the_same_pages_give_the_same_bytes(project: Path) -> None:
    inks, profile = press._inks()
    pages = (project / SHEET.replace("-press", "")).read_bytes()
    count = len(pypdfium2.PdfDocument(pages))
    format = FORMATS["press"]

    def made() -> bytes:
        by_profile = inks.colour
        shop = Shop(
            profile, "FOGRA39", "en-RP2Z-2026-11", lambda rgb: ink.of(rgb, by_profile), inks.jpeg, inks.points
        )
        pdf, problems = impose.impose(
            pages,
            pages,
            format=format,
            job=Job(count, format.outputs[0], "ltr"),
            title="A & <B>",
            language="en",
            place=Place("x"),
            shop=shop,
        )
        assert problems == ()
        return pdf

    assert made() == made()


# --- what is broken is caught --------------------------------------------------------------------------


def form(pdf: Any) -> Any:
    return next(iter(pdf.pages[-1].Resources.XObject.values()))


def colour_in_rgb(pdf: Any) -> None:
    replaced(form(pdf), rb"0\.85 0\.45 0\.4\d* 0\.45 k", b"0.11 0.31 0.36 rg")


def black_in_rgb(pdf: Any) -> None:
    replaced(form(pdf), rb"\b0 0 0 1 k", b"0 0 0 rg")


def condition_lost(pdf: Any) -> None:
    del pdf.Root["/OutputIntents"]


def trim_moved(pdf: Any) -> None:
    pdf.pages[0].obj["/TrimBox"] = Array([float(edge) + 2 * MM for edge in pdf.pages[0].trimbox])


def trim_lost(pdf: Any) -> None:
    del pdf.pages[0].obj["/TrimBox"]


def page_lost(pdf: Any) -> None:
    del pdf.pages[-1]


MUTANTS = {
    "a colour in RGB": (colour_in_rgb, "rgb-for-shop"),
    "black in RGB": (black_in_rgb, "black-in-rgb"),
    "no printing condition": (condition_lost, "pdf-particulars"),
    "trim moved by 2 mm": (trim_moved, "trim-differs"),
    "no trim": (trim_lost, "trim-differs"),
    "a page lost": (page_lost, "sides-missing"),
}


def test_check_finds_nothing_wrong_with_what_was_built(project: Path, finished: bytes) -> None:
    assert {place for _, place in said(project, SHEET, finished)} == set()


@pytest.mark.parametrize("name", MUTANTS)
def test_what_is_broken_is_caught(name: str, project: Path, tmp_path: Path) -> None:
    mutation, code = MUTANTS[name]
    copy = tmp_path / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(".cache"))
    assert code in {found for found, _ in said(copy, SHEET, broken((copy / SHEET).read_bytes(), mutation))}
