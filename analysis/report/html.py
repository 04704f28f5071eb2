"""The report as one HTML file: no script, nothing loaded from elsewhere, scraped text escaped."""

from __future__ import annotations

from datetime import date, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.report import charts
from analysis.report.markdown import method
from analysis.report.model import Report
from analysis.report.words import day_name, how_scored, tone_word, when_changed


def render(report: Report) -> str:
    """The page, from templates/report.html."""
    environment = Environment(
        loader=PackageLoader("analysis.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "day": day_name,
        "tone_word": tone_word,
        "signed": signed,
        "safe_url": safe_url,
        "moment": moment,
        "when_changed": when_changed,
        "how_scored": how_scored,
    }
    drawn = {}
    if report.days.rows:
        drawn = {
            "volume": charts.volume(report),
            "tone": charts.tone(report),
            "share": charts.share_of_voice(report),
        }
    pictures = {name: Markup(svg) for name, svg in drawn.items()}
    return environment.get_template("report.html").render(report=report, charts=pictures, method=method(report))


def signed(tone: float | None) -> str:
    """A tone with its sign; a dash where there is none."""
    return "–" if tone is None else f"{tone:+.2f}"


def safe_url(url: str) -> str:
    """`url` where it leads to the web; an address of any other scheme leads nowhere."""
    return url if url.lower().startswith(("http://", "https://")) else "#"


def moment(when: datetime | date | None) -> str:
    """Day and time, as reports print them."""
    if when is None:
        return "no date"
    return f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else f"{when:%Y-%m-%d}"
