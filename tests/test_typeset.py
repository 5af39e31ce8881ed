"""Typesetting: what a reader of the booklets relies on, read off finished PDFs."""

from __future__ import annotations

import io
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pdf_text
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from handbill import languages, render
from handbill import typeset as engine
from handbill.formats import SETTINGS, bound
from handbill.model import Binding, Language, Makeup, Place, Template
from handbill.typeset import PrintSource, Typeset, typeset

ROOT = Path(__file__).parent.parent
ENGLISH = Language("en", "en", "English", "ltr")
ARABIC = Language("ar", "ar", "العربية", "rtl")
CHINESE = Language("zh_Hans", "zh-Hans", "简体中文", "ltr")
TEXT = {
    "en": "Plan the way out with someone that you trust, and choose a time when you are less watched. ",
    "ar": "خططوا للخروج مع شخص تثقون به، واختاروا وقتًا تقل فيه المراقبة. ",
    "zh_Hans": "和你信任的人一起计划怎么离开，选一个不太被人注意的时候。",
}


pytestmark = pytest.mark.usefixtures("pinned_fonts")


# --- making ------------------------------------------------------------------------------------------------


def css() -> str:
    return (ROOT / "templates/print/booklet.css").read_text("utf-8")


def booklet(language: Language, bodies: Mapping[str, str], *, draft: bool = False) -> PrintSource:
    """A booklet from the real template, one chapter for each body."""
    names = [f"print/{name}.html" for name in ("booklet", "contact", "imprint", "notes", "parts")]
    texts = [Template(name, name, (ROOT / "templates" / name).read_text("utf-8")) for name in names]
    context: dict[str, Any] = {
        "gettext": lambda message, **values: message % values,
        "language": language,
        "site": {"title": "Series"},
        "booklet": {"title": "Title & more", "summary": "Summary"},
        "plain_title": "Title & more",
        "notice": "Notice",
        "imprint": render.Imprint("en-7F3K-2026-11"),
        "unreviewed": language != ENGLISH,
        "draft": draft,
        "discreet": False,
        "emergency": None,
        "helpline": None,
        "regions": (),
        "chapters": [
            {"anchor": anchor, "title": f"Chapter{anchor}", "summary": "Opening", "body": Markup(body)}
            for anchor, body in bodies.items()
        ],
    }
    html, problems = render.fill_template(render.environment(texts), "print/booklet.html", context)
    assert not problems
    return PrintSource(Place("content/booklets.toml"), html, (css(),))


def page(
    body: str, files: tuple[tuple[str, bytes], ...] = (), style: str = "", lang: Language = ENGLISH
) -> PrintSource:
    root = f'<html lang="{lang.tag}" dir="{lang.direction}">'
    html = f"<!DOCTYPE html>{root}<head><title>T</title></head><body>{body}</body></html>"
    return PrintSource(Place("content/booklets.toml"), html, (css() + style,), files)


def chapters(language: Language) -> dict[str, str]:
    """Six chapters in which headings come after paragraphs of ever other lengths."""
    text = TEXT[language.locale]
    return {
        anchor: "".join(
            f'<h2 id="{anchor}.{n}">Heading</h2><p>{text * (1 + (chapter * 7 + n * 5) % 6)}</p>'
            for n in range(9)
        )
        for chapter, anchor in enumerate("ABCDEF")
    }


PAGE = {"en": "(page #)", "ar": "(صفحة #)", "zh_Hans": "（第#页）"}
FAR = '<p id="x" style="break-before: page">Text</p>'


def number(anchor: str) -> str:
    return f'<span class="toc-page" data-for="{anchor}"></span>'


def reference(language: Language, anchor: str, words: str) -> str:
    told = PAGE[language.locale].replace("#", number(anchor))
    return f'<p>to <a href="#{anchor}">{words}</a> <span class="page-ref">{told}</span>.</p>'


def references(language: Language) -> dict[str, str]:
    """Six chapters of six sections, each of which refers to another, in text, lists and tables."""
    around = ("{}", "<ul><li>{}</li></ul>", "<blockquote><strong>{}</strong></blockquote>")
    cells = "<table><thead><tr><th>{}</th></tr></thead><tr><td>Cell</td></tr></table>"
    text = TEXT[language.locale]
    return {
        anchor: "".join(
            f'<h2 id="{anchor}{n}">Heading {anchor}{n}</h2><p>{text * (2 + (chapter * 7 + n * 5) % 9)}</p>'
            + (*around, cells)[(chapter + n) % 4].format(reference(language, f"{other}{m}", f"{other}{m}"))
            for n in range(6)
            for other, m in [("ABCDEF"[(chapter + 5 * n + 1) % 6], (n + 2) % 6)]
        )
        for chapter, anchor in enumerate("ABCDEF")
    }


def made(source: PrintSource) -> Typeset:
    result = typeset(source)
    assert result.diagnostics == ()
    return result


# --- reading -----------------------------------------------------------------------------------------------


def lines(result: Typeset) -> list[list[str]]:
    """The lines of text of each page."""
    with pypdfium2.PdfDocument(result.pdf) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    return [[line.strip() for line in text.splitlines() if line.strip()] for text in texts]


def left_edge(result: Typeset, page: int, text: str) -> float:
    """Where a text on a page (from 1) begins, in points from the left."""
    with pypdfium2.PdfDocument(result.pdf) as pdf:
        textpage = pdf[page - 1].get_textpage()
        index, _ = textpage.search(text, match_whole_word=True).get_next()
        return float(textpage.get_charbox(index)[0])


def opened(result: Typeset) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(result.pdf))


def tagged(pdf: pikepdf.Pdf) -> tuple[list[str], dict[tuple[int, int], set[int]]]:
    """Every tag in the tree, and the marked pieces of each page that hang on it."""
    tags: list[str] = []
    pieces: dict[tuple[int, int], set[int]] = {}

    def walk(element: pikepdf.Object) -> None:
        tags.append(str(element.S))
        for kid in element.get("/K", []):
            if isinstance(kid, pikepdf.Dictionary):
                if "/S" in kid:
                    walk(kid)
            else:
                pieces.setdefault(element.Pg.objgen, set()).add(int(kid))

    walk(pdf.Root.StructTreeRoot.K[0])
    return tags, pieces


# --- page numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [ENGLISH, ARABIC, CHINESE], ids=lambda language: language.locale)
def test_the_list_of_contents_prints_the_page_on_which_each_chapter_begins(language: Language) -> None:
    result = made(booklet(language, chapters(language)))
    pages = lines(result)
    assert [anchor for anchor, _ in result.numbers] == ["A", "B", "C", "D", "E", "F"]
    contents = " ".join(pages[2])
    for anchor, number in result.numbers:
        assert {f"Chapter{anchor}", "Opening", str(number)} <= set(pages[number - 1])
        assert re.search(rf"\bChapter{anchor} {number}\b|\b{number} Chapter{anchor}\b", contents)


def test_links_in_the_contents_lead_to_the_pages_that_they_name() -> None:
    result = made(booklet(ENGLISH, chapters(ENGLISH)))
    with opened(result) as pdf:
        names = pdf.Root.Names.Dests.Names
        targets = {str(names[i]): names[i + 1][0].objgen for i in range(0, len(names), 2)}
        order = [page.obj.objgen for page in pdf.pages]
        links = [str(link.Dest) for link in pdf.pages[2].Annots]
        assert [(name, order.index(targets[name]) + 1) for name in links] == list(result.numbers)


@pytest.mark.parametrize("language", [ENGLISH, ARABIC, CHINESE], ids=lambda language: language.locale)
def test_a_reference_prints_the_page_on_which_its_anchor_stands(language: Language) -> None:
    result = made(booklet(language, references(language)))
    assert result.layouts == result.pages
    printed = pdf_text.pages(result.pdf)
    found = {
        heading: number
        for number, page_lines in enumerate(printed, 1)
        for line in page_lines
        for heading in re.findall(r"Heading ([A-F]\d)", line)
    }
    word = PAGE[language.locale].split("#")[0].strip("(（ ")
    told = [
        (anchor, int(number))
        for page_lines in printed
        for line in page_lines
        if word in line or word[::-1] in line
        for anchor, number in zip(
            re.findall(r"[A-F]\d", line), re.findall(r"(?<![A-F\d])\d+", line), strict=True
        )
    ]
    assert {anchor for anchor, _ in told} == set(found) == {f"{c}{n}" for c in "ABCDEF" for n in range(6)}
    assert [number for anchor, number in told] == [found[anchor] for anchor, _ in told]
    assert {len(str(number)) for _, number in told} == {1, 2}


@pytest.mark.parametrize("language", [ENGLISH, ARABIC, CHINESE], ids=lambda language: language.locale)
def test_a_screen_reader_reads_a_number_in_its_place(language: Language, tmp_path: Path) -> None:
    result = made(page(reference(language, "x", "B1") + FAR, lang=language))
    (tmp_path / "made.pdf").write_bytes(result.pdf)
    told = subprocess.run(
        ["pdfinfo", "-struct-text", tmp_path / "made.pdf"], capture_output=True, check=True, text=True
    )
    read = " ".join("".join(re.findall(r'"(.*)"$', told.stdout, re.MULTILINE)).split())
    before, after = PAGE[language.locale].replace(" ", "").split("#")
    if language.direction == "rtl":
        before = before[::-1]  # Poppler gives the glyphs of a run from left to right
    assert read.replace(" ", "") == f"toB1{before}2{after}.Text"


@pytest.mark.parametrize("language", [ENGLISH, ARABIC], ids=lambda language: language.locale)
@pytest.mark.parametrize("align", ["start", "end"])
def test_the_rest_of_a_line_closes_up_to_its_number(language: Language, align: str) -> None:
    ending = f"<p style='text-align: {align}'>{{}} and <a href='#x'>more</a></p>"
    text = PAGE[language.locale]
    filled = made(page(ending.format(text.replace("#", number("x"))) + FAR, lang=language))
    plain = made(page(ending.format(text.replace("#", "2")) + FAR, lang=language))
    for word in ("2", "and", "more"):
        assert left_edge(filled, 1, word) == pytest.approx(left_edge(plain, 1, word), abs=0.05)
    with opened(filled) as one, opened(plain) as other:
        (link,), (expected,) = one.pages[0].Annots, other.pages[0].Annots
        assert [float(side) for side in link.Rect] == pytest.approx(
            [float(side) for side in expected.Rect], abs=0.05
        )


def test_a_link_is_read_aloud_with_the_number_in_it() -> None:
    with opened(made(page(f"<p><a href='#x'>page {number('x')}</a></p>{FAR}"))) as pdf:
        assert pdf.pages[0].Annots[0].Contents == "page 2"


def test_a_number_in_a_heading_is_right_in_bookmarks_too() -> None:
    result = made(page(f"<h2>See page {number('x')}</h2>{FAR}"))
    assert lines(result)[0] == ["See page 2"]
    with opened(result) as pdf:
        assert pdf.Root.Outlines.First.Title == "See page 2"


def test_a_list_of_contents_over_two_pages_gets_its_numbers() -> None:
    result = made(booklet(ENGLISH, {f"c{n}.": "<p>Text</p>" for n in range(25)}))
    assert result.layouts == result.pages
    assert [number for _, number in result.numbers] == list(range(5, 30))
    assert "Chapterc24. 29" in lines(result)[3]


def test_numbers_of_three_digits_cost_a_second_layout() -> None:
    far = "".join(f"<p style='break-before: page' id='p{n}'>Text</p>" for n in range(2, 121))
    result = made(page(f"<p>See page {number('p99')}, {number('p100')} and {number('p120')}.</p>{far}"))
    assert lines(result)[0] == ["See page 99, 100 and 120."]
    assert result.layouts == 2 * result.pages == 240
    assert result.numbers == (("p99", 99), ("p100", 100), ("p120", 120))


def test_a_number_that_is_not_shown_keeps_no_other_from_being_right() -> None:
    hidden = f"<p>See page {number('x')}</p><p style='display: none'>{number('x')}</p>"
    result = made(page(hidden + FAR))
    assert lines(result)[0] == ["See page 2"]


def test_page_numbers_that_move_their_own_pages_are_an_error() -> None:
    # The number makes a column of single words: `99` one so narrow that it goes on over page 100, `100` not.
    far = "<p style='break-before: page'>Text</p>" * 98
    column = f"<tr><td class='big'>{number('x')}</td></tr><tr><td>{'word ' * 40}</td></tr>"
    narrow = f"<div style='break-before: page; width: 1px'><table style='width: auto'>{column}</table></div>"
    moved = typeset(page(f"{far}{narrow}<p id='x'>Text</p>", style=".big { font-size: 40pt }"))
    assert [problem.code for problem in moved.diagnostics] == ["contents-unsettled"]


# --- pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [ENGLISH, ARABIC, CHINESE], ids=lambda language: language.locale)
def test_a_heading_never_ends_a_page(language: Language) -> None:
    pages = lines(made(booklet(language, chapters(language))))
    bodies = [[line for line in page if not re.fullmatch(r"\d+|Chapter.", line)] for page in pages]
    assert sum(line == "Heading" for body in bodies for line in body) == 6 * 9
    assert not [body for body in bodies if body and body[-1] == "Heading"]


def test_a_table_keeps_its_head_with_its_body_on_each_page() -> None:
    rows = "".join(f"<tr><td>Row {n}</td><td>{TEXT['en'] * (1 + n % 3)}</td></tr>" for n in range(40))
    table = (
        f'<div class="table"><table><thead><tr><th>Head</th><th>What</th></tr></thead>{rows}</table></div>'
    )
    for before in range(0, 24, 3):
        result = made(page(f"{'<p>Before</p>' * before}{table}"))
        for page_lines in lines(result):
            rows_here = [i for i, line in enumerate(page_lines) if line.startswith("Row")]
            heads = [i for i, line in enumerate(page_lines) if line.startswith("Head")]
            assert len(heads) == (1 if rows_here else 0)
            assert not rows_here or heads[0] < rows_here[0]


def test_a_question_keeps_the_lines_to_answer_it() -> None:
    question = '<p>Question</p><div class="lines" aria-hidden="true"><span></span><span></span></div>'
    for before in range(16, 26):
        result = made(page(f"{'<p>Before</p>' * before}{question}"))
        asked = next(number for number, text in enumerate(lines(result)) if "Question" in text)
        assert asked == result.pages - 1


def test_a_line_is_not_broken_after_its_first_word() -> None:
    divs = "".join(
        f'<p style="width: {width / 4}mm">Plan the way out with someone that you trust. <em>Call</em></p>'
        for width in range(180, 420)
    )
    printed = lines(made(page(f'<div id="x">{divs}</div>')))
    assert sum(line.startswith("Plan the way") for page in printed for line in page) == 240
    assert not [line for page in printed for line in page if line == "Plan"]


def test_a_right_to_left_booklet_begins_on_a_left_page() -> None:
    english, arabic = (made(booklet(language, chapters(language))) for language in (ENGLISH, ARABIC))
    middle = 396 / 2
    for number in range(5, 9):
        assert (left_edge(english, number, str(number)) > middle) == (number % 2 == 1)
        assert (left_edge(arabic, number, str(number)) > middle) == (number % 2 == 0)
    first = dict(arabic.numbers)["A"]
    assert left_edge(arabic, 3, str(first)) < 19 / 25.4 * 72  # so is the list that was put in afterwards
    with opened(english) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/L2R"
        assert pdf.Root.PageLayout == "/OneColumn", "one page after another, on a telephone too"
    with opened(arabic) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"


@pytest.mark.parametrize(("language", "binding"), [(ENGLISH, "right"), (ARABIC, "left")])
def test_a_booklet_bound_at_the_other_edge_begins_on_the_other_page(
    language: Language, binding: Binding
) -> None:
    source = booklet(language, chapters(language))
    result = made(replace(source, css=(*source.css, *bound(Makeup(binding)))))
    middle = 396 / 2
    for number in range(5, 9):
        on_the_right = left_edge(result, number, str(number)) > middle
        assert on_the_right == ((number % 2 == 1) == (binding == "left"))
    with opened(result) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == ("/L2R" if binding == "left" else "/R2L")
    assert bound(Makeup()) == ()


KOREAN = Language("ko", "ko", "한국어", "ltr")
URDU = Language("ur", "ur", "اردو", "rtl")


def laid_out(source: PrintSource) -> list[tuple[str, float]]:
    """Each line of text as it is laid out, whatever font has its letters, and its height in points."""
    document = engine._laid_out(source.css, engine._Declared({}), [], source.html)
    return [
        (
            "".join(text.text for text in box.descendants() if isinstance(text, TextBox)).strip(),
            box.height * 0.75,
        )
        for sheet in document.pages
        for box in sheet._page_box.descendants()
        if isinstance(box, LineBox)
    ]


def test_korean_lines_break_between_words_and_nowhere_else() -> None:
    text = (
        "당신은 혼자가 아닙니다. 안전하게 이야기할 수 있는 사람을 <em>생각해</em> 보세요(전화번호를 기억해). "
        * 9
    )
    words = re.sub("<.*?>", "", text).split()
    for width in range(40, 100, 7):
        found = laid_out(page(f'<div style="width: {width}mm"><p>{text}</p></div>', lang=KOREAN))
        assert len(found) > 8
        assert [word for line, _ in found for word in line.split()] == words


def test_a_korean_word_that_is_longer_than_a_line_is_broken_all_the_same() -> None:
    found = laid_out(page(f'<div style="width: 30mm"><p>{"안전하게" * 8}</p></div>', lang=KOREAN))
    assert len(found) > 1
    assert "".join(line for line, _ in found) == "안전하게" * 8


def test_urdu_has_room_for_nastaliq() -> None:
    found = laid_out(
        page("<h2>حفاظت کا منصوبہ</h2><p>آپ اکیلے نہیں ہیں۔ کسی ایسے شخص کے بارے میں سوچیں۔</p>", lang=URDU)
    )
    (_, heading), (_, text) = found[:2]
    assert text >= 2.2 * 11 - 0.1
    assert heading >= 2 * 13.5 - 0.1
    names = ("booklet.css", "text.css", "instructions.css")
    for css in (
        css.read_text("utf-8") for css in (ROOT / "templates/print").glob("*.css") if css.name in names
    ):
        assert re.search(r'\[lang\|="ur"\] \{ font-family: "Noto Nastaliq Urdu"', css)
    for format in ("zine", "leaflet", "poster"):
        fit = SETTINGS[format].fit
        assert fit is not None
        assert fit.fitting(languages.hand("ur")).leading[0] >= 1.9
        assert fit.fitting(languages.hand("ar")).leading == fit.rich.leading


def test_a_page_is_of_the_size_that_both_papers_hold() -> None:
    with opened(made(booklet(ENGLISH, chapters(ENGLISH)))) as pdf:
        boxes = {tuple(round(float(side), 1) for side in page.MediaBox) for page in pdf.pages}
    assert boxes == {(0, 0, 396.0, 595.3)}


def test_a_draft_says_so_on_each_page() -> None:
    pages = lines(made(booklet(ENGLISH, chapters(ENGLISH), draft=True)))
    assert all(any("DRAFT" in line for line in page) for page in pages)


def test_emphasis_has_weight_and_no_slant_where_the_script_has_none() -> None:
    for language, bold in ((ARABIC, "Vazirmatn-Bold"), (CHINESE, "Noto-Sans-SC-Bold")):
        text = TEXT[language.locale]
        with opened(made(page(f"<p>{text}<em>{text}</em></p>", lang=language))) as pdf:
            fonts = {str(font.BaseFont).partition("+")[2] for font in pdf.pages[0].Resources.Font.values()}
        assert bold in fonts
        assert not any("Italic" in font or "Oblique" in font for font in fonts)


# --- the PDF -----------------------------------------------------------------------------------------------


def test_a_pdf_says_what_it_is_and_nothing_of_its_making() -> None:
    result = made(booklet(ARABIC, chapters(ARABIC)))
    with opened(result) as pdf:
        assert pdf.Root.Lang == "ar"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert dict(pdf.docinfo) == {"/Title": "Title & more"}
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Title & more"
        assert "/Outlines" in pdf.Root
        xmp = pdf.Root.Metadata.read_bytes().lower()
    for word in (b"weasyprint", b"producer", b"creator", b"date"):
        assert word not in xmp
        assert word not in result.pdf.lower()


def test_all_text_is_tagged_but_running_heads_and_page_numbers() -> None:
    result = made(booklet(ENGLISH, chapters(ENGLISH)))
    with opened(result) as pdf:
        tags, pieces = tagged(pdf)
        for number, sheet in enumerate(pdf.pages, 1):
            content = sheet.Contents.read_bytes()
            marked = {int(mcid) for mcid in re.findall(rb"/MCID (\d+)", content)}
            assert marked == pieces.get(sheet.obj.objgen, set())
            margin = 0 if number < 4 else 1 if number in dict(result.numbers).values() else 2
            assert content.count(b"/Pagination") == margin
        links = [link for sheet in pdf.pages for link in sheet.get("/Annots", [])]
        assert tags.count("/Link") == len(links) == 6
        assert [str(link.Contents) for link in links] == [f"Chapter{anchor}" for anchor in "ABCDEF"]
        assert tags.count("/H2") == 6 * 9


def test_black_and_greys_are_printed_in_black_ink_alone_and_colours_stay() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    body = '<p>Black <span style="color: #777">grey</span> <span style="color: #1d4f5c">blue</span></p>'
    drawn = '<figure><img src="x.svg" alt="A half"></figure>'
    with opened(made(page(body + drawn, (("x.svg", drawing),), "p { border: 1pt solid #333 }"))) as pdf:
        content = b"\n".join(
            thing.read_bytes()
            for thing in (pdf.pages[0].Contents, *pdf.pages[0].Resources.get("/XObject", {}).values())
        )
    colours = set(re.findall(rb"(?<=\n)[0-9. ]+ (?:rg|RG|g|G)(?=\n)", content))
    assert colours == {b"0 g", b"0.466667 g", b"0.2 g", b"0.113725 0.309804 0.360784 rg"}
    assert content.count(b"\n0 g\n") >= 2, "the text and the drawing"


ODD_PAGES = (
    "<p>One<p>Two <b>bold<p>both</b> plain<ul><li>a<li>b</ul>",
    "<table><tr><td>1<td hidden>2<tr><th colspan=2>3</table>",
    "<table>lost<tr><td>1</td></tr></table><p>After<hr><br/>end",
    "<p>A&amp;B &lt; &nbsp;&#39; &copy; é \u0645<!-- said to nobody --> more</p>",
    '<img alt="a\nb" src=x.png><a href="#x?a=1&b=2"><em>in</em> a link</a>',
    '<svg viewBox="0 0 1 1"><g><linearGradient id=a /><text>a<tspan>b</tspan></text></g><path d="M0"/></svg>',
    '<svg><a xlink:href="#x">to</a></svg>',
    '<svg viewBox="0 0 1 1"><foreignObject><p>q</p></foreignObject></svg>',
    "<math><mi>x</mi></math><template><p>t</p></template>",
    '<base href="https://www.example.org/"><img src="x.png">',
)


TAGS = ("p", "div", "h1", "ul", "ol", "li", "a", "em", "strong", "span", "blockquote", "section")
PIECES = (
    *(f"<{end}{tag}>" for tag in TAGS for end in ("", "/")),
    *("text &amp; more ", "<br>", "<!-- said to nobody -->", " \n ", '<svg><path d="M0"/></svg>'),
)


@pytest.mark.parametrize("body", ODD_PAGES)
def test_a_page_is_read_as_weasyprint_reads_it(body: str) -> None:
    same_tree(body)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_page_is_read_as_weasyprint_reads_it(body: str) -> None:
    same_tree(body)


def same_tree(body: str) -> None:
    head = "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<title>A &amp; B</title>\n</head>"
    html = f"{head}\n<body>\n{body}\n</body></html>\n"
    fetcher = engine._Declared({})
    read, theirs = engine._Page(html, fetcher), HTML(string=html, base_url="file:///", url_fetcher=fetcher)
    assert tree(read.etree_element) == tree(theirs.etree_element)
    assert read.base_url == theirs.base_url


def tree(element: Any) -> tuple[Any, ...]:
    """An element without what nobody sees: comments, and whether a value is empty or lacking."""
    texts: list[Any] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            texts += [tree(child), child.tail or ""]
        else:
            texts[-1] += child.tail or ""
    return element.tag, {name: value or "" for name, value in element.attrib.items()}, texts


def test_libraries_that_load_by_file_are_loaded_without_asking_programs_where_they_are() -> None:
    told = """
import ctypes.util
from handbill import system
by_file = all(system._loads(need.files[0]) for need in system.TYPESETTING if isinstance(need, system.Library))
asked, find = [], ctypes.util.find_library
def ask(name):
    asked.append(name)
    return find(name)
ctypes.util.find_library = ask
import handbill.typeset
assert bool(asked) != by_file, asked
assert ctypes.util.find_library is ask, "it is left as it was"
"""
    subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True)


def test_a_second_typesetting_gives_the_same_bytes() -> None:
    source = booklet(ARABIC, chapters(ARABIC))
    first = made(source)
    made(booklet(CHINESE, chapters(CHINESE)))
    assert typeset(source) == first


def test_another_process_time_zone_and_hash_seed_give_the_same_bytes(tmp_path: Path) -> None:
    source = booklet(CHINESE, chapters(CHINESE))
    program = (
        "import pickle, sys; from handbill.typeset import typeset;"
        "sys.stdout.buffer.write(typeset(pickle.load(sys.stdin.buffer)).pdf)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(source),
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)},
    )
    assert found.stdout == made(source).pdf


# --- what is not declared ----------------------------------------------------------------------------------


def test_a_declared_picture_is_shown() -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    image = '<figure><img src="images/a%20b.png" alt="A square"></figure>'
    with opened(made(page(image, (("images/a b.png", picture.getvalue()),)))) as pdf:
        assert len(pdf.pages[0].Resources.XObject) == 1


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ('<img src="https://example.org/x.png" alt="x">', "https://example.org/x.png"),
        ('<img src="file:///etc/hostname" alt="x">', "etc/hostname"),
        ('<img src="images/missing.png" alt="x">', "images/missing.png"),
        ('<p style="background: url(images/missing.png)">x</p>', "images/missing.png"),
        ('<p><a href="leaving.html">x</a></p>', "leaving.html"),
    ],
)
def test_anything_from_outside_is_an_error(body: str, address: str) -> None:
    (problem,) = typeset(page(body)).diagnostics
    assert (problem.code, problem.severity) == ("outside-resource", "error")
    assert f"`{address}`" in problem.fact


def test_what_weasyprint_complains_of_is_said_each_time() -> None:
    source = page('<p><a href="#nowhere">x</a></p>', style="p { no-such-thing: 1 }")
    for _ in range(2):
        problems = {problem.severity: problem for problem in typeset(source).diagnostics}
        assert {problem.code for problem in problems.values()} == {"typesetting"}
        assert "no-such-thing" in problems["warning"].fact
        assert "nowhere" in problems["error"].fact
