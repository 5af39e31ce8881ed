"""States of messages, the marks of reviews, and verdicts on guides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill import publish
from handbill.model import Catalog, Contact, Entry, Message, Place, Review, ReviewNeed, Rule, State, Text
from handbill.publish import Verdict, checked, counted, mark, mark_of, states, verdict, verdict_of

HERE = Place("content/guides/light.md")
VALUES = {"help-line.phone": "1-888-373-7888", "help-line.name": "The help line", "police.phone": "911"}


def message(text: str, *, critical: bool = False, plural: str | None = None) -> Message:
    return Message(text, "paragraph", HERE, critical=critical, plural=plural)


def state(
    entry: Entry | None, *, refused: bool = False, marks: Sequence[str] = (), plural: str | None = None
) -> State:
    """Return the state of the message `Call {help-line.phone}.` with this entry."""
    catalog = Catalog("x.po", (entry,) if entry else ())
    keys = {(None, TEXT)} if refused else set()
    (found,) = states((message(TEXT, plural=plural),), catalog, keys, marks, VALUES)
    return found


TEXT = "Call {help-line.phone}."
DONE = Entry(TEXT, ("Llame al {help-line.phone}.",))


# --- contacts ----------------------------------------------------------------------------------------


def test_every_token_of_a_contact_has_its_value_as_it_is_written() -> None:
    contact = Contact(
        id="help-line",
        region="home",
        kind="helpline",
        name=Text("The help line", HERE),
        note=Text("Free.", HERE),
        hours=Text("Day and night", HERE),
        channels=(("phone", "1-888-373-7888"), ("web", "example.org")),
        languages=(),
        source="example.org",
        checked=date(2026, 1, 1),
        verified=True,
        place=HERE,
    )
    assert publish.contact_values((contact, replace(contact, id="other", hours=None, channels=()))) == {
        "help-line.name": "The help line",
        "help-line.hours": "Day and night",
        "help-line.phone": "1-888-373-7888",
        "help-line.web": "example.org",
        "other.name": "The help line",
    }


# --- marks -------------------------------------------------------------------------------------------


def test_a_mark_is_the_same_on_every_machine_and_in_every_version() -> None:
    """If this fails, every review that was ever made is void: marks stand in files."""
    assert mark(DONE, VALUES) == mark_of(DONE.msgid, DONE.msgstr[0], VALUES) == "27873a6d20b38c6d"
    assert (
        mark(Entry("%(n)s page", ("%(n)s ورقة", "", "中"), "web", "%(n)s pages"), VALUES)
        == "0ccce992713fa161"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(DONE, msgid="Call {help-line.phone}!"),
        replace(DONE, msgid="Call  {help-line.phone}."),
        replace(DONE, msgstr=("Llame al {help-line.phone}",)),
        replace(DONE, msgstr=("Llame al {help-line.phone}. ",)),
        replace(DONE, msgstr=("llame al {help-line.phone}.",)),
        replace(DONE, msgstr=(*DONE.msgstr, "")),
        replace(DONE, msgid_plural=TEXT),
        replace(DONE, msgctxt=""),
    ],
)
def test_every_edit_of_either_side_gives_another_mark(other: Entry) -> None:
    assert mark(other, VALUES) != mark(DONE, VALUES)


@pytest.mark.parametrize("value", ["1-888-373-7889", "1 888 373 7888", None])
def test_another_number_in_the_message_gives_another_mark(value: str | None) -> None:
    values = {name: old for name, old in VALUES.items() if name != "help-line.phone"}
    assert mark(DONE, values | ({"help-line.phone": value} if value else {})) != mark(DONE, VALUES)


def test_a_contact_in_a_link_or_in_a_plural_counts_and_one_in_neither_does_not() -> None:
    link = Entry("[Their site]({help-line.web})", ("[Su sitio]({help-line.web})",))
    plural = Entry("One call.", ("x", "y"), msgid_plural="{police.phone} calls.")
    more = VALUES | {"help-line.web": "example.org"}
    assert mark(link, more) != mark(link, more | {"help-line.web": "example.com"})
    assert mark(plural, VALUES) != mark(plural, VALUES | {"police.phone": "112"})
    assert mark(DONE, VALUES) == mark(DONE, more | {"police.phone": "112"})


def test_what_is_no_word_of_the_message_leaves_its_mark_alone() -> None:
    noted = replace(
        DONE,
        comments=("Ana asked.",),
        extracted=("paragraph",),
        references=("light.md:3",),
        flags=("md-text",),
        previous_msgid="Call them.",
        line=7,
        text='msgid "…"',
    )
    assert mark(noted, VALUES) == mark(DONE, VALUES)


_WORDS = st.text(st.sampled_from('ab{}.",[]\\\x00 é中') | st.characters(), max_size=8)
_TRIPLES = st.tuples(
    st.tuples(_WORDS, st.none() | _WORDS),
    st.none() | _WORDS,
    st.lists(_WORDS, max_size=3).map(tuple),
    st.dictionaries(st.sampled_from(["a", "b", "a.b"]), _WORDS, max_size=3),
)


@given(_TRIPLES, _TRIPLES)
def test_two_entries_have_one_mark_only_if_all_that_counts_is_equal(
    one: tuple[tuple[str, str | None], str | None, tuple[str, ...], dict[str, str]],
    other: tuple[tuple[str, str | None], str | None, tuple[str, ...], dict[str, str]],
) -> None:
    def made(
        triple: tuple[tuple[str, str | None], str | None, tuple[str, ...], dict[str, str]],
    ) -> tuple[str, object]:
        (source, plural), context, forms, values = triple
        named = {name: value for name, value in values.items() if f"{{{name}}}" in source + (plural or "")}
        found = mark(Entry(source, forms, context, plural), values)
        return found, (source, plural, context, forms, named)

    (first, first_parts), (second, second_parts) = made(one), made(other)
    assert len(first) == publish.MARK_LENGTH
    assert (first == second) == (first_parts == second_parts)


@given(st.lists(_WORDS, min_size=1, max_size=4), st.integers(0, 20))
def test_moving_a_character_from_one_form_to_the_next_is_an_edit(forms: list[str], cut: int) -> None:
    text = "".join(forms)
    cut = min(cut, len(text))
    parted = (text[:cut], text[cut:])
    assert (mark(Entry("x", parted), {}) == mark(Entry("x", tuple(forms)), {})) == (parted == tuple(forms))


def test_marks_are_told_apart_by_the_role_of_who_made_them() -> None:
    made = [
        Review("light", "Ana", "native-speaker", date(2026, 11, 1), ("aa", "bb")),
        Review("light", "Dr Rao", "subject-expert", date(2026, 11, 2), ("bb", "cc")),
        Review("watering", "Luz", "native-speaker", date(2026, 11, 3), ("dd",)),
    ]
    assert publish.marks_by(made, "native-speaker") == {"aa", "bb", "dd"}
    assert publish.marks_by(made, "subject-expert") == {"bb", "cc"}


# --- states ------------------------------------------------------------------------------------------


def test_a_message_without_words_is_missing() -> None:
    assert state(None) is State.MISSING
    assert state(replace(DONE, msgstr=("",))) is State.MISSING
    assert state(replace(DONE, msgstr=(" \n",))) is State.MISSING
    assert state(replace(DONE, obsolete=True)) is State.MISSING
    assert state(replace(DONE, msgctxt="web")) is State.MISSING
    assert state(replace(DONE, msgstr=("",), flags=("fuzzy",))) is State.MISSING


def test_a_message_that_lost_its_words_to_another_source_is_withdrawn() -> None:
    assert state(replace(DONE, msgstr=("",), previous_msgid="Never call.")) is State.WITHDRAWN
    fuzzy = replace(DONE, msgstr=("",), previous_msgid="Never call.", flags=("fuzzy",))
    assert state(fuzzy) is State.WITHDRAWN


def test_a_translation_with_an_error_is_withdrawn_even_where_it_was_reviewed() -> None:
    assert state(DONE, refused=True) is State.WITHDRAWN
    assert state(DONE, refused=True, marks=[mark(DONE, VALUES)]) is State.WITHDRAWN


def test_a_fuzzy_translation_is_stale_and_its_mark_means_nothing() -> None:
    fuzzy = replace(DONE, flags=("md-text", "fuzzy"), previous_msgid="Call us.")
    assert state(fuzzy) is state(fuzzy, marks=[mark(fuzzy, VALUES)]) is State.STALE
    assert state(fuzzy, refused=True) is State.STALE


def test_a_translation_is_reviewed_if_its_own_mark_is_there() -> None:
    assert state(DONE) is State.TRANSLATED
    assert state(DONE, marks=["0123456789abcdef"]) is State.TRANSLATED
    assert state(DONE, marks=["0123456789abcdef", mark(DONE, VALUES)]) is State.REVIEWED


def test_a_mended_translation_is_current_though_its_old_source_still_stands_there() -> None:
    assert state(replace(DONE, previous_msgid="Never call.")) is State.TRANSLATED


def test_a_plural_needs_all_its_forms_and_the_same_plural() -> None:
    plural = replace(DONE, msgid_plural="Call them.", msgstr=("a", "b"))
    assert state(plural, plural="Call them.") is State.TRANSLATED
    assert state(replace(plural, msgstr=("a", "")), plural="Call them.") is State.MISSING
    assert state(plural, plural="Call all of them.") is State.STALE
    assert state(plural) is State.STALE
    assert state(DONE, plural="Call them.") is State.STALE


def test_states_stand_in_the_order_of_the_messages_and_equal_messages_have_equal_ones() -> None:
    other = Message("Light", "string", HERE, context="lamp")
    catalog = Catalog(
        "x.po", (Entry("Light", ("Luz",)), Entry("Light", ("Ligero",), "lamp", flags=("fuzzy",)))
    )
    found = states((message("Light"), message("Gone"), other, message("Light")), catalog, (), (), {})
    assert found == (State.TRANSLATED, State.MISSING, State.STALE, State.TRANSLATED)


# --- verdicts ----------------------------------------------------------------------------------------

M, W, S, T, R = State.MISSING, State.WITHDRAWN, State.STALE, State.TRANSLATED, State.REVIEWED


def judged(critical: Sequence[State], others: Sequence[State], rule: Rule | None = None) -> Verdict:
    """Return the verdict on a guide, after holding it against the quick way."""
    states = (*critical, *others)
    messages = [message(f"c{number}", critical=True) for number in range(len(critical))]
    messages += [message(f"o{number}") for number in range(len(others))]
    found = verdict(messages, states, rule or Rule())
    with_state = list(zip(messages, states, strict=True))
    current = {one.text: "x" for one, state in with_state if state.current}
    reviewed = {one.text for one, state in with_state if state is R}
    assert verdict_of(counted(messages), current.keys(), rule or Rule(), reviewed | {"elsewhere"}) == found
    assert publish.checked_of(counted(messages), reviewed) == checked(messages, states)
    return found


def test_a_guide_whose_every_message_is_current_is_published_and_complete() -> None:
    found = judged([T, R], [T, T, R])
    assert found == Verdict(True, (), 2, 2, 1, 3, 3, 1)
    assert (found.messages, found.current, found.reviewed, found.complete) == (5, 5, 2, True)


@pytest.mark.parametrize("state", [M, W, S])
def test_one_critical_message_that_is_not_current_holds_a_guide_whatever_the_rule(state: State) -> None:
    found = judged([T] * 99 + [state], [T] * 900, Rule(share=0))
    assert (found.published, found.reasons) == (False, ("critical",))
    assert not found.complete


@pytest.mark.parametrize(
    ("current", "others", "share", "published"),
    [
        (9, 10, 90, True),
        (8, 10, 90, False),
        (89, 100, 90, False),
        (90, 100, 90, True),
        (17, 19, 90, False),  # 89.47
        (18, 19, 90, True),
        (0, 0, 100, True),
        (0, 5, 0, True),
        (999, 1000, 100, False),
        (29, 100, 29, True),  # 0.29 * 100 is 28.999999999999996
        (57, 100, 57, True),  # 0.57 * 100 is 56.99999999999999
    ],
)
def test_the_share_is_reckoned_exactly(current: int, others: int, share: int, published: bool) -> None:
    found = judged([], [T] * current + [M] * (others - current), Rule(share=share))
    assert found.published is published
    assert found.reasons == (() if published else ("share",))


@pytest.mark.parametrize(
    ("need", "critical", "others", "published"),
    [
        ("none", [T], [T], True),
        ("critical", [T, R], [R], False),
        ("critical", [R, R], [T], True),
        ("critical", [], [T, R], False),
        ("critical", [], [R, R], True),
        ("all", [R], [R, T], False),
        ("all", [R], [R, R], True),
        ("all", [R], [R] * 9 + [M], True),
    ],
)
def test_a_rule_may_ask_for_review_of_what_is_shown(
    need: ReviewNeed, critical: list[State], others: list[State], published: bool
) -> None:
    found = judged(critical, others, Rule(review=need))
    assert found.reasons == (() if published else ("review",))
    assert found.published is published


def test_every_reason_is_given_the_gravest_first() -> None:
    assert judged([M, T], [M, T], Rule(review="all")).reasons == ("critical", "share", "review")


def test_a_review_of_what_is_not_current_any_more_counts_for_nothing() -> None:
    guide = counted((message("Go.", critical=True), message("Wait.")))
    found = verdict_of(guide, {"Wait."}, Rule(share=0), {"Go.", "Wait."})
    assert found == Verdict(False, ("critical",), 1, 0, 0, 1, 1, 1)


def test_equal_messages_count_once_and_as_critical_if_one_of_them_is() -> None:
    messages = (message("Go."), message("Wait."), message("Go.", critical=True), message("Go."))
    found = verdict(messages, (T, M, T, T), Rule(share=0))
    assert found == Verdict(True, (), 1, 1, 0, 1, 0, 0)
    assert counted(messages) == publish.Counted(frozenset({"Go."}), frozenset({"Wait."}))
    assert counted(messages).all == {"Go.", "Wait."}


@pytest.mark.parametrize(
    ("critical", "others", "expected"),
    [([R], [T, M], True), ([R, T], [R], False), ([], [R, R], True), ([], [R, M], False), ([M], [R], False)],
)
def test_the_notice_goes_when_all_that_is_critical_is_reviewed_or_where_nothing_is_all(
    critical: list[State], others: list[State], expected: bool
) -> None:
    messages = [message(f"c{number}", critical=True) for number in range(len(critical))]
    messages += [message(f"o{number}") for number in range(len(others))]
    assert checked(messages, (*critical, *others)) is expected
    judged(critical, others)


_STATES = st.lists(st.sampled_from(State), max_size=12)
_RULES = st.builds(Rule, st.integers(0, 100), st.sampled_from(["none", "critical", "all"]))


@given(_STATES, _STATES, _RULES)
def test_what_is_published_keeps_every_promise(
    critical: list[State], others: list[State], rule: Rule
) -> None:
    found = judged(critical, others, rule)
    kept = (
        all(state.current for state in critical)
        and sum(state.current for state in others) * 100 >= rule.share * len(others)
        and (rule.review != "all" or all(state is R for state in (*critical, *others) if state.current))
        and (rule.review != "critical" or all(state is R for state in critical))
    )
    assert not found.published or kept
    assert found.published or found.reasons
    if rule.review != "critical" or critical:
        assert found.published == kept


@given(_STATES, _STATES, _RULES, st.data())
def test_reviewing_one_message_more_never_holds_a_guide(
    critical: list[State], others: list[State], rule: Rule, data: st.DataObject
) -> None:
    before = judged(critical, others, rule)
    both = [*critical, *others]
    if before.published and both:
        index = data.draw(st.integers(0, len(both) - 1))
        both[index] = R
        assert judged(both[: len(critical)], both[len(critical) :], rule).published
