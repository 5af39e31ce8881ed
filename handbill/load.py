"""Files to a validated `Project`: settings, contacts, booklets, guides, templates and images.

Every mistake is reported with its place, not only the first. Pure: the files come in as a mapping, and
today's date is a parameter. Markdown is not looked into here, nor are catalogs; whether CLDR knows a locale
is for another phase. The only importer of PyYAML.

The readers of single fields (`_text`, `_date`, …) return a stand-in after reporting a problem. Whatever is
made from stand-ins goes no further than this module: with one error there is no project.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias, TypeVar, get_args

import yaml

from handbill import diagnostics
from handbill.model import (
    CHANNELS,
    Audience,
    Booklet,
    Channel,
    Contact,
    ContactKind,
    Diagnostic,
    Guide,
    Image,
    Place,
    Project,
    Region,
    Site,
    Template,
    Text,
)

_SITE = "content/site.toml"
_CONTACTS = "content/contacts.toml"
_BOOKLETS = "content/booklets.toml"
_GUIDES = "content/guides/"
_IMAGES = "content/images/"
_TEMPLATES = "templates/"

_TEMPLATE_ENDINGS = (".html", ".css", ".js", ".txt", ".svg")
_PICTURES = {
    ".png": ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ".jpg": ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ".jpeg": ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ".webp": ("WebP", re.compile(rb"RIFF....WEBP", re.DOTALL)),
}

_ID = re.compile(r"[a-z][a-z0-9-]*")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_GUIDE_NAME_RULE = "lower-case letters a to z, digits and hyphens, a letter first, ending in `.md`"
_FILE_NAME_RULE = "letters A to Z, digits, hyphens, dots and underscores only, no spaces"
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_([A-Z]{2}|[0-9]{3}))?")
_NUMBER = re.compile(r"\+?[0-9]([ -]?[0-9])+")
_WEB = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~%/-]*)?")
_MOST_MONTHS = 60
_CONTACT_MONTHS = 12


def load(
    files: Mapping[str, bytes], defaults: Mapping[str, bytes]
) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """Return the project that the files make, or None with what is wrong, sorted by place.

    `files` are the project's own, by path relative to it; only those below `content/` and `templates/`
    are looked at, and none whose name or folder begins with a dot, nor backups that end in `~`. `defaults`
    are the engine's templates by the same relative paths (`templates/…`); the project's own are laid over
    them file by file.
    """
    problems: list[Diagnostic] = []
    own = {path: content for path, content in sorted(files.items()) if not _hidden(path)}
    content = {path: own[path] for path in own if path.startswith("content/")}
    templates = {path: own[path] for path in own if path.startswith(_TEMPLATES)}
    templates = dict(sorted({**defaults, **templates}.items()))

    _check_case([*content, *templates], problems)
    guide_paths = [path for path in content if path.startswith(_GUIDES) and path.endswith(".md")]
    image_paths = [path for path in content if path.startswith(_IMAGES)]
    for path in content.keys() - {_SITE, _CONTACTS, _BOOKLETS, *guide_paths, *image_paths}:
        expected = "guides are `.md` files" if path.startswith(_GUIDES) else _CONTENT_FILES
        problems.append(diagnostics.unexpected_file(Place(path), expected))

    drafts = [_guide_file(path, content[path], problems) for path in guide_paths]
    if not drafts:
        problems.append(diagnostics.no_guides(Place(_GUIDES.rstrip("/"))))
    if _SITE not in content:
        problems.append(diagnostics.no_site(Place(_SITE)))
    address_book = _address_book(_toml(_CONTACTS, content, problems), problems)
    site = _site(_toml(_SITE, content, problems), address_book, drafts, problems)
    guide_ids = [path.removeprefix(_GUIDES).removesuffix(".md") for path in guide_paths]
    booklets = _booklets(_toml(_BOOKLETS, content, problems), guide_ids, problems)
    images = tuple(_image(path, content[path], problems) for path in image_paths)
    texts = tuple(_template(path, templates[path], problems) for path in templates)

    if problems or site is None or address_book is None:
        return None, _sorted(problems)
    guides = [draft.guide for draft in drafts if draft.guide]
    project = Project(
        site=site,
        regions=address_book.regions,
        contacts=address_book.contacts,
        booklets=booklets,
        guides=tuple(sorted(guides, key=lambda guide: guide.id)),
        templates=texts,
        images=images,
    )
    return project, ()


def guide(path: str, text: str) -> tuple[Guide | None, tuple[Diagnostic, ...]]:
    """Return the guide that one Markdown file holds, or None with what is wrong, sorted by place.

    Whether its facts are known, only the whole project can tell.
    """
    problems: list[Diagnostic] = []
    draft = _guide(path, text, problems)
    return None if problems else draft.guide, _sorted(problems)


def overdue_guides(project: Project, today: date) -> tuple[Diagnostic, ...]:
    """Return a warning for each guide that was to be read again before today.

    A day of review that has not come yet is an error; one day is forgiven: the author may live further east.
    """
    problems: list[Diagnostic] = []
    for guide in project.guides:
        due = _months_later(guide.reviewed, guide.review_after)
        if guide.reviewed > today + timedelta(days=1):
            problems.append(diagnostics.date_in_future(guide.reviewed_place, "reviewed", guide.reviewed))
        elif due < today:
            problems.append(diagnostics.guide_overdue(guide.reviewed_place, due))
    return tuple(problems)


def unchecked_contacts(project: Project, today: date) -> tuple[Diagnostic, ...]:
    """Return an error for each contact last checked more than a year ago, or on a day yet to come."""
    problems: list[Diagnostic] = []
    for contact in project.contacts:
        if contact.checked > today + timedelta(days=1):
            problems.append(diagnostics.date_in_future(contact.place, "checked", contact.checked))
        elif _months_later(contact.checked, _CONTACT_MONTHS) < today:
            problems.append(diagnostics.contact_unchecked(contact.place, contact.id, contact.checked))
    return tuple(problems)


def _sorted(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.place, problem.code, problem.fact)))


def _months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day.

    >>> _months_later(date(2027, 8, 31), 6)
    datetime.date(2028, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- files -----------------------------------------------------------------------------------------

_CONTENT_FILES = (
    "it holds `site.toml`, `contacts.toml`, `booklets.toml`, and the folders `guides` and `images`"
)


def _hidden(path: str) -> bool:
    """Whether a file is the system's or an editor's own, not the author's."""
    return path.endswith("~") or any(part.startswith(".") for part in path.split("/"))


def _check_case(paths: Iterable[str], problems: list[Diagnostic]) -> None:
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            problems.append(diagnostics.names_differ_by_case(Place(path), other))


def _decoded(path: str, content: bytes, problems: list[Diagnostic]) -> str | None:
    """Return the file's text with its lines ended by a line feed, or None if it is not clean UTF-8."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        problems.append(diagnostics.not_utf8(_place(path, before, len(before)), content[error.start]))
        return None
    if text.startswith("\ufeff"):
        problems.append(diagnostics.byte_order_mark(Place(path)))
        return None
    text = _line_feeds(text)
    control = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    if control:
        problems.append(diagnostics.control_character(_place(path, text, control.start()), control[0]))
        return None
    return text


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place(path: str, text: str, offset: int) -> Place:
    """Return the place of a character of the text, whose lines end in a line feed."""
    return Place(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _image(path: str, content: bytes, problems: list[Diagnostic]) -> Image:
    _check_file_name(path, problems)
    kind, signature = _PICTURES.get(path[path.rfind(".") :].lower(), ("", None))
    if signature is None:
        problems.append(
            diagnostics.unexpected_file(Place(path), "images are `.png`, `.jpg` or `.webp` files")
        )
    elif not signature.match(content):
        problems.append(diagnostics.image_content(Place(path), kind))
    return Image(path.removeprefix(_IMAGES), content)


def _template(path: str, content: bytes, problems: list[Diagnostic]) -> Template:
    _check_file_name(path, problems)
    name = path.removeprefix(_TEMPLATES)
    if not path.endswith(_TEMPLATE_ENDINGS):
        expected = f"templates are {', '.join(_TEMPLATE_ENDINGS)} files"
        problems.append(diagnostics.unexpected_file(Place(path), expected))
        return Template(name, path, "")
    return Template(name, path, _decoded(path, content, problems) or "")


def _check_file_name(path: str, problems: list[Diagnostic]) -> None:
    if not all(_FILE_NAME.fullmatch(part) for part in path.split("/")):
        problems.append(diagnostics.file_name(Place(path), _FILE_NAME_RULE))


# --- guides ----------------------------------------------------------------------------------------

_GUIDE_KEYS = ("title", "summary", "audience", "facts", "reviewed", "review_after")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A guide as far as it could be read."""

    guide: Guide | None
    """None where the front matter could not be read at all."""
    facts: tuple[Text, ...] | None
    """The guide's facts with their places; None where they could not be read."""


def _guide_file(path: str, content: bytes, problems: list[Diagnostic]) -> _Draft:
    name = path.removeprefix(_GUIDES)
    if "/" in name:
        problems.append(diagnostics.nested_guide(Place(path)))
    elif not _ID.fullmatch(name.removesuffix(".md")):
        problems.append(diagnostics.file_name(Place(path), _GUIDE_NAME_RULE))
    text = _decoded(path, content, problems)
    return _guide(path, text, problems) if text is not None else _Draft(None, None)


def _guide(path: str, text: str, problems: list[Diagnostic]) -> _Draft:
    text = _line_feeds(text)
    fences = [line.span() for line in re.finditer(r"^---[ \t]*$", text, re.MULTILINE)][:2]
    if not fences or fences[0][0] != 0:
        problems.append(diagnostics.no_front_matter(Place(path)))
        return _Draft(None, None)
    if len(fences) == 1:
        problems.append(diagnostics.front_matter_not_closed(Place(path)))
        return _Draft(None, None)
    (_, start), (end, after) = fences
    table = _front_matter(path, text, start + 1, end, problems)
    if table is None:
        return _Draft(None, None)
    _check_keys(table, _GUIDE_KEYS, ("discreet",), problems)
    before = len(problems)
    facts = _texts(table, "facts", problems)
    readable = "facts" in table.values and len(problems) == before
    reviewed = table.values.get("reviewed")
    guide = Guide(
        id=path.rpartition("/")[2].removesuffix(".md"),
        path=path,
        title=_text(table, "title", problems),
        summary=_text(table, "summary", problems),
        audience=_choice(table, "audience", _AUDIENCES, problems),
        facts=tuple(fact.value for fact in facts),
        reviewed=_date(table, "reviewed", problems),
        review_after=_months(table, "review_after", problems),
        discreet=_flag(table, "discreet", problems),
        body=text[after + 1 :],
        body_line=text.count("\n", 0, after) + 2,
        reviewed_place=reviewed.place if reviewed else table.place,
    )
    return _Draft(guide, facts if readable else None)


# --- contacts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _AddressBook:
    regions: tuple[Region, ...]
    contacts: tuple[Contact, ...]
    kinds: Mapping[str, str]
    """The kind of each contact as written, by id."""


_CONTACT_KEYS = ("id", "region", "kind", "name", "note", "source", "checked", "verified")


def _address_book(table: _Table | None, problems: list[Diagnostic]) -> _AddressBook | None:
    """Return what contacts.toml holds; None where it could not be read at all."""
    if table is None:
        return None
    _check_keys(table, (), ("region", "contact"), problems)
    regions = _tables(table, "region", problems)
    for region in regions:
        _check_keys(region, ("id", "name"), (), problems)
    contacts = _tables(table, "contact", problems)
    region_ids = _ids(regions, problems)
    _ids(contacts, problems)
    return _AddressBook(
        tuple(Region(_word(region, "id"), _text(region, "name", problems)) for region in regions),
        tuple(_contact(contact, region_ids, problems) for contact in contacts),
        {_word(contact, "id"): _word(contact, "kind") for contact in contacts},
    )


def _contact(table: _Table, regions: Collection[str], problems: list[Diagnostic]) -> Contact:
    _check_keys(table, _CONTACT_KEYS, ("hours", *CHANNELS, "languages"), problems)
    region = _text(table, "region", problems)
    _check_reference(region, "region", regions, problems)
    present = [channel for channel in CHANNELS if channel in table.values]
    if not present:
        problems.append(diagnostics.no_channel(table.place, _word(table, "id")))
    languages = _table(table, "languages", problems)
    _check_keys(languages, (), CHANNELS, problems)
    for channel in CHANNELS:
        if channel in languages.values and channel not in present:
            place = languages.values[channel].key_place
            problems.append(diagnostics.language_without_channel(place, channel))
    return Contact(
        id=_word(table, "id"),
        region=region.value,
        kind=_choice(table, "kind", _CONTACT_KINDS, problems),
        name=_text(table, "name", problems),
        note=_text(table, "note", problems),
        hours=_text(table, "hours", problems) if "hours" in table.values else None,
        channels=tuple((channel, _channel(table, channel, problems)) for channel in present),
        languages=tuple(
            (channel, _text(languages, channel, problems))
            for channel in CHANNELS
            if channel in languages.values
        ),
        source=_text(table, "source", problems).value,
        checked=_date(table, "checked", problems),
        verified=_flag(table, "verified", problems),
        place=table.place,
    )


def _channel(table: _Table, channel: Channel, problems: list[Diagnostic]) -> str:
    text = _text(table, channel, problems)
    written = table.values[channel].raw
    if not text.value or not isinstance(written, str):
        return ""
    if channel == "web":
        if not _WEB.fullmatch(written):
            problems.append(diagnostics.bad_web_address(text.place, written))
    elif not _NUMBER.fullmatch(written):
        problems.append(diagnostics.bad_number(text.place, channel, written))
    return written


# --- booklets --------------------------------------------------------------------------------------


def _booklets(
    table: _Table | None, guides: Collection[str], problems: list[Diagnostic]
) -> tuple[Booklet, ...]:
    if table is None:
        return ()
    _check_keys(table, (), ("booklet",), problems)
    booklets = _tables(table, "booklet", problems)
    _ids(booklets, problems)
    return tuple(_booklet(booklet, guides, problems) for booklet in booklets)


def _booklet(table: _Table, guides: Collection[str], problems: list[Diagnostic]) -> Booklet:
    _check_keys(table, ("id", "title", "summary", "audience", "guides"), (), problems)
    names = _texts(table, "guides", problems)
    for name in names:
        _check_reference(name, "guide", guides, problems)
    listed = table.values.get("guides")
    if listed and listed.raw == ():
        problems.append(diagnostics.empty_value(listed.place, "guides"))
    return Booklet(
        id=_word(table, "id"),
        title=_text(table, "title", problems),
        summary=_text(table, "summary", problems),
        audience=_choice(table, "audience", _AUDIENCES, problems),
        guides=tuple(name.value for name in names),
        place=table.place,
    )


# --- the site --------------------------------------------------------------------------------------

_SITE_TEXTS = ("title", "description", "notice", "notice_neutral")
_SITE_KEYS = (*_SITE_TEXTS, "source_locale", "locales", "emergency", "helpline")
_TRUSTED_KINDS: Mapping[str, tuple[ContactKind, ...]] = {
    "emergency": ("emergency",),
    "helpline": ("helpline", "crisis-line"),
}


def _site(
    table: _Table | None,
    address_book: _AddressBook | None,
    drafts: Iterable[_Draft],
    problems: list[Diagnostic],
) -> Site | None:
    if table is None:
        return None
    _check_keys(table, _SITE_KEYS, ("facts",), problems)
    title, description, notice, notice_neutral = (_text(table, key, problems) for key in _SITE_TEXTS)
    source_locale = _text(table, "source_locale", problems)
    locales = _texts(table, "locales", problems)
    for locale in (source_locale, *locales):
        if locale.value and not _LOCALE.fullmatch(locale.value):
            problems.append(diagnostics.bad_locale(locale.place, locale.value))
    for locale in locales:
        if locale.value and locale.value == source_locale.value:
            problems.append(diagnostics.source_is_target(locale.place, locale.value))
    facts = _table(table, "facts", problems)
    for key in facts.values:
        _text(facts, key, problems)
    if "facts" not in table.values or isinstance(table.values["facts"].raw, Mapping):
        _check_facts(facts, drafts, problems)
    return Site(
        title=title,
        description=description,
        notice=notice,
        notice_neutral=notice_neutral,
        source_locale=source_locale.value,
        locales=tuple(locale.value for locale in locales),
        emergency=_trusted_contact(table, "emergency", address_book, problems),
        helpline=_trusted_contact(table, "helpline", address_book, problems),
        facts=tuple(facts.values),
        place=Place(table.place.path),
    )


def _trusted_contact(
    table: _Table, key: str, address_book: _AddressBook | None, problems: list[Diagnostic]
) -> str:
    """Return the id of a contact shown first; it may be empty in a project without contacts."""
    value = table.values.get(key)
    if value and value.raw == "" and address_book and not address_book.contacts:
        return ""
    text = _text(table, key, problems)
    if address_book:
        _check_reference(text, "contact", address_book.kinds, problems)
        kind = address_book.kinds.get(text.value)
        if kind in _CONTACT_KINDS and kind not in _TRUSTED_KINDS[key]:
            problems.append(diagnostics.contact_kind(text.place, key, text.value, kind))
    return text.value


def _check_facts(known: _Table, drafts: Iterable[_Draft], problems: list[Diagnostic]) -> None:
    """Report facts that guides name and the site does not know, and those that no guide names.

    The second only where the facts of every guide could be read: else they might stand there.
    """
    drafts = tuple(drafts)
    named = [fact for draft in drafts for fact in draft.facts or ()]
    for fact in named:
        _check_reference(fact, "fact", known.values, problems)
    if not drafts or any(draft.facts is None for draft in drafts):
        return
    covered = {fact.value for fact in named}
    for key, value in known.values.items():
        if key not in covered:
            problems.append(diagnostics.fact_not_covered(value.key_place, key))


# --- fields of a table -----------------------------------------------------------------------------

_Raw: TypeAlias = "str | int | bool | date | _Unreadable | tuple[_Value, ...] | Mapping[str, _Value] | None"
_AUDIENCES: tuple[Audience, ...] = get_args(Audience)
_CONTACT_KINDS: tuple[ContactKind, ...] = get_args(ContactKind)


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """A value that no field accepts, by what a person would call it."""

    name: str


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of TOML or YAML with the places of its key and of itself."""

    raw: _Raw
    key_place: Place
    place: Place


@dataclass(frozen=True, slots=True)
class _Table:
    values: Mapping[str, _Value]
    place: Place


def _check_keys(
    table: _Table, required: Collection[str], optional: Collection[str], problems: list[Diagnostic]
) -> None:
    known = (*required, *optional)
    for key, value in table.values.items():
        if key not in known:
            problems.append(diagnostics.unknown_key(value.key_place, key, known))
    for key in required:
        if key not in table.values:
            problems.append(diagnostics.missing_key(table.place, key))


def _text(table: _Table, key: str, problems: list[Diagnostic]) -> Text:
    """Return the text of a key; the empty text where it is missing or wrong."""
    value = table.values.get(key)
    return _as_text(value, key, problems) if value else Text("", table.place)


def _as_text(value: _Value, key: str, problems: list[Diagnostic]) -> Text:
    """Return the value as one line of NFC text, its white space folded as in a paragraph."""
    if not isinstance(value.raw, str):
        problems.append(diagnostics.wrong_type(value.place, key, "text", _type_name(value.raw)))
        return Text("", value.place)
    text = unicodedata.normalize("NFC", re.sub(r"[ \t\n]+", " ", _line_feeds(value.raw)).strip(" "))
    if not text:
        problems.append(diagnostics.empty_value(value.place, key))
    return Text(text, value.place)


def _texts(table: _Table, key: str, problems: list[Diagnostic]) -> tuple[Text, ...]:
    """Return the texts of a list, each named once."""
    value = table.values.get(key)
    if value is None:
        return ()
    if not isinstance(value.raw, tuple):
        problems.append(diagnostics.wrong_type(value.place, key, "a list of texts", _type_name(value.raw)))
        return ()
    texts = [_as_text(item, key, problems) for item in value.raw]
    seen: set[str] = set()
    for text in texts:
        if text.value and text.value in seen:
            problems.append(diagnostics.repeated_value(text.place, key, text.value))
        seen.add(text.value)
    return tuple(texts)


def _word(table: _Table, key: str) -> str:
    """Return the text of a key, reported on elsewhere; empty where there is none."""
    value = table.values.get(key)
    return value.raw if value and isinstance(value.raw, str) else ""


_Word = TypeVar("_Word", bound=str)


def _choice(table: _Table, key: str, choices: tuple[_Word, ...], problems: list[Diagnostic]) -> _Word:
    text = _text(table, key, problems)
    for choice in choices:
        if text.value == choice:
            return choice
    if text.value:
        problems.append(diagnostics.unknown_choice(text.place, key, text.value, choices))
    return choices[0]


def _date(table: _Table, key: str, problems: list[Diagnostic]) -> date:
    value = table.values.get(key)
    if value is None:
        return date.min
    if not isinstance(value.raw, date):
        problems.append(diagnostics.bad_date(value.place, key, _type_name(value.raw)))
        return date.min
    return value.raw


def _months(table: _Table, key: str, problems: list[Diagnostic]) -> int:
    value = table.values.get(key)
    if value is None:
        return 1
    if not isinstance(value.raw, int) or isinstance(value.raw, bool) or not 1 <= value.raw <= _MOST_MONTHS:
        problems.append(diagnostics.bad_months(value.place, key, _MOST_MONTHS))
        return 1
    return value.raw


def _flag(table: _Table, key: str, problems: list[Diagnostic]) -> bool:
    """Return whether a key is true; a missing one is false."""
    value = table.values.get(key)
    if value is None:
        return False
    if not isinstance(value.raw, bool):
        problems.append(diagnostics.wrong_type(value.place, key, "`true` or `false`", _type_name(value.raw)))
        return False
    return value.raw


def _table(table: _Table, key: str, problems: list[Diagnostic]) -> _Table:
    """Return the table of a key; an empty one where it is missing or wrong."""
    value = table.values.get(key)
    if value is None:
        return _Table({}, table.place)
    if not isinstance(value.raw, Mapping):
        problems.append(diagnostics.wrong_type(value.place, key, f"a table `[{key}]`", _type_name(value.raw)))
        return _Table({}, value.place)
    return _Table(value.raw, value.key_place)


def _tables(table: _Table, key: str, problems: list[Diagnostic]) -> tuple[_Table, ...]:
    value = table.values.get(key)
    if value is None:
        return ()
    items = value.raw if isinstance(value.raw, tuple) else (value,)
    found = tuple(_Table(item.raw, item.key_place) for item in items if isinstance(item.raw, Mapping))
    if not isinstance(value.raw, tuple) or len(found) < len(items):
        expected = f"a list of tables, each beginning with `[[{key}]]`"
        problems.append(diagnostics.wrong_type(value.key_place, key, expected, _type_name(value.raw)))
        return ()
    return found


def _ids(tables: Iterable[_Table], problems: list[Diagnostic]) -> Collection[str]:
    """Return the ids of tables of one kind, after a look at their form and that each is there once."""
    first: dict[str, Place] = {}
    for table in tables:
        value = table.values.get("id")
        if value is None:
            continue
        written = _as_text(value, "id", problems).value and _word(table, "id")
        if not written:
            continue
        if not _ID.fullmatch(written):
            problems.append(diagnostics.bad_id(value.place, written))
        if written in first:
            problems.append(diagnostics.duplicate_id(value.place, written, first[written]))
        first.setdefault(written, value.place)
    return first


def _check_reference(text: Text, kind: str, known: Collection[str], problems: list[Diagnostic]) -> None:
    if text.value and text.value not in known:
        problems.append(diagnostics.unknown_reference(text.place, kind, text.value, known))


def _type_name(raw: _Raw) -> str:
    match raw:
        case _Unreadable():
            return raw.name
        case None:
            return "nothing"
        case bool():
            return "a yes/no value"
        case str():
            return "text"
        case int():
            return "a number"
        case date():
            return "a date"
        case tuple():
            return "a list"
        case _:
            return "a table"


# --- YAML ------------------------------------------------------------------------------------------


def _front_matter(path: str, text: str, start: int, end: int, problems: list[Diagnostic]) -> _Table | None:
    """Return the front matter between two offsets of a guide, or None where it is not YAML of plain keys.

    PyYAML reads YAML 1.1, where `No` is a yes/no value and `010` is eight: only plain forms are taken.
    Nothing is constructed, so that no tag can run code and no alias can grow.
    """
    try:
        node = yaml.compose(text[start:end], Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = ", ".join(filter(None, [error.context, error.problem]))
        place = _place(path, text, start + (mark.index if mark else 0))
        problems.append(diagnostics.front_matter_syntax(place, problem))
        return None
    except yaml.reader.ReaderError as error:
        place = _place(path, text, start + error.position)
        problems.append(diagnostics.front_matter_syntax(place, "it holds a character that is not text"))
        return None
    except RecursionError:
        problem = "it has lists within lists without end"
        problems.append(diagnostics.front_matter_syntax(_place(path, text, start), problem))
        return None
    if node is None:
        return _Table({}, Place(path))
    if not isinstance(node, yaml.MappingNode):
        place = _place(path, text, start + node.start_mark.index)
        problems.append(diagnostics.front_matter_syntax(place, "it is not made of keys and values"))
        return None

    def place_of(node: yaml.Node) -> Place:
        return _place(path, text, start + node.start_mark.index)

    values: dict[str, _Value] = {}
    tagged = False
    for key_node, value_node in node.value:
        items = value_node.value if isinstance(value_node, yaml.SequenceNode) else ()
        for part in (key_node, value_node, *items):
            if part.tag not in _YAML_TAGS:
                tag = part.tag.replace(_YAML_CORE, "!!")
                problems.append(diagnostics.front_matter_tag(place_of(part), tag))
                tagged = True
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "[…]"
        if key in values:
            problems.append(diagnostics.duplicate_key(place_of(key_node), key, values[key].key_place))
            continue
        raw = tuple(_Value(_yaml_scalar(item), place_of(key_node), place_of(item)) for item in items)
        is_list = isinstance(value_node, yaml.SequenceNode)
        values[key] = _Value(
            raw if is_list else _yaml_scalar(value_node), place_of(key_node), place_of(value_node)
        )
    return None if tagged else _Table(values, Place(path))


_YAML_CORE = "tag:yaml.org,2002:"
_YAML_TAGS = frozenset(
    _YAML_CORE + name
    for name in ("null", "bool", "int", "float", "str", "timestamp", "seq", "map", "merge", "value")
)


def _yaml_scalar(node: yaml.Node) -> _Raw:
    """Return the value of a node without constructing it; what is no plain scalar is not looked into."""
    if not isinstance(node, yaml.ScalarNode):
        return _Unreadable("a list" if isinstance(node, yaml.SequenceNode) else "a group of keys")
    written: str = node.value
    match node.tag.removeprefix(_YAML_CORE):
        case "null":
            return None
        case "bool":
            return written.lower() in ("true", "yes", "on", "y")
        case "int" if re.fullmatch(r"0|-?[1-9][0-9]{0,8}", written):
            return int(written)
        case "int" | "float":
            return _Unreadable(f"`{written}`, a number")
        case "timestamp":
            try:
                return date.fromisoformat(written)
            except ValueError:
                return _Unreadable(f"`{written}`")
        case _:
            return written


# --- TOML ------------------------------------------------------------------------------------------


def _toml(path: str, content: Mapping[str, bytes], problems: list[Diagnostic]) -> _Table | None:
    """Return a TOML file, an empty table where there is no such file, or None where it cannot be read."""
    if path not in content:
        return _Table({}, Place(path))
    text = _decoded(path, content[path], problems)
    if text is None:
        return None
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_toml_problem(path, text, str(error)))
        return None
    except (ValueError, RecursionError):
        problems.append(diagnostics.toml_syntax(Place(path), "it holds a number or a list too long to read"))
        return None
    spots = _toml_spots(text)

    def value_of(raw: object, keys: _Keys) -> _Value:
        key_at, value_at = spots[keys]
        return _Value(raw_of(raw, keys), _place(path, text, key_at), _place(path, text, value_at))

    def raw_of(raw: object, keys: _Keys) -> _Raw:
        match raw:
            case dict():
                return {key: value_of(item, (*keys, key)) for key, item in raw.items()}
            case list():
                return tuple(value_of(item, (*keys, number)) for number, item in enumerate(raw))
            case datetime() | time():
                return _Unreadable("a time of day")
            case bool() | str() | int() | date():
                return raw
            case _:
                return _Unreadable(f"`{raw}`, a number")

    return _Table({key: value_of(item, (key,)) for key, item in tree.items()}, Place(path))


def _toml_problem(path: str, text: str, message: str) -> Diagnostic:
    """Return the diagnostic for tomllib's message, which ends in `(at line 3, column 5)` or the like."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if found is None:
        return diagnostics.toml_syntax(Place(path), message)
    problem = found[1][:1].lower() + found[1][1:]
    if found[2] is None:
        return diagnostics.toml_syntax(
            _place(path, text, len(text.rstrip())), f"{problem}, at the end of the file"
        )
    return diagnostics.toml_syntax(Place(path, int(found[2]), int(found[3])), problem)


_Keys: TypeAlias = tuple[str | int, ...]


def _toml_spots(text: str) -> dict[_Keys, tuple[int, int]]:
    """Return the offsets of each key and its value in valid TOML, which tomllib does not tell.

    A path of keys counts the tables of a list and the items of an array from 0. The key of a table is its
    header, and that of an item the item itself.
    """
    scan = _TomlScan(text)
    table: _Keys = ()
    counts: dict[_Keys, int] = {}
    while scan.skip_blank():
        start = scan.at
        brackets = len(re.compile(r"\[{0,2}").match(text, start)[0])  # type: ignore[index]
        scan.at += brackets
        names = scan.key()
        if not brackets:
            scan.assignment(table, names, start)
            continue
        scan.at = text.index("]" * brackets, scan.at) + brackets
        table = ()
        for depth, name in enumerate(names, 1):
            table = (*table, name)
            scan.spots.setdefault(table, (start, start))
            if brackets == 2 and depth == len(names):
                counts[table] = counts.get(table, -1) + 1
            if table in counts:
                table = (*table, counts[table])
        scan.spots[table] = (start, start)
    return scan.spots


class _TomlScan:
    """A position in valid TOML, and the spots found on the way to it."""

    _BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
    _KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
    _SCALAR = re.compile(
        r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
        r"|'''.*?'''(?:'{0,2})"
        r'|"(?:\\.|[^"\\])*"'
        r"|'[^']*'"
        r"|[^,\]}\n#]+",
        re.DOTALL,
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spots: dict[_Keys, tuple[int, int]] = {}

    def _pass(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.at)
        assert match, "tomllib has accepted the text"
        self.at = match.end()
        return match

    def skip_blank(self) -> bool:
        """Go past white space and comments; return whether anything follows."""
        self._pass(self._BLANK)
        return self.at < len(self.text)

    def key(self) -> list[str]:
        """Go past a key, dotted or not, and return its parts."""
        parts = []
        more = "."
        while more:
            part, more = self._pass(self._KEY).groups()
            parts.append(part if part[0] not in "\"'" else tomllib.loads(f"key = {part}")["key"])
        return parts

    def assignment(self, table: _Keys, names: list[str], start: int) -> None:
        """Go past `= value` of a key that starts at an offset."""
        self.at = self.text.index("=", self.at) + 1
        self.skip_blank()
        for depth in range(1, len(names)):
            self.spots.setdefault((*table, *names[:depth]), (start, self.at))
        self.value((*table, *names), start)

    def value(self, keys: _Keys, start: int) -> None:
        """Go past a value whose key starts at an offset."""
        self.spots[keys] = (start, self.at)
        opening = self.text[self.at]
        if opening not in "[{":
            self._pass(self._SCALAR)
            return
        self.at += 1
        number = 0
        while self.skip_blank() and self.text[self.at] not in "]}":
            if self.text[self.at] == ",":
                self.at += 1
            elif opening == "[":
                self.value((*keys, number), self.at)
                number += 1
            else:
                start = self.at
                self.assignment(keys, self.key(), start)
        self.at += 1
