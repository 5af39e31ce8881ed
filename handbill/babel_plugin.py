"""For `pybabel extract`: the messages that `build.py extract` finds, with the same comments.

Handbill does not need it; tools that know only Babel do. `babel.cfg` names these functions, and the package
registers them as Babel's extractors `handbill_markdown`, `handbill_toml` and `handbill_template`. Stands
beside the command line: it joins phases, and reads the booklets' file beside a guide. Babel has no place for
diagnostics, so a file with a mistake in it ends in a `ValueError` that holds them. It has none for flags
either, and guesses `python-format`: only the catalogs of `build.py extract` carry what Weblate reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias

from handbill import extract, load, parse, tables
from handbill.model import Diagnostic, Message, Template, Text

Found: TypeAlias = tuple[int, str | None, str | tuple[str, ...], list[str]]
"""Line, function, message, comments: as Babel wants it."""


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
        booklets = _booklets(Path(path).parent.parent / "booklets.toml", guide.id)
        for message in document.messages:
            yield _found(message, extract.comments((message,), guide, booklets))


def toml(
    fileobj: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield the strings of site.toml, booklets.toml or contacts.toml that a reader sees."""
    path, problems = _path(fileobj), list[Diagnostic]()
    table = tables.toml(path, {path: fileobj.read()}, problems)
    found = [
        extract.toml_message(name, key, text)
        for name, key, text in _strings("site", table.values if table else {}, problems)
    ]
    _refuse(problems)
    for message in found:
        yield _found(message, extract.comments((message,), None, ()))


def template(
    fileobj: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield the messages of one template, which stands somewhere below a folder `templates`."""
    path, problems = _path(fileobj), list[Diagnostic]()
    text = tables.decoded(path, fileobj.read(), problems)
    name = Path(path).as_posix().rpartition("templates/")[2]
    found, more = extract.template_messages(Template(name, path, text or ""))
    _refuse((*problems, *more))
    for message in found:
        yield _found(message, extract.comments((message,), None, ()))


def _found(message: Message, comments: Iterable[str]) -> Found:
    line, text = message.place.line, message.text
    match message.context, message.plural:
        case None, None:
            return line, None, text, list(comments)
        case None, str(plural):
            return line, "ngettext", (text, plural), list(comments)
        case str(context), None:
            return line, "pgettext", (context, text), list(comments)
        case context, plural:
            return line, "npgettext", (str(context), text, str(plural)), list(comments)


def _booklets(path: Path, guide: str) -> tuple[str, ...]:
    """Return the titles of the booklets that print a guide; none where the file cannot be read."""
    if not path.is_file():
        return ()
    ignored: list[Diagnostic] = []
    table = tables.toml(str(path), {str(path): path.read_bytes()}, ignored)
    return tuple(
        tables.text(booklet, "title", ignored).value
        for booklet in (tables.each(table, "booklet", ignored) if table else ())
        if guide in (name.value for name in tables.texts(booklet, "guides", ignored))
    )


def _strings(
    table: str, values: Mapping[str, tables.Value], problems: list[Diagnostic]
) -> Iterator[tuple[str, str, Text]]:
    """Yield table, key and text of what stands in a table, `[[booklet]]` and the like included."""
    for key, value in values.items():
        if (table, key) not in extract.TOML_STRINGS:
            for row in value.raw if table in ("site", "card") and isinstance(value.raw, tuple) else ():
                if isinstance(row.raw, Mapping):
                    yield from _strings(key, row.raw, problems)
        elif isinstance(value.raw, Mapping | tuple):
            for one in value.raw.values() if isinstance(value.raw, Mapping) else value.raw:
                yield table, key, tables.as_text(one, key, problems)
        else:
            yield table, key, tables.as_text(value, key, problems)


def _path(fileobj: BinaryIO) -> str:
    return str(getattr(fileobj, "name", "file"))


def _refuse(problems: Iterable[Diagnostic]) -> None:
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        raise ValueError("\n".join(errors))
