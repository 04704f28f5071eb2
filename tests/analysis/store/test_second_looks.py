"""Which pages are looked at again only because they are young, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.items import Lead
from analysis.store.frontier import Frontier, UrlState, is_due, is_worth_a_look, why_due
from analysis.store.records import digest, url_record
from analysis.stories.address import address_id
from tests.analysis.press import NOON, funnel, lead, night

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LEAD = lead(title="Acme", published=NOON)
TIMES = st.timedeltas(timedelta(), timedelta(days=4))


def read(published: datetime | None, seen: datetime, looked: datetime, **extra: str) -> UrlState:
    """A page that was read, by the times that count."""
    return replace(
        UrlState(url_id=address_id(LEAD.url), state="extracted", reason="stored", source_id="gazette",
                 evidence=digest(LEAD.evidence), published_at=published, first_seen=seen, updated_at=looked),
        **extra,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("age", "since", "due"),
    [
        (HOUR, timedelta(), False),  # a second run at once
        (HOUR - MINUTE, HOUR - MINUTE, False),
        (HOUR, HOUR, True),
        (2 * HOUR, HOUR, True),
        (3 * HOUR, HOUR, False),
        (3 * HOUR, 1.5 * HOUR, True),
        (30 * HOUR, 14 * HOUR, False),
        (30 * HOUR, 15 * HOUR, True),
        (48 * HOUR, 24 * HOUR, True),
        (48 * HOUR + MINUTE, 48 * HOUR, False),
    ],
)
def test_the_schedule_thins_out(age: timedelta, since: timedelta, due: bool) -> None:
    """An hour at least, half the age, two days at most; whatever came of the first look."""
    for state, reason in (("extracted", "stored"), ("extracted", "no_brand"), ("fetched", "no_name")):
        known = read(NOON, NOON, NOON + age - since, state=state, reason=reason)
        assert is_due(LEAD, known, NOON + age) is due
        assert why_due(LEAD, known, NOON + age) == ("young" if due else None)


@pytest.mark.parametrize(
    ("published", "seen", "due"),
    [
        (NOON, NOON, True),
        (None, NOON, True),  # without a date by our first sight
        (NOON - 50 * HOUR, NOON, False),
        (NOON + 500 * HOUR, NOON - 50 * HOUR, False),  # a date that cannot be keeps no page young
        (NOON + 500 * HOUR, NOON, True),
    ],
)
def test_what_counts_as_the_age(published: datetime | None, seen: datetime, due: bool) -> None:
    assert is_worth_a_look(read(published, seen, NOON), NOON + 2 * HOUR) is due


@pytest.mark.parametrize("state", ["seen", "failed"])
def test_only_what_was_read_is_looked_at_again(state: str) -> None:
    """The rest has rules of its own."""
    assert is_worth_a_look(read(NOON, NOON, NOON, state=state), NOON + 2 * HOUR) is False


def test_a_page_is_looked_at_for_the_source_that_named_it() -> None:
    """A link text on a section page will do, another source will not: its words would stand for the page from then."""
    known, now = read(NOON, NOON, NOON), NOON + 2 * HOUR

    assert is_due(replace(LEAD, via="section", title="Read on"), known, now)
    assert not is_due(replace(LEAD, source_id="herald"), known, now)


@pytest.mark.parametrize("reason", ["other_topic", "stored_in_part"])
def test_what_was_set_aside_waits_for_a_run_that_wants_it(reason: str) -> None:
    """For one of its topics or for all; to another run it is a page like others, which may change while it is young."""
    now = NOON + 2 * HOUR
    aside = replace(read(NOON, NOON, now, reason=reason), topics=["campaign", "other"])
    wanted = [frozenset[str](), {"campaign"}, {"outage", "other"}]

    assert [why_due(LEAD, aside, now, topics) for topics in wanted] == ["set_aside"] * 3
    assert why_due(LEAD, aside, now, {"outage"}) is None
    assert why_due(LEAD, replace(aside, updated_at=NOON), now, {"outage"}) == "young"
    assert why_due(replace(LEAD, title="Another"), aside, now, {"outage"}) == "changed"
    assert why_due(LEAD, replace(aside, topics=[]), now, {"outage"}) is None
    assert why_due(LEAD, replace(aside, topics=None), now, {"outage"}) == "set_aside"  # by an older release


@pytest.mark.parametrize(
    ("state", "reason", "asked"),
    [
        ("extracted", "stored", True),
        ("extracted", "no_brand", True),
        ("fetched", "no_name", True),
        ("extracted", "other_topic", True),
        ("extracted", "stored_in_part", True),
        ("failed", "timeout", False),
        ("seen", None, False),
    ],
)
def test_a_page_that_was_read_may_stay_away(state: str, reason: str, asked: bool) -> None:
    known = replace(read(NOON, NOON, NOON, state=state, reason=reason), etag='"1"', last_modified="Mon")

    assert known.validators == ({"If-None-Match": '"1"', "If-Modified-Since": "Mon"} if asked else {})
    assert replace(known, last_modified=None).validators == ({"If-None-Match": '"1"'} if asked else {})


@given(TIMES, st.lists(st.timedeltas(MINUTE, timedelta(days=1)), max_size=30))
def test_there_are_few_looks_and_none_too_soon(found_at: timedelta, pauses: list[timedelta]) -> None:
    """However often the runs come: at most six more looks, the pauses between them growing with the age."""
    now = looked = NOON + found_at
    looks = []
    for pause in pauses:
        now += pause
        if is_worth_a_look(read(NOON, NOON + found_at, looked), now):
            assert now - looked >= max(HOUR, (now - NOON) / 2)
            assert now - NOON <= 48 * HOUR
            looks, looked = [*looks, now], now
    assert len(looks) <= 6


@given(TIMES, TIMES, TIMES)
def test_whoever_waits_is_served(age: timedelta, since: timedelta, longer: timedelta) -> None:
    """Of two pages of one age, the one not looked at for longer is due first; an unknown time is no reason to ask."""
    now = NOON + age

    if is_worth_a_look(read(NOON, NOON, now - since), now):
        assert is_worth_a_look(read(NOON, NOON, now - since - longer), now)
    assert not is_worth_a_look(replace(read(NOON, NOON, NOON), updated_at=None), now)
    assert not is_worth_a_look(replace(read(NOON, NOON, NOON), first_seen=None), now)


def stored(number: int, at: datetime, source: str = "gazette", **extra: datetime | str | None) -> dict[str, object]:
    """A page that was read at that time."""
    link = lead(number, source, title=f"T{number}", published=extra.pop("published", None))
    return {"url": url_record(link, "extracted", at=at, reason="stored", etag=f'"{number}"')}


def asked(frontier: Frontier, now: datetime, limit: int = 100) -> list[str | None]:
    return [link.title for link, _ in frontier.pending(["gazette", "herald"], now, limit)]


def test_young_pages_are_due_without_being_named(database: Path) -> None:
    """After what was left unfinished, newest first, as their own source told of them."""
    night(
        database,
        stored(1, NOON, published=NOON - 2 * HOUR),
        stored(2, NOON, published=NOON - HOUR),
        stored(3, NOON, published=NOON - 60 * HOUR),
        stored(4, NOON, "herald"),
        stored(5, NOON, "ledger"),
        {"url": url_record(lead(6, title="T6", published=NOON - 9 * HOUR), "seen", at=NOON)},
        stored(7, NOON - 60 * HOUR, published=NOON),  # no longer young, and takes no place within the limit
        funnel("gazette"),
    )
    frontier = Frontier(database)

    assert asked(frontier, NOON) == ["T6"]
    assert asked(frontier, NOON + 2 * HOUR) == ["T6", "T4", "T2", "T1"]
    assert asked(frontier, NOON + 2 * HOUR, limit=3) == ["T6", "T4", "T2"]
    assert asked(frontier, NOON + 49 * HOUR) == ["T6"]
    link, known = frontier.pending(["gazette"], NOON + 2 * HOUR)[1]
    assert link == lead(2, title="T2", published=NOON - HOUR, tier=1)
    assert known.validators == {"If-None-Match": '"2"'}


def test_a_look_at_an_unchanged_page_is_remembered(database: Path) -> None:
    """So the next one comes later, and the first sight stays the first."""
    night(database, stored(1, NOON, published=NOON))
    night(database, stored(1, NOON + 2 * HOUR, published=NOON))
    frontier = Frontier(database)
    (known,) = frontier.known([lead(1)]).values()

    assert (known.first_seen, known.updated_at, known.published_at) == (NOON, NOON + 2 * HOUR, NOON)
    assert asked(frontier, NOON + 3 * HOUR) == []
    assert asked(frontier, NOON + 4 * HOUR) == ["T1"]


def test_who_named_a_page_first_is_part_of_what_is_known() -> None:
    """`Lead` and state agree on the words, so a look alone changes none of them."""
    link = Lead(url=LEAD.url, source_id="gazette", outlet="Gazette", title="Acme", published=NOON)

    assert why_due(link, read(NOON, NOON, NOON), NOON + 2 * HOUR) == "young"
    assert why_due(replace(link, title="Acme!"), read(NOON, NOON, NOON), NOON) == "changed"
