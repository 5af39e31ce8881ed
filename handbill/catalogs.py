"""The translators' files: bringing them up to date, and checking them.

Writes only below `locales/`, and only files whose messages changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from handbill import (
    changes,
    classify,
    diagnostics,
    fonts,
    load,
    merge,
    neutral,
    po,
    press,
    prose,
    reviews,
    store,
)
from handbill import check as checking
from handbill import extract as extraction
from handbill.merge import Fate
from handbill.model import Catalog, Change, ChangeKind, Diagnostic, Message
from handbill.rules import Ground
from handbill.source import INTERFACE, Source, catalog_path, catalog_text, read_ground, read_source


@dataclass(frozen=True, slots=True)
class Updated:
    """What `extract` did; all empty where everything was up to date."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """Templates of guides that are gone, and their catalogs where these held nothing else."""
    changes: tuple[Change, ...] = ()
    """The edits of the source that were not in the record yet."""
    fates: tuple[tuple[str, tuple[tuple[Fate, int], ...]], ...] = ()
    """(locale, how many translations became what), for the locales in which any did."""


def extract(folder: Path, today: date) -> tuple[Updated, tuple[Diagnostic, ...]]:
    """Bring templates (POT), every locale's catalogs and the record of changes up to date.

    What a locale's other catalogs, or Handbill's own templates, have translated is offered, marked fuzzy.

    Nothing is written if anything is wrong with the source or the record. A catalog that cannot be read is
    left as it is, and no message moves into it or out of it; the others are brought up to date, and what is
    wrong with it is returned with them. A template that cannot be read is made anew (pot-unreadable): it
    holds nobody's work.
    """
    source, problems = read_source(folder)
    if source is None:
        return Updated(), problems
    messages, more = all_messages(source)
    templates = {name: extraction.pot(listed, name, source.project) for name, listed in messages.items()}
    old_templates, faults = _old_templates(folder)
    edits, kind, wrong = _edits(source, folder, templates, old_templates, today)
    found = [*problems, *more, *faults, *wrong]

    files: dict[str, bytes | None] = {}
    fates: dict[str, Counter[Fate]] = {}
    unread: list[Diagnostic] = []
    for locale in source.project.site.locales:
        fates[locale] = Counter()
        old: dict[str, Catalog] = {}
        for name in {**templates, **old_templates}:
            if name in templates or (folder / catalog_path(locale, name)).exists():
                catalog, faults = _read(folder, locale, name)
                if any(fault.severity == "error" for fault in faults):
                    unread.extend(faults)
                else:
                    old[name] = catalog
                    found.extend(faults)
        moved = merge.moves({name: template for name, template in templates.items() if name in old}, old)
        merged_all = {
            name: merge.merge(templates.get(name, _NOTHING), catalog, kind, moved[name])
            for name, catalog in old.items()
        }
        elsewhere = _elsewhere(locale, (merged.catalog for merged in merged_all.values()))
        for name, merged in merged_all.items():
            merged = merge.offered(merged, elsewhere)
            fates[locale].update(merged.fates.values())
            is_empty = name not in templates and len(merged.catalog.entries) < 2
            files[merged.catalog.path] = None if is_empty else po.write(merged.catalog).encode()
    if any(problem.severity == "error" for problem in found):
        return Updated(), (*found, *unread)
    if edits:
        record = (store.read(folder / changes.PATH) or b"").decode()
        files = {changes.PATH: changes.appended(record, edits).encode(), **files}
    # Templates come last: whatever stops this half-way, the next run finds the same edits again.
    for name in old_templates.keys() - templates.keys():
        files[_template_path(name)] = None
    files |= {_template_path(name): po.write(template).encode() for name, template in templates.items()}
    written, removed = store.write_all(folder, files)
    counted = ((locale, tuple(sorted(count.items()))) for locale, count in fates.items() if count)
    return Updated(written, removed, edits, tuple(counted)), (*found, *unread)


_NOTHING = Catalog("", ())


def _template_path(name: str) -> str:
    return f"locales/{name}.pot"


def _old_templates(folder: Path) -> tuple[dict[str, Catalog], tuple[Diagnostic, ...]]:
    """Return the templates as they stand, those of guides that are gone among them."""
    found: dict[str, Catalog] = {}
    problems: list[Diagnostic] = []
    for path in sorted((folder / "locales").glob("*.pot")):
        where = f"locales/{path.name}"
        text = po.decode(path.read_bytes(), where)
        catalog, faults = (
            (Catalog(where, ()), (text,)) if isinstance(text, Diagnostic) else po.read(text, where)
        )
        if faults:
            problems.append(diagnostics.pot_unreadable(faults[0].place))
        found[path.stem] = _NOTHING if faults else catalog
    return found, tuple(problems)


def _edits(
    source: Source,
    folder: Path,
    templates: Mapping[str, Catalog],
    old: Mapping[str, Catalog],
    today: date,
) -> tuple[tuple[Change, ...], merge.Kind, tuple[Diagnostic, ...]]:
    """Return the edits that are not in the record yet, how to judge one, and what is wrong with it."""
    language = source.project.site.source_locale

    @cache
    def classified(old: str, new: str) -> tuple[ChangeKind, tuple[str, ...]]:
        return classify.classify(old, new, language)

    recorded, problems = changes.read(store.read(folder / changes.PATH))
    moved = merge.moves(templates, old)
    edits = [
        changes.found(name, *texts, classified, today, split=len(edit.new) > 1)
        for name, template in templates.items()
        for edit in merge.edited(old.get(name, _NOTHING), template, moved[name].departed)
        for texts in _texts(edit)
    ]
    wrong = (*problems, *changes.faults(recorded, classified))
    return changes.unrecorded(edits, recorded), changes.judge(recorded, classified), wrong


def _texts(edit: merge.Edited) -> Iterator[tuple[str, str]]:
    """Yield each old text with the new one; where their numbers differ, all together."""
    old, new = (
        [text for entry in entries for text in (entry.msgid, entry.msgid_plural) if text is not None]
        for entries in (edit.old, edit.new)
    )
    if len(old) == len(new):
        yield from (pair for pair in zip(old, new, strict=True) if pair[0] != pair[1])
    else:
        yield changes.PARAGRAPHS.join(old), changes.PARAGRAPHS.join(new)


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
    about = neutral.of(project)
    found: list[Diagnostic] = []
    for locale in locales:
        path = reviews.path(locale)
        found.extend(reviews.read(store.read(folder / path), path, tuple(messages), today)[1])
        ground, faults = read_ground(folder, locale, project.site.source_locale, numbers, coverage, about)
        found.extend(faults)
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
    text = catalog_text(folder, path)
    if text is None:
        return Catalog(path, (po.header("handbill", locale),)), ()
    if isinstance(text, Diagnostic):
        return Catalog(path, ()), (text,)
    catalog, problems = po.read(text, path)
    return catalog, (*problems, *po.check_header(catalog, locale))


def _elsewhere(locale: str, catalogs: Iterable[Catalog]) -> dict[str, str]:
    """Return what a locale's catalogs have translated, to be offered for the same words; obsolete too."""
    engine, faults = _read(store.ENGINE, locale, INTERFACE)
    known: dict[str, str] = {} if faults else po.translations(engine)
    obsolete: dict[str, str] = {}
    for catalog in catalogs:
        for entry in catalog.entries:
            if entry.obsolete and entry.msgid_plural is None and entry.msgctxt is None and not entry.fuzzy:
                obsolete[entry.msgid] = entry.msgstr[0]
        known |= po.translations(catalog)
    return obsolete | known
