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
    folder, free = _free(database)
    needed = AT_LEAST + _size(database)
    if free < needed:
        raise OutOfSpace(f"out of space: {free / 1e6:.0f} MB free in {folder}, a run needs {needed / 1e6:.0f}")


def is_short(database: Path) -> bool:
    """During a run: whether what is left is needed to close it."""
    return _free(database)[1] < _LAST + _size(database)


def _free(database: Path) -> tuple[Path, int]:
    folder = next(path for path in (database.absolute(), *database.absolute().parents) if path.is_dir())
    return folder, shutil.disk_usage(folder).free


def _size(database: Path) -> int:
    return database.stat().st_size if database.exists() else 0
