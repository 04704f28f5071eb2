"""Where a text is in quotation marks.

English usage: "…" or “…” within a paragraph. A quotation that goes on in the next paragraph is not closed before
it, and the next paragraph opens with a mark again. A mark that is opened and never closed otherwise is a slip or
an inch sign, and quotes nothing. Single marks ('…') are not read: they cannot be told from apostrophes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from analysis.matching.sentences import Span

_MARK = re.compile('["“”]')


def quotations(text: str) -> list[Span]:
    """Characters from each opening mark to the end of its closing one, or of the paragraph; in order, apart."""
    found: list[Span] = []
    if not _MARK.search(text):
        return found
    end = -1
    for line in text.split("\n"):
        start, end = end + 1, end + 1 + len(line)
        opened: int | None = None
        for mark in _MARK.finditer(text, start, end):
            if _opens(text, mark.start()):
                opened = mark.start()
            elif opened is not None:
                found.append((opened, mark.end()))
                opened = None
        if opened is not None and _MARK.match(text, end + 1) and _opens(text, end + 1):
            found.append((opened, end))
    return found


def _opens(text: str, at: int) -> bool:
    if text[at] != '"':
        return text[at] == "“"
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not (before.isalnum() or before in set(".,!?…%)]")) and not (after.isspace() or after == "")


def masked(text: str, quoted: Iterable[Span]) -> str:
    """`text` with a mark in place of each character that is quoted, so that only the writer's own words stand."""
    parts: list[str] = []
    done = 0
    for start, end in quoted:
        parts += text[done:start], '"' * (end - start)
        done = end
    return "".join((*parts, text[done:]))


def within(span: Span, quoted: Sequence[Span]) -> Iterator[Span]:
    """Those of the quotations that share a character with `span`."""
    for number in range(max(bisect_left(quoted, span) - 1, 0), len(quoted)):
        start, end = quoted[number]
        if start >= span[1]:
            return
        if span[0] < end:
            yield start, end


def share(text: str, sentence: Span, quoted: Sequence[Span]) -> float:
    """How many of the sentence's words are quoted, 0 to 1."""
    start, end = sentence
    inside = sum(len(text[max(a, start) : min(b, end)].split()) for a, b in within(sentence, quoted))
    return inside / max(len(text[start:end].split()), 1) if inside else 0.0
