"""August 2008, night by night: data/coverage through the real stages. Needs ../shared.

What must be found: the alert in the first night that has the shipping stories, and no earlier one; the event's tone
before, during and after; the recovery; the credit. `python -m tests.quality.replay` makes the same store to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest

from analysis.store.database import reading
from analysis.trends.alerts import Alert, find_alerts
from analysis.trends.course import course
from analysis.trends.events import measure
from analysis.trends.messages import pull_through, response
from analysis.trends.question import Filters
from analysis.trends.watching import raise_alerts
from tests.quality.replay import SHARED, Replay, watchlist

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"development data is not at {SHARED}")
ENDS = [date(2008, 8, day) for day in (10, 11, 12, 13, 14, 15, 16, 17, 24, 26)] + [date(2008, 9, 5)]
"""The night after each of these days; the nights between them brought nothing."""
OUTAGE = next(event for event in watchlist().events if event.id == "shipping-outage-2008")
NOW = datetime(2008, 9, 6, 10, tzinfo=UTC)
AUGUST = Filters(brand="netflix", since=date(2008, 8, 11), until=date(2008, 9, 5))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[date, list[Alert]]]:
    """The store after the last night, and what each night raised."""
    replay = Replay(tmp_path_factory.mktemp("replay") / "press.duckdb")
    raised, since = {}, date.min
    for end in ENDS:
        replay.night(end, since)
        since = end + timedelta(days=1)
        at = datetime.combine(since, time(10), UTC)
        raised[end] = raise_alerts(replay.database, replay.watchlist, at)
    return replay.database, raised


@pytest.fixture(scope="module")
def store(nights: tuple[Path, dict[date, list[Alert]]]) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(nights[0]) as connection:
        yield connection


def test_the_first_night_with_the_stories_raises_the_alert(nights: tuple[Path, dict[date, list[Alert]]]) -> None:
    """The first dated pages on the outage are of 14 August; one alert for all of it, with its sentences.

    A later episode may follow: the cause that was told on 25 August is news by the tone of some scorers.
    """
    raised = {end: alerts for end, alerts in nights[1].items() if alerts}
    first, *later = raised
    (alert,) = raised[date(2008, 8, 14)]

    assert first == date(2008, 8, 14)
    assert set(later) <= {date(2008, 8, 26)}
    assert (alert.kind, alert.subject, alert.first_day) == ("coverage", "netflix", date(2008, 8, 14))
    assert alert.conditions[0].name == "spike"
    assert len(alert.sentences) == 3
    assert all("Netflix" in sentence.sentence for sentence in alert.sentences)


def test_a_backtest_finds_the_same(store: duckdb.DuckDBPyConnection) -> None:
    found = find_alerts(store, watchlist(), date(2008, 1, 1), date(2008, 9, 5))

    first, *later = [(alert.kind, alert.subject, alert.first_day) for alert in found]
    assert first == ("coverage", "netflix", date(2008, 8, 14))
    assert set(later) <= {("coverage", "netflix", date(2008, 8, 25))}


def test_tone_before_during_and_after(store: duckdb.DuckDBPyConnection) -> None:
    """Values in all three windows; volume surely went up, and down again."""
    found = measure(store, OUTAGE, watchlist(), NOW)
    changes = {(change.metric, change.earlier): change for change in found.changes if change.later != "after"}
    back = next(c for c in found.changes if (c.metric, c.earlier, c.later) == ("stories_a_day", "during", "after"))

    assert all(window.value("net_tone") is not None for window in found.windows)
    assert found.window("during").stories >= 10
    assert changes["stories_a_day", "before"].sure
    assert back.sure
    assert "down" in back.words


def test_the_recovery(store: duckdb.DuckDBPyConnection) -> None:
    """The peak is 15 August; by September it is over."""
    found = course(store, OUTAGE, watchlist(), NOW)

    assert found.phase == "over"
    assert found.hours_to_peak is not None
    assert 96 < found.hours_to_peak <= 120
    assert found.half_life is not None
    assert found.days_to_usual is not None
    assert 4 < found.days_to_usual <= 7


def test_the_recovery_and_the_credit_got_through(store: duckdb.DuckDBPyConnection) -> None:
    messages = [message for message in watchlist().messages if message.brand == "netflix"]
    rows = {row["message"]: row for row in pull_through(messages, AUGUST, "UTC").ask(store).dicts()}
    told = {row["message"]: row for row in response(messages, AUGUST, "UTC", OUTAGE.start).ask(store).dicts()}

    assert rows["credit_or_refund"]["carried"] >= 8
    assert rows["back_to_normal"]["carried"] >= 4
    assert rows["back_to_normal"]["first"].date() == date(2008, 8, 15)
    assert told["any"]["share"] > 0.6
    assert 72 < told["any"]["hours_to_first"] < 96
