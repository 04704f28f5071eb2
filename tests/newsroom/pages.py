"""An outlet's pages: the article in one of four layouts, and a front page that lists everything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tests.newsroom.story import HERE, Outlet, Piece

_BRANDS = ("Netflix", "Blockbuster", "Redbox")
_HEADLINES_BESIDE = 4


def article_page(piece: Piece, listed: Sequence[Piece], base: str) -> bytes:
    """The HTML of an article; `listed` is what the outlet has published, newest first."""
    others = [other for other in listed if other is not piece][:_HEADLINES_BESIDE]
    page = _templates().get_template(f"{piece.outlet.layout}.html")
    linked = Markup(json.dumps(_schema(piece, base), ensure_ascii=False).replace("<", "\\u003c"))
    return page.render(
        piece=piece, outlet=piece.outlet, base=base, others=others, linked_data=linked, blocks=_blocks(piece)
    ).encode()


def front_page(outlet: Outlet, listed: Sequence[Piece], unlisted: Sequence[Piece], base: str) -> bytes:
    """The HTML of the outlet's front page, which is its section page too."""
    page = _templates().get_template("front.html")
    return page.render(outlet=outlet, listed=listed, unlisted=unlisted, base=base).encode()


@cache
def _templates() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(references=_references, clock=_clock, utc=_utc)
    return env


def _blocks(piece: Piece) -> list[dict[str, Any]]:
    """Subheadings, each with the paragraphs under it; the first block has none in most articles."""
    blocks: list[dict[str, Any]] = [{"heading": "", "lines": []}]
    for line in piece.paragraphs:
        if line.startswith("## "):
            blocks.append({"heading": line.removeprefix("## "), "lines": []})
        else:
            blocks[-1]["lines"].append(line)
    return [block for block in blocks if block["lines"]]


def _schema(piece: Piece, base: str) -> dict[str, Any]:
    """schema.org's description, with what outlets of this kind put into it."""
    kinds = {"live": "LiveBlogPosting", "release": "Article"}
    schema: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kinds.get(piece.form, "NewsArticle"),
        "headline": piece.title,
        "datePublished": piece.published.isoformat(),
        "dateModified": piece.changed.isoformat(),
        "inLanguage": piece.language,
        "articleSection": piece.section,
        "author": [{"@type": "Person", "name": name} for name in piece.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": piece.outlet.name},
        "mainEntityOfPage": base + piece.path,
        "isAccessibleForFree": piece.complete,
    }
    if not piece.complete:
        wall = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".subscribers"}
        schema["hasPart"] = wall
    return schema


def _references(text: str, piece: Piece) -> Markup:
    """Escaped text; on a page that asks for it, brand names letter by letter as character references."""
    safe = str(escape(text))
    if piece.entities:
        for name in _BRANDS:
            safe = safe.replace(name, "".join(f"&#{ord(letter)};" for letter in name))
    return Markup(safe)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _clock(moment: datetime, language: str) -> str:
    """The moment as the page shows it to readers, in the outlet's own time."""
    if language == "de":
        return moment.strftime("%d.%m.%Y, %H:%M Uhr")
    if language == "fr":
        return moment.strftime("le %d/%m/%Y à %Hh%M")
    return f"{moment:%B} {moment.day}, {moment.year} {moment:%H:%M} {moment.tzname()}"
