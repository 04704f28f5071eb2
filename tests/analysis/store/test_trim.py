"""`[store] text = "snippet"`: after three days the sentences that name a brand are all that is left of a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from analysis.store.figures import rebuild
from analysis.store.trim import AFTER, trim
from tests.analysis.press import NOON, article, bring, emptied, in_memory, mention, page, wire
from tests.command import presswatch, rows
from tests.site import Page, rss, site, watchlist
from tests.site import article as page_of


@pytest.fixture
def store() -> duckdb.DuckDBPyConnection:
    with in_memory() as connection:
        yield emptied(connection, "UTC")


def bodies(store: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Text of each newest revision, by title."""
    return dict(store.execute("SELECT title, body FROM private.articles WHERE newest").fetchall())


def test_what_is_left_of_a_text(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The sentences in their order, the headline apart; younger texts whole; a second time nothing."""
    said = (
        mention(sentence="Acme in the headline.", placement="headline", ordinal=0),
        mention(sentence="Acme second.", ordinal=5), mention(sentence="Acme first.", ordinal=2),
        mention("bolt", sentence="Acme first.", ordinal=2),
    )  # fmt: skip
    old = article(1, *said, title="Old", body=f"Acme first. {wire('old')} Acme second.")
    only = article(2, mention(placement="headline", sentence="Acme again."), title="Acme again", body=wire("only"))
    young = replace(article(3, title="Young", body=wire("young")), fetched_at=NOON + timedelta(days=2))
    bring(store, tmp_path, "run", map(page, [old, only, young]))
    figures = store.execute("FROM brand_articles ORDER BY ALL").fetchall()

    assert trim(store, NOON + AFTER + timedelta(hours=1)) == 2
    assert bodies(store) == {"Old": "Acme first.\nAcme second.", "Acme again": "", "Young": wire("young")}
    assert trim(store, NOON + AFTER + timedelta(hours=1)) == 0
    rebuild(store)
    assert store.execute("FROM brand_articles ORDER BY ALL").fetchall() == figures


def test_what_was_cut_makes_no_false_copies(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A later article that quotes the same sentence is a text of its own, and a new revision stays where it was."""
    quote = "Acme said that it was sorry, that all would be well, and that nobody need write to it about this again."
    first = article(1, mention(sentence=quote), title="One", body=f"{wire('one')} {quote}")
    later = article(2, mention(sentence=quote), title="Two", body=f"{quote} {wire('two')}", source="herald")
    bring(store, tmp_path, "run", [page(first)])
    story = store.execute("SELECT story_id FROM articles").fetchall()
    trim(store, NOON + 2 * AFTER)
    bring(
        store, tmp_path, "next", [page(later), page(replace(first, title="One, corrected", body=f"{wire('new')} x."))]
    )

    assert store.execute("SELECT bool_or(syndicated) FROM brand_articles").fetchall() == [(False,)]
    assert store.execute("SELECT DISTINCT story_id FROM articles WHERE outlet = 'Gazette'").fetchall() == story


def test_a_crawl_does_it(tmp_path: Path) -> None:
    """At its end; no page is archived, and the sentences are still found."""
    with site() as paper:
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix")), kind="application/rss+xml")
        paper.pages["/1"] = Page(body=page_of("Netflix outage", "Netflix has an outage."))
        path = watchlist(tmp_path, ("paper", "feed", paper.url("/feed")), allow_private=f'["127.0.0.1:{paper.port}"]')
        path.write_text(path.read_text() + '[store]\ntext = "snippet"\n')
        assert presswatch(path, "crawl").returncode == 0
        whole = rows(path, "SELECT length(body) FROM private.articles")
        with duckdb.connect(str(path.with_suffix(".duckdb"))) as connection:
            connection.execute("UPDATE private.articles SET fetched_at = fetched_at - INTERVAL 4 DAY")
        assert presswatch(path, "crawl").returncode == 0

    assert whole > [(100,)]
    said = rows(
        path, "SELECT DISTINCT ordinal, sentence FROM private.mentions WHERE placement != 'headline' ORDER BY 1"
    )
    assert rows(path, "SELECT body FROM private.articles") == [("\n".join(sentence for _, sentence in said),)]
    assert said[0][1] == "Netflix has an outage."
    assert not path.with_suffix(".archive").exists()
