"""`SHA256SUMS`, the list by which a copy of the site is compared with it: values to text, and back.

In the form that `sha256sum -c` reads. Nothing here reads or writes files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from handbill import diagnostics
from handbill.model import Diagnostic, Place

NAME = "SHA256SUMS"

_LINE = re.compile(r"(\\?)([0-9a-fA-F]{64}) [ *](.+)")
_ESCAPED = re.compile(r"\\([\\nr])")
_MEANT = {"\\": "\\", "n": "\n", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Differences:
    """How a folder differs from a list; each sorted by path."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many files differ."""
        return len(self.missing) + len(self.changed) + len(self.added)


def text(digests: Mapping[str, str]) -> bytes:
    """Return the list of these files, path → SHA-256 in hexadecimal, sorted by the bytes of the path.

    >>> text({"b": "22", "a": "11"})
    b'11  a\\n22  b\\n'
    """
    return b"".join(f"{digests[path]}  {path}\n".encode() for path in sorted(digests))


def read(content: bytes, place: Place) -> tuple[Mapping[str, str] | None, tuple[Diagnostic, ...]]:
    """Return path → digest, in small letters, or None where the list is damaged: `sums-damaged`.

    A name with a line break or a backslash is written as GNU's sha256sum does.
    """
    digests: dict[str, str] = {}
    lines = content.decode("utf-8", errors="replace").split("\n")
    if not content.strip():
        return None, (diagnostics.sums_damaged(replace(place, line=1)),)
    for number, line in enumerate(lines, 1):
        if not (line := line.rstrip("\r")):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match[3] in digests or "\N{REPLACEMENT CHARACTER}" in line:
            return None, (diagnostics.sums_damaged(replace(place, line=number)),)
        escaped, digest, path = match.groups()
        digests[_plain(path) if escaped else path] = digest.lower()
    return digests, ()


def differences(listed: Mapping[str, str], found: Mapping[str, str]) -> Differences:
    """Return how what was found differs from what is listed; both are path → digest.

    >>> differences({"a": "1", "b": "2"}, {"b": "3", "c": "4"})
    Differences(missing=('a',), changed=('b',), added=('c',))
    """
    return Differences(
        missing=tuple(sorted(listed.keys() - found.keys())),
        changed=tuple(sorted(path for path in listed.keys() & found.keys() if listed[path] != found[path])),
        added=tuple(sorted(found.keys() - listed.keys())),
    )


def _plain(path: str) -> str:
    return _ESCAPED.sub(lambda match: _MEANT[match[1]], path)
