"""Colours by what they mean, on light and on dark paper.

Blue against orange for tone, told apart by all common forms of colour blindness (Okabe and Ito,
jfly.uni-koeln.de/color); a sign, a word or a hatching says the same again. Text colours reach 4.5:1 on their
paper, marks 3:1 (WCAG 2.2, 1.4.3 and 1.4.11): tests/analysis/design/test_colours.py counts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

_BLACK, _WHITE = "#14202b", "#ffffff"
_PAPERS = {"paper", "wash", "ink", "line", "event", "gap", "usual"}
"""Nothing is written on these but in ink."""


@dataclass(frozen=True)
class Ink:
    """A colour for each meaning, as SVG and CSS write it."""

    paper: str
    wash: str
    """Behind what belongs together."""
    ink: str
    soft: str
    """Text of second rank, axis labels."""
    line: str
    """Rules and grids."""
    accent: str
    """Links, what can be opened."""
    pos: str
    neu: str
    neg: str
    unsure: str
    """Mentions that no scorer was sure of."""
    good: str
    amber: str
    red: str
    event: str
    """Behind the days of an event."""
    gap: str
    """Hatching where nothing was collected."""
    usual: str
    """The band of a usual day."""
    brand0: str
    """Ours; rivals follow."""
    brand1: str
    brand2: str
    brand3: str
    brand4: str
    brand5: str

    def brand(self, place: int) -> str:
        """The colour of the brand at `place`; those after the sixth share the last."""
        colour: str = getattr(self, f"brand{min(place, 5)}")
        return colour

    def on(self, name: str) -> str:
        """The colour of text on the colour `name`: black or white, whichever can be read better."""
        colour: str = getattr(self, name)
        if colour.startswith("var("):
            return f"var(--on-{name})"
        return max(_BLACK, _WHITE, key=lambda text: contrast(text, colour))


LIGHT = Ink(
    paper="#ffffff", wash="#f4f6f7", ink="#14202b", soft="#55626e", line="#dce1e5", accent="#0b5c6b", pos="#1667ad",
    neu="#87929d", neg="#b84a00", unsure="#b9c1c8", good="#1c6b45", amber="#855600", red="#b3261e", event="#fbeed3",
    gap="#9aa5af", usual="#e6ebee", brand0="#123a5a", brand1="#c57500", brand2="#007d62", brand3="#a8528b",
    brand4="#3d8fca", brand5="#67727c",
)  # fmt: skip
DARK = Ink(
    paper="#11171d", wash="#19212a", ink="#e8edf1", soft="#a3afba", line="#2c3742", accent="#6cc5d4", pos="#6bb1ee",
    neu="#7d8894", neg="#ff9a5a", unsure="#4d5863", good="#77cd9c", amber="#efb74c", red="#ff8d85", event="#33290f",
    gap="#5d6873", usual="#26303a", brand0="#8ec4f0", brand1="#f0a63a", brand2="#3fc1a1", brand3="#d98dc0",
    brand4="#56a9df", brand5="#8b96a1",
)  # fmt: skip
SCREEN = Ink(**{field.name: f"var(--{field.name})" for field in fields(Ink)})
"""The variables of `css_variables`, so that one drawing serves light and dark."""


def css_variables() -> str:
    """Custom properties for both schemes; paper is always light."""
    light, dark = _properties(LIGHT), _properties(DARK)
    return (
        f":root{{color-scheme:light dark;{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def _properties(ink: Ink) -> str:
    names = [field.name for field in fields(Ink)]
    plain = "".join(f"--{name}:{getattr(ink, name)};" for name in names)
    return plain + "".join(f"--on-{name}:{ink.on(name)};" for name in names if name not in _PAPERS)


def contrast(one: str, other: str) -> float:
    """Ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
