"""What authors write, as tables in which every key and value knows its place.

Text files are decoded, TOML and front matter read into `Table`, and single fields taken out of it, with all
that is wrong appended to a list of problems. The readers of fields (`text`, `day`, …) return a stand-in after
reporting: what is made from stand-ins must go no further. The only importer of PyYAML; TOML is tomllib's.
Both readers give up at the first mistake in syntax; everything else is reported together. Pure.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias, TypeVar

import yaml

from handbill import diagnostics
from handbill.model import Diagnostic, Place, Text

Raw: TypeAlias = "str | int | bool | date | Unreadable | tuple[Value, ...] | Mapping[str, Value] | None"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that no field accepts, by what a person would call it."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of TOML or YAML with the places of its key and of itself."""

    raw: Raw
    key_place: Place
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with their values, and the place where the table begins."""

    values: Mapping[str, Value]
    place: Place


def decoded(path: str, content: bytes, problems: list[Diagnostic]) -> str | None:
    """Return the file's text with its lines ended by a line feed, or None if it is not clean UTF-8."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        problems.append(diagnostics.not_utf8(place_at(path, before, len(before)), content[error.start]))
        return None
    if text.startswith("\ufeff"):
        problems.append(diagnostics.byte_order_mark(Place(path)))
        return None
    text = line_feeds(text)
    control = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    if control:
        problems.append(diagnostics.control_character(place_at(path, text, control.start()), control[0]))
        return None
    return text


def line_feeds(text: str) -> str:
    """Return the text with every line ended by a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def place_at(path: str, text: str, offset: int) -> Place:
    """Return the place of a character of the text, whose lines end in a line feed."""
    return Place(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


# --- fields of a table -----------------------------------------------------------------------------


def check_keys(
    table: Table, required: Collection[str], optional: Collection[str], problems: list[Diagnostic]
) -> None:
    """Report the keys that are not known, and the required ones that are missing."""
    known = (*required, *optional)
    for key, value in table.values.items():
        if key not in known:
            problems.append(diagnostics.unknown_key(value.key_place, key, known))
    for key in required:
        if key not in table.values:
            problems.append(diagnostics.missing_key(table.place, key))


def text(table: Table, key: str, problems: list[Diagnostic]) -> Text:
    """Return the text of a key; the empty text where it is missing or wrong."""
    value = table.values.get(key)
    return as_text(value, key, problems) if value else Text("", table.place)


def as_text(value: Value, key: str, problems: list[Diagnostic]) -> Text:
    """Return the value as one line of NFC text, its white space folded as in a paragraph."""
    if not isinstance(value.raw, str):
        problems.append(diagnostics.wrong_type(value.place, key, "text", _type_name(value.raw)))
        return Text("", value.place)
    folded = unicodedata.normalize("NFC", re.sub(r"[ \t\n]+", " ", line_feeds(value.raw)).strip(" "))
    if not folded:
        problems.append(diagnostics.empty_value(value.place, key))
    return Text(folded, value.place)


def texts(table: Table, key: str, problems: list[Diagnostic]) -> tuple[Text, ...]:
    """Return the texts of a list, which must not name one twice; none where it is missing or wrong."""
    value = table.values.get(key)
    if value is None:
        return ()
    if not isinstance(value.raw, tuple):
        problems.append(diagnostics.wrong_type(value.place, key, "a list of texts", _type_name(value.raw)))
        return ()
    for item in value.raw:
        if not isinstance(item.raw, str):
            found_type = f"a list with {_type_name(item.raw)} in it"
            problems.append(diagnostics.wrong_type(item.place, key, "a list of texts", found_type))
    found = tuple(as_text(item, key, problems) for item in value.raw if isinstance(item.raw, str))
    seen: set[str] = set()
    for one in found:
        if one.value and one.value in seen:
            problems.append(diagnostics.repeated_value(one.place, key, one.value))
        seen.add(one.value)
    return found


def word(table: Table, key: str) -> str:
    """Return the text of a key, reported on elsewhere; empty where there is none."""
    value = table.values.get(key)
    return value.raw if value and isinstance(value.raw, str) else ""


_Word = TypeVar("_Word", bound=str)


def choice(table: Table, key: str, choices: tuple[_Word, ...], problems: list[Diagnostic]) -> _Word:
    """Return the one of the choices that a key names; the first where it is missing or wrong."""
    written = text(table, key, problems)
    for one in choices:
        if written.value == one:
            return one
    if written.value:
        problems.append(diagnostics.unknown_choice(written.place, key, written.value, choices))
    return choices[0]


def day(table: Table, key: str, problems: list[Diagnostic]) -> date:
    """Return the date of a key, written as a date and not as text; a stand-in where it is wrong."""
    value = table.values.get(key)
    if value is None:
        return date.min
    if not isinstance(value.raw, date):
        problems.append(diagnostics.bad_date(value.place, key, _type_name(value.raw)))
        return date.min
    return value.raw


def months(table: Table, key: str, most: int, problems: list[Diagnostic]) -> int:
    """Return a number of months from 1 to `most`; 1 where it is missing or wrong."""
    value = table.values.get(key)
    if value is None:
        return 1
    if not isinstance(value.raw, int) or isinstance(value.raw, bool) or not 1 <= value.raw <= most:
        problems.append(diagnostics.bad_months(value.place, key, most))
        return 1
    return value.raw


def percent(table: Table, key: str, problems: list[Diagnostic]) -> int:
    """Return a whole number from 0 to 100; 100 where it is missing or wrong."""
    value = table.values.get(key)
    if value is None:
        return 100
    if not isinstance(value.raw, int) or isinstance(value.raw, bool) or not 0 <= value.raw <= 100:
        problems.append(diagnostics.bad_share(value.place, key))
        return 100
    return value.raw


def whole(table: Table, key: str, least: int, most: int, usual: int, problems: list[Diagnostic]) -> int:
    """Return a whole number within bounds; the usual one where it is missing or wrong."""
    value = table.values.get(key)
    if value is None:
        return usual
    if not isinstance(value.raw, int) or isinstance(value.raw, bool) or not least <= value.raw <= most:
        problems.append(diagnostics.out_of_range(value.place, key, least, most, usual))
        return usual
    return value.raw


def flag(table: Table, key: str, problems: list[Diagnostic]) -> bool:
    """Return whether a key is true; a missing one is false."""
    value = table.values.get(key)
    if value is None:
        return False
    if not isinstance(value.raw, bool):
        problems.append(diagnostics.wrong_type(value.place, key, "`true` or `false`", _type_name(value.raw)))
        return False
    return value.raw


def inner(table: Table, key: str, problems: list[Diagnostic], header: str | None = None) -> Table:
    """Return the table of a key; an empty one where it is missing or wrong.

    `header` is what stands in its brackets, where that is more than the key.
    """
    value = table.values.get(key)
    if value is None:
        return Table({}, table.place)
    if not isinstance(value.raw, Mapping):
        expected = f"a table `[{header or key}]`"
        problems.append(diagnostics.wrong_type(value.place, key, expected, _type_name(value.raw)))
        return Table({}, value.place)
    return Table(value.raw, value.key_place)


def each(table: Table, key: str, problems: list[Diagnostic]) -> tuple[Table, ...]:
    """Return the tables under `[[key]]`, in their order; none where there are none or something else."""
    value = table.values.get(key)
    if value is None:
        return ()
    items = value.raw if isinstance(value.raw, tuple) else (value,)
    found = tuple(Table(item.raw, item.key_place) for item in items if isinstance(item.raw, Mapping))
    if not isinstance(value.raw, tuple) or len(found) < len(items):
        expected = f"a list of tables, each beginning with `[[{key}]]`"
        problems.append(diagnostics.wrong_type(value.key_place, key, expected, _type_name(value.raw)))
        return ()
    return found


def _type_name(raw: Raw) -> str:
    match raw:
        case Unreadable():
            return raw.name
        case None:
            return "nothing"
        case bool():
            return "a yes/no value"
        case str():
            return "text"
        case int():
            return "a number"
        case date():
            return "a date"
        case tuple():
            return "a list"
        case _:
            return "a table"


# --- YAML ------------------------------------------------------------------------------------------


def front_matter(path: str, text: str, start: int, end: int, problems: list[Diagnostic]) -> Table | None:
    """Return the front matter between two offsets of a guide, or None where it is not YAML of plain keys.

    PyYAML reads YAML 1.1, where `No` is a yes/no value and `010` is eight: only plain forms are taken.
    Nothing is constructed, so that no tag can run code and no alias can grow.
    """
    try:
        node = _composed(text[start:end])
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = ", ".join(filter(None, [error.context, error.problem]))
        place = place_at(path, text, start + (mark.index if mark else 0))
        problems.append(diagnostics.front_matter_syntax(place, problem))
        return None
    except yaml.reader.ReaderError as error:
        place = place_at(path, text, start + error.position)
        problems.append(diagnostics.front_matter_syntax(place, "it holds a character that is not text"))
        return None
    except RecursionError:
        problem = "it has lists within lists without end"
        problems.append(diagnostics.front_matter_syntax(place_at(path, text, start), problem))
        return None
    if node is None:
        return Table({}, Place(path))

    def place_of(node: yaml.Node) -> Place:
        return place_at(path, text, start + node.start_mark.index)

    if not isinstance(node, yaml.MappingNode):
        problems.append(diagnostics.front_matter_syntax(place_of(node), "it is not made of keys and values"))
        return None
    values: dict[str, Value] = {}
    tagged = False
    for key_node, value_node in node.value:
        key_place = place_of(key_node)
        items = value_node.value if isinstance(value_node, yaml.SequenceNode) else ()
        for part in (key_node, value_node, *items):
            if part.tag not in _YAML_TAGS:
                problems.append(
                    diagnostics.front_matter_tag(place_of(part), part.tag.replace(_YAML_CORE, "!!"))
                )
                tagged = True
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "[…]"
        if key in values:
            problems.append(diagnostics.duplicate_key(key_place, key, values[key].key_place))
            continue
        raw = (
            tuple(Value(_yaml_scalar(item), place_of(item), place_of(item)) for item in items)
            if isinstance(value_node, yaml.SequenceNode)
            else _yaml_scalar(value_node)
        )
        values[key] = Value(raw, key_place, place_of(value_node))
    return None if tagged else Table(values, Place(path))


def _composed(text: str) -> yaml.Node | None:
    """Return the nodes of YAML. Raises what PyYAML raises.

    libyaml takes a tenth of the time, but lets pass some that PyYAML refuses, such as tabs, and lists within
    lists without end. It is given the plainest lines only, in which a test finds that both read the same.
    """
    if _PLAIN_YAML.fullmatch(text):
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=_LIBYAML)
    return yaml.compose(text, Loader=yaml.SafeLoader)


_LIBYAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = r"""[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff|>{}\[\]?&*!%@`"'\\#]*+"""
_PLAIN_YAML = re.compile(rf"(?:[a-z_]++:(?: {_PLAIN}(?:\[{_PLAIN}\] *+)?+)?+\n)*+")
"""Lines of a key and its value, which is without quotes or is one list."""
_YAML_CORE = "tag:yaml.org,2002:"
_YAML_TAGS = frozenset(
    _YAML_CORE + name
    for name in ("null", "bool", "int", "float", "str", "timestamp", "seq", "map", "merge", "value")
)


def _yaml_scalar(node: yaml.Node) -> Raw:
    """Return the value of a node without constructing it; what is no plain scalar is not looked into."""
    if not isinstance(node, yaml.ScalarNode):
        return Unreadable("a list" if isinstance(node, yaml.SequenceNode) else "a group of keys")
    written: str = node.value
    match node.tag.removeprefix(_YAML_CORE):
        case "null":
            return None
        case "bool":
            return written.lower() in ("true", "yes", "on", "y")
        case "int" if re.fullmatch(r"0|-?[1-9][0-9]{0,8}", written):
            return int(written)
        case "int" | "float":
            return Unreadable(f"`{written}`, a number")
        case "timestamp":
            try:
                return date.fromisoformat(written)
            except ValueError:
                fault = "with a time of day" if ":" in written else "a day that no calendar has"
                return Unreadable(f"`{written}`, {fault}")
        case _:
            return written


# --- TOML ------------------------------------------------------------------------------------------


def toml(path: str, content: Mapping[str, bytes], problems: list[Diagnostic]) -> Table | None:
    """Return a TOML file, an empty table where there is no such file, or None where it cannot be read."""
    if path not in content:
        return Table({}, Place(path))
    text = decoded(path, content[path], problems)
    if text is None:
        return None
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_toml_problem(path, text, str(error)))
        return None
    except (ValueError, RecursionError):
        problems.append(diagnostics.toml_syntax(Place(path), "it holds a number or a list too long to read"))
        return None
    spots = _toml_spots(text)

    def value_of(raw: object, keys: _Keys) -> Value:
        key_at, value_at = spots[keys]
        return Value(raw_of(raw, keys), place_at(path, text, key_at), place_at(path, text, value_at))

    def raw_of(raw: object, keys: _Keys) -> Raw:
        match raw:
            case dict():
                return {key: value_of(item, (*keys, key)) for key, item in raw.items()}
            case list():
                return tuple(value_of(item, (*keys, number)) for number, item in enumerate(raw))
            case datetime() | time():
                return Unreadable(f"`{raw}`, with a time of day")
            case bool() | str() | int() | date():
                return raw
            case _:
                return Unreadable(f"`{raw}`, a number")

    return Table({key: value_of(item, (key,)) for key, item in tree.items()}, Place(path))


def _toml_problem(path: str, text: str, message: str) -> Diagnostic:
    """Return the diagnostic for tomllib's message, which ends in `(at line 3, column 5)` or the like."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if found is None:
        return diagnostics.toml_syntax(Place(path), message)
    problem = _TOML_PROBLEMS.get(found[1], found[1][:1].lower() + found[1][1:])
    if found[2] is None:
        return diagnostics.toml_syntax(
            place_at(path, text, len(text.rstrip())), f"{problem}, at the end of the file"
        )
    return diagnostics.toml_syntax(Place(path, int(found[2]), int(found[3])), problem)


_TOML_PROBLEMS = {
    "Cannot overwrite a value": "the key of this line already has a value",
    "Invalid value": "no value is written like this",
}
"""Sentences of tomllib that its readers would not understand, in other words."""

_Keys: TypeAlias = tuple[str | int, ...]


def _toml_spots(text: str) -> dict[_Keys, tuple[int, int]]:
    """Return the offsets of each key and its value in valid TOML, which tomllib does not tell.

    A path of keys counts the tables of a list and the items of an array from 0. The key of a table is its
    header, and that of an item the item itself.
    """
    scan = _TomlScan(text)
    table: _Keys = ()
    counts: dict[_Keys, int] = {}
    while scan.skip_blank():
        start = scan.at
        brackets = 2 if text.startswith("[[", start) else int(text[start] == "[")
        scan.at += brackets
        names = scan.key()
        if not brackets:
            scan.assignment(table, names, start)
            continue
        scan.at = text.index("]" * brackets, scan.at) + brackets
        table = ()
        for depth, name in enumerate(names, 1):
            table = (*table, name)
            scan.spots.setdefault(table, (start, start))
            if brackets == 2 and depth == len(names):
                counts[table] = counts.get(table, -1) + 1
            if table in counts:
                table = (*table, counts[table])
        scan.spots[table] = (start, start)
    return scan.spots


class _TomlScan:
    """A position in valid TOML, and the spots found on the way to it."""

    _BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
    _KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*(\.?)""")
    _SCALAR = re.compile(
        r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
        r"|'''.*?'''(?:'{0,2})"
        r'|"(?:\\.|[^"\\])*"'
        r"|'[^']*'"
        r"|[^,\]}\n#]+",
        re.DOTALL,
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spots: dict[_Keys, tuple[int, int]] = {}

    def _pass(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.at)
        assert match, "tomllib has accepted the text"
        self.at = match.end()
        return match

    def skip_blank(self) -> bool:
        """Go past white space and comments; return whether anything follows."""
        self._pass(self._BLANK)
        return self.at < len(self.text)

    def key(self) -> list[str]:
        """Go past a key, dotted or not, and return its parts."""
        parts = []
        more = "."
        while more:
            part, more = self._pass(self._KEY).groups()
            parts.append(part if part[0] not in "\"'" else tomllib.loads(f"key = {part}")["key"])
        return parts

    def assignment(self, table: _Keys, names: list[str], start: int) -> None:
        """Go past `= value` of a key that starts at an offset."""
        self.at = self.text.index("=", self.at) + 1
        self.skip_blank()
        for depth in range(1, len(names)):
            self.spots.setdefault((*table, *names[:depth]), (start, self.at))
        self.value((*table, *names), start)

    def value(self, keys: _Keys, start: int) -> None:
        """Go past a value whose key starts at an offset."""
        self.spots[keys] = (start, self.at)
        opening = self.text[self.at]
        if opening not in "[{":
            self._pass(self._SCALAR)
            return
        self.at += 1
        number = 0
        while self.skip_blank() and self.text[self.at] not in "]}":
            if self.text[self.at] == ",":
                self.at += 1
            elif opening == "[":
                self.value((*keys, number), self.at)
                number += 1
            else:
                start = self.at
                self.assignment(keys, self.key(), start)
        self.at += 1
