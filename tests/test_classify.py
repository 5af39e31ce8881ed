"""Classifying edits: what is critical, what is cosmetic, and what lies between.

Each file of `cases/classify` holds a language, an old text (`- `), a new one (`+ `; `\\n` is a hard break's
line), and the kind of edit with its reasons.
"""

from pathlib import Path

import pytest
from example import TESTS
from hypothesis import given
from hypothesis import strategies as st
from strategies import HOSTILE

from handbill.classify import classify

CASES = sorted((TESTS / "cases" / "classify").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_an_edit_is_of_the_kind_expected(path: Path, update_golden: bool) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    language, old, new = lines[0], *(line[2:].replace("\\n", "\n") for line in lines[1:3])
    kind, reasons = classify(old, new, language)
    found = [*lines[:3], f"{kind}", *(f"  {reason}" for reason in reasons)]
    if update_golden:
        path.write_text("\n".join(found) + "\n", encoding="utf-8")
    assert found == path.read_text(encoding="utf-8").splitlines()
    assert classify(new, old, language)[0] == kind


def test_there_is_a_case_of_each_kind() -> None:
    kinds = {path.read_text(encoding="utf-8").splitlines()[3] for path in CASES}
    assert kinds == {"cosmetic", "wording", "critical"}


# --- laws ------------------------------------------------------------------------------------------

PLAIN = "pack water and a warm coat then go to the place where your friends will wait"
sentences = st.lists(st.sampled_from(PLAIN.split()), min_size=1, max_size=12)
TURNING = """
not never no none nobody nothing without must only unless except until cannot should may don’t
7 seven 50% {help.phone} [it](a.md) ![it](a.png)
"""


@given(sentences, st.data())
def test_marks_spaces_and_capitals_are_cosmetic(words: list[str], data: st.DataObject) -> None:
    changed = [
        data.draw(st.sampled_from([str, str.upper, str.title]))(word)
        + data.draw(st.sampled_from(["", *".,!:;…”)"]))
        for word in words
    ]
    new = data.draw(st.sampled_from([" ", "\u00a0", "  "])).join(changed)
    assert classify(" ".join(words), new, "en")[0] == "cosmetic"
    emphasised = " ".join(f"**{word}**" for word in words)
    assert classify(" ".join(words), emphasised, "en")[0] == "cosmetic"


@given(sentences, st.sampled_from(TURNING.split()), st.data())
def test_what_turns_a_sentence_round_is_critical_wherever_it_is_put_in(
    words: list[str], turning: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(words)))
    new = " ".join([*words[:place], turning, *words[place:]])
    assert classify(" ".join(words), new, "en")[0] == "critical"
    assert classify(new, " ".join(words), "en")[0] == "critical"


@given(sentences, sentences)
def test_other_words_or_another_order_are_never_cosmetic(old: list[str], new: list[str]) -> None:
    kind, reasons = classify(" ".join(old), " ".join(new), "en")
    assert (kind == "cosmetic") == (old == new)
    assert bool(reasons) == (old != new)


@given(HOSTILE, HOSTILE)
def test_anything_can_be_classified_either_way_round(old: str, new: str) -> None:
    kind, reasons = classify(old, new, "en")
    assert classify(new, old, "en")[0] == kind
    assert classify(old, old, "en") == ("cosmetic", ())
    assert old == new or reasons
    assert all(reason.strip() for reason in reasons)
