"""Which message of a guide was edited into which, told by their words and by the order that they stand in.

Never the fuzzy matching of other tools: its cost grows with the square of a catalog, and it pairs sentences
from opposite ends of a guide. Knows nothing of translations.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from handbill import wording
from handbill.model import Entry


@dataclass(frozen=True, slots=True)
class Pair:
    """Indices of messages in the place of others: one of one, several of one, or one of several."""

    new: tuple[int, ...]
    old: tuple[int, ...]
    is_loose: bool = False
    """Whether the place says more for it than the words."""


def pairs(
    wanted: Sequence[Entry], free: Sequence[int], before: Sequence[Entry], gone: Sequence[int]
) -> Iterator[Pair]:
    """Yield which of the messages at `free` stand for which of those at `gone`, each once.

    A message with the very same words is taken wherever it stands. Any other is looked for only between the
    same two neighbours: the longest run of equal messages in equal order holds both sides together (after
    Cohen's *patience diff*).
    """
    if not free or not gone:
        return
    same = list(_of_same_words(wanted, free, before, gone))
    yield from same
    free = sorted({*free}.difference(*(pair.new for pair in same)))
    gone = sorted({*gone}.difference(*(pair.old for pair in same)))
    where = {_key(entry): index for index, entry in enumerate(before)}
    equal = [(index, where[_key(new)]) for index, new in enumerate(wanted) if _key(new) in where]
    if any(one[1] > other[1] for one, other in pairwise(equal)):
        equal = _heaviest_chain([(new, old, 1.0) for new, old in equal])
    new_bounds, old_bounds = [new for new, _ in equal], [old for _, old in equal]
    gaps: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index in free:
        gaps[bisect_left(new_bounds, index)][0].append(index)
    for index in gone:
        gaps[bisect_left(old_bounds, index)][1].append(index)

    for new_ones, old_ones in gaps.values():
        if new_ones and old_ones:
            yield from _in_gap(wanted, new_ones, before, old_ones)


def alike(one: str, other: str) -> bool:
    """Return whether two texts have enough words in common for a translation to be of use to both."""
    words, others = _words(one), _words(other)
    return _share(words, others) >= _least(len(words) + len(others))


def near(one: str, other: str) -> bool:
    """Return whether two texts in the same place may be one that was edited."""
    return _share(_words(one), _words(other)) >= _LEAST_IF_ALONE


def _in_gap(
    wanted: Sequence[Entry], new_ones: Sequence[int], before: Sequence[Entry], old_ones: Sequence[int]
) -> Iterator[Pair]:
    """Yield the pairs between two neighbours: split and joined, alike, or the only ones left."""
    done_new: set[int] = set()
    done_old: set[int] = set()
    if len(new_ones) > 1:
        for old, parts in _in_parts(before, old_ones, wanted, new_ones):
            done_old.add(old)
            done_new.update(parts)
            yield Pair(parts, (old,))
    if len(old_ones) > 1:
        for new, parts in _in_parts(
            wanted,
            [one for one in new_ones if one not in done_new],
            before,
            [one for one in old_ones if one not in done_old],
        ):
            done_new.add(new)
            done_old.update(parts)
            yield Pair((new,), parts)
    new_ones = [index for index in new_ones if index not in done_new]
    old_ones = [index for index in old_ones if index not in done_old]
    if not new_ones or not old_ones:
        return
    alike = _heaviest_chain(
        _similar([wanted[index] for index in new_ones], [before[index] for index in old_ones])
    )
    for new, old in alike:
        yield Pair((new_ones[new],), (old_ones[old],))
    ends = [(-1, -1), *alike, (len(new_ones), len(old_ones))]
    for (new, old), (next_new, next_old) in pairwise(ends):
        if next_new - new == next_old - old == 2:
            one, other = new_ones[new + 1], old_ones[old + 1]
            if wanted[one].msgctxt == before[other].msgctxt and near(wanted[one].msgid, before[other].msgid):
                yield Pair((one,), (other,), is_loose=True)


_BEGINNING = 5
"""So many words tell most messages apart."""


def _in_parts(
    all_whole: Sequence[Entry], whole: Sequence[int], all_parts: Sequence[Entry], parts: Sequence[int]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield a message and those that have its words together, in its order, each once.

    Others may stand between them.
    """
    words = [
        [] if all_parts[index].msgid_plural is not None else wording.words(all_parts[index].msgid)
        for index in parts
    ]
    starts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, listed in enumerate(words):
        if listed:
            starts[tuple(listed[:_BEGINNING])].append(number)
    done: set[int] = set()
    for index in whole:
        message = all_whole[index]
        listed = wording.words(message.msgid) if message.msgid_plural is None else []
        beginnings = (tuple(listed[:count]) for count in range(1, min(len(listed), _BEGINNING) + 1))
        for start in (number for beginning in beginnings for number in starts.get(beginning, ())):
            found: list[int] = []
            position = 0
            for number in range(start, len(parts)):
                part = words[number]
                if (
                    part
                    and number not in done
                    and listed[position : position + len(part)] == part
                    and all_parts[parts[number]].msgctxt == message.msgctxt
                ):
                    found.append(number)
                    position += len(part)
                if not found or position == len(listed):
                    break
            if position == len(listed) and len(found) > 1:
                done.update(found)
                yield index, tuple(parts[number] for number in found)
                break


def _key(entry: Entry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def _of_same_words(
    wanted: Sequence[Entry], new_ones: Sequence[int], before: Sequence[Entry], old_ones: Sequence[int]
) -> Iterator[Pair]:
    """Yield the messages whose words are the same; of several, the first goes with the first."""
    if not new_ones or not old_ones:
        return
    found: dict[tuple[str | None, tuple[str, ...]], tuple[list[int], list[int]]] = defaultdict(
        lambda: ([], [])
    )
    for side, (entries, ones) in enumerate(((wanted, new_ones), (before, old_ones))):
        for index in ones:
            words = tuple(wording.words(entries[index].msgid))
            if words:
                found[entries[index].msgctxt, words][side].append(index)
    for news, olds in found.values():
        yield from (Pair((new,), (old,)) for new, old in zip(news, olds, strict=False))


_LEAST = 0.7
_LEAST_IF_SHORT = 0.8
_SHORT = 16
"""Words of both messages together. “Call the police” and “Do not call the police” must not meet."""
_LEAST_IF_ALONE = 0.5
"""For messages that are alone in the same place. No translation goes over then."""


def _share(one: Collection[str], other: Collection[str]) -> float:
    """Return from 0 to 1 how many words two messages share, as `_words` tells them apart."""
    both = len(one) + len(other)
    return 2 * len(frozenset(one) & frozenset(other)) / both if both else 0.0


def _least(both: int) -> float:
    return _LEAST_IF_SHORT if both < _SHORT else _LEAST


def _similar(new: Sequence[Entry], old: Sequence[Entry]) -> list[tuple[int, int, float]]:
    """Return the pairs with enough words in common, with the share of words from 0 to 1, by new index.

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
            share = _share(words, old_words[other])
            least = _least(len(words) + len(old_words[other]))
            if share >= least and new[index].msgctxt == old[other].msgctxt:
                pairs.append((index, other, share))
    return pairs


def _words(text: str) -> frozenset[str]:
    """Return the words of a text, told apart where one stands several times; marks do not count."""
    words = wording.words(text)
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
