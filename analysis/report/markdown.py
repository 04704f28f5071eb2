"""The report as Markdown, for chats and repositories."""

from __future__ import annotations

import re

from analysis.design.figures import day_name, mark, percent, plural, signed, tone_word, visible
from analysis.report import claims
from analysis.report.method import method
from analysis.report.model import Report, Tile
from analysis.report.words import how_scored, when_changed

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def render(report: Report) -> str:
    """One page of text: the same sections as the HTML report, without charts and annex."""
    trust = report.confidence
    lines = [
        f"# {plain(report.brand)} in the press, {day_name(report.since)} to {day_name(report.until)}",
        "",
        f"**Bottom line.** {plain(report.bottom_line)}",
        "",
        f"Data confidence: **{trust.light}**. Sources that answered: {trust.answered} of {trust.expected}.",
        "",
        *(f"- **{tile.label}: {tile.value}** ({'; '.join(_beside(tile))})" for tile in report.tiles),
        "",
        *_crisis(report),
        "## Top stories",
        "",
    ]
    lines += _stories(report)
    lines += _changes(report)
    lines += [
        "## Brands",
        "",
        "| brand | stories | articles | share of voice | tone |",
        "|---|---|---|---|---|",
    ]
    for brand in report.brands:
        tone = f"{tone_word(brand.tone)} ({signed(brand.tone)}, n={brand.scored})" if brand.tone is not None else "–"
        lines.append(f"| {plain(brand.name)} | {brand.stories} | {brand.articles} | {percent(brand.share)} | {tone} |")
    lines += _messages(report)
    lines += ["", "## Sources with faults", ""]
    lines += [f"- {plain(source)}" for source in trust.silent] or ["none"]
    lines += ["", "## Method", "", *(f"- {plain(line)}" for line in method(report)), ""]
    return "\n".join(lines)


def _beside(tile: Tile) -> list[str]:
    """What a figure counts, the day and its comparisons."""
    return [tile.note, *([tile.day] if tile.day else []), *(delta.words for delta in tile.deltas)]


def _stories(report: Report) -> list[str]:
    lines = []
    for story in report.stories:
        lines += [f"### {plain(story.title)}", ""]
        lines += [f"{plain(story.outlet)}. {plain(story.why)} {link(story.url)}", "", f"**{plain(story.action)}**", ""]
        lines += [f"> {plain(e.sentence)} ({plain(e.outlet)}, {mark(e.label)})\n>" for e in story.evidence]
        lines.append("")
    return lines


def _crisis(report: Report) -> list[str]:
    """Nothing where the window touches no event."""
    crisis = report.crisis
    if crisis is None:
        return []
    lines = [f"## {'Crisis report' if crisis.open else 'Closing report'}: {plain(crisis.name)}", ""]
    lines += [f"{plain(crisis.situation)}.", "", "| | before | during | after |", "|---|---|---|---|"]
    lines += [f"| {row.metric} | {row.before} | {row.during} | {row.after} |" for row in crisis.compared]
    lines += ["", *(f"- {step.when:%Y-%m-%d %H:%M} {plain(step.what)}: {plain(step.outlet)}, {plain(step.title)}"
                    for step in crisis.steps), ""]  # fmt: skip
    for theme in crisis.themes:
        told = f"{plural(theme.stories, 'story', 'stories')}, tone {signed(theme.tone)}"
        lines.append(f"- **{plain(theme.name)}** ({told}, first {plain(theme.first_outlet)}): {plain(theme.sentence)}")
    return [*lines, ""] if crisis.themes else lines


def _messages(report: Report) -> list[str]:
    """Nothing where the watchlist has no messages."""
    if not report.messages:
        return []
    lines = ["", "## Messages", "", f"{plain(claims.messages(report))}.", ""]
    lines += ["| message | carried | stories | pull-through |", "|---|---|---|---|"]
    lines += [f"| {plain(m.message)} | {m.carried} | {m.stories} | {percent(m.share)} |" for m in report.messages]
    if report.response:
        said = f"**Response carried: {percent(report.response.share)}** {plain(claims.response(report.response))}."
        lines += ["", said]
    return lines


def _changes(report: Report) -> list[str]:
    """Nothing where nothing changed."""
    if not report.changes:
        return []
    lines = ["## Changed since published", ""]
    for change in report.changes:
        titles = f"{plain(change.old_title)} -> {plain(change.title)}" if change.of_headline else plain(change.title)
        lines.append(
            f"- {plain(change.outlet)}: {when_changed(change)}: {titles} ({how_scored(change)}) {link(change.url)}"
        )
    return [*lines, ""]


def link(url: str) -> str:
    """`url` as a link, where it leads to the web and holds nothing that would end the link early."""
    return f"<{url}>" if re.fullmatch(r"https?://[^\s<>]+", url) else plain(url)


def plain(text: str) -> str:
    """Scraped text that means nothing to Markdown or to HTML inside it."""
    return _SPECIAL.sub(r"\\\1", visible(text)).replace("\\<", "&lt;").replace("\\>", "&gt;")
