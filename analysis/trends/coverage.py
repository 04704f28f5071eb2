"""Volume, tone and share of voice per period: `presswatch trends`."""

from __future__ import annotations

from analysis.trends.cells import DEVIATION, TONE, Period, per_period
from analysis.trends.question import Filters, Question

__all__ = ["Period", "coverage"]


_DAYS_REACHED = """reached AS (
    SELECT date_trunc('{by}', day)::DATE AS period, sum(reached) / sum(expected) AS reached
    FROM collection_days GROUP BY ALL
)"""
# How many sources were reached and expected, at each hour in which that changed; it holds until the next.
_HOURS_REACHED = """changed AS (
    SELECT since AS period, 1 AS reached, 0 AS expected FROM reach WHERE since IS NOT NULL
    UNION ALL SELECT until + INTERVAL 1 HOUR, -1, 0 FROM reach WHERE until IS NOT NULL
    UNION ALL SELECT DISTINCT ON (source_id) expected_from, 0, 1 FROM reach
),
reached AS (
    SELECT period, sum(sum(reached)) OVER (ORDER BY period) / sum(sum(expected)) OVER (ORDER BY period) AS reached
    FROM changed GROUP BY period
)"""


def coverage(by: Period, filters: Filters, zone: str) -> Question:
    """Articles, stories, tone and share of voice per period and brand (docs/metrics.md).

    `period` is the local beginning of the day, week or month, and for hours an instant.
    """
    cells, values = per_period(by, filters, zone)
    hourly = by == "hour"
    asked = "true" if filters.brand is None else "brand_id = $brand"
    sql = f"""
WITH cells AS (
    {cells}
),
shares AS (
    SELECT *, stories / sum(stories) OVER (PARTITION BY period) AS share_of_voice, {TONE} AS net_tone,
           {DEVIATION} AS deviation
    FROM cells
),
{_HOURS_REACHED if hourly else _DAYS_REACHED.format(by=by)}
SELECT {"s.period" if hourly else "s.period::TIMESTAMP"} AS period, s.brand_id AS brand, s.articles, s.stories,
       s.mentions, s.positive, s.neutral, s.negative,
       s.mentions - s.positive - s.neutral - s.negative AS abstained, s.own_voice, s.scored, s.net_tone,
       tone_low(s.net_tone, s.deviation, s.scored, r.reached) AS low,
       tone_high(s.net_tone, s.deviation, s.scored, r.reached) AS high,
       s.share_of_voice, r.reached, coalesce(r.reached = 1, false) AS collected
FROM shares s {"ASOF LEFT JOIN reached r ON s.period >= r.period" if hourly else "LEFT JOIN reached r USING (period)"}
WHERE {asked}"""
    return Question(sql, {**values, "brand": filters.brand, "zone": zone}, "period, stories DESC, brand")
