"""The report: one model of it, built from queries over the public views, and a renderer for each format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from analysis.errors import FormatMissing, UserError
from analysis.report.build import build
from analysis.report.model import Report
from analysis.store.database import reading
from analysis.watchlist import Watchlist

Render = Callable[[Report], bytes | str]
# format -> the module whose `render` makes it; loaded when it is asked for
_RENDERERS = {"html": "html", "pdf": "pdf", "xlsx": "xlsx", "pptx": "slides", "md": "markdown"}
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
    warn: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write the report of the days `since` to `until` (included; by default the last 30) into the folder `out`.

    A file is seen whole or not at all, so that a failed night leaves the last report standing. A format that this
    machine cannot make is told to `warn`, and the others are written.

    Raises:
        UserError: `since` is after `until`.
        FormatMissing: the machine cannot make one of `formats`, and there is no `warn` or no other format.
        StoreError: there is no database, or it cannot be opened.
        OSError: `out` cannot be written.
    """
    return write_files(read_report(database, watchlist, since=since, until=until), out, formats=formats, warn=warn)


def write_files(
    report: Report, out: Path, *, formats: tuple[str, ...] = FORMATS, warn: Callable[[str], None] | None = None
) -> list[Path]:
    """The same for a report that was read already."""
    files = _files(report, formats, warn)  # all before any is written: never a mix of two states
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for form, content in files.items():
        target = out / f"presswatch-{report.until:%Y-%m-%d}.{form}"
        fresh = target.with_name(f".{target.name}.new")
        fresh.write_bytes(content)
        fresh.replace(target)
        written.append(target)
    return written


def read_report(
    database: Path, watchlist: Watchlist, *, since: date | None = None, until: date | None = None
) -> Report:
    """The model of the report of these days, by default the last 30.

    Raises:
        UserError: `since` is after `until`.
        StoreError: there is no database, or it cannot be opened.
    """
    now = datetime.now(UTC).astimezone(ZoneInfo(watchlist.report.timezone))
    last = until or now.date()
    first = since or last - timedelta(days=_DAYS - 1)
    if first > last:
        raise UserError(f"--since {first} is after --until {last}")
    with reading(database) as connection:
        return build(connection, watchlist, first, last, now)


def _files(report: Report, formats: tuple[str, ...], warn: Callable[[str], None] | None) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for form in formats:
        try:
            files[form] = _bytes(renderer(form)(report))
        except FormatMissing as error:
            if warn is None or len(formats) == 1:
                raise
            warn(str(error))
    return files


def renderer(form: str) -> Render:
    """The function that makes a format."""
    return cast(Render, import_module(f"analysis.report.{_RENDERERS[form]}").render)


def _bytes(content: bytes | str) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf8")
