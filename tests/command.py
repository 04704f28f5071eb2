"""Run presswatch and Scrapy as people do, in a process of their own, with warnings as errors.

Every process is watched (tests/guard): `connections(folder)` tells whom it talked to.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 900.0
"""Seconds after which a process counts as hanging, on the busiest machine; pytest's own limit comes first."""


def environment(folder: Path, **extra: str) -> dict[str, str]:
    """This one, without what the caller's shell says of presswatch, colours and proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.match(r"PRESSWATCH|SCRAPY|COLUMNS|NO_COLOR|FORCE_COLOR|.*_proxy$|PYTHONWARNINGS", name, re.IGNORECASE)
    }
    guard = {"PYTHONPATH": str(ROOT / "tests" / "guard"), "PRESSWATCH_TEST_FOLDER": str(folder)}
    return {**kept, **guard, "PRESSWATCH_TEST_ONE_CORE": "yes", **extra}


def line(watchlist: Path, *arguments: str) -> list[str]:
    """The command line of `presswatch ARGUMENTS`, for a database beside the watchlist."""
    options = ["--watchlist", str(watchlist), "--db", str(watchlist.with_suffix(".duckdb"))]
    return [sys.executable, "-W", "error", str(ROOT / "presswatch.py"), *options, *arguments]


def presswatch(watchlist: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """`presswatch ARGUMENTS` in the watchlist's folder, to its end; `extra` goes into the environment."""
    folder = watchlist.parent
    return subprocess.run(
        line(watchlist, *arguments),
        cwd=folder, env=environment(folder, **extra), capture_output=True, text=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip


@contextmanager
def started(watchlist: Path, *arguments: str, **extra: str) -> Iterator[subprocess.Popen[str]]:
    """The same, left running while the block runs; killed at its end if it still does."""
    folder = watchlist.parent
    with subprocess.Popen(
        line(watchlist, *arguments),
        cwd=folder, env=environment(folder, **extra), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def scrapy(
    folder: Path, *arguments: str, cwd: Path = ROOT, warnings: str = "error"
) -> subprocess.CompletedProcess[str]:
    """`scrapy ARGUMENTS` in the checkout, with the watchlist and a database in `folder`."""
    chosen = {"PRESSWATCH_WATCHLIST": folder / "watchlist.toml", "PRESSWATCH_DATABASE": folder / "watchlist.duckdb"}
    options = [word for name, value in chosen.items() for word in ("-s", f"{name}={value}")]
    return subprocess.run(
        [sys.executable, "-W", warnings, "-m", "scrapy", *arguments, *options],
        cwd=cwd, env=environment(folder), capture_output=True, text=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip


def connections(folder: Path) -> set[str]:
    """Everything that processes in `folder` connected to, sent to or asked the address of: `connect 127.0.0.1 80`."""
    log = folder / "connections"
    return set(log.read_text("utf-8").splitlines()) if log.exists() else set()


def rows(watchlist: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the database beside the watchlist, from the copy for readers; the private tables too."""
    with duckdb.connect(str(watchlist.with_suffix(".snapshot.duckdb")), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query, list(values)).fetchall()
