"""The last gate: nothing that `confidential` lists goes into the output, nor stands in the sources.

What a build would strip, such as what a camera wrote into a photograph, is looked for in the sources too:
they are what is shared with others. Reads the disk, and does nothing where the project lists nothing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from handbill import confidential, diagnostics, store
from handbill.confidential import LIST, LOCK, Confidential
from handbill.model import Diagnostic, Place

_CLEARED = f"{store.CACHE}/cleared.json"
"""Hashes of finished files that were read and had nothing, for one list: most PDFs stay the same."""
_PACKED = (".gz", ".br")
"""What is made of files that were read."""
_READERS = ("gate", "confidential", "lettering", "pdf", "pictures")


def listed(folder: Path) -> tuple[Confidential, tuple[Diagnostic, ...]]:
    """Return what a project must not publish, and what is wrong with its list."""
    return confidential.read(store.confidential(folder))


def sources(folder: Path, files: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Return what is confidential in a project's own files: those given, by path, and its catalogs."""
    known, problems = listed(folder)
    if not known:
        return problems
    every = {**files, **store.read_tree(folder, ("locales",))}
    return (
        *problems,
        *(problem for path, content in every.items() for problem in _in_file(path, content, known)),
    )


def output(stage: Path, folder: Path, shown_as: str) -> tuple[Diagnostic, ...]:
    """Return what is confidential in a finished output; `shown_as` is what its folder will be called."""
    known, _ = listed(folder)
    if not known:
        return ()
    key = _key(folder)
    last = store.read_json(folder / _CLEARED)
    before = set(map(str, _strings(last.get("files")))) if last and last.get("list") == key else set[str]()
    problems: list[Diagnostic] = []
    cleared: set[str] = set()
    for path in store.files_below(stage):
        if path.endswith(_PACKED):
            continue
        content = (stage / path).read_bytes()
        name = hashlib.blake2b(content, digest_size=16).hexdigest()
        if name in before:
            more = tuple(_in_name(f"{shown_as}/{path}", known))
        else:
            more = _in_file(f"{shown_as}/{path}", content, known)
        problems.extend(more)
        if not more:
            cleared.add(name)
    store.write_if_changed(folder / _CLEARED, json.dumps({"list": key, "files": sorted(cleared)}).encode())
    return tuple(problems)


def _strings(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _key(folder: Path) -> str:
    """Return a hash of the lists and of what reads files: another one, and every file is read anew."""
    engine = (store.read(Path(__file__).with_name(f"{name}.py")) or b"" for name in _READERS)
    return store.key((*(content for _, content in sorted(store.confidential(folder).items())), *engine))


# --- one file --------------------------------------------------------------------------------------


def _in_file(path: str, content: bytes, known: Confidential) -> tuple[Diagnostic, ...]:
    problems = list(_in_name(path, known))
    text = "" if _is_binary(content) else content.decode(errors="replace")
    readings = confidential.in_markup(text) if text else _readings(content)
    labels = dict.fromkeys(label for reading in readings for label in confidential.found(reading, known))
    for label in labels:
        place = Place(path, confidential.line_of(text, label, known)) if text else Place(path)
        problems.append(diagnostics.confidential_found(place, label))
    return tuple(dict.fromkeys(problems))


def _in_name(path: str, known: Confidential) -> Iterator[Diagnostic]:
    for label in confidential.found(path, known):
        yield diagnostics.confidential_name(Place(path.rpartition("/")[0]), label)


def _is_binary(content: bytes) -> bool:
    return b"\0" in content[:4096] or content.startswith((b"%PDF", b"\xff\xd8", b"\x89PNG"))


def _readings(content: bytes) -> Iterator[str]:
    """Yield the texts of a file that is not text."""
    from handbill import lettering, pdf, pictures  # slow to load, and most projects have no list

    if content.startswith(b"%PDF"):
        try:
            yield "\n".join(lettering.pages(content))  # a sentence may go over a page
            for piece in pdf.written(content):
                yield from _decoded(piece)
        except pdf.Unreadable:
            yield from _decoded(content)
    else:
        for piece in pictures.remarks(content):
            yield from _decoded(piece)


def _decoded(piece: bytes) -> Iterator[str]:
    """Yield what bytes may say in the encodings that programs write into files."""
    yield from confidential.in_markup(piece.decode(errors="replace"))
    if b"\0" in piece:
        for start in (0, 1):  # a text may begin at any byte
            yield piece[start:].decode("utf-16-le", errors="replace")
            yield piece[start:].decode("utf-16-be", errors="replace")


# --- the lock --------------------------------------------------------------------------------------


def conceal(folder: Path) -> tuple[int, tuple[Diagnostic, ...]]:
    """Write the lock of a project's list; return how many secrets it has, and what is wrong with the list.

    A lock of the same list is left as it is.
    """
    files = store.confidential(folder)
    known, problems = confidential.read({name: files[name] for name in files if name == LIST})
    if problems or not known:
        return len(known.secrets), problems
    old, faults = confidential.read(files)
    if LOCK not in files or faults or not old.salt:
        made = confidential.lock(known.secrets, secrets.token_hex(16).encode())
        store.write_if_changed(folder / LOCK, made.encode())
    return len(known.secrets), ()
