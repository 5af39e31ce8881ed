"""Titles and names of files that tell nobody what the site is about: a list of tabs or downloads shows them.

Which words would tell, each project says for its languages; the engine knows none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from handbill.model import Project, Text


@dataclass(frozen=True, slots=True)
class Neutral:
    """What must be neutral, and the words that would not be."""

    titles: frozenset[str] = frozenset()
    """Of the site, its guides, booklets and cards, in the source language."""
    words: tuple[str, ...] = ()
    """In all languages: a reader's device may show one page's title to somebody who reads another's."""


NOTHING = Neutral()


def of(project: Project) -> Neutral:
    """Return what must be neutral in a project; nothing where it names no words."""
    if not project.site.telling:
        return NOTHING
    return Neutral(frozenset(title.value for title in titled(project)), project.site.telling)


def titled(project: Project) -> Iterator[Text]:
    """Yield the titles of the site, its guides, booklets and cards."""
    yield project.site.title
    yield from (guide.title for guide in project.guides)
    yield from (booklet.title for booklet in project.booklets)
    yield from (card.title for card in project.cards)


def word_in(text: str, words: tuple[str, ...]) -> str | None:
    """Return the first of the words that a text has, in any case; None where it has none.

    A word of letters that are parted by spaces counts where another word begins with it, in Latin script;
    elsewhere, where articles and prefixes are written together with a word, anywhere.

    >>> word_in("Grapes, and how to rape seed", ("rape",)), word_in("Grapes", ("rape",))
    ('rape', None)
    """
    found = _pattern(words).search(text.casefold()) if words else None
    return found and found[0]


@lru_cache(maxsize=8)
def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    folded = sorted({word.casefold() for word in words}, key=lambda word: (-len(word), word))
    return re.compile(
        "|".join(f"{_BEGINNING if _is_latin(word) else ''}{re.escape(word)}" for word in folded)
    )


_BEGINNING = r"(?<![^\W\d_])"
_LAST_LATIN = "\u024f"


def _is_latin(word: str) -> bool:
    return word[0] <= _LAST_LATIN
