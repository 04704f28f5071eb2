-- The public contract: names and types of the views in `main` stay (docs/schema.md). They are made anew at every
-- opening for writing, so a release may improve how a column is computed without a migration.

CREATE OR REPLACE VIEW private.corrected_mentions AS
-- Every mention of every revision, a person's correction in place of the score. A correction reaches the same
-- sentence about the same brand in all articles of its story, those that are stored later too. What a brand says of
-- itself is no judgement of the press: without a person's word it is never confident, and so stands in no tone.
WITH family AS (
    SELECT a.story_id, m.brand_id, lower(m.sentence) AS sentence, arg_max(c.new_label, c."at") AS new_label
    FROM private.corrections c
    JOIN private.mentions m ON m.mention_id = c.mention_id
    JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision
    GROUP BY a.story_id, m.brand_id, lower(m.sentence)
)
SELECT m.mention_id, m.article_id, m.revision, m.brand_id, m.placement, m.ordinal, m.sentence, m.speaker,
       CASE f.new_label WHEN 'pos' THEN 1.0 WHEN 'neg' THEN -1.0 WHEN 'neu' THEN 0.0 WHEN 'mixed' THEN 0.0
            ELSE m.tone END AS tone,
       coalesce(f.new_label, m.label) AS label,
       f.new_label IS NOT NULL OR (coalesce(m.confident, false) AND NOT coalesce(m.own_voice, false)) AS confident,
       m.scorer, m.vader, f.new_label IS NOT NULL AS corrected, coalesce(m.own_voice, false) AS own_voice
FROM private.mentions m
JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision
LEFT JOIN family f ON f.story_id = a.story_id AND f.brand_id = m.brand_id AND f.sentence = lower(m.sentence);

CREATE OR REPLACE VIEW own_voice AS
SELECT m.mention_id, m.article_id, a.story_id, m.brand_id, a.published_at, a.outlet, m.placement, m.speaker, m.sentence,
       m.label, m.tone
FROM private.corrected_mentions m
JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision AND a.newest
WHERE m.own_voice;

CREATE OR REPLACE VIEW article_revisions AS
SELECT a.article_id, a.url, a.canonical_url, a.outlet, a.tier, a.source_id, a.title, a.authors, a.published_at,
       a.published_source, a.fetched_at, a.language, a.words, a.complete, a.story_id, a.revision, a.topics, t.tone
FROM private.articles a
LEFT JOIN (   -- toward our own brand
    SELECT article_id, revision, avg(tone) FILTER (confident) AS tone
    FROM private.corrected_mentions WHERE brand_id IN (SELECT brand_id FROM private.brands WHERE role = 'ours')
    GROUP BY article_id, revision
) t ON t.article_id = a.article_id AND t.revision = a.revision;

CREATE OR REPLACE VIEW articles AS
SELECT r.* FROM article_revisions r
JOIN private.articles a ON a.article_id = r.article_id AND a.revision = r.revision AND a.newest;

CREATE OR REPLACE VIEW stories AS
SELECT story_id, arg_min(title, (coalesce(published_at, fetched_at), article_id)) AS title,
       min(published_at) AS first_published_at,
       arg_min(outlet, (coalesce(published_at, fetched_at), article_id)) AS first_outlet,
       count(*)::INTEGER AS articles, count(DISTINCT outlet)::INTEGER AS outlets
FROM private.articles WHERE newest GROUP BY story_id;

CREATE OR REPLACE VIEW mentions AS
SELECT m.mention_id, m.article_id, a.story_id, m.brand_id, a.published_at, a.outlet, a.tier, a.topics,
       m.placement, m.sentence, m.tone, m.label, m.confident, m.scorer, m.vader, m.speaker, m.corrected,
       original.article_id != m.article_id AS syndicated
FROM private.corrected_mentions m
JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision AND a.newest
JOIN (   -- the article of a story that came first; the others carry it
    SELECT story_id, arg_min(article_id, (coalesce(published_at, fetched_at), article_id)) AS article_id
    FROM private.articles WHERE newest GROUP BY story_id
) original ON original.story_id = a.story_id;

CREATE OR REPLACE VIEW brand_articles AS
-- What each article says of each brand: the ground of all figures. Prominence: headline 3, lead 2, body 1, and 0 where
-- one sentence of the body is all.
SELECT article_id, any_value(story_id) AS story_id, brand_id, any_value(published_at) AS published_at,
       any_value(outlet) AS outlet, any_value(tier) AS tier, any_value(topics) AS topics,
       any_value(syndicated) AS syndicated,
       (CASE WHEN bool_or(placement = 'headline') THEN 3 WHEN bool_or(placement = 'lead') THEN 2
             WHEN count(*) > 1 THEN 1 ELSE 0 END)::INTEGER AS prominence,
       count(*)::INTEGER AS mentions,
       (count(*) FILTER (confident AND label = 'pos'))::INTEGER AS positive,
       (count(*) FILTER (confident AND label = 'neu'))::INTEGER AS neutral,
       (count(*) FILTER (confident AND label = 'neg'))::INTEGER AS negative,
       (count(tone) FILTER (confident))::INTEGER AS scored,
       coalesce(sum(tone) FILTER (confident), 0.0) AS tone_sum
FROM mentions GROUP BY article_id, brand_id;

-- The half width of the 95% interval of a mean over n stories, by Student's t (Abramowitz and Stegun 1964, 26.7.5).
CREATE OR REPLACE MACRO private.margin(deviation, n) AS
deviation / sqrt(n) * (1.959964 + 2.372271 / (n - 1) + 2.822502 / (n - 1) ** 2 + 2.555850 / (n - 1) ** 3);
-- Its ends; NULL below ten stories, where a mean is an anecdote. Where sources were missing, wider by what these might
-- have said, from -1 to 1 (Manski 1990).
CREATE OR REPLACE MACRO tone_low(tone, deviation, n, reached) AS
CASE WHEN n >= 10 THEN coalesce(reached, 1) * greatest(-1, tone - private.margin(deviation, n))
                       - (1 - coalesce(reached, 1)) END;
CREATE OR REPLACE MACRO tone_high(tone, deviation, n, reached) AS
CASE WHEN n >= 10 THEN coalesce(reached, 1) * least(1, tone + private.margin(deviation, n))
                       + (1 - coalesce(reached, 1)) END;

CREATE OR REPLACE VIEW messages AS
SELECT m.message_id, m.brand_id, m.article_id, a.story_id, m.published_at, a.outlet, a.tier, a.topics,
       m.presence::INTEGER AS presence, m.prominence::INTEGER AS prominence, m.own_words, m.sentence
FROM private.messages m JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision AND a.newest;

CREATE OR REPLACE VIEW quotes AS
SELECT q.quote_id, q.article_id, a.story_id, q.brand_id, q.speaker, q.published_at, a.outlet, a.tier, a.topics,
       q.placement, q.verbatim, q.sentence
FROM private.quotes q JOIN private.articles a ON a.article_id = q.article_id AND a.revision = q.revision AND a.newest;

CREATE OR REPLACE VIEW collection AS
-- For each source and day (in the watchlist's zone) that it was expected: did an answer of the source reach it?
-- Expected from the first day that it ever reached, or was asked for; an answer covers the days back to the
-- oldest entry it listed, so a night missed by a run is covered by the next one that reaches back.
WITH zoned AS (
    SELECT source_id, coalesce(answered, false) AS answered,
           (ended_at AT TIME ZONE z.value)::DATE AS until,
           least((coalesce(reach_from, ended_at) AT TIME ZONE z.value)::DATE, until) AS since
    FROM private.source_runs, (SELECT value FROM private.settings WHERE key = 'timezone') z
),
expected AS (
    SELECT source_id, unnest(generate_series(min(since)::TIMESTAMP, (SELECT max(until) FROM zoned)::TIMESTAMP,
                                             INTERVAL 1 DAY))::DATE AS day
    FROM zoned WHERE source_id IN (SELECT source_id FROM private.sources)   -- one taken off the watchlist is not missed
    GROUP BY source_id
),
ordered AS (
    SELECT *, max(until) OVER (PARTITION BY source_id ORDER BY since, until
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM zoned WHERE answered
),
spans AS (     -- runs of days without a gap: a sitemap that lists ten years does so again every night
    SELECT source_id, min(since) AS since, max(until) AS until
    FROM (SELECT *, count(*) FILTER (since > before + 1)
                    OVER (PARTITION BY source_id ORDER BY since, until) AS span FROM ordered)
    GROUP BY source_id, span
),
reached AS (
    SELECT source_id, unnest(generate_series(since::TIMESTAMP, until::TIMESTAMP, INTERVAL 1 DAY))::DATE AS day FROM spans
)
SELECT e.day, e.source_id, r.source_id IS NOT NULL AS collected
FROM expected e LEFT JOIN reached r ON r.source_id = e.source_id AND r.day = e.day;

CREATE OR REPLACE VIEW daily_coverage AS
WITH zoned AS (
    SELECT m.*, (m.published_at AT TIME ZONE z.value)::DATE AS day
    FROM mentions m, (SELECT value FROM private.settings WHERE key = 'timezone') z
    WHERE m.published_at IS NOT NULL
),
topical AS (   -- a row for each topic, and one with topic_id NULL for all coverage, with a topic or without
    SELECT *, unnest(list_append(topics, NULL)) AS topic_id FROM zoned
),
tones AS (     -- one vote a story
    SELECT day, brand_id, topic_id, avg(tone) AS net_tone
    FROM (SELECT day, brand_id, topic_id, story_id, avg(tone) FILTER (confident) AS tone
          FROM topical GROUP BY day, brand_id, topic_id, story_id)
    GROUP BY day, brand_id, topic_id
),
counts AS (
    SELECT day, brand_id, topic_id,
           count(DISTINCT article_id)::INTEGER AS articles, count(DISTINCT story_id)::INTEGER AS stories,
           count(*)::INTEGER AS mentions,
           (count(*) FILTER (confident AND label = 'pos'))::INTEGER AS positive,
           (count(*) FILTER (confident AND label = 'neu'))::INTEGER AS neutral,
           (count(*) FILTER (confident AND label = 'neg'))::INTEGER AS negative
    FROM topical GROUP BY day, brand_id, topic_id
),
collected AS (SELECT day, bool_and(collected) AS collected FROM collection GROUP BY day)
SELECT c.day, c.brand_id, c.topic_id, c.articles, c.stories, c.mentions, c.positive, c.neutral, c.negative,
       (c.mentions - c.positive - c.neutral - c.negative)::INTEGER AS abstained, t.net_tone,
       c.stories / sum(c.stories) OVER (PARTITION BY c.day, c.topic_id) AS share_of_voice,
       coalesce(d.collected, false) AS collected
FROM counts c
JOIN tones t ON t.day = c.day AND t.brand_id = c.brand_id AND t.topic_id IS NOT DISTINCT FROM c.topic_id
LEFT JOIN collected d ON d.day = c.day;

CREATE OR REPLACE VIEW runs AS
SELECT run_id, started_at, ended_at, status, pages, articles, mentions, errors FROM private.runs;

CREATE OR REPLACE VIEW source_health AS
SELECT source_id, run_id, discovered, fetched, extracted, matched, stored, failed, reason,
       max(ended_at) FILTER (answered) OVER earlier AS last_success,
       max(ended_at) FILTER (stored > 0) OVER earlier AS last_new_article
FROM private.source_runs
WINDOW earlier AS (PARTITION BY source_id ORDER BY ended_at ROWS UNBOUNDED PRECEDING);

CREATE OR REPLACE VIEW corrections AS
SELECT mention_id, old_label, new_label, who, why, "at" FROM private.corrections;

CREATE OR REPLACE VIEW alerts AS
SELECT alert_id, kind, subject, first_day, last_day, raised_at, conditions, words, mention_ids, sentences, collected
FROM private.alerts;
