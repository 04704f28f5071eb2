"""What all commands that ask have in common: filters, sort, limit, formats and `--sql`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar

import click

from analysis.console.front import Front
from analysis.console.output import format_option, write
from analysis.errors import UserError
from analysis.store.database import reading
from analysis.trends import Filters, Question

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


@dataclass(frozen=True)
class Rows:
    """How the rows of an answer come out."""

    form: str = "table"
    sort: str | None = None
    """A column; largest first, or with `:asc` smallest first. None: the question's own order."""
    limit: int | None = None
    show_sql: bool = False


_FILTERS = (
    ("--brand", str, "Only this brand (id)."),
    ("--topic", str, "Only this topic (id)."),
    ("--outlet", str, "Only this outlet (name)."),
    ("--tier", click.IntRange(1, 3), "Only outlets of this tier."),
    ("--since", Day(), "First day, included."),
    ("--until", Day(), "Last day, included."),
)


def filters(*, search: bool = False) -> Callable[[F], F]:
    """`--brand --topic --outlet --tier --since --until`; the command gets them as `chosen`, a `Filters`.

    search: also `--search`, for commands whose rows are sentences

    A brand or topic that the watchlist does not have is a mistake: a typing error must not look like silence.
    """

    def decorate(command: F) -> F:
        @wraps(command)
        def asked(*args: Any, **options: Any) -> Any:
            own = {name: options.pop(name) for name in Filters.NAMES if name in options}
            front = click.get_current_context().ensure_object(Front)
            return command(*args, chosen=_known(front, Filters(**own)), **options)

        if search:
            asked = click.option("--search", help="Only sentences that contain this text, in any case.")(asked)
        for name, kind, text in reversed(_FILTERS):
            asked = click.option(name, type=kind, help=text)(asked)
        return asked  # type: ignore[return-value]

    return decorate


def rows(limit: int | None = None) -> Callable[[F], F]:
    """`--sort --limit --format --sql`; the command gets them as `rows`, for `show`.

    limit: how many come out where none is asked for; None: all
    """

    def decorate(command: F) -> F:
        @wraps(command)
        def asked(*args: Any, **options: Any) -> Any:
            own = {name: options.pop(name) for name in ("form", "sort", "limit", "show_sql")}
            return command(*args, rows=Rows(**own), **options)

        asked = click.option("--sql", "show_sql", is_flag=True, help="Print the query instead of asking it.")(asked)
        asked = format_option(asked)
        usual = {"default": limit, "show_default": True} if limit else {}
        asked = click.option("--limit", type=click.IntRange(1), help="At most this many.", **usual)(asked)  # type: ignore[arg-type]
        by = "By this column, largest first; COLUMN:asc for smallest first."
        return click.option("--sort", metavar="COLUMN", help=by)(asked)  # type: ignore[return-value]

    return decorate


def show(front: Front, question: Question, rows: Rows, brief: tuple[str, ...] = ()) -> None:
    """Ask `question` and print its rows, or print the query.

    brief: the columns that a table for people shows; programs get them all

    Raises:
        UserError: `--sort` names no column of the answer.
        StoreError: there is no database, or it cannot be opened.
    """
    column, _, direction = (rows.sort or "").partition(":")
    if direction not in {"", "asc", "desc"}:
        raise UserError(f"--sort {rows.sort}: after the colon asc or desc")
    if rows.sort and not column.isidentifier():
        raise UserError(f"--sort {rows.sort}: names no column")
    arranged = question.arranged(column or None, ascending=direction == "asc", limit=rows.limit)
    if rows.show_sql:
        click.echo(arranged.text.strip())
        click.echo(f"-- values: {arranged.bound}", err=True)
        return
    with reading(front.database) as connection:
        if column and column not in (there := question.columns(connection)):
            raise UserError(f"--sort {column}: no such column; there are {', '.join(there)}")
        answer = arranged.ask(connection)
    write(answer, rows.form, brief)


def _known(front: Front, chosen: Filters) -> Filters:
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
