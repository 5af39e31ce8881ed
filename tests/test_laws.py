"""What holds for every guide and every translation, tried on made-up ones and on our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from example import adapted, documents, guide, language, phrases, project_with, sample, setting, targets
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from strategies import HOSTILE, WORDS, Block, guides, wrappings

from handbill import fill, links, load, po, store
from handbill.model import (
    Booklet,
    Catalog,
    Document,
    Edition,
    Entry,
    Guide,
    Image,
    Medium,
    Place,
    Project,
    Text,
)
from handbill.parse import parse
from handbill.plan import all_locales, plan

MEDIA = st.sampled_from(["web", "print"])


def body(lines: Block) -> str:
    return "\n".join(line.first + " ".join(line.words) for line in lines)


def filled(
    text: str, translations: Mapping[str, str] | None, medium: Medium = "web", locale: str = "es"
) -> Edition:
    """Return the edition of a guide's body among the sample's guides."""
    project = project_with(guide(text))
    document, problems = parse(guide(text))
    assert problems == ()
    hrefs = targets(project, medium, [each.id for each in project.guides])["case"]
    return fill.fill(fill.form(adapted(document, medium), hrefs), translations, setting(locale, medium))


def to_itself(document: Document) -> dict[str, str]:
    """Return each message translated by itself, after a way through a PO file."""
    texts = dict.fromkeys(message.text for message in document.messages)
    entries = tuple(Entry(msgid=text, msgstr=(text,)) for text in texts)
    written = po.write(Catalog("case.po", (po.header("Test", "es"), *entries)))
    translations, stale, problems = po.read_translations(written, "case.po")
    assert (stale, problems) == (frozenset(), ())
    return translations


# --- the identity catalog ----------------------------------------------------------------------------


@given(guides(), MEDIA)
def test_a_catalog_that_maps_every_message_to_itself_gives_the_untranslated_page(
    lines: Block, medium: Medium
) -> None:
    text = body(lines)
    document, _ = parse(guide(text))
    assert filled(text, to_itself(document), medium) == filled(text, None, medium)


@pytest.fixture(scope="module")
def ours() -> Project:
    """The project of this repository."""
    project, problems = load.load(store.read_tree(store.ENGINE, ("content", "templates")), {})
    assert project, problems
    return project


def test_the_identity_catalog_gives_our_own_guides_untranslated(ours: Project) -> None:
    assert len(ours.guides) > 10
    for medium in ("web", "print"):
        hrefs = targets(ours, medium, [each.id for each in ours.guides])
        for name, document in documents(ours).items():
            fitted, where = fill.form(adapted(document, medium), hrefs[name]), setting("ar", medium)
            assert fill.fill(fitted, to_itself(document), where) == fill.fill(fitted, None, where)


# --- message ids -------------------------------------------------------------------------------------


@given(wrappings(guides()))
def test_wrapping_a_paragraph_anew_changes_no_message_and_no_page(both: tuple[str, str]) -> None:
    first, second = (parse(guide(text))[0] for text in both)
    assert [message.text for message in first.messages] == [message.text for message in second.messages]
    assert replace(first, messages=()) == replace(second, messages=())


@given(guides())
def test_no_message_is_empty_and_each_has_one_slot(lines: Block) -> None:
    document, _ = parse(guide(body(lines)))
    assert all(message.text.strip() for message in document.messages)
    slots = [slot for unit in document.units for slot in unit.slots]
    assert slots == list(range(2, len(document.messages)))
    assert all(len(unit.html) == len(unit.slots) + 1 for unit in document.units)


# --- what a translation can do -----------------------------------------------------------------------

INLINE = {"em", "strong", "code", "a", "br", "span", "img"}
ATTRIBUTES = {"a": {"class", "dir", "href"}, "span": {"class", "dir", "lang"}, "img": {"src", "alt"}}


@given(guides(), MEDIA, st.sampled_from(["es", "ar"]), st.data())
def test_a_translation_can_neither_open_a_block_nor_carry_html(
    lines: Block, medium: Medium, locale: str, data: st.DataObject
) -> None:
    text = body(lines)
    document, _ = parse(guide(text))
    hostile = st.one_of(HOSTILE, st.sampled_from(document.messages).map(lambda message: message.text))
    translations = {message.text: data.draw(hostile) for message in document.messages}
    source, target = filled(text, None, medium), filled(text, translations, medium, locale)

    assert _skeleton(_tree(target.body)) == _skeleton(_tree(source.body))
    project = project_with(guide(text))
    declared = set(targets(project, medium, [each.id for each in project.guides])["case"].values())
    declared |= {"tel:5550100", "tel:5550123", "sms:5550124", "tel:711", "https://plants.example/help"}
    for html in (target.body, target.title, target.summary, *(entry.html for entry in target.contents)):
        for element in _tree(html).iterdescendants(*INLINE):
            if not _ours(element):
                assert set(element.attrib) <= ATTRIBUTES.get(str(element.tag), set())
            assert element.get("href", "#case") in declared | {"#case"}
    assert {str(element.tag) for element in _tree(target.title).iterdescendants()} <= INLINE


def _tree(html: str) -> Any:
    return lxml_html.fragment_fromstring(html, create_parent="section")


def _ours(element: Any) -> bool:
    """Whether an inline element stands outside the slots: boxes, lines, pictures."""
    return element.get("aria-hidden") or element.getparent().get("aria-hidden") or _in_figure(element)


def _in_figure(element: Any) -> bool:
    return bool(element.getparent().tag == "figure")


def _skeleton(element: Any) -> Any:
    """Return the elements outside the slots, with their attributes but descriptions."""
    attributes = {name: value for name, value in element.attrib.items() if name != "alt"}
    inner = [_skeleton(child) for child in element if child.tag not in INLINE or _ours(child)]
    return (element.tag, attributes, inner)


# --- beside CommonMark -------------------------------------------------------------------------------

COMMON = [word for word in WORDS.split() if "中" not in word]


@given(wrappings(guides(COMMON, plain=True)))
def test_simple_markdown_reads_as_commonmark_says(both: tuple[str, str]) -> None:
    text = both[1]
    theirs = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    assert _reading(_tree(filled(text, None).body)) == _reading(_tree(theirs))


def _reading(element: Any) -> list[Any]:
    """Return elements and words, without attributes, white space and the box around a table."""
    inner: list[Any] = (element.text or "").split()
    for child in element:
        read = _reading(child)
        inner += read[1] if child.tag == "div" else [read]
        inner += (child.tail or "").split()
    return [element.tag, inner]


# --- plan --------------------------------------------------------------------------------------------

IDS = st.sampled_from(["a", "b", "index", "print", "contacts", "light", "a-a4", "a-letter"])
LOCALES = st.sampled_from(["es", "ar", "zh_Hans", "zh_Hant", "pt_BR", "pt"])


def _booklet(id: str) -> Booklet:
    words = Text("Words", Place("content/booklets.toml"))
    return Booklet(id, words, words, "survivor", ("light",), words.place)


@given(
    guides=st.lists(IDS, unique=True),
    booklets=st.lists(IDS, unique=True),
    locales=st.lists(LOCALES, unique=True),
    images=st.lists(st.sampled_from(["a.png", "A.png", "a/b.png"]), unique=True),
)
def test_every_output_has_one_path_and_none_is_shared_unless_it_is_said(
    guides: list[str], booklets: list[str], locales: list[str], images: list[str]
) -> None:
    project = replace(
        sample(),
        site=replace(sample().site, locales=tuple(locales)),
        guides=tuple(guide("Text.\n", id) for id in sorted(guides)),
        booklets=tuple(map(_booklet, booklets)),
        images=tuple(Image(name, b"") for name in images),
    )
    known = {locale: language(locale) for locale in all_locales(project)}
    made, problems = plan(project, documents(project), known)

    pages = [page.path for page in made.pages]
    prints = [file.path for item in made.prints for file in item.files]
    files = [path for path, _ in made.files]
    everything = [*pages, *prints, *files, *made.crawled]
    assert len(pages) == 2 + len(known) * (5 + len(guides))
    assert len(prints) == len(known) * len(booklets) * 3
    assert len(files) == len(images)
    clashes = [problem for problem in problems if problem.code == "path-clash"]
    assert len(clashes) == len(everything) - len({path.casefold() for path in everything})
    for page in made.pages:
        if page.kind == "missing" and page.locale is not None:
            assert page.alternates == ()
            continue
        assert page.locale is None or (page.locale, page.path) in page.alternates
        assert [locale for locale, _ in page.alternates] == list(known)
        assert {path for _, path in page.alternates} <= set(pages)


# --- links -------------------------------------------------------------------------------------------

PATHS = st.lists(st.sampled_from(["a", "b", "es", "print", "index.html"]), min_size=1, max_size=4).map(
    "/".join
)


@given(PATHS, PATHS)
def test_a_relative_link_leads_back_to_where_it_was_made_for(path: str, start: str) -> None:
    here = start.split("/")[:-1]
    for part in links.relative(path, start).split("/"):
        here = here[:-1] if part == ".." else [*here, part]
    assert "/".join(here) == path
    assert Path(links.relative(path, start)).name == Path(path).name


# --- phrases -----------------------------------------------------------------------------------------


@given(HOSTILE, HOSTILE, HOSTILE, st.integers(0, 200))
def test_no_phrase_and_no_value_carries_markup(source: str, target: str, value: str, count: int) -> None:
    place = Place("content/site.toml")
    for known in (phrases("es", {source: target}), phrases("es"), phrases("en")):
        plural = replace(known, plural={(None, source): (target, source)} if known.singular else {})
        for html in (
            known.html(source, name=value),
            known.html(f"{source} %(name)s", name=value),
            known.text(Text(source, place)),
            plural.plural_html(source, target, count, name=value),
        ):
            tags = {str(element.tag) for element in _tree(html or ".").iterdescendants()}
            assert tags <= {"span"}
            assert html.count("<") == 2 * html.startswith("<span lang=")


# --- guides of our own -------------------------------------------------------------------------------


def test_our_own_guides_say_the_same_however_they_are_wrapped(ours: Project) -> None:
    for own in ours.guides:
        joined = _unwrapped(own)
        texts = [[message.text for message in parse(each)[0].messages] for each in (own, joined)]
        assert texts[0] == texts[1]


def _unwrapped(own: Guide) -> Guide:
    """Return a guide with every paragraph on one line: lines that begin with a word join the one above."""
    lines: list[str] = []
    for line in own.body.split("\n"):
        words = line.strip()
        joins = lines and words[:1].isalpha() and lines[-1].strip() and not lines[-1].startswith((":::", "#"))
        if joins and not lines[-1].endswith(("\\", "|")):
            lines[-1] = f"{lines[-1]} {words}"
        else:
            lines.append(line)
    return replace(own, body="\n".join(lines))
