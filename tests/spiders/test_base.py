"""What a spider asks for, one method at a time: no server, no reactor, but a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.internet import error as network
from twisted.python.failure import Failure

from analysis.errors import UserError
from analysis.items import Article, Lead
from analysis.store.database import writing
from analysis.store.records import article_record, mention_records, set_aside, url_record
from analysis.store.run import Run
from spiders.base import NewsSpider
from spiders.campaign import CampaignSpider
from spiders.coverage import CoverageSpider
from spiders.outage import OutageSpider
from spiders.stop import Stopped
from tests.command import rows
from tests.crawler import begun, counted, spider_for
from tests.site import article, rss, watchlist

FEED = "http://paper.example/feed"
NOON = datetime(2008, 8, 11, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two feeds, one of them about one topic only."""
    path = watchlist(tmp_path, ("paper", "feed", FEED), ("other", "feed", "http://other.example/feed"))
    path.write_text(path.read_text().replace('id = "other"', 'id = "other"\ntopics = ["campaign"]'))
    return path


@pytest.fixture
def spider(path: Path) -> Iterator[NewsSpider]:
    """`coverage` in a run of its own."""
    made = begun(path)
    yield made
    assert made.run is not None
    made.run.end("finished")


def lead(url: str = "http://paper.example/1", **known: Any) -> Lead:
    """A link of the first source."""
    return Lead(url=url, source_id="paper", outlet="The paper", **known)


def answer(url: str, body: str, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Response:
    """What came from `url`."""
    made: Callable[..., Response] = HtmlResponse if "html" in kind else TextResponse
    return made(url, body=body.encode(), headers={"Content-Type": kind, **headers}, status=status, request=Request(url))


def listed(spider: NewsSpider, *entries: str) -> list[str]:
    """The addresses that are asked for when the first source names these."""
    return [request.url for request in requests(spider, *entries)]


def requests(spider: NewsSpider, *entries: str) -> list[Request]:
    """The requests for them."""
    body = rss(*((entry, "A title") for entry in entries), dates=("Mon, 11 Aug 2008 12:00:00 GMT",) * len(entries))
    source = spider.watchlist.source("paper")
    return asyncio.run(gathered(spider.parse_source(answer(FEED, body, "application/rss+xml"), source)))


async def gathered(found: Any) -> list[Any]:
    """All that an asynchronous callback yields."""
    return [one async for one in found]


def failed(error: Exception, **cb_kwargs: Any) -> Failure:
    """What an errback gets."""
    failure = Failure(error)
    failure.request = Request("http://paper.example/x", cb_kwargs=cb_kwargs)  # type: ignore[attr-defined]
    return failure


def remember(path: Path, *records: dict[str, Any]) -> None:
    """Put records into the database, as an earlier run would have."""
    run = Run(path.with_suffix(".duckdb"), spider_for(path).watchlist, "earlier")
    run.begin()
    for record in records:
        run.keep(record)
    run.end("finished")


@pytest.mark.parametrize(
    ("spidercls", "arguments", "names"),
    [
        (CoverageSpider, {}, ["paper", "other"]),
        (OutageSpider, {}, ["paper"]),
        (CampaignSpider, {}, ["paper", "other"]),
        (CoverageSpider, {"topics": "outage"}, ["paper"]),
        (CoverageSpider, {"topics": "outage,campaign"}, ["paper", "other"]),
        (CoverageSpider, {"sources": "other"}, ["other"]),
        (CoverageSpider, {"sources": "other,paper"}, ["other", "paper"]),
    ],
)
def test_which_sources_are_asked(
    path: Path, spidercls: type[NewsSpider], arguments: dict[str, str], names: list[str]
) -> None:
    """A source with topics of its own is read for a crawl of one of them only."""
    assert [source.id for source in spider_for(path, spidercls, **arguments).chosen_sources()] == names


@pytest.mark.parametrize("arguments", [{"topics": "outages"}, {"sources": "papers"}, {"sources": "paper,papers"}])
def test_an_unknown_choice_is_the_users_mistake(path: Path, arguments: dict[str, str]) -> None:
    """`-a topics=outages`."""
    with pytest.raises(UserError, match=r'no (topic|source) "(outages|papers)"'):
        spider_for(path, **arguments).chosen_sources()


def test_a_wrong_date_is_the_users_mistake(path: Path) -> None:
    """`-a since=yesterday`."""
    with pytest.raises(UserError, match="yesterday"):
        spider_for(path, since="yesterday")


def test_a_date_is_a_day_of_the_watchlists_zone(path: Path) -> None:
    """As in the report; a time with a zone is that moment."""
    path.write_text('[report]\ntimezone = "America/Los_Angeles"\n' + path.read_text())

    assert spider_for(path, since="2008-08-11").since == datetime(2008, 8, 11, 7, tzinfo=UTC)
    assert spider_for(path, since="2008-08-11T12:00+00:00").since == NOON
    assert spider_for(path).since is None


def test_an_address_longer_than_anybody_needs_is_dropped_and_counted(spider: NewsSpider) -> None:
    """Scrapy would drop one of 2,084 characters without a word; some are that long, with tracking."""
    long, too_long = f"/{'x' * 3000}", f"/{'x' * 8000}"

    assert listed(spider, long, too_long, "/1") == [f"http://paper.example{long}", "http://paper.example/1"]
    assert counted(spider, "paper")["dropped_entries"] == 1
    assert spider.settings.getint("URLLENGTH_LIMIT") == 0


def test_a_section_page_without_links_has_failed(tmp_path: Path) -> None:
    """Made by scripts, mostly: it would never bring an article, and nobody would know."""
    path = watchlist(tmp_path, ("front", "section", "http://paper.example/news"))
    spider = spider_for(path)
    page = answer("http://paper.example/news", "<html><body><div id=app></div><a href=/news>News</a></body></html>")

    assert asyncio.run(gathered(spider.parse_source(page, spider.watchlist.source("front")))) == []
    (row,) = spider.funnel.rows(["front"], NOON)
    assert (row["answered"], row["reason"]) == (False, "no_links")


def test_a_source_of_a_kind_that_no_crawl_asks_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """On stderr, at the start."""
    path = watchlist(tmp_path, ("paper", "feed", FEED), ("old", "warc", "http://paper.example/old.warc.gz"))
    spider = spider_for(path)
    asyncio.run(gathered(spider.start()))
    assert spider.run is not None
    spider.run.end("finished")

    assert [source.id for source in spider.chosen_sources()] == ["paper"]
    assert "source old: unsupported_kind: no crawl asks the kind warc" in caplog.text


def test_what_the_end_of_a_run_cut_off_keeps_its_state(spider: NewsSpider) -> None:
    """Neither a failure of the page nor one of the source."""
    spider.article_failed(failed(Stopped(), lead=lead(), state=None))
    spider.source_failed(failed(Stopped(), source=spider.watchlist.source("paper")))

    assert counted(spider, "paper") == {}


def test_settings_are_the_watchlists(path: Path) -> None:
    """Name and delay; never quite no delay, or Scrapy 2.19 forgets that one request at a time was asked for."""
    settings = spider_for(path).crawler.settings

    assert settings["USER_AGENT"] == "presswatch-test (+mailto:tests@example.com)"
    assert 0 < settings.getfloat("DOWNLOAD_DELAY") < 0.01
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert settings.getdict("DOWNLOADER_MIDDLEWARES")["spiders.middlewares.robots.Robots"]


def test_a_page_is_asked_for_once_a_run(spider: NewsSpider) -> None:
    """However it is spelled, and whoever names it again."""
    first = listed(spider, "/1", "/1?utm_source=feed", "https://paper.example/1", "http://PAPER.example/1#top", "/2")

    assert first == ["http://paper.example/1", "http://paper.example/2"]
    assert listed(spider, "/1", "/2", "/3") == ["http://paper.example/3"]


def test_newest_first_is_the_order_of_priority(spider: NewsSpider) -> None:
    """Sources before articles, later hours before earlier ones, undated ones last in the order of their page."""
    hours = [spider._ask_article(lead(published=NOON.replace(hour=hour)), None, 0).priority for hour in (9, 10, 11)]
    undated = [spider._ask_article(lead(), None, position).priority for position in range(3)]
    sources = [spider.ask_source(spider.watchlist.source("paper"), FEED, depth).priority for depth in (2, 1, 0)]

    assert hours == sorted(set(hours))
    assert undated == sorted(set(undated), reverse=True)
    assert max(undated) < min(hours) < max(hours) < min(sources) <= max(sources)
    assert sources[0] < sources[-1]


def test_a_source_that_is_none_is_counted_with_its_reason(spider: NewsSpider) -> None:
    """And asks for nothing."""
    page = answer(FEED, "<html><body>We have moved</body></html>")

    assert asyncio.run(gathered(spider.parse_source(page, spider.watchlist.source("paper")))) == []
    spider.source_failed(failed(network.ConnectionRefusedError(), source=spider.watchlist.source("other")))
    reasons = {
        row["source_id"]: (row["answered"], row["reason"]) for row in spider.funnel.rows(["paper", "other"], NOON)
    }
    assert reasons == {"paper": (False, "not_a_feed"), "other": (False, "refused")}


def test_what_an_earlier_run_did_decides(path: Path) -> None:
    """Read pages stay; what was only seen, or failed and is due, or is told anew, is asked for."""
    known = {
        "/read": ("extracted", {"reason": "stored"}), "/unnamed": ("fetched", {"reason": "no_name"}),
        "/seen": ("seen", {}),
        "/due": ("failed", {"tries": 1, "next_try": NOON}), "/gone": ("failed", {"tries": 8, "next_try": NOON}),
        "/later": ("failed", {"tries": 1, "next_try": datetime(2999, 1, 1, tzinfo=UTC)}),
    }  # fmt: skip
    leads = {
        path: lead(f"http://paper.example{path}", title="A title", published=NOON) for path in (*known, "/changed")
    }
    records = [url_record(leads[path], state, at=NOON, **more) for path, (state, more) in known.items()]
    older = replace(leads["/changed"], title="An older title")
    records.append(url_record(older, "extracted", at=NOON, reason="stored", etag='"c"', last_modified="yesterday"))
    remember(path, *({"url": record} for record in records))

    spider = spider_for(path)
    asked = {request.url.rpartition("/")[2]: request for request in requests(spider, *leads)}

    assert set(asked) == {"seen", "due", "changed"}
    assert asked["changed"].headers.get("If-None-Match") == b'"c"'
    assert asked["changed"].headers.get("If-Modified-Since") == b"yesterday"
    assert not asked["seen"].headers.get("If-None-Match")
    assert counted(spider, "paper")["discovered"] == len(leads)


def test_what_is_not_modified_stays_what_it_was(spider: NewsSpider, path: Path) -> None:
    """304: no item, no new reason, and the validator is kept for next time."""
    url = "http://paper.example/1"
    (request,) = requests(spider, url)
    page = answer(url, "", status=304, ETag='"c"')

    assert asyncio.run(gathered(spider.parse_article(page, **request.cb_kwargs))) == []
    assert counted(spider, "paper")["not_modified"] == 1
    assert "fetched" not in counted(spider, "paper")


def test_a_page_without_a_name_is_not_extracted(spider: NewsSpider) -> None:
    """The count says why, and no worker is asked."""
    page = answer("http://paper.example/1", article("Rain", "It rains."))

    assert asyncio.run(gathered(spider.parse_article(page, lead()))) == []
    assert counted(spider, "paper") == {"fetched": 1, "no_name": 1}


def test_a_page_that_is_no_article_fails_with_its_reason(spider: NewsSpider) -> None:
    """A PDF under an article's address; an error of the network likewise."""
    page = answer("http://paper.example/1", "%PDF-1.4 Netflix", "application/pdf")

    assert asyncio.run(gathered(spider.parse_article(page, lead()))) == []
    spider.article_failed(failed(network.TimeoutError(), lead=lead("http://paper.example/2"), state=None))
    assert counted(spider, "paper") == {"fetched": 1, "failed": 2, "not_html": 1, "timeout": 1}


def test_without_a_run_nothing_is_kept(path: Path) -> None:
    """`scrapy parse`: an article comes out, and no file."""
    spider = spider_for(path)
    page = answer("http://paper.example/1", article("Netflix outage goes on", "Netflix is down."))

    (found,) = asyncio.run(gathered(spider.parse_article(page)))

    assert isinstance(found, Article)
    assert found.title == "Netflix outage goes on"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_every_state_reaches_the_database(path: Path) -> None:
    """seen, fetched, extracted, failed: one row a page, the last word counts."""
    spider = begun(path)
    listed(spider, "/1", "/2", "/3")
    asyncio.run(
        gathered(spider.parse_article(answer("http://paper.example/1", "<p>Rain"), lead("http://paper.example/1")))
    )
    spider.article_failed(failed(network.TimeoutError(), lead=lead("http://paper.example/2"), state=None))
    assert spider.run is not None
    spider.frontier.close()
    spider.run.end("finished")

    assert rows(path, "SELECT url, state, reason, tries FROM private.urls ORDER BY url") == [
        ("http://paper.example/1", "fetched", "no_name", 0),
        ("http://paper.example/2", "failed", "timeout", 1),
        ("http://paper.example/3", "seen", None, 0),
    ]


def test_a_run_that_another_holds_back_asks_nothing(path: Path) -> None:
    """Plain `scrapy crawl` while a run is at work."""
    first, second = begun(path), spider_for(path)
    with pytest.raises(CloseSpider) as closed:
        asyncio.run(gathered(second.start()))
    assert closed.value.reason == "RunLocked"
    assert second.run is None
    assert first.run is not None
    first.run.end("finished")


def test_the_campaign_spider_takes_up_what_the_outage_spider_set_aside(path: Path) -> None:
    """`scrapy crawl outage`, then `scrapy crawl campaign`: the owner's two spiders, one database. Whole, not asked
    whether it has changed; and only what is about a campaign."""
    about = {"/1": ["campaign"], "/2": ["other"], "/3": ["campaign", "other"]}
    leads = {to: lead(f"http://paper.example{to}", title="A title", published=NOON) for to in about}
    remember(path, *(
        {"url": set_aside(url_record(leads[to], "extracted", at=NOON, reason="other_topic", etag='"e"'), topics)}
        for to, topics in about.items()
    ))  # fmt: skip
    asked = requests(spider_for(path, CampaignSpider), *about)

    assert [request.url for request in asked] == ["http://paper.example/1", "http://paper.example/3"]
    assert not any(request.headers.get("If-None-Match") for request in asked)
    assert listed(spider_for(path, OutageSpider), *about) == []


def test_what_was_set_aside_is_taken_up_although_no_source_names_it_any_more(path: Path) -> None:
    """A feed holds the last twenty entries; a crawl of one topic must not lose the rest for good."""
    remember(
        path, {"url": url_record(lead(title="A title", published=NOON), "extracted", at=NOON, reason="other_topic")}
    )
    spider = spider_for(path)

    assert [found.url for found, _ in spider.frontier.pending(["paper"], datetime.now(UTC))] == [
        "http://paper.example/1"
    ]


def test_article_records_survive_a_second_writing(path: Path) -> None:
    """The same article kept twice in one run and once in the next is one row."""
    found = Article(
        url="http://paper.example/1", source_id="paper", title="Netflix", body="Netflix is down.", fetched_at=NOON
    )
    record = article_record(found)
    state = {"url": url_record(lead(), "extracted", at=NOON, reason="stored")}
    whole = {**state, "article": record, "mentions": mention_records(record["article_id"], ())}
    remember(path, whole, whole)
    remember(path, whole)

    with writing(path.with_suffix(".duckdb")) as connection:
        assert connection.execute("SELECT count(*), max(revision) FROM private.articles").fetchone() == (1, 0)


@pytest.mark.parametrize(
    ("link", "asked"),
    [("/a/b/b/b/1", False), ("/a/b/a/b/a/b", False), ("/news/news/1", True), ("/2011/11/11/11/1", True),
     ("/bb/b/b/1", True), ("/a/b/b/bb", True), ("/1?to=/b/b/b/", True)],
)  # fmt: skip
def test_paths_that_repeat_themselves_are_not_asked(spider: NewsSpider, link: str, asked: bool) -> None:
    """H16: a relative link on a server that takes any path leads one deeper, without end."""
    assert listed(spider, link) == ([f"http://paper.example{link}"] if asked else [])
    assert counted(spider, "paper").get("trap_suspected", 0) == (not asked)
