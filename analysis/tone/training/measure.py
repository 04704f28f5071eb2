"""How good a model is: macro F1, opposite signs, calibration."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from analysis.tone.encoding import Encoder
from analysis.tone.training.data import LABELS, Row, masked
from analysis.tone.training.encoder import TargetModel
from analysis.tone.training.train import DEVICE, pad

BINS = 10
DECAY = 3e-4
OPPOSITE = 3.5
"""What a probability of the opposite sign costs in the blend, beside the likelihood: for a PR chief a sign that is
turned round is worse than none."""


def sorted_batches(
    rows: Sequence[Row], encoder: Encoder, known: bool, size: int = 32
) -> tuple[list[int], list[Tensor]]:
    """Order of the rows by length, and their ids in batches in that order; `known`: other targets are masked too."""
    ids = encoder.ids([masked(row, known) for row in rows])
    order = sorted(range(len(ids)), key=lambda n: len(ids[n]))
    return order, [pad([ids[n] for n in order[at : at + size]]) for at in range(0, len(order), size)]


def logits(model: TargetModel, rows: Sequence[Row], encoder: Encoder, known: bool = True) -> Tensor:
    """(rows, 3) of the model in float32, before calibration."""
    model.eval().to(DEVICE)
    order, batches = sorted_batches(rows, encoder, known)
    found = torch.zeros(len(rows), len(LABELS))
    with torch.no_grad():
        found[order] = torch.cat([model(batch.to(DEVICE)) for batch in batches]).cpu()
    return found


def scores(said: Tensor, gold: Tensor) -> dict[str, float]:
    """Accuracy, macro F1, F1 of each label and the share of opposite signs; `said` and `gold` index LABELS."""
    found = {}
    for n, label in enumerate(LABELS):
        hit = ((said == n) & (gold == n)).sum().item()
        found[f"f1_{label}"] = 2 * hit / max(1, ((said == n).sum() + (gold == n).sum()).item())
    return {
        "rows": len(gold),
        "accuracy": (said == gold).float().mean().item(),
        "macro_f1": sum(found.values()) / len(LABELS),
        **found,
        "opposite": ((said - gold).abs() == 2).float().mean().item(),
    }


def fit_blend(features: Tensor, gold: Tensor) -> Tensor:
    """Weights (features, 3) of a logistic regression that shuns opposite signs."""
    weights = torch.zeros(features.shape[1], len(LABELS), requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200)

    def closure() -> Tensor:
        optimiser.zero_grad()
        chances = (features @ weights).softmax(-1)
        opposite = torch.where(gold == 0, chances[:, 2], torch.where(gold == 2, chances[:, 0], 0.0))
        loss = torch.nn.functional.cross_entropy(features @ weights, gold) + OPPOSITE * opposite.mean()
        loss = loss + DECAY * weights.pow(2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return weights.detach()


def temper(weights: Tensor, features: Tensor, gold: Tensor) -> Tensor:
    """The blend's weights over the temperature that suits these rows best (Guo et al., 2017); no label changes.

    The cost of opposite signs has made the blend too sure of itself.
    """
    degrees = [1.0 + n / 100 for n in range(-30, 101)]
    losses = [torch.nn.functional.cross_entropy(features @ weights / t, gold).item() for t in degrees]
    return weights / degrees[losses.index(min(losses))]


def calibration_error(chances: Tensor, gold: Tensor) -> float:
    """Expected calibration error over BINS equal bins of the likeliest label's probability (Guo et al., 2017)."""
    certainty, said = chances.max(-1)
    right = (said == gold).float()
    error = 0.0
    for n in range(BINS):
        inside = (certainty > n / BINS) & (certainty <= (n + 1) / BINS)
        if inside.any():
            error += inside.float().mean().item() * abs(right[inside].mean().item() - certainty[inside].mean().item())
    return error
