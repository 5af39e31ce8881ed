"""The booklets: a job for each booklet and locale, or the reason why it is held; their way into the site."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from handbill import (
    audit,
    banner,
    bilingual,
    diagnostics,
    fill,
    fonts,
    formats,
    languages,
    links,
    pictures,
    press,
    render,
    store,
)
from handbill import imprint as marks
from handbill import plan as planning
from handbill.model import Booklet, Diagnostic, Edition, Image, Place, Printed, PrintPlan, Project
from handbill.outcome import Held, Reason
from handbill.source import place_in_catalog
from handbill.spoken import Spoken, notice


def jobs(
    spoken: Spoken,
    folder: Path,
    ground: bytes,
    draft: bool,
    coverage: frozenset[int],
    speaker: Callable[[str], Spoken],
) -> Iterator[tuple[Booklet, str, press.BookletJob | Held, tuple[Diagnostic, ...]]]:
    """Yield each booklet of a locale as a job a setting, or held, with what is wrong with it.

    `speaker` returns another locale, for booklets in two languages.
    """
    source, phrases = spoken.source, spoken.translations.phrases
    project = source.project
    voice = spoken.voice("print")
    setting, problems = spoken.setting("print", voice)
    texts = project.template_texts()
    script = languages.script(spoken.language.locale)
    fallback_mark = f'lang="{spoken.own.language.tag}"'
    for booklet in project.booklets:
        targets = links.print_links(project, source.documents, booklet.guides)
        editions = _editions(spoken, setting, booklet, targets)
        discreet = is_discreet(project, booklet)
        html, plain = notice(project, phrases, discreet)

        names = {name for id in booklet.guides for name in source.documents[id].images}
        images = tuple(image for image in project.images if f"images/{image.name}" in names)
        files, unreadable = _for_paper(images, booklet.formats)
        title = phrases.plain(booklet.title)
        imprint = _imprint(spoken, voice, booklet, editions, images, plain)
        if imprint.qr:
            files = (*files, (imprint.qr, marks.qr_svg(imprint.address).encode()))
        unreviewed = spoken.unreviewed(*booklet.guides)
        beside = planning.beside(booklet, project)
        names_of_formats = formats.in_locale(booklet.formats, spoken.language.locale, beside)
        for name in formats.settings(names_of_formats):
            made = formats.SETTINGS[name]
            shared = (spoken.jinja, made.template, voice, booklet, editions, html, imprint)
            page, more = render.booklet_html(*shared, discreet=discreet, draft=False, unreviewed=unreviewed)
            reason: Reason | None = None
            if not spoken.is_source and fallback_mark in page:
                reason = "incomplete"
            elif not spoken.translations.held.keys().isdisjoint(booklet.guides):
                reason = "unreviewed"
            if reason and draft:
                page, more = render.booklet_html(
                    *shared, discreet=discreet, draft=True, unreviewed=unreviewed
                )
            notes, notes_problems = (
                render.notes_html(spoken.jinja, made.notes, voice) if made.notes else ("", ())
            )
            found = [*problems, *unreadable, *more, *notes_problems]
            if page:
                found.extend(audit.booklet_page(page, booklet.place, plain))
            if page and (draft or not reason):  # the font of a language may come later than its first words
                found.extend(
                    glyph_problems(page + notes, spoken, folder, booklet.guides, booklet.place, coverage)
                )
            if reason and not draft:
                yield booklet, name, Held(booklet.id, spoken.language.locale, reason), tuple(found)
                break
            if made.beside:
                other, complete, more = _page_beside(speaker(beside), made.template, booklet, imprint, draft)
                found.extend(more)
                if not complete and not draft:
                    held = Held(booklet.id, spoken.language.locale, "beside-incomplete")
                    yield booklet, name, held, tuple(found)
                    continue
                page = bilingual.beside(page, other, spoken.language, speaker(beside).language)
            css = tuple(texts[sheet] for sheet in made.css)
            if made.fit is None:  # a panel has its place whatever its edge
                css += formats.bound(booklet.makeup)
            asked_for = formats.of_setting(names_of_formats, name)
            fitting = made.fit.fitting(script) if made.fit else None
            turned = booklet.makeup.turned(spoken.language.direction)
            banners = banner.banners(asked_for, turned, booklet.makeup)
            first, facts = "", ""
            if banners.files:
                first, facts, more = render.banner_html(
                    spoken.jinja, voice, banners, turned, booklet.makeup.signature_sheets
                )
                found.extend(more)
            first_css = texts.get(_FIRST_CSS, "")
            parts = (
                *asked_for,
                f"{booklet.makeup} {fitting}",
                title,
                page,
                notes,
                first,
                facts,
                first_css,
                *css,
            )
            in_files = (part for path, content in files for part in (path.encode(), content))
            job = press.BookletJob(
                key=store.key((ground, *(part.encode() for part in parts), *in_files)),
                cache=str(folder / store.BOOKLETS),
                place=booklet.place,
                language=spoken.language,
                title=title,
                html=page,
                notes_html=notes,
                banners=banners,
                banner_html=first,
                facts_html=facts,
                banner_css=first_css,
                css=css,
                files=files,
                formats=asked_for,
                makeup=booklet.makeup,
                fitting=fitting,
                edition=imprint.edition,
            )
            yield booklet, name, job, tuple(found)


def _page_beside(
    spoken: Spoken, template: str, booklet: Booklet, imprint: render.Imprint, draft: bool
) -> tuple[str, bool, tuple[Diagnostic, ...]]:
    """Return a booklet's page in the language that stands beside another, and whether it is all current."""
    project, documents = spoken.source.project, spoken.source.documents
    voice = spoken.voice("print")
    setting, problems = spoken.setting("print", voice)
    page, more = render.booklet_html(
        spoken.jinja,
        template,
        voice,
        booklet,
        _editions(spoken, setting, booklet, links.print_links(project, documents, booklet.guides)),
        notice(project, spoken.translations.phrases, is_discreet(project, booklet))[0],
        imprint,
        discreet=is_discreet(project, booklet),
        draft=draft,
        unreviewed=spoken.unreviewed(*booklet.guides),
    )
    complete = spoken.translations.held.keys().isdisjoint(booklet.guides) and (
        spoken.is_source or f'lang="{spoken.own.language.tag}"' not in page
    )
    return page, complete, (*problems, *more)


def _editions(
    spoken: Spoken, setting: fill.Setting, booklet: Booklet, targets: Mapping[str, Mapping[str, str]]
) -> list[Edition]:
    documents = spoken.source.documents
    return [
        spoken.edition(
            fill.adapt(documents[id], anchor_prefix=f"{id}.", image_prefix=""), setting, targets[id]
        )
        for id in booklet.guides
    ]


def _imprint(
    spoken: Spoken,
    voice: render.Voice,
    booklet: Booklet,
    editions: Sequence[Edition],
    images: Sequence[Image],
    notice: str,
) -> render.Imprint:
    """Return what stands at the end of a booklet, whatever it is made up as: its words have one edition code.

    It is dated by the newest review of a guide, or check of a contact, that the booklet shows.
    """
    project, phrases = spoken.source.project, spoken.translations.phrases
    discreet = is_discreet(project, booklet)
    shown = [guide for guide in project.guides if guide.id in booklet.guides]
    contacts = () if discreet else project.contacts
    said = [
        phrases.plain(booklet.title),
        phrases.plain(booklet.summary),
        notice,
        *(marks.words(f"{one.title} {one.summary} {one.body}") for one in editions),
        *(marks.words(f"{region}") for region in voice.context["regions"] if not discreet),
    ]
    edition = marks.edition(
        spoken.language.tag,
        (*(text.encode() for text in said), *(image.content for image in images)),
        (*(guide.reviewed for guide in shown), *(contact.checked for contact in contacts)),
    )
    address = "" if discreet else project.site.address
    return render.Imprint(edition, address, "address.svg" if address else "")


def _for_paper(
    images: Sequence[Image], names: Sequence[str]
) -> tuple[tuple[tuple[str, bytes], ...], tuple[Diagnostic, ...]]:
    """Return pictures by their address, no finer than is seen on the widest page of some formats."""
    widest_mm = max(formats.SETTINGS[name].width_mm for name in formats.settings(names))
    files: list[tuple[str, bytes]] = []
    problems: list[Diagnostic] = []
    for image in images:
        try:
            files.append((f"images/{image.name}", pictures.for_paper(image.content, widest_mm)))
        except pictures.Unreadable as error:
            place = Place(f"content/images/{image.name}")
            problems.append(diagnostics.image_unreadable(place, str(error)))
    return tuple(files), tuple(problems)


def is_discreet(project: Project, booklet: Booklet) -> bool:
    """Whether a booklet may be found by anybody: none of its guides names the site's subject."""
    return all(guide.discreet for guide in project.guides if guide.id in booklet.guides)


_FIRST_CSS = "print/instructions.css"


def glyph_problems(
    page: str, spoken: Spoken, folder: Path, guides: Sequence[str], place: Place, coverage: frozenset[int]
) -> Iterator[Diagnostic]:
    """Yield `no-glyph` for each character that the pinned fonts lack; `place` is the booklet's or card's."""
    for character in fonts.uncovered(page, coverage):
        place = _place_of(character, spoken, folder, guides) or place
        yield diagnostics.no_glyph(place, character, unicodedata.name(character, "unnamed"))


def _place_of(character: str, spoken: Spoken, folder: Path, guides: Sequence[str]) -> Place | None:
    """Return where a character was written: in a guide, or in its translation if it has one."""
    for id in guides:
        translations = {} if spoken.is_source else spoken.translations.guides[id]
        for message in spoken.source.documents[id].messages:
            if character not in translations.get(message.text, message.text):
                continue
            if message.text in translations:
                return place_in_catalog(folder, spoken.language.locale, id, message.text)
            return message.place
    return None


def copy(
    stage: Path, prints: Sequence[PrintPlan], made: Mapping[tuple[str, str, str], press.MadeBooklet]
) -> Iterator[Printed]:
    """Write every booklet that was made, in the order of the plan, and yield its files."""
    for item in prints:
        for file in item.files:
            booklet = made.get((item.booklet, item.locale, formats.FORMATS[file.format].setting))
            if booklet is None:
                continue
            content = (Path(booklet.folder) / press.file_name(file.ending)).read_bytes()
            store.write_new(stage / "site" / file.path, content)
            yield Printed(
                item.booklet,
                item.locale,
                file.format,
                file.paper,
                file.path,
                booklet.pages,
                booklet.sheets[file.ending],
                len(content),
                booklet.edition,
            )
