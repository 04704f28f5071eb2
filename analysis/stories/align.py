"""Two texts laid side by side: which words both have, and which stand in each other's place.

A Levenshtein alignment of words (rapidfuzz, bit-parallel: Hyyrö 2003), of which only what holds together counts:
two unrelated texts share many a "the" in the same order, but hardly three words running. What is left is laid side by
side again, by the longest common subsequence, for passages that changed places or lost what stood between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import LCSseq, Levenshtein

_ANCHOR = 3  # words running that both have
_GAP = 4  # words between two anchors that are still versions of each other
_MOVED = 25  # words in common that make it worth looking for passages that changed places

Exchange = tuple[Sequence[str], Sequence[str]]
"""Words of one text and what stands in their place in the other; one of the two may be empty."""


Block = tuple[int, int, int]
"""A run of equal words: where it starts in each text, and its length."""


@dataclass
class Alignment:
    """What two texts have in common."""

    shared: list[int] = field(default_factory=list)
    """Places, in the first text, of the words that both have; unordered."""
    shared_other: list[int] = field(default_factory=list)
    """The same in the other text."""
    exchanges: list[Exchange] = field(default_factory=list)
    """Small differences in the midst of what is shared."""
    edges: list[Exchange] = field(default_factory=list)
    """As many words for as many at its edge, less sure: "Profits rose" and "Profits fell" where a text begins."""


def align(one: Sequence[str], other: Sequence[str]) -> Alignment:
    """Words that stand in both texts in the same context; passages may have changed places."""
    found = Alignment()
    places, places_other = list(range(len(one))), list(range(len(other)))
    for lay in (Levenshtein, LCSseq, LCSseq):
        before = len(found.shared)
        matches = lay.editops([one[p] for p in places], [other[p] for p in places_other]).as_matching_blocks()
        _take(found, one, other, places, places_other, [(0, 0, 0), *((m.a, m.b, m.size) for m in matches)])
        if len(found.shared) - before < _MOVED or not places or not places_other:
            break
    return found


def _take(
    found: Alignment, one: Sequence[str], other: Sequence[str], places: list[int], places_other: list[int],
    blocks: Sequence[Block],
) -> None:  # fmt: skip
    """Adds to `found` what holds together of `blocks`, and leaves in `places` what is left."""
    used, used_other = bytearray(len(places)), bytearray(len(places_other))
    between = [
        ([one[p] for p in places[start + size : end]], [other[p] for p in places_other[other_start + size : other_end]])
        for (start, other_start, size), (end, other_end, _) in pairwise(blocks)
    ]
    for first, last in _passages(blocks):
        for start, other_start, length in blocks[first : last + 1]:
            found.shared += places[start : start + length]
            found.shared_other += places_other[other_start : other_start + length]
        found.exchanges += between[first:last]
        at_edge = between[first - 1 : first] + between[last : last + 1]
        found.edges += [(a, b) for a, b in at_edge if 0 < len(a) == len(b) <= _GAP]
        (start, other_start, _), (end, other_end, length) = blocks[first], blocks[last]
        used[start : end + length] = b"\1" * (end + length - start)
        used_other[other_start : other_end + length] = b"\1" * (other_end + length - other_start)
    places[:] = [place for place, mark in zip(places, used, strict=True) if not mark]
    places_other[:] = [place for place, mark in zip(places_other, used_other, strict=True) if not mark]


def _passages(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """First and last of blocks that belong together: long ones, and short ones between two of them that are near."""
    first = last = -1
    for place, (start, other_start, length) in enumerate(blocks):
        if first >= 0:
            end, other_end, size = blocks[last]
            gap = max(start - end - size, other_start - other_end - size)
            if gap > _GAP + sum(b[2] for b in blocks[last + 1 : place]):
                yield first, last
                first = -1
        if length >= _ANCHOR:
            first, last = place if first < 0 else first, place
    if first >= 0:
        yield first, last
