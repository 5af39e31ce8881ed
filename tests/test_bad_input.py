"""Whatever stands in a translators' file: it is said where, the rest is published, and no file is touched.

Each case spoils one catalog of the sample project, which here has two locales with complete translations. The
commands `check` and `build` then run on it as they do for a user.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import CHECKOUT, date_anew
from example import write_project
from test_bad import TODAY, assert_well_said

from handbill import catalogs
from handbill.model import Diagnostic
from handbill.outcome import Options, Outcome
from handbill.pipeline import build

PAYLOAD = "Hereby"
"""Stands in every translation that must not reach a reader, and nowhere else."""
MESSAGE = 'msgid "Touch the soil."'
TRANSLATION = 'msgstr "Toca la tierra."'
OTHERS_TRANSLATION = "Levanta la maceta"
"""Of another message in the same catalog."""

Spoil = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Case:
    """One way to spoil a catalog, and what is to be said of it."""

    name: str
    spoil: Spoil
    codes: frozenset[str]
    """Each of them is said, at `place`."""
    place: Callable[[bytes], tuple[int, int]]
    """Line and column, from the spoilt bytes."""


def start_of_file(_: bytes) -> tuple[int, int]:
    return 1, 1


def at(fragment: bytes, last: bool = False) -> Callable[[bytes], tuple[int, int]]:
    """Return the place of a piece of the file; with nothing in it, of the end."""

    def place(content: bytes) -> tuple[int, int]:
        offset = content.rfind(fragment) if last or not fragment else content.find(fragment)
        assert offset >= 0
        before = content[:offset].decode("utf-8", "replace")
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    return place


def of_first_letter_beyond_ascii(content: bytes) -> tuple[int, int]:
    return at(next(bytes([byte]) for byte in content if byte > 0x7F))(content)


def of_message(content: bytes) -> tuple[int, int]:
    return at(MESSAGE.encode())(content)


def replaced(old: str, new: str | bytes) -> Spoil:
    def spoil(content: bytes) -> bytes:
        assert content.count(old.encode()) == 1
        return content.replace(old.encode(), new if isinstance(new, bytes) else new.encode())

    return spoil


def cut(after: str) -> Spoil:
    """Return the file up to a fragment and with it: a copy that broke off."""
    return lambda content: content[: content.index(after.encode()) + len(after.encode())]


def twice(translation: str) -> Spoil:
    return lambda content: content + f"\n{MESSAGE}\n{translation}\n".encode()


def case(name: str, spoil: Spoil, code: str, place: Callable[[bytes], tuple[int, int]]) -> Case:
    return Case(name, spoil, frozenset(code.split()), place)


CONFLICT = f"""\
<<<<<<< HEAD
{TRANSLATION}
=======
msgstr "{PAYLOAD}"
>>>>>>> theirs"""

OTHER_PROJECT = f"""\
msgid ""
msgstr ""
"Project-Id-Version: paint 3.2\\n"
"Language: es\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: src/brush.c:42
msgid "Brush size"
msgstr "{PAYLOAD}"

msgid "Colour"
msgstr "{PAYLOAD}"

msgid "Undo"
msgstr "{PAYLOAD}"
"""

MUCH = 10_000_000
"""Bytes: a hundred times the longest book's worth of one guide."""

UNREADABLE = (
    case("breaks off in a string", cut('msgstr "Toca'), "po-quote-missing", at(b"")),
    case("breaks off in a keyword", cut(f"{MESSAGE}\nmsgs"), "po-stray-text", at(b"msgs", last=True)),
    case("breaks off before a translation", cut(f"{MESSAGE}\n"), "po-msgstr-missing", of_message),
    case("breaks off in the header", cut('"Content-Type: text/plain; char'), "po-quote-missing", at(b"")),
    case(
        "breaks off in a letter",
        lambda content: content[: content.index("á".encode()) + 1],
        "po-not-utf8",
        at(b"\xc3", last=True),
    ),
    case("is empty", lambda _: b"", "po-empty", start_of_file),
    case(
        "is a picture",
        lambda _: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6",
        "po-binary",
        start_of_file,
    ),
    case("is a compiled catalog", lambda _: b"\xde\x12\x04\x95\0\0\0\0\2\0\0\0", "po-binary", start_of_file),
    case("is an archive", lambda _: b"\x1f\x8b\x08\0" + bytes(range(256)), "po-binary", start_of_file),
    case("is random bytes", lambda _: bytes(range(255, -1, -1)), "po-binary", start_of_file),
    case(
        "begins with a mark", lambda content: b"\xef\xbb\xbf" + content, "po-byte-order-mark", start_of_file
    ),
    case("is UTF-16", lambda content: content.decode().encode("utf-16"), "po-utf16", start_of_file),
    case(
        "is UTF-16 without a mark",
        lambda content: content.decode().encode("utf-16-be"),
        "po-utf16",
        start_of_file,
    ),
    case(
        "is Latin-1",
        lambda content: content.decode().encode("latin-1", "replace"),
        "po-not-utf8",
        of_first_letter_beyond_ascii,
    ),
    case("says a message twice", twice(TRANSLATION), "po-duplicate", at(MESSAGE.encode(), last=True)),
    case(
        "says a message twice and differently",
        twice(f'msgstr "{PAYLOAD}"'),
        "po-duplicate",
        at(MESSAGE.encode(), last=True),
    ),
    case(
        "has no header",
        lambda content: content[content.index(b"\n\n") + 2 :],
        "po-header-missing",
        start_of_file,
    ),
    case(
        "has a header without a charset",
        replaced('"Content-Type: text/plain; charset=UTF-8\\n"\n', ""),
        "po-charset",
        start_of_file,
    ),
    case(
        "has a plural rule that is none",
        replaced("plural=(n != 1);", "plural=(n !=);"),
        "po-plural-rule",
        at(b"nplurals=2"),
    ),
    case(
        "has a plural rule that can fail",
        replaced("plural=(n != 1);", "plural=(1 / (n - 3));"),
        "po-plural-rule",
        at(b"nplurals=2"),
    ),
    case(
        "has a plural rule with too many forms",
        replaced("plural=(n != 1);", "plural=n;"),
        "po-plural-rule",
        at(b"nplurals=2"),
    ),
    case(
        "is of another locale", replaced("Language: es", "Language: ar"), "po-language", at(b"Language: ar")
    ),
    case("holds an edit conflict", replaced(TRANSLATION, CONFLICT), "po-conflict", at(b"<<<<<<<")),
    case(
        "is ten megabytes of prose",
        lambda _: f"{PAYLOAD} is much ado.\n\n".encode() * (MUCH // 23),
        "po-stray-text",
        start_of_file,
    ),
    case(
        "is ten megabytes on one line",
        lambda content: content + b'msgid "' + b"a " * (MUCH // 2),
        "po-quote-missing",
        at(b""),
    ),
    case(
        "is ten megabytes of quotes",
        lambda content: content + b'"' * MUCH,
        "po-text-after-quote",
        lambda content: (content.count(b"\n") + 1, 3),
    ),
)
"""Nothing of such a catalog may be shown."""


def translated(words: str, name: str, code: str, there: str | None = None) -> Case:
    """Return a case in which one translation is wrong, `there` in it; where `there` is empty, as a whole."""
    new = f'msgstr "{PAYLOAD} {words}"'
    fragment = words if there is None else there
    return case(name, replaced(TRANSLATION, new), code, at(fragment.encode()) if fragment else of_message)


HARMFUL = (
    translated("<script>alert(1)</script>", "carries a script", "raw-html"),
    translated("<img src=x onerror=alert(1)>", "carries a picture that acts", "raw-html"),
    translated("</li></ul><h1>x</h1>", "closes the list around it", "raw-html"),
    translated("<!-- ", "opens a comment", "raw-html"),
    translated("[x](javascript:alert(1))", "links to a script", "translation-links", "javascript"),
    translated("[x](JaVaScRiPt:alert`1`)", "links to a script in disguise", "translation-links", "JaVa"),
    translated("[x](data:text/html,x)", "links to a page inside the link", "translation-links", "data:"),
    translated("[x](https://evil.example/)", "links to a stranger", "translation-links", "https"),
    translated("![x](//evil.example/x.png)", "shows a stranger's picture", "translation-links", "//"),
    translated("https://evil.example/", "names a stranger's address", "address-in-prose"),
    translated("{help-line.phone}", "adds a number", "translation-tokens", "help-line"),
    translated("555 0199 555", "adds a number of its own", "phone-in-prose"),
    translated("\u202egnol\u202c", "turns letters around", "translation-direction"),
    translated("\u2067x", "opens a direction and does not close it", "translation-direction"),
    translated("x\u2069", "closes a direction that is not open", "translation-direction", "\u2069"),
    translated("x\\n\\n## y", "begins a heading", "translation-block", "##"),
    translated("x\\n::: warning y\\n:::", "begins a box", "translation-block", ":::"),
    translated("**x", "leaves a mark open", "translation-markup"),
    translated("\\033[2J", "carries a terminal's command", "translation-character", ""),
    translated("x\ufffdy", "has lost a letter", "translation-character", "\ufffd"),
    translated("x " * (MUCH // 2), "is ten megabytes long", "translation-overlong", ""),
)
"""Nothing of such a translation may be shown; the rest of its catalog may."""

STRANGE = (
    case(
        "is of another project",
        lambda _: OTHER_PROJECT.encode(),
        "po-other-project",
        start_of_file,
    ),
    case(
        "is ten megabytes of another project",
        lambda _: (
            OTHER_PROJECT
            + "".join(f'\nmsgid "Brush {n}"\nmsgstr "{PAYLOAD} {"x" * 400}"\n' for n in range(MUCH // 450))
        ).encode(),
        "po-other-project",
        start_of_file,
    ),
)
"""Read without a fault, and of no use."""


def named(case: Case) -> str:
    return case.name.replace(" ", "-")


# --- the project -------------------------------------------------------------------------------------

WATERING = "locales/es/LC_MESSAGES/watering.po"
INTERFACE = "locales/es/LC_MESSAGES/interface.po"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in two target locales, without booklets, nothing wrong with it: to be copied."""
    folder = tmp_path_factory.mktemp("sound") / "project"
    write_project(folder)
    (folder / "content/booklets.toml").unlink()
    in_two_locales(folder)
    return folder


def in_two_locales(folder: Path) -> None:
    site = folder / "content/site.toml"
    text = site.read_text(encoding="utf-8")
    assert 'locales = ["es"]' in text
    site.write_text(text.replace('locales = ["es"]', 'locales = ["es", "es_MX"]'), encoding="utf-8")
    for path in sorted((folder / "locales/es/LC_MESSAGES").glob("*.po")):
        other = folder / "locales/es_MX/LC_MESSAGES" / path.name
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_bytes(path.read_bytes().replace(b"Language: es\\n", b"Language: es_MX\\n"))


@pytest.fixture
def project(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "project")
    return tmp_path / "project"


def spoil(project: Path, path: str, case: Case) -> tuple[int, int]:
    """Spoil a catalog of the project; return where that is to be seen."""
    content = (project / path).read_bytes()
    if path == INTERFACE:
        for one, other in zip(_IN_INTERFACE, (MESSAGE, TRANSLATION), strict=True):
            content = replaced(one, other)(content)
    spoilt = case.spoil(content)
    assert spoilt != content
    place = case.place(spoilt)
    if path == INTERFACE:
        for one, other in zip((MESSAGE, TRANSLATION), _IN_INTERFACE, strict=True):
            spoilt = spoilt.replace(one.encode(), other.encode())
    (project / path).write_bytes(spoilt)
    return place


_IN_INTERFACE = ('msgid "Plant rescue"', 'msgstr "Rescate de plantas"')
"""What stands for `MESSAGE` and `TRANSLATION` where the interface is spoilt."""


def written(project: Path) -> dict[str, bytes]:
    """Return path → digest of all that authors and translators wrote."""
    return {
        path.relative_to(project).as_posix(): sha256(path.read_bytes()).digest()
        for folder in ("content", "locales")
        for path in (project / folder).rglob("*")
        if path.is_file()
    }


def built(project: Path, *, draft: bool = False) -> Outcome:
    options = Options(project, TODAY, jobs=1, draft=draft)
    return build(options, lambda what, done, total: None)


def page(project: Path, path: str) -> str:
    return (project / "dist/site" / path).read_text(encoding="utf-8")


UNSAFE = re.compile(
    rf"{PAYLOAD}|javascript:|evil\.example|onerror|<script>|alert[(`]|\x1b|\ufffd"
    "|[\u200e\u200f\u202a-\u202e\u2066-\u2069]",
    re.IGNORECASE,
)


def assert_nothing_unsafe(project: Path) -> None:
    """Hold every output to the sample's own words: none of what the cases put into a catalog."""
    texts = [
        path for path in (project / "dist").rglob("*") if path.suffix in (".html", ".css", ".js", ".txt")
    ]
    assert len(texts) > 10
    for path in texts:
        found = UNSAFE.search(path.read_text(encoding="utf-8"))
        assert found is None, (path, found)
    for path in (project / "dist").rglob("*.pdf"):
        done = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True)
        assert UNSAFE.search(done.stdout) is None, path
        assert b"/JavaScript" not in path.read_bytes()


def assert_told(problems: Sequence[Diagnostic], case: Case, path: str, place: tuple[int, int]) -> None:
    """Hold what is said to the case, to the house's form, and to what a terminal can show unharmed."""
    told = [problem for problem in problems if problem.place.path == path]
    assert len(told) <= 21
    there = {problem.code for problem in told if (problem.place.line, problem.place.column) == place}
    assert case.codes <= there, told[:3]
    for problem in told:
        assert_well_said(problem)
        assert len(str(problem)) < 1000
        assert not [
            mark for mark in str(problem) if mark != "\n" and unicodedata.category(mark) in ("Cc", "Cf")
        ]


def assert_check_and_build_cope(project: Path, path: str, case: Case) -> Outcome:
    """Spoil a catalog and hold both commands to what they promise; return what was built."""
    place = spoil(project, path, case)
    before = written(project)
    problems = catalogs.check(project, TODAY)
    assert_told(problems, case, path, place)
    assert any(problem.severity == "error" for problem in problems if problem.code in case.codes)

    outcome = built(project)
    assert_told(outcome.diagnostics, case, path, place)
    assert not outcome.failed
    assert_nothing_unsafe(project)
    assert OTHERS_TRANSLATION in page(project, "es-MX/watering.html")
    assert "Espera a la primavera." in page(project, "es/light.html")
    assert written(project) == before
    return outcome


# --- tests -------------------------------------------------------------------------------------------


def test_there_is_nothing_wrong_with_the_project_before_it_is_spoilt(project: Path) -> None:
    assert catalogs.check(project, TODAY) == ()
    assert built(project).diagnostics == ()
    assert_nothing_unsafe(project)
    for locale in ("es", "es-MX"):
        assert OTHERS_TRANSLATION in page(project, f"{locale}/watering.html")


@pytest.mark.parametrize("case", UNREADABLE, ids=named)
def test_a_guides_catalog_that_cannot_be_read_holds_back_itself_alone(case: Case, project: Path) -> None:
    assert_check_and_build_cope(project, WATERING, case)
    assert OTHERS_TRANSLATION not in page(project, "es/watering.html")
    assert "Touch the soil." in page(project, "es/watering.html")


@pytest.mark.parametrize("case", UNREADABLE, ids=named)
def test_an_interface_that_cannot_be_read_holds_back_itself_alone(case: Case, project: Path) -> None:
    assert_check_and_build_cope(project, INTERFACE, case)
    assert "Rescate" not in page(project, "es/contacts.html")
    assert "Plant rescue" in page(project, "es/contacts.html")


@pytest.mark.parametrize("case", HARMFUL, ids=named)
def test_a_translation_that_could_do_harm_holds_back_itself_alone(case: Case, project: Path) -> None:
    assert_check_and_build_cope(project, WATERING, case)
    assert OTHERS_TRANSLATION in page(project, "es/watering.html")
    assert "Touch the soil." in page(project, "es/watering.html")


IN_INTERFACE = [case for case in HARMFUL if "translation-links" not in case.codes]
"""Links mean nothing in the interface: they are plain characters there."""


@pytest.mark.parametrize("case", IN_INTERFACE, ids=named)
def test_a_phrase_that_could_do_harm_holds_back_itself_alone(case: Case, project: Path) -> None:
    assert_check_and_build_cope(project, INTERFACE, case)
    assert "Línea de ayuda para plantas" in page(project, "es/contacts.html")


@pytest.mark.parametrize("case", STRANGE, ids=named)
def test_a_catalog_of_another_project_is_told_from_ours_and_shows_nothing(case: Case, project: Path) -> None:
    place = spoil(project, WATERING, case)
    before = written(project)
    assert_told(catalogs.check(project, TODAY), case, WATERING, place)
    outcome = built(project)
    assert not outcome.failed
    assert_nothing_unsafe(project)
    assert "Touch the soil." in page(project, "es/watering.html")
    assert OTHERS_TRANSLATION in page(project, "es-MX/watering.html")
    assert written(project) == before


@pytest.fixture(scope="module")
def extracted(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same project with catalogs that are all up to date, so that none is written for another reason."""
    folder = Path(shutil.copytree(sound, tmp_path_factory.mktemp("extracted") / "project"))
    assert catalogs.extract(folder, TODAY)[1] == ()
    assert catalogs.extract(folder, TODAY) == (catalogs.Updated(), ())
    return folder


@pytest.mark.parametrize("case", UNREADABLE, ids=named)
def test_what_cannot_be_read_is_never_rewritten(case: Case, extracted: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(extracted, tmp_path / "project"))
    place = spoil(project, WATERING, case)
    before = written(project)
    updated, problems = catalogs.extract(project, TODAY)
    assert_told(problems, case, WATERING, place)
    assert updated == catalogs.Updated()
    assert written(project) == before


def test_a_plural_rule_of_another_language_is_told(project: Path) -> None:
    path = project / INTERFACE
    path.write_bytes(replaced("plural=(n != 1);", "plural=(n == 1);")(path.read_bytes()))
    place = at(b"Plural-Forms: nplurals")(path.read_bytes())
    (problem,) = catalogs.check(project, TODAY)
    assert (problem.code, problem.place.path) == ("po-plural-forms", INTERFACE)
    assert (problem.place.line, problem.place.column) == place
    assert_well_said(problem)
    assert not built(project).failed


# --- what is unusual and yet in order ----------------------------------------------------------------


@pytest.mark.parametrize("path", [WATERING, INTERFACE])
def test_windows_line_ends_are_remarked_on_and_read_and_kept(path: str, project: Path) -> None:
    content = (project / path).read_bytes().replace(b"\n", b"\r\n")
    (project / path).write_bytes(content)
    (problem,) = catalogs.check(project, TODAY)
    assert (problem.code, problem.severity, str(problem.place)) == ("po-line-ends", "warning", f"{path}:1:9")
    assert_well_said(problem)
    assert not built(project).failed
    assert OTHERS_TRANSLATION in page(project, "es/watering.html")
    assert "Rescate de plantas" in page(project, "es/contacts.html")
    catalogs.extract(project, TODAY)
    after = (project / path).read_bytes()
    assert after.count(b"\n") == after.count(b"\r\n") > 10


def saved_by_gettext(path: Path) -> None:
    """Write a catalog as gettext's own tools do, without flags unknown to them; Poedit calls them to save."""
    subprocess.run(["msgcat", "--force-po", "--no-wrap", "-o", str(path), str(path)], check=True)


def test_a_catalog_saved_by_gettext_s_own_tools_gets_its_flags_back(project: Path) -> None:
    catalogs.extract(project, TODAY)
    content = (project / WATERING).read_bytes()
    saved_by_gettext(project / WATERING)
    assert b"md-text" in content
    assert b"md-text" not in (project / WATERING).read_bytes()
    assert catalogs.check(project, TODAY) == ()
    catalogs.extract(project, TODAY)
    assert (project / WATERING).read_bytes() == content


def test_a_check_that_a_comment_has_settled_stays_silent_once_poedit_has_saved_the_file(
    project: Path,
) -> None:
    path = project / WATERING
    spoilt = replaced(TRANSLATION, TRANSLATION.replace(".", ""))(path.read_bytes())
    path.write_bytes(spoilt)
    assert [problem.code for problem in catalogs.check(project, TODAY)] == ["translation-ending"]
    where = spoilt.rfind(b"\n\n", 0, spoilt.index(MESSAGE.encode())) + 2
    path.write_bytes(spoilt[:where] + b"# ignore-translation-ending: a label\n" + spoilt[where:])
    assert catalogs.check(project, TODAY) == ()
    saved_by_gettext(path)
    assert catalogs.check(project, TODAY) == ()


def test_ten_megabytes_of_anything_are_dealt_with_in_seconds(project: Path) -> None:
    started = time.process_time()
    for case in UNREADABLE:
        if "ten" in case.name:
            spoil(project, WATERING, case)
            catalogs.check(project, TODAY)
    assert time.process_time() - started < 8


def test_no_booklet_carries_what_could_do_harm(tmp_path: Path) -> None:
    write_project(tmp_path)
    in_two_locales(tmp_path)
    path = tmp_path / WATERING
    content = path.read_bytes()
    sources = re.findall(rb'^msgid "(?:\w.*)"\nmsgstr "(\w.*)"$', content, re.MULTILINE)
    harmful = [case for case in HARMFUL if "megabytes" not in case.name]
    assert len(sources) > len(harmful)
    for case, source in zip(harmful, sources, strict=False):
        words = case.spoil(f"{TRANSLATION}".encode()).removeprefix(b'msgstr "').removesuffix(b'"')
        content = content.replace(b'msgstr "%s"' % source, b'msgstr "%s"' % words)
    path.write_bytes(content)
    outcome = built(tmp_path, draft=True)
    assert not outcome.failed
    assert {printed.locale for printed in outcome.printed} == {"en", "es", "es_MX"}
    assert_nothing_unsafe(tmp_path)


@pytest.mark.parametrize("case", [UNREADABLE[0], HARMFUL[0]], ids=named)
def test_the_commands_say_so_and_end_as_a_script_expects(case: Case, project: Path) -> None:
    spoil(project, WATERING, case)
    date_anew(project)
    (code,) = case.codes
    for command, ending in (("check", 1), ("build", 0)):
        done = subprocess.run(
            [sys.executable, "-m", "handbill", "-C", str(project), command],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == ending, done.stderr
        assert f"[{code}]" in done.stderr
        assert "Traceback" not in done.stderr
