"""What a booklet is made up for: each format with its typesetting, its files and its geometry.

A new format is a new entry of `FORMATS`. A booklet is typeset once in each setting that its formats ask for,
whatever the number of formats and papers; all else is imposition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from handbill import leaflet, poster, sheets, stitch, trim, zine
from handbill.model import Direction, Makeup, Paper
from handbill.sheets import Side

_PAPERS: tuple[Paper, ...] = ("a4", "letter")
_PASSES: tuple[Literal["fronts", "backs"], ...] = ("fronts", "backs")

Duplex = Literal["DuplexFlipShortEdge", "DuplexFlipLongEdge", "Simplex"]
"""As a PDF's viewer preferences say it (ISO 32000-2, table 147)."""


_STEP_PT = 0.25


@dataclass(frozen=True, slots=True)
class Fitting:
    """How many pages there are for each part of a document, and between which sizes its text may be set."""

    parts: tuple[tuple[str, int], ...]
    """The name of a part, as CSS gives it to its pages with `page: NAME`, and how many it may take."""
    size_pt: tuple[float, float]
    """The smallest and the largest size of text."""
    leading: tuple[float, float]
    """The height of a line in ems, at the smallest and at the largest size."""

    @property
    def steps(self) -> int:
        """How many sizes there are above the smallest, a quarter of a point from one to the next."""
        return round((self.size_pt[1] - self.size_pt[0]) / _STEP_PT)

    def css(self, step: int) -> str:
        """Return the style of a step; 0 is the smallest text."""
        share = step / self.steps if self.steps else 0.0
        (small, large), (tight, loose) = self.size_pt, self.leading
        size_pt, leading = small + (large - small) * share, tight + (loose - tight) * share
        return f"html[lang] {{ font-size: {size_pt:.2f}pt; line-height: {leading:.3f} }}"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Between which sizes text may be fitted; the leading is in ems."""

    size_pt: tuple[float, float]
    leading: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """How text is fitted: on so many pages a part, in sizes that can be read in each kind of script."""

    parts: tuple[tuple[str, int], ...]
    """As in `Fitting`."""
    plain: Sizes
    """For Latin, Greek and Cyrillic letters."""
    rich: Sizes
    """For every other script: what is dense, or stacks its marks, must be larger and stand wider."""

    def fitting(self, script: str | None) -> Fitting:
        """Return what holds in a script, named as in ISO 15924."""
        sizes = self.plain if script in ("Latn", "Grek", "Cyrl") else self.rich
        tight, loose = sizes.leading
        if script == "Aran":  # each word climbs: lines of Nastaliq need more room than of any other
            tight, loose = tight * _CLIMB, loose * _CLIMB
        return Fitting(self.parts, sizes.size_pt, (tight, loose))


_CLIMB = 1.35


@dataclass(frozen=True, slots=True)
class Setting:
    """How pages are typeset."""

    template: str
    """The page of HTML, below `templates/`."""
    css: tuple[str, ...]
    """Style sheets below `templates/`, later ones over earlier ones."""
    notes: str
    """The page that fills up a booklet's end, below `templates/`; empty where nothing is filled up."""
    width_mm: float
    height_mm: float
    fit: Fit | None = None
    """Where pages are counted and text is made to fit; None where it takes as many as it needs."""
    beside: bool = False
    """Whether it is in two languages: one beside the other on each page, or the second on the back."""
    back: str = ""
    """The setting of what stands on the back of its sheets, typeset by itself; empty where nothing does."""
    picture_mm: float = 0.0
    """How wide a guide's picture can stand there, by the style sheets' margins; 0 where there are none."""


_SMALL_TEXT = Sizes((8.5, 11.0), (1.25, 1.42)), Sizes((9.0, 12.0), (1.45, 1.65))
_POSTER_TEXT = Sizes((11.0, 22.0), (1.3, 1.35)), Sizes((11.0, 22.0), (1.45, 1.55))
_LARGE_POSTER_TEXT = Sizes((15.0, 31.0), (1.3, 1.35)), Sizes((15.0, 31.0), (1.45, 1.55))


def _poster(size: poster.Size, text: tuple[Sizes, Sizes], *more_css: str) -> Setting:
    css = ("text", "poster", *more_css)
    return Setting(
        "print/poster.html",
        tuple(f"print/{name}.css" for name in css),
        "",
        size.width_mm,
        size.height_mm,
        Fit((("poster", 1),), *text),
    )


_ZINE = Setting(
    "print/zine.html",
    ("print/text.css", "print/zine.css"),
    "print/lines.html",
    zine.PANEL_WIDTH_MM,
    zine.PANEL_HEIGHT_MM,
    Fit((("cover", 1), ("text", zine.PANELS - 2), ("last", 1)), *_SMALL_TEXT),
    picture_mm=zine.PANEL_WIDTH_MM - 13.0,
)
_LARGE = ("print/booklet.css", "print/large.css")
_BILINGUAL = ("print/booklet.css", "print/bilingual.css")

SETTINGS: Mapping[str, Setting] = {
    "page": Setting(
        "print/booklet.html",
        ("print/booklet.css",),
        "print/notes.html",
        sheets.PAGE_WIDTH_MM,
        sheets.PAGE_HEIGHT_MM,
        picture_mm=sheets.PAGE_WIDTH_MM - 33.0,
    ),
    "large-a4": Setting("print/booklet.html", _LARGE, "", 210.0, 297.0, picture_mm=210.0 - 47.0),
    "large-letter": Setting(
        "print/booklet.html",
        (*_LARGE, "print/large-letter.css"),
        "",
        215.9,
        279.4,
        picture_mm=215.9 - 47.0,
    ),
    "bilingual-a4": Setting(
        "print/booklet.html",
        _BILINGUAL,
        "",
        210.0,
        297.0,
        beside=True,
        picture_mm=(210.0 - 36.0) / 2 - 4.5,
    ),
    "bilingual-letter": Setting(
        "print/booklet.html",
        (*_BILINGUAL, "print/bilingual-letter.css"),
        "",
        215.9,
        279.4,
        beside=True,
        picture_mm=(215.9 - 36.0) / 2 - 4.5,
    ),
    "zine": _ZINE,
    "zine-poster": replace(_ZINE, back="zine-back"),
    "zine-bilingual": replace(_ZINE, back="zine", beside=True),
    "zine-back": Setting(
        "print/zine-back.html",
        ("print/text.css", "print/poster.css", "print/zine-back.css"),
        "",
        zine.HALF_WIDTH_MM,
        zine.HALF_HEIGHT_MM,
        Fit((("upper", 1), ("lower", 1)), *_POSTER_TEXT),
    ),
    "leaflet": Setting(
        "print/leaflet.html",
        ("print/text.css", "print/leaflet.css"),
        "print/lines.html",
        leaflet.PAGE_WIDTH_MM,
        leaflet.PAGE_HEIGHT_MM,
        Fit((("cover", 1), ("text", leaflet.TEXT_PAGES), ("flap", 1), ("back", 1)), *_SMALL_TEXT),
        picture_mm=leaflet.PAGE_WIDTH_MM - 16.0,
    ),
    "poster": _poster(poster.SMALL, _POSTER_TEXT),
    "poster-strips": _poster(poster.SMALL, _POSTER_TEXT, "strips", "poster-strips"),
    "poster-large": _poster(poster.LARGE, _LARGE_POSTER_TEXT, "poster-large"),
    "poster-large-strips": _poster(
        poster.LARGE, _LARGE_POSTER_TEXT, "poster-large", "strips", "poster-large-strips"
    ),
}


@dataclass(frozen=True, slots=True)
class Output:
    """One PDF of a format."""

    ending: str
    """What follows the booklet's id in its name."""
    paper: Paper
    faces: Literal["both", "fronts", "backs"] = "both"
    """Which sides of the sheets are in it."""


USUAL = Makeup()


@dataclass(frozen=True, slots=True)
class Job:
    """What the geometry of one file goes by."""

    pages: int
    """Those typeset, at least one."""
    output: Output
    direction: Direction
    """The way in which leaves are turned: the language's, unless the booklet is bound otherwise."""
    makeup: Makeup = USUAL
    back_pages: int = 1
    """Those typeset for the backs of the sheets, where the setting has a back; they count on from `pages`."""
    back_direction: Direction = "ltr"
    """The direction of the language on the backs."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to make up a booklet."""

    setting: str
    """A key of `SETTINGS`."""
    outputs: tuple[Output, ...]
    sides: Callable[[Job], tuple[Side, ...]] | None = None
    """The sides of a file; None where the typeset pages are the file."""
    duplex: Duplex = "Simplex"
    options: tuple[str, ...] = ()
    """The fields of `Makeup` that it heeds."""
    steps: tuple[str, ...] = ()
    """What there is to do with its files, one after another: names of `templates/print/steps.html`.

    A file of a format with steps begins with a sheet that tells them.
    """
    shop: bool = False
    """Whether its colours are inks and it goes to a print shop, not to the team's printer."""

    @property
    def leading(self) -> int:
        """How many pages of a file come before its first side: the instructions, and their back."""
        if not self.steps:
            return 0
        return 1 if self.duplex == "Simplex" else 2

    def sheets(self, job: Job) -> int:
        """Return how many sheets of paper one copy takes; none where the team prints nothing."""
        if self.sides is None or self.shop:
            return 0
        count = len(self.sides(job))
        return count if self.duplex == "Simplex" else -(-count // 2)


_STITCHED = ("binding", "paper_gsm")
_SHORT_EDGE = ("scale", "short-edge", "try", "fold", "staple")
_LONG_EDGE = ("scale", "long-edge", "try", "fold", "staple")
_TWO_PASSES = ("scale", "fronts", "turn", "backs", "try", "fold", "staple")
_SIGNATURES = ("scale", "short-edge", "try", "parts", "bind")
_FOLDED_ZINE = ("one-side", "scale", "eighths", "cut-middle", "push", "close")
_FOLDED_ZINE_AND_POSTER = ("short-edge", "scale", "eighths", "cut-middle", "push-poster", "close", "hang")
_FOLDED_ZINE_IN_TWO = ("short-edge", "scale", "eighths", "cut-middle", "push-language", "close", "refold")
_C_FOLD = ("scale", "short-edge", "try", "fold-in", "fold-over")
_Z_FOLD = ("scale", "short-edge", "try", "zigzag")
_POSTER = ("one-side", "scale")
_STRIPS = (*_POSTER, "strips")


def _stitched(job: Job) -> tuple[Side, ...]:
    return _signed(job, -(-job.pages // 4))


def _stitched_by_long_edge(job: Job) -> tuple[Side, ...]:
    return stitch.long_edge(_stitched(job))


def _stitched_in_passes(job: Job) -> tuple[Side, ...]:
    assert job.output.faces != "both"
    return stitch.one_pass(_stitched(job), job.output.faces)


def _in_signatures(job: Job) -> tuple[Side, ...]:
    return _signed(job, job.makeup.signature_sheets)


def _signed(job: Job, sheets_each: int) -> tuple[Side, ...]:
    thickness_mm = stitch.thickness_mm(job.makeup.paper_gsm)
    return tuple(
        side
        for signature in stitch.signatures(job.pages, job.direction, sheets_each)
        for side in stitch.sides(signature, sheets.PAPERS[job.output.paper], thickness_mm)
    )


def _zine(job: Job) -> tuple[Side, ...]:
    return (zine.side(job.pages, sheets.PAPERS[job.output.paper], job.direction),)


def _zine_with_poster(job: Job) -> tuple[Side, ...]:
    return (*_zine(job), zine.poster(job.pages + 1, sheets.PAPERS[job.output.paper]))


def _zine_in_two_languages(job: Job) -> tuple[Side, ...]:
    back = zine.side(job.back_pages, sheets.PAPERS[job.output.paper], job.back_direction)
    return (*_zine(job), zine.numbered_on(back, job.pages))


def _c_folded(job: Job) -> tuple[Side, ...]:
    return leaflet.sides(job.pages, sheets.PAPERS[job.output.paper], job.direction, "c")


def _z_folded(job: Job) -> tuple[Side, ...]:
    return leaflet.sides(job.pages, sheets.PAPERS[job.output.paper], job.direction, "z")


def _poster_of(size: poster.Size, *, strips: bool) -> Callable[[Job], tuple[Side, ...]]:
    return lambda job: (poster.side(sheets.PAPERS[job.output.paper], size, strips=strips),)


def _on_large_papers(name: str) -> tuple[Output, ...]:
    return (Output(f"{name}-a3", "a3"), Output(f"{name}-tabloid", "tabloid"))


def _for_shop(job: Job) -> tuple[Side, ...]:
    return trim.sides(job.pages)


def _on_both_papers(name: str) -> tuple[Output, ...]:
    return (Output(f"{name}-a4", "a4"), Output(f"{name}-letter", "letter"))


FORMATS: Mapping[str, Format] = {
    "reading": Format("page", (Output("", ""),), options=("binding",)),
    "large-a4": Format("large-a4", (Output("-large-a4", "a4"),), options=("binding",)),
    "large-letter": Format("large-letter", (Output("-large-letter", "letter"),), options=("binding",)),
    "bilingual-a4": Format("bilingual-a4", (Output("-bilingual-a4", "a4"),), options=("binding", "beside")),
    "bilingual-letter": Format(
        "bilingual-letter", (Output("-bilingual-letter", "letter"),), options=("binding", "beside")
    ),
    "booklet": Format("page", _on_both_papers(""), _stitched, "DuplexFlipShortEdge", _STITCHED, _SHORT_EDGE),
    "booklet-long-edge": Format(
        "page",
        _on_both_papers("-long-edge"),
        _stitched_by_long_edge,
        "DuplexFlipLongEdge",
        _STITCHED,
        _LONG_EDGE,
    ),
    "booklet-two-pass": Format(
        "page",
        tuple(Output(f"-two-pass-{paper}-{faces}", paper, faces) for paper in _PAPERS for faces in _PASSES),
        _stitched_in_passes,
        options=_STITCHED,
        steps=_TWO_PASSES,
    ),
    "booklet-signatures": Format(
        "page",
        _on_both_papers("-signatures"),
        _in_signatures,
        "DuplexFlipShortEdge",
        (*_STITCHED, "signature_sheets"),
        _SIGNATURES,
    ),
    "zine": Format("zine", _on_both_papers("-zine"), _zine, steps=_FOLDED_ZINE),
    "zine-poster": Format(
        "zine-poster",
        _on_both_papers("-zine-poster"),
        _zine_with_poster,
        "DuplexFlipShortEdge",
        steps=_FOLDED_ZINE_AND_POSTER,
    ),
    "zine-bilingual": Format(
        "zine-bilingual",
        _on_both_papers("-zine-bilingual"),
        _zine_in_two_languages,
        "DuplexFlipShortEdge",
        ("beside",),
        _FOLDED_ZINE_IN_TWO,
    ),
    "leaflet": Format(
        "leaflet", _on_both_papers("-leaflet"), _c_folded, "DuplexFlipShortEdge", steps=_C_FOLD
    ),
    "leaflet-z": Format(
        "leaflet", _on_both_papers("-leaflet-z"), _z_folded, "DuplexFlipShortEdge", steps=_Z_FOLD
    ),
    "poster": Format(
        "poster", _on_both_papers("-poster"), _poster_of(poster.SMALL, strips=False), steps=_POSTER
    ),
    "poster-strips": Format(
        "poster-strips",
        _on_both_papers("-poster-strips"),
        _poster_of(poster.SMALL, strips=True),
        steps=_STRIPS,
    ),
    "poster-large": Format(
        "poster-large", _on_large_papers("-poster"), _poster_of(poster.LARGE, strips=False), steps=_POSTER
    ),
    "poster-large-strips": Format(
        "poster-large-strips",
        _on_large_papers("-poster-strips"),
        _poster_of(poster.LARGE, strips=True),
        steps=_STRIPS,
    ),
    "press": Format("page", (Output("-press", ""),), _for_shop, options=("binding",), shop=True),
}
"""By the name that booklets.toml gives them. No two outputs have one ending."""


def bound(makeup: Makeup) -> tuple[str, ...]:
    """Return the style that puts the first page on the side where it lies in a booklet bound as asked for."""
    if makeup.binding is None:
        return ()
    return (f"html {{ break-before: {'right' if makeup.binding == 'left' else 'left'} }}",)


def in_locale(formats: Sequence[str], locale: str, beside: str) -> tuple[str, ...]:
    """Return the formats that a locale has; the one that stands beside others has none in two languages."""
    return tuple(name for name in formats if locale != beside or not SETTINGS[FORMATS[name].setting].beside)


def settings(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the settings that formats ask for, each once, in order of first mention."""
    return tuple(dict.fromkeys(FORMATS[name].setting for name in formats))


def of_setting(formats: Sequence[str], setting: str) -> tuple[str, ...]:
    """Return the formats that are made from the pages of a setting."""
    return tuple(name for name in formats if FORMATS[name].setting == setting)
