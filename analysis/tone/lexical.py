"""The scorer that explains itself: VADER on the masked sentence, the word pack, and the rules of who and where.

    tone = normalize(sum of valence x weight)

`valence` is VADER's or the pack's, after VADER's own rules for negation, boosters, capitals and "but"; `weight`
is `rules.weight`. Exclamation marks are left out of the tone (they are the outlet's voice, not the brand's), and
kept in `vader`, which is VADER's compound of the masked sentence without pack and rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from analysis.items import Label, Score
from analysis.tone import Target, Words
from analysis.tone import pack as wordpack
from analysis.tone.mask import Masker, bound
from analysis.tone.pack import Entry, Pack
from analysis.tone.reading import Reading, read
from analysis.tone.rules import PRAISE_LEAVES, REMEDY, REMEDY_LEAVES, toward, weight
from analysis.tone.vader import VERSION, Vader, emphasis, normalize, polarity
from analysis.tone.valence import Token, make_token

THRESHOLD = 0.1027
"""Tone from which a sentence counts as pos or neg: a sum of 0.4, chosen on brandnews and the coverage dev set."""
CONFIDENT = 0.25
"""Tone (a sum of 1) from which we do not abstain: 71% of such labels are right on brandnews.jsonl, of weaker
ones 47%. Where nothing at all was found, neu is right on 60%."""
KNOWN_NAMES = ("Amazon", "Best Buy", "Blockbuster", "Netflix", "Super Bowl", "United Airlines")
"""Names that are opinions to VADER, and the brands of the watchlist that we ship: masked even where no watchlist
names them, so that `presswatch score` gives the same anywhere."""
INERT, SHOUTED = make_token("x", None), make_token("X", None)
LINKS = ("and", "or", "nor")
"""They join clauses that a negation may govern together: "not slow or unreliable"."""
REACH = 3
"""Words that VADER's negations and boosters reach at most."""


class Contribution(NamedTuple):
    """What one word or phrase adds to the tone: `valence` times `weight`."""

    words: str
    """As they stand in the masked sentence."""
    valence: float
    """-4..4, after negation, boosters, capitals and "but"."""
    weight: float
    """0..1, how near the brand it is said."""
    entry: Entry | None
    """Entry of the word pack; None where VADER's own lexicon spoke."""
    rule: str
    """Who does it to whom, where the entry asks; else empty."""


class Explanation(NamedTuple):
    """Everything that carried a score."""

    score: Score
    masked: str
    """The sentence as it was scored: bounded, names replaced."""
    contributions: tuple[Contribution, ...]


class VaderScorer:
    """Implements `analysis.tone.Scorer` without a model. Not thread-safe; make one a process."""

    def __init__(self, names: Iterable[str] = (), pack: Pack | None = None, words: Words = ()) -> None:
        """`names` are masked in every sentence besides the target; `pack` is the one of this release by default;
        `words` of the watchlist go before its entries of the same length."""
        self.version = f"{VERSION}+pack-{wordpack.VERSION}{wordpack.mark(words)}"
        self._vader = Vader()
        self._pack = wordpack.extended(wordpack.load() if pack is None else pack, words)
        self._masker = Masker((*KNOWN_NAMES, *names))

    def score(self, targets: Sequence[Target]) -> list[Score | None]:
        """One score a target, in order; None for a sentence without a word."""
        explained = map(self.explain, targets)
        return [None if found is None else found.score for found in explained]

    def explain(self, target: Target) -> Explanation | None:
        """The score with all that it was made of; None for a sentence without a word."""
        sentence, spans, others = bound(target.sentence, target.spans, target.others)
        masked = self._vader.spell_emojis(self._masker.mask(sentence, spans, others))
        if not any(char.isalnum() for char in masked):
            return None
        tokens = self._vader.tokens(masked)
        vader = polarity(self._vader.weigh(tokens), emphasis(masked))["compound"]
        reading = read(masked, tokens)
        contributions = self._contributions(reading)
        tone = normalize(sum(part.valence * part.weight for part in contributions))
        score = Score(
            tone=round(tone, 4),
            label=label_of(tone),
            confident=is_confident(tone, contributions),
            scorer=self.version,
            vader=vader,
        )
        return Explanation(score, masked, tuple(contributions))

    def words(self, target: Target) -> Sequence[str]:
        """The words of the masked sentence as the pack sees them: lower case, @ the brand, # other names."""
        masked = self._masker.mask(*bound(target.sentence, target.spans, target.others))
        return read(masked, self._vader.tokens(masked)).words

    def _contributions(self, reading: Reading) -> list[Contribution]:
        tokens = list(reading.tokens)
        for i in reading.names:
            tokens[i] = quiet(tokens[i])
        found: dict[int, tuple[Entry | None, str, str]] = {}
        for match in self._pack.find(reading.words, reading.clauses):
            first = match.words[0]
            valence, rule = toward(match.entry, reading, first)
            for i in match.words:
                tokens[i] = quiet(tokens[i])
            if valence:
                tokens[first] = quiet(tokens[first])._replace(valence=valence, plain=False)
                found[first] = match.entry, rule, " ".join(reading.tokens[i].word for i in match.words)
        parts = []
        for i, valence in enumerate(self._weigh(tokens, reading)):
            if valence:
                entry, rule, phrase = found.get(i, (None, "", tokens[i].word))
                share = weight(reading, i, entry)
                if entry is None and valence > 0:
                    share *= PRAISE_LEAVES
                parts.append(Contribution(phrase, valence, share, entry, rule))
        return remedied(parts)

    def _weigh(self, tokens: Sequence[Token], reading: Reading) -> list[float]:
        """VADER's weighing with a gap between clauses: no negation or booster reaches across."""
        clauses, words = reading.clauses, reading.words
        borders = [i for i in range(1, len(words)) if clauses[i] != clauses[i - 1] and words[i] not in LINKS]
        if not borders:
            return self._vader.weigh(tokens)
        pieces = list(pairwise((0, *borders, len(words))))
        spaced: list[Token] = []
        for start, end in pieces:
            spaced += tokens[start:end]
            spaced += [quiet(tokens[end - 1])] * REACH
        weighed = self._vader.weigh(spaced)
        valences: list[float] = []
        for n, (start, end) in enumerate(pieces):
            valences += weighed[start + n * REACH : end + n * REACH]
        return valences


def quiet(token: Token) -> Token:
    """A word that says nothing and neither boosts nor negates, as loud as the token."""
    return SHOUTED if token.shouts else INERT


def remedied(parts: list[Contribution]) -> list[Contribution]:
    """The parts with the words for a failure played down where a remedy is named beside them."""
    if not any(p.entry and p.entry.part == "remedy" and p.valence * p.weight >= REMEDY for p in parts):
        return parts
    return [
        p._replace(weight=p.weight * REMEDY_LEAVES, rule="beside a remedy")
        if p.valence < 0 and p.entry and p.entry.part == "outage"
        else p
        for p in parts
    ]


def label_of(tone: float) -> Label:
    """pos from THRESHOLD, neg from minus THRESHOLD, else neu."""
    return "pos" if tone >= THRESHOLD else "neg" if tone <= -THRESHOLD else "neu"


def is_confident(tone: float, contributions: Sequence[Contribution]) -> bool:
    """Whether the words speak clearly, or not at all; in between they are right on less than half."""
    return not contributions or abs(tone) >= CONFIDENT
