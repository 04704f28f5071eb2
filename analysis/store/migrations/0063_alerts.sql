-- Alerts that were raised, one row an episode; it grows while the episode goes on and stays as it was told.
CREATE TABLE private.alerts (
    alert_id VARCHAR, kind VARCHAR, subject VARCHAR, first_day DATE, last_day DATE, raised_at TIMESTAMPTZ,
    conditions VARCHAR[], words VARCHAR[], mention_ids VARCHAR[], sentences VARCHAR[], collected BOOLEAN
);
