"""The command `review`: what one person has to read of a translation, and the marks that they leave.

A mark is made of the words that were shown, not of those in the file when it is written down: an edit in
between voids it. Writes `locales/<locale>/reviews.toml` and nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handbill import check, po, prose, publish, reviews, store
from handbill.catalogs import all_messages
from handbill.model import Catalog, Diagnostic, Entry, Message, Place, Review, Role, State
from handbill.source import INTERFACE, Source, catalog_path


@dataclass(frozen=True, slots=True)
class Pair:
    """One message as a reviewer reads it: the source beside the translation."""

    place: Place
    """Where the translation stands."""
    headings: tuple[str, ...]
    is_heading: bool
    critical: bool
    context: str | None
    sources: tuple[str, ...]
    """The message, and its plural where it has one."""
    forms: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]
    """Each token in it, and what a reader sees in its place."""
    mark: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one person has to read of one catalog; equal messages count once."""

    catalog: str
    due: tuple[Pair, ...]
    """Current, and without a mark by the person's role; in the order of the guide."""
    marked: int
    missing: int
    stale: int
    withdrawn: int
    refused: int
    """How many have an error that `check` reports."""


def catalogs(source: Source) -> tuple[str, ...]:
    """Return the names of all that can be reviewed: the guides, then the interface."""
    return (*source.documents, INTERFACE)


def readings(
    source: Source, folder: Path, locale: str, names: Sequence[str], role: Role, today: date
) -> tuple[tuple[Reading, ...], tuple[Diagnostic, ...]]:
    """Return what a person of a role has to read of these catalogs, and what is wrong with their files.

    A message that stands in several of them is due in the first. Where there is an error, there is
    nothing to read.
    """
    found, problems = reviews.read(
        store.read(folder / reviews.path(locale)), reviews.path(locale), catalogs(source), today
    )
    messages, more = all_messages(source)
    faults = [*problems, *more]
    marks = set(publish.marks_by(found, role))
    made: list[Reading] = []
    for name in dict.fromkeys(names):
        catalog, broken = _catalog(folder, locale, name)
        faults.extend(broken)
        reading = _reading(source, name, messages[name], catalog, marks)
        marks.update(pair.mark for pair in reading.due)
        made.append(reading)
    failed = any(problem.severity == "error" for problem in faults)
    return () if failed else tuple(made), tuple(faults)


def _catalog(folder: Path, locale: str, name: str) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    path = catalog_path(locale, name)
    content = store.read(folder / path)
    if content is None:
        return Catalog(path, ()), ()
    text = po.decode(content, path)
    if isinstance(text, Diagnostic):
        return Catalog(path, ()), (text,)
    catalog, problems = po.read(text, path)
    return catalog, (*problems, *po.check_header(catalog, locale))


def _reading(
    source: Source, name: str, messages: Sequence[Message], catalog: Catalog, marks: Iterable[str]
) -> Reading:
    values = publish.contact_values(source.project.contacts)
    refused = frozenset(_refused(source, name, catalog))
    states = publish.states(messages, catalog, refused, frozenset(marks), values)
    once: dict[tuple[str | None, str], tuple[Message, State]] = {}
    critical: set[tuple[str | None, str]] = set()
    for message, state in zip(messages, states, strict=True):
        once.setdefault((message.context, message.text), (message, state))
        if message.critical:
            critical.add((message.context, message.text))
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalog.entries if not entry.obsolete}
    due: dict[str, Pair] = {}
    for key, (message, state) in once.items():
        if state is State.TRANSLATED:
            pair = _pair(message, entries[key], key in critical, catalog.path, values)
            due.setdefault(pair.mark, pair)
    sound = [state for key, (_, state) in once.items() if key not in refused or state is not State.WITHDRAWN]
    return Reading(
        catalog=name,
        due=tuple(due.values()),
        marked=sound.count(State.REVIEWED),
        missing=sound.count(State.MISSING),
        stale=sound.count(State.STALE),
        withdrawn=sound.count(State.WITHDRAWN),
        refused=len(once) - len(sound),
    )


def _refused(source: Source, name: str, catalog: Catalog) -> Iterator[tuple[str | None, str]]:
    """Yield (msgctxt, msgid) of every entry that `check` reports an error in."""
    numbers = prose.known_numbers(source.project.contacts)

    def place(message: str) -> Place:
        return Place(catalog.path)

    for entry in catalog.entries:
        if not entry.msgid or not entry.current:
            continue
        if name == INTERFACE:
            problems = check.interface_translations([entry], place, numbers)
        elif entry.msgid in source.named[name]:
            problems = check.guide_translations(
                {entry.msgid: entry.msgstr[0]}, source.named[name], place, numbers
            )
        else:
            continue
        if any(problem.severity == "error" for problem in problems):
            yield entry.msgctxt, entry.msgid


def _pair(message: Message, entry: Entry, critical: bool, path: str, values: Mapping[str, str]) -> Pair:
    sources = (entry.msgid,) if entry.msgid_plural is None else (entry.msgid, entry.msgid_plural)
    return Pair(
        place=Place(path, entry.line),
        headings=message.headings,
        is_heading=message.kind == "heading",
        critical=critical,
        context=message.context,
        sources=sources,
        forms=entry.msgstr,
        contacts=publish.contacts_in(sources, values),
        mark=publish.mark(entry, values),
    )


# --- on a screen -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One message on a reviewer's screen; its texts hold nothing that a terminal would obey."""

    number: int
    """From 1, in its catalog."""
    pair: Pair
    above: str
    """The headings above it, where they are others than those of the row before."""
    source: str
    translation: str


def rows(due: Iterable[Pair]) -> tuple[Row, ...]:
    """Return what a reviewer sees of each message: with its context, and with the contacts in it."""
    found: list[Row] = []
    below: tuple[str, ...] = ()
    for number, pair in enumerate(due, 1):
        above = " › ".join(pair.headings) if pair.headings != below else ""
        below = (*pair.headings, pair.sources[0]) if pair.is_heading else pair.headings
        context = [f"({pair.context})"] if pair.context else []
        contacts = [f"{{{name}}} is {value}" for name, value in pair.contacts]
        left = visible("\n".join((*context, *pair.sources, *contacts)))
        right = visible("\n".join((*[""] * len(context), *pair.forms)))
        found.append(Row(number, pair, visible(above), left, right))
    return tuple(found)


def pages(
    rows: Iterable[Row], width: int, height: int, cells: Callable[[str], int]
) -> Iterator[tuple[Row, ...]]:
    """Yield rows, as many at a time as fit a height in lines, at least one.

    Source and translation stand side by side, each `width` columns wide; `cells` says how many columns a
    text takes.
    """

    def lines(text: str) -> int:
        # Lines end between words: a fifth more than letters need.
        return sum(1 + cells(line) * 6 // 5 // width for line in text.split("\n"))

    page: list[Row] = []
    used = 0
    for row in rows:
        needed = 1 + max(lines(row.source), lines(row.translation)) + (lines(row.above) if row.above else 0)
        if page and used + needed > height:
            yield tuple(page)
            page, used = [], 0
        page.append(row)
        used += needed
    if page:
        yield tuple(page)


def visible(text: str) -> str:
    """Return text in which whatever a terminal would obey, or would turn the line around, is seen.

    >>> visible("a\x1b[1mb\u202e")
    'a<U+001B>[1mb<U+202E>'
    """
    return "".join(
        f"<U+{ord(character):04X}>" if character != "\n" and _is_unseen(character) else character
        for character in text
    )


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or unicodedata.bidirectional(character) in _TURNING


_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


# --- what is written down --------------------------------------------------------------------------


def reviewer(name: str) -> str | None:
    """Return a name as reviews.toml has it, or None where it is none.

    >>> reviewer("  Ana   P. "), reviewer(" "), reviewer("A\\x1b[1m")
    ('Ana P.', None, None)
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name or any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        return None
    return name


def record(
    source: Source,
    folder: Path,
    locale: str,
    by: str,
    role: Role,
    on: date,
    marks: Mapping[str, Sequence[str]],
) -> tuple[Diagnostic, ...]:
    """Add one block to the locale's reviews for each catalog that has marks; return what stood in the way.

    With a diagnostic that is an error, nothing was written. `by` as from `reviewer`.
    """
    if not any(marks.values()):
        return ()
    path = reviews.path(locale)
    content = store.read(folder / path)
    _, problems = reviews.read(content, path, catalogs(source), on)
    if any(problem.severity == "error" for problem in problems):
        return problems
    text = (content or b"").decode("utf-8")
    for catalog, made in marks.items():
        if made:
            text = reviews.appended(text, Review(catalog, by, role, on, tuple(made)))
    # What cannot be added to, such as a list of reviews on one line, is not made worse.
    _, problems = reviews.read(text.encode("utf-8"), path, catalogs(source), on)
    if not any(problem.severity == "error" for problem in problems):
        store.write_if_changed(folder / path, text.encode("utf-8"))
    return problems
