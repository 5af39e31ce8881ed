"""The disk: reading a project, a cache of finished PDFs, and an output that appears whole or not at all.

Nothing here knows what the files mean. The phases and all that they stand on never touch the disk.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

ENGINE = Path(__file__).resolve().parent.parent
"""The checkout that holds the engine, its templates and its fonts."""

CACHE = ".cache/handbill"
"""Where a project keeps what can be made again, below its folder."""
BOOKLETS = f"{CACHE}/booklets"
"""Where finished booklets are kept, below a project's folder."""

LISTS = ("confidential.toml", "confidential.lock.toml")
"""What must not be published, and its hashes; in a project's folder, where it has any."""

_CACHE_DAYS = 30


# --- reading ---------------------------------------------------------------------------------------


def read_tree(root: Path, folders: Iterable[str]) -> dict[str, bytes]:
    """Return path below `root`, with `/`, → content, of every file in these folders but hidden ones.

    Links to files are followed where they end inside `root`, so a project cannot publish what lies outside
    it; links to folders are not, for they may lead in a circle.
    """
    inside = root.resolve()
    found: dict[str, bytes] = {}
    for folder in folders:
        for path in sorted(_walk(root / folder)):
            if path.resolve().is_relative_to(inside):
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def strays(root: Path, folders: Iterable[str]) -> tuple[str, ...]:
    """Return the links that `read_tree` leaves out: out of `root`, to folders, to nothing; sorted."""
    inside = root.resolve()

    def is_stray(path: Path) -> bool:
        return not (path.is_file() and path.resolve().is_relative_to(inside))

    tops = [root / folder for folder in folders]
    out = (top for top in tops if top.is_symlink() and not top.resolve().is_relative_to(inside))
    links = (path for top in tops for path in _links(top) if is_stray(path))
    return tuple(sorted(path.relative_to(root).as_posix() for path in (*out, *links)))


def read(path: Path | str) -> bytes | None:
    """Return a file's content, or None where there is no such file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def confidential(folder: Path) -> dict[str, bytes]:
    """Return name → content of those of `LISTS` that a project has."""
    found = {name: read(folder / name) for name in LISTS}
    return {name: content for name, content in found.items() if content is not None}


def files_below(folder: Path) -> list[str]:
    """Return the path below a folder, with `/`, of every file in it, hidden ones too, sorted.

    Links to folders are not followed, for they may lead in a circle.
    """
    found: list[str] = []
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(folder / below) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{below}{entry.name}/")
                else:
                    found.append(below + entry.name)
    return sorted(found)


def _walk(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


def _links(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.is_symlink():
            yield Path(entry.path)
        elif entry.is_dir():
            yield from _links(Path(entry.path))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what stands in a folder, hidden files left out; where there is no such folder, nothing."""
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [entry for entry in entries if not entry.name.startswith((".", "__pycache__"))]


def stats(folder: Path) -> tuple[dict[str, list[int]], list[str]]:
    """Return file → its size, times of change and inode, and the folders in a folder; hidden ones left out.

    The times are those of the content and of anything about the file, in nanoseconds. Where there is no such
    folder there is nothing in it.
    """
    files: dict[str, list[int]] = {}
    folders: list[str] = []
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return files, folders
    with entries:
        for entry in entries:
            if entry.name.startswith((".", "__pycache__")):
                continue
            if entry.is_dir():
                folders.append(entry.name)
                continue
            try:
                stat = entry.stat()
            except FileNotFoundError:  # a link that leads nowhere
                stat = entry.stat(follow_symlinks=False)
            files[entry.name] = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
    return files, folders


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file through a neighbour and a rename, only if its content differs; return whether it did."""
    if read(path) == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)
    return True


def write_all(root: Path, files: Mapping[str, bytes | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write and remove (None) files below a folder; return the paths that changed, and those removed.

    All are written beside their places before the first is moved there, in their order: what stops the
    writing, such as a full disk, leaves everything as it was.
    """
    changed = {path: content for path, content in files.items() if content != read(root / path)}
    unfinished: list[Path] = []
    try:
        for path, content in changed.items():
            if content is not None:
                place = root / path
                place.parent.mkdir(parents=True, exist_ok=True)
                unfinished.append(place.with_name(f".{place.name}.new"))
                unfinished[-1].write_bytes(content)
        for path, content in changed.items():
            place = root / path
            if content is None:
                place.unlink()
            else:
                os.replace(place.with_name(f".{place.name}.new"), place)
    except BaseException:
        for left in unfinished:
            left.unlink(missing_ok=True)
        raise
    removed = tuple(path for path, content in changed.items() if content is None)
    return tuple(path for path in changed if path not in removed), removed


# --- an unchanged build ----------------------------------------------------------------------------


def signature(roots: Iterable[Path], words: Iterable[str] = ()) -> str:
    """Return a hash of name, size and times of every file below the roots, and of some words.

    As `git status` does, it takes a file whose size, inode and times are the same for unchanged.
    """
    digest = hashlib.blake2b("\n".join(words).encode(), digest_size=16)
    for root in roots:
        seen: list[tuple[str, int, int, int, int]] = []
        _look(str(root), seen)
        digest.update(marshal.dumps(sorted(seen), _PLAIN))
    return digest.hexdigest()


_PLAIN = 2
"""The last version of `marshal` that writes equal values as equal bytes; it takes half the time of text."""


def _look(folder: str, seen: list[tuple[str, int, int, int, int]]) -> None:
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        seen.append((folder, -1, 0, 0, 0))
        return
    for name in names:
        if name.startswith((".", "__pycache__")):
            continue
        path = f"{folder}/{name}"
        try:
            facts = os.lstat(path)
        except FileNotFoundError:  # it was there a moment ago
            continue
        if S_ISDIR(facts.st_mode):
            _look(path, seen)
            continue
        if S_ISLNK(facts.st_mode):
            with suppress(FileNotFoundError):  # a link that leads nowhere
                facts = os.stat(path)
        seen.append((path, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino))


# --- output ----------------------------------------------------------------------------------------


@contextmanager
def alone(folder: Path, wait: Callable[[], None]) -> Iterator[bool]:
    """Keep other builds of a project out while the block runs; give whether one had to end first.

    If so, `wait` is called once before. The system lets go of the hold when the process ends, however it
    does, so nothing stale is ever in the way. It is this process's alone: a worker that outlives it has none.
    """
    path = folder / CACHE / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        waited = not _held(file.fileno())
        if waited:
            wait()
            while not _held(file.fileno()):
                time.sleep(0.1)
        yield waited


def _held(file: int) -> bool:
    """Take hold of an open file, if no other process has it; where there are no locks, nobody waits."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a new folder beside `target` that takes its place when the block ends well.

    On an exception, Ctrl-C included, the target stays as it was. A build that was killed between the two
    renames is put right by the next one.
    """
    old = target.with_name(f".{target.name}.old")
    if old.exists():
        if target.exists():
            _remove(old)
        else:
            old.rename(target)
    for left_over in target.parent.glob(f".{target.name}.new-*"):
        _remove(left_over)
    target.parent.mkdir(parents=True, exist_ok=True)
    stage = _new_folder(f".{target.name}.new-", target.parent)
    stage.chmod(0o755)
    try:
        yield stage
        if target.exists():
            target.rename(old)
        stage.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        _remove(stage)
        raise
    if old.exists():
        _remove(old)


def _new_folder(prefix: str, parent: Path) -> Path:
    """Make a new folder whose name begins with a prefix."""
    import tempfile  # like `shutil`

    return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))


def _remove(path: Path) -> None:
    """Remove a folder with all that is in it, or a file that somebody put in its place."""
    import shutil  # an unchanged build removes nothing, and starts sooner without it

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_new(path: Path | str, content: bytes) -> None:
    """Write a file of a staged folder, making its folders as needed."""
    try:
        with open(path, "wb") as file:
            file.write(content)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)


# --- cache -----------------------------------------------------------------------------------------


def key(parts: Iterable[bytes]) -> str:
    """Return the name of a result in the cache: a hash of everything that it was made from, in order."""
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def cached(cache: Path, key: str) -> Path | None:
    """Return the folder of a finished result, or None. Using one keeps it from being thrown away."""
    folder = cache / key
    if not folder.is_dir():
        return None
    os.utime(folder)
    return folder


def keep(cache: Path, key: str, files: Mapping[str, bytes]) -> Path:
    """Put a finished result into the cache, whole or not at all, and return its folder."""
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = _new_folder(".new-", cache)
    for name, content in files.items():
        (unfinished / name).write_bytes(content)
    folder = cache / key
    try:
        unfinished.rename(folder)
    except OSError:  # another process was first; equal keys hold equal bytes
        _remove(unfinished)
    return folder


def throw_away_old(cache: Path) -> None:
    """Remove results that no build has used for a month."""
    limit = time.time() - _CACHE_DAYS * 86_400
    for entry in os.scandir(cache) if cache.is_dir() else ():
        if entry.is_dir() and entry.stat().st_mtime < limit:
            _remove(Path(entry.path))


def read_json(path: Path) -> dict[str, object] | None:
    """Return a JSON object that Handbill wrote, or None where there is none or it was broken off."""
    content = read(path)
    try:
        value = json.loads(content) if content else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
