"""An analyst's word against the scorer's: kept with who, when and why, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.errors import UserError
from analysis.items import Label
from analysis.store.database import writing
from analysis.store.figures import refresh, touch

# The same sentence about the same brand in the articles of the same story: what one correction reaches. The view
# `mentions` joins by the same rule, so that a copy which is stored tomorrow is corrected too.
_FAMILY = """
SELECT count(*) FROM private.mentions m JOIN private.articles a
    ON a.article_id = m.article_id AND a.revision = m.revision AND a.newest
WHERE (a.story_id, m.brand_id, private.wording(m.sentence)) IN (
    SELECT (a.story_id, m.brand_id, private.wording(m.sentence)) FROM private.mentions m
    JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision
    WHERE m.mention_id = $mention)"""


_STORY = """SELECT a.story_id, m."at" FROM private.mentions m JOIN private.articles a
    ON a.article_id = m.article_id AND a.revision = m.revision WHERE m.mention_id = $mention"""


@dataclass(frozen=True)
class Corrected:
    """What a correction changed."""

    old_label: str | None
    new_label: Label
    reached: int
    """Mentions that show the new label: the one asked for and its copies in the same story."""


def correct(database: Path, mention_id: str, label: Label, *, why: str, who: str) -> Corrected:
    """Put `label` in the place of a mention's score, in all copies of the sentence within its story.

    Raises:
        UserError: no mention has that id, or no reason was given.
        DatabaseBusy: a crawl is writing, for longer than we wait.
    """
    if not why.strip():
        raise UserError("--why: a reason is needed; somebody will ask")
    with writing(database) as connection:
        old = _label(connection, mention_id)
        connection.execute("BEGIN")
        connection.execute(
            "INSERT INTO private.corrections VALUES (?, ?, ?, ?, ?, now())",
            [mention_id, old, label, who, why.strip()],
        )
        touch(connection, _STORY, {"mention": mention_id})
        refresh(connection)
        connection.execute("COMMIT")
        (reached,) = connection.execute(_FAMILY, {"mention": mention_id}).fetchall()[0]
    return Corrected(old, label, reached)


def _label(connection: duckdb.DuckDBPyConnection, mention_id: str) -> str | None:
    found = connection.execute("SELECT label FROM mentions WHERE mention_id = ?", [mention_id]).fetchone()
    if found is None:
        raise UserError(f"{mention_id}: no such mention; `presswatch mentions` shows the ids")
    label: str | None = found[0]
    return label
