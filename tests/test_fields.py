"""What there is to write on or to tick can be filled in on a screen, and stays a plain line on paper."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from handbill import press
from handbill.impose import draw
from handbill.model import Place
from handbill.pdf import PrintSettings, particulars
from handbill.sheets import PAPERS, Side, Slot
from handbill.typeset import PrintSource, Typeset, typeset

CHECKOUT = Path(__file__).resolve().parent.parent
LINES = '<div class="lines" aria-hidden="true"><span></span><span></span></div>'
BOX = '<span class="box" aria-hidden="true"></span>'
WORKSHEET = f"""
<h1>My plan</h1><p>What helps me:</p>{LINES}
<ul>
<li class="task">{BOX}I have <strong>some</strong> money.</li>
<li class="task">{BOX}I have my papers.</li>
</ul>
<h2>Notes</h2>{LINES.replace("<span></span>", "", 1)}"""
ARABIC = f'<h1>خطتي</h1><p>ما الذي يساعدني:</p>{LINES}<ul><li class="task">{BOX}معي بعض المال.</li></ul>'


pytestmark = pytest.mark.usefixtures("pinned_fonts")


def made(body: str, language: str = "en", direction: str = "ltr") -> Typeset:
    html = (
        f'<!DOCTYPE html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>T</title></head><body>{body}</body></html>"
    )
    css = (CHECKOUT / "templates/print/booklet.css").read_text(encoding="utf-8")
    return typeset(PrintSource(Place("content/booklets.toml"), html, (css,), typed=press.field_font()))


def fields(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return list(pdf.Root.AcroForm.Fields) if "/AcroForm" in pdf.Root else []


def test_every_box_and_every_block_of_lines_is_a_field_named_by_the_words_beside_it() -> None:
    with pikepdf.open(BytesIO(made(WORKSHEET).pdf)) as pdf:
        found = [(str(field.T), str(field.FT), str(field.TU)) for field in fields(pdf)]
    assert found == [
        ("lines-1", "/Tx", "What helps me:"),
        ("box-2", "/Btn", "I have some money."),
        ("box-3", "/Btn", "I have my papers."),
        ("lines-4", "/Tx", "Notes"),
    ]


def test_fields_are_tagged_where_they_stand_and_reached_by_tab_in_that_order() -> None:
    with pikepdf.open(BytesIO(made(WORKSHEET).pdf)) as pdf:
        order = []

        def walk(node: pikepdf.Object, around: str) -> None:
            if isinstance(node, pikepdf.Array):
                for child in node:
                    walk(child, around)
            elif isinstance(node, pikepdf.Dictionary):
                if node.get("/Type") == pikepdf.Name.OBJR:
                    assert around == "/Form"
                    order.append(node.Obj.objgen)
                elif "/K" in node:
                    walk(node.K, str(node.get("/S")))

        walk(pdf.Root.StructTreeRoot, "")
        assert order == [field.objgen for field in fields(pdf)]
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums
        table = {int(parents[at]): parents[at + 1] for at in range(0, len(parents), 2)}
        assert [str(table[int(field.StructParent)].S) for field in fields(pdf)] == ["/Form"] * 4
        assert all(page.Tabs == pikepdf.Name.S for page in pdf.pages)


def test_what_is_typed_and_ticked_is_shown(tmp_path: Path) -> None:
    empty, filled = tmp_path / "empty.pdf", tmp_path / "filled.pdf"
    empty.write_bytes(made(WORKSHEET).pdf)
    with pikepdf.open(empty) as pdf:
        for field in fields(pdf):
            if pikepdf.Name.Tx == field.FT:
                field.V = pikepdf.String("a walk")
                del field.AP
            else:
                field.V = field.AS = pikepdf.Name.on
        pdf.Root.AcroForm.NeedAppearances = True
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
        pdf.save(filled)
    text = [pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range() for path in (empty, filled)]
    assert [words.count("a walk") for words in text] == [0, 2]
    inks = [pypdfium2.PdfDocument(path)[0].render(scale=2).to_pil().convert("L") for path in (empty, filled)]
    with pikepdf.open(empty) as pdf:
        left, foot, right, head = (float(edge) for edge in fields(pdf)[1].Rect)
        height = float(pdf.pages[0].mediabox[3])
    inside = (left * 2 + 2, (height - head) * 2 + 2, right * 2 - 2, (height - foot) * 2 - 2)
    ticked = [ink.crop(inside) for ink in inks]
    assert [box.getextrema()[0] < 100 for box in ticked] == [False, True]


@pytest.mark.parametrize(("body", "language", "direction"), [(WORKSHEET, "en", "ltr"), (ARABIC, "ar", "rtl")])
def test_the_font_of_what_is_typed_is_in_the_file_and_small(body: str, language: str, direction: str) -> None:
    """ISO 14289-1, 7.21.4: every font is embedded, also one that shows nothing yet."""
    data = made(body, language, direction).pdf
    with pikepdf.open(BytesIO(data)) as pdf:
        (font,) = pdf.Root.AcroForm.DR.Font.values()
        assert font.is_indirect
        assert all(str(field.DA).startswith("/Typed ") for field in fields(pdf) if "/DA" in field)
        file = TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        assert len(font.FontDescriptor.FontFile2.read_raw_bytes()) < 13_000
        widths = [int(width) for width in font.Widths]
        letters = file.getBestCmap()
        for code in range(int(font.FirstChar), int(font.LastChar) + 1):
            char = bytes((code,)).decode("cp1252", "ignore")
            assert not char or ord(char) in letters or code in (0x7F, 0xAD), hex(code)
            if char and ord(char) in letters:
                advance = file["hmtx"][letters[ord(char)]][0] * 1000 / file["head"].unitsPerEm
                assert widths[code - 32] == round(advance)
        assert str(font.BaseFont) == "/" + file["name"].getDebugName(6)
    told = particulars(data).fonts
    assert "NotoSansFields" in {font.name for font in told}
    assert all(font.embedded for font in told)


def test_a_font_that_a_form_names_and_does_not_bring_along_would_be_found() -> None:
    target = BytesIO()
    with pikepdf.open(BytesIO(made(WORKSHEET).pdf)) as pdf:
        pdf.Root.AcroForm.DR.Font.Typed = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.save(target)
    assert [font.name for font in particulars(target.getvalue()).fonts if not font.embedded] == ["Helvetica"]


def test_what_is_typed_is_set_in_the_font_that_the_file_brings_along() -> None:
    data = made(WORKSHEET).pdf
    shapes = [
        typed(data, "¿Qué me ayuda?"),
        typed(without_font_file(data), "¿Qué me ayuda?"),
        typed(data, ""),
    ]
    assert len(set(shapes)) == 3, "words are shown, and in another font where the file lacks its own"


def typed(data: bytes, words: str) -> bytes:
    """The points of a page when something was typed into its first field, as Chrome's reader shows it."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    forms, page = document.formenv, document[0]
    with pikepdf.open(BytesIO(data)) as pdf:
        left, foot, _, _ = (float(edge) for edge in fields(pdf)[0].Rect)
    pdfium.FORM_OnAfterLoadPage(page.raw, forms.raw)
    pdfium.FORM_OnFocus(forms.raw, page.raw, 0, left + 5, foot + 5)
    for char in words:
        pdfium.FORM_OnChar(forms.raw, page.raw, ord(char), 0)
    pdfium.FORM_ForceToKillFocus(forms.raw)
    return bytes(page.render(scale=2, may_draw_forms=True).to_pil().convert("L").tobytes())


def without_font_file(data: bytes) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        font = pdf.Root.AcroForm.DR.Font.Typed
        del font.FontDescriptor.FontFile2
        font.BaseFont = font.FontDescriptor.FontName = pikepdf.Name("/Courier")
        pdf.save(target)
    return target.getvalue()


def test_without_a_font_to_type_in_lines_are_for_a_pen_and_boxes_are_ticked() -> None:
    html = (
        '<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>T</title></head>'
        f"<body>{WORKSHEET}</body></html>"
    )
    css = (CHECKOUT / "templates/print/booklet.css").read_text(encoding="utf-8")
    result = typeset(PrintSource(Place("content/booklets.toml"), html, (css,)))
    with pikepdf.open(BytesIO(result.pdf)) as pdf:
        assert {str(field.FT) for field in fields(pdf)} == {"/Btn"}
        assert "/DR" not in pdf.Root.AcroForm
    assert result.diagnostics == ()


def test_an_empty_field_draws_nothing_of_its_own() -> None:
    with pikepdf.open(BytesIO(made(WORKSHEET).pdf)) as pdf:
        for field in fields(pdf):
            shown = field.AP.N if pikepdf.Name.Tx == field.FT else field.AP.N[str(field.AS)]
            assert shown.read_bytes().strip() == b""
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_fields_lie_on_the_lines_and_take_no_more_than_fits() -> None:
    with pikepdf.open(BytesIO(made(WORKSHEET).pdf)) as pdf:
        sizes = []
        for field in fields(pdf):
            left, foot, right, head = (float(edge) * 25.4 / 72 for edge in field.Rect)
            sizes.append((round(right - left, 1), round(head - foot, 1)))
        flags = [int(field.get("/Ff", 0)) for field in fields(pdf)]
    assert sizes == [(106.7, 18.4), (4.0, 4.0), (4.0, 4.0), (106.7, 9.2)]
    assert [bool(flag & 1 << 12) for flag in flags] == [True, False, False, False]
    assert [bool(flag & 1 << 23) for flag in flags] == [True, False, False, True]


def test_in_arabic_fields_are_named_in_arabic_and_written_from_the_right() -> None:
    with pikepdf.open(BytesIO(made(ARABIC, "ar", "rtl").pdf)) as pdf:
        lines, box = fields(pdf)
        assert (str(lines.TU), int(lines.Q)) == ("ما الذي يساعدني:", 2)
        assert str(box.TU) == "معي بعض المال."


def test_nothing_typed_is_sent_anywhere() -> None:
    data = made(WORKSHEET).pdf
    with pikepdf.open(BytesIO(data)) as pdf:
        keys = {
            key
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)
            for key in set(thing.keys())
        }
        assert not keys & {"/AA", "/OpenAction", "/JS", "/JavaScript", "/XFA"}
        assert [field for field in fields(pdf) if "/A" in field] == []


def test_a_document_without_lines_and_boxes_has_no_form() -> None:
    with pikepdf.open(BytesIO(made("<h1>My plan</h1><p>What helps me:</p>").pdf)) as pdf:
        assert "/AcroForm" not in pdf.Root


def test_fields_change_no_page_and_are_gone_from_sheets() -> None:
    whole = made(WORKSHEET)
    plain = made(WORKSHEET.replace('class="lines"', 'class="ruled"').replace('class="box"', 'class="square"'))
    assert whole.pages == plain.pages == 1
    side = Side(PAPERS["a4"], (Slot(1, 0.0, 0.0),))
    sheet = draw(whole.pdf, whole.pdf, (side,), PrintSettings("T", "en", "ltr", "Simplex"))
    with pikepdf.open(BytesIO(sheet)) as pdf:
        assert fields(pdf) == []
        assert "/Annots" not in pdf.pages[0]
    assert not re.search(rb"/Widget|/AcroForm", sheet)
