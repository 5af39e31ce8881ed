"""Pictures tell nothing of who took them, where and with what; and they are no larger than is seen."""

from __future__ import annotations

import random
import struct
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from example import write_project
from hypothesis import given
from hypothesis import strategies as some
from PIL import ExifTags, Image, ImageChops, ImageCms, PngImagePlugin
from test_bad import TODAY

from handbill import pictures, typeset
from handbill.formats import SETTINGS
from handbill.model import Place
from handbill.outcome import Options
from handbill.pipeline import build

SECRETS = (
    b"Canon of Ana",
    b"2026:11:20",
    b"Ana took this",
    b"<x:xmpmeta",
    b"8BIM",
    b"hidden trailer",
    b"Exif",
)
"""What stands in the photographs below and must be in nothing that is published."""
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Ana took this</x:xmpmeta>'


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: maker, time, place and which way up."""
    told = Image.Exif()
    told[ExifTags.Base.Make] = "Canon of Ana"
    told[ExifTags.Base.DateTime] = "2026:11:20 10:11:12"
    told[ExifTags.Base.Orientation] = orientation
    told.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 51.0, 29.1), 3: "E", 4: (2.0, 17.0, 40.2)})
    return told


def scene(width: int = 60, height: int = 40) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (ramp, ramp.rotate(180), Image.new("L", (width, height), 90)))


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def jpeg(picture: Image.Image, orientation: int = 1, **options: Any) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif(orientation), xmp=XMP, comment=b"Ana took this", **options)
    content = target.getvalue()
    iptc = segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x11Ana took this\0\0\0\0")
    return content[:2] + iptc + content[2:] + b"hidden trailer, such as a film of the moment"


def png(picture: Image.Image) -> bytes:
    target, texts = BytesIO(), PngImagePlugin.PngInfo()
    texts.add_text("Author", "Ana took this")
    texts.add_text("Comment", "Ana took this", zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    picture.save(target, "PNG", pnginfo=texts, exif=exif())
    time_chunk = b"tIME" + struct.pack(">HBBBBB", 2026, 11, 20, 10, 11, 12)
    chunk = struct.pack(">I", 7) + time_chunk + struct.pack(">I", zlib.crc32(time_chunk))
    content = target.getvalue()
    return content[:33] + chunk + content[33:] + b"hidden trailer"


def webp(picture: Image.Image, **options: Any) -> bytes:
    target = BytesIO()
    picture.save(target, "WEBP", exif=exif().tobytes(), xmp=XMP, **options)
    return target.getvalue() + b"hidden trailer"


def points(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        return picture.copy()


PHOTOGRAPHS = {
    "JPEG": jpeg(scene()),
    "JPEG in several passes": jpeg(scene(), progressive=True),
    "JPEG of greys": jpeg(scene().convert("L")),
    "JPEG in inks": jpeg(scene().convert("CMYK")),
    "JPEG with marks to begin anew": jpeg(scene(600, 400), quality=95, restart_marker_rows=1),
    "PNG": png(scene()),
    "PNG with a palette": png(scene().quantize(16)),
    "PNG that is seen through": png(scene().convert("RGBA")),
    "WebP": webp(scene()),
    "WebP without loss": webp(scene(), lossless=True),
    "WebP that is seen through": webp(scene().convert("RGBA")),
}


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
def test_nothing_is_left_but_the_picture_and_it_is_the_same_to_the_point(kind: str) -> None:
    photograph = PHOTOGRAPHS[kind]
    assert any(secret in photograph for secret in SECRETS)
    bare = pictures.bare(photograph)
    assert [secret for secret in SECRETS if secret in bare] == []
    before, after = points(photograph), points(bare)
    assert (before.mode, before.size, before.tobytes()) == (after.mode, after.size, after.tobytes())
    assert not dict(after.getexif())
    assert set(after.info) <= {
        "jfif", "jfif_version", "jfif_density", "jfif_unit", "dpi", "progressive", "progression", "adobe",
        "adobe_transform", "loop", "background", "timestamp", "duration", "transparency", "icc_profile",
    }  # fmt: skip
    assert pictures.bare(bare) == bare


@pytest.mark.parametrize("orientation", range(1, 9))
def test_which_way_up_a_photograph_is_stays_and_nothing_else(orientation: int) -> None:
    bare = pictures.bare(jpeg(scene(), orientation))
    assert dict(points(bare).getexif()) == (
        {} if orientation == 1 else {ExifTags.Base.Orientation: orientation}
    )
    assert b"Ana" not in bare


def test_a_profile_of_colours_stays() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for photograph in (jpeg(scene(), icc_profile=profile), webp(scene(), icc_profile=profile)):
        assert points(pictures.bare(photograph)).info["icc_profile"] == profile


@given(some.data())
def test_a_damaged_picture_is_told_or_comes_back_but_never_as_a_bug(choice: some.DataObject) -> None:
    photograph = bytearray(PHOTOGRAPHS[choice.draw(some.sampled_from(sorted(PHOTOGRAPHS)))])
    for _ in range(choice.draw(some.integers(0, 3))):
        photograph[choice.draw(some.integers(0, len(photograph) - 1))] = choice.draw(some.integers(0, 255))
    content = bytes(photograph[: choice.draw(some.integers(0, len(photograph)))])
    for step in (pictures.bare, pictures.for_web, lambda content: pictures.for_paper(content, 10.0)):
        try:
            content = step(content)
        except pictures.Unreadable:
            return


@pytest.mark.parametrize("kind", PHOTOGRAPHS)
def test_a_picture_cut_short_is_told(kind: str) -> None:
    whole = pictures.bare(PHOTOGRAPHS[kind])
    with pytest.raises(pictures.Unreadable):
        pictures.bare(whole[: len(whole) * 2 // 3])


def test_a_small_picture_is_not_compressed_anew() -> None:
    bare = pictures.bare(jpeg(scene(1600, 900)))
    assert pictures.for_web(bare) == bare
    assert pictures.for_paper(bare, 139.7) == bare


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_one_is_made_as_wide_as_is_seen_and_stands_the_right_way_up(orientation: int) -> None:
    wide = scene(3200, 1800)
    stored = wide if orientation == 1 else wide.transpose(Image.Transpose.ROTATE_90)
    bare = pictures.bare(jpeg(stored, orientation))
    web, paper = points(pictures.for_web(bare)), points(pictures.for_paper(bare, 139.7))
    assert web.size[0] == pictures.WEB_WIDTH_PX
    assert paper.size == (1650, 928)
    for made in (web, paper):
        assert not dict(made.getexif())
        far = ImageChops.difference(made.resize((16, 9)), wide.resize((16, 9)))
        assert max(band[1] for band in far.getextrema()) < 12


def test_a_photograph_in_other_colours_is_printed_in_the_screens() -> None:
    """With a profile in which red and blue are exchanged, what is stored as red is blue."""
    profile = _swapped_profile()
    target = BytesIO()
    Image.new("RGB", (8, 8), (255, 0, 0)).save(target, "PNG", icc_profile=profile)
    made = points(pictures.for_paper(pictures.bare(target.getvalue()), 139.7))
    red, _, blue = made.getpixel((0, 0))
    assert blue > 200 > 60 > red
    assert "icc_profile" not in made.info


def _swapped_profile() -> bytes:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    whole = bytearray(srgb)
    count = int.from_bytes(whole[128:132])
    tags = {srgb[at : at + 4]: at for at in range(132, 132 + 12 * count, 12)}
    first, third = tags[b"rXYZ"] + 4, tags[b"bXYZ"] + 4
    whole[first : first + 8], whole[third : third + 8] = whole[third : third + 8], whole[first : first + 8]
    return bytes(whole)


# --- through the whole build ---------------------------------------------------------------------------


def test_a_photograph_of_30_megabytes_comes_out_small_and_tells_nothing(tmp_path: Path) -> None:
    write_project(tmp_path)
    noise = random.Random(4).randbytes(6400 * 4800)
    grain = Image.frombytes("L", (6400, 4800), noise)
    photograph = jpeg(Image.merge("RGB", (grain, grain, grain)), quality=97, subsampling=0)
    assert len(photograph) > 30_000_000
    (tmp_path / "content" / "images" / "leaf.jpg").write_bytes(photograph)
    guide = tmp_path / "content" / "guides" / "light.md"
    guide.write_text(guide.read_text() + "\n![Grain.](images/leaf.jpg)\n")
    began = time.process_time()
    outcome = build(Options(tmp_path, TODAY, jobs=1), lambda what, done, total: None)
    assert not outcome.failed, outcome.diagnostics
    assert time.process_time() - began < 60
    made = tmp_path / "dist" / "site"
    assert points((made / "images" / "leaf.jpg").read_bytes()).width == pictures.WEB_WIDTH_PX
    for file in made.rglob("*"):
        if file.suffix in (".jpg", ".png", ".pdf"):
            content = file.read_bytes().replace(b"<x:xmpmeta", b"", file.suffix == ".pdf")  # its own title
            assert [secret for secret in SECRETS if secret in content] == [], file
    for file in made.rglob("*.pdf"):
        with pikepdf.open(file) as pdf:
            found = [thing for thing in pdf.objects if _is_picture(thing)]
            assert all(int(thing["/Width"]) <= 139.7 / 25.4 * pictures.PPI + 1 for thing in found)


def _is_picture(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == pikepdf.Name.Image


@pytest.mark.parametrize("turned", [1, 6])
def test_a_photograph_is_compressed_once_on_its_way_to_paper(turned: int) -> None:
    """What is in the PDF is, to the byte, the one JPEG that was made of it; finer tables than quality 75."""
    column_mm = 106.7
    content = pictures.for_paper(pictures.bare(jpeg(scene(3000, 2000), turned, quality=95)), column_mm)
    assert points(content).width == 1260
    with pikepdf.open(BytesIO(printed(content, f"{column_mm}mm"))) as pdf:
        (found,) = [thing for thing in pdf.objects if _is_picture(thing)]
        assert found.read_raw_bytes() == content
    with Image.open(BytesIO(content)) as picture:
        assert max(picture.quantization[0]) < 30, "as of quality 90; of 75 it is 60"  # type: ignore[attr-defined]


def test_a_small_photograph_that_lies_on_its_side_is_compressed_once_too() -> None:
    content = pictures.for_paper(pictures.bare(jpeg(scene(300, 200), 6, quality=95)), 106.7)
    assert points(content).size == (200, 300)
    with pikepdf.open(BytesIO(printed(content, "40mm"))) as pdf:
        (found,) = [thing for thing in pdf.objects if _is_picture(thing)]
        assert found.read_raw_bytes() == content


def printed(content: bytes, width: str) -> bytes:
    html = (
        '<html lang="en" dir="ltr"><head><title>x</title></head><body><img src="images/a.jpg" alt="x"></body>'
    )
    css = f"@page {{ size: 139.7mm 210mm; margin: 16.5mm }} body {{ margin: 0 }} img {{ width: {width} }}"
    return typeset.typeset(typeset.PrintSource(Place("x"), html, (css,), (("images/a.jpg", content),))).pdf


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.picture_mm])
def test_a_picture_can_stand_as_wide_as_a_setting_says(name: str) -> None:
    """Or photographs would be compressed twice, or printed coarser than they need to be."""
    setting = SETTINGS[name]
    templates = Path(__file__).parent.parent / "templates"
    css = tuple((templates / sheet).read_text(encoding="utf-8") for sheet in setting.css)
    figure = '<figure><img src="images/a.jpg" alt="x"></figure>'
    body = f'<div class="text"><section class="chapter"><h1>A</h1>{figure}</section></div>'
    if setting.beside and not setting.back:
        pair = f'<div class="pair"><div class="own">{figure}</div><div class="other">{figure}</div></div>'
        body = f'<div class="text"><section class="chapter">{pair}</section></div>'
    html = f'<html lang="en" dir="ltr"><head><title>x</title></head><body>{body}</body></html>'
    files = (("images/a.jpg", jpeg(scene(3000, 2000))),)
    with pikepdf.open(BytesIO(typeset.typeset(typeset.PrintSource(Place("x"), html, css, files)).pdf)) as pdf:
        (found,) = [thing for thing in pdf.objects if _is_picture(thing)]
        assert int(found["/Width"]) / pictures.PPI * 25.4 == pytest.approx(setting.picture_mm, abs=0.3)


def test_a_picture_printed_small_has_no_more_than_300_points_an_inch() -> None:
    content = pictures.bare(jpeg(scene(1600, 1200)))
    html = (
        '<html lang="en" dir="ltr"><head><title>x</title></head><body><img src="images/a.jpg" alt="x"></body>'
    )
    css = "@page { size: 139.7mm 210mm; margin: 20mm } img { width: 50.8mm }"
    source = typeset.PrintSource(Place("x"), html, (css,), (("images/a.jpg", content),))
    with pikepdf.open(BytesIO(typeset.typeset(source).pdf)) as pdf:
        (found,) = [thing for thing in pdf.objects if _is_picture(thing)]
        assert (int(found["/Width"]), int(found["/Height"])) == (600, 450)
