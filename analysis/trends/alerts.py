"""Alerts: on which days what was written about us, or about a rival, was not usual; one an episode, with its evidence.

The conditions of `analysis.trends.conditions` are stacked: all that hold on a day for one subject make one alert. Days
that follow within two days belong to the same episode, and add only the conditions that it does not have yet. Nothing
is ever told of *less* coverage: a fall may be our own blindness, and a source that is silent is told by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Literal

import duckdb

from analysis.trends import alert_queries as queries
from analysis.trends.baseline import REACH_DAYS, REFERENCE_DAYS, WEEKDAY_DAYS
from analysis.trends.conditions import Condition, Spread, Tones, silence, spike, tone_drop
from analysis.trends.question import Question, midnight
from analysis.trends.series import Series, series
from analysis.watchlist import Brand, Watchlist

SPACING_DAYS = 2
"""Days without a condition that end an episode (the minimum spacing of Huginn's peak detector)."""
_SENTENCES = 3

Kind = Literal["coverage", "rival", "source"]


@dataclass(frozen=True)
class Evidence:
    """A sentence behind an alert."""

    mention_id: str
    outlet: str
    tone: float | None
    sentence: str
    url: str


@dataclass(frozen=True)
class Alert:
    """One episode of one subject."""

    kind: Kind
    """coverage of our brand, a rival's coverage, or a source of ours."""
    subject: str
    """Id of the brand or source."""
    first_day: date
    last_day: date
    conditions: tuple[Condition, ...]
    """Each name once, as it held first; in the order in which they came."""
    sentences: tuple[Evidence, ...] = ()
    """The three that weigh most: outlet, prominence, strength of tone, copies."""
    collected: bool = True
    """False where sources were missing on a day of the episode."""

    @property
    def alert_id(self) -> str:
        """Stays the same while the episode goes on."""
        said = f"{self.kind}\x1f{self.subject}\x1f{self.first_day}"
        return sha256(said.encode()).hexdigest()[:16]

    @property
    def words(self) -> str:
        """All conditions in one line."""
        return "; ".join(condition.words for condition in self.conditions)


_Holds = Callable[[date, Collection[date]], Iterable[Condition | None]]
"""The conditions of one subject on a day, given the days that are no usual ones."""


@dataclass(frozen=True)
class _Seen:
    """All that the store says of the days that are looked at, and before."""

    watchlist: Watchlist
    series: Series
    tier_1: Mapping[date, list[tuple[str, str]]]
    """New stories with a bad tone in outlets of tier 1: outlet and title."""
    sources: Mapping[str, dict[date, int]]
    """Articles by source and day."""
    reached: Mapping[str, set[date]]
    expected: Mapping[str, set[date]]
    spread: Spread


def find_alerts(
    connection: duckdb.DuckDBPyConnection,
    watchlist: Watchlist,
    first: date,
    last: date,
    apart: Mapping[tuple[Kind, str], Collection[date]] | None = None,
) -> list[Alert]:
    """The alerts of the days from `first` to `last`, as the store tells them now; oldest first.

    last: the newest day that is over, or today: then silence of sources is told to the day before
    apart: days of alerts that are known already, which are no usual days. None: found out, from four weeks before
    """
    begin = first if apart is not None else first - timedelta(days=REACH_DAYS)
    seen = _read(connection, watchlist, begin, last)
    found: list[Alert] = []
    for kind, subject, conditions in _subjects(seen):
        past = set((apart or {}).get((kind, subject), ()))
        found += _episodes(kind, subject, conditions, seen.series.span(begin), past, seen)
    kept = (alert for alert in found if alert.last_day >= first)
    shown = [replace(alert, sentences=_evidence(connection, alert, watchlist)) for alert in kept]
    return sorted(shown, key=lambda alert: (alert.first_day, alert.kind, alert.subject))


def _read(connection: duckdb.DuckDBPyConnection, watchlist: Watchlist, begin: date, last: date) -> _Seen:
    zone, past = watchlist.report.timezone, begin - timedelta(days=WEEKDAY_DAYS)
    values = {"zone": zone, "first": past, "last": last, "brand": watchlist.ours.id,
              "since": midnight(past, zone), "until": midnight(last + timedelta(days=1), zone)}  # fmt: skip
    tier_1: dict[date, list[tuple[str, str]]] = {}
    lately = {**values, "since": midnight(begin - timedelta(days=REFERENCE_DAYS), zone)}
    for day, outlet, title in Question(queries.TIER_1, lately).ask(connection).rows:
        tier_1.setdefault(day, []).append((outlet, title))
    sources: dict[str, dict[date, int]] = {}
    for source, day, articles in Question(queries.SOURCES, values).ask(connection).rows:
        sources.setdefault(source, {})[day] = articles
    reached: dict[str, set[date]] = {}
    expected: dict[str, set[date]] = {}
    for source, day, collected in Question(queries.REACHED, values).ask(connection).rows:
        expected.setdefault(source, set()).add(day)
        if collected:
            reached.setdefault(source, set()).add(day)
    blind = {day for source, days in expected.items() for day in days - reached.get(source, set())}
    whole = frozenset(set().union(*expected.values()) - blind)
    spread = partial(_tones, connection, {"brand": watchlist.ours.id, "zone": zone})
    return _Seen(watchlist, series(connection, past, last, whole), tier_1, sources, reached, expected, spread)


def _tones(connection: duckdb.DuckDBPyConnection, values: dict[str, Any], days: Collection[date]) -> Tones:
    first, last = min(days), max(days) + timedelta(days=1)
    bound = {
        **values,
        "days": list(days),
        "since": midnight(first, values["zone"]),
        "until": midnight(last, values["zone"]),
    }
    return Tones(*Question(queries.TONES, bound).ask(connection).rows[0])


def _subjects(seen: _Seen) -> Iterator[tuple[Kind, str, _Holds]]:
    for brand in seen.watchlist.brands:
        if brand.role == "ours":
            yield "coverage", brand.id, partial(_of_ours, seen, brand)
        else:
            yield "rival", brand.id, partial(_of_rival, seen, brand)
    for source in seen.watchlist.sources:
        if source.id in seen.expected:
            yield "source", source.id, partial(_of_source, seen, source.id)


def _of_ours(seen: _Seen, brand: Brand, day: date, apart: Collection[date]) -> Iterator[Condition | None]:
    yield spike(day, brand.id, brand.name, seen.series, apart)
    if day in seen.series.collected:  # else other outlets would be compared with each other
        yield tone_drop(day, brand.id, brand.name, seen.series, apart, seen.spread)
    if told := seen.tier_1.get(day):
        outlet, title = told[0]
        more = f" and {len(told) - 1} more" if len(told) > 1 else ""
        yield Condition("tier_1", day, None, len(told), None, None, f"tier 1: {outlet}, “{title}”{more}, bad for us")


def _of_rival(seen: _Seen, brand: Brand, day: date, apart: Collection[date]) -> Iterator[Condition | None]:
    found = spike(day, brand.id, brand.name, seen.series, apart)
    yield found and replace(found, name="rival_spike")


def _of_source(seen: _Seen, source: str, day: date, apart: Collection[date]) -> Iterator[Condition | None]:
    reached, expected = seen.reached.get(source, set()), seen.expected[source]
    if day < seen.series.last:  # a day that is not over may still bring something
        yield silence(day, source, seen.sources.get(source, {}), reached, expected)


def _episodes(
    kind: Kind, subject: str, holds: _Holds, days: Iterable[date], apart: set[date], seen: _Seen
) -> list[Alert]:
    found: list[Alert] = []
    for day in days:
        conditions = [condition for condition in holds(day, apart) if condition is not None]
        if not conditions:
            continue
        apart.add(day)
        collected = day in seen.series.collected
        if found and (day - found[-1].last_day).days <= SPACING_DAYS:
            known = {condition.name for condition in found[-1].conditions}
            fresh = (condition for condition in conditions if condition.name not in known)
            found[-1] = replace(
                found[-1],
                last_day=day,
                conditions=(*found[-1].conditions, *fresh),
                collected=found[-1].collected and collected,
            )
        else:
            found.append(Alert(kind, subject, day, day, tuple(conditions), collected=collected))
    return found


def _evidence(connection: duckdb.DuckDBPyConnection, alert: Alert, watchlist: Watchlist) -> tuple[Evidence, ...]:
    if alert.kind == "source":
        return ()
    zone = watchlist.report.timezone
    values: dict[str, Any] = {
        "brand": alert.subject,
        "since": midnight(alert.first_day, zone),
        "until": midnight(alert.last_day + timedelta(days=1), zone),
        "sign": -1 if alert.kind == "coverage" else 1,
        "sentences": _SENTENCES,
    }
    return tuple(Evidence(*row) for row in Question(queries.EVIDENCE, values).ask(connection).rows)
