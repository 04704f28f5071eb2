-- page_id: the page that an article stands on; the posts of a live blog share it, other articles have their own id.
ALTER TABLE private.articles ADD COLUMN page_id VARCHAR;
UPDATE private.articles SET page_id = article_id;
-- stored: whether the address ever brought an article that was stored, whatever its last look brought.
ALTER TABLE private.urls ADD COLUMN stored BOOLEAN DEFAULT false;
UPDATE private.urls SET stored = coalesce(reason IN ('stored', 'stored_in_part', 'same_page'), false);
