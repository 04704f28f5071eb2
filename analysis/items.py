"""The nouns that every stage speaks: Lead -> Article -> Mention -> Score.

All are immutable; a stage that knows more makes a new one with `dataclasses.replace`. Times are aware
datetimes; the store keeps them in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Label = Literal["pos", "neu", "neg", "mixed"]
Placement = Literal["headline", "lead", "body"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """A link that may be an article, with what its source says of it: evidence, not truth."""

    url: str
    """Absolute http(s) address, as the source gave it."""
    source_id: str
    """`id` of the watchlist's source that named it."""
    outlet: str
    """Outlet name from the watchlist."""
    tier: int = 2
    """1, 2 or 3, from the watchlist."""
    via: str = "feed"
    """Kind of the source, as in the watchlist; becomes `published_source` where its date wins."""
    title: str | None = None
    """Title in the feed entry, news sitemap or link text, as plain text."""
    published: datetime | None = None
    """Publication time that the source states, aware."""
    modified: datetime | None = None
    """`updated` of the entry, `lastmod` of the sitemap, or when GDELT saw it; aware."""
    capture: str | None = None
    """Address of an archived copy, to be fetched in the place of `url`."""
    captured_at: datetime | None = None
    """When that copy was made; aware. Says nothing about the publication."""

    @property
    def evidence(self) -> str:
        """What would differ if the outlet had changed the article: title and times, as one string."""
        times = (t.isoformat() if t else "" for t in (self.published, self.modified))
        return "\x1f".join((self.title or "", *times))


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How one sentence treats one brand, and who says so."""

    tone: float
    """-1 (bad for the brand) to 1 (good for the brand)."""
    label: Label
    """The likeliest of pos, neu, neg; mixed only by a person's correction."""
    confident: bool
    """False where the scorer would rather abstain."""
    scorer: str
    """Name and version of scorer and lexicon, e.g. `vader-3.3.2+pack-1`."""
    vader: float
    """VADER's compound of the masked sentence, -1 to 1, whatever the scorer was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A sentence of an article that names or means a watched brand. One a sentence and brand, however often named."""

    brand_id: str
    placement: Placement
    """headline (the title), lead (first paragraph) or body."""
    sentence: str
    """The sentence as it stands in the article."""
    ordinal: int
    """0 for the headline, then the number of the sentence in the body, from 1."""
    spans: tuple[tuple[int, int], ...]
    """Where the brand, or "the company" that means it, stands in `sentence`: start and end in characters."""
    speaker: str | None = None
    """Who says it, where the sentence is a quotation or attributed speech."""
    own_voice: bool = False
    """True where the brand or its spokesperson speaks: kept, and counted apart from what the press says."""
    themes: tuple[str, ...] = ()
    """Themes of a crisis (`analysis.matching.narratives`) that the sentence belongs to."""
    score: Score | None = None
    """None: not scored (language, or no text)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """One of the watchlist's messages, as an article carries it. One an article and message."""

    message_id: str
    brand_id: str
    """The brand whose message it is."""
    presence: Literal[1, 2]
    """1: one sentence says it; 2: in full, that is in two sentences or more, or in the words of the brand."""
    prominence: Literal[0, 1, 2]
    """2: in the headline, 1: in the lead, 0: further down."""
    sentence: str
    """Where it stands first, which is where it stands most prominently."""
    own_words: bool = False
    """Whether the brand or somebody who speaks for it says that sentence, quoted or reported."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A sentence in which a watched brand, or somebody who speaks for it, has the word; it need not name the brand."""

    brand_id: str
    """The brand that speaks."""
    speaker: str
    """As in `Mention`: a full name where the article gives one, else as written."""
    placement: Placement
    ordinal: int
    sentence: str
    verbatim: bool
    """True where at least half of the sentence stands in quotation marks, false for reported speech."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One page of news, extracted; later stages add topics and mentions."""

    url: str
    """Address that was fetched; of a post of a live blog with the post's fragment, where it has one."""
    post: str | None = None
    """Which post of a live blog this is: what names it within its page, the same when others are added or its words
    are corrected. None for an ordinary page, which is one article."""
    page_head: str = ""
    """Headline and introduction of the live blog that this is a post of, "" for others: they count for its topics."""
    canonical_url: str | None = None
    """rel=canonical or og:url where it fits the page, absolute."""
    source_id: str = ""
    outlet: str = ""
    tier: int = 2
    title: str = ""
    """Headline without the outlet's suffix."""
    body: str = ""
    """Plain text, paragraphs separated by one newline."""
    authors: tuple[str, ...] = ()
    """People (or a desk), without "By"."""
    published: datetime | None = None
    """Publication time, aware; None where nothing trustworthy was found."""
    published_source: str = "none"
    """Which evidence won: jsonld, meta, time, microdata, text, feed, sitemap, section, url or none."""
    modified: datetime | None = None
    """Last change that the page or its source states, aware."""
    language: str | None = None
    """ISO 639-1 code of the text."""
    complete: bool = True
    """False for teasers and other partial texts."""
    incomplete_reason: str | None = None
    """teaser, consent_wall, truncated, ...; None where complete."""
    fetched_at: datetime | None = None
    extractor: str = ""
    """Name and version of the extractor."""
    lead: Lead | None = None
    """The link that led here."""
    etag: str | None = None
    """Validator of the answer (RFC 9110, 8.8.3), for asking whether the page changed."""
    last_modified: str | None = None
    """Validator of the answer (RFC 9110, 8.8.2), as sent."""
    known: bool = False
    """The store has a revision of it, so it is followed: also a text that names no brand any more is kept."""
    topics: tuple[str, ...] = ()
    """Ids of the watchlist's topics whose query the title and body satisfy."""
    mentions: tuple[Mention, ...] = ()
    messages: tuple[Carried, ...] = ()
    """The watchlist's messages that it carries, in the watchlist's order."""
    quotes: tuple[Quote, ...] = ()
    """What watched brands say in it, in reading order."""
    reading: str = ""
    """Version of what found messages and quotes: of the rules, and of the watchlist's names, people and messages."""
