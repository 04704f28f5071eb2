"""Take articles out of the store with all that hangs on them, or a person's name out of all texts.

Inside the caller's transaction. The figures of what is left are made anew with it.
"""

from __future__ import annotations

from typing import Any

import duckdb

from analysis.store.figures import refresh, touch
from analysis.store.grouping import name_originals
from analysis.store.records import digest
from analysis.store.tombstones import Tombstones, words_of

_GONE = "article_id IN (SELECT article_id FROM gone)"
_OF_ARTICLES = ("mentions", "earlier_scores", "messages", "quotes", "themes", "sketches", "story_changes", "articles")
_MENTIONS = f"(SELECT mention_id FROM private.mentions WHERE {_GONE})"
_EMPTY_STORIES = "DELETE FROM private.stories WHERE story_id NOT IN (SELECT story_id FROM private.sketches)"
_STORIES = 'SELECT story_id, coalesce(published_at, fetched_at) AS "at" FROM private.articles WHERE '
_ALSO = (
    ("messages", "sentence"), ("quotes", "sentence"), ("urls", "title"), ("corrections", "why"), ("corrections", "who")
)  # fmt: skip
# Rows that may hold a name, by its longest word.
_NAMING = """
SELECT rowid, article_id, title, body, authors FROM private.articles
WHERE contains(lower(replace(concat_ws(' ', title, body, array_to_string(authors, ' ')), '’', '''')), $word)"""


def erase(connection: duckdb.DuckDBPyConnection, chosen: str, values: dict[str, Any]) -> tuple[int, int]:
    """Erase every revision of the chosen articles. Returns how many articles and mentions went.

    chosen: a condition over the columns of `private.articles`
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE gone AS SELECT DISTINCT article_id FROM private.articles WHERE {chosen}", values
    )
    articles = _count(connection, "SELECT count(*) FROM gone")
    mentions = _count(connection, f"SELECT count(DISTINCT mention_id) FROM private.mentions WHERE {_GONE}")
    if articles:
        touch(connection, _STORIES + _GONE)
        families = connection.execute(f"SELECT DISTINCT family_id FROM private.sketches WHERE {_GONE}").fetchall()
        _from_alerts(connection)
        connection.execute(f"DELETE FROM private.corrections WHERE mention_id IN {_MENTIONS}")
        for table in _OF_ARTICLES:
            connection.execute(f"DELETE FROM private.{table} WHERE {_GONE}")
        name_originals(connection, {family for (family,) in families})
        connection.execute(_EMPTY_STORIES)
        refresh(connection)
    connection.execute("DROP TABLE gone")
    return articles, mentions


def _from_alerts(connection: duckdb.DuckDBPyConnection) -> None:
    """An alert keeps what it said; the sentences behind it go with their articles."""
    lost = {mention for (mention,) in connection.execute(f"SELECT * FROM {_MENTIONS} m").fetchall()}
    rows = connection.execute("SELECT alert_id, mention_ids, sentences FROM private.alerts").fetchall()
    for alert_id, mentions, sentences in rows:
        left = [pair for pair in zip(mentions, sentences, strict=True) if pair[0] not in lost]
        if len(left) < len(mentions):
            connection.execute(
                "UPDATE private.alerts SET mention_ids = ?, sentences = ? WHERE alert_id = ?",
                [[mention for mention, _ in left], [sentence for _, sentence in left], alert_id],
            )


def hide_person(connection: duckdb.DuckDBPyConnection, name: str, stone: Tombstones) -> tuple[int, int]:
    """Take a person out: from bylines and as the one who has the word; the name in texts is hidden, in its length, so
    that what else stands there keeps its place. What they said goes. Returns how many articles and mentions changed."""
    values = {"word": max(words_of(name), key=len, default="")}
    rows = connection.execute(_NAMING, values).fetchall()
    changed = set()
    for row, article_id, title, body, authors in rows:
        kept = [author for author in authors or [] if not stone.is_forgotten(author)]
        new_title, new_body = stone.masked(title), stone.masked(body)
        if (new_title, new_body, kept) != (title, body, authors or []):
            changed.add(article_id)
            connection.execute(
                "UPDATE private.articles SET title = ?, body = ?, authors = ?, content_id = ? WHERE rowid = ?",
                [new_title, new_body, kept, digest(new_title, new_body), row],
            )
    mentions = _hide_in(connection, "mentions", "sentence", stone, values)
    for table, column in _ALSO:
        _hide_in(connection, table, column, stone, values)
    _unname_speakers(connection, stone)
    _hide_in_alerts(connection, stone)
    if changed:
        touch(connection, f"{_STORIES} article_id IN (SELECT unnest($changed))", {"changed": sorted(changed)})
        refresh(connection)
    return len(changed), mentions


def _hide_in(connection: duckdb.DuckDBPyConnection, table: str, column: str, stone: Tombstones,
             values: dict[str, Any]) -> int:  # fmt: skip
    rows = connection.execute(
        f"""SELECT rowid, {column} FROM private.{table}
            WHERE contains(lower(replace({column}, '’', '''')), $word)""", values,
    ).fetchall()  # fmt: skip
    hidden = [(stone.masked(text), row) for row, text in rows if stone.is_forgotten(text)]
    if hidden:
        connection.executemany(f"UPDATE private.{table} SET {column} = ? WHERE rowid = ?", hidden)
    return len(hidden)


def _unname_speakers(connection: duckdb.DuckDBPyConnection, stone: Tombstones) -> None:
    for table, change in (
        ("quotes", "DELETE FROM private.quotes"),
        ("mentions", "UPDATE private.mentions SET speaker = NULL"),
    ):
        names = connection.execute(f"SELECT DISTINCT speaker FROM private.{table} WHERE speaker IS NOT NULL").fetchall()
        theirs = [speaker for (speaker,) in names if stone.is_forgotten(speaker)]
        connection.execute(f"{change} WHERE speaker IN (SELECT unnest(?))", [theirs])


def _hide_in_alerts(connection: duckdb.DuckDBPyConnection, stone: Tombstones) -> None:
    rows = connection.execute("SELECT alert_id, words, sentences FROM private.alerts").fetchall()
    for alert_id, words, sentences in rows:
        hidden = [stone.masked(text) for text in words], [stone.masked(text) for text in sentences]
        if hidden != (words, sentences):
            connection.execute(
                "UPDATE private.alerts SET words = ?, sentences = ? WHERE alert_id = ?", [*hidden, alert_id]
            )


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
