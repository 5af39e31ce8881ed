"""What helps readers find a page: the list from A to Z."""

from __future__ import annotations

import re
from pathlib import Path

from example import language, phrases
from lxml import html

from handbill import render
from handbill.model import Contents, Edition, Html, PagePlan, Template


def letters(site: Path, locale: str) -> dict[str, list[str]]:
    """Return letter → the words below it, of a finished list."""
    page = html.parse(str(site / locale / "a-z.html"))
    return {
        section.findtext("h2"): [
            item.text_content().split("\n")[0].strip() for item in section.xpath("ul/li")
        ]
        for section in page.iter("section")
    }


def test_every_guide_and_heading_of_the_sample_is_under_its_letter(built_sample: Path) -> None:
    assert letters(built_sample / "site", "en") == {
        "A": ["A card for the wall Watering", "At the window Light: near the window, or not"],
        "B": ["Before you water Watering"],
        "H": ["How often Watering"],
        "L": ["Light: near the window, or not"],
        "N": ["New pots Light: near the window, or not"],
        "S": ["Step by step Watering"],
        "W": ["Watering"],
    }


def test_a_heading_of_several_guides_stands_there_once_with_each_of_them() -> None:
    template = "{% for g in groups %}{{ g.letter }}:{% for t in g.terms %} {{ t.words }}={{ t.href }}"
    template += "{% for h, title in t.guides %} {{ h }}/{{ title }}{% endfor %}|{% endfor %}{% endfor %}"
    jinja = render.environment([Template("web/letters.html", "templates/web/letters.html", template)])
    context = {"headers": {}, "footers": {}, "alternates": Html(""), "languages": Html("")}
    voice = render.Voice(language("en"), phrases("en"), context)
    page = PagePlan("letters", "en/a-z.html", "en", None, ())
    editions = {name: edition(name, "Help", "<em>Éclair</em> &amp; pots") for name in ("light", "end")}
    text, problems = render.letters_page(jinja, voice, page, editions, unreviewed=False)
    assert problems == ()
    assert text.split("|") == [
        "E: <em>Éclair</em> &amp; pots= light.html#a1/light end.html#a1/end",
        " end=end.html",
        "H: Help= light.html#a0/light end.html#a0/end",
        "L: light=light.html",
        "",
    ]


def edition(guide: str, *headings: str) -> Edition:
    contents = tuple(Contents(2, f"a{place}", Html(words)) for place, words in enumerate(headings))
    return Edition(guide, "en", Html(guide), Html(""), guide, "", Html(""), contents, 0)


def test_each_letter_is_reached_from_the_top_and_each_page_leads_to_the_list(built_site: Path) -> None:
    for path in built_site.glob("*/a-z.html"):
        page = html.parse(str(path))
        jumps = page.xpath("//ul[@class='letters']//a/@href")
        assert jumps == [f"#{heading.get('id')}" for heading in page.xpath("//section/h2")]
        assert len(jumps) > 5
    for path in built_site.glob("*/*.html"):
        if path.name not in ("a-z.html", "404.html"):
            assert html.parse(str(path)).xpath("//footer//a[@href='a-z.html']"), path


def test_every_guide_and_every_heading_of_it_stands_in_the_list_of_its_locale(built_site: Path) -> None:
    for listing in built_site.glob("*/a-z.html"):
        hrefs = html.parse(str(listing)).xpath("//section//a/@href")
        assert len(set(hrefs)) == len(hrefs)
        for path in listing.parent.glob("*.html"):
            headings = html.parse(str(path)).xpath(
                "//article//div[@class='body']//*[self::h2 or self::h3]/@id"
            )
            wanted = [f"{path.name}#{id}" for id in headings]
            assert set(wanted) <= set(hrefs), path


def test_the_page_for_what_is_missing_is_in_each_language_and_at_the_root_in_all(built_site: Path) -> None:
    for path in (built_site / "404.html", *built_site.glob("*/404.html")):
        page = html.parse(str(path))
        tags = page.xpath("//main/div/@lang")
        folders = sorted(home.parent.name for home in built_site.glob("*/index.html"))
        assert sorted(tags) == (folders if path.parent == built_site else [path.parent.name])
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        [leave] = page.xpath("//body/*[1][self::a]/@href")
        assert leave.startswith("https://")
        for link in page.xpath("//@href[. != $leave]", leave=leave):
            assert link == "#main" or (built_site / link.removeprefix("/")).is_file(), link


def test_the_title_of_the_list_says_nothing_of_the_subject(built_site: Path) -> None:
    for path in built_site.glob("*/a-z.html"):
        assert not re.search("traffick|trata|اتجار|贩", html.parse(str(path)).findtext(".//title"))
