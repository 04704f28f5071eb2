"""No request leaves for a private address that the watchlist does not allow (SSRF).

Checked where it cannot be talked around: in the resolver, for every connection, after DNS, on every hop of a
redirect and for every spelling of an address (`2130706433`, `0x7f.0.0.1`, `[::ffff:127.0.0.1]`).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from analysis.watchlist import load
from spiders.middlewares.refusal import Refused

# ipaddress calls these global, although they lead to the IPv4 address inside (RFC 6052, RFC 3056).
_NAT64, _6TO4 = IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16")
# All that IANA has given out for global unicast. ipaddress also calls old ways to write IPv4 global (::127.0.0.1).
_GLOBAL_IPV6 = IPv6Network("2000::/3")


class BlockedAddress(Refused):
    """Raised for a scheme or an address that must not be asked."""


class Allowed:
    """The private networks and `host:port` pairs of `[crawl] allow_private`."""

    def __init__(self, entries: Sequence[str] = ()) -> None:
        self.networks = [ip_network(e, strict=False) for e in entries if _is_network(e)]
        self.pairs = {_pair(e) for e in entries if not _is_network(e)}

    def permits(self, address: str, port: int) -> bool:
        """May a connection to `address`, as the resolver gave it, and `port` be made?"""
        ip = _unwrapped(ip_address(address.partition("%")[0]))
        if ip.is_global and not ip.is_multicast and (ip.version == 4 or ip in _GLOBAL_IPV6):
            return True
        return (str(ip), port) in self.pairs or any(ip in network for network in self.networks)

    def names(self, host: str, port: int) -> bool:
        """Is this very name and port allowed, wherever it leads?"""
        return (host.lower(), port) in self.pairs


class GuardedResolver(CachingHostnameResolver):
    """Gives the connection only addresses that it may use; none left fails like an unknown name."""

    allowed = Allowed()
    refused: ClassVar[set[str]] = set()
    """Names that led to none but private addresses. To Twisted they are unknown names."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = Allowed(load(Path(crawler.settings["PRESSWATCH_WATCHLIST"])).crawl.allow_private)
        return resolver

    def resolveHostName(  # noqa: N802 (Twisted's interface)
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        receiver: Any = resolutionReceiver
        if not self.allowed.names(hostName, portNumber):
            receiver = _GuardedReceiver(resolutionReceiver, self.allowed, hostName, portNumber)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    def __init__(self, receiver: Any, allowed: Allowed, name: str, port: int) -> None:
        self.receiver, self.allowed, self.name, self.port = receiver, allowed, name, port

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self.allowed.permits(address.host, self.port):
            GuardedResolver.refused.discard(self.name)
            self.receiver.addressResolved(address)
        else:
            GuardedResolver.refused.add(self.name)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.receiver.resolutionComplete()


class GuardedAddresses:
    """Refuses other schemes, and literal private addresses with a reason of their own before a socket is asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self.allowed = Allowed(load(Path(crawler.settings["PRESSWATCH_WATCHLIST"])).crawl.allow_private)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises BlockedAddress: `blocked_scheme` or `blocked_address`."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"}:
            raise BlockedAddress("blocked_scheme", request.url)
        try:
            permitted = self.allowed.permits(
                parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
            )
        except ValueError:
            return  # a name: the resolver decides
        if not permitted:
            raise BlockedAddress("blocked_address", request.url)


def _is_network(entry: str) -> bool:
    try:
        ip_network(entry, strict=False)
    except ValueError:
        return False
    return True


def _pair(entry: str) -> tuple[str, int]:
    """`[::1]:8080` -> ("::1", 8080)"""
    host, _, port = entry.rpartition(":")
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        return host.lower(), int(port)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside a mapped, NAT64 or 6to4 address; any other as it is."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip in _6TO4 and ip.sixtofour:
            return ip.sixtofour
        if ip in _NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
