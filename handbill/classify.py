"""Phase *classify*: what kind of edit a message went through, from its old text and its new one.

A *critical* edit touches what can send a reader the wrong way: a number, a token, where a link leads, a
negation, a word that binds or limits. A *cosmetic* one leaves the same words in the same order. Everything
else is *wording*. In doubt an edit is never cosmetic: its translation would stay in front of readers.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from handbill import markdown, wording
from handbill.model import ChangeKind


def classify(old: str, new: str, language: str) -> tuple[ChangeKind, tuple[str, ...]]:
    """Return the kind of an edit of one message in a language, and what was found, in words for people.

    Not symmetric in its reasons, but in its kind. Equal texts are a cosmetic edit without a reason.

    >>> classify("Call me at 3.", "Call us at 4.", "en")
    ('critical', ('number 3 → 4',))
    >>> classify("Call **me**.", "Call me!", "en")
    ('cosmetic', ('punctuation', 'markup'))
    >>> classify("Call me.", "Call us.", "en")
    ('wording', ('“me” → “us”',))
    """
    if old == new:
        return "cosmetic", ()
    before, after = (_read(text, language, ones=False) for text in (old, new))
    if before.numbers.count("1") != after.numbers.count("1"):
        # `one` counts only where the other text has a 1: else it is often no number
        before, after = (_read(text, language, ones=True) for text in (old, new))
    if reasons := tuple(dict.fromkeys(_critical(before, after))):
        return "critical", reasons
    if before.sequence == after.sequence:
        return "cosmetic", tuple(_cosmetic(old, new, before, after))
    return "wording", _differences(before.sequence, after.sequence, lambda item: item)


# --- one text --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """A message, taken apart for comparing."""

    plain: str
    """Without markup; a space where a token stands."""
    numbers: tuple[str, ...]
    signs: tuple[str, ...]
    """Of money, shares and the like, beside a number."""
    turning: tuple[str, ...]
    """Negations and words that bind or limit."""
    tokens: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    """Target and words of each."""
    images: tuple[str, ...]
    sequence: tuple[str, ...]
    """All of it in order, so that an equal one means the same: words, marks of question, tokens, targets."""


def _read(text: str, language: str, *, ones: bool) -> _Read:
    """Take a message apart; with `ones`, the words for one count as numbers.

    What is no text is stood for by a character of its own, so that the words are gone through once.
    """
    parts = tuple(_parts(text.replace(_STAND_IN, " ")))
    plain = "".join(
        content if kind in ("text", "code") else " " * (kind == "token") for kind, content in parts
    )
    marked = "".join(content if kind == "text" else _STAND_IN for kind, content in parts)
    others = [_item(kind, content) for kind, content in parts if kind != "text"]
    spelled = _capitals_kept(marked, language)
    legible, numbers = wording.counted(
        wording.one_in_digits(spelled, language) if ones else spelled, language
    )
    links = [
        (content, " ".join(wording.words(" ".join(_inside(parts, index)))))
        for index, (kind, content) in enumerate(parts)
        if kind == "link"
    ]
    code = " ".join(content for kind, content in parts if kind == "code")
    return _Read(
        plain,
        (*numbers, *wording.all_numbers(code, language)) if code else numbers,
        tuple(sign.strip() for sign in _SIGN.findall(legible)),
        wording.turning_words(plain, language),
        tuple(content for kind, content in parts if kind == "token"),
        tuple(links),
        tuple(content for kind, content in parts if kind == "image"),
        tuple(_sequence(legible, others)),
    )


_STAND_IN = "\ue000"
"""For private use: it belongs to no word, and in a message it counts for nothing."""
_PLACEHOLDER = re.compile(r"(%\(\w+\)s)")
_MONEY = "$¢£¤¥֏؋৳฿៛\u20a0-\u20cf"
_SIGN = re.compile(rf"[{_MONEY}%‰٪°<>≤≥±×÷=+~≈](?=\s?\d)|(?<=\d)\s?[{_MONEY}%‰٪°<>≤≥±×÷=+~≈]")


def _parts(text: str) -> Iterator[tuple[markdown.Piece, str]]:
    """Yield the pieces of a message, a template's `%(name)s` among the tokens."""
    for kind, content in markdown.pieces(text):
        if kind == "token":
            yield kind, f"{{{content}}}"
        elif kind == "text" and "%(" in content:
            for part in _PLACEHOLDER.split(content):
                if part:
                    yield "token" if _PLACEHOLDER.fullmatch(part) else "text", part
        else:
            yield kind, content


def _inside(parts: Sequence[tuple[markdown.Piece, str]], start: int) -> Iterator[str]:
    """Yield what stands in the link that starts at an index."""
    depth = 0
    for kind, content in parts[start:]:
        depth += (kind in ("link", "image")) - (kind == "end")
        if not depth:
            return
        if kind not in ("link", "image", "end"):
            yield content


def _item(kind: markdown.Piece, content: str) -> str:
    match kind:
        case "code":
            return f"`{content}`"
        case "link":
            return f"link to {content}"
        case "image":
            return f"image {content}"
        case "end":
            return "end of link"
        case _:
            return content


def _sequence(legible: str, others: Sequence[str]) -> Iterator[str]:
    """Yield the words of a text in quotes, the signs that are more than punctuation, and what is no text."""
    left = iter(others)
    position = 0
    legible = _RANGE.sub("–", legible)
    for match in wording.word().finditer(legible):
        word = match[0]
        if match.start() - position > 1 or legible[position : match.start()] not in " ":
            yield from _meaningful(legible[position : match.start()], left)
        yield f"“{word[:-1].upper() if word[-1] == _KEPT else word}”"
        position = match.end()
    yield from _meaningful(legible[position:], left)


_RANGE = re.compile(r"(?<=\d)-(?=\d)")
_ASKING = "?？؟՞፧⁇⁈⁉"


def _meaningful(between: str, others: Iterator[str]) -> Iterator[str]:
    """Yield what between two words is no space and no punctuation; a question is asked only once."""
    asked = False
    for char in between:
        if char == _STAND_IN:
            yield next(others, "")
        elif char in _ASKING:
            if not asked:
                yield "question mark"
            asked = True
        elif char in "%&@#/‰٪" or unicodedata.category(char) in ("Sm", "Sc", "So"):
            yield f"“{char}”"


_CAPITALS = {"en": re.compile(r"\b(?:AIDS|ICE|IT|US|WHO)\b")}
"""Language → words that mean something else in small letters."""


def _capitals_kept(text: str, language: str) -> str:
    """Return a text in which `US` will not be `us` once capitals are gone; all in capitals, it is shouted."""
    known = _CAPITALS.get(language.partition("_")[0])
    if known is None or text.isupper():
        return text
    return known.sub(lambda word: word[0] + _KEPT, text)


_KEPT = "ǃ"
"""A letter that ends no word of any language with lists here."""


# --- what differs ----------------------------------------------------------------------------------


def _critical(before: _Read, after: _Read) -> Iterator[str]:
    yield from _differences(before.numbers, after.numbers, lambda number: f"number {number}")
    yield from _differences(before.signs, after.signs, lambda sign: f"“{sign}”")
    yield from _differences(before.tokens, after.tokens, lambda token: token)
    yield from _differences(before.turning, after.turning, lambda word: f"“{word}”")
    targets = tuple(sorted(target for target, _ in before.links))
    other_targets = tuple(sorted(target for target, _ in after.links))
    yield from _differences(targets, other_targets, lambda target: f"link {target}")
    yield from _differences(
        tuple(sorted(before.images)), tuple(sorted(after.images)), lambda image: f"image {image}"
    )
    if targets == other_targets:
        led, leads = _targets(before.links), _targets(after.links)
        for words, old in led.items():
            new = leads.get(words, old)
            if new != old:
                yield f"“{words}” leads to {', '.join(new)} instead of {', '.join(old)}"


def _targets(links: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Return words of a link → where it leads; several where several links have the same words."""
    found: dict[str, list[str]] = {}
    for target, words in links:
        found.setdefault(words, []).append(target)
    return found


_MOST_PAIRS = 1_000_000
"""Of items to compare. Beyond, the texts have become other texts."""
_MOST_REASONS = 6
_KIND = re.compile(r"^(?:number|link|image) (?=\S)")


def _differences(before: Sequence[str], after: Sequence[str], say: Callable[[str], str]) -> tuple[str, ...]:
    """Return in words how one sequence became another; nothing where they are equal."""
    if before == after:
        return ()
    if Counter(before) == Counter(after):
        moved = dict.fromkeys(say(one) for one, other in zip(before, after, strict=True) if one != other)
        return (f"{', '.join([*moved][:_MOST_REASONS])} in another order",)
    if len(before) * len(after) > _MOST_PAIRS:
        return ("most of the text",)
    reasons: list[str] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        old, new = list(before[start:end]), list(after[new_start:new_end])
        pairs = min(len(old), len(new))
        for one, other in zip(old[:pairs], new[:pairs], strict=True):
            reasons.append(f"{say(one)} → {_KIND.sub('', say(other))}")
        reasons += [f"{say(one)} dropped" for one in old[pairs:]]
        reasons += [f"{say(one)} added" for one in new[pairs:]]
    reasons = [*dict.fromkeys(reasons)]
    if len(reasons) > _MOST_REASONS:
        reasons[_MOST_REASONS - 1 :] = [f"{len(reasons) - _MOST_REASONS + 1} more"]
    return tuple(reasons)


def _cosmetic(old: str, new: str, before: _Read, after: _Read) -> Iterator[str]:
    """Yield what kinds of thing changed that change no meaning."""

    def differs(wanted: Callable[[str], bool]) -> bool:
        return [*filter(wanted, before.plain)] != [*filter(wanted, after.plain)]

    if differs(str.isalnum):
        folded = ["".join(filter(str.isalnum, read.plain)).casefold() for read in (before, after)]
        yield "capitals" if folded[0] == folded[1] else "numbers written another way"
    if differs(_is_punctuation):
        yield "punctuation"
    if differs(_is_space):
        yield "spaces"
    if before.plain == after.plain or Counter(old) - Counter(before.plain) != Counter(new) - Counter(
        after.plain
    ):
        yield "markup"


def _is_punctuation(char: str) -> bool:
    return not (char.isalnum() or _is_space(char))


def _is_space(char: str) -> bool:
    """Whether a character is a space or nothing at all to see, such as a soft hyphen."""
    return char.isspace() or unicodedata.category(char) == "Cf"
