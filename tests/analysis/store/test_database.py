"""Readers and the writer: neither waits for the other, and a reader sees whole states only."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.errors import DatabaseBusy, StoreError
from analysis.store.database import beside, held, reading, writing
from analysis.store.load import load
from analysis.trends import Filters, coverage
from tests.analysis.press import article, night, page, spooled
from tests.analysis.store import victim

Start = Callable[..., Any]
SEGMENTS = 5


def articles(database: Path) -> int:
    with reading(database) as connection:
        count: int = connection.execute("SELECT count(*) FROM articles").fetchall()[0][0]
    return count


def test_readers_see_whole_states_while_a_run_writes(database: Path, start: Start) -> None:
    """They never fail, never go back, and in the end see everything (architecture.md, rule 6)."""
    night(database)
    ear, mouth = Pipe(duplex=False)
    process = start(victim.load_all, database, SEGMENTS, mouth)
    mouth.close()
    seen = [articles(database)]
    while process.is_alive():
        seen.append(articles(database))
        while ear.poll():
            try:
                loaded = ear.recv()
            except EOFError:
                break
            assert articles(database) >= (loaded + 1) * victim.SEGMENT  # what is loaded is seen at once
    process.join()
    seen.append(articles(database))

    assert process.exitcode == 0
    assert all(count % victim.SEGMENT == 0 for count in seen)
    assert seen == sorted(seen)
    assert seen[-1] == SEGMENTS * victim.SEGMENT


@pytest.mark.slow  # measures waits, so it wants a machine to itself
def test_five_questions_a_second_while_a_run_writes(database: Path, start: Start) -> None:
    """None fails, none waits longer than two seconds (docs/choices.md, one writer, many readers)."""
    night(database, page(article(1)))
    _ear, mouth = Pipe(duplex=False)
    process = start(victim.load_all, database, 20, mouth)
    mouth.close()
    waits = []
    while process.is_alive():
        begun = time.monotonic()
        with reading(database) as connection:
            assert coverage("day", Filters(), "UTC").ask(connection).rows
        waits.append(time.monotonic() - begun)
        process.join(max(0.0, 0.2 - waits[-1]))  # the pace of the questions, not a sleep

    assert process.exitcode == 0
    assert len(waits) > 10
    assert max(waits) < 2, f"{len(waits)} questions, the longest {max(waits):.2f} s"


def test_an_open_reader_does_not_hold_up_a_writer(database: Path, start: Start) -> None:
    """In another process, as an analyst's notebook is; it keeps seeing what it opened."""
    night(database, page(article(1)))
    here, there = Pipe()
    process = start(victim.read_once, database, there)
    assert here.recv() == 1
    night(database, page(article(2)))
    assert articles(database) == 2
    here.send("enough")
    process.join()

    assert process.exitcode == 0


def test_a_reader_in_the_same_process_sees_a_whole_state(database: Path) -> None:
    """The crawl asks for URL states while its own loader writes."""
    night(database, page(article(1)))
    with reading(database) as connection:
        night(database, page(article(2)))
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
        with reading(database) as second:
            assert second.execute("SELECT count(*) FROM articles").fetchall() in ([(1,)], [(2,)])
    assert articles(database) == 2


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(database: Path, start: Start) -> None:
    night(database)
    here, there = Pipe()
    process = start(victim.hold_write, database, there)
    here.recv()
    with pytest.raises(DatabaseBusy, match=r"press\.write-lock: another process is writing"), writing(database, 0):
        pass
    assert articles(database) == 0
    here.send("enough")
    process.join()
    with writing(database, 0):
        pass


def test_a_write_that_fails_is_not_published(database: Path) -> None:
    """Nor is what it had not committed."""
    night(database, page(article(1)))
    with pytest.raises(ZeroDivisionError), writing(database) as connection:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM private.articles")
        raise ZeroDivisionError

    assert articles(database) == 1


def test_a_statement_that_fails_is_an_error_of_ours(database: Path) -> None:
    """The front door knows how to say it in one line; it does not know DuckDB's errors."""
    with pytest.raises(StoreError, match=r"press\.duckdb: Catalog Error[^\n]*$"), writing(database) as connection:
        connection.execute("SELECT * FROM private.nowhere")


def test_what_was_committed_before_an_error_is_seen(database: Path) -> None:
    night(database, page(article(1)))
    segment = spooled(beside(database, ".spool"), "next", [page(article(2))])
    with pytest.raises(ZeroDivisionError), writing(database) as connection:
        load(connection, segment)
        raise ZeroDivisionError

    assert articles(database) == 2


def test_a_snapshot_may_be_deleted(database: Path) -> None:
    """docs/how-it-works.md says so."""
    night(database, page(article(1)))
    beside(database, ".snapshot.duckdb").unlink()
    beside(database, ".snapshot.new").write_bytes(b"half a copy")

    assert articles(database) == 1
    assert not beside(database, ".snapshot.new").exists()


def test_reading_an_unchanged_store_copies_nothing(database: Path) -> None:
    night(database, page(article(1)))
    before = beside(database, ".snapshot.duckdb").stat()
    articles(database)

    assert beside(database, ".snapshot.duckdb").stat().st_ino == before.st_ino


def test_opening_often_does_not_make_it_grow(database: Path) -> None:
    """Every opening makes the views anew."""
    for _ in range(3):
        with writing(database):
            pass
    size = database.stat().st_size
    for _ in range(5):
        with writing(database):
            pass

    assert database.stat().st_size <= size


def test_there_is_no_store_yet(database: Path) -> None:
    with pytest.raises(StoreError, match=r"no database yet; `presswatch crawl` makes it"), reading(database):
        pass
    assert not database.parent.exists()


@pytest.mark.parametrize("where", ["file/press.duckdb", "file/deeper/press.duckdb"])
def test_a_place_where_no_store_can_be(tmp_path: Path, where: str) -> None:
    """A user's slip in --db is one line, not a traceback."""
    (tmp_path / "file").write_text("not a folder")
    for use in (writing, reading):
        with pytest.raises(StoreError, match=r"[^\n]+$"), use(tmp_path / where):
            pass


def test_only_the_owner_can_read_it(database: Path) -> None:
    """Coverage and corrections are the company's own (faults.md, K2)."""
    night(database, page(article(1)))
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in database.parent.iterdir() if path.suffix == ".duckdb"
    }

    assert modes == {"press.duckdb": 0o600, "press.snapshot.duckdb": 0o600}


def test_a_reader_cannot_write(database: Path) -> None:
    night(database, page(article(1)))
    with reading(database) as connection, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        connection.execute("DELETE FROM private.articles")


@pytest.mark.parametrize("suffix", [".run-lock", ".snapshot.duckdb"])
def test_names_beside_the_database(suffix: str) -> None:
    assert beside(Path("data/a.b.duckdb"), suffix) == Path(f"data/a.b{suffix}")


def test_a_lock_is_let_go_of_on_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), held(tmp_path / "lock", 0):
            raise ZeroDivisionError
