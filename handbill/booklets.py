"""The booklets: a job for each booklet and locale, or the reason why it is held; their way into the site."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from handbill import audit, diagnostics, fill, fonts, links, press, render, store
from handbill.model import Booklet, Diagnostic, Place, Printed, PrintPlan
from handbill.outcome import Held, Reason
from handbill.source import place_in_catalog
from handbill.spoken import Spoken, notice


def jobs(
    spoken: Spoken, folder: Path, ground: bytes, draft: bool, coverage: frozenset[int]
) -> Iterator[tuple[Booklet, press.BookletJob | Held, tuple[Diagnostic, ...]]]:
    """Yield each booklet of a locale as a job, or held, with what is wrong with it."""
    source, phrases = spoken.source, spoken.translations.phrases
    project = source.project
    voice = spoken.voice("print")
    setting, problems = spoken.setting("print", voice)
    css = tuple(template.text for template in project.templates if _is_print_css(template.name))
    fallback_mark = f'lang="{spoken.own.language.tag}"'
    for booklet in project.booklets:
        targets = links.print_links(project, source.documents, booklet.guides)
        editions = [
            spoken.edition(
                fill.adapt(source.documents[id], anchor_prefix=f"{id}.", image_prefix=""),
                setting,
                targets[id],
            )
            for id in booklet.guides
        ]
        html, plain = notice(project, phrases, False)

        shared = (spoken.jinja, voice, booklet, editions, html)
        unreviewed = spoken.unreviewed(*booklet.guides)
        page, more = render.booklet_html(*shared, draft=False, unreviewed=unreviewed)
        reason: Reason | None = None
        if not spoken.is_source and fallback_mark in page:
            reason = "incomplete"
        elif not spoken.translations.held.keys().isdisjoint(booklet.guides):
            reason = "unreviewed"
        if reason and draft:
            page, more = render.booklet_html(*shared, draft=True, unreviewed=unreviewed)
        notes, notes_problems = render.notes_html(spoken.jinja, voice)
        found = [*problems, *more, *notes_problems]
        if page:
            found.extend(audit.booklet_page(page, booklet.place, plain))
        if page and (draft or not reason):  # the font of a new language may come later than its first words
            found.extend(_glyph_problems(page + notes, spoken, folder, booklet, coverage))
        if reason and not draft:
            yield booklet, Held(booklet.id, spoken.language.locale, reason), tuple(found)
            continue
        names = {name for id in booklet.guides for name in source.documents[id].images}
        files = tuple(
            (f"images/{image.name}", image.content)
            for image in project.images
            if f"images/{image.name}" in names
        )
        title = phrases.plain(booklet.title)
        parts = (ground, title.encode(), page.encode(), notes.encode(), *(text.encode() for text in css))
        job = press.BookletJob(
            key=store.key((*parts, *(part for name, content in files for part in (name.encode(), content)))),
            cache=str(folder / store.BOOKLETS),
            place=booklet.place,
            language=spoken.language,
            title=title,
            html=page,
            notes_html=notes,
            css=css,
            files=files,
        )
        yield booklet, job, tuple(found)


def _is_print_css(name: str) -> bool:
    return name.startswith("print/") and name.endswith(".css")


def _glyph_problems(
    page: str, spoken: Spoken, folder: Path, booklet: Booklet, coverage: frozenset[int]
) -> Iterator[Diagnostic]:
    for character in fonts.uncovered(page, coverage):
        place = _place_of(character, spoken, folder, booklet)
        yield diagnostics.no_glyph(place, character, unicodedata.name(character, "unnamed"))


def _place_of(character: str, spoken: Spoken, folder: Path, booklet: Booklet) -> Place:
    """Return where a character of a booklet was written: in a guide, or in its translation if it has one."""
    for id in booklet.guides:
        translations = {} if spoken.is_source else spoken.translations.guides[id]
        for message in spoken.source.documents[id].messages:
            if character not in translations.get(message.text, message.text):
                continue
            if message.text in translations:
                return place_in_catalog(folder, spoken.language.locale, id, message.text)
            return message.place
    return booklet.place


def copy(
    stage: Path, prints: Sequence[PrintPlan], made: Mapping[tuple[str, str], press.MadeBooklet]
) -> Iterator[Printed]:
    """Write every booklet that was made, in the order of the plan, and yield its files."""
    for item in prints:
        booklet = made.get((item.booklet, item.locale))
        if booklet is None:
            continue
        for format, path in item.paths:
            content = (Path(booklet.folder) / press.file_name(format)).read_bytes()
            store.write_new(stage / "site" / path, content)
            sheets = 0 if format == "reading" else booklet.sheets
            yield Printed(item.booklet, item.locale, format, path, booklet.pages, sheets, len(content))
