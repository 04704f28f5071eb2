"""The posts of a live blog without boxes of their own: one text, in which times say where the next post begins.

Chronologies look the same ("10:05 a.m.: The belt stops") and are one article. So a page must say that it is a live
blog, by its structured data, its headline or its address, before clocks are taken for the times of posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from itertools import islice, pairwise
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement

from analysis.items import Article
from spiders.extraction.clocks import Clock, is_stamp, moments, opens_with_clock, read_clock
from spiders.extraction.post import FEWEST, Post, hold, is_elsewhere, is_mostly_links, post_of
from spiders.extraction.posts import MOST_STAMPS, stamps_of
from spiders.extraction.tree import BLOCKS, text_of

_LIVE_TITLE = re.compile(
    r"""^live\b\s*[:|–—-] | [:|–—-]\s*live$ | \blive[\ -]?(?:updates?|blog|coverage|ticker|reporting)\b |
    \b(?:news|live)ticker\b | \bas\ it\ happened\b | \b(?:minute|hour)[\ -]by[\ -](?:minute|hour)\b |
    ^en\ (?:directo|vivo|direct)\b | \bminuto\ a\ minuto\b | \bminute\ par\ minute\b | \b(?:in\ )?diretta\b |
    ^(?:ao\ vivo|direct|na\ żywo|relacja|direto)\s*[:|–—-]""",
    re.I | re.X,
)
_LIVE_PATH = re.compile(
    r"/live(?:blogs?|ticker|-updates?)?/|live-?(?:blog|ticker|updates?|coverage)|minuto-a-minuto|en-(?:vivo|directo|direct)\b",
    re.I,
)
_LEVELS = 8
"""Between a time and the text that all posts stand in."""
_FIRST_PIECES, _FIRST_CHARACTERS = 4, 40
"""Of a line, in which its clock must stand."""
_LINES = ("h1", "h2", "h3", "h4", "h5", "h6", *"p dt dd td th div li span strong b em a small".split())


def says_live(page: Article) -> bool:
    """Whether headline or address call the page a live blog."""
    return bool(_LIVE_TITLE.search(page.title) or _LIVE_PATH.search(urlsplit(page.url).path))


def posts_in_flow(tree: HtmlElement, page: Article, outlets: list[str], *, declared: bool) -> list[Post]:
    """The posts, in the page's order; none where it is no live blog. The arguments are those of `posts.posts_in`."""
    if not (declared or says_live(page)):
        return []
    for stamps, clock in ((stamps_of(tree), False), (_clocks(tree, page), True)):
        found = [post_of(box, when, outlets, clock=clock) for box, when in _boxes(stamps, page.url)]
        posts = [post for post in found if post.body or post.title]
        if len(posts) >= FEWEST and len({post.published for post in posts}) > 1 and hold(posts, page.body):
            return posts
    return []


def _clocks(tree: HtmlElement, page: Article) -> dict[HtmlElement, datetime]:
    """Lines that are a clock or begin with one, with their moments."""
    found: dict[HtmlElement, Clock] = {}
    for element in tree.iter(*_LINES):
        if _is_clock_line(element) and not any(above in found for above in element.iterancestors()):
            read = read_clock(text_of(element))
            assert read is not None
            found[element] = read[0]
            if len(found) == MOST_STAMPS:
                break
    return dict(zip(found, moments(list(found.values()), page), strict=False))


def _is_clock_line(element: HtmlElement) -> bool:
    if any(child.tag in BLOCKS for child in element):
        return False
    start = "".join(islice(element.itertext(), _FIRST_PIECES))
    if not any(letter.isdigit() for letter in start[:_FIRST_CHARACTERS]):
        return False
    text = text_of(element)
    if opens_with_clock(text):
        return element.tag in BLOCKS or is_stamp(text)
    opening = element[0] if len(element) and not (element.text or "").strip() else None
    return opening is not None and element.tag in BLOCKS and is_stamp(text_of(opening))


def _boxes(stamps: dict[HtmlElement, datetime], url: str) -> Iterator[tuple[HtmlElement, datetime]]:
    """A box for each post: what stands from one time up to the next."""
    times = {child: when for child, when in _children(stamps).items() if not is_elsewhere(child)}
    for child, following in pairwise([*times, None]):
        assert child is not None
        box = html.Element("div")
        for part in _until(child, following):
            if part is child or not is_elsewhere(part):
                box.append(deepcopy(part))
        if not is_mostly_links(box, url):
            yield box, times[child]


def _children(stamps: dict[HtmlElement, datetime]) -> dict[HtmlElement, datetime]:
    """The children that hold a time each, in order, of the element that has most of them; with their first time."""
    held: dict[HtmlElement, dict[HtmlElement, datetime]] = {}
    for stamp, when in stamps.items():
        child = stamp
        for parent in islice(stamp.iterancestors(), _LEVELS):
            held.setdefault(parent, {}).setdefault(child, when)
            child = parent
    return max(held.values(), key=len, default={})


def _until(child: HtmlElement, following: HtmlElement | None) -> Iterator[HtmlElement]:
    yield child
    for sibling in child.itersiblings():
        if sibling is following:
            return
        if isinstance(sibling.tag, str):
            yield sibling
