"""How the engine hangs together: its imports are read, and hold to the house's rules.

Imports point one way, phases do not import each other, each foreign library has one importer, and a phase
knows neither clock nor disk nor network.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import handbill

ENGINE = Path(handbill.__file__).parent
MODULES = sorted(path.stem for path in ENGINE.glob("*.py") if path.stem != "__init__")

LAYERS = (
    {"model"},
    {
        "diagnostics",
        "languages",
        "compression",
        "room",
        "sheets",
        "fonts",
        "edits",
        "wording",
        "system",
        "suite",
        "ink",
        "bilingual",
        "policy",
        "neutral",
    },
    {
        "markdown",
        "tables",
        "phrases",
        "stitch",
        "cards",
        "zine",
        "leaflet",
        "poster",
        "trim",
        "pictures",
        "plates",
    },
    {"confidential", "prose", "alignment", "collation", "contacts", "imprint", "lettering", "pdf", "formats"},
    {"links", "reading", "rules", "banner", "worksheet"},
    {
        "load",
        "parse",
        "po",
        "extract",
        "merge",
        "classify",
        "changes",
        "fill",
        "plan",
        "check",
        "pseudo",
        "publish",
        "glossary",
        "reviews",
        "render",
        "typeset",
        "impose",
        "audit",
        "crawlers",
        "proof",
        "sums",
        "report",
        "answers",
    },
    {"store"},
    {"gate"},
    {"press", "source", "outcome", "standing"},
    {"packing", "spoken", "rehearsal", "desk", "profile"},
    {"website", "hosting", "booklets"},
    {"deck"},
    {"catalogs", "mirror", "reviewing", "worklist", "pipeline", "preview", "babel_plugin", "finished"},
    {"newlocale"},
    {"terminal"},
    {"summaries", "dialogue"},
    {"translating"},
    {"cli"},
    {"__main__"},
)
"""Each module imports only from layers before its own."""

PHASES = LAYERS[5]

PURE = set().union(*LAYERS[:6]) - {"system", "suite"}
"""What knows nothing of the world: the phases and all that they stand on."""

WORLDLY = """
asyncio concurrent ctypes getpass glob http importlib locale multiprocessing os pathlib platform random
secrets shutil signal socket ssl subprocess sys tempfile threading time urllib.request uuid
"""

IMPORTERS = {
    "brotli": "compression",
    "babel.core": "languages",
    "babel.dates": "languages",
    "babel.lists": "languages",
    "babel.localedata": "languages",
    "babel.numbers": "languages",
    "babel.units": "languages",
    "babel.messages": "po",
    "click": "terminal",
    "cssselect2": "typeset",
    "icu": "collation",
    "jinja2": "render",
    "markupsafe": "render",
    "jinja2.ext": "extract",
    "markdown_it": "markdown",
    "mdit_py_plugins": "markdown",
    "PIL": "pictures",
    "pikepdf": "pdf",
    "pydyf": "typeset",
    "pypdfium2": "lettering",
    "pyphen": "languages",
    "rich": "terminal",
    "segno": "imprint",
    "selectolax": "audit",
    "weasyprint": "typeset",
    "yaml": "tables",
}
"""The longest prefix counts: all of Babel has its importers here."""

_COMMAND_LINE = "the command line is several modules: commands, and what they say"

SHARED = {
    (
        "extract",
        "jinja2",
    ): "the error that Jinja's extractor raises, which a template's author must get to see",
    (
        "typeset",
        "selectolax",
    ): "pages for print become trees: not a finding of `audit`, and twenty times as fast",
    ("plates", "pikepdf"): "colours written as inks, a part of what `pdf` does, too long to stand there",
    ("cli", "click"): _COMMAND_LINE,
    ("translating", "click"): _COMMAND_LINE,
    ("summaries", "click"): _COMMAND_LINE,
    ("dialogue", "click"): _COMMAND_LINE,
    ("dialogue", "rich"): "the table of a review, as wide as the terminal",
}
"""Exceptions, each with its reason."""


def _imports(module: str) -> Iterator[tuple[str, str]]:
    """Yield (module, name) for all that a module imports, wherever it does; a whole module has no name."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            yield from ((node.module or "", alias.name) for alias in node.names)


def _tree(module: str) -> ast.Module:
    return ast.parse((ENGINE / f"{module}.py").read_text(encoding="utf-8"))


def _own(module: str) -> set[str]:
    """Return the modules of the engine that a module imports."""
    own = set()
    for name, what in _imports(module):
        if name == "handbill" and what in MODULES:
            own.add(what)
        elif name.startswith("handbill."):
            own.add(name.split(".")[1])
    return own


def _foreign(module: str) -> set[str]:
    names = {name for name, _ in _imports(module)}
    return {name for name in names if name.split(".")[0] not in sys.stdlib_module_names | {"handbill"}}


def test_every_module_has_its_layer() -> None:
    placed = [module for layer in LAYERS for module in layer]
    assert sorted(placed) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    own_layer = next(index for index, layer in enumerate(LAYERS) if module in layer)
    below = set().union(*LAYERS[:own_layer])
    assert _own(module) - below == set()


def test_phases_do_not_import_each_other() -> None:
    assert {phase: _own(phase) & PHASES for phase in PHASES if _own(phase) & PHASES} == {}


@pytest.mark.parametrize("module", MODULES)
def test_each_foreign_library_has_one_importer(module: str) -> None:
    for name in _foreign(module):
        parts = name.split(".")
        prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        library = next((prefix for prefix in prefixes if prefix in IMPORTERS), name)
        if (module, library) not in SHARED:
            assert IMPORTERS.get(library) == module, f"{module} imports {name}"


def test_every_importer_still_imports_its_library() -> None:
    for library, module in IMPORTERS.items():
        assert _imports_library(module, library), library
    for module, library in SHARED:
        assert _imports_library(module, library), library


def _imports_library(module: str, library: str) -> bool:
    return any(name == library or name.startswith(f"{library}.") for name in _foreign(module))


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_phase_knows_nothing_of_the_world(module: str) -> None:
    for name, _ in _imports(module):
        parts = name.split(".")
        assert not {".".join(parts[:length]) for length in range(1, len(parts) + 1)} & set(WORLDLY.split()), (
            name
        )
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "today", "utcnow", "fromtimestamp"), "time is a parameter"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("open", "input", "print", "exec", "eval", "__import__")
        assert not isinstance(node, ast.Global)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(_tree(module))


def test_the_map_of_the_house_shows_every_module() -> None:
    architecture = (ENGINE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert [module for module in MODULES if module != "__main__" and f"`{module}`" not in architecture] == []
