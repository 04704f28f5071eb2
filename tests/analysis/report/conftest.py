"""Reports of small stores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.report import write_report
from analysis.watchlist import Watchlist
from tests.analysis.press import NOON, OUTLETS, funnel, night, watchlist

SINCE, UNTIL = date(2026, 3, 1), date(2026, 3, 10)  # NOON is on the last day
Made = dict[str, str]
BOTH = ("html", "md")
Make = Callable[..., Made]


def answers(*, without: str = "", reason: str = "dns", days: int = 12) -> list[dict[str, Any]]:
    """All sources answer at NOON and reach back over the window, but for one."""
    reach = NOON - timedelta(days=days)
    return [
        funnel(name, NOON, answered=name != without, reason=reason if name == without else None, reach_from=reach,
               discovered=0 if name == without else 5)
        for name in OUTLETS
    ]  # fmt: skip


def maker(folder: Path) -> Make:
    """Keeps records in a store and gives its report: text by format. HTML only where asked for: charts take a while."""

    def make(*records: dict[str, Any], chosen: Watchlist | None = None, zone: str = "UTC", since: date = SINCE,
             until: date = UNTIL, formats: tuple[str, ...] = ("md",)) -> Made:  # fmt: skip
        database = folder / "press.duckdb"
        if records:
            night(database, *records, zone=zone)
        out, asked = folder / "out", chosen or watchlist(zone)
        paths = write_report(database, asked, out, since=since, until=until, formats=formats)
        return {path.suffix[1:]: path.read_text("utf8") for path in paths}

    return make


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """`maker` for the folder of the test."""
    return maker(tmp_path)
