"""The figures kept ready are those that would be counted anew, whatever came in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.store.corrections import correct
from analysis.store.database import reading, writing
from analysis.store.figures import rebuild, refresh, touch
from analysis.store.ledger import describe
from tests.analysis.press import NOON, article, bring, emptied, in_memory, mention, night, page, watchlist, wire
from tests.analysis.worlds import EXAMPLES, World, worlds

TABLES = (
    *("shown_mentions", "shown_brand_articles", "shown_stories", "shown_co_mentions", "shown_coverage"),
    *("shown_coverage_by_hour", "shown_coverage_by_outlet", "shown_coverage_by_line"),
)


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


def shown(store: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Every row of every table, in one order; sums of tones rounded, because they depend on the order of rows."""
    tables = {}
    for table in TABLES:
        rows = store.execute(f"FROM private.{table}").fetchall()
        tables[table] = sorted(str([round(v, 9) if isinstance(v, float) else v for v in row]) for row in rows)
    return tables


@given(world=worlds(), data=st.data())
@EXAMPLES
def test_night_by_night_is_as_all_at_once(
    world: World, data: st.DataObject, shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Copies that come later or are older, new texts, new dates, corrections: the same figures as made anew."""
    store, folder = emptied(shared, world.zone), tmp_path_factory.mktemp("spool")
    nights = data.draw(st.lists(st.integers(0, 2), min_size=len(world.articles), max_size=len(world.articles)))
    for number in range(3):
        found = [a for a, which in zip(world.articles, nights, strict=True) if which == number]
        again = [
            replace(a, body=f"{a.body} Changed.", published=a.published and a.published + timedelta(days=number * 40))
            for a, which in zip(world.articles, nights, strict=True)
            if which < number and data.draw(st.booleans())
        ]
        if found or again:
            bring(store, folder, f"run{number}", map(page, [*found, *again]))
        for which, label, minutes in world.corrections[number : number + 1]:
            _, record = world.mentions()[which]
            values = [record["mention_id"], None, label, "Ana", "read it", NOON + timedelta(minutes=minutes)]
            store.execute("INSERT INTO private.corrections VALUES (?, ?, ?, ?, ?, ?)", values)
            story = """SELECT a.story_id, m."at" FROM private.mentions m JOIN private.articles a
                       ON a.article_id = m.article_id AND a.revision = m.revision WHERE m.mention_id = $mention"""
            touch(store, story, {"mention": record["mention_id"]})
            refresh(store)
    kept = shown(store)
    rebuild(store)

    assert kept == shown(store)


def test_a_day_begins_elsewhere_in_another_zone(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """An evening in California is the next day in Berlin."""
    store = emptied(shared, "America/Los_Angeles")
    bring(store, tmp_path, "run", [page(article(1, published=NOON.replace(hour=23, minute=30)))])
    days = "SELECT day FROM daily_coverage"
    assert store.execute(days).fetchall() == [(NOON.date(),)]

    describe(store, watchlist("Europe/Berlin"))
    assert store.execute(days).fetchall() == [(NOON.date() + timedelta(days=1),)]


def test_what_a_killed_writer_touched_is_made_up_by_the_next(tmp_path: Path) -> None:
    """Figures wait in `touched` until somebody publishes."""
    database = tmp_path / "press.duckdb"
    night(database, page(article(1)))
    with writing(database, publish=False) as connection:
        connection.execute("UPDATE private.mentions SET tone = -0.9, label = 'neg'")
        touch(connection, 'SELECT story_id, published_at AS "at" FROM private.articles')
    with writing(database):
        pass

    with reading(database) as connection:
        assert connection.execute("SELECT negative, net_tone FROM daily_coverage").fetchall() == [(1, -0.9)]


def test_a_release_that_counts_otherwise_counts_anew(tmp_path: Path) -> None:
    """The figures carry the version of what made them."""
    database = tmp_path / "press.duckdb"
    night(database, page(article(1)))
    with writing(database) as connection:
        connection.execute("UPDATE private.shown_coverage SET stories = 7")
        connection.execute("UPDATE private.figures SET version = 'of an older release'")
    with writing(database) as connection:
        assert connection.execute("SELECT stories FROM daily_coverage").fetchall() == [(1,)]


def test_a_correction_costs_its_story_only(tmp_path: Path) -> None:
    """Rows of other stories are not written again."""
    database = tmp_path / "press.duckdb"
    night(database, *(page(article(n, mention(sentence=f"Acme {n}."), body=wire(f"w{n}"))) for n in range(3)))
    with writing(database) as connection:
        (mention_id,) = connection.execute("SELECT min(mention_id) FROM mentions").fetchall()[0]
        connection.execute("UPDATE private.shown_mentions SET scorer = 'as it was'")
    correct(database, mention_id, "pos", why="read it", who="Ana")

    with reading(database) as connection:
        left = connection.execute("SELECT mention_id FROM mentions WHERE scorer != 'as it was'").fetchall()
    assert left == [(mention_id,)]
