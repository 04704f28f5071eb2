"""The run ledger: every run is written down when it starts, and again when it ends."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from analysis.errors import DatabaseBusy, RunLocked
from analysis.store.database import beside, held
from analysis.store.figures import collect, rebuild
from analysis.watchlist import Watchlist

_BROUGHT = """articles = (SELECT count(*) FROM private.articles WHERE run_id = runs.run_id),
    mentions = (SELECT count(*) FROM private.mentions m JOIN private.articles a
                ON a.article_id = m.article_id AND a.revision = m.revision WHERE a.run_id = runs.run_id)"""


@contextmanager
def run_lock(database: Path) -> Iterator[None]:
    """Hold the right to run; a second run is refused with the PID of the first.

    Raises:
        RunLocked: another run is at work.
    """
    path = beside(database, ".run-lock")
    with ExitStack() as stack:
        try:
            stack.enter_context(held(path, patience=0))
        except DatabaseBusy:
            owner = path.read_text("ascii").strip() or "unknown"
            raise RunLocked(f"another run is at work (PID {owner}); its lock is {path}") from None
        path.write_text(str(os.getpid()), "ascii")
        yield


def start_run(connection: duckdb.DuckDBPyConnection, command: str, watchlist: Watchlist) -> str:
    """Open a run and note what it watches; one that was never ended is marked `interrupted`.

    Of that one what it brought is counted first, so what its spool still held must be loaded. Returns the run's id,
    which sorts by time. Only for the holder of `run_lock`.
    """
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    connection.execute(
        f"""UPDATE private.runs SET status = 'interrupted', {_BROUGHT}, pages = (
                SELECT count(*) FROM private.urls u
                WHERE u.state IN ('fetched', 'extracted') AND u.updated_at >= runs.started_at)
            WHERE status = 'started'"""
    )
    connection.execute(
        "INSERT INTO private.runs VALUES (?, ?, ?, now(), NULL, 'started', 0, 0, 0, 0)",
        [run_id, command, os.getpid()],
    )
    describe(connection, watchlist)
    return run_id


def end_run(connection: duckdb.DuckDBPyConnection, run_id: str, status: str, pages: int, errors: int) -> None:
    """Close a run: `finished`, `partial` (some sources failed), `failed` or `stopped` (by a signal)."""
    connection.execute(
        f"""UPDATE private.runs SET ended_at = now(), status = ?, pages = ?, errors = ?, {_BROUGHT} WHERE run_id = ?""",
        [status, pages, errors, run_id],
    )


def describe(connection: duckdb.DuckDBPyConnection, watchlist: Watchlist) -> None:
    """Keep what the views need of the watchlist: the zone of a day, whose brand is ours, what is asked."""
    zones: list[tuple[object, ...]] = [("timezone", watchlist.report.timezone)]
    rows: dict[str, list[tuple[object, ...]]] = {
        "settings": zones,
        "brands": [(b.id, b.name, b.role, n) for n, b in enumerate(watchlist.brands)],
        "topics": [(t.id, n) for n, t in enumerate(watchlist.topics)],
        "sources": [(s.id, s.outlet, s.kind, s.url, s.tier, n) for n, s in enumerate(watchlist.sources)],
    }
    moved = connection.execute("SELECT key, value FROM private.settings").fetchall() not in ([], zones)
    asked = connection.execute("SELECT source_id FROM private.sources ORDER BY position").fetchall()
    connection.execute("BEGIN")
    for table, values in rows.items():
        connection.execute(f"DELETE FROM private.{table}")
        if values:
            marks = ", ".join("?" * len(values[0]))
            connection.executemany(f"INSERT INTO private.{table} VALUES ({marks})", values)
    # What a source was when it led to an article stays true of that article when the source is taken off the list.
    before = connection.execute("SELECT list_sort(list(source_id)) FROM private.press").fetchone()
    connection.executemany("DELETE FROM private.press WHERE source_id = ?", [(s.id,) for s in watchlist.sources])
    if press := [(s.id,) for s in watchlist.sources if s.coverage == "press_release"]:
        connection.executemany("INSERT INTO private.press VALUES (?)", press)
    after = connection.execute("SELECT list_sort(list(source_id)) FROM private.press").fetchone()
    if moved or before != after:  # every day begins at another instant, or other articles count
        rebuild(connection)
    elif asked != [(source.id,) for source in watchlist.sources]:
        collect(connection)
    connection.execute("COMMIT")
