"""How a figure differs between two stretches of time, and whether that is more than chance.

Tone and the share of bad stories by a bootstrap over stories (Efron and Tibshirani 1993, chapter 16): both windows are
drawn again, apart, and the interval is that of the 2,000 differences. Beyond some hundred stories a mean is normal
whatever it is a mean of, and the draws come from that. Volume by draws of the rate that may stand behind so many
stories (Poisson with Jeffreys' prior): a window without a story says something too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

LEAST_STORIES = 10
"""Below it a mean is an anecdote: no change is claimed."""
DRAWS = 2000
_MANY = 400
Draws = npt.NDArray[np.float64]
Name = Literal["before", "during", "after"]
Metric = Literal["stories_a_day", "net_tone", "negative", "share_of_voice"]
METRICS: tuple[Metric, ...] = ("stories_a_day", "net_tone", "negative", "share_of_voice")
_WORDS = {
    "stories_a_day": ("original articles a day", "{:.1f}"),
    "net_tone": ("net tone", "{:+.2f}"),
    "negative": ("bad articles", "{:.0%}"),
    "share_of_voice": ("share of voice", "{:.0%}"),
}


@dataclass(frozen=True)
class Window:
    """Coverage of the brand in one stretch of time."""

    name: Name
    first: date | None
    last: date | None
    """Its days, both included; None where the event has not come so far."""
    stories: int
    """Each once."""
    articles: int
    tones: tuple[float, ...]
    """Net tone of each story that has one, ascending."""
    counts: tuple[int, ...]
    """Stories of each day; one that goes on counts on each day on which it has an article."""
    share_of_voice: float | None
    """Of the stories on all watched brands; None without any."""
    collected: bool
    """Every source reached every day of it."""

    def value(self, metric: Metric) -> float | None:
        """The metric; None where nothing was said. negative: share of stories with a tone below zero."""
        if metric == "stories_a_day":
            return float(np.mean(self.counts)) if self.counts else None
        if metric == "share_of_voice":
            return self.share_of_voice
        if not self.tones:
            return None
        return float(np.mean(self.sample(metric)))

    def sample(self, metric: Metric) -> Sequence[float]:
        """What net_tone or negative is a mean of, one a story."""
        return self.tones if metric == "net_tone" else [float(tone < 0) for tone in self.tones]


@dataclass(frozen=True)
class Change:
    """How a metric differs between two windows: the later minus the earlier."""

    metric: Metric
    earlier: Name
    later: Name
    difference: float | None
    """None where one of the windows has no value."""
    low: float | None
    high: float | None
    """95% interval. None: fewer than ten stories with a tone in one of the windows, or for volume in both together;
    and for share of voice."""
    sure: bool
    """The interval leaves out zero, and no source was missing in either window."""
    words: str


def change(metric: Metric, earlier: Window, later: Window, brand: str) -> Change:
    """`later` against `earlier`, with its interval and a plain sentence about `brand`."""
    before, after = earlier.value(metric), later.value(metric)
    difference = after - before if before is not None and after is not None else None
    limits = _interval(metric, earlier, later)
    low, high = limits or (None, None)
    missing = not (earlier.collected and later.collected)
    sure = limits is not None and (limits[0] > 0 or limits[1] < 0) and not missing
    words = _sentence(metric, earlier, later, brand, limits, sure=sure, missing=missing)
    return Change(metric, earlier.name, later.name, difference, low, high, sure, words)


def _sentence(
    metric: Metric,
    earlier: Window,
    later: Window,
    brand: str,
    limits: tuple[float, float] | None,
    *,
    sure: bool,
    missing: bool,
) -> str:
    name, form = _WORDS[metric]
    before, after = earlier.value(metric), later.value(metric)
    if before is None or after is None:
        silent = earlier.name if before is None else later.name
        return f"{brand}: no {name} to compare, nothing was told {silent}"
    told = f"{brand}: {name} {form.format(before)} {earlier.name}, {form.format(after)} {later.name}"
    if limits is None:
        return f"{told}; too little to call it a change" if metric != "share_of_voice" else told
    if missing:
        return f"{told}; sources were missing, so no change is claimed"
    if not sure:
        return f"{told}; no more than chance explains"
    way = "up" if after > before else "down"
    return f"{told}; {way}, between {form.format(limits[0])} and {form.format(limits[1])}"


def _interval(metric: Metric, earlier: Window, later: Window) -> tuple[float, float] | None:
    chance = np.random.default_rng(earlier.stories * 7919 + later.stories)  # the same store, the same interval
    counts = (*earlier.counts, *later.counts)
    if metric == "stories_a_day" and earlier.counts and later.counts and sum(counts) >= LEAST_STORIES:
        draws = _rates(later, chance) - _rates(earlier, chance)
    elif metric in {"net_tone", "negative"} and min(len(earlier.tones), len(later.tones)) >= LEAST_STORIES:
        draws = _means(later.sample(metric), chance) - _means(earlier.sample(metric), chance)
    else:
        return None
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def _rates(window: Window, chance: np.random.Generator) -> Draws:
    return chance.gamma(sum(window.counts) + 0.5, 1 / len(window.counts), DRAWS)


def _means(sample: Sequence[float], chance: np.random.Generator) -> Draws:
    values = np.asarray(sample, dtype=float)
    if len(values) > _MANY:
        return chance.normal(values.mean(), values.std(ddof=1) / np.sqrt(len(values)), DRAWS)
    return np.asarray(values[chance.integers(0, len(values), size=(DRAWS, len(values)))].mean(axis=1))
