"""Raise alerts after a run: find what is new in the last days, keep it in the store, say each episode once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from analysis.store.database import reading, writing
from analysis.trends.alerts import SPACING_DAYS, Alert, Kind, find_alerts
from analysis.trends.baseline import REACH_DAYS
from analysis.watchlist import Watchlist

LATE_DAYS = 3
"""Days before today that are looked at again: articles come in late."""

_KNOWN = """
SELECT alert_id, kind, subject, first_day, last_day, conditions, words FROM private.alerts WHERE last_day >= $since
ORDER BY first_day"""
_NEW = """
INSERT INTO private.alerts BY NAME SELECT $alert_id AS alert_id, $kind AS kind, $subject AS subject,
    $first_day AS first_day, $last_day AS last_day, $raised_at AS raised_at, $conditions AS conditions, $words AS words,
    $mention_ids AS mention_ids, $sentences AS sentences, $collected AS collected"""
_MORE = """
UPDATE private.alerts SET first_day = least(first_day, $first_day), last_day = greatest(last_day, $last_day),
    conditions = conditions || $conditions, words = words || $words, collected = collected AND $collected
WHERE alert_id = $alert_id"""


@dataclass(frozen=True)
class _Known:
    """An alert in the store."""

    alert_id: str
    kind: Kind
    subject: str
    first_day: date
    last_day: date
    conditions: Sequence[str]
    words: Sequence[str]

    def goes_on_in(self, alert: Alert) -> bool:
        """Whether `alert` is the same episode."""
        spacing = timedelta(days=SPACING_DAYS)
        near = alert.first_day <= self.last_day + spacing and self.first_day <= alert.last_day + spacing
        return near and (self.kind, self.subject) == (alert.kind, alert.subject)


def raise_alerts(database: Path, watchlist: Watchlist, now: datetime) -> list[Alert]:
    """Look at today and the days before it, and keep what is found; returns the episodes that are new.

    An episode that goes on gets its new day, and conditions that it did not have; it is not returned again.

    Raises:
        StoreError: there is no database, or it cannot be used.
        DatabaseBusy: a crawl is writing, for longer than we wait.
    """
    today = now.astimezone(watchlist.report.zone).date()
    with reading(database) as connection:
        since = {"since": today - timedelta(days=REACH_DAYS + LATE_DAYS)}
        known = [_Known(*row) for row in connection.execute(_KNOWN, since).fetchall()]
        apart: dict[tuple[Kind, str], set[date]] = {}
        for past in known:
            days = range((past.last_day - past.first_day).days + 1)
            apart.setdefault((past.kind, past.subject), set()).update(past.first_day + timedelta(days=n) for n in days)
        found = find_alerts(connection, watchlist, today - timedelta(days=LATE_DAYS), today, apart)
    if not found:
        return []
    new: list[Alert] = []
    with writing(database) as connection:
        for alert in found:
            before = next((past for past in reversed(known) if past.goes_on_in(alert)), None)
            if before is None:
                new.append(alert)
                _insert(connection, alert, now)
            else:
                _extend(connection, alert, before)
    return new


def _insert(connection: duckdb.DuckDBPyConnection, alert: Alert, now: datetime) -> None:
    values = {
        "alert_id": alert.alert_id, "kind": alert.kind, "subject": alert.subject, "first_day": alert.first_day,
        "last_day": alert.last_day, "raised_at": now, "collected": alert.collected,
        "conditions": [condition.name for condition in alert.conditions],
        "words": [condition.words for condition in alert.conditions],
        "mention_ids": [sentence.mention_id for sentence in alert.sentences],
        "sentences": [sentence.sentence for sentence in alert.sentences],
    }  # fmt: skip
    connection.execute(_NEW, values)


def _extend(connection: duckdb.DuckDBPyConnection, alert: Alert, before: _Known) -> None:
    more = [condition for condition in alert.conditions if condition.name not in before.conditions]
    values = {
        "alert_id": before.alert_id, "first_day": alert.first_day, "last_day": alert.last_day,
        "collected": alert.collected, "conditions": [condition.name for condition in more],
        "words": [condition.words for condition in more],
    }  # fmt: skip
    connection.execute(_MORE, values)
