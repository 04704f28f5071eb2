"""Questions to the store with the report's values bound, and the proof that each figure keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from analysis.trends import Answer, Question

SHOWN = 100
"""Rows that a proof shows; its query gives the others."""


@dataclass(frozen=True)
class Proof:
    """The rows that a figure rests on, and how it follows from them."""

    key: str
    title: str
    rule: str
    """How the figures follow from the rows, in words."""
    sql: str
    """Gives the rows again, with `presswatch sql`: values are written out."""
    rows: Answer
    """The first SHOWN of them."""
    total: int
    """How many there are."""


_NOTHING = Answer((), (), "")


class Ask:
    """Asks with the same values every time, and remembers what was asked."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, **values: Any) -> None:
        self.connection, self.values = connection, values
        self.asked: list[tuple[str, str]] = []
        self.proofs: dict[str, Proof] = {}
        self.answers: dict[str, Proof] = {}
        """What was asked otherwise: the rows that tables are made of, under `key_of` their names."""

    def __call__(self, name: str, asked: str | Question, **extra: Any) -> Answer:
        """All rows; SQL is asked with the report's values, a question with its own."""
        question = Question(asked.strip(), {**self.values, **extra}) if isinstance(asked, str) else asked
        sql = written(question.text.strip(), question.bound)
        answer = question.ask(self.connection)
        self.keep(name, sql, answer)
        return answer

    def keep(self, name: str, sql: str, answer: Answer = _NOTHING) -> None:
        """Remember a query and its rows; also one that somebody else asked."""
        self.asked.append((name, sql))
        shown = Answer(answer.columns, answer.rows[:SHOWN], sql)
        self.answers[key_of(name)] = Proof(key_of(name), name, "", sql, shown, len(answer.rows))

    def figures(self, key: str, title: str, rule: str, rows: str, aggregate: str, **extra: Any) -> dict[str, Any]:
        """Figures as `aggregate` over the query `rows`, which is kept as their proof under `key`."""
        values = {**self.values, **extra}
        shown = Question(f"SELECT * FROM ({rows}) LIMIT {SHOWN}", values).ask(self.connection)
        answer = Question(f"SELECT count(*) AS total, {aggregate} FROM ({rows})", values).ask(self.connection)
        found = answer.dicts()[0]
        self.proofs[key] = Proof(key, title, rule, written(rows.strip(), values), shown, found["total"])
        return found


def key_of(name: str) -> str:
    """`Tone by tier` -> `tone-by-tier`."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def written(sql: str, values: dict[str, Any]) -> str:
    """`sql` with its values in place, to be asked again by hand."""
    return re.sub(r"\$([a-z_]+)", lambda found: _literal(values[found[1]]), sql)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00'"
    if isinstance(value, date):
        return f"DATE '{value}'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)
