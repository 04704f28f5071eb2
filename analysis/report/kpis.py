"""The strip of figures: each over the window, and its last full day against the day before and a usual one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from statistics import median

from analysis.design.figures import DASH, percent, plural, short_day, signed
from analysis.report import claims, queries
from analysis.report.asking import Ask
from analysis.report.days import BASELINE, History
from analysis.report.model import Carried, Competitor, Delta, Tile
from analysis.trends.changes import LEAST_STORIES

Show = Callable[[float | None], str]
_USUAL = "a usual day"


def count(value: float | None) -> str:
    """A whole number, or the half that a median can have."""
    return DASH if value is None else f"{value:,.1f}".removesuffix(".0")


def points(change: float) -> str:
    """A change of a share, in percentage points."""
    return f"{change * 100:+.0f} points"


def more(change: float) -> str:
    """A change of a count."""
    return f"{change:+,.1f}".removesuffix(".0")


def tiles(ask: Ask, ours: Competitor, past: History, day: date, response: Carried | None) -> tuple[Tile, ...]:
    """The strip. day: the last full one; response: None leaves out what needs messages."""
    stories = ask.figures(
        "stories", "Stories on our brand", "Unique stories: the number of rows. Net tone: the mean of `tone` over the "
        "rows that have one.", queries.STORIES_BEHIND, "avg(tone) AS tone, count(tone) AS scored",
    )  # fmt: skip
    articles = ask.figures(
        "articles", "Articles on our brand", "Articles: the number of rows. Tier 1: the share of rows whose tier is 1.",
        queries.ARTICLES_BEHIND, "count(*) FILTER (tier = 1) AS tier_one",
    )  # fmt: skip
    ask.figures(
        "voices", "Stories of every watched brand", "Share of voice: a brand's `stories` divided by their sum.",
        queries.VOICES_BEHIND, "sum(stories) AS stories",
    )  # fmt: skip
    strip = (
        Tile("Unique stories", count(stories["total"]), "texts, each counted once, however often carried",
             *_compared("stories", past, day, count, more), "stories"),
        Tile("Articles", count(articles["total"]), "with the copies that other outlets carried",
             *_compared("articles", past, day, count, more), "articles"),
        _tone(ours, past, day),
        Tile("Share of voice", percent(ours.share), "of the stories about all watched brands",
             *_compared("share_of_voice", past, day, percent, points), "voices"),
        Tile("Tier 1", percent(articles["tier_one"] / articles["total"]) if articles["total"] else DASH,
             f"{articles['tier_one']} of {plural(articles['total'], 'article')}",
             *_shared(past.tier_one, past, day), "articles"),
    )  # fmt: skip
    return strip if response is None else (*strip, *_messages(ask, past, day, response))


def _messages(ask: Ask, past: History, day: date, response: Carried) -> tuple[Tile, ...]:
    pulled = ask.figures(
        "messages", "Our messages in the stories", "Message pull-through: the share of rows with a message at least.",
        queries.MESSAGES_BEHIND, "count(*) FILTER (len(messages) > 0) AS carried",
    )  # fmt: skip
    by_day = {
        row["day"]: row["carried"] / row["stories"] for row in ask("Messages by day", queries.PULLED_BY_DAY).dicts()
    }
    value = percent(pulled["carried"] / pulled["total"]) if pulled["total"] else DASH
    note = f"{pulled['carried']} of {plural(pulled['total'], 'story', 'stories')} carry one of our messages"
    return (
        Tile("Message pull-through", value, note, *_shared(by_day, past, day), "messages"),
        Tile("Response carried", percent(response.share), claims.response(response), proof="messages"),
    )


def _tone(ours: Competitor, past: History, day: date) -> Tile:
    """No figure below LEAST_STORIES: neither for the window nor for a day."""
    scored = plural(ours.scored, "story", "stories")
    value, note = DASH, f"{scored} scored, too few for a figure (below {LEAST_STORIES})"
    if ours.between is not None:
        low, high = ours.between
        value = signed(ours.tone)
        note = f"95%: {signed(low)} to {signed(high)}; {scored}"
    few = [past.counted("stories", day - timedelta(days=n)) or 0 for n in (0, 1)]
    if min(few) < LEAST_STORIES:
        said = f"{short_day(day)}: {plural(round(few[0]), 'story', 'stories')}, too few for a daily tone"
        return Tile("Net tone", value, note, said, proof="stories")
    return Tile("Net tone", value, note, *_compared("net_tone", past, day, signed, signed), "stories")


def _compared(
    name: str, past: History, day: date, show: Show, change: Callable[[float], str]
) -> tuple[str, tuple[Delta, ...], tuple[float | None, ...]]:
    """The figure of the day, its two comparisons and the days up to it."""
    series = [past.counted(name, day - timedelta(days=n)) for n in range(BASELINE, -1, -1)]
    return _against(series, past, day, show, change)


def _shared(
    shares: Mapping[date, float], past: History, day: date
) -> tuple[str, tuple[Delta, ...], tuple[float | None, ...]]:
    """The same of a share that only days with coverage have."""
    dates = [day - timedelta(days=n) for n in range(BASELINE, -1, -1)]
    series = [shares.get(one) if past.collected.get(one) else None for one in dates]
    return _against(series, past, day, percent, points)


def _against(
    series: list[float | None], past: History, day: date, show: Show, change: Callable[[float], str]
) -> tuple[str, tuple[Delta, ...], tuple[float | None, ...]]:
    *earlier, today = series
    known = [value for value in earlier if value is not None]
    if not past.collected.get(day):
        return f"{short_day(day)}: not fully collected, no comparison", (), tuple(series)
    if today is None:
        return f"{short_day(day)}: nothing to count", (), tuple(series)
    usual = median(known) if len(known) >= BASELINE // 2 else None
    return (
        f"{short_day(day)}: {show(today)}",
        (_delta(today, earlier[-1], change, "the day before"), _delta(today, usual, change, _USUAL)),
        tuple(series),
    )


def _delta(today: float, before: float | None, change: Callable[[float], str], against: str) -> Delta:
    if before is None:
        return Delta(f"no comparison with {against}", "none")
    if round(today - before, 4) == 0:
        return Delta(f"same as {against}", "same")
    return Delta(f"{change(today - before)} vs {against}", "up" if today > before else "down")
