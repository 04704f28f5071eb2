"""The posts of a live blog by its layout: three or more blocks of one kind, each with a time of its own.

Lists of teasers, readers' comments and an outlet's overview pages have such blocks too. So a block counts only where it
has an id or a heading and text that does not lead elsewhere, and unless the page calls itself a live blog, the blocks
must hold most of what was found to be the page's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, takewhile

from lxml.html import HtmlElement

from analysis.items import Article
from spiders.extraction.moments import read_moment, states_time
from spiders.extraction.post import (
    FEWEST,
    HEADINGS,
    Post,
    hold,
    ids_of,
    is_elsewhere,
    is_mostly_links,
    label_of,
    post_of,
)
from spiders.extraction.tree import text_of

MOST_STAMPS = 2_000
_LEVELS = 8
"""Between a time and the block that it dates."""
_LEAST_WORDS = 5
_KINDS = ("class", "data-testid", "data-component", "data-type", "itemprop")
_POSTS = re.compile(r"live|ticker|posts?(?![a-z])|update|entry|entries|blog|minute|beitrag|eintrag", re.I)


def posts_in(tree: HtmlElement, page: Article, outlets: list[str], *, declared: bool) -> list[Post]:
    """The posts, in the page's order; none where it is no live blog.

    Args:
        tree: the parsed page; not changed.
        page: the whole page as one article.
        outlets: names of the outlet, which are no authors.
        declared: the page calls itself a live blog.
    """
    stamps = stamps_of(tree)
    if len(stamps) < FEWEST:
        return []
    blocks = _blocks(stamps, page.url)
    posts = [post_of(block, next(stamps[e] for e in block.iter() if e in stamps), outlets) for block in blocks]
    if len(posts) < FEWEST or len({post.published for post in posts}) < 2:
        return []
    named = all(block.tag == "article" or _POSTS.search(_label_within(block, stamps)) for block in blocks)
    return posts if declared or (named and hold(posts, page.body)) else []


def stamps_of(tree: HtmlElement) -> dict[HtmlElement, datetime]:
    """Elements that give a moment with its time of day, in the page's order."""
    return dict(islice(_stamps(tree), MOST_STAMPS))


def _stamps(tree: HtmlElement) -> Iterator[tuple[HtmlElement, datetime]]:
    for element in tree.xpath("//body//time | //body//*[@itemprop = 'datePublished']"):
        raw = element.get("datetime") or element.get("content") or ""
        when = read_moment(raw)
        if when is None or not states_time(when):
            when = read_moment(f"{raw} {text_of(element)}")
        if when is not None and states_time(when):
            yield element, when


def _blocks(stamps: dict[HtmlElement, datetime], url: str) -> list[HtmlElement]:
    """The largest group of blocks of one kind and depth that hold a time each; of equal ones the outermost."""
    groups: dict[tuple[int, str, str], dict[HtmlElement, None]] = {}
    for stamp in stamps:
        above = [element for element in stamp.iterancestors() if element.tag not in ("html", "body", "main")]
        for level, element in enumerate(above[:_LEVELS]):
            for kind in {"", *(word for name in _KINDS for word in (element.get(name) or "").split())}:
                groups.setdefault((len(above) - level, element.tag, kind), {})[element] = None
    judged: dict[HtmlElement, bool] = {}
    found: list[tuple[int, int, list[HtmlElement]]] = []
    for (depth, _, _), members in groups.items():
        if len(members) >= FEWEST:
            for element in members:
                if element not in judged:
                    judged[element] = _may_be_post(element, url)
            good = [element for element in members if judged[element]]
            if len(good) >= FEWEST:
                found.append((len(good), -depth, good))
    return max(found, key=lambda group: group[:2], default=(0, 0, []))[2]


def _may_be_post(block: HtmlElement, url: str) -> bool:
    if not ids_of(block)[0] and not any(text_of(heading) for heading in block.iter(*HEADINGS)):
        return False
    return not is_elsewhere(block) and len(text_of(block).split()) >= _LEAST_WORDS and not is_mostly_links(block, url)


def _label_within(block: HtmlElement, stamps: dict[HtmlElement, datetime]) -> str:
    """Of the block and of the boxes between it and its time."""
    stamp = next(element for element in block.iter() if element in stamps)
    within = takewhile(lambda element: element is not block, stamp.iterancestors())
    return " ".join(map(label_of, (block, *within)))
