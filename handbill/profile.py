"""What is known of a language before anybody has translated a word into it, and what is missing for it.

From CLDR, the coverage of the pinned fonts, our own word lists and the style sheets. Never touches the disk.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from handbill import fonts, languages, po, wording
from handbill.model import Catalog, Language


@dataclass(frozen=True, slots=True)
class Form:
    """One plural form of a language."""

    numbers: tuple[int, ...]
    """The first numbers from 0 on that take it; one more than is shown, where there are more."""
    categories: tuple[str, ...]
    """CLDR's names for it: `one`, `few`, `other`."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a language."""

    language: Language
    english: str
    """Its name in English."""
    script: str
    """As ISO 15924 has it, `Deva`; empty where CLDR does not say."""
    forms: tuple[Form, ...]
    """In the order of `msgstr[…]`."""
    digits: str
    """Those of its own script, 0 to 9; empty where it has none but ours."""
    hyphenated: bool
    """Whether the typesetter has a dictionary for it."""
    negations: bool
    number_words: bool
    """Whether `check` knows the words of the language that negate, and those for numbers."""
    sampled: int
    """How many characters of the language were looked for in the pinned fonts; 0 where nothing is printed."""
    missing: tuple[str, ...]
    """Those that no family has in all of its faces."""
    nastaliq: bool
    """Whether Nastaliq is among the pinned fonts."""
    styled: bool
    """Whether the style sheets have rules for the language, or it needs none."""


_COUNTED = 200
_SHOWN = 5
_WITHOUT_RULES = ("Latn", "Grek", "Cyrl")
"""Scripts that the style sheets are written for: they have italics, and need no more room between lines."""


def profile(
    locale: str, coverage: frozenset[int] | None, families: Container[str], style_sheets: Iterable[str]
) -> Profile:
    """Return what is known of a locale that CLDR knows; `coverage` is None where nothing is printed.

    `families` are those of the pinned fonts.
    """
    known = languages.language(locale)
    if known is None:
        raise ValueError(f"CLDR knows no {locale}")
    script = languages.script(locale) or ""
    sample = frozenset[str]() if coverage is None else languages.sample(locale)
    return Profile(
        language=known,
        english=languages.name_in(locale, "en"),
        script=script,
        forms=tuple(_forms(locale)),
        digits=languages.native_digits(locale),
        hyphenated=languages.hyphenated(known.tag),
        negations=bool(wording.negations(locale)),
        number_words=bool(wording.number_words(locale)),
        sampled=len(sample),
        missing=fonts.uncovered("".join(sample), coverage or frozenset()),
        nastaliq=_NASTALIQ in families,
        styled=script in _WITHOUT_RULES or _is_styled(locale, style_sheets),
    )


def _forms(locale: str) -> Iterator[Form]:
    """Yield the forms of Babel's gettext rule, which stands in every catalog's header."""
    form_of = po.plural_form(Catalog("", (po.header("handbill", locale),)))
    numbers: dict[int, list[int]] = defaultdict(list)
    for number in range(_COUNTED):
        numbers[form_of(number)].append(number)
    for index in sorted(numbers):
        categories = dict.fromkeys(languages.plural_category(number, locale) for number in numbers[index])
        yield Form(tuple(numbers[index][: _SHOWN + 1]), tuple(categories))


def _is_styled(locale: str, style_sheets: Iterable[str]) -> bool:
    code = re.escape(locale.partition("_")[0])
    rule = re.compile(rf""":lang\("?{code}\b|\[lang\|?="?{code}\b""")
    return any(rule.search(text) for text in style_sheets)


# --- in words ----------------------------------------------------------------------------------------


def facts(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield what is known, each with a word for what it is about."""
    locale = profile.language.locale
    yield "language", f"{profile.english}; on the site “{profile.language.name}”, in {profile.language.tag}/"
    yield "direction", "right to left" if profile.language.direction == "rtl" else "left to right"
    yield "plurals", "; ".join(f"msgstr[{index}] {_form(form)}" for index, form in enumerate(profile.forms))
    yield "dates", languages.formatted_date(date(2026, 11, 22), locale)
    listed = languages.formatted_list(("A", "B", "C"), locale)
    yield "numbers", f"{languages.formatted_number(1234.5, locale)}; lists: {listed}"
    if profile.digits:
        yield "digits", f"pages show 0 to 9, as telephones do; {profile.digits} may be written too"
    yield (
        "hyphens",
        "the typesetter has a dictionary, for style sheets that say `hyphens: auto`"
        if profile.hyphenated
        else "the typesetter has no dictionary: words stay whole",
    )
    if profile.sampled:
        share = f"{profile.sampled - len(profile.missing)} of {profile.sampled}"
        yield (
            "fonts",
            f"have {share} characters (those of CLDR's names of languages, countries, months, days)",
        )


def _form(form: Form) -> str:
    shown = ", ".join(map(str, form.numbers[:_SHOWN]))
    more = " …" if len(form.numbers) > _SHOWN else ""
    return f"for {shown}{more} ({languages.formatted_list(form.categories, 'en')})"


_FAMILIES = {
    "Arab": "",
    "Hans": "Noto Sans SC",
    "Hant": "Noto Sans TC",
    "Jpan": "Noto Sans JP",
    "Kore": "Noto Sans KR",
}
"""Font families to begin with; of the Arabic ones, many are no good in a PDF, as fonts/README.md tells."""
_NASTALIQ = "Noto Nastaliq Urdu"
_HAN_READERS = {"Hant": "traditional Chinese", "Jpan": "Japanese", "Kore": "Korean"}
_MISSING_SHOWN = 12


def gaps(profile: Profile) -> Iterator[str]:
    """Yield what is missing for the language, each with what to do about it."""
    script = profile.script
    family = _FAMILIES.get(script, f"Noto Sans {languages.script_name(profile.language.locale)}")
    if profile.missing:
        such_as = f", such as {family}," if family else ""
        letters_first = sorted(profile.missing, key=lambda character: not character.isalpha())
        shown = " ".join(letters_first[:_MISSING_SHOWN])
        rest = len(profile.missing) - _MISSING_SHOWN
        more = f" and {rest} more" if rest > 0 else ""
        yield (
            f"Booklets cannot show {shown}{more}. Add a font that has them{such_as} to "
            "fonts/fonts.toml, as fonts/README.md says. The website uses its readers' own fonts."
        )
    elif profile.sampled and script in _HAN_READERS:
        yield (
            "The pinned Chinese font draws characters as in mainland China. For the shapes that readers of "
            f"{_HAN_READERS[script]} know, add a font such as {family}, as fonts/README.md says."
        )
    if languages.hand(profile.language.locale) == "Aran" and profile.sampled and not profile.nastaliq:
        yield (
            "The pinned Arabic font draws letters as in Arabic books. For Nastaliq, which readers of this "
            f"language know, add the font {_NASTALIQ}, as fonts/README.md says; the style sheets name it, "
            "with room for it."
        )
    if not profile.styled:
        yield (
            "The style sheets have no rules for this language. Copy those that have `:lang(ar)` in "
            "templates/print/booklet.css and templates/assets/site.css (emphasis without italics, room "
            "between lines), and look at a page."
        )
    if not (profile.negations and profile.number_words):
        words = "numbers in words" if profile.negations else "words that negate"
        if not (profile.negations or profile.number_words):
            words = "words that negate and numbers in words"
        yield (
            f"`check` cannot compare {words} in this language. Read such sentences twice, or add the words "
            "to handbill/wording.py."
        )
