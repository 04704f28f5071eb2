"""A word's valence among its neighbours: vaderSentiment's rules for negation, boosters, idioms and "but"."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from vaderSentiment.vaderSentiment import BOOSTER_DICT, C_INCR, N_SCALAR, NEGATE, SPECIAL_CASES

NEGATION: float = N_SCALAR
CAPITALS: float = C_INCR
NEGATIONS = frozenset(NEGATE)
DISTANCE = (1.0, 0.95, 0.9)
"""What is left of a booster one, two and three words before the word it boosts."""
IDIOM_KEYS = frozenset(max(phrase.split(), key=len) for phrase in (*SPECIAL_CASES, *BOOSTER_DICT) if " " in phrase)
"""The longest word of each idiom: a text with none of them holds no idiom."""


class Token(NamedTuple):
    """A word as VADER sees it, with all that does not depend on its neighbours."""

    word: str
    """Without punctuation around it, unless it is as short as an emoticon."""
    lower: str
    valence: float | None
    """-4..4 from the lexicon; None where it does not know the word."""
    booster: float | None
    """What the word adds to the words after it; None where it is no booster."""
    negates: bool
    shouts: bool
    """ALL CAPS."""
    plain: bool
    """Nothing in it can count by itself: neither valence, capitals, "but" nor part of an idiom."""


def make_token(word: str, valence: float | None) -> Token:
    """A token for a word without punctuation around it, with this valence in place of the lexicon's."""
    lower = word.lower()
    booster = BOOSTER_DICT.get(lower)
    shouts = word.isupper()
    scored = valence is not None and booster is None
    return Token(
        word=word,
        lower=lower,
        valence=valence,
        booster=booster,
        negates=lower in NEGATIONS or "n't" in lower,
        shouts=shouts,
        plain=not (scored or shouts or lower == "but" or lower in IDIOM_KEYS),
    )


def in_context(tokens: Sequence[Token], i: int, cap_diff: bool, idioms: bool) -> float:
    """sentiment_valence of vaderSentiment: what the three words before it make of word i."""
    token = tokens[i]
    assert token.valence is not None
    valence = _after_no(tokens, i, token.valence)
    if token.shouts and cap_diff:
        valence += CAPITALS if valence > 0 else -CAPITALS
    for back in range(1, min(i, 3) + 1):
        before = tokens[i - back]
        if before.valence is not None:
            continue
        if before.booster is not None:
            boost = -before.booster if valence < 0 else before.booster
            if before.shouts and cap_diff:
                boost += CAPITALS if valence > 0 else -CAPITALS
            valence += boost * DISTANCE[back - 1]
        valence = _negated(tokens, i, back, valence)
        if back == 3 and idioms:
            valence = _idiom(tokens, i, valence)
    if i > 0 and tokens[i - 1].lower == "least" and (i == 1 or tokens[i - 2].lower not in ("at", "very")):
        valence *= NEGATION
    return valence


def _after_no(tokens: Sequence[Token], i: int, valence: float) -> float:
    """ "no" beside a word of the lexicon has no valence of its own; it turns that word round."""
    if i > 0 and "no" in (
        tokens[i - 1].lower,
        tokens[i - 2].lower if i > 1 else "",
        tokens[i - 3].lower if i > 2 and tokens[i - 1].lower in ("or", "nor") else "",
    ):
        return valence * NEGATION
    if tokens[i].lower == "no" and i + 1 < len(tokens) and tokens[i + 1].valence is not None:
        return 0.0
    return valence


def _negated(tokens: Sequence[Token], i: int, back: int, valence: float) -> float:
    """What a negation `back` words before word i does to its valence."""
    before = tokens[i - back]
    if back > 1:
        between = [tokens[k].lower for k in range(i - back + 1, i)]
        if before.lower == "never" and between[0] in ("so", "this"):
            return valence * 1.25
        # Also without "never": in vaderSentiment "and" binds closer than "or" here, and we say what it says.
        if back == 3 and between[1] in ("so", "this"):
            return valence * 1.25
        if before.lower == "without" and "doubt" in between:
            return valence
    return valence * NEGATION if before.negates else valence


def _idiom(tokens: Sequence[Token], i: int, valence: float) -> float:
    """Idioms that end at, just before or begin at word i, which has at least three words before it."""
    three, two, one, zero = (tokens[k].lower for k in range(i - 3, i + 1))
    before = [f"{three} {two} {one}", f"{three} {two}", f"{two} {one}"]
    for phrase in (f"{one} {zero}", f"{two} {one} {zero}", before[2], before[0], before[1]):
        if phrase in SPECIAL_CASES:
            valence = SPECIAL_CASES[phrase]
            break
    after = [token.lower for token in tokens[i + 1 : i + 3]]
    for end in range(1, len(after) + 1):
        valence = SPECIAL_CASES.get(" ".join((zero, *after[:end])), valence)
    for phrase in before:
        valence += BOOSTER_DICT.get(phrase, 0.0)
    return valence


def contrast(tokens: Sequence[Token], valences: list[float]) -> None:
    """Halve what stands before the first "but" and raise what follows by half, in place.

    vaderSentiment finds each value by `list.index`, so of equal values the first is changed each time; a heap
    of positions for each value gives the same without the scan.
    """
    turn = next(i for i, token in enumerate(tokens) if token.lower == "but")
    loaded = [i for i, valence in enumerate(valences) if valence]
    where: dict[float, list[int]] = {}
    for i in loaded:
        where.setdefault(valences[i], []).append(i)
    for i in loaded:
        value = valences[i]
        first = heapq.heappop(where[value])
        valences[first] = value * (0.5 if first < turn else 1.5)
        heapq.heappush(where.setdefault(valences[first], []), first)
