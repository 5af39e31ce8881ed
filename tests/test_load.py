"""Phase load: what the broken projects of `bad/` do not show."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handbill import tables
from handbill.load import guide, load, overdue_guides, unchecked_contacts
from handbill.model import Diagnostic, Guide, Makeup, Place, Project, Rule

SAMPLE = Path(__file__).parent / "sample"
FILES = {
    path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file()
}

GUIDE = """---
title: Light
summary: Where each plant wants to stand.
audience: supporter
facts: []
reviewed: 2026-11-01
review_after: 6
---

Turn the pot.
"""


def loaded(files: dict[str, bytes] = FILES, defaults: dict[str, bytes] | None = None) -> Project:
    project, problems = load(files, defaults or {})
    assert problems == ()
    assert project is not None
    return project


def read(text: str) -> Guide:
    found, problems = guide("content/guides/light.md", text)
    assert problems == ()
    assert found is not None
    return found


def problems_of(text: str) -> list[str]:
    found, problems = guide("light.md", text)
    assert found is None
    return [f"{problem.place} {problem.code}" for problem in problems]


# --- guides ----------------------------------------------------------------------------------------


def test_the_body_begins_after_the_front_matter_and_knows_its_line() -> None:
    found = read(GUIDE)
    assert (found.body, found.body_line) == ("\nTurn the pot.\n", 9)
    assert found.reviewed_place == Place("content/guides/light.md", 6, 11)
    assert found.title.place == Place("content/guides/light.md", 2, 8)


def test_line_endings_of_windows_change_nothing() -> None:
    assert read(GUIDE.replace("\n", "\r\n")) == read(GUIDE)


def test_a_guide_may_end_with_its_front_matter() -> None:
    found = read(GUIDE.partition("\nTurn")[0].rstrip())
    assert (found.body, found.body_line) == ("", 9)


def test_a_rule_in_the_body_does_not_end_the_front_matter() -> None:
    assert read(GUIDE + "\n---\n\nMore.\n").body.endswith("\n---\n\nMore.\n")


def test_a_folded_summary_is_one_line_of_text() -> None:
    text = GUIDE.replace("summary: Where", "summary: >\n  Where\n ").replace("\n  each", " each")
    assert read(text).summary.value == "Where each plant wants to stand."


def test_every_problem_of_a_guide_is_reported_at_once() -> None:
    text = "---\ntitle: 7\naudience: me\nfacts: [a, a, 1]\nreviewed: soon\nreview_after: 010\nnote: x\n---\n"
    assert problems_of(text) == [
        "light.md:1:1 missing-key",
        "light.md:2:8 wrong-type",
        "light.md:3:11 unknown-choice",
        "light.md:4:12 repeated-value",
        "light.md:4:15 wrong-type",
        "light.md:5:11 bad-date",
        "light.md:6:15 bad-months",
        "light.md:7:1 unknown-key",
    ]


@pytest.mark.parametrize(
    "written",
    ["2026-02-30", "2026-11-01T10:00:00", '"2026-11-01"', "2026-11", "20261101", "[2026-11-01]", "~"],
)
def test_what_is_not_a_plain_date_is_no_review_date(written: str) -> None:
    assert problems_of(GUIDE.replace("2026-11-01", written)) == ["light.md:6:11 bad-date"]


@pytest.mark.parametrize("written", ["0", "-1", "61", "6.5", "0x6", "1:30", "1_2", "'6'", "true", "9" * 5000])
def test_what_is_not_a_plain_number_of_months_is_refused(written: str) -> None:
    assert problems_of(GUIDE.replace("after: 6", f"after: {written}")) == ["light.md:7:15 bad-months"]


@pytest.mark.parametrize("written", ["yes", "true", "On"])
def test_discreet_may_be_said_in_any_word_that_yaml_knows(written: str) -> None:
    assert read(GUIDE.replace("review_after", f"discreet: {written}\nreview_after")).discreet


_KEYS = ("title: ", "facts: ", "a:", "b_c: ", "title:  ", "- ", " x: ", "")
_VALUES = (
    "a", "b: c", "- ", "[", "]", "[A1, B2]", ", ", ": ", ":", "#", '"', "'", "|", ">", "  ", "é", "\t", "!x ",
    "&a ", "*a", "---", "...", "yes", "\r", "<<: ", "?", "\x85", "\u2028", "=", "~", "2026-01-01", "012", "-",
    "\ufffe", "😀", "\xa0", "<<", "1.5", ".", "\x7f", "\ufeff",
)  # fmt: skip
_LINES = st.lists(
    st.builds(
        lambda key, values: f"{key}{''.join(values)}\n",
        st.sampled_from(_KEYS),
        st.lists(st.sampled_from(_VALUES), max_size=4),
    ),
    max_size=4,
)


@given(_LINES.map("".join))
def test_what_libyaml_is_given_comes_out_as_from_pyyaml(text: str) -> None:
    def found(loader: object) -> tuple[object, ...]:
        problems: list[Diagnostic] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tables, "_LIBYAML", loader)
            return tables.front_matter("x.md", text, 0, len(text), problems), *problems

    assert tables._LIBYAML is not yaml.SafeLoader
    assert found(tables._LIBYAML) == found(yaml.SafeLoader)


def test_the_hint_for_a_misspelt_word_names_the_right_one() -> None:
    _, problems = guide("light.md", GUIDE.replace("title:", "titel:").replace("supporter", "suporter"))
    hints = {problem.code: problem.hint for problem in problems}
    assert hints["unknown-key"] == "Did you mean `title`?"
    assert hints["unknown-choice"] == "Did you mean `supporter`?"


def test_an_alias_that_would_grow_without_end_is_only_a_wrong_type() -> None:
    assert problems_of(GUIDE.replace("facts: []", "facts: &a [*a, *a]")) == [
        "light.md:5:8 wrong-type",
        "light.md:5:8 wrong-type",
    ]


def test_lists_nested_beyond_reason_are_a_diagnostic() -> None:
    assert problems_of(GUIDE.replace("[]", "[" * 5000)) == ["light.md:2:1 front-matter-syntax"]


@pytest.mark.parametrize(
    "text", ["---\n- a\n---\n", "---\ntext\n---\n", "---\na: 1\n...\nb: 2\n---\n", "---\n\x01\n---\n"]
)
def test_front_matter_of_another_shape_is_a_diagnostic(text: str) -> None:
    assert [problem.rpartition(" ")[2] for problem in problems_of(text)] == ["front-matter-syntax"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.text("-:[]{}&*!|>'\"%@ \n\tab1"))
def test_no_front_matter_makes_a_traceback(text: str) -> None:
    found, problems = guide("light.md", f"---\n{text}\n---\n")
    assert (found is None) == bool(problems)


# --- TOML ------------------------------------------------------------------------------------------

TORTURE = '''# title = "not this one"
title = "a # b ] = \\" c"   # title = 2
"quoted key" = 'd:\\'
a.b.c = 1
a."b".d = [ 1, # ]
  [ "x", """y
]""" ],
  { k = 1, l.m = [2] } ]
long = """
[[thing]]
id = 3"""""
raw = \'\'\'
id = 4\'\'\'
when = 1979-05-27 07:32:00

[[thing]]
id = 5
[thing.inner]
id = 6
[[thing.part]]
id = 7
[[ thing ]]
  id   =   8
[[thing.part]]
id = 9
[[thing.part]]
id = 10
[x.y]
z = 2026-11-01
'''

SPOTS = """\
title 2:1 2:9
quoted key 3:1 3:16
a 4:1 4:9
a.b 4:1 4:9
a.b.c 4:1 4:9
a.b.d 5:1 5:11
a.b.d.0 5:13 5:13
a.b.d.1 6:3 6:3
a.b.d.1.0 6:5 6:5
a.b.d.1.1 6:10 6:10
a.b.d.2 8:3 8:3
a.b.d.2.k 8:5 8:9
a.b.d.2.l 8:12 8:18
a.b.d.2.l.m 8:12 8:18
a.b.d.2.l.m.0 8:19 8:19
long 9:1 9:8
raw 12:1 12:7
when 14:1 14:8
thing 16:1 16:1
thing.0 16:1 16:1
thing.0.id 17:1 17:6
thing.0.inner 18:1 18:1
thing.0.inner.id 19:1 19:6
thing.0.part 20:1 20:1
thing.0.part.0 20:1 20:1
thing.0.part.0.id 21:1 21:6
thing.1 22:1 22:1
thing.1.id 23:3 23:12
thing.1.part 24:1 24:1
thing.1.part.0 24:1 24:1
thing.1.part.0.id 25:1 25:6
thing.1.part.1 26:1 26:1
thing.1.part.1.id 27:1 27:6
x 28:1 28:1
x.y 28:1 28:1
x.y.z 29:1 29:5"""


def test_every_key_and_value_of_toml_is_found_where_it_stands() -> None:
    """Each line of the expectation: the keys, then line:column of the key, then of the value."""
    problems: list[Diagnostic] = []
    table = tables.toml("t.toml", {"t.toml": TORTURE.encode()}, problems)
    assert table is not None
    assert problems == []
    found: list[str] = []

    def walk(path: str, value: tables.Value) -> None:
        spots = [f"{place.line}:{place.column}" for place in (value.key_place, value.place)]
        found.append(" ".join([path, *spots]))
        if isinstance(value.raw, tuple):
            for number, item in enumerate(value.raw):
                walk(f"{path}.{number}", item)
        elif isinstance(value.raw, dict):
            for name, item in value.raw.items():
                walk(f"{path}.{name}", item)

    for name, value in table.values.items():
        walk(name, value)
    assert "\n".join(found) == SPOTS


@given(st.binary() | st.text("[]{}=.,#'\"\\ \nab1").map(str.encode))
def test_no_settings_file_makes_a_traceback(content: bytes) -> None:
    files = FILES | {"content/site.toml": content, "content/contacts.toml": content}
    project, problems = load(files, {})
    assert project is None
    assert problems


# --- the project -----------------------------------------------------------------------------------


def test_the_sample_is_loaded_whole() -> None:
    project = loaded()
    assert [guide.id for guide in project.guides] == ["light", "watering"]
    assert project.booklets[0].guides == ("watering", "light")
    assert [image.name for image in project.images] == ["leaf.png"]
    help_line = project.contacts[1]
    assert help_line.channels == (
        ("phone", "555-0123"),
        ("text", "555-0124"),
        ("tty", "711"),
        ("web", "plants.example/help"),
    )
    assert [(channel, text.value) for channel, text in help_line.languages] == [
        ("phone", "English and Spanish"),
        ("text", "English only"),
    ]
    assert help_line.languages[0][1].place == Place("content/contacts.toml", 34, 9)
    assert help_line.place == Place("content/contacts.toml", 18, 1)


def test_a_project_needs_neither_contacts_nor_booklets() -> None:
    files = {
        path: content for path, content in FILES.items() if "contacts" not in path and "booklets" not in path
    }
    site = files["content/site.toml"].replace(b'"plant-rescue"', b'""').replace(b'"help-line"', b'""')
    project = loaded(files | {"content/site.toml": site})
    assert (project.contacts, project.booklets, project.site.helpline) == ((), (), "")


def made_up(lines: str) -> Makeup:
    booklets = FILES["content/booklets.toml"].replace(b"\r", b"") + lines.encode()
    return loaded({**FILES, "content/booklets.toml": booklets}).booklets[-1].makeup


def test_a_booklet_says_how_it_is_made_up_or_has_what_is_usual() -> None:
    assert made_up("") == Makeup(binding=None, paper_gsm=80, signature_sheets=4)
    told = 'formats = ["booklet-signatures"]\nbinding = "right"\npaper_gsm = 120\nsignature_sheets = 6\n'
    assert made_up(told) == Makeup("right", 120, 6)
    assert made_up(told).turned("ltr") == "rtl"
    assert [made_up("").turned(direction) for direction in ("ltr", "rtl")] == ["ltr", "rtl"]


@pytest.mark.parametrize("binding", ["top", "Left", ""])
def test_a_booklet_is_bound_at_the_left_or_at_the_right(binding: str) -> None:
    booklets = FILES["content/booklets.toml"] + f'binding = "{binding}"\n'.encode()
    project, problems = load({**FILES, "content/booklets.toml": booklets}, {})
    assert project is None
    assert {problem.code for problem in problems} == {"unknown-choice" if binding else "empty-value"}


def ruled(rules: str, locales: str = '["es", "es_MX", "es_419", "sr", "sr_Latn", "sr_ME"]') -> list[object]:
    """Return the rules of a site, or each mistake in them as `line:column code`, lines counted from them."""
    site = FILES["content/site.toml"].decode().replace('locales = ["es"]', f"locales = {locales}")
    project, problems = load(FILES | {"content/site.toml": (site + rules).encode()}, {})
    above = site.count("\n")
    if project is not None:
        return list(project.site.rules)
    return [f"{problem.place.line - above}:{problem.place.column} {problem.code}" for problem in problems]


def test_a_site_that_says_nothing_has_the_safe_rule_for_every_translation() -> None:
    assert loaded().site.rules == (("es", Rule(share=90, review="none", fallback=())),)
    assert ruled("") == [(locale, Rule()) for locale in ("es", "es_MX", "es_419", "sr", "sr_Latn", "sr_ME")]


def test_a_locale_overrides_what_holds_for_all_key_by_key() -> None:
    rules = """
[publish]
share = 95
review = "critical"

[locale.es_MX]
share = 0
fallback = ["es"]

[locale.es]
review = "all"
"""
    assert ruled(rules, '["ar", "es", "es_MX"]') == [
        ("ar", Rule(95, "critical")),
        ("es", Rule(95, "all")),
        ("es_MX", Rule(0, "critical", ("es",))),
    ]


def test_a_fallback_brings_its_own_fallbacks_nearest_first() -> None:
    rules = 'locale.es_MX.fallback = ["es_419"]\nlocale.es_419.fallback = ["es"]\n'
    site = FILES["content/site.toml"].decode().replace('["es"]', '["es", "es_MX", "es_419"]')
    project = loaded(FILES | {"content/site.toml": (rules + site).encode()})
    assert [rule.fallback for _, rule in project.site.rules] == [(), ("es_419", "es"), ("es",)]


def test_who_leaves_in_a_regional_locale_is_taken_where_its_fallback_leads() -> None:
    rules = """
[exit]
address = "https://plain.example/"
[locale.es]
exit = "https://es.example/"
[locale.es_419]
fallback = ["es"]
[locale.es_MX]
fallback = ["es_419"]
[locale.es_AR]
exit = "https://ar.example/"
fallback = ["es"]
"""
    locales = '["es", "es_MX", "es_419", "es_AR", "sr"]'
    site = FILES["content/site.toml"].decode().replace('["es"]', locales)
    way_out = loaded(FILES | {"content/site.toml": (site + rules).encode()}).site.exit
    assert way_out
    assert {locale: way_out.of(locale) for locale in ("en", "es", "es_MX", "es_419", "es_AR", "sr")} == {
        "en": "https://plain.example/",
        "es": "https://es.example/",
        "es_MX": "https://es.example/",
        "es_419": "https://es.example/",
        "es_AR": "https://ar.example/",
        "sr": "https://plain.example/",
    }


def test_a_fallback_may_be_another_region_but_no_other_script() -> None:
    assert ruled('[locale.sr_ME]\nfallback = ["sr_Latn"]\n')[-1] == ("sr_ME", Rule(fallback=("sr_Latn",)))
    assert ruled('[locale.sr_ME]\nfallback = ["sr"]\n') == ["2:13 fallback-language"]
    assert ruled('[locale.es_MX]\nfallback = ["sr_Latn"]\n') == ["2:13 fallback-language"]


@pytest.mark.parametrize(
    ("rules", "mistakes"),
    [
        ("[publish]\nshare = 101\n", ["2:9 bad-share"]),
        ("[publish]\nshare = -1\n", ["2:9 bad-share"]),
        ("[publish]\nshare = 90.0\n", ["2:9 bad-share"]),
        ('[publish]\nshare = "90"\n', ["2:9 bad-share"]),
        ("[publish]\nshare = true\n", ["2:9 bad-share"]),
        ('[publish]\nreview = "some"\n', ["2:10 unknown-choice"]),
        ("[publish]\nreview = true\n", ["2:10 wrong-type"]),
        ('[publish]\nfallback = ["es"]\n', ["2:1 unknown-key"]),
        ("[[publish]]\nshare = 3\n", ["1:1 wrong-type"]),
        ("[locale]\nes = 3\n", ["2:6 wrong-type"]),
        ("[locale.es]\nshares = 3\n", ["2:1 unknown-key"]),
        ("[locale.es]\nshare = 200\n", ["2:9 bad-share"]),
        ("[locale.fr]\nshare = 3\n", ["1:1 unknown-reference"]),
        ("[locale.en]\nshare = 3\n", ["1:1 unknown-reference"]),
        ('[locale.es]\nfallback = "es_MX"\n', ["2:12 wrong-type"]),
        ('[locale.es_MX]\nfallback = ["es_AR"]\n', ["2:13 unknown-reference"]),
        ('[locale.es_MX]\nfallback = ["es", "es"]\n', ["2:19 repeated-value"]),
        ('[locale.es_MX]\nfallback = ["en"]\n', ["2:13 fallback-source"]),
        ('[locale.es_MX]\nfallback = ["es_MX"]\n', ["2:13 fallback-cycle"]),
        (
            '[locale.es_MX]\nfallback = ["es_419", "es"]\n[locale.es]\nfallback = ["es_419"]\n'
            '[locale.es_419]\nfallback = ["es_MX"]\n',
            ["6:13 fallback-cycle"],
        ),
        (
            '[locale.es_MX]\nfallback = ["es"]\n[locale.es]\nfallback = ["es_MX"]\n'
            '[locale.sr]\nfallback = ["sr"]\n',
            ["4:13 fallback-cycle", "6:13 fallback-cycle"],
        ),
    ],
)
def test_a_mistake_in_a_rule_is_reported_at_its_place(rules: str, mistakes: list[str]) -> None:
    assert ruled(rules) == mistakes


def test_a_circle_is_told_by_its_way_round() -> None:
    site = FILES["content/site.toml"].decode().replace('["es"]', '["es", "es_MX", "es_419"]')
    rules = """
[locale.es_MX]
fallback = ["es_419"]
[locale.es_419]
fallback = ["es"]
[locale.es]
fallback = ["es_419"]
"""
    _, problems = load(FILES | {"content/site.toml": (site + rules).encode()}, {})
    assert [problem.fact for problem in problems] == [
        "The fallbacks lead round in a circle: `es_419` → `es` → `es_419`."
    ]


def test_the_order_of_the_files_changes_nothing() -> None:
    assert loaded(dict(reversed(FILES.items()))) == loaded()


def test_own_templates_are_laid_over_the_defaults_file_by_file() -> None:
    project = loaded(
        FILES | {"templates/web/page.html": b"own"},
        {"templates/web/page.html": b"default", "templates/web/base.html": b"base"},
    )
    assert project.template_texts() == {"web/base.html": "base", "web/page.html": "own"}


def test_files_of_the_system_and_of_editors_are_not_looked_at() -> None:
    clutter = dict.fromkeys(
        ["content/.DS_Store", "content/guides/light.md~", "templates/.git/x", "notes.txt"], b"\xff"
    )
    assert loaded(FILES | clutter) == loaded()


def test_one_unreadable_file_hides_no_problem_of_another_and_invents_none() -> None:
    files = FILES | {
        "content/contacts.toml": b"[",
        "content/guides/light.md": b"no front matter",
        "content/booklets.toml": FILES["content/booklets.toml"].replace(b'"light"', b'"lihgt"'),
    }
    _, problems = load(files, {})
    assert [problem.code for problem in problems] == ["unknown-reference", "toml-syntax", "no-front-matter"]


# --- dates -----------------------------------------------------------------------------------------


def test_a_guide_is_overdue_the_day_after_its_months_have_passed() -> None:
    project = loaded()
    assert overdue_guides(project, date(2027, 5, 1)) == ()
    (problem,) = overdue_guides(project, date(2027, 5, 2))
    assert (problem.code, problem.severity) == ("guide-overdue", "warning")
    assert problem.place == Place("content/guides/light.md", 8, 11)


def test_a_contact_is_unchecked_the_day_after_a_year() -> None:
    project = loaded()
    assert unchecked_contacts(project, date(2027, 11, 1)) == ()
    problems = unchecked_contacts(project, date(2027, 11, 2))
    assert [(problem.code, problem.severity) for problem in problems] == [("contact-unchecked", "error")] * 2


def test_a_date_of_tomorrow_is_forgiven_for_the_sake_of_time_zones() -> None:
    project = loaded()
    assert overdue_guides(project, date(2026, 10, 31)) + unchecked_contacts(project, date(2026, 10, 31)) == ()
    assert {problem.code for problem in overdue_guides(project, date(2026, 10, 30))} == {"date-in-future"}
