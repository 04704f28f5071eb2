"""What became of a page, by what became of its articles: of its one, or of every post of a live blog.

The state of a URL is written when the last of them has ended. So a post that names no brand does not hide that another
was stored, and a kill between two posts leaves a page that the next run asks for again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.store.frontier import OTHER_TOPIC, STORED_IN_PART

# What happened to any of its posts speaks for the page, the first of these first.
_WEIGHTIEST = ("stored", OTHER_TOPIC, "same_page", "no_brand")


@dataclass
class _Page:
    open: int = 1
    reasons: set[str] = field(default_factory=set)


class Outcomes:
    """The pages of this run some of whose articles are still on their way, by `url_id`."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}

    def expect(self, url_id: str, articles: int) -> None:
        """A page has been read; so many articles of it will end, one that nobody announced alone."""
        self._pages[url_id] = _Page(articles)

    def ended(self, url_id: str, reason: str) -> str | None:
        """One article of a page has ended. The reason that the page gets, where that was the last; else None."""
        page = self._pages.setdefault(url_id, _Page())
        page.open -= 1
        page.reasons.add(reason)
        if page.open > 0:
            return None
        del self._pages[url_id]
        return reason_of(page.reasons)


def reason_of(reasons: set[str]) -> str:
    """What the ends of a page's articles are together."""
    if {"stored", OTHER_TOPIC} <= reasons:
        return STORED_IN_PART
    return next((name for name in _WEIGHTIEST if name in reasons), min(reasons))
