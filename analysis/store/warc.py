"""WARC files (ISO 28500:2017, WARC 1.1), our own and CC-NEWS: read record by record, whatever is broken between them.

Libraries stop at the first damaged record, and unpack one that inflates to 500 MB as a whole. Here the file is first
cut into records, each with a limit; FastWARC then reads one record at a time. What is broken is counted, and reading
goes on at the next record that can be recognised.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.warc import WarcRecord, WarcRecordType

_GZIP = b"\x1f\x8b\x08"
_BLOCK = 1 << 16
LARGEST = 12 * 1024 * 1024
"""Bytes of a page, unpacked: as DOWNLOAD_MAXSIZE."""
_LARGEST_RECORD = LARGEST + _BLOCK
_START = re.compile(rb"WARC/1\.[01]\r\n")
_LENGTH = re.compile(rb"\r\nContent-Length:\s*(\d+)", re.IGNORECASE)
_WEB = ("http://", "https://")
SAID = ("url", "source_id", "outlet", "tier", "via", "title", "published", "modified")
"""What our archive keeps of a `Lead`."""
METADATA = "application/json; profile=presswatch-lead"
"""Type of the records in which we keep what a source said of a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Captured:
    """One page in an archive."""

    url: str
    status: int
    content_type: str
    body: bytes
    """Unpacked."""
    at: datetime
    """When it was captured; says nothing about its publication."""
    said: dict[str, Any] = field(default_factory=dict)
    """Of our own archive: what the page's source said of it (`Lead`). Empty elsewhere."""


@dataclass
class Reader:
    """Reads one file; the counts may be looked at while it does."""

    path: Path
    records: int = 0
    position: int = 0
    """Bytes of the file that have been read."""
    broken: Counter[str] = field(default_factory=Counter)
    """Records that could not be read, by reason: `truncated`, `too_large`."""

    def __iter__(self) -> Iterator[Captured]:
        said: dict[str, dict[str, Any]] = {}
        with self.path.open("rb") as file:
            for raw in self._raw(file):
                self.records += 1
                try:
                    record = WarcRecord.from_bytes(raw)
                    if record.record_type == WarcRecordType.metadata:
                        said = _lead(record)
                        continue
                    page = self._page(record, said)
                except (OSError, ValueError, zlib.error):
                    self.broken["truncated"] += 1
                    continue
                if page is not None:
                    yield page

    def _page(self, record: WarcRecord, said: dict[str, dict[str, Any]]) -> Captured | None:
        """The page of an HTTP response, or as a browser rendered it; None for other records."""
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        kind = record.headers.get("Content-Type") or ""
        rendered = record.record_type == WarcRecordType.conversion and kind.startswith("text/html")
        if not (rendered or record.record_type == WarcRecordType.response) or not url.startswith(_WEB):
            return None
        if not rendered:
            record.parse_http(auto_decode="all")
            if record.http_headers is None:
                raise ValueError("no HTTP headers")
        body = record.reader.read(LARGEST + 1)
        if len(body) > LARGEST:
            self.broken["too_large"] += 1
            return None
        return Captured(
            url=url,
            status=200 if rendered else record.http_headers.status_code or 0,
            content_type=kind if rendered else record.http_headers.get("Content-Type") or "",
            body=body,
            at=record.record_date.astimezone(UTC),
            said=said.get(url, {}),
        )

    def as_stored(self) -> Iterator[bytes]:
        """Each record as it stands in the file, unpacked; damage is passed over as by iteration."""
        with self.path.open("rb") as file:
            yield from self._raw(file)

    def _raw(self, file: BinaryIO) -> Iterator[bytes]:
        start = file.read(_BLOCK)
        file.seek(0)
        yield from self._members(file) if _GZIP in start and not _START.match(start) else self._plain(file)

    def _members(self, file: BinaryIO) -> Iterator[bytes]:
        """The members of a gzip file, one record each; after damage, on from the next gzip header."""
        rest = b""
        while rest := rest or self._read(file):
            member, found, too_large = zlib.decompressobj(31), bytearray(), False
            block, start = rest, rest[1:]
            try:
                while not member.eof:
                    if not block:
                        block = self._read(file)
                        if not block:
                            self.broken["truncated"] += 1
                            return
                        start = block
                    found += member.decompress(block, _LARGEST_RECORD)
                    block = member.unconsumed_tail
                    if len(found) > _LARGEST_RECORD:
                        too_large = True
                        found.clear()
            except zlib.error:
                self.broken["truncated"] += 1
                rest = self._next_header(file, start)
                continue
            rest = member.unused_data
            if too_large:
                self.broken["too_large"] += 1
            else:
                yield bytes(found)

    def _next_header(self, file: BinaryIO, data: bytes) -> bytes:
        """What follows from the next gzip header on."""
        while (at := data.find(_GZIP)) < 0:
            more = self._read(file)
            if not more:
                return b""
            data = data[-len(_GZIP) + 1 :] + more
        return data[at:]

    def _plain(self, file: BinaryIO) -> Iterator[bytes]:
        """The records of an uncompressed file; one whose length is a lie is skipped to the next that begins a line."""
        data = b""
        while True:
            data = self._filled(file, data, _BLOCK)
            start = _START.search(data)
            if start is None:
                if data.strip():
                    self.broken["truncated"] += 1
                    data = self._after_damage(file, data)
                    if data:
                        continue
                return
            data = data[start.start() :]
            head = data.find(b"\r\n\r\n")
            length = _LENGTH.search(data[: max(head, 0)])
            end = head + 4 + int(length[1]) if length else 0
            if length is None or end > _LARGEST_RECORD:
                self.broken["truncated" if length is None else "too_large"] += 1
                data = self._after_damage(file, data[len(start[0]) :])
                continue
            data = self._filled(file, data, end + 4)
            if len(data) < end or data[end : end + 4] not in {b"\r\n\r\n", b""}:
                self.broken["truncated"] += 1
                data = self._after_damage(file, data[len(start[0]) :])
                continue
            yield data[: end + 4]
            data = data[end + 4 :]

    def _after_damage(self, file: BinaryIO, data: bytes) -> bytes:
        while (found := _START.search(data)) is None:
            more = self._read(file)
            if not more:
                return b""
            data = data[-16:] + more
        return data[found.start() :]

    def _filled(self, file: BinaryIO, data: bytes, size: int) -> bytes:
        while len(data) < size and (more := self._read(file)):
            data += more
        return data

    def _read(self, file: BinaryIO) -> bytes:
        block = file.read(_BLOCK)
        self.position += len(block)
        return block


def _lead(record: WarcRecord) -> dict[str, dict[str, Any]]:
    """What our own archive says of the next page, by its address."""
    if record.headers.get("Content-Type") != METADATA:
        return {}
    found = json.loads(record.reader.read(_BLOCK))
    return {record.headers.get("WARC-Target-URI") or "": found if isinstance(found, dict) else {}}
