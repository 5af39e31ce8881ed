"""Phase *pseudo*: a message → the same message in a made-up language, to try templates and layouts with.

`en_XA` is the source with accents, longer, in brackets: whatever a page shows plain never came through a
catalog, a bracket that is missing was cut off, and what does not fit will not fit in other languages either.
`ar_XB` runs from right to left, its letters left as they are, so that everybody can read what stands where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from handbill import markdown
from handbill.model import PSEUDO_LOCALES

GROWTH_PERCENT = 40
"""How much longer the words of `en_XA` are than the source's, rounded up; the brackets come on top."""

_ACCENTED, _MIRRORED = PSEUDO_LOCALES

_ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćđéƒğĥíĵķłɱñóƥɋŕšţúṽŵẋýžÁƁĆĐÉƑĞĤÍĴĶŁṀÑÓƤɊŔŠŢÚṼŴẊÝŽ",
)
_VOWELS = frozenset("aeiouAEIOU")
_RIGHT_TO_LEFT_MARK = "\u200f"

_KEPT = re.compile(
    r"(?<!`)(?P<ticks>`++)(?!`).*?(?<!`)(?P=ticks)(?!`)"  # code
    r"|\\."  # an escape
    r"|\{[a-z][a-z0-9-]*\.[a-z]+\}"  # a token
    r"|%\(\w+\)s|%%"  # a placeholder
    r"|\]\((?:<[^<>\n]*>|[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)"  # where a link or an image leads
    r"|\d+ (?:[A-Z]\.)+ \d+"  # a citation of a law
    r"|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);",  # an entity
    re.DOTALL,
)
"""What no translator may touch, and no pseudo-language either."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def guide_message(text: str, locale: str) -> str:
    """Return a message of a guide, inline Markdown, in a pseudo-locale; it names the same things.

    Where an odd link would not survive, words stay as they are.

    >>> guide_message("Keep **{help.phone}** [near](bag.md).", "en_XA")
    '\\\\[\\xa0ĶĶééééƥƥ **{help.phone}** [ññééááŕ](bag.md).\\xa0\\\\]'
    """
    names = _named(text)
    for made in (_spoken(text, locale, "\\[\u00a0{}\u00a0\\]"), f"\\[\u00a0{text}\u00a0\\]"):
        if _named(made) == names:
            return made
    return text


def template_string(text: str, locale: str) -> str:
    """Return a string of a template or a TOML file in a pseudo-locale, its placeholders and tokens kept.

    >>> template_string("%(n)s pages, 100%%", "en_XA")
    '[\\xa0%(n)s ƥƥááğğééšš, 100%%\\xa0]'
    """
    return _spoken(text, locale, "[\u00a0{}\u00a0]")


def _spoken(text: str, locale: str, brackets: str) -> str:
    return _mirrored(text) if locale == _MIRRORED else brackets.format(_accented(text))


def _named(text: str) -> tuple[tuple[str, ...], ...]:
    found = markdown.references(text)
    return found.tokens, found.links, found.images


def _accented(text: str) -> str:
    """Put accents on letters, and double as many as the growth asks for: vowels first, then any."""
    kept = {place for match in _KEPT.finditer(text) for place in range(*match.span())}
    free = [place for place in range(len(text)) if place not in kept]
    growth = -(-GROWTH_PERCENT * len(free) // 100)
    letters = [place for place in free if text[place].isalpha()]
    vowels = [place for place in letters if text[place] in _VOWELS]
    others = [place for place in letters if text[place] not in _VOWELS]
    doubled = {*_evenly(vowels, growth), *_evenly(others, growth - len(vowels))}
    return "".join(
        letter if place in kept else letter.translate(_ACCENTS) * (2 if place in doubled else 1)
        for place, letter in enumerate(text)
    )


def _evenly(places: Sequence[int], count: int) -> Iterator[int]:
    """Yield that many of the places, or all, not bunched at the beginning."""
    wanted = min(max(count, 0), len(places))
    return (places[index * len(places) // wanted] for index in range(wanted))


def _mirrored(text: str) -> str:
    """Put a right-to-left mark on either side of each word, so that words run from right to left.

    The mark is a letter to the bidirectional algorithm, so it needs no partner, as an override would: nothing
    can spill over into what stands around the message, and the letters of a word stay in their order.
    """
    pieces: list[str] = []
    position = 0
    for match in chain(_KEPT.finditer(text), (None,)):
        start, end = match.span() if match else (len(text), len(text))
        pieces += _WORD.sub(_between_marks, text[position:start]), text[start:end]
        position = end
    return "".join(pieces)


def _between_marks(word: re.Match[str]) -> str:
    if not any(map(str.isalpha, word[0])):  # numbers run their own way in any text
        return word[0]
    return f"{_RIGHT_TO_LEFT_MARK}{word[0]}{_RIGHT_TO_LEFT_MARK}"
