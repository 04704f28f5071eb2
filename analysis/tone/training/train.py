"""One stage of training on a CPU: AdamW, rates by depth, names exchanged anew in each epoch.

In bfloat16 where the processor has AMX; elsewhere that is eight times slower than float32.

What a stage leaves behind is the moving average of its weights, which is steadier than the last step's.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from analysis.tone.encoding import Encoder
from analysis.tone.training.data import NameExchange, Row
from analysis.tone.training.encoder import LAYERS, TargetModel

log = logging.getLogger(__name__)
MASK_ID, FIRST_WORD = 103, 999
"""BERT's [MASK], and the first id that is no special token."""
LATEST = "sentences_g"
"""Our sentences in the plain style of press reports, which the last stages dwell on."""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights, apart from the data."""

    seed: int = 1
    sentences: str = "abcdefg"
    """Which of our sentence files."""
    epochs: int = 3
    rate: float = 1e-4
    """Peak learning rate of the head and the last layer."""
    decay: float = 0.9
    """Factor on the rate from each layer to the one below it."""
    batch: int = 32
    smoothing: float = 0.05
    dropout: float = 0.1
    news: float = 1.0
    """Share of NewsMTSC rows seen in each epoch."""
    brandnews: float = 1.0
    """Share of the brandnews rows seen in each epoch."""
    ours: float = 1.0
    """Share of the rows of our sentences, without those of LATEST."""
    latest: int = 1
    """Times each row of LATEST is seen in each epoch."""
    frozen: int = 0
    """Layers from below that stay as they are, and the embeddings with them; 0: all learn."""
    hidden: float = 0.0
    """Share of words that are replaced by BERT's [MASK] at random."""
    average: float = 0.995
    """Decay of the moving average of the weights, a step."""


def batches(rows: Sequence[tuple[list[int], int]], size: int, dice: random.Random) -> Iterator[tuple[Tensor, Tensor]]:
    """Shuffled batches of rows of similar length, padded with 0."""
    order = list(range(len(rows)))
    dice.shuffle(order)
    pools = [
        sorted(order[at : at + 50 * size], key=lambda n: len(rows[n][0])) for at in range(0, len(order), 50 * size)
    ]
    chunks = [pool[at : at + size] for pool in pools for at in range(0, len(pool), size)]
    dice.shuffle(chunks)
    for chunk in chunks:
        yield pad([rows[n][0] for n in chunk]), torch.tensor([rows[n][1] for n in chunk])


def pad(ids: Sequence[list[int]]) -> Tensor:
    """(batch, longest) of int64."""
    longest = max(map(len, ids))
    return torch.tensor([row + [0] * (longest - len(row)) for row in ids])


def groups(model: TargetModel, recipe: Recipe) -> list[dict[str, object]]:
    """Parameters by depth, deeper layers faster (Howard and Ruder, ACL 2018); no weight decay for norms and biases."""
    found: dict[tuple[int, bool], list[Tensor]] = {}
    for name, value in model.named_parameters():
        parts = name.split(".")
        if recipe.frozen and (parts[0] in {"words", "places", "norm"} or _is_below(parts, recipe.frozen)):
            value.requires_grad = False
            continue
        depth = LAYERS if parts[0] in {"hidden", "answer"} else int(parts[1]) if parts[0] == "blocks" else -1
        found.setdefault((depth, value.ndim > 1), []).append(value)
    return [
        {"params": values, "lr": recipe.rate * recipe.decay ** (LAYERS - depth), "weight_decay": 0.01 * decays}
        for (depth, decays), values in found.items()
    ]


def _is_below(parts: Sequence[str], layers: int) -> bool:
    return parts[0] == "blocks" and int(parts[1]) < layers


def train(model: TargetModel, rows: Sequence[Row], encoder: Encoder, recipe: Recipe) -> None:
    """Changes `model` in place; prints a line an epoch."""
    torch.manual_seed(recipe.seed)
    dice = random.Random(recipe.seed)
    exchange = NameExchange([row for row in rows if row.source != "newsmtsc_train"], recipe.seed)
    optimiser = torch.optim.AdamW(groups(model, recipe), fused=True)
    epochs = [_sample(rows, recipe, dice) for _ in range(recipe.epochs)]
    steps = sum(-(-len(epoch) // recipe.batch) for epoch in epochs) + 50
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.08 * steps), max(0.02, (steps - step) / (0.92 * steps)))
    )
    average = {name: value.detach().clone() for name, value in model.state_dict().items()}
    model.train()
    for number, epoch in enumerate(epochs):
        clock, total, count = time.process_time(), 0.0, 0
        ids = encoder.ids([exchange(row) for row in epoch])
        for tokens, gold in batches(list(zip(ids, (r.label for r in epoch), strict=True)), recipe.batch, dice):
            if recipe.hidden:
                hide = (torch.rand(tokens.shape) < recipe.hidden) & (tokens >= FIRST_WORD)
                tokens[hide] = MASK_ID
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_amx_tile_supported()):
                logits = model(tokens)
            loss = functional.cross_entropy(logits.float(), gold, label_smoothing=recipe.smoothing)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            total, count = total + loss.item(), count + 1
            if count % 4 == 0:
                _blend(average, model, recipe.average**4)
        log.info("epoch %d: loss %.4f, %.0f CPU s", number + 1, total / count, time.process_time() - clock)
    model.load_state_dict(average)


def _sample(rows: Sequence[Row], recipe: Recipe, dice: random.Random) -> list[Row]:
    kept: list[Row] = []
    for sources, share in (
        ("newsmtsc_train", recipe.news),
        ("brandnews", recipe.brandnews),
        ("sentences", recipe.ours),
    ):
        some = [row for row in rows if row.source.startswith(sources) and row.source != LATEST]
        kept += dice.sample(some, round(share * len(some)))
    return kept + [row for row in rows if row.source == LATEST] * recipe.latest


def _blend(average: dict[str, Tensor], model: TargetModel, keep: float) -> None:
    with torch.no_grad():
        for name, value in model.state_dict().items():
            average[name].lerp_(value, 1 - keep)
