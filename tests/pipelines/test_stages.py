"""The four stages as plain objects: what passes, what ends where, and under which name it is counted."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.utils.misc import load_object

import settings
from analysis.errors import ExtractionError
from analysis.items import Article, Lead
from analysis.store.records import url_record
from pipelines.deduplicate import Deduplicate
from pipelines.forget import Forget
from pipelines.match import Match
from pipelines.score import ScoreTone
from pipelines.store import Store
from spiders.base import NewsSpider
from spiders.discovery import Found
from tests.command import rows
from tests.crawler import Here, begun, counted, settings_for, spider_for
from tests.site import watchlist

URL = "http://paper.example/1"
LEAD = Lead(url=URL, source_id="paper", outlet="The paper")
STAGES = (Forget, Match, Deduplicate, ScoreTone, Store)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """One source, two brands, two topics."""
    return watchlist(tmp_path, ("paper", "feed", "http://paper.example/feed"))


@pytest.fixture
def spider(path: Path) -> Iterator[NewsSpider]:
    """In a run of its own."""
    made = begun(path)
    yield made
    assert made.run is not None
    made.run.end("finished")


def news(title: str, body: str, url: str = URL, **more: Any) -> Article:
    """An article as the extractor gives it."""
    lead = replace(LEAD, url=url)
    return Article(
        url=url, source_id="paper", outlet="The paper", title=title, body=body, language="en", lead=lead,
        fetched_at=datetime(2008, 8, 11, tzinfo=UTC), **more,
    )  # fmt: skip


OUTAGE = news("Netflix outage goes on", "The Netflix outage went on. Blockbuster was glad. Nobody got a disc.")
CAMPAIGN = news("Campaign starts", "Blockbuster has a new campaign.", "http://paper.example/2")
RAIN = news("Rain expected", "A summer with blockbuster rain.", "http://paper.example/3")


def dropped(stage: Any, item: Article) -> str:
    """The reason for which the stage ends an article."""
    with pytest.raises(DropItem) as drop:
        stage.process_item(item)
    return str(drop.value).partition(":")[0]


def test_a_name_that_only_looks_alike_is_told(spider: NewsSpider, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever becomes of the article."""
    stage = Match(spider.crawler)

    assert dropped(stage, news("Rain", "A letter from N\u0435tflix came.")) == "no_brand"
    assert stage.process_item(news("Rain", "Netflix is not N\u0435tflix.")).mentions
    assert counted(spider, "paper")["lookalike_name"] == 2
    assert "N\u0435tflix only looks like" in caplog.text


def test_a_known_article_passes_without_a_brand(path: Path) -> None:
    """And without the topic that the run asks for; what is not stored does not."""
    spider = spider_for(path, topics="outage")
    stage = Match(spider.crawler)

    assert not stage.process_item(replace(RAIN, known=True)).mentions
    assert stage.process_item(replace(CAMPAIGN, known=True)).mentions
    assert (dropped(stage, RAIN), dropped(stage, CAMPAIGN)) == ("no_brand", "other_topic")
    assert counted(spider, "paper") == {"no_longer_named": 1, "matched": 2, "no_brand": 1, "other_topic": 1}


def test_the_stages_stand_in_the_order_of_settings() -> None:
    """forget, match, deduplicate, score, store."""
    ordered = sorted(settings.ITEM_PIPELINES, key=lambda name: settings.ITEM_PIPELINES[name])

    assert tuple(map(load_object, ordered)) == STAGES


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_a_stage_has_nothing_to_do_for_other_spiders(path: Path, stage: type[Any]) -> None:
    """`scrapy shell` and `fetch` open the pipelines before there is a spider."""
    crawler = Crawler(Spider, settings_for(path))
    with pytest.raises(NotConfigured):
        stage.from_crawler(crawler)


def test_match_adds_mentions_and_topics(spider: NewsSpider) -> None:
    """And changes nothing else."""
    found = Match.from_crawler(spider.crawler).process_item(OUTAGE)

    assert [(mention.brand_id, mention.placement, mention.ordinal) for mention in found.mentions] == [
        ("netflix", "headline", 0), ("netflix", "lead", 1), ("blockbuster", "lead", 2)
    ]  # fmt: skip
    assert found.topics == ("outage",)
    assert replace(found, mentions=(), topics=(), reading="") == OUTAGE
    assert counted(spider, "paper") == {"matched": 1}


def test_an_article_without_a_brand_ends_at_match(spider: NewsSpider, path: Path) -> None:
    """`no_brand`: a blockbuster summer is nobody's brand. The state of its URL is all that remains."""
    assert dropped(Match.from_crawler(spider.crawler), RAIN) == "no_brand"
    assert counted(spider, "paper") == {"no_brand": 1}


def test_an_article_about_another_topic_is_set_aside(path: Path) -> None:
    """`other_topic`, in a run that asks for outages only; the state says so, and no text is kept."""
    spider = begun(path, topics="outage")
    stage = Match.from_crawler(spider.crawler)

    assert stage.process_item(OUTAGE).topics == ("outage",)
    assert dropped(stage, CAMPAIGN) == "other_topic"
    assert spider.run is not None
    spider.run.end("finished")
    assert counted(spider, "paper") == {"matched": 2, "other_topic": 1}
    assert rows(path, "SELECT url, state, reason, topics FROM private.urls") == [
        (CAMPAIGN.url, "extracted", "other_topic", ["campaign"])
    ]
    assert rows(path, "SELECT * FROM private.articles") == []


def test_one_article_under_two_addresses_passes_once(spider: NewsSpider) -> None:
    """By what the page says is its own address; another text at the address is another revision."""
    stage = Deduplicate.from_crawler(spider.crawler)
    print_view = replace(OUTAGE, url=URL + "?print=1", canonical_url=URL)

    assert stage.process_item(OUTAGE) is OUTAGE
    assert dropped(stage, print_view) == "same_page"
    assert dropped(stage, replace(OUTAGE, url="https://paper.example/1?utm_source=x")) == "same_page"
    assert stage.process_item(replace(OUTAGE, title="Netflix outage over")).title == "Netflix outage over"
    assert stage.process_item(replace(OUTAGE, url="http://other.example/1")).url == "http://other.example/1"
    assert counted(spider, "paper") == {"same_page": 2}


def test_a_score_is_added_to_each_mention(spider: NewsSpider) -> None:
    """With its version; nothing else of the article changes."""
    matched = Match.from_crawler(spider.crawler).process_item(OUTAGE)

    scored = asyncio.run(ScoreTone.from_crawler(spider.crawler).process_item(matched))

    assert [replace(mention, score=None) for mention in scored.mentions] == list(matched.mentions)
    assert all(mention.score and mention.score.scorer for mention in scored.mentions)
    assert replace(scored, mentions=matched.mentions) == matched


@pytest.mark.parametrize("language", ["de", "fr", None])
def test_a_language_that_the_scorer_does_not_know_is_left_unscored(spider: NewsSpider, language: str | None) -> None:
    """Not "neutral": without a score, and counted."""
    matched = Match.from_crawler(spider.crawler).process_item(replace(OUTAGE, language=language))

    assert asyncio.run(ScoreTone.from_crawler(spider.crawler).process_item(matched)) is matched
    assert counted(spider, "paper")["unsupported_language"] == 1


class Hanging(Here):
    """Workers whose time ran out."""

    async def run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """As Workers.run raises it."""
        raise ExtractionError("parse_timeout", "more than 10 s")


def test_an_article_that_cannot_be_scored_is_still_coverage(spider: NewsSpider) -> None:
    """It passes without scores, counted under the reason."""
    spider.workers = Hanging()
    matched = Match.from_crawler(spider.crawler).process_item(OUTAGE)

    assert asyncio.run(ScoreTone.from_crawler(spider.crawler).process_item(matched)) is matched
    assert counted(spider, "paper")["unscored_parse_timeout"] == 1


def through(spider: NewsSpider, item: Article) -> Article:
    """All four stages."""
    matched = Deduplicate.from_crawler(spider.crawler).process_item(
        Match.from_crawler(spider.crawler).process_item(item)
    )
    scored = asyncio.run(ScoreTone.from_crawler(spider.crawler).process_item(matched))
    return Store.from_crawler(spider.crawler).process_item(scored)


def test_store_keeps_article_mentions_and_url_as_one(path: Path) -> None:
    """In the views after the run; with the validators of the page."""
    spider = begun(path)
    through(spider, replace(OUTAGE, etag='"1"', last_modified="Mon, 11 Aug 2008 12:00:00 GMT"))
    assert spider.run is not None
    spider.run.end("finished")

    assert rows(path, "SELECT title, topics, revision FROM articles") == [(OUTAGE.title, ["outage"], 0)]
    assert rows(path, "SELECT brand_id, sentence FROM mentions ORDER BY sentence") == [
        ("blockbuster", "Blockbuster was glad."),
        ("netflix", "Netflix outage goes on"),
        ("netflix", "The Netflix outage went on."),
    ]
    assert rows(path, "SELECT state, reason, etag, last_modified FROM private.urls") == [
        ("extracted", "stored", '"1"', "Mon, 11 Aug 2008 12:00:00 GMT")
    ]
    assert counted(spider, "paper") == {"matched": 1, "stored": 1}


def test_without_a_run_nothing_is_written(path: Path) -> None:
    """`scrapy parse --pipelines`."""
    spider = spider_for(path)

    assert through(spider, OUTAGE).mentions
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """The system's own refusal, in the middle of a write; a full disk says the same with another number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_cannot_be_written_is_counted_and_is_not_lost(path: Path) -> None:
    """No half of an article stays behind; its address is still `seen`, for the next run. Its source is in trouble, so
    the run is no success although the disk may have room again at its end."""
    spider = begun(path)
    assert spider.run is not None
    spider.run.keep({"url": url_record(LEAD, "seen", at=datetime(2008, 8, 11, tzinfo=UTC))})
    (spool,) = path.with_name("watchlist.spool").iterdir()
    before = spool.read_bytes()
    scored = Match.from_crawler(spider.crawler).process_item(OUTAGE)
    spider.funnel.answered("paper", Found())
    with no_file_grows_beyond(len(before) + 100):
        assert dropped(Store.from_crawler(spider.crawler), scored) == "not_kept"

    (health,) = spider.funnel.rows(["paper"], datetime(2008, 8, 12, tzinfo=UTC))
    assert (health["matched"], health["stored"], health["reason"]) == (1, 0, "not_kept")
    assert spool.read_bytes() == before
    spider.run.end("partial")
    assert rows(path, "SELECT url, state FROM private.urls") == [(URL, "seen")]
    assert rows(path, "SELECT * FROM private.articles") == []
