"""`presswatch doctor` finds what is wrong on a machine, and says how to mend it."""

from __future__ import annotations

import csv
import io
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis.store.backup import back_up
from tests.command import presswatch
from tests.site import Page, article, rss, site, watchlist


def findings(path: Path, **extra: str) -> dict[str, list[tuple[str, str, str]]]:
    """(state, what, mend) of each check; the exit status goes with them."""
    done = presswatch(path, "doctor", "--format", "csv", **extra)
    assert done.stderr == ""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in list(csv.reader(io.StringIO(done.stdout)))[1:]:
        found.setdefault(row[0], []).append((row[1], row[2], row[3]))
    troubled = any(state in {"warning", "wrong"} for rows in found.values() for state, _, _ in rows)
    assert done.returncode == troubled
    return found


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store after one crawl; its paper is gone."""
    folder = tmp_path_factory.mktemp("crawled")
    with site() as paper:
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix")), kind="application/rss+xml")
        paper.pages["/1"] = Page(body=article("Netflix outage", "Netflix has an outage."))
        path = watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private=f'["127.0.0.1:{paper.port}"]')
        assert presswatch(path, "crawl").returncode == 0
    return folder


@pytest.fixture
def path(crawled: Path, tmp_path: Path) -> Path:
    """The watchlist of a copy of it."""
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)
    return tmp_path / "watchlist.toml"


def test_a_machine_that_is_well(path: Path) -> None:
    """Nothing but the timer is missing."""
    found = findings(path)

    assert {state for name in ("watchlist", "clock", "space", "database", "programs", "sources")
            for state, _, _ in found[name]} == {"ok"}  # fmt: skip
    assert "secrets" not in found
    assert found["backup"] == [("note", "none yet; the first night makes it", "")]
    assert found["night"][-1][2] == "presswatch schedule install"


def test_a_backup_is_read(path: Path) -> None:
    """All of it; a byte that the disk lost is found."""
    backup = back_up(path.with_suffix(".duckdb"), 3, datetime.now(UTC))
    assert findings(path)["backup"] == [("ok", f"{backup}: sound", "")]
    file = backup / "mentions.parquet"
    file.write_bytes(file.read_bytes()[:-9])
    ((state, what, _),) = findings(path)["backup"]
    assert (state, what) == ("wrong", f"{backup}: mentions.parquet")


def test_what_is_wrong_is_named_with_how_to_mend_it(path: Path) -> None:
    """A database that others may read, a secret that is not set, a clock that went back, a source that is gone."""
    path.write_text(path.read_text() + '[[notify]]\nurl = "env:TO_WHOM"\n')
    presswatch(path, "crawl")
    database = path.with_suffix(".duckdb")
    database.chmod(0o644)
    ahead = time.time() + 3 * 86400
    os.utime(path.with_suffix(".snapshot.duckdb"), (ahead, ahead))
    os.utime(database, (ahead, ahead))
    found = findings(path)

    assert [row for row in found["secrets"] if row[2] == f"chmod 600 {database}"]
    assert any("TO_WHOM, which is not set" in what for _, what, _ in found["secrets"])
    assert found["clock"][0][0] == "wrong"
    assert any(what.startswith("paper: broken: refused") for _, what, _ in found["sources"])
    (path.parent / "presswatch.env").write_text("TO_WHOM=json://127.0.0.1/\n")
    assert not any("not set" in what for _, what, _ in findings(path)["secrets"])


def test_before_the_first_crawl_and_with_a_wrong_watchlist(tmp_path: Path) -> None:
    """What cannot be looked at says why and hinders nothing else."""
    path = watchlist(tmp_path, ("paper", "feed", "http://127.0.0.1:9/feed"))
    assert findings(path)["database"][0][0] == "note"
    path.write_text(path.read_text().replace('kind = "feed"', 'kind = "food"'))
    found = findings(path)

    assert found["watchlist"][0][0] == "wrong"
    assert "sources[0].kind" in found["watchlist"][0][1]
    assert found["programs"][0][0] == "ok"
