"""Is one text a copy of another?

A copy may have another headline, a cut tail, a local beginning, sentences left out, passages moved, other quotation
marks and a few other words. It may not say something else: templates (results of companies, the weather) differ in
numbers and names only, and a report and its contrary in one word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from analysis.stories.align import Alignment, Exchange, align
from analysis.stories.facts import Difference, difference
from analysis.stories.words import SHORT, Words, common

_OWN = 0.55  # more of it new than this, and a later text is a new article
_RETOLD = 0.25  # a later text that takes over so much of an earlier one goes on with its story
_LEAST = 25  # words in common, and not fewer, prove anything
_LATE = 0.33  # of both texts before anything is in common: two reports with one long notice behind them
_BEGINNING = 0.2  # of the first half of the earlier text; less in common is boilerplate at the end
_SAME = 0.5  # of one of the texts in the other, and a difference between them is one of fact
_STUB = 0.7  # of both texts in each other: with a short text, one fact is what it is about
_HEADLINE = 3  # words at least, to say something: "Part 1" and "Part 2" do not
_WORDS_A_FACT = 40  # a template exchanges more facts than one in so many words
_WORDS_A_NUMBER = 300  # an update corrects more numbers than one in so many words


class Verdict(Enum):
    """How a text stands to an earlier one."""

    COPY = "copy"
    """The same text, edited."""
    UPDATE = "update"
    """A text that goes on from it: much taken over, much new, or numbers brought up to date."""
    CONTRARY = "contrary"
    """The same words with other facts: a template, or the contrary. Never one story."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a comparison found."""

    verdict: Verdict
    kept: float
    """Share of the earlier text's words that the later one has, 0 to 1."""
    added: float
    """Share of the later text's words that are not in the earlier one, 0 to 1."""


def compare(earlier: Words, later: Words, *, ordered: bool = True) -> Likeness:
    """How `later` stands to `earlier`.

    ordered: False where it is not known which came first
    """
    found = align(earlier.folded, later.folded)
    shared = len(found.shared)
    kept, added = shared / max(1, len(earlier)), 1 - shared / max(1, len(later))
    same = max(kept, 1 - added) >= _SAME
    stub = shared < 2 * SHORT and min(kept, 1 - added) >= _STUB
    changed = _changed(earlier, later, found, stub)
    if earlier.folded == later.folded:
        verdict = Verdict.COPY
    elif same and _other_facts(changed, shared, stub):
        verdict = Verdict.CONTRARY
    elif min(len(earlier), len(later)) < SHORT or shared < _LEAST or _at_the_end(earlier, later, found):
        verdict = Verdict.OTHER
    else:
        own = added if ordered else min(added, 1 - kept)
        numbers = changed[Difference.NUMBER] > max(1, shared / _WORDS_A_NUMBER)
        verdict = _judged(own, numbers)
    return Likeness(verdict, kept, added)


def contradicts(one: str, other: str) -> bool:
    """Whether two headlines say the contrary in the same words: "profits rose 12%", "profits fell 12%"."""
    title, title_other = Words(one), Words(other)
    ops = Levenshtein.editops(title.folded, title_other.folded)
    if min(len(title), len(title_other)) < _HEADLINE or len(ops) * 2 > max(len(title), len(title_other)):
        return False
    blocks = [(block.a, block.b, block.size) for block in ops.as_matching_blocks()]
    exchanges = (
        (title.folded[a + size : b], title_other.folded[c + size : d])
        for (a, c, size), (b, d, _) in pairwise([(0, 0, 0), *blocks])
    )
    return any(difference(*found, lambda _: False) in {Difference.CONTRARY, Difference.NUMBER} for found in exchanges)


def _changed(earlier: Words, later: Words, found: Alignment, stub: bool) -> Counter[Difference]:
    """How often words were exchanged in which way; at the edges only what matters most."""
    no_names = earlier.small | later.small | common()

    def told(exchange: Exchange) -> Difference:
        return difference(*exchange, lambda word: len(word) > 1 and word[0].isalpha() and word not in no_names)

    sure = {Difference.CONTRARY, Difference.NUMBER, Difference.NAME} if stub else {Difference.CONTRARY}
    return Counter(map(told, found.exchanges)) + Counter(kind for kind in map(told, found.edges) if kind in sure)


def _at_the_end(earlier: Words, later: Words, found: Alignment) -> bool:
    """Whether all that they have in common is what outlets put behind a text."""
    beginning = sum(place * 2 < len(earlier) for place in found.shared) * 2 / max(1, len(earlier))
    late = min(_begin(found.shared, earlier), _begin(found.shared_other, later))
    return beginning < _BEGINNING or late > _LATE


def _begin(places: list[int], words: Words) -> float:
    """Where in a text what is shared begins, 0 to 1; a twentieth of it may stand there by chance."""
    return sorted(places)[len(places) // 20] / len(words)


def _other_facts(changed: Counter[Difference], shared: int, stub: bool) -> bool:
    facts = changed[Difference.NUMBER] + changed[Difference.NAME]
    return bool(
        changed[Difference.CONTRARY]
        or (facts and stub)
        or facts + changed[Difference.WORD] / 2 > max(2, shared / _WORDS_A_FACT)
    )


def _judged(own: float, corrected: bool) -> Verdict:
    if own > 1 - _RETOLD:
        return Verdict.OTHER
    return Verdict.UPDATE if own > _OWN or corrected else Verdict.COPY
