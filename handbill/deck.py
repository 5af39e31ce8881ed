"""The cards: a job for each card, locale and size of face, or the reason why it is held; their sheets.

A card's faces are typeset once in each language and size; sheets in one language, in two and in all of them
are made of the same faces.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from handbill import (
    audit,
    banner,
    booklets,
    cards,
    diagnostics,
    fill,
    formats,
    imprint,
    languages,
    links,
    press,
    render,
    store,
)
from handbill.model import Card, CardFile, CardPlan, CardSize, Diagnostic, Html, Language, Place, Printed
from handbill.outcome import Held, Reason
from handbill.phrases import Phrases
from handbill.sheets import Side
from handbill.source import Source
from handbill.spoken import Spoken, notice

if TYPE_CHECKING:
    from handbill import proof

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
    script = languages.hand(spoken.language.locale)
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
        item = next(
            plan
            for plan in source.plan.cards
            if (plan.card, plan.locale) == (card.id, spoken.language.locale)
        )
        back = source.languages[item.back] if card.back and item.back else spoken.language
        title = phrases.plain(card.title)
        code = _edition(spoken, card, guides, title, page)
        page = page.replace(_EDITION, code)
        # What anybody may find does not lead to the site.
        address = "" if card.discreet else project.site.address
        files: tuple[tuple[str, bytes], ...] = ()
        spare = ""
        if address and page:
            drawing, size_mm = imprint.qr_svg(address), imprint.qr_size_mm(address)
            files, spare = (("address.svg", drawing.encode()),), page
            page, _ = render.card_html(
                *shared,
                draft=reason is not None,
                unreviewed=unreviewed,
                qr=render.CardCode("address.svg", address, size_mm),
            )
            page = page.replace(_EDITION, code)
        parts = tuple((f"face{number}", 1) for number in range(1, len(card.faces) + 1))
        fitting = formats.Fit(parts, _PLAIN, _RICH).fitting(script)
        for name in dict.fromkeys(map(face_size, card.sizes)):
            if reason and not draft:
                yield card, name, Held(card.id, spoken.language.locale, reason), tuple(found)
                break
            css = tuple(texts[sheet] for sheet in (*_STYLES, f"print/card-{name}.css"))
            banners = banner.of_cards(card, item, tuple(planned(item, name)))
            first, facts, more = render.banner_html(
                spoken.jinja,
                voice,
                banners,
                spoken.language.direction,
                1,
                tuple(dict.fromkeys((spoken.language, back))),
                draft=reason is not None,
                unreviewed=unreviewed,
            )
            found.extend(more)
            facts = _counted(facts, banners, title)
            job = press.BookletJob(
                ground=ground,
                cache=str(folder / store.BOOKLETS),
                place=card.place,
                language=spoken.language,
                title=title,
                html=page,
                notes_html="",
                banners=banners,
                banner_html=first,
                facts_html=facts,
                banner_css=texts.get(booklets.FIRST_CSS, ""),
                css=css,
                files=files,
                formats=(),
                makeup=formats.USUAL,
                fitting=fitting,
                edition=code,
                contacts=press.contacts(spoken.source.project.contacts),
                spare_html=spare,
            )
            yield card, name, job, tuple(found)


def planned(item: CardPlan, size: str) -> Iterator[CardFile]:
    """Yield the planned files of a card whose faces have a size."""
    return (file for file in item.files if face_size(file.size) == size)


def _counted(facts: str, banners: banner.Banners, title: str) -> str:
    """Return the facts of a card's files with all that is counted."""
    facts = facts.replace("{title}", escape(title))
    for file in banners.files:
        leading = 1 if file.back is None else 2
        last = leading + file.sheets * leading
        again = f"{leading + 1}–{last}" if leading + 1 < last else f"{last}"
        facts = facts.replace(f"{{sheets{file.ending}}}", f"{file.sheets}")
        facts = facts.replace(f"{{again{file.ending}}}", again)
    return facts


_EDITION = "{edition}"
"""Stands for the code of its edition, which is made of the words on a card."""


def _edition(spoken: Spoken, card: Card, guides: Sequence[str], title: str, page: str) -> str:
    """Return the code of a card's edition, dated by the newest review or check of what stands on it."""
    project = spoken.source.project
    shown = {contact for face in card.faces for contact in face.contacts}
    days = (
        *(guide.reviewed for guide in project.guides if guide.id in guides),
        *(contact.checked for contact in project.contacts if contact.id in shown),
    )
    words = imprint.words(page.partition("<body")[2])
    return imprint.edition(spoken.language.tag, (title.encode(), words.encode()), days)


def _guide(section: str) -> tuple[str, str]:
    """Return guide and anchor of `calm.md#feet`, which the plan has looked up."""
    guide, _, anchor = section.partition(".md#")
    return guide, anchor


def _section(spoken: Spoken, setting: fill.Setting, section: str) -> Html:
    guide, anchor = _guide(section)
    part = links.section(spoken.source.documents[guide], anchor)
    form = fill.form(fill.adapt(part, anchor_prefix=f"{guide}.", image_prefix=""), {})
    return spoken.edition(form, setting).body


def face_size(size: CardSize) -> str:
    """Return the size of card whose faces have the size of this one's."""
    return "us" if size == "folded" else size


# --- sheets ------------------------------------------------------------------------------------------

Made = Mapping[tuple[str, str, str], press.MadeBooklet]
"""By card, locale and size of face."""


def copy(
    stage: Path, source: Source, spoken: Mapping[str, Phrases], made: Made
) -> Iterator[tuple[Printed, tuple[Diagnostic, ...]]]:
    """Write the sheets of every card that was made, in the order of the plan, and yield their files.

    With each comes `misprint` for what is not on paper as it must be, as far as that is soon seen: their
    faces were looked at when they were made, so it is enough that these stand whole where they should.
    """
    if not source.plan.cards:
        return  # without what knows PDFs, which takes longer to import than a site to finish
    from handbill import impose, pdf, proof
    from handbill.pdf import PrintSettings

    known = {card.id: card for card in source.project.cards}
    for item in source.plan.cards:
        card, phrases = known[item.card], spoken[item.locale]
        for file in item.files:
            size = face_size(file.size)
            there = {
                locale: made[card.id, locale, size] for locale in spoken if (card.id, locale, size) in made
            }
            laid = sheets(source, card, item, file, there)
            if laid is None:
                continue
            pdfs = [_made(there[locale], "") for locale in laid.locales]
            settings = PrintSettings(
                phrases.plain(card.title), phrases.language.tag, phrases.language.direction, laid.duplex
            )
            banners = banner.of_cards(card, item, tuple(planned(item, size)))
            ending = banner.ending(file, laid.rows if file.mixed else 1)
            number, before = next(
                (number, one) for number, one in enumerate(banners.files, 1) if one.ending == ending
            )
            own = there[item.locale]
            first = impose.First(
                _made(own, press.FIRST), _made(own, press.FACTS), before.front, before.back, number
            )
            drawn = impose.draw_of(pdfs, laid.sides, settings, first)
            store.write_new(stage / "site" / file.path, drawn)
            printed = Printed(
                card.id,
                item.locale,
                f"card-{file.size}{'-mixed' * file.mixed}",
                file.paper,
                file.path,
                len(card.faces),
                laid.count,
                len(drawn),
                own.edition,
            )
            marks = tuple(mark for faces in pdfs for mark in proof.contents(pdf.glance(faces)))
            should_be = wanted(laid, card.place, settings.title, phrases.language)
            wrong = proof.problems(pdf.glance(drawn), should_be, marks)
            tag = phrases.language.tag
            yield (
                printed,
                tuple(diagnostics.misprint(card.place, tag, printed.format, problem) for problem in wrong),
            )


def wanted(laid: Sheets, place: Place, title: str, language: Language) -> proof.Wanted:
    """Return what a file of cards must be."""
    from handbill import proof

    paper = laid.sides[0].paper
    return proof.Wanted(
        place=place,
        title=title,
        language=language.tag,
        direction=language.direction,
        width_mm=paper.width_mm,
        height_mm=paper.height_mm,
        duplex=laid.duplex,
        condition="",
        sides=laid.sides,
    )


def _made(faces: press.MadeBooklet, ending: str) -> bytes:
    return (Path(faces.folder) / press.file_name(ending)).read_bytes()


@dataclass(frozen=True, slots=True)
class Sheets:
    """What one file of cards consists of."""

    locales: tuple[str, ...]
    """Whose faces stand on the cards; the pages of the sides count on from one to the next."""
    faces: int
    """Of one card."""
    rows: int
    """Cards that the rows take in turn."""
    sides: tuple[Side, ...]
    duplex: formats.Duplex

    @property
    def count(self) -> int:
        """How many sheets of paper there are."""
        return len(self.sides) if self.duplex == "Simplex" else len(self.sides) // 2


def sheets(source: Source, card: Card, item: CardPlan, file: CardFile, made: Container[str]) -> Sheets | None:
    """Return the sheets of a planned file, or None where one in its language cannot be made.

    `made` has the locales in which there are faces of this size. A sheet in all languages has those alone,
    and there is none of fewer than two.
    """
    backs = {other.locale: other.back for other in source.plan.cards if other.card == card.id}
    rows = [
        (locale, backs[locale] if card.back else None)
        for locale in (item.locales if file.mixed else (item.locale,))
    ]
    there = [row for row in rows if all(locale is None or locale in made for locale in row)]
    if not there or there[0][0] != item.locale or len(there) < 1 + file.mixed:
        return None
    locales = tuple(dict.fromkeys(locale for row in there for locale in row if locale is not None))
    first = {locale: 1 + number * len(card.faces) for number, locale in enumerate(locales)}
    dealt: list[cards.Faces] = [
        (first[front], None if back is None else first[back])
        if len(card.faces) == 1
        else tuple(range(first[front], first[front] + len(card.faces)))
        for front, back in there
    ]
    two_sided = len(card.faces) > 1 or card.back is not None
    return Sheets(
        locales,
        len(card.faces),
        len(there),
        cards.sides(cards.SIZES[file.size], file.paper, dealt, "long"),
        "DuplexFlipLongEdge" if two_sided else "Simplex",
    )
