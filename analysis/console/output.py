"""Rows for people (a table) and for programs (json, jsonl, csv), on stdout."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.trends import Answer

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("table", "json", "jsonl", "csv")
# OWASP ASVS 5.0, 1.2.10: a cell of scraped text must not become a formula when a spreadsheet opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
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
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([safe_cell(value) for value in row] for row in answer.rows)
    elif form == "json":
        click.echo(json.dumps(answer.dicts(), default=_plain, ensure_ascii=False, indent=2))
    elif form == "jsonl":
        for row in answer.dicts():
            click.echo(json.dumps(row, default=_plain, ensure_ascii=False))
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
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE)
    console.print(table)


def safe_cell(value: object) -> str:
    """One CSV cell: text that a spreadsheet would compute is preceded by an apostrophe."""
    text = "" if value is None else _plain(value) if not isinstance(value, str) else value
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:+.2f}" if value < 0 else f"{value:.2f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if value.hour or value.minute else f"{value:%Y-%m-%d}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ";".join(map(str, value))
    return str(value)
