"""The report: one model of it, built from queries over the public views, and a renderer for each format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from analysis.errors import UserError
from analysis.report import html, markdown
from analysis.report.build import build
from analysis.report.model import Report
from analysis.store.database import reading
from analysis.watchlist import Watchlist

_RENDERERS: dict[str, Callable[[Report], str]] = {"html": html.render, "md": markdown.render}
FORMATS = tuple(_RENDERERS)
_DAYS = 30


def write_report(
    database: Path,
    watchlist: Watchlist,
    out: Path,
    *,
    since: date | None = None,
    until: date | None = None,
    formats: tuple[str, ...] = FORMATS,
) -> list[Path]:
    """Write the report of the days `since` to `until` (included; by default the last 30) into the folder `out`.

    A file is seen whole or not at all, so that a failed night leaves the last report standing.

    Raises:
        UserError: `since` is after `until`.
        StoreError: there is no database, or it cannot be opened.
        OSError: `out` cannot be written.
    """
    now = datetime.now(UTC).astimezone(ZoneInfo(watchlist.report.timezone))
    last = until or now.date()
    first = since or last - timedelta(days=_DAYS - 1)
    if first > last:
        raise UserError(f"--since {first} is after --until {last}")
    with reading(database) as connection:
        report = build(connection, watchlist, first, last, now)
    texts = {form: _RENDERERS[form](report) for form in formats}  # all before any is written: never a mix of two states
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for form, text in texts.items():
        target = out / f"presswatch-{last:%Y-%m-%d}.{form}"
        fresh = target.with_name(f".{target.name}.new")
        fresh.write_text(text, "utf8")
        fresh.replace(target)
        written.append(target)
    return written
