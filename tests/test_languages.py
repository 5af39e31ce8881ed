"""CLDR's data through `languages`, which keeps a part of it, against Babel left alone."""

import json
import subprocess
import sys

from handbill import languages

LOCALES = [
    "es",
    "ar",
    "zh_Hans",
    "zh_Hant",
    "es_MX",
    "pt_PT",
    "nb",
    "sr_Latn",
    "fa",
    "hi",
    "my",
    "en_GB",
    "yue",
]

PLAIN_BABEL = """
import json, sys
from datetime import date
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

def seen(name):
    locale = Locale.parse(name)
    return [
        locale.get_display_name(locale),
        locale.text_direction,
        format_date(date(2026, 11, 22), "long", locale=locale),
        format_decimal(1234567, locale=locale, numbering_system="latn"),
        format_list(["a", "b", "c"], "standard", locale),
        {code: str(name) for code, name in sorted(locale.languages.items())},
        [dict(locale.months["format"][width]) for width in ("wide", "abbreviated")],
        str(locale.plural_form),
    ]
"""


def test_what_is_left_of_a_locale_is_as_babel_has_it() -> None:
    run = f"{PLAIN_BABEL}\nprint(json.dumps([seen(name) for name in {LOCALES}]))"
    done = subprocess.run([sys.executable, "-c", run], stdout=subprocess.PIPE, check=True)
    for locale in LOCALES:
        languages.language(locale)
    ours: dict[str, object] = {}
    exec(PLAIN_BABEL, ours)
    seen = ours["seen"]
    assert callable(seen)
    assert json.loads(json.dumps([seen(name) for name in LOCALES])) == json.loads(done.stdout)
