"""How soon a save stands in the open page: `serve`, a real browser, a Markdown, a PO and a template file.

    python benchmarks/serving.py [SAVES]

Takes the sample of the tests and this repository, each in a copy. A time goes from the end of the write until
the page that was loaded anew has fired its `load` event. Needs the requirements of the tests, and Chromium.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

from browser import chromium, opened  # noqa: E402

PROJECTS = {"sample": (CHECKOUT / "tests/sample", "watering"), "this repository": (CHECKOUT, "leaving")}


def main(saves: int) -> None:
    """Print a row for each kind of file in each project: median and longest time in ms."""
    print("| project | saved | median ms | longest ms |\n|---|---|---:|---:|")
    with tempfile.TemporaryDirectory() as place:
        for number, (name, (origin, guide)) in enumerate(PROJECTS.items()):
            folder = Path(place) / str(number)
            for part in ("content", "templates", "locales", "fonts"):
                if (origin / part).is_dir():
                    shutil.copytree(origin / part, folder / part)
            if not (folder / "templates").exists():
                shutil.copytree(CHECKOUT / "templates", folder / "templates")
            for kind, times in _times(folder, guide, saves).items():
                print(f"| {name} | {kind} | {statistics.median(times):.0f} | {max(times):.0f} |", flush=True)


def _times(folder: Path, guide: str, saves: int) -> dict[str, list[float]]:
    """Return milliseconds by kind of file; the first save of each kind is not counted."""
    files = {
        "Markdown": (folder / f"content/guides/{guide}.md", f"en/{guide}.html"),
        "PO": (folder / f"locales/es/LC_MESSAGES/{guide}.po", f"es/{guide}.html"),
        "template": (folder / "templates/web/guide.html", f"en/{guide}.html"),
    }
    command = [sys.executable, "-m", "handbill", "-C", str(folder), "serve"]
    server = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    found: dict[str, list[float]] = {}
    try:
        assert server.stdout is not None
        address = next(word for line in server.stdout for word in line.split() if word.startswith("http://"))
        with chromium() as browser, opened(browser) as page:
            for kind, (file, path) in files.items():
                page.goto(address + path)
                text = file.read_text(encoding="utf-8")
                times = [_saved(page, file, kind, text, number) for number in range(saves + 1)]
                found[kind] = times[1:]
    finally:
        server.terminate()
        server.wait()
    return found


def _saved(page, file: Path, kind: str, text: str, number: int) -> float:  # type: ignore[no-untyped-def]
    """Save a file with something new, and return the milliseconds until the page is loaded anew."""
    time.sleep(0.3 + number * 0.013 % 0.06)  # at no fixed place between two looks of the server
    match kind:
        case "Markdown":
            text = f"{text}\nSaved {number}.\n"
        case "PO":
            first = text.index('\nmsgstr "', text.index("\n\n")) + len('\nmsgstr "')
            text = f"{text[:first]}{chr(ord('a') + number % 26)}{text[first:]}"
        case _:
            text = text.replace("{% block main %}", f"{{% block main %}}<p>{number}</p>")
    with page.expect_event("load"):
        file.write_text(text, encoding="utf-8")
        start = time.perf_counter()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
