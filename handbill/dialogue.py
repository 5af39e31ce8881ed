"""A review on the terminal: sources and translations side by side, page by page, and a question below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from handbill.terminal import counted

if TYPE_CHECKING:
    from rich.table import Table

    from handbill.model import Role
    from handbill.reviewing import Pair, Reading, Row
    from handbill.source import Source


def read_through(
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
            f"You mark {counted(count, 'message')} as read and found right, as {role}, under the name "
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
