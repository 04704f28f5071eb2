"""What is usual: a baseline of fourteen days, adjusted for weekdays, and how surprising a day's count is against it.

The reference of a day are the fourteen newest days before it that count: collected, and not part of an alert already
(else the second day of a crisis would look usual); none is older than four weeks. Its expectation is their mean, each
day and the day itself divided by the factor of its weekday, from eight weeks, drawn toward 1 where there is little
coverage. The count is then negative binomial about it: the predictive distribution of a Poisson rate that is known
only from the reference (Jeffreys' prior; Gelman et al. 2013, 2.6), wider where the reference itself varies more than
Poisson (by the Pearson statistic). Below twenty stories a day a rule of sigmas would be wrong by orders of magnitude.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, lgamma, log, log1p

REFERENCE_DAYS = 14
REACH_DAYS = 28
"""No reference day is older."""
WEEKDAY_DAYS = 56
"""Days from which the factors of weekdays are read."""
LEAST_DAYS = 7
"""Reference days below which there is no baseline."""
_SHRINKAGE = 10.0
"""Stories of usual coverage that each weekday is given beforehand."""
_PRIOR = 0.5


@dataclass(frozen=True)
class Baseline:
    """What a count is expected to be, with its distribution: negative binomial with `mean` and `size`."""

    mean: float
    size: float
    """mean + mean^2 / size is the variance."""
    days: tuple[date, ...]
    """The reference, oldest first."""

    def chance_of_more(self, count: int) -> float:
        """Probability of `count` or more on such a day."""
        return max(0.0, 1.0 - sum(self._mass(k) for k in range(count))) if count > 0 else 1.0

    def quantile(self, probability: float) -> int:
        """The smallest count that is not exceeded with `probability`."""
        total, count = self._mass(0), 0
        while total < probability and count < 1_000_000:
            count += 1
            total += self._mass(count)
        return count

    @property
    def band(self) -> tuple[int, int]:
        """Counts of nineteen usual days in twenty."""
        return self.quantile(0.025), self.quantile(0.975)

    def _mass(self, count: int) -> float:
        if self.mean <= 0:
            return 1.0 if count == 0 else 0.0
        odds = self.mean / self.size
        return exp(
            lgamma(count + self.size) - lgamma(self.size) - lgamma(count + 1)
            + count * (log(odds) - log1p(odds)) - self.size * log1p(odds)
        )  # fmt: skip


def baseline(
    day: date, counts: Mapping[date, int], collected: Collection[date], apart: Collection[date] = ()
) -> Baseline | None:
    """What `day` is expected to count; None where fewer than seven days can say.

    counts: by day; a day that is missing counts 0
    collected: the days on which every source answered; others say nothing
    apart: days of earlier alerts; they count again where without them there would be no baseline
    """
    known = [day - timedelta(days=n) for n in range(1, REACH_DAYS + 1)]
    known = [past for past in known if past in collected]
    chosen = [past for past in known if past not in apart][:REFERENCE_DAYS]
    if len(chosen) < LEAST_DAYS:
        chosen = known[:REFERENCE_DAYS]
    if len(chosen) < LEAST_DAYS:
        return None
    return _about(day, sorted(chosen), counts, _weekdays(day, counts, set(collected) - set(apart)))


def _about(day: date, reference: Sequence[date], counts: Mapping[date, int], factors: Sequence[float]) -> Baseline:
    seen = sum(counts.get(past, 0) for past in reference)
    rate = (seen + _PRIOR) / sum(factors[past.weekday()] for past in reference)
    usual = [(counts.get(past, 0), rate * factors[past.weekday()]) for past in reference]
    pearson = sum((count - mean) ** 2 / mean for count, mean in usual) / (len(usual) - 1)
    spread = max(0.0, pearson - 1) / rate
    return Baseline(rate * factors[day.weekday()], 1 / (1 / (seen + _PRIOR) + spread), tuple(reference))


def _weekdays(day: date, counts: Mapping[date, int], collected: Collection[date]) -> list[float]:
    """How much of a usual day's coverage falls on each weekday, Monday first; 1 is as usual."""
    days = [day - timedelta(days=n) for n in range(1, WEEKDAY_DAYS + 1)]
    days = [past for past in days if past in collected]
    if not days:
        return [1.0] * 7
    mean = sum(counts.get(past, 0) for past in days) / len(days)
    same = [[past for past in days if past.weekday() == weekday] for weekday in range(7)]
    return [
        (sum(counts.get(past, 0) for past in past_days) + _SHRINKAGE) / (len(past_days) * mean + _SHRINKAGE)
        for past_days in same
    ]
