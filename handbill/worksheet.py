"""Guides to fill in: what is drawn for a pen becomes fields on the web.

No form is around them, so there is nothing that could send what is typed.

`parse` draws lines to write on and boxes to tick; on paper they stay as they are (`typeset` lays PDF fields
over them).
"""

from __future__ import annotations

import re
from dataclasses import replace

from handbill.model import Document, Unit

BOX = '<span class="box" aria-hidden="true"></span>'
"""A box to tick, at the head of a list item."""

_LINES = re.compile(r'<div class="lines" aria-hidden="true">((?:<span></span>)+)</div>')
_TICK = re.compile(re.escape(BOX) + r"(<p>)?\Z")
_LINE = "<span></span>"


def lines(count: int) -> str:
    """Return lines to write on."""
    return f'<div class="lines" aria-hidden="true">{_LINE * count}</div>\n'


def is_worksheet(document: Document) -> bool:
    """Whether a guide has lines to write on; boxes alone make a list, not a worksheet."""
    return any(_LINES.search(piece) for unit in document.units for piece in unit.html)


def fillable(document: Document) -> Document:
    """Return a worksheet with a field for each block of lines and each box; any other guide as it is.

    A field is called by the words that it belongs to, as in a PDF: those of its list item, or those
    before it; `words_0` is the page's title. Its ids hold `_`, which no author's anchor can.
    """
    if not is_worksheet(document):
        return document
    units = [list(unit.html) for unit in document.units]
    ticks = fields = 0
    asking: tuple[list[str], int] | None = None
    """The last words: their unit's HTML, and the index of the piece that they follow."""
    label = "words_0"
    for html, unit in zip(units, document.units, strict=True):
        for index in range(len(html)):
            piece = html[index]
            for found in _LINES.finditer(unit.html[index]):
                if asking:
                    before, place = asking
                    fields += 1
                    label = f"words_{fields}"
                    before[place] += f'<span id="{label}">'
                    before[place + 1] = f"</span>{before[place + 1]}"
                    asking = None
                    piece = html[index]
                rows = len(found[1]) // len(_LINE)
                piece = piece.replace(found[0], _FIELD.format(rows=rows, label=label), 1)
            if index < len(unit.slots):
                if tick := _TICK.search(piece):
                    ticks += 1
                    piece = f'{piece[: tick.start()]}<input type="checkbox" id="tick_{ticks}">{tick[1] or ""}'
                    piece += f'<label for="tick_{ticks}">'
                    html[index + 1] = f"</label>{html[index + 1]}"
                if document.messages[unit.slots[index]].kind != "alt":
                    asking = (html, index)
            html[index] = piece
    return replace(
        document,
        units=tuple(Unit(tuple(html), unit.slots) for html, unit in zip(units, document.units, strict=True)),
    )


_FIELD = (
    '<textarea class="lines" rows="{rows}" aria-labelledby="{label}" autocomplete="off" spellcheck="false"'
    ' writingsuggestions="false"></textarea>'
)
"""Without a name nothing of it could be sent; help with writing may send it to the browser's maker.

`autocomplete` tells browsers not to bring back what was typed, which most heed for fields of text alone.
"""
