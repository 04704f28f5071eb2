"""Nothing is fetched at run time but what the watchlist names: commands in a network of their own, without a way out
(faults.md, U1)."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.command import TIMEOUT, environment, line, presswatch
from tests.site import Page, article, rss, site, watchlist

pytestmark = pytest.mark.timeout(600)
ALONE = ["unshare", "--net", "--"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The watchlist of a store with one article, whose paper is gone."""
    try:
        alone = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no `unshare` to take the network away with")
    if alone.returncode:
        pytest.skip(f"the network cannot be taken away here (root only): {alone.stderr.strip()}")
    folder = tmp_path_factory.mktemp("alone")
    recently = format_datetime(datetime.now(UTC) - timedelta(days=2))
    with site("127.8.0.6") as paper:
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix outage"), dates=(recently,)), kind="application/rss+xml")
        paper.pages["/1"] = Page(body=article("Netflix outage", "Netflix has an outage, and it is a disaster."))
        path = watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private='["127.8.0.0/16"]')
        assert presswatch(path, "crawl").returncode == 0
    return path


def alone(path: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """`presswatch ARGUMENTS` where not even loopback answers."""
    return subprocess.run(
        [*ALONE, *line(path, *arguments)], cwd=path.parent, env=environment(path.parent), input=text,
        capture_output=True, text=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip


SLOWER = (
    ("trends",), ("mentions", "--format", "csv"), ("export", "--format", "parquet,csv,xlsx", "--out", "out"),
    ("report", "--format", "html,pdf,xlsx,pptx,md", "--out", "out"),
)  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [("sql", "SELECT title FROM articles"), *(pytest.param(command, marks=pytest.mark.slow) for command in SLOWER)],
    ids=lambda command: command[0],
)
def test_questions_need_no_network(path: Path, command: tuple[str, ...]) -> None:
    """No extension of DuckDB, no font, no model is fetched: the answers are those that one gets with a network."""
    with_it, without = presswatch(path, *command), alone(path, *command)

    assert (without.returncode, without.stdout, without.stderr) == (0, with_it.stdout, with_it.stderr)


def test_the_model_lies_beside_the_program(path: Path) -> None:
    """A sentence is scored."""
    asked = {"id": 1, "sentence": "Netflix is down, and it is a disaster.", "target": "Netflix"}
    done = alone(path, "score", text=json.dumps(asked))

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["label"] == "neg"


def test_a_night_without_a_network(path: Path) -> None:
    """It says that no source answered, and why; what is stored stays."""
    before = presswatch(path, "mentions", "--format", "csv").stdout
    night = alone(path, "crawl")

    assert night.returncode == 3
    assert night.stderr.splitlines()[-1] == "presswatch: no source answered"
    assert "Traceback" not in night.stderr
    assert presswatch(path, "mentions", "--format", "csv").stdout == before
