"""The command `check`, second half: what the last build made is read back and held to what it should be.

Nothing is typeset here: which pages belong where, and which numbers must stand on them, follows from the
project as it is now.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

from handbill import booklets, fonts, lettering, press, proof, render, store
from handbill import plan as planning
from handbill.formats import FORMATS, SETTINGS, Job, Output
from handbill.model import Booklet, Diagnostic, Place
from handbill.pdf import Particulars
from handbill.press import BookletJob
from handbill.sheets import Side
from handbill.source import Source, read_source, read_translations, source_translations
from handbill.spoken import Spoken


def check(folder: Path, today: date) -> tuple[Diagnostic, ...]:
    """Return what is wrong on paper with the booklets in `dist/`; nothing where none are there."""
    if not any((folder / "dist" / "site").glob("*/print/*.pdf")):
        return ()
    source, _ = read_source(folder)
    return tuple(_problems(folder, source, today)) if source is not None else ()


def _problems(folder: Path, source: Source, today: date) -> Iterator[Diagnostic]:
    coverage = fonts.coverage(press.faces(folder))
    jinja = render.environment(source.project.templates)
    own = source_translations(source)
    for locale in planning.all_locales(source.project):
        translations = own
        if locale != source.project.site.source_locale:
            translations, _ = read_translations(source, folder, locale, coverage, today)
        spoken = Spoken(source, jinja, translations, own.phrases)
        for booklet, _, job, _ in booklets.jobs(spoken, folder, b"", True, coverage):
            if isinstance(job, BookletJob):
                yield from _booklet_problems(folder, source, booklet, job)


def _booklet_problems(
    folder: Path, source: Source, booklet: Booklet, job: BookletJob
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the files of one booklet that are made from the same pages."""
    files = list(_files(folder, source, booklet, job))
    opened: list[tuple[str, Output, Place, bytes, Particulars]] = []
    for name, output, place, content in files:
        found, problems = proof.opened(content, place)
        yield from problems
        if found is not None:
            opened.append((name, output, place, content, found))
    known = next((proof.contents(found) for name, *_, found in opened if FORMATS[name].sides is None), ())
    pages = len(known) or max((proof.highest(found) for *_, found in opened), default=0)
    numbers, addresses = _contacts(job, source)
    setting = SETTINGS[FORMATS[job.formats[0]].setting]
    for name, output, place, content, found in opened:
        format, direction = FORMATS[name], job.makeup.turned(job.language.direction)
        sides = format.sides(Job(max(pages, 1), output, direction, job.makeup)) if format.sides else None
        wanted = proof.Wanted(
            place=place,
            title=job.title,
            language=job.language.tag,
            direction=direction,
            width_mm=setting.width_mm,
            height_mm=setting.height_mm,
            duplex=format.duplex,
            sides=sides,
            numbers=numbers,
            addresses=addresses,
        )
        yield from proof.problems(found, wanted, known)
        if _shows_all(sides, pages):
            yield from proof.misprints(lettering.read(content), wanted)


def _files(
    folder: Path, source: Source, booklet: Booklet, job: BookletJob
) -> Iterator[tuple[str, Output, Place, bytes]]:
    """Yield the files of a booklet in one setting that are there: format, output, place and content."""
    plan = next(
        item
        for item in source.plan.prints
        if (item.booklet, item.locale) == (booklet.id, job.language.locale)
    )
    for file in plan.files:
        output = next(one for one in FORMATS[file.format].outputs if one.ending == file.ending)
        path = f"dist/site/{file.path}"
        content = store.read(folder / path)
        if file.format in job.formats and content is not None:
            yield file.format, output, Place(path), content


def _shows_all(sides: tuple[Side, ...] | None, pages: int) -> bool:
    """Whether a file has every page, so that every number must stand in it."""
    shown = {slot.page for side in sides or () for slot in side.slots}
    return sides is None or shown.issuperset(range(1, pages + 1))


def _contacts(job: BookletJob, source: Source) -> tuple[Counter[str], Counter[str]]:
    """Return how often each phone number and each address of contacts.toml stands in a booklet's words."""
    text = unescape(_TAG.sub("", job.html.partition("<body")[2]))
    squeezed = "".join(text.split())
    numbers: Counter[str] = Counter()
    addresses: Counter[str] = Counter()
    for contact in source.project.contacts:
        for channel, value in contact.channels:
            if channel == "web":
                addresses[value] = squeezed.count(value)
            else:
                numbers[value] = len(proof.whole(value).findall(text))
    return numbers, addresses


_TAG = re.compile(r"<[^>]*>")
