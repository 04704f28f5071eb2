"""Where "the company" or "the DVD renter" means the brand that an article is about. English, and only where safe.

Pronouns are never read. A phrase means a brand where

- the brand is the only watched one in headline and lead, so that the article is about it;
- the phrase is *the* with a noun of `_ALONE`, or with one of `_WITH_KIND` and a word of `_KINDS`, or either with the
  place where a company is based ("the Dallas-based chain"), and the words around it do not say that it is another
  one ("the company he founded", "the company of friends", "the company Qwikster") or a part of something ("the
  service industry"). A "phone company" or a "parent company" is none of these phrases;
- the brand was last named, or meant by such a phrase, in the same paragraph or the one before;
- from the beginning of the sentence that did to the phrase there is no other name that could be a company's.

Any word with a capital could be one, except days, months, places after *in*, abbreviations such as DVD, people who
are known to be people, and ordinary words that a sentence begins with.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from analysis.matching.people import DATES, OPENERS, TITLES
from analysis.matching.sentences import TokenRange
from analysis.text import Text

_ALONE = frozenset("company firm retailer service streamer".split())
"""What a company is called by itself. Not: site, business, group, brand, store, which are parts of one as often."""
_WITH_KIND = frozenset("chain giant pioneer provider renter seller".split())
"""What one is called with its kind before it: "the DVD renter". Alone they mean anything."""
_KINDS = frozenset(
    "ailing bankrupt beleaguered by disc discount dvd embattled entertainment film home internet mail media "
    "movie music online order rental retail shopping streaming struggling subscription tech technology "
    "telecom troubled video web".split()
)
"""Words of kinds and states: "the DVD-by-mail service", "the bankrupt chain"."""
_HEADS = _ALONE | _WITH_KIND
_FEW = 4
"""Words that a phrase may have between *the* and its noun; words of a place's name."""
_ENOUGH = 50
"""Places of a word that are looked at for its spelling."""
_PREDICATE = frozenset("are be became become becomes is was were".split())
"""Words before a phrase that defines something: "it was the company to beat"."""
_SAYS_WHICH = frozenset(
    "behind called formerly founded he his i it known named of once only owned responsible she that they we where "
    "which who whom whose with you".split()
)
"""Words after a phrase that tell which company it is: "the company he founded", "the company of friends"."""
_AFTER_SERVICE = frozenset(
    ". , ; : ! ? ) – — a again also although an and are as at because before but by can could did does for from had "
    "has have if into is itself may might must not now on or s said says should since so still than the then this "
    "through to today until up was went were when while will would".split()
)
"""What may follow "the service"; with other nouns it is a part of something ("the service industry", "charge")."""
_NO_COMPANY = frozenset(
    "afp am ap ceo cfo christmas cio co corp ct cto dvd dvds est et edt gmt i inc internet it llc ltd mt pc pcs pdt "
    "plc pm pr pst pt reuters tv tvs us usb utc web".split()
)
"""Abbreviations, legal forms, news agencies: capitalised, but never what "the company" means."""
_STOPS = frozenset(".!?:\n")
_SINGULAR = frozenset("has is said says was wants s".split())
"""Verbs after which a word at the beginning of a sentence is in the singular, so a name where it has no article."""


class Reference:
    """Where one brand is meant without its name, in one article."""

    def __init__(
        self,
        brand_id: str,
        text: Text,
        named: Iterable[TokenRange],
        sentences: Iterable[TokenRange],
        people: Collection[str],
    ) -> None:
        """`named`: where the brand is named; `people`: folded words of names that are known to be persons'."""
        self.brand_id = brand_id
        self._text, self._people = text, people
        self._starts = [first for first, _ in sentences]
        self._meant = sorted(named)
        self._breaks = text.index.get("\n", [])
        phrases = list(_phrases(text))
        self._own = {token for span in (*self._meant, *phrases) for token in range(*span)}
        self._ends = [end for _, end in self._meant]
        self.phrases: list[TokenRange] = []
        """The phrases that mean the brand, in order."""
        for phrase in phrases:
            if self.means(phrase[0]):
                self.phrases.append(phrase)
                place = bisect_right(self._ends, phrase[0])
                self._meant.insert(place, phrase)
                self._ends.insert(place, phrase[1])

    def means(self, token: int) -> bool:
        """Whether a company that is not named at `token` must be the brand."""
        last = bisect_right(self._ends, token) - 1
        if last < 0:
            return False
        start, end = self._meant[last]
        if bisect_right(self._breaks, token) - bisect_right(self._breaks, end) > 1:
            return False
        first = self._starts[bisect_right(self._starts, start) - 1]
        between = bisect_left(self._others, first)
        return between == len(self._others) or self._others[between] >= token

    @cached_property
    def _others(self) -> list[int]:
        """Tokens with a capital that may be another company's name."""
        words = enumerate(zip(self._text.surface, self._text.folded, strict=True))
        return [token for token, (word, folded) in words if word != folded and self._may_be_a_company(token)]

    def _may_be_a_company(self, token: int) -> bool:
        word, folded = self._text.surface[token], self._text.folded[token]
        if token in self._own or folded in self._people or folded in _NO_COMPANY or folded in DATES:
            return False
        if len(word) == 1 and self._folded(token + 1) == ".":  # an initial
            return False
        return not (self._opens(token) and self._is_ordinary(token)) and not self._in_a_place(token)

    def _in_a_place(self, token: int) -> bool:
        """Whether it is "in Virginia" or "in the United States", but not "in Amazon's data center"."""
        first = last = token
        while token - first < _FEW and first and self._text.surface[first - 1][:1].isupper():
            first -= 1
        while last - token < _FEW and self._folded(last + 1) and self._text.surface[last + 1][:1].isupper():
            last += 1
        before = self._folded(first - 1) if self._folded(first - 1) != "the" else self._folded(first - 2)
        return before == "in" and self._folded(last + 1) != "s"

    def _opens(self, token: int) -> bool:
        """Whether any word would be capitalised here."""
        starts = self._starts
        if token == starts[bisect_right(starts, token) - 1] or self._folded(token - 1) in _STOPS:
            return True
        return self._text.raw[self._text.starts[token] - 1] in '"“'

    def _is_ordinary(self, token: int) -> bool:
        """Whether a word at the beginning of a sentence is an ordinary one, as far as one can tell."""
        folded, following = self._folded(token), self._folded(token + 1)
        if folded in OPENERS or folded in TITLES or (len(folded) > 4 and folded.endswith(("ed", "ing", "ly"))):
            return True
        if any(self._text.surface[place].islower() for place in self._text.index[folded][:_ENOUGH]):
            return True
        return folded.endswith("s") and following not in _SINGULAR and following[:1].isalpha()

    def _folded(self, token: int) -> str:
        return self._text.folded[token] if 0 <= token < len(self._text.folded) else ""


def _phrases(text: Text) -> Iterator[TokenRange]:
    """All phrases that may mean a company by themselves, in order."""
    for head in sorted(token for word in _HEADS & text.index.keys() for token in text.index[word]):
        the = head - 1
        while the > 0 and head - the <= _FEW and text.folded[the] in _KINDS and _joined(text, the):
            the -= 1
        if the > 0 and text.folded[the] == "based":
            the -= 1
            while the > 0 and text.folded[the] != "the" and text.surface[the][:1].isupper() and _joined(text, the):
                the -= 1
        if the < 0 or text.folded[the] != "the" or not _joined(text, the):
            continue
        if (head - the > 1 or text.folded[head] in _ALONE) and not _is_another(text, the, head):
            yield the, head + 1


def _joined(text: Text, token: int) -> bool:
    """Whether only a space or hyphen stands between a token and the next."""
    return text.raw[text.ends[token] : text.starts[token + 1]] in {" ", "-", "‑"}


def _is_another(text: Text, the: int, head: int) -> bool:
    """Whether the words around a phrase say which company it is, or make it a part of something else."""
    if (the and text.folded[the - 1] in _PREDICATE) or not text.surface[head].islower():
        return True
    if head + 1 == len(text.surface):
        return False
    following = text.folded[head + 1]
    if following in _SAYS_WHICH or text.surface[head + 1][:1].isupper():
        return True
    if text.raw[text.ends[head] : text.starts[head + 1]] == "-":  # the company-wide picnic
        return True
    return text.folded[head] == "service" and following not in _AFTER_SERVICE and not following.endswith("ed")
