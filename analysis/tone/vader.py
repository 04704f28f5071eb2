"""VADER, word for word what vaderSentiment 3.3.2 says, in time linear in the text and at less than half the cost.

vaderSentiment (Hutto and Gilbert, ICWSM 2014) lower-cases the whole list of words again for each word of its
lexicon and looks repeated values up by a scan, so its cost grows with the square of the length: 64 s for one
page of 28,800 words. The lexicon, the emoji and the constants below are its own; only the bookkeeping is ours.
tests/analysis/tone/test_vader.py holds both to the same output, oddities included.
"""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from functools import cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.tone.valence import IDIOM_KEYS, Token, contrast, in_context, make_token

VERSION = "vader-3.3.2"
ALPHA = 15
"""Normalises a sum of valences to -1..1; VADER's approximation of the largest sum to expect."""
MEMO_LIMIT = 50_000
"""Words remembered at most, so that a crawl of years stays at a few megabytes."""
LONGEST_REMEMBERED = 40
"""Characters; longer words are not worth the memory."""


def normalize(total: float) -> float:
    """Compound score, -1..1, of a sum of valences."""
    return max(-1.0, min(1.0, total / math.sqrt(total * total + ALPHA)))


@cache
def _original() -> SentimentIntensityAnalyzer:
    """vaderSentiment's own analyzer, for its two dictionaries; it reads them from files of half a megabyte."""
    return SentimentIntensityAnalyzer()


class Vader:
    """vaderSentiment's analyzer: `polarity_scores` as there, and its two steps for scorers that build on it."""

    def __init__(self) -> None:
        original = _original()
        self.lexicon: dict[str, float] = original.lexicon
        self.emojis: dict[str, str] = {e: words for e, words in original.emojis.items() if len(e) == 1}
        self._memo: dict[str, Token] = {}

    def polarity_scores(self, text: str) -> dict[str, float]:
        """neg, neu, pos (0..1) and compound (-1..1), exactly as vaderSentiment 3.3.2 gives them."""
        text = self.spell_emojis(text)
        return polarity(self.weigh(self.tokens(text)), emphasis(text))

    def compound(self, text: str) -> float:
        """The compound of `polarity_scores`, -1..1."""
        return self.polarity_scores(text)["compound"]

    def spell_emojis(self, text: str) -> str:
        """The text with each emoji replaced by its description, a space before it where there was none."""
        if text.isascii() or self.emojis.keys().isdisjoint(text):
            return text.strip()
        parts: list[str] = []
        after_space = True
        for char in text:
            words = self.emojis.get(char)
            if words is not None and not after_space:
                parts.append(" ")
            parts.append(char if words is None else words)
            after_space = words is None and char == " "
        return "".join(parts).strip()

    def tokens(self, text: str) -> list[Token]:
        """The words of a text (emoji spelled out), with their entries in the lexicon."""
        memo = self._memo
        if len(memo) > MEMO_LIMIT:
            memo.clear()
        return [memo.get(raw) or self._remember(raw) for raw in text.split()]

    def _remember(self, raw: str) -> Token:
        stripped = raw.strip(string.punctuation)
        word = raw if len(stripped) <= 2 else stripped
        lower = word.lower()
        token = make_token(word, self.lexicon.get(lower))
        if len(raw) <= LONGEST_REMEMBERED:
            self._memo[raw] = token
        return token

    def weigh(self, tokens: Sequence[Token]) -> list[float]:
        """A valence for each token: the lexicon's, after negation, boosters, capitals, idioms and "but"."""
        valences = [0.0] * len(tokens)
        notable = [i for i, token in enumerate(tokens) if not token.plain]
        if not notable:
            return valences
        cap_diff = 0 < sum([tokens[i].shouts for i in notable]) < len(tokens)
        lowers = [tokens[i].lower for i in notable]
        idioms = not IDIOM_KEYS.isdisjoint(lowers)
        for i in notable:
            token = tokens[i]
            if token.valence is None or token.booster is not None:
                continue
            if token.lower == "kind" and i + 1 < len(tokens) and tokens[i + 1].lower == "of":
                continue
            valences[i] = in_context(tokens, i, cap_diff, idioms)
        if "but" in lowers:
            contrast(tokens, valences)
        return valences


def emphasis(text: str) -> float:
    """What exclamation and question marks add to the sum of valences, away from zero."""
    questions = text.count("?")
    asked = 0.0 if questions < 2 else questions * 0.18 if questions <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + asked


def polarity(valences: Sequence[float], amplifier: float) -> dict[str, float]:
    """vaderSentiment's four figures for weighed words; `amplifier` is the text's `emphasis`."""
    if not valences:
        return {"neg": 0.0, "neu": 0.0, "pos": 0.0, "compound": 0.0}
    loaded = [v for v in valences if v]
    total = sum(loaded)
    if total:
        total += amplifier if total > 0 else -amplifier
    # A word of one sign counts one more, to make up for a neutral word that counts as one.
    pos = sum([v + 1 for v in loaded if v > 0], 0.0)
    neg = sum([v - 1 for v in loaded if v < 0], 0.0)
    neutral = len(valences) - len(loaded)
    if pos > -neg:
        pos += amplifier
    elif pos < -neg:
        neg -= amplifier
    mass = pos - neg + neutral
    return {
        "neg": round(abs(neg / mass), 3),
        "neu": round(neutral / mass, 3),
        "pos": round(pos / mass, 3),
        "compound": round(normalize(total), 4),
    }
