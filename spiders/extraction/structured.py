"""What a page says of itself for machines: JSON-LD (schema.org in scripts) and meta elements.

Both are written by hand, by templates and by plugins that contradict each other; so nothing here decides, it
only reads, as leniently as it can, and picks the node that is about this page's article.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    """
    newsarticle article reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle
    reviewnewsarticle asknewsarticle advertisercontentarticle satiricalarticle scholarlyarticle techarticle blogposting
    liveblogposting socialmediaposting report medicalscholarlyarticle review claimreview newsmediaarticle pressrelease
    recipe
    """.split()
)
_WEAK_TYPES = frozenset({"review", "claimreview", "recipe", "socialmediaposting"})
"""Often a part of the article (the reviewed thing, one claim), so a stronger type goes first."""
_CHILDREN = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item", "@list")
_MAX_SCRIPT = 2_000_000
_MAX_DEPTH = 12

_WRAPPED = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:(?://|/\*)\s*)?(?:-->|\]\]>)(?:\s*\*/)?\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_PAIR = re.compile(r'"(headline|datePublished|dateModified|dateCreated|@type|articleBody)"\s*:\s*"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything machine-readable of one page."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    """Contents of meta elements by name, property or itemprop, lower case, in page order."""
    nodes: list[Node] = field(default_factory=list)
    """All JSON-LD nodes with a type, outer before inner."""
    article: Node = field(default_factory=dict)
    """The JSON-LD node about this article; empty where there is none."""
    by_id: dict[str, Node] = field(default_factory=dict)
    declared: bool = False
    """Whether the page says, in JSON-LD, OpenGraph or microdata, that it is an article."""

    def first(self, *names: str) -> str:
        """The first non-empty content among meta elements, in the order of the names; else ""."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")

    def resolve(self, value: Any) -> Any:
        """Follows {"@id": ...} to the node that it names."""
        if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
            return self.by_id.get(str(value.get("@id")), value)
        return value


def read(tree: HtmlElement, url: str) -> Facts:
    """Facts of a page; `url` tells which of several articles in JSON-LD is meant."""
    nodes: list[Node] = []
    for script in tree.iterfind(".//script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) < _MAX_SCRIPT:
            for value in _load(script.text):
                nodes.extend(_walk(value))
    by_id: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(by_id.get(name, ())):
            by_id[name] = node
    meta, article = _meta(tree), _choose(nodes, url)
    declared = bool(article) or "article" in (meta.get("og:type") or [""])[0].lower() or _has_article(tree)
    return Facts(meta=meta, nodes=nodes, article=article, by_id=by_id, declared=declared)


def types(node: Node) -> set[str]:
    """Type names of a node, lower case, without the schema.org prefix."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for kind in kinds if isinstance(kind, str)}


def texts(value: Any) -> list[str]:
    """The strings in a JSON-LD value, which may be a string, a list, or an object with @value or name."""
    if isinstance(value, str):
        return [html.unescape(value).strip()] if value.strip() else []
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        return texts(value.get("@value") or value.get("name"))
    return []


def _has_article(tree: HtmlElement) -> bool:
    return any(
        (element.get("itemtype") or "").endswith(("Article", "BlogPosting"))
        for element in tree.iterfind(".//*[@itemtype]")
    )


def summaries(facts: Facts) -> list[str]:
    """What the page gives as its description, each once."""
    found = [
        *facts.meta.get("og:description", ()),
        *facts.meta.get("description", ()),
        *texts(facts.article.get("description")),
    ]
    return list(dict.fromkeys([*found, *facts.meta.get("twitter:description", ())]))


def stated_body(facts: Facts) -> str:
    """JSON-LD's articleBody, "" where there is none. Rarely the whole text, so a last resort."""
    return "\n".join(texts(facts.article.get("articleBody")))


def _load(raw: str) -> list[Any]:
    for text in _repairs(_WRAPPED.sub("", raw.strip())):
        try:
            return [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _several(raw) or _salvage(raw)


def _repairs(text: str) -> Iterator[str]:
    """The text as it is, then with the usual mistakes mended."""
    yield text
    mended = _TRAILING_COMMA.sub(r"\1", text).rstrip("; \n\t")
    yield mended
    yield _BAD_ESCAPE.sub(r"\\\\", mended)
    yield html.unescape(text)


def _several(text: str) -> list[Any]:
    """Objects written one after the other in one script."""
    found, at, decoder = [], 0, json.JSONDecoder(strict=False)
    while (at := text.find("{", at)) >= 0:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _salvage(text: str) -> list[Any]:
    """Broken beyond repair, by a quote in a headline say: the plain pairs that matter are read all the same."""
    node: Node = {}
    for key, value in _PAIR.findall(text):
        try:
            node.setdefault(key, json.loads(f'"{value}"', strict=False))
        except ValueError:
            continue
    return [node] if node else []


def _walk(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:500]:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in _CHILDREN:
            if isinstance(value.get(key), dict | list):
                yield from _walk(value[key], depth + 1)


def _choose(nodes: list[Node], url: str) -> Node:
    """The article meant by the page: named by its address, of a strong type, with headline and date, first."""
    path = _path_of(url)

    def rank(node: Node) -> tuple[bool, bool, bool, bool]:
        places = [*texts(node.get("url")), *texts(node.get("@id")), *_page_of(node)]
        here = bool(path) and any(
            urlsplit(place).path.rstrip("/") == path for place in places if "//" in place or place.startswith("/")
        )
        strong = not (types(node) <= _WEAK_TYPES)
        return (here, strong, bool(node.get("headline")), bool(node.get("datePublished")))

    articles = [node for node in nodes if types(node) & ARTICLE_TYPES]
    return max(articles, key=rank, default={})


def _path_of(place: str) -> str:
    try:
        return urlsplit(place).path.rstrip("/")
    except ValueError:
        return ""


def _page_of(node: Node) -> list[str]:
    page = node.get("mainEntityOfPage")
    return texts(page.get("@id")) if isinstance(page, dict) else texts(page)


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if content and name and len(content) < 5000:
            found.setdefault(name.strip().lower(), []).append(content)
    return found
