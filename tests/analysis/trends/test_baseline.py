"""The baseline against draws of what it claims to be, and against days made to be usual."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp, factorial

import numpy as np
import pytest

from analysis.trends.baseline import REACH_DAYS, Baseline, baseline

MONDAY = date(2026, 3, 9)
PAST = [MONDAY - timedelta(days=n) for n in range(1, 120)]


@pytest.mark.parametrize(("seen", "days", "count"), [(0, 14, 3), (7, 14, 4), (28, 14, 9), (140, 14, 25)])
def test_the_chance_is_that_of_a_rate_known_from_so_many_days(seen: int, days: int, count: int) -> None:
    """Draw a rate as Jeffreys would after `seen` stories in `days` days, then a day of it."""
    expected = Baseline((seen + 0.5) / days, seen + 0.5, ())
    chance = np.random.default_rng(1)
    drawn = chance.poisson(chance.gamma(seen + 0.5, 1 / days, 200_000))

    assert expected.chance_of_more(count) == pytest.approx((drawn >= count).mean(), abs=0.002)
    assert expected.band == tuple(np.quantile(drawn, [0.025, 0.975]))


def test_a_long_memory_is_poisson() -> None:
    """With a rate that is sure, the tail is the textbook's."""
    expected = Baseline(2.0, 1e9, ())
    poisson = 1 - sum(exp(-2) * 2**k / factorial(k) for k in range(6))

    assert expected.chance_of_more(6) == pytest.approx(poisson, rel=1e-4)
    assert expected.chance_of_more(0) == 1


def test_weekdays_are_not_mistaken_for_news() -> None:
    """Twenty stories a weekday and five at weekends: Monday is no spike after Sunday, fifteen on a Sunday are one."""
    counts = {day: 5 if day.weekday() >= 5 else 20 for day in PAST}
    monday, sunday = (baseline(day, counts, PAST) for day in (MONDAY, MONDAY - timedelta(days=1)))

    assert monday
    assert monday.mean == pytest.approx(20, rel=0.1)
    assert monday.chance_of_more(25) > 0.05
    assert sunday
    assert sunday.mean == pytest.approx(5, rel=0.3)
    assert sunday.chance_of_more(17) < 0.001


@pytest.mark.parametrize("rate", [0.05, 0.5, 3.0, 30.0])
def test_usual_days_are_hardly_ever_told(rate: float) -> None:
    """Of 1,500 Poisson days with three stories or more, no more than a few are below one in a thousand."""
    drawn = np.random.default_rng(7).poisson(rate, 1600)
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(1600)]
    counts = {day: int(count) for day, count in zip(days, drawn, strict=True)}
    told = 0
    for day in days[100:]:
        expected = baseline(day, counts, days) if counts[day] >= 3 else None
        told += expected is not None and expected.chance_of_more(counts[day]) < 0.001

    assert told <= 5


def test_days_that_vary_more_are_forgiven_more() -> None:
    """The same mean: a count that stands out among even days does not among uneven ones."""
    even = baseline(MONDAY, dict.fromkeys(PAST, 10), PAST)
    uneven = baseline(MONDAY, {day: 30 if n % 3 == 0 else 0 for n, day in enumerate(PAST)}, PAST)

    assert even
    assert uneven
    assert even.chance_of_more(25) < 0.001
    assert uneven.chance_of_more(25) > 0.02


def test_days_that_were_not_collected_say_nothing() -> None:
    """Else a blind fortnight would make the first seeing day a spike."""
    seen = PAST[14:]
    expected = baseline(MONDAY, dict.fromkeys(seen, 10), seen)

    assert expected
    assert expected.mean == pytest.approx(10, rel=0.1)
    assert expected.days == tuple(sorted(PAST[14:REACH_DAYS]))
    assert baseline(MONDAY, {}, PAST[:6]) is None
    assert baseline(MONDAY, {}, PAST[REACH_DAYS:]) is None


def test_days_of_an_alert_are_not_usual_unless_they_are_all_there_is() -> None:
    crisis = PAST[:5]
    counts = dict.fromkeys(PAST, 2) | dict.fromkeys(crisis, 90)
    apart = baseline(MONDAY, counts, PAST, crisis)
    level = baseline(MONDAY, dict.fromkeys(PAST, 90), PAST, PAST)

    assert apart
    assert apart.mean == pytest.approx(2, rel=0.6)
    assert level
    assert level.mean == pytest.approx(90, rel=0.1)
