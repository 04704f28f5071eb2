"""Days of coverage as alerts and charts need them: counts and tones a day, brand and topic, and what was collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import duckdb

from analysis.trends.baseline import Baseline, baseline
from analysis.trends.question import Question

Key = tuple[str, str | None]
"""A brand and a topic; None is all coverage of the brand."""


class Day(NamedTuple):
    """What one day brought of a brand, in a topic or in all."""

    stories: int = 0
    tone: float | None = None
    """Net tone, -1 to 1; None where no story has one."""


@dataclass(frozen=True)
class Series:
    """Coverage of all brands from `first` to `last`, both included."""

    first: date
    last: date
    days: Mapping[Key, Mapping[date, Day]]
    collected: frozenset[date]
    sql: str = field(default="", repr=False)
    """The query behind its days."""

    def counts(self, key: Key) -> dict[date, int]:
        """Stories by day."""
        return {day: found.stories for day, found in self.days.get(key, {}).items()}

    def span(self, first: date | None = None) -> Iterator[date]:
        """Each day, from `first` on where given."""
        start = max(first or self.first, self.first)
        return (start + timedelta(days=n) for n in range((self.last - start).days + 1))


@dataclass(frozen=True)
class Usual:
    """A day's stories beside what was usual, for a chart's band."""

    day: date
    stories: int
    low: int | None
    usual: float | None
    high: int | None
    """None: no baseline, fewer than seven collected days before."""
    collected: bool


def series(
    connection: duckdb.DuckDBPyConnection, first: date, last: date, collected: frozenset[date] | None = None
) -> Series:
    """Read the days from `first` to `last`, which are days in the zone of the store.

    collected: the days on which every source was reached, where they are known already
    """
    answer = daily(first, last).ask(connection)
    days: dict[Key, dict[date, Day]] = {}
    for brand, topic, day, *figures in answer.rows:
        days.setdefault((brand, topic), {})[day] = Day(*figures)
    if collected is None:
        collected = frozenset(row[0] for row in reached(first, last).ask(connection).rows)
    return Series(first, last, days, collected, answer.sql)


def daily(first: date, last: date) -> Question:
    """One row a brand, topic and day with coverage; topic NULL is all of it."""
    sql = """
SELECT brand_id AS brand, topic_id AS topic, day, articles - pick_ups AS stories,
       CASE WHEN scored > 0 THEN tone_total / scored END AS net_tone
FROM coverage WHERE span = 'day' AND outlet IS NULL AND tier IS NULL AND day BETWEEN $first AND $last"""
    return Question(sql, {"first": first, "last": last}, "brand, topic, day")


def reached(first: date, last: date) -> Question:
    """The days on which every source that was expected was reached."""
    sql = """
SELECT day FROM collection WHERE day BETWEEN $first AND $last GROUP BY day HAVING bool_and(collected)"""
    return Question(sql, {"first": first, "last": last}, "day")


def usual(found: Series, key: Key, first: date) -> list[Usual]:
    """Each day from `first` on beside its baseline; read `found` from REACH_DAYS or more before."""
    counts = found.counts(key)
    rows = []
    for day in found.span(first):
        expected = baseline(day, counts, found.collected)
        low, high = expected.band if expected else (None, None)
        rows.append(Usual(day, counts.get(day, 0), low, _mean(expected), high, day in found.collected))
    return rows


def _mean(expected: Baseline | None) -> float | None:
    return expected.mean if expected else None
