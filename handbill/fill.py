"""Phase *fill*: a `Document` and its translations → an `Edition`, the guide's text in one locale.

A unit is shown in the reader's language only if each of its messages is current; otherwise the whole
unit stands in the source language, marked as such. Runs once for each guide, locale and medium, so it
does as little as it can: text without markup skips the Markdown parser, and a heading is rendered once for
its place and for the contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

from handbill import markdown
from handbill.markdown import Inline
from handbill.model import Contents, Document, Edition, Html, Language, MessageKind, Unit


@dataclass(frozen=True, slots=True)
class Setting:
    """Where text is filled in: the reader's language, the source's, and what inline text needs in each."""

    language: Language
    source: Language
    inline: Inline
    source_inline: Inline
    fallback_notice: str
    """HTML in the reader's language, above each run of untranslated units; empty where the page says it."""


def adapt(document: Document, *, anchor_prefix: str, image_prefix: str) -> Document:
    """Return the document with prefixed ids and image sources, for one medium.

    In finished HTML ` id="` and ` src="` can only be attributes: in text, quotes are escaped.
    """

    def piece(html: str) -> str:
        return html.replace(' id="', f' id="{anchor_prefix}').replace(' src="', f' src="{image_prefix}')

    return replace(
        document,
        units=tuple(Unit(tuple(map(piece, unit.html)), unit.slots) for unit in document.units),
        headings=tuple(
            replace(heading, anchor=anchor_prefix + heading.anchor) for heading in document.headings
        ),
    )


def fill(document: Document, translations: Mapping[str, str] | None, setting: Setting) -> Edition:
    """Return the document in the setting's language; `translations` is None for the source itself.

    `translations` holds current translations only: message text → translated text. A message without
    one falls back, and its unit with it.
    """
    messages = document.messages
    if translations is None:
        targets: list[str | None] = [message.text for message in messages]
    else:
        targets = [translations.get(message.text) for message in messages]
    own = [
        None if target is None else _html(target, message.kind, setting.inline)
        for message, target in zip(messages, targets, strict=True)
    ]
    source_marks = f'lang="{setting.source.tag}" dir="{setting.source.direction}"'

    def source(index: int) -> str:
        return _html(messages[index].text, messages[index].kind, setting.source_inline)

    def line(index: int) -> Html:
        """Return a message that stands alone, marked where it fell back."""
        html = own[index]
        return Html(f"<span {source_marks}>{source(index)}</span>" if html is None else html)

    def plain(index: int) -> str:
        target = targets[index]
        if target is not None:
            return markdown.plain(target, setting.inline)
        return markdown.plain(messages[index].text, setting.source_inline)

    notice = (
        f'<p class="untranslated-notice">{setting.fallback_notice}</p>\n' if setting.fallback_notice else ""
    )
    body: list[str] = []
    fell_back = False
    for unit in document.units:
        words = [own[slot] for slot in unit.slots]
        # A unit without words, such as ruled lines, goes with the one before it and parts no run.
        untranslated = None in words if words else fell_back
        if untranslated and not fell_back:
            body.append(f'<div class="untranslated">\n{notice}<div {source_marks}>\n')
        elif fell_back and not untranslated:
            body.append("</div>\n</div>\n")
        fell_back = untranslated
        body.append(unit.html[0])
        for slot, word, after in zip(unit.slots, words, unit.html[1:], strict=True):
            body.append(source(slot) if untranslated or word is None else word)
            body.append(after)
    if fell_back:
        body.append("</div>\n</div>\n")
    return Edition(
        guide=document.guide,
        locale=setting.language.locale,
        title=line(0),
        summary=line(1),
        plain_title=plain(0),
        plain_summary=plain(1),
        body=Html("".join(body)),
        contents=tuple(
            Contents(heading.level, heading.anchor, line(heading.message)) for heading in document.headings
        ),
        missing=targets.count(None),
    )


def _html(text: str, kind: MessageKind, inline: Inline) -> str:
    """Return a message as HTML, or as the value of an attribute, where an image's description goes."""
    return markdown.html(text, inline) if kind != "alt" else escape(markdown.plain(text, inline))
