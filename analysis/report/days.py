"""The window day by day: what was said, whether it was collected, and what a usual day is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from analysis.report import queries
from analysis.report.asking import Ask
from analysis.report.model import CLASSES, Day
from analysis.trends.baseline import REACH_DAYS, WEEKDAY_DAYS
from analysis.trends.series import Usual, series, usual

BASELINE = 14
"""Days before a day that say what is usual (field.md 3.3; Meltwater's and Huginn's window)."""


@dataclass(frozen=True)
class History:
    """Our brand day by day, from BASELINE days before the window."""

    rows: Mapping[date, dict[str, Any]]
    """Rows of `daily_coverage`; a day without a mention has none."""
    collected: Mapping[date, bool]
    """Days that some run was to cover."""
    tier_one: Mapping[date, float]
    """Share of articles in outlets of tier 1."""

    def counted(self, name: str, day: date) -> float | None:
        """A count or figure of a day; None where the day was not collected, or a mean where nothing was said."""
        if not self.collected.get(day, False):
            return None
        nothing = 0 if name in {"stories", "articles"} else None
        found: float | None = self.rows[day][name] if day in self.rows else nothing
        return found


def history(ask: Ask) -> History:
    """What the report compares with."""
    rows = {row["day"]: row for row in ask("Days", queries.DAYS).dicts()}
    tiers = ask("Tier 1 by day", queries.TIERS_BY_DAY).dicts()
    collected = dict(ask("Days collected", queries.COLLECTED).rows)
    return History(rows, collected, {row["day"]: row["tier_one"] / row["articles"] for row in tiers})


def days(ask: Ask, past: History, since: date, until: date) -> tuple[Day, ...]:
    """The columns of the volume chart."""
    classes: dict[date, dict[str, int]] = {}
    for row in ask("Stories by tone and day", queries.CLASSES).dicts():
        classes.setdefault(row["day"], dict.fromkeys(CLASSES, 0))[row["class"]] = row["stories"]
    begin = since - timedelta(days=REACH_DAYS + WEEKDAY_DAYS)
    band = {row.day: row for row in usual(series(ask.connection, begin, until), (ask.values["brand"], None), since)}
    every = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return tuple(
        Day(
            day=day,
            classes=classes.get(day, dict.fromkeys(CLASSES, 0)),
            mentions=past.rows[day]["mentions"] if day in past.rows else 0,
            collected=past.collected.get(day, False),
            usual=_band(band.get(day)),
        )
        for day in every
    )


def _band(found: Usual | None) -> tuple[float, float, float] | None:
    if found is None or found.low is None or found.usual is None or found.high is None:
        return None
    return found.low, found.usual, found.high
