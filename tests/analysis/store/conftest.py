"""Other processes for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from multiprocessing import Process, get_context
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a store will be."""
    return tmp_path / "data" / "press.duckdb"


@pytest.fixture(scope="session")
def server() -> Any:
    """Forks ready processes; never this one, which has threads."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.analysis.store.victim"])
    return context


@pytest.fixture
def start(server: Any) -> Iterator[Start]:
    """`start(function, *arguments)` in another process, which is dead at the end of the test."""
    processes: list[Process] = []

    def _start(function: Callable[..., None], *arguments: Any) -> Any:
        process = server.Process(target=function, args=arguments)
        process.start()
        processes.append(process)
        return process

    yield _start
    for process in processes:
        process.kill()
        process.join()
        process.close()
