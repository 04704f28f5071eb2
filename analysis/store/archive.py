"""The page behind an article, as it came: found again, or dropped, in the WARC files beside the database."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from html import unescape
from itertools import islice
from pathlib import Path

from analysis.store.database import beside
from analysis.store.tombstones import Tombstones, words_of
from analysis.store.warc import Captured, Reader

_TARGET = re.compile(rb"^WARC-Target-URI:\s*<?([^\s>]+)", re.MULTILINE | re.IGNORECASE)

_FILES = 8
"""Looked through before a page counts as not kept: a file holds up to 5,000 pages, one run rarely fills eight."""


def archived(database: Path, url: str, at: datetime) -> Captured | None:
    """The capture of `url` nearest to `at`, when it was read; None where none is kept.

    Files are named after the moment at which their run began, so the page is in one of the last that began before `at`.
    """
    folder = beside(database, ".archive")
    dated = [(began(path), path) for path in folder.glob("*.warc.gz*")] if folder.is_dir() else []
    before = sorted(((began, path) for began, path in dated if began is not None and began <= at), reverse=True)
    for _, path in islice(before, _FILES):
        found = [page for page in Reader(path) if url in {page.url, page.said.get("url")} and page.status == 200]
        if found:
            return min(found, key=lambda page: abs(page.at - at))
    return None


def drop_pages(database: Path, stone: Tombstones, name: str = "", *, dry_run: bool = False) -> int:
    """Take the pages that `stone` forbids out of the WARC files beside `database`; returns how many.

    name: of the person whom it is about, "" else; pages that hold it go whole
    dry_run: only count

    Raises:
        OSError: a file cannot be written; it stays as it was.
    """
    folder, dropped = beside(database, ".archive"), 0
    for path in sorted(folder.glob("*.warc.gz*")) if folder.is_dir() else []:
        pages = [page for page in Reader(path) if _is_forbidden(page, stone, name)]
        dropped += len(pages)
        if pages and not dry_run:
            _rewrite(path, {page.url for page in pages})
    return dropped


def _is_forbidden(page: Captured, stone: Tombstones, name: str) -> bool:
    if stone.forbid(urls=[page.url, page.said.get("url")], outlets=[page.said.get("outlet") or ""]):
        return True
    if not name:
        return False
    text = unescape(page.body.decode("utf8", "replace"))
    return max(words_of(name), key=len) in text.casefold().replace("’", "'") and stone.is_forgotten(text)


def _rewrite(path: Path, urls: set[str]) -> None:
    """The file without the records of these pages; seen whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        for record in Reader(path).as_stored():
            target = _TARGET.search(record[: record.find(b"\r\n\r\n")])
            if target is None or target[1].decode("utf8", "replace") not in urls:
                file.write(gzip.compress(record, 1))
    fresh.replace(path)


def began(path: Path) -> datetime | None:
    """When the run that wrote a file began: `20080811T051500-3fa2c1-00001.warc.gz` -> 11 August 2008, 5:15 UTC."""
    try:
        return datetime.strptime(path.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
