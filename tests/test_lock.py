"""The lock files: what pyproject.toml asks for, pinned with hashes, the same for running and developing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ENTRY = re.compile(
    r"^(\S+)==(\S+)(?: ; ([^\\\n]+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins(name: str) -> set[tuple[str, str, str]]:
    """Package, version and marker of each entry."""
    text = (ROOT / name).read_text("utf-8")
    return {(match[1], match[2], match[3] or "") for match in ENTRY.finditer(text)}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_a_pin_with_hashes(name: str) -> None:
    """No option, so no address of an index either; no package without a hash."""
    rest = ENTRY.sub("", (ROOT / name).read_text("utf-8"))

    assert pins(name)
    assert [line for line in rest.splitlines() if not line.lstrip().startswith("#")] == []
    assert "://" not in rest


def test_developing_only_adds() -> None:
    """What is tested is what runs."""
    run, dev = map(pins, LOCKS)

    assert run - dev == set()


def asked_for() -> list[tuple[str, Requirement]]:
    """Lock file and requirement of everything that pyproject.toml names."""
    groups = PROJECT["dependency-groups"]
    extras = PROJECT["project"]["optional-dependencies"]
    run = [*PROJECT["project"]["dependencies"], *extras["model"], *groups["build"]]
    return [(LOCKS[0], Requirement(r)) for r in run] + [(LOCKS[1], Requirement(r)) for r in groups["dev"]]


@pytest.mark.parametrize(("name", "requirement"), asked_for(), ids=str)
def test_what_is_asked_for_is_pinned(name: str, requirement: Requirement) -> None:
    """`make lock` was run after the last change of a dependency."""
    versions = [version for package, version, _ in pins(name) if package == canonicalize_name(requirement.name)]

    assert versions
    assert all(requirement.specifier.contains(version) for version in versions)


def test_the_build_needs_nothing_that_is_not_pinned() -> None:
    """`pip install --no-build-isolation -e .` finds the build system that pyproject.toml names."""
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]
