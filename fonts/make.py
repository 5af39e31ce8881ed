"""Makes the pinned fonts of this folder, and `fonts.toml`, from unpacked npm packages.

Run by a maintainer when a font is added or renewed, never by the build:

    npm pack @expo-google-fonts/noto-sans …     (each package named in FACES)
    tar xzf …                                   (each into a folder with the name of its package)
    python fonts/make.py FOLDER

FOLDER holds `noto-sans/`, `vazirmatn/` and `noto-sans-sc/`. The same packages and the same fontTools
give the same bytes. Of each font the outlines, the shaping rules and the legal lines are kept, but for what
its `mend` changes; hinting, vertical setting, glyph names and characters outside its `keep` are dropped.
"""

from __future__ import annotations

import hashlib
import json
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import lam_alef
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent


def _ranges(*pairs: tuple[int, int]) -> frozenset[int]:
    return frozenset(point for first, last in pairs for point in range(first, last + 1))


def european(available: frozenset[int]) -> frozenset[int]:
    """Latin with every extension (so Vietnamese too), Greek, Cyrillic, and general punctuation and signs."""
    return available & _ranges(
        (0x20, 0x52F),
        (0x1AB0, 0x1AFF),
        (0x1C80, 0x22FF),
        (0x2C60, 0x2E7F),
        (0xA640, 0xA7FF),
        (0xAB30, 0xAB6F),
        (0xFB00, 0xFB06),
        (0xFE20, 0xFE2F),
        (0xFFFC, 0xFFFD),
    )


def chinese(available: frozenset[int]) -> frozenset[int]:
    """The characters of GBK (so GB 2312, and traditional forms in names), with Latin and common signs."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    gbk = {ord(char) for pair in pairs if len(char := pair.decode("gbk", "ignore")) == 1}
    return available & (
        gbk
        | _ranges(
            (0x20, 0x24F),
            (0x2000, 0x206F),
            (0x20A0, 0x20BF),
            (0x2190, 0x21FF),
            (0x25A0, 0x27BF),
            (0x3000, 0x30FF),
            (0xFF00, 0xFFEF),
        )
    )


def whole(available: frozenset[int]) -> frozenset[int]:
    """Everything: for a script whose shaping leans on all of its characters."""
    return available


def as_it_is(font: TTFont) -> None:
    """Mends nothing."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one file of this folder comes from one file of a package."""

    file: str
    package: str  # without its scope
    source: str  # path inside the package
    family: str
    weight: int
    style: str  # as in CSS: normal or italic
    scripts: tuple[str, ...]  # ISO 15924; each is covered as far as `keep` and its upstream go
    upstream: str
    keep: Callable[[frozenset[int]], frozenset[int]]
    mend: Callable[[TTFont], None] = as_it_is  # a font with a Reserved Font Name stays so (OFL, condition 3)


SCOPE = "@expo-google-fonts"
_LATIN = ("Latn", "Grek", "Cyrl")
_EUROPE = "https://github.com/notofonts/latin-greek-cyrillic"
_VAZIRMATN = "https://github.com/rastikerdar/vazirmatn"
_CJK = "https://github.com/notofonts/noto-cjk"

FACES = (
    Recipe("NotoSans-Regular.ttf", "noto-sans", "400Regular/NotoSans_400Regular.ttf",
           "Noto Sans", 400, "normal", _LATIN, _EUROPE, european),
    Recipe("NotoSans-Italic.ttf", "noto-sans", "400Regular_Italic/NotoSans_400Regular_Italic.ttf",
           "Noto Sans", 400, "italic", _LATIN, _EUROPE, european),
    Recipe("NotoSans-Bold.ttf", "noto-sans", "700Bold/NotoSans_700Bold.ttf",
           "Noto Sans", 700, "normal", _LATIN, _EUROPE, european),
    Recipe("NotoSans-BoldItalic.ttf", "noto-sans", "700Bold_Italic/NotoSans_700Bold_Italic.ttf",
           "Noto Sans", 700, "italic", _LATIN, _EUROPE, european),
    Recipe("Vazirmatn-Regular.ttf", "vazirmatn", "400Regular/Vazirmatn_400Regular.ttf",
           "Vazirmatn", 400, "normal", ("Arab",), _VAZIRMATN, whole, lam_alef.part),
    Recipe("Vazirmatn-Bold.ttf", "vazirmatn", "700Bold/Vazirmatn_700Bold.ttf",
           "Vazirmatn", 700, "normal", ("Arab",), _VAZIRMATN, whole, lam_alef.part),
    Recipe("NotoSansSC-Regular.ttf", "noto-sans-sc", "400Regular/NotoSansSC_400Regular.ttf",
           "Noto Sans SC", 400, "normal", ("Hans",), _CJK, chinese),
    Recipe("NotoSansSC-Bold.ttf", "noto-sans-sc", "700Bold/NotoSansSC_700Bold.ttf",
           "Noto Sans SC", 700, "normal", ("Hans",), _CJK, chinese),
)  # fmt: skip


def pinned(
    source: bytes, keep: Callable[[frozenset[int]], frozenset[int]], mend: Callable[[TTFont], None] = as_it_is
) -> bytes:
    """The font mended and reduced to what print needs. Pure: the same bytes in give the same bytes out."""
    options = Options()
    options.layout_features = ["*"]  # Arabic does not join without them
    options.hinting = False  # paper has no pixels to fit
    options.glyph_names = False
    options.notdef_outline = True  # a missing character must be seen in proof, not be a gap
    options.name_IDs = ["*"]  # copyright and licence stay in the file, as the OFL asks
    options.drop_tables = [*options.drop_tables, "STAT", "gasp", "vhea", "vmtx"]
    options.harfbuzz_repacker = False  # its result would depend on whether uharfbuzz is installed
    options.recalc_timestamp = False

    font = TTFont(BytesIO(source), recalcTimestamp=False)
    mend(font)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=keep(frozenset(font.getBestCmap())))
    subsetter.subset(font)
    made = BytesIO()
    font.save(made, reorderTables=True)
    return made.getvalue()


FIELDS = "NotoSansFields-Regular.ttf"
_CODES = bytes(range(0x20, 0x100))
_TYPED = _CODES.decode("cp1252", "replace")  # a character a code of WinAnsiEncoding (ISO 32000-2, annex D)


def for_fields(regular: bytes) -> bytes:
    """The font of what is typed into a PDF's fields: one byte a letter is all that fields can have.

    A font of its own and not a subset, so that viewers may set any of its characters. Pure, as `pinned`.
    """
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.harfbuzz_repacker = False
    options.recalc_timestamp = False
    font = TTFont(BytesIO(regular), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=_TYPED.replace("\ufffd", ""))
    subsetter.subset(font)
    names = {1: "Noto Sans Fields", 4: "Noto Sans Fields Regular", 6: "NotoSansFields"}
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    made = BytesIO()
    font.save(made, reorderTables=True)
    return made.getvalue()


def _fields_entry(made: bytes) -> str:
    font = TTFont(BytesIO(made), lazy=True)
    letters, em, head = font.getBestCmap(), font["head"].unitsPerEm, font["head"]
    widths = [round(font["hmtx"][letters.get(ord(char), ".notdef")][0] * 1000 / em) for char in _TYPED]
    box = [round(edge * 1000 / em) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
    ascent, descent = (round(height * 1000 / em) for height in (font["hhea"].ascent, font["hhea"].descent))
    return f'''
[fields]
file = "fields/{FIELDS}"
name = "{font["name"].getDebugName(6)}"
sha256 = "{hashlib.sha256(made).hexdigest()}"
ascent = {ascent}
descent = {descent}
cap_height = {round(font["OS/2"].sCapHeight * 1000 / em)}
box = {box}
widths = """
{textwrap.fill(" ".join(map(str, widths)), 110)}
"""
'''


def coverage(font: bytes) -> str:
    """The characters of a font as ascending hexadecimal ranges, `20-7E A0 A2-17F`."""
    return spans(TTFont(BytesIO(font), lazy=True).getBestCmap())


def spans(points: Iterable[int]) -> str:
    """Code points as ascending, disjoint hexadecimal ranges.

    >>> spans([0x41, 0x42, 0x43, 0x61])
    '41-43 61'
    """
    found: list[list[int]] = []
    for point in sorted(points):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in found)


def _entry(recipe: Recipe, version: str, source: bytes, made: bytes) -> str:
    ranges = textwrap.fill(coverage(made), 110, break_on_hyphens=False)
    return f'''
[[face]]
file = "{recipe.file}"
family = "{recipe.family}"
weight = {recipe.weight}
style = "{recipe.style}"
scripts = {json.dumps(list(recipe.scripts))}
licence = "OFL-1.1"
upstream = "{recipe.upstream}"
package = "{SCOPE}/{recipe.package}"
version = "{version}"
source = "{recipe.source}"
source_sha256 = "{hashlib.sha256(source).hexdigest()}"
sha256 = "{hashlib.sha256(made).hexdigest()}"
codepoints = """
{ranges}
"""
'''


def main(packages: Path) -> None:
    """Writes every font of FACES and `fonts.toml` into this folder."""
    entries = ["# Written by make.py. codepoints: hexadecimal ranges, both ends included.\n"]
    for recipe in FACES:
        folder = packages / recipe.package
        version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
        source = (folder / recipe.source).read_bytes()
        made = pinned(source, recipe.keep, recipe.mend)
        (HERE / recipe.file).write_bytes(made)
        entries.append(_entry(recipe, version, source, made))
        print(f"{recipe.file}: {len(made):,} bytes")
    regular = (HERE / "NotoSans-Regular.ttf").read_bytes()
    (HERE / "fields" / FIELDS).write_bytes(made := for_fields(regular))
    entries.append(_fields_entry(made))
    (HERE / "fonts.toml").write_text("".join(entries), "utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
