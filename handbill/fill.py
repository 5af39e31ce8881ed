"""Phase *fill*: a `Document` and its translations → an `Edition`, the guide's text in one locale.

A unit is shown in the reader's language only if each of its messages is current; otherwise the whole
unit stands in the source language, marked as such. Runs once for each guide, locale and medium, so it
does as little as it can: what is the same in all locales is made ready once, as a `Form`; text without markup
skips the Markdown parser; a heading is rendered once for its place and for the contents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from handbill import markdown
from handbill.markdown import Inline
from handbill.model import Contents, Document, Edition, Html, Language, Unit


@dataclass(frozen=True, slots=True)
class Form:
    """A document made ready for one medium, for the words of any language to be filled in: made by `form`."""

    document: Document
    links: Mapping[str, str]
    """Link target as the author wrote it → `href`."""
    texts: tuple[str, ...]
    """The texts of the messages."""
    alternatives: tuple[int, ...]
    """Indices of the messages that describe an image, which become values of attributes."""
    frame: tuple[str, ...]
    """The HTML around the words of all units: there is one more piece than there are `slots`."""
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where text is filled in: the reader's language, the source's, and what inline text needs in each."""

    language: Language
    source: Language
    inline: Inline
    source_inline: Inline
    """Links of both come with each form."""
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


def form(document: Document, links: Mapping[str, str]) -> Form:
    """Return an adapted document made ready to be filled in; `links` has what its links lead to."""
    frame, slots = [""], list[int]()
    for unit in document.units:
        frame[-1] += unit.html[0]
        frame.extend(unit.html[1:])
        slots.extend(unit.slots)
    messages = document.messages
    alternatives = tuple(index for index, message in enumerate(messages) if message.kind == "alt")
    texts = tuple(message.text for message in messages)
    return Form(document, links, texts, alternatives, tuple(frame), tuple(slots))


def fill(form: Form, translations: Mapping[str, str] | None, setting: Setting) -> Edition:
    """Return the form in the setting's language; `translations` is None for the source itself.

    `translations` holds current translations only: message text → translated text. A message without
    one falls back, and its unit with it.
    """
    document, messages = form.document, form.document.messages
    inline = replace(setting.inline, links=form.links)
    targets = form.texts if translations is None else tuple(map(translations.get, form.texts))
    own = markdown.html_of_each(targets, inline)
    for index in form.alternatives:
        target = targets[index]
        own[index] = None if target is None else _alternative(target, inline)
    missing = targets.count(None)
    source_inline = replace(setting.source_inline, links=form.links) if missing else inline
    source_marks = f'lang="{setting.source.tag}" dir="{setting.source.direction}"'

    def source(index: int) -> str:
        text, is_value = messages[index].text, index in form.alternatives
        return _alternative(text, source_inline) if is_value else markdown.html(text, source_inline)

    def line(index: int) -> Html:
        """Return a message that stands alone, marked where it fell back."""
        html = own[index]
        return Html(f"<span {source_marks}>{source(index)}</span>" if html is None else html)

    def plain(index: int) -> str:
        target = targets[index]
        if target is not None:
            return markdown.plain(target, inline)
        return markdown.plain(messages[index].text, source_inline)

    if missing:
        notice = setting.fallback_notice and f'<p class="untranslated-notice">{setting.fallback_notice}</p>\n'
        body = _with_fallbacks(document.units, own, source, source_marks, notice)
    else:
        body = _woven(form.frame, [own[slot] or "" for slot in form.slots])
    return Edition(
        guide=document.guide,
        locale=setting.language.locale,
        title=line(0),
        summary=line(1),
        plain_title=plain(0),
        plain_summary=plain(1),
        body=Html(body),
        contents=tuple(
            [Contents(heading.level, heading.anchor, line(heading.message)) for heading in document.headings]
        ),
        missing=missing,
    )


def _woven(frame: Sequence[str], words: Sequence[str]) -> str:
    """Return pieces of HTML with words between each two."""
    pieces = [*frame, *words]
    pieces[::2], pieces[1::2] = frame, words
    return "".join(pieces)


def _with_fallbacks(
    units: Iterable[Unit],
    own: Sequence[str | None],
    source: Callable[[int], str],
    source_marks: str,
    notice: str,
) -> str:
    """Return the HTML of units, those that lack a message in the source language and marked so."""
    body: list[str] = []
    fell_back = False
    for unit in units:
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
    return "".join(body)


def _alternative(text: str, inline: Inline) -> str:
    """Return the description of an image as the value of an attribute."""
    return escape(markdown.plain(text, inline))
