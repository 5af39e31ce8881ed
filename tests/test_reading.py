"""In what order guides are read: on the first page, from one to the next, and in which booklets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from example import TESTS, documents, files, guide, language, sample

from handbill.load import load
from handbill.model import Audience, Booklet, Guide, Place, Project, Text
from handbill.plan import plan
from handbill.reading import around, in_order

PLACE = Place("content/booklets.toml")


def topic(id: str, audience: Audience = "survivor", discreet: bool = False) -> Guide:
    return replace(guide("Text.", id), audience=audience, discreet=discreet)


def booklet(id: str, guides: str, audience: Audience = "survivor") -> Booklet:
    return Booklet(id, Text(id, PLACE), Text(id, PLACE), audience, tuple(guides.split()), PLACE)


def project(guides: tuple[Guide, ...], *booklets: Booklet) -> Project:
    return replace(sample(), guides=guides, booklets=booklets)


ABC = tuple(map(topic, "abc"))


def test_guides_stand_in_the_order_of_the_booklets_and_the_rest_come_last() -> None:
    found = in_order(project(ABC, booklet("two", "c b"), booklet("one", "b")))
    assert [guide.id for guide in found] == ["c", "b", "a"]


def test_a_guide_is_read_between_its_neighbours_in_the_first_booklet_for_its_readers() -> None:
    staff = booklet("staff", "b a", "staff")
    found = around(project(ABC, staff, booklet("one", "c b a"), booklet("other", "a c")))
    assert (found["c"].previous, found["c"].next) == (None, "b")
    assert (found["b"].previous, found["b"].next) == ("c", "a")
    assert (found["a"].previous, found["a"].next) == ("b", None)
    assert [one.id for one in found["a"].booklets] == ["staff", "one", "other"]


def test_guides_in_no_booklet_follow_one_another_among_their_own_readers() -> None:
    found = around(project((topic("a"), topic("b", "staff"), topic("c"), topic("d")), booklet("one", "d")))
    assert (found["a"].next, found["c"].previous, found["b"].next) == ("c", "a", None)
    assert (found["d"].previous, found["d"].next) == (None, None)
    assert found["a"].booklets == ()


def test_a_discreet_guide_leads_only_to_what_is_discreet_too() -> None:
    guides = (topic("a"), topic("b", discreet=True), topic("c", discreet=True))
    found = around(project(guides, booklet("all", "a b c"), booklet("quiet", "b c")))
    assert (found["b"].previous, found["b"].next) == (None, "c")
    assert [one.id for one in found["b"].booklets] == ["quiet"]
    assert found["a"].next == "b"


# --- what site.toml says of the first page -----------------------------------------------------------


def site_with(text: str) -> list[str]:
    """Return what loading and planning say of the sample with more in its site.toml."""
    project, problems = load(
        {
            **files(TESTS / "sample"),
            "content/site.toml": SITE.replace("[facts]", f"{text}\n[facts]").encode(),
        },
        defaults={},
    )
    if project is not None:
        parsed = documents(project)
        known = {locale: language(locale) for locale in ("en", "es")}
        problems = plan(project, parsed, known)[1]
    return [f"{problem.place.path}: {problem.code}: {problem.fact}" for problem in problems]


SITE = (TESTS / "sample" / "content" / "site.toml").read_text("utf-8")
NEED = '[[need]]\nid = "water"\ntitle = "Thirst"\nguides = ["watering"]\n'
URGENT = 'urgent_title = "Now"\nurgent = "watering.md"\n'


def test_a_need_and_the_urgent_guide_are_read() -> None:
    assert site_with(URGENT + NEED) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (NEED.replace("watering", "wattering"), "unknown-reference"),
        (NEED.replace('"watering"', ""), "empty-value"),
        (NEED + NEED, "duplicate-id"),
        (NEED.replace("Thirst", "Call 555 0199 123"), "phone-in-prose"),
        (NEED.replace('id = "water"\n', ""), "missing-key"),
        ('urgent_title = "Now"', "missing-key"),
        ('urgent = "watering.md"', "missing-key"),
        (URGENT.replace("watering.md", "wattering.md"), "unknown-guide"),
        (URGENT.replace("watering.md", "watering.md#nowhere"), "unknown-anchor"),
        (URGENT.replace("watering.md", "#nowhere"), "unknown-link"),
        (URGENT.replace("watering.md", "https://example.org/"), "unknown-link"),
    ],
)
def test_what_is_wrong_with_the_first_page_is_said_at_its_place(text: str, code: str) -> None:
    (found,) = site_with(text)
    assert found.startswith(f"content/site.toml: {code}: ")
