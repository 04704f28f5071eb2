"""Who is told what: each notice once a channel, what could not be delivered again the next night."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from analysis.errors import NoticeUndelivered, StoreError
from analysis.notices.channel import send
from analysis.notices.notice import Notice, of_alert
from analysis.store.database import reading, writing
from analysis.watchlist import Watchlist

LATE = timedelta(days=3)
"""For how long an alert is told after it was raised, where a channel did not take it."""
AGAIN = timedelta(days=7)
"""After which the same failure is told again."""

_ALERTS = """
SELECT alert_id, kind, subject, first_day, words, sentences FROM private.alerts WHERE raised_at >= ?
ORDER BY raised_at, alert_id"""
_TOLD = "SELECT channel, key FROM private.notices WHERE occasion != 'failure' OR sent_at >= ?"


def deliver(
    database: Path, watchlist: Watchlist, notices: Sequence[Notice], now: datetime, warn: Callable[[str], None]
) -> int:
    """Tell every channel of the watchlist `notices` and the alerts of the last days that it does not know yet.

    Returns how many messages were taken. A channel that fails costs nothing but a line to `warn`, which never holds a
    secret. A message that was taken is remembered at once: only a process killed between the two tells it again.
    """
    taken = 0
    if not watchlist.notify:
        return taken
    raised, told = _known(database, now, warn)
    for entry in watchlist.notify:
        url = os.environ.get(entry.variable, "").strip()
        if not url:
            warn(f"notify: ${entry.variable} is not set; nobody is told")
            continue
        for notice in [*raised, *notices]:
            if notice.occasion not in entry.when or (entry.variable, notice.key) in told:
                continue
            try:
                send(url, notice)
            except NoticeUndelivered as error:
                warn(f"notify: ${entry.variable}: {notice.occasion} not delivered: {error}")
                continue
            taken += 1
            _remember(database, entry.variable, notice, now, warn)
    return taken


def _known(database: Path, now: datetime, warn: Callable[[str], None]) -> tuple[list[Notice], set[tuple[str, str]]]:
    """The alerts of the last days, and what each channel was told: (channel, key)."""
    try:
        with reading(database) as connection:
            raised = [of_alert(*row) for row in connection.execute(_ALERTS, [now - LATE]).fetchall()]
            return raised, set(connection.execute(_TOLD, [now - AGAIN]).fetchall())
    except (StoreError, duckdb.Error) as error:
        warn(f"notify: what was told before cannot be read: {str(error).splitlines()[0]}")
        return [], set()


def _remember(database: Path, channel: str, notice: Notice, now: datetime, warn: Callable[[str], None]) -> None:
    try:
        with writing(database, publish=False) as connection:  # the next reader publishes: one copy, not one a notice
            connection.execute(
                "INSERT INTO private.notices VALUES (?, ?, ?, ?)", [channel, notice.key, notice.occasion, now]
            )
    except (StoreError, duckdb.Error, OSError) as error:
        warn(f"notify: ${channel}: was told, but that cannot be kept: {str(error).splitlines()[0]}")
