"""Every diagnostic that Handbill can give, each built by one named function.

A diagnostic's code never changes once released; its fact is one sentence and its hint says what to do.
Functions are grouped by the phase that gives them. Nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches

from handbill.model import Diagnostic, Place


def _error(code: str, place: Place, fact: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "error", place, fact, hint)


def _warning(code: str, place: Place, fact: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "warning", place, fact, hint)


def _listed(names: Iterable[str], last: str = "and") -> str:
    """Return names in backticks as one phrase: `a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question about the nearest known name, or nothing where none is near."""
    near = get_close_matches(name, tuple(known), n=1)
    return f"Did you mean `{near[0]}`?" if near else ""


# --- load ------------------------------------------------------------------------------------------


def not_utf8(place: Place, byte: int) -> Diagnostic:
    """Report bytes that are not text; `place` is that of the first one."""
    return _error(
        "not-utf8",
        place,
        f"The file is not UTF-8 text: the byte 0x{byte:02X} cannot be read.",
        "Open it in a text editor and save it with the encoding UTF-8.",
    )


def byte_order_mark(place: Place) -> Diagnostic:
    """Report an invisible mark at the beginning of a file."""
    return _error(
        "byte-order-mark",
        place,
        "The file begins with an invisible byte order mark.",
        "Save it as “UTF-8 without BOM” (in Notepad: “UTF-8”).",
    )


def control_character(place: Place, character: str) -> Diagnostic:
    """Report an invisible character that has no meaning in text."""
    return _error(
        "control-character",
        place,
        f"An invisible control character (U+{ord(character):04X}) stands here.",
        "Delete it; it often comes along when text is pasted from another program.",
    )


def file_name(place: Place, rule: str) -> Diagnostic:
    """Report a file name that would not work as a web address everywhere."""
    return _error(
        "file-name",
        place,
        f"`{place.path.rpartition('/')[2]}` cannot be the name of a file here.",
        f"Rename it: {rule}.",
    )


def names_differ_by_case(place: Place, other: str) -> Diagnostic:
    """Report two files that are one file on some computers."""
    return _error(
        "names-differ-by-case",
        place,
        f"The name differs from `{other}` only in upper and lower case.",
        "Rename one of them: on Windows and macOS the two would be the same file.",
    )


def unexpected_file(place: Place, expected: str) -> Diagnostic:
    """Report a file that nothing would use."""
    return _error(
        "unexpected-file",
        place,
        "A file of this kind is not used in this folder.",
        f"Move or delete it, or give it the right ending: {expected}.",
    )


def stray_link(place: Place) -> Diagnostic:
    """Report a symbolic link to a folder, to nothing, or to what is not the project's own."""
    return _error(
        "stray-link",
        place,
        "This is a link to a folder, or to a file that is not in the project.",
        "Put the file itself here: what lies elsewhere on this machine is not read, lest it be published.",
    )


def drawing_alone(place: Place) -> Diagnostic:
    """Report a drawing in a page's template that says something: not every browser shows it."""
    return _error(
        "drawing-alone",
        place,
        "This drawing is in SVG, which Tor Browser does not show in its safest mode.",
        'Say in words beside it what it shows, and mark it with `aria-hidden="true"`; or use a PNG.',
    )


def nested_guide(place: Place) -> Diagnostic:
    """Report a guide in a folder of its own."""
    return _error(
        "nested-guide",
        place,
        "The guide stands in a folder below `content/guides`.",
        "Move it to `content/guides` itself: guides have no folders.",
    )


def image_content(place: Place, kind: str) -> Diagnostic:
    """Report an image whose bytes are something else than its name says."""
    return _error(
        "image-content",
        place,
        f"The file is not a {kind} picture, though its name says so.",
        "Export the picture again; renaming a file does not change what is in it.",
    )


def image_unreadable(place: Place, why: str) -> Diagnostic:
    """Report an image that cannot be shown, with the reason as the end of a sentence."""
    return _error(
        "image-unreadable",
        place,
        f"The picture cannot be shown: {why}.",
        "Open it in a program for pictures and save it again, as PNG or JPEG.",
    )


def no_guides(place: Place) -> Diagnostic:
    """Report a project without a guide."""
    return _error(
        "no-guides",
        place,
        "The project has no guides.",
        "Write one as a Markdown file, such as `content/guides/start.md`.",
    )


def no_site(place: Place) -> Diagnostic:
    """Report a project without settings."""
    return _error(
        "no-site",
        place,
        "The project has no `content/site.toml`.",
        "Create it, or start the command in the folder that holds `content` (or name that folder with -C).",
    )


def toml_syntax(place: Place, problem: str) -> Diagnostic:
    """Report TOML that cannot be read; `problem` is the reader's own sentence."""
    return _error(
        "toml-syntax",
        place,
        f"This is not TOML: {problem}.",
        'Each line is `key = "value"`, a `[table]` or a `[[list of tables]]`; text stands in double quotes.',
    )


def no_front_matter(place: Place) -> Diagnostic:
    """Report a guide that begins with its text at once."""
    return _error(
        "no-front-matter",
        place,
        "The guide has no front matter.",
        "Begin the file with a line `---`, then `title: …` and the other keys, then another line `---`.",
    )


def front_matter_not_closed(place: Place) -> Diagnostic:
    """Report front matter without an end."""
    return _error(
        "front-matter-not-closed",
        place,
        "The front matter that begins here has no end.",
        "Add a line `---` after its last key.",
    )


def front_matter_syntax(place: Place, problem: str) -> Diagnostic:
    """Report YAML that cannot be read; `problem` is the reader's own sentence."""
    return _error(
        "front-matter-syntax",
        place,
        f"The front matter cannot be read: {problem}.",
        "Each line is `key: value`; put a value in quotes where it holds a colon, `#`, braces or brackets.",
    )


def front_matter_tag(place: Place, tag: str) -> Diagnostic:
    """Report a YAML tag: front matter is text, lists, dates, numbers and true/false only."""
    return _error(
        "front-matter-tag",
        place,
        f"The front matter holds the tag `{tag}`.",
        "Remove the tag; if the value begins with `!`, put it in quotes.",
    )


def duplicate_key(place: Place, key: str, first: Place) -> Diagnostic:
    """Report a key that stands twice in one front matter."""
    return _error(
        "duplicate-key",
        place,
        f"The key `{key}` stands twice; the first is in line {first.line}.",
        "Keep one of the two.",
    )


def unknown_key(place: Place, key: str, known: Iterable[str]) -> Diagnostic:
    """Report a key that means nothing here, with the one that was probably meant."""
    names = tuple(known)
    return _error(
        "unknown-key",
        place,
        f"The key `{key}` is not known here.",
        _did_you_mean(key, names) or f"Remove it; the keys are {_listed(names)}.",
    )


def missing_key(place: Place, key: str) -> Diagnostic:
    """Report a key that must be there; `place` is that of the table or file it belongs to."""
    return _error("missing-key", place, f"The key `{key}` is missing.", f"Add `{key}` with its value.")


def wrong_type(place: Place, key: str, expected: str, found: str) -> Diagnostic:
    """Report a value of the wrong type; both types in plain words (“text”, “a list”)."""
    hint = "Put the value in double quotes." if expected == "text" else f"Write {expected} instead."
    return _error("wrong-type", place, f"`{key}` is {found}, but it must be {expected}.", hint)


def empty_value(place: Place, key: str) -> Diagnostic:
    """Report a text, list or table that is there but empty."""
    return _error(
        "empty-value", place, f"`{key}` is empty.", f"Write something for `{key}`: it may not be empty."
    )


def unknown_choice(place: Place, key: str, value: str, choices: Iterable[str]) -> Diagnostic:
    """Report a word that is not among the few that a key allows."""
    words = tuple(choices)
    return _error(
        "unknown-choice",
        place,
        f"`{key}` is `{value}`, but it must be {_listed(words, 'or')}.",
        _did_you_mean(value, words) or f"Use one of {_listed(words)}.",
    )


def bad_date(place: Place, key: str, found: str) -> Diagnostic:
    """Report a date that is none, or that is written as something else."""
    return _error(
        "bad-date",
        place,
        f"`{key}` is {found}, but it must be a date.",
        "Write year-month-day, without quotes and without a time, such as `2026-03-09`.",
    )


def bad_months(place: Place, key: str, most: int) -> Diagnostic:
    """Report a span of time that is not a sensible number of months."""
    return _error(
        "bad-months",
        place,
        f"`{key}` is not a whole number of months from 1 to {most}.",
        "Write a plain number, such as `12` for a year.",
    )


def out_of_range(place: Place, key: str, least: int, most: int, example: int) -> Diagnostic:
    """Report something other than a whole number within the bounds that make sense."""
    return _error(
        "out-of-range",
        place,
        f"`{key}` is not a whole number from {least} to {most}.",
        f"Write a plain number, such as `{example}`, without a unit and without quotes.",
    )


def option_without_format(place: Place, key: str, formats: Iterable[str]) -> Diagnostic:
    """Report an option of a booklet that none of its formats heeds."""
    return _error(
        "option-without-format",
        place,
        f"`{key}` changes nothing: none of the booklet's formats goes by it.",
        f"Name {_listed(tuple(formats), 'or')} in `formats`, or take `{key}` away.",
    )


def bad_locale(place: Place, code: str) -> Diagnostic:
    """Report something that does not look like a locale."""
    return _error(
        "bad-locale",
        place,
        f"`{code}` is not the code of a locale.",
        "Write it as gettext does: `es`, `es_MX` with a country, `zh_Hans` with a script.",
    )


def source_is_target(place: Place, code: str) -> Diagnostic:
    """Report the language of the guides among those they are translated to."""
    return _error(
        "source-is-target",
        place,
        f"`{code}` is the source locale, and `locales` lists it too.",
        f"Remove `{code}` from `locales`: the guides are already written in it.",
    )


def bad_share(place: Place, key: str) -> Diagnostic:
    """Report a share that is not a whole number of percent."""
    return _error(
        "bad-share",
        place,
        f"`{key}` is not a whole number of percent from 0 to 100.",
        "Write a plain number, such as `90`, without a percent sign and without quotes.",
    )


def fallback_language(place: Place, locale: str, fallback: str) -> Diagnostic:
    """Report a fallback whose readers may not be able to read it."""
    return _error(
        "fallback-language",
        place,
        f"`{locale}` cannot fall back to `{fallback}`, which is another language or another script.",
        "Name locales of the same language and script only; the guides' own language comes last of itself.",
    )


def fallback_source(place: Place, locale: str, source: str) -> Diagnostic:
    """Report the source locale among the fallbacks, where it stands without being named."""
    return _error(
        "fallback-source",
        place,
        f"`{locale}` falls back to `{source}`, the language of the guides, without being told to.",
        f"Remove `{source}` from `fallback`.",
    )


def fallback_cycle(place: Place, cycle: Sequence[str]) -> Diagnostic:
    """Report locales that fall back to each other, or one that falls back to itself."""
    way = " → ".join(f"`{locale}`" for locale in cycle)
    return _error(
        "fallback-cycle",
        place,
        f"The fallbacks lead round in a circle: {way}.",
        "Let the regional locale fall back to the general one, and not the other way.",
    )


def pseudo_locale(place: Place, code: str) -> Diagnostic:
    """Report a made-up language among those that readers are given."""
    return _error(
        "pseudo-locale",
        place,
        f"`{code}` is a made-up language to try the layout with, not one for readers.",
        f"Remove `{code}` from `locales`; `python3 build.py build --pseudo` shows the site in it.",
    )


def repeated_value(place: Place, key: str, value: str) -> Diagnostic:
    """Report a value that a list names a second time."""
    return _error("repeated-value", place, f"`{key}` names `{value}` twice.", f"Remove the second `{value}`.")


def alias_name(place: Place, value: str) -> Diagnostic:
    """Report an old name of a guide that could not have been one."""
    return _error(
        "alias-name",
        place,
        f"`{value}` cannot have been the name of a guide.",
        "Write the old name without folder and `.md`: lower-case letters a to z, digits and hyphens.",
    )


def bad_id(place: Place, value: str) -> Diagnostic:
    """Report an id that could not be used in a token or a file name."""
    return _error(
        "bad-id",
        place,
        f"`{value}` cannot be an id.",
        "Use lower-case letters a to z, digits and hyphens, with a letter first.",
    )


def duplicate_id(place: Place, value: str, first: Place) -> Diagnostic:
    """Report two things of one kind with one id."""
    return _error(
        "duplicate-id",
        place,
        f"The id `{value}` is already taken in line {first.line}.",
        "Give one of the two another id.",
    )


def unknown_reference(place: Place, kind: str, name: str, known: Iterable[str]) -> Diagnostic:
    """Report a name of something (`kind`: “region”, “contact”, “guide”, “fact”) that is not there."""
    names = tuple(known)
    otherwise = f"There are {_listed(names)}." if names else f"The project has no {kind}s yet."
    return _error(
        "unknown-reference",
        place,
        f"There is no {kind} `{name}`.",
        _did_you_mean(name, names) or otherwise,
    )


def contact_kind(place: Place, key: str, contact: str, kind: str) -> Diagnostic:
    """Report a contact of the wrong kind in a place where readers will trust it."""
    return _error(
        "contact-kind",
        place,
        f"`{key}` is the contact `{contact}`, whose kind is `{kind}`.",
        "Name a contact of the kind `emergency` for `emergency`, `helpline` or `crisis-line` for `helpline`.",
    )


def bad_number(place: Place, channel: str, value: str) -> Diagnostic:
    """Report a phone, text or TTY number that could not be dialled as it stands."""
    return _error(
        "bad-number",
        place,
        f"`{channel}` is `{value}`, which is not a number to dial.",
        "Use digits, with single spaces or hyphens between them and at most a `+` in front.",
    )


def bad_web_address(place: Place, value: str) -> Diagnostic:
    """Report a web address that is not a bare host and path."""
    return _error(
        "bad-web-address",
        place,
        f"`web` is `{value}`, which is not a plain web address.",
        "Write the host and, if needed, a path, without `https://`: `example.org/help`.",
    )


def confidential_found(place: Place, label: str) -> Diagnostic:
    """Report something that must not be published; it is called by its label, never by what it is."""
    return _error(
        "confidential",
        place,
        f"The file holds what confidential.toml calls `{label}`.",
        "Take it out of the text, or out of what a camera or a program wrote into the file; "
        "if it was ever committed, it is still in the history of git.",
    )


def confidential_name(place: Place, label: str) -> Diagnostic:
    """Report a file whose name must not be published; `place` is its folder, for the name is not said."""
    return _error(
        "confidential-name",
        place,
        f"The name of a file in this folder holds what confidential.toml calls `{label}`.",
        "Rename the file; if it was ever committed, its name is still in the history of git.",
    )


def confidential_short(place: Place, label: str) -> Diagnostic:
    """Report a secret that would be found in every text."""
    return _error(
        "confidential-short",
        place,
        f"`{label}` is too short to be looked for.",
        "Write more of it: at least four letters, or six digits of a number.",
    )


def confidential_lock(place: Place) -> Diagnostic:
    """Report hashes that are not those of the list."""
    return _warning(
        "confidential-lock",
        place,
        "The list in confidential.toml has changed since this file was made of it.",
        "Run `python3 build.py conceal`, and commit the file.",
    )


def telling_title(place: Place, title: str, word: str) -> Diagnostic:
    """Report a title that tells whoever sees a reader's tabs, history or downloads what was read."""
    return _error(
        "telling-title",
        place,
        f"The title `{title}` has `{word}`, a word of the site's subject.",
        "Say it in words that would fit any site: titles stand in tabs and in the browser's history.",
    )


def telling_name(place: Place, path: str, word: str) -> Diagnostic:
    """Report a page or a file whose name tells what it is about."""
    return _error(
        "telling-name",
        place,
        f"`{path}` has `{word}`, a word of the site's subject.",
        "Rename the guide, booklet, card or picture that it is named for: addresses stand in the browser's "
        "history, and names of files among downloads.",
    )


def bad_onion_address(place: Place, address: str) -> Diagnostic:
    """Report an address of an onion service that cannot be one: mistyped, most often."""
    return _error(
        "bad-onion-address",
        place,
        f"`{address}` is not the address of an onion service.",
        "Copy it whole from the file `hostname` that Tor made: `http://`, 56 letters and digits, `.onion`.",
    )


def bad_site_address(place: Place, value: str) -> Diagnostic:
    """Report an address of the site that a reader's browser could not open safely."""
    return _error(
        "bad-site-address",
        place,
        f"`{value}` cannot be printed as the address of the site.",
        "Write it like `https://guides.example/`; only an onion address may begin with `http://`.",
    )


def bad_exit_address(place: Place, value: str) -> Diagnostic:
    """Report an address to leave to that is not encrypted, or that says more than where it is."""
    return _error(
        "bad-exit-address",
        place,
        f"`{value}` is no address to leave to.",
        "Write it like `https://weather.example/`: it begins with `https://` and holds no `?`, `#` or `@`.",
    )


def no_channel(place: Place, contact: str) -> Diagnostic:
    """Report a contact that cannot be reached."""
    return _error(
        "no-channel",
        place,
        f"The contact `{contact}` has no number and no address.",
        "Add at least one of `phone`, `text`, `tty` and `web`.",
    )


def language_without_channel(place: Place, channel: str) -> Diagnostic:
    """Report languages of a channel that the contact does not have."""
    return _error(
        "language-without-channel",
        place,
        f"The languages of `{channel}` are given, but the contact has no `{channel}`.",
        f"Add `{channel}` to the contact, or remove this line.",
    )


def card_faces(place: Place, card: str, count: int, expected: str) -> Diagnostic:
    """Report a card with more faces, or fewer, than its size or its two languages leave room for."""
    return _error(
        "card-faces",
        place,
        f"The card `{card}` has {count} `[[card.face]]`, and {expected}.",
        "Join faces, part them, or choose another size.",
    )


def booklet_discreet(place: Place, booklet: str, guide: str, names: str) -> Diagnostic:
    """Report a discreet booklet with a guide that tells what it is about; `names` is by what."""
    return _error(
        "booklet-discreet",
        place,
        f"The discreet booklet `{booklet}` has the guide `{guide}`, which {names}.",
        "Take only guides with `discreet: true` and without a contact, or drop `discreet` of the booklet.",
    )


def card_notice(place: Place, card: str) -> Diagnostic:
    """Report a card that suggests something and does not say that nothing is sure."""
    return _error(
        "card-notice",
        place,
        f"The card `{card}` has sentences or parts of guides, and nowhere the safety notice.",
        "Write `notice = true` below one of its `[[card.face]]`.",
    )


def card_discreet(place: Place, section: str, names: str) -> Diagnostic:
    """Report a discreet card with a part of a guide that is not; `names` is what is wrong with that part."""
    return _error(
        "card-discreet",
        place,
        f"A discreet card shows `{section}`, which {names}.",
        "Take a part of a guide with `discreet: true` that has no number, or drop `discreet` of the card.",
    )


def fact_not_covered(place: Place, fact: str) -> Diagnostic:
    """Report a fact that no guide says that it carries."""
    return _error(
        "fact-not-covered",
        place,
        f"No guide covers the fact `{fact}`.",
        f"Add `{fact}` to the `facts` of the guide that tells it, or write it there.",
    )


def guide_overdue(place: Place, due: date) -> Diagnostic:
    """Warn of a guide that nobody has read again in time."""
    return _warning(
        "guide-overdue",
        place,
        f"The guide was to be read again by {due}.",
        "Read it, correct what has changed, then set `reviewed` to the day you did.",
    )


def contact_unchecked(place: Place, contact: str, checked: date) -> Diagnostic:
    """Report a contact that nobody has tried for more than a year."""
    return _error(
        "contact-unchecked",
        place,
        f"The contact `{contact}` was last checked on {checked}, more than a year ago.",
        "Call or open every channel, correct it, then set `checked` to the day you did.",
    )


def date_in_future(place: Place, key: str, day: date) -> Diagnostic:
    """Report a day of checking that has not come yet: it would hide that nobody checked."""
    return _error(
        "date-in-future",
        place,
        f"`{key}` is {day}, a day that has not come yet.",
        "Correct the year, month or day.",
    )


# --- what stands beside the catalogs ---------------------------------------------------------------


def review_mark(place: Place, mark: str) -> Diagnostic:
    """Report something among the marks of a review that `build.py review` did not write."""
    return _error(
        "review-mark",
        place,
        f"`{mark}` is not the mark of a review.",
        "Restore the line from the repository's history, or delete it and run `build.py review` again.",
    )


def review_catalog(place: Place, catalog: str, known: Iterable[str]) -> Diagnostic:
    """Warn of a review of a guide that is not there any more."""
    near = _did_you_mean(catalog, known)
    hint = "If the guide was renamed or merged, nothing is to be done: marks go with the words."
    return _warning("review-catalog", place, f"There is no guide `{catalog}`.", near or hint)


def review_twice(place: Place, mark: str, first: Place) -> Diagnostic:
    """Warn of a mark that one person has made twice in one role."""
    return _warning(
        "review-twice",
        place,
        f"The mark `{mark}` stands under the same name in line {first.line} already.",
        "Delete this line; if the whole block stands twice, delete the block.",
    )


def duplicate_term(place: Place, term: str, first: Place) -> Diagnostic:
    """Report a term that a glossary has twice."""
    return _error(
        "duplicate-term",
        place,
        f"The term `{term}` stands in this glossary already, in line {first.line}.",
        "Put the words of both under one `[[term]]`.",
    )


def term_forbidden_too(place: Place, word: str) -> Diagnostic:
    """Report a word that a glossary both wants and forbids."""
    return _error(
        "term-forbidden-too",
        place,
        f"`{word}` is both preferred and forbidden.",
        "Keep it in one of the two lists.",
    )


def change_declared(place: Place, kind: str, recorded: str, reasons: Sequence[str]) -> Diagnostic:
    """Report a change that cannot be declared to leave the meaning unchanged."""
    if kind == "wording":
        fact = f"This change is of wording only, but it is recorded as {recorded}."
        hint = "Put back what `extract` had written; a declaration does not change it."
    else:
        why = f" ({'; '.join(reasons)})" if reasons and kind == "critical" else ""
        fact = f"This change is {kind}{why}, so its meaning cannot be declared `unchanged`."
        hint = "Delete `meaning`, `by` and `because`. " + (
            "What is critical has to be translated anew."
            if kind == "critical"
            else "Its translations stay as they are without them."
        )
    return _error("change-declared", place, fact, hint)


def pot_unreadable(place: Place) -> Diagnostic:
    """Warn of a template that cannot be compared with."""
    return _warning(
        "pot-unreadable",
        place,
        "This template cannot be read, so what has changed in this guide since it was made is not recorded.",
        "`extract` makes it anew; no translation is lost by that.",
    )


# --- parse -----------------------------------------------------------------------------------------


def raw_html(place: Place, tag: str) -> Diagnostic:
    """Build: HTML stands in prose."""
    return _error(
        "raw-html",
        place,
        f"HTML `{tag}` stands in the text.",
        "Use Markdown; to show a `<`, write it as `\\<`.",
    )


def address_in_prose(place: Place, address: str) -> Diagnostic:
    """Build: a web or mail address is typed into prose."""
    return _error(
        "address-in-prose",
        place,
        f"The address `{address}` is typed into the text.",
        "Put it in content/contacts.toml and link to it with a token: `[their site]({contact-id.web})`.",
    )


def phone_in_prose(place: Place, number: str) -> Diagnostic:
    """Build: a phone number is typed into prose."""
    return _error(
        "phone-in-prose",
        place,
        f"The phone number `{number}` is typed into the text.",
        "Put it in content/contacts.toml and use its token: `{contact-id.phone}`.",
    )


def reference_link(place: Place, label: str) -> Diagnostic:
    """Build: a link definition stands apart from its link."""
    return _error(
        "reference-link",
        place,
        f"The link definition `[{label}]:` stands apart from its link, so a translator cannot see it.",
        "Write the target in the link itself: `[words](guide.md)`.",
    )


def heading_level(place: Place, level: int, before: int) -> Diagnostic:
    """Build: a heading of level 1, or one that skips a level."""
    return _error(
        "heading-level",
        place,
        f"A heading of level {level} follows level {before}.",
        "Start with `##` (the title is level 1), go one level deeper at a time, and at most to `####`.",
    )


def heading_id(place: Place, anchor: str) -> Diagnostic:
    """Build: a heading's id is not made of small letters, digits and hyphens."""
    return _error(
        "heading-id",
        place,
        f"The heading's id `{anchor}` is not usable in an address.",
        "Use small letters, digits and hyphens, beginning with a letter: `{#what-to-pack}`.",
    )


def empty_heading(place: Place) -> Diagnostic:
    """Build: a heading without words."""
    return _error(
        "empty-heading", place, "The heading has no words.", "Write some after the `#`, or delete it."
    )


def duplicate_anchor(place: Place, anchor: str) -> Diagnostic:
    """Build: two headings of a guide have one id."""
    return _error(
        "duplicate-anchor",
        place,
        f"Another heading of this guide has the id `{anchor}`.",
        "Give this heading an id of its own at its end: `{#another-id}`.",
    )


def link_in_heading(place: Place) -> Diagnostic:
    """Build: a link or a token stands in a heading."""
    return _error(
        "link-in-heading",
        place,
        "A link or a token stands in a heading, which becomes a link in the contents.",
        "Move it into the text below the heading.",
    )


def unknown_callout(place: Place, kind: str, known: Sequence[str]) -> Diagnostic:
    """Build: `:::` with a kind that does not exist."""
    return _error(
        "unknown-callout",
        place,
        f"There is no block `::: {kind}`.",
        f"Known: {', '.join(known)}. A block inside a block needs more colons outside: `::::`.",
    )


def callout_not_closed(place: Place, kind: str) -> Diagnostic:
    """Build: `:::` is opened and never closed."""
    return _error(
        "callout-not-closed",
        place,
        f"The block `::: {kind}` is not closed.",
        "End it with a line that holds only `:::`.",
    )


def callout_title(place: Place, kind: str) -> Diagnostic:
    """Build: a callout has no title."""
    return _error(
        "callout-title",
        place,
        f"The block `::: {kind}` has no title.",
        f"Say in a few words what it is: `::: {kind} Before you read on`.",
    )


def critical_title(place: Place) -> Diagnostic:
    """Build: `::: critical` with a title, which no reader would see."""
    return _error(
        "critical-title",
        place,
        "The block `::: critical` has a title, but it is a mark for translators that shows no box.",
        "Move the words into the text, or write `::: warning` or `::: steps` for a box with a title.",
    )


def line_count(place: Place, count: str, most: int) -> Diagnostic:
    """Build: `::: lines` without a usable number."""
    return _error(
        "line-count",
        place,
        f"`{count}` is not a number of lines to draw.",
        f"Write a whole number from 1 to {most}: `::: lines 4`.",
    )


# --- read (PO) -------------------------------------------------------------------------------------


def po_not_utf8(place: Place, declared: str) -> Diagnostic:
    """The bytes of a catalog are not UTF-8; `declared` is the charset its header names, or empty."""
    named = f" (the header says `{declared}`)" if declared and declared.upper() != "UTF-8" else ""
    hint = "In your editor choose `Save with encoding` and UTF-8; the header must say `charset=UTF-8`."
    return _error("po-not-utf8", place, f"The file holds a byte that is not UTF-8{named}.", hint)


def po_utf16(place: Place) -> Diagnostic:
    """A catalog was saved as UTF-16."""
    return _error("po-utf16", place, "The file is UTF-16, not UTF-8.", "Save it again as UTF-8.")


def po_unopened(place: Place, is_folder: bool) -> Diagnostic:
    """A catalog's file is a folder, or may not be read."""
    if is_folder:
        hint = "Move it away, and put the catalog's file here; if there is none, `extract` makes one."
        return _error("po-unopened", place, "This is a folder, where a file should be.", hint)
    hint = "Change the file's permissions, or ask the person whose file it is."
    return _error("po-unopened", place, "The file may not be read from this account.", hint)


def po_binary(place: Place) -> Diagnostic:
    """A catalog's file is no text at all, or not a catalog's."""
    hint = "Put the right file here: this may be a picture, or a compiled `.mo` file by another name."
    return _error("po-binary", place, "The file is not a PO file, nor any other text in UTF-8.", hint)


def po_unread(place: Place, count: int) -> Diagnostic:
    """A catalog has so many faults that looking for more of them helps nobody."""
    fact = f"Reading stopped here, for the file has over {count} faults."
    return _error("po-unread", place, fact, "Mend the first ones, or put back an older copy of the file.")


def po_byte_order_mark(place: Place) -> Diagnostic:
    """A catalog begins with U+FEFF."""
    hint = "Save it again as UTF-8 without a byte order mark (some editors say `UTF-8 without BOM`)."
    return _error("po-byte-order-mark", place, "The file begins with an invisible byte order mark.", hint)


def po_line_ends(place: Place) -> Diagnostic:
    """Warn of a catalog with the line ends of Windows, which are read and kept."""
    return _warning(
        "po-line-ends",
        place,
        "This line ends as on Windows (CR LF), not as in other catalogs (LF).",
        "Nothing is lost; but if your editor can, save with Unix line ends, or each line will look changed.",
    )


def po_control_character(place: Place, character: str) -> Diagnostic:
    """A control character stands in a catalog as it is, not as an escape."""
    fact = f"The character U+{ord(character):04X} cannot stand in a catalog."
    return _error("po-control-character", place, fact, "Delete it; it is invisible in most editors.")


def po_empty(place: Place) -> Diagnostic:
    """A catalog holds nothing at all."""
    hint = "Delete the file and update the catalogs: it will be made again."
    return _error("po-empty", place, "The file is empty.", hint)


def po_conflict(place: Place) -> Diagnostic:
    """A mark that Git leaves where two changes met."""
    hint = "Keep one of the two versions and delete the lines with the marks `<<<<<<<`, `=======`, `>>>>>>>`."
    return _error("po-conflict", place, "Two versions of this place were never joined.", hint)


def po_quote_missing(place: Place) -> Diagnostic:
    """A string has no closing quote; the place is the end of its line."""
    hint = 'Put `"` at the end of the line, and check that no letter or digit before it was lost.'
    return _error("po-quote-missing", place, 'This line ends without its closing quote `"`.', hint)


def po_text_after_quote(place: Place) -> Diagnostic:
    """Something follows a closing quote."""
    hint = 'Inside a text write a quote as `\\"`; outside, delete what follows the closing quote.'
    return _error("po-text-after-quote", place, "Something follows the closing quote.", hint)


def po_escape(place: Place, escape: str) -> Diagnostic:
    """A backslash that begins no escape of the format, or a number that makes no character."""
    hint = 'Write a backslash that readers shall see as `\\\\`; a new line is `\\n`, a quote is `\\"`.'
    return _error("po-escape", place, f"`{escape}` means nothing in a catalog.", hint)


def po_keyword(place: Place, keyword: str) -> Diagnostic:
    """A word where only `msgid`, `msgstr` and their like may stand."""
    hint = "A line begins with `msgctxt`, `msgid`, `msgid_plural`, `msgstr`, a quote, or `#` for a comment."
    return _error("po-keyword", place, f"`{keyword}` is not a word of this format.", hint)


def po_stray_text(place: Place) -> Diagnostic:
    """A line that is neither keyword, string, comment nor blank."""
    hint = 'Put the text between quotes `"`, or begin the line with `# ` to make it a comment.'
    return _error("po-stray-text", place, "This text stands outside any quotes.", hint)


def po_string_missing(place: Place, keyword: str) -> Diagnostic:
    """A keyword is not followed by a quoted string."""
    hint = 'Write the text in straight quotes `"`, not “these” or «these»; for no text write `""`.'
    return _error("po-string-missing", place, f"`{keyword}` is not followed by a text in quotes.", hint)


def po_string_outside(place: Place) -> Diagnostic:
    """A string continues nothing."""
    hint = "A text in quotes continues the line directly above it; no blank line or comment may come between."
    return _error("po-string-outside", place, "This text in quotes belongs to no entry.", hint)


def po_comment_inside(place: Place) -> Diagnostic:
    """A comment between the parts of one entry."""
    hint = "Move the comment above the entry's first line."
    return _error("po-comment-inside", place, "A comment stands in the middle of an entry.", hint)


def po_obsolete_mixed(place: Place) -> Diagnostic:
    """An entry half in use, half obsolete."""
    hint = "Begin every line of an obsolete entry with `#~ `, and no line of an entry that is in use."
    return _error("po-obsolete-mixed", place, "Only a part of this entry is marked obsolete (`#~`).", hint)


def po_order(place: Place, keyword: str) -> Diagnostic:
    """A keyword in the wrong place within an entry."""
    hint = "The order is `msgctxt`, `msgid`, `msgid_plural`, `msgstr`, each once."
    return _error("po-order", place, f"`{keyword}` cannot stand here.", hint)


def po_msgid_missing(place: Place, keyword: str) -> Diagnostic:
    """A translation without its source."""
    hint = "Restore the `msgid` line above it, or delete this line."
    return _error("po-msgid-missing", place, f"`{keyword}` stands without a `msgid`.", hint)


def po_msgstr_missing(place: Place) -> Diagnostic:
    """A source without the line for its translation."""
    hint = 'Add the line `msgstr ""` after it, with the translation between the quotes.'
    return _error("po-msgstr-missing", place, "This entry has no `msgstr` line.", hint)


def po_plural_missing(place: Place) -> Diagnostic:
    """`msgstr[n]` in an entry without `msgid_plural`."""
    hint = "Write `msgstr` without a number, or restore the `msgid_plural` line."
    return _error("po-plural-missing", place, "Numbered translations need a `msgid_plural` line.", hint)


def po_plural_index(place: Place, found: str, expected: int) -> Diagnostic:
    """A plural form out of order, or a plain `msgstr` after `msgid_plural`."""
    hint = "Write the forms as `msgstr[0]`, `msgstr[1]` and so on, each once and in order."
    return _error("po-plural-index", place, f"`{found}` stands where `msgstr[{expected}]` should.", hint)


def po_plural_count(place: Place, found: int, expected: int) -> Diagnostic:
    """An entry has another number of forms than `Plural-Forms` says."""
    fact = f"This entry has {found} plural forms, but the header's `nplurals` is {expected}."
    hint = "Add the missing forms, or correct the header's `Plural-Forms`."
    return _error("po-plural-count", place, fact, hint)


def po_plural_rule(place: Place, rule: str) -> Diagnostic:
    """`Plural-Forms` is missing where it is needed, or cannot be used."""
    fact = f"The plural rule `{rule}` cannot be used." if rule else "The header has no plural rule."
    hint = "Copy the `Plural-Forms` line from another catalog of this language."
    return _error("po-plural-rule", place, fact, hint)


def po_duplicate(place: Place, first: int) -> Diagnostic:
    """The same source stands twice; `first` is the line of the first one."""
    hint = f"Delete this entry or the one on line {first}; keep the better translation."
    return _error("po-duplicate", place, "The same `msgid` stands twice in this file.", hint)


def po_header_missing(place: Place) -> Diagnostic:
    """No header entry."""
    hint = 'Begin the file with `msgid ""` and its lines, copied from another catalog of this language.'
    return _error("po-header-missing", place, "The file has no header.", hint)


def po_header_not_first(place: Place) -> Diagnostic:
    """The header entry stands after another entry."""
    hint = 'Move the entry with the empty `msgid ""` to the top, or give it its lost text.'
    return _error("po-header-not-first", place, "The header is not the first entry.", hint)


def po_header_line(place: Place, line: str) -> Diagnostic:
    """A header line is not `Name: value`."""
    hint = "Each header line is a name, a colon and a value, and ends with `\\n`."
    return _error("po-header-line", place, f"The header line `{line}` has no name and colon.", hint)


def po_charset(place: Place, charset: str) -> Diagnostic:
    """The header does not say UTF-8."""
    fact = f"The header's charset is `{charset}`, not UTF-8." if charset else "The header names no charset."
    hint = 'Save the file as UTF-8; its header says `"Content-Type: text/plain; charset=UTF-8\\n"`.'
    return _error("po-charset", place, fact, hint)


def po_language(place: Place, found: str, locale: str) -> Diagnostic:
    """The header names another language than the folder."""
    fact = f"The header's language is `{found}`, the folder's is `{locale}`."
    hint = f"Move the file to the folder of its language, or write `Language: {locale}`."
    return _error("po-language", place, fact, hint)


def po_language_missing(place: Place, locale: str) -> Diagnostic:
    """The header names no language."""
    hint = f'Add the line `"Language: {locale}\\n"` to the header.'
    return _warning("po-language-missing", place, "The header does not name its language.", hint)


def po_other_project(place: Place, count: int) -> Diagnostic:
    """Not one of a catalog's messages is of the guide that it is named for."""
    fact = f"Not one of the {count} translations in this file belongs to this guide."
    hint = "Put back the right file; if the guide is new from end to end, run `build.py extract` first."
    return _error("po-other-project", place, fact, hint)


def po_plural_forms(place: Place, locale: str, expected: str) -> Diagnostic:
    """The header's plural rule is that of another language."""
    fact = f"The header's plural rule is not that of `{locale}`."
    hint = f"Write `Plural-Forms: {expected}`; the entries with plurals need that many forms."
    return _warning("po-plural-forms", place, fact, hint)


# --- extract and merge -----------------------------------------------------------------------------


def template_syntax(place: Place, reason: str) -> Diagnostic:
    """A template that Jinja cannot read; `reason` is its own sentence."""
    hint = "Mend the template; Jinja's manual lists its tags."
    return _error("template-syntax", place, f"This template cannot be read: {reason.rstrip('.')}.", hint)


def template_note(place: Place, mark: str) -> Diagnostic:
    """A comment for translators ends in a mark that means nothing, which would be lost without a word."""
    hint = (
        "Write `[critical]`, or `[longest 24]` for the columns there is room for; other words go before it."
    )
    return _error("template-note", place, f"No mark for translators is called `[{mark}]`.", hint)


def message_not_constant(place: Place, function: str) -> Diagnostic:
    """A template asks for the translation of something that is not written there."""
    hint = "Write the text itself between quotes inside the call, so that translators get to see it."
    return _error("message-not-constant", place, f"`{function}()` is called without a text in quotes.", hint)


def message_plural_differs(place: Place, text: str) -> Diagnostic:
    """One text is used with two plurals, or with one and without; a catalog has room for one entry."""
    hint = "Use the same plural everywhere, or tell the two apart with `pgettext` or `npgettext`."
    return _error("message-plural-differs", place, f"`{text}` has another plural elsewhere, or none.", hint)


# --- check -----------------------------------------------------------------------------------------


def translation_tokens(place: Place, lacking: Sequence[str], added: Sequence[str]) -> Diagnostic:
    """Build: a translation has other tokens than its source."""
    lacking, added = [f"{{{name}}}" for name in lacking], [f"{{{name}}}" for name in added]
    return _error(
        "translation-tokens",
        place,
        f"The tokens differ from the source: {_difference(lacking, added)}.",
        "Copy every `{name}` of the source into the translation exactly, and add none.",
    )


def translation_links(place: Place, lacking: Sequence[str], added: Sequence[str]) -> Diagnostic:
    """Build: a translation has other link or image targets than its source."""
    return _error(
        "translation-links",
        place,
        f"The link targets differ from the source: {_difference(lacking, added)}.",
        "Translate the words in `[ ]` and copy the target in `( )` exactly, with no space between them.",
    )


def translation_placeholders(place: Place, lacking: Sequence[str], added: Sequence[str]) -> Diagnostic:
    """Build: a translated template string has other placeholders than its source."""
    lacking, added = [f"%({name})s" for name in lacking], [f"%({name})s" for name in added]
    return _error(
        "translation-placeholders",
        place,
        f"The placeholders differ from the source: {_difference(lacking, added)}.",
        "Copy every `%(name)s` of the source into the translation exactly, and add none.",
    )


def translation_numbers(place: Place, lacking: Sequence[str], added: Sequence[str]) -> Diagnostic:
    """A translation has other numbers than its source."""
    return _error(
        "translation-numbers",
        place,
        f"The numbers differ from the source: {_difference(lacking, added)}.",
        "Write each number of the source, in the digits of any script or as a word. "
        + _unless_right("translation-numbers"),
    )


def translation_markup(place: Place, marks: Sequence[str]) -> Diagnostic:
    """A translation has marks that show, such as a star without a partner, where its source has none."""
    shown = ("a backtick" if mark[0] == "`" else f"`{mark}`" for mark in dict.fromkeys(marks))
    return _error(
        "translation-markup",
        place,
        f"Markup does not work here: a reader would see {' and '.join(shown)}.",
        "Open and close each mark as the source does, `**word**`, with no space inside. "
        + _unless_right("translation-markup"),
    )


def translation_block(place: Place, mark: str) -> Diagnostic:
    """A translation begins like a heading, a list, a quote or a box, which a message cannot be."""
    return _error(
        "translation-block",
        place,
        f"A line begins with `{mark}`, and a reader would see that mark.",
        "Remove it: the source makes the list, heading or box, and an entry holds its words alone. "
        + _unless_right("translation-block"),
    )


def translation_title(place: Place, word: str) -> Diagnostic:
    """A translated title tells whoever sees a reader's tabs, history or downloads what was read."""
    return _error(
        "translation-title",
        place,
        f"The title has `{word}`, a word of the site's subject.",
        "Say it in words that would fit any site: titles stand in tabs and in the browser's history.",
    )


def translation_direction(place: Place, character: str, name: str, *, forced: bool) -> Diagnostic:
    """A translation has an invisible mark that turns text around, or one without its partner."""
    said = f"The invisible character U+{ord(character):04X} ({name})"
    return _error(
        "translation-direction",
        place,
        f"{said} turns letters and digits around." if forced else f"{said} has no partner.",
        "Delete it: pages and booklets set the direction of each text by themselves.",
    )


def translation_character(place: Place, character: str, name: str) -> Diagnostic:
    """A translation has an invisible or a damaged character that its source has not."""
    return _error(
        "translation-character",
        place,
        f"The invisible or damaged character U+{ord(character):04X} ({name}) stands here.",
        "Delete it, or write the character that was meant; such characters come along when text is pasted.",
    )


def translation_overlong(place: Place, length: int, source: int) -> Diagnostic:
    """A translation is so much longer than its source that it must be something else."""
    return _error(
        "translation-overlong",
        place,
        f"The translation has {length} characters, its source {source}.",
        "Keep only what belongs to this entry: a whole text seems to have been pasted here.",
    )


def term_forbidden(place: Place, term: str, word: str, preferred: Sequence[str], reason: str) -> Diagnostic:
    """A translation says a term of the glossary in a way that the glossary forbids."""
    return _error(
        "term-forbidden",
        place,
        f"`{word}` must not be used for `{term}`.",
        f"{reason} Write {_listed(preferred, 'or')}. {_unless_right('term-forbidden')}",
    )


def term_preferred(place: Place, term: str, preferred: Sequence[str]) -> Diagnostic:
    """Warn of a translation without the glossary's word for a term of its source."""
    return _warning(
        "term-preferred",
        place,
        f"The source has `{term}`, and the translation has no {_listed(preferred, 'or')}.",
        "Use the glossary's word, so that readers meet the same word everywhere. "
        + _unless_right("term-preferred"),
    )


def translation_ending(place: Place, ending: str, source: str, expected: Sequence[str]) -> Diagnostic:
    """Warn of a translation that does not end as its source, in the punctuation of its own language."""
    ours = f"ends with `{ending}`" if ending else "ends without a mark"
    theirs = f"ends with `{source}`" if source else "ends without one"
    return _warning(
        "translation-ending",
        place,
        f"The translation {ours}, the source {theirs}.",
        f"End it with {_listed(expected, 'or')}. {_unless_right('translation-ending')}"
        if expected
        else f"End it as the source does. {_unless_right('translation-ending')}",
    )


def translation_opening(place: Place, closing: str, opening: str) -> Diagnostic:
    """Warn of a Spanish question or exclamation that has no mark at its beginning, or none at its end."""
    return _warning(
        "translation-opening",
        place,
        f"There are not as many `{opening}` as `{closing}` here.",
        f"Write `{opening}` where the sentence begins and `{closing}` where it ends. "
        + _unless_right("translation-opening"),
    )


def translation_doubled_word(place: Place, word: str) -> Diagnostic:
    """Warn of a word that stands twice in a row."""
    return _warning(
        "translation-doubled-word",
        place,
        f"The word `{word}` stands twice in a row.",
        "Delete one of the two. " + _unless_right("translation-doubled-word"),
    )


def translation_length(place: Place, columns: int, longest: int) -> Diagnostic:
    """Warn of a translation that is longer than its place has room for."""
    return _warning(
        "translation-length",
        place,
        f"The translation is {columns} columns long, and its place has room for {longest}.",
        "Say it in fewer words. " + _unless_right("translation-length"),
    )


def translation_negation(place: Place, source: Sequence[str], words: Sequence[str]) -> Diagnostic:
    """Warn of a negation that stands on one side only; one of `source` and `words` is empty."""
    return _warning(
        "translation-negation",
        place,
        f"The source has {_listed(dict.fromkeys(source))}, and the translation has no word like it."
        if source
        else f"The translation has {_listed(dict.fromkeys(words))}, and the source has no word like it.",
        "Compare the two: a lost or added “not” turns advice round. " + _unless_right("translation-negation"),
    )


def translation_spaces(place: Place, where: str, source: bool) -> Diagnostic:
    """Warn of a space at the beginning or end (`where`) that only one side has; `source` says which."""
    one, other = ("source", "translation") if source else ("translation", "source")
    return _warning(
        "translation-spaces",
        place,
        f"The {one} {where} with a space, and the {other} does not.",
        "Begin and end the translation as its source. " + _unless_right("translation-spaces"),
    )


def translation_same(place: Place) -> Diagnostic:
    """Warn of a translation of several words that is its source."""
    return _warning(
        "translation-same",
        place,
        "The translation is the same as its source.",
        "Translate it. " + _unless_right("translation-same"),
    )


def _unless_right(code: str) -> str:
    """Return how a translator silences a check for one message."""
    return f"If it is right as it is, give the entry the comment `ignore-{code}: ` and say why."


def _difference(lacking: Sequence[str], added: Sequence[str]) -> str:
    parts = []
    if lacking:
        parts.append("missing " + ", ".join(f"`{name}`" for name in lacking))
    if added:
        parts.append("not in the source " + ", ".join(f"`{name}`" for name in added))
    return "; ".join(parts)


# --- plan and render -------------------------------------------------------------------------------


def unknown_locale(place: Place, locale: str) -> Diagnostic:
    """Build: a locale that CLDR does not know."""
    return _error(
        "unknown-locale",
        place,
        f"There is no locale `{locale}`.",
        "Use a code such as `es`, `zh_Hans` or `pt_BR`: language, then script or region after `_`.",
    )


def unknown_token(place: Place, token: str, nearest: str | None) -> Diagnostic:
    """Build: a token that names no contact, or a field that the contact lacks."""
    return _error(
        "unknown-token",
        place,
        f"`{{{token}}}` names nothing in content/contacts.toml.",
        f"Did you mean `{{{nearest}}}`?" if nearest else "Add it there, or write a brace as `\\{`.",
    )


def unknown_guide(place: Place, guide: str, nearest: str | None) -> Diagnostic:
    """Build: a link to a guide that does not exist."""
    return _error(
        "unknown-guide",
        place,
        f"The link goes to `{guide}`, which does not exist.",
        f"Did you mean `{nearest}.md`?" if nearest else "Link to a file of content/guides by its name.",
    )


def unknown_anchor(place: Place, guide: str, anchor: str, nearest: str | None) -> Diagnostic:
    """Build: a link to a heading that does not exist."""
    return _error(
        "unknown-anchor",
        place,
        f"The link goes to `{guide}#{anchor}`, and no heading there has that id.",
        f"Did you mean `#{nearest}`?" if nearest else "Give the heading that id: `## Words {#id}`.",
    )


def unknown_link(place: Place, target: str) -> Diagnostic:
    """Build: a link target of a kind that Handbill does not know."""
    return _error(
        "unknown-link",
        place,
        f"The link target `{target}` is neither a guide nor a contact.",
        "Link to a guide (`leaving.md#bag`) or to a contact's site (`{contact-id.web}`).",
    )


def unknown_image(place: Place, image: str, nearest: str | None) -> Diagnostic:
    """Build: an image that is not in content/images."""
    return _error(
        "unknown-image",
        place,
        f"The image `{image}` is not in the project.",
        f"Did you mean `{nearest}`?" if nearest else "Put it in content/images and write `images/name.png`.",
    )


def known_number_in_prose(place: Place, number: str, token: str) -> Diagnostic:
    """Build: the number of a known contact is typed into prose."""
    return _error(
        "known-number-in-prose",
        place,
        f"The number `{number}` of a contact is typed into the text.",
        f"Use its token: `{token}`.",
    )


def path_clash(place: Place, path: str, other: str) -> Diagnostic:
    """Build: two outputs would have one path."""
    taken = "another output" if path == other else f"`{other}`"
    return _error(
        "path-clash",
        place,
        f"Its output `{path}` would take the place of {taken}.",
        "Rename the file, the alias or the booklet; `index`, `contacts`, `print`, `a-z` and `404` are taken.",
    )


def unportable_path(place: Place, path: str, why: str) -> Diagnostic:
    """Build: an output could not lie on every disk; `why` ends a sentence that begins with its path."""
    return _error(
        "unportable-path",
        place,
        f"Its output `{path}` {why}.",
        "Rename it: the website must fit on a USB stick, and be opened with Windows.",
    )


def template_failed(place: Place, message: str) -> Diagnostic:
    """Build: a template could not be read or filled in."""
    return _error(
        "template",
        place,
        f"The template fails: {message.rstrip('.')}.",
        "Mend the template; the engine's own one shows what it is given.",
    )


def template_missing(place: Place, name: str) -> Diagnostic:
    """Build: a template that a page needs does not exist."""
    return _error(
        "template-missing",
        place,
        f"There is no template `{name}`.",
        "Add it to templates/, or remove the project's template that asks for it.",
    )


# --- typeset and impose ----------------------------------------------------------------------------


def outside_resource(place: Place, address: str) -> Diagnostic:
    """Report something that a print document asks for and the project does not declare."""
    return _error(
        "outside-resource",
        place,
        f"The booklet asks for `{address}`, which is not part of the project.",
        "Show only pictures of `content/images`, and link only to headings and contacts.",
    )


def contents_unsettled(place: Place) -> Diagnostic:
    """Report page numbers, in the list of contents or after links, that move the pages which they name."""
    return _error(
        "contents-unsettled",
        place,
        "The page numbers in the list of contents never become right.",
        "In the print style sheet, let `.toc-page` be no larger than the text around it.",
    )


def typesetting(place: Place, complaint: str, *, fatal: bool) -> Diagnostic:
    """Report what WeasyPrint says of a document, in its own words."""
    return (_error if fatal else _warning)(
        "typesetting",
        place,
        f"While typesetting: {complaint.rstrip('.')}.",
        "Look in the templates and style sheets below `templates/print`.",
    )


def does_not_fit(
    place: Place, language: str, panel: int, panels: int, beyond_mm: int, smallest_pt: float
) -> Diagnostic:
    """Build: text that must fit a number of panels is too long; it is not printed in that language."""
    where = f"panel {panel} of {panels}" if panels > 1 else "its one page"
    return _warning(
        "does-not-fit",
        place,
        f"In `{language}` the text does not fit: {beyond_mm} mm of it stand beyond {where}, "
        f"in the smallest readable size ({smallest_pt:g} pt).",
        "Shorten the guides or the translation, name fewer guides, or take a format with more room.",
    )


def misprint(place: Place, language: str, format: str, wrong: Diagnostic) -> Diagnostic:
    """Build: a finished PDF is not what it must be on paper, so it is not published; `wrong` says how."""
    return _error(
        "misprint",
        place,
        f"What was made in `{language}` for `{format}` must not be printed ({wrong.code}): "
        f"{wrong.fact[0].lower()}{wrong.fact[1:]}",
        "Look at the style sheets in your templates/ first. If you have none, Handbill is wrong: "
        "please report it.",
    )


def page_size_differs(
    place: Place, width_mm: float, height_mm: float, wanted_width_mm: float, wanted_height_mm: float
) -> Diagnostic:
    """Build: a page is typeset in a size that the sheets of paper are not reckoned for."""
    return _error(
        "page-size-differs",
        place,
        f"This booklet has a page of {width_mm:g} × {height_mm:g} mm, but its sheets are made for pages of "
        f"{wanted_width_mm:g} × {wanted_height_mm:g} mm.",
        f"Set `@page {{ size: {wanted_width_mm:g}mm {wanted_height_mm:g}mm }}` in the style sheet for print.",
    )


def font_changed(place: Place, *, missing: bool) -> Diagnostic:
    """Build: a pinned font is missing, or its bytes are not those that fonts.toml pins."""
    return _error(
        "font-changed",
        place,
        "This font is pinned in fonts.toml and is not there."
        if missing
        else "This font is not the one that fonts.toml pins: its sha256 differs.",
        "Restore it from the repository; see fonts/README.md for how fonts are changed.",
    )


# --- finished PDFs ---------------------------------------------------------------------------------


def _on_pages(numbers: Sequence[int]) -> str:
    """Return where something is wrong: on page 3 and 4 others."""
    others = len(numbers) - 1
    return f"on page {numbers[0]}" + (f" and {others} other{'s' if others > 1 else ''}" if others else "")


def _page_words(page: int | None) -> str:
    return "a page for notes" if page is None else f"page {page}"


_BUILD_AGAIN = "Build again, and do not hand this file out."


def pdf_damaged(place: Place, reason: str) -> Diagnostic:
    """Report a finished PDF that cannot be read, or whose structure is broken."""
    return _error("pdf-damaged", place, f"The finished PDF is damaged: {_sentence(reason)}.", _BUILD_AGAIN)


def _sentence(words: str) -> str:
    """Return the words of a library as a part of a sentence."""
    return " ".join(words.split()).rstrip(".").replace(". ", "; ")


def pdf_particulars(place: Place, what: str, found: str, wanted: str) -> Diagnostic:
    """Report a finished PDF that tells viewers and printers something else than it should."""
    return _error(
        "pdf-particulars",
        place,
        f"The finished PDF says `{found}` for its {what}, but it should be `{wanted}`.",
        _BUILD_AGAIN,
    )


def trim_differs(
    place: Place, pages: Sequence[int], box_mm: Sequence[float], wanted_mm: Sequence[float]
) -> Diagnostic:
    """Report pages of another size than their paper or their trim; `box_mm` is left, foot, right, head."""
    left, foot, right, head = box_mm
    return _error(
        "trim-differs",
        place,
        f"The finished PDF is cut {_on_pages(pages)} to {right - left:g} × {head - foot:g} mm, "
        f"{left:g} mm from the left and {foot:g} mm from below, instead of {wanted_mm[0]:g} × "
        f"{wanted_mm[1]:g} mm from the corner of its paper.",
        _BUILD_AGAIN,
    )


def page_turned(place: Place, pages: Sequence[int]) -> Diagnostic:
    """Report pages that a viewer or a printer is told to turn."""
    return _error("page-turned", place, f"The finished PDF is turned {_on_pages(pages)}.", _BUILD_AGAIN)


def page_order(place: Place, page: int) -> Diagnostic:
    """Report pages of a file to read that come in another order than their text."""
    return _error(
        "page-order",
        place,
        f"In the finished PDF page {page} comes after one that should follow it.",
        _BUILD_AGAIN,
    )


def sides_missing(place: Place, found: int, wanted: int) -> Diagnostic:
    """Report sheets that are lost, or too many."""
    return _error(
        "sides-missing",
        place,
        f"The finished sheets have {found} sides, but this booklet takes {wanted}.",
        _BUILD_AGAIN,
    )


def sheet_order(place: Place, side: int, wanted: int | None, found: int | None, *, empty: bool) -> Diagnostic:
    """Report a page in the place of another, by the side that it stands on."""
    stands = "nothing stands" if empty else f"{_page_words(found)} stands"
    return _error(
        "sheet-order",
        place,
        f"On side {side} of the sheets {stands} where {_page_words(wanted)} belongs.",
        _BUILD_AGAIN,
    )


def sheet_turned(place: Place, side: int, page: int | None, by_deg: int) -> Diagnostic:
    """Report a page that is not upright when the sheet is folded."""
    return _error(
        "sheet-turned",
        place,
        f"On side {side} of the sheets {_page_words(page)} is turned by {by_deg} degrees.",
        _BUILD_AGAIN,
    )


def sheet_moved(place: Place, side: int, page: int | None, right_mm: float, up_mm: float) -> Diagnostic:
    """Report a page that would be cut or folded in the wrong place."""
    return _error(
        "sheet-moved",
        place,
        f"On side {side} of the sheets {_page_words(page)} stands {right_mm:.2f} mm too far to the right and "
        f"{up_mm:.2f} mm too high.",
        _BUILD_AGAIN,
    )


def sheet_scaled(place: Place, side: int, page: int | None, scale: float) -> Diagnostic:
    """Report a page that is not drawn at 100 %."""
    return _error(
        "sheet-scaled",
        place,
        f"On side {side} of the sheets {_page_words(page)} is drawn at {scale * 100:.1f} percent.",
        _BUILD_AGAIN,
    )


def page_altered(place: Place, side: int, page: int | None) -> Diagnostic:
    """Report a page whose content is not what was put on the sheet."""
    return _error(
        "page-altered",
        place,
        f"On side {side} of the sheets {_page_words(page)} is not the one that was typeset.",
        _BUILD_AGAIN,
    )


def table_too_wide(place: Place, page: int, by_mm: int) -> Diagnostic:
    """Report a table that is cut off at the edge of a page."""
    return _error(
        "table-too-wide",
        place,
        f"A table on page {page} is {by_mm} mm wider than the page.",
        "Shorten its longest word, or take a column away: words in tables are not broken.",
    )


def black_in_rgb(place: Place, pages: Sequence[int]) -> Diagnostic:
    """Report black or grey that a printer would mix from all its inks."""
    return _error(
        "black-in-rgb",
        place,
        f"Black or grey is written in RGB {_on_pages(pages)}, and would be printed in four inks.",
        _BUILD_AGAIN,
    )


def rgb_for_shop(place: Place, pages: Sequence[int]) -> Diagnostic:
    """Report colours in a file for a print shop that are no inks."""
    return _error(
        "rgb-for-shop",
        place,
        f"Colours are written in RGB {_on_pages(pages)}, but a print shop needs them as inks.",
        _BUILD_AGAIN,
    )


def font_lost(place: Place, font: str, pages: Sequence[int]) -> Diagnostic:
    """Report a font that text is set in and the file does not hold."""
    return _error(
        "font-lost",
        place,
        f"The font `{font}` is used {_on_pages(pages)} and is not in the file.",
        "Build again: without it, every printer would show other letters, or none.",
    )


def number_misprinted(place: Place, value: str, found: int, wanted: int) -> Diagnostic:
    """Report a contact that cannot be read as often as it must."""
    return _error(
        "number-misprinted",
        place,
        f"`{value}` can be read {found} times in the finished PDF, but must stand there {wanted} times.",
        "Build again, and do not hand this file out: a number or an address in it may be wrong.",
    )


def number_nearly(place: Place, found: str, number: str) -> Diagnostic:
    """Report what is printed like a contact's number but for one digit."""
    return _error(
        "number-nearly",
        place,
        f"The finished PDF shows `{found}`, which differs from `{number}` of contacts.toml in one digit.",
        "Build again, and do not hand this file out.",
    )


def edition_outdated(place: Place, files: int) -> Diagnostic:
    """Report finished PDFs that were made of other words than the project has now."""
    return _warning(
        "edition-outdated",
        place,
        "A PDF in this folder is not of the current edition."
        if files == 1
        else f"{files} PDFs in this folder are not of the current edition.",
        "Build again; until then these files are not checked.",
    )


# --- audit -----------------------------------------------------------------------------------------


def dead_link(place: Place, link: str) -> Diagnostic:
    """Build: a finished page links to something that is not there."""
    return _error(
        "dead-link",
        place,
        f"The finished page links to `{link}`, which does not exist.",
        "Mend the link in the template or the guide that this page is made from.",
    )


def outside_request(place: Place, link: str) -> Diagnostic:
    """Build: a finished page points outside the site other than by a link to a contact."""
    return _error(
        "outside-request",
        place,
        f"The finished page points to `{link}`, outside the site.",
        "Only links to contacts of content/contacts.toml may leave the site; change the template.",
    )


def active_content(place: Place, tag: str) -> Diagnostic:
    """Build: a finished page holds a script, a frame, a form or inline style."""
    return _error(
        "active-content",
        place,
        f"The finished page holds a `<{tag}>` with active content or inline style.",
        "Scripts, frames, forms and inline styles can betray a reader; take it out of the template.",
    )


def exit_missing(place: Place) -> Diagnostic:
    """Build: a finished page has no way out, or not as its first element, or one to somewhere else."""
    return _error(
        "exit-missing",
        place,
        "The first element of the finished page is not the link to leave it.",
        "Put `{{ leave }}` right after `<body>` in the template, or take `[exit]` out of `site.toml`.",
    )


def notice_missing(place: Place) -> Diagnostic:
    """Build: a finished guide page or booklet lacks the safety notice."""
    return _error(
        "notice-missing",
        place,
        "The safety notice is missing.",
        'Put `<div class="notice">{{ notice }}</div>` into the template.',
    )


def page_language(place: Place) -> Diagnostic:
    """Build: a finished page does not say its language and direction."""
    return _error(
        "page-language",
        place,
        "The finished page does not say its language and direction.",
        'Begin the template with `<html lang="{{ language.tag }}" dir="{{ language.direction }}">`.',
    )


def sums_missing(place: Place) -> Diagnostic:
    """Verify: there is no list to compare a folder with."""
    return _error(
        "sums-missing",
        place,
        "There is no list of the site's files to compare with.",
        "Build the site here first, or name its list: `verify FOLDER --against SHA256SUMS`.",
    )


def sums_damaged(place: Place) -> Diagnostic:
    """Verify: a list of files cannot be read."""
    return _error(
        "sums-damaged",
        place,
        "The list of files cannot be read from this line on.",
        "Take the `SHA256SUMS` of the site from the people who publish it, and name it with `--against`.",
    )


def no_glyph(place: Place, character: str, name: str) -> Diagnostic:
    """Build: no pinned font has a character."""
    return _error(
        "no-glyph",
        place,
        f"No pinned font has the character `{character}` (U+{ord(character):04X} {name}).",
        "Use another character, or add a font that has it to fonts/ (see fonts/README.md).",
    )
