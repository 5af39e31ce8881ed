"""Cards from words to sheets: what is held, what is made all the same, and sheets in several languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import cut
import fold
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from example import write_project

from handbill import finished
from handbill.outcome import Options, Outcome
from handbill.pipeline import build

EDITION = re.compile(r"(?:en|es)-[2-9A-Z]{4}-\d{4}-\d\d")
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
    if not (folder / "content").exists():
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
        (cards,) = cut.read(cut.after_first(pdf), "long")
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
        (cards,) = cut.read(cut.after_first(pdf), "long")
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
        for card_cut in cut.read(cut.after_first(pdf), "long")[0]:
            front, _ = words(card_cut)
            assert {"555-0100", "555-0123"} <= front
            assert bool({"Houseplant", "Línea"} & front) or discreet
            assert not ({"Houseplant", "plantas"} & front and discreet)


# --- the sheet before them -----------------------------------------------------------------------------


def first_words(pdf: bytes) -> str:
    return " ".join(word.text for word in fold.sides(pdf)[0].words)


def test_the_sheet_before_cards_is_in_their_language_and_counts_their_sheets(tmp_path: Path) -> None:
    _, files = made(tmp_path, CARD + TWO, SPANISH)
    for path, pdf in files.items():
        said = first_words(pdf)
        assert ("imprimir" in said, "print" in said.split()) == (
            path.startswith("es/"),
            path.startswith("en/"),
        )
        values = [word.text for word in fold.sides(pdf)[0].words if word.size_pt > 15]
        sheets = (len(fold.sides(pdf)) - FIRST_SIDES) // 2
        assert str(sheets) in values
        assert str(len(cut.read(cut.after_first(pdf), "long")[0])) in values
        if "two-" in path:
            assert {"Español", "English"} <= set(said.split())


def test_a_card_on_one_side_has_a_sheet_of_one_side_before_it(tmp_path: Path) -> None:
    one = CARD.partition("\n[[card.face]]\nlines")[0].replace("mixed = true\n", "")
    _, files = made(tmp_path, one, SPANISH)
    assert files
    for pdf in files.values():
        assert len(fold.sides(pdf)) == 2
        (cards,) = cut.fronts(cut.after_first(pdf, 1))
        assert all("555-0123" in words(card)[0] for card in cards)
    assert checked(tmp_path) == set()


def test_a_draft_of_a_card_is_called_so_before_it(tmp_path: Path) -> None:
    lacking = {source: target for source, target in SPANISH.items() if source != "Water"}
    made(tmp_path, CARD, lacking)
    outcome = build(Options(tmp_path, TODAY, jobs=1, draft=True), lambda what, done, total: None)
    found = {
        path.parent.parent.name: "BORRADOR" in first_words(path.read_bytes())
        for path in (tmp_path / "dist/site").glob("*/print/pot-us-a4.pdf")
    }
    assert not outcome.failed
    assert found == {"en": False, "es": True}


# --- the way to the site -------------------------------------------------------------------------------

ADDRESS = "https://plants.example/start"
ONION = f"http://{'plants' * 9}ab.onion/"


def addressed(folder: Path, cards: str, address: str, spanish: dict[str, str]) -> dict[str, bytes]:
    """The sample with cards and the address of its site."""
    write_project(folder)
    site = folder / "content" / "site.toml"
    text = site.read_text(encoding="utf-8").replace(
        "source_locale", f'address = "{address}"\nsource_locale', 1
    )
    site.write_text(text, encoding="utf-8")
    return made(folder, cards, spanish)[1]


def codes_on(pdf: bytes, side: int) -> list[tuple[str, float, float]]:
    """What a telephone reads off a side printed at 300 dpi, and where: from the left and the foot, in mm."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[side]
        height_mm = page.get_height() / fold.MM
        found = zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())
    finally:
        document.close()
    corners = [(code.text, code.position.top_left, code.position.bottom_right) for code in found]
    return [
        (text, (a.x + b.x) / 2 / 300 * 25.4, height_mm - (a.y + b.y) / 2 / 300 * 25.4)
        for text, a, b in corners
    ]


@pytest.mark.parametrize("address", [ADDRESS, ONION], ids=["web", "onion"])
def test_each_card_has_the_qr_code_of_the_site_on_its_last_face_alone(address: str, tmp_path: Path) -> None:
    files = addressed(tmp_path, CARD, address, SPANISH)
    assert len(files) == 16
    for path, pdf in files.items():
        (cards,) = cut.read(cut.after_first(pdf), "long")
        assert codes_on(pdf, 0) == codes_on(pdf, 1) == codes_on(pdf, 2) == [], path
        codes = codes_on(pdf, 3)
        assert [text for text, _, _ in codes] == [address] * len(cards), path
        xs, ys = ({round(at) for _, *place in codes for at in place[axis : axis + 1]} for axis in (0, 1))
        assert len(xs) * len(ys) == len(cards), "one on each"
        for card in cards:
            smallest = min(word.size_pt for word in card.back if not EDITION.fullmatch(word.text))
            assert smallest > 7.99
    assert checked(tmp_path) == set()


def test_either_side_of_a_card_in_two_languages_is_whole_with_its_own_edition_and_the_way_to_the_site(
    tmp_path: Path,
) -> None:
    files = addressed(tmp_path, TWO, ADDRESS, {})
    assert files
    for path, pdf in files.items():
        (cards,) = cut.read(cut.after_first(pdf), "long")
        for side in (2, 3):  # who reads the one cannot read the other
            assert [text for text, _, _ in codes_on(pdf, side)] == [ADDRESS] * len(cards), path
        for card in cards:
            tags = [
                word.text[:2]
                for face in (card.front, card.back)
                for word in face
                if EDITION.fullmatch(word.text)
            ]
            assert sorted(tags) == ["en", "es"], path
    for locale in ("en", "es"):
        page = (tmp_path / f"dist/site/{locale}/print.html").read_text(encoding="utf-8")
        assert re.search(rf'class="edition" dir="ltr">{locale}-[2-9B-Z]{{4}}-', page)


def test_a_discreet_card_leads_nowhere_but_has_its_edition(tmp_path: Path) -> None:
    files = addressed(tmp_path, CARD.replace("mixed = true", "discreet = true"), ADDRESS, SPANISH)
    assert files
    for path, pdf in files.items():
        assert [codes_on(pdf, side) for side in range(4)] == [[]] * 4, path
        assert "plants.example" not in "".join(word.text for side in fold.sides(pdf) for word in side.words)
        for card in cut.read(cut.after_first(pdf), "long")[0]:
            assert any(EDITION.fullmatch(word.text) for word in card.back)


def test_where_the_code_would_crowd_a_face_out_the_words_stay_and_the_code_goes(tmp_path: Path) -> None:
    full = " ".join(["Feel the soil first, and then the pot."] * 12)
    spanish = SPANISH | {full: "Primero toca la tierra."}
    del spanish["Feel the soil first."]
    files = addressed(tmp_path, CARD.replace("Feel the soil first.", full), ADDRESS, spanish)
    sheets = {path: codes_on(pdf, 3) for path, pdf in files.items() if "us-a4" in path}
    assert sheets["en/print/pot-us-a4.pdf"] == []
    assert len(sheets["es/print/pot-us-a4.pdf"]) == 10
    for card in cut.read(cut.after_first(files["en/print/pot-us-a4.pdf"]), "long")[0]:
        assert sum(word.text == "soil" for word in card.back) == 12


def test_sheets_that_are_not_as_they_must_be_are_not_published(tmp_path: Path) -> None:
    made(tmp_path, CARD, SPANISH)
    site = tmp_path / "dist/site"
    before = {path: path.read_bytes() for path in site.rglob("*.pdf")}
    spoilt = 0
    for path in (tmp_path / ".cache/handbill/booklets").glob("*/pages.pdf"):
        with pikepdf.open(path, allow_overwriting_input=True) as opened:
            for page in opened.pages:
                drawing = b"0 0 0 rg\n" + page.Contents.read_bytes()
                page.Contents = opened.make_stream(drawing)
                spoilt += 1
            opened.save(path)
    assert spoilt
    cards = tmp_path / "content/booklets.toml"
    cards.write_text(f"{cards.read_text(encoding='utf-8')}\n", encoding="utf-8")
    outcome = build(Options(tmp_path, TODAY, jobs=1), lambda what, done, total: None)
    assert outcome.failed
    assert {problem.code for problem in outcome.diagnostics} == {"misprint"}
    assert all("black-in-rgb" in problem.fact for problem in outcome.diagnostics)
    assert {path: path.read_bytes() for path in site.rglob("*.pdf")} == before


# --- check reads cards back --------------------------------------------------------------------------


def checked(folder: Path) -> set[str]:
    return {problem.code for problem in finished.check(folder, TODAY)}


FIRST_SIDES = 2
"""Of the sheet before the cards."""


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
        redrawn(site / path, FIRST_SIDES + side, change)
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
