"""The questions behind a report, over the public views. `$since` and `$until` are instants, the end excluded."""

from __future__ import annotations

# What stands behind the figures: every number is an aggregate over one of these, and the page shows the rows.

STORIES_BEHIND = """
SELECT t.family_id, a.title, a.outlet AS first_outlet, t.tier, t.articles, t.mentions, t.tone
FROM (SELECT family_id, min(tier) AS tier, count(*) AS articles, sum(mentions)::BIGINT AS mentions,
             story_tone(tone_sum, scored, syndicated) AS tone, arg_min(article_id, (published_at, article_id)) AS first,
             min(published_at) AS first_at
      FROM brand_articles WHERE brand_id = $brand AND published_at >= $since AND published_at < $until
      GROUP BY family_id) t
JOIN articles a ON a.article_id = t.first AND a.published_at = t.first_at
               AND a.published_at >= $since AND a.published_at < $until
ORDER BY t.articles DESC, t.family_id"""

ARTICLES_BEHIND = """
SELECT article_id, b.outlet, b.tier, b.published_at AT TIME ZONE $zone AS published, a.title, a.url
FROM brand_articles b JOIN articles a USING (article_id, published_at)
WHERE b.brand_id = $brand AND b.published_at >= $since AND b.published_at < $until
ORDER BY published DESC, article_id"""

VOICES_BEHIND = """
SELECT brand_id, count(DISTINCT family_id) AS stories, count(*) AS articles
FROM brand_articles WHERE published_at >= $since AND published_at < $until
GROUP BY brand_id ORDER BY stories DESC, brand_id"""

MESSAGES_BEHIND = """
SELECT t.family_id, a.title, a.outlet AS first_outlet, t.articles, coalesce(m.messages, []) AS messages
FROM (SELECT family_id, count(*) AS articles, arg_min(article_id, (published_at, article_id)) AS first,
             min(published_at) AS first_at FROM brand_articles
      WHERE brand_id = $brand AND published_at >= $since AND published_at < $until GROUP BY family_id) t
JOIN articles a ON a.article_id = t.first AND a.published_at = t.first_at
               AND a.published_at >= $since AND a.published_at < $until
LEFT JOIN (SELECT family_id, list(DISTINCT message_id ORDER BY message_id) AS messages FROM messages
           WHERE brand_id = $brand AND published_at >= $since AND published_at < $until GROUP BY family_id) m
USING (family_id)
ORDER BY len(coalesce(m.messages, [])) DESC, t.articles DESC, t.family_id"""

BRANDS = """
WITH texts AS (
    SELECT brand_id, family_id, count(*) AS articles, max((4 - tier) * prominence) AS weight,
           story_tone(tone_sum, scored, syndicated) AS tone
    FROM brand_articles WHERE published_at >= $since AND published_at < $until GROUP BY ALL
),
counted AS (
    SELECT brand_id, count(*) AS stories, sum(articles)::BIGINT AS articles, sum(weight) AS weight, avg(tone) AS tone,
           count(tone) AS scored, stddev_samp(tone) AS deviation,
           count(*) FILTER (family_id IN (SELECT family_id FROM texts WHERE brand_id = $brand)) AS beside_us
    FROM texts GROUP BY brand_id
)
SELECT *, stories / sum(stories) OVER () AS share, articles / sum(articles) OVER () AS share_of_articles,
       weight / nullif(sum(weight) OVER (), 0) AS share_weighted,
       tone_low(tone, deviation, scored, (SELECT avg(collected::INTEGER) FROM collection
                                          WHERE day BETWEEN $first AND $last)) AS low,
       tone_high(tone, deviation, scored, (SELECT avg(collected::INTEGER) FROM collection
                                           WHERE day BETWEEN $first AND $last)) AS high
FROM counted ORDER BY stories DESC"""

# The window day by day.

DAYS = """
SELECT * EXCLUDE (brand_id) FROM (
    SELECT day, brand_id, stories, articles, mentions, CASE WHEN scored > 0 THEN tone_total / scored END AS net_tone,
           stories / sum(stories) OVER (PARTITION BY day) AS share_of_voice
    FROM coverage WHERE span = 'day' AND topic_id IS NULL AND outlet IS NULL AND tier IS NULL
                    AND day >= ($earliest AT TIME ZONE $zone)::DATE AND day < ($until AT TIME ZONE $zone)::DATE
) WHERE brand_id = $brand ORDER BY day"""

CLASSES = """
SELECT day, CASE WHEN tone IS NULL THEN 'unsure' WHEN tone > $clear THEN 'pos' WHEN tone < -$clear THEN 'neg'
                 ELSE 'neu' END AS class, count(*) AS stories
FROM (SELECT day, family_id,
             story_tone(tone_sum, scored, syndicated) AS tone
      FROM brand_articles WHERE brand_id = $brand AND published_at >= $since AND published_at < $until GROUP BY ALL)
GROUP BY ALL ORDER BY day, class"""

TIERS_BY_DAY = """
SELECT day, count(*) FILTER (tier = 1) AS tier_one, count(*) AS articles
FROM brand_articles WHERE brand_id = $brand AND published_at >= $earliest AND published_at < $until
GROUP BY ALL ORDER BY 1"""

PULLED_BY_DAY = """
SELECT day, count(DISTINCT b.family_id) AS stories, count(DISTINCT m.family_id) AS carried
FROM (SELECT (published_at AT TIME ZONE $zone)::DATE AS day, article_id, family_id FROM brand_articles
      WHERE brand_id = $brand AND published_at >= $earliest AND published_at < $until) b
LEFT JOIN (SELECT DISTINCT article_id, family_id FROM messages
           WHERE brand_id = $brand AND published_at >= $earliest AND published_at < $until) m USING (article_id)
GROUP BY day ORDER BY day"""

COLLECTED = """
SELECT day, bool_and(collected) AS collected FROM collection WHERE day BETWEEN $before AND $last GROUP BY day
ORDER BY day"""

UNCOLLECTED = """
SELECT day FROM collection WHERE NOT collected AND day BETWEEN $first AND $last
UNION   -- what no run has looked at since is not quiet either
SELECT unnest(generate_series(greatest(max(day) + 1, $first)::TIMESTAMP, $last::TIMESTAMP, INTERVAL 1 DAY))::DATE
FROM collection ORDER BY day"""

# Parts of the report.

HEADLINES = """
SELECT brand_id, arg_max(title, (articles, -story_rank)) AS headline FROM (
    SELECT m.brand_id, s.title, s.articles, dense_rank() OVER (ORDER BY s.story_id) AS story_rank
    FROM (SELECT DISTINCT brand_id, story_id, story_began AS first_published_at FROM brand_articles
          WHERE prominence = 3 AND published_at >= $since AND published_at < $until) m
    JOIN stories s USING (story_id, first_published_at)
) GROUP BY brand_id"""

TIERS = """
SELECT tier, CASE WHEN tone IS NULL THEN 'unsure' WHEN tone > $clear THEN 'pos' WHEN tone < -$clear THEN 'neg'
                  ELSE 'neu' END AS class, count(*) AS stories, sum(tone) AS tone, count(tone) AS scored
FROM (SELECT tier, family_id, story_tone(tone_sum, scored, syndicated) AS tone
      FROM brand_articles WHERE brand_id = $brand AND published_at >= $since AND published_at < $until GROUP BY ALL)
GROUP BY ALL ORDER BY tier, class"""

TOPICS = """
SELECT topic_id, count(*) AS stories, sum(articles)::INTEGER AS articles, avg(tone) AS tone
FROM (SELECT topic_id, family_id, count(*) AS articles,
             story_tone(tone_sum, scored, syndicated) AS tone
      FROM (SELECT *, unnest(topics) AS topic_id FROM brand_articles
            WHERE brand_id = $brand AND published_at >= $since AND published_at < $until)
      GROUP BY ALL)
GROUP BY topic_id ORDER BY stories DESC, topic_id"""

STORIES = """
WITH best AS (   -- how prominent the brand is in an article counts once, not once a sentence
    SELECT story_id, min(tier) AS tier, story_tone(tone_sum, scored, syndicated) AS tone,
           bool_or(prominence = 3) AS headline, sum((4 - tier) * greatest(prominence, 0.5)) AS weight,
           any_value(story_began) AS first_published_at
    FROM brand_articles WHERE brand_id = $brand AND published_at >= $since AND published_at < $until
    GROUP BY story_id
)
SELECT b.story_id, s.title, s.first_outlet, s.first_published_at AT TIME ZONE $zone AS published,
       s.articles, s.outlets, b.tier, b.tone, b.headline, b.weight
FROM best b JOIN stories s USING (story_id, first_published_at)
ORDER BY weight DESC, s.articles DESC, b.story_id LIMIT $most"""

CARRIERS = """
SELECT story_id, list(DISTINCT outlet ORDER BY outlet) AS outlets
FROM brand_articles JOIN (
    SELECT DISTINCT story_id, story_began FROM brand_articles
    WHERE story_id IN (SELECT unnest($stories)) AND published_at >= $since AND published_at < $until
) USING (story_id, story_began) GROUP BY story_id ORDER BY story_id"""

EVIDENCE = """
SELECT m.story_id, m.sentence, m.outlet, m.placement, m.label, m.tone, m.confident, m.corrected, m.url
FROM evidence m
WHERE m.brand_id = $brand AND m.story_id IN (SELECT unnest($stories))
  AND m.published_at >= $since AND m.published_at < $until
QUALIFY row_number() OVER (PARTITION BY m.story_id, m.sentence ORDER BY m.syndicated, m.mention_id) = 1
ORDER BY m.story_id, CASE m.placement WHEN 'headline' THEN 0 WHEN 'lead' THEN 1 ELSE 2 END, abs(m.tone) DESC,
         m.mention_id"""

CHANGES = """
SELECT outlet, url, old_title, title, old_fetched_at AT TIME ZONE $zone AS old_seen,
       fetched_at AT TIME ZONE $zone AS seen, old_words, words, old_tone, tone
FROM article_changes WHERE NOT rules_changed AND fetched_at >= $since AND fetched_at < $until
ORDER BY old_title != title DESC, fetched_at DESC, url LIMIT $changes"""

CORRECTIONS = """
SELECT c.at AT TIME ZONE $zone AS at, c.who, c.why, c.old_label, c.new_label, m.brand_id, m.outlet, m.sentence, m.url
FROM corrections c JOIN evidence m USING (mention_id)
WHERE c.at >= $corrected_since ORDER BY c.at DESC, c.mention_id LIMIT $corrections"""

BINS = """
SELECT date_trunc('hour', local) - INTERVAL 1 HOUR * (hour(local) % 6) AS bin,
       CASE WHEN tone IS NULL THEN 'unsure' WHEN tone > $clear THEN 'pos' WHEN tone < -$clear THEN 'neg'
            ELSE 'neu' END AS class, count(*) AS stories
FROM (SELECT min(published_at) AT TIME ZONE $zone AS local,
             story_tone(tone_sum, scored, syndicated) AS tone
      FROM brand_articles WHERE brand_id = $brand AND published_at >= $began AND published_at < $ended
      GROUP BY family_id)
GROUP BY ALL ORDER BY bin, class"""

STEPS = """
WITH told AS (
    SELECT b.*, a.title, a.url FROM brand_articles b JOIN articles a USING (article_id, published_at)
    WHERE b.brand_id = $brand AND b.published_at >= $began AND b.published_at < $ended
),
firsts AS (
    SELECT 'first report' AS what, article_id FROM told
    UNION ALL SELECT 'first in tier 1', article_id FROM told WHERE tier = 1
    UNION ALL SELECT 'first with our message "' || m.message_id || '"', article_id
              FROM told JOIN messages m USING (article_id) WHERE m.brand_id = $brand
    UNION ALL SELECT 'first beside ' || r.name, article_id
              FROM told JOIN brand_articles o USING (article_id) JOIN (SELECT unnest($rivals) AS brand_id,
                   unnest($rival_names) AS name) r ON r.brand_id = o.brand_id
)
SELECT t.published_at AT TIME ZONE $zone AS "when", f.what, t.outlet, t.title, t.url
FROM firsts f JOIN told t USING (article_id)
QUALIFY row_number() OVER (PARTITION BY f.what ORDER BY t.published_at, t.article_id) = 1
ORDER BY "when", f.what"""

SEVERE = """
SELECT t.title, t.first_outlet, t.tier, t.first AT TIME ZONE $zone AS published, t.articles, t.tone,
       t.weight * -t.tone AS weight, t.headline, t.outlets, t.url
FROM (SELECT family_id, min(tier) AS tier, count(*) AS articles, count(DISTINCT outlet) AS outlets,
             bool_or(prominence = 3) AS headline, story_tone(tone_sum, scored, syndicated) AS tone,
             max((4 - tier) * greatest(prominence, 0.5)) AS weight,
             arg_min(url, (published_at, article_id)) AS url, arg_min(title, (published_at, article_id)) AS title,
             arg_min(outlet, (published_at, article_id)) AS first_outlet, min(published_at) AS first
      FROM (SELECT b.*, a.url, a.title FROM brand_articles b JOIN articles a USING (article_id, published_at)
            WHERE b.brand_id = $brand AND b.published_at >= $began AND b.published_at < $until)
      GROUP BY family_id) t
WHERE t.tone < -$clear ORDER BY weight DESC, t.articles DESC, t.family_id LIMIT $most"""

QUIET = """
SELECT outlet FROM brand_articles WHERE brand_id = $brand AND tier = 1 AND published_at < $until
GROUP BY outlet HAVING max(published_at) < $began ORDER BY outlet"""

MESSAGE_SENTENCES = """
SELECT message_id, arg_max(sentence, (prominence, own_words, -tier, published_at, article_id)) AS sentence,
       arg_max(outlet, (prominence, own_words, -tier, published_at, article_id)) AS outlet,
       arg_max(url, (prominence, own_words, -tier, published_at, article_id)) AS url
FROM (SELECT m.*, a.url FROM messages m JOIN articles a USING (article_id, published_at)
      WHERE m.brand_id = $brand AND m.published_at >= $since AND m.published_at < $until)
GROUP BY message_id"""

CLIPS = """
SELECT m.mention_id, m.published_at AT TIME ZONE $zone AS published, m.outlet, m.tier, m.brand_id, m.placement, m.label,
       m.tone, m.confident, m.corrected, m.syndicated, m.sentence, m.title, m.url, m.complete, m.topics, m.scorer,
       contains(m.url, '#') AS live
FROM evidence m
WHERE m.published_at >= $since AND m.published_at < $until
ORDER BY m.published_at DESC, m.title, m.mention_id LIMIT $clips"""

ALL_CLIPS = "SELECT count(*) AS clips FROM mentions WHERE published_at >= $since AND published_at < $until"

QUALITY = """
SELECT (SELECT count(*) FROM articles WHERE published_at IS NULL) AS undated, count(*) AS articles,
       count(*) FILTER (NOT complete) AS incomplete, count(*) FILTER (contains(url, '#')) AS live,
       (SELECT count(*) FROM mentions WHERE label IS NULL AND published_at >= $since AND published_at < $until)
           AS unscored
FROM articles WHERE published_at >= $since AND published_at < $until"""

SOURCES = """
SELECT source_id, discovered, fetched, extracted, matched, stored, failed, reason,
       last_success IS NOT NULL AND reason IS NULL AS well, last_success AT TIME ZONE $zone AS last_success,
       last_new_article AT TIME ZONE $zone AS last_new_article
FROM newest_health WHERE run_id = (SELECT max(run_id) FROM newest_health) ORDER BY well, source_id"""

SCORERS = "SELECT DISTINCT scorer FROM mentions WHERE scorer IS NOT NULL ORDER BY scorer"
RUN = "SELECT coalesce(max(run_id), 'none') AS run_id FROM runs"
