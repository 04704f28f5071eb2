"""What a page is asked for: filters, page number and order, from the address; everything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, get_args
from urllib.parse import urlencode

from analysis.errors import UserError
from analysis.trends import Filters
from analysis.trends.coverage import Period
from analysis.watchlist import Watchlist

SHOWN = 50
"""Rows of a page."""
_LAST_PAGE = 200
_LONGEST = 200
_FIRST = date(1600, 1, 1)


@dataclass(frozen=True)
class Asked:
    """Filters and what else stands in an address."""

    filters: Filters = field(default_factory=Filters)
    by: Period = "day"
    page: int = 1
    sort: str | None = None
    """A column, largest first; with `:asc` smallest first."""

    def query(self, **changed: Any) -> str:
        """The same as the part of an address after `?`, with some of it changed; None takes away."""
        told = {name: getattr(self.filters, name) for name in Filters.NAMES}
        told |= {"by": self.by if self.by != "day" else None, "sort": self.sort, **changed}
        return urlencode({name: str(value) for name, value in told.items() if value is not None})


def read(given: Mapping[str, str], watchlist: Watchlist | None) -> Asked:
    """The parameters of an address.

    Raises:
        UserError: an unknown name, or a value that cannot be; names it.
    """
    known = {*Filters.NAMES, "by", "page", "sort"}
    for name, value in given.items():
        if name not in known:
            raise UserError(f"{name}: no such filter; there are {', '.join(sorted(known))}")
        if len(value) > _LONGEST or not value.isprintable():
            raise UserError(f"{name}: at most {_LONGEST} printable characters")
    said = {name: value.strip() for name, value in given.items() if value.strip()}
    filters = Filters(
        brand=_one_of("brand", said, [b.id for b in watchlist.brands] if watchlist else None),
        topic=_one_of("topic", said, [t.id for t in watchlist.topics] if watchlist else None),
        outlet=said.get("outlet"),
        tier=_whole("tier", said, 1, 3),
        since=_day("since", said),
        until=_day("until", said),
        search=said.get("search"),
    )
    if filters.since and filters.until and filters.since > filters.until:
        raise UserError(f"since: {filters.since} is after until {filters.until}")
    by = _one_of("by", said, list(get_args(Period))) or "day"
    return Asked(filters, by, _whole("page", said, 1, _LAST_PAGE) or 1, _column(said))  # type: ignore[arg-type]


def recent(asked: Asked, last: date, days: int) -> Asked:
    """The same with both ends of its time: up to `last`, and `days` of them, where the address does not say."""
    until = asked.filters.until or max(last, asked.filters.since or last)
    since = asked.filters.since or max(until - timedelta(days=days - 1), _FIRST)
    return replace(asked, filters=replace(asked.filters, since=since, until=until))


def days_of(asked: Asked) -> tuple[date, date]:
    """First and last day of what `recent` gave."""
    assert asked.filters.since is not None
    assert asked.filters.until is not None
    return asked.filters.since, asked.filters.until


def _one_of(name: str, said: Mapping[str, str], there: list[str] | None) -> str | None:
    value = said.get(name)
    if value is not None and there is not None and value not in there:
        raise UserError(f"{name}: {value} is none of {', '.join(there)}")
    return value


def _whole(name: str, said: Mapping[str, str], least: int, most: int) -> int | None:
    value = said.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
        raise UserError(f"{name}: a whole number from {least} to {most}")
    return int(value)


def _day(name: str, said: Mapping[str, str]) -> date | None:
    value = said.get(name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if not _FIRST.year <= day.year < 3000:
        raise UserError(f"{name}: {value} is no date; like 2008-08-11")
    return day


def _column(said: Mapping[str, str]) -> str | None:
    value = said.get("sort")
    if value is not None:
        column, _, direction = value.partition(":")
        if not (column.isascii() and column.isidentifier()) or direction not in {"", "asc", "desc"}:
            raise UserError("sort: a column, or a column with :asc")
    return value
