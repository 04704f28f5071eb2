"""What the outlet of a page is called."""

from __future__ import annotations

from urllib.parse import urlsplit

from analysis.items import Lead
from spiders.extraction.canonical import site
from spiders.extraction.structured import Facts, texts


def outlet_names(facts: Facts, url: str, lead: Lead | None) -> list[str]:
    """Names from the watchlist, og:site_name, JSON-LD's publisher and the host, best first, without repeats."""
    names = [lead.outlet] if lead and lead.outlet else []
    names += [facts.first("og:site_name")]
    publisher = facts.resolve(facts.article.get("publisher"))
    names += texts(publisher)[:1]
    names += [facts.first("application-name", "publisher", "dc.publisher")]
    domain = site(urlsplit(url).hostname or "")
    names += [domain, domain.split(".")[0]]
    return [name for name in dict.fromkeys(names) if name and "//" not in name]
