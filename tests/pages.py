"""Sources to impose: PDFs of pages with two words each, which tell where a page went and how it lies."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pikepdf

POINTS_PER_MM = 72 / 25.4

Point = tuple[float, float]
"""Across and up, in millimetres from the lower left corner of a page."""


def worded(
    names: Iterable[str],
    width_mm: float,
    height_mm: float,
    *,
    low_mm: Point,
    high_mm: Point,
    size_pt: float,
) -> bytes:
    """Return a page for each name: `low-NAME` begins at one point, `high-NAME` at another.

    It names a program, as finished files must not.
    """
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    resources = pdf.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)))
    for name in names:
        text = "".join(
            f"BT /F {size_pt} Tf {x * POINTS_PER_MM:.4f} {y * POINTS_PER_MM:.4f} Td ({word}-{name}) Tj ET\n"
            for word, (x, y) in (("low", low_mm), ("high", high_mm))
        )
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, round(width_mm * POINTS_PER_MM, 4), round(height_mm * POINTS_PER_MM, 4)],
            Resources=resources,
            Contents=pdf.make_stream(text.encode()),
        )
        pdf.pages.append(pikepdf.Page(page))
    pdf.docinfo["/Producer"] = "a program"
    target = BytesIO()
    pdf.save(target)
    return target.getvalue()
