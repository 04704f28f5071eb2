"""Did our message get through, and who had the word?"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import queries
from analysis.report.asking import Ask
from analysis.report.model import Carried, Pulled, Voice
from analysis.trends import Filters
from analysis.trends.messages import pull_through, response
from analysis.trends.quotes import quotes, voices
from analysis.watchlist import Event, Message, Watchlist

_VOICES = 8


def ours(watchlist: Watchlist) -> tuple[Message, ...]:
    """What we want the coverage to carry; a rival's messages are its own business."""
    return tuple(message for message in watchlist.messages if message.brand == watchlist.ours.id)


def pulled(ask: Ask, watchlist: Watchlist, window: Filters) -> tuple[Pulled, ...]:
    """One row a message, the most carried first."""
    messages, zone = ours(watchlist), watchlist.report.timezone
    if not messages:
        return ()
    rows = ask("Messages", pull_through(messages, window, zone)).dicts()
    tiers: dict[str, dict[int, tuple[int, int]]] = {}
    for row in ask("Messages by tier", pull_through(messages, window, zone, "tier")).dicts():
        if row["tier"] is not None:
            tiers.setdefault(row["message"], {})[row["tier"]] = (row["carried"], row["stories"])
    said = {row["message_id"]: row for row in ask("Message sentences", queries.MESSAGE_SENTENCES).dicts()}
    nothing = {"sentence": "", "outlet": "", "url": ""}
    return tuple(
        Pulled(
            message=row["message"], stories=row["stories"], carried=row["carried"], headline=row["headline"],
            between=(row["low"], row["high"]) if row["stories"] else None, first=row["first"],
            tiers=dict(sorted(tiers.get(row["message"], {}).items())),
            **{key: said.get(row["message"], nothing)[key] for key in nothing},
        )
        for row in rows
    )  # fmt: skip


def carried(ask: Ask, watchlist: Watchlist, window: Filters, event: Event | None) -> Carried | None:
    """How far our response got, since `event` began or, without one, since the window's first story."""
    messages, zone = ours(watchlist), watchlist.report.timezone
    if not messages:
        return None
    since = event.start.astimezone(watchlist.report.zone).date() if event else window.since
    asked = Filters(since=since, until=window.until)
    rows = ask("Response carried", response(messages, asked, zone, start=event.start if event else None)).dicts()
    row = next((row for row in rows if row["message"] == "any"), None)
    if row is None or not row["stories"]:
        return None
    return Carried(
        since=event.id if event else "the first story", stories=row["stories"], carried=row["carried"],
        hours_to_first=row["hours_to_first"], median_hours=row["median_hours"], missing=tuple(row["missing"]),
    )  # fmt: skip


def speakers(ask: Ask, watchlist: Watchlist, window: Filters) -> tuple[Voice, ...]:
    """Who spoke for us, then who else had the word about us; those with the most stories."""
    zone, brand = watchlist.report.timezone, watchlist.ours.id
    chosen = Filters(brand=brand, since=window.since, until=window.until)
    own = ask("Quotes", quotes(chosen, zone).arranged(None, limit=_VOICES)).dicts()
    others = ask("Voices", voices(chosen, zone).arranged(None, limit=_VOICES)).dicts()
    return tuple(
        Voice(row["speaker"], is_ours, row["stories"], row["outlets"], row.get("tone"), row["latest"])
        for is_ours, rows in ((True, own), (False, others))
        for row in rows
        if row["speaker"][:1].isupper()  # a name, or the brand's; "the company" and "a customer" are nobody to call
    )


def last_event(events: Sequence[Event], window: Filters, watchlist: Watchlist) -> Event | None:
    """The newest event of ours that the window touches."""
    zone = watchlist.report.zone
    touched = [
        event
        for event in events
        if event.brand == watchlist.ours.id
        and (window.until is None or event.start.astimezone(zone).date() <= window.until)
        and (window.since is None or event.end.astimezone(zone).date() >= window.since)
    ]
    return max(touched, key=lambda event: event.start, default=None)
