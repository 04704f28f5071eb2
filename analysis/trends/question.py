"""A question in SQL and its answer, and the filters that all questions share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import duckdb


@dataclass(frozen=True)
class Answer:
    """Rows as the database gave them, with the query that made them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    sql: str

    def dicts(self) -> list[dict[str, Any]]:
        """One dictionary a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def only(self, columns: tuple[str, ...]) -> Answer:
        """The same rows with these columns, in this order."""
        places = [self.columns.index(column) for column in columns]
        return Answer(columns, tuple(tuple(row[place] for place in places) for row in self.rows), self.sql)


@dataclass(frozen=True)
class Question:
    """SQL over the public views with the values bound to it; text of users never becomes SQL."""

    sql: str
    values: dict[str, Any] = field(default_factory=dict)

    def ask(self, connection: duckdb.DuckDBPyConnection) -> Answer:
        """Raises duckdb.Error where the store is older than the views that the question needs."""
        used = {name: value for name, value in self.values.items() if f"${name}" in self.sql}
        result = connection.execute(self.sql, used)
        columns = tuple(column[0] for column in result.description or ())
        return Answer(columns, tuple(result.fetchall()), self.sql)


@dataclass(frozen=True)
class Filters:
    """What a question is limited to; None means everything. Days are days in the watchlist's zone."""

    brand: str | None = None
    topic: str | None = None
    outlet: str | None = None
    since: date | None = None
    """First day, included."""
    until: date | None = None
    """Last day, included."""
    search: str | None = None
    """Words that the sentence must contain, in any case."""

    def where(self, zone: str) -> tuple[str, dict[str, Any]]:
        """A condition over the view `mentions`, and its values."""
        conditions, values = ["true"], {}
        for name, condition in (
            ("brand", "brand_id = $brand"),
            ("topic", "list_contains(topics, $topic)"),
            ("outlet", "outlet = $outlet"),
            ("search", "contains(lower(sentence), lower($search))"),
        ):
            if (value := getattr(self, name)) is not None:
                conditions.append(condition)
                values[name] = value
        if self.since:
            conditions.append("published_at >= $since")
            values["since"] = midnight(self.since, zone)
        if self.until:
            conditions.append("published_at < $until")
            values["until"] = midnight(date.fromordinal(self.until.toordinal() + 1), zone)
        return " AND ".join(conditions), values


def midnight(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`; right on days of 23 and 25 hours."""
    return datetime.combine(day, time(), ZoneInfo(zone))
