"""The command from outside, on small projects of their own: same bytes, no work twice, all or nothing.

Every build here is a process of its own, as it is for a user.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import CHECKOUT, date_anew

from handbill import po

SAMPLE = CHECKOUT / "tests" / "sample"
BOOKLETS = ("first-plants", "at-the-window")
FORMATS = ("", "-a4", "-letter")
SECOND_BOOKLET = """
[[booklet]]
id = "at-the-window"
title = "At the window"
summary = "Light alone."
audience = "supporter"
guides = ["light"]
"""


# --- projects and builds -----------------------------------------------------------------------------


def handbill(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a project to its end. No user ever sees a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "handbill", "-C", str(project), *arguments],
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def built(project: Path, *arguments: str, **environment: str) -> str:
    """Build a project that has nothing wrong with it, and return the summary."""
    done = handbill(project, "build", *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


_OUTCOME = """
import json, sys
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from handbill.outcome import Options
from handbill.pipeline import build
def told(value):
    if hasattr(value, "_asdict"):
        return {name: told(part) for name, part in value._asdict().items()}
    if is_dataclass(value):
        return asdict(value)
    return [told(part) for part in value] if isinstance(value, tuple) else value
if __name__ == "__main__":
    folder, today = sys.argv[1:]
    outcome = build(Options(Path(folder), date.fromisoformat(today), jobs=2), lambda *_: None)
    print(json.dumps(told(outcome), default=str))
"""


def outcome(project: Path, today: date | None = None) -> dict[str, Any]:
    """Build a project as on a given day, and return the engine's own account of it."""
    done = subprocess.run(
        [sys.executable, "-c", _OUTCOME, str(project), str(today or date.today())],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder: path → content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (folder, *sorted(folder.rglob("*")))}


def cached(project: Path) -> set[str]:
    """The booklets in a project's cache, without what they have in common."""
    folders = (project / ".cache/handbill/booklets").iterdir()
    return {folder.name for folder in folders if not (folder / "common.pdf").is_file()}


def left_over(project: Path) -> set[str]:
    """What lies in a project's folder beside what belongs there."""
    return {path.name for path in project.iterdir()} - {"content", "templates", "locales", "dist", ".cache"}


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} has {old!r} {text.count(old)} times"
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def untranslated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, not built: English, and Spanish without a catalog."""
    project = tmp_path_factory.mktemp("untranslated") / "project"
    shutil.copytree(SAMPLE / "content", project / "content")
    date_anew(project)
    return project


@pytest.fixture(scope="module")
def translated(untranslated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two booklets, two locales, all "translated", built, the cache warm: to be copied, not touched."""
    project = tmp_path_factory.mktemp("translated") / "project"
    shutil.copytree(untranslated, project)
    with (project / "content/booklets.toml").open("a", encoding="utf-8") as booklets:
        booklets.write(SECOND_BOOKLET)
    assert handbill(project, "extract").returncode == 0
    catalogs = sorted((project / "locales/es").rglob("*.po"))
    assert [path.stem for path in catalogs] == ["interface", "light", "watering"]
    for path in catalogs:
        catalog, problems = po.read(path.read_text(encoding="utf-8"), path.name)
        assert problems == ()
        entries = [
            replace(entry, msgstr=tuple(f"Es {entry.msgid}" for _ in entry.msgstr), flags=(), text="")
            if entry.msgid
            else entry
            for entry in catalog.entries
        ]
        path.write_text(po.write(replace(catalog, entries=tuple(entries))), encoding="utf-8")
    built(project)
    return project


@pytest.fixture
def fresh(untranslated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(untranslated, tmp_path / "project"))


@pytest.fixture
def warm(translated: Path, tmp_path: Path) -> Path:
    """A copy of `translated` to change at will, with its output and its cache."""
    return Path(shutil.copytree(translated, tmp_path / "project"))


# --- same bytes --------------------------------------------------------------------------------------


def test_builds_give_the_same_bytes_whatever_the_folder_hash_seed_time_zone_and_jobs(
    translated: Path, tmp_path: Path
) -> None:
    surroundings: Mapping[str, tuple[str, Mapping[str, str]]] = {
        "a": ("1", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}),
        "a folder/with é and more": ("2", {"PYTHONHASHSEED": "4711", "TZ": "Asia/Kolkata"}),
    }
    for name, (jobs, environment) in surroundings.items():
        for folder in ("content", "locales"):
            shutil.copytree(translated / folder, tmp_path / name / folder)
        built(tmp_path / name, "--jobs", jobs, **environment)
    first, second = (tree(tmp_path / name / "dist") for name in surroundings)
    published = [path for path in first if path.startswith("site/") and not path.endswith((".gz", ".br"))]
    assert len(published) == 2 * (7 + len(BOOKLETS) * len(FORMATS)) + 9
    assert first == second == tree(translated / "dist")


def test_a_deleted_output_comes_back_from_the_cache_the_same(warm: Path) -> None:
    before = tree(warm / "dist")
    shutil.rmtree(warm / "dist")
    assert outcome(warm)["typeset"] == 0
    assert tree(warm / "dist") == before


# --- no work twice -----------------------------------------------------------------------------------


def test_a_second_build_of_nothing_new_typesets_nothing_and_touches_no_file(warm: Path) -> None:
    assert "typeset anew" not in built(warm)
    before, kept = times(warm / "dist"), cached(warm)
    assert built(warm).startswith("Nothing changed since the last build.\n")
    assert times(warm / "dist") == before
    assert cached(warm) == kept
    assert left_over(warm) == set()


def test_a_changed_sentence_of_one_locale_sets_only_its_booklets_anew(warm: Path) -> None:
    before, kept = tree(warm / "dist"), cached(warm)
    assert len(kept) == 4
    catalog = warm / "locales/es/LC_MESSAGES/watering.po"
    change(catalog, 'msgstr "Es Touch the soil."', 'msgstr "Es Touch the soil first."')
    assert outcome(warm)["typeset"] == 1
    assert kept < cached(warm)
    assert len(cached(warm)) == 5
    in_common = list((warm / ".cache/handbill/booklets").glob("*/common.pdf"))
    assert len(in_common) == 2 * 2, "notes and first sheets, once a locale"
    after = tree(warm / "dist")
    changed = {path for path in after if after[path] != before[path]}
    sheets = {f"site/es/print/first-plants{format}.pdf" for format in FORMATS}
    page = {f"site/es/watering.html{ending}" for ending in ("", ".gz", ".br")}
    told = {"site/SHA256SUMS", "report.txt"}
    # The print page shows how large the files are.
    sizes = {f"site/es/print.html{ending}" for ending in ("", ".gz", ".br")}
    assert page | sheets <= changed <= page | sheets | told | sizes


def test_a_sentence_in_two_booklets_sets_both_anew_in_its_locale_alone(warm: Path) -> None:
    before = tree(warm / "dist/site/en")
    change(warm / "locales/es/LC_MESSAGES/light.po", 'msgstr "Es Wait for spring."', 'msgstr "Es Wait."')
    assert outcome(warm)["typeset"] == len(BOOKLETS)
    assert tree(warm / "dist/site/en") == before


# --- all or nothing ----------------------------------------------------------------------------------


MISTAKES = {
    "a guide": ("content/guides/light.md", b"\n[gone](nowhere.md)\n"),
    "a guide that is no text": ("content/guides/light.md", b"\xff"),
    "the contacts": ("content/contacts.toml", b"\n[[contact]\n"),
    "a template": ("templates/web/guide.html", b"{% block"),
    "a template's name": ("templates/web/guide.html", b"{{ nobody.knows }}"),
    "a booklet's template": ("templates/print/booklet.html", b"{{ nobody.knows }}"),
    "a picture": ("content/images/leaf.png", b""),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_leaves_the_old_output_as_it_was(what: str, warm: Path) -> None:
    name, mistake = MISTAKES[what]
    before = times(warm / "dist")
    file = warm / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(file.read_bytes() + mistake if mistake and file.exists() else mistake)
    done = handbill(warm, "build")
    assert done.returncode == 1, done.stdout
    assert re.search(rf"^{re.escape(name)}:\d+:\d+: error\[[a-z0-9-]+\]: .+\n  hint: .+$", done.stderr, re.M)
    assert re.search(r"^\d+ errors?\. dist/ is as it was before\.$", done.stderr, re.M)
    assert times(warm / "dist") == before
    assert left_over(warm) <= {"dist"}


_MANY = 12


def started(project: Path) -> subprocess.Popen[str]:
    """Begin a build with many booklets to make, and return once the first is finished."""
    booklets = project / "content/booklets.toml"
    one = booklets.read_text(encoding="utf-8").split("\n[[booklet]]")[0]
    # A summary of its own gives each a text that the cache does not have.
    many = (
        one.replace("first-plants", f"plants-{number}").replace("Water first", f"Water first {number}")
        for number in range(_MANY)
    )
    booklets.write_text("".join(many), encoding="utf-8")
    before = cached(project)
    process = subprocess.Popen(
        [sys.executable, "-m", "handbill", "-C", str(project), "build", "--jobs", "2"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not any(not name.startswith(".") for name in cached(project) - before):
        assert process.poll() is None, "the build ended before a booklet was made"
        time.sleep(0.005)
    return process


def all_gone(group: int) -> bool:
    """Whether no process of the group is left; they get a while to end."""
    for _ in range(1000):
        with suppress(ProcessLookupError):
            os.killpg(group, 0)
            time.sleep(0.01)
            continue
        return True
    return False


@pytest.mark.parametrize("to", [os.killpg, os.kill], ids=["everyone, as a terminal does", "the build alone"])
def test_ctrl_c_leaves_the_old_output_as_it_was_and_no_process(to: Any, warm: Path) -> None:
    before = times(warm / "dist")
    process = started(warm)
    to(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert errors.strip() == "Stopped. dist/ is as it was before."
    assert all_gone(process.pid)
    assert times(warm / "dist") == before
    assert left_over(warm) == set()


def test_a_killed_build_is_healed_by_the_next(warm: Path) -> None:
    before = times(warm / "dist")
    process = started(warm)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert all_gone(process.pid)
    assert times(warm / "dist") == before
    assert left_over(warm) != set(), "it was killed too late to leave anything"
    built(warm)
    assert left_over(warm) == set()
    assert len(list((warm / "dist/site/en/print").iterdir())) == _MANY * len(FORMATS)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_a_build_that_is_killed(sign: signal.Signals, warm: Path) -> None:
    process = started(warm)
    os.kill(process.pid, sign)
    process.wait()
    assert all_gone(process.pid)
    process.communicate()


def test_a_build_killed_between_its_two_last_steps_is_healed_by_the_next(warm: Path) -> None:
    before = tree(warm / "dist")
    shutil.copytree(warm / "dist", warm / ".dist.new-broken")
    (warm / "dist").rename(warm / ".dist.old")
    built(warm)
    assert tree(warm / "dist") == before
    assert left_over(warm) == set()


# --- what is left out, and said so -------------------------------------------------------------------


def drafted(pdf: Path) -> list[bool]:
    """Whether each page says DRAFT."""
    done = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True)
    return ["DRAFT" in page for page in done.stdout.split("\f")[:-1]]


def test_a_locale_without_catalogs_is_shown_in_the_source_language_and_its_booklets_are_held(
    fresh: Path,
) -> None:
    summary = built(fresh)
    assert re.search(r"^left out +es: \d+ messages in the source language$", summary, re.M)
    assert re.search(r"^left out +booklet first-plants in es: its translation is incomplete", summary, re.M)
    assert not (fresh / "dist/site/es/print").exists()
    assert not any(drafted(fresh / "dist/site/en/print/first-plants.pdf"))
    page = (fresh / "dist/site/es/watering.html").read_text(encoding="utf-8")
    assert '<html lang="es" dir="ltr">' in page
    assert '<div class="untranslated">' in page
    assert '<div lang="en" dir="ltr">' in page
    assert ".pdf" not in (fresh / "dist/site/es/print.html").read_text(encoding="utf-8")


def test_a_draft_prints_them_all_the_same_and_says_draft_on_each_page(fresh: Path) -> None:
    summary = built(fresh, "--draft")
    assert "booklet first-plants in es" not in summary
    for format in FORMATS:
        first = 2 if format else 0  # the sheet that says how to print is for whoever prints
        assert all(drafted(fresh / f"dist/site/es/print/first-plants{format}.pdf")[first:]), format
        assert not any(drafted(fresh / f"dist/site/en/print/first-plants{format}.pdf")), format
    assert len(drafted(fresh / "dist/site/es/print/first-plants.pdf")) > 4


def test_one_stale_message_holds_back_its_booklets_and_no_others(warm: Path) -> None:
    change(
        warm / "locales/es/LC_MESSAGES/watering.po",
        'msgid "Touch the soil."',
        '#, fuzzy\nmsgid "Touch the soil."',
    )
    summary = built(warm)
    assert "booklet first-plants in es: its translation is incomplete" in summary
    assert "booklet at-the-window" not in summary
    assert "es: 1 message in the source language" in summary
    page = (warm / "dist/site/es/watering.html").read_text(encoding="utf-8")
    fallback = page.partition('<div class="untranslated">')[2].partition("</div>\n</div>")[0]
    assert "<li>Look at the leaves." in fallback.replace("<p>", ""), "a list stands or falls together"
    assert "Es Look at the leaves." not in page
    assert "Es Wait. Then put it back." in page


def test_a_contact_unchecked_for_over_a_year_holds_every_booklet_back(warm: Path) -> None:
    told = outcome(warm, date.today() + timedelta(days=400))
    reasons = {(item["booklet"], item["locale"], item["reason"]) for item in told["held"]}
    assert reasons == {(id, locale, "unchecked-contact") for id in BOOKLETS for locale in ("en", "es")}
    assert told["printed"] == []
    codes = {problem["code"] for problem in told["diagnostics"]}
    assert {"contact-unchecked", "guide-overdue"} <= codes
    assert list((warm / "dist").rglob("*.pdf")) == []
    page = (warm / "dist/site/en/print.html").read_text(encoding="utf-8")
    assert page.count('class="held"') == len(BOOKLETS)
    assert "unchecked-contact" not in page


# --- the command line --------------------------------------------------------------------------------


def test_a_summary_that_goes_to_a_file_is_plain_text_and_counts_what_was_made(warm: Path) -> None:
    (warm / ".cache/handbill/last-build.json").unlink()
    done = handbill(warm, "build", TERM="xterm-256color")
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    sheets = sum(
        len(pikepdf.open(path).pages) // 2 - 1  # the first sheet is no part of a copy
        for path in (warm / "dist").rglob("*.pdf")
        if path.stem.endswith(("-a4", "-letter"))
    )
    progress, *lines = done.stdout.splitlines()
    assert progress == "making     16 pages"
    assert lines[0] == "website    16 pages in 2 languages: English, Español"
    assert lines[1] == f"booklets   12 PDFs, {sheets} sheets of paper for one of each"
    assert re.fullmatch(r"largest +es/watering.html: [0-9.]+ kB with all that it loads, [45] .*", lines[2])
    assert re.fullmatch(r"draft +es: no native speaker has checked all of it; .*", lines[3])
    assert re.fullmatch(r"The website is in \S+dist/site: .*", lines[4])
    assert len(lines) == 5


def test_quiet_says_nothing_where_nothing_is_wrong(warm: Path) -> None:
    done = handbill(warm, "build", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "arguments",
    [["no-such-command"], ["build", "--jobs", "0"], ["build", "--no-such-option"], ["build", "too-much"]],
    ids=" ".join,
)
def test_a_command_that_is_not_understood_ends_with_2_and_says_why(
    arguments: list[str], untranslated: Path
) -> None:
    done = handbill(untranslated, *arguments)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    assert left_over(untranslated) == set()


def test_a_folder_that_is_not_there_ends_with_2_and_one_without_a_project_with_1(tmp_path: Path) -> None:
    assert handbill(tmp_path / "nowhere", "build").returncode == 2
    done = handbill(tmp_path, "build")
    assert done.returncode == 1
    assert "error[no-site]" in done.stderr
    assert "error[no-guides]" in done.stderr


def test_a_projects_own_templates_lie_over_the_engines(warm: Path) -> None:
    booklets = {path: content for path, content in tree(warm / "dist").items() if path.endswith(".pdf")}
    sheet = warm / "templates/assets/site.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("body { color: green }\n", encoding="utf-8")
    (warm / "templates/assets/more.css").write_text("p { margin: 0 }\n", encoding="utf-8")
    own = '{% extends "web/base.html" %}{% block main %}<h1>Ours</h1>{% endblock %}'
    (warm / "templates/web").mkdir()
    (warm / "templates/web/home.html").write_text(own, encoding="utf-8")
    built(warm)
    after = tree(warm / "dist")
    assert after["site/assets/site.css"] == b"body { color: green }\n"
    assert after["site/assets/more.css"] == b"p { margin: 0 }\n"
    assert b"<h1>Ours</h1>" in after["site/es/index.html"]
    assert b"<h1>Ours</h1>" not in after["site/es/watering.html"]
    assert {path: content for path, content in after.items() if path.endswith(".pdf")} == booklets


def test_an_edition_that_is_told_nowhere_in_a_booklet_is_not_an_old_one_either(warm: Path) -> None:
    imprint = warm / "templates/print/imprint.html"
    imprint.parent.mkdir(parents=True)
    imprint.write_text("<p>Ours</p>\n", encoding="utf-8")
    before = [file["edition"] for file in outcome(warm)["printed"]]
    guide = warm / "content/guides/light.md"
    text = guide.read_text(encoding="utf-8")
    reviewed = date.fromisoformat(text.partition("reviewed: ")[2][:10])
    earlier = reviewed - timedelta(days=40)
    guide.write_text(text.replace(f"{reviewed}", f"{earlier}"), encoding="utf-8")
    after = [file["edition"] for file in outcome(warm)["printed"]]
    assert after != before, "the web tells the edition, by the newest review"


def test_clean_removes_what_can_be_made_again_and_nothing_else(warm: Path) -> None:
    before = {**tree(warm / "content"), **tree(warm / "locales")}
    done = handbill(warm, "clean")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (warm / "dist").exists()
    assert not (warm / ".cache/handbill").exists()
    assert {**tree(warm / "content"), **tree(warm / "locales")} == before
    assert handbill(warm, "clean").returncode == 0


def test_extract_leaves_a_finished_project_as_it_is(warm: Path) -> None:
    handbill(warm, "extract")  # what was added to the sample is told to its translators
    before = times(warm / "locales")
    done = handbill(warm, "extract")
    assert (done.returncode, done.stdout) == (0, "Everything is up to date.\n")
    assert times(warm / "locales") == before
