-- The figures of some stories, or of all, written anew; figures.py runs these steps in one transaction, split at each
-- semicolon. {among} is a condition over story_id, $lo and $hi are the times between which these stories lie.

CREATE TEMP TABLE scope_articles AS
SELECT * EXCLUDE (body), coalesce(published_at, fetched_at) AS "at"
FROM private.articles WHERE published_at BETWEEN $lo AND $hi AND {among}
UNION ALL BY NAME
SELECT * EXCLUDE (body), fetched_at AS "at"
FROM private.articles WHERE published_at IS NULL AND fetched_at BETWEEN $lo AND $hi AND {among};

CREATE TEMP TABLE affected AS
SELECT DISTINCT day, story_month FROM private.shown_brand_articles WHERE "at" BETWEEN $lo AND $hi AND {among};

DELETE FROM private.shown_mentions WHERE "at" BETWEEN $lo AND $hi AND {among};

DELETE FROM private.shown_brand_articles WHERE "at" BETWEEN $lo AND $hi AND {among};

DELETE FROM private.shown_stories WHERE first_at BETWEEN $lo AND $hi AND {among};

INSERT INTO private.shown_stories BY NAME
SELECT story_id, coalesce(any_value(title) FILTER (newest AND article_id = title_id),   -- the most central article's
                          arg_min(title, ("at", article_id)) FILTER (newest)) AS title,
       min(published_at) FILTER (newest) AS first_published_at,
       arg_min(outlet, ("at", article_id)) FILTER (newest) AS first_outlet,
       (count(*) FILTER (newest))::INTEGER AS articles, (count(DISTINCT outlet) FILTER (newest))::INTEGER AS outlets,
       md5_number_lower(story_id) AS story_key, min("at") AS first_at, max("at") AS last_at
FROM scope_articles LEFT JOIN private.stories USING (story_id) GROUP BY story_id ORDER BY first_at;

-- A correction reaches the same sentence about the same brand, whatever its punctuation, in all articles of its story,
-- those that are stored later too; the newest counts.
INSERT INTO private.shown_mentions BY NAME
WITH m AS (
    SELECT m.* EXCLUDE ("at"), a.* EXCLUDE (article_id, revision)
    FROM private.mentions m JOIN scope_articles a ON a.article_id = m.article_id AND a.revision = m.revision
    WHERE m."at" BETWEEN $lo AND $hi
),
family AS (
    SELECT m.story_id, m.brand_id, private.wording(m.sentence) AS said, arg_max(c.new_label, c."at") AS new_label
    FROM private.corrections c JOIN m USING (mention_id) GROUP BY ALL
)
SELECT m.mention_id, m.article_id, m.story_id, m.brand_id, m.published_at, m.outlet, m.tier, m.topics, m.placement,
       m.sentence,
       CASE f.new_label WHEN 'pos' THEN 1.0 WHEN 'neg' THEN -1.0 WHEN 'neu' THEN 0.0 WHEN 'mixed' THEN 0.0
            ELSE m.tone END AS tone,
       coalesce(f.new_label, m.label) AS label,
       -- what a brand says of itself is no judgement of the press: without a person's word it stands in no tone
       f.new_label IS NOT NULL OR (coalesce(m.confident, false) AND NOT coalesce(m.own_voice, false)) AS confident,
       m.scorer, m.vader, m.speaker, f.new_label IS NOT NULL AS corrected, NOT m.is_original AS syndicated,
       coalesce(m.own_voice, false) AS own_voice, m.title, m.url, m.complete,
       -- the posts of a live blog are one text
       CASE WHEN m.page_id != m.article_id THEN m.page_id ELSE m.family_id END AS family_id, m."at"
FROM m LEFT JOIN family f ON f.story_id = m.story_id AND f.brand_id = m.brand_id AND f.said = private.wording(m.sentence)
WHERE m.newest ORDER BY m."at";

INSERT INTO private.shown_brand_articles BY NAME
WITH months AS (
    SELECT story_id, min(published_at) AS story_began,
           coalesce(date_trunc('month', story_began AT TIME ZONE $zone)::DATE, DATE '0001-01-01') AS story_month
    FROM scope_articles WHERE newest GROUP BY story_id
),
figures AS (
    SELECT article_id, brand_id, any_value(story_id) AS story_id, any_value(published_at) AS published_at,
           any_value(outlet) AS outlet, any_value(tier) AS tier, any_value(topics) AS topics,
           any_value(syndicated) AS syndicated, any_value(family_id) AS family_id, any_value("at") AS "at",
           (CASE WHEN bool_or(placement = 'headline') THEN 3 WHEN bool_or(placement = 'lead') THEN 2
                 WHEN count(*) > 1 THEN 1 ELSE 0 END)::INTEGER AS prominence,
           count(*)::INTEGER AS mentions,
           (count(*) FILTER (confident AND label = 'pos'))::INTEGER AS positive,
           (count(*) FILTER (confident AND label = 'neu'))::INTEGER AS neutral,
           (count(*) FILTER (confident AND label = 'neg'))::INTEGER AS negative,
           (count(*) FILTER (own_voice))::INTEGER AS own_voice,
           (count(tone) FILTER (confident))::INTEGER AS scored,
           coalesce(sum(tone) FILTER (confident), 0.0) AS tone_sum
    FROM private.shown_mentions
    ANTI JOIN (   -- what brands publish is not earned
        SELECT article_id FROM scope_articles SEMI JOIN private.press USING (source_id) WHERE newest) USING (article_id)
    WHERE "at" BETWEEN $lo AND $hi AND {among} GROUP BY article_id, brand_id
)
SELECT f.*, authors, months.story_began, months.story_month, (published_at AT TIME ZONE $zone)::DATE AS day,
       -- a local hour begins at its own instant: the hour that comes twice when clocks go back is two
       published_at - (published_at AT TIME ZONE $zone - date_trunc('hour', published_at AT TIME ZONE $zone)) AS hour
FROM figures f JOIN months USING (story_id)
JOIN (SELECT article_id, authors FROM scope_articles WHERE newest) USING (article_id) ORDER BY "at";

INSERT INTO affected
SELECT DISTINCT day, story_month FROM private.shown_brand_articles WHERE "at" BETWEEN $lo AND $hi AND {among}
