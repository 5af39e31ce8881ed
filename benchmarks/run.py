"""Handbill against other ways to the same pages: CPU, wall and memory, as ratios from one run.

    python benchmarks/run.py [--guides 100] [--locales 20] [--rounds 3]

Every contender starts cold in a process of its own, by turns, so that a busy machine slows all alike; medians
count. CPU is user and system time of the whole process tree, memory the resident set of its largest process.
Linux only. Needs what requirements-benchmarks.lock holds. Takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from contenders import hugo_command, write_hugo  # noqa: E402
from measure import Taken, taken  # noqa: E402
from project import write_project  # noqa: E402

PRINT_GUIDES, PRINT_LOCALES, GUIDES_PER_BOOKLET = 15, 4, 5


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--guides", type=int, default=100)
    options.add_argument("--locales", type=int, default=20)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        website(Path(folder), asked.guides, asked.locales, asked.rounds)
        reading(Path(folder), asked.rounds)
        booklets(Path(folder), asked.rounds)


def website(folder: Path, guides: int, locales: int, rounds: int) -> None:
    """Compare whole websites, and a build in which nothing changed."""
    project, hugo = folder / "website", folder / "hugo"
    write_project(project, guides, locales, date.today())
    write_hugo(hugo, guides, locales, date.today())
    took: dict[str, list[Taken]] = {"Handbill": [], "Hugo": [], "plain loop": [], "Handbill again": []}
    for number in range(rounds):
        ours, theirs = _fresh(project, number), _fresh(hugo, number)
        took["Handbill"].append(taken(_handbill(ours)))
        took["Handbill again"].append(taken(_handbill(ours)))
        took["Hugo"].append(taken(hugo_command(theirs)))
        took["plain loop"].append(taken([sys.executable, str(HERE / "contenders.py"), "loop", str(ours)]))
    middle = _table(f"website, {guides} guides x {locales} locales, cold", took)
    cold, again = middle["Handbill"], middle["Handbill again"]
    _ratio("Handbill / Hugo, CPU", cold.cpu_s / middle["Hugo"].cpu_s, 0.7)
    _ratio("Handbill / Hugo, memory", cold.memory_mb / middle["Hugo"].memory_mb, 0.25)
    _ratio("Handbill / plain loop, CPU", cold.cpu_s / middle["plain loop"].cpu_s, None)
    _ratio("unchanged / cold, CPU", again.cpu_s / cold.cpu_s, 0.03)
    _ratio("unchanged / cold, wall", again.wall_s / cold.wall_s, 0.03)


def reading(folder: Path, rounds: int) -> None:
    """Compare reading the website's PO files."""
    print("\nreading PO files, CPU seconds in one warm process")
    script = [sys.executable, str(HERE / "contenders.py"), "read", str(folder / "website")]
    runs = [_json(script) for _ in range(rounds)]
    ours, babel = (statistics.median(run[name] for run in runs) for name in ("handbill", "babel"))
    print(f"  {'Handbill':16} {ours:8.2f}\n  {'Babel read_po':16} {babel:8.2f}")
    _ratio("Handbill / Babel, CPU", ours / babel, 1.0)


def booklets(folder: Path, rounds: int) -> None:
    """Compare booklets: pages per CPU second in warm processes, and a whole build on two cores by wall."""
    project = folder / "print"
    write_project(project, PRINT_GUIDES, PRINT_LOCALES, date.today(), GUIDES_PER_BOOKLET)
    warm: dict[str, list[Mapping[str, float]]] = {"handbill": [], "loop": [], "typst": []}
    took: dict[str, list[Taken]] = {"Handbill, 2 jobs": [], "Handbill, 1 job": [], "Handbill again": []}
    for _ in range(rounds):
        for way, runs in warm.items():
            runs.append(_json([sys.executable, str(HERE / "printing.py"), way, str(project)]))
        for jobs, name in ((1, "Handbill, 1 job"), (2, "Handbill, 2 jobs")):
            fresh = _fresh(project, len(took[name]) * 2 + jobs)
            took[name].append(taken(_handbill(fresh, f"--jobs={jobs}")))
        took["Handbill again"].append(taken(_handbill(fresh)))
    count = PRINT_LOCALES * -(-PRINT_GUIDES // GUIDES_PER_BOOKLET)
    print(f"\n{count} booklets, tagged PDFs, warm")
    print(f"  {'':16} {'pages':>8} {'CPU s':>8} {'wall s':>8} {'p/CPU s':>8}")
    speed: dict[str, float] = {}
    walls: dict[str, float] = {}
    for way, runs in warm.items():
        cpu, walls[way] = (statistics.median(run[key] for run in runs) for key in ("cpu_s", "wall_s"))
        speed[way] = runs[0]["pages"] / cpu
        print(f"  {way:16} {runs[0]['pages']:8.0f} {cpu:8.2f} {walls[way]:8.2f} {speed[way]:8.1f}")
    _ratio("Handbill / loop, pages per CPU second", speed["handbill"] / speed["loop"], 1.5, at_least=True)
    _ratio("Handbill / Typst, pages per CPU second", speed["handbill"] / speed["typst"], None)
    middle = _table("the same project as a whole build, website and sheets included, cold", took)
    two, again = middle["Handbill, 2 jobs"], middle["Handbill again"]
    _ratio("warm loop / build on two cores, wall", walls["loop"] / two.wall_s, 2.5, at_least=True)
    _ratio("unchanged / cold, CPU", again.cpu_s / two.cpu_s, 0.03)
    _ratio("unchanged / cold, wall", again.wall_s / two.wall_s, 0.03)


# --- output ----------------------------------------------------------------------------------------


def _table(title: str, took: Mapping[str, Sequence[Taken]]) -> dict[str, Taken]:
    """Print the median of each contender and return them."""
    print(f"\n{title}\n  {'':16} {'CPU s':>8} {'wall s':>8} {'MB':>8}")
    middle: dict[str, Taken] = {}
    for name, runs in took.items():
        middle[name] = Taken(
            statistics.median(run.cpu_s for run in runs),
            statistics.median(run.wall_s for run in runs),
            statistics.median(run.memory_mb for run in runs),
        )
        one = middle[name]
        print(f"  {name:16} {one.cpu_s:8.2f} {one.wall_s:8.2f} {one.memory_mb:8.0f}")
    return middle


def _ratio(name: str, ratio: float, target: float | None, at_least: bool = False) -> None:
    if target is None:
        print(f"  {name:40} {ratio:6.3f}")
        return
    reached = ratio >= target if at_least else ratio <= target
    sign = ">=" if at_least else "<="
    print(f"  {name:40} {ratio:6.3f}   target {sign} {target}: {'reached' if reached else 'not reached'}")


def _handbill(project: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "handbill", "-C", str(project), "build", "--quiet", *more]


def _json(command: Sequence[str]) -> Mapping[str, float]:
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    facts: Mapping[str, float] = json.loads(run.stdout.splitlines()[-1])
    return facts


def _fresh(project: Path, number: int) -> Path:
    """Return a copy of a project in which nothing was ever built.

    Not the same folder emptied: for minutes after thousands of files were deleted, ext4 looks for a free
    inode with great care, and who writes first pays for it.
    """
    return Path(shutil.copytree(project, project.with_name(f"{project.name}-{number}")))


if __name__ == "__main__":
    main()
