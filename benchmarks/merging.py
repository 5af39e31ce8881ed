"""Time of bringing a catalog up to date, against Babel's `Catalog.update` and GNU msgmerge, like with like.

    python benchmarks/merging.py [--without-babel]

A catalog of 5,000 translated messages, 500 of them edited in the template: in marks, in wording, by a
negation or a number. Each contender reads both files, merges them and writes the result; ours classifies each
edit too. The targets: less than a hundredth of Babel's CPU time, and no more than msgmerge's. Babel takes
minutes.
"""

import io
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

from words import WORDS

from handbill import merge, po
from handbill.classify import classify
from handbill.model import Catalog, ChangeKind, Entry

MESSAGES = 5_000
EDITED = 500
ROUNDS = 5


def files(seed: int) -> tuple[str, str]:
    """Return the old catalog and the new template."""
    choose = random.Random(seed)

    def sentence(language: str, count: int) -> str:
        return " ".join(choose.choices(WORDS[language], k=count)).capitalize() + "."

    def entry(source: str, translation: str) -> Entry:
        return Entry(
            source, (translation,), extracted=("paragraph",), references=("content/guides/leaving.md",)
        )

    sources = list(dict.fromkeys(sentence("en", choose.randint(3, 30)) for _ in range(MESSAGES * 2)))[
        :MESSAGES
    ]
    old = [entry(source, sentence("es", len(source.split()))) for source in sources]
    new = list(sources)
    for index in choose.sample(range(MESSAGES), EDITED):
        new[index] = edited(sources[index], choose)
    header = Entry("", ("Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n",))
    template = Catalog("new.pot", (header, *(entry(source, "") for source in dict.fromkeys(new))))
    return po.write(Catalog("old.po", (po.header("Benchmark", "es"), *old))), po.write(template)


def edited(source: str, choose: random.Random) -> str:
    """Return a message after an edit: in marks three of ten, in wording five, by a `not` or a number two."""
    words = source.split()
    place = choose.randrange(len(words))
    match choose.randrange(10):
        case 0 | 1 | 2:
            words[place] += ","
        case 3 | 4 | 5 | 6 | 7:
            words[place] = choose.choice(WORDS["en"])
        case 8:
            words.insert(place, "not")
        case _:
            words.insert(place, "3")
    return " ".join(words)


def ours(old: str, template: str) -> merge.Merged:
    """Merge as `extract` does, from text to text."""
    catalog, _ = po.read(old, "old.po")
    wanted, _ = po.read(template, "new.pot")

    @cache
    def kind(before: str, after: str) -> ChangeKind:
        return classify(before, after, "en")[0]

    merged = merge.merge(wanted, catalog, kind, merge.Moves())
    po.write(merged.catalog)
    return merged


def babels(old: str, template: str) -> None:
    """Merge with Babel, from text to text, as `pybabel update --previous` does it."""
    from babel.messages.pofile import read_po, write_po

    catalog = read_po(io.BytesIO(old.encode()), locale="es")
    catalog.update(read_po(io.BytesIO(template.encode())))
    write_po(io.BytesIO(), catalog, include_previous=True)


def cpu(work: Callable[[], object], rounds: int) -> float:
    """Return the least CPU time of some runs in this process, in seconds."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def cpu_of_command(command: list[str], rounds: int) -> float:
    """Return the least CPU time of some runs of a command, its start included."""
    taken = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def main() -> None:
    """Print the table."""
    old, template = files(1)
    fates = Counter(ours(old, template).fates.values())
    print(f"{MESSAGES} messages, {EDITED} edited: {', '.join(f'{n} {fate}' for fate, n in fates.items())}")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("old.po", "new.pot", "out.po")]
        for path, text in zip(paths, (old, template), strict=False):
            path.write_text(text, encoding="utf-8")
        gnu = ["msgmerge", "--quiet", "--previous", "-o", str(paths[2]), str(paths[0]), str(paths[1])]
        alone = [sys.executable, __file__, "--once", str(paths[0]), str(paths[1])]
        mine = cpu(lambda: ours(old, template), ROUNDS)
        mine_alone, gnus = cpu_of_command(alone, ROUNDS), cpu_of_command(gnu, ROUNDS)
        exact = cpu_of_command([*gnu, "--no-fuzzy-matching"], ROUNDS)
    for name, taken in (
        ("Handbill", mine),
        ("Handbill, with Python's start and its imports", mine_alone),
        ("msgmerge", gnus),
        ("msgmerge --no-fuzzy-matching", exact),
    ):
        print(f"{name:<48} {taken:8.3f} s")
    print(f"Handbill / msgmerge {mine / gnus:.2f}, with Python's start {mine_alone / gnus:.2f}; target 1")
    if "--without-babel" not in sys.argv:
        start = time.process_time()
        babels(old, template)
        babel = time.process_time() - start
        print(f"{'Babel Catalog.update':<48} {babel:8.3f} s")
        print(f"Handbill / Babel {mine / babel:.5f}; target 0.01")


if __name__ == "__main__":
    if "--once" in sys.argv:
        ours(*(Path(path).read_text(encoding="utf-8") for path in sys.argv[-2:]))
    else:
        main()
