"""What a build is asked for and what it made; its record, by which the next one sees that nothing changed.

The record is looked at before any phase is imported, so this imports next to nothing, and has named tuples,
which are made sooner than dataclasses.
"""

from __future__ import annotations

import json
import site
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from handbill import store

if TYPE_CHECKING:
    from handbill.model import Diagnostic, Printed, Project


class Options(NamedTuple):
    """What a build depends on beside the project's files."""

    folder: Path
    today: date
    jobs: int = 1
    draft: bool = False
    """Print booklets of incomplete locales too, with DRAFT on each page."""
    pseudo: bool = False
    """Build the pseudo-locales in place of the translations, to try the layout with."""


Reason = Literal["incomplete", "unreviewed", "unchecked-contact", "too-long", "beside-incomplete"]
"""Why a booklet is held: words that are not current; a guide that must be reviewed first; an old number. The
last two hold one format only: text that does not fit its panels; a second language that is not current."""


class Held(NamedTuple):
    """A booklet that was not printed in a locale, and why."""

    booklet: str
    locale: str
    reason: Reason


def held_for_contacts(project: Project, locale: str) -> tuple[Held, ...]:
    """Return every booklet and card of a locale as held: a contact must be checked first."""
    ids = (*(booklet.id for booklet in project.booklets), *(card.id for card in project.cards))
    return tuple(Held(id, locale, "unchecked-contact") for id in ids)


class HeldGuide(NamedTuple):
    """A guide that stands in the source language on a locale's site, and why."""

    guide: str
    locale: str
    reasons: tuple[str, ...]
    """As in `publish.Verdict`."""


class Outcome(NamedTuple):
    """What a build made, and what it did not."""

    diagnostics: tuple[Diagnostic, ...]
    pages: int = 0
    locales: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """The languages of the locales, in their own words."""
    printed: tuple[Printed, ...] = ()
    held: tuple[Held, ...] = ()
    held_guides: tuple[HeldGuide, ...] = ()
    unreviewed: tuple[str, ...] = ()
    """The locales with a page or a booklet that says that no native speaker has read it."""
    typeset: int = 0
    """Booklets that were typeset anew."""
    untranslated: tuple[tuple[str, int], ...] = ()
    """(locale, messages that fell back), where there are any."""
    largest: str = ""
    """The path of the page that takes the most bytes on its way to a reader, with all that it loads."""
    largest_bytes: int = 0
    largest_requests: int = 0
    unchanged: bool = False
    """True where nothing had changed since the last build."""

    @property
    def failed(self) -> bool:
        """Whether an error kept the build from being published."""
        return any(problem.severity == "error" for problem in self.diagnostics)


def last_outcome(options: Options) -> Outcome | None:
    """Return what the last build made where the same build would make the same again, else None."""
    last = store.read_json(_stamp(options))
    if last is None or last["input"] != signature(options) or last["output"] != _output_signature(options):
        return None
    return _thawed(last["outcome"])._replace(unchanged=True, typeset=0)


def last_printed(folder: Path) -> tuple[tuple[Printed, ...], tuple[Held, ...]]:
    """Return the PDFs of the last build that are still there, and what it held back; nothing without one."""
    last = store.read_json(folder / store.CACHE / _RECORD)
    if last is None:
        return (), ()
    try:
        made = _thawed(last["outcome"])
    except (KeyError, TypeError):  # written by another version
        return (), ()
    there = (file for file in made.printed if (folder / "dist" / "site" / file.path).is_file())
    return tuple(there), made.held


def signature(options: Options) -> str:
    """Return a hash of everything that a build reads; taken before it reads."""
    roots = [options.folder / name for name in ("content", "templates", "locales", "fonts")]
    engine = [store.ENGINE / name for name in ("handbill", "templates", "fonts")]
    secrets = map(str, store.confidential(options.folder).items())
    return store.signature(
        (*roots, *engine),
        (str(options.today), str(options.draft), str(options.pseudo), *secrets, *_environment()),
    )


def remember(options: Options, before: str, outcome: Outcome) -> None:
    """Write down what a build made from what had the signature `before`."""
    from dataclasses import asdict

    told = {name: [asdict(one) for one in getattr(outcome, name)] for name in ("diagnostics", "printed")}
    facts = {
        "input": before,
        "output": _output_signature(options),
        "outcome": outcome._asdict() | told,
    }
    store.write_if_changed(_stamp(options), json.dumps(facts).encode())


def _stamp(options: Options) -> Path:
    return options.folder / store.CACHE / _RECORD


_RECORD = "last-build.json"


def _output_signature(options: Options) -> str:
    return store.signature((options.folder / "dist",))


def _environment() -> Iterator[str]:
    """Yield where libraries are installed and when one was last added, replaced or removed there."""
    for folder in map(Path, site.getsitepackages()):
        if folder.is_dir():
            yield f"{folder} {folder.stat().st_mtime_ns}"


def _thawed(facts: Any) -> Outcome:
    """Return the outcome that `remember` took apart, back from JSON."""
    if facts["diagnostics"] or facts["printed"]:  # the model takes longer to import than all else here
        from handbill.model import Diagnostic, Place, Printed

    return Outcome(
        diagnostics=tuple(
            Diagnostic(**{**item, "place": Place(**item["place"])}) for item in facts["diagnostics"]
        ),
        pages=facts["pages"],
        locales=tuple(facts["locales"]),
        names=tuple(facts["names"]),
        printed=tuple(Printed(**item) for item in facts["printed"]),
        held=tuple(Held(*item) for item in facts["held"]),
        held_guides=tuple(
            HeldGuide(guide, locale, tuple(reasons)) for guide, locale, reasons in facts["held_guides"]
        ),
        unreviewed=tuple(facts["unreviewed"]),
        untranslated=tuple((locale, count) for locale, count in facts["untranslated"]),
        largest=facts["largest"],
        largest_bytes=facts["largest_bytes"],
        largest_requests=facts["largest_requests"],
    )
