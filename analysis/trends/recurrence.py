"""Who keeps writing about us: outlets and journalists, with volume and tone. `presswatch outlets`."""

from __future__ import annotations

from analysis.trends.question import Filters, Question

_FIGURES = """count(*) AS articles, count(DISTINCT story_id) AS stories, count(*) FILTER (syndicated) AS pick_ups,
           sum(mentions)::BIGINT AS mentions, avg(prominence) AS prominence,
           min(published_at) AS first_at, max(published_at) AS last_at"""
_TONES = """count(tone) AS scored, avg(tone) AS net_tone, tone_low(avg(tone), stddev_samp(tone), count(tone), 1) AS low,
           tone_high(avg(tone), stddev_samp(tone), count(tone), 1) AS high"""
_TONE = "CASE WHEN sum(scored) > 0 THEN sum(tone_sum) / sum(scored) END AS tone"


def outlets(filters: Filters, zone: str) -> Question:
    """One row an outlet and brand: articles, copies among them, stories, tone toward the brand, first and last."""
    where, values = filters.where(zone)
    sql = f"""
WITH chosen AS (SELECT * FROM brand_articles WHERE {where}),
figures AS (SELECT outlet, brand_id, min(tier) AS tier, {_FIGURES} FROM chosen GROUP BY outlet, brand_id),
tones AS (
    SELECT outlet, brand_id, {_TONES}
    FROM (SELECT outlet, brand_id, story_id, {_TONE} FROM chosen GROUP BY ALL) GROUP BY outlet, brand_id
)
SELECT outlet, tier, brand_id AS brand, articles, stories, pick_ups, mentions, prominence, scored, net_tone, low, high,
       first_at AT TIME ZONE $zone AS first, last_at AT TIME ZONE $zone AS last
FROM figures JOIN tones USING (outlet, brand_id)"""
    return Question(sql, {**values, "zone": zone}, "stories DESC, articles DESC, outlet, brand")


def journalists(filters: Filters, zone: str) -> Question:
    """One row a byline, outlet and brand, with the same figures. Two people of one name at one outlet are one."""
    where, values = filters.where(zone)
    sql = f"""
WITH chosen AS (
    SELECT *, unnest(authors) AS author
    FROM (SELECT * FROM brand_articles WHERE {where}) JOIN (SELECT article_id, authors FROM articles) USING (article_id)
),
figures AS (
    SELECT author, outlet, brand_id, min(tier) AS tier, {_FIGURES} FROM chosen GROUP BY author, outlet, brand_id
),
tones AS (
    SELECT author, outlet, brand_id, {_TONES}
    FROM (SELECT author, outlet, brand_id, story_id, {_TONE} FROM chosen GROUP BY ALL)
    GROUP BY author, outlet, brand_id
)
SELECT author AS journalist, outlet, tier, brand_id AS brand, articles, stories, pick_ups, mentions, prominence, scored,
       net_tone, low, high, first_at AT TIME ZONE $zone AS first, last_at AT TIME ZONE $zone AS last
FROM figures JOIN tones USING (author, outlet, brand_id)"""
    return Question(sql, {**values, "zone": zone}, "stories DESC, articles DESC, journalist, outlet, brand")
