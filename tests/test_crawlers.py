"""What search engines are told: every page in every language, or to leave the site out of their lists."""

from __future__ import annotations

from dataclasses import replace

from example import documents, language, sample
from lxml import etree

from handbill import crawlers, links
from handbill.model import Text
from handbill.plan import all_locales, plan

XHTML = "{http://www.w3.org/1999/xhtml}link"


def files(**settings: object) -> dict[str, str]:
    """Return the files for search engines of the sample with other settings and an alias."""
    project = sample()
    first, *others = project.guides
    guides = (replace(first, aliases=(Text("sun", first.title.place),)), *others)
    project = replace(project, site=replace(project.site, **settings), guides=guides)
    known = {locale: language(locale) for locale in all_locales(project)}
    made, problems = plan(project, documents(project), known)
    assert problems == ()
    return dict(crawlers.files(made, project.site))


def test_a_site_without_an_address_lets_all_be_read_and_lists_nothing() -> None:
    assert files() == {"robots.txt": "User-agent: *\nDisallow:\n"}


def test_every_page_is_listed_with_its_like_in_each_language_and_one_for_all_others() -> None:
    made = files(address="https://plants.example/guides/")
    assert made["robots.txt"].endswith("Sitemap: https://plants.example/guides/sitemap.xml\n")
    listed = {
        entry[0].text: {link.get("hreflang"): link.get("href") for link in entry.iter(XHTML)}
        for entry in etree.fromstring(made["sitemap.xml"].encode())
    }
    root = "https://plants.example/guides/"
    names = ("index", "contacts", "print", "a-z", "light", "watering")
    assert set(listed) == {
        root,
        *(f"{root}{locale}/{name}.html" for name in names for locale in ("en", "es")),
    }
    assert listed[f"{root}es/light.html"] == {
        "en": f"{root}en/light.html",
        "es": f"{root}es/light.html",
        "x-default": f"{root}en/light.html",
    }
    assert listed[root]["x-default"] == listed[f"{root}en/index.html"]["x-default"] == root
    assert "lastmod" not in made["sitemap.xml"]


def test_a_site_that_is_not_to_be_listed_lets_its_pages_say_so_and_keeps_crawlers_from_its_pdfs() -> None:
    made = files(indexing=False, address="https://plants.example/guides")
    assert made == {"robots.txt": "User-agent: *\nDisallow: /guides/en/print/\nDisallow: /guides/es/print/\n"}


def test_the_root_of_a_site_is_the_path_of_its_address() -> None:
    bases = {
        "": "/",
        "https://plants.example": "/",
        "https://plants.example/": "/",
        "https://plants.example/a/b/": "/a/b/",
    }
    assert {address: links.base(replace(sample().site, address=address)) for address in bases} == bases
