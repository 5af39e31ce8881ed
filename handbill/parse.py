"""Phase *parse*: a guide's Markdown → a `Document` of finished HTML with slots for its messages.

A guide is parsed once, whatever the number of locales. Checks here need nothing but the guide; what
needs the whole project (does the linked guide exist? is this a contact's number?) is the plan's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from handbill import diagnostics, markdown, room, worksheet
from handbill.model import (
    Diagnostic,
    Document,
    Guide,
    Heading,
    Message,
    MessageKind,
    Place,
    Unit,
)

CALLOUTS = ("warning", "note", "steps")
"""Kinds of callout: a box with a title."""
CRITICAL = ("warning", "steps", "critical")
"""Containers whose messages may do harm if they are wrong. `critical` is that mark and nothing else: it has
neither title nor box. The only other container is `lines`, ruled lines to write on."""

_MOST_LINES = 30
_HEADING_ID = re.compile(r"\s*\{#([^}]*)\}\s*$")
_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
_ONLY_IMAGE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]+)\)")


def parse(guide: Guide) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Return the guide's document; `messages[0]` is its title and `messages[1]` its summary.

    No message is empty, for gettext's empty message is a catalog's header. Always returns a document; it may
    be published only if no diagnostic is an error. Diagnostics: `heading-level`, `heading-id`,
    `empty-heading`, `duplicate-anchor`, `link-in-heading`, `reference-link`,
    `unknown-callout`, `callout-not-closed`, `callout-title`, `critical-title`, `line-count`.
    """
    tokens, references = markdown.blocks(guide.body)
    builder = _Builder(guide)
    builder.message(guide.title.value, "title", guide.title.place, room.TITLE)
    builder.must_become_a_link(guide.title.value, guide.title.place)
    builder.message(guide.summary.value, "summary", guide.summary.place, room.SUMMARY)
    for label in references:
        builder.problems.append(diagnostics.reference_link(_label_place(guide, label), label))
    for unit in _top_level(tokens):
        builder.unit(unit)
    return builder.document(), tuple(builder.problems)


def _label_place(guide: Guide, label: str) -> Place:
    for offset, line in enumerate(guide.body.split("\n")):
        if line.lstrip().casefold().startswith(f"[{label.casefold()}]:"):
            return Place(guide.path, guide.body_line + offset)
    return Place(guide.path, guide.body_line)


def _top_level(tokens: Sequence[markdown.Token]) -> Iterator[Sequence[markdown.Token]]:
    """Yield the runs of tokens that make up one top-level block each: the units."""
    start = depth = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : index + 1]
            start = index + 1


class _Builder:
    """Collects messages, units and anchors while the tokens go by; lives only inside `parse`."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._lines = guide.body.split("\n")
        self.problems: list[Diagnostic] = []
        self._messages: list[Message] = []
        self._units: list[Unit] = []
        self._headings: list[Heading] = []
        self._path: list[tuple[int, str]] = []
        """Level and text of the headings above, outermost first."""
        self._critical = 0
        """How many critical containers are open."""
        self._anchors: list[str] = []
        self._images: list[str] = []
        self._html: list[str] = []
        self._slots: list[int] = []
        self._piece: list[str] = []
        self._line = guide.body_line
        self._level = 1

    def document(self) -> Document:
        return Document(
            guide=self._guide.id,
            messages=tuple(self._messages),
            units=tuple(self._units),
            headings=tuple(self._headings),
            anchors=tuple(self._anchors),
            images=tuple(dict.fromkeys(self._images)),
        )

    def message(self, text: str, kind: MessageKind, place: Place, longest: int | None = None) -> int:
        above = tuple(heading for _, heading in self._path)
        critical = self._critical > 0
        self._messages.append(Message(text, kind, place, critical=critical, headings=above, longest=longest))
        self._images.extend(markdown.references(text).images)
        return len(self._messages) - 1

    def must_become_a_link(self, text: str, place: Place) -> None:
        found = markdown.references(text)
        if found.links or found.tokens:
            self.problems.append(diagnostics.link_in_heading(place))

    def unit(self, tokens: Sequence[markdown.Token]) -> None:
        self._html, self._slots, self._piece = [], [], []
        self._walk(tokens)
        self._html.append("".join(self._piece))
        self._units.append(Unit(tuple(self._html), tuple(self._slots)))

    def _slot(self, text: str, kind: MessageKind) -> int:
        index = self.message(text, kind, self._place())
        self._html.append("".join(self._piece))
        self._piece = []
        self._slots.append(index)
        return index

    def _place(self) -> Place:
        return Place(self._guide.path, self._line)

    def _walk(self, tokens: Sequence[markdown.Token]) -> None:
        kinds: list[MessageKind] = []
        closings: list[tuple[str, bool]] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.map is not None:
                self._line = self._guide.body_line + token.map[0]
            match token.type:
                case "heading_open":
                    self._heading(token, tokens[index + 1])
                    index += 2
                case "container_callout_open":
                    closings.append(self._container(token))
                case "container_callout_close":
                    closing, was_critical = closings.pop()
                    self._piece.append(closing)
                    self._critical -= was_critical
                case "paragraph_open" if match := _ONLY_IMAGE.fullmatch(tokens[index + 1].content.strip()):
                    self._figure(match[1], match[2])
                    index += 2
                case "inline":
                    text = markdown.fold(token.content)
                    if tokens[index - 2].type == "list_item_open" and (task := _TASK.match(text)):
                        text = text[task.end() :]
                    if text:
                        self._slot(text, kinds[-1] if kinds else "paragraph")
                case "list_item_open":
                    kinds.append("item")
                    task = _TASK.match(tokens[index + 2].content) if index + 2 < len(tokens) else None
                    is_task = task is not None and tokens[index + 1].type == "paragraph_open"
                    self._piece.append(_TASK_ITEM if is_task else "<li>")
                case "th_open" | "td_open":
                    kinds.append("cell")
                    self._piece.append(_cell(token))
                case "list_item_close" | "th_close" | "td_close":
                    kinds.pop()
                    self._piece.append(_CLOSING.get(token.type) or f"</{token.tag}>")
                case "fence":
                    self._piece.append(f"<pre><code>{escape(token.content)}</code></pre>\n")
                case "paragraph_open" | "paragraph_close" if token.hidden:
                    pass
                case _:
                    self._piece.append(_tag(token))
            index += 1

    def _heading(self, token: markdown.Token, inline: markdown.Token) -> None:
        level = int(token.tag[1])
        if level == 1 or level > min(self._level + 1, 4):
            self.problems.append(diagnostics.heading_level(self._place(), level, self._level))
        self._level = level
        self._path = [above for above in self._path if above[0] < level]
        text = markdown.fold(inline.content)
        anchor = ""
        if match := _HEADING_ID.search(text):
            text, anchor = text[: match.start()], match[1]
            if not _ANCHOR.fullmatch(anchor):
                self.problems.append(diagnostics.heading_id(self._place(), anchor))
        anchor = anchor or _slug(markdown.references(text).prose)
        if anchor in self._anchors:
            self.problems.append(diagnostics.duplicate_anchor(self._place(), anchor))
        self._anchors.append(anchor)
        self.must_become_a_link(text, self._place())
        if not text:
            self.problems.append(diagnostics.empty_heading(self._place()))
            return
        self._piece.append(f'<{token.tag} id="{escape(anchor)}">')
        index = self._slot(text, "heading")
        self._headings.append(Heading(level, anchor, index))
        self._path.append((level, text))
        self._piece.append(f"</{token.tag}>\n")

    def _figure(self, alternative: str, source: str) -> None:
        self._images.append(source)
        self._piece.append(f'<figure><img src="{escape(source)}" alt="')
        if text := markdown.fold(alternative):  # a picture without a description is an ornament
            self._slot(text, "alt")
        self._piece.append('"></figure>\n')

    def _container(self, token: markdown.Token) -> tuple[str, bool]:
        """Write the opening of a `:::` block; return its closing, and whether its messages are critical."""
        kind, _, title = token.info.strip().partition(" ")
        place = self._place()
        end = token.map[1] if token.map else 0
        if end >= len(self._lines) or not self._lines[end].lstrip(" >\t").startswith(":::"):
            self.problems.append(diagnostics.callout_not_closed(place, kind))
        if kind == "lines":
            count = int(title) if re.fullmatch("[0-9]{1,2}", title) else 0
            if not 1 <= count <= _MOST_LINES:
                self.problems.append(diagnostics.line_count(place, title, _MOST_LINES))
                count = 0
            self._piece.append(worksheet.lines(count))
            return "", False
        is_critical = kind in CRITICAL
        self._critical += is_critical
        if kind == "critical":
            if title.strip():
                self.problems.append(diagnostics.critical_title(place))
            self._piece.append('<div class="critical">\n')
            return "</div>\n", is_critical
        if kind not in CALLOUTS:
            self.problems.append(diagnostics.unknown_callout(place, kind, (*CALLOUTS, "critical", "lines")))
        elif not title.strip():
            self.problems.append(diagnostics.callout_title(place, kind))
        self._piece.append(f'<div class="callout {escape(kind)}" role="note">\n')
        if title.strip():
            self._piece.append('<p class="callout-title">')
            self._slot(markdown.fold(title), "label")
            self._piece.append("</p>\n")
        return "</div>\n", is_critical


_TASK_ITEM = f'<li class="task">{worksheet.BOX}'
_CLOSING = {
    "list_item_close": "</li>\n",
    "table_open": '<div class="table" tabindex="0"><table>\n',
    "table_close": "</table></div>\n",
    "paragraph_close": "</p>\n",
    "hr": "<hr>\n",
}


def _tag(token: markdown.Token) -> str:
    if token.type in _CLOSING:
        return _CLOSING[token.type]
    if token.nesting < 0:
        return f"</{token.tag}>\n"
    start = token.attrs.get("start")
    attributes = f' start="{start}"' if start is not None else ""
    return f"<{token.tag}{attributes}>" + ("" if token.tag == "p" else "\n")


def _cell(token: markdown.Token) -> str:
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    scope = ' scope="col"' if token.tag == "th" else ""
    names = {"center": ' class="center"', "right": ' class="end"'}
    return f"<{token.tag}{scope}{names.get(align, '')}>"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"
