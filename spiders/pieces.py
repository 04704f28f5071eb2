"""What a page gives the store: its article, or the posts of a live blog, told apart from what is stored already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from analysis.items import Article
from analysis.matching import Matcher
from analysis.store.frontier import Frontier
from analysis.store.records import article_id_of
from analysis.watchlist import Watchlist
from spiders.extraction.live import head_of


class Pieces:
    """Built once a crawl."""

    def __init__(self, watchlist: Watchlist, frontier: Frontier) -> None:
        self.matcher = Matcher(watchlist)
        self.frontier = frontier

    async def of(self, page: Article, posts: tuple[Article, ...], *, met: bool) -> list[Article]:
        """The articles of a page, those that the store has marked as `known`.

        The headline and the introduction of a live blog are an article of their own only where they name a brand that
        no post names, which would be lost, and where the page was stored as one article before it had posts, which
        would be counted twice.

        Args:
            page: as one article.
            posts: of a live blog; none for any other page.
            met: whether earlier runs met the page.
        """
        pieces = [head_of(page, posts), *posts] if posts else [page]
        ids = [article_id_of(piece) for piece in pieces]
        stored = await asyncio.to_thread(self.frontier.stored, ids) if met else set()
        pieces = [replace(piece, known=name in stored) for piece, name in zip(pieces, ids, strict=True)]
        if posts and not pieces[0].known and self._brands(pieces[:1]) <= self._brands(posts):
            return pieces[1:]
        return pieces

    def withheld(self, page: Article, reason: str) -> list[Article]:
        """A page whose text its publisher reserves: that it is there and names a brand, without a word of the text."""
        named = self.matcher.match(page).mentions
        return [replace(page, body="", complete=False, incomplete_reason=reason)] if named else []

    def _brands(self, articles: Iterable[Article]) -> set[str]:
        return {mention.brand_id for article in articles for mention in self.matcher.match(article).mentions}
