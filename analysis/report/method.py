"""What every format says at its end: how the figures came about and what they leave out."""

from __future__ import annotations

from analysis.design.figures import CLEAR, percent, plural
from analysis.report.model import Report


def method(report: Report) -> list[str]:
    """Sentences, in the order of importance."""
    trust = report.confidence
    left_out = f"{plural(trust.undated, 'article')} without a trustworthy date"
    if trust.unscored:
        left_out += f"; the tone of {plural(trust.unscored, 'mention')} in other languages"
    whole = f"Texts read whole: {percent(1 - trust.incomplete / trust.articles)}. " if trust.articles else ""
    of_tone = (
        "A story is one text, however often carried; top stories are events, which many texts tell. The tone of a "
        "text is the mean of its confident sentences toward the brand, "
        f"-1 to +1: positive above {CLEAR:+}, negative below -{CLEAR}, balanced between. One vote a story."
    )
    of_scorers = (
        f"Tone was scored by {', '.join(report.scorers) or 'nothing yet'}; its measured errors stand in "
        "docs/model-card.md. Scores that staff corrected count as corrected."
    )
    of_texts = (
        f"{whole}Read in part, as a teaser: {trust.incomplete} of {plural(trust.articles, 'article')}; "
        f"posts of live blogs, counted one by one: {trust.live}."
    )
    return [
        f"Days are days in {report.zone}; a column that is hatched was not fully collected and says nothing of a fall.",
        of_tone,
        "A usual day: in the figures the median of the 14 days before, in the charts a band that knows the weekday.",
        of_scorers,
        f"Left out: {left_out}.",
        of_texts,
        "Not covered: broadcast, social networks, and texts behind paywalls beyond their teasers.",
    ]
