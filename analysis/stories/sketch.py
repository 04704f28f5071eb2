"""What grouping needs of an article, worked out once, when the article is crawled."""

from __future__ import annotations

from typing import Any

from analysis.items import Article
from analysis.stories.agency import agency, credit
from analysis.stories.signature import bands, headline_band
from analysis.stories.terms import terms
from analysis.stories.words import comparable


def sketch(article: Article) -> dict[str, Any]:
    """As the table `private.sketches` keeps it: `bands`, `terms` with their `weights`, `credit`, and whether
    the outlet is an agency.

    A post of a live blog is part of its page and no copy of anything: it has no bands.
    """
    weighted = terms(article.title, article.body, article.language)
    return {
        "bands": [] if article.post else bands(comparable(article.title, article.body)) + headline_band(article.title),
        "terms": list(weighted),
        "weights": list(weighted.values()),
        "credit": credit(article.authors, article.body),
        "agency": agency(article.outlet) is not None,
    }
