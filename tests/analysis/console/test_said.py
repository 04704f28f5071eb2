"""Commands on what gets across: messages and quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.matching import Matcher
from analysis.watchlist import loads
from tests.analysis.console.conftest import Run
from tests.analysis.press import DOCUMENT, NOON, article, night, page

SAID = """
[[messages]]
id = "sorry"
brand = "acme"
phrases = ["sorry"]
[[messages]]
id = "paid"
brand = "acme"
phrases = ["refund*"]
[[events]]
id = "outage"
brand = "acme"
start = 2026-03-10T10:00:00Z
end = 2026-03-11T00:00:00Z
"""


@pytest.fixture
def said_press(here: Path) -> Path:
    """Two stories on Acme, one of which says sorry, in a folder with the watchlist."""
    document = DOCUMENT.format(zone="UTC", database="press.duckdb") + SAID
    (here / "watchlist.toml").write_text(document)
    matcher = Matcher(loads(document))
    found = [
        article(1, body="Acme fell silent.", published=NOON),
        article(2, source="herald", body="Acme said that it was sorry.", published=NOON + timedelta(hours=2)),
    ]
    night(here / "press.duckdb", *(page(matcher.match(replace(one, language="en"))) for one in found))
    return here / "press.duckdb"


def test_messages(said_press: Path, run: Run) -> None:
    rows = run("messages", "--format", "jsonl").rows

    assert [(row["message"], row["stories"], row["carried"], row["pull_through"]) for row in rows] == [
        ("sorry", 2, 1, 0.5),
        ("paid", 2, 0, 0.0),
    ]
    assert {row["tier"] for row in run("messages", "--by", "tier", "--format", "jsonl").rows} == {1, 2}


def test_the_response_and_who_is_missing(said_press: Path, run: Run) -> None:
    """From the event's start: four hours to the first article that has it."""
    rows = run("messages", "--event", "outage", "--response", "--format", "jsonl").rows

    assert [(row["message"], row["share"], row["hours_to_first"], row["missing"]) for row in rows] == [
        ("paid", 0.0, None, ["Gazette", "Herald"]),
        ("sorry", 0.5, 4.0, ["Gazette"]),
        ("any", 0.5, 4.0, ["Gazette"]),
    ]
    missing = run("messages", "--missing", "--format", "jsonl").rows
    assert [(row["message"], row["outlet"]) for row in missing] == [
        ("paid", "Gazette"),
        ("paid", "Herald"),
        ("sorry", "Gazette"),
    ]


def test_quotes(said_press: Path, run: Run) -> None:
    assert [(row["speaker"], row["share"]) for row in run("quotes", "--format", "jsonl").rows] == [("Acme", 0.5)]
    sentences = run("quotes", "--speaker", "acme", "--format", "jsonl").rows
    assert [row["sentence"] for row in sentences] == ["Acme said that it was sorry."]


def test_the_evidence(said_press: Path, run: Run) -> None:
    (row,) = run("messages", "--sentences", "--format", "jsonl").rows

    assert (row["sentence"], row["own_words"], row["url"]) == (
        "Acme said that it was sorry.",
        True,
        "https://herald.example/2",
    )


def test_other_phrases_are_told_and_read(said_press: Path, run: Run) -> None:
    """What was read with another watchlist is said on stderr until `rescore` has read it again."""
    watchlist = Path("watchlist.toml")
    watchlist.write_text(watchlist.read_text().replace('"sorry"]', '"silent"]'))
    assert "2 articles were read with another watchlist; `presswatch rescore` reads again" in run("messages").err
    assert run("rescore").status == 0

    again = run("messages", "--sentences", "--format", "jsonl")
    assert again.err == ""
    assert [row["url"] for row in again.rows] == ["https://gazette.example/1"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--event", "flood"), "--event flood: not in watchlist.toml; there are outage"),
        (("--brand", "bolt"), "no message of bolt in watchlist.toml; there are sorry, paid"),
        (("--sort", "nonsense"), "--sort nonsense: no such column"),
    ],
)
def test_a_users_mistake_is_one_line(said_press: Path, run: Run, arguments: tuple[str, ...], complaint: str) -> None:
    said = run("messages", *arguments)

    assert said.status == 2
    assert complaint in said.complaint


def test_a_watchlist_without_messages(press: Path, run: Run) -> None:
    assert "watchlist.toml has no [[messages]]" in run("messages").complaint
