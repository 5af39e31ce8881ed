"""The zine, leaflet and poster of this repository as they go out: cut, folded, read from the finished files.

What must stand there comes from the guides, contacts.toml and the catalogs; nothing asks the engine.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import fold
import pikepdf
import pytest
from test_finished import CHECKOUT, LANGUAGES, NUMBERS, Said, letters, print_faults, squeezed

from handbill.source import Source, read_source

PAPERS = ("a4", "letter")
STRIPS = 10
CLEAR_MM = 2.0
"""How near to a cut a letter may begin."""
CUT_CLEAR_MM = 4.0
"""How near to the cut of a zine anything on its back may come."""
EDGE_MM = 6.0
"""What office printers may leave white."""
DEPTH_MM, HEIGHT_MM = 0.12, 0.35
"""How far letters reach below and above their line, in millimetres a point of their size."""
SUBJECT = ("traffick", "trata", "explot", "hotline", "贩")

every_sheet = pytest.mark.parametrize(
    ("locale", "paper"), [(locale, paper) for locale in LANGUAGES for paper in PAPERS]
)


@pytest.fixture(scope="module")
def source() -> Source:
    found, problems = read_source(CHECKOUT)
    assert found is not None, problems
    return found


def helpline() -> dict[str, str]:
    """The contact that the site shows first, as contacts.toml has it."""
    content = CHECKOUT / "content"
    site = tomllib.loads((content / "site.toml").read_text(encoding="utf-8"))
    listed = tomllib.loads((content / "contacts.toml").read_text(encoding="utf-8"))["contact"]
    found: dict[str, str] = next(contact for contact in listed if contact["id"] == site["helpline"])
    return found


def sheet(site: Path, locale: str, name: str, first: int) -> bytes:
    """The sides of a finished file, without the sheet before them that says how to print it."""
    with pikepdf.open(site / LANGUAGES[locale][0] / "print" / name) as pdf:
        assert len(pdf.pages) == 2 * first
        del pdf.pages[:first]
        target = BytesIO()
        pdf.save(target)
    return target.getvalue()


def has(panel: fold.Panel, sentence: str) -> bool:
    """Whether a panel has the letters of a sentence, in whatever order a font or a direction stores them."""
    return Counter(squeezed(sentence)) <= letters(panel.words)


def follow(panels: list[fold.Panel], sentences: list[str]) -> bool:
    """Whether sentences stand on the panels one after another."""
    at = 0
    for sentence in sentences:
        while at < len(panels) and not has(panels[at], sentence):
            at += 1
    return at < len(panels)


def digits_of(panel: fold.Panel) -> str:
    return "".join(word.text for word in panel.words)


@every_sheet
def test_the_zine_reads_from_its_title_to_its_notice_and_never_names_the_subject(
    locale: str, paper: str, built_site: Path, source: Source
) -> None:
    pdf = sheet(built_site, locale, f"calm-zine-{paper}.pdf", first=1)
    check_zine(pdf, 0, locale, source)
    assert print_faults(pdf, NUMBERS) == []


def check_zine(pdf: bytes, side: int, locale: str, source: Source) -> None:
    """Fail unless a side of a sheet is the whole calm guide when it is folded."""
    said = Said(source, locale)
    panels = fold.zine(pdf, "rtl" if LANGUAGES[locale][1] == "rtl" else "ltr", side)
    assert has(panels[0], said.title("calm"))
    assert has(panels[7], said(source.project.site.notice_neutral.value))
    assert follow(panels[1:7], said.headings("calm", 2))
    assert {word.turned_deg for panel in panels for word in panel.words} == {0}
    for number, panel in enumerate(panels[1:7], 2):
        assert str(number) in [word.text for word in panel.words if word.size_pt < 8]
        assert all(3 < word.x_mm < panel.width_mm - 3 for word in panel.words)
        assert all(3 < word.y_mm < panel.height_mm - 3 for word in panel.words)
    printed = squeezed("".join(word.text for panel in panels for word in panel.words))
    assert [word for word in SUBJECT if word in printed] == []
    assert printed.count("988") == 2


@pytest.mark.parametrize(
    ("locale", "paper"), [(locale, paper) for locale in LANGUAGES if locale != "en" for paper in PAPERS]
)
def test_a_zine_in_two_languages_is_folded_with_either_outside_from_one_cut(
    locale: str, paper: str, built_site: Path, source: Source
) -> None:
    pdf = sheet(built_site, locale, f"calm-zine-bilingual-{paper}.pdf", first=2)
    check_zine(pdf, 0, locale, source)
    check_zine(pdf, 1, "en", source)
    assert print_faults(pdf, NUMBERS) == []
    with pytest.raises(AssertionError):
        check_zine(pdf, 1, locale, source)


@every_sheet
def test_a_poster_on_the_back_of_a_zine_keeps_off_its_cut(
    locale: str, paper: str, built_site: Path, source: Source
) -> None:
    said = Said(source, locale)
    pdf = sheet(built_site, locale, f"calm-zine-poster-{paper}.pdf", first=2)
    check_zine(pdf, 0, locale, source)
    front, back = fold.sides(pdf)
    (cut,) = (line for line in fold.strokes(pdf)[0] if not line.dashed)
    assert fold.strokes(pdf)[1] == []
    assert {word.turned_deg for word in back.words} == {0}
    at = cut.y1_mm
    upper = fold.Panel(0, 0, tuple(word for word in back.words if word.y_mm > at))
    lower = fold.Panel(0, 0, tuple(word for word in back.words if word.y_mm < at))
    assert has(upper, said.title("calm"))
    assert has(lower, said(source.project.site.notice_neutral.value))
    for heading in said.headings("calm", 2):
        assert has(lower, heading)
    assert min(word.y_mm - word.size_pt * DEPTH_MM for word in upper.words) > at + CUT_CLEAR_MM
    assert max(word.y_mm + word.size_pt * HEIGHT_MM for word in lower.words) < at - CUT_CLEAR_MM
    for word in back.words:
        assert EDGE_MM < word.x_mm < back.width_mm - EDGE_MM
        assert EDGE_MM < word.y_mm < back.height_mm - EDGE_MM
    printed = squeezed("".join(word.text for word in back.words))
    assert [word for word in SUBJECT if word in printed] == []
    assert (front.width_mm, front.height_mm) == (back.width_mm, back.height_mm)


def test_what_follows_out_of_order_would_be_found() -> None:
    words = [fold.Panel(70, 105, (fold.Word(text, 9, 9, 0, 9),)) for text in ("one", "two")]
    assert follow(words, ["one", "two"])
    assert not follow(words, ["two", "one"])
    assert not follow(words, ["three"])


@every_sheet
def test_the_leaflet_has_its_text_inside_and_its_numbers_on_the_flap(
    locale: str, paper: str, built_site: Path, source: Source
) -> None:
    said = Said(source, locale)
    pdf = sheet(built_site, locale, f"getting-help-leaflet-{paper}.pdf", first=2)
    faces = fold.leaflet(pdf, "rtl" if LANGUAGES[locale][1] == "rtl" else "ltr", "c")
    assert has(faces.front, said.title("help"))
    assert follow(list(faces.inside), said.headings("help", 2))
    assert has(faces.back, said(source.project.site.notice.value))
    flap, _ = faces.behind
    assert faces.opened[1] == flap
    for channel in ("phone", "text", "tty"):
        assert helpline()[channel] in digits_of(flap)
    words = [w for panel in (faces.front, *faces.inside, *faces.behind) for w in panel.words]
    assert {word.turned_deg for word in words} == {0}
    assert print_faults(pdf, NUMBERS) == []


@every_sheet
def test_each_strip_of_the_poster_has_the_number_whole_between_its_cuts(
    locale: str, paper: str, built_site: Path
) -> None:
    pdf = sheet(built_site, locale, f"getting-help-poster-strips-{paper}.pdf", first=1)
    (printed,), (cuts,) = fold.sides(pdf), fold.strokes(pdf)
    head = max(cut.y2_mm for cut in cuts)
    edges = sorted({0.0, *(cut.x1_mm for cut in cuts), printed.width_mm})
    upright = [word for word in printed.words if word.turned_deg == 0]
    turned = [word for word in printed.words if word.turned_deg == 90]
    assert len(upright) + len(turned) == len(printed.words)
    assert min(word.y_mm for word in upright) > head, "the poster's own words stand above the strips"
    strips = []
    for left, right in pairwise(edges):
        words = [word for word in turned if left <= word.x_mm < right]
        for word in words:
            assert left + CLEAR_MM < word.x_mm < right - 0.5, "a line runs into a cut"
            assert 5 < word.y_mm < head
        if words:
            strips.append("".join(word.text for word in words))
    assert len(strips) == STRIPS
    for strip in strips:
        assert strip.count(helpline()["phone"]) == 1
        assert strip.count(helpline()["text"]) == 1
    assert any(helpline()["phone"] in word.text for word in upright)
    assert any(word.text == helpline()["text"] and word.size_pt > 20 for word in upright), "large"
    assert print_faults(pdf, NUMBERS) == []
