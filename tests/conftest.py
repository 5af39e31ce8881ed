"""What all tests share."""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

# A law is slow now and then on a busy machine; that is no failure.
settings.register_profile("handbill", settings.default, deadline=None)
settings.load_profile("handbill")

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
