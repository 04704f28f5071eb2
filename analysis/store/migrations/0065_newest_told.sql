-- What is told in an article is kept of its newest revision only.
DELETE FROM private.messages WHERE (article_id, revision) NOT IN (SELECT article_id, revision FROM private.articles WHERE newest);
DELETE FROM private.quotes WHERE (article_id, revision) NOT IN (SELECT article_id, revision FROM private.articles WHERE newest);
DELETE FROM private.themes WHERE (article_id, revision) NOT IN (SELECT article_id, revision FROM private.articles WHERE newest);
