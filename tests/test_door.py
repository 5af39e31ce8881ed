"""The door (build.py), what it asks of the machine, and the files it installs from."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import build
from handbill import system
from handbill.__main__ import DEFAULT, OPTIONS_WITH_VALUE, command

CHECKOUT = Path(__file__).parent.parent
LOCKS = sorted(CHECKOUT.glob("*.lock"))


# Which command


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ([], "build"),
        (["--quiet"], "build"),
        (["--help"], ""),
        (["build"], "build"),
        (["build", "test"], "build"),
        (["-C", "test", "build"], "build"),
        (["-C", "x", "test", "-k", "build"], "test"),
        (["--quiet", "build", "-C"], "build"),
        (["-C"], "build"),
        (["-C", "x", "-h"], ""),
    ],
)
def test_the_command_is_the_first_argument_that_is_no_option_or_the_default(
    arguments: list[str], name: str
) -> None:
    assert command(arguments) == name


def test_the_door_knows_every_option_that_takes_a_value_before_the_command() -> None:
    from handbill.cli import command_line

    takes_value = {
        name
        for option in command_line.params
        if not getattr(option, "is_flag", False) and option.nargs == 1
        for name in (*option.opts, *option.secondary_opts)
        if name.startswith("-")
    }
    assert takes_value == OPTIONS_WITH_VALUE


def test_the_commands_that_the_door_prepares_for_exist() -> None:
    from handbill.cli import command_line

    assert {DEFAULT, "build", "test", "benchmarks"} <= set(command_line.commands)


# Which packages


def test_building_installs_less_than_testing() -> None:
    assert build.lock_files("build") == ("requirements.lock",)
    assert build.lock_files("") == ("requirements.lock",)
    assert build.lock_files("test") == ("requirements.lock", "requirements-test.lock")
    assert build.lock_files("benchmarks") == ("requirements.lock", "requirements-benchmarks.lock")


def test_every_lock_file_is_installed_by_some_command() -> None:
    assert {lock.name for lock in LOCKS} == {build.RUN_LOCK, *build.MORE_LOCKS.values()}


def pins(lock: Path) -> Iterator[tuple[str, str]]:
    """Each pinned requirement of a lock file with the lines that belong to it, up to the next."""
    requirement, belonging = "", ""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            if requirement:
                yield requirement, belonging
            requirement, belonging = line.removesuffix("\\").strip(), ""
        else:
            belonging += line + "\n"
    yield requirement, belonging


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_one_version_and_a_hash(lock: Path) -> None:
    for requirement, belonging in pins(lock):
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*( ; .+)?", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", belonging), requirement


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_names_no_registry_and_no_folder(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.findall(
        r"^.*(?:://|/|--(?:extra-)?index|--find-links|--trusted-host).*$", text, re.MULTILINE
    )


def test_a_package_in_two_lock_files_has_the_same_version_and_hashes_in_both() -> None:
    seen: dict[str, tuple[str, set[str]]] = {}
    for lock in LOCKS:
        for requirement, belonging in pins(lock):
            pin = (requirement, set(re.findall(r"sha256:\w+", belonging)))
            assert seen.setdefault(requirement.split("==")[0], pin) == pin, lock.name


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    for lock, declared in {
        "requirements.lock": project["project"]["dependencies"] + groups["door"],
        "requirements-test.lock": groups["test"],
        "requirements-benchmarks.lock": groups["benchmarks"],
    }.items():
        locked = {requirement.split("==")[0] for requirement, _ in pins(CHECKOUT / lock)}
        assert {re.split(r"[<=>]", name)[0] for name in declared} <= locked


# The stamp


@pytest.fixture
def stamp(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_bytes(b"a==1")
    (tmp_path / "environment").write_bytes(b"Python 3.11")
    return tmp_path


def test_a_stamp_that_holds_all_that_is_wanted_matches(stamp: Path) -> None:
    assert build.matches(str(stamp), {"requirements.lock": b"a==1", "environment": b"Python 3.11"})
    assert build.matches(str(stamp), {"requirements.lock": b"a==1"})


@pytest.mark.parametrize(
    "wanted",
    [
        {"requirements.lock": b"a==2"},
        {"requirements.lock": b"a==1", "environment": b"Python 3.12"},
        {"requirements.lock": b"a==1", "requirements-test.lock": b"b==1"},
    ],
    ids=["changed lock", "other Python", "set not installed"],
)
def test_a_stamp_that_differs_or_lacks_something_does_not_match(
    stamp: Path, wanted: dict[str, bytes]
) -> None:
    assert not build.matches(str(stamp), wanted)


def test_no_stamp_matches_nothing(tmp_path: Path) -> None:
    assert not build.matches(str(tmp_path / "absent"), {"requirements.lock": b"a==1"})


def test_what_an_environment_is_filled_from_tells_its_python_its_place_and_its_files() -> None:
    wanted = build.sources(str(CHECKOUT), ["requirements.lock"])
    assert wanted.keys() == {"environment", "pyproject.toml", "requirements.lock"}
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}".encode() in wanted["environment"]
    assert str(CHECKOUT).encode() in wanted["environment"]


# What goes wrong


@pytest.mark.parametrize(
    ("output", "what_to_do"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "Do not go on"),
        ("/x/bin/python: No module named pip", "ensurepip"),
        ("OSError: [Errno 28] No space left on device", "Make room"),
        ("Error: [Errno 13] Permission denied: '/x/.venv'", "folder of your own"),
        ("ERROR: No matching distribution found for babel==2.18.0", "network"),
    ],
)
def test_a_failed_installation_says_what_to_do(output: str, what_to_do: str) -> None:
    assert what_to_do in build.advice(output)


def test_the_door_can_be_read_by_an_old_python() -> None:
    source = (CHECKOUT / "build.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


def test_the_version_is_asked_before_anything_that_an_old_python_lacks() -> None:
    body = ast.parse((CHECKOUT / "build.py").read_text(encoding="utf-8")).body
    asked = next(i for i, node in enumerate(body) if isinstance(node, ast.If))
    before = [node for node in body[:asked] if not isinstance(node, ast.Expr)]
    assert [ast.unparse(node) for node in before] == ["import os", "import sys"]


# What the machine must have


NOWHERE = system.Library(
    "Nowhere", ("libhandbill-nowhere.so.9",), debian="libnowhere9", fedora="nowhere", macos="no-where"
)
NOTHING = system.Program("handbill-nothing", debian="nothing-utils", fedora="nothing", macos="no-thing")


def test_a_library_or_program_that_is_not_there_is_missing() -> None:
    assert system.missing([NOWHERE, NOTHING]) == (NOWHERE, NOTHING)


def test_what_the_tests_run_on_is_not_missing() -> None:
    assert system.missing(system.needs("test")) == ()


def test_one_line_names_what_is_missing_and_the_command_for_each_system() -> None:
    line = system.instruction([NOWHERE, NOTHING])
    assert "\n" not in line
    assert "lacks Nowhere, handbill-nothing." in line
    assert "`sudo apt-get install libnowhere9 nothing-utils`" in line
    assert "`sudo dnf install nowhere nothing`" in line
    assert "`brew install no-where no-thing`" in line


def test_a_package_that_holds_two_missing_things_is_named_once() -> None:
    tools = [need for need in system.TESTING if need.debian == "poppler-utils"]
    assert len(tools) == 2
    assert system.instruction(tools).count("poppler-utils") == 2  # Debian's and Fedora's


def test_only_commands_that_typeset_need_the_libraries() -> None:
    assert system.needs("build") == system.TYPESETTING
    assert system.needs("test") == system.TYPESETTING + system.TESTING
    assert system.needs("") == system.needs("extract") == ()


def test_the_libraries_asked_for_are_those_that_weasyprint_loads() -> None:
    weasyprint = importlib.util.find_spec("weasyprint")
    assert weasyprint is not None
    assert weasyprint.origin is not None
    source = (Path(weasyprint.origin).parent / "text" / "ffi.py").read_text(encoding="utf-8")
    required = {
        argument.value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_dlopen" and not call.keywords
        for argument in call.args
        if isinstance(argument, ast.Constant) and ".so." in argument.value
    }
    asked = {file for need in system.TYPESETTING for file in getattr(need, "files", ()) if ".so." in file}
    assert required, "WeasyPrint loads its libraries in some other way now"
    assert asked == required | {"libharfbuzz-subset.so.0"}


@pytest.mark.parametrize(
    ("os_release", "debian"),
    [
        ("ID=debian\n", True),
        ('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', True),
        ("ID=raspbian\nID_LIKE=debian\n", True),
        ("ID=fedora\n", False),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', False),
        ("NAME=debian-looking\n", False),
        ("", False),
    ],
)
def test_debian_and_its_kin_are_known_by_their_os_release(os_release: str, debian: bool) -> None:
    assert system.names_debian(os_release) is debian


_LACKING = """
import sys
from handbill import __main__, system
system.Library.is_here = lambda self: False
system.install = lambda names: False
sys.argv = ["build.py", "-C", sys.argv[1], *sys.argv[2:]]
try:
    __main__.main()
finally:
    print("weasyprint" in sys.modules, "handbill.pipeline" in sys.modules)
"""


def test_a_build_says_what_library_it_lacks_before_the_engine_is_loaded(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LACKING, str(tmp_path), "build", "--quiet"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.split()) == (2, ["False", "False"])
    assert "lacks GObject, Pango" in done.stderr
    assert "sudo dnf install" in done.stderr
    assert list(tmp_path.iterdir()) == []


# With CI=true nothing may be skipped


SKIPPING = """
import pytest

def test_passes(): pass

def test_skips(): pytest.skip("no browser here")

@pytest.mark.skip(reason="slow")
def test_is_marked(): pass

@pytest.mark.xfail(reason="some day", strict=False)
def test_is_expected_to_fail(): assert False
"""


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_with_ci_true_a_test_that_did_not_run_is_a_failure(tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "conftest.py").write_bytes((CHECKOUT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_it.py").write_text(SKIPPING, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--rootdir={tmp_path}",
            str(tmp_path),
        ],
        cwd=tmp_path,
        env=os.environ | {"CI": ci},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout
    if ci:
        assert "1 passed" in done.stdout
        assert "skipped" not in done.stdout.splitlines()[-1]
        assert "xfailed" not in done.stdout.splitlines()[-1]


def test_every_program_that_the_tests_start_is_one_that_the_door_installs() -> None:
    beside = {
        "pdfinfo": "pdftotext",
        "pdffonts": "pdftotext",
        "mformat": "mcopy",
        "msgcat": "msgfmt",
        "msgmerge": "msgfmt",
    }  # in the same package
    known = {need.name for need in system.TESTING}
    call = re.compile(r"""(?:\[|which\()"(chromium|firefox|java|m[a-z]+|npm|qpdf|pdf[a-z]+)"[,)]""")
    texts = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py"))
    started = {name for text in texts for name in call.findall(text)}
    assert {"chromium", "qpdf", "msgcat"} <= started
    assert {beside.get(name, name) for name in started} <= known
