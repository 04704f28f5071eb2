"""Whether words that stand in each other's place say different things: other numbers, other names, the contrary.

"Profits rose 12%" and "profits fell 12%" are alike to every measure of similar words (faults.md, D4). Here the words
that were exchanged decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import Indel

Side = tuple[int, int]
"""An axis of opposites.txt, and which of its two sides."""

_SAME_WORD = 0.7  # Zelensky and Zelenskyy, Calif. and California, a typing error
_WORDS_OF_A_DENIAL = 2  # "did not" for "did"; where more is left out it was a remark
_SHORTEST_ROOT = 4  # "able", "safe"; shorter ones are other words: "under" and "der"
_PREFIXES = (  # and what it stands in the place of
    *((prefix, "") for prefix in ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti")),
    *(("down", "up"), ("under", "over"), ("out", "in"), ("post", "pre"), ("anti", "pro"), ("de", "in")),
)
_NO = frozenset("not no never nor cannot nicht kein keine keinen nie pas jamais nunca non niet geen".split())
_NUMBER_WORDS = {
    word: str(number)
    for words in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "half once twice thrice",
    )
    for number, word in enumerate(words.split())
}


class Difference(Enum):
    """What an exchange of words changes."""

    NOTHING = 0
    """Words put in or left out, or spelled another way."""
    WORD = 1
    NUMBER = 2
    NAME = 3
    CONTRARY = 4


def difference(one: Sequence[str], other: Sequence[str], is_name: Callable[[str], bool]) -> Difference:
    """What it changes to write `other` in the place of `one`, words without case; one of them may be empty."""
    if _contrary(one, other):
        return Difference.CONTRARY
    denied = _denies(one, other) != _denies(other, one)
    one, other = _without_alike(one, other), _without_alike(other, one)
    if denied and abs(len(one) - len(other)) <= _WORDS_OF_A_DENIAL:
        return Difference.CONTRARY
    numbers, other_numbers = _numbers(one), _numbers(other)
    if numbers and other_numbers:
        return Difference.NOTHING if numbers == other_numbers else Difference.NUMBER
    if not one or not other:
        return Difference.NOTHING
    return Difference.NAME if any(map(is_name, one)) and any(map(is_name, other)) else Difference.WORD


def _without_alike(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """Without what is only spelled another way, or begins another as an abbreviation does; numbers stay."""
    return [word for word in words if not any(_alike(word, other) for other in others)]


def _alike(one: str, other: str) -> bool:
    if one[0] != other[0] or any(map(str.isdigit, one + other)):
        return False
    return one.startswith(other) or other.startswith(one) or Indel.normalized_similarity(one, other) >= _SAME_WORD


def _denies(words: Sequence[str], others: Sequence[str]) -> bool:
    """`didn t` is how "didn't" reads without its apostrophe; a denial that is only misspelled is one in both."""
    return any(
        (word in _NO and not any(_misspelled(word, other) for other in others)) or (word == "t" and place > 0)
        for place, word in enumerate(words)
    )


def _misspelled(word: str, other: str) -> bool:
    near = word[0] == other[0] and abs(len(word) - len(other)) <= 1
    return near and Indel.normalized_similarity(word, other) > _SAME_WORD


def _contrary(one: Sequence[str], other: Sequence[str]) -> bool:
    if any(_negates(word, another) or _negates(another, word) for word in one for another in other):
        return True
    opposite = {(axis, 1 - side) for word in one for axis, side in _sides(word)}
    return any(side in opposite for word in other for side in _sides(word))


def _negates(word: str, other: str) -> bool:
    """Whether `word` is `other` with a prefix, or one ending for another, that makes the contrary of it."""
    if len(other) < _SHORTEST_ROOT or len(word) < _SHORTEST_ROOT:
        return False
    for prefix, instead in _PREFIXES:
        if word.startswith(prefix) and word[len(prefix) :] == other.removeprefix(instead) and other.startswith(instead):
            return True
    return word.endswith("less") and other in {word[:-4] + "ful", word[:-4]}


def _numbers(words: Sequence[str]) -> str:
    """Their digits in a row, so that 1,000 and 1000, two and 2 are the same."""
    return "".join(re.sub(r"\D", "", _NUMBER_WORDS.get(word, word)) for word in words)


@cache
def _axes() -> tuple[dict[str, frozenset[Side]], tuple[tuple[str, Side], ...]]:
    """Whole words with their sides, and beginnings of words with theirs."""
    whole: dict[str, set[Side]] = {}
    beginnings: list[tuple[str, Side]] = []
    lines = files("analysis.stories").joinpath("opposites.txt").read_text("utf8").splitlines()
    for axis, line in enumerate(line for line in lines if line and line[0] != "#"):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                if word[-1] == "*":
                    beginnings.append((word[:-1], (axis, side)))
                else:
                    whole.setdefault(word, set()).add((axis, side))
    return {word: frozenset(sides) for word, sides in whole.items()}, tuple(beginnings)


@lru_cache(maxsize=4096)
def _sides(word: str) -> frozenset[Side]:
    whole, beginnings = _axes()
    return whole.get(word, frozenset()) | {side for beginning, side in beginnings if word.startswith(beginning)}
