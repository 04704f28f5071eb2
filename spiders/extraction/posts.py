"""The posts of a live blog by its layout: three or more blocks of one kind, each with a time of its own.

Lists of teasers, readers' comments and an outlet's overview pages have such blocks too. So a block counts only where it
has an id or a heading and text that does not lead elsewhere, and unless the page calls itself a live blog, the blocks
must hold most of what was found to be the page's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from analysis.items import Article
from spiders.extraction.authors import authors_of
from spiders.extraction.blocks import Layout, key_of, read_layout
from spiders.extraction.junk import FINE, NEVER, is_service_line, purpose
from spiders.extraction.moments import read_moment, states_time
from spiders.extraction.structured import Facts
from spiders.extraction.tree import squeeze, text_of

_FEWEST = 3
_MOST_STAMPS = 2_000
_LEVELS = 8
"""Between a time and the block that it dates."""
_NEAR = 3
"""Boxes around a block that may say what it is; what stands further out may be the whole page."""
_LEAST_WORDS = 5
_MOST_LINKED = 0.5
_OWN_SHARE = 0.5
"""Of the page's text that stands in its posts."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_IDS = ("id", "data-id", "data-post-id", "data-entry-id", "data-block-id", "data-update-id")
_KINDS = ("class", "data-testid", "data-component", "data-type", "itemprop")
_LABELS = ("class", "id", "data-testid", "data-component", "itemprop")
_POSTS = re.compile(r"live|ticker|posts?(?![a-z])|update|entry|entries|blog|minute|beitrag|eintrag", re.I)
_OTHERS = re.compile(r"comment|kommentar|discuss|disqus|repl(?:y|ies)|responses?\b|\breviews?\b|forum|teaser", re.I)
_FURNITURE = frozenset({"nav", "aside", "footer", "form", "dialog"})
_CLOCK = re.compile(r"^\W*\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:uhr|[A-Z]{2,4})?\W*$", re.I)
_STAMPED = re.compile(r"^\W*(?:(?:last\s)?(?:updated|published|posted|aktualisiert)\b|\d+ ?(?:min|hours?|h|m)\b)", re.I)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """What a page says of one post."""

    name: str
    """Its id; "" where it has none."""
    fragment: str
    """What leads to it within the page's address; "" where nothing does."""
    title: str
    body: str
    """Paragraphs, one a line."""
    published: datetime
    modified: datetime | None = None
    source: str
    """Evidence for its time: jsonld or time."""
    authors: tuple[str, ...] = ()


def posts_in(tree: HtmlElement, page: Article, outlets: list[str], *, declared: bool) -> list[Post]:
    """The posts, in the page's order; none where it is no live blog.

    Args:
        tree: the parsed page; not changed.
        page: the whole page as one article.
        outlets: names of the outlet, which are no authors.
        declared: the page calls itself a live blog.
    """
    stamps = dict(islice(_stamps(tree), _MOST_STAMPS))
    if len(stamps) < _FEWEST:
        return []
    blocks = _blocks(stamps, page.url)
    posts = [_post(block, stamps, outlets) for block in blocks]
    if len(posts) < _FEWEST or len({post.published for post in posts}) < 2:
        return []
    named = all(block.tag == "article" or _POSTS.search(_label_within(block, stamps)) for block in blocks)
    return posts if declared or (named and _hold(posts, page.body)) else []


def text_in(block: HtmlElement, title: str, authors: tuple[str, ...] = ()) -> str:
    """The paragraphs of a post, one a line, without headline, byline, time, and what readers are asked to do."""
    own = deepcopy(block)
    own.tail = None
    return "\n".join(_lines(read_layout(own), title, authors))


def _stamps(tree: HtmlElement) -> Iterator[tuple[HtmlElement, datetime]]:
    """Elements that give a time of day."""
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
        if len(members) >= _FEWEST:
            for element in members:
                if element not in judged:
                    judged[element] = _may_be_post(element, url)
            good = [element for element in members if judged[element]]
            if len(good) >= _FEWEST:
                found.append((len(good), -depth, good))
    return max(found, key=lambda group: group[:2], default=(0, 0, []))[2]


def _may_be_post(block: HtmlElement, url: str) -> bool:
    headings = [heading for heading in block.iter(*_HEADINGS) if text_of(heading)]
    if not headings and not _ids(block)[0]:
        return False
    around = [block, *(element for element in block.iterancestors() if element.tag not in ("html", "body"))]
    if any(element.tag in _FURNITURE for element in around):
        return False
    for label in map(_label, around[: 1 + _NEAR]):
        if _OTHERS.search(label) or purpose(label) == NEVER:
            return False
    text = text_of(block)
    if len(text.split()) < _LEAST_WORDS:
        return False
    away = [link for link in block.iter("a") if _leads_away(link.get("href") or "", url)]
    if any(heading in (link, *link.iterancestors(), *link.iter()) for link in away for heading in headings[:1]):
        return False
    return sum(len(text_of(link)) for link in away) <= _MOST_LINKED * len(text)


def _leads_away(link: str, url: str) -> bool:
    try:
        target, here = urlsplit(urljoin(url, link)), urlsplit(url)
    except ValueError:
        return False
    return bool(link) and not link.startswith("#") and (target.netloc, target.path) != (here.netloc, here.path)


def _label(element: HtmlElement) -> str:
    return " ".join(value for name in _LABELS if (value := element.get(name)))


def _label_within(block: HtmlElement, stamps: dict[HtmlElement, datetime]) -> str:
    """Of the block and of the boxes between it and its time."""
    stamp = next(element for element in block.iter() if element in stamps)
    within = takewhile(lambda element: element is not block, stamp.iterancestors())
    return " ".join(map(_label, (block, *within)))


def _ids(block: HtmlElement) -> tuple[str, str]:
    """Name and fragment of a block: its own, else the first inside it; "" where there is none."""
    for element in block.iter(etree.Element):
        for key in _IDS:
            if value := squeeze(element.get(key)):
                return value, squeeze(element.get("id"))
    return "", ""


def _hold(posts: list[Post], body: str) -> bool:
    """Whether most of the page's text is that of the posts."""
    whole = key_of(" ".join(f"{post.title} {post.body}" for post in posts))
    lines = [key_of(line) for line in body.split("\n")]
    return sum(len(line) for line in lines if line in whole) >= _OWN_SHARE * sum(map(len, lines))


def _post(block: HtmlElement, stamps: dict[HtmlElement, datetime], outlets: list[str]) -> Post:
    published = next(stamps[element] for element in block.iter() if element in stamps)
    own = deepcopy(block)
    own.tail = None
    title = next((text for heading in own.iter(*_HEADINGS) if _is_headline(text := text_of(heading))), "")
    authors = authors_of(own, Facts(), outlets)
    name, fragment = _ids(block)
    return Post(
        name=name,
        fragment=fragment,
        title=title,
        body=text_in(own, title, authors),
        published=published,
        source="time",
        authors=authors,
    )


def _is_headline(text: str) -> bool:
    return len(text) > 2 and not _CLOCK.match(text) and not _STAMPED.match(text)


def _lines(layout: Layout, title: str, authors: tuple[str, ...]) -> Iterator[str]:
    for block in layout.blocks:
        boxes = (layout.boxes[box] for box in layout.around(block) if layout.boxes[box].parent >= 0)
        rest = block.text
        for name in authors:
            rest = rest.replace(name, "")
        label = len(block.text.split()) < 4 and not _SENTENCE_END.search(block.text)
        if (
            block.key == key_of(title)
            or label
            or len(key_of(rest)) <= 3
            or _CLOCK.match(block.text)
            or (len(block.text) < 60 and _STAMPED.match(block.text))
            or is_service_line(block.text)
            or (block.density >= 0.8 and len(block.text) >= 15)
            or any(purpose(box.label) != FINE for box in boxes)
        ):
            continue
        yield block.text
