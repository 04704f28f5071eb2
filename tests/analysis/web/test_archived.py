"""The page behind a sentence, out of the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page
from scrapy.http import HtmlResponse, Request

from analysis.store.archive import archived
from analysis.store.database import beside
from spiders.middlewares.archive import Archive
from tests.analysis.press import article, lead, mention, night, page
from tests.analysis.web.conftest import serving, store
from tests.browser import chromium

URL = "https://gazette.example/77"
HOSTILE = (
    "<html><head><meta http-equiv='refresh' content='0;url=https://evil.example/'><style>p {color: red}</style></head>"
    "<body><p id='said'>Acme stood still.</p><script>document.body.textContent = 'taken over'</script>"
    "<img src='https://evil.example/pixel.png' onerror='document.body.remove()'></body></html>"
)


def keep(database: Path, url: str, *texts: str) -> None:
    """A run's archive with captures of a page."""
    archive = Archive(beside(database, ".archive"))
    for text in texts:
        answer = HtmlResponse(url, body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
        archive.keep(Request(url), answer, lead(77))
    archive.close()


def test_the_nearest_capture_is_found(tmp_path: Path) -> None:
    """Of the newest run that began before; none from later, none of another page."""
    database, soon = tmp_path / "press.duckdb", datetime.now(UTC) + timedelta(minutes=1)
    assert archived(database, URL, soon) is None
    keep(database, URL, "first", "second")
    (beside(database, ".archive") / "notes.warc.gz").write_bytes(b"not ours")

    found = archived(database, URL, soon)

    assert found is not None
    assert found.body == b"second"
    assert archived(database, URL + "8", soon) is None
    assert archived(database, URL, soon - timedelta(days=1)) is None


def test_an_archived_page_is_shown_and_does_nothing(tmp_path: Path) -> None:
    """Its text and style; no script runs, nothing is loaded, nobody is led away."""
    path = store(tmp_path)
    database = tmp_path / "watchlist.duckdb"
    keep(database, URL, HOSTILE)
    read = datetime.now(UTC) + timedelta(minutes=1)
    found = replace(article(77, mention(sentence="Acme stood still.")), fetched_at=read)
    night(database, page(found), page(article(78, mention(sentence="Not kept."))))
    asked: list[str] = []
    refused: dict[str, str | None] = {}
    with serving(path) as served, chromium() as browser:
        tab: Page = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("requestfailed", lambda request: refused.update({request.url: request.failure}))
        tab.goto(f"{served.address}/mentions/{served.mention('Acme stood still.')}")
        tab.click("text=the page as it came")
        assert tab.inner_text("#said") == "Acme stood still."
        assert tab.url.endswith("/archived")
        missing = served.ask(f"/mentions/{served.mention('Not kept.')}/archived")
        assert (missing.status, "archive" in missing.text) == (404, True)
    elsewhere = [url for url in asked if not url.startswith((served.address, "data:"))]
    assert {url: refused.get(url) for url in elsewhere} == {"https://evil.example/pixel.png": "csp"}
