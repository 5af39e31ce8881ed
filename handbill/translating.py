"""The commands for translators: extract, status, check, review, and new locale.

Imports what a command needs when it runs, so that what is known already is answered at once.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handbill.terminal import counted, patience, print_by_file, print_diagnostics, say_failed

if TYPE_CHECKING:
    from handbill.desk import Judge
    from handbill.model import Role
    from handbill.reviewing import Pair
    from handbill.standing import Facts


class InOrder(click.Group):
    """A group that lists its commands in the order of their making."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in that order."""
        return list(self.commands)


@click.command()
@click.option("--quiet", "-q", is_flag=True, help="Say only what is wrong.")
@click.pass_obj
def extract(folder: Path, quiet: bool) -> None:
    """Bring the translators' files up to date.

    Compares locales/*.pot and every locale's PO files with the guides and templates, and writes only
    those whose messages changed. What changed in the guides is added to locales/changes.toml:

    \b
    cosmetic  spaces, punctuation, emphasis, capitals: translations are carried over
    wording   translations are stale, marked fuzzy for the translator
    critical  a number, a link, a “not” or “must”: translations are withdrawn

    Readers see the source in place of a translation that is stale or withdrawn. If anything is wrong with
    the guides, no file is changed. A translators' file that cannot be read stays as it is, the others are
    brought up to date, and the exit code is 1.

    \b
    Example:
      python3 build.py extract
    """
    from handbill import catalogs, summaries

    updated, problems = catalogs.extract(folder, date.today())
    print_diagnostics(problems)
    failed = any(problem.severity == "error" for problem in problems)
    changed = bool(updated.written or updated.removed)
    if not quiet and (changed or not failed):
        summaries.print_update(updated)
    if failed:
        say_failed(problems, "The other files are up to date." if changed else "No file was changed.")


PAGES = "dist-status"
"""Where the pages of `status` go: never into dist/, which is published."""


@click.command()
@click.option("--locale", "-l", "locales", multiple=True, metavar="CODE", help="Only this; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="For scripts: JSON alone on standard output.")
@click.option(
    "--html",
    "target",
    is_flag=False,
    flag_value=PAGES,
    default=None,
    metavar="[FOLDER]",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Write a page for each locale: all that is to be done. Without FOLDER into {PAGES}/.",
)
@click.pass_obj
def status(folder: Path, locales: tuple[str, ...], as_json: bool, target: Path | None) -> None:
    """Show where each translation stands, and what is published.

    A line a guide: the share of its messages that is current, how many are stale (the source was reworded),
    withdrawn (the source says something else, or the translation has an error) and missing, the share that a
    native speaker has reviewed, and whether the guide is published or held, and why. Renders nothing.

    The pages of --html list every message that is not current, what holds a guide back first: what changed in
    the source beside the old translation, and the file and line to go to. They are not for publication.

    Exit code 1 if a file cannot be read; what can be read is shown all the same.

    \b
    Examples:
      python3 build.py status
      python3 build.py status --locale es
      python3 build.py status --json
      python3 build.py status --html
      python3 build.py status --locale es --html ../for-ana
    """
    from handbill import standing as standings
    from handbill import store

    if as_json and target is not None:
        raise click.UsageError("Choose one of --json and --html.")
    if target is not None:
        target = folder / PAGES if target == Path(PAGES) else target
        for name in ("dist", "content", "templates", "locales", "fonts", store.CACHE):
            if target.resolve().is_relative_to((folder / name).resolve()):
                raise click.UsageError(f"--html must not write into {name}/: choose a folder outside it.")
    today = date.today()
    known = standings.known(folder, today, time.time_ns())
    if known.fresh and known.standing and target is None:
        standing = known.standing
        shown = _chosen_locales(locales, standing.facts)
        problems = standing.problems_of(shown)
    else:
        from handbill import desk as desks

        gc.disable()  # nothing here leaves cycles behind
        judge: Judge | None
        if target is None:
            judge, problems = desks.judge(folder, known, today)
        else:
            judge, problems = desks.opened(folder, today)
        if judge is None:
            print_diagnostics(problems)
            say_failed(problems, "")
            return
        with patience() as progress:
            standing = desks.brought_up_to_date(judge, known, progress)
            shown = _chosen_locales(locales, standing.facts)
            problems = standing.problems_of(shown)
            if target is not None and isinstance(judge, desks.Desk):
                from handbill import worklist

                problems += worklist.write(judge, standing, shown, target, progress)
                if target == folder / PAGES:
                    store.write_if_changed(target / ".gitignore", b"*\n")
    print_diagnostics(problems)
    if as_json:
        click.echo(standings.as_json(standing, shown, today))
    elif target is not None:
        click.echo(f"The pages are in {os.path.relpath(target)}: open index.html there.")
    else:
        lines = (
            click.style(line, **_STYLES[kind]) if kind in _STYLES else line
            for kind, line in standings.table(standing, shown, today)
        )
        click.echo("\n".join(lines))
        click.echo("What to do, message by message: python3 build.py status --html")
    if any(problem.severity == "error" for problem in problems):
        say_failed(problems, "")


_STYLES: Mapping[str, dict[str, Any]] = {
    "locale": {"bold": True},
    "head": {"dim": True},
    "held": {"fg": "yellow"},
    "total": {"bold": True},
}


def _chosen_locales(asked: Sequence[str], facts: Facts) -> tuple[str, ...]:
    known = [spoken.locale for spoken in facts.locales]
    unknown = [locale for locale in asked if locale not in known]
    if unknown:
        raise click.UsageError(f"The site has no translation `{unknown[0]}`: it has {', '.join(known)}.")
    return tuple(locale for locale in known if not asked or locale in asked)


@click.command()
@click.argument("locale", required=False)
@click.pass_obj
def check(folder: Path, locale: str | None) -> None:
    """Look for mistakes without building.

    Reads guides, contacts, links, dates and translations; with a LOCALE, its translations alone. Reads the
    PDFs in dist/ too, where the last build left some: whether their pages come in order and upright when the
    sheets are folded, are of the right size, print black in black ink, have their fonts, and show every phone
    number with all its digits. An overdue
    review is a warning; a contact that nobody has checked for a year is an error here, and in `build` holds
    the booklets back. So does an error in a translation: its message stays in the source language. What is
    right as it is can be silenced for one message: each warning says how.

    \b
    Examples:
      python3 build.py check
      python3 build.py check es
    """
    from handbill import catalogs, finished
    from handbill.source import read_source

    today = date.today()
    if locale is None:
        problems = catalogs.check(folder, today)
        if not any(problem.severity == "error" for problem in problems):
            problems += finished.check(folder, today)
    else:
        source, problems = read_source(folder)
        if source is not None:
            _check_name("locale", locale, source.project.site.locales)
            problems = catalogs.check_locales(source, folder, (locale,), today)
    print_by_file(problems)
    if any(problem.severity == "error" for problem in problems):
        say_failed(problems, "")
    files = counted(len({problem.place.path for problem in problems}), "file")
    warnings = f"No error, {counted(len(problems), 'warning')} in {files}."
    click.echo(warnings if problems else "Nothing is wrong.")


@click.command()
@click.argument("locale")
@click.argument("guides", nargs=-1, required=True, metavar="GUIDE...")
@click.option("--by", required=True, metavar="NAME", help="Your name, or a pseudonym: it becomes public.")
@click.option(
    "--role",
    required=True,
    type=click.Choice(["native-speaker", "subject-expert"]),
    help="What you read it as.",
)
@click.option("--yes", is_flag=True, help="You have read every message already: mark them without showing.")
@click.pass_obj
def review(folder: Path, locale: str, guides: tuple[str, ...], by: str, role: Role, yes: bool) -> None:
    """Say that you have read a translation and found it right.

    Shows each message of GUIDE (a guide's name, or `interface`) that nobody in your role has read since it
    last changed, the source beside the translation of LOCALE, page by page. Those that are right are marked
    in locales/LOCALE/reviews.toml under NAME. Once a message, its translation or a contact in it changes,
    its mark is void, and it is shown again the next time.

    Where nothing can be shown, as in a script, --yes is needed. Messages that are missing, stale, withdrawn
    or have an error cannot be marked.

    NAME becomes public with the file; a pseudonym is as good.

    \b
    Examples:
      python3 build.py review es leaving --by "Ana P." --role native-speaker
      python3 build.py review es leaving phones interface --by luz --role subject-expert
    """
    from handbill import dialogue, reviewing, summaries
    from handbill.desk import opened

    name = reviewing.reviewer(by)
    if name is None:
        raise click.UsageError("--by needs a name or a pseudonym, without special characters.")
    desk, problems = opened(folder, date.today())
    if desk is None:
        print_diagnostics(problems)
        say_failed(problems, "Nothing was marked.")
        return
    if locale == desk.source.project.site.source_locale:
        raise click.UsageError(f"The guides are written in {locale!r}: there is no translation to review.")
    _check_name("locale", locale, tuple(desk.rules))
    for guide in guides:
        _check_name("guide", guide, tuple(desk.messages))
    if not yes and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "There is no terminal here to show the messages on. Run the command in a terminal, or add --yes "
            "if you have read them all."
        )
    readings, more = reviewing.readings(desk, locale, guides, role)
    print_diagnostics((*problems, *more))
    if not readings:
        say_failed(more, "Nothing was marked.")
    marks = {reading.catalog: [pair.mark for pair in reading.due] for reading in readings}
    wrong: tuple[Pair, ...] = ()
    if not yes and any(marks.values()):
        try:
            marks, wrong = dialogue.read_through(readings, desk.source, locale, name, role)
        except (click.Abort, KeyboardInterrupt):
            click.echo("\nStopped. Nothing was marked.", err=True)
            sys.exit(130)
    faults = reviewing.record(desk, locale, name, role, marks)
    if any(problem.severity == "error" for problem in faults):
        print_diagnostics(faults)
        say_failed(faults, "Nothing was marked.")
    summaries.print_reviewed(readings, marks, wrong)
    if any(marks.values()):
        click.echo(f"wrote locales/{locale}/reviews.toml; committing it makes the name “{name}” public.")


@click.group(cls=InOrder)
def new() -> None:
    """Begin something: `new locale` adds a language."""


@new.command("locale")
@click.argument("code")
@click.pass_obj
def new_locale(folder: Path, code: str) -> None:
    """Add a language to the site.

    CODE is as gettext has it: a language, with a country or a script where it takes one. Makes the
    translators' files and a glossary to fill in, and adds the code to `locales` in content/site.toml. Tells
    what is known of the language, and what is missing, such as a font. Nothing that is there is overwritten.

    \b
    Examples:
      python3 build.py new locale fr
      python3 build.py new locale pt_BR
      python3 build.py new locale zh_Hant
    """
    from handbill import newlocale, summaries

    begun, problems = newlocale.begin(folder, code)
    print_diagnostics(problems)
    if begun is None:
        say_failed(problems, "Nothing was changed.")
    elif isinstance(begun, newlocale.Refusal):
        click.echo(f"{begun.fact} {begun.hint}\nNothing was changed.", err=True)
        sys.exit(2 if begun.misunderstood else 1)
    else:
        summaries.print_begun(begun)


def _check_name(kind: str, name: str, known: Sequence[str]) -> None:
    """Refuse a name on the command line that the project does not have."""
    from difflib import get_close_matches

    if name not in known:
        near = get_close_matches(name, known, n=1)
        question = f" Did you mean {near[0]}?" if near else ""
        there = f" There are {', '.join(known)}." if known else ""
        raise click.UsageError(f"There is no {kind} {name!r} here.{question}{there}")
