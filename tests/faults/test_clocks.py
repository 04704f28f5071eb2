"""Clocks that jump and nights that were missed, by libfaketime (faults.md, B9 and X2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.clock import at
from tests.command import presswatch, rows
from tests.site import Page, Site, article, rss, site, watchlist


@pytest.fixture
def paper() -> Iterator[Site]:
    """A publisher with one article of yesterday."""
    with site("127.8.0.4") as served:
        publish(served, 1)
        yield served


def publish(paper: Site, articles: int) -> None:
    """The newest first, each six hours before the next; never asked for before they are dated."""
    listed, dates = [], []
    for number in range(articles, 0, -1):
        paper.pages[f"/{number}"] = Page(body=article(f"Netflix outage {number}", f"Netflix has outage {number}."))
        listed.append((f"/{number}", f"Netflix outage {number}"))
        dates.append(format_datetime(datetime.now(UTC) - timedelta(hours=12 + 6 * (articles - number))))
    paper.pages["/feed"] = Page(body=rss(*listed, dates=tuple(dates)), kind="application/rss+xml")


@pytest.fixture
def path(paper: Site, tmp_path: Path) -> Path:
    """The watchlist of a store after one crawl at the right time."""
    path = watchlist(tmp_path, ("paper", "feed", paper.url("/feed")), allow_private='["127.8.0.0/16"]')
    assert presswatch(path, "crawl").returncode == 0
    return path


def stored(path: Path) -> list[tuple[str, int]]:
    """Title and revision of all that is stored."""
    return rows(path, "SELECT title, revision FROM article_revisions ORDER BY title, revision")  # type: ignore[return-value]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("when", ["+3d", *(pytest.param(w, marks=pytest.mark.slow) for w in ("-3h", "-2y", "+10y"))])
def test_a_clock_that_jumps_and_comes_back(paper: Site, path: Path, when: str) -> None:
    """The night of the wrong clock and the one after it: every article once, with its own date, and nothing gone."""
    days = "SELECT day, articles FROM daily_coverage WHERE topic_id IS NULL ORDER BY day"
    (before,) = rows(path, "SELECT published_at FROM articles")
    publish(paper, 2)
    jumped = presswatch(path, "crawl", **at(when))
    between = stored(path)
    publish(paper, 3)
    back = presswatch(path, "crawl")

    assert (jumped.returncode, back.returncode) == (0, 0), jumped.stderr + back.stderr
    assert between == [("Netflix outage 1", 0), ("Netflix outage 2", 0)]
    assert stored(path) == [(f"Netflix outage {number}", 0) for number in (1, 2, 3)]
    assert rows(path, "SELECT published_at FROM articles WHERE title = 'Netflix outage 1'") == [before]
    dated = rows(path, "SELECT count(published_at) FROM articles")[0][0]
    assert dated == (2 if when == "-2y" else 3)  # to that clock a page of today is one of the future: it has no day
    assert sum(articles for _, articles in rows(path, days)) == dated
    assert rows(path, "SELECT count(*), count(ended_at) FROM runs WHERE status = 'finished'") == [(3, 3)]
