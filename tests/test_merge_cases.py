"""Merging by example: what becomes of translations when guides change.

Each file of `cases/merge` holds the catalogs of one locale as they were (`=== old NAME`), the templates now
(`=== new NAME`; none for a guide that is gone), what authors declared unchanged (`=== declared`: an old line
and a new one by turns), and what comes of it (`=== merged NAME`). Headers are left out.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from example import TESTS

from handbill import changes, classify, po
from handbill.merge import Merged, merge, moves, offered
from handbill.model import Catalog, Change, Place

CASES = sorted((TESTS / "cases" / "merge").glob("*.txt"))
HEADER = po.write(Catalog("", (po.header("Guides", "es"),)))


def kinds_of_edits(old: str, new: str) -> tuple[classify.ChangeKind, tuple[str, ...]]:
    return classify.classify(old, new, "en")


def sections(text: str) -> dict[str, str]:
    """Return title → text of each section, in order."""
    parts = text.split("=== ")[1:]
    return {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}


def catalogs(found: dict[str, str], which: str) -> dict[str, Catalog]:
    """Return name → catalog of the sections `which NAME`."""
    read: dict[str, Catalog] = {}
    for title, text in found.items():
        kind, _, name = title.partition(" ")
        if kind == which:
            read[name], faults = po.read(f"{HEADER}\n{text}\n" if text else HEADER, f"{name}.po")
            assert faults == (), faults
    return read


def declared(text: str) -> list[Change]:
    """Return what authors declared: an old text and a new one by turns."""
    lines = text.splitlines()
    return [
        Change("x", old, new, "wording", (), date(2026, 11, 1), "Ana", "Same.", Place("x"))
        for old, new in zip(lines[::2], lines[1::2], strict=True)
    ]


def merged(
    templates: dict[str, Catalog], old: dict[str, Catalog], found: dict[str, str]
) -> dict[str, Merged]:
    """Return every catalog of the locale, merged as `extract` does it."""
    kind = changes.judge(declared(found.get("declared", "")), kinds_of_edits)
    old = {name: Catalog(f"{name}.po", (po.header("Guides", "es"),)) for name in templates} | old
    moved = moves(templates, old)
    after = {
        name: merge(templates.get(name, Catalog("", ())), catalog, kind, moved[name])
        for name, catalog in old.items()
    }
    elsewhere: dict[str, str] = {}
    for one in after.values():
        elsewhere |= po.translations(one.catalog)
    return {name: offered(one, elsewhere) for name, one in after.items()}


def body(catalog: Catalog) -> str:
    return po.write(catalog).removeprefix(HEADER).strip()


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_translations_become_what_is_expected_of_them(path: Path, update_golden: bool) -> None:
    found = sections(path.read_text(encoding="utf-8"))
    given = {title: text for title, text in found.items() if not title.startswith("merged ")}
    templates, old = catalogs(found, "new"), catalogs(found, "old")
    after = merged(templates, old, found)
    results = {f"merged {name}": body(one.catalog) for name, one in after.items()}
    if update_golden:
        text = "\n\n".join(f"=== {title}\n{text}".rstrip() for title, text in (given | results).items())
        path.write_text(text + "\n", encoding="utf-8")
        found = sections(path.read_text(encoding="utf-8"))
    assert results == {title: text for title, text in found.items() if title.startswith("merged ")}

    again = {name: po.read(po.write(one.catalog), f"{name}.po")[0] for name, one in after.items()}
    assert all(one.catalog is again[name] for name, one in merged(templates, again, found).items())
    assert not any(one.fates for one in merged(templates, again, found).values())
    left = " ".join(results.values())
    for catalog in old.values():
        for entry in catalog.entries:
            assert all(form in left for form in replace(entry, text="").msgstr if entry.msgid)
