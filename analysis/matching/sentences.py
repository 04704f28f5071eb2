"""Sentences of a text, as exact pieces of it and of bounded length.

Boundaries come from `sentencex` (Wikimedia; abbreviations of some 30 languages). Two of its slips are mended
here: a title such as "Ms." or "Dr." never ends a sentence, and no sentence begins with a small letter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import sentencex

from analysis.items import Placement

Span = tuple[int, int]
"""Start and end in characters."""
TokenRange = tuple[int, int]
"""Number of the first token and of the first one after the last."""


class Sentence(NamedTuple):
    """A sentence in the text that title and body make together."""

    span: Span
    """Characters of that text."""
    tokens: TokenRange
    ordinal: int
    """0 in the title, else its number in the body, from 1."""
    placement: Placement


def holding(sentences: Sequence[Sentence], spans: Iterable[TokenRange]) -> Iterator[Sentence]:
    """The sentence in which each span of tokens begins; `sentences` hold every token, in order."""
    firsts = [sentence.tokens[0] for sentence in sentences]
    return (sentences[bisect_right(firsts, first) - 1] for first, _ in spans)


MAX_CHARS = 400
MAX_WORDS = 80
"""Scorers are bounded by these: VADER is quadratic in a sentence's length (docs/choices.md)."""

_NEVER_LAST = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Rev|Hon|Gov|Gen|Lt|Col|Capt|Sgt|Sen|Rep|Messrs|St|vs|No|Nos|Vol|Fig)\.\s*$"
)
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s*$")
_STOP = re.compile(r"[.!?][\"”’»]?\s+")  # within a quotation, which sentencex keeps whole
_CLAUSE = re.compile(r"[,;:)\]–—…]\s+|\s+(?=[(\[–—])")
_BLANK = re.compile(r"\s+")


def split(text: str, language: str | None = None) -> list[str]:
    """The sentences of `text`, in order, each an exact piece of it without blanks around.

    `language` is an ISO 639-1 code; English rules hold where it is unknown. A sentence never runs over a line
    break; one longer than 400 characters or 80 words is cut at a clause mark, or at a blank where there is none.
    """
    return [text[start:end] for start, end in sentence_spans(text, language)]


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Where the sentences of `split` stand in `text`."""
    found: list[Span] = []
    offset = 0
    for line in text.split("\n"):
        for start, end in _sentences(line, language or "en"):
            found += ((offset + first, offset + last) for first, last in bounded(line, start, end))
        offset += len(line) + 1
    return found


def bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """`text[start:end]` without blanks around, in pieces within the limits."""
    while True:
        start, end = _stripped(text, start, end)
        cut = _cut(text, start, end)
        if cut < end:
            yield _stripped(text, start, cut)
            start = cut
        else:
            if start < end:
                yield start, end
            return


def _sentences(line: str, language: str) -> Iterator[Span]:
    start = end = 0
    for piece in sentencex.segment(language, line):
        if end and not _continues(line[start:end], piece):
            yield start, end
            start = end
        end += len(piece)
    yield start, len(line)


def _continues(sentence: str, piece: str) -> bool:
    """Whether the full stop between them was none."""
    if piece[:1].islower() and not piece[1:2].isupper():  # eBay, iPhone
        return True
    return bool(_NEVER_LAST.search(sentence[-12:]) or (piece[:1].isdigit() and _MONTH.search(sentence[-8:])))


def _cut(text: str, start: int, end: int) -> int:
    """Where to end the first piece: `end` where all of it is within the limits."""
    if end - start < 2 * MAX_WORDS:  # too short for so many words and blanks
        return end
    limit = min(end, start + MAX_CHARS)
    after_last_word = next(islice(_BLANK.finditer(text, start, limit), MAX_WORDS - 1, None), None)
    if after_last_word:
        limit = after_last_word.start()
    if limit == end:
        return end
    middle = start + (limit - start) // 2  # no crumbs: a piece is at least half as long as allowed
    for mark in (_STOP, _CLAUSE, _BLANK):
        if found := [match.end() for match in mark.finditer(text, middle, limit + 1)]:
            return found[-1]
    return limit


def _stripped(text: str, start: int, end: int) -> Span:
    kept = text[start:end].rstrip()
    return end - len(text[start:end].lstrip()) if kept else end, start + len(kept) if kept else end
