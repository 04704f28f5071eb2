"""Slow or dangerous work in other processes, each piece with a budget of time and memory.

One hostile page can cost a parser a minute or a gigabyte (docs/choices.md, workers). Here it costs one worker, which
is killed and replaced, and nothing else waits.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from analysis.errors import ExtractionError

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

_MEBIBYTE = 1024 * 1024


class Workers:
    """A pool of processes; made at the first piece of work, so that `scrapy list` or `shell` start none."""

    def __init__(self, *, processes: int | None = None, seconds: float = 10.0, mebibytes: int = 1500) -> None:
        """
        processes: how many; one a core where not given
        seconds: wall time a piece of work may take
        mebibytes: private memory a worker may hold, models included
        """
        self.processes = processes or max(1, len(os.sched_getaffinity(0)))
        self.seconds = seconds
        self.mebibytes = mebibytes
        self._pool: ProcessPool | None = None

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args)` in a worker; `function` and `args` must pickle.

        Raises:
            ExtractionError: what `function` raised; `parse_timeout` when the time ran out, `capped` when the memory
                did or the worker died, `crashed` for any other exception: our bug, and still only one page.
        """
        future = self._ready().schedule(function, args=args, kwargs=kwargs, timeout=self.seconds)
        try:
            return await asyncio.wrap_future(future)
        except ExtractionError:
            raise
        except Exception as error:
            raise self._broken(error) from error

    def map(self, function: Callable[[S], T], items: Iterable[S]) -> Iterator[T | ExtractionError]:
        """`function` of each item, in order; an ExtractionError, as `run` raises it, in the place of a result."""
        results = self._ready().map(function, items, timeout=self.seconds).result()
        while True:
            try:
                yield next(results)
            except StopIteration:
                return
            except ExtractionError as error:
                yield error
            except Exception as error:
                yield self._broken(error)

    def close(self) -> None:
        """End the workers at once; their work is done or no longer wanted."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def _broken(self, error: Exception) -> ExtractionError:
        if isinstance(error, FutureTimeout):
            return ExtractionError("parse_timeout", f"more than {self.seconds:g} s")
        if isinstance(error, MemoryError):
            return ExtractionError("capped", f"more than {self.mebibytes} MiB")
        if isinstance(error, ProcessExpired):
            return ExtractionError("capped", f"worker died with status {error.exitcode}")
        return ExtractionError("crashed", repr(error))

    def _ready(self) -> ProcessPool:
        if self._pool is None:
            # Not `fork`: the crawl has threads, and a forked worker would hold the run's lock after a kill.
            self._pool = ProcessPool(
                max_workers=self.processes,
                context=multiprocessing.get_context("spawn"),
                initializer=_limit,
                initargs=(self.mebibytes * _MEBIBYTE,),
            )
        return self._pool


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
