"""Small pages written for these tests: an outlet that does not exist, an outage that did not happen."""

from __future__ import annotations

import json
from typing import Any

PARAGRAPHS = (
    "Subscribers of the film service waited for their discs on Tuesday, and nobody could tell them for how long.",
    "The company said that a fault in its shipping system had stopped every warehouse in the country at once.",
    "“We know that this is not what people pay for,” a spokeswoman said, and promised a credit on the next bill.",
    "Analysts expect the repair to take until Friday; the share price lost two percent in early trading.",
    "A rival used the day for an advertisement that offered a free month to anyone who brought an empty envelope.",
    "By the evening the first trucks had left again, and the service said that most orders would go out overnight.",
)
BODY = "\n".join(PARAGRAPHS)
TITLE = "Film service stands still for a day"
URL = "https://www.beacon-herald.com/news/film-service-stands-still-20240503"


def html(body: str, head: str = "", lang: str = "en") -> str:
    """A whole document."""
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'


def article(extra: str = "", head: str = "", title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    """An article page: heading, paragraphs, then `extra` inside the article."""
    text = "".join(f"<p>{line}</p>" for line in paragraphs)
    return html(f'<article class="story"><h1>{title}</h1><div class="story-body">{text}{extra}</div></article>', head)


def linked(**fields: Any) -> str:
    """A JSON-LD script with a NewsArticle."""
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(**fields: str) -> str:
    """Meta elements; `og__title` stands for og:title."""
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{text}">' for name, text in fields.items())
