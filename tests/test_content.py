"""What this repository's own guides and catalogs must be, beside being correct: easy, calm, complete."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import textstat  # type: ignore[import-untyped]
from lxml import html as lxml_html

from handbill import contacts, load, markdown, po, render, store
from handbill.model import Catalog, Text
from handbill.pdf import particulars
from handbill.source import Source, catalog_path, read_source, source_translations

CHECKOUT = Path(__file__).resolve().parent.parent
GUIDES = (
    *("after", "calm", "dangers", "device", "friends", "help", "leaving", "my-plan"),
    *("phones", "private", "signs", "staff", "start", "staying", "words"),
)
ON_THE_WEB_ONLY = {"device", "private"}
"""Guides about the screen that they are read on; on paper they would help nobody."""
DISCREET = ("calm", "device", "private")
LOCALES = ("es", "ar", "zh_Hans")
FRAGMENTS = ("title", "summary", "heading", "cell", "label", "alt")
"""Kinds of message that need not be sentences."""

TOPIC = {
    "en": (
        *("traffick", "exploit", "slave", "victim", "survivor", "abus", "coerc", "violen", "sex", "kidnap"),
        *("hotline", "police", "shelter", "fraud", "threat", "danger", "crime"),
    ),
    "es": (
        *("trata de personas", "explota", "esclav", "víctim", "sobreviv", "abus", "violen", "sexual"),
        *("secuestr", "línea de ayuda", "policía", "refugio", "amenaza", "peligro"),
    ),
    "ar": (
        *("اتجار", "استغلال", "استعباد", "عبودية", "ضحايا", "الناج", "إساءة", "عنف", "إكراه", "قسر", "جنس"),
        *("شرطة", "مأوى", "خطر", "تهديد", "خطف"),
    ),
    "zh_Hans": (
        *("贩运", "奴役", "奴隶", "受害", "幸存者", "虐待", "暴力", "胁迫", "强迫", "绑架"),
        *("热线", "警察", "报警", "庇护", "危险", "欺诈", "威胁"),
    ),
}
"""Beginnings of words that belong to the site's subject. Each stands in some other guide of its language."""

SUBJECT = {
    "en": ("traffick", "exploit", "slave", "victim", "survivor", "abus", "violen", "sex", "police"),
    "es": ("trata ", "tráfico", "explota", "esclav", "víctim", "sobreviv", "abus", "violen", "sexual"),
    "ar": ("اتجار", "استغلال", "عبودية", "ضحايا", "ضحية", "الناج", "إساءة", "عنف", "جنس"),
    "zh_Hans": ("贩运", "贩卖", "剥削", "奴", "受害", "幸存者", "虐待", "暴力", "性交易"),
}
"""What no title and no name of a file may say: it stays in a browser's history and a download folder."""

FEARFUL = {
    "en": (r"\bchain", r"\brop(?:e|ing)", r"\brescu", r"\bshackl", r"\bhandcuff"),
    "es": (r"\bcadena", r"\bencaden", r"\bcuerda", r"\bsoga", r"\bgrillete", r"\brescat"),
    "ar": ("سلسل", "سلاسل", "حبل", "حبال", "أصفاد", "أغلال", "[إا]نقاذ"),
    "zh_Hans": ("锁链", "铁链", "镣铐", "绳", "解救", "营救", "拯救", "救援"),
}


@pytest.fixture(scope="module")
def site() -> Source:
    found, problems = read_source(CHECKOUT)
    assert found is not None, problems
    return found


@pytest.fixture(scope="module")
def own(site: Source) -> markdown.Inline:
    """What inline text of the source needs to be read as a reader reads it."""
    phrases = source_translations(site).phrases
    return markdown.Inline("ltr", {}, contacts.plain_tokens(site.project.contacts, phrases), {}, "")


def catalog(locale: str, name: str) -> Catalog:
    path = catalog_path(locale, name)
    read, problems = po.read((CHECKOUT / path).read_text(encoding="utf-8"), path)
    assert problems == ()
    return read


def words_of(site: Source, locale: str, guide: str) -> str:
    """All that a guide says in a locale, in small letters."""
    if locale == site.project.site.source_locale:
        return " ".join(message.text for message in site.documents[guide].messages).casefold()
    return " ".join(po.translations(catalog(locale, guide)).values()).casefold()


# --- what there is -----------------------------------------------------------------------------------


def test_all_fifteen_guides_are_there(site: Source) -> None:
    assert tuple(guide.id for guide in site.project.guides) == GUIDES


def test_there_is_a_booklet_for_each_reader_and_one_with_every_guide_that_is_not_about_screens(
    site: Source,
) -> None:
    booklets = site.project.booklets
    assert {booklet.audience for booklet in booklets} == {"survivor", "supporter", "staff"}
    assert {guide for booklet in booklets for guide in booklet.guides} == set(GUIDES) - ON_THE_WEB_ONLY


def test_nothing_is_wrong_with_the_content() -> None:
    project, problems = load.load(store.read_tree(CHECKOUT, ("content", "templates")), {})
    assert problems == ()
    assert project is not None
    assert read_source(CHECKOUT)[1] == ()
    latest = max(guide.reviewed for guide in project.guides)
    assert load.overdue_guides(project, latest) == ()
    assert load.unchecked_contacts(project, latest) == ()


def test_every_fact_is_covered_by_some_guide_and_no_guide_names_another(site: Source) -> None:
    keys = (
        *(f"A{number}" for number in range(1, 13)),
        *(f"B{number}" for number in range(1, 13)),
        *(f"D{number}" for number in range(1, 14)),
    )
    covered = {fact for guide in site.project.guides for fact in guide.facts}
    assert sorted(site.project.site.facts) == sorted(keys)
    assert covered == set(keys)


def test_a_fact_that_is_dropped_from_every_guide_is_missed() -> None:
    files = store.read_tree(CHECKOUT, ("content", "templates"))
    files = {
        path: re.sub(rb"(?m)^(facts: .*)\bD7\b", rb"\1A1", content) if path.endswith(".md") else content
        for path, content in files.items()
    }
    assert "fact-not-covered" in {problem.code for problem in load.load(files, {})[1]}


# --- how it reads ------------------------------------------------------------------------------------


def sentences(site: Source, own: markdown.Inline, guide: str) -> Iterator[str]:
    """The sentences of a guide as they are read, each with its stop; fragments of a few words left out."""
    for message in site.documents[guide].messages:
        text = markdown.plain(message.text, own)
        if message.kind in FRAGMENTS and len(text.split()) < 4:
            continue
        for sentence in re.split(r"(?<=[.!?])[”’)]*\s+", text):
            stopped = re.search(r"[.!?][”’)]*$", sentence)
            yield sentence if stopped else f"{sentence.rstrip(',;:')}."


GRADES = {"survivor": 6, "supporter": 8, "staff": 8}


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_easy_to_read(guide: str, site: Source, own: markdown.Inline) -> None:
    audience = next(known.audience for known in site.project.guides if known.id == guide)
    read = list(sentences(site, own, guide))
    assert len(read) > 30
    assert textstat.flesch_kincaid_grade(" ".join(read)) <= GRADES[audience]
    assert sum(len(sentence.split()) for sentence in read) / len(read) <= 15
    assert max(len(sentence.split()) for sentence in read) <= 40


def test_hard_text_would_be_found_out() -> None:
    hard = (
        "Individuals contemplating separation from exploitative circumstances should undertake comprehensive "
        "preparation, notwithstanding considerable uncertainty regarding their eventual accommodation."
    )
    assert textstat.flesch_kincaid_grade(hard) > max(GRADES.values())


# --- what is critical --------------------------------------------------------------------------------


@pytest.mark.parametrize("guide", GUIDES)
def test_every_guide_marks_what_is_critical_and_not_everything(guide: str, site: Source) -> None:
    marked = [message.critical for message in site.documents[guide].messages]
    assert 0.05 < sum(marked) / len(marked) < 0.5


MUST_BE_CRITICAL = re.compile(r"\{[a-z0-9-]+\.(?:phone|text|tty)\}|(?:^|[.:] )(?:Do not|Never)\b")
"""A number to call, or a sentence that says what never to do."""


@pytest.mark.parametrize("guide", GUIDES)
def test_every_number_to_call_and_every_thing_never_to_do_is_critical(guide: str, site: Source) -> None:
    found = [message for message in site.documents[guide].messages if MUST_BE_CRITICAL.search(message.text)]
    assert found
    assert [message.text for message in found if not message.critical] == []


# --- what it does not say ----------------------------------------------------------------------------


@pytest.mark.parametrize("locale", TOPIC)
def test_every_word_of_the_topic_stands_in_some_guide_and_in_no_discreet_one(
    locale: str, site: Source
) -> None:
    others = " ".join(words_of(site, locale, guide) for guide in GUIDES if guide not in DISCREET)
    assert [stem for stem in TOPIC[locale] if stem not in others] == []
    for guide in DISCREET:
        assert [stem for stem in TOPIC[locale] if stem in words_of(site, locale, guide)] == [], guide


@pytest.mark.parametrize("guide", DISCREET)
@pytest.mark.parametrize("locale", TOPIC)
def test_nothing_on_a_discreet_page_names_the_topic(
    locale: str, guide: str, site: Source, built_site: Path
) -> None:
    tag = site.languages[locale].tag
    source = (built_site / tag / f"{guide}.html").read_text(encoding="utf-8")
    text = lxml_html.document_fromstring(source).text_content().casefold()
    assert len(text) > 500
    stems = {*TOPIC[locale], *TOPIC["en"], *(stem for other in SUBJECT.values() for stem in other)}
    assert sorted(stem for stem in stems if stem in source.casefold()) == []
    assert sorted(stem for stem in stems if stem in text) == []


@pytest.mark.parametrize("locale", TOPIC)
def test_the_calm_page_shows_no_number_but_those_its_author_wrote(
    locale: str, site: Source, built_site: Path
) -> None:
    page = lxml_html.document_fromstring(
        (built_site / site.languages[locale].tag / "calm.html").read_bytes(),
        parser=lxml_html.HTMLParser(encoding="utf-8"),
    )
    dialled = {href for href in page.xpath("//a[not(@class='leave')]/@href") if ":" in href}
    assert dialled == {"tel:988", "sms:988"}
    assert site.project.site.helpline == "us-hotline"


@pytest.mark.parametrize("locale", FEARFUL)
def test_no_guide_has_words_of_chains_ropes_or_rescue(locale: str, site: Source) -> None:
    for guide in GUIDES:
        text = words_of(site, locale, guide)
        assert [pattern for pattern in FEARFUL[locale] if re.search(pattern, text)] == [], guide


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "they kept her chained until a rescue"),
        ("es", "las cadenas y el rescate"),
        ("ar", "السلاسل والحبال وإنقاذ الناس"),
        ("zh_Hans", "被铁链锁住，等待解救"),
    ],
)
def test_a_fearful_word_would_be_found(locale: str, sentence: str) -> None:
    assert any(re.search(pattern, sentence) for pattern in FEARFUL[locale])


@pytest.mark.parametrize("locale", SUBJECT)
def test_titles_and_names_of_files_do_not_name_the_subject(
    locale: str, site: Source, built_site: Path
) -> None:
    folder = built_site / site.languages[locale].tag
    found = [path.relative_to(built_site).as_posix() for path in folder.rglob("*")]
    for page in folder.glob("*.html"):
        title = lxml_html.document_fromstring(page.read_text(encoding="utf-8")).findtext(".//title")
        assert title
        found.append(title)
    for pdf in folder.glob("print/*.pdf"):
        found.append(particulars(pdf.read_bytes()).title)
    assert len(found) > 2 * len(GUIDES)
    stems = {*SUBJECT[locale], *SUBJECT["en"]}
    assert [name for name in found if any(stem in name.casefold() for stem in stems)] == []


def test_names_of_all_that_is_uploaded_or_carried_are_plain(built_site: Path) -> None:
    names = [path.relative_to(built_site).as_posix() for path in built_site.rglob("*")]
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9/.-]+", name)] == []


# --- catalogs ----------------------------------------------------------------------------------------


def reader_texts(site: Source) -> Iterator[Text]:
    """Every string of the TOML files that a reader sees."""
    project = site.project
    yield from (project.site.title, project.site.description)
    yield from (project.site.notice, project.site.notice_neutral)
    yield from () if project.site.urgent is None else (project.site.urgent.title,)
    yield from (need.title for need in project.site.needs)
    yield from (region.name for region in project.regions)
    for contact in project.contacts:
        yield from (contact.name, contact.note)
        yield from (text for text in (contact.hours, contact.answers) if text is not None)
        yield from (text for _, text in contact.languages)
    for booklet in project.booklets:
        yield from (booklet.title, booklet.summary)


def template_strings(site: Source) -> Iterator[str]:
    """Every translatable string of the templates, by Jinja's own extractor; of plurals the first form."""
    jinja = render.environment(site.project.templates)
    for template in site.project.templates:
        if template.name.endswith(".html"):
            for _, _, message in jinja.extract_translations(template.text):  # type: ignore[attr-defined]
                yield message if isinstance(message, str) else message[0]


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_guide_is_wholly_translated(locale: str, guide: str, site: Source) -> None:
    current = po.translations(catalog(locale, guide))
    missing = [m.text for m in site.documents[guide].messages if not current.get(m.text)]
    assert missing == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_interface_is_wholly_translated(locale: str, site: Source) -> None:
    read = catalog(locale, "interface")
    current = {entry.msgid for entry in read.entries if entry.current}
    wanted = {*template_strings(site), *(text.value for text in reader_texts(site))}
    assert len(wanted) > 60
    assert sorted(wanted - current) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_catalog_holds_what_is_stale_or_empty(locale: str, site: Source) -> None:
    for name in (*GUIDES, "interface"):
        live = [entry for entry in catalog(locale, name).entries if not entry.obsolete]
        assert [entry.msgid for entry in live if not entry.current] == [], name
    catalogs = sorted(path.stem for path in (CHECKOUT / "locales" / locale).rglob("*.po"))
    assert catalogs == sorted((*GUIDES, "interface"))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_repeated_message_has_one_translation_in_all_catalogs_of_a_locale(locale: str) -> None:
    translated: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name in (*GUIDES, "interface"):
        for message, translation in po.translations(catalog(locale, name)).items():
            translated[message][translation].append(name)
    assert sum(len(places) for forms in translated.values() for places in forms.values()) > len(translated)
    assert {message: dict(forms) for message, forms in translated.items() if len(forms) > 1} == {}


def test_in_arabic_no_number_of_the_interface_follows_latin_letters() -> None:
    """It would be shown before them (UAX #9, rule W7): the interface isolates neither."""
    counted = re.compile(r"%\((shown|size|page|pages|when)\)s")
    wrong = re.compile(r"[A-Za-z][^\u0621-\u064A]*\s[^\u0621-\u064A]*\d")
    entries = (entry for entry in catalog("ar", "interface").entries if entry.msgid and not entry.obsolete)
    forms = [form for entry in entries for form in entry.msgstr]
    assert len(forms) > 100
    assert [form for form in forms if wrong.search(counted.sub("7", form))] == []


def test_the_catalogs_are_those_that_extract_makes(tmp_path: Path) -> None:
    for folder in ("content", "locales", "templates"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    before = store.read_tree(tmp_path, ("locales",))
    command = [sys.executable, "-m", "handbill", "-C", str(tmp_path), "extract"]
    subprocess.run(command, check=True, cwd=CHECKOUT, capture_output=True)
    after = store.read_tree(tmp_path, ("locales",))
    assert len(before) > len(GUIDES) * len(LOCALES)
    assert [path for path in {**before, **after} if before.get(path) != after.get(path)] == []


def test_every_locale_has_its_word_lists_here(site: Source) -> None:
    everywhere = {site.project.site.source_locale, *site.project.site.locales}
    assert set(TOPIC) == set(SUBJECT) == set(FEARFUL) == everywhere == {"en", *LOCALES}
