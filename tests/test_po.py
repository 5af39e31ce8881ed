"""PO files: read strictly, written back without loss."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest
from babel.messages.pofile import read_po
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbill import po
from handbill.model import Catalog, Diagnostic, Entry

CASES = Path(__file__).parent / "cases"
GOOD = sorted((CASES / "po").glob("*.po"))
BAD = sorted((CASES / "po_bad").glob("*.po"))

FAULTS = {
    "bad_hex": [("po-escape", 8, 11)],
    "bad_octal": [("po-escape", 8, 11)],
    "binary": [("po-binary", 1, 1)],
    "byte_order_mark": [("po-byte-order-mark", 1, 1)],
    "charset": [("po-charset", 4, 36)],
    "charset_misspelt": [("po-charset", 4, 36)],
    "charset_missing": [("po-charset", 1, 1)],
    "comment_inside": [("po-comment-inside", 8, 1)],
    "conflict": [("po-conflict", 8, 1)],
    "control_character": [("po-control-character", 8, 10)],
    "curly_quotes": [("po-string-missing", 8, 8)],
    "duplicate": [("po-duplicate", 10, 1)],
    "duplicate_obsolete": [("po-duplicate", 10, 1)],
    "empty": [("po-empty", 1, 1)],
    "escape_not_utf8": [("po-escape", 8, 1)],
    "header_line": [("po-header-line", 3, 2)],
    "header_missing": [("po-header-missing", 1, 1)],
    "header_not_first": [("po-header-not-first", 4, 1)],
    "header_obsolete": [("po-header-not-first", 1, 1)],
    "keyword_in_capitals": [("po-keyword", 7, 1)],
    "latin1": [("po-not-utf8", 8, 10)],
    "long_hex": [("po-escape", 8, 9)],
    "msgid_missing": [("po-msgid-missing", 7, 1)],
    "msgstr_missing": [("po-msgstr-missing", 7, 1)],
    "msgstr_missing_at_end": [("po-msgstr-missing", 7, 1)],
    "nul": [("po-control-character", 8, 10)],
    "nul_escape": [("po-escape", 8, 10)],
    "obsolete_mixed": [("po-obsolete-mixed", 8, 1)],
    "obsolete_mixed_continuation": [("po-obsolete-mixed", 9, 1)],
    "old_source_with_translation": [("po-order", 7, 1)],
    "order": [("po-order", 8, 1)],
    "order_context_twice": [("po-order", 8, 1)],
    "plural_count": [("po-plural-count", 7, 1)],
    "plural_missing": [("po-plural-missing", 8, 1)],
    "plural_out_of_order": [("po-plural-index", 10, 1)],
    "plural_rule": [("po-plural-rule", 5, 16)],
    "plural_rule_missing": [("po-plural-rule", 1, 1)],
    "plural_rule_too_large": [("po-plural-rule", 5, 16)],
    "plural_with_plain_msgstr": [("po-plural-index", 9, 1)],
    "quote_missing": [("po-quote-missing", 8, 21)],
    "quote_missing_in_last_line": [("po-quote-missing", 10, 5)],
    "quote_missing_in_source": [("po-quote-missing", 7, 16)],
    "quote_taken_by_backslash": [("po-quote-missing", 8, 12)],
    "raw_line_break": [("po-quote-missing", 8, 10)],
    "stray_text": [("po-stray-text", 9, 1)],
    "string_outside": [("po-string-outside", 10, 1)],
    "text_after_quote": [("po-text-after-quote", 8, 15)],
    "two_faults": [("po-quote-missing", 8, 10), ("po-text-after-quote", 11, 12)],
    "two_strings_on_a_line": [("po-text-after-quote", 8, 12)],
    "unknown_escape": [("po-escape", 8, 11)],
    "unknown_keyword": [("po-keyword", 8, 1)],
    "unread": [
        *(("po-string-missing", line, 7) for line in range(7, 67, 3)),
        ("po-unread", 67, 7),
    ],
    "utf16": [("po-utf16", 1, 1)],
}
"""What each file of cases/po_bad is refused for: code, line, column."""


patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the code."""


def read_file(path: Path) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    text = po.decode(path.read_bytes(), path.name)
    if isinstance(text, Diagnostic):
        return Catalog(path.name, ()), (text,)
    return po.read(text, path.name)


def read_good(text: str) -> Catalog:
    catalog, faults = po.read(text, "case.po")
    assert faults == ()
    return catalog


def exactly(text: str) -> list[Entry]:
    """Return the entries as the exact reader alone gives them."""
    entries: list[Entry] = []
    position, line = 0, 1
    while found := po._read_exactly(text, position, line, "case.po"):
        entry, end, fault = found
        assert fault is None
        assert entry
        entries.append(entry)
        line += text.count("\n", position, end)
        position = end
    return entries


def meaning(catalog: Catalog) -> list[Entry]:
    return [replace(entry, text="", line=0) for entry in catalog.entries]


# --- cases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_is_read_and_comes_back_byte_for_byte(path: Path) -> None:
    text = po.decode(path.read_bytes(), path.name)
    assert isinstance(text, str)
    assert po.write(read_good(text)).encode() == path.read_bytes()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_written_afresh_means_the_same(path: Path) -> None:
    catalog, _ = read_file(path)
    afresh = replace(catalog, entries=tuple(replace(entry, text="") for entry in catalog.entries))
    assert meaning(read_good(po.write(afresh))) == meaning(catalog)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_both_readers_agree_on_a_good_file(path: Path) -> None:
    catalog, _ = read_file(path)
    assert exactly(path.read_bytes().decode()) == list(catalog.entries)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_what_gnu_gettext_reads_from_a_good_file_is_what_we_read(path: Path, tmp_path: Path) -> None:
    afresh = tmp_path / "gnu.po"
    command = ["msgcat", "--no-wrap", "--output-file", str(afresh), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    theirs, _ = read_file(afresh)
    ours, _ = read_file(path)
    assert {(e.msgctxt, e.msgid, e.msgid_plural, e.msgstr, e.fuzzy, e.obsolete) for e in theirs.entries} == {
        (e.msgctxt, e.msgid, e.msgid_plural, e.msgstr, e.fuzzy, e.obsolete) for e in ours.entries
    }


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_quick_way_gives_the_translations_of_the_full_one(path: Path) -> None:
    catalog, _ = read_file(path)
    found, stale, faults = po.read_translations(path.read_bytes().decode(), path.name)
    assert (found, stale, faults) == (po.translations(catalog), po.stale(catalog), ())


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_the_place_of_the_fault(path: Path) -> None:
    _, faults = read_file(path)
    assert [(fault.code, fault.place.line, fault.place.column) for fault in faults] == FAULTS[path.stem]
    assert all(fault.severity == "error" for fault in faults)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_the_quick_way_refuses_a_broken_file_for_the_same_reasons(path: Path) -> None:
    text = po.decode(path.read_bytes(), path.name)
    if isinstance(text, str):
        assert po.read_translations(text, path.name)[2] == po.read(text, path.name)[1] != ()


def test_every_expected_fault_has_its_broken_file() -> None:
    assert sorted(FAULTS) == [path.stem for path in BAD]


def test_a_lost_quote_never_costs_a_digit() -> None:
    found, _, faults = po.read_translations((CASES / "po_bad/quote_missing.po").read_text("utf-8"), "x.po")
    assert faults
    assert "91" not in "".join(found.values())


def test_a_hand_written_fuzzy_counts_as_stale() -> None:
    text = po.write(Catalog("x.po", (po.header("P", "es"),)))
    text += '\n#, Fuzzy\nmsgid "a"\nmsgstr "x"\n'
    assert po.translations(read_good(text)) == {}
    assert po.read_translations(text, "x.po") == ({}, frozenset({"a"}), ())


def test_an_obsolete_or_incomplete_entry_is_not_shown() -> None:
    entries = (
        po.header("P", "es"),
        Entry("gone", ("ido",), obsolete=True),
        Entry("empty", ("",)),
        Entry("one", ("uno", ""), msgid_plural="many"),
        Entry("menu", ("menú",), msgctxt="place"),
    )
    catalog = read_good(po.write(Catalog("x.po", entries)))
    assert po.translations(catalog) == {}
    assert po.plural(catalog) == {}
    assert po.singular(catalog) == {("place", "menu"): "menú"}


def test_the_last_entry_of_a_file_without_a_final_line_break_can_move_up() -> None:
    header = po.write(Catalog("x.po", (po.header("P", "es"),)))
    catalog = read_good(f'{header}\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr "y"')
    first, one, two = catalog.entries
    moved = replace(catalog, entries=(first, two, one), tail="# end")
    assert po.write(moved) == f'{header}\nmsgid "b"\nmsgstr "y"\n\nmsgid "a"\nmsgstr "x"\n# end'
    same = replace(catalog, tail="# end")
    assert po.write(same).endswith('msgstr "y"\n# end')


# --- headers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["es", "ar", "zh_Hans", "ru", "pt_BR", "fil", "uk", "pl", "he", "cy"])
def test_a_new_header_passes_our_check_and_gnu_s(locale: str, tmp_path: Path) -> None:
    catalog = read_good(po.write(Catalog("x.po", (po.header("Project", locale), Entry("a", ("b",))))))
    assert po.check_header(catalog, locale) == ()
    path = tmp_path / "x.po"
    path.write_text(po.write(catalog), "utf-8")
    subprocess.run(["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", str(path)], check=True)


@pytest.mark.parametrize(
    ("language", "locale", "codes"),
    [
        ("es", "es", []),
        ("zh-hans", "zh_Hans", []),
        ("ar", "es", ["po-language"]),
        ("zh_Hant", "zh_Hans", ["po-language"]),
        ("", "es", ["po-language-missing"]),
    ],
)
def test_a_catalog_in_the_wrong_folder_is_noticed(language: str, locale: str, codes: list[str]) -> None:
    header = Entry("", (f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\n",))
    catalog = read_good(po.write(Catalog("x.po", (header,))))
    faults = po.check_header(catalog, locale)
    assert [fault.code for fault in faults] == codes
    assert all(fault.place.line == 3 for fault in faults if fault.code == "po-language")


def test_the_plural_form_follows_the_header() -> None:
    catalog = Catalog("x.po", (po.header("Project", "ar"),))
    assert [po.plural_form(catalog)(number) for number in (0, 1, 2, 3, 11, 100)] == [0, 1, 2, 3, 5, 4]


@pytest.mark.parametrize(
    ("line", "flags"),
    [
        ("md-text, placeholders:{a.b}:%(c)s", ("md-text", "placeholders:{a.b}:%(c)s")),
        ('placeholders:"a, b":c,fuzzy', ('placeholders:"a, b":c', "fuzzy")),
        ("regex:'it\\'s, \"', md-text", ("regex:'it\\'s, \"'", "md-text")),
        ("note:don't, fuzzy, md-text", ("note:don't", "fuzzy", "md-text")),
        ('x:"a", y:"b, fuzzy', ('x:"a"', 'y:"b', "fuzzy")),
        ('x:"a, fuzzy, b"', ("fuzzy", 'x:"a, fuzzy, b"')),
    ],
)
def test_a_comma_between_quotes_parts_no_flag_and_hides_no_fuzzy_one(
    line: str, flags: tuple[str, ...]
) -> None:
    text = po.write(Catalog("x.po", (po.header("P", "es"),))) + f'\n#, {line}\nmsgid "a"\nmsgstr "b"\n'
    entry = read_good(text).entries[1]
    assert entry.flags == flags
    again = read_good(po.write(Catalog("x.po", (po.header("P", "es"), replace(entry, text="")))))
    assert again.entries[1].flags == flags
    assert ("fuzzy" in flags) == ("a" in po.read_translations(text, "x.po")[1])


# --- laws ------------------------------------------------------------------------------------------

visible = "ab Z09é ضك中😀\u0301#~|,:.[](){}<=>%*"
words = st.text(st.sampled_from(visible + '"\\\n\n\r\t\a\x01\x1b\x1f\x7f\x85\xa0\u2028\ufeff'), max_size=12)
some = words.filter(bool)
one_line = st.text(st.sampled_from(visible), max_size=12)
FLAGS = ["fuzzy", "no-wrap", "c-format", "max-length:40", 'placeholders:"a, b":{x.y}', "regex:'\\', ,'"]
flags = st.lists(st.sampled_from(FLAGS), unique=True).map(tuple)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    plural = draw(st.none() | words)
    forms = 1 if plural is None else 2
    return Entry(
        draw(some),
        tuple(draw(words) for _ in range(forms)),
        draw(st.none() | words),
        plural,
        tuple(draw(st.lists(one_line, max_size=2))),
        tuple(draw(st.lists(one_line, max_size=2))),
        tuple(draw(st.lists(one_line.map(str.strip).filter(bool), max_size=2))),
        draw(flags),
        draw(st.none() | words),
        draw(st.none() | words),
        draw(st.none() | words),
        draw(st.booleans()),
    )


def unique(found: list[Entry]) -> tuple[Entry, ...]:
    return tuple({(e.msgctxt, e.msgid): e for e in found}.values())


catalogs = st.builds(
    lambda found, newline: Catalog("x.po", (po.header("P", "es"), *unique(found)), "", newline),
    st.lists(entries(), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
)


def stripped(entry: Entry) -> Entry:
    """Return the entry without the spaces at the end of comments, which are not written."""
    return replace(
        entry,
        comments=tuple(line.rstrip(" ") for line in entry.comments),
        extracted=tuple(line.rstrip(" ") for line in entry.extracted),
    )


@patient
@given(catalogs)
def test_a_catalog_written_and_read_is_the_same(catalog: Catalog) -> None:
    text = po.write(catalog)
    again = read_good(text)
    assert meaning(again) == [stripped(entry) for entry in catalog.entries]
    assert po.write(again) == text
    assert exactly(text) == list(again.entries)
    assert po.read_translations(text, "x.po") == (po.translations(catalog), po.stale(catalog), ())


@patient
@given(catalogs, catalogs)
def test_entries_of_two_files_can_be_mixed_and_are_still_read(one: Catalog, two: Catalog) -> None:
    read = read_good(po.write(one))
    mixed = (*read.entries, *two.entries[1:])
    kept = tuple(e for e in unique(list(mixed)) if e.msgid)
    catalog = replace(one, entries=(read.entries[0], *kept))
    assert meaning(read_good(po.write(catalog))) == [stripped(e) for e in meaning(catalog)]


GOOD_TEXTS = [path.read_bytes().decode() for path in GOOD]
PIECES = [
    *'"\\\n\r\t #~|,[]0 x',
    *(
        "msgid",
        "msgstr",
        "msgctxt ",
        "msgid_plural",
        "msgstr[0]",
        "msgstr[1]",
        "#~ ",
        "#| ",
        "#, fuzzy",
        '""',
    ),
    *(
        "<<<<<<<",
        '"\n"',
        "\n\n",
        "\\x",
        "\\0",
        "é",
        "\ufeff",
        "\x00",
        "\x85",
        "\u2028",
        "nplurals=",
        "charset=",
    ),
]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(GOOD_TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.sampled_from([0, 0, 1, 2, 8, 40]))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[end:]
    return text


@patient
@given(damaged())
def test_a_damaged_file_is_refused_or_comes_back_as_it_was(text: str) -> None:
    catalog, faults = po.read(text, "x.po")
    decoded = po.decode(text.encode(), "x.po")
    if isinstance(decoded, Diagnostic):  # then no build comes as far as to read it
        assert faults
    else:
        found, stale, same_faults = po.read_translations(decoded, "x.po")
        assert same_faults == faults
    lines = text.split("\n")
    for fault in faults:
        assert 1 <= fault.place.line <= len(lines)
        assert 1 <= fault.place.column <= len(lines[fault.place.line - 1]) + 1
    if not faults:
        assert (found, stale) == (po.translations(catalog), po.stale(catalog))
        assert po.write(catalog) == text
        assert exactly(text) == list(catalog.entries)
        again = read_good(
            po.write(replace(catalog, entries=tuple(replace(e, text="") for e in catalog.entries)))
        )
        assert meaning(again) == [stripped(entry) for entry in meaning(catalog)]


@patient
@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_at_all_is_read_or_refused_without_a_crash(text: str) -> None:
    catalog, faults = po.read(text, "x.po")
    assert faults or po.write(catalog) == text


@patient
@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_refused_without_a_crash(content: bytes) -> None:
    text = po.decode(content, "x.po")
    assert isinstance(text, Diagnostic) or text.encode() == content


def gnu_accepts(text: str, folder: Path) -> bool:
    # By msgcat: msgfmt refuses also what is well written, such as a lost line break at a text's end.
    path = folder / "case.po"
    path.write_bytes(text.encode())
    run = subprocess.run(["msgcat", "-o", "/dev/null", str(path)], capture_output=True, check=False)
    return run.returncode == 0


def test_what_gnu_gettext_refuses_we_refuse(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("gnu")

    @patient
    @given(damaged())
    def law(text: str) -> None:
        if not po.read(text, "x.po")[1]:
            assert gnu_accepts(text, folder)

    law()


@patient
@given(catalogs)
def test_babel_reads_the_same_where_it_can_read_at_all(catalog: Catalog) -> None:
    # Babel knows no escapes but \\n \\r \\t, and splits lines at characters that are none.
    def plain(value: str) -> bool:
        return all(character.isprintable() or character == "\n" for character in value)

    kept = [
        replace(e, comments=(), extracted=(), references=(), previous_msgid=None, previous_msgctxt=None)
        for e in catalog.entries
        if not e.obsolete and all(map(plain, (e.msgid, e.msgctxt or "", e.msgid_plural or "", *e.msgstr)))
    ]
    unwrapped = replace(
        catalog, entries=tuple(replace(e, previous_msgid_plural=None) for e in kept), newline="\n"
    )
    theirs = read_po(io.BytesIO(po.write(unwrapped).encode()), locale="es")
    for entry in kept[1:]:
        message = theirs.get(entry.msgid, entry.msgctxt or None)
        if entry.msgctxt == "":
            continue
        assert message
        assert message.string == (entry.msgstr if entry.msgid_plural is not None else entry.msgstr[0])
        assert message.fuzzy == entry.fuzzy


def test_a_translation_of_spaces_alone_is_none() -> None:
    entry = Entry("Stay where you are.", ("  ",))
    text = po.write(Catalog("es.po", (po.header("plants", "es"), entry)))
    assert po.read_translations(text, "es.po")[0] == {}
    catalog, _ = po.read(text, "es.po")
    assert po.translations(catalog) == {}


# --- size --------------------------------------------------------------------------------------------

_HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize(
    "text",
    [
        'msgid "a"\nmsgid_plural "b"\n' + "".join(f'msgstr[{form}] "x"\n' for form in range(16_000)),
        "".join(f'#~ msgid "{number}"\n#~ msgstr "x"\n\n' for number in range(5_000)),
        'msgid "a"\nmsgstr "x"\n\n' * 10_000,
        'msgid "a"\n' * 25_000,
        '#| msgid "a"\n' * 20_000,
        '"a"\n' * 50_000,
        "<<<<<<<\n" * 25_000,
        "x y z\n" * 40_000,
        "# x\n" * 50_000,
        "\n" * 250_000,
        '"' * 250_000,
        'msgid "a"\nmsgstr "' + "\\\\" * 125_000,
        'msgid "a"\nmsgstr "' + "\\101" * 60_000 + '"\n',
    ],
    ids=lambda text: repr(text[:12]),
)
def test_very_much_of_anything_is_read_in_one_pass(text: str) -> None:
    before = process_time()
    po.read(_HEADER + text, "case.po")
    po.read_translations(_HEADER + text, "case.po")
    assert process_time() - before < 3
