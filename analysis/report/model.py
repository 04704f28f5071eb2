"""What a report says, before it has a form. Every renderer shows the same numbers, because they stand here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from analysis.trends import Answer

Light = Literal["green", "amber", "red"]


@dataclass(frozen=True)
class Tile:
    """One figure of the strip, with what it is compared with."""

    label: str
    value: str
    note: str
    """What the figure counts, or why none is given."""
    change: str = ""
    """Against the median of the 14 days before the last one; empty where that says nothing."""


@dataclass(frozen=True)
class Evidence:
    """A sentence that a number rests on."""

    sentence: str
    outlet: str
    placement: str
    label: str | None
    tone: float | None
    confident: bool
    corrected: bool
    url: str
    """Address of the article. The fields stand in the order of the query."""


@dataclass(frozen=True)
class TopStory:
    """A story that the reader should know, and why."""

    title: str
    outlet: str
    """Who had it first."""
    tier: int
    published: datetime | None
    articles: int
    outlets: int
    tone: float | None
    why: str
    url: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Competitor:
    """One row of the table of brands, ours included."""

    brand_id: str
    name: str
    ours: bool
    articles: int
    stories: int
    share: float
    tone: float | None
    scored: int
    """Stories with a confident tone."""
    between: tuple[float, float] | None
    """95% interval of `tone`; None where there are too few stories."""
    headline: str


@dataclass(frozen=True)
class Change:
    """What an outlet changed in an article after we had read it. The fields stand in the order of the query."""

    outlet: str
    url: str
    old_title: str
    title: str
    old_seen: datetime
    """When we read the text before the change; the change lies between the two."""
    seen: datetime
    old_words: int
    words: int
    old_tone: float | None
    """Of the article toward the brand; None where nothing in it could be scored."""
    tone: float | None

    @property
    def of_headline(self) -> bool:
        """Whether the headline is another one; else the text below it is."""
        return self.old_title != self.title


@dataclass(frozen=True)
class Confidence:
    """May the figures be trusted: what was asked, what answered, what could not be used."""

    light: Light
    answered: int
    expected: int
    silent: tuple[str, ...]
    """Sources that did not answer in the newest run, with the reason."""
    uncollected: tuple[date, ...]
    """Days of the window that some source did not reach."""
    undated: int
    """Articles without a trustworthy date: in no figure per day."""
    incomplete: int
    """Articles of which only a teaser could be read."""
    unscored: int
    """Mentions in a language that the scorer does not know."""


@dataclass(frozen=True)
class Report:
    """Everything that a report says."""

    brand: str
    since: date
    until: date
    zone: str
    made_at: datetime
    run_id: str
    bottom_line: str
    confidence: Confidence
    tiles: tuple[Tile, ...]
    stories: tuple[TopStory, ...]
    changes: tuple[Change, ...]
    """Headlines first, newest first; the newest few of very many."""
    brands: tuple[Competitor, ...]
    days: Answer
    """One row a day and brand, as `daily_coverage` without topic."""
    clips: Answer
    sources: Answer
    scorers: tuple[str, ...]
    events: tuple[tuple[str, date, date], ...] = ()
    brand_names: dict[str, str] = field(default_factory=dict)
    queries: tuple[tuple[str, str], ...] = ()
    """What each part rests on: name and SQL."""
