"""The rules that write sentences."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.model import Competitor, Confidence
from analysis.report.words import bottom_line, day_name, tone_word, why_it_matters

NAMES = st.lists(st.sampled_from(["Acme", "Home", "Entertainment", "&", "Video", "Inc."]), min_size=1, max_size=8).map(
    " ".join
)
SHARES = st.floats(0, 1)
TONES = st.none() | st.floats(-1, 1)
COUNTS = st.integers(0, 5000)
DATES = st.dates(date(1990, 1, 1), date(2100, 1, 1))
CLAIMS = re.compile(
    r"\b(fell|fallen|falls?|drop\w*|declin\w*|decreas\w*|fewer|lower|rose|rise\w*|grew|increas\w*)\b", re.I
)


def brand(ours: bool) -> st.SearchStrategy[Competitor]:
    return st.builds(
        Competitor, brand_id=st.just("acme" if ours else "bolt"), name=NAMES, ours=st.just(ours), articles=COUNTS,
        stories=COUNTS, share=SHARES, tone=TONES, scored=COUNTS,
    )  # fmt: skip


CONFIDENCE = st.builds(Confidence, silent=st.lists(st.just("x (dns)"), max_size=20).map(tuple))
PEAKS = st.lists(st.tuples(DATES, COUNTS), max_size=3).map(
    lambda found: [{"day": day, "brand_id": "acme", "stories": stories} for day, stories in found]
)


@given(brand(ours=True), st.lists(brand(ours=False), max_size=3), PEAKS, CONFIDENCE, DATES, st.integers(0, 400))
def test_the_bottom_line(
    ours: Competitor,
    rivals: list[Competitor],
    days: list[dict[str, Any]],
    confidence: Confidence,
    since: date,
    length: int,
) -> None:
    """At most 60 words whatever the figures and names are; a warning where sources were silent, and no direction."""
    line = bottom_line(ours, [ours, *rivals], days, [], confidence, since, since + timedelta(days=length))
    cautious = "read no fall into this" in line

    assert len(line.split()) <= 60
    assert cautious == (confidence.light != "green")
    assert CLAIMS.findall(line.replace("read no fall into this", "")) == []
    assert line.startswith("No significant coverage of" if not ours.stories else f"{ours.stories} stor")


def test_names_longer_than_the_line_itself() -> None:
    """A rule that shortens must come to an end."""
    endless = Competitor("acme", "word " * 70, True, 1, 1, 1.0, None, 0, headline="", between=None)
    confidence = Confidence("amber", 1, 1, (), (), 0, 0, 0)
    line = bottom_line(endless, [endless], [], [], confidence, date(2026, 3, 1), date(2026, 3, 2))

    assert line.endswith("read no fall into this.")


@given(TONES)
def test_a_tone_has_a_word_only_where_it_has_a_figure(tone: float | None) -> None:
    assert (tone_word(tone) == "not scored") == (tone is None)
    if tone is not None:
        assert tone_word(-tone) == {"positive": "negative", "negative": "positive"}.get(tone_word(tone), "balanced")


@pytest.mark.parametrize(
    ("day", "said"), [(date(2008, 8, 3), "3 August 2008"), (date(2026, 11, 22), "22 November 2026")]
)
def test_days_read_the_same_everywhere(day: date, said: str) -> None:
    assert day_name(day) == said


def test_why_a_story_matters() -> None:
    story = {"headline": True, "outlets": 40, "tier": 1, "tone": -0.5}

    assert (
        why_it_matters("Acme", story) == "Acme in the headline; tier 1; carried by 40 outlets; tone negative (-0.50)."
    )
    quiet = {"headline": False, "outlets": 1, "tier": 3, "tone": None}
    assert why_it_matters("Acme", quiet) == "Acme in the text; best outlet is tier 3; one outlet; tone not scored."
