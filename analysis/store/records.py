"""What the crawl writes down of a page, as plain records for the spool.

Identifiers are the first 16 hex digits of a SHA-256 over what makes the thing itself, so that the same page,
text or sentence gets the same identifier in every run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from analysis.items import Article, Lead, Mention
from analysis.stories.address import address_id
from analysis.stories.sketch import sketch

# Shorter texts are alike by chance: "No comment." in two outlets is not one story.
_COPY_WORDS = 40


def digest(*parts: str) -> str:
    """16 hex digits that identify `parts`, in order."""
    return sha256("\x1f".join(parts).encode("utf8", "replace")).hexdigest()[:16]


def url_record(
    lead: Lead,
    state: str,
    *,
    at: datetime,
    reason: str | None = None,
    tries: int = 0,
    next_try: datetime | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
) -> dict[str, Any]:
    """The state of one URL: seen, fetched, extracted or failed, and why (docs/how-it-works.md)."""
    return {
        "url_id": address_id(lead.url),
        "url": lead.url,
        "source_id": lead.source_id,
        "state": state,
        "reason": reason,
        "tries": tries,
        "next_try": next_try,
        "evidence": digest(lead.evidence),
        "title": lead.title,
        "published_at": lead.published,
        "modified_at": lead.modified,
        "etag": etag,
        "last_modified": last_modified,
        "at": at,
    }


def set_aside(record: dict[str, Any], topics: Iterable[str] | None) -> dict[str, Any]:
    """The state `record` of a URL with what of its page was set aside is about; the same where nothing was."""
    return record if topics is None else {**record, "topics": sorted(topics)}


def page_id_of(article: Article) -> str:
    """What the posts of a live blog share."""
    return address_id(article.canonical_url or article.url)


def article_id_of(article: Article) -> str:
    """The same for all revisions of an article, whatever became of its words."""
    page_id = page_id_of(article)
    return digest(page_id, article.post) if article.post else page_id


def content_id_of(article: Article) -> str:
    """The same for the same words under the same headline."""
    return digest(article.title, article.body)


def article_record(article: Article) -> dict[str, Any]:
    """One revision of an article, as the table `private.articles` keeps it.

    A post of a live blog is an article of its own: it stays the same one when others are added before it or when its
    words are corrected.
    """
    page_id = page_id_of(article)
    words = re.findall(r"\w+", article.body)
    content_id = content_id_of(article)
    copied = digest(*(word.casefold() for word in words)) if len(words) >= _COPY_WORDS else None
    kept = asdict(article)
    for elsewhere in (
        "lead",
        "etag",
        "last_modified",
        "mentions",
        "messages",
        "quotes",
        "published",
        "modified",
        "post",
        "page_head",
        "known",
    ):
        del kept[elsewhere]
    return {
        **kept,
        "article_id": article_id_of(article),
        "page_id": page_id,
        "content_id": content_id,
        "copy_id": copied or content_id,
        "published_at": article.published,
        "modified_at": article.modified,
        "words": len(words),
        **sketch(article),
    }


def said_records(article_id: str, article: Article) -> dict[str, list[dict[str, Any]]]:
    """What is told in one revision: `messages`, `quotes`, which keep their identifier as mentions do, and `themes`."""
    quotes = []
    for number, quote in enumerate(article.quotes):
        repeated = sum(quote.sentence == other.sentence for other in article.quotes[:number])
        parts = (article_id, quote.brand_id, quote.sentence, *(["again", str(repeated)] if repeated else ()))
        quotes.append({"quote_id": digest("quote", *parts), **asdict(quote)})
    mentions = zip(mention_records(article_id, article.mentions), article.mentions, strict=True)
    return {
        "messages": [asdict(message) for message in article.messages],
        "quotes": quotes,
        "themes": [
            {"mention_id": record["mention_id"], "brand_id": mention.brand_id, "theme": theme}
            for record, mention in mentions
            for theme in mention.themes
        ],
    }


def mention_records(article_id: str, mentions: tuple[Mention, ...]) -> list[dict[str, Any]]:
    """The mentions of one revision; an unchanged sentence keeps its identifier through revisions."""
    seen: Counter[str] = Counter()
    records = []
    for mention in mentions:
        sentence_id = digest(article_id, mention.brand_id, mention.placement, mention.sentence)
        seen[sentence_id] += 1
        repeated = seen[sentence_id]
        score = asdict(mention.score) if mention.score else {}
        records.append(
            {
                "mention_id": sentence_id if repeated == 1 else digest(sentence_id, str(repeated)),
                "brand_id": mention.brand_id,
                "placement": mention.placement,
                "ordinal": mention.ordinal,
                "sentence": mention.sentence,
                "spans": mention.spans,
                "speaker": mention.speaker,
                "own_voice": mention.own_voice,
                **score,
            }
        )
    return records
