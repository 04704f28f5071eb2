"""A disk without any room at all: exit status 3, the old files as they were, nothing lost (faults.md, B3).

What a run does that sees it coming is in tests/spiders/test_room.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.analysis.store.test_full_disk import fill
from tests.command import presswatch, rows, started
from tests.site import PATIENCE, Page, Site, article, rss, site, watchlist
from tests.tmpfs import small_disk

MORE = 5
"""Articles that come in the night in which the disk is full."""
FILES = (("report", "--format", "html,md,xlsx", "--out", "out"), ("export", "--format", "csv", "--out", "out"))


@pytest.fixture
def paper() -> Iterator[Site]:
    """A publisher with one article."""
    with site("127.8.0.3") as served:
        publish(served, 1)
        yield served


def publish(paper: Site, articles: int) -> None:
    """The newest first; they hardly compress."""
    for number in range(1, articles + 1):
        text = f"Netflix has outage number {number}. " + " ".join(f"{word * 7919 * number:x}" for word in range(2000))
        paper.pages[f"/{number}"] = Page(body=article(f"Netflix outage {number}", text))
    listed = [(f"/{number}", f"Netflix outage {number}") for number in range(articles, 0, -1)]
    recently = format_datetime(datetime.now(UTC) - timedelta(hours=3))
    paper.pages["/feed"] = Page(body=rss(*listed, dates=(recently,) * articles), kind="application/rss+xml")


@pytest.fixture
def path(paper: Site, tmp_path: Path) -> Iterator[Path]:
    """The watchlist of a store on a disk of its own, after one crawl."""
    with small_disk(tmp_path, 192 * 1024 * 1024) as folder:
        path = watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private='["127.8.0.0/16"]')
        first = presswatch(path, "crawl")
        assert first.returncode == 0, first.stderr
        publish(paper, 1 + MORE)
        yield path


def kept(folder: Path) -> dict[str, bytes]:
    """The files of a folder, but hidden ones: those are not whole yet, and the next try takes their place."""
    return {file.name: file.read_bytes() for file in folder.rglob("[!.]*") if file.is_file()}


def titles(path: Path) -> list[str]:
    """What readers see."""
    return [title for (title,) in rows(path, "SELECT title FROM article_revisions ORDER BY title")]


def out_of_space(returncode: int, stderr: str) -> bool:
    """Whether it ended as the contract says, and said why."""
    why = stderr.splitlines()[-1]
    return returncode == 3 and ("out of space" in why or "No space left" in why) and "Traceback" not in stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_file_is_half_written(path: Path) -> None:
    """A crawl, a report and an export are refused; with room each does its work."""
    for command in FILES:
        assert presswatch(path, *command).returncode == 0
    before = kept(path.parent / "out")
    ballast = fill(path.parent)
    refused = [presswatch(path, *command) for command in (("crawl",), *FILES)]
    after = kept(path.parent / "out")
    ballast.unlink()

    assert [done.stderr for done in refused if not out_of_space(done.returncode, done.stderr)] == []
    assert after == before
    assert [presswatch(path, *command).returncode for command in (("crawl",), *FILES)] == [0, 0, 0]
    assert len(titles(path)) == 1 + MORE


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("leave", [0, 60_000, 400_000])
def test_all_of_it_is_gone_at_once(paper: Site, path: Path, leave: int) -> None:
    """In the middle of a night: a page, the end of the run, a load, the snapshot do not fit."""
    gate = paper.held("/4")
    with started(path, "nightly") as night:
        assert gate.reached.wait(PATIENCE)
        ballast = fill(path.parent, leave)
        gate.opened.set()
        _, err = night.communicate(timeout=PATIENCE)
    ballast.unlink()
    publish(paper, 1 + MORE)
    again = presswatch(path, "nightly")

    assert out_of_space(night.returncode, err), err
    assert again.returncode == 0, again.stderr
    assert titles(path) == [f"Netflix outage {number}" for number in range(1, 2 + MORE)]
