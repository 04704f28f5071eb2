"""What a night was, in at most ten lines and as an object."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.store.database import reading

_RUN = """SELECT run_id, started_at, ended_at, status, pages, articles, mentions, errors FROM private.runs
          ORDER BY rowid DESC LIMIT 1"""
_SOURCES = """SELECT source_id, answered, reason, stored, failed FROM private.source_runs
              WHERE run_id = ? ORDER BY source_id"""


@dataclass(frozen=True)
class Night:
    """The newest run of the ledger and what the night made of it."""

    run_id: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    pages: int
    articles: int
    """New revisions of articles."""
    mentions: int
    errors: int
    sources: int
    answered: int
    trouble: tuple[tuple[str, str], ...] = ()
    """(source, reason)."""
    alerts: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    """Paths."""
    backup: str = ""
    erased_articles: int = 0
    erased_files: int = 0
    exit_status: int = 0

    @property
    def lines(self) -> list[str]:
        """For people; at most ten."""
        minutes = ((self.ended_at or self.started_at) - self.started_at).total_seconds() / 60
        troubled = ", ".join(f"{source} ({reason})" for source, reason in self.trouble[:3])
        more = f" and {len(self.trouble) - 3} more" if len(self.trouble) > 3 else ""
        said = {
            "run": f"{self.run_id}: {self.status}, {minutes:.1f} minutes",
            "sources": f"{self.answered} of {self.sources} answered",
            "trouble": troubled + more,
            "stored": f"{self.articles} articles, {self.mentions} mentions of {self.pages} pages; {self.errors} errors",
            "alerts": str(len(self.alerts)) if self.alerts else "",
            "backup": self.backup,
            "erased": f"{self.erased_articles} articles, {self.erased_files} files of pages"
            if self.erased_articles or self.erased_files else "",
            "status": str(self.exit_status),
        }  # fmt: skip
        return [f"{name + ':':<9}{words}" for name, words in said.items() if words]

    def as_object(self) -> dict[str, Any]:
        """For programs: the fields, times in ISO 8601."""
        return {**asdict(self), "started_at": self.started_at.isoformat(),
                "ended_at": self.ended_at.isoformat() if self.ended_at else None,
                "trouble": [{"source_id": source, "reason": reason} for source, reason in self.trouble]}  # fmt: skip


def newest_night(database: Path) -> Night:
    """The newest run, as the ledger has it.

    Raises:
        StoreError: there is no database.
    """
    with reading(database) as connection:
        run = connection.execute(_RUN).fetchall()[0]
        sources = connection.execute(_SOURCES, [run[0]]).fetchall()
    return Night(
        run_id=run[0], started_at=run[1], ended_at=run[2], status=run[3], pages=run[4], articles=run[5],
        mentions=run[6], errors=run[7], sources=len(sources), answered=sum(bool(row[1]) for row in sources),
        trouble=tuple((source, reason) for source, _, reason, *_ in sources if reason),
    )  # fmt: skip
