"""What is told: a title, a few lines, and for mail a page with pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal

from analysis.design.figures import day_name, plural, visible
from analysis.report import mail
from analysis.report.model import Report

Occasion = Literal["report", "alert", "failure"]
_LONGEST = 300
_ATTACHED = (".pdf", ".html")
"""Of the report's files the first of these that was written travels along."""


@dataclass(frozen=True)
class Notice:
    """One message."""

    occasion: Occasion
    key: str
    """What it is about: the same is told once to each channel."""
    title: str
    text: str
    """Lines for chats."""
    html: str = ""
    """For mail; names its pictures by `cid:NAME.png`. Empty: the text does."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """NAME -> PNG."""
    files: tuple[Path, ...] = ()


def of_report(report: Report, written: Sequence[Path]) -> Notice:
    """Three lines and a chart, the report attached."""
    made = mail.render(report)
    figures = "; ".join(f"{tile.label} {tile.value}" for tile in report.tiles[:4])
    top = report.stories[0] if report.stories else None
    told = f"Top story: {top.title} ({top.outlet}). {top.action}" if top else "No story to act on."
    files = {path.suffix: path for path in written}
    attached = next((files[suffix] for suffix in _ATTACHED if suffix in files), None)
    return Notice(
        "report", f"report:{report.until}", made.subject, _lines([report.bottom_line, figures, told]),
        made.html.replace('"cid:volume"', '"cid:volume.png"'), made.pictures, (attached,) if attached else (),
    )  # fmt: skip


def of_alert(
    alert_id: str, kind: str, subject: str, first: date, words: Iterable[str], sentences: Iterable[str]
) -> Notice:
    """One an episode: what rang, and the sentences that show why."""
    evidence = [f"“{sentence}”" for sentence in list(sentences)[:3]]
    title = visible(f"presswatch alert: {kind}, {subject}, {day_name(first)}", _LONGEST)
    return Notice("alert", f"alert:{alert_id}", title, _lines([*words, *evidence]))


def of_failure(words: str, sources: Iterable[tuple[str, str]] = ()) -> Notice:
    """What went wrong in a night, with the sources in trouble and why."""
    told = sorted(sources)
    lines = [f"{source}: {reason}" for source, reason in told]
    what = sha256("\n".join([words if not lines else "", *lines]).encode()).hexdigest()[:16]
    more = [plural(len(lines) - 10, "more source")] if len(lines) > 10 else []
    title = visible(f"presswatch: {words}", _LONGEST)
    return Notice("failure", f"failure:{what}", title, _lines([words, *lines[:10], *more]))


def _lines(parts: Iterable[str]) -> str:
    """Scraped text in lines of its own, without what could command a device."""
    return "\n".join(visible(part, _LONGEST) for part in parts)
