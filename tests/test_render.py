"""Templates filled in: from a mapping only, escaped, and their authors' mistakes told with their line."""

import pytest
from example import language, phrases, sample

from handbill import render
from handbill.model import Html, PagePlan, Template


def filled(context: dict[str, object], **texts: str) -> tuple[str, list[tuple[str, str]]]:
    """Return `web/page.html` filled in, and each problem's place and code."""
    templates = [
        Template(f"web/{name}.html", f"templates/web/{name}.html", text) for name, text in texts.items()
    ]
    text, problems = render.fill_template(render.environment(templates), "web/page.html", context)
    return text, [(str(problem.place), problem.code) for problem in problems]


def test_a_value_is_escaped_unless_it_is_html() -> None:
    context = {"plain": "<b>", "html": Html("<b>")}
    assert filled(context, page="{{ plain }} {{ html }}") == ("&lt;b&gt; <b>", [])
    assert filled(context, page="{{ html ~ plain }}") == ("<b>&lt;b&gt;", [])


def test_plain_takes_markup_away_for_a_title() -> None:
    context = {"html": Html('<span lang="en">A &amp; b</span>')}
    assert filled(context, page="<title>{{ html|plain }}</title>")[0] == "<title>A &amp; b</title>"


def test_templates_speak_through_the_phrases_of_their_locale() -> None:
    words = phrases("es", {"Print": "Imprimir", "%(n)s < %(m)s": "%(n)s < %(m)s %%"})
    context = {"gettext": words.html, "ngettext": words.plural_html, "n": "<3"}
    page = '{{ _("Print") }} {{ _("Gone") }} {% trans n=n, m=4 %}{{ n }} < {{ m }}{% endtrans %}'
    text, problems = filled(context, page=page)
    assert problems == []
    assert text == 'Imprimir <span lang="en" dir="ltr">Gone</span> &lt;3 &lt; 4 %'


def test_a_percent_sign_is_a_percent_sign_with_values_and_without() -> None:
    words = phrases("en")
    context = {"gettext": words.html, "ngettext": words.plural_html, "n": 3}
    page = "{% trans %}100%{% endtrans %} {% trans n=n %}{{ n }} of 100%{% endtrans %} "
    page += '{{ _("5%% of") }} {{ _("5% of") }}'
    assert filled(context, page=page) == ("100% 3 of 100% 5% of 5% of", [])
    page = "{% trans num=n %}{{ num }} page{% pluralize num %}{{ num }} pages, 1%{% endtrans %}"
    assert filled(context, page=page) == ("3 pages, 1%", [])


def test_tokens_stand_for_contacts_in_templates_too() -> None:
    project = sample()
    words = phrases("es", {"Call {help-line.phone}.": "Llama al {help-line.phone}."})
    context = dict(render.voice(project, words, "web", True).context)
    text, problems = filled(context, page='{{ _("Call {help-line.phone}.") }}')
    assert problems == []
    assert text.startswith('Llama al <a class="number" dir="ltr" href="tel:')
    _, problems = filled(context, page='a\n{{ _("Call {help-lin.phone}.") }}')
    assert problems == [("templates/web/page.html:2:1", "template")]


def test_lists_numbers_and_sizes_are_written_as_the_locale_writes_them() -> None:
    page = "{{ listing(names) }} {{ number(1234.5) }} {{ filesize(2460000) }} {{ listing(names[:1]) }}"
    names = [Html("<b>A</b>"), "B & C", "D"]
    for locale, expected in (
        ("en", "<b>A</b>, B &amp; C, and D 1,234.5 2.5 MB <b>A</b>"),
        ("es", "<b>A</b>, B &amp; C y D 1.234,5 2,5 MB <b>A</b>"),
        ("ar", "<b>A</b> وB &amp; C وD 1,234.5 2.5 م.ب <b>A</b>"),
        ("zh_Hans", "<b>A</b>、B &amp; C和D 1,234.5 2.5 MB <b>A</b>"),
    ):
        context = dict(render.voice(sample(), phrases(locale), "web", True).context)
        assert filled(context | {"names": names}, page=page) == (expected, [])


@pytest.mark.parametrize(
    ("page", "place", "code"),
    [
        ("a\n{{ gone }}", "templates/web/page.html:2:1", "template"),
        ("a\n{{ plain.gone }}", "templates/web/page.html:2:1", "template"),
        ("a\nb\n{{ 1 / 0 }}", "templates/web/page.html:3:1", "template"),
        ("{{ plain + 1 }}", "templates/web/page.html:1:1", "template"),
        ("{{ plain|round }}", "templates/web/page.html:1:1", "template"),
        ("{{ plain|gone }}", "templates/web/page.html:1:1", "template"),
        ("a\n{% if %}", "templates/web/page.html:2:1", "template"),
        ('{% include "web/part.html" %}', "templates/web/part.html:2:1", "template"),
        ('{% extends "web/gone.html" %}', "templates/web/page.html:1:1", "template-missing"),
        ('{% include "/etc/hostname" %}', "templates/web/page.html:1:1", "template-missing"),
        ("{# nothing #}\n", "templates/web/page.html:1:1", "template"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(page: str, place: str, code: str) -> None:
    assert filled({"plain": "x"}, page=page, part="a\n{{ gone }}") == ("", [(place, code)])


def test_a_bug_of_ours_is_not_blamed_on_a_template() -> None:
    def contents(name: str) -> str:
        return sample().template_texts()[name]

    with pytest.raises(AttributeError):
        filled({"languages": phrases("es").text}, page='{{ languages("no Text") }}')
    assert filled({"f": contents}, page='{{ f("gone") }}')[1] == [("templates/web/page.html:1:1", "template")]


def test_links_to_other_languages_are_relative_to_the_page() -> None:
    known = {"en": language("en"), "es": language("es")}
    part = "{% for a in sisters %}{{ a.href }} {{ a.language.tag }} {{ a.current }};{% endfor %}"
    page = "{{ alternates }}{{ root }}{{ nav.print }}"
    texts = {"alternates": part, "languages": part, "contacts": page, "chooser": page}
    jinja = render.environment(
        [Template(f"web/{name}.html", f"templates/web/{name}.html", text) for name, text in texts.items()]
    )
    sisters = (("en", "en/contacts.html"), ("es", "es/contacts.html"))
    other = PagePlan("print", "es/print.html", "es", None, (("en", "en/print.html"), ("es", "es/print.html")))
    shared = render.voice(sample(), phrases("es"), "web", True)
    spoken, _ = render.web_voice(jinja, shared, other, known)
    plan = PagePlan("contacts", "es/contacts.html", "es", None, sisters)
    text, _ = render.contacts_page(jinja, spoken, plan)
    assert text == "../en/contacts.html en False;contacts.html es True;../print.html"
    root = PagePlan("chooser", "index.html", None, None, (("en", "en/index.html"), ("es", "es/index.html")))
    text, _ = render.chooser_page(jinja, spoken, root, known)
    assert text == "en/index.html en False;es/index.html es False;es/print.html"
