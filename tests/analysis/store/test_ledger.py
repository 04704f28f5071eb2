"""The run lock and the run ledger."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import RunLocked
from analysis.store.database import beside, reading, writing
from analysis.store.ledger import describe, end_run, run_lock, start_run
from analysis.store.run import Run
from tests.analysis.press import article, funnel, in_memory, mention, night, page, watchlist
from tests.analysis.store import victim

Start = Callable[..., Any]


def test_a_second_run_is_refused_with_the_first_ones_pid(database: Path, start: Start) -> None:
    here, there = Pipe()
    process = start(victim.hold_run, database, there)
    pid = here.recv()
    with pytest.raises(
        RunLocked, match=rf"another run is at work \(PID {pid}\); its lock is .*press\.run-lock"
    ) as refusal:
        Run(database, watchlist(), "test").begin()

    assert refusal.value.exit_status == 75
    assert process.pid == pid
    assert not database.exists()  # refused before anything was touched


def test_no_lock_outlives_kill_9(database: Path, start: Start) -> None:
    """The kernel lets go of it; the PID that is left in the file means nothing (faults.md, X1)."""
    here, there = Pipe()
    process = start(victim.hold_run, database, there)
    dead = here.recv()
    process.kill()
    process.join()
    lock = beside(database, ".run-lock")
    assert lock.read_text() == str(dead)
    with run_lock(database):
        assert lock.read_text() == str(os.getpid())


def test_one_process_cannot_hold_it_twice(database: Path) -> None:
    with run_lock(database):
        with pytest.raises(RunLocked, match=f"PID {os.getpid()}"), run_lock(database):
            pass
        with pytest.raises(RunLocked), run_lock(database):  # the refusal did not let go of it
            pass
    with run_lock(database):
        pass


def test_a_run_that_cannot_begin_lets_go_of_the_lock(database: Path) -> None:
    database.parent.mkdir(parents=True)
    database.write_bytes(b"not a database" * 100)
    for _ in range(2):
        with pytest.raises(Exception, match="cannot be opened"):
            Run(database, watchlist(), "test").begin()


def test_runs_that_never_ended_are_marked(database: Path) -> None:
    """Only those; a second start marks nothing twice."""
    first = night(database)
    with writing(database) as connection:
        killed = start_run(connection, "crawl", watchlist())
        again = start_run(connection, "crawl", watchlist())
        end_run(connection, again, "partial", 3, 1)
        now = start_run(connection, "crawl", watchlist())
        rows = dict(connection.execute("SELECT run_id, status FROM runs").fetchall())
        ended = dict(connection.execute("SELECT run_id, ended_at IS NOT NULL FROM runs").fetchall())

    assert rows == {first: "finished", killed: "interrupted", again: "partial", now: "started"}
    assert ended == {first: True, killed: False, again: True, now: False}


def test_a_run_counts_what_it_brought(database: Path) -> None:
    """New revisions and their mentions; nothing for what was there already."""
    two = article(1, mention(), mention(sentence="Acme again.", ordinal=2))
    night(database, page(two), page(article(2)), funnel("gazette"))
    night(database, page(two), page(article(2, title="Changed")), funnel("gazette"))
    night(database, page(two), funnel("gazette"))
    with reading(database) as connection:
        rows = connection.execute("SELECT articles, mentions FROM runs ORDER BY started_at").fetchall()

    assert rows == [(2, 3), (1, 1), (0, 0)]


def test_the_watchlist_of_the_last_run_stands() -> None:
    """The zone of a day and whose brand is ours are as the newest run saw them."""
    with in_memory("Europe/Berlin") as connection:
        describe(connection, watchlist("America/Los_Angeles"))
        zone = connection.execute("SELECT value FROM private.settings WHERE key = 'timezone'").fetchall()
        brands = connection.execute("SELECT brand_id, role FROM private.brands ORDER BY position").fetchall()
        sources = connection.execute("SELECT source_id, kind, tier FROM private.sources ORDER BY position").fetchall()

    assert zone == [("America/Los_Angeles",)]
    assert brands == [("acme", "ours"), ("bolt", "competitor"), ("cog", "competitor")]
    assert sources[:3] == [("gazette", "feed", 1), ("herald", "section", 2), ("ledger", "sitemap", 3)]
