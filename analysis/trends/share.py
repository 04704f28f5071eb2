"""Who has how much of the coverage, how good it is, and who is named beside whom: `presswatch share`."""

from __future__ import annotations

from analysis.trends.cells import DEVIATION, TONE, whole_time
from analysis.trends.question import Filters, Question

_REACHED = """(SELECT avg(collected::INTEGER) FROM collection
     WHERE day BETWEEN coalesce($first::DATE, (SELECT min(first_at AT TIME ZONE $zone)::DATE FROM brands))
                   AND coalesce($last::DATE, (SELECT max(last_at AT TIME ZONE $zone)::DATE FROM brands)))"""


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
    others, values = filters.of_all_brands().where(zone)
    sql = f"""
WITH told AS (
    SELECT brand_id, family_id, story_tone(tone_sum, scored, syndicated) AS tone
    FROM brand_articles WHERE {others} GROUP BY brand_id, family_id
),
ours AS (SELECT * FROM told WHERE brand_id = $brand),
pairs AS (
    SELECT rival.brand_id AS rival, count(*) AS stories, avg(ours.tone) AS our_tone, count(ours.tone) AS our_scored,
           stddev_samp(ours.tone) AS our_deviation, avg(rival.tone) AS rival_tone, count(rival.tone) AS rival_scored,
           stddev_samp(rival.tone) AS rival_deviation
    FROM ours JOIN told rival ON rival.family_id = ours.family_id AND rival.brand_id != ours.brand_id
    GROUP BY rival.brand_id
)
SELECT rival, stories, stories / (SELECT count(*) FROM ours) AS share_of_ours, our_scored, our_tone,
       tone_low(our_tone, our_deviation, our_scored, 1) AS our_low,
       tone_high(our_tone, our_deviation, our_scored, 1) AS our_high, rival_scored, rival_tone,
       tone_low(rival_tone, rival_deviation, rival_scored, 1) AS rival_low,
       tone_high(rival_tone, rival_deviation, rival_scored, 1) AS rival_high
FROM pairs"""
    return Question(sql, {**values, "brand": brand, "zone": zone}, "stories DESC, rival")
