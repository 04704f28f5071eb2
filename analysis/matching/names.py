"""Where the watched names stand in a text.

A name is found as whole words: in "Netflix’s" and "anti-Netflix", not in "Pacmeworld". For a brand that is not
`case_sensitive` each such place counts. For one that is, a place in any other spelling is nothing ("a blockbuster
hit"), and how sure the others are is said by `analysis.matching.certainty`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis import query
from analysis.matching.sentences import TokenRange
from analysis.text import Text, fold, tokens
from analysis.watchlist import Brand


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
