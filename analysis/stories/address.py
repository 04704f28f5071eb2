"""When two addresses are the same page.

Normalisation is RFC 3986, section 6, by w3lib (case of scheme and host, dot segments, percent-encoding, sorted
query, no fragment) and without a scheme's own port, plus what is true of news: parameters that only say where a reader
came from do not matter, nor do the scheme, `www.`, a last slash, and the AMP, mobile and print versions of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from w3lib.url import canonicalize_url

# Set by newsletters, social networks and analytics, never read by a publisher to choose a page. Conservative:
# a parameter stands here only when dropping it cannot merge two articles.
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid mkt_tok "
    "_hsenc _hsmi vero_id oly_enc_id oly_anon_id wickedid cmpid ncid s_cid _ga _gl xtor ocid mbid smid smtyp "
    "at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_link_id at_link_type at_link_origin "
    "at_format at_ptr_name at_bbc_team ns_campaign ns_mchannel ns_source ns_linkname ns_fee intcmp icid cmp cmp_tu "
    "wt.mc_id soc_src soc_trk tsrc guccounter guce_referrer guce_referrer_sig __twitter_impression ref_src ref_url "
    "feedtype feedname".split()
)
_TRACKING_BEGINS = ("utm_", "pk_", "mtm_", "hsa_", "sc_")  # Urchin, Piwik, Matomo, HubSpot, Sitecore
_VERSION = {  # parameters that choose a version of a page, with the values that do
    "amp": {"", "1", "true", "yes"},
    "outputtype": {"amp"},
    "output": {"amp", "print"},
    "print": {"", "1", "true", "yes"},
    "printable": {"", "1", "true", "yes"},
    "printerfriendly": {"", "1", "true", "yes"},
    "pagewanted": {"print", "all"},
    "view": {"print", "amp"},
    "format": {"print", "amp"},
    "mobile": {"", "1", "true", "yes"},
}
# RFC 3986, 6.2.3: http on port 80, https on port 443.
_OWN_PORT = re.compile(r"^(http(?=://[^/]*:80/)|https(?=://[^/]*:443/))(://[^/]*):\d+")
_VERSION_HOST = re.compile(r"^(?:www|amp|m|mobile|touch)\.(?=[^./:]+\.[^/])")
_VERSION_PATH = re.compile(
    r"^/(?:amp|print)(?=/.)"  # /amp/story
    r"|(?<=.)/(?:amp|print)(?=/?$)"  # /story/amp
    r"|(?<=[^/])\.(?:amp|print)(?=\.html?$|$)"  # /story.amp.html
    r"|(?<=[^/])/$"
)
# A page that Google serves is the publisher's: google.com/amp/s/g.example/story, g-example.cdn.ampproject.org/c/s/...
_SERVED = re.compile(r"^(?:(?:www\.)?google\.[a-z.]+/amp|[^/]+\.cdn\.ampproject\.org/[a-z])(?:/s)?/(?=[^/]+\.[^/]+/)")


def normalise(url: str) -> str:
    """`url` in one spelling, still fit to be fetched; idempotent.

    Raises:
        ValueError: not an address at all (for example an unclosed IPv6 bracket).
    """
    spelled = _OWN_PORT.sub(r"\1\2", canonicalize_url(url.strip()))
    return _without(spelled, _is_tracking)


def page(url: str) -> str:
    """What `url` and every other address of the same page have in common; not fit to be fetched. Idempotent.

    Raises:
        ValueError: not an address at all.
    """
    scheme, _, rest = normalise(url).partition("://")
    place = rest or scheme
    while (folded := _folded(place)) != place:
        place = folded
    return place


def address_id(url: str) -> str:
    """Identifier of the page behind `url`: 16 hex digits.

    Raises:
        ValueError: not an address at all.
    """
    return sha256(page(url).encode("utf8")).hexdigest()[:16]


def host(url: str) -> str:
    """Host of `url` in lower case, without port; empty where there is none."""
    return (urlsplit(url).hostname or "").lower()


def _folded(place: str) -> str:
    """One step from a version of a page toward the page."""
    found, path = _split(_SERVED.sub("", place))
    path, mark, query = path.partition("?")
    return _without(f"{_VERSION_HOST.sub('', found)}{_VERSION_PATH.sub('', path)}{mark}{query}", _is_version)


def _split(place: str) -> tuple[str, str]:
    """Host and the rest of an address without its scheme."""
    found, slash, path = place.partition("/")
    return found, slash + path


def _without(url: str, unwanted: Callable[[str, str], bool]) -> str:
    """`url` without the parameters of the query that `unwanted` says of name and value, both in small letters."""
    address, mark, query = url.partition("?")
    if not mark:
        return url
    kept = [
        parameter
        for parameter in query.split("&")
        if not unwanted(*(unquote(part).lower() for part in parameter.partition("=")[::2]))
    ]
    return f"{address}?{'&'.join(kept)}" if any(kept) else address


def _is_tracking(name: str, value: str) -> bool:
    """`ref` names a reader's way in words, an article in digits."""
    return name in _TRACKING or name.startswith(_TRACKING_BEGINS) or (name == "ref" and not value.isdigit())


def _is_version(name: str, value: str) -> bool:
    return value in _VERSION.get(name, ())
