"""Shares, outlets, journalists and rivals, against the same sums done by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from statistics import fmean
from typing import Any

import duckdb
import pytest
from hypothesis import given

from analysis.trends import Filters, outlets, rivals, share
from tests.analysis.press import in_memory
from tests.analysis.trends.test_coverage import FILTERS, wanted, wanted_undated
from tests.analysis.worlds import EXAMPLES, Said, World, figures, told, worlds


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with in_memory() as connection:
        yield connection


def asked(world: World, filters: Filters) -> list[Said]:
    """What the filters let through, brands aside; without days also what has no date."""
    dated = filters.since or filters.until
    return [s for s in world.said() if (wanted(s, filters) if s.when or dated else wanted_undated(s, filters))]


def grouped(said: list[Said], *names: str) -> dict[Any, list[Said]]:
    cells: dict[Any, list[Said]] = defaultdict(list)
    for one in said:
        cells[tuple(getattr(one, name) for name in names)].append(one)
    return cells


def prominence(of_article: list[Said]) -> int:
    """docs/metrics.md: headline 3, lead 2, body 1, one sentence of the body 0."""
    places = {said.placement for said in of_article}
    return 3 if "headline" in places else 2 if "lead" in places else int(len(of_article) > 1)


def told_of(cell: list[Said]) -> dict[str, Any]:
    """Figures of one brand, by hand."""
    articles = grouped(cell, "article")
    stories: dict[str, list[list[Said]]] = defaultdict(list)
    for found in articles.values():
        stories[found[0].story].append(found)
    most = [max(map(prominence, copies)) for copies in stories.values()]
    weights = [max((4 - c[0].tier) * prominence(c) for c in copies) for copies in stories.values()]
    plain = {k: v for k, v in figures(cell, 1).items() if k not in {"share_of_voice", "collected"}}
    tiers = [found[0].tier for found in articles.values()]
    return plain | {
        "weight": sum(weights), "prominence": pytest.approx(fmean(most)),
        "own_voice": sum(said.own_voice for said in cell), "copies": sum(found[0].copy for found in articles.values()),
        **{f"tier_{n}": tiers.count(n) for n in (1, 2, 3)},
    }  # fmt: skip


@given(world=worlds(), filters=FILTERS)
@EXAMPLES
def test_share(
    world: World, filters: Filters, shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Three shares that each add up to one; every other figure of each brand."""
    store = told(shared, world, tmp_path_factory.mktemp("spool"))
    rows = {row["brand"]: row for row in share(filters, world.zone).ask(store).dicts()}
    hand = {brand: told_of(cell) for (brand,), cell in grouped(asked(world, filters), "brand").items()}
    totals = {name: sum(found[name] for found in hand.values()) for name in ("articles", "stories", "weight")}

    assert set(rows) == {brand for brand in hand if filters.brand in (None, brand)}
    for brand, row in rows.items():
        found = hand[brand]
        assert {name: row[name] for name in found if name not in {"weight", "copies"}} == {
            name: value for name, value in found.items() if name not in {"weight", "copies"}
        }
        assert row["pick_ups"] == found["articles"] - found["stories"]
        assert row["share_of_articles"] == pytest.approx(found["articles"] / totals["articles"])
        assert row["share_of_voice"] == pytest.approx(found["stories"] / totals["stories"])
        weighted = found["weight"] / totals["weight"] if totals["weight"] else None
        assert row["share_weighted"] == (weighted if weighted is None else pytest.approx(weighted))


@given(world=worlds(), filters=FILTERS)
@EXAMPLES
def test_outlets(
    world: World, filters: Filters, shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One row an outlet and brand; the copies that it ran."""
    store = told(shared, world, tmp_path_factory.mktemp("spool"))
    rows = {(row["outlet"], row["brand"]): row for row in outlets(filters, world.zone).ask(store).dicts()}
    cells = grouped(asked(world, filters), "outlet", "brand")

    assert set(rows) == {key for key in cells if filters.brand in (None, key[1])}
    for key, row in rows.items():
        found = told_of(cells[key])
        same = ("articles", "stories", "mentions", "net_tone", "prominence")
        assert {name: row[name] for name in same} == {name: found[name] for name in same}
        assert row["pick_ups"] == found["copies"]
        assert row["tier"] == cells[key][0].tier


@given(world=worlds(), filters=FILTERS)
@EXAMPLES
def test_rivals(
    world: World, filters: Filters, shared: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Stories that name both, and the tone toward each, which may differ within one sentence."""
    store = told(shared, world, tmp_path_factory.mktemp("spool"))
    rows = {row["rival"]: row for row in rivals("acme", filters, world.zone).ask(store).dicts()}
    cells = grouped(asked(world, filters), "brand")
    ours = {said.story for said in cells.get(("acme",), [])}
    for (brand,), cell in cells.items():
        both = {said.story for said in cell} & ours
        if brand == "acme" or not both:
            assert brand not in rows
            continue
        row = rows.pop(brand)
        assert (row["stories"], row["share_of_ours"]) == (len(both), pytest.approx(len(both) / len(ours)))
        for name, of in (("our_tone", cells["acme",]), ("rival_tone", cell)):
            assert row[name] == figures([said for said in of if said.story in both], 1)["net_tone"]

    assert rows == {}
