"""Events: windows against sums by hand, changes against draws, the course against curves that were drawn by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import fmean

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends.changes import Window, change
from analysis.trends.course import clock, course, trace
from analysis.trends.events import DAY, LONGEST, measure
from analysis.trends.question import Filters
from analysis.watchlist import Event, Watchlist
from tests.analysis.press import NOON, article, bring, emptied, funnel, in_memory, mention, page, watchlist
from tests.analysis.worlds import EXAMPLES, World, story_tones, told, worlds

LATE = datetime(2027, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


def event(start: datetime, hours: int = 24, brand: str = "acme", name: str = "outage") -> Event:
    return Event(id=name, brand=brand, start=start, end=start + timedelta(hours=hours))


@EXAMPLES
@given(world=worlds(), hours=st.integers(0, 60), topic=st.sampled_from([None, "outage"]))
def test_windows(
    shared: duckdb.DuckDBPyConnection, tmp_path: Path, world: World, hours: int, topic: str | None
) -> None:
    """On days of 23 and 25 hours too; worlds are small, so the windows are as long as they get."""
    store = told(shared, world, tmp_path)
    dated = [a.published for a in world.articles if a.published]
    happened = event(min(dated, default=NOON) + timedelta(hours=12), hours)
    found = measure(store, happened, watchlist(world.zone), LATE, Filters(topic=topic))
    zone = watchlist(world.zone).report.zone
    first, last = happened.start.astimezone(zone).date(), happened.end.astimezone(zone).date()
    spans = {"before": (first - DAY * LONGEST, first - DAY), "during": (first, last),
             "after": (last + DAY, last + DAY * LONGEST)}  # fmt: skip

    for window in found.windows:
        assert (window.first, window.last) == spans[window.name]
        begin, end = spans[window.name]
        inside = [s for s in world.said() if s.day and begin <= s.day <= end and topic in (None, *s.topics)]
        ours = [s for s in inside if s.brand == "acme"]
        every = {(s.brand, s.story) for s in inside}
        assert window.stories == len({s.story for s in ours})
        assert window.articles == len({s.article for s in ours})
        assert window.tones == pytest.approx(story_tones(ours))
        assert window.share_of_voice == (pytest.approx(window.stories / len(every)) if every else None)
        assert sum(window.counts) == len({s.article for s in ours if not s.copy})
        assert window.value("net_tone") == (pytest.approx(fmean(window.tones)) if window.tones else None)


def coverage(offsets: list[int], tone: float = 0.5, start: int = 0) -> list[dict[str, object]]:
    lines = ((n, mention("acme", tone, sentence=f"Acme {n}.")) for n in range(start, start + len(offsets)))
    return [page(article(n, line, published=NOON + DAY * o)) for (n, line), o in zip(lines, offsets, strict=True)]


def test_a_window_is_as_long_as_it_takes(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Fourteen days where these hold ten stories, else until they do; and never into another event of the brand."""
    bring(emptied(shared), tmp_path, "run", [*coverage([-n for n in range(1, 30, 2)]), *coverage([1] * 12, start=50)])
    happened = event(NOON.replace(hour=0), 12)
    before, during, after = measure(shared, happened, watchlist(), LATE).windows
    assert (before.stories, len(before.counts), len(during.counts), len(after.counts)) == (10, 19, 1, 14)

    earlier = event(NOON - DAY * 6, 1, name="earlier")
    later = event(NOON + DAY * 3, 1, name="later")
    several = Watchlist.model_validate(
        {**watchlist().model_dump(), "events": [e.model_dump() for e in (earlier, later)]}
    )
    before, _, after = measure(shared, happened, several, LATE).windows
    assert (before.first, after.last) == (NOON.date() - DAY * 5, NOON.date() + DAY * 2)


def test_what_has_not_come_yet(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """An event that goes on has no days after it."""
    bring(emptied(shared), tmp_path, "run", coverage([0, 0, 1]))
    found = measure(shared, event(NOON, 96), watchlist(), NOON + DAY)

    assert [len(window.counts) for window in found.windows[1:]] == [2, 0]
    assert {c.words for c in found.changes if c.earlier == "during" and c.metric == "net_tone"} == {
        "Acme: no net tone to compare, nothing was told after"
    }
    assert course(shared, event(LATE), watchlist(), NOON).phase == "not begun"


def window(tones: list[float], *, days: int = 14, name: str = "before", collected: bool = True) -> Window:
    counts = [len(tones) // days + (n < len(tones) % days) for n in range(days)]
    first = NOON.date()
    return Window(name, first, first + DAY * (days - 1), len(tones), len(tones), tuple(sorted(tones)), tuple(counts),
                  0.5, collected)  # type: ignore[arg-type]  # fmt: skip


def test_a_change_is_told_where_it_is_sure() -> None:
    calm, bad = window([0.4, 0.5] * 20), window([-0.5, -0.4] * 10, days=3, name="during")
    tone, volume = change("net_tone", calm, bad, "Acme"), change("stories_a_day", calm, bad, "Acme")

    assert tone.difference == pytest.approx(-0.9)
    assert tone.sure
    assert tone.low is not None
    assert tone.low < -0.9 < (tone.high or 0) < 0
    assert tone.words.startswith("Acme: net tone +0.45 before, -0.45 during; down, between -0.9")
    assert volume.sure
    assert volume.words.startswith("Acme: original articles a day 2.9 before, 6.7 during; up, between ")


@pytest.mark.parametrize(
    ("earlier", "later", "end"),
    [
        (window([0.5] * 30), window([-0.5] * 9, name="during"), "too little to call it a change"),
        (window([0.5, -0.5] * 10), window([-0.5, 0.6] * 10, name="during"), "no more than chance explains"),
        (window([0.5] * 30), window([-0.5] * 30, name="during", collected=False), "so no change is claimed"),
        (window([]), window([-0.5] * 30, name="during"), "nothing was told before"),
    ],
)
def test_a_change_is_not_told_where_it_is_not(earlier: Window, later: Window, end: str) -> None:
    """Few stories, chance, missing sources, nothing to compare with."""
    found = change("net_tone", earlier, later, "Acme")

    assert not found.sure
    assert found.words.endswith(end)


@pytest.mark.parametrize("metric", ["net_tone", "negative", "stories_a_day"])
def test_intervals_hold_the_truth(metric: str) -> None:
    """Of 200 pairs of windows whose truth is no change, about one in twenty claims one."""
    chance = np.random.default_rng(3)
    claimed = 0
    for _ in range(200):
        pair = [window(list(chance.normal(0.1, 0.5, chance.poisson(25)).clip(-1, 1))) for _ in range(2)]
        claimed += change(metric, *pair, "Acme").sure  # type: ignore[arg-type]

    assert 1 <= claimed <= 20


def drawn(
    counts: list[int], blind: tuple[int, ...] = (), usual: int = 0
) -> tuple[list[int], list[date], dict[date, int], set[date]]:
    """Stories that break at noon of each day since the start, after `usual` stories on each day before it."""
    first = NOON.date()
    broke = [counts[hour // 24] if hour % 24 == 12 else 0 for hour in range(24 * len(counts))]
    volumes = [sum(broke[max(0, hour - 23) : hour + 1]) for hour in range(len(broke))]
    days = [first + DAY * (hour // 24) for hour in range(len(broke))]
    by_day = {first + DAY * n: count for n, count in enumerate(counts)}
    by_day |= {first - DAY * n: usual for n in range(1, 90)}
    return volumes, days, by_day, set(by_day) - {first + DAY * n for n in blind}


COURSES = {
    "rising": ([1, 4, 9], (), ("rising", 61, None, None)),
    "plateau": ([1, 9, 9, 8], (), ("plateau", 37, None, None)),
    "decaying": ([2, 20, 9, 6], (), ("decaying", 37, 24, None)),
    "over": ([2, 20, 9, 1, 0, 0], (), ("over", 37, 24, 3)),
    "a second wave": ([2, 20, 0, 0, 5], (), ("rising", 37, 24, 2)),
    "blind at the end": ([2, 20, 0, 0], (2, 3), ("unknown", 37, None, None)),
    "quiet": ([0, 0, 0], (), ("quiet", None, None, None)),
    "blind and quiet": ([0, 0, 0], (1, 2), ("unknown", None, None, None)),
}


@pytest.mark.parametrize("name", COURSES)
def test_the_course(name: str) -> None:
    """Phase, hours to peak, half-life, days until it was as usual; missing sources are no recovery."""
    counts, blind, expected = COURSES[name]
    found = trace(event(NOON.replace(hour=0)), *drawn(counts, blind))

    assert (found.phase, found.hours_to_peak, found.half_life, found.days_to_usual) == expected


def test_several_events_on_one_clock(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Volume of the last 24 hours; the shorter one ends earlier."""
    answers = [funnel("herald", NOON + DAY * 20, reach_from=NOON - DAY * 100)]
    bring(emptied(shared), tmp_path, "run", [*coverage([0, 1, 1]), *coverage([10, 11], start=9), *answers])
    happened = [event(NOON - timedelta(hours=12), 48, name="a"), event(NOON + DAY * 10 - timedelta(hours=12), name="b")]
    courses = [course(shared, one, watchlist(), NOON + DAY * 12) for one in happened]
    table = clock(courses)

    assert table.columns == ("hours", "a", "b")
    assert table.rows[:4] == ((24, 1, 1), (48, 2, 1), (72, 0, None), (96, 0, None))
    assert courses[0].words.startswith("a: ")


def test_the_evidence_is_in_the_store(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The query that is shown gives the windows that are shown."""
    bring(emptied(shared), tmp_path, "run", coverage([0, 0, -1]))
    found = measure(shared, event(NOON), watchlist(), LATE)

    assert "FROM brand_articles" in found.sql
    assert [w.stories for w in found.windows] == [1, 2, 0]
