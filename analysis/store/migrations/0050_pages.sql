-- Posts of one live page are one story: the page that a post stands on, NULL for an article with a page of its own.
ALTER TABLE private.sketches ADD COLUMN page_id VARCHAR;
