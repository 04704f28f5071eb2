"""From teachers to one student: what is trained, in which order, and where it is kept.

Each teacher answers only for rows that it has not seen (a fold), so the answers show where a label is doubtful and not
only what it is. Students learn from labels and answers (distillation: Hinton et al., 2015), each with its own seed but
the same start; the mean of their weights is one model again (Wortsman et al., ICML 2022).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import torch
from torch import Tensor

from analysis.tone.encoding import Encoder
from analysis.tone.training.data import Row
from analysis.tone.training.encoder import TargetModel
from analysis.tone.training.measure import logits
from analysis.tone.training.train import Recipe, train

log = logging.getLogger("training")
FOLDS = 5
TEACHERS = tuple(Recipe(seed=100 + seed, epochs=4, news=0.7, latest=2) for seed in range(3))
STUDENTS = tuple(
    Recipe(seed=1000 + seed, epochs=14, rate=1.4e-4, batch=64, news=0.6, latest=3, taught=0.8, opposite=1.0, same=0.2)
    for seed in range(12)
)
START = 7
"""Seed of the students' head. They share it: a mean of weights means something only where all start from one point."""
DOUBT = 1.4
"""Temperature of the teachers' answers."""


@dataclass(frozen=True)
class Work:
    """What all that is trained here shares."""

    folder: Path
    """Where finished models and answers are kept."""
    base: Path
    learn: Sequence[Row]
    data: str
    """Hash of all that is learned from."""

    def path(self, kind: str, *parts: object) -> Path:
        """Where something is kept, by all that decides it."""
        key = json.dumps([self.data, *parts], default=asdict)
        return self.folder / f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.pt"


def fold(row: Row) -> int:
    """By blocks, so that pairs of sentences stay together."""
    return row.block % FOLDS


def teach(work: Work, recipe: Recipe, number: int) -> Path:
    """(rows of fold `number`, 3) logits by a teacher that has learned from the other folds."""
    out = work.path("teacher", recipe, number)
    if not out.exists():
        torch.set_num_threads(1)
        torch.manual_seed(recipe.seed)
        encoder, model = Encoder(work.base / "vocab.txt"), TargetModel(recipe.dropout)
        model.load_base(work.base)
        train(model, [row for row in work.learn if fold(row) != number], encoder, recipe)
        found = logits(model, [row for row in work.learn if fold(row) == number], encoder)
        _keep(found, out)
    return out


def study(work: Work, recipe: Recipe, answers: Path) -> Path:
    """A student's weights, in half precision."""
    out = work.path("student", recipe, answers.name, START)
    if not out.exists():
        torch.set_num_threads(1)
        torch.manual_seed(START)
        model = TargetModel(recipe.dropout)
        model.load_base(work.base)
        train(model, work.learn, Encoder(work.base / "vocab.txt"), recipe, torch.load(answers))
        _keep({name: value.cpu().half() for name, value in model.state_dict().items()}, out)
    return out


def answers(work: Work, jobs: int) -> Path:
    """(rows, 3) probabilities for all rows, the mean over TEACHERS, each asked for the fold it has not seen."""
    out = work.path("answers", TEACHERS, DOUBT)
    if not out.exists():
        heard = _each(teach, [(work, recipe, n) for recipe in TEACHERS for n in range(FOLDS)], jobs)
        found = torch.zeros(len(work.learn), 3)
        for at, path in enumerate(heard):
            rows = [n for n, row in enumerate(work.learn) if fold(row) == at % FOLDS]
            found[rows] += (torch.load(path) / DOUBT).softmax(-1) / len(TEACHERS)
        _keep(found, out)
    return out


def distil(work: Work, jobs: int) -> TargetModel:
    """The model that is shipped: the mean of the STUDENTS' weights."""
    told = work.path("answers", TEACHERS, DOUBT)
    out = work.path("mean", STUDENTS, told.name, START)
    if not out.exists():
        answers(work, jobs)
        states = [torch.load(path) for path in _each(study, [(work, recipe, told) for recipe in STUDENTS], jobs)]
        _keep(mean(states), out)
    model = TargetModel()
    model.load_state_dict({name: value.float() for name, value in torch.load(out).items()})
    return model


def mean(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several models' weights, in half precision."""
    return {name: torch.stack([state[name].float() for state in states]).mean(0).half() for name in states[0]}


def _each(stage: Callable[..., Path], calls: Sequence[tuple[object, ...]], jobs: int) -> list[Path]:
    """The stages' results in order; finished ones are not run again."""
    if jobs == 1:
        return [stage(*call) for call in calls]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=logging.basicConfig) as pool:
        return [done.result() for done in [pool.submit(stage, *call) for call in calls]]


def _keep(value: object, out: Path) -> None:
    """Whole or not at all."""
    log.info("%s", out)
    torch.save(value, out.with_suffix(".part"))
    out.with_suffix(".part").replace(out)
