"""What a command says at its end: what was built, written, begun or marked, and what was left out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from handbill.terminal import counted, print_diagnostics

if TYPE_CHECKING:
    from handbill.catalogs import Updated
    from handbill.merge import Fate
    from handbill.mirror import Compared
    from handbill.model import ChangeKind, Diagnostic
    from handbill.newlocale import Begun
    from handbill.outcome import Options, Outcome
    from handbill.preview import Made
    from handbill.reviewing import Pair, Reading


def print_summary(outcome: Outcome, options: Options) -> None:
    """Print what a build made and what it left out, and where the website is."""
    # Fronts and backs in files of their own are of the same paper.
    one_of_each = {
        (file.booklet, file.locale, file.format, file.paper): file.sheets for file in outcome.printed
    }
    sheets = sum(one_of_each.values())
    if outcome.unchanged:
        click.echo("Nothing changed since the last build.")
    languages = f"{counted(len(outcome.names), 'language')}: {', '.join(outcome.names)}"
    click.echo(f"website    {outcome.pages} pages in {languages}")
    if outcome.printed:
        anew = f"; {counted(outcome.typeset, 'booklet')} typeset anew" if outcome.typeset else ""
        click.echo(f"booklets   {len(outcome.printed)} PDFs, {sheets} sheets of paper for one of each{anew}")
    if outcome.largest:
        size = f"{outcome.largest_bytes / 1000:.1f} kB with all that it loads"
        requests = counted(outcome.largest_requests, "request")
        click.echo(f"largest    {outcome.largest}: {size}, {requests} (dist/report.txt has every page)")
    for locale, count in outcome.untranslated:
        click.echo(f"left out   {locale}: {counted(count, 'message')} in the source language")
    for guide in outcome.held_guides:
        why = " and ".join(_GUIDE_REASONS[reason] for reason in guide.reasons)
        click.echo(f"left out   guide {guide.guide} in {guide.locale}: {why} (see `build.py status`)")
    for item in outcome.held:
        click.echo(f"left out   booklet {item.booklet} in {item.locale}: {_REASONS[item.reason]}")
    site = os.path.relpath(options.folder / "dist" / "site")
    if options.pseudo:
        click.echo(
            f"made up    {', '.join(outcome.locales[1:])}: for trying the layout, in place of translations"
        )
        click.echo(
            f"Open index.html in {site}, and publish none of it: `python3 build.py` makes the real site."
        )
        return
    for locale in outcome.unreviewed:
        click.echo(
            f"draft      {locale}: no native speaker has checked all of it; what is not checked says so"
        )
    click.echo(f"The website is in {site}: open index.html there, or upload it.")


def print_compared(compared: Compared) -> None:
    """Print how a copy of the site differs from what it should be, and what to do."""
    found = compared.differences
    kinds = {"missing": found.missing, "changed": found.changed, "added": found.added}
    for kind, paths in kinds.items():
        for path in paths:
            click.echo(f"{kind:<8} {path}")
    against = os.path.relpath(compared.against)
    if found.count:
        counts = ", ".join(f"{len(paths)} {kind}" for kind, paths in kinds.items() if paths)
        files = counted(compared.files, "file")
        click.echo(f"\n{counts}: the copy is not the site of {files} in {against}.")
        click.echo("Copy the whole site there anew, and remove what was added.")
        click.echo("If you did not expect this, look first at who can write there, and tell whoever runs it.")
    else:
        click.echo(f"Nothing differs: {counted(compared.files, 'file')}, as in {against}.")
    if compared.own:
        click.echo(
            "This is the copy's own list: it finds damage, but who changes a file can change the list too. "
            "Build the site here, or name a list you trust with --against."
        )


def print_address(address: str) -> None:
    """Print where a preview can be seen; no browser is opened, for others may see the screen."""
    click.echo(f"Open {address} in a browser on this machine. Ctrl-C ends the preview.")


def preview_log() -> Callable[[Made, float], None]:
    """Return what prints the outcome of each save: how much was made, and of what is wrong what is new."""
    known: set[Diagnostic] = set()

    def tell(made: Made, seconds: float) -> None:
        print_diagnostics(problem for problem in made.problems if problem not in known)
        known.clear()
        known.update(made.problems)
        if made.files is None:
            click.echo("The pages are as they were before, until this is mended.", err=True)
        else:
            pages = sum(path.endswith(".html") for path in made.files)
            click.echo(f"website    {pages} pages, made in {seconds * 1000:.0f} ms")

    return tell


def print_update(updated: Updated) -> None:
    """Print which files `extract` wrote, and what became of translations."""
    if not updated.written and not updated.removed:
        click.echo("Everything is up to date.")
        return
    for path in updated.written:
        click.echo(f"wrote {path}")
    for path in updated.removed:
        click.echo(f"removed {path}")
    kinds = Counter(change.kind for change in updated.changes)
    if kinds:
        found = ", ".join(f"{kinds[kind]} {kind}" for kind in _KINDS if kinds[kind])
        click.echo(f"{counted(kinds.total(), 'edit')} of the source: {found} (see locales/changes.toml).")
    for locale, fates in updated.fates:
        counts = dict(fates)
        found = "; ".join(f"{counts[fate]} {words}" for fate, words in _FATES.items() if fate in counts)
        click.echo(f"translations in {locale}: {found}.")
    click.echo(f"{counted(len(updated.written) + len(updated.removed), 'file')} changed.")


_KINDS: tuple[ChangeKind, ...] = ("cosmetic", "wording", "critical")
_FATES: Mapping[Fate, str] = {
    "carried": "carried over",
    "moved": "moved along with their words",
    "returned": "back from before",
    "offered": "offered from elsewhere, to be checked",
    "stale": "stale, to be mended",
    "withdrawn": "withdrawn, to be made anew",
}
"""What becomes of translations, good news first."""


def print_begun(begun: Begun) -> None:
    """Print what `new locale` made, what is missing, and what to do next."""
    from handbill import newlocale, profile

    locale = begun.profile.language.locale
    if begun.given != locale:
        click.echo(f"`{begun.given}` is `{locale}` here, as gettext writes it.\n")
    for what, said in profile.facts(begun.profile):
        click.echo(f"{what:<11}{said}")
    missing = list(newlocale.gaps(begun))
    if missing:
        click.echo("\nWhat is missing, and what to do:")
        for gap in missing:
            click.echo(click.wrap_text(gap, 100, "  - ", "    "))
    click.echo(f"\nadded      {locale} to `locales` in {newlocale.SITE}")
    catalogs = sum(path.endswith(".po") for path in begun.written)
    click.echo(f"wrote      {counted(catalogs, 'catalog')} in locales/{locale}/LC_MESSAGES/")
    for path in begun.written:
        if not path.endswith(".po"):
            click.echo(f"wrote      {path}")
    for path in begun.kept:
        click.echo(f"kept       {path} was there already; `extract` brings it up to date")
    if begun.offered:
        click.echo(
            f"offered    {counted(begun.offered, 'message')} of the pages' own, marked fuzzy: look at each"
        )
    count = counted(begun.messages, "message")
    click.echo(f"\nNext: translate {count}, those in interface.po first; CONTRIBUTING.md says how.")
    for command, what in (
        (f"check {locale}", "says what is wrong with a translation"),
        (f"status --locale {locale}", "says how far it is, and what may be published"),
        ("build", f"makes the site, {begun.profile.english} too"),
    ):
        click.echo(f"  python3 build.py {command:<{len(locale) + 16}} {what}")


def print_reviewed(
    readings: Sequence[Reading], marks: Mapping[str, Sequence[str]], wrong: Sequence[Pair]
) -> None:
    """Print what a review marked, what cannot be marked, and what was found wrong."""
    from handbill import reviewing

    for reading in readings:
        cannot = [
            f"{count} {what}"
            for count, what in (
                (reading.missing, "missing"),
                (reading.stale, "stale"),
                (reading.withdrawn, "withdrawn"),
                (reading.refused, "with an error (see `build.py check`)"),
            )
            if count
        ]
        left = len(reading.due) - len(marks[reading.catalog])
        parts = [
            f"{counted(len(marks[reading.catalog]), 'message')} marked",
            *([f"{left} left"] if left else []),
            *([f"{reading.marked} marked already"] if reading.marked else []),
            *([f"cannot be marked: {', '.join(cannot)}"] if cannot else []),
        ]
        click.echo(f"{reading.catalog}: {'; '.join(parts)}")
    for pair in wrong:
        words = reviewing.visible(pair.sources[0]).replace("\n", " ")
        click.echo(f"not right  {pair.place.path}:{pair.place.line}: {words[:60]}{'…' * (len(words) > 60)}")


_GUIDE_REASONS = {
    "critical": "a critical message has no current translation",
    "share": "too few of its messages are translated",
    "review": "a native speaker must review it first",
}

_REASONS = {
    "unreviewed": "a native speaker must review a guide in it first (`--draft` prints it all the same)",
    "incomplete": "its translation is incomplete (see `build.py status`; `--draft` prints it all the same)",
    "unchecked-contact": "a contact has not been checked for over a year",
    "too-long": "its text does not fit the panels of a format",
    "beside-incomplete": "the other of its two languages is not complete",
}
