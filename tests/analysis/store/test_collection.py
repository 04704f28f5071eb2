"""Was the day quiet, or were we blind? The view `collection`, and source_health."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.analysis.press import NOON, OUTLETS, article, bring, emptied, funnel, in_memory, page

EXAMPLES = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ZONES = ("Europe/Berlin", "America/Los_Angeles", "UTC")
START = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the clocks change in Berlin, and a week later in Los Angeles
Row = dict[str, Any]


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


def told(
    store: duckdb.DuckDBPyConnection, zone: str, nights: list[list[Row]], folder: Path
) -> duckdb.DuckDBPyConnection:
    """A store after these nights of funnels."""
    emptied(store, zone)
    for number, rows in enumerate(nights):
        if rows:
            bring(store, folder, f"run{number}", rows)
    return store


def naive_collection(zone: str, nights: list[list[Row]]) -> dict[tuple[date, str], bool]:
    """docs/schema.md, collection, in Python."""
    spans: dict[str, list[tuple[date, date, bool]]] = {}
    for record in (record["source"] for rows in nights for record in rows):
        until = record["ended_at"].astimezone(ZoneInfo(zone)).date()
        reach = (record["reach_from"] or record["ended_at"]).astimezone(ZoneInfo(zone)).date()
        spans.setdefault(record["source_id"], []).append((min(reach, until), until, record["answered"]))
    last = max((until for found in spans.values() for _, until, _ in found), default=date.min)
    cells = {}
    for source, found in spans.items():
        day = min(since for since, _, _ in found)
        while day <= last:
            cells[day, source] = any(answered and since <= day <= until for since, until, answered in found)
            day += timedelta(days=1)
    return cells


@st.composite
def histories(draw: st.DrawFn) -> list[list[Row]]:
    """Up to six nights in which sources answer or not, and reach back some hours; a night may be missing."""
    nights = []
    for number in range(draw(st.integers(1, 6))):
        ended = START + timedelta(days=number, hours=draw(st.integers(0, 23)))
        rows = []
        for source in draw(st.lists(st.sampled_from(sorted(OUTLETS)), unique=True)):
            reach = ended - timedelta(hours=draw(st.integers(-5, 80))) if draw(st.booleans()) else None
            rows.append(funnel(source, ended, answered=draw(st.booleans()), reach_from=reach))
        nights.append(rows)
    return nights


@given(zone=st.sampled_from(ZONES), nights=histories())
@EXAMPLES
def test_collection(
    zone: str, nights: list[list[Row]], shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = told(shared, zone, nights, tmp_path_factory.mktemp("spool"))
    rows = store.execute("SELECT day, source_id, collected FROM collection").fetchall()

    assert {(day, source): collected for day, source, collected in rows} == naive_collection(zone, nights)
    assert len({row[:2] for row in rows}) == len(rows)


def days(store: duckdb.DuckDBPyConnection, source: str = "gazette") -> str:
    """One character a day: + reached, - not."""
    rows = store.execute("SELECT collected FROM collection WHERE source_id = ? ORDER BY day", [source]).fetchall()
    return "".join("+" if collected else "-" for (collected,) in rows)


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def test_a_night_that_was_missed_is_a_gap(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Whether the source was down or the whole run did not happen."""
    nights = [[funnel("gazette", at(0))], [], [funnel("gazette", at(2), answered=False)], [funnel("gazette", at(3))]]

    assert days(told(shared, "UTC", nights, tmp_path)) == "+--+"


def test_a_run_that_reaches_back_closes_the_gap(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Its feed still listed what came in the nights that were missed."""
    nights = [[funnel("gazette", at(0))], [], [], [funnel("gazette", at(3), reach_from=at(1))]]

    assert days(told(shared, "UTC", nights, tmp_path)) == "++++"


def test_a_source_taken_off_the_watchlist_is_not_missed(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Or no day after it could ever count as collected."""
    nights = [[funnel("gone", at(0)), funnel("gazette", at(0))], [funnel("gazette", at(1))]]
    store = told(shared, "UTC", nights, tmp_path)

    assert store.execute("SELECT day, bool_and(collected) FROM collection GROUP BY day ORDER BY day").fetchall() == [
        (at(0).date(), True),
        (at(1).date(), True),
    ]


@pytest.mark.parametrize(("answered", "collected"), [(True, True), (False, False)])
def test_a_day_with_coverage_says_whether_it_is_whole(
    shared: duckdb.DuckDBPyConnection, tmp_path: Path, answered: bool, collected: bool
) -> None:
    """One silent source is enough to doubt a low figure."""
    store = emptied(shared)
    told_ = [
        page(article(1)),
        funnel("gazette"),
        funnel("herald", answered=answered, reason=None if answered else "dns"),
    ]
    bring(store, tmp_path, "run", told_)

    assert store.execute("SELECT day, collected FROM daily_coverage").fetchall() == [(NOON.date(), collected)]


@given(nights=histories(), stored=st.lists(st.integers(0, 2), min_size=18, max_size=18))
@EXAMPLES
def test_source_health(
    nights: list[list[Row]], stored: list[int], shared: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """One row a source and run; last success and last new article up to that run, never from a later one."""
    rows = [record["source"] for night in nights for record in night]
    for row, number in zip(rows, stored, strict=False):
        row["stored"] = number
    store = told(shared, "UTC", nights, tmp_path_factory.mktemp("spool"))
    expected = []
    for number, night in enumerate(nights):
        for source in (record["source"] for record in night):
            before = [r for r in rows if r["source_id"] == source["source_id"] and r["ended_at"] <= source["ended_at"]]
            expected.append(
                (source["source_id"], f"run{number}", source["stored"],
                 max((r["ended_at"] for r in before if r["answered"]), default=None),
                 max((r["ended_at"] for r in before if r["stored"]), default=None))
            )  # fmt: skip

    found = store.execute(
        "SELECT source_id, run_id, stored, last_success, last_new_article FROM source_health"
    ).fetchall()
    assert sorted(found) == sorted(expected)
