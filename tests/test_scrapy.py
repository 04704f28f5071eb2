"""Plain Scrapy in a checkout: what people who know it will try first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.spiderloader import get_spider_loader

from spiders.base import NewsSpider
from tests.command import ROOT, connections, rows, scrapy
from tests.crawler import settings_for, spider_for
from tests.newsroom.serve import Newsroom, newsroom
from tests.site import watchlist

SPIDERS = ["campaign", "coverage", "outage"]


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    """The first edition."""
    with newsroom() as served:
        yield served


@pytest.fixture
def folder(room: Newsroom, tmp_path: Path) -> Path:
    """A folder with the newsroom's watchlist."""
    room.watchlist(tmp_path / "watchlist.toml")
    return tmp_path


@pytest.mark.parametrize("place", [ROOT, ROOT / "tests" / "newsroom"], ids=["checkout", "sub-folder"])
def test_list(tmp_path: Path, place: Path) -> None:
    """Three spiders and no warning, wherever in the checkout; no watchlist is needed, no database made."""
    done = scrapy(tmp_path, "list", cwd=place)

    assert (done.returncode, done.stdout.split(), done.stderr) == (0, SPIDERS, "")
    assert list(tmp_path.iterdir()) == []


def test_every_spider_is_listed_once_and_starts_with_a_request(tmp_path: Path) -> None:
    """Its sources, asked by its own callbacks, with a run in the ledger of its own."""
    path = watchlist(
        tmp_path, ("paper", "feed", "http://paper.example/feed"), ("map", "sitemap", "http://map.example/")
    )
    loader = get_spider_loader(settings_for(path))

    assert sorted(loader.list()) == SPIDERS
    for name in loader.list():
        spider = spider_for(path, loader.load(name))
        requests = asyncio.run(_started(spider))
        assert spider.run is not None
        spider.run.end("finished")
        assert [request.url for request in requests] == ["http://paper.example/feed", "http://map.example/"]
        assert all(request.callback and request.errback for request in requests)
    assert sorted(rows(path, "SELECT command FROM private.runs")) == [(f"scrapy crawl {name}",) for name in SPIDERS]


async def _started(spider: NewsSpider) -> list[Request]:
    return [request async for request in spider.start()]


def test_check(folder: Path) -> None:
    """A feed and an article of ours through the callbacks of each spider, with the user's watchlist; no web needed."""
    done = scrapy(folder, "check", "coverage", "--verbose")

    assert done.returncode == 0, done.stderr
    for contract in ("parse_source (@asks post-hook)", "parse_article (@reads post-hook)"):
        assert f"[coverage] {contract} ... ok" in done.stderr
    assert "Ran 2 contracts" in done.stderr
    assert {line for line in connections(folder) if not line.startswith("getaddrinfo localhost")} == set()


def test_parse(room: Newsroom, folder: Path) -> None:
    """One page through the extractor, printed; nothing is remembered.

    Not with warnings as errors: Scrapy 2.19 warns of its own `parse` command.
    """
    piece = next(piece for piece in room.articles if "outage" in piece.topics and piece.outlet.id == "spot")

    words = ("parse", "--nolog", "--nocolour", "--spider", "coverage", "-c", "parse_article", room.url(piece))
    done = scrapy(folder, *words, warnings="default")

    assert done.returncode == 0, done.stderr
    assert f"'canonical_url': '{room.url(piece)}'" in done.stdout
    assert f"'authors': {piece.authors}" in done.stdout
    assert sorted(path.name for path in folder.iterdir()) == ["connections", "watchlist.toml"]


@pytest.mark.parametrize("command", ["shell", pytest.param("fetch", marks=pytest.mark.slow)])
def test_shell_and_fetch(room: Newsroom, folder: Path, command: str) -> None:
    """They open the item pipelines without one of our spiders, and through our guards."""
    url = room.url(room.articles[0])
    extra = ("-c", "print(response.status, len(response.body))") if command == "shell" else ()

    done = scrapy(folder, command, "--nolog", *extra, url)

    assert done.returncode == 0, done.stderr
    assert (done.stdout.startswith("200 ") if command == "shell" else room.articles[0].title in done.stdout) is True
    assert sorted(path.name for path in folder.iterdir()) == ["connections", "watchlist.toml"]


def test_crawl_with_an_export(room: Newsroom, folder: Path) -> None:
    """`scrapy crawl outage -O out.jsonl`: the articles of that topic with their mentions, and the same in the store."""
    out = folder / "out.jsonl"

    done = scrapy(folder, "crawl", "outage", "-a", "sources=spot,thames", "-O", str(out), "-s", "LOG_LEVEL=WARNING")
    items = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    wanted = {
        room.url(piece): piece
        for piece in room.articles
        if "outage" in piece.topics and piece.outlet.id in {"spot", "thames"}
    }

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {item["url"] for item in items} == set(wanted)
    assert len(items) == len(wanted) > 2
    for item in items:
        assert item["title"] == wanted[item["url"]].title
        assert datetime.fromisoformat(item["published"]) == wanted[item["url"]].published  # so it has a zone
        assert {mention["brand_id"] for mention in item["mentions"]} <= wanted[item["url"]].brands
        assert item["mentions"][0]["sentence"]
    stored = rows(folder / "watchlist.toml", "SELECT url FROM articles")
    assert sorted(url for (url,) in stored) == sorted(wanted)
    assert rows(folder / "watchlist.toml", "SELECT status FROM runs") == [("finished",)]
    assert {line.split()[1] for line in connections(folder)} <= {outlet.address for outlet in room.outlets}
