"""One broken project a diagnostic: what is wrong is said, at its place, and nothing else is.

Each folder of `bad/` is named for a code and laid over `sample/`: its files replace or join the sample's,
`delete.txt` names those to leave out (one path a line), and `expected.txt` holds the diagnostics without
their hints. A diagnostic of PO files may have its broken file in `cases/po_bad/` instead,
and one of finished PDFs its mutant in `test_proof`.
"""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from example import TESTS, write_project
from test_carrying import CODES as OF_COPIES
from test_po import FAULTS
from test_proof import MUTANTS

from handbill import catalogs, diagnostics
from handbill.model import Diagnostic
from handbill.pipeline import Options, build

BAD = TESTS / "bad"
PROJECTS = sorted(folder.name for folder in BAD.iterdir() if folder.is_dir())
TODAY = date(2026, 11, 21)

QUOTING = {"template", "template-syntax", "typesetting", "toml-syntax", "front-matter-syntax"}
"""Codes whose fact quotes a library, which may say more than one sentence."""


def check(folder: Path) -> tuple[Diagnostic, ...]:
    """Return what the commands `check` and, if that finds no error, `build` and `extract` say of it."""
    problems = catalogs.check(folder, TODAY)
    if not any(problem.severity == "error" for problem in problems):
        problems += build(Options(folder, TODAY, jobs=1), lambda what, done, total: None).diagnostics
        problems += catalogs.extract(folder, TODAY)[1]
    return tuple(dict.fromkeys(problems))


def test_the_sample_project_has_nothing_wrong_with_it_and_is_printed_in_both_languages(
    tmp_path: Path,
) -> None:
    write_project(tmp_path)
    assert catalogs.check(tmp_path, TODAY) == ()
    outcome = build(Options(tmp_path, TODAY, jobs=1), lambda what, done, total: None)
    assert (outcome.diagnostics, outcome.held, outcome.untranslated) == ((), (), ())
    assert {printed.locale for printed in outcome.printed} == {"en", "es"}


@pytest.mark.parametrize("code", PROJECTS)
def test_a_broken_project_gets_the_diagnostics_expected_of_it(
    code: str, tmp_path: Path, update_golden: bool
) -> None:
    write_project(tmp_path, BAD / code)
    (tmp_path / "expected.txt").unlink(missing_ok=True)
    found = check(tmp_path)
    lines = "".join(f"{str(problem).partition(chr(10))[0]}\n" for problem in found)
    expected = BAD / code / "expected.txt"
    if update_golden:
        expected.write_text(lines, encoding="utf-8")
    assert lines == expected.read_text(encoding="utf-8")
    assert code in {problem.code for problem in found}
    for problem in found:
        assert_well_said(problem)


def assert_well_said(problem: Diagnostic) -> None:
    """Hold a diagnostic to the house's form: a place, one sentence of fact, and something to do."""
    assert problem.place.line >= 1
    assert problem.place.column >= 1
    assert not problem.place.path.startswith("/")
    for text in (problem.fact, problem.hint):
        assert text
        assert text == text.strip()
        assert "\n" not in text
        assert not re.search(r"None|\[\]|\(\)|\{\}|  ", re.sub(r"`[^`]*`", "``", text))
    words = re.sub(r"`[^`]*`", "", problem.fact)
    assert words.endswith(".")
    if problem.code not in QUOTING:
        assert not re.search(r"[.!?] [A-Z]", words), "a fact is one sentence"
    assert problem.fact[0].isupper() or problem.fact[0] == "`"


def test_every_diagnostic_is_brought_about() -> None:
    by_catalog = {code for faults in FAULTS.values() for code, _, _ in faults}
    by_mutant = {code for _, _, code in MUTANTS.values()} | {
        "pdf-damaged",
        "edition-outdated",
        "rgb-for-shop",
        "stray-link",  # a link, which a folder laid over the sample cannot hold: test_bad_paths
    }
    assert sorted(_codes() - set(PROJECTS) - by_catalog - by_mutant - OF_COPIES) == []


def test_every_broken_project_is_named_for_a_diagnostic() -> None:
    assert sorted(set(PROJECTS) - _codes()) == []


def _codes() -> set[str]:
    """Return the code in each named function of `diagnostics`."""
    tree = ast.parse(Path(diagnostics.__file__).read_text(encoding="utf-8"))
    calls = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )
    return {call.args[0].value for call in calls if _builds(call.func)}


def _builds(function: ast.expr) -> bool:
    """Whether a call is one of `_error` or `_warning`, or of one of the two."""
    names = {"_error", "_warning"}
    if isinstance(function, ast.IfExp):
        return _builds(function.body) and _builds(function.orelse)
    return isinstance(function, ast.Name) and function.id in names
