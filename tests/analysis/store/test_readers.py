"""One open snapshot for many requests: the newest, also while nights come in, and never two of them mixed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from analysis.errors import StoreError
from analysis.store.corrections import correct
from analysis.store.readers import Readers
from tests.analysis.press import article, night, page

COUNT = "SELECT count(*) FROM articles"


def counted(readers: Readers) -> int:
    """Articles, asked twice through one connection: both answers are of one moment."""
    with readers.reading() as connection:
        first, second = (connection.execute(COUNT).fetchall()[0][0] for _ in range(2))
    assert first == second
    return int(first)


def test_a_new_night_is_seen_at_once(tmp_path: Path) -> None:
    database = tmp_path / "press.duckdb"
    night(database, page(article(1)))
    readers = Readers(database)
    assert counted(readers) == 1
    night(database, page(article(2)))
    assert counted(readers) == 2
    with readers.reading() as connection:
        (name,) = connection.execute("SELECT mention_id FROM mentions LIMIT 1").fetchall()[0]
    correct(database, name, "neg", why="a test", who="Ana")
    with readers.reading() as connection:
        assert connection.execute("SELECT label FROM mentions WHERE corrected").fetchall() == [("neg",)]
    readers.close()


def test_many_read_while_nights_come_in(tmp_path: Path) -> None:
    """None fails, none sees less than one before it, and the last sees all."""
    database = tmp_path / "press.duckdb"
    night(database, page(article(1)))
    readers = Readers(database)

    def watch(_: int) -> list[int]:
        return [counted(readers) for _ in range(25)]

    with ThreadPoolExecutor(4) as pool:
        seen = [pool.submit(watch, n) for n in range(4)]
        for number in range(2, 7):
            night(database, page(article(number)))
        found = [each.result() for each in seen]

    assert all(counts == sorted(counts) for counts in found)
    assert counted(readers) == 6
    readers.close()


def test_readers_cannot_write_nor_reach_other_files(tmp_path: Path) -> None:
    database = tmp_path / "press.duckdb"
    night(database, page(article(1)))
    with Readers(database).reading() as connection:
        for sql in ("DELETE FROM private.articles", "SELECT * FROM read_text('/etc/hostname')"):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    readers = Readers(tmp_path / "press.duckdb")
    with pytest.raises(StoreError, match="no database yet"), readers.reading():
        pass
