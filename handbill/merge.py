"""Phase *merge*: what translators have and what there is to translate now → the catalog they go on with.

Equal messages keep their translations. Between those, in document order, an edited message succeeds the one
that it replaces, and what becomes of the translation goes by the kind of edit:

- *cosmetic*: carried over, as good as before;
- *wording*: stale. It stays for the translator, marked `fuzzy`, with the old source in `#|`;
- *critical*, or with too few words left: withdrawn. `msgstr` is empty, the old source stands in `#|`.

Where a translation no longer belongs to its source, the two of them stay as an obsolete entry (`#~`): a
message that returns gets its own translation back, to the letter, and what is restored comes from there.

Pure; knows nothing of files and languages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from handbill import alignment, wording
from handbill.model import Catalog, ChangeKind, Entry

Key: TypeAlias = tuple[str | None, str]
"""`msgctxt` and `msgid`."""
Kind: TypeAlias = Callable[[str, str], ChangeKind]
"""Old and new text → the kind of edit, as far as translations are concerned."""
Fate: TypeAlias = Literal["carried", "stale", "withdrawn", "returned", "moved", "offered"]
"""What became of a translation. *Returned*: it was obsolete. *Moved*: it came from another catalog with its
words. *Offered*: the same words stand in another catalog."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What goes from one catalog to others, and what comes to it, as `moves` finds it."""

    arrived: Mapping[Key, Entry] = field(default_factory=dict)
    departed: Collection[Key] = frozenset()
    archive: tuple[Entry, ...] = ()
    """Obsolete entries which those that arrived go back to."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A catalog brought up to date, and what became of its translations."""

    catalog: Catalog
    fates: Mapping[Key, Fate]
    """Of the messages in use about which something changed."""


def merge(template: Catalog, old: Catalog, kind: Kind, moved: Moves) -> Merged:
    """Return `old` brought up to date with `template`: its messages, in its order, with their translations.

    - A message that `old` has, in use or obsolete, or that moved here, keeps translation, comments and flags.
    - A message in the place of another, with enough words in common, gets of its translation what the kind
      of edit allows. So do the parts of a message that was split, and one that several were joined to.
    - A translation that nothing uses any more becomes obsolete, at the end; none is ever lost.

    Comments, places and flags of the template are its own; every other flag is the translator's. Entries in
    which nothing changes keep their `text`, and the header is `old`'s as it stands: where nothing changed,
    `old` itself is returned.
    """
    wanted = [entry for entry in template.entries if entry.msgid]
    before = [entry for entry in old.entries if entry.msgid and not entry.obsolete]
    header = [entry for entry in old.entries if not entry.msgid][:1] or list(template.entries[:1])
    past = _past(old, moved, kind, _plural_count(header))
    fates: dict[Key, Fate] = {}

    keys = {_key(new) for new in wanted}
    merged = [_known(new, past, moved, fates) for new in wanted]
    free = [index for index, entry in enumerate(merged) if entry is None]
    gone = [index for index, entry in enumerate(before) if _key(entry) not in keys]
    passed_on = set(moved.departed)
    for pair in alignment.pairs(wanted, free, before, gone):
        if _is_moved(pair, before, moved.departed):
            continue
        olds = [before[index] for index in pair.old]
        heirs = _heirs([wanted[index] for index in pair.new], olds, past, is_loose=pair.is_loose)
        for index, (entry, fate) in zip(pair.new, heirs.entries, strict=True):
            merged[index] = entry
            if fate:
                fates[_key(entry)] = fate
        if heirs.hold_all:
            passed_on.update(map(_key, olds))
        else:
            passed_on.difference_update(map(_key, olds))

    archived = [
        entry
        for entry in (*old.entries, *moved.archive)
        if entry.msgid and any(entry.msgstr) and _key(entry) not in keys and _key(entry) not in passed_on
    ]
    for index, entry in _returning(wanted, merged, archived, past):
        merged[index] = entry
        fates[_key(entry)] = "returned"

    current = [entry or _fresh(new, past.forms) for new, entry in zip(wanted, merged, strict=True)]
    for index, entry in _restored(current, past):
        current[index] = entry
        fates[_key(entry)] = "carried"
    unused = list(_obsolete_entries(old, keys, passed_on, past, moved.archive))
    if _same([*header, *current, *unused], old.entries):
        return Merged(old, {})
    return Merged(replace(old, entries=(*header, *current, *unused)), fates)


def offered(merged: Merged, elsewhere: Mapping[str, str]) -> Merged:
    """Return a catalog whose messages without a translation are offered one from elsewhere, `fuzzy`.

    `elsewhere` maps msgid → msgstr; it is not offered for plurals nor within a `msgctxt`.
    """
    fates: dict[Key, Fate] = {}
    entries = list(merged.catalog.entries)
    for index, entry in enumerate(entries):
        is_plain = entry.msgid and not entry.obsolete and entry.msgid_plural is None and entry.msgctxt is None
        if is_plain and not any(entry.msgstr) and (offer := elsewhere.get(entry.msgid)):
            entries[index] = _offered(entry, offer)
            fates[_key(entry)] = "offered"
    if not fates:
        return merged
    return Merged(replace(merged.catalog, entries=tuple(entries)), {**merged.fates, **fates})


def _key(entry: Entry) -> Key:
    return entry.msgctxt, entry.msgid


def _same(new: Sequence[Entry], old: Sequence[Entry]) -> bool:
    """Whether nothing changed but where obsolete entries stand, which translators may choose."""
    in_use = [entry for entry in new if not entry.obsolete] + [entry for entry in new if entry.obsolete]
    before = [entry for entry in old if not entry.obsolete] + [entry for entry in old if entry.obsolete]
    return len(in_use) == len(before) and all(map(lambda one, other: one is other, in_use, before))


def _plural_count(header: Sequence[Entry]) -> int:
    stated = re.search(r"nplurals\s*=\s*(\d+)", header[0].msgstr[0]) if header else None
    return int(stated[1]) if stated else 2


def _is_moved(pair: alignment.Pair, before: Sequence[Entry], departed: Collection[Key]) -> bool:
    """Whether the words of a loose pair have gone to another guide: then something else stands there now."""
    return pair.is_loose and any(_key(before[index]) in departed for index in pair.old)


# --- between catalogs ------------------------------------------------------------------------------


def moves(templates: Mapping[str, Catalog], old: Mapping[str, Catalog]) -> Mapping[str, Moves]:
    """Return what moves from and to each of a locale's catalogs: messages gone from one and new in another.

    What is in use nowhere and obsolete in another catalog comes from there, unless it comes back there or its
    new catalog has its words already. `old` may hold catalogs that have no template any more. Of several
    givers, the one with the best translation gives.
    """
    wanted = {name: _by_key(catalog, obsolete=False) for name, catalog in templates.items()}
    in_use = {name: _by_key(catalog, obsolete=False) for name, catalog in old.items()}
    obsolete = {name: _by_key(catalog, obsolete=True) for name, catalog in old.items()}
    found = {name: _Found() for name in {**templates, **old}}
    gone = _without(in_use, wanted)
    left = _without(obsolete, wanted)
    everywhere = {key for entries in in_use.values() for key in entries}
    for name, keys in wanted.items():
        for key in keys.keys() - in_use.get(name, {}).keys():
            givers = gone.get(key)
            if givers is None and key in left and key not in everywhere and key not in obsolete.get(name, {}):
                words = wording.words(key[1])
                if not any(words == wording.words(own) for _, own in (*in_use[name], *obsolete[name])):
                    givers = left[key]
            if own := obsolete.get(name, {}).get(key):
                givers = [pair for pair in givers or () if own.fuzzy or pair[1].current]
            if givers:
                giver, entry = max(givers, key=lambda pair: (pair[1].current, any(pair[1].msgstr)))
                found[name].arrived[key] = replace(entry, obsolete=False, text="", line=0)
                found[giver].departed.add(key)
                origin = obsolete[giver].get((entry.previous_msgctxt, entry.previous_msgid or ""))
                if origin:
                    found[name].archive.append(origin)
    return {name: Moves(one.arrived, one.departed, tuple(one.archive)) for name, one in found.items()}


def _without(
    entries: Mapping[str, Mapping[Key, Entry]], wanted: Mapping[str, Mapping[Key, Entry]]
) -> dict[Key, list[tuple[str, Entry]]]:
    """Return key → the catalogs that have it and do not want it, with their entries."""
    found: dict[Key, list[tuple[str, Entry]]] = defaultdict(list)
    for name, own in entries.items():
        for key in own.keys() - wanted.get(name, {}).keys():
            found[key].append((name, own[key]))
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    arrived: dict[Key, Entry] = field(default_factory=dict)
    departed: set[Key] = field(default_factory=set)
    archive: list[Entry] = field(default_factory=list)


def _by_key(catalog: Catalog, *, obsolete: bool) -> dict[Key, Entry]:
    return {_key(entry): entry for entry in catalog.entries if entry.msgid and entry.obsolete == obsolete}


@dataclass(frozen=True, slots=True)
class Edited:
    """A message of the source that became another. Several became one, or one several, but never both."""

    old: tuple[Entry, ...]
    new: tuple[Entry, ...]


def edited(old: Catalog, new: Catalog, departed: Collection[Key]) -> tuple[Edited, ...]:
    """Return what became of the messages of a template that are not in the new one, in the new one's order.

    They are paired as `merge` pairs them; what only went or only came is left out. `departed` are those
    that are in another template now.
    """
    wanted = [entry for entry in new.entries if entry.msgid]
    before = [entry for entry in old.entries if entry.msgid and not entry.obsolete]
    had, has = {_key(entry): entry for entry in before}, {_key(entry) for entry in wanted}
    found: list[tuple[tuple[int, ...], Edited]] = [
        ((index,), Edited((had[_key(entry)],), (entry,)))
        for index, entry in enumerate(wanted)
        if _key(entry) in had and had[_key(entry)].msgid_plural != entry.msgid_plural
    ]
    free = [index for index, entry in enumerate(wanted) if _key(entry) not in had]
    gone = [index for index, entry in enumerate(before) if _key(entry) not in has]
    for pair in alignment.pairs(wanted, free, before, gone):
        if _is_moved(pair, before, departed):
            continue
        olds, news = (before[index] for index in pair.old), (wanted[index] for index in pair.new)
        found.append((pair.new, Edited(tuple(olds), tuple(news))))
    return tuple(change for _, change in sorted(found, key=lambda one: one[0]))


# --- one entry -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Past:
    """What a catalog had, for looking up."""

    in_use: Mapping[Key, Entry]
    obsolete: Mapping[Key, Entry]
    archive: Mapping[Key, Entry]
    """Finished translations by what they were made from: obsolete ones first."""
    kind: Kind
    forms: int


def _past(old: Catalog, moved: Moves, kind: Kind, forms: int) -> _Past:
    in_use, obsolete = _by_key(old, obsolete=False), _by_key(old, obsolete=True)
    archive = {
        _key(entry): entry
        for entry in (*in_use.values(), *moved.archive, *obsolete.values())
        if any(entry.msgstr) and not entry.fuzzy
    }
    return _Past(in_use, obsolete, archive, kind, forms)


def _known(new: Entry, past: _Past, moved: Moves, fates: dict[Key, Fate]) -> Entry | None:
    """Return the entry of a message that is not new, or None."""
    key = _key(new)
    if own := past.in_use.get(key):
        entry, fate = _kept(new, own, past)
        if fate:
            fates[key] = fate
        return entry
    obsolete = past.obsolete.get(key)
    arrived = moved.arrived.get(key)
    if arrived is None and obsolete is None:
        return None
    if arrived is not None:
        entry, _ = _kept(new, arrived, past)
        if obsolete is not None:
            entry = _noted(entry, obsolete.msgstr)
        if any(arrived.msgstr) or arrived.previous_msgid is not None:
            fates[key] = "moved"
        return entry
    assert obsolete is not None
    entry, _ = _kept(new, obsolete, past)
    fates[key] = "returned"
    return entry


def _fresh(new: Entry, forms: int) -> Entry:
    return replace(new, msgstr=("",) * (1 if new.msgid_plural is None else forms), text="", line=0)


def _kept(new: Entry, old: Entry, past: _Past) -> tuple[Entry, Fate | None]:
    """Return the old entry for the same message, itself where nothing about it changed."""
    if new.msgid_plural != old.msgid_plural:
        heirs = _heir(new, old, past, is_loose=False)
        entry, fate = heirs.entries[0]
        # Its key is in use, so the old pair cannot stay as an obsolete entry.
        return _noted(entry, old.msgstr), fate
    flags = _flags(old.flags, new.flags)
    # Editors of translations put as many places on a line as fit.
    same_places = " ".join(new.references).split() == " ".join(old.references).split()
    same_flags = flags == old.flags or sorted(flags) == sorted(old.flags)
    complete = new.msgid_plural is None or len(old.msgstr) >= past.forms
    if not old.obsolete and new.extracted == old.extracted and same_places and same_flags and complete:
        return old, None
    return replace(
        old,
        msgstr=old.msgstr if complete else _fitted(old.msgstr, past.forms),
        extracted=new.extracted,
        references=new.references,
        flags=flags,
        obsolete=False,
        text="",
        line=0,
    ), None


def _restored(entries: Sequence[Entry], past: _Past) -> Iterator[tuple[int, Entry]]:
    """Yield the entries whose old source, in `#|`, says the same after all, with its translation.

    So it is where an author has declared that a change left the meaning as it was. Not where a translator
    has begun to mend the old translation.
    """
    waiting = [
        index for index, entry in enumerate(entries) if entry.previous_msgid is not None and not entry.current
    ]
    if waiting:
        finished = {_key(entry): entry for entry in entries if any(entry.msgstr) and not entry.fuzzy}
        past = replace(past, archive={**finished, **past.archive})
    for index in waiting:
        entry = entries[index]
        origin = _origin(entry, past)
        if not origin.fuzzy and origin is not entry and _kind_between(origin, entry, past.kind) == "cosmetic":
            flags = (flag for flag in (*filter(_silences, origin.flags), *entry.flags) if flag != "fuzzy")
            comments = (*entry.comments, *filter(_silences, origin.comments))
            yield (
                index,
                replace(
                    _without_previous(entry),
                    msgstr=origin.msgstr,
                    flags=tuple(dict.fromkeys(flags)),
                    comments=tuple(dict.fromkeys(comments)),
                ),
            )


def _without_previous(entry: Entry) -> Entry:
    return replace(
        entry,
        previous_msgctxt=None,
        previous_msgid=None,
        previous_msgid_plural=None,
        text="",
        line=0,
    )


def _offered(entry: Entry, translation: str) -> Entry:
    """Return an untranslated entry with what the same words are translated to in another catalog."""
    flags = ("fuzzy", *(flag for flag in entry.flags if flag != "fuzzy"))
    return replace(_without_previous(entry), msgstr=(translation,), flags=flags)


def _obsolete_entries(
    old: Catalog, wanted: Collection[Key], passed_on: Collection[Key], past: _Past, archive: Sequence[Entry]
) -> Iterator[Entry]:
    """Yield the entries that nothing uses, in the order of the file; but none whose words stand elsewhere."""
    for entry in old.entries:
        if not entry.msgid or _key(entry) in wanted:
            continue
        if entry.obsolete:
            if _key(entry) not in passed_on:
                yield entry
        elif any(entry.msgstr) and _key(entry) not in passed_on and _origin(entry, past).fuzzy == entry.fuzzy:
            yield replace(
                entry,
                extracted=(),
                references=(),
                flags=_flags(entry.flags, ()),
                obsolete=True,
                text="",
                line=0,
            )
    had = past.in_use.keys() | past.obsolete.keys()
    for entry in dict.fromkeys(archive):
        if _key(entry) not in wanted and _key(entry) not in had:
            yield replace(entry, text="", line=0)


def _flags(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Return the flags of the translator, as they are, then those of the template.

    >>> _flags(["fuzzy", "priority:200", "ignore-numbers"], ["md-text"])
    ('fuzzy', 'ignore-numbers', 'md-text')
    """
    theirs = [flag for flag in old if not _OF_TEMPLATE.match(flag) and flag not in new]
    return (*theirs, *new)


_OF_TEMPLATE = re.compile(r"(?:md-text|python-format)\Z|(?:placeholders|priority|max-length):")
"""What a template says; `python-format` is what other tools guess from a percent sign."""


def _fitted(msgstr: tuple[str, ...], forms: int) -> tuple[str, ...]:
    """Return at least as many forms as the language has; too many are left for `read` to report."""
    return msgstr + ("",) * (forms - len(msgstr))


def _noted(entry: Entry, forms: Sequence[str]) -> Entry:
    """Return an entry with those of some forms that it lacks in a comment, so that they are not lost."""
    notes = (
        f"msgstr[{index}]: {form!r}" for index, form in enumerate(forms) if form and form not in entry.msgstr
    )
    lacking = tuple(note for note in notes if note not in entry.comments)
    return replace(entry, comments=(*entry.comments, *lacking), text="", line=0) if lacking else entry


def _returning(
    wanted: Sequence[Entry], merged: Sequence[Entry | None], archived: Sequence[Entry], past: _Past
) -> Iterator[tuple[int, Entry]]:
    """Yield the messages that return with other marks or capitals, with the translation of the same words."""
    known: dict[tuple[str | None, tuple[str, ...]], Entry] = {}
    for entry in archived:
        if not entry.fuzzy:
            known.setdefault((entry.msgctxt, tuple(wording.words(entry.msgid))), entry)
    for index, (new, found) in enumerate(zip(wanted, merged, strict=True)) if known else ():
        if found is None or _is_open(found, past):
            old = known.get((new.msgctxt, tuple(wording.words(new.msgid))))
            if old and _kind_between(old, new, past.kind) == "cosmetic":
                yield index, _heir(new, old, past, is_loose=False).entries[0][0]


def _is_open(entry: Entry, past: _Past) -> bool:
    """Whether an entry has no translation that a person has made or seen for it."""
    if not any(entry.msgstr):
        return True
    return entry.fuzzy and entry.previous_msgid is not None and not _origin(entry, past).fuzzy


# --- what an edited message inherits ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heirs:
    """The entries in the place of others."""

    entries: tuple[tuple[Entry, Fate | None], ...]
    hold_all: bool
    """Whether nothing of the old ones has to be kept as obsolete."""


def _heirs(new: Sequence[Entry], old: Sequence[Entry], past: _Past, *, is_loose: bool) -> _Heirs:
    if len(new) == len(old) == 1:
        return _heir(new[0], old[0], past, is_loose=is_loose)
    if len(old) == 1:
        return _split(new, old[0], past)
    return _joined(new[0], old, past)


def _heir(new: Entry, old: Entry, past: _Past, *, is_loose: bool) -> _Heirs:
    """Return a message with what it inherits of one that it replaces.

    A loose pair, which has less than enough words in common, inherits nothing but its old source.
    """
    blank = _blank(new, old.comments, old.flags, past.forms)
    origin = _origin(old, past)
    if not any(origin.msgstr):
        if old.previous_msgid is None:
            return _Heirs(((blank, None),), True)
        return _Heirs(((_after(blank, origin), "withdrawn"),), True)
    if is_loose and not alignment.near(origin.msgid, new.msgid):
        return _Heirs(((blank, None),), False)
    kind = _kind_between(origin, new, past.kind)
    if kind == "wording" and (is_loose or not alignment.alike(origin.msgid, new.msgid)):
        kind = "critical"
    if kind == "critical":
        return _Heirs(((_after(blank, origin), "withdrawn"),), False)
    inherited = origin.msgstr[:1] if new.msgid_plural is None else _fitted(origin.msgstr, past.forms)
    if kind == "wording":
        entry = _after(blank, origin)
        entry = replace(entry, msgstr=inherited, flags=("fuzzy", *entry.flags))
        return _Heirs(((_noted(entry, origin.msgstr), "stale"),), origin is not old or old.fuzzy)
    entry = replace(blank, msgstr=inherited)
    if origin.fuzzy:
        entry = replace(entry, flags=("fuzzy", *blank.flags))
        return _Heirs(((entry if origin is old else _after(entry, origin), "carried"),), True)
    return _Heirs(((entry, "carried"),), True)


def _split(new: Sequence[Entry], old: Entry, past: _Past) -> _Heirs:
    """Return the parts of a message, each with the sentences of the translation that stand where it stood.

    All of them are stale: only a person can tell where one part of a translation ends. Where the sentences do
    not match one to one, each part has the whole.
    """
    if old.fuzzy or not any(old.msgstr):
        heirs = [_heir(part, old, past, is_loose=True) for part in new]
        return _Heirs(tuple(one.entries[0] for one in heirs), all(one.hold_all for one in heirs))
    sentences = _sentences(old.msgstr[0])
    counts = [len(_sentences(part.msgid)) for part in new]
    entries: list[tuple[Entry, Fate | None]] = []
    position = 0
    for part, count in zip(new, counts, strict=True):
        own = sentences[position : position + count] if sum(counts) == len(sentences) else sentences
        position += count
        blank = _after(_blank(part, old.comments, old.flags, past.forms), old)
        entries.append(
            (replace(blank, msgstr=("".join(own).strip(),), flags=("fuzzy", *blank.flags)), "stale")
        )
    return _Heirs(tuple(entries), False)


def _joined(new: Entry, old: Sequence[Entry], past: _Past) -> _Heirs:
    """Return the message that several were joined to; their translations are joined as they were."""
    if not all(any(entry.msgstr) and not entry.fuzzy for entry in old):
        longest = max(old, key=lambda entry: (any(entry.msgstr), len(entry.msgid)))
        return _Heirs(_heir(new, longest, past, is_loose=False).entries, False)
    text = old[0].msgstr[0].strip()
    for entry in old[1:]:
        text += ("" if _WITHOUT_SPACE.search(text) else " ") + entry.msgstr[0].strip()
    comments = dict.fromkeys(comment for entry in old for comment in entry.comments)
    flags = dict.fromkeys(flag for entry in old for flag in entry.flags)
    whole = replace(
        old[0],
        msgid=" ".join(entry.msgid for entry in old),
        msgstr=(text,),
        comments=tuple(comments),
        flags=tuple(flags),
    )
    return _Heirs(_heir(new, whole, past, is_loose=False).entries, False)


_WITHOUT_SPACE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]\\Z")
"""Chinese and Japanese put no space after a sentence."""
_SENTENCE = re.compile(r"(?:[^.!?…؟।。！？]|[.!?…؟।](?![\s\"”’»)*_]))*(?:[.!?…؟।。！？]+[\"”’»)*_]*\s*|\Z)")


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text with the space behind them; together they are the text.

    >>> _sentences("Go. (Now!) At 3.30 p"), _sentences("走。现在！")
    (['Go. ', '(Now!) ', 'At 3.30 p'], ['走。', '现在！'])
    """
    return [sentence for sentence in _SENTENCE.findall(text) if sentence]


def _blank(new: Entry, comments: tuple[str, ...], flags: Sequence[str], forms: int) -> Entry:
    """Return a message without translation, with a translator's comments and flags."""
    theirs = [flag for flag in flags if flag != "fuzzy"]
    return replace(_fresh(new, forms), comments=comments, flags=_flags(theirs, new.flags))


def _after(entry: Entry, origin: Entry) -> Entry:
    """Return an entry with the source in `#|` that its translation was made from.

    What silenced a check was said of that source, and goes.
    """
    return replace(
        entry,
        flags=tuple(flag for flag in entry.flags if not _silences(flag)),
        comments=tuple(comment for comment in entry.comments if not _silences(comment)),
        previous_msgctxt=origin.msgctxt,
        previous_msgid=origin.msgid,
        previous_msgid_plural=origin.msgid_plural,
    )


def _silences(words: str) -> bool:
    """Whether a flag, or a translator's comment, silences a check (`check` says how)."""
    return words.startswith("ignore-")


def _origin(old: Entry, past: _Past) -> Entry:
    """Return the source and the translation that an entry's translation goes back to.

    That is itself; but for a stale or withdrawn one the pair it was made from, or if the translation has been
    worked on since (or came without that pair) an entry, `fuzzy`, of the old source and this translation.
    """
    if old.previous_msgid is None or (any(old.msgstr) and not old.fuzzy):
        return old
    pair = past.archive.get((old.previous_msgctxt, old.previous_msgid))
    is_untouched = pair is not None and (not any(old.msgstr) or old.msgstr == pair.msgstr)
    if pair and is_untouched and pair.msgid_plural == old.previous_msgid_plural:
        return pair
    return replace(
        old,
        msgctxt=old.previous_msgctxt,
        msgid=old.previous_msgid,
        msgid_plural=old.previous_msgid_plural,
        flags=old.flags if old.fuzzy else ("fuzzy", *old.flags),
    )


def _kind_between(old: Entry, new: Entry, kind: Kind) -> ChangeKind:
    """Return the kind of edit of all that a message says; a plural that comes or goes is wording at least."""
    kinds = {kind(old.msgid, new.msgid)}
    if old.msgid_plural is not None and new.msgid_plural is not None:
        kinds.add(kind(old.msgid_plural, new.msgid_plural))
    elif old.msgid_plural != new.msgid_plural:
        kinds.add("wording")
    return "critical" if "critical" in kinds else "wording" if "wording" in kinds else "cosmetic"
