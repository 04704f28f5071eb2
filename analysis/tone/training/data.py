"""The labelled sentences that the target model learns from, as rows of one shape.

NewsMTSC (Hamborg and Donnay, EACL 2021) is read by path and never shipped; the other files are ours.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.tone.mask import Masker, Span, bound

LABELS = ("neg", "neu", "pos")
PRONOUNS = frozenset("he she they it his her their its him them i we you my our your who".split())
"""Targets of NewsMTSC that stand for somebody else at their next occurrence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence, one target in it."""

    sentence: str
    spans: tuple[Span, ...]
    others: tuple[Span, ...]
    """Where other named targets of the same sentence stand."""
    label: int
    """Index into LABELS."""
    source: str
    block: int
    """Number of the group of neighbouring sentences; pairs written together share one."""


def occurrences(sentence: str, name: str) -> list[Span]:
    """Where `name` stands in `sentence` as whole words, in its own case; nothing for a pronoun."""
    if name.lower() in PRONOUNS:
        return []
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", sentence)]


def _spans(sentence: str, target: str, rivals: Iterable[str]) -> tuple[list[Span], list[Span]]:
    """Spans of the target (not inside a rival's longer name) and of the rivals."""
    found = [span for name in set(rivals) if name != target for span in occurrences(sentence, name)]
    own = occurrences(sentence, target)
    free = [s for s in own if not any(o[0] <= s[0] and s[1] <= o[1] and o != s for o in found)]
    return free or own, found


def read_rows(path: Path) -> list[Row]:
    """Rows of a file of (sentence, target, label) lines, as NewsMTSC, brand news and the coverage set have them.

    Lines without a label (contested between annotators) are left out.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
    names: dict[str, set[str]] = defaultdict(set)
    order: dict[str, int] = {}
    for line in lines:
        names[line["sentence"]].add(line["target"])
        order.setdefault(line["sentence"], len(order))
    rows = []
    for line in lines:
        if not line["label"]:
            continue
        sentence, target = line["sentence"], line["target"]
        own, others = _spans(sentence, target, names[sentence])
        if "start" in line:
            own = sorted({*own, (line["start"], line["end"])})
        rows.append(_row(sentence, own, others, line["label"], path.stem, order[sentence]))
    return rows


def read_sentences(path: Path) -> list[Row]:
    """Rows of our own open set: one sentence a line, with all its targets."""
    rows = []
    for number, text in enumerate(path.read_text(encoding="utf8").splitlines()):
        line: dict[str, Any] = json.loads(text)
        names = [target["name"] for target in line["targets"]]
        for target in line["targets"]:
            own, others = _spans(line["sentence"], target["name"], names)
            rows.append(_row(line["sentence"], own, others, target["label"], path.stem, number))
    return rows


def _row(sentence: str, own: list[Span], others: list[Span], label: str, source: str, number: int) -> Row:
    # A match inside another (the pronoun "he" of a name, "Disney" of "Disney+") is the longer one.
    own = [s for s in own if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in own)]
    return Row(sentence, tuple(own), tuple(others), LABELS.index(label), source, number // 10)


def held_out(row: Row) -> bool:
    """Every tenth block of ten neighbouring sentences: the development set of our own data."""
    return row.block % 10 == 7


_MASKER = Masker(())
SECOND = 0.5
"""How often a sentence is read as one company's where the target is the brand named second; first: 1."""


def masked(row: Row, known: bool = True) -> str:
    """The sentence as the model reads it; `known`: the places of the other targets are given."""
    return _MASKER.mask(*bound(row.sentence, row.spans, row.others if known else ()))


def merged(row: Row, name: str) -> Row:
    """The row as it reads where the other brand `name` is the target too: one company stands in both places."""
    same = tuple(span for span in row.others if row.sentence[slice(*span)] == name)
    others = tuple(span for span in row.others if span not in same)
    return replace(row, spans=tuple(sorted({*row.spans, *same})), others=others)


class NameExchange:
    """Masked sentences for training: other brands become the mask, another real name, or stay as they are.

    Now and then one of them becomes the target instead, so that the answer holds where renaming leaves one company in
    both places. That reading has the labels of both; the first-named counts twice.
    """

    def __init__(
        self, rows: Iterable[Row], seed: int, same: float = 0.0, mask: float = 0.5, exchanged: float = 0.25
    ) -> None:
        """`mask` and `exchanged`: shares of the first two; `same`: share of sentences read as one company's."""
        self._pool = sorted({row.sentence[start:end] for row in rows for start, end in row.spans})
        self._random = random.Random(seed)
        self._mask, self._exchanged, self._same = mask, exchanged, same

    def __call__(self, row: Row) -> str:
        """One version of the sentence; the next call may give another."""
        dice = self._random.random()
        if self._same and row.others:
            often = self._same * (1.0 if row.spans[0] < row.others[0] else SECOND)
            if self._random.random() < often:
                return masked(merged(row, self._random.choice(self._names(row))), known=dice < self._mask)
        text = masked(row, known=dice < self._mask)
        if row.others and self._mask <= dice < self._mask + self._exchanged:
            for name in self._names(row):
                text = text.replace(name, self._random.choice(self._pool))
        return text

    def _names(self, row: Row) -> list[str]:
        """Of the other brands, the longest first."""
        return sorted({row.sentence[start:end] for start, end in row.others}, key=len, reverse=True)


def sha256(path: Path) -> str:
    """Hash of a file's bytes, for the manifest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
