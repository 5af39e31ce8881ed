"""The command `review`: marks are bound to what was read, and a review is never made by accident."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import CHECKOUT
from example import write_project
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill import desk, po, publish, reviewing, reviews
from handbill.desk import Desk
from handbill.model import Catalog, Entry, Place, Role, State
from handbill.reviewing import Pair, Reading
from handbill.source import catalog_path

TODAY = date(2026, 11, 22)
GUIDES = ("light", "watering")
MARKS = reviews.path("es")
Key = tuple[str, str | None, str]
"""Catalog, context and text of a message."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with the sample project."""
    write_project(tmp_path)
    return tmp_path


def opened(project: Path) -> Desk:
    found, problems = desk.opened(project, TODAY)
    assert found, problems
    return found


def due(project: Path, *names: str, role: Role = "native-speaker") -> tuple[Reading, ...]:
    """Return what is to be read, where nothing is wrong."""
    readings, problems = reviewing.readings(opened(project), "es", names, role)
    assert problems == ()
    return readings


def mark(project: Path, *names: str, by: str = "Ana", role: Role = "native-speaker") -> None:
    """Mark all that is due."""
    marks = {
        reading.catalog: [pair.mark for pair in reading.due] for reading in due(project, *names, role=role)
    }
    assert reviewing.record(opened(project), "es", by, role, marks) == ()


def states(project: Path) -> Mapping[Key, State]:
    """Return the state of every message of every catalog, from the files alone."""
    messages = opened(project).messages
    content = (project / MARKS).read_bytes() if (project / MARKS).exists() else None
    found, problems = reviews.read(content, MARKS, tuple(messages), TODAY)
    assert problems == ()
    values = opened(project).values
    marks = publish.marks_by(found, "native-speaker")
    return {
        (name, message.context, message.text): state
        for name, listed in messages.items()
        for message, state in zip(
            listed, publish.states(listed, catalog(project, name), (), marks, values), strict=True
        )
    }


def catalog(project: Path, name: str) -> Catalog:
    path = catalog_path("es", name)
    found, problems = po.read((project / path).read_text(encoding="utf-8"), path)
    assert problems == ()
    return found


def edit(project: Path, name: str, change: Callable[[Entry], Entry]) -> None:
    """Change entries of a catalog in its file."""
    old = catalog(project, name)
    entries = [change(entry) if entry.msgid else entry for entry in old.entries]
    made = [
        new if new is entry else replace(new, text="")
        for new, entry in zip(entries, old.entries, strict=True)
    ]
    (project / old.path).write_text(po.write(replace(old, entries=tuple(made))), encoding="utf-8")


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def not_reviewed(project: Path) -> set[Key]:
    return {key for key, state in states(project).items() if state is not State.REVIEWED}


def run(project: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "handbill", "-C", str(project), "review", *arguments],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


# --- what a mark is bound to -------------------------------------------------------------------------


def test_what_is_marked_is_reviewed_and_nothing_is_due_any_more(project: Path) -> None:
    assert set(states(project).values()) == {State.TRANSLATED}
    mark(project, *GUIDES, "interface")
    assert not_reviewed(project) == set()
    assert [reading.due for reading in due(project, *GUIDES)] == [(), ()]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_later_edit_of_a_translation_voids_its_mark_and_only_that_one(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        project = Path(folder)
        write_project(project)
        mark(project, *GUIDES, "interface")
        name, context, text = data.draw(st.sampled_from(sorted(states(project), key=repr)))
        form = data.draw(st.integers(0, 1))
        at = data.draw(st.integers(0, 60))
        added = data.draw(st.sampled_from([" ", ".", "a", "\u00a0", "\n", "\u200f", "не"]))

        def change(entry: Entry) -> Entry:
            if (entry.msgctxt, entry.msgid) != (context, text):
                return entry
            forms = list(entry.msgstr)
            index = min(form, len(forms) - 1)
            forms[index] = forms[index][:at] + added + forms[index][at:]
            return replace(entry, msgstr=tuple(forms))

        edit(project, name, change)
        assert not_reviewed(project) == {(name, context, text)}


SENTENCES = [
    ("light", "Wait for spring."),
    ("light", "New pots"),
    ("light", "Where each plant wants to stand."),
    ("watering", "Carry the pot to the sink."),
    ("watering", "Water the plant, not the calendar."),
    ("watering", "Cactus"),
]


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(SENTENCES), st.sampled_from([",", "?", " not", "é", " **now**"]), st.booleans())
def test_any_later_edit_of_the_source_voids_its_mark_and_only_that_one(
    sentence: tuple[str, str], added: str, is_mended: bool
) -> None:
    name, text = sentence
    new = text + added
    with TemporaryDirectory() as folder:
        project = Path(folder)
        write_project(project)
        mark(project, *GUIDES, "interface")
        guide = project / "content" / "guides" / f"{name}.md"
        for before in ("- ", "## ", ". ", ": ", "> ", "| "):
            for after in ("\n", " {#", " |"):
                content = guide.read_text(encoding="utf-8")
                guide.write_text(
                    content.replace(before + text + after, before + new + after), encoding="utf-8"
                )
        if is_mended:  # as a translator may who takes the old words for the new
            edit(project, name, lambda entry: replace(entry, msgid=new) if entry.msgid == text else entry)
        assert not_reviewed(project) == {(name, None, new)}
        assert states(project)[name, None, new] is (State.TRANSLATED if is_mended else State.MISSING)


@pytest.mark.parametrize(
    ("old", "new", "token"),
    [
        ('phone = "555-0100"', 'phone = "555-0101"', "{plant-rescue.phone}"),
        ('phone = "555-0123"', 'phone = "555 0123"', "{help-line.phone}"),
        ('web = "plants.example/help"', 'web = "plants.example/ask"', "{help-line.web}"),
    ],
)
def test_another_contact_voids_the_marks_of_the_messages_that_name_it_and_only_those(
    project: Path, old: str, new: str, token: str
) -> None:
    mark(project, *GUIDES, "interface")
    rewrite(project / "content" / "contacts.toml", old, new)
    assert not_reviewed(project) == {key for key in states(project) if token in key[2]} != set()


def test_what_is_wrapped_reordered_or_commented_anew_stays_reviewed(project: Path) -> None:
    mark(project, *GUIDES)
    path = project / catalog_path("es", "light")
    rewrite(path, 'msgstr "Espera a la primavera."', 'msgstr ""\n"Espera a "\n"la primavera."')
    edit(project, "watering", lambda entry: replace(entry, comments=("Seen.",), references=("x.md:1",)))
    rewrite(project / "content" / "guides" / "watering.md", "is written\nover two", "is\nwritten over two")
    assert {key[0] for key in not_reviewed(project)} == {"interface"}


def test_a_message_that_moves_to_another_guide_takes_its_mark_along(project: Path) -> None:
    mark(project, *GUIDES)
    text = "Water the plant, not the calendar."
    rewrite(project / "content" / "guides" / "watering.md", f"> {text}\n", "")
    with (project / "content" / "guides" / "light.md").open("a", encoding="utf-8") as guide:
        guide.write(f"\n> {text}\n")
    moved = next(entry for entry in catalog(project, "watering").entries if entry.msgid == text)
    edit(project, "watering", lambda entry: replace(entry, obsolete=True) if entry == moved else entry)
    with (project / catalog_path("es", "light")).open("a", encoding="utf-8") as file:
        file.write(moved.text)
    assert states(project)["light", None, text] is State.REVIEWED
    assert {key[0] for key in not_reviewed(project)} == {"interface"}


def test_a_translation_that_is_put_back_is_reviewed_again(project: Path) -> None:
    mark(project, *GUIDES, "interface")
    path = project / catalog_path("es", "light")
    rewrite(path, "Espera a la primavera.", "Espera al verano.")
    assert len(not_reviewed(project)) == 1
    rewrite(path, "Espera al verano.", "Espera a la primavera.")
    assert not_reviewed(project) == set()


def test_what_is_edited_between_reading_and_marking_is_not_reviewed(project: Path) -> None:
    (reading,) = due(project, "light")
    rewrite(project / catalog_path("es", "light"), "Espera a la primavera.", "No esperes.")
    marks = {"light": [pair.mark for pair in reading.due]}
    reviewing.record(opened(project), "es", "Ana", "native-speaker", marks)
    assert states(project)["light", None, "Wait for spring."] is State.TRANSLATED


# --- what is due -------------------------------------------------------------------------------------


def test_only_current_messages_without_an_error_are_due_and_the_others_are_counted(project: Path) -> None:
    changes = {
        "Wait for spring.": Entry("", ("",)),
        "New pots": Entry("", ("Maceta",), flags=("fuzzy",), previous_msgid="New pot"),
        "Who to ask": Entry("", ("",), previous_msgid="Who to call"),
        "At the window": Entry("", ("Junto a la {ventana.phone}",)),
    }
    edit(
        project,
        "light",
        lambda entry: replace(changes.get(entry.msgid, entry), msgid=entry.msgid),
    )
    (before,) = due(project, "light")
    assert (before.missing, before.stale, before.withdrawn, before.refused, before.marked) == (1, 1, 1, 1, 0)
    assert not {pair.sources[0] for pair in before.due} & changes.keys()
    mark(project, "light")
    (after,) = due(project, "light")
    assert after == replace(before, due=(), marked=len(before.due))


def test_a_role_reads_what_the_other_has_read(project: Path) -> None:
    mark(project, "light", role="subject-expert")
    assert set(states(project).values()) == {State.TRANSLATED}
    assert due(project, "light", role="subject-expert")[0].due == ()
    assert len(due(project, "light")[0].due) == due(project, "light", role="subject-expert")[0].marked


def test_what_was_read_in_the_language_fallen_back_to_need_not_be_read_again(project: Path) -> None:
    site = project / "content" / "site.toml"
    rewrite(site, 'locales = ["es"]', 'locales = ["es", "es_MX"]\nlocale.es_MX.fallback = ["es"]')
    copied = (project / catalog_path("es", "light")).read_text(encoding="utf-8")
    copied = copied.replace('"Language: es\\n"', '"Language: es_MX\\n"')
    path = project / catalog_path("es_MX", "light")
    path.parent.mkdir(parents=True)
    path.write_text(copied.replace("Espera a la primavera.", "Espérate a la primavera."), encoding="utf-8")
    mark(project, "light")
    (reading,), problems = reviewing.readings(opened(project), "es_MX", ["light"], "native-speaker")
    assert problems == ()
    assert [pair.forms for pair in reading.due] == [("Espérate a la primavera.",)]


def test_a_message_of_two_guides_is_due_once(project: Path) -> None:
    with (project / "content" / "guides" / "light.md").open("a", encoding="utf-8") as guide:
        guide.write("\nWater the plant, not the calendar.\n")
    same = next(entry for entry in catalog(project, "watering").entries if "calendar" in entry.msgid)
    with (project / catalog_path("es", "light")).open("a", encoding="utf-8") as file:
        file.write(same.text)
    light, watering = due(project, "light", "watering", "light")
    both = [pair.sources[0] for reading in (light, watering) for pair in reading.due]
    assert both.count(same.msgid) == 1
    assert len(both) == len(set(both))
    assert watering.marked == 1


def test_a_plural_is_read_in_all_its_forms_and_with_its_contacts() -> None:
    assert row(
        pair(sources=("One call", "{n.phone} calls"), forms=("a", "b"), contacts=(("n.phone", "911"),))
    ) == (
        "",
        "One call\n{n.phone} calls\n{n.phone} is 911",
        "a\nb",
    )


def test_an_unreadable_catalog_is_told_and_nothing_is_due(project: Path) -> None:
    path = project / catalog_path("es", "light")
    path.write_text(path.read_text(encoding="utf-8") + '\nmsgid "x\n', encoding="utf-8")
    readings, problems = reviewing.readings(opened(project), "es", GUIDES, "native-speaker")
    assert (readings, [problem.code for problem in problems]) == ((), ["po-quote-missing"])


def test_a_locale_without_files_has_nothing_due(project: Path) -> None:
    (project / catalog_path("es", "light")).unlink()
    (reading,) = due(project, "light")
    assert (reading.due, reading.missing) == ((), 11)


def test_a_file_that_cannot_be_added_to_stays_as_it_is(project: Path) -> None:
    inline = (
        'review = [{catalog = "light", by = "A", role = "native-speaker", on = 2026-11-01, '
        'marks = ["0123456789abcdef"]}]\n'
    )
    for text in (inline, "[[review]]\n"):
        (project / MARKS).write_text(text, encoding="utf-8")
        problems = reviewing.record(opened(project), "es", "Ana", "native-speaker", {"light": ["0" * 16]})
        assert {problem.severity for problem in problems} == {"error"}
        assert (project / MARKS).read_text(encoding="utf-8") == text


# --- on a screen -------------------------------------------------------------------------------------


def pair(
    *,
    sources: tuple[str, ...] = ("Wait.",),
    forms: tuple[str, ...] = ("Espera.",),
    headings: tuple[str, ...] = (),
    is_heading: bool = False,
    context: str | None = None,
    contacts: tuple[tuple[str, str], ...] = (),
) -> Pair:
    return Pair(Place("x.po"), headings, is_heading, False, context, sources, forms, contacts, "0" * 16)


def row(pair: Pair) -> tuple[str, str, str]:
    (made,) = reviewing.rows([pair])
    return made.above, made.source, made.translation


def test_headings_are_told_where_they_change() -> None:
    listed = [
        pair(sources=("Bag",), is_heading=True),
        pair(headings=("Bag",)),
        pair(headings=("Bag", "Papers")),
        pair(headings=("Bag", "Papers")),
        pair(headings=("Home",)),
    ]
    assert [row.above for row in reviewing.rows(listed)] == ["", "", "Bag › Papers", "", "Home"]


def test_a_context_stands_above_and_the_translation_beside_its_source() -> None:
    assert row(pair(context="button")) == ("", "(button)\nWait.", "\nEspera.")


def test_nothing_in_a_message_commands_the_terminal_or_turns_its_lines() -> None:
    hostile = pair(
        sources=("a\x1b[2J\x07b\nc",), forms=("\u202eabc\u2066\r",), context="\x9b", headings=("\x1b",)
    )
    assert row(hostile) == (
        "<U+001B>",
        "(<U+009B>)\na<U+001B>[2J<U+0007>b\nc",
        "\n<U+202E>abc<U+2066><U+000D>",
    )


@given(
    st.lists(st.text(st.sampled_from("ab \n"), max_size=90), max_size=12),
    st.integers(1, 30),
    st.integers(0, 40),
)
def test_every_message_is_on_one_page_in_order_and_no_page_is_empty(
    texts: list[str], width: int, height: int
) -> None:
    rows = reviewing.rows([pair(sources=(text,)) for text in texts])
    paged = list(reviewing.pages(rows, width, height, len))
    assert tuple(row for page in paged for row in page) == rows
    assert all(paged)
    if paged and height >= 200:
        assert len(paged) == 1


def test_a_page_is_as_long_as_the_screen() -> None:
    rows = reviewing.rows([pair()] * 10)
    assert [len(page) for page in reviewing.pages(rows, 40, 8, len)] == [4, 4, 2]
    assert [len(page) for page in reviewing.pages(rows, 40, 1, len)] == [1] * 10
    assert [len(page) for page in reviewing.pages(rows, 40, 99, len)] == [10]


# --- the command -------------------------------------------------------------------------------------

AS_ANA = ("--by", "Ana  P.", "--role", "native-speaker")


def test_with_yes_all_that_can_be_is_marked_and_what_was_done_is_said(project: Path) -> None:
    rewrite(project / catalog_path("es", "light"), '"Espera a la primavera."', '""')
    code, out, err = run(project, "es", "light", *AS_ANA, "--yes")
    assert (code, err) == (0, "")
    assert out == (
        "light: 10 messages marked; cannot be marked: 1 missing\n"
        "wrote locales/es/reviews.toml; committing it makes the name “Ana P.” public.\n"
    )
    before = (project / MARKS).read_bytes()
    assert b'by = "Ana P."\nrole = "native-speaker"\n' in before
    code, out, _ = run(project, "es", "light", *AS_ANA, "--yes")
    assert (code, out) == (0, "light: 0 messages marked; 10 marked already; cannot be marked: 1 missing\n")
    assert (project / MARKS).read_bytes() == before
    code, out, _ = run(project, "es", "watering", "light", "--by", "Rao", "--role", "subject-expert", "--yes")
    assert code == 0
    assert (project / MARKS).read_bytes().startswith(before)
    assert (project / MARKS).read_text(encoding="utf-8").count("[[review]]") == 3


def test_without_a_terminal_nothing_is_marked_by_accident(project: Path) -> None:
    code, out, err = run(project, "es", "light", *AS_ANA)
    assert (code, out) == (2, "")
    assert "--yes" in err
    assert not (project / MARKS).exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fr", "light", *AS_ANA), "There is no locale 'fr' here. There are es."),
        (("en", "light", *AS_ANA), "The guides are written in 'en'"),
        (("es", "ligth", *AS_ANA), "Did you mean light? There are light, watering, interface."),
        (("es", *AS_ANA), "Missing argument"),
        (("es", "light", "--by", " ", "--role", "native-speaker"), "--by needs a name or a pseudonym"),
        (("es", "light", "--by", "Ana", "--role", "friend"), "'native-speaker', 'subject-expert'"),
        (("es", "light", "--role", "native-speaker"), "Missing option '--by'"),
    ],
)
def test_what_is_not_understood_is_told_and_nothing_is_written(
    project: Path, arguments: Sequence[str], said: str
) -> None:
    code, out, err = run(project, *arguments, "--yes")
    assert (code, out) == (2, "")
    assert said in err
    assert not (project / MARKS).exists()


def test_reviews_that_cannot_be_read_are_not_added_to(project: Path) -> None:
    (project / MARKS).write_text("[[review]]\n", encoding="utf-8")
    code, out, err = run(project, "es", "light", *AS_ANA, "--yes")
    assert (code, out) == (1, "")
    assert "error[missing-key]" in err
    assert err.endswith("Nothing was marked.\n")


def at_a_terminal(project: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run the command on a terminal of 100 columns and 24 lines with answers typed; return what it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "handbill", "-C", str(project), "review", *arguments],
        cwd=CHECKOUT,
        env={name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS")}
        | {"TERM": "xterm", "NO_COLOR": "1"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        os.write(ours, answers.encode() + b"\x04")
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        code = process.wait(60)
    os.close(ours)
    assert b"Traceback" not in shown
    return code, shown.decode()


def test_at_a_terminal_each_message_is_shown_beside_its_translation_and_what_is_not_right_is_left_out(
    project: Path,
) -> None:
    code, shown = at_a_terminal(project, "9\n2\n\n\ny\n", "es", "light", *AS_ANA)
    assert code == 0, shown
    assert "light: 1 to 6 of 11" in shown
    assert "light: 11 to 11 of 11" in shown
    assert "Wait for spring." in shown
    assert "Espera a la primavera." in shown
    assert "{help-line.phone} is 555-0123" in shown
    assert "none of the numbers" in shown
    assert "The name becomes public" in shown
    assert "light: 10 messages marked; 1 left" in shown
    assert "not right  locales/es/LC_MESSAGES/light.po:" in shown
    found = states(project)
    assert found["light", None, "Where each plant wants to stand."] is State.TRANSLATED
    assert found["light", None, "Wait for spring."] is State.REVIEWED


def test_who_stops_may_mark_what_was_read(project: Path) -> None:
    code, shown = at_a_terminal(project, "\nq\ny\n", "es", "light", "watering", *AS_ANA)
    assert code == 0, shown
    reviewed = [key for key, state in states(project).items() if state is State.REVIEWED]
    assert ("light", None, "Light: near the window, or not") in reviewed
    assert 1 < len(reviewed) < 11
    assert {key[0] for key in reviewed} == {"light"}


@pytest.mark.parametrize("answers", ["q\n", "\n\n\n\n\nn\n", "\n", ""])
def test_nothing_is_marked_without_a_yes(project: Path, answers: str) -> None:
    code, shown = at_a_terminal(project, answers, "es", "light", *AS_ANA)
    assert code in (0, 130), shown
    assert not (project / MARKS).exists()
