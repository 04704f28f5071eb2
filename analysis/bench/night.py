"""One made-up night by the real way in: records, spool, load, figures, snapshot."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

from analysis.bench.synthetic import BRANDS, END, OUTLETS, TOPICS, WORDS
from analysis.items import Article, Lead, Mention, Score
from analysis.store.database import beside, publish_snapshot, writing
from analysis.store.load import load
from analysis.store.records import article_record, mention_records, said_records, url_record
from analysis.store.spool import Spool, sealed

_SYLLABLES = [a + b for a in "bdfglmnrst" for b in "aeiou"][::2]
# Wide enough that stories differ by their words; the frequent ones of a language say nothing and are left out.
_VOCABULARY = [*WORDS, *("".join(parts) for parts in product(_SYLLABLES, repeat=3))]


def load_night(database: Path, number: int, mentions: int) -> tuple[float, float]:
    """Load night `number` of so many mentions: CPU seconds of the load, and of the snapshot's copy.

    One article in twenty is a new revision of one of the day before.
    """
    with writing(database, publish=False) as connection:
        earlier = connection.execute(
            "SELECT article_id, url FROM private.articles WHERE newest AND published_at >= ? LIMIT 1000",
            [END - timedelta(days=1)],
        ).fetchall()
    folder = beside(database, ".spool")
    spool = Spool(folder, f"night-{number}", records_a_segment=1_000_000)
    for record in _records(number, mentions, earlier):
        spool.append(record)
    spool.seal()
    begun = time.process_time()
    with writing(database, publish=False) as connection:
        load(connection, *sealed(folder))
    loaded = time.process_time()
    publish_snapshot(database)
    return loaded - begun, time.process_time() - loaded


def _records(number: int, mentions: int, earlier: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    chance, told = random.Random(number), 0
    body = ""
    while told < mentions:
        if not body or chance.random() < 0.45:  # else the outlet carries the last story on
            body = "\n".join(" ".join(_words(chance, 25)) + "." for _ in range(12))
        again = chance.choice(earlier) if earlier and chance.random() < 0.05 else None
        found = _article(chance, number, told, body, again)
        record = article_record(found)
        if again:
            record["article_id"] = again[0]
        told += len(found.mentions)
        link = Lead(url=found.url, source_id=found.source_id, outlet=found.outlet)
        yield {
            "url": url_record(link, "extracted", at=END, reason="stored"),
            "article": record,
            "mentions": mention_records(record["article_id"], found.mentions),
            **said_records(record["article_id"], found),
        }
    for n in range(OUTLETS):
        counts = dict.fromkeys(("discovered", "fetched", "extracted", "matched", "stored", "failed"), 10)
        ended = END + timedelta(days=number, hours=12)
        answer = {"source_id": f"outlet{n}", "ended_at": ended, "answered": True, "reason": None}
        yield {"source": {**answer, "reach_from": ended - timedelta(hours=26), **counts}}


def _article(chance: random.Random, night: int, serial: int, body: str, again: tuple[str, str] | None) -> Article:
    outlet = int(OUTLETS * chance.random() ** 2)
    published = END + timedelta(days=night, seconds=chance.randrange(86400))
    brands = chance.sample(BRANDS, 2 if chance.random() < 0.35 else 1)
    kinds = [*("headline", "lead", "body")][: chance.randint(2, 3)] + ["body"] * chance.randint(0, 1)
    found = Article(
        url=again[1] if again else f"https://outlet{outlet}.example/{night}/{serial}",
        source_id=f"outlet{outlet}", outlet=f"Outlet {outlet}", tier=1 + outlet % 3,
        title=" ".join(_words(chance, 8)), body=body, authors=(f"Jane {outlet * 20 + serial % 20}",),
        published=published, published_source="jsonld", fetched_at=published + timedelta(hours=1), language="en",
        extractor="bench", topics=tuple(topic for topic in TOPICS if chance.random() < 0.2),
    )  # fmt: skip
    return replace(
        found,
        mentions=tuple(
            Mention(
                brand_id=brand.lower(), placement=kind, ordinal=n, spans=((0, 4),),  # type: ignore[arg-type]
                sentence=f"{brand} {' '.join(_words(chance, 16))}.", score=_score(chance),
            )
            for brand in brands for n, kind in enumerate(kinds)
        ),
    )  # fmt: skip


def _words(chance: random.Random, count: int) -> list[str]:
    return chance.choices(_VOCABULARY, k=count)


def _score(chance: random.Random) -> Score:
    tone = chance.uniform(-1, 1)
    label = "neg" if tone < -0.3 else "pos" if tone > 0.3 else "neu"
    return Score(tone=tone, label=label, confident=chance.random() < 0.8, scorer="bench-1", vader=tone)  # type: ignore[arg-type]
