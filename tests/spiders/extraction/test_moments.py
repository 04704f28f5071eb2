"""Dates as pages, feeds and people write them (fault F4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.extraction.moments import UNSTATED, read_moment, states_time

FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")


def at(hours: float) -> timezone:
    """A fixed offset from UTC."""
    return timezone(timedelta(hours=hours))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-05-03T14:24:00Z", datetime(2024, 5, 3, 14, 24, tzinfo=UTC)),
        ("2024-05-03T14:24:00.000+02:00", datetime(2024, 5, 3, 14, 24, tzinfo=at(2))),
        ("2024-05-03T14:24:00+0200", datetime(2024, 5, 3, 14, 24, tzinfo=at(2))),
        ("2024-05-03T14:24:00.1234567-05", datetime(2024, 5, 3, 14, 24, 0, 123456, tzinfo=at(-5))),
        ("2024-05-03 14:24 CET", datetime(2024, 5, 3, 14, 24, tzinfo=at(1))),
        ("2024/5/3 2:24 pm EST", datetime(2024, 5, 3, 14, 24, tzinfo=at(-5))),
        ("20240503T142400Z", datetime(2024, 5, 3, 14, 24, tzinfo=UTC)),
        ("1630886400", datetime(2021, 9, 6, tzinfo=UTC)),
        ("1762513252000", datetime(2025, 11, 7, 11, 0, 52, tzinfo=UTC)),
        ("Mon, 06 Sep 2021 10:30:00 GMT", datetime(2021, 9, 6, 10, 30, tzinfo=UTC)),
        ("06 Sep 2021 10:30:00 -0700", datetime(2021, 9, 6, 10, 30, tzinfo=at(-7))),
        ("Lun, 06 Set 2021 10:30:00 +0200", datetime(2021, 9, 6, 10, 30, tzinfo=at(2))),
        ("May 3, 2024, 2:24 p.m. EDT", datetime(2024, 5, 3, 14, 24, tzinfo=at(-4))),
        ("Published 12:05 AM, 3rd May 2024", datetime(2024, 5, 3, 0, 5, tzinfo=UNSTATED)),
        ("3. Mai 2024 um 15:46 Uhr", datetime(2024, 5, 3, 15, 46, tzinfo=UNSTATED)),
        ("Stand: 22.04.2024, 06:00 Uhr", datetime(2024, 4, 22, 6, tzinfo=UNSTATED)),
        ("22 de abril de 2024", datetime(2024, 4, 22, tzinfo=UNSTATED)),
        ("4 février 2025", datetime(2025, 2, 4, tzinfo=UNSTATED)),
        ("20 Nisan 2026", datetime(2026, 4, 20, tzinfo=UNSTATED)),
        ("2024年12月3日", datetime(2024, 12, 3, tzinfo=UNSTATED)),
        ("31/12/2023", datetime(2023, 12, 31, tzinfo=UNSTATED)),
        ("12/31/2023", datetime(2023, 12, 31, tzinfo=UNSTATED)),
        ("2024-05-03", datetime(2024, 5, 3, tzinfo=UNSTATED)),
    ],
)
def test_reads(raw: str, expected: datetime) -> None:
    """The moment and the zone; a time whose zone nobody states says so."""
    found = read_moment(raw)

    assert found == expected
    assert found.tzname() == expected.tzname() or expected.tzname() != "unstated"


@pytest.mark.parametrize(
    "raw",
    [
        *("", "today", "yesterday, 10:30", "-1", "0", "12:30", "May 2024", "2024"),
        *(
            "2024-05-03T14:24:00+25:00",
            "2024-13-01",
            "2024-02-30",
            "31.02.2024",
            "04/05/2024",
            "1812-03-04",
            "99999999999999",
        ),
    ],
)
def test_refuses(raw: str) -> None:
    """Impossible, ambiguous, or no date: nothing is guessed."""
    assert read_moment(raw) is None


def test_a_bare_day_states_no_time() -> None:
    """Midnight UTC is a time, a day alone is none."""
    assert [
        states_time(found)
        for raw in ("2024-05-03", "2024-05-03T00:00Z", "2024-05-03 09:00")
        if (found := read_moment(raw))
    ] == [
        False,
        True,
        True,
    ]


@given(st.datetimes(FIRST, LAST), st.integers(-14 * 4, 14 * 4))
def test_iso_comes_back(when: datetime, quarters: int) -> None:
    """What isoformat writes is read as it was."""
    aware = when.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))

    assert read_moment(aware.isoformat()) == aware


@given(st.text(max_size=60))
def test_no_text_breaks_it(raw: str) -> None:
    """A moment with a zone, or None."""
    found = read_moment(raw)

    assert found is None or found.utcoffset() is not None
