"""What CLDR knows about a locale: its name, direction, dates and numbers, through Babel.

The only importer of Babel's core. Pure; Babel's own data files are read by Babel.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError, get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from handbill.model import Language

_PSEUDO = {"en_XA": ("en", "Pseudo [accented]"), "ar_XB": ("ar", "Pseudo [right to left]")}
"""Of each pseudo-locale: the locale whose dates, numbers and plurals it uses, and its name."""


@lru_cache(maxsize=256)
def _cldr(locale: str) -> Locale:
    return Locale.parse(model_locale(locale))


def model_locale(locale: str) -> str:
    """Return the locale whose ways a locale follows: itself, but for a pseudo-locale.

    >>> model_locale("ar_XB"), model_locale("ar_EG")
    ('ar', 'ar_EG')
    """
    return _PSEUDO[locale][0] if locale in _PSEUDO else locale


@lru_cache(maxsize=256)
def language(locale: str) -> Language | None:
    """Return the language of a gettext locale such as `zh_Hans`, or None where CLDR knows none.

    >>> language("zh_Hans")
    Language(locale='zh_Hans', tag='zh-Hans', name='简体中文', direction='ltr')
    """
    try:
        cldr = _cldr(locale)
    except (UnknownLocaleError, ValueError):
        return None
    name = cldr.languages.get(str(cldr)) or cldr.get_display_name(cldr) or locale
    if locale in _PSEUDO:
        name = _PSEUDO[locale][1]
    return Language(
        locale=locale,
        tag=locale.replace("_", "-"),
        name=name[:1].upper() + name[1:],
        direction="rtl" if cldr.text_direction == "rtl" else "ltr",
    )


@lru_cache(maxsize=256)
def script(locale: str) -> str | None:
    """Return the script that a locale is written in, or None where CLDR does not know the locale.

    >>> script("es_MX"), script("sr"), script("sr_ME"), script("zh_TW")
    ('Latn', 'Cyrl', 'Latn', 'Hant')
    """
    try:
        cldr = _cldr(locale)
    except (UnknownLocaleError, ValueError):
        return None
    likely: str = get_global("likely_subtags").get(cldr.language, "")
    return cldr.script or (likely.split("_")[1] if likely.count("_") > 1 else None)


def name_in(locale: str, reader: str) -> str:
    """Return a locale's name in the reader's language, or in its own where CLDR has none.

    >>> name_in("en", "es"), name_in("zh_Hans", "ar")
    ('inglés', 'الصينية المبسطة')
    """
    named = _cldr(model_locale(reader)).languages.get(locale)
    own = language(locale)
    return named or (own.name if own else locale)


def formatted_date(day: date, locale: str) -> str:
    """Return the date written out in the locale's own way, with Latin digits.

    >>> formatted_date(date(2026, 11, 22), "es")
    '22 de noviembre de 2026'
    """
    return format_date(day, "long", locale=_cldr(locale))


def formatted_number(number: int | float, locale: str) -> str:
    """Return the number with the locale's separators and Latin digits, so that it matches printed pages."""
    return format_decimal(number, locale=_cldr(locale), numbering_system="latn")


def formatted_size(size: int, locale: str) -> str:
    """Return a file's size for people: whole kilobytes (1,000 bytes) below a megabyte, then one decimal.

    >>> formatted_size(184_200, "en"), formatted_size(2_460_000, "es"), formatted_size(184_200, "fr")
    ('184 kB', '2,5 MB', '184\u202fko')
    """
    if size < 1_000_000:
        return _measured(max(1, round(size / 1000)), "digital-kilobyte", "#,##0", locale)
    return _measured(size / 1_000_000, "digital-megabyte", "#,##0.0", locale)


def _measured(amount: float, unit: str, pattern: str, locale: str) -> str:
    return format_unit(amount, unit, "short", pattern, _cldr(locale), numbering_system="latn")


def formatted_list(items: Sequence[str], locale: str) -> str:
    """Return the items as the locale joins them, "and" before the last.

    >>> formatted_list(["Maps", "Tea", "Keys"], "en"), formatted_list(["Maps", "Tea"], "es")
    ('Maps, Tea, and Keys', 'Maps y Tea')
    """
    return format_list(items, "standard", _cldr(locale))
