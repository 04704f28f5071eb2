"""Slow or dangerous work in other processes, each piece with a budget of time and memory.

One hostile page can cost a parser a minute or a gigabyte (docs/choices.md, workers). Here it costs one worker, which
is killed and replaced, and nothing else waits.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from analysis.errors import ExtractionError

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

_MEBIBYTE = 1024 * 1024
_OUT_OF_MEMORY = 77  # exit status of a worker
_PATIENCE = 4


class Workers:
    """A pool of processes; made at the first piece of work, so that `scrapy list` or `shell` start none."""

    def __init__(self, *, processes: int | None = None, seconds: float = 9.0, mebibytes: int = 1500,
                 modules: tuple[str, ...] = ()) -> None:  # fmt: skip
        """
        processes: how many; one a core where not given
        seconds: processor time a piece of work may take, and by the clock four times that: on a machine that is busy
            with other things a page is not lost for it
        mebibytes: private memory a worker may hold, models included
        modules: what a worker imports before its first piece of work, and whose `warm_up` it calls where there is one,
            so that the time of that does not count for the work
        """
        self.processes = processes or max(1, len(os.sched_getaffinity(0)))
        self.seconds = seconds
        self.mebibytes = mebibytes
        self.modules = modules
        self._pool: ProcessPool | None = None
        self._open: set[ProcessFuture[Any]] = set()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args)` in a worker; `function` and `args` must pickle.

        Raises:
            ExtractionError: what `function` raised; `parse_timeout` when the time ran out, `capped` when the memory
                did or the worker died, `crashed` for any other exception: our bug, and still only one page.
        """
        try:
            try:
                return await asyncio.wrap_future(self._schedule(function, *args, **kwargs))
            except BrokenProcessPool:  # what had not begun went with it
                return await asyncio.wrap_future(self._schedule(function, *args, **kwargs))
        except ExtractionError:
            raise
        except (Exception, SystemExit) as error:  # a library's sys.exit would end the crawl
            raise self._broken(error) from error

    def map(self, function: Callable[[S], T], items: Iterable[S]) -> Iterator[T | ExtractionError]:
        """`function` of each item, in order; an ExtractionError, as `run` raises it, in the place of a result."""
        scheduled = [(item, self._schedule(function, item)) for item in items]
        for item, future in scheduled:
            try:
                try:
                    yield future.result()
                except BrokenProcessPool:
                    yield self._schedule(function, item).result()
            except ExtractionError as error:
                yield error
            except (Exception, SystemExit) as error:
                yield self._broken(error)

    def close(self) -> None:
        """End the workers at once; their work is done or no longer wanted."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def _broken(self, error: BaseException) -> ExtractionError:
        if isinstance(error, FutureTimeout) or (
            isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
        ):
            return ExtractionError("parse_timeout", f"more than {self.seconds:g} s")
        if isinstance(error, MemoryError):
            return ExtractionError("capped", f"more than {self.mebibytes} MiB")
        if isinstance(error, ProcessExpired) and error.exitcode == _OUT_OF_MEMORY:
            return self._broken(MemoryError())
        if isinstance(error, BrokenProcessPool):
            return ExtractionError("capped", str(error))
        if isinstance(error, ProcessExpired):
            return ExtractionError("capped", f"worker died with status {error.exitcode}")
        return ExtractionError("crashed", repr(error))

    def _schedule(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> ProcessFuture[T]:
        future: ProcessFuture[T] = self._ready().schedule(
            _within_budget, args=(self.seconds, function, *args), kwargs=kwargs, timeout=_PATIENCE * self.seconds
        )
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        return future

    def _ready(self) -> ProcessPool:
        if self._pool is not None and not self._pool.active:
            # Pebble gives up where a worker dies that had nothing to do, and forgets what stood in its queue.
            self.close()
            for future in list(self._open):
                future.set_exception(BrokenProcessPool("its worker died before it began"))
        if self._pool is None:
            # Not `fork`: the crawl has threads, and a forked worker would hold the run's lock after a kill.
            self._pool = ProcessPool(
                max_workers=self.processes,
                context=multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=(self.mebibytes * _MEBIBYTE, self.modules),
            )
        return self._pool


def _prepare(size: int, modules: tuple[str, ...]) -> None:
    """In a new worker. It must die at once when it is told to: pebble's own handler runs only when a parser that is
    stuck in C comes back to Python, and three seconds go by before pebble sends the signal that cannot be handled."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    for name in modules:
        getattr(import_module(name), "warm_up", bool)()


def _within_budget(seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """In the worker. The kernel ends it when its processor time is used up, whatever it is doing (SIGPROF). One that
    ran out of memory once has too little for the next piece of work, so it is replaced."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*args, **kwargs)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
