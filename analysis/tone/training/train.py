"""One model's training: AdamW, rates by depth, names exchanged anew in each epoch.

On a CPU, in bfloat16 where it has AMX (elsewhere that is eight times slower than float32), or on a GPU if there is one.

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
from analysis.tone.training.data import LABELS, NameExchange, Row
from analysis.tone.training.encoder import LAYERS, TargetModel

log = logging.getLogger(__name__)
MASK_ID, FIRST_WORD = 103, 999
"""BERT's [MASK], and the first id that is no special token."""
LATEST = ("sentences_g", "sentences_h", "sentences_i")
"""Our sentences in the plain style of press reports, which are seen more often than others."""
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
BFLOAT16 = DEVICE.type == "cuda" or torch.cpu._is_amx_tile_supported()


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights, apart from the data."""

    seed: int = 1
    epochs: int = 4
    rate: float = 1e-4
    """Peak learning rate of the head and the last layer."""
    decay: float = 0.9
    """Factor on the rate from each layer to the one below it."""
    batch: int = 32
    smoothing: float = 0.05
    dropout: float = 0.1
    news: float = 1.0
    """Share of NewsMTSC rows seen in each epoch."""
    latest: int = 1
    """Times each row of LATEST is seen in each epoch."""
    same: float = 0.0
    """Share of sentences with another brand that are read as if both were the target."""
    hidden: float = 0.05
    """Share of words that are replaced by BERT's [MASK] at random."""
    taught: float = 0.0
    """Weight of the teachers' answers beside the label."""
    opposite: float = 0.0
    """What a probability of the opposite sign costs beside the likelihood."""
    average: float = 0.995
    """Decay of the moving average of the weights, a step."""


def batches(ids: Sequence[list[int]], size: int, dice: random.Random) -> Iterator[list[int]]:
    """Numbers of rows in shuffled batches of similar length."""
    order = list(range(len(ids)))
    dice.shuffle(order)
    pools = [sorted(order[at : at + 50 * size], key=lambda n: len(ids[n])) for at in range(0, len(order), 50 * size)]
    chunks = [pool[at : at + size] for pool in pools for at in range(0, len(pool), size)]
    dice.shuffle(chunks)
    yield from chunks


def pad(ids: Sequence[list[int]]) -> Tensor:
    """(batch, longest) of int64."""
    longest = max(map(len, ids))
    return torch.tensor([row + [0] * (longest - len(row)) for row in ids])


def groups(model: TargetModel, recipe: Recipe) -> list[dict[str, object]]:
    """Parameters by depth, deeper layers faster (Howard and Ruder, ACL 2018); no weight decay for norms and biases."""
    found: dict[tuple[int, bool], list[Tensor]] = {}
    for name, value in model.named_parameters():
        parts = name.split(".")
        depth = LAYERS if parts[0] in {"hidden", "answer"} else int(parts[1]) if parts[0] == "blocks" else -1
        found.setdefault((depth, value.ndim > 1), []).append(value)
    return [
        {"params": values, "lr": recipe.rate * recipe.decay ** (LAYERS - depth), "weight_decay": 0.01 * decays}
        for (depth, decays), values in found.items()
    ]


def aims(rows: Sequence[Row], recipe: Recipe, answers: Tensor | None = None) -> Tensor:
    """(rows, 3): what the model shall say, from the labels and the teachers' `answers` (Hinton et al., 2015)."""
    labels = functional.one_hot(torch.tensor([row.label for row in rows]), len(LABELS)).float()
    smoothed = labels * (1 - recipe.smoothing) + recipe.smoothing / len(LABELS)
    return smoothed if answers is None else smoothed.lerp(answers, recipe.taught)


def loss_of(logits: Tensor, aim: Tensor, gold: Tensor, recipe: Recipe) -> Tensor:
    """Cross entropy, and the cost of opposite signs where the recipe names one."""
    loss = functional.cross_entropy(logits, aim)
    if recipe.opposite:
        wrong = logits.softmax(-1).gather(1, (2 - gold).unsqueeze(1)).squeeze(1)
        loss = loss + recipe.opposite * (wrong * (gold != 1)).mean()
    return loss


def train(
    model: TargetModel, rows: Sequence[Row], encoder: Encoder, recipe: Recipe, answers: Tensor | None = None
) -> None:
    """Changes `model` in place; prints a line an epoch. `answers`: the teachers' probabilities for `rows`."""
    torch.manual_seed(recipe.seed)
    dice = random.Random(recipe.seed)
    exchange = NameExchange([row for row in rows if row.source != "newsmtsc_train"], recipe.seed, recipe.same)
    model.to(DEVICE).train()
    aim, gold = aims(rows, recipe, answers).to(DEVICE), torch.tensor([row.label for row in rows], device=DEVICE)
    optimiser = torch.optim.AdamW(groups(model, recipe), fused=True)
    epochs = [_sample(rows, recipe, dice) for _ in range(recipe.epochs)]
    steps = sum(-(-len(epoch) // recipe.batch) for epoch in epochs) + 50
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.08 * steps), max(0.02, (steps - step) / (0.92 * steps)))
    )
    average = {name: value.detach().clone() for name, value in model.state_dict().items()}
    for number, epoch in enumerate(epochs):
        clock, total, count = time.process_time(), torch.zeros((), device=DEVICE), 0
        ids = encoder.ids([exchange(rows[n]) for n in epoch])
        for chosen in batches(ids, recipe.batch, dice):
            tokens = hide(pad([ids[n] for n in chosen]).to(DEVICE), recipe.hidden)
            at = torch.tensor([epoch[n] for n in chosen], device=DEVICE)
            with torch.autocast(DEVICE.type, dtype=torch.bfloat16, enabled=BFLOAT16):
                logits = model(tokens)
            loss = loss_of(logits.float(), aim[at], gold[at], recipe)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            total, count = total + loss.detach(), count + 1
            if count % 4 == 0:
                _blend(average, model, recipe.average**4)
        log.info("epoch %d: loss %.4f, %.0f CPU s", number + 1, total.item() / count, time.process_time() - clock)
    model.load_state_dict(average)


def hide(tokens: Tensor, share: float) -> Tensor:
    """Some words become BERT's [MASK]."""
    chosen = (torch.rand(tokens.shape, device=tokens.device) < share) & (tokens >= FIRST_WORD)
    return tokens.masked_fill(chosen, MASK_ID)


def _sample(rows: Sequence[Row], recipe: Recipe, dice: random.Random) -> list[int]:
    """Numbers of the rows that an epoch sees."""
    news = [n for n, row in enumerate(rows) if row.source == "newsmtsc_train"]
    ours = [n for n, row in enumerate(rows) if row.source != "newsmtsc_train"]
    latest = [n for n in ours if rows[n].source in LATEST]
    return dice.sample(news, round(recipe.news * len(news))) + ours + latest * (recipe.latest - 1)


def _blend(average: dict[str, Tensor], model: TargetModel, keep: float) -> None:
    with torch.no_grad():
        for name, value in model.state_dict().items():
            average[name].lerp_(value, 1 - keep)
