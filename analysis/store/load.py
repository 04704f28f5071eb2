"""Move sealed segments of the spool into the database, whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.store.figures import collect, refresh, touch
from analysis.store.grouping import group

_URL = """STRUCT(url_id VARCHAR, url VARCHAR, source_id VARCHAR, state VARCHAR, reason VARCHAR, tries INTEGER,
    next_try TIMESTAMPTZ, evidence VARCHAR, title VARCHAR, published_at TIMESTAMPTZ, modified_at TIMESTAMPTZ,
    etag VARCHAR, last_modified VARCHAR, topics VARCHAR[], "at" TIMESTAMPTZ)"""
_ARTICLE = """STRUCT(article_id VARCHAR, page_id VARCHAR, content_id VARCHAR, copy_id VARCHAR, url VARCHAR,
    canonical_url VARCHAR, source_id VARCHAR, outlet VARCHAR, tier INTEGER, title VARCHAR, body VARCHAR,
    authors VARCHAR[], published_at TIMESTAMPTZ, published_source VARCHAR, modified_at TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ, language VARCHAR, words INTEGER, complete BOOLEAN, incomplete_reason VARCHAR,
    extractor VARCHAR, topics VARCHAR[], reading VARCHAR, bands UINTEGER[], terms UINTEGER[], weights UTINYINT[],
    credit VARCHAR, agency BOOLEAN)"""
_MENTIONS = """STRUCT(mention_id VARCHAR, brand_id VARCHAR, placement VARCHAR, ordinal INTEGER, sentence VARCHAR,
    spans INTEGER[][], speaker VARCHAR, own_voice BOOLEAN, tone DOUBLE, label VARCHAR, confident BOOLEAN,
    scorer VARCHAR, vader DOUBLE)[]"""
MESSAGES = """STRUCT(message_id VARCHAR, brand_id VARCHAR, presence TINYINT, prominence TINYINT,
    sentence VARCHAR, own_words BOOLEAN)[]"""
QUOTES = """STRUCT(quote_id VARCHAR, brand_id VARCHAR, speaker VARCHAR, placement VARCHAR, ordinal INTEGER,
    sentence VARCHAR, verbatim BOOLEAN)[]"""
THEMES = "STRUCT(mention_id VARCHAR, brand_id VARCHAR, theme VARCHAR)[]"
_SOURCE = """STRUCT(source_id VARCHAR, ended_at TIMESTAMPTZ, answered BOOLEAN, reach_from TIMESTAMPTZ,
    discovered INTEGER, fetched INTEGER, extracted INTEGER, matched INTEGER, stored INTEGER, failed INTEGER,
    reason VARCHAR, newest TIMESTAMPTZ, gap_from TIMESTAMPTZ, gap_until TIMESTAMPTZ, fresh INTEGER, titled INTEGER,
    dated INTEGER, whole INTEGER, repeated INTEGER)"""
_ROBOTS = "STRUCT(origin VARCHAR, body VARCHAR, fetched_at TIMESTAMPTZ)"
_REST = "STRUCT(host VARCHAR, until TIMESTAMPTZ, reason VARCHAR)"
_UNIT = 'STRUCT(unit VARCHAR, kind VARCHAR, state VARCHAR, records INTEGER, "at" TIMESTAMPTZ)'
_LISTING = """STRUCT(url VARCHAR, etag VARCHAR, last_modified VARCHAR, body_id VARCHAR, agreed INTEGER,
    read_at TIMESTAMPTZ, reach_from TIMESTAMPTZ, newest TIMESTAMPTZ)"""
# Longest line: a page of 12 MiB that is all text, escaped.
_LONGEST_RECORD = 64 * 1024 * 1024
_A_SEGMENT = 1_000_000_000  # more than its records: what comes in a later segment comes later


def _latest(kind: str, table: str, key: str) -> tuple[str, str]:
    """Steps that put the last record of a kind for each key in the place of what the table has."""
    return (
        f"DELETE FROM private.{table} USING batch b WHERE {table}.{key} = b.{kind}.{key}",
        f"""INSERT INTO private.{table} BY NAME SELECT {kind}.* FROM batch WHERE {kind} IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY {kind}.{key} ORDER BY seq DESC) = 1""",
    )


def _newest_only(table: str) -> tuple[str, str]:
    """What is told in an article is kept of its newest revision only: questions then need not ask which that is."""
    return (
        f"DELETE FROM private.{table} WHERE article_id IN (SELECT article_id FROM placed WHERE revision > 0)",
        f"""INSERT INTO private.{table} BY NAME
            SELECT t.*, article_id, revision, published_at
            FROM (SELECT article_id, revision, published_at, unnest({table}) AS t FROM placed WHERE newest)
            ORDER BY published_at""",
    )


_STEPS = (
    # The last word on each URL counts; the first sight of it is kept, and whether it ever brought something.
    """CREATE TEMP TABLE url_batch AS
       SELECT url.*, first_seen, stored FROM (
           SELECT url, min(url."at") OVER every AS first_seen,
                  bool_or(coalesce(url.reason IN ('stored', 'stored_in_part', 'same_page'), false)) OVER every AS stored
           FROM batch WHERE url IS NOT NULL
           WINDOW every AS (PARTITION BY url.url_id)
           QUALIFY row_number() OVER (PARTITION BY url.url_id ORDER BY seq DESC) = 1)""",
    """UPDATE url_batch
       SET first_seen = least(url_batch.first_seen, u.first_seen), stored = url_batch.stored OR u.stored
       FROM private.urls u WHERE u.url_id = url_batch.url_id""",
    "DELETE FROM private.urls WHERE url_id IN (SELECT url_id FROM url_batch)",
    """INSERT INTO private.urls BY NAME
       SELECT * EXCLUDE ("at"), "at" AS updated_at FROM url_batch""",
    # A text that the article already has is no new revision: not after the one in the store, not after another in
    # the batch. A text that comes back after a different one is.
    """CREATE TEMP TABLE article_batch AS
       SELECT article.*, mentions, messages, quotes, themes, b.run_id, seq
       FROM batch b LEFT JOIN private.articles a ON a.newest AND a.article_id = b.article.article_id
       WHERE article IS NOT NULL
       QUALIFY article.content_id IS DISTINCT FROM
           coalesce(lag(article.content_id) OVER (PARTITION BY article.article_id ORDER BY seq), a.content_id)""",
    # An article stays in its family and story; `group` finds those of new ones, and what moves.
    """CREATE TEMP TABLE placed AS
       SELECT b.*, a.family_id, a.story_id, a.is_original,
              coalesce(a.revision + 1, 0) + row_number() OVER own - 1 AS revision,
              row_number() OVER latest = 1 AS newest
       FROM article_batch b LEFT JOIN private.articles a ON a.newest AND a.article_id = b.article_id
       WINDOW own AS (PARTITION BY b.article_id ORDER BY seq),
              latest AS (PARTITION BY b.article_id ORDER BY seq DESC)""",
)
_KEEP = (
    """UPDATE private.articles SET newest = false
       WHERE newest AND article_id IN (SELECT article_id FROM placed)""",
    """INSERT INTO private.articles BY NAME
       SELECT * EXCLUDE (mentions, messages, quotes, themes, seq, bands, terms, weights, credit, agency)
       FROM placed ORDER BY published_at""",
    """INSERT INTO private.mentions BY NAME
       SELECT m.*, article_id, revision, "at"
       FROM (SELECT article_id, revision, published_at, coalesce(published_at, fetched_at) AS "at",
                    unnest(mentions) AS m FROM placed)
       ORDER BY published_at""",
    *_newest_only("messages"),
    *_newest_only("quotes"),
    *_newest_only("themes"),
    """DELETE FROM private.source_runs USING batch b
       WHERE source_runs.source_id = b.source.source_id AND source_runs.run_id = b.run_id""",
    """INSERT INTO private.source_runs BY NAME
       SELECT source.*, run_id FROM batch WHERE source IS NOT NULL""",
    *_latest("robots", "robots", "origin"),
    *_latest("rest", "rests", "host"),
    *_latest("unit", "units", "unit"),
    *_latest("listing", "listings", "url"),
)


@dataclass(frozen=True)
class Loaded:
    """What one load brought: records read, new article revisions, their mentions."""

    records: int = 0
    articles: int = 0
    mentions: int = 0


def load(connection: duckdb.DuckDBPyConnection, *segments: Path) -> Loaded:
    """Load `segments`, oldest first, in one transaction and delete them; one loaded before is only deleted.

    Raises:
        duckdb.Error: nothing of them was kept, and the files still stand.
    """
    known = {name for (name,) in connection.execute("SELECT name FROM private.segments").fetchall()}
    fresh = [path for path in segments if path.name not in known and path.stat().st_size]
    loaded = _load(connection, fresh) if fresh else Loaded()
    # Into the file itself first: a log of changes that is cut on the disk is read up to the cut, without a word.
    connection.execute("CHECKPOINT")
    for path in segments:
        path.unlink()
    return loaded


def _load(connection: duckdb.DuckDBPyConnection, segments: list[Path]) -> Loaded:
    connection.execute("BEGIN")
    try:
        connection.execute(
            f"""CREATE TEMP TABLE batch AS
                SELECT * EXCLUDE (filename)
                         REPLACE (list_position($paths, filename)::BIGINT * {_A_SEGMENT} + seq AS seq),
                       parse_filename(filename) AS segment
                FROM read_json($paths, format = 'newline_delimited', filename = true,
                maximum_object_size = {_LONGEST_RECORD}, columns = {{seq: 'BIGINT', run_id: 'VARCHAR',
                url: '{_URL}', article: '{_ARTICLE}', mentions: '{_MENTIONS}', messages: '{MESSAGES}',
                quotes: '{QUOTES}', themes: '{THEMES}', source: '{_SOURCE}', robots: '{_ROBOTS}', rest: '{_REST}',
                unit: '{_UNIT}', listing: '{_LISTING}'}})""",
            {"paths": [str(path) for path in segments]},
        )
        for step in _STEPS:
            connection.execute(step)
        group(connection)
        for step in _KEEP:
            connection.execute(step)
        touch(connection, 'SELECT story_id, coalesce(published_at, fetched_at) AS "at" FROM placed')
        refresh(connection)
        if connection.execute("SELECT 1 FROM batch WHERE source IS NOT NULL LIMIT 1").fetchone():
            collect(connection)
        loaded = connection.execute(
            """SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM placed),
                      (SELECT coalesce(sum(len(mentions)), 0)::INTEGER FROM placed)"""
        ).fetchall()[0]
        connection.execute("INSERT INTO private.segments SELECT segment, count(*), now() FROM batch GROUP BY segment")
        for table in ("batch", "url_batch", "article_batch", "placed"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.TransactionException):  # a COMMIT that failed has rolled back by itself
            connection.execute("ROLLBACK")
        raise
    return Loaded(*loaded)
