"""What a page's articles tell of the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.outcomes import Outcomes

REASONS = ("stored", "other_topic", "same_page", "no_brand")


def verdicts(*reasons: str) -> list[str | None]:
    """What a page of so many articles gets as they end."""
    outcomes = Outcomes()
    outcomes.expect("page", len(reasons))
    ends = (outcomes.ended("page", reason) for reason in reasons)
    return [end.reason if end else None for end in ends]


@pytest.mark.parametrize(
    ("reasons", "verdict"),
    [
        (("stored",), "stored"),
        (("no_brand",), "no_brand"),
        (("no_brand", "stored"), "stored"),
        (("stored", "no_brand", "same_page"), "stored"),
        (("same_page", "no_brand"), "same_page"),
        (("no_brand", "other_topic", "same_page"), "other_topic"),
        (("stored", "other_topic"), "stored_in_part"),
        (("other_topic", "no_brand", "stored"), "stored_in_part"),
    ],
)
def test_one_post_does_not_hide_what_became_of_another(reasons: tuple[str, ...], verdict: str) -> None:
    """Whichever ended last; nothing is said of the page before."""
    assert verdicts(*reasons) == [None] * (len(reasons) - 1) + [verdict]
    assert verdicts(*reasons[::-1])[-1] == verdict


@given(st.lists(st.sampled_from(REASONS), min_size=1, max_size=6), st.lists(st.sampled_from(REASONS), max_size=6))
def test_pages_are_told_apart(one: list[str], other: list[str]) -> None:
    """Their articles may end in any order; a page that was read twice starts anew."""
    outcomes, last = Outcomes(), {}
    outcomes.expect("one", len(one))
    outcomes.expect("other", len(other))
    for place in range(max(len(one), len(other))):
        for page, reasons in (("one", one), ("other", other)):
            if place < len(reasons):
                end = outcomes.ended(page, reasons[place])
                last[page] = end.reason if end else None

    assert last["one"] == verdicts(*one)[-1]
    assert last.get("other") == (verdicts(*other) or [None])[-1]
    assert outcomes.ended("one", "no_brand") == ("no_brand", None)


def test_a_page_is_set_aside_for_the_topics_of_what_was() -> None:
    """Of all such posts together; those of other posts do not count."""
    outcomes = Outcomes()
    outcomes.expect("page", 3)
    outcomes.ended("page", "stored", ("outage",))
    outcomes.ended("page", "other_topic", ("campaign",))

    assert outcomes.ended("page", "other_topic", ("other",)) == ("stored_in_part", {"campaign", "other"})
    assert outcomes.ended("alone", "other_topic") == ("other_topic", set())
