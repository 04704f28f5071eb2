-- Whether only the sentences that name a brand are left of a text ([store] text = "snippet").
ALTER TABLE private.articles ADD COLUMN trimmed BOOLEAN;
