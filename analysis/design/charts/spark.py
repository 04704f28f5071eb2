"""A line of small columns, without axes: the shape of the last days beside a figure."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.design.charts.svg import drawing, rect
from analysis.design.colours import Ink


def spark(values: Sequence[float | None], ink: Ink, *, label: str, width: int = 96, height: int = 24) -> str:
    """One column a value, the last one strong; None leaves a gap. Values below zero hang down."""
    known = [value for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    scale = height / ((high - low) or 1)
    band = width / max(len(values), 1)
    floor = height + low * scale
    parts = []
    for place, value in enumerate(values):
        if value is not None:
            top = floor - max(value, 0) * scale
            size = max(abs(value) * scale, 1.0)
            strong = place == len(values) - 1
            parts.append(rect(place * band, min(top, height - 1), band - 1.5, size, ink.accent if strong else ink.neu))
    return drawing(width, height, label, *parts)
