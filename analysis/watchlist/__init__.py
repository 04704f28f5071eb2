"""`watchlist.toml`: what to watch, where, and how.

    from analysis.watchlist import load
    watchlist = load(Path("watchlist.toml"))
    watchlist.ours.name, watchlist.topic("outage").parsed

Mistakes end in one WatchlistError of one line: file, line, key, what is allowed. `TEMPLATE` is the commented
watchlist that `presswatch init` writes.
"""

from __future__ import annotations

from analysis.watchlist.loading import TEMPLATE, load, loads
from analysis.watchlist.models import (
    Brand,
    Crawl,
    Event,
    Message,
    Narrative,
    Notify,
    Report,
    Source,
    Store,
    Tone,
    Topic,
    Watchlist,
)

__all__ = [
    "TEMPLATE",
    "Brand",
    "Crawl",
    "Event",
    "Message",
    "Narrative",
    "Notify",
    "Report",
    "Source",
    "Store",
    "Tone",
    "Topic",
    "Watchlist",
    "load",
    "loads",
]
