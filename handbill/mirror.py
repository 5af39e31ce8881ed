"""The command `verify`: a folder compared, file by file, with the list of a site's files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handbill import diagnostics, store, sums
from handbill.model import Diagnostic, Place
from handbill.press import Progress


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found."""

    against: str
    """The list that the folder was compared with, as a path."""
    own: bool
    """Whether that was the folder's own, which somebody who changed the folder could have changed too."""
    files: int
    """How many files the list has."""
    differences: sums.Differences


def compare(
    project: Path, folder: Path, against: Path | None, progress: Progress
) -> tuple[Compared | None, tuple[Diagnostic, ...]]:
    """Compare a folder with a list, or return None and why that cannot be: `sums-missing`, `sums-damaged`.

    The list is the one named, else that of the site built in `project`, else the folder's own.
    """
    chosen = against or next(filter(Path.is_file, _lists(project, folder)), folder / sums.NAME)
    place = Place(str(chosen))
    content = store.read(chosen)
    if content is None:
        return None, (diagnostics.sums_missing(place),)
    listed, problems = sums.read(content, place)
    if listed is None:
        return None, problems
    own = chosen.resolve() == (folder / sums.NAME).resolve()
    found = dict(_digests(folder, progress))
    if own:
        found.pop(sums.NAME, None)
    else:  # a copy's own list is a file of the site like any other
        listed = {**listed, sums.NAME: hashlib.sha256(content).hexdigest()}
    return Compared(str(chosen), own, len(listed), sums.differences(listed, found)), ()


def _lists(project: Path, folder: Path) -> tuple[Path, ...]:
    return project / "dist" / "site" / sums.NAME, folder / sums.NAME


def _digests(folder: Path, progress: Progress) -> Iterator[tuple[str, str]]:
    """Yield (path, SHA-256) of all that is below a folder, nothing for the latter where no file can be read.

    A link is taken for the file that it leads to.
    """
    paths = sorted(_below(folder))
    for done, path in enumerate(paths, 1):
        yield path, _digest(folder / path)
        progress("files compared", done, len(paths))


def _below(folder: Path) -> Iterator[str]:
    """Yield the path of all below a folder but folders; what is in one that cannot be read is missing."""
    for above, folders, names in os.walk(folder):
        links = (name for name in folders if os.path.islink(os.path.join(above, name)))
        for name in (*names, *links):
            yield Path(above, name).relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    if not path.is_file():  # to open a pipe would be to wait for who writes to it
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # a stick may fail anywhere
        return ""
