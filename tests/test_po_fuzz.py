"""Damaged PO files by the thousand: refused with a place, or read without loss; never a crash, never a guess.

Made from this repository's own catalogs and from `cases/po/`. A normal run takes seconds; for a long one set
`HANDBILL_FUZZ` to the number of examples for each law, such as 20000.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import CHECKOUT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_bad import _codes, assert_well_said
from test_po import GOOD, stripped

from handbill import po
from handbill.model import Catalog, Diagnostic, Entry

EXAMPLES = int(os.environ.get("HANDBILL_FUZZ", "500"))
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CODES = _codes()

# --- files to damage ---------------------------------------------------------------------------------


def _small_files() -> tuple[bytes, ...]:
    """Return real catalogs, cut into pieces of a few entries below their header, so that damage tells."""
    files = [path.read_bytes() for path in GOOD]
    for path in sorted((CHECKOUT / "locales").rglob("*.po*")):
        header, *entries = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
        assert 'msgid ""\n' in header
        starts = range(0, len(entries), 4)
        files += ["\n\n".join((header, *entries[start : start + 4], "")).encode() for start in starts]
    return tuple(files)


FILES = _small_files()
PIECES: tuple[bytes, ...] = (
    *(character.encode() for character in '"\\\n\r\t #~|,[]:.0é中ش😀\x00\x01\x1b\x7f\x85\u2028\ufeff\u202e'),
    *(b"msgid ", b"msgstr ", b"msgctxt ", b"msgid_plural ", b"msgstr[0] ", b"msgstr[1] ", b"domain "),
    *(b"#~ ", b"#| ", b"#~| ", b"#, fuzzy\n", b"#. ", b"#: ", b'""', b'"\n"', b"\n\n", b"\r\n"),
    *(b"<<<<<<< ", b"=======\n", b">>>>>>> ", b"||||||| "),
    *(b"\\n", b"\\x", b"\\xe9", b"\\303", b"\\303\\251", b"\\0", b"\\8", b"\\u0041"),
    *(b"nplurals=", b"plural=n", b"charset=", b"Plural-Forms: ", b"Language: xx\\n", b"Content-Type: "),
    *(b"\xff\xfe", b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"),
)
"""What may get into a file by a slip, a merge, another program, or malice."""

Damage = Callable[[st.DrawFn, bytes], bytes]


def _span(draw: st.DrawFn, size: int, longest: int) -> tuple[int, int]:
    start = draw(st.integers(0, size))
    return start, min(size, start + draw(st.integers(0, longest)))


def _cut_out(draw: st.DrawFn, content: bytes) -> bytes:
    start, end = _span(draw, len(content), 12)
    return content[:start] + content[end:]


def _put_in(draw: st.DrawFn, content: bytes) -> bytes:
    start, end = _span(draw, len(content), 2)
    return content[:start] + draw(st.sampled_from(PIECES)) + content[end:]


def _said_twice(draw: st.DrawFn, content: bytes) -> bytes:
    start, end = _span(draw, len(content), 12)
    return content[:end] + content[start:]


def _cut_short(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


def _lines_changed(draw: st.DrawFn, content: bytes) -> bytes:
    lines = content.split(b"\n")
    here, there = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match draw(st.sampled_from(["drop", "double", "move", "swap", "mark"])):
        case "drop":
            del lines[here]
        case "double":
            lines.insert(there, lines[here])
        case "move":
            lines.insert(there, lines.pop(here))
        case "swap":
            lines[here], lines[there] = lines[there], lines[here]
        case _:
            lines[here] = draw(st.sampled_from([b"#~ ", b"#| ", b"# ", b"#~| ", b" ", b"\t"])) + lines[here]
    return b"\n".join(lines)


def _joined_with_another(draw: st.DrawFn, content: bytes) -> bytes:
    other = draw(st.sampled_from(FILES))
    return content[: draw(st.integers(0, len(content)))] + other[draw(st.integers(0, len(other))) :]


DAMAGES: Sequence[Damage] = (
    _cut_out,
    _put_in,
    _put_in,
    _said_twice,
    _cut_short,
    _lines_changed,
    _lines_changed,
    _joined_with_another,
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = draw(st.sampled_from(FILES))
    for damage in draw(st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=4)):
        content = damage(draw, content)
    return content


anything = st.binary(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)

# --- laws --------------------------------------------------------------------------------------------


def afresh(catalog: Catalog) -> Catalog:
    """Return the catalog as if each entry had just been made."""
    return replace(catalog, entries=tuple(replace(entry, text="") for entry in catalog.entries))


def meaning(catalog: Catalog) -> list[Entry]:
    return [stripped(replace(entry, text="", line=0)) for entry in catalog.entries]


def assert_read_without_loss_or_refused(content: bytes) -> None:
    """Hold the reader and the writer to all that they promise, on any bytes."""
    text = po.decode(content, "x.po")
    if isinstance(text, Diagnostic):
        assert_placed(text, content.decode("utf-8", "replace"))
        return
    assert text.encode() == content
    catalog, faults = po.read(text, "x.po")
    found, stale, same_faults = po.read_translations(text, "x.po")
    assert same_faults == faults
    for fault in faults:
        assert_placed(fault, text)
    for fault in po.check_header(catalog, "es"):
        assert_placed(fault, text)
    if faults:
        return
    assert (found, stale) == (po.translations(catalog), po.stale(catalog))
    assert all(0 <= po.plural_form(catalog)(number) < 100 for number in range(120))

    assert po.write(catalog) == text
    once = po.write(afresh(catalog))
    again, none = po.read(once, "x.po")
    assert none == ()
    assert meaning(again) == meaning(catalog)
    assert po.write(again) == once
    assert po.write(afresh(again)) == once


def assert_placed(fault: Diagnostic, text: str) -> None:
    """Hold a fault to a known code, its form, and a place that is in the file."""
    assert fault.code in CODES
    assert fault.severity == "error" or fault.code == "po-language-missing"
    assert_well_said(replace(fault, fact=_unquoting(fault.fact), hint=_unquoting(fault.hint)))
    lines = text.split("\n")
    assert fault.place.line <= len(lines)
    assert fault.place.column <= len(lines[fault.place.line - 1]) + 1


def _unquoting(words: str) -> str:
    """Leave out what is quoted from the file, which may look like anything."""
    return re.sub(r"`.*`", "`it`", words, flags=re.DOTALL)


@fuzz
@given(damaged())
def test_a_damaged_catalog_is_read_without_loss_or_refused(content: bytes) -> None:
    assert_read_without_loss_or_refused(content)


@fuzz
@given(anything)
def test_any_bytes_at_all_are_read_without_loss_or_refused(content: bytes) -> None:
    assert_read_without_loss_or_refused(content)


def test_the_files_that_are_damaged_are_themselves_in_order() -> None:
    assert len(FILES) > 100
    for content in FILES:
        text = po.decode(content, "x.po")
        assert isinstance(text, str)
        assert po.read(text, "x.po")[1] == ()


# --- a second opinion --------------------------------------------------------------------------------

STRICTER = {
    r"entries do not both (?:begin|end) with '\\n'": "a lost line break at the end of a text shows nowhere",
    r"invalid (?:n?plural\w* (?:expression|value)|plural expression)": (
        "gettext takes the first `plural=` of the header, in whatever line it stands; we read Plural-Forms"
    ),
    r"found \d+ fatal errors?$": "the sum of the others",
}
"""What `msgfmt --check` calls an error and we do not, with the reason."""


def complaints_of_gnu_gettext(path: Path) -> list[str]:
    """Return the errors of `msgfmt --check`, without its warnings and without the known ones."""
    run = subprocess.run(
        ["msgfmt", "--check", "-o", "/dev/null", str(path)],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    lines = [line for line in run.stderr.splitlines() if "warning:" not in line and line[:1] not in "\t "]
    assert lines or run.returncode == 0
    return [line for line in lines if not any(re.search(known, line) for known in STRICTER)]


def test_what_we_read_gnu_gettext_compiles(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("gnu") / "case.po"
    compiled = 0

    @fuzz
    @given(damaged())
    def law(content: bytes) -> None:
        nonlocal compiled
        text = po.decode(content, "x.po")
        if isinstance(text, Diagnostic) or po.read(text, "x.po")[1]:
            return
        path.write_bytes(content)
        compiled += 1
        assert complaints_of_gnu_gettext(path) == []

    law()
    assert compiled > EXAMPLES // 20
