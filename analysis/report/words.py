"""Sentences written by rules from figures. Nothing here claims a fall while sources were silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from analysis.design.figures import day_name, percent, plural, signed, tone_word
from analysis.report.model import Change, Competitor, Confidence, Day, EventDays

LONGEST = 60  # words of the bottom line (mediamonitoring.uk's daily brief: one paragraph)


def tone_claim(brand: Competitor) -> str:
    """What may be said of a brand's tone: a direction only where the interval excludes zero."""
    if brand.between is None or brand.tone is None:
        return f"Too few scored stories ({brand.scored}) for a tone."
    low, high = brand.between
    direction = "positive" if low > 0 else "negative" if high < 0 else "no clear direction"
    return f"Tone toward {brand.name}: {direction} ({signed(brand.tone)}, {brand.scored} stories)."


def bottom_line(
    ours: Competitor, brands: Sequence[Competitor], days: Sequence[Day], events: Sequence[EventDays],
    confidence: Confidence, since: date, until: date,
) -> str:  # fmt: skip
    """What happened, how bad for us, what rivals did, and whether the collection allows to say so; LONGEST words."""
    stories = "story" if ours.stories == 1 else "stories"
    if not ours.stories:
        said = [f"No significant coverage of {ours.name} from {day_name(since)} to {day_name(until)}."]
    else:
        said = [f"{ours.stories} {stories} on {ours.name} ({plural(ours.articles, 'article')})."]
        peak = max(days, key=lambda day: (day.stories, day.day), default=None)
        if peak is not None and peak.stories > 1:
            during = [event.name for event in events if event.first <= peak.day <= event.last]
            cause = f", during {during[0]}" if during else ""
            said.append(f"Peak on {day_name(peak.day)}: {peak.stories}{cause}.")
        said.append(tone_claim(ours))
    rival = max((b for b in brands if not b.ours), key=lambda b: b.stories, default=None)
    if rival is not None and rival.stories:
        named = "story" if rival.stories == 1 else "stories"
        said.append(f"{rival.name}: {rival.stories} {named}, {percent(rival.share)} share of voice.")
    if confidence.light != "green":
        what = (
            f"{plural(len(confidence.silent), 'source')} had faults"
            if confidence.silent
            else "some days are not fully collected"
        )
        said.append(f"Careful: {what}; read no fall into this.")
    while len(said) > 2 and len(" ".join(said).split()) > LONGEST:  # what happened and the warning stay
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
    tone = f"tone {tone_word(story['tone'])}" + (f" ({signed(story['tone'])})" if story["tone"] is not None else "")
    return f"{place}; {tier}; {carried}; {tone}."


def action(story: dict[str, Any]) -> str:
    """What to do about a story, by its tone, prominence and reach."""
    outlet, word = story["first_outlet"], tone_word(story["tone"])
    if word == "negative" and story["headline"] and story["tier"] == 1:
        return f"Action: call {outlet}, check the facts and offer our statement."
    if word == "negative" and story["outlets"] > 2:
        return f"Action: check the facts with {outlet}, whose text {story['outlets'] - 1} outlets carry."
    if word == "positive" and story["tier"] == 1:
        return "Action: share it with staff and partners."
    return "No action: monitoring continues."
