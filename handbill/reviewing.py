"""The command `review`: what one person has to read of a translation, and the marks that they leave.

A mark is made of the words that were shown, not of those in the file when it is written down: an edit in
between voids it. Writes `locales/<locale>/reviews.toml` and nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handbill import publish, reviews, store
from handbill.desk import Desk, Examined
from handbill.model import Diagnostic, Entry, Message, Place, Review, Role, State


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


def readings(
    desk: Desk, locale: str, names: Iterable[str], role: Role
) -> tuple[tuple[Reading, ...], tuple[Diagnostic, ...]]:
    """Return what a person of a role has to read of these catalogs, and what is wrong with their files.

    A message that stands in several of them is due in the first. Whoever has read the words of a fallback has
    read them for this locale too. Where there is an error, there is nothing to read.
    """
    made, problems = _reviews(desk, locale)
    faults = list(problems)
    chain = [made, *(_reviews(desk, fallback)[0] for fallback in desk.rules[locale].fallback)]
    marks = {mark for found in chain for mark in publish.marks_by(found, role)}
    found: list[Reading] = []
    for name in dict.fromkeys(names):
        examined = desk.examined(locale, name)
        faults.extend(examined.faults)
        reading = _reading(name, examined, marks, desk.values)
        marks.update(pair.mark for pair in reading.due)
        found.append(reading)
    failed = any(problem.severity == "error" for problem in faults)
    return () if failed else tuple(found), tuple(faults)


def _reviews(desk: Desk, locale: str) -> tuple[tuple[Review, ...], tuple[Diagnostic, ...]]:
    path = reviews.path(locale)
    return reviews.read(store.read(desk.folder / path), path, tuple(desk.messages), desk.today)


def _reading(name: str, examined: Examined, marks: Collection[str], values: Mapping[str, str]) -> Reading:
    states = publish.states(examined.messages, examined.catalog, examined.refused, marks, values)
    entries = {
        (entry.msgctxt, entry.msgid): entry for entry in examined.catalog.entries if not entry.obsolete
    }
    due: list[Pair] = []
    counts = dict.fromkeys(State, 0)
    refused = 0
    for message, state in zip(examined.messages, states, strict=True):
        key = (message.context, message.text)
        if state is State.TRANSLATED:
            due.append(_pair(message, entries[key], examined.catalog.path, values))
        if state is State.WITHDRAWN and key in examined.refused:
            refused += 1
        else:
            counts[state] += 1
    return Reading(
        catalog=name,
        due=tuple(due),
        marked=counts[State.REVIEWED],
        missing=counts[State.MISSING],
        stale=counts[State.STALE],
        withdrawn=counts[State.WITHDRAWN],
        refused=refused,
    )


def _pair(message: Message, entry: Entry, path: str, values: Mapping[str, str]) -> Pair:
    sources = (entry.msgid,) if entry.msgid_plural is None else (entry.msgid, entry.msgid_plural)
    return Pair(
        place=Place(path, entry.line),
        headings=message.headings,
        is_heading=message.kind == "heading",
        critical=message.critical,
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
    desk: Desk, locale: str, by: str, role: Role, marks: Mapping[str, Sequence[str]]
) -> tuple[Diagnostic, ...]:
    """Add one block to the locale's reviews for each catalog that has marks; return what stood in the way.

    With a diagnostic that is an error, nothing was written. `by` as from `reviewer`.
    """
    if not any(marks.values()):
        return ()
    path = reviews.path(locale)
    content = store.read(desk.folder / path)
    _, problems = reviews.read(content, path, tuple(desk.messages), desk.today)
    if any(problem.severity == "error" for problem in problems):
        return problems
    text = (content or b"").decode("utf-8")
    for catalog, made in marks.items():
        if made:
            text = reviews.appended(text, Review(catalog, by, role, desk.today, tuple(made)))
    # What cannot be added to, such as a list of reviews on one line, is not made worse.
    _, problems = reviews.read(text.encode("utf-8"), path, tuple(desk.messages), desk.today)
    if not any(problem.severity == "error" for problem in problems):
        store.write_if_changed(desk.folder / path, text.encode("utf-8"))
    return problems
