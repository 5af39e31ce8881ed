"""What all tests share."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

# A law is slow now and then on a busy machine; that is no failure.
settings.register_profile("handbill", settings.default, deadline=None)
settings.load_profile("handbill")

CHECKOUT = Path(__file__).resolve().parent.parent

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _failed_if_not_run(report: Report) -> Report:
    """The same report; where CI=true, a skip or an expected failure is turned into a failure.

    A skip is a courtesy to somebody's laptop. On the machine that decides, a check that did not run proves
    nothing.
    """
    expected_failure = getattr(report, "wasxfail", None)
    if os.environ.get("CI") == "true" and (report.skipped or expected_failure is not None):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else expected_failure
        report.outcome = "failed"
        report.longrepr = (
            f"did not run to a pass, and with CI=true everything must: {reason or 'no reason given'}"
        )
        report.__dict__.pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hold every test to `_failed_if_not_run`."""
    return _failed_if_not_run((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Hold every collected file to it too: a module may skip itself whole."""
    return _failed_if_not_run((yield))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written anew, to be reviewed as a diff."""
    parser.addoption("--update-golden", action="store_true", help="write what the tests expect anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="module")
def pinned_fonts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """While a module's tests run, this process sees the pinned fonts and no others, as workers do."""
    from handbill import press

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FONTCONFIG_FILE", "")  # as it was before, so it is again afterwards
        press.point_fontconfig(tmp_path_factory.mktemp("fonts"))
        yield


# --- finished builds, made once for all workers ------------------------------------------------------


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dist/` of this repository's own site."""
    return _built_once(tmp_path_factory, "site", CHECKOUT, ("content", "templates", "locales"))


@pytest.fixture(scope="session")
def built_site(built: Path) -> Path:
    """The website of this repository, its PDFs included."""
    return built / "site"


@pytest.fixture(scope="session")
def built_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dist/` of the sample project."""
    return _built_once(tmp_path_factory, "sample", CHECKOUT / "tests" / "sample", ("content", "locales"))


@pytest.fixture(scope="session")
def built_pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dist/` of this repository's own site in the pseudo-locales."""
    return _built_once(tmp_path_factory, "pseudo", CHECKOUT, ("content", "templates", "locales"), "--pseudo")


@pytest.fixture(scope="session")
def built_pseudo_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`dist/` of the sample project in the pseudo-locales."""
    return _built_once(
        tmp_path_factory, "pseudo-sample", CHECKOUT / "tests" / "sample", ("content", "locales"), "--pseudo"
    )


def _built_once(
    temporary: pytest.TempPathFactory, name: str, project: Path, folders: tuple[str, ...], *options: str
) -> Path:
    """Build a copy of a project with the real command, in whichever worker comes first; the others wait."""
    base = temporary.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    copy, told = shared / f"built-{name}", shared / f"built-{name}.json"
    with (shared / f"built-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            for folder in folders:
                shutil.copytree(project / folder, copy / folder)
            date_anew(copy)
            done = subprocess.run(
                [sys.executable, "-m", "handbill", "-C", str(copy), "build", *options],
                cwd=CHECKOUT,
                capture_output=True,
                text=True,
            )
            told.write_text(json.dumps([done.returncode, done.stdout + done.stderr]), encoding="utf-8")
    code, output = json.loads(told.read_text(encoding="utf-8"))
    assert code == 0, output
    return copy / "dist"


def date_anew(project: Path) -> None:
    """Make a copy of a project as fresh as on the day it was written, or tests would fail a year later.

    Two days old, so that it is not written tomorrow in another time zone.
    """
    for path in (project / "content").rglob("*"):
        if path.suffix in (".toml", ".md"):
            text = path.read_text(encoding="utf-8")
            path.write_text(_DATE.sub(rf"\1 {date.today() - timedelta(days=2)}", text), encoding="utf-8")


_DATE = re.compile(r"^(checked =|reviewed:) \d{4}-\d\d-\d\d$", re.MULTILINE)
