"""What a backfill has done already: each file is a unit, `done` or `missing`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.store.database import reading


def finished(database: Path, kind: str) -> set[str]:
    """The units of a kind that need not be done again. What is missing today may be there tomorrow."""
    if not database.exists():
        return set()
    with reading(database) as connection:
        rows = connection.execute("SELECT unit FROM private.units WHERE kind = ? AND state = 'done'", [kind]).fetchall()
    return {unit for (unit,) in rows}


def unit_record(unit: str, kind: str, state: str, records: int, at: datetime) -> dict[str, Any]:
    """For the spool. records: what the unit held."""
    return {"unit": {"unit": unit, "kind": kind, "state": state, "records": records, "at": at}}


def captured(database: Path, urls: list[str]) -> dict[str, datetime]:
    """Of those `urls` whose article is stored: when its newest revision was fetched."""
    if not urls or not database.exists():
        return {}
    with reading(database) as connection:
        rows = connection.execute(
            """SELECT split_part(url, '#', 1) AS page, max(fetched_at) FROM private.articles
               WHERE newest AND split_part(url, '#', 1) IN (SELECT unnest(?)) GROUP BY page""",
            [urls],
        ).fetchall()
    return dict(rows)
