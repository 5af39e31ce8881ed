"""Our glossaries: read without a fault, alike in what they name, and kept by our translations."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import CHECKOUT

from handbill import catalogs, glossary
from handbill.model import Term
from handbill.source import read_source

LOCALES = sorted(path.parent.name for path in (CHECKOUT / "locales").glob("*/glossary.toml"))
MATTERING = (
    *("hotline", "emergency", "police", "shelter", "lawyer", "client", "safety plan", "safe", "code word"),
    *("protective order", "danger", "harm", "grounding", "tracker", "trafficking", "trafficker", "labor"),
    *("sex trafficking", "survivor", "partner", "warning sign", "advocate", "coercion", "immigration"),
)
"""Words of the guides that no glossary may leave out."""


def terms(locale: str) -> tuple[Term, ...]:
    path = glossary.path(locale)
    found, problems = glossary.read((CHECKOUT / path).read_bytes(), path)
    assert problems == ()
    return found


def test_every_locale_that_has_catalogs_has_a_glossary() -> None:
    assert {path.name for path in (CHECKOUT / "locales").iterdir() if path.is_dir()} == set(LOCALES)
    assert len(LOCALES) >= 3


@pytest.mark.parametrize("locale", LOCALES)
def test_a_glossary_has_the_words_that_matter(locale: str) -> None:
    assert {term.source for term in terms(locale)} >= set(MATTERING)


def test_the_glossaries_name_the_same_words_in_the_same_order() -> None:
    assert len({tuple(term.source for term in terms(locale)) for locale in LOCALES}) == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_forbidden_for_one_word_is_never_what_that_word_is_called(locale: str) -> None:
    for term in terms(locale):
        for word in term.forbidden:
            assert not any(preferred.startswith(word) for preferred in term.preferred), (term.source, word)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_reason_is_one_whole_sentence(locale: str) -> None:
    for term in terms(locale):
        if term.forbidden:
            assert term.reason.endswith("."), term.source
            assert ". " not in term.reason, term.source


@pytest.mark.parametrize("locale", LOCALES)
def test_our_translations_keep_to_their_glossary(locale: str) -> None:
    source, _ = read_source(CHECKOUT)
    assert source
    problems = catalogs.check_locales(source, CHECKOUT, (locale,), date(2026, 11, 22))
    assert [problem for problem in problems if problem.code.startswith("term-")] == []
