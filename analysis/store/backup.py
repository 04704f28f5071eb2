"""Backups in Parquet: what no other file can make again, readable by any tool and by later releases.

A backup is a folder of one file a private table, with `backup.json`. The figures behind the public views are not in it,
because they are made from these tables. It is written under another name and then renamed: one that is there is whole.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import duckdb

from analysis.errors import NewerDatabase, StoreError
from analysis.store.database import beside, connect, in_sql, reading
from analysis.store.migrate import apply, known

_ABOUT = "backup.json"
_TABLES = """SELECT table_name FROM duckdb_tables()
             WHERE schema_name = 'private' AND table_name NOT LIKE 'shown\\_%' ESCAPE '\\'
               AND table_name NOT IN ('touched', 'figures') ORDER BY 1"""


def back_up(database: Path, keep: int, now: datetime) -> Path:
    """Write a backup of the newest snapshot beside the database and delete all but the newest `keep`.

    Raises:
        StoreError: there is no database.
        OSError, StoreError: the disk is full; older backups stay.
    """
    folder = beside(database, ".backup")
    fresh = folder / f".{now:%Y%m%dT%H%M%S}.new"
    for left in folder.glob(".*.new"):
        shutil.rmtree(left)
    fresh.mkdir(parents=True, mode=0o700)
    try:
        with reading(database, files_in=fresh) as connection:
            _write(connection, fresh, now)
    except duckdb.Error as error:
        raise StoreError(f"{fresh}: {str(error).splitlines()[0]}") from error
    whole = folder / fresh.name.removeprefix(".").removesuffix(".new")
    if whole.exists():
        shutil.rmtree(whole)
    fresh.rename(whole)
    for old in backups(database)[max(keep, 1) :]:
        shutil.rmtree(old)
    return whole


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, now: datetime) -> None:
    sums = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        path = folder / f"{table}.parquet"
        connection.execute(f"COPY private.{table} TO {in_sql(path)} (FORMAT parquet, COMPRESSION zstd)")
        path.chmod(0o600)
        sums[table] = _sum(path)
    migrations = [number for (number,) in connection.execute("SELECT number FROM main.migrations").fetchall()]
    about = {"made_at": now.astimezone(UTC).isoformat(), "migrations": sorted(migrations), "sha256": sums}
    (folder / _ABOUT).write_text(json.dumps(about, indent=1), "utf8")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def backups(database: Path) -> list[Path]:
    """The whole backups beside a database, newest first."""
    return sorted((path.parent for path in beside(database, ".backup").glob(f"[0-9]*/{_ABOUT}")), reverse=True)


def is_backup(path: Path) -> bool:
    """Whether this is the folder of a backup."""
    return (path / _ABOUT).is_file()


def damaged(backup: Path) -> str | None:
    """What is wrong with a backup, found by reading all of it; None: nothing."""
    try:
        sums = _about(backup)["sha256"]
        return next((f"{name}.parquet" for name in sums if _sum(backup / f"{name}.parquet") != sums[name]), None)
    except (StoreError, OSError) as error:
        return str(error)


def read_back(backup: Path, database: Path) -> None:
    """Make a database of a backup, also of an older release's; its figures are made by whoever opens it for writing.

    Raises:
        NewerDatabase: a newer presswatch wrote it.
        StoreError: it cannot be read, or the disk is full.
    """
    about = _about(backup)
    if newer := set(about["migrations"]) - known().keys():
        raise NewerDatabase(f"{backup}: written by a newer presswatch (migration {max(newer)})")
    connection = connect(database)
    try:
        apply(connection, about["migrations"])
        connection.execute("BEGIN")
        for table in about["sha256"]:
            source = in_sql(backup / f"{table}.parquet")
            connection.execute(f"DELETE FROM private.{table}")
            connection.execute(f"INSERT INTO private.{table} BY NAME FROM read_parquet({source})")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise StoreError(f"{backup}: {str(error).splitlines()[0]}") from error
    finally:
        connection.close()


def _about(backup: Path) -> dict[str, Any]:
    try:
        found = json.loads((backup / _ABOUT).read_text("utf8"))
        if isinstance(found, dict) and isinstance(found["migrations"], list) and isinstance(found["sha256"], dict):
            return found
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{backup}: no backup that can be read: {error}") from error
    raise StoreError(f"{backup}: no backup that can be read")
