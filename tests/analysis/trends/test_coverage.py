"""Questions over the views, against the same sums done by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends import Filters, coverage, mentions, sources
from analysis.trends.coverage import Period
from tests.analysis.press import (
    BRANDS,
    NOON,
    OUTLETS,
    TOPICS,
    article,
    bring,
    emptied,
    funnel,
    in_memory,
    mention,
    page,
)
from tests.analysis.worlds import EXAMPLES, NIGHTS, Said, World, figures, told, worlds

DAYS = st.none() | st.sampled_from(
    [day + timedelta(days=n) for days in NIGHTS.values() for day in days for n in (-1, 0, 1)]
)
FILTERS = st.builds(
    Filters,
    brand=st.none() | st.sampled_from(BRANDS),
    topic=st.none() | st.sampled_from(TOPICS),
    outlet=st.none() | st.sampled_from([name.title() for name in OUTLETS]),
    tier=st.none() | st.integers(1, 3),
    since=DAYS,
    until=DAYS,
)


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


def begin(when: datetime, by: Period) -> datetime:
    """The start of the period of a local time: an instant of an hour, else a local time without its zone."""
    day = datetime.combine(when.date(), time())
    starts = {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}
    return starts.get(by) or when.astimezone(UTC) - timedelta(minutes=when.minute)  # an hour that comes twice is two


def wanted(said: Said, filters: Filters) -> bool:
    """Everything but the brand."""
    day = said.day
    return (
        day is not None
        and (filters.topic is None or filters.topic in said.topics)
        and (filters.outlet is None or filters.outlet == said.outlet)
        and (filters.tier is None or filters.tier == OUTLETS[said.outlet.lower()])
        and (filters.since is None or filters.since <= day)
        and (filters.until is None or day <= filters.until)
    )


def naive(world: World, by: Period, filters: Filters) -> dict[tuple[datetime, str], dict[str, Any]]:
    cells: dict[tuple[datetime, str], list[Said]] = defaultdict(list)
    for said in world.said():
        if wanted(said, filters) and said.when:
            cells[begin(said.when, by), said.brand].append(said)
    rivals = {
        period: sum(len({s.story for s in c}) for (p, _), c in cells.items() if p == period) for period, _ in cells
    }
    found = {
        key: {
            **figures(cell, rivals[key[0]]),
            "scored": len({said.story for said in cell if said.confident and said.tone is not None}),
            "own_voice": sum(said.own_voice for said in cell),
            "reached": None,
        }
        for key, cell in cells.items()
    }
    return {key: row for key, row in found.items() if filters.brand in (None, key[1])}


@given(world=worlds(), by=st.sampled_from(get_args(Period)), filters=FILTERS)
@EXAMPLES
def test_coverage(
    world: World,
    by: Period,
    filters: Filters,
    shared: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Every period, on days of 23, 24 and 25 hours, with any filters."""
    store = told(shared, world, tmp_path_factory.mktemp("spool"))
    rows = coverage(by, filters, world.zone).ask(store).dicts()
    for row in rows:
        assert (row.pop("low") is None) == (row.pop("high") is None) == (row["scored"] < 10)

    assert [row["period"] for row in rows] == sorted(row["period"] for row in rows)
    assert {(row.pop("period"), row.pop("brand")): row for row in rows} == naive(world, by, filters)


@given(world=worlds(), filters=FILTERS, search=st.none() | st.sampled_from(["BOLT", "acme", "%", "nowhere"]))
@EXAMPLES
def test_mentions(
    world: World, filters: Filters, search: str | None, shared: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """The evidence for exactly what was asked, newest first, undated last; a limit cuts the tail."""
    store = told(shared, world, tmp_path_factory.mktemp("spool"))
    chosen = replace(filters, search=search)
    rows = mentions(chosen, world.zone, 1000).ask(store).dicts()
    dated = filters.since or filters.until
    expected = [
        (record["mention_id"], said.when.replace(tzinfo=None) if said.when else None, said.label, said.tone)
        for (_, record), said in zip(world.mentions(), world.said(), strict=True)
        if (wanted(said, filters) or (not dated and not said.when and wanted_undated(said, filters)))
        and filters.brand in (None, said.brand)
        and (search is None or search.lower() in said.sentence.lower())
    ]

    found = [(row["mention"], row["published"], row["label"], row["tone"]) for row in rows]
    assert sorted(found) == sorted(expected)
    instants = [row["published"] is None for row in rows]
    assert instants == sorted(instants)
    assert mentions(chosen, world.zone, 2).ask(store).rows == mentions(chosen, world.zone, 1000).ask(store).rows[:2]


def wanted_undated(said: Said, filters: Filters) -> bool:
    here = filters.outlet in (None, said.outlet) and filters.tier in (None, OUTLETS[said.outlet.lower()])
    return here and filters.topic in (None, *said.topics)


def test_one_brands_share_is_of_all_brands(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Asking for one brand does not make it alone in the world."""
    world = World(
        "UTC", [article(1), article(2, mention("bolt")), article(3, mention("cog")), article(4, mention("cog"))]
    )
    store = told(shared, world, tmp_path)

    (row,) = coverage("month", Filters(brand="acme"), "UTC").ask(store).dicts()
    assert row["share_of_voice"] == 0.25


@pytest.mark.parametrize("by", get_args(Period))
def test_a_period_is_collected_when_all_its_days_are(
    shared: duckdb.DuckDBPyConnection, tmp_path: Path, by: Period
) -> None:
    """NOON is a Tuesday; the source was down on Wednesday."""
    store = emptied(shared)
    for day, answered in enumerate((True, False, True)):
        rows = [funnel("gazette", NOON + timedelta(days=day), answered=answered)]
        bring(store, tmp_path, f"run{day}", rows)
    days = [page(article(day, published=NOON + timedelta(days=day))) for day in range(3)]
    bring(store, tmp_path, "articles", days)

    found = [(row["collected"], row["reached"]) for row in coverage(by, Filters(), "UTC").ask(store).dicts()]
    apart = [(True, 1), (False, 0), (True, 1)]
    assert found == {"hour": apart, "day": apart}.get(by, [(False, pytest.approx(2 / 3))])


def test_an_hour_that_no_answer_covers_is_not_collected(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """At noon one source answered for the last two hours, the other for the last four."""
    store = emptied(shared)
    bring(store, tmp_path, "first", [funnel(name, NOON - timedelta(hours=9)) for name in ("gazette", "herald")])
    back = {"gazette": 2, "herald": 4}
    bring(store, tmp_path, "run", [funnel(n, NOON, reach_from=NOON - timedelta(hours=h)) for n, h in back.items()])
    bring(store, tmp_path, "articles", [page(article(h, published=NOON - timedelta(hours=h))) for h in range(11)])

    found = {row["period"].hour: row["reached"] for row in coverage("hour", Filters(), "UTC").ask(store).dicts()}
    assert found == {2: None, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0.5, 9: 0.5, 10: 1, 11: 1, 12: 1}


def test_sources_give_the_newest_funnel(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Of each source, also of one that was not asked last night; faults first; times in the watchlist's zone."""
    store = emptied(shared)
    bring(store, tmp_path, "run1", [funnel("gazette", stored=3), funnel("herald", discovered=9)])
    down = funnel("herald", NOON + timedelta(days=1), answered=False, reason="dns")
    bring(store, tmp_path, "run2", [down])

    rows = sources("America/Los_Angeles").ask(store).dicts()
    assert [(row["source"], row["discovered"], row["reason"], row["last_success"]) for row in rows] == [
        ("herald", 0, "dns", datetime(2026, 3, 10, 5)),
        ("gazette", 0, None, datetime(2026, 3, 10, 5)),
    ]
    assert [row["last_new_article"] for row in rows] == [None, datetime(2026, 3, 10, 5)]


HOSTILE = [
    "x'; DROP TABLE private.articles; --",
    "' OR 1=1 --",
    "acme'",
    "$zone",
    "{where}",
    "%",
    "\0",
    "'||read_text('/etc/hostname')||'",
]


@pytest.mark.parametrize("name", ["brand", "topic", "outlet", "search"])
def test_values_are_bound(shared: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    """No text of a user or a publisher becomes SQL (faults.md, O4)."""
    store = told(shared, World("UTC", [article(1)]), tmp_path)
    for text in HOSTILE:
        filters = Filters(**{name: text})

        assert text not in filters.where("UTC")[0]
        assert mentions(filters, "UTC", 5).ask(store).rows == ()
        assert name == "search" or coverage("day", filters, "UTC").ask(store).rows == ()
    assert store.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]


def test_a_hostile_outlet_is_found_by_its_name(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """It is data like any other."""
    record = page(article(1))
    record["article"]["outlet"] = HOSTILE[0]
    bring(emptied(shared), tmp_path, "run", [record])

    (row,) = mentions(Filters(outlet=HOSTILE[0]), "UTC", 5).ask(shared).dicts()
    assert row["outlet"] == HOSTILE[0]
