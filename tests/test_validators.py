"""Every finished page of every language, read by two validators that know nothing of this project.

The Nu Html Checker (Java) and html-validate (Node.js) come from npm, as `validators/package-lock.json` has
them: each checked by its hash, and none of their scripts is run. They are installed into `.cache/`, once.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import CHECKOUT
from playwright._impl._driver import compute_driver_executable

VALIDATORS = CHECKOUT / "tests" / "validators"

RULES: Mapping[str, Any] = {
    "root": True,
    "extends": ["html-validate:recommended", "html-validate:a11y"],
    "rules": {
        # The style sheet keeps a number on one line, and what is copied from a page must be what is dialled.
        "tel-non-breaking": "off",
    },
}


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder of the validators; whichever worker comes first installs them, the others wait."""
    lock = (VALIDATORS / "package-lock.json").read_bytes()
    assert b"resolved" not in lock, "a lock file names no registry: that is each machine's own setting"
    folder = CHECKOUT / ".cache" / "validators" / hashlib.sha256(lock).hexdigest()[:20]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            for path in VALIDATORS.iterdir():
                shutil.copy(path, folder)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            (folder / "whole").touch()
    return folder / "node_modules"


def nu(installed: Path, folder: Path) -> list[str]:
    """Return what the Nu Html Checker calls an error or warns of in the pages and pictures below a folder."""
    jar = installed / "vnu-jar" / "build" / "dist" / "vnu.jar"
    options = ("--format", "json", "--skip-non-html", "--also-check-svg")
    done = subprocess.run(["java", "-jar", jar, *options, folder], capture_output=True, text=True)
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{message.get('url', '')}:{message.get('lastLine', 0)}: {message['message']}"
        for message in messages
        # It does not know from where a page will be served, so `'self'` is nothing to it.
        if not message["message"].startswith("Resource violates Content Security Policy")
    ]


def html_validate(installed: Path, folder: Path, temporary: Path) -> list[str]:
    """Return what html-validate finds in the pages below a folder."""
    settings = temporary / "htmlvalidate.json"
    settings.write_text(json.dumps(RULES), encoding="utf-8")
    # The Node.js that Playwright brings: html-validate needs a newer one than most systems have.
    node, _ = compute_driver_executable()
    command = [node, installed / "html-validate" / "bin" / "html-validate.mjs", "--config", settings]
    done = subprocess.run(
        [*command, "--formatter", "json", f"{folder}/**/*.html"],
        capture_output=True,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{page['filePath']}:{message['line']}: {message['ruleId']}: {message['message']}"
        for page in json.loads(done.stdout)
        for message in page["messages"]
    ]


def test_the_nu_html_checker_finds_nothing_on_any_page(installed: Path, built_site: Path) -> None:
    assert nu(installed, built_site) == []


def test_html_validate_finds_nothing_on_any_page(installed: Path, built_site: Path, tmp_path: Path) -> None:
    assert html_validate(installed, built_site, tmp_path) == []


def test_both_find_fault_with_a_faulty_page(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder" / "below"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>x</title></head>\n'
        "<body><ul><p>no item</p></ul><img src=x.png></body>\n</html>\n",
        encoding="utf-8",
    )
    assert any("not allowed as child" in fault for fault in nu(installed, tmp_path / "folder"))
    found = html_validate(installed, tmp_path / "folder", tmp_path)
    assert any("element-permitted-content" in fault for fault in found)
    assert any("wcag/h37" in fault for fault in found)


def test_the_lock_file_names_no_registry_and_a_hash_for_each_package() -> None:
    lock = json.loads((VALIDATORS / "package-lock.json").read_text("utf-8"))
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert {"node_modules/vnu-jar", "node_modules/html-validate"} <= set(packages)
    assert [name for name, facts in packages.items() if not facts["integrity"].startswith("sha512-")] == []
    assert "://" not in json.dumps(lock)
