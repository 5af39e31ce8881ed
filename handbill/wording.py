"""Words that turn a sentence round, by language; and the numbers that a text names, in any script.

What negates (`not`, `nunca`, `لا`), what binds or limits (`must`, `only`, `unless`), and which words are
numbers. The lists are short on purpose: a word stands in one if a sentence with it and one without it can
send a reader different ways. A language without a list has none of them. A language is named by its own code
or by a locale's: `zh` and `zh_Hans` have the same lists. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

# --- words -----------------------------------------------------------------------------------------

_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
"""Soft hyphens, joiners, marks of direction: they change no word."""
_ALIKE = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "＇": "'", "‐": "-", "‑": "-"})
_BY_ITSELF = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Chinese and Japanese characters: nothing stands between their words, so each counts as one."""
_JOINED = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0963\u0966-\u096f\u0971-\u0df3\u0e01-\u0e3e\u0e40-\u0e4e"
    "\u0e80-\u0ece\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u20d0-\u20ff"
)
"""Vowel signs and accents that stand behind their letter, which Python's `\\w` leaves out."""
_LETTER = rf"(?:[^\W{_BY_ITSELF}]|[{_JOINED}])"


@lru_cache(maxsize=1)
def word() -> re.Pattern[str]:
    """Return what finds a word in what `plainly` gives; an apostrophe or a hyphen inside belongs to it.

    Large sets of characters take `re` milliseconds to compile, and most builds never look for words.
    """
    return re.compile(rf"[{_BY_ITSELF}]|{_LETTER}+(?:['-]{_LETTER}+)*")


def plainly(text: str) -> str:
    """Return a text in lower case, with one kind of apostrophe and hyphen, and without what nobody sees.

    >>> plainly("DON’T re\\u00adturn")
    "don't return"
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text).translate(_ALIKE).casefold())


def words(text: str) -> list[str]:
    """Return the words of a text without markup, in order and in lower case.

    >>> words("You’re re-signed: 不要!")
    ["you're", 're-signed', '不', '要']
    """
    return word().findall(plainly(text))


# --- numbers ---------------------------------------------------------------------------------------


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers written in digits, in order, the same however a language writes them.

    Digits of every script become ASCII's; thousands lose their separator; the decimal mark becomes a point.
    Since `1.000` is a thousand in one language and `1,000` in the next, both are a thousand here.

    >>> numbers("٣ من ١٬٠٠٠"), numbers("3 de 1.000"), numbers("3.5 %, 3,5 %")
    (('3', '1000'), ('3', '1000'), ('3.5', '3.5'))
    """
    return tuple(found.value for found in _in_digits(_legible(text), "any"))


def all_numbers(text: str, language: str) -> tuple[str, ...]:
    """Return the numbers of a text in order, number words of the language too, as the language reads them.

    >>> all_numbers("Two of 1,000, or 1.000 twice", "en")
    ('2', '1000', '1.000', '2')
    """
    return counted(text, language)[1]


def counted(text: str, language: str) -> tuple[str, tuple[str, ...]]:
    """Return a text as `plainly` does, with each number in plain digits, and `all_numbers` of it.

    >>> counted("Twenty-five of 1,000", "en")
    ('25 of 1000', ('25', '1000'))
    """
    legible = _legible(text)
    found = _all(legible, language)
    pieces: list[str] = []
    position = 0
    for number in found:
        pieces += [legible[position : number.start], number.value]
        position = number.end
    return "".join((*pieces, legible[position:])), tuple(number.value for number in found)


def one_in_digits(text: str, language: str) -> str:
    """Return a text with its words for one as `1`; no other list has them, for they often count nothing."""
    known = _ONE.get(_code(language), "").split()
    return re.sub(rf"\b(?:{'|'.join(known)})\b", "1", text, flags=re.IGNORECASE) if known else text


def number_words(language: str) -> Mapping[str, int]:
    """Return number word → number; `one` is not among them, for it often counts nothing.

    Nor are the characters of Chinese numbers, which mean something by their order; `all_numbers` reads them.
    """
    return _numbered(_NUMBER_WORDS.get(_code(language), ""))


def _code(language: str) -> str:
    return language.replace("-", "_").partition("_")[0].lower()


def _legible(text: str) -> str:
    """Return a text as `plainly` does, with ASCII's digits: `٩` is 9, `½` is 1/2."""
    plain = plainly(text)
    if plain.isascii():
        return plain
    return "".join(_plain_digit(char) if char.isnumeric() and not char.isascii() else char for char in plain)


def _plain_digit(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if unicodedata.category(char) != "No":
        return char  # 三 and Ⅲ are words
    from fractions import Fraction  # seldom needed, and slow to import

    value = Fraction(unicodedata.numeric(char)).limit_denominator(100)
    return f" {value.numerator}" if value.denominator == 1 else f" {value.numerator}/{value.denominator}"


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    value: str


_DecimalMark: TypeAlias = Literal["point", "comma", "any"]
_WITH_COMMA = "bg ca cs da de el es fi fr hr hu id it lt nb nl no pl pt ro ru sk sl sr sv tr uk vi"
"""Languages with a comma before decimals, and a point or a space between thousands."""


@lru_cache
def _number_pattern(mark: _DecimalMark) -> re.Pattern[str]:
    groups, decimals = {"point": (",", "."), "comma": (".", ","), "any": (" .,", ".,")}[mark]
    grouped = rf"[1-9]\d{{0,2}}(?P<group>[{groups}'٬\u00a0\u2009\u202f])\d{{3}}(?:(?P=group)\d{{3}})*+(?!\d)"
    in_lakhs = r"[1-9]\d?(?:,\d\d(?!\d))++,\d{3}(?!\d)"
    return re.compile(
        rf"(?P<minus>(?<![^\s(])[-−])?(?P<whole>{grouped}|{in_lakhs}|\d+)(?:[{decimals}٫](?P<part>\d+))?"
    )


def _in_digits(legible: str, mark: _DecimalMark) -> Iterator[_Number]:
    for match in _number_pattern(mark).finditer(legible):
        value = ("-" if match["minus"] else "") + re.sub(r"\D", "", match["whole"])
        yield _Number(match.start(), match.end(), f"{value}.{match['part']}" if match["part"] else value)


def _all(legible: str, language: str) -> list[_Number]:
    mark: _DecimalMark = "comma" if _code(language) in _WITH_COMMA.split() else "point"
    written = list(_in_digits(legible, mark))
    spelled = list(_chinese(legible) if _code(language) == "zh" else _in_words(legible, language))
    return (
        sorted(written + spelled, key=lambda found: found.start)
        if written and spelled
        else written or spelled
    )


def _in_words(legible: str, language: str) -> Iterator[_Number]:
    """Yield the numbers in words, `twenty-five` and `two hundred` as one."""
    known = number_words(language)
    last: tuple[int, int, int] | None = None
    for match in _number_word_pattern(language).finditer(legible) if known else ():
        value, (start, end) = known[match[0]], match.span()
        if last and legible[last[1] : start] in (" ", "-"):
            if value >= 100 and last[2] < value:
                last = last[0], end, last[2] * value
                continue
            if 20 <= last[2] <= 90 and last[2] % 10 == 0 and 1 <= value <= 9:
                last = last[0], end, last[2] + value
                continue
        if last:
            yield _Number(last[0], last[1], str(last[2]))
        last = start, end, value
    if last:
        yield _Number(last[0], last[1], str(last[2]))


@lru_cache
def _number_word_pattern(language: str) -> re.Pattern[str]:
    listed = "|".join(sorted(number_words(language), key=len, reverse=True))
    return re.compile(rf"(?<![\w{_JOINED}'])(?:{listed})(?![\w{_JOINED}'])")


_CHINESE_NUMBER = re.compile(r"[〇零一二两兩三四五六七八九十百千万萬]+")
_CHINESE_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000}


def _chinese(legible: str) -> Iterator[_Number]:
    """Yield the numbers in Chinese characters; `一` by itself begins many words and counts for none."""
    for match in _CHINESE_NUMBER.finditer(legible):
        total = section = digit = 0
        for char in match[0]:
            unit = _CHINESE_UNITS.get(char)
            if unit is None:
                digit = _CHINESE_DIGITS[char]
            elif unit < 10_000:
                section, digit = section + (digit or 1) * unit, 0
            else:
                total, section, digit = (total + section + digit) * unit, 0, 0
        if match[0] != "一":
            yield _Number(match.start(), match.end(), str(total + section + digit))


# --- words that turn a sentence round ----------------------------------------------------------------


def negations(language: str) -> frozenset[str]:
    """Return the words that negate, and the phrases, as they are written in lower case.

    A list for looking at; `negations_in` knows contractions too, and words that only look like one of these.
    """
    return _listed(_NEGATIONS.get(_code(language), ""))


def modals(language: str) -> frozenset[str]:
    """Return the words and phrases that bind, allow or limit: must, may, only, unless."""
    return _listed(_MODALS.get(_code(language), ""))


def negations_in(text: str, language: str) -> tuple[str, ...]:
    """Return the negations of a text without markup, in order, `not` for `n't`.

    >>> negations_in("You can’t, and nobody cannot.", "en"), negations_in("非常不好", "zh_Hans")
    (('not', 'nobody', 'not'), ('不',))
    """
    listed = negations(language)
    return tuple(word for word in turning_words(text, language) if word in listed)


def turning_words(text: str, language: str) -> tuple[str, ...]:
    """Return the negations and modals of a text without markup, in order.

    >>> turning_words("Only call if you must; you can't call later.", "en")
    ('only', 'must', 'can', 'not')
    """
    phrases = _phrases(_code(language))
    if not phrases:
        return ()
    parts: list[str] = []
    for word in words(text):
        if word in phrases or (word.isascii() and word.isalpha()):
            parts.append(word)
        else:
            parts += _parts(word, phrases)
    if phrases.keys().isdisjoint(parts):
        return ()
    found: list[str] = []
    index = 0
    while index < len(parts):
        for phrase, meant in phrases.get(parts[index], ()):
            if tuple(parts[index : index + len(phrase)]) == phrase:
                found += meant
                index += len(phrase)
                break
        else:
            index += 1
    return tuple(found)


_Phrases: TypeAlias = Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
"""First word → (words, what they count as), the longest first."""


@lru_cache
def _phrases(code: str) -> _Phrases:
    listed = {phrase: (phrase,) for phrase in negations(code) | modals(code)} | {
        phrase.replace("_", " "): tuple(meant.split()) for phrase, meant in _MEANT.get(code, {}).items()
    }
    listed |= {phrase.replace("_", " "): () for phrase in _HARMLESS.get(code, "").split()}
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrase, meant in listed.items():
        split = tuple(_bare(word) for word in words(phrase))
        by_first.setdefault(split[0], []).append((split, meant))
    return {first: tuple(sorted(some, key=lambda one: -len(one[0]))) for first, some in by_first.items()}


def _parts(word: str, phrases: _Phrases) -> list[str]:
    """Return a word as the lists have it: whole if it is in one, else taken apart.

    `n'allez` is `n` and `allez`; `don't` is `do` and `n't`; `no-one` is `no` and `one`; `ولا` is `لا`.
    """
    bare = _bare(word)
    if bare in phrases:
        return [bare]
    if bare.endswith("n't"):
        return [*bare[:-3].split("-"), "n't"]
    if len(bare) > 2 and bare[0] in "وف" and bare[1:] in phrases:
        return [bare[1:]]
    return re.split("['-]", bare)


_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")


def _bare(word: str) -> str:
    """Return a word without Arabic vowel signs, which are written or not."""
    return _ARABIC_MARKS.sub("", word)


# --- the lists -------------------------------------------------------------------------------------


@lru_cache
def _listed(text: str) -> frozenset[str]:
    """Return the words of a list; where words belong together, `_` stands between them."""
    return frozenset(word.replace("_", " ") for word in text.split())


@lru_cache
def _numbered(text: str) -> Mapping[str, int]:
    """Return word → number, from text in which each number stands before its words."""
    found: dict[str, int] = {}
    value = 0
    for word in text.split():
        if word.isdecimal():
            value = int(word)
        else:
            found[plainly(word)] = value
    return found


_NEGATIONS: Mapping[str, str] = {
    "en": "not never no none nobody nothing nowhere neither nor without non",
    "es": """no nunca jamás nada nadie ningún ninguno ninguna ningunos ningunas tampoco ni sin""",
    "fr": "ne pas jamais rien aucun aucune nul nulle ni sans non",
    "pt": "não nunca jamais nada ninguém nenhum nenhuma nenhuns nenhumas nem sem tampouco",
    "de": """nicht nichts nie niemals niemand niemanden niemandem nirgends nirgendwo weder ohne
        kein keine keinen keinem keiner keines keins""",
    "ru": """не ни нет без никогда никто никого никому никем ничто ничего ничему ничем нигде никуда ниоткуда
        нельзя никакой никакая никакое никакие никакого никаких""",
    "ar": "لا لم لن ليس ليست ليسوا لست لسنا غير بدون دون بلا أبدا ألا كلا",
    "zh": "不 没 沒 无 無 非 别 別 勿 未 莫 毋",
    "hi": "न ना नहीं नही मत बिना",
}
"""Language → words that negate. French `plus` and `personne`, German `noch` and Arabic `ما` are not here:
they mean other things more often."""

_MODALS: Mapping[str, str] = {
    "en": """must should shall ought may might can could have_to has_to had_to
        only unless except until always at_least at_most""",
    "es": """debe deben debes debo deber debemos debería deberías deberían puede pueden puedes poder podemos
        podría podrías podrían hay_que tiene_que tienes_que tienen_que solo sólo solamente únicamente salvo
        excepto hasta a_menos_que siempre al_menos""",
    "fr": """doit doivent dois devez devrait devriez devraient faut peut peuvent peux pouvez pourrait pourriez
        pourraient seulement uniquement sauf excepté jusqu jusque à_moins toujours au_moins""",
    "pt": """deve devem deves deveria deveriam pode podem podes poderia poderiam tem_que têm_que tem_de
        só somente apenas exceto salvo até a_menos_que a_não_ser sempre pelo_menos""",
    "de": """muss musst müssen müsst müsste müssten soll sollst sollen sollt sollte sollten solltest darf
        darfst dürfen dürft dürfte kann kannst können könnt könnte könnten nur außer ausgenommen bis
        es_sei_denn immer mindestens höchstens""",
    "ru": """должен должна должно должны надо нужно можно может можете могут можешь обязан обязана обязаны
        следует только лишь кроме пока всегда""",
    "ar": "يجب ينبغي يمكن يمكنك يمكنكم يجوز فقط إلا حتى لابد دائما سوى",
    "zh": "必须 必須 应该 應該 应当 應當 可以 可能 能 只 仅 僅 除非 除了 直到 总是 總是 至少 务必 務必",
    "hi": """चाहिए सकते सकता सकती सकें केवल सिर्फ सिर्फ़ तक जब_तक अनिवार्य ज़रूर जरूर हमेशा कम_से_कम""",
}
"""Language → words that bind, allow or limit. What only tells the future (`will`) is not here."""

_MEANT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "cannot": "can not",
        "ca_n't": "can not",
        "sha_n't": "shall not",
        "n't": "not",
        "no_one": "nobody",
        "till": "until",
    },
    "fr": {"n": "ne"},
}
"""Language → phrases that count as others."""

_HARMLESS: Mapping[str, str] = {
    "zh": """非常 不过 不過 不但 不仅 不僅 不断 不斷 不同 差不多 对不起 對不起 别人 別人 特别 特別 分别 分別
        个别 個別 级别 級別 性别 性別 类别 類別 区别 區別 识别 識別 告别 告別 未来 未來 无论 無論 不论 不論
        莫非 只要 功能 技能""",
}
"""Language → phrases that only look as if they held a word of the lists: 非常 is “very”."""

_ONE: Mapping[str, str] = {
    "en": "one",
    "es": "un uno una",
    "fr": "un une",
    "pt": "um uma",
    "de": "ein eine einen einem einer eines eins",
    "ru": "один одна одно одну",
    "hi": "एक",
}

_NUMBER_WORDS: Mapping[str, str] = {
    "en": """0 zero 2 two twice 3 three thrice 4 four 5 five 6 six 7 seven 8 eight 9 nine 10 ten 11 eleven
        12 twelve dozen 13 thirteen 14 fourteen 15 fifteen 16 sixteen 17 seventeen 18 eighteen 19 nineteen
        20 twenty 30 thirty 40 forty 50 fifty 60 sixty 70 seventy 80 eighty 90 ninety 100 hundred
        1000 thousand 1000000 million""",
    "es": """0 cero 2 dos 3 tres 4 cuatro 5 cinco 6 seis 7 siete 8 ocho 9 nueve 10 diez 11 once 12 doce docena
        13 trece 14 catorce 15 quince 16 dieciséis 17 diecisiete 18 dieciocho 19 diecinueve 20 veinte
        30 treinta 40 cuarenta 50 cincuenta 60 sesenta 70 setenta 80 ochenta 90 noventa 100 cien ciento
        1000 mil 1000000 millón millones""",
    "fr": """0 zéro 2 deux 3 trois 4 quatre 5 cinq 6 six 7 sept 8 huit 9 neuf 10 dix 11 onze 12 douze douzaine
        13 treize 14 quatorze 15 quinze 16 seize 20 vingt 30 trente 40 quarante 50 cinquante 60 soixante
        100 cent 1000 mille 1000000 million millions""",
    "pt": """0 zero 2 dois duas 3 três 4 quatro 5 cinco 6 seis 7 sete 8 oito 9 nove 10 dez 11 onze 12 doze
        dúzia 13 treze 14 catorze quatorze 15 quinze 20 vinte 30 trinta 40 quarenta 50 cinquenta 60 sessenta
        70 setenta 80 oitenta 90 noventa 100 cem cento 1000 mil 1000000 milhão milhões""",
    "de": """0 null 2 zwei zweimal 3 drei dreimal 4 vier 5 fünf 6 sechs 7 sieben 8 acht 9 neun 10 zehn 11 elf
        12 zwölf dutzend 13 dreizehn 14 vierzehn 15 fünfzehn 16 sechzehn 17 siebzehn 18 achtzehn 19 neunzehn
        20 zwanzig 30 dreissig 40 vierzig 50 fünfzig 60 sechzig 70 siebzig 80 achtzig 90 neunzig
        100 hundert 1000 tausend 1000000 million millionen""",
    "ru": """0 ноль нуль 2 два две двух дважды 3 три трёх трех трижды 4 четыре четырёх четырех 5 пять пяти
        6 шесть шести 7 семь семи 8 восемь восьми 9 девять девяти 10 десять десяти 11 одиннадцать
        12 двенадцать 13 тринадцать 14 четырнадцать 15 пятнадцать 16 шестнадцать 17 семнадцать
        18 восемнадцать 19 девятнадцать 20 двадцать 30 тридцать 40 сорок 50 пятьдесят 60 шестьдесят
        70 семьдесят 80 восемьдесят 90 девяносто 100 сто 1000 тысяча тысячи тысяч 1000000 миллион""",
    "ar": """0 صفر 2 اثنان اثنين اثنتان اثنتين مرتين 3 ثلاثة ثلاث 4 أربعة أربع 5 خمسة خمس 6 ستة ست
        7 سبعة سبع 8 ثمانية ثماني ثمان 9 تسعة تسع 10 عشرة عشر 20 عشرون عشرين 30 ثلاثون ثلاثين
        40 أربعون أربعين 50 خمسون خمسين 60 ستون ستين 70 سبعون سبعين 80 ثمانون ثمانين 90 تسعون تسعين
        100 مئة مائة 1000 ألف 1000000 مليون""",
    "hi": """0 शून्य 2 दो 3 तीन 4 चार 5 पाँच पांच 6 छह छः 7 सात 8 आठ 9 नौ 10 दस 11 ग्यारह 12 बारह 13 तेरह 14 चौदह
        15 पंद्रह पन्द्रह 16 सोलह 17 सत्रह 18 अठारह 19 उन्नीस 20 बीस 30 तीस 40 चालीस 50 पचास 60 साठ 70 सत्तर
        80 अस्सी 90 नब्बे 100 सौ 1000 हज़ार हजार 100000 लाख""",
}
"""Language → numbers, each before its words."""
