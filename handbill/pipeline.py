"""The main line: a folder → `dist/`, phase after phase. Reads the clock and the disk for the phases.

Pages are made locale by locale in this process, and written at once, so memory does not grow with the
site; booklets are made by workers meanwhile. Results are gathered in input order, so that the output
does not depend on how many workers there were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

from handbill import (
    booklets,
    deck,
    fonts,
    gate,
    hosting,
    load,
    packing,
    press,
    render,
    report,
    store,
    website,
)
from handbill import outcome as outcomes
from handbill import plan as planning
from handbill.model import Booklet, Card, Diagnostic
from handbill.outcome import Held, HeldGuide, Options, Outcome
from handbill.press import Progress
from handbill.source import (
    Source,
    Translations,
    parsed,
    read_source,
    read_translations,
    source_translations,
)
from handbill.spoken import Spoken

PrintJob = tuple[Booklet | Card, str, press.BookletJob | Held, tuple[Diagnostic, ...]]
"""A booklet or a card in one setting, made or held, and what is wrong with it."""


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
    if source is not None and options.pseudo:
        from handbill import rehearsal  # a build of the real site has no use for it

        source, problems = parsed(rehearsal.project(source.project))
    if source is None:
        return Outcome(problems)
    try:
        with store.staged(options.folder / "dist") as stage:
            outcome = _build_into(stage, source, options, progress, list(problems))
            if outcome.failed:
                raise _NotPublished(outcome)
    except _NotPublished as stop:
        return stop.outcome
    store.throw_away_old(options.folder / store.BOOKLETS)
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

    sealed: dict[str, packing.Seal] = {}

    def write(path: str, content: bytes) -> None:
        store.write_new(f"{stage}/site/{path}", content)
        sealed[path] = packing.seal(content)

    site = website.Website(source, write, progress)
    forms = website.forms(source)
    jinja = render.environment(project.templates)
    own = source_translations(source).phrases
    untranslated: list[tuple[str, int]] = []
    held: list[Held] = []
    held_guides: list[HeldGuide] = []
    unreviewed: list[str] = []
    voices: list[render.Voice] = []
    with press.Workers(options.jobs, options.folder, progress) as workers:
        ground, coverage = b"", None
        if project.booklets or project.cards:
            problems.extend(press.font_problems(options.folder))
            ground, coverage = press.ground(options.folder), fonts.coverage(press.faces(options.folder))

        @lru_cache(maxsize=1)  # the one being made, or the one beside it
        def translated(locale: str) -> tuple[Translations, tuple[Diagnostic, ...]]:
            if locale == project.site.source_locale:
                return source_translations(source), ()
            if options.pseudo:
                from handbill import rehearsal

                return rehearsal.translations(source, locale), ()
            return read_translations(source, options.folder, locale, coverage, options.today)

        def speaker(locale: str) -> Spoken:
            return Spoken(source, jinja, translated(locale)[0], own)

        for locale in locales:
            translations, more = translated(locale)
            # What is wrong with a translation is left out, so the rest can be published.
            problems.extend(replace(problem, severity="warning") for problem in more)
            spoken = speaker(locale)
            pages = [page for page in source.plan.pages if page.locale == locale]
            if spoken.unreviewed(*source.documents):
                unreviewed.append(locale)
            held_guides.extend(
                HeldGuide(id, locale, verdict.reasons) for id, verdict in translations.held.items()
            )
            voice, more = render.web_voice(jinja, spoken.voice("web"), pages[0], source.languages)
            problems.extend(more)
            voices.append(voice)
            if unchecked:
                held.extend(outcomes.held_for_contacts(project, locale))
            else:
                known = (spoken, options.folder, ground, options.draft, coverage or frozenset())
                jobs: Iterator[PrintJob] = chain(
                    booklets.jobs(*known, speaker) if project.booklets else (),
                    deck.jobs(*known) if project.cards else (),
                )
                for item, setting, job, more in jobs:
                    problems.extend(more)
                    if isinstance(job, Held):
                        held.append(job)
                    elif not any(problem.severity == "error" for problem in problems):
                        workers.submit(item.id, locale, setting, job)
            fell_back = website.write_locale(site, spoken, voice, forms, pages)
            if fell_back:
                untranslated.append((locale, fell_back))
        problems.extend(hosting.write(stage, source, jinja))
        made, more = workers.results()
        problems.extend(more)
        held.extend(Held(booklet, locale, "too-long") for booklet, locale in workers.overlong)
    phrases = {voice.language.locale: voice.phrases for voice in voices}
    cards = tuple(deck.copy(stage, source, phrases, made))
    problems.extend(problem for _, more in cards for problem in more)
    printed = (*booklets.copy(stage, source.plan.prints, made), *(file for file, _ in cards))
    for voice in voices:
        website.write_print_page(site, jinja, voice, source, printed, held)
    website.write_root(site, jinja, voices, source)
    count = site.finish()
    problems.extend(gate.output(stage, options.folder, "dist"))
    outcome = Outcome(
        pages=count,
        diagnostics=(*problems, *site.problems),
        locales=locales,
        names=tuple(source.languages[locale].name for locale in locales),
        printed=printed,
        held=tuple(held),
        held_guides=tuple(held_guides),
        unreviewed=tuple(unreviewed),
        typeset=workers.typeset,
        untranslated=tuple(untranslated),
    )
    if outcome.failed:
        return outcome
    # Last: nothing may be written into the site after it.
    most = _packed(stage, site, sealed, source, options, progress)
    return outcome._replace(largest=most.path, largest_bytes=most.compressed, largest_requests=most.requests)


def _packed(
    stage: Path,
    site: website.Website,
    sealed: Mapping[str, packing.Seal],
    source: Source,
    options: Options,
    progress: Progress,
) -> report.Weight:
    """Make the finished site ready to be carried, write the report beside it, and return its largest page."""
    project = source.project
    sizes = packing.pack(
        stage / "site",
        options.folder,
        progress,
        sealed=sealed,
        precompressed=project.site.precompressed,
        threads=options.jobs,
    )
    weighed = report.weights(site.seen, sizes)
    templates = project.template_texts()
    scripts = {path: templates[name] for path, name in source.plan.files if path.endswith(".js")}
    store.write_new(stage / "report.txt", report.text(weighed, sizes, scripts).encode())
    return report.largest(weighed)
