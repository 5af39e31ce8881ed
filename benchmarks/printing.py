"""Booklets three ways in one warm process each, so that they can be compared with one another.

    python benchmarks/printing.py handbill|loop|typst FOLDER

`handbill` typesets and imposes; `loop` gives WeasyPrint the same pages, one after another, with
`target-counter()` for the numbers in the list of contents; `typst` sets the same text in a similar style.
Each makes its first booklet once before the clock starts. Prints pages, CPU and wall seconds as JSON.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from project import COLUMNS, Line, Page, page  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from handbill import booklets, fonts, press, render, source  # noqa: E402
from handbill.press import BookletJob  # noqa: E402
from handbill.spoken import Spoken  # noqa: E402

# --- Handbill and the loop -------------------------------------------------------------------------


def jobs(folder: Path) -> Iterator[BookletJob]:
    """Yield every booklet of a project in every locale, as a build hands them to its workers."""
    read, problems = source.read_source(folder)
    assert read is not None, problems
    jinja = render.environment(read.project.templates)
    own = source.source_translations(read)
    ground, coverage = press.ground(folder), fonts.coverage(press.faces(folder))
    for locale in read.languages:
        is_source = locale == read.project.site.source_locale
        translations = (
            own if is_source else source.read_translations(read, folder, locale, coverage, date.today())[0]
        )
        spoken = Spoken(read, jinja, translations, own.phrases)
        for _, _, job, more in booklets.jobs(spoken, folder, ground, False, coverage, {}.__getitem__):
            assert isinstance(job, BookletJob), more
            yield job


def handbill(job: BookletJob) -> bytes:
    """Make a booklet's PDFs, sheets included, and return the one to read."""
    with tempfile.TemporaryDirectory() as folder:
        made = press.make(replace(job, cache=folder))
        assert made.folder, made.diagnostics
        return Path(made.folder, press.file_name("")).read_bytes()


_NUMBERS = """
.toc-page::after { content: target-counter(attr(data-for), page) }
"""


def loop(job: BookletJob) -> bytes:
    """Make a booklet's tagged PDF as WeasyPrint's manual says."""
    from weasyprint import HTML

    style = f"<style>{''.join(job.css)}{_NUMBERS}</style></head>"
    html = job.html.replace('data-for="', 'data-for="#').replace("</head>", style, 1)
    return bytes(HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))


# --- Typst -----------------------------------------------------------------------------------------

_TYPST = """\
#set document(title: "{title}")
#set page(width: 139.7mm, height: 210mm, margin: (x: 16mm, y: 20mm), numbering: "1", header: context {{
  let before = query(heading.where(level: 1).before(here()))
  if before.len() > 0 [#text(8pt, before.last().body)]
}})
#set text(
  font: ("Noto Sans", "Vazirmatn", "Noto Sans SC"), size: 10.5pt, lang: "{language}", dir: {direction})
#show heading.where(level: 1): it => [#pagebreak(weak: true) #it]
= {title}
#outline(depth: 1)
"""


def typst_sources(guides: int, guides_per_booklet: int, locales: Sequence[str]) -> Iterator[str]:
    """Yield every booklet of a generated project as a Typst document."""
    for locale in locales:
        language, direction = locale.partition("_")[0], "rtl" if locale == "ar" else "ltr"
        for start in range(1, guides + 1, guides_per_booklet):
            numbers = range(start, min(start + guides_per_booklet, guides + 1))
            head = _TYPST.format(title=f"Booklet {start}", language=language, direction=direction)
            yield head + "\n".join(_typst_guide(page(number, guides, locale)) for number in numbers)


def _typst_guide(guide: Page) -> str:
    pieces = [f"= {_typst_line(guide.title)}\n", f"{_typst_line(guide.summary)}\n"]
    for block in guide.blocks:
        lines = [_typst_line(line) for line in block.lines]
        match block.kind:
            case "heading":
                pieces.append(f"== {lines[0]}\n")
            case "bullets" | "tasks":
                pieces.extend(f"- {line}" for line in lines)
            case "steps":
                pieces.extend(f"+ {line}" for line in lines)
            case "quote":
                pieces.append(f"#quote(block: true)[{lines[0]}]\n")
            case "table":
                cells = [f"[{line}]" for line in lines]
                head = f"table.header({', '.join(cells[:COLUMNS])})"
                body = ", ".join(cells[COLUMNS:])
                pieces.append(f"#table(columns: (1fr,) * {COLUMNS}, stroke: (y: .3pt), {head}, {body})\n")
            case _:
                pieces.append(f"{lines[0]}\n")
    return "\n".join(pieces)


def _typst_line(line: Line) -> str:
    return "".join(_TYPST_MARKS.get(mark, "{}").format(_typst_text(words)) for mark, words, _ in line)


_TYPST_MARKS = {"strong": "#strong[{}]", "em": "#emph[{}]"}


def _typst_text(words: str) -> str:
    return re.sub(r"([#*_`$<>@\\\[\]~])", r"\\\1", words)


def typst(text: str) -> bytes:
    """Make a tagged PDF with Typst."""
    import typst as compiler

    made = compiler.compile(
        text.encode(),
        font_paths=[str(HERE.parent / "fonts")],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made


# --- the clock -------------------------------------------------------------------------------------


def main() -> None:
    """Make every booklet in one way and print what it took."""
    way, folder = sys.argv[1], Path(sys.argv[2])
    makers: list[Callable[[], bytes]]
    if way == "typst":
        listed = tomllib.loads((folder / "content/booklets.toml").read_text("utf-8"))["booklet"]
        site = tomllib.loads((folder / "content/site.toml").read_text("utf-8"))
        guides = sum(len(booklet["guides"]) for booklet in listed)
        locales = (site["source_locale"], *site["locales"])
        texts = typst_sources(guides, len(listed[0]["guides"]), locales)
        makers = [partial(typst, text) for text in texts]
    else:
        press.point_fontconfig(folder)
        make = {"handbill": handbill, "loop": loop}[way]
        makers = [partial(make, job) for job in jobs(folder)]
    makers[0]()
    cpu, wall = time.process_time(), time.perf_counter()
    pdfs = [made() for made in makers]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    pages = sum(len(PdfReader(BytesIO(pdf)).pages) for pdf in pdfs)
    print(json.dumps({"pages": pages, "cpu_s": cpu, "wall_s": wall}))


if __name__ == "__main__":
    main()
