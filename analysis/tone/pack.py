"""The word pack: what words and phrases of outages, remedies, campaigns and business news mean for a brand.

`pack.csv` is data that a PR analyst can read and amend: one entry a row, with its reason and an example that
a test holds it to. The language of its phrases is small:

    outage|outages             one of these words, in any case
    mock+ slam++               with the endings s, ed and ing (++ doubles the consonant: slammed)
    lost ~ subscribers         ~ is up to three words of the same clause
    @ is|was down              @ is the brand whose tone is asked, # another name

An entry replaces what VADER's lexicon knows of the words that it covers; 0 means that they say nothing here.
The phrase with the most words wins; of equally long ones, the earlier row.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from analysis.tone import Words

VERSION = "1"
"""Raised with every change of pack.csv; a test compares the digest of the file."""
GAP = 3
"""Words that ~ stands for at most."""
TARGET, NAME = "@", "#"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the pack."""

    phrase: str
    part: str
    """outage, remedy, campaign, rivalry, business, legal or sense (words that mislead VADER); or yours."""
    valence: float
    """-4 to 4 as in VADER, toward the brand that the phrase is about; 0 says that it means nothing."""
    object: float | None
    """Valence toward the brand that it is done to ("mocks X", "X is mocked by"); None where that is the same."""
    reason: str
    example: str
    """A sentence, the brand in brackets, that this entry moves toward its valence."""
    contrast: str
    """A sentence that it moves toward its `object`, where it has one."""

    @property
    def names_brand(self) -> bool:
        """Whether the phrase itself says where the brand stands."""
        return TARGET in self.phrase


class Match(NamedTuple):
    """Where an entry covers words: `words` are the indices of the words it names, gaps and names left out."""

    entry: Entry
    words: tuple[int, ...]


class Phrase(NamedTuple):
    """An entry ready to be looked for."""

    rank: tuple[int, int]
    """Sorts longer phrases first, then earlier rows."""
    steps: tuple[frozenset[str], ...]
    """The words that each step allows; empty for a gap."""
    entry: Entry


class Pack:
    """Entries, indexed by their first word and, where no gap follows, by their second."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._alone: dict[str, Phrase] = {}
        self._pairs: dict[str, dict[str, list[Phrase]]] = {}
        self._gapped: dict[str, list[Phrase]] = {}
        self._starts: set[str] = set()
        for phrase in sorted(map(_phrase, range(len(self.entries)), self.entries)):
            self._starts |= phrase.steps[0]
            for first in phrase.steps[0]:
                if len(phrase.steps) == 1:
                    self._alone.setdefault(first, phrase)
                elif not phrase.steps[1]:
                    self._gapped.setdefault(first, []).append(phrase)
                else:
                    pairs = self._pairs.setdefault(first, {})
                    for second in phrase.steps[1]:
                        pairs.setdefault(second, []).append(phrase)

    def find(self, words: Sequence[str], clauses: Sequence[int]) -> list[Match]:
        """Matches in lower-case words (@ the target, # other names), left to right, without overlap."""
        taken: set[int] = set()
        matches = []
        for i, word in enumerate(words):
            if word not in self._starts or i in taken:
                continue
            best = self._best(word, words, clauses, i, taken)
            if best is not None:
                taken.update(best.words)
                matches.append(best)
        return matches

    def _best(self, word: str, words: Sequence[str], clauses: Sequence[int], i: int, taken: set[int]) -> Match | None:
        """The longest phrase that begins at word i and touches no word that is taken."""
        rank = None
        best = None
        following = words[i + 1] if i + 1 < len(words) else ""
        for phrase in self._pairs.get(word, {}).get(following, ()):
            places = _follow(phrase.steps, words, clauses, i)
            if places and taken.isdisjoint(places):
                rank, best = phrase.rank, Match(phrase.entry, places)
                break
        if word in self._gapped:
            window = words[i + 1 : i + GAP + 2]
            for phrase in self._gapped[word]:
                if rank is not None and rank < phrase.rank:
                    break
                if phrase.steps[2].isdisjoint(window):
                    continue
                places = _follow(phrase.steps, words, clauses, i)
                if places and taken.isdisjoint(places):
                    return Match(phrase.entry, places)
        if best is None and word in self._alone:
            return Match(self._alone[word].entry, (i,))
        return best


def _phrase(row: int, entry: Entry) -> Phrase:
    steps = _steps(entry.phrase)
    return Phrase((-sum(map(bool, steps)), row), steps, entry)


@lru_cache(maxsize=5_000)
def _steps(phrase: str) -> tuple[frozenset[str], ...]:
    return tuple(
        frozenset[str]() if step == "~" else frozenset[str]().union(*map(forms, step.split("|")))
        for step in phrase.split()
    )


def forms(word: str) -> frozenset[str]:
    """The word, or with + and ++ its regular forms: mock+ is mock, mocks, mocked, mocking."""
    stem = word.rstrip("+")
    if word == stem:
        return frozenset({word})
    root = stem + stem[-1] if word.endswith("++") else stem
    if stem.endswith("e"):
        return frozenset({stem, stem + "s", stem + "d", stem[:-1] + "ing"})
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return frozenset({stem, stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"})
    plural = "es" if stem.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return frozenset({stem, stem + plural, root + "ed", root + "ing"})


def _follow(
    steps: Sequence[frozenset[str]], words: Sequence[str], clauses: Sequence[int], start: int
) -> tuple[int, ...]:
    """Indices of the words that the steps name, from `start` on; empty where they do not match."""
    places = []
    at, slack = start, 0
    for step in steps:
        if not step:
            slack = GAP
            continue
        for found in range(at, min(at + slack + 1, len(words))):
            if words[found] in step:
                break
        else:
            return ()
        if slack and clauses[found] != clauses[at - 1]:
            return ()
        if words[found] not in (TARGET, NAME):
            places.append(found)
        at, slack = found + 1, 0
    return tuple(places)


def read(lines: Iterable[str]) -> Pack:
    """A pack from the lines of a CSV file whose columns are the fields of `Entry`."""
    return Pack(
        Entry(
            phrase=row["phrase"],
            part=row["part"],
            valence=float(row["valence"]),
            object=float(row["object"]) if row["object"] else None,
            reason=row["reason"],
            example=row["example"],
            contrast=row["contrast"],
        )
        for row in csv.DictReader(lines)
    )


@cache
def load() -> Pack:
    """The pack that comes with presswatch."""
    return read(files("analysis.tone").joinpath("pack.csv").read_text("utf-8").splitlines())


def extended(pack: Pack, words: Words) -> Pack:
    """The pack with a watchlist's own phrases, which win over entries of as many words."""
    if not words:
        return pack
    own = (
        Entry(phrase.lower(), "yours", valence, None, "[tone.words] of the watchlist", "", "")
        for phrase, valence in words
    )
    return Pack((*own, *pack.entries))


def mark(words: Words) -> str:
    """What a scorer's version says of a watchlist's own phrases: scores under others are other scores."""
    return f"+words-{hashlib.sha256(repr(sorted(words)).encode()).hexdigest()[:8]}" if words else ""
