"""The spider `campaign`: mentions of a competitor's campaign, the watchlist's topic of that name."""

from __future__ import annotations

from spiders.base import NewsSpider


class CampaignSpider(NewsSpider):
    """Articles whose text satisfies the query of the topic `campaign`."""

    name = "campaign"
    topic_ids = ("campaign",)
