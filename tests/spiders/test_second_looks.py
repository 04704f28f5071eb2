"""Pages that are looked at again: live blogs that grow, headlines that change, pages that no feed names any more.

One publisher, one database. Between two crawls the times in the database are set back, as if hours had passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import duckdb
import pytest

from tests.command import presswatch, rows
from tests.site import Page, Site, article, rss, site, watchlist

STARTED = datetime.now(UTC).replace(microsecond=0)
POSTS = {
    "p7": "Good morning. Nothing is known at this hour, and nobody answers the telephone.",
    "p8": "The Netflix outage goes on. Shares of Netflix rose two percent in the first hour.",
    "p9": "A word on our own account: the kettle is on, and we shall be here all day.",
    "p10": "Netflix apologises for the outage and promises every customer a credit.",
    "p12": "It rains, and the kettle has been filled for the second time today.",
    "p11": "A campaign by Blockbuster starts today, and they call it a coincidence.",
}


def live(*names: str, headline: str = "A day without discs") -> str:
    """A live blog with these posts; their times follow from their names."""
    posts = ((name, (STARTED + timedelta(minutes=int(name[1:]))).isoformat(), POSTS[name]) for name in names)
    blocks = (
        f"<div class='live-post' id='{name}'><time datetime='{when}'>x</time><p>{text}</p></div>"
        for name, when, text in posts
    )
    main = f"<main><h1>{headline}</h1>{''.join(blocks)}</main>"
    return f"<html lang='en'><head><title>Live</title></head><body>{main}</body></html>"


def kept(paper: Site, body: str) -> Callable[[], Page]:
    """A page with an ETag, sent only where it is not the one that was asked about; a 304 repeats no header but that."""
    tag = f'"{sha256(body.encode()).hexdigest()[:8]}"'

    def answer() -> Page:
        if paper.asked[-1].headers.get("if-none-match") == tag:
            return Page(status=304, headers={"ETag": tag})
        return Page(body=body, headers={"ETag": tag, "Last-Modified": "Mon, 11 Aug 2008 20:00:00 GMT"})

    return answer


@dataclass
class Looks:
    """The publisher, and what each crawl did."""

    path: Path
    paper: Site
    done: list[CompletedProcess[str]] = field(default_factory=list)
    asked: list[dict[str, dict[str, str]]] = field(default_factory=list)
    """By crawl: the pages asked for, with the headers of the request."""
    counts: list[tuple[int, ...]] = field(default_factory=list)
    """By crawl: rows of `articles` and `article_revisions` after it."""

    def crawl(self, *arguments: str) -> None:
        before = len(self.paper.asked)
        self.done.append(presswatch(self.path, "crawl", *arguments))
        self.asked.append({asked.path: dict(asked.headers) for asked in self.paper.asked[before:]})
        both = "SELECT (FROM articles SELECT count(*)), (FROM article_revisions SELECT count(*))"
        self.counts.append(self.query(both)[0])

    def wait(self, hours: int) -> None:
        """As if so many hours had passed since the last crawl."""
        with duckdb.connect(str(self.path.with_suffix(".duckdb"))) as connection:
            connection.execute(
                "UPDATE private.urls SET first_seen = first_seen - $gone, updated_at = updated_at - $gone,"
                " published_at = published_at - $gone",
                {"gone": timedelta(hours=hours)},
            )

    def pages(self, crawl: int) -> set[str]:
        """Article pages that a crawl asked for."""
        return {path for path in self.asked[crawl] if path not in ("/robots.txt", "/feed", "/small")}

    def query(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        return rows(self.path, sql, *values)


def feed(*paths: str) -> Page:
    """A feed of these pages, all published a quarter of an hour ago."""
    date = format_datetime(STARTED - timedelta(minutes=15))
    return Page(body=rss(*((path, f"Title of {path}") for path in paths), dates=(date,) * len(paths)), kind="text/xml")


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looks]:
    """A crawl for one topic, one for all, the same at once; three hours later, two days later."""
    folder = tmp_path_factory.mktemp("looks")
    with site("127.6.0.1") as paper:
        path = watchlist(
            folder, ("paper", "feed", paper.url("/feed")), ("small", "feed", paper.url("/small")),
            allow_private='["127.6.0.0/16"]',
        )  # fmt: skip
        path.write_text(path.read_text().replace('id = "small"', 'id = "small"\nbudget = 1'))
        looks = Looks(path, paper)
        paper.pages |= {
            "/feed": feed("/live", "/steady", "/changed", "/leaves", "/stranger", "/beside", "/gone", "/over"),
            "/small": feed("/only"),
            "/live": kept(paper, live("p7", "p8", "p9", "p11")),
            "/steady": kept(paper, article("Netflix steady", "Netflix says nothing.")),
            "/changed": kept(paper, article("Netflix outage grows", "Shares of Netflix rose two percent.")),
            "/leaves": kept(paper, article("Netflix leaves", "Netflix left the feed.")),
            "/stranger": kept(paper, article("Rain expected", "There will be rain.")),
            "/beside": kept(paper, article("Rain", "It rains.").replace("<article>", "<nav>Netflix</nav><article>")),
            "/gone": kept(paper, article("Netflix sorry", "Netflix is to blame.")),
            "/over": kept(paper, live("p7", "p9", "p12", headline="Netflix outage: the day")),
            "/only": kept(paper, article("Netflix only", "Netflix is the only one.")),
        }  # fmt: skip
        looks.crawl("--topic", "outage", "--source", "paper")
        looks.crawl()
        looks.crawl()
        looks.wait(3)
        paper.pages |= {
            "/feed": feed("/live", "/steady", "/changed", "/stranger", "/beside", "/gone", "/over"),
            "/small": feed("/only", "/fresh"),
            "/live": kept(paper, live("p10", "p11", "p9", "p8", "p7").replace("rose", "fell")),
            "/changed": kept(paper, article("Netflix outage ends", "Shares of Netflix fell two percent.")),
            "/gone": kept(paper, article("A renter is sorry", "A supplier is to blame.")),
            "/fresh": kept(paper, article("Netflix fresh", "Netflix is new here.")),
        }
        looks.crawl()
        looks.wait(50)
        looks.crawl()
        yield looks


def test_the_crawls_went_well(looks: Looks) -> None:
    """Also where a budget left no second look."""
    assert [(done.returncode, done.stderr) for done in looks.done] == [(0, "")] * 5


def test_each_post_that_names_a_brand_is_an_article(looks: Looks) -> None:
    """With its own address, text and time; the page's URL has one state, whatever became of the other posts."""
    found = looks.query(
        "SELECT split_part(url, '/', 4), published_at, title FROM articles WHERE url LIKE '%/live%' ORDER BY 2"
    )

    assert [(url, when) for url, when, _ in found] == [
        (f"live#{name}", STARTED + timedelta(minutes=int(name[1:]))) for name in ("p8", "p10", "p11")
    ]
    assert found[1][2] == POSTS["p10"]
    assert looks.query("SELECT state, reason FROM private.urls WHERE url LIKE '%/live'") == [("extracted", "stored")]


def test_posts_set_aside_for_their_topic_are_taken_up(looks: Looks) -> None:
    """The first crawl wanted the outage only. The second asks for the whole page, so it must not say what it has."""
    assert looks.pages(0) == {"/live", "/steady", "/changed", "/leaves", "/stranger", "/beside", "/gone", "/over"}
    assert looks.counts[0] == (3, 3)  # the live blog's post on the outage, /changed, and the headline /over
    assert looks.pages(1) == {"/live", "/steady", "/leaves", "/only", "/gone"}
    assert not [headers for page in looks.pages(1) if "if-none-match" in (headers := looks.asked[1][page])]
    assert looks.counts[1] == (8, 8)


def test_a_second_run_at_once_asks_for_no_article(looks: Looks) -> None:
    assert looks.pages(2) == set()
    assert looks.counts[2] == looks.counts[1]


def test_after_hours_every_young_page_is_asked_whether_it_changed(looks: Looks) -> None:
    """Those without a brand too, and the one that fell out of the feed; both validators, as they were given."""
    again = {"/live", "/steady", "/changed", "/leaves", "/stranger", "/beside", "/gone", "/over"}
    assert looks.pages(3) == again | {"/fresh"}
    for page in looks.pages(3) - {"/fresh"}:
        assert looks.asked[3][page]["if-none-match"].strip('"')
        assert looks.asked[3][page]["if-modified-since"] == "Mon, 11 Aug 2008 20:00:00 GMT"


def test_a_second_look_never_costs_a_first_one(looks: Looks) -> None:
    """The small source may ask for one page a night: the new one. That is no reason to call its night cut short."""
    assert "/only" not in looks.pages(3)
    assert looks.query("SELECT DISTINCT reason FROM source_health") == [(None,)]


def test_what_did_not_change_adds_nothing(looks: Looks) -> None:
    """One new article, one new post, two changed articles and one corrected post; the others are as they were."""
    assert looks.counts[3] == (looks.counts[2][0] + 2, looks.counts[2][1] + 5)
    changed = "SELECT DISTINCT split_part(url, '/', 4) FROM article_revisions WHERE revision > 0 ORDER BY ALL"
    assert looks.query(changed) == [("changed",), ("gone",), ("live#p8",)]


def test_a_correction_that_takes_the_brand_out_is_the_newest_revision(looks: Looks) -> None:
    """Without mentions, so that no figure counts the brand in it any more; what was said before can be read."""
    newest = "SELECT title, revision, tone, (SELECT count(*) FROM mentions m WHERE m.article_id = a.article_id)"
    before = "SELECT title FROM article_revisions WHERE url LIKE '%/gone' AND revision = 0"

    assert looks.query(f"{newest} FROM articles a WHERE url LIKE '%/gone'") == [("A renter is sorry", 1, None, 0)]
    assert looks.query(before) == [("Netflix sorry",)]
    state = "SELECT state, reason, stored FROM private.urls WHERE url LIKE '%/gone'"
    assert looks.query(state) == [("extracted", "stored", True)]


def test_a_brand_named_only_over_a_live_blog_is_stored_with_the_headline(looks: Looks) -> None:
    """Once, and dated as the page is; the posts name nobody."""
    found = "SELECT title, placement, sentence FROM articles JOIN mentions USING (article_id) WHERE url LIKE '%/over%'"

    assert looks.query(found) == [("Netflix outage: the day", "headline", "Netflix outage: the day")]


def test_the_posts_of_a_live_blog_are_one_story(looks: Looks) -> None:
    """However many; and a post without a headline says its first sentence once."""
    of_posts = "FROM mentions m JOIN articles a USING (article_id) WHERE a.url LIKE '%/live#%'"

    assert looks.query(f"SELECT count(DISTINCT m.story_id) {of_posts}") == [(1,)]
    assert looks.query(f"SELECT m.sentence {of_posts} AND a.url LIKE '%#p10'") == [(POSTS["p10"],)]


def test_a_not_modified_page_keeps_its_state_and_its_validators(looks: Looks) -> None:
    """The publisher repeats one of the two only."""
    states = (
        "SELECT split_part(url, '/', 4), state, reason, etag IS NOT NULL, last_modified FROM private.urls ORDER BY ALL"
    )
    date = "Mon, 11 Aug 2008 20:00:00 GMT"

    assert [row for row in looks.query(states) if row[0] in ("steady", "leaves", "stranger", "beside")] == [
        ("beside", "extracted", "no_brand", True, date),
        ("leaves", "extracted", "stored", True, date),
        ("steady", "extracted", "stored", True, date),
        ("stranger", "fetched", "no_name", True, date),
    ]


@pytest.mark.parametrize("url", ["%/changed", "%/live#p8"])
def test_a_correction_by_one_word_is_a_revision_with_its_own_score(looks: Looks, url: str) -> None:
    """`rose` to `fell`, the rest of the text the same: no likeness may hide it, in an article or in a post."""
    query = (
        "SELECT m.sentence, m.tone, m.scorer FROM private.mentions m JOIN private.articles a"
        " USING (article_id, revision) WHERE a.url LIKE ? AND m.sentence LIKE 'Shares%' ORDER BY a.revision"
    )
    (old, before, first_scorer), (new, after, second_scorer) = looks.query(query, url)
    revisions = "SELECT revision, tone IS NOT NULL FROM article_revisions WHERE url LIKE ? ORDER BY revision"

    assert ("rose" in old, old.replace("rose", "fell")) == (True, new)
    assert first_scorer == second_scorer
    assert before > after
    assert looks.query(revisions, url) == [(0, True), (1, True)]


def test_after_two_days_nobody_asks_again(looks: Looks) -> None:
    assert looks.pages(4) == set()
    assert looks.counts[4] == looks.counts[3]
