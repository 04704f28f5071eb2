"""Who says a sentence, where it is a quotation or attributed speech, and whether that is a brand's own voice.

A rule for English. A sentence's speaker is the clear subject of its verb of speech (`analysis.matching.speech`);
where it names two, the one beside the quotation. A sentence without one that is at least half in quotation marks
has the speaker of the first of these that has one, or is unclear:

1. another sentence of the same quotation;
2. the next sentence, where the quotation ends in ? or ! (“Why?” Swasey asked.);
3. the sentence before it in the paragraph;
4. the last sentence of the paragraph before, where its own paragraph opens with a quotation mark.

A surname stands for the full name in the article, *he* and *she* for the person who spoke last, *it* for the company
that did, no further back than the paragraph before and where nobody else is named in between. In a headline, where
any word may have a capital, only names count that the body has too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from analysis.matching.people import bare, in_full, office
from analysis.matching.quotations import masked, quotations, share, within
from analysis.matching.sentences import Span
from analysis.matching.speech import BODY, MANY, RUN, Claim, claims
from analysis.text import Text
from analysis.watchlist import Brand

MOSTLY = 0.5
"""Share of a sentence's words in quotation marks from which on it is a quotation."""


_NAME = re.compile(RUN)
_SMALL = re.compile(rf"(?:[Aa]n?|[Tt]he|[Aa]nother|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ne|{MANY})\b")
_LATER_NAME = re.compile(rf"(?<=[\w,;:] ){RUN}|{RUN} {RUN}")
_COMPANY = re.compile(rf"\b{BODY}$")
_STAFF = re.compile(
    r"\b(?:spokes\w+|representatives?|officials?|executives?|C[EFIOT]O|chief|head|president|chair\w*|founder)\b"
)
_NOT_FOR = re.compile(r"\b(?:former|ex|rivals?|competitors?|union|supplier|customers?|critics?)\b", re.IGNORECASE)
_OF_THE_COMPANY = re.compile(
    rf"the (?:[\w-]+ ){{0,2}}{BODY}|(?:(?:an?|the|its|one|another) )?(?:company )?(?:spokes\w+|representatives?)"
    r"(?: (?:for|at|of|from) (?:the|its) company)?|(?:an? |the |one )?company (?:officials?|executives?)",
    re.IGNORECASE,
)


class Voice(NamedTuple):
    """Who says a sentence."""

    speaker: str
    """A full name where the article gives one, else as written: "Netflix", "a spokesman", "the company"."""
    at: int
    """Character of the text where the speaker is named."""
    office: str = ""
    """What the article says that a person is: "Netflix spokesman"."""
    quoted: float = 0.0
    """Share of the sentence's words in quotation marks."""


class Speakers:
    """Reads who speaks in articles. Built once, with the names of brands; keeps nothing between articles."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names, key=lambda name: (-len(name), name))

    def read(self, text: Text, sentences: Sequence[Span]) -> list[Voice | None]:
        """The voice of each sentence, in order. `text`: title and body; `sentences`: where they stand in it."""
        quoted = quotations(text.raw)
        own_words = masked(text.raw, quoted)
        found = list(claims(text, own_words))
        if not found:
            return [None] * len(sentences)
        named = _Named(text, own_words, self._names)
        voices = _attributed(sentences, [(claim, named.voice(claim)) for claim in found])
        shares = [share(text.raw, sentence, quoted) for sentence in sentences]
        for number, quoted_share in enumerate(shares):
            if quoted_share >= MOSTLY and number not in voices:
                voices[number] = _carried(number, text.raw, sentences, quoted, voices)
        return [
            voice._replace(quoted=shares[number]) if (voice := voices.get(number)) else None
            for number in range(len(sentences))
        ]


class _Named:
    """Turns the claims of one article into voices, in reading order."""

    def __init__(self, text: Text, own_words: str, brands: Sequence[str]) -> None:
        self.text, self.own_words, self.brands = text, own_words, brands
        self.known: dict[str, Voice] = {}
        self.body_at = own_words.find("\n") + 1
        self.last: Voice | None = None
        self.last_is_company = False
        self.last_end = 0

    def voice(self, claim: Claim) -> Voice | None:
        """None where the speaker is unclear."""
        if claim.kind == "unclear":
            if claim.beside:
                self.last = None
            return None
        if claim.kind == "pronoun":
            voice = self.last if self._refers(claim) else None
        else:
            voice = self._by_name(claim) if claim.kind == "name" else self._by_office(claim)
            self.last, self.last_is_company = voice, voice is not None and self._is_company(voice.speaker)
        self.last_end = claim.span[1]
        return voice

    def _by_name(self, claim: Claim) -> Voice | None:
        name = bare(claim.who)
        brand = next((brand for brand in self.brands if f" {name}".endswith(f" {brand}")), None)
        if brand or not name:
            return Voice(brand, claim.span[0]) if brand else None
        if claim.span[0] < self.body_at and self.own_words.find(name, self.body_at) < 0:
            return None
        if name not in self.known:
            full = in_full(name, self.text, self.body_at)
            self.known[name] = Voice(full, 0, office(full, self.text))
        return self.known[name]._replace(at=claim.span[0])

    def _by_office(self, claim: Claim) -> Voice | None:
        if claim.span[0] < self.body_at:
            return None
        if _NAME.fullmatch(claim.aside):  # a Netflix spokesman, Steve Swasey, said
            return Voice(in_full(bare(claim.aside), self.text, self.body_at), claim.span[0], claim.who)
        small = _SMALL.match(claim.who)
        return Voice(claim.who[0].lower() + claim.who[1:] if small else claim.who, claim.span[0])

    def _refers(self, claim: Claim) -> bool:
        """Whether he, she or it is who spoke last."""
        between = self.own_words[self.last_end : claim.span[0]]
        if not self.last or self.last_is_company != (claim.who.lower() == "it") or between.count("\n") > 1:
            return False
        if self.last_is_company is False and " " not in self.last.speaker and not self.last.office:
            return False
        runs = (run[0] for run in _LATER_NAME.finditer(between))
        return all(name in self.last.speaker for name in map(bare, runs))

    def _is_company(self, speaker: str) -> bool:
        return speaker in self.brands or _COMPANY.search(speaker) is not None


def _attributed(sentences: Sequence[Span], said: Iterable[tuple[Claim, Voice | None]]) -> dict[int, Voice | None]:
    """The voice that each sentence with a claim names, by its number; None where it is unclear."""
    firsts = [start for start, _ in sentences]
    by_sentence: dict[int, list[tuple[Claim, Voice | None]]] = {}
    for claim, voice in said:
        by_sentence.setdefault(bisect_right(firsts, claim.span[0]) - 1, []).append((claim, voice))
    found: dict[int, Voice | None] = {}
    for number, pairs in by_sentence.items():
        clear = {voice.speaker: voice for _, voice in pairs if voice}
        beside = {voice.speaker: voice for claim, voice in pairs if voice and claim.beside}
        choice = beside if len(clear) > 1 else clear
        found[number] = next(iter(choice.values())) if len(choice) == 1 else None
    return found


def _carried(
    number: int, raw: str, sentences: Sequence[Span], quoted: Sequence[Span], voices: Mapping[int, Voice | None]
) -> Voice | None:
    """Who speaks in a quotation that does not name its speaker: rules 1 to 4 above."""
    start, end = sentences[number]
    first, last = next(within(sentences[number], quoted))
    before, after = number - 1, number + 1
    while before >= 0 and first < sentences[before][1]:
        if before in voices:
            return voices[before]
        before -= 1
    while after < len(sentences) and sentences[after][0] < last:
        if after in voices:
            return voices[after]
        after += 1
    if first > start:  # somebody introduces the quotation, with a verb that we do not know
        return None
    follows, precedes = number + 1 in voices, number and raw.find("\n") < sentences[number - 1][0]
    if raw[end - 2] in "?!" and follows and "\n" not in raw[end : sentences[number + 1][0]]:
        return voices[number + 1]
    if precedes and ("\n" not in raw[sentences[number - 1][1] : start] or raw[start] in '"“'):
        return voices.get(number - 1)
    return None


def is_own(voice: Voice, brand: Brand, *, the_company: bool = False) -> bool:
    """Whether the brand speaks for itself: a quotation, by the brand or somebody who `speaks_for` it."""
    said_by = (voice.speaker, voice.office) if voice.office else (voice.speaker,)
    return voice.quoted >= MOSTLY and any(speaks_for(who, brand, the_company=the_company) for who in said_by)


def speaks_for(speaker: str, brand: Brand, *, the_company: bool = False) -> bool:
    """Whether a speaker is the brand itself or somebody who speaks for it.

    So do the watchlist's `spokespeople`, by full name or surname, and who has an office there: "a Netflix spokesman",
    "the chief executive of Netflix", but no former one. `the_company`: whether a company that is not named there must
    be the brand; then "the company", "a spokesman" and "company officials" speak for it too.
    """
    if speaker in brand.spokespeople or speaker in {name.split()[-1] for name in brand.spokespeople}:
        return True
    named = _named((brand.name, *brand.aliases), brand.case_sensitive)
    if named.fullmatch(speaker.rstrip(".")):
        return True
    if _NOT_FOR.search(speaker):
        return False
    if named.search(speaker):
        return _STAFF.search(speaker) is not None
    return the_company and _OF_THE_COMPANY.fullmatch(speaker) is not None


@lru_cache(maxsize=64)
def _named(names: tuple[str, ...], case_sensitive: bool) -> re.Pattern[str]:
    words = "|".join(re.escape(name.rstrip(".")) for name in names)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.NOFLAG if case_sensitive else re.IGNORECASE)
