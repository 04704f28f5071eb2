"""A live blog becomes one dated article a post.

Whoever reads a live blog as one article gives a day's news the time of its first line, and every new line makes all the
others new. The posts come from schema.org's `liveBlogUpdate`, where the page has it, else from its layout
(`spiders.extraction.posts`). What names a post must not change when others are added above it or when its words are
corrected: an id of its own, else the time at which it was published.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urldefrag, urlsplit

from lxml import html
from lxml.html import HtmlElement

from analysis.items import Article
from analysis.matching.sentences import split
from spiders.extraction.authors import named_in
from spiders.extraction.blocks import key_of, read_layout
from spiders.extraction.moments import UNSTATED, read_moment
from spiders.extraction.posts import Post, posts_in, text_in
from spiders.extraction.structured import Facts, Node, texts, types
from spiders.extraction.tree import squeeze

_MOST = 1_000
"""Posts of one page; the longest live blogs have some hundreds."""
_LONGEST_TITLE = 160
_LONGEST_NAME = 200
_TAG = re.compile(r"<(?:p|br|div|a|b|em|strong|ul|ol|li|h\d|span|blockquote)\b[^>]*>", re.I)
_CUT = ("…", "...", "[…]", "[...]")
_NUMBER = re.compile(r"\d+")
_OF_THE_PAGE_ONLY = frozenset({"short", "gallery"})
"""Reasons why a page is not whole that say nothing of a post: posts may be short."""


def posts_of(
    tree: HtmlElement, facts: Facts, page: Article, outlets: list[str], latest: datetime
) -> tuple[Article, ...]:
    """The posts of a live blog, in the page's order; none for any other page.

    Args:
        tree: the parsed page; not changed.
        facts: its structured data.
        page: the whole page as one article, for what its posts do not say themselves.
        outlets: names of the outlet, which are no authors.
        latest: aware; what is dated later is no post.
    """
    declared = "liveblogposting" in types(facts.article)
    posts = list(_stated(tree, facts, page, outlets)) or posts_in(tree, page, outlets, declared=declared)
    posts = [post for post in posts if post.published <= latest and (post.title or post.body)]
    headlines = Counter(post.title for post in posts)
    return tuple(
        _article(post, name, page, own_title=headlines[post.title] == 1)
        for post, name in zip(posts, _names(posts), strict=True)
    )


def _article(post: Post, name: str, page: Article, *, own_title: bool) -> Article:
    own_title = own_title and key_of(post.title) not in ("", key_of(page.title))
    whole = page.complete or page.incomplete_reason in _OF_THE_PAGE_ONLY
    address = urldefrag(page.url)[0]
    return replace(
        page,
        url=f"{address}#{quote(post.fragment, safe='-._~!$&()*+,;=:@/?')}" if post.fragment else address,
        post=name,
        title=post.title if own_title or not post.body else _first_sentence(post.body, page.language),
        body=post.body,
        authors=post.authors or page.authors,
        published=_zoned(post.published, page.published),
        published_source=post.source,
        modified=_zoned(post.modified, page.published) if post.modified else None,
        complete=whole,
        incomplete_reason=None if whole else page.incomplete_reason,
    )


def _names(posts: list[Post]) -> Iterator[str]:
    """What names each post: its id where it is one, else its time; of several at one time, the first is the first."""
    names = Counter(post.name for post in posts)
    counted = _are_positions(posts)
    falling = sum(b.published < a.published for a, b in pairwise(posts))
    newest_first = falling > sum(b.published > a.published for a, b in pairwise(posts))
    seen: Counter[str] = Counter()
    found: dict[int, str] = {}
    for place in sorted(range(len(posts)), reverse=newest_first):
        post = posts[place]
        name = post.name
        if counted or not name or names[name] > 1 or len(name) > _LONGEST_NAME:
            time = post.published.astimezone(UTC).isoformat()
            seen[time] += 1
            name = time if seen[time] == 1 else f"{time}/{seen[time]}"
        found[place] = name
    return (found[place] for place in range(len(posts)))


def _are_positions(posts: list[Post]) -> bool:
    """Whether what looks like ids only counts the posts from the top, newest first: they move with every new one."""
    numbers = [[int(number) for number in _NUMBER.findall(post.name)[-1:]] for post in posts]
    first = numbers[0][0] if numbers and numbers[0] else -1
    return (
        len(posts) > 1
        and first in (0, 1)
        and numbers == [[first + place] for place in range(len(posts))]
        and posts[0].published > posts[-1].published
    )


def _stated(tree: HtmlElement, facts: Facts, page: Article, outlets: list[str]) -> Iterator[Post]:
    """Those of JSON-LD; of several live blogs on a page the one with most posts."""
    lists = (node.get("liveBlogUpdate") for node in facts.nodes)
    updates: list[Any] = max((u if isinstance(u, list) else [u] for u in lists if u), key=len, default=[])
    for node in map(facts.resolve, updates[:_MOST]):
        published = _moment(node, "datePublished", "dateCreated")
        if published is None:
            continue
        fragment, name = _address(node, page.url)
        title = squeeze(" ".join(texts(node.get("headline"))[:1]))
        body = _plain(texts(node.get("articleBody")) or texts(node.get("text")) or texts(node.get("description")))
        if fragment and (not body or body.endswith(_CUT)):
            body = next((text for block in _blocks(tree, fragment) if (text := text_in(block, title))), body)
        yield Post(
            name=name,
            fragment=fragment,
            title=title,
            body=body,
            published=published,
            modified=_moment(node, "dateModified"),
            source="jsonld",
            authors=named_in(node.get("author"), facts, outlets),
        )


def _blocks(tree: HtmlElement, fragment: str) -> list[HtmlElement]:
    return list(tree.xpath("//body//*[@id = $name]", name=fragment))


def _moment(node: Any, *keys: str) -> datetime | None:
    raws = (raw for key in keys for raw in texts(_get(node, key)))
    return next((when for raw in raws if (when := read_moment(raw))), None)


def _get(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, dict) else None


def _address(node: Node, page: str) -> tuple[str, str]:
    """Fragment ("" where there is none) and name of a post, by its own address or identifier."""
    here = urldefrag(page)[0]
    name = ""
    places = [*texts(node.get("url")), *texts(node.get("@id")), *texts(_get(node.get("mainEntityOfPage"), "@id"))]
    for place in (*places, *texts(node.get("identifier"))):
        rest, fragment = urldefrag(place)
        if fragment:
            return fragment, fragment
        if not name and rest.rstrip("/") != here.rstrip("/"):
            name = rest if "//" not in rest else urlsplit(rest)._replace(scheme="", netloc="").geturl()
    return "", name


def _plain(bodies: Iterable[str]) -> str:
    """Paragraphs, one a line; some outlets put mark-up into their structured data."""
    lines: list[str] = []
    for body in bodies:
        if _TAG.search(body):
            lines += (block.text for block in read_layout(html.fragment_fromstring(body, create_parent="div")).blocks)
        else:
            lines += (line for raw in body.splitlines() if (line := squeeze(raw)))
    return "\n".join(lines)


def _first_sentence(body: str, language: str | None) -> str:
    sentence = next(iter(split(body, language)), "")
    if len(sentence) <= _LONGEST_TITLE:
        return sentence
    return sentence[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"


def _zoned(when: datetime, page: datetime | None) -> datetime:
    """A time without zone has the page's."""
    known = when.tzinfo is not UNSTATED or page is None
    return when if known or page is None else when.replace(tzinfo=page.tzinfo)
