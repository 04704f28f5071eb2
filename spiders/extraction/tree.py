"""One parsed tree a page, shared by everything that reads it, and small helpers to read it with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html
from lxml.html import HtmlElement

from analysis.errors import ExtractionError

# All tags but those that carry text or meaning; used where a page nests deeper than libxml2 follows (256).
_WRAPPER = re.compile(
    r"<(?!/?(?:html|head|body|title|meta|link|script|style|p|h[1-6]|br|time)\b|[!?])/?[a-zA-Z][^>]*>", re.I
)
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_THAI = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
BLOCKS = frozenset(
    "address article aside blockquote body br center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


def parse(text: str) -> HtmlElement:
    """The tree of a page. libxml2 stops silently below 256 levels (real pages have 35), so such a page is
    flattened and parsed once more: its text is kept, its layout is not.

    Raises:
        ExtractionError: too_complex where even that does not help, not_html where no element is found.
    """
    tree, whole = _parse(text)
    if not whole:
        tree, whole = _parse(_WRAPPER.sub("\n", text))
    if not whole:
        raise ExtractionError("too_complex", "nested too deeply")
    if tree is None:
        raise ExtractionError("not_html")
    return tree


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    parser = html.HTMLParser(encoding="utf-8", remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        tree = None
    return tree, not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def strip_machinery(tree: HtmlElement) -> None:
    """Takes out what no reader sees, once structured data is read: half of a page's bytes, copied by each step."""
    etree.strip_elements(tree, "script", "style", "svg", "noscript", "template", etree.Comment, with_tail=False)


def squeeze(text: str | None) -> str:
    """One line, single spaces."""
    return " ".join(text.split()) if text else ""


def count_words(text: str) -> int:
    """Words; where a script writes none apart, two Chinese or Japanese characters, or five Thai ones, are a word."""
    return len(text.split()) + len(_HAN.findall(text)) // 2 + len(_THAI.findall(text)) // 5


def text_of(element: HtmlElement) -> str:
    """What a reader sees of an element, as one line: words of neighbouring blocks do not run together."""
    return squeeze("".join(_pieces(element)))


def _pieces(element: HtmlElement) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end", "comment")):
        if event == "comment" or node.tag in ("script", "style", "noscript", "template"):
            continue
        if node.tag in BLOCKS:
            yield " "
        if event == "start" and node.text:
            yield node.text
        if event == "end" and node is not element and node.tail:
            yield node.tail
