"""A crawl that is stopped or killed at any moment: the next one takes it up, nothing is lost, nothing doubled.

Moments are events, not times: a publisher holds an answer back until the test has struck, or the process kills
itself at its n-th change of a file (tests/guard).
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from analysis.store.database import reading
from tests.command import presswatch, rows, started
from tests.site import PATIENCE, Page, Site, article, rss, site, watchlist

PAGES = 40  # more than Scrapy takes out of its queue at once (CONCURRENT_REQUESTS)
NAMED = 4  # of them, an article about two brands
LAST = f"/{PAGES - 1}"
# Everything that a crawl leaves behind but times of its own, ids of runs and tries.
TABLES = {
    "urls": "SELECT * EXCLUDE (first_seen, updated_at, next_try, tries) FROM private.urls ORDER BY url_id",
    "articles": "SELECT * EXCLUDE (fetched_at, run_id) FROM private.articles ORDER BY article_id, revision",
    "mentions": "SELECT * FROM private.mentions ORDER BY mention_id, article_id, revision",
}
STATES = "SELECT state, count(*) FROM private.urls GROUP BY state"


def publish(paper: Site) -> None:
    """Articles a day apart, newest first: four about brands, then the weather; the last has a brand beside it."""
    paths = [f"/{n}" for n in range(PAGES)]
    dates = tuple(f"{31 - n % 31:02} {'Aug' if n < 31 else 'Jul'} 2008 12:00:00 GMT" for n in range(PAGES))
    paper.pages["/feed"] = Page(body=rss(*((path, f"Title of {path}") for path in paths), dates=dates))
    for n, path in enumerate(paths[:NAMED]):
        text = (f"Netflix had its outage number {n}.", f"Blockbuster said that it was sorry for customer {n}.")
        paper.pages[path] = Page(body=article(f"Netflix outage, part {n}", *text), headers={"ETag": f'"{n}"'})
    for path in paths[NAMED:]:
        paper.pages[path] = Page(body=article("Rain", f"It rains, as on page {path}."))
    paper.pages[LAST] = Page(body=article("Wind", "It blows.").replace("<body>", "<body><nav>Netflix</nav>"))


@pytest.fixture(scope="module")
def paper() -> Iterator[Site]:
    """The publisher of all tests here, so that addresses are the same."""
    with site("127.6.0.1") as served:
        publish(served)
        yield served


def listed(paper: Site, folder: Path) -> Path:
    """A watchlist of that publisher in a folder of its own."""
    folder.mkdir(exist_ok=True)
    return watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private='["127.6.0.0/16"]')


def kept(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows."""
    return {table: rows(path, query) for table, query in TABLES.items()}


@pytest.fixture(scope="module")
def undisturbed(paper: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """What a crawl that nobody disturbs leaves behind."""
    path = listed(paper, tmp_path_factory.mktemp("undisturbed"))
    assert presswatch(path, "crawl").returncode == 0
    found = kept(path)
    assert [len(found[table]) for table in TABLES] == [PAGES, NAMED, 3 * NAMED]
    return found


@pytest.fixture
def unheld(paper: Site) -> Iterator[Site]:
    """The publisher, asked for nothing yet; every gate is gone afterwards."""
    paper.asked.clear()
    yield paper
    publish(paper)


def strike(crawl: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal; one that can be heard has been heard when the process has said so."""
    crawl.send_signal(number)
    if number != signal.SIGKILL:
        assert crawl.stderr is not None
        assert crawl.stderr.readline() == "stopping; finishing what is open (again: at once)\n"


def test_stopped_by_signals_and_killed_it_ends_as_if_nothing_had_happened(
    undisturbed: dict[str, list[tuple[Any, ...]]], unheld: Site, tmp_path: Path
) -> None:
    """SIGTERM, a second run meanwhile, SIGINT twice, kill -9 on the last page; then in peace."""
    path = listed(unheld, tmp_path / "chain")

    left = _stopped_gently(unheld, path)
    _stopped_at_once(unheld, path, f"/{PAGES - left}")
    _killed(unheld, path, LAST)
    assert presswatch(path, "crawl").returncode == 0

    assert kept(path) == undisturbed
    assert [status for (status,) in rows(path, "SELECT status FROM runs ORDER BY started_at")] == [
        "stopped", "interrupted", "interrupted", "finished"
    ]  # fmt: skip
    brought = rows(path, "SELECT sum(pages)::INTEGER, sum(articles)::INTEGER, sum(mentions)::INTEGER FROM runs")
    assert brought == [(PAGES, NAMED, 3 * NAMED)]  # each page is told by the run that fetched it, killed or not
    asked = unheld.paths()
    done = [f"/{n}" for n in range(PAGES - left)]
    assert {page: asked.count(page) for page in done} == dict.fromkeys(done, 1)


def _stopped_gently(paper: Site, path: Path) -> int:
    """SIGTERM on the third page: what is open is finished, the rest is `seen`. Returns how many those are."""
    gate = paper.held("/2")
    with started(path, "crawl") as crawl:
        assert gate.reached.wait(PATIENCE)
        _a_second_run_is_refused(path, crawl.pid)
        strike(crawl, signal.SIGTERM)
        gate.opened.set()
        out, err = crawl.communicate(timeout=PATIENCE)
    assert (crawl.returncode, err) == (143, "")
    assert out.startswith("1 of 1 sources answered; ")
    assert rows(path, "SELECT status FROM runs") == [("stopped",)]
    states: dict[str, int] = dict(rows(path, STATES))
    assert states["extracted"] >= 3
    assert states["seen"] > 0
    assert sum(states.values()) == PAGES
    assert len(paper.paths()) == 1 + PAGES - states["seen"]
    return states["seen"]


def _stopped_at_once(paper: Site, path: Path, page: str) -> None:
    """SIGINT twice: the second one does not wait for an answer that never comes."""
    gate = paper.held(page)
    with started(path, "crawl") as crawl:
        assert gate.reached.wait(PATIENCE)
        strike(crawl, signal.SIGINT)
        crawl.send_signal(signal.SIGINT)
        crawl.communicate(timeout=PATIENCE)
    assert crawl.returncode == 130
    publish(paper)


def _killed(paper: Site, path: Path, page: str) -> None:
    """kill -9 while a page is awaited: the workers end, too."""
    gate = paper.held(page)
    with started(path, "crawl") as crawl:
        assert gate.reached.wait(PATIENCE)
        workers = _children(crawl.pid)
        crawl.kill()
        crawl.communicate(timeout=PATIENCE)
    assert crawl.returncode == -signal.SIGKILL
    _all_end(workers)
    publish(paper)


def _a_second_run_is_refused(path: Path, pid: int) -> None:
    """By its first line, without a request; a reader is not disturbed."""
    second = presswatch(path, "crawl")
    assert (second.returncode, second.stdout) == (75, "")
    assert second.stderr.startswith(f"presswatch: another run is at work (PID {pid})")
    with reading(path.with_suffix(".duckdb")) as connection:
        assert connection.execute("SELECT status FROM runs").fetchall() == [("started",)]


def test_a_host_that_hangs_does_not_hold_a_stop_up(unheld: Site, tmp_path: Path) -> None:
    """SIGTERM while the first of many pages is awaited, which never comes: that one is given up, the others are not
    begun, and all of them are due as before."""
    path = listed(unheld, tmp_path / "hanging")
    gate = unheld.held("/0")
    with started(path, "crawl") as crawl:
        assert gate.reached.wait(PATIENCE)
        strike(crawl, signal.SIGTERM)
        _, err = crawl.communicate(timeout=PATIENCE)
    assert not gate.opened.is_set()

    assert (crawl.returncode, err) == (143, "")
    assert rows(path, "SELECT status FROM runs") == [("stopped",)]
    assert rows(path, STATES) == [("seen", PAGES)]
    assert unheld.paths() == ["/feed", "/0"]


def _children(pid: int) -> list[int]:
    """Process ids of the worker processes."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    if not found.exists():
        pytest.skip("needs /proc/PID/task/PID/children (Linux)")
    return [int(child) for child in found.read_text().split()]


def _all_end(pids: list[int]) -> None:
    """A worker whose crawl was killed must not stay behind."""
    for pid in pids:
        with suppress(ProcessLookupError):
            descriptor = os.pidfd_open(pid)
            ended, _, _ = select.select([descriptor], [], [], PATIENCE)
            os.close(descriptor)
            assert ended, f"worker {pid} outlived its crawl"


def killed_at(path: Path, moment: int) -> bool:
    """Crawl, and die at the moment-th change of a file; False where there are not so many."""
    done = presswatch(path, "crawl", PRESSWATCH_TEST_DIES_AT=str(moment))
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode != 0


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_killed_at_every_change_of_a_file(
    unheld: Site, undisturbed: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    """Opening, renaming, copying, removing: lock, spool, segment, database, snapshot; then once more in peace."""
    moment = 1
    while killed_at(path := listed(unheld, tmp_path / f"at-{moment}"), moment):
        done = presswatch(path, "crawl")
        assert (done.returncode, done.stderr) == (0, ""), moment
        assert kept(path) == undisturbed, moment
        moment += 1
    assert moment > 10


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_again_and_again(unheld: Site, undisturbed: dict[str, list[tuple[Any, ...]]], tmp_path: Path) -> None:
    """Every run is killed a little later than the one before; the database of all of them is one."""
    path = listed(unheld, tmp_path / "again")
    moment = 1
    while killed_at(path, moment):
        moment += 1
    presswatch(path, "crawl")

    assert kept(path) == undisturbed
    assert list((path.parent / "watchlist.spool").iterdir()) == []
