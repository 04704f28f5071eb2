"""What is older than the watchlist keeps goes; never by a clock that the ledger doubts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.store.database import beside, reading, writing
from analysis.store.figures import rebuild
from analysis.store.retention import expire
from analysis.watchlist.models import Store
from tests.analysis.press import article, night, page, wire

KEEP = Store(keep_days=30, archive_days=7)  # type: ignore[call-arg]


def begun(database: Path, *days_ago: float) -> datetime:
    """Nights of one article each, the ledger saying that they began so long ago; returns now."""
    now = datetime.now(UTC)
    for number, days in enumerate(days_ago):
        night(
            database,
            page(article(number, published=now - timedelta(days=40 * (1 - number % 2)), body=wire(f"t{number}"))),
        )
        with writing(database) as connection:
            connection.execute(
                "UPDATE private.runs SET started_at = ? WHERE rowid = (SELECT max(rowid) FROM private.runs)",
                [now - timedelta(days=days)],
            )
    return now


def test_old_articles_and_pages_go(database: Path) -> None:
    """With their figures; younger ones stay, and a second time nothing goes."""
    now = begun(database, 1, 0)
    folder = beside(database, ".archive")
    folder.mkdir()
    names = [f"{now - timedelta(days=days):%Y%m%dT%H%M%S}-abc123-00001.warc.gz" for days in (8, 6)]
    for name in [*names, "notes.txt"]:
        (folder / name).touch()

    done = expire(database, KEEP, now)

    assert (done.articles, done.files, done.doubt) == (1, 1, "")
    assert sorted(path.name for path in folder.iterdir()) == [names[1], "notes.txt"]
    with writing(database) as connection:
        assert connection.execute("SELECT title FROM articles").fetchall() == [("Title 1",)]
        kept = connection.execute("FROM daily_coverage ORDER BY ALL").fetchall()
        rebuild(connection)
        assert connection.execute("FROM daily_coverage ORDER BY ALL").fetchall() == kept
    assert expire(database, KEEP, now).articles == 0


@pytest.mark.parametrize(
    ("days_ago", "later", "word"),
    [((0,), 0, "first run"), ((3, 0), 0, "3 days ago"), ((365, 0), 0, "365 days ago"), ((1, 0), 400, "401 days ago"),
     ((0, 1), 0, "went back"), ((1, 0), -1, "went back")],
)  # fmt: skip
def test_a_clock_in_doubt_erases_nothing(database: Path, days_ago: tuple[float, ...], later: int, word: str) -> None:
    """First run, missed nights, a jump before this run or during it, a clock that went back."""
    now = begun(database, *days_ago) + timedelta(days=later)

    done = expire(database, Store(keep_days=1), now)  # type: ignore[call-arg]

    assert word in done.doubt
    with reading(database) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(len(days_ago),)]


def test_nothing_is_asked_for_nothing_goes(database: Path) -> None:
    """Without the keys all is kept for ever."""
    now = begun(database, 1, 0)
    assert expire(database, Store(), now) == expire(database, Store(), now + timedelta(days=9999))  # type: ignore[call-arg]
