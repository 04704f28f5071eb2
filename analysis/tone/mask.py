"""Takes out of a sentence what must not count as opinion: the names of brands, and typography VADER cannot read.

"Blockbuster" is worth +2.9 to VADER, "Best Buy" +3.2, the film "Crash" -1.7. A name gives way to one neutral
word that keeps its capitals, its possessive and the punctuation after it, so that negations before it, VADER's
notion of shouting and our rules on who did what still find it where it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

Span = tuple[int, int]
"""Start and end, in characters."""
LIMIT = 600
"""Characters of a sentence that are scored, around the target: what is longer is a list or no sentence."""
TARGET = "Thebrand"
OTHER = "Otherbrand"
PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "—": " - ", "–": " - ", "…": "... "}
    | dict.fromkeys(map(chr, (0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010))))
    | dict.fromkeys(map(chr, (*range(0x202A, 0x202F), *range(0x2060, 0x2070))))
)
"""Quotes and dashes as VADER's word lists know them; invisible characters ("great" and a zero-width space) go."""
FLOOD = re.compile(r"([^\w\s])\1{4,}")


def bound(
    sentence: str, spans: Sequence[Span], others: Sequence[Span] = (), limit: int = LIMIT
) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    """At most `limit` characters of the sentence around the first span, cut at spaces, and the spans in it."""
    if len(sentence) <= limit:
        return sentence, tuple(spans), tuple(others)
    start, end = spans[0] if spans else (0, 0)
    left = max(0, min((start + end - limit) // 2, len(sentence) - limit))
    right = left + limit
    if left and (space := sentence.find(" ", left, start)) >= 0:
        left = space + 1
    if right < len(sentence) and (space := sentence.rfind(" ", end, right)) >= 0:
        right = space

    def inside(places: Sequence[Span]) -> tuple[Span, ...]:
        kept = ((max(a, left) - left, min(b, right) - left) for a, b in places)
        return tuple((a, b) for a, b in kept if a < b)

    return sentence[left:right], inside(spans), inside(others)


def plain(text: str) -> str:
    """The text in the typography that VADER reads; a mark repeated more than four times stands four times."""
    if not text.isascii():
        text = text.translate(PLAIN)
    return FLOOD.sub(r"\1\1\1\1", text)


class Masker:
    """Replaces the target and all names that it was given; made once, used for every sentence."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names`: brands, aliases and titles, found as whole words as they are written, or all in capitals."""
        self._names = _pattern(tuple(sorted({form for name in names for form in (name, name.upper())})))

    def mask(self, sentence: str, spans: Sequence[Span], others: Sequence[Span] = ()) -> str:
        """The sentence in plain typography with `Thebrand` at each span and `Otherbrand` at each other name."""
        found = [match.span() for match in self._names.finditer(sentence)] if self._names else []
        places = [(a, 0, b) for a, b in spans] + [(a, 1, b) for a, b in (*others, *found)]
        parts: list[str] = []
        done = 0
        for start, foreign, end in sorted(places):
            if start < done or (foreign and any(a < end and start < b for a, b in spans)):
                continue
            word = OTHER if foreign else TARGET
            parts += sentence[done:start], word.upper() if sentence[start:end].isupper() else word
            done = end
        return plain("".join((*parts, sentence[done:])))


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
