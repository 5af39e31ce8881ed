"""A new language: its files are made and its code is added, or nothing is touched; what it lacks is told."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date
from difflib import ndiff
from pathlib import Path

import pytest
from example import TESTS, files, write_project
from hypothesis import given
from hypothesis import strategies as st

from handbill import catalogs, glossary, newlocale, po, profile
from handbill.newlocale import Begun, Refusal, with_locale
from handbill.pipeline import Options, build

TODAY = date(2026, 11, 21)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample project, which is in English and Spanish."""
    write_project(tmp_path)
    return tmp_path


def begun(folder: Path, code: str) -> Begun:
    """Add a locale that can be added."""
    made, problems = newlocale.begin(folder, code)
    assert problems == ()
    assert isinstance(made, Begun), made
    return made


def refused(folder: Path, code: str) -> Refusal:
    """Ask for a locale that cannot be added, and see that no file was touched."""
    before = files(folder)
    made, _ = newlocale.begin(folder, code)
    assert isinstance(made, Refusal), made
    assert files(folder) == before
    return made


# --- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "locale"),
    [
        ("fr", "fr"),
        ("hi", "hi"),
        ("fa", "fa"),
        ("zh-hant", "zh_Hant"),
        ("ES_mx", "es_MX"),
        ("th", "th"),
        ("es-419", "es_419"),
        ("sr_latn", "sr_Latn"),
        ("he", "he"),
    ],
)
def test_a_new_locale_is_ready_to_be_translated_and_built(folder: Path, code: str, locale: str) -> None:
    before = files(folder)
    made = begun(folder, code)
    assert made.profile.language.locale == locale
    after = files(folder)
    names = {"interface", *(path.stem for path in (folder / "content" / "guides").glob("*.md"))}
    expected = {f"locales/{locale}/LC_MESSAGES/{name}.po" for name in names}
    assert set(made.written) == after.keys() - before.keys() == expected | {f"locales/{locale}/glossary.toml"}
    changed = {path for path in before if after[path] != before[path]}
    assert changed == {"content/site.toml"}
    settings = tomllib.loads(after["content/site.toml"].decode())
    assert settings["locales"] == ["es", locale]

    for path in expected:
        catalog, problems = po.read(after[path].decode(), path)
        assert (problems, po.check_header(catalog, locale)) == ((), ())
        assert not any(entry.current for entry in catalog.entries if entry.msgid)
    assert glossary.read(after[f"locales/{locale}/glossary.toml"], "x") == ((), ())
    assert catalogs.check(folder, TODAY) == ()
    updated, problems = catalogs.extract(folder, TODAY)
    assert problems == ()
    assert [path for path in updated.written if f"/{locale}/" in path] == [], "what is new is up to date"
    outcome = build(Options(folder, TODAY, jobs=1), lambda what, done, total: None)
    assert [problem for problem in outcome.diagnostics if problem.severity == "error"] == []
    assert locale in outcome.locales


def test_what_handbills_own_pages_say_in_a_language_is_offered_and_not_taken_for_read(folder: Path) -> None:
    made = begun(folder, "ar")
    path = "locales/ar/LC_MESSAGES/interface.po"
    catalog, _ = po.read((folder / path).read_text("utf-8"), path)
    offered = [entry for entry in catalog.entries if entry.msgid and any(entry.msgstr)]
    assert len(offered) == made.offered > 20
    assert all(entry.fuzzy for entry in offered)


def test_a_file_that_is_there_stays_as_it_is(folder: Path) -> None:
    there = folder / "locales" / "fr" / "LC_MESSAGES" / "light.po"
    there.parent.mkdir(parents=True)
    there.write_text("somebody's work", encoding="utf-8")
    made = begun(folder, "fr")
    assert made.kept == ("locales/fr/LC_MESSAGES/light.po",)
    assert made.kept[0] not in made.written
    assert there.read_text("utf-8") == "somebody's work"


def test_nothing_is_left_behind_where_a_file_cannot_be_written(folder: Path) -> None:
    (folder / "locales" / "fr").mkdir()
    (folder / "locales" / "fr" / "LC_MESSAGES").write_text("in the way")
    before = files(folder)
    with pytest.raises(OSError, match="LC_MESSAGES"):
        newlocale.begin(folder, "fr")
    assert files(folder) == before


def test_a_broken_project_is_not_added_to(folder: Path) -> None:
    (folder / "content" / "guides" / "light.md").write_text("no front matter")
    before = files(folder)
    made, problems = newlocale.begin(folder, "fr")
    assert made is None
    assert [problem.code for problem in problems] == ["no-front-matter"]
    assert files(folder) == before


def test_the_glossary_lists_what_the_sites_others_have_words_for(folder: Path) -> None:
    other = folder / "locales" / "es" / "glossary.toml"
    other.write_text('[[term]]\nsource = "soil \\"mix\\""\npreferred = "tierra"\n', encoding="utf-8")
    begun(folder, "fr")
    text = (folder / "locales" / "fr" / "glossary.toml").read_text("utf-8")
    assert "French" in text
    assert text.startswith("# ")
    filled = "".join(f"{line[2:]}\n" for line in text.splitlines()[4:])
    for number, key in enumerate(("preferred = ", "forbidden = [", "reason = ")):
        filled = filled.replace(f'{key}""', f'{key}"word {number}"')
    terms, problems = glossary.read(filled.encode(), "locales/fr/glossary.toml")
    assert problems == ()
    assert [term.source for term in terms] == ['soil "mix"']


# --- codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fact", "hint"),
    [
        ("xx", "There is no locale `xx`.", "A code names"),
        ("", "There is no locale ``.", "A code names"),
        ("french", "There is no locale `french`.", "Did you mean `fr` (French)?"),
        ("Farsi", "There is no locale `Farsi`.", "Did you mean `fa` (Persian)?"),
        ("fr_XX", "There is no locale `fr_XX`.", "Did you mean `fr` (French)?"),
        ("iw", "There is no locale `iw`.", "Did you mean `he` (Hebrew)?"),
        ("hindo", "There is no locale `hindo`.", "`hi` (Hindi)"),
        ("en_XA", "`en_XA` is a made-up language", "build --pseudo"),
        ("ar-XB", "`ar-XB` is a made-up language", "build --pseudo"),
        ("es", "The site has `es` already.", "extract"),
        ("ES", "The site has `es` already.", "extract"),
        ("en", "The guides are written in `en` already.", "Choose"),
        ("../fr", "There is no locale `../fr`.", "A code names"),
        ("fr.UTF-8", "There is no locale `fr.UTF-8`.", "A code names"),
        ("ca@valencia", "There is no locale `ca@valencia`.", "A code names"),
    ],
)
def test_a_code_that_cannot_be_added_is_explained(folder: Path, code: str, fact: str, hint: str) -> None:
    refusal = refused(folder, code)
    assert refusal.fact.startswith(fact)
    assert hint in refusal.hint
    assert refusal.misunderstood


def test_the_command_says_what_is_missing_and_what_comes_next(folder: Path) -> None:
    def run(code: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "handbill", "-C", str(folder), "new", "locale", code]
        done = subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True)
        return done.returncode, " ".join(done.stdout.split()), done.stderr

    code, said, _ = run("hi-in")
    assert code == 0
    for words in ("`hi-in` is `hi_IN` here", "Hindi", "left to right", "Noto Sans Devanagari", "check hi_IN"):
        assert words in said
    code, said, _ = run("ar")
    assert code == 0
    assert "marked fuzzy" in said
    code, said, complaint = run("frnch")
    assert (code, said) == (2, "")
    assert "Did you mean" in complaint
    assert "Nothing was changed." in complaint


# --- the list in site.toml ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('locales = ["es"]', 'locales = ["es", "fr"]'),
        ("locales = ['es']", "locales = ['es', 'fr']"),
        ('locales=["es",]', 'locales=["es", "fr",]'),
        ("locales = []", 'locales = ["fr"]'),
        ("locales = [ ] # none yet", 'locales = ["fr" ] # none yet'),
        ('locales = ["es", # [old]\n  "ar"]', 'locales = ["es", # [old]\n  "ar", "fr"]'),
        ('locales = [\n  "es", # a\n  "ar" # b\n]', 'locales = [\n  "es", # a\n  "ar", # b\n  "fr"\n]'),
        (
            'locales = [\n\t"es",\n\t"ar", # b\n\t# c\n]',
            'locales = [\n\t"es",\n\t"ar", # b\n\t"fr",\n\t# c\n]',
        ),
        ('locales = [\r\n  "es",\r\n]\r\n', 'locales = [\r\n  "es",\r\n  "fr",\r\n]\r\n'),
        ('locales = [\n  "es"\n  , # odd\n]', None),
        (
            '# locales = ["x"]\nlocales = ["es"]\n[facts]\n',
            '# locales = ["x"]\nlocales = ["es", "fr"]\n[facts]\n',
        ),
        ('"locales" = ["es"]', None),
        ('title = """\nlocales = ["es"]\n"""\nlocales = ["es"]', None),
        ('[publish]\nlocales = ["es"]', None),
        ('locales = ["es"', None),
        ("locales = [[1]]", None),
        ("", None),
    ],
)
def test_only_the_list_of_locales_is_added_to(before: str, after: str | None) -> None:
    made = with_locale(before, "fr")
    if after is not None or made is None:
        assert made == after
    else:  # some other safe way
        assert tomllib.loads(made)["locales"][-1] == "fr"


SPACE = st.sampled_from(["", " ", "\n", "\n  ", " # a ] comment\n", ' # "x", \n\t', "\r\n"])
ITEMS = st.lists(
    st.tuples(SPACE, st.sampled_from(['"es"', "'ar'", '"zh_Hans"', '"a\\"b"']), SPACE), max_size=4
)


@given(
    items=ITEMS, end=SPACE, trailing=st.booleans(), around=st.tuples(st.sampled_from(["", "x = 1\n"]), SPACE)
)
def test_whatever_a_list_looks_like_nothing_else_in_the_file_changes(
    items: list[tuple[str, str, str]], end: str, trailing: bool, around: tuple[str, str]
) -> None:
    listed = ",".join("".join(item) for item in items) + ("," if trailing and items else "") + end
    text = f"{around[0]}locales = [{listed}]{around[1]}\n[facts]\nA = 1 # kept\n"
    made = with_locale(text, "fr")
    if made is None:
        return
    wanted = tomllib.loads(text)
    wanted["locales"] += ["fr"]
    assert tomllib.loads(made) == wanted
    changes = [change for change in ndiff(list(text), list(made)) if change[0] in "+-"]
    assert {change[0] for change in changes} == {"+"}, "nothing was taken away"
    assert len(changes) <= len(', "fr"\r\n\t')


def test_a_list_that_cannot_be_added_to_is_left_alone(folder: Path) -> None:
    settings = folder / "content" / "site.toml"
    settings.write_text(settings.read_text("utf-8").replace("locales =", '"locales" ='), encoding="utf-8")
    refusal = refused(folder, "fr")
    assert "cannot safely add" in refusal.fact
    assert not refusal.misunderstood


# --- what is known of the language ---------------------------------------------------------------------


def test_plural_forms_are_told_with_cldrs_names_and_numbers(folder: Path) -> None:
    forms = begun(folder, "ar").profile.forms
    assert [form.categories for form in forms] == [
        ("zero",),
        ("one",),
        ("two",),
        ("few",),
        ("other",),
        ("many",),
    ]
    assert forms[3].numbers == (3, 4, 5, 6, 7, 8)
    assert forms[4].numbers[:3] == (100, 101, 102)
    assert dict(profile.facts(begun(folder, "cs").profile))["plurals"] == (
        "msgstr[0] for 1 (one); msgstr[1] for 2, 3, 4 (few); msgstr[2] for 0, 5, 6, 7, 8 … (other)"
    )


@pytest.mark.parametrize(
    ("code", "missing", "hyphenated", "direction", "digits"),
    [
        ("fr", "", True, "ltr", ""),
        ("vi", "", False, "ltr", ""),
        ("uk", "", True, "ltr", ""),
        ("fa", "", False, "rtl", "۰۱۲۳۴۵۶۷۸۹"),
        ("hi", "अआइ", False, "ltr", "०१२३४५६७८९"),
        ("th", "กขค", True, "ltr", "๐๑๒๓๔๕๖๗๘๙"),
        ("he", "אבג", False, "rtl", ""),
    ],
)
def test_fonts_hyphenation_direction_and_digits_are_found(
    folder: Path, code: str, missing: str, hyphenated: bool, direction: str, digits: str
) -> None:
    found = begun(folder, code).profile
    assert set(missing) <= set(found.missing)
    assert bool(found.missing) == bool(missing)
    assert found.sampled > len(found.missing)
    assert (found.hyphenated, found.language.direction, found.digits) == (hyphenated, direction, digits)


def test_what_is_missing_is_told_with_what_to_do(folder: Path) -> None:
    assert list(newlocale.gaps(begun(folder, "fr"))) == []
    hindi = " ".join(newlocale.gaps(begun(folder, "hi")))
    assert "Noto Sans Devanagari" in hindi
    assert "fonts/fonts.toml" in hindi
    assert ":lang(ar)" in hindi
    thai = " ".join(newlocale.gaps(begun(folder, "th")))
    assert "handbill/wording.py" in thai
    traditional = " ".join(newlocale.gaps(begun(folder, "zh_Hant")))
    assert "Noto Sans TC" in traditional
    pashto = " ".join(newlocale.gaps(begun(folder, "ps")))
    assert "ڊ" in pashto
    assert "such as" not in pashto, "Noto's Arabic faces make PDFs that read back as nonsense"
    urdu = " ".join(newlocale.gaps(begun(folder, "ur")))
    assert "Noto Nastaliq Urdu" in urdu
    assert "style sheets have no rules" not in urdu
    korean = " ".join(newlocale.gaps(begun(folder, "ko")))
    assert "cannot show" in korean
    assert "Noto Sans KR" in korean
    assert "style sheets have no rules" not in korean
    mexican = " ".join(newlocale.gaps(begun(folder, "es_MX")))
    assert '[locale.es_MX]` and below it `fallback = ["es"]' in mexican


def test_a_project_that_prints_nothing_needs_no_fonts(folder: Path) -> None:
    (folder / "content" / "booklets.toml").unlink()
    made = begun(folder, "hi")
    assert made.profile.sampled == 0
    assert "fonts" not in dict(profile.facts(made.profile))
    assert "Noto" not in " ".join(newlocale.gaps(made))
