"""What may be shown in a locale: guides held or published, notices, catalogs with mistakes, fallback chains.

Through the real `build` of small projects without booklets, in this process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from example import write_project
from lxml import etree
from lxml import html as lxml_html

from handbill import load, po, publish, render, reviews, store
from handbill.model import Catalog, Entry, Review
from handbill.outcome import HeldGuide, Options, Outcome, Reason, last_outcome
from handbill.pipeline import build
from handbill.source import read_source, source_translations
from handbill.spoken import Spoken

TODAY = date(2026, 11, 22)
HELD = "Esta guía todavía no está lista en este idioma. Aquí está en inglés."
UNREVIEWED = "ha revisado esta traducción"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample project, in two languages, without booklets."""
    write_project(tmp_path)
    (tmp_path / "content/booklets.toml").write_text("", encoding="utf-8")
    return tmp_path


def built(project: Path) -> Outcome:
    outcome = build(Options(project, TODAY), lambda *_: None)
    assert not outcome.failed, outcome.diagnostics
    return outcome


def page(project: Path, path: str) -> etree._Element:
    return lxml_html.parse(project / "dist/site" / path, lxml_html.HTMLParser(encoding="utf-8")).getroot()


def text(element: etree._Element) -> str:
    return " ".join(str(element.text_content()).split())


def edit(project: Path, catalog: str, change: Callable[[Entry], Entry], locale: str = "es") -> None:
    """Change every entry of a catalog but its header."""
    path = project / f"locales/{locale}/LC_MESSAGES/{catalog}.po"
    read, problems = po.read(path.read_text(encoding="utf-8"), path.name)
    assert problems == ()
    changed = tuple(replace(change(entry), text="") if entry.msgid else entry for entry in read.entries)
    path.write_text(po.write(replace(read, entries=changed)), encoding="utf-8")


def without(*messages: str) -> Callable[[Entry], Entry]:
    return lambda entry: replace(entry, msgstr=("",)) if entry.msgid in messages else entry


def write_rule(project: Path, rule: str) -> None:
    path = project / "content/site.toml"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{rule}\n", encoding="utf-8")


# --- a guide is whole, or it is the source's ---------------------------------------------------------


def test_a_guide_with_a_critical_message_that_is_not_current_stands_in_the_source_language(
    project: Path,
) -> None:
    edit(project, "watering", without("Carry the pot to the sink."))
    outcome = built(project)
    assert outcome.held_guides == (HeldGuide("watering", "es", ("critical",)),)
    guide = page(project, "es/watering.html")
    assert guide.get("lang") == "es"
    assert text(guide.find_class("incomplete")[0]) == HELD
    assert guide.find_class("untranslated-notice") == []
    words = text(guide.find_class("body")[0])
    assert "Lift the pot" in words
    assert "Levanta" not in words
    passages = guide.xpath("//*[contains(., 'Lift the pot')][@lang][not(@lang='es')]")
    assert [(passage.get("lang"), passage.get("dir")) for passage in passages] == [("en", "ltr")]
    # The other guide, and the frame of this one, are the reader's.
    assert page(project, "es/light.html").find_class("incomplete") == []
    home = page(project, "es/index.html")
    titles = {text(link): link[0].get("lang") if len(link) else None for link in home.xpath("//h3/a")}
    assert titles == {"Watering": "en", "Luz: cerca de la ventana o no": None}


def test_few_missing_messages_leave_a_guide_published_and_more_than_the_rule_allows_hold_it(
    project: Path,
) -> None:
    edit(
        project,
        "light",
        without("Turn the pot a little each week.\\\nWrite `north` or `south` on its label."),
    )
    assert built(project).held_guides == ()
    assert len(page(project, "es/light.html").find_class("untranslated-notice")) == 1
    write_rule(project, "[publish]\nshare = 95")
    assert built(project).held_guides == (HeldGuide("light", "es", ("share",)),)
    write_rule(project, "[locale.es]\nshare = 80")
    assert built(project).held_guides == ()


# --- review ------------------------------------------------------------------------------------------


def marks_of(project: Path, catalog: str, locale: str = "es") -> tuple[str, ...]:
    loaded, _ = load.load(
        store.read_tree(project, ("content",)), store.read_tree(store.ENGINE, ("templates",))
    )
    assert loaded
    values = publish.contact_values(loaded.contacts)
    path = project / f"locales/{locale}/LC_MESSAGES/{catalog}.po"
    read, _ = po.read(path.read_text(encoding="utf-8"), path.name)
    return tuple(publish.mark(entry, values) for entry in read.entries if entry.msgid and entry.current)


def review(project: Path, *catalogs: str) -> None:
    path = project / "locales/es/reviews.toml"
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    for catalog in catalogs:
        marks = marks_of(project, catalog)
        written = reviews.appended(written, Review(catalog, "a reader", "native-speaker", TODAY, marks))
    path.write_text(written, encoding="utf-8")


def says_unreviewed(project: Path, path: str) -> bool:
    return any(UNREVIEWED in text(element) for element in page(project, path).find_class("unreviewed"))


def test_the_notice_goes_from_a_page_once_a_native_speaker_has_read_it_and_the_interface(
    project: Path,
) -> None:
    pages = ("es/light.html", "es/watering.html", "es/index.html", "es/contacts.html", "es/print.html")
    assert built(project).unreviewed == ("es",)
    assert [says_unreviewed(project, path) for path in pages] == [True] * 5
    review(project, "light")
    built(project)
    assert [says_unreviewed(project, path) for path in pages] == [True] * 5
    review(project, "interface")
    built(project)
    assert [says_unreviewed(project, path) for path in pages] == [False, True, True, False, False]
    review(project, "watering")
    assert built(project).unreviewed == ()
    assert [says_unreviewed(project, path) for path in pages] == [False] * 5
    assert not says_unreviewed(project, "en/index.html")


def test_a_rule_can_ask_for_a_review_first_and_an_edit_undoes_it(project: Path) -> None:
    write_rule(project, '[locale.es]\nreview = "critical"')
    assert [(held.guide, held.reasons) for held in built(project).held_guides] == [
        ("light", ("review",)),
        ("watering", ("review",)),
    ]
    review(project, "light", "watering")
    assert built(project).held_guides == ()
    edit(
        project,
        "watering",
        lambda entry: (
            replace(entry, msgstr=(entry.msgstr[0] + " Ya.",))
            if entry.msgid == "Pour until water runs out below."
            else entry
        ),
    )
    assert [held.guide for held in built(project).held_guides] == ["watering"]


# --- mistakes of translators -------------------------------------------------------------------------

MISTAKES = {
    "po-quote-missing": lambda content: content + b'\nmsgid "x"\nmsgstr "y\n',
    "po-not-utf8": lambda content: content + b"# \xff\n",
    "po-utf16": lambda content: content.decode().encode("utf-16"),
    "po-language": lambda content: content.replace(b"Language: es", b"Language: fr"),
    "po-conflict": lambda content: content + b"<<<<<<< HEAD\n",
}


@pytest.mark.parametrize("code", MISTAKES)
def test_a_catalog_that_cannot_be_used_is_left_out_and_the_rest_is_built(code: str, project: Path) -> None:
    path = project / "locales/es/LC_MESSAGES/light.po"
    broken = MISTAKES[code](path.read_bytes())
    path.write_bytes(broken)
    outcome = built(project)
    told = [(problem.code, problem.severity, problem.place.path) for problem in outcome.diagnostics]
    assert told == [(code, "warning", "locales/es/LC_MESSAGES/light.po")]
    assert [held.guide for held in outcome.held_guides] == ["light"]
    assert text(page(project, "es/light.html").find_class("incomplete")[0]) == HELD
    assert page(project, "es/watering.html").find_class("incomplete") == []
    assert path.read_bytes() == broken


def test_an_interface_that_cannot_be_used_leaves_its_words_in_the_source_language(project: Path) -> None:
    (project / "locales/es/LC_MESSAGES/interface.po").write_bytes('msgid ""\n'.encode("utf-16"))
    assert [problem.code for problem in built(project).diagnostics] == ["po-utf16"]
    home = page(project, "es/index.html")
    assert "Houseplants" in [text(span) for span in home.xpath("//span[@lang='en']")]
    assert "Luz: cerca de la ventana o no" in text(home)


def test_a_translation_with_an_error_is_left_out_with_its_unit(project: Path) -> None:
    edit(
        project,
        "watering",
        lambda entry: (
            replace(entry, msgstr=("Llama al 555-0199.",))
            if entry.msgid.startswith("If a plant falls")
            else entry
        ),
    )
    outcome = built(project)
    assert {problem.severity for problem in outcome.diagnostics} == {"warning"}
    assert outcome.diagnostics
    guide = page(project, "es/watering.html")
    assert "555-0199" not in text(guide)
    assert "If a plant falls" in text(guide)
    assert outcome.held_guides == ()
    assert outcome.untranslated == (("es", 1),)


# --- booklets ----------------------------------------------------------------------------------------

WHY_HELD: dict[Reason, str] = {
    "incomplete": "This booklet is not ready in this language yet.",
    "unreviewed": "This booklet is not ready in this language yet.",
    "beside-incomplete": "The booklet in two languages is not ready yet.",
    "too-long": "Some files are not here, because the text in this language is too long for their paper.",
    "unchecked-contact": "This booklet is not here for now. Some phone numbers must be checked again first.",
}


@pytest.mark.parametrize("reason", get_args(Reason))
def test_the_print_page_says_why_a_booklet_is_held(reason: Reason, tmp_path: Path) -> None:
    write_project(tmp_path)
    source, problems = read_source(tmp_path)
    assert source, problems
    jinja = render.environment(source.project.templates)
    own = source_translations(source)
    plan = next(page for page in source.plan.pages if page.path == "en/print.html")
    spoken = Spoken(source, jinja, own, own.phrases)
    voice, _ = render.web_voice(jinja, spoken.voice("web"), plan, source.languages)
    booklet = source.project.booklets[0]
    made, problems = render.print_page(jinja, voice, plan, (booklet,), (), {booklet.id: reason})
    assert problems == ()
    [held] = lxml_html.fromstring(made).find_class("held")
    assert text(held) == WHY_HELD[reason]


# --- fallback chains ---------------------------------------------------------------------------------


def test_a_region_shows_its_own_words_and_else_those_of_its_language(project: Path) -> None:
    site = project / "content/site.toml"
    words = site.read_text(encoding="utf-8").replace('["es"]', '["es", "es_MX"]')
    site.write_text(words + '\n[locale.es_MX]\nfallback = ["es"]\n', encoding="utf-8")
    own = project / "locales/es_MX/LC_MESSAGES/light.po"
    own.parent.mkdir(parents=True)
    head = po.header("handbill", "es_MX")
    entry = Entry("Where each plant wants to stand.", ("Dónde se acomoda cada planta.",))
    own.write_text(po.write(Catalog("", (head, entry))), encoding="utf-8")
    outcome = built(project)
    assert outcome.held_guides == ()
    assert outcome.untranslated == ()
    guide = page(project, "es-MX/light.html")
    assert text(guide.find_class("lead")[0]) == "Dónde se acomoda cada planta."
    assert text(guide.find(".//h1")) == "Luz: cerca de la ventana o no"
    assert guide.xpath("//main//*[@lang='en']") == []
    assert text(page(project, "es/light.html").find_class("lead")[0]) == "Dónde quiere estar cada planta."


def test_what_was_held_is_told_again_where_nothing_changed(project: Path) -> None:
    edit(project, "watering", without("Carry the pot to the sink."))
    outcome = built(project)
    again = last_outcome(Options(project, TODAY))
    assert again
    assert again.held_guides == outcome.held_guides
    assert again.unreviewed == outcome.unreviewed
