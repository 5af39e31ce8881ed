"""The checks of this checkout, for `python3 build.py test`: format, lint, types, then the tests."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "tests": ("pytest", "--numprocesses=auto", "--dist=loadfile"),
}
"""In the order they run, each a module and its arguments. Tests last: their count closes the output."""


def run(arguments: Sequence[str]) -> int:
    """Run the checks to the end, their output as it comes; the exit code of the first that failed, or 0.

    With arguments, run pytest alone, with them.
    """
    if arguments:
        return _exit_code(("pytest", *arguments))
    codes = {name: _exit_code(check) for name, check in CHECKS.items()}
    failed = {name: code for name, code in codes.items() if code != 0}
    if failed:
        print(f"handbill: failed: {', '.join(failed)}", file=sys.stderr)
    return next(iter(failed.values()), 0)


def compare(arguments: Sequence[str]) -> int:
    """Run the benchmarks, their output as it comes, and return their exit code."""
    return subprocess.run([sys.executable, "benchmarks/run.py", *arguments], cwd=CHECKOUT).returncode


def _exit_code(check: Sequence[str]) -> int:
    print(f"── {' '.join(check)}", flush=True)
    return subprocess.run([sys.executable, "-m", *check], cwd=CHECKOUT).returncode
