"""What a preview answers: the site as the last save left it, and a request → status, headers and body.

The headers are the published ones. They differ in what it takes to load an open page again after a save: a
page may open one connection, to the preview itself, and has one script more, which stands in no file. Nothing
is read, sent or watched here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, unquote

from handbill import policy
from handbill.model import Diagnostic

OWN = "/.preview/"
"""Where the preview's own files stand: no file of a site has a name that begins with a dot."""
EVENTS = f"{OWN}events"
"""Where an open page hears of every save."""
NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What a browser on this machine may call the preview."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The site as the last save left it."""

    files: Mapping[str, bytes]
    """By path, the last site that could be made; none where there has not been one."""
    printed: Collection[str]
    """Paths of PDFs, which the last build made."""
    problems: tuple[Diagnostic, ...] = ()
    behind: bool = False
    """Whether the files are older than what was saved, because of an error."""
    failed: bool = False
    """Whether Handbill itself failed at the last save."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `pdf` names a file of the last build that is its body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    pdf: str | None = None


def version(files: Mapping[str, bytes]) -> str:
    """Return a name for the site as it is: another one if anything in it changes."""
    digest = hashlib.blake2b(digest_size=12)
    for path, content in sorted(files.items()):
        digest.update(f"{path}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def events(shown: Shown, number: str) -> bytes:
    """Return the event that tells an open page which version there is, and what is wrong."""
    state = {
        "version": number,
        "behind": shown.behind,
        "failed": shown.failed,
        "problems": [
            {
                "kind": problem.severity,
                "code": problem.code,
                "place": str(problem.place),
                "fact": problem.fact,
                "hint": problem.hint,
            }
            for problem in _worst_first(shown.problems)
        ],
    }
    return f"data: {json.dumps(state)}\n\n".encode()


def is_here(host: str) -> bool:
    """Return whether a request calls this server by a name of this machine, with any port or none."""
    return re.sub(r":[0-9]*\Z", "", host).lower() in NAMES


def answer(shown: Shown, number: str, own: Mapping[str, bytes], host: str, target: str) -> Answer:
    """Return the response to a GET request.

    `number` is the version; `own` has the preview's own files by name; `host` is what the request calls this
    server, `target` what it asks for, percent-encoded as it came.
    """
    if not is_here(host):
        # Another site's name that was made to lead here (DNS rebinding) gets nothing of the project.
        return _plain(421, f"This preview is for this machine alone: it answers to {NAMES[0]}.")
    path = unquote(target.partition("?")[0].partition("#")[0]).removeprefix("/")
    if path.startswith(OWN[1:]):
        name = path.removeprefix(OWN[1:])
        return _file(name, own[name]) if name in own else _plain(404, "There is no such file.")
    if not path or path.endswith("/"):
        path += "index.html"
    if path in shown.files:
        content = shown.files[path]
        return _page(200, content, number) if path.endswith(".html") else _file(path, content)
    if path in shown.printed:
        return Answer(200, headers("application/pdf"), pdf=path)
    if f"{path}/index.html" in shown.files:
        return Answer(308, (*headers("text/plain"), ("Location", f"/{quote(path)}/")))
    if not shown.files:
        return _page(503, _note("Not made yet", shown), number)
    missing = shown.files.get(f"{path.partition('/')[0]}/404.html") or shown.files.get("404.html")
    return _page(404, missing or _note(f"There is no page {path}", shown), number)


def headers(kind: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a response whose body is of a media type; it is kept by no browser."""
    published = {header.name: header.value for header in policy.HEADERS}
    published["Content-Security-Policy"] = policy.content_security(_connected(policy.IN_HEADER))
    return (
        *published.items(),
        ("Cache-Control", policy.SHARED_DEVICE.pages),
        ("Content-Type", kind),
    )


def refused() -> Answer:
    """Return the response to a request that wants to do something else than read."""
    plain = _plain(405, "This preview can only be read.")
    return Answer(plain.status, (*plain.headers, ("Allow", "GET, HEAD")), plain.body)


def gone() -> Answer:
    """Return the response where a PDF of the last build has been removed meanwhile."""
    return _plain(404, "The last build is gone. `python3 build.py` makes it again.")


def _connected(directives: policy.Directives) -> policy.Directives:
    return policy.with_sources(directives, (("connect-src", "'self'"), ("script-src", "'self'")))


def _page(status: int, content: bytes, number: str) -> Answer:
    """Return a page that is loaded again at every change: its script may connect, in its own policy too."""
    script = f'<script src="{OWN}reload.js" data-version="{number}" defer></script>\n'.encode()
    before, end, after = _POLICY.sub(_connect, content, count=1).rpartition(b"</body>")
    return Answer(status, headers(_TYPES["html"]), before + script + end + after if end else after + script)


_POLICY = re.compile(
    rb"""<meta\s+http-equiv=["']Content-Security-Policy["']\s+content=(["'])(.*?)\1""", re.I | re.S
)


def _connect(found: re.Match[bytes]) -> bytes:
    written = [part.strip().partition(" ") for part in found[2].decode().split(";") if part.strip()]
    there = tuple((name, sources) for name, _, sources in written)
    return found[0].replace(found[2], policy.content_security(_connected(there)).encode())


def _file(path: str, content: bytes) -> Answer:
    return Answer(200, headers(_TYPES.get(path.rpartition(".")[2], "application/octet-stream")), content)


def _plain(status: int, text: str) -> Answer:
    return Answer(status, headers(_TYPES["txt"]), f"{text}\n".encode())


def _note(title: str, shown: Shown) -> bytes:
    """Return a page that says what is wrong, for browsers without scripts too."""
    lines = "".join(
        f"<li>{escape(f'{problem.place}: {problem.fact}')}<br>{escape(problem.hint)}</li>\n"
        for problem in _worst_first(shown.problems)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n<noscript>\n<ul>\n{lines}</ul>\n"
        "</noscript>\n</body>\n</html>\n"
    ).encode()


def _worst_first(problems: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    return sorted(problems, key=lambda problem: problem.severity)


_TYPES = {
    "css": "text/css; charset=utf-8",
    "gif": "image/gif",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
"""By the ending of a file's name; the system's own list differs from machine to machine."""
