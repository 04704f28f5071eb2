"""Whose page a link leads to, where the source is not the outlet: search feeds, GDELT, archives."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import tldextract

from analysis.items import Lead
from analysis.watchlist import Watchlist

# The list in the package: nothing is fetched.
_domains = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
AGGREGATORS = {"gdelt", "wayback", "warc"}
_OTHERS = 3


def site_of(url: str) -> str:
    """Registered domain of an address, `bbc.co.uk`; its host where there is none."""
    found = _domains(url)
    return found.top_domain_under_public_suffix or urlsplit(url).netloc.lower()


class Outlets:
    """The watchlist's outlets by their domain."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.known: dict[str, tuple[str, int]] = {}
        for source in watchlist.sources:
            if source.kind not in AGGREGATORS and "{query}" not in source.url:
                self.known.setdefault(site_of(source.url), (source.outlet, source.tier))

    def of(self, url: str) -> tuple[str, int]:
        """Name and tier of the outlet at `url`: the watchlist's, else its domain, and tier 3."""
        site = site_of(url)
        return self.known.get(site, (site, _OTHERS))

    def placed(self, lead: Lead) -> Lead:
        """The lead of a source that lists other people's pages, with the outlet that it leads to."""
        outlet, tier = self.of(lead.url)
        return replace(lead, outlet=outlet, tier=tier)
