"""The wheel works where other people's packages live, and an editable install runs the checkout.

Each environment is a new one. Dependencies are not installed again but shown to it: a .pth file adds the
site-packages that run these tests, behind its own. The .pth files there, our own editable install among them,
have no effect that way, so only the wheel can serve our modules.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
OURS = ("spiders", "pipelines", "analysis", "settings", "presswatch")
# Imports each command and each stage as `presswatch NAME` would, then says where our modules came from.
WHERE_FROM = f"""
import json, sys, click, presswatch
for name in presswatch.COMMANDS:
    presswatch.cli.get_command(click.Context(presswatch.cli), name)
import settings
from scrapy.utils.misc import load_object
for stage in settings.ITEM_PIPELINES:
    load_object(stage)
ours = [name for name in sys.modules if name.split(".")[0] in {OURS!r}]
print(json.dumps(dict((name, sys.modules[name].__file__) for name in ours)))
"""
HOSTILE = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "othertool"
version = "1"
[tool.hatch.build.targets.wheel]
only-include = ["analysis", "pipelines", "spiders", "settings.py"]
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Standard output; where the command fails, its error output is the test's."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**inherited, "PYTHONWARNINGS": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def build(project: Path, into: Path) -> Path:
    """The wheel of `project`, built by the hatchling of this environment."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", into, cwd=project)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our wheel."""
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a package that ships modules of our names; importing one of them fails."""
    project = tmp_path_factory.mktemp("othertool")
    (project / "pyproject.toml").write_text(HOSTILE)
    for name in ("analysis/__init__.py", "pipelines/__init__.py", "spiders/__init__.py", "settings.py"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("raise ImportError('othertool was imported')\n")
    return build(project, tmp_path_factory.mktemp("hostile"))


class Environment:
    """A virtual environment without pip; the pip of this environment works on it from outside."""

    def __init__(self, folder: Path) -> None:
        run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
        (self.site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def pip(self, *arguments: str | Path) -> None:
        """Without network and without dependencies."""
        run(sys.executable, "-m", "pip", "--python", self.python, *arguments, cwd=self.folder)

    def install(self, *arguments: str | Path) -> None:
        """`pip install` of local things only."""
        self.pip("install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", *arguments)

    def presswatch(self, *arguments: str, cwd: Path) -> str:
        """The installed command, as if another Scrapy project had left its settings in the environment."""
        command = self.folder / "bin" / "presswatch"
        return run(command, *arguments, cwd=cwd, SCRAPY_SETTINGS_MODULE="othertool.settings")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A new one."""
    return Environment(tmp_path / "venv")


def test_wheel_holds_all_of_ours_under_one_folder(wheel: Path) -> None:
    """Each file of the three packages, data too; nothing else lands in site-packages."""
    names = set(zipfile.ZipFile(wheel).namelist())
    packages = [path for name in OURS[:3] for path in (ROOT / name).rglob("*") if path.is_file()]
    expected = {f"presswatch/{p.relative_to(ROOT)}" for p in packages if "__pycache__" not in p.parts}

    assert expected - names == set()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"presswatch"}


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_wheel_works_beside_a_hostile_package(
    first: str, wheel: Path, hostile: Path, environment: Environment, tmp_path: Path
) -> None:
    """Installed before or after it, the command imports our modules, and theirs stay where they are."""
    for package in (wheel, hostile) if first == "ours" else (hostile, wheel):
        environment.install(package)

    assert "Usage: presswatch" in environment.presswatch("--help", cwd=tmp_path)
    environment.presswatch("init", cwd=tmp_path)
    assert (tmp_path / "watchlist.toml").read_text("utf-8").count("[[brands]]") >= 1
    files = json.loads(run(environment.python, "-c", WHERE_FROM, cwd=tmp_path))
    assert {name.split(".")[0] for name in files} == set(OURS)
    assert [file for file in files.values() if not Path(file).is_relative_to(environment.site / "presswatch")] == []
    assert "othertool" in (environment.site / "analysis" / "__init__.py").read_text()


def test_uninstalling_the_hostile_package_leaves_us_whole(
    wheel: Path, hostile: Path, environment: Environment, tmp_path: Path
) -> None:
    """No file belongs to both."""
    environment.install(wheel, hostile)
    environment.pip("uninstall", "--quiet", "--yes", "othertool")

    assert "Usage: presswatch" in environment.presswatch("--help", cwd=tmp_path)
    assert not (environment.site / "analysis").exists()


def test_editable_install_runs_the_checkout(environment: Environment, tmp_path: Path) -> None:
    """No copy of our files in site-packages, which would be older than the checkout from the next edit on."""
    environment.install("--editable", ROOT)

    assert [path.name for path in environment.site.glob("presswatch*") if "dist-info" not in path.name] == []
    files = json.loads(run(environment.python, "-c", WHERE_FROM, cwd=tmp_path))
    assert [file for file in files.values() if not Path(file).is_relative_to(ROOT)] == []


def test_no_dependency_has_our_names() -> None:
    """Our folder comes first on the path, so it would hide such a module from the package that needs it."""
    owners = importlib.metadata.packages_distributions()

    assert {name: owners[name] for name in OURS if set(owners.get(name, [])) - {"presswatch"}} == {}
