"""The back of a zine's sheet: a poster, or the same in a second language, from the sample project's words."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import fold
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from test_imprint import ADDRESS, TODAY, edit, told

from handbill import finished, lettering, proof
from handbill.outcome import Options, Outcome
from handbill.pipeline import build

FORMATS = '["reading", "zine", "zine-poster", "zine-bilingual"]'
PAPERS = ("a4", "letter")
WATERING = "locales/es/LC_MESSAGES/watering.po"
TOUCH, TOUCH_ES = "Touch the soil.", "Toca la tierra."
NUMBERS = ("555-0100", "555-0123", "555-0124")


def built(folder: Path, *, draft: bool = False) -> Outcome:
    outcome = build(Options(folder, TODAY, jobs=1, draft=draft), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    return outcome


def project(folder: Path) -> Path:
    """The sample project as a zine with each kind of back, with the address of its site."""
    told(folder, ADDRESS)
    edit(
        folder,
        "content/booklets.toml",
        'audience = "survivor"',
        f'audience = "survivor"\nformats = {FORMATS}',
    )
    # A panel has no room for all ways to reach a contact and the code.
    edit(folder, "content/contacts.toml", 'tty = "711"\nweb = "plants.example/help"\n', "")
    languages = '[contact.languages]\nphone = "English and Spanish"\ntext = "English only"\n'
    edit(folder, "content/contacts.toml", languages, "")
    edit(folder, "content/contacts.toml", 'hours = "Weekdays, 9 to 5"\n', "")
    edit(folder, "content/guides/light.md", ", or look at [their site]({help-line.web})", "")
    edit(folder, "locales/es/LC_MESSAGES/light.po", ", or look at [their site]({help-line.web})", "")
    edit(folder, "locales/es/LC_MESSAGES/light.po", " o mira [su sitio]({help-line.web})", "")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project(tmp_path_factory.mktemp("zines"))
    built(folder)
    return folder


def files(folder: Path, kind: str) -> list[Path]:
    return sorted((folder / "dist/site").glob(f"*/print/first-plants-zine-{kind}-*.pdf"))


def sheet(pdf: Path) -> bytes:
    """The sheet itself, without the one before it."""
    with pikepdf.open(pdf) as opened:
        del opened.pages[:2]
        target = BytesIO()
        opened.save(target)
    return target.getvalue()


def words(panels: list[fold.Panel]) -> Counter[str]:
    return Counter(word.text for panel in panels for word in panel.words)


def test_both_kinds_are_made_and_the_language_that_others_have_on_the_back_has_none_in_two(
    made: Path,
) -> None:
    names = [path.relative_to(made / "dist/site").as_posix() for path in files(made, "*")]
    kinds = {"en": ["poster"], "es": ["bilingual", "poster"]}
    assert sorted(name for name in names if "zine-poster" in name or "bilingual" in name) == sorted(
        f"{tag}/print/first-plants-zine-{kind}-{paper}.pdf"
        for tag in kinds
        for kind in kinds[tag]
        for paper in PAPERS
    )


def test_each_side_of_a_sheet_in_two_languages_is_a_zine_with_every_number(made: Path) -> None:
    for path in files(made, "bilingual"):
        pdf = sheet(path)
        own, other = fold.zine(pdf, "ltr"), fold.zine(pdf, "ltr", side=1)
        assert {word.turned_deg for panel in (*own, *other) for word in panel.words} == {0}
        assert "Español" in words(own)
        assert "English" in words(other)
        for side in (own, other):
            there = words(side)
            assert all(there[number] for number in NUMBERS), there


def test_a_poster_has_every_number_of_the_first_contacts_and_the_way_to_the_site(made: Path) -> None:
    for path in files(made, "poster"):
        _, back = fold.sides(sheet(path))
        there = Counter(word.text for word in back.words)
        assert all(there[number] for number in NUMBERS), there
        assert {word.turned_deg for word in back.words} == {0}


@pytest.mark.parametrize("kind", ["poster", "bilingual"])
def test_the_qr_code_is_read_off_both_sides(kind: str, made: Path) -> None:
    for path in files(made, kind):
        document = pypdfium2.PdfDocument(path)
        try:
            seen = [
                [code.text for code in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())]
                for page in document
            ]
        finally:
            document.close()
        assert seen == [[], [], [ADDRESS], [ADDRESS]]


def test_a_printer_is_told_to_flip_on_the_short_edge_and_the_first_sheet_names_both_languages(
    made: Path,
) -> None:
    for path in files(made, "bilingual"):
        with pikepdf.open(path) as opened:
            assert opened.Root.ViewerPreferences.Duplex == pikepdf.Name.DuplexFlipShortEdge
        first = " ".join(word.text for word in fold.sides(path.read_bytes())[0].words)
        assert "Español" in first
        assert "English" in first


def test_a_first_sheet_says_where_no_native_speaker_has_checked_its_booklet(made: Path) -> None:
    unchecked = {
        path.parent.parent.name: "repartas" in first and "revisado" in first
        for path in files(made, "poster")
        for first in [" ".join(word.text for word in fold.sides(path.read_bytes())[0].words)]
    }
    assert unchecked == {"en": False, "es": True}


# --- what is wrong is told -----------------------------------------------------------------------------


def test_a_second_language_that_does_not_fit_holds_its_format_alone_and_is_named(tmp_path: Path) -> None:
    folder = project(tmp_path)
    # The source is too long for eight panels, its translation is not.
    long = "Water it again when the soil is dry. " * 90
    edit(folder, "content/guides/watering.md", TOUCH, long.strip())
    edit(folder, WATERING, f'msgid "{TOUCH}"', f'msgid "{long.strip()}"')
    outcome = built(folder)
    told_of = [problem.fact for problem in outcome.diagnostics if problem.code == "does-not-fit"]
    assert told_of
    assert all("`en`" in fact and " mm " in fact and "panel 7 of 8" in fact for fact in told_of), told_of
    assert files(folder, "bilingual") == []
    assert {file.locale for file in outcome.printed if file.format == "zine-poster"} == {"es"}
    assert {(item.locale, item.reason) for item in outcome.held} == {("en", "too-long"), ("es", "too-long")}


def test_a_zine_in_two_languages_is_held_alone_where_the_other_is_not_complete(tmp_path: Path) -> None:
    folder = project(tmp_path)
    edit(folder, "content/booklets.toml", f"formats = {FORMATS}", f'formats = {FORMATS}\nbeside = "es"')
    edit(folder, WATERING, f'msgstr "{TOUCH_ES}"', 'msgstr ""')
    outcome = built(folder)
    held = {(item.locale, item.reason) for item in outcome.held}
    assert held == {("en", "beside-incomplete"), ("es", "incomplete")}
    assert {file.format for file in outcome.printed if file.locale == "en"} == {
        "reading",
        "zine",
        "zine-poster",
    }
    built(folder, draft=True)
    for path in files(folder, "bilingual"):
        sides = [" ".join(word.text for word in side.words) for side in fold.sides(path.read_bytes())]
        assert ["DRAFT" in side for side in sides] == [True, False, True, False]
        assert "BORRADOR" in sides[3]


def codes(folder: Path) -> dict[str, set[str]]:
    """Format → the codes of the Spanish files in it."""
    found: dict[str, set[str]] = {}
    for path in (folder / "dist/site/es/print").glob("*.pdf"):
        code = proof.edition(lettering.read(path.read_bytes()), "es")
        kind = path.stem.removeprefix("first-plants").removesuffix("-a4").removesuffix("-letter")
        found.setdefault(kind, set()).add(code)
    return found


def test_an_edition_in_two_languages_is_another_one_when_either_says_something_else(
    made: Path, tmp_path: Path
) -> None:
    before = codes(made)
    assert all(len(found) == 1 for found in before.values())
    assert before[""] == before["-zine"] == before["-zine-poster"] != before["-zine-bilingual"]
    english, spanish = tmp_path / "en", tmp_path / "es"
    for folder in (english, spanish):
        shutil.copytree(made, folder)
    edit(english, "content/guides/watering.md", TOUCH, "Feel the soil.")  # the translation fits that too
    edit(english, WATERING, f'msgid "{TOUCH}"', 'msgid "Feel the soil."')
    edit(spanish, WATERING, f'msgstr "{TOUCH_ES}"', 'msgstr "Toca la tierra primero."')
    for folder in (english, spanish):
        built(folder)
        after = codes(folder)
        assert after["-zine-bilingual"] != before["-zine-bilingual"], folder.name
        assert (after["-zine"] == before["-zine"]) == (folder == english)


def test_the_print_page_names_the_edition_in_two_languages_beside_its_own_files(made: Path) -> None:
    page = (made / "dist/site/es/print.html").read_text(encoding="utf-8")
    shown = re.findall(r'class="edition" dir="ltr">([^<]+)<', page)
    found = codes(made)
    (own,), (in_two,) = found["-zine"], found["-zine-bilingual"]
    assert shown == [own, in_two]
    files, at = page.index("-zine-bilingual-letter.pdf"), page.index(in_two)
    assert "<h3>" not in page[files:at], "it stands right below the files that it is on"


# --- check reads them back -----------------------------------------------------------------------------


def redrawn(pdf: Path, page: int, change: Callable[[str], str]) -> None:
    with pikepdf.open(pdf, allow_overwriting_input=True) as opened:
        before = opened.pages[page].Contents.read_bytes().decode()
        after = change(before)
        assert after != before
        opened.pages[page].Contents = opened.make_stream(after.encode())
        opened.save(pdf)


def exchanged(drawing: str) -> str:
    """Two pages in each other's place."""
    first, second, *rest = drawing.split("\n")
    name, other = (line.split()[-3] for line in (first, second))
    return "\n".join((first.replace(name, other), second.replace(other, name), *rest))


def test_check_finds_backs_out_of_order_turned_moved_or_lost(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(made, folder)
    assert finished.check(folder, TODAY) == ()
    site = folder / "dist/site"
    turned = lambda drawing: drawing.replace("q 1 0 0 1", "q -1 0 0 -1", 1)  # noqa: E731
    mistakes: dict[str, tuple[str, Callable[[str], str], str]] = {
        "two pages of the second language": (
            "es/print/first-plants-zine-bilingual-a4.pdf",
            exchanged,
            "sheet-order",
        ),
        "the halves of a poster": ("en/print/first-plants-zine-poster-letter.pdf", exchanged, "sheet-order"),
        "a half turned": ("en/print/first-plants-zine-poster-a4.pdf", turned, "sheet-turned"),
        "a half lost": (
            "es/print/first-plants-zine-poster-a4.pdf",
            lambda drawing: drawing.partition("\n")[0],
            "sheet-order",
        ),
    }
    for name, (path, change, code) in mistakes.items():
        right = (site / path).read_bytes()
        redrawn(site / path, 3, change)
        assert code in {problem.code for problem in finished.check(folder, TODAY)}, name
        (site / path).write_bytes(right)
    assert finished.check(folder, TODAY) == ()
