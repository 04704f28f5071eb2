"""Processes for the kill tests. They are forked from a server that has imported this module, so that many are cheap."""

from __future__ import annotations

import os
import shutil
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb

from analysis.store import database as database_module
from analysis.store import load as load_module
from analysis.store.database import beside, held, reading, writing
from analysis.store.ledger import run_lock
from analysis.store.load import load
from analysis.store.run import Run
from analysis.store.spool import adopt, sealed
from tests.analysis.press import article, page, watchlist

SEGMENT = 3
"""Records in a segment, so that a short run loads often."""


def crawl(database: Path, first: int, pages: int, done: Connection) -> None:
    """Keeps pages `first`, `first` + 1, ... and says so after each; says the run's id first, and "ended" last."""
    run = Run(database, watchlist(), "victim")
    run.begin()
    done.send(run.run_id)
    assert run._spool is not None
    run._spool.limit = SEGMENT
    for number in range(first, first + pages):
        run.keep(page(article(number)))
        done.send(number)
    run.end("finished")
    done.send("ended")
    signal.pause()


def load_all(database: Path, segments: int, said: Connection) -> None:
    """Brings `segments` segments of SEGMENT articles each, one at a time."""
    run = Run(database, watchlist(), "writer")
    run.begin()
    for number in range(segments):
        assert run._spool is not None
        for place in range(SEGMENT):
            run.keep(page(article(number * SEGMENT + place)))
        run._spool.seal()
        run._load_when_due()
        run._due = 0.0
        said.send(number)
    run.end("finished")


class Mortal:
    """A connection whose process dies before statement `last`, at the hand of a real SIGKILL; it counts them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, last: int) -> None:
        self.connection = connection
        self.last = last
        self.statements = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, *arguments: Any) -> duckdb.DuckDBPyConnection:
        if self.statements == self.last:
            die()
        self.statements += 1
        return self.connection.execute(*arguments)


def die(*_: Any, **__: Any) -> None:
    """kill -9, to ourselves."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_load(database: Path, last: int) -> None:
    """Killed before statement number `last` of a load."""
    segment = sealed(beside(database, ".spool"))[0]
    with writing(database) as connection:
        load(Mortal(connection, last), segment)  # type: ignore[arg-type]


def die_at(database: Path, place: str) -> None:
    """Killed at a place between two steps of `writing`."""
    copy = shutil.copyfile

    def half(source: Path, target: Path) -> None:
        copy(source, target)
        os.truncate(target, target.stat().st_size // 2)
        die()

    if place == "copy":
        database_module.shutil.copyfile = half  # type: ignore[assignment]
    elif place == "rename":
        database_module.shutil.copystat = die  # type: ignore[assignment]
    elif place == "publish":
        database_module.publish_snapshot = die  # type: ignore[assignment]
    with writing(database) as connection:
        for segment in sealed(beside(database, ".spool")):
            if place == "unlink":
                load_module.Path.unlink = die  # type: ignore[assignment]
            load(connection, segment)
        if place == "checkpoint":
            die()


def hold_run(database: Path, said: Connection) -> None:
    """Holds the run lock until it is killed."""
    with run_lock(database):
        said.send(os.getpid())
        said.recv()


def hold_write(database: Path, said: Connection) -> None:
    """Holds the write lock until it is told to let go."""
    with held(beside(database, ".write-lock"), 0):
        said.send(os.getpid())
        said.recv()


def read_once(database: Path, said: Connection) -> None:
    """Opens the snapshot, says how many articles it holds, and keeps it open until told."""
    with reading(database) as connection:
        said.send(connection.execute("SELECT count(*) FROM articles").fetchall()[0][0])
        said.recv()


def adopt_without_room(folder: Path) -> None:
    """Adopts where not one more byte can be written to any file."""
    import resource  # noqa: PLC0415 (only this process lives without room)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
    adopt(folder)
