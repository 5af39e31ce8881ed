"""Firefox, driven through Marionette, the door that it has for tests: no driver program is needed.

The protocol (Mozilla, *Marionette: Protocol*): over TCP, each packet is its length, a colon, and JSON; a
command is `[0, id, name, parameters]` and its answer `[1, id, error, result]`. The names are WebDriver's.

All that it asks for goes through one proxy, which answers for the site and notes everything: so nothing
leaves this machine, and nothing that is asked for goes unseen.
"""

from __future__ import annotations

import json
import mimetypes
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from browser import readers

_QUIET: Mapping[str, bool | int | str] = {
    "marionette.port": 0,  # any that is free; Firefox writes it down
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.blockDotOnion": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": True,
    "dom.security.https_only_mode": False,
    "dom.security.https_first": False,
}
_OWN = ("mozilla.com", "mozilla.net", "mozilla.org", "firefox.com")
"""Whom the browser itself asks for news, whatever page is open."""
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of a reference to an element (W3C, *WebDriver*)."""
_PATIENCE_S = 120.0


class Firefox:
    """One window of a running Firefox."""

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb")
        self._ids = count(1)
        self._receive()  # a greeting
        self.tell("WebDriver:NewSession", {})

    def tell(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Give a command and return its result."""
        content = json.dumps([0, next(self._ids), name, parameters]).encode()
        self._stream.write(b"%d:%b" % (len(content), content))
        self._stream.flush()
        _, _, error, result = self._receive()
        assert error is None, f"{name} {parameters}: {error}"
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def _receive(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox has ended"
            length += byte
        return json.loads(self._stream.read(int(length)))

    def open(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        self.tell("WebDriver:Navigate", {"url": address})

    def ask(self, script: str) -> Any:
        """Return what an expression is on the page; it is the driver's, so it runs where scripts are off."""
        return self.tell("WebDriver:ExecuteScript", {"script": f"return {script}", "args": []})

    def element(self, selector: str) -> str:
        """Return a reference to the first element that a selector finds."""
        how = {"using": "css selector", "value": selector}
        found: dict[str, str] = self.tell("WebDriver:FindElement", how)
        return found[_ELEMENT]

    def press(self, selector: str) -> None:
        """Hold the button of the mouse down on an element."""
        origin = {_ELEMENT: self.element(selector)}
        actions = [
            {"type": "pointerMove", "origin": origin, "x": 0, "y": 0, "duration": 0},
            {"type": "pointerDown", "button": 0},
        ]
        self.tell(
            "WebDriver:PerformActions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]}
        )

    def release(self) -> None:
        """Let go of the button."""
        self.tell("WebDriver:ReleaseActions", {})

    def cookies(self) -> list[Any]:
        """Return the cookies of the page's address."""
        found: list[Any] = self.tell("WebDriver:GetCookies", {})
        return found


class Site:
    """A proxy that answers for one site alone, notes what else is asked for, and asks nobody."""

    def __init__(self, folder: Path, address: str, more: Mapping[str, bytes]) -> None:
        """Answer with the files of a folder, and with pages that are made up."""
        self.requests: list[str] = []
        """What was asked for, but for what the browser asks by itself."""
        self.ended = Event()
        """Whether nobody asks any more."""
        site, parts = self, urlsplit(address)

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                site.note(self.path, asked.hostname or "")
                name = unquote(asked.path).removeprefix(unquote(parts.path))
                path = folder / name
                small = path.with_name(f"{path.name}.gz")
                ours = asked.netloc == parts.netloc and asked.path.startswith(parts.path)
                if not ours or not (name in more or path.is_file()):
                    self.send_error(404)
                    return
                content = more.get(name) or (small if small.is_file() else path).read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", mimetypes.guess_type(path.name)[0] or "text/plain")
                self.send_header("Content-Length", str(len(content)))
                if small.is_file():
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                self.wfile.write(content)

            def do_CONNECT(self) -> None:
                # Nobody answers until the end. Were it refused, the browser's own page that says so would
                # come at a moment of its own, also in place of the next page that a test opens.
                site.note(f"https://{self.path}", self.path.partition(":")[0])
                site.ended.wait()
                self.close_connection = True

            do_POST = do_CONNECT

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port: int = self._server.server_port

    def note(self, address: str, host: str) -> None:
        """Note what was asked for."""
        if not host.endswith(_OWN):
            self.requests.append(address)

    def is_asked(self, address: str) -> bool:
        """Wait until somebody asks for what begins so, and return whether somebody did."""
        end = time.monotonic() + _PATIENCE_S
        while not (asked := any(request.startswith(address) for request in self.requests)):
            if time.monotonic() > end:
                break
            time.sleep(0.05)
        return asked

    def __enter__(self) -> Site:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def firefox(profile: Path, site: Site, settings: Mapping[str, bool | int | str]) -> Iterator[Firefox]:
    """Start the machine's Firefox with an empty profile; where there is none, the test fails."""
    if shutil.which("firefox") is None:
        pytest.fail("firefox is not installed: `python3 build.py test` installs it on Debian and Ubuntu")
    all_settings = {
        **_QUIET,
        "network.proxy.http_port": site.port,
        "network.proxy.ssl_port": site.port,
        **settings,
    }
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in all_settings.items())
    profile.mkdir()
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    running = subprocess.Popen(
        ["firefox", "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=readers() | {"HOME": str(profile)},  # it may not own that of a container
    )
    try:
        with socket.create_connection(
            ("127.0.0.1", _port(profile, running)), timeout=_PATIENCE_S
        ) as connection:
            window = Firefox(connection)
            yield window
            window.tell("Marionette:Quit", {"flags": ["eForceQuit"]})
        running.wait(_PATIENCE_S)
    finally:
        running.kill()
        running.wait()


def _port(profile: Path, running: subprocess.Popen[bytes]) -> int:
    """Wait until Firefox has written down where it listens."""
    file = profile / "MarionetteActivePort"
    end = time.monotonic() + _PATIENCE_S
    while not (file.exists() and file.read_text("utf-8").strip()):
        assert running.poll() is None, "Firefox did not start"
        assert time.monotonic() < end, "Firefox took too long to start"
        time.sleep(0.05)
    return int(file.read_text("utf-8"))
