"""Phase *publish*: the state of every message, and whether a guide may be shown in a locale.

A person's review is bound to words: `mark` is a hash of source, translation and the contacts in them, and
nothing else, so that it holds wherever the message stands and however its file is wrapped. Verdicts are
reckoned in whole numbers, never from a rounded share.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handbill.model import Catalog, Contact, Entry, Message, Review, Role, Rule, State

# --- marks -----------------------------------------------------------------------------------------

MARK_LENGTH = 16
"""Hex digits of a mark: 64 bits, of which no locale will ever have two alike by chance."""

_TOKEN = re.compile(r"\{([^{}\s]+)\}")
"""What may be a token: whether it is one, the contacts say."""


def contact_values(contacts: Iterable[Contact]) -> dict[str, str]:
    """Return token name (`us-hotline.phone`) → its value as the contact has it, whatever the language."""
    found: dict[str, str] = {}
    for contact in contacts:
        found[f"{contact.id}.name"] = contact.name.value
        if contact.hours is not None:
            found[f"{contact.id}.hours"] = contact.hours.value
        found.update((f"{contact.id}.{channel}", value) for channel, value in contact.channels)
    return found


def mark(entry: Entry, values: Mapping[str, str]) -> str:
    """Return the mark of an entry: other words on either side, or another contact, give another mark.

    Comments, flags, references and the wrapping of the file are no part of it. `values` as from
    `contact_values`.
    """
    return _mark((entry.msgid, entry.msgid_plural), entry.msgctxt, entry.msgstr, values)


def mark_of(source: str, translation: str, values: Mapping[str, str]) -> str:
    """Return `mark` of an entry that has no context and no plural, without the entry."""
    return _mark((source, None), None, (translation,), values)


def contacts_in(sources: Iterable[str | None], values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return each token in a message and what it stands for, by name: the part of a mark that is data."""
    names = {name for source in sources if source and "{" in source for name in _TOKEN.findall(source)}
    return tuple((name, values[name]) for name in sorted(names) if name in values)


def _mark(
    sources: tuple[str, str | None], context: str | None, forms: Sequence[str], values: Mapping[str, str]
) -> str:
    parts = _FRAMED([*sources, context, forms, contacts_in(sources, values)])
    return hashlib.sha256(parts.encode("ascii")).hexdigest()[:MARK_LENGTH]


_FRAMED = json.JSONEncoder(separators=(",", ":")).encode
"""JSON keeps strings and lists apart, whatever stands in them, and is the same on every machine.

Made once: `json.dumps` would make it anew for each message, which takes half as long again.
"""


def marks_by(reviews: Iterable[Review], role: Role) -> frozenset[str]:
    """Return the marks that people of a role have made."""
    return frozenset(mark for review in reviews if review.role == role for mark in review.marks)


# --- states ----------------------------------------------------------------------------------------


def states(
    messages: Sequence[Message],
    catalog: Catalog,
    refused: Collection[tuple[str | None, str]],
    marks: Collection[str],
    values: Mapping[str, str],
) -> tuple[State, ...]:
    """Return the state of every message, in the order of messages; equal messages have equal states.

    `refused` holds (msgctxt, msgid) of the entries whose translation has an error; `marks` are those of
    native speakers; `values` as from `contact_values`.
    """
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalog.entries if not entry.obsolete}
    found: dict[tuple[str | None, str, str | None], State] = {}
    for message in messages:
        key = (message.context, message.text)
        if (*key, message.plural) not in found:
            found[*key, message.plural] = _state(message, entries.get(key), key in refused, marks, values)
    return tuple(found[message.context, message.text, message.plural] for message in messages)


def _state(
    message: Message,
    entry: Entry | None,
    is_refused: bool,
    marks: Collection[str],
    values: Mapping[str, str],
) -> State:
    if entry is None:
        return State.MISSING
    if entry.fuzzy or entry.msgid_plural != message.plural:
        # Where only the plural differs, the catalog is older than the template.
        if any(map(str.strip, entry.msgstr)):
            return State.STALE
    elif entry.current:
        if is_refused:
            return State.WITHDRAWN
        return State.REVIEWED if marks and mark(entry, values) in marks else State.TRANSLATED
    previous = (entry.previous_msgid, entry.previous_msgid_plural)
    return State.MISSING if previous == (None, None) else State.WITHDRAWN


# --- verdicts --------------------------------------------------------------------------------------

Reason: TypeAlias = Literal["critical", "share", "review"]
"""Why a guide is held: a critical message is not current; too few of the others are; not all is reviewed
that must be."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The messages of one guide by their text, each once: made once, for every locale."""

    critical: frozenset[str]
    """Those that are critical anywhere in the guide."""
    others: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Return every text."""
        return self.critical | self.others


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a guide may be shown in a locale, with the numbers that decided it."""

    published: bool
    reasons: tuple[Reason, ...]
    """Why not, the gravest first; none where it is published."""
    critical: int
    critical_current: int
    critical_reviewed: int
    others: int
    others_current: int
    others_reviewed: int

    @property
    def messages(self) -> int:
        """How many messages there are, equal ones counted once."""
        return self.critical + self.others

    @property
    def current(self) -> int:
        """How many of them may be shown."""
        return self.critical_current + self.others_current

    @property
    def reviewed(self) -> int:
        """How many of them a native speaker has reviewed."""
        return self.critical_reviewed + self.others_reviewed

    @property
    def complete(self) -> bool:
        """Whether every message is current, as a booklet needs."""
        return self.current == self.messages


def counted(messages: Iterable[Message]) -> Counted:
    """Return the messages of a guide, sorted for `verdict_of`. A guide's messages have no context."""
    texts: set[str] = set()
    critical: set[str] = set()
    for message in messages:
        texts.add(message.text)
        if message.critical:
            critical.add(message.text)
    return Counted(frozenset(critical), frozenset(texts - critical))


def verdict_of(
    counted: Counted, current: AbstractSet[str], rule: Rule, reviewed: AbstractSet[str] = frozenset()
) -> Verdict:
    """Return the verdict on a guide, from the texts that may be shown and those that are reviewed.

    Both sets may hold texts that are not of the guide. Where a rule asks for no review, `reviewed` may be
    left out; its counts are then zero.
    """
    critical, others = (
        texts if texts <= current else texts.intersection(current)
        for texts in (counted.critical, counted.others)
    )
    return _judged(
        rule,
        (len(counted.critical), len(critical), len(critical & reviewed)),
        (len(counted.others), len(others), len(others & reviewed)),
    )


def verdict(messages: Sequence[Message], states: Sequence[State], rule: Rule) -> Verdict:
    """Return the verdict on a catalog; `states` stand in the order of the messages.

    Messages that are equal count once, and as critical if one of them is.
    """
    numbers = {True: [0, 0, 0], False: [0, 0, 0]}
    for critical, state in _each_once(messages, states):
        count = numbers[critical]
        count[0] += 1
        count[1] += state.current
        count[2] += state is State.REVIEWED
    (critical_count, others_count) = (tuple(numbers[critical]) for critical in (True, False))
    return _judged(rule, critical_count, others_count)


def checked(messages: Sequence[Message], states: Sequence[State]) -> bool:
    """Return whether a page may do without the notice that no native speaker has checked it.

    It may where every critical message is reviewed; where none is critical, where all are.
    """
    all_of = tuple(_each_once(messages, states))
    needed = [state for critical, state in all_of if critical] or [state for _, state in all_of]
    return all(state is State.REVIEWED for state in needed)


def checked_of(counted: Counted, reviewed: AbstractSet[str]) -> bool:
    """Return `checked` from the texts that are reviewed."""
    return (counted.critical or counted.others) <= reviewed


def _each_once(messages: Sequence[Message], states: Sequence[State]) -> Iterable[tuple[bool, State]]:
    """Return whether it is critical, and its state, of each message that differs from those before it."""
    found: dict[tuple[str | None, str, str | None], tuple[bool, State]] = {}
    for message, state in zip(messages, states, strict=True):
        key = (message.context, message.text, message.plural)
        critical, _ = found.get(key, (False, state))
        found[key] = (critical or message.critical, state)
    return found.values()


def _judged(rule: Rule, critical: Sequence[int], others: Sequence[int]) -> Verdict:
    """Return the verdict; each of the two is how many there are, how many are current, how many reviewed."""
    reasons: list[Reason] = []
    if critical[1] < critical[0]:
        reasons.append("critical")
    if others[1] * 100 < rule.share * others[0]:
        reasons.append("share")
    if _lacks_review(rule, critical, others):
        reasons.append("review")
    return Verdict(not reasons, tuple(reasons), *critical, *others)


def _lacks_review(rule: Rule, critical: Sequence[int], others: Sequence[int]) -> bool:
    """Whether something is not reviewed that the rule wants reviewed before a reader sees it.

    A guide without a critical message is not thereby free of review: then all that is shown counts. What is
    not current is shown in the source language, and needs no review.
    """
    if rule.review == "none":
        return False
    if rule.review == "critical" and critical[0]:
        return critical[2] < critical[0]
    return critical[2] + others[2] < critical[1] + others[1]
