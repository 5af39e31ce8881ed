"""The files for hosts, as servers take them: Debian's nginx is started with one and its answers are read."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest
from example import files, write_project

from handbill import hosting, policy, render, system
from handbill.source import read_source

PROFILES = ("shared-device", "low-bandwidth")
FILES = (
    "Caddyfile",
    "apache.conf",
    "cloudflare/_headers",
    "cloudflare/_redirects",
    "htaccess",
    "netlify/_headers",
    "netlify/_redirects",
    "nginx.conf",
    "onion/nginx.conf",
    "onion/torrc",
)
WITH_HEADERS = tuple(name for name in FILES if not name.endswith(("torrc", "_redirects")))


def onion_address() -> str:
    """Return an address that is well made, of a key that is no one's."""
    key = bytes(range(32))
    version = b"\x03"
    checksum = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return f"http://{b32encode(key + checksum + version).decode().lower()}.onion"


ONION = onion_address()


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `hosting` of the sample, with an address and an onion address."""
    return written(
        tmp_path_factory.mktemp("hosting"), f'address = "https://plants.example"\nonion = "{ONION}"\n'
    )


def written(folder: Path, settings: str) -> Path:
    write_project(folder)
    site = folder / "content/site.toml"
    site.write_text(settings + site.read_text(encoding="utf-8"), encoding="utf-8")
    guide = folder / "content/guides/light.md"
    text = guide.read_text(encoding="utf-8").replace("\nfacts:", "\naliases: [sun]\nfacts:", 1)
    guide.write_text(text, encoding="utf-8")
    source, problems = read_source(folder)
    assert source, problems
    pages = {page.path for page in source.plan.pages}
    assert {"404.html", "en/404.html", "es/404.html"} <= pages
    assert hosting.write(folder / "out", source, render.environment(source.project.templates)) == ()
    return folder / "out/hosting"


# --- the files ---------------------------------------------------------------------------------------


def test_there_is_a_file_for_every_server_in_both_cache_profiles(hosted: Path) -> None:
    found = {path.relative_to(hosted).as_posix() for path in hosted.rglob("*") if path.is_file()}
    assert found == {"README.txt", *(f"{profile}/{name}" for profile in PROFILES for name in FILES)}


def test_files_made_again_are_the_same_and_another_address_makes_others(tmp_path: Path) -> None:
    first = files(written(tmp_path, ""))
    assert files(written(tmp_path, "")) == first
    other = files(written(tmp_path, 'address = "https://plants.example"\n'))
    assert other.keys() == first.keys()
    assert other["shared-device/nginx.conf"] != first["shared-device/nginx.conf"]


@pytest.mark.parametrize("name", WITH_HEADERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_each_file_has_every_header(profile: str, name: str, hosted: Path) -> None:
    text = (hosted / profile / name).read_text(encoding="utf-8")
    secure = not name.startswith("onion/")
    for header in policy.headers(secure):
        assert re.search(rf"{header.name}:? +\"?{re.escape(header.value)}\"?( always;)?$", text, re.MULTILINE)
    assert ("Strict-Transport-Security" in re.sub("(?m)^#.*", "", text)) is secure
    assert ("no-store" in text) is (profile == "shared-device")
    if secure:
        assert f"{ONION}" in text


@pytest.mark.parametrize("name", WITH_HEADERS)
def test_a_site_without_an_onion_address_offers_none(name: str, tmp_path: Path) -> None:
    text = (written(tmp_path, "") / "shared-device" / name).read_text(encoding="utf-8")
    assert "Onion-Location" not in text
    assert "www.example.org" in text or not re.search("plants|server_name [^_]", text)


def test_a_service_that_knows_no_patterns_is_told_of_the_onion_address_page_by_page(hosted: Path) -> None:
    text = (hosted / "shared-device/netlify/_headers").read_text(encoding="utf-8")
    assert f"\n/\n  Onion-Location: {ONION}/\n" in text
    assert f"\n/es/watering.html\n  Onion-Location: {ONION}/es/watering.html\n" in text


def test_no_line_is_longer_than_services_take(hosted: Path) -> None:
    """Cloudflare takes 2,000 characters and 100 rules (Pages: Headers); nginx 4,096 characters a word."""
    for name in ("netlify/_headers", "cloudflare/_headers", "nginx.conf"):
        for profile in PROFILES:
            text = (hosted / profile / name).read_text(encoding="utf-8")
            assert max(map(len, text.splitlines())) <= 2000
    text = (hosted / "low-bandwidth/cloudflare/_headers").read_text(encoding="utf-8")
    rules = re.findall("^/.*", text, re.MULTILINE)
    assert len(rules) == len(set(rules)) < 100


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("nginx.conf", "location = /es/sun.html {\n        return 301 /es/light.html;"),
        ("onion/nginx.conf", "location = /es/sun.html {\n        return 301 /es/light.html;"),
        ("Caddyfile", "\tredir /es/sun.html /es/light.html permanent\n"),
        ("apache.conf", '        RewriteRule "^es/sun\\.html$" "/es/light.html" [R=301,L]\n'),
        ("htaccess", '\nRewriteRule "^es/sun\\.html$" "/es/light.html" [R=301,L]\n'),
        ("netlify/_redirects", "\n/es/sun.html /es/light.html 301!\n"),
        ("cloudflare/_redirects", "\n/es/sun.html /es/light.html 301\n/es/sun /es/light.html 301\n"),
    ],
)
def test_each_server_leads_from_an_old_name_of_a_page_to_the_new_one(
    name: str, line: str, hosted: Path
) -> None:
    for profile in PROFILES:
        assert line in (hosted / profile / name).read_text(encoding="utf-8")


def test_the_files_tell_nothing_of_the_machine_that_made_them(hosted: Path) -> None:
    for path in hosted.rglob("*.*"):
        assert str(hosted.parent.parent) not in path.read_text(encoding="utf-8")


# --- nginx, started ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(built_sample: Path, hosted: Path) -> Path:
    """The sample's pages where the server will look for them, smaller ones beside some, and a 404 page."""
    folder = hosted.parent / "srv"
    shutil.copytree(built_sample / "site", folder)
    for tag in ("", "en/", "es/"):
        (folder / tag / "404.html").write_text(f"<!DOCTYPE html><title>{tag}404</title>", encoding="utf-8")
    return folder


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


OPENSSL = """
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=plants.example
-addext subjectAltName=DNS:plants.example -keyout privkey.pem -out fullchain.pem
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate that this machine made for itself."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        OPENSSL.split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@contextmanager
def nginx(settings: str, folder: Path) -> Iterator[None]:
    """Test the settings with `nginx -t`, and run nginx with them as long as the block lasts."""
    program = system.program_path("nginx")
    assert program, "nginx is not installed: `python3 build.py test` installs it on Debian and Ubuntu"
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/nginx.pid; worker_processes 1;\n{'user root;' if _is_root() else ''}\n"
        "events { worker_connections 64; }\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{places}{settings}\n}}\n",
        encoding="utf-8",
    )
    command = [program, "-e", str(folder / "errors"), "-p", str(folder), "-c", str(main)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield
        assert running.poll() is None, running.stderr and running.stderr.read()
    finally:
        running.terminate()
        running.wait()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


Answer = tuple[int, dict[str, str], bytes]


class Asked:
    """A server that is asked for pages."""

    def __init__(self, port: int, certificate: Path | None) -> None:
        self.port = port
        self.context = None
        if certificate:
            self.context = ssl.create_default_context(cafile=str(certificate / "fullchain.pem"))

    def get(self, path: str, accept: str = "identity") -> Answer:
        connection = self._connected()
        try:
            connection.request("GET", path, headers={"Host": "plants.example", "Accept-Encoding": accept})
            answer: HTTPResponse = connection.getresponse()
            headers = answer.getheaders()
            assert len({name.lower() for name, _ in headers}) == len(headers), "no header comes twice"
            return answer.status, dict(headers), answer.read()
        finally:
            connection.close()

    def _connected(self) -> HTTPConnection:
        end = time.monotonic() + 20
        while True:
            try:
                plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        if self.context is None:
            connection = HTTPConnection("plants.example", self.port)
            connection.sock = plain
            return connection
        secure = HTTPSConnection("plants.example", self.port, context=self.context)
        secure.sock = self.context.wrap_socket(plain, server_hostname="plants.example")
        return secure


@contextmanager
def served(
    profile: str, hosted: Path, site: Path, certificate: Path, folder: Path, *, onion: bool = False
) -> Iterator[Asked]:
    """Serve the site with the file as it stands, but for its places and ports."""
    port, other = free_port(), free_port()
    name = "onion/nginx.conf" if onion else "nginx.conf"
    text = (hosted / profile / name).read_text(encoding="utf-8")
    for old, new in (
        ("/srv/site", str(site)),
        ("/etc/letsencrypt/live/plants.example", str(certificate)),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 127.0.0.1:8080;", f"listen 127.0.0.1:{port};"),
        ("listen 80;", f"listen 127.0.0.1:{other};"),
    ):
        text = text.replace(old, new)
    text = re.sub(r"(?m)^ *listen \[::\].*\n", "", text)  # not every machine has it
    with nginx(text, folder):
        yield Asked(port, None if onion else certificate)


PATHS = ("/es/watering.html", "/", "/assets/site.css", "/en/print/first-plants.pdf", "/es/nowhere.html")


@pytest.mark.parametrize("profile", PROFILES)
def test_nginx_sends_every_header_with_each_kind_of_file_and_with_what_is_not_there(
    profile: str, hosted: Path, site: Path, certificate: Path, tmp_path: Path
) -> None:
    with served(profile, hosted, site, certificate, tmp_path) as server:
        for path in PATHS:
            status, headers, body = server.get(path)
            assert status == (404 if "nowhere" in path else 200), path
            for header in policy.headers(secure=True):
                assert headers[header.name] == header.value, path
            assert headers["Onion-Location"] == ONION + path
            asset = path.endswith(".css")
            kept = "max-age=86400" if asset else "max-age=3600"
            assert headers["Cache-Control"] == ("no-store" if profile == "shared-device" else kept)
            assert headers.keys().isdisjoint({"Set-Cookie", "ETag", "Last-Modified"})
            assert not re.search(r"\d", headers["Server"]), "nor which version of a server"
            if status == 200:
                assert body == (site / (path.strip("/") or "index.html")).read_bytes()
        _, headers, _ = server.get("/assets/site.css")
        assert headers["Content-Type"].startswith("text/css")
    assert not [path for path in tmp_path.rglob("*log*") if path.stat().st_size], "nobody was noted down"
    assert (tmp_path / "errors").read_bytes() == b""


def test_nginx_answers_in_the_language_of_the_folder_where_there_is_nothing(
    hosted: Path, site: Path, certificate: Path, tmp_path: Path
) -> None:
    with served("shared-device", hosted, site, certificate, tmp_path) as server:
        for path, tag in (
            ("/es/nowhere.html", "es/"),
            ("/es/print/", "es/"),
            ("/en/x/y/z", "en/"),
            ("/fr/", ""),
        ):
            status, _, body = server.get(path)
            assert (status, f"<title>{tag}404".encode() in body) == (404, True), path


@pytest.mark.parametrize("profile", PROFILES)
def test_nginx_leads_from_an_old_name_to_the_new_one_and_has_no_icon_with_every_header(
    profile: str, hosted: Path, site: Path, certificate: Path, tmp_path: Path
) -> None:
    with served(profile, hosted, site, certificate, tmp_path) as server:
        for path, wanted in (("/es/sun.html", 301), ("/favicon.ico", 204)):
            status, headers, _ = server.get(path)
            assert status == wanted
            assert headers.get("Location") == ("/es/light.html" if status == 301 else None)
            for header in policy.headers(secure=True):
                assert headers[header.name] == header.value, path
            assert headers["Cache-Control"] == ("no-store" if profile == "shared-device" else "max-age=3600")


def test_nginx_sends_the_smaller_file_to_those_who_take_it(
    hosted: Path, site: Path, certificate: Path, tmp_path: Path
) -> None:
    small = site / "es/watering.html.gz"
    small.write_bytes(b"stands for a smaller file")
    with served("shared-device", hosted, site, certificate, tmp_path) as server:
        _, headers, body = server.get("/es/watering.html", accept="gzip, br")
        assert (headers["Content-Encoding"], body) == ("gzip", small.read_bytes())
        assert headers["Vary"] == "Accept-Encoding"
        _, headers, body = server.get("/es/watering.html")
        assert "Content-Encoding" not in headers
        assert body == (site / "es/watering.html").read_bytes()


def test_behind_an_onion_service_nginx_speaks_of_neither_https_nor_the_service(
    hosted: Path, site: Path, certificate: Path, tmp_path: Path
) -> None:
    with served("shared-device", hosted, site, certificate, tmp_path, onion=True) as server:
        for path in PATHS:
            _, headers, _ = server.get(path)
            for header in policy.headers(secure=False):
                assert headers[header.name] == header.value, path
            assert headers["Cache-Control"] == "no-store"
            assert headers.keys().isdisjoint({"Strict-Transport-Security", "Onion-Location"})
