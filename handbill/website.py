"""The website: every page of every locale, rendered, audited and written, one at a time.

Where a page is written to is not known here: a build stages it on disk, a preview keeps it in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from handbill import (
    audit,
    contacts,
    crawlers,
    diagnostics,
    fill,
    links,
    neutral,
    pictures,
    reading,
    render,
    report,
    worksheet,
)
from handbill.model import Diagnostic, PagePlan, Place, Printed
from handbill.outcome import Held
from handbill.press import Progress
from handbill.render import Jinja
from handbill.source import Source
from handbill.spoken import Spoken, notice

Write = Callable[[str, bytes], None]
"""Takes a path below the site's root and what stands there."""


class Website:
    """The website being written: pages are written at once, what they link to is kept for the audit."""

    def __init__(self, source: Source, write: Write, progress: Progress) -> None:
        self._source = source
        self._write = write
        self._progress = progress
        self._fragments: dict[str, audit.Fragments] = {}
        self._alike: dict[audit.Fragments, audit.Fragments] = {}
        """Kept once for all translations of a guide: of a large site they would take the most memory."""
        self._titles: dict[str, str] = {}
        project, plan = source.project, source.plan
        self._finished = audit.Finished(
            paths=frozenset(
                (
                    *(page.path for page in plan.pages),
                    *plan.pdfs,
                    *(path for path, _ in plan.files),
                    *plan.crawled,
                )
            ),
            outside=frozenset(
                contacts.href(channel, value)
                for contact in project.contacts
                for channel, value in contact.channels
            ),
            exits=_exits(source),
        )
        self.problems: list[Diagnostic] = []
        self.worksheets = frozenset(
            id for id, document in source.documents.items() if worksheet.is_worksheet(document)
        )
        """The guides that have fields on the web."""

    def add(self, page: PagePlan, rendered: render.Rendered, notice: str | None = None) -> None:
        """Audit a page and write it."""
        self._add(page, rendered, lambda made: audit.web_page(made, page.path, self._finished, notice))

    def add_anywhere(self, page: PagePlan, rendered: render.Rendered, base: str) -> None:
        """Audit and write a page that a server shows at any address; `base` is the site's path on it."""
        self._add(page, rendered, lambda made: audit.page_anywhere(made, page.path, self._finished, base))

    def _add(
        self,
        page: PagePlan,
        rendered: render.Rendered,
        audited: Callable[[bytes], tuple[audit.Fragments, tuple[Diagnostic, ...]]],
    ) -> None:
        text, problems = rendered
        self.problems.extend(problems)
        if text:
            content = text.encode()
            fragments, more = audited(content)
            self._fragments[page.path] = self._alike.setdefault(fragments, fragments)
            self.problems.extend(more)
            title = self._titles[page.path] = report.title(content)
            if word := neutral.word_in(title, self._source.project.site.telling):
                self.problems.append(diagnostics.telling_title(Place(f"dist/site/{page.path}"), title, word))
            self._write(page.path, content)
        self._progress("pages", len(self._fragments), len(self._source.plan.pages))

    def copy(self) -> None:
        """Write what is copied as it is, style sheets and images, and what crawlers read."""
        templates = self._source.project.template_texts()
        images = {image.name: image.content for image in self._source.project.images}
        for path, name in self._source.plan.files:
            if path.endswith(".css"):
                self.problems.extend(audit.style_sheet(templates[name], Place(f"templates/{name}")))
            content = self._picture(name, images[name]) if name in images else templates[name].encode()
            self._write(path, content)
        for path, text in crawlers.files(self._source.plan, self._source.project.site):
            self._write(path, text.encode())

    def _picture(self, name: str, content: bytes) -> bytes:
        try:
            return pictures.for_web(content)
        except pictures.Unreadable as error:
            self.problems.append(diagnostics.image_unreadable(Place(f"content/images/{name}"), str(error)))
            return b""

    @property
    def seen(self) -> tuple[report.Page, ...]:
        """What was seen of the pages, in the order in which they were made."""
        return tuple(
            report.Page(path, self._titles[path], page.loads) for path, page in self._fragments.items()
        )

    def finish(self) -> int:
        """Resolve links between pages, and return how many pages there are."""
        self.problems.extend(audit.fragments(self._fragments))
        return len(self._fragments)


def forms(source: Source) -> Mapping[str, fill.Form]:
    """Return the guides made ready for web pages, the same in every locale."""
    targets = links.web_links(source.project, source.documents)
    return {
        id: fill.form(
            worksheet.fillable(fill.adapt(document, anchor_prefix="", image_prefix="../")), targets[id]
        )
        for id, document in source.documents.items()
    }


def _exits(source: Source) -> dict[str, str]:
    """Return where readers are taken who leave, by the first folder of the page; empty for those in none."""
    way_out = source.project.site.exit
    if way_out is None:
        return {}
    tags = {locale: language.tag for locale, language in source.languages.items()}
    tags[source.project.site.source_locale] = source.source_language.tag
    return {"": way_out.of(source.project.site.source_locale)} | {
        tag: way_out.of(locale) for locale, tag in tags.items()
    }


def write_locale(
    site: Website,
    spoken: Spoken,
    voice: render.Voice,
    forms: Mapping[str, fill.Form],
    pages: Sequence[PagePlan],
) -> int:
    """Write a locale's pages but the print page, and return how many messages fell back."""
    source, phrases = spoken.source, spoken.translations.phrases
    setting, problems = spoken.setting("web", voice)
    site.problems.extend(problems)
    held = spoken.translations.held
    untold = replace(setting, fallback_notice="")
    editions = {
        id: spoken.source_edition(form, untold) if id in held else spoken.edition(form, setting)
        for id, form in forms.items()
    }
    guides = {guide.id: guide for guide in source.project.guides}
    around = reading.around(source.project)
    shared = (spoken.jinja, voice)
    for page in pages:
        match page.kind:
            case "guide" if page.guide is not None:
                guide = guides[page.guide]
                html, plain = notice(source.project, phrases, guide.discreet)
                is_held = guide.id in held
                rendered = render.guide_page(
                    *shared,
                    page,
                    guide,
                    editions[guide.id],
                    html,
                    render.around_view(voice, around[guide.id], editions),
                    held=is_held,
                    unreviewed=spoken.unreviewed() if is_held else spoken.unreviewed(guide.id),
                    fillable=guide.id in site.worksheets,
                )
                site.add(page, rendered, plain)
            case "home":
                site.add(
                    page,
                    render.home_page(
                        *shared,
                        page,
                        source.project.site.needs,
                        reading.in_order(source.project),
                        editions,
                        unreviewed=spoken.unreviewed(*(id for id in forms if id not in held)),
                    ),
                )
            case "contacts":
                site.add(page, render.contacts_page(*shared, page))
            case "moved" if page.guide is not None:
                guide = guides[page.guide]
                site.add(page, render.moved_page(*shared, page, guide, editions[guide.id]))
            case "missing":
                base = links.base(source.project.site)
                site.add_anywhere(page, render.missing_page(spoken.jinja, [voice], page, base), base)
            case "letters":
                unreviewed = spoken.unreviewed(*(id for id in forms if id not in held))
                site.add(page, render.letters_page(*shared, page, editions, unreviewed))
    return sum(edition.missing for edition in editions.values())


def write_root(site: Website, jinja: Jinja, voices: Sequence[render.Voice], source: Source) -> None:
    """Write what belongs to no locale: the page that leads to each, what is copied, what crawlers read."""
    chooser = next(page for page in source.plan.pages if page.kind == "chooser")
    site.add(chooser, render.chooser_page(jinja, voices[0], chooser, source.languages))
    base = links.base(source.project.site)
    missing = next(page for page in source.plan.pages if page.kind == "missing" and page.locale is None)
    site.add_anywhere(missing, render.missing_page(jinja, voices, missing, base), base)
    site.copy()


def write_print_page(
    site: Website,
    jinja: Jinja,
    voice: render.Voice,
    source: Source,
    printed: Sequence[Printed],
    held: Sequence[Held],
) -> None:
    """Write a locale's print page, once its booklets are made or held."""
    locale = voice.language.locale
    page = next(page for page in source.plan.pages if page.kind == "print" and page.locale == locale)
    files = tuple(file for file in printed if file.locale == locale)
    reasons = {item.booklet: item.reason for item in held if item.locale == locale}
    plans = {item.card: item for item in source.plan.cards if item.locale == locale}
    cards = [
        render.card_view(voice, page, card, plans[card.id], files, reasons.get(card.id))
        for card in source.project.cards
    ]
    site.add(
        page,
        render.print_page(jinja, voice, page, source.project.booklets, files, reasons, cards),
    )
