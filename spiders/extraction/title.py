"""The headline: what most of JSON-LD, meta elements and the page's heading say, without the outlet's name.

They differ on every second page: one is for readers, one for search engines, one for sharing. None is always
the one that people call the headline, so they vote (the first alone is right on 85% of 121 publishers' pages at
best; the vote is as good and never picks what only one of them says against the others).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from spiders.extraction.structured import Facts, texts
from spiders.extraction.tree import squeeze, text_of

_SEPARATOR = re.compile(r"\s+[|–—·•»«:-]+\s+|\s*[|｜]\s*|\s+::\s+")
_QUOTES = re.compile("[\u2018\u2019\u201c\u201d\"'`´]")
_LONGEST = 300
_WEIGHTS = {"jsonld": 3, "og": 3, "heading": 2, "twitter": 1, "title": 1, "meta": 1}


def title_of(tree: HtmlElement, facts: Facts, outlets: list[str]) -> str:
    """The headline, "" where a page has none. `outlets` are names of the outlet that may be appended to it."""
    names = {_key(name) for name in outlets if name}
    voters = {source: clean for source, text in _voters(tree, facts) if (clean := _strip(text, names))}
    votes: Counter[str] = Counter()
    for source, text in voters.items():
        shorter = (other for other in voters.values() if _continues(text, other))
        votes[_fold(min(shorter, key=len, default=text))] += _WEIGHTS[source]
    if not votes:
        return ""
    winner = max(votes, key=lambda key: votes[key])  # the first of equals, in the order of _voters
    return next(text for text in voters.values() if _fold(text) == winner)


def claims_of(tree: HtmlElement, facts: Facts) -> list[str]:
    """The headline in all forms that the page gives, with suffixes."""
    return list(
        dict.fromkeys([text for _, text in _voters(tree, facts)] + texts(facts.article.get("alternativeHeadline")))
    )


def _voters(tree: HtmlElement, facts: Facts) -> Iterator[tuple[str, str]]:
    headline = texts(facts.article.get("headline")) or texts(facts.article.get("name"))
    for source, text in (
        ("jsonld", headline[0] if headline else ""),
        ("og", facts.first("og:title")),
        ("heading", _heading(tree)),
        ("twitter", facts.first("twitter:title")),
        ("title", tree.findtext(".//title") or ""),
        ("meta", facts.first("dc.title", "title", "headline")),
    ):
        if text := squeeze(text)[:_LONGEST]:
            yield source, text


def _heading(tree: HtmlElement) -> str:
    """The first h1 that says headline, else the first; without one, the heading with which <title> begins."""
    found: list[tuple[bool, int, str]] = []
    for element in tree.iter("h1"):
        text = text_of(element)
        if 3 < len(text) <= _LONGEST:
            says = element.get("itemprop") == "headline" or re.search(
                "headline|title", element.get("class") or "", re.I
            )
            found.append((not says, len(found), text))
    if found:
        return min(found)[2]
    title = squeeze(tree.findtext(".//title"))
    others = (text_of(element) for element in tree.iter("h2", "h3", "h4"))
    return next((text for text in others if len(text) > 10 and title.startswith(text)), "")


def _continues(text: str, other: str) -> bool:
    """Whether a text is the other one with something appended: "Headline | Sport"."""
    return len(other) > 20 and text.startswith(other) and _SEPARATOR.match(text[len(other) :]) is not None


def _strip(text: str, outlets: set[str]) -> str:
    """Takes the outlet's name off the end or the start."""
    marks = list(_SEPARATOR.finditer(text))
    for mark in marks:
        if _is_outlet(text[mark.end() :], outlets):
            return text[: mark.start()].strip()
    for mark in reversed(marks):
        if _is_outlet(text[: mark.start()], outlets):
            return text[mark.end() :].strip()
    return text.strip()


def _is_outlet(text: str, outlets: set[str]) -> bool:
    """The same name, or one that contains the other without being much longer: "BBC News" for "BBC"."""
    key = _key(text)
    return any(
        key == name or (min(len(key), len(name)) > 4 and (key in name or name in key) and len(key) < 2 * len(name))
        for name in outlets
        if key
    )


def _fold(text: str) -> str:
    return _QUOTES.sub("'", text).casefold()


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
