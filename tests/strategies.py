"""Made-up guides and messages for the laws."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

# --- messages ----------------------------------------------------------------------------------------

CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cn"))
"""Control characters are refused wherever text is read."""
SOUP = st.text(
    st.sampled_from("\\`*_[](){}<>&!\n\"'#|-:;./ abZ9é中。ش\u00a0\u2028\u0301") | CHARACTERS, max_size=40
)
SPIKES = r"""
** * _ ` [ ]( ) ![ light.md images/leaf.png {help-line.phone} {help-line.name} {a.b} javascript:x word 中文 。
<script> </p> <b <!-- --> <img/onerror=x> &lt; &amp; &#60; &#x0; \ \\ ``` # - 1. > ::: | --- ش 5-6 " ' &quot;
onclick= //evil.example https://evil.example [x](javascript:x) [x](https://evil.example)
![x](//evil.example/x.png) [x](light.md) <a/href="x">x</a> <b>x</b> </p><p>x **x** `x`
"""
PIECES = st.lists(
    st.sampled_from(SPIKES.split()) | st.sampled_from([" ", "\n", "  \n", "\n\n", "\t"]), max_size=16
).map("".join)
HOSTILE = SOUP | PIECES
"""What a message or a translation could hold at worst."""

# --- guides ------------------------------------------------------------------------------------------

WORDS = r"""
water the plant, not calendar. Wait! light; one pot's soil (dry) "said" é 中文 ورقة & 9-5 3.5 a<b \\* &amp;
*em* **strong** `code` [light](light.md) [*its* window](light.md#window)
"""
TOKENS = ["{help-line.phone}", "{help-line.name}", "[site]({help-line.web})", "![leaf](images/leaf.png)"]


@dataclass(frozen=True)
class Line:
    """Words that an author may wrap as they like; `rest` begins each further line, None where none may be."""

    first: str = ""
    words: Sequence[str] = ()
    rest: str | None = None


Block = list[Line]
_END = Line()


@st.composite
def wrappings(draw: st.DrawFn, guides: st.SearchStrategy[Block]) -> tuple[str, str]:
    """Return a guide's body twice: each paragraph on one line, and wrapped somehow."""
    lines = draw(guides)
    on_one_line = "\n".join(line.first + " ".join(line.words) for line in lines)
    wrapped = [line.first + _wrapped(draw, line) for line in lines]
    return on_one_line, "\n".join(wrapped)


def _wrapped(draw: st.DrawFn, line: Line) -> str:
    text = ""
    for index, word in enumerate(line.words):
        breaks = index and line.rest is not None and draw(st.booleans())
        text += f"\n{line.rest}{word}" if breaks else f" {word}" if index else word
    return text


def guides(
    words: Sequence[str] = (*WORDS.split(), *TOKENS), *, plain: bool = False
) -> st.SearchStrategy[Block]:
    """Return a strategy for guides; `plain` ones use what CommonMark and its tables have, and no more."""
    text = st.lists(st.sampled_from(words), min_size=1, max_size=12)
    cell = st.lists(st.sampled_from(words), max_size=3)
    paragraph = text.map(lambda words: [Line("", words, "")])
    blocks = [paragraph, _list(text, st.sampled_from(["-", "1.", "7)"])), _quote(text), _table(cell)]
    if not plain:
        title = st.lists(st.sampled_from(["Who", "to", "*ask*", "now?", "中文"]), min_size=1, max_size=3)
        blocks += [
            _callout(text, title),
            text.map(lambda words: [Line("::: critical"), Line("", words, ""), Line(":::")]),
            st.integers(1, 9).map(lambda count: [Line(f"::: lines {count}"), Line(":::")]),
            text.map(lambda words: [Line("```"), Line("", words), Line("```")]),
            st.just([Line("---")]),
            st.just([Line("![A round leaf](images/leaf.png)")]),
            _list(text, st.sampled_from(["- [ ]", "- [x]"])),
        ]
        sections = st.tuples(title, st.lists(st.one_of(*blocks), max_size=4))
        return st.lists(sections, min_size=1, max_size=3).map(_sections)
    return st.lists(st.one_of(*blocks), min_size=1, max_size=5).map(_joined)


def _joined(blocks: Sequence[Block]) -> Block:
    return [line for block in blocks for line in (*block, _END)]


def _sections(sections: Sequence[tuple[Sequence[str], Sequence[Block]]]) -> Block:
    numbered = enumerate(sections, 1)
    headings = ([Line("## ", [*title, f"{{#part-{number}}}"])] for number, (title, _) in numbered)
    both = zip(headings, sections, strict=True)
    return [line for heading, (_, blocks) in both for line in _joined([heading, *blocks])]


@st.composite
def _list(draw: st.DrawFn, text: st.SearchStrategy[list[str]], marks: st.SearchStrategy[str]) -> Block:
    mark, loose = draw(marks), draw(st.booleans())
    indent = "   "[: len(mark.split()[0]) + 1]
    lines: Block = []
    for _ in range(draw(st.integers(1, 3))):
        lines.append(Line(f"{mark} ", draw(text), indent))
        if loose and draw(st.booleans()):
            lines += [_END, Line(indent, draw(text), indent)]
        for _ in range(draw(st.integers(0, 2))):
            lines.append(Line(f"{indent}- ", draw(text), f"{indent}  "))
        lines += [_END] * loose
    return lines


def _quote(text: st.SearchStrategy[list[str]]) -> st.SearchStrategy[Block]:
    return st.tuples(text, text).map(
        lambda both: [Line("> ", both[0], "> "), Line("> "), Line("> - ", both[1], ">   ")]
    )


@st.composite
def _table(draw: st.DrawFn, cell: st.SearchStrategy[list[str]]) -> Block:
    columns = draw(st.integers(1, 3))
    rule = draw(st.lists(st.sampled_from(["--", ":--", ":-:", "--:"]), min_size=columns, max_size=columns))
    rows = draw(st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=1, max_size=4))
    lines = ["| " + " | ".join(" ".join(words) for words in row) + " |" for row in rows]
    return [Line(lines[0]), Line(f"|{'|'.join(rule)}|"), *map(Line, lines[1:])]


def _callout(
    text: st.SearchStrategy[list[str]], title: st.SearchStrategy[list[str]]
) -> st.SearchStrategy[Block]:
    kinds = st.sampled_from(["warning", "note", "steps"])
    return st.tuples(kinds, title, text, text).map(
        lambda parts: [
            Line(f"::: {parts[0]} ", parts[1]),
            Line("", parts[2], ""),
            Line("- ", parts[3], "  "),
            Line(":::"),
        ]
    )
