"""Cells of coverage: ready in the view `coverage` where they can be, else counted from `brand_articles`.

Both ways give the same columns, so a question need not know which it asks.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from analysis.trends.question import Filters, midnight

Period = Literal["hour", "day", "week", "month"]
_READY = {"hour": {"topic"}}
"""What may limit the ready cells of a span; of the others topic, tier or outlet. One limit at a time."""
_COLUMNS = """articles, stories, pick_ups, mentions, positive, neutral, negative, own_voice, scored, tone_total,
           tone_squares,            prominence_total, weight, tier_1, tier_2, tier_3, first_at, last_at"""
_SUMS = """sum(articles)::BIGINT AS articles, sum(stories)::BIGINT AS stories, sum(pick_ups)::BIGINT AS pick_ups,
           sum(mentions)::BIGINT AS mentions, sum(positive)::BIGINT AS positive, sum(neutral)::BIGINT AS neutral,
           sum(negative)::BIGINT AS negative, sum(own_voice)::BIGINT AS own_voice,
           sum(scored)::BIGINT AS scored, sum(tone_total) AS tone_total,
           sum(tone_squares) AS tone_squares, sum(prominence_total)::BIGINT AS prominence_total,
           sum(weight)::BIGINT AS weight, sum(tier_1)::BIGINT AS tier_1, sum(tier_2)::BIGINT AS tier_2,
           sum(tier_3)::BIGINT AS tier_3, min(first_at) AS first_at, max(last_at) AS last_at"""
TONE = "CASE WHEN scored > 0 THEN tone_total / scored END"
DEVIATION = "CASE WHEN scored > 1 THEN sqrt(greatest(tone_squares - tone_total ** 2 / scored, 0) / (scored - 1)) END"


def per_period(by: Period, filters: Filters, zone: str) -> tuple[str, dict[str, Any]]:
    """Cells of all brands with `period`, `brand_id`; whole periods are ready, cut ones at the ends are counted."""
    column = {"hour": "hour", "day": "day"}.get(by, f"date_trunc('{by}', day)::DATE")
    where, values = filters.of_all_brands().where(zone)
    where = f"published_at IS NOT NULL AND {where}"
    if not _limits(filters) <= _READY.get(by, {"topic", "tier", "outlet"}) or len(_limits(filters)) > 1:
        return counted(f"{column} AS period, brand_id", "period, brand_id", where), values
    first, end = _whole(by, filters)
    span = "hour" if by == "hour" else "day"
    ready = f"SELECT {span} AS period, brand_id, {_COLUMNS} FROM coverage WHERE span = '{by}' AND {_limit(filters)}"
    cut = []
    if first:
        ready += " AND day >= $first"
        values |= {"first": first, "whole_from": midnight(first, zone)}
        cut += ["published_at < $whole_from"] if first != filters.since else []
    if end:
        ready += " AND day < $end"
        values |= {"end": end, "whole_until": midnight(end, zone)}
        cut += ["published_at >= $whole_until"] if end != _after(filters.until) else []
    if cut:
        rest = counted(f"{column} AS period, brand_id", "period, brand_id", f"{where} AND ({' OR '.join(cut)})")
        ready += f"\n    UNION ALL BY NAME\n    {rest}"
    return ready, values


def whole_time(key: str, filters: Filters, zone: str) -> tuple[str, dict[str, Any]]:
    """Cells of all brands for the time asked about, by `brand_id` or by `outlet, brand_id`.

    Over all time they are ready, each text counted in the month in which its story began.
    """
    where, values = filters.of_all_brands().where(zone)
    by_outlet = key != "brand_id"
    if filters.since or filters.until or len(_limits(filters)) > 1 or (by_outlet and _limits(filters) - {"outlet"}):
        return counted(key, key, where), values
    outlet = "outlet IS NOT NULL" if by_outlet and filters.outlet is None else ""
    limit = _limit(filters).replace("outlet IS NULL", outlet) if outlet else _limit(filters)
    return f"SELECT {key}, {_SUMS} FROM coverage WHERE span = 'ever' AND {limit} GROUP BY {key}", values


def by_line(filters: Filters, zone: str) -> tuple[str, dict[str, Any]]:
    """Cells of all brands by `journalist, outlet, brand_id`; over all time they are ready."""
    where, values = filters.of_all_brands().where(zone)
    key = "journalist, outlet, brand_id"
    if filters.since or filters.until or _limits(filters) - {"outlet"}:
        return counted(key, key, where, "(SELECT *, unnest(authors) AS journalist FROM brand_articles)"), values
    outlet = "" if filters.outlet is None else "AND outlet = $outlet"
    return f"SELECT {key}, {_SUMS} FROM coverage WHERE span = 'byline' {outlet} GROUP BY {key}", values


def _limits(filters: Filters) -> set[str]:
    return {name for name in ("topic", "outlet", "tier") if getattr(filters, name) is not None}


def _limit(filters: Filters) -> str:
    columns = {"topic": "topic_id", "outlet": "outlet", "tier": "tier"}
    return " AND ".join(
        f"{column} IS NULL" if getattr(filters, name) is None else f"{column} = ${name}"
        for name, column in columns.items()
    )


def _after(until: date | None) -> date | None:
    return until + timedelta(days=1) if until else None


def _whole(by: Period, filters: Filters) -> tuple[date | None, date | None]:
    """The first whole period inside the filters, and the end of the last; None where nothing limits them."""
    first, end = filters.since, _after(filters.until)
    if by == "week":
        first = first and first + timedelta(days=-first.weekday() % 7)
        end = end and end - timedelta(days=end.weekday())
    elif by == "month":
        first = first and (first if first.day == 1 else (first.replace(day=28) + timedelta(days=4)).replace(day=1))
        end = end and end.replace(day=1)
    if first and end and first > end:
        end = first
    return first, end


def counted(key: str, names: str, where: str, rows: str = "brand_articles") -> str:
    """Cells counted from `rows`, which has the columns of `brand_articles`; `key` with names is what a cell is for.

    What adds up over articles is added up at once; only what a text counts for once is counted by text.
    """
    same = " AND ".join(f"added.{name} IS NOT DISTINCT FROM once.{name}" for name in names.split(", "))
    return f"""SELECT added.*, once.* EXCLUDE ({names})
    FROM (
        SELECT {key}, count(*) AS articles, count(*) FILTER (syndicated) AS pick_ups,
               sum(mentions)::BIGINT AS mentions, sum(positive)::BIGINT AS positive, sum(neutral)::BIGINT AS neutral,
               sum(negative)::BIGINT AS negative, sum(own_voice)::BIGINT AS own_voice,
               count(*) FILTER (tier = 1) AS tier_1, count(*) FILTER (tier = 2) AS tier_2,
               count(*) FILTER (tier = 3) AS tier_3, min(published_at) AS first_at, max(published_at) AS last_at
        FROM {rows} WHERE {where} GROUP BY ALL
    ) added JOIN (
        SELECT {names}, count(*) AS stories, count(tone) AS scored, coalesce(sum(tone), 0.0) AS tone_total,
               coalesce(sum(tone * tone), 0.0) AS tone_squares, sum(prominence)::BIGINT AS prominence_total,
               sum(weight)::BIGINT AS weight
        FROM (
            SELECT {key}, family_id, max(prominence) AS prominence, max((4 - tier) * prominence) AS weight,
                   story_tone(tone_sum, scored, syndicated) AS tone
            FROM {rows} WHERE {where} GROUP BY ALL
        ) GROUP BY ALL
    ) once ON {same}"""
