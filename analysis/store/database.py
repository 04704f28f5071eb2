"""Open the database for writing, or its snapshot for reading."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from analysis.errors import DatabaseBusy, StoreError
from analysis.store.figures import refresh
from analysis.store.migrate import migrate, pending

# Nothing is fetched or read from outside the file by SQL that a user typed (docs/choices.md, DuckDB).
_LOCKED_DOWN = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
# The older engine can still read files of this format.
_STORAGE = {"storage_compatibility_version": "v1.5.0", "preserve_insertion_order": "true"}
_POLL_SECONDS = 0.1
_FICLONE = 0x40049409  # ioctl_ficlone(2)


def beside(database: Path, suffix: str) -> Path:
    """A file or folder that belongs to `database`: `presswatch.duckdb` -> `presswatch<suffix>`."""
    return database.with_name(database.stem + suffix)


@contextmanager
def held(path: Path, patience: float) -> Iterator[None]:
    """Hold an advisory lock on `path`, waiting at most `patience` seconds.

    The kernel lets go of it when the process ends, however it ends, so that no stale lock can exist.

    Raises:
        DatabaseBusy: another process held it all the while.
        StoreError: the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise DatabaseBusy(f"{path}: another process is writing; try again") from None
                time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def writing(database: Path, patience: float = 30.0, *, publish: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write, migrated to today's schema; on leaving, checkpoint and publish the snapshot.

    Hold it for seconds, not minutes. Long work in many steps publishes with the last of them (`publish`).

    Raises:
        DatabaseBusy: another process wrote for longer than `patience` seconds.
        NewerDatabase: the file was written by a newer presswatch.
        StoreError: the file is damaged or cannot be opened, or a statement failed, for example on a full disk.
        OSError: the snapshot could not be written; the database itself is in order.
    """
    with held(beside(database, ".write-lock"), patience):
        connection = _connected(database)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            migrate(connection)
            yield connection
            if publish:
                connection.execute("BEGIN")
                refresh(connection)  # what was touched in many steps, or by one that was killed
                connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        except duckdb.Error as error:
            raise StoreError(f"{database}: {_reason(error)}") from error
        finally:
            connection.close()
        if publish:
            publish_snapshot(database)


@contextmanager
def reading(database: Path, *, files_in: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the newest published snapshot; nothing outside the file can be reached.

    files_in: a folder that SQL may all the same write files into, for exports

    Raises:
        StoreError: there is no database yet, or it cannot be opened.
    """
    connection = open_snapshot(newest_snapshot(database), files_in)
    try:
        yield connection
    finally:
        connection.close()


def newest_snapshot(database: Path) -> Path:
    """The file that readers open, published anew where a kill left it behind.

    Raises:
        StoreError: there is no database yet.
    """
    if not database.exists():
        raise StoreError(f"{database}: no database yet; `presswatch crawl` makes it")
    _refresh(database)
    return beside(database, ".snapshot.duckdb")


def open_snapshot(snapshot: Path, files_in: Path | None = None) -> duckdb.DuckDBPyConnection:
    """As `reading`, for whoever closes it himself."""
    connection = _connect(snapshot, _LOCKED_DOWN, read_only=True)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        if files_in is not None:
            connection.execute("SET allowed_directories = ?", [[f"{files_in}/"]])
        connection.execute("SET enable_external_access = false")
    except BaseException:
        connection.close()
        raise
    return connection


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that may write, to a database as it is; for whoever makes or mends one. To be closed.

    Raises:
        StoreError: the file is damaged or cannot be opened.
    """
    return _connect(path, _STORAGE, read_only=False)


def _connected(database: Path) -> duckdb.DuckDBPyConnection:
    """The same; of a database that an older release wrote, a copy is kept first."""
    connection = connect(database)
    try:
        waiting = pending(connection)
    except duckdb.Error as error:
        connection.close()
        raise StoreError(f"{database}: {_reason(error)}") from error
    if not waiting:
        return connection
    connection.close()
    copy = beside(database, f".before-{waiting[-1]:04}.duckdb")
    for older in database.parent.glob(f"{database.stem}.before-*.duckdb"):
        if older != copy:
            older.unlink()
    if not copy.exists():  # a second try must not put a half migrated file in its place
        _copy(database, copy)
    return connect(database)


def _connect(path: Path, config: dict[str, str], *, read_only: bool) -> duckdb.DuckDBPyConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=dict(config))
    except duckdb.Error as error:
        raise StoreError(f"{path}: cannot be opened: {_reason(error)}") from error
    if not read_only:
        path.chmod(0o600)
    return connection


def _reason(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0]


def publish_snapshot(database: Path) -> None:
    """Copy the closed database for readers, seen whole or not at all (write, then rename).

    Where the file system can share blocks between files (Btrfs, XFS), the copy takes no time and no space.

    Raises:
        OSError: the copy could not be written.
    """
    _copy(database, beside(database, ".snapshot.duckdb"))


def _copy(database: Path, to: Path) -> None:
    fresh = to.with_suffix(".new")
    with database.open("rb") as source, fresh.open("wb") as target:
        try:
            fcntl.ioctl(target, _FICLONE, source.fileno())
        except OSError:
            shutil.copyfile(database, fresh)
    shutil.copystat(database, fresh)  # the same mtime says: this copy is of this state
    fresh.replace(to)


def compact(database: Path) -> None:
    """Write the closed database anew, so that nothing is left in the file of what was deleted from it; only for the
    holder of the write lock.

    Raises:
        StoreError: it cannot be read or written.
    """
    fresh = beside(database, ".compact.new")
    fresh.unlink(missing_ok=True)
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"ATTACH {in_sql(database)} AS old (READ_ONLY)")
        connection.execute(
            f"ATTACH {in_sql(fresh)} AS fresh (STORAGE_VERSION '{_STORAGE['storage_compatibility_version']}')"
        )
        connection.execute("COPY FROM DATABASE old TO fresh")
        connection.execute("CHECKPOINT fresh")
    except duckdb.Error as error:
        raise StoreError(f"{database}: {_reason(error)}") from error
    finally:
        connection.close()
    fresh.chmod(0o600)
    fresh.replace(database)


def in_sql(path: Path) -> str:
    """A path as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"


def _refresh(database: Path) -> None:
    """Publish again where a kill fell between a load and its snapshot; never wait for a writer.

    What was committed lies in DuckDB's log until the checkpoint, which alone changes the time of the file.
    """
    snapshot, log = beside(database, ".snapshot.duckdb"), database.with_name(f"{database.name}.wal")
    there = snapshot.exists()
    if there and not log.exists() and snapshot.stat().st_mtime_ns == database.stat().st_mtime_ns:
        return
    # Where the disk is full, the older snapshot still answers; what is wrong, the next writer says.
    tolerated = (StoreError, OSError) if there else (DatabaseBusy,)
    with suppress(*tolerated), writing(database, 0.0 if there else 30.0):
        pass
