"""Sentences written by rules from figures. Nothing here claims a fall while sources were silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.design.figures import day_name, percent, plural, short_day, signed, tone_word
from analysis.report.model import Carried, Change, Competitor, Confidence, Crisis, Day, EventDays

LONGEST = 60  # words of the bottom line (mediamonitoring.uk's daily brief: one paragraph)


def tone_claim(brand: Competitor) -> str:
    """What may be said of a brand's tone: a direction only where the interval excludes zero."""
    if brand.between is None or brand.tone is None:
        return f"Too few scored stories ({brand.scored}) for a tone."
    low, high = brand.between
    direction = "positive" if low > 0 else "negative" if high < 0 else "no clear direction"
    return f"Tone toward {brand.name}: {direction} ({signed(brand.tone)}, {brand.scored} stories)."


@dataclass(frozen=True)
class Facts:
    """What the bottom line is made from."""

    ours: Competitor
    brands: Sequence[Competitor]
    days: Sequence[Day]
    events: Sequence[EventDays]
    confidence: Confidence
    since: date
    until: date
    crisis: Crisis | None = None
    response: Carried | None = None


def bottom_line(facts: Facts) -> str:
    """What happened, how bad for us, is it over, did our word get through, what did rivals do; LONGEST words.

    Says no direction while sources were silent: `Crisis.back` and the phases are None or unknown then.
    """
    said = [_what_happened(facts)]
    if facts.ours.stories:
        said += [tone_claim(facts.ours), *_is_it_over(facts), *_our_word(facts)]
    said += _rivals(facts)
    if facts.confidence.light != "green":
        silent = facts.confidence.silent
        what = f"{plural(len(silent), 'source')} had faults" if silent else "some days are not fully collected"
        said.append(f"Careful: {what}; read no fall into this.")
    while len(said) > 2 and len(" ".join(said).split()) > LONGEST:  # what happened and the warning stay
        said.pop(-2)
    return " ".join(said)


def _what_happened(facts: Facts) -> str:
    ours, crisis = facts.ours, facts.crisis
    if not ours.stories:
        return f"No significant coverage of {ours.name} from {day_name(facts.since)} to {day_name(facts.until)}."
    spans = [(event.first, event.last) for event in facts.events if crisis and event.name == crisis.name]
    inside = [day for day in facts.days if not spans or spans[0][0] <= day.day <= spans[0][1]]
    peak = max(inside, key=lambda day: (day.stories, day.day), default=None)
    top = f", at most {peak.stories} a day ({short_day(peak.day)})" if peak and peak.stories > 1 else ""
    if crisis is not None and crisis.stories:
        return f"{plural(crisis.stories, 'story', 'stories')} on {ours.name} during {crisis.name}{top}."
    return f"{plural(ours.stories, 'story', 'stories')} on {ours.name}{top}."


def _is_it_over(facts: Facts) -> list[str]:
    """Nothing is easing or over where less may be our own blindness."""
    crisis = facts.crisis
    growing = crisis is not None and crisis.phase == "rising" and crisis.back is None
    if crisis is None or (facts.confidence.light != "green" and not growing):
        return []
    if crisis.back is not None:
        return [f"It is over: usual volume since {short_day(crisis.back)}."]
    words = {"rising": "It is still rising.", "plateau": "It goes on at the same level.",
             "decaying": "It is easing, not over."}  # fmt: skip
    return [words[crisis.phase]] if crisis.phase in words else []


def _our_word(facts: Facts) -> list[str]:
    response = facts.response
    if response is None or response.share is None:
        return []
    return [f"Our response stands in {percent(response.share)} of stories since."]


def _rivals(facts: Facts) -> list[str]:
    rival = max((b for b in facts.brands if not b.ours), key=lambda b: b.stories, default=None)
    if rival is None or not rival.stories:
        return []
    beside = f", {rival.beside_us} beside us" if rival.beside_us else ""
    return [
        f"{rival.name}: {plural(rival.stories, 'story', 'stories')}{beside}, {percent(rival.share)} share of voice."
    ]


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
