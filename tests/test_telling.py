"""The screen that picks translations to be looked at closely lets nothing through that a rule asks for."""

import re

import pytest
from example import sample

from handbill import prose, rules

EVERY_CHARACTER = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x1FC00))))


@pytest.mark.parametrize(
    "coverage", [None, frozenset(map(ord, " abcdefghijklmnopqrstuvwxyzW0123456789.:;]٣é"))]
)
def test_every_digit_and_every_odd_character_tells(coverage: frozenset[int] | None) -> None:
    ground = rules.ground("es", "en", prose.known_numbers(sample().contacts), coverage, ())
    told = {match[0] for match in ground.telling.finditer(EVERY_CHARACTER)}
    assert set(re.findall(r"\d", EVERY_CHARACTER)) <= told
    assert set(ground.odd.findall(EVERY_CHARACTER)) <= told
    assert not {"a", "é", "z"} & told


@pytest.mark.parametrize("text", ["a](b", "a.b", "a:b", "www", "Www.", "<b", "{a", "`a", "*a", "\\a", "a&b"])
def test_markup_and_addresses_tell(text: str) -> None:
    ground = rules.ground("es", "en", {}, None, ())
    assert ground.telling.search(text)


@pytest.mark.parametrize(
    "text", ["Ten cuidado. Llama: ya.", "[a] (b)", "w", "¿Qué? ¡Sí!", "A “b” (c), d; e…"]
)
def test_plain_sentences_do_not(text: str) -> None:
    assert rules.ground("es", "en", {}, None, ()).telling.search(text) is None
