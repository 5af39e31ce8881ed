"""The command line: reads options, tells progress, prints diagnostics and a summary, sets the exit code.

Imports what a command needs when it runs, so that an unchanged build answers at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handbill.model import Diagnostic
    from handbill.outcome import Options, Outcome
    from handbill.press import Progress

_EXIT = """\b
Exit codes: 0 done; 1 something is wrong with the project, and the old output is as it was;
2 this machine lacks something, or the command is not understood; 130 stopped with Ctrl-C."""


class _InOrder(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_InOrder,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXIT,
)
@click.option(
    "-C",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    metavar="FOLDER",
    help="Work on the project in FOLDER instead of the one beside build.py.",
)
@click.pass_context
def command_line(context: click.Context, folder: Path | None) -> None:
    """Guides in Markdown, translated with PO files → a website and booklets to print.

    Without a command, `build` runs.

    \b
    Examples:
      python3 build.py                     build the website and the booklets into dist/
      python3 build.py -C ../our-guides    build another project
      python3 build.py build --draft       print unfinished translations too
      python3 build.py extract             bring the translators' files up to date
      python3 build.py status              see how far each translation is
      python3 build.py check               look for mistakes without building
      python3 build.py clean               remove what was built
      python3 build.py test                check Handbill itself
    """
    from handbill import store

    context.obj = folder if folder is not None else store.ENGINE
    if context.invoked_subcommand is None:
        context.invoke(build)


def _jobs() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@command_line.command()
@click.option("--jobs", "-j", type=click.IntRange(1, 256), default=None, help="Worker processes; all cores.")
@click.option("--draft", is_flag=True, help="Print unfinished translations too, with DRAFT on each page.")
@click.option("--pseudo", is_flag=True, help="Try the layout: made-up languages in place of translations.")
@click.option("--quiet", "-q", is_flag=True, help="Say only what is wrong.")
@click.pass_obj
def build(folder: Path, jobs: int | None, draft: bool, pseudo: bool, quiet: bool) -> None:
    """Build the website and the booklets into dist/, all or nothing.

    With --pseudo the site comes in two made-up languages in place of its translations: one longer,
    accented and in brackets, one from right to left. Never publish that: it shows what would not fit, and
    which words no translator could reach. The next build replaces it.

    \b
    Examples:
      python3 build.py
      python3 build.py build --jobs 1 --quiet
      python3 build.py build --draft
      python3 build.py build --pseudo
    """
    from handbill.outcome import Options, last_outcome

    options = Options(folder=folder, today=date.today(), jobs=jobs or _jobs(), draft=draft, pseudo=pseudo)
    outcome = last_outcome(options)
    if outcome is None:
        from handbill import press

        press.warm_up(folder, options.jobs)
        from handbill import pipeline

        bytes(1 << 24)  # once it has freed a large block, glibc keeps memory and does not ask anew each page
        gc.disable()  # pages leave no cycles behind, and workers have a collector of their own
        with _progress(quiet) as progress:
            outcome = pipeline.build(options, progress)
    _print_diagnostics(outcome.diagnostics)
    if outcome.failed:
        _say_failed(outcome.diagnostics, "dist/ is as it was before.")
    if not quiet:
        _print_summary(outcome, options)


@command_line.command()
@click.option("--quiet", "-q", is_flag=True, help="Say only what is wrong.")
@click.pass_obj
def extract(folder: Path, quiet: bool) -> None:
    """Bring the translators' files up to date.

    Compares locales/*.pot and every locale's PO files with the guides and templates, and writes only
    those whose messages changed. A changed sentence keeps its old translation, marked fuzzy
    for the translator; readers see the source until it is settled.

    \b
    Example:
      python3 build.py extract
    """
    from handbill import catalogs

    changed, problems = catalogs.extract(folder)
    _print_diagnostics(problems)
    if any(problem.severity == "error" for problem in problems):
        _say_failed(problems, "No file was changed.")
    if not quiet:
        for path in changed:
            click.echo(f"wrote {path}")
        click.echo(f"{_counted(len(changed), 'file')} changed." if changed else "Everything is up to date.")


@command_line.command()
@click.pass_obj
def status(folder: Path) -> None:
    """Show how far each translation is.

    One line a guide: messages translated, stale (the source changed) and missing.

    \b
    Example:
      python3 build.py status
    """
    from handbill import catalogs

    rows, problems = catalogs.status(folder)
    _print_diagnostics(problems)
    _print_status(rows)
    if any(problem.severity == "error" for problem in problems):
        _say_failed(problems, "")


@command_line.command()
@click.pass_obj
def check(folder: Path) -> None:
    """Look for mistakes without building.

    Reads guides, contacts, links, dates and translations. An overdue review is a warning; a contact that
    nobody has checked for a year is an error here, and in `build` holds the booklets back.

    \b
    Example:
      python3 build.py check
    """
    from handbill import catalogs

    problems = catalogs.check(folder, date.today())
    _print_diagnostics(problems)
    if any(problem.severity == "error" for problem in problems):
        _say_failed(problems, "")
    warnings = len(problems)
    click.echo(f"No error, {_counted(warnings, 'warning')}." if warnings else "Nothing is wrong.")


@command_line.command()
@click.pass_obj
def clean(folder: Path) -> None:
    """Remove dist/ and the cache; both can be made again.

    \b
    Example:
      python3 build.py clean
    """
    import shutil

    from handbill import store

    for name in ("dist", store.CACHE):
        if (folder / name).exists():
            shutil.rmtree(folder / name)
            click.echo(f"removed {name}/")


@command_line.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Check Handbill itself.

    Runs format, lint, types and tests. With ARGUMENTS only pytest runs, and gets them.

    \b
    Examples:
      python3 build.py test
      python3 build.py test tests/test_po.py -k quote
    """
    from handbill import suite

    sys.exit(suite.run(arguments))


@command_line.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def benchmarks(arguments: tuple[str, ...]) -> None:
    """Compare Handbill with other tools.

    \b
    Examples:
      python3 build.py benchmarks
      python3 build.py benchmarks --help
    """
    from handbill import suite

    sys.exit(suite.compare(arguments))


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        command_line.main(prog_name="build.py", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. dist/ is as it was before.", err=True)
        sys.exit(130)


def _stop(*_: object) -> None:
    """End in good order when asked to by another program, as with Ctrl-C."""
    raise KeyboardInterrupt


# --- output ----------------------------------------------------------------------------------------


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """Give a function that shows progress: bars on a terminal, elsewhere a line for each kind of work."""
    if quiet:
        yield lambda what, done, total: None
        return
    if not sys.stderr.isatty():
        told: set[str] = set()

        def tell(what: str, done: int, total: int) -> None:
            if what not in told and total:
                told.add(what)
                click.echo(f"making     {total} {what}")

        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


def _print_diagnostics(problems: Iterable[Diagnostic]) -> None:
    """Print each diagnostic to standard error: on a terminal with the kind in colour."""
    for problem in problems:
        colour = "red" if problem.severity == "error" else "yellow"
        kind = click.style(f"{problem.severity}[{problem.code}]", fg=colour, bold=True)
        click.echo(f"{problem.place}: {kind}: {problem.fact}\n  hint: {problem.hint}", err=True)


def _say_failed(problems: Iterable[Diagnostic], after: str) -> None:
    count = sum(problem.severity == "error" for problem in problems)
    click.echo(f"{_counted(count, 'error')}. {after}".rstrip(), err=True)
    sys.exit(1)


def _print_summary(outcome: Outcome, options: Options) -> None:
    sheets = sum(file.sheets for file in outcome.printed)
    if outcome.unchanged:
        click.echo("Nothing changed since the last build.")
    languages = f"{_counted(len(outcome.names), 'language')}: {', '.join(outcome.names)}"
    click.echo(f"website    {outcome.pages} pages in {languages}")
    if outcome.printed:
        anew = f"; {_counted(outcome.typeset, 'booklet')} typeset anew" if outcome.typeset else ""
        click.echo(f"booklets   {len(outcome.printed)} PDFs, {sheets} sheets of paper for one of each{anew}")
    for locale, count in outcome.untranslated:
        click.echo(f"left out   {locale}: {_counted(count, 'message')} in the source language")
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


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


_GUIDE_REASONS = {
    "critical": "a critical message has no current translation",
    "share": "too few of its messages are translated",
    "review": "a native speaker must review it first",
}

_REASONS = {
    "unreviewed": "a native speaker must review a guide in it first (`--draft` prints it all the same)",
    "incomplete": "its translation is incomplete (see `build.py status`; `--draft` prints it all the same)",
    "unchecked-contact": "a contact has not been checked for over a year",
}


def _print_status(rows: Iterable[Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("locale", "guide", "translated", "stale", "missing", box=None, header_style="bold")
    for row in rows:
        total = row.translated + row.stale + row.missing
        table.add_row(
            row.locale, row.catalog, f"{row.translated}/{total}", str(row.stale or ""), str(row.missing or "")
        )
    Console().print(table)
