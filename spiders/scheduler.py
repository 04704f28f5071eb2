"""In which order requests are sent: the most urgent first, and never more of one host than it can take.

Scrapy's own scheduler hands out by priority alone. Requests to a host that drips then fill all slots of the
downloader, and nobody else is asked until they time out.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import Self

from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Request

from spiders.hosts import MOST_OUT, Host, Hosts, name_of


class FairScheduler(BaseScheduler):
    """One queue a host, in memory: what must survive a kill stands in the store, as the states of URLs.

    It filters no duplicates: the spider knows what it has asked for, by page and not by spelling.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.hosts = Hosts.of(crawler)
        self._ready: list[tuple[int, int, str]] = []
        """A heap of the heads of the hosts' queues; entries whose request has gone are passed over."""
        self._set_aside: set[str] = set()
        """Hosts that rest or have enough under way."""
        self._number = count()
        self._size = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        """Also those of hosts that rest: the crawl waits for them."""
        return self._size > 0

    def enqueue_request(self, request: Request) -> bool:
        """Takes every request."""
        name, host = name_of(request), self.hosts.host(request)
        heappush(host.waiting, (-request.priority, next(self._number), request))
        self._size += 1
        if name not in self._set_aside:
            self._put_forward(name, host)
        return True

    def next_request(self) -> Request | None:
        """The most urgent one that its host can take now; None for the moment, where there is none."""
        for name in [name for name in self._set_aside if not self._must_wait(self.hosts.known[name])]:
            self._set_aside.remove(name)
            self._put_forward(name, self.hosts.known[name])
        while self._ready:
            priority, number, name = heappop(self._ready)
            host = self.hosts.known[name]
            if not host.waiting or host.waiting[0][:2] != (priority, number):
                continue
            if self._must_wait(host):
                self._set_aside.add(name)
                continue
            request = heappop(host.waiting)[2]
            host.out.append(request)
            self._size -= 1
            self._put_forward(name, host)
            return request
        return None

    def _put_forward(self, name: str, host: Host) -> None:
        if host.waiting:
            heappush(self._ready, (*host.waiting[0][:2], name))

    def _must_wait(self, host: Host) -> bool:
        if host.closed:
            return False
        if host.resting:
            return True
        assert self.crawler.engine is not None
        active = self.crawler.engine.downloader.active
        host.out = [request for request in host.out if request in active]
        return len(host.out) >= MOST_OUT
