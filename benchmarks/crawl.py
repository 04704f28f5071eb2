"""What a crawl costs beside a bare Scrapy spider that only downloads the same pages, in one run of this program.

    python benchmarks/crawl.py [--feeds 2000] [--pages 20000] [--named 5] [--hosts 16]

Pages of 50 KB, packed, over 16 addresses of loopback, served by processes of their own whose time does not count. Of
the pages a twentieth names a watched brand. Both crawls run one after the other in processes of their own; counted is
their processor time, workers included, and the peak of their memory together. Wall time says little on a shared
machine; it is printed for pages a minute.

The goal (docs/choices.md): at most 1.6 times the processor time of the bare spider where 5% of pages name a brand.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.memory import memory
from tests.site import watchlist

WORDS = (
    "the company said on monday that its plans for the coming year would not change although analysts had expected "
    "more from a market which has been slow since spring and may remain so until the new rules are in force"
).split()
SIZE = 50_000


def page(number: int, named: bool) -> bytes:
    """A page of 50 KB: mark-up and script, and an article of some 600 words among them."""
    chance = random.Random(number)
    sentences = [" ".join(chance.choices(WORDS, k=16)).capitalize() + "." for _ in range(40)]
    if named:
        sentences[3] = "Netflix said that the outage of its service was over."
    text = "".join(f"<p>{' '.join(sentences[n : n + 4])}</p>" for n in range(0, 40, 4))
    title = f"{'Netflix outage' if named else 'Report'} number {number}"
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    link = '<li class="nav-item"><a class="nav-link" href="/section/{0}">Section {0}</a></li>'.format
    links = "".join(link(chance.randrange(10**9)) for _ in range(150))
    script = "".join(f"var v{n}={chance.random()};" for n in range(900))
    body = f"</head><body><ul>{links}</ul><article><h1>{title}</h1>{text}</article><script>{script}"
    return (head + body).ljust(SIZE - 27, " ").encode() + b"</script></body></html>"


def answers(host: int, port: int, arguments: argparse.Namespace) -> dict[bytes, bytes]:
    """All that one address serves: its share of feeds and pages."""
    found: dict[bytes, bytes] = {b"/robots.txt": answer(b"", b"text/plain", packed=False)}
    feeds, pages = arguments.feeds // arguments.hosts, arguments.pages // arguments.hosts
    now = datetime.now(UTC)
    for feed in range(feeds):
        items = []
        for number in range(feed * pages // feeds, (feed + 1) * pages // feeds):
            found[b"/%d" % number] = answer(page(host * 10**6 + number, number % 100 < arguments.named), b"text/html")
            when = format_datetime(now - timedelta(minutes=number % 1000))
            url = f"http://127.10.{host}.1:{port}/{number}"
            items.append(f"<item><title>Report {number}</title><link>{url}</link><pubDate>{when}</pubDate></item>")
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{"".join(items)}</channel></rss>'
        found[b"/feed/%d" % feed] = answer(body.encode(), b"application/rss+xml")
    return found


def answer(body: bytes, kind: bytes, *, packed: bool = True) -> bytes:
    """A whole HTTP answer."""
    body = gzip.compress(body, 6) if packed else body
    coding = b"Content-Encoding: gzip\r\n" if packed else b""
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s" % (kind, coding, len(body), body)


def serve(host: int, arguments: argparse.Namespace, ready: multiprocessing.Queue[tuple[int, int]]) -> None:
    """One address in a process of its own."""

    async def run() -> None:
        found: dict[bytes, bytes] = {}

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(found.get(request.split(b" ", 2)[1], b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
                await writer.drain()

        async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await talk(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        server = await asyncio.start_server(quietly, f"127.10.{host}.1", 0)
        port = server.sockets[0].getsockname()[1]
        found |= answers(host, port, arguments)
        ready.put((host, port))
        await server.serve_forever()

    asyncio.run(run())


BARE = """
import json, sys, scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in json.load(open(sys.argv[1])):
            yield scrapy.Request(url, dont_filter=True)
    def parse(self, response):
        pass
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
    "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "COOKIES_ENABLED": False})
process.crawl(Bare)
process.start()
"""


def measured(command: list[str], folder: Path) -> dict[str, float]:
    """Processor seconds of a process with its children, wall seconds, and the peak of their memory together in MB."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(command, cwd=folder)
    peak = 0.0
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.25):
            peak = max(peak, memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    over.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert status == 0, f"{command} ended with {status}"
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": used, "wall_s": time.monotonic() - begun, "peak_mb": peak}


def main() -> None:
    """Serve, crawl twice, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in {"feeds": 64, "pages": 1600, "named": 5, "hosts": 16}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--no-archive", action="store_true", help="without the WARC files")
    arguments = parser.parse_args()
    ready: multiprocessing.Queue[tuple[int, int]] = multiprocessing.Queue()
    servers = [
        multiprocessing.Process(target=serve, args=(host, arguments, ready), daemon=True)
        for host in range(arguments.hosts)
    ]
    for server in servers:
        server.start()
    ports = dict(ready.get(timeout=1800) for _ in servers)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        feeds = [(host, feed) for host in ports for feed in range(arguments.feeds // arguments.hosts)]
        pages = [(host, n) for n in range(arguments.pages // arguments.hosts) for host in ports]
        sources = [(f"s{h}-{f}", "feed", f"http://127.10.{h}.1:{ports[h]}/feed/{f}") for h, f in feeds]
        urls = [url for _, _, url in sources] + [f"http://127.10.{h}.1:{ports[h]}/{n}" for h, n in pages]
        (folder / "urls.json").write_text(json.dumps(urls))
        (folder / "bare.py").write_text(BARE)
        path = watchlist(
            folder, *sources, allow_private='["127.10.0.0/16"]', archive=str(not arguments.no_archive).lower()
        )
        os.environ["OMP_NUM_THREADS"] = "1"
        bare = measured([sys.executable, "bare.py", "urls.json"], folder)
        ours = measured(
            [sys.executable, str(ROOT / "presswatch.py"), "--quiet", "--watchlist", str(path), "crawl"], folder
        )
    for who, figures in (("bare Scrapy spider", bare), ("presswatch crawl", ours)):
        rate = len(urls) / figures["wall_s"] * 60
        print(f"{who}: {figures['cpu_s']:.1f} CPU s, {1000 * figures['cpu_s'] / len(urls):.2f} CPU ms a page, "
              f"{rate:,.0f} pages a minute here, peak {figures['peak_mb']:.0f} MB")  # fmt: skip
    ratio = ours["cpu_s"] / bare["cpu_s"]
    print(f"{len(feeds)} feeds, {len(pages)} pages of {SIZE / 1000:.0f} KB, {arguments.named}% name a brand:")
    print(f"{ratio:.2f} times the processor time of the bare spider; the goal is 1.6")


if __name__ == "__main__":
    main()
