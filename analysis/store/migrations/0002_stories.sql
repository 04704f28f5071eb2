-- Copies and stories. An article is in a family of copies, a family in a story; what both are found by lies in
-- `sketches`, one row for the newest revision of each article, and `articles` repeats the outcome.
ALTER TABLE private.articles ADD COLUMN family_id VARCHAR;
ALTER TABLE private.articles ADD COLUMN is_original BOOLEAN;
UPDATE private.articles SET family_id = story_id, is_original = true;
UPDATE private.articles SET is_original = false FROM (
    SELECT story_id, arg_min(article_id, (coalesce(published_at, fetched_at), article_id)) AS article_id
    FROM private.articles WHERE newest GROUP BY story_id) first
WHERE first.story_id = articles.story_id AND first.article_id != articles.article_id;

CREATE TABLE private.sketches (
    article_id VARCHAR, family_id VARCHAR, story_id VARCHAR, is_original BOOLEAN,
    "at" TIMESTAMPTZ,       -- publication; where that is not known, the fetch
    dated BOOLEAN,          -- whether it is the publication
    fetched_at TIMESTAMPTZ, brands VARCHAR[], topics VARCHAR[], agency BOOLEAN, credit VARCHAR,
    bands UINTEGER[], terms UINTEGER[], weights UTINYINT[],
    kept DOUBLE,            -- share of the original's words that the article has
    added DOUBLE            -- share of its words that the original has not
);
-- title_id: the most central article, whose headline names the story.
CREATE TABLE private.stories (story_id VARCHAR, title_id VARCHAR, opened_at TIMESTAMPTZ);
-- In how many stories a term was when they were opened.
CREATE TABLE private.terms (term UINTEGER, stories INTEGER);
-- Families that say the contrary in the same words, and are never one story.
CREATE TABLE private.apart (family_id VARCHAR, other_id VARCHAR);
-- kind merged: other_id became part of story_id; split: the article left story_id for other_id.
CREATE TABLE private.story_changes (
    story_id VARCHAR, kind VARCHAR, other_id VARCHAR, article_id VARCHAR, "at" TIMESTAMPTZ
);
