"""Makes docs/formats.png, the picture of the formats in README.md, from what the last build left.

    python docs/formats.py [dist/site]

Run by a maintainer after a change of how paper looks. Greys and few colours keep it below 60 kB.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SHOWN = (
    ("en/print/for-you.pdf", 5),
    ("en/print/for-you-press.pdf", 1),
    ("es/print/for-you-a4.pdf", 4),
    ("zh-Hans/print/calm-zine-a4.pdf", 2),
    ("ar/print/getting-help-leaflet-a4.pdf", 4),
    ("en/print/getting-help-poster-strips-letter.pdf", 2),
    ("en/print/numbers-us-mixed-letter.pdf", 1),
    ("ar/print/getting-help-bilingual-a4.pdf", 5),
)
"""File and page, from 1; a language each in turn."""
HEIGHT_PX, GAP_PX, WIDTH_PX, COLOURS = 190, 14, 880, 16


def page(file: Path, number: int) -> Image.Image:
    """A page as high as the others, with a thin line around it."""
    document = pypdfium2.PdfDocument(file)
    sheet = document[min(number, len(document)) - 1]
    large = sheet.render(scale=4 * HEIGHT_PX / sheet.get_height()).to_pil().convert("RGB")
    small = large.resize((large.width // 4, HEIGHT_PX), Image.Resampling.LANCZOS)
    ImageDraw.Draw(small).rectangle((0, 0, small.width - 1, HEIGHT_PX - 1), outline="#888")
    return small


def main(site: Path) -> None:
    """Write the picture: pages in rows, in the order of `SHOWN`."""
    rows: list[list[Image.Image]] = [[]]
    for path, number in SHOWN:
        made = page(site / path, number)
        if sum(one.width + GAP_PX for one in rows[-1]) + made.width > WIDTH_PX:
            rows.append([])
        rows[-1].append(made)
    strip = Image.new("RGB", (WIDTH_PX, len(rows) * (HEIGHT_PX + GAP_PX) - GAP_PX), "white")
    for down, row in enumerate(rows):
        left = (WIDTH_PX - sum(one.width + GAP_PX for one in row) + GAP_PX) // 2
        for one in row:
            strip.paste(one, (left, down * (HEIGHT_PX + GAP_PX)))
            left += one.width + GAP_PX
    target = HERE / "formats.png"
    strip.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "dist" / "site")
