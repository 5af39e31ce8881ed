"""The command `serve`: the site kept in memory, made again at every save, on a server for this machine alone.

The folder is looked at again and again, by size and times of its files as an unchanged build is recognised:
that misses nothing where a folder is replaced, shared over a network or handed into a container. Nothing is
written to disk, so a preview is never taken for the published site. `answers` works out what is answered.
"""

from __future__ import annotations

import socketserver
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from handbill import answers, fonts, load, neutral, outcome, press, render, store, website
from handbill import plan as planning
from handbill.answers import Answer, Shown
from handbill.model import Diagnostic, Printed, Template
from handbill.render import Compiled, Jinja
from handbill.source import Source, Translations, read_source, read_translations, source_translations
from handbill.spoken import Spoken

# --- making the site -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Basis:
    """What was read of a folder beside its translations."""

    signature: str
    source: Source | None
    """None where an error stands in the way."""
    jinja: Jinja | None
    compiled: Compiled
    coverage: frozenset[int] | None
    """What the pinned fonts have; None where nothing is printed."""
    ground: tuple[object, ...]
    """What translations are held to."""
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What one locale has to show."""

    signature: str
    translations: Translations
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What a save led to, and what need not be read again after the next one."""

    basis: Basis
    words: Mapping[str, Words]
    """By locale."""
    files: Mapping[str, bytes] | None
    """The site by path; None where an error stands in its way."""
    printed: tuple[Printed, ...]
    """PDFs of the last build."""
    problems: tuple[Diagnostic, ...]


def made(folder: Path, today: date, before: Made | None) -> Made:
    """Return the site as a build would make it now, but for PDFs: those are the last build's.

    What was read for `before` and has not changed since is not read again. An error in a translation keeps
    nothing back, as in a build: its message stands in the source language.
    """
    basis = _read(folder, today, before.basis if before else None)
    if basis.source is None or basis.jinja is None:
        return Made(basis, {}, None, (), basis.problems)
    known = before.words if before is not None and before.basis.ground == basis.ground else {}
    words = {
        locale: _words(basis, basis.source, folder, locale, today, known.get(locale))
        for locale in basis.source.project.site.locales
    }
    files, printed, problems = _site(basis.source, basis.jinja, words, folder, today)
    broken = any(problem.severity == "error" for problem in problems)
    said = (problem for one in words.values() for problem in one.problems)
    every = tuple(dict.fromkeys((*basis.problems, *said, *problems)))
    return Made(basis, words, None if broken else files, printed, every)


def _read(folder: Path, today: date, before: Basis | None) -> Basis:
    lists = store.confidential(folder)  # what is on them is looked for in catalogs too
    names = ("content", "templates", "fonts", *(("locales",) if lists else ()))
    roots = (*(folder / name for name in names), store.ENGINE / "templates")
    signature = store.signature(roots, (str(today), *map(str, lists.items())))
    if before is not None and before.signature == signature:
        return before
    source, problems = read_source(folder)
    compiled = before.compiled if before is not None else Compiled()
    if source is None:
        return Basis(signature, None, None, compiled, None, (), problems)
    project = source.project
    prints = project.booklets or project.cards
    coverage = fonts.coverage(press.faces(folder)) if prints else None
    ground: tuple[object, ...] = (today, coverage, project.site, project.contacts)
    ground += (source.expected, source.counted, neutral.of(project))
    if any(folder.glob("locales/*/reviews.toml")):  # then it counts which words the interface has
        ground += (project.templates, project.booklets, project.cards)
    jinja = before.jinja if before is not None and _templates(before) == project.templates else None
    jinja = jinja or render.environment(project.templates, compiled)
    return Basis(signature, source, jinja, compiled, coverage, ground, problems)


def _templates(basis: Basis) -> tuple[Template, ...]:
    return basis.source.project.templates if basis.source is not None else ()


def _words(
    basis: Basis, source: Source, folder: Path, locale: str, today: date, before: Words | None
) -> Words:
    rule = dict(source.project.site.rules)[locale]
    signature = store.signature(folder / "locales" / name for name in (locale, *rule.fallback))
    if before is not None and before.signature == signature:
        return before
    return Words(signature, *read_translations(source, folder, locale, basis.coverage, today))


def _site(
    source: Source, jinja: Jinja, words: Mapping[str, Words], folder: Path, today: date
) -> tuple[Mapping[str, bytes], tuple[Printed, ...], tuple[Diagnostic, ...]]:
    """Return every file of the site by path, the PDFs that it links to, and what is wrong."""
    project, plan = source.project, source.plan
    files: dict[str, bytes] = {}
    site = website.Website(source, files.__setitem__, lambda what, done, total: None)
    unchecked = load.unchecked_contacts(project, today)
    site.problems.extend(load.overdue_guides(project, today))
    site.problems.extend(replace(problem, severity="warning") for problem in unchecked)
    last, held = outcome.last_printed(folder)
    planned = frozenset(plan.pdfs)
    printed = tuple(file for file in last if file.path in planned)
    if unchecked:
        printed = ()
        locales = planning.all_locales(project)
        held = tuple(chain.from_iterable(outcome.held_for_contacts(project, locale) for locale in locales))
    forms = website.forms(source)
    own = source_translations(source)
    voices: list[render.Voice] = []
    for locale in planning.all_locales(project):
        translations = words[locale].translations if locale in words else own
        spoken = Spoken(source, jinja, translations, own.phrases)
        pages = [page for page in plan.pages if page.locale == locale]
        voice, more = render.web_voice(jinja, spoken.voice("web"), pages[0], source.languages)
        site.problems.extend(more)
        website.write_locale(site, spoken, voice, forms, pages)
        website.write_print_page(site, jinja, voice, source, printed, held)
        voices.append(voice)
    website.write_root(site, jinja, voices, source)
    site.finish()
    return files, printed, tuple(dict.fromkeys(site.problems))


# --- looking for saves -----------------------------------------------------------------------------


def signature(folder: Path, today: date) -> str:
    """Return a name for the project as it is saved, and the day; what a build made last is not in it."""
    roots = [folder / name for name in ("content", "templates", "locales", "fonts")]
    lists = map(str, store.confidential(folder).items())
    return store.signature((*roots, store.ENGINE / "templates"), (str(today), *lists))


def _saves(folder: Path) -> Iterator[None]:
    """Yield at once, and then after every save, when it is done: editors write a file in several steps."""
    seen = ""
    while True:
        start = time.perf_counter()
        now = signature(folder, date.today())
        took = time.perf_counter() - start
        if now != seen:
            for _ in range(_PATIENCE if seen else 0):
                time.sleep(_STEP_S)
                before, now = now, signature(folder, date.today())
                if now == before:
                    break
            seen = now
            yield
        time.sleep(max(_PAUSE_S, _SHARE * took))


_PAUSE_S = 0.04
"""Between two looks: at a folder of 250 files one takes half a millisecond."""
_SHARE = 20
"""A look at a large folder takes longer; it takes no more than a twentieth of a core either."""
_STEP_S = 0.012
_PATIENCE = 40


# --- serving it ------------------------------------------------------------------------------------


Tell = Callable[[Made, float], None]
"""Takes what a save led to and the seconds it took."""


def serve(folder: Path, port: int | None, opened: Callable[[str], None], tell: Tell) -> None:
    """Serve a folder's site until interrupted; `opened` takes its address once there is something to see.

    Without a port it is 8000, or a free one where that is taken. Raises `PortTaken` for a port that cannot be
    had. A mistake of Handbill's own goes to standard error, and the last good site stays.
    """
    board = _Board()
    with _server(port, folder / "dist" / "site", board) as address:
        before: Made | None = None
        told = False
        for _ in _saves(folder):
            start = time.perf_counter()
            try:
                before = made(folder, date.today(), before)
            except FileNotFoundError:  # removed after its folder was listed: the next look sees that
                continue
            except Exception:
                traceback.print_exc()
                board.show(replace(board.shown, failed=True))
            else:
                board.show(_shown(before, board.shown))
                tell(before, time.perf_counter() - start)
            if not told:
                opened(address)
            told = True


def _shown(made: Made, before: Shown) -> Shown:
    """Return what is shown after a save: the last good site stays where there is no new one."""
    if made.files is None:
        return replace(before, problems=made.problems, behind=True, failed=False)
    return Shown(made.files, frozenset(file.path for file in made.printed), made.problems)


class _Board:
    """What is shown now, for the threads that answer requests."""

    def __init__(self) -> None:
        self.shown = Shown({}, ())
        self.version = answers.version({})
        self.closed = False
        self._changed = Condition()

    def show(self, shown: Shown) -> None:
        """Put something new up, and wake who waits for it."""
        version = answers.version(shown.files)
        with self._changed:
            self.shown, self.version = shown, version
            self._changed.notify_all()

    def close(self) -> None:
        """Let the threads that wait for something new come to an end."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def after(self, last: Shown | None, seconds: float) -> tuple[Shown, str]:
        """Return what is shown and its version: something else than `last`, unless the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self.shown is not last, seconds)
            return self.shown, self.version


class PortTaken(Exception):
    """The port that was asked for cannot be had; the text says what to do."""


ADDRESS = "127.0.0.1"
"""Never another: what is not published yet is for the person at this machine."""
USUAL_PORT = 8000


@contextmanager
def _server(port: int | None, pdfs: Path, board: _Board) -> Iterator[str]:
    """Answer requests while the block runs; give the address."""
    own = {name: (Path(__file__).parent / name).read_bytes() for name in ("reload.js", "panel.css")}
    server = _bound(port, partial(_Handler, board, pdfs, own))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{ADDRESS}:{server.server_port}/"
    finally:
        board.close()
        server.shutdown()
        server.server_close()


def _bound(port: int | None, handler: Callable[..., _Handler]) -> _Server:
    try:
        return _Server((ADDRESS, port or USUAL_PORT), handler)
    except OSError as error:
        if port is not None:
            raise PortTaken(
                f"Port {port} cannot be had ({error.strerror or error}). Stop the program that has it, name "
                "another with --port, or leave --port out to get a free one."
            ) from error
        return _Server((ADDRESS, 0), handler)


class _Server(ThreadingHTTPServer):
    """A server whose threads end with the process, and which asks nobody for the machine's name."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = sys.platform != "win32"
    """On Windows two programs could listen at one port."""

    def server_bind(self) -> None:
        """Take the port; `HTTPServer` would look the address up in the network's list of names too."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of mistakes, not of browsers that go away while they are answered."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            traceback.print_exc()


class _Handler(BaseHTTPRequestHandler):
    """Sends what `answers` says; writes no log, as the published site's hosts are asked to."""

    protocol_version = "HTTP/1.1"
    timeout = 60

    def __init__(self, board: _Board, pdfs: Path, own: Mapping[str, bytes], *connection: Any) -> None:
        self._board = board
        self._pdfs = pdfs
        self._own = own
        super().__init__(*connection)

    def do_GET(self) -> None:
        """Answer with a page or a file, or with what happens from now on."""
        host = self.headers.get("Host", "")
        if self.path.partition("?")[0] == answers.EVENTS and answers.is_here(host):
            self._tell_events()
        else:
            self._send(answers.answer(*self._board.after(None, 0), self._own, host, self.path))

    do_HEAD = do_GET

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Refuse every other method."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        self.close_connection = True  # what it may send after its head is not read
        return lambda: self._send(answers.refused())

    def _send(self, answer: Answer) -> None:
        body = answer.body
        if answer.pdf is not None:
            content = store.read(self._pdfs / answer.pdf)
            if content is None:
                answer = answers.gone()
            body = content or answer.body
        self._head(answer.status, (*answer.headers, ("Content-Length", str(len(body)))))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def _tell_events(self) -> None:
        self.close_connection = True
        self._head(200, (*answers.headers("text/event-stream"), ("Connection", "close")))
        last: Shown | None = None
        while self.command != "HEAD" and not self._board.closed:
            shown, version = self._board.after(last, _HEARTBEAT_S)
            # A line that says nothing finds out whether anybody still listens.
            self.wfile.write(b":\n\n" if shown is last else answers.events(shown, version))
            last = shown

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: a terminal is for what is wrong with the project."""


_HEARTBEAT_S = 10
