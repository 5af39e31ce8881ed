"""The pinned fonts are what fonts.toml says, cover what we print, and are all that WeasyPrint can see."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2  # type: ignore[import-untyped]
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from handbill.fonts import (
    Face,
    coverage,
    fontconfig_file,
    read_field_font,
    read_fonts,
    uncovered,
    verify,
)
from handbill.pdf import particulars

FONTS = Path(__file__).parents[1] / "fonts"
TOML = (FONTS / "fonts.toml").read_text("utf-8")
FACES = read_fonts(TOML)
FAMILIES = tuple(dict.fromkeys(face.family for face in FACES))

every_face = pytest.mark.parametrize("face", FACES, ids=lambda face: face.file)

NEEDED = {
    "Latn": "ABCabc0123456789 ¿¡áéíóúüñÁÉÍÓÚÜÑçãõßœšžłđőţğİ €£$%&@#*+=/\\()[]{}<>«»“”‘’…–—·•\u00a0\u202f",
    "Grek": "ΑΒΓΩαβγωάέήίόύώς",
    "Cyrl": "АБВЯабвяЁёЇїЄєҐґ",
    "Arab": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگکی،؛؟ـًٌٍَُِّْ٠١٢٣٤٥٦٧٨٩٪«»0123456789().:-!",
    "Hans": "《》「」『』，。：；？！（）“”‘’…—·、【】￥％～①⑩→☎✓0123456789ABCabc-+() "
    + "".join(
        bytes((lead, trail)).decode("gb2312", "ignore")
        for lead in range(0xA1, 0xF8)
        for trail in range(0xA1, 0xFF)
    ),
}


def font(face: Face) -> bytes:
    return (FONTS / face.file).read_bytes()


def opened(face: Face) -> TTFont:
    return TTFont(BytesIO(font(face)), lazy=True)


# --- the files -------------------------------------------------------------------------------------


def test_fonts_toml_names_every_font_and_no_other() -> None:
    assert sorted(face.file for face in FACES) == sorted(path.name for path in FONTS.glob("*.[to]t[fc]"))


@every_face
def test_a_file_is_the_one_that_is_pinned(face: Face) -> None:
    assert verify(face, font(face))


@every_face
def test_the_declared_coverage_is_the_fonts_own(face: Face) -> None:
    assert face.codepoints == opened(face).getBestCmap().keys()


@every_face
def test_a_face_is_static(face: Face) -> None:
    assert not {"fvar", "gvar", "avar", "STAT"} & set(opened(face).keys())


@every_face
def test_a_face_bears_the_family_weight_and_style_it_is_listed_under(face: Face) -> None:
    opened_font = opened(face)
    names, os2, bold, italic = (
        opened_font["name"],
        opened_font["OS/2"],
        face.weight == 700,
        face.style == "italic",
    )
    style = {
        (False, False): "Regular",
        (True, False): "Bold",
        (False, True): "Italic",
        (True, True): "Bold Italic",
    }
    assert names.getDebugName(1) == face.family
    assert names.getDebugName(2) == style[bold, italic]
    assert names.getDebugName(16) is None
    assert os2.usWeightClass == face.weight
    assert bool(os2.fsSelection & 1 << 5) == bold
    assert bool(os2.fsSelection & 1) == italic
    assert opened_font["head"].macStyle == bold + 2 * italic


@every_face
def test_a_faces_copyright_and_licence_travel_with_it(face: Face) -> None:
    names = opened(face)["name"]
    assert names.getDebugName(0) in (FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL Open Font License" in names.getDebugName(13)


@pytest.mark.parametrize("entry", tomllib.loads(TOML)["face"], ids=lambda entry: entry["file"])
def test_a_face_covers_its_scripts(entry: dict[str, object]) -> None:
    (face,) = (face for face in FACES if face.file == entry["file"])
    assert isinstance(entry["scripts"], list)
    for script in entry["scripts"]:
        assert uncovered(NEEDED[script], face.codepoints) == ()


def test_the_same_source_makes_the_same_bytes_in_another_process() -> None:
    script = (
        "import sys, hashlib, make\n"
        "print(hashlib.sha256(make.pinned(open(sys.argv[1], 'rb').read(), make.whole)).hexdigest())"
    )
    source = FONTS / "Vazirmatn-Regular.ttf"
    results = {
        subprocess.run(
            [sys.executable, "-c", script, str(source)],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ
            | {"PYTHONPATH": str(FONTS), "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(results) == 1


def test_the_font_for_fields_is_the_one_that_is_pinned_and_is_made_of_the_regular_face() -> None:
    typed = read_field_font(TOML)
    content = (FONTS / typed.file).read_bytes()
    assert verify(typed, content)
    assert not verify(typed, content + b"\0")
    script = (
        "import hashlib, make\n"
        "made = make.for_fields((make.HERE / 'NotoSans-Regular.ttf').read_bytes())\n"
        "print(hashlib.sha256(made).hexdigest())"
    )
    made = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(FONTS), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert made.stdout.strip() == typed.sha256
    names = TTFont(BytesIO(content))["name"]
    assert names.getDebugName(1) not in FAMILIES, "or a booklet could be set in it"
    assert names.getDebugName(0) in (FONTS / "OFL.txt").read_text("utf-8")


# --- what is covered -------------------------------------------------------------------------------


def test_a_changed_file_is_noticed() -> None:
    face = FACES[0]
    assert not verify(face, font(face) + b"\0")
    assert not verify(replace(face, sha256="0" * 64), font(face))


def test_uncovered_names_each_missing_character_once_by_code_point() -> None:
    assert uncovered("שלום 🙂 hola 🙂 مرحبا 你好 ぁ", coverage(FACES)) == ("ו", "ל", "ם", "ש", "🙂")


def test_characters_that_leave_no_ink_are_not_asked_for() -> None:
    assert (
        uncovered("\n\t\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2066\u2069\ufe0f\ufeff", frozenset()) == ()
    )


def test_a_space_and_an_arabic_number_sign_are_asked_for() -> None:
    assert uncovered("\u0600\u00a0 ", frozenset()) == (" ", "\u00a0", "\u0600")


def test_a_character_that_only_the_regular_face_has_is_not_covered() -> None:
    regular = replace(FACES[0], codepoints=frozenset({1, 2}))
    bold = replace(regular, weight=700, codepoints=frozenset({1}))
    other = replace(regular, family="Other", codepoints=frozenset({3}))
    assert coverage((regular, bold, other)) == {1, 3}


# --- what fontconfig sees --------------------------------------------------------------------------


def test_folders_are_escaped() -> None:
    tree = ElementTree.fromstring(fontconfig_file(["/a & b/<c>"], "/d > e", ["F & G"]))
    assert [element.text for element in tree.iter("dir")] == ["/a & b/<c>"]
    assert [element.text for element in tree.iter("cachedir")] == ["/d > e"]
    assert [element.text for element in tree.iter("string")] == ["F & G"]
    assert tree[0].tag == "reset-dirs"


TYPESET = """
import base64, json, sys
from weasyprint import HTML

pdfs = [HTML(string=html).write_pdf(pdf_variant="pdf/ua-1") for html in json.load(sys.stdin)]
print(json.dumps([base64.b64encode(pdf).decode() for pdf in pdfs]))
"""


def typeset(pages: Sequence[str], tmp_path: Path) -> list[bytes]:
    """The PDF of each page, typeset under our `fonts.conf` in a process of its own."""
    conf = tmp_path / "fonts.conf"
    conf.write_text(fontconfig_file([str(FONTS)], str(tmp_path / "cache"), FAMILIES), "utf-8")
    run = subprocess.run(
        [sys.executable, "-c", TYPESET],
        input=json.dumps([f"<title>x</title>{page}" for page in pages]),
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"FONTCONFIG_FILE": str(conf)},
    )
    return [base64.b64decode(pdf) for pdf in json.loads(run.stdout)]


def embedded(pages: Sequence[str], tmp_path: Path) -> list[list[str]]:
    """The fonts in the PDF of each page."""
    return [
        sorted(font.name for font in particulars(pdf).fonts if font.embedded)
        for pdf in typeset(pages, tmp_path)
    ]


def test_weasyprint_finds_each_face_by_family_weight_and_style(tmp_path: Path) -> None:
    english = "<p style='font-family: Noto Sans'>Plan <b>now</b> <i>¿y</i> <b><i>tú?</i></b>"
    arabic = "<p lang=ar dir=rtl style='font-family: Vazirmatn'>خطة <b>السلامة</b> 911"
    chinese = "<p lang=zh-Hans style='font-family: Noto Sans SC'>安全<b>计划</b>"
    assert embedded((english, arabic, chinese), tmp_path) == [
        ["Noto-Sans", "Noto-Sans-Bold", "Noto-Sans-Bold-Italic", "Noto-Sans-Italic"],
        ["Vazirmatn", "Vazirmatn-Bold"],
        ["Noto-Sans-SC", "Noto-Sans-SC-Bold"],
    ]


def test_weasyprint_sees_no_font_of_the_machine(tmp_path: Path) -> None:
    pages = (
        "<p>שלום 🙂 ☐ ไทย हिन्दी",  # in none of our fonts
        "<p style='font-family: DejaVu Sans, Arial, Noto Sans CJK JP, serif'>Safe 安全 آمن",
        "<p style='font-family: monospace'>Safe",
    )
    ours = {family.replace(" ", "-") for family in FAMILIES}
    for faces in embedded(pages, tmp_path):
        assert faces
        assert set(faces) <= ours


# --- Arabic comes out of a PDF as it went in ----------------------------------------------------------

ARABIC_LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگکی"
IN_EVERY_FORM = " ".join(f"{letter} ب{letter} ب{letter}ب {letter}ب" for letter in ARABIC_LETTERS)
LAM_ALEFS = "لا لأ لإ لآ بلا بلأ بلإ بلآ الآن الأخرى للولايات بلاد لأن الله"
PROSE = (
    "إذا كنتم في خطر الآن، فاتصلوا بالرقم 911. هذا الرقم للولايات المتحدة؛ هل يمكنكم الذهاب إلى مكان آخر؟ "
    "أنتم تقررون هل تغادرون، ومتى، وكيف. «لا تخبروا الشخص الذي يسيطر عليكم بخطتكم» (في هذه الصفحة خطوات)."
)
VOWELLED = "حتّى أولًا، فورًا؛ مُكَالَمَة مجّانيّةٌ سِرًّا بِسْمِ مكانٍ لا مثلًا مرحبًا"


def arabic_page(text: str, weight: int) -> str:
    style = f"font: {weight} 11pt/1.7 Vazirmatn"
    return f"<html lang=ar dir=rtl><style>@page {{ margin: 2cm }}</style><p style='{style}'>{text}"


def read_back(pdf: bytes) -> str:
    """All text of a PDF as PDFium (Chrome's reader) finds it, without marks of direction."""
    text = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


@pytest.mark.parametrize("weight", [400, 700])
@pytest.mark.parametrize("text", [IN_EVERY_FORM, LAM_ALEFS, PROSE], ids=["forms", "lam-alefs", "prose"])
def test_arabic_words_are_read_back_letter_for_letter(text: str, weight: int, tmp_path: Path) -> None:
    (pdf,) = typeset([arabic_page(text, weight)], tmp_path)
    assert words(read_back(pdf)) == words(text)


@pytest.mark.parametrize("weight", [400, 700])
def test_no_letter_or_vowel_sign_is_read_as_another(weight: int, tmp_path: Path) -> None:
    (pdf,) = typeset([arabic_page(VOWELLED, weight)], tmp_path)
    found, asked = (Counter(re.sub(r"\s", "", text)) for text in (read_back(pdf), VOWELLED))
    assert found == asked


@pytest.mark.parametrize("weight", [400, 700])
def test_a_lam_and_an_alef_of_two_glyphs_look_like_the_one_that_the_font_had(
    weight: int, tmp_path: Path
) -> None:
    letters = "لا لأ لإ لآ بلا بلأ بلإ بلآ"
    ligatures = "ﻻ ﻷ ﻹ ﻵ ﺑﻼ ﺑﻸ ﺑﻺ ﺑﻶ"  # these characters still have the font's own glyphs
    assert unicodedata.normalize("NFKC", ligatures) == letters
    apart, whole = (
        pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil().convert("L")
        for pdf in typeset([arabic_page(text, weight) for text in (letters, ligatures)], tmp_path)
    )
    assert ink(apart) > 0
    assert ink(ImageChops.difference(ImageChops.invert(apart), ImageChops.invert(whole))) == 0


def ink(image: Image.Image) -> int:
    """Pixels that clearly differ from the ground."""
    return sum(image.histogram()[128:])
