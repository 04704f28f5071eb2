"""From the store to the model of a report: questions asked, answers put into words and figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import duckdb

from analysis.report import queries, words
from analysis.report.model import Change, Competitor, Confidence, Evidence, Report, Tile, TopStory
from analysis.trends import Answer, Question
from analysis.trends.interval import LEAST_STORIES, interval
from analysis.trends.question import midnight
from analysis.watchlist import Event, Watchlist

_TOP_STORIES = 3
_SENTENCES = 3
_CHANGES = 20
_BASELINE_DAYS = 14


class Ask:
    """Asks questions with the report's values bound, and remembers each one's SQL."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, **values: Any) -> None:
        self.connection, self.values = connection, values
        self.asked: list[tuple[str, str]] = []

    def __call__(self, name: str, sql: str, **extra: Any) -> Answer:
        self.asked.append((name, sql.strip()))
        return Question(sql, {**self.values, **extra}).ask(self.connection)


def build(
    connection: duckdb.DuckDBPyConnection, watchlist: Watchlist, since: date, until: date, now: datetime
) -> Report:
    """The report of the days `since` to `until` in the watchlist's zone, as of `now`."""
    zone = watchlist.report.timezone
    ask = Ask(
        connection, zone=zone, first=since, last=until, brand=watchlist.ours.id, limit=_TOP_STORIES,
        since=midnight(since, zone), until=midnight(until + timedelta(days=1), zone),
    )  # fmt: skip
    history = ask("Days", queries.DAYS, first=min(since, until) - timedelta(days=_BASELINE_DAYS)).dicts()
    days = [row for row in history if row["day"] >= since]
    sources, brands, stories = ask("Sources", queries.SOURCES), _brands(ask, watchlist), _stories(ask, watchlist)
    ours = next(brand for brand in brands if brand.ours)
    confidence = _confidence(ask, sources)
    return Report(
        brand=watchlist.ours.name,
        since=since,
        until=until,
        zone=zone,
        made_at=now,
        run_id=ask("Run", queries.RUN).rows[0][0],
        bottom_line=words.bottom_line(ours, brands, days, stories, confidence, since, until),
        confidence=confidence,
        tiles=_tiles(ask, ours, history, until),
        stories=stories,
        changes=tuple(Change(*row) for row in ask("Changes", queries.CHANGES, changes=_CHANGES).rows),
        brands=brands,
        days=Answer(tuple(days[0]) if days else (), tuple(tuple(row.values()) for row in days), queries.DAYS),
        clips=ask("Clips", queries.CLIPS),
        sources=sources,
        scorers=tuple(row[0] for row in ask("Scorers", queries.SCORERS).rows),
        events=tuple((event.id, *_days(event, watchlist)) for event in watchlist.events),
        brand_names={brand.id: brand.name for brand in watchlist.brands},
        queries=tuple(ask.asked),
    )


def _days(event: Event, watchlist: Watchlist) -> tuple[date, date]:
    zone = watchlist.report.zone
    return event.start.astimezone(zone).date(), event.end.astimezone(zone).date()


def _brands(ask: Ask, watchlist: Watchlist) -> tuple[Competitor, ...]:
    found = {row["brand_id"]: row for row in ask("Brands", queries.BRANDS).dicts()}
    headlines = dict(ask("Headlines", queries.HEADLINES).rows)
    rows = []
    for brand in watchlist.brands:
        row = found.get(brand.id, {})
        rows.append(
            Competitor(brand.id, brand.name, brand.role == "ours", row.get("articles", 0), row.get("stories", 0),
                       row.get("share") or 0.0, row.get("tone"), row.get("scored", 0),
                       interval(row.get("story_tones") or ()), headlines.get(brand.id) or "")
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (not row.ours, -row.stories)))


def _stories(ask: Ask, watchlist: Watchlist) -> tuple[TopStory, ...]:
    found = ask("Top stories", queries.STORIES).dicts()
    evidence = ask("Evidence", queries.EVIDENCE, stories=[row["story_id"] for row in found]).rows
    stories = []
    for row in found:
        behind = [Evidence(*rest) for story_id, *rest in evidence if story_id == row["story_id"]]
        stories.append(
            TopStory(
                title=row["title"], outlet=row["first_outlet"], tier=row["tier"], published=row["published"],
                articles=row["articles"], outlets=row["outlets"], tone=row["tone"],
                why=words.why_it_matters(watchlist.ours.name, row), url=behind[0].url,
                evidence=tuple(behind[:_SENTENCES]),
            )
        )  # fmt: skip
    return tuple(stories)


def _confidence(ask: Ask, sources: Answer) -> Confidence:
    rows = sources.dicts()
    silent = tuple(f"{row['source_id']} ({row['reason']})" for row in rows if not row["well"])
    uncollected = tuple(row[0] for row in ask("Days not collected", queries.UNCOLLECTED).rows)
    quality = ask("Quality", queries.QUALITY).dicts()[0]
    answered = sum(1 for row in rows if row["discovered"] or row["well"])
    if not rows or answered < len(rows) * 0.8:
        light = "red"
    else:
        light = "amber" if silent or uncollected else "green"
    return Confidence(light=light, answered=answered, expected=len(rows), silent=silent,  # type: ignore[arg-type]
                      uncollected=uncollected, **quality)  # fmt: skip


def _tiles(ask: Ask, ours: Competitor, history: list[dict[str, Any]], until: date) -> tuple[Tile, ...]:
    tier_one, articles = ask("Tier 1", queries.TIER_ONE).rows[0]
    per_day = {row["day"]: row for row in history if row["brand_id"] == ours.brand_id}
    last = per_day.get(until, {}).get("stories", 0)
    before = [per_day.get(until - timedelta(days=n), {}).get("stories", 0) for n in range(1, _BASELINE_DAYS + 1)]
    usual = median(before)
    tone, span = "–", f"{ours.scored} stories scored, too few for a figure (below {LEAST_STORIES})"
    if ours.between is not None:
        tone, span = f"{ours.tone:+.2f}", "95%: {:+.2f} to {:+.2f}; {} stories".format(*ours.between, ours.scored)
    return (
        Tile("Unique stories", str(ours.stories), "each counted once, however often carried",
             f"{last} on the last day, {usual:g} on a usual day"),
        Tile("Articles", str(ours.articles), "with the copies that other outlets carried"),
        Tile("Net tone", tone, "-1 to +1, one vote a story", span),
        Tile("Share of voice", f"{ours.share:.0%}", "of the stories about all watched brands"),
        Tile("Tier 1", f"{tier_one / articles:.0%}" if articles else "–", f"{tier_one} of {articles} articles"),
    )  # fmt: skip
