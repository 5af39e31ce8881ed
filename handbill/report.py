"""`dist/report.txt`: what each finished page is called, asks for and weighs, for whoever publishes the site.

Values to text. It knows no clock and no machine, so that equal sites have equal reports.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from handbill.compression import Sizes


@dataclass(frozen=True, slots=True)
class Page:
    """What was seen of a finished page."""

    path: str
    title: str
    loads: tuple[str, ...]
    """The paths of all that a browser asks for to show it, each once."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one page costs its reader, with all that it loads."""

    path: str
    title: str
    requests: int
    plain: int
    compressed: int
    """Bytes, with Brotli where there is such a file; `plain` is without."""


def weights(pages: Sequence[Page], sizes: Mapping[str, Sizes]) -> tuple[Weight, ...]:
    """Return the weight of every page, sorted by path; `sizes` has every file of the site."""
    return tuple(_weight(page, sizes) for page in sorted(pages, key=lambda page: page.path))


def text(weighed: Sequence[Weight], sizes: Mapping[str, Sizes], scripts: Mapping[str, str]) -> str:
    """Return the report; `scripts` are path → text of the site's scripts."""
    return "\n".join([*_summary(weighed, sizes, scripts), "", *_table(weighed), ""])


def largest(weighed: Sequence[Weight]) -> Weight:
    """Return the page that takes the most bytes on its way, the first of equals."""
    return max(weighed, key=lambda weight: weight.compressed)


def title(page: bytes) -> str:
    """Return the title in a finished page's head, as browsers show it; empty where there is none.

    >>> title(b"<title>Calm &amp; safe</title>")
    'Calm & safe'
    """
    found = _TITLE.search(page)
    return unescape(found[1].decode()) if found else ""


_TITLE = re.compile(rb"<title>([^<]*)</title>")


def _weight(page: Page, sizes: Mapping[str, Sizes]) -> Weight:
    files = [sizes[path] for path in (page.path, *page.loads)]
    compressed = sum(file.plain if file.brotli is None else file.brotli for file in files)
    return Weight(page.path, page.title, len(files), sum(file.plain for file in files), compressed)


def _summary(
    weighed: Sequence[Weight], sizes: Mapping[str, Sizes], scripts: Mapping[str, str]
) -> Iterator[str]:
    most = largest(weighed)
    folders = Counter(
        weight.path.partition("/")[0] if "/" in weight.path else "the first" for weight in weighed
    )
    counts = ", ".join(f"{name} {count}" for name, count in sorted(folders.items()))
    kept = sorted({word for script in scripts.values() for word in _KEEPING.findall(script)})
    asked = sorted({word for script in scripts.values() for word in _ASKING.findall(script)})
    yield "The website, page by page. This file is for you: it is not part of what is published."
    yield ""
    yield f"Pages          {len(weighed)}: {counts}"
    yield f"Files          {len(sizes)}, {_bytes(sum(file.plain for file in sizes.values()))}"
    yield f"Largest page   {most.path}: {_bytes(most.compressed)} on its way, {_bytes(most.plain)} as it is"
    yield f"Requests       {max(weight.requests for weight in weighed)} at most, the page itself among them"
    yield "               (the icon is one of them: most browsers keep it, and ask for it once)"
    yield f"Storage        {_words(kept) or 'none: no script names a cookie, storage, a cache or a worker'}"
    yield f"Other sites    {_words(asked) or 'none is asked for anything: no script asks for a file'}"


_KEEPING = re.compile(
    r"\b(cookie|cookieStore|localStorage|sessionStorage|indexedDB|caches|serviceWorker|SharedWorker|Worker)\b"
)
_ASKING = re.compile(r"\b(fetch|XMLHttpRequest|sendBeacon|WebSocket|EventSource|RTCPeerConnection|import)\b")


def _words(found: Sequence[str]) -> str:
    return f"look at the scripts: they say {', '.join(found)}" if found else ""


def _table(weighed: Sequence[Weight]) -> Iterator[str]:
    yield "Each page with all that it loads, in bytes: on its way (with Brotli where there is), and as it is."
    yield ""
    width = max(len(weight.path) for weight in weighed)
    yield f"{'on its way':>10}  {'as it is':>10}  {'requests':>8}  {'page':<{width}}  title"
    for weight in weighed:
        sizes = f"{weight.compressed:>10,}  {weight.plain:>10,}  {weight.requests:>8}"
        yield f"{sizes}  {weight.path:<{width}}  {weight.title}"


def _bytes(count: int) -> str:
    return f"{count:,} bytes"
