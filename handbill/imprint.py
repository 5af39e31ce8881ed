"""What is printed small at the end of every copy: which edition it is, and the way to the site.

The only importer of segno. Nothing here reads a clock: an edition is dated by the review of what it says, so
that the same words have the same code whenever they are printed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date

_LETTERS = "BCDFGHJKMNPQRTVWXZ"
_DIGITS = "23456789"
"""No vowels, so that no code is a word; nothing that is taken for something else in small print."""


def edition(tag: str, content: Iterable[bytes], reviewed: Iterable[date]) -> str:
    """Return the code of an edition: language tag, four signs for the content, and the month of the review.

    The same content always has the same code; other content has another one, but for one time in 200,000.
    `reviewed` are the days on which parts of it were last reviewed: the newest counts.

    >>> edition("es", [b"Water first"], [date(2026, 3, 1), date(2026, 11, 20)])
    'es-RP2Z-2026-11'
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in content:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    number = int.from_bytes(digest.digest(), "little")
    signs = ""
    for alphabet in (_DIGITS + _LETTERS, _LETTERS) * 2:
        number, place = divmod(number, len(alphabet))
        signs += alphabet[place]
    newest = max(reviewed, default=date.min)
    return f"{tag}-{signs}-{newest.year:04}-{newest.month:02}"


def found(tag: str, text: str) -> str:
    """Return the first edition code of a language in a text without spaces; empty where there is none."""
    code = re.search(rf"{re.escape(tag)}-(?:[{_DIGITS}{_LETTERS}][{_LETTERS}]){{2}}-\d{{4}}-\d\d", text)
    return code[0] if code else ""


def words(html: str) -> str:
    """Return what a reader sees of some HTML: other tags around the same words are no other edition."""
    return " ".join(_TAG.sub(" ", html).split())


_TAG = re.compile(r"<[^>]*>")


def qr_svg(address: str) -> str:
    """Return a QR code as a drawing in black, with the quiet zone that readers need around it.

    Level M: up to 15 percent of it may be dirty or torn (ISO/IEC 18004).
    """
    import segno  # only a site with an address draws one

    code = segno.make_qr(address, error="m")
    runs = []
    for y, row in enumerate(code.matrix, _QUIET):
        for black in re.finditer(rb"\x01+", bytes(row)):
            runs.append(f"M{black.start() + _QUIET} {y}h{len(black[0])}v1h-{len(black[0])}z")
    size = len(code.matrix) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path d="{"".join(runs)}"/></svg>'
    )


def qr_size_mm(address: str) -> float:
    """Return how wide a QR code is drawn where there is little room: 0.4 mm a module, for plain printers."""
    import segno

    return round((segno.make_qr(address, error="m").symbol_size(border=_QUIET)[0]) * _MODULE_MM, 2)


_MODULE_MM = 0.4
_QUIET = 4
"""Modules on each side (ISO/IEC 18004, 9.1)."""
