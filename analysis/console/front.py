"""What every command knows: which watchlist, which database, how talkative."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis.console.log import log_option, say
from analysis.watchlist import Watchlist, load

F = TypeVar("F", bound=Callable[..., Any])
_DEFAULT_WATCHLIST = Path("watchlist.toml")
_DEFAULT_DATABASE = Path("data/presswatch.duckdb")


@dataclass
class Front:
    """The global options, wherever on the command line they stood."""

    watchlist_path: Path | None = None
    database_path: Path | None = None
    quiet: bool = False
    verbose: bool = False

    @property
    def where(self) -> Path:
        """`--watchlist`, else ./watchlist.toml, else $PRESSWATCH_WATCHLIST."""
        named = os.environ.get("PRESSWATCH_WATCHLIST")
        if self.watchlist_path is None and named and not _DEFAULT_WATCHLIST.exists():
            return Path(named)
        return self.watchlist_path or _DEFAULT_WATCHLIST

    @property
    def has_watchlist(self) -> bool:
        """False only where there is none and none was named: one that was named and is not there is a mistake."""
        named = self.watchlist_path is not None or "PRESSWATCH_WATCHLIST" in os.environ
        return named or self.where.exists()

    @property
    def watchlist(self) -> Watchlist:
        """Read anew at each use, so that every command sees the file as it is.

        Raises:
            WatchlistError: there is none, or it is wrong.
        """
        return load(self.where)

    @property
    def database(self) -> Path:
        """`--db`, else the watchlist's `[store] database`, else data/presswatch.duckdb."""
        if self.database_path is not None:
            return self.database_path
        return self.watchlist.store.database if self.has_watchlist else _DEFAULT_DATABASE

    @property
    def zone(self) -> str:
        """The zone of a day: the watchlist's, UTC without one."""
        return self.watchlist.report.timezone if self.has_watchlist else "UTC"

    def warn(self, message: str) -> None:
        """One line on stderr: something could not be done, the rest was."""
        say(f"presswatch: {message}", "warning")


def _note(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is not None and value is not False:
        setattr(context.ensure_object(Front), str(parameter.name), value)


def global_options(command: F) -> F:
    """The options that may stand before or after a sub-command."""
    path = click.Path(path_type=Path, dir_okay=False)
    for names, extra in (
        (("--verbose", "verbose"), {"is_flag": True, "help": "Say more on stderr."}),
        (("--quiet", "quiet"), {"is_flag": True, "help": "Say nothing on stderr but errors."}),
        (("--db", "database_path"), {"type": path, "help": "Database file.  [default: [store] database]"}),
        (
            ("--watchlist", "watchlist_path"),
            {"type": path, "help": "Watchlist.  [default: ./watchlist.toml]"},
        ),
    ):
        command = click.option(*names, expose_value=False, callback=_note, **extra)(command)  # type: ignore[arg-type]
    return log_option(command)


pass_front = click.make_pass_decorator(Front, ensure=True)
