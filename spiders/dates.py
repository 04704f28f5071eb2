"""Dates that a person gives to a crawl."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from analysis.errors import UserError


def day_of(text: str, timezone: str) -> datetime | None:
    """When the day `text` (ISO 8601) begins in a zone, or the moment that it names; None where it is empty.

    Raises:
        UserError: it is no date.
    """
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"--since {text}: a date like 2008-08-11 is allowed") from None
    return when if when.tzinfo else when.replace(tzinfo=ZoneInfo(timezone))
