"""Ordered migrations, each applied in one transaction together with the record of it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from importlib.resources import files

import duckdb

from analysis.errors import NewerDatabase
from analysis.store.figures import rebuild, version


def known() -> dict[int, str]:
    """Every migration of this release: number -> SQL, in order."""
    folder = files("analysis.store").joinpath("migrations")
    scripts = sorted((f.name, f.read_text("utf8")) for f in folder.iterdir() if f.name.endswith(".sql"))
    return {int(name[:4]): sql for name, sql in scripts}


def applied(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Numbers of the migrations that this database has had."""
    found = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = 'migrations'"
    ).fetchone()
    if not found or not found[0]:
        return set()
    return {number for (number,) in connection.execute("SELECT number FROM main.migrations").fetchall()}


def pending(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Migrations that an older release's database has not had yet; none for a new one, and for a newer release's."""
    done = applied(connection)
    return sorted(known().keys() - done) if done and done <= known().keys() else []


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the schema and the public views to this release.

    Raises:
        NewerDatabase: the database has migrations that this release does not know; nothing is changed.
    """
    migrations, done = known(), applied(connection)
    if newer := done - migrations.keys():
        raise NewerDatabase(
            f"the database was written by a newer presswatch (migration {max(newer)}); install that or a later one"
        )
    for number, sql in migrations.items():
        if number not in done:
            _apply(connection, number, sql)
    if connection.execute("SELECT version FROM private.figures").fetchall() != [(version(),)]:
        _remake(connection)
    views = files("analysis.store").joinpath("views.sql").read_text("utf8")
    connection.execute("BEGIN")
    connection.execute(views)
    connection.execute("COMMIT")


def apply(connection: duckdb.DuckDBPyConnection, numbers: Iterable[int]) -> None:
    """Make the schema of another release in an empty database: only these migrations, in order."""
    migrations = known()
    for number in sorted(numbers):
        _apply(connection, number, migrations[number])


def _remake(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the figures as this release makes them; the views over the old ones stand in the way of their tables."""
    connection.execute("BEGIN")
    rebuild(connection)
    connection.execute("DELETE FROM private.figures")
    connection.execute("INSERT INTO private.figures VALUES (?)", [version()])
    connection.execute("COMMIT")


def _apply(connection: duckdb.DuckDBPyConnection, number: int, sql: str) -> None:
    connection.execute("BEGIN")
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS main.migrations (number INTEGER, applied_at TIMESTAMPTZ)")
        connection.execute(sql)
        connection.execute("INSERT INTO main.migrations VALUES (?, now())", [number])
        connection.execute("COMMIT")
    except duckdb.Error:
        with suppress(duckdb.TransactionException):  # a COMMIT that failed has rolled back by itself
            connection.execute("ROLLBACK")
        raise
