"""`presswatch doctor`: all that can be wrong on a machine, looked at, each with how to mend it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import NamedTuple

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.console.output import write
from analysis.errors import PresswatchError, RunLocked, ScheduleError
from analysis.schedule import Cron, Systemd
from analysis.schedule.night import ENVIRONMENT
from analysis.store import space
from analysis.store.backup import backups, damaged
from analysis.store.database import beside, reading
from analysis.store.ledger import run_lock
from analysis.store.restore import damage
from analysis.store.spool import sealed
from analysis.tone.model import WEIGHTS
from analysis.trends import Answer
from spiders import render

_COLUMNS = ("check", "state", "what", "mend")
_SPACE = 500 * 1024 * 1024
_NIGHT = timedelta(hours=26)
_LAST = "SELECT status, coalesce(ended_at, started_at) FROM private.runs ORDER BY started_at DESC LIMIT 1"
_SICK = """SELECT source_id, verdict FROM private.verdicts WHERE verdict NOT LIKE 'well%' ORDER BY source_id"""


class Finding(NamedTuple):
    """What a look showed."""

    state: str
    """ok, note, warning or wrong."""
    what: str
    mend: str = ""


def _watchlist(front: Front) -> Iterator[Finding]:
    watchlist = front.watchlist
    yield Finding("ok", f"{front.where}: {len(watchlist.brands)} brands, {len(watchlist.sources)} sources")
    for source in watchlist.sources:
        if source.render:
            render.check([source])
        if source.tls == "any":
            said = f'{source.id}: tls = "any": who sits between here and there can change what its pages say'
            yield Finding("note", said, "let somebody known sign its certificate")


def _clock(front: Front) -> Iterator[Finding]:
    now = datetime.now(UTC)
    files = [front.database, beside(front.database, ".snapshot.duckdb")]
    newest = max((datetime.fromtimestamp(f.stat().st_mtime, UTC) for f in files if f.exists()), default=now)
    if newest > now + timedelta(hours=1):
        said = f"the clock says {now:%Y-%m-%d %H:%M} UTC, but the store was written at {newest:%Y-%m-%d %H:%M}"
        yield Finding("wrong", said, "set the clock: timedatectl set-ntp true")
    else:
        yield Finding("ok", f"{now:%Y-%m-%d %H:%M} UTC; a day of a report is a day in {front.zone}")


def _space(front: Front) -> Iterator[Finding]:
    free = space.free_bytes(front.database)
    needed = 2 * space.size(front.database) + _SPACE  # a snapshot beside the database, a backup, and some nights
    said = f"{free / 1e9:.1f} GB free where {front.database} is, {needed / 1e9:.1f} wanted"
    yield Finding("ok", said) if free >= needed else Finding("wrong", said, "free space, or move [store] database")


def _database(front: Front) -> Iterator[Finding]:
    if not front.database.exists():
        yield Finding("note", f"{front.database}: none yet; the first crawl makes it")
        return
    try:
        with run_lock(front.database):
            found = damage(front.database)
    except RunLocked as error:
        yield Finding("note", f"not read: {error}")
        return
    yield (
        Finding("wrong", f"{front.database}: {found}", "presswatch restore")
        if found
        else Finding("ok", f"{front.database}: sound, {front.database.stat().st_size / 1e6:.0f} MB")
    )
    if waiting := sealed(beside(front.database, ".spool")):
        yield Finding("note", f"{len(waiting)} files of an earlier run wait in the spool; the next run loads them")


def _backup(front: Front) -> Iterator[Finding]:
    newest = next(iter(backups(front.database)), None)
    if newest is not None and (found := damaged(newest)):
        yield Finding("wrong", f"{newest}: {found}", "look at the disk; the next night makes a new one")
    elif newest is not None:
        yield Finding("ok", f"{newest}: sound")
    elif front.watchlist.store.backups:
        yield Finding("note", "none yet; the first night makes it")


def _night(front: Front) -> Iterator[Finding]:
    if front.database.exists():
        with reading(front.database) as connection:
            last = connection.execute(_LAST).fetchone()
        if last:
            status, ended = last
            said = f"the last run ended {ended:%Y-%m-%d %H:%M} UTC: {status}"
            old = datetime.now(UTC) - ended > _NIGHT
            yield Finding("warning" if old or status in {"failed", "interrupted"} else "ok", said,
                          "presswatch schedule show" if old else "")  # fmt: skip
    try:
        timers = [line for timer in (Systemd(system=os.geteuid() == 0), Cron()) for line in timer.show("presswatch")]
    except ScheduleError as error:
        yield Finding("warning", str(error))
        return
    yield (
        Finding("ok", timers[0])
        if timers
        else Finding("warning", "no timer is installed", "presswatch schedule install")
    )


def _secrets(front: Front) -> Iterator[Finding]:
    file = front.where.absolute().parent / ENVIRONMENT
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    known = {line.partition("=")[0].strip() for line in lines if "=" in line} | os.environ.keys()
    for notify in front.watchlist.notify:
        if notify.variable not in known:
            yield Finding("warning", f"[[notify]] names {notify.variable}, which is not set", f"put it into {file}")
    for path in (file, front.database, beside(front.database, ".snapshot.duckdb")):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding("wrong", f"{path}: others can read it", f"chmod 600 {path}")


def _programs(_: Front) -> Iterator[Finding]:
    whole = all(map(find_spec, ("onnxruntime", "tokenizers", "numpy"))) and (WEIGHTS / "model.onnx").exists()
    yield (
        Finding("ok", "tone by the target model")
        if whole
        else Finding("warning", "the target model is not installed; VADER scores", 'pip install "presswatch[model]"')
    )
    try:
        import weasyprint  # noqa: F401, PLC0415 (loads libraries of the system)
    except OSError as error:
        yield Finding("warning", f"no PDF: {str(error).splitlines()[0]}", "sudo apt-get install libpango-1.0-0")


def _sources(front: Front) -> Iterator[Finding]:
    if not front.database.exists():
        return
    with reading(front.database) as connection:
        sick = connection.execute(_SICK).fetchall()
    for source, verdict in sick:
        yield Finding("warning", f"{source}: {verdict}", "presswatch sources; presswatch check --probe")
    if not sick:
        yield Finding("ok", "all are well")


CHECKS: dict[str, Callable[[Front], Iterator[Finding]]] = {
    "watchlist": _watchlist, "clock": _clock, "space": _space, "database": _database, "backup": _backup,
    "night": _night, "secrets": _secrets, "programs": _programs, "sources": _sources,
}  # fmt: skip


def examine(front: Front) -> Answer:
    """One row a finding; a check that cannot be made says why and hinders no other."""
    rows: list[tuple[str, ...]] = []
    for name, look in CHECKS.items():
        try:
            rows += [(name, *finding) for finding in look(front)]
        except PresswatchError as error:
            rows.append((name, "wrong", str(error), ""))
    return Answer(_COLUMNS, tuple(rows), "")


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl", "csv"]), default="table",
              show_default=True, help="How rows are printed.")  # fmt: skip
@global_options
@pass_front
def doctor(front: Front, /, form: str) -> int:
    """Look at all that can be wrong here, and say how to mend it; exit status 1 where something is."""
    found = examine(front)
    write(found, form)
    return int(any(row[1] in {"warning", "wrong"} for row in found.rows))
