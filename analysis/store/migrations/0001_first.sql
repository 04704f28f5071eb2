-- What the first release keeps. No primary keys: they cost 5 times the load and look up no faster
-- (docs/choices.md); load.py keeps each table free of duplicates instead.
CREATE SCHEMA private;
CREATE TABLE private.settings (key VARCHAR, value VARCHAR);
CREATE TABLE private.brands (brand_id VARCHAR, name VARCHAR, role VARCHAR, position INTEGER);
CREATE TABLE private.topics (topic_id VARCHAR, position INTEGER);
CREATE TABLE private.sources (
    source_id VARCHAR, outlet VARCHAR, kind VARCHAR, url VARCHAR, tier INTEGER, position INTEGER
);

CREATE TABLE private.runs (
    run_id VARCHAR, command VARCHAR, pid INTEGER, started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ,
    status VARCHAR, pages INTEGER, articles INTEGER, mentions INTEGER, errors INTEGER
);
-- reach_from: the oldest publication time in what the source listed, so the night up to there is covered.
CREATE TABLE private.source_runs (
    source_id VARCHAR, run_id VARCHAR, ended_at TIMESTAMPTZ, answered BOOLEAN, reach_from TIMESTAMPTZ,
    discovered INTEGER, fetched INTEGER, extracted INTEGER, matched INTEGER, stored INTEGER, failed INTEGER,
    reason VARCHAR
);
CREATE TABLE private.segments (name VARCHAR, records INTEGER, loaded_at TIMESTAMPTZ);

CREATE TABLE private.urls (
    url_id VARCHAR, url VARCHAR, source_id VARCHAR, state VARCHAR, reason VARCHAR, tries INTEGER,
    next_try TIMESTAMPTZ, evidence VARCHAR, title VARCHAR, published_at TIMESTAMPTZ, modified_at TIMESTAMPTZ,
    etag VARCHAR, last_modified VARCHAR, first_seen TIMESTAMPTZ, updated_at TIMESTAMPTZ
);

-- Every revision of every article; `newest` marks the one that the view `articles` shows.
CREATE TABLE private.articles (
    article_id VARCHAR, revision INTEGER, newest BOOLEAN, content_id VARCHAR, copy_id VARCHAR, story_id VARCHAR,
    url VARCHAR, canonical_url VARCHAR, source_id VARCHAR, outlet VARCHAR, tier INTEGER, title VARCHAR,
    body VARCHAR, authors VARCHAR[], published_at TIMESTAMPTZ, published_source VARCHAR, modified_at TIMESTAMPTZ,
    fetched_at TIMESTAMPTZ, language VARCHAR, words INTEGER, complete BOOLEAN, incomplete_reason VARCHAR,
    extractor VARCHAR, topics VARCHAR[], run_id VARCHAR
);
CREATE TABLE private.mentions (
    mention_id VARCHAR, article_id VARCHAR, revision INTEGER, brand_id VARCHAR, placement VARCHAR,
    ordinal INTEGER, sentence VARCHAR, spans INTEGER[][], speaker VARCHAR,
    tone DOUBLE, label VARCHAR, confident BOOLEAN, scorer VARCHAR, vader DOUBLE
);
CREATE TABLE private.corrections (
    mention_id VARCHAR, old_label VARCHAR, new_label VARCHAR, who VARCHAR, why VARCHAR, "at" TIMESTAMPTZ
);
