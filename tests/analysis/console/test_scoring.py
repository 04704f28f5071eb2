"""`score --check-corrections` and `suggest`: what people said, against the scorer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analysis.console.conftest import Run
from tests.analysis.press import DOCUMENT, article, mention, night, page

SENTENCES = ("Acme flummoxed its members.", "Acme guests are flummoxed.", "Acme is down.", "Acme opened a shop.")


@pytest.fixture
def corrected(here: Path, run: Run) -> dict[str, str]:
    """A store with four sentences, a copy of the first; the mention's id for each sentence."""
    (here / "watchlist.toml").write_text(DOCUMENT.format(zone="UTC", database="press.duckdb"))
    found = [article(n, mention(sentence=s, tone=0.0)) for n, s in enumerate(SENTENCES)]
    night(here / "press.duckdb", *map(page, found))
    return {row["sentence"]: row["mention"] for row in run("mentions", "--format", "jsonl").rows}


def correct(run: Run, mention_id: str, tone: str) -> None:
    assert run("correct", mention_id, "--tone", tone, "--why", "read it", "--by", "Ana").status == 0


def test_check_corrections(run: Run, corrected: dict[str, str]) -> None:
    """Each corrected sentence once, under its newest correction, with what was stored and what is said now."""
    for tone in ("pos", "neg"):
        correct(run, corrected["Acme is down."], tone)
    correct(run, corrected["Acme opened a shop."], "pos")

    said = run("score", "--check-corrections", "--scorer", "vader")
    assert said.status == 0
    assert [(row["sentence"], row["wanted"], row["stored"], row["label"], row["verdict"]) for row in said.rows] == [
        ("Acme is down.", "neg", "neu", "neg", "right"),
        ("Acme opened a shop.", "pos", "neu", "neu", "wrong"),
    ]
    assert "2 corrected sentences" in said.err
    assert "1 as corrected, 0 of the opposite sign; 0 were right" in said.err


def test_what_got_worse_is_told_by_the_status(run: Run, corrected: dict[str, str]) -> None:
    """A person confirmed what the stored score says, and today's scorer says otherwise."""
    correct(run, corrected["Acme is down."], "neu")
    said = run("score", "--check-corrections", "--scorer", "vader")
    assert (said.status, said.rows[0]["verdict"]) == (1, "wrong")


def test_mixed_is_right_where_no_side_is_taken(run: Run, corrected: dict[str, str]) -> None:
    for sentence in ("Acme is down.", "Acme opened a shop."):
        correct(run, corrected[sentence], "mixed")
    said = run("score", "--check-corrections", "--scorer", "vader")
    assert [row["verdict"] for row in said.rows] == ["wrong", "right"]


def test_no_corrections(run: Run, corrected: dict[str, str]) -> None:
    assert corrected
    said = run("score", "--check-corrections", "--scorer", "vader")
    assert (said.status, said.out) == (0, "")
    assert run("suggest").out == ""


def test_suggest_accept_rescore(here: Path, run: Run, corrected: dict[str, str]) -> None:
    """From two corrections to a word with its effect; accepted, it scores the store, and is not suggested again."""
    for sentence in SENTENCES[:2]:
        correct(run, corrected[sentence], "neg")
    night(here / "press.duckdb", page(article(9, mention(sentence="Acme left a guest flummoxed.", tone=0.0))))

    (row,) = run("suggest", "--format", "jsonl").rows
    assert (row["phrase"], row["fixes"], row["breaks"], row["brand"]) == ("flummoxed", 2, 0, "acme")
    assert row["mentions"] == 1  # the two that people corrected stay as they said
    assert row["valence"] < 0
    assert row["after"] <= row["before"]

    with (here / "watchlist.toml").open("a") as file:
        file.write('[tone.words]\n"flummoxed" = -1\n')
    assert run("rescore", "--scorer", "vader").status == 0
    tones = {r["sentence"]: r["label"] for r in run("mentions", "--format", "jsonl").rows}
    assert tones["Acme left a guest flummoxed."] == "neg"
    assert run("suggest").out == ""


@pytest.mark.parametrize("line", ['"flummoxed" = -9', '"" = 1', '"two  spaces" = 1', '"x" = "bad"'])
def test_a_wrong_word_is_named(here: Path, run: Run, line: str) -> None:
    (here / "watchlist.toml").write_text(DOCUMENT.format(zone="UTC", database="p.duckdb") + f"[tone.words]\n{line}\n")
    said = run("check")
    assert said.status == 2
    assert "tone.words" in said.complaint
