"""One broken project a diagnostic: what is wrong is said, at its place, and nothing else is.

Each folder of `bad/` is named for a code and laid over `sample/`: its files replace or join the sample's,
`delete.txt` names those to leave out (one path a line), and `expected.txt` holds the diagnostics without
their hints.
"""

import ast
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from handbill import diagnostics
from handbill.load import load, overdue_guides, unchecked_contacts
from handbill.model import Diagnostic
from handbill.parse import parse

TESTS = Path(__file__).parent
PROJECTS = sorted(folder.name for folder in (TESTS / "bad").iterdir() if folder.is_dir())
TODAY = date(2026, 11, 21)


def check(files: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Run all phases that need no disk, each as long as the ones before it found no error: extend it here."""
    project, problems = load(files, defaults={})
    if project is None:
        return problems
    problems += overdue_guides(project, TODAY) + unchecked_contacts(project, TODAY)
    for guide in project.guides:
        problems += parse(guide)[1]
    return problems


def sample(overlay: str | None = None) -> dict[str, bytes]:
    """Return the files of the sample project, with a broken project laid over it."""
    files = _files(TESTS / "sample")
    if overlay is not None:
        files |= _files(TESTS / "bad" / overlay)
        files.pop("expected.txt", None)
        for path in files.pop("delete.txt", b"").decode().split():
            del files[path]
    return files


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_sample_project_has_nothing_wrong_with_it() -> None:
    assert check(sample()) == ()


@pytest.mark.parametrize("code", PROJECTS)
def test_a_broken_project_gets_the_diagnostics_expected_of_it(code: str, update_golden: bool) -> None:
    found = check(sample(code))
    lines = "".join(f"{str(problem).partition(chr(10))[0]}\n" for problem in found)
    expected = TESTS / "bad" / code / "expected.txt"
    if update_golden:
        expected.write_text(lines, encoding="utf-8")
    assert lines == expected.read_text(encoding="utf-8")
    assert code in {problem.code for problem in found}


def test_every_diagnostic_has_a_broken_project() -> None:
    assert sorted(_codes() - set(PROJECTS)) == []


def test_every_broken_project_is_named_for_a_diagnostic() -> None:
    assert sorted(set(PROJECTS) - _codes()) == []


def _codes() -> set[str]:
    """Return the code in each named function of `diagnostics`."""
    tree = ast.parse(Path(diagnostics.__file__).read_text(encoding="utf-8"))
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_error", "_warning")
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }
