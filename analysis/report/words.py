"""Sentences written by rules from figures. Nothing here claims a fall while sources were silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from analysis.report.model import Change, Competitor, Confidence, TopStory

_LONGEST = 60  # words of the bottom line (mediamonitoring.uk's daily brief: one paragraph)
_CLEAR = 0.15  # tone beyond which a mean of ten stories or more is called good or bad


def day_name(day: date) -> str:
    """`13 August 2008`, the same on every system."""
    return f"{day.day} {day:%B} {day:%Y}"


def tone_word(tone: float | None) -> str:
    """How a mean tone reads: positive, negative, balanced; never a word where there is no figure."""
    if tone is None:
        return "not scored"
    return "positive" if tone > _CLEAR else "negative" if tone < -_CLEAR else "balanced"


def tone_claim(brand: Competitor) -> str:
    """What may be said of a brand's tone: a direction only where the interval excludes zero."""
    if brand.between is None or brand.tone is None:
        return f"Too few scored stories ({brand.scored}) for a tone."
    low, high = brand.between
    direction = "positive" if low > 0 else "negative" if high < 0 else "no clear direction"
    return f"Tone toward {brand.name}: {direction} ({brand.tone:+.2f}, {brand.scored} stories)."


def bottom_line(
    ours: Competitor, brands: Sequence[Competitor], days: Sequence[dict[str, Any]],
    stories: Sequence[TopStory], confidence: Confidence, since: date, until: date,
) -> str:  # fmt: skip
    """What happened, how bad for us, what rivals did, and whether the collection allows to say so; at most 60 words."""
    if not ours.stories:
        said = [f"No significant coverage of {ours.name} from {day_name(since)} to {day_name(until)}."]
    else:
        said = [f"{ours.stories} stories on {ours.name} ({ours.articles} articles)."]
        # None where the watchlist's zone has changed since the last run: `days` are then days of the old one.
        peak = max(
            (d for d in days if d["brand_id"] == ours.brand_id), key=lambda d: (d["stories"], d["day"]), default=None
        )
        if peak is not None and peak["stories"] > 1:
            said.append(f"Peak on {day_name(peak['day'])}: {peak['stories']}.")
        said.append(tone_claim(ours))
    rival = max((b for b in brands if not b.ours), key=lambda b: b.stories, default=None)
    if rival is not None and rival.stories:
        said.append(f"{rival.name}: {rival.stories} stories, {rival.share:.0%} share of voice.")
    if confidence.light != "green":
        what = (
            f"{len(confidence.silent)} sources had faults" if confidence.silent else "some days are not fully collected"
        )
        said.append(f"Careful: {what}; read no fall into this.")
    while len(said) > 2 and len(" ".join(said).split()) > _LONGEST:  # what happened and the warning stay
        said.pop(1)
    return " ".join(said)


def when_changed(change: Change) -> str:
    """`headline changed 14:10 -> 15:32`, the times of the two readings, with days where there are two."""
    one_day = change.old_seen.date() == change.seen.date()
    then, now = (f"{when:%H:%M}" if one_day else f"{when:%Y-%m-%d %H:%M}" for when in (change.old_seen, change.seen))
    return f"{'headline' if change.of_headline else 'text'} changed {then} -> {now}"


def how_scored(change: Change) -> str:
    """Length and tone before and after: `412 -> 430 words; tone +0.40 -> -0.20`."""
    tones = " -> ".join("not scored" if tone is None else f"{tone:+.2f}" for tone in (change.old_tone, change.tone))
    length = f"{change.old_words} -> {change.words} words; " if change.old_words != change.words else ""
    return f"{length}tone {tones}"


def why_it_matters(brand: str, story: dict[str, Any]) -> str:
    """One line on a story: how prominent, how far carried, how it treats the brand."""
    place = f"{brand} in the headline" if story["headline"] else f"{brand} in the text"
    carried = "one outlet" if story["outlets"] == 1 else f"carried by {story['outlets']} outlets"
    tier = "tier 1" if story["tier"] == 1 else f"best outlet is tier {story['tier']}"
    tone = f"tone {tone_word(story['tone'])}" + (f" ({story['tone']:+.2f})" if story["tone"] is not None else "")
    return f"{place}; {tier}; {carried}; {tone}."
