"""Reading for a process that answers many requests: the snapshot is opened once, not for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition

import duckdb

from analysis.store.database import newest_snapshot, open_snapshot


class Readers:
    """Connections to the newest snapshot; opening one of a million mentions takes 70 ms, a cursor nothing.

    DuckDB keeps one instance for each path in a process, so the old snapshot must be closed before a new one of the
    same name is opened: then whoever comes waits for those who still read, which takes as long as their query.
    """

    def __init__(self, database: Path) -> None:
        self.database = database
        self._turn = Condition()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._state: tuple[int, int] | None = None
        self._reading = 0

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection to the newest snapshot, for one thread; do not open a second one inside.

        Raises:
            StoreError: there is no database yet, or it cannot be opened.
        """
        with self._turn:
            cursor = self._newest().cursor()
            self._reading += 1
        try:
            cursor.execute("SET TimeZone = 'UTC'")
            yield cursor
        finally:
            cursor.close()
            with self._turn:
                self._reading -= 1
                self._turn.notify_all()

    def _newest(self) -> duckdb.DuckDBPyConnection:
        snapshot = newest_snapshot(self.database)
        while self._connection is None or self._state != _state(snapshot):
            if self._reading:
                self._turn.wait()
                continue
            self.close()
            self._state = _state(snapshot)
            self._connection = open_snapshot(snapshot)
        return self._connection

    def close(self) -> None:
        """Until the next one reads."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _state(snapshot: Path) -> tuple[int, int]:
    found = snapshot.stat()
    return found.st_ino, found.st_mtime_ns
