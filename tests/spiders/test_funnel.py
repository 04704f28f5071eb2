"""Everything that a source named is counted, and a source in trouble is told from one with a broken link."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.items import Lead
from spiders.base import NewsSpider
from spiders.discovery import Found
from spiders.funnel import STAGES
from tests.crawler import counted, spider_for
from tests.site import watchlist

NOW = datetime(2008, 8, 12, tzinfo=UTC)


@pytest.fixture
def spider(tmp_path: Path) -> NewsSpider:
    """One source, nothing counted yet."""
    return spider_for(watchlist(tmp_path, ("paper", "feed", "http://paper.example/feed")))


def row(spider: NewsSpider) -> dict[str, Any]:
    """The ledger's record of the source."""
    (found,) = spider.funnel.rows(["paper"], NOW)
    return found


def lead(day: int | None) -> Lead:
    """A link of that day of August."""
    published = datetime(2008, 8, day, tzinfo=UTC) if day else None
    return Lead(url=f"http://paper.example/{day}", source_id="paper", outlet="The Paper", published=published)


def test_a_source_that_was_never_reached(spider: NewsSpider) -> None:
    """Every stage is there, with 0."""
    found = row(spider)

    assert {stage: found[stage] for stage in STAGES} == dict.fromkeys(STAGES, 0)
    assert (found["answered"], found["reason"], found["reach_from"]) == (False, "not_asked", None)


def test_answers_add_up(spider: NewsSpider) -> None:
    """Two sitemaps of one source: links, drops, and how far back they reach."""
    spider.funnel.answered("paper", Found(leads=(lead(12), lead(None)), dropped=3))
    spider.funnel.answered("paper", Found(leads=(lead(9), lead(10))))

    assert row(spider)["discovered"] == 4
    assert counted(spider, "paper")["dropped_entries"] == 3
    assert (row(spider)["answered"], row(spider)["reason"]) == (True, None)
    assert row(spider)["reach_from"] == datetime(2008, 8, 9, tzinfo=UTC)


def test_half_a_feed_is_an_answer_and_trouble(spider: NewsSpider) -> None:
    """There may have been more."""
    spider.funnel.answered("paper", Found(leads=(lead(12),), complete=False))

    assert (row(spider)["answered"], row(spider)["reason"]) == (True, "truncated")


def test_one_of_two_sitemaps_fails(spider: NewsSpider) -> None:
    """The source answered, and still something is wrong with it."""
    spider.funnel.answered("paper", Found(leads=(lead(12),)))
    spider.funnel.source_failed("paper", "http_500")

    assert (row(spider)["answered"], row(spider)["reason"]) == (True, "http_500")


@pytest.mark.parametrize(
    ("came", "failed", "reason"),
    [(5, ["http_404"], None), (0, ["http_404"] * 2, None), (2, ["timeout", "http_403", "http_403"], "http_403"),
     (4, ["timeout"] * 3, None), (0, ["robots"] * 9, None)],
)  # fmt: skip
def test_when_articles_fail(spider: NewsSpider, came: int, failed: list[str], reason: str | None) -> None:
    """A few dead links are the outlet's own; when half of the pages fail, the commonest reason is the source's."""
    spider.funnel.answered("paper", Found())
    spider.funnel.count("paper", "fetched", came)
    for why in failed:
        spider.funnel.failed("paper", why)

    assert row(spider)["reason"] == reason
    assert row(spider)["failed"] == len([why for why in failed if why != "robots"])
    assert {why: count for why, count in counted(spider, "paper").items() if why in failed} == {
        why: failed.count(why) for why in failed
    }


def test_a_budget_that_was_not_enough_is_said(spider: NewsSpider) -> None:
    """Not a failure, but the run was cut short."""
    spider.funnel.answered("paper", Found())
    spider.funnel.count("paper", "over_budget")

    assert row(spider)["reason"] == "over_budget"
