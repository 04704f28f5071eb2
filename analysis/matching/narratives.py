"""The few themes of a crisis, by terms that anybody can read: which of them each sentence on a brand belongs to.

The terms lie in narratives.toml beside this file, and may be added to in the watchlist. A sentence that names two
watched brands is also about rivals, whatever its words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from analysis import query
from analysis.matching.sentences import Sentence, TokenRange, holding
from analysis.text import Text
from analysis.watchlist import Narrative

RIVALS = "rivals"


@cache
def built_in() -> tuple[Narrative, ...]:
    """The themes of narratives.toml, in its order."""
    tables = tomllib.loads(Path(__file__).with_name("narratives.toml").read_text("utf-8"))["narratives"]
    return tuple(Narrative.model_validate(table) for table in tables)


def themes(own: Iterable[Narrative]) -> dict[str, tuple[str, ...]]:
    """Phrases by theme: the built-in ones, with those of the watchlist added."""
    found: dict[str, tuple[str, ...]] = {}
    for narrative in (*built_in(), *own):
        found[narrative.id] = (*found.get(narrative.id, ()), *narrative.phrases)
    return found


class Narratives:
    """Finds themes in articles. Built once; keeps nothing between articles."""

    def __init__(self, own: Iterable[Narrative]) -> None:
        self._phrases = {theme: [query.phrase(words) for words in phrases] for theme, phrases in themes(own).items()}

    def find(
        self, text: Text, sentences: Sequence[Sentence], named: Mapping[tuple[Sentence, str], Sequence[TokenRange]]
    ) -> dict[Sentence, tuple[str, ...]]:
        """The themes of each sentence that names a brand, in the order of the terms."""
        brands: dict[Sentence, set[str]] = {}
        for sentence, brand_id in named:
            brands.setdefault(sentence, set()).add(brand_id)
        found: dict[Sentence, dict[str, None]] = {}
        for theme, phrases in self._phrases.items():
            places = [place for phrase in phrases for place in phrase.spans(text)]
            about = {
                sentence
                for place, sentence in zip(places, holding(sentences, places), strict=True)
                if place[1] <= sentence.tokens[1]
            }
            if theme == RIVALS:
                about |= {sentence for sentence, ids in brands.items() if len(ids) > 1}
            for sentence in about & brands.keys():
                found.setdefault(sentence, {})[theme] = None
        return {sentence: tuple(told) for sentence, told in found.items()}
