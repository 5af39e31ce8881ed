"""The end of every copy: its edition code, and the QR code of the site, read back from finished files."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from example import write_project
from hypothesis import given
from hypothesis import strategies as st

from handbill import imprint, lettering, proof
from handbill.outcome import Options, Outcome
from handbill.pipeline import build

TODAY = date(2026, 11, 21)
ADDRESS = "https://plants.example/start"
ONION = f"http://{'plants' * 9}ab.onion/"
CODE = re.compile(r"(en|es)-[2-9B-Z]{4}-2026-11")


def built(folder: Path, today: date = TODAY) -> Outcome:
    outcome = build(Options(folder, today, jobs=1), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    return outcome


def edit(folder: Path, path: str, old: str, new: str) -> None:
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def told(folder: Path, address: str) -> Path:
    """The sample project with an address."""
    write_project(folder)
    edit(folder, "content/site.toml", "source_locale", f'address = "{address}"\nsource_locale')
    return folder


@pytest.fixture(scope="module")
def with_address(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = told(tmp_path_factory.mktemp("imprint"), ADDRESS)
    built(folder)
    return folder


def codes_seen(pdf: Path) -> list[str]:
    """What a telephone reads off each page, printed at 200 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            code.text
            for page in document
            for code in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
        ]
    finally:
        document.close()


@pytest.mark.parametrize("tag", ["en", "es"])
@pytest.mark.parametrize("ending", ["", "-a4", "-letter"])
def test_the_qr_code_is_read_off_every_file_and_is_the_address(
    tag: str, ending: str, with_address: Path
) -> None:
    assert codes_seen(with_address / f"dist/site/{tag}/print/first-plants{ending}.pdf") == [ADDRESS]


def test_a_booklet_without_an_address_has_no_qr_code(built_sample: Path) -> None:
    assert codes_seen(built_sample / "site/en/print/first-plants.pdf") == []


@given(st.from_regex(r"https://[a-z0-9-]{1,40}\.example(/[A-Za-z0-9._~%/-]{0,80})?", fullmatch=True))
def test_any_address_makes_a_code_of_whole_squares_with_a_quiet_zone(address: str) -> None:
    drawing = imprint.qr_svg(address)
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', drawing)[0])
    black = {
        (int(x) + step, int(y))
        for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawing)
        for step in range(int(run))
    }
    assert {0 <= x - 4 < size - 8 and 0 <= y - 4 < size - 8 for x, y in black} == {True}
    assert (size - 8 - 17) % 4 == 0
    corner = {(x, y) for x in range(4, 11) for y in range(4, 11)}
    ring = {(x, y) for x, y in corner if 5 <= x <= 9 and 5 <= y <= 9 and (x in (5, 9) or y in (5, 9))}
    assert corner - ring <= black
    assert not ring & black


@pytest.mark.parametrize("address", [ADDRESS, ONION, "https://127.example:8443"])
def test_an_address_may_be_of_the_web_or_of_an_onion_service(address: str, tmp_path: Path) -> None:
    from handbill.source import read_source

    source, problems = read_source(told(tmp_path, address))
    assert source is not None, problems
    assert source.project.site.address == address


@pytest.mark.parametrize(
    "address",
    ["http://plants.example/", "plants.example", "https://", "https://a b.example", "javascript:alert(1)"],
)
def test_any_other_address_is_an_error(address: str, tmp_path: Path) -> None:
    from handbill.source import read_source

    source, problems = read_source(told(tmp_path, address))
    assert source is None
    assert {problem.code for problem in problems} == {"bad-site-address"}


# --- editions ----------------------------------------------------------------------------------------


def editions(folder: Path) -> dict[str, str]:
    """Locale → the code that can be read at the end of its booklet, which all of its files have."""
    found: dict[str, str] = {}
    for locale in ("en", "es"):
        read = {
            proof.edition(lettering.read(path.read_bytes()), locale)
            for path in (folder / "dist/site" / locale / "print").glob("*.pdf")
        }
        assert len(read) == 1
        found[locale] = read.pop()
        assert CODE.fullmatch(found[locale])
        assert found[locale] in (folder / f"dist/site/{locale}/print.html").read_text(encoding="utf-8")
    return found


def test_every_file_and_the_print_page_show_the_edition_of_their_words(
    with_address: Path, tmp_path: Path
) -> None:
    before = editions(with_address)
    copy = tmp_path / "copy"
    shutil.copytree(with_address, copy)
    built(copy, date(2026, 11, 30))
    assert editions(copy) == before, "another day is no other edition"
    edit(copy, "content/contacts.toml", "555-0124", "555-0125")
    built(copy)
    after = editions(copy)
    assert after["en"] != before["en"]
    assert after["es"] != before["es"], "a number is in every language"


def test_a_style_sheet_makes_no_other_edition(with_address: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(with_address, copy)
    (copy / "templates/print").mkdir(parents=True)
    engine = Path(imprint.__file__).parent.parent / "templates/print/booklet.css"
    style = engine.read_text(encoding="utf-8") + "\np { color: #111 }\n"
    (copy / "templates/print/booklet.css").write_text(style, encoding="utf-8")
    built(copy)
    assert editions(copy) == editions(with_address)


@given(
    tag=st.sampled_from(["en", "es", "ar", "zh-Hans", "pt-BR"]),
    content=st.lists(st.binary(max_size=20), max_size=5),
    days=st.lists(st.dates(date(2000, 1, 1)), min_size=1),
)
def test_an_edition_code_can_be_found_again_and_looks_like_no_number(
    tag: str, content: list[bytes], days: list[date]
) -> None:
    code = imprint.edition(tag, content, days)
    assert imprint.edition(tag, content, sorted(days)) == code
    assert imprint.found(tag, f"Edition{code}7") == code
    assert code.endswith(f"-{max(days):%Y-%m}")
    assert not re.search(r"\d\d", code.removeprefix(f"{tag}-")[:4])
    assert not re.search("[AEIOU01]", code.removeprefix(f"{tag}-")[:4])


@given(st.lists(st.binary(max_size=8), unique=True, min_size=2, max_size=2))
def test_other_content_has_another_code(content: list[bytes]) -> None:
    first, second = (imprint.edition("en", [part], [TODAY]) for part in content)
    assert first != second
