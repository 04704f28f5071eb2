"""What stands between the command line and the spiders: probing, progress, signals after the crawl."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from tests.command import ROOT, TIMEOUT, environment, line, presswatch
from tests.site import Page, Site, article, rss, site, watchlist


def listed(folder: Path, paper: Site) -> Path:
    """A feed with one article, a web page at a feed's address, a sitemap that robots.txt names, and nothing at all."""
    paper.pages["/feed"] = Page(body=rss(("/1", "Netflix"), ("/2", "Rain"), dates=("Mon, 11 Aug 2008 12:00:00 GMT",)))
    paper.pages["/1"] = Page(body=article("Netflix is well", "Netflix is well again."))
    paper.pages["/moved"] = Page(body="<html><body>We have moved</body></html>")
    paper.pages["/robots.txt"] = Page(body=f"Sitemap: {paper.url('/map.xml')}", kind="text/plain")
    return watchlist(
        folder, ("well", "feed", paper.url("/feed")), ("moved", "feed", paper.url("/moved")),
        ("named", "sitemap", paper.url("/robots.txt")), ("missing", "section", paper.url("/missing")),
        allow_private='["127.0.0.0/8"]',
    )  # fmt: skip


def test_probe(tmp_path: Path) -> None:
    """Each source once, in words; no article is asked for, nothing is written; 1 because some do not answer."""
    with site() as paper:
        path = listed(tmp_path, paper)
        done = presswatch(path, "check", "--probe")
        lines = {words[0]: words for words in map(str.split, done.stdout.splitlines()) if words}

        assert done.returncode == 1
        assert "well" in lines
        assert {"ok", "2", "2008-08-11"} <= set(lines["well"])
        assert "not_a_feed" in lines["moved"]
        assert {"ok", "1"} <= set(lines["named"])
        assert "http_404" in lines["missing"]
        assert sorted(paper.paths()) == ["/feed", "/missing", "/moved"]
        assert sorted(file.name for file in tmp_path.iterdir()) == ["connections", "watchlist.toml"]


def test_a_progress_bar_on_a_terminal_and_clean_results(tmp_path: Path) -> None:
    """The bar is on stderr and gone at the end; stdout holds the one line of result."""
    with site() as paper:
        path = listed(tmp_path, paper)
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            line(path, "crawl", "--source", "well"), cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, text=True,
            env=environment(tmp_path, TERM="xterm-256color"),
        ) as crawl:  # fmt: skip
            os.close(theirs)
            shown = _everything(ours)
            out, _ = crawl.communicate(timeout=TIMEOUT)
        os.close(ours)

        assert (crawl.returncode, out.count("\n")) == (0, 1)
        assert out.startswith("1 of 1 sources answered; 2 links, 1 pages fetched, 1 articles stored, 1 failed")
        assert "crawl" in shown
        assert "Traceback" not in shown


def _everything(terminal: int) -> str:
    """What was shown until the other side closed."""
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # EIO: closed
            piece = b""
        if not piece:
            return shown.decode("utf-8", "replace")
        shown += piece


def test_after_the_crawl_signals_mean_what_they_always_mean(tmp_path: Path) -> None:
    """Else nobody could stop the report of `presswatch nightly`."""
    program = """
import signal, sys
import presswatch
from scrapy import Spider
from analysis.console.front import Front
from spiders.process import process
from pathlib import Path

class Nothing(Spider):
    name = "nothing"
    async def start(self):
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        for request in ():
            yield request

engine = process(Front(watchlist_path=Path(sys.argv[1])), ITEM_PIPELINES={})
engine.crawl(engine.create_crawler(Nothing))
engine.run()
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
signal.raise_signal(signal.SIGTERM)
"""
    path = watchlist(tmp_path, ("paper", "feed", "http://paper.example/feed"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(path)],
        cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (-signal.SIGTERM, "")
