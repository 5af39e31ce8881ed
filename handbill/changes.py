"""Phase *changes*: `locales/changes.toml`, the record of what became of each message of the source.

`extract` adds to the file and changes nothing that stands in it. An author may declare under a change of
wording that its meaning is the same: then no translation is asked for anew. What kind of change it was is
never taken from the file: `classify` is asked again, and a declaration that it contradicts is an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias, get_args

from handbill import diagnostics, tables
from handbill.model import Change, ChangeKind, Diagnostic, Place
from handbill.tables import Table

PATH = "locales/changes.toml"
"""Below the project's folder."""

PARAGRAPHS = "\n\n"
"""Stands between the texts of several messages that one was split into, or that were joined to one."""

Classify: TypeAlias = Callable[[str, str], tuple[ChangeKind, tuple[str, ...]]]
"""Old and new text → the kind of edit and its reasons."""

_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

_HEAD = """\
# What became of each message, written by `build.py extract`, which only ever adds to it. An author who is
# sure that a change of wording leaves the meaning as it was adds three lines to it:
#   meaning = "unchanged"
#   by = "their name"
#   because = "why the translations still say the same"
# The next `extract` gives such a message its translations back. What is critical cannot be declared so.
"""


# --- reading ---------------------------------------------------------------------------------------


def read(content: bytes | None) -> tuple[tuple[Change, ...], tuple[Diagnostic, ...]]:
    """Return the changes in their order, without those that have a mistake, and the mistakes.

    Where there is no file there is no change.
    """
    problems: list[Diagnostic] = []
    table = tables.toml(PATH, {} if content is None else {PATH: content}, problems)
    if table is None:
        return (), tuple(problems)
    tables.check_keys(table, (), ("change",), problems)
    found: list[Change] = []
    for item in tables.each(table, "change", problems):
        before = len(problems)
        change = _change(item, problems)
        if len(problems) == before:
            found.append(change)
    return tuple(found), tuple(sorted(problems, key=lambda problem: problem.place))


_REQUIRED = ("catalog", "old", "new", "kind", "reasons", "on")
_DECLARED = ("meaning", "by", "because")


def _change(table: Table, problems: list[Diagnostic]) -> Change:
    declared = any(key in table.values for key in _DECLARED)
    required = (*_REQUIRED, *_DECLARED) if declared else _REQUIRED
    tables.check_keys(table, required, _DECLARED, problems)
    if declared:
        tables.choice(table, "meaning", ("unchanged",), problems)
    by, because = (tables.text(table, key, problems).value for key in _DECLARED[1:])
    return Change(
        catalog=tables.text(table, "catalog", problems).value,
        old=_exact(table, "old", problems),
        new=_exact(table, "new", problems),
        kind=tables.choice(table, "kind", _KINDS, problems),
        reasons=tuple(reason.value for reason in tables.texts(table, "reasons", problems)),
        on=tables.day(table, "on", problems),
        by=by if declared else None,
        because=because if declared else None,
        place=table.place,
    )


def _exact(table: Table, key: str, problems: list[Diagnostic]) -> str:
    """Return a text as it stands, with its line breaks: other fields are folded to one line."""
    tables.text(table, key, problems)
    return tables.word(table, key)


def faults(changes: Iterable[Change], classify: Classify) -> Iterator[Diagnostic]:
    """Yield what is wrong with declarations: change-declared where the edit is not of wording only."""
    for change in changes:
        if change.by is None:
            continue
        kind, reasons = classify(change.old, change.new)
        if kind != "wording" or change.kind != "wording":
            yield diagnostics.change_declared(change.place, kind, change.kind, reasons)


# --- what is declared ------------------------------------------------------------------------------


def judge(changes: Sequence[Change], classify: Classify) -> Callable[[str, str], ChangeKind]:
    """Return a function from old and new text to the kind of edit, as far as translations are concerned.

    It is `classify`, but that a wording edit is cosmetic if its two texts are joined by declared changes:
    directly or over several, cosmetic ones among them, in either direction. Changes must have no `faults`.
    """
    neighbours: dict[str, list[Change]] = {}
    if any(change.by is not None for change in changes):
        for change in changes:
            if change.by is not None or change.kind == "cosmetic":
                neighbours.setdefault(change.old, []).append(change)
                neighbours.setdefault(change.new, []).append(change)

    def kind(old: str, new: str) -> ChangeKind:
        found = classify(old, new)[0]
        if found == "wording" and old in neighbours and new in neighbours:
            return "cosmetic" if new in _reached(old, neighbours, classify) else found
        return found

    return kind


def _reached(start: str, neighbours: Mapping[str, Sequence[Change]], classify: Classify) -> set[str]:
    """Return the texts that mean the same as one."""
    reached = {start}
    unvisited = [start]
    while unvisited:
        text = unvisited.pop()
        for change in neighbours.get(text, ()):
            other = change.new if change.old == text else change.old
            if other in reached or (change.by is None and classify(change.old, change.new)[0] != "cosmetic"):
                continue
            reached.add(other)
            unvisited.append(other)
    return reached


# --- writing ---------------------------------------------------------------------------------------


def found(catalog: str, old: str, new: str, classify: Classify, on: date, *, split: bool = False) -> Change:
    """Return the record of an edit seen today.

    Several texts stand with `PARAGRAPHS` between them. A split is `wording` at least: each part needs a
    translation of its own.
    """
    kind, reasons = classify(old, new)
    if split and kind == "cosmetic":
        kind, reasons = "wording", ("split in parts",)
    return Change(catalog, old, new, kind, reasons, on, None, None, Place(PATH))


def unrecorded(changes: Sequence[Change], recorded: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that are not in the record yet.

    If the last that it says of both texts is this very change, an `extract` was stopped half-way, or the
    edit was recorded in another branch.
    """
    last: dict[tuple[str, str], tuple[str, str]] = {}
    for change in recorded:
        last[change.catalog, change.old] = last[change.catalog, change.new] = change.old, change.new
    return tuple(
        change
        for change in changes
        if last.get((change.catalog, change.old)) != (change.old, change.new)
        or last.get((change.catalog, change.new)) != (change.old, change.new)
    )


def appended(text: str, changes: Iterable[Change]) -> str:
    """Return the file with more changes: what was there, to the letter, then a block for each.

    Its lines end as those above do.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [] if text else _HEAD.splitlines()
    if text and not text.endswith("\n"):
        lines.append("")
    for change in changes:
        lines += [
            "",
            "[[change]]",
            f"catalog = {_quoted(change.catalog)}",
            f"old = {_quoted(change.old)}",
            f"new = {_quoted(change.new)}",
            f"kind = {_quoted(change.kind)}",
            f"reasons = [{', '.join(map(_quoted, change.reasons))}]",
            f"on = {change.on.isoformat()}",
        ]
    return text + newline.join([*lines, ""])


def _quoted(text: str) -> str:
    """Return a string of TOML, which has JSON's escapes but does not allow DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
