"""A full disk: what was stored stays, the error is ours, and the next night takes up what was left (faults.md, B3)."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.errors import StoreError
from analysis.store.database import beside, reading, writing
from analysis.store.load import load
from analysis.store.run import Run
from analysis.store.spool import Spool
from tests.analysis.press import article, night, page, spooled, watchlist, whole_run
from tests.tmpfs import small_disk

SIZE = 32 * 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 MiB."""
    with small_disk(tmp_path, SIZE) as made:
        yield made


def fill(disk: Path, leave: int = 0) -> Path:
    """A file that takes all room but `leave` bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC
        file.truncate(max(0, file.tell() - leave))
    return ballast


def stored(database: Path) -> list[str]:
    with reading(database) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM articles ORDER BY title").fetchall()]


def big(number: int) -> dict[str, object]:
    """An article that does not compress."""
    return page(article(number, body=" ".join(f"{number * 7919 * word:x}" for word in range(20_000))))


@pytest.mark.parametrize("leave", [0, pytest.param(300_000, marks=pytest.mark.slow)])
def test_a_load_without_room(disk: Path, tmp_path: Path, leave: int) -> None:
    """Whether it fails at once or in the middle: nothing of the segment is kept, and nothing is lost."""
    database = disk / "press.duckdb"
    night(database, page(article(1)))
    segment = spooled(tmp_path, "next", [big(number) for number in range(2, 20)])
    ballast = fill(disk, leave)
    with pytest.raises(StoreError, match="press.duckdb"), writing(database) as connection:
        load(connection, segment)

    assert segment.exists()
    assert stored(database) == ["Title 1"]
    ballast.unlink()
    with writing(database) as connection:
        assert connection.execute("SELECT count(*) FROM private.segments").fetchall() != [(0,)]
        assert load(connection, segment).articles == 18
    assert len(stored(database)) == 19


def test_a_snapshot_without_room(disk: Path) -> None:
    """The load stands; readers keep the old snapshot until there is room for a new one."""
    database = disk / "press.duckdb"
    night(database, page(article(1)))
    segment = spooled(beside(database, ".spool"), "next", [page(article(2))])
    with pytest.raises(OSError, match="No space left") as failure, writing(database) as connection:
        load(connection, segment)
        connection.execute("CHECKPOINT")
        ballast = fill(disk, 100_000)

    assert failure.value.errno == errno.ENOSPC
    assert stored(database) == ["Title 1"]
    ballast.unlink()
    assert stored(database) == ["Title 1", "Title 2"]


@pytest.mark.parametrize("length", [500, 100_000])
def test_a_spool_without_room(disk: Path, length: int) -> None:
    """The record that did not fit is refused, and leaves no half line before those that fit later."""
    spool = Spool(disk / "press.spool", "run")
    spool.append({"number": 0})
    ballast = fill(disk, 2000)
    refused = 0
    with pytest.raises(OSError, match="No space left"):
        for refused in range(1, 100):
            spool.append({"number": refused, "text": "x" * length})
    ballast.unlink()
    assert spool.append({"number": 1000}) is False
    segment = spool.seal()
    assert segment is not None
    lines = [json.loads(line) for line in segment.read_text().splitlines()]
    assert [line["number"] for line in lines] == [*range(refused), 1000]
    assert [line["seq"] for line in lines] == list(range(1, refused + 2))


def test_a_run_without_room_is_taken_up_by_the_next(disk: Path) -> None:
    """Pages that were kept before the disk was full are in the store after the next night, once."""
    database = disk / "press.duckdb"
    night(database, page(article(1)))
    run = Run(database, watchlist(), "test")
    run.begin()
    run.keep(page(article(2)))
    ballast = fill(disk)
    with pytest.raises(OSError, match="No space left"):
        for number in range(3, 100):
            run.keep(big(number))
    with pytest.raises((OSError, StoreError)):
        run.end("finished")
    assert stored(database) == ["Title 1"]
    ballast.unlink()
    whole_run(database, page(article(2)))

    assert stored(database) == ["Title 1", "Title 2"]
    with reading(database) as connection:
        statuses = connection.execute("SELECT status FROM runs ORDER BY started_at").fetchall()
    assert statuses == [("finished",), ("interrupted",), ("finished",)]
