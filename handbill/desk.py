"""A project on the desk: catalogs judged message by message, and the rows that come of it.

Reads the project and its catalogs, and renders nothing. What it finds out, `standing` remembers.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from handbill import (
    changes,
    check,
    extract,
    fonts,
    formats,
    links,
    neutral,
    po,
    press,
    prose,
    publish,
    reviews,
    store,
)
from handbill.check import Key
from handbill.model import (
    Card,
    Catalog,
    Change,
    Diagnostic,
    Language,
    Message,
    Place,
    Project,
    Rule,
    State,
    Text,
)
from handbill.neutral import Neutral
from handbill.press import Progress
from handbill.publish import Verdict
from handbill.rules import Ground
from handbill.source import INTERFACE, Source, catalog_path, catalog_text, read_ground, read_source
from handbill.standing import (
    Cell,
    Facts,
    Known,
    LocaleFacts,
    PrintFacts,
    Row,
    Standing,
    remember,
    source_signature,
)

# --- catalogs, judged ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Examined:
    """One catalog of one locale, judged."""

    catalog: Catalog
    """Empty where the file cannot be read."""
    messages: tuple[Message, ...]
    """Each once, in document order; critical if it is so anywhere."""
    states: tuple[State, ...]
    """Of each message, in the locale itself."""
    shown: tuple[State, ...]
    """The same with what the rule's fallbacks lend."""
    refused: Mapping[Key, tuple[Diagnostic, ...]]
    """The errors of translations."""
    verdict: Verdict
    faults: tuple[Diagnostic, ...]
    """Why the file cannot be read, and what is odd about it."""

    @property
    def readable(self) -> bool:
        """Whether what stands in the file counts."""
        return not any(fault.severity == "error" for fault in self.faults)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A catalog by itself."""

    catalog: Catalog
    refused: Mapping[Key, tuple[Diagnostic, ...]]
    faults: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Bench:
    """What the catalogs of one locale are judged by."""

    marks: frozenset[str]
    """Of native speakers."""
    ground: Ground
    faults: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the catalogs of a project: knows what they are judged by, and what it found out on the way."""

    folder: Path
    today: date
    facts: Facts
    general: tuple[Diagnostic, ...]
    """What is wrong with the project, whatever the locale."""
    messages: Mapping[str, tuple[Message, ...]]
    """By catalog, guides first; each message once."""
    values: Mapping[str, str]
    """Of contacts' tokens."""
    numbers: Mapping[str, str]
    """Digits of contacts → token."""
    neutral: Neutral
    """Titles, and words that must not stand in them."""
    printed: Mapping[str, Mapping[str, frozenset[Key] | None]]
    """By booklet or card: what it shows of each catalog, None where it shows all."""
    coverage: frozenset[int] | None
    """The characters that can be printed; None where nothing is."""
    rules: Mapping[str, Rule]
    _benches: dict[str, _Bench] = field(default_factory=dict)
    _expected: dict[str, check.Expected] = field(default_factory=dict)
    _lenders: dict[Cell, _Judged] = field(default_factory=dict)

    def examined(self, locale: str, name: str) -> Examined:
        """Return a catalog, judged. May give every diagnostic of `po-…`, as `faults`."""
        rule, messages = self.rules[locale], self.messages[name]
        chain = [self._judged(one, name) for one in (locale, *rule.fallback)]
        marks = self._bench(locale).marks
        if rule.fallback:  # whoever reads the words of a fallback, reads them for this locale too
            marks = marks.union(*(self._bench(one).marks for one in rule.fallback))
        own, *lent = (publish.states(messages, one.catalog, one.refused, marks, self.values) for one in chain)
        shown = own
        counting = next((_plural_rule(one.catalog) for one in chain if one.catalog.entries), None)
        for one, states in zip(chain[1:], lent, strict=True):
            counts_alike = _plural_rule(one.catalog) == counting
            shown = tuple(
                other
                if other.current and not best.current and (message.plural is None or counts_alike)
                else best
                for message, best, other in zip(messages, shown, states, strict=True)
            )
        return Examined(
            chain[0].catalog,
            messages,
            own,
            shown,
            chain[0].refused,
            publish.verdict(messages, shown, rule),
            chain[0].faults,
        )

    def faults(self, locale: str) -> tuple[Diagnostic, ...]:
        """Return what is wrong with a locale's reviews and glossary."""
        return self._bench(locale).faults

    def _bench(self, locale: str) -> _Bench:
        if locale not in self._benches:
            path = reviews.path(locale)
            content = store.read(self.folder / path)
            found, faults = reviews.read(content, path, tuple(self.messages), self.today)
            ground, more = read_ground(
                self.folder, locale, self.facts.source, self.numbers, self.coverage, self.neutral
            )
            self._benches[locale] = _Bench(
                publish.marks_by(found, "native-speaker"),
                ground,
                (*faults, *more),
            )
        return self._benches[locale]

    def _judged(self, locale: str, name: str) -> _Judged:
        if (locale, name) in self._lenders:
            return self._lenders[locale, name]
        bench = self._bench(locale)
        catalog, faults = _read(self.folder, locale, name)
        refused = self._refused(catalog, bench.ground, name)
        judged = _Judged(catalog, refused, faults)
        if any(locale in rule.fallback for rule in self.rules.values()):
            self._lenders[locale, name] = judged
        return judged

    def _refused(self, catalog: Catalog, ground: Ground, name: str) -> Mapping[Key, tuple[Diagnostic, ...]]:
        """Return the errors in the translations of a catalog, by entry."""
        if name == INTERFACE:
            problems = check.refused_strings(catalog.entries, ground, catalog.path)
        else:
            if name not in self._expected:
                self._expected[name] = check.expected(message.text for message in self.messages[name])
            expected = self._expected[name]
            wanted = {
                source: target
                for source, target in po.translations(catalog).items()
                if source in expected.named
            }
            problems = check.refused(wanted, expected, ground, catalog.path, lambda: catalog.entries)
        found: dict[Key, tuple[Diagnostic, ...]] = {}
        for key, problem in problems:
            found[key] = (*found.get(key, ()), problem)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Judge):
    """A judge with the whole project before them."""

    source: Source
    changes: tuple[Change, ...]
    """What became of the messages of the source, oldest first."""


def opened(folder: Path, today: date) -> tuple[Desk | None, tuple[Diagnostic, ...]]:
    """Return the project in a folder on the desk, or None where an error in it stands in the way."""
    source, problems = read_source(folder)
    if source is None:
        return None, problems
    interface, more = extract.interface(source.project)
    problems = (*problems, *more)
    if any(problem.severity == "error" for problem in more):
        return None, problems
    edited, unread = changes.read(store.read(folder / changes.PATH))
    project = source.project
    messages = {id: document.messages for id, document in source.documents.items()}
    desk = Desk(
        folder=folder,
        today=today,
        facts=_facts(source),
        general=(*problems, *unread),
        messages={name: _each_once(found) for name, found in {**messages, INTERFACE: interface}.items()},
        values=publish.contact_values(project.contacts),
        numbers=prose.known_numbers(project.contacts),
        neutral=neutral.of(project),
        printed=dict(chain(_booklets(project, interface), _cards(source, interface))),
        coverage=_coverage(folder, bool(project.booklets or project.cards)),
        rules=dict(project.site.rules),
        source=source,
        changes=edited,
    )
    return desk, desk.general


def _booklets(
    project: Project, interface: Sequence[Message]
) -> Iterator[tuple[str, Mapping[str, frozenset[Key] | None]]]:
    """Yield each booklet with what it shows; in doubt it is said to show a string of the interface."""
    site, discreet = project.site, {guide.id for guide in project.guides if guide.discreet}
    for booklet in project.booklets:
        templates = [formats.SETTINGS[name].template for name in formats.settings(booklet.formats)]
        notice = site.notice_neutral if discreet.issuperset(booklet.guides) else site.notice
        own = (site.title, notice, booklet.title, booklet.summary)
        words = _strings(interface, (_CONTACTS, *_reached(templates, project))) | _texts(own)
        yield booklet.id, {**dict.fromkeys(booklet.guides), INTERFACE: words}


def _cards(
    source: Source, interface: Sequence[Message]
) -> Iterator[tuple[str, Mapping[str, frozenset[Key] | None]]]:
    """Yield each card with what it shows, in the same way."""
    project = source.project
    site, contacts = project.site, {contact.id: contact for contact in project.contacts}
    regions = {region.id: region.name for region in project.regions}
    for card in project.cards:
        shown: dict[str, frozenset[Key] | None] = {}
        own = (
            [site.notice_neutral if card.discreet else site.notice]
            if any(face.notice for face in card.faces)
            else []
        )
        for face in card.faces:
            own += [*([face.heading] if face.heading else ()), *face.lines, *face.write]
            for contact in map(contacts.__getitem__, face.contacts):
                own += [contact.name, *([contact.hours] if contact.hours else ())]
                own += [regions[contact.region], *(text for _, text in contact.languages)]
            for section in face.sections:
                guide, _, anchor = section.value.partition(".md#")
                part = links.section(source.documents[guide], anchor)
                texts = {part.messages[slot].text for unit in part.units for slot in unit.slots}
                shown[guide] = (shown.get(guide) or frozenset()) | {(None, text) for text in texts}
        words = _strings(interface, _reached(["print/card.html"], project)) | _texts(own)
        yield card.id, {**shown, INTERFACE: words}


_CONTACTS = "content/contacts.toml"


def _strings(interface: Sequence[Message], paths: Collection[str]) -> frozenset[Key]:
    """Return the messages that stand in these files."""
    return frozenset((message.context, message.text) for message in interface if message.place.path in paths)


def _texts(texts: Iterable[Text]) -> frozenset[Key]:
    return frozenset((None, text.value) for text in texts)


_NAMED = re.compile(r"""["']((?:print|web)/[\w-]+\.html)["']""")


def _reached(names: Sequence[str], project: Project) -> list[str]:
    """Return the paths of templates and of those that they name."""
    texts, found = project.template_texts(), list(dict.fromkeys(names))
    for name in found:  # which grows on the way
        found.extend(more for more in _NAMED.findall(texts.get(name, "")) if more not in found)
    return [f"templates/{name}" for name in found]


def _coverage(folder: Path, prints: bool) -> frozenset[int] | None:
    return fonts.coverage(press.faces(folder)) if prints else None


def _each_once(messages: Sequence[Message]) -> tuple[Message, ...]:
    found: dict[tuple[str | None, str, str | None], Message] = {}
    for message in messages:
        key = (message.context, message.text, message.plural)
        if key not in found or (message.critical and not found[key].critical):
            found[key] = message
    return tuple(found.values())


def _plural_rule(catalog: Catalog) -> str | None:
    return po.header_fields(catalog).get("Plural-Forms")


def _read(folder: Path, locale: str, name: str) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """Return a catalog with what is wrong with it; without entries where there is none or an error in it."""
    path = catalog_path(locale, name)
    text = catalog_text(folder, path)
    if text is None:
        return Catalog(path, ()), ()
    if isinstance(text, Diagnostic):
        return Catalog(path, ()), (text,)
    catalog, faults = po.read(text, path)
    found = (*faults, *po.check_header(catalog, locale))
    if any(fault.severity == "error" for fault in found):
        return Catalog(path, ()), found
    return catalog, found


# --- between one call and the next -------------------------------------------------------------------

_PUT_AWAY = f"{store.CACHE}/status-source.json"


def judge(folder: Path, known: Known, today: date) -> tuple[Judge | None, tuple[Diagnostic, ...]]:
    """Return who can judge the catalogs that changed: `opened`, or who is there sooner if that will do."""
    found = _reopened(folder, known, today)
    return (found, found.general) if found else opened(folder, today)


def _reopened(folder: Path, known: Known, today: date) -> Judge | None:
    """Return a judge who goes by what was put away and reads no guide, None where that will not do.

    It will do where nothing changed but what belongs to single locales. Messages lack what only pages show.
    """
    if known.standing is None or not known.same_source:
        return None
    try:
        said: Any = store.read_json(folder / _PUT_AWAY)
        if said is None or said["of"] != source_signature(known):
            return None
        return Judge(
            folder=folder,
            today=today,
            facts=known.standing.facts,
            general=known.standing.general,
            messages={name: tuple(map(_message, found)) for name, found in said["messages"].items()},
            values=said["values"],
            numbers=said["numbers"],
            neutral=Neutral(frozenset(said["titles"]), tuple(said["telling"])),
            printed={
                id: {
                    name: None if keys is None else frozenset(map(tuple, keys))
                    for name, keys in shown.items()
                }
                for id, shown in said["printed"].items()
            },
            coverage=_coverage(folder, said["prints"]),
            rules={
                facts.locale: Rule(facts.share, facts.review, facts.fallback)
                for facts in known.standing.facts.locales
            },
        )
    except (OSError, LookupError, TypeError, AttributeError, ValueError):  # somebody else has written it
        return None


def _put_away(judge: Judge, known: Known) -> None:
    """Write down what `_reopened` needs."""
    said = {
        "of": source_signature(known),
        "messages": {name: list(map(_said, found)) for name, found in judge.messages.items()},
        "values": judge.values,
        "numbers": judge.numbers,
        "titles": sorted(judge.neutral.titles),
        "telling": judge.neutral.words,
        "printed": {
            id: {name: None if keys is None else sorted(keys, key=str) for name, keys in shown.items()}
            for id, shown in judge.printed.items()
        },
        "prints": judge.coverage is not None,
    }
    try:
        store.write_if_changed(judge.folder / _PUT_AWAY, json.dumps(said).encode())
    except OSError:
        return


def _said(message: Message) -> list[Any]:
    return [message.text, message.plural, message.context, message.critical]


def _message(said: Sequence[Any]) -> Message:
    text, plural, context, critical = said
    return Message(text, "string", _NOWHERE, plural=plural, context=context, critical=critical)


_NOWHERE = Place("")


# --- rows ------------------------------------------------------------------------------------------


def brought_up_to_date(judge: Judge, known: Known, progress: Progress) -> Standing:
    """Return where translations stand, and remember it; rows that are still true come from what is known.

    `known` is older than what the judge has read: a file that changed in between is found out next time.
    """
    facts = judge.facts
    last = known.standing
    kept: Mapping[str, Mapping[str, Row]] = last.rows if last else {}
    anew = [
        (spoken.locale, name)
        for spoken in facts.locales
        for name in facts.catalogs
        if (spoken.locale, name) in known.stale or name not in kept.get(spoken.locale, {})
    ]
    rows = {spoken.locale: dict(kept.get(spoken.locale, {})) for spoken in facts.locales}
    faults = {
        spoken.locale: dict(last.faults.get(spoken.locale, {}) if last else {}) for spoken in facts.locales
    }
    for done, (locale, name) in enumerate(anew):
        progress("catalogs", done, len(anew))
        found = judge.examined(locale, name)
        rows[locale][name] = row(judge, found, name)
        faults[locale][name] = found.faults
        faults[locale][""] = judge.faults(locale)
    progress("catalogs", len(anew), len(anew))
    standing = Standing(
        facts,
        {locale: {name: found[name] for name in facts.catalogs} for locale, found in rows.items()},
        judge.general,
        {
            locale: {name: found[name] for name in ("", *facts.catalogs) if found.get(name)}
            for locale, found in faults.items()
        },
        tuple(locale for locale in faults if _day_bound(faults[locale].get("", ()))),
    )
    remember(judge.folder, known, standing, judge.today)
    if isinstance(judge, Desk):
        _put_away(judge, known)
    return standing


def _day_bound(problems: Sequence[Diagnostic]) -> bool:
    """Whether another day would make a review count that does not count today."""
    return any(problem.code == "date-in-future" for problem in problems)


def _facts(source: Source) -> Facts:
    project = source.project
    return Facts(
        project.site.source_locale,
        tuple(_locale_facts(source.languages[locale], rule) for locale, rule in project.site.rules),
        (*source.documents, INTERFACE),
        (
            *(PrintFacts("booklet", booklet.id, booklet.guides) for booklet in project.booklets),
            *(PrintFacts("card", card.id, _guides(card)) for card in project.cards),
        ),
        tuple(sorted({contact.checked.isoformat() for contact in project.contacts})),
    )


def _guides(card: Card) -> tuple[str, ...]:
    sections = (section.value for face in card.faces for section in face.sections)
    return tuple(dict.fromkeys(section.partition(".md#")[0] for section in sections))


def _locale_facts(language: Language, rule: Rule) -> LocaleFacts:
    return LocaleFacts(
        language.locale,
        language.tag,
        language.name,
        language.direction,
        rule.share,
        rule.review,
        rule.fallback,
    )


def row(judge: Judge, found: Examined, name: str) -> Row:
    """Return the row of a catalog."""
    counts = Counter(found.states)
    verdict = found.verdict
    reasons: tuple[str, ...] = ()
    if not found.readable and (name == INTERFACE or not verdict.published):
        reasons = ("unreadable",)
    elif name != INTERFACE:
        reasons = verdict.reasons
    pairs = zip(found.states, found.shown, strict=True)
    return Row(
        messages=verdict.messages,
        reviewed=counts[State.REVIEWED],
        translated=counts[State.TRANSLATED],
        stale=counts[State.STALE],
        withdrawn=counts[State.WITHDRAWN],
        refused=len(_refused_messages(found)),
        missing=counts[State.MISSING],
        borrowed=sum(shown.current and not own.current for own, shown in pairs),
        critical=verdict.critical,
        critical_shown=verdict.critical_current,
        critical_reviewed=verdict.critical_reviewed,
        others=verdict.others,
        others_shown=verdict.others_current,
        others_reviewed=verdict.others_reviewed,
        reasons=reasons,
        checked=publish.checked(found.messages, found.shown),
        unfit=_unfit(judge, found, name),
    )


def _refused_messages(found: Examined) -> tuple[Message, ...]:
    return tuple(
        message
        for message, state in zip(found.messages, found.states, strict=True)
        if state is State.WITHDRAWN and (message.context, message.text) in found.refused
    )


def _unfit(judge: Judge, found: Examined, name: str) -> tuple[str, ...]:
    """Return the booklets and cards in which something of a catalog would stand in the source language."""
    lacking = {
        (message.context, message.text)
        for message, state in zip(found.messages, found.shown, strict=True)
        if not state.current
    }
    if not lacking:
        return ()
    shown = ((id, catalogs[name]) for id, catalogs in judge.printed.items() if name in catalogs)
    return tuple(id for id, keys in shown if keys is None or keys & lacking)
