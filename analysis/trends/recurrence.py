"""Who keeps writing about us: outlets and journalists, with volume and tone. `presswatch outlets`."""

from __future__ import annotations

from analysis.trends.cells import DEVIATION, TONE, by_line, whole_time
from analysis.trends.question import Filters, Question

_FIGURES = """brand_id AS brand, articles, stories, pick_ups, mentions, prominence_total / stories AS prominence,
       scored, net_tone, tone_low(net_tone, deviation, scored, 1) AS low,
       tone_high(net_tone, deviation, scored, 1) AS high, first_at AT TIME ZONE $zone AS first,
       last_at AT TIME ZONE $zone AS last"""
_TIER = "CASE WHEN tier_1 > 0 THEN 1 WHEN tier_2 > 0 THEN 2 ELSE 3 END AS tier"


def outlets(filters: Filters, zone: str) -> Question:
    """One row an outlet and brand: articles, copies among them, stories, tone toward the brand, first and last."""
    cells, values = whole_time("outlet, brand_id", filters, zone)
    sql = f"""
WITH cells AS (
    {cells}
)
SELECT outlet, {_TIER}, {_FIGURES}
FROM (SELECT *, {TONE} AS net_tone, {DEVIATION} AS deviation FROM cells)
WHERE {"true" if filters.brand is None else "brand_id = $brand"}"""
    bound = {**values, "brand": filters.brand, "zone": zone}
    return Question(sql, bound, "stories DESC, articles DESC, outlet, brand")


def journalists(filters: Filters, zone: str) -> Question:
    """One row a byline, outlet and brand, with the same figures. Two people of one name at one outlet are one."""
    cells, values = by_line(filters, zone)
    sql = f"""
WITH cells AS (
    {cells}
)
SELECT journalist, outlet, {_TIER}, {_FIGURES}
FROM (SELECT *, {TONE} AS net_tone, {DEVIATION} AS deviation FROM cells)
WHERE {"true" if filters.brand is None else "brand_id = $brand"}"""
    bound = {**values, "brand": filters.brand, "zone": zone}
    return Question(sql, bound, "stories DESC, articles DESC, journalist, outlet, brand")
