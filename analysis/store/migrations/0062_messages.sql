-- What brands get across, as each revision of an article carries it. published_at stands here too, so that a window of
-- days reads its own rows only. reading: version of what found them; NULL, not read yet.
CREATE TABLE private.messages (
    message_id VARCHAR, article_id VARCHAR, revision INTEGER, published_at TIMESTAMPTZ, brand_id VARCHAR,
    presence TINYINT, prominence TINYINT, sentence VARCHAR, own_words BOOLEAN
);
CREATE TABLE private.quotes (
    quote_id VARCHAR, article_id VARCHAR, revision INTEGER, published_at TIMESTAMPTZ, brand_id VARCHAR, speaker VARCHAR,
    placement VARCHAR, ordinal INTEGER, sentence VARCHAR, verbatim BOOLEAN
);
ALTER TABLE private.articles ADD COLUMN reading VARCHAR;
