"""Every fetched article page is kept as WARC 1.1, so that its text can be read and scored again without the web.

Files lie beside the database, `<name>.archive/<run>-<number>.warc.gz`; one that is being written ends in `.open`. Each
record is a gzip member of its own: what a kill leaves is a torn last member, which readers pass over.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO, FileIO
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from fastwarc.warc import WarcRecord, WarcRecordType
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response

from analysis.items import Lead
from analysis.store.database import beside
from analysis.store.warc import METADATA, SAID
from analysis.watchlist import load
from spiders.middlewares.robots import product_token
from spiders.middlewares.whole import PACKED
from spiders.optout import opted_out

PAGES_A_FILE = 5000  # as Media Cloud's story-indexer rotates
BYTES_A_FILE = 1 << 30  # as CC-NEWS does
RENDERED = "playwright"
"""Flag of an answer that is a page after its scripts ran."""
_QUICK = 1  # bodies are packed already, most of them


class Archive:
    """Outermost of the guards, so that it sees what the spider sees: pages that came whole, after redirects."""

    def __init__(self, folder: Path, token: str = "*", licensed: Collection[str] = ()) -> None:
        """
        token: our name in what publishers ask of machines
        licensed: sources whose pages may be kept whatever they ask
        """
        self.folder, self.token, self.licensed = folder, token, frozenset(licensed)
        self._file: FileIO | None = None
        self._path = folder
        self._number = self._pages = 0
        self._run = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        watchlist = load(Path(crawler.settings["PRESSWATCH_WATCHLIST"]))
        if not watchlist.crawl.archive or watchlist.store.text == "snippet":  # a page is more than a snippet
            raise NotConfigured
        database = Path(crawler.settings["PRESSWATCH_DATABASE"] or watchlist.store.database)
        licensed = [source.id for source in watchlist.sources if source.licensed]
        archive = cls(beside(database, ".archive"), product_token(watchlist.crawl.user_agent), licensed)
        crawler.signals.connect(archive.close, signals.spider_closed)
        return archive

    def process_response(self, request: Request, response: Response) -> Response:
        """Keeps an article page that came with 200, unless it asks machines not to."""
        lead = request.cb_kwargs.get("lead")
        if response.status == 200 and isinstance(lead, Lead) and lead.source_id and self._may_keep(lead, response):
            self.keep(request, response, lead)
        return response

    def _may_keep(self, lead: Lead, response: Response) -> bool:
        return lead.source_id in self.licensed or opted_out(response, self.token) is None

    def keep(self, request: Request, response: Response, lead: Lead) -> None:
        """Writes what the source said of the page, and the page as it was sent."""
        file = self._file or self._open()
        at = datetime.now(UTC)
        said = {name: getattr(lead, name) for name in SAID}
        if RENDERED in response.flags:  # not what was sent, so it is no response (WARC 1.1, 6.7)
            page = _record(WarcRecordType.conversion, response.body, "text/html; charset=utf-8", at, response.url)
        else:
            payload = _http(request, response)
            page = _record(WarcRecordType.response, payload, "application/http; msgtype=response", at, response.url)
        if response.ip_address:
            page.headers["WARC-IP-Address"] = str(response.ip_address)
        about = _record(WarcRecordType.metadata, json.dumps(said, default=str).encode(), METADATA, at, response.url)
        about.headers["WARC-Refers-To"] = page.headers["WARC-Record-ID"]
        file.write(_member(about) + _member(page))
        self._pages += 1
        if self._pages >= PAGES_A_FILE or file.tell() >= BYTES_A_FILE:
            self.close()

    def close(self) -> None:
        """The file is whole: it loses its `.open`."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._path.replace(self._path.with_suffix(""))

    def _open(self) -> FileIO:
        self.folder.mkdir(0o700, parents=True, exist_ok=True)
        self._number += 1
        self._pages = 0
        self._path = self.folder / f"{self._run}-{self._number:05}.warc.gz.open"
        self._file = FileIO(self._path, "x")
        about = f"software: presswatch/{_version()}\r\nformat: WARC File Format 1.1\r\n"
        record = _record(WarcRecordType.warcinfo, about.encode(), "application/warc-fields", datetime.now(UTC))
        record.headers["WARC-Filename"] = self._path.with_suffix("").name
        self._file.write(_member(record))
        return self._file


def _record(kind: Any, content: bytes, media_type: str, at: datetime, url: str = "") -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    record.headers["WARC-Date"] = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    record.headers["Content-Type"] = media_type
    if url:
        record.headers["WARC-Target-URI"] = url
    record.set_bytes_content(content)
    if kind == WarcRecordType.response:
        record.is_http = True
        record.parse_http()
    return record


def _http(request: Request, response: Response) -> bytes:
    """The answer with its headers, its body as it was sent: packed, where it came packed."""
    packed: bytes | None = request.meta.get(PACKED)
    body = response.body if packed is None else packed
    fields = [(name, value) for name, values in response.headers.items() for value in values
              if name not in {b"Content-Length", b"Transfer-Encoding"}]  # fmt: skip
    fields.append((b"Content-Length", str(len(body)).encode()))
    if packed is not None:
        fields.append((b"Content-Encoding", b"gzip"))
    head = b"".join(b"%s: %s\r\n" % field for field in fields)
    return b"HTTP/1.1 %d OK\r\n%s\r\n%s" % (response.status, head, body)


def _member(record: WarcRecord) -> bytes:
    plain = BytesIO()
    record.write(plain, checksum_data=True)
    packer = zlib.compressobj(_QUICK, zlib.DEFLATED, 31)
    return packer.compress(plain.getvalue()) + packer.flush()


def _version() -> str:
    try:
        return version("presswatch")
    except PackageNotFoundError:
        return "checkout"
