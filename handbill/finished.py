"""The command `check`, second half: what the last build made is read back and held to what it should be.

Nothing is typeset here: which pages belong where, and which numbers must stand on them, follows from the
project as it is now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from handbill import booklets, deck, diagnostics, fonts, lettering, press, proof, render, store
from handbill import plan as planning
from handbill.formats import FORMATS, SETTINGS, Output
from handbill.lettering import Lettering
from handbill.model import Booklet, Diagnostic, Place
from handbill.pdf import Particulars
from handbill.press import BookletJob
from handbill.sheets import Side
from handbill.source import Source, read_source, read_translations, source_translations
from handbill.spoken import Spoken


def check(folder: Path, today: date) -> tuple[Diagnostic, ...]:
    """Return what is wrong on paper with the booklets in `dist/`; nothing where none are there.

    Files of another edition than the project's words make now are counted, and not looked at.
    """
    if not any((folder / _SITE).glob("*/print/*.pdf")):
        return ()
    source, _ = read_source(folder)
    if source is None:
        return ()
    problems: list[Diagnostic] = []
    outdated = 0
    coverage = fonts.coverage(press.faces(folder))
    speakers = tuple(_speakers(folder, source, coverage, today))
    for booklet, job in _jobs(folder, speakers, coverage):
        files = list(_files(folder, source, booklet, job))
        if not files or any(file.edition == job.edition for file in files):
            problems.extend(_booklet_problems(source, files, job))
        else:
            outdated += len(files)
    for result in _card_files(folder, source, speakers, coverage):
        if result is None:
            outdated += 1
        else:
            problems.extend(result)
    if outdated:
        problems.append(diagnostics.edition_outdated(Place(_SITE), outdated))
    return tuple(problems)


_SITE = "dist/site"


def _speakers(folder: Path, source: Source, coverage: frozenset[int], today: date) -> Iterator[Spoken]:
    """Yield every locale with its words."""
    jinja = render.environment(source.project.templates)
    own = source_translations(source)
    for locale in planning.all_locales(source.project):
        translations = own
        if locale != source.project.site.source_locale:
            translations, _ = read_translations(source, folder, locale, coverage, today)
        yield Spoken(source, jinja, translations, own.phrases)


def _jobs(
    folder: Path, speakers: Sequence[Spoken], coverage: frozenset[int]
) -> Iterator[tuple[Booklet, BookletJob]]:
    """Yield every booklet in every locale and setting, as it would be built now."""
    known = {spoken.language.locale: spoken for spoken in speakers}
    for spoken in speakers:
        for booklet, _, job, _ in booklets.jobs(spoken, folder, b"", True, coverage, known.__getitem__):
            if isinstance(job, BookletJob):
                yield booklet, job


@dataclass(frozen=True, slots=True)
class _File:
    """A finished PDF."""

    format: str
    output: Output
    place: Place
    found: Particulars | None
    """None where it cannot be read."""
    read: Lettering | None
    edition: str
    damage: tuple[Diagnostic, ...]


def _files(folder: Path, source: Source, booklet: Booklet, job: BookletJob) -> Iterator[_File]:
    """Yield the files of a booklet in one setting that are there."""
    plan = next(
        item
        for item in source.plan.prints
        if (item.booklet, item.locale) == (booklet.id, job.language.locale)
    )
    for file in plan.files:
        output = next(one for one in FORMATS[file.format].outputs if one.ending == file.ending)
        place = Place(f"{_SITE}/{file.path}")
        content = store.read(folder / place.path)
        if file.format not in job.formats or content is None:
            continue
        found, damage = proof.opened(content, place)
        read = lettering.read(content) if found is not None else None
        edition = proof.edition(read, job.language.tag) if read is not None else ""
        yield _File(file.format, output, place, found, read, edition, damage)


def _booklet_problems(source: Source, files: Sequence[_File], job: BookletJob) -> Iterator[Diagnostic]:
    """Yield what is wrong with the files of one booklet that are made from the same pages."""
    reading = next((file.found for file in files if FORMATS[file.format].sides is None), None)
    known = proof.contents(reading) if reading else ()
    setting = SETTINGS[FORMATS[job.formats[0]].setting]
    shown = [proof.highest(file.found) for file in files if file.found]
    pages = all_pages = len(known) or max(shown, default=0)
    if setting.back:  # their numbers count on from what is on the fronts
        fronts = (proof.highest(file.found, side=0) for file in files if file.found)
        pages = max(fronts, default=0)
    counted = _contacts(job, source)
    for file in files:
        yield from file.damage
        if file.found is None or file.read is None:
            continue
        format = FORMATS[file.format]
        sheet_job = job.of(max(pages, 1), file.output, max(all_pages - pages, 1))
        wanted = replace(press.wanted(job, format, sheet_job), place=file.place)
        # A shop's pages have other colours than those to read, so they are not the same to the byte.
        yield from proof.problems(file.found, wanted, () if format.shop else known)
        if _shows_all(wanted.sides, all_pages):
            yield from proof.misprints(file.read, counted, file.place)


def _card_files(
    folder: Path, source: Source, speakers: Sequence[Spoken], coverage: frozenset[int]
) -> Iterator[tuple[Diagnostic, ...] | None]:
    """Yield what is wrong with each file of cards that is there; None where it is of another edition."""
    jobs = {
        (card.id, spoken.language.locale, size): job
        for spoken in speakers
        for card, size, job, _ in deck.jobs(spoken, folder, b"", True, coverage)
        if isinstance(job, BookletJob)
    }
    there = {
        (item.card, item.locale, deck.face_size(file.size))
        for item in source.plan.cards
        for file in item.files
        if not file.mixed and (folder / _SITE / file.path).is_file()
    }
    cards = {card.id: card for card in source.project.cards}
    for item in source.plan.cards:
        for file in item.files:
            size = deck.face_size(file.size)
            made = {locale: job for (id, locale, its), job in jobs.items() if (id, its) == (item.card, size)}
            made = {locale: job for locale, job in made.items() if (item.card, locale, size) in there}
            laid = deck.sheets(source, cards[item.card], item, file, made)
            content = store.read(folder / _SITE / file.path)
            if laid is not None and content is not None:
                yield _card_problems(source, Place(f"{_SITE}/{file.path}"), content, laid, made)


def _card_problems(
    source: Source, place: Place, content: bytes, laid: deck.Sheets, made: Mapping[str, BookletJob]
) -> tuple[Diagnostic, ...] | None:
    found, damage = proof.opened(content, place)
    if found is None:
        return damage
    read = lettering.read(content)
    shown = [made[locale] for locale in laid.locales]
    if any(proof.edition(read, job.language.tag) != job.edition for job in shown):
        return None
    numbers: Counter[str] = Counter()
    slots = [slot.page for side in laid.sides for slot in side.slots]
    for which, job in enumerate(shown):
        copies = slots.count(1 + which * laid.faces)
        for number, count in _contacts(job, source).numbers.items():
            numbers[number] += copies * count
    wanted = deck.wanted(laid, place, shown[0].title, shown[0].language)
    counted = proof.Counted(numbers, {})
    return (*damage, *proof.problems(found, wanted), *proof.misprints(read, counted, place))


def _shows_all(sides: tuple[Side, ...] | None, pages: int) -> bool:
    """Whether a file has every page, so that every number must stand in it."""
    shown = {slot.page for side in sides or () for slot in side.slots}
    return sides is None or shown.issuperset(range(1, pages + 1))


def _contacts(job: BookletJob, source: Source) -> proof.Counted:
    """Return how often each phone number and each address of contacts.toml stands in a booklet's words."""
    shown = job.html + (job.back.html if job.back else "")
    return proof.contacts(shown, *press.contacts(source.project.contacts))
