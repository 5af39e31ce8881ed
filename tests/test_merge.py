"""Merging: what became of each translation when the source changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbill import alignment, po
from handbill import merge as merging
from handbill.classify import classify
from handbill.merge import Moves
from handbill.model import Catalog, ChangeKind, Entry

HEADER = po.header("Guides", "es")


def template(*entries: str | Entry) -> Catalog:
    made = [
        Entry(entry, ("",), extracted=("paragraph",)) if isinstance(entry, str) else entry
        for entry in entries
    ]
    return Catalog("x.pot", (Entry("", ("Content-Type: text/plain; charset=UTF-8\n",)), *made))


def old(*entries: tuple[str, str] | Entry) -> Catalog:
    """Return a translated catalog as it would be read from a file."""
    made = [
        Entry(entry[0], (entry[1],), extracted=("paragraph",)) if isinstance(entry, tuple) else entry
        for entry in entries
    ]
    return read(po.write(Catalog("x.po", (HEADER, *made))))


def read(text: str) -> Catalog:
    catalog, faults = po.read(text, "x.po")
    assert faults == ()
    return catalog


def kind(old: str, new: str) -> ChangeKind:
    return classify(old, new, "en")[0]


def merge(new: Catalog, before: Catalog, elsewhere: Mapping[str, str]) -> Catalog:
    """Return the catalog that an English source's translators go on with, where nothing moved."""
    return merging.offered(merging.merge(new, before, kind, Moves()), elsewhere).catalog


def merged(new: Catalog, before: Catalog, elsewhere: Mapping[str, str] | None = None) -> str:
    """Return the file without its header, after checking that it can be read and merged again."""
    text = po.write(merge(new, before, elsewhere or {}))
    again = read(text)
    assert po.write(merge(new, again, elsewhere or {})) == text
    assert text.startswith(po.write(Catalog("x.po", (HEADER,))))
    return text.removeprefix(po.write(Catalog("x.po", (HEADER,)))).lstrip("\n")


def lines(*wanted: str) -> str:
    return "".join(f"{line}\n" for line in wanted)


# --- cases -----------------------------------------------------------------------------------------


def test_where_nothing_changed_the_file_is_the_same_to_the_byte() -> None:
    text = po.write(Catalog("x.po", (HEADER,), newline="\r\n")) + (
        '\r\n#~ msgid "gone"\r\n#~ msgstr "ido"\r\n\r\n'
        "# note\r\n#. paragraph\r\n#: a.md\r\n#: b.md\r\n"
        'msgid ""\r\n"Call "\r\n"now."\r\nmsgstr "Llame."\r\n# end'
    )
    before = read(text)
    new = template(Entry("Call now.", ("",), extracted=("paragraph",), references=("a.md b.md",)))
    assert po.write(merge(new, before, {})) == text


def test_an_edited_paragraph_keeps_its_translation_as_stale_with_the_old_source() -> None:
    before = old(("One", "Uno"), ("Keep your papers in a safe place.", "Guarde sus papeles."), ("Two", "Dos"))
    after = merged(template("One", "Keep your papers and money in a safe place.", "Two"), before)
    assert after == lines(
        "#. paragraph",
        'msgid "One"',
        'msgstr "Uno"',
        "",
        "#. paragraph",
        "#, fuzzy",
        '#| msgid "Keep your papers in a safe place."',
        'msgid "Keep your papers and money in a safe place."',
        'msgstr "Guarde sus papeles."',
        "",
        "#. paragraph",
        'msgid "Two"',
        'msgstr "Dos"',
        "",
        '#~ msgid "Keep your papers in a safe place."',
        '#~ msgstr "Guarde sus papeles."',
    )


def test_a_stale_translation_edited_again_still_shows_the_source_it_was_made_from() -> None:
    first = merge(
        template("Keep papers in a safe place."), old(("Keep papers in one safe place.", "Guarde.")), {}
    )
    second = merge(template("Keep papers in that safe place."), read(po.write(first)), {})
    assert second.entries[1].previous_msgid == "Keep papers in one safe place."
    assert second.entries[1].fuzzy


def test_an_item_put_into_a_list_disturbs_no_other() -> None:
    before = old(("Water", "Agua"), ("Money", "Dinero"), ("Keys", "Llaves"))
    after = read(po.write(merge(template("Water", "Charger", "Money", "Keys"), before, {})))
    assert [(entry.msgid, entry.msgstr[0], entry.fuzzy) for entry in after.entries[1:]] == [
        ("Water", "Agua", False),
        ("Charger", "", False),
        ("Money", "Dinero", False),
        ("Keys", "Llaves", False),
    ]


def test_a_moved_section_takes_its_translations_along_in_their_own_words() -> None:
    before = old(("A", "a"), ("B", "b"), ("C", "c"), ("D", "d"))
    after = merge(template("C", "D", "A", "B"), before, {})
    texts = {entry.msgid: entry.text for entry in before.entries}
    assert [entry.msgid for entry in after.entries] == ["", "C", "D", "A", "B"]
    assert all(entry.text == texts[entry.msgid] for entry in after.entries)


def test_what_is_gone_becomes_obsolete_and_comes_back_with_its_translation() -> None:
    before = old(("Stay", "Quédese"), ("Leave", "Salga"))
    gone = merge(template("Stay"), before, {})
    assert po.write(gone).endswith('#~ msgid "Leave"\n#~ msgstr "Salga"\n')
    back = merge(template("Stay", "Leave"), read(po.write(gone)), {})
    assert po.write(back) == po.write(before)


def test_a_stale_translation_that_comes_back_is_still_stale() -> None:
    before = old(Entry("Leave", ("Salga",), flags=("fuzzy",), obsolete=True))
    assert merge(template("Leave"), before, {}).entries[1].fuzzy


def test_an_untranslated_message_that_is_gone_leaves_nothing_behind() -> None:
    assert merged(template("Stay"), old(("Stay", "Quédese"), ("Leave", ""))) == lines(
        "#. paragraph", 'msgid "Stay"', 'msgstr "Quédese"'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Call the police.", "Do not call the police."),
        ("Call now", "Do not call now"),
        ("Call", "Do not call"),
        ("Go to the door", "Open the window"),
        ("the the the the", "the"),
    ],
)
def test_unlike_messages_are_not_paired(before: str, after: str) -> None:
    entry = merge(template(after), old((before, "x")), {}).entries[1]
    assert entry.msgstr == ("",)


def test_a_message_and_its_opposite_are_never_shown_as_each_other() -> None:
    long = "call the police if someone is at your door at night"
    after = merge(template(f"Do not {long}"), old((f"Please {long}", "Llame")), {})
    assert after.entries[1].msgstr == ("",)
    assert after.entries[1].previous_msgid == f"Please {long}"
    assert po.translations(after) == {}


def test_likeness_is_looked_for_between_the_same_neighbours_only() -> None:
    before = old(("Pack your bag tonight", "Haga su bolsa"), ("Middle", "Medio"))
    entry = merge(template("Middle", "Pack your bag today tonight"), before, {}).entries[2]
    assert entry.msgstr == ("",)


def test_repeated_words_find_the_best_partner_each_and_only_once() -> None:
    before = old(("call and call and call me", "A"), ("call and call and call us", "B"))
    after = merge(template("call and call and call them", "call and call and call us now"), before, {})
    in_use = [entry for entry in after.entries[1:] if not entry.obsolete]
    assert [(entry.msgstr[0], entry.fuzzy) for entry in in_use] == [("A", True), ("B", True)]


def test_the_same_words_in_another_catalog_are_offered_for_review() -> None:
    after = merged(
        template("Stay safe", "New"), old(("Stay safe", "")), {"Stay safe": "Cuídese", "New": "Nuevo"}
    )
    assert after == lines(
        "#. paragraph",
        "#, fuzzy",
        'msgid "Stay safe"',
        'msgstr "Cuídese"',
        "",
        "#. paragraph",
        "#, fuzzy",
        'msgid "New"',
        'msgstr "Nuevo"',
    )


def test_another_catalog_never_replaces_what_is_there() -> None:
    assert merge(template("Stay"), old(("Stay", "Quédese")), {"Stay": "Permanezca"}) == old(
        ("Stay", "Quédese")
    )


def test_a_changed_comment_or_place_rewrites_that_entry_only() -> None:
    before = old(("One", "Uno"), ("Two", "Dos"))
    after = merge(template(Entry("One", ("",), extracted=("item",), references=("a.md",)), "Two"), before, {})
    assert po.write(after) == po.write(before).replace("#. paragraph", "#. item\n#: a.md", 1)
    assert after.entries[2] is before.entries[2]


def test_comments_flags_and_unknown_headers_of_translators_stay() -> None:
    text = '# Team\nmsgid ""\nmsgstr "X-Mine: yes\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    text += '# ask Ana\n#, no-wrap\nmsgid "One"\nmsgstr "Uno"\n'
    after = po.write(merge(template("One"), read(text), {}))
    assert after == text.replace("#, no-wrap", "#. paragraph\n#, no-wrap")


def test_a_new_plural_has_as_many_forms_as_the_language() -> None:
    before = read(po.write(Catalog("x.po", (po.header("Guides", "ar"),))))
    new = Entry("%(num)s page", ("", ""), msgid_plural="%(num)s pages")
    assert merge(template(new), before, {}).entries[1].msgstr == ("",) * 6


def test_a_message_that_gains_or_loses_its_plural_is_stale_and_loses_no_form() -> None:
    singular, plural = Entry("page", ("",)), Entry("page", ("", ""), msgid_plural="pages")
    gained = merge(template(plural), old(replace(singular, msgstr=("hoja",))), {}).entries[1]
    assert (gained.msgstr, gained.fuzzy, gained.previous_msgid) == (("hoja", ""), True, "page")
    lost = merge(template(singular), old(replace(plural, msgstr=("hoja", "hojas"))), {}).entries[1]
    assert (lost.msgstr, lost.fuzzy, lost.previous_msgid_plural) == (("hoja",), True, "pages")
    assert "hojas" in lost.comments[0]


def test_the_same_words_in_another_context_are_another_message() -> None:
    before = old(Entry("Print the whole thing now", ("Imprimir",), msgctxt="button"))
    after = merge(template(Entry("Print the whole thing", ("",), msgctxt="title")), before, {})
    assert after.entries[1].msgstr == ("",)


def test_a_new_locale_starts_with_every_message_empty() -> None:
    after = merged(template("One", "Two"), Catalog("x.po", (HEADER,)))
    assert after.count('msgstr ""') == 2


# --- laws ------------------------------------------------------------------------------------------

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
word = st.sampled_from(["call", "do", "not", "the", "police", "now", "leave", "bag", "money"])
sources = st.lists(word, min_size=1, max_size=9).map(" ".join)


@st.composite
def pairs_of_catalogs(draw: st.DrawFn) -> tuple[Catalog, Catalog, dict[str, str]]:
    before = []
    for number, source in enumerate(draw(st.lists(sources, unique=True, max_size=8))):
        plural = draw(st.sampled_from([None, None, None, source + "s"]))
        forms = tuple(
            draw(st.sampled_from(["", f"{number}.{form}"])) for form in range(1 if plural is None else 2)
        )
        fuzzy = draw(st.sampled_from([(), (), ("fuzzy",)]))
        obsolete = draw(st.sampled_from([False, False, True]))
        before.append(Entry(source, forms, msgid_plural=plural, flags=fuzzy, obsolete=obsolete))
    kept = draw(st.lists(st.sampled_from(before), unique_by=lambda entry: entry.msgid)) if before else []
    new = [entry.msgid for entry in kept] + draw(st.lists(sources, max_size=5))
    wanted = []
    for source in dict.fromkeys(draw(st.permutations(new))):
        plural = draw(st.sampled_from([None, None, None, source + "s"]))
        wanted.append(Entry(source, ("",) if plural is None else ("", ""), msgid_plural=plural))
    elsewhere = {source: f"elsewhere {source}" for source in draw(st.lists(sources, max_size=3))}
    return template(*wanted), old(*before), elsewhere


def translated(entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    return {entry.msgid: entry.msgstr for entry in entries if entry.msgid and entry.current}


@patient
@given(pairs_of_catalogs())
def test_no_translation_is_shown_for_another_source_and_none_is_lost(
    case: tuple[Catalog, Catalog, dict[str, str]],
) -> None:
    new, before, elsewhere = case
    after = merge(new, before, elsewhere)
    in_use = [entry.msgid for entry in after.entries if not entry.obsolete]
    assert in_use == [entry.msgid for entry in new.entries]

    was_good = {(entry.msgid, entry.msgstr) for entry in before.entries if not entry.fuzzy}
    joined = {
        (f"{one} {other}", (f"{text} {rest}",))
        for one, (text, *_) in was_good
        for other, (rest, *_) in was_good
    }
    assert set(translated(after.entries).items()) <= was_good | joined

    left = " ".join(part for entry in after.entries for part in (*entry.msgstr, *entry.comments))
    assert all(form in left for entry in before.entries[1:] for form in entry.msgstr)

    text = po.write(after)
    assert [replace(entry, text="", line=0) for entry in read(text).entries] == [
        replace(entry, text="", line=0) for entry in after.entries
    ]
    assert po.write(merge(new, read(text), elsewhere)) == text


@patient
@given(st.lists(sources, max_size=5), st.lists(sources, max_size=5))
def test_no_pair_of_like_messages_is_overlooked(new: list[str], before: list[str]) -> None:
    def likeness(one: str, other: str) -> float:
        words, others = alignment._words(one), alignment._words(other)
        both = len(words) + len(others)
        found = 2 * len(words & others) / both
        return found if found >= (0.8 if both < 16 else 0.7) else 0

    every = ((i, j, likeness(one, other)) for i, one in enumerate(new) for j, other in enumerate(before))
    pairs = alignment._similar([Entry(one, ("",)) for one in new], [Entry(one, ("",)) for one in before])
    assert sorted(pairs) == [pair for pair in every if pair[2]]


places = st.integers(0, 4)


@patient
@given(st.dictionaries(st.tuples(places, places), st.sampled_from([0.7, 0.8, 1.0]), max_size=7))
def test_the_heaviest_chain_weighs_as_much_as_any(pairs: dict[tuple[int, int], float]) -> None:
    def rises(chain: Sequence[tuple[int, int]]) -> bool:
        return all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(chain))

    chain = alignment._heaviest_chain([(*pair, weight) for pair, weight in pairs.items()])
    every = (some for size in range(8) for some in combinations(sorted(pairs), size))
    heaviest = max(sum(pairs[pair] for pair in some) for some in every if rises(some))
    assert rises(chain)
    assert sum(pairs[pair] for pair in chain) == pytest.approx(heaviest)
