"""PO files: text → `Catalog` and back, strictly and without loss.

Why not a library's reader: Babel and polib both read `msgstr "call 911`, its quote lost, as `call 91`.
Here a file is read only if every character of it is understood; anything else is refused with its place.
Two readers see to that. `_ORDINARY` is one regular expression for one ordinary entry; it is tried first,
and each match must begin where the last one ended. Where it does not fit (plural, obsolete and other rare
entries, and every fault) `_read_exactly` reads a single entry line by line; it knows the whole format and
explains what is wrong. On an ordinary entry both give the same (a test holds them to it). A build, which
wants translations alone, takes a whole file apart at once by `_ENTRIES`, and leaves one with anything else in
it to these two.

Stricter than GNU gettext on purpose: UTF-8 only; one string a line; a string continues only the line directly
above it; no comment inside an entry; `Plural-Forms` must agree with the entries; no `domain` lines.

The one importer of `babel.messages` for catalogs (plural rules of new headers). It never touches a file.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from babel.messages.plurals import get_plural

from handbill import diagnostics, languages
from handbill.model import Catalog, Diagnostic, Entry, Place

# --- bytes to text ---------------------------------------------------------------------------------

_CHARSET = re.compile(rb"charset=([A-Za-z0-9._:-]+)")
_CONTROL_BYTES = bytes((*range(0x09), *range(0x0B, 0x0D), *range(0x0E, 0x20), 0x7F))
"""All but tab, line feed and carriage return."""
_ODD_BYTE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_IN_UTF16 = ("msgid".encode("utf-16-le"), "msgid".encode("utf-16-be"))


def decode(content: bytes, path: str) -> str | Diagnostic:
    """Return the text of a catalog's bytes, or why they cannot be read.

    Only UTF-8 without control characters is read. May give: po-byte-order-mark, po-utf16, po-binary,
    po-not-utf8, po-control-character.
    """
    if content.startswith(b"\xef\xbb\xbf"):
        return diagnostics.po_byte_order_mark(Place(path))
    zero = content.find(b"\0")
    if zero < 0:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as fault:
            broken = fault.start
        else:
            # Bytes are looked through ten times as quickly as text, and UTF-8 has these bytes for these only.
            if len(content.translate(None, _CONTROL_BYTES)) == len(content) and (
                b"\r" not in content or content.count(b"\r") == content.count(b"\r\n")
            ):
                return text
            odd = _ODD_BYTE.search(content)
            assert odd
            return diagnostics.po_control_character(
                _place_of_byte(content, odd.start(), path), odd[0].decode()
            )
    if any(word in content for word in _IN_UTF16):
        return diagnostics.po_utf16(Place(path))
    if b"msgid" not in content:
        return diagnostics.po_binary(Place(path))
    if zero >= 0:
        return diagnostics.po_control_character(_place_of_byte(content, zero, path), "\0")
    declared = _CHARSET.search(content)
    name = declared[1].decode("ascii") if declared else ""
    return diagnostics.po_not_utf8(_place_of_byte(content, broken, path), name)


def _place_of_byte(content: bytes, offset: int, path: str) -> Place:
    start = content.rfind(b"\n", 0, offset) + 1
    column = len(content[start:offset].decode("utf-8", "replace")) + 1
    return Place(path, content.count(b"\n", 0, offset) + 1, column)


# --- text to catalog -------------------------------------------------------------------------------

_CONTROL = r"\x00-\x08\x0a-\x1f\x7f"
"""Every control character but the tab, which gettext reads as it is."""
_PLAIN = rf'[^"\\{_CONTROL}]*+'
_INSIDE = rf'{_PLAIN}(?:\\[abfnrtv"\\]{_PLAIN})*+'
"""What may stand between quotes."""


def _strings(mark: str = "") -> str:
    """Return the pattern of strings on lines that begin with `mark`; without the first and last quote."""
    return rf'(?:{_INSIDE}(?:"\r?\n{mark}"{_INSIDE})*+)'


_LEAD = r"(?:\r?\n|#(?![~|]).*+\n)*+"
"""Blank lines and comments, of a text in which `decode` found no control character."""
_PREVIOUS = "".join(
    rf'(?:#{{0}}\| {keyword} "{_strings("#{0}[|] ")}"\r?\n)?+'
    for keyword in ("msgctxt", "msgid", "msgid_plural")
)
_ORDINARY = re.compile(
    rf"({_LEAD})"
    rf"({_PREVIOUS.replace('{0}', '')})"
    rf'(?:msgctxt "({_strings()})"\r?\n)?+'
    rf'msgid "({_strings()})"\r?\n'
    rf'msgstr "({_strings()})"(?:\r?\n|\Z)'
    r'(?![ \t]*+(?:#~[ \t]*+)?+")'
)
"""Blank lines and comments, `#|` lines, `msgctxt`, `msgid`, `msgstr`: strings as `_strings` has them.

Every repetition is possessive and each way through begins with another character, so a match costs one
pass over the entry, whatever stands in it.
"""


def _obsolete(group: str) -> str:
    """Return the pattern of an ordinary obsolete entry; a group opens at `msgctxt` and at `msgid`."""
    return (
        rf"{_LEAD}{_PREVIOUS.replace('{0}', '~')}"
        rf'(?:#~ msgctxt "{group}{_strings("#~ ")})"\r?\n)?+'
        rf'#~ msgid "{group}{_strings("#~ ")})"\r?\n'
        rf'#~ msgstr "{_strings("#~ ")}"(?:\r?\n|\Z)'
        r'(?![ \t]*+(?:#~[ \t]*+)?+")'
    )


_OBSOLETE = re.compile(_obsolete("("))
_ENTRIES = re.compile(
    rf"({_LEAD}{_PREVIOUS.replace('{0}', '')})"
    rf'((?:msgctxt "{_strings()}"\n)?+)msgid "({_strings()})"\nmsgstr "({_strings()})"(?:\n|\Z)'
    r'(?![ \t]*+(?:#~[ \t]*+)?+")'
    rf"|({_obsolete('(?:')})"
    r"|([\s\S]+)".replace(r"\r?\n", r"\n")
)
"""An ordinary entry, an ordinary obsolete one, or else all the rest, so that no gap is between two matches.

Of an ordinary entry what is above it, the statement of its `msgctxt`, `msgid`, `msgstr`. Lines end in LF.
"""
_TAIL = re.compile(_LEAD)


_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
"""What `_ORDINARY` does not look for."""


def read(text: str, path: str) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """Return the catalog in a PO or POT file, and everything that is wrong with it.

    Without diagnostics `write` gives `text` back. With diagnostics the catalog holds what could be read and
    is not fit for use. In each entry the first fault is reported, and where there are very many, the first of
    them. May give every diagnostic of `po-…` that is about text.
    """
    entries: list[Entry] = []
    faults: list[Diagnostic] = []
    position, line = 0, 1
    if text.startswith("\ufeff"):
        faults.append(diagnostics.po_byte_order_mark(Place(path)))
        position = 1
    plain = _ODD.search(text) is None
    while len(faults) <= _MOST_FAULTS:
        match = _ORDINARY.match(text, position) if plain else None
        if match and not match[2]:
            end, fault = match.end(), None
            entry: Entry | None = _ordinary_entry(match, line + text.count("\n", position, match.start(4)))
        elif exact := _read_exactly(text, position, line, path):
            entry, end, fault = exact
        else:
            break
        if entry:
            entries.append(entry)
        if fault:
            faults.append(fault)
        line += text.count("\n", position, end)
        position = end
    first_break = text.find("\n")
    newline: Literal["\n", "\r\n"] = "\r\n" if text[first_break - 1 : first_break] == "\r" else "\n"
    catalog = Catalog(path, tuple(entries), text[position:], newline)
    faults.extend(islice(_catalog_faults(catalog, bool(faults)), _MOST_FAULTS + 1))
    faults.sort(key=lambda fault: fault.place)
    if len(faults) > _MOST_FAULTS:
        faults[_MOST_FAULTS:] = [diagnostics.po_unread(faults[_MOST_FAULTS].place, _MOST_FAULTS)]
    return catalog, tuple(faults)


_MOST_FAULTS = 20
"""A file with more is no catalog, or one that an editor has spoilt throughout."""


def _ordinary_entry(match: re.Match[str], line: int) -> Entry:
    lead, _, context, source, translation = match.groups()
    msgctxt = None if context is None else _unquoted(context)
    if "#" not in lead:
        return Entry(_unquoted(source), (_unquoted(translation),), msgctxt, line=line, text=match[0])
    comments, extracted, references, flags = _comment_fields(lead)
    return Entry(
        _unquoted(source),
        (_unquoted(translation),),
        msgctxt,
        None,
        comments,
        extracted,
        references,
        flags,
        line=line,
        text=match[0],
    )


_ESCAPE = re.compile(r"\\(.)")
_CHARACTERS = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\",
}  # fmt: skip


def _unquoted(strings: str, mark: str = "") -> str:
    """Return what strings mean that `_strings(mark)` found between the first and the last quote."""
    if "\n" in strings:
        strings = strings.replace(f'"\n{mark}"', "").replace(f'"\r\n{mark}"', "")
    if "\\" in strings:
        return _ESCAPE.sub(lambda escape: _CHARACTERS[escape[1]], strings)
    return strings


@lru_cache(maxsize=512)
def _comment_fields(lead: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return translator's comments, extracted comments, references and flags of the lines above an entry.

    A hand-written `Fuzzy` counts as `fuzzy`: in doubt a translation is stale. Remembered, for an entry has
    the same above it in every locale.
    """
    comments: list[str] = []
    extracted: list[str] = []
    references: list[str] = []
    flags: list[str] = []
    for line in lead.split("\n"):
        line = line.strip(" \t\r") if line[:1] in " \t\r" else line.rstrip("\r")
        mark, rest = line[1:2], line[2:]
        if mark == ":":
            references.append(rest.removeprefix(" "))
        elif mark == ".":
            extracted.append(rest.removeprefix(" "))
        elif mark and mark in ",=":
            flags.extend(_flags(rest))
        elif line:
            comments.append(line[1:].removeprefix(" "))
    return tuple(comments), tuple(extracted), tuple(references), tuple(flags)


_QUOTE = re.compile(r"""\\.|["']""")


def _flags(line: str) -> list[str]:
    """Return the flags of a line. A comma between quotes, as Weblate writes them, parts nothing.

    >>> _flags(' md-text, placeholders:"a, b":c, fuzzy')
    ['md-text', 'placeholders:"a, b":c', 'fuzzy']
    """
    parts = line.split(",")
    names = [name.strip() for name in (_whole(parts) if '"' in line or "'" in line else parts)]
    flags = ["fuzzy" if name.lower() == "fuzzy" else name for name in names if name]
    # GNU gettext knows no quotes: what it takes for fuzzy is fuzzy.
    hidden = "fuzzy" not in flags and any(part.strip().lower() == "fuzzy" for part in parts)
    return ["fuzzy", *flags] if hidden else flags


def _whole(parts: list[str]) -> list[str]:
    """Return what commas parted with quoted strings joined again; as it is from a quote that never ends."""
    whole: list[str] = []
    start, quote = 0, ""
    for index, part in enumerate(parts):
        for found in _QUOTE.finditer(part):
            if not quote and found[0] in "\"'":
                quote = found[0]
            elif found[0] == quote:
                quote = ""
        if not quote:
            whole.append(",".join(parts[start : index + 1]))
            start = index + 1
    return whole + parts[start:]


# --- one entry, line by line -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a PO file, by itself."""

    kind: Literal["blank", "comment", "string", "conflict"]
    start: int
    end: int
    """Offsets in the text; `end` is after the line break."""
    place: Place
    """Of its first character that is not a space."""
    content: str
    """Without the line break."""
    mark: str = ""
    """`#~`, `#|`, `#~|`, or empty."""
    keyword: str = ""
    """Empty where the string continues the line above."""
    index: str | None = None
    """What stands in the brackets of `msgstr[…]`."""
    string: str = ""
    """Without quotes, escapes not resolved."""
    fault: Diagnostic | None = None

    @property
    def obsolete(self) -> bool:
        return self.mark.startswith("#~")

    @property
    def name(self) -> str:
        return self.keyword if self.index is None else f"{self.keyword}[{self.index}]"

    @property
    def rank(self) -> int:
        """Where in an entry the keyword stands: the old source first, then the entry itself."""
        return _KEYWORDS.index(self.keyword) + (0 if self.mark.endswith("|") else len(_KEYWORDS))


_KEYWORDS = ("msgctxt", "msgid", "msgid_plural", "msgstr")
_MSGCTXT, _MSGID, _MSGID_PLURAL, _MSGSTR = range(4, 8)
_CONFLICT = re.compile(r"<{7}|={7}|>{7}|\|{7}")
_STATEMENT = re.compile(r"[ \t]*(#~\|?|#\|)?[ \t]*(?:([^\W\d]\w*+)(?:\[([^\]]*)\])?[ \t]*)?")
_CONTENT = re.compile(
    rf'"({_PLAIN}(?:\\(?:[abfnrtv"\\]|[0-3][0-7][0-7]|[0-7]{{1,2}}(?![0-7])|'
    rf"x[0-9A-Fa-f]{{1,2}}(?![0-9A-Fa-f])){_PLAIN})*+)"
)
_ANY_CONTROL = re.compile(f"[{_CONTROL}]")
_BYTE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))")


def _lines(text: str, start: int, number: int, path: str) -> Iterator[_Line]:
    while start < len(text):
        line_break = text.find("\n", start)
        end = len(text) if line_break < 0 else line_break + 1
        yield _line(text, start, end, number, path)
        start, number = end, number + 1


def _line(text: str, start: int, end: int, number: int, path: str) -> _Line:
    content = text[start:end].removesuffix("\n")
    content = content.removesuffix("\r")
    bare = content.lstrip(" \t")
    place = Place(path, number, len(content) - len(bare) + 1)

    def at(column: int) -> Place:
        return Place(path, number, column + 1)

    if not bare or bare.rstrip(" \t") == "#~":
        return _Line("blank", start, end, place, content)
    if _CONFLICT.match(content):
        return _Line("conflict", start, end, place, content, fault=diagnostics.po_conflict(place))
    control = _ANY_CONTROL.search(content)
    if bare.startswith("#") and not bare.startswith(("#~", "#|")):
        fault = diagnostics.po_control_character(at(control.start()), control[0]) if control else None
        return _Line("comment", start, end, place, content, fault=fault)

    statement = _STATEMENT.match(content)
    assert statement
    mark, keyword, index = statement[1] or "", statement[2] or "", statement[3]
    rest, column = content[statement.end() :], statement.end()
    string = ""
    fault = None
    if (keyword and keyword not in _KEYWORDS) or (index is not None and keyword != "msgstr"):
        word = keyword if index is None else f"{keyword}[{index}]"
        is_prose = keyword not in _KEYWORDS and not rest.startswith('"')
        place_of_word = at(statement.start(2))
        fault = (
            diagnostics.po_stray_text(place_of_word)
            if is_prose
            else diagnostics.po_keyword(place_of_word, word)
        )
        keyword = ""
    elif not rest.startswith('"'):
        name = keyword if index is None else f"{keyword}[{index}]"
        fault = (
            diagnostics.po_string_missing(at(column), name)
            if keyword
            else diagnostics.po_stray_text(at(column))
        )
    else:
        matched = _CONTENT.match(rest)
        assert matched
        string = matched[1]
        stop = column + matched.end()
        after = content[stop : stop + 1]
        if not after or content[stop:] == "\\":
            fault = diagnostics.po_quote_missing(at(len(content)))
        elif after == "\\":
            escape = re.match(r"\\(?:x[0-9A-Fa-f]*|[0-7]+|.)", content[stop:], re.DOTALL)
            assert escape
            fault = diagnostics.po_escape(at(stop), escape[0])
        elif after != '"':
            fault = diagnostics.po_control_character(at(stop), after)
        elif content[stop + 1 :].strip(" \t"):
            fault = diagnostics.po_text_after_quote(at(len(content) - len(content[stop + 1 :].lstrip(" \t"))))
        elif nul := next((escape for escape in _BYTE.finditer(string) if not _number(escape)), None):
            fault = diagnostics.po_escape(at(column + 1 + nul.start()), nul[0])
    return _Line("string", start, end, place, content, mark, keyword, index, string, fault)


def _number(escape: re.Match[str]) -> int:
    """Return the byte that an escape of `_BYTE` stands for."""
    octal, hexadecimal, letter = escape.groups()
    if letter is not None:
        return ord(_CHARACTERS[letter])
    return int(octal, 8) if octal else int(hexadecimal, 16)


_BLANK_LINES = re.compile(r"(?:[ \t]*+\r?\n)++")


def _read_exactly(
    text: str, start: int, number: int, path: str
) -> tuple[Entry | None, int, Diagnostic | None] | None:
    """Return the next entry or its first fault, and where to go on; None where no entry follows."""
    lead: list[str] = []
    parts: list[list[_Line]] = []
    """One for each keyword: its line and the lines that continue it."""
    above_is_string = False
    end = start
    blank = _BLANK_LINES.match(text, start)
    first = blank.end() if blank else start
    for line in _lines(text, first, number + text.count("\n", start, first), path):
        complete = bool(parts) and parts[-1][0].rank == _MSGSTR
        fault = line.fault
        if complete and _begins_anew(line, above_is_string):
            break
        if line.kind == "blank":
            above_is_string = False
            continue
        if line.kind == "comment":
            if not fault and parts:
                fault = diagnostics.po_comment_inside(line.place)
            lead.append(line.content)
        elif not fault and line.keyword:
            fault = _misplaced(parts, line)
            parts.append([line])
        elif not fault and not above_is_string:
            fault = diagnostics.po_string_outside(line.place)
        elif not fault:
            if line.mark != parts[-1][0].mark:
                fault = diagnostics.po_obsolete_mixed(line.place)
            parts[-1].append(line)
        if fault:
            return None, _after_fault(text, line, fault, path), fault
        above_is_string = line.kind == "string"
        end = line.end
    if not parts:
        return None
    if parts[-1][0].rank != _MSGSTR:
        return None, end, diagnostics.po_msgstr_missing(parts[-1][0].place)
    return _entry_of(text[start:end], end, lead, parts)


def _begins_anew(line: _Line, above_is_string: bool) -> bool:
    """Whether a line after a complete entry is not part of it; a fault is then the next entry's."""
    if line.kind == "blank":
        return False
    if line.kind != "string":
        return True
    if line.keyword:
        return line.index is None
    return not above_is_string


def _misplaced(parts: list[list[_Line]], line: _Line) -> Diagnostic | None:
    """Return why a keyword's line cannot come after the parts before it."""
    if parts and line.rank == _MSGSTR and parts[-1][0].rank == _MSGSTR and parts[-1][0].index is not None:
        # One more plural form. A file may have any number of them, so those before are not looked through.
        if line.obsolete != parts[0][0].obsolete:
            return diagnostics.po_obsolete_mixed(line.place)
        expected = int(parts[-1][0].index) + 1
        matches = line.index == str(expected)
        return None if matches else diagnostics.po_plural_index(line.place, line.name, expected)
    before = [part[0] for part in parts]
    ranks = [part.rank for part in before]
    if _MSGID in ranks and _MSGSTR not in ranks and line.rank not in (_MSGCTXT, _MSGID_PLURAL, _MSGSTR):
        return diagnostics.po_msgstr_missing(before[ranks.index(_MSGID)].place)
    if before and line.obsolete != before[0].obsolete:
        return diagnostics.po_obsolete_mixed(line.place)
    if line.rank == _MSGSTR:
        if _MSGID not in ranks:
            return diagnostics.po_msgid_missing(line.place, line.name)
        if _MSGID_PLURAL in ranks:
            expected = ranks.count(_MSGSTR)
            matches = line.index == str(expected)
            return None if matches else diagnostics.po_plural_index(line.place, line.name, expected)
        return None if line.index is None else diagnostics.po_plural_missing(line.place)
    if line.rank == _MSGID_PLURAL and _MSGID not in ranks:
        return diagnostics.po_msgid_missing(line.place, line.name)
    if line.keyword == "msgstr" or (ranks and line.rank <= ranks[-1]):
        return diagnostics.po_order(line.place, f"{line.mark} {line.name}".strip())
    return None


def _after_fault(text: str, faulty: _Line, fault: Diagnostic, path: str) -> int:
    """Return where the next entry may begin, so that one slip is reported once."""
    if fault.code == "po-msgstr-missing":
        return faulty.start
    inside_conflict = faulty.content.startswith("<<<<<<<")
    translation_seen = faulty.keyword == "msgstr"
    end = faulty.end
    for line in _lines(text, end, 0, path):
        if inside_conflict:
            inside_conflict = not line.content.startswith(">>>>>>>")
        elif line.kind == "blank" or (translation_seen and _begins_an_entry(line)):
            break
        translation_seen = translation_seen or line.keyword == "msgstr"
        end = line.end
    return end


def _begins_an_entry(line: _Line) -> bool:
    return line.kind == "comment" or line.keyword in ("msgctxt", "msgid")


def _entry_of(
    text: str, end: int, lead: list[str], parts: list[list[_Line]]
) -> tuple[Entry | None, int, Diagnostic | None]:
    values: dict[int, list[str]] = {}
    lines: dict[int, int] = {}
    for part in parts:
        first = part[0]
        try:
            value = _joined([line.string for line in part])
        except UnicodeDecodeError:
            numbered = next(line for line in part if re.search(r"\\[0-7x]", line.string))
            fault = diagnostics.po_escape(numbered.place, numbered.string)
            return None, end, fault
        values.setdefault(first.rank, []).append(value)
        lines.setdefault(first.rank, first.place.line)

    def one(rank: int) -> str | None:
        return values[rank][0] if rank in values else None

    msgid = one(_MSGID)
    assert msgid is not None
    comments, extracted, references, flags = _comment_fields("\n".join(lead))
    entry = Entry(
        msgid,
        tuple(values[_MSGSTR]),
        one(_MSGCTXT),
        one(_MSGID_PLURAL),
        comments,
        extracted,
        references,
        flags,
        one(_MSGCTXT - len(_KEYWORDS)),
        one(_MSGID - len(_KEYWORDS)),
        one(_MSGID_PLURAL - len(_KEYWORDS)),
        parts[0][0].obsolete,
        lines[_MSGID],
        text,
    )
    return entry, end, None


def _joined(strings: list[str]) -> str:
    """Return what strings mean together. Escapes by number are bytes of UTF-8, as gettext has them."""

    joined = bytearray()
    for string in strings:
        position = 0
        for escape in _BYTE.finditer(string):
            joined += string[position : escape.start()].encode()
            joined.append(_number(escape))
            position = escape.end()
        joined += string[position:].encode()
    return joined.decode()


# --- what holds for a catalog as a whole -----------------------------------------------------------

_PLURAL_FORMS = re.compile(r"\s*nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=\s*([^;]+?)\s*;?\s*")


def _catalog_faults(catalog: Catalog, is_broken: bool) -> Iterator[Diagnostic]:
    entries = catalog.entries
    first_lines: dict[str, int] = {}
    for entry in entries:
        first = first_lines.setdefault(_key(entry), entry.line)
        if first != entry.line:
            yield diagnostics.po_duplicate(Place(catalog.path, entry.line), first)
    if not entries and not catalog.tail.strip() and not is_broken:
        yield diagnostics.po_empty(Place(catalog.path))
    elif "" not in first_lines:
        # A header that could not be read has been reported already.
        if not is_broken:
            yield diagnostics.po_header_missing(Place(catalog.path))
    elif entries[0].line != first_lines[""] or entries[0].obsolete:
        if not is_broken:
            yield diagnostics.po_header_not_first(Place(catalog.path, first_lines[""]))
    else:
        yield from _header_faults(catalog)


def _key(entry: Entry) -> str:
    """Return what must be unique in a file, obsolete entries included (GNU gettext refuses it too)."""
    return entry.msgid if entry.msgctxt is None else f"{entry.msgctxt}\x04{entry.msgid}"


def _header_faults(catalog: Catalog) -> Iterator[Diagnostic]:
    header = catalog.entries[0]
    fields = header_fields(catalog)
    for code, found in _header_problems(header.msgstr[0]):
        place = _place_in_header(catalog, found)
        if code == "line":
            yield diagnostics.po_header_line(place, found)
        elif code == "charset":
            yield diagnostics.po_charset(place, found)
        else:
            yield diagnostics.po_plural_rule(place, found)
    rule = _plural_rule(fields["Plural-Forms"]) if "Plural-Forms" in fields else None
    for entry in catalog.entries:
        if entry.msgid_plural is None or entry.obsolete:
            continue
        if "Plural-Forms" not in fields and any(entry.msgstr):
            yield diagnostics.po_plural_rule(_place_in_header(catalog, ""), "")
            return
        if rule and len(entry.msgstr) != rule[0]:
            yield diagnostics.po_plural_count(Place(catalog.path, entry.line), len(entry.msgstr), rule[0])


@lru_cache(maxsize=512)
def _header_problems(header: str) -> tuple[tuple[Literal["line", "charset", "plural"], str], ...]:
    """Return what is wrong in the text of a header, with the line or value it is about.

    Remembered because hundreds of catalogs share one header.
    """
    problems: list[tuple[Literal["line", "charset", "plural"], str]] = []
    content_type = ""
    for line in header.split("\n"):
        name, colon, value = line.partition(":")
        if line.strip() and not (colon and name.strip()):
            problems.append(("line", line))
        if name.strip().lower() == "content-type":
            content_type = value
        if name.strip().lower() == "plural-forms" and _plural_rule(value) is None:
            problems.append(("plural", value.strip()))
    # Gettext goes by the first `charset=` of the whole header, wherever it stands.
    named = re.search(r"charset=([^ \t\n]*)", header)
    charset = named[1] if named and "charset=" in content_type else ""
    if charset.lower() != "utf-8":  # GNU gettext does not know `UTF8`
        problems.append(("charset", charset))
    return tuple(problems)


@lru_cache(maxsize=512)
def _plural_rule(value: str) -> tuple[int, Callable[[int], int]] | None:
    """Return the number of forms and the choice among them; None where the rule cannot be used."""
    matched = _PLURAL_FORMS.fullmatch(value)
    if not matched:
        return None
    count = int(matched[1])
    try:
        choose: Callable[[int], int] = gettext.c2py(matched[2])
        usable = all(0 <= choose(number) < count for number in range(1001))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return (count, choose) if usable else None


def _place_in_header(catalog: Catalog, fragment: str) -> Place:
    """Return where a piece of the header's text stands in the file; the header itself if it is split up."""
    header = catalog.entries[0]
    keyword = re.search(r"^[ \t]*msgid\b", header.text, re.MULTILINE)
    offset = header.text.find(_escaped(fragment)) if fragment else -1
    if not keyword or offset < 0:
        return Place(catalog.path, header.line)
    line = header.line + header.text.count("\n", keyword.start(), offset)
    return Place(catalog.path, line, offset - header.text.rfind("\n", 0, offset))


def check_header(catalog: Catalog, locale: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong where a catalog is for `locale`.

    May give po-language, po-language-missing, po-plural-forms.
    """
    if not catalog.entries or catalog.entries[0].msgid:
        return ()
    fields = header_fields(catalog)
    language, rule = fields.get("Language", ""), fields.get("Plural-Forms", "")
    if not language:
        return (diagnostics.po_language_missing(Place(catalog.path, catalog.entries[0].line), locale),)
    if language.replace("-", "_").lower() != locale.replace("-", "_").lower():
        place = _place_in_header(catalog, f"Language: {language}")
        return (diagnostics.po_language(place, language, locale),)
    if any(entry.msgid_plural is not None for entry in catalog.entries) and not _counts_as(rule, locale):
        place = _place_in_header(catalog, f"Plural-Forms: {rule}")
        return (diagnostics.po_plural_forms(place, locale, _usual_plural(locale)),)
    return ()


@lru_cache(maxsize=512)
def _counts_as(rule: str, locale: str) -> bool:
    """Whether a plural rule can be that of a locale. Tools differ in details, so only plain mistakes count.

    The number of forms must be that of gettext's usual rule or one of CLDR's; where gettext has two, each
    number must have the same one too, but for zero.
    """
    found = _plural_rule(rule)
    usual = _plural_rule(_usual_plural(locale)) if languages.language(locale) else None
    if found is None or usual is None:
        return True
    (forms, choose), (usual_forms, usual_choose) = found, usual
    if forms == usual_forms == 2:
        return all(choose(number) == usual_choose(number) for number in range(1, 201))
    return forms == usual_forms or forms in languages.plural_kinds(locale)


def _usual_plural(locale: str) -> str:
    return str(get_plural(languages.model_locale(locale)).plural_forms)


def check_line_ends(catalog: Catalog) -> tuple[Diagnostic, ...]:
    """Return a warning of the first line that ends as on Windows, which is read and kept: po-line-ends."""
    text = write(catalog)
    end = text.find("\r\n")
    if end < 0:
        return ()
    start = text.rfind("\n", 0, end) + 1
    place = Place(catalog.path, text.count("\n", 0, start) + 1, end - start + 1)
    return (diagnostics.po_line_ends(place),)


# --- what a build needs ----------------------------------------------------------------------------


def header_fields(catalog: Catalog) -> dict[str, str]:
    """Return the header's names and values; empty where there is no header."""
    if not catalog.entries or catalog.entries[0].msgid or catalog.entries[0].obsolete:
        return {}
    lines = catalog.entries[0].msgstr[0].split("\n")
    fields = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in fields}


def translations(catalog: Catalog) -> dict[str, str]:
    """Return msgid → translation of what a guide may show: singular, without `msgctxt`, `Entry.current`."""
    return {
        entry.msgid: entry.msgstr[0]
        for entry in catalog.entries
        if entry.msgid_plural is None and entry.msgctxt is None and entry.current and entry.msgid
    }


def stale(catalog: Catalog) -> frozenset[str]:
    """Return the msgids, without `msgctxt`, that have a translation which must not be shown."""
    return frozenset(
        entry.msgid
        for entry in catalog.entries
        if entry.fuzzy
        and not entry.obsolete
        and any(map(str.strip, entry.msgstr))
        and entry.msgctxt is None
        and entry.msgid
    )


def singular(catalog: Catalog) -> dict[tuple[str | None, str], str]:
    """Return (msgctxt, msgid) → translation of every singular entry that may be shown."""
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr[0]
        for entry in catalog.entries
        if entry.msgid_plural is None and entry.current and entry.msgid
    }


def plural(catalog: Catalog) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Return (msgctxt, msgid) → forms of every plural entry that may be shown; see `plural_form`."""
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr
        for entry in catalog.entries
        if entry.msgid_plural is not None and entry.current
    }


def plural_form(catalog: Catalog) -> Callable[[int], int]:
    """Return the choice of a form by number, from `Plural-Forms`; without one, English's."""
    rule = _plural_rule(header_fields(catalog).get("Plural-Forms", ""))
    return rule[1] if rule else lambda number: int(number != 1)


def read_translations(text: str, path: str) -> tuple[dict[str, str], frozenset[str], tuple[Diagnostic, ...]]:
    """Return `translations`, `stale` and the diagnostics of `read`, without making the entries.

    Every website build reads every catalog of every locale: this is the quick way, just as strict with what
    `decode` returns. Whatever looks wrong, and what is rare, is left to `read`.
    """
    plain = text.replace("\r\n", "\n") if "\r" in text else text
    found: dict[str, str] = {}
    stale_keys: set[str] = set()
    keys: list[str] = []
    header = ""
    for lead, context, identity, value, obsolete, rest in _ENTRIES.findall(plain):
        if rest:
            if _TAIL.fullmatch(rest):
                break
            return _explained(text, path)
        if context or obsolete:
            keys.append(_key_aside(context, identity, obsolete))
            continue
        if "\\" in identity or "\n" in identity:
            identity = _unquoted(identity)
        if "\\" in value or "\n" in value:
            value = _unquoted(value)
        keys.append(identity)
        if not identity:
            header = value
        elif not value or value.isspace():
            continue
        elif _has_fuzzy(lead):
            stale_keys.add(identity)
        else:
            found[identity] = value
    if keys[:1] != [""] or _header_problems(header) or len(set(keys)) != len(keys):
        return _explained(text, path)
    return found, frozenset(stale_keys), ()


@lru_cache(maxsize=1 << 12)
def _has_fuzzy(lead: str) -> bool:
    """Whether the flags above an entry have `fuzzy`; remembered, for all locales have the same above most."""
    return "fuzzy" in lead.lower() and "fuzzy" in _comment_fields(lead)[3]


def _key_aside(statement: str, identity: str, obsolete: str) -> str:
    """Return the key, as `_key` has it, of an entry that a guide never shows: with a context, or obsolete."""
    if obsolete:
        matched = _OBSOLETE.fullmatch(obsolete)
        assert matched
        context, identity = (part and _unquoted(part, "#~ ") for part in matched.groups())
    else:
        context = _unquoted(statement[len('msgctxt "') : -len('"\n')])
        identity = _unquoted(identity)
    return identity if context is None else f"{context}\x04{identity}"


def _explained(text: str, path: str) -> tuple[dict[str, str], frozenset[str], tuple[Diagnostic, ...]]:
    catalog, faults = read(text, path)
    return translations(catalog), stale(catalog), faults


# --- catalog to text -------------------------------------------------------------------------------


def write(catalog: Catalog) -> str:
    """Return the file of a catalog: entries with `text` exactly so, others in GNU gettext's style.

    Lines are never wrapped by width, so an edit changes the lines of its own entry only.
    """
    pieces: list[str] = []
    for entry in catalog.entries:
        if pieces and not pieces[-1].endswith("\n"):
            pieces.append(catalog.newline)
        if entry.text:
            pieces.append(entry.text)
            continue
        if pieces:
            pieces.append(catalog.newline)
        pieces.extend(line + catalog.newline for line in _written(entry))
    if catalog.tail and pieces and not pieces[-1].endswith("\n"):
        pieces.append(catalog.newline)
    return "".join(pieces) + catalog.tail


def _written(entry: Entry) -> Iterator[str]:
    yield from (f"# {line}".rstrip(" ") for line in entry.comments)
    yield from (f"#. {line}".rstrip(" ") for line in entry.extracted)
    yield from (f"#: {line}" for line in entry.references)
    if entry.flags:
        yield "#, " + ", ".join(entry.flags)
    mark = "#~" if entry.obsolete else ""
    old = mark + "| " if mark else "#| "
    yield from _statement(old, "msgctxt", entry.previous_msgctxt)
    yield from _statement(old, "msgid", entry.previous_msgid)
    yield from _statement(old, "msgid_plural", entry.previous_msgid_plural)
    mark = mark and mark + " "
    yield from _statement(mark, "msgctxt", entry.msgctxt)
    yield from _statement(mark, "msgid", entry.msgid)
    yield from _statement(mark, "msgid_plural", entry.msgid_plural)
    for index, form in enumerate(entry.msgstr):
        yield from _statement(mark, "msgstr" if entry.msgid_plural is None else f"msgstr[{index}]", form)


def _statement(mark: str, keyword: str, value: str | None) -> Iterator[str]:
    if value is None:
        return
    lines = [_escaped(line) for line in value.split("\n")]
    lines = [line + "\\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if len(lines) > 1:
        lines.insert(0, "")
    yield f'{mark}{keyword} "{lines[0] if lines else ""}"'
    yield from (f'{mark}"{line}"' for line in lines[1:])


_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f]')
_LETTERS = {character: letter for letter, character in _CHARACTERS.items()}


def _escaped(value: str) -> str:
    return _TO_ESCAPE.sub(
        lambda found: "\\" + _LETTERS[found[0]] if found[0] in _LETTERS else f"\\{ord(found[0]):03o}", value
    )


def header(project: str, locale: str) -> Entry:
    """Return the header entry of a new catalog.

    It names no person and no time: a file changes only where its messages change.
    """
    fields = {
        "Project-Id-Version": project,
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": get_plural(locale).plural_forms,
    }
    return Entry("", ("".join(f"{name}: {value}\n" for name, value in fields.items()),))
