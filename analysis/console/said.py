"""What gets across: messages (pull-through, response carried), quotes and narratives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from analysis.console.asking import Rows, filters, rows, show
from analysis.console.front import Front, global_options, pass_front
from analysis.errors import UserError
from analysis.matching.matcher import reading as version_of
from analysis.store.reread import unread
from analysis.trends import messages as told
from analysis.trends import narratives as about
from analysis.trends import quotes as spoken
from analysis.trends.question import Filters
from analysis.watchlist import Event, Message

_BRIEF = {
    "messages": ("message", "brand", "stories", "carried", "pull_through", "low", "high", "in_full", "headline",
                 "first"),
    "response": ("message", "brand", "stories", "carried", "share", "hours_to_first", "median_hours", "outlets_carried",
                 "missing"),
    "missing": ("message", "outlet", "tier", "stories", "last", "title"),
    "carriers": ("message", "published", "outlet", "tier", "presence", "prominence", "sentence"),
    "quotes": ("speaker", "brand", "stories", "share", "articles", "outlets", "verbatim", "last", "latest"),
    "voices": ("speaker", "brand", "stories", "articles", "outlets", "tone", "last", "latest"),
    "narratives": ("theme", "brand", "stories", "share", "net_tone", "low", "high", "new", "first", "sentence"),
    "words": ("word", "stories", "before", "score", "tone", "sentence"),
    "sentences": ("published", "outlet", "tier", "placement", "tone", "articles", "sentence"),
    "said": ("published", "outlet", "brand", "speaker", "verbatim", "sentence"),
}  # fmt: skip


def event_option(command: Any) -> Any:
    """`--event ID`: from the day on which it began."""
    return click.option("--event", "event_id", metavar="ID", help="From the start of this event of the watchlist on.")(
        command
    )


def event_named(front: Front, event_id: str | None) -> Event | None:
    """The watchlist's event; None where none is asked for.

    Raises:
        UserError: the watchlist has no such event.
    """
    if event_id is None:
        return None
    events = {event.id: event for event in front.watchlist.events}
    if event_id not in events:
        raise UserError(f"--event {event_id}: not in {front.where}; there are {', '.join(events) or 'none'}")
    return events[event_id]


@click.command()
@click.option("--by", type=click.Choice(["message", "tier", "outlet", "day"]), default="message", show_default=True,
              help="A row a message, or a message and tier, outlet or day.")  # fmt: skip
@click.option("--response", "part", flag_value="response", help="Response carried: how much of it, and how soon.")
@click.option("--missing", "part", flag_value="missing", help="The outlets that have not carried it.")
@click.option("--sentences", "part", flag_value="carriers", help="The sentences behind the figures.")
@event_option
@filters()
@rows()
@global_options
@pass_front
def messages(front: Front, /, by: Any, part: str | None, event_id: str | None, chosen: Filters, rows: Rows) -> None:
    """Which of our messages, and our rivals', the coverage carries."""
    event = event_named(front, event_id)
    wanted = _messages(front, chosen, event)
    if event is not None and chosen.since is None:
        chosen = replace(chosen, since=event.start.astimezone(front.watchlist.report.zone).date())
    _warn(front)
    match part:
        case "response":
            question = told.response(wanted, chosen, front.zone, event.start if event else None)
        case "missing":
            question = told.missing(wanted, chosen, front.zone)
        case "carriers":
            question = told.carriers(wanted, chosen, front.zone)
        case _:
            question = told.pull_through(wanted, chosen, front.zone, by)
    brief = _BRIEF[part or "messages"]
    show(front, question, rows, brief if by == "message" or part else (*brief[:2], by, *brief[2:]))


def _messages(front: Front, chosen: Filters, event: Event | None) -> list[Message]:
    every = front.watchlist.messages
    if not every:
        raise UserError(f"{front.where} has no [[messages]]; docs/watchlist.md says how to write them")
    brand = chosen.brand or (event.brand if event else None)
    wanted = [message for message in every if brand in (None, message.brand)]
    if not wanted:
        raise UserError(f"no message of {brand} in {front.where}; there are {', '.join(m.id for m in every)}")
    return wanted


@click.command()
@click.option(
    "--others", "part", flag_value="voices", help="Who else speaks about a brand: analysts, customers, rivals."
)
@click.option("--sentences", "part", flag_value="said", help="The sentences behind the figures.")
@click.option("--speaker", metavar="NAME", help="The sentences of this speaker.")
@filters()
@rows(50)
@global_options
@pass_front
def quotes(front: Front, /, part: str | None, speaker: str | None, chosen: Filters, rows: Rows) -> None:
    """Who speaks for the brands, in how many stories."""
    _warn(front)
    if part == "voices":
        show(front, spoken.voices(chosen, front.zone), rows, _BRIEF["voices"])
    elif part or speaker:
        show(front, spoken.said(chosen, front.zone, speaker), rows, _BRIEF["said"])
    else:
        show(front, spoken.quotes(chosen, front.zone), rows, _BRIEF["quotes"])


@click.command()
@click.option("--words", "part", flag_value="words", help="The words that set these days apart from the 14 before.")
@click.option("--sentences", "part", flag_value="sentences", help="The sentences that weigh most.")
@event_option
@filters()
@rows()
@global_options
@pass_front
def narratives(front: Front, /, part: str | None, event_id: str | None, chosen: Filters, rows: Rows) -> None:
    """What it is about: themes with tone and first appearance, and what drove a day."""
    if (event := event_named(front, event_id)) is not None:
        zone = front.watchlist.report.zone
        chosen = replace(
            chosen,
            brand=chosen.brand or event.brand,
            since=chosen.since or event.start.astimezone(zone).date(),
            until=chosen.until or event.end.astimezone(zone).date(),
        )
    chosen = replace(chosen, brand=chosen.brand or front.watchlist.ours.id)
    if part == "words":
        if chosen.since is None:
            raise UserError("--words compares with the days before: say --since or --event")
        names = [name for brand in front.watchlist.brands for name in (brand.name, *brand.aliases)]
        question = about.words(chosen, front.zone, names)
    elif part == "sentences":
        question = about.sentences(chosen, front.zone)
        rows = rows if rows.limit else replace(rows, limit=10)
    else:
        _warn(front)
        question = about.narratives(chosen, front.zone)
    show(front, question, rows, _BRIEF[part or "narratives"])


def _warn(front: Front) -> None:
    """What was read with other phrases or names would be counted by them."""
    if front.quiet or not front.has_watchlist:
        return
    if (left := unread(front.database, version_of(front.watchlist))) > 0:
        what = "article was" if left == 1 else "articles were"
        click.echo(f"{left} {what} read with another watchlist; `presswatch rescore` reads again", err=True)
