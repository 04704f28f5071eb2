"""kill -9 at any moment: what was kept is in the store once, no more and no less (faults.md, B1)."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from analysis.store.database import beside, reading, writing
from analysis.store.load import load
from analysis.store.run import Run
from analysis.store.spool import adopt, sealed
from tests.analysis.press import article, in_memory, page, spooled, watchlist, whole_run
from tests.analysis.store import victim

Start = Callable[..., Any]
KILLED = -signal.SIGKILL
PLACES = ("unlink", "checkpoint", "publish", "copy", "rename")


def numbers(database: Path) -> list[int]:
    """The articles in the store, as readers see them, however often."""
    with reading(database) as connection:
        rows = connection.execute("SELECT url FROM article_revisions").fetchall()
    return sorted(int(url.rpartition("/")[2]) for (url,) in rows)


def killed_runs(database: Path, start: Start, seed: int, kills: int) -> tuple[set[int], Counter[str]]:
    """Kills `kills` runs anywhere; gives the pages that were acknowledged, and how far the runs came."""
    chance, kept, stages = random.Random(seed), set[int](), Counter[str]()
    for round_ in range(kills):
        ear, mouth = Pipe(duplex=False)
        pages = chance.choice([1, 5, 10])
        process = start(victim.crawl, database, 1000 * round_, pages, mouth)
        mouth.close()
        heard: list[Any] = []
        with suppress(EOFError):
            heard = [ear.recv() for _ in range(chance.randrange(pages + 3))]
            process.join(chance.random() / 5)
            process.kill()
            while True:
                heard.append(ear.recv())
        ear.close()
        process.join()
        assert process.exitcode == KILLED
        kept |= {word for word in heard if isinstance(word, int)}
        stages.update("begun" if word != "ended" else word for word in heard if isinstance(word, str))
    return kept, stages


@pytest.mark.parametrize("kills", [10, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
def test_a_killed_run_loses_nothing(database: Path, start: Start, kills: int) -> None:
    """The next run finds every page that was kept, once; runs that were killed are marked."""
    kept, stages = killed_runs(database, start, kills, kills)
    whole_run(database)

    found = numbers(database)
    assert len(found) == len(set(found))
    assert kept <= set(found)
    assert all(number - 1 in found for number in found if number % 1000)  # and no page that was never there
    with reading(database) as connection:
        runs = Counter(dict(connection.execute("SELECT status, count(*) FROM runs GROUP BY status").fetchall()))
        urls = connection.execute("SELECT count(*), count(DISTINCT url_id) FROM private.urls").fetchall()
    assert set(runs) <= {"interrupted", "finished"}
    assert stages["begun"] < runs.total() <= kills + 1
    assert stages["ended"] < runs["finished"] <= kills + 1
    assert urls == [(len(found), len(found))]
    assert sealed(beside(database, ".spool")) == []


def waiting(database: Path) -> None:
    """A store with article 1, and a segment with articles 1 to 3 that waits to be loaded."""
    with writing(database) as connection:
        load(connection, spooled(beside(database, ".spool"), "first", [page(article(1))]))
    spooled(beside(database, ".spool"), "next", [page(article(number)) for number in (1, 2, 3)])


def whole_again(database: Path) -> None:
    """Readers see a whole state at once, and all of it after the next load."""
    assert numbers(database) in ([1], [1, 2, 3])
    with writing(database) as connection:
        for segment in sealed(beside(database, ".spool")):
            load(connection, segment)
    assert numbers(database) == [1, 2, 3]
    with reading(database) as connection:
        assert connection.execute("SELECT count(*) FROM private.urls").fetchall() == [(3,)]


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many a load has."""
    segment = spooled(tmp_path_factory.mktemp("spool"), "run", [page(article(number)) for number in (1, 2, 3)])
    with in_memory() as connection:
        counted = victim.Mortal(connection, -1)
        load(counted, segment)  # type: ignore[arg-type]
    return counted.statements


@pytest.mark.parametrize(
    "tenth", [pytest.param(n, marks=[] if n in {3, 7, 10} else pytest.mark.slow) for n in range(11)]
)
def test_killed_in_the_middle_of_a_load(database: Path, start: Start, statements: int, tenth: int) -> None:
    """Between any two statements up to the COMMIT; what follows it is a CHECKPOINT."""
    waiting(database)
    process = start(victim.die_in_load, database, (statements - 2) * tenth // 10)
    process.join()

    assert process.exitcode == KILLED
    assert numbers(database) == [1]
    whole_again(database)


@pytest.mark.parametrize("place", PLACES)
def test_killed_between_load_and_snapshot(database: Path, start: Start, place: str) -> None:
    """The load is committed: the next reader sees it, without waiting for a night."""
    waiting(database)
    process = start(victim.die_at, database, place)
    process.join()

    assert process.exitcode == KILLED
    assert numbers(database) == [1, 2, 3]
    whole_again(database)


@pytest.mark.parametrize("kept", [0.0, 0.5])
@pytest.mark.parametrize("before", [True, False], ids=["before the checkpoint", "after the load"])
def test_a_log_that_is_cut_after_a_load(
    database: Path, start: Start, statements: int, before: bool, kept: float
) -> None:
    """DuckDB reads it up to the cut, silently; the segment stands until the file has its pages (faults.md, B6)."""
    waiting(database)
    killed = (victim.die_in_load, database, statements - 1) if before else (victim.die_at, database, "checkpoint")
    process = start(*killed)
    process.join()
    log = database.with_name(f"{database.name}.wal")
    cut = log.exists() and log.stat().st_size > 1000
    if log.exists():
        log.write_bytes(log.read_bytes()[: int(log.stat().st_size * kept)])
    whole_run(database)

    assert (process.exitcode, cut) == (KILLED, before)
    assert numbers(database) == [1, 2, 3]


def test_adopting_writes_nothing(start: Start, tmp_path: Path) -> None:
    """The torn line is cut off in place: to write the segment anew would be to lose it all, if killed just then."""
    segment = tmp_path / "run-000001.jsonl.open"
    segment.write_text('{"seq": 1}\n{"seq": 2}\n{"se')
    process = start(victim.adopt_without_room, tmp_path)
    process.join()

    assert process.exitcode == 0
    assert [path.read_text() for path in sealed(tmp_path)] == ['{"seq": 1}\n{"seq": 2}\n']


def test_a_killed_run_is_taken_over_by_the_next(database: Path, tmp_path: Path) -> None:
    """Before it asks for anything: the torn line is dropped, the whole ones are loaded."""
    folder = beside(database, ".spool")
    left = spooled(folder, "killed", [page(article(1)), page(article(2))])
    torn = left.rename(left.with_suffix(".jsonl.open"))
    torn.write_bytes(torn.read_bytes()[:-20])
    run = Run(database, watchlist(), "test")
    run.begin()
    try:
        assert numbers(database) == [1]
    finally:
        run.end("finished")


def test_a_segment_is_loaded_once_however_often_it_lies_there(database: Path) -> None:
    """Also over a close and an opening of the file."""
    folder = beside(database, ".spool")
    segment = spooled(folder, "run", [page(article(1))])
    bytes_ = segment.read_bytes()
    for _ in range(3):
        segment.write_bytes(bytes_)
        adopt(folder)
        with writing(database) as connection:
            load(connection, segment)

    assert numbers(database) == [1]
