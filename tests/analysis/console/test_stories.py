"""`presswatch stories`: events, who carried them, who changed the headline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.items import Article
from tests.analysis.console.conftest import Run
from tests.analysis.press import DOCUMENT, NOON, article, mention, night, page
from tests.analysis.stories.wires import LOCAL, OTHER, WIRE, text


def printed(number: int, body: str, hours: float, title: str, tone: float, source: str = "gazette") -> Article:
    headline = mention(tone=tone, sentence=title, placement="headline")
    found = article(number, headline, mention(tone=0.2, sentence=WIRE[0]), title=title, body=body, source=source,
                    published=NOON + timedelta(hours=hours), topics=("outage",))  # fmt: skip
    return replace(found, fetched_at=found.published or NOON)


@pytest.fixture
def press(here: Path) -> Path:
    """A wire, two carriers, and another story."""
    database = here / "press.duckdb"
    (here / "watchlist.toml").write_text(DOCUMENT.format(zone="UTC", database=database))
    night(
        database,
        page(printed(1, "DUNMERE (AP) - " + text(*WIRE), 0, "Acme fails its customers for days", -0.8)),
        page(printed(2, text(*LOCAL, *WIRE), 2, "Acme apologizes to customers", 0.1, "herald")),
        page(printed(3, text(*WIRE[:8]), 6, "Acme fails its customers for days", -0.8, "ledger")),
        page(printed(4, text(*OTHER), 3, "Acme opens a warehouse", 0.4, "mercury")),
    )
    return database


def test_stories(run: Run, press: Path) -> None:
    rows = run("stories", "--format", "jsonl").rows

    assert [(r["title"], r["articles"], r["originals"], r["carriers"], r["headlines"]) for r in rows] == [
        ("Acme fails its customers for days", 3, 1, 2, 2), ("Acme opens a warehouse", 1, 1, 0, 1)]  # fmt: skip
    assert (rows[0]["first_outlet"], rows[0]["hours_half"], rows[0]["hours"]) == ("Gazette", 2.0, 6.0)
    assert rows[0]["tone"] == pytest.approx(-0.3)
    assert [r["title"] for r in run("stories", "--outlet", "Mercury", "--format", "jsonl").rows] == [rows[1]["title"]]
    assert run("stories", "--topic", "launch").err == "nothing found\n"
    assert "story_articles" in run("stories", "--sql").out


def test_one_story(run: Run, press: Path) -> None:
    """Who toned it down."""
    story = run("stories", "--format", "jsonl", "--limit", 1).rows[0]["story"]
    rows = run("stories", "--story", story, "--format", "jsonl").rows

    assert [(r["outlet"], r["role"], r["hours"], r["new_headline"]) for r in rows] == [
        ("Gazette", "original", 0.0, False), ("Herald", "carrier", 2.0, True),
        ("Ledger", "carrier", 6.0, False)]  # fmt: skip
    assert [r["toned"] for r in rows] == [None, pytest.approx(0.9), 0.0]
    assert [round(r["kept"], 1) for r in rows] == [1.0, 1.0, 0.7]
    assert [round(r["added"], 1) for r in rows] == [0.0, 0.1, 0.0]
    assert [r["agency"] for r in rows] == ["ap", None, None]
    assert {r["original"] for r in rows} == {"Gazette"}
    assert "carrier" in run("stories", "--story", story).out


def test_an_unknown_story(run: Run, press: Path) -> None:
    assert run("stories", "--story", "nonsense").err == "nothing found\n"
