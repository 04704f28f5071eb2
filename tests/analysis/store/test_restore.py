"""A database that was damaged on the disk: noticed, kept aside, put back from the snapshot, and the loss said."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from analysis.errors import StoreError, UserError
from analysis.store.restore import damage, restore
from tests.command import presswatch, rows
from tests.site import Page, Site, article, rss, site, watchlist


@pytest.fixture(scope="module")
def paper() -> Iterator[Site]:
    with site() as paper:
        paper.pages |= {f"/{n}": Page(body=article(f"Netflix outage {n}", f"Netflix has outage {n}.")) for n in (1, 2)}
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix")), kind="application/rss+xml")
        yield paper


@pytest.fixture(scope="module")
def crawled(paper: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store that has had one crawl."""
    folder = tmp_path_factory.mktemp("crawled")
    path = watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private=f'["127.0.0.1:{paper.port}"]')
    assert presswatch(path, "crawl").returncode == 0
    return folder


@pytest.fixture
def path(crawled: Path, tmp_path: Path) -> Path:
    """The watchlist of a copy of it."""
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)  # with the times of its files: they tell a snapshot's state
    return tmp_path / "watchlist.toml"


def database(path: Path) -> Path:
    """Beside the watchlist."""
    return path.with_suffix(".duckdb")


def overwrite(path: Path, start: int, length: int) -> None:
    """Other bytes in the place of what was written, as a dying disk leaves them."""
    data = bytearray(path.read_bytes())
    data[start : start + length] = bytes(byte ^ 0x5A for byte in data[start : start + length])
    path.write_bytes(data)


def aside(path: Path) -> list[str]:
    """Damaged files that were kept."""
    return sorted(file.name for file in path.parent.glob("*.damaged-*"))


def test_a_night_mends_a_database_that_does_not_open(path: Path, paper: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on from the snapshot, stores what is new, and says what it did."""
    overwrite(database(path), 0, 12288)
    news = Page(body=rss(("/2", "Netflix"), ("/1", "Netflix")), kind="application/rss+xml")
    monkeypatch.setitem(paper.pages, "/feed", news)
    done = presswatch(path, "crawl")

    assert done.returncode == 0, done.stderr
    assert re.search(
        r"the database was damaged: restored from .*, up to the run of .* UTC; what it replaced is kept", done.stderr
    )
    assert rows(path, "SELECT title FROM articles ORDER BY title") == [("Netflix outage 1",), ("Netflix outage 2",)]
    assert len(aside(path)) == 1


def test_what_is_damaged_inside_is_found_and_put_back(path: Path) -> None:
    """`doctor` reads all of it; `restore` puts the snapshot in its place, once."""
    overwrite(database(path), 12288 + 3 * 262144, 4096)  # the head of its fourth block
    found = presswatch(path, "doctor", "--format", "csv")
    done = presswatch(path, "restore")
    again = presswatch(path, "restore")

    assert found.returncode == 1
    assert re.search(r"^database,wrong,.*,presswatch restore$", found.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("restored from ")
    assert damage(database(path)) is None
    assert rows(path, "SELECT title FROM articles") == [("Netflix outage 1",)]
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    assert "is sound" in again.stderr


@pytest.mark.parametrize(
    "kept", [pytest.param(0.0, marks=pytest.mark.slow), 0.3, pytest.param(0.9, marks=pytest.mark.slow)]
)
def test_a_log_that_was_cut_loses_no_earlier_run(path: Path, kept: float, tmp_path: Path) -> None:
    """What was committed and not yet in the file may be gone; the store is usable, and has all that was published."""
    script = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("SET wal_autocheckpoint = '1TB'")
connection.execute("INSERT INTO private.settings SELECT 'key' || i, repeat('x', 100) FROM range(2000) r(i)")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script, str(database(path))], check=True)
    log = database(path).with_name(f"{database(path).name}.wal")
    assert log.stat().st_size > 10_000
    log.write_bytes(log.read_bytes()[: int(log.stat().st_size * kept)])
    done = presswatch(path, "crawl")

    assert done.returncode == 0, done.stderr
    assert rows(path, "SELECT title FROM articles") == [("Netflix outage 1",)]


def test_a_file_that_another_program_holds_is_not_damaged(path: Path) -> None:
    """Nothing is moved; the run says who is in the way."""
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script, str(database(path))], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:  # fmt: skip
        assert other.stdout is not None
        other.stdout.readline()
        done = presswatch(path, "crawl")
        other.communicate()

    assert (done.returncode, aside(path)) == (3, [])
    assert presswatch(path, "crawl").returncode == 0


def test_without_a_sound_copy_nothing_is_touched(path: Path, tmp_path: Path) -> None:
    """A copy from elsewhere helps; not a file of somebody else, nor one that is no database."""
    elsewhere = tmp_path / "copy.duckdb"
    elsewhere.write_bytes(database(path).read_bytes())
    duckdb.connect(str(tmp_path / "other.duckdb")).execute("CREATE TABLE t AS SELECT 1").close()
    (tmp_path / "text.duckdb").write_text("hello")
    for file in (database(path), path.with_suffix(".snapshot.duckdb")):
        overwrite(file, 0, 12288)
    before = database(path).read_bytes()
    for copy in (None, tmp_path / "other.duckdb", tmp_path / "text.duckdb"):
        with pytest.raises(StoreError):
            restore(database(path), copy)
    with pytest.raises(UserError):
        restore(database(path), tmp_path / "none.duckdb")
    done = presswatch(path, "restore")

    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert database(path).read_bytes() == before
    restore(database(path), elsewhere)
    assert rows(path, "SELECT title FROM articles") == [("Netflix outage 1",)]
