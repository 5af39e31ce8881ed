"""What became of a text, word by word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.edits import Edit, edits

WORDS = st.lists(
    st.sampled_from(
        ["call", "Never", "{help.phone}", "3", "](a.md)", "[guide", "你", "可以", "اتصل", ".", " ", "’s"]
    )
).map("".join)
TEXTS = st.one_of(st.text(max_size=60), WORDS)


def marked(old: str, new: str) -> str:
    """Return the edits as wdiff writes them."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "<+{}+>"}
    return "".join(signs[edit.kind].format(edit.text) for edit in edits(old, new))


@given(TEXTS, TEXTS)
def test_what_stayed_and_was_removed_is_the_old_text_and_with_what_was_added_the_new(
    old: str, new: str
) -> None:
    found = edits(old, new)
    assert "".join(edit.text for edit in found if edit.kind != "added") == old
    assert "".join(edit.text for edit in found if edit.kind != "removed") == new


@given(TEXTS, TEXTS)
def test_no_two_neighbours_are_of_one_kind_and_none_is_empty(old: str, new: str) -> None:
    found = edits(old, new)
    assert all(edit.text for edit in found)
    order = {
        ("same", "removed"),
        ("same", "added"),
        ("removed", "added"),
        ("removed", "same"),
        ("added", "same"),
    }
    assert {(one.kind, other.kind) for one, other in pairwise(found)} <= order


@given(TEXTS)
def test_an_unchanged_text_stays_whole(text: str) -> None:
    assert edits(text, text) == ((Edit("same", text),) if text else ())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Wait 3 days.", "Wait 4 days.", "Wait [-3-]<+4+> days."),
        ("You can go.", "You can't go.", "You [-can-]<+can't+> go."),
        ("Call {a.phone} now.", "Call {b.phone} now.", "Call [-{a.phone}-]<+{b.phone}+> now."),
        ("[here](a.md#one) now", "[here](a.md#two) now", "[here[-](a.md#one)-]<+](a.md#two)+> now"),
        ("你可以打电话。", "你不可以打电话。", "你<+不+>可以打电话。"),
        ("اتصل بنا الآن", "لا تتصل بنا الآن", "[-اتصل-]<+لا تتصل+> بنا الآن"),
        ("Tell a good friend.", "Tell one person.", "Tell [-a good friend-]<+one person+>."),
        ("अभी फ़ोन करें।", "अभी फ़ोन न करें।", "अभी फ़ोन <+न +>करें।"),
        ("पानी दें", "पानी लें", "पानी [-दें-]<+लें+>"),
        ("", "New.", "<+New.+>"),
        ("Old.", "", "[-Old.-]"),
    ],
)
def test_whole_words_change_and_tokens_and_targets_whole(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


def test_a_text_that_is_far_too_long_to_compare_changes_in_its_middle_at_once() -> None:
    old, new = "Call " + "a b " * 20_000 + "now.", "Call " + "c d " * 20_000 + "now."
    kinds = [edit.kind for edit in edits(old, new)]
    assert kinds == ["same", "removed", "added", "same"]
