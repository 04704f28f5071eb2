"""The window day by day: what was said, whether it was collected, and what a usual day is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, sqrt
from statistics import NormalDist, fmean, median
from typing import Any

from analysis.report import queries
from analysis.report.asking import Ask
from analysis.report.model import CLASSES, Day

BASELINE = 14
"""Days before a day that say what is usual (field.md 3.3; Meltwater's and Huginn's window)."""
_ENOUGH = 7  # of them collected, or there is no baseline
_TAIL = 0.05  # a usual day lies between these quantiles of a Poisson distribution: counts are small
_MANY = 100  # beyond it a Poisson distribution is normal for our purpose


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

    def before(self, name: str, day: date) -> list[float]:
        """The known figures of the BASELINE days before `day`."""
        values = (self.counted(name, day - timedelta(days=n)) for n in range(1, BASELINE + 1))
        return [value for value in values if value is not None]

    def usual(self, day: date) -> tuple[float, float, float] | None:
        """Lowest, middle and highest number of stories of a usual day."""
        known = self.before("stories", day)
        if len(known) < _ENOUGH:
            return None
        low, high = poisson_range(fmean(known))
        return float(low), median(known), float(high)


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
    every = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return tuple(
        Day(
            day=day,
            classes=classes.get(day, dict.fromkeys(CLASSES, 0)),
            mentions=past.rows[day]["mentions"] if day in past.rows else 0,
            collected=past.collected.get(day, False),
            usual=past.usual(day),
        )
        for day in every
    )


def poisson_range(mean: float, tail: float = _TAIL) -> tuple[int, int]:
    """Smallest counts k with P(X <= k) above `tail`, and above 1 - `tail`, of a Poisson variable X of this mean."""
    if mean > _MANY:
        spread = NormalDist().inv_cdf(1 - tail) * sqrt(mean)
        return round(mean - spread), round(mean + spread)
    chance, total, count, low = exp(-mean), exp(-mean), 0, -1
    while total < 1 - tail:
        if low < 0 and total > tail:
            low = count
        count += 1
        chance *= mean / count
        total += chance
    return (count if low < 0 else low), count
