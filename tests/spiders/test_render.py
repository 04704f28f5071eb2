"""Sources with `render = true`: a real Chromium runs the scripts of a real publisher's pages, and goes nowhere else."""

from __future__ import annotations

import asyncio
import signal
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from spiders.middlewares.addresses import Allowed
from spiders.render.way_out import WayOut
from tests.command import environment, presswatch, rows, started
from tests.site import PATIENCE, Canary, Page, Site, article, canary, rss, site, watchlist

SENTENCE = "Netflix has an outage for the third day."
# The text comes from elsewhere after the page has loaded, as in an app of one page.
SHELL = """<!doctype html><html lang="en"><head><title>Paper</title></head><body><div id="app"></div><script>
setTimeout(async () => {{
  {first}
  const answer = await fetch("{path}");
  document.documentElement.innerHTML = await answer.text();
}}, 700);
</script></body></html>"""
# All that a page can do to make a browser knock somewhere.
KNOCKS = """
  for (const url of {urls}) {{
    fetch(url).catch(() => 0);
    new Image().src = url;
    for (const [tag, key] of [["iframe", "src"], ["script", "src"], ["link", "href"], ["object", "data"]]) {{
      const made = document.createElement(tag);
      made.rel = "stylesheet"; made[key] = url; document.body.append(made);
    }}
    navigator.sendBeacon(url, "x");
    try {{ new WebSocket(url.replace("http", "ws")); new EventSource(url); window.open(url); }} catch (_) {{}}
    try {{ new RTCPeerConnection({{iceServers: [{{urls: url.replace("http://", "stun:").replace(/[/]$/, "")}}]}})
      .createDataChannel("x"); }} catch (_) {{}}
  }}
  await new Promise(done => setTimeout(done, 1500));
"""


@dataclass
class Crawled:
    """What a crawl of two publishers did, of which one is rendered."""

    path: Path
    paper: Site
    visits: list[str]
    said: str
    reasons: dict[str, str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Pages made by scripts, one that knocks at private addresses, some that lead there or to a local file."""
    folder = tmp_path_factory.mktemp("render")
    with site() as paper, site() as plain, canary() as bird:
        _publish(paper, bird)
        plain.pages["/feed"] = Page(body=rss(("/1", "Paper")), kind="application/rss+xml")
        plain.pages["/1"] = paper.pages["/1"]
        plain.pages["/api/1"] = paper.pages["/api/1"]
        path = watchlist(
            folder, ("plain", "feed", plain.url("/feed")), ("app", "section", paper.url("/news")),
            allow_private=f'["127.0.0.1:{paper.port}", "127.0.0.1:{plain.port}"]',
        )  # fmt: skip
        path.write_text(path.read_text().replace('kind = "section"', 'kind = "section"\nrender = true'))
        done = presswatch(path, "crawl")
        known = rows(path, "SELECT url, coalesce(reason, state) FROM private.urls")
        yield Crawled(path, paper, bird.visits(), done.stderr, {url.rpartition("/")[2]: why for url, why in known})


def _publish(paper: Site, bird: Canary) -> None:
    names = ("outage-goes-on-for-a-third-day", "outage-and-the-neighbours-of-ours", "outage-leads-us-elsewhere-now",
             "outage-opens-a-file-of-yours-now", "outage-leads-us-elsewhere-by-tls")  # fmt: skip
    links = "".join(f'<h2><a href="/news/{name}">Netflix {name.replace("-", " ")}</a></h2>' for name in names)
    paper.pages["/news"] = Page(body=SHELL.format(first="", path="/list"))
    paper.pages["/list"] = Page(body=f"<head><title>News</title></head><body><main>{links}</main></body>")
    urls = [f"http://{host}:{bird.port}/" for host in ("127.0.0.1", "127.0.0.2", "localhost", "2130706433", "0x7f.1")]
    paper.pages[f"/news/{names[0]}"] = paper.pages["/1"] = Page(body=SHELL.format(first="", path="/api/1"))
    paper.pages[f"/news/{names[1]}"] = Page(body=SHELL.format(first=KNOCKS.format(urls=urls), path="/api/2"))
    paper.pages[f"/news/{names[2]}"] = Page(status=302, headers={"Location": f"http://127.0.0.2:{bird.port}/"})
    paper.pages[f"/news/{names[4]}"] = Page(status=302, headers={"Location": f"https://127.0.0.2:{bird.port}/"})
    paper.pages[f"/news/{names[3]}"] = Page(
        body='<html><body>Netflix<script>location = "file:///etc/hostname"</script></body></html>'
    )
    for number in (1, 2):
        paper.pages[f"/api/{number}"] = Page(body=article(f"Netflix outage, day {number}", SENTENCE))


def test_what_scripts_write_is_read(crawled: Crawled) -> None:
    """The list of the source and its articles; the same page of a source without `render` shows nothing."""
    found = rows(crawled.path, "SELECT source_id, title FROM articles ORDER BY title")

    assert found == [("app", "Netflix outage, day 1"), ("app", "Netflix outage, day 2")], crawled.said
    assert crawled.reasons["1"] == "no_name"


def test_the_browser_knocks_nowhere_else(crawled: Crawled) -> None:
    """Not one connection to an address that is private and not allowed, by whatever means a page has."""
    assert crawled.visits == []
    assert crawled.reasons["outage-leads-us-elsewhere-now"] == "blocked_address"
    assert crawled.reasons["outage-leads-us-elsewhere-by-tls"] == "blocked_address"


def test_no_local_file_is_opened(crawled: Crawled) -> None:
    """Scripts cannot lead the browser to one."""
    assert crawled.reasons["outage-opens-a-file-of-yours-now"] != "stored"
    assert rows(crawled.path, "SELECT count(*) FROM articles WHERE url LIKE 'file:%'") == [(0,)]


def test_it_says_who_asks(crawled: Crawled) -> None:
    """As every other request of ours; robots.txt was asked first."""
    assert crawled.paper.asked[0].path == "/robots.txt"
    assert {asked.headers["user-agent"] for asked in crawled.paper.asked} == {
        "presswatch-test (+mailto:tests@example.com)"
    }


def test_the_archive_keeps_the_page_as_it_was_read(crawled: Crawled, tmp_path: Path) -> None:
    """Another store made from it has the same articles, without browser and web."""
    other = tmp_path / "watchlist.toml"
    other.write_text(crawled.path.read_text())
    files = crawled.path.with_suffix(".archive").glob("*.warc.gz")
    done = presswatch(other, "backfill", "warc", *map(str, files))

    assert done.returncode == 0, done.stderr
    query = "SELECT url, title FROM articles ORDER BY url"
    assert rows(other, query) == rows(crawled.path, query)


def test_without_a_browser_it_says_so(crawled: Crawled, tmp_path: Path) -> None:
    """One line, before anything is asked."""
    path = tmp_path / "watchlist.toml"
    path.write_text(crawled.path.read_text())
    done = presswatch(path, "crawl", PATH=str(tmp_path))

    assert done.returncode == 2
    assert done.stderr == "presswatch: source app: render needs Chromium; type: sudo apt-get install chromium\n"
    assert presswatch(path, "crawl", "--source", "plain", PATH=str(tmp_path)).returncode != 2


def test_without_the_extra_all_else_works(crawled: Crawled, tmp_path: Path) -> None:
    """Where neither package is installed, other sources are crawled, and this one says what it needs."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    guard = Path(environment(tmp_path)["PYTHONPATH"]) / "sitecustomize.py"
    missing = "import sys\nsys.modules['playwright'] = sys.modules['scrapy_playwright'] = None\n"
    (hidden / "sitecustomize.py").write_text(f"{guard.read_text()}\n{missing}")
    path = tmp_path / "watchlist.toml"
    path.write_text(crawled.path.read_text())
    plain = presswatch(path, "crawl", "--source", "plain", PYTHONPATH=str(hidden))
    wanted = presswatch(path, "crawl", PYTHONPATH=str(hidden))

    assert (plain.returncode, plain.stderr) == (0, "")
    assert (wanted.returncode, len(wanted.stderr.splitlines())) == (2, 1)
    assert "pip install" in wanted.stderr


@pytest.mark.slow
def test_a_page_whose_scripts_never_end(tmp_path: Path) -> None:
    """It costs its own time; the other page is stored, and no browser is left behind."""
    with site() as paper:
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix"), ("/2", "Netflix")), kind="application/rss+xml")
        paper.pages["/1"] = Page(body="<html><body>Netflix<script>for (;;) {}</script></body></html>")
        paper.pages["/2"] = Page(body=article("Netflix outage", SENTENCE))
        path = watchlist(tmp_path, ("app", "feed", paper.url("/feed")), allow_private=f'["127.0.0.1:{paper.port}"]')
        path.write_text(path.read_text().replace('kind = "feed"', 'kind = "feed"\nrender = true'))
        presswatch(path, "crawl")

    reasons = dict(rows(path, "SELECT url, reason FROM private.urls"))
    assert reasons == {paper.url("/1"): "timeout", paper.url("/2"): "stored"}
    assert _browsers_of(tmp_path) == []


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.slow), signal.SIGKILL])
def test_no_browser_outlives_the_crawl(tmp_path: Path, number: signal.Signals) -> None:
    """However it ends, in the middle of a page."""
    with site() as paper:
        paper.pages["/feed"] = Page(body=rss(("/1", "Netflix")), kind="application/rss+xml")
        paper.pages["/1"] = Page(body=SHELL.format(first="", path="/api/1"))
        paper.pages["/api/1"] = Page(body=article("Netflix outage", SENTENCE))
        gate = paper.held("/api/1")
        path = watchlist(tmp_path, ("app", "feed", paper.url("/feed")), allow_private=f'["127.0.0.1:{paper.port}"]')
        path.write_text(path.read_text().replace('kind = "feed"', 'kind = "feed"\nrender = true'))
        with started(path, "crawl") as process:
            assert gate.reached.wait(PATIENCE)
            before = _browsers_of(tmp_path)
            process.send_signal(number)
            process.wait(PATIENCE)
            gate.opened.set()

    assert before
    _until(lambda: not _browsers_of(tmp_path))


def _browsers_of(folder: Path) -> list[int]:
    """Processes of Chromium that were started by a crawl in this folder: they have its environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (
                b"chrom" in (process / "cmdline").read_bytes()
                and str(folder).encode() in (process / "environ").read_bytes()
            ):
                found.append(int(process.name))
    return found


def _until(holds: Callable[[], bool]) -> None:
    """Waits for it; the test's own limit of time ends one that never comes."""
    while not holds():
        time.sleep(0.05)


def test_a_second_request_never_follows_the_first_to_another_host() -> None:
    """What comes after a request and its body stays with the proxy, whatever the far host says of the connection."""

    async def asked() -> bytes:
        heard = bytearray()

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while block := await reader.read(1024):
                heard.extend(block)
                if b"body" in heard:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")
                    break
            writer.close()

        async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            way_out = WayOut(Allowed([f"127.0.0.1:{port}"]), most=10_000)
            await way_out.start()
            where = urlsplit(way_out.address["server"])
            word = b64encode(f"{way_out.address['username']}:{way_out.address['password']}".encode()).decode()
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
            first = (
                f"POST http://127.0.0.1:{port}/a HTTP/1.1\r\nProxy-Authorization: Basic {word}\r\nContent-Length: 4\r\n"
            )
            writer.write(f"{first}\r\nbodyGET http://elsewhere.example/secret HTTP/1.1\r\n\r\n".encode())
            await reader.read()
            writer.close()
            await writer.wait_closed()
            way_out.close()
        return bytes(heard)

    heard = asyncio.run(asked())
    assert heard.startswith(b"POST /a HTTP/1.1\r\n")
    assert heard.endswith(b"\r\n\r\nbody")
    assert b"Proxy-" not in heard
