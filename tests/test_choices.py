"""What a person may choose about a crawl, and what a run makes of sources that misbehave.

One newsroom of small publishers, four crawls of one database: one topic only, everything, one source since a date,
everything once more.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import click
import pytest

import presswatch
from analysis.errors import UserError
from tests.command import presswatch as run
from tests.command import rows
from tests.site import Page, Site, article, rss, site, watchlist

AGENT = "presswatch-test (+mailto:tests@example.com)"
OUTAGE = article("Netflix outage goes on", "The Netflix outage went on.", "Nobody got a disc.")
STEADY = article("Netflix outage explained", "What the Netflix outage means.")
CAMPAIGN = article("Blockbuster campaign starts", "The Blockbuster campaign is everywhere.")
NEITHER = article("Netflix appoints a director", "Netflix has a new director.")
NOTHING = article("Rain expected", "There will be rain.")


@dataclass
class Crawls:
    """The publishers, and what each crawl did."""

    path: Path
    papers: dict[str, Site]
    done: list[CompletedProcess[str]]
    asked: list[dict[str, list[str]]]
    """By crawl and publisher: the paths asked for, in order."""
    stored: list[list[str]]
    """By crawl: the paths of the articles that stood in the database after it."""
    reasons: list[dict[str, str | None]]
    """By crawl: what was wrong with each source."""


def feed(*paths: str, day: int = 11) -> Page:
    """A feed of these pages, one a day, newest first: the first on that day of August."""
    dates = tuple(f"{day + 10 - n} Aug 2008 12:00:00 GMT" for n in range(len(paths)))
    return Page(body=rss(*((path, f"Title of {path}") for path in paths), dates=dates), kind="application/rss+xml")


def publish(papers: dict[str, Site]) -> None:
    """The first day."""
    mixed, busy, search, gone = papers["mixed"], papers["busy"], papers["search"], papers["gone"]
    mixed.pages |= {
        "/feed": feed("/outage", "/campaign", "/neither", "/nothing", "/moved", "/broken", "/steady"),
        "/outage": Page(body=OUTAGE),
        "/steady": Page(body=STEADY, headers={"ETag": '"s"', "Last-Modified": "Mon, 11 Aug 2008 20:00:00 GMT"}),
        "/campaign": Page(body=CAMPAIGN), "/neither": Page(body=NEITHER), "/nothing": Page(body=NOTHING),
        "/moved": Page(status=301, headers={"Location": "/outage"}), "/broken": Page(status=503),
    }  # fmt: skip
    busy.pages["/feed"] = feed(*(f"/busy-{n}" for n in range(5, 0, -1)))
    busy.pages |= {f"/busy-{n}": Page(body=OUTAGE.replace("Nobody", f"Customer {n}")) for n in range(1, 7)}
    search.pages["/search?q=netflix%20outage&sort=new"] = feed("/found-outage")
    search.pages["/search?q=blockbuster%20campaign&sort=new"] = feed("/found-campaign")
    search.pages |= {"/found-outage": Page(body=OUTAGE), "/found-campaign": Page(body=CAMPAIGN)}
    gone.pages |= {"/feed": Page(body="<html><body>Moved</body></html>"), "/robots.txt": Page(kind="text/plain")}


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawls]:
    """The four crawls."""
    folder = tmp_path_factory.mktemp("choices")
    with (
        site("127.5.0.1") as mixed, site("127.5.0.2") as busy, site("127.5.0.3") as search, site("127.5.0.4") as gone,
        socket.create_server(("127.5.0.5", 0)) as closed,
    ):  # fmt: skip
        papers = {"mixed": mixed, "busy": busy, "search": search, "gone": gone}
        port = closed.getsockname()[1]
        closed.close()
        publish(papers)
        path = watchlist(
            folder,
            ("mixed", "feed", mixed.url("/feed")), ("busy", "feed", busy.url("/feed")),
            ("search", "feed", search.url("/search?q={query}&sort=new")), ("gone", "feed", gone.url("/feed")),
            ("down", "feed", f"http://127.5.0.5:{port}/feed"),
            allow_private='["127.5.0.0/16"]',
        )  # fmt: skip
        path.write_text(path.read_text().replace('id = "busy"', 'id = "busy"\nbudget = 2'))
        crawls = Crawls(path, papers, [], [], [], [])
        night(crawls, "--topic", "outage")
        busy.pages["/feed"] = feed(*(f"/busy-{n}" for n in range(6, 0, -1)), day=12)
        night(crawls)
        mixed.pages["/feed"] = feed("/new", "/steady", "/older", day=20)
        mixed.pages |= {
            "/new": Page(body=OUTAGE),
            "/older": Page(body=OUTAGE),
            "/steady": Page(status=304, headers={"ETag": '"s"'}),
        }
        night(crawls, "--source", "mixed", "--since", "2008-08-29")
        night(crawls)
        yield crawls


def night(crawls: Crawls, *arguments: str) -> None:
    """One more crawl."""
    before = {name: len(paper.asked) for name, paper in crawls.papers.items()}
    crawls.done.append(run(crawls.path, "crawl", *arguments))
    crawls.asked.append(
        {
            name: [asked.path for asked in paper.asked[before[name] :] if asked.path != "/robots.txt"]
            for name, paper in crawls.papers.items()
        }
    )
    urls = [url for (url,) in rows(crawls.path, "SELECT url FROM articles")]
    crawls.stored.append(sorted("/" + url.split("/", 3)[3] for url in urls))
    newest = "SELECT source_id, reason FROM source_health WHERE run_id = (SELECT max(run_id) FROM runs)"
    crawls.reasons.append(dict(rows(crawls.path, newest)))


def test_one_topic_stores_that_topic_only(crawls: Crawls) -> None:
    """`--topic outage`: articles about the campaign or about neither are read and set aside."""
    assert crawls.stored[0] == ["/busy-4", "/busy-5", "/found-outage", "/outage", "/steady"]
    assert {"/campaign", "/neither", "/nothing"} <= set(crawls.asked[0]["mixed"])


def test_a_search_feed_is_asked_for_the_topics_of_the_run(crawls: Crawls) -> None:
    """Once a topic, and only for those that were chosen."""
    assert [path for path in crawls.asked[0]["search"] if "?" in path] == ["/search?q=netflix%20outage&sort=new"]
    assert len([path for path in crawls.asked[1]["search"] if "?" in path]) == 2


def test_a_full_crawl_takes_up_what_one_topic_had_set_aside(crawls: Crawls) -> None:
    """And asks for nothing else again but what had failed."""
    assert {"/campaign", "/neither", "/found-campaign"} <= set(crawls.stored[1])
    assert sorted(crawls.asked[1]["mixed"]) == ["/broken", "/broken", "/campaign", "/feed", "/neither"]
    assert "/found-outage" not in crawls.asked[1]["search"]


def test_the_budget_is_spent_on_the_newest(crawls: Crawls) -> None:
    """The rest stays `seen`, and the run says that it was cut short."""
    assert crawls.asked[0]["busy"] == ["/feed", "/busy-5", "/busy-4"]
    assert crawls.reasons[0]["busy"] == "over_budget"
    assert "busy: over_budget" in crawls.done[0].stderr


def test_the_next_run_takes_up_the_rest_but_todays_news_first(crawls: Crawls) -> None:
    """A backlog never eats the budget of what is new."""
    assert crawls.asked[1]["busy"] == ["/feed", "/busy-6", "/busy-3"]
    assert crawls.asked[3]["busy"] == ["/feed", "/busy-2", "/busy-1"]
    assert crawls.reasons[3]["busy"] is None
    assert {f"/busy-{n}" for n in range(1, 7)} <= set(crawls.stored[3])


def test_a_source_that_is_down_is_named_and_the_others_are_crawled(crawls: Crawls) -> None:
    """Exit status 1; the reason stands on stderr and in the store."""
    for n in (0, 1, 3):
        assert crawls.done[n].returncode == 1
        assert {"down: refused", "gone: not_a_feed"} <= set(crawls.done[n].stderr.splitlines())
        assert crawls.done[n].stdout.startswith("3 of 5 sources answered; ")
        assert (crawls.reasons[n]["down"], crawls.reasons[n]["gone"]) == ("refused", "not_a_feed")


def test_a_page_that_fails_is_tried_again_and_its_source_is_well(crawls: Crawls) -> None:
    """One broken link is the publisher's business."""
    assert crawls.asked[0]["mixed"].count("/broken") == 2  # RETRY_TIMES
    assert crawls.reasons[0]["mixed"] is None
    assert rows(crawls.path, "SELECT state, reason, tries FROM private.urls WHERE url LIKE '%/broken'") == [
        ("failed", "http_503", 2)
    ]


def test_one_page_under_two_addresses_is_one_article(crawls: Crawls) -> None:
    """A redirect to an article that the run has already."""
    both = "SELECT reason FROM private.urls WHERE url LIKE '%/moved' OR url LIKE '%:%/outage' ORDER BY reason"

    assert [reason for (reason,) in rows(crawls.path, both)] == ["same_page", "stored"]
    assert crawls.stored[3].count("/outage") == 1


def test_one_source_since_a_date(crawls: Crawls) -> None:
    """No other source is asked, and of this one nothing that it states to be older; nor is that remembered as seen."""
    assert crawls.asked[2] == {"mixed": ["/feed", "/new", "/steady"], "busy": [], "search": [], "gone": []}
    assert crawls.done[2].returncode == 0
    assert crawls.done[2].stdout.startswith("1 of 1 sources answered; ")


def test_what_was_left_out_by_its_date_is_fetched_later(crawls: Crawls) -> None:
    """`--since` is the run's choice, not the last word on a page."""
    assert "/older" in crawls.asked[3]["mixed"]
    assert "/older" in crawls.stored[3]


def test_a_changed_lead_is_asked_conditionally(crawls: Crawls) -> None:
    """The third feed gives /steady another date; the page itself says that it did not change, and stays as it was."""
    first, again = (asked.headers for asked in crawls.papers["mixed"].asked if asked.path == "/steady")

    assert not {"if-none-match", "if-modified-since"} & set(first)
    assert again["if-none-match"] == '"s"'
    assert again["if-modified-since"] == "Mon, 11 Aug 2008 20:00:00 GMT"
    assert rows(crawls.path, "SELECT revision FROM article_revisions WHERE url LIKE '%/steady'") == [(0,)]
    assert rows(crawls.path, "SELECT state, reason, etag FROM private.urls WHERE url LIKE '%/steady'") == [
        ("extracted", "stored", '"s"')
    ]
    assert "/steady" not in crawls.asked[3]["mixed"]


def test_every_request_says_who_asks(crawls: Crawls) -> None:
    """robots.txt too; no cookie, no referrer."""
    everything = [asked for paper in crawls.papers.values() for asked in paper.asked]

    assert {asked.headers["user-agent"] for asked in everything} == {AGENT}
    assert not [asked for asked in everything if {"cookie", "referer"} & set(asked.headers)]
    assert [asked.path for asked in everything].count("/robots.txt") >= 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--topic", "outages"), 'no topic "outages" in the watchlist; one of outage, campaign'),
        (("--source", "mixd"), 'no source "mixd" in the watchlist; one of mixed, busy, search, gone, down'),
        (("--since", "yesterday"), "'yesterday' is no date; like 2008-08-11"),
    ],
)
def test_a_wrong_choice_is_the_users_mistake(crawls: Crawls, arguments: tuple[str, ...], says: str) -> None:
    """Refused before a run begins; the front door makes one line and exit status 2 of it."""
    runs = rows(crawls.path, "FROM runs")
    options = ["--watchlist", str(crawls.path), "--db", str(crawls.path.with_suffix(".duckdb"))]

    with pytest.raises((UserError, click.UsageError)) as mistake:
        presswatch.cli([*options, "crawl", *arguments], standalone_mode=False)

    error = mistake.value
    assert (error.exit_status if isinstance(error, UserError) else error.exit_code) == 2
    assert says in str(error)
    assert rows(crawls.path, "FROM runs") == runs
