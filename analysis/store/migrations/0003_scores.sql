-- What a newer scorer replaced, for comparison; and what a brand says of itself, counted apart from the press.
CREATE TABLE private.earlier_scores (
    mention_id VARCHAR, article_id VARCHAR, revision INTEGER, tone DOUBLE, label VARCHAR, confident BOOLEAN,
    scorer VARCHAR, vader DOUBLE, replaced_at TIMESTAMPTZ
);
ALTER TABLE private.mentions ADD COLUMN own_voice BOOLEAN DEFAULT false;
