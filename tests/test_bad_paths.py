"""Pictures that are none, paths that leave the project, templates that fail, names that clash: each is told.

Nothing of what lies outside the project gets into a message or an output, and no build shows a traceback.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from example import TESTS, write_project

from handbill import catalogs, store
from handbill.outcome import Options
from handbill.pipeline import build

TODAY = date(2026, 11, 21)
OUTSIDE = "kept outside the project"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample in a folder, with something private beside it."""
    (tmp_path / "private.md").write_text(OUTSIDE, encoding="utf-8")
    shutil.copy(TESTS / "sample/content/images/leaf.png", tmp_path / "private.png")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/more.md").write_text(OUTSIDE, encoding="utf-8")
    write_project(tmp_path / "project")
    return tmp_path / "project"


def _write(path: str, content: bytes) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(content)

    return spoil


def _add(path: str, text: str) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        with (project / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return spoil


def _replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new), encoding="utf-8")

    return spoil


def _link(path: str, target: str) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).unlink(missing_ok=True)
        (project / path).symlink_to(target)

    return spoil


def _copy_of_guide(name: str) -> Callable[[Path], None]:
    def spoil(project: Path) -> None:
        shutil.copy(project / "content/guides/light.md", project / f"content/guides/{name}.md")

    return spoil


GUIDE = "content/guides/light.md"
LEAF = "content/images/leaf.png"
PASSWD = "../../../../../../etc/passwd"

SPOILT: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a text called a picture": ("image-content", _write(LEAF, b"not a picture")),
    "an empty picture": ("image-content", _write(LEAF, b"")),
    "a page called a picture": (
        "image-content",
        _write("content/images/a.jpg", b"<script>alert(1)</script>"),
    ),
    "a picture of another kind": (
        "image-content",
        _write("content/images/a.jpg", b"\x89PNG\r\n\x1a\n" + bytes(90)),
    ),
    "the beginning of a picture": ("image-unreadable", _write(LEAF, b"\x89PNG\r\n\x1a\n")),
    "a drawing in SVG": ("unexpected-file", _write("content/images/a.svg", b"<svg/>")),
    "a picture outside": ("unknown-image", _add(GUIDE, f"\n![It]({PASSWD})\n")),
    "a picture outside, by a way round": ("unknown-image", _add(GUIDE, f"\n![It](images/{PASSWD})\n")),
    "a picture of the whole machine": ("unknown-image", _add(GUIDE, "\n![It](/etc/passwd)\n")),
    "a picture by its address": ("unknown-image", _add(GUIDE, "\n![It](file:///etc/passwd)\n")),
    "a link outside": ("unknown-link", _add(GUIDE, f"\n[It]({PASSWD}) is here.\n")),
    "a guide outside": ("unknown-guide", _add(GUIDE, "\n[It](../../../private.md) is here.\n")),
    "a booklet of a guide outside": (
        "unknown-reference",
        _replace("content/booklets.toml", 'guides = ["', f'guides = ["{PASSWD}", "'),
    ),
    "a template from outside": (
        "template-missing",
        _write("templates/web/contacts.html", b"{% include '../../private.md' %}"),
    ),
    "a style sheet's picture from outside": (
        "outside-resource",
        _write("templates/print/booklet.css", b"body { background: url(../../private.png) }"),
    ),
    "a link that is a guide outside": ("stray-link", _link("content/guides/more.md", "../../../private.md")),
    "a link that is a picture outside": ("stray-link", _link(LEAF, "../../../private.png")),
    "a link that is a folder": ("stray-link", _link("content/guides/more", "../../../folder")),
    "a link that goes round": ("stray-link", _link("content/guides/more", "..")),
    "a link to nothing": ("stray-link", _link("content/guides/more.md", "nowhere.md")),
    "a link that is a template outside": (
        "stray-link",
        _link("templates/web/help.html", "../../../private.md"),
    ),
    "a link that is a catalog outside": (
        "stray-link",
        _link("locales/es/LC_MESSAGES/light.po", "/etc/passwd"),
    ),
    "a template that fails": ("template", _write("templates/web/contacts.html", b"{{ 1 // 0 }}")),
    "a template that calls what cannot be called": (
        "template",
        _write("templates/web/contacts.html", b"{{ site() }}"),
    ),
    "a name that stands for nothing": ("template", _write("templates/web/contacts.html", b"{{ nothing }}")),
    "an attribute that stands for nothing": (
        "template",
        _write("templates/web/contacts.html", b"{{ site.nothing }}"),
    ),
    "a template that reaches for the machine": (
        "template",
        _write("templates/web/contacts.html", b"{{ ''.__class__.__mro__[1].__subclasses__()[9999999] }}"),
    ),
    "a template that does not end": ("template", _write("templates/web/contacts.html", b"{% if site %}")),
    "a guide with the address of the contacts": ("path-clash", _copy_of_guide("contacts")),
    "a guide with the address of the first page": ("path-clash", _copy_of_guide("index")),
    "a guide that differs by case": ("names-differ-by-case", _copy_of_guide("Light")),
    "a locale that does not exist": (
        "unknown-locale",
        _replace("content/site.toml", '["es"]', '["es", "xx"]'),
    ),
    "a locale that is no code": ("bad-locale", _replace("content/site.toml", '["es"]', '["es", "../es"]')),
}


@pytest.mark.parametrize("name", SPOILT)
def test_it_is_told_and_nothing_is_published(name: str, project: Path) -> None:
    code, spoil = SPOILT[name]
    spoil(project)
    outcome = build(Options(project, TODAY), lambda what, done, total: None)
    assert code in {problem.code for problem in outcome.diagnostics}, outcome.diagnostics
    assert outcome.failed
    assert not (project / "dist").exists()
    said = "\n".join(map(str, (*outcome.diagnostics, *catalogs.check(project, TODAY))))
    assert OUTSIDE not in said
    assert "root:" not in said
    assert "Traceback" not in said


def test_a_link_within_the_project_is_a_file_like_others(project: Path) -> None:
    target = project / "content/images/leaf.png"
    os.rename(target, project / "leaf.png")
    target.symlink_to("../../leaf.png")
    assert store.strays(project, ("content",)) == ()
    assert not build(Options(project, TODAY), lambda what, done, total: None).failed


def test_a_project_whose_content_lies_elsewhere_is_told_so(project: Path) -> None:
    shutil.move(project / "content", project.parent / "content")
    (project / "content").symlink_to(project.parent / "content")
    assert catalogs.check(project, TODAY)[0].place.path == "content"
