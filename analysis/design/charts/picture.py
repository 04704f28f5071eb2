"""SVG as PNG, for mail programs, which show no SVG."""

from __future__ import annotations

import resvg_py

from analysis.design.fonts import FAMILY, paths


def png(svg: str, *, background: str, zoom: float = 2.0) -> bytes:
    """The picture at `zoom` times its size, drawn without a browser, in our own font.

    svg: with colours written out (`LIGHT`), because no style sheet is at hand
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, background=background, zoom=zoom, skip_system_fonts=True, font_files=paths(),
            font_family=FAMILY, sans_serif_family=FAMILY,
        )
    )  # fmt: skip
