"""Reads a folder for the commands: the project, parsed and planned, and what each locale has of it.

Reads the disk through `store`; the phases themselves do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from handbill import check, languages, load, markdown, parse, po, prose, store
from handbill import plan as planning
from handbill.markdown import References
from handbill.model import Diagnostic, Document, Language, Place, Plan, Project
from handbill.phrases import Phrases

INTERFACE = "interface"
"""The catalog of template strings and of the strings in the TOML files."""


# --- from files to a plan --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A project with everything that is the same in every locale."""

    project: Project
    documents: Mapping[str, Document]
    named: Mapping[str, Mapping[str, References]]
    """By guide: each message, and what it names."""
    languages: Mapping[str, Language]
    plan: Plan

    @property
    def source_language(self) -> Language:
        """The language in which the guides are written."""
        return self.languages[self.project.site.source_locale]


def read_source(folder: Path) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """Return the project in a folder, parsed and planned, or None where an error stands in the way."""
    files = store.read_tree(folder, ("content", "templates"))
    defaults = store.read_tree(store.ENGINE, ("templates",))
    project, problems = load.load(files, defaults)
    if project is None:
        return None, problems
    return parsed(project, problems)


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
    named = {
        id: {message.text: markdown.references(message.text) for message in document.messages}
        for id, document in documents.items()
    }
    return Source(project, documents, named, spoken, plan), tuple(found)


# --- catalogs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Translations:
    """What one locale has: current translations by catalog, and the words of its interface."""

    guides: Mapping[str, Mapping[str, str]]
    stale: Mapping[str, frozenset[str]]
    phrases: Phrases


def catalog_path(locale: str, catalog: str) -> str:
    """Return where a catalog stands, below the project's folder."""
    return f"locales/{locale}/LC_MESSAGES/{catalog}.po"


def read_translations(
    source: Source, folder: Path, locale: str
) -> tuple[Translations, tuple[Diagnostic, ...]]:
    """Return a locale's translations, read strictly and checked; a missing file counts as untranslated."""
    problems: list[Diagnostic] = []
    numbers = prose.known_numbers(source.project.contacts)
    guides: dict[str, Mapping[str, str]] = {}
    stale: dict[str, frozenset[str]] = {}
    for guide in source.project.guides:
        path = catalog_path(locale, guide.id)
        text = _catalog_text(folder, path, problems)
        if text is None:
            guides[guide.id], stale[guide.id] = {}, frozenset()
            continue
        found, old, more = po.read_translations(text, path)
        problems.extend((*more, *_language_problems(text, path, locale)))
        wanted = source.named[guide.id]
        guides[guide.id] = {source: target for source, target in found.items() if source in wanted}
        stale[guide.id] = old
        problems.extend(check.guide_translations(guides[guide.id], wanted, _finder(path, text), numbers))
    phrases, more = _phrases(source, folder, locale, numbers)
    return Translations(guides, stale, phrases), (*problems, *more)


def source_translations(source: Source) -> Translations:
    """Return what the source locale "has": its own words."""
    language = source.source_language
    return Translations({}, {}, Phrases(language, language, {}, {}, lambda count: int(count != 1)))


def _phrases(
    source: Source, folder: Path, locale: str, numbers: Mapping[str, str]
) -> tuple[Phrases, tuple[Diagnostic, ...]]:
    problems: list[Diagnostic] = []
    path = catalog_path(locale, INTERFACE)
    text = _catalog_text(folder, path, problems)
    language, own = source.languages[locale], source.source_language
    if text is None:
        return Phrases(language, own, {}, {}, lambda count: int(count != 1)), tuple(problems)
    catalog, more = po.read(text, path)
    problems.extend((*more, *po.check_header(catalog, locale)))
    entries = [entry for entry in catalog.entries if entry.msgid and entry.current]
    problems.extend(check.interface_translations(entries, _finder(path, text), numbers))
    singular, plural = po.singular(catalog), po.plural(catalog)
    return Phrases(language, own, singular, plural, po.plural_form(catalog)), tuple(problems)


def _language_problems(text: str, path: str, locale: str) -> tuple[Diagnostic, ...]:
    """Return what `po.check_header` says; a header that plainly names the locale is not read for it."""
    if f'"Language: {locale}\\n"' in text[:4000]:
        return ()
    catalog, _ = po.read(text, path)
    return po.check_header(catalog, locale)


def _catalog_text(folder: Path, path: str, problems: list[Diagnostic]) -> str | None:
    content = store.read(folder / path)
    if content is None:
        return None
    text = po.decode(content, path)
    if isinstance(text, Diagnostic):
        problems.append(text)
        return None
    return text


def place_in_catalog(folder: Path, locale: str, catalog: str, message: str) -> Place:
    """Return where a message stands in its catalog."""
    path = catalog_path(locale, catalog)
    return _finder(path, _catalog_text(folder, path, []) or "")(message)


def _finder(path: str, text: str) -> Callable[[str], Place]:
    """Return a function that finds a message in its catalog; only problems ask, so it reads again."""

    def place(message: str) -> Place:
        catalog, _ = po.read(text, path)
        lines = (entry.line for entry in catalog.entries if entry.msgid == message)
        return Place(path, next(lines, 1))

    return place
