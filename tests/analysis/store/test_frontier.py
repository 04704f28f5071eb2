"""Which addresses a run asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.store.frontier import Frontier, UrlState, is_due, next_try
from analysis.store.records import digest, url_record
from analysis.stories.address import address_id
from tests.analysis.press import NOON, funnel, lead, night

LEAD = lead(title="Acme", published=NOON)
HOUR = timedelta(hours=1)


def known(state: str, **extra: Any) -> UrlState:
    """What the store says of LEAD."""
    return replace(
        UrlState(url_id=address_id(LEAD.url), state=state, source_id="gazette", evidence=digest(LEAD.evidence)), **extra
    )


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (None, True),
        (known("seen"), True),
        (known("seen", reason="anything", evidence="other"), True),
        (known("failed", tries=1, next_try=NOON), True),
        (known("failed", tries=1, next_try=None), True),
        (known("failed", tries=1, next_try=NOON + HOUR), False),
        (known("failed", tries=7, next_try=NOON - HOUR), True),
        (known("failed", tries=8, next_try=NOON - HOUR), False),
        (known("fetched", reason="no_name"), False),
        (known("extracted", reason="stored"), False),
        (known("extracted", reason="stored", evidence="older"), True),
        (known("fetched", reason="no_name", evidence="older"), True),
        (known("extracted", reason="stored", evidence="older", source_id="herald"), False),
        (known("extracted", reason="other_topic"), True),
    ],
)
def test_is_due(state: UrlState | None, due: bool) -> None:
    """New, unfinished, due again, or changed by the word of its own source (docs/how-it-works.md)."""
    assert is_due(LEAD, state, NOON) is due


def test_link_texts_of_section_pages_change_for_their_own_reasons() -> None:
    assert is_due(replace(LEAD, via="section"), known("extracted", evidence="older"), NOON) is False


@given(st.sampled_from(["http_503", "timeout", "http_404", "http_410", "http_403", "robots", ""]), st.integers(1, 8))
def test_patience_grows(reason: str, tries: int) -> None:
    """The first failure is tried again by the next run; never sooner after more tries."""
    when = next_try(reason, tries, NOON)

    assert when >= NOON
    assert when <= next_try(reason, tries + 1, NOON)
    if reason in {"http_503", "timeout", ""}:
        assert when == NOON + (tries - 1) * HOUR
    else:
        assert when >= NOON + timedelta(days=1)


def state(number: int, name: str, source: str = "gazette", **extra: Any) -> dict[str, Any]:
    times = {key: extra.pop(key) for key in ("published", "modified") if key in extra}
    return {"url": url_record(lead(number, source, title=f"T{number}", **times), name, at=NOON, **extra)}


def test_before_the_first_crawl_nothing_is_known(database: Path) -> None:
    frontier = Frontier(database)

    assert frontier.known([LEAD]) == {}
    assert frontier.pending(["gazette"], NOON) == []
    assert not database.parent.exists()


def test_pending_is_what_was_left_unfinished_newest_first(database: Path) -> None:
    """Published, else changed, else first seen; only of the sources asked for, only what is due."""
    night(
        database,
        state(1, "seen", published=NOON - 3 * HOUR),
        state(2, "failed", published=NOON - HOUR, reason="timeout", tries=1, next_try=NOON),
        state(3, "failed", published=NOON + HOUR, reason="timeout", tries=2, next_try=NOON + HOUR),
        state(4, "failed", reason="timeout", tries=8, next_try=NOON - HOUR),
        state(5, "extracted", reason="stored", published=NOON),
        state(6, "fetched", reason="no_name", published=NOON),
        state(7, "seen", modified=NOON - 2 * HOUR),
        state(8, "seen"),
        state(9, "seen", "ledger"),
        funnel("gazette"),
    )
    frontier = Frontier(database)
    pending = frontier.pending(["gazette", "herald"], NOON)

    assert [link.title for link, _ in pending] == ["T8", "T2", "T7", "T1"]
    assert [link.title for link, _ in frontier.pending(["gazette"], NOON, limit=2)] == ["T8", "T2"]
    assert [link.title for link, _ in frontier.pending(["gazette"], NOON + HOUR)][:2] == ["T3", "T8"]
    link, left = pending[1]
    assert link == lead(2, title="T2", published=NOON - HOUR, tier=1)
    assert (left.state, left.reason, left.tries, left.next_try) == ("failed", "timeout", 1, NOON)
    assert left.evidence == digest(link.evidence)


def test_known_finds_a_page_by_any_of_its_spellings(database: Path) -> None:
    night(database, {"url": url_record(LEAD, "extracted", at=NOON, reason="stored", etag='"1"', last_modified="x")})
    spelled = lead(url="http://GAZETTE.example/1?utm_source=mail#top")
    found = Frontier(database).known([spelled, lead(2)])

    assert list(found) == [address_id(LEAD.url)]
    assert found[address_id(spelled.url)] == known(
        "extracted", reason="stored", etag='"1"', last_modified="x", stored=True
    )


def test_a_source_that_left_the_watchlist_is_not_asked_for(database: Path) -> None:
    """Its addresses stay in the store, without anybody to ask for them."""
    night(database, {"url": url_record(lead(source="gone", outlet="Gone"), "seen", at=NOON)}, funnel("gazette"))

    assert Frontier(database).pending(["gone", "gazette"], NOON) == []
