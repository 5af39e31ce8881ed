"""The command `new locale`: everything that a site needs to be translated into one more language.

Makes the catalogs and a glossary to fill in, and adds the code to `locales` in content/site.toml, where
nothing else is touched. All of it happens or nothing does, and no file that is there is overwritten. Tells
what is known of the language, and what is missing for it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from handbill import extract, fonts, glossary, languages, merge, po, press, profile, store
from handbill.catalogs import all_messages
from handbill.model import PSEUDO_LOCALES, Catalog, Diagnostic, Message
from handbill.profile import Profile
from handbill.source import INTERFACE, Source, catalog_path, read_source

SITE = "content/site.toml"


@dataclass(frozen=True, slots=True)
class Begun:
    """A locale that was added."""

    given: str
    """Its code, as the user wrote it."""
    profile: Profile
    written: tuple[str, ...]
    kept: tuple[str, ...]
    """Files that were there before, and are as they were."""
    messages: int
    offered: int
    """How many of them have a translation of Handbill's own to look through."""
    general: tuple[str, ...]
    """Locales of the site that it is a regional form of."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was done."""

    fact: str
    hint: str
    misunderstood: bool = True
    """Whether it is the code that cannot be, and not the project."""


def begin(folder: Path, code: str) -> tuple[Begun | Refusal | None, tuple[Diagnostic, ...]]:
    """Add a locale to the project in a folder; None where the project itself has an error.

    The new catalogs hold what guides and templates say now, whether or not `extract` has run.
    """
    source, problems = read_source(folder)
    if source is None:
        return None, problems
    messages, more = all_messages(source)
    problems = (*problems, *more)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    locale = languages.normalised(code)
    refused = _refused(source, code, locale)
    if locale is None or refused:
        return refused, problems
    edited = with_locale((folder / SITE).read_bytes().decode(), locale)
    if edited is None:
        return _not_editable(locale), problems
    catalogs = tuple(_catalogs(source, messages, locale))
    files = {made.catalog.path: po.write(made.catalog) for made in catalogs}
    files[glossary.path(locale)] = _glossary(folder, source, locale)
    new = {path: text.encode() for path, text in files.items() if not (folder / path).exists()}
    store.write_all(folder, {**new, SITE: edited.encode()})
    begun = Begun(
        given=code,
        profile=_profile(source, folder, locale),
        written=tuple(new),
        kept=tuple(path for path in files if path not in new),
        messages=sum(sum(bool(entry.msgid) for entry in made.catalog.entries) for made in catalogs),
        offered=sum(len(made.fates) for made in catalogs if made.catalog.path in new),
        general=tuple(other for other in source.project.site.locales if locale.startswith(f"{other}_")),
    )
    return begun, problems


def _refused(source: Source, code: str, locale: str | None) -> Refusal | None:
    site = source.project.site
    if code.replace("-", "_") in PSEUDO_LOCALES:
        return Refusal(
            f"`{code}` is a made-up language to try the layout with, not one for readers.",
            "`python3 build.py build --pseudo` shows the site in it.",
        )
    if locale is None:
        likely = [f"`{near}` ({languages.name_in(near, 'en')})" for near in languages.nearest(code)]
        meant = f"Did you mean {languages.formatted_list(likely, 'en')}? " if likely else ""
        return Refusal(
            f"There is no locale `{code}`.",
            f"{meant}A code names a language, as `fr`, with its country, `pt_BR`, or script, `zh_Hant`.",
        )
    if locale == site.source_locale:
        return Refusal(
            f"The guides are written in `{locale}` already.", "Choose a language to translate into."
        )
    if locale in site.locales:
        return Refusal(
            f"The site has `{locale}` already.", "`python3 build.py extract` brings its files up to date."
        )
    return None


def _profile(source: Source, folder: Path, locale: str) -> Profile:
    project = source.project
    faces = press.faces(folder)
    coverage = fonts.coverage(faces) if project.booklets else None
    sheets = (
        template.text
        for template in project.templates
        if template.name.endswith(".css") and template.name.startswith(("assets/", "print/"))
    )
    return profile.profile(locale, coverage, {face.family for face in faces}, sheets)


def _not_editable(locale: str) -> Refusal:
    return Refusal(
        f"The list `locales` in {SITE} is written in a way that this command cannot safely add to.",
        f'Write it on one line, `locales = ["es", "ar"]`, or add "{locale}" yourself and run '
        "`python3 build.py extract`.",
        misunderstood=False,
    )


def _catalogs(
    source: Source, messages: Mapping[str, Sequence[Message]], locale: str
) -> Iterator[merge.Merged]:
    """Yield the locale's catalogs; what Handbill's own interface has in it is offered, marked fuzzy."""
    path = catalog_path(locale, INTERFACE)
    content = store.read(store.ENGINE / path)
    engine = po.read(content.decode(), path)[0] if content else Catalog(path, ())
    for name, listed in messages.items():
        empty = Catalog(catalog_path(locale, name), (po.header("handbill", locale),))
        template = extract.pot(listed, name, source.project)
        merged = merge.merge(template, empty, _never_asked, merge.Moves())
        yield merge.offered(merged, po.translations(engine))


def _never_asked(old: str, new: str) -> Literal["wording"]:
    """Return the kind of an edit; a new catalog has none."""
    return "wording"


def _glossary(folder: Path, source: Source, locale: str) -> str:
    """Return the text of a glossary without terms, that lists those of the site's others to choose from."""
    words: dict[str, str] = {}
    for other in source.project.site.locales:
        path = glossary.path(other)
        for term in glossary.read(store.read(folder / path), path)[0]:
            words.setdefault(term.source.casefold(), term.source)
    name = languages.name_in(locale, "en")
    lines = [
        f"The words that matter most, and how {name} says them. `check` warns where a translation uses",
        "another word. A forbidden word is an error, and the message is not shown to readers. Fill in a",
        "term, and take away the # before its lines; `forbidden` and `reason` may be left out.",
    ]
    for number, word in enumerate(words.values() or ("hotline",)):
        lines += ["", "[[term]]", f"source = {_quoted(word)}", 'preferred = ""']
        if number == 0:
            lines += ['forbidden = [""]', 'reason = ""']
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- the one list in site.toml -----------------------------------------------------------------------

_LIST = re.compile(r"^locales[ \t]*=[ \t]*\[", re.MULTILINE)
_ITEM = re.compile(r"""(?P<string>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')|(?P<comma>,)|\s+|\#[^\n]*|(?P<end>\])""")


def with_locale(text: str, locale: str) -> str | None:
    """Return site.toml with one more locale at the end of `locales`; all else stays as it is, to the byte.

    None where the list is not found, or where anything else would come to mean something else.

    >>> with_locale('locales = ["es", "ar"] # ours', "fr")
    'locales = ["es", "ar", "fr"] # ours'
    """
    begin = _LIST.search(text)
    made = begin and _inserted(text, begin.end(), locale)
    if not made:
        return None
    try:
        wanted = tomllib.loads(text)
        wanted["locales"] = [*wanted["locales"], locale]
        return made if tomllib.loads(made) == wanted else None
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return None


def _inserted(text: str, position: int, locale: str) -> str | None:
    """Return the text with a locale added to the list that begins at a position, in the list's own style."""
    last, before, comma = None, position, False
    while True:
        found = _ITEM.match(text, position)
        if found is None:
            return None
        position = found.end()
        if found["string"]:
            before = last.end() if last else before
            last, comma = found, False
        elif found["comma"]:
            comma = True
        elif found["end"]:
            break
    if last is None:
        return f'{text[:before]}"{locale}"{text[before:]}'
    item = last[0][0] + locale + last[0][0]
    line_end = re.compile(r"\r?$", re.MULTILINE).search(text, last.end())
    above = text[before : last.start()]
    if "\n" not in above or line_end is None or line_end.start() >= position:
        return f"{text[: last.end()]}, {item}{text[last.end() :]}"
    indent, newline = above.rpartition("\n")[2], "\r\n" if "\r\n" in above else "\n"
    rest = text[last.end() : line_end.start()]
    separator, end = ("", ",") if comma else (",", "")
    return f"{text[: last.end()]}{separator}{rest}{newline}{indent}{item}{end}{text[line_end.start() :]}"


# --- in words ----------------------------------------------------------------------------------------


def gaps(begun: Begun) -> Iterator[str]:
    """Yield what is missing for the new locale, each with what to do about it."""
    yield from profile.gaps(begun.profile)
    locale = begun.profile.language.locale
    for general in begun.general:
        yield (
            "Where a guide is not translated, readers get the language of the guides. To show them "
            f"`{general}` first, write at the end of {SITE} `[locale.{locale}]` and below it "
            f'`fallback = ["{general}"]`.'
        )
