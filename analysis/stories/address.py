"""When two addresses are the same page.

Normalisation is RFC 3986, section 6, by w3lib (case of scheme and host, dot segments, percent-encoding, sorted
query, no fragment) and without a scheme's own port, plus what is true of news: the scheme does not matter, and
parameters that only say where a reader came from do not either.
"""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

# Set by newsletters, social networks and analytics, never read by a publisher to choose a page. Conservative:
# a parameter stands here only when dropping it cannot merge two articles.
_TRACKING = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "utm_name", "utm_brand",
    "utm_social", "utm_social-type", "utm_reader", "utm_cid", "utm_pubreferrer", "utm_swu",
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid", "igsh",
    "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "oly_enc_id", "oly_anon_id", "wickedid",
    "cmpid", "ncid", "s_cid", "_ga", "_gl", "xtor", "at_medium", "at_campaign", "at_custom1", "at_custom2",
    "at_custom3", "at_custom4", "ocid", "guccounter", "guce_referrer", "guce_referrer_sig", "__twitter_impression",
)  # fmt: skip
# RFC 3986, 6.2.3: http on port 80, https on port 443.
_OWN_PORT = re.compile(r"^(http(?=://[^/]*:80/)|https(?=://[^/]*:443/))(://[^/]*):\d+")


def normalise(url: str) -> str:
    """`url` in one spelling, still fit to be fetched; idempotent.

    Raises:
        ValueError: not an address at all (for example an unclosed IPv6 bracket).
    """
    spelled = _OWN_PORT.sub(r"\1\2", canonicalize_url(url.strip()))
    return url_query_cleaner(spelled, _TRACKING, remove=True, unique=False)


def address_id(url: str) -> str:
    """Identifier of the page behind `url`: 16 hex digits, the same for http and https."""
    scheme, _, rest = normalise(url).partition("://")
    return sha256((rest or scheme).encode("utf8")).hexdigest()[:16]


def host(url: str) -> str:
    """Host of `url` in lower case, without port; empty where there is none."""
    return (urlsplit(url).hostname or "").lower()
