"""Room on the disk: looked at before a run and during it, so that a night ends cleanly before a write fails."""

from __future__ import annotations

import shutil
from pathlib import Path

from analysis.errors import OutOfSpace

AT_LEAST = 64 * 1024 * 1024
"""What a night of some hundred pages takes, with its archive and its report."""
_LAST = 16 * 1024 * 1024
"""What is left for closing a run: the last load and the ledger."""


def check(database: Path) -> None:
    """Before a run: there must be room for a night and for one more copy of the database, the new snapshot.

    Raises:
        OutOfSpace: there is less; nothing was touched.
    """
    free, needed = free_bytes(database), AT_LEAST + size(database)
    if free < needed:
        raise OutOfSpace(f"out of space: {free / 1e6:.0f} MB free where {database} is, a run needs {needed / 1e6:.0f}")


def is_short(database: Path) -> bool:
    """During a run: whether what is left is needed to close it."""
    return free_bytes(database) < _LAST + size(database)


def free_bytes(database: Path) -> int:
    """On the disk where the database is, or will be."""
    return shutil.disk_usage(next(path for path in database.absolute().parents if path.is_dir())).free


def size(database: Path) -> int:
    """Bytes of the database file; 0 before the first crawl."""
    return database.stat().st_size if database.exists() else 0
