"""Charts as SVG, drawn by Vega-Altair and vl-convert; no browser, no network.

Colours are from Okabe and Ito's set that colour-blind readers can tell apart (jfly.uni-koeln.de/color); position and
labels say the same again. Ink and grid are mid-greys that show on light and on dark paper.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from html import escape
from typing import Any

import altair as alt
import vl_convert

from analysis.report.model import Report

_TONES = {"positive": "#0072B2", "neutral": "#999999", "abstained": "#C9C9C9", "negative": "#D55E00"}
_BRANDS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]
_INK, _GRID = "#7A7A7A", "#8886"
_WIDTH, _HEIGHT = 880, 200


def volume(report: Report) -> str:
    """Mentions of our brand per day, stacked by tone; days that were not collected are shaded."""
    ours = next(b.brand_id for b in report.brands if b.ours)
    order = list(_TONES)
    rows = [
        {"day": _start(row["day"]), "tone": tone, "mentions": row[tone], "order": order.index(tone)}
        for row in report.days.dicts()
        if row["brand_id"] == ours
        for tone in order
    ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(width={"band": 0.8})
        .encode(
            x=_days(report),
            y=alt.Y("mentions:Q", title="mentions", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("tone:N", title=None, scale=alt.Scale(domain=order, range=list(_TONES.values()))),
            order=alt.Order("order:Q"),
        )
    )
    return _svg(_layers(report, bars), f"Mentions of {report.brand} per day by tone")


def tone(report: Report) -> str:
    """Net tone per day toward each brand: a point a day, larger with more stories; zero is drawn."""
    rows = [
        {"day": _start(row["day"]), "brand": report.brand_names.get(row["brand_id"], row["brand_id"]),
         "net tone": row["net_tone"], "stories": row["stories"]}
        for row in report.days.dicts()
        if row["net_tone"] is not None
    ]  # fmt: skip
    names = [b.name for b in report.brands]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=_days(report),
        y=alt.Y("net tone:Q", title="net tone", scale=alt.Scale(domain=[-1, 1])),
        color=alt.Color("brand:N", title=None, scale=alt.Scale(domain=names, range=_BRANDS)),
    )
    points = base.mark_point(filled=True, opacity=0.9).encode(
        size=alt.Size("stories:Q", legend=None, scale=alt.Scale(range=[30, 300])),
        shape=alt.Shape("brand:N", title=None, scale=alt.Scale(domain=names)),
    )
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=_INK).encode(y="zero:Q")
    return _svg(_layers(report, base.mark_line(opacity=0.35), points, zero), "Net tone per day toward each brand")


def share_of_voice(report: Report) -> str:
    """Stories of each brand as one bar of 100%."""
    names = [b.name for b in report.brands]
    rows = [
        {"brand": b.name, "share": b.share, "label": f"{b.name} {b.share:.0%}", "order": n}
        for n, b in enumerate(report.brands)
        if b.stories
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("share:Q", stack="normalize", title=None, axis=alt.Axis(format="%")),
        order=alt.Order("order:Q"),
    )
    bars = base.mark_bar(height=34).encode(
        color=alt.Color("brand:N", title=None, scale=alt.Scale(domain=names, range=_BRANDS))
    )
    return _svg(bars.properties(width=_WIDTH, height=44), "Share of voice by unique stories")


def _days(report: Report) -> Any:
    last = report.until + timedelta(days=1)
    domain = [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in (report.since, last)]
    return alt.X("yearmonthdate(day):T", title=None, scale=alt.Scale(domain=domain), axis=alt.Axis(format="%-d %b"))


def _layers(report: Report, *charts: Any) -> Any:
    """`charts` over what was not collected and under the events."""
    gaps = [_span(day, day) for day in report.confidence.uncollected]
    events = [_span(a, b, name) for name, a, b in report.events if a <= report.until and b >= report.since]
    under: list[Any] = []
    if gaps:
        under.append(_shade(gaps, "#8884"))
    if events:
        under.append(_shade(events, "#E69F0033"))
        label = alt.Chart(alt.Data(values=events)).mark_text(align="left", dx=4, dy=8, baseline="top", color=_INK)
        charts = (*charts, label.encode(x="from:T", y=alt.value(0), text="name:N"))
    return alt.layer(*under, *charts).properties(width=_WIDTH, height=_HEIGHT)


def _shade(rows: list[dict[str, str]], colour: str) -> Any:
    return alt.Chart(alt.Data(values=rows)).mark_rect(color=colour).encode(x="from:T", x2="to:T")


def _span(first: date, last: date, name: str = "") -> dict[str, str]:
    return {"from": _start(first), "to": _start(last + timedelta(days=1)), "name": name}


def _start(day: date) -> str:
    """With a time, because Vega reads a bare date as UTC: west of Greenwich it would be drawn on the day before."""
    return f"{day}T00:00:00"


def _svg(chart: Any, title: str) -> str:
    configured = (
        chart.configure(background="transparent", font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(labelColor=_INK, titleColor=_INK, gridColor=_GRID, domainColor=_INK, tickColor=_INK)
        .configure_legend(labelColor=_INK, orient="top")
    )
    svg = vl_convert.vegalite_to_svg(json.dumps(configured.to_dict()))
    # As wide as the page, read out by its title, and without the ids that would repeat from chart to chart.
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
