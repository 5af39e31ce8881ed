"""Text made to fit: the largest that does, or by how much the smallest does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from example import TESTS, write_project

from handbill.formats import SETTINGS, Fitting
from handbill.model import Place
from handbill.outcome import Options
from handbill.pipeline import build
from handbill.typeset import PrintSource, fitted, typeset

CSS = """
@page { size: 70mm 100mm; margin: 0 }
[lang] { font-family: "Noto Sans" }
.cover { page: cover }
.text { page: text }
.last { page: last }
p { margin: 0; height: 10em }
"""
FITTING = Fitting((("cover", 1), ("text", 2), ("last", 1)), size_pt=(8.0, 12.0), leading=(1.2, 1.4))


pytestmark = pytest.mark.usefixtures("pinned_fonts")


def document(cover: int, text: int, last: int) -> PrintSource:
    """Paragraphs of ten ems each: at 12 pt a page holds two, at 8 pt three, and the fourth a tenth over."""
    parts = (("cover", cover), ("text", text), ("last", last))
    body = "".join(f'<section class="{name}">{"<p>words</p>" * count}</section>' for name, count in parts)
    page = f'<html lang="es" dir="ltr"><head><title>t</title></head><body>{body}</body></html>'
    return PrintSource(Place("content/booklets.toml", 7), page, (CSS,))


def size_of(source: PrintSource) -> float:
    """The size that was chosen."""
    return float(source.css[-1].partition("font-size: ")[2].partition("pt")[0])


def test_text_with_room_to_spare_is_as_large_as_it_may_be() -> None:
    source, problems = fitted(document(1, 3, 1), FITTING)
    assert problems == ()
    assert size_of(source) == 12
    assert typeset(source).pages == 4


@pytest.mark.parametrize(("count", "size"), [(4, 12.0), (5, 9.25), (6, 9.25)])
def test_the_text_is_the_largest_that_fits(count: int, size: float) -> None:
    # Three paragraphs of ten ems are 100 mm high at 9.45 pt, so 9.25 is the last step that fits.
    source, problems = fitted(document(1, count, 1), FITTING)
    assert problems == ()
    assert size_of(source) == size
    assert typeset(source).pages == 4


@pytest.mark.parametrize(
    ("parts", "panel", "beyond_mm"),
    [((1, 7, 1), 3, 3), ((1, 11, 1), 3, 132), ((4, 1, 1), 1, 3), ((1, 1, 4), 4, 3)],
)
def test_what_does_not_fit_is_told_by_language_panel_and_length(
    parts: tuple[int, int, int], panel: int, beyond_mm: int
) -> None:
    _, (problem,) = fitted(document(*parts), FITTING)
    assert (problem.code, problem.severity, problem.place.line) == ("does-not-fit", "warning", 7)
    assert f"`es` the text does not fit: {beyond_mm} mm of it stand beyond panel {panel} of 4" in problem.fact
    assert "8 pt" in problem.fact


def test_larger_text_has_more_leading_and_every_setting_stays_readable() -> None:
    assert FITTING.css(0) == "html[lang] { font-size: 8.00pt; line-height: 1.200 }"
    assert FITTING.css(FITTING.steps) == "html[lang] { font-size: 12.00pt; line-height: 1.400 }"
    for setting in SETTINGS.values():
        for script in ("Latn", "Arab", "Hans", None) if setting.fit else ():
            assert setting.fit is not None
            fitting = setting.fit.fitting(script)
            assert fitting.size_pt[0] >= (8.5 if script == "Latn" else 9)
            assert fitting.leading[0] >= (1.2 if script == "Latn" else 1.4)
            assert fitting.size_pt[0] < fitting.size_pt[1]
            assert fitting.leading[0] <= fitting.leading[1]


def test_what_does_not_fit_one_format_is_printed_in_the_others_and_the_page_says_so(tmp_path: Path) -> None:
    write_project(tmp_path, TESTS / "bad" / "does-not-fit")
    booklets = tmp_path / "content" / "booklets.toml"
    written = booklets.read_text(encoding="utf-8").replace('["zine"]', '["reading", "zine"]')
    booklets.write_text(written, encoding="utf-8")
    outcome = build(Options(tmp_path, date(2026, 11, 21)), lambda what, done, total: None)
    assert not outcome.failed
    assert {file.format for file in outcome.printed} == {"reading"}
    assert {(item.locale, item.reason) for item in outcome.held} == {("en", "too-long"), ("es", "too-long")}
    page = (tmp_path / "dist" / "site" / "en" / "print.html").read_text(encoding="utf-8")
    assert "too long for their paper" in page
    assert "first-plants.pdf" in page
    assert "zine" not in page.partition("<footer")[0].replace("does-not-fit", "")
