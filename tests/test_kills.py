"""A hundred random `kill -9` in a night of 500 articles, each followed by the next run at once; then one in peace.

    nice -n 5 .venv/bin/python -m pytest -q -s --timeout 3600 tests/test_kills.py

PRESSWATCH_TEST_SEED draws other moments, PRESSWATCH_TEST_KILLS fewer or more. A moment is a random time after the start
or after something that is seen from outside: a page asked for, a page kept, a segment to load, a new snapshot, the
verdict of the crawl. What was going on when a run was killed is read from what it left.
"""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.command import environment, line, presswatch, rows
from tests.prose import page
from tests.site import PATIENCE, Page, Site, rss, site, watchlist
from tests.test_interruptions import TABLES

SEED = int(os.environ.get("PRESSWATCH_TEST_SEED", "2008"))
KILLS = int(os.environ.get("PRESSWATCH_TEST_KILLS", "100"))
ARTICLES, PAPERS, STORIES = 500, 10, 25
PHASES = ("startup", "crawl", "load", "snapshot", "report")
# A story has the name of the article that founded it, so which that is depends on the order of loads; who is told
# together does not.
KEPT = {
    **TABLES,
    "articles": TABLES["articles"].replace("(", "(story_id, "),
    "stories": "SELECT list(article_id ORDER BY article_id) AS a FROM private.articles GROUP BY story_id ORDER BY a",
}
DONE = "SELECT url FROM private.urls WHERE state IN ('fetched', 'extracted')"
ONLY_FETCHING = 0.6  # of the kills come before anything is read to the end, so that many fall into the crawl


@pytest.fixture(scope="module")
def papers() -> Iterator[list[Site]]:
    """500 articles about both brands, too old to be looked at twice, young enough for the report."""
    now = datetime.now(UTC)
    with ExitStack() as stack:
        found = [stack.enter_context(site(f"127.11.0.{n + 1}")) for n in range(PAPERS)]
        for n, paper in enumerate(found):
            numbers = range(n, ARTICLES, PAPERS)
            dates = tuple(format_datetime(now - timedelta(hours=50 + number / 10)) for number in numbers)
            paper.pages["/feed"] = Page(
                body=rss(*((f"/{number}", f"Page {number}") for number in numbers), dates=dates)
            )
            for number in numbers:
                paper.pages[f"/{number}"] = Page(body=page(f"{number % STORIES}", f"{number}", named=True))
        yield found


def listed(papers: list[Site], folder: Path) -> Path:
    """A watchlist of all of them."""
    folder.mkdir()
    (folder / "tmp").mkdir()
    sources = [(f"paper-{n}", "feed", paper.url("/feed")) for n, paper in enumerate(papers)]
    return watchlist(folder, *sources, allow_private='["127.11.0.0/16"]')


class Night:
    """One store through all runs, and what was seen of it between them."""

    def __init__(self, papers: list[Site], path: Path) -> None:
        self.papers, self.path, self.folder = papers, path, path.parent
        self.database, self.spool = path.with_suffix(".duckdb"), path.with_suffix(".spool")
        self.snapshot = path.with_suffix(".snapshot.new")
        self.log = self.folder / "tmp.out"
        self.done: set[str] = set()
        """Addresses of pages that need not be asked for again."""
        self.ledger: dict[str, str] = {}
        """The last word on each run."""
        self.before: dict[str, int] = {}

    def asked(self) -> list[str]:
        """Pages that were asked for since `start`."""
        return [paper.url(path) for paper in self.papers for path in paper.paths() if path != "/feed"]

    def start(self) -> subprocess.Popen[bytes]:
        """`presswatch nightly` with a process group of its own."""
        for paper in self.papers:
            paper.asked.clear()
        self.before = self.files()
        with self.log.open("wb") as log:
            return subprocess.Popen(
                line(self.path, "nightly"), cwd=self.folder, stdout=log, stderr=subprocess.STDOUT,
                env=environment(self.folder, TMPDIR=str(self.folder / "tmp")), start_new_session=True,
            )  # fmt: skip

    def files(self) -> dict[str, int]:
        """Files that come and go, with the time of their last change."""
        found = {}
        for file in (self.snapshot, self.database.with_name(f"{self.database.name}.wal"), *self.spool.glob("*.jsonl*")):
            with suppress(OSError):
                found[file.name] = file.stat().st_mtime_ns
        return found

    def records(self) -> int:
        """Pages that this run has kept so far."""
        found = 0
        for file in self.spool.glob("*.open"):
            with suppress(OSError):  # sealed meanwhile
                found += file.read_bytes().count(b'"state": "extracted"') * (file.name not in self.before)
        return found

    def changed(self, suffix: str) -> bool:
        """Did this run write a file of that kind, and is it still there?"""
        return any(name.endswith(suffix) and self.before.get(name) != at for name, at in self.files().items())

    def phase(self) -> str:
        """What the run was at."""
        if self.log.stat().st_size:
            return "report"
        if self.changed(".new"):
            return "snapshot"
        if self.changed(".jsonl") or self.changed(".wal"):
            return "load"
        return "crawl" if self.fetches() else "startup"

    def fetches(self) -> bool:
        """Did it ask for anything yet?"""
        return any(paper.asked for paper in self.papers)

    def look(self) -> None:
        """The database opens; what is in it and in the spool is done, and was not asked for again."""
        again = self.done.intersection(self.asked())
        assert not again, f"asked for without need: {sorted(again)}"
        for file in self.spool.glob("*.jsonl*"):
            for record in file.read_bytes().split(b"\n")[:-1]:
                url = json.loads(record).get("url") or {}
                if url.get("state") in {"fetched", "extracted"}:
                    self.done.add(url["url"])
        with suppress(duckdb.CatalogException, FileNotFoundError):  # killed before its first migration
            self.database.stat()
            with duckdb.connect(str(self.database), read_only=True) as connection:
                self.ledger |= dict(connection.execute("SELECT run_id, status FROM private.runs").fetchall())
                self.done.update(url for (url,) in connection.execute(DONE).fetchall())


def moment(night: Night, chance: random.Random, part: float) -> tuple[Callable[[], bool], float]:
    """What must be seen first, and how many seconds later to kill."""
    pages, records, late = chance.randint(1, 20), chance.randint(1, 12), part >= ONLY_FETCHING and chance.random() < 0.5

    def writes(*kinds: str) -> bool:
        """At its beginning, for what the run before left, or at its end."""
        return (night.fetches() or not late) and any(night.changed(kind) for kind in kinds)

    choices: dict[str, tuple[Callable[[], bool], float]] = {
        "startup": (lambda: True, chance.uniform(0.05, 2.5)),
        "page": (lambda: len(night.asked()) >= pages, chance.uniform(0, 0.5)),
        "record": (lambda: night.records() >= records, chance.uniform(0, 0.2)),
        "segment": (lambda: writes(".jsonl", ".wal"), chance.uniform(0, 0.4)),
        "snapshot": (lambda: writes(".new"), chance.uniform(0, 0.01)),
        "verdict": (lambda: night.log.stat().st_size > 0, chance.uniform(0, 5)),
        "time": (lambda: True, chance.uniform(0.3, 8)),
    }
    early = ("startup", "page", "record", "record", "record", "snapshot", "segment")
    return choices[chance.choice(early if part < ONLY_FETCHING else ("time", "segment", "snapshot", "verdict"))]


def killed(process: subprocess.Popen[bytes], seen: Callable[[], bool], seconds: float, *, group: bool) -> bool:
    """Kill a run, or only its main process; False where it ended before."""
    try:
        while process.poll() is None and not seen():
            time.sleep(0.002)  # what is waited for happens in another process
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    finally:
        ended = process.returncode is not None
        if not ended:
            (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
            process.wait()
    return not ended


def ends(folder: Path) -> None:
    """Every process that was started in `folder` is gone, or goes."""
    mine = f"PRESSWATCH_TEST_FOLDER={folder}".encode()
    for status in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mine in status.read_bytes().split(b"\0"):
                descriptor = os.pidfd_open(int(status.parent.name))
                ended, _, _ = select.select([descriptor], [], [], PATIENCE)
                os.close(descriptor)
                assert ended, f"process {status.parent.name} outlived its night"


def kept(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows."""
    return {table: rows(path, query) for table, query in KEPT.items()}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_kills(papers: list[Site], tmp_path: Path) -> None:
    """Nothing lost, doubled or asked for without need; the ledger tells; nothing is left behind."""
    peace = listed(papers, tmp_path / "undisturbed")
    assert presswatch(peace, "nightly", TMPDIR=str(peace.parent / "tmp")).returncode == 0
    undisturbed = kept(peace)
    assert len(undisturbed["articles"]) == ARTICLES

    night, chance = Night(papers, listed(papers, tmp_path / "night")), random.Random(SEED)
    phases: Counter[str] = Counter()
    while phases.total() < KILLS:
        seen, seconds = moment(night, chance, phases.total() / KILLS)
        process = night.start()
        if killed(process, seen, seconds, group=chance.random() < 0.7):
            phases[night.phase()] += 1
        said = night.log.read_text("utf-8")
        assert process.returncode in {0, -signal.SIGKILL}, said
        assert not any(word in said for word in ("Traceback", "damaged", "ERROR")), said
        night.look()
        print(f"{phases.total():3} {len(night.done):3} pages done; {dict(phases)}", flush=True)
    print(f"seed {SEED}: {KILLS} kills, {dict(phases)}")

    seen_before = set(night.ledger)
    done = presswatch(night.path, "nightly")
    assert (done.returncode, done.stderr) == (0, "")
    assert kept(night.path) == undisturbed
    expected = {run: "interrupted" if status == "started" else status for run, status in night.ledger.items()}
    ledger = dict(rows(night.path, "SELECT run_id, status FROM runs"))
    assert {run: ledger[run] for run in seen_before} == expected
    assert [status for run, status in ledger.items() if run not in seen_before] == ["finished"]
    assert set(phases) == set(PHASES) or KILLS < 100
    ends(night.folder)
    assert left(night.folder) == left(peace.parent)


def left(folder: Path) -> set[str]:
    """Files and folders; of the archive's files and the backups each run has its own, and those that a kill left of the
    archive end in `.open`."""
    found = {str(file.relative_to(folder)) for file in folder.rglob("*")} - {"tmp.out"}
    return {name for name in found if not re.match(r"watchlist\.(archive/|backup/\d)", name)}
