"""What runs tell each other about hosts: their robots.txt, and until when they want to be left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.store.database import reading


class HostMemory:
    """Read when it is first asked for, from the snapshot; what is new is kept through the run's spool."""

    def __init__(self, database: Path, keep: Callable[[dict[str, Any]], None]) -> None:
        self.database = database
        self.keep = keep

    def recall(self, origin: str) -> tuple[str, datetime] | None:
        """The last robots.txt of `scheme://host:port` that came, and when; None where there is none."""
        return self._robots.get(origin)

    def remember(self, origin: str, body: str, fetched_at: datetime) -> None:
        """For the next run."""
        self.keep({"robots": {"origin": origin, "body": body, "fetched_at": fetched_at}})

    def resting(self, now: datetime) -> dict[str, str]:
        """Hosts that asked to be left alone for longer than until now, and why."""
        return {host: reason for host, until, reason in self._rows("rests", "host, until, reason") if until > now}

    def rest(self, host: str, until: datetime, reason: str) -> None:
        """`host` wants to be left alone."""
        self.keep({"rest": {"host": host, "until": until, "reason": reason}})

    @cached_property
    def _robots(self) -> dict[str, tuple[str, datetime]]:
        return {origin: (body, at) for origin, body, at in self._rows("robots", "origin, body, fetched_at")}

    def _rows(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        if not self.database.exists():
            return []
        with reading(self.database) as connection:
            return connection.execute(f"SELECT {columns} FROM private.{table}").fetchall()
