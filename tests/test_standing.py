"""Where translations stand: rows, why guides are held, the table, JSON, and an index that is never stale."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import catalog
import pytest
from catalog import turn
from example import TESTS, write_project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbill import desk, publish, standing, store
from handbill.model import Review
from handbill.outcome import Options
from handbill.pipeline import build
from handbill.reviews import appended
from handbill.standing import INTERFACE, Known, Row, Standing

TODAY = date(2026, 11, 22)
SECOND = 1_000_000_000

TITLE = "Watering"
CRITICAL = "Too much is worse than too little"
PLAIN = "Look at the leaves."
LINKED = "A plant in a window dries sooner, as [Light](light.md#window) explains."


@pytest.fixture(scope="module", autouse=True)
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The engine with a copy of what the index goes by, which nobody edits meanwhile."""
    copy = tmp_path_factory.mktemp("engine")
    for path in store.ENGINE.iterdir():
        if path.name in ("handbill", "templates", "fonts"):
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (copy / path.name).symlink_to(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ENGINE", copy)
        yield copy


CHECKOUT = store.ENGINE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample project, complete in Spanish."""
    write_project(tmp_path)
    return tmp_path


def known(folder: Path, today: date = TODAY) -> Known:
    """What the index knows, long after every file was written."""
    return standing.known(folder, today, time.time_ns() + 60 * SECOND)


def stood(folder: Path, known: Known, today: date = TODAY) -> Standing:
    """Where translations stand, by the index where that is true."""
    if known.fresh and known.standing:
        return known.standing
    judge, problems = desk.judge(folder, known, today)
    assert judge, problems
    return desk.brought_up_to_date(judge, known, lambda what, done, total: None)


def row(folder: Path, name: str = "watering", locale: str = "es") -> Row:
    """One row, by the index where that is true."""
    return stood(folder, known(folder)).rows[locale][name]


def why(folder: Path, name: str = "watering", locale: str = "es") -> tuple[str, ...]:
    """Why a guide is held, in words."""
    found = stood(folder, known(folder))
    facts = next(facts for facts in found.facts.locales if facts.locale == locale)
    return standing.why(found.rows[locale][name], facts)


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def say(folder: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file."""
    text = (folder / path).read_text(encoding="utf-8")
    assert old in text
    write(folder, path, text.replace(old, new, 1))


def rule(folder: Path, toml: str) -> None:
    """Give the site a rule."""
    say(folder, "content/site.toml", "[facts]", f"{toml}\n[facts]")


def review(folder: Path, name: str, locale: str = "es", on: date = TODAY, only: str | None = None) -> None:
    """Let a native speaker mark what is current of a catalog, or one message of it."""
    opened, _ = desk.opened(folder, TODAY)
    assert opened
    found = opened.examined(locale, name)
    marks = tuple(
        publish.mark(entry, opened.values)
        for entry in found.catalog.entries
        if entry.msgid and entry.current and only in (None, entry.msgid)
    )
    path = folder / f"locales/{locale}/reviews.toml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    write(
        folder,
        f"locales/{locale}/reviews.toml",
        appended(before, Review(name, "Ana", "native-speaker", on, marks)),
    )


# --- states ------------------------------------------------------------------------------------------


def test_a_complete_catalog_is_all_current_and_its_guide_published(folder: Path) -> None:
    found = row(folder)
    assert (found.current, found.translated, found.reviewed) == (found.messages, found.messages, 0)
    assert (found.stale, found.withdrawn, found.refused, found.missing, found.borrowed) == (0, 0, 0, 0, 0)
    assert found.unfit == ()
    assert found.reasons == ()
    assert not found.checked


def test_equal_messages_count_once(folder: Path) -> None:
    before = row(folder).messages
    say(
        folder,
        "content/guides/watering.md",
        "- [ ] Cactus left alone",
        "- [ ] Cactus left alone\n- [ ] Fern watered",
    )
    assert row(folder).messages == before


def test_an_entry_marked_fuzzy_is_stale(folder: Path) -> None:
    turn(folder, "es", "watering", PLAIN, catalog.stale("Look at a leaf."))
    found = row(folder)
    assert (found.stale, found.current) == (1, found.messages - 1)


def test_an_empty_entry_with_its_old_source_is_withdrawn(folder: Path) -> None:
    turn(folder, "es", "watering", PLAIN, catalog.withdrawn("Do not look at the leaves."))
    found = row(folder)
    assert (found.withdrawn, found.refused, found.current) == (1, 0, found.messages - 1)


def test_a_translation_with_an_error_is_withdrawn_and_counted_as_refused(folder: Path) -> None:
    turn(folder, "es", "watering", LINKED, catalog.translated("Una planta en la ventana se seca antes."))
    found = row(folder)
    assert (found.withdrawn, found.refused, found.current) == (1, 1, found.messages - 1)


def test_an_error_that_its_translator_has_silenced_withdraws_nothing(folder: Path) -> None:
    turn(folder, "es", "watering", PLAIN, catalog.translated("Mira las 3 hojas."))
    assert row(folder).refused == 1
    turn(folder, "es", "watering", PLAIN, catalog.flagged("ignore-translation-numbers"))
    assert row(folder).refused == 0


@pytest.mark.parametrize("way", [catalog.gone, catalog.translated("")], ids=["no entry", "no words"])
def test_a_message_without_a_translation_is_missing(folder: Path, way: catalog.Turn) -> None:
    turn(folder, "es", "watering", PLAIN, way)
    found = row(folder)
    assert (found.missing, found.current) == (1, found.messages - 1)


def test_a_message_that_a_native_speaker_has_marked_is_reviewed_until_its_words_change(folder: Path) -> None:
    review(folder, "watering", only=PLAIN)
    assert row(folder).reviewed == 1
    turn(folder, "es", "watering", PLAIN, catalog.translated("Mire las hojas."))
    assert row(folder).reviewed == 0


def test_a_review_is_void_once_a_contact_in_the_message_changes(folder: Path) -> None:
    review(folder, "watering")
    assert row(folder).reviewed == row(folder).messages
    say(folder, "content/contacts.toml", 'phone = "555-0100"', 'phone = "555-0101"')
    assert row(folder).reviewed == row(folder).messages - 1


def test_the_notice_goes_once_all_that_is_critical_is_reviewed_in_guide_and_interface(folder: Path) -> None:
    def notices() -> dict[str, bool]:
        shown = json.loads(standing.as_json(stood(folder, known(folder)), ["es"], TODAY))
        return {guide["guide"]: guide["notice"] for guide in shown["locales"][0]["guides"]}

    assert notices() == {"light": True, "watering": True}
    review(folder, "watering")
    assert notices() == {"light": True, "watering": True}
    review(folder, INTERFACE)
    assert notices() == {"light": True, "watering": False}


# --- verdicts ----------------------------------------------------------------------------------------


def test_a_critical_message_that_is_not_current_holds_its_guide(folder: Path) -> None:
    turn(folder, "es", "watering", CRITICAL, catalog.stale("Too little is worse than too much"))
    assert row(folder).reasons == ("critical",)
    assert why(folder) == (f"1 of {row(folder).critical} critical messages is not current.",)
    assert why(folder, "light") == ()


def test_too_small_a_share_of_the_others_holds_a_guide(folder: Path) -> None:
    rule(folder, "[publish]\nshare = 100\n")
    turn(folder, "es", "watering", PLAIN, catalog.gone)
    others = row(folder).others
    assert why(folder) == (
        f"{100 * (others - 1) // others} % of the other messages are current, and 100 % are needed.",
    )


def test_what_must_be_reviewed_first_holds_a_guide(folder: Path) -> None:
    rule(folder, '[locale.es]\nreview = "critical"\n')
    critical = row(folder).critical
    assert why(folder) == (f"{critical} critical messages are not reviewed by a native speaker.",)
    review(folder, "watering", only=CRITICAL)
    assert why(folder) == (f"{critical - 1} critical messages are not reviewed by a native speaker.",)
    review(folder, "watering")
    assert why(folder) == ()


def test_a_guide_without_critical_messages_must_be_reviewed_whole(folder: Path) -> None:
    rule(folder, '[locale.es]\nreview = "critical"\n')
    found = row(folder, "light")
    assert found.critical == 0
    assert why(folder, "light") == (f"{found.messages} messages are not reviewed by a native speaker.",)


def test_a_catalog_that_cannot_be_read_counts_as_untranslated_and_says_where(folder: Path) -> None:
    say(folder, "locales/es/LC_MESSAGES/watering.po", 'msgstr "El riego"', 'msgstr "El riego')
    found = stood(folder, known(folder))
    watering = found.rows["es"]["watering"]
    assert (watering.current, watering.missing) == (0, watering.messages)
    assert why(folder) == ("Its catalog cannot be read, so nothing in it counts.",)
    (problem,) = found.problems_of(["es"])
    assert (problem.place.path, problem.severity) == ("locales/es/LC_MESSAGES/watering.po", "error")
    assert found.rows["es"]["light"].reasons == ()


def test_a_broken_file_beside_the_catalogs_is_named(folder: Path) -> None:
    for path in ("locales/es/reviews.toml", "locales/es/glossary.toml", "locales/changes.toml"):
        write(folder, path, "= broken\n")
    found = stood(folder, known(folder)).problems_of(["es"])
    assert sorted(problem.place.path for problem in found) == [
        "locales/changes.toml",
        "locales/es/glossary.toml",
        "locales/es/reviews.toml",
    ]


def mexico(folder: Path, *toml: str) -> None:
    """Add a locale that falls back on Spanish, with one translation of its own."""
    say(folder, "content/site.toml", '["es"]', '["es", "es_MX"]')
    rule(folder, "\n".join(('[locale.es_MX]\nfallback = ["es"]', *toml, "")))
    text = (folder / "locales/es/LC_MESSAGES/watering.po").read_text(encoding="utf-8")
    head, _, _ = text.partition("\n\n")
    own = '\n\nmsgid "Look at the leaves."\nmsgstr "Mira sus hojas."\n'
    write(
        folder, "locales/es_MX/LC_MESSAGES/watering.po", head.replace("Language: es", "Language: es_MX") + own
    )


def test_what_a_fallback_lends_counts_for_the_verdict_but_not_as_current(folder: Path) -> None:
    mexico(folder)
    found = row(folder, locale="es_MX")
    assert (found.current, found.missing, found.borrowed) == (1, found.messages - 1, found.messages - 1)
    assert found.unfit == ()
    assert found.reasons == ()


def test_a_row_is_made_anew_when_its_fallback_changes(folder: Path) -> None:
    mexico(folder)
    assert row(folder, locale="es_MX").reasons == ()
    turn(folder, "es", "watering", CRITICAL, catalog.gone)
    assert row(folder, locale="es_MX").reasons == ("critical",)


def test_a_review_of_the_fallback_is_one_of_what_it_lends(folder: Path) -> None:
    mexico(folder, 'review = "all"')
    assert row(folder, locale="es_MX").reasons == ("review",)
    review(folder, "watering")
    review(folder, "watering", locale="es_MX")
    assert row(folder, locale="es_MX").reasons == ()


def test_plural_forms_are_borrowed_only_from_a_language_that_counts_alike(folder: Path) -> None:
    mexico(folder)
    lent = row(folder, INTERFACE, "es_MX").borrowed
    head = (folder / "locales/es_MX/LC_MESSAGES/watering.po").read_text(encoding="utf-8").partition("\n\n")[0]
    three = "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);"
    assert "nplurals=2; plural=(n != 1);" in head
    own = head.replace("nplurals=2; plural=(n != 1);", three)
    write(folder, "locales/es_MX/LC_MESSAGES/interface.po", f"{own}\n")
    opened, _ = desk.opened(folder, TODAY)
    assert opened
    spanish = opened.examined("es", INTERFACE)
    plurals = [
        message
        for message, state in zip(spanish.messages, spanish.states, strict=True)
        if message.plural is not None and state.current
    ]
    assert plurals
    assert row(folder, INTERFACE, "es_MX").borrowed == lent - len(plurals)


# --- what the build does -----------------------------------------------------------------------------


def nothing(folder: Path) -> None:
    """Leave the sample as it is."""


def critical_is_stale(folder: Path) -> None:
    turn(folder, "es", "watering", CRITICAL, catalog.stale("Too little"))


def one_is_missing(folder: Path) -> None:
    turn(folder, "es", "light", "Wait for spring.", catalog.gone)


def two_are_refused(folder: Path) -> None:
    turn(folder, "es", "watering", LINKED, catalog.translated("Nada."))
    turn(folder, "es", "light", "Wait for spring.", catalog.translated("Espera a <b>abril</b>."))


def a_word_is_forbidden(folder: Path) -> None:
    write(
        folder,
        "locales/es/glossary.toml",
        '[[term]]\nsource = "leaves"\npreferred = ["follaje"]\nforbidden = ["hojas"]\nreason = "Made up."\n',
    )


def a_catalog_is_broken(folder: Path) -> None:
    say(folder, "locales/es/LC_MESSAGES/light.po", 'msgstr "', "msgstr ")


def the_interface_lacks_a_contact(folder: Path) -> None:
    turn(folder, "es", INTERFACE, "Plant rescue", catalog.gone)


def the_interface_lacks_what_only_pages_show(folder: Path) -> None:
    turn(folder, "es", INTERFACE, "Skip to the content", catalog.gone)


def reviews_are_asked_for(folder: Path) -> None:
    rule(folder, '[publish]\nreview = "critical"\n')
    review(folder, "watering")


def all_is_reviewed(folder: Path) -> None:
    rule(folder, '[publish]\nreview = "all"\n')
    for name in ("watering", "light", INTERFACE):
        review(folder, name)


def what_is_critical_is_reviewed(folder: Path) -> None:
    opened, _ = desk.opened(folder, TODAY)
    assert opened
    for name in ("watering", INTERFACE):
        for message in opened.messages[name]:
            if message.critical:
                review(folder, name, only=message.text)


def a_guide_is_held_in_a_frame_that_is_reviewed(folder: Path) -> None:
    review(folder, INTERFACE)
    turn(folder, "es", "watering", CRITICAL, catalog.gone)


def mexico_borrows(folder: Path) -> None:
    mexico(folder, "share = 100")
    turn(folder, "es", "light", "Wait for spring.", catalog.stale("Wait for summer."))


def a_contact_is_old(folder: Path) -> None:
    say(folder, "content/contacts.toml", "checked = 2026-11-01", "checked = 2025-11-21")


def a_card(folder: Path) -> None:
    """Add a card with a part of a guide, in words that the sample has in Spanish."""
    path = folder / "content/booklets.toml"
    path.write_text(path.read_text(encoding="utf-8") + CARD, encoding="utf-8")


CARD = """
[[card]]
id = "wall-card"
title = "First plants"
summary = "Water first, then light."
sizes = ["us"]

[[card.face]]
contacts = ["plant-rescue"]

[[card.face]]
sections = ["watering.md#card"]
notice = true
"""


def a_card_of_what_is_current_in_a_guide(folder: Path) -> None:
    a_card(folder)
    turn(folder, "es", "watering", PLAIN, catalog.gone)


def a_card_of_what_is_not_current(folder: Path) -> None:
    a_card(folder)
    turn(folder, "es", "watering", "Fern watered", catalog.gone)


def a_card_of_a_guide_that_is_held(folder: Path) -> None:
    a_card(folder)
    turn(folder, "es", "watering", CRITICAL, catalog.gone)


def a_card_without_its_region(folder: Path) -> None:
    a_card(folder)
    turn(folder, "es", INTERFACE, "Home", catalog.gone)


def a_card_without_its_contact(folder: Path) -> None:
    a_card(folder)
    turn(folder, "es", INTERFACE, "Plant rescue", catalog.gone)


VARIANTS: tuple[Callable[[Path], None], ...] = (
    nothing,
    critical_is_stale,
    one_is_missing,
    two_are_refused,
    a_word_is_forbidden,
    a_catalog_is_broken,
    the_interface_lacks_a_contact,
    the_interface_lacks_what_only_pages_show,
    reviews_are_asked_for,
    all_is_reviewed,
    what_is_critical_is_reviewed,
    a_guide_is_held_in_a_frame_that_is_reviewed,
    mexico_borrows,
    a_contact_is_old,
    a_card,
    a_card_of_what_is_current_in_a_guide,
    a_card_of_what_is_not_current,
    a_card_of_a_guide_that_is_held,
    a_card_without_its_region,
    a_card_without_its_contact,
)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.__name__)
def test_status_says_what_a_build_does(folder: Path, variant: Callable[[Path], None]) -> None:
    variant(folder)
    found = stood(folder, known(folder))
    outcome = build(Options(folder, TODAY, jobs=1), lambda what, done, total: None)
    assert not outcome.failed
    assert {(held.locale, held.guide) for held in outcome.held_guides} == {
        (locale, name)
        for locale, rows in found.rows.items()
        for name, row in rows.items()
        if row.reasons and name != INTERFACE
    }
    for held in outcome.held_guides:
        said = found.rows[held.locale][held.guide].reasons
        assert said in (held.reasons, ("unreadable",))
    # Whether a text fits its paper, only a build can tell.
    built = {(held.locale, held.booklet) for held in outcome.held if held.reason != "too-long"}
    told = {
        (facts.locale, item.id)
        for facts in found.facts.locales
        for item in found.facts.prints
        if standing.print_reasons(found, facts.locale, item, TODAY)
    }
    # Which strings of a contact a card shows is its template's choice: in doubt it is said to be held.
    in_doubt = {("es", "wall-card")} if variant is a_card_without_its_contact else set()
    assert told == {held for held in built if held[0] != "en"} | in_doubt
    for facts in found.facts.locales:
        shown = json.loads(standing.as_json(found, [facts.locale], TODAY))["locales"][0]
        site = folder / "dist/site" / facts.tag
        notices = {guide["guide"]: guide["notice"] for guide in shown["guides"]}
        pages = {guide: (site / f"{guide}.html").read_text(encoding="utf-8") for guide in notices}
        assert notices == {guide: 'class="unreviewed"' in page for guide, page in pages.items()}


# --- the index ---------------------------------------------------------------------------------------


def cells(folder: Path, today: date = TODAY) -> set[str] | None:
    """The rows that would be made anew, as `locale/catalog`; None for all."""
    found = known(folder, today)
    if found.standing is None:
        return None
    if found.fresh:
        assert not found.stale
    return {"/".join(cell) for cell in found.stale}


def test_what_did_not_change_is_not_read_again(folder: Path) -> None:
    first = stood(folder, known(folder))
    again = known(folder)
    assert again.fresh
    assert again.standing == first


GUIDE = "content/guides/watering.md"
TERM = '[[term]]\nsource = "soil"\npreferred = ["tierra"]\n'
ALL = None


def touched(path: str) -> Callable[[Path], None]:
    """Return what writes a file anew, the same words with a line break more."""
    return lambda folder: write(folder, path, (folder / path).read_text(encoding="utf-8") + "\n")


def written(path: str, text: str) -> Callable[[Path], None]:
    """Return what writes a new file."""
    return lambda folder: write(folder, path, text)


def removed(path: str) -> Callable[[Path], None]:
    """Return what removes a file."""
    return lambda folder: (folder / path).unlink()


CHANGES: Mapping[str, tuple[Callable[[Path], None], set[str] | None]] = {
    "a catalog": (touched("locales/es/LC_MESSAGES/light.po"), {"es/light"}),
    "a catalog that goes": (removed("locales/es/LC_MESSAGES/light.po"), {"es/light"}),
    "the interface": (touched("locales/es/LC_MESSAGES/interface.po"), {"es/interface"}),
    "a guide": (touched(GUIDE), {"es/watering"}),
    "reviews": (written("locales/es/reviews.toml", ""), {"es/light", "es/watering", "es/interface"}),
    "a glossary": (written("locales/es/glossary.toml", TERM), {"es/light", "es/watering", "es/interface"}),
    "the record of changes": (written("locales/changes.toml", ""), set()),
    "the settings": (touched("content/site.toml"), ALL),
    "contacts": (touched("content/contacts.toml"), ALL),
    "booklets": (touched("content/booklets.toml"), ALL),
    "a template": (written("templates/web/help.html", "<p>Help</p>"), ALL),
    "the fonts": (written("fonts/fonts.toml", ""), ALL),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_the_rows_stale_that_have_to_do_with_it(folder: Path, change: str) -> None:
    write(folder, "locales/fr/reviews.toml", "")
    stood(folder, known(folder))
    alter, expected = CHANGES[change]
    alter(folder)
    assert cells(folder) == expected
    assert not known(folder).fresh


def test_a_file_of_the_engine_makes_every_row_stale(folder: Path, engine: Path) -> None:
    for path in ("handbill/publish.py", "templates/web/guide.html", "fonts/fonts.toml"):
        stood(folder, known(folder))
        assert known(folder).fresh
        touched(path)(engine)
        assert known(folder).standing is None


def test_a_guide_that_comes_or_goes_changes_no_other_row(folder: Path) -> None:
    booklets = "content/booklets.toml"
    say(folder, booklets, '["watering", "light"]', '["watering"]')
    before = stood(folder, known(folder))
    guide = (folder / "content/guides/light.md").read_text(encoding="utf-8")
    write(folder, "content/guides/shade.md", guide)
    assert cells(folder) == set()
    after = stood(folder, known(folder))
    assert list(after.rows["es"]) == ["light", "shade", "watering", INTERFACE]
    assert after.rows["es"]["shade"].missing == after.rows["es"]["shade"].messages
    (folder / "content/guides/shade.md").unlink()
    assert stood(folder, known(folder)).rows == before.rows


def test_a_file_as_young_as_the_clock_can_tell_is_read_again(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_bytes()
    just_now = standing.known(folder, TODAY, time.time_ns())
    assert just_now.young
    stood(folder, just_now)
    # Another write at the same moment, to the same size, would have left the same times.
    assert not known(folder).fresh
    assert stood(folder, known(folder)) == stood(folder, known(folder))
    assert known(folder).fresh


def test_a_review_dated_tomorrow_counts_when_its_day_has_come(folder: Path) -> None:
    say(folder, "content/site.toml", '["es"]', '["es", "fr"]')
    later = TODAY + timedelta(days=3)
    review(folder, "watering", on=later)
    first = stood(folder, known(folder))
    assert first.rows["es"]["watering"].reviewed == 0
    assert first.day_bound == ("es",)
    assert cells(folder) == set()
    assert cells(folder, later) == {"es/light", "es/watering", "es/interface"}
    then = stood(folder, known(folder, later), later)
    assert then.rows["es"]["watering"].checked
    assert cells(folder, TODAY) is None, "a clock that was put back"


def test_after_a_change_of_a_catalog_no_guide_is_read(folder: Path) -> None:
    stood(folder, known(folder))
    turn(folder, "es", "watering", PLAIN, catalog.gone)
    now = known(folder)
    judge, _ = desk.judge(folder, now, TODAY)
    assert not isinstance(judge, desk.Desk)
    assert stood(folder, now).rows["es"]["watering"].missing == 1
    touched(GUIDE)(folder)
    judge, _ = desk.judge(folder, known(folder), TODAY)
    assert isinstance(judge, desk.Desk)


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"of": 1}'])
def test_guides_are_read_where_what_was_put_away_is_lost(folder: Path, content: bytes | None) -> None:
    stood(folder, known(folder))
    path = folder / ".cache/handbill/status-source.json"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    turn(folder, "es", "watering", PLAIN, catalog.gone)
    judge, _ = desk.judge(folder, known(folder), TODAY)
    assert isinstance(judge, desk.Desk)
    assert stood(folder, known(folder)).rows["es"]["watering"].missing == 1


def test_what_was_put_away_of_another_source_is_not_used(folder: Path) -> None:
    stood(folder, known(folder))
    path = folder / ".cache/handbill/status-source.json"
    old = path.read_bytes()
    say(folder, GUIDE, "Look at the leaves.", "Look at every leaf.")
    stood(folder, known(folder))
    path.write_bytes(old)
    turn(folder, "es", "light", "Wait for spring.", catalog.gone)
    judge, _ = desk.judge(folder, known(folder), TODAY)
    assert isinstance(judge, desk.Desk)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"made_by": 1}', b"\xff", b'{"files": 3}'])
def test_a_broken_index_is_none(folder: Path, content: bytes) -> None:
    expected = stood(folder, known(folder))
    (folder / ".cache/handbill/status.json").write_bytes(content)
    assert known(folder).standing is None
    assert stood(folder, known(folder)) == expected


def test_an_index_that_lost_a_part_is_none(folder: Path) -> None:
    stood(folder, known(folder))
    path = folder / ".cache/handbill/status.json"
    facts = json.loads(path.read_bytes())
    for key in facts:
        path.write_text(
            json.dumps({name: value for name, value in facts.items() if name != key}), encoding="utf-8"
        )
        assert known(folder).standing is None, key


def test_a_project_that_cannot_be_written_to_is_read_all_the_same(folder: Path) -> None:
    write(folder, ".cache/handbill", "a file where a folder should be")
    assert stood(folder, known(folder)).rows["es"]["watering"].missing == 0


def a_rule(folder: Path) -> None:
    text = (folder / "content/site.toml").read_text(encoding="utf-8")
    if "[publish]" in text:
        write(folder, "content/site.toml", text.replace('[publish]\nreview = "all"\n', ""))
    else:
        rule(folder, '[publish]\nreview = "all"\n')


def toggled(path: str, one: str, other: str) -> Callable[[Path], None]:
    """Return what turns a text in a file into another, and back the next time."""

    def toggle(folder: Path) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        write(folder, path, text.replace(one, other) if one in text else text.replace(other, one))

    return toggle


def coming(path: str, text: str) -> Callable[[Path], None]:
    """Return what writes a file, and removes it the next time."""

    def toggle(folder: Path) -> None:
        if (folder / path).exists():
            (folder / path).unlink()
        else:
            write(folder, path, text)

    return toggle


def mark_all(folder: Path) -> None:
    path = folder / "locales/es/reviews.toml"
    if path.exists():
        path.unlink()
    else:
        review(folder, "watering")


LC = "locales/es/LC_MESSAGES"
EDITS: tuple[Callable[[Path], None], ...] = (
    toggled(GUIDE, "Look at the leaves.", "Look at the leaves now."),
    toggled(GUIDE, "::: warning", "::: note"),
    toggled(f"{LC}/watering.po", 'msgstr "El riego"', 'msgstr ""'),
    toggled(f"{LC}/watering.po", "{plant-rescue.phone}.", "5550100."),
    toggled(f"{LC}/light.po", 'msgid "Wait for spring."', '#, fuzzy\nmsgid "Wait for spring."'),
    toggled(f"{LC}/light.po", 'msgstr "Espera', 'msgstr "Espera"'),
    toggled("content/contacts.toml", "555-0100", "555-0199"),
    toggled("content/booklets.toml", '["watering", "light"]', '["light"]'),
    toggled("content/booklets.toml", '"First plants"', '"Plants"'),
    a_rule,
    mark_all,
    coming("locales/es/glossary.toml", TERM + 'forbidden = ["hojas"]\nreason = "Made up."\n'),
    coming("templates/print/notes.html", '<h1>{{ _("Never translated") }}</h1>'),
    coming("locales/es/LC_MESSAGES/stray.po", "nonsense"),
    coming("locales/changes.toml", "nonsense"),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.lists(st.sampled_from(EDITS), min_size=1, max_size=3), min_size=1, max_size=4))
def test_after_any_edits_the_index_tells_what_the_files_tell(
    steps: list[list[Callable[[Path], None]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    write_project(folder)
    stood(folder, known(folder))
    for step in steps:
        for edit in step:
            edit(folder)
        by_index = stood(folder, known(folder))
        again = known(folder)
        assert again.fresh
        assert again.standing == by_index
        opened, _ = desk.opened(folder, TODAY)
        assert opened
        nothing_known = replace(again, standing=None, stale=frozenset(), fresh=False)
        by_files = desk.brought_up_to_date(opened, nothing_known, lambda what, done, total: None)
        assert by_index == by_files


# --- the table ---------------------------------------------------------------------------------------


def table(folder: Path, *locales: str) -> str:
    found = stood(folder, known(folder))
    return "".join(f"{line}\n" for _, line in standing.table(found, locales or ("es",), TODAY))


def test_the_table_has_a_line_a_guide_and_the_reasons_in_words(folder: Path, update_golden: bool) -> None:
    turn(folder, "es", "watering", CRITICAL, catalog.withdrawn("Too much is not worse than too little"))
    turn(folder, "es", "watering", PLAIN, catalog.stale("Look at a leaf."))
    turn(folder, "es", "watering", LINKED, catalog.translated("Una planta en la ventana."))
    turn(folder, "es", "light", "Wait for spring.", catalog.gone)
    turn(folder, "es", "light", "New pots", catalog.gone)
    review(folder, "light")
    lines = table(folder).splitlines(keepends=True)
    engines = [line for line in lines if line.startswith(("  all ", "  interface "))]
    shown = "".join(line for line in lines if line not in engines)
    expected = TESTS / "cases/status/table.txt"
    if update_golden:
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")
    # How many messages the interface has changes with the engine's templates.
    assert re.fullmatch(
        r"  interface +\d+ %.*\n  all +\d\d %  +1  +2  +\d+  +\d %  0 of 2\n", "".join(engines)
    )


def test_the_table_is_at_most_80_columns_wide_and_a_long_name_has_a_line_of_its_own(folder: Path) -> None:
    long = "a-name-that-is-far-too-long-for-a-column"
    guide = (folder / "content/guides/light.md").read_text(encoding="utf-8")
    write(folder, f"content/guides/{long}.md", guide)
    rule(folder, '[publish]\nreview = "all"\n')
    lines = table(folder).splitlines()
    assert max(map(len, lines)) <= 80
    at = lines.index(f"  {long}")
    assert re.fullmatch(r" +0 %  .* held", lines[at + 1])
    found = stood(folder, known(folder))
    empty = found.rows["es"][long]
    assert empty.missing == empty.messages


def test_a_share_is_whole_only_of_all() -> None:
    assert [standing.percent(part, 1000) for part in (0, 9, 999, 1000)] == [0, 0, 99, 100]


# --- the command -------------------------------------------------------------------------------------


def status(folder: Path, *options: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command and hold it to an exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "handbill", "-C", str(folder), "status", *options],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_without_a_terminal_the_table_is_plain(folder: Path) -> None:
    done = status(folder)
    assert done.stderr == ""
    assert done.stdout.startswith("es  Español\n")
    assert "\x1b" not in done.stdout


def test_json_stands_alone_on_standard_output_and_names_its_format(folder: Path) -> None:
    say(folder, "locales/es/LC_MESSAGES/light.po", 'msgstr "', "msgstr ")
    done = status(folder, "--json", code=1)
    shown = json.loads(done.stdout)
    assert shown["format"] == 1
    assert shown["problems"][0]["path"] == "locales/es/LC_MESSAGES/light.po"
    assert "locales/es/LC_MESSAGES/light.po:" in done.stderr


def test_json_keeps_its_shape(folder: Path, update_golden: bool) -> None:
    turn(folder, "es", "watering", CRITICAL, catalog.gone)
    say(folder, "locales/es/LC_MESSAGES/light.po", 'msgstr "', "msgstr ")
    found = json.loads(standing.as_json(stood(folder, known(folder)), ["es"], TODAY))
    del found["problems"][1:]
    shown = json.dumps(without_numbers(found), indent=1, ensure_ascii=False) + "\n"
    expected = TESTS / "cases/status/status.json"
    if update_golden:
        expected.write_text(shown, encoding="utf-8")
    assert shown == expected.read_text(encoding="utf-8")


def test_every_key_of_the_json_is_explained(folder: Path) -> None:
    say(folder, "locales/es/LC_MESSAGES/light.po", 'msgstr "', "msgstr ")
    found = json.loads(standing.as_json(stood(folder, known(folder)), ["es"], TODAY))
    explained = (CHECKOUT / "docs/status-json.md").read_text(encoding="utf-8")
    assert sorted(key for key in keys(found) if f"`{key}`" not in explained) == []


def keys(value: Any) -> set[str]:
    """Every key in JSON."""
    match value:
        case dict():
            return set(value).union(*map(keys, value.values()))
        case list():
            return set[str]().union(*map(keys, value))
        case _:
            return set()


def without_numbers(value: Any) -> Any:
    """JSON with 0 for each number: how many messages there are changes with the engine's templates."""
    match value:
        case dict():
            return {name: without_numbers(inner) for name, inner in value.items()}
        case list():
            return [without_numbers(inner) for inner in value]
        case bool() | str():
            return value
        case _:
            return 0


def test_one_locale_is_shown_alone_and_an_unknown_one_is_an_error_of_usage(folder: Path) -> None:
    mexico(folder)
    assert status(folder, "--locale", "es_MX").stdout.startswith("es_MX  ")
    assert [item["locale"] for item in json.loads(status(folder, "--json").stdout)["locales"]] == [
        "es",
        "es_MX",
    ]
    assert "`xx`" in status(folder, "--locale", "xx", code=2).stderr


def test_a_project_with_an_error_is_told_so(folder: Path) -> None:
    say(folder, "content/site.toml", "emergency =", "emergencies =")
    done = status(folder, code=1)
    assert "content/site.toml" in done.stderr
    assert done.stdout == ""


def test_a_warm_answer_needs_none_of_the_libraries(folder: Path) -> None:
    script = (
        "import sys, time\n"
        "now = time.time_ns() + 60_000_000_000\n"
        "time.time_ns = lambda: now\n"
        "from handbill import cli\n"
        f"cli.command_line.main(['-C', {str(folder)!r}, 'status'], standalone_mode=False)\n"
        "heavy = 'babel jinja2 markdown_it yaml rich weasyprint handbill.po handbill.model'\n"
        "print([name for name in heavy.split() if name in sys.modules])\n"
    )

    def imported() -> str:
        done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    assert "markdown_it" in imported()
    assert imported() == "[]"
