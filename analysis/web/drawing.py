"""Charts of the pages: every column leads to the sentences that it counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from analysis.design import charts
from analysis.design.charts import Column
from analysis.design.colours import SCREEN
from analysis.design.figures import day_name, plural, short_day
from analysis.trends.coverage import Period
from analysis.web.asked import Asked

NAMES = {"neg": "negative", "neu": "neutral", "pos": "positive", "unsure": "unsure"}
_FIGURES = {"neg": "negative", "neu": "neutral", "pos": "positive", "unsure": "abstained"}
_MOST = 400
"""Columns that can still be told apart."""


def volume(rows: Sequence[dict[str, Any]], asked: Asked, collected: Collection[date], brand: str) -> list[Markup]:
    """Sentences a period by tone, in two widths; nothing where there are no rows, or too many.

    rows: of `coverage` for one brand
    collected: days on which every source was reached
    """
    if not rows:
        return []
    found = {_day(row["period"]) if asked.by != "hour" else row["period"]: row for row in rows}
    periods = sorted(found)
    if asked.by == "day":
        first = asked.filters.since or periods[0]
        last = asked.filters.until or periods[-1]
        periods = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(periods) > _MOST:
        return []
    columns = [_column(period, found.get(period), asked, collected) for period in periods]
    label = f"Sentences about {brand} a {asked.by}, by tone"
    unit = f"sentences a {asked.by}"
    return [
        Markup(charts.volume(columns, NAMES, SCREEN, label=label, unit=unit, width=width, key=f"v{width}"))
        for width in (1000, 350)
    ]


def _column(period: date | datetime, row: dict[str, Any] | None, asked: Asked, collected: Collection[date]) -> Column:
    day = _day(period)
    counts = {colour: row[figure] for colour, figure in _FIGURES.items()} if row else {}
    reached = row["collected"] if row else day in collected
    name = f"{day_name(day)}, {period:%H:%M}" if asked.by == "hour" else _name(day, asked.by)
    words = ", ".join(f"{count} {NAMES[colour]}" for colour, count in counts.items() if count)
    total = plural(sum(counts.values()), "sentence")
    title = f"{name}: {total}{': ' + words if words else ''}{'' if reached else '; not every source was reached'}"
    return Column(short_day(day), title, counts, reached, href=sentences(period, asked) if row else None)


def sentences(period: date | datetime, asked: Asked, **more: str) -> str:
    """The address of the sentences of a period; of an hour those of its day."""
    day = _day(period)
    return f"/mentions?{asked.query(since=day, until=_until(day, asked.by), by=None, sort=None, **more)}"


def _name(day: date, by: Period) -> str:
    return {"week": f"Week from {day_name(day)}", "month": f"{day:%B} {day.year}"}.get(by, day_name(day))


def _until(day: date, by: Period) -> date:
    """The last day of the period."""
    if by == "week":
        return day + timedelta(days=6)
    if by == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return day


def _day(period: date | datetime) -> date:
    return period.date() if isinstance(period, datetime) else period
