"""How sure the spelling of a case-sensitive name makes us that it is the name, and no ordinary word.

Such a name is mostly also a word: "Blockbuster", "Target", "Shell". A place is

- *sure*, where the word is no ordinary one in the text's language or in English ("Redbox"); where an ordinary word
  would be spelled differently ("rented from Blockbuster", "Blockbuster Inc."); and where its neighbours show a name
  although any word would have a capital there: first in a sentence before a verb, a comma and a clause, an "and"
  and an article ("Blockbuster, which ..."; "Blockbuster and the kiosks ..."), because an ordinary noun in the
  singular needs an article itself; before what only companies have ("Blockbuster Shares Rise"); after what a name
  explains ("Retailer Target Sues", "die Kette Blockbuster");
- *possible* otherwise: first in a sentence ("Blockbuster drug sales soar"), in a Title Case headline, in ALL CAPS,
  before another capital ("the Blockbuster Pool"), in German, which capitalises all nouns.

Headlines leave articles out ("Gap Widens", "Shell Found on Beach"), so there only verbs count that take somebody
who acts ("Gap Sues"). Ordinary words are those in simplemma's dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

import simplemma
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

from analysis.matching.names import Name
from analysis.matching.sentences import TokenRange
from analysis.text import Text, fold

Certainty = Literal["sure", "possible"]

_CAPITALISES_NOUNS = {"de", "lb"}
_READ_BY_NEIGHBOURS = {"en", None}
"""Languages whose neighbours of a name are known; None is a text too short to tell."""
_STARTERS = frozenset(".!?:;|•·*–—")
"""Tokens after which a word is spelled as at the beginning of a sentence."""
_OPENING_QUOTES = frozenset("\"'“‘„‚«‹")
_LONG_WORD = 4
"""Words that Title Case capitalises; shorter ones (of, the, in) it may leave small."""

_ACTS = frozenset(
    "accuses acquires admits agrees announces apologises apologizes appoints asks blames buys confirms declines "
    "defends denies deserves expands hires insists launches lobbies offers pledges promises refuses says seeks sells "
    "sends sues tells unveils urges vows warns".split()
)
"""Verbs that need somebody who acts, and are no nouns."""
_AFTER_A_NAME = _ACTS | frozenset(
    "is was has had does did will would can could may might must should isn wasn hasn didn doesn also first now still "
    "never acknowledged admitted announced apologised apologized argued asked became began bought brought came chose "
    "claimed declined denied explained fell gave gets goes got grew insisted introduced kept knew launched lost made "
    "makes offered paid ran refused responded rose said sent sold spent took takes thought told unveiled went won "
    "wrote".split()
)
"""Words that follow a subject: an ordinary noun in the singular would have an article before it."""
_DETERMINERS = frozenset(
    "a all an another any both each every her his its more most my no one our some that the their these this those "
    "two whatever which your".split()
)
_AFTER_A_PAST = _DETERMINERS | frozenset(
    "about against and as at back because but by down from in into it itself off on only out over that them to under "
    "up us when with you".split()
)
"""What follows a verb in the past tense, and no participle before a noun: "Blockbuster announced that ..."."""
_AFTER_A_COMMA = _DETERMINERS | frozenset(
    "a after already although an as at because before but by for from founded however in indeed instead like "
    "long meanwhile nevertheless not now of on once owned perhaps since still then though too under unlike until "
    "when where while who whose with".split()
)
"""Words that begin a clause or a remark about a name, but no next item of a list ("Apple, pear and plum")."""
_JOINS = frozenset("and or & nor plus".split())
_OF_A_COMPANY = frozenset(
    "bankruptcy ceo cfo chairman chairwoman chief coo corp cto earnings executive executives founder headquarters inc "
    "llc ltd plc shareholders shares spokesman spokesperson spokeswoman stock store stores".split()
)
"""What only a company has."""
_COMPANIES = ("carrier", "chain", "company", "firm", "giant", "maker", "operator", "retailer")
_COMPANIES_DE = (
    "anbieter anbieters bank bauer betreiber betreibers dienst dienstes firma gesellschaft gruppe handel handels "
    "händler händlers hersteller herstellers kette konkurrent konkurrenten konzern konzerns marke rivale rivalen riese "
    "riesen tochter unternehmen unternehmens verleih verleihs verleiher verleihers"
).split()
"""What a name explains, also as the end of a longer word: "Ladenkette"."""


class Context(NamedTuple):
    """Where a name stands."""

    text: Text
    sentence: TokenRange
    headline: bool
    language: str | None
    """ISO 639-1 code."""

    def word(self, token: int) -> str:
        """A token of the sentence, folded; empty beyond its ends."""
        return self.text.folded[token] if self.sentence[0] <= token < self.sentence[1] else ""

    def between(self, token: int) -> str:
        """What stands between a token and the next."""
        return self.text.raw[self.text.ends[token] : self.text.starts[token + 1]]

    def has_capital(self, token: int) -> bool:
        """Whether a token of the sentence begins with a capital."""
        return bool(self.word(token)) and self.text.surface[token][:1].isupper()


@lru_cache(maxsize=1024)
def is_ordinary(word: str, language: str | None) -> bool:
    """Whether `word` stands in a dictionary of `language` or of English, in any case.

    The first question about a language reads its dictionary: 0.2 to 2.5 CPU seconds.
    """
    languages = tuple({language or "en", "en"} & SUPPORTED_LANGUAGES)
    return simplemma.is_known(fold(word), lang=languages, low_memory=True)


def certainty(context: Context, span: TokenRange, name: Name) -> Certainty:
    """How sure the spelling at `span` makes us that this is the name and no ordinary word."""
    surface = context.text.surface[slice(*span)]
    if tuple(surface) != name.surface:  # ALL CAPS
        in_capitals = _mostly(context, span, str.isupper)
        return "possible" if not in_capitals or any(is_ordinary(word, context.language) for word in surface) else "sure"
    word = surface[0]
    if len(surface) > 1 or not is_ordinary(word, context.language):
        return "sure"
    if word.isupper():  # SAP: an ordinary word looks so only where everything is in capitals
        return "possible" if _mostly(context, span, str.isupper) else "sure"
    if not (word[:1].isupper() and word[1:].islower()):  # eBay: no ordinary word is spelled so
        return "sure"
    return "sure" if _shown_by_capital(context, span) or _shown_by_neighbours(context, span[0]) else "possible"


def _shown_by_capital(context: Context, span: TokenRange) -> bool:
    """Whether an ordinary word would have no capital here."""
    if context.language in _CAPITALISES_NOUNS or _starts(context, span[0]) or context.has_capital(span[1]):
        return False
    return not _mostly(context, span, lambda other: other[:1].isupper())


def _shown_by_neighbours(context: Context, token: int) -> bool:
    """Whether the words around `token` would not stand around an ordinary noun without an article."""
    before, after = context.word(token - 1), context.word(token + 1)
    if context.language in _CAPITALISES_NOUNS:
        return before.endswith(tuple(_COMPANIES_DE)) and context.between(token - 1) == " "
    if context.language not in _READ_BY_NEIGHBOURS:
        return False
    if after in _OF_A_COMPANY and context.between(token) == " ":
        return True
    if not _starts(context, token):
        return before in _COMPANIES and context.between(token - 1) == " "
    if after == "s" and context.between(token) in {"'", "’"}:
        return True
    if context.headline:
        return after in _ACTS
    return _is_subject(context, token)


def _is_subject(context: Context, token: int) -> bool:
    """Whether `token`, the first of a sentence of a body, is a subject by what follows it."""
    after, then = context.word(token + 1), context.word(token + 2)
    if after == ",":
        return then in _AFTER_A_COMMA or then.endswith(("ed", "ing", "ly")) or context.has_capital(token + 2)
    if not after or context.between(token) != " ":
        return False
    if after in _JOINS:
        return then in _DETERMINERS or context.has_capital(token + 2)
    if after in _AFTER_A_NAME or (after.endswith("ed") and then in _AFTER_A_PAST):
        return True
    return after.endswith("s") and then in _DETERMINERS


def _starts(context: Context, token: int) -> bool:
    """Whether any word would be capitalised at `token`: the first one, or after a colon or an opening quote."""
    text = context.text
    if token == context.sentence[0] or text.folded[token - 1] in _STARTERS:
        return True
    before = text.raw[max(text.starts[token] - 2, 0) : text.starts[token]]
    return before[-1:] in _OPENING_QUOTES and not before[0].isalnum()


def _mostly(context: Context, span: TokenRange, test: Callable[[str], bool]) -> bool:
    """Whether `test` holds for most longer words of the sentence, its first and the name itself aside."""
    first, last = context.sentence
    words = context.text.surface[first + 1 : max(span[0], first + 1)] + context.text.surface[span[1] : last]
    others = [test(word) for word in words if len(word) >= _LONG_WORD and word.isalpha()]
    return sum(others) * 2 > len(others)
