"""`build.py serve`: a real server on loopback, real files that are saved, a real browser that looks on."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from browser import axe, chromium, opened
from hypothesis import given
from hypothesis import strategies as st

from handbill import answers, pipeline, policy, preview
from handbill.answers import Shown
from handbill.model import Diagnostic, Place, Printed
from handbill.outcome import Options, Outcome, remember

TESTS = Path(__file__).parent
CHECKOUT = TESTS.parent
TODAY = date(2026, 11, 22)

GUIDE = "content/guides/watering.md"
LINKED = "content/guides/light.md"
CATALOG = "locales/es/LC_MESSAGES/watering.po"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample without booklets, in a folder with spaces."""
    made = tmp_path / "our guides"
    shutil.copytree(TESTS / "sample", made)
    (made / "content" / "booklets.toml").unlink()
    return made


def say(folder: Path, path: str, old: str, new: str) -> None:
    """Replace what stands once in a file, as an editor does that writes in place."""
    text = (folder / path).read_text(encoding="utf-8")
    assert text.count(old) == 1, path
    (folder / path).write_text(text.replace(old, new), encoding="utf-8")


# --- what is answered ------------------------------------------------------------------------------

PAGE = (
    b"<!DOCTYPE html><html><head>"
    b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self'\"></head>"
    b"<body><p>Hello</p></body></html>"
)
SHOWN = Shown({"index.html": PAGE, "en/index.html": PAGE, "assets/site.css": b"p {}"}, ("en/print/a.pdf",))
HERE = "127.0.0.1:8000"


def answer(target: str, shown: Shown = SHOWN, host: str = HERE) -> answers.Answer:
    return answers.answer(shown, "v1", {"reload.js": b"//"}, host, target)


@pytest.mark.parametrize(
    ("target", "status"),
    [("/", 200), ("/en", 308), ("/en/print/a.pdf", 200), ("/x", 404), ("/.preview/reload.js", 200)],
)
def test_every_answer_has_the_published_headers_and_none_is_kept(target: str, status: int) -> None:
    found = answer(target)
    assert found.status == status
    sent = dict(found.headers)
    for header in policy.headers(secure=False):
        if header.name != "Content-Security-Policy":
            assert sent[header.name] == header.value
    assert sent["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in sent


def test_the_policy_differs_from_the_published_one_in_the_one_connection_alone() -> None:
    sent = dict(answer("/").headers)["Content-Security-Policy"].split("; ")
    published = policy.content_security(policy.IN_HEADER).split("; ")
    assert [part for part in sent if part not in published] == ["connect-src 'self'"]
    assert [part for part in published if part not in sent] == []


def test_a_page_gets_the_script_and_may_connect_and_its_file_stays_as_it_is() -> None:
    body = answer("/").body
    assert body.count(b"<script ") == 1
    assert body.index(b"/.preview/reload.js") < body.index(b"</body>")
    assert b"default-src 'none'; img-src 'self'; connect-src 'self'; script-src 'self'\">" in body
    assert SHOWN.files["index.html"] == PAGE
    assert answer("/assets/site.css").body == b"p {}"


def test_a_page_without_a_body_s_end_gets_the_script_all_the_same() -> None:
    assert b"/.preview/reload.js" in answer("/", Shown({"index.html": b"<p>Hello"}, ())).body


@given(st.text(max_size=20))
def test_a_host_of_another_name_gets_nothing_of_the_project(host: str) -> None:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host.removesuffix(":")
    found = answer("/", host=host)
    if name.lower() not in answers.NAMES:
        assert found.status == 421
        assert b"Hello" not in found.body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:9", "[::1]:8000"])
def test_this_machine_is_answered_by_each_of_its_names(host: str) -> None:
    assert answer("/", host=host).status == 200


@pytest.mark.parametrize("host", ["", "evil.example:8000", "127.0.0.1.evil.example", "localhost@evil", "::1"])
def test_what_looks_like_this_machine_is_not_answered(host: str) -> None:
    assert answer("/", host=host).status == 421


@pytest.mark.parametrize(
    "target",
    ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/.preview/../answers.py", "/en/../x"],
)
def test_no_address_leads_to_another_file_of_the_machine(target: str) -> None:
    assert answer(target).status == 404


def test_before_there_is_a_page_the_answer_says_what_is_wrong() -> None:
    wrong = Diagnostic("x-y", "error", Place("a<b>.md", 3, 1), "It is <wrong>.", "Mend & save.")
    found = answer("/", Shown({}, (), (wrong,), behind=True))
    assert found.status == 503
    assert b"a&lt;b&gt;.md:3:1: It is &lt;wrong&gt;.<br>Mend &amp; save." in found.body
    assert b"/.preview/reload.js" in found.body


def test_a_page_that_is_missing_is_the_site_s_own_where_it_has_one() -> None:
    shown = Shown({"404.html": b"<body>Root</body>", "es/404.html": b"<body>Suya</body>"}, ())
    assert b"Suya" in answer("/es/nada.html", shown).body
    assert b"Root" in answer("/de/nichts.html", shown).body


# --- what is made ----------------------------------------------------------------------------------


def quietly(what: str, done: int, total: int) -> None:
    """Take progress, and say nothing."""


def site(folder: Path, before: preview.Made | None = None) -> preview.Made:
    return preview.made(folder, TODAY, before)


def test_the_preview_has_the_bytes_that_a_build_publishes(folder: Path) -> None:
    files = site(folder).files
    assert files is not None
    assert not pipeline.build(Options(folder, TODAY), quietly).failed
    published = folder / "dist" / "site"
    assert len([path for path in files if path.endswith(".html")]) > 8
    assert {path: (published / path).read_bytes() for path in files} == files
    carrying = ("SHA256SUMS", ".gz", ".br")
    every = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    assert {path for path in every if not path.endswith(carrying)} == files.keys()


EDITS: Mapping[str, Callable[[Path], Any]] = {
    "a guide": lambda at: _append(at / GUIDE, "\nNew words.\n"),
    "a translation": lambda at: _append(at / CATALOG, '\n#~ msgid "gone"\n#~ msgstr "ido"\n'),
    "a translation that is gone": lambda at: (at / CATALOG).unlink(),
    "a style sheet": lambda at: _write(at / "templates/assets/site.css", ":root { --paper: white; }\n"),
    "a template": lambda at: _write(at / "templates/web/contacts.html", _contacts()),
    "a template that is gone again": lambda at: shutil.rmtree(at / "templates"),
    "a setting": lambda at: say(at, "content/site.toml", 'title = "', 'title = "Our '),
    "a guide renamed, so that a link is dead": lambda at: (at / LINKED).rename(at / "content/guides/sun.md"),
    "a guide back at its name": lambda at: (at / "content/guides/sun.md").rename(at / LINKED),
    "a list of what must not be published": lambda at: _write(
        at / "confidential.toml", 'word = "New words"\n'
    ),
    "no such list any more": lambda at: (at / "confidential.toml").unlink(),
    "a language fewer": lambda at: say(at, "content/site.toml", 'locales = ["es"]', "locales = []"),
}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _contacts() -> str:
    return (CHECKOUT / "templates/web/contacts.html").read_text(encoding="utf-8") + "<!-- mine -->\n"


def test_after_each_edit_it_is_as_if_it_were_made_for_the_first_time(folder: Path) -> None:
    before = site(folder)
    for name, edit in EDITS.items():
        edit(folder)
        now = site(folder, before)
        fresh = site(folder)
        assert now.files == fresh.files, name
        assert now.problems == fresh.problems, name
        before = now
    assert before.files is not None


def test_only_what_changed_is_read_again(folder: Path) -> None:
    first = site(folder)
    _append(folder / CATALOG, '\n#~ msgid "gone"\n#~ msgstr "ido"\n')
    second = site(folder, first)
    assert second.basis is first.basis
    assert second.words["es"] is not first.words["es"]
    _append(folder / GUIDE, "\nNew words.\n")
    third = site(folder, second)
    assert third.basis is not second.basis
    assert third.basis.jinja is second.basis.jinja
    _write(folder / "templates/web/contacts.html", _contacts())
    fourth = site(folder, third)
    assert fourth.basis.jinja is not third.basis.jinja
    assert fourth.words["es"] is third.words["es"]


# --- the server ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Server:
    """A running `serve`."""

    process: subprocess.Popen[str]
    address: str
    said: list[str] = field(default_factory=list)
    """Standard output and standard error by now."""

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])

    def get(self, path: str) -> tuple[int, Mapping[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        connection.close()
        return response.status, dict(response.getheaders()), body

    def state(self) -> dict[str, Any]:
        """What an open page hears first."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", answers.EVENTS)
        line = connection.getresponse().readline().decode()
        connection.close()
        found: dict[str, Any] = json.loads(line.removeprefix("data: "))
        return found

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds; give up after a time in which it must."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.03)


@contextmanager
def serving(folder: Path, *arguments: str, script: str = "") -> Iterator[Server]:
    """Run `serve` on a folder; `script` runs in the process before."""
    program = ["-c", f"{script}\nfrom handbill import cli\ncli.main()"] if script else ["-m", "handbill"]
    command = [sys.executable, *program, "-C", str(folder), "serve", *arguments]
    process = subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    said: list[str] = []
    assert process.stdout is not None
    listener = Thread(target=said.extend, args=(process.stdout,), daemon=True)
    listener.start()
    try:
        until(lambda: process.poll() is not None or any("http://" in line for line in said))
        line = next((line for line in said if "http://" in line), None)
        assert line is not None, said
        yield Server(process, next(word for word in line.split() if word.startswith("http://")), said)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        listener.join()


def test_a_saved_guide_stands_in_the_open_page_and_an_error_over_it_until_it_is_mended(folder: Path) -> None:
    with serving(folder) as server, chromium() as browser, opened(browser, width=320) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.address}en/watering.html")
        page.evaluate("scrollTo(0, 200)")
        place = "document.querySelector('h1').getBoundingClientRect().top"
        before = page.evaluate(place)
        _append(folder / GUIDE, "\nWater them on Sundays.\n")
        page.get_by_text("Water them on Sundays.").wait_for()
        # Where something above has moved meanwhile, browsers keep the text in its place, not the number.
        assert page.evaluate("scrollY") == 200 or abs(page.evaluate(place) - before) < 2

        _append(folder / GUIDE, "\nCall {nobody.phone}.\n")
        panel = page.get_by_role("region", name="Preview")
        panel.get_by_text("`{nobody.phone}` names nothing").wait_for()
        said = panel.inner_text()
        line = (folder / GUIDE).read_text(encoding="utf-8").splitlines().index("Call {nobody.phone}.") + 1
        assert f"{GUIDE}:{line}:1" in said
        assert "This page is as it was before" in said
        assert "Add it there" in said
        assert page.get_by_text("Water them on Sundays.").is_visible()
        heard = len(complaints)
        assert axe(page) == []
        del complaints[heard:]  # axe tries styles of its own, which the page's policy refuses

        say(folder, GUIDE, "Call {nobody.phone}.", "Call nobody.")
        page.get_by_text("Call nobody.").wait_for()
        assert panel.count() == 0

        page.goto(f"{server.address}es/watering.html")
        words = next(
            line.removeprefix('msgstr "').removesuffix('"')
            for line in (folder / CATALOG).read_text(encoding="utf-8").splitlines()[20:]
            if line.startswith('msgstr "') and len(line) > 20
        )
        assert page.get_by_text(words).count()
        say(folder, CATALOG, f'msgstr "{words}"', 'msgstr "Palabras nuevas"')
        page.get_by_text("Palabras nuevas").first.wait_for()
        # Features of other systems' browsers, which this one does not know.
        ours = [text for text in complaints if "Permissions-Policy" not in text]
        assert ours == []


def test_a_translation_with_an_error_is_left_out_and_the_page_says_so(folder: Path) -> None:
    with serving(folder) as server:
        _append(folder / CATALOG, '\nmsgid "cut\nmsgstr "off\n')
        until(lambda: server.state()["problems"])
        state = server.state()
        assert not state["behind"]
        assert state["problems"][0]["place"].startswith(CATALOG)
        assert server.get("/es/watering.html")[0] == 200


def test_a_template_with_a_mistake_keeps_the_last_page_until_it_is_mended(folder: Path) -> None:
    with serving(folder) as server:
        _, _, good = server.get("/en/contacts.html")
        _write(folder / "templates/web/contacts.html", "{% extends 'web/base.html' %}\n{% if %}\n")
        until(lambda: server.state()["behind"])
        assert [found["place"] for found in server.state()["problems"]] == ["templates/web/contacts.html:2:1"]
        assert server.get("/en/contacts.html")[2] == good
        shutil.rmtree(folder / "templates")
        until(lambda: not server.state()["behind"])
        assert server.get("/en/contacts.html")[2] == good


def test_new_renamed_and_removed_guides_come_and_go(folder: Path) -> None:
    text = (folder / GUIDE).read_text(encoding="utf-8")
    with serving(folder) as server:
        _write(folder / "content/guides/feeding.md", text)
        until(lambda: server.get("/en/feeding.html")[0] == 200)
        (folder / "content/guides/feeding.md").rename(folder / "content/guides/food.md")
        until(lambda: server.get("/en/food.html")[0] == 200)
        assert server.get("/en/feeding.html")[0] == 404
        (folder / "content/guides/food.md").unlink()
        until(lambda: server.get("/en/food.html")[0] == 404)
        say(folder, "content/site.toml", 'locales = ["es"]', "locales = []")
        until(lambda: server.get("/es/watering.html")[0] == 404)


def test_a_project_that_cannot_be_read_at_first_is_shown_once_it_can(folder: Path) -> None:
    (folder / "content").rename(folder / "away")
    with serving(folder) as server:
        assert server.get("/")[0] == 503
        assert server.state()["behind"]
        (folder / "away").rename(folder / "content")
        until(lambda: server.get("/")[0] == 200)


def test_of_many_saves_at_once_the_last_is_shown(folder: Path) -> None:
    """As editors save: some in place, some through a neighbour and a rename, with files beside."""
    texts = {path: (folder / path).read_text(encoding="utf-8") for path in (GUIDE, LINKED)}

    def save(number: int) -> None:
        for step in range(20):
            for path, text in texts.items():
                unfinished = folder / "content/guides" / f".{number}.swp"
                unfinished.write_text(f"{text}\nSave {number}-{step}.\n", encoding="utf-8")
                unfinished.replace(folder / path)
            (folder / CATALOG).write_bytes((TESTS / "sample" / CATALOG).read_bytes())

    with serving(folder) as server:
        stop = [False]

        def read() -> None:
            while not stop[0]:
                status, _, body = server.get("/en/watering.html")
                assert status == 200
                assert "</html>" in body

        with ThreadPoolExecutor(8) as pool:
            readers = [pool.submit(read) for _ in range(3)]
            try:
                for done in [pool.submit(save, number) for number in range(4)]:
                    done.result()
                _append(folder / GUIDE, "\nThe very last.\n")
                until(lambda: "The very last." in server.get("/en/watering.html")[2])
            finally:
                stop[0] = True
            for reader in readers:
                reader.result()
        assert not any("Traceback" in line for line in server.said)


def test_a_mistake_of_handbill_is_told_in_the_terminal_and_the_page_stays(folder: Path) -> None:
    script = (
        "from handbill import preview\n"
        "good = preview._site\n"
        "def site(source, *rest):\n"
        "    if 'Break it' in source.project.guides[-1].body: raise ZeroDivisionError('a mistake of ours')\n"
        "    return good(source, *rest)\n"
        "preview._site = site\n"
    )
    with serving(folder, script=script) as server:
        _append(folder / GUIDE, "\nBreak it.\n")
        until(lambda: server.state()["failed"])
        assert any("ZeroDivisionError: a mistake of ours" in line for line in server.said)
        assert "Break it." not in server.get("/en/watering.html")[2]
        say(folder, GUIDE, "Break it.", "Mend it.")
        until(lambda: "Mend it." in server.get("/en/watering.html")[2])
        assert not server.state()["failed"]


def test_ctrl_c_ends_it_and_leaves_nothing_behind(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    with serving(folder) as server:
        listening = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        listening.request("GET", answers.EVENTS)
        listening.getresponse().readline()
        assert server.end() == 130
        listening.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=5)
    assert sorted(folder.rglob("*")) == before
    assert "Traceback" not in "".join(server.said)


def test_only_this_machine_s_own_address_is_listened_at(folder: Path) -> None:
    with serving(folder) as server, pytest.raises(ConnectionRefusedError):
        # All of 127.0.0.0/8 is this machine: a server that listens everywhere would answer here too.
        socket.create_connection(("127.0.0.2", server.port), timeout=5)


def test_a_port_that_is_taken_is_refused_or_another_one_is_used(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "handbill", "-C", str(folder), "serve", "--port", str(port)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 2
        assert f"Port {port} cannot be had" in done.stderr
        assert "Traceback" not in done.stderr
    with serving(folder) as first, serving(folder) as second:
        assert first.port != second.port


def test_what_is_not_a_request_to_read_is_refused(folder: Path) -> None:
    with serving(folder) as server:
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "BREW"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request(method, "/", body=b"words")
            response = connection.getresponse()
            assert (response.status, response.getheader("Allow")) == (405, "GET, HEAD")
            connection.close()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("HEAD", "/en/watering.html")
        response = connection.getresponse()
        assert response.status == 200
        assert int(response.getheader("Content-Length") or 0) > 1000
        assert response.read() == b""
        connection.request("GET", "/", headers={"Host": "evil.example"})
        assert connection.getresponse().status == 421
        connection.close()


def test_pdfs_are_those_of_the_last_build(folder: Path) -> None:
    shutil.copy(TESTS / "sample/content/booklets.toml", folder / "content/booklets.toml")
    path = preview.made(folder, TODAY, None).basis.source.plan.prints[0].files[0].path  # type: ignore[union-attr]
    pdf = folder / "dist/site" / path
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(b"%PDF-1.7 of the last build")
    printed = Printed(Path(path).stem, "en", "reading", None, path, pages=4, sheets=0, size=26)
    remember(Options(folder, TODAY), "", Outcome((), printed=(printed,)))
    with serving(folder) as server:
        assert server.get(f"/{path}")[2] == "%PDF-1.7 of the last build"
        assert Path(path).name in server.get("/en/print.html")[2]
        os.unlink(pdf)
        assert server.get(f"/{path}")[0] == 404
