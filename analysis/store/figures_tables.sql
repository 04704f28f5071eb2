-- What the public views show, ready to be read. Made from the tables of the migrations and nothing else, so it can be
-- thrown away at any time; figures.py does so whenever this file or figures.sql has changed.
DROP TABLE IF EXISTS private.shown_mentions;
CREATE TABLE private.shown_mentions (
    mention_id VARCHAR, article_id VARCHAR, story_id VARCHAR, brand_id VARCHAR, published_at TIMESTAMPTZ,
    outlet VARCHAR, tier INTEGER, topics VARCHAR[], placement VARCHAR, sentence VARCHAR, tone DOUBLE, label VARCHAR,
    confident BOOLEAN, scorer VARCHAR, vader DOUBLE, speaker VARCHAR, corrected BOOLEAN, syndicated BOOLEAN,
    own_voice BOOLEAN, title VARCHAR, url VARCHAR, complete BOOLEAN, family_id VARCHAR, "at" TIMESTAMPTZ
);
DROP TABLE IF EXISTS private.shown_brand_articles;
CREATE TABLE private.shown_brand_articles (
    article_id VARCHAR, story_id VARCHAR, brand_id VARCHAR, published_at TIMESTAMPTZ, outlet VARCHAR, tier INTEGER,
    topics VARCHAR[], syndicated BOOLEAN, prominence INTEGER, mentions INTEGER, positive INTEGER, neutral INTEGER,
    negative INTEGER, own_voice INTEGER, scored INTEGER, tone_sum DOUBLE, family_id VARCHAR, authors VARCHAR[], "at" TIMESTAMPTZ,
    day DATE, hour TIMESTAMPTZ,
    story_began TIMESTAMPTZ,   -- its story's first dated article
    story_month DATE   -- of that: each story counts in one month
);
DROP TABLE IF EXISTS private.shown_stories;
CREATE TABLE private.shown_stories (
    story_id VARCHAR, title VARCHAR, first_published_at TIMESTAMPTZ, first_outlet VARCHAR, articles INTEGER,
    outlets INTEGER, story_key UBIGINT, first_at TIMESTAMPTZ, last_at TIMESTAMPTZ
);
-- Four tables of the same columns, so that a question reads only the kind of cells that it asks for (figures.py).
DROP TABLE IF EXISTS private.shown_coverage;
CREATE TABLE private.shown_coverage (
    span VARCHAR, day DATE, hour TIMESTAMPTZ, brand_id VARCHAR, topic_id VARCHAR, outlet VARCHAR, tier INTEGER,
    articles INTEGER, stories INTEGER, pick_ups INTEGER, mentions INTEGER, positive INTEGER, neutral INTEGER,
    negative INTEGER, own_voice INTEGER, scored INTEGER, tone_total DOUBLE, tone_squares DOUBLE, prominence_total INTEGER,
    weight INTEGER, tier_1 INTEGER, tier_2 INTEGER, tier_3 INTEGER, first_at TIMESTAMPTZ, last_at TIMESTAMPTZ,
    journalist VARCHAR
);
DROP TABLE IF EXISTS private.shown_coverage_by_hour;
CREATE TABLE private.shown_coverage_by_hour AS FROM private.shown_coverage;
DROP TABLE IF EXISTS private.shown_coverage_by_outlet;
CREATE TABLE private.shown_coverage_by_outlet AS FROM private.shown_coverage;
DROP TABLE IF EXISTS private.shown_coverage_by_line;
CREATE TABLE private.shown_coverage_by_line AS FROM private.shown_coverage;
DROP TABLE IF EXISTS private.shown_co_mentions;
CREATE TABLE private.shown_co_mentions (
    month DATE, topic_id VARCHAR, brand_id VARCHAR, rival_id VARCHAR, stories INTEGER, scored INTEGER,
    tone_total DOUBLE, tone_squares DOUBLE, rival_scored INTEGER, rival_tone_total DOUBLE, rival_tone_squares DOUBLE
);
DROP TABLE IF EXISTS private.shown_days;
CREATE TABLE private.shown_days (day DATE, expected INTEGER, reached INTEGER);
DROP TABLE IF EXISTS private.shown_collection;
CREATE TABLE private.shown_collection (day DATE, source_id VARCHAR, collected BOOLEAN);
DROP TABLE IF EXISTS private.shown_reach;
CREATE TABLE private.shown_reach (
    source_id VARCHAR, expected_from TIMESTAMPTZ, since TIMESTAMPTZ, until TIMESTAMPTZ
);

-- A sentence without case, punctuation and spaces, which differ from outlet to outlet.
CREATE OR REPLACE MACRO private.wording(sentence) AS
trim(regexp_replace(lower(sentence), '[^\p{L}\p{N}]+', ' ', 'g'));

-- Tone of one story toward one brand, from rows of brand_articles; NULL where no mention of it is confident. Copies say
-- it again and do not count, unless nothing else is there (a day on which only copies appeared): forty outlets that
-- carry a wire, cut it and add to it leave its tone as it was.
CREATE OR REPLACE MACRO story_tone(total, n, syndicated) AS
coalesce(sum(total) FILTER (NOT syndicated) / nullif(sum(n) FILTER (NOT syndicated), 0), sum(total) / nullif(sum(n), 0));
