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
from itertools import islice, pairwise
from typing import Any
from urllib.parse import quote, urldefrag, urlsplit

from lxml import html
from lxml.html import HtmlElement

from analysis.items import Article
from analysis.matching.sentences import split
from spiders.extraction.authors import named_in
from spiders.extraction.blocks import key_of, read_layout
from spiders.extraction.clocks import is_stamp
from spiders.extraction.flow import posts_in_flow
from spiders.extraction.moments import UNSTATED, read_moment
from spiders.extraction.post import Post, text_in
from spiders.extraction.posts import posts_in
from spiders.extraction.structured import Facts, Node, texts, types
from spiders.extraction.tree import squeeze

_MOST = 1_000
"""Posts of one page; the longest live blogs have some hundreds."""
_LONGEST_TITLE = 160
_LONGEST_NAME = 200
_SHORTEST_TITLE = 25
"""Characters of a first sentence that says anything: "Good morning." does not."""
_QUOTED_WORDS = 6
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
    stated = list(_stated(tree, facts, page, outlets))
    shown = posts_in(tree, page, outlets, declared=declared) or posts_in_flow(tree, page, outlets, declared=declared)
    posts = _merged(stated, shown) if len(shown) > len(stated) else stated
    posts = [post for post in posts if post.published <= latest and (post.title or post.body)]
    headlines = Counter(post.title for post in posts)
    found = [
        _article(post, name, page, own_title=headlines[post.title] == 1)
        for post, name in zip(posts, _names(posts), strict=True)
    ]
    head = head_of(page, found)
    return tuple(replace(post, page_head=f"{head.title}\n{head.body}".strip()) for post in found)


def head_of(page: Article, posts: Iterable[Article]) -> Article:
    """The page of a live blog without its posts: its headline, and what it says before the first of them."""
    told = key_of(" ".join(f"{post.title} {post.body}" for post in posts))
    lines = [line for line in page.body.split("\n") if not is_stamp(line)]
    first = next((place for place, line in enumerate(lines) if (key := key_of(line)) and key in told), 0)
    return replace(page, body="\n".join(lines[:first]))


def _article(post: Post, name: str, page: Article, *, own_title: bool) -> Article:
    own_title = own_title and key_of(post.title) not in ("", key_of(page.title))
    whole = page.complete or page.incomplete_reason in _OF_THE_PAGE_ONLY
    return replace(
        page,
        url=f"{urldefrag(page.url)[0]}#{_fragment(post)}",
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


def _merged(stated: list[Post], shown: list[Post]) -> list[Post]:
    """What the page shows where structured data holds some of the posts only; of those, what it states goes first.

    Two are one post by their fragment, or by their minute where no other post has it.
    """
    names = {post.fragment: post for post in stated if post.fragment}
    minutes = [Counter(map(_minute, posts)) for posts in (stated, shown)]
    times = {_minute(post): post for post in stated if minutes[0][_minute(post)] == minutes[1][_minute(post)] == 1}
    pairs = [(names.get(post.fragment) or times.get(_minute(post)), post) for post in shown]
    rest = [post for post in stated if not minutes[1][_minute(post)] and all(post is not twin for twin, _ in pairs)]
    return [_both(twin, post) if twin else post for twin, post in pairs] + rest


def _minute(post: Post) -> datetime:
    return post.published.astimezone(UTC).replace(second=0, microsecond=0)


def _both(stated: Post, shown: Post) -> Post:
    body = max(stated.body, shown.body, key=len)
    return replace(
        stated,
        name=stated.name or shown.name,
        fragment=stated.fragment or shown.fragment,
        title=stated.title or shown.title,
        body=body,
        authors=stated.authors or shown.authors,
    )


def _fragment(post: Post) -> str:
    """What leads a browser to the post: its id, else its first words (https://wicg.github.io/scroll-to-text-fragment)."""
    if post.fragment:
        return quote(post.fragment, safe="-._~!$&()*+,;=:@/?")
    words = (post.body.partition("\n")[0] or post.title).split()[:_QUOTED_WORDS]
    return ":~:text=" + quote(" ".join(words), safe="").replace("-", "%2D")


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
    """Or the first two, where the first says too little."""
    sentence = ""
    for more in islice(split(body.partition("\n")[0], language), 2):
        sentence = f"{sentence} {more}".strip() if len(sentence) < _SHORTEST_TITLE else sentence
    if len(sentence) <= _LONGEST_TITLE:
        return sentence
    return sentence[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"


def _zoned(when: datetime, page: datetime | None) -> datetime:
    """A time without zone has the page's."""
    known = when.tzinfo is not UNSTATED or page is None
    return when if known or page is None else when.replace(tzinfo=page.tzinfo)
