"""Who wrote it: people, or a desk where no person is named. Never "By", a role, a date or an address."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Any

from lxml.html import HtmlElement

from spiders.extraction.structured import Facts, texts, types
from spiders.extraction.tree import squeeze, text_of

_META = (
    "author article:author parsely-author byl dc.creator dcterms.creator sailthru.author article:author_name "
    "articleauthor cxenseparse:author og:article:author citation_author article.author authors"
).split()
_BY_WORDS = r"(?:by|von|par|por|di|da|av|af|door|przez|szerző|autore?|autor(?:en|in)?|author|texte?)"
_BY = re.compile(rf"^(?:(?:written|reported|story|words|posted|report)\s+)?{_BY_WORDS}\s*(?:[:：]\s*|\s+)", re.I)
_SAID = re.compile(
    r"^\s*(?:(?:written|reported|posted)\s+)?(?:By|BY|Von|VON|Par|Por|Di|Door|Av|Af|Autor(?:en|in)?:|Author:|Text:)"
    r"[\s:]+(?=[^\W\d_])"
)
_SPLIT = re.compile(r"\s*[,;/|•·、]\s*|\s+(?:and|und|et|e|y|och|og|en|i|&|with|mit)\s+", re.I)
_AFTER = re.compile(
    r"\s*(?:\||•|·|\(|,\s*(?:in|aus)\s|\s[-–—]\s|\bfor\s|\bat\s|@|\bupdated\b|\bpublished\b|\bist\b|\bin\s[A-Z]).*$",
    re.S | re.I,
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|\d[:.]\d|^(?:admin|administrator|editor|author|autor|n/a|none|null|undefined|unknown|guest|staff)$",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|journalist|writer|columnist|contributor|chief|senior|bureau|producer|"
    r"redakteur(?:in)?|korrespondent(?:in)?|journaliste?|periodista|giornalista|analyst|photographer|critic)\b",
    re.I,
)
_PERSON = re.compile(r"^[^\W\d_][\w'’.-]*(?:\s+[^\W\d_][\w'’.-]*){1,4}$")
_LONGEST = 60


def authors_of(tree: HtmlElement, facts: Facts, outlets: list[str]) -> tuple[str, ...]:
    """Names in the page's order, from the first evidence that names someone other than the outlet; else the desk
    or outlet that the page names. What only looks like an author box counts where nothing else is said."""
    own = {_key(name) for name in outlets if name}
    desk: tuple[str, ...] = ()
    for names in _stated(tree, facts):
        found = _unique(names)
        people = tuple(name for name in found if _key(name) not in own)
        if people:
            return _completed(people, tree)
        desk = desk or found
    for names in _said(tree):
        if found := _unique(names):
            return found
    return desk or next((found for names in _boxes(tree) if (found := _people(names))), ())


def named_in(value: Any, facts: Facts, outlets: list[str]) -> tuple[str, ...]:
    """Names in one value of structured data, the outlet's own left out."""
    own = {_key(name) for name in outlets if name}
    return tuple(name for name in _unique(_named(value, facts)) if _key(name) not in own)


def _stated(tree: HtmlElement, facts: Facts) -> Iterator[list[str]]:
    """JSON-LD, meta elements, microdata, rel=author."""
    for key in ("author", "creator"):
        yield list(_named(facts.article.get(key), facts))
    for name in _META:
        yield [part for value in facts.meta.get(name, ()) for part in _split(html.unescape(value))]
    yield [part for element in tree.xpath("//*[contains(@itemprop, 'author')]") for part in _split(_microdata(element))]
    yield [part for link in _links(tree) for part in _split(text_of(link))]


def _named(value: Any, facts: Facts, depth: int = 0) -> Iterator[str]:
    value = facts.resolve(value)
    if isinstance(value, str):
        yield from _split(html.unescape(value))
    elif isinstance(value, list) and depth < 3:
        for item in value[:20]:
            yield from _named(item, facts, depth + 1)
    elif isinstance(value, dict):
        name = value.get("name") or " ".join(texts([value.get("givenName"), value.get("familyName")]))
        if isinstance(name, str) and types(value) & {"organization", "newsmediaorganization"}:
            yield squeeze(html.unescape(name))
        else:
            yield from _named(name, facts, depth + 1)


def _microdata(element: HtmlElement) -> str:
    name = element.find(".//*[@itemprop='name']")
    inner = element if name is None else name
    return inner.get("content") or text_of(inner)


def _said(tree: HtmlElement) -> Iterator[list[str]]:
    """Names in short lines that begin with "By", up to the first word that is none: "By Ann Lee, in Business"."""
    for element in tree.iter("p", "div", "span", "li", "address", "h5", "h6"):
        if element.text and _SAID.match(element.text + " x"):
            text = text_of(element)
            if len(text) < 120 and _SAID.match(text):
                parts = (_AFTER.sub("", part).strip(" .:") for part in _split(text))
                yield list(takewhile(_is_name, parts))


def _is_name(text: str) -> bool:
    """In a line that begins with "By", which sentences do too: "By noon the first trucks left"."""
    people = _PERSON.match(text) is not None and not text.rpartition(" ")[2].islower()
    return people or (text.isupper() and len(text) > 1)


def _boxes(tree: HtmlElement) -> Iterator[list[str]]:
    for element in tree.xpath("//*[contains(@class, 'yline') or contains(@class, 'uthor')]"):
        text = text_of(element)
        if 3 < len(text) < 150:
            yield _split(text)


def _completed(people: tuple[str, ...], tree: HtmlElement) -> tuple[str, ...]:
    """JSON-LD often has the first of several; the links to their pages stand side by side."""
    keys = {_key(name) for name in people}
    for link in _links(tree):
        if _key(text_of(link)) in keys and (line := _line_of(link)) is not None:
            together = _people(part for other in _links(line) for part in _split(text_of(other)))
            return together if keys < {_key(name) for name in together} else people
    return people


def _line_of(link: HtmlElement) -> HtmlElement | None:
    """The smallest element around a link that holds another one."""
    return next((parent for parent in islice(link.iterancestors(), 3) if len(list(_links(parent))) > 1), None)


def _links(tree: HtmlElement) -> Iterator[HtmlElement]:
    return (link for link in tree.iter("a") if "author" in (link.get("rel") or "").split())


def _people(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in _unique(names) if _PERSON.match(name))


def _split(text: str) -> list[str]:
    return [] if "://" in text else _SPLIT.split(_BY.sub("", squeeze(text)))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for raw in names:
        name = _AFTER.sub("", _BY.sub("", squeeze(raw))).strip(" .:-–—|*")
        acronym = len(name) == 2 and name.isupper()
        if not (acronym or 2 < len(name) <= _LONGEST) or _NO_NAME.search(name):
            continue
        found.setdefault(_key(name), name)
    people = tuple(name for name in found.values() if not _ROLE.search(name))
    return people or tuple(found.values())


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
