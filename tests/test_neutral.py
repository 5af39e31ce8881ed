"""Titles and names tell nobody what a site is about; finished files tell nobody who made them, or when."""

from __future__ import annotations

import getpass
import os
import re
import socket
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from example import write_project
from PIL import Image, PngImagePlugin

from handbill import lettering, neutral, pdf, pictures
from handbill.outcome import Options
from handbill.pipeline import build
from handbill.source import read_source

CHECKOUT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 21)


# --- titles and names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Huir de la TRATA", ("trata",), "trata"),
        ("es/trafficking-help.html", ("traffick",), "traffick"),
        ("Essex", ("sex",), None),
        ("Contratar", ("trata",), None),
        ("مكافحة والاتجار", ("اتجار",), "اتجار"),
        ("远离暴力", ("暴力",), "暴力"),
        ("Anything", (), None),
    ],
)
def test_a_word_is_found_where_a_word_begins_or_where_words_are_written_together(
    text: str, words: tuple[str, ...], found: str | None
) -> None:
    assert neutral.word_in(text, words) == found


def test_every_language_of_this_site_says_which_words_would_tell() -> None:
    source, problems = read_source(CHECKOUT)
    assert source, problems
    telling = source.project.site.telling
    for word in ("trafficking", "abuse", "trata", "abuso", "الاتجار", "إساءة", "贩运", "虐待"):
        assert neutral.word_in(word, telling), word


def test_no_title_address_or_download_of_this_site_tells_what_it_is_about(built_site: Path) -> None:
    source, _ = read_source(CHECKOUT)
    assert source
    telling = source.project.site.telling
    told = [path for path in built_site.rglob("*") if neutral.word_in(path.name, telling)]
    titles: dict[str, str] = {}
    for path in built_site.rglob("*.html"):
        [title] = re.findall(r"<title>([^<]*)</title>", path.read_text(encoding="utf-8"))
        titles[path.name] = unescape(title)
    for path in built_site.rglob("*.pdf"):
        with pikepdf.open(path) as opened:
            titles[path.name] = str(opened.docinfo["/Title"])
    assert len(titles) > 20
    assert (told, [title for title in titles.values() if neutral.word_in(title, telling)]) == ([], [])


def test_a_title_that_only_a_template_makes_stops_the_build(tmp_path: Path) -> None:
    write_project(tmp_path)
    with (tmp_path / "content/site.toml").open("a", encoding="utf-8") as site:
        site.write('\n[neutral]\nen = ["mould"]\n')
    template = tmp_path / "templates/web/contacts.html"
    template.parent.mkdir(parents=True)
    text = (CHECKOUT / "templates/web/contacts.html").read_text(encoding="utf-8")
    template.write_text(
        re.sub(r"\{% block title %\}.*?\{% endblock %\}", "{% block title %}Mould{% endblock %}", text),
        encoding="utf-8",
    )
    outcome = build(Options(tmp_path, TODAY), lambda what, done, total: None)
    told = [problem for problem in outcome.diagnostics if problem.code == "telling-title"]
    assert {problem.place.path for problem in told} == {
        "dist/site/en/contacts.html",
        "dist/site/es/contacts.html",
    }
    assert not (tmp_path / "dist").exists()


def test_a_translated_title_that_tells_is_not_shown_and_the_rest_is(tmp_path: Path) -> None:
    write_project(tmp_path)
    with (tmp_path / "content/site.toml").open("a", encoding="utf-8") as site:
        site.write('\n[neutral]\nes = ["luz"]\n')
    outcome = build(Options(tmp_path, TODAY), lambda what, done, total: None)
    assert not outcome.failed
    assert [problem.code for problem in outcome.diagnostics] == ["translation-title"]
    page = (tmp_path / "dist/site/es/light.html").read_text(encoding="utf-8")
    assert "<title>Light: near the window, or not</title>" in page


# --- who, where and when -------------------------------------------------------------------------------


def readings(path: Path) -> Iterator[str]:
    """Yield all that a finished file says, whatever its kind."""
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        yield from lettering.pages(content)
        yield from (piece.decode(errors="replace") for piece in pdf.written(content))
        with pikepdf.open(path) as opened:
            yield " ".join(f"{key} {value}" for key, value in opened.docinfo.items())
    elif path.suffix in (".png", ".jpg", ".jpeg", ".webp"):
        yield from (piece.decode("latin-1") for piece in pictures.remarks(content))
    elif path.suffix not in (".gz", ".br"):
        yield content.decode()


def traces(folder: Path) -> dict[str, str]:
    """Return what tells of this machine, of who builds here or of today: name → a pattern."""
    host, user = socket.gethostname(), getpass.getuser()
    today = date.today()
    words = {
        "host": re.escape(host) if len(host) > 3 and host not in ("localhost", "nginx") else "",
        "user": re.escape(user) if len(user) > 3 and user not in ("root", "user", "runner") else "",
        "home": re.escape(os.path.expanduser("~")) + r"[/\\]",
        "folder": re.escape(str(folder)),
        "engine": re.escape(str(CHECKOUT)),
        "day": rf"{today:%Y-%m-%d}|{today:%Y%m%d}|{today.day} {today:%b}|{today:%B} {today.day},",
        "time": r"T\d\d:\d\d:\d\d|D:\d{8}",
        "library": r"(?i:weasyprint|pydyf|pikepdf|qpdf|jinja|handbill)",
    }
    return {name: rf"(?<![\w-])(?:{pattern})" for name, pattern in words.items() if pattern}


def test_no_finished_file_says_who_made_it_where_when_or_with_what(built: Path) -> None:
    looked_for = traces(built.parent)
    found: list[tuple[str, str, str]] = []
    count = 0
    for path in sorted(built.rglob("*")):
        if path.is_file():
            count += 1
            for text in readings(path):
                found += [
                    (path.relative_to(built).as_posix(), name, match[0])
                    for name, pattern in looked_for.items()
                    if (match := re.search(pattern, text))
                ]
    assert count > 100
    assert found == []


def test_the_traces_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!-- made in {tmp_path} on {date.today()} with WeasyPrint -->", encoding="utf-8")
    text = next(readings(page))
    assert {name for name, pattern in traces(tmp_path).items() if re.search(pattern, text)} >= {
        "folder",
        "day",
        "library",
    }


# --- pictures on the website ---------------------------------------------------------------------------

SECRET = "taken by Robin at 48.2082 N"


def _photographs(folder: Path) -> None:
    """Lay pictures with all that cameras and programs write into them where the sample has its own."""
    images = folder / "content/images"
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta>'.encode()
    picture = Image.radial_gradient("L").resize((1800, 300)).convert("RGB")
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", SECRET)
    said.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=True)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20\x1c\x02\x78\0\x1b" + SECRET.encode()
    for size in ("small", "large"):
        sized = picture if size == "large" else picture.resize((300, 50))
        for kind in ("JPEG", "WEBP"):
            target = BytesIO()
            sized.save(target, kind, exif=exif, xmp=xmp, **({"comment": SECRET} if kind == "JPEG" else {}))
            content = target.getvalue()
            if kind == "JPEG":
                segment = b"\xff\xed" + (len(iptc) + 2).to_bytes(2) + iptc
                content = content[:2] + segment + content[2:]
            (images / f"{size}.{'jpg' if kind == 'JPEG' else 'webp'}").write_bytes(content)
        sized.save(images / f"{size}.png", pnginfo=said)
    guide = folder / "content/guides/watering.md"
    names = sorted(path.name for path in images.iterdir() if path.stem in ("small", "large"))
    with guide.open("a", encoding="utf-8") as text:
        text.writelines(f"\n![Leaf number {number}](images/{name})\n" for number, name in enumerate(names))


def test_a_finished_picture_says_nothing_beside_its_points(tmp_path: Path) -> None:
    write_project(tmp_path)
    booklets = tmp_path / "content/booklets.toml"
    booklets.unlink()
    _photographs(tmp_path)
    for path in (tmp_path / "content/images").glob("[sl]*.*"):
        if path.stem in ("small", "large"):
            assert any(SECRET.encode() in piece for piece in pictures.remarks(path.read_bytes())), path
    outcome = build(Options(tmp_path, TODAY), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    finished = sorted((tmp_path / "dist/site/images").glob("[sl][ma]*.*"))
    assert len(finished) >= 6
    for path in finished:
        if path.suffix not in (".gz", ".br"):
            left = b"".join(pictures.remarks(path.read_bytes()))
            assert len(left) < 64, "what a picture needs: resolution, colours"
            assert b"Robin" not in path.read_bytes()
            with Image.open(path) as picture:
                assert (dict(picture.getexif()), picture.info.get("comment")) == ({}, None)


def test_no_picture_that_carries_meaning_is_a_drawing_in_svg(built_site: Path) -> None:
    """Tor Browser shows none in its safest mode: what is drawn must be said in words beside it."""
    for page in built_site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        shown = re.findall(r"<(?:img|object|embed|image)\b[^>]*?\.svg[^>]*>|<svg\b.*?</svg>", text, re.DOTALL)
        assert [tag for tag in shown if 'alt=""' not in tag and 'aria-hidden="true"' not in tag] == [], page
    source, _ = read_source(CHECKOUT)
    assert source
    assert not [image.name for image in source.project.images if image.name.endswith(".svg")]
