"""`[store] text = "snippet"`: of an article's text only the sentences that name a brand are kept.

Not at once: whether an article is a copy of another is told by their texts, and copies come within days.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

AFTER = timedelta(days=3)
"""From the time at which a text was fetched."""
_TRIM = """
UPDATE private.articles SET trimmed = true, body = coalesce((
    SELECT string_agg(sentence, chr(10) ORDER BY ordinal) FROM (
        SELECT DISTINCT sentence, ordinal FROM private.mentions m
        WHERE m.article_id = articles.article_id AND m.revision = articles.revision AND placement != 'headline')), '')
WHERE trimmed IS NULL AND fetched_at < $before"""


def trim(connection: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Cut all texts that are old enough, of every revision; returns how many."""
    found = connection.execute(_TRIM, {"before": now - AFTER}).fetchone()
    return int(found[0]) if found else 0
