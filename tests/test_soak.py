"""Sixty nights back to back on a fake clock, 300 pages each, `kill -9` in every fifth: nothing grows, nothing is lost.

    nice -n 5 .venv/bin/python -m pytest -q -s --timeout 7200 tests/test_soak.py

takes some 30 minutes and prints a line a night. PRESSWATCH_TEST_NIGHTS=12 plays fewer. A night is a process of its own,
so what could grow is what it reads and rewrites of the store. The clock is libfaketime's (Debian: faketime); the
publishers live outside of it, and date what they publish by it.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.clock import at
from tests.command import environment, line, rows
from tests.memory import descendants
from tests.prose import page
from tests.site import Page, Site, rss, site, watchlist

NIGHTS = int(os.environ.get("PRESSWATCH_TEST_NIGHTS", "60"))
KILLED = 5  # every so many nights
FEEDS = 5
NEW, YOUNG = 270, 30  # pages a night: never seen before, and of them those that the next night asks for again
NAMED = 3  # every third page is an article about a brand
CORRECTED = 2 * NAMED  # every so many of the young say something else the next night; all of them are articles
STORIES = 15  # a night
KEPT = "SELECT url, count(*), count(*) FILTER (newest) FROM private.articles GROUP BY url"


def prose(night: int, number: int, correction: str = "") -> bytes:
    """A page of that night; every third names both brands."""
    return page(f"{night} {number % STORIES}", f"{night} {number}", named=number % NAMED == 0, correction=correction)


class Press:
    """Some publishers; what they have published up to a night of the fake clock."""

    def __init__(self, sites: list[Site]) -> None:
        self.sites = sites
        self.revisions: Counter[str] = Counter()
        """How many texts each article about a brand has had, by its address."""

    def publish(self, night: int, now: datetime) -> None:
        """New pages, and corrections of last night's; what is older than that is in no list any more."""
        for feed, paper in enumerate(self.sites):
            listed: list[tuple[str, datetime]] = []
            for number in range(feed, NEW, FEEDS):
                path = f"/{night}/{number}"
                paper.pages[path] = Page(body=prose(night, number))
                listed.append((path, now - timedelta(hours=self._age(number))))
                if number % NAMED == 0:
                    self.revisions[paper.url(path)] += 1
                if night > 1 and number < YOUNG and number % CORRECTED == 0:
                    last = f"/{night - 1}/{number}"
                    paper.pages[last] = Page(body=prose(night - 1, number, " again"))
                    self.revisions[paper.url(last)] += 1
            newest = sorted(listed, key=lambda entry: entry[1], reverse=True)
            dates = tuple(format_datetime(when) for _, when in newest)
            paper.pages["/feed"] = Page(body=rss(*((path, f"Page {path}") for path, _ in newest), dates=dates))

    @staticmethod
    def _age(number: int) -> float:
        """Hours. Who is older than a day when first seen is too old for another look the night after."""
        return 2 + number / YOUNG * 8 if number < YOUNG else 30 + number / NEW * 10

    def asked(self) -> int:
        """Pages that were asked for since the last look."""
        found = sum(path != "/feed" for paper in self.sites for path in paper.paths())
        for paper in self.sites:
            paper.asked.clear()
        return found


@dataclass
class Night:
    """What one run took, its workers included."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    files: int = 0
    """Open in the main process, at most."""
    files_at_the_end: int = 0
    status: int = 0

    def look(self, pid: int) -> None:
        """Take a sample of a process that may end meanwhile."""
        pages, most = 0, 0
        with suppress(OSError):
            for number in (pid, *descendants(pid)):
                pages += int(Path(f"/proc/{number}/statm").read_text("ascii").split()[1])
            most = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        self.peak_mb = max(self.peak_mb, pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
        self.files = max(self.files, most)
        self.files_at_the_end = most or self.files_at_the_end


def play(path: Path, night: int, killed_after: float | None = None) -> Night:
    """`presswatch nightly`, `night` days from now; killed after some seconds, with all its processes, if so wished."""
    measured, begun, over = Night(), time.monotonic(), threading.Event()
    with (path.parent / "log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            line(path, "nightly"), cwd=path.parent, env=environment(path.parent, **at(f"+{night}d")),
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    watcher = threading.Thread(target=_watch, args=(measured, process.pid, over))
    killer = threading.Timer(killed_after or 0, os.killpg, (process.pid, signal.SIGKILL))
    for thread in (watcher, killer)[: 1 if killed_after is None else 2]:
        thread.start()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    killer.cancel()
    over.set()
    watcher.join()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = measured.status = os.waitstatus_to_exitcode(status)
    measured.wall_s, measured.cpu_s = time.monotonic() - begun, used.ru_utime + used.ru_stime
    return measured


def _watch(measured: Night, pid: int, over: threading.Event) -> None:
    while not over.wait(0.1):
        measured.look(pid)


@contextmanager
def press() -> Iterator[Press]:
    """Publishers on addresses of their own."""
    with ExitStack() as stack:
        yield Press([stack.enter_context(site(f"127.9.0.{n + 1}")) for n in range(FEEDS)])


def made(folder: Path) -> Path:
    """The folder, there."""
    folder.mkdir()
    return folder


def slope(values: list[float]) -> float:
    """How much a value grows a night, by least squares."""
    return statistics.linear_regression(range(len(values)), values).slope


def compared(papers: Press, old: Path, young: Path, first: int) -> tuple[list[float], list[float]]:
    """CPU seconds of six more nights with the old store and with a young one, in turn, because what else the machine
    does changes from hour to hour; without the first two, in which the young one meets all for the first time."""
    costs: tuple[list[float], list[float]] = ([], [])
    for night in range(first, first + 6):
        papers.publish(night, datetime.now(UTC) + timedelta(days=night))
        for which in (0, 1) if night % 2 else (1, 0):
            costs[which].append(play((old, young)[which], night).cpu_s)
        print(f"{night:2} CPU {costs[0][-1]:.1f} s, with a young store {costs[1][-1]:.1f} s", flush=True)
    return costs[0][2:], costs[1][2:]


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_sixty_nights(tmp_path: Path) -> None:
    """Memory grows by less than 0.5 MB a night, open files not at all, processor time by at most a fifth; of the
    articles none is lost and none is there twice."""
    chance, nights, pages = random.Random(2008), {}, {}
    with press() as papers:
        sources = [(f"paper-{n}", "feed", paper.url("/feed")) for n, paper in enumerate(papers.sites)]
        path = watchlist(tmp_path, *sources, allow_private='["127.9.0.0/16"]')
        for night in range(1, NIGHTS + 1):
            papers.publish(night, datetime.now(UTC) + timedelta(days=night))
            if night % KILLED == 0:
                play(path, night, killed_after=chance.uniform(1, 16))
            nights[night], pages[night] = play(path, night), papers.asked()
            told(night, nights[night], pages[night], path)
        revisions = dict(papers.revisions)
        kept = rows(path, KEPT)
        young = watchlist(made(tmp_path / "young"), *sources, allow_private='["127.9.0.0/16"]')
        costs = compared(papers, path, young, NIGHTS + 1)

    assert {url: (count, newest) for url, count, newest in kept} == {url: (n, 1) for url, n in revisions.items()}
    assert {night.status for night in nights.values()} == {0}
    calm = [night for number, night in nights.items() if number % KILLED]
    assert {count for number, count in pages.items() if number % KILLED and number > 1} == {NEW + YOUNG}
    grown = slope([night.peak_mb for night in nights.values()])
    late, early = (statistics.median(some) for some in costs)
    open_files = [[night.files for night in some] for some in (calm[:10], calm[-10:])]
    print(f"memory {grown:+.2f} MB a night; CPU {early:.1f} s with a young store, {late:.1f} s with this, "
          f"{late / early:.2f} times; open files {max(open_files[0])} at first, {max(open_files[1])} now")  # fmt: skip
    assert grown < 0.5
    assert max(open_files[1]) <= max(open_files[0]) + 2  # how many connections are open at once varies
    assert statistics.median_high(n.files_at_the_end for n in calm[-10:]) <= statistics.median_high(
        n.files_at_the_end for n in calm[:10]
    )
    assert late <= 1.2 * early


def told(number: int, night: Night, pages: int, path: Path) -> None:
    """A line for whoever waits."""
    size = path.with_suffix(".duckdb").stat().st_size / 2**20
    print(f"{number:2} {night.wall_s:5.1f} s wall {night.cpu_s:5.1f} s CPU {night.peak_mb:6.1f} MB "
          f"{night.files:3} open files, {night.files_at_the_end:2} at the end; {pages} pages, status {night.status}; "
          f"store {size:.1f} MB", flush=True)  # fmt: skip
