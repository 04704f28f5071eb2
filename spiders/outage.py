"""The spider `outage`: coverage of outages, the watchlist's topic of that name."""

from __future__ import annotations

from spiders.base import NewsSpider


class OutageSpider(NewsSpider):
    """Articles whose text satisfies the query of the topic `outage`."""

    name = "outage"
    topic_ids = ("outage",)
