"""Volume, tone and share of voice per period; the sentences behind them; the health of the sources."""

from __future__ import annotations

from typing import Literal

from analysis.trends.question import Filters, Question

Period = Literal["hour", "day", "week", "month"]


def coverage(by: Period, filters: Filters, zone: str) -> Question:
    """Articles, stories, tone and share of voice per period and brand.

    Net tone: the mean over stories of their mean tone toward the brand, confident mentions only, -1 to 1: one vote a
    story, so that a wire copied forty times counts once. Share of voice: the brand's stories among the stories of
    all watched brands in the period (also when one brand is asked for), 0 to 1. `collected`: every expected source
    was reached on all days of the period.
    """
    where, values = filters.where(zone)
    others, _ = Filters(topic=filters.topic, outlet=filters.outlet, since=filters.since, until=filters.until).where(
        zone
    )
    sql = f"""
WITH chosen AS (
    SELECT date_trunc('{by}', published_at AT TIME ZONE $zone) AS period, *, {where} AS asked
    FROM mentions WHERE published_at IS NOT NULL AND {others}
),
tones AS (
    SELECT period, brand_id, avg(tone) AS net_tone
    FROM (SELECT period, brand_id, story_id, avg(tone) FILTER (confident) AS tone FROM chosen GROUP BY ALL)
    GROUP BY ALL
),
counts AS (
    SELECT period, brand_id, bool_or(asked) AS asked,
           count(DISTINCT article_id) AS articles, count(DISTINCT story_id) AS stories, count(*) AS mentions,
           count(*) FILTER (confident AND label = 'pos') AS positive,
           count(*) FILTER (confident AND label = 'neu') AS neutral,
           count(*) FILTER (confident AND label = 'neg') AS negative
    FROM chosen GROUP BY period, brand_id
),
shares AS (SELECT *, stories / sum(stories) OVER (PARTITION BY period) AS share_of_voice FROM counts),
collected AS (
    SELECT date_trunc('{by}', day::TIMESTAMP) AS period, bool_and(collected) AS collected
    FROM collection GROUP BY period
)
SELECT s.period, s.brand_id AS brand, s.articles, s.stories, s.mentions, s.positive, s.neutral, s.negative,
       s.mentions - s.positive - s.neutral - s.negative AS abstained, t.net_tone, s.share_of_voice,
       coalesce(c.collected, false) AS collected
FROM shares s JOIN tones t USING (period, brand_id)
LEFT JOIN collected c ON c.period = date_trunc('{by if by != "hour" else "day"}', s.period)
WHERE s.asked ORDER BY s.period, s.stories DESC, brand"""
    return Question(sql, {**values, "zone": zone})


def mentions(filters: Filters, zone: str, limit: int) -> Question:
    """The evidence: newest first, one row a sentence and brand, with its article and address."""
    where, values = filters.where(zone)
    sql = f"""
SELECT m.mention_id AS mention, m.published_at AT TIME ZONE $zone AS published, m.outlet, m.brand_id AS brand,
       m.placement, m.label, m.tone, m.confident, m.corrected, m.syndicated, m.sentence, a.title, a.url
FROM (SELECT * FROM mentions WHERE {where}) m JOIN articles a USING (article_id)
ORDER BY m.published_at DESC NULLS LAST, m.mention_id LIMIT $limit"""
    return Question(sql, {**values, "zone": zone, "limit": limit})


def sources(zone: str) -> Question:
    """The newest funnel of each source, and when it last answered and last brought something new."""
    sql = """
SELECT source_id AS source, discovered, fetched, extracted, matched, stored, failed, reason,
       last_success AT TIME ZONE $zone AS last_success, last_new_article AT TIME ZONE $zone AS last_new_article
FROM source_health QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY run_id DESC) = 1
ORDER BY reason IS NULL, source_id"""
    return Question(sql, {"zone": zone})
