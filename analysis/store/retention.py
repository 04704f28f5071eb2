"""`[store] keep_days` and `archive_days`: what is older goes, every night; never by a clock that may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from analysis.store.archive import began
from analysis.store.database import beside, writing
from analysis.store.erase import erase
from analysis.watchlist.models import Store

_JUMP = timedelta(days=2)
"""Between the starts of two runs: more is a clock that jumped, or nights that were missed. Both can wait a night."""
_RUNS = "SELECT started_at FROM private.runs ORDER BY rowid DESC LIMIT 2"
_OLD = "newest AND coalesce(published_at, fetched_at) < $before"


@dataclass(frozen=True)
class Expired:
    """What a night erased."""

    articles: int = 0
    files: int = 0
    doubt: str = ""
    """Why nothing was looked at, "" where it was."""


def expire(database: Path, store: Store, now: datetime) -> Expired:
    """Erase what is older than the watchlist keeps; at the end of a run, by its holder of the run lock or after it.

    Raises:
        StoreError: the database cannot be used.
        DatabaseBusy: another process writes.
    """
    if store.keep_days is None and store.archive_days is None:
        return Expired()
    with writing(database) as connection:
        if doubt := _doubt(connection, now):
            return Expired(doubt=doubt)
        articles = _articles(connection, now - timedelta(days=store.keep_days)) if store.keep_days else 0
    files = _files(database, now - timedelta(days=store.archive_days)) if store.archive_days else 0
    return Expired(articles, files)


def _articles(connection: duckdb.DuckDBPyConnection, before: datetime) -> int:
    connection.execute("BEGIN")
    articles, _ = erase(connection, _OLD, {"before": before})
    connection.execute("DELETE FROM private.urls WHERE state IN ('fetched', 'extracted') AND updated_at < ?", [before])
    connection.execute("COMMIT")
    return articles


def _files(database: Path, before: datetime) -> int:
    old = [path for path in beside(database, ".archive").glob("*.warc.gz*") if (at := began(path)) and at < before]
    for path in old:
        path.unlink()
    return len(old)


def _doubt(connection: duckdb.DuckDBPyConnection, now: datetime) -> str:
    """Why the clock may be wrong, by the ledger; "" where it agrees."""
    starts = [start for (start,) in connection.execute(_RUNS).fetchall()]
    if len(starts) < 2:
        return "this is the first run"
    latest, before = starts
    if now < latest or latest < before:
        return "the clock went back since the run before"
    if now - latest > _JUMP or latest - before > _JUMP:
        return (
            f"the run before began {(now - before).days} days ago, so the clock may have jumped; the next night does it"
        )
    return ""
