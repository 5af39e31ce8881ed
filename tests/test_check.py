"""What a translation must keep of its source, and what its translator should look at."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

import conftest
import pytest
from click.testing import CliRunner
from example import sample, write_project
from hypothesis import given
from hypothesis import strategies as st
from strategies import HOSTILE

from handbill import check, diagnostics, fonts, po, prose, rules, store
from handbill.cli import command_line
from handbill.model import Diagnostic, Entry, Message, Place, Term
from handbill.rules import Ground

NUMBERS = prose.known_numbers(sample().contacts)
COVERAGE = fonts.coverage(fonts.read_fonts((store.ENGINE / "fonts/fonts.toml").read_text(encoding="utf-8")))
PATH = "locales/xx/LC_MESSAGES/case.po"


def ground(locale: str, terms: Sequence[Term] = (), coverage: frozenset[int] | None = None) -> Ground:
    return rules.ground(locale, "en", NUMBERS, coverage, tuple(terms))


def quick(entries: Sequence[Entry], held: Ground) -> list[tuple[check.Key, Diagnostic]]:
    """Return what a build is told of a guide's entries."""
    expected = check.expected(entry.msgid for entry in entries)
    shown = {entry.msgid: entry.msgstr[0] for entry in entries if entry.current}
    return list(check.refused(shown, expected, held, PATH, lambda: entries))


def full(entries: Sequence[Entry], held: Ground, longest: int | None = None) -> list[Diagnostic]:
    """Return what the command says of a guide's entries."""
    messages: dict[check.Key, Message] = {
        (None, entry.msgid): Message(entry.msgid, "paragraph", Place("a.md"), longest=longest)
        for entry in entries
    }
    return list(check.problems(entries, messages, held, PATH))


def strings(entries: Sequence[Entry], held: Ground) -> list[str]:
    """Return the codes of the errors in strings of templates, which both ways find."""
    messages = {
        (entry.msgctxt, entry.msgid): Message(entry.msgid, "string", Place("a.html")) for entry in entries
    }
    found = list(check.string_problems(entries, messages, held, PATH))
    errors = [problem for problem in found if problem.severity == "error"]
    assert [problem for _, problem in check.refused_strings(entries, held, PATH)] == errors
    return [problem.code for problem in errors]


def of_guide(locale: str, source: str, target: str, *, terms: Sequence[Term] = ()) -> list[str]:
    """Return the codes of everything that is wrong with one translation."""
    entries = [Entry(source, (target,), line=7)]
    held = ground(locale, terms)
    found = full(entries, held)
    errors = [problem for problem in found if problem.severity == "error"]
    assert quick(entries, held) == [((None, source), problem) for problem in errors]
    return [problem.code for problem in found]


def of_interface(source: str, target: str) -> list[str]:
    return strings([Entry(source, (target,))], ground("es"))


# --- data --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("Call {help-line.phone}", "Llama", ["translation-tokens"]),
        ("Call", "Llama al {help-line.phone}", ["translation-tokens"]),
        ("{a.phone} {a.text}", "{a.phone} {a.phone}", ["translation-tokens"]),
        ("{a.phone} {a.phone}", "{a.phone}", ["translation-tokens"]),
        ("[a](light.md)", "[a](luz.md)", ["translation-links"]),
        ("[a](light.md)", "[a] (light.md)", ["translation-links"]),
        ("[a](light.md)", "[a](light.md) [b](light.md)", ["translation-links"]),
        ("Words", "[palabras](javascript:x)", ["translation-links"]),
        ("Words", "[palabras](JaVaScRiPt&colon;x)", ["translation-links"]),
        ("Words", "[palabras](data:text/html,x)", ["translation-links"]),
        ("Words", "[palabras](//evil.example)", ["translation-links"]),
        ("Words", "![palabras](//evil.example/a.png)", ["translation-links"]),
        ("![a](images/a.png) b", "b", ["translation-links"]),
        ("Words", "<b>Palabras</b>", ["raw-html", "raw-html"]),
        ("Words", "Palabras<script>alert(1)</script>", ["raw-html", "raw-html"]),
        ("Words", "Palabras<img/src=x", ["translation-markup"]),
        ("Words", "Palabras en plants.org", ["address-in-prose"]),
        ("Words", "Palabras en plants&period;org", ["address-in-prose"]),
        ("Words", "fern&commat;plants.example", ["address-in-prose"]),
        ("Words", "Llama al 555 0123", ["known-number-in-prose"]),
        ("Words", "Llama al &#55;&#49;&#49;", ["known-number-in-prose"]),
        ("Words", "اتصل ٢١٢٥٥٥٠١٩٩", ["phone-in-prose"]),
    ],
)
def test_a_translation_that_changes_what_is_data_is_refused(
    source: str, target: str, codes: list[str]
) -> None:
    assert of_guide("es", source, target) == codes


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Call {a.phone} or {a.text}.", "{a.text} o {a.phone}."),
        ("[a](light.md) and [b](#here)", "[b](#here) y [*a*](light.md)"),
        ("![leaf](images/a.png) b", "b ![hoja](images/a.png)"),
        ("In 2019: **two** of 3", "En 2019: dos de 3"),
        ("Write `a.org`", "Escribe `b.org`"),
        ("Wait", "Espera: ya"),
    ],
)
def test_a_translation_may_move_and_reword_what_it_keeps(source: str, target: str) -> None:
    assert of_guide("es", source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("%(n)s pages", "páginas", ["translation-placeholders"]),
        ("%(n)s pages", "%(m)s páginas", ["translation-placeholders"]),
        ("100%% of %(n)s", "el 100%% de %(n)s", []),
        ("Words", "<b>Palabras</b>", ["raw-html", "raw-html"]),
        ("Words", "Palabras en www.plants.example", ["address-in-prose"]),
        ("Words", "al 555-0123", ["known-number-in-prose"]),
        ("Dial 711 first", "Marca primero 711", []),
        ("Call {help-line.phone}", "Llama al {help-line.phone}", []),
        ("Call {help-line.phone}", "Llama", ["translation-tokens"]),
        ("Words", "*Palabras*", ["translation-markup"]),
        ("Words", "&nbsp;Palabras", ["translation-markup"]),
        ("3 steps", "4 pasos", ["translation-numbers"]),
        ("Words", "- Palabras", ["translation-block"]),
        ("Words", "Pala\u202ebras", ["translation-direction"]),
    ],
)
def test_the_words_of_the_interface_keep_their_placeholders_and_no_data(
    source: str, target: str, codes: list[str]
) -> None:
    assert of_interface(source, target) == codes


@pytest.mark.parametrize(
    ("forms", "codes"),
    [
        (("%(num)s ورقة", "ورقتان", "%(num)s أوراق"), []),
        (("ورقة واحدة", "%(num)s ورقة من 1"), []),
        (("%(num)s sheet", "%(count)s sheets"), ["translation-placeholders"]),
        (("%(num)s sheet", "%(num)s sheets of 7"), ["translation-numbers"]),
    ],
)
def test_a_plural_form_may_leave_its_number_out_but_add_nothing(
    forms: tuple[str, ...], codes: list[str]
) -> None:
    entry = Entry("%(num)s sheet", forms, msgid_plural="%(num)s sheets")
    assert strings([entry], ground("ar")) == codes


# --- numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "source", "target"),
    [
        ("es", "Wait 24 hours", "Espera 42 horas"),
        ("es", "Wait 24 hours", "Espera unas horas"),
        ("es", "Wait some hours", "Espera 24 horas"),
        ("es", "3 of 3", "3"),
        ("es", "1,000 dollars", "1.00 dólares"),
        ("es", "3.5 miles", "35 millas"),
        ("ar", "Wait 24 hours", "انتظروا ٤٢ ساعة"),
        ("zh_Hans", "Wait 24 hours", "等12小时"),
        ("hi", "Wait 24 hours", "४२ घंटे रुकें"),
        ("fa", "Wait 24 hours", "۴۲ ساعت صبر کنید"),
        ("fr", "Dial `*21`", "Composez `*12`"),
        ("fr", "Dial", "Composez `*12`"),
        ("fr", "Dial", "Composez &#49;2"),
        ("ko", "Wait 24 hours", "몇 시간 기다리세요"),
    ],
)
def test_a_number_that_is_lost_added_or_changed_is_refused(locale: str, source: str, target: str) -> None:
    assert of_guide(locale, source, target) == ["translation-numbers"]


@pytest.mark.parametrize(
    ("locale", "source", "target"),
    [
        ("es", "Wait 3 days", "Espera tres días"),
        ("es", "Wait three days", "Espera 3 días"),
        ("es", "1,000 dollars and 3.5 miles", "1.000 dólares y 3,5 millas"),
        ("es", "In 1 hour", "En una hora"),
        ("fr", "10,000 people", "10 000 personnes"),
        ("fr", "10,000 people", "10\u202f000 personnes"),
        ("ar", "Wait 24 hours, 3 times", "انتظروا ٢٤ ساعة ٣ مرات"),
        ("ar", "In 2 hours", "بعد ساعتين"),
        ("fa", "1,000.5", "۱٬۰۰۰٫۵"),
        ("hi", "100,000 people", "१,००,००० लोग"),
        ("zh_Hans", "At 24 steps", "二十四步"),
        ("zh_Hans", "Wait 3 days", "等三天"),
        ("es", "9:30 to 17:00", "de 9.30 a 17.00"),
        ("ko", "Wait 3 days", "사흘 기다리세요"),
        ("de", "On 3 October", "Am 3. Oktober"),
        ("de", "October 3", "3. Oktober"),
    ],
)
def test_a_number_may_be_written_as_its_language_does(locale: str, source: str, target: str) -> None:
    assert of_guide(locale, source, target) == []


# --- markup ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "target"),
    [
        ("es", "**No* regreses"),
        ("es", "** No ** regreses"),
        ("es", "`No regreses"),
        ("es", "No regreses]("),
        ("es", "{No} regreses"),
        ("es", "No regreses\\n"),
        ("es", "No&nbspregreses&foo;"),
        ("zh_Hans", "请_不要_回去"),
        ("ar", "**لا تعودوا *"),
        ("hi", "**मत जाओ*"),
    ],
)
def test_markup_that_a_reader_would_see_is_refused(locale: str, target: str) -> None:
    assert "translation-markup" in of_guide(locale, "**Do not** go back", target)


@pytest.mark.parametrize(
    ("locale", "source", "target"),
    [
        ("zh_Hans", "**Stop:** do not go", "**停下：**不要去"),
        ("zh_Hans", "*Do not* go", "不要去"),
        ("ar", "*Do not* go", "**لا** تذهبوا"),
        ("es", "2 * 3", "2 * 3"),
        ("es", "Name: ___", "Nombre: _____"),
        ("es", "Press \\*", "Pulsa \\*"),
        ("es", "Not {this}", "No {esto}"),
    ],
)
def test_markup_may_differ_where_it_works_or_the_source_shows_it_too(
    locale: str, source: str, target: str
) -> None:
    assert of_guide(locale, source, target) == []


@pytest.mark.parametrize(
    "target",
    [
        "# Llaves", "### Llaves", "- Llaves", "+ Llaves", "* Llaves", "> Llaves", "1. Llaves", "2) Llaves",
        "---", "```", "~~~ x", "::: warning", "| Llaves |", " - Llaves", "Llaves\\\n- Llaves", "Llaves\n===",
    ],
)  # fmt: skip
def test_a_line_that_begins_like_a_block_is_refused(target: str) -> None:
    assert "translation-block" in of_guide("es", "Keys", target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Keys", "-Llaves"), ("Keys", "#Llaves"), ("Keys", "¿Llaves - y más"), ("Keys", "— Llaves"),
        ("# Keys", "# Llaves"), ("3 keys", "3. Llaves"), ("Keys", "1.5"), ("Keys", "Llaves: 1"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_block_may_begin_a_line(source: str, target: str) -> None:
    assert "translation-block" not in of_guide("de", source, target)


# --- characters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "Llama\u202e al", "Llama\u202d al\u202c", "Llama\u202b al", "Llama\u2067 al", "Llama al\u202c",
        "al\u2069", "\u2067\u202bLlama\u2069\u202c", "Llama&#8238; al", "Llama &#x202B;al",
        "\u2068\u2068Llama\u2069",
    ],
)  # fmt: skip
def test_direction_that_is_forced_or_not_ended_is_refused(target: str) -> None:
    assert "translation-direction" in of_guide("ar", "Call", target)


def test_direction_may_be_marked_and_is_ended() -> None:
    target = "\u2067اتصلوا\u2069 \u202bالآن\u202c \u2068x\u2066y\u2069\u2069\u200e\u200f\u061c"
    assert of_guide("ar", "Call", target) == []


@pytest.mark.parametrize(
    ("locale", "target"),
    [
        ("es", "Segu\ufffdro"), ("es", "Segu\u200bro"), ("zh_Hans", "安\u200b全"), ("es", "Segu\x07ro"),
        ("es", "Segu\ufeffro"), ("es", "Segu\u2028ro"), ("es", "Segu\u2063ro"), ("es", "Segu\ue000ro"),
        ("es", "Segu&#8203;ro"), ("es", "Segu\U000e0041ro"), ("es", "Segu\x85ro"), ("es", "Segu\u3164ro"),
    ],
)  # fmt: skip
def test_invisible_and_damaged_characters_are_refused(locale: str, target: str) -> None:
    assert of_guide(locale, "Safe", target) == ["translation-character"]


@pytest.mark.parametrize(
    ("locale", "target"),
    [
        ("fa", "می\u200cخواهم"), ("hi", "क्\u200dष"), ("th", "ปลอด\u200bภัย"), ("km", "សុវត្ថិ\u200bភាព"),
        ("de", "Sicher\u00adheit"), ("fr", "Sûr\u202f!"), ("es", "Segu\u2060ro"),
    ],
)  # fmt: skip
def test_invisible_characters_with_which_a_language_is_written_stay(locale: str, target: str) -> None:
    assert [code for code in of_guide(locale, "Safe!", target) if code != "translation-ending"] == []


def test_a_character_without_a_pinned_font_is_refused_where_the_project_prints() -> None:
    entries = [Entry("Safe", ("Seguro 🙂",)), Entry("Calm", ("Calma",)), Entry("So", ("ha &#128578;",))]
    held = ground("es", coverage=COVERAGE)
    assert [problem.code for problem in full(entries, held)] == ["no-glyph", "no-glyph"]
    assert [(key[1], problem.code) for key, problem in quick(entries, held)] == [
        ("Safe", "no-glyph"),
        ("So", "no-glyph"),
    ]
    assert full(entries, ground("es")) == []


# --- length, endings and doublings -------------------------------------------------------------------


def test_a_file_pasted_into_one_entry_is_refused_whatever_stands_in_it() -> None:
    assert of_guide("es", "Keys.", "[*_`" * 5_000) == ["translation-overlong"]
    assert of_guide("es", "Keys.", "palabra " * 5_000) == ["translation-overlong"]


@pytest.mark.parametrize(
    ("target", "columns"),
    [("Una frase larga", 15), ("一二三四五六", 12), ("e\u0301" * 12, 12), ("**doce** letras", 11)],
)
def test_a_translation_longer_than_its_place_is_told(target: str, columns: int) -> None:
    entries = [Entry("Words", (target,))]
    fitting = [problem.code for problem in full(entries, ground("xx"), longest=columns)]
    assert fitting == []
    (problem,) = full(entries, ground("xx"), longest=columns - 1)
    assert problem == diagnostics.translation_length(Place(PATH, 1), columns, columns - 1)


@pytest.mark.parametrize(
    ("locale", "source", "target"),
    [
        ("es", "Go now.", "Ve ya"),
        ("es", "Go now", "Ve ya."),
        ("es", "Safe?", "¿Seguro?."),
        ("es", "Go now.", "¡Ve ya!"),
        ("es", "Take:", "Lleva."),
        ("zh_Hans", "Go now.", "现在走."),
        ("zh_Hans", "Safe?", "安全吗?"),
        ("zh_Hans", "Take:", "带上:"),
        ("zh_Hans", "“Go now.”", "“现在走”"),
        ("ar", "Safe?", "هل أنت بأمان?"),
        ("fa", "Safe?", "امن هستید?"),
        ("hi", "Go now.", "अभी जाओ."),
        ("ur", "Go now.", "ابھی جاؤ."),
        ("el", "Safe?", "Ασφαλής?"),
        ("fr", "Go now.", "Partez tout de suite"),
        ("es", "Call {a.phone}.", "Llama al {a.phone}"),
    ],
)
def test_an_ending_that_is_not_the_source_s_or_not_the_language_s_is_told(
    locale: str, source: str, target: str
) -> None:
    assert of_guide(locale, source, target) == ["translation-ending"]


@pytest.mark.parametrize(
    ("locale", "source", "target"),
    [
        ("es", "Are you safe?", "¿Estás a salvo?"),
        ("zh_Hans", "“Are you **safe**?”", "“你**安全**吗？”"),
        ("zh_Hans", "Take (now):", "（现在）带上："),
        ("ar", "Safe? Go. Now!", "هل أنت بأمان؟ اذهبوا. الآن!"),
        ("fa", "Go now.", "همین حالا بروید."),
        ("hi", "Go. Safe?", "जाओ। सुरक्षित?"),
        ("fr", "Safe?", "En sécurité\u202f?"),
        ("th", "Go now.", "ไปเดี๋ยวนี้"),
        ("ja", "Go now.", "今すぐ行って。"),
        ("el", "Safe?", "Ασφαλής;"),
        ("es", "Wait...", "Espera…"),
        ("es", "Call {a.phone}.", "Llama al {a.phone}."),
        ("es", "Call: {a.phone}", "Llama al {a.phone}"),
        ("es", "See [this.](light.md)", "Mira [esto.](light.md)"),
    ],
)
def test_an_ending_is_that_of_the_language(locale: str, source: str, target: str) -> None:
    assert of_guide(locale, source, target) == []


def test_a_spanish_question_has_both_its_marks() -> None:
    assert of_guide("es", "Are you safe?", "Estás a salvo?") == ["translation-opening"]
    assert of_guide("es_MX", "Go! Now", "Ve! Ya") == ["translation-opening"]
    assert of_guide("fr", "Are you safe?", "Ça va ?") == []


@pytest.mark.parametrize(
    ("locale", "target", "told"),
    [
        ("es", "Ve a la la puerta", True),
        ("es", "Ve a La la puerta", True),
        ("ar", "اذهبوا إلى إلى الباب", True),
        ("fr", "Va à la la porte", True),
        ("es", "Ve, ve ya", False),
        ("es", "a {a.phone} a", False),
        ("fr", "Nous nous levons", False),
        ("hi", "धीरे धीरे जाओ", False),
        ("zh_Hans", "谢谢 谢谢", False),
        ("id", "kupu kupu", False),
        ("es", "2 2", False),
    ],
)
def test_a_doubled_word_is_told_but_where_a_language_doubles_words(
    locale: str, target: str, told: bool
) -> None:
    source = "a {a.phone} b" if "{" in target else "2 2" if "2" in target else "Go to the door"
    assert ("translation-doubled-word" in of_guide(locale, source, target)) is told


@pytest.mark.parametrize(
    ("locale", "source", "target", "told"),
    [
        ("es", "Do not tell him", "Cuéntaselo", True),
        ("es", "Don’t tell him", "Cuéntaselo", True),
        ("es", "Tell him", "No se lo cuentes", True),
        ("zh_Hans", "Do not tell him", "告诉他", True),
        ("zh_Hans", "Tell him", "不要告诉他", True),
        ("ar", "Do not tell him", "أخبروه", True),
        ("ar", "Tell him", "لا تخبروه", True),
        ("fr", "Do not tell him", "Dites-le-lui", True),
        ("hi", "Do not tell him", "उसे बताओ", True),
        ("es", "Do not tell him", "No se lo cuentes", False),
        ("es", "Nobody told him", "Nadie se lo contó", False),
        ("es", "Do not go in", "Evita entrar", False),
        ("es", "You know best", "Sabes mejor que nadie", False),
        ("es", "Is it safe", "Se puede sin peligro", False),
        ("zh_Hans", "Can you go", "你能不能走", False),
        ("zh_Hans", "Avoid rooms", "不要去房间", False),
        ("ar", "You have no food", "عدم وجود طعام", False),
        ("ar", "Under the age", "دون سن", False),
        ("xx", "Do not go", "Lorem ipsum", False),
    ],
)
def test_a_negation_on_one_side_only_is_told(locale: str, source: str, target: str, told: bool) -> None:
    assert of_guide(locale, source, target) == (["translation-negation"] if told else [])


def test_spaces_around_a_string_are_as_in_its_source() -> None:
    assert of_guide("es", "Read", " Lee") == ["translation-spaces"]
    assert of_guide("es", "Read", "Lee\u00a0") == ["translation-spaces"]
    entries = [Entry("Read ", ("Lee",)), Entry(" Go", (" Ve",))]
    messages: dict[check.Key, Message] = {
        (None, entry.msgid): Message(entry.msgid, "string", Place("a.html")) for entry in entries
    }
    (problem,) = check.string_problems(entries, messages, ground("es"), PATH)
    assert problem.code == "translation-spaces"


def test_several_words_that_are_their_source_are_told() -> None:
    assert of_guide("es", "Pack a bag", "pack a bag") == ["translation-same"]
    assert of_guide("es", "Polaris Project", "Polaris Project") == []
    assert of_guide("es", "{a.name} {a.phone} {a.text}", "{a.name} {a.phone} {a.text}") == []


# --- glossaries --------------------------------------------------------------------------------------

TERMS = (
    Term("hotline", ("línea de ayuda",), ("línea caliente",), "It is a paid line.", Place("g.toml")),
    Term("tip line", ("línea de denuncias",), (), "", Place("g.toml")),
    Term("line", ("fila",), (), "", Place("g.toml")),
    Term("advocate", ("defensor",), ("abogad",), "An advocate is no lawyer.", Place("g.toml")),
    Term("lawyer", ("abogad",), (), "", Place("g.toml")),
)


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("Call a hotline", "Llama a una línea de ayuda", []),
        ("Call a hotline", "Llama a una línea", ["term-preferred"]),
        ("Call Hotlines", "Líneas calientes, o línea de ayuda", []),
        ("Call a hotline", "Una Línea Caliente es una línea de ayuda", ["term-forbidden"]),
        ("Call a hotline", "Una línea **caliente** es una línea de ayuda", ["term-forbidden"]),
        ("Two hotlines", "Dos: una línea caliente, una línea de ayuda", ["term-forbidden"]),
        ("Both Hotlines’", "Una línea caliente, una línea de ayuda", ["term-forbidden"]),
        ("Hotlined", "Una línea caliente", []),
        ("Call a tip line", "Llama a la línea de denuncias", []),
        ("Wait in line", "Espera", ["term-preferred"]),
        ("An advocate", "Una abogada, tu defensora", ["term-forbidden"]),
        ("An advocate or a lawyer", "Una abogada, o una defensora", []),
        ("An advocate", "Un desabogado defensor", []),
        ("Words", "Una línea caliente", []),
    ],
)
def test_terms_are_said_as_the_glossary_has_them(source: str, target: str, codes: list[str]) -> None:
    assert of_guide("es", source, target, terms=TERMS) == codes


def test_words_that_are_joined_to_others_are_found_in_them() -> None:
    terms = [Term("victim", ("ناجي",), ("ضحية",), "It labels.", Place("g.toml"))]
    assert of_guide("ar", "A victim", "الضحية ناجية", terms=terms) == ["term-forbidden"]
    terms = [Term("hotline", ("求助热线",), ("热线电话",), "Say it alike.", Place("g.toml"))]
    assert of_guide("zh_Hans", "Call a hotline", "请打求助热线", terms=terms) == []
    assert of_guide("zh_Hans", "Call a hotline", "打热线电话或求助热线", terms=terms) == ["term-forbidden"]


def test_the_reason_why_a_word_is_forbidden_is_told() -> None:
    (_, problem), *_ = quick([Entry("A hotline", ("Línea caliente",))], ground("es", TERMS))
    assert problem.hint.startswith("It is a paid line. Write `línea de ayuda`.")


# --- flags, places, other projects -------------------------------------------------------------------

WRONG = {
    "translation-numbers": ("Wait 3 days", "Espera 4 días"),
    "translation-tokens": ("Call {a.phone}", "Llama"),
    "translation-markup": ("Wait", "*Espera"),
    "translation-direction": ("Wait", "Espera\u202e"),
    "term-forbidden": ("A hotline", "Línea caliente, línea de ayuda"),
    "translation-negation": ("Wait", "No esperes"),
    "translation-ending": ("Wait", "Espera."),
    "term-preferred": ("A hotline", "Una línea"),
}


@pytest.mark.parametrize("code", WRONG)
@pytest.mark.parametrize("as_comment", [True, False])
def test_a_flag_or_a_comment_silences_one_check_for_one_message(code: str, as_comment: bool) -> None:
    source, target = WRONG[code]
    entry = Entry(source, (target,))
    held = ground("es", TERMS)
    assert [problem.code for problem in full([entry], held)] == [code]
    name = f"ignore-{code}"
    settled = replace(entry, comments=(f"{name}: so",)) if as_comment else replace(entry, flags=("x", name))
    assert full([settled], held) == []
    assert quick([settled], held) == []
    other = replace(entry, flags=("ignore-translation-spaces",), comments=(f"no {name}",))
    assert [problem.code for problem in full([other], held)] == [code]


def test_a_flag_silences_a_check_of_a_template_string() -> None:
    entry = Entry("3 steps", ("4 pasos",))
    assert strings([entry], ground("es")) == ["translation-numbers"]
    assert strings([replace(entry, flags=("ignore-translation-numbers",))], ground("es")) == []


def test_only_current_entries_of_the_guide_are_looked_at() -> None:
    wrong = Entry("Wait 3 days", ("Espera 4 días",))
    idle = [replace(wrong, flags=("fuzzy",)), replace(wrong, obsolete=True), replace(wrong, msgstr=("",))]
    assert [full([entry], ground("es")) for entry in idle] == [[], [], []]
    assert list(check.problems([wrong], {}, ground("es"), PATH)) == []


def test_a_problem_is_placed_where_it_stands_in_the_translation() -> None:
    text = (
        f'msgid ""\nmsgstr ""\n{HEADER}\n#, md-text\nmsgid "Wait *here*"\nmsgstr ""\n"Espera aquí, "\n'
        '"\\"**ya*\\" o \u202eno"\n\nmsgid "Call {a.phone}"\nmsgstr "Llama"\n'
    )
    catalog, faults = po.read(text, PATH)
    assert faults == ()
    found = full(catalog.entries[1:], ground("es"))
    places = {(problem.code, problem.place.line, problem.place.column) for problem in found}
    first = text.split("\n").index('msgid "Wait *here*"') + 1
    assert ("translation-markup", first + 3, 4) in places
    assert ("translation-direction", first + 3, text.split("\n")[first + 2].index("\u202e") + 1) in places
    assert ("translation-tokens", first + 5, 1) in places
    shown = {entry.msgid: entry.msgstr[0] for entry in catalog.entries[1:]}
    told = check.refused(shown, check.expected(shown), ground("es"), PATH, lambda: catalog.entries)
    errors = [problem for problem in found if problem.severity == "error"]
    assert [problem for _, problem in told] == errors


HEADER = (
    '"Language: es\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)


def test_a_catalog_of_another_project_is_told() -> None:
    entries = [Entry("", ("x",)), *(Entry(word, ("x",)) for word in ("a", "b", "c"))]
    assert [problem.code for problem in check.belongs(entries, {}, PATH)] == ["po-other-project"]
    assert list(check.belongs(entries, {(None, "b"): 0}, PATH)) == []
    assert list(check.belongs(entries[:3], {}, PATH)) == []


# --- laws --------------------------------------------------------------------------------------------

PIECES = r"""
No no Safe call 24 3 3.5 ٣ three tres 三 {a.phone} {help-line.phone} [x](light.md) [x](javascript:x) ](
** * _ ` `3` # - > 1. ::: | <b> plants.org 555-0123 711 &#8238; &#55; &amp; línea caliente hotline Hotlines'
\ \* ~~~ www.x.y a:b . ? 。 ؟ [x](light.md"x")
"""
INVISIBLE = "\u202e \u202b \u202c \u2067 \u2069 \u200b \ufffd 🙂"
WORDS = st.sampled_from([*PIECES.split(), *INVISIBLE.split(), '[x](light.md "\u202e")'])
SOUP = st.lists(WORDS | st.sampled_from(["\n", " ", "  ", "\n- "]), max_size=8).map(
    lambda pieces: "".join(pieces) or "x"
)
TEXTS = SOUP | st.lists(WORDS, min_size=1, max_size=8).map(" ".join) | HOSTILE.filter(bool)


@given(
    st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=4),
    st.sampled_from(["es", "ar", "zh_Hans", "hi", "fa", "fr", "th", "ko"]),
    st.booleans(),
    st.lists(
        st.sampled_from(["ignore-translation-numbers", "ignore-translation-markup", "fuzzy"]), max_size=2
    ),
)
def test_a_build_finds_an_error_wherever_the_command_does(
    pairs: dict[str, str], locale: str, printed: bool, flags: list[str]
) -> None:
    entries = [Entry(source, (target,), flags=tuple(flags)) for source, target in pairs.items()]
    held = ground(locale, TERMS, COVERAGE if printed else None)
    in_full = full(entries, held)
    by_build = [problem for _, problem in quick(entries, held)]
    errors = [problem for problem in in_full if problem.severity == "error"]
    assert sorted(map(str, by_build)) == sorted(map(str, errors))


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=3), st.booleans())
def test_nothing_in_template_strings_brings_the_check_down(
    forms: list[tuple[str, str, str]], plural: bool
) -> None:
    entries = [
        Entry(one, (two, three) if plural else (two,), msgid_plural=three if plural else None)
        for one, two, three in forms
    ]
    strings(entries, ground("ar", TERMS, COVERAGE))


@given(st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_a_source_is_its_own_translation_without_an_error(pairs: dict[str, str]) -> None:
    entries = [Entry(source, (source,)) for source in pairs if source.strip()]
    codes = {problem.code for problem in full(entries, ground("es")) if problem.severity == "error"}
    own = {"raw-html", "address-in-prose", "phone-in-prose", "known-number-in-prose", "translation-direction"}
    assert codes <= own


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a-",
        "a.",
        "1 ",
        "[",
        "*a_ ",
        "&#1;",
        "<a",
        "\u202b",
        "x@",
        "www.",
        "# \n",
        "{a.b}",
        "`",
        "\u200b",
        "الف ",
        "不",
    ],
)
def test_ten_megabytes_are_checked_in_less_than_two_seconds(piece: str) -> None:
    long = piece * (10_000_000 // len(piece))
    entries = [Entry("Keys.", (long,)), Entry("Wait 3 days.", (long[:2_000],))]
    held = ground("es", TERMS, COVERAGE)
    before = process_time()
    assert any(problem.code == "translation-overlong" for _, problem in quick(entries, held))
    assert any(problem.code == "translation-overlong" for problem in full(entries, held))
    assert process_time() - before < 2


def test_a_thousand_problems_in_one_catalog_are_told_at_once() -> None:
    text = f'msgid ""\nmsgstr ""\n{HEADER}\n' + "\n".join(
        f'msgid "Wait {number} days"\nmsgstr "Espera *{number + 1} días"\n' for number in range(5_000)
    )
    before = process_time()
    catalog, _ = po.read(text, PATH)
    assert len(quick(catalog.entries[1:], ground("es"))) == 10_000
    assert process_time() - before < 5


# --- the command -------------------------------------------------------------------------------------

WRONG_LIGHT = {
    "Wait for spring.": "Espera a la la primavera",
    "At the window": "Junto a a la ventana",
    "New pots": "Macetas 7",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path)
    conftest.date_anew(tmp_path)
    return tmp_path


def write_wrong(project: Path, *messages: str) -> None:
    path = project / "locales/es/LC_MESSAGES/light.po"
    catalog, _ = po.read(path.read_text(encoding="utf-8"), str(path))
    entries = (
        replace(entry, msgstr=(WRONG_LIGHT[entry.msgid],), text="") if entry.msgid in messages else entry
        for entry in catalog.entries
    )
    path.write_text(po.write(replace(catalog, entries=tuple(entries))), encoding="utf-8")


def run(project: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command_line, ["-C", str(project), "check", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_says_that_nothing_is_wrong(project: Path) -> None:
    assert run(project) == (0, "Nothing is wrong.\n", "")
    assert run(project, "es") == (0, "Nothing is wrong.\n", "")


def test_the_command_groups_warnings_by_file_and_says_a_hint_once(project: Path) -> None:
    write_wrong(project, "Wait for spring.", "At the window")
    code, out, err = run(project, "es")
    assert (code, out) == (0, "No error, 3 warnings in 1 file.\n")
    lines = err.splitlines()
    assert [line.startswith("  hint:") for line in lines] == [False, False, True, False, True]
    assert "translation-doubled-word" in lines[0]
    assert "translation-doubled-word" in lines[1]
    assert "ignore-translation-doubled-word" in lines[2]
    assert "translation-ending" in lines[3]


def test_an_error_in_a_translation_ends_the_command_with_one_and_stands_first(project: Path) -> None:
    write_wrong(project, *WRONG_LIGHT)
    code, out, err = run(project, "es")
    assert (code, out) == (1, "")
    assert "error[translation-numbers]" in err.splitlines()[0]
    assert err.splitlines()[-1] == "1 error."
    assert run(project)[0] == 1


def test_an_unknown_locale_is_refused_with_the_known_ones(project: Path) -> None:
    code, out, err = run(project, "ex")
    assert (code, out) == (2, "")
    assert "There is no locale 'ex' here. There are es." in err


def test_with_a_locale_only_its_translations_are_looked_at(project: Path) -> None:
    light = project / "content/guides/light.md"
    old = re.sub(r"reviewed: .*", "reviewed: 2001-01-01", light.read_text(encoding="utf-8"))
    light.write_text(old, encoding="utf-8")
    assert "guide-overdue" in run(project)[2]
    assert run(project, "es") == (0, "Nothing is wrong.\n", "")


# --- our own -----------------------------------------------------------------------------------------


def test_every_rule_says_what_it_does_why_and_with_what_example() -> None:
    for rule in (*rules.ERRORS, *rules.WARNINGS):
        lines = (rule.__doc__ or "").split("\n")
        assert len([line for line in lines if line.strip()]) >= 4, rule
        assert any(line.strip().startswith("msgid") for line in lines), rule


def test_the_fonts_of_the_engine_have_the_letters_of_its_locales() -> None:
    for path in sorted(Path(store.ENGINE, "locales").glob("*/LC_MESSAGES/*.po")):
        catalog, _ = po.read(path.read_text(encoding="utf-8"), PATH)
        said = "".join(entry.msgstr[0] for entry in catalog.entries)
        assert fonts.uncovered(said, COVERAGE) == (), path
