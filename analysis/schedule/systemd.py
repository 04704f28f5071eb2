"""A systemd timer and its services, for the user or for the system (systemd.timer(5), systemd.service(5))."""

from __future__ import annotations

import getpass
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from analysis.errors import ScheduleError
from analysis.schedule.night import Night, run

_RUNNING = Path("/run/systemd/system")  # sd_booted(3)
_SERVICE = """\
# Written by `presswatch schedule install`; `presswatch schedule remove` takes it away.
[Unit]
Description=presswatch: the night's crawl and report ({watchlist})
Wants=network-online.target
After=network-online.target
OnFailure={name}-failed.service

[Service]
Type=oneshot
WorkingDirectory={folder}
EnvironmentFile=-{environment}
ExecStart={line}
# 1: done, but some sources failed, which the report says; 75: another run is at work.
SuccessExitStatus=1 75
TimeoutStartSec=6h
TimeoutStopSec=90
KillMode=mixed
MemoryMax=3G
Nice=10
IOSchedulingClass=idle
UMask=0077
NoNewPrivileges=yes
{user}"""
# Run as somebody who can read no more than he must; a user's own manager cannot promise these.
_HARDENED = """User={user}
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectControlGroups=yes
ReadWritePaths={writes}
"""
_TIMER = """\
# Written by `presswatch schedule install`; `presswatch schedule remove` takes it away.
[Unit]
Description=presswatch, every night ({watchlist})

[Timer]
OnCalendar=*-*-* {at:%H:%M:%S} {timezone}
# A night that the machine slept through is made up for when it wakes.
Persistent=true
RandomizedDelaySec=10min
AccuracySec=1min

[Install]
WantedBy=timers.target
"""
# What presswatch itself cannot tell: that it was killed, or never began.
_FAILED = """\
# Written by `presswatch schedule install`; `presswatch schedule remove` takes it away.
[Unit]
Description=presswatch: tell that the night failed ({watchlist})

[Service]
Type=oneshot
WorkingDirectory={folder}
EnvironmentFile=-{environment}
ExecStart={failed}
UMask=0077
{user}"""


class Systemd:
    """Implements `Timer`."""

    def __init__(self, *, system: bool) -> None:
        """system: for the machine, as root; else for this user"""
        self.system = system
        self.folder = Path("/etc/systemd/system") if system else _configuration() / "systemd" / "user"

    @staticmethod
    def runs() -> bool:
        """Whether this machine was started by it."""
        return _RUNNING.is_dir() and shutil.which("systemctl") is not None

    def plan(self, night: Night) -> dict[str, str]:
        """Three unit files."""
        writes = " ".join(map(_quoted, _outermost(night.folder, night.out, night.database.parent)))
        user = _HARDENED.format(user=_owner(night), writes=writes) if self.system else ""
        values = {
            "name": night.name, "watchlist": _plain(str(night.watchlist)), "folder": _plain(str(night.folder)),
            "environment": _plain(str(night.environment)), "at": night.at, "timezone": night.timezone, "user": user,
            "line": _command(night.line), "failed": _command((*night.command, "schedule", "failed")),
        }  # fmt: skip
        texts = {"service": _SERVICE, "timer": _TIMER}
        files = {f"{night.name}.{kind}": text.format(**values) for kind, text in texts.items()}
        files[f"{night.name}-failed.service"] = _FAILED.format(**values)
        return {str(self.folder / name): text for name, text in files.items()}

    def install(self, night: Night) -> list[str]:
        """Write the units and start the timer."""
        done = []
        for place, text in self.plan(night).items():
            path = Path(place)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            except OSError as error:
                raise ScheduleError(f"schedule: {path}: {error.strerror}") from None
            done.append(f"wrote {path}")
        self._control("daemon-reload")
        self._control("enable", "--now", f"{night.name}.timer")
        done.append(f"started {night.name}.timer")
        if not self.system and not self._lingers():
            done.append("nights run only while you are logged in; to change that: loginctl enable-linger")
        return done

    def show(self, name: str) -> list[str]:
        """The units, and when the timer goes off next."""
        there = [f"{path}" for path in self._files(name) if path.exists()]
        if there:
            there += self._control("list-timers", "--all", "--no-pager", f"{name}.timer").splitlines()[:2]
        return there

    def remove(self, name: str) -> list[str]:
        """Stop the timer and delete the units."""
        there = [path for path in self._files(name) if path.exists()]
        if there:
            self._control("disable", "--now", f"{name}.timer")
        for path in there:
            path.unlink()
        if there:
            self._control("daemon-reload")
        return [f"removed {path}" for path in there]

    def _files(self, name: str) -> list[Path]:
        return [self.folder / f"{name}{end}" for end in (".service", ".timer", "-failed.service")]

    def _control(self, *arguments: str) -> str:
        return run(("systemctl", *(() if self.system else ("--user",)), *arguments))

    @staticmethod
    def _lingers() -> bool:
        with suppress(ScheduleError):
            return "Linger=yes" in run(("loginctl", "show-user", getpass.getuser(), "--property=Linger"))
        return False


def _configuration() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _owner(night: Night) -> str:
    """Whoever the watchlist belongs to: the night writes beside it."""
    with suppress(KeyError, OSError):
        return night.watchlist.owner()
    return getpass.getuser()


def _outermost(*folders: Path) -> list[str]:
    """Those that are inside none of the others."""
    found = [one for one in folders if not any(one != other and one.is_relative_to(other) for other in folders)]
    return sorted({str(folder) for folder in found})


def _plain(text: str) -> str:
    """A value without quotation marks: only specifiers mean something."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """One of several values in a line (systemd.syntax(7))."""
    escaped = _plain(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _command(words: Sequence[str]) -> str:
    """A command line, in which variables would be put in (systemd.service(5), "Command lines")."""
    return " ".join(_quoted(word).replace("$", "$$") for word in words)
