"""Made-up coverage around changes of clocks, and what each mention of it counts as, worked out without SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from analysis.items import Article, Label, Mention
from analysis.store.figures import refresh, touch
from analysis.store.records import article_record, mention_records
from tests.analysis.press import BRANDS, NOON, OUTLETS, TOPICS, article, bring, emptied, mention, page, wire

QUICK = (Phase.reuse, Phase.generate)
EXAMPLES = settings(
    max_examples=8, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Days of 23 and 25 hours, an ordinary one, and one on which midnight itself does not exist.
NIGHTS = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/Los_Angeles": (date(2026, 11, 1), date(2026, 3, 8)),
    "America/Santiago": (date(2026, 9, 6), date(2026, 4, 5)),
    "Asia/Kolkata": (date(2026, 3, 10), date(2026, 3, 11)),
}
CORRECTED = {"pos": 1.0, "neg": -1.0, "neu": 0.0, "mixed": 0.0}


@dataclass
class Said:
    """One mention as it counts, after corrections."""

    article: str
    story: str
    brand: str
    outlet: str
    topics: tuple[str, ...]
    when: datetime | None
    """In the zone of the world."""
    sentence: str
    tone: float | None
    label: str | None
    confident: bool
    corrected: bool
    own_voice: bool
    placement: str
    tier: int
    copy: bool
    """Whether another article of the story came first."""

    @property
    def day(self) -> date | None:
        """Day of publication."""
        return self.when.date() if self.when else None


@dataclass
class World:
    """Coverage as it was made, and what people said of it: mention, label, minutes after NOON."""

    zone: str
    articles: list[Article]
    corrections: list[tuple[int, Label, int]] = field(default_factory=list)

    def mentions(self) -> list[tuple[Article, dict[str, Any]]]:
        """Each with its article, in a fixed order."""
        return [(a, m) for a in self.articles for m in mention_records(article_record(a)["article_id"], a.mentions)]

    def story(self, found: Article) -> str:
        """One name for all copies of a text."""
        copy = article_record(found)["copy_id"]
        return min(article_record(a)["article_id"] for a in self.articles if article_record(a)["copy_id"] == copy)

    def first(self, found: Article) -> Article:
        """Of all copies of a text the one that came first."""
        copy = article_record(found)["copy_id"]
        copies = [a for a in self.articles if article_record(a)["copy_id"] == copy]
        return min(copies, key=lambda a: (a.published or a.fetched_at, article_record(a)["article_id"]))

    def said(self) -> list[Said]:
        """In the order of `mentions`. A correction reaches the same sentence on the same brand in the whole story."""
        rows, found = [], self.mentions()
        families = [(self.story(a), record["brand_id"], record["sentence"].lower()) for a, record in found]
        newest = {families[number]: label for number, label, _ in sorted(self.corrections, key=lambda c: c[2])}
        for (source, record), family in zip(found, families, strict=True):
            label = newest.get(family)
            rows.append(
                Said(
                    article=article_record(source)["article_id"],
                    story=family[0],
                    brand=record["brand_id"],
                    outlet=source.outlet,
                    topics=source.topics,
                    when=source.published.astimezone(ZoneInfo(self.zone)) if source.published else None,
                    sentence=record["sentence"],
                    tone=CORRECTED[label] if label else record.get("tone"),
                    label=label or record.get("label"),
                    confident=label is not None or (record.get("confident", False) and not record["own_voice"]),
                    corrected=label is not None,
                    own_voice=record["own_voice"],
                    placement=record["placement"],
                    tier=source.tier,
                    copy=source is not self.first(source),
                )
            )
        return rows


def _mentions() -> st.SearchStrategy[tuple[Mention, ...]]:
    one = st.builds(
        mention,
        st.sampled_from(BRANDS),
        st.sampled_from([None, -0.9, -0.25, 0.0, 0.5, 1.0]),
        confident=st.booleans(),
        own_voice=st.sampled_from([False, False, True]),
        sentence=st.sampled_from(["Acme beats Bolt.", "Bolt and Cog talk.", "Nothing new."]),
        placement=st.sampled_from(["headline", "lead", "body"]),
    )
    return st.lists(one, min_size=1, max_size=4, unique_by=lambda m: (m.brand_id, m.sentence, m.placement)).map(tuple)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to eight articles around a change of clocks, some of them copies, some without a date or a topic."""
    zone = draw(st.sampled_from(sorted(NIGHTS)))
    midnight = datetime.combine(draw(st.sampled_from(NIGHTS[zone])), datetime.min.time(), UTC)
    articles = []
    for number in range(draw(st.integers(1, 8))):
        minutes = draw(st.integers(-36 * 4, 48 * 4)) * 15
        found = article(
            number, *draw(_mentions()), title="Same" if draw(st.booleans()) else "",
            body=wire("copy") if draw(st.booleans()) else "", source=draw(st.sampled_from(sorted(OUTLETS))),
            published=midnight + timedelta(minutes=minutes) if draw(st.integers(0, 9)) else None,
            topics=draw(st.lists(st.sampled_from(TOPICS), unique=True, max_size=2)),
        )  # fmt: skip
        articles.append(found)
    world = World(zone, articles)
    number = st.integers(0, len(world.mentions()) - 1)
    label = st.sampled_from(sorted(CORRECTED))
    world.corrections = draw(
        st.lists(st.tuples(number, label, st.integers(0, 99)), max_size=3, unique_by=lambda c: c[2])
    )
    return world


def told(store: duckdb.DuckDBPyConnection, world: World, folder: Path) -> duckdb.DuckDBPyConnection:
    """A store with `world` in it."""
    emptied(store, world.zone)
    bring(store, folder, "run", map(page, world.articles))
    for number, label, minutes in world.corrections:
        _, record = world.mentions()[number]
        values = [record["mention_id"], record.get("label"), label, "Ana", "read it", NOON + timedelta(minutes=minutes)]
        store.execute("INSERT INTO private.corrections VALUES (?, ?, ?, ?, ?, ?)", values)
    touch(store, 'SELECT story_id, coalesce(published_at, fetched_at) AS "at" FROM private.articles')
    refresh(store)
    return store


def story_tones(cell: list[Said]) -> list[float]:
    """One vote a story; copies have a say where nothing else is there."""
    own = {said.story for said in cell if said.confident and said.tone is not None and not said.copy}
    tones: dict[str, list[float]] = {}
    for said in cell:
        if said.confident and said.tone is not None and not (said.copy and said.story in own):
            tones.setdefault(said.story, []).append(said.tone)
    return sorted(map(fmean, tones.values()))


def figures(cell: list[Said], rivals: int) -> dict[str, Any]:
    """What docs/schema.md says of a cell of coverage; `rivals`: the stories of all brands in its period."""
    tones = story_tones(cell)
    labels = [said.label for said in cell if said.confident]
    stories = len({said.story for said in cell})
    return {
        "articles": len({said.article for said in cell}), "stories": stories, "mentions": len(cell),
        "positive": labels.count("pos"), "neutral": labels.count("neu"), "negative": labels.count("neg"),
        "abstained": len(cell) - sum(map(labels.count, ("pos", "neu", "neg"))),
        "net_tone": pytest.approx(fmean(tones)) if tones else None,
        "share_of_voice": pytest.approx(stories / rivals), "collected": False,
    }  # fmt: skip
