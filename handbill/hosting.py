"""Files for those who put the website online: settings of servers, with the headers of `policy`.

Each stands once a cache profile, so that a host chooses a folder and changes nothing but names and paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from handbill import plan, policy, render, store
from handbill.model import Diagnostic, Project
from handbill.render import Jinja
from handbill.source import Source

FOLDER = "hosting"
"""Beside `site`, below the output: no reader is shown it."""

PROFILES = (("shared-device", policy.SHARED_DEVICE), ("low-bandwidth", policy.LOW_BANDWIDTH))

_FILES = (
    ("nginx.conf", "nginx", True),
    ("Caddyfile", "caddy", True),
    ("apache.conf", "apache", True),
    ("htaccess", "htaccess", True),
    ("netlify/_headers", "netlify-headers", True),
    ("netlify/_redirects", "netlify-redirects", True),
    ("cloudflare/_headers", "cloudflare-headers", True),
    ("cloudflare/_redirects", "cloudflare-redirects", True),
    ("onion/torrc", "onion-torrc", False),
    ("onion/nginx.conf", "onion-nginx", False),
)
"""(path below the profile's folder, template, whether it is for https)."""

_EXAMPLE = "www.example.org"


class Missing(NamedTuple):
    """A language's page for what is not there."""

    folder: str
    """As in an address: `/es/`."""
    page: str


class Folder(NamedTuple):
    """A pattern of addresses that are cached alike."""

    path: str
    assets: bool


class Moved(NamedTuple):
    """A page that has another name now, both as in an address: `/es/old.html`."""

    old: str
    new: str


def write(stage: Path, source: Source, jinja: Jinja) -> tuple[Diagnostic, ...]:
    """Write the files for hosts below the stage, and return what is wrong with their templates."""
    problems: list[Diagnostic] = []
    for path, (text, more) in _files(render.unescaped(jinja), _shared(source)):
        problems.extend(more)
        store.write_new(stage / FOLDER / path, text.encode())
    return tuple(problems)


def _shared(source: Source) -> dict[str, object]:
    """Return what all the files are told of the site."""
    host = _host(source.project)
    paths = [page.path for page in source.plan.pages]
    folders = tuple(f"/{source.languages[locale].tag}/" for locale in source.languages)
    missing = tuple(
        Missing(folder, f"{folder}404.html") for folder in folders if f"{folder[1:]}404.html" in paths
    )
    return {
        "host": host or _EXAMPLE,
        "example": not host,
        "onion": source.project.site.onion,
        "missing": missing,
        "elsewhere": "/404.html" if "404.html" in paths else next((one.page for one in missing), ""),
        "moved": tuple(Moved(f"/{old}", f"/{new}") for old, new in plan.redirects(source.plan)),
        "folders": (
            *(
                Folder(path, assets=False)
                for path in ("/", "/index.html", *(f"{folder}*" for folder in folders))
            ),
            *(Folder(path, assets=True) for path in ("/assets/*", "/images/*")),
        ),
        "addresses": tuple(dict.fromkeys(_address(path) for path in paths)),
    }


def _files(jinja: Jinja, shared: Mapping[str, object]) -> Iterator[tuple[str, render.Rendered]]:
    yield "README.txt", render.fill_template(jinja, f"{FOLDER}/readme.txt", shared)
    for profile, caching in PROFILES:
        for path, template, secure in _FILES:
            context = {
                **shared,
                "caching": caching,
                "secure": secure,
                "headers": policy.headers(secure),
            }
            yield f"{profile}/{path}", render.fill_template(jinja, f"{FOLDER}/{template}.txt", context)


def _host(project: Project) -> str:
    """Return the name in the site's address; empty where it has none, or an onion one."""
    host = project.site.address.partition("://")[2].partition("/")[0]
    return "" if host.endswith(".onion") else host


def _address(path: str) -> str:
    """Return a page's address on its server.

    >>> _address("es/index.html"), _address("es/leaving.html")
    ('/es/', '/es/leaving.html')
    """
    return f"/{path.removesuffix('index.html') if path.rpartition('/')[2] == 'index.html' else path}"
