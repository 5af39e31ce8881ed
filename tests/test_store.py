"""The disk: a project is read without what lies outside it, and an output appears whole or not at all."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from example import write_project

from handbill import store


class _Stopped(Exception):
    """What stops a build."""


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# --- reading -----------------------------------------------------------------------------------------


def test_a_tree_is_read_without_hidden_files_and_with_slashes(tmp_path: Path) -> None:
    put(tmp_path / "content" / "guides", a="1", b="2")
    put(tmp_path / "content" / ".git", c="3")
    put(tmp_path / "content" / "__pycache__", d="4")
    (tmp_path / "content" / ".hidden").write_text("5")
    put(tmp_path / "other", e="6")
    found = store.read_tree(tmp_path, ("content", "missing"))
    assert found == {"content/guides/a": b"1", "content/guides/b": b"2"}
    assert list(found) == sorted(found)


def test_a_link_out_of_the_project_publishes_nothing(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret", key="1")
    content = put(tmp_path / "project" / "content", a="2")
    (content / "stolen").symlink_to(secret / "key")
    (content / "all").symlink_to(secret)
    (content / "inside").symlink_to(content / "a")
    found = store.read_tree(tmp_path / "project", ("content",))
    assert found == {"content/a": b"2", "content/inside": b"2"}


def test_a_link_to_a_folder_above_it_is_not_followed_for_ever(tmp_path: Path) -> None:
    content = put(tmp_path / "content", a="1")
    (content / "loop").symlink_to(content)
    (content / "up").symlink_to(tmp_path)
    assert store.read_tree(tmp_path, ("content",)) == {"content/a": b"1"}
    (content / "dangling").symlink_to(content / "gone")
    assert store.read_tree(tmp_path, ("content",)) == {"content/a": b"1"}
    assert store.signature((content,)) == store.signature((content,))


def test_a_missing_file_is_none_and_broken_json_too(tmp_path: Path) -> None:
    assert store.read(tmp_path / "gone") is None
    put(tmp_path, whole='{"a": 1}', broken='{"a": ', list="[1]", empty="")
    assert store.read_json(tmp_path / "whole") == {"a": 1}
    assert [store.read_json(tmp_path / name) for name in ("broken", "list", "empty", "gone")] == [None] * 4


def test_a_file_is_written_only_where_its_content_differs(tmp_path: Path) -> None:
    path = tmp_path / "locales" / "a.po"
    assert store.write_if_changed(path, b"1")
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert not store.write_if_changed(path, b"1")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    assert store.write_if_changed(path, b"2")
    assert tree(tmp_path) == {"locales/a.po": b"2"}


# --- an unchanged build ------------------------------------------------------------------------------


def test_a_signature_changes_with_content_name_and_words(tmp_path: Path) -> None:
    put(tmp_path / "a", x="1", y="2")
    seen = {store.signature((tmp_path / "a",)), store.signature((tmp_path / "a",), ("word",))}
    put(tmp_path / "a", x="22")
    seen.add(store.signature((tmp_path / "a",)))
    (tmp_path / "a" / "y").rename(tmp_path / "a" / "z")
    seen.add(store.signature((tmp_path / "a",)))
    (tmp_path / "a" / "z").unlink()
    seen.add(store.signature((tmp_path / "a",)))
    seen.add(store.signature((tmp_path / "gone",)))
    assert len(seen) == 6


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_noticed(tmp_path: Path) -> None:
    put(tmp_path / "a", x="1")
    os.utime(tmp_path / "a" / "x", (1, 1))
    before = store.signature((tmp_path / "a",))
    put(tmp_path, other="2")
    os.utime(tmp_path / "other", (1, 1))
    (tmp_path / "other").rename(tmp_path / "a" / "x")
    assert store.signature((tmp_path / "a",)) != before


# --- output ------------------------------------------------------------------------------------------


def test_a_finished_stage_takes_the_place_of_the_old_output(tmp_path: Path) -> None:
    dist = put(tmp_path / "dist", old="1")
    with store.staged(dist) as stage:
        store.write_new(stage / "deep" / "new", b"2")
        assert tree(dist) == {"old": b"1"}
    assert tree(tmp_path) == {"dist/deep/new": b"2"}
    assert dist.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit])
def test_whatever_stops_a_build_leaves_the_old_output_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    dist = put(tmp_path / "dist", old="1")

    def build() -> None:
        with store.staged(dist) as stage:
            store.write_new(stage / "new", b"2")
            raise error

    with pytest.raises(error):
        build()
    assert tree(tmp_path) == {"dist/old": b"1"}


def test_a_first_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def build() -> None:
        with store.staged(tmp_path / "out" / "dist"):
            raise _Stopped

    with pytest.raises(_Stopped):
        build()
    assert tree(tmp_path) == {}


def test_a_build_killed_between_the_two_renames_is_put_right_by_the_next(tmp_path: Path) -> None:
    put(tmp_path / ".dist.old", old="1")
    put(tmp_path / ".dist.new-abc", half="2")

    def build() -> None:
        with store.staged(tmp_path / "dist"):
            assert tree(tmp_path) == {"dist/old": b"1"}
            raise _Stopped

    with pytest.raises(_Stopped):
        build()
    assert tree(tmp_path) == {"dist/old": b"1"}


def test_a_build_killed_after_the_renames_keeps_the_new_output(tmp_path: Path) -> None:
    put(tmp_path / ".dist.old", old="1")
    put(tmp_path / "dist", new="2")
    with store.staged(tmp_path / "dist") as stage:
        store.write_new(stage / "newest", b"3")
        assert tree(tmp_path / "dist") == {"new": b"2"}
    assert tree(tmp_path) == {"dist/newest": b"3"}


# --- cache -------------------------------------------------------------------------------------------


def test_a_key_depends_on_every_part_and_on_where_one_ends() -> None:
    keys = {
        store.key(parts) for parts in ([b"ab"], [b"a", b"b"], [b"b", b"a"], [b"ab", b""], [b"", b"ab"], [])
    }
    assert len(keys) == 6
    assert store.key([b"ab"]) == store.key(iter([b"ab"]))


def test_a_result_is_kept_whole_by_whoever_is_first(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert store.cached(cache, "k") is None
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(lambda _: store.keep(cache, "k", {"a": b"1", "b": b"2"}), range(40)))
    assert folders == {cache / "k"}
    assert tree(cache) == {"k/a": b"1", "k/b": b"2"}
    assert store.cached(cache, "k") == cache / "k"
    assert [entry.name for entry in cache.iterdir()] == ["k"]


def test_a_result_unused_for_a_month_is_thrown_away_and_using_one_keeps_it(tmp_path: Path) -> None:
    for key in ("old", "used", "new"):
        store.keep(tmp_path, key, {"a": b"1"})
    month_ago = time.time() - 31 * 86_400
    os.utime(tmp_path / "old", (month_ago, month_ago))
    os.utime(tmp_path / "used", (month_ago, month_ago))
    store.cached(tmp_path, "used")
    store.throw_away_old(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["new", "used"]
    store.throw_away_old(tmp_path / "gone")


def test_a_file_in_the_place_of_the_output_is_replaced_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "dist"
    target.write_text("a file")
    for content in ("first", "second"):
        with store.staged(target) as stage:
            put(stage, page=content)
        assert tree(tmp_path) == {"dist/page": content.encode()}


# --- one build at a time -----------------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from handbill import store
with store.alone(Path(sys.argv[1]), lambda: print("waiting", flush=True)) as waited:
    print("held", waited, flush=True)
    sys.stdin.read()
"""


def holding(folder: Path) -> subprocess.Popen[str]:
    """Start a process that takes hold of a folder until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=store.ENGINE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("killed", [False, True])
def test_a_second_build_waits_for_the_first_to_end_however_it_ends(killed: bool, tmp_path: Path) -> None:
    with holding(tmp_path) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held False\n"
        with holding(tmp_path) as second:
            assert second.stdout is not None
            assert second.stdout.readline() == "waiting\n"
            if killed:
                first.kill()
            else:
                first.communicate()
            assert second.stdout.readline() == "held True\n"
            second.communicate()


def test_a_build_says_that_it_waits_and_then_builds(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "content/booklets.toml").unlink()
    with holding(tmp_path) as first:
        assert first.stdout is not None
        first.stdout.readline()
        command = [sys.executable, "-m", "handbill", "-C", str(tmp_path), "build", "--quiet"]
        with subprocess.Popen(command, cwd=store.ENGINE, stderr=subprocess.PIPE, text=True) as build:
            assert build.stderr is not None
            assert "Waiting for it to end" in build.stderr.readline()
            assert not (tmp_path / "dist").exists()
            first.communicate()
            assert build.wait() == 0
    assert (tmp_path / "dist/site/index.html").exists()


def test_builds_of_two_folders_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with holding(tmp_path / "one") as one, holding(tmp_path / "two") as two:
        for process in (one, two):
            assert process.stdout is not None
            assert process.stdout.readline() == "held False\n"
            process.communicate()
