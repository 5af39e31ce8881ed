"""For `pybabel extract`: the messages of guides and TOML files, the same as `build.py extract` finds.

Handbill does not need it; tools that know only Babel do. `babel.cfg` names these functions, and the package
registers `handbill_markdown` and `handbill_toml` as Babel's extractors. Stands beside the command line: it
joins phases. Babel has no place for diagnostics, so a file with a mistake in it
ends in a `ValueError` that holds them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import BinaryIO, TypeAlias

from handbill import load, parse, tables
from handbill.model import Diagnostic

Found: TypeAlias = tuple[int, None, str, list[str]]
"""Line, no function, message, comments: as Babel wants it."""

_KEYS = frozenset(("title", "description", "notice", "notice_neutral", "name", "summary", "note", "hours"))
_TABLES = frozenset(("booklet", "region", "contact"))


def markdown(
    fileobj: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield the messages of one guide, title and summary first."""
    path, problems = _path(fileobj), list[Diagnostic]()
    text = tables.decoded(path, fileobj.read(), problems)
    guide, more = load.guide(path, text) if text is not None else (None, ())
    _refuse((*problems, *more))
    if guide:
        document, faults = parse.parse(guide)
        _refuse(faults)
        for message in document.messages:
            yield message.place.line, None, message.text, [message.kind]


def toml(
    fileobj: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield the strings of site.toml, booklets.toml or contacts.toml that a reader sees."""
    path, problems = _path(fileobj), list[Diagnostic]()
    table = tables.toml(path, {path: fileobj.read()}, problems)
    found = [
        (key, tables.as_text(value, key, problems)) for key, value in _strings(table.values if table else {})
    ]
    _refuse(problems)
    for _, text in found:
        yield text.place.line, None, text.value, []


def _strings(values: Mapping[str, tables.Value]) -> Iterator[tuple[str, tables.Value]]:
    for key, value in values.items():
        if key in _TABLES and isinstance(value.raw, tuple):
            for row in value.raw:
                if isinstance(row.raw, Mapping):
                    yield from _strings(row.raw)
        elif key == "languages" and isinstance(value.raw, Mapping):
            yield from value.raw.items()
        elif key in _KEYS:
            yield key, value


def _path(fileobj: BinaryIO) -> str:
    return str(getattr(fileobj, "name", "file"))


def _refuse(problems: Iterable[Diagnostic]) -> None:
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        raise ValueError("\n".join(errors))
