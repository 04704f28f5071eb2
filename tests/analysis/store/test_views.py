"""The public views, against sums done by hand on the same made-up coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given

from analysis.store.records import article_record
from tests.analysis.press import article, in_memory, mention, wire
from tests.analysis.worlds import EXAMPLES, NIGHTS, Said, World, figures, told, worlds


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


def naive_coverage(world: World) -> dict[tuple[date, str, str | None], dict[str, Any]]:
    """docs/schema.md, daily_coverage, in Python."""
    cells: dict[tuple[date, str, str | None], list[Said]] = defaultdict(list)
    for said in world.said():
        if said.day:
            for topic in (*said.topics, None):
                cells[said.day, said.brand, topic].append(said)
    rows = {}
    for (day, brand, topic), cell in cells.items():
        rivals = sum(len({s.story for s in other}) for (d, _, t), other in cells.items() if (d, t) == (day, topic))
        rows[day, brand, topic] = figures(cell, rivals)
    return rows


def asked(store: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = store.execute(sql)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


@given(world=worlds())
@EXAMPLES
def test_daily_coverage(
    world: World, shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every cell as counted by hand, and the sums that readers rely on (field.md, 3.8)."""
    store = told(shared, world, tmp_path_factory.mktemp("spool"))
    rows = asked(store, "FROM daily_coverage")
    found = {(row.pop("day"), row.pop("brand_id"), row.pop("topic_id")): row for row in rows}

    assert found == naive_coverage(world)
    assert len(rows) == len(found)
    shares: dict[Any, float] = defaultdict(float)
    for (day, _, topic), row in found.items():
        assert row["positive"] + row["neutral"] + row["negative"] + row["abstained"] == row["mentions"]
        assert 0 < row["stories"] <= row["articles"] <= row["mentions"]
        assert row["net_tone"] is None or -1 <= row["net_tone"] <= 1
        shares[day, topic] += row["share_of_voice"]
    assert all(share == pytest.approx(1) for share in shares.values())


@given(world=worlds())
@EXAMPLES
def test_mentions_stories_and_articles(
    world: World, shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The other views over the same coverage."""
    store = told(shared, world, tmp_path_factory.mktemp("spool"))
    records = [article_record(found) for found in world.articles]
    copies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        copies[record["copy_id"]].append(record)
    firsts = {copy: min(family, key=came_first) for copy, family in copies.items()}

    expected = sorted(
        (record["mention_id"], said.tone, said.label, said.confident, said.corrected,
         article_record(found)["article_id"] != firsts[article_record(found)["copy_id"]]["article_id"])
        for (found, record), said in zip(world.mentions(), world.said(), strict=True)
    )  # fmt: skip
    columns = "mention_id, tone, label, confident, corrected, syndicated"
    assert store.execute(f"SELECT {columns} FROM mentions ORDER BY mention_id").fetchall() == expected

    published = {copy: [r["published_at"] for r in family if r["published_at"]] for copy, family in copies.items()}
    assert sorted(store.execute("SELECT * EXCLUDE (story_id) FROM stories").fetchall(), key=str) == sorted(
        ((firsts[copy]["title"], min(published[copy], default=None), firsts[copy]["outlet"], len(family),
          len({record["outlet"] for record in family})) for copy, family in copies.items()), key=str,
    )  # fmt: skip

    ours: dict[str, list[float]] = defaultdict(list)
    for said in world.said():
        if said.brand == "acme" and said.confident and said.tone is not None:
            ours[said.article].append(said.tone)
    tones = dict(store.execute("SELECT article_id, tone FROM articles").fetchall())
    assert tones == {
        record["article_id"]: pytest.approx(fmean(ours[record["article_id"]])) if ours[record["article_id"]] else None
        for record in records
    }


def came_first(record: dict[str, Any]) -> Any:
    """By publication, by fetching where that is not known."""
    return record["published_at"] or record["fetched_at"], record["article_id"]


def test_a_wire_in_forty_outlets_is_one_vote(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Unique stories +1, articles +40, net tone as if it had run once (field.md, 3.8.5)."""
    good = [article(number, mention(tone=0.6, sentence=f"Good {number}.")) for number in range(3)]
    bad = [article(100 + n, mention(tone=-0.9), title="Wire", body=wire("wire")) for n in range(40)]
    store = told(shared, World("UTC", [*good, *bad]), tmp_path)

    (row,) = asked(store, "FROM daily_coverage")
    assert (row["stories"], row["articles"], row["mentions"]) == (4, 43, 43)
    assert row["net_tone"] == pytest.approx((3 * 0.6 - 0.9) / 4)
    assert store.execute("SELECT count(*) FROM mentions WHERE NOT syndicated").fetchall() == [(4,)]


def test_a_brands_own_voice_counts_apart(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A spokesman's praise of his own company is not the press's: kept, shown, in no tone, until a person says so."""
    praise = mention(tone=0.9, sentence='"Acme is splendid," said Ana Diaz.', own_voice=True)
    world = World("UTC", [article(1, praise, mention(tone=-0.5, sentence="Acme is down."))])
    store = told(shared, world, tmp_path)

    (day,) = asked(store, "FROM daily_coverage")
    assert (day["mentions"], day["positive"], day["negative"], day["abstained"]) == (2, 0, 1, 1)
    assert day["net_tone"] == -0.5
    (own,) = asked(store, "FROM own_voice")
    assert (own["brand_id"], own["speaker"], own["label"], own["tone"]) == ("acme", "Ana Diaz", "pos", 0.9)
    assert store.execute("SELECT label, confident FROM mentions WHERE speaker = 'Ana Diaz'").fetchall() == [
        ("pos", False)
    ]

    store = told(shared, World("UTC", world.articles, [(0, "pos", 1)]), tmp_path)
    (day,) = asked(store, "FROM daily_coverage")
    assert (day["positive"], day["net_tone"]) == (1, 0.25)


def test_two_brands_in_one_sentence(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Independent tone in both brands' rows; the story counts for both (field.md, 3.8.3)."""
    sentence = "Acme wins where Bolt fails."
    both = article(1, mention(tone=0.8, sentence=sentence), mention("bolt", -0.8, sentence=sentence))
    store = told(shared, World("UTC", [both]), tmp_path)

    rows = asked(store, "SELECT brand_id, stories, net_tone, share_of_voice FROM daily_coverage ORDER BY brand_id")
    assert rows == [
        {"brand_id": "acme", "stories": 1, "net_tone": 0.8, "share_of_voice": 0.5},
        {"brand_id": "bolt", "stories": 1, "net_tone": -0.8, "share_of_voice": 0.5},
    ]
    assert asked(store, "SELECT count(*) AS n FROM stories") == [{"n": 1}]


def test_the_newest_correction_counts_and_the_old_ones_stay(shared: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Label, tone and confidence change; who changed what, when and why is kept (field.md, 3.8.6)."""
    unsure = article(1, mention(tone=0.4, confident=False))
    store = told(shared, World("UTC", [unsure], [(0, "neg", 2), (0, "pos", 1), (0, "mixed", 3)]), tmp_path)

    (row,) = asked(store, "SELECT tone, label, confident, corrected, vader FROM mentions")
    assert row == {"tone": 0.0, "label": "mixed", "confident": True, "corrected": True, "vader": 0.4}
    (day,) = asked(store, "FROM daily_coverage")
    assert (day["positive"], day["neutral"], day["negative"], day["abstained"], day["net_tone"]) == (0, 0, 0, 1, 0.0)
    history = store.execute('SELECT old_label, new_label, who, why FROM corrections ORDER BY "at"').fetchall()
    assert history == [("pos", label, "Ana", "read it") for label in ("pos", "neg", "mixed")]


@pytest.mark.parametrize("zone", sorted(NIGHTS))
def test_every_instant_is_in_exactly_one_night(shared: duckdb.DuckDBPyConnection, tmp_path: Path, zone: str) -> None:
    """An article at 23:58 lands in the right night on both sides of a change of clocks (faults.md, B8)."""
    here = ZoneInfo(zone)
    instants = [
        datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=here) + timedelta(days=around)
        for day in NIGHTS[zone] for around in (-1, 0, 1) for hour, minute in ((0, 0), (0, 2), (1, 30), (23, 58))
        for fold in (0, 1)
    ]  # fmt: skip
    articles = [article(number, published=instant.astimezone(UTC)) for number, instant in enumerate(instants)]
    store = told(shared, World(zone, articles), tmp_path)

    counted = dict(store.execute("SELECT day, articles FROM daily_coverage").fetchall())
    days = [found.published.astimezone(here).date() for found in articles if found.published]
    assert counted == {day: days.count(day) for day in days}
