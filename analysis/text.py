"""Text as matching sees it: normalised once, cut into tokens that know where they stand in the original.

A token is a word (letters, marks and digits in any script), a single character of a script written without
spaces, the end of a paragraph, or any other visible character: `Wi-Fi` is `wi fi`, `15%` is `15 %`,
`Netflix’s` is `netflix s`, `U.S.` is `u . s .`. Spaces, hyphens, apostrophes and quotation marks only
separate. So a phrase runs over a hyphen or a quotation mark, never over a comma, a dash or a full stop, unless
it holds one itself, and never into the next paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

ORNAMENTS = frozenset(".,;:!?()[]{}/|–—\n")
"""Tokens that a name or a query word may begin or end with without meaning them: `Blockbuster Inc.`."""

_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe0e\ufe0f\uffa0"
"""Characters that show nothing although their category is not Cf (Unicode's Default_Ignorable_Code_Point)."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Myanmar, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han
)
_MARK = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
_WORD = rf"[^\W_{_UNSPACED}]+"
_TOKEN = re.compile(
    rf"{_WORD}(?:[{_MARK}]+(?:{_WORD})?)*"
    rf"|[{_UNSPACED}][{_MARK}]*"
    rf"""|\n|[^\s\-‐_'"`´‘’‚‛“”„‟«»‹›\x00-\x1f{_MARK}]"""
)
_CLUSTER = re.compile(rf".[{_MARK}\u1160-\u11ff]*", re.DOTALL)  # with the jamo that Hangul decomposes into


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """One character after normalisation: NFKC, without format characters (soft hyphen, zero-width, BOM).

    Superscripts become spaces: in `Netflix™` and `Netflix²` they are no part of the name.
    """
    if char in "\n\r\u2028\u2029":
        return "\n"
    if char.isspace() or unicodedata.decomposition(char).startswith("<super>"):
        return " "
    if unicodedata.category(char) in {"Cf", "Cc"} or char in _INVISIBLE:
        return ""
    return unicodedata.normalize("NFKC", char)


def _compose(cluster: str) -> str:
    return unicodedata.normalize("NFKC", "".join(map(_plain, unicodedata.normalize("NFC", cluster))))


def normalise(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """`text` in NFKC without format characters, and where each of its characters starts and ends in `text`.

    Case is kept. Standard: UAX #15; combining sequences are composed, so that decomposed text (as macOS
    writes it) compares equal.
    """
    changes = {char: plain for char in set(text) if (plain := _plain(char)) != char}
    composed = unicodedata.is_normalized("NFC", text)
    if composed and all(len(plain) == 1 for plain in changes.values()):
        return (
            text.translate({ord(char): plain for char, plain in changes.items()}),
            range(len(text)),
            range(1, len(text) + 1),
        )
    odd = re.compile(f"[{re.escape(''.join(changes))}]") if composed else _CLUSTER
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for match in odd.finditer(text):
        start, end = match.span()
        piece = _compose(match[0])
        pieces += text[last:start], piece
        starts += *range(last, start), *[start] * len(piece)
        ends += *range(last + 1, start + 1), *[end] * len(piece)
        last = end
    pieces.append(text[last:])
    return "".join(pieces), [*starts, *range(last, len(text))], [*ends, *range(last + 1, len(text) + 1)]


def fold(word: str) -> str:
    """Normalised `word` without case (Unicode casefold)."""
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word.casefold())


def tokens(text: str) -> list[str]:
    """The tokens of a name, case kept, without the punctuation at either end.

    >>> tokens("Blockbuster Inc."), tokens("Disney+"), tokens("15%")
    (['Blockbuster', 'Inc'], ['Disney', '+'], ['15', '%'])
    """
    found = Text(text).surface
    while found and found[-1] in ORNAMENTS:
        found.pop()
    while found and found[0] in ORNAMENTS:
        found.pop(0)
    return found


class Text:
    """One or more strings, read as tokens once, so that many names and queries can look things up quickly.

    `Text(title, body)`: no phrase runs from one string into the next. Building is linear in the length.
    """

    def __init__(self, *parts: str) -> None:
        self.raw = "\n".join(parts)
        """The strings, joined by a newline; all offsets count its characters."""
        plain, starts, ends = normalise(self.raw)
        found = [match.span() for match in _TOKEN.finditer(plain)]
        self.surface = [plain[start:end] for start, end in found]
        """Tokens with their case, normalised."""
        self.folded = [fold(word) for word in self.surface]
        """Tokens without case."""
        self.starts = [starts[start] for start, _ in found]
        self.ends = [ends[end - 1] for _, end in found]
        """Where each token stands in `raw`."""

    @cached_property
    def index(self) -> dict[str, list[int]]:
        """Folded token -> its positions among the tokens, ascending."""
        index: dict[str, list[int]] = {}
        for position, token in enumerate(self.folded):
            index.setdefault(token, []).append(position)
        return index

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(self.index)

    def with_prefix(self, prefix: str) -> Iterator[str]:
        """The different folded tokens that begin with `prefix`."""
        for place in range(bisect_left(self._vocabulary, prefix), len(self._vocabulary)):
            if not self._vocabulary[place].startswith(prefix):
                return
            yield self._vocabulary[place]
