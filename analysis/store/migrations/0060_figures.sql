-- What the public views show is kept ready (figures.py), because joins over ten million mentions take seconds.
-- touched: stories whose figures are out of date, with the times of the articles that changed.
CREATE TABLE private.touched (story_id VARCHAR, "at" TIMESTAMPTZ);
CREATE TABLE private.figures (version VARCHAR);
-- When the article of a mention was published, or fetched: finds the mentions of an article without reading them all.
ALTER TABLE private.mentions ADD COLUMN "at" TIMESTAMPTZ;
UPDATE private.mentions m SET "at" = coalesce(a.published_at, a.fetched_at)
FROM private.articles a WHERE a.article_id = m.article_id AND a.revision = m.revision;
