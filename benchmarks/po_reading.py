"""CPU time of reading PO files, as a share of what Babel's reader takes on the same files.

    python benchmarks/po_reading.py

The target is a share of 0.3 or less for what a build does (`read_translations`). The files are made here:
guides' catalogs of fifty messages with comments, references, long lines, escapes and some stale entries.
"""

import io
import random
import time
from collections.abc import Callable

from babel.messages.pofile import read_po

from handbill import po
from handbill.model import Catalog, Entry

FILES = 200
MESSAGES = 50
TARGET = 0.3


def sample(seed: int) -> str:
    """Return one guide's catalog as text."""
    choose = random.Random(seed)
    words = [
        "leave",
        "call",
        "a",
        "the",
        "safe",
        "place",
        "“now”",
        "{hotline.phone}",
        "**not**",
        "documentos",
    ]

    def sentence() -> str:
        return " ".join(choose.choices(words, k=choose.randint(3, 30)))

    entries = [po.header("Benchmark", "es")]
    for number in range(MESSAGES):
        rare = choose.random()
        entries.append(
            Entry(
                f"{number} {sentence()}" + (' say "no"' if rare < 0.2 else ""),
                ("" if rare > 0.9 else sentence(),),
                extracted=("paragraph",),
                references=("content/guides/leaving.md",),
                flags=("fuzzy",) if rare < 0.05 else (),
                previous_msgid=sentence() if rare < 0.05 else None,
                obsolete=rare > 0.97,
            )
        )
    return po.write(Catalog("sample.po", tuple(entries)))


def seconds(work: Callable[[str], object], texts: list[str]) -> float:
    """Return the least CPU time of three runs over all texts."""
    runs = []
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            work(text)
        runs.append(time.process_time() - start)
    return min(runs)


def main() -> None:
    """Print the table."""
    texts = [sample(seed) for seed in range(FILES)]
    babel = seconds(lambda text: read_po(io.BytesIO(text.encode())), texts)
    print(f"{FILES} files, {FILES * MESSAGES} messages; target {TARGET}")
    print(f"{'Babel read_po':<20} {babel:6.3f} s")
    for name, work in (
        ("read_translations", lambda text: po.read_translations(text, "sample.po")),
        ("read", lambda text: po.read(text, "sample.po")),
        ("write", lambda text: po.write(po.read(text, "sample.po")[0])),
    ):
        taken = seconds(work, texts)
        print(f"{name:<20} {taken:6.3f} s  ratio {taken / babel:.3f}")


if __name__ == "__main__":
    main()
