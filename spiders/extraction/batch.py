"""Stored pages -> rows for `presswatch extract`: one flat dict a page, in the contract's order."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.errors import ExtractionError
from analysis.items import Article
from spiders.extraction import Page, extract_whole_and_posts
from spiders.extraction.moments import UNSTATED

_MAX_UNPACKED = 50_000_000


def rows(paths: Iterable[Path], urls: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """One row a file, lazily and in order; a page without an article keeps its id and says the `reason`.

    Args:
        paths: files ending in .html or .html.gz; the id is the name without these endings.
        urls: address by id; "" where one is missing.
    """
    for path in paths:
        name = page_id(path)
        url = (urls or {}).get(name, "")
        try:
            article, posts = extract_whole_and_posts(Page(url=url, body=read_page(path)))
            yield row(name, url, article, posts=len(posts))
        except ExtractionError as problem:
            yield row(name, url, None, problem.reason)


def pages_in(folder: Path) -> list[Path]:
    """The stored pages of a folder, by name."""
    return sorted(path for path in folder.iterdir() if path.name.endswith((".html", ".html.gz")))


def page_id(path: Path) -> str:
    """File name without .html or .html.gz."""
    return path.name.removesuffix(".gz").removesuffix(".html")


def read_page(path: Path) -> bytes:
    """The bytes of a stored page, unpacked.

    Raises:
        ExtractionError: truncated for a damaged archive, too_large for one that unpacks to more than 50 MB.
        OSError: the file cannot be read.
    """
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as stream:
            body = stream.read(_MAX_UNPACKED + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise ExtractionError("truncated", str(problem)) from None
    if len(body) > _MAX_UNPACKED:
        raise ExtractionError("too_large", path.name)
    return body


def row(name: str, url: str, article: Article | None, reason: str | None = None, *, posts: int = 0) -> dict[str, Any]:
    """The contract's fields of one page; `reason` is added where it has no article or not all of it, `posts` where it
    is a live blog: how many articles a crawl makes of it."""
    found = article or Article(url=url, complete=False, incomplete_reason=reason)
    fields: dict[str, Any] = {
        "id": name,
        "url": found.url,
        "canonical_url": found.canonical_url,
        "title": found.title,
        "body": found.body,
        "authors": list(found.authors),
        "published": written(found.published),
        "modified": written(found.modified),
        "language": found.language,
        "outlet": found.outlet,
        "published_source": found.published_source,
        "complete": found.complete,
    }
    if posts:
        fields["posts"] = posts
    return fields if found.complete else {**fields, "reason": found.incomplete_reason}


def written(when: datetime | None) -> str | None:
    """ISO 8601 with the page's own zone; without zone where the page states none, which is not UTC."""
    if when is None:
        return None
    return (when.replace(tzinfo=None) if when.tzinfo == UNSTATED and when.tzname() == "unstated" else when).isoformat()
