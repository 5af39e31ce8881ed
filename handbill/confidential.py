"""What must never be published: addresses, numbers and names, and whether a text has one of them.

The project's folder may have `confidential.toml`, kept out of git, with a label for each secret; and
`confidential.lock.toml`, with salted hashes of the same, so that a machine that must not know them can still
look for them. A text is compared by its words alone, or by its digits alone: marks, capitals, accents, line
ends and markup do not hide anything. Pure: a salt is a parameter.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from handbill import diagnostics, tables
from handbill.model import Diagnostic, Place, Text
from handbill.tables import Table

LIST = "confidential.toml"
LOCK = "confidential.lock.toml"

_DIGITS_KEPT = 9
"""A number is known by its last nine digits: before them it is written in several ways (+1, 001, 0)."""
_FEWEST_DIGITS = 6
_FEWEST_LETTERS = 4
_FEWEST_WIDE = 2
"""Shorter ones would be found everywhere; of letters that are words by themselves, two are enough."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One thing that must not be published, as it is looked for."""

    label: str
    """How messages call it, so that they need not say it."""
    parts: tuple[str, ...]
    """Its words; of a number, one string of digits."""
    is_number: bool


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret of which only a hash is known."""

    label: str
    length: int
    """How many words it has, or digits."""
    is_number: bool
    sieve: str
    """The beginning of a quick hash of its words, by which most texts are seen not to be it; numbers, which
    are easier to guess, have none."""
    digest: str
    """The slow hash."""


@dataclass(frozen=True, slots=True)
class Confidential:
    """What a project must not publish."""

    secrets: tuple[Secret, ...]
    hidden: tuple[Hidden, ...]
    salt: bytes

    def __bool__(self) -> bool:
        return bool(self.secrets or self.hidden)


# --- reading ---------------------------------------------------------------------------------------


def read(files: Mapping[str, bytes]) -> tuple[Confidential, tuple[Diagnostic, ...]]:
    """Return what the two files of a project say, where they are there, and what is wrong with them."""
    problems: list[Diagnostic] = []
    secrets: list[Secret] = []
    listed = tables.toml(LIST, files, problems) if LIST in files else None
    for key in listed.values if listed else ():
        assert listed is not None
        secrets.extend(_secrets(listed, key, problems))
    locked = tables.toml(LOCK, files, problems) if LOCK in files else None
    hidden: tuple[Hidden, ...] = ()
    salt = b""
    if locked:
        tables.check_keys(locked, ("salt", "list"), ("secret",), problems)
        salt = tables.word(locked, "salt").encode()
        hidden = tuple(_hidden(table, problems) for table in tables.each(locked, "secret", problems))
        if listed and not problems and tables.word(locked, "list") != _digest(salt, _whole(secrets)):
            problems.append(diagnostics.confidential_lock(Place(LOCK)))
    return Confidential(tuple(secrets), hidden, salt), tuple(problems)


def _secrets(table: Table, label: str, problems: list[Diagnostic]) -> Iterator[Secret]:
    value = table.values[label]
    written = (
        tables.texts(table, label, problems)
        if isinstance(value.raw, tuple)
        else (tables.text(table, label, problems),)
    )
    for text in written:
        if text.value:
            secret = _secret(label, text)
            if secret is None:
                problems.append(diagnostics.confidential_short(text.place, label))
            else:
                yield secret


def _secret(label: str, text: Text) -> Secret | None:
    """Return a secret as it is looked for; None where it is too short to be told from other words."""
    parts = words(text.value)
    joined = "".join(parts)
    if joined.isdigit():
        return Secret(label, (joined[-_DIGITS_KEPT:],), True) if len(joined) >= _FEWEST_DIGITS else None
    wide = len([part for part in parts if _wide().fullmatch(part)])
    return Secret(label, parts, False) if len(joined) >= _FEWEST_LETTERS or wide >= _FEWEST_WIDE else None


def _hidden(table: Table, problems: list[Diagnostic]) -> Hidden:
    tables.check_keys(table, ("label", "kind", "length", "hash"), ("sieve",), problems)
    return Hidden(
        tables.word(table, "label"),
        tables.whole(table, "length", 1, 1000, 1, problems),
        tables.word(table, "kind") == "number",
        tables.word(table, "sieve"),
        tables.word(table, "hash"),
    )


# --- the lock --------------------------------------------------------------------------------------

_HEADER = """\
# Made by `python3 build.py conceal` from confidential.toml. This file may be shared: it lets a machine look
# for the secrets without knowing them. A hash makes guessing slow, not impossible: whoever can list all that
# it might be, every number or address of a town, can try them. Labels are not hidden.
"""


def lock(secrets: Sequence[Secret], salt: bytes) -> str:
    """Return the text of the lock: for the same secrets and salt, always the same."""
    lines = [_HEADER, f'salt = "{salt.decode()}"', f'list = "{_digest(salt, _whole(secrets))}"']
    for secret in secrets:
        kind = "number" if secret.is_number else "words"
        length = len(secret.parts[0]) if secret.is_number else len(secret.parts)
        text = " ".join(secret.parts)
        lines += [
            "",
            "[[secret]]",
            f"label = {_quoted(secret.label)}",
            f'kind = "{kind}"',
            f"length = {length}",
        ]
        lines += [] if secret.is_number else [f'sieve = "{_sieve(salt, text)}"']
        lines.append(f'hash = "{_digest(salt, text)}"')
    return "\n".join(lines) + "\n"


def _quoted(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _whole(secrets: Iterable[Secret]) -> str:
    return "\n".join(sorted(f"{secret.label}\t{' '.join(secret.parts)}" for secret in secrets))


@lru_cache(maxsize=100_000)
def _digest(salt: bytes, text: str) -> str:
    """Return the slow hash of a text: scrypt (RFC 7914) with 8 MB, about 20 ms."""
    return hashlib.scrypt(text.encode(), salt=salt, n=2**13, r=8, p=1, dklen=16).hex()


def _sieve(salt: bytes, text: str) -> str:
    """Return 12 bits of a quick hash: of what is not the secret, one text in 4,096 gets through."""
    return hashlib.blake2b(text.encode(), key=salt[:64], digest_size=2).hexdigest()[:3]


# --- looking ---------------------------------------------------------------------------------------


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: in order, without marks, capitals and accents.

    Of scripts that put no spaces between words, each letter is a word by itself.

    >>> words("12 Él\N{SOFT HYPHEN}m-Lane, Springfield"), words("北京路 ٤٢")
    (('12', 'elm', 'lane', 'springfield'), ('北', '京', '路', '42'))
    """
    return tuple(_word().findall(_folded(text)))


_WIDE_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao; Burmese; Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Japanese, Chinese
)
_RUN = re.compile(r"[0-9](?:[^0-9\w,;:<>\"']{0,3}[0-9])*")
"""Digits with at most three marks or spaces between two of them: a number as it is written."""


@lru_cache(maxsize=1)
def _wide() -> re.Pattern[str]:
    """Return what finds a letter that is a word by itself; slow to make, and most projects have no list."""
    return re.compile(f"[{_WIDE_LETTERS}]")


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    return re.compile(f"[{_WIDE_LETTERS}]|[^\\W_{_WIDE_LETTERS}]+")


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    kept = (
        char
        for char in unicodedata.normalize("NFKD", text)
        if unicodedata.category(char) not in ("Mn", "Cf") and char not in _AT_LINE_ENDS
    )
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char for char in kept
    ).casefold()


_AT_LINE_ENDS = "\u0002\ufffe"
"""What PDFium has for a hyphen that parts a word."""


def found(text: str, confidential: Confidential) -> tuple[str, ...]:
    """Return the labels of the secrets that a text has, each once, in the order of the list."""
    folded = _folded(text)
    sequence = _word().findall(folded)
    joined = f" {' '.join(sequence)} "
    numbers = {re.sub(r"[^0-9]", "", run) for run in _RUN.findall(folded)}
    labels = [
        secret.label
        for secret in confidential.secrets
        if (
            any(secret.parts[0] in number for number in numbers)
            if secret.is_number
            else f" {' '.join(secret.parts)} " in joined
        )
    ]
    labels += _found_hidden(sequence, numbers, confidential)
    return tuple(dict.fromkeys(labels))


def _found_hidden(sequence: Sequence[str], numbers: Iterable[str], known: Confidential) -> Iterator[str]:
    for length in {hidden.length for hidden in known.hidden if not hidden.is_number}:
        asked = [hidden for hidden in known.hidden if hidden.length == length and not hidden.is_number]
        sieves = {hidden.sieve for hidden in asked}
        texts = {" ".join(sequence[at : at + length]) for at in range(len(sequence) - length + 1)}
        passed = [text for text in texts if _sieve(known.salt, text) in sieves]
        digests = {_digest(known.salt, text) for text in passed}
        yield from (hidden.label for hidden in asked if hidden.digest in digests)
    for length in {hidden.length for hidden in known.hidden if hidden.is_number}:
        asked = [hidden for hidden in known.hidden if hidden.length == length and hidden.is_number]
        tails = {number[at : at + length] for number in numbers for at in range(len(number) - length + 1)}
        digests = {_digest(known.salt, tail) for tail in tails}
        yield from (hidden.label for hidden in asked if hidden.digest in digests)


def in_markup(text: str) -> Iterator[str]:
    """Yield the ways to read HTML, XML or Markdown in which a secret may stand.

    As it is written, attributes and comments included; and without its tags, which may part a word or two.
    """
    plain = unescape(text)
    yield plain
    if "<" in text:
        yield unescape(_TAG.sub(" ", text))
        yield unescape(_TAG.sub("", text))


_TAG = re.compile(r"<[^>]*>")


def line_of(text: str, label: str, confidential: Confidential) -> int:
    """Return the line on which a secret that a text has is complete, the first one being 1."""
    lines = text.splitlines(keepends=True)
    low, high = 1, max(1, len(lines))
    while low < high:
        middle = (low + high) // 2
        has = any(label in found(way, confidential) for way in in_markup("".join(lines[:middle])))
        low, high = (low, middle) if has else (middle + 1, high)
    return low
