"""Makes a project of any size to build: guides of fifty messages each, complete in every locale.

    python benchmarks/project.py FOLDER [--guides 100] [--locales 20] [--guides-per-booklet 5]

A guide is first made as a tree that knows no format, the same tree in each language with words of that
language in it. From one tree come the Markdown and the PO files for Handbill, and, for what it is compared
with, finished Markdown in each language and Typst. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from words import LOCALES, WORDS  # noqa: E402

from handbill import extract, po  # noqa: E402
from handbill.model import Catalog  # noqa: E402
from handbill.source import read_source  # noqa: E402

# --- a guide as a tree -----------------------------------------------------------------------------

Mark = Literal["text", "strong", "em", "link", "token"]
Segment = tuple[Mark, str, str]
"""What it is, its words, and where a link leads (`guide-002#part-2`) or which token it is."""
Line = tuple[Segment, ...]
"""One message."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a guide; every line in it is a message."""

    kind: Literal["heading", "paragraph", "bullets", "steps", "tasks", "table", "quote"]
    lines: tuple[Line, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One guide in one language."""

    id: str
    locale: str
    audience: str
    title: Line
    summary: Line
    blocks: tuple[Block, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """Every message in document order."""
        yield self.title
        yield self.summary
        for block in self.blocks:
            yield from block.lines


CONTACTS = {"plant-rescue": "555-0100", "help-line": "555-0123"}
COLUMNS = 3
_SHAPE: tuple[tuple[str, int], ...] = (
    ("paragraph", 2),
    ("heading", 1),
    ("paragraph", 2),
    ("bullets", 5),
    ("paragraph", 1),
    ("heading", 1),
    ("paragraph", 1),
    ("table", 12),
    ("paragraph", 1),
    ("heading", 1),
    ("steps", 6),
    ("paragraph", 1),
    ("quote", 1),
    ("heading", 1),
    ("paragraph", 4),
    ("tasks", 5),
    ("paragraph", 3),
)
_LENGTHS = {"heading": (2, 5), "bullets": (4, 12), "steps": (4, 12), "tasks": (3, 9), "table": (1, 4)}


def guide_id(number: int) -> str:
    """Return the name of a guide, counted from 1."""
    return f"guide-{number:03}"


def page(number: int, guides: int, locale: str) -> Page:
    """Return one guide in one language."""
    id = guide_id(number)
    structure = random.Random(id)
    words = random.Random(f"{id} {locale}")
    near = range(max(1, number - 2), min(guides, number + 2) + 1)
    """Guides link to their neighbours, most of which stand in the same booklet."""
    blocks: list[Block] = []
    for kind, count in _SHAPE:
        if kind == "paragraph":
            blocks.extend(Block("paragraph", (_prose(structure, words, locale, near),)) for _ in range(count))
            continue
        low, high = _LENGTHS.get(kind, (8, 20))
        lines = tuple(
            _line(structure, words, locale, near, structure.randint(low, high), kind != "heading")
            for _ in range(count)
        )
        parts = sum(block.kind == "heading" for block in blocks)
        anchor = f"part-{parts + 1}" if kind == "heading" else ""
        blocks.append(Block(kind, lines, anchor))  # type: ignore[arg-type]
    audience = ("survivor", "supporter", "staff")[number % 3]
    title: Line = (("text", _sentence(words, locale, 3), ""),)
    summary: Line = (("text", _sentence(words, locale, 9), ""),)
    return Page(id, locale, audience, title, summary, tuple(blocks))


def _prose(structure: random.Random, words: random.Random, locale: str, near: range) -> Line:
    """Make a paragraph of one to three sentences; the first may have a link, a token or emphasis."""
    first = _line(structure, words, locale, near, structure.randint(6, 15), True)
    lengths = [structure.randint(6, 15) for _ in range(structure.randint(0, 2))]
    rest: Line = tuple(
        ("text", _space(locale) + _sentence(words, locale, length) + _stop(locale), "") for length in lengths
    )
    return first + rest


def _line(
    structure: random.Random, words: random.Random, locale: str, near: range, count: int, marked: bool
) -> Line:
    first = _sentence(words, locale, (count + 1) // 2)
    rest = _words(words, locale, max(1, count // 2))
    end = _stop(locale) if count > 4 else ""
    chance = structure.random()
    target = f"{guide_id(structure.choice(near))}#part-{structure.randint(1, 4)}"
    token = structure.choice(sorted(CONTACTS))
    space = _space(locale)
    kinds: tuple[tuple[float, Mark, str], ...] = (
        (0.10, "link", target),
        (0.17, "token", f"{token}.phone"),
        (0.23, "strong", ""),
        (0.26, "em", ""),
    )
    for limit, mark, where in kinds:
        if marked and chance < limit:
            inside = CONTACTS[token] if mark == "token" else _words(words, locale, 2)
            return ("text", first + space, ""), (mark, inside, where), ("text", space + rest + end, "")
    return (("text", first + space + rest + end, ""),)


def _sentence(choose: random.Random, locale: str, count: int) -> str:
    text = _words(choose, locale, count)
    return text[:1].upper() + text[1:]


def _words(choose: random.Random, locale: str, count: int) -> str:
    language = LOCALES[locale]
    return _space(locale).join(choose.choices(WORDS[language], k=count))


def _space(locale: str) -> str:
    return "" if LOCALES[locale] == "zh" else " "


def _stop(locale: str) -> str:
    return {"zh": "。", "hi": "।"}.get(LOCALES[locale], ".")


# --- as Markdown -----------------------------------------------------------------------------------


def message(line: Line) -> str:
    """Return a message as an author writes it for Handbill."""
    return "".join(_inline(segment, "{}.md", "{{{token}}}") for segment in line)


def resolved(line: Line) -> str:
    """Return a message as finished Markdown: links to pages, numbers in place of tokens."""
    return "".join(_inline(segment, "{}.html", "[{number}](tel:{number})") for segment in line)


def _inline(segment: Segment, file: str, token: str) -> str:
    mark, words, where = segment
    match mark:
        case "strong":
            return f"**{words}**"
        case "em":
            return f"*{words}*"
        case "link":
            guide, _, anchor = where.partition("#")
            return f"[{words}]({file.format(guide)}#{anchor})"
        case "token":
            return token.format(token=where, number=words)
        case _:
            return words


def markdown(page: Page, text: Callable[[Line], str]) -> str:
    """Return a guide's body, each message written by `text`."""
    pieces: list[str] = []
    for block in page.blocks:
        lines = [text(line) for line in block.lines]
        match block.kind:
            case "heading":
                pieces.append(f"## {lines[0]} {{#{block.anchor}}}\n")
            case "bullets":
                pieces.append("".join(f"- {line}\n" for line in lines))
            case "steps":
                pieces.append("".join(f"{number}. {line}\n" for number, line in enumerate(lines, 1)))
            case "tasks":
                pieces.append("".join(f"- [ ] {line}\n" for line in lines))
            case "quote":
                pieces.append(f"> {lines[0]}\n")
            case "table":
                rows = [lines[start : start + COLUMNS] for start in range(0, len(lines), COLUMNS)]
                rows.insert(1, ["---"] * COLUMNS)
                pieces.append("".join(f"| {' | '.join(row)} |\n" for row in rows))
            case _:
                pieces.append(f"{lines[0]}\n")
    return "\n".join(pieces)


# --- as a project ----------------------------------------------------------------------------------


def write_project(
    folder: Path, guides: int, locales: int, today: date, guides_per_booklet: int | None = None
) -> None:
    """Write a project that builds without a diagnostic on that day; no booklets where None."""
    names = list(LOCALES)[:locales]
    _write(folder / "content/site.toml", _site_toml(names[1:]))
    _write(folder / "content/contacts.toml", _contacts_toml(today))
    booklets = [] if guides_per_booklet is None else range(1, guides + 1, guides_per_booklet)
    toml = "\n".join(
        _booklet_toml(start, min(start + (guides_per_booklet or 0), guides + 1)) for start in booklets
    )
    if toml:
        _write(folder / "content/booklets.toml", toml)
    for number in range(1, guides + 1):
        source = page(number, guides, names[0])
        head = (
            f"---\ntitle: {message(source.title)}\nsummary: {message(source.summary)}\n"
            f"audience: {source.audience}\nfacts: [H1]\nreviewed: {today}\nreview_after: 12\n---\n\n"
        )
        _write(folder / f"content/guides/{source.id}.md", head + markdown(source, message))
    read, problems = read_source(folder)
    assert read is not None, problems
    interface, _ = extract.interface(read.project)
    for locale in names[1:]:
        for number, (id, document) in enumerate(read.documents.items(), 1):
            source, target = page(number, guides, names[0]), page(number, guides, locale)
            template = extract.pot(document.messages, id, read.project)
            _write(folder / f"locales/{locale}/LC_MESSAGES/{id}.po", guide_catalog(template, source, target))
        text = _interface_catalog(locale, extract.pot(interface, "interface", read.project))
        _write(folder / f"locales/{locale}/LC_MESSAGES/interface.po", text)


def guide_catalog(template: Catalog, source: Page, target: Page) -> str:
    """Return the PO file of a guide in the target's locale, with what `extract` tells a translator."""
    pairs = {
        message(line): message(translated)
        for line, translated in zip(source.lines, target.lines, strict=True)
    }
    entries = (
        replace(entry, msgstr=(pairs[entry.msgid],), text="") for entry in template.entries if entry.msgid
    )
    return po.write(Catalog("", (po.header("Benchmark", target.locale), *entries)))


def _interface_catalog(locale: str, template: Catalog) -> str:
    choose = random.Random(f"interface {locale}")
    head = po.header("Benchmark", locale)
    forms = int(head.msgstr[0].partition("nplurals=")[2][0])
    entries = (
        replace(
            entry,
            msgstr=tuple(
                _like(choose, locale, entry.msgid) for _ in range(1 if entry.msgid_plural is None else forms)
            ),
            text="",
        )
        for entry in template.entries
        if entry.msgid
    )
    return po.write(Catalog("", (head, *entries)))


def _like(choose: random.Random, locale: str, text: str) -> str:
    """Return as many words as the text has, with its placeholders and numbers."""
    kept = "".join(f" {match[0]}" for match in re.finditer(r"%\(\w+\)s|\d+", text))
    return _sentence(choose, locale, len(text.split())) + kept


def _site_toml(locales: list[str]) -> str:
    return f"""\
title = "Houseplants"
description = "Short guides to keeping houseplants."
notice = "These tips are general. No two houseplants are alike, and you know yours best."
notice_neutral = "These tips are general. Use only what fits you."
source_locale = "en"
locales = {locales!r}
emergency = "plant-rescue"
helpline = "help-line"

[facts]
H1 = "Most houseplants die of too much water"

[hosting]
precompressed = false  # what this is compared with compresses nothing
"""


def _contacts_toml(today: date) -> str:
    contacts = "".join(
        f"""
[[contact]]
id = "{id}"
region = "home"
kind = "{kind}"
name = "{name}"
note = "Ask about leaves, light and water."
hours = "Weekdays, 9 to 5"
phone = "{CONTACTS[id]}"
source = "made up"
checked = {today}
verified = true
"""
        for id, kind, name in (
            ("plant-rescue", "emergency", "Plant rescue"),
            ("help-line", "helpline", "Houseplant Helpline"),
        )
    )
    return f'[[region]]\nid = "home"\nname = "Home"\n{contacts}'


def _booklet_toml(start: int, end: int) -> str:
    return f"""\
[[booklet]]
id = "booklet-{start:03}"
title = "Booklet {start}"
summary = "Guides {start} to {end - 1}."
audience = "survivor"
guides = {[guide_id(number) for number in range(start, end)]!r}
"""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Write a project into a folder."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--guides", type=int, default=100)
    options.add_argument("--locales", type=int, default=20)
    options.add_argument("--guides-per-booklet", type=int, default=None)
    asked = options.parse_args()
    write_project(asked.folder, asked.guides, asked.locales, date.today(), asked.guides_per_booklet)


if __name__ == "__main__":
    main()
