#!/usr/bin/env python3
"""The door to Handbill: `python3 build.py COMMAND …` on a machine that has only Python and this checkout.

The first start makes `.venv` beside this file, installs exactly the packages that the lock files name, each
checked by its hash, and hands over to the engine. Later starts compare a stamp with those files and go on.
Inside an active virtual environment it fills and uses that one. The machine's own Python is never changed.

An old Python must be able to read this file, so as to be told in one line which Python is needed.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an old Python is who this is for)
    sys.stderr.write(
        f"handbill: Python 3.11 or newer is needed, and this is Python {sys.version.split()[0]}. "
        "Install a newer one and start it by name: `python3.11 build.py`.\n"
    )
    sys.exit(2)

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NoReturn

from handbill.__main__ import command

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
ROOT = os.path.dirname(os.path.abspath(__file__))
RUN_LOCK = "requirements.lock"
MORE_LOCKS = {"test": "requirements-test.lock", "benchmarks": "requirements-benchmarks.lock"}
STAMP = "handbill-installed"  # a folder in the environment: copies of what it was filled from, written last


def main(arguments: Sequence[str]) -> NoReturn:
    """Hand the arguments to the engine, in an environment that holds what their command needs.

    Exit code 2, after one line that says what to do, when there can be no such environment.
    """
    locks = lock_files(command(arguments))
    prefix = sys.prefix if sys.prefix != sys.base_prefix else os.path.join(ROOT, ".venv")
    if not is_filled(prefix, locks):
        try:
            with alone():
                if not is_filled(prefix, locks):  # another start may have filled it while this one waited
                    fill(prefix, locks)
        except KeyboardInterrupt:
            stop("stopped before the packages were installed. The next start begins again.", code=130)
    start(prefix, arguments)


def lock_files(command: str) -> tuple[str, ...]:
    """The lock files that a command's packages are in. `build` needs less than `test`."""
    return (RUN_LOCK, MORE_LOCKS[command]) if command in MORE_LOCKS else (RUN_LOCK,)


def sources(root: str, locks: Sequence[str]) -> dict[str, bytes]:
    """All that an environment is filled from, by name: lock files, the project's metadata, Python, place."""
    files = {name: read(os.path.join(root, name)) for name in (*locks, "pyproject.toml")}
    return files | {"environment": f"Python {VERSION}, checkout {root}\n".encode()}


def matches(stamp: str, wanted: Mapping[str, bytes]) -> bool:
    """Whether a stamp holds all that is wanted, byte for byte. It may hold more."""
    try:
        return all(read(os.path.join(stamp, name)) == content for name, content in wanted.items())
    except FileNotFoundError:
        return False


def is_filled(prefix: str, locks: Sequence[str]) -> bool:
    """Whether the environment exists and was filled, to the end, from what the checkout holds now."""
    return os.path.exists(python_of(prefix)) and matches(os.path.join(prefix, STAMP), sources(ROOT, locks))


def fill(prefix: str, locks: Sequence[str]) -> None:
    """Make the environment if needed, and install the locked packages and this checkout into it.

    The stamp goes first and comes back last, so a broken-off attempt is never taken for a whole one.
    """
    import shutil

    stamp = os.path.join(prefix, STAMP)
    wanted = sources(ROOT, (RUN_LOCK, *MORE_LOCKS.values()))
    kept = [name for name, content in wanted.items() if matches(stamp, {name: content})]
    locks = [name for name in wanted if name in locks or (name in kept and name.endswith(".lock"))]
    whole = os.path.exists(python_of(prefix)) and "environment" in kept
    shutil.rmtree(stamp, ignore_errors=True)
    if prefix != sys.prefix and not whole:
        make(prefix)

    where = os.path.relpath(prefix) if prefix != sys.prefix else "the active environment, " + prefix
    say(f"installing the packages of {' and '.join(locks)} into {where} (a minute or so, once)")
    pip = [python_of(prefix), "-I", "-m", "pip", "install", "--quiet", "--no-input", "--progress-bar=off"]
    pinned = [option for lock in locks for option in ("--requirement", os.path.join(ROOT, lock))]
    # Wheels only: what a source archive fetches to build itself is in no lock file.
    run([*pip, "--require-hashes", "--only-binary=:all:", *pinned], "install the locked packages")
    run(
        [*pip, "--no-deps", "--no-index", "--no-build-isolation", "--editable", ROOT], "install this checkout"
    )

    unfinished = stamp + ".new"
    shutil.rmtree(unfinished, ignore_errors=True)
    os.mkdir(unfinished)
    for name in (*locks, "pyproject.toml", "environment"):
        with open(os.path.join(unfinished, name), "wb") as file:
            file.write(wanted[name])
    os.rename(unfinished, stamp)


def make(prefix: str) -> None:
    """Make an empty environment, over whatever was there. Debian keeps the means in a package of its own."""
    import importlib.util

    def can_make() -> bool:
        importlib.invalidate_caches()
        return all(importlib.util.find_spec(name) is not None for name in ("ensurepip", "venv"))

    if not can_make():
        from handbill import system

        package = f"python{VERSION}-venv"
        system.install((package,))
        if not can_make():
            stop(f"this Python cannot make environments. Install the rest: `sudo apt-get install {package}`.")
    run([sys.executable, "-I", "-m", "venv", "--clear", prefix], "make an environment in " + prefix)


def start(prefix: str, arguments: Sequence[str]) -> NoReturn:
    """Become the engine. Nothing in the current folder or on PYTHONPATH can stand in for its modules."""
    argv = [python_of(prefix), "-P", "-m", "handbill", *arguments]
    environment = {name: v for name, v in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    if sys.platform == "darwin":  # Homebrew keeps its libraries where only its own programs look
        environment.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    if os.name == "nt":  # there, exec returns to the shell before the new program has ended
        import subprocess

        sys.exit(subprocess.run(argv, env=environment).returncode)
    os.execve(argv[0], argv, environment)


def run(argv: Sequence[str], what: str) -> None:
    """Run a step of the installation in silence. If it fails, show its last lines, say what to do, exit 2."""
    import subprocess

    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
    if done.returncode != 0:
        output = done.stdout.decode(errors="replace").strip()
        sys.stderr.write("\n".join(output.splitlines()[-15:]) + "\n")
        stop("could not " + what + "; the lines above say why. " + advice(output))


def advice(output: str) -> str:
    """What to do about a failed step, going by what it printed."""
    if "DO NOT MATCH THE HASHES" in output:
        return "Do not go on: a package is not the one that was locked. Tell the maintainers."
    if "No module named pip" in output:
        return "This environment has no pip: `deactivate` it, or run `python3 -m ensurepip`, and start again."
    if "No space left" in output:
        return "Make room on the disk, then start again."
    if "Permission denied" in output:
        return "Start as the owner of this folder, or copy the checkout to a folder of your own."
    return "Check the network connection, then start again."


@contextmanager
def alone() -> Iterator[None]:
    """Hold this checkout's only turn to install; a second start waits here for the first."""
    with open(os.path.abspath(__file__), "rb") as turn:
        if os.name != "nt":
            import fcntl

            fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def python_of(prefix: str) -> str:
    """The path of an environment's Python."""
    return os.path.join(prefix, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def read(path: str) -> bytes:
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def say(sentence: str) -> None:
    """Tell the person at the terminal; standard output is the engine's."""
    sys.stderr.write("handbill: " + sentence + "\n")
    sys.stderr.flush()


def stop(sentence: str, code: int = 2) -> NoReturn:
    """End with one line."""
    say(sentence)
    sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
