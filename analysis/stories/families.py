"""Families: an original and its copies in other outlets, found as articles come.

An article is compared with those that the store proposes (a shared band of the signature, near in time) and joins the
family of the first that it is a copy of. Where it turns out to be a copy of two families, they are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from analysis.stories.copies import Likeness, Verdict, compare, contradicts
from analysis.stories.words import Words

MOST = 6
"""Families that an article is compared with, those first with which it shares most bands."""
AGENCY_LEAD = timedelta(hours=1)
"""By which an agency's own copy may be later than the first and is still the original: its time is often that of the
last correction, and nobody prints a wire before it is sent."""


@dataclass(frozen=True, slots=True)
class Text:
    """An article as far as copies go."""

    article_id: str
    title: str
    words: Words
    at: datetime
    """Publication; where that is not known, the fetch."""
    dated: bool
    """Whether `at` is the publication."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that another may be a copy of."""

    article_id: str
    shared_bands: int


@dataclass
class Families:
    """Which article is in which family, and what else comparing them told."""

    family_of: dict[str, str]
    """Article -> family, as it was called when the article joined."""
    first: dict[str, str]
    """Family -> its original, which has most of the text."""
    followed: set[tuple[str, str]] = field(default_factory=set)
    """Two families of one story: the second goes on from the first, or the other way round."""
    apart: set[tuple[str, str]] = field(default_factory=set)
    """Two families that say the contrary in the same words: never one story."""
    merged: dict[str, str] = field(default_factory=dict)
    """Family -> the one that it turned out to be part of."""

    def named(self, family: str) -> str:
        """Today's name of a family."""
        while family in self.merged:
            family = self.merged[family]
        return family

    def of(self, article_id: str) -> str:
        """The family of an article, by today's name."""
        return self.named(self.family_of[article_id])

    def are_apart(self, one: str, other: str) -> bool:
        """Whether two families contradict each other, by today's names."""
        pairs = ({self.named(a), self.named(b)} for a, b in self.apart)
        return {self.named(one), self.named(other)} in pairs


def likeness(one: Text, other: Text) -> Likeness:
    """How the later of two texts stands to the earlier; under contrary headlines the same text is not the same."""
    earlier, later = sorted((one, other), key=lambda text: (text.at, text.article_id))
    ordered = one.dated and other.dated and one.at != other.at
    found = compare(earlier.words, later.words, ordered=ordered)
    if found.verdict is not Verdict.OTHER and contradicts(one.title, other.title):
        return replace(found, verdict=Verdict.CONTRARY)
    return found


def assign(
    newcomers: Iterable[tuple[str, str]],
    candidates: Callable[[str], Iterable[Candidate]],
    families: Families,
    read: Callable[[str], Text],
) -> None:
    """Find the family of each newcomer, one after the other; one without copies founds its own.

    newcomers: article, and the name of the family that it would found, in the order of publication
    candidates: of a newcomer; those among the newcomers whose turn is still to come are passed over
    families: of the candidates in the store; the newcomers are added
    """
    for newcomer, name in newcomers:
        best: dict[str, Candidate] = {}
        for candidate in candidates(newcomer):
            if candidate.article_id in families.family_of:
                family = families.of(candidate.article_id)
                if family not in best or best[family].shared_bands < candidate.shared_bands:
                    best[family] = candidate
        nearest = sorted(best.items(), key=lambda item: (-item[1].shared_bands, item[0]))[:MOST]
        verdicts = {
            family: _verdict(read(newcomer), read(candidate.article_id), read(families.first[family]))
            for family, candidate in nearest
        }
        _place(newcomer, name, verdicts, families)


def _verdict(text: Text, nearest: Text, first: Text) -> Verdict:
    """How an article stands to a family: to its nearest member, unless it contradicts the original. The member may
    be cut just where the two differ."""
    verdict = likeness(text, nearest).verdict
    if verdict is Verdict.COPY and first.article_id != nearest.article_id:
        contradicts = likeness(text, first).verdict is Verdict.CONTRARY
        return Verdict.CONTRARY if contradicts else verdict
    return verdict


def _place(newcomer: str, name: str, verdicts: dict[str, Verdict], families: Families) -> None:
    copied = [family for family, verdict in verdicts.items() if verdict is Verdict.COPY]
    own = families.family_of[newcomer] = copied[0] if copied else name
    families.first.setdefault(own, newcomer)
    families.apart |= {(own, family) for family, verdict in verdicts.items() if verdict is Verdict.CONTRARY}
    families.followed |= {(own, family) for family, verdict in verdicts.items() if verdict is Verdict.UPDATE}
    for family in copied[1:]:
        if not families.are_apart(own, family):
            families.merged[families.named(family)] = families.named(own)


def original(members: Iterable[tuple[str, datetime, bool]]) -> str:
    """The article of a family that the others carry: the first, or an agency's own within the hour.

    members: article, its time, and whether its outlet is an agency
    """
    return min(members, key=lambda member: (member[1] - (AGENCY_LEAD if member[2] else timedelta()), member[0]))[0]
