"""From the store to the model of a report: questions asked, answers put into words and figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb

from analysis.design.figures import CLEAR
from analysis.report import messages, queries, stories, words
from analysis.report.asking import Ask
from analysis.report.crisis import crisis
from analysis.report.days import BASELINE, days, history
from analysis.report.kpis import tiles
from analysis.report.model import Change, Confidence, Correction, EventDays, Report
from analysis.trends import Answer, Filters
from analysis.trends.question import midnight
from analysis.watchlist import Watchlist

CLIPS = 20_000
"""Sentences that a report holds; the newest of more."""
_SHOWN_WHOLE = ("clips", "all-clips")
"""Queries whose rows the report shows as they are."""
_CHANGES, _CORRECTIONS = 20, 50


def build(
    connection: duckdb.DuckDBPyConnection, watchlist: Watchlist, since: date, until: date, now: datetime
) -> Report:
    """The report of the days `since` to `until` in the watchlist's zone, as of `now`."""
    full_day = max(since, until if until < now.date() else until - timedelta(days=1))
    ask = _asking(connection, watchlist, since, until)
    window = Filters(since=since, until=until)
    past, sources, brands = history(ask), ask("Sources", queries.SOURCES), stories.brands(ask, watchlist)
    ours = next(brand for brand in brands if brand.ours)
    top, clusters = stories.top_stories(ask, watchlist)
    event = messages.last_event(watchlist.events, window, watchlist)
    response, course = messages.carried(ask, watchlist, window, event), crisis(ask, watchlist, event, now)
    confidence, columns = _confidence(ask, sources), days(ask, past, since, until)
    events = _events(watchlist, since, until)
    facts = words.Facts(ours, brands, columns, events, confidence, since, until, course, response)
    return Report(
        brand=watchlist.ours.name, since=since, until=until, full_day=full_day, zone=watchlist.report.timezone,
        made_at=now,
        run_id=ask("Run", queries.RUN).rows[0][0],
        bottom_line=words.bottom_line(facts),
        confidence=confidence,
        tiles=tiles(ask, ours, past, full_day, response),
        stories=top, clusters=clusters, brands=brands, days=columns, events=events, sources=sources,
        changes=_changes(ask),
        tiers=stories.tiers(ask),
        topics=stories.topics(ask),
        messages=messages.pulled(ask, watchlist, window), response=response, crisis=course,
        voices=messages.speakers(ask, watchlist, window),
        corrections=_corrections(ask),
        clips=ask("Clips", queries.CLIPS, clips=CLIPS),
        all_clips=ask("All clips", queries.ALL_CLIPS).rows[0][0],
        scorers=tuple(row[0] for row in ask("Scorers", queries.SCORERS).rows),
        brand_names={brand.id: brand.name for brand in watchlist.brands},
        queries=tuple(ask.asked),
        proofs=ask.proofs,
        answers={key: proof for key, proof in ask.answers.items() if key not in _SHOWN_WHOLE},
    )  # fmt: skip


def _asking(connection: duckdb.DuckDBPyConnection, watchlist: Watchlist, since: date, until: date) -> Ask:
    zone, before = watchlist.report.timezone, since - timedelta(days=BASELINE)
    return Ask(
        connection, zone=zone, first=since, last=until, before=before, brand=watchlist.ours.id, clear=CLEAR,
        since=midnight(since, zone), until=midnight(until + timedelta(days=1), zone), earliest=midnight(before, zone),
        corrected_since=midnight(until - timedelta(days=1), zone),
    )  # fmt: skip


def _changes(ask: Ask) -> tuple[Change, ...]:
    return tuple(Change(*row) for row in ask("Changes", queries.CHANGES, changes=_CHANGES).rows)


def _corrections(ask: Ask) -> tuple[Correction, ...]:
    return tuple(Correction(*row) for row in ask("Corrections", queries.CORRECTIONS, corrections=_CORRECTIONS).rows)


def _events(watchlist: Watchlist, since: date, until: date) -> tuple[EventDays, ...]:
    """Those that touch the window."""
    zone = watchlist.report.zone
    days = (
        EventDays(event.id, event.start.astimezone(zone).date(), event.end.astimezone(zone).date())
        for event in watchlist.events
    )
    return tuple(event for event in days if event.first <= until and event.last >= since)


def _confidence(ask: Ask, sources: Answer) -> Confidence:
    rows = sources.dicts()
    silent = tuple(f"{row['source_id']} ({row['reason']})" for row in rows if not row["well"])
    uncollected = tuple(row[0] for row in ask("Days not collected", queries.UNCOLLECTED).rows)
    quality = ask("Quality", queries.QUALITY).dicts()[0]
    answered = sum(1 for row in rows if row["discovered"] or row["well"])
    if not rows or answered < len(rows) * 0.8:
        light = "red"
    else:
        light = "amber" if silent or uncollected else "green"
    return Confidence(light=light, answered=answered, expected=len(rows), silent=silent,  # type: ignore[arg-type]
                      uncollected=uncollected, **quality)  # fmt: skip
