"""What hosts say of our pace is heard: Retry-After, 429, and that they do not answer at all (spiders/hosts.py)."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from spiders.failures import name_of_error
from spiders.hosts import Hosts
from spiders.middlewares.refusal import HostUnavailable

_TOO_MANY, _UNAVAILABLE, _ILL = 429, 503, 500
# What says that a host, not a page, is in trouble. Not a broken answer, which costs nobody time.
_NOT_THERE = {"timeout", "dns", "refused", "unreachable", "tls"}


class Manners:
    """Before the retries, which so wait for as long as the host asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self.hosts = Hosts.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises HostUnavailable: `host_down` or `rate_limited`."""
        if reason := self.hosts.host(request).closed:
            raise HostUnavailable(reason, request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        """Notes how the host is."""
        said = response.headers.get("Retry-After")
        if response.status == _TOO_MANY or (response.status == _UNAVAILABLE and said):
            self.hosts.asked_to_wait(request, said.decode("latin-1") if said else None)
        elif response.status >= _ILL:
            self.hosts.failed(request)
        else:
            self.hosts.answered(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Notes that the host did not answer."""
        if name_of_error(exception) in _NOT_THERE:
            self.hosts.failed(request)
