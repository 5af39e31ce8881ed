"""Phase *plan*: every output path, link and alternate of a build, before anything is made; and what clashes.

What needs the whole project is checked here: links between guides, tokens, images, languages, paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from html import escape

from handbill import contacts, diagnostics, links, markdown, neutral, prose
from handbill.formats import FORMATS, in_locale
from handbill.model import (
    Booklet,
    Card,
    CardFile,
    CardPlan,
    Diagnostic,
    Document,
    Guide,
    Language,
    PageKind,
    PagePlan,
    Paper,
    Place,
    Plan,
    PrintFile,
    PrintPlan,
    Project,
    Text,
)

_ASSETS = "assets/"
_TARGET = re.compile(r"(?:([^#{}]+)\.md)?(?:#([^#{}]+))?")
_WEB_TOKEN = re.compile(r"\{([a-z][a-z0-9-]*)\.web\}")


def plan(
    project: Project, documents: Mapping[str, Document], languages: Mapping[str, Language]
) -> tuple[Plan, tuple[Diagnostic, ...]]:
    """Return every output of a build of these documents, and whatever stands in its way.

    `languages` has the known languages of the site's locales, the source among them. Diagnostics:
    `unknown-locale`, `unknown-guide`, `unknown-anchor`, `unknown-token`, `unknown-link`,
    `unknown-image`, `path-clash`, and those of `prose`.
    """
    locales = [locale for locale in all_locales(project) if locale in languages]
    made = Plan(
        pages=tuple(_pages(project, locales, languages)),
        prints=tuple(_prints(project, locales, languages)),
        files=tuple(_files(project)),
        cards=tuple(_cards(project, locales, languages)),
        # without an address no list of pages can be made
        crawled=("robots.txt", "sitemap.xml")
        if project.site.address and project.site.indexing
        else ("robots.txt",),
    )
    problems = [
        *(
            diagnostics.unknown_locale(project.site.place, locale)
            for locale in all_locales(project)
            if locale not in languages
        ),
        *_message_problems(project, documents),
        *_first_page_problems(project, documents),
        *_booklet_problems(project, documents),
        *_card_problems(project, documents),
        *_clashes(made, project),
        *_unportable(made, project),
        *_telling(made, project),
    ]
    return made, tuple(problems)


def all_locales(project: Project) -> tuple[str, ...]:
    """Return the site's locales, the source first."""
    return (project.site.source_locale, *project.site.locales)


def beside(booklet: Booklet, project: Project) -> str:
    """Return the locale that stands beside others where a booklet is in two languages."""
    return booklet.makeup.beside or project.site.source_locale


def _pages(project: Project, locales: Sequence[str], languages: Mapping[str, Language]) -> Iterator[PagePlan]:
    def sisters(name: str) -> tuple[tuple[str, str], ...]:
        return tuple((locale, f"{languages[locale].tag}/{name}.html") for locale in locales)

    homes = sisters("index")
    yield PagePlan("chooser", "index.html", None, None, homes)
    named: tuple[tuple[PageKind, str, str | None], ...] = (
        ("home", "index", None),
        ("contacts", "contacts", None),
        ("print", "print", None),
        ("letters", "a-z", None),
        *(("guide", guide.id, guide.id) for guide in project.guides),
    )
    for kind, name, guide in named:
        alternates = sisters(name)
        for locale, path in alternates:
            yield PagePlan(kind, path, locale, guide, alternates)
    for moved in project.guides:
        for alias in moved.aliases:
            for locale, path in sisters(alias.value):
                yield PagePlan("moved", path, locale, moved.id, ())
    for locale, path in sisters("404"):
        yield PagePlan("missing", path, locale, None, ())
    yield PagePlan("missing", "404.html", None, None, homes)


def redirects(made: Plan) -> tuple[tuple[str, str], ...]:
    """Return (old path, new path) of each page that has moved, both below the site's root."""
    return tuple(
        (page.path, f"{page.path.rpartition('/')[0]}/{page.guide}.html")
        for page in made.pages
        if page.kind == "moved"
    )


def _prints(
    project: Project, locales: Sequence[str], languages: Mapping[str, Language]
) -> Iterator[PrintPlan]:
    for booklet in project.booklets:
        for locale in locales:
            folder = f"{languages[locale].tag}/print"
            yield PrintPlan(
                booklet.id,
                locale,
                tuple(
                    PrintFile(name, output.ending, output.paper, f"{folder}/{booklet.id}{output.ending}.pdf")
                    for name in in_locale(booklet.formats, locale, beside(booklet, project))
                    for output in FORMATS[name].outputs
                ),
            )


_CARD_PAPERS: tuple[Paper, ...] = ("a4", "letter")


def _cards(project: Project, locales: Sequence[str], languages: Mapping[str, Language]) -> Iterator[CardPlan]:
    for card in project.cards:
        for locale in locales:
            folder = f"{languages[locale].tag}/print"
            others = tuple(other for other in locales if other != locale)
            back = card.back if card.back != locale else next(iter(others), None)
            yield CardPlan(
                card.id,
                locale,
                (locale, *others),
                back,
                tuple(
                    CardFile(size, paper, mixed, f"{folder}/{card.id}-{size}{'-mixed' * mixed}-{paper}.pdf")
                    for size in card.sizes
                    for mixed in ((False, True) if card.mixed and others else (False,))
                    for paper in _CARD_PAPERS
                ),
            )


def _files(project: Project) -> Iterator[tuple[str, str]]:
    for template in project.templates:
        if template.name.startswith(_ASSETS):
            yield template.name, template.name
    for image in project.images:
        yield f"images/{image.name}", image.name


def _clashes(made: Plan, project: Project) -> Iterator[Diagnostic]:
    """Yield pairs of outputs that have one path, also where they differ only by case (a FAT stick cannot)."""
    outputs = _outputs(made, project)
    seen: dict[str, str] = {}
    for path, place in sorted(outputs, key=lambda output: output[1] != project.site.place):
        if path.casefold() in seen:
            yield diagnostics.path_clash(place, path, seen[path.casefold()])
        seen.setdefault(path.casefold(), path)


_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
"""What Windows keeps for itself, whatever the ending (Microsoft, *Naming Files, Paths, and Namespaces*)."""
_LONGEST_PATH = 160
"""Characters below the site's folder: with Windows a path has 259 at most, its disk and folders included."""


def _unportable(made: Plan, project: Project) -> Iterator[Diagnostic]:
    """Yield what a FAT stick or Windows cannot hold, once for each cause; load sees to the characters."""
    told: set[tuple[Place, str]] = set()
    for path, place in _outputs(made, project):
        for part in path.split("/"):
            why = _unportable_name(part)
            if why and (place, part) not in told:
                told.add((place, part))
                yield diagnostics.unportable_path(place, path, why)
        if len(path) > _LONGEST_PATH and (place, "") not in told:
            told.add((place, ""))
            why = f"has {len(path)} characters, of which {_LONGEST_PATH} fit everywhere"
            yield diagnostics.unportable_path(place, path, why)


def _unportable_name(name: str) -> str:
    if name.partition(".")[0].casefold() in _DEVICES:
        return f"has the name `{name}`, which Windows keeps for itself"
    return f"has the name `{name}`, which loses its dot on a stick" if name.endswith(".") else ""


def _telling(made: Plan, project: Project) -> Iterator[Diagnostic]:
    """Yield the titles and the names of outputs that tell what the site is about."""
    words = project.site.telling
    if not words:
        return
    for title in neutral.titled(project):
        if word := neutral.word_in(title.value, words):
            yield diagnostics.telling_title(title.place, title.value, word)
    told: set[tuple[Place, str]] = set()
    for path, place in _outputs(made, project):
        word = neutral.word_in(path, words)
        if word and (place, word) not in told:
            told.add((place, word))
            yield diagnostics.telling_name(place, path, word)


def _outputs(made: Plan, project: Project) -> list[tuple[str, Place]]:
    """Return the path of every output, and the place that it comes from."""
    guides = {guide.id: guide for guide in project.guides}
    booklet_places = {booklet.id: booklet.place for booklet in project.booklets}
    card_places = {card.id: card.place for card in project.cards}
    return [
        *((page.path, _place(page, guides, project)) for page in made.pages),
        *((file.path, booklet_places[item.booklet]) for item in made.prints for file in item.files),
        *((file.path, card_places[item.card]) for item in made.cards for file in item.files),
        *((path, project.site.place) for path, _ in made.files),
        *((path, project.site.place) for path in made.crawled),
    ]


def _place(page: PagePlan, guides: Mapping[str, Guide], project: Project) -> Place:
    """Return where it was written that there is such a page."""
    if page.guide is None:
        return project.site.place
    guide = guides[page.guide]
    name = page.path.rpartition("/")[2].removesuffix(".html")
    aliases = (alias.place for alias in guide.aliases if alias.value == name)
    return next(aliases, Place(guide.path)) if page.kind == "moved" else Place(guide.path)


def _message_problems(project: Project, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    tokens = contacts.token_names(project.contacts)
    web_contacts = {contact.id for contact in project.contacts if "web" in dict(contact.channels)}
    images = {f"images/{image.name}" for image in project.images}
    numbers = prose.known_numbers(project.contacts)
    for document in documents.values():
        for message in document.messages:
            found = markdown.references(message.text)
            for token in _each_once(found.tokens):
                if token not in tokens:
                    yield diagnostics.unknown_token(message.place, token, _nearest(token, tokens))
            for target in _each_once(found.links):
                yield from _link_problems(target, message.place, document, documents, web_contacts)
            yield from prose.problems(found.prose, message.place, numbers)
        for image in document.images:
            if image not in images:
                yield diagnostics.unknown_image(_image_place(document, image), image, _nearest(image, images))


def _first_page_problems(project: Project, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the needs, and with where the urgent guide is said to be."""
    numbers = prose.known_numbers(project.contacts)
    urgent = project.site.urgent
    for text in (*(need.title for need in project.site.needs), *((urgent.title,) if urgent else ())):
        yield from prose.problems(text.value, text.place, numbers)
    if urgent:
        match = _TARGET.fullmatch(urgent.link.value)
        if match is None or match[1] is None:
            yield diagnostics.unknown_link(urgent.link.place, urgent.link.value)
        else:
            yield from _guide_link_problems(match[1], match[2], urgent.link.place, documents)


def _booklet_problems(project: Project, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """Yield what betrays the subject in a booklet that must not."""
    guides = {guide.id: guide for guide in project.guides}
    for booklet in project.booklets:
        for id in booklet.guides if booklet.discreet else ():
            if not guides[id].discreet:
                yield diagnostics.booklet_discreet(booklet.place, booklet.id, id, "is not discreet")
            elif any(markdown.references(message.text).tokens for message in documents[id].messages):
                yield diagnostics.booklet_discreet(booklet.place, booklet.id, id, "has a contact in it")


def _card_problems(project: Project, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """Yield what cards name that is not there, and what may not stand on them."""
    discreet = {guide.id for guide in project.guides if guide.discreet}
    numbers = prose.known_numbers(project.contacts)
    for card in project.cards:
        for face in card.faces:
            for text in (face.heading, *face.lines, *face.write):
                if text is not None:
                    yield from prose.problems(text.value, text.place, numbers)
            for section in face.sections:
                yield from _section_problems(card, section, documents, discreet)


def _section_problems(
    card: Card, section: Text, documents: Mapping[str, Document], discreet: Iterable[str]
) -> Iterator[Diagnostic]:
    match = _TARGET.fullmatch(section.value)
    guide, anchor = (match[1], match[2]) if match else (None, None)
    if guide is None or anchor is None:
        yield diagnostics.unknown_link(section.place, section.value)
    elif guide not in documents:
        yield diagnostics.unknown_guide(section.place, f"{guide}.md", _nearest(guide, documents))
    elif anchor not in documents[guide].anchors:
        nearest = _nearest(anchor, documents[guide].anchors)
        yield diagnostics.unknown_anchor(section.place, f"{guide}.md", anchor, nearest)
    elif card.discreet and guide not in discreet:
        yield diagnostics.card_discreet(section.place, section.value, "is of a guide that is not discreet")
    elif card.discreet:
        part = links.section(documents[guide], anchor)
        texts = [part.messages[slot].text for unit in part.units for slot in unit.slots]
        if any(markdown.references(text).tokens for text in texts):
            yield diagnostics.card_discreet(section.place, section.value, "has a contact in it")


def _image_place(document: Document, image: str) -> Place:
    """Return the place of the message that shows an image, or that describes it."""
    described = (
        document.messages[slot]
        for unit in document.units
        for slot, before in zip(unit.slots, unit.html, strict=False)
        if before.endswith(f'<img src="{escape(image)}" alt="')
    )
    within = (message for message in document.messages if image in markdown.references(message.text).images)
    return next((message.place for message in (*within, *described)), document.messages[0].place)


def _link_problems(
    target: str,
    place: Place,
    document: Document,
    documents: Mapping[str, Document],
    web_contacts: Iterable[str],
) -> Iterator[Diagnostic]:
    if token := _WEB_TOKEN.fullmatch(target):
        if token[1] not in web_contacts:
            yield diagnostics.unknown_token(place, f"{token[1]}.web", None)
        return
    match = _TARGET.fullmatch(target)
    if match is None or not target:
        yield diagnostics.unknown_link(place, target)
        return
    yield from _guide_link_problems(match[1] or document.guide, match[2], place, documents)


def _guide_link_problems(
    guide: str, anchor: str | None, place: Place, documents: Mapping[str, Document]
) -> Iterator[Diagnostic]:
    if guide not in documents:
        yield diagnostics.unknown_guide(place, f"{guide}.md", _nearest(guide, documents))
    elif anchor is not None and anchor not in documents[guide].anchors:
        nearest = _nearest(anchor, documents[guide].anchors)
        yield diagnostics.unknown_anchor(place, f"{guide}.md", anchor, nearest)


def _each_once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _nearest(name: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(name, list(known), n=1)), None)
