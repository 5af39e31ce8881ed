"""Phase *reviews*: `locales/<locale>/reviews.toml`, in which people say what they read and found right.

The file is only ever added to: a mark that no longer fits any message means nothing, and what somebody once
wrote under their name stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import get_args

from handbill import diagnostics, tables
from handbill.model import Diagnostic, Place, Review, Role, Text
from handbill.tables import Table

_ROLES: tuple[Role, ...] = get_args(Role)
_MARK = re.compile(r"[0-9a-f]{16}")

_HEAD = """\
# Who read which translations and found them right. `build.py review` adds to this file; nothing in it needs
# to be changed by hand. A mark is bound to the words of one message and the contacts in it: it counts as long
# as they stay as they are. The names are as public as the repository.
"""


def path(locale: str) -> str:
    """Return where a locale's reviews stand, below the project's folder."""
    return f"locales/{locale}/reviews.toml"


def read(
    content: bytes | None, path: str, catalogs: Collection[str], today: date
) -> tuple[tuple[Review, ...], tuple[Diagnostic, ...]]:
    """Return the reviews of a locale in their order, without those that have a mistake, and the mistakes.

    Where there is no file there are no reviews. A catalog that is not among `catalogs` and a mark that one
    person made twice are warnings. One day in the future is forgiven: a reviewer may live further east.
    """
    problems: list[Diagnostic] = []
    table = tables.toml(path, {} if content is None else {path: content}, problems)
    if table is None:
        return (), tuple(problems)
    tables.check_keys(table, (), ("review",), problems)
    reviews: list[Review] = []
    warnings: list[Diagnostic] = []
    made: dict[tuple[str, Role, str], Place] = {}
    for item in tables.each(table, "review", problems):
        before = len(problems)
        review, marks = _review(item, today, problems)
        if len(problems) > before:
            continue
        reviews.append(review)
        if review.catalog not in catalogs:
            place = item.values["catalog"].place
            warnings.append(diagnostics.review_catalog(place, review.catalog, catalogs))
        for mark in marks:
            first = made.setdefault((review.by, review.role, mark.value), mark.place)
            if first != mark.place:
                warnings.append(diagnostics.review_twice(mark.place, mark.value, first))
    return tuple(reviews), tuple(sorted((*problems, *warnings), key=lambda problem: problem.place))


def _review(table: Table, today: date, problems: list[Diagnostic]) -> tuple[Review, tuple[Text, ...]]:
    """Return one review and its marks with their places."""
    tables.check_keys(table, ("catalog", "by", "role", "on", "marks"), (), problems)
    on = tables.day(table, "on", problems)
    if on > today + timedelta(days=1):
        problems.append(diagnostics.date_in_future(table.values["on"].place, "on", on))
    marks = tables.texts(table, "marks", problems)
    listed = table.values.get("marks")
    if listed and listed.raw == ():
        problems.append(diagnostics.empty_value(listed.place, "marks"))
    for mark in marks:
        if mark.value and not _MARK.fullmatch(mark.value):
            problems.append(diagnostics.review_mark(mark.place, mark.value))
    review = Review(
        catalog=tables.text(table, "catalog", problems).value,
        by=tables.text(table, "by", problems).value,
        role=tables.choice(table, "role", _ROLES, problems),
        on=on,
        marks=tuple(mark.value for mark in marks),
    )
    return review, marks


def appended(text: str, review: Review) -> str:
    """Return the file with one review more: what was there, then the new block.

    Its lines end as those above do. `by` has no control characters, no white space at its ends and none but
    single spaces inside.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [] if text else [*_HEAD.splitlines()]
    if text and not text.endswith("\n"):
        lines.append("")
    lines += [
        "",
        "[[review]]",
        f"catalog = {_quoted(review.catalog)}",
        f"by = {_quoted(review.by)}",
        f"role = {_quoted(review.role)}",
        f"on = {review.on.isoformat()}",
        "marks = [",
        *(f"  {_quoted(mark)}," for mark in review.marks),
        "]",
        "",
    ]
    return text + newline.join(lines)


def _quoted(text: str) -> str:
    """Return a string of TOML, which for text without control characters is one of JSON."""
    return json.dumps(text, ensure_ascii=False)
