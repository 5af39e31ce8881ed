"""What a command tells while it runs: progress, what is wrong, and the end when something is.

Imports the library of bars only where there is a terminal to draw them on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handbill.model import Diagnostic
    from handbill.press import Progress


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Progress]:
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


@contextmanager
def patience() -> Iterator[Progress]:
    """Give a function that shows progress of work that is seldom long; standard output is for the answer."""
    if sys.stderr.isatty():
        with progress_bars(False) as progress:
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


def print_diagnostics(problems: Iterable[Diagnostic]) -> None:
    """Print each diagnostic to standard error: on a terminal with the kind in colour."""
    for problem in problems:
        click.echo(f"{_line_of(problem)}\n  hint: {problem.hint}", err=True)


def print_by_file(problems: Iterable[Diagnostic]) -> None:
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


def say_failed(problems: Iterable[Diagnostic], after: str) -> None:
    """Print how many errors there are and what that means for the output; end with exit code 1."""
    count = sum(problem.severity == "error" for problem in problems)
    click.echo(f"{counted(count, 'error')}. {after}".rstrip(), err=True)
    sys.exit(1)


def say_waiting() -> None:
    """Say that another build of the same folder is running."""
    click.echo(
        "Another build of this folder is running. Waiting for it to end; Ctrl-C stops this one.", err=True
    )


def counted(count: int, noun: str) -> str:
    """Return a number and its noun: `1 page`, `2 pages`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
