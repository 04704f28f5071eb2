"""The sample newsroom keeps its promises: what it says, when, where and how it is served."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from calendar import timegm
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import feedparser
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from analysis.text import Text
from analysis.watchlist import load
from tests.newsroom.replay import FAILURE, MONTHS, RECOVERY, WEEKDAYS, Replay
from tests.newsroom.serve import Newsroom, newsroom
from tests.newsroom.story import EDITIONS, HERE, Outlet, Piece, lay_out, outlets, pieces

ROOT = HERE.parents[1]
COVERAGE = ROOT.parent / "shared" / "data" / "coverage" / "pages.jsonl"
REPLAYS = ("2008", "latest", "today", "today-3", "today-12")
SITEMAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
FEEDS = [outlet for outlet in outlets() if outlet.kind == "feed"]


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    """The first edition at the dates of 2008."""
    with newsroom() as served:
        yield served


def get(url: str) -> bytes:
    """The body at `url`; HTTPError for anything but 200."""
    with urlopen(url, timeout=10) as response:
        body: bytes = response.read()
    return body


def listed(room: Newsroom, outlet: Outlet) -> list[Piece]:
    """What the outlet announces, newest first."""
    return [piece for piece in reversed(room.articles) if piece.outlet == outlet and not piece.unlisted]


def by_slug(found: tuple[Piece, ...], slug: str) -> Piece:
    """The article of that name."""
    return next(piece for piece in found if piece.slug == slug)


def test_enough_of_everything(room: Newsroom) -> None:
    """Outlets, tiers, kinds, feed formats, layouts, languages, forms."""
    assert len(room.outlets) >= 12
    assert 80 <= len(room.articles) <= 95
    assert {outlet.tier for outlet in room.outlets} == {1, 2, 3}
    assert {outlet.kind for outlet in room.outlets} == {"feed", "sitemap", "section"}
    assert {outlet.feed for outlet in FEEDS} == {"rss", "atom", "rdf", "json"}
    assert {outlet.layout for outlet in room.outlets} == {"jsonld", "opengraph", "microdata", "plain"}
    assert {piece.form for piece in room.articles} == {"article", "brief", "live", "teaser", "release"}
    assert Counter(piece.language for piece in room.articles).keys() == {"en", "de", "fr"}
    assert {piece.outlet for piece in room.articles} == set(room.outlets)
    assert len({(piece.outlet.id, piece.path) for piece in room.articles}) == len(room.articles)


def test_the_story_has_a_before_a_during_and_an_after(room: Newsroom) -> None:
    """Both brands are covered on normal days, the outage at its peak, and until the end of the month."""
    days = Counter((piece.published.date() - FAILURE).days for piece in room.articles)
    ours = [piece for piece in room.articles if "netflix" in piece.brands and piece.published.date() < FAILURE]
    assert min(days) < -14
    assert max(days) > 14
    assert len(ours) >= 10
    assert not any("outage" in piece.topics for piece in ours)
    assert sum(days[day] for day in range(1, RECOVERY + 1)) > len(room.articles) / 3


@pytest.mark.parametrize("outlet", outlets(), ids=lambda outlet: outlet.id)
def test_every_page_shows_its_article_and_says_that_it_is_a_sample(room: Newsroom, outlet: Outlet) -> None:
    """Title, every paragraph, and the notice stand in the text that a reader sees."""
    for piece in (piece for piece in room.articles if piece.outlet == outlet):
        page = BeautifulSoup(get(room.url(piece)), "lxml")
        text = " ".join(page.get_text(" ").split())
        assert piece.title in text
        assert all(line.removeprefix("## ") in text for line in piece.paragraphs)
        notice = f"Sample page of the invented outlet {outlet.name}; part of presswatch's demo newsroom"
        assert page.footer is not None
        assert notice in " ".join(page.footer.get_text().split())
        assert page.html is not None
        assert page.html["lang"] == piece.language


@pytest.mark.parametrize("outlet", FEEDS, ids=lambda outlet: outlet.id)
def test_feeds_are_well_formed_and_complete(room: Newsroom, outlet: Outlet) -> None:
    """A reader finds each article once, newest first, with its title and its moment."""
    expected = [(room.url(piece), piece.title, piece.published) for piece in listed(room, outlet)]
    body = get(room.base(outlet) + outlet.source)
    if outlet.feed == "json":
        feed = json.loads(body)
        found = [(e["url"], e["title"], datetime.fromisoformat(e["date_published"])) for e in feed["items"]]
        assert feed["version"].startswith("https://jsonfeed.org/version/1")
    else:
        parsed = feedparser.parse(body)
        assert not parsed.bozo, parsed.get("bozo_exception")
        fields = "updated_parsed" if outlet.feed == "rdf" else "published_parsed"
        found = [(e.link, e.title, datetime.fromtimestamp(timegm(e[fields]), UTC)) for e in parsed.entries]
    assert found == expected


def test_sitemaps_name_every_article(room: Newsroom) -> None:
    """Plain ones and the one that robots.txt leads to, by an index with gzipped children."""
    for outlet in (outlet for outlet in room.outlets if outlet.kind == "sitemap"):
        base = room.base(outlet)
        robots = get(base + "/robots.txt").decode()
        announced = re.findall(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
        index = etree.fromstring(get(announced[0]))
        children = [loc.text or "" for loc in index.iterfind("s:sitemap/s:loc", SITEMAP)]
        maps = [etree.fromstring(gzip.decompress(get(child))) for child in children] or [index]
        found = {
            row.findtext("s:loc", "", SITEMAP): (
                row.findtext("n:news/n:title", "", SITEMAP),
                datetime.fromisoformat(row.findtext("n:news/n:publication_date", "", SITEMAP)),
            )
            for sitemap in maps
            for row in sitemap
        }
        assert len(children) == (2 if outlet.id == "crossland" else 0)
        assert found == {room.url(piece): (piece.title, piece.published) for piece in listed(room, outlet)}


def test_front_pages_list_everything_and_a_little_more(room: Newsroom) -> None:
    """Section pages link each article; one links a page that robots.txt closes, two have dead links."""
    closed, dead = [], []
    for outlet in room.outlets:
        base = room.base(outlet)
        page = BeautifulSoup(get(base + "/"), "lxml")
        links = [str(a["href"]) for a in page.select("main a")]
        assert set(links) >= {piece.path for piece in listed(room, outlet)}
        closed += [link for link in links if link.startswith("/drafts/")]
        dead += [base + link for link in links if link.startswith("/archive/")]
        assert "Disallow: /drafts/" in get(base + "/robots.txt").decode()
    assert len(closed) == 1
    assert len(dead) == 2
    for url in dead:
        with pytest.raises(HTTPError, match="404") as refused:
            get(url)
        refused.value.close()


def test_etags_save_the_second_request() -> None:
    """The same page again is 304 without a body; hits count both."""
    with newsroom() as room:
        url = room.url(room.articles[0])
        with urlopen(url, timeout=10) as first:
            etag = first.headers["ETag"]
        with pytest.raises(HTTPError, match="304") as unchanged:
            urlopen(Request(url, headers={"If-None-Match": etag}), timeout=10)
        assert unchanged.value.read() == b""
        unchanged.value.close()
        hits = json.loads(get(room.base(room.outlets[0]) + "/__hits"))
        assert hits == {f"{room.articles[0].outlet.id} {room.articles[0].path}": 2, "304": 1}


def test_the_wire_story_runs_in_at_least_five_other_outlets(room: Newsroom) -> None:
    """Under headlines of their own, with most words those of the wire."""
    families = Counter(piece.original for piece in room.articles)
    original, size = families.most_common(1)[0]
    wire = by_slug(room.articles, original)
    copies = [piece for piece in room.articles if piece.original == original and piece is not wire]
    assert size >= 6
    assert len({piece.outlet for piece in copies}) == size - 1
    assert len({piece.title for piece in copies} | {wire.title}) == size
    assert all(wire.published < piece.published for piece in copies)
    for piece in copies:
        words = piece.body.split()
        assert sum(word in wire.body.split() for word in words) / len(words) > 0.85
        assert piece.body != wire.body


def test_the_second_edition_corrects_one_article_and_adds_three() -> None:
    """At its old address, with another headline, figure and `updated`; nothing else changes its bytes."""
    with newsroom() as room:
        before = {room.url(piece): piece for piece in room.articles}
        pages = {url: get(url) for url in before}
        feed = feedparser.parse(get(room.base(room.outlets[1]) + "/feed"))
        room.publish(2)
        after = {room.url(piece): piece for piece in room.articles}
        again = feedparser.parse(get(room.base(room.outlets[1]) + "/feed"))
        changed = {
            url for url in before if (before[url].title, before[url].body) != (after[url].title, after[url].body)
        }
        others = {url for url in before if before[url].outlet.kind == "section"}
        assert len(after.keys() - before.keys()) == 3
        assert before.keys() <= after.keys()
        (url,) = changed
        assert (before[url].title, after[url].title) == (
            "Netflix credits seen costing $16 million",
            "Netflix credits seen costing $6 million",
        )
        assert "about $6 million" in after[url].body
        assert "about $16 million" in before[url].body
        assert "about $16 million" not in after[url].body
        assert after[url].revised
        assert get(url) != pages[url]
        assert all(get(other) == pages[other] for other in others)
        old, new = (next(e for e in f.entries if e.link == url) for f in (feed, again))
        assert old.published == new.published
        assert old.updated_parsed < new.updated_parsed
        assert old.id == new.id


def test_the_teaser_says_so_in_json_ld(room: Newsroom) -> None:
    """One article is for subscribers: schema.org's flag, and a text that breaks off."""
    (teaser,) = (piece for piece in room.articles if not piece.complete)
    script = BeautifulSoup(get(room.url(teaser)), "lxml").select_one('script[type="application/ld+json"]')
    assert script is not None
    assert json.loads(script.text)["isAccessibleForFree"] is False
    assert not teaser.body.endswith(".")


def test_distractors_name_no_brand_but_look_as_if(room: Newsroom) -> None:
    """Films, drugs, power outages; and brands that stand only around the article."""
    strangers = [piece for piece in room.articles if not piece.brands]
    text = "\n".join(piece.body + piece.title for piece in strangers)
    around = [p for p in strangers if re.search("Netflix|Blockbuster", get(room.url(p)).decode())]
    assert len(strangers) >= 8
    assert all(trap in text for trap in ("blockbuster hit", "Summer Blockbuster", "Blockbuster Drug", "power outage"))
    assert len(around) >= 6


def test_one_page_writes_brands_as_character_references(room: Newsroom) -> None:
    """The bytes do not hold the name, the text does."""
    (piece,) = (piece for piece in room.articles if piece.entities)
    page = get(room.url(piece)).decode()
    article = page[page.index("<h1") : page.index('class="box related"')]
    assert "Netflix" in piece.title
    assert "Netflix" not in article
    assert "&amp;" in article


@pytest.mark.parametrize("edition", EDITIONS)
def test_labels_follow_the_watchlist(edition: int, tmp_path: Path) -> None:
    """The demo's watchlist is valid, uses every table, and its queries choose what is labelled."""
    room = Newsroom(port=8808, edition=edition)
    watchlist = load(room.watchlist(tmp_path / "watchlist.toml"))
    assert watchlist.messages
    assert watchlist.events
    assert watchlist.notify
    assert {source.id for source in watchlist.sources} == {outlet.id for outlet in room.outlets}
    assert [(source.outlet, source.tier, source.kind) for source in watchlist.sources] == [
        (outlet.name, outlet.tier, outlet.kind) for outlet in room.outlets
    ]
    for piece in room.articles:
        text = Text(f"{piece.title}\n{piece.body}")
        assert {topic.id for topic in watchlist.topics if topic.parsed.matches(text)} == piece.topics, piece.slug


@pytest.mark.parametrize("edition", EDITIONS)
def test_brand_labels_are_what_a_reader_sees(edition: int) -> None:
    """Independent of our matcher: the capitalised name, save in the phrases that mean films and drugs."""
    for piece in pieces(Replay(), edition):
        text = f"{piece.title}\n{piece.body}"
        innocent = re.sub(r"Summer Blockbusters?|Blockbuster Drugs?|Blockbuster drugs?", "", text)
        seen = {
            brand
            for brand, name in (
                ("netflix", r"\b(Netflix|NFLX)\b"),
                ("blockbuster", r"\b(Blockbuster|Total Access)\b"),
                ("redbox", r"\bRedbox\b"),
            )
            if re.search(name, innocent)
        }
        assert seen == piece.brands, piece.slug


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("spec", REPLAYS)
def test_nothing_is_dated_in_the_future(spec: str, edition: int) -> None:
    """Whatever the replay, by the clock of this machine; feeds and pages are made from the same articles."""
    room = Newsroom(port=8808, replay=spec, edition=edition)
    assert room.articles
    assert all(piece.published <= piece.changed <= room.now for piece in room.articles)


@settings(max_examples=30, deadline=None)  # each lays out the whole story three times
@given(now=st.datetimes(datetime(2009, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_latest_publishes_everything_up_to_yesterday(now: datetime) -> None:
    """At any moment the whole story is out, and its end is not older than two days."""
    last = max(piece.changed for piece in pieces(lay_out("latest", now), 2))
    assert timedelta(0) <= now - last <= timedelta(days=2)


def test_a_recent_recovery_leaves_the_future_out() -> None:
    """`today-N` publishes what has happened by now, and the recovery falls on that day."""
    now = datetime(2031, 5, 14, 22, tzinfo=UTC)
    room = Newsroom(port=8808, replay="today-3", now=now)
    recovery = by_slug(room.articles, "netflix-every-center-shipping-again").published
    assert recovery.date() == (now - timedelta(days=3)).date()
    assert 0 < len(room.articles) < len(pieces(Replay()))
    assert room.replay == Newsroom(port=8808, replay="2031-05-11", now=now).replay
    with pytest.raises(ValueError, match="replay: 2008, latest, today-N or YYYY-MM-DD"):
        Newsroom(port=8808, replay="yesterday", now=now)


def test_texts_name_days_only_by_placeholders() -> None:
    """Else a replay would print the weekdays of 2008."""
    names = {name for table in (MONTHS, WEEKDAYS) for line in table.values() for name in line.split()}
    words = "|".join(names - {"May"})  # a verb, too
    for file in (HERE / "articles").glob("*.md"):
        text = re.sub(r"\{(weekday|date|daymonth|month|year):-?\d+\}", "", file.read_text("utf-8"))
        assert not re.findall(rf"\b(?:{words}|20\d\d)s?\b", text), file.name
    for piece in pieces(Replay(), 2):
        assert "{" not in piece.title + piece.body


@pytest.mark.skipif(not COVERAGE.exists(), reason="needs ../shared, which only the workshop has")
def test_wording_is_our_own() -> None:
    """No eight words in a row are those of the coverage that the facts come from."""
    theirs = {run for line in COVERAGE.read_text("utf-8").splitlines() for run in _runs(json.loads(line)["text"])}
    assert not {run for piece in pieces(Replay(), 2) for run in _runs(piece.body)} & theirs


def test_it_starts_from_the_command_line(tmp_path: Path) -> None:
    """As a file, with a free port, and writes the watchlist before it says that it serves."""
    watchlist = tmp_path / "demo.toml"
    command = [sys.executable, "tests/newsroom/serve.py", "--port", "0", "--watchlist", str(watchlist)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        url = load(watchlist).sources[0].url
        assert re.fullmatch(r"16 outlets, \d+ articles on port \d+\n", said)
        assert get(url).startswith(b"<?xml")
        process.terminate()


def _runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
