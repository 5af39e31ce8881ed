"""The sheet that comes before all others of a file to print: which page of it is which, and where it stands.

Printers call it a banner page. It is typeset on a page that every paper has room for, once for a language and
a format, and stands in the middle of the paper. What differs from booklet to booklet, the **facts**, is a
strip of its own, laid into an empty place on its front. Pure; `handbill.impose` draws it.

        +---------------------------+        +---------------------------+
        | How to print and fold   ^ |        |             ^             |
        | [ facts: A4, 7 sheets ]   |        |                           |
        | 1 ...   2 ...   3 ...     |        |  This is the back of ...  |
        | |-------| 100 mm          |        |                           |
        +---------------------------+        +---------------------------+
                   front                          back, of two sides only
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handbill.formats import FORMATS, SETTINGS, Job
from handbill.model import Direction, Makeup, Paper

LONG_MM = 279.4
"""The long edge of Letter, shorter than that of A4."""
SHORT_MM = 210.0
"""The short edge of A4, shorter than that of Letter."""
FACTS_LEFT_MM = 17.0
"""How far the strip of facts stands from the left of the front."""
FACTS_HEAD_MM = 32.0
"""How far it stands from its head."""
FACTS_HEIGHT_MM = {False: 20.0, True: 28.0}
"""Lying across, and standing."""


@dataclass(frozen=True, slots=True)
class Front:
    """The steps of one format."""

    steps: tuple[str, ...]
    """Names of `templates/print/steps.html`."""
    standing: bool
    """Whether its long edge is upright."""
    turned: bool
    """Whether there is a back, to be compared with."""


@dataclass(frozen=True, slots=True)
class Back:
    """What stands behind, and tells whether the paper was turned as it should be."""

    passes: bool
    """Whether the reader turns the paper, not the printer."""
    standing: bool


@dataclass(frozen=True, slots=True)
class File:
    """What comes before one file."""

    ending: str
    """What follows the booklet's id in its name."""
    paper: Paper
    standing: bool
    front: int | None
    """Its page among fronts and backs, from 1; None in a file of backs."""
    back: int | None
    """None where one side is printed."""


@dataclass(frozen=True, slots=True)
class Banners:
    """What comes before the files of some formats: the pages are `fronts`, then `backs`, each once."""

    fronts: tuple[Front, ...]
    backs: tuple[Back, ...]
    files: tuple[File, ...]


def banners(names: Sequence[str], direction: Direction, makeup: Makeup) -> Banners:
    """Return what comes before the files of formats, of which those without steps have nothing."""
    wanted = tuple(_wanted(names, direction, makeup))
    fronts = tuple(dict.fromkeys(front for *_, front, _ in wanted if front is not None))
    backs = tuple(dict.fromkeys(back for *_, back in wanted if back is not None))
    files = tuple(
        File(
            ending,
            paper,
            standing,
            None if front is None else 1 + fronts.index(front),
            None if back is None else 1 + len(fronts) + backs.index(back),
        )
        for ending, paper, standing, front, back in wanted
    )
    return Banners(fronts, backs, files)


def _wanted(
    names: Sequence[str], direction: Direction, makeup: Makeup
) -> Iterator[tuple[str, Paper, bool, Front | None, Back | None]]:
    for name in names:
        format = FORMATS[name]
        if not format.steps:
            continue
        assert format.sides is not None, "what is read page by page has no steps"
        fit = SETTINGS[format.setting].fit
        fewest = len(fit.parts) if fit else 1  # the paper is the same for every number of pages
        for output in format.outputs:
            paper = format.sides(Job(fewest, output, direction, makeup))[0].paper
            standing = paper.height_mm > paper.width_mm
            passes = output.faces != "both"
            turned = passes or format.duplex != "Simplex"
            front = Front(format.steps, standing, turned) if output.faces != "backs" else None
            back = Back(passes, standing) if turned and output.faces != "fronts" else None
            yield output.ending, output.paper, standing, front, back
