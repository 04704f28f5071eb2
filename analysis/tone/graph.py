"""The target model's graph under ONNX Runtime, and its blend with the lexical tone (stacking: Wolpert, 1992).

The word pack knows what a few hundred words of this trade are worth, the model who does what to whom; they err on
different sentences.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

# The wheel of 1.31.1 notes each use in ~/.cache/Microsoft, to be sent to mobile.events.data.microsoft.com. It looks at
# this when it is loaded; `disable_telemetry_events` comes too late for the files.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime
from numpy.typing import NDArray

from analysis.tone.encoding import PAD_ID, Encoder

BATCH = 8
"""Sentences in one run: their activations stay in a core's own cache, which 32 do not (500 against 420 a second)."""
SLOW = ["SkipLayerNormFusion"]
"""What ONNX Runtime must not do to the graph: 1.31's fused node takes four times as long as an addition and a norm."""
SILENT = 0.1
"""Lexical tone below which VADER and the pack have nothing to say."""
SOFTENED, CONFLICT = 2.2, 4.0
"""The model is too sure of itself: its logits are divided by the first before they are held against the words; the
second brings the conflict to the scale of the other features."""


class Graph:
    """The int8 graph and its tokeniser, on one thread: parallelism is the worker processes' business.

    Quantisation ranges are fixed in the graph, so an answer does not depend on what else is in the batch.
    """

    def __init__(self, weights: Path) -> None:
        """`weights`: folder with model.onnx and vocab.txt."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        graph = str(weights / "model.onnx")
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW
        )
        self._encoder = Encoder(weights / "vocab.txt")

    def logits(self, masked: Sequence[str]) -> NDArray[np.float64]:
        """(sentences, 3) of neg, neu, pos, before calibration; sentences of similar length share a run."""
        ids = self._encoder.ids(masked)
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
        found = np.zeros((len(ids), 3))
        for at in range(0, len(order), BATCH):
            part = order[at : at + BATCH]
            block = np.full((len(part), len(ids[part[-1]])), PAD_ID, dtype=np.int64)
            for row, n in enumerate(part):
                block[row, : len(ids[n])] = ids[n]
            found[part] = self._session.run(["logits"], {"ids": block})[0]
        return found


def features(logits: NDArray[np.float64], tones: Sequence[float]) -> NDArray[np.float64]:
    """(sentences, 8) that the blend weighs: centred logits, lexical tone above and below 0, silence, 1, and conflict:
    how far model and words are of opposite signs.

    `tones` are those of `lexical.VaderScorer`, VADER with the word pack.
    """
    tone = np.asarray(tones, dtype=np.float64)[:, None]
    centred = logits - logits.mean(axis=1, keepdims=True)
    soft = np.exp(centred / SOFTENED)
    soft /= soft.sum(axis=1, keepdims=True)
    conflict = CONFLICT * np.maximum(0.0, -(soft[:, 2:] - soft[:, :1]) * tone)
    parts = [centred, tone.clip(min=0), tone.clip(max=0), np.abs(tone) < SILENT, np.ones_like(tone), conflict]
    return np.concatenate(parts, axis=1)


def blend(found: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(sentences, 3) of calibrated P(neg), P(neu), P(pos): a softmax over features times `weights` (8, 3)."""
    scores = found @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return chances
