"""One post of a live blog: what is read of a box that holds it, and whether a box may hold one at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from spiders.extraction.authors import authors_of
from spiders.extraction.blocks import Layout, key_of, read_layout
from spiders.extraction.clocks import is_stamp, read_clock
from spiders.extraction.junk import FINE, NEVER, is_service_line, purpose
from spiders.extraction.structured import Facts
from spiders.extraction.tree import squeeze, text_of

FEWEST = 3
"""Posts that make a live blog."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NEAR = 3
"""Boxes around a post that may say what it is; what stands further out may be the whole page."""
_MOST_LINKED = 0.5
_OWN_SHARE = 0.5
"""Of the page's text that stands in its posts."""
_IDS = ("id", "data-id", "data-post-id", "data-entry-id", "data-block-id", "data-update-id")
_LABELS = ("class", "id", "data-testid", "data-component", "itemprop")
_OTHERS = re.compile(r"comment|kommentar|discuss|disqus|repl(?:y|ies)|responses?\b|\breviews?\b|forum|teaser", re.I)
_FURNITURE = frozenset({"nav", "aside", "footer", "form", "dialog"})
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
    """Evidence for its time: jsonld, time, or text for a clock that readers see."""
    authors: tuple[str, ...] = ()


def post_of(box: HtmlElement, published: datetime, outlets: list[str], *, clock: bool = False) -> Post:
    """What a box says. `outlets` are no authors; `clock`: its first line or heading begins with the time of day."""
    own = deepcopy(box)
    own.tail = None
    heads = (_headline(text_of(heading), clock=clock) for heading in own.iter(*HEADINGS))
    title = next(filter(None, heads), "")
    authors = authors_of(own, Facts(), outlets)
    name, fragment = ids_of(box)
    return Post(
        name=name,
        fragment=fragment,
        title=title,
        body=text_in(own, title, authors, clock=clock),
        published=published,
        source="text" if clock else "time",
        authors=authors,
    )


def text_in(box: HtmlElement, title: str, authors: tuple[str, ...] = (), *, clock: bool = False) -> str:
    """The paragraphs of a post, one a line, without headline, byline, time, and what readers are asked to do."""
    own = deepcopy(box)
    own.tail = None
    return "\n".join(_lines(read_layout(own), title, authors, clock=clock))


def ids_of(box: HtmlElement) -> tuple[str, str]:
    """Name and fragment of a block: its own, else the first inside it; "" where there is none."""
    for element in box.iter(etree.Element):
        for key in _IDS:
            if value := squeeze(element.get(key)):
                return value, squeeze(element.get("id"))
    return "", ""


def hold(posts: list[Post], body: str) -> bool:
    """Whether most of the page's text is that of the posts."""
    whole = key_of(" ".join(f"{post.title} {post.body}" for post in posts))
    keys = [key_of(read[1] if (read := read_clock(line)) else line) for line in body.split("\n")]
    return sum(len(key) for key in keys if key in whole) >= _OWN_SHARE * sum(map(len, keys))


def is_elsewhere(box: HtmlElement) -> bool:
    """Whether a box stands in the margin, or says that it is something else: readers' comments, teasers."""
    around = [box, *(element for element in box.iterancestors() if element.tag not in ("html", "body"))]
    if any(element.tag in _FURNITURE for element in around):
        return True
    return any(_OTHERS.search(label) or purpose(label) == NEVER for label in map(label_of, around[: 1 + _NEAR]))


def is_mostly_links(box: HtmlElement, url: str) -> bool:
    """Whether most of its text, or its headline, leads away from the page at `url`."""
    away = [link for link in box.iter("a") if _leads_away(link.get("href") or "", url)]
    heading = next((heading for heading in box.iter(*HEADINGS) if text_of(heading)), None)
    if heading is not None and any(heading in (link, *link.iterancestors(), *link.iter()) for link in away):
        return True
    return sum(len(text_of(link)) for link in away) > _MOST_LINKED * len(text_of(box))


def _leads_away(link: str, url: str) -> bool:
    try:
        target, here = urlsplit(urljoin(url, link)), urlsplit(url)
    except ValueError:
        return False
    return bool(link) and not link.startswith("#") and (target.netloc, target.path) != (here.netloc, here.path)


def label_of(element: HtmlElement) -> str:
    """What a box says that it is."""
    return " ".join(value for name in _LABELS if (value := element.get(name)))


def _headline(text: str, *, clock: bool) -> str:
    if len(text) <= 2 or is_stamp(text) or _STAMPED.match(text):
        return ""
    read = read_clock(text) if clock else None
    return read[1].strip() if read else text


def _lines(layout: Layout, title: str, authors: tuple[str, ...], *, clock: bool) -> Iterator[str]:
    for number, block in enumerate(layout.blocks):
        boxes = (layout.boxes[box] for box in layout.around(block) if layout.boxes[box].parent >= 0)
        text = block.text
        if clock and number == 0 and (read := read_clock(text)):
            text = read[1].strip()
        rest = text
        for name in authors:
            rest = rest.replace(name, "")
        label = len(text.split()) < 4 and not _SENTENCE_END.search(text)
        if (
            key_of(text) == key_of(title)
            or label
            or len(key_of(rest)) <= 3
            or is_stamp(text)
            or (len(text) < 60 and _STAMPED.match(text))
            or is_service_line(text)
            or (block.density >= 0.8 and len(block.text) >= 15)
            or any(purpose(box.label) != FINE for box in boxes)
        ):
            continue
        yield text
