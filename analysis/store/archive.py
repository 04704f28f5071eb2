"""The page behind an article, as it came: found again in the WARC files beside the database."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from analysis.store.database import beside
from analysis.store.warc import Captured, Reader

_FILES = 8
"""Looked through before a page counts as not kept: a file holds up to 5,000 pages, one run rarely fills eight."""


def archived(database: Path, url: str, at: datetime) -> Captured | None:
    """The capture of `url` nearest to `at`, when it was read; None where none is kept.

    Files are named after the moment at which their run began, so the page is in one of the last that began before `at`.
    """
    folder = beside(database, ".archive")
    dated = [(_began(path), path) for path in folder.glob("*.warc.gz*")] if folder.is_dir() else []
    before = sorted(((began, path) for began, path in dated if began is not None and began <= at), reverse=True)
    for _, path in islice(before, _FILES):
        found = [page for page in Reader(path) if url in {page.url, page.said.get("url")} and page.status == 200]
        if found:
            return min(found, key=lambda page: abs(page.at - at))
    return None


def _began(path: Path) -> datetime | None:
    """`20080811T051500-3fa2c1-00001.warc.gz` -> 11 August 2008, 5:15 UTC."""
    try:
        return datetime.strptime(path.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
