"""Native charts of the slides: a click opens their figures in a sheet."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import ChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_PATTERN
from pptx.util import Length, Pt

from analysis.design.colours import LIGHT
from analysis.design.figures import visible
from analysis.report import claims
from analysis.report.model import CLASSES, Report
from analysis.report.slide_shapes import FONT, Slide, rgb

_HATCHED = {"unsure": MSO_PATTERN.WIDE_UPWARD_DIAGONAL, "gap": MSO_PATTERN.LIGHT_DOWNWARD_DIAGONAL}


def volume(slide: Slide, report: Report, x: Length, y: Length, wide: Length, high: Length) -> None:
    """Stories per day, stacked by tone."""
    data = ChartData()
    data.categories = [day.day for day in report.days]
    for colour, name in CLASSES.items():
        data.add_series(name, [day.classes[colour] for day in report.days])
    if any(not day.collected for day in report.days):
        height = max(1, *(day.stories for day in report.days))
        data.add_series("not collected", [0 if day.collected else height - day.stories for day in report.days])
    chart = _add(slide, XL_CHART_TYPE.COLUMN_STACKED, data, x, y, wide, high, claims.volume(report))
    _by_class(chart)
    chart.plots[0].gap_width = 40
    labels = chart.category_axis.tick_labels
    labels.number_format, labels.number_format_is_linked = "d mmm", False
    chart.value_axis.major_gridlines.format.line.color.rgb = rgb(LIGHT.line)
    chart.value_axis.format.line.fill.background()


def tiers(slide: Slide, report: Report, x: Length, y: Length, wide: Length, high: Length) -> None:
    """Tone by tier of outlet, each bar 100%."""
    data = ChartData()
    data.categories = [f"{tier.label} (n={tier.stories})" for tier in report.tiers]
    for colour, name in CLASSES.items():
        data.add_series(name, [tier.classes[colour] for tier in report.tiers])
    chart = _add(slide, XL_CHART_TYPE.BAR_STACKED_100, data, x, y, wide, high, claims.tone(report))
    _by_class(chart)
    _bars(chart)


def voice(slide: Slide, report: Report, x: Length, y: Length, wide: Length, high: Length) -> None:
    """Share of voice by stories."""
    told = [(place, brand) for place, brand in enumerate(report.brands)]
    data = ChartData(number_format="0%")
    data.categories = [visible(brand.name) for _, brand in told]
    data.add_series("share of voice", [brand.share for _, brand in told])
    chart = _add(slide, XL_CHART_TYPE.BAR_CLUSTERED, data, x, y, wide, high, claims.voice(report))
    chart.has_legend = False
    series = chart.plots[0].series[0]
    for number, (place, _) in enumerate(told):
        fill = series.points[number].format.fill
        fill.solid()
        fill.fore_color.rgb = rgb(LIGHT.brand(place))
    chart.plots[0].has_data_labels = True
    labels = chart.plots[0].data_labels
    labels.number_format, labels.number_format_is_linked = "0%", False
    labels.position, labels.font.size, labels.font.bold = XL_LABEL_POSITION.OUTSIDE_END, Pt(14), True
    _bars(chart)


def _add(slide: Slide, kind: Any, data: ChartData, x: Length, y: Length, wide: Length, high: Length,
         alternative: str) -> Any:  # fmt: skip
    frame: Any = slide.raw.shapes.add_chart(kind, x, y, wide, high, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", visible(alternative))  # python-pptx has no call for alt text
    chart = frame.chart
    chart.font.name, chart.font.size = FONT, Pt(12)
    chart.font.color.rgb = rgb(LIGHT.soft)
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.category_axis.format.line.color.rgb = rgb(LIGHT.soft)
    return chart


def _by_class(chart: Any) -> None:
    """The colours of CLASSES; what is unsure is hatched."""
    chart.plots[0].overlap = 100
    for colour, series in zip([*CLASSES, "gap"], chart.plots[0].series, strict=False):
        fill = series.format.fill
        if colour in _HATCHED:
            fill.patterned()
            fill.pattern = _HATCHED[colour]
            fill.fore_color.rgb, fill.back_color.rgb = rgb(LIGHT.soft), rgb(LIGHT.paper)
        else:
            fill.solid()
            fill.fore_color.rgb = rgb(getattr(LIGHT, colour))


def _bars(chart: Any) -> None:
    """Lying bars: the first on top, no scale."""
    chart.plots[0].gap_width = 60
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
