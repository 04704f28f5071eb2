"""Did our message get through? Pull-through, the response carried, and the outlets still without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from analysis.trends.question import PAGES, Filters, Question
from analysis.watchlist import Message

By = Literal["message", "tier", "outlet", "day"]
_BY = {
    "message": "NULL",
    "tier": "tier",
    "outlet": "outlet",
    "day": "(published_at AT TIME ZONE $zone)::DATE",
}
# Wilson's interval of a share (Wilson 1927): right for few stories and for shares of 0 and 1.
_WILSON = """(carried / stories + 1.920729 / stories {sign} 1.959964 * sqrt((carried / stories * (1 - carried / stories)
     + 0.960365 / stories) / stories)) / (1 + 3.841459 / stories)"""
LOW, HIGH = (f"least(1, greatest(0, {_WILSON.format(sign=sign)}))" for sign in "-+")
_WATCHED = "watched AS (SELECT unnest($messages) AS message_id, unnest($brands) AS brand_id)"


def pull_through(messages: Sequence[Message], filters: Filters, zone: str, by: By = "message") -> Question:
    """How many of the stories on a brand carry its messages. One row a message, or a message and tier, outlet or day.

    A story carries what one of its articles carries, as prominently as the most prominent of them. `low` and `high`:
    95% interval of the share. `headline` and `in_full`: stories with prominence 2, and with presence 2.
    """
    where, values = filters.where(zone)
    where = f"{where} AND published_at IS NOT NULL" if by == "day" else where
    sql = f"""
WITH {_WATCHED},
relevant AS (
    SELECT brand_id, {_BY[by]} AS part, count(DISTINCT family_id) AS stories
    FROM brand_articles WHERE {where} GROUP BY brand_id, part
),
by_story AS (
    SELECT message_id, {_BY[by]} AS part, family_id, max(presence) AS presence, max(prominence) AS prominence,
           bool_or(own_words) AS own_words, count(*) AS articles, min(published_at) AS first_at
    FROM messages WHERE {where} GROUP BY message_id, part, family_id
),
carried AS (
    SELECT message_id, part, count(*) AS carried, count(*) FILTER (presence = 2) AS in_full,
           count(*) FILTER (prominence = 2) AS headline, count(*) FILTER (prominence = 1) AS lead,
           sum(articles)::BIGINT AS articles, min(first_at) AS first_at
    FROM by_story GROUP BY message_id, part
),
shown AS (
    SELECT w.message_id AS message, w.brand_id AS brand, r.part, coalesce(r.stories, 0) AS stories,
           coalesce(c.carried, 0) AS carried, coalesce(c.in_full, 0) AS in_full, coalesce(c.headline, 0) AS headline,
           coalesce(c.lead, 0) AS lead, coalesce(c.articles, 0) AS articles, c.first_at
    FROM watched w LEFT JOIN relevant r USING (brand_id)
    LEFT JOIN carried c ON c.message_id = w.message_id AND c.part IS NOT DISTINCT FROM r.part
)
SELECT message, brand, {"" if by == "message" else f'part AS "{by}",'} stories, carried,
       carried / nullif(stories, 0) AS pull_through, {LOW} AS low, {HIGH} AS high,
       in_full, headline, lead, carried - headline - lead AS body, articles, first_at AT TIME ZONE $zone AS first
FROM shown"""
    order = "brand, pull_through DESC NULLS LAST, message" if by == "message" else "brand, message, part"
    return Question(sql, {**values, **_bound(messages), "zone": zone}, order)


def response(messages: Sequence[Message], filters: Filters, zone: str, start: datetime | None = None) -> Question:
    """Response carried: the share of the stories with our statement, and how long outlets took to have it.

    One row a message, and one a brand with message `any`: the stories that carry one of them at least. The clock
    starts at `start`, the beginning of an event, without one at the first story of the window. `hours_to_first`:
    from there to the first article that carries it, anywhere. `median_hours`: over the outlets that carried it, to
    each one's first article with it. `missing`: outlets that wrote about the brand and have not carried it yet, those
    of tier 1 first. Articles without a date say nothing here.
    """
    where, values = filters.where(zone)
    where += " AND published_at IS NOT NULL"
    sql = f"""
WITH {_WATCHED},
relevant AS (SELECT brand_id, family_id, outlet, tier, published_at FROM brand_articles WHERE {where}),
clocks AS (SELECT brand_id, coalesce($start, min(published_at)) AS began, count(DISTINCT family_id) AS stories
           FROM relevant GROUP BY brand_id),
told AS (SELECT message_id, brand_id, family_id, outlet, published_at FROM messages
         WHERE {where} AND message_id IN (SELECT message_id FROM watched)),
chosen AS (SELECT * FROM told UNION ALL SELECT * REPLACE ('any' AS message_id) FROM told),
asked AS (SELECT * FROM watched UNION SELECT 'any', brand_id FROM watched),
stories AS (SELECT message_id, brand_id, count(DISTINCT family_id) AS carried, min(published_at) AS first_at
            FROM chosen GROUP BY message_id, brand_id),
firsts AS (SELECT message_id, brand_id, outlet, min(published_at) AS first_at FROM chosen
           GROUP BY message_id, brand_id, outlet),
outlets AS (SELECT brand_id, outlet, min(tier) AS tier, max(published_at) AS last_at FROM relevant
            GROUP BY brand_id, outlet),
by_outlet AS (
    SELECT a.message_id, a.brand_id, count(*) AS outlets, count(f.outlet) AS outlets_carried,
           median(epoch(f.first_at - c.began) / 3600) AS median_hours,
           coalesce(list(o.outlet ORDER BY o.tier, o.outlet) FILTER (f.outlet IS NULL), []) AS missing
    FROM asked a JOIN outlets o USING (brand_id) JOIN clocks c USING (brand_id)
    LEFT JOIN firsts f ON f.message_id = a.message_id AND f.brand_id = a.brand_id AND f.outlet = o.outlet
    GROUP BY a.message_id, a.brand_id
),
shown AS (
    SELECT a.message_id, a.brand_id, coalesce(c.stories, 0) AS stories, coalesce(s.carried, 0) AS carried,
           s.first_at, c.began, b.outlets, b.outlets_carried, b.median_hours, b.missing
    FROM asked a LEFT JOIN clocks c USING (brand_id) LEFT JOIN stories s USING (message_id, brand_id)
    LEFT JOIN by_outlet b USING (message_id, brand_id)
)
SELECT message_id AS message, brand_id AS brand, stories, carried, carried / nullif(stories, 0) AS share,
       {LOW} AS low, {HIGH} AS high, first_at AT TIME ZONE $zone AS first,
       epoch(first_at - began) / 3600 AS hours_to_first, median_hours, coalesce(outlets, 0) AS outlets,
       coalesce(outlets_carried, 0) AS outlets_carried, coalesce(missing, []) AS missing
FROM shown"""
    return Question(
        sql, {**values, **_bound(messages), "zone": zone, "start": start}, "brand, message = 'any', message"
    )


def missing(messages: Sequence[Message], filters: Filters, zone: str) -> Question:
    """The outlets that wrote about a brand in the window without one of its messages: whom to call."""
    where, values = filters.where(zone)
    sql = f"""
WITH {_WATCHED},
pages AS ({PAGES.format(where=where)}),
outlets AS (
    SELECT brand_id, outlet, min(tier) AS tier, count(DISTINCT family_id) AS stories, max(published_at) AS last_at,
           arg_max(article_id, (published_at, article_id)) AS article_id
    FROM brand_articles WHERE {where} GROUP BY brand_id, outlet
),
told AS (SELECT DISTINCT message_id, outlet FROM messages WHERE {where})
SELECT w.message_id AS message, w.brand_id AS brand, o.outlet, o.tier, o.stories,
       o.last_at AT TIME ZONE $zone AS last, a.title, a.url
FROM watched w JOIN outlets o USING (brand_id) JOIN pages a USING (article_id)
ANTI JOIN told t ON t.message_id = w.message_id AND t.outlet = o.outlet"""
    return Question(sql, {**values, **_bound(messages), "zone": zone}, "message, tier, stories DESC, outlet")


def carriers(messages: Sequence[Message], filters: Filters, zone: str) -> Question:
    """The evidence: each article that carries a message, with the sentence."""
    where, values = filters.where(zone)
    sql = f"""
WITH {_WATCHED},
pages AS ({PAGES.format(where=where)})
SELECT m.message_id AS message, m.brand_id AS brand, m.published_at AT TIME ZONE $zone AS published, m.outlet, m.tier,
       m.presence, m.prominence, m.own_words, m.sentence, a.title, a.url
FROM (SELECT * FROM messages WHERE {where}) m JOIN watched USING (message_id)
JOIN pages a USING (article_id)"""
    return Question(sql, {**values, **_bound(messages), "zone": zone}, "published DESC, message, url")


def _bound(messages: Sequence[Message]) -> dict[str, Any]:
    return {"messages": [message.id for message in messages], "brands": [message.brand for message in messages]}
