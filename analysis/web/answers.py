"""What the pages ask the store: the commands' own questions, read from the snapshot, one connection a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from analysis.errors import UserError
from analysis.store.archive import archived
from analysis.store.readers import Readers
from analysis.store.warc import Captured
from analysis.store.workbook import write_workbook
from analysis.trends import Answer, Filters, Question, coverage, mentions, outlets, share, sources
from analysis.trends.evidence import of_story
from analysis.trends.reasons import reasons
from analysis.trends.stories import carriers, stories
from analysis.watchlist import Watchlist
from analysis.web.asked import SHOWN, Asked

RUNS = Question(
    """SELECT run_id AS run, started_at AS started, ended_at AS ended, status, pages, articles, mentions, errors
       FROM runs""",
    order="started DESC, run",
)
TROUBLE = Question(
    "SELECT source_id AS source, reason FROM newest_health",
    order="source",
)
CORRECTIONS = Question(
    """SELECT c."at", c.who, c.old_label, c.new_label, c.why, m.sentence, c.mention_id AS mention
       FROM corrections c JOIN mentions m USING (mention_id)""",
    order='"at" DESC, mention',
)


class Store:
    """The database and the watchlist that the pages are about."""

    def __init__(self, database: Path, watchlist: Callable[[], Watchlist | None]) -> None:
        """`watchlist`: read anew at each use; None where there is none."""
        self.database = database
        self.readers = Readers(database)
        self.watchlist = watchlist

    @property
    def zone(self) -> str:
        """The zone of a day."""
        watchlist = self.watchlist()
        return watchlist.report.timezone if watchlist else "UTC"

    def ask(self, *questions: Question) -> list[Answer]:
        """All of one moment: the snapshot is opened once."""
        with self.readers.reading() as connection:
            return [question.ask(connection) for question in questions]

    def page(self, question: Question, asked: Asked) -> tuple[Answer, bool]:
        """The rows of the page that is asked for, and whether there are more."""
        start = (asked.page - 1) * SHOWN
        with self.readers.reading() as connection:
            answer = _arranged(question, asked, connection, start + SHOWN + 1).ask(connection)
        return replace(answer, rows=answer.rows[start : start + SHOWN]), len(answer.rows) > start + SHOWN

    def workbook(self, question: Question, asked: Asked, most: int, path: Path, name: str) -> None:
        """The same rows as a sheet `name` of a workbook."""
        with self.readers.reading() as connection:
            chosen = _arranged(question, asked, connection, most)
            write_workbook(connection.execute(chosen.text, chosen.bound), path, name)

    def whole(self, question: Question, asked: Asked, most: int) -> Answer:
        """For an export: the rows from the first on, at most `most`."""
        with self.readers.reading() as connection:
            return _arranged(question, asked, connection, most).ask(connection)

    def last_day(self) -> date:
        """The newest day with coverage; today where there is none."""
        sql = "SELECT max(day) FROM coverage WHERE span = 'day'"
        with self.readers.reading() as connection:
            (found,) = connection.execute(sql).fetchall()[0]
        return found or datetime.now(UTC).astimezone(ZoneInfo(self.zone)).date()

    def question(self, name: str, asked: Asked) -> Question:
        """The question of a page that is a table; `toward` our own brand where none is chosen."""
        filters, zone = asked.filters, self.zone
        unsearched = replace(filters, search=None)
        if name == "trends":
            return replace(coverage(asked.by, unsearched, zone), order="period DESC, stories DESC, brand")
        if name == "outlets":
            return outlets(unsearched, zone)
        if name == "share":
            return share(unsearched, zone)
        if name == "stories":
            first = None if asked.sort else asked.page * SHOWN + 1
            return stories(unsearched, zone, self.toward(filters), first)
        return {"mentions": mentions(filters, zone), "sources": sources(zone), "runs": RUNS}[name]

    def reasons(self, mention: str) -> list[str]:
        """What carried a score, in lines."""
        watchlist = self.watchlist()
        with self.readers.reading() as connection:
            return list(reasons(connection, mention, watchlist))

    def spans(self, mention: str) -> list[tuple[int, int]]:
        """Where the sentence names its brand."""
        sql = "SELECT spans FROM private.mentions WHERE mention_id = ? ORDER BY revision DESC LIMIT 1"
        with self.readers.reading() as connection:
            found = connection.execute(sql, [mention]).fetchone()
        return [(start, end) for start, end in found[0] or []] if found else []

    def archived(self, mention: str) -> Captured | None:
        """The page of a mention's article, as it came when that was read."""
        sql = "SELECT a.url, a.fetched_at FROM mentions m JOIN articles a USING (article_id) WHERE m.mention_id = ?"
        with self.readers.reading() as connection:
            found = connection.execute(sql, [mention]).fetchone()
        return archived(self.database, found[0].partition("#")[0], found[1]) if found else None

    def story(self, story: str) -> tuple[Answer, Answer]:
        """The articles of a story, and its sentences."""
        toward = self.toward(Filters())
        told, said = self.ask(carriers(story, self.zone, toward), of_story(story, self.zone))
        if not told.rows:
            raise UserError(f"{story}: no such story")
        return told, said

    def toward(self, filters: Filters) -> str | None:
        """The brand whose tone a story has."""
        watchlist = self.watchlist()
        return filters.brand or (watchlist.ours.id if watchlist else None)


def _arranged(question: Question, asked: Asked, connection: duckdb.DuckDBPyConnection, limit: int) -> Question:
    column, _, direction = (asked.sort or "").partition(":")
    if column and column not in (there := question.columns(connection)):
        raise UserError(f"sort: {column} is none of {', '.join(there)}")
    return question.arranged(column or None, ascending=direction == "asc", limit=limit)
