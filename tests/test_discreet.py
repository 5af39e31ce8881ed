"""A discreet booklet may be found by anybody: nothing of the site's subject is on it, inside or outside."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from example import write_project

from handbill.outcome import Options
from handbill.pipeline import build

QUIET = """\
---
title: Five quiet minutes
summary: Slow things to do.
audience: supporter
facts: [H3]
reviewed: 2026-11-01
review_after: 6
discreet: true
---

Breathe in, and count to four.
"""
BOOKLETS = """\

[[booklet]]
id = "quiet"
title = "Five quiet minutes"
summary = "Slow things to do."
audience = "supporter"
guides = ["quiet"]
discreet = true
formats = ["reading", "booklet", "zine"]
"""
TELLING = re.compile(r"plants?|555|711|leaves|water|example|help", re.IGNORECASE)
"""What the sample is about: its title, its contacts and its address."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discreet")
    write_project(folder)
    (folder / "content/guides/quiet.md").write_text(QUIET, encoding="utf-8")
    with (folder / "content/booklets.toml").open("a", encoding="utf-8") as booklets:
        booklets.write(BOOKLETS)
    site = folder / "content/site.toml"
    text = site.read_text(encoding="utf-8")
    site.write_text(f'address = "https://plants.example/"\n{text}', encoding="utf-8")
    outcome = build(Options(folder, date(2026, 11, 21), jobs=1), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    return folder / "dist/site/en/print"


NAMES = ["quiet", "quiet-a4", "quiet-letter", "quiet-zine-a4"]


def words(pdf: Path) -> str:
    return subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_a_discreet_booklet_tells_what_the_site_is_about(name: str, printed: Path) -> None:
    text = words(printed / f"{name}.pdf")
    assert "Five quiet minutes" in text
    assert TELLING.findall(text) == []
    assert TELLING.findall(words(printed / "first-plants.pdf")) != [], "the words can be found"


@pytest.mark.parametrize("name", NAMES)
def test_title_name_and_data_of_a_discreet_file_tell_nothing(name: str, printed: Path) -> None:
    assert not TELLING.search(name)
    with pikepdf.open(printed / f"{name}.pdf") as pdf:
        assert dict(pdf.docinfo) == {"/Title": "Five quiet minutes"}
        if "/Metadata" in pdf.Root:
            assert not TELLING.search(pdf.Root.Metadata.read_bytes().decode())
        pictures = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        ]
        links = [note for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note]
        assert (pictures, links) == ([], [])


def test_a_discreet_booklet_has_its_edition_and_no_way_to_the_site(printed: Path) -> None:
    text = words(printed / "quiet.pdf")
    assert re.search(r"Edition en-\S{4}-2026-11", text)
    assert "https" not in text
    assert "https://plants.example/" in words(printed / "first-plants.pdf")
