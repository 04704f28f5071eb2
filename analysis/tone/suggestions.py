"""What people's corrections say about the word pack: entries under which it would score as they did.

A candidate is a word, or two that stand together, of at least two corrected sentences that VADER and the pack read
otherwise. It is tried with each of VALENCES on every corrected sentence that holds it, and proposed where it puts more
of them right than wrong. Nothing is changed: `[tone.words]` of the watchlist is where a person accepts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.items import Label
from analysis.tone import Target, Words
from analysis.tone.lexical import VaderScorer

VALENCES = (0.0, 1.0, -1.0, 2.0, -2.0)
"""Tried in this order, the mildest first; 0 says that a word means nothing here."""
LEAST = 2
"""Corrected sentences that must hold a word: one sentence proves nothing about its words."""
MOST = 10
"""Suggestions at most, the strongest first."""
# Words that carry no tone by themselves, whatever sentences they stand in.
FUNCTION_WORDS = frozenset(
    "a about after again all also an and another any are as at back be because been before being both but by can could"
    " day did do does down during each even every few first for from had has have he her here him his how i if in into"
    " is it its just last like made make many may me more most much my new no not now of off on one only or other our"
    " out over own people said same say says she should since so some still such than that the their them then there"
    " these they this those through time to too two under until up us very was we week well were what when where which"
    " while who why will with would year you your".split()
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence that a person has labelled."""

    mention_id: str
    target: Target
    label: Label
    """pos, neu or neg; a mixed sentence teaches nothing about words."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One entry for `[tone.words]`."""

    phrase: str
    valence: float
    fixes: tuple[str, ...]
    """Mentions whose label VADER and the pack would then give as the person did."""
    breaks: tuple[str, ...]
    """Mentions that they give rightly today, and would not then."""


def suggest(judged: Sequence[Judged], names: Iterable[str], words: Words = ()) -> list[Suggestion]:
    """At most MOST suggestions, those with the largest gain first; `words` are already accepted."""
    names = tuple(names)
    today = VaderScorer(names, words=words)
    known = {phrase for phrase, _ in words}
    right = [_label(today, each) == each.label for each in judged]
    holding: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(judged):
        for phrase in _phrases(today.words(each.target)) - known:
            holding[phrase].append(number)
    found = []
    for phrase, numbers in sorted(holding.items()):
        if sum(not right[n] for n in numbers) >= LEAST:
            tried = [_tried(phrase, valence, numbers, judged, right, names, words) for valence in VALENCES]
            found.append(max(tried, key=_gain))
    gaining = [each for each in found if _gain(each) > 0 and len(each.fixes) >= LEAST]
    return sorted(_distinct(gaining), key=lambda each: (-_gain(each), each.phrase))[:MOST]


def _label(scorer: VaderScorer, each: Judged) -> Label | None:
    (score,) = scorer.score([each.target])
    return score.label if score else None


def _phrases(words: Sequence[str]) -> set[str]:
    """Words that may carry tone, and neighbours of which one may."""
    bearing = [len(word) > 2 and word.isalpha() and word not in FUNCTION_WORDS for word in words]
    single = {word for word, bears in zip(words, bearing, strict=True) if bears}
    double = {
        f"{first} {second}"
        for (first, one), (second, two) in pairwise(zip(words, bearing, strict=True))
        if (one or two) and first.isalpha() and second.isalpha()
    }
    return single | double


def _tried(
    phrase: str,
    valence: float,
    numbers: Sequence[int],
    judged: Sequence[Judged],
    right: Sequence[bool],
    names: tuple[str, ...],
    words: Words,
) -> Suggestion:
    scorer = VaderScorer(names, words=((phrase, valence), *words))
    after = {n: _label(scorer, judged[n]) == judged[n].label for n in numbers}
    return Suggestion(
        phrase,
        valence,
        fixes=tuple(judged[n].mention_id for n in numbers if after[n] and not right[n]),
        breaks=tuple(judged[n].mention_id for n in numbers if right[n] and not after[n]),
    )


def _gain(each: Suggestion) -> int:
    return len(each.fixes) - len(each.breaks)


def _distinct(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Without a phrase of two words that puts the same mentions right as one of its words."""
    single = {(each.phrase, each.fixes) for each in found if " " not in each.phrase}
    return [each for each in found if not any((word, each.fixes) in single for word in each.phrase.split()[:2])
            or " " not in each.phrase]  # fmt: skip
