"""`presswatch schedule`: have the night started by the system, and look at it."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.errors import PresswatchError
from analysis.notices import deliver, of_failure
from analysis.schedule import Cron, Night, Systemd, Timer
from analysis.store.database import reading

_TOLD_ALREADY = {"", "success", "exit-code"}
"""Results after which nothing is left to tell: presswatch ended by itself, and told."""
_LAST = """SELECT status, started_at, ended_at, articles FROM private.runs WHERE command = 'nightly'
           ORDER BY started_at DESC LIMIT 1"""


class Clock(click.ParamType[time]):
    """HH:MM."""

    name = "HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """Raises click.BadParameter: no time of day."""
        if isinstance(value, time):
            return value
        found = re.fullmatch(r"(\d\d?):(\d\d)", str(value))
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            self.fail(f"{value!r} is no time of day; as in 05:30", param, ctx)
        return time(int(found[1]), int(found[2]))


class Name(click.ParamType[str]):
    """A unit's name."""

    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Raises click.BadParameter: other characters, because it becomes the name of files."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(value)):
            self.fail(f"{value!r} is not allowed; letters, digits, - and _", param, ctx)
        return str(value)


_NAMED = click.option("--name", type=Name(), default="presswatch", show_default=True, help="One a watchlist.")
_WHERE = click.option("--system/--user", default=None, help="Whose systemd.  [default: the system's for root]")
_BY_CRON = click.option("--cron", is_flag=True, help="A line of cron.  [default: where there is no systemd]")


@click.group()
@global_options
def schedule() -> None:
    """The nightly timer: systemd's, or a line of cron where there is none."""


@schedule.command()
@click.option("--at", type=Clock(), default="05:30", show_default=True, help="When, in the watchlist's zone.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True,
              help="Folder for the reports.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@_NAMED
@_WHERE
@_BY_CRON
@global_options
@pass_front
def install(front: Front, /, at: time, out: Path, dry_run: bool, name: str, system: bool | None, cron: bool) -> None:
    """Have `presswatch nightly` started every night; in the place of an older timer of that name."""
    watchlist = front.watchlist
    where = front.where.absolute()
    chosen = ("--db", str(front.database_path.absolute())) if front.database_path else ()
    night = Night(
        name=name, command=(*_program(), "--watchlist", str(where), *chosen, "--quiet"), watchlist=where,
        database=(where.parent / front.database).absolute(), out=(where.parent / out).absolute(), at=at,
        timezone=watchlist.report.timezone,
    )  # fmt: skip
    timer = _timer(system=system, cron=cron)
    if isinstance(timer, Cron):
        night = _local(night)
    if dry_run:
        for place, text in timer.plan(night).items():
            click.echo(f"# {place}\n{text}")
        return
    for line in timer.install(night):
        click.echo(line)


@schedule.command()
@_NAMED
@_WHERE
@global_options
@pass_front
def show(front: Front, /, name: str, system: bool | None) -> int:
    """What is installed, when it goes off next, and how the last night ended; exit status 1 where nothing is."""
    found = [line for timer in _timers(system) for line in timer.show(name)]
    for line in found or ["no timer is installed; type: presswatch schedule install"]:
        click.echo(line)
    if front.database.exists():
        with reading(front.database) as connection:
            last = connection.execute(_LAST).fetchone()
        if last:
            status, started, ended, articles = last
            zone = ZoneInfo(front.zone)
            when = (ended or started).astimezone(zone)
            click.echo(f"last night: {status}, {when:%Y-%m-%d %H:%M}, {articles} articles")
    return 0 if found else 1


@schedule.command()
@_NAMED
@_WHERE
@global_options
def remove(name: str, system: bool | None) -> int:
    """Take the timer away; what the nights have stored stays. Exit status 1 where there is none."""
    done = [line for timer in _timers(system) for line in timer.remove(name)]
    for line in done or ["no timer is installed"]:
        click.echo(line)
    return 0 if done else 1


@schedule.command(hidden=True)
@global_options
@pass_front
def failed(front: Front, /) -> None:
    """Tell whom [[notify]] names that the night was cut off; started by systemd (OnFailure)."""
    result = os.environ.get("MONITOR_SERVICE_RESULT", "")  # systemd.exec(5)
    if result in _TOLD_ALREADY:
        return
    notice = of_failure(f"the night was cut off by the system ({result}); the next one takes up what it left")
    try:
        deliver(front.database, front.watchlist, [notice], datetime.now(UTC), front.warn)
    except PresswatchError as error:
        front.warn(f"notify: {error}")


def _program() -> tuple[str, ...]:
    """How this presswatch is started from anywhere."""
    script = Path(sys.executable).with_name("presswatch")
    return (str(script),) if script.exists() else (sys.executable, str(Path(__file__).parents[2] / "presswatch.py"))


def _timer(*, system: bool | None, cron: bool) -> Timer:
    if cron or (system is None and not Systemd.runs()):
        return Cron()
    return Systemd(system=_is_root() if system is None else system)


def _timers(system: bool | None) -> list[Timer]:
    """Where one may be installed."""
    return [Systemd(system=_is_root() if system is None else system), Cron()]


def _is_root() -> bool:
    return os.geteuid() == 0


def _local(night: Night) -> Night:
    """With its time in the machine's zone, the only one that cron knows; an hour off for half a year where the two
    zones change their clocks on different days."""
    today = datetime.now(ZoneInfo(night.timezone))
    at = today.replace(hour=night.at.hour, minute=night.at.minute).astimezone()
    return replace(night, at=at.time())
