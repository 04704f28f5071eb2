"""A damaged database: noticed, kept aside, and put back from the newest sound copy, with the loss stated.

The snapshot that readers open is such a copy at all times: it is written whole, after every load (database.py). Where
it is damaged too, the newest sound backup is taken (backup.py).
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from analysis.errors import NewerDatabase, StoreError, UserError
from analysis.store.backup import backups, damaged, is_backup, read_back
from analysis.store.database import beside, held, open_snapshot, writing
from analysis.store.migrate import known

_TABLES = """SELECT schema_name || '.' || table_name FROM duckdb_tables()
             WHERE NOT internal AND schema_name IN ('main', 'private') ORDER BY 1"""
_NEWEST = "SELECT max(coalesce(ended_at, started_at)) FROM private.runs WHERE status != 'started'"


@dataclass(frozen=True)
class Restored:
    """What was done."""

    source: Path
    aside: tuple[Path, ...]
    """Where the damaged files lie now."""
    until: datetime | None
    """When the newest run in the copy ended; what later runs brought is lost from the database."""

    @property
    def words(self) -> str:
        """In one line."""
        until = f"up to the run of {self.until:%Y-%m-%d %H:%M} UTC" if self.until else "without any run"
        kept = f"; what it replaced is kept as {self.aside[0]}" if self.aside else ""
        return (
            f"restored from {self.source}, {until}{kept}. Pages that were fetched later come back from the archive, "
            "where one is kept: presswatch backfill warc"
        )


def damage(database: Path) -> str | None:
    """What is wrong with a database file, found by reading all of it (DuckDB checks each block's sum); None: nothing.

    A log of changes that are not in the file yet (`.wal`) is not looked at: reading would have to apply it.
    """
    try:
        connection = open_snapshot(database)
    except (StoreError, duckdb.Error) as error:
        return str(error)
    try:
        tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
        if "main.migrations" not in tables:
            return "it is no database of presswatch"
        done = {number for (number,) in connection.execute("SELECT number FROM main.migrations").fetchall()}
        if newer := done - known().keys():
            raise NewerDatabase(f"{database}: written by a newer presswatch (migration {max(newer)})")
        for table in tables:
            connection.execute(f"SELECT bit_xor(hash(t)) FROM {table} t").fetchall()
    except duckdb.Error as error:
        return str(error).strip().splitlines()[0]
    finally:
        connection.close()
    return None


def restore(database: Path, source: Path | None = None) -> Restored:
    """Put a sound copy in the place of `database`; only for the holder of the run's lock.

    source: the copy, a database or the folder of a backup; where none is given, the newest sound one

    Raises:
        UserError: there is no such copy.
        StoreError: the copy is damaged too, or what it holds cannot be used.
        DatabaseBusy: another process writes.
    """
    copy = source or _soundest(database)
    if not (copy.is_file() or is_backup(copy)):
        raise UserError(f"{copy}: there is no such copy to restore from")
    if found := (damaged(copy) if copy.is_dir() else damage(copy)):
        raise StoreError(f"{copy}: damaged too: {found}")
    with held(beside(database, ".write-lock"), 30.0):
        fresh = beside(database, ".restored.new")
        fresh.unlink(missing_ok=True)
        if copy.is_dir():
            read_back(copy, fresh)
        else:
            shutil.copyfile(copy, fresh)
        fresh.chmod(0o600)
        aside = _put_aside(database)
        fresh.replace(database)
        if copy != beside(database, ".snapshot.duckdb"):
            beside(database, ".snapshot.duckdb").unlink(missing_ok=True)  # published anew below
    with writing(database) as connection:
        (until,) = connection.execute(_NEWEST).fetchall()[0]
    return Restored(copy, tuple(aside), until.astimezone(UTC) if until else None)


def _soundest(database: Path) -> Path:
    """The snapshot, which is the newest copy, or where it is damaged or gone the newest backup that is not."""
    snapshot = beside(database, ".snapshot.duckdb")
    if snapshot.is_file() and damage(snapshot) is None:
        return snapshot
    return next((backup for backup in backups(database) if damaged(backup) is None), snapshot)


def mend(database: Path) -> Restored | None:
    """After a failure to use the database: restore it if it is damaged; None where it is not, or where there is no copy
    to restore it from.

    Looked at is a copy, so that whoever holds the file, or a file that is not ours, is never taken for damage.

    Raises:
        StoreError: it is damaged, and so are all copies.
    """
    log = database.with_name(f"{database.name}.wal")
    if not (beside(database, ".snapshot.duckdb").is_file() or backups(database)):
        return None
    try:
        with TemporaryDirectory(dir=database.parent, prefix=".looked-at-") as folder:
            copy = Path(folder) / database.name
            shutil.copyfile(database, copy)
            if log.exists():
                shutil.copyfile(log, copy.with_name(log.name))
                with suppress(StoreError), writing(copy, publish=False):
                    pass  # the log is brought in; where it cannot be, the copy cannot be read either
            found = damage(copy)
    except OSError:
        return None
    return restore(database) if found else None


def _put_aside(database: Path) -> list[Path]:
    """Keep the damaged files under another name. The database stays in its place until the copy takes it, so that a
    kill in between leaves something to mend and not an empty store; the log goes, because it is not the copy's."""
    stamp = f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    log, aside = database.with_name(f"{database.name}.wal"), []
    if database.exists():
        aside.append(database.with_name(f"{database.name}.{stamp}"))
        try:
            aside[0].hardlink_to(database)
        except OSError:  # a file system without them
            shutil.copyfile(database, aside[0])
    if log.exists():
        aside.append(log.replace(log.with_name(f"{log.name}.{stamp}")))
    return aside
