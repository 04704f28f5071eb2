"""WARC: what we write can be read, by us and by FastWARC; what is broken costs itself and nothing after it (A1, A2)."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import HtmlResponse, Request

from analysis.items import Lead
from analysis.store.warc import LARGEST, Reader
from spiders.middlewares.archive import Archive
from spiders.middlewares.whole import PACKED

PAGES = 10


def lead(number: int) -> Lead:
    """A link with all that a source can say."""
    return Lead(url=f"http://paper.example/{number}", source_id="paper", outlet="The Paper", tier=1, via="sitemap",
                title=f"Netflix – {number}", published=datetime(2008, 8, 12, number, tzinfo=UTC))  # fmt: skip


def body(number: int) -> bytes:
    """A page that no two records share."""
    return f"<html><body>Netflix {number} {'€' * 50}</body></html>".encode()


def archived(folder: Path, pages: int = PAGES) -> Path:
    """A file of ours with so many pages, every other of which came packed."""
    archive = Archive(folder)
    for number in range(pages):
        packed = {PACKED: gzip.compress(body(number))} if number % 2 else {}
        request = Request(lead(number).url, cb_kwargs={"lead": lead(number)}, meta=packed)
        headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'}
        archive.process_response(request, HtmlResponse(request.url, body=body(number), headers=headers))
    archive.close()
    (path,) = folder.glob("*.warc.gz")
    return path


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of such a file."""
    return archived(tmp_path_factory.mktemp("warc")).read_bytes()


def numbers(path: Path) -> tuple[list[int], Reader]:
    """Which of our pages a file gives, whole."""
    reader = Reader(path)
    found = [int(page.url.rpartition("/")[2]) for page in reader]
    assert all(0 <= number < PAGES for number in found)
    return found, reader


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Body, type, time, and what the source said."""
    before = datetime.now(UTC)
    pages = list(Reader(archived(tmp_path)))

    assert [page.body for page in pages] == [body(n) for n in range(PAGES)]
    assert {(page.status, page.content_type) for page in pages} == {(200, "text/html; charset=utf-8")}
    assert all(before <= page.at <= datetime.now(UTC) for page in pages)
    assert pages[3].said["published"] == "2008-08-12 03:00:00+00:00"
    assert (pages[3].said["outlet"], pages[3].said["title"], pages[3].said["tier"]) == ("The Paper", "Netflix – 3", 1)


def test_digests_are_right_by_the_word_of_another_reader(tmp_path: Path) -> None:
    """FastWARC finds a warcinfo, and two records a page, with digests that fit."""
    with archived(tmp_path).open("rb") as file:
        kinds = []
        for record in ArchiveIterator(file, parse_http=False):
            kinds.append(record.record_type)
            if record.record_type == WarcRecordType.response:
                assert record.verify_block_digest()
                record.parse_http()
                assert record.verify_payload_digest()

    assert kinds == [WarcRecordType.warcinfo, *[WarcRecordType.metadata, WarcRecordType.response] * PAGES]


def test_a_file_is_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many pages; none is left open, each can be read alone."""
    monkeypatch.setattr("spiders.middlewares.archive.PAGES_A_FILE", 4)
    archive = Archive(tmp_path)
    for number in range(PAGES):
        request = Request(lead(number).url, cb_kwargs={"lead": lead(number)})
        archive.process_response(request, HtmlResponse(request.url, body=body(number)))
    archive.close()

    assert [len(list(Reader(path))) for path in sorted(tmp_path.iterdir())] == [4, 4, 2]


@settings(max_examples=30, deadline=None)
@given(at=st.floats(0, 0.999), size=st.integers(1, 40), data=st.data())
def test_damage_costs_the_records_it_touches(
    ours: bytes, tmp_path_factory: pytest.TempPathFactory, at: float, size: int, data: st.DataObject
) -> None:
    """A1: some bytes changed, anywhere: at most two pages are lost, in order and counted."""
    place = int(at * len(ours))
    noise = data.draw(st.binary(min_size=size, max_size=size))
    path = tmp_path_factory.mktemp("damaged") / "x.warc.gz"
    path.write_bytes(ours[:place] + noise + ours[place + size :])
    found, reader = numbers(path)

    assert found == sorted(set(found))
    assert len(found) >= PAGES - 2
    if len(found) < PAGES:
        assert reader.broken.total() > 0


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_is_cut(ours: bytes, tmp_path: Path, packed: bool) -> None:
    """A1: what came before stands; the torn record is counted."""
    data = ours if packed else gzip.decompress(ours)
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(data[: len(data) * 2 // 3])
    found, reader = numbers(path)

    assert found == list(range(len(found)))
    assert 5 <= len(found) < PAGES
    assert reader.broken == {"truncated": 1}


def test_a_length_that_is_a_lie_swallows_nothing(ours: bytes, tmp_path: Path) -> None:
    """A1: in an uncompressed file; the records after it are read."""
    plain = gzip.decompress(ours).split(b"WARC/1.1\r\n")
    plain[9] = plain[9].replace(b"Content-Length: ", b"Content-Length: 9", 1)
    path = tmp_path / "lie.warc"
    path.write_bytes(b"WARC/1.1\r\n".join(plain))
    found, reader = numbers(path)

    assert found == [n for n in range(PAGES) if n != 3]
    assert reader.broken.total() == 1


def test_a_record_that_inflates_without_end(ours: bytes, tmp_path: Path) -> None:
    """A2: as a record and as a packed body: too_large, and the next is read."""
    head = (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://paper.example/9\r\nWARC-Date: 2008-08-12T00:00:00Z"
    )
    zeros = bytes(4 * LARGEST)
    packed = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(zeros, 1)
    bombs = [
        gzip.compress(head + b"\r\nContent-Length: %d\r\n\r\n" % len(zeros) + zeros, 1),
        gzip.compress(head + b"\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
                      + b"\r\n\r\n"),
    ]  # fmt: skip
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(b"".join(bombs) + ours)
    found, reader = numbers(path)

    assert found == list(range(PAGES))
    assert reader.broken == {"too_large": 2}


@settings(max_examples=30, deadline=None)
@given(
    st.binary(max_size=300)
    | st.binary(max_size=300).map(lambda b: b"\x1f\x8b\x08" + b)
    | st.binary(max_size=99).map(zlib.compress)
)
def test_any_bytes_are_read_to_their_end(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    """Nothing raises, nothing hangs."""
    path = tmp_path_factory.mktemp("junk") / "x.warc.gz"
    path.write_bytes(junk)

    assert list(Reader(path)) == []
