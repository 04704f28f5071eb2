"""The sentences behind the figures, and the health of the sources that they came from."""

from __future__ import annotations

from analysis.trends.question import Filters, Question

_SENTENCES = """
SELECT mention_id AS mention, published_at AT TIME ZONE $zone AS published, outlet, brand_id AS brand, placement, label,
       tone, confident, corrected, syndicated, sentence, title, url
FROM evidence"""


def mentions(filters: Filters, zone: str, limit: int | None = None) -> Question:
    """The evidence: newest first, one row a sentence and brand, with its article and address."""
    where, values = filters.where(zone)
    sql = f"{_SENTENCES} WHERE {where}"
    return Question(sql, {**values, "zone": zone}, "published_at DESC NULLS LAST, mention_id", limit)


def mention(mention_id: str, zone: str) -> Question:
    """One sentence by its id, as `mentions` gives it; no row where no article's newest revision has it."""
    return Question(f"{_SENTENCES} WHERE mention_id = $mention", {"mention": mention_id, "zone": zone})


def of_story(story: str, zone: str) -> Question:
    """The sentences of a story, copies once: headlines first, then by strength of tone."""
    sql = f"""{_SENTENCES} WHERE story_id = $story
QUALIFY row_number() OVER (PARTITION BY brand_id, sentence ORDER BY syndicated, published_at, mention_id) = 1"""
    order = "placement = 'headline' DESC, placement = 'lead' DESC, abs(tone) DESC NULLS LAST, published, mention"
    return Question(sql, {"story": story, "zone": zone}, order, 200)


def sources(zone: str) -> Question:
    """The newest funnel of each source, and when it last answered and last brought something new."""
    sql = """
SELECT source_id AS source, verdict, discovered, fetched, extracted, matched, stored, failed, reason,
       last_success AT TIME ZONE $zone AS last_success, last_new_article AT TIME ZONE $zone AS last_new_article, missed
FROM newest_health LEFT JOIN private.verdicts USING (source_id)"""
    return Question(sql, {"zone": zone}, "reason IS NULL, source_id")
