"""Words that only look like a watched name: `N\u0435tflix` with a Cyrillic letter.

They are no mentions: whoever writes so wants to be seen by people and not by monitors, or to cheat people. So they
are told, for somebody to look at. What counts is a word that mixes scripts (UTS #39, section 5.1), or is written in
small capitals, and reads as a name once each letter is replaced by the Latin one that it looks like. A word that is
Cyrillic or Greek throughout is an ordinary word of these languages. Wide, bold and accented forms of Latin letters are
no matter of this module: `analysis.text` reads them as the letters that they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analysis.matching.names import Name
from analysis.text import Text, fold
from analysis.watchlist import Watchlist

_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
_OTHER_SCRIPTS = dict(
    zip(
        "аеорсухіјѕһԁԛԝӏгтмнквАВЕКМНОРСТУХІЈЅԌԚԜӀ" + "αοορνικυγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "աօսցհոԼ",
        "aeopcyxijshdqwlrtmhkbABEKMHOPCTYXIJSGQWI" + "aoopvikuyABEZHIKMNOPTYX" + "woughnL",
        strict=True,
    )
)
"""Cyrillic, Greek, Armenian, by Unicode's confusables.txt; г, т, м, н, к, в and κ by their shape in print."""
LETTERS = frozenset(_SMALL_CAPITALS) | frozenset(_OTHER_SCRIPTS)
_LATIN = str.maketrans({**_SMALL_CAPITALS, **_OTHER_SCRIPTS})
_WORD = re.compile(r"\w+")


def read_as_latin(word: str) -> str | None:
    """What a word looks like, where it mixes scripts or is in small capitals; None for any other word."""
    if word.isascii() or LETTERS.isdisjoint(word):
        return None
    plain = word.translate(_LATIN)
    mixed = any("a" <= letter.lower() <= "z" for letter in word) or not frozenset(_SMALL_CAPITALS).isdisjoint(word)
    return plain if mixed and plain.isascii() else None


def words_read_as_latin(text: str) -> Iterator[str]:
    """What the suspicious words of a text look like."""
    return (plain for word in set(_WORD.findall(text)) if (plain := read_as_latin(word)))


class Lookalikes:
    """Searches texts for words that look like the names of a watchlist. Built once."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._names = [
            (Name.of(name), brand.case_sensitive) for brand in watchlist.brands for name in (brand.name, *brand.aliases)
        ]

    def find(self, *parts: str) -> list[str]:
        """The places in title and body, as they stand there, in order."""
        if all(map(LETTERS.isdisjoint, parts)):
            return []
        text = Text(*parts)
        surface = list(text.surface)
        odd = {place: plain for place, word in enumerate(surface) if (plain := read_as_latin(word))}
        for place, plain in odd.items():
            surface[place] = plain
        spans = sorted({span for place in odd for span in self._around(place, surface)})
        return [text.raw[text.starts[start] : text.ends[end - 1]] for start, end in spans]

    def _around(self, place: int, surface: list[str]) -> Iterable[tuple[int, int]]:
        for name, case_sensitive in self._names:
            wanted = name.surface if case_sensitive else name.folded
            for start in range(max(0, place - len(wanted) + 1), place + 1):
                said = surface[start : start + len(wanted)]
                if tuple(said if case_sensitive else map(fold, said)) == wanted:
                    yield start, start + len(wanted)
