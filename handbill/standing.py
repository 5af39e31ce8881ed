"""Where every translation stands: one row a catalog and locale, and the index by which none is made twice.

The index is a file in the project's cache. A row is taken from it only while every file that it was made
from has the size, times and inode that it had then, and had been left alone long enough for a change to
show in them; every other row is made anew from its files. The index is looked at before any phase is
imported, so this imports next to nothing.
"""

from __future__ import annotations

import json
import os
import site
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from handbill import store

if TYPE_CHECKING:
    from handbill.model import Diagnostic, ReviewNeed

INTERFACE = "interface"
"""The catalog that is no guide's, and so is neither published nor held."""


class Row(NamedTuple):
    """How one catalog of one locale stands, in messages; equal ones count once."""

    messages: int
    reviewed: int
    translated: int
    """Current, but not reviewed."""
    stale: int
    withdrawn: int
    refused: int
    """How many of the withdrawn have an error that `check` reports."""
    missing: int
    borrowed: int
    """How many of those that are not current are shown in another locale's words, by the rule's fallback."""
    critical: int
    critical_shown: int
    """How many may be shown, in the locale's words or in borrowed ones."""
    critical_reviewed: int
    others: int
    others_shown: int
    others_reviewed: int
    reasons: tuple[str, ...] = ()
    """Why a guide is held, the gravest first: `unreadable`, `critical`, `share`, `review`."""
    checked: bool = False
    """Whether a native speaker has read all that must be read before a page may go without the notice."""
    unfit: tuple[str, ...] = ()
    """The booklets and cards that hold a message of the catalog that cannot be shown."""

    @property
    def current(self) -> int:
        """How many messages are current in the locale itself."""
        return self.reviewed + self.translated


class LocaleFacts(NamedTuple):
    """A target locale and its rule."""

    locale: str
    tag: str
    name: str
    """In the language itself."""
    direction: str
    share: int
    review: ReviewNeed
    fallback: tuple[str, ...]


class PrintFacts(NamedTuple):
    """A booklet or a card, and the guides of which it has anything."""

    kind: Literal["booklet", "card"]
    id: str
    """No booklet and card share one."""
    guides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the project says, as far as rows need it to be understood."""

    source: str
    locales: tuple[LocaleFacts, ...]
    catalogs: tuple[str, ...]
    """The guides by id, then the interface."""
    prints: tuple[PrintFacts, ...]
    checked: tuple[str, ...]
    """The days on which contacts were checked, in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the translations of a project stand."""

    facts: Facts
    rows: Mapping[str, Mapping[str, Row]]
    """Locale → catalog → row, in the site's order."""
    general: tuple[Diagnostic, ...]
    """What is wrong with the project, whatever the locale."""
    faults: Mapping[str, Mapping[str, tuple[Diagnostic, ...]]]
    """Locale → catalog → why it could not be read; under "", what is wrong with the locale's other files."""
    day_bound: tuple[str, ...]
    """Locales whose rows would be others on another day."""

    def problems_of(self, locales: Iterable[str]) -> tuple[Diagnostic, ...]:
        """Return what is wrong with the project and with these locales, each thing once."""
        by_catalog = (found for locale in locales for found in self.faults.get(locale, {}).values())
        return tuple(dict.fromkeys((*self.general, *(fault for found in by_catalog for fault in found))))


# --- the index -------------------------------------------------------------------------------------

Files: TypeAlias = dict[str, dict[str, list[int]]]
"""Folder → name of a file → size, times and inode."""
Cell: TypeAlias = tuple[str, str]
"""A locale and a catalog."""

_INDEX = f"{store.CACHE}/status.json"
_SHAPE = "2"
"""Of the index; another one cannot be read."""
_GUIDES = "content/guides"
_LOCALES = "locales"
_YOUNG_NS = 2_000_000_000
"""FAT, as on a memory stick, keeps times to two seconds."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the index vouches for, of the files as they are now."""

    standing: Standing | None
    """As it was found last, whether still true or not; None where nothing of it can be used."""
    stale: frozenset[Cell]
    """The rows of it that must be made anew."""
    fresh: bool
    """Whether all of it is still true."""
    same_source: bool
    """Whether nothing changed but what belongs to single locales."""
    files: Files
    """The files, looked at before anything is read."""
    young: tuple[tuple[str, str], ...]
    """(folder, name) of the files that could change without a trace in their times."""


def known(folder: Path, today: date, now_ns: int) -> Known:
    """Return what the index knows of a project's files as they are; `now_ns` is the time by the clock."""
    files = _files(folder)
    young = tuple(_young(files, now_ns - _YOUNG_NS))
    nothing = Known(None, frozenset(), False, False, files, young)
    try:
        facts: Any = store.read_json(folder / _INDEX)
        if facts is None or facts["made_by"] != _made_by():
            return nothing
        touched = {*_touched(facts["files"], files), *map(tuple, facts["young"])}
        days = today.toordinal() - facts["day"]
        if days < 0 or any(map(_concerns_all, touched)):
            return nothing
        standing = _thawed(facts)
    except (OSError, LookupError, TypeError, AttributeError, ValueError):  # somebody else has written it
        return nothing
    stale = frozenset(_stale(standing, touched, days > 0))
    same_source = not any(directory in (_GUIDES, _LOCALES) for directory, _ in touched)
    return Known(standing, stale, not touched and not stale, same_source, files, young)


def remember(folder: Path, known: Known, standing: Standing, today: date) -> None:
    """Write down what was found, from files that were as `known` has them.

    A project that cannot be written to is read anew each time.
    """
    facts = {
        "made_by": _made_by(),
        "day": today.toordinal(),
        "files": known.files,
        "young": known.young,
        "facts": asdict(standing.facts),
        "rows": standing.rows,
        "general": list(map(asdict, standing.general)),
        "faults": {
            locale: {catalog: list(map(asdict, found)) for catalog, found in faults.items()}
            for locale, faults in standing.faults.items()
        },
        "day_bound": standing.day_bound,
    }
    try:
        store.write_if_changed(folder / _INDEX, json.dumps(facts, separators=(",", ":")).encode())
    except OSError:
        return


def source_signature(known: Known) -> str:
    """Return a hash of everything that rows are made from but what belongs to single locales."""
    files = {name: stats for name, stats in known.files.items() if not name.startswith(f"{_LOCALES}/")}
    return store.key((json.dumps([_made_by(), files], sort_keys=True).encode(),))


def _made_by() -> list[str]:
    """Return what makes rows beside the files: this index, Python, and the libraries as last installed."""
    installed = (Path(folder) for folder in site.getsitepackages())
    times = (f"{folder} {folder.stat().st_mtime_ns}" for folder in installed if folder.is_dir())
    return [_SHAPE, sys.version, *times]


def _files(folder: Path) -> Files:
    """Return every file that a row may be made from, in the project and in the engine."""
    found: Files = {}
    for name in ("content", "templates", "fonts"):
        _look(folder / name, name, found)
    for name in ("handbill", "templates", "fonts"):
        _look(store.ENGINE / name, f"engine/{name}", found)
    loose, locales = store.stats(folder / _LOCALES)
    found[_LOCALES] = {name: stat for name, stat in loose.items() if not name.endswith(".pot")}
    for locale in locales:
        name = f"{_LOCALES}/{locale}"
        found[name], _ = store.stats(folder / name)
        found[f"{name}/LC_MESSAGES"], _ = store.stats(folder / name / "LC_MESSAGES")
    return found


def _look(folder: Path, name: str, found: Files) -> None:
    found[name], folders = store.stats(folder)
    for inner in folders:
        if not (folder / inner).is_symlink():  # which may lead in a circle, and is not read either
            _look(folder / inner, f"{name}/{inner}", found)


def _young(files: Files, limit: int) -> Iterator[tuple[str, str]]:
    # Windows has the time of creation where others have that of the last change of any kind.
    time = 1 if os.name == "nt" else 2
    for folder, stats in files.items():
        for name, stat in stats.items():
            if stat[time] >= limit:
                yield folder, name


def _touched(old: Files, new: Files) -> Iterator[tuple[str, str]]:
    """Yield (folder, name) of the files that came, went or changed."""
    for folder in old.keys() | new.keys():
        before, after = old.get(folder, {}), new.get(folder, {})
        if before != after:
            names = before.keys() | after.keys()
            yield from ((folder, name) for name in names if before.get(name) != after.get(name))


def _concerns_all(file: tuple[str, str]) -> bool:
    """Whether a file may have to do with every row: all but guides and what belongs to one locale."""
    folder, name = file
    if folder == _GUIDES:
        return not name.endswith(".md")
    return folder != _LOCALES and not folder.startswith(f"{_LOCALES}/")


def _stale(standing: Standing, touched: Iterable[tuple[str, str]], new_day: bool) -> Iterator[Cell]:
    """Yield the rows that are made from these files, or from the day."""
    guides: set[str] = set()
    locales = set(standing.day_bound if new_day else ())
    cells: set[Cell] = set()
    for folder, name in touched:
        _, locale, inner = (*folder.split("/"), "", "")[:3]
        if folder == _GUIDES:
            guides.add(name.removesuffix(".md"))
        elif inner:
            cells.add((locale, name.removesuffix(".po")))
        elif locale:
            locales.add(locale)
    for facts in standing.facts.locales:
        read = {facts.locale, *facts.fallback}
        for catalog in standing.facts.catalogs:
            if catalog in guides or read & locales or any((locale, catalog) in cells for locale in read):
                yield facts.locale, catalog


def _thawed(facts: Any) -> Standing:
    """Return the standing that `asdict` took apart, back from JSON."""
    said = facts["facts"]
    return Standing(
        Facts(
            said["source"],
            tuple(LocaleFacts._make((*item, tuple(fallback))) for *item, fallback in said["locales"]),
            tuple(said["catalogs"]),
            tuple(PrintFacts(kind, id, tuple(guides)) for kind, id, guides in said["prints"]),
            tuple(said["checked"]),
        ),
        {
            locale: {
                catalog: Row._make((*numbers, tuple(reasons), checked, tuple(unfit)))
                for catalog, (*numbers, reasons, checked, unfit) in rows.items()
            }
            for locale, rows in facts["rows"].items()
        },
        _diagnostics(facts["general"]),
        {
            locale: {catalog: _diagnostics(found) for catalog, found in faults.items()}
            for locale, faults in facts["faults"].items()
        },
        tuple(facts["day_bound"]),
    )


def _diagnostics(facts: Sequence[Any]) -> tuple[Diagnostic, ...]:
    if not facts:
        return ()
    from handbill.model import Diagnostic, Place  # takes longer to import than all else here

    return tuple(Diagnostic(**{**item, "place": Place(**item["place"])}) for item in facts)


# --- what rows come to -----------------------------------------------------------------------------


def total(rows: Iterable[Row]) -> Row:
    """Return the sum of rows, without their reasons."""
    numbers = Row._fields.index("reasons")
    sums = map(sum, zip(*(row[:numbers] for row in rows), strict=True))
    return Row._make((*sums, (), False, ()))


def percent(part: int, whole: int) -> int:
    """Return whole percents, rounded down: 100 is said only of all. All of nothing is 100.

    >>> percent(199, 200), percent(200, 200), percent(0, 0)
    (99, 100, 100)
    """
    return part * 100 // whole if whole else 100


def why(row: Row, rule: LocaleFacts) -> tuple[str, ...]:
    """Return why a guide is held, a sentence a reason; nothing where it is published."""
    return tuple(_SENTENCES[reason](row, rule) for reason in row.reasons)


def _unreadable(row: Row, rule: LocaleFacts) -> str:
    return "Its catalog cannot be read, so nothing in it counts."


def _critical(row: Row, rule: LocaleFacts) -> str:
    lacking = row.critical - row.critical_shown
    return f"{lacking} of {_counted(row.critical, 'critical message')} {_is(lacking)} not current."


def _share(row: Row, rule: LocaleFacts) -> str:
    share = percent(row.others_shown, row.others)
    return f"{share} % of the other messages are current, and {rule.share} % are needed."


def _review(row: Row, rule: LocaleFacts) -> str:
    if rule.review == "critical" and row.critical:
        lacking, what = row.critical - row.critical_reviewed, "critical message"
    else:
        shown = row.critical_shown + row.others_shown
        lacking, what = shown - row.critical_reviewed - row.others_reviewed, "message"
    return f"{_counted(lacking, what)} {_is(lacking)} not reviewed by a native speaker."


_SENTENCES = {"unreadable": _unreadable, "critical": _critical, "share": _share, "review": _review}


def print_reasons(standing: Standing, locale: str, item: PrintFacts, today: date) -> tuple[str, ...]:
    """Return why a booklet or card is not printed in a locale, a sentence a reason.

    Whether its text fits its paper, only a build can tell.
    """
    rows = standing.rows[locale]
    lacking = [catalog for catalog in (*item.guides, INTERFACE) if item.id in rows[catalog].unfit]
    held = [guide for guide in item.guides if rows[guide].reasons and guide not in lacking]
    reasons = [f"Not every message of {_listed(lacking)} is current."] if lacking else []
    if held and all(rows[guide].reasons == ("review",) for guide in held):
        reasons.append(f"A native speaker must review {_listed(held)} first.")
    elif held:
        reasons.append(f"{_listed(held)} {_is(len(held))} held.")
    if any(_is_unchecked(date.fromisoformat(day), today) for day in standing.facts.checked):
        reasons.append("A contact has not been checked for over a year.")
    return tuple(reasons)


def _is_unchecked(checked: date, today: date) -> bool:
    """Whether a contact must be checked before anything is printed, as `load.unchecked_contacts` has it."""
    if checked.toordinal() > today.toordinal() + 1:
        return True
    day = 28 if (checked.month, checked.day) == (2, 29) else checked.day
    return checked.replace(year=checked.year + 1, day=day) < today


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def _listed(names: Sequence[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last


# --- for people ------------------------------------------------------------------------------------

LineKind = Literal["locale", "head", "row", "held", "why", "total"]
"""What a line of the table is; a terminal may colour it."""

_WIDTH = 80
_COLUMNS = (("current", 9), ("stale", 7), ("withdrawn", 11), ("missing", 9), ("reviewed", 10))
_LONGEST = _WIDTH - 2 - sum(width for _, width in _COLUMNS) - len("  published")


def table(standing: Standing, locales: Sequence[str], today: date) -> Iterator[tuple[LineKind, str]]:
    """Yield the lines of a table for these locales; only a name can make one longer than 80 columns."""
    names = (*standing.facts.catalogs, "all")
    width = min(max(map(len, names)), _LONGEST)
    head = "".join(f"{name:>{columns}}" for name, columns in _COLUMNS)
    for facts in standing.facts.locales:
        if facts.locale not in locales:
            continue
        rows = standing.rows[facts.locale]
        guides = [row for catalog, row in rows.items() if catalog != INTERFACE]
        published = f"{sum(not row.reasons for row in guides)} of {len(guides)}"
        yield "locale", f"{facts.locale}  {facts.name}"
        yield "head", f"  {'guide':{width}}{head}"
        for catalog, row in rows.items():
            kind: LineKind = "held" if row.reasons else "row"
            outcome = "" if catalog == INTERFACE else "held" if row.reasons else "published"
            yield from _row_lines(kind, catalog, row, outcome, width)
            for sentence in why(row, facts):
                yield from _sentence_lines(sentence)
            if row.refused:
                errors = f"{_counted(row.refused, 'translation')} {_has(row.refused)} an error"
                yield from _sentence_lines(f"{errors}: python3 build.py check {facts.locale}")
        yield from _row_lines("total", "all", total(rows.values()), published, width)
        for item in standing.facts.prints:
            reasons = print_reasons(standing, facts.locale, item, today)
            outcome = "held" if reasons else "can be printed"
            yield "held" if reasons else "row", f"  {item.kind} {item.id}: {outcome}"
            for sentence in reasons:
                yield from _sentence_lines(sentence)
        yield "row", ""


def _row_lines(
    kind: LineKind, name: str, row: Row, outcome: str, width: int
) -> Iterator[tuple[LineKind, str]]:
    cells = (
        f"{percent(row.current, row.messages)} %",
        row.stale or "",
        row.withdrawn or "",
        row.missing or "",
        f"{percent(row.reviewed, row.messages)} %" if row.reviewed else "",
    )
    numbers = "".join(f"{cell:>{columns}}" for cell, (_, columns) in zip(cells, _COLUMNS, strict=True))
    if len(name) > width:
        yield kind, f"  {name}"
        name = ""
    yield kind, f"  {name:{width}}{numbers}  {outcome}".rstrip()


def _sentence_lines(sentence: str) -> Iterator[tuple[LineKind, str]]:
    for line in wrap(sentence, _WIDTH - 6, break_long_words=False, break_on_hyphens=False):
        yield "why", f"      {line}"


# --- for scripts -----------------------------------------------------------------------------------

FORMAT = 1
"""Of what `as_json` gives. Keys may be added; a change that could break a script gets another number."""


def as_json(standing: Standing, locales: Sequence[str], today: date) -> str:
    """Return where these locales stand, as JSON of the shape that docs/status-json.md describes."""
    shown = {
        "format": FORMAT,
        "source": standing.facts.source,
        "locales": [
            _locale_json(standing, facts, today)
            for facts in standing.facts.locales
            if facts.locale in locales
        ],
        "problems": [_problem_json(problem) for problem in standing.problems_of(locales)],
    }
    return json.dumps(shown, ensure_ascii=False)


def _locale_json(standing: Standing, facts: LocaleFacts, today: date) -> dict[str, object]:
    rows = standing.rows[facts.locale]
    guides = {catalog: row for catalog, row in rows.items() if catalog != INTERFACE}
    interface = rows[INTERFACE]
    prints = {item: print_reasons(standing, facts.locale, item, today) for item in standing.facts.prints}
    return {
        "locale": facts.locale,
        "name": facts.name,
        "published": sum(not row.reasons for row in guides.values()),
        "held": sum(bool(row.reasons) for row in guides.values()),
        **_numbers_json(total(rows.values())),
        "guides": [
            {
                "guide": guide,
                "published": not row.reasons,
                "reasons": _reasons_json(row, facts),
                "notice": _notice(row, interface),
                **_numbers_json(row),
            }
            for guide, row in guides.items()
        ],
        "interface": {"reasons": _reasons_json(interface, facts), **_numbers_json(interface)},
        "booklets": _prints_json(prints, "booklet"),
        "cards": _prints_json(prints, "card"),
    }


def _prints_json(prints: Mapping[PrintFacts, tuple[str, ...]], kind: str) -> list[dict[str, object]]:
    return [
        {kind: item.id, "printed": not reasons, "reasons": list(reasons)}
        for item, reasons in prints.items()
        if item.kind == kind
    ]


def _notice(row: Row, interface: Row) -> bool:
    """Whether a guide's page says that no native speaker has checked it.

    Of a page that is held in the source language only the frame counts.
    """
    return not (interface.checked and (row.checked or bool(row.reasons)))


def _numbers_json(row: Row) -> dict[str, object]:
    return {
        "messages": row.messages,
        "current": row.current,
        "share": percent(row.current, row.messages),
        "reviewed": row.reviewed,
        "translated": row.translated,
        "stale": row.stale,
        "withdrawn": row.withdrawn,
        "refused": row.refused,
        "missing": row.missing,
        "borrowed": row.borrowed,
        "critical": {
            "messages": row.critical,
            "shown": row.critical_shown,
            "reviewed": row.critical_reviewed,
        },
    }


def _reasons_json(row: Row, facts: LocaleFacts) -> list[dict[str, str]]:
    return [{"code": code, "text": text} for code, text in zip(row.reasons, why(row, facts), strict=True)]


def _problem_json(problem: Diagnostic) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "fact": problem.fact,
        "hint": problem.hint,
    }
