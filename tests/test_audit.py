"""Finished pages, read once more: nothing that could betray or mislead a reader goes out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill import audit
from handbill.model import Place

FINISHED = audit.Finished(
    paths={"index.html", "en/index.html", "en/light.html", "images/leaf.png", "assets/site.css"},
    outside={"tel:5550123", "https://plants.example/help"},
)
NOTICE = "Two plants & one notice."


def page(body: str, head: str = "", root: str = 'lang="en" dir="ltr"') -> str:
    return f"<!DOCTYPE html>\n<html {root}><head><title>T</title>{head}</head><body>{body}</body></html>"


def codes(text: str, path: str = "en/light.html", notice: str | None = None) -> list[str]:
    fragments, problems = audit.web_page(text.encode(), path, FINISHED, notice)
    return [problem.code for problem in (*problems, *audit.fragments({path: fragments}))]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="../index.html">a</a> <a href="index.html">b</a> <a href="./light.html">c</a>',
        '<a href="#x">a</a> <a href="light.html#x">b</a> <p id="x"></p> <a href="#">c</a>',
        '<a href="#x:y">a</a> <p id="x:y"></p>',
        '<img src="../images/leaf.png" alt="">',
        '<a href="tel:5550123">a</a> <a href="https://plants.example/help">b</a>',
    ],
)
def test_links_within_the_site_and_to_contacts_are_in_order(body: str) -> None:
    assert codes(page(body)) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<a href="pots.html">a</a>', "dead-link"),
        ('<a href="../../index.html">a</a>', "dead-link"),
        ('<a href="/index.html">a</a>', "dead-link"),
        ('<a href="#gone">a</a>', "dead-link"),
        ('<img src="../images/gone.png" alt="">', "dead-link"),
        ('<a href="https://plants.example">a</a>', "outside-request"),
        ('<a href="tel:5550124">a</a>', "outside-request"),
        ('<a href="mailto:a@plants.example">a</a>', "outside-request"),
        ('<a href="javascript:x">a</a>', "outside-request"),
        ('<img src="https://plants.example/help" alt="">', "outside-request"),
        ('<img src="//plants.example/a.png" alt="">', "outside-request"),
        ('<img srcset="https://plants.example/a.png 2x" alt="">', "outside-request"),
        ('<a href="index.html" ping="https://plants.example">a</a>', "outside-request"),
        ('<svg><image xlink:href="https://plants.example/a.png"></image></svg>', "outside-request"),
        ('<table background="https://plants.example/a.png"></table>', "outside-request"),
        ("<script>x</script>", "active-content"),
        ("<form></form>", "active-content"),
        ("<iframe></iframe>", "active-content"),
        ('<template shadowrootmode="open"><p>a</p></template>', "active-content"),
        ('<noscript><img src="https://plants.example/a.png" alt=""></noscript>', "outside-request"),
        ('<p style="color: red">a</p>', "active-content"),
        ('<p onclick="x">a</p>', "active-content"),
        ('<meta http-equiv="refresh" content="1; url=index.html">', "active-content"),
        ('<base href="index.html">', "active-content"),
    ],
)
def test_what_leads_nowhere_or_away_or_acts_is_found(body: str, code: str) -> None:
    assert codes(page(body)) == [code]


@pytest.mark.parametrize("root", ["", 'lang="en"', 'dir="ltr"', 'lang="" dir="ltr"', 'lang="en" dir="auto"'])
def test_a_page_says_its_language_and_direction(root: str) -> None:
    assert codes(page("", root=root)) == ["page-language"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<div class="notice">Two plants &amp;\n  one <em>notice</em>.</div>', True),
        ('<div class="big notice">Two plants &amp; one notice.</div>', True),
        ('<div class="notices">Two plants &amp; one notice.</div>', False),
        ('<div class="notice">Two plants &amp; one notice</div>', False),
        ('<div class="notice"></div><p>Two plants &amp; one notice.</p>', False),
    ],
)
def test_the_notice_stands_whole_in_its_place(body: str, found: bool) -> None:
    assert codes(page(body), notice=NOTICE) == ([] if found else ["notice-missing"])
    booklet = audit.booklet_page(page(body), Place("content/booklets.toml"), NOTICE)
    assert [problem.code for problem in booklet] == ([] if found else ["notice-missing"])


def test_a_fragment_is_looked_up_on_the_page_it_leads_to() -> None:
    light, _ = audit.web_page(page('<a href="index.html#a">x</a>').encode(), "en/light.html", FINISHED, None)
    there, _ = audit.web_page(page('<p id="a"></p>').encode(), "en/index.html", FINISHED, None)
    gone, _ = audit.web_page(page('<p id="b"></p>').encode(), "en/index.html", FINISHED, None)
    assert list(audit.fragments({"en/light.html": light, "en/index.html": there})) == []
    problems = list(audit.fragments({"en/light.html": light, "en/index.html": gone}))
    assert [(problem.code, problem.place.path) for problem in problems] == [
        ("dead-link", "dist/site/en/light.html")
    ]


def test_a_booklets_links_stay_in_it() -> None:
    body = '<div class="notice">N</div><a href="#a">a</a><a href="#b">b</a><p id="a"></p>'
    problems = audit.booklet_page(page(body), Place("content/booklets.toml", 3), "N")
    assert [(problem.code, problem.place.line) for problem in problems] == [("dead-link", 3)]


@pytest.mark.parametrize(
    ("css", "asked"),
    [
        ("a { background: url(icon.svg) }", []),
        ("a { background: url('https://example.org/a.png') }", ["url('https://example.org/a.png')"]),
        ("a { background: URL( //example.org/a.png ) }", ["URL( //example.org/a.png )"]),
        ('@import "https://example.org/a.css";', ['@import "https://example.org/a.css"']),
    ],
)
def test_a_style_sheet_asks_for_nothing_from_outside(css: str, asked: list[str]) -> None:
    problems = audit.style_sheet(css, Place("templates/assets/site.css"))
    assert [problem.code for problem in problems] == ["outside-request"] * len(asked)
    assert all(text in problem.fact for text, problem in zip(asked, problems, strict=True))


# --- plain pages are read by their tags alone, others by a parser -------------------------------------

VALUES = st.sampled_from(
    (
        *(
            "",
            "a",
            "notice",
            "x notice",
            "noticed",
            "#a",
            "#b",
            "index.html",
            "../index.html",
            "../gone.html",
        ),
        *("../index.html#a", "tel:5550123", "tel:5550124", "https://plants.example/help", "//plants.example"),
        *(
            "a &amp; b",
            "&quot;",
            "javascript:x",
            "javascript&#58;x",
            "a\nb",
            "light.html?x",
            "&lt;b&gt;",
            "é",
        ),
    )
)
NAMES = st.sampled_from(["href", "src", "id", "class", "style", "onclick", "lang", "title", "ping", "HREF"])
ATTRIBUTES = st.lists(st.builds(lambda name, value: f' {name}="{value}"', NAMES, VALUES), max_size=3)
PIECES = st.one_of(
    st.sampled_from(
        ["text", "\n", " ", "a > b", "a < b", "<", ">", "<!-- -->", "<br>", "<br/>", "é", "&lt;"]
    ),
    st.sampled_from(["</p>", "</div>", "</a>", "</span>", "<title>", "</title>", "Two plants &amp; one"]),
    st.sampled_from(
        ['<div class="notice">Two plants &amp; one <b>notice</b>.</div>', "<p id=a>", "<p id='a'>"]
    ),
    st.builds(
        lambda tag, attributes: f"<{tag}{''.join(attributes)}>",
        st.sampled_from(["a", "p", "div", "img", "link", "span", "script", "form", "svg", "h2", "P"]),
        ATTRIBUTES,
    ),
)


def found(text: str, notice: str | None, finished: audit.Finished) -> tuple[frozenset[object], ...]:
    fragments, problems = audit.web_page(text.encode(), "en/light.html", finished, notice)
    told = frozenset((problem.code, problem.fact) for problem in problems)
    return told, fragments.ids, frozenset(fragments.wanted)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from([None, NOTICE]))
def test_a_page_read_by_its_tags_is_as_sound_as_one_read_as_browsers_do(
    body: str, notice: str | None
) -> None:
    """A comment is not plain, so the page with one is parsed."""
    fresh = replace(FINISHED, in_order={})
    parsed = found(page(body).replace("<html", "<!-- --><html"), notice, fresh)
    assert found(page(body), notice, fresh) == parsed
    assert found(page(body), notice, fresh) == parsed


def test_a_tag_that_was_in_order_in_one_folder_is_judged_in_another() -> None:
    finished = replace(FINISHED, in_order={})
    link, up = '<a href="light.html">a</a>', '<a href="../index.html">b</a>'
    for path, expected in [("en/index.html", []), ("fr/index.html", ["dead-link"])]:
        _, problems = audit.web_page(page(link + up).encode(), path, finished, None)
        assert [problem.code for problem in problems] == expected
    _, problems = audit.web_page(page(up).encode(), "index.html", finished, None)
    assert [problem.code for problem in problems] == ["dead-link"]
    _, problems = audit.web_page(page(up).encode(), "fr/deep/index.html", finished, None)
    assert [problem.code for problem in problems] == ["dead-link"]


# --- pages that a server shows, and pages that lead on ---------------------------------------------


def test_a_page_that_has_moved_leads_at_once_to_a_page_beside_it_and_nowhere_else() -> None:
    def moved(content: str, header: str = "refresh") -> list[str]:
        return codes(page("<p>a</p>", f'<meta http-equiv="{header}" content="{content}">'))

    assert moved("0; url=light.html") == []
    assert moved("0; url=gone.html") == ["dead-link"]
    for content in ("5; url=light.html", "0; url=https://plants.example/help", "0; url=../index.html", "0"):
        assert moved(content) == ["active-content"]
    assert moved("0; url=light.html", "set-cookie") == ["active-content"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<a href="/plants/en/light.html">a</a> <a href="#main">b</a> <p id="main">c</p>', []),
        ('<a href="tel:5550123">a</a> <img src="/plants/images/leaf.png" alt="">', []),
        ('<a href="light.html">a</a>', ["dead-link"]),
        ('<a href="../index.html">a</a>', ["dead-link"]),
        ('<a href="/en/light.html">a</a>', ["dead-link"]),
        ('<a href="/plants/en/gone.html">a</a>', ["dead-link"]),
        ('<a href="//plants.example/">a</a>', ["dead-link", "outside-request"]),
    ],
)
@pytest.mark.parametrize("path", ["404.html", "en/404.html"])
def test_links_of_a_page_shown_at_any_address_begin_at_the_root(
    body: str, found: list[str], path: str
) -> None:
    finished = audit.Finished({*FINISHED.paths, path}, FINISHED.outside)
    fragments, problems = audit.page_anywhere(page(body).encode(), path, finished, "/plants/")
    every = (*problems, *audit.fragments({path: fragments}))
    assert sorted({problem.code for problem in every}) == found


def test_at_the_root_of_a_server_links_begin_with_a_stroke() -> None:
    text = page('<a href="/en/light.html">a</a>').encode()
    assert audit.page_anywhere(text, "en/404.html", FINISHED, "/")[1] == ()


WAY_OUT = '<a class="leave" href="https://weather.example/" rel="nofollow noreferrer">Exit</a>'
SCRIPT = '<script src="../assets/leave.js" defer data-history="replace"></script>'
LEAVING = audit.Finished(
    paths={*FINISHED.paths, "assets/leave.js"}, outside=(), exits={"en": "https://weather.example/"}
)


@pytest.mark.parametrize(
    ("body", "head", "expected"),
    [
        (WAY_OUT, SCRIPT, []),
        (WAY_OUT, "", []),
        ("", SCRIPT, ["exit-missing"]),
        (f"<p>a</p>{WAY_OUT}", "", ["exit-missing", "outside-request"]),
        (WAY_OUT.replace("weather", "storm"), "", ["exit-missing", "outside-request"]),
        (WAY_OUT.replace(" noreferrer", ""), "", ["exit-missing", "outside-request"]),
        (f'{WAY_OUT}<a href="https://weather.example/">a</a>', "", ["outside-request"]),
        (WAY_OUT, SCRIPT.replace("leave", "other"), ["active-content", "dead-link"]),
        (WAY_OUT, SCRIPT.replace("></", ">x</"), ["active-content"]),
        (WAY_OUT, SCRIPT + SCRIPT, ["active-content"]),
    ],
)
def test_the_exit_and_its_script_are_let_through_only_as_they_must_be(
    body: str, head: str, expected: list[str]
) -> None:
    read = page(body, head).encode()
    _, problems = audit.web_page(read, "en/light.html", replace(LEAVING, in_order={}), None)
    assert sorted({problem.code for problem in problems}) == expected
