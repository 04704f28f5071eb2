"""Rows as a workbook for people who read them in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# Excel's limits: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
ROWS = 1_048_576
LONGEST = 32_767  # characters that a cell holds
CUT = " … [cut]"
_FIRST_YEAR = 1900  # before it Excel knows no dates
_AT_ONCE = 5_000


def write_workbook(rows: duckdb.DuckDBPyConnection, path: Path, name: str, *, most: int = ROWS) -> None:
    """What a query yields, as a sheet `name` with a heading and filters; of more than `most` rows as several sheets.

    Scraped text stays text: never a formula, a link or a number. Times are UTC; lists are joined by semicolons. One
    batch of rows is in memory at a time.
    """
    heading = [column[0] for column in rows.description or ()]
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), {"constant_memory": True, **plain}) as book:
        moment, day = (book.add_format({"num_format": f"yyyy-mm-dd{clock}"}) for clock in (" hh:mm:ss", ""))
        bold = book.add_format({"bold": True})
        batches = _each(rows)
        more = True
        while more:
            sheet = _sheet(book, name, heading, bold)
            row = 0
            for row, values in enumerate(islice(batches, most - 1), 1):
                for column, value in enumerate(values):
                    _put(sheet, row, column, value, moment, day)
            sheet.autofilter(0, 0, row, len(heading) - 1)
            more = row == most - 1


def _each(rows: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := rows.fetchmany(_AT_ONCE):
        yield from batch


def _sheet(book: Workbook, name: str, heading: list[str], bold: Format) -> Worksheet:
    number = len(book.worksheets()) + 1
    sheet: Worksheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heading) - 1, 18)
    sheet.write_row(0, 0, heading, bold)
    return sheet


def _put(sheet: Worksheet, row: int, column: int, value: Any, moment: Format, day: Format) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        clock = isinstance(value, datetime)
        naive = value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
        sheet.write_datetime(row, column, naive, moment if clock else day)
    else:
        text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
        sheet.write_string(row, column, text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT)
