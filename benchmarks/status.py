"""How soon `status` answers: cold, with a warm index, and after one file has changed.

    python benchmarks/status.py [--guides 500] [--locales 40] [--rounds 5]

The project is that of the other benchmarks; locales beyond its own are copies under other codes. Each
answer comes from a process of its own; medians count, and wall time is what a person waits. Linux only. The
files are left alone for some seconds before they are read, for the index does not trust a new file.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from measure import Taken, taken  # noqa: E402
from project import write_project  # noqa: E402
from words import LOCALES  # noqa: E402

TARGET_S = 1.0
_MORE = [
    *(
        "nl",
        "sv",
        "da",
        "nb",
        "nn",
        "fi",
        "et",
        "el",
        "ca",
        "gl",
        "eu",
        "sq",
        "af",
        "sw",
        "eo",
        "fy",
        "lb",
        "fo",
    ),
    *("ia", "so", "tn", "ku", "kk", "ky", "uz", "az", "mn", "bn", "ta", "te", "ml", "kn", "gu", "si"),
]
"""Locales that count as German does, whose catalogs are theirs under another code."""
_SETTLED_S = 3


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--guides", type=int, default=500)
    options.add_argument("--locales", type=int, default=40)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        count = make(project, asked.guides, asked.locales)
        print(f"status of {asked.guides} guides x {asked.locales} locales, {count:,} catalogs")
        print(f"  {'':28} {'CPU s':>8} {'wall s':>8} {'MB':>8}")
        time.sleep(_SETTLED_S)
        _line("cold, the index is made", [_status(project)])
        warm = [_status(project) for _ in range(asked.rounds)]
        _line("warm", warm)
        _line("warm, --json", [_status(project, "--json") for _ in range(asked.rounds)])
        _line("warm, one locale", [_status(project, "--locale", "es") for _ in range(asked.rounds)])
        catalog = project / "locales/es/LC_MESSAGES/guide-001.po"
        catalog.write_bytes(catalog.read_bytes().replace(b'\nmsgstr "', b'\nmsgstr "X', 2))
        time.sleep(_SETTLED_S)
        _line("after one catalog changed", [_status(project)])
        reached = "reached" if statistics.median(run.wall_s for run in warm) < TARGET_S else "not reached"
        print(f"  target: warm in less than {TARGET_S} s: {reached}")


def make(project: Path, guides: int, locales: int) -> int:
    """Write a project with so many translations, and return how many catalogs there are."""
    own = min(locales + 1, len(LOCALES))
    write_project(project, guides, own, date.today())
    known = sorted(path.name for path in (project / "locales").iterdir())
    more = _MORE[: locales - len(known)]
    source = "de" if "de" in known else "es"
    for locale in more:
        target = project / "locales" / locale / "LC_MESSAGES"
        target.mkdir(parents=True)
        for path in (project / "locales" / source / "LC_MESSAGES").iterdir():
            text = path.read_text(encoding="utf-8")
            named = text.replace(f'"Language: {source}\\n"', f'"Language: {locale}\\n"', 1)
            (target / path.name).write_text(named, encoding="utf-8")
    site = project / "content/site.toml"
    listed = re.sub(
        r"^locales = .*$", f"locales = {[*known, *more]!r}", site.read_text("utf-8"), flags=re.MULTILINE
    )
    site.write_text(listed, encoding="utf-8")
    return sum(1 for _ in (project / "locales").glob("*/LC_MESSAGES/*.po"))


def _status(project: Path, *options: str) -> Taken:
    return taken([sys.executable, "-m", "handbill", "-C", str(project), "status", *options])


def _line(name: str, runs: list[Taken]) -> None:
    cpu, wall, memory = (
        statistics.median(getattr(run, field) for run in runs) for field in ("cpu_s", "wall_s", "memory_mb")
    )
    print(f"  {name:28} {cpu:8.2f} {wall:8.2f} {memory:8.0f}")


if __name__ == "__main__":
    main()
