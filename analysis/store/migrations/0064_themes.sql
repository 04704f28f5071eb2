-- The themes of a crisis that a sentence on a brand belongs to; published_at as in private.messages.
CREATE TABLE private.themes (
    mention_id VARCHAR, article_id VARCHAR, revision INTEGER, published_at TIMESTAMPTZ, brand_id VARCHAR, theme VARCHAR
);
