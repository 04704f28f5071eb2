"""Stored pages through the extractor in worker processes, each with its budget of time and memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.errors import ExtractionError, UserError
from analysis.workers import Workers
from spiders.extraction.batch import page_id, row, rows


def stored_rows(paths: Sequence[Path], urls: Mapping[str, str], url: str | None = None) -> Iterator[dict[str, Any]]:
    """One row a file, in order; `url` is the address where `urls` has none for the file's id."""
    workers = Workers()
    asked = [(path, urls.get(page_id(path), url or "")) for path in paths]
    try:
        for (path, address), found in zip(asked, workers.map(_row, asked), strict=True):
            if isinstance(found, ExtractionError):
                yield row(page_id(path), address, None, found.reason)
            else:
                yield found
    finally:
        workers.close()


def addresses(path: Path | None) -> dict[str, str]:
    """The JSON map of id to address in `path`; empty without one.

    Raises:
        UserError: no such map.
    """
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text("utf8"))
    except ValueError as error:
        raise UserError(f"{path}: not JSON: {error}") from None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise UserError(f"{path}: a JSON object of id and address is allowed")
    return found


def _row(asked: tuple[Path, str]) -> dict[str, Any]:
    path, address = asked
    return next(rows([path], {page_id(path): address}))
