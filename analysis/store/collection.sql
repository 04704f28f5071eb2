-- For each source and day or hour that it was expected: did an answer of the source reach it? Expected from the first
-- time that it ever reached, or was asked for; an answer covers the time back to the oldest entry it listed, so a night
-- missed by a run is covered by the next one that reaches back. figures.py runs this when a run has ended.

DELETE FROM private.shown_collection;

INSERT INTO private.shown_collection BY NAME
WITH zoned AS (
    SELECT source_id, coalesce(answered, false) AS answered, (ended_at AT TIME ZONE $zone)::DATE AS until,
           least((coalesce(reach_from, ended_at) AT TIME ZONE $zone)::DATE, until) AS since
    FROM private.source_runs
),
expected AS (
    SELECT source_id, unnest(generate_series(min(since)::TIMESTAMP, (SELECT max(until) FROM zoned)::TIMESTAMP,
                                             INTERVAL 1 DAY))::DATE AS day
    FROM zoned GROUP BY source_id
),
ordered AS (
    SELECT *, max(until) OVER (PARTITION BY source_id ORDER BY since, until
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM zoned WHERE answered
),
spans AS (     -- runs of days without a gap: a sitemap that lists ten years does so again every night
    SELECT source_id, min(since) AS since, max(until) AS until
    FROM (SELECT *, count(*) FILTER (since > before + 1)
                    OVER (PARTITION BY source_id ORDER BY since, until) AS span FROM ordered)
    GROUP BY source_id, span
),
reached AS (
    SELECT source_id, unnest(generate_series(since::TIMESTAMP, until::TIMESTAMP, INTERVAL 1 DAY))::DATE AS day FROM spans
)
SELECT e.day, e.source_id, r.source_id IS NOT NULL AS collected
FROM expected e LEFT JOIN reached r ON r.source_id = e.source_id AND r.day = e.day ORDER BY e.day;

DELETE FROM private.shown_days;

INSERT INTO private.shown_days BY NAME   -- of the sources that are watched today
SELECT day, count(*) AS expected, count(*) FILTER (collected) AS reached FROM private.shown_collection
WHERE source_id IN (SELECT source_id FROM private.sources) GROUP BY day ORDER BY day;

DELETE FROM private.shown_reach;

-- The same by the hour, as runs of hours without a gap: a row for each, by their first and last hour.
INSERT INTO private.shown_reach BY NAME
WITH instants AS (
    SELECT source_id, coalesce(answered, false) AS answered, ended_at AS last,
           least(coalesce(reach_from, ended_at), ended_at) AS first
    FROM private.source_runs
),
hours AS (
    SELECT source_id, answered, last - (last AT TIME ZONE $zone - date_trunc('hour', last AT TIME ZONE $zone)) AS until,
           first - (first AT TIME ZONE $zone - date_trunc('hour', first AT TIME ZONE $zone)) AS since
    FROM instants
),
ordered AS (
    SELECT *, max(until) OVER (PARTITION BY source_id ORDER BY since, until
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM hours WHERE answered
),
spans AS (
    SELECT source_id, min(since) AS since, max(until) AS until
    FROM (SELECT *, count(*) FILTER (since > before + INTERVAL 1 HOUR)
                    OVER (PARTITION BY source_id ORDER BY since, until) AS span FROM ordered)
    GROUP BY source_id, span
),
expected AS (SELECT source_id, min(since) AS expected_from FROM hours GROUP BY source_id)
SELECT e.source_id, e.expected_from, s.since, s.until FROM expected e LEFT JOIN spans s USING (source_id)
ORDER BY e.source_id, s.since
