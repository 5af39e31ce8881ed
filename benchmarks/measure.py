"""Runs a command and says what it and everything it started took: CPU, wall, memory.

    python benchmarks/measure.py COMMAND…

Orphans come to this process (Linux only), so the children of a fork server count as well; what they took is
known exactly once they have ended. Memory is the resident set of the largest single process.
"""

from __future__ import annotations

import compileall
import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took."""

    cpu_s: float
    wall_s: float
    memory_mb: float
    """Of its largest process."""


def taken(command: Sequence[str]) -> Taken:
    """Run a command in a measuring process of its own, which is small, and return what it took.

    The engine is compiled to bytecode before, once: an installed program is, and everyone's second run finds
    it so, whatever the machine of the benchmark makes of `PYTHONDONTWRITEBYTECODE`.
    """
    _compile_once()
    run = subprocess.run([sys.executable, __file__, *command], stdout=subprocess.PIPE, check=True, cwd=ROOT)
    facts: Mapping[str, float] = json.loads(run.stdout.splitlines()[-1])
    return Taken(**facts)


@cache
def _compile_once() -> None:
    compileall.compile_dir(ROOT / "handbill", quiet=1)


def _measured(command: Sequence[str]) -> Taken:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    # The command's words go to standard error, so that the last line of standard output is ours.
    code = subprocess.call(command, stdout=sys.stderr)
    wall = time.perf_counter() - start
    if code:
        sys.exit(f"{Path(command[0]).name} ended with {code}")
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1000)


if __name__ == "__main__":
    print(json.dumps(asdict(_measured(sys.argv[1:]))))
