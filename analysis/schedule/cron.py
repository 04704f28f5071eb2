"""A line in the user's crontab, where there is no systemd (crontab(5))."""

from __future__ import annotations

import shlex
from contextlib import suppress

from analysis.errors import ScheduleError
from analysis.schedule.night import Night, run


class Cron:
    """Implements `Timer`. cron knows the machine's zone only, and makes up for no night that was slept through."""

    def plan(self, night: Night) -> dict[str, str]:
        """The line, ended by a mark under which it is found again."""
        folder, secrets, log = map(
            shlex.quote, map(str, (night.folder, night.environment, night.folder / f"{night.name}.log"))
        )
        words = (
            f"cd {folder} && umask 077 && if [ -r {secrets} ]; then set -a; . {secrets}; fi; "
            f"{shlex.join(night.line)} >>{log} 2>&1"
        )
        # Everywhere in a line cron takes % for the end of it.
        command = words.replace("%", "\\%")
        return {"crontab": f"{night.at.minute} {night.at.hour} * * * {command} {_mark(night.name)}\n"}

    def install(self, night: Night) -> list[str]:
        """Write it, in the place of an older one; other lines stay as they are."""
        line = self.plan(night)["crontab"]
        self._write([*self._others(night.name), line.rstrip("\n")])
        return [f"crontab: {line.rstrip()}"]

    def show(self, name: str) -> list[str]:
        """The line."""
        return [f"crontab: {line}" for line in self._lines() if line.endswith(_mark(name))]

    def remove(self, name: str) -> list[str]:
        """Without it."""
        there = self.show(name)
        if there:
            self._write(self._others(name))
        return [f"removed {line}" for line in there]

    def _others(self, name: str) -> list[str]:
        return [line for line in self._lines() if not line.endswith(_mark(name))]

    @staticmethod
    def _lines() -> list[str]:
        with suppress(ScheduleError):  # there is no crontab yet, or no cron, which writing tells
            return run(("crontab", "-l")).splitlines()
        return []

    @staticmethod
    def _write(lines: list[str]) -> None:
        run(("crontab", "-"), given="".join(f"{line}\n" for line in lines))


def _mark(name: str) -> str:
    return f"# presswatch schedule: {name}"
