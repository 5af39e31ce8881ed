"""Phase *glossary*: the words of the site in one language, from `locales/<locale>/glossary.toml`.

Only reads the file; what a translation must say is for *check*.
"""

from __future__ import annotations

from handbill import diagnostics, tables
from handbill.model import Diagnostic, Term, Text
from handbill.tables import Table


def path(locale: str) -> str:
    """Return where a locale's glossary stands, below the project's folder."""
    return f"locales/{locale}/glossary.toml"


def read(content: bytes | None, path: str) -> tuple[tuple[Term, ...], tuple[Diagnostic, ...]]:
    """Return the terms of a glossary in their order, without those that have a mistake, and the mistakes.

    Where there is no file there are no terms. Every `source` is there once, in upper or lower case.
    """
    problems: list[Diagnostic] = []
    table = tables.toml(path, {} if content is None else {path: content}, problems)
    if table is None:
        return (), tuple(problems)
    tables.check_keys(table, (), ("term",), problems)
    terms: dict[str, Term] = {}
    for item in tables.each(table, "term", problems):
        before = len(problems)
        term = _term(item, problems)
        first = terms.get(term.source.casefold())
        if term.source and first:
            place = item.values["source"].place
            problems.append(diagnostics.duplicate_term(place, term.source, first.place))
        if len(problems) == before:
            terms[term.source.casefold()] = term
    return tuple(terms.values()), tuple(sorted(problems, key=lambda problem: problem.place))


def _term(table: Table, problems: list[Diagnostic]) -> Term:
    tables.check_keys(table, ("source", "preferred"), ("forbidden", "reason"), problems)
    preferred = _words(table, "preferred", problems)
    forbidden = _words(table, "forbidden", problems)
    wanted = {word.value.casefold() for word in preferred}
    for word in forbidden:
        if word.value and word.value.casefold() in wanted:
            problems.append(diagnostics.term_forbidden_too(word.place, word.value))
    if forbidden and "reason" not in table.values:
        problems.append(diagnostics.missing_key(table.place, "reason"))
    if "reason" in table.values and "forbidden" not in table.values:
        problems.append(diagnostics.missing_key(table.values["reason"].key_place, "forbidden"))
    return Term(
        source=tables.text(table, "source", problems).value,
        preferred=tuple(word.value for word in preferred),
        forbidden=tuple(word.value for word in forbidden),
        reason=tables.text(table, "reason", problems).value,
        place=table.place,
    )


def _words(table: Table, key: str, problems: list[Diagnostic]) -> tuple[Text, ...]:
    """Return the words of a key: one text, or a list of them."""
    value = table.values.get(key)
    if value is not None and isinstance(value.raw, str):
        return (tables.as_text(value, key, problems),)
    if value is not None and value.raw == ():
        problems.append(diagnostics.empty_value(value.place, key))
    return tables.texts(table, key, problems)
