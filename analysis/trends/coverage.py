"""Volume, tone and share of voice per period: `presswatch trends`."""

from __future__ import annotations

from typing import Literal

from analysis.trends.question import Filters, Question

Period = Literal["hour", "day", "week", "month"]
# A local hour begins at its own instant, so that the hour which comes twice when clocks go back is two periods.
_HOUR = """published_at - (published_at AT TIME ZONE $zone - date_trunc('hour', published_at AT TIME ZONE $zone))"""


def coverage(by: Period, filters: Filters, zone: str) -> Question:
    """Articles, stories, tone and share of voice per period and brand (docs/metrics.md).

    `period` is the local beginning of the day, week or month, and for hours an instant.
    """
    where, values = filters.where(zone)
    others, _ = filters.of_all_brands().where(zone)
    period = _HOUR if by == "hour" else f"date_trunc('{by}', published_at AT TIME ZONE $zone)"
    day = "(s.period AT TIME ZONE $zone)::DATE::TIMESTAMP" if by == "hour" else "s.period"
    sql = f"""
WITH chosen AS (
    SELECT {period} AS period, *, {where} AS asked FROM brand_articles WHERE published_at IS NOT NULL AND {others}
),
by_story AS (
    SELECT period, brand_id, bool_or(asked) AS asked, count(*) AS articles, sum(mentions) AS mentions,
           sum(positive) AS positive, sum(neutral) AS neutral, sum(negative) AS negative,
           CASE WHEN sum(scored) > 0 THEN sum(tone_sum) / sum(scored) END AS tone
    FROM chosen GROUP BY period, brand_id, story_id
),
cells AS (
    SELECT period, brand_id, bool_or(asked) AS asked, sum(articles)::BIGINT AS articles, count(*) AS stories,
           sum(mentions)::BIGINT AS mentions, sum(positive)::BIGINT AS positive, sum(neutral)::BIGINT AS neutral,
           sum(negative)::BIGINT AS negative, count(tone) AS scored, avg(tone) AS net_tone,
           stddev_samp(tone) AS deviation
    FROM by_story GROUP BY period, brand_id
),
shares AS (SELECT *, stories / sum(stories) OVER (PARTITION BY period) AS share_of_voice FROM cells),
reached AS (
    SELECT date_trunc('{by if by != "hour" else "day"}', day::TIMESTAMP) AS period, avg(collected::INTEGER) AS reached
    FROM collection GROUP BY ALL
)
SELECT s.period, s.brand_id AS brand, s.articles, s.stories, s.mentions, s.positive, s.neutral, s.negative,
       s.mentions - s.positive - s.neutral - s.negative AS abstained, s.scored, s.net_tone,
       tone_low(s.net_tone, s.deviation, s.scored, r.reached) AS low,
       tone_high(s.net_tone, s.deviation, s.scored, r.reached) AS high,
       s.share_of_voice, r.reached, coalesce(r.reached = 1, false) AS collected
FROM shares s LEFT JOIN reached r ON r.period = {day}
WHERE s.asked"""
    return Question(sql, {**values, "zone": zone}, "period, stories DESC, brand")
