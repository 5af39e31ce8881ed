"""What there is to translate: templates and the strings of TOML files → messages; messages → a POT catalog.

A guide's own messages come from its `Document`; here is the rest, and what a translator is told about each
message: `#.` lines for people, `#,` flags as Weblate reads them. Pure. The one user of Jinja's extraction.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract

from handbill import diagnostics, room
from handbill.markdown import TOKEN
from handbill.model import (
    Audience,
    Catalog,
    Contact,
    Diagnostic,
    Entry,
    Face,
    Guide,
    Message,
    MessageKind,
    Place,
    Project,
    Template,
    Text,
)

# --- messages --------------------------------------------------------------------------------------


def interface(project: Project) -> tuple[tuple[Message, ...], tuple[Diagnostic, ...]]:
    """Return the messages of the interface catalog: the TOML files' strings, then those of the templates.

    May give template-syntax, template-note, message-not-constant, message-plural-differs.
    """
    messages = list(project_messages(project))
    problems: list[Diagnostic] = []
    for template in project.templates:
        found, more = template_messages(template)
        messages.extend(found)
        problems.extend(more)
    plurals: dict[tuple[str | None, str], str | None] = {}
    for message in messages:
        if plurals.setdefault((message.context, message.text), message.plural) != message.plural:
            problems.append(diagnostics.message_plural_differs(message.place, message.text))
    return tuple(messages), tuple(problems)


def project_messages(project: Project) -> tuple[Message, ...]:
    """Return the strings of site.toml, booklets.toml and contacts.toml that a reader sees, in that order."""
    return tuple(toml_message(table, key, text) for table, key, text in _strings(project) if text.value)


@dataclass(frozen=True, slots=True)
class _Use:
    """What a string of the TOML files is for."""

    kind: MessageKind
    note: str
    longest: int | None = None
    critical: bool = True
    """Who to call, when and for what, and that nothing here is a promise: that must be right."""


_USES: Mapping[tuple[str, str], _Use] = {
    ("site", "title"): _Use("title", "Name of the site, and of the series of booklets.", room.TITLE, False),
    ("site", "description"): _Use("summary", "Below the name of the site, on its first page.", None, False),
    ("site", "notice"): _Use("paragraph", "In a box on each guide and at the front of booklets."),
    ("site", "notice_neutral"): _Use(
        "paragraph", "In a box on guides that must not name the site's subject: do not name it here."
    ),
    ("site", "urgent_title"): _Use(
        "label", "A link to what to do at once, below the first numbers.", room.TITLE
    ),
    ("need", "title"): _Use(
        "heading",
        "What a reader may need, on the first page: above guides, and a link to them.",
        room.TITLE,
        False,
    ),
    ("booklet", "title"): _Use("title", "Title of a booklet, on its cover.", room.TITLE, False),
    ("booklet", "summary"): _Use("summary", "Below the title of a booklet.", room.SUMMARY, False),
    ("card", "title"): _Use(
        "title",
        "Name of a card; not printed on it, but on its file, which others may see.",
        room.TITLE,
        False,
    ),
    ("card", "summary"): _Use("summary", "What a card is for, on the page of files.", room.SUMMARY, False),
    ("face", "heading"): _Use("heading", "At the head of a face of a card.", room.REGION),
    ("face", "lines"): _Use("paragraph", "A short sentence on a card.", room.SENTENCE),
    ("face", "write"): _Use("label", "On a card, before a line to write on.", room.LABEL),
    ("region", "name"): _Use("label", "Name of a part of the world that contacts are for.", room.REGION),
    ("contact", "name"): _Use("label", "Name of a contact.", room.NAME),
    ("contact", "note"): _Use("paragraph", "What a contact is for."),
    ("contact", "hours"): _Use("label", "When a contact answers.", room.LINE),
    ("contact", "answers"): _Use("label", "Who answers when somebody calls.", room.LINE),
    ("contact", "languages"): _Use("label", "Which languages a contact speaks.", room.LINE),
}
TOML_STRINGS = frozenset(_USES)
"""Table and key of each string of the TOML files that a reader sees; `site` has no header of its own."""


def toml_message(table: str, key: str, text: Text) -> Message:
    """Return the message of a string of the TOML files, by its table and key: one of `TOML_STRINGS`."""
    use = _USES[table, key]
    return Message(
        text.value, use.kind, text.place, notes=(use.note,), critical=use.critical, longest=use.longest
    )


def _strings(project: Project) -> Iterator[tuple[str, str, Text]]:
    site = project.site
    yield "site", "title", site.title
    yield "site", "description", site.description
    yield "site", "notice", site.notice
    yield "site", "notice_neutral", site.notice_neutral
    if site.urgent:
        yield "site", "urgent_title", site.urgent.title
    for need in site.needs:
        yield "need", "title", need.title
    for booklet in project.booklets:
        yield "booklet", "title", booklet.title
        yield "booklet", "summary", booklet.summary
    for card in project.cards:
        yield "card", "title", card.title
        yield "card", "summary", card.summary
        for face in card.faces:
            yield from _face_strings(face)
    for region in project.regions:
        yield "region", "name", region.name
    for contact in project.contacts:
        yield from _contact_strings(contact)


def _face_strings(face: Face) -> Iterator[tuple[str, str, Text]]:
    if face.heading:
        yield "face", "heading", face.heading
    yield from (("face", "lines", line) for line in face.lines)
    yield from (("face", "write", label) for label in face.write)


def _contact_strings(contact: Contact) -> Iterator[tuple[str, str, Text]]:
    yield "contact", "name", contact.name
    yield "contact", "note", contact.note
    if contact.hours:
        yield "contact", "hours", contact.hours
    if contact.answers:
        yield "contact", "answers", contact.answers
    for _, languages in contact.languages:
        yield "contact", "languages", languages


_FUNCTIONS = ("_", "gettext", "ngettext", "pgettext", "npgettext")
NOTE_TAG = "translators:"
"""A template comment `{# translators: … #}` goes with the next message to the catalog.

It may end in marks: `[critical]`, and `[longest 24]` for the columns that there is room for.
"""
_OPTIONS = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
"""As the templates are rendered."""


def template_messages(template: Template) -> tuple[tuple[Message, ...], tuple[Diagnostic, ...]]:
    """Return the messages of one template in its order; none where it is not a page's or booklet's HTML.

    The path in a message's place is the template's name below `templates/`, whoever it belongs to, so that
    no path of a machine gets into a catalog. May give template-syntax, template-note, message-not-constant.
    """
    if not template.name.startswith(("web/", "print/")) or not template.name.endswith(".html"):
        return (), ()
    messages: list[Message] = []
    problems: list[Diagnostic] = []
    try:
        found = list(babel_extract(io.BytesIO(template.text.encode()), _FUNCTIONS, (NOTE_TAG,), _OPTIONS))
    except TemplateSyntaxError as fault:
        return (), (diagnostics.template_syntax(Place(template.path, fault.lineno), fault.message or ""),)
    for line, function, arguments, notes in found:
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        message = _message(function, given, Place(f"templates/{template.name}", line))
        if message is None:
            problems.append(diagnostics.message_not_constant(Place(template.path, line), function))
            continue
        message, unknown = _marked(message, notes)
        messages.append(message)
        problems.extend(diagnostics.template_note(Place(template.path, line), mark) for mark in unknown)
    return tuple(messages), tuple(problems)


def _message(function: str, arguments: Sequence[str | None], place: Place) -> Message | None:
    """Return the message of a call, or None where a text is missing; what is no text is a None."""
    if "" in arguments[:2]:
        return None
    match function, arguments:
        case "_" | "gettext", [str(text), *_]:
            return Message(text, "string", place)
        case "ngettext", [str(text), str(plural), *_]:
            return Message(text, "string", place, plural)
        case "pgettext", [str(context), str(text), *_]:
            return Message(text, "string", place, context=context)
        case "npgettext", [str(context), str(text), str(plural), *_]:
            return Message(text, "string", place, plural, context)
        case _:
            return None


_MARK = re.compile(r"\s*\[([^\[\]]*)\]\s*\Z")


def _marked(message: Message, notes: Iterable[str]) -> tuple[Message, list[str]]:
    """Return the message with its notes and what their marks say, and the marks that mean nothing."""
    said: list[str] = []
    unknown: list[str] = []
    critical, longest = False, None
    for note in notes:
        note = " ".join(note.split())
        while mark := _MARK.search(note):
            note = note[: mark.start()]
            if mark[1] == "critical":
                critical = True
            elif number := re.fullmatch(r"longest ([1-9][0-9]{0,3})", mark[1]):
                longest = int(number[1])
            else:
                unknown.append(mark[1])
        said.append(note)
    return replace(message, notes=tuple(filter(None, said)), critical=critical, longest=longest), unknown


# --- the template catalog --------------------------------------------------------------------------

_HEADER = """\
Project-Id-Version: handbill
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
"""
"""Names no person and no time: a file changes only where its messages change."""


def pot(messages: Sequence[Message], name: str, project: Project | None = None) -> Catalog:
    """Return the template of the catalog `name`: one entry for each distinct message, in document order.

    With the project, entries of a guide say whose guide it is and where it is printed. A reference names the
    file without the line, and no number depends on other messages: a new paragraph touches no other entry.
    """
    guide = next((guide for guide in project.guides if guide.id == name), None) if project else None
    booklets = tuple(
        booklet.title.value for booklet in (project.booklets if project else ()) if name in booklet.guides
    )
    places: dict[tuple[str | None, str], list[Message]] = {}
    for message in messages:
        places.setdefault((message.context, message.text), []).append(message)
    entries = [Entry("", (_HEADER,))]
    for (context, text), found in places.items():
        plural = next((message.plural for message in found if message.plural is not None), None)
        entries.append(
            Entry(
                text,
                ("",) if plural is None else ("", ""),
                context,
                plural,
                extracted=comments(found, guide, booklets),
                references=tuple(dict.fromkeys(message.place.path for message in found)),
                flags=_flags(found),
            )
        )
    return Catalog(f"locales/{name}.pot", tuple(entries))


# --- what a translator is told ---------------------------------------------------------------------

_KINDS: Mapping[MessageKind, str] = {
    "title": "title",
    "summary": "summary",
    "heading": "heading",
    "paragraph": "paragraph",
    "item": "item of a list",
    "cell": "cell of a table",
    "alt": "description of a picture",
    "label": "title of a box",
}
_READERS: Mapping[Audience, str] = {
    "survivor": "survivors",
    "supporter": "friends and family",
    "staff": "staff",
}
_MOST_PLACES = 4


def comments(found: Sequence[Message], guide: Guide | None, booklets: Sequence[str]) -> tuple[str, ...]:
    """Return the `#.` lines of a message, which stands where `found` says; `guide` is None in the interface.

    Always in this order, and only what there is: Critical, Guide (with its readers and the titles of its
    booklets), Discreet, Place (each once), Longest, Note.
    """
    lines: list[str] = []
    if any(message.critical for message in found):
        lines.append("Critical: a mistake here could hurt somebody.")
    if guide:
        where = f"Booklets: {'; '.join(booklets) or 'none'}."
        lines.append(f"Guide: {guide.title.value}. Readers: {_READERS[guide.audience]}. {where}")
        if guide.discreet:
            lines.append("Discreet: no word of the site's subject may stand here.")
        places = list(dict.fromkeys(map(_guide_place, found)))
    else:
        places = [_interface_place(found)]
    shown = places if len(places) <= _MOST_PLACES else places[: _MOST_PLACES - 1]
    lines.extend(f"Place: {place}" for place in shown)
    if len(places) > len(shown):
        lines.append(f"Place: and {len(places) - len(shown)} more")
    if longest := _longest(found):
        lines.append(f"Longest: {longest} letters, or {longest // 2} Chinese characters")
    notes = dict.fromkeys(note for message in found for note in message.notes)
    lines.extend(f"Note: {note}" for note in notes)
    return tuple(" ".join(line.split()) for line in lines)


def _guide_place(message: Message) -> str:
    kind = _KINDS.get(message.kind, message.kind)
    return f"{kind}, under “{' › '.join(message.headings)}”" if message.headings else kind


def _interface_place(found: Sequence[Message]) -> str:
    """Return where strings stand: those of print templates in booklets, those of TOML files in both."""
    printed = [message.place.path.startswith("templates/print/") for message in found]
    if any(not message.place.path.startswith("templates/") for message in found) or len({*printed}) == 2:
        return "web pages and booklets"
    return "booklets" if printed[0] else "web pages"


def _longest(found: Sequence[Message]) -> int | None:
    """Return what the tightest place has room for."""
    return min((message.longest for message in found if message.longest is not None), default=None)


_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_URGENT = 200
"""Weblate offers what has a higher priority than 100 first."""


def _flags(found: Sequence[Message]) -> tuple[str, ...]:
    """Return the `#,` flags of one message: those that Weblate reads, of which GNU gettext knows none.

    Never `python-format`, which Babel guesses from a `%`: here `100 %s` is plain text, and `%(name)s` is held
    to by `placeholders` and by our own check.
    """
    flags = ["md-text"] if found[0].place.path.endswith(".md") else []
    names = dict.fromkeys(name for message in found for name in _placeholders(message))
    if names:
        flags.append(":".join(("placeholders", *names)))
    if any(message.critical for message in found):
        flags.append(f"priority:{_URGENT}")
    if longest := _longest(found):
        flags.append(f"max-length:{longest}")
    return tuple(flags)


def _placeholders(message: Message) -> Iterator[str]:
    """Yield what a translation must hold as it stands; no name holds what Weblate would want quoted."""
    for text in filter(None, (message.text, message.plural)):
        yield from (match[0] for match in TOKEN.finditer(text))
        if message.kind == "string":
            yield from (match[0] for match in _PLACEHOLDER.finditer(text))
