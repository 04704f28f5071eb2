"""The report's figures as charts, in the colours and at the width that a format needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from analysis.design.charts import Bar, Column, Mark, Segment, bars, spark, volume
from analysis.design.colours import Ink
from analysis.design.figures import day_name, listed, percent, plural, short_day, signed
from analysis.report.model import CLASSES, Crisis, Day, Report, TierTone, Tile

Link = Callable[[date], str | None]
_AGAINST = ("neg", "neu", "pos", "unsure")  # from left to right where negative stands against positive


def volume_chart(report: Report, ink: Ink, width: int = 1000, link: Link = lambda _: None, key: str = "volume") -> str:
    """Chart A: stories on our brand per day, stacked by their tone toward it."""
    columns = [
        Column(short_day(day.day), day_words(day), day.classes, day.collected, day.usual, link(day.day))
        for day in report.days
    ]
    places = {day.day: place for place, day in enumerate(report.days)}
    marks = [
        Mark(event.name, places.get(event.first, 0), places.get(event.last, len(columns) - 1))
        for event in report.events
    ]
    label = f"Stories on {report.brand} per day by tone, {day_name(report.since)} to {day_name(report.until)}"
    return volume(columns, CLASSES, ink, label=label, marks=marks, width=width, key=f"{key}{width}")


def course_chart(crisis: Crisis, ink: Ink, width: int = 1000) -> str:
    """The event by quarters of a day: when stories broke, by their tone."""
    columns = []
    for when, classes in crisis.bins:
        hour = f"{short_day(when.date())} {when:%H}h"
        parts = listed(f"{number} {CLASSES[name]}" for name, number in classes.items() if number)
        columns.append(Column(hour, f"{hour}: {parts or 'no new story'}", classes))
    label = f"Stories that broke during {crisis.name}, six hours a column"
    return volume(
        columns, CLASSES, ink, label=label, unit="new stories in six hours", width=width, key=f"course{width}"
    )


def voice_chart(report: Report, ink: Ink, width: int = 540, *, linked: bool = False) -> str:
    """Chart B: each brand's part of the stories, and of the articles, about all watched brands."""
    told = [(f"brand{min(place, 5)}", brand) for place, brand in enumerate(report.brands) if brand.stories]
    href = "#rows-voices" if linked else None
    by_story, by_article = [], []
    for colour, brand in told:
        title = f"{brand.name}: {plural(brand.stories, 'story', 'stories')}, {percent(brand.share)}"
        by_story.append(Segment(colour, brand.share, percent(brand.share), title, href))
        share = brand.share_of_articles
        title = f"{brand.name}: {plural(brand.articles, 'article')}, {percent(share)}"
        by_article.append(Segment(colour, share, percent(share), title, href))
    rows = [Bar("Stories", tuple(by_story)), Bar("Articles", tuple(by_article))]
    words = listed((f"{brand.name} {percent(brand.share)}" for _, brand in told), most=9)
    return bars(rows, {colour: brand.name for colour, brand in told}, ink, width=width, key=f"voice{width}",
                label=f"Share of voice by stories: {words}")  # fmt: skip


def tier_chart(report: Report, ink: Ink, width: int = 540, *, linked: bool = False) -> str:
    """Chart C: how the outlets of each tier treat us."""
    href = "#rows-stories" if linked else None
    rows = [Bar(tier.label, _segments(tier, href), f"n={tier.stories}, {signed(tier.tone)}") for tier in report.tiers]
    order = {name: CLASSES[name] for name in _AGAINST}
    words = listed((f"{t.label} {signed(t.tone)} of {plural(t.stories, 'story', 'stories')}" for t in report.tiers), 9)
    return bars(rows, order, ink, label=f"Tone toward {report.brand} by tier of outlet: {words}", against=True,
                width=width, key=f"tier{width}")  # fmt: skip


def trend(tile: Tile, ink: Ink) -> str:
    """The last days of a figure; nothing where there is none."""
    return (
        spark(tile.trend, ink, label=f"{tile.label}, the last {len(tile.trend)} full days") if any(tile.trend) else ""
    )


def day_words(day: Day) -> str:
    """All that a column says."""
    if not day.collected and not day.stories:
        return f"{short_day(day.day)}: not collected"
    parts = listed(f"{count} {CLASSES[name]}" for name, count in day.classes.items() if count)
    missing = "" if day.collected else "; not fully collected"
    usual = f"; usual is {day.usual[0]:g} to {day.usual[2]:g}" if day.usual else ""
    return (
        f"{short_day(day.day)}: {plural(day.stories, 'story', 'stories')}"
        + (f", {parts}" if parts else "")
        + usual
        + missing
    )


def _segments(tier: TierTone, href: str | None) -> tuple[Segment, ...]:
    counts = ((name, tier.classes[name]) for name in _AGAINST)
    return tuple(
        Segment(name, count / (tier.stories or 1), str(count),
                f"{tier.label}: {plural(count, 'story', 'stories')} {CLASSES[name]}", href)
        for name, count in counts
    )  # fmt: skip
