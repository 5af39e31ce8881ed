"""What a booklet is made up for: each format with its typesetting, its files and its geometry.

A new format is a new entry of `FORMATS`. A booklet is typeset once in each setting that its formats ask for,
whatever the number of formats and papers; all else is imposition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from handbill import sheets
from handbill.model import Direction, Makeup, Paper
from handbill.sheets import Side

Duplex = Literal["DuplexFlipShortEdge", "DuplexFlipLongEdge", "Simplex"]
"""As a PDF's viewer preferences say it (ISO 32000-2, table 147)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How pages are typeset."""

    template: str
    """The page of HTML, below `templates/`."""
    css: tuple[str, ...]
    """Style sheets below `templates/`, later ones over earlier ones."""
    notes: str
    """The page that fills up a booklet's end, below `templates/`."""
    width_mm: float
    height_mm: float


SETTINGS: Mapping[str, Setting] = {
    "page": Setting(
        "print/booklet.html",
        ("print/booklet.css",),
        "print/notes.html",
        sheets.PAGE_WIDTH_MM,
        sheets.PAGE_HEIGHT_MM,
    ),
}


@dataclass(frozen=True, slots=True)
class Output:
    """One PDF of a format."""

    ending: str
    """What follows the booklet's id in its name."""
    paper: Paper


_USUAL = Makeup()


@dataclass(frozen=True, slots=True)
class Job:
    """What the geometry of one file goes by."""

    pages: int
    """Those typeset, at least one."""
    output: Output
    direction: Direction
    """The way in which leaves are turned: the language's, unless the booklet is bound otherwise."""
    makeup: Makeup = _USUAL


@dataclass(frozen=True, slots=True)
class Format:
    """One way to make up a booklet."""

    setting: str
    """A key of `SETTINGS`."""
    outputs: tuple[Output, ...]
    sides: Callable[[Job], tuple[Side, ...]] | None = None
    """The sides of a file; None where the typeset pages are the file."""
    duplex: Duplex = "Simplex"

    def sheets(self, job: Job) -> int:
        """Return how many sheets of paper one copy takes; none where nothing is printed."""
        if self.sides is None:
            return 0
        count = len(self.sides(job))
        return count if self.duplex == "Simplex" else -(-count // 2)


def _saddle_stitched(job: Job) -> tuple[Side, ...]:
    return sheets.sides(sheets.saddle_stitch(job.pages, job.direction), sheets.PAPERS[job.output.paper])


FORMATS: Mapping[str, Format] = {
    "reading": Format("page", (Output("", ""),)),
    "booklet": Format(
        "page", (Output("-a4", "a4"), Output("-letter", "letter")), _saddle_stitched, "DuplexFlipShortEdge"
    ),
}
"""By the name that booklets.toml gives them. No two outputs have one ending."""


def settings(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the settings that formats ask for, each once, in order of first mention."""
    return tuple(dict.fromkeys(FORMATS[name].setting for name in formats))


def of_setting(formats: Sequence[str], setting: str) -> tuple[str, ...]:
    """Return the formats that are made from the pages of a setting."""
    return tuple(name for name in formats if FORMATS[name].setting == setting)
