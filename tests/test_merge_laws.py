"""What holds for translations, whatever becomes of the guides: two guides through made-up histories."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from handbill import po, wording
from handbill.classify import classify
from handbill.merge import Fate, Merged, merge, moves, offered
from handbill.model import Catalog, ChangeKind, Entry

WORDS = "call go pack money keys friend safe door bag night street water phone"
words = st.sampled_from(WORDS.split())
sources = st.lists(words, min_size=1, max_size=9).map(" ".join)
Guides = Mapping[str, list[str]]


def marked(source: str) -> list[str]:
    return [source.capitalize() + ".", f"**{source}**"]


def reworded(source: str) -> list[str]:
    """Return a message as its author may edit it: in wording, in sense; and its halves."""
    listed = source.split()
    middle = len(listed) // 2
    return [
        " ".join([*listed[:middle], "now", *listed[middle:]]),
        " ".join([*listed[:-1], "today"]),
        f"never {source}",
        f"{source} 5",
        " ".join(listed[:middle]) or source,
        " ".join(listed[middle:]),
    ]


@st.composite
def histories(draw: st.DrawFn, *, marks: bool = True, guides: str = "ab") -> list[Guides]:
    """Return two guides as they were at first, and what they were edited to, several times."""
    pool = draw(st.lists(sources, min_size=2, max_size=7, unique=True))
    first = {name: draw(st.lists(st.sampled_from(pool), max_size=5, unique=True)) for name in guides}
    more = [one for source in pool for one in (*reworded(source), *(marked(source) if marks else ()))]
    more += [f"{one} {other}" for one in pool for other in pool if one != other]
    message = st.sampled_from(pool) | st.sampled_from(more)
    steps = [
        {name: draw(st.lists(message, max_size=6, unique=True)) for name in guides}
        for _ in range(draw(st.integers(1, 4)))
    ]
    return [first, *steps]


def templates(guides: Guides) -> dict[str, Catalog]:
    header = Entry("", ("Content-Type: text/plain; charset=UTF-8\n",))
    return {
        name: Catalog(f"{name}.pot", (header, *(Entry(source, ("",)) for source in listed)))
        for name, listed in guides.items()
    }


def translated(guides: Guides) -> dict[str, Catalog]:
    """Return the guides' catalogs; the translations are words that say which message they belong to."""
    found: dict[str, Catalog] = {}
    for name, listed in guides.items():
        entries = (Entry(source, (f"{name}{number}",)) for number, source in enumerate(listed))
        found[name] = Catalog(f"{name}.po", (po.header("Guides", "es"), *entries))
    return found


def kind(old: str, new: str) -> ChangeKind:
    return classify(old, new, "en")[0]


def step(guides: Guides, old: Mapping[str, Catalog]) -> dict[str, Merged]:
    """Merge both guides' catalogs as `extract` does it, and read them again."""
    wanted = templates(guides)
    moved = moves(wanted, old)
    merged = {name: merge(wanted[name], old[name], kind, moved[name]) for name in wanted}
    elsewhere: dict[str, str] = {}
    for one in merged.values():
        elsewhere |= po.translations(one.catalog)
    offers = {name: offered(one, elsewhere) for name, one in merged.items()}
    return {name: replace(one, catalog=again(one.catalog)) for name, one in offers.items()}


def again(catalog: Catalog) -> Catalog:
    read, faults = po.read(po.write(catalog), catalog.path)
    assert faults == ()
    return read


def likeness(one: str, other: str) -> float:
    """Return how many words two messages share, counted without the engine's own function."""
    left, right = wording.words(one), wording.words(other)
    shared = sum(min(left.count(word), right.count(word)) for word in set(left))
    return 2 * shared / (len(left) + len(right))


@settings(max_examples=300)
@given(histories())
def test_translations_stay_with_their_words_and_are_never_lost(history: list[Guides]) -> None:
    old = translated(history[0])
    origin = {
        entry.msgstr[0]: entry.msgid for catalog in old.values() for entry in catalog.entries if entry.msgid
    }
    for guides in history[1:]:
        merged = step(guides, old)
        entries = [entry for one in merged.values() for entry in one.catalog.entries if entry.msgid]
        for entry in entries:
            assert_right(entry, origin)
        noted = " ".join(comment for entry in entries for comment in entry.comments)
        kept = {(part, tuple(wording.words(origin[part]))) for part in origin if f"'{part}'" not in noted}
        assert kept <= {
            (entry.msgstr[0], tuple(wording.words(entry.msgid))) for entry in entries if not entry.fuzzy
        }
        old = {name: one.catalog for name, one in merged.items()}
        assert all(not one.fates and one.catalog == old[name] for name, one in step(guides, old).items())


def assert_right(entry: Entry, origin: Mapping[str, str]) -> None:
    """Hold an entry's translation to the messages that its words were made for."""
    made_for = " ".join(origin[part] for part in entry.msgstr[0].split())
    if not made_for:
        return
    if not entry.fuzzy or entry.previous_msgid is None:
        assert wording.words(made_for) == wording.words(entry.msgid)
    else:
        assert wording.words(made_for) == wording.words(entry.previous_msgid)
        whole, part = (" ".join(wording.words(text)) for text in (entry.previous_msgid, entry.msgid))
        is_part = f" {part} " in f" {whole} "
        assert is_part or likeness(entry.previous_msgid, entry.msgid) >= 0.7
        assert is_part or kind(entry.previous_msgid, entry.msgid) != "critical"


@settings(max_examples=300)
@given(histories(guides="a"))
def test_messages_that_return_to_a_guide_get_their_own_translations_back(history: list[Guides]) -> None:
    assert_all_return(history)


@settings(max_examples=300)
@given(histories(marks=False))
def test_messages_that_return_by_way_of_another_guide_get_theirs_back_too(history: list[Guides]) -> None:
    """Each message is in one guide at a time: in a second one, its words are only offered."""
    assert_all_return(
        [{"a": one["a"], "b": [text for text in one["b"] if text not in one["a"]]} for one in history]
    )


def assert_all_return(history: list[Guides]) -> None:
    """Undo a history at its end, and hold every message to what it was at first."""
    first = old = translated(history[0])
    for guides in [*history[1:], history[0]]:
        old = {name: one.catalog for name, one in step(guides, old).items()}
    for name, catalog in first.items():
        returned = {entry.msgid: entry.msgstr for entry in old[name].entries if entry.msgid and entry.current}
        assert returned == {entry.msgid: entry.msgstr for entry in catalog.entries if entry.msgid}


@given(histories())
def test_what_is_told_of_translations_is_what_became_of_them(history: list[Guides]) -> None:
    old = translated(history[0])
    for guides in history[1:]:
        merged = step(guides, old)
        for one in merged.values():
            entries = {
                (entry.msgctxt, entry.msgid): entry for entry in one.catalog.entries if not entry.obsolete
            }
            for key, fate in one.fates.items():
                assert fate == "moved" or fate in told(entries[key])
        old = {name: one.catalog for name, one in merged.items()}


def told(entry: Entry) -> tuple[Fate, ...]:
    """Return what may be told of an entry by its looks."""
    if not any(entry.msgstr):
        return ("withdrawn",)
    if entry.current:
        return "carried", "returned"
    # What was stale or offered before may be carried over and come back as it was.
    return "carried", "returned", "offered" if entry.previous_msgid is None else "stale"
