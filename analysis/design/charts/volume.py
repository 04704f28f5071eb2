"""Columns over time: stacked by tone, with the band of a usual day, hatched gaps and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.design.charts.svg import drawing, fill, hatchings, legend, length, line, rect, text, ticks, titled
from analysis.design.colours import Ink

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 276, 66, 26, 30, 14


@dataclass(frozen=True)
class Column:
    """One day, or hour."""

    label: str
    """For the axis: `13 Aug`."""
    title: str
    """All that the column says, in words."""
    counts: dict[str, int] = field(default_factory=dict)
    """From the bottom up; the keys are names of `Ink`'s colours."""
    collected: bool = True
    usual: tuple[float, float, float] | None = None
    """Lowest, middle and highest of a usual day."""
    href: str | None = None

    @property
    def total(self) -> int:
        """Height of the whole column."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Mark:
    """Something that happened from column `first` to column `last`, both included."""

    label: str
    first: int
    last: int
    href: str | None = None


def volume(columns: Sequence[Column], names: dict[str, str], ink: Ink, *, label: str, unit: str = "stories a day",
           marks: Sequence[Mark] = (), width: int = 1000, key: str = "v") -> str:  # fmt: skip
    """The chart. names: colour -> what it stands for, in the order of the stack; key: makes ids unique on a page."""
    highest = max([1.0, *(c.total for c in columns), *(c.usual[2] for c in columns if c.usual)])
    steps = ticks(highest)
    floor = _HEIGHT - _BOTTOM
    scale = (floor - _TOP) / steps[-1]
    band = (width - _LEFT - _RIGHT) / max(len(columns), 1)
    plot = _Plot(columns, names, ink, floor, scale, band, key)
    size = 12 if width > 500 else 11
    swatches = list(names.items())
    swatches += [("usual", "usual day")] * any(c.usual for c in columns)
    swatches += [("gap", "not collected")] * any(not c.collected for c in columns)
    return drawing(
        width, _HEIGHT, label, hatchings(ink, key), legend(swatches, ink, width, size, key),
        plot.usual(),
        *(plot.event(mark, size, width) for mark in marks),
        *(line(_LEFT, floor - step * scale, width - _RIGHT, floor - step * scale, ink.line) for step in steps[1:]),
        *(text(_LEFT - 6, floor - step * scale + 4, str(step), ink.soft, size, text_anchor="end") for step in steps),
        text(0, _TOP - 8, unit, ink.soft, size),
        *(plot.column(place) for place in range(len(columns))),
        line(_LEFT, floor, width - _RIGHT, floor, ink.soft),
        plot.peak(size), plot.axis(size),
        links=any(c.href for c in columns),
    )  # fmt: skip


@dataclass(frozen=True)
class _Plot:
    columns: Sequence[Column]
    names: dict[str, str]
    ink: Ink
    floor: float
    scale: float
    band: float
    key: str

    def x(self, place: float) -> float:
        """Left edge of a column's band."""
        return _LEFT + place * self.band

    def column(self, place: int) -> str:
        """The stack, as one thing to point at as high as the chart."""
        column, gap = self.columns[place], min(self.band * 0.22, 6)
        x, width, top = self.x(place) + gap / 2, self.band - gap, self.floor
        drawn = [rect(self.x(place), _TOP, self.band, self.floor - _TOP, "transparent", class_="hit")]
        if not column.collected:
            drawn.append(rect(self.x(place), _TOP, self.band, self.floor - _TOP, fill("gap", self.ink, self.key)))
        for colour in self.names:
            height = column.counts.get(colour, 0) * self.scale
            top -= height
            drawn.append(rect(x, top, width, height, fill(colour, self.ink, self.key)))
            if colour == "unsure" and height:
                drawn.append(rect(x, top, width, height, "none", stroke=self.ink.soft, stroke_width=0.8))
        return titled(column.title, *drawn, href=column.href)

    def usual(self) -> str:
        """The band from lowest to highest, with its middle."""
        parts = []
        for place, column in enumerate(self.columns):
            if column.usual:
                low, middle, high = (self.floor - value * self.scale for value in column.usual)
                parts.append(rect(self.x(place), high, self.band + 0.3, low - high, self.ink.usual))
                parts.append(line(self.x(place), middle, self.x(place + 1), middle, self.ink.neu, stroke_width=1.2))
        return "".join(parts)

    def event(self, mark: Mark, size: float, width: int) -> str:
        """A shaded band with a flag; its name stays inside the picture."""
        x, end = self.x(mark.first), self.x(mark.last + 1)
        at_left = x + length(mark.label, size) < width - _RIGHT
        name = text(
            x if at_left else end, _TOP - 22, mark.label, self.ink.amber, size, bold=True,
            text_anchor=None if at_left else "end",
        )  # fmt: skip
        shade = rect(x, _TOP - 16, end - x, self.floor - _TOP + 16, self.ink.event, fill_opacity=0.75)
        return titled(mark.label, shade, line(x, _TOP - 16, end, _TOP - 16, self.ink.amber, stroke_width=2), name)

    def peak(self, size: float) -> str:
        """The highest column carries its number."""
        place = max(range(len(self.columns)), key=lambda n: self.columns[n].total, default=0)
        if not self.columns or not self.columns[place].total:
            return ""
        total = self.columns[place].total
        middle = self.x(place) + self.band / 2
        return text(middle, self.floor - total * self.scale - 5, str(total), self.ink.ink, size, bold=True,
                    text_anchor="middle")  # fmt: skip

    def axis(self, size: float) -> str:
        """As many labels as fit."""
        room = max((length(c.label, size) for c in self.columns), default=0) + 14
        every = max(1, int(room // self.band) + 1)
        end = self.x(len(self.columns)) + _RIGHT
        parts = []
        for place in range((len(self.columns) - 1) % every, len(self.columns), every):
            middle = min(self.x(place) + self.band / 2, end - (room - 14) / 2)
            words = self.columns[place].label
            if middle > room / 2:
                parts.append(text(middle, _HEIGHT - 8, words, self.ink.soft, size, text_anchor="middle"))
        return "".join(parts)
