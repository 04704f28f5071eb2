"""Is this the article, a part of it, or a page that only looks like one?

Kept pages that are less than the article carry a reason; a page with no article at all is refused. In doubt a
page is kept: a lost article is missed by nobody, a strange one is seen.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from analysis.errors import ExtractionError
from analysis.items import Lead
from spiders.extraction.structured import ARTICLE_TYPES, Facts, types
from spiders.extraction.tree import count_words

_NO_TEXT = 25
"""Words below which a page that does not say it is an article has nothing to keep."""
_BARE = 12
"""Words below which the text of a declared article did not come with the page."""
_TEASER = 250
"""Words below which the text of a closed article is its teaser; longer ones were sent whole."""
_SHARE_OF_STATED = 0.6
"""Of the words that JSON-LD states. Counts differ by captions and headings, not by half."""
_BROKEN = 0.005
"""Replacement characters in a text whose charset nobody could tell."""
_OVERVIEWS = frozenset({"collectionpage", "searchresultspage", "profilepage", "contactpage", "aboutpage"})

_NOT_FOUND = re.compile(
    r"""\b404\b | page\ (?:was\ |is\ )?not\ found | page\ (?:can.?t|cannot|could\ not)\ be\ found | ^not\ found\b |
    page\ (?:does\ not|doesn.t)\ exist | no\ longer\ available | seite\ (?:wurde\ )?nicht\ gefunden |
    seite\ existiert\ nicht | page\ introuvable | página\ no\ encontrada | pagina\ non\ trovata |
    pagina\ niet\ gevonden | nie\ znaleziono\ strony | sidan\ hittades\ inte""",
    re.I | re.X,
)
_WALL = re.compile(
    r"""before\ you\ continue |
    we\ (?:and\ our\ (?:\d+\ )?partners\ )?(?:use|value|care\ about|store)\ .{0,30}(?:cookies|privacy) |
    accept\ (?:all\ )?cookies | cookie\ (?:consent|settings|preferences) | manage\ (?:your\ )?(?:consent|privacy) |
    verify\ (?:that\ )?you(?:.|\ a)re\ (?:a\ )?human | (?:not|are\ you)\ a\ robot | enable\ javascript\ and\ cookies |
    unusual\ traffic | access\ (?:to\ this\ page\ has\ been\ )?denied | checking\ your\ browser |
    complete\ the\ (?:captcha|security\ check) | (?:sign|log)\ in\ to\ (?:continue|your\ account) |
    please\ (?:sign|log)\ in | mit\ werbung\ (?:und\ cookies\ )?(?:weiter)?lesen | zustimmen\ und\ weiter |
    cookies\ (?:zustimmen|akzeptieren) | acceptez?\ (?:les\ |tous\ les\ )?cookies | aceptar\ (?:las\ )?cookies |
    accetta\ (?:i\ )?cookie""",
    re.I | re.X,
)
_CLOSED = re.compile(
    r"""(?:subscribe|sign\ in|log\ in|register|sign\ up)\ (?:now\ )?to\ (?:continue|keep|read) |
    already\ a\ subscriber | (?:only|exclusive(?:ly)?)\ (?:for|to)\ subscribers |
    (?:article|content|story)\ is\ (?:only\ )?for\ (?:subscribers|members) |
    jetzt\ weiterlesen | weiterlesen\ mit | (?:nur\ )?für\ abonnenten | mit\ .{1,20}\ plus\ (?:weiter)?lesen |
    réservé\ (?:aux|à\ nos)\ abonnés | pour\ lire\ la\ suite | exclusivo\ para\ (?:suscriptores|assinantes) |
    riservato\ agli\ abbonati | alleen\ voor\ abonnees | pozostało\ (?:jeszcze\ )?\d+%\ artykułu |
    för\ prenumeranter""",
    re.I | re.X,
)


def refuse_other_pages(url: str, title: str, body: str, facts: Facts, lead: Lead | None) -> None:
    """Lets pass what has an article, or says that it has one.

    Raises:
        ExtractionError: soft_404, consent_wall, not_an_article or empty.
    """
    words = count_words(body)
    if not facts.declared and _is_home(url):
        sent_here = lead is not None and not _is_home(lead.url)
        raise ExtractionError("soft_404" if sent_here else "not_an_article", "home page")
    if facts.declared or words >= _TEASER:
        return
    if words < 120 and _NOT_FOUND.search(title):
        raise ExtractionError("soft_404", title[:80])
    if is_wall(title, body):
        raise ExtractionError("consent_wall", title[:80])
    if any(types(node) & _OVERVIEWS for node in facts.nodes) and not _dated(facts):
        raise ExtractionError("not_an_article", "overview")
    if words < _NO_TEXT:
        raise ExtractionError("empty")


def is_wall(title: str, body: str) -> bool:
    """Whether a short text asks for consent, a login or a proof of being human instead of telling anything."""
    words = count_words(body)
    return words < 200 and len(_WALL.findall(f"{title}\n{body}")) >= (1 if words < 60 else 2)


def incomplete_reason(text: str, tree: HtmlElement, title: str, body: str, facts: Facts) -> str | None:
    """Why a kept page is not the whole article: consent_wall, teaser, gallery, truncated, bad_encoding or short;
    None where it is whole. `text` is the page's mark-up."""
    words = count_words(body)
    if is_wall(title, body):
        return "consent_wall"
    if _is_teaser(words, tree, facts):
        return "teaser"
    if "<html" in text[:5000].lower() and not re.search("</(?:html|body)", text[-5000:], re.I):
        return "truncated"
    if body.count("\ufffd") > _BROKEN * len(body):
        return "bad_encoding"
    if words < 100 and any("imagegallery" in types(node) for node in facts.nodes):
        return "gallery"
    return "short" if words < _BARE else None


def _is_teaser(words: int, tree: HtmlElement, facts: Facts) -> bool:
    stated = _stated_words(facts)
    if stated and words < _SHARE_OF_STATED * stated and words < _TEASER:
        return True
    if words >= _TEASER:
        return bool(stated) and _closed(facts) and words < _SHARE_OF_STATED * stated < 10_000
    return (_closed(facts) and not stated) or _CLOSED.search(" ".join(tree.itertext())) is not None


def _closed(facts: Facts) -> bool:
    """True where the page says that reading it costs something."""
    for node in (facts.article, *(node for node in facts.nodes if types(node) & ARTICLE_TYPES)):
        if str(node.get("isAccessibleForFree", "")).rsplit("/", 1)[-1].lower() == "false":
            return True
    return facts.first("article:content_tier", "content_tier").lower() in ("locked", "metered")


def _stated_words(facts: Facts) -> int:
    """JSON-LD's wordCount; 0 where it is missing or counts letters."""
    try:
        count = int(facts.article.get("wordCount") or 0)
    except (TypeError, ValueError):
        return 0
    return count if count < 20_000 else 0


def _dated(facts: Facts) -> bool:
    return bool(facts.first("article:published_time", "datepublished", "date")) or any(
        "datePublished" in n for n in facts.nodes
    )


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and parts.path in ("", "/", "/index.html", "/index.php") and not parts.query
