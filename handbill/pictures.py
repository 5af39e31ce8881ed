"""Photographs and drawings, made fit for the web and for paper: the only module that knows Pillow.

A picture from a phone says where and when it was taken and with whose phone; none of that leaves this module.
What is thrown away is cut out of the file, so that nothing is compressed a second time. A picture is drawn
anew only where it has more points than can be seen, or colours that are not those of a screen.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from handbill.ink import Cmyk, Rgb

if TYPE_CHECKING:
    from PIL import Image as pillow
    from PIL import ImageCms

PPI = 300
"""Points an inch beyond which nobody sees more on paper."""
SPARE = 1.1
"""How much finer a picture may be than that, rather than be compressed again."""
WEB_WIDTH_PX = 1600
"""Twice the width of a page's column, for dense screens."""


class Unreadable(ValueError):
    """A picture that cannot be shown, with the reason as the end of a sentence."""


def bare(content: bytes) -> bytes:
    """Return a PNG, JPEG or WebP file without all that is no part of its picture; raises `Unreadable`.

    Gone are EXIF, XMP, IPTC, comments, texts, dates, small previews, and what follows the picture's end. Its
    colours, and the way up, stay. Other bytes come back as they are.
    """
    for start, kind in _KINDS:
        if content.startswith(start) and (kind is not _bare_webp or content[8:12] == b"WEBP"):
            return kind(content)
    return content


def for_web(content: bytes) -> bytes:
    """Return a bare picture no wider than a page shows on a dense screen; raises `Unreadable`."""
    with _opened(content) as picture:
        if picture.width <= WEB_WIDTH_PX or getattr(picture, "is_animated", False):
            return content
        small = _resized(_upright(picture), WEB_WIDTH_PX)
        return _saved(small, picture.format, profile=picture.info.get("icc_profile"))


@lru_cache(maxsize=32)
def for_paper(content: bytes, width_mm: float) -> bytes:
    """Return a bare picture with at most 300 points an inch at a width, in sRGB; raises `Unreadable`."""
    from PIL import ImageCms

    widest = round(width_mm / 25.4 * PPI)
    with _opened(content) as picture:
        profile = picture.info.get("icc_profile")
        lying = picture.getexif().get(_TURNED, 1) != 1  # a typesetter would turn it, and compress it anew
        width = picture.height if lying and picture.getexif()[_TURNED] > _SAME_SIDES else picture.width
        if width <= widest and not profile and not lying:
            return content
        drawn = _resized(_upright(picture), widest)
        if profile and drawn.mode in ("RGB", "CMYK"):
            try:
                own = ImageCms.ImageCmsProfile(BytesIO(profile))
                drawn = ImageCms.profileToProfile(drawn, own, _srgb(), outputMode="RGB") or drawn
            except (OSError, ImageCms.PyCMSError) as error:
                raise Unreadable("its colour profile is damaged") from error
        return _saved(drawn, picture.format)


def size(content: bytes) -> tuple[int, int]:
    """Return width and height of a picture in points, as it is stored; raises `Unreadable`."""
    with _opened(content) as picture:
        return picture.size


# --- inks ------------------------------------------------------------------------------------------


class Inks:
    """Colours of a screen as the inks of a printing condition, by its ICC profile.

    Relative colorimetric, with the black point of the paper for that of the screen.
    """

    def __init__(self, profile: bytes) -> None:
        from PIL import ImageCms

        self._transform = ImageCms.buildTransform(
            _srgb(),
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            "RGB",
            "CMYK",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )

    def colour(self, rgb: Rgb) -> Cmyk:
        """Return the inks of one colour, each in whole percent."""
        from PIL import Image, ImageCms

        point = Image.new("RGB", (1, 1), tuple(round(part * 255) for part in rgb))
        inked = ImageCms.applyTransform(point, self._transform)
        assert inked is not None
        cyan, magenta, yellow, black = inked.tobytes()
        return _percent(cyan), _percent(magenta), _percent(yellow), _percent(black)

    def jpeg(self, content: bytes) -> tuple[bytes, bool]:
        """Return a JPEG in inks, and whether it is in four of them; one of greys alone takes black only.

        As Adobe's programs write them, the four are stored the other way round: 255 is no ink.
        """
        with _opened(content) as picture:
            return _jpeg(self._inked(picture.convert("RGB")))

    def points(self, samples: bytes, width: int, height: int) -> tuple[bytes, bool]:
        """Return points of RGB as points of four inks, or of grey where there is no colour."""
        from PIL import Image

        inked = self._inked(Image.frombytes("RGB", (width, height), samples))
        return inked.tobytes(), inked.mode == "CMYK"

    def _inked(self, picture: pillow.Image) -> pillow.Image:
        from PIL import ImageChops, ImageCms

        red, green, blue = picture.split()
        differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
        if not any(any(difference.histogram()[_GREY + 1 :]) for difference in differences):
            return green
        inked = ImageCms.applyTransform(picture, self._transform)
        assert inked is not None
        return inked


def _percent(part: int) -> float:
    return round(part / 2.55) / 100


_GREY = 3
"""How far a grey's red, green and blue may differ, of 255: compressing a picture of greys does so much."""


def _jpeg(picture: pillow.Image) -> tuple[bytes, bool]:
    return _saved(picture, "JPEG"), picture.mode == "CMYK"


# --- drawn anew ------------------------------------------------------------------------------------


@contextmanager
def _opened(content: bytes) -> Iterator[pillow.Image]:
    """Open a picture; whatever goes wrong while it is open is told as `Unreadable`."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # phones make them
            with Image.open(BytesIO(content)) as picture:
                yield picture
    except Image.DecompressionBombError as error:
        raise Unreadable("it has more than 170 million points") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("it is damaged") from error


def _upright(picture: pillow.Image) -> pillow.Image:
    from PIL import ImageOps

    if picture.format == "JPEG":  # decoded at a half, a quarter or an eighth, where that is enough
        picture.draft(None, (2 * WEB_WIDTH_PX, 2 * WEB_WIDTH_PX))
    return ImageOps.exif_transpose(picture)


def _resized(picture: pillow.Image, width: int) -> pillow.Image:
    from PIL import Image

    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _saved(picture: pillow.Image, kind: str | None, profile: bytes | None = None) -> bytes:
    target = BytesIO()
    picture.info = {}  # what Pillow would write by itself
    kept = {"icc_profile": profile} if profile else {}
    match kind:
        case "PNG":
            picture.save(target, "PNG", optimize=True, **kept)
        case "WEBP":
            picture.save(target, "WEBP", quality=88, method=4, **kept)
        case _:
            picture.save(target, "JPEG", quality=90, subsampling=0, **kept)
    return target.getvalue()


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


# --- what it tells ---------------------------------------------------------------------------------


def remarks(content: bytes) -> Iterator[bytes]:
    """Yield all that a PNG, JPEG or WebP file holds beside its points: what people and programs wrote in it.

    Of other bytes, and from where a file is damaged, everything.
    """
    if content.startswith(b"\xff\xd8\xff"):
        yield from _jpeg_remarks(content)
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _chunks(content, 8, "big", _PNG_POINTS)
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        yield from _chunks(content, 12, "little", _WEBP_POINTS)
    else:
        yield content


def _jpeg_remarks(content: bytes) -> Iterator[bytes]:
    at = 2
    while content[at : at + 1] == b"\xff" and at + 2 <= len(content):
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker == 0xD9:
            at += 2
            break
        if marker in _DROPPED:
            yield content[at + 4 : at + 2 + size]
        at += 1 if marker == 0xFF else 2 + size
        if marker == 0xDA and (following := _MARKER.search(content, at)):
            at = following.start()
    yield content[at:]


def _chunks(
    content: bytes, at: int, order: Literal["big", "little"], points: frozenset[bytes]
) -> Iterator[bytes]:
    """Yield the chunks of a PNG or a WebP but those that hold points; texts that are packed, unpacked."""
    while at + 8 <= len(content):
        first, second = content[at : at + 4], content[at + 4 : at + 8]
        kind, counted = (second, first) if order == "big" else (first, second)
        size = int.from_bytes(counted, order)
        chunk = content[at + 8 : at + 8 + size]
        if kind not in points:
            yield chunk
            for start in range(min(len(chunk), 200)):
                if chunk[start : start + 1] == b"\x78":  # as zlib begins (RFC 1950)
                    with suppress(zlib.error):
                        yield zlib.decompressobj().decompress(chunk[start:], _LONGEST_REMARK)
        at += 8 + size + (4 if order == "big" else size % 2)
    yield content[at:]


_PNG_POINTS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"fdAT", b"tRNS"))
_WEBP_POINTS = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"))
_LONGEST_REMARK = 1_000_000


# --- cut out, nothing drawn anew -------------------------------------------------------------------


def _bare_jpeg(content: bytes) -> bytes:
    """Keep the segments of a JPEG that its picture needs (ITU-T T.81, annex B)."""
    kept, at, exif = [content[:2]], 2, b""
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        head = content[at : at + 4]
        if head[:2] == b"\xff\xd9":
            return b"".join((kept[0], _orientation(exif), *kept[1:], head[:2]))
        end = at + 2 + int.from_bytes(head[2:])
        if len(head) < 4 or head[0] != 0xFF or end > len(content):
            raise Unreadable("its end is missing")
        segment, marker = content[at:end], head[1]
        if marker == 0xDA:  # a scan: its points follow, up to the next marker that is not one of theirs
            following = _MARKER.search(content, end)
            if following is None:
                raise Unreadable("its end is missing")
            end = following.start()
            kept.append(content[at:end])
        elif marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            exif = exif or segment[10:]
        elif marker == 0xE0 and segment[4:9] == b"JFIF\0":
            kept.append(b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0")  # no preview
        elif marker not in _DROPPED or segment[4:].startswith(_COLOUR.get(marker, b"-")):
            kept.append(segment)
        at = end


_MARKER = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")
_DROPPED = {*range(0xE0, 0xF0), 0xFE}
"""What programs put into a JPEG for themselves, and comments."""
_COLOUR = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def _orientation(exif: bytes) -> bytes:
    """Return the segment that says which way up a JPEG is, where it must be turned, and nothing else."""
    if not exif:
        return b""
    from PIL import Image

    read = Image.Exif()
    try:
        read.load(exif)
        turned = read.get(_TURNED, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):
        return b""  # not to be read: nobody turns it
    if turned not in range(2, 9):
        return b""
    said = Image.Exif()
    said[_TURNED] = turned
    body = b"Exif\0\0" + said.tobytes().removeprefix(b"Exif\0\0")
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


_TURNED = 0x0112
_SAME_SIDES = 4
"""Up to this value a picture is turned by half or mirrored, and stays as wide (Exif 2.32, 4.6.5)."""


def _bare_png(content: bytes) -> bytes:
    """Keep the chunks of a PNG that its picture needs (ISO/IEC 15948, 11)."""
    kept, at = [content[:8]], 8
    while True:
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if end > len(content):
            raise Unreadable("its end is missing")
        kind = content[at + 4 : at + 8]
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            raise Unreadable("it is damaged")
        if kind[:1].isupper() or kind in _PNG_KEPT:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end


_PNG_KEPT = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split())
"""Beside the critical ones, whose names begin with a capital."""


def _bare_webp(content: bytes) -> bytes:
    """Keep the chunks of a WebP that its picture needs (RFC 9649, 2.7)."""
    kept, at, end = [], 12, min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while at < end:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        after = at + 8 + size + size % 2
        if at + 8 + size > len(content):
            raise Unreadable("its end is missing")
        chunk = content[at:after]
        if chunk[:4] == b"VP8X":  # which says what else there is
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_SAID]) + chunk[9:]
        if chunk[:4] in _WEBP_KEPT:
            kept.append(chunk)
        at = after
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


_WEBP_KEPT = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_SAID = 0x08 | 0x04  # EXIF and XMP

_KINDS: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _bare_png),
    (b"\xff\xd8\xff", _bare_jpeg),
    (b"RIFF", _bare_webp),
)
