"""Certificates that nobody signed are refused, but at the hosts of sources that say `tls = "any"`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from analysis.watchlist import Source

_PORT = 443


def trusted_blindly(sources: Iterable[Source]) -> frozenset[tuple[str, int]]:
    """Host and port of the addresses of sources whose certificate may be any: no other host that their pages name."""
    addresses = (urlsplit(source.url) for source in sources if source.tls == "any")
    return frozenset((parts.hostname or "", parts.port or _PORT) for parts in addresses)


@implementer(IPolicyForHTTPS)
class ByHost:
    """Asks Twisted to check the certificate of a host, or not."""

    def __init__(self, checked: Any, blindly: frozenset[tuple[str, int]]) -> None:
        """
        checked: the policy for all other hosts
        """
        self.checked = checked
        self.blindly = blindly
        self.unchecked = _ScrapyClientContextFactory(verify_certificates=False)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 (Twisted's interface)
        """For one connection."""
        policy = self.unchecked if (hostname.decode("ascii").lower(), port) in self.blindly else self.checked
        return policy.creatorForNetloc(hostname, port)
