"""`presswatch forget`: an address, an outlet or a person goes from the store, its snapshot, its archive and its copies,
and a tombstone keeps it from coming back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from analysis.store.archive import drop_pages
from analysis.store.backup import backups
from analysis.store.database import beside, compact, held, reading, writing
from analysis.store.erase import erase, hide_person
from analysis.store.load import load
from analysis.store.spool import adopt, sealed
from analysis.store.tombstones import Kind, Tombstones, digest_of, words_of

_PAGES = """SELECT DISTINCT page_id, url, canonical_url FROM private.articles
            WHERE contains(lower(url), $host) OR contains(lower(canonical_url), $host)"""


@dataclass(frozen=True)
class Forgotten:
    """What was taken out."""

    kind: Kind
    articles: int
    """Erased; of a person, those in which the name was hidden."""
    mentions: int
    pages: int
    """Dropped from the archive."""
    copies: tuple[Path, ...] = ()
    """Older copies of the database that were deleted, because they held it too."""


def kind_of(database: Path, what: str, outlets: Sequence[str]) -> Kind:
    """What somebody means: an address, the name of an outlet that is stored or watched, else a person.

    outlets: those of the watchlist
    """
    if what.startswith(("http://", "https://")):
        return "url"
    known = {" ".join(words_of(outlet)) for outlet in outlets}
    if database.exists():
        with reading(database) as connection:
            rows = connection.execute("SELECT DISTINCT outlet FROM private.articles").fetchall()
        known |= {" ".join(words_of(outlet)) for (outlet,) in rows}
    return "outlet" if " ".join(words_of(what)) in known else "person"


def forget(database: Path, what: str, kind: Kind, why: str, *, dry_run: bool = False) -> Forgotten:
    """Erase `what` everywhere beside `database`; only for the holder of the run's lock. Safe to repeat.

    dry_run: change nothing, and say what would go

    Raises:
        StoreError: the database cannot be used.
        DatabaseBusy: another process writes.
        OSError: the archive or a copy cannot be written.
    """
    adopt(beside(database, ".spool"))
    with writing(database, publish=False) as connection:  # published below, when it is written anew
        load(connection, *sealed(beside(database, ".spool")))  # nothing that a killed run left may slip by
        connection.execute("BEGIN")
        stones = _stones(connection, what, kind)
        articles, mentions = _erase(connection, what, kind, stones)
        _remember(connection, stones, why)
        connection.execute("ROLLBACK" if dry_run else "COMMIT")
    pages = drop_pages(database, stones, what if kind == "person" else "", dry_run=dry_run)
    if dry_run:
        return Forgotten(kind, articles, mentions, pages)
    with held(beside(database, ".write-lock"), 30.0):
        compact(database)
    with writing(database):
        pass  # publishes the rewritten file
    return Forgotten(kind, articles, mentions, pages, tuple(_older_copies(database)))


def lift(database: Path, what: str, kind: Kind) -> bool:
    """Take a tombstone away, so that what comes again is kept again; False where there is none."""
    with writing(database) as connection:
        digest = digest_of(kind, what)
        gone = connection.execute(
            "DELETE FROM private.tombstones WHERE kind = ? AND digest = ?", [kind, digest]
        ).fetchone()
    return bool(gone and gone[0])


def _stones(connection: duckdb.DuckDBPyConnection, what: str, kind: Kind) -> Tombstones:
    """One, or of an address one for each address that its page is known by."""
    first = Tombstones.among([(kind, digest_of(kind, what), len(words_of(what)))])
    if kind != "url":
        return first
    rows = connection.execute(_PAGES, {"host": _host(what)}).fetchall()
    same = {url for _, *urls in rows if first.forbid(urls=urls) for url in urls if url}
    return Tombstones.among([("url", digest_of("url", url), 0) for url in {what, *same}])


def _remember(connection: duckdb.DuckDBPyConnection, stones: Tombstones, why: str) -> None:
    words = {digest: count for count, digests in stones.people.items() for digest in digests}
    for kind, digest in stones.digests:
        connection.execute("DELETE FROM private.tombstones WHERE kind = ? AND digest = ?", [kind, digest])
        connection.execute(
            "INSERT INTO private.tombstones VALUES (?, ?, ?, ?, ?)",
            [kind, digest, words.get(digest, 0), why, datetime.now(UTC)],
        )


def _erase(connection: duckdb.DuckDBPyConnection, what: str, kind: Kind, stones: Tombstones) -> tuple[int, int]:
    if kind == "person":
        return hide_person(connection, what, stones)
    if kind == "outlet":
        outlets = connection.execute("SELECT DISTINCT outlet FROM private.articles").fetchall()
        theirs = [outlet for (outlet,) in outlets if stones.forbid(outlets=[outlet])]
        sources = connection.execute("SELECT source_id, outlet FROM private.sources").fetchall()
        connection.execute(
            "DELETE FROM private.urls WHERE source_id IN (SELECT unnest(?))",
            [[source for source, outlet in sources if stones.forbid(outlets=[outlet])]],
        )
        return erase(connection, "outlet IN (SELECT unnest($theirs))", {"theirs": theirs})
    urls = connection.execute(
        "SELECT url_id, url FROM private.urls WHERE contains(lower(url), ?)", [_host(what)]
    ).fetchall()
    known = [url_id for url_id, url in urls if stones.forbid(urls=[url])]
    connection.execute("DELETE FROM private.urls WHERE url_id IN (SELECT unnest(?))", [known])
    rows = connection.execute(_PAGES, {"host": _host(what)}).fetchall()
    pages = [page for page, *urls in rows if stones.forbid(urls=urls)]
    return erase(connection, "page_id IN (SELECT unnest($pages))", {"pages": pages})


def _host(url: str) -> str:
    """What every spelling of the address holds."""
    return (urlsplit(url).hostname or "").lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def _older_copies(database: Path) -> list[Path]:
    """Backups, damaged files that a restore kept, copies from before a migration: they go, and are named."""
    patterns = (f"{database.name}.damaged-*", f"{database.name}.wal.damaged-*", f"{database.stem}.before-*.duckdb")
    found = sorted(path for pattern in patterns for path in database.parent.glob(pattern))
    for path in found:
        path.unlink()
    folders = backups(database)
    for folder in folders:
        shutil.rmtree(folder)
    return found + folders
