"""Rows for people (a table) and for programs (json, jsonl, csv), on stdout."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.trends import Answer
from analysis.trends.forms import WRITERS

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("table", *WRITERS)
# What commands a terminal instead of being shown by it: control characters, and those that turn the text around.
_COMMANDS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WIDE = 100_000


def format_option(command: F) -> F:
    """`--format`, the same everywhere rows come out."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How rows come out.",
    )(command)


def write(answer: Answer, form: str, brief: tuple[str, ...] = ()) -> None:
    """Print `answer`; an empty table says so on stderr, so that pipes stay clean.

    brief: the columns that a table for people shows; programs get them all
    """
    if form in WRITERS:
        WRITERS[form](answer, sys.stdout)
    else:
        write_table(answer.only(brief) if brief else answer)


def write_table(answer: Answer) -> None:
    """A table as wide as the terminal; in a pipe nothing is cut."""
    if not answer.rows:
        click.echo("nothing found", err=True)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(answer.columns):
        numeric = all(isinstance(row[number], int | float | None) for row in answer.rows)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text(_COMMANDS.sub(" ", _cell(value))) for value in row))
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE)
    with console.capture() as drawn:
        console.print(table)
    click.echo(drawn.get(), nl=False)  # Rich itself would end the process with 1 where `head` has enough


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:+.2f}" if value < 0 else f"{value:.2f}"
    if isinstance(value, datetime) and value.tzinfo:  # an hour, which comes twice when clocks go back
        return f"{value:%Y-%m-%d %H:%M %Z}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if value.hour or value.minute else f"{value:%Y-%m-%d}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
