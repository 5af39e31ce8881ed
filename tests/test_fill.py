"""Documents and translations to editions: one case a few small files.

Each `cases/fill/NAME.md` is a guide's body, `NAME.toml` its translations, locale and medium, and `NAME.html`
the edition that comes of them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from example import adapted, documents, guide, project_with, setting, targets

from handbill import fill
from handbill.model import Edition

CASES = Path(__file__).parent / "cases" / "fill"
NAMES = sorted(path.stem for path in CASES.glob("*.md"))


def edition(body: str, case: Mapping[str, Any]) -> Edition:
    """Return the guide "case" of a project beside the sample's guides, filled."""
    project = project_with(guide(body))
    medium = case["medium"]
    hrefs = targets(project, medium, ["case", "light"])["case"]
    translations = case.get("translations")
    form = fill.form(adapted(documents(project)["case"], medium), hrefs)
    return fill.fill(form, translations, setting(case["locale"], medium))


def shown(edition: Edition) -> str:
    """Return an edition in a form to be read."""
    contents = "\n".join(f"{entry.level} #{entry.anchor} {entry.html}" for entry in edition.contents)
    parts = {
        "title": edition.title,
        "summary": edition.summary,
        "plain title": edition.plain_title,
        "plain summary": edition.plain_summary,
        "contents": contents,
        "missing": str(edition.missing),
        "body": edition.body.rstrip("\n"),
    }
    return "".join(f"<!-- {name} -->\n{text}\n" for name, text in parts.items() if text)


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_filled_as_expected(name: str, update_golden: bool) -> None:
    case = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    found = shown(edition((CASES / f"{name}.md").read_text(encoding="utf-8"), case))
    expected = CASES / f"{name}.html"
    if update_golden:
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_no_case_is_left_over() -> None:
    for ending in ("toml", "html"):
        assert sorted(path.stem for path in CASES.glob(f"*.{ending}")) == NAMES


def test_an_edition_is_complete_only_if_no_message_is_missing() -> None:
    whole = edition("One.\n", {"medium": "web", "locale": "en"})
    assert whole.complete
    assert not replace(whole, missing=1).complete
    words = {"The title": "El título", "The summary.": "El resumen."}
    assert not edition("One.\n", {"medium": "web", "locale": "es", "translations": words}).complete
