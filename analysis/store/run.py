"""One run of the crawl as the store sees it: lock, ledger, spool, loader."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from analysis.errors import DatabaseBusy, NewerDatabase, StoreError
from analysis.store.database import beside, writing
from analysis.store.ledger import end_run, run_lock, start_run
from analysis.store.load import load
from analysis.store.restore import mend
from analysis.store.spool import Spool, adopt, sealed
from analysis.store.trim import trim
from analysis.watchlist import Watchlist

_SEGMENTS_A_LOAD = 20
"""10,000 pages: what is held in memory at once."""


class Run:
    """Keeps what the crawl finds. `begin`, any number of `keep`, `end`; all from one thread."""

    def __init__(self, database: Path, watchlist: Watchlist, command: str) -> None:
        self.database = database
        self.watchlist = watchlist
        self.command = command
        self.run_id = ""
        self.mended = ""
        """What had to be done to the database before the run, in words."""
        self._spool: Spool | None = None
        self._stack = ExitStack()
        # DuckDB's work stays out of the event loop; one thread, because one writer.
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="loader")
        self._loads: list[Future[None]] = []
        self._due = 0.0

    def begin(self) -> None:
        """Take the lock, bring in what a killed run left in the spool, and open the run in the ledger.

        Raises:
            RunLocked: another run is at work.
            StoreError: the database cannot be used, and is not damaged or has no sound copy.
        """
        self._stack.enter_context(run_lock(self.database))
        try:
            folder = beside(self.database, ".spool")
            adopt(folder)
            try:
                self._open(folder)
            except (DatabaseBusy, NewerDatabase):
                raise
            except StoreError:
                if (restored := mend(self.database)) is None:
                    raise
                self.mended = restored.words
                self._open(folder)
        except BaseException:
            self._stack.close()
            raise
        self._spool = Spool(folder, self.run_id)

    def _open(self, folder: Path) -> None:
        with writing(self.database) as connection:
            _load_all(connection, sealed(folder))
            self.run_id = start_run(connection, self.command, self.watchlist)

    def keep(self, record: dict[str, Any]) -> None:
        """Write one record to the spool; a full segment is loaded in the background.

        Raises:
            OSError: the disk is full or gone.
        """
        assert self._spool is not None, "begin() comes first"
        if self._spool.append(record):
            self._spool.seal()
            self._loads.append(self._loader.submit(self._load_when_due))

    def end(self, status: str, *, pages: int = 0, errors: int = 0) -> None:
        """Load what is left, publish it, close the ledger and let go of the lock.

        Raises:
            StoreError, OSError: a load failed; its segment stays in the spool for the next run.
        """
        try:
            if self._spool is not None:
                self._spool.seal()
            wait(self._loads)  # one that failed left its segments, and is tried again here
            with writing(self.database) as connection:
                _load_all(connection, sealed(beside(self.database, ".spool")))
                if self.watchlist.store.text == "snippet":
                    trim(connection, datetime.now(UTC))
                end_run(connection, self.run_id, status, pages, errors)
        finally:
            self._loader.shutdown()
            self._stack.close()

    def _load_when_due(self) -> None:
        """Load and publish what waits, unless the last time took more than a tenth of the time since.

        What a load costs grows with the store (the snapshot is a copy of it); the spool keeps everything meanwhile.
        """
        segments = sealed(beside(self.database, ".spool"))
        began = time.monotonic()
        if not segments or began < self._due:
            return
        with writing(self.database) as connection:
            _load_all(connection, segments)
        self._due = time.monotonic() + 9 * (time.monotonic() - began)


def _load_all(connection: duckdb.DuckDBPyConnection, segments: list[Path]) -> None:
    """Many segments a transaction, because most of what a transaction costs it costs once; but not without end."""
    for first in range(0, len(segments), _SEGMENTS_A_LOAD):
        some = segments[first : first + _SEGMENTS_A_LOAD]
        try:
            load(connection, *some)
        except duckdb.Error:
            for segment in some:  # what is wrong with one is no reason to leave the others
                load(connection, segment)
