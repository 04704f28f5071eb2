"""Every query of the commands and the report, and what each costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from analysis.bench.synthetic import END
from analysis.report.build import build
from analysis.store.database import reading
from analysis.trends import Filters, Question, coverage, journalists, mentions, outlets, rivals, share, sources
from analysis.trends.quotes import quotes, voices
from analysis.watchlist import Watchlist

_TIMES = 3


@dataclass(frozen=True)
class Cost:
    """What one query costs, warm."""

    what: str
    cpu_ms: float
    """CPU of all threads, the rows fetched; the least of three."""
    rows: int


class _Recorder:
    """A connection that remembers each query that it was asked."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.asked: list[tuple[str, Any]] = []

    def execute(self, sql: str, values: Any = None) -> duckdb.DuckDBPyConnection:
        self.asked.append((sql, values))
        return self.connection.execute(sql, values)


def costs(database: Path, watchlist: Watchlist) -> Iterator[Cost]:
    """Each question of the commands with and without filters, then each query of a report of 30 days."""
    zone = watchlist.report.timezone
    last = END.date() - timedelta(days=1)
    with reading(database) as connection:
        for what, question in _questions(last, zone):
            yield Cost(what, *_measured(lambda q=question: q.ask(connection).rows))  # type: ignore[misc]
        recorder = _Recorder(connection)
        report = build(recorder, watchlist, last - timedelta(days=29), last, END)  # type: ignore[arg-type]
        names = [name for name, _ in report.queries]
        for number, (sql, values) in enumerate(recorder.asked):
            name = names[number] if len(names) == len(recorder.asked) else " ".join(sql.split())[:60]
            yield Cost(f"report: {name}", *_measured(_again(connection, sql, values)))


def _again(connection: duckdb.DuckDBPyConnection, sql: str, values: Any) -> Callable[[], list[Any]]:
    return lambda: connection.execute(sql, values).fetchall()


def _measured(ask: Callable[[], Any]) -> tuple[float, int]:
    best, rows = float("inf"), 0
    for _ in range(_TIMES):
        begun = time.process_time()
        rows = len(ask())
        best = min(best, time.process_time() - begun)
    return best * 1000, rows


def _questions(last: date, zone: str) -> Iterator[tuple[str, Question]]:
    month = Filters(since=last - timedelta(days=29), until=last)
    everything, week = Filters(), Filters(since=last - timedelta(days=6), until=last)
    cut = Filters(since=last - timedelta(days=200), until=last - timedelta(days=3))
    yield "trends --by hour, 7 days", coverage("hour", week, zone)
    yield "trends", coverage("day", everything, zone)
    yield "trends --brand", coverage("day", Filters(brand="acme"), zone)
    yield "trends --topic", coverage("day", Filters(topic="outage"), zone)
    yield "trends --tier", coverage("day", Filters(tier=1), zone)
    yield "trends --outlet", coverage("day", Filters(outlet="Outlet 7"), zone)
    yield "trends --by week", coverage("week", everything, zone)
    yield "trends --by week, from one day to another", coverage("week", cut, zone)
    yield "trends --by month --outlet", coverage("month", Filters(outlet="Outlet 7"), zone)
    for name, chosen in (("", everything), (" --topic", Filters(topic="outage")), (", 30 days", month)):
        yield f"share{name}", share(chosen, zone)
        yield f"share --rivals{name}", rivals("acme", chosen, zone)
    yield "outlets", outlets(everything, zone).arranged(None, limit=50)
    yield "outlets, 30 days", outlets(month, zone).arranged(None, limit=50)
    yield "outlets --by journalist", journalists(everything, zone).arranged(None, limit=50)
    yield "outlets --by journalist, 30 days", journalists(month, zone).arranged(None, limit=50)
    yield "mentions", mentions(everything, zone, 50)
    yield "mentions --brand --topic", mentions(Filters(brand="acme", topic="outage"), zone, 50)
    yield "mentions --outlet", mentions(Filters(outlet="Outlet 7"), zone, 50)
    yield (
        "mentions, one day of long ago",
        mentions(Filters(since=last - timedelta(days=90), until=last - timedelta(days=90)), zone, 50),
    )
    yield "mentions --search, a common word", mentions(Filters(search="apology credit"), zone, 50)
    yield "mentions --search, a rare word", mentions(Filters(search="zeppelin"), zone, 50)
    yield "quotes", quotes(everything, zone).arranged(None, limit=50)
    yield "quotes --voices", voices(everything, zone).arranged(None, limit=50)
    yield "sources", sources(zone)
