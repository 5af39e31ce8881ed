"""The interface in one language, and contacts in it."""

from dataclasses import replace
from datetime import date

import pytest
from example import phrases, sample

from handbill import contacts
from handbill.model import Html, Place, Text
from handbill.phrases import Phrases, placeholders

ES = replace(
    phrases("es", {"Print": "Imprimir <b>", "%(n)s of 100%%": "%(n)s del 100%%", "Home": "Casa"}),
    plural={(None, "One sheet"): ("Una hoja", "%(num)s hojas")},
)
AR = replace(
    phrases("ar"),
    plural={(None, "One sheet"): ("صفر", "ورقة", "ورقتان", "%(num)s أوراق")},
    plural_form=lambda count: min(count, 5),
)
EN = phrases("en")
HERE = Place("content/site.toml")


def test_a_translation_is_escaped_and_a_value_too_unless_it_is_html() -> None:
    assert ES.html("Print") == "Imprimir &lt;b&gt;"
    assert ES.html("%(n)s of 100%%", n="<i>") == "&lt;i&gt; del 100%"
    assert ES.html("%(n)s of 100%%", n=Html("<i>")) == "<i> del 100%"


def test_what_has_no_translation_is_marked_with_its_language_and_direction() -> None:
    assert ES.html("A & b") == '<span lang="en" dir="ltr">A &amp; b</span>'
    assert ES.text(Text("A & b", HERE)) == '<span lang="en" dir="ltr">A &amp; b</span>'
    assert ES.plural_html("a", "b", 2) == '<span lang="en" dir="ltr">b</span>'
    assert EN.html("A & b") == "A &amp; b"
    assert EN.plural_html("a", "b", 1) == "a"


def test_an_unknown_placeholder_stays_to_be_seen() -> None:
    assert EN.html("%(gone)s and 50%") == "%(gone)s and 50%"


def test_words_of_the_toml_files_may_hold_a_percent_sign() -> None:
    assert EN.text(Text("100% of %(n)s", HERE)) == "100% of %(n)s"
    assert ES.text(Text("Home", HERE)) == "Casa"
    assert ES.plain(Text("Home", HERE)) == "Casa"
    assert ES.plain(Text("A < b", HERE)) == "A < b"


@pytest.mark.parametrize(
    ("words", "count", "html"),
    [
        (ES, 1, "Una hoja"),
        (ES, 7, "7 hojas"),
        (AR, 0, "صفر"),
        (AR, 2, "ورقتان"),
        (AR, 3, "3 أوراق"),
        (AR, 100, "100 أوراق"),  # a form that the catalog lacks: the last one, never an error
    ],
)
def test_the_form_follows_the_count(words: Phrases, count: int, html: str) -> None:
    assert words.plural_html("One sheet", "%(num)s sheets", count) == html


def test_a_context_tells_equal_words_apart() -> None:
    words = replace(phrases("es"), singular={("verb", "Print"): "Imprime", (None, "Print"): "Impresión"})
    assert (words.context_html("verb", "Print"), words.html("Print")) == ("Imprime", "Impresión")
    assert words.context_html("noun", "Print") == '<span lang="en" dir="ltr">Print</span>'


def test_placeholders_are_named_once_and_percent_signs_are_none() -> None:
    assert placeholders("%(a)s %(b)s %(a)s 100%% % (c)s %d") == {"a", "b"}


# --- contacts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("555-0123", "5550123"), ("+44 20 7946-0958", "+442079460958"), ("1 (800) 5", "18005"), ("9+1", "91")],
)
def test_a_number_is_dialled_by_its_digits(number: str, dialled: str) -> None:
    assert contacts.digits(number) == dialled
    assert contacts.href("phone", number) == contacts.href("tty", number) == f"tel:{dialled}"
    assert contacts.href("text", number) == f"sms:{dialled}"


def test_a_number_is_a_link_on_the_web_only_and_left_to_right_everywhere() -> None:
    web = contacts.html("phone", "555-0123", "web")
    assert web == '<a class="number" dir="ltr" href="tel:5550123">555-0123</a>'
    assert contacts.html("phone", "555-0123", "print") == '<span class="number" dir="ltr">555-0123</span>'
    site = '<a class="address" dir="ltr" href="https://plants.example/help">plants.example/help</a>'
    assert {contacts.html("web", "plants.example/help", medium) for medium in ("web", "print")} == {site}


def test_tokens_are_the_same_names_in_every_form() -> None:
    known = sample().contacts
    names = contacts.token_names(known)
    assert names == set(contacts.tokens(known, ES, "web")) == set(contacts.plain_tokens(known, ES))
    assert "help-line.hours" in names
    assert "plant-rescue.hours" not in names
    assert contacts.plain_tokens(known, ES)["help-line.phone"] == "555-0123"


def test_regions_list_their_contacts_in_the_authors_order_and_empty_ones_are_left_out() -> None:
    empty = replace(sample().regions[0], id="away")
    project = replace(sample(), regions=(empty, *sample().regions))
    (region,) = contacts.regions(project, ES, "web", date.isoformat)
    assert region.name == "Casa"
    assert [contact.id for contact in region.contacts] == ["plant-rescue", "help-line"]
    helpline = region.contacts[1]
    assert helpline.checked == "2026-11-01"
    assert [channel.channel for channel in helpline.channels] == ["phone", "text", "tty", "web"]
    assert helpline.channels[0].languages == '<span lang="en" dir="ltr">English and Spanish</span>'
    assert helpline.channels[2].languages is None
