"""Catalogs of a project on disk, changed as translators and `extract` change them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from handbill import po
from handbill.model import Entry

Turn = Callable[[Entry], Entry | None]
"""Entry → what becomes of it; None where it goes."""


def turn(folder: Path, locale: str, name: str, msgid: str, change: Turn, *more: Entry) -> None:
    """Change one entry of a catalog, and put more after the last."""
    path = folder / f"locales/{locale}/LC_MESSAGES/{name}.po"
    catalog, problems = po.read(path.read_text(encoding="utf-8"), str(path))
    assert not problems
    assert any(entry.msgid == msgid for entry in catalog.entries), f"{name} has no {msgid!r}"
    turned = [change(entry) if entry.msgid == msgid else entry for entry in catalog.entries]
    kept = tuple(entry for entry in (*turned, *more) if entry)
    path.write_text(po.write(replace(catalog, entries=kept)), encoding="utf-8")


def stale(old: str) -> Turn:
    """Return what makes an entry stale: its source was `old`."""
    return lambda entry: replace(entry, flags=("fuzzy", *entry.flags), previous_msgid=old, text="")


def withdrawn(old: str) -> Turn:
    """Return what withdraws a translation: its source was `old`."""
    return lambda entry: replace(entry, msgstr=("",) * len(entry.msgstr), previous_msgid=old, text="")


def translated(*forms: str) -> Turn:
    """Return what gives an entry a translation; none with empty forms."""
    return lambda entry: replace(entry, msgstr=forms, text="")


def flagged(flag: str) -> Turn:
    """Return what puts a flag on an entry."""
    return lambda entry: replace(entry, flags=(*entry.flags, flag), text="")


def gone(entry: Entry) -> None:
    """Take an entry out."""
