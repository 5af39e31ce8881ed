"""The record of changes: what stands in it, what may be declared there, and what is added."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from strategies import HOSTILE

from handbill import changes
from handbill.classify import classify
from handbill.model import Change, ChangeKind, Place

TODAY = date(2026, 11, 22)


def classified(old: str, new: str) -> tuple[ChangeKind, tuple[str, ...]]:
    return classify(old, new, "en")


def made(old: str, new: str, by: str | None = None) -> Change:
    """Return the change from one text to another, declared unchanged if it names somebody."""
    found = changes.found("leaving", old, new, classified, TODAY)
    return replace(found, by=by, because="It is the same." if by else None)


def declared(text: str) -> str:
    """Return a record whose last change is declared unchanged."""
    return f'{text}meaning = "unchanged"\nby = "Ana"\nbecause = "The same."\n'


# --- the file --------------------------------------------------------------------------------------


def test_what_is_added_reads_back_and_what_stands_there_is_untouched() -> None:
    first = changes.appended("", [made("Call me.", "Call me!")])
    both = changes.appended(first, [made('A "b" \\ c\\\nd', "A\tb"), made("Go.", "Never go.")])
    assert both.startswith(first)
    read, problems = changes.read(both.encode())
    assert problems == ()
    assert [(change.old, change.new, change.kind) for change in read] == [
        ("Call me.", "Call me!", "cosmetic"),
        ('A "b" \\ c\\\nd', "A\tb", "wording"),
        ("Go.", "Never go.", "critical"),
    ]
    assert all(change.on == TODAY and change.by is None for change in read)
    assert read[0].reasons == ("punctuation",)


def test_the_lines_that_an_author_adds_are_read() -> None:
    text = declared(changes.appended("", [made("Go home.", "Go back home.")]))
    (change,), problems = changes.read(text.encode())
    assert problems == ()
    assert (change.by, change.because) == ("Ana", "The same.")


def test_what_has_no_line_end_or_windows_line_ends_is_added_to_as_it_is() -> None:
    text = changes.appended("", [made("Go home.", "Go back home.")])
    without = changes.appended(text.rstrip("\n"), [made("A b.", "A c.")])
    windows = changes.appended(text.replace("\n", "\r\n"), [made("A b.", "A c.")])
    assert windows.count("\n") == windows.count("\r\n")
    for added in (without, windows):
        assert [change.new for change in changes.read(added.encode())[0]] == ["Go back home.", "A c."]


@given(HOSTILE, HOSTILE)
def test_any_two_texts_can_be_recorded(old: str, new: str) -> None:
    (change,) = tomllib.loads(changes.appended("", [made(old, new)]))["change"]
    assert (change["old"], change["new"]) == (old, new)


def test_where_there_is_no_file_nothing_has_changed() -> None:
    assert changes.read(None) == ((), ())


@pytest.mark.parametrize(
    ("line", "instead", "code"),
    [
        ('by = "Ana"\n', "", "missing-key"),
        ('because = "The same."\n', "", "missing-key"),
        ('meaning = "unchanged"\n', "", "missing-key"),
        ('because = "The same."', 'because = " "', "empty-value"),
        ('meaning = "unchanged"', 'meaning = "changed"', "unknown-choice"),
        ('by = "Ana"', 'who = "Ana"', "unknown-key"),
        ('kind = "wording"', 'kind = "small"', "unknown-choice"),
        ("on = 2026-11-22", 'on = "today"', "bad-date"),
        ('old = "Go home."', "old = 3", "wrong-type"),
        ("[[change]]", "<<<<<<< HEAD", "toml-syntax"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_and_not_read(line: str, instead: str, code: str) -> None:
    text = declared(changes.appended("", [made("Go home.", "Go back home.")]))
    assert line in text
    read, problems = changes.read(text.replace(line, instead).encode())
    assert read == ()
    assert code in {problem.code for problem in problems}


# --- what is declared ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("Go home.", "Go back home.", 0),
        ("Go home.", "Never go home.", 1),
        ("Go home.", "Go home!", 1),
    ],
)
def test_only_a_change_of_wording_may_be_declared(old: str, new: str, faults: int) -> None:
    found = list(changes.faults([made(old, new, "Ana")], classified))
    assert [problem.code for problem in found] == ["change-declared"] * faults
    assert list(changes.faults([made(old, new)], classified)) == []


def test_a_kind_that_an_author_has_changed_does_not_help() -> None:
    critical = replace(made("Go home.", "Never go home.", "Ana"), kind="wording")
    assert [problem.code for problem in changes.faults([critical], classified)] == ["change-declared"]
    wording = replace(made("Go home.", "Go back home.", "Ana"), kind="cosmetic")
    assert [problem.code for problem in changes.faults([wording], classified)] == ["change-declared"]


A, B, C, D = (
    "Go to a safe place.",
    "Go to some safe place.",
    "Go to some safe house.",
    "Go to some safe house!",
)


def test_declared_changes_are_cosmetic_and_chain_with_cosmetic_ones_either_way() -> None:
    kind = changes.judge([made(A, B, "Ana"), made(B, C, "Ben"), made(C, D)], classified)
    for old, new in [(A, B), (A, C), (A, D), (D, A), (C, A)]:
        assert kind(old, new) == "cosmetic"
        assert classified(old, new)[0] != "cosmetic" or (old, new) == (C, D)


def test_a_chain_is_only_as_good_as_its_links() -> None:
    assert changes.judge([made(A, B, "Ana"), made(B, C)], classified)(A, C) == "wording"
    forged = replace(made(B, C), kind="cosmetic")
    assert changes.judge([made(A, B, "Ana"), forged], classified)(A, C) == "wording"


def test_a_chain_never_makes_a_critical_change_harmless() -> None:
    kind = changes.judge([made(A, B, "Ana"), made(B, "Never go.", "Ana")], classified)
    assert kind(A, "Never go.") == "critical"


# --- what is added ---------------------------------------------------------------------------------


def test_a_change_is_recorded_once_but_each_time_that_it_is_made() -> None:
    there, back = made(A, B), made(B, A)
    assert changes.unrecorded([there], []) == (there,)
    assert changes.unrecorded([there], [there]) == ()
    assert changes.unrecorded([there], [there, back]) == (there,)
    assert changes.unrecorded([replace(there, catalog="help")], [there]) != ()


def test_a_message_that_was_split_is_never_cosmetic() -> None:
    parts = "Go now." + changes.PARAGRAPHS + "Call us."
    split = changes.found("leaving", "Go now. Call us.", parts, classified, TODAY, split=True)
    joined = changes.found("leaving", parts, "Go now. Call us.", classified, TODAY)
    assert (split.kind, split.reasons) == ("wording", ("split in parts",))
    assert joined.kind == "cosmetic"
    assert split.place == Place("locales/changes.toml")
