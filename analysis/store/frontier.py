"""Which addresses are known, and which of them a run should ask for.

A URL is `seen` (named by a source, not fetched yet), `fetched` (names no watched brand, or is not for this run),
`extracted` (its text was read; `reason` says what became of it) or `failed` (with the reason, the number of
tries and the time of the next).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from analysis.errors import StoreError
from analysis.items import Lead
from analysis.store.database import reading
from analysis.store.records import digest
from analysis.stories.address import address_id

# Answers that will not change by asking again soon: how long to leave them alone.
_PATIENCE = {
    "http_404": timedelta(days=30),
    "http_410": timedelta(days=3650),
    "http_403": timedelta(days=1),
    "robots": timedelta(days=1),
}
_GIVE_UP_AFTER = 8
# Set aside by a run that asked for other topics; a run that wants them all takes it up.
OTHER_TOPIC = "other_topic"


@dataclass(frozen=True, kw_only=True)
class UrlState:
    """What the store knows of one URL (columns of `private.urls`)."""

    url_id: str
    state: str
    reason: str | None = None
    tries: int = 0
    next_try: datetime | None = None
    evidence: str | None = None
    source_id: str = ""
    etag: str | None = None
    last_modified: str | None = None


def is_due(lead: Lead, known: UrlState | None, now: datetime, *, any_topic: bool = True) -> bool:
    """Should this run fetch `lead`? New, unfinished, due again, or changed by the word of its own source."""
    if known is None or known.state == "seen":
        return True
    if known.state == "failed":
        return known.tries < _GIVE_UP_AFTER and (known.next_try is None or known.next_try <= now)
    if known.reason == OTHER_TOPIC:
        return any_topic
    # Two sources may tell of one page in different words: only the one that named it first can change its mind.
    # Link texts on section pages change for their own reasons.
    same_source = known.source_id == lead.source_id and lead.via != "section"
    return same_source and known.evidence != digest(lead.evidence)


def next_try(reason: str, tries: int, now: datetime) -> datetime:
    """When to ask again after the `tries`-th failure: at once for the first, then later by an hour each time."""
    return now + _PATIENCE.get(reason, timedelta(hours=tries - 1))


class Frontier:
    """URL states as of the newest snapshot."""

    def __init__(self, database: Path) -> None:
        self.database = database

    def known(self, leads: Collection[Lead]) -> dict[str, UrlState]:
        """States of those `leads` that were met before, by `url_id`; empty before the first crawl."""
        return self._states("url_id IN (SELECT unnest(?))", [address_id(lead.url) for lead in leads])

    def pending(self, source_ids: Sequence[str], now: datetime, limit: int = 100_000) -> list[tuple[Lead, UrlState]]:
        """Addresses that earlier runs left unfinished, newest first: seen or failed and due."""
        if not self.database.exists():
            return []
        query = f"""SELECT u.url, title, published_at, modified_at, outlet, tier, kind, {_STATE}
                    FROM private.urls u JOIN private.sources s USING (source_id)
                    WHERE source_id IN (SELECT unnest(?))
                      AND (state = 'seen' OR (state = 'failed' AND tries < ? AND next_try <= ?))
                    ORDER BY coalesce(published_at, modified_at, first_seen) DESC LIMIT ?"""
        with reading(self.database) as connection:
            rows = connection.execute(query, [list(source_ids), _GIVE_UP_AFTER, now, limit]).fetchall()
        found = []
        for url, title, published, modified, outlet, tier, kind, *state in rows:
            known = _state(state)
            lead = Lead(url=url, source_id=known.source_id, outlet=outlet, tier=tier, via=kind, title=title,
                        published=published, modified=modified)  # fmt: skip
            found.append((lead, known))
        return found

    def _states(self, condition: str, values: list[str]) -> dict[str, UrlState]:
        if not values or not self.database.exists():
            return {}
        with reading(self.database) as connection:
            rows = connection.execute(f"SELECT {_STATE} FROM private.urls WHERE {condition}", [values]).fetchall()
        return {state.url_id: state for state in map(_state, rows)}


_STATE = "url_id, state, reason, tries, next_try, evidence, source_id, etag, last_modified"


def _state(row: Sequence[object]) -> UrlState:
    if len(row) != len(_STATE.split(", ")):
        raise StoreError("private.urls has other columns than this release expects")
    return UrlState(**dict(zip(_STATE.split(", "), row, strict=True)))  # type: ignore[arg-type]
