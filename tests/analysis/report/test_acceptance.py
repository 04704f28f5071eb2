"""The acceptance checks of a report (field.md, 3.8), by number; 12, one alert an episode, is tests/analysis/trends'."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from analysis.report import html, read_report
from analysis.report.model import Report
from analysis.store.corrections import correct
from analysis.store.database import reading, writing
from tests.analysis.press import NOON, article, mention, night, page, watchlist, wire
from tests.analysis.report.conftest import SINCE, UNTIL, answers

DAY = timedelta(days=1)
EIGHT = ("gazette", "herald", "ledger", "mercury", "observer", "sentinel")
CURRENCY = re.compile(r"\bave\b|advertis\w* value|currency|\bUSD\b|\bEUR\b|dollar|[$€£]\s?\d", re.I)


def report(folder: Path, *records: dict[str, Any], zone: str = "UTC") -> Report:
    """Of a store to which `records` are added."""
    if records:
        night(folder / "press.duckdb", *records, zone=zone)
    return read_report(folder / "press.duckdb", watchlist(zone), since=SINCE, until=UNTIL)


def stories(count: int = 12, tone: float = -0.5) -> list[dict[str, Any]]:
    """So many stories on Acme over nine days, a third of them on Bolt too."""
    return [
        page(
            article(
                n, mention(tone=tone), *([mention("bolt", 0.6, sentence="Bolt won.")] if n % 3 == 0 else []),
                published=NOON - n % 9 * DAY, source="gazette" if n % 2 else "herald",
            )
        )
        for n in range(count)
    ]  # fmt: skip


def tile(made: Report, label: str) -> str:
    """Value of a tile."""
    return next(one.value for one in made.tiles if one.label == label)


def test_1_every_figure_is_its_rows_again(tmp_path: Path) -> None:
    """The query of a proof, typed by hand, gives as many rows as the figure says; twice the same."""
    made = report(tmp_path, *stories(), *answers())
    with reading(tmp_path / "press.duckdb") as connection:
        for proof in made.proofs.values():
            assert len(connection.execute(proof.sql).fetchall()) == proof.total
            assert connection.execute(proof.sql).fetchall() == connection.execute(proof.sql).fetchall()
    assert tile(made, "Unique stories") == str(made.proofs["stories"].total) == "12"
    assert {one.proof for one in made.tiles} <= set(made.proofs)
    assert report(tmp_path).tiles == made.tiles


def test_1_every_number_of_every_table_leads_to_rows(tmp_path: Path) -> None:
    """On the page; to a query that gives them again, as many as it says."""
    made = report(tmp_path, *stories(), *answers())
    found = BeautifulSoup(html.render(made), "lxml")
    ids = {element["id"] for element in found.select("[id]")}
    cells = [cell for cell in found.select("td.n") if re.search(r"\d", cell.get_text())]
    links = [link["href"][1:] for link in found.select("a[href^='#']")]

    assert len(cells) > 50
    assert [cell for cell in cells if not cell.select("a[href^='#']")] == []
    assert set(links) <= ids
    with reading(tmp_path / "press.duckdb") as connection:
        for answer in made.answers.values():
            assert len(connection.execute(answer.sql).fetchall()) == answer.total, answer.title


def test_2_parts_add_up(tmp_path: Path) -> None:
    """Stories never exceed articles; shares are 100%; classes are all stories."""
    copies = [page(article(100, title="Wire", body=wire("w"), source=source)) for source in EIGHT]
    made = report(tmp_path, *stories(), *copies, *answers())

    assert all(brand.stories <= brand.articles for brand in made.brands)
    assert sum(brand.share for brand in made.brands) == pytest.approx(1, abs=0.001)
    assert sum(brand.share_of_articles for brand in made.brands) == pytest.approx(1, abs=0.001)
    assert all(sum(one.classes.values()) == one.stories for one in (*made.days, *made.tiers))
    assert sum(day.stories for day in made.days) == made.brands[0].stories


def test_3_two_brands_in_one_story_have_tones_of_their_own(tmp_path: Path) -> None:
    both = article(1, mention(tone=-0.9, sentence="Acme failed."), mention("bolt", 0.9, sentence="Bolt won."))
    made = report(tmp_path, page(both), *answers())
    acme, bolt, *_ = made.brands

    assert (acme.stories, bolt.stories, bolt.beside_us) == (1, 1, 1)
    assert (acme.tone, bolt.tone) == (pytest.approx(-0.9), pytest.approx(0.9))
    assert made.confidence.articles == 1


def test_4_a_silent_source_is_no_fall(tmp_path: Path) -> None:
    """Amber, hatched, no word of a fall, no comparison with what was not collected."""
    made = report(tmp_path, *stories(), *answers(without="sentinel"))

    assert made.confidence.light == "amber"
    assert not all(day.collected for day in made.days)
    assert "url(#volume1000-gap)" in html.render(made)
    assert not re.search(r"\b(fell|over|easing|down|lower|fewer)\b", made.bottom_line.replace("no fall", ""))
    assert "not fully collected" in made.tiles[0].day


def test_5_one_wire_in_many_outlets(tmp_path: Path) -> None:
    """One story more, and as many articles as outlets; tone as it was."""
    wired = [article(100, mention(tone=-0.5), title="Wire", body=wire("w"), source=source) for source in EIGHT]
    before = report(tmp_path, *stories(), *answers())
    after = report(tmp_path, *map(page, wired), *answers())

    assert after.brands[0].stories == before.brands[0].stories + 1
    assert after.brands[0].articles == before.brands[0].articles + len(EIGHT)
    assert after.brands[0].tone == pytest.approx(before.brands[0].tone, abs=0.01)


def test_6_a_correction_moves_every_figure_and_keeps_its_history(tmp_path: Path) -> None:
    before = report(tmp_path, *stories(), *answers())
    with writing(tmp_path / "press.duckdb") as connection:
        (mention_id,) = connection.execute("SELECT min(mention_id) FROM mentions WHERE brand_id = 'acme'").fetchall()[0]
    correct(tmp_path / "press.duckdb", mention_id, "pos", why="irony", who="Ana")
    made = read_report(tmp_path / "press.duckdb", watchlist(), since=SINCE, until=datetime.now(UTC).date())
    (correction,) = made.corrections

    assert (correction.old_label, correction.new_label, correction.who, correction.why) == (
        "neg",
        "pos",
        "Ana",
        "irony",
    )
    assert tile(made, "Net tone") != tile(before, "Net tone")
    assert sum(day.classes["pos"] for day in made.days) == 1
    assert sum(clip["corrected"] for clip in made.clips.dicts()) == 1


def test_7_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    made = report(tmp_path, *answers())

    assert made.bottom_line.startswith("No significant coverage of Acme")
    assert (made.confidence.answered, made.confidence.expected) == (6, 6)


def test_8_days_are_local_and_the_future_does_not_count(tmp_path: Path) -> None:
    """23:58 on the evening before clocks change is that day's; a date after the window is in no figure."""
    late = datetime(2026, 3, 8, 7, 58, tzinfo=UTC)  # 23:58 of the 7th in Los Angeles; clocks change that night
    pages = [page(article(1, published=late)), page(article(2, published=NOON + 90 * DAY))]
    made = report(tmp_path, *pages, *answers(), zone="America/Los_Angeles")

    assert [day.day.day for day in made.days if day.stories] == [7]
    assert made.brands[0].stories == 1


def test_9_teasers_and_live_blogs_are_counted_apart(tmp_path: Path) -> None:
    post = article(1, url="https://gazette.example/live#1")
    made = report(tmp_path, page(post), page(article(3, complete=False)), *answers())
    clips = made.clips.dicts()

    assert (made.confidence.live, made.confidence.incomplete) == (1, 1)
    assert sorted((clip["live"], clip["complete"]) for clip in clips) == [(False, False), (True, True)]
    assert "live blog" in html.render(made)
    assert "teaser" in html.render(made)


def test_10_no_value_in_money(tmp_path: Path) -> None:
    """AVE cannot be switched on: no field, no column, no template knows a currency."""
    with writing(tmp_path / "press.duckdb") as connection:
        columns = connection.execute("SELECT DISTINCT column_name FROM duckdb_columns()").fetchall()
    templates = [path.read_text("utf8") for path in files("analysis.report").joinpath("templates").iterdir()]  # type: ignore[attr-defined]

    assert [name for (name,) in columns if CURRENCY.fullmatch(name)] == []
    assert [CURRENCY.findall(text) for text in templates if CURRENCY.search(text)] == []


def test_11_charts_say_in_words_what_they_show(tmp_path: Path) -> None:
    """An alternative text each; signs and hatching beside the colours. The mail and the PDF: test_formats.py."""
    page_text = html.render(report(tmp_path, *stories(), *answers()))
    labels = re.findall(r'<svg[^>]*aria-label="([^"]+)"', page_text)

    assert len(labels) == page_text.count("<svg")
    assert any(label.startswith("Tone toward Acme by tier of outlet: Tier 1 -0.50") for label in labels)
    assert {"▲", "▼"} <= set(page_text)
