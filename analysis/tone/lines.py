"""`presswatch score`: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.errors import UserError
from analysis.items import Score
from analysis.tone import Scorer, Target
from analysis.tone.mask import Span

BATCH = 32
"""Lines scored at once, and so at most the lines that wait for an answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """One line of input."""

    id: Any
    """Given back as it came; null where there is none."""
    name: str
    """The target as the line, or the default, names it."""
    target: Target


def score_lines(lines: Iterable[str], scorer: Scorer, default: str | None = None) -> Iterator[str]:
    """A line {id, target, tone, label, confident, scorer, vader} for each {id, sentence, target[, start, end]}.

    `default` is the target of lines that name none. Blank lines are passed over. A sentence without a word has
    null for tone, label and vader. Raises UserError at the first line that is no such object, naming its number;
    all lines before it have been answered by then.
    """
    batch: list[Request] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            batch.append(parse(line, number, default))
        except UserError:
            yield from _answers(batch, scorer)
            raise
        if len(batch) == BATCH:
            yield from _answers(batch, scorer)
            batch = []
    yield from _answers(batch, scorer)


def parse(line: str, number: int, default: str | None = None) -> Request:
    """One line of input. Raises UserError, one line that names the line's number and what is wrong."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise UserError(f"line {number}: not JSON: {error}") from None
    if not isinstance(row, dict):
        raise UserError(f'line {number}: needs an object {{"id", "sentence", "target"}}')
    sentence, name = row.get("sentence"), row.get("target", default)
    if not isinstance(sentence, str):
        raise UserError(f"line {number}: sentence: needs a string")
    if not isinstance(name, str) or not name:
        raise UserError(f"line {number}: target: needs a name, here or as --target NAME")
    start, end = row.get("start"), row.get("end")
    if start is None and end is None:
        return Request(row.get("id"), name, Target(sentence, find(name, sentence)))
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(sentence):
        raise UserError(f"line {number}: start, end: need whole numbers, 0 <= start < end <= {len(sentence)}")
    again = find(sentence[start:end], sentence, re.NOFLAG)
    spans = ((start, end), *(span for span in again if span[1] <= start or end <= span[0]))
    return Request(row.get("id"), name, Target(sentence, spans))


def find(name: str, sentence: str, flags: re.RegexFlag = re.IGNORECASE) -> tuple[Span, ...]:
    """Where a name stands: as a whole word, else the first place where it is part of one, else nowhere."""
    whole = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", sentence, flags)
    if spans := tuple(match.span() for match in whole):
        return spans
    part = re.search(re.escape(name), sentence, flags)
    return (part.span(),) if part else ()


def _answers(batch: Sequence[Request], scorer: Scorer) -> Iterator[str]:
    scores = scorer.score([request.target for request in batch]) if batch else []
    for request, score in zip(batch, scores, strict=True):
        yield json.dumps(_answer(request, score, scorer.version), ensure_ascii=False)


def _answer(request: Request, score: Score | None, version: str) -> dict[str, Any]:
    return {
        "id": request.id,
        "target": request.name,
        "tone": score.tone if score else None,
        "label": score.label if score else None,
        "confident": score is not None and score.confident,
        "scorer": version,
        "vader": score.vader if score else None,
    }
