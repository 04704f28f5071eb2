"""Answers are unpacked, and come whole or not at all."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Request, Response

from spiders.middlewares.refusal import Refused

# RFC 1952, 2.3.1: a member ends in the length of what it unpacks to, modulo 2^32.
_LENGTH = slice(-4, None)
_TAIL = 2048
PACKED = "packed_body"
"""Where a request keeps its answer as it came, for the archive."""
_NO_END = "partial"  # Scrapy's flag for a body that ends where the connection does


class Whole(HttpCompressionMiddleware):
    """Scrapy's own takes half a gzip stream for the whole page, and guesses the charset of the packed bytes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(  # type: ignore[override]  # Scrapy is about to drop the argument `spider`
        self, request: Request, response: Response
    ) -> Request | Response:
        """Asks once more for what broke off. Raises Refused: `truncated`, `too_large`."""
        packed = response.body if _is_gzip(response) else b""
        request.meta.pop(PACKED, None)
        if packed:  # without an encoding of its own, so that nobody guesses it from what is still packed
            request.meta[PACKED] = packed
            response = Response(**{name: getattr(response, name) for name in Response.attributes})
        answer = super().process_response(request, response)
        if isinstance(answer, Request):
            return answer
        if packed and int.from_bytes(packed[_LENGTH], "little") != len(answer.body) % 2**32:
            return self._again(request) or _refuse(request)
        if _NO_END in answer.flags and b"<html" in answer.body[:_TAIL] and b"</html" not in answer.body[-_TAIL:]:
            return self._again(request) or answer  # the extractor marks it as truncated
        return answer

    def _again(self, request: Request) -> Request | None:
        assert self.crawler.spider is not None
        return get_retry_request(request, spider=self.crawler.spider, reason="truncated")


def _is_gzip(response: Response) -> bool:
    return (response.headers.get("Content-Encoding") or b"").strip().lower() in {b"gzip", b"x-gzip"}


def _refuse(request: Request) -> Response:
    raise Refused("truncated", request.url)
