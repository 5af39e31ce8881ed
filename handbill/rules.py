"""The rules for translations: what each must keep of its source, a function a rule.

`ERRORS` keep a translation from readers, `WARNINGS` are for its translator to look at. A rule takes a `Pair`
and yields what it finds; it knows nothing of files. *check* says on which messages they run, and where what
they find stands. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from handbill import diagnostics, fonts, neutral, prose, wording
from handbill.markdown import References
from handbill.model import Diagnostic, Place, Term
from handbill.neutral import Neutral
from handbill.phrases import placeholders


def _languages(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


def _language(locale: str) -> str:
    """Return the language of a locale, without script and country."""
    return locale.partition("_")[0]


# --- what a rule looks at --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """What the translations of one locale are held to; made once a locale by `ground`."""

    locale: str
    source_locale: str
    numbers: Mapping[str, str]
    """Digits of each contact's number → its token."""
    coverage: frozenset[int] | None
    """The characters that the pinned fonts have; None where the project prints nothing."""
    glossary: Glossary
    odd: re.Pattern[str]
    """Finds a character that may not stand in a translation."""
    telling: re.Pattern[str]
    """Without a match, a translation has an error only by what it lacks, by its beginning or by its words."""
    neutral: Neutral


def ground(
    locale: str,
    source_locale: str,
    numbers: Mapping[str, str],
    coverage: frozenset[int] | None,
    terms: tuple[Term, ...],
    about: Neutral = neutral.NOTHING,
) -> Ground:
    """Return what the translations of a locale are held to; `numbers` as from `prose.known_numbers`."""
    zero_width = _language(locale) in _PARTED_BY_ZERO_WIDTH_SPACES
    odd, telling = _odd_characters(coverage, zero_width), _telling(coverage, zero_width)
    return Ground(locale, source_locale, numbers, coverage, glossary(terms, locale), odd, telling, about)


@dataclass(frozen=True, slots=True)
class Pair:
    """One translated string and its source, as the rules look at them."""

    sources: tuple[str, ...]
    """The source; of a plural entry, singular and plural."""
    target: str
    ours: References
    """What the sources name together."""
    theirs: References
    plain: bool
    """Whether both are shown as they stand: strings of templates and settings, not Markdown."""
    longest: int | None
    """Columns that its place has room for."""
    ground: Ground

    @property
    def source(self) -> str:
        """The source, the plural one of two."""
        return self.sources[-1]

    @property
    def is_plural(self) -> bool:
        """Whether it is one form of several: it may leave out what another one says."""
        return len(self.sources) > 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, before anyone has looked for its place."""

    problem: Diagnostic
    at: str = ""
    """The piece of the translation that it is about, where there is one."""


Rule: TypeAlias = Callable[[Pair], Iterator[Finding]]

_NOWHERE = Place("")
"""Adds to what `run` yields whatever it finds wrong."""


def run(rules: Iterable[Rule], pair: Pair) -> Iterator[Finding]:
    """Yield what some of the rules find; of a translation that is far too long, only that."""
    if is_overlong(pair.source, pair.target):
        found = diagnostics.translation_overlong(_NOWHERE, len(pair.target), len(pair.source))
        yield Finding(found)
        return
    for rule in rules:
        yield from rule(pair)


SURE_LENGTH = 2000
"""No translation is too long that is not longer than this."""


def is_overlong(source: str, target: str) -> bool:
    """Whether a text is so long that it cannot be the translation, but a whole file pasted into one entry."""
    return len(target) > SURE_LENGTH + 10 * len(source)


# --- the rules: errors -------------------------------------------------------------------------------


def same_tokens(pair: Pair) -> Iterator[Finding]:
    """A translation has the tokens of its source, as often.

    A token is a phone number or an address. Without it a reader has nothing to call; with another one she
    calls somebody else. A plural form may have each once or twice, as its sources do.

        msgid "Call {us-hotline.phone}."
        msgstr "Llama al {us-hotline.text}."
    """
    ours, theirs = pair.ours.tokens, pair.theirs.tokens
    if pair.is_plural:
        ours, theirs = tuple(sorted(set(ours))), tuple(sorted(set(theirs)))
    lacking, added = _differing(ours, theirs)
    if lacking or added:
        yield Finding(diagnostics.translation_tokens(_NOWHERE, lacking, added), _first(added))


def same_links(pair: Pair) -> Iterator[Finding]:
    """A translation links to what its source links to, and shows its pictures.

    A target with one wrong letter leads nowhere, and one that the author never wrote could lead anywhere.

        msgid "See [what to pack](leaving.md#bag)."
        msgstr "Mira [qué llevar] (leaving.md#bag)."
    """
    for ours, theirs in ((pair.ours.links, pair.theirs.links), (pair.ours.images, pair.theirs.images)):
        lacking, added = _differing(ours, theirs)
        if lacking or added:
            yield Finding(diagnostics.translation_links(_NOWHERE, lacking, added), _first(added))


def same_placeholders(pair: Pair) -> Iterator[Finding]:
    """A string of a template has the placeholders of its source.

    They stand for what is only known when a page is made. A plural form may leave one out, as the Arabic dual
    does with its number.

        msgid "%(count)s pages"
        msgstr "%(cuenta)s páginas"
    """
    if not pair.plain:
        return
    ours = frozenset[str]().union(*map(placeholders, pair.sources))
    theirs = placeholders(pair.target)
    lacking = frozenset[str]() if pair.is_plural else ours - theirs
    added = theirs - ours
    if lacking or added:
        found = diagnostics.translation_placeholders(_NOWHERE, sorted(lacking), sorted(added))
        yield Finding(found, f"%({min(added)})s" if added else "")


def same_numbers(pair: Pair) -> Iterator[Finding]:
    """A translation has the numbers of its source, in the digits and with the separators of any language.

    A wrong number of hours, days or steps is a wrong instruction. A word may stand for digits on either side,
    as `three` for `3`; one and, in Arabic, two are often no word at all.

        msgid "Wait 24 hours."
        msgstr "Espera 42 horas."

    A phone number that is typed in is told by `no_data_in_prose` alone.
    """
    ours, theirs = _figures(pair.ours), _figures(pair.theirs)
    if _runs_of_digits(ours) == _runs_of_digits(theirs):
        return
    lacking, added = _differing(wording.numbers(ours), wording.numbers(theirs))
    if not (lacking or added) or _data(pair):
        return
    locale, source_locale = pair.ground.locale, pair.ground.source_locale
    unsaid = _UNSAID.get(_language(locale), frozenset("1"))
    said = _in_words(theirs, locale)
    if not said and not wording.number_words(locale):
        unsaid = _SMALL  # in this language a word cannot be told from a number that was lost
    lacking, _ = _differing(lacking, said)
    lacking = () if pair.is_plural else tuple(number for number in lacking if number not in unsaid)
    added, _ = _differing(added, ("1", *_in_words(ours, source_locale)))
    if lacking or added:
        yield Finding(diagnostics.translation_numbers(_NOWHERE, lacking, added), _first(added))


def _figures(references: References) -> str:
    """Return where numbers are looked for: all that is read, but for tokens and targets."""
    return _EARLY.sub("", "\n".join((references.prose, *references.code)))


_EARLY = re.compile(r"\b0(?=\d[:.h]\d\d)")
"""The zero of `09:30`, which many languages leave out."""


def _runs_of_digits(text: str) -> list[str]:
    """Return every run of digits, sorted: equal ones need no closer look, whatever stands between them."""
    return sorted(f"{int(run):0{len(run)}}" for run in re.findall(r"\d+", text))


def _in_words(text: str, locale: str) -> tuple[str, ...]:
    """Return the numbers that a text has in words."""
    return wording.all_numbers(re.sub(r"\d+", " ", text), locale)


_UNSAID = {"ar": frozenset("12"), "he": frozenset("12"), "sl": frozenset("12")}
"""Language → numbers that its grammar can say without a word: `ساعتان` is “two hours”."""
_SMALL = frozenset(map(str, range(13)))


def working_markup(pair: Pair) -> Iterator[Finding]:
    """A translation shows no markup as it stands, unless its source does.

    A star or bracket that has lost its partner looks like a mistake, and what it was to mark stands unmarked.

        msgid "**Do not** go back."
        msgstr "**No* regreses."
    """
    if not pair.theirs.strays:
        return
    spare = Counter(_mark(stray) for stray in pair.ours.strays)
    shown = []
    for stray in pair.theirs.strays:
        if not spare[_mark(stray)]:
            shown.append(stray)
        spare[_mark(stray)] = max(spare[_mark(stray)] - 1, 0)
    if shown:
        yield Finding(diagnostics.translation_markup(_NOWHERE, shown), shown[0])


def _mark(stray: str) -> str:
    """Return what kind of mark it is: a run of five underscores is one of three."""
    return stray[0] if stray[0] in "*_`" else stray


_BLOCK = re.compile(
    r"[ \t]*+(#{1,6}(?=[ \t]|$)|[-+*](?=[ \t]|$)|>|\d{1,9}[.)](?=[ \t]|$)|`{3,}|~{3,}|:{3,}|\||"
    r"(?:[-*_][ \t]*+){3,}$|={2,}[ \t]*$)",
    re.MULTILINE,
)


def no_block(pair: Pair) -> Iterator[Finding]:
    """No line of a translation begins like a heading, a list, a quote, a table or a box.

    The source makes these; a translation is the words alone, and its reader would see the mark. A number that
    the source has may begin a line: `3. Oktober`.

        msgid "Keys"
        msgstr "- Llaves"
    """
    allowed = {match[1] for source in pair.sources for match in _line_starts(source)}
    for match in _line_starts(pair.target):
        mark = match[1]
        number = re.match(r"\d+", mark)
        if mark in allowed or (number and number[0] in wording.numbers("\n".join(pair.sources))):
            continue
        yield Finding(diagnostics.translation_block(_NOWHERE, mark), mark)


def _line_starts(text: str) -> Iterator[re.Match[str]]:
    return (match for line in text.split("\n") if (match := _BLOCK.match(line)))


def no_data_in_prose(pair: Pair) -> Iterator[Finding]:
    """A translation holds no HTML, address or phone number typed into it.

    HTML would be shown as text; a number or an address goes stale in one language and is right in another,
    and could be anybody's.

        msgid "Ask for help."
        msgstr "Pide ayuda en <b>ayuda.example.org</b>."
    """
    for problem in _data(pair):
        yield Finding(problem, problem.fact.split("`")[1])


def _data(pair: Pair) -> tuple[Diagnostic, ...]:
    """Return what is typed into a translation; a string may hold a contact's number if its source does."""
    found = tuple(prose.problems(pair.theirs.prose, _NOWHERE, pair.ground.numbers))
    if not (found and pair.plain):
        return found
    source = "\n".join(pair.sources)
    known = {digits: token for digits, token in pair.ground.numbers.items() if digits not in source}
    return tuple(prose.problems(pair.theirs.prose, _NOWHERE, known))


_OPENING = {
    "\u202a": "\u202c",
    "\u202b": "\u202c",
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
"""Embeddings and isolates → what ends them."""
_FORCING = "\u202d\u202e"


def paired_directions(pair: Pair) -> Iterator[Finding]:
    """Invisible marks of direction come in pairs, and none forces letters to run the other way.

    One that is not ended turns the text after it around, and one that forces can make 911 read 119. Marks
    that stand alone (LRM, RLM, ALM) do no harm.

        msgid "Call 911."
        msgstr "Llama al \\u202e911."
    """
    open: list[str] = []
    for char in _read(pair):
        if char in _FORCING:
            yield _about(diagnostics.translation_direction, char, forced=True)
        elif char in _OPENING:
            open.append(char)
        elif char in "\u202c\u2069":
            if open and _OPENING[open[-1]] == char:
                open.pop()
            elif not (char == "\u202c" and any(forcing in pair.target for forcing in _FORCING)):
                yield _about(diagnostics.translation_direction, char, forced=False)
    for char in open:
        yield _about(diagnostics.translation_direction, char, forced=False)


_DAMAGED = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u180e\u2028\u2029\u2061-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffd"
    "\ue000-\uf8ff\U000e0000-\U000e00ff\U000f0000-\U0010ffff"
)
_ZERO_WIDTH_SPACE = "\u200b"
_PARTED_BY_ZERO_WIDTH_SPACES = _languages("th lo km my shn mnw bo dz")
"""Languages that write no space between words, and tell browsers with U+200B where a line may break."""


def readable_characters(pair: Pair) -> Iterator[Finding]:
    """A translation holds no character that is invisible by mistake, or that is what is left of another.

    They part words for a search or a screen reader, or show as a box. Joiners (U+200C, U+200D) are how
    Persian and Hindi are written, and soft hyphens say where a word may break.

        msgid "Safe"
        msgstr "Segu\\ufffdro"
    """
    zero_width = _language(pair.ground.locale) in _PARTED_BY_ZERO_WIDTH_SPACES
    source = "".join((*pair.sources, pair.ours.prose))
    for char in dict.fromkeys(_damaged(zero_width).findall(_read(pair))):
        if char not in source:
            yield _about(diagnostics.translation_character, char)


@lru_cache
def _damaged(zero_width: bool) -> re.Pattern[str]:
    return re.compile(f"[{_DAMAGED}{'' if zero_width else _ZERO_WIDTH_SPACE}]")


def pinned_glyphs(pair: Pair) -> Iterator[Finding]:
    """A translation holds only characters that the pinned fonts have.

    Any other prints as an empty box.

        msgid "Safe"
        msgstr "Seguro 🙂"
    """
    if pair.ground.coverage is None:
        return
    for char in fonts.uncovered(_read(pair), pair.ground.coverage):
        if not _damaged(False).match(char):
            yield _about(diagnostics.no_glyph, char)


def _read(pair: Pair) -> str:
    """Return all characters that get to a reader, those that `&#8238;` stands for too."""
    return pair.target if pair.plain else "\n".join((pair.theirs.prose, *pair.theirs.code))


def _about(diagnostic: Callable[..., Diagnostic], char: str, **more: bool) -> Finding:
    """Return what is wrong with a character, named as Unicode names it."""
    name = unicodedata.name(char, "unnamed")
    return Finding(diagnostic(_NOWHERE, char, name, **more), char)


@lru_cache(maxsize=8)
def _odd_characters(coverage: frozenset[int] | None, zero_width: bool) -> re.Pattern[str]:
    """Return a pattern that finds each character of which one of the three rules above may say something."""
    return re.compile(_set_of(coverage, _odd(zero_width), 0x10FFFF))


def _telling(coverage: frozenset[int] | None, zero_width: bool) -> re.Pattern[str]:
    """Return a pattern that finds what the rules for errors look at: markup, digits, addresses and the like.

    It begins with one set of characters, for then `re` skips quickly to the first of them, and that set is
    quick to look up only below U+10000: any character above counts as telling, and is then looked at closely.
    """
    digits = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS)
    told = _set_of(coverage, rf"{{<@&*_`\\\n\].:wW{digits}{_odd(zero_width)}\U00010000-\U0010ffff", 0xFFFF)
    return re.compile(rf"{told}(?:(?<![\].:wW])|(?<=\])\(|(?<=\.)\w|(?<=:)\S|(?<=[wW])[wW]{{2}})")


def _odd(zero_width: bool) -> str:
    return f"{_DAMAGED}\u202a-\u202e\u2066-\u2069{'' if zero_width else _ZERO_WIDTH_SPACE}"


def _set_of(coverage: frozenset[int] | None, wanted: str, last: int) -> str:
    """Return the set of the wanted characters and of those that no font has, as `re` writes sets.

    Up to `last`, characters of the fonts are told one by one; `wanted` says what is beyond.
    """
    if coverage is None:
        return f"[{wanted}]"
    is_wanted = re.compile(f"[{wanted}]").match
    points = coverage | fonts.INKLESS
    allowed = sorted(point for point in points if point <= last and not is_wanted(chr(point)))
    spans = [[allowed[0], allowed[0]]]
    for point in allowed[1:]:
        if point == spans[-1][1] + 1:
            spans[-1][1] = point
        else:
            spans.append([point, point])
    return f"[^{''.join(f'{re.escape(chr(a))}-{re.escape(chr(b))}' for a, b in spans)}]"


_ZEROS = (
    "0\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0"
    "\u0f20\u1040\u1090\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0\ua900"
    "\ua9d0\ua9f0\uaa50\uabf0\uff10"
)
"""The zeros of all decimal digits below U+10000 (Unicode 14), each followed by its one to nine."""


def no_forbidden_term(pair: Pair) -> Iterator[Finding]:
    """A translation says no term of the glossary in a way that the glossary forbids.

    It forbids what hurts or misleads, and says why. A word that another term of the same source asks for may
    stand.

        msgid "Call the hotline."
        msgstr "Llama a la línea caliente."
    """
    glossary = pair.ground.glossary
    terms = glossary.terms_in(pair.ours.prose)
    said = pair.theirs.prose.casefold()
    wanted = [word.casefold() for term in terms for word in term.preferred]
    for term in terms:
        for word in term.forbidden:
            asked_for = any(
                word.casefold().startswith(other) or other.startswith(word.casefold()) for other in wanted
            )
            if not asked_for and glossary.says(said, word):
                found = diagnostics.term_forbidden(_NOWHERE, term.source, word, term.preferred, term.reason)
                yield Finding(found, _as_written(word, pair.target))


def no_telling_title(pair: Pair) -> Iterator[Finding]:
    """A title has no word of the site's subject, where site.toml names such words.

    Whoever sees a reader's tabs, history or downloads sees titles.

        msgid "What to plan for"
        msgstr "Cómo huir de la trata"
    """
    about = pair.ground.neutral
    if pair.source in about.titles and (word := neutral.word_in(pair.target, about.words)):
        yield Finding(diagnostics.translation_title(_NOWHERE, word), _as_written(word, pair.target))


def _as_written(word: str, text: str) -> str:
    """Return a word as a text has it, in upper or lower case."""
    at = text.casefold().find(word.casefold())
    return text[at : at + len(word)] if at >= 0 else ""


ERRORS: tuple[Rule, ...] = (
    same_tokens,
    same_links,
    same_placeholders,
    same_numbers,
    working_markup,
    no_block,
    no_data_in_prose,
    paired_directions,
    readable_characters,
    pinned_glyphs,
    no_forbidden_term,
    no_telling_title,
)
"""What keeps a translation from readers."""


# --- the rules: warnings -----------------------------------------------------------------------------


_CLOSING = " \t\n\u00a0\u202f*_`\"'”’»›)]）］」』】》〉\u200e\u200f\u061c"
"""What may follow the end of a sentence."""
_SOURCE_ENDS = {
    ".": ".",
    "?": "?",
    "!": "!",
    ":": ":",
    "…": "…",
    "。": ".",
    "？": "?",
    "！": "!",
    "：": ":",
    "؟": "?",
    "।": ".",
}
_ENDS: Mapping[str, Mapping[str, str]] = {
    language: marks
    for languages, marks in (
        ("zh yue ja", {".": "。", "?": "？", "!": "！", ":": "：", "…": "…"}),
        ("hi bn ne pa or as mai sa sat", {".": "।"}),
        ("ar fa ps ckb ug", {"?": "؟"}),
        ("ur ks", {".": "۔", "?": "؟"}),
        ("sd", {".": ".۔", "?": "؟"}),
        ("am ti", {".": "።", "?": "?፧", ":": "፦:"}),
        ("my shn", {".": "။"}),
        ("km", {".": "។", ":": "៖:"}),
        ("hy", {".": "։:", "?": "։", ":": ":՝.", "!": "։"}),
        ("el", {"?": ";\u037e"}),
    )
    for language in languages.split()
}
"""Language → mark at the end of an English sentence → the marks that stand there instead."""
_USUAL_ENDS = {mark: mark for mark in ".?!:…"}
_ENDLESS = _languages("th lo bo dz")
"""Languages that end a sentence with a space, or with nothing."""


def ending(pair: Pair) -> Iterator[Finding]:
    """A translation ends as its source does, with the mark of its own language.

    A sentence without its stop looks cut off, and a question without its mark reads as a claim.

        msgid "Are you safe now?"
        msgstr "هل أنت بأمان الآن?"
    """
    language = _language(pair.ground.locale)
    if language in _ENDLESS:
        return
    marks = {**_USUAL_ENDS, **_ENDS.get(language, {})}
    ours = _SOURCE_ENDS.get(_last(pair.ours.prose, pair.source), "")
    theirs = _last(pair.theirs.prose, pair.target)
    if ours and not (theirs and theirs in marks[ours]):
        shown = theirs if unicodedata.category(theirs or "x")[0] == "P" else ""
        yield Finding(diagnostics.translation_ending(_NOWHERE, shown, ours, tuple(marks[ours])))
    if theirs and not ours and theirs in "".join(marks.values()):
        yield Finding(diagnostics.translation_ending(_NOWHERE, theirs, "", ()))


def _last(prose: str, text: str) -> str:
    """Return the last character of a text, but for quotes and brackets; nothing after a token or code."""
    if _NAMED_LAST.search(text.rstrip(_CLOSING.replace("`", ""))):
        return ""
    bare = prose.rstrip(_CLOSING)
    return "…" if bare.endswith("...") else bare[-1:]


_NAMED_LAST = re.compile(r"(?:[}`]|%\(\w+\)s|\]\([^()\s]*)\Z")


_OPENINGS = {"es": (("?", "¿"), ("!", "¡")), "ast": (("?", "¿"), ("!", "¡"))}
"""Language → marks at the end of a sentence, with those that its beginning must have."""


def opening(pair: Pair) -> Iterator[Finding]:
    """A Spanish question or exclamation has its mark at the beginning too.

    Without it a reader takes a long question for a statement until its end.

        msgid "Are you safe?"
        msgstr "Estás a salvo?"
    """
    for closes, opens in _OPENINGS.get(_language(pair.ground.locale), ()):
        said = pair.theirs.prose
        if said.count(closes) != said.count(opens):
            yield Finding(diagnostics.translation_opening(_NOWHERE, closes, opens))


_DOUBLING = _languages(
    "zh yue ja ko th lo km my vi id ms jv su tl fil ceb haw mi sw so am ti hi ur bn ne mr pa gu ta te kn ml "
    "si or as fa tg ckb ku tr az uz kk ky tt tk ug hy ka he yi ht mg"
)
"""Languages whose grammar doubles words: `धीरे धीरे` is “slowly”."""
_MAY_DOUBLE = {
    "fr": frozenset(("nous", "vous")),
    "it": frozenset(("piano", "via")),
    "de": frozenset(("die", "das", "der", "sie")),
}


def no_doubled_word(pair: Pair) -> Iterator[Finding]:
    """No word of a translation stands twice in a row.

    It is a slip in most languages; those that double words to say “slowly” or “many” are not looked at.

        msgid "Go to the door."
        msgstr "Ve a la la puerta."
    """
    language = _language(pair.ground.locale)
    if language in _DOUBLING:
        return
    words = pair.theirs.prose.replace("\u00a0", " ").split(" ")
    meant = _MAY_DOUBLE.get(language, frozenset())
    for one, other in pairwise(words):
        if not one or one.casefold() != other.rstrip(_CLOSING + ".,;:!?…،؛؟").casefold():
            continue
        if any(map(str.isalpha, one)) and one[-1:] not in ".,;:!?…،؛؟" and one.casefold() not in meant:
            yield Finding(diagnostics.translation_doubled_word(_NOWHERE, one), f"{one} {other}")
            return


def fitting(pair: Pair) -> Iterator[Finding]:
    """A translation fits the place it is for, such as the title of a card.

    What is longer breaks into another line and pushes the rest off the card. Chinese characters count two.

        #, max-length:12
        msgid "My plan"
        msgstr "El plan que hice para mí"
    """
    width = _columns(pair.theirs.prose)
    if pair.longest is not None and width > pair.longest:
        yield Finding(diagnostics.translation_length(_NOWHERE, width, pair.longest))


def _columns(text: str) -> int:
    """Return how wide a text is: wide characters count two, marks over others nothing."""
    return sum(
        2
        if unicodedata.east_asian_width(char) in "WF"
        else 0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 1
        for char in text
    )


def same_negation(pair: Pair) -> Iterator[Finding]:
    """A translation says no where its source does, and nowhere else.

    A lost or added “not” turns advice round, and reads well all the same. Languages say no in other ways too:
    `unsafe` can be “not safe” and `only` “nobody but”, so what comes near a negation counts for one if the
    other side has one.

        msgid "Do not tell the person who controls you."
        msgstr "Cuéntaselo a la persona que te controla."
    """
    locale, source_locale = pair.ground.locale, pair.ground.source_locale
    if not wording.negations(locale) or not wording.negations(source_locale):
        return
    source, target = pair.ours.prose, pair.theirs.prose
    ours, theirs = wording.negations_in(source, source_locale), wording.negations_in(target, locale)
    if ours and not theirs and not _near(locale, target):
        yield Finding(diagnostics.translation_negation(_NOWHERE, ours, ()))
    elif theirs and not ours and not _near(source_locale, source):
        idioms = _SAYINGS.get(_language(locale))
        bare = re.sub(idioms, " ", target, flags=re.IGNORECASE) if idioms else target
        found = wording.negations_in(bare, locale)
        if found:
            yield Finding(diagnostics.translation_negation(_NOWHERE, (), found))


def _near(locale: str, text: str) -> bool:
    pattern = _NEAR_NEGATION.get(_language(locale))
    return pattern is not None and re.search(pattern, text, re.IGNORECASE) is not None


_NEAR_NEGATION = {
    "en": (
        r"\b(?:only|just|avoid\w*|skip\w*|leave (?:\w+ ){0,2}(?:it|out|off|alone|rest)|left out|"
        r"los(?:t|ing|es?)|lack\w*|miss(?:ing|ed)?|empty|under|private\w*|quiet\w*|hid\w*|secret\w*|"
        r"stop\w*|wrong\w*|vague|alone|apart|away|cut|keeps?|kept|others?|another|else|elsewhere|"
        r"more than|best|better|refus\w+|den(?:y|ies|ied)|forb\w+|ban|prevent\w*|block\w*|against|"
        r"until|unless|except|instead|rather|hard|hardly|difficult\w*|few|less|least|free|too|whatever|"
        r"informal\w*|involuntary|un(?:known|paid|safe|true|wanted)|illegal\w*|impossible|dis\w{4,}|"
        r"odd|strange\w*|out of|fail\w*|break\w*|broken|end(?:s|ed)?)\b"
    ),
    "es": r"\b(?:evit|impid|impedi|prohíb|prohib|dej\w* de\b|falt|carec)",
    "fr": r"\b(?:évit|empêch|interdi|manqu|cess)",
    "pt": r"\b(?:evit|imped|proib|falt|deix\w* de\b)",
    "de": r"\b(?:vermeid|verhinder|verbot|verbiet|fehl|un\w{4,})",
    "ar": r"عدم|دون|منع|تجنب|تجنّب|امتن",
    "zh": r"避免|防止|停止|拒绝|拒絕|禁止|缺",
}
"""Language → pattern of words with which a sentence can say what another one says with a negation.

These are compiled when they are first needed, which is never in a build.
"""
_SAYINGS = {
    "es": r"\b(?:mejor|más|peor|menos) que (?:nadie|nada|nunca)|\b(?:sin|no)\b[^.,;?]{0,25}\bpeligro",
    "fr": r"\b(?:mieux|plus|moins) que (?:jamais|rien)|sans danger",
    "ar": r"دون سن|لا ?بد|غير",
    "zh": r"(.)[不没]\1|不管|不止|未满|别处|别的|非正式|非自愿|不得不|没那么",
}
"""Language → phrases that negate nothing, for all their words: 能不能 asks, `mejor que nadie` is “best”."""


def preferred_terms(pair: Pair) -> Iterator[Finding]:
    """A translation uses the glossary's word for a term of its source.

    One thing under two names looks like two things. Any form that begins with the word counts.

        msgid "Call the hotline."
        msgstr "Llama a la centralita."
    """
    glossary = pair.ground.glossary
    terms = glossary.terms_in(pair.ours.prose)
    said = wording.plainly(pair.theirs.prose) if terms else ""
    for term in terms:
        if not any(glossary.says(said, wording.plainly(word)) for word in term.preferred):
            yield Finding(diagnostics.term_preferred(_NOWHERE, term.source, term.preferred))


def same_spaces(pair: Pair) -> Iterator[Finding]:
    """A translation begins and ends with a space where its source does.

    Such a string is put together with others: without its space two words run into one.

        msgid "Read: "
        msgstr "Lee:"
    """
    for where, index in (("begins", slice(0, 1)), ("ends", slice(-1, None))):
        ours = any(source[index].isspace() for source in pair.sources)
        theirs = pair.target[index].isspace()
        if ours != theirs:
            yield Finding(diagnostics.translation_spaces(_NOWHERE, where, ours))


_FEWEST_WORDS = 3
"""Fewer can be a name, or the same in both languages."""


def translated(pair: Pair) -> Iterator[Finding]:
    """A translation of several words is not its source.

    It counts as translated, and a reader meets a sentence that she cannot read.

        msgid "Pack a bag"
        msgstr "Pack a bag"
    """
    said = (source.casefold() for source in pair.sources)
    if pair.target.casefold() in said and len(wording.words(pair.theirs.prose)) >= _FEWEST_WORDS:
        yield Finding(diagnostics.translation_same(_NOWHERE))


WARNINGS: tuple[Rule, ...] = (
    ending,
    opening,
    no_doubled_word,
    fitting,
    same_negation,
    preferred_terms,
    same_spaces,
    translated,
)
"""What its translator should look at."""


# --- glossaries ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms of a locale, ready to be looked for."""

    terms: Mapping[str, Term]
    """Source in lower case → term."""
    pattern: re.Pattern[str]
    """Finds terms in a source; group 1 is the term, the longest that fits."""
    forbidden: tuple[tuple[str, tuple[str, ...]], ...]
    """First word of a term → its forbidden words; all in lower case, with either apostrophe."""
    joins_words: bool
    """Whether words are written with no space before them, or with others in front: Chinese, Arabic."""

    def terms_in(self, source: str) -> tuple[Term, ...]:
        """Return the terms of a source without markup, each once: the longest where one is in another."""
        if not self.terms:
            return ()
        found = dict.fromkeys(match[1] for match in self.pattern.finditer(wording.plainly(source)))
        return tuple(self.terms[term] for term in found)

    def forbidden_for(self, prose: str) -> tuple[str, ...]:
        """Return the forbidden words, in lower case, of all terms that sources with this prose may have."""
        if not self.forbidden:
            return ()
        words = _words_of_terms(prose)
        return tuple([form for first, forms in self.forbidden if first in words for form in forms])

    @property
    def forbidden_anywhere(self) -> tuple[str, ...]:
        """All forbidden words, in lower case."""
        return tuple([form for _, forms in self.forbidden for form in forms])

    def says(self, text: str, word: str) -> bool:
        """Whether a text in lower case has a word, or one that begins with it."""
        word = word.casefold()
        return any(self._has(text, form) for form in _apostrophes(word))

    def _has(self, text: str, word: str) -> bool:
        at = text.find(word)
        while at >= 0:
            if self.joins_words or not at or not text[at - 1].isalpha():
                return True
            at = text.find(word, at + 1)
        return False


_JOINING = _languages("zh yue ja th lo km my bo dz ar he fa ur ps ckb ug")


def glossary(terms: Iterable[Term], locale: str) -> Glossary:
    """Return a locale's terms, ready to be looked for."""
    by_source = {wording.plainly(term.source): term for term in terms if _WORD.search(term.source)}
    longest_first = sorted(by_source, key=lambda source: (-len(source), source))
    listed = "|".join(map(re.escape, longest_first))
    forbidden = tuple(
        (
            _WORD.findall(source)[0],
            tuple(form for word in term.forbidden for form in _apostrophes(word.casefold())),
        )
        for source, term in by_source.items()
        if term.forbidden
    )
    return Glossary(
        by_source,
        re.compile(rf"(?<!\w)({listed})(?:e?s|'s)?(?!\w)"),
        forbidden,
        _language(locale) in _JOINING,
    )


_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1 << 10)
def _words_of_terms(text: str) -> frozenset[str]:
    """Return every first word that a term in this source may have: in lower case, less an `s` or `es` too.

    Remembered, for all locales ask it of the same guides.
    """
    words = set(_WORD.findall(wording.plainly(text)))
    return frozenset(word.removesuffix(ending) for word in words for ending in ("", "s", "es"))


def _apostrophes(word: str) -> tuple[str, ...]:
    """Return a word with either apostrophe."""
    return tuple(dict.fromkeys((word.replace("’", "'"), word.replace("'", "’"))))


# --- what differs ----------------------------------------------------------------------------------


def _differing(ours: Iterable[str], theirs: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is lacking and what was added."""
    if ours == theirs:
        return (), ()
    mine, other = Counter(ours), Counter(theirs)
    return tuple((mine - other).elements()), tuple((other - mine).elements())


def _first(pieces: tuple[str, ...]) -> str:
    return pieces[0] if pieces else ""
