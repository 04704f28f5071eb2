"""The public views as files for other tools: Parquet, CSV and workbooks, one file a view."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from analysis.errors import StoreError
from analysis.store.database import reading
from analysis.store.workbook import write_workbook

FORMATS = ("parquet", "csv", "xlsx")
VIEWS = (
    "articles",
    "article_revisions",
    "article_changes",
    "mentions",
    "own_voice",
    "evidence",
    "brand_articles",
    "coverage",
    "co_mentions",
    "messages",
    "quotes",
    "narratives",
    "stories",
    "story_articles",
    "story_changes",
    "daily_coverage",
    "collection",
    "collection_days",
    "reach",
    "runs",
    "source_health",
    "newest_health",
    "corrections",
    "alerts",
)
# OWASP ASVS 5.0, 1.2.10: text that a spreadsheet would compute as a formula is preceded by an apostrophe.
_NO_FORMULA = r"CASE WHEN regexp_matches({0}, '^[=+\-@\t\r\x00]') THEN '''' || {0} ELSE {0} END"


def export_views(database: Path, out: Path, formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """Write every public view into `out`; a file is seen whole or not at all.

    Raises:
        StoreError: there is no database, it cannot be opened, or there is no room for a file.
        OSError: `out` cannot be written.
    """
    with reading(database, files_in=out) as connection:
        out.mkdir(parents=True, exist_ok=True)
        return [_export(connection, view, out, form) for view in VIEWS for form in formats]


def _export(connection: duckdb.DuckDBPyConnection, view: str, out: Path, form: str) -> Path:
    target, fresh = out / f"{view}.{form}", out / f".{view}.{form}.new"
    try:
        if form == "xlsx":
            write_workbook(connection.execute(f"FROM {view}"), fresh, view)
        else:
            _copy(connection, view, fresh, form)
    except duckdb.IOException as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(f"{target}: cannot be written: {_words(error)}") from error
    fresh.replace(target)
    return target


def _words(error: duckdb.Error) -> str:
    """DuckDB says of files that cannot be written what it would say to a program."""
    said = str(error).strip()
    return str(json.loads(said)["exception_message"]) if said.startswith("{") else said.splitlines()[0]


def _copy(connection: duckdb.DuckDBPyConnection, view: str, to: Path, form: str) -> None:
    if form == "csv":
        columns = connection.execute(f"DESCRIBE {view}").fetchall()
        chosen = ", ".join(_csv_column(name, kind) for name, kind, *_ in columns)
        options = "FORMAT csv, HEADER, DELIMITER ','"
    else:
        chosen, options = "*", "FORMAT parquet, COMPRESSION zstd"
    name = str(to).replace("'", "''")
    connection.execute(f"COPY (SELECT {chosen} FROM {view}) TO '{name}' ({options})")


def _csv_column(name: str, kind: str) -> str:
    quoted = f'"{name}"'
    text = f"array_to_string({quoted}, ';')" if kind.endswith("[]") else quoted
    return f"{_NO_FORMULA.format(text) if kind.startswith('VARCHAR') else text} AS {quoted}"
