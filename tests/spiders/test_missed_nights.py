"""Sources over many nights: what was missed is named, refilled and, where it is gone, said (X2, F9); a source that goes
quiet, breaks, blocks or drifts is told in words (X4); polling by day; press releases.

Nights are real runs; afterwards their times are moved into the past, as a clock would have it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.store.database import writing
from tests.command import presswatch, rows
from tests.site import Page, Site, article, rss, site, watchlist

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
NOW = datetime.now(UTC).replace(microsecond=0)
IN_FEED = 3  # entries that the feed lists
A_NIGHT = 4  # articles that the paper publishes in a day


def moment(number: int) -> datetime:
    """When an article was published: four a day, five hours apart, 0 to 3 on the first day."""
    day, of_day = divmod(number, A_NIGHT)
    return NOW - timedelta(days=5 - day, hours=20 - 5 * of_day)


def publish(paper: Site, day: int, *, sitemap: bool, in_feed: int = IN_FEED) -> None:
    """The paper as it stands on a day of the story, 0 to 5; its sitemap keeps two days, as Google asks."""
    told = [(number, moment(number)) for number in range((day + 1) * A_NIGHT)]
    for number, _ in told:
        text = f"The Netflix outage, part {number}."
        paper.pages[f"/{number}"] = Page(body=article(f"Netflix outage {number}", text))
    newest = told[::-1][:in_feed]
    dates = tuple(format_datetime(when) for _, when in newest)
    paper.pages["/feed"] = Page(body=rss(*((f"/{n}", f"Netflix {n}") for n, _ in newest), dates=dates), kind="text/xml")
    news = "".join(
        f"<url><loc>{paper.url(f'/{n}')}</loc><n:news><n:publication_date>{when.isoformat()}</n:publication_date>"
        f"<n:title>Netflix {n}</n:title></n:news></url>"
        for n, when in told if when > told[-1][1] - timedelta(days=2)
    )  # fmt: skip
    paper.pages["/news.xml"] = Page(
        kind="text/xml", body='<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{news}</urlset>',
    )  # fmt: skip
    robots = f"Sitemap: {paper.url('/news.xml')}\n" if sitemap else ""
    paper.pages["/robots.txt"] = Page(body=robots, kind="text/plain")


def past(path: Path, days: int) -> None:
    """Move all that has happened so many days into the past."""
    with writing(path.with_suffix(".duckdb")) as connection:
        for table, columns in {
            "source_runs": ("ended_at",), "runs": ("started_at", "ended_at"), "robots": ("fetched_at",),
            "listings": ("read_at",),
        }.items():  # fmt: skip
            moved = ", ".join(f"{column} = {column} - INTERVAL {days} DAY" for column in columns)
            connection.execute(f"UPDATE private.{table} SET {moved}")


def health(path: Path) -> dict[str, dict[str, Any]]:
    """`presswatch sources`, by source."""
    lines = presswatch(path, "sources", "--format", "jsonl").stdout.splitlines()
    return {row["source"]: row for row in map(json.loads, lines)}


def test_two_nights_of_six_are_missed(tmp_path: Path) -> None:
    """Three nights, two skipped, the sixth: the window is named, the sitemap refills two days of it, the rest is said
    to be gone; the paper without a sitemap says where its gap ends."""
    with site("127.9.3.1") as paper, site("127.9.3.2") as bare:
        path = watchlist(
            tmp_path, ("paper", "feed", paper.url("/feed")), ("bare", "feed", bare.url("/feed")),
            allow_private='["127.9.0.0/16"]',
        )  # fmt: skip
        for day in (0, 1, 2):
            publish(paper, day, sitemap=True, in_feed=5), publish(bare, day, sitemap=False, in_feed=5)
            assert presswatch(path, "crawl").returncode == 0
        past(path, 3)
        before = health(path)
        publish(paper, 5, sitemap=True, in_feed=5), publish(bare, 5, sitemap=False, in_feed=5)
        sixth = presswatch(path, "crawl")
        after = health(path)
        found = {name: {int(url.rpartition("/")[2]) for (url,) in
                        rows(path, "SELECT url FROM articles WHERE source_id = ?", name)}
                 for name in ("paper", "bare")}  # fmt: skip

    assert {row["missed"] for row in before.values()} == {None}
    read = f"{moment(11):%Y-%m-%d %H:%M}"  # the newest of the third day
    lines = [line for line in sixth.stderr.splitlines() if "not read since" in line]
    assert len(lines) == 2
    assert all(f"not read since {read} UTC" in line for line in lines)
    assert all("is in no list any more" in line for line in lines)
    assert found["paper"] == {*range(12), *range(16, 24)}  # all that the sitemap still knew
    assert found["bare"] == {*range(12), *range(19, 24)}  # what the feed lists
    assert {name: row["missed"] for name, row in after.items()} == {
        "paper": f"{read} to {moment(16):%Y-%m-%d %H:%M}, lost",
        "bare": f"{read} to {moment(19):%Y-%m-%d %H:%M}, lost",
    }


def test_polling_by_day_loses_nothing(tmp_path: Path) -> None:
    """A wire that lists three entries: `--discover-only` keeps what it names; the night fetches it all."""
    with site("127.9.3.3") as wire:
        path = watchlist(tmp_path, ("wire", "feed", wire.url("/feed")), allow_private='["127.9.0.0/16"]')
        for day in (0, 1, 2):
            publish(wire, day, sitemap=False)
            polled = presswatch(path, "crawl", "--discover-only")
            assert polled.returncode == 0
        assert set(wire.paths()) == {"/feed"}
        night = presswatch(path, "crawl")

        assert night.returncode == 0
        assert {url.rpartition("/")[2] for (url,) in rows(path, "SELECT url FROM articles")} == {
            str(day * A_NIGHT + n) for day in (0, 1, 2) for n in (1, 2, 3)
        }


def test_press_releases_are_kept_out_of_earned_figures(tmp_path: Path) -> None:
    """Stored, shown as evidence, in no figure."""
    with site("127.9.3.4") as wire:
        publish(wire, 0, sitemap=False)
        path = watchlist(tmp_path, ("wire", "feed", wire.url("/feed")), allow_private='["127.9.0.0/16"]')
        path.write_text(path.read_text("utf-8") + 'coverage = "press_release"\n', "utf-8")
        assert presswatch(path, "crawl").returncode == 0

    assert rows(path, "SELECT count(*) FROM articles") == [(3,)]
    assert rows(path, "SELECT count(*) > 0 FROM mentions") == [(True,)]
    assert rows(path, "SELECT count(*) FROM brand_articles") == [(0,)]
    assert rows(path, "SELECT count(*) FROM daily_coverage") == [(0,)]


NIGHTS = 20


def night(connection: duckdb.DuckDBPyConnection, source: str, number: int, **columns: object) -> None:
    """One row of the ledger; nights count backwards from today."""
    row = {
        "source_id": source, "run_id": f"{NIGHTS - number:03}", "ended_at": NOW - timedelta(days=number),
        "answered": True,
        "discovered": 30, "fetched": 5, "extracted": 5, "matched": 1, "stored": 1, "failed": 0, "reason": None,
        "fresh": 5, "titled": 5, "dated": 5, "whole": 5, "repeated": 0, **columns,
    }  # fmt: skip
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO private.source_runs ({names}) VALUES ({marks})", list(row.values()))


def test_verdicts(tmp_path: Path) -> None:
    """One source for each word. A slow one that is silent for a while is well: that is chance (Poisson)."""
    database = tmp_path / "w.duckdb"
    with writing(database) as connection:
        for number in range(NIGHTS):
            night(connection, "steady", number)
            night(connection, "quiet", number, fresh=5 if number > 3 else 0)
            night(connection, "slow", number, fresh=int(number in {6, 9, 12, 14, 16, 18}))
            night(connection, "dead", number, answered=number > 2, reason=None if number > 2 else "http_404")
            night(connection, "barred", number, answered=number > 0, reason=None if number else "http_403")
            night(connection, "undated", number, dated=5 if number > 2 else 0)
            night(connection, "walled", number, repeated=0 if number > 2 else 4)
            night(connection, "back", number, answered=not 1 <= number <= 4, reason="dns" if 1 <= number <= 4 else None)
            night(connection, "failing", number, reason="http_500" if number == 0 else None)
        found = dict(connection.execute("SELECT source_id, verdict FROM private.verdicts").fetchall())

    assert found == {
        "steady": "well", "slow": "well", "back": "well: back again",
        "quiet": "quiet: nothing new for 4.0 days, where 5.0 a day are usual",
        "dead": "broken: http_404 for 3 runs", "failing": "broken: its pages, http_500", "barred": "blocked: http_403",
        "undated": "drifting: dates 0%, before 100%", "walled": "drifting: the same text on 80% of pages",
    }  # fmt: skip


def test_validators_are_believed_only_after_they_have_proved_themselves(tmp_path: Path) -> None:
    """F9: twice the same ETag with the same bytes, then conditionally; never again where it once lied."""
    with site("127.9.3.5") as honest, site("127.9.3.6") as liar:
        for paper in (honest, liar):
            publish(paper, 0, sitemap=False)
            page = paper.pages["/feed"]
            assert isinstance(page, Page)
            paper.pages["/feed"] = Page(body=page.body, kind="text/xml", headers={"ETag": '"1"'})
        path = watchlist(
            tmp_path, ("honest", "feed", honest.url("/feed")), ("liar", "feed", liar.url("/feed")),
            allow_private='["127.9.0.0/16"]',
        )  # fmt: skip
        for run in range(5):
            if run == 2:
                publish(liar, 1, sitemap=False)
                changed = liar.pages["/feed"]
                assert isinstance(changed, Page)
                liar.pages["/feed"] = Page(body=changed.body, kind="text/xml", headers={"ETag": '"1"'})
            if run == 4:
                honest.pages["/feed"] = Page(status=304, headers={"ETag": '"1"'})
            assert presswatch(path, "crawl", "--discover-only").returncode == 0
        sent = [[asked.headers.get("if-none-match") for asked in paper.asked if asked.path == "/feed"]
                for paper in (honest, liar)]  # fmt: skip

    assert sent == [[None, None, None, '"1"', '"1"'], [None] * 5]
    assert rows(path, "SELECT count(*) FROM private.urls WHERE source_id = 'liar'") == [(6,)]
    assert rows(path, "SELECT bool_and(collected) FROM collection") == [(True,)]
