"""A made-up history of thirty edits in three locales, through the real `extract`; every state after each.

The Spanish translator has everything and keeps up; nobody works on the Arabic; the Chinese has gaps from the
beginning. What a history says is all that may change: any other message must be what it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from example import write_project

from handbill import catalogs, changes, po, publish
from handbill.model import Catalog, Entry, State
from handbill.source import catalog_path, read_source

LOCALES = ("es", "ar", "zh_Hans")
GAPS = ("Look at the leaves.", "Wait for spring.", "Step by step")
"""What the Chinese lacks at first."""
LETTERS = {"T": State.TRANSLATED, "S": State.STALE, "W": State.WITHDRAWN, "M": State.MISSING}

WATERING = "content/guides/watering.md"
LIGHT = "content/guides/light.md"


@dataclass(frozen=True)
class Step:
    """One edit, what is recorded of it, and the states that it changes."""

    edits: tuple[tuple[str, str, str], ...] = ()
    """(file, old text, new text); an old text must be there once."""
    kinds: str = ""
    """Of the changes recorded."""
    states: Mapping[str, str] = field(default_factory=dict)
    """Message → a letter for each locale."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Message → the message whose translation it has from now on; else it has always had its own."""
    mended: tuple[tuple[str, str], ...] = ()
    """(locale, message) that a translator finishes before the edit."""
    declared: str = ""
    """The new text of a recorded change that an author declares unchanged before the edit."""


@dataclass
class World:
    """The project in its folder, and what is expected of it."""

    folder: Path
    states: dict[str, dict[str, State]] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    day: date = date(2026, 11, 1)
    record: str = ""


def edit(path: str, old: str, new: str) -> tuple[tuple[str, str, str], ...]:
    return ((path, old, new),)


CARD = """## A card for the wall {#card}

- [ ] Fern watered
- [ ] Cactus left alone

What I saw this week:

::: lines 3
:::
"""
DIE = "Most houseplants die of **too much water**. Lift the pot: a *light* pot is dry."
CALL = (
    "Call {help-line.name} at {help-line.phone}, text {help-line.text}, "
    "or look at [their site]({help-line.web})."
)
SWAPPED = (
    "Call {help-line.name} at {help-line.text}, text {help-line.phone}, "
    "or look at [their site]({help-line.web})."
)
TURN = "Turn the pot a little each week.\\\nWrite `north` or `south` on its label."
TURNED = TURN.replace("little each", "little, each")
WAIT, CHOOSE = "Wait for spring.", "Choose a pot one finger wider."
BEGIN = "Begin with [watering](watering.md). Then look for light."
SOONER = "A plant in a window dries sooner, as [Light](light.md#window) explains."

HISTORY = {
    "a full stop becomes an exclamation mark": Step(
        edit(WATERING, "Touch the soil.", "Touch the soil!"),
        "cosmetic",
        {"Touch the soil!": "TTT"},
        {"Touch the soil!": "Touch the soil."},
    ),
    "a word is added; the Chinese had no translation": Step(
        edit(WATERING, "Look at the leaves.", "Look at all the leaves."),
        "wording",
        {"Look at all the leaves.": "SSM"},
    ),
    "a translator mends it, while a line is wrapped elsewhere": Step(
        edit(WATERING, "This paragraph is written\nover two", "This\nparagraph is written over two"),
        "",
        {"Look at all the leaves.": "TSM"},
        mended=(("es", "Look at all the leaves."),),
    ),
    "a number is added": Step(
        edit(WATERING, "Dry on top: wait a day.", "Dry on top: wait 2 days."),
        "critical",
        {"Dry on top: wait 2 days.": "WWW"},
    ),
    "it was a mistake": Step(
        edit(WATERING, "Dry on top: wait 2 days.", "Dry on top: wait a day."),
        "critical",
        {"Dry on top: wait a day.": "TTT"},
    ),
    "emphasis goes": Step(
        edit(WATERING, DIE, DIE.replace("*", "")),
        "cosmetic",
        {DIE.replace("*", ""): "TTT"},
        {DIE.replace("*", ""): DIE},
    ),
    "a sentence is turned round": Step(
        edit(WATERING, "Pour until water runs out below.", "Do not pour until water runs out below."),
        "critical",
        {"Do not pour until water runs out below.": "WWW"},
    ),
    "and worded otherwise": Step(
        edit(WATERING, "Do not pour until water runs", "Do not pour until the water runs"),
        "wording",
        {"Do not pour until the water runs out below.": "WWW"},
    ),
    "and turned back, all but a word": Step(
        edit(WATERING, "Do not pour until the water", "Pour until the water"),
        "critical",
        {"Pour until the water runs out below.": "SSS"},
    ),
    "the meaning of an old change is declared unchanged": Step(
        states={"Look at all the leaves.": "TTM"},
        texts={"Look at all the leaves.": "Look at the leaves."},
        declared="Look at all the leaves.",
    ),
    "an item comes into a list": Step(
        edit(WATERING, "- Look at all", "- Smell the soil.\n- Look at all"),
        "",
        {"Smell the soil.": "MMM"},
    ),
    "a paragraph is split": Step(
        edit(WATERING, "too much water. Lift", "too much water.\n\nLift"),
        "wording",
        {"Most houseplants die of too much water.": "SSS", "Lift the pot: a light pot is dry.": "SSS"},
    ),
    "and joined again": Step(
        edit(WATERING, "too much water.\n\nLift", "too much water. Lift"),
        "cosmetic",
        {DIE.replace("*", ""): "TTT"},
    ),
    "two items become one; the Chinese had one of them": Step(
        edit(LIGHT, "Wait for spring.\n2. Choose", "Wait for spring. Choose"),
        "cosmetic",
        {f"{WAIT} {CHOOSE}": "TTS"},
        {f"{WAIT} {CHOOSE}": f"{WAIT} + {CHOOSE}"},
    ),
    "and two again": Step(
        edit(LIGHT, "Wait for spring. Choose", "Wait for spring.\n2. Choose"),
        "wording",
        {"Wait for spring.": "TTM", "Choose a pot one finger wider.": "TTT"},
    ),
    "a section moves to another guide": Step(
        ((WATERING, CARD, ""), (LIGHT, "## New pots", f"{CARD}\n## New pots")),
    ),
    "and one of its lines is reworded there": Step(
        edit(LIGHT, "What I saw this week:", "What I saw in this week:"),
        "wording",
        {"What I saw in this week:": "SSS"},
    ),
    "and it moves back, as it is": Step(
        (
            (LIGHT, CARD.replace("saw this", "saw in this"), ""),
            (WATERING, "\n> Water", f"\n{CARD.replace('saw this', 'saw in this')}\n> Water"),
        ),
    ),
    "two tokens change places": Step(
        edit(LIGHT, CALL, SWAPPED),
        "critical",
        {SWAPPED: "WWW"},
    ),
    "the Spanish is made anew, and the Arabic is not": Step(
        edit(LIGHT, "Turn the pot a little each week.", "Turn the pot a little, each week."),
        "cosmetic",
        {SWAPPED: "TWW", TURNED: "TTT"},
        {TURNED: TURN},
        mended=(("es", SWAPPED),),
    ),
    "the tokens change back: the old pair returns": Step(
        edit(LIGHT, SWAPPED, CALL),
        "critical",
        {CALL: "TTT"},
    ),
    "a link leads elsewhere": Step(
        edit(LIGHT, "(watering.md). Then", "(watering.md#steps). Then"),
        "critical",
        {BEGIN.replace("watering.md", "watering.md#steps"): "WWW"},
    ),
    "a title becomes another": Step(
        edit(WATERING, "title: Watering", "title: How much is enough"),
        "",
        {"How much is enough": "MMM"},
    ),
    "and the first one again": Step(
        edit(WATERING, "title: How much is enough", "title: Watering"),
        "",
        {"Watering": "TTT"},
    ),
    "a paragraph goes": Step(
        edit(WATERING, "> Water the plant, not the calendar.\n", ""),
    ),
    "and returns, in another guide": Step(
        edit(LIGHT, "## New pots", "> Water the plant, not the calendar.\n\n## New pots"),
        "",
        {"Water the plant, not the calendar.": "TTT"},
    ),
    "a heading is reworded; the Chinese had none": Step(
        edit(WATERING, "## Step by step", "## Step by small step"),
        "wording",
        {"Step by small step": "SSM"},
    ),
    "what is stale gets another mark": Step(
        edit(WATERING, "## Step by small step", "## Step, by small step"),
        "cosmetic",
        {"Step, by small step": "SSM"},
    ),
    "what is stale is turned round": Step(
        edit(WATERING, "Pour until the water runs out below.", "Never pour until the water runs out below."),
        "critical",
        {"Never pour until the water runs out below.": "WWW"},
    ),
    "a guide gets another name, and what links to it another target": Step(
        ((WATERING, "light.md#window", "sun.md#window"), ("content/booklets.toml", '"light"', '"sun"')),
        "critical",
        {SOONER.replace("light.md", "sun.md"): "WWW"},
    ),
}
RENAMED = "a guide gets another name, and what links to it another target"


# --- the replay ------------------------------------------------------------------------------------


def test_thirty_edits_leave_every_message_in_the_state_expected(tmp_path: Path) -> None:
    assert len(HISTORY) == 30
    world = begun(tmp_path)
    for name, step in HISTORY.items():
        for locale, message in step.mended:
            mend(world, locale, message)
        if step.declared:
            declare(world, step.declared)
        for path, old, new in step.edits:
            change(world.folder / path, old, new)
        if name == RENAMED:
            guides = world.folder / "content" / "guides"
            (guides / "light.md").rename(guides / "sun.md")
        told = extracted(world, name)
        assert sorted(change.kind for change in told.changes) == sorted(step.kinds.split()), name
        expect(world, step)
        states, texts = found(world)
        assert states == world.states, name
        assert texts == shown(world), name
        assert_recorded(world, told, name)
    assert not (tmp_path / "locales" / "light.pot").exists()


def begun(folder: Path) -> World:
    """Return the sample project with three locales, as their translators had it before the first edit."""
    write_project(folder)
    change(folder / "content" / "site.toml", 'locales = ["es"]', f"locales = {[*LOCALES]}".replace("'", '"'))
    for guide in ("watering", "light"):
        (folder / catalog_path("es", guide)).unlink()
    world = World(folder)
    extracted(world, "the beginning", again=False)
    for locale in LOCALES:
        for guide in ("watering", "light"):
            path = folder / catalog_path(locale, guide)
            catalog = read(path)
            entries = [
                entry
                if not entry.msgid or (locale == "zh_Hans" and entry.msgid in GAPS)
                else replace(entry, msgstr=(f"{entry.msgid} [{locale}]",), text="")
                for entry in catalog.entries
            ]
            path.write_text(po.write(replace(catalog, entries=tuple(entries))), encoding="utf-8")
    world.states, world.texts = found(world)
    assert {state for locale in ("es", "ar") for state in world.states[locale].values()} == {State.TRANSLATED}
    return world


def extracted(world: World, name: str, *, again: bool = True) -> catalogs.Updated:
    """Run `extract` a day later, and once more: the second time it must have nothing to do."""
    world.day += timedelta(days=1)
    told, problems = catalogs.extract(world.folder, world.day)
    assert problems == (), name
    if again:
        assert catalogs.extract(world.folder, world.day) == (catalogs.Updated(), ()), name
    return told


def expect(world: World, step: Step) -> None:
    """Take a step into what is expected; messages that are gone are expected no more."""
    present = messages(world)
    for number, locale in enumerate(LOCALES):
        states, texts = world.states[locale], world.texts[locale]
        for message, letters in step.states.items():
            states[message] = LETTERS[letters[number]]
            parts = step.texts.get(message, message).split(" + ")
            if states[message] is State.TRANSLATED:
                texts.setdefault(message, " ".join(texts.get(part, f"{part} [{locale}]") for part in parts))
        world.states[locale] = {message: states[message] for message in present}


def messages(world: World) -> list[str]:
    source, problems = read_source(world.folder)
    assert source, problems
    return [message.text for document in source.documents.values() for message in document.messages]


def shown(world: World) -> dict[str, dict[str, str]]:
    """Return which translations a reader should see: those of the messages expected to be translated."""
    return {
        locale: {
            text: world.texts[locale][text] for text, state in states.items() if state is State.TRANSLATED
        }
        for locale, states in world.states.items()
    }


def found(world: World) -> tuple[dict[str, dict[str, State]], dict[str, dict[str, str]]]:
    """Return the state of every message of the guides in every locale, and what a reader does see."""
    source, problems = read_source(world.folder)
    assert source, problems
    states: dict[str, dict[str, State]] = {}
    texts: dict[str, dict[str, str]] = {}
    for locale in LOCALES:
        states[locale], texts[locale] = {}, {}
        for name, document in source.documents.items():
            catalog = read(world.folder / catalog_path(locale, name))
            got = publish.states(document.messages, catalog, (), (), {})
            states[locale].update(zip((message.text for message in document.messages), got, strict=True))
            texts[locale].update(po.translations(catalog))
    return states, texts


def assert_recorded(world: World, told: catalogs.Updated, name: str) -> None:
    """Hold the record to what was told: added to by a day's changes, and nothing else."""
    path = world.folder / changes.PATH
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text.startswith(world.record), name
    recorded, problems = changes.read(text.encode())
    assert problems == ()
    today = [replace(change, place=told.changes[0].place) for change in recorded if change.on == world.day]
    assert today == [*told.changes], name
    world.record = text


# --- what people do --------------------------------------------------------------------------------


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text)
    path.write_text(text.replace(old, new), encoding="utf-8")


def read(path: Path) -> Catalog:
    catalog, faults = po.read(path.read_text(encoding="utf-8"), path.name)
    assert faults == ()
    return catalog


def mend(world: World, locale: str, message: str) -> None:
    """Finish a message as an editor of translations does it: no mark is left, and no old source."""
    for path in (world.folder / f"locales/{locale}/LC_MESSAGES").glob("*.po"):
        catalog = read(path)
        entries = [
            Entry(
                entry.msgid,
                (f"{message} [{locale}]",),
                comments=entry.comments,
                extracted=entry.extracted,
                references=entry.references,
                flags=tuple(flag for flag in entry.flags if flag != "fuzzy"),
            )
            if entry.msgid == message and not entry.obsolete
            else entry
            for entry in catalog.entries
        ]
        path.write_text(po.write(replace(catalog, entries=tuple(entries))), encoding="utf-8")
    world.texts[locale][message] = f"{message} [{locale}]"


def declare(world: World, message: str) -> None:
    """Put an author's lines under the change that made a message what it is."""
    path = world.folder / changes.PATH
    before, block, after = path.read_text(encoding="utf-8").partition(f'new = "{message}"')
    body, end, rest = after.partition("\n\n")
    lines = '\nmeaning = "unchanged"\nby = "Ana"\nbecause = "All of them were meant before."'
    world.record = before + block + body.rstrip("\n") + lines + (end + rest if end else "\n")
    path.write_text(world.record, encoding="utf-8")
