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

from handbill import cards
from handbill.formats import FORMATS, SETTINGS, Job
from handbill.model import Card, CardFile, CardPlan, Direction, Makeup, Paper

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
    cards: int = 0
    """How many there are on a sheet; none where it is not one of cards."""
    sheets: int = 0
    """How many it takes to have one of each card, where it is known before pages are typeset."""


@dataclass(frozen=True, slots=True)
class Banners:
    """What comes before the files of some formats: the pages are `fronts`, then `backs`, each once."""

    fronts: tuple[Front, ...]
    backs: tuple[Back, ...]
    files: tuple[File, ...]


def banners(names: Sequence[str], direction: Direction, makeup: Makeup) -> Banners:
    """Return what comes before the files of formats, of which those without steps have nothing."""
    return _gathered(tuple(_wanted(names, direction, makeup)))


def of_cards(card: Card, item: CardPlan, files: Sequence[CardFile]) -> Banners:
    """Return what comes before sheets of a card: for each file one for each number of languages it may hold.

    How many of its languages can be made is known only in the end; `ending` names a number of them.
    """
    turned = len(card.faces) > 1 or card.back is not None
    wanted: list[_Wanted] = []
    for file in files:
        size = cards.SIZES[file.size]
        way = ("long-edge", "light") if turned else ("one-side",)
        steps = ("thick", "scale", *way, "cut", *(("fold-card",) if size.folds else ()), "clear")
        for languages in range(2, len(item.locales) + 1) if file.mixed else (1,):
            grid = cards.grid(size, file.paper, languages)
            standing = grid.paper.height_mm > grid.paper.width_mm
            wanted.append(
                _Wanted(
                    ending(file, languages),
                    file.paper,
                    standing,
                    Front(steps, standing, turned),
                    Back(False, standing) if turned else None,
                    grid.cards,
                    -(-languages // grid.rows),
                )
            )
    return _gathered(wanted)


def ending(file: CardFile, languages: int) -> str:
    """Return the name of what comes before a file of cards in so many languages, among those of its card."""
    return f"-{file.size}-{file.paper}-{languages}"


@dataclass(frozen=True, slots=True)
class _Wanted:
    ending: str
    paper: Paper
    standing: bool
    front: Front | None
    back: Back | None
    cards: int = 0
    sheets: int = 0


def _gathered(wanted: Sequence[_Wanted]) -> Banners:
    fronts = tuple(dict.fromkeys(one.front for one in wanted if one.front is not None))
    backs = tuple(dict.fromkeys(one.back for one in wanted if one.back is not None))
    files = tuple(
        File(
            one.ending,
            one.paper,
            one.standing,
            None if one.front is None else 1 + fronts.index(one.front),
            None if one.back is None else 1 + len(fronts) + backs.index(one.back),
            one.cards,
            one.sheets,
        )
        for one in wanted
    )
    return Banners(fronts, backs, files)


def _wanted(names: Sequence[str], direction: Direction, makeup: Makeup) -> Iterator[_Wanted]:
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
            yield _Wanted(output.ending, output.paper, standing, front, back)
