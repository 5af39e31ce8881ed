"""Two languages beside each other: block by block, the same item numbers, each side in its own language."""

from __future__ import annotations

import re
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from handbill import bilingual, booklets, finished, fonts, press
from handbill.model import Language, Place
from handbill.outcome import Held
from handbill.press import BookletJob
from handbill.source import read_source
from handbill.typeset import PrintSource, typeset

CHECKOUT = Path(__file__).resolve().parent.parent
ENGLISH = Language("en", "en", "English", "ltr")
ARABIC = Language("ar", "ar", "العربية", "rtl")


def page(body: str, language: Language = ARABIC) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language.tag}" dir="{language.direction}">\n'
        f"<head><title>T</title></head>\n<body>\n{body}\n</body>\n</html>"
    )


def paired(own: str, other: str) -> etree._Element:
    return lxml_html.document_fromstring(bilingual.beside(page(own), page(other, ENGLISH), ARABIC, ENGLISH))


def rows(tree: etree._Element) -> list[tuple[str, str]]:
    """The words on either side of each pair."""
    return [
        ("".join(pair[0].itertext()).strip(), "".join(pair[1].itertext()).strip())
        for pair in tree.find_class("pair")
    ]


def test_each_block_stands_beside_the_one_that_it_translates_and_each_side_has_its_language() -> None:
    tree = paired("<h1>أ</h1><p>ب</p>", "<h1>A</h1><p>B <strong>b</strong></p>")
    assert rows(tree) == [("أ", "A"), ("ب", "B b")]
    for pair in tree.find_class("pair"):
        assert [(side.get("class"), side.get("lang"), side.get("dir")) for side in pair] == [
            ("own", "ar", "rtl"),
            ("other", "en", "ltr"),
        ]


def test_each_item_of_a_list_stands_beside_its_like_with_the_same_number() -> None:
    tree = paired("<ol><li>أ</li><li>ب</li></ol>", "<ol><li>A</li><li>B<ul><li>b</li></ul></li></ol>")
    assert rows(tree) == [("أ", "A"), ("ب", "Bb")]
    assert [item.get("style") for item in tree.iter("ol")] == [
        *["counter-reset: list-item 0"] * 2,
        *["counter-reset: list-item 1"] * 2,
    ]


def test_a_box_is_there_once_around_pairs() -> None:
    box = '<div class="callout steps" role="note"><p class="callout-title">{}</p><ol><li>{}</li></ol></div>'
    tree = paired(box.format("أ", "ب"), box.format("A", "B"))
    assert len(tree.find_class("callout")) == 1
    assert rows(tree) == [("أ", "A"), ("ب", "B")]


def test_tables_stand_one_below_the_other() -> None:
    table = '<div class="table"><table><tr><th>{}</th></tr><tr><td>{}</td></tr></table></div>'
    tree = paired(table.format("أ", "ب"), table.format("A", "B"))
    assert rows(tree) == []
    assert ["".join(each.itertext()) for each in tree.iter("table")] == ["أب", "AB"]
    assert [each.getparent().get("lang") for each in tree.iter("table")] == ["ar", "en"]


def test_lines_and_boxes_to_tick_are_there_once() -> None:
    worksheet = (
        '<p>{}</p><div class="lines" aria-hidden="true"><span></span></div>'
        '<ul><li class="task"><span class="box" aria-hidden="true"></span>{}</li></ul>'
    )
    tree = paired(worksheet.format("أ", "ب"), worksheet.format("A", "B"))
    assert rows(tree) == [("أ", "A"), ("ب", "B")]
    assert len(tree.find_class("lines")) == len(tree.find_class("box")) == 1


def test_ids_are_there_once_and_links_of_both_sides_lead_to_them() -> None:
    tree = paired('<h2 id="x">أ</h2><p><a href="#x">ب</a></p>', '<h2 id="x">A</h2><p><a href="#x">B</a></p>')
    assert tree.xpath("//@id") == ["x"]
    assert tree.xpath("//@href") == ["#x", "#x"]


def test_a_block_that_only_one_side_has_stands_beside_nothing_and_moves_no_other() -> None:
    tree = paired('<p>أ</p><div class="unreviewed">ب</div><h2>ت</h2>', "<p>A</p><h2>C</h2>")
    assert rows(tree) == [("أ", "A"), ("ب", ""), ("ت", "C")]
    tree = paired("<p>أ</p><h2>ت</h2>", '<p>A</p><div class="unreviewed">B</div><h2>C</h2>')
    assert rows(tree) == [("أ", "A"), ("", "B"), ("ت", "C")]


WORD = st.text("abc", min_size=1, max_size=4)
LEAF = st.sampled_from(("p", "h2", "h3")).map(lambda name: f"<{name}>{{}}</{name}>")
LIST = st.tuples(st.sampled_from(("ul", "ol")), st.integers(1, 4)).map(
    lambda made: f"<{made[0]}>{'<li>{}</li>' * made[1]}</{made[0]}>"
)
BODY = st.recursive(
    st.lists(LEAF | LIST, min_size=1, max_size=4).map("".join),
    lambda inner: st.tuples(LEAF, inner, LEAF).map(
        lambda made: f'{made[0]}<div class="critical">{made[1]}</div>{made[2]}'
    ),
    max_leaves=6,
)


@given(BODY, st.data())
def test_whatever_the_blocks_every_word_stands_in_its_own_column_beside_its_like(
    body: str, data: st.DataObject
) -> None:
    count = body.count("{}")
    own = [f"own{number}" for number in range(count)]
    other = [f"other{number}{data.draw(WORD)}" for number in range(count)]
    assert rows(paired(body.format(*own), body.format(*other))) == list(zip(own, other, strict=True))


# --- in a project ------------------------------------------------------------------------------------


def project(tmp_path: Path, *lines: str) -> Path:
    """This repository's guides with one booklet, in two languages and to read."""
    folder = tmp_path / "project"
    for part in ("content", "locales"):
        shutil.copytree(CHECKOUT / part, folder / part)
    text = (CHECKOUT / "content" / "booklets.toml").read_text(encoding="utf-8")
    table = next(part for part in text.split("[[booklet]]") if 'id = "getting-help"' in part).partition("#")[
        0
    ]
    formats = 'formats = ["reading", "bilingual-a4", "bilingual-letter"]'
    kept = [line for line in table.strip().splitlines() if not line.startswith("formats")]
    settings = "\n".join(("[[booklet]]", *kept, formats, *lines, ""))
    (folder / "content" / "booklets.toml").write_text(settings, encoding="utf-8")
    return folder


def untranslated(folder: Path, sentence: str) -> None:
    """Take a sentence's Spanish away."""
    catalog = folder / "locales/es/LC_MESSAGES/help.po"
    text = catalog.read_text(encoding="utf-8")
    changed = re.sub(rf'(msgid "{sentence}"\nmsgstr) "[^"]+"', r'\1 ""', text)
    assert changed != text
    catalog.write_text(changed, encoding="utf-8")


def made(folder: Path, locale: str) -> dict[str, BookletJob | Held]:
    """What becomes of the booklet in each setting."""
    source, problems = read_source(folder)
    assert source is not None, problems
    coverage = fonts.coverage(press.faces(folder))
    speakers = finished._speakers(folder, source, coverage, date(2026, 11, 22))
    known = {spoken.language.locale: spoken for spoken in speakers}
    found = booklets.jobs(known[locale], folder, b"", False, coverage, known.__getitem__)
    return {setting: job for _, setting, job, _ in found}


def test_the_source_stands_beside_unless_the_booklet_says_otherwise(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert list(made(folder, "en")) == ["page"]
    assert list(made(folder, "es")) == ["page", "bilingual-a4", "bilingual-letter"]
    job = made(folder, "es")["bilingual-a4"]
    assert isinstance(job, BookletJob)
    tree = lxml_html.document_fromstring(job.html)
    assert tree.get("lang") == "es"
    assert {side.get("lang") for side in tree.find_class("other")} == {"en"}
    assert ("Pedir ayuda", "Getting help") in rows(tree)


def test_another_language_may_stand_beside(tmp_path: Path) -> None:
    folder = project(tmp_path, 'beside = "es"')
    assert list(made(folder, "es")) == ["page"]
    job = made(folder, "en")["bilingual-letter"]
    assert isinstance(job, BookletJob)
    assert ("Getting help", "Pedir ayuda") in rows(lxml_html.document_fromstring(job.html))


def test_a_booklet_in_two_languages_is_held_alone_where_the_other_is_not_complete(tmp_path: Path) -> None:
    folder = project(tmp_path, 'beside = "es"')
    untranslated(folder, "Where to call")
    found = made(folder, "en")
    assert isinstance(found["page"], BookletJob)
    assert found["bilingual-a4"] == Held("getting-help", "en", "beside-incomplete")


def test_a_booklet_in_two_languages_is_held_where_its_own_is_not_complete(tmp_path: Path) -> None:
    folder = project(tmp_path)
    untranslated(folder, "Where to call")
    assert made(folder, "es") == {"page": Held("getting-help", "es", "incomplete")}


def test_a_locale_that_the_site_does_not_have_is_told(tmp_path: Path) -> None:
    _, problems = read_source(project(tmp_path, 'beside = "fr"'))
    assert [(problem.code, "`fr`" in problem.fact) for problem in problems] == [("unknown-reference", True)]


@pytest.mark.usefixtures("pinned_fonts")
def test_every_tag_of_the_other_side_tells_its_language_and_nothing_strange_is_left() -> None:
    html = bilingual.beside(
        page("<h1>خطتي</h1><p>ما الذي <strong>يساعدني</strong>؟</p>"),
        page("<h1>My plan</h1><p>What <strong>helps</strong> me?</p>", ENGLISH),
        ARABIC,
        ENGLISH,
    )
    css = [
        (CHECKOUT / f"templates/print/{name}.css").read_text(encoding="utf-8")
        for name in ("booklet", "bilingual")
    ]
    typeset_ = typeset(PrintSource(Place("content/booklets.toml"), html, tuple(css)))
    assert typeset_.diagnostics == ()
    with pikepdf.open(BytesIO(typeset_.pdf)) as pdf:
        assert pdf.check_pdf_syntax() == []
        told: dict[int, str] = {}

        def walk(node: pikepdf.Object, language: str) -> None:
            if isinstance(node, pikepdf.Array):
                for child in node:
                    walk(child, language)
            elif isinstance(node, pikepdf.Dictionary):
                assert node.get("/Type") == pikepdf.Name.StructElem
                walk(node.K, str(node.get("/Lang", language)))
            else:
                told[int(node)] = language

        walk(pdf.Root.StructTreeRoot.K, str(pdf.Root.Lang))
        spoken: dict[str, set[str]] = {}
        current = ""
        for instruction in pikepdf.parse_content_stream(pdf.pages[0]):
            operands = list(instruction.operands)
            if str(instruction.operator) == "BDC":
                current = told[int(operands[1].MCID)]
            elif str(instruction.operator) == "Tf":
                font = pdf.pages[0].Resources.Font[str(operands[0])]
                spoken.setdefault(current, set()).add(str(font.BaseFont)[8:])
    assert spoken == {"ar": {"Vazirmatn", "Vazirmatn-Bold"}, "en": {"Noto-Sans", "Noto-Sans-Bold"}}
