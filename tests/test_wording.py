"""Word lists by language: negations, modals and numbers, found however they are written."""

import pytest

from handbill import wording


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Do NOT go. Don’t, won't, can't; cannot!", ("not",) * 5),
        ("en", "No one, no-one, nobody", ("nobody",) * 3),
        ("en", "cant dont nothings", ()),
        ("es", "No salga nunca sin nadie", ("no", "nunca", "sin", "nadie")),
        ("fr", "N’appelez pas", ("ne", "pas")),
        ("de", "Rufen Sie KEINEN an", ("keinen",)),
        ("ru", "Не звоните никому", ("не", "никому")),
        ("ar", "فلا تذهبْ ولَا تتصل", ("لا", "لا")),
        ("ar", "اذهب إلى البيت", ()),
        ("zh_Hans", "他非常好，不要走，别人", ("不",)),
        ("hi", "वहाँ मत जाना", ("मत",)),
        ("xx", "not", ()),
    ],
)
def test_negations_are_found(language: str, text: str, found: tuple[str, ...]) -> None:
    assert wording.negations_in(text, language) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,000 1.000 1 000 1\u202f000 ١٬٠٠٠ 1'000 1’000", ("1000",) * 7),
        ("1,00,000 १,००,०००", ("100000",) * 2),
        ("3.5 3,5 ٣٫٥ 0.125", ("3.5", "3.5", "3.5", "0.125")),
        ("10:30 2026-11-22 5–6 24/7", ("10", "30", "2026", "11", "22", "5", "6", "24", "7")),
        ("−5 (-5) 4-5", ("-5", "-5", "4", "5")),
        ("½ 1½ x²", ("1", "2", "1", "1", "2", "2")),
        ("B12 ۱۲ 一二", ("12", "12")),
    ],
)
def test_numbers_are_the_same_in_every_script_and_style(text: str, found: tuple[str, ...]) -> None:
    assert wording.numbers(text) == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Two of twenty-five, two hundred; a twenty-four-hour line", ("2", "25", "200", "24")),
        ("en", "two two-litre, once twice", ("2", "2", "2")),
        ("en", "1.000 and 1,000", ("1.000", "1000")),
        ("de", "1.000 und 1,5; zwölf", ("1000", "1.5", "12")),
        ("zh", "二十五 三百二十 一些 两个", ("25", "320", "2")),
    ],
)
def test_number_words_of_the_language_count_too(language: str, text: str, found: tuple[str, ...]) -> None:
    assert wording.all_numbers(text, language) == found


def test_every_listed_word_is_found_where_it_stands() -> None:
    for language in wording._NEGATIONS:
        for word in wording.negations(language):
            assert wording.negations_in(word, language), (language, word)
        for word in wording.negations(language) | wording.modals(language):
            assert wording.turning_words(f"({word})", language), (language, word)
        for word, value in wording.number_words(language).items():
            assert wording.all_numbers(word, language) == (str(value),)


def test_a_locale_has_the_lists_of_its_language() -> None:
    assert wording.negations("es_MX") == wording.negations("es") != frozenset()
    assert wording.modals("zh-Hant") == wording.modals("zh")
    assert wording.negations("xx") == wording.modals("xx") == frozenset()
