"""Alerts: what is told, when, once an episode; and what is never told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.store.database import reading
from analysis.trends.alerts import Alert, find_alerts
from analysis.trends.series import series, usual
from analysis.trends.watching import raise_alerts
from analysis.watchlist import loads
from tests.analysis.press import DOCUMENT, NOON, article, bring, emptied, funnel, in_memory, mention, night, page

WATCHLIST = loads(DOCUMENT.format(zone="UTC", database="x.duckdb"))
TODAY = NOON.date()
DAY = timedelta(days=1)
SOURCES = ("gazette", "herald", "ledger", "mercury", "observer", "sentinel")


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


class Press:
    """Coverage by the day: `press.day(-3, 5)` is five stories on Acme three days before TODAY."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.number = 0

    def day(self, offset: int, stories: int, brand: str = "acme", tone: float = 0.0, source: str = "herald",
            **extra: Any) -> Press:  # fmt: skip
        for _ in range(stories):
            self.number += 1
            sentence = mention(brand, tone, sentence=f"{brand.title()} {self.number}.", placement="headline")
            when = NOON + offset * DAY
            self.records.append(page(article(self.number, sentence, source=source, published=when, **extra)))
        return self

    def usual(self, stories: int = 1, days: int = 85, **extra: Any) -> Press:
        for offset in range(-days, 0):
            self.day(offset, stories, **extra)
        return self

    def into(self, store: duckdb.DuckDBPyConnection, folder: Path, blind: Sequence[int] = ()) -> None:
        """Every source answered each day, but the herald on the `blind` ones."""
        answers = [
            funnel(source, NOON + offset * DAY, answered=not (source == "herald" and offset in blind))
            for offset in range(-90, 2)
            for source in SOURCES
        ]
        bring(emptied(store), folder, "run", [*self.records, *answers])


def found(store: duckdb.DuckDBPyConnection, first: int = -20, last: int = 1) -> list[Alert]:
    return find_alerts(store, WATCHLIST, TODAY + first * DAY, TODAY + last * DAY)


def test_a_quiet_press_is_not_told_of(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    Press().usual(2).day(0, 3).into(shared, tmp_path)

    assert found(shared) == []


def test_a_spike_is_one_alert_with_its_evidence(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Three days in a row, then a day's pause, then another: one episode; the worst sentences first."""
    press = Press().usual(1)
    press.day(-6, 8, tone=-0.2).day(-5, 9).day(-4, 9, tone=-0.9, source="gazette").day(-2, 8)
    press.into(shared, tmp_path)
    (alert,) = found(shared)

    assert (alert.kind, alert.subject) == ("coverage", "acme")
    assert (alert.first_day, alert.last_day) == (TODAY - 6 * DAY, TODAY - 2 * DAY)
    assert [condition.name for condition in alert.conditions] == ["spike", "tone_drop", "tier_1"]
    assert alert.conditions[0].words == "9 original articles on Acme; a usual day has 1.0"
    assert {(sentence.outlet, sentence.tone) for sentence in alert.sentences} == {("Gazette", -0.9)}
    assert len(alert.sentences) == 3


def test_another_episode_is_another_alert(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """After three quiet days; and a first one in the reference does not hide the second."""
    Press().usual(1).day(-9, 12).day(-5, 12).into(shared, tmp_path)

    assert [alert.first_day for alert in found(shared)] == [TODAY - 9 * DAY, TODAY - 5 * DAY]


def test_a_topic_may_be_clearer_than_all_coverage(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    Press().usual(12).day(0, 5, topics=("outage",)).day(0, 10).into(shared, tmp_path)
    (alert,) = found(shared)

    assert alert.conditions[0].topic == "outage"
    assert "on the topic outage" in alert.words


def test_a_rivals_spike(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    Press().usual(1).usual(1, brand="bolt").day(-1, 8, "bolt", 0.8).into(shared, tmp_path)
    (alert,) = found(shared)

    assert (alert.kind, alert.subject, alert.conditions[0].name) == ("rival", "bolt", "rival_spike")


def test_a_drop_of_tone_without_more_coverage(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    press = Press().usual(6, tone=0.4).day(0, 6, tone=-0.6)
    press.into(shared, tmp_path)
    (alert,) = found(shared)

    assert [(c.name, c.value, c.usual) for c in alert.conditions] == [
        ("tone_drop", pytest.approx(-0.6), pytest.approx(0.4))
    ]


def test_a_fall_is_never_told(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Coverage ends; with sources missing or not, nothing says that it fell. The silent source is named."""
    press = Press().usual(6)
    press.records = press.records[: -6 * 5]  # nothing in the last five days
    press.into(shared, tmp_path)
    silent = found(shared)
    press.into(shared, tmp_path, blind=(-4, -3, -2, -1, 0, 1))
    blind = found(shared)

    assert [(alert.kind, alert.subject) for alert in silent] == [("source", "herald")]
    assert [(alert.kind, alert.subject) for alert in blind] == [("source", "herald")]
    assert "has brought nothing for 2 days" in silent[0].words
    assert "has not answered for 2 days" in blind[0].words


def test_a_tone_is_not_compared_over_a_gap(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Without the herald, the others' tone is another press's tone."""
    press = Press().usual(6, tone=0.4).day(0, 6, tone=-0.6, source="ledger")
    press.into(shared, tmp_path, blind=(0,))

    assert found(shared) == []


def test_the_first_days_have_no_baseline(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Eight stories may be usual: nobody knows yet."""
    bring(emptied(shared), tmp_path, "articles", Press().day(0, 8).records)
    bring(shared, tmp_path, "run", [funnel("herald", NOON, reach_from=NOON - 3 * DAY)])

    assert found(shared) == []


def test_the_band_of_a_chart(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    Press().usual(4).day(0, 20).into(shared, tmp_path)
    *_, last = usual(series(shared, TODAY - 70 * DAY, TODAY), ("acme", None), TODAY - 3 * DAY)

    assert (last.day, last.stories, last.collected) == (TODAY, 20, True)
    assert last.usual == pytest.approx(4, rel=0.1)
    assert last.low is not None
    assert last.high is not None
    assert 0 <= last.low < 4 < last.high < 20


def test_each_episode_is_raised_once_and_grows(tmp_path: Path) -> None:
    """Night after night on a real store: new, going on with a further condition, over, new again."""
    database = tmp_path / "press.duckdb"
    answers = [funnel(source, NOON + DAY * 10, reach_from=NOON - 90 * DAY) for source in SOURCES]
    press = Press().usual(1)
    night(database, *press.records, *answers)
    raised = []
    for offset, stories, tone in ((0, 8, 0.0), (1, 9, -0.9), (2, 0, 0.0), (3, 0, 0.0), (4, 0, 0.0), (5, 9, 0.0)):
        press.records = []
        press.day(offset, stories, tone=tone, source="gazette")
        night(database, *press.records, *answers)
        raised.append([alert.first_day for alert in raise_alerts(database, WATCHLIST, NOON + offset * DAY)])

    assert raised == [[TODAY], [], [], [], [], [TODAY + 5 * DAY]]
    with reading(database) as connection:
        rows = connection.execute("SELECT first_day, last_day, conditions FROM alerts ORDER BY first_day").fetchall()
    assert rows == [
        (TODAY, TODAY + DAY, ["spike", "tone_drop", "tier_1"]),
        (TODAY + 5 * DAY, TODAY + 5 * DAY, ["spike"]),
    ]


def test_days_are_the_watchlists(tmp_path: Path) -> None:
    """At eleven in the evening in Los Angeles it is tomorrow in London."""
    database = tmp_path / "press.duckdb"
    watchlist = loads(DOCUMENT.format(zone="America/Los_Angeles", database="x.duckdb"))
    evening = datetime(2026, 3, 11, 6, tzinfo=UTC)
    records = [page(article(n, published=evening)) for n in range(8)]
    answers = [funnel(source, evening, reach_from=NOON - 90 * DAY) for source in SOURCES]
    night(database, *records, *answers, zone="America/Los_Angeles")
    (alert,) = raise_alerts(database, watchlist, evening)

    assert alert.first_day == date(2026, 3, 10)
