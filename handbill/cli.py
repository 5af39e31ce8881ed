"""The command line: the commands, their options, the exit code. Those for translators are in `translating`.

Imports what a command needs when it runs, so that an unchanged build answers at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from datetime import date
from pathlib import Path

import click

from handbill import translating
from handbill.terminal import patience, print_diagnostics, progress_bars, say_failed, say_waiting

_EXIT = """\b
Exit codes: 0 done; 1 something is wrong with the project, and the old output is as it was;
2 this machine lacks something, or the command is not understood; 130 stopped with Ctrl-C."""


@click.group(
    cls=translating.InOrder,
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
      python3 build.py serve               see each change of the website at once
      python3 build.py extract             bring the translators' files up to date
      python3 build.py status              see how far each translation is
      python3 build.py check               look for mistakes without building
      python3 build.py new locale fr       add a language
      python3 build.py review --help       say that you have read a translation
      python3 build.py verify FOLDER       compare a copy of the website with this one
      python3 build.py conceal             hash what must never be published
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
        from handbill import system

        system.ensure("build")  # before the engine is imported

        from handbill import press

        press.warm_up(folder, options.jobs)
        from handbill import pipeline, store

        bytes(1 << 24)  # once it has freed a large block, glibc keeps memory and does not ask anew each page
        gc.disable()  # pages leave no cycles behind, and workers have a collector of their own
        with store.alone(folder, say_waiting) as waited:
            outcome = last_outcome(options) if waited else None
            if outcome is None:
                with progress_bars(quiet) as progress:
                    outcome = pipeline.build(options, progress)
    print_diagnostics(outcome.diagnostics)
    if outcome.failed:
        say_failed(outcome.diagnostics, "dist/ is as it was before.")
    if not quiet:
        from handbill import summaries

        summaries.print_summary(outcome, options)
    gc.freeze()  # nor is there anything to look through at the exit


@command_line.command()
@click.option(
    "--port",
    "-p",
    type=click.IntRange(1024, 65535),
    default=None,
    help="Where to listen. Without it 8000, or a free one if that is taken.",
)
@click.pass_obj
def serve(folder: Path, port: int | None) -> None:
    """See each change of the website at once, in a browser on this machine.

    Prints an address to open. When you save a guide, a translation, a template, a style sheet or a setting,
    the pages that are open load themselves again. What is wrong is shown in the page and here; until it is
    mended you see the last good page. Only this machine can open the address, nothing is written, and dist/
    stays as it is: the PDFs on the print page are those of the last build. Ctrl-C ends it.

    \b
    Examples:
      python3 build.py serve
      python3 build.py serve --port 8080
    """
    from handbill import preview, summaries

    try:
        preview.serve(folder, port, summaries.print_address, summaries.preview_log())
    except preview.PortTaken as error:
        raise click.ClickException(str(error)) from None


for _command in (
    translating.extract,
    translating.status,
    translating.check,
    translating.review,
    translating.new,
):
    command_line.add_command(_command)


@command_line.command()
@click.argument("copy", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Compare with this SHA256SUMS instead of the one in dist/site/.",
)
@click.pass_obj
def verify(folder: Path, copy: Path, against: Path | None) -> None:
    """Compare a copy of the website, such as a mirror or a stick, with what was published.

    Names every file in FOLDER that is missing, changed or added. What it should be stands in SHA256SUMS: that
    of dist/site/ here if the site was built, else the one in FOLDER itself. The latter finds damage, but
    not malice: who changes a file there can change the list too.

    Exit code 0 if nothing differs, 1 if something does or there is no list.

    \b
    Examples:
      python3 build.py verify /media/stick/site
      python3 build.py verify ../mirror --against SHA256SUMS
    """
    from handbill import mirror, summaries

    with patience() as progress:
        compared, problems = mirror.compare(folder, copy, against, progress)
    if compared is None:
        print_diagnostics(problems)
        say_failed(problems, "Nothing was compared.")
        return
    summaries.print_compared(compared)
    if compared.differences.count:
        sys.exit(1)


@command_line.command()
@click.pass_obj
def conceal(folder: Path) -> None:
    """Write hashes of what must never be published, for machines that must not know it.

    Reads confidential.toml, which stays with you, and writes confidential.lock.toml, which can be committed:
    with it, a build on any machine fails where one of the secrets would get out.

    \b
    Example:
      python3 build.py conceal
    """
    from handbill import gate

    count, problems = gate.conceal(folder)
    print_diagnostics(problems)
    if problems:
        say_failed(problems, "No file was written.")
    if not count:
        click.echo("There is nothing to conceal: confidential.toml is not there, or empty.", err=True)
        sys.exit(1)
    click.echo(f"confidential.lock.toml has hashes of {count}; keep confidential.toml to yourself.")


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

    for name in ("dist", translating.PAGES, store.CACHE):
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
