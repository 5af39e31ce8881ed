"""What CLDR knows about a locale: its name, direction, dates and numbers, through Babel.

The only importer of Babel's core. Pure; Babel's own data files are read by Babel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError, get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.localedata import load as load_locale_data
from babel.localedata import locale_identifiers
from babel.localedata import merge as merge_locale_data
from babel.numbers import format_decimal
from babel.units import format_unit

from handbill.model import Language

_PSEUDO = {"en_XA": ("en", "Pseudo [accented]"), "ar_XB": ("ar", "Pseudo [right to left]")}
"""Of each pseudo-locale: the locale whose dates, numbers and plurals it uses, and its name."""


@lru_cache(maxsize=256)
def _cldr(locale: str) -> Locale:
    found = Locale.parse(model_locale(locale))
    for name in ("root", found.language, str(found)):
        _forget_unasked(name)
    return found


@lru_cache(maxsize=256)
def _forget_unasked(name: str) -> None:
    """Leave out of Babel's data for a locale what is never asked for here: more than half of it.

    Babel keeps what it has loaded, a megabyte a locale, and gives everyone the same dictionary. What a
    language inherits is merged in when the rest is gone: with all of it, that takes as long as reading.
    """
    inherits = name == "root" or "_" in name or name in get_global("parent_exceptions")
    with suppress(OSError):  # a language may have no file of its own
        data = load_locale_data(name, merge_inherited=inherits)
        for section in _UNASKED:
            data.pop(section, None)
        if not inherits:
            whole = load_locale_data("root").copy()
            merge_locale_data(whole, data)
            data.update(whole)
        units = data["unit_patterns"]
        data["unit_patterns"] = {unit: units[unit] for unit in units if str(unit).startswith("digital-")}


_UNASKED = (
    *("currency_names", "currency_names_plural", "currency_symbols", "currency_formats"),
    *("compact_currency_formats", "compact_decimal_formats"),
    *("time_zones", "meta_zones", "zone_formats", "interval_formats", "datetime_skeletons", "date_fields"),
    *("compound_unit_patterns", "unit_display_names"),
)
"""Sections of CLDR, as Babel names them."""


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


def hand(locale: str) -> str | None:
    """Return the script as readers of a locale expect it drawn: `Aran`, Nastaliq, where that is not as usual.

    >>> hand("ur_PK"), hand("ar"), hand("es")
    ('Aran', 'Arab', 'Latn')
    """
    written = script(locale)
    return "Aran" if written == "Arab" and locale.partition("_")[0] in _NASTALIQ else written


_NASTALIQ = ("ur", "ks", "pnb", "skr")
"""ISO 639; Unicode's Arabic Script Resource Manual, on styles: Urdu, Kashmiri, Punjabi, Saraiki."""


def name_in(locale: str, reader: str) -> str:
    """Return a locale's name in the reader's language, or in its own where CLDR has none.

    >>> name_in("en", "es"), name_in("zh_Hans", "ar"), name_in("hi_IN", "en")
    ('inglés', 'الصينية المبسطة', 'Hindi (India)')
    """
    named = _cldr(reader).languages.get(locale)
    own = language(locale)
    if named is None and own and locale not in _PSEUDO:
        named = _cldr(locale).get_display_name(_cldr(reader))
    return named or (own.name if own else locale)


@lru_cache(maxsize=256)
def plural_kinds(locale: str) -> frozenset[int]:
    """Return how many plural forms a locale may have: one for each kind of whole numbers, or of all numbers.

    >>> [sorted(plural_kinds(locale)) for locale in ("en", "ar", "zh_Hans", "ru")]
    [[2], [6], [1], [3, 4]]
    """
    kind = _cldr(locale).plural_form
    return frozenset((len({kind(number) for number in range(1001)}), len(kind.tags) + 1))


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


# --- a language that a site is new to --------------------------------------------------------------


def normalised(code: str) -> str | None:
    """Return a locale's code as gettext writes it, or None where CLDR knows no such locale.

    >>> normalised("zh-hans"), normalised("PT_br"), normalised("es-419"), normalised("iw"), normalised("xx")
    ('zh_Hans', 'pt_BR', 'es_419', None, None)
    """
    language_code, *more = re.split("[-_]", code.strip())
    parts = [part.title() if len(part) == 4 else part.upper() for part in more]
    made = "_".join((language_code.lower(), *parts))
    if made in _PSEUDO or language(made) is None or _cldr(made).language != language_code.lower():
        return None
    return made


def nearest(code: str) -> tuple[str, ...]:
    """Return up to five locales that a mistyped code, or a language's name, may have meant; best first.

    >>> nearest("farsi"), nearest("french")[0], nearest("español")[0], nearest("iw")
    (('fa',), 'fr', 'es', ('he',))
    """
    renamed = get_global("language_aliases").get(code.lower())
    if renamed and normalised(renamed):
        return (renamed,)
    known = _names()
    if code.casefold() in known:
        return (known[code.casefold()],)
    alike = get_close_matches(re.sub("[-_ ]", "_", code.casefold()), known, n=8, cutoff=0.75)
    base = normalised(re.split("[-_]", code)[0])
    return tuple(dict.fromkeys((*([base] if base else []), *(known[name] for name in alike))))[:5]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return code, and name in English and in itself, in lower case → code, for every language of CLDR."""
    names = {"farsi": "fa", "mandarin": "zh_Hans", "simplified chinese": "zh_Hans"}
    english = Locale.parse("en").languages
    for code in sorted(locale_identifiers()):
        if "_" not in code:
            own = language(code)
            names.setdefault(english.get(code, code).casefold(), code)
            names.setdefault((own.name if own else code).casefold(), code)
    return {code.casefold(): code for code in sorted(locale_identifiers())} | names


def script_name(locale: str) -> str:
    """Return the name of a locale's script in English, empty where CLDR has none.

    >>> script_name("hi"), script_name("zh_Hant")
    ('Devanagari', 'Traditional')
    """
    return str(Locale.parse("en").scripts.get(script(locale) or "", ""))


def plural_category(count: int, locale: str) -> str:
    """Return CLDR's own name of the form that a count takes: `zero`, `one`, `two`, `few`, `many`, `other`."""
    return str(_cldr(locale).plural_form(count))


def native_digits(locale: str) -> str:
    """Return the digits of a locale's own script, 0 to 9, where it has some beside ours; else nothing.

    >>> native_digits("fa"), native_digits("fr")
    ('۰۱۲۳۴۵۶۷۸۹', '')
    """
    system = _cldr(locale).other_numbering_systems.get("native", "latn")
    first = _FIRST_DIGITS.get(system)
    return "" if first is None else "".join(chr(first + value) for value in range(10))


_FIRST_DIGITS = {
    name: ord(unicodedata.lookup(f"{script} DIGIT ZERO"))
    for name, script in (
        ("arab", "ARABIC-INDIC"),
        ("arabext", "EXTENDED ARABIC-INDIC"),
        ("beng", "BENGALI"),
        ("cakm", "CHAKMA"),
        ("adlm", "ADLAM"),
        ("deva", "DEVANAGARI"),
        ("gujr", "GUJARATI"),
        ("guru", "GURMUKHI"),
        ("java", "JAVANESE"),
        ("khmr", "KHMER"),
        ("knda", "KANNADA"),
        ("laoo", "LAO"),
        ("mlym", "MALAYALAM"),
        ("mong", "MONGOLIAN"),
        ("mtei", "MEETEI MAYEK"),
        ("mymr", "MYANMAR"),
        ("nkoo", "NKO"),
        ("olck", "OL CHIKI"),
        ("orya", "ORIYA"),
        ("telu", "TELUGU"),
        ("thai", "THAI"),
        ("tibt", "TIBETAN"),
        ("vaii", "VAI"),
    )
}
"""Numbering system → code point of its zero; the others follow."""


def sample(locale: str) -> frozenset[str]:
    """Return characters that the language is written with, for a look at what fonts must have.

    Babel carries no alphabets (CLDR's exemplar sets). So these are the characters in the names of languages,
    countries, scripts, months and days in the locale's own words, both cases, and its digits. An alphabet of
    letters shows whole or nearly so; of Chinese, Japanese and Korean it is some hundreds of characters.
    """
    found: set[str] = set(native_digits(locale))
    for word in _words(_cldr(locale)):
        for text in (word, word.upper(), word.lower()):
            found.update(unicodedata.normalize("NFC", text))
    return frozenset(character for character in found if not character.isspace())


def _words(cldr: Locale) -> Iterator[str]:
    for names in (cldr.languages, cldr.territories, cldr.scripts):
        yield from names.values()
    for calendar in (cldr.months, cldr.days):
        for widths in calendar.values():
            for names in widths.values():
                yield from names.values()


def hyphenated(tag: str) -> bool:
    """Whether the typesetter has a dictionary by which it can break this language's words.

    >>> hyphenated("pt-BR"), hyphenated("fa")
    (True, False)
    """
    from pyphen import language_fallback  # what WeasyPrint asks; looks for its dictionaries when imported

    return language_fallback(tag) is not None
