"""What a night's articles are worth comparing with: looked up, so that nothing is compared with everything.

Both questions are joins of the temporary table `arrivals` (analysis.store.grouping) with the sketches that lie near in
time, on numbers that few articles share.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from analysis.stories.clusters import PRIOR, WINDOW

COPIES_WITHIN = 7
"""Days between an original and a copy."""
FETCHED_WITHIN = 30
"""Days between the fetches of two articles one of which has no date."""

_CANDIDATES = 24  # of each article, those with most bands in common
_A_BAND = 60  # others that an article is proposed for one band, the nearest in time; more share boilerplate
_STORIES = 10  # that each newcomer is compared with
_TELLING = 25  # terms by which they are looked up, at least two in common
_USUAL = 0.003  # share of the stories from which on a term tells nothing, and so many are few
_FEW = 50
_AT_ONCE = 1000  # newcomers in one query, which bounds its memory

# Near in time: by publication; by the fetch where one of the two has no date.
_NEAR = f"""CASE WHEN one.dated AND other.dated THEN abs(epoch(one."at") - epoch(other."at")) <= {{days}} * 86400
    ELSE abs(epoch(one.fetched_at) - epoch(other.fetched_at)) <= {FETCHED_WITHIN} * 86400 END"""
# Rows of the table that may be near any of the arrivals. Bounds are constants and rows are named by their place, so
# that DuckDB passes over what lies elsewhere in time and reads no lists of it: a night costs the same in any store.
_BOUNDS = """
SELECT min("at") FILTER (dated) - to_days($days) AS first, max("at") FILTER (dated) + to_days($days) AS last,
       min(fetched_at) - to_days($fetched) AS since, max(fetched_at) + to_days($fetched) AS until,
       coalesce(bool_or(NOT dated), false) AS undated FROM arrivals"""
_WITHIN = """
CREATE OR REPLACE TEMP TABLE near AS
SELECT rowid AS place FROM private.sketches WHERE dated AND "at" BETWEEN $first AND $last AND {which}
UNION SELECT rowid FROM private.sketches
WHERE (NOT dated OR $undated) AND fetched_at BETWEEN $since AND $until AND {which}"""
_TOLD = "is_original AND story_id IS NOT NULL"

_COPIES = f"""
WITH come AS (
    SELECT article_id, article_id AS family_id, "at", dated, fetched_at, turn, unnest(bands) AS band FROM arrivals
),
known AS (
    SELECT article_id, family_id, "at", dated, fetched_at, 0 AS turn, unnest(bands) AS band
    FROM private.sketches WHERE rowid IN (SELECT place FROM near)
    UNION ALL FROM come
),
hits AS (
    SELECT one.article_id, other.article_id AS other_id, other.family_id
    FROM come one JOIN known other USING (band)
    WHERE other.turn < one.turn AND {_NEAR.format(days=COPIES_WITHIN)}
    QUALIFY row_number() OVER (PARTITION BY one.article_id, band
                               ORDER BY abs(epoch(one."at") - epoch(other."at")), other.article_id) <= {_A_BAND}
)
SELECT article_id, other_id, family_id, count(*) AS shared FROM hits GROUP BY article_id, other_id, family_id
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY shared DESC, other_id) <= {_CANDIDATES}"""

# What newcomers are looked up by, and what is near in time that holds any of it. Rows go by numbers, a stored one by
# its place and a newcomer by its turn below zero: names in millions of rows would cost most of the time and memory.
_SOUGHT = f"""
CREATE OR REPLACE TEMP TABLE sought AS
WITH weighed AS (
    SELECT turn, brands, term,
           weight * greatest(0, ln(($stories + {PRIOR}) / (coalesce(t.stories, 0) + 0.5))) AS tells
    FROM (SELECT turn, brands, unnest(terms) AS term, unnest(weights) AS weight
          FROM arrivals WHERE article_id IN (SELECT unnest($founders)))
    LEFT JOIN private.terms t USING (term)
    WHERE coalesce(t.stories, 0) <= greatest({_FEW}, {_USUAL} * $stories)
)
SELECT turn, unnest(brands) AS brand, term, tells
FROM (FROM weighed QUALIFY row_number() OVER (PARTITION BY turn ORDER BY tells DESC, term) <= {_TELLING})"""
# A new family has no story yet: it is proposed to others by the name of its founder.
_KNOWN = """
CREATE OR REPLACE TEMP TABLE known AS
SELECT rowid AS place, story_id, brands, "at", dated, fetched_at, 0 AS turn, terms
FROM private.sketches WHERE rowid IN (SELECT place FROM near)
UNION ALL SELECT -turn, article_id, brands, "at", dated, fetched_at, turn, terms
FROM arrivals WHERE article_id IN (SELECT unnest($founders))"""
_HELD = """
CREATE OR REPLACE TEMP TABLE held AS
SELECT place, term, unnest(brands) AS brand FROM (SELECT place, brands, unnest(terms) AS term FROM known)
WHERE term IN (SELECT term FROM sought)"""
_STORIES_NEAR = f"""
WITH hits AS (
    SELECT turn, place, max(score) AS score FROM (
        SELECT s.turn, h.place, brand, sum(tells) AS score FROM sought s JOIN held h USING (term, brand)
        WHERE s.turn BETWEEN $first AND $last GROUP BY ALL HAVING count(*) > 1) GROUP BY ALL
)
SELECT one.story_id, other.story_id, max(score) AS nearest
FROM hits h JOIN known one ON one.place = -h.turn JOIN known other ON other.place = h.place
WHERE (other.turn = 0 OR other.turn < one.turn) AND {_NEAR.format(days=WINDOW)}
GROUP BY one.story_id, other.story_id
QUALIFY row_number() OVER (PARTITION BY one.story_id ORDER BY nearest DESC, other.story_id) <= {_STORIES}"""


def copies(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, int]]:
    """Arrival, an article that it may be a copy of, that one's family, and how many bands they share.

    The other article is in the store or an arrival of an earlier turn, whose family is then its own name.
    """
    _find_near(connection, COPIES_WITHIN)
    return connection.execute(_COPIES).fetchall()


def stories(connection: duckdb.DuckDBPyConnection, founders: Sequence[str], count: int) -> list[tuple[str, str]]:
    """Arrival, and a story (or a founder of an earlier turn) that may tell of the same event.

    founders: arrivals that are the originals of new families
    count: stories in the store
    """
    _find_near(connection, int(WINDOW), _TOLD)
    connection.execute(_SOUGHT, {"founders": list(founders), "stories": count})
    connection.execute(_KNOWN, {"founders": list(founders)})
    connection.execute(_HELD)
    (turns,) = connection.execute("SELECT coalesce(max(turn), 0) FROM sought").fetchall()[0]
    found: list[tuple[str, str]] = []
    for first in range(1, turns + 1, _AT_ONCE):
        values = {"first": first, "last": first + _AT_ONCE - 1}
        found += [(article, story) for article, story, _ in connection.execute(_STORIES_NEAR, values).fetchall()]
    for table in ("sought", "known", "held", "near"):
        connection.execute(f"DROP TABLE {table}")
    return found


def _find_near(connection: duckdb.DuckDBPyConnection, days: int, which: str = "true") -> None:
    """Fill the temporary table `near`."""
    found = connection.execute(_BOUNDS, {"days": days, "fetched": FETCHED_WITHIN}).fetchall()[0]
    names = ("first", "last", "since", "until", "undated")
    connection.execute(_WITHIN.format(which=which), dict(zip(names, found, strict=True)))
