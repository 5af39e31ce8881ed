"""What may not be typed into prose, in a guide or in a translation: HTML, addresses, phone numbers.

Numbers and addresses are data. Typed into a sentence they would go stale in one language and be right in
another, and no check could tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from handbill import diagnostics
from handbill.model import Contact, Diagnostic, Place

_RAW_HTML = re.compile(r"</?[A-Za-z][^<>\n]*>|<!--|<[!?]")
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|mailto|tel|sms|javascript|data):\S+|\bwww\.\S+"
    r"|\b[a-z0-9][a-z0-9-]{0,62}\.(?:org|com|net|gov|edu|info|io|uk|ca|mx|us)\b"
    r"|[\w.+-]{1,64}@[\w-]+\.\w+",
    re.IGNORECASE,
)
"""The parts of an address are no longer than the standards let them be (RFC 1035, RFC 5321), so that a text
without one is read once, whatever stands in it."""
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_PHONE = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,}")
_NUMBER = re.compile(r"\d+(?:[-. ]?\d+)*")


_TELLING = re.compile(r"[<@\d]|\.\w|[Ww]{3}|:\S")
"""Without one of these, a text can hold nothing that is looked for here."""


def problems(text: str, place: Place, numbers: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield what may not stand in what a message says: `raw-html`, `address-in-prose`, `phone-in-prose`,
    `known-number-in-prose`.

    The text is without markup, as in `markdown.References`; `numbers` maps the digits of each contact's
    number to its token.
    """
    if _TELLING.search(text) is None:
        return
    for tag in _each_once(_RAW_HTML, text):
        yield diagnostics.raw_html(place, tag)
    for address in _each_once(_ADDRESS, text):
        yield diagnostics.address_in_prose(place, address.rstrip(".,:;!?)"))
    known = [number for number in _each_once(_NUMBER, text) if _digits(number) in numbers]
    for number in known:
        yield diagnostics.known_number_in_prose(place, number, numbers[_digits(number)])
    for number in _each_once(_PHONE, _DATE.sub("", text)):
        if not any(part in number for part in known):
            yield diagnostics.phone_in_prose(place, number)


def _each_once(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    yield from dict.fromkeys(match[0] for match in pattern.finditer(text))


def known_numbers(contacts: Sequence[Contact]) -> dict[str, str]:
    """Return digits → token, for every number of every contact."""
    return {
        _digits(value): f"{{{contact.id}.{channel}}}"
        for contact in reversed(contacts)
        for channel, value in reversed(contact.channels)
        if channel != "web"
    }


def _digits(number: str) -> str:
    """Return the digits alone, those of any script as ASCII.

    >>> _digits("٩١١"), _digits("1-888-373")
    ('911', '1888373')
    """
    return "".join(str(unicodedata.decimal(char)) for char in number if char.isdecimal())
