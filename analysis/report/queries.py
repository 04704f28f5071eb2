"""The questions behind a report, over the public views. `$since` and `$until` are instants, the end excluded."""

from __future__ import annotations

DAYS = """
SELECT day, brand_id, articles, stories, mentions, positive, neutral, negative, abstained, net_tone, share_of_voice,
       collected
FROM daily_coverage
WHERE topic_id IS NULL AND day BETWEEN $first AND $last ORDER BY day, brand_id"""

BRANDS = """
WITH inside AS (SELECT * FROM mentions WHERE published_at >= $since AND published_at < $until),
by_story AS (
    SELECT brand_id, story_id, avg(tone) FILTER (confident) AS tone FROM inside GROUP BY brand_id, story_id
),
tones AS (
    SELECT brand_id, count(*) AS stories, avg(tone) AS tone, count(tone) AS scored,
           list(tone ORDER BY story_id) FILTER (tone IS NOT NULL) AS story_tones
    FROM by_story GROUP BY brand_id
)
SELECT brand_id, (SELECT count(DISTINCT article_id) FROM inside i WHERE i.brand_id = t.brand_id) AS articles, stories,
       stories / sum(stories) OVER () AS share, tone, scored, story_tones
FROM tones t ORDER BY stories DESC"""

STORIES = """
WITH inside AS (
    SELECT *, (4 - tier) * CASE placement WHEN 'headline' THEN 3 WHEN 'lead' THEN 2 ELSE 1 END AS weight
    FROM mentions WHERE brand_id = $brand AND published_at >= $since AND published_at < $until
),
best AS (   -- how prominent the brand is in an article counts once, not once a sentence
    SELECT story_id, article_id, min(tier) AS tier, max(weight) AS weight, avg(tone) FILTER (confident) AS tone,
           bool_or(placement = 'headline') AS headline
    FROM inside GROUP BY story_id, article_id
)
SELECT b.story_id, s.title, s.first_outlet, s.first_published_at AT TIME ZONE $zone AS published,
       s.articles, s.outlets, min(b.tier) AS tier, avg(b.tone) AS tone, bool_or(b.headline) AS headline,
       sum(b.weight) AS weight
FROM best b JOIN stories s USING (story_id)
GROUP BY ALL ORDER BY weight DESC, s.articles DESC, b.story_id LIMIT $limit"""

EVIDENCE = """
SELECT m.story_id, m.sentence, m.outlet, m.placement, m.label, m.tone, m.confident, m.corrected, a.url
FROM mentions m JOIN articles a USING (article_id)
WHERE m.brand_id = $brand AND m.story_id IN (SELECT unnest($stories))
  AND m.published_at >= $since AND m.published_at < $until
QUALIFY row_number() OVER (PARTITION BY m.story_id, m.sentence ORDER BY m.syndicated, m.mention_id) = 1
ORDER BY m.story_id, CASE m.placement WHEN 'headline' THEN 0 WHEN 'lead' THEN 1 ELSE 2 END, abs(m.tone) DESC,
         m.mention_id"""

CHANGES = """
WITH told AS (
    SELECT *, lag(title) OVER own AS old_title, lag(fetched_at) OVER own AS old_seen, lag(words) OVER own AS old_words,
           lag(tone) OVER own AS old_tone
    FROM article_revisions WINDOW own AS (PARTITION BY article_id ORDER BY revision)
)
SELECT outlet, url, old_title, title, old_seen AT TIME ZONE $zone AS old_seen, fetched_at AT TIME ZONE $zone AS seen,
       old_words, words, old_tone, tone
FROM told WHERE revision > 0 AND fetched_at >= $since AND fetched_at < $until
ORDER BY old_title != title DESC, fetched_at DESC, url LIMIT $changes"""

HEADLINES = """
SELECT brand_id, arg_max(title, (articles, -story_rank)) AS headline FROM (
    SELECT DISTINCT m.brand_id, s.title, s.articles, dense_rank() OVER (ORDER BY s.story_id) AS story_rank
    FROM mentions m JOIN stories s USING (story_id)
    WHERE m.placement = 'headline' AND m.published_at >= $since AND m.published_at < $until
) GROUP BY brand_id"""

CLIPS = """
SELECT m.mention_id, m.published_at AT TIME ZONE $zone AS published, m.outlet, m.tier, m.brand_id, m.placement, m.label,
       m.tone, m.confident, m.corrected, m.syndicated, m.sentence, a.title, a.url, a.complete
FROM mentions m JOIN articles a USING (article_id)
WHERE m.published_at >= $since AND m.published_at < $until
ORDER BY m.published_at DESC, a.title, m.mention_id"""

TIER_ONE = """
SELECT count(DISTINCT article_id) FILTER (tier = 1) AS tier_one, count(DISTINCT article_id) AS articles
FROM mentions WHERE brand_id = $brand AND published_at >= $since AND published_at < $until"""

QUALITY = """
SELECT (SELECT count(*) FROM articles WHERE published_at IS NULL) AS undated,
       (SELECT count(*) FROM articles WHERE NOT complete AND published_at >= $since AND published_at < $until)
           AS incomplete,
       (SELECT count(*) FROM mentions WHERE label IS NULL AND published_at >= $since AND published_at < $until)
           AS unscored"""

SOURCES = """
SELECT source_id, discovered, fetched, extracted, matched, stored, failed, reason,
       last_success IS NOT NULL AND reason IS NULL AS well, last_success AT TIME ZONE $zone AS last_success,
       last_new_article AT TIME ZONE $zone AS last_new_article
FROM source_health WHERE run_id = (SELECT max(run_id) FROM source_health) ORDER BY well, source_id"""

SCORERS = "SELECT DISTINCT scorer FROM mentions WHERE scorer IS NOT NULL ORDER BY scorer"
RUN = "SELECT coalesce(max(run_id), 'none') AS run_id FROM runs"
UNCOLLECTED = """
SELECT day FROM collection WHERE NOT collected AND day BETWEEN $first AND $last
UNION   -- what no run has looked at since is not quiet either
SELECT unnest(generate_series(greatest(max(day) + 1, $first)::TIMESTAMP, $last::TIMESTAMP, INTERVAL 1 DAY))::DATE
FROM collection ORDER BY day"""
