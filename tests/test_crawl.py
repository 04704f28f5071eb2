"""The whole path over real HTTP: what a night stores of the sample newsroom, and what the next two nights change.

One database, three crawls: the first edition, the same again, the second edition.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from spiders.funnel import STAGES
from tests.command import connections, presswatch, rows
from tests.newsroom.serve import Newsroom, newsroom
from tests.newsroom.story import Piece


@dataclass
class Night:
    """One crawl and what stood in the database and in the server's log after it."""

    done: CompletedProcess[str]
    hits: dict[str, int]
    """Requests by "outlet path", in the order of the first of each."""
    articles: list[dict[str, Any]]
    counts: dict[str, int]
    """Rows by public view."""


@dataclass
class Nights:
    """Three crawls of one newsroom."""

    path: Path
    room: Newsroom
    first: Night
    again: Night
    second: Night
    pieces: dict[int, tuple[Piece, ...]] = field(default_factory=dict)
    """What was published, by edition."""

    def by_url(self, edition: int) -> dict[str, Piece]:
        """The articles of an edition."""
        return {self.room.url(piece): piece for piece in self.pieces[edition]}


COLUMNS = (
    "article_id url canonical_url outlet tier source_id title authors published_at published_source fetched_at "
    "language words complete story_id revision topics tone"
).split()
VIEWS = ("articles", "article_revisions", "mentions", "stories", "runs", "source_health", "daily_coverage")


def night(room: Newsroom, path: Path) -> Night:
    """Crawl, and note what came of it."""
    room.hits.clear()
    done = presswatch(path, "crawl")
    articles = [dict(zip(COLUMNS, row, strict=True)) for row in rows(path, "FROM articles ORDER BY article_id")]
    counts = {view: len(rows(path, f"FROM {view}")) for view in VIEWS}
    return Night(done, dict(room.hits), articles, counts)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """Three nights."""
    folder = tmp_path_factory.mktemp("nights")
    with newsroom() as room:
        path = room.watchlist(folder / "watchlist.toml")
        first, pieces = night(room, path), {1: room.articles}
        again = night(room, path)
        room.publish(2)
        second, pieces[2] = night(room, path), room.articles
        yield Nights(path, room, first, again, second, pieces)


def article_hits(room: Newsroom, hits: dict[str, int], pieces: tuple[Piece, ...]) -> dict[str, int]:
    """Requests for article pages, by address."""
    keys = {f"{piece.outlet.id} {piece.path}": room.url(piece) for piece in pieces}
    return {keys[hit]: count for hit, count in hits.items() if hit in keys}


def page_of(url: str) -> str:
    """The page on which a post of a live blog stands."""
    return url.partition("#")[0]


def labelled(pieces: tuple[Piece, ...]) -> list[Piece]:
    """What a perfect monitor stores: names a brand, and may be fetched."""
    return [piece for piece in pieces if piece.brands and not piece.unlisted]


def test_the_runs_went_well(nights: Nights) -> None:
    """No warning, no error, one line of result, exit status 0; a page that is gone is not our failure."""
    for one in (nights.first, nights.again, nights.second):
        assert (one.done.returncode, one.done.stderr) == (0, "")
        assert one.done.stdout.startswith("16 of 16 sources answered; ")
        assert one.done.stdout.count("\n") == 1


def test_every_article_that_names_a_brand_is_stored_and_no_other(nights: Nights) -> None:
    """Against the newsroom's labels, not against what we found last time."""
    addresses = [article["url"] for article in nights.first.articles]
    stored = {page_of(url) for url in addresses}
    named = {nights.room.url(piece): piece for piece in labelled(nights.pieces[1])}

    assert len(addresses) == len(set(addresses))  # posts of a live blog too: each leads to its place
    assert stored == set(named)


def test_brands_of_every_article_are_those_of_its_label(nights: Nights) -> None:
    """Navigation, related links and comments name brands too, and must not count."""
    found: dict[str, set[str]] = {}
    for url, brand in rows(nights.path, "SELECT url, brand_id FROM mentions JOIN articles USING (article_id)"):
        found.setdefault(page_of(url), set()).add(brand)

    assert found == {nights.room.url(piece): set(piece.brands) for piece in labelled(nights.pieces[2])}


def test_topics_of_every_article_are_those_of_its_label(nights: Nights) -> None:
    """The queries of the watchlist, over title and body only."""
    pieces = nights.by_url(1)

    assert {a["url"]: set(a["topics"]) for a in nights.first.articles} == {
        a["url"]: pieces[page_of(a["url"])].topics for a in nights.first.articles
    }


def test_title_time_outlet_and_language(nights: Nights) -> None:
    """What the page says of itself."""
    pieces = nights.by_url(1)

    for found in nights.first.articles:
        piece = pieces[page_of(found["url"])]
        if piece.form != "live":
            assert (found["title"], found["published_at"]) == (piece.title, piece.published)
        assert (found["outlet"], found["language"]) == (piece.outlet.name, piece.language)


def test_a_live_page_is_an_article_for_each_post_that_names_a_brand(nights: Nights) -> None:
    """Dated by the clocks over its paragraphs; together one story."""
    (live,) = (piece for piece in nights.pieces[1] if piece.form == "live")
    posts = [article for article in nights.first.articles if page_of(article["url"]) == nights.room.url(live)]
    clocks = [line.removeprefix("## ") for line in live.paragraphs if line.startswith("## ")]
    found = [article["published_at"].astimezone(live.published.tzinfo) for article in posts]

    assert 5 <= len(posts) <= len(clocks)
    assert {f"{when:%H:%M}" for when in found} <= set(clocks)
    assert {when.date() for when in found} == {live.published.date()}
    assert len({article["story_id"] for article in posts}) == 1


def test_a_teaser_is_kept_as_incomplete(nights: Nights) -> None:
    """And nothing else is."""
    incomplete = [article["url"] for article in nights.first.articles if not article["complete"]]

    assert incomplete == [nights.room.url(piece) for piece in labelled(nights.pieces[1]) if not piece.complete]


def test_german_and_french_are_stored_and_left_unscored(nights: Nights) -> None:
    """Their mentions stand there with their sentences, without a tone; every English one has one."""
    scored = rows(
        nights.path,
        "SELECT language, count(*), count(m.tone), count(m.label), count(m.scorer), count(nullif(sentence, ''))"
        " FROM mentions m JOIN articles USING (article_id) GROUP BY language ORDER BY language",
    )
    by_language = {language: counts for language, *counts in scored}

    assert set(by_language) == {"de", "en", "fr"}
    for language in ("de", "fr"):
        mentions, *scores, sentences = by_language[language]
        assert mentions == sentences > 0
        assert scores == [0, 0, 0]
    assert len(set(by_language["en"])) == 1


def test_a_page_that_robots_txt_closes_is_never_asked_for(nights: Nights) -> None:
    """Its link was found, and its state says why."""
    (closed,) = (piece for piece in nights.pieces[1] if piece.unlisted)
    asked = [hit for one in (nights.first, nights.again, nights.second) for hit in one.hits]

    assert not [hit for hit in asked if "/drafts/" in hit]
    assert rows(nights.path, "SELECT state, reason FROM private.urls WHERE url = ?", nights.room.url(closed)) == [
        ("failed", "robots")
    ]


def test_every_page_was_asked_for_once(nights: Nights) -> None:
    """Robots.txt, feed and article alike; the dead links too."""
    assert {hit: count for hit, count in nights.first.hits.items() if count != 1} == {"crossland /robots.txt": 2}
    fetched = article_hits(nights.room, nights.first.hits, nights.pieces[1])
    assert set(fetched) == {nights.room.url(piece) for piece in nights.pieces[1] if not piece.unlisted}


def test_each_outlet_was_asked_newest_first(nights: Nights) -> None:
    """In the order of publication, also within an hour; section pages in their own order, which is the same.

    Not across the two halves of the one sitemap that comes in parts: workers may finish the second one first.
    """
    urls = list(article_hits(nights.room, nights.first.hits, nights.pieces[1]))
    for outlet in (outlet for outlet in nights.room.outlets if outlet.source != "/robots.txt"):
        newest = sorted((p for p in nights.pieces[1] if p.outlet == outlet), key=lambda p: p.published, reverse=True)
        expected = [nights.room.url(piece) for piece in newest if not piece.unlisted]
        assert [url for url in urls if url in expected] == expected, outlet.id


def test_an_index_is_read_newest_part_first(nights: Nights) -> None:
    """The half of the sitemap that holds the newest stands first in its index."""
    parts = [hit for hit in nights.first.hits if "sitemap-news-" in hit and "crossland" in hit]

    assert parts == ["crossland /sitemap-news-1.xml.gz", "crossland /sitemap-news-2.xml.gz"]


def test_of_pages_that_name_no_brand_only_the_state_of_the_url_is_kept(nights: Nights) -> None:
    """No title, no text, no row of an article; not in the spool either."""
    strangers = {nights.room.url(p) for p in nights.pieces[1] if not p.brands and not p.unlisted}
    states = dict(rows(nights.path, "SELECT url, reason FROM private.urls"))
    texts = rows(nights.path, "SELECT url FROM private.articles")

    assert strangers
    assert {states[url] for url in strangers} <= {"no_name", "no_brand"}
    assert not strangers & {url for (url,) in texts}
    assert list((nights.path.parent / "watchlist.spool").iterdir()) == []


def test_the_funnel_counts_what_happened(nights: Nights) -> None:
    """Per source: links, pages, articles, by the newsroom's own numbers."""
    query = "SELECT source_id, discovered, fetched, matched, stored, failed, reason FROM source_health ORDER BY run_id"
    counted = {row[0]: row[1:] for row in rows(nights.path, query)[:16]}
    for outlet in nights.room.outlets:
        own = [piece for piece in nights.pieces[1] if piece.outlet == outlet]
        open_ones = [piece for piece in own if not piece.unlisted]
        dead = [hit for hit in nights.first.hits if hit.startswith(f"{outlet.id} /archive/")]
        discovered = len(own if outlet.kind == "section" else open_ones) + len(dead)
        stored = len([article for article in nights.first.articles if article["source_id"] == outlet.id])
        assert counted[outlet.id] == (discovered, len(open_ones), stored, stored, len(dead), None), outlet.id


def test_the_ledger_agrees_with_the_tables(nights: Nights) -> None:
    """The run's own totals."""
    runs = rows(nights.path, "SELECT status, pages, articles, mentions, errors FROM runs ORDER BY started_at")
    revisions = rows(nights.path, "SELECT run_id, count(*) FROM private.articles GROUP BY run_id ORDER BY run_id")

    assert [run[0] for run in runs] == ["finished"] * 3
    assert [run[2] for run in runs if run[2]] == [count for _, count in revisions]
    assert runs[0][1] == len(article_hits(nights.room, nights.first.hits, nights.pieces[1]))
    assert runs[0][3] == nights.first.counts["mentions"]


def test_the_second_night_adds_nothing_and_asks_for_no_article(nights: Nights) -> None:
    """The sources and their robots.txt are asked; the closed page and the dead links are left alone, too."""
    grown = {view for view in VIEWS if nights.again.counts[view] != nights.first.counts[view]}

    assert article_hits(nights.room, nights.again.hits, nights.pieces[1]) == {}
    assert not [hit for hit in nights.again.hits if "/archive/" in hit]
    assert grown == {"runs", "source_health"}
    assert nights.again.articles == nights.first.articles


def test_the_second_edition_costs_as_many_requests_as_it_has_changes(nights: Nights) -> None:
    """Three new articles and a corrected one, and no other page."""
    before, after = nights.by_url(1), nights.by_url(2)
    changed = {url for url, piece in after.items() if url not in before or piece.revised}

    assert len(changed) == 4
    assert article_hits(nights.room, nights.second.hits, nights.pieces[2]) == dict.fromkeys(changed, 1)
    assert not nights.second.hits.get("304")


def test_a_correction_is_revision_1_and_revision_0_stays(nights: Nights) -> None:
    """At one address with one id; `articles` shows the newer text, its mentions are the newer ones."""
    (corrected,) = (piece for piece in nights.pieces[2] if piece.revised)
    url = nights.room.url(corrected)
    (old,) = (piece for piece in nights.pieces[1] if piece.slug == corrected.slug)
    revisions = rows(
        nights.path, "SELECT revision, title, article_id FROM article_revisions WHERE url = ? ORDER BY revision", url
    )
    mentions = rows(nights.path, "SELECT sentence FROM mentions JOIN articles USING (article_id) WHERE url = ?", url)
    sentences = [sentence for (sentence,) in mentions]

    assert [row[:2] for row in revisions] == [(0, old.title), (1, corrected.title)]
    assert len({article_id for _, _, article_id in revisions}) == 1
    assert [article["title"] for article in nights.second.articles if article["url"] == url] == [corrected.title]
    assert not any("$16 million" in sentence for sentence in sentences)
    assert any("$6 million" in sentence for sentence in sentences)
    assert nights.second.counts["article_revisions"] == nights.second.counts["articles"] + 1
    assert nights.second.counts["articles"] == nights.first.counts["articles"] + 3


def test_nothing_but_loopback_was_contacted(nights: Nights) -> None:
    """Neither by the crawl nor by its workers: no font, no list of suffixes, no model, no extension of DuckDB."""
    targets = {line.split()[1] for line in connections(nights.path.parent)}

    assert targets
    assert {target for target in targets if not target.startswith("127.3.0.")} == set()


def test_commands_agree_with_the_views(nights: Nights) -> None:
    """`sources` and `sql` on what was crawled; JSON lines on stdout, nothing on stderr."""
    sources = presswatch(nights.path, "sources", "--format", "jsonl")
    found = [json.loads(line) for line in sources.stdout.splitlines()]
    by_source = Counter(
        piece.outlet.id for piece in nights.pieces[2] if not piece.unlisted or piece.outlet.kind == "section"
    )

    assert sources.stderr == ""
    assert {row["source"] for row in found} == set(by_source)
    assert set(STAGES) <= set(found[0])
