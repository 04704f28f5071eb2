"""What a scheduler starts, from where, and when."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Protocol

from analysis.errors import ScheduleError

ENVIRONMENT = "presswatch.env"
"""Beside the watchlist: NAME=value lines with the secrets that the watchlist names as `env:NAME`."""


@dataclass(frozen=True, kw_only=True)
class Night:
    """One watchlist's night; all paths absolute, because a scheduler starts elsewhere."""

    name: str
    """Of its timer: letters, digits, `-` and `_`."""
    command: tuple[str, ...]
    """Starts presswatch with its global options; `nightly` comes after it."""
    watchlist: Path
    database: Path
    out: Path
    """Folder of the reports."""
    at: time
    timezone: str
    """In which `at` is meant."""

    @property
    def folder(self) -> Path:
        """Where it runs."""
        return self.watchlist.parent

    @property
    def environment(self) -> Path:
        """A file with secrets, which need not be there."""
        return self.folder / ENVIRONMENT

    @property
    def line(self) -> tuple[str, ...]:
        """The whole command."""
        return (*self.command, "nightly", "--out", str(self.out))


class Timer(Protocol):
    """One way to have a night started. All raise ScheduleError where the machine does not let us."""

    def plan(self, night: Night) -> dict[str, str]:
        """What `install` would write: text by place."""

    def install(self, night: Night) -> list[str]:
        """Install it, in the place of an older one; says in lines what was done."""

    def show(self, name: str) -> list[str]:
        """What is installed under `name`, in lines; empty where nothing is."""

    def remove(self, name: str) -> list[str]:
        """Take it away; says in lines what was done, empty where nothing was there."""


def run(command: Sequence[str], *, given: str | None = None) -> str:
    """The output of a program of the system. Raises ScheduleError where it is missing, or with its own last words."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        hint = "; sudo apt-get install cron" if command[0] == "crontab" else ""
        raise ScheduleError(f"schedule: there is no {command[0]} on this machine{hint}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScheduleError(f"schedule: {command[0]}: {error}") from None
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        raise ScheduleError(f"schedule: {' '.join(command[:3])}: {words[-1]}")
    return done.stdout
