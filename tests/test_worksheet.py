"""A guide with lines to write on can be filled in on the web; on paper its lines stay lines."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
from example import adapted, guide, setting
from lxml import html

from handbill import fill, worksheet
from handbill.model import Medium
from handbill.parse import parse

LINES = "::: lines 2\n:::\n"


def body(markdown: str, medium: Medium = "web") -> html.HtmlElement:
    """Return a guide's filled body, in which a worksheet has its fields on the web."""
    document = adapted(parse(guide(markdown))[0], medium)
    if medium == "web":
        document = worksheet.fillable(document)
    return html.fromstring(
        f"<div>{fill.fill(fill.form(document, {}), None, setting('en', medium)).body}</div>"
    )


def labels(page: html.HtmlElement) -> list[str]:
    """Return what each field is called, in their order."""
    found = []
    for field in page.xpath("//textarea | //input"):
        by = field.get("aria-labelledby")
        words = page.xpath(f"//*[@id='{by}']" if by else f"//label[@for='{field.get('id')}']")
        found.append(" ".join(words[0].text_content().split()) if words else by)
    return found


def test_each_block_of_lines_is_a_field_called_by_the_words_before_it() -> None:
    page = body(f"## Calm {{#calm}}\n\n{LINES}\nWhat *helps* me:\n\n{LINES}\n{LINES}")
    assert labels(page) == ["Calm", "What helps me:", "What helps me:"]
    assert [field.get("rows") for field in page.iter("textarea")] == ["2", "2", "2"]
    assert page.xpath("//h2/@id") == ["calm"]


def test_lines_without_words_before_them_are_called_by_the_title_of_the_page() -> None:
    assert labels(body(f"{LINES}\nText.\n")) == ["words_0"]
    assert labels(body(f"![A leaf](images/leaf.png)\n\n{LINES}\n")) == ["words_0"]


def test_each_box_of_a_worksheet_is_ticked_by_its_own_words_also_in_lists_within_lists() -> None:
    page = body(
        f"- [ ] I have **money**.\n  - [ ] In a bag.\n\n    {LINES.replace(chr(10), chr(10) + '    ')}\n"
    )
    assert labels(page) == ["I have money.", "In a bag.", "In a bag."]
    loose = body(f"- [ ] One.\n\n- [ ] Two.\n\n{LINES}\n")
    assert labels(loose) == ["One.", "Two.", "Two."]
    assert [label.getparent().tag for label in loose.iter("label")] == ["p", "p"]


def test_nothing_of_it_can_be_sent_or_brought_back() -> None:
    page = body(f"- [ ] One.\n\n{LINES}")
    assert page.xpath("//form | //*[@name] | //button") == []
    for field in page.iter("textarea"):
        assert (field.get("autocomplete"), field.get("spellcheck")) == ("off", "false")


def test_a_list_of_boxes_alone_is_no_worksheet_and_paper_is_as_it_was() -> None:
    assert labels(body("- [ ] One.\n")) == []
    paper = body(f"- [ ] One.\n\n{LINES}", "print")
    assert labels(paper) == []
    assert len(paper.xpath("//div[@class='lines']/span")) == 2
    assert len(paper.xpath("//span[@class='box']")) == 1


def test_fields_are_called_the_same_on_the_web_and_in_the_pdf(built_site: Path) -> None:
    for locale in ("en", "ar"):
        on_page = labels(html.parse(str(built_site / locale / "my-plan.html")).getroot())
        with pikepdf.open(built_site / locale / "print" / "for-you.pdf") as pdf:
            fields = pdf.Root.AcroForm.Fields
            in_file = [" ".join(str(field.TU).split()) for field in fields]
        assert len(on_page) > 20
        assert [re.sub(r"[\u2066-\u2069]", "", words) for words in in_file][-len(on_page) :] == on_page


def test_a_worksheet_says_what_becomes_of_what_is_typed_and_other_pages_say_nothing(built_site: Path) -> None:
    for path in built_site.glob("*/*.html"):
        page = html.parse(str(path))
        assert bool(page.xpath("//*[@class='to-fill']")) == bool(page.xpath("//textarea")), path
    assert html.parse(str(built_site / "en" / "my-plan.html")).xpath("//textarea")
