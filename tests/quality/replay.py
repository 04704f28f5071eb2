"""Replays data/coverage as if presswatch had run each night: a page in the night after its date, by the real stages.

    python -m tests.quality.replay STORE.duckdb [FIRST [LAST]]     makes the store; then ask `presswatch --db ...`

The page is the one that the shared newsstand serves; it goes through extraction, matching and scoring into the spool
and the database, as in a crawl, only without HTTP. Pages without a date come with the last night.
"""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from analysis.items import Article
from analysis.matching import Matcher
from analysis.store.database import beside, writing
from analysis.store.ledger import end_run, start_run
from analysis.store.load import load
from analysis.store.records import article_record, mention_records, said_records, url_record
from analysis.store.spool import Spool
from analysis.tone.articles import brand_names, score_article
from analysis.watchlist import Watchlist, loads
from spiders.extraction import Page, extract
from tests.analysis.press import funnel, lead

HERE = Path(__file__).resolve()
SHARED = HERE.parents[2].parent / "shared"
ZONE = "America/Los_Angeles"
EVENT = """
[report]
timezone = "America/Los_Angeles"
[[events]]
id = "shipping-outage-2008"
brand = "netflix"
start = 2008-08-11T00:00:00-07:00
end = 2008-08-15T12:00:00-07:00
[[events]]
id = "site-outage-march-2008"
brand = "netflix"
start = 2008-03-24T07:00:00-07:00
end = 2008-03-24T18:00:00-07:00
"""


def watchlist() -> Watchlist:
    """coverage_watchlist.toml in Netflix's own zone, with the events."""
    return loads(HERE.with_name("coverage_watchlist.toml").read_text("utf-8") + EVENT)


class Replay:
    """A store that gets its nights one by one."""

    def __init__(self, database: Path) -> None:
        self.database, self.watchlist = database, watchlist()
        self._matcher = Matcher(self.watchlist)
        self._names = brand_names((brand.name, brand.aliases) for brand in self.watchlist.brands)
        lines = (SHARED / "data" / "coverage" / "pages.jsonl").read_text("utf-8").splitlines()
        self.pages = [json.loads(line) for line in lines]
        self._article_page = runpy.run_path(str(SHARED / "tools" / "newsstand.py"))["article_page"]

    def night(self, until: date, since: date = date.min, *, undated: bool = False) -> None:
        """The run in the night after `until`: the pages dated from `since` on up to then."""
        due = [row for row in self.pages if self._due(row, since, until, undated=undated)]
        ended = datetime.combine(until + timedelta(days=1), time(10), UTC)  # two or three at night in California
        reach = (
            min((datetime.combine(since, time(), UTC), ended)) if since > date.min else datetime(2006, 1, 1, tzinfo=UTC)
        )
        records = [*self._records(due, ended), funnel("placeholder", ended, reach_from=reach, discovered=len(due))]
        with writing(self.database) as connection:
            run_id = start_run(connection, "replay", self.watchlist)
            load(connection, self._segment(run_id, records))
            end_run(connection, run_id, "finished", len(due), 0)

    def _due(self, row: dict[str, Any], since: date, until: date, *, undated: bool) -> bool:
        if not row["published"]:
            return undated
        return since <= date.fromisoformat(row["published"]) <= until

    def _records(self, rows: Sequence[dict[str, Any]], at: datetime) -> Iterator[dict[str, Any]]:
        for row in rows:
            if (article := self._article(row, at)).mentions:
                record = article_record(article)
                yield {
                    "url": url_record(lead(1, "placeholder", url=article.url), "extracted", at=at, reason="stored"),
                    "article": record,
                    "mentions": mention_records(record["article_id"], article.mentions),
                    **said_records(record["article_id"], article),
                }

    def _article(self, row: dict[str, Any], at: datetime) -> Article:
        page = Page(url=row["url"], body=self._article_page(row).encode())
        found = replace(extract(page), source_id="placeholder", outlet=row["outlet"], tier=_tier(row), fetched_at=at)
        matched = self._matcher.match(found)
        return score_article(matched, self._names, 0.6) if matched.mentions and matched.language == "en" else matched

    def _segment(self, run_id: str, records: Sequence[dict[str, Any]]) -> Path:
        spool = Spool(beside(self.database, ".spool"), run_id)
        for record in records:
            spool.append(record)
        segment = spool.seal()
        assert segment is not None
        return segment


def _tier(row: dict[str, Any]) -> int:
    return (
        1
        if row["outlet"].startswith(("Los Angeles Times", "CNBC", "CNET", "San Jose"))
        else 3
        if "blog" in row["outlet"]
        else 2
    )


if __name__ == "__main__":
    made = Replay(Path(sys.argv[1]))
    begin, end = (date.fromisoformat(text) for text in (*sys.argv[2:], "2008-08-01", "2008-09-10")[:2])
    made.night(begin - timedelta(days=1))
    for n in range((end - begin).days + 1):
        made.night(begin + timedelta(days=n), begin + timedelta(days=n))
    made.night(end, end, undated=True)
