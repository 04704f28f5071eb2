"""An event: coverage before, during and after it, what changed, and how sure that is.

Windows are whole days. During is from the day of the event's start to that of its end. Before and after are the
fourteen days beside it or, where these hold fewer than ten stories, as many more as it takes, at most half a year; they
never reach into another event of the brand. No story counts twice in a window; one that goes on counts in each window
in which it has an article, with what was said there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb

from analysis.trends.changes import LEAST_STORIES, METRICS, Change, Name, Window, change
from analysis.trends.question import Filters, Question, midnight
from analysis.watchlist import Event, Watchlist

WINDOW = 14
LONGEST = 180
"""Days of the windows before and after, at least and at most."""
DAY = timedelta(days=1)
Spans = Mapping[Name, Sequence[date]]
"""The days of each window, in order."""


@dataclass(frozen=True)
class Measured:
    """One event and its windows."""

    event: Event
    windows: tuple[Window, Window, Window]
    """before, during, after."""
    changes: tuple[Change, ...]
    """Of each metric: before to during, during to after, before to after."""
    sql: str

    def window(self, name: Name) -> Window:
        """By its name."""
        return next(window for window in self.windows if window.name == name)


def measure(
    connection: duckdb.DuckDBPyConnection,
    event: Event,
    watchlist: Watchlist,
    now: datetime,
    filters: Filters = Filters(),  # noqa: B008 (immutable)
) -> Measured:
    """Measure `event` as of `now`; filters: only of this topic, outlet or tier."""
    zone = watchlist.report.zone
    first, last = event.start.astimezone(zone).date(), event.end.astimezone(zone).date()
    since, until = horizon(event, watchlist)
    chosen = replace(filters, brand=event.brand, since=since, until=min(until, now.astimezone(zone).date()))
    days = dict(per_day(chosen, watchlist.report.timezone).ask(connection).rows)
    reached = dict(collected(chosen).ask(connection).rows)
    spans = _spans(first, last, chosen, days)
    question = told(event, spans, filters, watchlist.report.timezone)
    found = {row["window"]: row for row in question.ask(connection).dicts()}
    windows = []
    for name, inside in spans.items():
        row = found.get(name, {})
        windows.append(
            Window(
                name, inside[0] if inside else None, inside[-1] if inside else None, row.get("stories", 0),
                row.get("articles", 0), tuple(row.get("tones") or ()), tuple(days.get(day, 0) for day in inside),
                row.get("share_of_voice"), all(reached.get(day, False) for day in inside),
            )
        )  # fmt: skip
    before, during, after = windows
    brand = watchlist.brand(event.brand).name
    pairs = ((before, during), (during, after), (before, after))
    changes = tuple(change(metric, earlier, later, brand) for metric in METRICS for earlier, later in pairs)
    return Measured(event, (before, during, after), changes, question.text)


def horizon(event: Event, watchlist: Watchlist) -> tuple[date, date]:
    """The first and last day that may belong to `event`: half a year around it, up to the brand's other events."""
    zone = watchlist.report.zone
    others = [other for other in watchlist.events if other.brand == event.brand and other.id != event.id]
    ended = [other.end.astimezone(zone).date() for other in others if other.end < event.start]
    began = [other.start.astimezone(zone).date() for other in others if other.start > event.end]
    first, last = event.start.astimezone(zone).date(), event.end.astimezone(zone).date()
    since = max([first - DAY * LONGEST, *(day + DAY for day in ended)])
    until = min([last + DAY * LONGEST, *(day - DAY for day in began)])
    return min(since, first), max(until, last)


def per_day(filters: Filters, zone: str) -> Question:
    """Stories of the brand by day; from the ready cells where they have the answer."""
    where, values = filters.where(zone)
    sql = f"""
SELECT day, count(*) FILTER (NOT syndicated) AS stories
FROM brand_articles WHERE {where} GROUP BY day"""
    if filters.outlet is None and filters.tier is None:
        sql = """
SELECT day, articles - pick_ups AS stories FROM coverage
WHERE span = 'day' AND brand_id = $brand AND topic_id IS NOT DISTINCT FROM $topic AND outlet IS NULL AND tier IS NULL
  AND day BETWEEN $first AND $last"""
    bound = {
        "zone": zone,
        "brand": filters.brand,
        "topic": filters.topic,
        "first": filters.since,
        "last": filters.until,
    }
    return Question(sql, {**values, **bound}, "day")


def collected(filters: Filters) -> Question:
    """Whether every expected source was reached, by day."""
    sql = "SELECT day, bool_and(collected) AS collected FROM collection WHERE day BETWEEN $first AND $last GROUP BY day"
    return Question(sql, {"first": filters.since, "last": filters.until}, "day")


def told(event: Event, spans: Spans, filters: Filters, zone: str) -> Question:
    """One row a window: stories and articles on the brand, the net tone of each story, the brand's share of voice."""
    where, values = replace(filters, brand=None, since=None, until=None).where(zone)
    sql = f"""
WITH windows AS (SELECT unnest($names) AS name, unnest($starts) AS first_at, unnest($ends) AS last_at),
chosen AS (
    SELECT w.name, b.* FROM (SELECT * FROM brand_articles WHERE {where}
                             AND published_at >= $begin AND published_at < $stop) b
    JOIN windows w ON b.published_at >= w.first_at AND b.published_at < w.last_at
),
by_story AS (
    SELECT name, brand_id, family_id, count(*) AS articles,
           story_tone(tone_sum, scored, syndicated) AS tone
    FROM chosen GROUP BY name, brand_id, family_id
)
SELECT name AS window, count(*) FILTER (brand_id = $of) AS stories,
       coalesce(sum(articles) FILTER (brand_id = $of), 0)::BIGINT AS articles,
       list(tone ORDER BY tone) FILTER (brand_id = $of AND tone IS NOT NULL) AS tones,
       (count(*) FILTER (brand_id = $of)) / count(*) AS share_of_voice
FROM by_story GROUP BY name"""
    held = {name: (midnight(days[0], zone), midnight(days[-1] + DAY, zone)) for name, days in spans.items() if days}
    moments = {
        "names": list(held),
        "starts": [start for start, _ in held.values()],
        "ends": [end for _, end in held.values()],
        "begin": min((start for start, _ in held.values()), default=event.start),
        "stop": max((end for _, end in held.values()), default=event.start),
        "of": event.brand,
    }
    return Question(sql, {**values, **moments})


def _spans(first: date, last: date, chosen: Filters, days: Mapping[date, int]) -> Spans:
    """Which days each window has; none beyond the horizon, none that has not come yet."""
    assert chosen.since is not None
    assert chosen.until is not None
    past = _enough([days.get(first - DAY * n, 0) for n in range(1, LONGEST + 1)])
    later = _enough([days.get(last + DAY * n, 0) for n in range(1, LONGEST + 1)])
    spans: dict[Name, list[date]] = {
        "before": [first - DAY * n for n in range(past, 0, -1)],
        "during": [first + DAY * n for n in range((last - first).days + 1)],
        "after": [last + DAY * n for n in range(1, later + 1)],
    }
    return {name: [day for day in inside if chosen.since <= day <= chosen.until] for name, inside in spans.items()}


def _enough(counts: Sequence[int]) -> int:
    """How many days a window needs to hold ten stories, `counts` being those of the days away from the event."""
    length = WINDOW
    while length < LONGEST and sum(counts[:length]) < LEAST_STORIES:
        length += 1
    return length
