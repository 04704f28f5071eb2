-- What tells a quiet source from a broken one: its high-water mark, what it lost while nobody asked, how full its
-- articles are, whether its validators can be believed; and which sources hold what brands themselves publish.
ALTER TABLE private.source_runs ADD COLUMN newest TIMESTAMPTZ;
ALTER TABLE private.source_runs ADD COLUMN gap_from TIMESTAMPTZ;
ALTER TABLE private.source_runs ADD COLUMN gap_until TIMESTAMPTZ;
ALTER TABLE private.source_runs ADD COLUMN fresh INTEGER DEFAULT 0;
ALTER TABLE private.source_runs ADD COLUMN titled INTEGER DEFAULT 0;
ALTER TABLE private.source_runs ADD COLUMN dated INTEGER DEFAULT 0;
ALTER TABLE private.source_runs ADD COLUMN whole INTEGER DEFAULT 0;
ALTER TABLE private.source_runs ADD COLUMN repeated INTEGER DEFAULT 0;
CREATE TABLE private.listings (
    url VARCHAR, etag VARCHAR, last_modified VARCHAR, body_id VARCHAR, agreed INTEGER, read_at TIMESTAMPTZ,
    reach_from TIMESTAMPTZ, newest TIMESTAMPTZ
);
CREATE TABLE private.press (source_id VARCHAR);
-- What brands publish themselves: kept and shown, in no figure of earned coverage.
CREATE VIEW private.press_articles AS
SELECT article_id FROM private.articles SEMI JOIN private.press USING (source_id) WHERE newest;
