"""What a chart says, in one sentence: its title on a slide, its first line on the page. Rules over the model."""

from __future__ import annotations

from analysis.design.figures import day_name, percent, plural, signed
from analysis.report.model import Carried, Competitor, Report


def ours(report: Report) -> Competitor:
    """Our own row among the brands."""
    return next(brand for brand in report.brands if brand.ours)


def volume(report: Report) -> str:
    """When coverage peaked, and what of."""
    peak = max(report.days, key=lambda day: (day.stories, day.day), default=None)
    if peak is None or not peak.stories:
        return f"No stories on {report.brand}"
    during = next((event.name for event in report.events if event.first <= peak.day <= event.last), "")
    said = f"Coverage peaked on {day_name(peak.day)} with {plural(peak.stories, 'story', 'stories')}"
    return f"{said}, during {during}" if during else said


def tone(report: Report) -> str:
    """How the press treats us: a direction only where the interval excludes zero."""
    brand = ours(report)
    if brand.between is None:
        return f"Too few scored stories ({brand.scored}) for a tone toward {brand.name}"
    low, high = brand.between
    span = f"({signed(brand.tone)}; 95%: {signed(low)} to {signed(high)})"
    if low <= 0 <= high:
        return f"Tone toward {brand.name} has no clear direction {span}"
    return f"Tone toward {brand.name} is {'positive' if low > 0 else 'negative'} {span}"


def voice(report: Report) -> str:
    """Whose stories the press tells, ours against the nearest rival's."""
    brand = ours(report)
    rival = max((b for b in report.brands if not b.ours and b.stories), key=lambda b: b.stories, default=None)
    if not brand.stories:
        return f"No stories on {brand.name}"
    if rival is None:
        return f"Only {brand.name} was in the news among the watched brands"
    beside = f"; {rival.beside_us} of {plural(rival.stories, 'story', 'stories')} on {rival.name} also name us"
    return f"{brand.name} has {percent(brand.share)} of the stories, {rival.name} {percent(rival.share)}{beside}"


def response(carried: Carried) -> str:
    """How long our word took, and who still has not got it."""
    clock = f"of {plural(carried.stories, 'story', 'stories')} since {carried.since}"
    if carried.hours_to_first is None:
        return f"{clock}; none of our messages yet"
    said = f"{clock}; first after {hours(carried.hours_to_first)}"
    return said if carried.median_hours is None else f"{said}, half of the outlets within {hours(carried.median_hours)}"


def hours(count: float) -> str:
    """`14 hours`, `3.5 days`."""
    if count < 48:
        return plural(round(count), "hour")
    return f"{count / 24:.1f} days"


def messages(report: Report) -> str:
    """Which message got through, and which did not."""
    told = [row for row in report.messages if row.share is not None]
    if not told:
        return "No stories that could carry our messages"
    best, worst = told[0], told[-1]
    said = f"“{best.message}” stands in {percent(best.share)} of the stories"
    if len(told) > 1:
        said += f", “{worst.message}” in {percent(worst.share)}"
    return said
