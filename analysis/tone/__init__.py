"""How a sentence treats a brand: what every scorer takes and gives, and which scorer to take.

    scorer = choose(None, names=watchlist_names)
    scorer.score([Target("Netflix is down.", spans=((0, 7),))])

Two scorers stand behind the one protocol: `VaderScorer` (analysis.tone.lexical), which explains itself word by
word, and the trained model (analysis.tone.model), where it is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import Literal, Protocol

from analysis.errors import UserError
from analysis.items import Mention, Score

LANGUAGES = frozenset({"en"})
"""ISO 639-1 codes of the languages that the scorers were made and measured for."""
ABSTAIN_BELOW = 0.6
"""Default of the watchlist's `[tone] abstain_below`."""
ScorerName = Literal["model", "vader"]
Words = tuple[tuple[str, float], ...]
"""Phrases of the watchlist's `[tone.words]` with their valences, -4..4, in the pack's language of phrases."""


@dataclass(frozen=True, slots=True)
class Target:
    """A sentence and the brand in it whose tone is asked."""

    sentence: str
    spans: tuple[tuple[int, int], ...] = ()
    """Where the brand stands, start and end in characters; none: the sentence as a whole is about it."""
    others: tuple[tuple[int, int], ...] = ()
    """Where other watched brands stand: masked like the names that the scorer was given."""

    @classmethod
    def of(cls, mention: Mention, others: Iterable[Mention] = ()) -> Target:
        """The target of a mention; `others` are mentions of other brands in the same sentence."""
        spans = tuple(span for other in others if other.sentence == mention.sentence for span in other.spans)
        return cls(mention.sentence, mention.spans, spans)


class Scorer(Protocol):
    """Scores in batches, since a model is several times faster on 32 sentences than on one."""

    version: str
    """Name and version of scorer and lexicon, stored with each score, e.g. `vader-3.3.2+pack-1`."""

    def score(self, targets: Sequence[Target]) -> list[Score | None]:
        """One score a target, in order; None where the sentence holds no word at all (there is no text)."""
        ...


def supported(language: str | None) -> bool:
    """Whether text in this language (ISO 639-1, regions ignored) is scored. None, unknown, is not."""
    return language is not None and language.lower().partition("-")[0] in LANGUAGES


def model_installed() -> bool:
    """Is the trained model here: its weights, and the engine that runs it (the extra `presswatch[model]`)?"""
    weights = files("analysis.tone").joinpath("weights", "meta.json")
    return weights.is_file() and find_spec("onnxruntime") is not None


def choose(
    name: ScorerName | None = None,
    *,
    names: Iterable[str] = (),
    abstain_below: float = ABSTAIN_BELOW,
    words: Words = (),
) -> Scorer:
    """The scorer of that name; None takes the model where it is installed, else VADER and the word pack.

    `names` are brands, aliases and titles of the watchlist, masked in every sentence; `abstain_below` the
    probability under which the model abstains (`[tone] abstain_below`); `words` what the watchlist adds to the word
    pack, which the model weighs too. Raises UserError where the model is asked
    for and not installed.
    """
    if name == "model" and not model_installed():
        raise UserError("--scorer model: not part of this installation; allowed here: vader")
    if name != "vader" and model_installed():
        scorer: Scorer = import_module("analysis.tone.model").ModelScorer(
            names, abstain_below=abstain_below, words=words
        )
        return scorer
    lexical: Scorer = import_module("analysis.tone.lexical").VaderScorer(names, words=words)
    return lexical
