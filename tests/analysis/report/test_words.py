"""The rules that write sentences."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design.figures import day_name, tone_word
from analysis.report.model import CLASSES, Carried, Competitor, Confidence, Crisis, Day, EventDays
from analysis.report.words import Facts, action, bottom_line, why_it_matters

NAMES = st.lists(st.sampled_from(["Acme", "Home", "Entertainment", "&", "Video", "Inc."]), min_size=1, max_size=8).map(
    " ".join
)
SHARES = st.floats(0, 1)
TONE = st.floats(-1, 1)
TONES = st.none() | st.floats(-1, 1)
COUNTS = st.integers(0, 5000)
DATES = st.dates(date(1990, 1, 1), date(2100, 1, 1))
CLAIMS = re.compile(
    r"\b(fell|fallen|falls?|drop\w*|declin\w*|decreas\w*|fewer|lower|rose|rise\w*|grew|increas\w*)\b", re.I
)


def brand(ours: bool) -> st.SearchStrategy[Competitor]:
    return st.builds(
        Competitor, brand_id=st.just("acme" if ours else "bolt"), name=NAMES, ours=st.just(ours), articles=COUNTS,
        stories=COUNTS, share=SHARES, tone=TONES, scored=COUNTS, between=st.none() | st.tuples(TONE, TONE),
    )  # fmt: skip


CONFIDENCE = st.builds(Confidence, silent=st.lists(st.just("x (dns)"), max_size=20).map(tuple))
PEAKS = st.lists(
    st.builds(Day, day=DATES, classes=st.builds(lambda n: {**dict.fromkeys(CLASSES, 0), "neg": n}, COUNTS)), max_size=3
)
CRISES = st.none() | st.builds(
    Crisis, name=NAMES, open=st.booleans(), phase=st.sampled_from(["rising", "plateau", "decaying", "over", "unknown"]),
    stories=COUNTS, back=st.none() | DATES, situation=st.just(""), compared=st.just(()), bins=st.just(()),
    steps=st.just(()), severe=st.just(()), themes=st.just(()), quiet=st.just(()),
)  # fmt: skip
RESPONSES = st.none() | st.builds(Carried, since=NAMES, stories=st.integers(1, 99), carried=st.integers(0, 1))
EVENTS = st.lists(st.builds(EventDays, name=NAMES, first=DATES, last=DATES), max_size=2)


FACTS = st.builds(
    Facts, ours=brand(ours=True), brands=st.lists(brand(ours=False), max_size=3), days=PEAKS, events=EVENTS,
    confidence=CONFIDENCE, since=DATES, until=DATES, crisis=CRISES, response=RESPONSES,
)  # fmt: skip


@given(FACTS)
def test_the_bottom_line(facts: Facts) -> None:
    """At most 60 words whatever the figures and names are; a warning where sources were silent, and no direction."""
    line = bottom_line(facts)
    cautious = "read no fall into this" in line

    assert len(line.split()) <= 60
    assert cautious == (facts.confidence.light != "green")
    assert CLAIMS.findall(line.replace("read no fall into this", "")) == []
    assert not cautious or not {"over", "easing"} & set(re.findall(r"\w+", line))
    assert line.startswith("No significant coverage of") == (not facts.ours.stories)


def test_names_longer_than_the_line_itself() -> None:
    """A rule that shortens must come to an end."""
    endless = Competitor("acme", "word " * 70, True, 1, 1, 1.0, None, 0, headline="", between=None)
    confidence = Confidence("amber", 1, 1, (), (), 0, 0, 0, 0, 0)
    line = bottom_line(Facts(endless, [endless], [], [], confidence, date(2026, 3, 1), date(2026, 3, 2)))

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


@pytest.mark.parametrize(
    ("tone", "headline", "tier", "outlets", "said"),
    [
        (-0.5, True, 1, 1, "Action: call Gazette, check the facts and offer our statement."),
        (-0.5, False, 2, 5, "Action: check the facts with Gazette, whose text 4 outlets carry."),
        (0.5, False, 1, 1, "Action: share it with staff and partners."),
        (-0.5, False, 3, 1, "No action: monitoring continues."),
        (None, True, 1, 9, "No action: monitoring continues."),
    ],
)
def test_what_to_do(tone: float | None, headline: bool, tier: int, outlets: int, said: str) -> None:
    """By tone, prominence and reach; never from a story without a tone."""
    row = {"tone": tone, "headline": headline, "tier": tier, "outlets": outlets, "first_outlet": "Gazette"}

    assert action(row) == said
