"""Work that is under way when a crawl is told to stop; tests/test_interruptions.py stops a whole one."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from spiders import stop
from spiders.stop import Stopped, unless_stopped


class Told(SimpleNamespace):
    """As much of a crawler as is asked: whether its engine runs."""

    __hash__ = object.__hash__


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at once, and has no patience."""
    monkeypatch.setattr(stop, "_LOOK", 0.001)
    monkeypatch.setattr(stop, "_GRACE", 0.0)


def crawler(*, running: bool) -> Any:
    return cast("Any", Told(engine=SimpleNamespace(running=running)))


async def _done() -> str:
    return "done"


def test_what_is_done_is_given_whether_or_not_the_crawl_is_being_stopped() -> None:
    """The grace is for this."""
    for running in (True, False):
        assert asyncio.run(unless_stopped(crawler(running=running), _done())) == "done"


def test_what_never_ends_is_given_up_and_cancelled() -> None:
    """Not before the crawl is told to stop."""
    told = crawler(running=True)

    async def scene() -> bool:
        never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = asyncio.ensure_future(unless_stopped(told, never))
        await asyncio.wait({waiting}, timeout=0.01)
        assert not waiting.done()
        told.engine.running = False
        with pytest.raises(Stopped):
            await waiting
        return never.cancelled()

    assert asyncio.run(scene())


def test_an_error_of_the_work_is_raised() -> None:
    """As without us."""

    async def broken() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(unless_stopped(crawler(running=True), broken()))
