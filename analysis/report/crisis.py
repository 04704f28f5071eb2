"""An event of ours: the crisis report while it is open, the closing report when it is over (field.md, 3.7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from analysis.design.figures import DASH, percent, signed
from analysis.report import queries, words
from analysis.report.asking import Ask
from analysis.report.model import CLASSES, Compared, Crisis, Severe, Step, Theme
from analysis.trends.changes import Metric, Window
from analysis.trends.course import Course, course
from analysis.trends.events import Measured, measure
from analysis.trends.narratives import narratives
from analysis.trends.question import Filters
from analysis.watchlist import Event, Watchlist

_SEVERE = 15
_AFTER = timedelta(days=3)  # how long the timeline goes on behind the event
_NAMES: dict[Metric, str] = {
    "stories_a_day": "Stories a day",
    "net_tone": "Net tone",
    "negative": "Stories against us",
    "share_of_voice": "Share of voice",
}


def crisis(ask: Ask, watchlist: Watchlist, event: Event | None, now: datetime) -> Crisis | None:
    """What the coverage of `event` did until `now`, or until the end of the window where that is earlier."""
    if event is None or event.start >= now:
        return None
    until: datetime = min(ask.values["until"], now)
    told = course(ask.connection, event, watchlist, until)
    measured = measure(ask.connection, event, watchlist, until)
    ask.keep("Event", measured.sql)
    first = event.start.astimezone(watchlist.report.zone).date()
    rivals = [brand for brand in watchlist.brands if brand.role != "ours"]
    moments = {"began": event.start, "ended": min(until, event.end + _AFTER)}
    steps = ask("First in the event", queries.STEPS, **moments, rivals=[brand.id for brand in rivals],
                rival_names=[brand.name for brand in rivals])  # fmt: skip
    return Crisis(
        name=event.id,
        open=until <= event.end or (told.days_to_usual is None and told.phase in {"rising", "plateau", "decaying"}),
        situation=_situation(told),
        phase=told.phase,
        stories=measured.window("during").stories,
        back=first + timedelta(days=told.days_to_usual) if told.days_to_usual else None,
        compared=_compared(measured),
        bins=_bins(ask, moments),
        steps=tuple(Step(*row) for row in steps.rows),
        severe=_severe(ask, moments),
        themes=_themes(ask, watchlist, moments),
        quiet=tuple(row[0] for row in ask("Quiet outlets", queries.QUIET, **moments).rows),
    )


def _situation(told: Course) -> str:
    """`over; peak of 18 stories in a day after 107 hours; ...`: what came after the return is not the event's."""
    said = told.words.removeprefix(f"{told.event.id}: ")
    return f"over{said.removeprefix(told.phase)}" if told.days_to_usual else said


def _bins(ask: Ask, moments: dict[str, datetime]) -> tuple[tuple[datetime, dict[str, int]], ...]:
    """Six hours each, without a hole."""
    found: dict[datetime, dict[str, int]] = {}
    for row in ask("Hours of the event", queries.BINS, **moments).dicts():
        found.setdefault(row["bin"], dict.fromkeys(CLASSES, 0))[row["class"]] = row["stories"]
    if not found:
        return ()
    step, first = timedelta(hours=6), min(found)
    every = [first + step * n for n in range(int((max(found) - first) / step) + 1)]
    return tuple((when, found.get(when, dict.fromkeys(CLASSES, 0))) for when in every)


def _severe(ask: Ask, moments: dict[str, datetime]) -> tuple[Severe, ...]:
    rows = ask("Severity", queries.SEVERE, **moments, most=_SEVERE).dicts()
    return tuple(
        Severe(row["title"], row["first_outlet"], row["tier"], row["published"], row["articles"], row["tone"],
               row["weight"], words.action(row), row["url"])
        for row in rows
    )  # fmt: skip


def _themes(ask: Ask, watchlist: Watchlist, moments: dict[str, datetime]) -> tuple[Theme, ...]:
    """Cause, scale, remedy and what else the sentences on us are about, from its first day to its last."""
    first, last = (moment.astimezone(watchlist.report.zone).date() for moment in moments.values())
    question = narratives(Filters(brand=watchlist.ours.id, since=first, until=last), watchlist.report.timezone)
    return tuple(
        Theme(row["theme"], row["stories"], row["share"], row["net_tone"], row["first"], row["first_outlet"],
              row["sentence"])
        for row in ask("Themes of the event", question).dicts()
    )  # fmt: skip


def _compared(measured: Measured) -> tuple[Compared, ...]:
    rows = []
    for metric, name in _NAMES.items():
        said = {(one.earlier, one.later): one.words for one in measured.changes if one.metric == metric}
        before, during, after = (_value(metric, window) for window in measured.windows)
        rows.append(Compared(name, before, during, after, said["before", "during"], said["during", "after"]))
    return tuple(rows)


def _value(metric: Metric, window: Window) -> str:
    value = window.value(metric)
    if value is None:
        return DASH
    if metric == "stories_a_day":
        return f"{value:.1f}"
    return signed(value) if metric == "net_tone" else percent(value)
