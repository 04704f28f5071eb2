"""What was out of the ordinary: alerts and events."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click
import duckdb

from analysis.console.asking import Day, Rows, rows, show
from analysis.console.front import Front, global_options, pass_front
from analysis.console.output import write
from analysis.errors import UserError
from analysis.store.database import reading
from analysis.trends import told
from analysis.trends.alerts import find_alerts
from analysis.trends.course import clock, course
from analysis.trends.events import measure
from analysis.trends.question import Answer, Filters
from analysis.watchlist import Event

_BACKTEST_DAYS = 90
_ALERTS = ("first_day", "last_day", "kind", "subject", "conditions", "words", "sentences")
_EVENTS = ("event", "metric", "before", "during", "after", "change", "low", "high", "words", "words_after")


@click.command()
@click.option("--backtest", is_flag=True, help="What would have been raised, by what is stored now; stores nothing.")
@click.option("--subject", metavar="ID", help="Only this brand or source.")
@click.option("--since", type=Day(), help="First day, included.")
@click.option("--until", type=Day(), help="Last day, included.")
@rows()
@global_options
@pass_front
def alerts(
    front: Front, /, backtest: bool, subject: str | None, since: date | None, until: date | None, rows: Rows
) -> None:
    """The alerts that were raised, or would have been."""
    if since and until and since > until:
        raise UserError(f"--since {since} is after --until {until}")
    if not backtest:
        question = replace(told.ALERTS, values={"since": since, "until": until, "subject": subject})
        show(front, question, rows, _ALERTS)
        return
    with reading(front.database) as connection:
        last = until or _as_of(connection).astimezone(front.watchlist.report.zone).date()
        first = since or last - timedelta(days=_BACKTEST_DAYS)
        found = find_alerts(connection, front.watchlist, first, last)
    chosen = [alert for alert in found if subject in (None, alert.subject)]
    _write(told.alert_rows(chosen), rows, _ALERTS)


@click.command()
@click.option("--event", "event_ids", metavar="ID", multiple=True, help="Only this event; may be given again.")
@click.option("--topic", help="Only this topic (id).")
@click.option("--outlet", help="Only this outlet (name).")
@click.option("--tier", type=click.IntRange(1, 3), help="Only outlets of this tier.")
@click.option("--course", "part", flag_value="course", help="Phase, peak, half-life, days until it was as usual.")
@click.option("--clock", "part", flag_value="clock", help="The events side by side, by hours since their start.")
@rows()
@global_options
@pass_front
def events(front: Front, /, event_ids: tuple[str, ...], part: str | None, rows: Rows, **limits: Any) -> None:
    """Coverage before, during and after each event of the watchlist, and how it went on."""
    chosen = _events(front, event_ids)
    if limits["topic"] is not None:
        front.watchlist.topic(limits["topic"])
    filters = Filters(**limits)
    with reading(front.database) as connection:
        now = _as_of(connection)
        if part is None:
            answer = told.event_rows([measure(connection, event, front.watchlist, now, filters) for event in chosen])
        else:
            courses = [course(connection, event, front.watchlist, now, filters) for event in chosen]
            answer = clock(courses) if part == "clock" else told.course_rows(courses)
    _write(answer, rows, () if part else _EVENTS)


def _events(front: Front, wanted: tuple[str, ...]) -> list[Event]:
    there = {event.id: event for event in front.watchlist.events}
    if not there:
        raise UserError(f"{front.where} has no [[events]]; docs/watchlist.md says how to write them")
    for event_id in wanted:
        if event_id not in there:
            raise UserError(f"--event {event_id}: not in {front.where}; there are {', '.join(there)}")
    return [event for event in there.values() if not wanted or event.id in wanted]


def _as_of(connection: duckdb.DuckDBPyConnection) -> datetime:
    """When a source answered last: what came after it, nobody has seen."""
    answered = connection.execute("SELECT max(last_success) FROM newest_health").fetchall()[0][0]
    return answered if isinstance(answered, datetime) else datetime.now(UTC)


def _write(answer: Answer, rows: Rows, brief: tuple[str, ...] = ()) -> None:
    """Rows that no single query makes, sorted and limited as those of a query are."""
    if rows.show_sql:
        click.echo(answer.sql.strip() or "-- more than one query: docs/metrics.md says how these rows are made")
        return
    found = list(answer.rows)
    column, _, direction = (rows.sort or "").partition(":")
    if column:
        if column not in answer.columns or direction not in {"", "asc", "desc"}:
            raise UserError(f"--sort {rows.sort}: no such column; there are {', '.join(answer.columns)}")
        place = answer.columns.index(column)
        found.sort(key=lambda row: row[place] if row[place] is not None else 0, reverse=direction != "asc")
        found.sort(key=lambda row: row[place] is None)
    write(replace(answer, rows=tuple(found[: rows.limit])), rows.form, brief)
