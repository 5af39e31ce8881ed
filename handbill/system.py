"""What the engine needs from the machine itself: libraries to typeset with, and programs that its tests use.

Called before the engine is imported, so it uses the standard library alone, and at every start, so what
only some commands need is imported where it is used. The only module that installs anything outside the
environment, and only as root on Debian or Ubuntu: in a container or on a build server there is nobody to
ask.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library, and the packages it comes in."""

    name: str  # its own name, as in a message
    files: tuple[str, ...]  # what the loader knows it by, on Linux, macOS and Windows
    debian: str
    fedora: str
    macos: str

    def is_here(self) -> bool:
        """Whether the loader finds it, by the same ways in which WeasyPrint will look for it."""
        return any(map(_loads, self.files)) or any(map(_finds, self.files))


@dataclass(frozen=True, slots=True)
class Program:
    """A program on the search path, and the packages it comes in."""

    name: str
    debian: str
    fedora: str
    macos: str

    def is_here(self) -> bool:
        """Whether it can be started."""
        return program_path(self.name) is not None


def program_path(name: str) -> str | None:
    """Return where a program is: on the search path, or where Debian keeps servers."""
    import shutil

    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin")))


Need = Library | Program

TYPESETTING: tuple[Need, ...] = (
    Library(
        "GObject",
        ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll", "gobject-2.0"),
        debian="libglib2.0-0",
        fedora="glib2",
        macos="glib",
    ),
    Library(
        "Pango",
        ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll", "pango-1.0"),
        debian="libpango-1.0-0",
        fedora="pango",
        macos="pango",
    ),
    Library(
        "PangoFT2",
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll", "pangoft2-1.0"),
        debian="libpangoft2-1.0-0",
        fedora="pango",
        macos="pango",
    ),
    Library(
        "HarfBuzz",
        ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll", "harfbuzz"),
        debian="libharfbuzz0b",
        fedora="harfbuzz",
        macos="harfbuzz",
    ),
    Library(
        "HarfBuzz-Subset",
        (
            "libharfbuzz-subset.so.0",
            "libharfbuzz-subset.0.dylib",
            "libharfbuzz-subset-0.dll",
            "harfbuzz-subset",
        ),
        debian="libharfbuzz-subset0",
        fedora="harfbuzz",
        macos="harfbuzz",
    ),
    Library(
        "Fontconfig",
        ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll", "fontconfig"),
        debian="fontconfig",
        fedora="fontconfig",
        macos="fontconfig",
    ),
)
"""What WeasyPrint loads. It can do without HarfBuzz-Subset, but then makes other, larger files."""


@contextmanager
def loaded_by_file() -> Iterator[None]:
    """Have WeasyPrint, imported meanwhile, load its libraries by the names of their files, where they do.

    It tries other names first, for each of which Python asks `ldconfig` and the C compiler: 0.3 s in all.
    """
    import ctypes.util

    find = ctypes.util.find_library
    if all(_loads(need.files[0]) for need in TYPESETTING if isinstance(need, Library)):
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = find


TESTING: tuple[Need, ...] = (
    Program("chromium", debian="chromium", fedora="chromium", macos="chromium"),
    Program("firefox", debian="firefox-esr", fedora="firefox", macos="firefox"),
    Program("pdftotext", debian="poppler-utils", fedora="poppler-utils", macos="poppler"),
    Program("pdftoppm", debian="poppler-utils", fedora="poppler-utils", macos="poppler"),
    # AGPL, so it is only ever run beside the tests: another interpreter of inks than those we build on.
    Program("gs", debian="ghostscript", fedora="ghostscript", macos="ghostscript"),
    Program("qpdf", debian="qpdf", fedora="qpdf", macos="qpdf"),
    Program("msgfmt", debian="gettext", fedora="gettext", macos="gettext"),
    Program("mcopy", debian="mtools", fedora="mtools", macos="mtools"),
    # The validators of finished pages: one runs in Java, and npm fetches both.
    Program("java", debian="default-jre-headless", fedora="java-latest-openjdk-headless", macos="openjdk"),
    Program("npm", debian="npm", fedora="npm", macos="node"),
    Program("nginx", debian="nginx-light", fedora="nginx", macos="nginx"),
    Program("openssl", debian="openssl", fedora="openssl", macos="openssl"),
    # Playwright brings a Node.js of its own, which on Linux leaves this one to the system.
    *(
        (Library("libatomic", ("libatomic.so.1",), debian="libatomic1", fedora="libatomic", macos="gcc"),)
        if sys.platform == "linux"
        else ()
    ),
)
"""What the tests look at finished pages, PDFs and catalogs with."""


def needs(command: str) -> tuple[Need, ...]:
    """What a command needs from the machine: nothing, for one that does not typeset."""
    match command:
        case "build" | "benchmarks":
            return TYPESETTING
        case "test":
            return TYPESETTING + TESTING
        case _:
            return ()


def missing(needed: Iterable[Need]) -> tuple[Need, ...]:
    """Those that are not on this machine, in the order given."""
    return tuple(need for need in needed if not need.is_here())


def ensure(command: str) -> None:
    """Return when the machine has all that the command needs, after installing it where that is ours to do.

    Otherwise one line to standard error, with what is missing and how to install it, and exit code 2.
    """
    lacking = missing(needs(command))
    if lacking and install(_each_once(need.debian for need in lacking)):
        lacking = missing(lacking)
    if lacking:
        print(f"handbill: {instruction(lacking)}", file=sys.stderr)
        raise SystemExit(2)


def instruction(lacking: Sequence[Need]) -> str:
    """One line: what is missing, and the exact command to install it on Debian, Fedora and macOS."""
    names = ", ".join(need.name for need in lacking)
    debian = " ".join(_each_once(need.debian for need in lacking))
    fedora = " ".join(_each_once(need.fedora for need in lacking))
    macos = " ".join(_each_once(need.macos for need in lacking))
    return (
        f"this machine lacks {names}. Install with, on Debian or Ubuntu: `sudo apt-get install {debian}`; "
        f"on Fedora: `sudo dnf install {fedora}`; on macOS: `brew install {macos}`."
    )


def install(packages: Sequence[str]) -> bool:
    """Install Debian packages, and say so, where this is root on Debian or its kin; False where it is not."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and _is_debian()):
        return False
    print(f"handbill: installing {' '.join(packages)} with apt-get, as root", file=sys.stderr, flush=True)
    import subprocess

    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-q", *step], env=quiet, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode != 0:  # an update may fail for one source of many; the installation decides
            print("\n".join(done.stdout.splitlines()[-8:]), file=sys.stderr)
    return True


def names_debian(os_release: str) -> bool:
    """Whether the text of an os-release file (os-release(5)) is that of Debian, Ubuntu or their kin.

    >>> names_debian('ID=linuxmint\\nID_LIKE="ubuntu debian"')
    True
    """
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    ids = " ".join(fields.get(name, "").strip("\"'") for name in ("ID", "ID_LIKE")).split()
    return "debian" in ids or "ubuntu" in ids


def _is_debian() -> bool:
    file = Path("/etc/os-release")
    return file.exists() and names_debian(file.read_text(encoding="utf-8"))


def _loads(file: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def _finds(file: str) -> bool:
    import ctypes.util

    return ctypes.util.find_library(file) is not None


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
