"""The course of an event's coverage: rising, at a plateau or decaying; peak, half-life, back to usual; on one clock.

The clock of an event starts with it. Volume is the number of stories that broke in the twenty-four hours up to an
hour: by the hour a night would look like an end. A story breaks with its first article after the start.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

import duckdb

from analysis.trends.baseline import REACH_DAYS, WEEKDAY_DAYS, baseline
from analysis.trends.events import DAY, collected, horizon, per_day
from analysis.trends.question import Answer, Filters, Question, midnight
from analysis.watchlist import Event, Watchlist

Phase = Literal["not begun", "quiet", "rising", "plateau", "decaying", "over", "unknown"]
_HOURS = 24
_CLEARLY = 1.25
"""Volume of the last day against the day before, from which it rises; the inverse, under which it decays."""


@dataclass(frozen=True)
class Hour:
    """One hour of the clock."""

    hours: int
    """Since the event's start; the hour that ends then."""
    volume: int
    """Stories that broke in the 24 hours up to it."""


@dataclass(frozen=True)
class Course:
    """Where an event stands."""

    event: Event
    phase: Phase
    """unknown: sources were missing on the last day, so that less may be ours."""
    hours_to_peak: int | None
    peak: int
    """Stories in the 24 hours at the peak."""
    half_life: int | None
    """Hours from the peak until half of it is left. None: not yet, or not known for sources that were missing."""
    days_to_usual: int | None
    """Days from the start to the first day that is back in the baseline's band, after the peak. None: not yet, not
    known, or no baseline."""
    usual: float | None
    """Stories that a day had before the event."""
    hours: tuple[Hour, ...]
    words: str


def course(
    connection: duckdb.DuckDBPyConnection,
    event: Event,
    watchlist: Watchlist,
    now: datetime,
    filters: Filters = Filters(),  # noqa: B008 (immutable)
) -> Course:
    """The course of `event` as of `now`, at most half a year after its end and up to the next event of the brand."""
    zone = watchlist.report.zone
    first = event.start.astimezone(zone).date()
    stop = min(now, midnight(horizon(event, watchlist)[1] + DAY, watchlist.report.timezone))
    if now <= event.start:
        return Course(event, "not begun", None, 0, None, None, None, (), f"{event.id} has not begun")
    since, until = first - DAY * (WEEKDAY_DAYS + REACH_DAYS), stop.astimezone(zone).date()
    chosen = Filters(event.brand, filters.topic, filters.outlet, filters.tier, since, until)
    counts = dict(per_day(chosen, watchlist.report.timezone).ask(connection).rows)
    reached = dict(collected(chosen).ask(connection).rows)
    broke = dict(hours(event, chosen, stop).ask(connection).rows)
    last = int((stop - event.start) / timedelta(hours=1)) + 1
    volumes = _trailing([broke.get(hour, 0) for hour in range(last)])
    days = [(event.start + timedelta(hours=hour)).astimezone(zone).date() for hour in range(last)]
    told = trace(event, volumes, days, counts, {day for day, whole in reached.items() if whole})
    return replace(told, words=_words(told, watchlist.brand(event.brand).name))


def trace(
    event: Event, volumes: Sequence[int], days: Sequence[date], counts: Mapping[date, int], whole: Collection[date]
) -> Course:
    """Read the course off its volumes, one an hour, with the day of each.

    The phase is that of the last hour: rising, where the last 24 hours have a quarter more than the 24 before; over,
    where two days in a row were in the baseline's band again; decaying, where it is the other way round or less than
    half of the peak is left; else a plateau.

    counts: stories of each day, from twelve weeks before the event on; whole: the days on which nothing was missing
    """
    first, last = days[0], days[-1]
    expected = baseline(first, counts, whole)
    peak = max(volumes)
    at = volumes.index(peak)
    half = next((hour for hour in range(at, len(volumes)) if 2 * volumes[hour] <= peak), None) if peak else None
    if half is not None and any(day not in whole for day in days[at : half + 1]):
        half = None
    back = _back(days[at] + DAY, last, counts, whole, expected.band[1]) if expected and peak else None
    return Course(
        event=event,
        phase=_phase(volumes, over=back is not None, seen=last in whole and last - DAY in whole),
        hours_to_peak=at + 1 if peak else None,
        peak=peak,
        half_life=half - at if half is not None else None,
        days_to_usual=(back - first).days if back else None,
        usual=expected.mean if expected else None,
        hours=tuple(Hour(hour + 1, volume) for hour, volume in enumerate(volumes)),
        words="",
    )


def hours(event: Event, filters: Filters, stop: datetime) -> Question:
    """Stories that broke in each hour since the start of the event."""
    where, values = Filters(filters.brand, filters.topic, filters.outlet, filters.tier).where("UTC")
    sql = f"""
SELECT ((epoch(first_at) - epoch($start)) // 3600)::INTEGER AS hour, count(*) AS stories
FROM (SELECT min(published_at) AS first_at FROM brand_articles
      WHERE {where} AND published_at >= $start AND published_at < $stop GROUP BY family_id) GROUP BY hour"""
    return Question(sql, {**values, "start": event.start, "stop": stop}, "hour")


def _trailing(broke: Sequence[int]) -> list[int]:
    total, volumes = 0, []
    for hour, stories in enumerate(broke):
        total += stories - (broke[hour - _HOURS] if hour >= _HOURS else 0)
        volumes.append(total)
    return volumes


def _back(first: date, last: date, counts: Mapping[date, int], whole: Collection[date], usual: int) -> date | None:
    """The first day from which two in a row are in the band again; a day with missing sources cannot say so."""
    days = (first + DAY * n for n in range((last - first).days))
    return next((day for day in days if all(d in whole and counts.get(d, 0) <= usual for d in (day, day + DAY))), None)


def _phase(volumes: Sequence[int], *, over: bool, seen: bool) -> Phase:
    today = volumes[-1]
    before = volumes[-1 - _HOURS] if len(volumes) > _HOURS else 0
    if not any(volumes):
        return "quiet" if seen else "unknown"
    if today > before * _CLEARLY:
        return "rising"
    if over:
        return "over"
    if not seen:
        return "unknown"
    return "decaying" if today * _CLEARLY < before or 2 * today < max(volumes) else "plateau"


def _words(told: Course, brand: str) -> str:
    """One or two plain sentences."""
    if told.phase == "quiet":
        return f"{told.event.id}: no article on {brand} since it began"
    parts = [f"{told.event.id}: {told.phase}"]
    if told.phase == "unknown":
        parts = [f"{told.event.id}: sources were missing on the last day, so nobody can say whether it is ending"]
    if told.hours_to_peak is not None:
        articles = "article" if told.peak == 1 else "articles"
        parts.append(f"peak of {told.peak} original {articles} in a day after {told.hours_to_peak} hours")
    if told.half_life is not None:
        parts.append(f"half of it left {told.half_life} hours later")
    if told.days_to_usual is not None:
        parts.append(f"back to usual on day {told.days_to_usual}")
    return "; ".join(parts)


def clock(courses: Sequence[Course], step: int = _HOURS) -> Answer:
    """Several events on one clock: one row each `step` hours since the start, one column an event.

    Of each the volume of the 24 hours up to then; None where it has not come so far.
    """
    longest = max((len(told.hours) for told in courses), default=0)
    rows = [
        (hour, *(told.hours[hour - 1].volume if hour <= len(told.hours) else None for told in courses))
        for hour in range(step, longest + step, step)
    ]
    return Answer(("hours", *(told.event.id for told in courses)), tuple(rows), "")
