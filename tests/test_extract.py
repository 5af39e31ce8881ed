"""Extraction: what there is to translate, and in which catalog."""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from example import guide, sample

from handbill import extract, load, parse, po
from handbill.model import Catalog, Entry, Message, Place, Project, Template

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


# --- what a translator is told ---------------------------------------------------------------------

BODY = """
::: critical
Call {help-line.phone} or {help-line.text}, not [them]({help-line.web}).
:::

## At the *window* {#window}

### At night {#night}

- Rest.

| Rest. | 100 %(of)s it |
|---|---|
| Rest. | Rest. |

## Later {#later}

::: steps What to do
1. Rest.
:::
"""


def entry(text: str, body: str = BODY, *, discreet: bool = False, booklets: bool = True) -> str:
    """Return one entry of a guide's template catalog as it stands in the file, without its last lines."""
    own = replace(guide(body, "light"), discreet=discreet)
    document, problems = parse.parse(own)
    assert problems == ()
    there = replace(sample(), guides=(own,), booklets=sample().booklets if booklets else ())
    found = [one for one in extract.pot(document.messages, "light", there).entries if one.msgid == text]
    return po.write(Catalog("light.pot", tuple(found))).partition("msgid")[0]


def test_a_guide_s_entry_says_whose_words_they_are_where_they_stand_and_who_reads_them() -> None:
    assert entry("The title") == (
        "#. Guide: The title. Readers: survivors. Booklets: First plants.\n"
        "#. Place: title\n"
        "#. Longest: 40 letters, or 20 Chinese characters\n"
        "#: content/guides/light.md\n"
        "#, md-text, max-length:40\n"
    )
    assert entry("Call {help-line.phone} or {help-line.text}, not [them]({help-line.web}).") == (
        "#. Critical: a mistake here could hurt somebody.\n"
        "#. Guide: The title. Readers: survivors. Booklets: First plants.\n"
        "#. Place: paragraph\n"
        "#: content/guides/light.md\n"
        "#, md-text, placeholders:{help-line.phone}:{help-line.text}:{help-line.web}, priority:200\n"
    )


def test_an_entry_lists_each_of_its_places_once_and_is_critical_if_one_of_them_is() -> None:
    assert entry("Rest.") == (
        "#. Critical: a mistake here could hurt somebody.\n"
        "#. Guide: The title. Readers: survivors. Booklets: First plants.\n"
        "#. Place: item of a list, under “At the *window* › At night”\n"
        "#. Place: cell of a table, under “At the *window* › At night”\n"
        "#. Place: item of a list, under “Later”\n"
        "#: content/guides/light.md\n"
        "#, md-text, priority:200\n"
    )


def test_an_entry_stays_short_however_often_its_words_stand_in_a_guide() -> None:
    body = "".join(f"## Part {number}\n\nRest.\n\n" for number in range(9))
    assert [line for line in entry("Rest.", body).split("\n") if "Place" in line] == [
        "#. Place: paragraph, under “Part 0”",
        "#. Place: paragraph, under “Part 1”",
        "#. Place: paragraph, under “Part 2”",
        "#. Place: and 6 more",
    ]


def test_an_entry_of_a_discreet_guide_says_that_the_subject_must_not_be_named() -> None:
    found = entry("Rest.", "Rest.\n", discreet=True, booklets=False)
    assert found.split("\n")[:2] == [
        "#. Guide: The title. Readers: survivors. Booklets: none.",
        "#. Discreet: no word of the site's subject may stand here.",
    ]


def test_a_per_cent_sign_is_never_taken_for_a_format() -> None:
    assert entry("100 %(of)s it").endswith("#, md-text\n")
    found, _ = extract.template_messages(template('{{ _("100 %s of %(size)s, %(size)s") }}{{ _("100 %d") }}'))
    assert [one.flags for one in extract.pot(found, "interface").entries[1:]] == [
        ("placeholders:%(size)s",),
        (),
    ]


def test_both_forms_of_a_plural_name_what_must_stay() -> None:
    text = "{% trans num=n, size=s %}one page{% pluralize num %}{{ num }} pages, {{ size }}{% endtrans %}"
    found, _ = extract.template_messages(template(text))
    assert extract.pot(found, "interface").entries[1].flags == ("placeholders:%(num)s:%(size)s",)


def test_a_string_in_two_places_has_to_fit_the_tighter_one() -> None:
    pages = [
        template('{# translators: On a button. [longest 24] #}\n{{ _("Go") }}'),
        template('{{ _("Go") }}', "print/booklet.html"),
        template('{# translators: On a card. [longest 20] [critical] #}\n{{ _("Go") }}', "web/other.html"),
    ]
    found = [message for page in pages for message in extract.template_messages(page)[0]]
    made = extract.pot(found, "interface").entries[1]
    assert made.extracted == (
        "Critical: a mistake here could hurt somebody.",
        "Place: web pages and booklets",
        "Longest: 20 letters, or 10 Chinese characters",
        "Note: On a button.",
        "Note: On a card.",
    )
    assert made.flags == ("priority:200", "max-length:20")


@pytest.mark.parametrize(
    ("text", "kind", "critical", "longest"),
    [
        ("Houseplants", "title", False, 40),
        ("First plants", "title", False, 40),
        ("Water first, then light.", "summary", False, 100),
        ("Home", "label", True, 30),
        ("Houseplant Helpline", "label", True, 80),
        ("Ask about leaves, light and water.", "paragraph", True, None),
        ("Weekdays, 9 to 5", "label", True, 48),
        ("English only", "label", True, 48),
        ("These tips are general. Use only what fits you.", "paragraph", True, None),
    ],
)
def test_what_a_string_of_the_toml_files_is_for_is_known(
    text: str, kind: str, critical: bool, longest: int | None
) -> None:
    found = [message for message in extract.project_messages(sample()) if message.text == text]
    assert [(one.kind, one.critical, one.longest, len(one.notes)) for one in found] == [
        (kind, critical, longest, 1)
    ]


WEBLATE = re.compile(r"[a-z-]+(:[^,:\"'\\\s]([^,:\"'\\\n]*[^,:\"'\\\s])?)*")
"""A flag with values that need no quotes, as Weblate's `weblate/checks/parser.py` reads them."""


def test_every_flag_of_this_repository_is_one_that_weblate_reads() -> None:
    own = project(ROOT)
    flags = {
        flag for one in extract.pot(extract.interface(own)[0], "interface").entries for flag in one.flags
    }
    for one in own.guides:
        entries = extract.pot(parse.parse(one)[0].messages, one.id, own).entries
        flags |= {flag for entry in entries for flag in entry.flags}
    assert {flag.partition(":")[0] for flag in flags} == {"md-text", "placeholders", "priority", "max-length"}
    assert [flag for flag in flags if not WEBLATE.fullmatch(flag)] == []
    assert all(flag == "priority:200" for flag in flags if flag.startswith("priority"))


def test_a_new_paragraph_changes_nothing_about_the_other_entries() -> None:
    def entries(body: str) -> dict[str, Entry]:
        own = guide(body, "light")
        made = extract.pot(parse.parse(own)[0].messages, "light", sample()).entries
        return {entry.msgid: entry for entry in made}

    before, after = entries(BODY), entries(BODY.replace("### At", "New words.\n\n### At"))
    assert {text: entry for text, entry in after.items() if text != "New words."} == before


# --- as files --------------------------------------------------------------------------------------


def test_gnu_s_tools_take_an_entry_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    document, _ = parse.parse(guide(BODY, "light"))
    text = po.write(extract.pot(document.messages, "light", sample()))
    assert po.read(text, "light.pot")[1] == ()
    path = tmp_path / "light.pot"
    path.write_text(text, "utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", str(path)], check=True)
    done = subprocess.run(["msgmerge", "-q", str(path), str(path)], check=True, capture_output=True)
    merged, faults = po.read(done.stdout.decode(), "light.pot")
    assert faults == ()
    wanted = {entry.msgid: entry.extracted for entry in po.read(text, "light.pot")[0].entries}
    assert {entry.msgid: entry.extracted for entry in merged.entries} == wanted


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
    comments: dict[tuple[str | None, str], dict[str, None]] = defaultdict(dict)
    for message in found:
        comments[message.context, message.text].update(dict.fromkeys(extract.comments((message,), None, ())))
    for one in own.guides:
        messages = parse.parse(one)[0].messages
        titles = [booklet.title.value for booklet in own.booklets if one.id in booklet.guides]
        for message in messages:
            comments[None, message.text].update(dict.fromkeys(extract.comments((message,), one, titles)))
        found.extend(messages)
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
    # Babel wraps comments and puts those of all places together; the words are the same.
    told = {
        (entry.msgctxt, entry.msgid): Counter(" ".join(entry.extracted).split()) for entry in theirs.entries
    }
    for key, lines in comments.items():
        assert told[key] == Counter(" ".join(lines).split()), key


def test_pybabel_stops_at_a_guide_that_we_would_refuse(tmp_path: Path) -> None:
    (tmp_path / "content/guides").mkdir(parents=True)
    (tmp_path / "content/guides/x.md").write_text("no front matter\n", "utf-8")
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())
    arguments = ["extract", "-F", "babel.cfg", "-o", str(tmp_path / "x.pot"), str(tmp_path)]
    command = [sys.executable, "-m", "babel.messages.frontend", *arguments]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode != 0
    assert "front-matter" in run.stderr
