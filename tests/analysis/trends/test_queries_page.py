"""docs/queries.md and docs/coverage.ipynb: every query runs, on a store in which each has something to say."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from analysis.store.corrections import correct
from analysis.store.database import beside, reading
from tests.analysis.press import NOON, article, funnel, mention, night, page, wire

DOCS = Path(__file__).resolve().parents[3] / "docs"
QUERIES = dict(re.findall(r"^## (.+?)\n.*?```sql\n(.*?)```", (DOCS / "queries.md").read_text("utf-8"), re.M | re.S))


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of one outage: copies, a rival in one sentence, a spokesman, a changed headline, a silent source."""
    database = tmp_path_factory.mktemp("queries") / "press.duckdb"
    both = "Acme fails where Bolt wins."
    found = [
        replace(
            article(
                n, mention(tone=-0.5, sentence=f"Acme is down, day {n}.", placement="headline"),
                mention(tone=0.9, sentence=f'"We are sorry," said Acme on day {n}.', own_voice=True),
                mention(tone=-0.8, sentence=both), mention("bolt", 0.8, sentence=both),
                published=NOON - timedelta(days=n % 7), topics=("outage",), body=wire("x") if n < 3 else "",
                source=("gazette", "herald")[n // 12],
            ),
            authors=("Ana Diaz",),
        )
        for n in range(14)
    ]  # fmt: skip
    night(database, *map(page, found), funnel("gazette"), funnel("herald", NOON - timedelta(days=1)))
    night(database, page(replace(found[5], title="Acme was down")), funnel("herald", answered=False, reason="dns"))
    with reading(database) as connection:
        (mention_id,) = connection.execute("SELECT min(mention_id) FROM mentions").fetchall()[0]
    correct(database, mention_id, "neu", why="irony", who="Ana")
    return database


def test_there_are_twenty() -> None:
    assert len(QUERIES) == 20


@pytest.mark.parametrize("name", QUERIES)
def test_each_query_answers(press: Path, name: str) -> None:
    """With rows, so that none is true of an empty store only."""
    with reading(press) as connection:
        assert connection.execute(QUERIES[name]).fetchall() != []


def test_the_notebook_runs_with_duckdb_alone(press: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Jupyter would run it: cell by cell, the last expression of each shown."""
    monkeypatch.setenv("PRESSWATCH_SNAPSHOT", str(beside(press, ".snapshot.duckdb")))
    cells = json.loads((DOCS / "coverage.ipynb").read_text("utf-8"))["cells"]
    variables: dict[str, object] = {}
    shown = 0
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "coverage.ipynb", "exec"), variables)  # noqa: S102 (our own notebook)
        if isinstance(last, ast.Expr):
            found = eval(compile(ast.Expression(last.value), "coverage.ipynb", "eval"), variables)  # noqa: S307 (as above)
            assert isinstance(found, duckdb.DuckDBPyRelation)
            assert found.fetchall() != []
            shown += 1

    assert shown == 4
