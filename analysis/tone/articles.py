"""Score all mentions of an article at once, in a worker process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from analysis.items import Article
from analysis.tone import Scorer, Target, Words, choose


def score_article(article: Article, names: tuple[str, ...], abstain_below: float, words: Words = ()) -> Article:
    """`article` with a score for each mention; the other arguments as `analysis.tone.choose` takes them."""
    targets = [Target.of(m, (o for o in article.mentions if o.brand_id != m.brand_id)) for m in article.mentions]
    scores = _scorer(names, abstain_below, words).score(targets)
    return replace(article, mentions=tuple(replace(m, score=s) for m, s in zip(article.mentions, scores, strict=True)))


def brand_names(brands: Iterable[tuple[str, Iterable[str]]]) -> tuple[str, ...]:
    """Names and aliases in one sorted tuple, as `score_article` takes them."""
    return tuple(sorted({name for brand, aliases in brands for name in (brand, *aliases)}))


@lru_cache(maxsize=1)
def _scorer(names: tuple[str, ...], abstain_below: float, words: Words) -> Scorer:
    """One scorer a process: a model takes a second to load."""
    return choose(names=names, abstain_below=abstain_below, words=words)
