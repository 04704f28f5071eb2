"""Charts as SVG: drawn by us, so that each mark can be a link with a title, follow light and dark, and be hatched.

Every chart takes its figures, its colours (`Ink`) and a width; it returns markup that is safe to place in HTML.
"""

from analysis.design.charts.picture import png
from analysis.design.charts.shares import Bar, Segment, bars
from analysis.design.charts.spark import spark
from analysis.design.charts.volume import Column, Mark, volume

__all__ = ["Bar", "Column", "Mark", "Segment", "bars", "png", "spark", "volume"]
