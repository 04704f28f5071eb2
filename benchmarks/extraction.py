"""What a page's extraction costs, against the library's default extraction of the same pages in the same run.

    python benchmarks/extraction.py [FOLDER ...]

CPU time of one process; each page is extracted by both in turn, so that a slow minute of the machine meets both, and
the median of its rounds counts. Ours gives every field; the library's default gives the text alone, "metadata" its
title, authors and date too. Goal: at most 1.3 times the default. Pages: those in ../shared/data, if they are there.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import trafilatura

from analysis.errors import ExtractionError
from spiders.extraction import Page, extract
from spiders.extraction.batch import page_id, pages_in, read_page

ROUNDS = 3
SHARED = ROOT.parent / "shared" / "data"


def ours(url: str, body: bytes) -> None:
    """All fields of a page."""
    with suppress(ExtractionError):
        extract(Page(url=url, body=body))


def default(url: str, body: bytes) -> None:
    """The library as it comes: the text."""
    trafilatura.extract(body, url=url or None)


def metadata(url: str, body: bytes) -> None:
    """The library with title, authors and date."""
    trafilatura.extract(body, url=url or None, with_metadata=True)


def costs(pages: list[tuple[str, bytes]], calls: list[Callable[[str, bytes], None]]) -> list[float]:
    """CPU milliseconds a page of each call, the median of ROUNDS for each page."""
    totals = [0.0] * len(calls)
    for call in calls:  # models and tables are loaded once a process
        call(*pages[0])
    for page in pages:
        rounds: list[list[float]] = [[] for _ in calls]
        for _ in range(ROUNDS):
            for n, call in enumerate(calls):
                start = time.process_time()
                call(*page)
                rounds[n].append(time.process_time() - start)
        totals = [total + statistics.median(one) for total, one in zip(totals, rounds, strict=True)]
    return [1000 * total / len(pages) for total in totals]


def main() -> None:
    """Measures and prints."""
    folders = [Path(name) for name in sys.argv[1:]] or [
        folder for name in ("extraction", "publishers") if (folder := SHARED / name / "html").exists()
    ]
    if not folders:
        print("nothing measured: name a folder of pages (*.html, *.html.gz)")
    for folder in folders:
        truth = folder.parent / "truth.json"
        urls = json.loads(truth.read_text("utf8")) if truth.exists() else {}
        pages = [(urls.get(page_id(path), {}).get("url", ""), read_page(path)) for path in pages_in(folder)]
        if not pages:
            raise SystemExit(f"{folder}: no pages (*.html, *.html.gz)")
        mine, text, all_fields = costs(pages, [ours, default, metadata])
        print(
            f"{folder}: {len(pages)} pages, CPU ms a page: ours {mine:.1f}, library {text:.1f} (ours {mine / text:.2f}"
            f" times), library with metadata {all_fields:.1f} ({mine / all_fields:.2f} times)"
        )


if __name__ == "__main__":
    main()
