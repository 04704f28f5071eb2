"""The contracts of `scrapy check` notice what is wrong; tests/test_scrapy.py runs them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy import Spider as Plain
from scrapy.exceptions import ContractFail, NotConfigured

from analysis.items import Article
from spiders.contracts import Asks, Reads, Samples
from tests.crawler import spider_for
from tests.site import watchlist

SAMPLE = Article(
    url="https://sample.example/article", title="Mail of Netflix stops for a third day", authors=("Ada Sample",),
    body="Netflix mailed nothing. Nobody knew why that evening.", language="en",
    published=datetime(2008, 8, 14, 16, 30, tzinfo=UTC),
)  # fmt: skip


class Spider(Plain):
    """What contracts belong to."""

    name = "plain"

    def callback(self) -> None:
        """A method."""


callback = Spider().callback


def asked(*paths: str) -> list[Request]:
    return [Request(f"https://sample.example{path}", priority=-n) for n, path in enumerate(paths)]


def test_the_order_and_the_number_of_requests_count() -> None:
    contract = Asks(callback, "/newer", "/older")

    contract.post_process(asked("/newer?utm_source=feed", "/older"))
    for wrong in (asked("/older", "/newer"), asked("/newer"), asked("/newer", "/older", "/newer")):
        with pytest.raises(ContractFail):
            contract.post_process(wrong)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "The Sample"),
        ("authors", ()),
        ("published", datetime(2008, 8, 14, 9, 30, tzinfo=UTC)),
        ("language", "de"),
        ("complete", False),
        ("body", "Home\nNetflix mailed nothing. Nobody knew why that evening."),
    ],
)
def test_a_field_that_is_not_the_samples_fails(field: str, value: object) -> None:
    """Only where the contract asks for it."""
    wrong = Article(**{**{name: getattr(SAMPLE, name) for name in SAMPLE.__slots__}, field: value})

    Reads(callback, field).post_process([SAMPLE])
    with pytest.raises(ContractFail):
        Reads(callback, field).post_process([wrong])
    with pytest.raises(ContractFail):
        Reads(callback, field).post_process([])


def test_samples_answer_in_scrapy_check_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawl never gets them; `scrapy check` gets one about the user's first brand."""
    spider = spider_for(watchlist(tmp_path, ("paper", "feed", "http://paper.example/feed")))
    with pytest.raises(NotConfigured):
        Samples.from_crawler(spider.crawler)
    monkeypatch.setenv("SCRAPY_CHECK", "true")
    samples = Samples.from_crawler(spider.crawler)
    page = samples.process_request(Request("https://sample.example/article", meta={"sample": "article"}))

    assert page is not None
    assert "<h1>Mail of Netflix stops" in page.text
    assert samples.process_request(Request("https://sample.example/article")) is None
