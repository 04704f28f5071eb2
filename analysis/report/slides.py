"""The report as slides: a deck to present, one statement a slide, charts that can be edited."""

from __future__ import annotations

from io import BytesIO

from pptx.util import Inches

from analysis.design.figures import day_name, listed, mark, moment, percent, plural, signed, tone_word, visible
from analysis.report import claims, slide_charts
from analysis.report.method import method
from analysis.report.model import Crisis, Report, TopStory
from analysis.report.slide_shapes import Deck, Slide

_LONGEST = 220  # characters of scraped text that a column of a slide holds


def render(report: Report) -> bytes:
    """Title, bottom line, volume, tone, share of voice, top stories, method; what has no data is left out."""
    deck = Deck(f"{visible(report.brand)} in the press")
    _title(deck, report)
    _bottom_line(deck, report)
    if report.crisis is not None:
        _crisis(deck, report.crisis)
    if any(brand.stories for brand in report.brands):
        _volume(deck, report)
        if report.tiers:
            _tone(deck, report)
        _voice(deck, report)
    if report.stories:
        _stories(deck, report)
    if report.messages:
        _messages(deck, report)
    _method(deck, report)
    memory = BytesIO()
    deck.save(memory)
    return memory.getvalue()


def _window(report: Report) -> str:
    return f"{day_name(report.since)} to {day_name(report.until)}, days in {report.zone}"


def _title(deck: Deck, report: Report) -> None:
    slide = deck.dark()
    slide.text("PRESS REPORT", (0.9, 2.3, 11, 0.4), size=14, colour="accent", bold=True)
    slide.title(f"{report.brand} in the press", (0.9, 2.65, 11.5, 1.2), size=48)
    slide.text(_window(report), (0.9, 3.85, 11, 0.5), size=20, colour="soft")
    trust = report.confidence
    said = (
        f"Data confidence: {trust.light}. {trust.answered} of {trust.expected} sources answered. Run {report.run_id}."
    )
    slide.text(said, (0.9, 6.6, 11.5, 0.4), size=12, colour="soft")
    slide.notes(f"Made {moment(report.made_at)} by presswatch. Press coverage counts outputs, not what readers think.")


def _bottom_line(deck: Deck, report: Report) -> None:
    slide = deck.light("Bottom line")
    slide.text(report.bottom_line, (0.6, 1.35, 12.1, 2.4), size=24)
    step = 12.1 / len(report.tiles)
    for place, tile in enumerate(report.tiles):
        x, wide = 0.6 + place * step, step - 0.15
        slide.rule(x, 4.15, wide)
        slide.text(tile.label, (x, 4.25, wide, 0.5), size=12, colour="soft", bold=True)
        slide.text(tile.value, (x, 4.65, wide, 0.7), size=32, bold=True)
        day = "\n".join([tile.note, tile.day, *(delta.words for delta in tile.deltas)])
        slide.text(day.strip(), (x, 5.3, wide, 1.5), size=11, colour="soft")
    slide.notes("\n".join(f"{tile.label}: {tile.value}. {tile.note}" for tile in report.tiles))


def _crisis(deck: Deck, crisis: Crisis) -> None:
    slide = deck.light(f"{'Crisis report' if crisis.open else 'Closing report'}: {crisis.name}")
    slide.text(f"{crisis.situation}.", (0.6, 1.25, 12.1, 0.8), size=18)
    rows = [("", "Before", "During", "After"), *((c.metric, c.before, c.during, c.after) for c in crisis.compared)]
    slide.table(rows, 0.6, 2.35, (2.2, 1.1, 1.1, 1.1))
    steps = [f"{moment(s.when)}  {s.what}: {visible(s.title, 90)} ({s.outlet})" for s in crisis.steps]
    slide.text("\n".join(steps[:9]), (6.6, 2.35, 6.1, 4.2), size=13, space=6)
    slide.foot("Before and after: fourteen days or more, whole days; the words on each change stand in the notes.")
    slide.notes("\n".join(f"{c.words}. {c.words_after}." for c in crisis.compared))


def _volume(deck: Deck, report: Report) -> None:
    slide = deck.light(claims.volume(report))
    slide_charts.volume(slide, report, Inches(0.5), Inches(1.3), Inches(12.3), Inches(5.1))
    days = listed(str(day.day) for day in report.days if not day.collected)
    gaps = f" Not fully collected, so no word on a fall: {days}." if days else ""
    slide.foot(f"Unique stories on {report.brand} per day, by their tone toward {report.brand}.{gaps}")
    slide.notes(report.proofs["stories"].rule + "\n" + report.proofs["stories"].sql)


def _tone(deck: Deck, report: Report) -> None:
    slide = deck.light(claims.tone(report))
    slide_charts.tiers(slide, report, Inches(0.5), Inches(1.3), Inches(8), Inches(5.1))
    for place, tier in enumerate(report.tiers):
        y = 1.75 + place * 1.45
        slide.text(signed(tier.tone), (9, y, 1.6, 0.7), size=30, bold=True)
        said = f"{tier.label}, {plural(tier.stories, 'story', 'stories')}: {tone_word(tier.tone)}"
        slide.text(said, (10.5, y + 0.1, 2.4, 0.8), size=13, colour="soft")
    slide.foot("Net tone, -1 to +1: the mean of its sentences toward us, one vote a story.")
    slide.notes(report.proofs["stories"].rule)


def _voice(deck: Deck, report: Report) -> None:
    slide = deck.light(claims.voice(report))
    slide_charts.voice(slide, report, Inches(0.5), Inches(1.3), Inches(7.2), Inches(5.1))
    rows = [("Brand", "Stories", "Net tone", "With us")]
    rows += [(b.name, str(b.stories), signed(b.tone), "" if b.ours else str(b.beside_us)) for b in report.brands]
    slide.table(rows, 8, 1.6, (2.0, 0.9, 1.0, 0.9))
    slide.foot("Unique stories that name each brand; a story on two brands counts for both.")
    slide.notes(listed((f"{b.name}: {percent(b.share)}" for b in report.brands), most=20))


def _stories(deck: Deck, report: Report) -> None:
    slide = deck.light("Top stories")
    for place, story in enumerate(report.stories):
        _story(slide, story, 0.6 + place * 4.1)
    slide.foot("By prominence of the brand, tier of the outlet and reach.")
    slide.notes("\n".join(f"{visible(story.title)}: {visible(story.url)}" for story in report.stories))


def _story(slide: Slide, story: TopStory, x: float) -> None:
    wide = 3.8
    slide.rule(x, 1.4, wide)
    where = f"{story.outlet} (tier {story.tier}), {moment(story.published)}"
    slide.text(where, (x, 1.45, wide, 0.35), size=11, colour="soft")
    slide.text(visible(story.title, _LONGEST // 2), (x, 1.8, wide, 1.0), size=18, bold=True)
    slide.text(story.why, (x, 2.9, wide, 0.7), size=12, colour="soft")
    slide.text(story.action, (x, 3.6, wide, 0.8), size=13, bold=True, colour="accent")
    if story.evidence:
        first = story.evidence[-1] if len(story.evidence) > 1 else story.evidence[0]
        slide.text(f"“{visible(first.sentence, _LONGEST)}”", (x, 4.45, wide, 1.7), size=13)
        said = f"{first.outlet}, {mark(first.label)} {signed(first.tone)}"
        slide.text(said, (x, 6.1, wide, 0.3), size=11, colour="soft")


def _messages(deck: Deck, report: Report) -> None:
    slide = deck.light(claims.messages(report))
    rows = [("Message", "Stories", "Pull-through", "In headlines", "First")]
    for row in report.messages:
        first = moment(row.first) if row.first else "not yet"
        rows.append((row.message, f"{row.carried} of {row.stories}", percent(row.share), str(row.headline), first))
    slide.table(rows, 0.6, 1.5, (2.4, 1.5, 1.4, 1.4, 2.0))
    if report.response:
        slide.text(percent(report.response.share), (9.7, 1.35, 3, 0.9), size=44, bold=True)
        slide.text(
            f"response carried: {claims.response(report.response)}.", (9.7, 2.25, 3, 1.6), size=13, colour="soft"
        )
        if report.response.missing:
            without = f"Wrote about us without it: {listed(report.response.missing, 8)}."
            slide.text(without, (9.7, 3.9, 3, 1.8), size=13)
    for place, row in enumerate([row for row in report.messages if row.sentence][:2]):
        words = f"{row.message}: “{visible(row.sentence, _LONGEST)}” ({row.outlet})"
        slide.text(words, (0.6, 4.2 + place * 1.1, 8.7, 1.0), size=14, colour="soft")
    slide.foot("Stories in which a message stands, of all stories on our brand.")
    slide.notes("\n".join(f"{row.message}: {row.sentence} {row.url}" for row in report.messages))


def _method(deck: Deck, report: Report) -> None:
    slide = deck.light("How the figures came about")
    slide.text("\n".join(method(report)), (0.6, 1.35, 12.1, 5), size=15, space=8)
    slide.notes("\n".join(report.confidence.silent) or "No source had a fault.")
