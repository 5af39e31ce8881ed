"""Reads a folder for the commands: the project, parsed and planned, and what each locale has of it.

Reads the disk through `store`; the phases themselves do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from handbill import (
    check,
    diagnostics,
    extract,
    gate,
    glossary,
    languages,
    load,
    neutral,
    parse,
    po,
    prose,
    publish,
    reviews,
    rules,
    store,
)
from handbill import plan as planning
from handbill.check import Expected
from handbill.model import Catalog, Diagnostic, Document, Entry, Language, Place, Plan, Project
from handbill.neutral import Neutral
from handbill.phrases import Phrases
from handbill.publish import Counted, Verdict
from handbill.rules import Ground

INTERFACE = "interface"
"""The catalog of template strings and of the strings in the TOML files."""


# --- from files to a plan --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A project with everything that is the same in every locale."""

    project: Project
    documents: Mapping[str, Document]
    expected: Mapping[str, Expected]
    """By guide: what its translations must keep."""
    counted: Mapping[str, Counted]
    """By guide: which of its messages are critical."""
    languages: Mapping[str, Language]
    plan: Plan

    @property
    def source_language(self) -> Language:
        """The language in which the guides are written."""
        return self.languages[self.project.site.source_locale]


def read_source(folder: Path) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """Return the project in a folder, parsed and planned, or None where an error stands in the way."""
    files = store.read_tree(folder, ("content", "templates"))
    strays = store.strays(folder, ("content", "templates", "locales"))
    told = gate.sources(folder, files)
    if any(problem.severity == "error" for problem in told):
        return None, told
    told = (*(diagnostics.stray_link(Place(path)) for path in strays), *told)
    defaults = store.read_tree(store.ENGINE, ("templates",))
    project, problems = load.load(files, defaults)
    if project is None:
        return None, (*told, *problems)
    return parsed(project, (*told, *problems))


def parsed(
    project: Project, problems: tuple[Diagnostic, ...] = ()
) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """Return a loaded project with its documents and its plan."""
    found = list(problems)
    documents: dict[str, Document] = {}
    for guide in project.guides:
        documents[guide.id], more = parse.parse(guide)
        found.extend(more)
    known = {locale: languages.language(locale) for locale in planning.all_locales(project)}
    spoken = {locale: language for locale, language in known.items() if language is not None}
    plan, more = planning.plan(project, documents, spoken)
    found.extend(more)
    if any(problem.severity == "error" for problem in found):
        return None, tuple(found)
    expected = {
        id: check.expected(message.text for message in document.messages)
        for id, document in documents.items()
    }
    counted = {id: publish.counted(document.messages) for id, document in documents.items()}
    return Source(project, documents, expected, counted, spoken, plan), tuple(found)


# --- catalogs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Translations:
    """What one locale has to show: translations that are current and have no error."""

    guides: Mapping[str, Mapping[str, str]]
    """By guide: message → translation, the locales of its fallback chain included."""
    phrases: Phrases
    held: Mapping[str, Verdict]
    """The guides that may not be published, each with its verdict."""
    checked: frozenset[str]
    """The catalogs that a native speaker has read, as far as it takes to say so."""


def catalog_path(locale: str, catalog: str) -> str:
    """Return where a catalog stands, below the project's folder."""
    return f"locales/{locale}/LC_MESSAGES/{catalog}.po"


def read_translations(
    source: Source, folder: Path, locale: str, coverage: frozenset[int] | None, today: date
) -> tuple[Translations, tuple[Diagnostic, ...]]:
    """Return a locale's translations, read strictly and checked; a missing file counts as untranslated.

    So does a file that has an error, and a translation that has one: it is reported, and nothing of it shown.
    """
    rule = dict(source.project.site.rules)[locale]
    chain = [_read_locale(source, folder, name, coverage, today) for name in (locale, *rule.fallback)]
    guides = {
        id: {text: words for one in reversed(chain) for text, words in one.guides[id].items()}
        if rule.fallback
        else chain[0].guides[id]
        for id in source.documents
    }
    held: dict[str, Verdict] = {}
    checked: set[str] = set()
    marks = frozenset(mark for one in chain for mark in one.marks)
    values = publish.contact_values(source.project.contacts)
    for id, current in guides.items():
        reviewed = (
            {text for text, words in current.items() if publish.mark_of(text, words, values) in marks}
            if marks
            else frozenset[str]()
        )
        verdict = publish.verdict_of(source.counted[id], current.keys(), rule, reviewed)
        if not verdict.published:
            held[id] = verdict
        if marks and publish.checked_of(source.counted[id], reviewed):
            checked.add(id)
    if marks and _interface_checked(source, chain, marks, values):
        checked.add(INTERFACE)
    phrases = _phrases(source, locale, chain)
    problems = dict.fromkeys(problem for one in chain for problem in one.problems)
    return Translations(guides, phrases, held, frozenset(checked)), tuple(problems)


def source_translations(source: Source) -> Translations:
    """Return what the source locale "has": its own words, which are no translation and need no review."""
    language = source.source_language
    phrases = Phrases(language, language, {}, {}, lambda count: int(count != 1))
    return Translations({}, phrases, {}, frozenset((INTERFACE, *source.documents)))


@dataclass(frozen=True, slots=True)
class _Own:
    """What one locale has by itself."""

    guides: Mapping[str, Mapping[str, str]]
    interface: Catalog | None
    entries: Mapping[tuple[str | None, str], Entry]
    """The entries of the interface that may be shown."""
    marks: frozenset[str]
    """Of native speakers."""
    problems: tuple[Diagnostic, ...]


def _read_locale(
    source: Source, folder: Path, locale: str, coverage: frozenset[int] | None, today: date
) -> _Own:
    numbers = prose.known_numbers(source.project.contacts)
    about = neutral.of(source.project)
    ground, more = read_ground(folder, locale, source.project.site.source_locale, numbers, coverage, about)
    problems = list(more)
    guides: dict[str, Mapping[str, str]] = {}
    for id, expected in source.expected.items():
        guides[id] = {}
        path = catalog_path(locale, id)
        text = _catalog_text(folder, path, problems)
        if text is None:
            continue
        found, _, more = po.read_translations(text, path)
        faults = (*more, *_language_problems(text, path, locale))
        problems.extend(faults)
        if not _sound(faults):
            continue
        if not found.keys() <= expected.named.keys():
            found = {source: target for source, target in found.items() if source in expected.named}
        guides[id] = shown = found
        entries = partial(_entries, text, path)
        for (_, message), problem in tuple(check.refused(shown, expected, ground, path, entries)):
            problems.append(problem)
            shown.pop(message, None)
    interface, entries_shown = _read_interface(folder, locale, ground, problems)
    path = reviews.path(locale)
    made, more = reviews.read(store.read(folder / path), path, (INTERFACE, *source.documents), today)
    problems.extend(more)
    marks = publish.marks_by(made, "native-speaker")
    return _Own(guides, interface, entries_shown, marks, tuple(problems))


def read_ground(
    folder: Path,
    locale: str,
    source_locale: str,
    numbers: Mapping[str, str],
    coverage: frozenset[int] | None,
    about: Neutral,
) -> tuple[Ground, tuple[Diagnostic, ...]]:
    """Return what a locale's translations are held to, and what is wrong with its glossary.

    `numbers` as from `prose.known_numbers`; `coverage` is what the pinned fonts have, None where nothing is
    printed.
    """
    path = glossary.path(locale)
    terms, problems = glossary.read(store.read(folder / path), path)
    return rules.ground(locale, source_locale, numbers, coverage, terms, about), problems


def _entries(text: str, path: str) -> tuple[Entry, ...]:
    return po.read(text, path)[0].entries


def _read_interface(
    folder: Path, locale: str, ground: Ground, problems: list[Diagnostic]
) -> tuple[Catalog | None, Mapping[tuple[str | None, str], Entry]]:
    """Return a locale's interface and the entries of it that may be shown; None where it cannot be used."""
    path = catalog_path(locale, INTERFACE)
    text = _catalog_text(folder, path, problems)
    if text is None:
        return None, {}
    catalog, more = po.read(text, path)
    faults = (*more, *po.check_header(catalog, locale))
    problems.extend(faults)
    if not _sound(faults):
        return None, {}
    entries = {
        (entry.msgctxt, entry.msgid): entry for entry in catalog.entries if entry.msgid and entry.current
    }
    for key, problem in tuple(check.refused_strings(entries.values(), ground, path)):
        problems.append(problem)
        entries.pop(key, None)
    return catalog, entries


def _sound(faults: Iterable[Diagnostic]) -> bool:
    return not any(fault.severity == "error" for fault in faults)


def _phrases(source: Source, locale: str, chain: Sequence[_Own]) -> Phrases:
    """Return the words of the interface, each from the first of the chain that has it.

    Plural forms are taken over only from a locale that counts in the same way.
    """
    read = [one for one in chain if one.interface is not None]
    own = next((one.interface for one in read), None)
    singular: dict[tuple[str | None, str], str] = {}
    plural: dict[tuple[str | None, str], tuple[str, ...]] = {}
    rule = own and po.header_fields(own).get("Plural-Forms")
    for one in reversed(read):
        counts_alike = one.interface and po.header_fields(one.interface).get("Plural-Forms") == rule
        for key, entry in one.entries.items():
            if entry.msgid_plural is None:
                singular[key] = entry.msgstr[0]
            elif counts_alike:
                plural[key] = entry.msgstr
    form = po.plural_form(own) if own else lambda count: int(count != 1)
    return Phrases(source.languages[locale], source.source_language, singular, plural, form)


def _interface_checked(
    source: Source, chain: Sequence[_Own], marks: frozenset[str], values: Mapping[str, str]
) -> bool:
    """Return whether a native speaker has read what is critical of the interface."""
    shown = {key: entry for one in reversed(chain) for key, entry in one.entries.items()}
    messages, _ = extract.interface(source.project)
    reviewed = {key for key, entry in shown.items() if publish.mark(entry, values) in marks}
    keys = {(message.context, message.text) for message in messages}
    critical = {(message.context, message.text) for message in messages if message.critical}
    return (critical or keys) <= reviewed


def _language_problems(text: str, path: str, locale: str) -> tuple[Diagnostic, ...]:
    """Return what `po.check_header` says; a header that plainly names the locale is not read for it."""
    if f'"Language: {locale}\\n"' in text[:4000]:
        return ()
    catalog, _ = po.read(text, path)
    return po.check_header(catalog, locale)


def catalog_text(folder: Path, path: str) -> str | Diagnostic | None:
    """Return the text of a catalog, why it cannot be read, or None where there is none."""
    try:
        content = store.read(f"{folder}/{path}")
    except (IsADirectoryError, PermissionError):
        return diagnostics.po_unopened(Place(path), is_folder=(folder / path).is_dir())
    return None if content is None else po.decode(content, path)


def _catalog_text(folder: Path, path: str, problems: list[Diagnostic]) -> str | None:
    text = catalog_text(folder, path)
    if isinstance(text, Diagnostic):
        problems.append(text)
        return None
    return text


def place_in_catalog(folder: Path, locale: str, catalog: str, message: str) -> Place:
    """Return where a message stands in its catalog."""
    path = catalog_path(locale, catalog)
    entries = _entries(_catalog_text(folder, path, []) or "", path)
    return Place(path, next((entry.line for entry in entries if entry.msgid == message), 1))
