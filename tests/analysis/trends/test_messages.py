"""Messages and quotes against counts by hand, on made-up coverage with copies, changes of clocks and missing dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import cast
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.items import Article, Carried, Quote
from analysis.trends.messages import By, carriers, missing, pull_through, response
from analysis.trends.question import Filters
from analysis.trends.quotes import quotes, said, voices
from analysis.watchlist import Message
from tests.analysis.press import NOON, article, bring, emptied, in_memory, mention, page
from tests.analysis.worlds import EXAMPLES, World, told, worlds

MESSAGES = (
    Message(id="apology", brand="acme", phrases=("sorry",)),
    Message(id="refund", brand="acme", phrases=("refund",)),
    Message(id="cheaper", brand="bolt", phrases=("cheap",)),
)


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


@st.composite
def telling(draw: st.DrawFn) -> World:
    """A world whose articles carry messages of the brands they name, and quote them."""
    world = draw(worlds())
    world.articles = [_telling(draw, found) for found in world.articles]
    return world


def _telling(draw: st.DrawFn, found: Article) -> Article:
    brands = {m.brand_id for m in found.mentions}
    chosen = [m for m in MESSAGES if m.brand in brands and draw(st.booleans())]
    carried = tuple(
        Carried(message_id=m.id, brand_id=m.brand, presence=draw(st.sampled_from([1, 2])), sentence="Sorry.",
                prominence=draw(st.sampled_from([0, 1, 2])))
        for m in chosen
    )  # fmt: skip
    spoken = tuple(
        Quote(brand_id=brand, speaker=draw(st.sampled_from(["Ann", "Bob"])), placement="body", ordinal=n,
              sentence=f"{brand} {n}", verbatim=draw(st.booleans()))
        for n, brand in enumerate(sorted(brands)) if draw(st.booleans())
    )  # fmt: skip
    return replace(found, messages=carried, quotes=spoken)


def asked(world: World, filters: Filters) -> list[Article]:
    """The articles that the filters let through, whatever their brand; undated ones where no day is asked for."""
    return [
        a
        for a in world.articles
        if filters.topic in (None, *a.topics)
        and filters.outlet in (None, a.outlet)
        and filters.tier in (None, a.tier)
        and (filters.since is None or (a.published and day(world, a) >= filters.since))
    ]


def day(world: World, found: Article) -> date:
    """Its day in the zone of the world."""
    assert found.published
    return found.published.astimezone(ZoneInfo(world.zone)).date()


def on(brand: str, articles: list[Article]) -> list[Article]:
    return [a for a in articles if brand in {m.brand_id for m in a.mentions}]


FILTERS = st.builds(
    Filters,
    topic=st.sampled_from([None, "outage"]),
    outlet=st.sampled_from([None, "Gazette"]),
    tier=st.sampled_from([None, 2]),
    since=st.sampled_from([None, date(2026, 3, 29)]),
)


@EXAMPLES
@given(world=telling(), filters=FILTERS)
def test_pull_through(shared: duckdb.DuckDBPyConnection, tmp_path: Path, world: World, filters: Filters) -> None:
    store = told(shared, world, tmp_path)
    rows = {row["message"]: row for row in pull_through(MESSAGES, filters, world.zone).ask(store).dicts()}

    assert set(rows) == {m.id for m in MESSAGES}
    for message in MESSAGES:
        relevant = on(message.brand, asked(world, filters))
        best: dict[str, list[Carried]] = {}
        for a in relevant:
            for c in a.messages:
                if c.message_id == message.id:
                    best.setdefault(world.story(a), []).append(c)
        row = rows[message.id]
        stories = len({world.story(a) for a in relevant})
        prominence = [max(c.prominence for c in found) for found in best.values()]
        assert (row["stories"], row["carried"], row["articles"]) == (stories, len(best), sum(map(len, best.values())))
        assert row["pull_through"] == (pytest.approx(len(best) / stories) if stories else None)
        assert (row["body"], row["lead"], row["headline"]) == tuple(map(prominence.count, (0, 1, 2)))
        assert row["in_full"] == sum(max(c.presence for c in found) == 2 for found in best.values())
        if stories:
            ends = [0, row["low"], row["pull_through"], row["high"], 1]
            assert ends == pytest.approx(sorted(ends))


@EXAMPLES
@given(world=telling(), by=st.sampled_from(["tier", "outlet", "day"]))
def test_pull_through_by_part(shared: duckdb.DuckDBPyConnection, tmp_path: Path, world: World, by: str) -> None:
    """A story that is told in two tiers counts in both."""
    store = told(shared, world, tmp_path)
    rows = pull_through(MESSAGES, Filters(), world.zone, cast(By, by)).ask(store).dicts()
    part = {
        "tier": lambda a: a.tier,
        "outlet": lambda a: a.outlet,
        "day": lambda a: day(world, a),
    }[by]

    for row in rows:
        brand = next(m.brand for m in MESSAGES if m.id == row["message"])
        here = [a for a in on(brand, world.articles) if by != "day" or a.published]
        here = [a for a in here if part(a) == row[by]]
        having = [a for a in here if row["message"] in {c.message_id for c in a.messages}]
        assert row["stories"] == len({world.story(a) for a in here})
        assert row["carried"] == len({world.story(a) for a in having})


@EXAMPLES
@given(world=telling(), filters=FILTERS)
def test_response(shared: duckdb.DuckDBPyConnection, tmp_path: Path, world: World, filters: Filters) -> None:
    store = told(shared, world, tmp_path)
    rows = {(r["message"], r["brand"]): r for r in response(MESSAGES, filters, world.zone).ask(store).dicts()}

    assert set(rows) == {(m.id, m.brand) for m in MESSAGES} | {("any", "acme"), ("any", "bolt")}
    for (message, brand), row in rows.items():
        relevant = [a for a in on(brand, asked(world, filters)) if a.published]
        wanted = {m.id for m in MESSAGES if m.brand == brand and message in (m.id, "any")}
        having = [a for a in relevant if wanted & {c.message_id for c in a.messages}]
        began = min((a.published for a in relevant if a.published), default=None)
        firsts = {
            o: min(a.published for a in having if a.outlet == o and a.published) for o in {a.outlet for a in having}
        }
        delays = [(first - began).total_seconds() / 3600 for first in firsts.values() if began]
        assert row["carried"] == len({world.story(a) for a in having})
        assert row["median_hours"] == (pytest.approx(median(delays)) if delays else None)
        assert row["hours_to_first"] == (pytest.approx(min(delays)) if delays else None)
        assert set(row["missing"]) == {a.outlet for a in relevant} - set(firsts)
        assert (row["outlets"], row["outlets_carried"]) == (len({a.outlet for a in relevant}), len(firsts))


@EXAMPLES
@given(world=telling(), filters=FILTERS)
def test_quotes(shared: duckdb.DuckDBPyConnection, tmp_path: Path, world: World, filters: Filters) -> None:
    store = told(shared, world, tmp_path)
    rows = {(row["speaker"], row["brand"]): row for row in quotes(filters, world.zone).ask(store).dicts()}
    spoken: dict[tuple[str, str], list[tuple[Article, Quote]]] = {}
    for a in asked(world, filters):
        for q in a.quotes:
            spoken.setdefault((q.speaker, q.brand_id), []).append((a, q))

    assert set(rows) == set(spoken)
    for key, found in spoken.items():
        stories = {world.story(a) for a, _ in found}
        every = {world.story(a) for a in on(key[1], asked(world, filters))}
        assert rows[key]["stories"] == len(stories)
        assert rows[key]["share"] == pytest.approx(len(stories) / len(every))
        assert rows[key]["articles"] == len({id(a) for a, _ in found})
        assert rows[key]["verbatim"] == len({world.story(a) for a, q in found if q.verbatim})


def test_the_clock_starts_with_the_event_and_the_missing_are_named(
    shared: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Two hours after its start the first outlet has it, four hours later the second; the third never."""
    carried = (Carried(message_id="apology", brand_id="acme", presence=1, prominence=1, sentence="Sorry."),)
    found = [
        replace(article(1, source="herald", published=NOON + timedelta(hours=2)), messages=carried),
        replace(article(2, source="ledger", published=NOON + timedelta(hours=6)), messages=carried),
        article(3, source="gazette", published=NOON + timedelta(hours=1)),
    ]
    bring(emptied(shared), tmp_path, "run", map(page, found))
    row = response(MESSAGES[:1], Filters(), "UTC", NOON).ask(shared).dicts()[0]

    assert (row["share"], row["hours_to_first"], row["median_hours"]) == (pytest.approx(2 / 3), 2, 4)
    assert [(r["outlet"], r["url"]) for r in missing(MESSAGES[:1], Filters(), "UTC").ask(shared).dicts()] == [
        ("Gazette", "https://gazette.example/3")
    ]
    assert [r["outlet"] for r in carriers(MESSAGES[:1], Filters(), "UTC").ask(shared).dicts()] == ["Ledger", "Herald"]


def test_who_else_speaks(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Those who speak for the brand are left to `quotes`."""
    own = Quote(brand_id="acme", speaker="Ann", placement="body", ordinal=1, sentence="We did well.", verbatim=True)
    lines = (
        replace(mention(sentence="Acme is doomed, Cy said.", tone=-0.5), speaker="Cy"),
        replace(mention(sentence="Acme did well, Ann said.", ordinal=2), speaker="Ann"),
    )
    bring(emptied(shared), tmp_path, "run", [page(replace(article(1, *lines), quotes=(own,)))])

    assert [(row["speaker"], row["tone"]) for row in voices(Filters(), "UTC").ask(shared).dicts()] == [("Cy", -0.5)]
    assert [row["sentence"] for row in said(Filters(), "UTC", "ann").ask(shared).dicts()] == ["We did well."]
    assert said(Filters(since=date(2030, 1, 1)), "UTC").ask(shared).rows == ()
