"""Words in the order of a language's own alphabet, under its letters: CLDR's rules, through ICU.

The only importer of PyICU, whose library is 50 MB; it is imported where words are put in order. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbill.languages import model_locale

OTHER = "…"
"""Stands for what begins with none of the letters."""
DIGITS = "0–9"
"""Stands for what begins with a digit."""

_NO_LETTER = re.compile(r"[\W_]+")


def index(texts: Sequence[str], locale: str, source: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the positions of texts in their order, under the letters they begin with.

    The letters are CLDR's index of the locale, then that of the source language for what is not
    translated: pinyin's initials in Chinese of the mainland, strokes in Taiwan, first consonants in
    Korean. Marks before the first letter do not count, so that `¿Qué` stands under Q; an article does
    (CLDR has no rule that leaves out the Arabic one). Texts that are equal by the locale's rules keep
    their order.

    >>> index(["Zorro", "ñandú", "nube", "¡Árbol!", "3 días"], "es", "en")
    (('0–9', (4,)), ('A', (3,)), ('N', (2,)), ('Ñ', (1,)), ('Z', (0,)))
    >>> index(["重要的事", "安全", "打电话"], "zh_Hans", "en")
    (('A', (1,)), ('D', (2,)), ('Z', (0,)))
    """
    from icu import AlphabeticIndex, Collator, Locale

    bare = [_NO_LETTER.sub("", text, count=1) if _NO_LETTER.match(text) else text for text in texts]
    key = Collator.createInstance(Locale(model_locale(locale))).getSortKey
    letters = AlphabeticIndex(Locale(model_locale(locale)))
    letters.addLabels(Locale(model_locale(source)))
    buckets = letters.buildImmutableIndex()
    # By letter before all else: in Chinese, letters of ours come after every character of theirs.
    order = sorted((buckets.getBucketIndex(text), key(text), position) for position, text in enumerate(bare))
    groups: dict[str, list[int]] = {DIGITS: []}
    others: list[int] = []
    for bucket, _, position in order:
        letter, kind = buckets.getBucket(bucket)
        if kind == _LETTER:
            groups.setdefault(letter, []).append(position)
        else:
            (groups[DIGITS] if bare[position][:1].isdigit() else others).append(position)
    groups[OTHER] = others
    return tuple((letter, tuple(positions)) for letter, positions in groups.items() if positions)


_LETTER = 0
"""ICU's kind of what is no rest before, between or after alphabets (`UAlphabeticIndexLabelType`)."""
