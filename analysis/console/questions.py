"""Commands that read: trends, share, outlets, mentions, sources, sql. They read the snapshot and wait for no night."""

from __future__ import annotations

from typing import Any

import click
import duckdb

from analysis.console.asking import Rows, filters, rows, show
from analysis.console.front import Front, global_options, pass_front
from analysis.console.output import format_option, write
from analysis.errors import UserError
from analysis.store.database import reading
from analysis.trends import Filters, Question, coverage, journalists, rivals
from analysis.trends import mentions as mentions_question
from analysis.trends import outlets as outlets_question
from analysis.trends import share as share_question
from analysis.trends import sources as sources_question
from analysis.trends.reasons import reasons

_BRIEF = {
    "trends": ("period", "brand", "articles", "stories", "positive", "neutral", "negative", "abstained", "net_tone",
               "low", "high", "share_of_voice", "collected"),
    "share": ("brand", "articles", "stories", "pick_ups", "share_of_articles", "share_of_voice", "share_weighted",
              "net_tone", "low", "high", "prominence", "tier_1", "tier_2", "tier_3", "collected"),
    "outlets": ("outlet", "tier", "brand", "articles", "stories", "pick_ups", "net_tone", "low", "high", "last"),
    "journalists": ("journalist", "outlet", "brand", "articles", "stories", "net_tone", "low", "high", "last"),
    "mentions": ("mention", "published", "outlet", "brand", "label", "tone", "sentence"),
}  # fmt: skip
"""What a table for people shows; programs get every column."""


@click.command()
@click.option(
    "--by",
    type=click.Choice(["hour", "day", "week", "month"]),
    default="day",
    show_default=True,
    help="Length of a period.",
)
@filters()
@rows()
@global_options
@pass_front
def trends(front: Front, /, by: Any, chosen: Filters, rows: Rows) -> None:
    """Volume, tone and share of voice per period."""
    show(front, coverage(by, chosen, front.zone), rows, _BRIEF["trends"])


@click.command()
@click.option("--rivals", "beside", is_flag=True, help="Who is named in the same stories as --brand (ours without it).")
@filters()
@rows()
@global_options
@pass_front
def share(front: Front, /, beside: bool, chosen: Filters, rows: Rows) -> None:
    """Share of voice, tone, prominence and tiers of each brand."""
    if beside:
        show(front, rivals(chosen.brand or front.watchlist.ours.id, chosen, front.zone), rows)
    else:
        show(front, share_question(chosen, front.zone), rows, _BRIEF["share"])


@click.command()
@click.option(
    "--by",
    type=click.Choice(["outlet", "journalist"]),
    default="outlet",
    show_default=True,
    help="Whom a row is about.",
)
@filters()
@rows(50)
@global_options
@pass_front
def outlets(front: Front, /, by: str, chosen: Filters, rows: Rows) -> None:
    """Which outlets and journalists write about a brand, how often and in what tone."""
    if by == "journalist":
        show(front, journalists(chosen, front.zone), rows, _BRIEF["journalists"])
    else:
        show(front, outlets_question(chosen, front.zone), rows, _BRIEF["outlets"])


@click.command()
@filters(search=True)
@click.option("--explain", "explained", metavar="MENTION", help="All that carried the score of one mention (its id).")
@rows(50)
@global_options
@pass_front
def mentions(front: Front, /, explained: str | None, chosen: Filters, rows: Rows) -> None:
    """The evidence: sentence, tone, article, link."""
    if explained is not None:
        watchlist = front.watchlist if front.where.exists() else None
        with reading(front.database) as connection:
            for line in reasons(connection, explained, watchlist):
                click.echo(line)
    else:
        show(front, mentions_question(chosen, front.zone), rows, _BRIEF["mentions"])


@click.command()
@rows()
@global_options
@pass_front
def sources(front: Front, /, rows: Rows) -> None:
    """Health of each source: the funnel, last success, last new article, what is wrong."""
    show(front, sources_question(front.zone), rows)


@click.command()
@click.argument("query")
@format_option
@global_options
@pass_front
def sql(front: Front, /, query: str, form: str) -> None:
    """Read-only SQL over the public views (docs/schema.md)."""
    try:
        with reading(front.database) as connection:
            connection.execute("SET lock_configuration = true")  # a user's SQL opens nothing that we closed
            if len(connection.extract_statements(query)) != 1:
                raise UserError("sql: one statement at a time; only the last one's rows could be shown")
            answer = Question(query).ask(connection)
    except duckdb.Error as error:
        raise UserError(f"sql: {str(error).strip().splitlines()[0]}") from None
    write(answer, form)
