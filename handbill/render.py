"""Phase *render*: plan entry + edition → the text of a web page or of a booklet's print HTML.

The only importer of Jinja2's environment. Templates come from a mapping, never from disk; every value
is escaped unless it is `Html`; an undefined name is an error.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from html import escape, unescape
from types import CodeType
from typing import Any, NamedTuple

from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator
from jinja2.filters import do_striptags
from jinja2.runtime import Context
from jinja2.utils import internalcode
from markupsafe import escape as escaped

from handbill import collation, contacts, diagnostics, languages, links, policy
from handbill.banner import Banners
from handbill.cards import SIZES, grid
from handbill.formats import FORMATS
from handbill.markdown import TOKEN
from handbill.model import (
    Audience,
    Booklet,
    Card,
    CardPlan,
    CardSize,
    Contents,
    Diagnostic,
    Direction,
    Edition,
    Guide,
    Html,
    Language,
    Medium,
    Need,
    PagePlan,
    Paper,
    Place,
    Printed,
    Project,
    Template,
)
from handbill.phrases import Phrases
from handbill.reading import Around

Jinja = Environment
"""A set of templates; made by `environment`."""

AUDIENCES: tuple[Audience, ...] = ("survivor", "supporter", "staff")


# --- what templates see ----------------------------------------------------------------------------


class SiteView(NamedTuple):
    """The site's own words in one language."""

    title: Html
    description: Html
    indexing: bool
    """Whether search engines may list its pages."""


class ExitView(NamedTuple):
    """How a reader leaves at once."""

    address: str
    replace_history: bool
    """Whether links within the site take the place of the page they are on."""


class LinkView(NamedTuple):
    """The same page in another language, or a language to choose."""

    href: str
    language: Language
    current: bool


class NavView(NamedTuple):
    """Relative links to the pages that every locale has."""

    home: str
    contacts: str
    print: str
    letters: str


class NamedLink(NamedTuple):
    """A link and its words."""

    href: str
    title: Html


class AroundView(NamedTuple):
    """What a guide's page leads on to: the guides before and after it, and its booklets on the print page."""

    previous: NamedLink | None
    next: NamedLink | None
    booklets: tuple[NamedLink, ...]


class GuideLink(NamedTuple):
    """A guide on the home page."""

    href: str
    title: Html
    summary: Html


class NeedView(NamedTuple):
    """What a reader may need, and the guides for it."""

    id: str
    title: Html
    guides: tuple[GuideLink, ...]


class GroupView(NamedTuple):
    """The guides for one audience, but those that stand under a need."""

    audience: Audience
    guides: tuple[GuideLink, ...]


class PartView(NamedTuple):
    """A passage of a page in several languages."""

    language: Language
    html: Html


class TermView(NamedTuple):
    """A guide, or a heading of guides, in the list from A to Z."""

    words: Html
    href: str
    """Where it stands; empty where it is a heading of several guides."""
    guides: tuple[tuple[str, Html], ...]
    """Of a heading: (href, title) of each guide that has it."""


class LetterView(NamedTuple):
    """What begins with one letter; empty `letter` for what begins with none."""

    letter: str
    terms: tuple[TermView, ...]


class FileView(NamedTuple):
    """One PDF on the print page."""

    href: str
    paper: Paper
    faces: str
    """`both`, or `fronts` or `backs` where a printer prints them one after another."""
    pages: int
    sheets: int
    size: int


class MakingView(NamedTuple):
    """How files of one format become something to hand out."""

    format: str
    steps: tuple[str, ...]
    """Names of `templates/print/steps.html`; none where there is nothing to do."""
    signature_sheets: int


class FormatView(NamedTuple):
    """The PDFs of one format on the print page."""

    making: MakingView
    files: tuple[FileView, ...]
    edition: str
    """The code on its copies: in two languages another than in one."""


class BookletView(NamedTuple):
    """One booklet on the print page; `held` says why it has no files: a reason of `outcome.Held`."""

    id: str
    title: Html
    summary: Html
    formats: tuple[FormatView, ...]
    held: str | None
    edition: str = ""
    """The code on most of its copies; empty where there are none."""


class FaceView(NamedTuple):
    """What stands on one face of a card, from head to foot."""

    heading: Html | None
    contacts: tuple[contacts.ContactView, ...]
    sections: tuple[Html, ...]
    lines: tuple[Html, ...]
    write: tuple[Html, ...]
    notice: bool


class CardFileView(NamedTuple):
    """One PDF of cards on the print page."""

    href: str
    card_size: CardSize
    paper: Paper
    mixed: bool
    """Whether its rows are in several languages."""
    cards: int
    """On one sheet."""
    size: int


class CardView(NamedTuple):
    """One card on the print page; `held` says why it has no files: a reason of `outcome.Held`."""

    title: Html
    summary: Html
    files: tuple[CardFileView, ...]
    held: str | None
    edition: str
    """The code on its cards in the page's own language; empty where there are none."""


class ChapterView(NamedTuple):
    """One guide inside a booklet."""

    anchor: str
    title: Html
    plain_title: str
    summary: Html
    body: Html
    contents: tuple[Contents, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """What every page, or every booklet, of one locale shares."""

    language: Language
    phrases: Phrases
    context: Mapping[str, Any]
    """Template names that do not change from page to page."""


def voice(project: Project, phrases: Phrases, medium: Medium, unreviewed: bool) -> Voice:
    """Return what every page (or booklet) of one locale shares.

    `unreviewed` says whether no native speaker has read the interface; a page may know better of itself.
    """
    locale = phrases.language.locale
    written = cache(partial(languages.formatted_date, locale=locale))  # guides are read through in rounds
    regions = contacts.regions(project, phrases, medium, written)
    by_id = {contact.id: contact for region in regions for contact in region.contacts}
    tokens = contacts.tokens(project.contacts, phrases, medium)
    gettext = _with_tokens(phrases.html, tokens)

    return Voice(
        phrases.language,
        phrases,
        {
            "language": phrases.language,
            "site": SiteView(
                phrases.text(project.site.title),
                phrases.text(project.site.description),
                project.site.indexing,
            ),
            "unreviewed": unreviewed,
            "source_language": languages.name_in(phrases.source.locale, locale),
            "exit": _exit_view(project, locale),
            "first_page": project.site.first_page,
            "emergency": by_id.get(project.site.emergency),
            "helpline": by_id.get(project.site.helpline),
            "urgent": project.site.urgent
            and NamedLink(
                links.web_link(project.site.urgent.link.value), phrases.text(project.site.urgent.title)
            ),
            "regions": regions,
            "_": gettext,
            "gettext": gettext,
            "ngettext": _with_tokens(phrases.plural_html, tokens),
            "pgettext": _with_tokens(phrases.context_html, tokens),
            "date": written,
            "number": partial(languages.formatted_number, locale=locale),
            "filesize": partial(languages.formatted_size, locale=locale),
            "listing": partial(_listing, locale=locale),
        },
    )


def _exit_view(project: Project, locale: str) -> ExitView | None:
    way_out = project.site.exit
    return ExitView(way_out.of(locale), way_out.replace_history) if way_out else None


def _listing(items: Sequence[str], locale: str) -> Html:
    """Return the items joined as the locale joins them; each is escaped unless it is `Html`."""
    safe = [item if isinstance(item, Html) else escape(item) for item in items]
    return Html(languages.formatted_list(safe, locale))


def web_voice(
    jinja: Jinja, shared: Voice, page: PagePlan, known: Mapping[str, Language]
) -> tuple[Voice, tuple[Diagnostic, ...]]:
    """Return a locale's voice with the parts that its web pages have in common; `page` is any one of them.

    These parts are the way out, header and footer of each kind of page, the first numbers for each audience,
    and the links to other languages. From page to page the links differ by the file's name only.
    """
    name = _file_name(page)
    sisters = tuple(
        link._replace(href=link.href.removesuffix(name) + _FILE) for link in _alternates(page, known)
    )
    links, problems = _language_links(jinja, sisters, sisters[0].href)
    first, _ = _language_links(jinja, sisters, "../index.html")
    if len(sisters) == 1:
        links["languages"] = Html("")
    context = {**shared.context, **links, "first_alternates": first["alternates"], "nav": _nav("")}
    headers, more = _parts(jinja, "web/header.html", context, "kind", _HEADED)
    footers, also = _parts(jinja, "web/footer.html", context, "kind", (*_HEADED, "discreet"))
    numbers, same = _parts(jinja, "web/help.html", context, "audience", AUDIENCES)
    leave, wrong = _leave(jinja, context, "")
    return replace(
        shared,
        context={
            **context,
            "headers": headers,
            "footers": footers,
            "first_numbers": numbers,
            "leave": leave,
        },
    ), (*problems, *more, *also, *same, *wrong)


_HEADED = ("home", "guide", "contacts", "print", "letters")
"""Kinds of pages with the header at their top and the footer at their end."""


def _leave(jinja: Jinja, context: Mapping[str, Any], folder: str) -> tuple[Html, tuple[Diagnostic, ...]]:
    """Return what stands first on each page, if the site has an exit; `folder` is where the guides are."""
    if context["exit"] is None:
        return Html(""), ()
    text, problems = _filled_in(jinja, "web/leave.html", {**context, "folder": folder})
    return Html(text.strip()), problems


def _parts(
    jinja: Jinja, name: str, context: Mapping[str, Any], key: str, values: Sequence[str]
) -> tuple[dict[str, Html], tuple[Diagnostic, ...]]:
    """Return a template filled in for each value of one name."""
    filled = {value: _filled_in(jinja, name, {**context, key: value}) for value in values}
    problems = dict.fromkeys(problem for _, more in filled.values() for problem in more)
    return {value: Html(text) for value, (text, _) in filled.items()}, tuple(problems)


def _with_tokens(gettext: Callable[..., Html], tokens: Mapping[str, str]) -> Callable[..., Html]:
    """Return gettext for templates in which tokens such as `{us-hotline.phone}` stand for contacts."""

    def token(match: re.Match[str]) -> str:
        if match[1] not in tokens:
            raise TemplateRuntimeError(f"`{match[0]}` names nothing in content/contacts.toml.")
        return tokens[match[1]]

    def spoken(*messages: Any, **values: object) -> Html:
        html = gettext(*messages, **values)
        return Html(TOKEN.sub(token, html)) if "{" in html else html

    return cache(spoken)  # a locale's pages say the same few sentences


# --- web pages -------------------------------------------------------------------------------------

Rendered = tuple[str, tuple[Diagnostic, ...]]
"""The text of a page, empty where a diagnostic says why there is none."""


def chooser_page(jinja: Jinja, voice: Voice, page: PagePlan, known: Mapping[str, Language]) -> Rendered:
    """Return the root page: the site's languages in their own names, each leading to its first page."""
    sisters = _alternates(page, known)
    context, problems = _language_links(jinja, sisters, "index.html")
    context["leave"], same = _leave(jinja, voice.context, f"{voice.language.tag}/")
    if first := voice.context["first_page"]:
        led = [link._replace(href=f"{link.language.tag}/{first}.html") for link in sisters]
        context["languages"] = _language_links(jinja, led, "index.html")[0]["languages"]
    text, more = _web(jinja, voice, page, context)
    return text, (*problems, *same, *more)


def moved_page(jinja: Jinja, voice: Voice, page: PagePlan, guide: Guide, edition: Edition) -> Rendered:
    """Return the page at an old name of a guide, which leads to the guide."""
    context = {"guide": edition, "target": f"{guide.id}.html", "alternates": ""}
    return _web(jinja, voice, page, context)


def missing_page(jinja: Jinja, voices: Sequence[Voice], page: PagePlan, base: str) -> Rendered:
    """Return what a server shows where nothing is, in one language or in each one after the other.

    It may be shown at any address, so its links begin at `base`, the path of the site on its server; it says
    nothing of what was asked for.
    """
    parts: list[PartView] = []
    problems: list[Diagnostic] = []
    for voice in voices:
        context = {**voice.context, "nav": _nav(f"{base}{voice.language.tag}/")}
        text, more = fill_template(jinja, "web/elsewhere.html", context)
        parts.append(PartView(voice.language, Html(text)))
        problems.extend(more)
    folder = f"{base}{voices[0].language.tag}/"
    leave, same = _leave(jinja, voices[0].context, folder)
    shown = {"root": base, "nav": _nav(folder), "alternates": "", "leave": leave, "parts": tuple(parts)}
    text, more = _web(jinja, voices[0], page, shown)
    return text, (*problems, *same, *more)


def home_page(
    jinja: Jinja,
    voice: Voice,
    page: PagePlan,
    needs: Sequence[Need],
    guides: Sequence[Guide],
    editions: Mapping[str, Edition],
    unreviewed: bool,
) -> Rendered:
    """Return a locale's first page: its guides by what a reader needs, and the others by audience."""
    linked = {id: GuideLink(f"{id}.html", edition.title, edition.summary) for id, edition in editions.items()}
    shown = tuple(
        NeedView(need.id, voice.phrases.text(need.title), tuple(linked[guide] for guide in need.guides))
        for need in needs
    )
    needed = {guide for need in needs for guide in need.guides}
    groups = (
        GroupView(
            audience,
            tuple(
                linked[guide.id] for guide in guides if guide.audience == audience and guide.id not in needed
            ),
        )
        for audience in AUDIENCES
    )
    context = {
        "needs": shown,
        "groups": tuple(group for group in groups if group.guides),
        "unreviewed": unreviewed,
    }
    return _web(jinja, voice, page, context)


def around_view(voice: Voice, around: Around, editions: Mapping[str, Edition]) -> AroundView:
    """Return what a guide's page leads on to, in one language; its booklets stand on the print page."""

    def link(guide: str | None) -> NamedLink | None:
        return NamedLink(f"{guide}.html", editions[guide].title) if guide else None

    printing = voice.context["nav"].print
    return AroundView(
        link(around.previous),
        link(around.next),
        tuple(
            NamedLink(f"{printing}#booklet-{booklet.id}", voice.phrases.text(booklet.title))
            for booklet in around.booklets
        ),
    )


def guide_page(
    jinja: Jinja,
    voice: Voice,
    page: PagePlan,
    guide: Guide,
    edition: Edition,
    notice: Html,
    around: AroundView,
    *,
    held: bool,
    unreviewed: bool,
    fillable: bool,
) -> Rendered:
    """Return the page of one guide; `fillable` says that it has fields. A discreet guide shows no contact.

    One that is held for this locale is in the source language, and says so in the reader's.
    """
    context: dict[str, Any] = {
        "guide": edition,
        "held": held,
        "unreviewed": unreviewed,
        "audience": guide.audience,
        "discreet": guide.discreet,
        "fillable": fillable,
        "notice": notice,
        "around": around,
        "reviewed": voice.context["date"](guide.reviewed),
    }
    if guide.discreet:
        footer = voice.context["footers"]["discreet"]
        context |= {"emergency": None, "helpline": None, "first_numbers": {}, "footer": footer}
    return _web(jinja, voice, page, context)


def contacts_page(jinja: Jinja, voice: Voice, page: PagePlan) -> Rendered:
    """Return the list of contacts by region."""
    return _web(jinja, voice, page, {})


def letters_page(
    jinja: Jinja, voice: Voice, page: PagePlan, editions: Mapping[str, Edition], unreviewed: bool
) -> Rendered:
    """Return the list from A to Z: the guides and their headings, in the order of the locale's own alphabet.

    A heading that several guides have stands there once, with each of them.
    """
    found: dict[tuple[Html, bool], list[tuple[str, Html]]] = {}
    for edition in editions.values():
        href = f"{edition.guide}.html"
        found.setdefault((edition.title, True), []).append((href, edition.title))
        for heading in edition.contents:
            places = found.setdefault((heading.html, False), [])
            places.append((f"{href}#{heading.anchor}", edition.title))
    terms = [
        TermView(words, places[0][0] if len(places) == 1 else "", () if is_guide else tuple(places))
        for (words, is_guide), places in found.items()
    ]
    texts = [unescape(_TAG.sub("", words)) for words, _ in found]
    source = voice.phrases.source.locale
    groups = tuple(
        LetterView(
            "" if letter == collation.OTHER else letter, tuple(terms[position] for position in positions)
        )
        for letter, positions in collation.index(texts, voice.language.locale, source)
    )
    return _web(jinja, voice, page, {"groups": groups, "unreviewed": unreviewed})


_TAG = re.compile("<[^>]*>")
"""In finished HTML, where `<` and `>` of texts are escaped."""


def print_page(
    jinja: Jinja,
    voice: Voice,
    page: PagePlan,
    booklets: Sequence[Booklet],
    printed: Sequence[Printed],
    held: Mapping[str, str],
    cards: Sequence[CardView] = (),
) -> Rendered:
    """Return the list of a locale's PDFs; `held` says why a booklet has none."""
    views = tuple(
        BookletView(
            booklet.id,
            voice.phrases.text(booklet.title),
            voice.phrases.text(booklet.summary),
            tuple(_format_views(page, booklet, printed)),
            held.get(booklet.id),
            next((file.edition for file in printed if file.booklet == booklet.id), ""),
        )
        for booklet in booklets
    )
    makings = dict.fromkeys(format.making for view in views for format in view.formats if format.making.steps)
    return _web(jinja, voice, page, {"booklets": views, "cards": cards, "makings": tuple(makings)})


def _format_views(page: PagePlan, booklet: Booklet, printed: Sequence[Printed]) -> Iterator[FormatView]:
    """Yield the formats of a booklet that were made, in the order that its author gave them."""
    for name in booklet.formats:
        format = FORMATS[name]
        made = tuple(
            (output, file)
            for output in format.outputs
            for file in printed
            if (file.booklet, file.format) == (booklet.id, name)
            and file.path.endswith(f"/{booklet.id}{output.ending}.pdf")
        )
        files = tuple(
            FileView(
                links.relative(file.path, page.path),
                file.paper,
                output.faces,
                file.pages,
                file.sheets,
                file.size,
            )
            for output, file in made
        )
        if files:
            making = MakingView(name, format.steps, booklet.makeup.signature_sheets)
            yield FormatView(making, files, made[0][1].edition)


def card_view(
    voice: Voice, page: PagePlan, card: Card, plan: CardPlan, printed: Sequence[Printed], held: str | None
) -> CardView:
    """Return a card as the print page shows it, with those of its planned files that were printed."""
    made = {file.path: file for file in printed}
    return CardView(
        voice.phrases.text(card.title),
        voice.phrases.text(card.summary),
        tuple(
            CardFileView(
                links.relative(file.path, page.path),
                file.size,
                file.paper,
                file.mixed,
                grid(SIZES[file.size], file.paper, len(plan.locales) if file.mixed else 1).cards,
                made[file.path].size,
            )
            for file in plan.files
            if file.path in made
        ),
        held,
        next((made[file.path].edition for file in plan.files if file.path in made), ""),
    )


def _web(jinja: Jinja, voice: Voice, page: PagePlan, context: Mapping[str, Any]) -> Rendered:
    name = _file_name(page)
    header = voice.context["headers"].get(page.kind, "")
    alternates = voice.context["first_alternates" if page.kind == "home" else "alternates"]
    return fill_template(
        jinja,
        f"web/{page.kind}.html",
        {
            **voice.context,
            "alternates": Html(alternates.replace(_FILE, name)),
            "languages": Html(voice.context["languages"].replace(_FILE, name)),
            "header": Html(header.replace(_FILE, name)),
            "footer": voice.context["footers"].get(page.kind, ""),
            "page": page,
            "root": "" if page.locale is None else "../",
            "nav": _nav(f"{voice.language.tag}/" if page.locale is None else ""),
            **context,
        },
    )


def _nav(folder: str) -> NavView:
    return NavView(*(f"{folder}{name}.html" for name in ("index", "contacts", "print", "a-z")))


_FILE = "{file}"
"""Stands for the name of a page's file in links to other languages; no file has a brace in its name."""


def _file_name(page: PagePlan) -> str:
    return page.path.rpartition("/")[2]


def _alternates(page: PagePlan, known: Mapping[str, Language]) -> tuple[LinkView, ...]:
    return tuple(
        LinkView(links.relative(path, page.path), known[locale], path == page.path)
        for locale, path in page.alternates
    )


def _language_links(
    jinja: Jinja, sisters: Sequence[LinkView], default: str
) -> tuple[dict[str, Html], tuple[Diagnostic, ...]]:
    """Return the links to a page's sisters for its head, `alternates`, and for its reader, `languages`.

    `default` leads to the page for who reads none of these languages.
    """
    filled: dict[str, Html] = {}
    problems: list[Diagnostic] = []
    for name in ("alternates", "languages"):
        text, more = fill_template(jinja, f"web/{name}.html", {"sisters": sisters, "default": default})
        filled[name] = Html(text.strip())
        problems.extend(more)
    return filled, tuple(problems)


# --- booklets --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands small at the end of every copy."""

    edition: str
    address: str = ""
    """Of the site; empty where it is not told."""
    qr: str = ""
    """The address of the picture of its QR code, if there is one."""


def booklet_html(
    jinja: Jinja,
    template: str,
    voice: Voice,
    booklet: Booklet,
    editions: Sequence[Edition],
    notice: Html,
    imprint: Imprint,
    *,
    discreet: bool,
    draft: bool,
    unreviewed: bool,
) -> Rendered:
    """Return the print HTML of one booklet, by the template of its setting.

    A discreet one may be found by anybody: it shows no contact of the site's.
    """
    kept_back = {"emergency": None, "helpline": None, "regions": ()} if discreet else {}
    return fill_template(
        jinja,
        template,
        {
            **voice.context,
            **kept_back,
            "discreet": discreet,
            "booklet": BookletView(
                booklet.id, voice.phrases.text(booklet.title), voice.phrases.text(booklet.summary), (), None
            ),
            "plain_title": voice.phrases.plain(booklet.title),
            "notice": notice,
            "imprint": imprint,
            "draft": draft,
            "unreviewed": unreviewed,
            "chapters": tuple(
                ChapterView(
                    edition.guide,
                    edition.title,
                    edition.plain_title,
                    edition.summary,
                    edition.body,
                    edition.contents,
                )
                for edition in editions
            ),
        },
    )


@dataclass(frozen=True, slots=True)
class CardCode:
    """The QR code on the last face of a card."""

    picture: str
    """The address of its picture."""
    address: str
    """Where it leads."""
    size_mm: float


def card_html(
    jinja: Jinja,
    template: str,
    voice: Voice,
    card: Card,
    sections: Sequence[Sequence[Html]],
    notice: Html,
    *,
    draft: bool,
    unreviewed: bool,
    qr: CardCode | None = None,
) -> Rendered:
    """Return the print HTML of one card; `sections` has the parts of guides on each of its faces."""
    known = {contact.id: contact for region in voice.context["regions"] for contact in region.contacts}
    say = voice.phrases.text
    return fill_template(
        jinja,
        template,
        {
            **voice.context,
            "discreet": card.discreet,
            "plain_title": voice.phrases.plain(card.title),
            "notice": notice,
            "draft": draft,
            "unreviewed": unreviewed,
            "qr": qr,
            "faces": tuple(
                FaceView(
                    say(face.heading) if face.heading else None,
                    tuple(known[contact] for contact in face.contacts),
                    tuple(parts),
                    tuple(map(say, face.lines)),
                    tuple(map(say, face.write)),
                    face.notice,
                )
                for face, parts in zip(card.faces, sections, strict=True)
            ),
        },
    )


def notes_html(jinja: Jinja, template: str, voice: Voice) -> Rendered:
    """Return the print HTML of the page that fills up a booklet's end, the same for all of a locale."""
    return fill_template(jinja, template, voice.context)


def banner_html(
    jinja: Jinja,
    voice: Voice,
    banners: Banners,
    turned: Direction,
    signature_sheets: int,
    languages: Sequence[Language],
    *,
    draft: bool,
    unreviewed: bool,
) -> tuple[str, str, tuple[Diagnostic, ...]]:
    """Return the print HTML of the sheets that come before files, and that of their facts.

    `turned` is the way in which leaves are turned, `languages` those of the copies. In the facts, what is
    counted later stands in braces.
    """
    context = {
        **voice.context,
        "fronts": banners.fronts,
        "backs": banners.backs,
        "files": banners.files,
        "turned": turned,
        "signature_sheets": signature_sheets,
        "names": tuple(language.name for language in languages),
        "draft": draft,
        "unreviewed": unreviewed,
    }
    sheets, problems = fill_template(jinja, "print/instructions.html", context)
    facts, more = fill_template(jinja, "print/facts.html", context)
    return sheets, facts, (*problems, *more)


def page_reference(jinja: Jinja, context: Mapping[str, Any]) -> Rendered:
    """Return what follows a link inside a booklet, with `{anchor}` for the place that it leads to."""
    number = Html('<span class="toc-page" data-for="{anchor}"></span>')
    text, problems = fill_template(jinja, "print/reference.html", {**context, "number": number})
    return text.strip(), problems


# --- templates -------------------------------------------------------------------------------------


class Compiled(BytecodeCache):
    """Templates that were compiled before: taken from here as long as their text stays as it is."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it is known."""
        checksum, code = self._known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        if bucket.code is not None:
            self._known[bucket.key] = (bucket.checksum, bucket.code)


class _Generator(CodeGenerator):
    """Writes templates as Python with our `escape` in place of MarkupSafe's, which copies finished HTML."""

    def write_commons(self) -> None:
        """Write what each function begins with."""
        super().write_commons()
        self.writeline("escape = environment.escape")


class _Context(Context):
    """Calls gettext, which each page does a dozen times, without asking what else it may be.

    `internalcode` keeps a function out of tracebacks, which are to lead to a template.
    """

    @internalcode
    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls."""
        if not isinstance(called, _Remembered):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


_Remembered = type(cache(str))
"""What `_with_tokens` makes of gettext."""


class _Environment(Environment):
    code_generator_class = _Generator
    context_class = _Context

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template sees besides its context as one dictionary: each page begins with a copy."""
        return {**self.globals, **(d or {})}

    @staticmethod
    @internalcode
    def escape(value: object) -> str:
        """Return a value as HTML."""
        return value if type(value) is Html else escaped(value)


def environment(templates: Sequence[Template], compiled: Compiled | None = None) -> Jinja:
    """Return a Jinja2 environment that knows these templates and nothing else.

    `compiled` keeps what was compiled for one environment for the next.
    """
    texts = {template.name: (template.text, template.path, None) for template in templates}
    made = _Environment(
        loader=FunctionLoader(texts.get),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=compiled,
    )
    # Our functions fill in placeholders themselves. (`extend` would not change what the extension has set.)
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.filters["plain"] = do_striptags
    made.globals["content_security"] = Html(policy.content_security(policy.IN_PAGE))
    return made


def fill_template(jinja: Jinja, name: str, context: Mapping[str, Any]) -> Rendered:
    """Return a template filled in. Diagnostics: `template`, `template-missing`, with the template's line.

    One that comes to nothing is a mistake too.
    """
    text, problems = _filled_in(jinja, name, context)
    if not text.strip() and not problems:
        return "", (diagnostics.template_failed(Place(f"templates/{name}"), "nothing comes out of it"),)
    return text, problems


def unescaped(jinja: Jinja) -> Jinja:
    """Return the same templates, for files that are no pages: nothing is escaped in them."""
    return jinja.overlay(autoescape=False)


def _filled_in(jinja: Jinja, name: str, context: Mapping[str, Any]) -> Rendered:
    """Return a template filled in, be it to nothing.

    What a template's own expression raises is the template's fault; what our functions raise is a bug.
    """
    try:
        return jinja.get_template(name).render(context), ()
    except TemplateNotFound as missing:
        return "", (diagnostics.template_missing(Place(f"templates/{name}"), str(missing.name or name)),)
    except TemplateSyntaxError as error:
        place = Place(error.filename or f"templates/{name}", error.lineno)
        return "", (diagnostics.template_failed(place, error.message or "syntax error"),)
    except TemplateError as error:
        return "", (diagnostics.template_failed(_raised_in(error, name), error.message or "error"),)
    except Exception as error:
        if _is_ours(error):
            raise
        return "", (diagnostics.template_failed(_raised_in(error, name), f"{error}"),)


def _is_ours(error: BaseException) -> bool:
    """Whether an error comes from below a function of ours that a template called."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    last = max(index for index, file in enumerate(files) if file == __file__ or "templates/" in file)
    return files[last] == __file__ or any(file.startswith(_ENGINE) for file in files[last + 1 :])


_ENGINE = __file__.removesuffix("render.py")


def _raised_in(error: BaseException, name: str) -> Place:
    """Return the template line that raised: Jinja2 gives template frames their own file name and line."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "templates/" in frame.filename]
    if not frames:
        return Place(f"templates/{name}")
    return Place(frames[-1].filename, frames[-1].lineno or 1)
