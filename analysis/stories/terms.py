"""What an article is about, as weighted terms: words, numbers and names, the headline counting double.

Terms are kept as 32-bit hashes. How much a term tells is decided when articles are compared: one that is in every
story tells nothing (inverse document frequency, over stories and not articles, so that an event on everybody's front
page keeps its own words).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from math import log
from zlib import crc32

from analysis.stories.words import common

MOST = 80
"""Terms kept of an article: its heaviest. A long text shares some word with everything."""
HEAVIEST = 255
"""Weights are whole numbers up to it, 32 for a word that stands once."""

_UNIT = 32
_HEADLINE = 2.0
_NAME = 2.0
_NUMBER = 2.0
_WITH_UNIT = 1.0  # "15 percent", "28 days": a number and the word behind it
_LONGEST = 20_000  # characters; what an article is about stands at its beginning
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?![^\W_])|[^\W_]+|[.!?:;,\n]")
_ANY_NUMBER = re.compile(r"[\d.,]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,}")
_ENDS_A_SENTENCE = frozenset(".!?:\n")
_ENDINGS = (("ies", "y"), ("ing", ""), ("es", ""), ("ed", ""), ("s", ""))
_SHORTEST_STEM = 3


def terms(title: str, body: str, language: str | None) -> dict[int, int]:
    """Hash and weight of the heaviest terms of an article."""
    skipped = common(language or "")
    weights: dict[str, float] = defaultdict(float)
    for text, factor in ((title, _HEADLINE), (body[:_LONGEST], 1.0)):
        _weigh(unicodedata.normalize("NFKC", text), factor, skipped, weights)
    heaviest = sorted(weights.items(), key=lambda found: (-found[1], found[0]))[:MOST]
    return {crc32(term.encode("utf8", "replace")): min(HEAVIEST, round(_UNIT * (1 + log(w)))) for term, w in heaviest}


def _weigh(text: str, factor: float, skipped: frozenset[str], weights: dict[str, float]) -> None:
    before, number = "\n", ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0].isdigit() and _ANY_NUMBER.fullmatch(token):
            number = token
            weights[token] += factor * _NUMBER
        elif token[0].isalnum():
            word = token.casefold()
            if word not in skipped and len(word) > 1:
                name = token[0].isupper() and before not in _ENDS_A_SENTENCE
                for term in _stems(word):
                    weights[term] += factor * (_NAME if name else 1.0)
            if number:
                weights[f"{number} {_stem(word)}"] += factor * _WITH_UNIT
            number = ""
        before = token


def _stems(word: str) -> list[str]:
    """One, or for a script without spaces every two characters that stand together."""
    if _UNSPACED.fullmatch(word):
        return [word[place : place + 2] for place in range(len(word) - 1)]
    return [_stem(word)]


def _stem(word: str) -> str:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)] + instead
    return word
