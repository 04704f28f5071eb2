"""Stories and how they spread: `presswatch stories`."""

from __future__ import annotations

from analysis.trends.question import Filters, Question


def stories(filters: Filters, zone: str, toward: str | None, first: int | None = None) -> Question:
    """One row a story that matches: its reach, who was first, how fast it spread, its tone.

    `articles`, `outlets`, `originals` and `carriers` are of the whole story, `tone` of what matches the filters.
    `hours_half`: from the first article to the one with which half of them were out; `hours`: to the last.

    toward: the brand whose tone it is; None: no tone
    first: only so many, the most carried; None: all
    """
    where, values = filters.where(zone)
    most = "" if first is None else "ORDER BY articles DESC, first_published_at DESC, story_id LIMIT $first"
    sql = f"""
WITH chosen AS (
    SELECT story_id FROM stories WHERE story_id IN (SELECT story_id FROM brand_articles WHERE {where}) {most}
),
tones AS (
    SELECT story_id, story_tone(tone_sum, scored, syndicated) AS tone
    FROM brand_articles WHERE {where} AND brand_id = $toward GROUP BY story_id
),
spread AS (
    SELECT story_id, count(*) FILTER (NOT syndicated) AS originals, count(*) FILTER (syndicated) AS carriers,
           count(DISTINCT title) AS headlines, min(published_at) AS first,
           quantile_disc(published_at, 0.5) AS half, max(published_at) AS last
    FROM story_articles WHERE story_id IN (SELECT story_id FROM chosen) GROUP BY story_id
)
SELECT story_id AS story, s.first_published_at AT TIME ZONE $zone AS first, s.first_outlet, s.title, s.articles,
       s.outlets, p.originals, p.carriers, p.headlines, (epoch(p.half) - epoch(p.first)) / 3600 AS hours_half,
       (epoch(p.last) - epoch(p.first)) / 3600 AS hours, t.tone
FROM chosen JOIN stories s USING (story_id) JOIN spread p USING (story_id) LEFT JOIN tones t USING (story_id)"""
    bound = {**values, "zone": zone, "toward": toward, "first": first}
    return Question(sql, bound, "articles DESC, first DESC, story")


def carriers(story: str, zone: str, toward: str | None) -> Question:
    """One row an article of a story: what it is, how much later it came, what it changed.

    An id that was merged into another story stands for that. `kept` and `added` compare a copy with its original;
    `headline_tone` is the tone of the headline toward the brand, where that names it, and `toned` the difference to
    the original's headline: above 0 it was toned down, or up.

    toward: the brand whose tone it is; None: no tone
    """
    sql = """
WITH RECURSIVE merged AS (
    SELECT $story AS story_id
    UNION SELECT c.story_id FROM story_changes c JOIN merged m ON c.kind = 'merged' AND c.other_id = m.story_id
),
told AS (SELECT * FROM story_articles WHERE story_id IN (SELECT story_id FROM merged)),
headlines AS (
    SELECT article_id, avg(tone) AS tone FROM mentions
    WHERE brand_id = $toward AND placement = 'headline' AND story_id IN (SELECT story_id FROM merged)
    GROUP BY article_id
)
SELECT a.published_at AT TIME ZONE $zone AS published,
       (epoch(a.published_at) - epoch(min(a.published_at) OVER ())) / 3600 AS hours,
       CASE WHEN a.syndicated THEN 'carrier' WHEN count(*) OVER (PARTITION BY a.original_id) > 1 THEN 'original'
            ELSE 'own text' END AS role,
       a.outlet, a.tier, a.title, a.syndicated AND a.title != o.title AS new_headline, h.tone AS headline_tone,
       CASE WHEN a.syndicated THEN h.tone - first.tone END AS toned, a.kept, a.added, a.agency, o.outlet AS original,
       a.article_id AS article, a.url
FROM told a JOIN told o ON o.article_id = a.original_id
LEFT JOIN headlines h ON h.article_id = a.article_id LEFT JOIN headlines first ON first.article_id = a.original_id"""
    return Question(sql, {"story": story, "zone": zone, "toward": toward}, "published NULLS LAST, article")
