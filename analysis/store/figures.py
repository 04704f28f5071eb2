"""The figures behind the public views, kept ready: written anew for the stories that a transaction touched.

Everything here is made from the tables of the migrations. `rebuild` makes all of it, `refresh` what is out of date, and
both leave the same (tests/analysis/store/test_figures.py). A night costs what the night brought, whatever is stored.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import duckdb

_MONTH = timedelta(days=30)
_LAST = date.max - _MONTH
_EVER = {"lo": datetime(1, 1, 2, tzinfo=UTC), "hi": datetime(9999, 12, 30, tzinfo=UTC)}
UNDATED = date(1, 1, 1)
"""The month of stories of which no article has a date."""

# span -> beginning of its period.
_SPANS = {
    "hour": "day",
    "day": "day",
    "week": "date_trunc('week', day)::DATE",
    "month": "date_trunc('month', day)::DATE",
    "ever": "story_month",
    "byline": "story_month",
}
# table -> its spans, and what limits its cells beside the brand; at most one limit at a time.
_TABLES = {
    "shown_coverage": (("day", "week", "month", "ever"), ("all", "topic", "tier")),
    "shown_coverage_by_hour": (("hour",), ("all", "topic")),
    "shown_coverage_by_outlet": (("day", "week", "month", "ever"), ("outlet",)),
    "shown_coverage_by_line": (("byline",), ("journalist",)),
}
_OF_STORIES = {"ever", "byline"}
_LIMITS = {
    "all": "NULL AS topic_id, NULL AS in_outlet, NULL AS in_tier, NULL AS journalist",
    "topic": "unnest(topics) AS topic_id, NULL AS in_outlet, NULL AS in_tier, NULL AS journalist",
    "tier": "NULL AS topic_id, NULL AS in_outlet, tier AS in_tier, NULL AS journalist",
    "outlet": "NULL AS topic_id, outlet AS in_outlet, NULL AS in_tier, NULL AS journalist",
    "journalist": "NULL AS topic_id, outlet AS in_outlet, NULL AS in_tier, unnest(authors) AS journalist",
}


def touch(connection: duckdb.DuckDBPyConnection, articles: str, values: dict[str, Any] | None = None) -> None:
    """Note that the stories of these articles changed; in the transaction that changes them, before and after a move.

    articles: a query that gives `story_id` and `at`, the time of each article (published, else fetched)
    """
    connection.execute(f'INSERT INTO private.touched SELECT story_id, "at" FROM ({articles})', values or {})


def refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the figures of all touched stories up to date. Inside the caller's transaction, where there is one."""
    if not connection.execute("SELECT 1 FROM private.touched LIMIT 1").fetchone():
        return
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE scope AS
           SELECT story_id, md5_number_lower(story_id) AS story_key, min("at") AS first_at, max("at") AS last_at
           FROM private.touched GROUP BY story_id"""
    )
    lo, hi = connection.execute(
        """SELECT min(first_at), max(last_at) FROM (
               SELECT first_at, last_at FROM scope
               UNION ALL SELECT first_at, last_at FROM private.shown_stories
               WHERE story_key IN (SELECT story_key FROM scope))"""
    ).fetchall()[0]
    _write(connection, "story_id IN (SELECT story_id FROM scope)", {"lo": lo, "hi": hi})
    connection.execute("DROP TABLE scope")
    connection.execute("DELETE FROM private.touched")


def rebuild(connection: duckdb.DuckDBPyConnection) -> None:
    """Throw all figures away and make them anew."""
    for statement in connection.extract_statements(_text("figures_tables.sql")):
        connection.execute(statement)
    _write(connection, "true", _EVER)
    collect(connection)
    connection.execute("DELETE FROM private.touched")


def collect(connection: duckdb.DuckDBPyConnection) -> None:
    """Work out anew which days and hours the sources' answers reached; when a run has ended."""
    values = {"zone": _zone(connection)}
    for statement in connection.extract_statements(_text("collection.sql")):
        connection.execute(statement, {name: values[name] for name in statement.named_parameters})


def version() -> str:
    """Changes whenever the figures are made in another way."""
    made = [_text(name) for name in ("figures_tables.sql", "figures.sql", "collection.sql")]
    return sha256(
        "".join((*made, repr(_SPANS), repr(_TABLES), repr(_LIMITS), _CELLS, _CO_MENTIONS)).encode()
    ).hexdigest()


def _write(connection: duckdb.DuckDBPyConnection, among: str, bounds: dict[str, Any]) -> None:
    values = {**bounds, "zone": _zone(connection)}
    for statement in connection.extract_statements(_text("figures.sql").replace("{among}", among)):
        connection.execute(statement, {name: values[name] for name in statement.named_parameters})
    for table, (spans, limits) in _TABLES.items():
        for span in spans:
            _count(connection, table, span, limits, everything=among == "true")
    _count_pairs(connection, everything=among == "true")
    connection.execute("DROP TABLE scope_articles; DROP TABLE affected")


def _zone(connection: duckdb.DuckDBPyConnection) -> str:
    found = connection.execute("SELECT value FROM private.settings WHERE key = 'timezone'").fetchone()
    return str(found[0]) if found else "UTC"


def _count(
    connection: duckdb.DuckDBPyConnection, table: str, span: str, limits: tuple[str, ...], *, everything: bool
) -> None:
    """Count the periods anew in which something changed."""
    period = _SPANS[span]
    if (changed := _changed(connection, period, everything=everything)) is None:
        return
    within, values = changed
    connection.execute(f"DELETE FROM private.{table} WHERE span = '{span}' AND {within.format('day', 'day')}", values)
    of_stories = span in _OF_STORIES
    here = within.format(period, "story_month" if of_stories else "day")
    rows = f"""SELECT *, {period} AS period, {"hour" if span == "hour" else "NULL"} AS in_hour, {{}}
               FROM private.shown_brand_articles WHERE {here} {"" if of_stories else "AND day IS NOT NULL"}"""
    rows = " UNION ALL ".join(rows.format(_LIMITS[limit]) for limit in limits)
    connection.execute(_CELLS.format(table=table, span=span, rows=rows), values)


def _count_pairs(connection: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    """The same for the brands that stand in one story."""
    if (changed := _changed(connection, "story_month", everything=everything)) is None:
        return
    within, values = changed
    connection.execute(f"DELETE FROM private.shown_co_mentions WHERE {within.format('month', 'month')}", values)
    connection.execute(_CO_MENTIONS.format(within=within.format("story_month", "story_month")), values)


def _changed(
    connection: duckdb.DuckDBPyConnection, period: str, *, everything: bool
) -> tuple[str, dict[str, Any]] | None:
    """A condition over the period `{0}` and the day `{1}` for what changed, with its values; None: nothing did."""
    if everything:
        return "true", {}
    found = connection.execute(f"SELECT DISTINCT {period} AS p FROM affected WHERE p IS NOT NULL ORDER BY p")
    periods = [found for (found,) in found.fetchall()]
    if not periods:
        return None
    # the bounds let DuckDB pass over what lies elsewhere; the list alone would not
    values = {"periods": periods, "first": periods[0], "last": min(periods[-1], _LAST) + _MONTH}
    return "{0} IN (SELECT unnest($periods)) AND {1} BETWEEN $first AND $last", values


_CELLS = """
INSERT INTO private.{table} BY NAME
SELECT '{span}' AS span, period AS day, in_hour AS hour, brand_id, topic_id, in_outlet AS outlet, in_tier AS tier,
       journalist, sum(articles) AS articles, count(*) AS stories, sum(pick_ups) AS pick_ups, sum(mentions) AS mentions,
       sum(positive) AS positive, sum(neutral) AS neutral, sum(negative) AS negative,
       sum(own_voice) AS own_voice, count(tone) AS scored,
       coalesce(sum(tone), 0.0) AS tone_total, coalesce(sum(tone * tone), 0.0) AS tone_squares,
       sum(prominence) AS prominence_total, sum(weight) AS weight, sum(tier_1) AS tier_1, sum(tier_2) AS tier_2,
       sum(tier_3) AS tier_3, min(first_at) AS first_at, max(last_at) AS last_at
FROM (
    SELECT period, in_hour, brand_id, topic_id, in_outlet, in_tier, journalist, family_id, count(*) AS articles,
           count(*) FILTER (syndicated) AS pick_ups, sum(mentions) AS mentions, sum(positive) AS positive,
           sum(neutral) AS neutral, sum(negative) AS negative, sum(own_voice) AS own_voice,
           max(prominence) AS prominence,
           max((4 - tier) * prominence) AS weight, count(*) FILTER (tier = 1) AS tier_1,
           count(*) FILTER (tier = 2) AS tier_2, count(*) FILTER (tier = 3) AS tier_3, min(published_at) AS first_at,
           max(published_at) AS last_at, story_tone(tone_sum, scored, syndicated) AS tone
    FROM ({rows}) GROUP BY ALL
)
GROUP BY ALL ORDER BY day, hour, brand_id"""


_CO_MENTIONS = """
INSERT INTO private.shown_co_mentions BY NAME
WITH told AS (
    SELECT story_month, topic_id, brand_id, family_id, story_tone(tone_sum, scored, syndicated) AS tone
    FROM (SELECT *, unnest(list_append(topics, NULL)) AS topic_id FROM private.shown_brand_articles WHERE {within})
    GROUP BY ALL
)
SELECT o.story_month AS month, o.topic_id, o.brand_id, r.brand_id AS rival_id, count(*) AS stories,
       count(o.tone) AS scored, coalesce(sum(o.tone), 0) AS tone_total, coalesce(sum(o.tone ** 2), 0) AS tone_squares,
       count(r.tone) AS rival_scored, coalesce(sum(r.tone), 0) AS rival_tone_total,
       coalesce(sum(r.tone ** 2), 0) AS rival_tone_squares
FROM told o JOIN told r ON r.family_id = o.family_id AND r.brand_id != o.brand_id
                       AND r.topic_id IS NOT DISTINCT FROM o.topic_id
GROUP BY ALL ORDER BY month"""


@cache
def _text(name: str) -> str:
    return files("analysis.store").joinpath(name).read_text("utf8")
