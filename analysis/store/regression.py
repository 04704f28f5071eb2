"""Corrections as a regression set: what people said, against a scorer's word; and what a change would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from analysis.items import Label
from analysis.store.database import reading
from analysis.tone import LANGUAGES, Scorer, Target

# The newest word on each sentence, once a family: copies of a sentence in its story share one correction.
_CORRECTED = """
SELECT c.mention_id, m.brand_id, m.sentence, m.spans, m.label, c.new_label, c.who, c.why,
       (SELECT list(s) FROM (
            SELECT unnest(o.spans) AS s FROM private.mentions o
            WHERE o.article_id = m.article_id AND o.revision = m.revision AND o.ordinal = m.ordinal
              AND o.brand_id != m.brand_id)) AS others
FROM private.corrections c
JOIN private.mentions m ON m.mention_id = c.mention_id
JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision
WHERE a.language IN (SELECT unnest($languages))
QUALIFY row_number() OVER (PARTITION BY a.story_id, m.brand_id, lower(m.sentence)
                           ORDER BY c."at" DESC, m.revision DESC, c.mention_id) = 1
ORDER BY c."at", c.mention_id"""
_RECENT = """
SELECT m.brand_id, a.story_id, m.sentence, m.spans, c.tone, c.label, c.confident, c.corrected OR c.own_voice,
       (SELECT list(s) FROM (
            SELECT unnest(o.spans) AS s FROM private.mentions o
            WHERE o.article_id = m.article_id AND o.revision = m.revision AND o.ordinal = m.ordinal
              AND o.brand_id != m.brand_id)) AS others
FROM private.mentions m
JOIN private.articles a ON a.article_id = m.article_id AND a.revision = m.revision AND a.newest
JOIN private.corrected_mentions c
  ON c.mention_id = m.mention_id AND c.article_id = m.article_id AND c.revision = m.revision
WHERE c.tone IS NOT NULL AND a.language IN (SELECT unnest($languages))
  AND a.published_at > (SELECT max(published_at) FROM private.articles WHERE newest) - to_days($days)"""


@dataclass(frozen=True, slots=True)
class Correction:
    """A sentence, and what a person said of it."""

    mention_id: str
    brand_id: str
    target: Target
    stored: str | None
    """The label of the scorer that scored the stored text last."""
    label: Label
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Recent:
    """A scored mention of the last days."""

    brand_id: str
    story_id: str
    target: Target
    tone: float
    label: str
    confident: bool
    settled: bool
    """No scorer changes it: corrected by a person, or in the brand's own voice."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a changed scorer would do to one brand."""

    brand_id: str
    mentions: int
    """How many would be scored anew."""
    changed: int
    """How many of them would change their label."""
    before: float | None
    """Net tone of the days, one vote a story, -1 to 1."""
    after: float | None


def corrections(database: Path) -> list[Correction]:
    """The newest correction of each sentence, oldest first; only languages that scorers know."""
    with reading(database) as connection:
        rows = connection.execute(_CORRECTED, {"languages": sorted(LANGUAGES)}).fetchall()
    return [
        Correction(mention, brand, Target(sentence, _spans(spans), _spans(others)), stored, label, who, why)
        for mention, brand, sentence, spans, stored, label, who, why, others in rows
    ]


def recent(database: Path, days: int) -> list[Recent]:
    """Scored mentions of the last `days` days of coverage, counted back from the newest article."""
    with reading(database) as connection:
        rows = connection.execute(_RECENT, {"languages": sorted(LANGUAGES), "days": days}).fetchall()
    return [
        Recent(brand, story, Target(sentence, _spans(spans), _spans(others)), tone, label, confident, settled)
        for brand, story, sentence, spans, tone, label, confident, settled, others in rows
    ]


def effects(mentions: Sequence[Recent], phrase: str, scorer: Scorer) -> list[Effect]:
    """For each brand of which a sentence holds `phrase`: what `scorer`, which knows it, would change."""
    held = [n for n, m in enumerate(mentions) if not m.settled and phrase in m.target.sentence.lower()]
    fresh = dict(zip(held, scorer.score([mentions[n].target for n in held]), strict=True))
    found = []
    for brand in sorted({mentions[n].brand_id for n in held}):
        ours = [(n, m) for n, m in enumerate(mentions) if m.brand_id == brand]
        before = [(m.story_id, m.tone) for _, m in ours if m.confident]
        after = []
        for n, m in ours:
            score = fresh.get(n)
            tone, confident = (score.tone, score.confident) if score else (m.tone, m.confident)
            after += [(m.story_id, tone)] * confident
        touched = [(mentions[n].label, fresh[n]) for n, _ in ours if n in fresh]
        changed = sum(score is not None and score.label != label for label, score in touched)
        found.append(Effect(brand, len(touched), changed, _net(before), _net(after)))
    return found


def _net(tones: Sequence[tuple[str, float]]) -> float | None:
    stories: dict[str, list[float]] = defaultdict(list)
    for story, tone in tones:
        stories[story].append(tone)
    return fmean(map(fmean, stories.values())) if stories else None


def _spans(spans: Sequence[Sequence[Any]] | None) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in spans or ())
