"""Native charts of the workbook: they can be changed, copied into slides and follow the cells."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.design.colours import LIGHT
from analysis.design.figures import visible
from analysis.report.model import CLASSES, Report

_HATCHED = {"unsure": "wide_upward_diagonal", "gap": "light_downward_diagonal"}
_FONT = {"color": LIGHT.soft, "size": 9}


def place(book: Workbook, sheet: Worksheet, report: Report) -> None:
    """Volume, share of voice and tone by tier, below the strip of figures."""
    top = 7 + len(report.tiles)
    if report.days:
        sheet.insert_chart(top, 0, _volume(book, report), {"description": "Stories per day by tone"})
    if any(brand.stories for brand in report.brands):
        sheet.insert_chart(top + 17, 0, _voice(book, report), {"description": "Share of voice by stories"})
    if report.tiers:
        sheet.insert_chart(top + 17, 3, _tiers(book, report), {"description": "Tone by tier of outlet"})


def _volume(book: Workbook, report: Report) -> Any:
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    last = len(report.days)
    classes = CLASSES if all(day.collected for day in report.days) else {**CLASSES, "gap": "not collected"}
    for column, (colour, name) in enumerate(classes.items(), 1):
        chart.add_series({"name": name, "categories": ["Days", 1, 0, last, 0], "gap": 40,
                          "values": ["Days", 1, column, last, column], **_fill(colour)})  # fmt: skip
    chart.set_x_axis({"date_axis": True, "num_format": "d mmm", "num_font": _FONT, "line": {"color": LIGHT.soft}})
    return _dressed(chart, f"Stories on {visible(report.brand)} per day, by tone", 1080, 320)


def _voice(book: Workbook, report: Report) -> Any:
    chart = book.add_chart({"type": "bar"})
    last = len(report.brands)
    points = [{"fill": {"color": LIGHT.brand(n)}} for n in range(last)]
    chart.add_series({"name": "share of voice", "categories": ["Brands", 1, 0, last, 0], "points": points, "gap": 50,
                      "values": ["Brands", 1, 3, last, 3],
                      "data_labels": {"value": True, "num_format": "0%", "font": _FONT}})  # fmt: skip
    chart.set_y_axis({"reverse": True, "num_font": _FONT})
    chart.set_x_axis({"num_format": "0%", "visible": False, "major_gridlines": {"visible": False}})
    return _dressed(chart, "Share of voice, by unique stories", 580, 260, legend=False)


def _tiers(book: Workbook, report: Report) -> Any:
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    last = len(report.tiers)
    for column, (colour, name) in enumerate(CLASSES.items(), 1):
        chart.add_series({"name": name, "categories": ["Tiers", 1, 0, last, 0], "gap": 50,
                          "values": ["Tiers", 1, column, last, column], "data_labels": {"value": True},
                          **_fill(colour)})  # fmt: skip
    chart.set_y_axis({"reverse": True, "num_font": _FONT})
    chart.set_x_axis({"num_format": "0%", "num_font": _FONT, "major_gridlines": {"visible": False}})
    return _dressed(chart, "Tone by tier of outlet", 500, 260)


def _fill(colour: str) -> dict[str, Any]:
    """What is unsure or missing is hatched."""
    if colour in _HATCHED:
        return {"pattern": {"pattern": _HATCHED[colour], "fg_color": LIGHT.soft, "bg_color": LIGHT.paper}}
    return {"fill": {"color": getattr(LIGHT, colour)}}


def _dressed(chart: Any, title: str, width: int, height: int, *, legend: bool = True) -> Any:
    chart.set_title({"name": title, "name_font": {"size": 12, "color": LIGHT.ink}, "overlay": False})
    chart.set_legend({"position": "top", "font": _FONT} if legend else {"none": True})
    chart.set_size({"width": width, "height": height})
    chart.set_chartarea({"border": {"none": True}})
    return chart
