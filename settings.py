"""Scrapy's settings: only what we change, with the reason. What a user may change stands in watchlist.toml."""

from __future__ import annotations

import sys
from pathlib import Path

# The plain `scrapy` script appends the project's folder to the path, so that an installed package named `analysis`
# would win over ours; see docs/choices.md, packaging.
sys.path.insert(0, str(Path(__file__).parent))

BOT_NAME = "presswatch"
SPIDER_MODULES = ["spiders.coverage", "spiders.outage", "spiders.campaign"]  # Scrapy imports all that it is told of
NEWSPIDER_MODULE = "spiders"

# --- Manners (RFC 9309; the delay and the name come from the watchlist, [crawl])
ROBOTSTXT_OBEY = False  # Scrapy's own reading of robots.txt; spiders.middlewares.robots takes its place
USER_AGENT = "presswatch"  # the watchlist's own, with a contact, takes its place before anything is asked
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # the delay is the least, never half of it
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 4  # Scrapy makes so many tasks for each answer, and a page has one article
CONCURRENT_REQUESTS = 64  # one a host: many hosts at once hurt none of them
SCHEDULER = "spiders.scheduler.FairScheduler"  # no host gets more slots than that, whatever it does
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip",  # it alone ends in its length, so that half a page is known for one
}
DOWNLOAD_SLOTS = {  # what these services ask for: a request in 5 seconds, 24 a minute
    "api.gdeltproject.org": {"concurrency": 1, "delay": 5.5},
    "web.archive.org": {"concurrency": 1, "delay": 2.5},
}
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"

# --- Guards (each limit stops one misbehaving host from stopping the night)
DOWNLOAD_TIMEOUT = 25
DOWNLOAD_MAXSIZE = 12 * 1024 * 1024  # decompressed
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "spiders.stop.StoppableHandler",
    "https": "spiders.stop.StoppableHandler",
    **dict.fromkeys(("file", "data", "ftp", "s3")),
}
TWISTED_DNS_RESOLVER = "spiders.middlewares.addresses.GuardedResolver"
REDIRECT_MAX_TIMES = 6
URLLENGTH_LIMIT = 0  # discovery drops what is longer than 8,000 characters, and counts it
RETRY_TIMES = 1  # the next run tries again; a night does not wait for a dead host
RETRY_EXCEPTIONS = [  # without a timeout, which has cost its host's slot 25 seconds already
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
]

# --- No open ports, no surprises in the log
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"  # a page that names no brand is normal, not a warning
FEED_EXPORT_ENCODING = "utf-8"

# --- The stages after extraction, in order; one class a file (docs/how-it-works.md)
ITEM_PIPELINES = {
    "pipelines.forget.Forget": 50,
    "pipelines.match.Match": 100,
    "pipelines.deduplicate.Deduplicate": 200,
    "pipelines.score.ScoreTone": 300,
    "pipelines.store.Store": 400,
}
DOWNLOADER_MIDDLEWARES = {
    "spiders.contracts.Samples": 10,  # in `scrapy check` only
    "spiders.middlewares.addresses.GuardedAddresses": 50,  # before robots.txt is asked for
    "spiders.middlewares.archive.Archive": 60,
    "spiders.middlewares.robots.Robots": 100,
    "spiders.middlewares.manners.Manners": 555,  # hears of an answer before it is asked for again (550)
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "spiders.middlewares.whole.Whole": 590,
}
SPIDER_CONTRACTS = {  # what `scrapy check` knows beside Scrapy's own
    "spiders.contracts.Sample": 10,
    "spiders.contracts.Asks": 20,
    "spiders.contracts.Reads": 20,
}
EXTENSIONS = {
    "spiders.hosts.Hosts": 50,
    "spiders.ledger.CloseRun": 100,
    "spiders.room.Room": 200,
    "spiders.progress.Progress": 500,
}

# --- Ours
PRESSWATCH_WATCHLIST = "watchlist.toml"
PRESSWATCH_DATABASE = ""  # empty: [store] database of the watchlist
PRESSWATCH_WORKERS = 0  # processes for extraction and tone; 0: one a core
PRESSWATCH_PROGRESS = False  # a progress bar; `presswatch crawl` switches it on where stderr is a terminal
