"""The interval of a net tone: Student's t over stories, wider where sources were missing."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import duckdb
import pytest

from tests.analysis.press import in_memory

# Two-sided 95% points of Student's t by degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2).
STUDENT = {9: 2.262, 10: 2.228, 19: 2.093, 29: 2.045, 99: 1.984}


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


def ends(store: duckdb.DuckDBPyConnection, *arguments: float | None) -> tuple[float, float]:
    (found,) = store.execute("SELECT tone_low($1, $2, $3, $4), tone_high($1, $2, $3, $4)", arguments).fetchall()
    return found


@pytest.mark.parametrize(("freedom", "point"), STUDENT.items())
def test_it_is_students(shared: duckdb.DuckDBPyConnection, freedom: int, point: float) -> None:
    n = freedom + 1
    assert ends(shared, 0.1, 0.3, n, 1.0) == pytest.approx(
        (0.1 - point * 0.3 / sqrt(n), 0.1 + point * 0.3 / sqrt(n)), abs=1e-4
    )


def test_below_ten_stories_there_is_none(shared: duckdb.DuckDBPyConnection) -> None:
    assert ends(shared, 0.1, 0.3, 9, 1.0) == (None, None)
    assert ends(shared, None, None, 0, 1.0) == (None, None)


def test_what_the_missing_might_have_said(shared: duckdb.DuckDBPyConnection) -> None:
    """A quarter of the source-days not reached: whatever stood there, from -1 to 1, the mean lies inside."""
    low, high = ends(shared, 0.2, 0.5, 30, 1.0)

    assert ends(shared, 0.2, 0.5, 30, 0.75) == pytest.approx((0.75 * low - 0.25, 0.75 * high + 0.25))
    assert ends(shared, 0.2, 0.5, 30, 0.0) == (-1, 1)
    assert ends(shared, 0.2, 0.5, 30, None) == (low, high)


def test_it_stays_on_the_scale(shared: duckdb.DuckDBPyConnection) -> None:
    assert ends(shared, 0.95, 0.9, 10, 1.0)[1] == 1
    assert ends(shared, -0.95, 0.9, 10, 1.0)[0] == -1
