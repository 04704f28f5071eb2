"""What became of a page, by what became of its articles: of its one, or of every post of a live blog.

The state of a URL is written when the last of them has ended. So a post that names no brand does not hide that another
was stored, and a kill between two posts leaves a page that the next run asks for again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.store.frontier import OTHER_TOPIC, STORED_IN_PART

# What happened to any of its posts speaks for the page, the first of these first.
_WEIGHTIEST = ("stored", OTHER_TOPIC, "same_page", "no_brand")


class Outcome(NamedTuple):
    """What became of a page."""

    reason: str
    topics: frozenset[str] | None
    """What those of its articles are about that were set aside; None where none was."""


@dataclass
class _Page:
    open: int = 1
    reasons: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)


class Outcomes:
    """The pages of this run some of whose articles are still on their way, by `url_id`."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}

    def expect(self, url_id: str, articles: int) -> None:
        """A page has been read; so many articles of it will end, one that nobody announced alone."""
        self._pages[url_id] = _Page(articles)

    def ended(self, url_id: str, reason: str, topics: Iterable[str] = ()) -> Outcome | None:
        """One article of a page, about `topics`, has ended. What became of the page, where that was the last."""
        page = self._pages.setdefault(url_id, _Page())
        page.open -= 1
        page.reasons.add(reason)
        if reason == OTHER_TOPIC:
            page.topics.update(topics)
        if page.open > 0:
            return None
        del self._pages[url_id]
        return Outcome(reason_of(page.reasons), frozenset(page.topics) if OTHER_TOPIC in page.reasons else None)


def reason_of(reasons: set[str]) -> str:
    """What the ends of a page's articles are together."""
    if {"stored", OTHER_TOPIC} <= reasons:
        return STORED_IN_PART
    return next((name for name in _WEIGHTIEST if name in reasons), min(reasons))
