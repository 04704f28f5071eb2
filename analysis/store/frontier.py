"""Which addresses are known, and which of them a run should ask for.

A URL is `seen` (named by a source, not fetched yet), `fetched` (names no watched brand, or is not for this run),
`extracted` (its text was read; `reason` says what became of it) or `failed` (with the reason, the number of
tries and the time of the next).

Pages that were read are looked at again while they are young: a headline that is corrected is corrected in its first
two days, and a conditional request costs the publisher next to nothing (RFC 9110, section 13).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from analysis.errors import StoreError
from analysis.items import Lead
from analysis.store.readers import Readers
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
# Set aside by a run that asked for other topics; a run that asks for one of its topics takes it up.
OTHER_TOPIC = "other_topic"
# The same of a live blog, some of whose posts were stored.
STORED_IN_PART = "stored_in_part"
Why = Literal["new", "failed", "set_aside", "changed", "young"]
_SET_ASIDE = (OTHER_TOPIC, STORED_IN_PART)
_READ = ("fetched", "extracted")
_YOUNG = timedelta(hours=48)
_SOONEST = timedelta(hours=1)


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
    topics: Sequence[str] | None = None
    """What of it was set aside is about; None where nothing was, and for what older releases set aside."""
    stored: bool = False
    """Whether it ever brought an article that was stored, whatever the last look brought."""
    # When we looked is no part of what we saw: two looks with the same outcome are equal.
    published_at: datetime | None = field(default=None, compare=False)
    """By the word of the source."""
    first_seen: datetime | None = field(default=None, compare=False)
    updated_at: datetime | None = field(default=None, compare=False)
    """The last look."""

    @property
    def was_read(self) -> bool:
        """Whether the page came at the last look."""
        return self.state in _READ

    @property
    def validators(self) -> dict[str, str]:
        """Headers that let an unchanged page stay away (RFC 9110, section 13.1)."""
        if not self.was_read:
            return {}
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


def is_due(lead: Lead, known: UrlState | None, now: datetime, topics: Set[str] = frozenset()) -> bool:
    """Should this run fetch `lead`?"""
    return why_due(lead, known, now, topics) is not None


def why_due(lead: Lead, known: UrlState | None, now: datetime, topics: Set[str] = frozenset()) -> Why | None:
    """Why this run should fetch `lead`; None where it should not.

    topics: those that the run asks for; all where empty
    """
    if known is None or known.state == "seen":
        return "new"
    if known.state == "failed":
        due = known.tries < _GIVE_UP_AFTER and (known.next_try is None or known.next_try <= now)
        return "failed" if due else None
    if lead.capture:  # an archived page does not change, and never takes the place of one that was read
        return None
    if known.reason in _SET_ASIDE and (not topics or known.topics is None or not topics.isdisjoint(known.topics)):
        return "set_aside"
    # Two sources may tell of one page in different words: only the one that named it first can change its mind.
    if known.source_id != lead.source_id:
        return None
    # Link texts on section pages change for their own reasons.
    if lead.via != "section" and known.evidence != digest(lead.evidence):
        return "changed"
    return "young" if is_worth_a_look(known, now) else None


def is_worth_a_look(known: UrlState, now: datetime) -> bool:
    """Should a page that was read be looked at again only because it is young?

    Up to an age of 48 hours, when the last look is as long ago as half its age then, at least an hour: after 1, 2, 4,
    8, 16 and 32 hours where runs are frequent. The age counts from the publication that its source states; no page is
    younger than our first sight of it, whatever is stated.
    """
    if not known.was_read or known.first_seen is None or known.updated_at is None:
        return False
    age = now - min(known.published_at or known.first_seen, known.first_seen)
    return age <= _YOUNG and now - known.updated_at >= max(_SOONEST, age / 2)


def next_try(reason: str, tries: int, now: datetime) -> datetime:
    """When to ask again after the `tries`-th failure: at once for the first, then later by an hour each time."""
    return now + _PATIENCE.get(reason, timedelta(hours=tries - 1))


class Frontier:
    """URL states as of the newest snapshot. To be closed: while it holds a snapshot, this process sees no newer one."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self._readers = Readers(database)

    def close(self) -> None:
        """Let go of the snapshot; when the last page was asked for."""
        self._readers.close()

    def known(self, leads: Collection[Lead]) -> dict[str, UrlState]:
        """States of those `leads` that were met before, by `url_id`; empty before the first crawl."""
        return self._states("url_id IN (SELECT unnest(?))", [address_id(lead.url) for lead in leads])

    def pending(self, source_ids: Sequence[str], now: datetime, limit: int = 100_000) -> list[tuple[Lead, UrlState]]:
        """Addresses to ask for although nobody names them today: first what earlier runs left unfinished (seen, or
        failed and due), then what was set aside for its topic or is young enough for another look; newest first."""
        if not self.database.exists():
            return []
        query = f"""SELECT u.url, title, modified_at, outlet, tier, kind, {_STATE}
                    FROM private.urls u JOIN private.sources s USING (source_id)
                    WHERE source_id IN (SELECT unnest(?))
                      AND (state = 'seen' OR (state = 'failed' AND tries < ? AND next_try <= ?)
                           OR reason IN (SELECT unnest(?)) OR (state IN (SELECT unnest(?)) AND first_seen >= ?))
                    ORDER BY state IN ('seen', 'failed') DESC,
                             coalesce(published_at, modified_at, first_seen) DESC LIMIT ?"""
        values = [list(source_ids), _GIVE_UP_AFTER, now, list(_SET_ASIDE), list(_READ), now - _YOUNG, limit]
        with self._readers.reading() as connection:
            rows = connection.execute(query, values).fetchall()
        found = []
        for url, title, modified, outlet, tier, kind, *state in rows:
            known = _state(state)
            if known.was_read and known.reason not in _SET_ASIDE and not is_worth_a_look(known, now):
                continue
            lead = Lead(url=url, source_id=known.source_id, outlet=outlet, tier=tier, via=kind, title=title,
                        published=known.published_at, modified=modified)  # fmt: skip
            found.append((lead, known))
        return found

    def stored(self, article_ids: Collection[str]) -> set[str]:
        """Those of the articles that the store has a revision of."""
        if not article_ids or not self.database.exists():
            return set()
        query = "SELECT DISTINCT article_id FROM private.articles WHERE article_id IN (SELECT unnest(?))"
        with self._readers.reading() as connection:
            return {found for (found,) in connection.execute(query, [list(article_ids)]).fetchall()}

    def _states(self, condition: str, values: list[str]) -> dict[str, UrlState]:
        if not values or not self.database.exists():
            return {}
        with self._readers.reading() as connection:
            rows = connection.execute(f"SELECT {_STATE} FROM private.urls WHERE {condition}", [values]).fetchall()
        return {state.url_id: state for state in map(_state, rows)}


_COLUMNS = tuple(
    "url_id state reason tries next_try evidence source_id etag last_modified topics stored published_at first_seen "
    "updated_at".split()
)
_STATE = ", ".join(_COLUMNS)


def _state(row: Sequence[object]) -> UrlState:
    if len(row) != len(_COLUMNS):
        raise StoreError("private.urls has other columns than this release expects")
    return UrlState(**dict(zip(_COLUMNS, row, strict=True)))  # type: ignore[arg-type]
