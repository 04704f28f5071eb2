"""What a report says, before it has a form. Every renderer shows the same numbers, because they stand here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from analysis.report.asking import Proof
from analysis.trends import Answer

Light = Literal["green", "amber", "red"]
CLASSES = {"neg": "negative", "neu": "balanced", "unsure": "unsure", "pos": "positive"}
"""What a story is to a brand by its mean tone, in the order of the charts; `unsure`: no sentence could be scored."""


@dataclass(frozen=True)
class Delta:
    """One comparison of the last full day."""

    words: str
    """`+2 against the day before`, or why there is none."""
    direction: Literal["up", "down", "same", "none"]


@dataclass(frozen=True)
class Tile:
    """One figure of the strip, with what it is compared with."""

    label: str
    value: str
    note: str
    """What the figure counts, or why none is given."""
    day: str = ""
    """The same figure of the last full day."""
    deltas: tuple[Delta, ...] = ()
    """That day against the day before and against the median of the 14 days before it."""
    trend: tuple[float | None, ...] = ()
    """Of the last 15 full days; None where nothing was collected or there is too little for a figure."""
    proof: str = ""
    """Key of the Proof with the rows behind the figure."""


@dataclass(frozen=True)
class Evidence:
    """A sentence that a number rests on. The fields stand in the order of the query."""

    sentence: str
    outlet: str
    placement: str
    label: str | None
    tone: float | None
    confident: bool
    corrected: bool
    url: str


@dataclass(frozen=True)
class TopStory:
    """A story that the reader should know, why, and what to do."""

    title: str
    outlet: str
    """Who had it first."""
    tier: int
    published: datetime | None
    articles: int
    outlets: int
    tone: float | None
    why: str
    action: str
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
    beside_us: int = 0
    """Its stories that name us too."""
    share_of_articles: float = 0.0
    share_weighted: float = 0.0
    """Share of voice where a story weighs tier times prominence."""


@dataclass(frozen=True)
class Day:
    """One column of the volume chart: stories on our brand."""

    day: date
    classes: dict[str, int]
    """Stories by CLASSES."""
    mentions: int
    collected: bool
    """Every expected source was read."""
    usual: tuple[float, float, float] | None
    """Lowest, middle and highest of a usual day; None where too few days before it were collected."""

    @property
    def stories(self) -> int:
        """All classes together."""
        return sum(self.classes.values())


@dataclass(frozen=True)
class TierTone:
    """How the outlets of a tier treat us, by story."""

    label: str
    classes: dict[str, int]
    tone: float | None

    @property
    def stories(self) -> int:
        """All classes together."""
        return sum(self.classes.values())


@dataclass(frozen=True)
class Cluster:
    """A story and how far it was carried, or a topic of the watchlist."""

    title: str
    stories: int
    articles: int
    tone: float | None
    first_outlet: str = ""
    first: datetime | None = None
    carriers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pulled:
    """One of our messages: in how much of the coverage it stands."""

    message: str
    stories: int
    """Stories on our brand."""
    carried: int
    between: tuple[float, float] | None
    """95% interval of the share; None where there are no stories."""
    headline: int
    """Stories that carry it in a headline."""
    first: datetime | None
    tiers: dict[int, tuple[int, int]]
    """Tier -> stories that carry it, and all."""
    sentence: str
    """Where it stands most prominently."""
    outlet: str
    url: str

    @property
    def share(self) -> float | None:
        """Of the stories on our brand."""
        return self.carried / self.stories if self.stories else None


@dataclass(frozen=True)
class Carried:
    """How far our response got: stories since `start` that carry one of our messages at least."""

    since: str
    """What the clock starts at: an event's name, or the first story."""
    stories: int
    carried: int
    hours_to_first: float | None
    """From the start to the first article with it."""
    median_hours: float | None
    """Over the outlets that have it."""
    missing: tuple[str, ...]
    """Outlets that wrote about us without it; tier 1 first."""

    @property
    def share(self) -> float | None:
        """Of the stories."""
        return self.carried / self.stories if self.stories else None


@dataclass(frozen=True)
class Voice:
    """Somebody who speaks, for us or about us."""

    speaker: str
    ours: bool
    """Speaks for our brand."""
    stories: int
    outlets: int
    tone: float | None
    """Of the sentences toward us, where others speak."""
    latest: str


@dataclass(frozen=True)
class Correction:
    """A score that staff changed. The fields stand in the order of the query."""

    at: datetime
    who: str
    why: str
    old_label: str | None
    new_label: str
    brand_id: str
    outlet: str
    sentence: str
    url: str


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
    articles: int
    """Articles of the window."""
    incomplete: int
    """Those of which only a teaser could be read."""
    live: int
    """Those that are posts of a live blog."""
    unscored: int
    """Mentions in a language that the scorer does not know."""


@dataclass(frozen=True)
class EventDays:
    """An event of the watchlist, in days of the report."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Step:
    """Something that happened first in the coverage of an event."""

    when: datetime
    what: str
    outlet: str
    title: str
    url: str


@dataclass(frozen=True)
class Severe:
    """A story that weighs on us: tier, prominence and how negative it is, multiplied."""

    title: str
    outlet: str
    tier: int
    published: datetime | None
    articles: int
    tone: float
    weight: float
    action: str
    url: str


@dataclass(frozen=True)
class Compared:
    """A metric before, during and after an event, and what may be said of the change."""

    metric: str
    before: str
    during: str
    after: str
    words: str
    """During against before."""
    words_after: str
    """After against during."""


@dataclass(frozen=True)
class Theme:
    """What a part of the event's coverage is about."""

    name: str
    stories: int
    share: float
    """Of the stories on us during the event; a story may be about several themes."""
    tone: float | None
    first: datetime | None
    first_outlet: str
    sentence: str
    """The one that weighs most."""


@dataclass(frozen=True)
class Crisis:
    """An event of ours: while it is open a crisis report, then its closing report (field.md, 3.7)."""

    name: str
    open: bool
    situation: str
    """Phase, peak, half-life, back to usual: one line."""
    phase: str
    stories: int
    """During the event."""
    back: date | None
    """First day of two in a row that were usual again."""
    compared: tuple[Compared, ...]
    bins: tuple[tuple[datetime, dict[str, int]], ...]
    """Six hours each: their beginning, and stories by CLASSES."""
    steps: tuple[Step, ...]
    severe: tuple[Severe, ...]
    themes: tuple[Theme, ...]
    """Most told first."""
    quiet: tuple[str, ...]
    """Outlets of tier 1 that wrote about us before, and not since it began."""


@dataclass(frozen=True)
class Report:
    """Everything that a report says."""

    brand: str
    since: date
    until: date
    full_day: date
    """The last day of the window that is over: the one that is compared."""
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
    days: tuple[Day, ...]
    tiers: tuple[TierTone, ...]
    topics: tuple[Cluster, ...]
    clusters: tuple[Cluster, ...]
    crisis: Crisis | None
    """The newest event that the window touches; None without one."""
    messages: tuple[Pulled, ...]
    response: Carried | None
    """None without messages or stories."""
    voices: tuple[Voice, ...]
    corrections: tuple[Correction, ...]
    clips: Answer
    """Sentences, newest first; at most CLIPS of them."""
    all_clips: int
    """How many there are."""
    sources: Answer
    scorers: tuple[str, ...]
    events: tuple[EventDays, ...]
    brand_names: dict[str, str]
    queries: tuple[tuple[str, str], ...]
    """What each part rests on: name and SQL."""
    proofs: dict[str, Proof]
    """Of the key figures, by key."""
    answers: dict[str, Proof]
    """Of all tables: the queries with their first rows, by key."""
