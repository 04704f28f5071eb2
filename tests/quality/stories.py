"""How well stories are told apart: B-cubed against the events of data/coverage, through the loader.

    python -m tests.quality.stories

Relevant pages only (those with a topic), as the store groups them: matched with coverage_watchlist.toml, loaded in one
segment. Also in segments of 20 and in random orders, as a crawl may bring them. B-cubed (Bagga and Baldwin, 1998):
of each page, which share of its story is of its event, and the other way round; means over pages.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.items import Article
from analysis.matching import Matcher
from analysis.store.ledger import describe
from analysis.watchlist import load
from tests.analysis.press import bring, in_memory, page

HERE = Path(__file__).resolve()
PAGES = HERE.parents[2].parent / "shared" / "data" / "coverage" / "pages.jsonl"
FETCHED = datetime(2026, 3, 10, 12, tzinfo=UTC)


def rows() -> list[dict[str, Any]]:
    """The labelled pages."""
    return [json.loads(line) for line in PAGES.read_text("utf-8").splitlines()]


def articles() -> list[Article]:
    """Every page that names a watched brand, as the last pipeline sees it."""
    matcher = Matcher(load(HERE.with_name("coverage_watchlist.toml")))
    found = []
    for number, row in enumerate(rows()):
        published = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row["published"] else None
        article = Article(
            url=f"{row['url']}#{row['id']}", canonical_url=f"https://coverage.example/{row['id']}", source_id="gazette",
            outlet=row["outlet"], title=row["title"], body=row["text"], language="en", published=published,
            fetched_at=FETCHED + timedelta(seconds=number),
        )  # fmt: skip
        found.append(matcher.match(article))
    return [article for article in found if article.mentions]


def stories(found: list[Article], segment: int) -> dict[str, str]:
    """Story of each page, by the page's id, when the store gets them in segments of so many."""
    with in_memory() as store, tempfile.TemporaryDirectory() as folder:
        describe(store, load(HERE.with_name("coverage_watchlist.toml")))
        for start in range(0, len(found), segment):
            bring(store, Path(folder), f"run{start}", map(page, found[start : start + segment]))
        told = store.execute("SELECT canonical_url, story_id FROM articles").fetchall()
    return {url.rsplit("/", 1)[-1]: story for url, story in told}


def b_cubed(found: dict[str, str], labels: dict[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1; a page that is in no story is one by itself."""
    clusters, events = defaultdict(set), defaultdict(set)
    for name, event in labels.items():
        clusters[found.get(name, name)].add(name)
        events[event].add(name)
    pairs = [(clusters[found.get(name, name)], events[event]) for name, event in labels.items()]
    precision = sum(len(cluster & event) / len(cluster) for cluster, event in pairs) / len(pairs)
    recall = sum(len(cluster & event) / len(event) for cluster, event in pairs) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def copies_together(found: dict[str, str]) -> tuple[int, int]:
    """Pairs of pages of one copy_group that are in one story, and all such pairs. The texts are restated, so they are
    no near-copies."""
    relevant = [row for row in rows() if row["topics"] and row["copy_group"]]
    pairs = [
        (a["id"], b["id"]) for n, a in enumerate(relevant) for b in relevant[:n] if a["copy_group"] == b["copy_group"]
    ]
    return sum(found.get(a) == found.get(b, b) for a, b in pairs), len(pairs)


def main() -> None:
    """Measures and prints."""
    labels = {row["id"]: row["event"] for row in rows() if row["topics"]}
    found = articles()

    def tell(name: str, pages: list[Article], segment: int = 1000) -> dict[str, str]:
        told = stories(pages, segment)
        print("{:20} P {:.3f} R {:.3f} F1 {:.3f}".format(name, *b_cubed(told, labels)))
        return told

    whole = tell("one segment", found)
    print("{} of {} pairs of a copy group are in one story".format(*copies_together(whole)))
    tell("without topics", [replace(article, topics=()) for article in found])
    for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
        tell(f"twenty at a time ({seed})", random.Random(seed).sample(found, len(found)), 20)
    tell("oldest first", sorted(found, key=lambda article: article.published or FETCHED), 20)


if __name__ == "__main__":
    main()
