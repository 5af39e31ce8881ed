"""The finished site made ready to be carried: `.gz` and `.br` beside its texts, and `SHA256SUMS` over all.

Works on the folder that is about to be published, after everything else, so that no file is left out. What
the last build compressed is kept in one file of the cache, by the hash of what it was made of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from handbill import compression, store, sums
from handbill.compression import Sizes
from handbill.press import Progress

CACHE = f"{store.CACHE}/compressed"
"""The file in a project's folder that holds what the last build compressed."""


class Seal(NamedTuple):
    """How a file is known again."""

    digest: str
    """SHA-256, in hexadecimal."""
    length: int


def seal(content: bytes) -> Seal:
    """Return the seal of what is about to be written."""
    return Seal(_digest(content), len(content))


def pack(
    site: Path,
    folder: Path,
    progress: Progress,
    *,
    sealed: Mapping[str, Seal],
    precompressed: bool,
    threads: int,
) -> Mapping[str, Sizes]:
    """Write what is missing into the finished `site` of the project in `folder`, and `SHA256SUMS` last.

    `sealed` has files, by path, that were sealed when they were written, and need not be read again. Return
    path → sizes of every file that was there before, sorted by path.
    """
    digests: dict[str, str] = {}
    sizes: dict[str, Sizes] = {}
    texts: dict[str, bytes] = {}
    for path in store.files_below(site):
        is_squeezed = precompressed and path.endswith(compression.TEXTS)
        known = sealed.get(path)
        if known is None or is_squeezed:
            with open(f"{site}/{path}", "rb") as file:
                content = file.read()
            known = known or seal(content)
            if is_squeezed:
                texts[path] = content
        digests[path], length = known
        sizes[path] = Sizes(length)
    if precompressed:
        made = _compressed(folder, texts, digests, progress, threads)
        for path in texts:
            gzipped, brotlied = made[digests[path]]
            sizes[path] = Sizes(len(texts[path]), len(gzipped) or None, len(brotlied) or None)
            for ending, content in ((".gz", gzipped), (".br", brotlied)):
                if content:
                    (site / (path + ending)).write_bytes(content)
                    digests[path + ending] = _digest(content)
    (site / sums.NAME).write_bytes(sums.text(digests))
    return sizes


def _compressed(
    folder: Path, texts: Mapping[str, bytes], digests: Mapping[str, str], progress: Progress, threads: int
) -> Mapping[str, tuple[bytes, bytes]]:
    """Return digest → gzip and Brotli of these texts: from the last build, or made by threads.

    Both compressors let go of Python's lock: two threads take half of the time of one.
    """
    known = _read(store.read(folder / CACHE))
    wanted = {digests[path]: content for path, content in texts.items()}
    made = {digest: known[digest] for digest in wanted if digest in known}
    missing = sorted(wanted.keys() - made.keys())
    if missing:
        from concurrent.futures import ThreadPoolExecutor  # with `logging`, a megabyte; seldom needed again

        with ThreadPoolExecutor(threads) as pool:
            results = pool.map(compression.squeezed, (wanted[digest] for digest in missing))
            for done, (digest, result) in enumerate(zip(missing, results, strict=True), 1):
                made[digest] = result
                progress("files compressed", done, len(missing))
    if missing or len(made) < len(known):
        store.write_if_changed(folder / CACHE, b"".join(_written(made)))
    return made


def _written(made: Mapping[str, tuple[bytes, bytes]]) -> Iterator[bytes]:
    """Yield the cache's file: a line of JSON with the digests and lengths, then all compressed bytes."""
    order = sorted(made)
    body = b"".join(part for digest in order for part in made[digest])
    lengths = [[digest, *map(len, made[digest])] for digest in order]
    yield json.dumps([compression.VERSION, _digest(body), lengths]).encode() + b"\n"
    yield body


def _read(cache: bytes | None) -> Mapping[str, tuple[bytes, bytes]]:
    """Return what `_written` wrote; nothing where that was cut off, or made with other libraries."""
    head, _, body = (cache or b"").partition(b"\n")
    try:
        version, whole, lengths = json.loads(head)
    except ValueError:
        return {}
    if version != compression.VERSION or whole != _digest(body):
        return {}
    found: dict[str, tuple[bytes, bytes]] = {}
    start = 0
    for digest, gzipped, brotlied in lengths:
        middle, end = start + gzipped, start + gzipped + brotlied
        found[digest] = (body[start:middle], body[middle:end])
        start = end
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
