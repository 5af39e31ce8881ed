"""Markdown through markdown-it-py: block tokens of a guide, and the inline text of one message.

The only importer of markdown-it-py and its plugins. Inline text has its own small dialect: emphasis,
strong, code, links, images, hard breaks and tokens such as `{us-hotline.phone}`; raw HTML and bare
addresses are plain characters. A message is only ever parsed as inline text, so it can never open a block
or carry HTML. Nothing here reads, writes or remembers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Literal, NamedTuple, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token as Token
from mdit_py_plugins.container import container_plugin

from handbill.model import Direction

TOKEN = re.compile(r"\{([a-z][a-z0-9-]*\.[a-z]+)\}")
"""A token inside a message; group 1 is its name."""

_MARKUP = re.compile(r"[\\`*_\[\]<&{\n]")
_ESCAPABLE = re.compile("[&<>\"']")
"""What `html.escape` replaces, one after the other; to look for all at once is quicker."""
_DIGIT = "[0-9٠-٩۰-۹]"
_NUMBER = re.compile(rf"{_DIGIT}{_DIGIT}*+(?:(?:[-/.:–]{_DIGIT}++)+| (?:[A-Z]\.)+ {_DIGIT}+)")
"""What right-to-left text would scramble: joined numbers, and citations such as `22 U.S.C. 7102`.

It begins with a set of characters, not with a repetition, for then `re` skips quickly to the first of them.
"""

_SPECIAL: Mapping[Direction, re.Pattern[str]] = {
    "ltr": re.compile(r"""[\\`*_\[\]<&{\n>"']"""),
    "rtl": re.compile(rf"""[\\`*_\[\]<&{{\n>"']|{_DIGIT}"""),
}
"""Without one of these, a text is its own HTML."""


@dataclass(frozen=True, slots=True)
class Inline:
    """What inline text needs of its surroundings to become HTML."""

    direction: Direction
    tokens: Mapping[str, str]
    """Token name → finished HTML."""
    plain_tokens: Mapping[str, str]
    """Token name → plain text."""
    links: Mapping[str, str]
    """Link target as the author wrote it → `href`; a target that is not in it becomes plain text."""
    images: str
    """Prefix for image sources."""
    page_reference: str = ""
    """HTML after a link to a place of the same print, where `{anchor}` stands for it; empty on the web."""


class References(NamedTuple):
    """What one message names, each in order of appearance.

    A named tuple, for every build makes one of each translation that has markup.
    """

    tokens: tuple[str, ...]
    links: tuple[str, ...]
    images: tuple[str, ...]
    prose: str
    """The text that a reader reads, without code spans, tokens and targets."""
    code: tuple[str, ...] = ()
    """What stands in code spans."""
    strays: tuple[str, ...] = ()
    """Markup that a reader would see as it stands, such as the stars of `**one star too few*`."""


# --- blocks ----------------------------------------------------------------------------------------


def blocks(text: str) -> tuple[Sequence[Token], Sequence[str]]:
    """Return the block tokens of a guide's body and the labels of its reference definitions.

    `inline` tokens hold the author's text and are not parsed further.
    """
    environment: MutableMapping[str, Any] = {}
    tokens = _BLOCKS.parse(text, environment)
    return tokens, tuple(environment.get("references", {}))


def fold(text: str) -> str:
    """Return inline Markdown as a message: soft breaks folded to one space, NFC, nothing else restyled.

    >>> fold("Keep **it**\\nclose.\\\\\\nNow")
    'Keep **it** close.\\\\\\nNow'
    """
    lines = unicodedata.normalize("NFC", text).split("\n")
    folded = lines[0]
    for line in lines[1:]:
        hard = (len(folded) - len(folded.rstrip("\\"))) % 2 == 1 or folded.endswith("  ")
        folded = f"{folded}\n{line.lstrip()}" if hard else f"{folded.rstrip()} {line.lstrip()}"
    return folded.strip()


# --- inline ----------------------------------------------------------------------------------------


def html(text: str, inline: Inline) -> str:
    """Return the HTML of one message. Text without markup, and the commonest markup, skip the parser."""
    if _SPECIAL[inline.direction].search(text) is None:
        return text
    if _MARKUP.search(text) is None:
        return _escaped(text, inline.direction)
    runs = _runs(text)
    if runs is not None:
        return _html_of(runs, inline)
    return _parsed_html(text, inline)


def html_of_each(texts: Iterable[str | None], inline: Inline) -> list[str | None]:
    """Return the HTML of many messages. Most are their own, which is soon seen; None stays None."""
    special = _SPECIAL[inline.direction].search
    return [text if text is None or special(text) is None else html(text, inline) for text in texts]


def _parsed_html(text: str, inline: Inline) -> str:
    return str(_INLINE.renderer.render(_children(text), _INLINE.options, {"inline": inline}))


def plain(text: str, inline: Inline) -> str:
    """Return the text of one message without markup, not escaped: for attributes, titles, bookmarks."""
    if _MARKUP.search(text) is None:
        return text
    runs = _runs(text)
    if runs is not None:
        return "".join(
            [
                _token(token, inline.plain_tokens) if token else text or strong or em or link
                for text, strong, em, link, _, token, _ in runs
            ]
        )
    return _plain(_children(text), inline.plain_tokens)


def references(text: str) -> References:
    """Return what a message names: its tokens, link targets and images."""
    if _MARKUP.search(text) is None:
        return References((), (), (), text)
    runs = _runs(text)
    if runs is None:
        return _parsed_references(text)
    tokens = tuple([run[5] for run in runs if run[5]])
    links = tuple([run[4] for run in runs if run[4]])
    return References(tokens, links, (), _prose(runs))


Names: TypeAlias = tuple[tuple[str, str], ...]
"""The links and tokens of a message in order of appearance: target and nothing, or nothing and name."""


def named(text: str) -> tuple[Names, str] | None:
    """Return the names in a message of the common kind, and its prose; None for any other.

    It says less than `references`, and sooner.
    """
    runs = _runs(text)
    if runs is None:
        return None
    names = tuple([(run[4], run[5]) for run in runs if run[4] or run[5]])
    return names, _prose(runs)


def _parsed_references(text: str) -> References:
    tokens: list[str] = []
    links: list[str] = []
    images: list[str] = []
    prose: list[str] = []
    code: list[str] = []
    strays: list[str] = []
    for token in _flat(_kept(text)):
        if token.type == "contact":
            tokens.append(token.content)
            prose.append(" ")
        elif token.type == "link_open":
            links.append(str(token.attrs["href"]))
        elif token.type == "image":
            images.append(str(token.attrs["src"]))
        elif token.type == "text":
            prose.append(token.content)
            strays.extend(_STRAY.findall(token.content))
        elif token.type == "text_special" and token.content != "<":
            prose.append(token.content)
            if len(token.content) > 1 and token.content[0] == "\\":
                strays.append("\\")  # before a letter it escapes nothing
        elif token.type == "code_inline":
            prose.append(" ")
            code.append(token.content)
        elif token.type != "link_close" and token.type not in _SILENT:
            prose.append(" ")
    return References(tuple(tokens), tuple(links), tuple(images), "".join(prose), tuple(code), tuple(strays))


_STRAY = re.compile(r"\*+|_+|`+|\]\(|[{\\]|&(?:#\w+|[A-Za-z]\w*);|</?[A-Za-z](?![^<>\n]*>)")
"""What is left of markup in plain text: escaped characters are not in it, and paired marks are tokens."""


def strays(text: str) -> tuple[str, ...]:
    """Return what looks like markup in a text that is shown as it stands, without Markdown.

    >>> strays("**Stop** & read [this](x.md)")
    ('**', '**', '](')
    """
    return tuple(_STRAY.findall(text))


Piece: TypeAlias = Literal["text", "token", "code", "link", "image", "end"]


def pieces(text: str) -> tuple[tuple[Piece, str], ...]:
    """Return a message taken apart, in order: what a reader reads, and what stands between.

    The words of a link, and those that describe an image, end with `end`; emphasis leaves nothing, and text
    that it parted is joined.

    >>> pieces("Call **{us.phone}** or [*t*hem](a.md)")[1:]
    (('token', 'us.phone'), ('text', ' or '), ('link', 'a.md'), ('text', 'them'), ('end', ''))
    """
    if _MARKUP.search(text) is None:
        return (("text", text),)
    found: list[tuple[Piece, str]] = []
    for kind, content in _pieces(_children(text)):
        if kind == "text" and found and found[-1][0] == "text":
            found[-1] = ("text", found[-1][1] + content)
        else:
            found.append((kind, content))
    return tuple(found)


def _pieces(tokens: Iterable[Token]) -> Iterator[tuple[Piece, str]]:
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                yield "text", token.content
            case "contact":
                yield "token", token.content
            case "code_inline":
                yield "code", token.content
            case "link_open":
                yield "link", str(token.attrs["href"])
            case "link_close":
                yield "end", ""
            case "hardbreak" | "softbreak":
                yield "text", "\n"
            case "image":
                yield "image", str(token.attrs["src"])
                # a link in a description leads nowhere
                yield from (
                    piece for piece in _pieces(token.children or ()) if piece[0] not in ("link", "end")
                )
                yield "end", ""


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield tokens, those inside an image's description after it. A link there leads nowhere."""
    for token in tokens:
        yield token
        if token.type == "image":
            yield from (inner for inner in _flat(token.children or ()) if inner.type != "link_open")


_SILENT = frozenset(("strong_open", "strong_close", "em_open", "em_close"))


def _plain(tokens: Iterable[Token], plain_tokens: Mapping[str, str]) -> str:
    pieces: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            pieces.append(token.content)
        elif token.type == "image":
            pieces.append(_plain(token.children or (), plain_tokens))
        elif token.type == "contact":
            pieces.append(_token(token.content, plain_tokens))
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
    return "".join(pieces)


def _children(text: str) -> Sequence[Token]:
    """Parse one message, escapes and entities joined to the text around them."""
    if "\\" in text or "&" in text:
        return _INLINE.parseInline(text, {})[0].children or ()
    return _kept(text)


def _kept(text: str) -> Sequence[Token]:
    """Parse one message, escapes and entities as tokens of their own."""
    return _ESCAPES_KEPT.parseInline(text, {})[0].children or ()


_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x1C00)) if unicodedata.category(mark)[0] == "M")
"""What is written on letters in living scripts, such as vowels of Devanagari: for `re` it is no letter."""
_RUN = r"(?:[^\\`*_\[\]<&{!\x00-\x1f]++|!(?!\[))++"
_WORDS = rf"[^\W_](?:[^\\`*_\[\]<&{{!\x00-\x1f]*[^\W_])?[{_MARKS}]*+"
_COMMON = re.compile(
    rf"({_RUN})"
    rf"|\*\*({_WORDS})\*\*(?!\*)"
    rf"|\*({_WORDS})\*(?!\*)"
    rf"|\[({_RUN})\]\(((?:[\w.#/-]|{re.sub('[()]', '', TOKEN.pattern)})+)\)"
    rf"|{TOKEN.pattern}"
    r"|([\s\S]+)"
)
"""Plain text, strong or emphasised words, a link, a token, each with nothing else inside; or all the rest."""

_Run: TypeAlias = tuple[str, str, str, str, str, str, str]
"""A match of `_COMMON`, of which only what is of its kind is not empty: plain text, strong words, emphasised
words, words and target of a link, the name of a token, the rest."""


@lru_cache(maxsize=2048)
def _runs(text: str) -> Sequence[_Run] | None:
    """Return the runs of a message of the common kind; None for any other.

    Most messages with markup are of this kind, and in each locale they are read anew. A test holds what
    becomes of them to the parser. Remembered, for what is checked is filled in soon after.
    """
    runs: list[_Run] = _COMMON.findall(text)
    return None if runs and runs[-1][6] else runs


def _prose(runs: Sequence[_Run]) -> str:
    return "".join([text or strong or em or link or " " for text, strong, em, link, _, _, _ in runs])


def _html_of(runs: Sequence[_Run], inline: Inline) -> str:
    pieces: list[str] = []
    direction = inline.direction
    for text, strong, em, link, target, token, _ in runs:
        if text:
            pieces.append(_escaped(text, direction))
        elif token:
            pieces.append(inline.tokens.get(token) or escape(f"{{{token}}}"))
        elif strong:
            pieces.append(f"<strong>{_escaped(strong, direction)}</strong>")
        elif em:
            pieces.append(f"<em>{_escaped(em, direction)}</em>")
        elif href := inline.links.get(target):
            words = _escaped(link, direction)
            pieces.append(f'<a href="{escape(href)}">{words}</a>{_page_of(href, inline)}')
        else:
            pieces.append(_escaped(link, direction))
    return "".join(pieces)


def _token(name: str, plain_tokens: Mapping[str, str]) -> str:
    return plain_tokens.get(name) or f"{{{name}}}"


def _page_of(href: str, inline: Inline) -> str:
    """Return what follows a link: in print, on which page its end is."""
    if inline.page_reference and href.startswith("#"):
        return f" {inline.page_reference.replace('{anchor}', escape(href[1:]))}"
    return ""


def _escaped(text: str, direction: Direction) -> str:
    if _ESCAPABLE.search(text) is not None:
        text = escape(text)
    if direction == "rtl" and _NUMBER.search(text) is not None:
        return _NUMBER.sub(r'<span dir="ltr">\g<0></span>', text)
    return text


class _Renderer(RendererHTML):
    """Inline HTML in which links, images and tokens come from the `Inline` in the environment."""

    def text(self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
        return _escaped(tokens[index].content, env["inline"].direction)

    def contact(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        name = tokens[index].content
        html = str(env["inline"].tokens.get(name) or escape(f"{{{name}}}"))
        return _LINK.sub(r"<span\1>\2</span>", html) if _in_link(tokens, index, env) else html

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
        token = tokens[index]
        source = escape(env["inline"].images + str(token.attrs["src"]))
        alternative = _plain(token.children or (), env["inline"].plain_tokens)
        return f'<img src="{source}" alt="{escape(alternative)}">'

    def link_open(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        href = env["inline"].links.get(str(tokens[index].attrs["href"]))
        return "" if href is None else f'<a href="{escape(href)}">'

    def link_close(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        opening = next(token for token in reversed(tokens[:index]) if token.type == "link_open")
        inline: Inline = env["inline"]
        href = inline.links.get(str(opening.attrs["href"]))
        return "" if href is None else f"</a>{_page_of(href, inline)}"

    def renderToken(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Return the tag of strong or emphasised words, all that has no rule of its own."""
        token = tokens[index]
        return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"

    def hardbreak(
        self, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        return "<br>\n"


_LINK = re.compile(r'<a\b([^>]*?) href="[^"]*">(.*?)</a>')


def _in_link(tokens: Sequence[Token], index: int, env: MutableMapping[str, Any]) -> bool:
    """Whether a token stands inside a link, where HTML has no room for another one."""
    before = (token for token in reversed(tokens[:index]) if token.type in ("link_open", "link_close"))
    last = next(before, None)
    return last is not None and last.type == "link_open" and str(last.attrs["href"]) in env["inline"].links


_CJK = (
    ("\u1100", "\u11ff"), ("\u2e80", "\u9fff"), ("\ua960", "\ua97f"), ("\uac00", "\ud7ff"),
    ("\uf900", "\ufaff"), ("\ufe30", "\ufe4f"), ("\uff00", "\uffef"), ("\U00020000", "\U0003ffff"),
)  # fmt: skip
"""First and last characters of scripts without spaces."""


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Inline rule: emphasis as in CommonMark, but beside Chinese, Japanese and Korean too.

    CommonMark looks for a space beside punctuation, which these scripts do not write: readers would see the
    stars of `**注意：**请`. Here a character of these scripts does for the space, as in the amendment
    "CJK-friendly emphasis" (https://github.com/tats-u/markdown-cjk-friendly).
    """
    start, known = state.pos, len(state.delimiters)
    if not emphasis.tokenize(state, silent):
        return False
    before, after = state.src[start - 1 : start], state.src[state.pos : state.pos + 1]
    if state.src[start] == "*" and any(
        first <= beside <= last for first, last in _CJK for beside in (before, after)
    ):
        for delimiter in state.delimiters[known:]:
            delimiter.open = delimiter.open or not (after.isspace() or after == "")
            delimiter.close = delimiter.close or not (before.isspace() or before == "")
    return True


def _contact(state: StateInline, silent: bool) -> bool:
    """Inline rule: `{name.field}` is a token."""
    if state.src[state.pos] != "{":
        return False
    match = TOKEN.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("contact", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _block_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["inline", "text_join", "html_block", "code"])
    parser.use(container_plugin, name="callout", validate=lambda *_: True)
    return parser


def _inline_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False}, renderer_cls=_Renderer)
    parser.enable(["newline", "escape", "backticks", "emphasis", "link", "image", "entity"])
    parser.enable(["balance_pairs", "emphasis", "fragments_join"])
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.before("link", "contact", _contact)
    # Targets are checked one by one against the project, so they stay as the author wrote them.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_BLOCKS = _block_parser()
_INLINE = _inline_parser()
_ESCAPES_KEPT = _inline_parser().disable("text_join")
