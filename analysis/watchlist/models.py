"""What a watchlist may say: one model a table of `watchlist.toml`, one documented field a key.

The public contract fixes the names and defaults; docs/watchlist.md explains them to users. Rules that need more
than one table (references, duplicates) are in `analysis.watchlist.rules`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from analysis.errors import UserError
from analysis.query import Query, parse
from analysis.watchlist import values

Item = TypeVar("Item")
_Found = TypeVar("_Found", "Brand", "Topic", "Source")
Many = Annotated[tuple[Item, ...], Field(strict=False)]  # TOML knows lists only
Id = Annotated[str, AfterValidator(values.identifier)]
Line = Annotated[str, AfterValidator(values.line)]
Name = Annotated[str, AfterValidator(values.name)]
Phrase = Annotated[str, AfterValidator(values.phrase)]
Valence = Annotated[float, Field(ge=-4, le=4, allow_inf_nan=False)]

Kind = Literal["feed", "sitemap", "section", "gdelt", "wayback", "warc"]
Occasion = Literal["report", "alert", "failure"]
QUERY = "{query}"
"""Stands in a source's URL for the URL-encoded query of a topic."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Crawl(_Table):
    """`[crawl]`: how to fetch."""

    user_agent: Annotated[str, AfterValidator(values.user_agent)]
    """Who asks, sent with every request; with a mail address or URL where publishers can reach someone."""
    download_delay: float = Field(1.0, ge=0, le=3600, allow_inf_nan=False)
    """Seconds between two requests to one host."""
    budget: int = Field(200, ge=1)
    """Articles to fetch from one source in one run, at most."""
    allow_private: Many[Annotated[str, AfterValidator(values.private_address)]] = ()
    """Private networks or host:port that may be fetched all the same."""
    archive: bool = True
    """Keep every fetched article page as WARC."""


class Report(_Table):
    """`[report]`: the report."""

    timezone: Annotated[str, AfterValidator(values.zone)] = "UTC"
    """Name of a time zone; the day of a report is a day in this zone."""

    @cached_property
    def zone(self) -> tzinfo:
        """`timezone` as tzinfo."""
        return ZoneInfo(self.timezone)


class Store(_Table):
    """`[store]`: the database."""

    database: Path = Field(Path("data/presswatch.duckdb"), strict=False)
    """Path of the DuckDB file, from the working directory."""
    text: Literal["full", "snippet"] = "full"
    """What to keep of an article's text: all of it, or only the sentences that name a brand."""
    backups: int = Field(3, ge=0)
    """How many nightly backups in Parquet to keep; 0 for none."""
    keep_days: int | None = Field(None, ge=1)
    """Articles published longer ago than so many days are erased by every night; kept for ever where not given."""
    archive_days: int | None = Field(None, ge=1)
    """The same for the pages in the archive, by the day they were fetched."""
    metrics: Path | None = Field(None, strict=False)
    """Where each night writes metrics for Prometheus, as text."""


class Tone(_Table):
    """`[tone]`: the scorer."""

    abstain_below: float = Field(0.6, ge=0, le=1, allow_inf_nan=False)
    """Probability of the likeliest label under which the scorer abstains."""
    words: dict[Annotated[str, AfterValidator(values.pack_phrase)], Valence] = Field({})
    """Phrases that the word pack lacks or reads otherwise, with their valence."""

    @property
    def own_words(self) -> tuple[tuple[str, float], ...]:
        """`words` in the order of the file, as scorers take them."""
        return tuple(self.words.items())


class Brand(_Table):
    """`[[brands]]`: a company or product to watch."""

    id: Id
    """Its name in queries, tables and on the command line."""
    name: Name
    """Its name in the news."""
    role: Literal["ours", "competitor"] = "competitor"
    """`ours` for exactly one brand."""
    case_sensitive: bool = False
    """Name and aliases count only as written here; for names that are also ordinary words."""
    aliases: Many[Name] = ()
    """Other names: legal name, ticker, product."""
    exclude: Many[Phrase] = ()
    """Phrases that only look like the brand, in any case; a word may end in `*`."""
    spokespeople: Many[Name] = ()
    """People who speak for the brand."""


class Topic(_Table):
    """`[[topics]]`: what an article may be about."""

    id: Id
    """Its name in tables, in `presswatch crawl --topic`, in `sources.topics`."""
    query: Annotated[str, AfterValidator(values.topic_query)]
    """Which articles belong to it: AND, OR, NOT, parentheses, "phrases", prefix*."""

    @cached_property
    def parsed(self) -> Query:
        """The query, parsed once."""
        return parse(self.query)


class Source(_Table):
    """`[[sources]]`: where to look for coverage."""

    id: Id
    """Its name in tables and in `presswatch crawl --source`."""
    outlet: Line
    """The publisher's name as reports print it."""
    kind: Kind
    """How links are found: feed, sitemap, section, gdelt, wayback or warc."""
    url: Annotated[str, AfterValidator(values.address)]
    """Where: http or https. `{query}` stands for the URL-encoded query of each topic."""
    tier: Literal[1, 2, 3] = 2
    """How much the outlet weighs: 1 (most), 2 or 3."""
    budget: int | None = Field(None, ge=1)
    """Articles to fetch in one run, at most; `crawl.budget` where not given."""
    topics: Many[Id] = ()
    """Topics to ask a search feed for, and for whose crawl alone the source is read; all where empty."""
    language: Annotated[str, AfterValidator(values.language)] | None = None
    """Language of the outlet (ISO 639-1), where it has only one."""
    country: Annotated[str, AfterValidator(values.country)] | None = None
    """Country of the outlet (ISO 3166-1 alpha-2)."""
    render: bool = False
    """Load article pages, and a section page, in a browser, for outlets that show nothing without JavaScript."""
    licensed: bool = False
    """Whether you have the publisher's leave: pages that forbid indexing or text mining are kept as any other."""
    tls: Literal["checked", "any"] = "checked"
    """Which certificates are good for the host of `url`: those that somebody known has signed, or `any`."""
    coverage: Literal["earned", "press_release"] = "earned"
    """Whether others write here (earned) or the brands themselves (press_release)."""


class Message(_Table):
    """`[[messages]]`: what we want the coverage to carry."""

    id: Id
    """Its name in tables."""
    brand: Id
    """The brand whose message it is."""
    phrases: Many[Phrase] = Field(min_length=1)
    """It is carried where one of these stands; a word may end in `*`."""


class Narrative(_Table):
    """`[[narratives]]`: a theme of a crisis, beside the built-in ones."""

    id: Id
    """Its name in tables; that of a built-in theme adds to it."""
    phrases: Many[Phrase] = Field(min_length=1)
    """A sentence on a brand belongs to it where one of these stands; a word may end in `*`."""


class Event(_Table):
    """`[[events]]`: drawn on charts, measured before and after."""

    id: Id
    """Its name on charts."""
    brand: Id
    """The brand it happened to."""
    start: AwareDatetime
    """Date, time and zone, as 2008-08-11T00:00:00-07:00."""
    end: AwareDatetime
    """Not before `start`."""

    @field_validator("end")
    @classmethod
    def _ordered(cls, end: AwareDatetime, info: ValidationInfo) -> AwareDatetime:
        if "start" in info.data and end < info.data["start"]:
            raise ValueError(f"{end.isoformat()} is before start")
        return end


class Notify(_Table):
    """`[[notify]]`: whom to tell."""

    url: Annotated[str, AfterValidator(values.secret)]
    """`env:NAME`: the environment variable that holds an Apprise URL."""
    when: Many[Occasion] = Field(("report", "alert", "failure"), min_length=1)
    """On which occasions: report, alert, failure."""

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return self.url.removeprefix("env:")


class Watchlist(_Table):
    """The whole of `watchlist.toml`."""

    crawl: Crawl
    """How to fetch; `user_agent` must be given."""
    report: Report = Report()
    """The report."""
    store: Store = Store()  # type: ignore[call-arg]
    """The database."""
    tone: Tone = Tone()  # type: ignore[call-arg]
    """The scorer."""
    brands: Many[Brand] = Field(min_length=1)
    """Companies or products to watch."""
    topics: Many[Topic] = ()
    """What an article may be about."""
    sources: Many[Source] = Field(min_length=1)
    """Where to look for coverage."""
    messages: Many[Message] = ()
    """What we want the coverage to carry."""
    narratives: Many[Narrative] = ()
    """Themes of a crisis, beside the built-in ones."""
    events: Many[Event] = ()
    """Drawn on charts, measured before and after."""
    notify: Many[Notify] = ()
    """Whom to tell."""

    @property
    def ours(self) -> Brand:
        """The brand whose role is ours."""
        return next(brand for brand in self.brands if brand.role == "ours")

    def brand(self, brand_id: str) -> Brand:
        """Raises UserError for an id that the watchlist does not have."""
        return _find("brand", self.brands, brand_id)

    def topic(self, topic_id: str) -> Topic:
        """Raises UserError for an id that the watchlist does not have."""
        return _find("topic", self.topics, topic_id)

    def source(self, source_id: str) -> Source:
        """Raises UserError for an id that the watchlist does not have."""
        return _find("source", self.sources, source_id)

    def budget(self, source: Source) -> int:
        """Articles to fetch from `source` in one run, at most."""
        return source.budget or self.crawl.budget

    def addresses(self, source: Source, topics: Collection[str] = ()) -> list[str]:
        """The addresses to ask `source` at: one, or one a topic where the URL holds `{query}`.

        `topics`: ids that the run is limited to; empty for all.
        """
        if QUERY not in source.url:
            return [source.url]
        asked = [topic for topic in self.topics if not source.topics or topic.id in source.topics]
        queries = [topic.parsed.words() for topic in asked if not topics or topic.id in topics]
        return [source.url.replace(QUERY, quote(words, safe="")) for words in queries]


def _find(kind: str, items: Sequence[_Found], wanted: str) -> _Found:
    found = {item.id: item for item in items}
    if wanted not in found:
        raise UserError(f'no {kind} "{wanted}" in the watchlist; one of {", ".join(found) or "none"}')
    return found[wanted]
