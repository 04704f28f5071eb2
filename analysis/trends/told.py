"""Alerts and events as rows, for the commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.trends.alerts import Alert
from analysis.trends.changes import METRICS, Change, Window
from analysis.trends.course import Course
from analysis.trends.events import Measured
from analysis.trends.question import Answer, Question

ALERTS = Question(
    """
SELECT first_day, last_day, kind, subject, conditions, words, sentences, collected, raised_at, alert_id, mention_ids
FROM alerts
WHERE ($since IS NULL OR last_day >= $since) AND ($until IS NULL OR first_day <= $until)
  AND ($subject IS NULL OR subject = $subject)""",
    {"since": None, "until": None, "subject": None},
    "first_day DESC, kind, subject",
)
_COLUMNS = ("first_day", "last_day", "kind", "subject", "conditions", "words", "sentences", "collected", "alert_id",
            "mention_ids")  # fmt: skip


def alert_rows(alerts: Iterable[Alert]) -> Answer:
    """What a backtest finds, in the columns of the stored ones; never stored, so without `raised_at`."""
    rows = tuple(
        (
            alert.first_day,
            alert.last_day,
            alert.kind,
            alert.subject,
            [condition.name for condition in alert.conditions],
            [condition.words for condition in alert.conditions],
            [sentence.sentence for sentence in alert.sentences],
            alert.collected,
            alert.alert_id,
            [sentence.mention_id for sentence in alert.sentences],
        )
        for alert in alerts
    )
    return Answer(_COLUMNS, rows, "")


def event_rows(measured: Sequence[Measured]) -> Answer:
    """One row an event and metric: before, during and after, the two changes with their intervals, and in words."""
    columns = (
        *("event", "brand", "metric", "before", "during", "after"),
        *("change", "low", "high", "sure", "words"),
        *("change_after", "low_after", "high_after", "sure_after", "words_after"),
        *("n_before", "n_during", "n_after", "days_before", "days_during", "days_after", "collected"),
    )
    rows = []
    for found in measured:
        changes = {(change.metric, change.earlier, change.later): change for change in found.changes}
        for metric in METRICS:
            begins, ends = changes[metric, "before", "during"], changes[metric, "during", "after"]
            rows.append(
                (found.event.id, found.event.brand, metric, *(window.value(metric) for window in found.windows),
                 *_change(begins), *_change(ends), *(_rests_on(window, metric) for window in found.windows),
                 *(len(window.counts) for window in found.windows), all(window.collected for window in found.windows))
            )  # fmt: skip
    return Answer(columns, tuple(rows), measured[0].sql if measured else "")


def _change(change: Change) -> tuple[object, ...]:
    return change.difference, change.low, change.high, change.sure, change.words


def _rests_on(window: Window, metric: str) -> int:
    """Stories that a value is made of."""
    return len(window.tones) if metric in {"net_tone", "negative"} else window.stories


def course_rows(courses: Iterable[Course]) -> Answer:
    """One row an event: where it stands."""
    columns = ("event", "brand", "phase", "hours_to_peak", "peak", "half_life", "days_to_usual", "usual", "words")
    rows = tuple(
        (told.event.id, told.event.brand, told.phase, told.hours_to_peak, told.peak, told.half_life,
         told.days_to_usual, told.usual, told.words)
        for told in courses
    )  # fmt: skip
    return Answer(columns, rows, "")
