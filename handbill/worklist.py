"""What is to be done in a locale, as a page to work from: what holds guides back first, with the exact place.

A page is one file that asks for nothing from anywhere, and is not part of the site. It is for those who work
on the project, and so is in English.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Literal, TypeAlias

from handbill import classify, render, store
from handbill.changes import PARAGRAPHS
from handbill.desk import Desk, Examined
from handbill.edits import Edit, edits
from handbill.model import Change, Diagnostic, Entry, Html, Message, Place, State
from handbill.press import Progress
from handbill.source import INTERFACE
from handbill.standing import LocaleFacts, Row, Standing, percent, print_reasons, total, why

SectionId: TypeAlias = Literal["critical", "stale", "withdrawn", "missing", "errors"]

SECTIONS: tuple[SectionId, ...] = ("critical", "stale", "withdrawn", "missing", "errors")
"""In the order in which they stand on the page."""


# --- what templates see ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """One message that is not current, with all that is needed to put it right."""

    anchor: str
    catalog: str
    section: SectionId
    state: str
    """`missing`, `withdrawn`, `stale`, or `error` where `check` refuses the translation."""
    critical: bool
    holds: bool
    """Whether it helps to hold a guide back."""
    kind: str
    headings: tuple[str, ...]
    place: str
    """File and line of the translation; the file alone where the entry is not there yet."""
    source_place: str
    source: tuple[str, ...]
    """The message; of a plural, both forms."""
    edits: tuple[Edit, ...]
    """From the source that was translated to the source as it is; none where that is not known."""
    translation: tuple[str, ...]
    """What there is of a translation, to be mended or to take words from."""
    since: date | None
    reasons: tuple[str, ...]
    """What changed in the source, in words."""
    problems: tuple[Diagnostic, ...]
    """What `check` finds wrong with the translation."""
    next_step: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """The tasks of one catalog in one section."""

    catalog: str
    held: bool
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One part of the list."""

    id: SectionId
    count: int
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class CatalogView:
    """One line of the table."""

    name: str
    row: Row
    share: int
    reviewed: int
    """Percent."""
    published: bool | None
    """None for the interface."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintView:
    """Whether a booklet or a card can be printed."""

    kind: str
    id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A guide that waits for a native speaker."""

    guide: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LocaleView:
    """One line of the page that leads to the others."""

    facts: LocaleFacts
    page: str
    published: int
    guides: int
    share: int
    """Percent of all messages that are current."""
    total: Row


@dataclass(frozen=True, slots=True)
class Next:
    """What to do first, in one sentence, and where it stands on the page."""

    sentence: str
    anchor: str


# --- tasks -----------------------------------------------------------------------------------------


def tasks(found: Examined, name: str, row: Row, changes: Sequence[Change], language: str) -> Iterator[Task]:
    """Yield what is to be done in a catalog, in document order.

    `changes` are those of the whole project, oldest first; `language` is the one they are in.
    """
    former = {(entry.msgctxt, entry.msgid): entry for entry in found.catalog.entries if entry.obsolete}
    entries = {(entry.msgctxt, entry.msgid): entry for entry in found.catalog.entries if not entry.obsolete}
    for number, (message, state) in enumerate(zip(found.messages, found.states, strict=True), 1):
        if state.current:
            continue
        entry = entries.get((message.context, message.text))
        problems = found.refused.get((message.context, message.text), ())
        refused = state is State.WITHDRAWN and bool(problems)
        old = None if refused or entry is None else entry.previous_msgid
        since, reasons = (
            (None, ()) if old is None else since_and_why(changes, name, old, message.text, language)
        )
        word = "error" if refused else str(state)
        yield Task(
            anchor=f"{name}-{number}",
            catalog=name,
            section="critical" if message.critical else "errors" if refused else _SECTION_OF[state],
            state=word,
            critical=message.critical,
            holds=name != INTERFACE and _holds(message, row),
            kind=message.kind,
            headings=message.headings,
            place=f"{found.catalog.path}:{entry.line}" if entry else found.catalog.path,
            source_place=_line(message.place),
            source=(message.text,) if message.plural is None else (message.text, message.plural),
            edits=() if old is None else edits(old, message.text),
            translation=_forms(entry) or _forms(former.get((message.context, old or ""))),
            since=since,
            reasons=reasons,
            problems=problems if refused else (),
            next_step=_next_step(entry, message, word),
        )


_SECTION_OF: Mapping[State, SectionId] = {
    State.STALE: "stale",
    State.WITHDRAWN: "withdrawn",
    State.MISSING: "missing",
}


def _holds(message: Message, row: Row) -> bool:
    """Whether a message is one of those for which its guide is held."""
    return ("critical" if message.critical else "share") in row.reasons


def _line(place: Place) -> str:
    return f"{place.path}:{place.line}"


def _forms(entry: Entry | None) -> tuple[str, ...]:
    return tuple(form for form in entry.msgstr if form.strip()) if entry else ()


def _next_step(entry: Entry | None, message: Message, state: str) -> str:
    if entry is None or entry.msgid_plural != message.plural:
        return "Run `python3 build.py extract`, which puts the message into the file; then translate it."
    if state == "missing":
        return "Translate it."
    if state == "error":
        return "Mend the translation as it says here."
    if state == "withdrawn":
        return "Translate it anew: the source says something else now."
    if entry.previous_msgid is None:
        return "See whether these words fit here, mend them, and take off the mark “fuzzy” (“needs work”)."
    return "Mend the translation where the source changed, and take off the mark “fuzzy” (“needs work”)."


def since_and_why(
    changes: Sequence[Change], catalog: str, old: str, new: str, language: str
) -> tuple[date | None, tuple[str, ...]]:
    """Return the day since which a message is no longer `old`, where a record says so, and what changed.

    A guide's own changes count before those of others, from which a message may have moved. Where the text
    has changed more than once, what lies between the two ends is left out.
    """
    own = [change for change in changes if change.catalog == catalog]
    for listed in (own, changes):
        returned = max(
            (number for number, change in enumerate(listed, 1) if _has(change.new, old)), default=0
        )
        for change in listed[returned:]:
            if _has(change.old, old):
                whole = (change.old, change.new) == (old, new)
                return change.on, change.reasons if whole else classify.classify(old, new, language)[1]
    return None, classify.classify(old, new, language)[1]


def _has(recorded: str, text: str) -> bool:
    """Whether a record is about a text: messages that were split or joined stand there together."""
    return text in (recorded, *recorded.split(PARAGRAPHS))


# --- pages -----------------------------------------------------------------------------------------


def write(
    desk: Desk,
    standing: Standing,
    locales: Sequence[str],
    target: Path,
    progress: Progress,
) -> tuple[Diagnostic, ...]:
    """Write a page for each of these locales into a folder, and one that leads to them all.

    Other files there stay as they are. Returns what is wrong with the templates.
    """
    texts = desk.source.project.template_texts()
    style = Html(texts["status/status.css"])
    jinja = render.environment(desk.source.project.templates)
    shared = {
        "policy": _policy(style),
        "style": style,
        "day": desk.today.isoformat(),
        "source": desk.source.source_language,
        "code": _with_code,
    }
    problems: list[Diagnostic] = []
    for done, facts in enumerate(facts for facts in standing.facts.locales if facts.locale in locales):
        progress("pages", done, len(locales))
        context = {**shared, **locale_context(desk, standing, facts)}
        text, more = render.fill_template(jinja, "status/locale.html", context)
        problems.extend(more)
        store.write_if_changed(target / page_name(facts), text.encode())
    views = tuple(
        _locale_view(standing, facts) for facts in standing.facts.locales if facts.locale in locales
    )
    text, more = render.fill_template(jinja, "status/index.html", {**shared, "locales": views})
    store.write_if_changed(target / "index.html", text.encode())
    progress("pages", len(locales), len(locales))
    return (*problems, *more)


def _with_code(text: str) -> Html:
    """Return a sentence as HTML, with what stands in backticks as code."""
    return Html(_CODE.sub(r"<code>\1</code>", escape(text)))


_CODE = re.compile(r"`([^`]+)`")


def page_name(facts: LocaleFacts) -> str:
    """Return the name of a locale's page."""
    return f"{facts.tag}.html"


def locale_context(desk: Desk, standing: Standing, facts: LocaleFacts) -> dict[str, object]:
    """Return what the page of a locale says."""
    rows = standing.rows[facts.locale]
    source = desk.source.source_language
    found = [
        task
        for name, row in rows.items()
        if row.current < row.messages and "unreadable" not in row.reasons
        for task in tasks(desk.examined(facts.locale, name), name, row, desk.changes, source.locale)
    ]
    sections = tuple(_sections(found, rows))
    catalogs = tuple(
        CatalogView(
            name,
            row,
            percent(row.current, row.messages),
            percent(row.reviewed, row.messages),
            None if name == INTERFACE else not row.reasons,
            why(row, facts),
        )
        for name, row in rows.items()
    )
    faults = standing.faults.get(facts.locale, {})
    problems = tuple(problem for listed in faults.values() for problem in listed)
    reviews = tuple(
        ReviewView(name, why(row._replace(reasons=("review",)), facts)[0])
        for name, row in rows.items()
        if "review" in row.reasons
    )
    return {
        "locale": facts,
        "catalogs": catalogs,
        "published": sum(view.published is True for view in catalogs),
        "guides": len(catalogs) - 1,
        "total": total(rows.values()),
        "share": percent(total(rows.values()).current, total(rows.values()).messages),
        "prints": tuple(
            PrintView(item.kind, item.id, print_reasons(standing, facts.locale, item, desk.today))
            for item in standing.facts.prints
        ),
        "problems": problems,
        "sections": sections,
        "reviews": reviews,
        "next": _next(problems, sections, reviews),
    }


def _locale_view(standing: Standing, facts: LocaleFacts) -> LocaleView:
    rows = standing.rows[facts.locale]
    guides = [row for name, row in rows.items() if name != INTERFACE]
    summed = total(rows.values())
    return LocaleView(
        facts,
        page_name(facts),
        sum(not row.reasons for row in guides),
        len(guides),
        percent(summed.current, summed.messages),
        summed,
    )


def _policy(style: str) -> str:
    """Return the policy of a page: this style sheet, and nothing else from anywhere."""
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _sections(found: Sequence[Task], rows: Mapping[str, Row]) -> Iterator[SectionView]:
    """Yield the parts of the list that hold anything; in each, guides that are held come first."""
    catalogs = sorted(rows, key=lambda name: not rows[name].reasons)
    for id in SECTIONS:
        here = [task for task in found if task.section == id]
        groups = (
            GroupView(name, bool(rows[name].reasons), tuple(task for task in here if task.catalog == name))
            for name in catalogs
        )
        if here:
            yield SectionView(id, len(here), tuple(group for group in groups if group.tasks))


def _next(
    problems: Sequence[Diagnostic],
    sections: Sequence[SectionView],
    reviews: Sequence[ReviewView],
) -> Next:
    """Return what to do first: what holds most back."""
    for problem in problems:
        if problem.severity == "error":
            return Next(f"Mend {problem.place.path}, which cannot be read.", "files")
    listed = [task for section in sections for group in section.groups for task in group.tasks]
    for task in sorted(listed, key=lambda task: not task.holds):
        what = "critical message" if task.critical else "message"
        held = f", which holds back `{task.catalog}`" if task.holds else ""
        return Next(f"{_VERBS[task.state]} the {what} at {task.place}{held}.", task.anchor)
    for view in reviews:
        return Next(f"Ask a native speaker to review `{view.guide}`.", "reviews")
    return Next("There is nothing to be done: every message is current.", "")


_VERBS = {"missing": "Translate", "withdrawn": "Translate anew", "stale": "Mend", "error": "Mend"}
