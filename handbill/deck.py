"""The cards: a job for each card, locale and size of face, or the reason why it is held; their sheets.

A card's faces are typeset once in each language and size; sheets in one language, in two and in all of them
are made of the same faces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from handbill import audit, booklets, cards, fill, formats, languages, links, press, render, store
from handbill.model import Card, CardFile, CardPlan, CardSize, Diagnostic, Direction, Html, Printed
from handbill.outcome import Held, Reason
from handbill.phrases import Phrases
from handbill.source import Source
from handbill.spoken import Spoken, notice

_TEMPLATE = "print/card.html"
_STYLES = ("print/text.css", "print/card.css")
_PLAIN = formats.Sizes((8.0, 10.0), (1.22, 1.35))
_RICH = formats.Sizes((8.0, 10.5), (1.4, 1.55))
"""Text on a card: none is smaller than 8 pt, and scripts that are dense stand wider."""


def jobs(
    spoken: Spoken, folder: Path, ground: bytes, draft: bool, coverage: frozenset[int]
) -> Iterator[tuple[Card, str, press.BookletJob | Held, tuple[Diagnostic, ...]]]:
    """Yield each card of a locale as a job a size of face, or held, with what is wrong with it."""
    source, phrases = spoken.source, spoken.translations.phrases
    project = source.project
    voice = spoken.voice("print")
    setting, problems = spoken.setting("print", voice)
    texts = project.template_texts()
    script = languages.script(spoken.language.locale)
    fallback_mark = f'lang="{spoken.own.language.tag}"'
    for card in project.cards:
        guides = tuple(
            dict.fromkeys(_guide(section.value)[0] for face in card.faces for section in face.sections)
        )
        sections = tuple(
            tuple(_section(spoken, setting, section.value) for section in face.sections)
            for face in card.faces
        )
        html, plain = notice(project, phrases, card.discreet)
        shared = (spoken.jinja, _TEMPLATE, voice, card, sections, html)
        unreviewed = spoken.unreviewed(*guides)
        page, more = render.card_html(*shared, draft=False, unreviewed=unreviewed)
        reason: Reason | None = None
        if not spoken.is_source and fallback_mark in page:
            reason = "incomplete"
        elif not spoken.translations.held.keys().isdisjoint(guides):
            reason = "unreviewed"
        if reason and draft:
            page, more = render.card_html(*shared, draft=True, unreviewed=unreviewed)
        found = [*problems, *more]
        if page:
            wanted = plain if any(face.notice for face in card.faces) else None
            found.extend(audit.booklet_page(page, card.place, wanted))
        if page and (draft or not reason):
            found.extend(booklets.glyph_problems(page, spoken, folder, guides, card.place, coverage))
        title = phrases.plain(card.title)
        parts = tuple((f"face{number}", 1) for number in range(1, len(card.faces) + 1))
        fitting = formats.Fit(parts, _PLAIN, _RICH).fitting(script)
        for name in dict.fromkeys(map(_face_size, card.sizes)):
            if reason and not draft:
                yield card, name, Held(card.id, spoken.language.locale, reason), tuple(found)
                break
            css = tuple(texts[sheet] for sheet in (*_STYLES, f"print/card-{name}.css"))
            job = press.BookletJob(
                key=store.key((ground, *(part.encode() for part in (f"{fitting}", title, page, *css)))),
                cache=str(folder / store.BOOKLETS),
                place=card.place,
                language=spoken.language,
                title=title,
                html=page,
                notes_html="",
                instructions_html="",
                instructions_css="",
                css=css,
                files=(),
                formats=(),
                makeup=formats.USUAL,
                fitting=fitting,
            )
            yield card, name, job, tuple(found)


def _guide(section: str) -> tuple[str, str]:
    """Return guide and anchor of `calm.md#feet`, which the plan has looked up."""
    guide, _, anchor = section.partition(".md#")
    return guide, anchor


def _section(spoken: Spoken, setting: fill.Setting, section: str) -> Html:
    guide, anchor = _guide(section)
    part = links.section(spoken.source.documents[guide], anchor)
    return spoken.edition(fill.adapt(part, anchor_prefix=f"{guide}.", image_prefix=""), setting, {}).body


def _face_size(size: CardSize) -> str:
    """Return the size of card whose faces have the size of this one's."""
    return "us" if size == "folded" else size


# --- sheets ------------------------------------------------------------------------------------------

Made = Mapping[tuple[str, str, str], press.MadeBooklet]
"""By card, locale and size of face."""


def copy(stage: Path, source: Source, spoken: Mapping[str, Phrases], made: Made) -> Iterator[Printed]:
    """Write the sheets of every card that was made, in the order of the plan, and yield their files.

    A sheet in all languages has those that were made; there is none of fewer than two.
    """
    known = {card.id: card for card in source.project.cards}
    backs = {(item.card, item.locale): item.back for item in source.plan.cards}
    for item in source.plan.cards:
        card = known[item.card]
        for file in item.files:
            rows = [
                (locale, backs[card.id, locale] if card.back else None)
                for locale in (item.locales if file.mixed else (item.locale,))
            ]
            size = _face_size(file.size)
            there = [
                row
                for row in rows
                if all((card.id, locale, size) in made for locale in row if locale is not None)
            ]
            if not there or there[0][0] != item.locale or len(there) < 1 + file.mixed:
                continue
            pdf, sheets = _sheets(card, item, file, there, spoken[item.locale], made)
            store.write_new(stage / "site" / file.path, pdf)
            name = f"card-{file.size}{'-mixed' * file.mixed}"
            yield Printed(
                card.id, item.locale, name, file.paper, file.path, len(card.faces), sheets, len(pdf)
            )


def _sheets(
    card: Card,
    item: CardPlan,
    file: CardFile,
    rows: Sequence[tuple[str, str | None]],
    phrases: Phrases,
    made: Made,
) -> tuple[bytes, int]:
    """Return a file of sheets and how many there are; `rows` has the locales of fronts and backs."""
    from handbill import impose
    from handbill.pdf import PrintSettings

    locales = list(dict.fromkeys(locale for row in rows for locale in row if locale is not None))
    first = {locale: 1 + number * len(card.faces) for number, locale in enumerate(locales)}
    dealt: list[cards.Faces] = [
        (first[front], None if back is None else first[back])
        if len(card.faces) == 1
        else tuple(range(first[front], first[front] + len(card.faces)))
        for front, back in rows
    ]
    sides = cards.sides(cards.SIZES[file.size], file.paper, dealt, "long")
    duplex = len(card.faces) > 1 or rows[0][1] is not None
    pdfs = [
        (Path(made[card.id, locale, _face_size(file.size)].folder) / press.file_name("")).read_bytes()
        for locale in locales
    ]
    direction: Direction = phrases.language.direction
    settings = PrintSettings(
        phrases.plain(card.title),
        phrases.language.tag,
        direction,
        "DuplexFlipLongEdge" if duplex else "Simplex",
    )
    return impose.draw_of(pdfs, sides, settings), len(sides) // (1 + duplex)
