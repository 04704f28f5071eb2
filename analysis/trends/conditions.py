"""What makes a day one to be told of: the conditions of an alert, each with its figure and a plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple

from analysis.trends.baseline import REACH_DAYS, Baseline, baseline
from analysis.trends.series import Day, Key, Series

CHANCE = 0.001
"""A count or a tone that a usual day reaches less often than this is told: once in three years of days."""
LEAST_STORIES = 3
"""Fewer stories are no spike, however quiet the days before."""
LEAST_SCORED = 5
"""Stories with a tone below which a day's tone is not judged; and twice as many in its reference."""
LEAST_DROP = 0.1
"""A smaller drop is nobody's news, however sure."""
_LEAST_SILENT = 2
"""Days without an answer or an article: a single night is nobody's alarm."""
_LEAST_RATE = 0.2
"""Articles a day below which a source is too quiet for its silence to say anything."""
_HARDLY, _ROUND = 0.1, 10.0
_SURE = 3.0902  # the normal quantile of 1 - CHANCE
_LEAST_VARIANCE = 0.05  # tones of few stories may agree by chance


class Tones(NamedTuple):
    """Net tone of the stories of some days."""

    scored: int
    tone: float
    deviation: float


Spread = Callable[[Collection[date]], Tones]
"""Reads the tones of our stories on these days, one vote a story and day."""


@dataclass(frozen=True)
class Condition:
    """One thing that was unusual on one day."""

    name: str
    """spike, tone_drop, tier_1, rival_spike or source_silent."""
    day: date
    topic: str | None
    """Of a spike or a drop: the topic in which it is clearest; None, in all coverage."""
    value: float
    """What was seen: stories, net tone, days."""
    usual: float | None
    """What was expected."""
    chance: float | None
    """Probability of seeing as much or more on a usual day; None where it is no matter of chance."""
    words: str


def spike(day: date, brand: str, name: str, found: Series, apart: Collection[date]) -> Condition | None:
    """More stories than a usual day has, in all coverage of the brand or in one topic: the clearest of them."""
    unusual: list[tuple[float, Key, Baseline]] = []
    for key in _keys(brand, found):
        stories = found.days[key].get(day, Day()).stories
        expected = baseline(day, found.counts(key), found.collected, apart) if stories >= LEAST_STORIES else None
        if expected and (chance := expected.chance_of_more(stories)) < CHANCE:
            unusual.append((chance, key, expected))
    if not unusual:
        return None
    chance, key, expected = min(unusual, key=lambda one: (one[0], one[1][1] is not None))
    stories = found.days[key][day].stories
    about = f" on the topic {key[1]}" if key[1] else ""
    words = f"{stories} original articles on {name}{about}; a usual day has {_figure(expected.mean)}"
    return Condition("spike", day, key[1], stories, expected.mean, chance, words)


def tone_drop(
    day: date, brand: str, name: str, found: Series, apart: Collection[date], spread: Spread
) -> Condition | None:
    """A net tone surely below that of the reference days: by more than chance explains in 999 of 1,000 days."""
    days = found.days.get((brand, None), {})
    today, expected = days.get(day, Day()), baseline(day, found.counts((brand, None)), found.collected, apart)
    past = [days[one] for one in expected.days if one in days] if expected else []
    told = [(one.tone, one.stories) for one in past if one.tone is not None]
    if expected is None or today.tone is None or not told or today.stories < LEAST_SCORED:
        return None
    if today.tone > sum(tone * stories for tone, stories in told) / sum(stories for _, stories in told) - LEAST_DROP:
        return None  # most days end here, by sums; the others are worth a look at their stories
    now, before = spread([day]), spread(expected.days)
    if now.scored < LEAST_SCORED or before.scored < 2 * LEAST_SCORED:
        return None
    squares = now.deviation**2 * (now.scored - 1) + before.deviation**2 * (before.scored - 1)
    variance = max(squares / (now.scored + before.scored - 2), _LEAST_VARIANCE)
    error = sqrt(variance / now.scored + variance / before.scored)
    if now.tone > before.tone - max(_SURE * error, LEAST_DROP):
        return None
    words = f"net tone toward {name} {now.tone:+.2f} over {now.scored} original articles; usual is {before.tone:+.2f}"
    return Condition("tone_drop", day, None, now.tone, before.tone, CHANCE, words)


def _keys(brand: str, found: Series) -> Iterator[Key]:
    return (key for key in found.days if key[0] == brand)


def _figure(mean: float) -> str:
    return "hardly any" if mean < _HARDLY else f"{mean:.1f}" if mean < _ROUND else f"{mean:.0f}"


def silence(
    day: date, source: str, counts: dict[date, int], reached: Collection[date], expected_on: Collection[date]
) -> Condition | None:
    """A source that has not answered for two days, or that answers and brings nothing for longer than chance explains.

    counts: its articles by day of publication; reached, expected_on: its days in the view `collection`
    """
    if day not in expected_on:
        return None
    blind = _run(day, lambda past: past in expected_on and past not in reached)
    if blind >= _LEAST_SILENT:
        words = f"{source} has not answered for {blind} days"
        return Condition("source_silent", day, None, blind, None, None, words)
    dry = _run(day, lambda past: past in reached and not counts.get(past, 0))
    usual = baseline(day - timedelta(days=dry - 1), counts, reached) if dry >= _LEAST_SILENT else None
    if usual is None or usual.mean < _LEAST_RATE:
        return None
    chance = (1 + dry * usual.mean / usual.size) ** -usual.size
    if chance >= CHANCE:
        return None
    words = f"{source} answers, but has brought nothing for {dry} days; usual are {_figure(usual.mean)} articles a day"
    return Condition("source_silent", day, None, dry, usual.mean, chance, words)


def _run(day: date, holds: Callable[[date], bool]) -> int:
    """For how many days up to `day` it holds without a break; as far back as a baseline reaches."""
    length = 0
    while length < REACH_DAYS and holds(day - timedelta(days=length)):
        length += 1
    return length
