"""The inline dialect: what one message becomes as HTML, as plain text, and what it names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from strategies import HOSTILE, SOUP

from handbill import markdown
from handbill.markdown import Inline, References

TOKENS = {
    "help-line.name": "Houseplant <b>Help</b>line",
    "help-line.phone": '<a class="number" dir="ltr" href="tel:5550123">555-0123</a>',
}
PLAIN_TOKENS = {"help-line.name": "Houseplant Helpline", "help-line.phone": "555-0123"}
LINKS = {"light.md": "light.html", "#here": "#here", "{help-line.web}": "https://plants.example/?a&b"}
LTR = Inline("ltr", TOKENS, PLAIN_TOKENS, LINKS, "../")
RTL = Inline("rtl", TOKENS, PLAIN_TOKENS, LINKS, "../")
PRINT = Inline("ltr", TOKENS, PLAIN_TOKENS, LINKS, "", '<span data-for="{anchor}"></span>')


# --- HTML --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "html"),
    [
        ("plain words", "plain words"),
        ("*em* and **strong**", "<em>em</em> and <strong>strong</strong>"),
        ("_em_ in snake_case_words", "<em>em</em> in snake_case_words"),
        ("a `<code>` span", "a <code>&lt;code&gt;</code> span"),
        ("one\\\ntwo  \nthree\nfour", "one<br>\ntwo<br>\nthree\nfour"),
        ("AT&T &amp; &copy;", "AT&amp;T &amp; ©"),
        ("\\*not\\* \\`code\\` \\[a\\](b)", "*not* `code` [a](b)"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("\"quoted\" and 'so'", "&quot;quoted&quot; and &#x27;so&#x27;"),
        ("# - 1. > | ::: ---", "# - 1. &gt; | ::: ---"),
        ("https://plants.example", "https://plants.example"),
        ("<https://plants.example>", "&lt;https://plants.example&gt;"),
        # links and images
        ("[light](light.md)", '<a href="light.html">light</a>'),
        ('[*light*](light.md "title")', '<a href="light.html"><em>light</em></a>'),
        ("[site]({help-line.web})", '<a href="https://plants.example/?a&amp;b">site</a>'),
        ("[gone](gone.md), [bad](javascript:alert)", "gone, bad"),
        ("[a](gone.md)[b](light.md)", 'a<a href="light.html">b</a>'),
        ("![a leaf](images/leaf.png)", '<img src="../images/leaf.png" alt="a leaf">'),
        ('![a "*wet*" leaf](images/leaf.png)', '<img src="../images/leaf.png" alt="a &quot;wet&quot; leaf">'),
        ("![call {help-line.phone}](a.png)", '<img src="../a.png" alt="call 555-0123">'),
        # tokens
        ("{help-line.phone}", TOKENS["help-line.phone"]),
        ("**{help-line.name}**", f"<strong>{TOKENS['help-line.name']}</strong>"),
        ("\\{help-line.phone}", "{help-line.phone}"),
        ("`{help-line.phone}`", "<code>{help-line.phone}</code>"),
        ("{no.token} {} {a", "{no.token} {} {a"),
        # HTML has no link within a link
        (
            "[call {help-line.phone}](light.md)",
            '<a href="light.html">call <span class="number" dir="ltr">555-0123</span></a>',
        ),
        ("[call {help-line.phone}](gone.md)", f"call {TOKENS['help-line.phone']}"),
        # emphasis beside scripts that write no spaces
        ("**注意：**请小心", "<strong>注意：</strong>请小心"),
        ("他说**“你好”**了", "他说<strong>“你好”</strong>了"),
        ("他说**（你好）**，**再见**。", "他说<strong>（你好）</strong>，<strong>再见</strong>。"),
        ("*주의:*사람", "<em>주의:</em>사람"),
        ("中 * 文 * 字", "中 * 文 * 字"),
        ("a**(b)**c", "a**(b)**c"),
    ],
)
def test_a_message_becomes_html(message: str, html: str) -> None:
    assert markdown.html(message, LTR) == html


@pytest.mark.parametrize(
    ("message", "html"),
    [
        ("رقم 555-0100 هنا", 'رقم <span dir="ltr">555-0100</span> هنا'),
        ("**9-5**", '<strong><span dir="ltr">9-5</span></strong>'),
        ("22 U.S.C. 7102", '<span dir="ltr">22 U.S.C. 7102</span>'),
        ("12 و 13", "12 و 13"),
        ("{help-line.phone}", TOKENS["help-line.phone"]),
        ("![9-5](a.png)", '<img src="../a.png" alt="9-5">'),
    ],
)
def test_joined_numbers_stay_left_to_right_in_right_to_left_text(message: str, html: str) -> None:
    assert markdown.html(message, RTL) == html


# --- plain text and references -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("a < b & c", "a < b & c"),
        ("*a* **b** `c` [d](light.md)", "a b c d"),
        ("one\\\ntwo\nthree", "one two three"),
        ("![a *leaf* at {help-line.phone}](x.png)", "a leaf at 555-0123"),
        ("{help-line.name}: {help-line.phone}", "Houseplant Helpline: 555-0123"),
        ("{no.token}", "{no.token}"),
    ],
)
def test_plain_text_has_the_words_without_the_markup(message: str, text: str) -> None:
    assert markdown.plain(message, LTR) == text


def test_references_name_tokens_links_and_images_in_their_order() -> None:
    message = "{a.phone} [x](x.md) ![{b.phone} [in](y.md)](z.png) `{c.phone}` [no]({d.web})"
    assert markdown.references(message) == References(
        tokens=("a.phone", "b.phone"),
        links=("x.md", "{d.web}"),
        images=("z.png",),
        prose="  x   in   no",
        code=("{c.phone}",),
    )


@pytest.mark.parametrize(
    ("message", "strays"),
    [
        ("**a* b", ("*",)),
        ("**a** \\*b `*c`", ()),
        ("注意**：请**做", ()),
        ("请_现在_打", ("_", "_")),
        ("[x] (a.md) [b](", ("](",)),
        ("{a.b} {c} &amp; &foo; C:\\x", ("{", "&foo;", "\\")),
        ("![a*b](x.png) `c", ("*", "`")),
    ],
)
def test_markup_that_a_reader_would_see_as_it_stands_is_told(message: str, strays: tuple[str, ...]) -> None:
    assert markdown.references(message).strays == strays


# --- folding -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("one\ntwo\n   three", "one two three"),
        ("one\\\n  two", "one\\\ntwo"),
        ("one\\\\\ntwo", "one\\\\ two"),
        ("one  \ntwo", "one  \ntwo"),
        ("one \ntwo", "one two"),
        ("Cafe\u0301", "Café"),
        ("*a*  _b_", "*a*  _b_"),
    ],
)
def test_soft_breaks_fold_to_a_space_and_nothing_else_is_restyled(text: str, folded: str) -> None:
    assert markdown.fold(text) == folded


# --- laws --------------------------------------------------------------------------------------------

ELEMENTS = {"em", "strong", "code", "a", "br", "span", "img", "b"}  # `b` only as TOKENS has it


@given(HOSTILE)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert markdown.fold(markdown.fold(text)) == markdown.fold(text)


@given(HOSTILE, st.sampled_from([LTR, RTL]))
def test_no_message_carries_html_of_its_own(message: str, inline: Inline) -> None:
    html = markdown.html(message, inline)
    root = lxml_html.fragment_fromstring(html, create_parent="section")
    assert {str(element.tag) for element in root.iterdescendants()} <= ELEMENTS
    allowed = {*LINKS.values(), "tel:5550123"}
    for element in root.iterdescendants():
        names = {"a": {"class", "dir", "href"}, "span": {"class", "dir"}, "img": {"src", "alt"}}
        assert set(element.attrib) <= names.get(str(element.tag), set())
        assert element.get("href", "#here") in allowed
        assert element.get("src", "../").startswith("../")


@given(HOSTILE)
def test_what_is_opened_in_a_message_is_closed_in_it(message: str) -> None:
    open_tags: list[str] = []
    for slash, tag in re.findall(r"<(/?)([a-z]+)", markdown.html(message, LTR)):
        if not slash and tag not in ("br", "img"):
            assert tag != "a" or "a" not in open_tags
            open_tags.append(tag)
        elif slash:
            assert open_tags.pop() == tag
    assert open_tags == []


@given(HOSTILE, st.sampled_from([LTR, RTL]))
def test_plain_text_is_what_the_html_reads(message: str, inline: Inline) -> None:
    """An image reads as its description and a break as a space."""
    html = re.sub(r'<img src="[^"]*" alt="([^"]*)">', r"\1", markdown.html(message, inline))
    read = lxml_html.fragment_fromstring(html.replace("<br>\n", " "), create_parent="p")
    words = str(read.text_content()).split()
    assert words == markdown.plain(message, inline).split()


@given(SOUP.map(lambda text: re.sub(r"[\\`*_\[\]<&{\n]", "", text)))
def test_text_without_markup_skips_the_parser_and_comes_out_as_from_it(text: str) -> None:
    parsed = markdown._INLINE.renderInline(text, {"inline": LTR})
    assert markdown.html(text, LTR) == parsed


# --- the common kind of message --------------------------------------------------------------------

_PIECES = (
    "a", "word", "и", "和", "مرحبا", "٣", "é", "1", " ", ".", ",", "!", "(", ")", "“", "#", "}", "*", "**",
    "***", "_", "`", "\\", "&amp;", "<", "[", "](", "[x](y.md)", "[z]({a.web})", "[*q*](r.md#t)",
    "![i](x.png)", "{a.phone}", "{", "**b**", "*c*", "*。*", "**नहीं**", "*की*", "*\u0301*", "\u0902",
    "{help-line.phone}", "[v](light.md)", "[h](#here)", "[w]({help-line.web})", "12/3",
)  # fmt: skip


@given(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join),
    st.sampled_from([LTR, RTL, PRINT]),
)
def test_a_message_of_the_common_kind_comes_out_as_from_the_parser(message: str, inline: Inline) -> None:
    if markdown._runs(message) is not None:
        assert markdown.html(message, inline) == markdown._parsed_html(message, inline)
        references = markdown._parsed_references(message)
        assert markdown.references(message) == references
        names, prose = markdown.named(message) or ((), None)
        assert prose == references.prose
        assert tuple(link for link, _ in names if link) == references.links
        assert tuple(token for _, token in names if token) == references.tokens
        parsed = markdown._plain(markdown._children(message), inline.plain_tokens)
        assert markdown.plain(message, inline) == parsed
