"""The questions behind alerts that no other command asks, over the public views."""

from __future__ import annotations

TIER_1 = """
WITH told AS (
    SELECT family_id, min(published_at) AS first_at, arg_min(outlet, (published_at, article_id)) AS outlet,
           arg_min(article_id, (published_at, article_id)) AS article_id, max(prominence) AS prominence,
           story_tone(tone_sum, scored, syndicated) AS tone
    FROM brand_articles WHERE brand_id = $brand AND tier = 1 AND published_at >= $since AND published_at < $until
    GROUP BY family_id
)
SELECT (first_at AT TIME ZONE $zone)::DATE AS day, t.outlet, e.title
FROM (SELECT * FROM told WHERE prominence >= 2 AND tone <= -0.25) t
JOIN (SELECT article_id, any_value(title) AS title FROM evidence
      WHERE brand_id = $brand AND tier = 1 AND published_at >= $since AND published_at < $until
      GROUP BY article_id) e USING (article_id)
ORDER BY first_at, t.outlet, e.title"""

SOURCES = """
SELECT source_id, (published_at AT TIME ZONE $zone)::DATE AS day, count(*) AS articles
FROM articles WHERE published_at >= $since AND published_at < $until GROUP BY ALL"""

REACHED = "SELECT source_id, day, collected FROM collection WHERE day BETWEEN $first AND $last"

TONES = """
WITH told AS (
    SELECT family_id, day, story_tone(tone_sum, scored, syndicated) AS tone
    FROM brand_articles
    WHERE brand_id = $brand AND published_at >= $since AND published_at < $until AND scored > 0 GROUP BY ALL
)
SELECT count(*) AS scored, coalesce(avg(tone), 0) AS net_tone, coalesce(stddev_samp(tone), 0) AS deviation
FROM told WHERE list_contains($days, day)"""

EVIDENCE = """
WITH chosen AS (
    SELECT *, (4 - tier) * CASE placement WHEN 'headline' THEN 3 WHEN 'lead' THEN 2 ELSE 1 END
              * (0.1 + greatest(0, $sign * tone)) AS weight
    FROM evidence WHERE brand_id = $brand AND published_at >= $since AND published_at < $until AND confident
    QUALIFY row_number() OVER (PARTITION BY family_id ORDER BY weight DESC, syndicated, mention_id) = 1
)
SELECT mention_id, outlet, tone, sentence, url FROM chosen ORDER BY weight DESC, mention_id LIMIT $sentences"""
