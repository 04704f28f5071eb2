"""The sentences behind the figures, and the health of the sources that they came from."""

from __future__ import annotations

from analysis.trends.question import Filters, Question


def mentions(filters: Filters, zone: str, limit: int | None = None) -> Question:
    """The evidence: newest first, one row a sentence and brand, with its article and address."""
    where, values = filters.where(zone)
    sql = f"""
SELECT m.mention_id AS mention, m.published_at AT TIME ZONE $zone AS published, m.outlet, m.brand_id AS brand,
       m.placement, m.label, m.tone, m.confident, m.corrected, m.syndicated, m.sentence, a.title, a.url
FROM (SELECT * FROM mentions WHERE {where}) m JOIN articles a USING (article_id)"""
    return Question(sql, {**values, "zone": zone}, "m.published_at DESC NULLS LAST, m.mention_id", limit)


def sources(zone: str) -> Question:
    """The newest funnel of each source, and when it last answered and last brought something new."""
    sql = """
SELECT source_id AS source, discovered, fetched, extracted, matched, stored, failed, reason,
       last_success AT TIME ZONE $zone AS last_success, last_new_article AT TIME ZONE $zone AS last_new_article
FROM source_health QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY run_id DESC) = 1"""
    return Question(sql, {"zone": zone}, "reason IS NULL, source_id")
