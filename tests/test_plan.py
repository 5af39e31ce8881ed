"""Every output of a build, and where links lead."""

from dataclasses import replace

import pytest
from example import documents, guide, language, project_with, sample, targets

from handbill import links
from handbill.model import Diagnostic, Place, Plan, Text
from handbill.plan import all_locales, plan, redirects


def test_the_sample_is_planned_page_by_page() -> None:
    known = {locale: language(locale) for locale in all_locales(sample())}
    made, problems = plan(sample(), documents(sample()), known)
    assert problems == ()
    names = ("index", "contacts", "print", "a-z", "light", "watering")
    locales = ("en", "es")
    assert [page.path for page in made.pages] == [
        "index.html",
        *(f"{locale}/{name}.html" for name in names for locale in locales),
        *(f"{locale}/404.html" for locale in locales),
        "404.html",
    ]
    assert [path for item in made.prints for path in [file.path for file in item.files]] == [
        f"{locale}/print/first-plants{ending}.pdf" for locale in locales for ending in ("", "-a4", "-letter")
    ]
    assert made.files == (("images/leaf.png", "leaf.png"),)


def test_an_old_name_of_a_guide_is_a_page_in_each_language_that_leads_to_the_guide() -> None:
    made = planned_with_alias("first")
    assert [page.path for page in made.pages if page.kind == "moved"] == ["en/first.html", "es/first.html"]
    assert redirects(made) == (("en/first.html", "en/case.html"), ("es/first.html", "es/case.html"))


@pytest.mark.parametrize("alias", ["light", "case", "index", "a-z", "contacts"])
def test_an_old_name_takes_the_place_of_no_page(alias: str) -> None:
    _, problems = planned(alias)
    assert [(problem.code, str(problem.place)) for problem in problems] == [
        ("path-clash", "content/guides/case.md:7:10")
    ] * 2


def planned_with_alias(alias: str) -> Plan:
    made, problems = planned(alias)
    assert problems == ()
    return made


def planned(alias: str) -> tuple[Plan, tuple[Diagnostic, ...]]:
    """Return the plan of the sample with one more guide, which had another name."""
    place = Place("content/guides/case.md", 7, 10)
    project = project_with(replace(guide("Text.\n"), aliases=(Text(alias, place),)))
    return plan(project, documents(project), {locale: language(locale) for locale in all_locales(project)})


def test_only_a_site_with_an_address_that_may_be_listed_has_a_list_of_its_pages() -> None:
    def crawled(**settings: object) -> tuple[str, ...]:
        project = replace(sample(), site=replace(sample().site, **settings))
        return plan(project, documents(project), {"en": language("en"), "es": language("es")})[0].crawled

    assert crawled() == ("robots.txt",)
    assert crawled(address="https://plants.example") == ("robots.txt", "sitemap.xml")
    assert crawled(address="https://plants.example", indexing=False) == ("robots.txt",)


def test_a_locale_is_a_language_tag_in_addresses() -> None:
    project = replace(sample(), site=replace(sample().site, locales=("zh_Hans",)))
    known = {locale: language(locale) for locale in all_locales(project)}
    made, _ = plan(project, documents(project), known)
    assert "zh-Hans/print/first-plants.pdf" in [
        path for item in made.prints for path in [file.path for file in item.files]
    ]
    assert "zh-Hans/index.html" in [page.path for page in made.pages]


def test_a_locale_that_cldr_does_not_know_is_said_and_left_out() -> None:
    made, problems = plan(sample(), documents(sample()), {"en": language("en")})
    assert [problem.code for problem in problems] == ["unknown-locale"]
    assert {page.locale for page in made.pages} == {None, "en"}


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("[a](light.md) [b](light.md#window) [c](#here) [d]({help-line.web}) {help-line.tty}", []),
        ("[a](gone.md)", ["unknown-guide"]),
        ("[a](light.md#gone)", ["unknown-anchor"]),
        ("[a](#gone)", ["unknown-anchor"]),
        ("[a](Light.md)", ["unknown-guide"]),
        ("[a](light.html)", ["unknown-link"]),
        ("[a](images/leaf.png)", ["unknown-link"]),
        ("[a]()", ["unknown-link"]),
        ("[a](javascript:x)", ["unknown-link"]),
        ("[a]({help-line.phone})", ["unknown-link"]),
        ("[a]({plant-rescue.web})", ["unknown-token"]),
        ("{help-line.gone} {help-line.gone}", ["unknown-token"]),
        ("![a](images/leaf.png) ![b](images/gone.png)", ["unknown-image"]),
        ("![a {gone.phone}](images/leaf.png) b", ["unknown-token"]),
        ("`{gone.phone}` \\{gone.phone} {Gone.phone}", []),
    ],
)
def test_what_a_message_names_is_looked_up(message: str, codes: list[str]) -> None:
    project = project_with(guide(f"## Here {{#here}}\n\n{message}\n"))
    known = {locale: language(locale) for locale in all_locales(project)}
    _, problems = plan(project, documents(project), known)
    assert [problem.code for problem in problems] == codes
    assert all(problem.place.line == 3 for problem in problems)


# --- links -------------------------------------------------------------------------------------------


def test_a_link_leads_to_a_page_on_the_web_and_to_a_chapter_in_print() -> None:
    web = targets(sample(), "web", [])["light"]
    assert web == {
        "{help-line.web}": "https://plants.example/help",
        **{f"{name}.md": f"{name}.html" for name in ("light", "watering")},
        **{f"light.md#{anchor}": f"light.html#{anchor}" for anchor in ("window", "pots")},
        **{
            f"watering.md#{anchor}": f"watering.html#{anchor}"
            for anchor in ("before", "steps", "often", "card")
        },
        "#window": "#window",
        "#pots": "#pots",
    }
    printed = targets(sample(), "print", ["light"])
    assert printed == {
        "light": {
            "{help-line.web}": "https://plants.example/help",
            "light.md": "#light",
            "light.md#window": "#light.window",
            "light.md#pots": "#light.pots",
            "#window": "#light.window",
            "#pots": "#light.pots",
        }
    }
    assert links.print_anchor("light", "pots") == "light.pots"


@pytest.mark.parametrize(
    ("path", "start", "link"),
    [
        ("es/print.html", "index.html", "es/print.html"),
        ("index.html", "es/print.html", "../index.html"),
        ("es/a.html", "es/b.html", "a.html"),
        ("es/a.html", "es/a.html", "a.html"),
        ("es/print/a.pdf", "es/print.html", "print/a.pdf"),
        ("ar/a.html", "es/b/c.html", "../../ar/a.html"),
        ("es", "es/a.html", "../es"),
    ],
)
def test_a_link_between_pages_is_relative(path: str, start: str, link: str) -> None:
    assert links.relative(path, start) == link
