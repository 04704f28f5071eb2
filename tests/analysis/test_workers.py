"""Hostile work costs one piece of work: the named error, and the next piece still runs."""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from analysis.errors import ExtractionError
from analysis.workers import Workers

MIB = 1024 * 1024
LIMIT = 400  # MiB; a worker that has only started holds a tenth of it


@pytest.fixture
def workers() -> Iterator[Workers]:
    """One worker, so that the next piece of work meets what the last one left."""
    pool = Workers(processes=1, seconds=1.0, mebibytes=LIMIT)
    yield pool
    pool.close()


def outcome(pool: Workers, function: Callable[..., Any], *arguments: Any) -> Any:
    """The result, or the reason of the error."""
    try:
        return asyncio.run(pool.run(function, *arguments))
    except ExtractionError as error:
        return error.reason


HOSTILE = {
    "timeout": (time.sleep, (60,), "parse_timeout"),
    "memory": (bytearray, (2 * LIMIT * MIB,), "capped"),
    "exit": (os._exit, (1,), "capped"),
    "exit as if all were well": (os._exit, (0,), "parse_timeout"),
    "abort": (os.abort, (), "capped"),
    "segfault": (ctypes.string_at, (8,), "capped"),
    "crash": (int, ("twelve",), "crashed"),
    "system exit": (exec, ("raise SystemExit(3)",), "crashed"),
    "our own word": (
        exec,
        ("from analysis.errors import ExtractionError; raise ExtractionError('soft_404', 'x')",),
        "soft_404",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_one_bad_piece_of_work_is_one_named_error(workers: Workers, name: str) -> None:
    """In the one worker there is, between two good pieces."""
    function, arguments, reason = HOSTILE[name]

    assert outcome(workers, divmod, 7, 2) == (3, 1)
    assert outcome(workers, function, *arguments) == reason
    assert outcome(workers, divmod, 7, 2) == (3, 1)


def test_errors_say_what_the_limit_was(workers: Workers) -> None:
    for function, argument, said in (
        (time.sleep, 60, "more than 1 s"),
        (bytearray, 2 * LIMIT * MIB, f"more than {LIMIT} MiB"),
    ):
        with pytest.raises(ExtractionError, match=said):
            asyncio.run(workers.run(function, argument))


def test_a_bug_of_ours_keeps_its_cause(workers: Workers) -> None:
    """The log must be able to say what it was."""
    with pytest.raises(ExtractionError, match=r"ValueError\(.invalid literal") as crash:
        asyncio.run(workers.run(int, "twelve"))

    assert isinstance(crash.value.__cause__, ValueError)


def test_map_keeps_the_order_over_failures() -> None:
    """An error stands in the place of its result, and the rest comes."""
    pool = Workers(processes=2, seconds=1.0, mebibytes=LIMIT)
    codes = [
        "1 + 1",
        "[][0]",
        "__import__('sys').exit(3)",
        "2 + 2",
        "__import__('os')._exit(1)",
        "3 + 3",
        "__import__('time').sleep(60)",
        "4 + 4",
    ]
    found = [item.reason if isinstance(item, ExtractionError) else item for item in pool.map(eval, codes)]
    pool.close()

    assert found == [2, "crashed", "crashed", 4, "capped", 6, "parse_timeout", 8]


def test_the_slowest_does_not_hold_up_the_others() -> None:
    """While one worker is stuck, the other goes on, and the event loop with it."""
    pool = Workers(processes=2, seconds=1.0, mebibytes=LIMIT)
    done: list[str] = []

    async def noted(name: str, function: Callable[..., Any], argument: Any) -> None:
        try:
            await pool.run(function, argument)
        except ExtractionError as error:
            name = f"{name}: {error.reason}"
        done.append(name)

    async def both() -> None:
        await asyncio.gather(noted("slow", time.sleep, 60), *(noted("quick", abs, -n) for n in range(20)))

    asyncio.run(both())
    pool.close()

    assert done == ["quick"] * 20 + ["slow: parse_timeout"]


def test_nothing_starts_before_the_first_work() -> None:
    """`scrapy list` and `shell` must not wait for workers; closing twice is closing once."""
    pool = Workers()
    assert pool._pool is None
    pool.close()
    pool.close()


def test_a_closed_pool_can_be_used_again(workers: Workers) -> None:
    pids = [outcome(workers, os.getpid)]
    workers.close()
    pids.append(outcome(workers, os.getpid))

    assert os.getpid() not in pids
    assert len(set(pids)) == 2
