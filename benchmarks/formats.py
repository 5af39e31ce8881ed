"""What more formats cost: CPU of a booklet in every format of its page size, against its reading PDF alone.

    python benchmarks/formats.py [locale …]

The repository's own booklets, each made by `press.make` as in a build: typeset, imposed, with the sheets that
say how to print. What all booklets of a locale share, the page for notes and those sheets, is made with the
first of them. The two ways go by turns, three times each, in one process; the best of each counts. Locales:
all, unless told.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from handbill import booklets, fonts, press, render  # noqa: E402
from handbill import plan as planning  # noqa: E402
from handbill.formats import FORMATS, of_setting  # noqa: E402
from handbill.outcome import Held  # noqa: E402
from handbill.source import read_source, read_translations, source_translations  # noqa: E402
from handbill.spoken import Spoken  # noqa: E402

ROUNDS = 3
EVERY = of_setting(tuple(FORMATS), "page")


def jobs(locales: tuple[str, ...], cache: Path) -> list[press.BookletJob]:
    """Every booklet of these locales, in every format made from its pages."""
    source, problems = read_source(ROOT)
    assert source is not None, problems
    listed = tuple(replace(booklet, formats=EVERY) for booklet in source.project.booklets)
    source = replace(source, project=replace(source.project, booklets=listed))
    coverage = fonts.coverage(press.faces(ROOT))
    jinja, own = render.environment(source.project.templates), source_translations(source)
    found = []
    for locale in locales or planning.all_locales(source.project):
        translations = own
        if locale != source.project.site.source_locale:
            translations, _ = read_translations(source, ROOT, locale, coverage, date.today())
        spoken = Spoken(source, jinja, translations, own.phrases)
        for _, _, job, _ in booklets.jobs(spoken, cache, b"", True, coverage, {}.__getitem__):
            assert not isinstance(job, Held)
            found.append(replace(job, cache=str(cache)))
    return found


def seconds(job: press.BookletJob, number: int) -> tuple[float, int]:
    """CPU of making a booklet, and its pages."""
    start = time.process_time()
    made = press.make(replace(job, ground=b"%d" % number))
    assert made.folder, made.diagnostics
    return time.process_time() - start, made.pages


def main() -> None:
    """Print CPU seconds and the ratio of each booklet, and of all together."""
    press.point_fontconfig(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        total, typeset = [0.0, 0.0], 0
        files = sum(len(FORMATS[name].outputs) for name in EVERY)
        print(f"{len(EVERY)} formats, {files} files: {', '.join(EVERY)}")
        locale = ""
        for number, job in enumerate(jobs(tuple(sys.argv[1:]), Path(folder))):
            alone = replace(job, formats=("reading",), banners=None)
            best, pages = [float("inf")] * 2, 0
            for turn in range(ROUNDS + (number == 0)):  # the first one opens the fonts
                for way, one in enumerate((alone, job)):
                    if locale != job.language.locale:
                        press._typeset.cache_clear()
                    spent, pages = seconds(one, 10 * number + 2 * turn + way)
                    best[way] = min(best[way], spent)
            locale = job.language.locale
            total = [before + more for before, more in zip(total, best, strict=True)]
            typeset += pages
            name = f"{job.language.tag} {job.title}"
            print(f"{name:30} {best[0]:6.2f} s alone {best[1]:6.2f} s in all {best[1] / best[0]:6.2f}")
        print(f"{'all':30} {total[0]:6.2f} s alone {total[1]:6.2f} s in all {total[1] / total[0]:6.2f}")
        alone, rest = total[0], total[1] - total[0]
        print(f"{typeset} pages: {typeset / alone:.0f} a CPU second typeset to read; each put in {files - 1}")
        print(f"more files: {typeset * (files - 1) / rest:.0f} a CPU second, what says how to print included")


if __name__ == "__main__":
    main()
