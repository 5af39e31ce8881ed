"""Files to a validated `Project`: settings, contacts, booklets, guides, templates and images.

Every mistake is reported with its place, not only the first. Pure: the files come in as a mapping, and
today's date is a parameter. Markdown is not looked into here, nor are catalogs; whether CLDR knows a locale
is for another phase.
"""

from __future__ import annotations

import base64
import hashlib
import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import get_args

from handbill import diagnostics, languages, pictures, tables
from handbill.formats import FORMATS
from handbill.model import (
    CHANNELS,
    PSEUDO_LOCALES,
    Audience,
    Binding,
    Booklet,
    Card,
    CardSize,
    Channel,
    Contact,
    ContactKind,
    Diagnostic,
    Exit,
    Face,
    Guide,
    Image,
    Makeup,
    Need,
    Place,
    Project,
    Region,
    ReviewNeed,
    Rule,
    Site,
    Template,
    Text,
    Urgent,
)
from handbill.tables import Table

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

_AUDIENCES: tuple[Audience, ...] = get_args(Audience)
_CONTACT_KINDS: tuple[ContactKind, ...] = get_args(ContactKind)

_ID = re.compile(r"[a-z][a-z0-9-]*")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_GUIDE_NAME_RULE = "lower-case letters a to z, digits and hyphens, a letter first, ending in `.md`"
_FILE_NAME_RULE = "letters A to Z, digits, hyphens, dots and underscores only, no spaces"
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_([A-Z]{2}|[0-9]{3}))?")
_NUMBER = re.compile(r"\+?[0-9]([ -]?[0-9])+")
_WEB = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~%/-]*)?")
_ADDRESS = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]+)?(/[A-Za-z0-9._~%/-]*)?|http://[a-z2-7]{56}\.onion(/[A-Za-z0-9._~%/-]*)?"
)
_EXIT = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]+)?(/[A-Za-z0-9._~%/-]*)?")
_MOST_MONTHS = 60
_CONTACT_MONTHS = 12
_PAPER_GSM = (40, 400)
_MOST_SHEETS = 20


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
    address_book = _address_book(tables.toml(_CONTACTS, content, problems), problems)
    settings = tables.toml(_SITE, content, problems) if _SITE in content else None
    guide_ids = [path.removeprefix(_GUIDES).removesuffix(".md") for path in guide_paths]
    site = _site(settings, address_book, drafts, guide_ids, problems)
    printed = tables.toml(_BOOKLETS, content, problems)
    booklets = _booklets(printed, guide_ids, site, problems)
    cards = _cards(printed, address_book, site, problems)
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
        cards=cards,
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


def _image(path: str, content: bytes, problems: list[Diagnostic]) -> Image:
    _check_file_name(path, problems)
    kind, signature = _PICTURES.get(path[path.rfind(".") :].lower(), ("", None))
    if signature is None:
        problems.append(
            diagnostics.unexpected_file(Place(path), "images are `.png`, `.jpg` or `.webp` files")
        )
    elif not signature.match(content):
        problems.append(diagnostics.image_content(Place(path), kind))
    else:
        try:  # what it tells of whoever took it must not get any further
            content = pictures.bare(content)
        except pictures.Unreadable as error:
            problems.append(diagnostics.image_unreadable(Place(path), str(error)))
    return Image(path.removeprefix(_IMAGES), content)


def _template(path: str, content: bytes, problems: list[Diagnostic]) -> Template:
    _check_file_name(path, problems)
    name = path.removeprefix(_TEMPLATES)
    if not path.endswith(_TEMPLATE_ENDINGS):
        expected = f"templates are {', '.join(_TEMPLATE_ENDINGS)} files"
        problems.append(diagnostics.unexpected_file(Place(path), expected))
        return Template(name, path, "")
    text = tables.decoded(path, content, problems) or ""
    if name.startswith("web/"):
        for drawing in _DRAWING.finditer(text):
            if not _DECORATION.search(drawing[0]):
                problems.append(diagnostics.drawing_alone(tables.place_at(path, text, drawing.start())))
    return Template(name, path, text)


_DRAWING = re.compile(r"<svg\b[^>]*>|<(?:img|object|embed|image)\b[^>]*\.svg[^>]*>")
_DECORATION = re.compile(r"""\baria-hidden=["']?true\b""")


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
    elif name == "interface.md":
        problems.append(
            diagnostics.file_name(Place(path), "`interface` is the catalog of the site's own words")
        )
    text = tables.decoded(path, content, problems)
    return _guide(path, text, problems) if text is not None else _Draft(None, None)


def _guide(path: str, text: str, problems: list[Diagnostic]) -> _Draft:
    text = tables.line_feeds(text)
    fences = [line.span() for line in re.finditer(r"^---[ \t]*$", text, re.MULTILINE)][:2]
    if not fences or fences[0][0] != 0:
        problems.append(diagnostics.no_front_matter(Place(path)))
        return _Draft(None, None)
    if len(fences) == 1:
        problems.append(diagnostics.front_matter_not_closed(Place(path)))
        return _Draft(None, None)
    (_, start), (end, after) = fences
    table = tables.front_matter(path, text, start + 1, end, problems)
    if table is None:
        return _Draft(None, None)
    tables.check_keys(table, _GUIDE_KEYS, ("discreet", "aliases"), problems)
    before = len(problems)
    facts = tables.texts(table, "facts", problems)
    readable = "facts" in table.values and len(problems) == before
    reviewed = table.values.get("reviewed")
    guide = Guide(
        id=path.rpartition("/")[2].removesuffix(".md"),
        path=path,
        title=tables.text(table, "title", problems),
        summary=tables.text(table, "summary", problems),
        audience=tables.choice(table, "audience", _AUDIENCES, problems),
        facts=tuple(fact.value for fact in facts),
        reviewed=tables.day(table, "reviewed", problems),
        review_after=tables.months(table, "review_after", _MOST_MONTHS, problems),
        discreet=tables.flag(table, "discreet", problems),
        body=text[after + 1 :],
        body_line=text.count("\n", 0, after) + 2,
        reviewed_place=reviewed.place if reviewed else table.place,
        aliases=_aliases(table, problems),
    )
    return _Draft(guide, facts if readable else None)


def _aliases(table: Table, problems: list[Diagnostic]) -> tuple[Text, ...]:
    aliases = tables.texts(table, "aliases", problems)
    for alias in aliases:
        if alias.value and not _ID.fullmatch(alias.value):
            problems.append(diagnostics.alias_name(alias.place, alias.value))
    return aliases


# --- contacts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _AddressBook:
    regions: tuple[Region, ...]
    contacts: tuple[Contact, ...]
    kinds: Mapping[str, str]
    """The kind of each contact as written, by id."""


_CONTACT_KEYS = ("id", "region", "kind", "name", "note", "source", "checked", "verified")


def _address_book(table: Table | None, problems: list[Diagnostic]) -> _AddressBook | None:
    """Return what contacts.toml holds; None where it could not be read at all."""
    if table is None:
        return None
    tables.check_keys(table, (), ("region", "contact"), problems)
    regions = tables.each(table, "region", problems)
    for region in regions:
        tables.check_keys(region, ("id", "name"), (), problems)
    contacts = tables.each(table, "contact", problems)
    region_ids = _ids(regions, problems)
    _ids(contacts, problems)
    return _AddressBook(
        tuple(Region(tables.word(region, "id"), tables.text(region, "name", problems)) for region in regions),
        tuple(_contact(contact, region_ids, problems) for contact in contacts),
        {tables.word(contact, "id"): tables.word(contact, "kind") for contact in contacts},
    )


def _contact(table: Table, regions: Collection[str], problems: list[Diagnostic]) -> Contact:
    tables.check_keys(table, _CONTACT_KEYS, ("hours", "answers", *CHANNELS, "languages"), problems)
    region = tables.text(table, "region", problems)
    _check_reference(region, "region", regions, problems)
    present = [channel for channel in CHANNELS if channel in table.values]
    if not present:
        problems.append(diagnostics.no_channel(table.place, tables.word(table, "id")))
    languages = tables.inner(table, "languages", problems)
    tables.check_keys(languages, (), CHANNELS, problems)
    for channel in CHANNELS:
        if channel in languages.values and channel not in present:
            place = languages.values[channel].key_place
            problems.append(diagnostics.language_without_channel(place, channel))
    return Contact(
        id=tables.word(table, "id"),
        region=region.value,
        kind=tables.choice(table, "kind", _CONTACT_KINDS, problems),
        name=tables.text(table, "name", problems),
        note=tables.text(table, "note", problems),
        hours=tables.text(table, "hours", problems) if "hours" in table.values else None,
        channels=tuple((channel, _channel(table, channel, problems)) for channel in present),
        languages=tuple(
            (channel, tables.text(languages, channel, problems))
            for channel in CHANNELS
            if channel in languages.values
        ),
        source=tables.text(table, "source", problems).value,
        checked=tables.day(table, "checked", problems),
        verified=tables.flag(table, "verified", problems),
        place=table.place,
        answers=tables.text(table, "answers", problems) if "answers" in table.values else None,
    )


def _channel(table: Table, channel: Channel, problems: list[Diagnostic]) -> str:
    text = tables.text(table, channel, problems)
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
    table: Table | None, guides: Collection[str], site: Site | None, problems: list[Diagnostic]
) -> tuple[Booklet, ...]:
    if table is None:
        return ()
    tables.check_keys(table, (), ("booklet", "card"), problems)
    booklets = tables.each(table, "booklet", problems)
    _ids((*booklets, *tables.each(table, "card", [])), problems)  # both name files
    return tuple(_booklet(booklet, guides, site, problems) for booklet in booklets)


def _booklet(table: Table, guides: Collection[str], site: Site | None, problems: list[Diagnostic]) -> Booklet:
    tables.check_keys(
        table, ("id", "title", "summary", "audience", "guides"), ("formats", "discreet", *_MAKEUP), problems
    )
    names = tables.texts(table, "guides", problems)
    for name in names:
        _check_reference(name, "guide", guides, problems)
    listed = table.values.get("guides")
    if listed and listed.raw == ():
        problems.append(diagnostics.empty_value(listed.place, "guides"))
    formats = tables.texts(table, "formats", problems)
    for name in formats:
        if name.value and name.value not in FORMATS:
            problems.append(diagnostics.unknown_choice(name.place, "formats", name.value, tuple(FORMATS)))
    chosen = tuple(name.value for name in formats if name.value in FORMATS)
    if (listed := table.values.get("formats")) and listed.raw == ():
        problems.append(diagnostics.empty_value(listed.place, "formats"))
    names_of_formats = chosen or ("reading", "booklet")
    return Booklet(
        id=tables.word(table, "id"),
        title=tables.text(table, "title", problems),
        summary=tables.text(table, "summary", problems),
        audience=tables.choice(table, "audience", _AUDIENCES, problems),
        guides=tuple(name.value for name in names),
        place=table.place,
        formats=names_of_formats,
        makeup=_makeup(table, names_of_formats, site, problems),
        discreet=tables.flag(table, "discreet", problems),
    )


_MAKEUP = tuple(field.name for field in fields(Makeup))
_BINDINGS: tuple[Binding, ...] = get_args(Binding)


def _makeup(table: Table, formats: Collection[str], site: Site | None, problems: list[Diagnostic]) -> Makeup:
    """Return what a booklet's table says of how it is made up; an option that no format heeds is reported."""
    for option in _MAKEUP:
        heeding = [name for name, format in FORMATS.items() if option in format.options]
        if option in table.values and not set(heeding) & set(formats):
            place = table.values[option].key_place
            problems.append(diagnostics.option_without_format(place, option, heeding))
    beside = tables.text(table, "beside", problems) if "beside" in table.values else None
    if beside and site and beside.value not in (locales := (site.source_locale, *site.locales)):
        problems.append(diagnostics.unknown_reference(beside.place, "locale", beside.value, locales))
    usual = Makeup()
    return Makeup(
        binding=tables.choice(table, "binding", _BINDINGS, problems) if "binding" in table.values else None,
        paper_gsm=tables.whole(table, "paper_gsm", *_PAPER_GSM, usual.paper_gsm, problems),
        signature_sheets=tables.whole(
            table, "signature_sheets", 1, _MOST_SHEETS, usual.signature_sheets, problems
        ),
        beside=beside.value if beside else None,
    )


# --- cards -----------------------------------------------------------------------------------------

_CARD_SIZES: tuple[CardSize, ...] = get_args(CardSize)
_FACE_KEYS = ("heading", "contacts", "sections", "lines", "write", "notice")


def _cards(
    table: Table | None, address_book: _AddressBook | None, site: Site | None, problems: list[Diagnostic]
) -> tuple[Card, ...]:
    """Return the cards of booklets.toml; whether their parts of guides are known, the plan can tell."""
    found = []
    for card in tables.each(table, "card", problems) if table else ():
        keys = ("id", "title", "summary", "sizes", "face")
        tables.check_keys(card, keys, ("back", "mixed", "discreet"), problems)
        made = _card(card, address_book, problems)
        if made.back and site and made.back not in (locales := (site.source_locale, *site.locales)):
            problems.append(
                diagnostics.unknown_reference(card.values["back"].place, "locale", made.back, locales)
            )
        found.append(made)
    return tuple(found)


def _card(table: Table, address_book: _AddressBook | None, problems: list[Diagnostic]) -> Card:
    sizes = tables.texts(table, "sizes", problems)
    for size in sizes:
        if size.value and size.value not in _CARD_SIZES:
            problems.append(diagnostics.unknown_choice(size.place, "sizes", size.value, _CARD_SIZES))
    if (listed := table.values.get("sizes")) and listed.raw == ():
        problems.append(diagnostics.empty_value(listed.place, "sizes"))
    faces = tuple(_face(face, address_book, problems) for face in tables.each(table, "face", problems))
    card = Card(
        id=tables.word(table, "id"),
        title=tables.text(table, "title", problems),
        summary=tables.text(table, "summary", problems),
        sizes=tuple(size for size in _CARD_SIZES if size in {one.value for one in sizes}),
        faces=faces,
        back=tables.text(table, "back", problems).value if "back" in table.values else None,
        mixed=tables.flag(table, "mixed", problems),
        discreet=tables.flag(table, "discreet", problems),
        place=table.place,
    )
    folds, flat = "folded" in card.sizes, bool({*card.sizes} - {"folded"})
    rules = (
        (folds and len(faces) != 4, "one that folds has four"),
        (flat and len(faces) not in (1, 2), "one that does not fold has one or two"),
        (card.back is not None and len(faces) != 1, "one with `back` has one, which both languages show"),
    )
    broken = next((rule for is_broken, rule in rules if is_broken), None)
    if broken and faces:
        problems.append(diagnostics.card_faces(table.place, card.id, len(faces), broken))
    suggests = any(face.lines or face.sections for face in faces)
    if suggests and not any(face.notice for face in faces):
        problems.append(diagnostics.card_notice(table.place, card.id))
    return card


def _face(table: Table, address_book: _AddressBook | None, problems: list[Diagnostic]) -> Face:
    tables.check_keys(table, (), _FACE_KEYS, problems)
    contacts = tables.texts(table, "contacts", problems)
    for contact in contacts if address_book else ():
        _check_reference(contact, "contact", address_book.kinds if address_book else (), problems)
    face = Face(
        heading=tables.text(table, "heading", problems) if "heading" in table.values else None,
        contacts=tuple(contact.value for contact in contacts),
        sections=tables.texts(table, "sections", problems),
        lines=tables.texts(table, "lines", problems),
        write=tables.texts(table, "write", problems),
        notice=tables.flag(table, "notice", problems),
        place=table.place,
    )
    if not table.values:
        problems.append(diagnostics.empty_value(table.place, "face"))
    return face


# --- the site --------------------------------------------------------------------------------------

_SITE_TEXTS = ("title", "description", "notice", "notice_neutral")
_SITE_KEYS = (*_SITE_TEXTS, "source_locale", "locales", "emergency", "helpline")
_SITE_OPTIONS = (
    *("address", "indexing", "onion", "facts", "hosting", "neutral", "publish", "locale", "need"),
    *("exit", "first_page"),
)
_URGENT = ("urgent_title", "urgent")
_RULE_KEYS = ("share", "review")
_REVIEW_NEEDS: tuple[ReviewNeed, ...] = get_args(ReviewNeed)
_TRUSTED_KINDS: Mapping[str, tuple[ContactKind, ...]] = {
    "emergency": ("emergency",),
    "helpline": ("helpline", "crisis-line"),
}


def _site(
    table: Table | None,
    address_book: _AddressBook | None,
    drafts: Iterable[_Draft],
    guides: Collection[str],
    problems: list[Diagnostic],
) -> Site | None:
    if table is None:
        return None
    tables.check_keys(table, _SITE_KEYS, (*_SITE_OPTIONS, *_URGENT), problems)
    title, description, notice, notice_neutral = (tables.text(table, key, problems) for key in _SITE_TEXTS)
    source_locale = tables.text(table, "source_locale", problems)
    locales = tables.texts(table, "locales", problems)
    for locale in (source_locale, *locales):
        if locale.value and not _LOCALE.fullmatch(locale.value):
            problems.append(diagnostics.bad_locale(locale.place, locale.value))
    for locale in locales:
        if locale.value and locale.value == source_locale.value:
            problems.append(diagnostics.source_is_target(locale.place, locale.value))
        if locale.value in PSEUDO_LOCALES:
            problems.append(diagnostics.pseudo_locale(locale.place, locale.value))
    facts = tables.inner(table, "facts", problems)
    for key in facts.values:
        tables.text(facts, key, problems)
    if "facts" not in table.values or isinstance(table.values["facts"].raw, Mapping):
        _check_facts(facts, drafts, problems)
    rules = _rules(table, source_locale.value, [locale.value for locale in locales], problems)
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
        rules=rules,
        address=_address(table, problems),
        onion=_onion(table, problems),
        telling=_telling(table, (source_locale.value, *(locale.value for locale in locales)), problems),
        precompressed=_precompressed(table, problems),
        needs=_needs(table, guides, problems),
        urgent=_urgent(table, problems),
        indexing="indexing" not in table.values or tables.flag(table, "indexing", problems),
        exit=_exit(table, rules, problems),
        first_page=_first_page(table, drafts, problems),
    )


def _needs(table: Table, guides: Collection[str], problems: list[Diagnostic]) -> tuple[Need, ...]:
    needs = tables.each(table, "need", problems)
    _ids(needs, problems)
    return tuple(_need(need, guides, problems) for need in needs)


def _need(table: Table, guides: Collection[str], problems: list[Diagnostic]) -> Need:
    tables.check_keys(table, ("id", "title", "guides"), (), problems)
    names = tables.texts(table, "guides", problems)
    for name in names:
        _check_reference(name, "guide", guides, problems)
    if (listed := table.values.get("guides")) and listed.raw == ():
        problems.append(diagnostics.empty_value(listed.place, "guides"))
    return Need(
        tables.word(table, "id"),
        tables.text(table, "title", problems),
        tuple(name.value for name in names),
    )


def _urgent(table: Table, problems: list[Diagnostic]) -> Urgent | None:
    """Return the two keys of the urgent guide, which go together; where its link leads, the plan can tell."""
    present = [key for key in _URGENT if key in table.values]
    if not present:
        return None
    for key in _URGENT:
        if key not in present:
            problems.append(diagnostics.missing_key(table.values[present[0]].key_place, key))
    title, link = (tables.text(table, key, problems) for key in _URGENT)
    return Urgent(title, link)


def _precompressed(table: Table, problems: list[Diagnostic]) -> bool:
    hosting = tables.inner(table, "hosting", problems)
    tables.check_keys(hosting, (), ("precompressed",), problems)
    return "precompressed" not in hosting.values or tables.flag(hosting, "precompressed", problems)


def _address(table: Table, problems: list[Diagnostic]) -> str:
    if "address" not in table.values:
        return ""
    text = tables.text(table, "address", problems)
    if text.value and not _ADDRESS.fullmatch(text.value):
        problems.append(diagnostics.bad_site_address(text.place, text.value))
    return text.value


def _telling(table: Table, locales: Collection[str], problems: list[Diagnostic]) -> tuple[str, ...]:
    listed = tables.inner(table, "neutral", problems)
    found: list[str] = []
    for locale, value in listed.values.items():
        _check_reference(Text(locale, value.key_place), "locale", locales, problems)
        found.extend(text.value for text in tables.texts(listed, locale, problems) if text.value)
    return tuple(dict.fromkeys(found))


def _onion(table: Table, problems: list[Diagnostic]) -> str:
    if "onion" not in table.values:
        return ""
    text = tables.text(table, "onion", problems)
    if text.value and not (_ONION.fullmatch(text.value) and _is_whole_onion(text.value)):
        problems.append(diagnostics.bad_onion_address(text.place, text.value))
    return text.value


_ONION = re.compile(r"http://[a-z2-7]{56}\.onion")


def _is_whole_onion(address: str) -> bool:
    """Whether no character of an onion address is wrong: it has a checksum (rend-spec-v3)."""
    decoded = base64.b32decode(address.removeprefix("http://").removesuffix(".onion").upper())
    key, checksum, version = decoded[:32], decoded[32:34], decoded[34:]
    reckoned = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return version == b"\x03" and checksum == reckoned


def _exit(table: Table, rules: Sequence[tuple[str, Rule]], problems: list[Diagnostic]) -> Exit | None:
    """Return where a reader is taken who leaves: `[exit]`, and `exit` of each `[locale.CODE]` with one.

    A locale without one has that of the nearest fallback with one: a page in its own language.
    """
    given = tables.inner(table, "exit", problems)
    locales = tables.inner(table, "locale", [])  # whose mistakes are told with the rules
    own = {
        locale: _exit_address(special, "exit", problems)
        for locale in locales.values
        if "exit" in (special := tables.inner(locales, locale, [])).values
    }
    if "exit" not in table.values and not own:
        return None
    tables.check_keys(given, ("address",), ("replace_history",), problems)
    return Exit(
        _exit_address(given, "address", problems),
        tuple((*own.items(), *_lent(own, rules))),
        tables.flag(given, "replace_history", problems) if "replace_history" in given.values else True,
    )


def _lent(own: Mapping[str, str], rules: Sequence[tuple[str, Rule]]) -> Iterator[tuple[str, str]]:
    for locale, rule in rules:
        lender = next((other for other in rule.fallback if other in own), None)
        if locale not in own and lender is not None:
            yield locale, own[lender]


def _exit_address(table: Table, key: str, problems: list[Diagnostic]) -> str:
    text = tables.text(table, key, problems)
    if text.value and not _EXIT.fullmatch(text.value):
        problems.append(diagnostics.bad_exit_address(text.place, text.value))
    return text.value


def _first_page(table: Table, drafts: Iterable[_Draft], problems: list[Diagnostic]) -> str | None:
    """Return the guide that is named; one that could not be read has been told of."""
    if "first_page" not in table.values:
        return None
    text = tables.text(table, "first_page", problems)
    drafts = tuple(drafts)
    if all(draft.guide for draft in drafts):
        _check_reference(text, "guide", {draft.guide.id for draft in drafts if draft.guide}, problems)
    return text.value


def _trusted_contact(
    table: Table, key: str, address_book: _AddressBook | None, problems: list[Diagnostic]
) -> str:
    """Return the id of a contact shown first; it may be empty in a project without contacts."""
    value = table.values.get(key)
    if value and value.raw == "" and address_book and not address_book.contacts:
        return ""
    text = tables.text(table, key, problems)
    if address_book:
        _check_reference(text, "contact", address_book.kinds, problems)
        kind = address_book.kinds.get(text.value)
        if kind in _CONTACT_KINDS and kind not in _TRUSTED_KINDS[key]:
            problems.append(diagnostics.contact_kind(text.place, key, text.value, kind))
    return text.value


def _rules(
    table: Table, source_locale: str, locales: Sequence[str], problems: list[Diagnostic]
) -> tuple[tuple[str, Rule], ...]:
    """Return the rule of each locale: what `[locale.CODE]` says, else `[publish]`, else the safe default.

    A fallback must be among `locales`, since only their catalogs are kept up to date. It brings its own
    fallbacks with it.
    """
    general = tables.inner(table, "publish", problems)
    tables.check_keys(general, (), _RULE_KEYS, problems)
    rule = _rule(general, Rule(), problems)
    own = tables.inner(table, "locale", problems)
    rules = dict.fromkeys(locales, rule)
    named: dict[str, tuple[Text, ...]] = {}
    for locale, value in own.values.items():
        _check_reference(Text(locale, value.key_place), "translated locale", locales, problems)
        special = tables.inner(own, locale, problems, f"locale.{locale}")
        tables.check_keys(special, (), (*_RULE_KEYS, "fallback", "exit"), problems)
        rules[locale] = _rule(special, rule, problems)
        named[locale] = tables.texts(special, "fallback", problems)
        for fallback in named[locale]:
            _check_fallback(locale, fallback, source_locale, locales, problems)
    _check_circles(named, problems)
    return tuple((locale, replace(rules[locale], fallback=_chain(locale, named))) for locale in locales)


def _rule(table: Table, otherwise: Rule, problems: list[Diagnostic]) -> Rule:
    share = tables.percent(table, "share", problems) if "share" in table.values else otherwise.share
    review = otherwise.review
    if "review" in table.values:
        review = tables.choice(table, "review", _REVIEW_NEEDS, problems)
    return Rule(share, review)


def _check_fallback(
    locale: str,
    fallback: Text,
    source_locale: str,
    locales: Collection[str],
    problems: list[Diagnostic],
) -> None:
    if fallback.value == source_locale:
        problems.append(diagnostics.fallback_source(fallback.place, locale, source_locale))
        return
    _check_reference(fallback, "translated locale", locales, problems)
    if fallback.value in locales and _written(fallback.value) != _written(locale):
        problems.append(diagnostics.fallback_language(fallback.place, locale, fallback.value))


def _written(locale: str) -> tuple[str, str | None]:
    """Return the language and the script of a locale."""
    return locale.partition("_")[0], languages.script(locale)


def _check_circles(named: Mapping[str, Sequence[Text]], problems: list[Diagnostic]) -> None:
    """Report each circle of fallbacks once, where it closes."""
    settled: set[str] = set()

    def follow(way: tuple[str, ...]) -> None:
        for fallback in named.get(way[-1], ()):
            if fallback.value in way:
                circle = (*way[way.index(fallback.value) :], fallback.value)
                problems.append(diagnostics.fallback_cycle(fallback.place, circle))
            elif fallback.value not in settled:
                follow((*way, fallback.value))
        settled.add(way[-1])

    for locale in named:
        if locale not in settled:
            follow((locale,))


def _chain(locale: str, named: Mapping[str, Sequence[Text]]) -> tuple[str, ...]:
    """Return the fallbacks of a locale, nearest first: its own, then those that they have."""
    chain = [locale]
    for link in chain:  # which grows on the way
        for fallback in named.get(link, ()):
            if fallback.value not in chain:
                chain.append(fallback.value)
    return tuple(chain[1:])


def _check_facts(known: Table, drafts: Iterable[_Draft], problems: list[Diagnostic]) -> None:
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


# --- ids and references ----------------------------------------------------------------------------


def _ids(items: Iterable[Table], problems: list[Diagnostic]) -> Collection[str]:
    """Return the ids of tables of one kind, after a look at their form and that each is there once."""
    first: dict[str, Place] = {}
    for item in items:
        value = item.values.get("id")
        if value is None:
            continue
        written = tables.text(item, "id", problems).value and tables.word(item, "id")
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
