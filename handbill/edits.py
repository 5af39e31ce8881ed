"""What became of a text, word by word: the pieces that stayed, those taken out and those put in.

For people to read, so whole words change, not letters; tokens and link targets change whole too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

EditKind = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a text that stayed, was removed or was added; never empty."""

    kind: EditKind
    text: str


_BY_ITSELF = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese and Japanese: nothing parts their words."""
_SIGNS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0eff\u1000-\u109f\u1780-\u17ff"
)
"""Accents and vowel signs, which Python's `\\w` leaves out; with scripts that are full of them, whole."""
_LETTERS = rf"(?:[^\W{_BY_ITSELF}]|[{_SIGNS}])+"
_PIECE = re.compile(
    r"\{[^{}\s]*\}"  # a token
    r"|\]\([^()\s]*\)"  # where a link leads
    rf"|[{_BY_ITSELF}]"
    rf"|{_LETTERS}(?:['’-]{_LETTERS})*"
    r"|\s+|.",
    re.DOTALL,
)
_MOST_PAIRS = 4_000_000
"""Of pieces to compare. Beyond, a text is a file that went wrong, and its whole middle counts as changed."""


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Return how `old` became `new`: no two neighbours of one kind, what is removed before what is added.

    What stayed and was removed makes up `old`; what stayed and was added, `new`.

    >>> [(edit.kind, edit.text) for edit in edits("Call me now.", "Never call me now.")]
    [('removed', 'Call'), ('added', 'Never call'), ('same', ' me now.')]
    """
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    head, tail = before[:start], before[len(before) - end :]
    middle = _compared(before[start : len(before) - end], after[start : len(after) - end])
    return tuple(_joined((("same", head, head), *middle, ("same", tail, tail))))


_Step = tuple[Literal["same", "changed"], Sequence[str], Sequence[str]]
"""Pieces of the old text and of the new."""


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many pieces two texts have in common at their beginning."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[_Step]:
    if len(before) * len(after) > _MOST_PAIRS:
        yield "changed", before, after
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        yield "same" if kind == "equal" else "changed", before[start:end], after[new_start:new_end]


def _joined(steps: Sequence[_Step]) -> Iterator[Edit]:
    """Yield the edits, with changes that only a space or a mark parts made one: such are easier to read."""
    removed, added = "", ""
    for index, (kind, before, after) in enumerate(steps):
        old, new = "".join(before), "".join(after)
        inside = 0 < index < len(steps) - 1 and (removed or added)
        if kind == "same" and not (inside and _parts_nothing(old) and steps[index + 1][0] == "changed"):
            if not old:
                continue
            yield from _changed(removed, added)
            removed, added = "", ""
            yield Edit("same", old)
        else:
            removed, added = removed + old, added + new
    yield from _changed(removed, added)


def _parts_nothing(text: str) -> bool:
    return not any(map(str.isalnum, text)) and len(text) < 3


def _changed(removed: str, added: str) -> Iterator[Edit]:
    if removed:
        yield Edit("removed", removed)
    if added:
        yield Edit("added", added)
