"""The place of each arrival: its family of copies, its story. Part of the load, in its transaction.

The temporary table `placed` (analysis.store.load) gives the new revisions; `private.sketches` holds what is known and
the outcome, from which `articles` is brought up to date.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import duckdb

from analysis.store import proposals
from analysis.store.figures import touch
from analysis.store.telling import tell
from analysis.stories.copies import Verdict, compare
from analysis.stories.families import Candidate, Families, Text, assign, likeness, original
from analysis.stories.words import SHORT, Words, comparable

_WHOLLY_NEW = 0.1  # of its words at most are from the revision before, and the page tells another story now
_AT_HAND = 256  # texts that are kept as words

# The newest revision in the batch of each article. A family is named after its founder; a page that left it for
# another text founds under another name.
_ARRIVALS = """
CREATE TEMP TABLE arrivals AS
SELECT article_id, coalesce(published_at, fetched_at) AS "at", published_at IS NOT NULL AS dated, fetched_at,
       list_distinct(list_transform(mentions, lambda m: m.brand_id)) AS brands, topics, agency, credit,
       nullif(page_id, article_id) AS page_id,
       coalesce(bands, []) AS bands, coalesce(terms, []) AS terms, coalesce(weights, []) AS weights,
       story_id IS NOT NULL AS known, content_id, row_number() OVER (ORDER BY "at", article_id) AS turn
FROM placed WHERE newest"""
_REVISED = "SELECT article_id, story_id, family_id, title, body FROM placed WHERE newest AND story_id IS NOT NULL"
_BEFORE = """
SELECT article_id, title, CASE WHEN trimmed THEN '' ELSE body END   -- what is left of a text is none to compare with
FROM private.articles WHERE rowid IN (   -- texts are read of these rows only
    SELECT rowid FROM private.articles WHERE newest AND article_id IN (SELECT article_id FROM placed))"""
# Revised articles that have company in their family, with the article that they are a copy of, or that is one of them.
_MATES = """
WITH members AS (
    SELECT *, row_number() OVER (PARTITION BY family_id ORDER BY is_original DESC, "at", article_id) AS place
    FROM private.sketches WHERE family_id IN (
        SELECT family_id FROM private.sketches WHERE article_id IN (SELECT unnest(?)))
)
SELECT m.article_id, m.family_id, p.content_id, mate.article_id
FROM placed p JOIN members m USING (article_id)
JOIN members mate ON mate.family_id = m.family_id AND mate.place = CASE m.place WHEN 1 THEN 2 ELSE 1 END
WHERE p.newest"""
_TEXTS = """
SELECT article_id, title, body, coalesce(published_at, fetched_at), published_at IS NOT NULL
FROM placed WHERE newest AND article_id IN (SELECT unnest($ids))
UNION ALL
SELECT a.article_id, a.title, CASE WHEN a.trimmed THEN '' ELSE a.body END,
       coalesce(a.published_at, a.fetched_at), a.published_at IS NOT NULL
FROM (FROM private.articles WHERE rowid IN (
          SELECT rowid FROM private.articles WHERE newest AND article_id IN (SELECT unnest($ids))
              AND article_id NOT IN (SELECT article_id FROM placed))) a"""


def group(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every row of `placed` its family and story, and move what that moves.

    Raises:
        duckdb.Error: the caller rolls back.
    """
    connection.execute(_ARRIVALS)
    moved, touched = _settle_revisions(connection)
    families = _families(connection)
    touched |= _store_families(connection, families)
    _name_originals(connection, touched)
    tell(connection, sorted(touched), families)
    _repeat(connection, touched, moved)
    connection.execute("DROP TABLE arrivals")


def name_originals(connection: duckdb.DuckDBPyConnection, families: set[str]) -> None:
    """Name the first of each of these families anew, where articles were taken out; in the caller's transaction."""
    connection.execute("CREATE OR REPLACE TEMP TABLE placed AS FROM private.articles LIMIT 0")  # nothing arrives
    _name_originals(connection, families)
    _follow(connection, families, [])
    connection.execute("DROP TABLE placed")


def _settle_revisions(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, str], set[str]]:
    """Leave articles that we know where they are, unless they say something else now.

    A page that tells another story arrives anew. An article whose text is no copy of its family's any more (it was
    corrected, or went on) leaves the family and stays in the story.

    Returns the articles that moved with the story that they leave, and the families that changed.
    """
    before = {article: text for article, *text in connection.execute(_BEFORE).fetchall()}
    known = connection.execute(_REVISED).fetchall()
    leaving = [row for row in known if _wholly_new(*row[3:], *before[row[0]])]
    moved = {article: story for article, story, *_ in leaving}
    connection.execute("DELETE FROM private.sketches WHERE article_id IN (SELECT unnest(?))", [list(moved)])
    connection.execute(
        """UPDATE private.sketches s SET bands = a.bands, terms = a.terms, weights = a.weights, brands = a.brands,
               topics = a.topics, "at" = a."at", dated = a.dated, credit = a.credit, fetched_at = a.fetched_at,
               kept = NULL
           FROM arrivals a WHERE a.article_id = s.article_id"""
    )
    connection.execute("DELETE FROM arrivals WHERE known AND article_id NOT IN (SELECT unnest(?))", [list(moved)])
    revised = {article for article, *_ in known} - moved.keys()
    return moved, {family for _, _, family, *_ in leaving} | _part(connection, revised)


def _wholly_new(title: str, body: str, old_title: str, old_body: str) -> bool:
    if title == old_title:
        return False
    words, old = Words(body), Words(old_body)
    return min(len(words), len(old)) >= SHORT and 1 - compare(old, words).added < _WHOLLY_NEW


def _part(connection: duckdb.DuckDBPyConnection, revised: set[str]) -> set[str]:
    """Let go of articles whose new text is no copy of their family's: of its original, or of the next for that one.

    Returns the families that changed.
    """
    rows = connection.execute(_MATES, [sorted(revised)]).fetchall()
    texts = Texts(connection, {article for row in rows for article in (row[0], row[3])})
    parted = [
        (article, family, own) for article, family, own, mate in rows
        if likeness(texts.read(article), texts.read(mate)).verdict is not Verdict.COPY
    ]  # fmt: skip
    connection.execute(
        """UPDATE private.sketches s SET family_id = p.family_id, is_original = true
           FROM (SELECT unnest(?) AS article_id, unnest(?) AS family_id) p WHERE p.article_id = s.article_id""",
        [[article for article, *_ in parted], [own for *_, own in parted]],
    )
    return {family for _, family, own, *_ in rows} | {own for *_, own in parted}


class Texts:
    """Texts of articles, fetched when they are asked for and kept for a while."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, wanted: Iterable[str]) -> None:
        rows = connection.execute(_TEXTS, {"ids": list(set(wanted))}).fetchall()
        self._rows = {row[0]: row[1:] for row in rows}
        self.read = lru_cache(maxsize=_AT_HAND)(self._read)

    def _read(self, article_id: str) -> Text:
        title, body, at, dated = self._rows[article_id]
        return Text(article_id, title, comparable(title, body), at, dated)


def _families(connection: duckdb.DuckDBPyConnection) -> Families:
    proposed = proposals.copies(connection)
    near: dict[str, list[Candidate]] = {}
    families = Families({}, {})
    arrivals = connection.execute("SELECT article_id, known, content_id FROM arrivals ORDER BY turn").fetchall()
    arriving = {article_id for article_id, *_ in arrivals}
    for article_id, other, family, shared in proposed:
        near.setdefault(article_id, []).append(Candidate(other, shared))
        if other not in arriving:
            families.family_of[other] = family
    families.first.update(
        connection.execute(
            "SELECT family_id, article_id FROM private.sketches WHERE is_original AND family_id IN (SELECT unnest(?))",
            [sorted(set(families.family_of.values()))],
        ).fetchall()
    )
    compared = {*near, *families.first.values(), *(candidate.article_id for c in near.values() for candidate in c)}
    texts = Texts(connection, compared)
    named = ((article_id, content_id if known else article_id) for article_id, known, content_id in arrivals)
    assign(named, lambda newcomer: near.get(newcomer, ()), families, texts.read)
    return families


def _store_families(connection: duckdb.DuckDBPyConnection, families: Families) -> set[str]:
    """Write down who is in which family. Returns the families that changed."""
    arrived = connection.execute("SELECT article_id FROM arrivals").fetchall()
    joined = {article: families.of(article) for (article,) in arrived}
    connection.execute(
        """INSERT INTO private.sketches BY NAME
           SELECT a.* EXCLUDE (known, content_id, turn), f.family_id, false AS is_original
           FROM arrivals a JOIN (SELECT unnest(?) AS article_id, unnest(?) AS family_id) f USING (article_id)""",
        [list(joined), list(joined.values())],
    )
    for old in families.merged:
        for table, column in (("sketches", "family_id"), ("apart", "family_id"), ("apart", "other_id")):
            connection.execute(
                f"UPDATE private.{table} SET {column} = ? WHERE {column} = ?", [families.named(old), old]
            )
    apart = sorted({(families.named(one), families.named(other)) for one, other in families.apart})
    connection.execute(
        "INSERT INTO private.apart SELECT unnest(?), unnest(?)",
        [[one for one, _ in apart], [other for _, other in apart]],
    )
    return {*joined.values(), *(families.named(old) for old in families.merged)}


def _name_originals(connection: duckdb.DuckDBPyConnection, touched: set[str]) -> None:
    """Who was first in each family, and how much of that each copy kept and added."""
    members: dict[str, list[tuple[Any, ...]]] = {}
    sql = """SELECT family_id, article_id, "at", agency, is_original, kept FROM private.sketches
             WHERE family_id IN (SELECT unnest(?))"""
    for family, *member in connection.execute(sql, [sorted(touched)]).fetchall():
        members.setdefault(family, []).append(tuple(member))
    firsts = {family: original([member[:3] for member in found]) for family, found in members.items()}
    stale = []
    for family, found in members.items():
        changed = not any(was_original and article == firsts[family] for article, _, _, was_original, _ in found)
        stale += [(article, firsts[family]) for article, *_, kept in found if changed or kept is None]
    texts = Texts(connection, {name for pair in stale for name in pair if pair[0] != pair[1]})
    found_likeness = [
        (1.0, 0.0) if article == first else _changes(texts.read(first), texts.read(article)) for article, first in stale
    ]
    connection.execute(
        """UPDATE private.sketches s SET is_original = f.article_id = f.first_id, kept = f.kept, added = f.added
           FROM (SELECT unnest(?) AS article_id, unnest(?) AS first_id, unnest(?) AS kept, unnest(?) AS added) f
           WHERE f.article_id = s.article_id""",
        [[article for article, _ in stale], [first for _, first in stale],
         [kept for kept, _ in found_likeness], [added for _, added in found_likeness]],
    )  # fmt: skip


def _changes(first: Text, copy: Text) -> tuple[float, float]:
    found = compare(first.words, copy.words)
    return found.kept, found.added


def _repeat(connection: duckdb.DuckDBPyConnection, touched: set[str], moved: dict[str, str]) -> None:
    """What `sketches` say now, in `placed` and `articles`; a page that tells another story leaves its past behind."""
    touch(connection, 'SELECT story_id, "at" FROM private.sketches WHERE family_id IN (SELECT unnest($families))',
          {"families": sorted(touched)})  # fmt: skip
    if moved:
        touch(connection, """SELECT story_id, coalesce(published_at, fetched_at) AS "at" FROM private.articles
                             WHERE article_id IN (SELECT unnest($moved))""", {"moved": list(moved)})  # fmt: skip
    connection.execute(
        """UPDATE placed SET family_id = s.family_id, story_id = s.story_id, is_original = s.is_original
           FROM private.sketches s WHERE s.article_id = placed.article_id"""
    )
    _follow(connection, touched, list(moved))
    connection.execute(
        """INSERT INTO private.story_changes
           SELECT m.story_id, 'split', s.story_id, s.article_id, now()
           FROM (SELECT unnest(?) AS article_id, unnest(?) AS story_id) m JOIN private.sketches s USING (article_id)
           WHERE m.story_id != s.story_id""",
        [list(moved), list(moved.values())],
    )
    connection.execute(
        """DELETE FROM private.stories WHERE story_id IN (SELECT unnest(?))
           AND story_id NOT IN (SELECT story_id FROM private.sketches)""",
        [list(moved.values())],
    )


def _follow(connection: duckdb.DuckDBPyConnection, families: set[str], leaving: list[str]) -> None:
    connection.execute(
        """UPDATE private.articles a SET family_id = s.family_id, story_id = s.story_id, is_original = s.is_original
           FROM private.sketches s
           WHERE s.article_id = a.article_id AND s.family_id IN (SELECT unnest(?))
             AND a.article_id NOT IN (SELECT unnest(?))
             AND (a.family_id, a.story_id, a.is_original) IS DISTINCT FROM (s.family_id, s.story_id, s.is_original)""",
        [sorted(families), leaving],
    )
