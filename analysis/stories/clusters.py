"""Which texts tell of the same event: stories that grow as articles come.

Agglomerative clustering of term vectors by the cosine of their sums (centroids), the nearest two first. What counts
as near depends on time: much alike is asked of articles that are weeks apart or have no date, little of articles on
the same brand and topic on the same days. Stories that exist take part with all that they hold, so a story keeps its
name as it grows. Nothing is compared but the pairs that the store proposes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from heapq import heappop, heappush
from math import exp, log, sqrt

NEAR, FAR = 0.06, 0.2
"""Cosine that makes one story of articles of one day, and of articles of which time says nothing."""
WINDOW = 21.0
"""Days between two articles from which on they are two stories, whatever they say."""
LONGEST = 35.0
"""Days from the first article of a story to its last."""
PRIOR = 10
"""Stories that are imagined in a young store, so that one word in common is not all that is known."""

_FADES = 5.0  # days in which nearness in time loses most of its weight
_NO_TOPIC = 1.2  # times more alike, where they share none of the topics that the user set ...
_CROWD = 0.25  # ... and the more so the larger they are: a crowd of texts resembles everything
_TWO_STORIES = 1.1  # times more alike, before two stories that readers know become one
_LEAST_TERMS = 6  # in common; short texts are alike by chance


@dataclass(slots=True)
class Cluster:
    """Some articles that tell of one event."""

    names: list[str]
    """Stories and articles that are in it; the first story, where there is one, names it."""
    stored: bool
    """Whether a story of the store is in it."""
    weights: dict[int, float]
    """Sum of the terms of its articles."""
    brands: frozenset[str]
    topics: frozenset[str]
    first: float | None
    last: float | None
    """Days of publication, from any fixed day on; None where no article has a date."""
    size: int = 1
    """How many texts: a text and its copies count once."""

    def copy(self) -> Cluster:
        """One that can grow without this one."""
        return replace(self, names=[*self.names])

    def absorb(self, other: Cluster) -> None:
        """Take in all of `other`."""
        self.names += other.names
        self.size += other.size
        self.stored = self.stored or other.stored
        self.weights = _sum(self.weights, other.weights)  # not in place: copies share it
        self.brands |= other.brands
        self.topics |= other.topics
        if other.first is not None and other.last is not None:
            self.first = other.first if self.first is None else min(self.first, other.first)
            self.last = other.last if self.last is None else max(self.last, other.last)


def importance(stories: int, frequency: Callable[[int], int]) -> Callable[[int], float]:
    """How much a term tells: inverse document frequency among `stories`, of which `frequency` hold it."""
    return cache(lambda term: max(0.0, log((stories + PRIOR) / (frequency(term) + 0.5))))


def asked(one: Cluster, other: Cluster) -> float | None:
    """The cosine that makes them one story; None where nothing does."""
    if not one.brands & other.brands:
        return None
    if one.first is None or one.last is None or other.first is None or other.last is None:
        least = FAR
    else:
        gap = max(0.0, one.first - other.last, other.first - one.last)
        if gap > WINDOW or max(one.last, other.last) - min(one.first, other.first) > LONGEST:
            return None
        least = NEAR + (FAR - NEAR) * (1 - exp(-gap / _FADES))
    if not one.topics & other.topics:
        least *= _NO_TOPIC * (1 + _CROWD * log(max(one.size, other.size, 1)))
    return least * _TWO_STORIES if one.stored and other.stored else least


def merge(
    clusters: list[Cluster],
    pairs: Iterable[tuple[int, int]],
    weight: Callable[[int], float],
    apart: set[tuple[str, str]],
    together: Iterable[tuple[int, int]] = (),
) -> list[Cluster]:
    """The clusters that are left when what belongs together is together; `clusters` are used up.

    pairs: which of them may be near, by place
    apart: names that must not be in one story
    together: which of them are one story whatever their terms say, by place
    """
    merging = _Merging(clusters, weight, apart | {(other, one) for one, other in apart})
    for one, other in together:
        merging.force(one, other)
    for one, other in pairs:
        merging.propose(merging.place(one), merging.place(other))
    return merging.run()


class _Merging:
    """The clusters as they grow. A place is a number in the list; what was absorbed is found at another place."""

    def __init__(self, clusters: list[Cluster], weight: Callable[[int], float], apart: set[tuple[str, str]]) -> None:
        self.clusters, self.weight, self.apart = clusters, weight, apart
        self.vectors: dict[int, tuple[dict[int, float], float]] = {}
        self.near: list[set[int]] = [set() for _ in clusters]
        self.version = [0] * len(clusters)
        self.moved: dict[int, int] = {}
        self.queue: list[tuple[float, int, int, int, int]] = []

    def place(self, place: int) -> int:
        """Where a cluster is now."""
        while place in self.moved:
            place = self.moved[place]
        return place

    def force(self, one: int, other: int) -> None:
        """Join two clusters, unless they contradict each other."""
        one, other = self.place(one), self.place(other)
        if one != other and not self._are_apart(one, other):
            self._join(one, other)

    def propose(self, one: int, other: int) -> None:
        """Take note of two clusters that may be near, and queue them where they are."""
        if one == other or self._are_apart(one, other):
            return
        least = asked(self.clusters[one], self.clusters[other])
        if least is None:
            return
        self.near[one].add(other)
        self.near[other].add(one)
        if (ratio := self._alike(one, other) / least) >= 1:
            heappush(self.queue, (-ratio, one, other, self.version[one], self.version[other]))

    def run(self) -> list[Cluster]:
        """Join the nearest two, again and again; what is left."""
        while self.queue:
            _, one, other, version, other_version = heappop(self.queue)
            if (self.version[one], self.version[other]) == (version, other_version):
                kept = self._join(one, other)
                for third in sorted({self.place(third) for third in self.near[kept]}):
                    self.propose(kept, third)
        return [cluster for place, cluster in enumerate(self.clusters) if place not in self.moved]

    def _join(self, one: int, other: int) -> int:
        kept, lost = (other, one) if self.clusters[other].stored and not self.clusters[one].stored else (one, other)
        self.clusters[kept].absorb(self.clusters[lost])
        self.vectors.pop(lost, None)
        self.vectors.pop(kept, None)
        self.moved[lost] = kept
        self.near[kept] |= self.near[lost]
        self.version[kept] += 1
        self.version[lost] += 1
        return kept

    def _alike(self, one: int, other: int) -> float:
        """Cosine of their terms, 0 where they share next to none."""
        common = self.clusters[one].weights.keys() & self.clusters[other].weights.keys()
        if len(common) < _LEAST_TERMS:
            return 0.0
        (vector, norm), (other_vector, other_norm) = self._vector(one), self._vector(other)
        return sum(vector[term] * other_vector[term] for term in common) / (norm * other_norm or 1.0)

    def _vector(self, place: int) -> tuple[dict[int, float], float]:
        """Terms by how much they tell, and its length; only where it is asked for, since most pairs share nothing."""
        if place not in self.vectors:
            vector = {term: count * self.weight(term) for term, count in self.clusters[place].weights.items()}
            self.vectors[place] = vector, sqrt(sum(value * value for value in vector.values()))
        return self.vectors[place]

    def _are_apart(self, one: int, other: int) -> bool:
        names, others = self.clusters[one].names, self.clusters[other].names
        return bool(self.apart) and any((a, b) in self.apart for a in names for b in others)


def _sum(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    return one | {term: one.get(term, 0.0) + weight for term, weight in other.items()}
