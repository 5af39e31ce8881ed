"""Phase *check*: which translations are wrong, so that nothing wrong can reach a reader.

A translation with an error is not shown; a warning is for its translator to look at. What is wrong `rules`
says. Each finding is silenced for one entry by the flag `ignore-` and the diagnostic's code, or by a comment
that begins with it.

Two ways in. `refused` and `refused_strings` are for builds, which read every message of every locale: screens
that let through far more than is wrong pick the few messages on which the rules for errors then run.
`problems` and `string_problems` are for the command `check` and run every rule on every message. Both ways
find the same errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from handbill import diagnostics, markdown, rules
from handbill.markdown import Names, References
from handbill.model import Diagnostic, Entry, Message, Place
from handbill.rules import Finding, Ground, Pair

Key: TypeAlias = tuple[str | None, str]
"""What names an entry in its catalog: `msgctxt` and `msgid`."""


# --- the quick way: errors only ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expected:
    """The messages of one guide, and what their translations must keep: made once, for every locale."""

    named: Mapping[str, References]
    """Message → what it names."""
    names: Mapping[str, Names | None]
    """The same in short, None for messages that are not of the common kind."""
    naming: frozenset[str]
    """The messages that name a token, a link or an image: whether their translations do must be seen."""
    strict: frozenset[str]
    """The messages with numbers or code, for whose translations there is no quick way."""
    prose: str
    """What a reader reads of all messages."""


def expected(messages: Iterable[str]) -> Expected:
    """Return what translations of these messages must keep."""
    named = {message: markdown.references(message) for message in messages}
    strict = (message for message, kept in named.items() if kept.code or _DIGIT.search(kept.prose))
    naming = (message for message, kept in named.items() if kept.tokens or kept.links or kept.images)
    prose = "\n".join(kept.prose for kept in named.values())
    names = {message: read and read[0] for message in named for read in [markdown.named(message)]}
    return Expected(named, names, frozenset(naming), frozenset(strict), prose)


_DIGIT = re.compile(r"\d")
_BLOCK_STARTS = frozenset("#>-+*:~=|0123456789 \t")


def refused(
    translations: Mapping[str, str],
    expected: Expected,
    ground: Ground,
    path: str,
    entries: Callable[[], Iterable[Entry]],
) -> Iterator[tuple[Key, Diagnostic]]:
    """Yield each error in the current translations of a guide, with the entry that has it.

    `translations` holds messages of `expected` only. `entries` gives all that the catalog holds, for flags
    and places; it is called once, and only where something is wrong.
    """
    found: list[tuple[str, Finding]] = []
    for source in _suspects(translations, expected, ground):
        target, ours = translations[source], expected.named[source]
        pair = Pair((source,), target, ours, _references(source, target), False, None, ground)
        found.extend((source, finding) for finding in rules.run(rules.ERRORS, pair))
    if found:
        known = {entry.msgid: entry for entry in entries() if _is_shown(entry) and entry.msgctxt is None}
        for source, finding in found:
            if not _is_silenced(finding, known[source]):
                yield (None, source), _placed(finding, path, known[source])


def refused_strings(entries: Iterable[Entry], ground: Ground, path: str) -> Iterator[tuple[Key, Diagnostic]]:
    """Yield each error in the current entries of the interface: strings of templates and TOML files."""
    forbidden = ground.glossary.forbidden_anywhere
    for entry in entries:
        if _is_shown(entry) and _is_suspect(entry, ground, forbidden):
            for pair in _string_pairs(entry, None, ground):
                for finding in rules.run(rules.ERRORS, pair):
                    if not _is_silenced(finding, entry):
                        yield (entry.msgctxt, entry.msgid), _placed(finding, path, entry)


def _is_suspect(entry: Entry, ground: Ground, forbidden: Collection[str]) -> bool:
    """Whether a string of the interface has anything that the rules for errors look at; most have nothing."""
    return (
        _KEPT.search(entry.msgid) is not None
        or (entry.msgid_plural is not None and _KEPT.search(entry.msgid_plural) is not None)
        or entry.msgid in ground.neutral.titles
        or any(
            "%" in target
            or target[:1] in _BLOCK_STARTS
            or len(target) > rules.SURE_LENGTH
            or ground.telling.search(target) is not None
            or (forbidden and _any_in(forbidden, target.casefold()))
            for target in entry.msgstr
        )
    )


_KEPT = re.compile(r"[{%\d]")
"""In a string, what its translation must have too: a token, a placeholder, a number."""


def _suspects(translations: Mapping[str, str], expected: Expected, ground: Ground) -> Iterable[str]:
    """Return the messages whose translation may be wrong, some of which are not, and all that are."""
    telling = ground.telling.search
    forbidden = ground.glossary.forbidden_for(expected.prose)
    marked = {source for source, target in translations.items() if telling(target) is not None}
    marked |= expected.naming & translations.keys()
    suspects = [
        source
        for source in marked
        if not _is_sound(source, translations[source], expected, ground, forbidden)
    ]
    suspects += [source for source, target in translations.items() if target[:1] in _BLOCK_STARTS]
    suspects += expected.strict & translations.keys()
    if forbidden and _any_in(forbidden, "\n".join(translations.values()).casefold()):
        suspects += [
            source for source, target in translations.items() if _any_in(forbidden, target.casefold())
        ]
    suspects += [title for title in ground.neutral.titles if title in translations]
    if max(map(len, translations.values()), default=0) > rules.SURE_LENGTH:
        suspects += [source for source, target in translations.items() if rules.is_overlong(source, target)]
    chosen = set(suspects)
    return [source for source in translations if source in chosen] if chosen else ()


def _is_sound(
    source: str, target: str, expected: Expected, ground: Ground, forbidden: Collection[str]
) -> bool:
    """Whether the markup of a translation, once it is read, leaves nothing for the rules to look at."""
    read = markdown.named(target) if len(target) <= rules.SURE_LENGTH else None
    if read is None:
        return False
    names, prose = read
    return (
        names == expected.names[source]
        and ground.telling.search(prose) is None
        and not (forbidden and _any_in(forbidden, prose.casefold()))
    )


def _any_in(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)


# --- the full way: errors and warnings ---------------------------------------------------------------


def problems(
    entries: Iterable[Entry], messages: Mapping[Key, Message], ground: Ground, path: str
) -> Iterator[Diagnostic]:
    """Yield everything that is wrong with the current translations of a guide, by the order of its entries.

    Entries that are not of `messages` are not looked at: nobody will see them.
    """
    for entry in entries:
        message = messages.get((entry.msgctxt, entry.msgid))
        if message is not None and _is_shown(entry):
            source, target = entry.msgid, entry.msgstr[0]
            ours, theirs = markdown.references(source), _references(source, target)
            pair = Pair((source,), target, ours, theirs, False, message.longest, ground)
            yield from _all_of((pair,), entry, path)


def string_problems(
    entries: Iterable[Entry], messages: Mapping[Key, Message], ground: Ground, path: str
) -> Iterator[Diagnostic]:
    """Yield the same of the interface, whose strings are no Markdown."""
    for entry in entries:
        message = messages.get((entry.msgctxt, entry.msgid))
        if message is not None and _is_shown(entry):
            yield from _all_of(_string_pairs(entry, message.longest, ground), entry, path)


def belongs(entries: Iterable[Entry], messages: Mapping[Key, object], path: str) -> Iterator[Diagnostic]:
    """Yield `po-other-project` where a catalog has translations, and none of them is of its messages."""
    translated = [(entry.msgctxt, entry.msgid) for entry in entries if _is_shown(entry)]
    if len(translated) >= _FEWEST_FOR_A_PROJECT and not any(key in messages for key in translated):
        yield diagnostics.po_other_project(Place(path), len(translated))


_FEWEST_FOR_A_PROJECT = 3


def _all_of(pairs: Iterable[Pair], entry: Entry, path: str) -> Iterator[Diagnostic]:
    for pair in pairs:
        for finding in rules.run((*rules.ERRORS, *rules.WARNINGS), pair):
            if not _is_silenced(finding, entry):
                yield _placed(finding, path, entry)


# --- entries -----------------------------------------------------------------------------------------


def _is_shown(entry: Entry) -> bool:
    return bool(entry.msgid) and entry.current


def _is_silenced(finding: Finding, entry: Entry) -> bool:
    """Whether a translator has settled the matter, by a flag or by a comment.

    By a comment too, because gettext's own tools, which Poedit calls to save a file, drop flags that they do
    not know.
    """
    name = f"ignore-{finding.problem.code}"
    return name in entry.flags or any(line.split(":")[0].strip() == name for line in entry.comments)


def _references(source: str, target: str) -> References:
    """Return what a translation names. What is far too long is not read: a parser could take forever."""
    return References((), (), (), "") if rules.is_overlong(source, target) else markdown.references(target)


def _string_pairs(entry: Entry, longest: int | None, ground: Ground) -> Iterator[Pair]:
    """Yield a pair for each form of an entry of the interface."""
    sources = (entry.msgid,) if entry.msgid_plural is None else (entry.msgid, entry.msgid_plural)
    ours = _string_references("\n".join(sources))
    for target in entry.msgstr:
        yield Pair(sources, target, ours, _string_references(target), True, longest, ground)


_NAMES = re.compile(rf"{markdown.TOKEN.pattern}|%\(\w+\)s|%%")


def _string_references(text: str) -> References:
    """Return what a string names that is shown as it stands: its tokens."""
    prose = _NAMES.sub(" ", text)
    return References(tuple(markdown.TOKEN.findall(text)), (), (), prose, (), markdown.strays(prose))


_MSGID = re.compile(r"^[ \t]*msgid\b", re.MULTILINE)
_MSGSTR = re.compile(r"^[ \t]*msgstr\b", re.MULTILINE)


def _placed(finding: Finding, path: str, entry: Entry) -> Diagnostic:
    """Return what was found with its place: of the piece that it is about, or else of the entry's `msgid`."""
    line, text = max(entry.line, 1), entry.text
    msgid, msgstr = _MSGID.search(text), _MSGSTR.search(text)
    if finding.at and msgid and msgstr:
        piece = finding.at.replace("\\", "\\\\").replace('"', '\\"')
        offset = text.find(piece, msgstr.end())
        if offset >= 0:
            line += text.count("\n", msgid.start(), offset)
            return replace(finding.problem, place=Place(path, line, offset - text.rfind("\n", 0, offset)))
    return replace(finding.problem, place=Place(path, line))
