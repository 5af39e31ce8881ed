"""The translators' files: bringing them up to date, and checking them.

Writes only below `locales/`, and only files whose messages changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from handbill import (
    changes,
    classify,
    fonts,
    glossary,
    load,
    merge,
    po,
    press,
    prose,
    reviews,
    rules,
    store,
)
from handbill import check as checking
from handbill import extract as extraction
from handbill.model import Catalog, Diagnostic, Message
from handbill.rules import Ground
from handbill.source import INTERFACE, Source, catalog_path, read_source


def extract(folder: Path) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Write templates (POT) and merge every locale's catalogs with them; return the paths that changed.

    What a locale's other catalogs, or Handbill's own templates, have translated is offered, marked fuzzy.

    Nothing is written if anything is wrong: a catalog that cannot be read is never rewritten.
    """
    source, problems = read_source(folder)
    if source is None:
        return (), problems
    messages, more = all_messages(source)
    found = [*problems, *more]
    templates = {name: extraction.pot(listed, name, source.project) for name, listed in messages.items()}
    files = {f"locales/{name}.pot": template for name, template in templates.items()}
    for locale in source.project.site.locales:
        old: dict[str, Catalog] = {}
        for name in templates:
            catalog, faults = _read(folder, locale, name)
            found.extend(faults)
            old[name] = catalog
        engine, _ = _read(store.ENGINE, locale, INTERFACE)
        for name, template in templates.items():
            elsewhere = po.translations(engine) | _elsewhere(old, name)
            files[catalog_path(locale, name)] = merge.merge(template, old[name], elsewhere)
    if any(problem.severity == "error" for problem in found):
        return (), tuple(found)
    changed = [
        path
        for path, catalog in files.items()
        if store.write_if_changed(folder / path, po.write(catalog).encode())
    ]
    return tuple(changed), tuple(found)


def check(folder: Path, today: date) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with a project, short of what only a finished page can show."""
    source, problems = read_source(folder)
    if source is None:
        return problems
    found = [*problems, *all_messages(source)[1]]
    found.extend(load.overdue_guides(source.project, today))
    found.extend(load.unchecked_contacts(source.project, today))
    found.extend(_change_problems(folder, source.project.site.source_locale))
    found.extend(check_locales(source, folder, source.project.site.locales, today))
    return tuple(dict.fromkeys(found))


def check_locales(
    source: Source, folder: Path, locales: Iterable[str], today: date
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with what translators wrote in some locales, file by file."""
    project = source.project
    messages, _ = all_messages(source)
    numbers = prose.known_numbers(project.contacts)
    coverage = fonts.coverage(press.faces(folder)) if project.booklets else None
    found: list[Diagnostic] = []
    for locale in locales:
        path = reviews.path(locale)
        found.extend(reviews.read(store.read(folder / path), path, tuple(messages), today)[1])
        path = glossary.path(locale)
        terms, faults = glossary.read(store.read(folder / path), path)
        found.extend(faults)
        ground = rules.ground(locale, project.site.source_locale, numbers, coverage, terms)
        for name, listed in messages.items():
            found.extend(_catalog_problems(folder, locale, name, listed, ground))
    return tuple(dict.fromkeys(found))


def _catalog_problems(
    folder: Path, locale: str, name: str, messages: Iterable[Message], ground: Ground
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with one catalog of one locale, by line."""
    catalog, faults = _read(folder, locale, name)
    if any(fault.severity == "error" for fault in faults):
        return faults
    # A message that stands in several places must fit the narrowest.
    narrowest_last = sorted(messages, key=lambda message: -(message.longest or _ANY_LENGTH))
    keyed = {(message.context, message.text): message for message in narrowest_last}
    problems = checking.string_problems if name == INTERFACE else checking.problems
    found = (
        *faults,
        *po.check_line_ends(catalog),
        *checking.belongs(catalog.entries, keyed, catalog.path),
        *problems(catalog.entries, keyed, ground, catalog.path),
    )
    return tuple(sorted(found, key=lambda problem: problem.place))


_ANY_LENGTH = 1_000_000


def _change_problems(folder: Path, source_locale: str) -> Iterator[Diagnostic]:
    found, problems = changes.read(store.read(folder / changes.PATH))
    yield from problems
    yield from changes.faults(found, lambda old, new: classify.classify(old, new, source_locale))


def all_messages(source: Source) -> tuple[Mapping[str, tuple[Message, ...]], tuple[Diagnostic, ...]]:
    """Return catalog name → messages in document order: one catalog a guide, and the interface."""
    interface, problems = extraction.interface(source.project)
    return {
        INTERFACE: interface,
        **{id: document.messages for id, document in source.documents.items()},
    }, problems


def _read(folder: Path, locale: str, name: str) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """Return a catalog as it stands, or a new one where there is none."""
    path = catalog_path(locale, name)
    content = store.read(folder / path)
    if content is None:
        return Catalog(path, (po.header("handbill", locale),)), ()
    text = po.decode(content, path)
    if isinstance(text, Diagnostic):
        return Catalog(path, ()), (text,)
    catalog, problems = po.read(text, path)
    return catalog, (*problems, *po.check_header(catalog, locale))


def _elsewhere(catalogs: Mapping[str, Catalog], name: str) -> dict[str, str]:
    """Return what a locale's other catalogs have translated, to be offered for the same words."""
    return {
        source: target
        for other, catalog in catalogs.items()
        if other != name
        for source, target in po.translations(catalog).items()
    }
