"""A small invented press for the tests of the store and of everything above it, kept by the product's own parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from analysis.items import Article, Label, Lead, Mention, Placement, Score
from analysis.store.database import beside, writing
from analysis.store.ledger import describe, end_run, start_run
from analysis.store.load import Loaded, load
from analysis.store.migrate import migrate
from analysis.store.records import article_record, mention_records, said_records, url_record
from analysis.store.run import Run
from analysis.store.spool import Spool
from analysis.watchlist import Watchlist, loads

BRANDS = ("acme", "bolt", "cog")
TOPICS = ("outage", "launch")
OUTLETS = {"gazette": 1, "herald": 2, "ledger": 3, "mercury": 2, "observer": 2, "sentinel": 1}
DOCUMENT = """
[crawl]
user_agent = "presswatch (+mailto:pr@example.org)"
[report]
timezone = "{zone}"
[store]
database = "{database}"
[[brands]]
id = "acme"
name = "Acme"
role = "ours"
[[brands]]
id = "bolt"
name = "Bolt"
[[brands]]
id = "cog"
name = "Cog"
[[topics]]
id = "outage"
query = "acme AND outage"
[[topics]]
id = "launch"
query = "launch"
[[sources]]
id = "gazette"
outlet = "Gazette"
kind = "feed"
url = "https://gazette.example/feed"
tier = 1
[[sources]]
id = "herald"
outlet = "Herald"
kind = "section"
url = "https://herald.example/news"
[[sources]]
id = "ledger"
outlet = "Ledger"
kind = "sitemap"
url = "https://ledger.example/sitemap.xml"
tier = 3
[[sources]]
id = "mercury"
outlet = "Mercury"
kind = "feed"
url = "https://mercury.example/feed"
[[sources]]
id = "observer"
outlet = "Observer"
kind = "feed"
url = "https://observer.example/feed"
[[sources]]
id = "sentinel"
outlet = "Sentinel"
kind = "feed"
url = "https://sentinel.example/feed"
tier = 1
"""
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def watchlist(zone: str = "UTC", database: Path = Path("data/presswatch.duckdb")) -> Watchlist:
    """Three brands, two topics, six sources."""
    return loads(DOCUMENT.format(zone=zone, database=database))


def wire(name: str) -> str:
    """A text that is long enough to be recognised as a copy: the same for the same `name`."""
    return " ".join(f"{name}{number}" for number in range(45)) + "."


def mention(brand: str = "acme", tone: float | None = 0.5, label: Label | None = None, *, confident: bool = True,
            placement: Placement = "body", sentence: str = "Acme did well.", ordinal: int = 1,
            own_voice: bool = False) -> Mention:  # fmt: skip
    """A sentence on `brand`; unscored where `tone` is None."""
    likeliest: Label = label or ("neu" if not tone else "pos" if tone > 0 else "neg")
    score = (
        Score(tone=tone, label=likeliest, confident=confident, scorer="test-1", vader=tone)
        if tone is not None
        else None
    )
    return Mention(
        brand_id=brand,
        placement=placement,
        sentence=sentence,
        ordinal=ordinal,
        spans=((0, 4),),
        score=score,
        speaker="Ana Diaz" if own_voice else None,
        own_voice=own_voice,
    )


def article(number: int = 1, *mentions: Mention, title: str = "", body: str = "", source: str = "gazette",
            published: datetime | None = NOON, topics: Sequence[str] = (), url: str = "",
            complete: bool = True) -> Article:  # fmt: skip
    """Article `number` of `source`, with a text of its own where none is given."""
    return Article(
        url=url or f"https://{source}.example/{number}", source_id=source, outlet=source.title(), tier=OUTLETS[source],
        title=title or f"Title {number}", body=body or f"Body {number}.", published=published,
        published_source="jsonld" if published else "none", fetched_at=NOON + timedelta(minutes=number), language="en",
        complete=complete, extractor="test-1", topics=tuple(topics), mentions=mentions or (mention(),),
    )  # fmt: skip


def lead(number: int = 1, source: str = "gazette", **extra: Any) -> Lead:
    """The link to article `number` of `source`."""
    return replace(Lead(url=f"https://{source}.example/{number}", source_id=source, outlet=source.title()), **extra)


def page(found: Article, state: str = "extracted", at: datetime = NOON) -> dict[str, Any]:
    """What the last pipeline writes down of a page."""
    record = article_record(found)
    link = found.lead or Lead(url=found.url, source_id=found.source_id, outlet=found.outlet)
    return {
        "url": url_record(link, state, at=at, reason="stored"),
        "article": record,
        "mentions": mention_records(record["article_id"], found.mentions),
        **said_records(record["article_id"], found),
    }


def funnel(source: str, ended_at: datetime = NOON, *, answered: bool = True, reason: str | None = None,
           reach_from: datetime | None = None, **counts: int) -> dict[str, Any]:  # fmt: skip
    """What a run writes down of a source when it ends."""
    stages = dict.fromkeys(("discovered", "fetched", "extracted", "matched", "stored", "failed"), 0)
    row = {"source_id": source, "ended_at": ended_at, "answered": answered, "reason": reason, "reach_from": reach_from}
    return {"source": {**row, **stages, **counts}}


def in_memory(zone: str = "UTC") -> duckdb.DuckDBPyConnection:
    """A store that no file stands behind."""
    connection = duckdb.connect(config={"threads": "1"})
    connection.execute("SET TimeZone = 'UTC'")
    migrate(connection)
    describe(connection, watchlist(zone))
    return connection


def emptied(connection: duckdb.DuckDBPyConnection, zone: str = "UTC") -> duckdb.DuckDBPyConnection:
    """The same store without a memory, for the next example."""
    for (table,) in connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'private'"
    ).fetchall():
        connection.execute(f"DELETE FROM private.{table}")
    describe(connection, watchlist(zone))
    return connection


def spooled(folder: Path, run_id: str, records: Iterable[dict[str, Any]]) -> Path:
    """One sealed segment."""
    spool = Spool(folder, run_id)
    for record in records:
        spool.append(record)
    segment = spool.seal()
    assert segment is not None
    return segment


def bring(
    connection: duckdb.DuckDBPyConnection, folder: Path, run_id: str, records: Iterable[dict[str, Any]]
) -> Loaded:
    """Spool `records` and load them."""
    return load(connection, spooled(folder, run_id, records))


def night(database: Path, *records: dict[str, Any], zone: str = "UTC", status: str = "finished") -> str:
    """A night that brings `records`, in one opening of the store; returns the run's id. `whole_run` is the real thing.

    Where no record is a funnel, all sources answered.
    """
    with writing(database) as connection:
        run_id = start_run(connection, "test", watchlist(zone))
        load(connection, spooled(beside(database, ".spool"), run_id, answered(records)))
        end_run(connection, run_id, status, 0, 0)
    return run_id


def whole_run(database: Path, *records: dict[str, Any], status: str = "finished") -> str:
    """The same by `Run`, as a crawl does it, with all that an earlier run may have left behind."""
    run = Run(database, watchlist(), "test")
    run.begin()
    for record in answered(records):
        run.keep(record)
    run.end(status)
    return run.run_id


def answered(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`records`, with a funnel of every source where they hold none."""
    told = any("source" in record for record in records)
    return [*records, *([] if told else (funnel(source, discovered=1) for source in OUTLETS))]
