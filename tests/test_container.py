"""The container files: they name what exists. The image itself is built by hand (docs/operations.md)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from presswatch import cli
from tests.command import ROOT

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]


def test_the_image_gets_all_that_the_wheel_is_made_of() -> None:
    """.dockerignore leaves out everything else; each of its exceptions is there."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {Path(path).parts[0] for path in re.findall(r"[\w./-]+", str(build)) if (ROOT / path).exists()}

    assert needed - {"."} <= let_in
    assert {name for name in let_in if not (ROOT / name).exists()} == set()
    assert "*" in lines


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_a_command_that_exists(service: str) -> None:
    """With options that it has."""
    words = [word for word in SERVICES[service]["command"] if word != "--log-json"]
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None
    context = click.Context(command, help_option_names=["-h", "--help"])  # which click remembers for the whole process
    command.make_parser(context).parse_args(words[1:])


def test_a_container_may_do_nothing_that_it_need_not() -> None:
    """Read-only, without capabilities, no port to the world; the image runs as a user of its own."""
    for service in SERVICES.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert "\nUSER press\n" in (ROOT / "Dockerfile").read_text("utf-8")
