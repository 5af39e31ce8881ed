"""`extract` on disk: what it writes, what it says, and that it writes nothing where anything is wrong."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from example import files, write_project

from handbill import catalogs, changes, store
from handbill.catalogs import Updated
from handbill.source import catalog_path

TODAY = date(2026, 11, 22)
WATERING = "content/guides/watering.md"
ES = catalog_path("es", "watering")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the sample project, its templates and catalogs up to date."""
    write_project(tmp_path)
    _, problems = catalogs.extract(tmp_path, TODAY)
    assert problems == ()
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_where_nothing_changed_nothing_is_written_nor_recorded(project: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    assert catalogs.extract(project, TODAY) == (Updated(), ())
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before
    assert not (project / changes.PATH).exists()


def test_an_edit_is_written_to_template_catalog_and_record(project: Path) -> None:
    change(project / WATERING, "Touch the soil.", "Never touch the soil.")
    updated, problems = catalogs.extract(project, TODAY)
    assert problems == ()
    assert set(updated.written) == {changes.PATH, ES, "locales/watering.pot"}
    assert updated.fates == (("es", (("withdrawn", 1),)),)
    (recorded,), _ = changes.read(store.read(project / changes.PATH))
    assert (recorded.old, recorded.new, recorded.kind, recorded.reasons, recorded.on) == (
        "Touch the soil.",
        "Never touch the soil.",
        "critical",
        ("“never” added",),
        TODAY,
    )


def test_the_command_says_in_words_what_changed_and_what_became_of_it(project: Path) -> None:
    change(project / WATERING, "Touch the soil.", "Never touch the soil.")
    change(project / WATERING, "Look at the leaves.", "Look at all the leaves.")
    change(project / WATERING, "Wait. Then put it back.", "Wait, then put it back!")
    done = subprocess.run(
        [sys.executable, "-m", "handbill", "-C", str(project), "extract"],
        cwd=store.ENGINE,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-3:] == [
        "3 edits of the source: 1 cosmetic, 1 wording, 1 critical (see locales/changes.toml).",
        "translations in es: 1 carried over; 1 stale, to be mended; 1 withdrawn, to be made anew.",
        "3 files changed.",
    ]


UNREADABLE = {
    "the record": (changes.PATH, "<<<<<<< HEAD\n"),
    "a guide": ("content/guides/light.md", "no front matter\n"),
    "a declaration of what is critical": (
        changes.PATH,
        '[[change]]\ncatalog = "watering"\nold = "Go."\nnew = "Never go."\nkind = "critical"\n'
        'reasons = []\non = 2026-11-20\nmeaning = "unchanged"\nby = "Ana"\nbecause = "So."\n',
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_nothing_is_written_where_anything_is_wrong(what: str, project: Path) -> None:
    path, text = UNREADABLE[what]
    change(project / WATERING, "Touch the soil.", "Never touch the soil.")
    (project / path).write_text(text, encoding="utf-8")
    before = files(project)
    updated, problems = catalogs.extract(project, TODAY)
    assert updated == Updated()
    assert any(problem.severity == "error" and problem.place.path == path for problem in problems)
    assert files(project) == before


def spoil_as_text(catalog: Path) -> None:
    catalog.write_text('msgid "x"\nmsgstr "y\n', encoding="utf-8")


def spoil_as_folder(catalog: Path) -> None:
    catalog.unlink()
    catalog.mkdir()
    (catalog / "kept.txt").write_text("somebody's", encoding="utf-8")


@pytest.mark.parametrize("spoil", [spoil_as_text, spoil_as_folder])
def test_a_catalog_that_cannot_be_read_stays_and_the_others_are_brought_up_to_date(
    spoil: Callable[[Path], None], project: Path
) -> None:
    path = catalog_path("es", "light")
    change(project / WATERING, "Touch the soil.", "Never touch the soil.")
    spoil(project / path)
    before = files(project)
    done = subprocess.run(
        [sys.executable, "-m", "handbill", "-C", str(project), "extract"],
        cwd=store.ENGINE,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"\n{path}:" in f"\n{done.stderr}"
    assert "The other files are up to date." in done.stderr
    assert "Traceback" not in done.stderr
    after = files(project)
    assert {file for file in after if after[file] != before.get(file)} == {
        ES,
        changes.PATH,
        "locales/watering.pot",
    }
    assert before.keys() <= after.keys()


def test_what_moves_into_a_catalog_that_cannot_be_read_is_kept_where_it_was(project: Path) -> None:
    guide = (project / WATERING).read_text(encoding="utf-8")
    moving = "Touch the soil."
    assert guide.count(moving) == 1
    (project / WATERING).write_text(guide.replace(moving, "Look at the soil."), encoding="utf-8")
    other = project / "content/guides/light.md"
    other.write_text(other.read_text(encoding="utf-8") + f"\n{moving}\n", encoding="utf-8")
    spoil_as_text(project / catalog_path("es", "light"))
    catalogs.extract(project, TODAY)
    assert f'#~ msgid "{moving}"' in (project / ES).read_text(encoding="utf-8")


def test_a_template_with_marks_of_a_conflict_is_made_anew(project: Path) -> None:
    path = project / "locales" / "watering.pot"
    whole = path.read_bytes()
    path.write_bytes(whole + b"<<<<<<< HEAD\n")
    updated, problems = catalogs.extract(project, TODAY)
    assert [problem.code for problem in problems] == ["pot-unreadable"]
    assert updated.written == ("locales/watering.pot",)
    assert path.read_bytes() == whole


def test_an_edit_whose_writing_was_stopped_half_way_is_recorded_once(project: Path) -> None:
    change(project / WATERING, "Touch the soil.", "Never touch the soil.")
    before = files(project)
    catalogs.extract(project, TODAY)
    after = files(project)
    for path in (ES, "locales/watering.pot"):
        (project / path).write_bytes(before[path])
    updated, _ = catalogs.extract(project, date(2026, 11, 23))
    assert updated.changes == ()
    assert files(project) == after


def test_the_template_of_a_guide_that_is_gone_goes_and_its_translations_stay(project: Path) -> None:
    (project / "content/guides/light.md").unlink()
    change(project / WATERING, ", as [Light](light.md#window) explains", "")
    change(project / "content/booklets.toml", ', "light"', "")
    change(
        project / "content/site.toml",
        'H2 = "Light matters more than food"\nH3 = "New pots are for spring"\n',
        "",
    )
    updated, problems = catalogs.extract(project, TODAY)
    assert problems == ()
    assert updated.removed == ("locales/light.pot",)
    old = (project / catalog_path("es", "light")).read_text(encoding="utf-8")
    assert '#~ msgid "Wait for spring."\n#~ msgstr "Espera a la primavera."' in old
    assert '\nmsgid "W' not in old
    assert catalogs.extract(project, TODAY) == (Updated(), ())
