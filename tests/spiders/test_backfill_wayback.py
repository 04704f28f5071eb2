"""`presswatch backfill wayback` and `gdelt`, and the API of GDELT, on answers of the services' own form (A3, A4): with
429, cut answers, error pages, missing files, and taken up after a stop."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from tests.command import presswatch, rows
from tests.hostile import Hostile, answer, hostile
from tests.site import article, rss, watchlist

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # several runs of the program each
PUBLISHED = '<meta property="article:published_time" content="2008-08-12T09:30:00-07:00">'


def story(number: int, brand: str = "Netflix") -> bytes:
    """An article of August 2008 that says so."""
    page = article(f"{brand} outage, part {number}", f"The {brand} outage went on, part {number}.")
    return page.replace("</head>", f"{PUBLISHED}</head>").encode()


def listed(*paths: str, key: str = "") -> bytes:
    """An answer of the CDX server."""
    lines = [f"2008082{n % 9}120000 http://paper.example{path} DIGEST{n} 4321" for n, path in enumerate(paths)]
    return answer(("\n".join(lines) + "\n" + (f"\n{key}\n" if key else "")).encode(), kind="text/plain")


class Archive:
    """The Wayback Machine, on loopback: a listing of two parts, three captures."""

    def __init__(self, server: Hostile) -> None:
        self.server = server
        self.paths = ("/2008/08/11/netflix-outage-1", "/2008/08/12/netflix-outage-2", "/2008/08/12/netflix-outage-3")

    def asked_for(self, part: str) -> list[str]:
        """The requests with `part` in their path."""
        return [path for path, _ in self.server.asked if part in path]

    def serve(self, first: str, second: str) -> None:
        """first, second: the addresses of the two parts of the listing, as they are asked for."""
        limited = iter([answer(b"Too many requests", "429 Too Many Requests", Retry_After="1")])
        parts = {first: listed(*self.paths[:2], "/", "/style.css", key="com,example)/2008/08/12+20080812"),
                 second: listed(self.paths[2])}  # fmt: skip
        self.server.answers |= parts
        self.server.answers[first] = lambda connection: connection.sendall(next(limited, parts[first]))
        for number, path in enumerate(self.paths):
            stamp = f"2008082{number % 2}120000" if number < 2 else "20080820120000"
            self.server.answers[f"/web/{stamp}id_/http://paper.example{path}"] = answer(story(number))


def cdx(more: str = "") -> str:
    """The query that is sent for the watchlist's source."""
    return (
        "/cdx/search/cdx?url=paper.example%2F2008%2F&matchType=prefix&from=20080801&to=20080915"
        "&fl=timestamp%2Coriginal%2Cdigest%2Clength&collapse=urlkey&limit=2000&showResumeKey=true"
        f"&filter=statuscode%3A200&filter=mimetype%3Atext%2Fhtml{more}"
    )


def test_wayback(tmp_path: Path) -> None:
    """429 is waited for, both parts are listed, home page and style sheet left out; the date of the page is not that of
    its capture; a capture that broke off is the only one asked for by a second start."""
    with hostile("127.9.2.1") as server:
        archive = Archive(server)
        archive.serve(cdx(), cdx("&resumeKey=com%2Cexample%29%2F2008%2F08%2F12%2B20080812"))
        whole = server.answers[f"/web/20080821120000id_/http://paper.example{archive.paths[1]}"]
        assert isinstance(whole, bytes)
        server.answers[f"/web/20080821120000id_/http://paper.example{archive.paths[1]}"] = whole[:-200]
        path = watchlist(tmp_path, ("old", "wayback", "http://paper.example/2008/"), allow_private='["127.9.0.0/16"]')
        days = ("--from", "2008-08-01", "--to", "2008-09-15", "--endpoint", server.url().rstrip("/"))

        plan = presswatch(path, "backfill", "wayback", *days, "--dry-run")
        fetched_by_plan = archive.asked_for("/web/")
        first = presswatch(path, "backfill", "wayback", *days)
        server.answers[f"/web/20080821120000id_/http://paper.example{archive.paths[1]}"] = whole
        before = len(archive.asked_for("/web/"))
        second = presswatch(path, "backfill", "wayback", *days)

        assert fetched_by_plan == []
        assert "wayback: 3 pages, 3 of them to fetch, about 1 minutes" in plan.stderr
        assert first.returncode == 0
        assert "3 pages, 1 of them to fetch" in second.stderr
        assert len(archive.asked_for("/web/")) == before + 1
        found = rows(path, "SELECT url, outlet, published_at, published_source, fetched_at FROM articles ORDER BY url")
        assert [row[0] for row in found] == [f"http://paper.example{page}" for page in archive.paths]
        assert {row[2:4] for row in found} == {(datetime(2008, 8, 12, 16, 30, tzinfo=UTC), "meta")}
        assert {row[4].date().isoformat() for row in found} == {"2008-08-20", "2008-08-21"}
        assert {row[1] for row in found} == {"The old"}


def test_an_error_page_instead_of_a_listing(tmp_path: Path) -> None:
    """Named, exit status 3; the lines of a broken list that are whole count."""
    with hostile("127.9.2.2") as server:
        path = watchlist(tmp_path, ("old", "wayback", "http://paper.example/2008/"), allow_private='["127.9.0.0/16"]')
        days = ("--from", "2008-08-01", "--to", "2008-09-15", "--endpoint", server.url().rstrip("/"))
        server.answers[cdx()] = answer(b"<html><body>504 Gateway Time-out</body></html>")
        failed = presswatch(path, "backfill", "wayback", *days)
        good = "20080812120000 http://paper.example/2008/08/12/netflix-outage-2 D 1\n"
        server.answers[cdx()] = answer(f"{good}2008081212 http://pa\ngarbage\n".encode(), kind="text/plain")
        partly = presswatch(path, "backfill", "wayback", *days, "--dry-run")

        assert failed.returncode == 3
        assert "not_a_listing" in failed.stderr
        assert "wayback: 1 pages" in partly.stderr


GKG = "20240501{}00.gkg.csv.zip"


def gkg(*urls: str, columns: int = 27, title: str = "Netflix is down") -> bytes:
    """A 15-minute file of the Global Knowledge Graph 2.1: so many columns, apart by tabs, no header."""
    lines = []
    for url in urls:
        fields = [""] * columns
        fields[0], fields[1], fields[3], fields[4] = "20240501000000-1", "20240501000000", "paper.example", url
        fields[-1] = (
            f"<PAGE_PRECISEPUBTIMESTAMP>20240430233000</PAGE_PRECISEPUBTIMESTAMP><PAGE_TITLE>{title}</PAGE_TITLE>"
        )
        lines.append("\t".join(fields))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.gkg.csv", "\n".join(lines))
    return answer(packed.getvalue(), kind="application/zip")


def test_gdelt_files(tmp_path: Path) -> None:
    """Of a day's 96 files, here all but four are missing: named. One is cut, one has a wrong number of columns, one
    asks for rest. The next start asks for what was missing only, and stores nothing twice."""
    with hostile("127.9.2.3") as server, hostile("127.9.2.4") as paper:
        paper.answers |= {"/1": answer(story(1)), "/2": answer(story(2)), "/3": answer(story(3))}
        whole = gkg(paper.url("/2"))
        limited = iter([answer(b"", "429 Too Many Requests", Retry_After="1")])
        others = gkg(paper.url("/weather"), title="Rain")
        server.answers |= {
            f"/{GKG.format('0000')}": gkg(paper.url("/1")), f"/{GKG.format('0015')}": whole[: len(whole) - 40],
            f"/{GKG.format('0030')}": gkg(paper.url("/3"), columns=26), f"/{GKG.format('0045')}": others,
        }  # fmt: skip
        first_file = server.answers[f"/{GKG.format('0000')}"]
        assert isinstance(first_file, bytes)
        server.answers[f"/{GKG.format('0000')}"] = lambda c: c.sendall(next(limited, first_file))
        path = watchlist(tmp_path, ("paper", "feed", paper.url("/feed")), allow_private='["127.9.0.0/16"]')
        day = ("--from", "2024-05-01", "--to", "2024-05-01", "--endpoint", server.url())

        first = presswatch(path, "backfill", "gdelt", *day)
        server.answers[f"/{GKG.format('0015')}"] = whole
        asked = len(server.asked)
        second = presswatch(path, "backfill", "gdelt", *day)
        again = [name for name, _ in server.asked[asked:]]
        stored = rows(path, "SELECT url, outlet, published_at, published_source FROM articles ORDER BY url")

        assert "gdelt: 96 files of 15 minutes" in first.stderr
        assert "gdelt: 93 of 96 files are missing: 202405010015" in first.stderr
        assert "gdelt: 93 files" in second.stderr
        assert f"/{GKG.format('0000')}" not in again
        assert [row[0] for row in stored] == [paper.url("/1"), paper.url("/2")]
        assert {row[1] for row in stored} == {"The paper"}
        assert "/weather" not in paper.paths()


def test_gdelt_api_in_a_crawl(tmp_path: Path) -> None:
    """A source of kind gdelt: leads by outlet, control characters in titles, what it saw is no publication date; its
    complaint in plain text with status 200 is no empty list."""
    with hostile("127.9.2.5") as server, hostile("127.9.2.6") as paper:
        paper.answers |= {"/1": answer(story(1)), "/feed": answer(rss().encode(), kind="application/rss+xml")}
        entry = {"url": paper.url("/1"), "title": "Netflix\tis down", "seendate": "20240501T001500Z"}
        body = {"articles": [{**entry, "domain": "paper.example"}, {"url": "file:///etc/hostname"}]}
        server.answers["/doc?a=1"] = answer(json.dumps(body).replace("\\t", "\t").encode(), kind="application/json")
        server.answers["/doc?a=2"] = answer(b"Please limit requests to one every 5 seconds.", kind="text/html")
        path = watchlist(
            tmp_path, ("world", "gdelt", server.url("/doc?a=1")), ("busy", "gdelt", server.url("/doc?a=2")),
            ("paper", "feed", paper.url("/feed")), allow_private='["127.9.0.0/16"]',
        )  # fmt: skip
        done = presswatch(path, "crawl")

        assert "busy: not_gdelt" in done.stderr
        assert rows(path, "SELECT outlet, source_id, published_source FROM articles") == [
            ("The paper", "world", "meta")
        ]
