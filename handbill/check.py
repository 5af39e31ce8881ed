"""Phase *check*: what a translation must keep of its source, so that nothing wrong can reach a reader.

Tokens and link targets are the same on both sides, and nothing stands in a translation that may not stand
in the source: no HTML, no address, no phone number. Template strings keep their placeholders.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from handbill import diagnostics, markdown, prose
from handbill.markdown import TOKEN, References
from handbill.model import Diagnostic, Entry, Place
from handbill.phrases import placeholders

_TELLING = re.compile(r"[{<@&]|\]\(|\d|\.\w|www|:\S")
"""Without one of these, a text can hold nothing that is checked here."""


def guide_translations(
    translations: Mapping[str, str],
    named: Mapping[str, References],
    place: Callable[[str], Place],
    numbers: Mapping[str, str],
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the translations of a guide; `place` finds a message in its catalog.

    `named` says what each message names; `numbers` maps the digits of each contact's number to its token.
    """
    for source, target in translations.items():
        ours = named[source]
        if _TELLING.search(target) is None and not (ours.tokens or ours.links or ours.images):
            continue
        theirs = markdown.references(target)
        if sorted(ours.tokens) != sorted(theirs.tokens):
            yield diagnostics.translation_tokens(place(source), *_differing(ours.tokens, theirs.tokens))
        if sorted(ours.links) != sorted(theirs.links):
            yield diagnostics.translation_links(place(source), *_differing(ours.links, theirs.links))
        if sorted(ours.images) != sorted(theirs.images):
            yield diagnostics.translation_links(place(source), *_differing(ours.images, theirs.images))
        yield from _placed(prose.problems(theirs.prose, _SOMEWHERE, numbers), source, place)


def interface_translations(
    entries: Iterable[Entry], place: Callable[[str], Place], numbers: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the current entries of the interface: template and TOML strings.

    Tokens are the same on both sides. A plural form may leave a placeholder out, as the Arabic dual does
    with its number.
    """
    for entry in entries:
        source = entry.msgid + (entry.msgid_plural or "")
        ours = placeholders(source)
        shared = {digits: token for digits, token in numbers.items() if digits not in source}
        for target in entry.msgstr:
            theirs = placeholders(target)
            lacking = ours - theirs if entry.msgid_plural is None else frozenset[str]()
            if lacking or theirs - ours:
                yield diagnostics.translation_placeholders(
                    place(entry.msgid), sorted(lacking), sorted(theirs - ours)
                )
            tokens, kept = TOKEN.findall(source), TOKEN.findall(target)
            if set(tokens) != set(kept):
                yield diagnostics.translation_tokens(place(entry.msgid), *_differing(set(tokens), set(kept)))
            yield from _placed(prose.problems(target, _SOMEWHERE, shared), entry.msgid, place)


_SOMEWHERE = Place("")


def _placed(
    problems: Iterable[Diagnostic], source: str, place: Callable[[str], Place]
) -> Iterator[Diagnostic]:
    """Yield problems with their place, which is looked for only where there is a problem."""
    return (replace(problem, place=place(source)) for problem in problems)


def _differing(ours: Iterable[str], theirs: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is lacking and what was added."""
    mine, other = Counter(ours), Counter(theirs)
    return tuple((mine - other).elements()), tuple((other - mine).elements())
