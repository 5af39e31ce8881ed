"""What a finished booklet is called in the cache: by everything that it is made of."""

from dataclasses import fields, replace

import pytest

from handbill.banner import Banners
from handbill.formats import Fitting
from handbill.model import Language, Makeup, Place
from handbill.press import Back, BookletJob

PLACE = Place("content/booklets.toml", 3, 1)
FITTING = Fitting((("face", 1),), (8.0, 10.0), (1.2, 1.3))
BACK = Back("<p>Back</p>", ("p { margin: 0 }",), FITTING, "ltr")
JOB = BookletJob(
    ground=b"fonts, engine, libraries",
    cache="here",
    place=PLACE,
    language=Language("en", "en", "English", "ltr"),
    title="Plants",
    html="<p>Water first</p>",
    notes_html="<p>Notes</p>",
    css=("p { margin: 0 }",),
    files=(("images/leaf.png", b"green"),),
    formats=("reading",),
    makeup=Makeup(),
)
OTHER = {
    "ground": b"others",
    "language": Language("ar", "ar", "العربية", "rtl"),
    "title": "Flowers",
    "html": "<p>Light first</p>",
    "notes_html": "",
    "css": ("p { margin: 0", "}"),
    "files": (("images/leaf.png", b"brown"),),
    "formats": ("reading", "booklet"),
    "makeup": Makeup(paper_gsm=90),
    "fitting": FITTING,
    "banners": Banners((), (), ()),
    "banner_html": "<p>Fold</p>",
    "facts_html": "<p>A4</p>",
    "banner_css": "p { color: red }",
    "edition": "en-RP2Z-2026-11",
    "spare_html": "<p>Less</p>",
    "back": BACK,
    "contacts": (("555-0100",), ()),
}
"""Another value for each field that decides what is made."""


def test_every_field_of_a_job_decides_its_key_or_is_known_not_to() -> None:
    assert OTHER.keys() | {"cache", "place"} == {field.name for field in fields(BookletJob)}
    assert replace(JOB, cache="there", place=Place("content/booklets.toml", 9, 1)).key == JOB.key


@pytest.mark.parametrize("field", OTHER)
def test_what_is_made_of_something_else_has_another_key(field: str) -> None:
    assert replace(JOB, **{field: OTHER[field]}).key != JOB.key  # type: ignore[arg-type]


@pytest.mark.parametrize("back", [replace(BACK, direction="rtl"), replace(BACK, html=""), None])
def test_so_has_what_differs_deep_inside(back: Back | None) -> None:
    assert replace(JOB, back=back).key != replace(JOB, back=BACK).key


def test_parts_do_not_run_together() -> None:
    keys = {replace(JOB, contacts=contacts).key for contacts in ((("1", "2"), ()), (("1",), ("2",)))}
    assert len(keys) == 2
