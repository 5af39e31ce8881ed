"""Two pages of HTML in two languages, of the same blocks → one page with each block beside its like.

What comes in is the same booklet twice, made by the same template: its blocks have the same tags and classes
in the same order, and only words differ. So they are paired by their shape alone. No word is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from handbill.model import Language


def beside(own: str, other: str, own_language: Language, other_language: Language) -> str:
    """Return the page `own` with each block of `other` beside the one that it translates.

    A pair is `<div class="pair pair-TAG">` of two `<div>`, `own` first and `other` second, each with its
    `lang` and `dir`. Boxes and sections are there once, around pairs; a list becomes a pair an item, each
    with its number; of two tables, the second stands below the first; lines to write on and boxes to tick
    are there once. A block that only one page has stands beside nothing. Of ids, and of all before
    `<body>`, there are those of `own`.
    """
    page = _Page(_marks("own", own_language), _marks("other", other_language))
    head, opening, rest = own.partition("<body>")
    body, closing, foot = rest.rpartition("</body>")
    other_body = other.partition("<body>")[2].rpartition("</body>")[0]
    paired = "".join(page.paired(_blocks(body), _blocks(_ID.sub("", other_body))))
    return f"{head}{opening}\n{paired}{closing}{foot}"


def _marks(side: str, language: Language) -> str:
    return f'class="{side}" lang="{language.tag}" dir="{language.direction}"'


# --- blocks ------------------------------------------------------------------------------------------

_CONTAINERS = ("section", "nav", "main", "div", "blockquote")
_LISTS = ("ul", "ol")
_ID = re.compile(r' id="[^"]*"')
_BLOCK = re.compile(r"<(section|nav|main|div|blockquote|ul|ol|li|p|h[1-6]|table|figure|pre)\b([^>]*)>")
_CLASS = re.compile(r'\bclass="([^"]*)"')
_TICK = re.compile(r'<span class="box"[^>]*></span>')


@dataclass(frozen=True, slots=True)
class _Block:
    """One element, or a run of text between elements, which has no name."""

    name: str
    attributes: str
    inner: str

    @property
    def shape(self) -> tuple[str, str]:
        """What it has in common with its translation."""
        found = _CLASS.search(self.attributes)
        return self.name, found[1] if found else ""

    @property
    def html(self) -> str:
        if not self.name:
            return self.inner
        return f"<{self.name}{self.attributes}>{self.inner}</{self.name}>"

    def around(self, html: str, style: str = "") -> str:
        """Return the element with something else in it."""
        return f"<{self.name}{self.attributes}{style}>\n{html}</{self.name}>\n"


def _blocks(html: str) -> list[_Block]:
    """Return what HTML is made of, in its order; blank text is left out."""
    found: list[_Block] = []
    at = 0
    while opening := _BLOCK.search(html, at):
        found.append(_Block("", "", html[at : opening.start()]))
        inner_end, at = _end(html, opening[1], opening.end())
        found.append(_Block(opening[1], opening[2], html[opening.end() : inner_end]))
    found.append(_Block("", "", html[at:]))
    return [block for block in found if block.name or block.inner.strip()]


def _end(html: str, name: str, start: int) -> tuple[int, int]:
    """Return where the closing tag of an element begins and ends."""
    depth = 1
    for tag in re.compile(rf"<(/?){name}\b[^>]*>").finditer(html, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start(), tag.end()
    return len(html), len(html)


@dataclass(frozen=True, slots=True)
class _Page:
    """How a page marks its two sides."""

    own: str
    other: str

    def paired(self, own: Sequence[_Block], other: Sequence[_Block]) -> Iterator[str]:
        """Yield blocks beside each other; those that only one side has stay in its order."""
        shapes = [block.shape for block in own], [block.shape for block in other]
        for same, start, end, other_start, other_end in SequenceMatcher(None, *shapes, False).get_opcodes():
            if same == "equal":
                for pair in zip(own[start:end], other[other_start:other_end], strict=True):
                    yield self._pair(*pair)
            else:
                yield from (self._row(block.name, block.html, "") for block in own[start:end])
                yield from (self._row(block.name, "", block.html) for block in other[other_start:other_end])

    def _pair(self, own: _Block, other: _Block) -> str:
        name, kind = own.shape
        if kind.partition(" ")[0] in ("lines", "imprint"):
            return own.html
        if name == "table":
            return f"<div {self.own}>{own.html}</div>\n<div {self.other}>{other.html}</div>\n"
        parts = _blocks(own.inner), _blocks(other.inner)
        if name in _LISTS:
            return "".join(self._items(own, other, *parts))
        if name in _CONTAINERS and any(block.name for block in parts[0]):
            return own.around("".join(self.paired(*parts)))
        return self._row(name, own.html, other.html)

    def _items(
        self, own: _Block, other: _Block, items: Sequence[_Block], others: Sequence[_Block]
    ) -> Iterator[str]:
        """Yield a row for each item, which goes on counting where the one before ended."""
        for number in range(max(len(items), len(others))):
            style = f' style="counter-reset: list-item {number}"' if own.name == "ol" else ""
            yield self._row(
                "li",
                *(
                    block.around(part[number].html, style) if number < len(part) else ""
                    for block, part in ((own, items), (other, others))
                ),
            )

    def _row(self, name: str, own: str, other: str) -> str:
        kind = f"pair pair-{name}" if name else "pair"
        other = _TICK.sub("", other)
        return f'<div class="{kind}"><div {self.own}>{own}</div><div {self.other}>{other}</div></div>\n'
