-- The public contract: names and types of the views in `main` stay (docs/schema.md). They are made anew at every
-- opening for writing, so a release may improve how a column is computed without a migration.

CREATE OR REPLACE VIEW private.corrected_mentions AS
-- Every mention of every revision, a person's correction in place of the score. A correction reaches the same
-- sentence about the same brand in all articles of its story, those that are stored later too. What a brand says of
-- itself is no judgement of the press: without a person's word it is never confident, and so stands in no tone.
WITH family AS (
    SELECT a.story_id, m.brand_id, private.wording(m.sentence) AS said, arg_max(c.new_label, c."at") AS new_label
    FROM private.corrections c
    JOIN private.mentions m ON m.mention_id = c.mention_id
    JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision
    GROUP BY a.story_id, m.brand_id, said
)
SELECT m.mention_id, m.article_id, m.revision, m.brand_id, m.placement, m.ordinal, m.sentence, m.speaker,
       CASE f.new_label WHEN 'pos' THEN 1.0 WHEN 'neg' THEN -1.0 WHEN 'neu' THEN 0.0 WHEN 'mixed' THEN 0.0
            ELSE m.tone END AS tone,
       coalesce(f.new_label, m.label) AS label,
       f.new_label IS NOT NULL OR (coalesce(m.confident, false) AND NOT coalesce(m.own_voice, false)) AS confident,
       m.scorer, m.vader, f.new_label IS NOT NULL AS corrected, coalesce(m.own_voice, false) AS own_voice
FROM private.mentions m
JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision
LEFT JOIN family f ON f.story_id = a.story_id AND f.brand_id = m.brand_id AND f.said = private.wording(m.sentence);

CREATE OR REPLACE VIEW article_revisions AS
SELECT a.article_id, a.url, a.canonical_url, a.outlet, a.tier, a.source_id, a.title, a.authors, a.published_at,
       a.published_source, a.fetched_at, a.language, a.words, a.complete, a.story_id, a.revision, a.topics, t.tone
FROM private.articles a
LEFT JOIN (   -- toward our own brand
    SELECT article_id, revision, avg(tone) FILTER (confident) AS tone
    FROM private.corrected_mentions WHERE brand_id IN (SELECT brand_id FROM private.brands WHERE role = 'ours')
    GROUP BY article_id, revision
) t ON t.article_id = a.article_id AND t.revision = a.revision;

CREATE OR REPLACE VIEW article_changes AS
SELECT r.article_id, r.revision, r.url, r.outlet, lag(r.title) OVER own AS old_title, r.title,
       lag(r.fetched_at) OVER own AS old_fetched_at, r.fetched_at, lag(r.words) OVER own AS old_words, r.words,
       lag(r.tone) OVER own AS old_tone, r.tone,
       a.extractor IS DISTINCT FROM lag(a.extractor) OVER own AS rules_changed
FROM article_revisions r JOIN private.articles a USING (article_id, revision)
WINDOW own AS (PARTITION BY r.article_id ORDER BY r.revision)
QUALIFY r.revision > 0;

CREATE OR REPLACE VIEW private.tones AS   -- of articles toward our own brand
SELECT article_id, published_at, CASE WHEN scored > 0 THEN tone_sum / scored END AS tone
FROM private.shown_brand_articles WHERE brand_id IN (SELECT brand_id FROM private.brands WHERE role = 'ours');

-- Twice: joined by the time of publication too, so that a window of days reads its own rows of both tables only; and for
-- articles without one. So are messages, narratives and quotes below.
CREATE OR REPLACE VIEW articles AS
SELECT a.article_id, a.url, a.canonical_url, a.outlet, a.tier, a.source_id, a.title, a.authors, a.published_at,
       a.published_source, a.fetched_at, a.language, a.words, a.complete, a.story_id, a.revision, a.topics, t.tone
FROM private.articles a
LEFT JOIN private.tones t ON t.article_id = a.article_id AND t.published_at = a.published_at
WHERE a.newest AND a.published_at IS NOT NULL
UNION ALL
SELECT a.article_id, a.url, a.canonical_url, a.outlet, a.tier, a.source_id, a.title, a.authors, a.published_at,
       a.published_source, a.fetched_at, a.language, a.words, a.complete, a.story_id, a.revision, a.topics, t.tone
FROM private.articles a
LEFT JOIN private.tones t ON t.article_id = a.article_id AND t.published_at IS NULL
WHERE a.newest AND a.published_at IS NULL;

-- What follows is kept ready: figures.sql makes it, figures.py says when.
CREATE OR REPLACE VIEW stories AS
SELECT story_id, title, first_published_at, first_outlet, articles, outlets FROM private.shown_stories;

CREATE OR REPLACE VIEW story_articles AS
-- Who carries whom. Articles that were stored before there were families have no measure of what they changed.
SELECT a.story_id, a.article_id, o.article_id AS original_id, NOT a.is_original AS syndicated, a.published_at, a.outlet,
       a.tier, a.title, a.url, s.kept, s.added, s.credit AS agency
FROM private.articles a
JOIN private.articles o ON o.newest AND o.is_original AND o.family_id = a.family_id
LEFT JOIN private.sketches s ON s.article_id = a.article_id
WHERE a.newest;

CREATE OR REPLACE VIEW story_changes AS
SELECT story_id, kind, other_id, article_id, "at" FROM private.story_changes;

CREATE OR REPLACE VIEW mentions AS
SELECT mention_id, article_id, story_id, brand_id, published_at, outlet, tier, topics, placement, sentence, tone, label,
       confident, scorer, vader, speaker, corrected, syndicated
FROM private.shown_mentions;

CREATE OR REPLACE VIEW evidence AS
SELECT * EXCLUDE ("at") FROM private.shown_mentions;

CREATE OR REPLACE VIEW own_voice AS
SELECT mention_id, article_id, story_id, brand_id, published_at, outlet, placement, speaker, sentence, label, tone
FROM private.shown_mentions WHERE own_voice;

CREATE OR REPLACE VIEW brand_articles AS
SELECT article_id, story_id, brand_id, published_at, day, hour, outlet, tier, topics, syndicated, prominence, mentions,
       positive, neutral, negative, own_voice, scored, tone_sum, family_id, authors, story_began
FROM private.shown_brand_articles;

CREATE OR REPLACE VIEW coverage AS
FROM private.shown_coverage
UNION ALL FROM private.shown_coverage_by_hour
UNION ALL FROM private.shown_coverage_by_outlet
UNION ALL FROM private.shown_coverage_by_line;

CREATE OR REPLACE VIEW co_mentions AS
SELECT * FROM private.shown_co_mentions;

CREATE OR REPLACE VIEW collection_days AS
SELECT * FROM private.shown_days;

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
SELECT t.message_id, t.brand_id, t.article_id, b.story_id, b.published_at, b.outlet, b.tier, b.topics,
       t.presence::INTEGER AS presence, t.prominence::INTEGER AS prominence, t.own_words, t.sentence, b.family_id
FROM private.messages t JOIN brand_articles b ON b.article_id = t.article_id AND b.brand_id = t.brand_id AND b.published_at = t.published_at
UNION ALL
SELECT t.message_id, t.brand_id, t.article_id, b.story_id, b.published_at, b.outlet, b.tier, b.topics,
       t.presence::INTEGER AS presence, t.prominence::INTEGER AS prominence, t.own_words, t.sentence, b.family_id
FROM private.messages t JOIN brand_articles b ON b.article_id = t.article_id AND b.brand_id = t.brand_id AND b.published_at IS NULL
WHERE t.published_at IS NULL;

CREATE OR REPLACE VIEW narratives AS
SELECT t.theme, t.mention_id, t.brand_id, t.article_id, m.story_id, m.published_at, m.outlet, m.tier, m.topics,
       m.placement, m.sentence, m.tone, m.confident, m.syndicated, m.family_id
FROM private.themes t JOIN evidence m ON m.mention_id = t.mention_id AND m.article_id = t.article_id AND m.published_at = t.published_at
UNION ALL
SELECT t.theme, t.mention_id, t.brand_id, t.article_id, m.story_id, m.published_at, m.outlet, m.tier, m.topics,
       m.placement, m.sentence, m.tone, m.confident, m.syndicated, m.family_id
FROM private.themes t JOIN evidence m ON m.mention_id = t.mention_id AND m.article_id = t.article_id AND m.published_at IS NULL
WHERE t.published_at IS NULL;

CREATE OR REPLACE VIEW quotes AS
SELECT t.quote_id, t.article_id, b.story_id, t.brand_id, t.speaker, b.published_at, b.outlet, b.tier, b.topics,
       t.placement, t.verbatim, t.sentence, b.family_id
FROM private.quotes t JOIN brand_articles b ON b.article_id = t.article_id AND b.brand_id = t.brand_id AND b.published_at = t.published_at
UNION ALL
SELECT t.quote_id, t.article_id, b.story_id, t.brand_id, t.speaker, b.published_at, b.outlet, b.tier, b.topics,
       t.placement, t.verbatim, t.sentence, b.family_id
FROM private.quotes t JOIN brand_articles b ON b.article_id = t.article_id AND b.brand_id = t.brand_id AND b.published_at IS NULL
WHERE t.published_at IS NULL;

-- One taken off the watchlist is not missed.
CREATE OR REPLACE VIEW collection AS
SELECT day, source_id, collected FROM private.shown_collection
WHERE source_id IN (SELECT source_id FROM private.sources);

CREATE OR REPLACE VIEW reach AS
SELECT source_id, expected_from, since, until FROM private.shown_reach
WHERE source_id IN (SELECT source_id FROM private.sources);

CREATE OR REPLACE VIEW daily_coverage AS
SELECT c.day, c.brand_id, c.topic_id, c.articles, c.stories, c.mentions, c.positive, c.neutral, c.negative,
       (c.mentions - c.positive - c.neutral - c.negative)::INTEGER AS abstained,
       CASE WHEN c.scored > 0 THEN c.tone_total / c.scored END AS net_tone,
       c.stories / sum(c.stories) OVER (PARTITION BY c.day, c.topic_id) AS share_of_voice,
       coalesce(d.reached = d.expected, false) AS collected
FROM private.shown_coverage c LEFT JOIN private.shown_days d ON d.day = c.day
WHERE c.span = 'day' AND c.outlet IS NULL AND c.tier IS NULL;

CREATE OR REPLACE VIEW runs AS
SELECT run_id, started_at, ended_at, status, pages, articles, mentions, errors FROM private.runs;

CREATE OR REPLACE VIEW source_health AS
SELECT source_id, run_id, discovered, fetched, extracted, matched, stored, failed, reason,
       max(ended_at) FILTER (answered) OVER earlier AS last_success,
       max(ended_at) FILTER (stored > 0) OVER earlier AS last_new_article
FROM private.source_runs
WINDOW earlier AS (PARTITION BY source_id ORDER BY ended_at ROWS UNBOUNDED PRECEDING);

CREATE OR REPLACE VIEW newest_health AS
-- The last row of each source in source_health, without working out all the others.
SELECT source_id, last.run_id AS run_id, last.discovered AS discovered, last.fetched AS fetched,
       last.extracted AS extracted, last.matched AS matched, last.stored AS stored, last.failed AS failed,
       last.reason AS reason, last_success, last_new_article
FROM (
    SELECT source_id, arg_max({'run_id': run_id, 'discovered': discovered, 'fetched': fetched, 'extracted': extracted,
                               'matched': matched, 'stored': stored, 'failed': failed, 'reason': reason}, ended_at) AS last,
           max(ended_at) FILTER (answered) AS last_success, max(ended_at) FILTER (stored > 0) AS last_new_article
    FROM private.source_runs GROUP BY source_id
);

CREATE OR REPLACE VIEW private.verdicts AS
-- How each source is, in words. Quiet is a matter of chance: where so many new links a day are usual, how likely is a
-- silence of this length? Poisson: exp(-rate * days); a mean less a deviation can be negative, and never rings.
WITH first AS (SELECT source_id, min(ended_at) AS first_run, max(ended_at) AS last_run FROM private.source_runs GROUP BY source_id),
told AS (   -- of each source, the quarter of a year before its last run
    SELECT r.*, ended_at = first_run AS is_first, row_number() OVER (PARTITION BY source_id ORDER BY ended_at DESC) AS back
    FROM private.source_runs r JOIN first USING (source_id) WHERE ended_at > last_run - INTERVAL 92 DAY
),
pace AS (   -- without the first run, which finds a whole list new
    SELECT source_id, count(*) AS runs, max(ended_at) AS last_run, max(ended_at) FILTER (fresh > 0) AS last_fresh,
           sum(fresh) FILTER (NOT is_first) AS fresh, min(ended_at) AS first_run,
           max(ended_at) FILTER (answered) AS last_answer
    FROM told WHERE ended_at > (SELECT max(ended_at) FROM told) - INTERVAL 28 DAY GROUP BY source_id
),
rates AS (
    SELECT *, fresh / nullif(date_diff('second', first_run, last_fresh), 0) * 86400 AS a_day,
           date_diff('second', last_fresh, last_answer) / 86400 AS silent
    FROM pace
),
fill AS (   -- the last three runs against the thirty before
    SELECT source_id, back <= 3 AS now, sum(extracted) AS n, sum(titled) / nullif(sum(extracted), 0) AS titled,
           sum(dated) / nullif(sum(extracted), 0) AS dated, sum(whole) / nullif(sum(extracted), 0) AS whole,
           sum(repeated) / nullif(sum(extracted), 0) AS repeated
    FROM told WHERE back <= 33 GROUP BY source_id, now
),
drift AS (
    SELECT n.source_id, list_filter([
               CASE WHEN b.titled - n.titled > 0.3 THEN printf('titles %.0f%%, before %.0f%%', 100 * n.titled, 100 * b.titled) END,
               CASE WHEN b.dated - n.dated > 0.3 THEN printf('dates %.0f%%, before %.0f%%', 100 * n.dated, 100 * b.dated) END,
               CASE WHEN b.whole - n.whole > 0.3 THEN printf('whole texts %.0f%%, before %.0f%%', 100 * n.whole, 100 * b.whole) END,
               CASE WHEN n.repeated >= 0.5 THEN printf('the same text on %.0f%% of pages', 100 * n.repeated) END
           ], lambda what: what IS NOT NULL) AS what
    FROM fill n LEFT JOIN fill b ON b.source_id = n.source_id AND NOT b.now AND b.n >= 10
    WHERE n.now AND n.n >= 5
),
down AS (
    SELECT source_id, coalesce(min(back) FILTER (answered) - 1, count(*)) AS runs FROM told GROUP BY source_id
)
SELECT t.source_id,
       CASE WHEN t.reason IN ('http_401', 'http_403', 'http_451', 'rate_limited', 'robots', 'deferred_robots',
                              'crawl_delay', 'consent_wall') THEN printf('blocked: %s', t.reason)
            WHEN NOT t.answered THEN printf('broken: %s for %d %s', t.reason, d.runs, if(d.runs = 1, 'run', 'runs'))
            WHEN t.reason IS NOT NULL AND t.reason != 'over_budget' THEN printf('broken: its pages, %s', t.reason)
            WHEN len(f.what) > 0 THEN printf('drifting: %s', array_to_string(f.what, '; '))
            WHEN r.runs >= 5 AND r.fresh >= 5 AND exp(-r.a_day * r.silent) < 0.01
                THEN printf('quiet: nothing new for %.1f days, where %.1f a day are usual', r.silent, r.a_day)
            WHEN b.answered = false THEN 'well: back again'
            ELSE 'well' END AS verdict,
       CASE WHEN t.gap_from IS NULL THEN NULL
            WHEN t.gap_until IS NULL THEN printf('%s, filled', strftime(t.gap_from, '%Y-%m-%d %H:%M'))
            ELSE printf('%s to %s, lost', strftime(t.gap_from, '%Y-%m-%d %H:%M'), strftime(t.gap_until, '%Y-%m-%d %H:%M'))
       END AS missed
FROM told t LEFT JOIN rates r USING (source_id) LEFT JOIN drift f USING (source_id) LEFT JOIN down d USING (source_id)
LEFT JOIN told b ON b.source_id = t.source_id AND b.back = 2
WHERE t.back = 1;

CREATE OR REPLACE VIEW corrections AS
SELECT mention_id, old_label, new_label, who, why, "at" FROM private.corrections;

CREATE OR REPLACE VIEW alerts AS
SELECT alert_id, kind, subject, first_day, last_day, raised_at, conditions, words, mention_ids, sentences, collected
FROM private.alerts;
