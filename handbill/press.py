"""The print shop: booklets from print HTML to finished PDFs, from the cache or made by workers.

A task is a plain function on picklable values. WeasyPrint is imported with the first booklet, and what
starts workers with the first worker, so that a process which makes no booklet loads neither.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from handbill import diagnostics, fonts, ink, store, system
from handbill.banner import Banners
from handbill.formats import FORMATS, SETTINGS, Fitting, Format, Job, Output
from handbill.model import Contact, Diagnostic, Direction, Language, Makeup, Place

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future
    from multiprocessing.context import BaseContext

    from handbill import impose, pictures, proof
    from handbill.plates import Shop
    from handbill.typeset import PrintSource, Typeset


class Progress(Protocol):
    """What long work tells while it goes on."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Say that `done` of `total` are made."""


@dataclass(frozen=True, slots=True)
class Back:
    """What stands on the backs of a booklet's sheets, typeset by itself; it shows the booklet's own files."""

    html: str
    css: tuple[str, ...]
    fitting: Fitting
    direction: Direction


@dataclass(frozen=True, slots=True)
class BookletJob:
    """One booklet to be made in one setting, with everything that it shows."""

    ground: bytes
    """What every result depends on: fonts, engine and libraries, as `ground` returns it."""
    cache: str
    """The folder that keeps what is made."""
    place: Place
    """Where its author finds it."""
    language: Language
    title: str
    html: str
    notes_html: str
    css: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]
    formats: tuple[str, ...]
    """Names from `formats.FORMATS`, all of one setting; none of pages that are put on sheets later."""
    makeup: Makeup
    fitting: Fitting | None = None
    """Where text must fit a number of pages."""
    banners: Banners | None = None
    """The sheets that come before its files, if any."""
    banner_html: str = ""
    facts_html: str = ""
    """With what is counted in braces."""
    banner_css: str = ""
    edition: str = ""
    """The code that it shows at its end, if it does."""
    spare_html: str = ""
    """What is made where `html` does not fit, if anything is: the same with less on it."""
    back: Back | None = None
    contacts: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """All numbers, and all addresses on the web, as `contacts` returns them: what it has must be read."""

    @property
    def key(self) -> str:
        """Its name in the cache: the hash of everything that decides what is made of it."""
        told = (getattr(self, field.name) for field in fields(self) if field.name not in _NOT_MADE_OF)
        return store.key(part for value in told for part in _as_bytes(value))

    def of(self, pages: int, output: Output, back_pages: int = 1) -> Job:
        """Return what the geometry of one of its files goes by."""
        job = Job(pages, output, self.makeup.turned(self.language.direction), self.makeup)
        if self.back is None:
            return job
        return replace(job, back_pages=back_pages, back_direction=self.back.direction)


_NOT_MADE_OF = ("cache", "place")
"""Fields of a job that no file shows; what goes wrong at a place is not kept."""


def _as_bytes(value: object) -> Iterator[bytes]:
    """Yield all that a value holds, the same for equal values alone."""
    match value:
        case bytes():
            yield value
        case str():
            yield value.encode()
        case tuple():
            yield b"%d" % len(value)
            for part in value:
                yield from _as_bytes(part)
        case None | bool() | int() | float():
            yield repr(value).encode()
        case _:
            assert is_dataclass(value), f"no cache knows a {type(value).__name__}"
            for field in fields(value):
                yield from _as_bytes(getattr(value, field.name))


@dataclass(frozen=True, slots=True)
class MadeBooklet:
    """A booklet in the cache: its folder holds its PDFs, each with the number of its sheets."""

    folder: str
    pages: int
    sheets: Mapping[str, int]
    """By the ending of the file's name."""
    diagnostics: tuple[Diagnostic, ...] = ()
    edition: str = ""
    """As in `BookletJob`."""
    overlong: bool = False
    """Whether its text does not fit, so that nothing was made."""


def made(folder: Path) -> MadeBooklet | None:
    """Return a booklet that the cache holds, or None where its folder is not whole."""
    facts = store.read_json(folder / _FACTS)
    if facts is None:
        return None
    sheets: Any = facts["sheets"]
    if not all((folder / file_name(ending)).is_file() for ending in sheets):
        return None
    return MadeBooklet(str(folder), int(str(facts["pages"])), sheets, edition=str(facts["edition"]))


@contextmanager
def _collected_once() -> Iterator[None]:
    """Look for garbage once, at the end, and only among what was made meanwhile.

    The boxes of a booklet hold one another, so most of them stay until it is written in any case. Looking
    through them again and again takes a twentieth of its time, and saves 20 MB of 300 in one of 350 pages.
    """
    enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if enabled:
            gc.enable()


@_collected_once()
def make(job: BookletJob) -> MadeBooklet:
    """Typeset a booklet once, impose it in each format, and put the PDFs into the cache."""
    from handbill import typeset

    source, behind, too_long = _fitted(job)
    if too_long:  # the other formats and languages are printed all the same
        return MadeBooklet("", 0, {}, too_long, overlong=True)
    back = typeset.typeset(behind) if behind is not None else None
    pages = typeset.typeset(source)
    notes = _notes(job) if job.notes_html else pages
    problems = [problem for part in (pages, notes, back) if part for problem in part.diagnostics]
    files: dict[str, bytes] = {}
    sheets: dict[str, int] = {}
    if not problems:
        files, sheets, more = _files(job, pages, notes, back) if job.formats else _faces(job, pages)
        problems.extend(more)
    if not problems:
        problems.extend(_misprints(job, pages, back, files))
    if problems:  # what the typesetter only warns of would be seen on paper, and the cache forgets warnings
        return MadeBooklet("", 0, {}, tuple(replace(problem, severity="error") for problem in problems))
    files[_FACTS] = json.dumps({"pages": pages.pages, "sheets": sheets, "edition": job.edition}).encode()
    folder = store.keep(Path(job.cache), job.key, files)
    return MadeBooklet(str(folder), pages.pages, sheets, edition=job.edition)


def _fitted(job: BookletJob) -> tuple[PrintSource, PrintSource | None, tuple[Diagnostic, ...]]:
    """Return a booklet, and its back if it has one, as they fit their pages; or what is too long."""
    from handbill import typeset

    read = any(FORMATS[name].sides is None for name in job.formats)  # and so filled in on a screen, perhaps
    source = typeset.PrintSource(job.place, job.html, job.css, job.files, field_font() if read else None)
    too_long: tuple[Diagnostic, ...] = ()
    if job.fitting is not None:
        full, too_long = typeset.fitted(source, job.fitting)
        if too_long and job.spare_html:
            full, too_long = typeset.fitted(replace(source, html=job.spare_html), job.fitting)
        source = full
    if job.back is None or too_long:
        return source, None, too_long
    behind = typeset.PrintSource(job.place, job.back.html, job.back.css, job.files)
    return source, *typeset.fitted(behind, job.back.fitting)


_Files = tuple[dict[str, bytes], dict[str, int], tuple[Diagnostic, ...]]
"""Name → PDF, ending of a file's name → its sheets of paper, and what is wrong."""


def _files(job: BookletJob, pages: Typeset, notes: Typeset, back: Typeset | None) -> _Files:
    """Return the files of a booklet in its formats."""
    from handbill import impose

    files: dict[str, bytes] = {}
    sheets: dict[str, int] = {}
    firsts: Mapping[str, impose.First] = {}
    problems: list[Diagnostic] = []
    if job.banners is not None and job.banners.files:
        firsts, wrong = _banners(job, job.banners, pages.pages)
        problems.extend(wrong)
    outputs = [(FORMATS[name], output) for name in job.formats for output in FORMATS[name].outputs]
    for format, output in outputs:
        sheet_job = job.of(pages.pages, output, back.pages if back else 1)
        pdf = pages.pdf
        if format.sides is not None:
            pdf, more = impose.impose(
                pages.pdf,
                notes.pdf,
                format=format,
                job=sheet_job,
                title=job.title,
                language=job.language.tag,
                place=job.place,
                back_pdf=back.pdf if back else None,
                first=firsts.get(output.ending),
                shop=_shop(job) if format.shop else None,
            )
            problems.extend(more)
        files[file_name(output.ending)] = pdf
        sheets[output.ending] = format.sheets(sheet_job)
    return files, sheets, tuple(problems)


def _faces(job: BookletJob, pages: Typeset) -> _Files:
    """Return the faces of a card, and what comes before the sheets that they are put on later."""
    assert job.banners is not None, "each file of cards begins with a sheet of its own"
    first, facts = _typeset_banner(job, job.facts_html)
    problems = (*first.diagnostics, *_facts_problems(facts, len(job.banners.files)))
    pdfs = {file_name(""): pages.pdf, file_name(FIRST): first.pdf, file_name(FACTS): facts.pdf}
    return pdfs, {"": 0, FIRST: 0, FACTS: 0}, problems


def _misprints(
    job: BookletJob, pages: Typeset, back: Typeset | None, files: Mapping[str, bytes]
) -> Iterator[Diagnostic]:
    """Yield `misprint` for each file that is not what it must be on paper, as far as that is soon seen.

    A tenth of what `check` takes for it: sheets show pages that were looked at, so it is enough that these
    are whole and stand where they should.
    """
    from handbill import pdf, proof

    found, runs = pdf.glance_at_pages(pages.pdf)
    known = proof.contents(found)
    wrong = list(proof.lost_contacts(pages.pdf, runs, job.html, job.place, job.contacts))
    if back is not None and job.back is not None:
        behind, runs = pdf.glance_at_pages(back.pdf)
        known += proof.contents(behind)
        wrong.extend(proof.lost_contacts(back.pdf, runs, job.back.html, job.place, job.contacts))
    if not job.formats:  # faces of cards, which are put on sheets later
        wrong.extend(proof.ink(found.pages, job.place, condition=""))
    yield from (_misprint(job, "", problem) for problem in wrong)
    for name in job.formats:
        format = FORMATS[name]
        for output in format.outputs:
            should_be = wanted(job, format, job.of(pages.pages, output, back.pages if back else 1))
            file = found if format.sides is None else pdf.glance(files[file_name(output.ending)])
            for problem in proof.problems(file, should_be, () if format.shop else known):
                yield _misprint(job, name, problem)


def _misprint(job: BookletJob, format: str, problem: Diagnostic) -> Diagnostic:
    made = format or ", ".join(job.formats) or "card"
    return diagnostics.misprint(job.place, job.language.tag, made, problem)


def wanted(job: BookletJob, format: Format, sheet_job: Job) -> proof.Wanted:
    """Return what a file of a booklet must be, where `sheet_job` is what its geometry goes by."""
    from handbill import proof

    setting = SETTINGS[format.setting]
    return proof.Wanted(
        place=job.place,
        title=job.title,
        language=job.language.tag,
        direction=job.makeup.turned(job.language.direction),
        width_mm=setting.width_mm,
        height_mm=setting.height_mm,
        duplex=format.duplex,
        condition=CONDITION if format.shop else "",
        sides=format.sides(sheet_job) if format.sides else None,
    )


def contacts(known: Iterable[Contact]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the phone numbers and the addresses of contacts, each in the order given."""
    channels = [channel for contact in known for channel in contact.channels]
    return (
        tuple(value for kind, value in channels if kind != "web"),
        tuple(value for kind, value in channels if kind == "web"),
    )


def _shop(job: BookletJob) -> Shop:
    from handbill.plates import Shop

    inks, profile = _inks()
    return Shop(profile, CONDITION, job.edition, lambda rgb: ink.of(rgb, inks.colour), inks.jpeg, inks.points)


@lru_cache(maxsize=1)
def _inks() -> tuple[pictures.Inks, bytes]:
    """Return how colours become inks in the printing condition of inks/README.md, and its profile."""
    from handbill import pictures

    profile = (store.ENGINE / _PROFILE).read_bytes()
    return pictures.Inks(profile), profile


CONDITION = "FOGRA39"
"""The printing condition of files for a print shop, as the registry of the ICC names it."""
_PROFILE = "inks/FOGRA39L_coated.icc"


def _notes(job: BookletJob) -> Typeset:
    """Return the page that fills up a booklet's end: one for all booklets of a locale."""
    return _common(job, "notes.html", job.notes_html, job.css)


def prepare(job: BookletJob) -> None:
    """Typeset what a booklet has in common with others before two workers do."""
    if job.notes_html:
        _notes(job)
    if job.banner_html:
        _first_sheets(job)


def _first_sheets(job: BookletJob) -> Typeset:
    """Return the sheets that come before files: one for all booklets of a locale in the same formats."""
    return _common(job, "instructions.html", job.banner_html, (job.banner_css,))


def _common(job: BookletJob, template: str, html: str, css: tuple[str, ...]) -> Typeset:
    """Typeset what many booklets have in common once, whatever process makes them; it shows no files."""
    from handbill.typeset import Typeset

    key = store.key(_as_bytes((job.ground, html, css)))
    kept = store.cached(Path(job.cache), key)
    if kept is not None and (facts := store.read_json(kept / _FACTS)) is not None:
        return Typeset((kept / _COMMON).read_bytes(), int(str(facts["pages"])), (), 0, ())
    found = _typeset(template, html, css)
    if not found.diagnostics:
        files = {_COMMON: found.pdf, _FACTS: json.dumps({"pages": found.pages}).encode()}
        store.keep(Path(job.cache), key, files)
    return found


@lru_cache(maxsize=16)
def _typeset(template: str, html: str, css: tuple[str, ...]) -> Typeset:
    from handbill import typeset

    return typeset.typeset(typeset.PrintSource(Place(f"templates/print/{template}"), html, css))


def _banners(
    job: BookletJob, banners: Banners, pages: int
) -> tuple[Mapping[str, impose.First], tuple[Diagnostic, ...]]:
    """Return what comes before each file, by its ending, with everything told that was to be counted."""
    from handbill import impose

    html = job.facts_html.replace("{title}", escape(job.title))
    for name in job.formats:
        format = FORMATS[name]
        for output in format.outputs if format.steps else ():
            own = job.of(pages, output)
            assert format.sides is not None, "what is read page by page has no steps"
            first, last = format.leading + 1, format.leading + len(format.sides(own))
            html = html.replace(f"{{sheets{output.ending}}}", f"{format.sheets(own)}")
            again = f"{first}–{last}" if first < last else f"{first}"
            html = html.replace(f"{{again{output.ending}}}", again)
    head, strips, foot = _strips(html)
    distinct = tuple(dict.fromkeys(strips))  # many formats have the same to say
    sheets, facts = _typeset_banner(job, "".join((head, *distinct, foot)))
    found = {
        file.ending: impose.First(sheets.pdf, facts.pdf, file.front, file.back, 1 + distinct.index(strip))
        for file, strip in zip(banners.files, strips, strict=True)
    }
    return found, (*sheets.diagnostics, *_facts_problems(facts, len(distinct)))


def _typeset_banner(job: BookletJob, facts_html: str) -> tuple[Typeset, Typeset]:
    """Return the sheets that come before files, and the strips that are laid into them.

    The strips have smaller text where a language has so long words that one does not fit otherwise.
    """
    css = (job.banner_css,)
    facts = _typeset("facts.html", facts_html, css)
    if facts.pages != facts_html.count("<section "):
        facts = _typeset("facts.html", facts_html.replace("<body>", '<body class="small">'), css)
    return _first_sheets(job), facts


def _facts_problems(facts: Typeset, strips: int) -> Iterator[Diagnostic]:
    """Yield what is wrong with strips of facts: one that is too long would move all that follow."""
    yield from facts.diagnostics
    if facts.pages != strips:
        place = Place("templates/print/facts.html")
        yield diagnostics.typesetting(place, "what a first sheet says of its file is too long", fatal=True)


def _strips(html: str) -> tuple[str, tuple[str, ...], str]:
    """Return a page of sections as what is before, the sections, and what is after."""
    head, opening, rest = html.partition("<section ")
    body, closing, foot = rest.rpartition("</section>")
    parts = f"{opening}{body}{closing}".split("<section ")[1:]
    return head, tuple(f"<section {part.rstrip()}" for part in parts), foot


def file_name(ending: str) -> str:
    """Return the name of a PDF in a cached booklet."""
    return f"pages{ending}.pdf"


FIRST, FACTS = "-first", "-facts"
"""What follows `pages` in the names of what comes before sheets of cards; a strip a file, in their order."""
_FACTS = "facts.json"
_COMMON = "common.pdf"


# --- workers -----------------------------------------------------------------------------------------


class Workers:
    """Makes booklets that the cache lacks: in worker processes, or here where there is one job."""

    def __init__(self, jobs: int, folder: Path, progress: Progress) -> None:
        self._jobs = jobs
        self._folder = folder
        self._progress = progress
        self._executor: Executor | None = None
        self._pending: dict[tuple[str, str, str], Future[MadeBooklet] | BookletJob] = {}
        self._found: dict[tuple[str, str, str], MadeBooklet] = {}
        self._overlong: list[tuple[str, str]] = []
        self._prepared: set[tuple[str, str]] = set()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=kind is not None)

    @property
    def typeset(self) -> int:
        """How many booklets the cache did not have, each setting counted."""
        return len(self._pending)

    @property
    def overlong(self) -> tuple[tuple[str, str], ...]:
        """Return (booklet, locale) of what has too much text for a format; known once there are results."""
        return tuple(dict.fromkeys(self._overlong))

    def submit(self, booklet: str, locale: str, setting: str, job: BookletJob) -> None:
        """Take a booklet in one setting from the cache, or have it made."""
        folder = store.cached(Path(job.cache), job.key)
        found = made(folder) if folder is not None else None
        if found is not None:
            self._found[booklet, locale, setting] = found
        elif self._jobs == 1:
            self._pending[booklet, locale, setting] = job
        else:
            self._executor = self._executor or self._pool()
            if (job.notes_html, job.banner_html) not in self._prepared:
                self._prepared.add((job.notes_html, job.banner_html))
                self._executor.submit(prepare, job)
            self._pending[booklet, locale, setting] = self._executor.submit(make, job)

    def results(self) -> tuple[Mapping[tuple[str, str, str], MadeBooklet], tuple[Diagnostic, ...]]:
        """Return every booklet by (booklet, locale, setting), and what went wrong, in order of submission."""
        if self._pending:
            point_fontconfig(self._folder)
        made = dict(self._found)
        problems: list[Diagnostic] = []
        for done, (name, pending) in enumerate(self._pending.items()):
            self._progress("booklets", done, len(self._pending))
            result = make(pending) if isinstance(pending, BookletJob) else pending.result()
            problems.extend(result.diagnostics)
            if result.folder:
                made[name] = result
            elif result.overlong:
                self._overlong.append(name[:2])
        self._progress("booklets", len(self._pending), len(self._pending))
        return made, tuple(dict.fromkeys(problems))  # the notes page is every booklet's

    def _pool(self) -> Executor:
        from concurrent.futures import ProcessPoolExecutor

        context = _process_context(self._folder)
        return ProcessPoolExecutor(self._jobs, mp_context=context, initializer=_end_with_parent)


def warm_up(folder: Path, jobs: int) -> None:
    """Let workers get ready while this process still imports the phases and reads the guides.

    Only where the project prints and nothing can come from the cache: elsewhere it would be for nothing.
    """
    prints = (folder / "content" / "booklets.toml").is_file()
    if jobs > 1 and prints and not any((folder / store.BOOKLETS).glob("*")):
        _process_context(folder)


def _process_context(folder: Path) -> BaseContext:
    """Return how worker processes are made, the server that they are forked from already running."""
    import multiprocessing
    from multiprocessing import forkserver

    point_fontconfig(folder)
    start = "spawn" if sys.platform in ("darwin", "win32") else "forkserver"
    context = multiprocessing.get_context(start)
    if start == "forkserver":
        context.set_forkserver_preload(
            [f"handbill.{name}" for name in ("typeset", "impose", "proof", "press")]
        )
        forkserver.ensure_running()
    return context


def _end_with_parent() -> None:
    """End this worker when the build that started it is killed: it would wait for work for ever."""
    import multiprocessing
    import threading

    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


# --- fonts and the ground under a result -----------------------------------------------------------


def font_folders(folder: Path) -> tuple[Path, ...]:
    """Return where fonts are pinned: the engine's folder, and the project's own where it has one."""
    engine, own = store.ENGINE / "fonts", folder.resolve() / "fonts"
    return (engine, own) if own != engine and (own / "fonts.toml").is_file() else (engine,)


def faces(folder: Path) -> tuple[fonts.Face, ...]:
    """Return every face that a project's booklets may be set in."""
    return tuple(face for place in font_folders(folder) for face in fonts.read_fonts(_fonts_toml(place)))


def font_problems(folder: Path) -> Iterator[Diagnostic]:
    """Yield `font-changed` for each font that is missing or is not the one that fonts.toml pins.

    Results in the cache are named by what fonts.toml says, so it must be so.
    """
    for place in font_folders(folder):
        for face in fonts.read_fonts(_fonts_toml(place)):
            font = store.read(place / face.file)
            if font is None or not fonts.verify(face, font):
                yield diagnostics.font_changed(Place(f"fonts/{face.file}"), missing=font is None)
    typed = fonts.read_field_font(_fonts_toml(store.ENGINE / "fonts"))
    font = store.read(store.ENGINE / "fonts" / typed.file)
    if font is None or not fonts.verify(typed, font):
        yield diagnostics.font_changed(Place(f"fonts/{typed.file}"), missing=font is None)


def ground(folder: Path) -> bytes:
    """Return what every typeset result depends on beside its own text: fonts, engine, libraries."""
    engine = store.read_tree(store.ENGINE, ("handbill",))
    return store.key(
        (
            *(_fonts_toml(place).encode() for place in font_folders(folder)),
            (store.ENGINE / _PROFILE).read_bytes(),
            *(part for path, content in engine.items() for part in (path.encode(), content)),
            *(line.encode() for line in installed()),
            *_system_versions(),
        )
    ).encode()


def installed() -> tuple[str, ...]:
    """Return name and version of every library that takes part in typesetting."""
    from importlib.metadata import version

    return tuple(f"{name} {version(name)}" for name in _LIBRARIES)


def point_fontconfig(folder: Path) -> None:
    """Let this process, and those that it starts, see the pinned fonts and no others.

    fontconfig reads its configuration once, before the first text is measured.
    """
    families = tuple(dict.fromkeys(face.family for face in faces(folder)))
    cache = (folder / store.CACHE).resolve()
    places = [str(place) for place in font_folders(folder)]
    configuration = fonts.fontconfig_file(places, str(cache / "fontconfig"), families)
    store.write_if_changed(cache / "fonts.conf", configuration.encode())
    os.environ["FONTCONFIG_FILE"] = str(cache / "fonts.conf")


@lru_cache(maxsize=1)
def field_font() -> tuple[fonts.FieldFont, bytes]:
    """Return the font of what is typed into a PDF's fields, which is the engine's own."""
    place = store.ENGINE / "fonts"
    font = fonts.read_field_font(_fonts_toml(place))
    return font, (place / font.file).read_bytes()


def _fonts_toml(folder: Path) -> str:
    return (folder / "fonts.toml").read_text(encoding="utf-8")


def _system_versions() -> Iterator[bytes]:
    """Yield the versions of the libraries that shape text; asked of them directly, which takes no time."""
    import ctypes

    asked = {"Pango": ("pango_version_string",), "HarfBuzz": ("hb_version_string",)}
    for library in system.TYPESETTING:
        if not isinstance(library, system.Library):
            continue
        for function in asked.get(library.name, ()):
            for file in library.files:
                try:
                    ask = getattr(ctypes.CDLL(file), function)
                except (OSError, AttributeError):
                    continue
                ask.restype = ctypes.c_char_p
                yield library.name.encode() + b" " + (ask() or b"")
                break


_LIBRARIES = (
    "weasyprint",
    "pydyf",
    "tinycss2",
    "tinyhtml5",
    "selectolax",
    "cssselect2",
    "pyphen",
    "fonttools",
    "pikepdf",
    "pillow",
)
