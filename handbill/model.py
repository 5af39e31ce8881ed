"""The values that phases hand to each other.

Everything here is frozen, slotted, made of tuples and plain values, and picklable: a value can go to
another process or into a cache key as it is. This module holds no behaviour beyond trivial look-ups
and never imports a foreign library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Direction = Literal["ltr", "rtl"]
Severity = Literal["error", "warning"]
Audience = Literal["survivor", "supporter", "staff"]
Channel = Literal["phone", "text", "tty", "web"]
ContactKind = Literal["emergency", "helpline", "crisis-line", "police-tip-line"]
MessageKind = Literal["title", "summary", "heading", "paragraph", "item", "cell", "alt", "label", "string"]
PageKind = Literal["chooser", "home", "guide", "contacts", "print", "letters", "moved", "missing"]
"""`moved` is at an old name of a guide; `missing` is what a server shows where nothing is."""
Paper = Literal["", "a4", "letter", "a3", "tabloid"]
"""What a PDF is to be printed on; empty for one to read."""
CardSize = Literal["us", "metric", "folded"]
"""3.5 × 2 in, 85 × 55 mm, and 3.5 × 4 in, to be folded to 3.5 × 2."""
Binding = Literal["left", "right"]
Medium = Literal["web", "print"]
ChangeKind = Literal["cosmetic", "wording", "critical"]
Role = Literal["native-speaker", "subject-expert"]
ReviewNeed = Literal["none", "critical", "all"]

CHANNELS: tuple[Channel, ...] = ("phone", "text", "tty", "web")
PSEUDO_LOCALES: tuple[str, str] = ("en_XA", "ar_XB")
"""Made-up languages to try the layout with: accented and longer, and right to left."""


class Html(str):
    """Finished HTML: templates put it in as it is, where they escape any other string.

    `__html__` is the protocol of MarkupSafe. What is done to it (slices, joins) gives a plain `str`.
    """

    __slots__ = ()

    def __html__(self) -> Html:
        return self


# --- diagnostics -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a path relative to the project, with line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong: built only by the named functions of `handbill.diagnostics`."""

    code: str
    severity: Severity
    place: Place
    fact: str
    hint: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}[{self.code}]: {self.fact}\n  hint: {self.hint}"


# --- the project, as loaded ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A string that a reader sees, with the place where its author wrote it."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the world that contacts belong to."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Contact:
    """A number or address kept as data; tokens such as `{us-hotline.phone}` stand for its fields."""

    id: str
    region: str
    kind: ContactKind
    name: Text
    note: Text
    hours: Text | None
    channels: tuple[tuple[Channel, str], ...]
    """In the order of `CHANNELS`; at least one. `web` has no scheme."""
    languages: tuple[tuple[Channel, Text], ...]
    source: str
    checked: date
    verified: bool
    place: Place
    answers: Text | None = None
    """Who answers, where that is known."""


@dataclass(frozen=True, slots=True)
class Makeup:
    """How a booklet is to be made up for print, where its author says so."""

    binding: Binding | None = None
    """The edge at which it is bound; None for that of its language."""
    paper_gsm: int = 80
    """What a square metre of its paper weighs, in grams."""
    signature_sheets: int = 4
    """Sheets folded together, where a booklet is made of several such."""
    beside: str | None = None
    """The locale of the second language, where there are two; None for the source."""

    def turned(self, direction: Direction) -> Direction:
        """Return the way in which leaves are turned in a language of this direction."""
        if self.binding is None:
            return direction
        return "ltr" if self.binding == "left" else "rtl"


@dataclass(frozen=True, slots=True)
class Booklet:
    """An ordered list of guides, printed together."""

    id: str
    title: Text
    summary: Text
    audience: Audience
    guides: tuple[str, ...]
    place: Place
    formats: tuple[str, ...] = ("reading", "booklet")
    """Names from `formats.FORMATS`, each once."""
    makeup: Makeup = Makeup()
    discreet: bool = False
    """Whether the author counts on its saying nothing of the site's subject."""


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on one face of a card, from head to foot."""

    heading: Text | None
    contacts: tuple[str, ...]
    sections: tuple[Text, ...]
    """Parts of guides, as links name them: `calm.md#feet`."""
    lines: tuple[Text, ...]
    """Short sentences."""
    write: tuple[Text, ...]
    """Words before a line to write on."""
    notice: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Card:
    """A card for a wallet or a shoe, many of them to a sheet of paper."""

    id: str
    title: Text
    summary: Text
    sizes: tuple[CardSize, ...]
    """Each once, at least one."""
    faces: tuple[Face, ...]
    """Front and back, or front alone; four of one that folds."""
    back: str | None
    """The locale of the back of a card with one face, which says the same as its front."""
    mixed: bool
    """Whether there is a sheet with all languages too, each in its row."""
    discreet: bool
    """True where no word of the site's subject may stand: contacts are shown without their names."""
    place: Place


@dataclass(frozen=True, slots=True)
class Guide:
    """One topic: the front matter and the Markdown of one file, not yet parsed."""

    id: str
    """The file's name without `.md`; also the catalog's name and the page's name."""
    path: str
    title: Text
    summary: Text
    audience: Audience
    facts: tuple[str, ...]
    reviewed: date
    review_after: int
    """Months from `reviewed` until someone must read the guide again."""
    discreet: bool
    """True where no word of the site's subject may stand, so that it is safe to be found."""
    body: str
    """Markdown without the front matter."""
    body_line: int
    """The line of the file on which `body` begins, from 1."""
    reviewed_place: Place
    aliases: tuple[Text, ...] = ()
    """Names that it once had: who has an old link finds it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a guide may be published in a locale, and where its words come from if the locale has none.

    Critical messages must be current whatever the rule.
    """

    share: int = 90
    """Percent of the other messages that must be current."""
    review: ReviewNeed = "none"
    """Which messages a native speaker must have reviewed first."""
    fallback: tuple[str, ...] = ()
    """Locales of the same language and script to ask next, nearest first; the source comes last."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a reader may need, on the first page, and the guides for it."""

    id: str
    title: Text
    guides: tuple[str, ...]
    """In the order of their reading; a guide may serve several needs."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """The guide for who must act at once: one step from the first page and from each page for survivors."""

    title: Text
    link: Text
    """As links name it: `leaving.md#now`."""


@dataclass(frozen=True, slots=True)
class Exit:
    """Where a reader who leaves a page at once is taken, and whether the way back is left open."""

    address: str
    """With `https://`; of a page that anybody might look at."""
    own: tuple[tuple[str, str], ...] = ()
    """(locale, address), where a language has another one."""
    replace_history: bool = True
    """Whether links within the site take the place of the page they are on in the browser's way back."""

    def of(self, locale: str) -> str:
        """Return the address for readers of a locale."""
        return dict(self.own).get(locale, self.address)


@dataclass(frozen=True, slots=True)
class Site:
    """What `content/site.toml` says."""

    title: Text
    description: Text
    notice: Text
    notice_neutral: Text
    """The notice for discreet guides: the same without the name of the subject."""
    source_locale: str
    locales: tuple[str, ...]
    """Target locales, without the source."""
    emergency: str
    helpline: str
    """Ids of the contacts shown first."""
    facts: tuple[str, ...]
    """The keys that the guides together must cover."""
    place: Place
    rules: tuple[tuple[str, Rule], ...] = ()
    """(target locale, rule), in the order of `locales`."""
    address: str = ""
    """Where readers find the site, with its scheme; empty where booklets do not say."""
    onion: str = ""
    """The same site as an onion service, without a slash at the end; empty where there is none."""
    telling: tuple[str, ...] = ()
    """Words of its subject in every language: no title and no name of a file has one."""
    precompressed: bool = True
    """Whether `.gz` and `.br` lie beside the site's texts, for servers that send them as they are."""
    needs: tuple[Need, ...] = ()
    """In their order on the first page; without any, guides stand there by audience alone."""
    urgent: Urgent | None = None
    indexing: bool = True
    """Whether search engines may list its pages."""
    exit: Exit | None = None
    first_page: str | None = None
    """The guide that the choice of languages leads to; None for each language's first page."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template, style sheet or script as text; `name` is its path below `templates/`."""

    name: str
    path: str
    """Where it really stands, for diagnostics."""
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """One file of `content/images/`; `name` is its path below that folder."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Project:
    """Everything the author wrote, validated; nothing of the translators."""

    site: Site
    regions: tuple[Region, ...]
    contacts: tuple[Contact, ...]
    booklets: tuple[Booklet, ...]
    guides: tuple[Guide, ...]
    """Sorted by id."""
    templates: tuple[Template, ...]
    """Sorted by name; the project's own laid over the engine's."""
    images: tuple[Image, ...]
    cards: tuple[Card, ...] = ()

    def template_texts(self) -> Mapping[str, str]:
        """Return template name → text."""
        return {template.name: template.text for template in self.templates}


# --- messages and documents ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One translatable block, in the author's own inline Markdown, soft breaks folded, NFC."""

    text: str
    kind: MessageKind
    place: Place
    plural: str | None = None
    """`msgid_plural`; only template strings have one."""
    context: str | None = None
    """`msgctxt`; only template strings have one."""
    notes: tuple[str, ...] = ()
    """For translators, from a comment in a template."""
    critical: bool = False
    """Whether a reader may come to harm without it: the author put it in `::: warning` or the like."""
    headings: tuple[str, ...] = ()
    """The headings above it, outermost first; none for a guide's title."""
    longest: int | None = None
    """Columns that its place has room for, a Chinese character counting two."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Messages that stand or fall together, with the finished HTML around them.

    `html[0] slot[0] html[1] slot[1] … html[n]`: there is one more piece of HTML than there are slots.
    """

    html: tuple[str, ...]
    slots: tuple[int, ...]
    """Indices into `Document.messages`."""


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry for a table of contents."""

    level: int
    anchor: str
    message: int


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed guide. `messages[0]` is the title and `messages[1]` the summary."""

    guide: str
    messages: tuple[Message, ...]
    """In document order; equal texts may stand more than once."""
    units: tuple[Unit, ...]
    headings: tuple[Heading, ...]
    anchors: tuple[str, ...]
    """Every id in the HTML, in order, each once."""
    images: tuple[str, ...]
    """Names of the images shown."""


# --- catalogs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a PO file.

    All strings are decoded (escapes resolved). `text` is the entry exactly as it stands in the file,
    from the line after the previous entry to the end of its own last line; an entry made or changed by
    Handbill has `text == ""` and is written afresh.
    """

    msgid: str
    msgstr: tuple[str, ...]
    """One string; with `msgid_plural`, one for each plural form."""
    msgctxt: str | None = None
    msgid_plural: str | None = None
    comments: tuple[str, ...] = ()
    """Translator's comments (`# `), without the mark."""
    extracted: tuple[str, ...] = ()
    """`#.` comments."""
    references: tuple[str, ...] = ()
    """`#:` lines, each whole."""
    flags: tuple[str, ...] = ()
    """`#,` flags, in order."""
    previous_msgctxt: str | None = None
    previous_msgid: str | None = None
    previous_msgid_plural: str | None = None
    """From `#|`."""
    obsolete: bool = False
    line: int = 0
    """Line of the `msgid` keyword, from 1; 0 where made afresh."""
    text: str = ""

    @property
    def fuzzy(self) -> bool:
        """Whether the translation is stale or unsure."""
        return "fuzzy" in self.flags

    @property
    def current(self) -> bool:
        """Whether the entry may be shown: in use, words in every form, not fuzzy."""
        return not self.obsolete and all(map(str.strip, self.msgstr)) and "fuzzy" not in self.flags


@dataclass(frozen=True, slots=True)
class Catalog:
    """One PO or POT file, with everything that stands in it, in its order."""

    path: str
    entries: tuple[Entry, ...]
    """The header entry is the first where there is one (`msgid == ""`)."""
    tail: str = ""
    """What follows the last entry (blank lines, stray comments)."""
    newline: Literal["\n", "\r\n"] = "\n"


# --- what translators and authors write down beside the catalogs ---------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of a source message, from `locales/changes.toml`."""

    catalog: str
    old: str
    new: str
    kind: ChangeKind
    reasons: tuple[str, ...]
    """What was found, in words: `number 3 → 4`."""
    on: date
    """When `extract` first saw it."""
    by: str | None
    """Who declared the meaning unchanged, and why; both or neither."""
    because: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Review:
    """What one person read and found right, from `locales/<locale>/reviews.toml`."""

    catalog: str
    by: str
    role: Role
    on: date
    marks: tuple[str, ...]
    """A hash of source, translation and contacts for each message."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the site and how a language says it, from `locales/<locale>/glossary.toml`."""

    source: str
    preferred: tuple[str, ...]
    """Any of these, in any case; a form that begins with it counts too."""
    forbidden: tuple[str, ...]
    reason: str
    """Why not the forbidden ones; empty where there are none."""
    place: Place


# --- languages, filling, planning ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Language:
    """A locale as a reader meets it; from CLDR through Babel."""

    locale: str
    """Gettext's name: `zh_Hans`."""
    tag: str
    """BCP 47: `zh-Hans`."""
    name: str
    """In the language itself: `简体中文`."""
    direction: Direction


class State(StrEnum):
    """What a message's translation is good for. Only `TRANSLATED` and `REVIEWED` reach a reader."""

    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    """There was one, for a source that said something else; or it has an error."""
    STALE = "stale"
    """The source was reworded since; `fuzzy` in gettext."""
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    """A native speaker has read it, and nothing about it has changed since."""

    @property
    def current(self) -> bool:
        """Whether it may be shown to a reader."""
        return self in (State.TRANSLATED, State.REVIEWED)


@dataclass(frozen=True, slots=True)
class Contents:
    """One filled heading, for a table of contents. `html` carries its own `lang` where it fell back."""

    level: int
    anchor: str
    html: Html


@dataclass(frozen=True, slots=True)
class Edition:
    """One guide in one locale and one medium, filled."""

    guide: str
    locale: str
    title: Html
    """Carries its own `lang` and `dir` where it fell back."""
    summary: Html
    plain_title: str
    """Plain text, not escaped: for `<title>` and PDF bookmarks."""
    plain_summary: str
    body: Html
    contents: tuple[Contents, ...]
    missing: int
    """How many messages fell back to the source language."""

    @property
    def complete(self) -> bool:
        """Whether every message is in the edition's own language."""
        return self.missing == 0


@dataclass(frozen=True, slots=True)
class PagePlan:
    """One web page to be: where it goes and who its sisters are."""

    kind: PageKind
    path: str
    """Below `dist/site/`, with `/`."""
    locale: str | None
    """None for what belongs to all of them."""
    guide: str | None
    """For a page that has moved, the guide that it leads to."""
    alternates: tuple[tuple[str, str], ...]
    """(locale, path) of the same page in every locale, this one included, in site order."""


@dataclass(frozen=True, slots=True)
class PrintFile:
    """One PDF to be."""

    format: str
    ending: str
    """What follows the booklet's id in its name."""
    paper: Paper
    path: str
    """Below `dist/site/`."""


@dataclass(frozen=True, slots=True)
class PrintPlan:
    """One booklet in one locale: every PDF of it."""

    booklet: str
    locale: str
    files: tuple[PrintFile, ...]


@dataclass(frozen=True, slots=True)
class CardFile:
    """One PDF of cards to be."""

    size: CardSize
    paper: Paper
    mixed: bool
    """Whether its rows are in all languages."""
    path: str
    """Below `dist/site/`."""


@dataclass(frozen=True, slots=True)
class CardPlan:
    """One card in one locale: every PDF of it."""

    card: str
    locale: str
    locales: tuple[str, ...]
    """The languages that its rows take in turn where it is mixed, its own first."""
    back: str | None
    """The locale on the back of its front; None where the back is in its own."""
    files: tuple[CardFile, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every output of a build."""

    pages: tuple[PagePlan, ...]
    prints: tuple[PrintPlan, ...]
    files: tuple[tuple[str, str], ...]
    """(output path, template or image name) of files copied as they are."""
    cards: tuple[CardPlan, ...] = ()
    crawled: tuple[str, ...] = ()
    """Paths of what search engines read: `crawlers` makes them."""

    @property
    def pdfs(self) -> tuple[str, ...]:
        """The path of every PDF: those of booklets, then those of cards."""
        return (
            *(file.path for item in self.prints for file in item.files),
            *(file.path for item in self.cards for file in item.files),
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF, as the print page shows it."""

    booklet: str
    locale: str
    format: str
    paper: Paper
    path: str
    pages: int
    """Pages a reader reads, blank ones at the end not counted."""
    sheets: int
    """Sheets of paper for one copy."""
    size: int
    """Bytes."""
    edition: str = ""
    """The code at the end of every copy."""
