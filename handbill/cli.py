"""The command line: reads options, tells progress, prints diagnostics and a summary, sets the exit code.

Imports what a command needs when it runs, so that an unchanged build answers at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from handbill.catalogs import Updated
    from handbill.desk import Judge
    from handbill.merge import Fate
    from handbill.model import ChangeKind, Diagnostic, Role
    from handbill.newlocale import Begun
    from handbill.outcome import Options, Outcome
    from handbill.press import Progress
    from handbill.reviewing import Pair, Reading, Row
    from handbill.source import Source
    from handbill.standing import Facts

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
      python3 build.py new locale fr       add a language
      python3 build.py review --help       say that you have read a translation
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
    those whose messages changed. What changed in the guides is added to locales/changes.toml:

    \b
    cosmetic  spaces, punctuation, emphasis, capitals: translations are carried over
    wording   translations are stale, marked fuzzy for the translator
    critical  a number, a link, a “not” or “must”: translations are withdrawn

    Readers see the source in place of a translation that is stale or withdrawn. If anything is wrong,
    such as a file that cannot be read, no file is changed.

    \b
    Example:
      python3 build.py extract
    """
    from handbill import catalogs

    updated, problems = catalogs.extract(folder, date.today())
    _print_diagnostics(problems)
    if any(problem.severity == "error" for problem in problems):
        _say_failed(problems, "No file was changed.")
    if not quiet:
        _print_update(updated)


_PAGES = "dist-status"
"""Where the pages of `status` go: never into dist/, which is published."""


@command_line.command()
@click.option("--locale", "-l", "locales", multiple=True, metavar="CODE", help="Only this; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="For scripts: JSON alone on standard output.")
@click.option(
    "--html",
    "target",
    is_flag=False,
    flag_value=_PAGES,
    default=None,
    metavar="[FOLDER]",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Write a page for each locale: all that is to be done. Without FOLDER into {_PAGES}/.",
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
        target = folder / _PAGES if target == Path(_PAGES) else target
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
            _print_diagnostics(problems)
            _say_failed(problems, "")
            return
        with _patience() as progress:
            standing = desks.brought_up_to_date(judge, known, progress)
            shown = _chosen_locales(locales, standing.facts)
            problems = standing.problems_of(shown)
            if target is not None and isinstance(judge, desks.Desk):
                from handbill import worklist

                problems += worklist.write(judge, standing, shown, target, progress)
                if target == folder / _PAGES:
                    store.write_if_changed(target / ".gitignore", b"*\n")
    _print_diagnostics(problems)
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
        _say_failed(problems, "")


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


@contextmanager
def _patience() -> Iterator[Progress]:
    """Give a function that shows progress of work that is seldom long; standard output is for the answer."""
    if sys.stderr.isatty():
        with _progress(False) as progress:
            yield lambda what, done, total: progress(what, done, total) if total >= _LONG else None
        return
    told: set[str] = set()

    def tell(what: str, done: int, total: int) -> None:
        if total >= _LONG and what not in told:
            told.add(what)
            click.echo(f"reading {total} {what}", err=True)

    yield tell


_LONG = 500
"""Catalogs, which take a second or so."""


@command_line.command()
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
    _print_by_file(problems)
    if any(problem.severity == "error" for problem in problems):
        _say_failed(problems, "")
    files = _counted(len({problem.place.path for problem in problems}), "file")
    warnings = f"No error, {_counted(len(problems), 'warning')} in {files}."
    click.echo(warnings if problems else "Nothing is wrong.")


@command_line.command()
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
    from handbill import reviewing
    from handbill.desk import opened

    name = reviewing.reviewer(by)
    if name is None:
        raise click.UsageError("--by needs a name or a pseudonym, without special characters.")
    desk, problems = opened(folder, date.today())
    if desk is None:
        _print_diagnostics(problems)
        _say_failed(problems, "Nothing was marked.")
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
    _print_diagnostics((*problems, *more))
    if not readings:
        _say_failed(more, "Nothing was marked.")
    marks = {reading.catalog: [pair.mark for pair in reading.due] for reading in readings}
    wrong: tuple[Pair, ...] = ()
    if not yes and any(marks.values()):
        try:
            marks, wrong = _read_through(readings, desk.source, locale, name, role)
        except (click.Abort, KeyboardInterrupt):
            click.echo("\nStopped. Nothing was marked.", err=True)
            sys.exit(130)
    faults = reviewing.record(desk, locale, name, role, marks)
    if any(problem.severity == "error" for problem in faults):
        _print_diagnostics(faults)
        _say_failed(faults, "Nothing was marked.")
    _print_reviewed(readings, marks, wrong)
    if any(marks.values()):
        click.echo(f"wrote locales/{locale}/reviews.toml; committing it makes the name “{name}” public.")


@command_line.group(cls=_InOrder)
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
    from handbill import newlocale

    begun, problems = newlocale.begin(folder, code)
    _print_diagnostics(problems)
    if begun is None:
        _say_failed(problems, "Nothing was changed.")
    elif isinstance(begun, newlocale.Refusal):
        click.echo(f"{begun.fact} {begun.hint}\nNothing was changed.", err=True)
        sys.exit(2 if begun.misunderstood else 1)
    else:
        _print_begun(begun)


@command_line.command()
@click.pass_obj
def clean(folder: Path) -> None:
    """Remove dist/, the pages of `status`, and the cache; all can be made again.

    \b
    Example:
      python3 build.py clean
    """
    import shutil

    from handbill import store

    for name in ("dist", _PAGES, store.CACHE):
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


# --- a review -------------------------------------------------------------------------------------------


def _check_name(kind: str, name: str, known: Sequence[str]) -> None:
    """Refuse a name on the command line that the project does not have."""
    from difflib import get_close_matches

    if name not in known:
        near = get_close_matches(name, known, n=1)
        question = f" Did you mean {near[0]}?" if near else ""
        there = f" There are {', '.join(known)}." if known else ""
        raise click.UsageError(f"There is no {kind} {name!r} here.{question}{there}")


def _read_through(
    readings: Sequence[Reading], source: Source, locale: str, by: str, role: Role
) -> tuple[dict[str, list[str]], tuple[Pair, ...]]:
    """Show what is due, page by page, and ask; return the marks by catalog, and the messages found wrong."""
    from rich.cells import cell_len
    from rich.console import Console

    from handbill import reviewing

    console = Console(highlight=False)
    marks: dict[str, list[str]] = {}
    wrong: list[Pair] = []
    going_on = True
    for reading in readings:
        marks[reading.catalog] = []
        rows = reviewing.rows(reading.due) if going_on else ()
        width = max(10, (console.width - 10) // 2)
        for page in reviewing.pages(rows, width, console.height - _AROUND_PAGE, cell_len):
            console.print(_review_table(reading, page, source, locale))
            answer = _ask_page([row.number for row in page])
            if answer is None:
                going_on = False
                break
            marks[reading.catalog] += [row.pair.mark for row in page if row.number not in answer]
            wrong += [row.pair for row in page if row.number in answer]
    count = sum(map(len, marks.values()))
    if count:
        click.echo(
            f"You mark {_counted(count, 'message')} as read and found right, as {role}, under the name "
            f"“{by}”. The name becomes public with the repository; a pseudonym is as good."
        )
    if not count or not click.confirm("Mark them?"):
        marks = {catalog: [] for catalog in marks}
    return marks, tuple(wrong)


def _ask_page(numbers: Sequence[int]) -> frozenset[int] | None:
    """Return the numbers of what is not right yet on a page, or None to stop before it."""
    while True:
        answer = click.prompt(
            "Enter if all of it is right, or the numbers that are not (such as 3 7), or q to stop here",
            default="",
            show_default=False,
            prompt_suffix=": ",
        )
        words = answer.replace(",", " ").split()
        if [word.lower() for word in words] == ["q"]:
            return None
        if all(word.isdecimal() and int(word) in numbers for word in words):
            return frozenset(map(int, words))
        click.echo(f"That is none of the numbers from {numbers[0]} to {numbers[-1]}.")


_AROUND_PAGE = 8
"""Lines of a terminal for the head of a table and the question below it."""


def _review_table(reading: Reading, page: Sequence[Row], source: Source, locale: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    language = source.languages[locale]
    table = Table(
        title=Text(f"{reading.catalog}: {page[0].number} to {page[-1].number} of {len(reading.due)}"),
        title_style="bold",
        title_justify="left",
        expand=True,
        box=None,
        padding=(0, 1, 1, 0),
        header_style="bold",
    )
    table.add_column("", width=4, justify="right")
    table.add_column(Text(source.source_language.name), ratio=1)
    table.add_column(Text(language.name), ratio=1, justify="right" if language.direction == "rtl" else "left")
    for row in page:
        number = Text(f"{row.number}!", "bold red") if row.pair.critical else Text(str(row.number))
        above = f"{row.above}\n" if row.above else ""
        # Texts, not markup: brackets in a message are brackets.
        table.add_row(
            number, Text.assemble((above, "dim"), row.source), Text("\n" * bool(above) + row.translation)
        )
    if any(row.pair.critical for row in page):
        table.caption = Text("! critical: a reader may come to harm by it")
        table.caption_justify = "left"
    return table


def _print_reviewed(
    readings: Sequence[Reading], marks: Mapping[str, Sequence[str]], wrong: Sequence[Pair]
) -> None:
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
            f"{_counted(len(marks[reading.catalog]), 'message')} marked",
            *([f"{left} left"] if left else []),
            *([f"{reading.marked} marked already"] if reading.marked else []),
            *([f"cannot be marked: {', '.join(cannot)}"] if cannot else []),
        ]
        click.echo(f"{reading.catalog}: {'; '.join(parts)}")
    for pair in wrong:
        words = reviewing.visible(pair.sources[0]).replace("\n", " ")
        click.echo(f"not right  {pair.place.path}:{pair.place.line}: {words[:60]}{'…' * (len(words) > 60)}")


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
        click.echo(f"{_line_of(problem)}\n  hint: {problem.hint}", err=True)


def _print_by_file(problems: Iterable[Diagnostic]) -> None:
    """Print diagnostics file by file, errors first; a hint that several share stands once, after them."""
    files: dict[str, dict[tuple[str, str], list[Diagnostic]]] = {}
    for problem in sorted(problems, key=lambda problem: problem.severity):
        kinds = files.setdefault(problem.place.path, {})
        kinds.setdefault((problem.code, problem.hint), []).append(problem)
    for kinds in files.values():
        for (_, hint), alike in kinds.items():
            for problem in alike:
                click.echo(_line_of(problem), err=True)
            click.echo(f"  hint: {hint}", err=True)


def _line_of(problem: Diagnostic) -> str:
    colour = "red" if problem.severity == "error" else "yellow"
    kind = click.style(f"{problem.severity}[{problem.code}]", fg=colour, bold=True)
    return f"{problem.place}: {kind}: {problem.fact}"


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


def _print_update(updated: Updated) -> None:
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
        click.echo(f"{_counted(kinds.total(), 'edit')} of the source: {found} (see locales/changes.toml).")
    for locale, fates in updated.fates:
        counts = dict(fates)
        found = "; ".join(f"{counts[fate]} {words}" for fate, words in _FATES.items() if fate in counts)
        click.echo(f"translations in {locale}: {found}.")
    click.echo(f"{_counted(len(updated.written) + len(updated.removed), 'file')} changed.")


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


def _print_begun(begun: Begun) -> None:
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
    click.echo(f"wrote      {_counted(catalogs, 'catalog')} in locales/{locale}/LC_MESSAGES/")
    for path in begun.written:
        if not path.endswith(".po"):
            click.echo(f"wrote      {path}")
    for path in begun.kept:
        click.echo(f"kept       {path} was there already; `extract` brings it up to date")
    if begun.offered:
        click.echo(
            f"offered    {_counted(begun.offered, 'message')} of the pages' own, marked fuzzy: look at each"
        )
    count = _counted(begun.messages, "message")
    click.echo(f"\nNext: translate {count}, those in interface.po first; CONTRIBUTING.md says how.")
    for command, what in (
        (f"check {locale}", "says what is wrong with a translation"),
        (f"status --locale {locale}", "says how far it is, and what may be published"),
        ("build", f"makes the site, {begun.profile.english} too"),
    ):
        click.echo(f"  python3 build.py {command:<{len(locale) + 16}} {what}")


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
    "too-long": "its text does not fit the panels of a format",
    "beside-incomplete": "the other of its two languages is not complete",
}
