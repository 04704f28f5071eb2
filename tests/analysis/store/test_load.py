"""The loader, against a dictionary that remembers the same pages one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.items import Article
from analysis.store.load import Loaded, load
from analysis.store.records import url_record
from analysis.stories.address import address_id
from tests.analysis.press import NOON, article, bring, emptied, funnel, in_memory, lead, mention, page, spooled, wire

Record = dict[str, Any]
HOUR = timedelta(hours=1)
EXAMPLES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


@pytest.fixture
def store(shared: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return emptied(shared)


def text(number: int, version: int) -> Article:
    """Version 0 of articles 0 and 1, and of 2 and 3, are copies of each other; later versions are their own."""
    body = wire(f"wire{number // 2}x") if version == 0 else f"Own words {number}, version {version}."
    sentences = (mention(sentence="Acme stays."), mention(sentence=f"Acme version {version}.", ordinal=2))
    return article(number, *sentences, title=f"Version {version}", body=body)


@dataclass
class Memory:
    """What the loader promises, without SQL: one segment after the other."""

    urls: dict[str, Record] = field(default_factory=dict)
    revisions: dict[str, list[Record]] = field(default_factory=dict)
    stories: dict[str, str] = field(default_factory=dict)

    def take(self, records: list[Record]) -> None:
        for record in records:
            url = record["url"]
            seen = self.urls.get(url["url_id"], {"first_seen": url["at"]})
            self.urls[url["url_id"]] = {**url, "first_seen": min(seen["first_seen"], url["at"])}
            if "article" in record:
                kept = self.revisions.setdefault(record["article"]["article_id"], [])
                if not kept or kept[-1]["article"]["content_id"] != record["article"]["content_id"]:
                    kept.append(record)
        # A new article is placed by its newest text, beside what the others say now; from then on it stays.
        known = {self.revisions[article][-1]["article"]["copy_id"]: article for article in self.stories}
        for name, kept in self.revisions.items():
            if name not in self.stories:
                other = known.setdefault(kept[-1]["article"]["copy_id"], name)
                self.stories[name] = self.stories.get(other, name)


@st.composite
def pages(draw: st.DrawFn) -> list[list[Record]]:
    """Records, cut into segments anywhere."""
    records: list[Record] = []
    for minute in range(draw(st.integers(1, 12))):
        number, at = draw(st.integers(0, 3)), NOON + timedelta(minutes=minute)
        if draw(st.integers(0, 3)):
            records.append(page(text(number, draw(st.integers(0, 2))), at=at))
        else:
            state = draw(st.sampled_from(["seen", "failed", "fetched"]))
            records.append({"url": url_record(lead(number), state, at=at, tries=minute, etag=f'"{minute}"')})
    cuts = sorted({0, len(records), *draw(st.lists(st.integers(0, len(records)), max_size=2))})
    return [records[start:end] for start, end in pairwise(cuts)]


@given(segments=pages())
@EXAMPLES
def test_remembers_what_a_dictionary_remembers(
    segments: list[list[Record]], shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store, memory, folder = emptied(shared), Memory(), tmp_path_factory.mktemp("spool")
    for number, records in enumerate(segments):
        bring(store, folder, f"run{number}", records)
        memory.take(records)

    rows = store.execute(
        "SELECT article_id, revision, newest, content_id FROM private.articles ORDER BY ALL"
    ).fetchall()
    assert rows == sorted(
        (article_id, revision, revision == len(kept) - 1, record["article"]["content_id"])
        for article_id, kept in memory.revisions.items()
        for revision, record in enumerate(kept)
    )
    urls = store.execute(
        "SELECT url_id, state, tries, etag, first_seen, updated_at FROM private.urls ORDER BY ALL"
    ).fetchall()
    assert urls == sorted(
        (url_id, url["state"], url["tries"], url["etag"], url["first_seen"], url["at"])
        for url_id, url in memory.urls.items()
    )
    assert grouped(store.execute("SELECT DISTINCT article_id, story_id FROM private.articles").fetchall()) == grouped(
        (article_id, memory.stories[article_id]) for article_id in memory.revisions
    )
    newest = store.execute("SELECT mention_id FROM mentions ORDER BY ALL").fetchall()
    assert newest == sorted((m["mention_id"],) for kept in memory.revisions.values() for m in kept[-1]["mentions"])


def grouped(rows: Any) -> set[frozenset[str]]:
    """Which articles are together, whatever their story is called."""
    stories: dict[str, set[str]] = {}
    for article_id, story_id in rows:
        stories.setdefault(story_id, set()).add(article_id)
    return {frozenset(story) for story in stories.values()}


def titles(store: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return store.execute("SELECT revision, title, newest FROM private.articles ORDER BY revision").fetchall()


@pytest.mark.parametrize("cuts", [[3], [1, 2], [2, 1], [1, 1, 1]], ids=str)
def test_a_text_that_comes_back_is_a_revision(
    store: duckdb.DuckDBPyConnection, tmp_path: Path, cuts: list[int]
) -> None:
    """A, B, A: three revisions, in whatever segments they came."""
    told = [page(article(title=title)) for title in ("A", "B", "A")]
    for number, cut in enumerate(cuts):
        start = sum(cuts[:number])
        bring(store, tmp_path, f"run{number}", told[start : start + cut])

    assert titles(store) == [(0, "A", False), (1, "B", False), (2, "A", True)]


def test_the_same_text_is_no_revision(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """However often it comes, in one segment or in the next night's."""
    for night in range(3):
        loaded = bring(store, tmp_path, f"run{night}", [page(article()), page(article())])
        assert loaded == Loaded(2, 1 if night == 0 else 0, 1 if night == 0 else 0)

    assert titles(store) == [(0, "Title 1", True)]


def test_a_changed_headline_is_a_revision(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """`rose` to `fell` is what a crisis is made of (faults.md, D4); revision 0 stays."""
    bring(store, tmp_path, "a", [page(article(title="Acme profits rose", body=wire("same")))])
    bring(store, tmp_path, "b", [page(article(title="Acme profits fell", body=wire("same")))])

    assert titles(store) == [(0, "Acme profits rose", False), (1, "Acme profits fell", True)]
    assert store.execute("SELECT title, revision FROM articles").fetchall() == [("Acme profits fell", 1)]
    assert store.execute("SELECT count(*) FROM article_revisions").fetchall() == [(2,)]


def test_a_segment_is_loaded_once(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A kill between commit and unlink leaves a segment that is in the database already."""
    records = [page(article(1)), page(article(2)), funnel("gazette", stored=2)]
    segment = spooled(tmp_path, "run", records)
    left = segment.read_bytes()
    first = load(store, segment)
    segment.write_bytes(left)

    assert (first.records, first.articles, load(store, segment)) == (3, 2, Loaded())
    assert not segment.exists()
    counts = "SELECT (FROM private.articles SELECT count(*)), (FROM private.source_runs SELECT count(*))"
    assert store.execute(counts).fetchall() == [(2, 1)]


def test_copies_are_one_story_whatever_their_punctuation(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    shouted = wire("wire").upper().replace(" ", ", ")
    bring(store, tmp_path, "a", [page(article(1, body=wire("wire"), source="gazette"))])
    bring(store, tmp_path, "b", [page(article(2, body=shouted, source="herald")), page(article(3, body=wire("other")))])

    assert store.execute("SELECT articles, outlets FROM stories ORDER BY ALL").fetchall() == [(1, 1), (2, 2)]


def test_short_texts_are_alike_by_chance(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """`No comment.` in two outlets under two titles is not one story."""
    told = [page(article(n, title=f"Acme {n}", body="No comment.")) for n in (1, 2)]
    bring(store, tmp_path, "a", told)

    assert store.execute("SELECT count(*) FROM stories").fetchall() == [(2,)]


def test_a_copy_that_is_edited_stays_in_its_story(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Also where it has become another text than the original's; only a page that has nothing left of itself leaves."""
    copy = article(2, body=wire("wire"), source="herald")
    bring(store, tmp_path, "a", [page(article(1, body=wire("wire"))), page(copy)])
    bring(store, tmp_path, "b", [page(replace(copy, title="Rewritten", body=wire("wire")[:60] + wire("own")))])

    assert store.execute("SELECT count(DISTINCT story_id) FROM private.articles").fetchall() == [(1,)]


def test_an_unchanged_sentence_keeps_its_correction(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    bring(store, tmp_path, "a", [page(text(1, 1))])
    before = dict(store.execute("SELECT sentence, mention_id FROM mentions").fetchall())
    correction = "INSERT INTO private.corrections VALUES (?, 'pos', 'neg', 'Ana', 'irony', ?)"
    store.execute(correction, [before["Acme stays."], NOON])
    bring(store, tmp_path, "b", [page(text(1, 2))])

    after = store.execute("SELECT sentence, mention_id, label, corrected FROM mentions ORDER BY sentence").fetchall()
    assert after[0] == ("Acme stays.", before["Acme stays."], "neg", True)
    assert after[1][0] == "Acme version 2."
    assert after[1][1] not in before.values()
    assert after[1][3] is False


@pytest.mark.parametrize("odd", ["\ud83d", "a\x00b", "\u2028", "\x1b[31m", '"\\\n', "𝕏"], ids=ascii)
def test_any_character_can_be_kept(store: duckdb.DuckDBPyConnection, tmp_path: Path, odd: str) -> None:
    """One character in one headline must not keep a whole night out of the store."""
    record = page(article(title=f"Acme {odd} out"))
    record["url"]["title"] = f"Acme {odd} out"
    bring(store, tmp_path, "a", [record, page(article(2))])

    assert store.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
    kept = store.execute("SELECT title FROM articles WHERE title LIKE 'Acme%'").fetchall()
    assert kept == [(f"Acme {odd.encode('utf8', 'replace').decode()} out",)]


def test_a_segment_that_cannot_be_read_changes_nothing(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """And stays where it is, for people to look at."""
    segment = tmp_path / "run-000001.jsonl"
    segment.write_text(json.dumps({"seq": 1, **page(article())}, default=str) + "\n{torn\n")
    with pytest.raises(duckdb.Error, match="JSON"):
        load(store, segment)

    assert segment.exists()
    assert store.execute("SELECT count(*) FROM private.urls").fetchall() == [(0,)]
    assert bring(store, tmp_path, "next", [page(article())]).articles == 1


def test_the_last_word_on_a_source_counts(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """One row a source and run, also when a run was closed twice."""
    bring(store, tmp_path, "run", [funnel("gazette", stored=1)])
    segment = tmp_path / "run-000002.jsonl"
    said = {"seq": 1, "run_id": "run", **funnel("gazette", stored=2)}
    segment.write_text(json.dumps(said, default=str) + "\n")
    load(store, segment)

    assert store.execute("SELECT run_id, stored FROM private.source_runs").fetchall() == [("run", 2)]


def test_the_posts_of_a_live_blog_share_their_page(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Whenever they come."""
    live = "https://gazette.example/live"
    posts = [
        replace(article(n, url=f"{live}#p{n}", body=body), post=f"p{n}", canonical_url=live, published=NOON + n * HOUR)
        for n, body in enumerate(["One.", "Two.", "Three."], 1)
    ]
    bring(store, tmp_path, "run1", [page(posts[0]), page(posts[1])])
    bring(store, tmp_path, "run2", [page(posts[2])])

    rows = store.execute("SELECT DISTINCT article_id, page_id FROM private.articles").fetchall()
    assert len(rows) == 3
    assert {page_id for _, page_id in rows} == {address_id(live)}


def test_whether_an_address_ever_brought_an_article_is_remembered(
    store: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Whatever its last look brought, in this segment or another."""
    failed = {"url": url_record(lead(), "failed", at=NOON + HOUR, reason="timeout", tries=1)}
    for number, records in enumerate(([failed], [page(article()), failed], [failed])):
        bring(store, tmp_path, f"run{number}", records)
        found = store.execute("SELECT state, stored FROM private.urls").fetchall()
        assert found == [("failed", number > 0)]


def test_many_segments_are_loaded_at_once(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """In one transaction, a later one after an earlier: of a text that was corrected twice the last is the newest."""
    told = [spooled(tmp_path, f"run{n}", [page(article(title=f"Version {n}"))]) for n in range(5)]

    assert load(store, *told).articles == 5
    assert store.execute("SELECT title, revision FROM articles").fetchall() == [("Version 4", 4)]
