"""Backups in Parquet: whole or not there, read back by later releases too, and used where all else fails."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import NewerDatabase, StoreError
from analysis.store.backup import back_up, backups, damaged, read_back
from analysis.store.database import beside, reading, writing
from analysis.store.export import VIEWS
from analysis.store.migrate import known
from analysis.store.restore import mend, restore
from tests.analysis.press import NOON, article, mention, night, page, wire
from tests.analysis.store.test_restore import overwrite


def shown(database: Path) -> dict[str, list[Any]]:
    """Every public view, whole."""
    with reading(database) as connection:
        return {view: connection.execute(f"FROM {view} ORDER BY ALL").fetchall() for view in VIEWS}


@pytest.fixture
def store(database: Path) -> Path:
    """Two nights, with copies."""
    night(database, page(article(1, mention(), mention("bolt", ordinal=2), body=wire("one"))))
    night(database, page(article(2, source="herald", body=wire("one"))), page(article(3, body=wire("three"))))
    return database


def test_it_gives_back_every_view(store: Path) -> None:
    """Row for row, with the database and its snapshot gone."""
    before = shown(store)
    backup = back_up(store, 3, NOON)
    assert damaged(backup) is None
    assert {path.stat().st_mode & 0o777 for path in backup.glob("*.parquet")} == {0o600}
    for path in (store, beside(store, ".snapshot.duckdb")):
        path.unlink()

    assert restore(store).source == backup
    assert shown(store) == before


def test_only_the_newest_are_kept(store: Path) -> None:
    """Whatever a killed one left goes too."""
    made = [back_up(store, 2, NOON + timedelta(days=day)) for day in range(4)]
    left = beside(store, ".backup") / ".20260101T000000.new"
    left.mkdir()
    again = back_up(store, 2, NOON + timedelta(days=3))

    assert backups(store) == [again, made[2]]
    assert [path.name for path in beside(store, ".backup").iterdir() if path.name.startswith(".")] == []


def test_a_night_mends_itself_from_the_newest_sound_one(store: Path) -> None:
    """Database and snapshot damaged, the newest backup too: the one before it is taken."""
    before = shown(store)
    sound, newest = (back_up(store, 3, NOON + timedelta(days=day)) for day in range(2))
    overwrite(newest / "articles.parquet", 100, 8)
    for path in (store, beside(store, ".snapshot.duckdb")):
        path.write_bytes(b"no database" * 1000)

    found = mend(store)

    assert found is not None
    assert found.source == sound
    assert shown(store) == before
    assert damaged(newest) == "articles.parquet"
    with pytest.raises(StoreError, match="damaged too"):
        restore(store, newest)


def test_one_of_an_older_and_of_a_newer_release(store: Path, tmp_path: Path) -> None:
    """The first is read with the schema that it had, and migrated; the second is refused."""
    backup = back_up(store, 1, NOON)
    about, last = backup / "backup.json", max(known())
    text = about.read_text()
    older = tmp_path / "older"
    shutil.copytree(backup, older)
    (older / "backup.json").write_text(text.replace(f",\n  {last}\n", "\n"))
    (older / "tombstones.parquet").unlink()
    sums = (older / "backup.json").read_text().splitlines()
    (older / "backup.json").write_text("\n".join(line for line in sums if '"tombstones"' not in line))
    about.write_text(text.replace(f"{last}\n", f"{last + 1}\n", 1))

    read_back(older, tmp_path / "old.duckdb")
    with writing(tmp_path / "old.duckdb") as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(3,)]
        assert connection.execute("SELECT count(*) FROM private.tombstones").fetchall() == [(0,)]
    assert len(list(tmp_path.glob("old.before-*.duckdb"))) == 1
    with pytest.raises(NewerDatabase):
        read_back(backup, tmp_path / "new.duckdb")
    (backup / "backup.json").write_text("{}")
    assert "no backup" in (damaged(backup) or "")
