"""Questions, answers and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends import Answer, Filters, Question
from analysis.trends.question import midnight

ZONES = ["Europe/Berlin", "America/Los_Angeles", "America/Santiago", "America/Havana", "Asia/Beirut", "Pacific/Apia",
         "Australia/Lord_Howe", "UTC"]  # fmt: skip


@given(st.sampled_from(ZONES), st.dates(date(2000, 1, 1), date(2037, 12, 30)))
def test_days_follow_each_other_without_gap_or_overlap(zone: str, day: date) -> None:
    """The first instant of a day is in it, and the instant before is not; days have 23 to 25 hours."""
    first, after = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    here = ZoneInfo(zone)
    length = after.astimezone(UTC) - first.astimezone(UTC)

    if length:  # Samoa has no 30 December 2011
        assert first.astimezone(UTC).astimezone(here).date() == day
        assert timedelta(hours=22) < length < timedelta(hours=26)
    assert (first.astimezone(UTC) - timedelta(microseconds=1)).astimezone(here).date() < day


@given(st.sampled_from(ZONES), st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 30)))
def test_a_day_holds_its_instants(zone: str, moment: datetime) -> None:
    instant = moment.replace(tzinfo=UTC)
    day = instant.astimezone(ZoneInfo(zone)).date()

    assert midnight(day, zone) <= instant < midnight(day + timedelta(days=1), zone)


EARLY, LATE = date(1600, 1, 1), date(2999, 12, 31)  # what the command line lets through


@pytest.mark.parametrize("until", [EARLY, LATE, None])
@pytest.mark.parametrize("since", [EARLY, LATE, None])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kolkata"])
def test_days_far_away_are_days_too(zone: str, since: date | None, until: date | None) -> None:
    """`--until 2999-12-31` means everything."""
    where, values = Filters(since=since, until=until).where(zone)
    with duckdb.connect() as connection:
        sql = f"SELECT {where} FROM (SELECT TIMESTAMPTZ '2026-03-10 12:00:00+00' AS published_at)"
        (inside,) = Question(sql, values).ask(connection).rows[0]

    assert inside is (since in (None, EARLY) and until in (None, LATE))


def test_an_answer_keeps_its_question() -> None:
    """Every figure can be asked for again (architecture.md, rule 5)."""
    question = Question("SELECT $a AS a, $a + 1 AS b", {"a": 1, "unused": object()})
    with duckdb.connect() as connection:
        answer = question.ask(connection)

    assert answer == Answer(("a", "b"), ((1, 2),), question.sql)
    assert answer.dicts() == [{"a": 1, "b": 2}]
    assert answer.only(("b",)) == Answer(("b",), ((2,),), question.sql)
