"""The front door: parses the command line and dispatches. Each command loads only what it needs."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# In a wheel our folders lie beside this file; first on the path, so that no other package's `analysis` wins. Assigned,
# not defaulted: another Scrapy project's setting may stand in the environment (docs/choices.md, packaging).
sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ["SCRAPY_SETTINGS_MODULE"] = "settings"

import click

from analysis.console.front import global_options
from analysis.console.log import say
from analysis.errors import PresswatchError, UserError

# command -> where it lives, in the order in which people meet them
COMMANDS = {
    "init": "analysis.console.files:init",
    "check": "spiders.console:check",
    "crawl": "spiders.console:crawl",
    "nightly": "spiders.nightly:nightly",
    "trends": "analysis.console.questions:trends",
    "share": "analysis.console.questions:share",
    "outlets": "analysis.console.questions:outlets",
    "stories": "analysis.console.stories:stories",
    "mentions": "analysis.console.questions:mentions",
    "messages": "analysis.console.said:messages",
    "quotes": "analysis.console.said:quotes",
    "narratives": "analysis.console.said:narratives",
    "events": "analysis.console.episodes:events",
    "alerts": "analysis.console.episodes:alerts",
    "correct": "analysis.console.corrections:correct",
    "report": "analysis.console.files:report",
    "serve": "analysis.console.serving:serve",
    "sources": "analysis.console.questions:sources",
    "backfill": "spiders.backfill.console:backfill",
    "schedule": "analysis.console.scheduling:schedule",
    "doctor": "spiders.doctor:doctor",
    "restore": "analysis.console.files:restore",
    "forget": "analysis.console.forgetting:forget",
    "extract": "spiders.console:extract",
    "score": "analysis.console.scoring:score",
    "suggest": "analysis.console.scoring:suggest",
    "rescore": "analysis.console.corrections:rescore",
    "export": "analysis.console.files:export",
    "bench": "analysis.console.bench:bench",
    "sql": "analysis.console.questions:sql",
}
_STOPPED_BY_KEYBOARD = 130
_NOTHING_DONE = 3


class Commands(click.Group):
    """Imports a command when it is asked for: `presswatch sql` does not wait for Scrapy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """The command's own status; 0 where whoever reads its output has enough, as in `presswatch mentions | head`."""
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is flushed to it at exit
            return 0
        return status


def _version() -> str:
    try:
        return version("presswatch")
    except PackageNotFoundError:
        return "from a checkout"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="presswatch")
@global_options
def cli() -> None:
    """Watch how the press writes about your brand and its rivals."""


def _in_one_line(error: click.ClickException) -> str:
    """A mistake on the command line as any other of a user: one line, which names the command; click takes three."""
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "presswatch"
    return f"{where}: {' '.join(error.format_message().split()).rstrip('.')}; see {where} --help"


def main() -> None:
    """Run the command line; end with the exit status of the contract (docs/cli.md)."""
    try:
        status = cli(prog_name="presswatch", standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        say(_in_one_line(error), "error")
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_STOPPED_BY_KEYBOARD)
    except PresswatchError as error:
        say(f"presswatch: {error}", "error")
        sys.exit(error.exit_status)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            say(f"presswatch: out of space: {error.filename or error}", "error")
            sys.exit(_NOTHING_DONE)
        if error.filename is None:
            raise
        say(f"presswatch: {error.filename}: {error.strerror}", "error")
        sys.exit(UserError.exit_status)


if __name__ == "__main__":
    main()
