"""The interface in one locale: template strings and the reader-visible strings of the TOML files.

Gives HTML that can never carry markup from a translation, and marks what fell back to the source language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from handbill.model import Html, Language, Text

_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What gettext needs to speak one language, and to own up to what it cannot say in it.

    Keys are (`msgctxt`, `msgid`). `singular` and `plural` hold current translations only; both are empty
    in the source language, where `language == source`.
    """

    language: Language
    source: Language
    singular: Mapping[tuple[str | None, str], str]
    plural: Mapping[tuple[str | None, str], tuple[str, ...]]
    plural_form: Callable[[int], int]
    """Count → index of the plural form in `language`."""

    def html(self, message: str, **values: object) -> Html:
        """Return the message as HTML, in a `lang`-marked span where it has no translation."""
        return self.context_html(None, message, **values)

    def context_html(self, context: str | None, message: str, **values: object) -> Html:
        """Return the message of a context (`pgettext`) as HTML."""
        if self.language == self.source:
            return Html(_filled(escape(message), values))
        translation = self.singular.get((context, message))
        if translation is None:
            return self._fallback(_filled(escape(message), values))
        return Html(_filled(escape(translation), values))

    def plural_html(self, one: str, many: str, count: int, **values: object) -> Html:
        """Return the form of the message for `count` as HTML."""
        values.setdefault("num", count)
        forms = self.plural.get((None, one))
        if forms is not None:
            form = forms[min(self.plural_form(count), len(forms) - 1)]
            return Html(_filled(escape(form), values))
        source = _filled(escape(one if count == 1 else many), values)
        return Html(source) if self.language == self.source else self._fallback(source)

    def plain(self, text: Text) -> str:
        """Return a TOML string as plain text, in the source language where it has no translation."""
        return self.singular.get((None, text.value), text.value)

    def text(self, text: Text) -> Html:
        """Return a TOML string as HTML. A `%` in it is a plain character."""
        if self.language == self.source:
            return Html(escape(text.value))
        translation = self.singular.get((None, text.value))
        if translation is None:
            return self._fallback(escape(text.value))
        return Html(escape(translation))

    def _fallback(self, html: str) -> Html:
        return Html(f'<span lang="{self.source.tag}" dir="{self.source.direction}">{html}</span>')


def placeholders(message: str) -> frozenset[str]:
    """Return the names in `%(name)s` placeholders.

    >>> sorted(placeholders("%(count)s pages of 100%%, %(size)s"))
    ['count', 'size']
    """
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(message) if match[1])


def _filled(html: str, values: Mapping[str, object]) -> str:
    if "%" not in html:
        return html
    return _PLACEHOLDER.sub(
        lambda match: "%" if match[1] is None else _value(values.get(match[1], match[0])), html
    )


def _value(value: object) -> str:
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))
