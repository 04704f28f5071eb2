"""Who has how much of the coverage, how good it is, and who is named beside whom: `presswatch share`."""

from __future__ import annotations

from typing import Any

from analysis.trends.cells import DEVIATION, TONE, whole_time
from analysis.trends.question import Filters, Question

_REACHED = """(SELECT sum(reached) / sum(expected) FROM collection_days
     WHERE day BETWEEN coalesce($first::DATE, (SELECT min(first_at AT TIME ZONE $zone)::DATE FROM brands))
                   AND coalesce($last::DATE, (SELECT max(last_at AT TIME ZONE $zone)::DATE FROM brands)))"""

_PAIR = ("stories", "scored", "tone_total", "tone_squares", "rival_scored", "rival_tone_total", "rival_tone_squares")


def share(filters: Filters, zone: str) -> Question:
    """One row a brand: volume, three shares of voice, tone with its interval, prominence and tiers (docs/metrics.md).

    Shares are of all watched brands, also where one brand is asked for.
    """
    brands, values = whole_time("brand_id", filters, zone)
    asked = "true" if filters.brand is None else "brand_id = $brand"
    sql = f"""
WITH brands AS (
    {brands}
),
shares AS (
    SELECT *, articles / sum(articles) OVER () AS share_of_articles, stories / sum(stories) OVER () AS share_of_voice,
           weight / nullif(sum(weight) OVER (), 0) AS share_weighted, {TONE} AS net_tone, {DEVIATION} AS deviation,
           {_REACHED} AS reached
    FROM brands
)
SELECT brand_id AS brand, articles, stories, articles - stories AS pick_ups, share_of_articles, share_of_voice,
       share_weighted, mentions, positive, neutral, negative, mentions - positive - neutral - negative AS abstained,
       own_voice, scored, net_tone, tone_low(net_tone, deviation, scored, reached) AS low,
       tone_high(net_tone, deviation, scored, reached) AS high, prominence_total / stories AS prominence,
       tier_1, tier_2, tier_3, reached, coalesce(reached = 1, false) AS collected
FROM shares WHERE {asked}"""
    bound = {**values, "brand": filters.brand, "zone": zone, "first": filters.since, "last": filters.until}
    return Question(sql, bound, "stories DESC, brand")


def rivals(brand: str, filters: Filters, zone: str) -> Question:
    """One row for each brand that stories on `brand` name too: how many, and the tone toward each in these stories."""
    cells, values = _together(filters, zone)
    ours, more = whole_time("brand_id", filters, zone)
    sql = f"""
WITH cells AS (
    {cells}
),
ours AS (
    {ours}
),
told AS (
    SELECT *, {TONE} AS our_tone, {DEVIATION} AS our_deviation, {_of_rival(TONE)} AS rival_tone,
           {_of_rival(DEVIATION)} AS rival_deviation
    FROM cells
)
SELECT rival_id AS rival, stories, stories / (SELECT stories FROM ours WHERE brand_id = $brand) AS share_of_ours,
       scored AS our_scored, our_tone, tone_low(our_tone, our_deviation, scored, 1) AS our_low,
       tone_high(our_tone, our_deviation, scored, 1) AS our_high, rival_scored, rival_tone,
       tone_low(rival_tone, rival_deviation, rival_scored, 1) AS rival_low,
       tone_high(rival_tone, rival_deviation, rival_scored, 1) AS rival_high
FROM told"""
    return Question(sql, {**values, **more, "brand": brand, "zone": zone}, "stories DESC, rival")


def _together(filters: Filters, zone: str) -> tuple[str, dict[str, Any]]:
    """Cells of `$brand` and each rival: over all time they are ready, else counted."""
    if not any((filters.since, filters.until, filters.outlet, filters.tier)):
        topic = "topic_id IS NULL" if filters.topic is None else "topic_id = $topic"
        sums = ", ".join(f"sum({name}) AS {name}" for name in _PAIR)
        return f"SELECT rival_id, {sums} FROM co_mentions WHERE brand_id = $brand AND {topic} GROUP BY rival_id", {}
    where, values = filters.of_all_brands().where(zone)
    told = f"""SELECT brand_id, family_id, story_tone(tone_sum, scored, syndicated) AS tone
          FROM brand_articles WHERE {where} GROUP BY brand_id, family_id"""
    return (
        f"""SELECT r.brand_id AS rival_id, count(*) AS stories, count(o.tone) AS scored, sum(o.tone) AS tone_total,
           sum(o.tone ** 2) AS tone_squares, count(r.tone) AS rival_scored, sum(r.tone) AS rival_tone_total,
           sum(r.tone ** 2) AS rival_tone_squares
    FROM ({told}) o JOIN ({told}) r USING (family_id)
    WHERE o.brand_id = $brand AND r.brand_id != $brand GROUP BY r.brand_id""",
        values,
    )


def _of_rival(sql: str) -> str:
    return sql.replace("scored", "rival_scored").replace("tone_", "rival_tone_")
