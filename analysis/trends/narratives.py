"""What it is about: the themes of a crisis with tone and first appearance, and the words that set a day apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from analysis.trends.question import MENTIONS_TONE, Filters, Question, midnight

BEFORE_DAYS = 14
_SAMPLE = 20_000
"""Sentences of each side that words are counted in; of more a sample, the same at every asking."""
_WEIGHT = """(4 - tier) * CASE placement WHEN 'headline' THEN 3 WHEN 'lead' THEN 2 ELSE 1 END
     * (0.1 + CASE WHEN confident THEN abs(tone) ELSE 0 END)"""
# Neither names nor news: they stand in every sentence.
_STOP_WORDS = (
    "a about after again all also an and any are as at back be because been before being between both but by can "
    "could did do does down during each even few first for from get got had has have he her here his how if in "
    "into is it its just last like made make many may more most much must new no not now of off on one only or "
    "other our out over own said same say says she should since so some still such than that the their them then "
    "there these they this those three through to too two under until up us very was we were what when where "
    "which while who why will with would year years you your"
).split()


def narratives(filters: Filters, zone: str) -> Question:
    """One row a brand and theme: how many of the brand's stories tell it, in what tone, since when, and the sentence.

    share: of the stories on the brand in the window; a story may tell several themes, so shares do not add up to 1
    net_tone: of the sentences of the theme toward the brand, one vote a story
    first: when it was first told in the window, by first_outlet; `new`: it was not told in the fourteen days before
    """
    where, values = filters.where(zone)
    sql = f"""
WITH chosen AS (SELECT * FROM narratives WHERE {where}),
told AS (SELECT brand_id, count(DISTINCT family_id) AS stories FROM brand_articles WHERE {where} GROUP BY brand_id),
by_story AS (
    SELECT brand_id, theme, family_id, count(DISTINCT article_id) AS articles,
           {MENTIONS_TONE} AS tone
    FROM chosen GROUP BY ALL
),
tones AS (
    SELECT brand_id, theme, count(*) AS stories, sum(articles)::BIGINT AS articles, count(tone) AS scored,
           avg(tone) AS tone, stddev_samp(tone) AS deviation
    FROM by_story GROUP BY brand_id, theme
),
firsts AS (
    SELECT brand_id, theme, min(published_at) AS first_at, max(published_at) AS last_at,
           arg_min(outlet, (published_at, mention_id)) AS first_outlet,
           arg_max(sentence, ({_WEIGHT}, mention_id)) AS sentence
    FROM chosen GROUP BY brand_id, theme
),
earlier AS (
    SELECT DISTINCT brand_id, theme FROM narratives
    WHERE published_at >= $before AND published_at < $begin
)
SELECT t.theme, t.brand_id AS brand, t.stories, t.stories / b.stories AS share, t.articles, t.scored,
       t.tone AS net_tone, tone_low(t.tone, t.deviation, t.scored, 1) AS low,
       tone_high(t.tone, t.deviation, t.scored, 1) AS high,
       CASE WHEN $begin IS NOT NULL THEN e.theme IS NULL END AS new, f.first_at AS first, f.first_outlet,
       f.last_at AS last, f.sentence
FROM tones t JOIN firsts f USING (brand_id, theme) JOIN told b USING (brand_id)
LEFT JOIN earlier e ON e.brand_id = t.brand_id AND e.theme = t.theme"""
    begin = midnight(filters.since, zone) if filters.since else None
    before = midnight(filters.since - timedelta(days=BEFORE_DAYS), zone) if filters.since else None
    bound = {**values, "zone": zone, "begin": begin, "before": before}
    return Question(sql, bound, "brand, stories DESC, theme")


def words(filters: Filters, zone: str, names: Iterable[str], limit: int = 25) -> Question:
    """The words that set the window apart from the fourteen days before it, the clearest first.

    A word counts once a story. `score`: how many standard errors its odds are above those before, by log-odds with a
    prior from both (Monroe, Colaresi and Quinn 2008); only words of two stories and a score of 2 or more. Where nothing
    was told before there is no score, and the words of most stories come first. `sentence`: the one with the word that
    weighs most.

    names: of the watched brands; their words are left out
    """
    assert filters.since is not None
    where, values = filters.where(zone)
    before = replace(
        filters, since=filters.since - timedelta(days=BEFORE_DAYS), until=filters.since - timedelta(days=1)
    )
    earlier, past = before.where(zone)
    earlier = earlier.replace("$since", "$before").replace("$until", "$begin")
    said = """
    SELECT DISTINCT family_id, unnest(regexp_extract_all(lower(sentence), '\\p{L}[\\p{L}-]{2,}')) AS word
    FROM (SELECT family_id, sentence FROM evidence WHERE %s ORDER BY hash(mention_id) LIMIT $sample)"""
    sql = f"""
WITH now AS ({said % where}),
past AS ({said % earlier}),
counts AS (
    SELECT word, count(*) FILTER (late) AS stories, count(*) FILTER (NOT late) AS before
    FROM (SELECT word, true AS late FROM now UNION ALL SELECT word, false FROM past)
    WHERE NOT list_contains($ignored, word) GROUP BY word
),
totals AS (SELECT sum(stories) AS n, sum(before) AS m FROM counts),
weighed AS (   -- a prior of fifty words, spread as both windows spread theirs
    SELECT word, stories, before, n, m, 50.0 * (stories + before) / (n + m) AS prior FROM counts, totals
),
scored AS (
    SELECT word, stories, before, m,
           CASE WHEN m > 0 THEN
               (ln((stories + prior) / (n + 50 - stories - prior)) - ln((before + prior) / (m + 50 - before - prior)))
               / sqrt(1 / (stories + prior) + 1 / (before + prior)) END AS score
    FROM weighed WHERE stories >= 2
),
best AS (SELECT * FROM scored WHERE score >= 2 OR m = 0 ORDER BY score DESC, stories DESC, word LIMIT $words)
SELECT word, stories, before, score, avg(tone) FILTER (confident) AS tone,
       arg_max(sentence, ({_WEIGHT}, mention_id)) AS sentence
FROM best JOIN (SELECT * FROM mentions WHERE {where}) ON regexp_matches(lower(sentence), '\\b' || word || '\\b')
GROUP BY word, stories, before, score"""
    ignored = {*_STOP_WORDS, *(word.lower() for name in names for word in re.findall(r"\w+", name))}
    bound = {**values, "zone": zone, "before": past["since"], "begin": past["until"], "ignored": sorted(ignored),
             "sample": _SAMPLE, "words": limit}  # fmt: skip
    return Question(sql, bound, "score DESC, stories DESC, word")


def sentences(filters: Filters, zone: str) -> Question:
    """The sentences that weigh most in the window, one a story: tier, placement, strength of tone, copies."""
    where, values = filters.where(zone)
    sql = f"""
WITH weighed AS (
    SELECT *, {_WEIGHT} AS weight, count(DISTINCT article_id) OVER (PARTITION BY family_id, brand_id) AS articles
    FROM evidence WHERE {where}
)
SELECT w.published_at AS published, w.outlet, w.tier, w.brand_id AS brand, w.placement, w.label, w.tone, w.articles,
       w.weight * ln(1 + w.articles) AS weight, w.sentence, w.title, w.url, w.mention_id AS mention
FROM weighed w
QUALIFY row_number() OVER (PARTITION BY w.family_id, w.brand_id
                           ORDER BY w.weight DESC, w.syndicated, w.mention_id) = 1"""
    return Question(sql, {**values, "zone": zone}, "weight DESC, mention")
