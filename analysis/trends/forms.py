"""An answer's rows as text for programs: json, jsonl, csv; for the commands and for the page."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TextIO

from analysis.trends.question import Answer

# OWASP ASVS 5.0, 1.2.10: a cell of scraped text must not become a formula when a spreadsheet opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def write_csv(answer: Answer, out: TextIO) -> None:
    """Comma-separated values (RFC 4180) with a line of names."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([safe_cell(value) for value in row] for row in answer.rows)


def write_json(answer: Answer, out: TextIO) -> None:
    """One array of objects."""
    print(json.dumps(_strict(answer.dicts()), default=_plain, ensure_ascii=False, indent=2), file=out)


def write_jsonl(answer: Answer, out: TextIO) -> None:
    """One object a line."""
    for row in answer.dicts():
        print(json.dumps(_strict(row), default=_plain, ensure_ascii=False), file=out)


WRITERS: dict[str, Callable[[Answer, TextIO], None]] = {"json": write_json, "jsonl": write_jsonl, "csv": write_csv}
"""By the name of the format."""


def safe_cell(value: object) -> str:
    """One CSV cell: text that a spreadsheet would compute is preceded by an apostrophe.

    A lone carriage return becomes a line feed: Python's csv leaves it unquoted, so that it would begin a row.
    """
    text = "" if value is None else value if isinstance(value, str) else _plain(value)
    mark = "'" if isinstance(value, str | Sequence | dict) and text.startswith(_FORMULA) else ""
    return mark + text.replace("\r\n", "\n").replace("\r", "\n")


def _strict(value: Any) -> Any:
    """`value` as RFC 8259 can say it: keys are text, and what is no number is null."""
    if isinstance(value, dict):
        return {str(key): _strict(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ";".join(map(str, value))
    return str(value)
