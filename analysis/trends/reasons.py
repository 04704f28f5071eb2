"""Why a mention has its score: VADER's words with valences, the model's probabilities, the rule for the placement."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import duckdb

from analysis.errors import UserError
from analysis.tone import Target, Words, choose, model_installed
from analysis.tone.articles import brand_names
from analysis.tone.lexical import Explanation, VaderScorer
from analysis.watchlist import Watchlist

if TYPE_CHECKING:
    from analysis.tone.model import ModelScorer

_PLACEMENT = {
    "headline": "the article's title",
    "lead": "the first paragraph (with the second, where it is very short)",
    "body": "after the first paragraph",
}
_MENTION = """
SELECT m.sentence, m.placement, c.label, c.tone, c.confident, c.corrected, m.scorer, m.spans, b.name, c.own_voice,
       m.speaker
FROM private.mentions m JOIN (SELECT * FROM private.corrected_mentions WHERE mention_id = $mention) c
    ON c.mention_id = m.mention_id AND c.article_id = m.article_id AND c.revision = m.revision
LEFT JOIN private.brands b ON b.brand_id = m.brand_id
WHERE m.mention_id = $mention ORDER BY m.revision DESC LIMIT 1"""
_WHY = 'SELECT old_label, new_label, who, why, "at" FROM corrections WHERE mention_id = ? ORDER BY "at"'


def reasons(connection: duckdb.DuckDBPyConnection, mention_id: str, watchlist: Watchlist | None) -> Iterator[str]:
    """All that carried the score of one mention, in lines.

    watchlist: whose names are masked and whose own words count; None: no names are known

    Raises:
        UserError: no mention has that id.
    """
    found = connection.execute(_MENTION, {"mention": mention_id}).fetchone()
    corrections = connection.execute(_WHY, [mention_id]).fetchall()
    if found is None:
        raise UserError(f"{mention_id}: no such mention; `presswatch mentions` shows the ids")
    sentence, placement, label, tone, confident, corrected, scorer, spans, brand, own_voice, speaker = found
    yield f"{sentence}\n\nbrand: {brand}; {placement}: {_PLACEMENT[placement]}"
    verdict = "not scored" if label is None else f"{label} {tone:+.2f}{'' if confident or own_voice else ' (abstains)'}"
    yield f"score: {verdict}{' (corrected by hand)' if corrected else ''}, by {scorer or 'no scorer'}"
    if own_voice and not corrected:
        yield f"  {speaker} speaks for {brand}: the brand's own voice, counted apart from the press"
    for old, new, who, why, at in corrections:
        yield f"  {at:%Y-%m-%d %H:%M} {who}: {old or 'not scored'} -> {new}, because {why}"
    target = Target(sentence, tuple((start, end) for start, end in spans))
    names: tuple[str, ...] = ()
    words: Words = ()
    if watchlist is not None:
        names = brand_names((b.name, b.aliases) for b in watchlist.brands)
        words = watchlist.tone.own_words
    yield from _model(target, names, words)
    yield from _lexicon(_lexical(names, words).explain(target))


def _model(target: Target, names: tuple[str, ...], words: Words) -> Iterator[str]:
    if not model_installed():
        yield "\nthe model is not installed; VADER and the word pack decide"
        return
    scorer = _scorer(names, words)
    opinion = scorer.opinions([target])[0]
    yield f"\nmodel ({scorer.version})\n  read as: {scorer.masked(target)}"
    yield f"  negative {opinion.neg:.0%}, neutral {opinion.neu:.0%}, positive {opinion.pos:.0%}"


@lru_cache(maxsize=1)
def _lexical(names: tuple[str, ...], words: Words) -> VaderScorer:
    """So does the lexicon."""
    return VaderScorer(names, words=words)


@lru_cache(maxsize=1)
def _scorer(names: tuple[str, ...], words: Words) -> ModelScorer:
    """Loading the weights takes longer than everything else."""
    from analysis.tone.model import ModelScorer  # noqa: PLC0415 (needs the extra that may be absent)

    scorer = choose("model", names=names, words=words)
    assert isinstance(scorer, ModelScorer)
    return scorer


def _lexicon(explained: Explanation | None) -> Iterator[str]:
    if explained is None:
        yield "\nVADER: no word to score"
        return
    yield f"\nVADER and the word pack: {explained.score.label} {explained.score.tone:+.2f}"
    for part in explained.contributions:
        origin = f"pack, {part.entry.part}: {part.entry.reason}" if part.entry else "VADER's lexicon"
        rule = f"; {part.rule}" if part.rule else ""
        yield f"  {part.words}: {part.valence:+.2f} x {part.weight:.2f} ({origin}{rule})"
    if not explained.contributions:
        yield "  no word that VADER or the pack knows"
