"""Commands that read: trends, mentions, sources, sql. They read the snapshot, so they never wait for a night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

import click
import duckdb

from analysis.console.explain import explain
from analysis.console.front import Front, global_options, pass_front
from analysis.console.output import format_option, write
from analysis.errors import UserError
from analysis.store.database import reading
from analysis.trends import Answer, Filters, Question, coverage
from analysis.trends import mentions as mentions_question
from analysis.trends import sources as sources_question

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A date as ISO 8601 writes it, in the years of the press."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = datetime.fromisoformat(str(value)).date()
        except ValueError:
            day = date.min
        if not 1600 <= day.year < 3000:  # windows and their baselines must not run out of the calendar
            self.fail(f"{value!r} is no date; like 2008-08-11", param, ctx)
        return day


def filters(command: F) -> F:
    """--brand, --topic, --outlet, --since, --until: the same for every question."""
    for name, kind, text in reversed(
        (
            ("--brand", str, "Only this brand (id)."),
            ("--topic", str, "Only this topic (id)."),
            ("--outlet", str, "Only this outlet (name)."),
            ("--since", Day(), "First day, included."),
            ("--until", Day(), "Last day, included."),
        )
    ):
        command = click.option(name, type=kind, help=text)(command)
    return command


def _ask(front: Front, question: Question) -> Answer:
    with reading(front.database) as connection:
        return question.ask(connection)


def _known(front: Front, chosen: Filters) -> Filters:
    """A typing error must not look like silence in the press."""
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise UserError(f"--since {chosen.since} is after --until {chosen.until}")
    if front.has_watchlist:
        watchlist = front.watchlist
        for what, value, ids in (
            ("brand", chosen.brand, [b.id for b in watchlist.brands]),
            ("topic", chosen.topic, [t.id for t in watchlist.topics]),
        ):
            if value is not None and value not in ids:
                raise UserError(f"--{what} {value}: not in {front.where}; there are {', '.join(ids)}")
    return chosen


@click.command()
@click.option(
    "--by",
    type=click.Choice(["hour", "day", "week", "month"]),
    default="day",
    show_default=True,
    help="Length of a period.",
)
@filters
@format_option
@click.option("--sql", "show_sql", is_flag=True, help="Print the query instead of asking it.")
@global_options
@pass_front
def trends(front: Front, /, by: Any, form: str, show_sql: bool, **chosen: Any) -> None:
    """Volume, tone and share of voice per period."""
    question = coverage(by, _known(front, Filters(**chosen)), front.zone)
    _show(front, question, form, show_sql)


@click.command()
@filters
@click.option("--search", help="Only sentences that contain this text.")
@click.option("--explain", "explained", metavar="MENTION", help="All that carried the score of one mention (its id).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most this many.")
@format_option
@click.option("--sql", "show_sql", is_flag=True, help="Print the query instead of asking it.")
@global_options
@pass_front
def mentions(front: Front, /, explained: str | None, limit: int, form: str, show_sql: bool, **chosen: Any) -> None:
    """The evidence: sentence, tone, article, link."""
    if explained is not None:
        explain(front, explained)
        return
    question = mentions_question(_known(front, Filters(**chosen)), front.zone, limit)
    _show(front, question, form, show_sql, ("mention", "published", "outlet", "brand", "label", "tone", "sentence"))


@click.command()
@format_option
@global_options
@pass_front
def sources(front: Front, /, form: str) -> None:
    """Health of each source: the funnel, last success, last new article, what is wrong."""
    write(_ask(front, sources_question(front.zone)), form)


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


def _show(front: Front, question: Question, form: str, show_sql: bool, brief: tuple[str, ...] = ()) -> None:
    if show_sql:
        click.echo(question.sql.strip())
        click.echo(f"-- values: {question.values}", err=True)
    else:
        write(_ask(front, question), form, brief)
