"""Words in the order of each language's alphabet, under its letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill import collation


def ordered(texts: list[str], locale: str) -> list[str]:
    return [
        texts[position] for _, positions in collation.index(texts, locale, "en") for position in positions
    ]


def letters(texts: list[str], locale: str) -> list[str]:
    return [letter for letter, _ in collation.index(texts, locale, "en")]


@pytest.mark.parametrize(
    ("locale", "right"),
    [
        ("en", ["Æsop", "after", "After you leave", "élan", "leaving", "Zebra"]),
        ("es", ["nube", "nuez", "ñandú", "oso"]),
        ("sv", ["zebra", "å", "ärlig", "öl"]),
        ("da", ["zebra", "ære", "øl", "å"]),
        ("de", ["Apfel", "Ärger", "Azur", "öl", "Zebra"]),
        ("cs", ["citron", "čaj", "hotel", "chata", "jablko"]),
        ("ar", ["أمان", "بيت", "تخطيط", "هاتف", "يوم"]),
        ("zh_Hans", ["安全", "帮助", "打电话", "离开", "重要"]),
        ("zh_Hant", ["人", "安全", "電話"]),
        ("ru", ["ёж", "езда", "яма"]),
    ],
)
def test_words_stand_in_the_order_of_their_language_whatever_their_code_points(
    locale: str, right: list[str]
) -> None:
    assert ordered(sorted(right, reverse=True), locale) == right


@pytest.mark.parametrize(
    ("locale", "texts", "right"),
    [
        ("es", ["ñandú", "nube", "árbol"], ["A", "N", "Ñ"]),
        ("en", ["ñandú", "nube", "árbol"], ["A", "N"]),
        ("ar", ["الخطة", "خطة", "أمان"], ["ا", "خ"]),
        ("zh_Hans", ["重要", "安全", "Wi-Fi"], ["A", "W", "Z"]),
        ("ko", ["가방", "나무"], ["ㄱ", "ㄴ"]),
        ("hi", ["आम", "कमल"], ["आ", "क"]),
    ],
)
def test_letters_are_those_of_the_language(locale: str, texts: list[str], right: list[str]) -> None:
    assert letters(texts, locale) == right


def test_what_is_not_translated_stands_under_the_letters_of_its_own_language() -> None:
    assert letters(["خطة", "Phones", "Calm"], "ar") == ["خ", "C", "P"]
    assert letters(["Calm", "安全"], "en") == ["C", collation.OTHER]


def test_marks_before_the_first_letter_do_not_count() -> None:
    assert letters(["¿Qué?", "“Art”", "(calm)"], "es") == ["A", "C", "Q"]


def test_digits_come_first_and_what_has_no_letter_last() -> None:
    assert letters(["…", "9 days", "calm", "安"], "en") == [collation.DIGITS, "C", collation.OTHER]


def test_a_made_up_language_goes_by_the_one_that_it_is_made_of() -> None:
    assert letters(["[خطة]", "[Ĥéļþ]"], "ar_XB") == ["خ", "H"]


@given(st.lists(st.text(max_size=8), max_size=12), st.sampled_from(["en", "es", "ar", "zh_Hans", "ja", "xx"]))
def test_every_text_stands_in_the_index_once(texts: list[str], locale: str) -> None:
    found = [position for _, positions in collation.index(texts, locale, "en") for position in positions]
    assert sorted(found) == list(range(len(texts)))
    headings = letters(texts, locale)
    assert len(set(headings)) == len(headings)


@given(st.lists(st.text("abñöش重1!", max_size=4), max_size=8), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_before(texts: list[str], random: object) -> None:
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    keyed = [text.strip("!") for text in ordered(texts, "sv")]
    assert [text.strip("!") for text in ordered(shuffled, "sv")] == keyed
