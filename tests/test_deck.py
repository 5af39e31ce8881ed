"""Cards from words to sheets: what is held, what is made all the same, and sheets in several languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import cut
import pikepdf
import pytest
from example import write_project

from handbill import finished
from handbill.outcome import Options, Outcome
from handbill.pipeline import build

TODAY = date(2026, 11, 21)

CARD = """
[[card]]
id = "pot"
title = "For a pot"
summary = "To put into the soil."
sizes = ["us", "metric"]
mixed = true

[[card.face]]
heading = "Water"
contacts = ["plant-rescue", "help-line"]

[[card.face]]
lines = ["Feel the soil first."]
notice = true
"""
TWO = """
[[card]]
id = "two"
title = "For two"
summary = "In two languages."
sizes = ["us"]
back = "en"

[[card.face]]
contacts = ["help-line"]
"""
SPANISH = {
    "For a pot": "Para una maceta",
    "To put into the soil.": "Para poner en la tierra.",
    "Water": "Agua",
    "Feel the soil first.": "Primero toca la tierra.",
    "For two": "Para dos",
    "In two languages.": "En dos idiomas.",
}


def made(folder: Path, cards: str, spanish: dict[str, str]) -> tuple[Outcome, dict[str, bytes]]:
    """Build the sample with cards, and return the outcome and the files of cards by path."""
    write_project(folder)
    booklets = folder / "content" / "booklets.toml"
    booklets.write_text(booklets.read_text(encoding="utf-8") + cards, encoding="utf-8")
    catalog = folder / "locales" / "es" / "LC_MESSAGES" / "interface.po"
    entries = "".join(f'\nmsgid "{source}"\nmsgstr "{target}"\n' for source, target in spanish.items())
    catalog.write_text(catalog.read_text(encoding="utf-8") + entries, encoding="utf-8")
    outcome = build(Options(folder, TODAY, jobs=1), lambda what, done, total: None)
    site = folder / "dist" / "site"
    paths = [file.path for file in outcome.printed if file.format.startswith("card")]
    assert sorted(paths) == sorted(
        path.relative_to(site).as_posix()
        for name in ("pot", "two")
        for path in site.glob(f"*/print/{name}-*.pdf")
    )
    return outcome, {path: (site / path).read_bytes() for path in paths}


def words(card: cut.Card) -> tuple[set[str], set[str]]:
    return {word.text for word in card.front}, {word.text for word in card.back}


def test_a_card_is_made_in_each_language_and_one_sheet_has_them_all(tmp_path: Path) -> None:
    outcome, files = made(tmp_path, CARD, SPANISH)
    assert (outcome.diagnostics, outcome.held) == ((), ())
    assert len(files) == 2 * 2 * 2 * 2, "two locales, sizes, papers; one language or both"
    for path, pdf in files.items():
        tag, _, name = path.split("/")
        (cards,) = cut.read(pdf, "long")
        for card in cards:
            front, back = words(card)
            own = "Water" if tag == "en" else "Agua"
            other = "Agua" if tag == "en" else "Water"
            heading = other if "mixed" in name and card.row % 2 else own
            assert heading in front
            assert {"555-0100", "555-0123", "555-0124"} <= front
            assert ("Feel" in back, "tierra." in back) == (heading == "Water", heading == "Agua")


def test_the_back_of_a_card_with_one_face_says_the_same_in_another_language(tmp_path: Path) -> None:
    outcome, files = made(tmp_path, TWO, SPANISH)
    assert (outcome.diagnostics, outcome.held) == ((), ())
    assert sorted(files) == [
        f"{tag}/print/two-us-{paper}.pdf" for tag in ("en", "es") for paper in ("a4", "letter")
    ]
    for path, pdf in files.items():
        (cards,) = cut.read(pdf, "long")
        for card in cards:
            front, back = words(card)
            assert {"555-0123", "555-0124"} <= front & back
            spanish = {"Llamar", "Línea"}
            assert bool(spanish & front) == path.startswith("es/")
            assert bool(spanish & back) == path.startswith("en/")


def test_words_that_do_not_fit_hold_their_language_alone_and_it_is_told_by_how_much(tmp_path: Path) -> None:
    endless = " ".join(["Primero toca la tierra, y si está seca, riega la planta."] * 12)
    outcome, files = made(tmp_path, CARD + TWO, SPANISH | {"Feel the soil first.": endless})
    problems = [problem for problem in outcome.diagnostics if problem.code == "does-not-fit"]
    assert {(problem.severity, problem.place.path) for problem in problems} == {
        ("warning", "content/booklets.toml")
    }
    for problem in problems:
        assert "`es`" in problem.fact
        assert "panel 2 of 2" in problem.fact
        assert " mm " in problem.fact
    assert {(item.booklet, item.locale, item.reason) for item in outcome.held} == {("pot", "es", "too-long")}
    assert {path for path in files if "/pot-" in path} == {
        f"en/print/pot-{size}-{paper}.pdf" for size in ("us", "metric") for paper in ("a4", "letter")
    }, "no sheet in two languages without the second"
    assert len([path for path in files if "/two-" in path]) == 4, "the other card is made"


def test_a_card_that_is_not_translated_is_held_in_that_language(tmp_path: Path) -> None:
    lacking = {source: target for source, target in SPANISH.items() if source != "Water"}
    outcome, files = made(tmp_path, CARD, lacking)
    assert {(item.booklet, item.locale, item.reason) for item in outcome.held} == {
        ("pot", "es", "incomplete")
    }
    assert {path.split("/")[0] for path in files} == {"en"}


@pytest.mark.parametrize("discreet", [False, True])
def test_a_discreet_card_does_not_say_whose_number_it_is(discreet: bool, tmp_path: Path) -> None:
    card = CARD.replace("mixed = true", f"discreet = {str(discreet).lower()}")
    _, files = made(tmp_path, card, SPANISH)
    for pdf in files.values():
        for card_cut in cut.read(pdf, "long")[0]:
            front, _ = words(card_cut)
            assert {"555-0100", "555-0123"} <= front
            assert bool({"Houseplant", "Línea"} & front) or discreet
            assert not ({"Houseplant", "plantas"} & front and discreet)


# --- check reads cards back --------------------------------------------------------------------------


def checked(folder: Path) -> set[str]:
    return {problem.code for problem in finished.check(folder, TODAY)}


def redrawn(pdf: Path, side: int, change: Callable[[str], str]) -> None:
    """Draw one side of a finished file otherwise."""
    with pikepdf.open(pdf, allow_overwriting_input=True) as opened:
        page = opened.pages[side]
        before = page.Contents.read_bytes().decode()
        after = change(before)
        assert after != before
        page.Contents = opened.make_stream(after.encode())
        opened.save(pdf)


def test_check_reads_cards_back_and_finds_what_is_not_as_it_was_made(tmp_path: Path) -> None:
    made(tmp_path, CARD + TWO, SPANISH)
    assert checked(tmp_path) == set()
    site = tmp_path / "dist" / "site"

    def exchanged(drawing: str) -> str:
        first, second, *rest = drawing.split("\n")
        names = [line.split()[-3] for line in (first, second)]
        assert names[0] == names[1], "one row holds one card"
        other = next(line.split()[-3] for line in rest if line.endswith("Do Q") and names[0] not in line)
        return drawing.replace(names[0], other, 1)

    mistakes: dict[str, tuple[str, int, Callable[[str], str], str]] = {
        "a card of another language in a row": (
            "en/print/pot-us-mixed-a4.pdf",
            0,
            exchanged,
            "sheet-order",
        ),
        "a back that is moved": (
            "es/print/pot-metric-letter.pdf",
            1,
            lambda drawing: re.sub(
                r"^q (\S+ \S+ \S+ \S+) (\S+)", lambda m: f"q {m[1]} {float(m[2]) + 5.67:.4f}", drawing
            ),
            "sheet-moved",
        ),
        "a back that is turned": (
            "en/print/two-us-a4.pdf",
            1,
            lambda drawing: re.sub(r"^q 1 0 0 1 (\S+) (\S+)", r"q -1 0 0 -1 \1 \2", drawing),
            "sheet-turned",
        ),
        "a front that is not there": (
            "es/print/pot-us-letter.pdf",
            0,
            lambda drawing: drawing.partition("\n")[2],
            "number-misprinted",
        ),
    }
    for name, (path, side, change, code) in mistakes.items():
        right = (site / path).read_bytes()
        redrawn(site / path, side, change)
        assert code in checked(tmp_path), name
        (site / path).write_bytes(right)
    assert checked(tmp_path) == set()


def test_cards_of_another_edition_are_counted_and_not_looked_at(tmp_path: Path) -> None:
    made(tmp_path, CARD, SPANISH)
    booklets = tmp_path / "content" / "booklets.toml"
    words = booklets.read_text(encoding="utf-8")
    booklets.write_text(words.replace("Feel the soil first.", "Feel the soil before."), encoding="utf-8")
    (problem,) = finished.check(tmp_path, TODAY)
    assert problem.code == "edition-outdated"
    assert problem.severity == "warning"
