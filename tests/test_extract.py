"""Extraction: what there is to translate, and in which catalog."""

import subprocess
import sys
from pathlib import Path

import pytest

from handbill import extract, load, parse, po
from handbill.model import Message, Place, Project, Template

ROOT = Path(__file__).parent.parent


def template(text: str, name: str = "web/page.html") -> Template:
    return Template(name, f"/somewhere/templates/{name}", text)


def messages(text: str) -> list[tuple[str, str | None, str | None]]:
    found, problems = extract.template_messages(template(text))
    assert problems == ()
    return [(message.text, message.plural, message.context) for message in found]


def project(folder: Path) -> Project:
    paths = [
        path for name in ("content", "templates") for path in (folder / name).rglob("*") if path.is_file()
    ]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    found, problems = load.load(files, {})
    assert found, problems
    return found


# --- templates -------------------------------------------------------------------------------------


def test_every_way_of_asking_for_a_translation_is_found() -> None:
    text = """
    {{ _("one") }} {{ gettext("two", name=name) }} {{ ngettext("page", "pages", count) }}
    {{ pgettext("button", "Print") }} {{ npgettext("pile", "sheet", "sheets", count) }}
    {% trans when=day %}Read on {{ when }}.{% endtrans %}
    {% trans num=count %}{{ num }} leaf{% pluralize num %}{{ num }} leaves{% endtrans %}
    {% if shown %}<p title="{{ _("inside") }}">{% endif %}
    """
    assert messages(text) == [
        ("one", None, None),
        ("two", None, None),
        ("page", "pages", None),
        ("Print", None, "button"),
        ("sheet", "sheets", "pile"),
        ("Read on %(when)s.", None, None),
        ("%(num)s leaf", "%(num)s leaves", None),
        ("inside", None, None),
    ]


def test_only_pages_and_booklets_are_looked_at() -> None:
    for name in ("assets/site.css", "web/page.txt", "mail/page.html"):
        assert extract.template_messages(template('{{ _("x") }}', name)) == ((), ())
    assert extract.template_messages(template('{{ _("x") }}', "print/booklet.html"))[0]


def test_a_message_s_place_has_no_path_of_a_machine() -> None:
    found, _ = extract.template_messages(template('\n{{ _("x") }}'))
    assert found[0].place == Place("templates/web/page.html", 2)


def test_a_translators_comment_goes_with_the_next_message() -> None:
    text = '{# translators: on a\n   button #}\n{{ _("Go") }}\n{# not for them #}\n{{ _("Stop") }}'
    found, _ = extract.template_messages(template(text))
    assert [message.notes for message in found] == [("on a button",), ()]


@pytest.mark.parametrize(
    ("comment", "notes", "critical", "longest"),
    [
        ("On a button. [longest 24]", ("On a button.",), False, 24),
        ("In a bar,\n   at the top [critical]\n [longest 9] ", ("In a bar, at the top",), True, 9),
        ("[longest 12]", (), False, 12),
        ("Not [critical] by itself.", ("Not [critical] by itself.",), False, None),
    ],
)
def test_a_translators_comment_says_how_much_room_there_is_and_what_is_critical(
    comment: str, notes: tuple[str, ...], critical: bool, longest: int | None
) -> None:
    found, problems = extract.template_messages(
        template(f"{{# translators: {comment} #}}\n{{% trans %}}Go{{% endtrans %}}")
    )
    assert problems == ()
    assert [(one.notes, one.critical, one.longest) for one in found] == [(notes, critical, longest)]


@pytest.mark.parametrize("mark", ["longest", "longest 0", "longest: 9", "longest 99999", "Critical", ""])
def test_a_mark_that_means_nothing_is_reported(mark: str) -> None:
    found, problems = extract.template_messages(
        template(f'\n{{# translators: On a button. [{mark}] #}}\n{{{{ _("Go") }}}}')
    )
    assert [(problem.code, problem.place.line) for problem in problems] == [("template-note", 3)]
    assert [message.text for message in found] == ["Go"]


def test_a_template_that_cannot_be_read_is_reported_with_its_line() -> None:
    found, problems = extract.template_messages(template("\n{% if %}"))
    assert found == ()
    assert [(problem.code, problem.place.line) for problem in problems] == [("template-syntax", 2)]


@pytest.mark.parametrize(
    "call", ["_(name)", "_()", '_("")', 'ngettext("page", many, 2)', 'pgettext(place, "x")']
)
def test_a_call_without_its_text_is_reported(call: str) -> None:
    found, problems = extract.template_messages(template(f"{{{{ {call} }}}}"))
    assert found == ()
    assert [problem.code for problem in problems] == ["message-not-constant"]


def test_one_text_with_two_plurals_is_reported() -> None:
    own = project(ROOT)
    pages = (template('{{ ngettext("page", "pages", n) }}'), template('{{ _("page") }}', "web/other.html"))
    changed = Project(own.site, own.regions, own.contacts, own.booklets, own.guides, pages, own.images)
    _, problems = extract.interface(changed)
    assert [(problem.code, problem.place.path) for problem in problems] == [
        ("message-plural-differs", "templates/web/other.html")
    ]


# --- the template catalog --------------------------------------------------------------------------


def test_a_message_has_one_entry_however_often_it_stands() -> None:
    one, two = Place("content/guides/a.md", 3), Place("content/guides/a.md", 9)
    found = [
        Message("Call now.", "paragraph", one),
        Message("Wait.", "item", one),
        Message("Call now.", "item", two),
        Message("Call now.", "string", Place("templates/web/b.html"), context="button"),
    ]
    entries = extract.pot(found, "a").entries[1:]
    assert [(entry.msgctxt, entry.msgid, entry.references) for entry in entries] == [
        (None, "Call now.", ("content/guides/a.md",)),
        (None, "Wait.", ("content/guides/a.md",)),
        ("button", "Call now.", ("templates/web/b.html",)),
    ]


def test_a_template_catalog_is_read_without_a_fault_and_passes_gnu_s_check(tmp_path: Path) -> None:
    found, problems = extract.interface(project(ROOT))
    assert problems == ()
    text = po.write(extract.pot(found, "interface"))
    assert po.read(text, "interface.pot")[1] == ()
    path = tmp_path / "interface.pot"
    path.write_text(text, "utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", str(path)], check=True)


def test_no_line_number_nor_date_gets_into_a_template_catalog() -> None:
    found, _ = extract.interface(project(ROOT))
    catalog = extract.pot(found, "interface")
    assert not any(":" in reference for entry in catalog.entries for reference in entry.references)
    assert "Date" not in catalog.entries[0].msgstr[0]


# --- the same through Babel's own command ----------------------------------------------------------


def test_pybabel_extract_finds_the_same_messages(tmp_path: Path) -> None:
    own = project(ROOT)
    found = list(extract.interface(own)[0])
    for guide in own.guides:
        found.extend(parse.parse(guide)[0].messages)
    ours = {(message.context, message.text) for message in found}
    plurals = {message.plural for message in found}

    output = tmp_path / "all.pot"
    arguments = ["extract", "-F", "babel.cfg", "--no-wrap", "--no-location", "-o", str(output), "."]
    command = [sys.executable, "-m", "babel.messages.frontend", *arguments]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    theirs, faults = po.read(output.read_text("utf-8"), "all.pot")
    assert faults == ()
    assert {(entry.msgctxt, entry.msgid) for entry in theirs.entries if entry.msgid} == ours
    assert {entry.msgid_plural for entry in theirs.entries} == plurals


def test_pybabel_stops_at_a_guide_that_we_would_refuse(tmp_path: Path) -> None:
    (tmp_path / "content/guides").mkdir(parents=True)
    (tmp_path / "content/guides/x.md").write_text("no front matter\n", "utf-8")
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())
    arguments = ["extract", "-F", "babel.cfg", "-o", str(tmp_path / "x.pot"), str(tmp_path)]
    command = [sys.executable, "-m", "babel.messages.frontend", *arguments]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode != 0
    assert "front-matter" in run.stderr
