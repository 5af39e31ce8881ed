"""Imposing: pages per CPU second of `handbill.impose` against pypdf doing the same, in one run.

    python benchmarks/imposing.py [sections]

A booklet of that many sections (45, which are 60 pages, unless told) is typeset once with the pinned fonts,
then put on A4 sheets by both, by turns, five times each; the best of each counts. The two must agree on what
is printed where. Needs pypdf, and pypdfium2 of the tests.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import fold  # noqa: E402
from pypdf import PageObject, PdfReader, PdfWriter, Transformation  # noqa: E402

from handbill.fonts import fontconfig_file, read_fonts  # noqa: E402
from handbill.formats import FORMATS, Job  # noqa: E402
from handbill.impose import impose  # noqa: E402
from handbill.model import Place  # noqa: E402
from handbill.pdf import _opened as opened_pdfs  # noqa: E402
from handbill.pdf import page_sizes_mm  # noqa: E402
from handbill.sheets import PAPERS  # noqa: E402
from handbill.stitch import saddle_stitch  # noqa: E402

ROUNDS = 5
PAPER = PAPERS["a4"]
CSS = """
@page { size: 139.7mm 210mm; margin: 15mm; @bottom-center { content: counter(page) } }
body { font: 11pt Noto Sans }
"""


def typeset(sections: int) -> tuple[bytes, bytes]:
    """A booklet of so many sections, tagged and with links, and its page for notes."""
    from weasyprint import HTML

    words = "You can leave at a time of your own choosing, and nobody may stop you. " * 28
    section = (
        f"<h2>Section</h2><p>Call <a href='tel:911'>911</a>. {words}</p><ul><li>One</li><li>Two</li></ul>"
    )
    bodies = (section * sections, "<h1>Notes</h1>")
    booklet, notes = (
        HTML(string=f"<html lang=en><title>For you</title><style>{CSS}</style>{body}").write_pdf(
            pdf_variant="pdf/ua-1"
        )
        for body in bodies
    )
    return booklet, notes


def job(booklet: bytes) -> Job:
    """A saddle-stitched booklet on A4, creep and all."""
    return Job(len(page_sizes_mm(booklet)), FORMATS["booklet"].outputs[0], "ltr")


def with_pikepdf(booklet: bytes, notes: bytes) -> bytes:
    """What Handbill does, the booklet read anew each time."""
    opened_pdfs.cache_clear()
    page_sizes_mm.cache_clear()
    pdf, problems = impose(
        booklet,
        notes,
        format=FORMATS["booklet"],
        job=job(booklet),
        title="x",
        language="en",
        place=Place("x"),
    )
    assert not problems
    return pdf


def with_pypdf(booklet: bytes, notes: bytes) -> bytes:
    """The same by pypdf, as its manual shows it: pages merged on to blank ones, then compressed."""
    reader, blank = PdfReader(BytesIO(booklet)), PdfReader(BytesIO(notes)).pages[0]
    writer = PdfWriter()
    drawn = FORMATS["booklet"].sides
    assert drawn is not None
    for side in drawn(job(booklet)):
        sheet = PageObject.create_blank_page(width=PAPER.width_mm * fold.MM, height=PAPER.height_mm * fold.MM)
        for slot in side.slots:
            page = blank if slot.page is None else reader.pages[slot.page - 1]
            move = Transformation().translate(slot.x_mm * fold.MM, slot.y_mm * fold.MM)
            sheet.merge_transformed_page(page, move)
        writer.add_page(sheet)
    for sheet in writer.pages:
        sheet.compress_content_streams()
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def printed(pdf: bytes) -> list[list[tuple[str, float, float]]]:
    """The words of each side and where they stand, to a tenth of a millimetre."""
    return [
        sorted((word.text, round(word.x_mm, 1), round(word.y_mm, 1)) for word in side.words)
        for side in fold.sides(pdf)
    ]


def main() -> None:
    """Print pages per CPU second, sizes and ratios."""
    sections = int(sys.argv[1]) if len(sys.argv) > 1 else 45
    with tempfile.TemporaryDirectory() as folder:
        conf = Path(folder, "fonts.conf")
        fonts = ROOT / "fonts"
        families = [face.family for face in read_fonts((fonts / "fonts.toml").read_text("utf-8"))]
        conf.write_text(fontconfig_file([str(fonts)], folder, tuple(dict.fromkeys(families))), "utf-8")
        os.environ["FONTCONFIG_FILE"] = str(conf)
        booklet, notes = typeset(sections)

    ways: dict[str, Callable[[bytes, bytes], bytes]] = {"handbill": with_pikepdf, "pypdf": with_pypdf}
    best = dict.fromkeys(ways, float("inf"))
    made: dict[str, bytes] = {}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.process_time()
            made[name] = way(booklet, notes)
            best[name] = min(best[name], time.process_time() - start)
    assert printed(made["handbill"]) == printed(made["pypdf"]), "they do not print the same"

    pages = len(PdfReader(BytesIO(booklet)).pages)
    print(f"{pages} pages, {len(booklet) / 1000:.0f} kB, on {len(saddle_stitch(pages, 'ltr'))} sheets of A4")
    for name in ways:
        speed = pages / best[name]
        print(
            f"{name:10} {best[name] * 1000:8.1f} ms CPU {speed:8.0f} pages/s {len(made[name]) / 1000:8.0f} kB"
        )
    print(
        f"handbill against pypdf: {best['pypdf'] / best['handbill']:.1f} times as fast, "
        f"{len(made['pypdf']) / len(made['handbill']):.1f} times as small"
    )


if __name__ == "__main__":
    main()
