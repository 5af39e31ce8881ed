"""The projects that benchmarks build: sound, and the same each time."""

import sys
from datetime import date
from pathlib import Path

import pytest

from handbill import store
from handbill.outcome import Options
from handbill.pipeline import build

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from project import write_project

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("locales", [2, 6])
def test_a_generated_project_builds_without_a_diagnostic(tmp_path: Path, locales: int) -> None:
    write_project(tmp_path, guides=2, locales=locales, today=TODAY)
    outcome = build(Options(tmp_path, TODAY), lambda what, done, total: None)
    assert outcome.diagnostics == ()
    assert outcome.untranslated == ()
    assert outcome.pages == 2 + locales * (2 + 5)
    pages = store.read_tree(tmp_path, ("dist",))
    assert not [path for path, content in pages.items() if b'<span lang="en"' in content]


def test_the_same_arguments_give_the_same_project(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_project(tmp_path / name, guides=2, locales=3, today=TODAY, guides_per_booklet=2)
    one, two = (store.read_tree(tmp_path / name, ("content", "locales")) for name in ("one", "two"))
    assert one == two
