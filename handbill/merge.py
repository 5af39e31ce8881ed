"""What translators have and what there is to translate now → the catalog they go on with.

Equal messages keep their translations. Between those, in document order, a message that was edited gets
the translation of what it replaced: marked `fuzzy`, with the old source in `#|`, and so never shown until a
person has read it. Never the fuzzy matching of other tools: its cost grows with the square of a catalog, and
it pairs sentences from opposite ends of a guide.

Pure; knows nothing of files and languages.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from handbill.model import Catalog, Entry

Key: TypeAlias = tuple[str | None, str]


def merge(template: Catalog, old: Catalog, elsewhere: Mapping[str, str]) -> Catalog:
    """Return `old` brought up to date with `template`: its messages, in its order, with their translations.

    - A message that `old` has, in use or obsolete, keeps its translation, comments and flags.
    - A message without a translation gets that of `elsewhere` (msgid → msgstr, from the locale's other
      catalogs), or that of a similar message that stood at its place and is gone; either is `fuzzy`.
    - A translation that nothing uses any more becomes obsolete, at the end; none is ever lost.

    Entries in which nothing changes keep their `text`, and the header is `old`'s as it stands: where nothing
    changed, `old` itself is returned. `elsewhere` is not offered for plurals nor within a `msgctxt`.
    """
    wanted = [entry for entry in template.entries if entry.msgid]
    known = {_key(entry): entry for entry in old.entries if entry.msgid}
    header = [entry for entry in old.entries if not entry.msgid][:1] or list(template.entries[:1])
    forms = _plural_count(header)

    merged: list[Entry | None] = [None] * len(wanted)
    for index, new in enumerate(wanted):
        found = known.get(_key(new))
        if found:
            merged[index] = _kept(new, found, forms)
        known_elsewhere = (
            elsewhere.get(new.msgid) if new.msgid_plural is None and new.msgctxt is None else None
        )
        if known_elsewhere and not (found and any(found.msgstr)):
            merged[index] = _offered(new, found, known_elsewhere)

    used = {_key(new) for new in wanted}
    for index, similar in _replaced(wanted, merged, old, used):
        used.add(_key(similar))
        merged[index] = _guessed(wanted[index], similar, forms)

    current = [entry or _fresh(new, forms) for new, entry in zip(wanted, merged, strict=True)]
    gone = [entry for entry in old.entries if entry.msgid and _key(entry) not in used]
    obsolete = [_obsolete(entry) for entry in gone if entry.obsolete or any(entry.msgstr)]
    if _same(header + current + obsolete, old.entries):
        return old
    return replace(old, entries=(*header, *current, *obsolete))


def _key(entry: Entry) -> Key:
    return entry.msgctxt, entry.msgid


def _same(new: Sequence[Entry], old: Sequence[Entry]) -> bool:
    """Whether nothing changed but where obsolete entries stand, which translators may choose."""
    in_use = [entry for entry in new if not entry.obsolete] + [entry for entry in new if entry.obsolete]
    before = [entry for entry in old if not entry.obsolete] + [entry for entry in old if entry.obsolete]
    return len(in_use) == len(before) and all(map(lambda one, other: one is other, in_use, before))


def _plural_count(header: Sequence[Entry]) -> int:
    stated = re.search(r"nplurals\s*=\s*(\d+)", header[0].msgstr[0]) if header else None
    return int(stated[1]) if stated else 2


# --- one entry -------------------------------------------------------------------------------------


def _fresh(new: Entry, forms: int) -> Entry:
    return replace(new, msgstr=("",) * (1 if new.msgid_plural is None else forms), text="", line=0)


def _kept(new: Entry, old: Entry, forms: int) -> Entry:
    """Return the old entry for the same message, itself where nothing about it changed."""
    if new.msgid_plural != old.msgid_plural:
        return _guessed(new, old, forms)
    # Editors of translations put as many places on a line as fit.
    same_places = " ".join(new.references).split() == " ".join(old.references).split()
    complete = new.msgid_plural is None or len(old.msgstr) >= forms
    flags = _flags(new, old)
    unchanged = new.extracted == old.extracted and same_places and set(flags) == set(old.flags)
    if not old.obsolete and unchanged and complete:
        return old
    return replace(
        old,
        msgstr=old.msgstr if complete else _fitted(old.msgstr, forms),
        extracted=new.extracted,
        references=new.references,
        flags=flags,
        obsolete=False,
        text="",
        line=0,
    )


def _guessed(new: Entry, old: Entry, forms: int) -> Entry:
    """Return the new message with the translation of another, for a translator to look at."""
    left = old.msgstr[1:] if new.msgid_plural is None else ()
    notes = tuple(f"msgstr[{index}]: {form!r}" for index, form in enumerate(left, 1) if form)
    made = replace(
        new,
        msgstr=old.msgstr[:1] if new.msgid_plural is None else _fitted(old.msgstr, forms),
        comments=(*old.comments, *notes),
        flags=_flags(new, old),
        text="",
        line=0,
    )
    if not any(old.msgstr):
        return made
    if old.fuzzy and old.previous_msgid is not None:
        # What the translator had in front of them, not what came between.
        return replace(
            made,
            previous_msgctxt=old.previous_msgctxt,
            previous_msgid=old.previous_msgid,
            previous_msgid_plural=old.previous_msgid_plural,
        )
    return replace(
        made,
        flags=_fuzzy(made.flags),
        previous_msgctxt=old.msgctxt,
        previous_msgid=old.msgid,
        previous_msgid_plural=old.msgid_plural,
    )


def _offered(new: Entry, old: Entry | None, translation: str) -> Entry:
    """Return an untranslated message with what the same words are translated to in another catalog."""
    return replace(
        new,
        msgstr=(translation,),
        comments=old.comments if old else (),
        flags=_fuzzy(_flags(new, old) if old else new.flags),
        text="",
        line=0,
    )


def _obsolete(entry: Entry) -> Entry:
    if entry.obsolete:
        return entry
    flags = tuple(flag for flag in entry.flags if not _TEMPLATE_FLAG.match(flag))
    return replace(entry, extracted=(), references=(), flags=flags, obsolete=True, text="", line=0)


_TEMPLATE_FLAG = re.compile(
    r"(md-text|(placeholders|priority|max-length):.*|(no-|possible-|impossible-)?python(-brace)?-format)\Z"
)
"""Flags that the template alone rules: its own, and what Babel guesses."""


def _flags(new: Entry, old: Entry) -> tuple[str, ...]:
    """Return the translator's flags and the template's: `fuzzy` first, then the template's."""
    if new.flags == old.flags:
        return old.flags
    own = [flag for flag in old.flags if flag not in new.flags and not _TEMPLATE_FLAG.match(flag)]
    fuzzy = [flag for flag in own if flag == "fuzzy"]
    return (*fuzzy, *new.flags, *(flag for flag in own if flag != "fuzzy"))


def _fuzzy(flags: tuple[str, ...]) -> tuple[str, ...]:
    return flags if "fuzzy" in flags else ("fuzzy", *flags)


def _fitted(msgstr: tuple[str, ...], forms: int) -> tuple[str, ...]:
    """Return at least as many forms as the language has; too many are left for `read` to report."""
    return msgstr + ("",) * (forms - len(msgstr))


# --- which message was edited into which -----------------------------------------------------------


def _replaced(
    wanted: Sequence[Entry], merged: Sequence[Entry | None], old: Catalog, used: set[Key]
) -> Iterable[tuple[int, Entry]]:
    """Yield (index of a new message, the entry it replaces), each entry once.

    The longest run of equal messages in equal order holds both sides together (after Cohen's *patience
    diff*); a message is looked for only in the gap between the same two neighbours.
    """
    before = [entry for entry in old.entries if entry.msgid and not entry.obsolete]
    old_index = {_key(entry): index for index, entry in enumerate(before)}
    equal = [(index, old_index[_key(new)]) for index, new in enumerate(wanted) if _key(new) in old_index]
    held = _heaviest_chain([(new, old, 1.0) for new, old in equal])
    new_bounds, old_bounds = [new for new, _ in held], [old for _, old in held]

    gaps: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index, entry in enumerate(merged):
        if entry is None:
            gaps[bisect_left(new_bounds, index)][0].append(index)
    for index, entry in enumerate(before):
        if _key(entry) not in used and any(entry.msgstr):
            gaps[bisect_left(old_bounds, index)][1].append(index)
    for new_ones, old_ones in gaps.values():
        if new_ones and old_ones:
            pairs = _similar([wanted[index] for index in new_ones], [before[index] for index in old_ones])
            for new, found in _heaviest_chain(pairs):
                yield new_ones[new], before[old_ones[found]]


_LEAST = 0.7
_LEAST_IF_SHORT = 0.8
_SHORT = 16
"""Words of both messages together. “Call the police” and “Do not call the police” must not meet."""


def _similar(new: Sequence[Entry], old: Sequence[Entry]) -> list[tuple[int, int, float]]:
    """Return the pairs with enough words in common, with their likeness from 0 to 1, by new index.

    Every pair above the threshold is found, without comparing all: of two messages that share so much, the
    rarest words of the one meet the rarest of the other (prefix filtering, Chaudhuri et al., 2006).
    """
    new_words, old_words = [_words(entry.msgid) for entry in new], [_words(entry.msgid) for entry in old]
    uses = Counter(word for words in (*new_words, *old_words) for word in words)

    def rarest(words: frozenset[str]) -> list[str]:
        shared_at_least = math.ceil(len(words) * _LEAST / (2 - _LEAST))
        return sorted(words, key=lambda word: (uses[word], word))[: len(words) - shared_at_least + 1]

    holders: dict[str, list[int]] = defaultdict(list)
    for index, words in enumerate(old_words):
        for word in rarest(words):
            holders[word].append(index)
    pairs: list[tuple[int, int, float]] = []
    for index, words in enumerate(new_words):
        for other in {found for word in rarest(words) for found in holders.get(word, ())}:
            both = len(words) + len(old_words[other])
            likeness = 2 * len(words & old_words[other]) / both
            least = _LEAST_IF_SHORT if both < _SHORT else _LEAST
            if likeness >= least and new[index].msgctxt == old[other].msgctxt:
                pairs.append((index, other, likeness))
    return pairs


_WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff\uf900-\ufaff]+")
"""Chinese and Japanese characters count as words: nothing stands between theirs."""


def _words(text: str) -> frozenset[str]:
    """Return the words of a text, told apart where one stands several times; marks do not count."""
    words = _WORD.findall(text.casefold())
    if len(set(words)) == len(words):
        return frozenset(words)
    seen: Counter[str] = Counter()
    numbered = set()
    for word in words:
        seen[word] += 1
        numbered.add(f"{word} {seen[word]}" if seen[word] > 1 else word)
    return frozenset(numbered)


@dataclass(frozen=True, slots=True)
class _Link:
    weight: float
    pair: tuple[int, int]
    before: _Link | None


def _heaviest_chain(pairs: Iterable[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Return the pairs (new, old) that rise on both sides and weigh most together; n log n.

    >>> _heaviest_chain([(0, 5, 1.0), (1, 1, 0.8), (2, 2, 0.8), (3, 3, 0.1)])
    [(1, 1), (2, 2), (3, 3)]
    """
    # The best chains so far, by the old index of their end: both that and their weight rise.
    ends: list[int] = []
    best: list[_Link] = []
    for new, old, weight in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        at = bisect_left(ends, old)
        before = best[at - 1] if at else None
        link = _Link(weight + (before.weight if before else 0), (new, old), before)
        stop = at
        while stop < len(best) and best[stop].weight <= link.weight:
            stop += 1
        if stop > at or at == len(best) or ends[at] != old:
            ends[at:stop], best[at:stop] = [old], [link]
    chain: list[tuple[int, int]] = []
    last = best[-1] if best else None
    while last:
        chain.append(last.pair)
        last = last.before
    return chain[::-1]
