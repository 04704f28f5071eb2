"""The words of a text as grouping compares them: in order, without case and punctuation."""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib.resources import files

from analysis.text import Text

SHORT = 40
"""Words below which texts are alike by chance: "No comment." in two outlets is not one story."""

# "DUNMERE (AP) - ", "BERLIN/PARIS, 12 Aug. (dpa) –", "NEW YORK --": where the outlet says whose text it is.
_DATELINE = re.compile(
    r"^\s*(?:[^\n.!?()/]{0,40}(?:[^\W\d_]{3,5}\.[\s,]*\d{0,2}[\s,-]*){0,3}[(/][\w .,/-]{2,30}[)/]\s*[-–—:|]+\s*"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .,/'’-]{2,40}[-–—|]+\s+)"
)

_LONGEST = 50_000  # characters that are read: a live blog of a whole day is known by its beginning


class Words:
    """A text, read once; building is linear in its length."""

    def __init__(self, text: str) -> None:
        read = Text(text[:_LONGEST])
        words = [both for both in zip(read.surface, read.folded, strict=True) if both[0][0].isalnum()]
        self.surface = [surface for surface, _ in words]
        """Words as they stand in the text, normalised."""
        self.folded = [folded for _, folded in words]
        """The same words without case."""

    def __len__(self) -> int:
        return len(self.folded)

    @cached_property
    def small(self) -> frozenset[str]:
        """Words that stand somewhere with a small letter, and so are no names."""
        return frozenset(word for word, seen in zip(self.folded, self.surface, strict=True) if seen[0].islower())

    def runs(self, size: int) -> list[str]:
        """Every run of `size` words, in order; of a shorter text the whole, of an empty one nothing."""
        words = self.folded
        if len(words) < size:
            return [" ".join(words)] if words else []
        return list(map(" ".join, zip(*(words[start:] for start in range(size)), strict=False)))


def comparable(title: str, body: str) -> Words:
    """The text that copies are recognised by: the body without its dateline, and with a short one its headline."""
    words = Words(_DATELINE.sub("", body))
    return words if len(words) >= SHORT else Words(f"{title}\n{body}")


@cache
def common(language: str | None = None) -> frozenset[str]:
    """Words that say nothing about what a text is about (common.txt): those of a language (ISO 639-1), none for one
    that we have no list for; of all languages where none is given."""
    lines = files("analysis.stories").joinpath("common.txt").read_text("utf8").splitlines()
    lists = [line.split() for line in lines if line and line[0] != "#"]
    return frozenset(word for name, *words in lists if language in (None, name) for word in words)
