"""What must never be published stops a build, wherever it stands: in sources, pages, pictures and PDFs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from example import TESTS, files, write_project
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, PngImagePlugin

from handbill import confidential, gate, lettering, pictures, store
from handbill.confidential import LIST, LOCK, Confidential
from handbill.outcome import Options, last_outcome
from handbill.pipeline import build

TODAY = date(2026, 11, 21)
CANARY = "14 Larkspur Terrace"
NUMBER = "+1 (555) 867-5309"
LISTED = f'shelter = ["{CANARY}", "ملجأ الياسمين", "玫瑰路十四号"]\n"staff line" = "{NUMBER}"\n'
SALT = b"a grain of salt"


def known(listed: str = LISTED, *, hidden: bool = False) -> Confidential:
    """Return what a list says; or what its lock alone does."""
    read, problems = confidential.read({LIST: listed.encode()})
    assert not problems
    if not hidden:
        return read
    locked, problems = confidential.read({LOCK: confidential.lock(read.secrets, SALT).encode()})
    assert not problems
    return locked


KNOWN = {"list": known(), "lock": known(hidden=True)}


# --- looking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", KNOWN)
@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        "We are at 14 LARKSPUR\n  terrace, by the river.",
        "14, Larkspur-Terrace",
        "14 <b>Lark</b>spur Terrace",
        "14</td><td>Larkspur</td><td>Terrace",
        "14 Lark&shy;spur&nbsp;Terrace",
        "<img alt='14 Larkspur Terrace'>",
        "<!-- 14 Larkspur Terrace -->",
        "１４ Lárkspur Terrace",
        "١٤ Larkspur Terrace",
        "photo_14_larkspur_terrace.jpg",
        "إلى ملجأِ الياسَمين اليوم",
        "请到玫瑰路十四号来",
    ],
)
def test_an_address_is_found_however_it_is_written(text: str, way: str) -> None:
    assert {
        label for reading in confidential.in_markup(text) for label in confidential.found(reading, KNOWN[way])
    } == {"shelter"}


@pytest.mark.parametrize("way", KNOWN)
@pytest.mark.parametrize(
    "text",
    [
        "555-867-5309",
        "tel:+15558675309",
        "001 555.867.5309",
        "(555) 867 5309",
        "٥٥٥ ٨٦٧ ٥٣٠٩",
        "call5558675309",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, way: str) -> None:
    assert confidential.found(text, KNOWN[way]) == ("staff line",)


@pytest.mark.parametrize("way", KNOWN)
@pytest.mark.parametrize(
    "text",
    [
        "114 Larkspur Terrace",
        "14 Larkspur",
        "Terrace, Larkspur 14",
        "555-867-5308",
        "867-5309",
        "14 Larkspurs Terrace",
    ],
)
def test_what_is_only_like_it_is_left_alone(text: str, way: str) -> None:
    assert confidential.found(text, KNOWN[way]) == ()


PHRASES = some.lists(some.text("abcdefg0123", min_size=3, max_size=6), min_size=2, max_size=4).map(" ".join)


@settings(max_examples=25)
@given(PHRASES, some.text(), some.text())
def test_a_lock_finds_what_its_list_finds(secret: str, before: str, after: str) -> None:
    listed = f'it = "{secret}"'
    if not known(listed).secrets[0].is_number:
        for text in (f"{before} {secret.upper()} {after}", before, f"{before}{secret}{after}"):
            assert confidential.found(text, known(listed, hidden=True)) == confidential.found(
                text, known(listed)
            )


def test_a_lock_tells_nothing_but_labels_and_lengths() -> None:
    text = confidential.lock(known().secrets, SALT)
    assert not re.search("larkspur|terrace|867|5309|玫瑰|ياسمين", text, re.IGNORECASE)
    assert text == confidential.lock(known().secrets, SALT)
    assert confidential.lock(known().secrets, b"another") != text


# --- seven canaries, and more --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built, with a list."""
    folder = tmp_path_factory.mktemp("listed")
    write_project(folder)
    (folder / LIST).write_text(LISTED, encoding="utf-8")
    outcome = build(Options(folder, TODAY), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    return folder


def photograph(**more: object) -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 30), "tan").save(target, "JPEG", **more)
    return target.getvalue()


def in_comment(folder: Path) -> None:
    (folder / "content/images/pot.jpg").write_bytes(photograph(comment=CANARY.encode()))


def in_xmp(folder: Path) -> None:
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:title>{CANARY}</dc:title></x:xmpmeta>'.encode()
    (folder / "content/images/pot.jpg").write_bytes(photograph(xmp=xmp))


def in_exif(folder: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = CANARY
    (folder / "content/images/pot.jpg").write_bytes(photograph(exif=exif))


def in_windows_exif(folder: Path) -> None:
    exif = Image.Exif()
    exif[0x9C9C] = CANARY.encode("utf-16-le")  # as Windows' file properties write it
    (folder / "content/images/pot.jpg").write_bytes(photograph(exif=exif))


def in_packed_png_text(folder: Path) -> None:
    target, said = BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Description", CANARY, zip=True)
    Image.new("RGB", (40, 30), "tan").save(target, "PNG", pnginfo=said)
    assert CANARY.encode() not in target.getvalue()
    (folder / "content/images/pot.png").write_bytes(target.getvalue())


def after_the_picture(folder: Path) -> None:
    (folder / "content/images/pot.jpg").write_bytes(photograph() + CANARY.encode())


def in_webp(folder: Path) -> None:
    target = BytesIO()
    Image.new("RGB", (40, 30), "tan").save(target, "WEBP", xmp=f"<a>{CANARY}</a>".encode())
    (folder / "content/images/pot.webp").write_bytes(target.getvalue())


def _in_guide(folder: Path, old: str, new: str) -> None:
    guide = folder / "content/guides/watering.md"
    text = guide.read_text(encoding="utf-8")
    assert old in text
    guide.write_text(text.replace(old, new, 1), encoding="utf-8")


def in_markdown_comment(folder: Path) -> None:
    _in_guide(folder, "\n---\n", f"\n---\n<!-- {CANARY} -->\n")


def in_front_matter(folder: Path) -> None:
    _in_guide(folder, "---\n", f"---\n# the photograph was taken at {CANARY}\n")


def in_file_name(folder: Path) -> None:
    name = f"{CANARY.replace(' ', '-')}.png"
    shutil.copy(folder / "content/images/leaf.png", folder / f"content/images/{name}")


def in_alt_text(folder: Path) -> None:
    _in_guide(folder, "![", f"![{CANARY}: ")


def in_a_template(folder: Path) -> None:
    (folder / "templates/assets").mkdir(parents=True)
    (folder / "templates/assets/more.css").write_text(f"/* {CANARY} */", encoding="utf-8")


def in_a_translation(folder: Path) -> None:
    with (folder / "locales/es/LC_MESSAGES/watering.po").open("a", encoding="utf-8") as catalog:
        catalog.write(f'\n#~ msgid "Call"\n#~ msgstr "{NUMBER}"\n')


def with_a_contact(folder: Path) -> None:
    contacts = folder / "content/contacts.toml"
    text = contacts.read_text(encoding="utf-8")
    contacts.write_text(re.sub("(?m)^phone = .*", 'phone = "555-867-5309"', text), encoding="utf-8")


CANARIES: dict[str, Callable[[Path], None]] = {
    "JPEG comment": in_comment,
    "XMP": in_xmp,
    "EXIF": in_exif,
    "Markdown comment": in_markdown_comment,
    "front matter": in_front_matter,
    "file name": in_file_name,
    "alt text": in_alt_text,
    "EXIF as Windows writes it": in_windows_exif,
    "packed PNG text": in_packed_png_text,
    "after a picture's end": after_the_picture,
    "WebP": in_webp,
    "template": in_a_template,
    "obsolete translation": in_a_translation,
    "contact": with_a_contact,
}


@pytest.mark.parametrize("hidden", [False, True], ids=["list", "lock"])
@pytest.mark.parametrize("place", CANARIES)
def test_a_canary_fails_the_build_and_leaves_the_output_as_it_was(
    place: str, hidden: bool, sample: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(sample, folder, symlinks=True)
    if hidden:
        (folder / LOCK).write_text(confidential.lock(known().secrets, SALT), encoding="utf-8")
        (folder / LIST).unlink()
    before = files(folder / "dist")
    assert before
    CANARIES[place](folder)
    outcome = build(Options(folder, TODAY), lambda what, done, total: None)
    label = "staff line" if place in ("obsolete translation", "contact") else "shelter"
    told = [problem for problem in outcome.diagnostics if problem.code.startswith("confidential")]
    assert told
    assert all(f"`{label}`" in problem.fact for problem in told)
    said = "\n".join(str(problem) for problem in outcome.diagnostics)
    assert not re.search("larkspur|867", said, re.IGNORECASE), "a message never says what it is about"
    assert files(folder / "dist") == before


def test_a_message_names_the_line(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(sample, folder)
    in_alt_text(folder)
    lines = (folder / "content/guides/watering.md").read_text(encoding="utf-8").splitlines()
    outcome = build(Options(folder, TODAY), lambda what, done, total: None)
    [problem] = outcome.diagnostics
    assert problem.place.path == "content/guides/watering.md"
    assert CANARY in lines[problem.place.line - 1]


def test_a_list_made_later_is_held_against_a_build_that_has_nothing_else_to_do(tmp_path: Path) -> None:
    write_project(tmp_path)
    options = Options(tmp_path, TODAY)
    assert not build(options, lambda what, done, total: None).failed
    assert last_outcome(options) is not None
    (tmp_path / LIST).write_text('rescuers = "plant rescue"', encoding="utf-8")
    assert last_outcome(options) is None


# --- the output itself ---------------------------------------------------------------------------------


def _pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    target = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _described(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Author"] = CANARY


def _with_xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as xmp:
        xmp["dc:title"] = CANARY


def _with_alt_text(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        {"/K": [{"/Alt": pikepdf.String(CANARY), "/S": pikepdf.Name.Figure}]}
    )


def _with_unicode(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String("ملجأ الياسمين")


def _with_link(pdf: pikepdf.Pdf) -> None:
    uri = {"/S": pikepdf.Name.URI, "/URI": pikepdf.String("tel:+15558675309")}
    pdf.pages[0].Annots = [pikepdf.Dictionary({"/Subtype": pikepdf.Name.Link, "/A": uri})]


def _with_photograph(pdf: pikepdf.Pdf) -> None:
    picture = pdf.make_stream(photograph(comment=CANARY.encode()))
    picture.Filter = pikepdf.Name.DCTDecode
    pdf.pages[0].Resources = pikepdf.Dictionary({"/XObject": {"/Im": picture}})


def _with_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["notes.txt"] = f"Meet at {CANARY}.".encode()


INSIDE = {
    "info": _described,
    "XMP": _with_xmp,
    "words of a picture": _with_alt_text,
    "UTF-16": _with_unicode,
    "link": _with_link,
    "photograph": _with_photograph,
    "attachment": _with_attachment,
}


@pytest.mark.parametrize("hidden", [False, True], ids=["list", "lock"])
@pytest.mark.parametrize("place", INSIDE)
def test_the_inside_of_a_pdf_is_read(place: str, hidden: bool, tmp_path: Path) -> None:
    listed = {LOCK: confidential.lock(known().secrets, SALT)} if hidden else {LIST: LISTED}
    for name, text in listed.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    store.write_new(tmp_path / "stage/site/a.pdf", _pdf(INSIDE[place]))
    store.write_new(tmp_path / "stage/site/b.pdf", _pdf(lambda pdf: None))
    [problem] = gate.output(tmp_path / "stage", tmp_path, "dist")
    assert (problem.code, problem.place.path) == ("confidential", "dist/site/a.pdf")


def test_the_words_on_the_pages_of_a_pdf_are_read(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample / "dist", tmp_path / "stage")
    text = "\n".join(
        reading
        for path in (tmp_path / "stage").rglob("en/print/*.pdf")
        for reading in lettering.pages(path.read_bytes())
    )
    some_words = confidential.words(text)[5:9]
    (tmp_path / LIST).write_text(f'it = "{" ".join(some_words)}"', encoding="utf-8")
    places = {problem.place.path for problem in gate.output(tmp_path / "stage", tmp_path, "dist")}
    assert any(path.endswith(".pdf") for path in places)


@pytest.mark.parametrize("path", ["site/x.html", "site/images/14-larkspur-terrace.svg", "hosting/nginx.conf"])
def test_pages_names_and_settings_of_servers_are_read(path: str, tmp_path: Path) -> None:
    (tmp_path / LIST).write_text(LISTED, encoding="utf-8")
    store.write_new(tmp_path / "stage" / path, b"" if "14" in path else b"<p title='14 Larkspur Terrace'>")
    [problem] = gate.output(tmp_path / "stage", tmp_path, "dist")
    assert "larkspur" not in str(problem).lower()


def test_what_was_read_for_one_list_is_read_again_for_another(tmp_path: Path) -> None:
    store.write_new(tmp_path / "stage/site/x.html", b"Roses and Lilies")
    for listed, count in (
        ('it = "tulips"', 0),
        ('it = "tulips"', 0),
        ('it = "roses"', 0),
        ('it = "lilies"', 1),
    ):
        (tmp_path / LIST).write_text(listed.replace("roses", "rose garden"), encoding="utf-8")
        assert len(gate.output(tmp_path / "stage", tmp_path, "dist")) == count


def test_no_list_costs_nothing(tmp_path: Path) -> None:
    assert gate.sources(tmp_path, {"content/x.md": CANARY.encode()}) == ()
    assert gate.output(tmp_path / "nowhere", tmp_path, "dist") == ()


# --- remarks of pictures -------------------------------------------------------------------------------


@given(some.sampled_from(("JPEG", "PNG", "WEBP")), some.data())
def test_remarks_of_a_damaged_picture_end(kind: str, data: some.DataObject) -> None:
    target = BytesIO()
    Image.new("RGB", (9, 9), "tan").save(target, kind)
    content = bytearray(target.getvalue())
    for _ in range(3):
        content[data.draw(some.integers(0, len(content) - 1))] = data.draw(some.integers(0, 255))
    list(pictures.remarks(bytes(content[: data.draw(some.integers(0, len(content)))])))


def test_a_small_file_cannot_unpack_to_a_large_one() -> None:
    chunk = b"a\0\0" + zlib.compress(bytes(50_000_000))
    png = b"\x89PNG\r\n\x1a\n" + len(chunk).to_bytes(4) + b"zTXt" + chunk + bytes(4)
    assert sum(map(len, pictures.remarks(png))) < 3_000_000


# --- the command ---------------------------------------------------------------------------------------


def test_the_command_writes_hashes_once_and_says_when_they_are_out_of_date(tmp_path: Path) -> None:
    write_project(tmp_path)

    def conceal() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "handbill", "-C", str(tmp_path), "conceal"],
            cwd=TESTS.parent,
            capture_output=True,
            text=True,
        )

    nothing = conceal()
    assert (nothing.returncode, "nothing to conceal" in nothing.stderr) == (1, True)
    (tmp_path / LIST).write_text(LISTED, encoding="utf-8")
    assert conceal().returncode == 0
    first = (tmp_path / LOCK).read_bytes()
    assert gate.listed(tmp_path)[1] == ()
    conceal()
    assert (tmp_path / LOCK).read_bytes() == first
    (tmp_path / LIST).write_text(LISTED + 'name = "Robin Vale"\n', encoding="utf-8")
    assert [problem.code for problem in gate.listed(tmp_path)[1]] == ["confidential-lock"]
    conceal()
    assert gate.listed(tmp_path)[1] == ()
    (tmp_path / LIST).unlink()
    assert "name" in {hidden.label for hidden in gate.listed(tmp_path)[0].hidden}


def test_both_files_are_a_part_of_what_a_build_depends_on() -> None:
    assert store.LISTS == (LIST, LOCK)
