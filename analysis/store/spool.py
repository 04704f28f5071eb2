"""The crawl's memory on disk until the next load: one JSON line a page, in segments.

A line is written in one piece when a page is done, so a kill at any moment loses at most the pages in flight.
A segment is `<run>-<n>.jsonl`; the one being written to ends in `.open`.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

_RECORDS_A_SEGMENT = 500


class Spool:
    """Appends the records of one run to segments under `folder`."""

    def __init__(self, folder: Path, run_id: str, records_a_segment: int = _RECORDS_A_SEGMENT) -> None:
        self.folder = folder
        self.run_id = run_id
        self.limit = records_a_segment
        self._file: FileIO | None = None
        self._records = 0
        self._segment = 0

    def append(self, record: dict[str, Any]) -> bool:
        """Add one record; True when the segment is full and `seal` should be called.

        Raises:
            OSError: the disk is full or gone; the record is not counted as kept.
        """
        file = self._file or self._open()
        line = json.dumps(
            {"seq": self._records + 1, "run_id": self.run_id, **record}, default=_plain, ensure_ascii=False
        )
        # Half a surrogate pair, as broken JSON-LD holds, becomes "?"; escaped, it would make the segment unreadable.
        rest, whole = f"{line}\n".encode("utf8", "replace"), file.tell()
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.truncate(whole)
            file.seek(whole)
            raise
        self._records += 1
        return self._records >= self.limit

    def seal(self) -> Path | None:
        """Close the open segment for loading; None where there is none."""
        if self._file is None:
            return None
        self._file.close()
        self._file = None
        return _seal(self._path())

    def _open(self) -> FileIO:
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        self._segment += 1
        self._records = 0
        self._file = FileIO(self._path(), "x")  # no buffer: what cannot be written now is refused now
        return self._file

    def _path(self) -> Path:
        return self.folder / f"{self.run_id}-{self._segment:06}.jsonl.open"


def sealed(folder: Path) -> list[Path]:
    """Segments that wait for the loader, oldest first."""
    return sorted(folder.glob("*.jsonl"))


def adopt(folder: Path) -> list[Path]:
    """Seal what a killed run left open, without its torn last line. Only for the holder of the run lock."""
    for path in sorted(folder.glob("*.jsonl.open")):
        os.truncate(path, path.read_bytes().rfind(b"\n") + 1)  # in place: a kill here must not lose the rest
        _seal(path)
    return sealed(folder)


def _seal(path: Path) -> Path:
    target = path.with_suffix("")
    path.replace(target)
    return target


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in the spool")
