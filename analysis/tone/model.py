"""The scorer that understands: a small encoder fine-tuned to say how a sentence treats the brand marked in it.

What it is, what it was trained on and where it errs: docs/model-card.md. How to make it again: `make train`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import UserError
from analysis.items import Label, Score
from analysis.tone import ABSTAIN_BELOW, Target, Words
from analysis.tone.lexical import VaderScorer
from analysis.tone.mask import Masker, bound

if TYPE_CHECKING:
    from analysis.tone.graph import Graph

WEIGHTS = Path(__file__).parent / "weights"
LABELS: tuple[Label, ...] = ("neg", "neu", "pos")
"""Order of the model's three outputs."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of one target: calibrated probabilities that add up to 1."""

    neg: float
    neu: float
    pos: float

    @property
    def tone(self) -> float:
        """P(pos) - P(neg), -1 to 1."""
        return self.pos - self.neg

    @property
    def label(self) -> Label:
        """The likeliest label."""
        parts = (self.neg, self.neu, self.pos)
        return LABELS[parts.index(max(parts))]

    @property
    def certainty(self) -> float:
        """Probability of that label."""
        return max(self.neg, self.neu, self.pos)


class ModelScorer:
    """Implements `analysis.tone.Scorer`. The graph is loaded at the first score; make one scorer a process."""

    def __init__(
        self,
        names: Iterable[str] = (),
        *,
        abstain_below: float = ABSTAIN_BELOW,
        words: Words = (),
        weights: Path = WEIGHTS,
    ) -> None:
        """`names` are other watched names, masked in every sentence; `words` what the watchlist adds to the pack;
        `weights` a folder as `make train` writes it.

        Raises UserError where the weights are missing.
        """
        names = tuple(names)
        self._weights = weights
        self._abstain_below = abstain_below
        self._masker = Masker(names)
        self._lexical = VaderScorer(names, words=words)
        self._graph: Graph | None = None
        try:
            meta = json.loads((weights / "meta.json").read_text(encoding="utf8"))
        except OSError as error:
            raise UserError(
                f"{weights}: the model's weights cannot be read ({error.strerror}); use --scorer vader"
            ) from None
        self._blend = meta["blend"]
        self.version = f"{meta['version']}+{self._lexical.version}"

    def score(self, targets: Sequence[Target]) -> list[Score | None]:
        """One score a target, in order; None for a sentence without a word."""
        lexical = self._lexical.score(targets)
        heard = [(target, found) for target, found in zip(targets, lexical, strict=True) if found]
        opinions = iter(self._opinions([target for target, _ in heard], [found.tone for _, found in heard]))
        return [found and self._score(next(opinions), found.vader) for found in lexical]

    def opinions(self, targets: Sequence[Target]) -> list[Opinion]:
        """The probabilities for each target, in order."""
        return self._opinions(targets, [found.tone if found else 0.0 for found in self._lexical.score(targets)])

    def _opinions(self, targets: Sequence[Target], tones: Sequence[float]) -> list[Opinion]:
        if not targets:
            return []
        # Only now: ONNX Runtime takes a while to load, and a small install does not have it.
        engine = import_module("analysis.tone.graph")
        if self._graph is None:
            self._graph = engine.Graph(self._weights)
        logits = self._graph.logits([self.masked(target) for target in targets])
        return [Opinion(*row) for row in engine.blend(engine.features(logits, tones), self._blend).tolist()]

    def masked(self, target: Target) -> str:
        """The sentence as the model reads it: bounded, names replaced."""
        return self._masker.mask(*bound(target.sentence, target.spans, target.others))

    def _score(self, opinion: Opinion, vader: float) -> Score:
        return Score(
            tone=round(opinion.tone, 4),
            label=opinion.label,
            confident=opinion.certainty >= self._abstain_below,
            scorer=self.version,
            vader=vader,
        )
