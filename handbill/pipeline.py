"""The main line: a folder → `dist/`, phase after phase. Reads the clock and the disk for the phases.

Pages are made locale by locale in this process, and written at once, so memory does not grow with the
site; booklets are made by workers meanwhile. Results are gathered in input order, so that the output
does not depend on how many workers there were.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from handbill import audit, contacts, diagnostics, fill, fonts, links, load, press, render, store
from handbill import outcome as outcomes
from handbill import plan as planning
from handbill.markdown import Inline
from handbill.model import (
    Booklet,
    Diagnostic,
    Document,
    Edition,
    Guide,
    Html,
    Language,
    Medium,
    PagePlan,
    Place,
    Printed,
    PrintPlan,
    Project,
)
from handbill.outcome import Held, Options, Outcome
from handbill.phrases import Phrases
from handbill.press import Progress
from handbill.render import Jinja
from handbill.source import Source, Translations, read_source, read_translations, source_translations

# --- one locale ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spoken:
    """One locale while it is being made."""

    source: Source
    jinja: Jinja
    translations: Translations
    own: Phrases
    """The source language's phrases, for what falls back."""

    @property
    def language(self) -> Language:
        """The locale's language."""
        return self.translations.phrases.language

    @property
    def is_source(self) -> bool:
        """Whether this is the source locale, where nothing is translated."""
        return self.language == self.own.language

    def edition(self, document: Document, setting: fill.Setting, targets: Mapping[str, str]) -> Edition:
        """Return a document, already adapted to its medium, filled in this locale."""
        translations = None if self.is_source else self.translations.guides[document.guide]
        here = replace(
            setting,
            inline=replace(setting.inline, links=targets),
            source_inline=replace(setting.source_inline, links=targets),
        )
        return fill.fill(document, translations, here)

    def setting(self, medium: Medium) -> tuple[fill.Setting, tuple[Diagnostic, ...]]:
        """Return what text of this locale needs in a medium; links come with each guide."""
        phrases = self.translations.phrases
        context = render.voice(self.source.project, phrases, medium).context
        words, problems = render.fill_template(self.jinja, "web/untranslated.html", context)
        inline, more = self._inline(phrases, medium)
        source_inline, same = self._inline(self.own, medium)
        setting = fill.Setting(
            language=self.language,
            source=self.own.language,
            inline=inline,
            source_inline=source_inline,
            fallback_notice=words.strip(),
        )
        return setting, tuple(dict.fromkeys((*problems, *more, *same)))

    def _inline(self, phrases: Phrases, medium: Medium) -> tuple[Inline, tuple[Diagnostic, ...]]:
        listed = self.source.project.contacts
        reference = ""
        problems: tuple[Diagnostic, ...] = ()
        if medium == "print":
            context = render.voice(self.source.project, phrases, medium).context
            reference, problems = render.page_reference(self.jinja, context)
        inline = Inline(
            direction=phrases.language.direction,
            tokens=contacts.tokens(listed, phrases, medium),
            plain_tokens=contacts.plain_tokens(listed, phrases),
            links={},
            images="../" if medium == "web" else "",
            page_reference=reference,
        )
        return inline, problems


def notice(project: Project, phrases: Phrases, discreet: bool) -> tuple[Html, str]:
    """Return the safety notice as HTML and as plain text."""
    text = project.site.notice_neutral if discreet else project.site.notice
    return phrases.text(text), phrases.plain(text)


# --- the website -----------------------------------------------------------------------------------


class _Site:
    """The website being written: pages go to the stage at once, what they link to is kept for the audit."""

    def __init__(self, source: Source, stage: Path, total: int, progress: Progress) -> None:
        self._source = source
        self._stage = stage
        self._progress = progress
        self._total = total
        self._fragments: dict[str, audit.Fragments] = {}
        project, plan = source.project, source.plan
        self._finished = audit.Finished(
            paths=frozenset(
                (
                    *(page.path for page in plan.pages),
                    *(path for item in plan.prints for _, path in item.paths),
                    *(path for path, _ in plan.files),
                )
            ),
            outside=frozenset(
                contacts.href(channel, value)
                for contact in project.contacts
                for channel, value in contact.channels
            ),
        )
        self.problems: list[Diagnostic] = []

    def add(self, page: PagePlan, rendered: render.Rendered, notice: str | None = None) -> None:
        """Audit a page and write it."""
        text, problems = rendered
        self.problems.extend(problems)
        if text:
            self._fragments[page.path], more = audit.web_page(text, page.path, self._finished, notice)
            self.problems.extend(more)
            store.write_new(self._stage / "site" / page.path, text.encode())
        self._progress("pages", len(self._fragments), self._total)

    def copy(self) -> None:
        """Write what is copied as it is: style sheets and images."""
        templates = self._source.project.template_texts()
        images = {image.name: image.content for image in self._source.project.images}
        for path, name in self._source.plan.files:
            content = images[name] if path.startswith("images/") else templates[name].encode()
            store.write_new(self._stage / "site" / path, content)

    def finish(self) -> int:
        """Resolve links between pages, and return how many pages there are."""
        self.problems.extend(audit.fragments(self._fragments))
        return len(self._fragments)


def _write_locale(
    site: _Site, spoken: Spoken, documents: Mapping[str, Document], pages: Sequence[PagePlan]
) -> int:
    """Write a locale's pages but the print page, and return how many messages fell back."""
    source, phrases = spoken.source, spoken.translations.phrases
    voice = render.voice(source.project, phrases, "web")
    setting, problems = spoken.setting("web")
    site.problems.extend(problems)
    targets = links.web_links(source.project, source.documents)
    editions = {id: spoken.edition(document, setting, targets[id]) for id, document in documents.items()}
    guides = {guide.id: guide for guide in source.project.guides}
    shared = (spoken.jinja, voice)
    for page in pages:
        match page.kind:
            case "guide" if page.guide is not None:
                guide = guides[page.guide]
                html, plain = notice(source.project, phrases, guide.discreet)
                rendered = render.guide_page(*shared, page, source.languages, guide, editions[guide.id], html)
                site.add(page, rendered, plain)
            case "home":
                site.add(
                    page,
                    render.home_page(
                        *shared, page, source.languages, _in_reading_order(source.project), editions
                    ),
                )
            case "contacts":
                site.add(page, render.contacts_page(*shared, page, source.languages))
    return sum(edition.missing for edition in editions.values())


def _in_reading_order(project: Project) -> tuple[Guide, ...]:
    """Return the guides as the booklets order them; one that is in no booklet comes last."""
    places = {id: place for place, id in enumerate(dict.fromkeys(_guides_of(project.booklets)))}
    return tuple(sorted(project.guides, key=lambda guide: places.get(guide.id, len(places))))


def _guides_of(booklets: Sequence[Booklet]) -> Iterator[str]:
    return (id for booklet in booklets for id in booklet.guides)


# --- the booklets ----------------------------------------------------------------------------------


def _booklet_jobs(
    spoken: Spoken, cache: Path, ground: bytes, draft: bool, coverage: frozenset[int]
) -> Iterator[tuple[Booklet, press.BookletJob | Held, tuple[Diagnostic, ...]]]:
    """Yield each booklet of a locale as a job, or held, with what is wrong with it."""
    source, phrases = spoken.source, spoken.translations.phrases
    project = source.project
    voice = render.voice(project, phrases, "print")
    setting, problems = spoken.setting("print")
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

        page, more = render.booklet_html(spoken.jinja, voice, booklet, editions, html, draft=False)
        incomplete = not spoken.is_source and fallback_mark in page
        if incomplete and draft:
            page, more = render.booklet_html(spoken.jinja, voice, booklet, editions, html, draft=True)
        notes, notes_problems = render.notes_html(spoken.jinja, voice, booklet)
        found = [*problems, *more, *notes_problems]
        if page:
            found.extend(audit.booklet_page(page, booklet.place, plain))
            found.extend(_glyph_problems(page + notes, booklet.place, coverage))
        if incomplete and not draft:
            yield booklet, Held(booklet.id, spoken.language.locale, "incomplete"), tuple(found)
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
            cache=str(cache),
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


def _glyph_problems(page: str, place: Place, coverage: frozenset[int]) -> Iterator[Diagnostic]:
    for character in fonts.uncovered(page, coverage):
        yield diagnostics.no_glyph(place, character, unicodedata.name(character, "unnamed"))


# --- build -----------------------------------------------------------------------------------------


class _NotPublished(Exception):
    """Leaves the staging folder without publishing it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def build(options: Options, progress: Progress) -> Outcome:
    """Build the project into its `dist/`, all or nothing, and return what was made.

    An error anywhere leaves the old `dist/` as it was. Booklets may be held back without an error.
    """
    before = outcomes.signature(options)
    source, problems = read_source(options.folder)
    if source is None:
        return Outcome(problems)
    try:
        with store.staged(options.folder / "dist") as stage:
            outcome = _build_into(stage, source, options, progress, list(problems))
            if outcome.failed:
                raise _NotPublished(outcome)
    except _NotPublished as stop:
        return stop.outcome
    store.throw_away_old(options.folder / store.CACHE / "booklets")
    outcomes.remember(options, before, outcome)
    return outcome


def _build_into(
    stage: Path, source: Source, options: Options, progress: Progress, problems: list[Diagnostic]
) -> Outcome:
    project = source.project
    problems.extend(load.overdue_guides(project, options.today))
    unchecked = load.unchecked_contacts(project, options.today)
    problems.extend(replace(problem, severity="warning") for problem in unchecked)
    locales = planning.all_locales(project)
    site = _Site(source, stage, len(source.plan.pages), progress)
    documents = {
        id: fill.adapt(document, anchor_prefix="", image_prefix="../")
        for id, document in source.documents.items()
    }
    jinja = render.environment(project.templates)
    own = source_translations(source).phrases
    untranslated: list[tuple[str, int]] = []
    held: list[Held] = []
    voices: list[render.Voice] = []
    with press.Workers(options.jobs, options.folder, progress) as workers:
        ground, coverage = b"", frozenset[int]()
        if project.booklets:
            ground, coverage = press.ground(options.folder), fonts.coverage(press.faces(options.folder))
        for locale in locales:
            translations = source_translations(source)
            if locale != project.site.source_locale:
                translations, more = read_translations(source, options.folder, locale)
                problems.extend(more)
            spoken = Spoken(source, jinja, translations, own)
            voices.append(render.voice(project, translations.phrases, "web"))
            if unchecked:
                held.extend(Held(booklet.id, locale, "unchecked-contact") for booklet in project.booklets)
            else:
                jobs = _booklet_jobs(
                    spoken, options.folder / store.CACHE / "booklets", ground, options.draft, coverage
                )
                for booklet, job, more in jobs:
                    problems.extend(more)
                    if isinstance(job, Held):
                        held.append(job)
                    elif not any(problem.severity == "error" for problem in problems):
                        workers.submit(booklet.id, locale, job)
            pages = [page for page in source.plan.pages if page.locale == locale]
            fell_back = _write_locale(site, spoken, documents, pages)
            if fell_back:
                untranslated.append((locale, fell_back))
        made, more = workers.results()
        problems.extend(more)
    printed = tuple(_copy_booklets(stage, source.plan.prints, made))
    for voice in voices:
        _write_print_page(site, jinja, voice, source, printed, held)
    chooser = next(page for page in source.plan.pages if page.kind == "chooser")
    site.add(chooser, render.chooser_page(jinja, voices[0], chooser, source.languages))
    site.copy()
    return Outcome(
        pages=site.finish(),
        diagnostics=(*problems, *site.problems),
        locales=locales,
        printed=printed,
        held=tuple(held),
        typeset=workers.typeset,
        untranslated=tuple(untranslated),
    )


def _write_print_page(
    site: _Site,
    jinja: Jinja,
    voice: render.Voice,
    source: Source,
    printed: Sequence[Printed],
    held: Sequence[Held],
) -> None:
    locale = voice.language.locale
    page = next(page for page in source.plan.pages if page.kind == "print" and page.locale == locale)
    files = tuple(file for file in printed if file.locale == locale)
    reasons = {item.booklet: item.reason for item in held if item.locale == locale}
    site.add(
        page,
        render.print_page(jinja, voice, page, source.languages, source.project.booklets, files, reasons),
    )


def _copy_booklets(
    stage: Path, prints: Sequence[PrintPlan], made: Mapping[tuple[str, str], press.MadeBooklet]
) -> Iterator[Printed]:
    for item in prints:
        booklet = made.get((item.booklet, item.locale))
        if booklet is None:
            continue
        for format, path in item.paths:
            content = (Path(booklet.folder) / press.file_name(format)).read_bytes()
            store.write_new(stage / "site" / path, content)
            sheets = 0 if format == "reading" else booklet.sheets
            yield Printed(item.booklet, item.locale, format, path, booklet.pages, sheets, len(content))
