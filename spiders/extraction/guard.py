"""Refuses, before anything parses it, a page that would cost more than all others together.

Limits are far above real news: of 213 pages of 140 outlets the largest has 1.7 million characters, 6,800 tags
and 73 attributes on one element. What slips through meets the time budget of the worker process.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from analysis.errors import ExtractionError

MAX_BYTES = 10_000_000
"""Also what Media Cloud accepts, "more than 99.99% of pages"."""
MAX_TAGS = 60_000
MAX_ATTRIBUTES = 2_000
"""On one element. Parsers are quadratic in them: 80,000 take half a minute."""

MAX_TEXT = 2_000_000
"""Characters that a reader would see; the longest articles have a tenth."""

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{10000,}")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_MANY_VALUES = re.compile(rf"<[a-zA-Z](?:[^<>\"']{{0,400}}+(?:\"[^\"]*+\"|'[^']*+')){{{MAX_ATTRIBUTES + 1}}}")
"""A tag with so many quoted values; what stands in them, `<` and `>` too, does not end it."""
_SCRIPT = re.compile(r"<script\b.*?</script", re.I | re.S)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|script|table|h1|span|a)\b", re.I)
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")
_FEED = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.I | re.S
)


def check_bytes(body: bytes) -> None:
    """Looks at size and kind. What the Content-Type header claims does not matter, what the bytes are does.

    Raises:
        ExtractionError: too_large, empty or not_html.
    """
    if len(body) > MAX_BYTES:
        raise ExtractionError("too_large", f"{len(body)} bytes")
    if not body.strip():
        raise ExtractionError("empty")
    if body.startswith(_BINARY) or _FEED.match(body[:2000]):
        raise ExtractionError("not_html")
    if not _MARKUP.search(body) and b"<\0" not in body and b"\0<" not in body:  # UTF-16 and -32 have NULs
        raise ExtractionError("not_html")


def check_text(text: str) -> None:
    """Counts tags and attributes, in about a millisecond for a large page.

    Raises:
        ExtractionError: too_complex.
    """
    if (tags := text.count("<")) > MAX_TAGS:
        raise ExtractionError("too_complex", f"{tags} tags")
    for match in _LONG_TAG.finditer(text):
        if len(_QUOTED.sub("", match[0]).split()) > MAX_ATTRIBUTES:
            raise ExtractionError("too_complex", f"more than {MAX_ATTRIBUTES} attributes on one tag")
    if _MANY_VALUES.search(text) and _MANY_VALUES.search(_SCRIPT.sub("", text)):  # data for scripts is full of quotes
        raise ExtractionError("too_complex", f"more than {MAX_ATTRIBUTES} attributes on one tag")


def check_tree(tree: HtmlElement) -> None:
    """Looks at the text that is left when scripts are gone.

    Raises:
        ExtractionError: too_large.
    """
    if (size := sum(map(len, tree.itertext()))) > MAX_TEXT:
        raise ExtractionError("too_large", f"{size} characters of text")
