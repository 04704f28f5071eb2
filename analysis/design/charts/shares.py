"""Horizontal bars of 100%: share of voice, tone by tier. Diverging where there is something against something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.design.charts.svg import drawing, fill, hatchings, legend, length, line, rect, text, titled
from analysis.design.colours import Ink

_ROW, _BAR, _TOP = 38, 24, 34


@dataclass(frozen=True)
class Segment:
    """A part of a bar."""

    colour: str
    """A name of `Ink`'s."""
    share: float
    """Of the whole bar, 0 to 1."""
    label: str
    """Printed inside, where it fits."""
    title: str
    href: str | None = None


@dataclass(frozen=True)
class Bar:
    """One row."""

    label: str
    segments: tuple[Segment, ...]
    note: str = ""
    """At the right end: n, net tone."""


def bars(rows: Sequence[Bar], names: dict[str, str], ink: Ink, *, label: str, against: bool = False,
         width: int = 1000, key: str = "b") -> str:  # fmt: skip
    """The chart. against: negative parts go left of the middle, the others right of it; neutral straddles it."""
    size = 12 if width > 500 else 11
    left = max((length(row.label, size) for row in rows), default=0) + 12
    right = max((length(row.note, size) for row in rows), default=0) + 12
    room = width - left - right
    parts = []
    for place, row in enumerate(rows):
        y = _TOP + place * _ROW
        start, scale = left, room
        if against:
            start, scale = left + room / 2 - _before(row) * room / 2, room / 2
        parts.append(text(0, y + 16, row.label, ink.ink, size))
        for segment in row.segments:
            parts.append(_segment(segment, start, y, segment.share * scale, ink, size, key))
            start += segment.share * scale
        parts.append(text(width, y + 16, row.note, ink.soft, size, text_anchor="end"))
    bottom = _TOP + len(rows) * _ROW - (_ROW - _BAR) + 6
    middle = [line(left + room / 2, _TOP - 6, left + room / 2, bottom, ink.soft)] if against else []
    return drawing(
        width, bottom + 2, label, hatchings(ink, key), legend(list(names.items()), ink, width, size, key),
        *middle, *parts, links=any(s.href for row in rows for s in row.segments),
    )  # fmt: skip


def _before(row: Bar) -> float:
    """Share that lies left of the middle: all that is negative, and half of what is neutral."""
    weights = {"neg": 1.0, "neu": 0.5}
    return sum(segment.share * weights.get(segment.colour, 0.0) for segment in row.segments)


def _segment(segment: Segment, x: float, y: float, width: float, ink: Ink, size: float, key: str) -> str:
    if width <= 0:
        return ""
    border = {"stroke": ink.soft, "stroke_width": 0.8} if segment.colour == "unsure" else {}
    drawn = [rect(x, y, max(width - 1, 0.5), _BAR, fill(segment.colour, ink, key), **border)]
    if length(segment.label, size) + 8 < width and segment.colour != "unsure":
        drawn.append(
            text(x + width / 2, y + 16, segment.label, ink.on(segment.colour), size, bold=True, text_anchor="middle")
        )
    return titled(segment.title, *drawn, href=segment.href)
