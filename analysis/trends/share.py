"""Who has how much of the coverage, how good it is, and who is named beside whom: `presswatch share`."""

from __future__ import annotations

from analysis.trends.question import Filters, Question

# A story weighs what its best article weighs: the outlet's tier times how prominently the brand is named.
_WEIGHT = "max((4 - tier) * prominence)"
_REACHED = """(SELECT avg(collected::INTEGER) FROM collection
     WHERE day BETWEEN coalesce($first::DATE, (SELECT min(published_at AT TIME ZONE $zone)::DATE FROM chosen))
                   AND coalesce($last::DATE, (SELECT max(published_at AT TIME ZONE $zone)::DATE FROM chosen)))"""


def share(filters: Filters, zone: str) -> Question:
    """One row a brand: volume, three shares of voice, tone with its interval, prominence and tiers (docs/metrics.md).

    Shares are of all watched brands, also where one brand is asked for.
    """
    others, values = filters.of_all_brands().where(zone)
    asked = "true" if filters.brand is None else "brand_id = $brand"
    sql = f"""
WITH chosen AS (SELECT * FROM brand_articles WHERE {others}),
by_story AS (
    SELECT brand_id, story_id, count(*) AS articles, count(*) FILTER (tier = 1) AS tier_1,
           count(*) FILTER (tier = 2) AS tier_2, count(*) FILTER (tier = 3) AS tier_3, sum(mentions) AS mentions,
           sum(positive) AS positive, sum(neutral) AS neutral, sum(negative) AS negative,
           max(prominence) AS prominence, {_WEIGHT} AS weight,
           CASE WHEN sum(scored) > 0 THEN sum(tone_sum) / sum(scored) END AS tone
    FROM chosen GROUP BY brand_id, story_id
),
brands AS (
    SELECT brand_id, sum(articles)::BIGINT AS articles, count(*) AS stories, sum(mentions)::BIGINT AS mentions,
           sum(positive)::BIGINT AS positive, sum(neutral)::BIGINT AS neutral, sum(negative)::BIGINT AS negative,
           sum(tier_1)::BIGINT AS tier_1, sum(tier_2)::BIGINT AS tier_2, sum(tier_3)::BIGINT AS tier_3,
           avg(prominence) AS prominence, sum(weight) AS weight, count(tone) AS scored, avg(tone) AS net_tone,
           stddev_samp(tone) AS deviation
    FROM by_story GROUP BY brand_id
),
shares AS (
    SELECT *, articles / sum(articles) OVER () AS share_of_articles, stories / sum(stories) OVER () AS share_of_voice,
           weight / nullif(sum(weight) OVER (), 0) AS share_weighted, {_REACHED} AS reached
    FROM brands
)
SELECT brand_id AS brand, articles, stories, articles - stories AS pick_ups, share_of_articles, share_of_voice,
       share_weighted, mentions, positive, neutral, negative, mentions - positive - neutral - negative AS abstained,
       scored, net_tone, tone_low(net_tone, deviation, scored, reached) AS low,
       tone_high(net_tone, deviation, scored, reached) AS high, prominence, tier_1, tier_2, tier_3, reached,
       coalesce(reached = 1, false) AS collected
FROM shares WHERE {asked}"""
    bound = {**values, "brand": filters.brand, "zone": zone, "first": filters.since, "last": filters.until}
    return Question(sql, bound, "stories DESC, brand")


def rivals(brand: str, filters: Filters, zone: str) -> Question:
    """One row for each brand that stories on `brand` name too: how many, and the tone toward each in these stories."""
    others, values = filters.of_all_brands().where(zone)
    sql = f"""
WITH told AS (
    SELECT brand_id, story_id, CASE WHEN sum(scored) > 0 THEN sum(tone_sum) / sum(scored) END AS tone
    FROM brand_articles WHERE {others} GROUP BY brand_id, story_id
),
ours AS (SELECT * FROM told WHERE brand_id = $brand),
pairs AS (
    SELECT rival.brand_id AS rival, count(*) AS stories, avg(ours.tone) AS our_tone, count(ours.tone) AS our_scored,
           stddev_samp(ours.tone) AS our_deviation, avg(rival.tone) AS rival_tone, count(rival.tone) AS rival_scored,
           stddev_samp(rival.tone) AS rival_deviation
    FROM ours JOIN told rival ON rival.story_id = ours.story_id AND rival.brand_id != ours.brand_id
    GROUP BY rival.brand_id
)
SELECT rival, stories, stories / (SELECT count(*) FROM ours) AS share_of_ours, our_scored, our_tone,
       tone_low(our_tone, our_deviation, our_scored, 1) AS our_low,
       tone_high(our_tone, our_deviation, our_scored, 1) AS our_high, rival_scored, rival_tone,
       tone_low(rival_tone, rival_deviation, rival_scored, 1) AS rival_low,
       tone_high(rival_tone, rival_deviation, rival_scored, 1) AS rival_high
FROM pairs"""
    return Question(sql, {**values, "brand": brand, "zone": zone}, "stories DESC, rival")
