"""The booklets: a job for each booklet and locale, or the reason why it is held; their way into the site."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from handbill.model import (
    Booklet,
    Diagnostic,
    Edition,
    Html,
    Image,
    Language,
    Place,
    Printed,
    PrintPlan,
    Project,
)
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
    for booklet in project.booklets:
        own = _version(spoken, voice, setting, booklet)
        names = {name for id in booklet.guides for name in source.documents[id].images}
        images = tuple(image for image in project.images if f"images/{image.name}" in names)
        title = phrases.plain(booklet.title)
        imprint = _imprint(images, own)
        beside = planning.beside(booklet, project)
        names_of_formats = formats.in_locale(booklet.formats, spoken.language.locale, beside)
        for name in formats.settings(names_of_formats):
            made = formats.SETTINGS[name]
            files, unreadable = _for_paper(images, made.picture_mm or made.width_mm)
            if imprint.qr:
                files = (*files, (imprint.qr, marks.qr_svg(imprint.address).encode()))
            found = [*problems, *unreadable]
            second, shown = own, imprint
            if made.beside:
                second, more = _version_in(speaker(beside), booklet)
                found.extend(more)
                shown = _imprint(images, own, second)
            page, behind, more = _pages(own, second, made, shown, draft=False)
            reason = own.lacks(page) if made.beside else own.lacks(page, behind)
            if not reason and made.beside and second.lacks(behind):
                reason = "beside-incomplete"
            if reason and draft:
                page, behind, more = _pages(own, second, made, shown, draft=True)
            notes, notes_problems = (
                render.notes_html(spoken.jinja, made.notes, voice) if made.notes else ("", ())
            )
            found.extend((*more, *notes_problems))
            for html in (page, "" if made.beside else behind):
                if html:
                    found.extend(audit.booklet_page(html, booklet.place, own.plain_notice))
                if html and (draft or not reason):  # a language's font may come later than its first words
                    found.extend(
                        glyph_problems(html + notes, spoken, folder, booklet.guides, booklet.place, coverage)
                    )
            if reason and not draft:
                yield booklet, name, Held(booklet.id, spoken.language.locale, reason), tuple(found)
                if reason == "beside-incomplete":
                    continue
                break
            css = tuple(texts[sheet] for sheet in made.css)
            if made.fit is None:  # a panel has its place whatever its edge
                css += formats.bound(booklet.makeup)
            back = None
            if made.back:
                back = _back(behind, made.back, second.spoken.language, texts)
            elif made.beside:
                page = bilingual.beside(page, behind, spoken.language, second.spoken.language)
            asked_for = formats.of_setting(names_of_formats, name)
            fitting = made.fit.fitting(languages.hand(spoken.language.locale)) if made.fit else None
            turned = booklet.makeup.turned(spoken.language.direction)
            banners = banner.banners(asked_for, turned, booklet.makeup)
            first, facts = "", ""
            if banners.files:
                first, facts, more = render.banner_html(
                    spoken.jinja,
                    voice,
                    banners,
                    turned,
                    booklet.makeup.signature_sheets,
                    tuple(dict.fromkeys((spoken.language, second.spoken.language))),
                    draft=reason is not None,
                    unreviewed=own.unreviewed or second.unreviewed,
                )
                found.extend(more)
            job = press.BookletJob(
                ground=ground,
                cache=str(folder / store.BOOKLETS),
                place=booklet.place,
                language=spoken.language,
                title=title,
                html=page,
                notes_html=notes,
                banners=banners,
                banner_html=first,
                facts_html=facts,
                banner_css=texts.get(FIRST_CSS, ""),
                css=css,
                files=files,
                formats=asked_for,
                makeup=booklet.makeup,
                fitting=fitting,
                edition=shown.edition,
                back=back,
                contacts=press.contacts(project.contacts),
            )
            yield booklet, name, job, tuple(found)


@dataclass(frozen=True, slots=True)
class _Version:
    """A booklet in the words of one locale, before it is made up for print."""

    spoken: Spoken
    voice: render.Voice
    booklet: Booklet
    editions: tuple[Edition, ...]
    notice: Html
    plain_notice: str

    @property
    def discreet(self) -> bool:
        """Whether it may be found by anybody."""
        return is_discreet(self.spoken.source.project, self.booklet)

    @property
    def unreviewed(self) -> bool:
        """Whether it must say that no native speaker has read it."""
        return self.spoken.unreviewed(*self.booklet.guides)

    @property
    def said(self) -> tuple[str, ...]:
        """All its words, whatever they are made up as."""
        phrases = self.spoken.translations.phrases
        return (
            phrases.plain(self.booklet.title),
            phrases.plain(self.booklet.summary),
            self.plain_notice,
            *(marks.words(f"{one.title} {one.summary} {one.body}") for one in self.editions),
            *(marks.words(f"{region}") for region in self.voice.context["regions"] if not self.discreet),
        )

    def page(self, template: str, imprint: render.Imprint, *, draft: bool) -> render.Rendered:
        """Return its print HTML by the template of a setting."""
        return render.booklet_html(
            self.spoken.jinja,
            template,
            self.voice,
            self.booklet,
            self.editions,
            self.notice,
            imprint,
            discreet=self.discreet,
            draft=draft,
            unreviewed=self.unreviewed,
        )

    def lacks(self, *pages: str) -> Reason | None:
        """Return why pages of it are not to be handed out, if so."""
        fallback_mark = f'lang="{self.spoken.own.language.tag}"'
        if not self.spoken.is_source and any(fallback_mark in page for page in pages):
            return "incomplete"
        if not self.spoken.translations.held.keys().isdisjoint(self.booklet.guides):
            return "unreviewed"
        return None


def _version(spoken: Spoken, voice: render.Voice, setting: fill.Setting, booklet: Booklet) -> _Version:
    project, documents = spoken.source.project, spoken.source.documents
    targets = links.print_links(project, documents, booklet.guides)
    html, plain = notice(project, spoken.translations.phrases, is_discreet(project, booklet))
    editions = tuple(
        spoken.edition(
            fill.form(fill.adapt(documents[id], anchor_prefix=f"{id}.", image_prefix=""), targets[id]),
            setting,
        )
        for id in booklet.guides
    )
    return _Version(spoken, voice, booklet, editions, html, plain)


def _version_in(spoken: Spoken, booklet: Booklet) -> tuple[_Version, tuple[Diagnostic, ...]]:
    """Return a booklet in the language that another one has beside it or on its back."""
    voice = spoken.voice("print")
    setting, problems = spoken.setting("print", voice)
    return _version(spoken, voice, setting, booklet), problems


def _pages(
    own: _Version, second: _Version, made: formats.Setting, imprint: render.Imprint, *, draft: bool
) -> tuple[str, str, tuple[Diagnostic, ...]]:
    """Return the print HTML of a setting, and that of its second language or its back where it has one."""
    page, problems = own.page(made.template, imprint, draft=draft)
    if not made.beside and not made.back:
        return page, "", problems
    template = formats.SETTINGS[made.back].template if made.back else made.template
    behind, more = second.page(template, imprint, draft=draft)
    return page, behind, (*problems, *more)


def _back(html: str, setting: str, language: Language, texts: Mapping[str, str]) -> press.Back:
    made = formats.SETTINGS[setting]
    assert made.fit is not None, "the back of a sheet has so many pages and no more"
    return press.Back(
        html,
        tuple(texts[sheet] for sheet in made.css),
        made.fit.fitting(languages.hand(language.locale)),
        language.direction,
    )


def _imprint(images: Sequence[Image], own: _Version, *others: _Version) -> render.Imprint:
    """Return what stands at the end of a booklet, whatever it is made up as: its words have one edition code.

    With another language beside its own it is another edition, and another again when either says something
    else. It is dated by the newest review of a guide, or check of a contact, that the booklet shows.
    """
    project = own.spoken.source.project
    shown = [guide for guide in project.guides if guide.id in own.booklet.guides]
    contacts = () if own.discreet else project.contacts
    said = [text for version in (own, *others) for text in version.said]
    edition = marks.edition(
        own.spoken.language.tag,
        (*(text.encode() for text in said), *(image.content for image in images)),
        (*(guide.reviewed for guide in shown), *(contact.checked for contact in contacts)),
    )
    address = "" if own.discreet else project.site.address
    return render.Imprint(edition, address, "address.svg" if address else "")


def _for_paper(
    images: Sequence[Image], widest_mm: float
) -> tuple[tuple[tuple[str, bytes], ...], tuple[Diagnostic, ...]]:
    """Return pictures by their address, no finer than is seen where they stand at their widest."""
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


FIRST_CSS = "print/instructions.css"
"""The style sheet of the sheets that come before files."""


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
