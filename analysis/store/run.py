"""One run of the crawl as the store sees it: lock, ledger, spool, loader."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from analysis.store.database import beside, writing
from analysis.store.ledger import end_run, run_lock, start_run
from analysis.store.load import load
from analysis.store.spool import Spool, adopt, sealed
from analysis.watchlist import Watchlist


class Run:
    """Keeps what the crawl finds. `begin`, any number of `keep`, `end`; all from one thread."""

    def __init__(self, database: Path, watchlist: Watchlist, command: str) -> None:
        self.database = database
        self.watchlist = watchlist
        self.command = command
        self.run_id = ""
        self._spool: Spool | None = None
        self._stack = ExitStack()
        # DuckDB's work stays out of the event loop; one thread, because one writer.
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="loader")
        self._loads: list[Future[None]] = []

    def begin(self) -> None:
        """Take the lock, bring in what a killed run left in the spool, and open the run in the ledger.

        Raises:
            RunLocked: another run is at work.
            StoreError: the database cannot be used.
        """
        self._stack.enter_context(run_lock(self.database))
        try:
            folder = beside(self.database, ".spool")
            adopt(folder)
            self._load()
            with writing(self.database) as connection:
                self.run_id = start_run(connection, self.command, self.watchlist)
        except BaseException:
            self._stack.close()
            raise
        self._spool = Spool(folder, self.run_id)

    def keep(self, record: dict[str, Any]) -> None:
        """Write one record to the spool; a full segment is loaded in the background.

        Raises:
            OSError: the disk is full or gone.
        """
        assert self._spool is not None, "begin() comes first"
        if self._spool.append(record):
            self._spool.seal()
            self._loads.append(self._loader.submit(self._load))

    def end(self, status: str, *, pages: int = 0, errors: int = 0) -> None:
        """Load what is left, publish it, close the ledger and let go of the lock.

        Raises:
            StoreError, OSError: a load failed; its segment stays in the spool for the next run.
        """
        try:
            if self._spool is not None:
                self._spool.seal()
            wait(self._loads)  # one that failed left its segments, and is tried again here
            self._load()
            with writing(self.database) as connection:
                end_run(connection, self.run_id, status, pages, errors)
        finally:
            self._loader.shutdown()
            self._stack.close()

    def _load(self) -> None:
        segments = sealed(beside(self.database, ".spool"))
        if segments:
            with writing(self.database) as connection:
                for segment in segments:
                    load(connection, segment)
