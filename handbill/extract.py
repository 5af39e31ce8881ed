"""What there is to translate: templates and the strings of TOML files → messages; messages → a POT catalog.

A guide's own messages come from its `Document`; here is the rest. Pure. The one user of Jinja's extraction.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from jinja2 import TemplateSyntaxError
from jinja2.ext import babel_extract

from handbill import diagnostics
from handbill.model import (
    Catalog,
    Contact,
    Diagnostic,
    Entry,
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

    May give template-syntax, message-not-constant, message-plural-differs.
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
    return tuple(Message(text.value, kind, text.place) for text, kind in _strings(project) if text.value)


def _strings(project: Project) -> Iterator[tuple[Text, MessageKind]]:
    site = project.site
    yield site.title, "title"
    yield site.description, "summary"
    yield site.notice, "paragraph"
    yield site.notice_neutral, "paragraph"
    for booklet in project.booklets:
        yield booklet.title, "title"
        yield booklet.summary, "summary"
    for region in project.regions:
        yield region.name, "label"
    for contact in project.contacts:
        yield from _contact_strings(contact)


def _contact_strings(contact: Contact) -> Iterator[tuple[Text, MessageKind]]:
    yield contact.name, "label"
    yield contact.note, "paragraph"
    if contact.hours:
        yield contact.hours, "label"
    for _, languages in contact.languages:
        yield languages, "label"


_FUNCTIONS = ("_", "gettext", "ngettext", "pgettext", "npgettext")
NOTE_TAG = "translators:"
"""A template comment `{# translators: … #}` goes with the next message to the catalog."""
_OPTIONS = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
"""As the templates are rendered; `babel.cfg` says the same."""


def template_messages(template: Template) -> tuple[tuple[Message, ...], tuple[Diagnostic, ...]]:
    """Return the messages of one template in its order; none where it is not a page's or booklet's HTML.

    The path in a message's place is the template's name below `templates/`, whoever it belongs to, so that
    no path of a machine gets into a catalog. May give template-syntax, message-not-constant.
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
        message = _message(function, given, Place(f"templates/{template.name}", line), tuple(notes))
        if message:
            messages.append(message)
        else:
            problems.append(diagnostics.message_not_constant(Place(template.path, line), function))
    return tuple(messages), tuple(problems)


def _message(
    function: str, arguments: Sequence[str | None], place: Place, notes: tuple[str, ...]
) -> Message | None:
    """Return the message of a call, or None where a text is missing; what is no text is a None."""
    if "" in arguments[:2]:
        return None
    match function, arguments:
        case "_" | "gettext", [str(text), *_]:
            return Message(text, "string", place, notes=notes)
        case "ngettext", [str(text), str(plural), *_]:
            return Message(text, "string", place, plural, notes=notes)
        case "pgettext", [str(context), str(text), *_]:
            return Message(text, "string", place, context=context, notes=notes)
        case "npgettext", [str(context), str(text), str(plural), *_]:
            return Message(text, "string", place, plural, context, notes)
        case _:
            return None


# --- the template catalog --------------------------------------------------------------------------

_HEADER = """\
Project-Id-Version: handbill
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
"""
"""Names no person and no time: a file changes only where its messages change."""


def pot(messages: Sequence[Message], name: str) -> Catalog:
    """Return the template of the catalog `name`: one entry for each distinct message, in document order.

    An extracted comment says what kind of text it is; a reference names the file, without the line, so that
    a new paragraph does not touch the entries below it.
    """
    places: dict[tuple[str | None, str], list[Message]] = {}
    for message in messages:
        places.setdefault((message.context, message.text), []).append(message)
    entries = [Entry("", (_HEADER,))]
    for (context, text), found in places.items():
        plural = next((message.plural for message in found if message.plural is not None), None)
        kinds = dict.fromkeys(message.kind for message in found)
        notes = dict.fromkeys(" ".join(note.split()) for message in found for note in message.notes)
        entries.append(
            Entry(
                text,
                ("",) if plural is None else ("", ""),
                context,
                plural,
                extracted=(*kinds, *notes),
                references=tuple(dict.fromkeys(message.place.path for message in found)),
            )
        )
    return Catalog(f"locales/{name}.pot", tuple(entries))
