"""Score stored sentences again with today's scorer, in batches, resumable; old scores are kept for comparison."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from analysis.items import Score
from analysis.store.database import reading, writing
from analysis.store.figures import touch
from analysis.tone import LANGUAGES, Scorer, Target

BATCH = 2000
"""Mentions scored between two writes: what a kill costs, and what the memory holds."""

_STALE = """
FROM private.mentions m JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision
WHERE m.scorer IS DISTINCT FROM $scorer AND a.language IN (SELECT unnest($languages))
  AND ($since IS NULL OR coalesce(a.published_at, a.fetched_at) >= $since)"""
_NEXT = f"""
SELECT m.mention_id, m.article_id, m.revision, m.sentence, m.spans,
       (SELECT list(s) FROM (
            SELECT unnest(o.spans) AS s FROM private.mentions o
            WHERE o.article_id = m.article_id AND o.revision = m.revision AND o.ordinal = m.ordinal
              AND o.brand_id != m.brand_id)) AS others
{_STALE} AND (m.mention_id, m.revision) > ($mention, $revision) ORDER BY m.mention_id, m.revision LIMIT {BATCH}"""
_SCORES = """{mention_id: 'VARCHAR', article_id: 'VARCHAR', revision: 'INTEGER', tone: 'DOUBLE', label: 'VARCHAR',
    confident: 'BOOLEAN', scorer: 'VARCHAR', vader: 'DOUBLE'}"""


def stale(database: Path, scorer: str, since: datetime | None = None) -> int:
    """How many mentions do not carry a score of `scorer` yet."""
    with reading(database) as connection:
        values = {"scorer": scorer, "languages": sorted(LANGUAGES), "since": since}
        return int(connection.execute(f"SELECT count(*) {_STALE}", values).fetchall()[0][0])


def rescore(
    database: Path, scorer: Scorer, since: datetime | None = None, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Bring every stored mention to `scorer`'s version; returns how many got a new score.

    Stopped at any moment, the next call goes on where this one was. Corrections stand apart and stay.

    Raises:
        StoreError: there is no database, or it cannot be used.
        DatabaseBusy: a crawl is writing, for longer than we wait.
    """
    done, after = 0, ("", 0)
    while rows := _next(database, scorer.version, since, after):
        targets = [Target(row[3], _spans(row[4]), _spans(row[5])) for row in rows]
        _write(database, zip(rows, scorer.score(targets), strict=True), scorer.version)
        done, after = done + len(rows), (rows[-1][0], rows[-1][2])  # a sentence keeps its id through revisions
        progress(len(rows))
    with writing(database):
        pass  # publishes what all the batches changed
    return done


def _next(database: Path, version: str, since: datetime | None, after: tuple[str, int]) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "scorer": version,
        "languages": sorted(LANGUAGES),
        "since": since,
        "mention": after[0],
        "revision": after[1],
    }
    with writing(database, publish=False) as connection:
        return connection.execute(_NEXT, values).fetchall()


def _spans(spans: Sequence[Sequence[int]] | None) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in spans or ())


def _write(database: Path, scored: Iterator[tuple[Sequence[object], Score | None]], version: str) -> None:
    """One short transaction: the old scores into `private.earlier_scores`, the new ones in their place."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf8") as file:
        for (mention_id, article_id, revision, *_), score in scored:
            row = {"mention_id": mention_id, "article_id": article_id, "revision": revision, "scorer": version}
            if score is not None:
                row |= {"tone": score.tone, "label": score.label, "confident": score.confident, "vader": score.vader}
            file.write(json.dumps(row) + "\n")
        file.flush()
        with writing(database, publish=False) as connection:
            _replace(connection, file.name)


def _replace(connection: duckdb.DuckDBPyConnection, scores: str) -> None:
    same = "m.mention_id = f.mention_id AND m.article_id = f.article_id AND m.revision = f.revision"
    connection.execute("BEGIN")
    connection.execute(
        f"CREATE TEMP TABLE fresh AS FROM read_json(?, format = 'newline_delimited', columns = {_SCORES})", [scores]
    )
    connection.execute(
        f"""INSERT INTO private.earlier_scores
            SELECT m.mention_id, m.article_id, m.revision, m.tone, m.label, m.confident, m.scorer, m.vader, now()
            FROM private.mentions m JOIN fresh f ON {same} WHERE m.scorer IS NOT NULL"""
    )
    connection.execute(
        f"""UPDATE private.mentions m SET tone = f.tone, label = f.label, confident = f.confident,
                   scorer = f.scorer, vader = f.vader FROM fresh f WHERE {same}"""
    )
    touch(
        connection,
        f"""SELECT a.story_id, m."at" FROM private.mentions m JOIN fresh f ON {same}
            JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision""",
    )
    connection.execute("DROP TABLE fresh")
    connection.execute("COMMIT")
