"""What is to be done in a locale: its tasks, and the pages that list them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import catalog
import pytest
from browser import NARROW, WIDE, Scheme, Visit, axe, chromium, opened, visit
from catalog import turn
from example import write_project
from playwright.sync_api import Browser

from handbill import changes, desk, standing, store, worklist
from handbill.desk import Desk
from handbill.edits import Edit
from handbill.model import Change, ChangeKind, Entry, Place
from handbill.standing import INTERFACE, Standing
from handbill.worklist import Task, since_and_why

TODAY = date(2026, 11, 22)
CRITICAL = "Too much is worse than too little"
PLAIN = "Look at the leaves."
LINKED = "A plant in a window dries sooner, as [Light](light.md#window) explains."


def open_desk(folder: Path) -> Desk:
    found, problems = desk.opened(folder, TODAY)
    assert found, problems
    return found


def stood(found: Desk) -> Standing:
    known = standing.known(found.folder, TODAY, 0)
    return desk.brought_up_to_date(found, known, lambda what, done, total: None)


def tasks(folder: Path, name: str = "watering") -> tuple[Task, ...]:
    found = open_desk(folder)
    row = stood(found).rows["es"][name]
    return tuple(worklist.tasks(found.examined("es", name), name, row, found.changes, "en"))


def change(
    old: str,
    new: str,
    on: int,
    *,
    name: str = "watering",
    kind: ChangeKind = "wording",
    reasons: Sequence[str] = ("as recorded",),
) -> Change:
    return Change(name, old, new, kind, tuple(reasons), date(2026, 11, on), None, None, Place(changes.PATH))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample project, complete in Spanish."""
    write_project(tmp_path)
    return tmp_path


# --- tasks -------------------------------------------------------------------------------------------


def test_where_all_is_current_there_is_nothing_to_do(folder: Path) -> None:
    assert tasks(folder) == ()
    assert tasks(folder, "light") == ()


def test_a_stale_message_shows_what_changed_beside_its_translation_since_when_and_where(folder: Path) -> None:
    turn(folder, "es", "watering", PLAIN, catalog.stale("Look at its leaves."))
    text = changes.appended("", [change("Look at its leaves.", PLAIN, 3, reasons=("“its” → “the”",))])
    (folder / changes.PATH).write_text(text, encoding="utf-8")
    (task,) = tasks(folder)
    assert (task.section, task.state, task.critical, task.holds) == ("stale", "stale", False, False)
    assert task.edits == (
        Edit("same", "Look at "),
        Edit("removed", "its"),
        Edit("added", "the"),
        Edit("same", " leaves."),
    )
    assert task.translation == ("Mira las hojas.",)
    assert (task.since, task.reasons) == (date(2026, 11, 3), ("“its” → “the”",))
    path, line = task.place.split(":")
    lines = (folder / path).read_text(encoding="utf-8").splitlines()
    assert lines[int(line) - 1] == f'msgid "{PLAIN}"'
    path, line = task.source_place.split(":")
    assert PLAIN in (folder / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert task.headings == ("Before you water",)


def test_a_withdrawn_message_shows_its_old_translation_to_take_words_from(folder: Path) -> None:
    old = "Do not look at the leaves."
    turn(
        folder,
        "es",
        "watering",
        PLAIN,
        catalog.withdrawn(old),
        Entry(old, ("No mires las hojas.",), obsolete=True),
    )
    (task,) = tasks(folder)
    assert (task.section, task.state, task.since) == ("withdrawn", "withdrawn", None)
    assert task.translation == ("No mires las hojas.",)
    assert [edit.text for edit in task.edits if edit.kind == "removed"] == ["Do not look"]
    assert task.reasons == ("“not” dropped",)


def test_a_critical_message_comes_in_its_own_section_whatever_its_state(folder: Path) -> None:
    turn(folder, "es", "watering", CRITICAL, catalog.gone)
    (task,) = tasks(folder)
    assert (task.section, task.state, task.critical, task.holds) == ("critical", "missing", True, True)
    assert task.place == "locales/es/LC_MESSAGES/watering.po"
    assert "extract" in task.next_step


def test_an_error_of_check_is_told_with_its_hint_and_the_translation_as_it_is(folder: Path) -> None:
    turn(folder, "es", "watering", PLAIN, catalog.translated("Mira las 3 hojas."))
    (task,) = tasks(folder)
    assert (task.section, task.state, task.edits) == ("errors", "error", ())
    assert task.translation == ("Mira las 3 hojas.",)
    assert [problem.code for problem in task.problems] == ["translation-numbers"]


def test_words_offered_from_another_guide_have_no_old_source(folder: Path) -> None:
    turn(folder, "es", "watering", PLAIN, catalog.flagged("fuzzy"))
    (task,) = tasks(folder)
    assert (task.section, task.edits, task.since, task.reasons) == ("stale", (), None, ())
    assert task.translation == ("Mira las hojas.",)


def test_only_what_its_guide_is_held_for_holds_it_back(folder: Path) -> None:
    turn(folder, "es", "watering", CRITICAL, catalog.gone)
    turn(folder, "es", "watering", PLAIN, catalog.gone)
    assert [(task.critical, task.holds) for task in tasks(folder)] == [(True, True), (False, False)]
    path = folder / "content/site.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[facts]", "[publish]\nshare = 100\n[facts]"), encoding="utf-8")
    assert [(task.critical, task.holds) for task in tasks(folder)] == [(True, True), (False, True)]


def test_tasks_stand_in_document_order_and_each_has_an_anchor_of_its_own(folder: Path) -> None:
    shutil.rmtree(folder / "locales/es/LC_MESSAGES")
    found = tasks(folder)
    assert [task.source[0] for task in found] == [
        message.text for message in open_desk(folder).messages["watering"]
    ]
    anchors = [task.anchor for name in ("watering", "light", INTERFACE) for task in tasks(folder, name)]
    assert len(set(anchors)) == len(anchors)


# --- since when --------------------------------------------------------------------------------------

A, B, C = "Look at a leaf.", "Look at its leaves.", "Look at the leaves."
FOUND = ("“a” → “the”", "“leaf” → “leaves”")
"""What lies between A and C."""


@pytest.mark.parametrize(
    ("recorded", "since", "reasons"),
    [
        ([], None, FOUND),
        ([change(A, C, 5)], 5, ("as recorded",)),
        ([change(A, B, 5), change(B, C, 7)], 5, FOUND),
        ([change(A, B, 1), change(B, A, 2), change(A, C, 5)], 5, ("as recorded",)),
        ([change(A, B, 1), change(B, A, 2)], None, FOUND),
        ([change(B, C, 5)], None, FOUND),
        ([change(A, C, 4, name="light")], 4, ("as recorded",)),
        ([change(A, B, 2, name="light"), change(A, C, 4)], 4, ("as recorded",)),
        ([change(f"{A}\n\nMore.", C, 6)], 6, FOUND),
    ],
    ids=[
        "no record",
        "one edit",
        "two edits: since the first",
        "there and back, then away: since it was left for good",
        "there and back",
        "another message",
        "moved here from another guide",
        "its own guide counts first",
        "joined with another",
    ],
)
def test_since_is_the_day_on_which_the_source_was_left_and_why_is_what_lies_between(
    recorded: list[Change], since: int | None, reasons: tuple[str, ...]
) -> None:
    assert since_and_why(recorded, "watering", A, C, "en") == (
        None if since is None else date(2026, 11, since),
        reasons,
    )


# --- pages -------------------------------------------------------------------------------------------


def spoil(folder: Path) -> None:
    """Put something of every kind into the catalogs of a copy of this repository's site."""
    for name in ("content", "locales"):
        shutil.copytree(store.ENGINE / name, folder / name)
    messages = open_desk(folder).messages
    critical = [message.text for message in messages["leaving"] if message.critical]
    others = [message.text for message in messages["leaving"] if not message.critical]
    reworded = f"Perhaps {critical[0].partition(' ')[2]}"
    for locale in ("es", "ar", "zh_Hans"):
        turn(folder, locale, "leaving", critical[0], catalog.stale(reworded))
        old = Entry(f"Never do this. {critical[1]}", ("OLD WORDS",), obsolete=True)
        turn(folder, locale, "leaving", critical[1], catalog.withdrawn(old.msgid), old)
        turn(folder, locale, "leaving", critical[2], catalog.translated("<b>911</b>"))
        turn(folder, locale, "leaving", others[0], catalog.translated(""))
        turn(folder, locale, "leaving", others[1], catalog.gone)
        turn(folder, locale, "leaving", others[2], catalog.translated("<script>alert(1)</script> \u202e119"))
        turn(folder, locale, "leaving", others[3], catalog.stale(others[3].replace(" ", " <i> ", 1)))
    text = changes.appended("", [change(reworded, critical[0], 3, name="leaving")])
    (folder / changes.PATH).write_text(text, encoding="utf-8")
    (folder / "locales/es/LC_MESSAGES/calm.po").unlink()
    (folder / "locales/ar/LC_MESSAGES/phones.po").write_text('msgid "no end\n', encoding="utf-8")
    site = (folder / "content/site.toml").read_text(encoding="utf-8")
    asked = site.replace("[locale.zh_Hans]\n", '[locale.zh_Hans]\nreview = "critical"\n', 1)
    assert asked != site
    (folder / "content/site.toml").write_text(asked, encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of pages of a site with something of every kind to do."""
    folder = tmp_path_factory.mktemp("spoilt")
    spoil(folder)
    found = open_desk(folder)
    target = folder / "pages"
    assert worklist.write(found, stood(found), ("es", "ar", "zh_Hans"), target, lambda *_: None) == ()
    return target


NAMES = ("index.html", "es.html", "ar.html", "zh-Hans.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def visits(browser: Browser, pages: Path) -> tuple[Visit, ...]:
    """One visit to every page from the disk, on a narrow screen."""
    with opened(browser, scripts=False) as page:
        return tuple(visit(page, f"{pages.as_uri()}/", name) for name in NAMES)


def test_there_is_a_page_a_locale_and_one_that_leads_to_them(pages: Path, visits: tuple[Visit, ...]) -> None:
    assert sorted(path.name for path in pages.iterdir()) == sorted(NAMES)
    assert [href for href, _ in visits[0].seen["links"]] == ["es.html", "ar.html", "zh-Hans.html"]


def test_a_page_asks_for_nothing_but_itself_and_its_policy_lets_it_show_its_style(
    visits: tuple[Visit, ...],
) -> None:
    assert {v.path: v.requests[1:] for v in visits if len(v.requests) > 1} == {}
    assert {v.path: v.complaints for v in visits if v.complaints} == {}
    assert [v.path for v in visits if not v.seen["styled"]] == []


def test_a_page_holds_its_one_style_and_no_script_frame_or_form(visits: tuple[Visit, ...]) -> None:
    for v in visits:
        assert [element[:7] for element in v.seen["active"]] == ["<style>"], v.path


def test_every_link_leads_somewhere_and_every_id_is_there_once(visits: tuple[Visit, ...]) -> None:
    for v in visits:
        assert len(set(v.seen["ids"])) == len(v.seen["ids"])
        for href, _ in v.seen["links"]:
            assert href in NAMES or href.removeprefix("#") in v.seen["ids"], href


def test_nothing_runs_out_of_a_narrow_screen(visits: tuple[Visit, ...]) -> None:
    assert {v.path: (v.seen["overflow"], v.seen["wide"]) for v in visits if v.seen["overflow"] > 0} == {}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing(browser: Browser, pages: Path, name: str, scheme: Scheme, width: int) -> None:
    with opened(browser, width=width, scheme=scheme) as page:
        page.goto(f"{pages.as_uri()}/{name}")
        assert axe(page) == []


SECTION_TEXTS = "() => [...document.querySelectorAll('main > section > h2')].map((h) => h.id)"


def test_what_holds_guides_back_comes_first(browser: Browser, pages: Path) -> None:
    expected = ["guides", "files", "critical", "stale", "missing", "errors"]
    with opened(browser, width=WIDE) as page:
        page.goto(f"{pages.as_uri()}/ar.html")
        assert page.evaluate(SECTION_TEXTS) == expected
        assert page.locator(".first").inner_text().startswith("First: Mend locales/ar/LC_MESSAGES/phones.po")
        assert page.locator("#critical ~ ol .task .badge:not(.critical)").all_inner_texts() == [
            "stale",
            "withdrawn",
            "error",
        ]
        page.goto(f"{pages.as_uri()}/es.html")
        assert "critical message" in page.locator(".first").inner_text()
        page.goto(f"{pages.as_uri()}/zh-Hans.html")
        assert page.evaluate(SECTION_TEXTS)[-1] == "reviews"
        assert "build.py review zh_Hans calm --by NAME" in page.locator("main").inner_text()


def test_each_text_carries_its_language_and_direction(browser: Browser, pages: Path) -> None:
    with opened(browser, width=WIDE) as page:
        page.goto(f"{pages.as_uri()}/ar.html")
        old = page.get_by_text("OLD WORDS")
        assert old.evaluate("e => [e.lang, getComputedStyle(e).direction]") == ["ar", "rtl"]
        source = page.locator("del").first.locator("..")
        assert source.evaluate("e => [e.lang, getComputedStyle(e).direction]") == ["en", "ltr"]


def test_what_changed_is_said_in_words_too_and_told_by_more_than_colour(
    browser: Browser, pages: Path
) -> None:
    with opened(browser, width=WIDE) as page:
        page.goto(f"{pages.as_uri()}/es.html")
        removed, added = page.locator("del").first, page.locator("ins").first
        assert removed.text_content() == " [removed: Perhaps] "
        assert (added.text_content() or "").startswith(" [added: ")
        for mark, line in ((removed, "line-through"), (added, "underline")):
            assert line in mark.evaluate("e => getComputedStyle(e).textDecorationLine")


def test_what_stands_in_a_catalog_is_shown_as_text(pages: Path) -> None:
    for name in NAMES[1:]:
        text = (pages / name).read_text(encoding="utf-8")
        assert "<script" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_pages_are_not_written_where_they_would_be_published(folder: Path) -> None:
    for target in ("dist/site/status", "dist", "content/images", "locales", ".cache/handbill/x"):
        done = subprocess.run(
            [sys.executable, "-m", "handbill", "-C", str(folder), "status", "--html", str(folder / target)],
            cwd=store.ENGINE,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 2, done.stderr
        assert not (folder / target / "index.html").exists()


def test_without_a_folder_pages_go_beside_dist_where_git_does_not_see_them(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "handbill", "-C", str(folder), "status", "--html"],
        cwd=store.ENGINE,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "dist-status/es.html").exists()
    assert (folder / "dist-status/.gitignore").read_text(encoding="utf-8") == "*\n"
    assert not (folder / "dist").exists()


def test_the_folder_may_be_left_out_before_another_option_too(folder: Path) -> None:
    for options, target in (
        (["--html", "--locale", "es"], "dist-status"),
        (["--html", str(folder / "own")], "own"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "handbill", "-C", str(folder), "status", *options],
            cwd=store.ENGINE,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert (folder / target / "es.html").exists()
    assert not (folder / "own/.gitignore").exists()
