"""Who speaks: for the brands, and about them."""

from __future__ import annotations

from analysis.trends.cells import whole_time
from analysis.trends.question import MENTIONS_TONE, PAGES, Filters, Question


def quotes(filters: Filters, zone: str) -> Question:
    """One row a brand and speaker for it: stories with his or her word, and their share of the stories on the brand.

    verbatim: stories in which it stands in quotation marks; the rest is reported speech
    """
    where, values = filters.where(zone)
    told, more = whole_time("brand_id", filters, zone)
    sql = f"""
WITH chosen AS (SELECT * FROM quotes WHERE {where}),
told AS (
    {told}
)
SELECT c.speaker, c.brand_id AS brand, count(DISTINCT c.family_id) AS stories,
       count(DISTINCT c.family_id) / any_value(t.stories) AS share, count(DISTINCT c.article_id) AS articles,
       count(DISTINCT c.outlet) AS outlets, count(DISTINCT c.family_id) FILTER (verbatim) AS verbatim,
       count(DISTINCT c.family_id) FILTER (placement = 'headline') AS headline,
       min(c.published_at) AT TIME ZONE $zone AS first, max(c.published_at) AT TIME ZONE $zone AS last,
       arg_max(c.sentence, (c.published_at, c.quote_id)) AS latest
FROM chosen c LEFT JOIN told t USING (brand_id) GROUP BY c.speaker, c.brand_id"""
    return Question(sql, {**values, **more, "zone": zone}, "stories DESC, articles DESC, brand, speaker")


def voices(filters: Filters, zone: str) -> Question:
    """One row for each other speaker in a sentence on a brand: analysts, customers, rivals, with tone toward it."""
    where, values = filters.where(zone)
    sql = f"""
WITH chosen AS (
    SELECT * FROM evidence WHERE {where} AND speaker IS NOT NULL
),
others AS (   -- those who speak for the brand stand in `quotes`
    SELECT c.* FROM chosen c
    ANTI JOIN (SELECT article_id, brand_id, speaker FROM quotes WHERE {where}) q
    ON q.article_id = c.article_id AND q.brand_id = c.brand_id AND q.speaker = c.speaker
),
by_story AS (
    SELECT speaker, brand_id, family_id, {MENTIONS_TONE} AS tone FROM others GROUP BY ALL
),
tones AS (SELECT speaker, brand_id, avg(tone) AS tone FROM by_story GROUP BY speaker, brand_id)
SELECT o.speaker, o.brand_id AS brand, count(DISTINCT o.family_id) AS stories, count(DISTINCT o.article_id) AS articles,
       count(DISTINCT o.outlet) AS outlets, any_value(t.tone) AS tone,
       min(o.published_at) AT TIME ZONE $zone AS first, max(o.published_at) AT TIME ZONE $zone AS last,
       arg_max(o.sentence, (o.published_at, o.mention_id)) AS latest
FROM others o JOIN tones t USING (speaker, brand_id) GROUP BY o.speaker, o.brand_id"""
    return Question(sql, {**values, "zone": zone}, "stories DESC, articles DESC, brand, speaker")


def said(filters: Filters, zone: str, speaker: str | None = None) -> Question:
    """The evidence: each sentence of those who speak for a brand, or of one of them."""
    where, values = filters.where(zone)
    sql = f"""
WITH pages AS ({PAGES.format(where=where)})
SELECT q.published_at AT TIME ZONE $zone AS published, q.outlet, q.tier, q.brand_id AS brand, q.speaker, q.placement,
       q.verbatim, q.sentence, a.title, a.url
FROM (SELECT * FROM quotes WHERE {where} AND ($speaker IS NULL OR lower(speaker) = lower($speaker))) q
JOIN pages a USING (article_id)"""
    return Question(sql, {**values, "zone": zone, "speaker": speaker}, "published DESC NULLS LAST, url, sentence")
