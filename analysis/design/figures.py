"""Figures, days and tones in words and signs: the same in every format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

CLEAR = 0.15  # tone beyond which a mean is called good or bad
DASH = "–"
MARKS = {"pos": "▲ positive", "neg": "▼ negative", "neu": "■ neutral", "mixed": "◆ mixed"}
"""A label with its sign: never colour alone."""
# What turns text around or commands a device: C0 and C1 controls but tab and newline, and the bidirectional ones.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def day_name(day: date) -> str:
    """`13 August 2008`, the same on every system."""
    return f"{day.day} {day:%B} {day:%Y}"


def short_day(day: date) -> str:
    """`13 Aug`."""
    return f"{day.day} {day:%b}"


def moment(when: datetime | date | None) -> str:
    """Day and time, as reports print them."""
    if when is None:
        return "no date"
    return f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else f"{when:%Y-%m-%d}"


def signed(tone: float | None) -> str:
    """A tone with its sign, never `-0.00`; a dash where there is none."""
    return DASH if tone is None else f"{round(tone, 2) + 0.0:+.2f}"


def percent(share: float | None) -> str:
    """A share of 1 as whole percents; a dash where there is none."""
    return DASH if share is None else f"{share:.0%}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 story`, `2 stories`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(parts: Iterable[str], most: int = 5) -> str:
    """`a, b and c`; beyond `most` the rest is counted."""
    names = list(parts)
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def tone_word(tone: float | None) -> str:
    """How a mean tone reads: positive, negative, balanced; never a word where there is no figure."""
    if tone is None:
        return "not scored"
    return "positive" if tone > CLEAR else "negative" if tone < -CLEAR else "balanced"


def tone_class(tone: float | None) -> str:
    """pos, neu, neg, or unsure: for a colour beside the word."""
    return {"positive": "pos", "negative": "neg", "balanced": "neu"}.get(tone_word(tone), "unsure")


def mark(label: str | None) -> str:
    """`▲ positive` for a label of a mention."""
    return MARKS.get(label or "", "not scored")


def safe_url(url: str) -> str:
    """`url` where it leads to the web; an address of any other scheme leads nowhere."""
    return url if url.lower().startswith(("http://", "https://")) else "#"


def visible(text: Any, longest: int = 0) -> str:
    """Scraped text in one line without control characters; cut with a mark where it is longer than `longest`."""
    line = " ".join(_CONTROLS.sub(" ", str(text)).split())
    return f"{line[: longest - 1].rstrip()}…" if longest and len(line) > longest else line
