"""Rules that tie tables together: one id once, references that exist, one brand that is ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.watchlist.models import QUERY, Brand, Event, Message, Narrative, Source, Topic, Watchlist
from analysis.watchlist.positions import KeyPath
from analysis.watchlist.values import nearest, shown

Problem = tuple[KeyPath, str]
"""The key that is wrong, and what is allowed."""


def broken(watchlist: Watchlist) -> Iterator[Problem]:
    """Every rule that the watchlist breaks."""
    for table in ("brands", "topics", "sources", "messages", "narratives", "events"):
        yield from _duplicates(table, getattr(watchlist, table))
    yield from _one_is_ours(watchlist)
    for table in ("messages", "events"):
        for place, item in enumerate(getattr(watchlist, table)):
            yield from _unknown((table, place, "brand"), "brand", item.brand, watchlist.brands)
    for place, source in enumerate(watchlist.sources):
        for index, topic in enumerate(source.topics):
            yield from _unknown(("sources", place, "topics", index), "topic", topic, watchlist.topics)
        if QUERY in source.url:
            yield from _unaskable(("sources", place, "url"), source, watchlist)


def _duplicates(table: str, items: Sequence[Brand | Topic | Source | Message | Narrative | Event]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for place, item in enumerate(items):
        first = seen.setdefault(item.id.casefold(), place)
        if first != place:
            yield (table, place, "id"), f"{shown(item.id)} is the id of {table}[{first}] already"


def _one_is_ours(watchlist: Watchlist) -> Iterator[Problem]:
    ours = [place for place, brand in enumerate(watchlist.brands) if brand.role == "ours"]
    if not ours:
        yield ("brands", 0), 'no brand is ours; one needs role = "ours"'
    for place in ours[1:]:
        yield ("brands", place, "role"), f"brands[{ours[0]}] is ours already; the others are competitor"


def _unknown(path: KeyPath, kind: str, wanted: str, items: Sequence[Brand | Topic]) -> Iterator[Problem]:
    known = [item.id for item in items]
    if wanted not in known:
        near = nearest(wanted, known)
        hint = f'did you mean "{near}"?' if near else f"known are {', '.join(known) or 'none'}"
        yield path, f"no {kind} has the id {shown(wanted)}; {hint}"


def _unaskable(path: KeyPath, source: Source, watchlist: Watchlist) -> Iterator[Problem]:
    if not watchlist.topics:
        yield path, "holds {query}, but there are no topics to ask for"
    for topic in watchlist.topics:
        if (not source.topics or topic.id in source.topics) and not topic.parsed.words():
            yield path, f"holds {{query}}, but no search can say the query of topic {shown(topic.id)}"
