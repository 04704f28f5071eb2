"""Inter, in two weights: free (OFL.txt), shipped, so that a report looks the same on every machine."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from importlib.resources import files

FAMILY = "Inter"
STACK = f'{FAMILY}, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'
"""Inter holds Latin letters; what it lacks comes from the system."""
WEIGHTS = {400: "Inter-Regular", 600: "Inter-SemiBold"}


@cache
def font(weight: int, kind: str = "woff2") -> bytes:
    """The file of a weight, as `woff2` or `ttf`."""
    return files("analysis.design").joinpath("fonts", f"{WEIGHTS[weight]}.{kind}").read_bytes()


def paths() -> list[str]:
    """Paths of the `ttf` files, for programs that draw."""
    return [str(files("analysis.design").joinpath("fonts", f"{name}.ttf")) for name in WEIGHTS.values()]


@cache
def inline_faces() -> str:
    """`@font-face` rules that hold the fonts themselves: nothing is loaded."""
    return "".join(
        f"@font-face{{font-family:{FAMILY};font-weight:{weight};font-display:swap;"
        f"src:url(data:font/woff2;base64,{b64encode(font(weight)).decode()}) format('woff2')}}\n"
        for weight in WEIGHTS
    )
