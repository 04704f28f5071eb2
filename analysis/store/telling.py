"""The story of each new family: which event it tells of. Part of the load, in its transaction.

A story is named after the family that opened it and keeps that name as it grows. Where two turn out to be one, the
older stays, and `private.story_changes` says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import duckdb

from analysis.store import proposals
from analysis.store.figures import touch
from analysis.stories.clusters import PRIOR, Cluster, importance, merge
from analysis.stories.families import Families

Pairs = list[tuple[str, str]]
Rows = list[tuple[Any, ...]]

_YOUNG = 10  # times a night's stories; in a smaller store the night itself says what is usual
_LARGEST = 150  # terms of a story that newcomers are compared with
_AT_ONCE = 1000  # stories whose terms are fetched at once

_HELD = """flatten(list(brands)), flatten(list(topics)), min(epoch("at")) FILTER (dated) / 86400,
       max(epoch("at")) FILTER (dated) / 86400, count(*) FILTER (is_original)"""
_FOUNDED = f"""
SELECT family_id, any_value(article_id) FILTER (is_original), {_HELD}
FROM private.sketches WHERE family_id IN (SELECT unnest(?)) GROUP BY family_id HAVING count(story_id) = 0
ORDER BY min("at"), family_id"""
_KNOWN = f"""
SELECT story_id, NULL, {_HELD}
FROM private.sketches JOIN private.stories USING (story_id)
WHERE story_id IN (SELECT unnest(?)) GROUP BY story_id, opened_at ORDER BY opened_at, story_id"""
_TERMS = f"""
SELECT name, list(term), list(total) FROM (
    SELECT name, term, sum(weight)::DOUBLE AS total
    FROM (SELECT coalesce(story_id, family_id) AS name, unnest(terms) AS term, unnest(weights) AS weight
          FROM (FROM private.sketches WHERE rowid IN (   -- lists are read of these rows only, the newest apart
                    SELECT rowid FROM private.sketches
                    WHERE is_original AND story_id IN (SELECT unnest($names)))
                UNION ALL FROM private.sketches WHERE rowid IN (
                    SELECT rowid FROM private.sketches
                    WHERE is_original AND story_id IS NULL AND family_id IN (SELECT unnest($names)))))
    GROUP BY name, term QUALIFY row_number() OVER (PARTITION BY name ORDER BY total DESC, term) <= {_LARGEST})
GROUP BY name"""
_NAMED = "(SELECT family_id, coalesce(story_id, family_id) AS name FROM private.sketches WHERE is_original)"
_APART = f"""
SELECT DISTINCT one.name, other.name FROM private.apart p
JOIN {_NAMED} one ON one.family_id = p.family_id JOIN {_NAMED} other ON other.family_id = p.other_id"""
_TOGETHER = f"""
SELECT DISTINCT one.name, other.name FROM (SELECT unnest($ones) AS family_id, unnest($others) AS other_id) p
JOIN {_NAMED} one ON one.family_id = p.family_id JOIN {_NAMED} other ON other.family_id = p.other_id
UNION ALL   -- families that became one are in one story
SELECT min(story_id), max(story_id) FROM private.sketches
WHERE family_id IN (SELECT unnest($touched)) GROUP BY family_id HAVING min(story_id) != max(story_id)
UNION ALL   -- and so are the posts of one live page
SELECT DISTINCT name, first FROM (
    SELECT coalesce(story_id, family_id) AS name, min(name) OVER (PARTITION BY page_id) AS first
    FROM private.sketches WHERE page_id IN (
        SELECT page_id FROM private.sketches WHERE page_id IS NOT NULL AND family_id IN (SELECT unnest($touched))))
WHERE name != first"""


def tell(connection: duckdb.DuckDBPyConnection, touched: Sequence[str], families: Families) -> None:
    """Give every family in `touched` a story, and each story that changed its headline.

    Raises:
        duckdb.Error: the caller rolls back.
    """
    connection.execute(
        """UPDATE private.sketches SET story_id = known.story_id
           FROM (SELECT family_id, min(story_id) AS story_id FROM private.sketches
                 WHERE family_id IN (SELECT unnest(?)) AND story_id IS NOT NULL GROUP BY family_id) known
           WHERE sketches.family_id = known.family_id AND sketches.story_id IS NULL""",
        [list(touched)],
    )
    founded = connection.execute(_FOUNDED, [list(touched)]).fetchall()
    count = connection.execute("SELECT count(*) FROM private.stories").fetchall()[0][0]
    followed = {"ones": [one for one, _ in families.followed], "others": [other for _, other in families.followed]}
    together = connection.execute(_TOGETHER, {**followed, "touched": list(touched)}).fetchall()
    if founded or together:
        _write(connection, _merged(connection, founded, together, count), [row[0] for row in founded])
    _name(connection, touched)


def _merged(connection: duckdb.DuckDBPyConnection, founded: Rows, together: Pairs, count: int) -> list[Cluster]:
    """Stories as they are now, with the new families in them or as stories of their own."""
    family_of = {row[1]: row[0] for row in founded}
    proposed = [
        (family_of[article], family_of.get(other, other))
        for article, other in proposals.stories(connection, list(family_of), count)
    ]
    names = {name for pair in [*proposed, *together] for name in pair} - set(family_of.values())
    known = connection.execute(_KNOWN, [sorted(names)]).fetchall()
    clusters = _clusters(connection, known, founded)
    places = {cluster.names[0]: place for place, cluster in enumerate(clusters)}
    pairs, forced = ([(places[a], places[b]) for a, b in found] for found in (proposed, together))
    apart = set(connection.execute(_APART).fetchall())
    frequency = _frequency(connection, clusters)
    merged = clusters
    # How much a term tells is counted in stories, and those of the night are known only after the first round.
    for _ in range(2 if count < _YOUNG * len(founded) else 1):
        fresh = [cluster for cluster in merged if not cluster.stored]
        frequency_now = Counter(frequency)
        frequency_now.update(term for cluster in fresh for term in cluster.weights)
        weight = importance(count + len(fresh), frequency_now.__getitem__)
        merged = merge([cluster.copy() for cluster in clusters], pairs, weight, apart, forced)
    return merged


def _clusters(connection: duckdb.DuckDBPyConnection, known: Rows, founded: Rows) -> list[Cluster]:
    """Stories of the store, the oldest first, then new families in the order of publication."""
    rows = [*known, *founded]
    told = connection.execute(_TERMS, {"names": [name for name, *_ in rows]})
    held: dict[str, dict[int, float]] = {}
    while found := told.fetchmany(_AT_ONCE):
        held.update((name, dict(zip(terms, totals, strict=True))) for name, terms, totals in found)
    return [
        Cluster([name], place < len(known), held.get(name, {}), frozenset(brands), frozenset(topics), first, last, size)
        for place, (name, _, brands, topics, first, last, size) in enumerate(rows)
    ]


def _frequency(connection: duckdb.DuckDBPyConnection, clusters: list[Cluster]) -> dict[int, int]:
    """In how many stories of the store each of the terms is."""
    wanted = list({term for cluster in clusters for term in cluster.weights})
    sql = "SELECT term, stories FROM private.terms WHERE term IN (SELECT unnest(?))"
    return dict(connection.execute(sql, [wanted]).fetchall())


def _write(connection: duckdb.DuckDBPyConnection, merged: list[Cluster], founded: list[str]) -> None:
    """Write down which stories were opened, which grew and which became one."""
    turn = {family: place for place, family in enumerate(founded)}
    opened = {min(cluster.names, key=turn.__getitem__): cluster for cluster in merged if not cluster.stored}
    told = [(family, story) for story, cluster in opened.items() for family in cluster.names]
    for cluster in merged:
        if cluster.stored:
            stories = [name for name in cluster.names if name not in turn]
            story = _oldest(connection, stories)
            told += [(family, story) for family in cluster.names if family in turn]
            _join(connection, story, [lost for lost in stories if lost != story])
    connection.execute(
        """UPDATE private.sketches SET story_id = told.story_id
           FROM (SELECT unnest(?) AS family_id, unnest(?) AS story_id) told
           WHERE sketches.family_id = told.family_id""",
        [[family for family, _ in told], [story for _, story in told]],
    )
    connection.execute("INSERT INTO private.stories SELECT unnest(?), NULL, now()", [list(opened)])
    _count_terms(connection, Counter(term for cluster in opened.values() for term in cluster.weights))


def _oldest(connection: duckdb.DuckDBPyConnection, stories: list[str]) -> str:
    if len(stories) == 1:
        return stories[0]
    sql = "SELECT arg_min(story_id, (opened_at, story_id)) FROM private.stories WHERE story_id IN (SELECT unnest(?))"
    story: str = connection.execute(sql, [stories]).fetchall()[0][0]
    return story


def _join(connection: duckdb.DuckDBPyConnection, story: str, lost: list[str]) -> None:
    if not lost:
        return
    connection.execute("INSERT INTO private.story_changes SELECT ?, 'merged', unnest(?), NULL, now()", [story, lost])
    touch(connection, 'SELECT story_id, "at" FROM private.sketches WHERE story_id IN (SELECT unnest($stories))',
          {"stories": [story, *lost]})  # fmt: skip
    for table in ("sketches", "articles"):
        connection.execute(
            f"UPDATE private.{table} SET story_id = ? WHERE story_id IN (SELECT unnest(?))", [story, lost]
        )
    connection.execute("DELETE FROM private.stories WHERE story_id IN (SELECT unnest(?))", [lost])


def _count_terms(connection: duckdb.DuckDBPyConnection, found: Counter[int]) -> None:
    connection.execute("CREATE TEMP TABLE counted AS SELECT unnest(?)::UINTEGER AS term, unnest(?)::INTEGER AS stories",
                       [list(found), list(found.values())])  # fmt: skip
    connection.execute(
        """UPDATE private.terms SET stories = terms.stories + counted.stories
           FROM counted WHERE counted.term = terms.term"""
    )
    connection.execute(
        "INSERT INTO private.terms SELECT term, stories FROM counted ANTI JOIN private.terms USING (term)"
    )
    connection.execute("DROP TABLE counted")


# The article whose terms are nearest to those of the whole story, the first of several.
_TITLES = f"""
WITH originals AS (
    SELECT story_id, article_id, "at", terms, weights FROM private.sketches WHERE rowid IN (
        SELECT rowid FROM private.sketches WHERE is_original AND story_id IN (
            SELECT story_id FROM private.sketches WHERE family_id IN (SELECT unnest($touched))))
),
weighed AS (
    SELECT story_id, article_id, term,
           weight * greatest(0, ln(($count + {PRIOR}) / (coalesce(t.stories, 0) + 0.5))) AS weight
    FROM (SELECT story_id, article_id, unnest(terms) AS term, unnest(weights) AS weight FROM originals)
    LEFT JOIN private.terms t USING (term)
),
whole AS (SELECT story_id, term, sum(weight) AS weight FROM weighed GROUP BY story_id, term),
near AS (
    SELECT article_id, sum(w.weight * s.weight) / sqrt(sum(w.weight ** 2)) AS nearness
    FROM weighed w JOIN whole s USING (story_id, term) WHERE w.weight > 0 GROUP BY article_id
)
UPDATE private.stories SET title_id = central.article_id
FROM (SELECT story_id, arg_min(article_id, (-round(coalesce(nearness, 0), 3), "at", article_id)) AS article_id
      FROM originals LEFT JOIN near USING (article_id) GROUP BY story_id) central
WHERE central.story_id = stories.story_id"""


def _name(connection: duckdb.DuckDBPyConnection, touched: Sequence[str]) -> None:
    """The headline of a story is that of its most central article."""
    count = connection.execute("SELECT count(*) FROM private.stories").fetchall()[0][0]
    connection.execute(_TITLES, {"touched": list(touched), "count": count})
