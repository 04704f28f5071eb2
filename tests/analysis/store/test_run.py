"""One run from begin to end, with its loader in the background."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import RunLocked, StoreError
from analysis.store.database import beside, held, reading, writing
from analysis.store.run import Run
from analysis.store.spool import sealed
from tests.analysis.press import article, funnel, page, watchlist

FULL = 500  # records in a segment


@pytest.fixture
def run(database: Path) -> Run:
    begun = Run(database, watchlist(), "test")
    begun.begin()
    return begun


def test_what_was_kept_is_stored_when_the_run_ends(database: Path, run: Run) -> None:
    """Over several segments; afterwards the spool is empty and the lock is free."""
    for number in range(FULL + 20):
        run.keep(page(article(number)))
    run.keep(funnel("gazette", discovered=FULL + 20, stored=FULL + 20))
    run.end("partial", pages=FULL + 20, errors=3)

    with reading(database) as connection:
        counted = connection.execute("SELECT count(*), count(DISTINCT article_id) FROM articles").fetchall()
        ledger = connection.execute("SELECT run_id, status, pages, articles, mentions, errors FROM runs").fetchall()
        segments = connection.execute("SELECT records FROM private.segments ORDER BY name").fetchall()
    assert counted == [(FULL + 20, FULL + 20)]
    assert ledger == [(run.run_id, "partial", FULL + 20, FULL + 20, FULL + 20, 3)]
    assert segments == [(FULL,), (21,)]
    assert sealed(beside(database, ".spool")) == []
    Run(database, watchlist(), "next").begin()


def test_a_load_that_failed_is_tried_again_at_the_end(
    database: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody held the database for a while: no reason to lose the night's verdict."""
    with monkeypatch.context() as patience, held(beside(database, ".write-lock"), 0):
        patience.setattr("analysis.store.run.writing", lambda database: writing(database, 0))
        for number in range(FULL):
            run.keep(page(article(number)))
        (failed,) = run._loads
        assert failed.exception() is not None
    run.end("finished")

    with reading(database) as connection:
        assert connection.execute("SELECT status, articles FROM runs").fetchall() == [("finished", FULL)]


def test_a_run_that_cannot_load_ends_with_our_error(database: Path, run: Run) -> None:
    """The lock goes, the segment stays, the run is not called finished."""
    run.keep(page(article()))
    segment = run._spool.seal() if run._spool else None
    assert segment is not None
    segment.write_text("{torn\n")
    with pytest.raises(StoreError, match="JSON"):
        run.end("finished")

    assert segment.exists()
    with reading(database) as connection:
        assert connection.execute("SELECT status FROM runs").fetchall() == [("started",)]
    with pytest.raises(StoreError, match="JSON"):
        Run(database, watchlist(), "next").begin()
    segment.unlink()
    Run(database, watchlist(), "next").begin()


def test_a_run_holds_its_lock_to_the_end(database: Path, run: Run) -> None:
    with pytest.raises(RunLocked):
        Run(database, watchlist(), "second").begin()
    run.end("finished")
    Run(database, watchlist(), "second").begin()


def test_nothing_kept_is_a_run_too(database: Path, run: Run) -> None:
    run.end("failed")
    with reading(database) as connection:
        assert connection.execute("SELECT status, pages, articles FROM runs").fetchall() == [("failed", 0, 0)]
    assert not beside(database, ".spool").exists()
