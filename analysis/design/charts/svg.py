"""The few SVG elements that charts are made of; every text and attribute is escaped."""

from __future__ import annotations

from html import escape
from math import ceil, log10

from analysis.design.colours import Ink
from analysis.design.figures import visible
from analysis.design.fonts import FAMILY

_FONT = f"{FAMILY}, system-ui, sans-serif"


def element(name: str, *inner: str, **attributes: object) -> str:
    """`<name attributes>inner</name>`; an underscore in an attribute stands for a hyphen, a trailing one for nothing.

    inner: markup, escaped already
    """
    parts = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{parts}>{''.join(inner)}</{name}>" if inner else f"<{name}{parts}/>"


def number(value: object) -> str:
    """Coordinates with one decimal; anything else as text."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def rect(x: float, y: float, width: float, height: float, fill: str, **more: object) -> str:
    """A filled rectangle; nothing where it would have no size."""
    if width <= 0 or height <= 0:
        return ""
    return element("rect", x=x, y=y, width=width, height=height, fill=fill, **more)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, **more: object) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)


def text(x: float, y: float, words: str, fill: str, size: float = 12, *, bold: bool = False, **more: object) -> str:
    """One line of text; `text_anchor` start, middle or end."""
    weight = {"font_weight": 600} if bold else {}
    return element("text", escape(visible(words), quote=False), x=x, y=y, fill=fill, font_size=size, **weight, **more)


def titled(title: str, *inner: str, href: str | None = None) -> str:
    """A group with a title that is read out and shown beside the pointer; a link where `href` is given."""
    head = element("title", escape(visible(title), quote=False))
    if href is None:
        return element("g", head, *inner)
    return element("a", head, *inner, href=href)


def hatching(name: str, colour: str, paper: str) -> str:
    """A pattern `url(#name)` of slanted lines."""
    stripe = element("path", d="M-1,1 L1,-1 M0,6 L6,0 M5,7 L7,5", stroke=colour, stroke_width=1.1)
    ground = element("rect", width=6, height=6, fill=paper)
    return element("pattern", ground, stripe, id=name, width=6, height=6, patternUnits="userSpaceOnUse")


def drawing(width: float, height: float, label: str, *inner: str, links: bool = False) -> str:
    """The whole picture. With links it is a group to step through, without it is one image with a label."""
    return element(
        "svg", *inner, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {number(width)} {number(height)}", width=width,
        height=height, role="group" if links else "img", aria_label=visible(label), font_family=_FONT,
    )  # fmt: skip


_SIGNS = {"pos": "▲", "neg": "▼"}


def fill(colour: str, ink: Ink, key: str) -> str:
    """The colour of a meaning; what is unsure and what is missing are hatched (`hatchings`)."""
    return f"url(#{key}-{colour})" if colour in {"unsure", "gap"} else str(getattr(ink, colour))


def hatchings(ink: Ink, key: str) -> str:
    """The patterns that `fill` names. key: makes ids unique on a page."""
    return element("defs", hatching(f"{key}-gap", ink.gap, "none"), hatching(f"{key}-unsure", ink.soft, ink.paper))


def legend(entries: list[tuple[str, str]], ink: Ink, width: float, size: float, key: str) -> str:
    """Swatches with their words, in one line or in two. entries: (colour, word)."""
    total = sum(length(word, size) + 34 for _, word in entries)
    half = len(entries) if total < width else (len(entries) + 1) // 2
    parts, x, y = [], 0.0, 12
    for place, (colour, word) in enumerate(entries):
        if place == half:
            x, y = 0.0, 31
        border = {"stroke": ink.soft, "stroke_width": 0.8} if colour in {"unsure", "gap"} else {}
        parts += [rect(x + 0.5, y - 11, 13, 13, fill(colour, ink, key), rx=2, **border)]
        if colour in _SIGNS:
            parts.append(text(x + 7, y - 1.5, _SIGNS[colour], ink.on(colour), 8, text_anchor="middle"))
        parts.append(text(x + 19, y, word, ink.soft, size))
        x += 19 + length(word, size) + 15
    return "".join(parts)


def length(words: str, size: float) -> float:
    """About how wide `words` are in Inter; a little too wide rather than too narrow."""
    return sum(_WIDE.get(letter, 0.58) for letter in words) * size


_WIDE = {**dict.fromkeys("ijl.,:;'|! ", 0.29), **dict.fromkeys("ftr-()", 0.37), **dict.fromkeys("mwMW", 0.88)}


def ticks(highest: float, most: int = 4) -> list[int]:
    """Whole numbers from 0 to at least `highest`, evenly spaced by 1, 2 or 5 times a power of ten."""
    rough = max(highest, 1) / most
    power = 10 ** max(0, ceil(log10(rough)) - 1) if rough > 1 else 1
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    return list(range(0, int(step * ceil(max(highest, 1) / step)) + 1, step))
