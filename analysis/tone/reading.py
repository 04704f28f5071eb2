"""A masked sentence as the rules of tone see it: words, clauses, where the brand and other names stand."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from analysis.tone import mask, pack
from analysis.tone.valence import Token

CLAUSE_ENDS = tuple(",;:-)")
SENTENCE_ENDS = tuple('.!?:"')
CLAUSE_STARTS = frozenset(
    "but while whereas although though as after when because since until unless if which who and".split()
)
CAPITAL_WORDS = frozenset(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december downdetector".split()
)
"""Written with a capital, and not the name of anybody who acts."""
LONG, HEADLINE = 3, 0.6
"""Words of more letters than LONG tell a headline: more than this share of them has a capital."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The first three run in step, one element a word."""

    tokens: Sequence[Token]
    words: Sequence[str]
    """Lower case; @ for the brand, # for any other name."""
    clauses: Sequence[int]
    """Number of the clause, from 0, never falling."""
    brand: Sequence[int]
    """Indices of the words that are the brand."""
    names: frozenset[int]
    """Indices of other names: masked ones, and words with a capital inside a sentence."""
    watched: frozenset[int]
    """Those of the names that were masked: other brands."""


class Shape(NamedTuple):
    """What the look of a word says, without its neighbours."""

    word: str
    """Lower case, without punctuation (VADER leaves it at words of two letters); @ or # for what was masked."""
    capital: bool
    starts: bool
    """Begins a clause."""
    ends: bool
    """Ends a clause."""
    stops: bool
    """Ends a sentence, so that the next capital means nothing."""


def read(text: str, tokens: Sequence[Token]) -> Reading:
    """Reads masked text; `tokens` are VADER's for the same text, one a word between spaces."""
    shapes = [_shape(word) for word in text.split()]
    words = [shape.word for shape in shapes]
    headline = is_headline(shapes)
    clauses: list[int] = []
    brand: list[int] = []
    names: list[int] = []
    watched: list[int] = []
    clause = 0
    ended, stopped = True, True
    for i, shape in enumerate(shapes):
        if shape.starts and not ended:
            clause += 1
        clauses.append(clause)
        if shape.word == pack.TARGET:
            brand.append(i)
        elif shape.word == pack.NAME:
            watched.append(i)
        elif shape.capital and not (stopped or headline):
            names.append(i)
            words[i] = pack.NAME
        ended, stopped = shape.ends, shape.stops
        clause += ended
    return Reading(tokens, words, clauses, brand, frozenset(names + watched), frozenset(watched))


@lru_cache(maxsize=50_000)
def _shape(word: str) -> Shape:
    bare = word.strip(string.punctuation).lower()
    ours = bare.startswith(mask.TARGET.lower())
    theirs = bare.startswith(mask.OTHER.lower())
    return Shape(
        word=pack.TARGET if ours else pack.NAME if theirs else bare,
        capital=word[0].isupper() and bare not in CAPITAL_WORDS,
        starts=bare in CLAUSE_STARTS,
        ends=word.endswith(CLAUSE_ENDS),
        stops=word.endswith(SENTENCE_ENDS),
    )


def is_headline(shapes: Sequence[Shape]) -> bool:
    """Whether most longer words after the first have a capital, so that a capital says nothing about names."""
    capitals = [shape.capital for shape in shapes[1:] if len(shape.word) > LONG]
    return sum(capitals) > HEADLINE * len(capitals)
