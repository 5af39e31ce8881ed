"""A site that is carried elsewhere: the list of its files, what `verify` tells of a copy, smaller twins."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import brotli
import pytest
from conftest import CHECKOUT, date_anew
from example import files
from hypothesis import given
from hypothesis import strategies as st

from handbill import compression, mirror, packing, report, sums
from handbill.compression import Sizes
from handbill.model import Place

SAMPLE = CHECKOUT / "tests" / "sample"
CODES = {"sums-missing", "sums-damaged"}
"""Diagnostics of `verify`, which are brought about here."""
LIST = Place("SHA256SUMS")


def silent(what: str, done: int, total: int) -> None:
    pass


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- the list ----------------------------------------------------------------------------------------

paths = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\\\0"), min_size=1)


@given(st.dictionaries(paths, st.binary().map(digest), min_size=1))
def test_a_list_that_is_written_is_read_as_it_was(digests: Mapping[str, str]) -> None:
    assert sums.read(sums.text(digests), LIST) == (digests, ())


def test_a_list_is_sorted_and_checked_by_sha256sum_and_leaves_out_no_file(built_sample: Path) -> None:
    site = built_sample / "site"
    lines = (site / sums.NAME).read_text("utf-8").splitlines()
    listed = [line.split("  ", 1)[1] for line in lines]
    assert listed == sorted(listed)
    assert set(listed) == set(files(site)) - {sums.NAME}
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", sums.NAME], cwd=site, check=True)


def test_a_list_from_another_system_is_read_too() -> None:
    ours, odd = digest(b"a"), digest(b"b")
    content = f"{ours.upper()} *a.html\r\n\n\\{odd}  line\\nbreak\\\\\n".encode()
    assert sums.read(content, LIST)[0] == {"a.html": ours, "line\nbreak\\": odd}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\n", 1),
        (b"not a list\n", 1),
        (b"%(digest)b  a\n%(digest)b", 2),
        (b"%(digest)b  a\nff  b\n", 2),
        (b"%(digest)b  a\n%(digest)b  a\n", 2),
        (b"%(digest)b  \xff\n", 1),
    ],
)
def test_a_damaged_list_is_told_with_its_line(content: bytes, line: int) -> None:
    listed, problems = sums.read(content % {b"digest": digest(b"a").encode()}, LIST)
    assert listed is None
    assert [(problem.code, problem.place.line) for problem in problems] == [("sums-damaged", line)]


# --- verify ------------------------------------------------------------------------------------------


def verify(project: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handbill", "-C", str(project), "verify", *map(str, arguments)]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)


@pytest.fixture
def copy(built_sample: Path, tmp_path: Path) -> Path:
    """A mirror of the sample's site, to change at will."""
    return Path(shutil.copytree(built_sample / "site", tmp_path / "a mirror"))


def test_a_copy_in_which_nothing_differs_is_told_so(built_sample: Path, copy: Path) -> None:
    done = verify(built_sample.parent, copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"Nothing differs: \d+ files, as in \S+/dist/site/SHA256SUMS\.\n", done.stdout)


def test_what_is_missing_changed_and_added_is_named_and_counted(built_sample: Path, copy: Path) -> None:
    (copy / "en/light.html").unlink()
    (copy / "en/index.html").write_bytes(b"changed")
    (copy / "es/index.html.br").write_bytes(b"changed")
    (copy / ".well-known").mkdir()
    (copy / ".well-known/new").write_bytes(b"")
    done = verify(built_sample.parent, copy)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        "missing  en/light.html",
        "changed  en/index.html",
        "changed  es/index.html.br",
        "added    .well-known/new",
    ]
    assert "1 missing, 2 changed, 1 added" in done.stdout
    assert "Copy the whole site there anew" in done.stdout


def test_a_copy_whose_list_was_changed_along_with_a_page_is_found_out(
    built_sample: Path, copy: Path, tmp_path: Path
) -> None:
    page = copy / "en/index.html"
    old = digest(page.read_bytes())
    page.write_bytes(page.read_bytes().replace(b"</main>", b"<p>New</p></main>"))
    own = (copy / sums.NAME).read_bytes()
    (copy / sums.NAME).write_bytes(own.replace(old.encode(), digest(page.read_bytes()).encode()))
    done = verify(built_sample.parent, copy)
    assert done.returncode == 1
    assert "changed  SHA256SUMS\nchanged  en/index.html\n" in done.stdout
    empty = tmp_path / "nothing built"
    empty.mkdir()
    fooled = verify(empty, copy)
    assert fooled.returncode == 0
    assert "who changes a file can change the list too" in fooled.stdout
    published = built_sample / "site" / sums.NAME
    assert verify(empty, copy, "--against", published).returncode == 1


def test_a_copy_without_its_list_is_not_whole(built_sample: Path, copy: Path) -> None:
    (copy / sums.NAME).unlink()
    done = verify(built_sample.parent, copy)
    assert done.returncode == 1
    assert done.stdout.startswith("missing  SHA256SUMS\n")


def test_without_any_list_there_is_an_error_and_what_to_do(copy: Path, tmp_path: Path) -> None:
    (copy / sums.NAME).unlink()
    done = verify(tmp_path, copy)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[sums-missing]" in done.stderr
    assert "--against" in done.stderr


def test_a_damaged_list_is_an_error_and_nothing_is_compared(copy: Path, tmp_path: Path) -> None:
    (copy / sums.NAME).write_bytes((copy / sums.NAME).read_bytes()[:-40] + b"\n\0")
    done = verify(tmp_path, copy)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[sums-damaged]" in done.stderr
    assert "Nothing was compared." in done.stderr


def test_a_link_is_the_file_that_it_leads_to_and_what_is_no_file_is_told_and_not_waited_for(
    copy: Path, tmp_path: Path
) -> None:
    page = copy / "en/index.html"
    page.rename(tmp_path / "elsewhere")
    page.symlink_to(tmp_path / "elsewhere")
    compared, _ = mirror.compare(tmp_path, copy, None, silent)
    assert compared
    assert compared.differences.count == 0
    (copy / "nowhere").symlink_to(tmp_path / "nothing")
    (copy / "around").symlink_to(copy)
    os.mkfifo(copy / "pipe")
    (copy / "es/index.html").unlink()
    (copy / "es/index.html").mkdir()
    compared, problems = mirror.compare(tmp_path, copy, None, silent)
    assert problems == ()
    assert compared
    assert compared.differences == sums.Differences(("es/index.html",), (), ("around", "nowhere", "pipe"))


# --- smaller twins -----------------------------------------------------------------------------------


def test_every_text_has_twins_that_give_it_back_and_nothing_else_has(built_sample: Path) -> None:
    site = files(built_sample / "site")
    plain = {path for path in site if not path.endswith((".gz", ".br"))}
    texts = {
        path for path in plain if path.endswith((".html", ".css", ".js", ".svg", ".xml", ".txt", ".json"))
    }
    assert len(texts) > 10
    twins = {path + ending for path in texts for ending in (".gz", ".br") if len(site[path]) > 200}
    assert twins <= set(site) - plain
    for path in set(site) - plain:
        whole = site[path[:-3]]
        assert path[:-3] in texts
        assert (gzip.decompress if path.endswith(".gz") else brotli.decompress)(site[path]) == whole
        assert len(site[path]) < len(whole)


@given(st.binary())
def test_what_is_compressed_comes_back_or_is_left_as_it_is(content: bytes) -> None:
    gzipped, brotlied = compression.squeezed(content)
    for made, opened in ((gzipped, gzip.decompress), (brotlied, brotli.decompress)):
        assert not made or (opened(made) == content and len(made) < len(content))


def test_a_gzip_file_has_no_time_name_or_system() -> None:
    gzipped, _ = compression.squeezed(b"a" * 1000)
    assert gzipped[:10] == bytes.fromhex("1f8b08000000000002ff")


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    """A site that is about to be published, in a project's folder."""
    site = tmp_path / "stage"
    (site / "en").mkdir(parents=True)
    for name in ("index.html", "en/index.html", "en/a.html"):
        (site / name).write_bytes(name.encode() * 50)
    (site / "en/a.pdf").write_bytes(b"PDF" * 50)
    (site / "en/short.txt").write_bytes(b"x")
    return site


def packed(
    site: Path,
    to: Path,
    *,
    sealed: Mapping[str, packing.Seal] | None = None,
    threads: int = 2,
    precompressed: bool = True,
) -> dict[str, bytes]:
    copy = Path(shutil.copytree(site, to))
    packing.pack(copy, site.parent, silent, sealed=sealed or {}, precompressed=precompressed, threads=threads)
    return files(copy)


@pytest.mark.parametrize("precompressed", [True, False])
def test_what_was_sealed_when_it_was_written_is_packed_the_same(
    stage: Path, tmp_path: Path, precompressed: bool
) -> None:
    sealed = {path: packing.seal(content) for path, content in files(stage).items() if "a" in path}
    first = packed(stage, tmp_path / "first", precompressed=precompressed)
    assert packed(stage, tmp_path / "second", sealed=sealed, precompressed=precompressed) == first


def test_one_thread_many_and_the_cache_give_the_same_bytes(stage: Path, tmp_path: Path) -> None:
    cache = tmp_path / packing.CACHE
    first = packed(stage, tmp_path / "first", threads=1)
    assert cache.is_file()
    kept = cache.read_bytes()
    assert packed(stage, tmp_path / "warm") == first
    assert cache.read_bytes() == kept
    for number, broken in enumerate(
        (b"", kept[:-3], kept[:-1] + b"?", b"{}", b"[1,2]\n", kept.replace(b"zlib", b"abcd"))
    ):
        cache.write_bytes(broken)
        assert packed(stage, tmp_path / f"broken-{number}") == first
        assert cache.read_bytes() == kept


def test_only_what_changed_is_compressed_anew(
    stage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(stage, tmp_path / "first")
    (stage / "en/a.html").write_bytes(b"new" * 90)
    made: list[bytes] = []
    squeezed = compression.squeezed
    monkeypatch.setattr(compression, "squeezed", lambda content: (made.append(content), squeezed(content))[1])
    packed(stage, tmp_path / "second")
    assert made == [b"new" * 90]


def test_the_setting_turns_twins_off_and_the_list_stays(stage: Path, tmp_path: Path) -> None:
    made = packed(stage, tmp_path / "plain", precompressed=False)
    assert set(made) == {*files(stage), sums.NAME}


def test_the_setting_is_in_site_toml(tmp_path: Path) -> None:
    for folder in ("content", "locales"):
        shutil.copytree(SAMPLE / folder, tmp_path / folder)
    date_anew(tmp_path)
    (tmp_path / "content/booklets.toml").unlink()
    with (tmp_path / "content/site.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[hosting]\nprecompressed = false\n")
    command = [sys.executable, "-m", "handbill", "-C", str(tmp_path), "build", "--quiet"]
    subprocess.run(command, cwd=CHECKOUT, check=True)
    names = set(files(tmp_path / "dist/site"))
    assert sums.NAME in names
    assert not [name for name in names if name.endswith((".gz", ".br"))]
    assert not (tmp_path / packing.CACHE).exists()


# --- the report --------------------------------------------------------------------------------------

SIZES = {
    "index.html": Sizes(900),
    "en/a.html": Sizes(5000, 2000, 1500),
    "en/b.html": Sizes(4000, 2000, 1600),
    "site.css": Sizes(3000, 1000, 800),
    "leaf.png": Sizes(700),
}
SEEN = (
    report.Page("en/b.html", "B", ("site.css",)),
    report.Page("en/a.html", "A", ("site.css", "leaf.png")),
    report.Page("index.html", "Start", ()),
)


def test_a_page_weighs_what_its_reader_loads() -> None:
    weighed = report.weights(SEEN, SIZES)
    assert [(w.path, w.requests, w.plain, w.compressed) for w in weighed] == [
        ("en/a.html", 3, 8700, 3000),
        ("en/b.html", 2, 7000, 2400),
        ("index.html", 1, 900, 900),
    ]
    assert report.largest(weighed).path == "en/a.html"


def test_a_report_names_what_scripts_keep_and_ask_for() -> None:
    weighed = report.weights(SEEN, SIZES)
    quiet = report.text(weighed, SIZES, {"a.js": "location.replace(there)"})
    assert "Storage        none" in quiet
    assert "Requests       3 at most" in quiet
    assert "Other sites    none" in quiet
    loud = report.text(weighed, SIZES, {"a.js": "localStorage.x = 1; fetch(there)"})
    assert "Storage        look at the scripts: they say localStorage" in loud
    assert "Other sites    look at the scripts: they say fetch" in loud


def test_the_report_lies_beside_the_site_and_has_every_page_with_its_title(built_sample: Path) -> None:
    assert not (built_sample / "site/report.txt").exists()
    told = (built_sample / "report.txt").read_text("utf-8")
    for path, content in files(built_sample / "site").items():
        if path.endswith(".html"):
            line = next(line for line in told.splitlines() if f" {path} " in line)
            assert line.endswith(f"  {report.title(content)}")
            size = files(built_sample / "site")[f"{path}.br"]
            assert int(line.split()[0].replace(",", "")) > len(size)
    assert os.fspath(built_sample.parent) not in told
    assert not re.search(r"20\d\d-|\d:\d\d", told)
