"""The sheet before a file to print: each file has one of its own kind, and few are typeset."""

from __future__ import annotations

import pytest

from handbill.banner import Back, Banners, Front, banners
from handbill.formats import FORMATS, SETTINGS, Job
from handbill.model import Direction, Makeup

USUAL = Makeup()
both_directions = pytest.mark.parametrize("direction", ["ltr", "rtl"])


def made(direction: Direction, *names: str) -> Banners:
    return banners(names or tuple(FORMATS), direction, USUAL)


@both_directions
def test_every_file_of_a_format_with_steps_and_no_other_has_a_first_sheet(direction: Direction) -> None:
    wanted = [
        output.ending
        for format in FORMATS.values()
        if format.steps and format.sides
        for output in format.outputs
    ]
    found = made(direction)
    assert [file.ending for file in found.files] == wanted
    assert all(file.front or file.back for file in found.files)


@both_directions
def test_a_first_sheet_has_as_many_sides_as_every_other_sheet_of_its_file(direction: Direction) -> None:
    found = {file.ending: file for file in made(direction).files}
    for format in FORMATS.values():
        for output in format.outputs:
            file = found.get(output.ending)
            assert format.leading == (0 if file is None else bool(file.front) + bool(file.back))
            if file is not None and format.sides is not None:
                fit = SETTINGS[format.setting].fit
                paper = format.sides(Job(len(fit.parts) if fit else 5, output, direction))[0].paper
                assert file.standing == (paper.height_mm > paper.width_mm)


def test_the_two_papers_and_formats_alike_share_their_pages() -> None:
    found = made("ltr", "booklet", "booklet-long-edge", "booklet-signatures")
    assert len(found.fronts) == 3
    assert found.backs == (Back(passes=False, standing=False),)
    assert len(found.files) == 6
    assert {file.back for file in found.files} == {4}


def test_in_two_passes_the_front_comes_with_the_fronts_and_the_back_with_the_backs() -> None:
    found = made("rtl", "booklet-two-pass")
    assert found.fronts == (Front(FORMATS["booklet-two-pass"].steps, standing=False, turned=True),)
    assert found.backs == (Back(passes=True, standing=False),)
    assert [(file.front, file.back) for file in found.files] == [(1, None), (None, 2)] * 2


def test_what_is_read_page_by_page_has_none() -> None:
    assert made("ltr", "reading") == Banners((), (), ())
