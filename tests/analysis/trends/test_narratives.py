"""Themes against counts by hand; the words of a day that was made to be about something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import fmean

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends.narratives import narratives, sentences, words
from analysis.trends.question import Filters
from tests.analysis.press import NOON, article, bring, emptied, in_memory, mention, page
from tests.analysis.worlds import EXAMPLES, World, story_tones, told, worlds

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


@st.composite
def themed(draw: st.DrawFn) -> World:
    """A world whose sentences have themes."""
    world = draw(worlds())
    chosen = st.sampled_from([(), ("cause",), ("cause", "scale")])
    world.articles = [
        replace(found, mentions=tuple(replace(m, themes=draw(chosen)) for m in found.mentions))
        for found in world.articles
    ]
    return world


@EXAMPLES
@given(world=themed(), topic=st.sampled_from([None, "outage"]))
def test_themes(shared: duckdb.DuckDBPyConnection, tmp_path: Path, world: World, topic: str | None) -> None:
    """Corrected tones count; copies are one story; no theme without a row."""
    store = told(shared, world, tmp_path)
    rows = {(r["brand"], r["theme"]): r for r in narratives(Filters(topic=topic), world.zone).ask(store).dicts()}
    said = [
        (said, theme)
        for said, (_, record), themes in zip(world.said(), world.mentions(), _themes(world), strict=True)
        for theme in themes
        if topic in (None, *said.topics) and record
    ]

    assert set(rows) == {(s.brand, theme) for s, theme in said}
    for (brand, theme), row in rows.items():
        cell = [s for s, told_theme in said if (s.brand, told_theme) == (brand, theme)]
        tones = story_tones(cell)
        every = {s.story for s in world.said() if s.brand == brand and topic in (None, *s.topics)}
        assert row["stories"] == len({s.story for s in cell})
        assert row["articles"] == len({s.article for s in cell})
        assert row["share"] == pytest.approx(row["stories"] / len(every))
        assert row["net_tone"] == (pytest.approx(fmean(tones)) if tones else None)


def _themes(world: World) -> list[tuple[str, ...]]:
    return [m.themes for a in world.articles for m in a.mentions]


def press(shared: duckdb.DuckDBPyConnection, folder: Path) -> duckdb.DuckDBPyConnection:
    """Ten days on films, then one on an outage."""
    told_before = [
        article(n, mention(sentence=f"Acme shows a new film {n}."), published=NOON - DAY * (1 + n % 10))
        for n in range(30)
    ]
    lines = [mention(sentence=f"Acme is down in an outage {n}.", tone=-0.5 - n / 100) for n in range(6)]
    now = [
        article(50 + n, replace(line, themes=("cause",)), published=NOON, source="gazette" if n else "sentinel")
        for n, line in enumerate(lines)
    ]
    bring(emptied(shared), folder, "run", map(page, (*told_before, *now)))
    return shared


def test_words_that_set_a_day_apart(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Not the brand's name, not words of grammar, not what was told before."""
    store = press(shared, tmp_path)
    today = Filters(brand="acme", since=NOON.date(), until=NOON.date())
    rows = words(today, "UTC", ["Acme"]).ask(store).dicts()

    assert [(row["word"], row["stories"], row["before"]) for row in rows] == [("outage", 6, 0)]
    assert rows[0]["score"] > 2
    assert rows[0]["sentence"] == "Acme is down in an outage 5."
    first = Filters(brand="acme", since=NOON.date() - DAY * 10, until=NOON.date())
    assert {row["word"]: row["score"] for row in words(first, "UTC", ["Acme"]).ask(store).dicts()} == {
        "shows": None,
        "film": None,
        "outage": None,
    }


def test_what_is_new_and_what_drove_the_day(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    store = press(shared, tmp_path)
    today = Filters(brand="acme", since=NOON.date(), until=NOON.date())
    (row,) = narratives(today, "UTC").ask(store).dicts()

    assert (row["theme"], row["stories"], row["share"], row["new"]) == ("cause", 6, 1.0, True)
    assert row["sentence"] == "Acme is down in an outage 5."
    assert [r["sentence"] for r in sentences(today, "UTC").arranged(None, limit=2).ask(store).dicts()] == [
        "Acme is down in an outage 5.",
        "Acme is down in an outage 4.",
    ]
