"""The examples of the CommonMark specification: cut into messages and filled in again, each is as it was.

Not every example is a guide of ours: headings out of order, typed addresses and links that lead nowhere are
refused, with diagnostics. Even then nothing may be lost on the way through a catalog. commonmark/README.md
tells where the examples come from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from example import TESTS, adapted, documents, files, guide, language, project_with, setting
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_bad import _codes, assert_well_said
from test_laws import _reading, _tree, to_itself

from handbill import extract, fill, markdown, merge, po
from handbill.load import load
from handbill.model import Catalog, Diagnostic, Document, Edition, Medium
from handbill.parse import parse
from handbill.plan import plan

FOLDER = TESTS / "commonmark"
EXAMPLES = json.loads((FOLDER / "commonmark.json").read_text(encoding="utf-8"))
each_example = pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: f"{example['example']}-{example['section']}"
)
together = st.lists(st.sampled_from([example["markdown"] for example in EXAMPLES]), min_size=1, max_size=4)
"""Examples that stand below each other in one guide."""

KNOWN = {locale: language(locale) for locale in ("en", "es")}
CODES = _codes()
SAMPLE = files(TESTS / "sample")
FRONT = """\
---
title: The title
summary: The summary.
audience: survivor
facts: [H1]
reviewed: 2026-11-01
review_after: 12
---
"""


def problems(body: str) -> tuple[Diagnostic, ...]:
    """Return what the engine says of a guide with this body."""
    project = project_with(guide(body))
    return (*parse(guide(body))[1], *plan(project, documents(project), KNOWN)[1])


def filled(document: Document, translations: Mapping[str, str] | None, medium: Medium) -> Edition:
    """Return a document filled in, wherever its links lead."""
    linked = [target for message in document.messages for target in markdown.references(message.text).links]
    form = fill.form(adapted(document, medium), {target: f"#{target}" for target in linked})
    return fill.fill(form, translations, setting("es", medium))


def assert_nothing_is_lost(body: str) -> None:
    """Hold a guide to the law: through a catalog and back, it is the same in every medium."""
    document, _ = parse(guide(body))
    translations = to_itself(document)
    for medium in ("web", "print"):
        assert filled(document, translations, medium) == filled(document, None, medium)


# --- one by one --------------------------------------------------------------------------------------


@each_example
def test_an_example_is_filled_in_as_it_was(example: dict[str, str]) -> None:
    assert_nothing_is_lost(example["markdown"])


@each_example
def test_the_messages_of_an_example_go_through_template_and_catalog_unchanged(
    example: dict[str, str],
) -> None:
    document, _ = parse(guide(example["markdown"]))
    texts = list(dict.fromkeys(message.text for message in document.messages))
    template, faults = po.read(po.write(extract.pot(document.messages, "case")), "case.pot")
    assert faults == ()
    assert [entry.msgid for entry in template.entries[1:]] == texts

    empty = Catalog("case.po", (po.header("Test", "es"),))
    moves = merge.moves({"case": template}, {"case": empty})
    new = merge.merge(template, empty, lambda old, new: "critical", moves["case"]).catalog
    translated = [replace(entry, msgstr=(entry.msgid,), text="") for entry in new.entries[1:]]
    written = po.write(replace(new, entries=(new.entries[0], *translated)))
    catalog, faults = po.read(written, "case.po")
    assert faults == ()
    assert po.write(catalog) == written
    assert po.translations(catalog) == dict(zip(texts, texts, strict=True))
    assert po.read_translations(written, "case.po")[0] == po.translations(catalog)


@each_example
def test_an_example_is_a_guide_or_is_refused_with_reasons(example: dict[str, str]) -> None:
    body = example["markdown"]
    project, found = load({**SAMPLE, "content/guides/case.md": (FRONT + body).encode()}, {})
    assert project, found
    case = next(guide for guide in project.guides if guide.id == "case")
    assert case.body.strip("\n") == body.strip("\n")
    for problem in problems(body):
        assert problem.code in CODES
        assert_well_said(problem)


def test_the_examples_are_the_file_that_is_written_down_beside_them() -> None:
    digest = hashlib.sha256((FOLDER / "commonmark.json").read_bytes()).hexdigest()
    assert digest in (FOLDER / "README.md").read_text(encoding="utf-8")


# --- what a reader reads -----------------------------------------------------------------------------

_WITHOUT = MarkdownIt("commonmark", {"html": False}).disable(["code", "html_block", "html_inline"])
"""CommonMark without the two things that our dialect leaves out: indented code, and HTML."""


@each_example
def test_an_example_that_is_a_guide_reads_as_commonmark_says(example: dict[str, str]) -> None:
    if problems(example["markdown"]):
        return
    document, _ = parse(guide(example["markdown"]))
    reading = _reading(_tree(filled(document, None, "web").body))
    assert reading == _reading(_tree(_WITHOUT.render(example["markdown"])))


def test_most_examples_are_guides_and_nearly_all_of_those_read_as_the_specification_prints_them() -> None:
    accepted = [example for example in EXAMPLES if not problems(example["markdown"])]
    same = [
        example
        for example in accepted
        if _reading(_tree(filled(parse(guide(example["markdown"]))[0], None, "web").body))
        == _reading(_tree(example["html"]))
    ]
    assert (len(EXAMPLES), len(accepted), len(same)) == (652, 398, 353)


# --- together ----------------------------------------------------------------------------------------


@given(together)
def test_examples_below_each_other_are_filled_in_as_they_were(bodies: list[str]) -> None:
    assert_nothing_is_lost("\n".join(bodies))


@given(together)
def test_examples_below_each_other_are_a_guide_or_are_refused_with_reasons(bodies: list[str]) -> None:
    for problem in problems("\n".join(bodies)):
        assert problem.code in CODES
        assert_well_said(problem)
