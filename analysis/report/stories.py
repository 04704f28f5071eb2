"""The parts of a report that are about stories and brands: top stories, rivals, clusters, topics, tiers."""

from __future__ import annotations

from typing import Any

from analysis.report import queries, words
from analysis.report.asking import Ask
from analysis.report.model import CLASSES, Cluster, Competitor, Evidence, TierTone, TopStory
from analysis.watchlist import Watchlist

_TOP_STORIES, _CLUSTERS, _SENTENCES = 3, 5, 3


def brands(ask: Ask, watchlist: Watchlist) -> tuple[Competitor, ...]:
    """Every watched brand, ours first, then by stories."""
    found = {row["brand_id"]: row for row in ask("Brands", queries.BRANDS).dicts()}
    headlines = dict(ask("Headlines", queries.HEADLINES).rows)
    rows = []
    for brand in watchlist.brands:
        row = found.get(brand.id, {})
        low, high = row.get("low"), row.get("high")
        rows.append(
            Competitor(
                brand_id=brand.id, name=brand.name, ours=brand.role == "ours", articles=row.get("articles", 0),
                stories=row.get("stories", 0), share=row.get("share") or 0.0, tone=row.get("tone"),
                scored=row.get("scored", 0), between=None if low is None or high is None else (low, high),
                headline=headlines.get(brand.id) or "", beside_us=row.get("beside_us", 0),
                share_of_articles=row.get("share_of_articles") or 0.0, share_weighted=row.get("share_weighted") or 0.0,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (not row.ours, -row.stories)))


def top_stories(ask: Ask, watchlist: Watchlist) -> tuple[tuple[TopStory, ...], tuple[Cluster, ...]]:
    """The few that the reader must know, with their sentences; and the few after which the rest falls off."""
    found = ask("Top stories", queries.STORIES, most=_CLUSTERS).dicts()
    ids = [row["story_id"] for row in found]
    evidence = ask("Evidence", queries.EVIDENCE, stories=ids[:_TOP_STORIES]).rows
    carriers = dict(ask("Carriers", queries.CARRIERS, stories=ids).rows)
    top = tuple(_top(row, evidence, watchlist) for row in found[:_TOP_STORIES])
    clusters = tuple(
        Cluster(row["title"], 1, row["articles"], row["tone"], row["first_outlet"], row["published"],
                tuple(outlet for outlet in carriers[row["story_id"]] if outlet != row["first_outlet"]))
        for row in found
    )  # fmt: skip
    return top, clusters


def _top(row: dict[str, Any], evidence: tuple[tuple[Any, ...], ...], watchlist: Watchlist) -> TopStory:
    behind = [Evidence(*rest) for story_id, *rest in evidence if story_id == row["story_id"]]
    return TopStory(
        title=row["title"], outlet=row["first_outlet"], tier=row["tier"], published=row["published"],
        articles=row["articles"], outlets=row["outlets"], tone=row["tone"],
        why=words.why_it_matters(watchlist.ours.name, row), action=words.action(row), url=behind[0].url,
        evidence=tuple(behind[:_SENTENCES]),
    )  # fmt: skip


def topics(ask: Ask) -> tuple[Cluster, ...]:
    """The watchlist's topics, as they touch our brand."""
    return tuple(
        Cluster(row["topic_id"], row["stories"], row["articles"], row["tone"])
        for row in ask("Topics", queries.TOPICS).dicts()
    )


def tiers(ask: Ask) -> tuple[TierTone, ...]:
    """Tone toward us by tier of the outlet; a story that two tiers carry counts in both."""
    rows = ask("Tone by tier", queries.TIERS).dicts()
    found = []
    for tier in sorted({row["tier"] for row in rows}):
        own = [row for row in rows if row["tier"] == tier]
        scored = sum(row["scored"] for row in own)
        tone = sum(row["tone"] or 0 for row in own) / scored if scored else None
        classes = {name: sum(row["stories"] for row in own if row["class"] == name) for name in CLASSES}
        found.append(TierTone(f"Tier {tier}", classes, tone))
    return tuple(found)
