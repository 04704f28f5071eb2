"""Read stored articles again for messages, quotes and themes, where the watchlist's phrases or names have changed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from analysis.items import Article
from analysis.matching import Matcher
from analysis.store.database import reading, writing
from analysis.store.load import MESSAGES, QUOTES, THEMES
from analysis.store.records import said_records
from analysis.watchlist import Watchlist

BATCH = 500
"""Articles read between two writes: what a kill costs, and what the memory holds."""

_STALE = """FROM private.articles WHERE newest AND trimmed IS NULL AND reading IS DISTINCT FROM $reading
    AND ($since IS NULL OR coalesce(published_at, fetched_at) >= $since)"""
_NEXT = f"""
SELECT article_id, revision, title, body, language,
       CASE WHEN page_id != article_id THEN article_id END AS post
{_STALE} AND article_id > $after
ORDER BY article_id LIMIT {BATCH}"""
_MINE = "(SELECT article_id, revision FROM fresh)"
_TOLD = ("messages", "quotes", "themes")
_STEPS = (
    *(f"DELETE FROM private.{table} WHERE (article_id, revision) IN {_MINE}" for table in _TOLD),
    *(
        f"""INSERT INTO private.{table} BY NAME SELECT t.*, f.article_id, f.revision, a.published_at
            FROM (SELECT article_id, revision, unnest({table}) AS t FROM fresh) f JOIN private.articles a
            ON a.article_id = f.article_id AND a.revision = f.revision"""
        for table in _TOLD
    ),
    f"UPDATE private.articles SET reading = $reading WHERE (article_id, revision) IN {_MINE}",
    "DROP TABLE fresh",
)


def unread(database: Path, version: str, since: datetime | None = None) -> int:
    """How many articles were not read with the watchlist as it is (`Matcher.reading`)."""
    values = {"reading": version, "since": since}
    with reading(database) as connection:
        return int(connection.execute(f"SELECT count(*) {_STALE}", values).fetchall()[0][0])


def reread(
    database: Path,
    watchlist: Watchlist,
    since: datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Find messages and quotes anew in the newest revision of every article that needs it; returns how many did.

    Stopped at any moment, the next call goes on where this one was.

    Raises:
        StoreError: there is no database, or it cannot be used.
        DatabaseBusy: a crawl is writing, for longer than we wait.
    """
    matcher = Matcher(watchlist)
    done, after = 0, ""
    while rows := _next(database, {"reading": matcher.reading, "since": since, "after": after}):
        _write(database, [_read(matcher, row) for row in rows], matcher.reading)
        done, after = done + len(rows), rows[-1][0]
        progress(len(rows))
    with writing(database):
        pass  # publishes what all the batches changed
    return done


def _next(database: Path, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with writing(database, publish=False) as connection:
        return connection.execute(_NEXT, values).fetchall()


def _read(matcher: Matcher, row: tuple[Any, ...]) -> dict[str, Any]:
    article_id, revision, title, body, language, post = row
    found = matcher.match(Article(url="", title=title, body=body, language=language, post=post))
    return {"article_id": article_id, "revision": revision, **said_records(article_id, found)}


def _write(database: Path, records: list[dict[str, Any]], version: str) -> None:
    """One short transaction."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)
        file.flush()
        with writing(database, publish=False) as connection:
            _replace(connection, file.name, version)


def _replace(connection: duckdb.DuckDBPyConnection, found: str, version: str) -> None:
    told = f"messages: '{MESSAGES}', quotes: '{QUOTES}', themes: '{THEMES}'"
    columns = f"{{article_id: 'VARCHAR', revision: 'INTEGER', {told}}}"
    connection.execute("BEGIN")
    connection.execute(
        f"CREATE TEMP TABLE fresh AS FROM read_json(?, format = 'newline_delimited', columns = {columns})", [found]
    )
    for step in _STEPS:
        connection.execute(step, {"reading": version} if "$reading" in step else None)
    connection.execute("COMMIT")
