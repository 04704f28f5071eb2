"""The report as one HTML file: no script, nothing loaded from elsewhere, scraped text escaped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.design import figures
from analysis.design.colours import LIGHT, SCREEN, Ink, css_variables
from analysis.design.fonts import inline_faces
from analysis.report import charts, claims, words
from analysis.report.method import method
from analysis.report.model import Report

SENTENCES = 500
"""Sentences in the annex of the page; the workbook has all."""


def render(report: Report, *, paper: bool = False) -> str:
    """The page, from templates/report.html. paper: without what can only be clicked, colours written out."""
    ink = LIGHT if paper else SCREEN
    clips = report.clips.dicts()[: 0 if paper else SENTENCES]
    linked = {clip["published"].date() for clip in clips}
    return environment().get_template("report.html").render(
        report=report, paper=paper, charts=_charts(report, ink, set() if paper else linked), method=method(report),
        trends={tile.label: Markup(charts.trend(tile, ink)) for tile in report.tiles}, style=_style(),
        claims=_claims(report), message_tiers=sorted({tier for row in report.messages for tier in row.tiers}),
        clips=list(_by_day(clips)), shown=len(clips),
    )  # fmt: skip


def environment() -> Environment:
    """Escapes everything; an unknown name is an error."""
    found = Environment(
        loader=PackageLoader("analysis.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    for module, names in (
        (figures, "day_name short_day signed percent plural listed safe_url moment mark tone_word tone_class visible"),
        (words, "when_changed how_scored"),
        (charts, "day_words"),
    ):
        found.filters |= {name: getattr(module, name) for name in names.split()}
    return found


def _style() -> Markup:
    """Our own text: tokens, fonts, components."""
    shared = files("analysis.design").joinpath("style.css").read_text("utf8")
    own = files("analysis.report").joinpath("templates", "report.css").read_text("utf8")
    return Markup(css_variables() + inline_faces() + shared + own)


def _claims(report: Report) -> dict[str, str]:
    """What each section says, in a sentence."""
    said = {name: getattr(claims, name)(report) for name in ("volume", "tone", "voice", "messages")}
    return {**said, "response": claims.response(report.response) if report.response else ""}


def _charts(report: Report, ink: Ink, linked: set[date]) -> dict[str, list[Markup]]:
    """Each chart in its widths; nothing where nothing was said."""
    if not any(brand.stories for brand in report.brands):
        return {}

    def link(day: date) -> str | None:
        return f"#day-{day}" if day in linked else None

    drawn = {
        "volume": [charts.volume_chart(report, ink, width, link) for width in (1000, 350)],
        "voice": [charts.voice_chart(report, ink, width, linked=bool(linked)) for width in (520, 350)],
    }
    if report.tiers:
        drawn["tiers"] = [charts.tier_chart(report, ink, width, linked=bool(linked)) for width in (520, 350)]
    if report.crisis is not None and report.crisis.bins:
        drawn["course"] = [charts.course_chart(report.crisis, ink, width) for width in (1000, 350)]
    return {name: [Markup(svg) for svg in pair] for name, pair in drawn.items()}


def _by_day(clips: list[dict[str, Any]]) -> Iterator[tuple[date, list[dict[str, Any]]]]:
    for day, rows in groupby(clips, key=lambda clip: clip["published"].date()):
        yield day, list(rows)
