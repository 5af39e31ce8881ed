"""Made-up languages: what they say looks foreign, names the same things, and is held to the same checks."""

import math
import re
import unicodedata
from functools import cache

import pytest
from example import TESTS, inline
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import HOSTILE, TOKENS, WORDS

from handbill import check, fonts, markdown, pseudo, rules
from handbill.model import PSEUDO_LOCALES, Entry
from handbill.phrases import placeholders
from handbill.source import read_source

ORDINARY = st.lists(st.sampled_from([*WORDS.split(), *TOKENS]), min_size=1, max_size=12).map(" ".join)
"""What an author writes."""
STRINGS = st.lists(
    st.sampled_from(
        ["%(count)s", "100%%", "pages,", "of", "{help-line.phone}", "A4", "Suicide & Crisis", "“no”"]
    ),
    min_size=1,
).map(" ".join)
"""What stands in templates and TOML files."""


def tags(text: str) -> list[str]:
    """Return the HTML tags of a message, without what they hold."""
    html = markdown.html(text, inline("en", "web", {"light.md": "light.html"}))
    return [re.sub(r' alt="[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", html)]


def free(text: str) -> str:
    """Return a text without what nobody may translate."""
    return re.sub(r"%\(\w+\)s|%%|\{[^}]*\}|`[^`]*`|\]\([^)]*\)|&amp;|\\.", "", text)


@pytest.mark.parametrize("locale", PSEUDO_LOCALES)
@given(text=HOSTILE | ORDINARY)
@example(text="a](b)")
@example(text="[a](<b(c> 'd') e")
@example(text="``a`` `b` \\` **“c”**d")
def test_a_message_names_the_same_things(locale: str, text: str) -> None:
    source, made = markdown.references(text), markdown.references(pseudo.guide_message(text, locale))
    assert (made.tokens, made.links, made.images) == (source.tokens, source.links, source.images)


@pytest.mark.parametrize("locale", PSEUDO_LOCALES)
@given(text=ORDINARY)
def test_what_an_author_marked_stays_marked(locale: str, text: str) -> None:
    assert tags(pseudo.guide_message(text, locale)) == tags(text)


def ground(locale: str) -> rules.Ground:
    return rules.ground(locale, "en", {"5550123": "{help-line.phone}"}, coverage(), ())


@cache
def coverage() -> frozenset[int]:
    declared = (TESTS.parent / "fonts" / "fonts.toml").read_text(encoding="utf-8")
    return fonts.coverage(fonts.read_fonts(declared))


def refused(text: str, translation: str, locale: str) -> set[str]:
    """Return the codes of the errors in a translation."""
    entries = [Entry(text, (translation,))]
    expected = check.expected([text])
    found = check.refused({text: translation}, expected, ground(locale), "x.po", lambda: entries)
    return {problem.code for _, problem in found}


@pytest.mark.parametrize("locale", PSEUDO_LOCALES)
@given(text=ORDINARY)
def test_a_message_of_a_guide_passes_the_checks_of_translations(locale: str, text: str) -> None:
    assert refused(text, pseudo.guide_message(text, locale), locale) <= refused(text, text, locale)


@pytest.mark.parametrize("locale", PSEUDO_LOCALES)
@given(text=STRINGS)
def test_a_string_of_a_template_passes_the_checks_of_translations(locale: str, text: str) -> None:
    def errors(translation: str) -> set[str]:
        entries = [Entry(text, (translation,))]
        return {problem.code for _, problem in check.refused_strings(entries, ground(locale), "x.po")}

    made = pseudo.template_string(text, locale)
    assert placeholders(made) == placeholders(text)
    assert errors(made) <= errors(text)


@pytest.mark.parametrize("locale", PSEUDO_LOCALES)
def test_every_message_of_this_repository_passes_the_checks_of_translations(locale: str) -> None:
    source, _ = read_source(TESTS.parent)
    assert source is not None
    found = {
        message.text: codes
        for document in source.documents.values()
        for message in document.messages
        if (codes := refused(message.text, pseudo.guide_message(message.text, locale), locale))
    }
    assert found == {}


@given(text=st.text(st.sampled_from("aebcd éß中 .,'1")) | ORDINARY)
def test_the_accented_language_is_longer_and_stands_in_brackets(text: str) -> None:
    made = pseudo.template_string(text, "en_XA")
    assert made.startswith("[\u00a0")
    assert made.endswith("\u00a0]")
    source, words = free(text), free(made[2:-2])
    growth = math.ceil(len(source) * pseudo.GROWTH_PERCENT / 100)
    assert len(words) - len(source) == min(growth, sum(map(str.isalpha, source)))


@given(text=STRINGS | ORDINARY)
def test_no_plain_letter_is_left_in_the_accented_language(text: str) -> None:
    made = pseudo.template_string(text, "en_XA")
    assert re.findall("[A-Za-z]", free(made)) == []


@given(text=STRINGS | ORDINARY)
def test_the_mirrored_language_keeps_every_letter_and_runs_from_right_to_left(text: str) -> None:
    made = pseudo.template_string(text, "ar_XB")
    assert made.replace("\u200f", "") == text
    seen = free(made)
    strong = [letter for letter in seen if unicodedata.bidirectional(letter) in ("L", "R", "AL")]
    assert strong[:1] in ([], ["\u200f"]), "a paragraph takes its direction from its first letter"
    assert not re.search(r"[^\W\d_] [^\W\d_]", seen), "without a mark two words run from left to right"
    assert {letter for letter in made if unicodedata.category(letter) == "Cf"} <= {"\u200f"}
