"""What runs tell each other about sources: up to where each was read, and whether its validators can be believed.

Some feeds answer with the ETag of yesterday and the entries of today. So a listing is asked unconditionally until twice
the same ETag came with the same bytes; one whose ETag lied once is never asked conditionally again, and each is read
in full at least once in a day (measured by Media Cloud: mediacloud/rss-fetcher, `HTTP_CONDITIONAL_FETCH`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.store.database import reading

_TRUSTED_AFTER = 2
_LIED = -1
_IN_FULL = timedelta(hours=20)  # so that a run each night is a full one


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One feed or sitemap as it was read last (columns of `private.listings`)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_id: str = ""
    agreed: int = 0
    """How often the same validators came with the same bytes; -1: once they came with others."""
    read_at: datetime | None = None
    """Last time in full."""
    reach_from: datetime | None = None
    newest: datetime | None = None
    """Oldest and newest publication in it."""

    def validators(self, now: datetime) -> dict[str, str]:
        """Headers for asking whether it changed; none where its word is not to be trusted, or a full read is due."""
        if self.agreed < _TRUSTED_AFTER or self.read_at is None or now - self.read_at > _IN_FULL:
            return {}
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}

    def after(self, read: Listing) -> Listing:
        """`read` just now, with what this one says of its validators."""
        same_words = (read.etag, read.last_modified) == (self.etag, self.last_modified) and (
            read.etag or read.last_modified
        )
        if self.agreed == _LIED or (same_words and read.body_id != self.body_id):
            return replace(read, agreed=_LIED)
        return replace(read, agreed=self.agreed + 1 if same_words else 0)


class ListingMemory:
    """Read when it is first asked for, from the snapshot; what is new is kept through the run's spool."""

    def __init__(self, database: Path, keep: Callable[[dict[str, Any]], None]) -> None:
        self.database = database
        self.keep = keep

    def recall(self, url: str) -> Listing:
        """As it was read last; an empty one where it never was."""
        return self._listings.get(url) or Listing(url=url)

    def read(self, listing: Listing) -> None:
        """It was read in full just now."""
        self.keep({"listing": asdict(self.recall(listing.url).after(listing))})

    def mark(self, source_id: str) -> datetime | None:
        """The newest publication that any run before this one has listed for a source."""
        return self._marks.get(source_id)

    @cached_property
    def _listings(self) -> dict[str, Listing]:
        columns = ("url", "etag", "last_modified", "body_id", "agreed", "read_at", "reach_from", "newest")
        rows = self._rows(f"SELECT {', '.join(columns)} FROM private.listings")
        return {row[0]: Listing(**dict(zip(columns, row, strict=True))) for row in rows}

    @cached_property
    def _marks(self) -> dict[str, datetime]:
        return dict(
            self._rows("SELECT source_id, max(newest) FROM private.source_runs WHERE newest <= ended_at GROUP BY 1")
        )

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        if not self.database.exists():
            return []
        with reading(self.database) as connection:
            return connection.execute(query).fetchall()
