"""A question in SQL and its answer, and the filters that all questions share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import duckdb

PAGES = """SELECT article_id, any_value(title) AS title, any_value(url) AS url FROM evidence
           WHERE {where} GROUP BY article_id"""
"""Title and address of the articles in a window; the view `articles` would be read from end to end."""

MENTIONS_TONE = "story_tone(CASE WHEN confident THEN tone END, (confident AND tone IS NOT NULL)::INTEGER, syndicated)"
"""Tone of a story from its rows of `mentions`, as that from rows of `brand_articles`."""


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
    """One SELECT; without ORDER BY and LIMIT where `order` is given."""
    values: dict[str, Any] = field(default_factory=dict)
    order: str = ""
    """What stands behind ORDER BY."""
    limit: int | None = None

    @property
    def text(self) -> str:
        """The whole query."""
        order = f"\nORDER BY {self.order}" if self.order else ""
        return f"{self.sql}{order}{' LIMIT $limit' if self.limit is not None else ''}"

    @property
    def bound(self) -> dict[str, Any]:
        """The values that the query uses."""
        used = set(re.findall(r"\$(\w+)", self.text))
        return {name: value for name, value in {**self.values, "limit": self.limit}.items() if name in used}

    def arranged(self, column: str | None, *, ascending: bool = False, limit: int | None = None) -> Question:
        """The same rows by `column`, ties as before; at most `limit` of them."""
        first = [f'"{column}" {"ASC" if ascending else "DESC"} NULLS LAST'] if column else []
        order = ", ".join([*first, *([self.order] if self.order else [])])
        return replace(self, order=order, limit=self.limit if limit is None else limit)

    def columns(self, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        """What the rows will have."""
        return replace(self, order="", limit=0).ask(connection).columns

    def ask(self, connection: duckdb.DuckDBPyConnection) -> Answer:
        """Rows in which instants stand in the question's zone.

        Raises:
            duckdb.Error: the store is older than the views that the question needs.
        """
        result = connection.execute(self.text, self.bound)
        described = result.description or ()
        instants = {n for n, column in enumerate(described) if str(column[1]) == "TIMESTAMP WITH TIME ZONE"}
        rows = tuple(result.fetchall())
        if instants and "zone" in self.values:
            zone = ZoneInfo(self.values["zone"])
            rows = tuple(tuple(_local(v, zone) if n in instants else v for n, v in enumerate(row)) for row in rows)
        return Answer(tuple(column[0] for column in described), rows, self.text)


@dataclass(frozen=True)
class Filters:
    """What a question is limited to; None means everything. Days are days in the watchlist's zone."""

    NAMES: ClassVar = ("brand", "topic", "outlet", "tier", "since", "until", "search")

    brand: str | None = None
    topic: str | None = None
    outlet: str | None = None
    tier: int | None = None
    since: date | None = None
    """First day, included."""
    until: date | None = None
    """Last day, included."""
    search: str | None = None
    """Words that the sentence must contain, in any case."""

    def where(self, zone: str) -> tuple[str, dict[str, Any]]:
        """A condition over the view `mentions` or `brand_articles` (no `search` there), and its values."""
        conditions, values = ["true"], {}
        for name, condition in (
            ("brand", "brand_id = $brand"),
            ("topic", "list_contains(topics, $topic)"),
            ("outlet", "outlet = $outlet"),
            ("tier", "tier = $tier"),
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
            values["until"] = midnight(self.until + timedelta(days=1), zone)
        return " AND ".join(conditions), values

    def of_all_brands(self) -> Filters:
        """The same for every brand: what a share is a share of."""
        return replace(self, brand=None)


def midnight(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`; right on days of 23 and 25 hours."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def _local(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) and value.tzinfo else value
