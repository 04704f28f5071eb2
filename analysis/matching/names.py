"""Where the watched names stand in a text, and how sure their spelling makes us.

A name is found as whole words: in "Netflix’s" and "anti-Netflix", not in "Pacmeworld". For a brand that is not
`case_sensitive` each such place counts. For one that is, because its name is also an ordinary word, a place is

- *sure*, where an ordinary word would be spelled differently ("rented from Blockbuster", "Blockbuster Inc.") or
  would need an article ("Blockbuster has ...", "Blockbuster's ..." first in a sentence of the body);
- *possible*, where an ordinary word could look the same: otherwise first in a sentence ("Blockbuster drug sales
  soar"), in a Title Case headline, in ALL CAPS, before another capital ("the Blockbuster Pool"), or in German,
  which capitalises all nouns;
- nothing in any other spelling: "a blockbuster hit".

Possible places count only in an article that has a sure one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from analysis import query
from analysis.matching.sentences import TokenRange
from analysis.text import Text, fold, tokens
from analysis.watchlist import Brand

Certainty = Literal["sure", "possible"]
_CAPITALISES_NOUNS = {"de", "lb"}
_STARTERS = frozenset(".!?:;|•·*–—")
"""Tokens after which a word is spelled as at the beginning of a sentence."""
_OPENING_QUOTES = frozenset("\"'“‘„‚«‹")
_AFTER_A_NAME = frozenset(
    "is was has had does did will would can could may might must should says said also now still never".split()
)
"""English words that follow a subject: an ordinary noun in the singular would have an article before it."""
_LONG_WORD = 4
"""Words that Title Case capitalises; shorter ones (of, the, in) it may leave small."""


@dataclass(frozen=True)
class Name:
    """A name or alias, cut into tokens."""

    surface: tuple[str, ...]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> Name:
        surface = tuple(tokens(name))
        return cls(surface, tuple(map(fold, surface)))


class BrandNames:
    """All names of one brand, ready to be looked up."""

    def __init__(self, brand: Brand) -> None:
        self.brand_id = brand.id
        self.case_sensitive = brand.case_sensitive
        names = {Name.of(name) for name in (brand.name, *brand.aliases)}
        self.names = sorted(names, key=lambda name: -len(name.surface))
        self.exclude = [query.phrase(phrase) for phrase in brand.exclude]

    def find(self, text: Text) -> list[tuple[TokenRange, Name]]:
        """Places that read like a name of the brand, in order; of overlapping ones the first and longest."""
        hidden = {token for phrase in self.exclude for span in phrase.spans(text) for token in range(*span)}
        kept: list[tuple[TokenRange, Name]] = []
        last_end = 0
        for span, name in sorted(self._candidates(text), key=lambda place: (place[0][0], -place[0][1])):
            if span[0] >= last_end and hidden.isdisjoint(range(*span)):
                kept.append((span, name))
                last_end = span[1]
        return kept

    def _candidates(self, text: Text) -> Iterator[tuple[TokenRange, Name]]:
        for name in self.names:
            size = len(name.folded)
            capitals = tuple(map(str.upper, name.surface))
            for start in text.index.get(name.folded[0], ()):
                end = start + size
                if tuple(text.folded[start:end]) != name.folded:
                    continue
                if not self.case_sensitive or tuple(text.surface[start:end]) in {name.surface, capitals}:
                    yield (start, end), name


class Context(NamedTuple):
    """Where a name stands."""

    text: Text
    sentence: TokenRange
    headline: bool
    language: str | None
    """ISO 639-1 code."""


def certainty(context: Context, span: TokenRange, name: Name) -> Certainty:
    """How sure the spelling at `span` makes us that this is the name and no ordinary word."""
    surface = context.text.surface[slice(*span)]
    if tuple(surface) != name.surface:  # ALL CAPS
        return "possible"
    if len(surface) > 1:
        return "sure"
    word = surface[0]
    if word.isupper():  # SAP: an ordinary word looks so only where everything is in capitals
        return "possible" if _mostly(context, span, str.isupper) else "sure"
    if not (word[:1].isupper() and word[1:].islower()):  # eBay: no ordinary word is spelled so
        return "sure"
    if context.language in _CAPITALISES_NOUNS:
        return "possible"
    if _starts(context, span[0]):
        return "sure" if not context.headline and _is_subject(context, span[0]) else "possible"
    if _capital_follows(context, span[1]) or _mostly(context, span, lambda other: other[:1].isupper()):
        return "possible"
    return "sure"


def _starts(context: Context, token: int) -> bool:
    """Whether any word would be capitalised at `token`: the first one, or after a colon or an opening quote."""
    text = context.text
    if token == context.sentence[0] or text.folded[token - 1] in _STARTERS:
        return True
    before = text.raw[max(text.starts[token] - 2, 0) : text.starts[token]]
    return before[-1:] in _OPENING_QUOTES and not before[0].isalnum()


def _is_subject(context: Context, token: int) -> bool:
    """Whether `token` is followed by a verb or the possessive 's."""
    if token + 1 >= context.sentence[1]:
        return False
    text = context.text
    between = text.raw[text.ends[token] : text.starts[token + 1]]
    following = text.folded[token + 1]
    return following in _AFTER_A_NAME if between == " " else following == "s" and between in {"'", "’"}


def _capital_follows(context: Context, token: int) -> bool:
    return token < context.sentence[1] and context.text.surface[token][:1].isupper()


def _mostly(context: Context, span: TokenRange, test: Callable[[str], bool]) -> bool:
    """Whether `test` holds for most longer words of the sentence, its first and the name itself aside."""
    first, last = context.sentence
    words = context.text.surface[first + 1 : max(span[0], first + 1)] + context.text.surface[span[1] : last]
    others = [test(word) for word in words if len(word) >= _LONG_WORD and word.isalpha()]
    return sum(others) * 2 > len(others)
