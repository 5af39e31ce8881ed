"""No wrong PDF is published: a build looks at what it makes before it keeps it, and a mistake stops it."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from example import files, write_project
from test_bad import TODAY
from test_proof import MUTANTS, READING, SHEETS, broken

from handbill import pdf, proof
from handbill.formats import FORMATS, SETTINGS, Job, Output
from handbill.model import Place
from handbill.outcome import Options, Outcome
from handbill.pipeline import build

HIDDEN = "@page { size: 139.7mm 210mm }\n"
"""A style sheet of a project's own begins so; what follows is its mistake."""


def built(folder: Path) -> Outcome:
    return build(Options(folder, TODAY, jobs=1), lambda what, done, total: None)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project, built to be read only, so that no sheets are measured."""
    folder = tmp_path_factory.mktemp("published")
    write_project(folder)
    booklets = folder / "content" / "booklets.toml"
    booklets.write_text(booklets.read_text(encoding="utf-8") + 'formats = ["reading"]\n', encoding="utf-8")
    assert not built(folder).failed
    return folder


@pytest.mark.parametrize(
    ("mistake", "wrong"),
    [
        (".number { visibility: hidden }", "number-misprinted"),
        (".number { display: none }", "number-misprinted"),
        (".address { display: none }", "number-misprinted"),
        ("@page { size: 140mm 210mm }", "trim-differs"),
    ],
)
def test_a_wrong_booklet_stops_the_build_and_what_was_published_stays(
    mistake: str, wrong: str, published: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(published, folder)
    before = files(folder / "dist")
    (folder / "templates" / "print").mkdir(parents=True)
    (folder / "templates" / "print" / "booklet.css").write_text(HIDDEN + mistake, encoding="utf-8")
    outcome = built(folder)
    assert outcome.failed
    found = {(problem.code, problem.severity) for problem in outcome.diagnostics}
    assert found == {("misprint", "error")}
    assert all(f"({wrong})" in problem.fact for problem in outcome.diagnostics)
    assert {"`en`", "`es`"} <= {word for problem in outcome.diagnostics for word in problem.fact.split()}
    assert files(folder / "dist") == before


def test_a_style_sheet_of_ones_own_without_a_mistake_is_published(published: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(published, folder)
    (folder / "templates" / "print").mkdir(parents=True)
    (folder / "templates" / "print" / "booklet.css").write_text(HIDDEN, encoding="utf-8")
    assert built(folder).diagnostics == ()


# --- the quick look sees what the long one sees --------------------------------------------------------


SEEN_BY_LETTERS = {name for name, (_, _, code) in MUTANTS.items() if code.startswith("number-")}
"""What the long look finds by its glyphs; pages are looked at for that before they are imposed."""


def wanted(path: str, pages: int) -> proof.Wanted:
    """What a file of the sample must be, as `press` reckons it."""
    setting, format = SETTINGS["page"], FORMATS["reading" if path == READING else "booklet"]
    sides = format.sides(Job(pages, Output("-a4", "a4"), "ltr")) if format.sides else None
    return proof.Wanted(
        place=Place(path),
        title="First plants",
        language="en",
        direction="ltr",
        width_mm=setting.width_mm,
        height_mm=setting.height_mm,
        duplex=format.duplex,
        condition="",
        sides=sides,
    )


@pytest.mark.parametrize("name", sorted(MUTANTS.keys() - SEEN_BY_LETTERS))
def test_what_is_broken_is_seen_at_once(name: str, built_sample: Path) -> None:
    path, mutation, code = MUTANTS[name]
    reading = (built_sample.parent / READING).read_bytes()
    known = proof.contents(pdf.glance(reading))
    file = broken((built_sample.parent / path).read_bytes(), mutation)
    if name == "what two pages show swapped":  # its sheets no longer show what it does
        known, path = proof.contents(pdf.glance(file)), SHEETS
        file = (built_sample.parent / SHEETS).read_bytes()
    problems = list(proof.problems(pdf.glance(file), wanted(path, len(known)), known))
    assert code in {problem.code for problem in problems}


@pytest.mark.parametrize("name", sorted(SEEN_BY_LETTERS))
def test_a_wrong_digit_in_typeset_pages_is_seen_at_once(name: str, built_sample: Path) -> None:
    _, mutation, code = MUTANTS[name]
    whole = (built_sample.parent / READING).read_bytes()
    _, runs = pdf.glance_at_pages(whole)
    counted = {one: sum(one in run for run in runs) for one in ("555-0123", "711")}
    html = "".join(f"<p>{one}</p>\n" * count for one, count in counted.items())
    assert found(whole, html) == set()
    assert code in found(broken(whole, mutation), html)


def found(pages: bytes, html: str) -> set[str]:
    _, runs = pdf.glance_at_pages(pages)
    known = (("555-0123", "711"), ())
    return {problem.code for problem in proof.lost_contacts(pages, runs, html, Place(READING), known)}


@pytest.mark.parametrize("path", [READING, SHEETS])
def test_a_page_is_read_quickly_as_it_is_slowly(path: str, built_sample: Path) -> None:
    read = 0
    with pikepdf.open(built_sample.parent / path) as opened:
        for thing in (*opened.pages, *opened.objects):
            if isinstance(thing, pikepdf.Page):
                content = thing.Contents.read_bytes()
            elif isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == pikepdf.Name.Form:
                content = thing.read_bytes()
            else:
                continue
            assert pdf._asked(content) == pdf._parsed(thing)
            read += 1
    assert read > 4


@pytest.mark.parametrize(
    ("operators", "asked"),
    [
        (b"0 0 0 rg", (1, 1)),
        (b"0 0 0 1 scn 0.5 0.5 0.5 SC", (1, 1)),
        (b"0.1 0.2 0.3\nRG /P scn 0.4 g", (0, 1)),
        (b"(0 0 0 rg) Tj 1 0 0 rg", (0, 1)),
        (b"(a \\) 0 0 0 rg) Tj", (0, 0)),
        (b"/rg 0 0 0 k 1 1 1 sc", (1, 1)),
        (b"% 0 0 0 rg\n1 0 0 rg", (0, 1)),
        (b"((0 0 0 rg)) Tj", (0, 0)),
        (b"BI /W 1 /H 1 /CS /G /BPC 8 ID 0 0 0 rg EI 0 0 0 rg", None),
    ],
)
def test_colours_are_told_from_what_only_looks_like_them(
    operators: bytes, asked: tuple[int, int] | None
) -> None:
    new = pikepdf.new()
    new.add_blank_page()
    new.pages[0].Contents = new.make_stream(operators)
    target = BytesIO()
    new.save(target)
    if asked is None:
        assert pdf._asked(operators) is None
        return
    (page,) = pdf.glance(target.getvalue()).pages
    assert (page.rgb_greys, page.rgb) == asked
