"""What a build says at its end is so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handbill.formats import FORMATS
from handbill.model import Printed
from handbill.outcome import Options, Outcome
from handbill.summaries import print_summary

SHEETS = 7


def printed(format: str) -> tuple[Printed, ...]:
    """The files of a booklet in one format and language, each sheet of which has two sides."""
    return tuple(
        Printed("plants", "en", format, output.paper, f"en/print/plants{output.ending}.pdf", 27, SHEETS, 1)
        for output in FORMATS[format].outputs
    )


@pytest.mark.parametrize("format", ["booklet", "booklet-long-edge", "booklet-two-pass"])
def test_a_sheet_is_counted_once_though_its_front_and_back_are_in_files_of_their_own(
    format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome((), pages=1, locales=("en",), names=("English",), printed=printed(format))
    print_summary(outcome, Options(Path("."), date(2026, 11, 22)))
    said = capsys.readouterr().out
    files = len(FORMATS[format].outputs)
    assert f"{files} PDFs, {2 * SHEETS} sheets of paper for one of each" in said, "on A4, and on Letter"
